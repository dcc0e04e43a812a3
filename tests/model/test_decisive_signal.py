"""The law of the decisive error, and the threshold that spends the budget."""

from __future__ import annotations

from math import comb, exp, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import norm

from patient_capital.model.common.checks import DomainError
from patient_capital.model.selection._decisive_signal import RULES, budget_threshold, error_density, error_exceedance

rules = st.sampled_from(RULES)
screeners = st.integers(1, 20)
shares = st.floats(0, 1)
values = st.floats(-5, 5)
QUOTA = {"unanimity": lambda k: k, "majority": lambda k: k // 2 + 1, "champion": lambda k: 1}


def exceedance_by_quadrature(value, rule, k, r):
    if rule == "average":
        return norm.sf(value / sqrt(r + (1 - r) / k))

    def given_common(c):
        p = ndtr((sqrt(r) * c - value) / sqrt(1 - r))
        return (
            exp(-c * c / 2)
            / sqrt(2 * pi)
            * sum(comb(k, j) * p**j * (1 - p) ** (k - j) for j in range(QUOTA[rule](k), k + 1))
        )

    return quad(given_common, -9, 9, points=(-2, 0, 2), limit=200, epsabs=1e-12)[0]


@settings(max_examples=25, deadline=None)
@given(rules, screeners, st.floats(0, 0.99), values)
def test_exceedance_is_the_mean_over_what_screeners_share(rule, number, shared, value):
    expected = exceedance_by_quadrature(value, rule, number, shared)
    assert error_exceedance(value, rule, number, shared) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(rules, screeners, shares, values)
def test_density_is_the_slope_of_exceedance(rule, number, shared, value):
    step = 1e-4
    below, above = error_exceedance(np.array([value - step, value + step]), rule, number, shared)
    assert error_density(value, rule, number, shared) == pytest.approx((below - above) / (2 * step), abs=1e-5)


@given(screeners, shares, values)
def test_the_highest_error_mirrors_the_lowest(number, shared, value):
    highest = error_exceedance(value, "champion", number, shared)
    assert highest == pytest.approx(1 - error_exceedance(-value, "unanimity", number, shared), abs=1e-9)


@given(rules, screeners, values)
def test_screeners_who_err_alike_are_one_screener(rule, number, value):
    assert error_exceedance(value, rule, number, 1.0) == pytest.approx(norm.sf(value), abs=1e-12)
    assert error_exceedance(value, rule, 1, 0.3) == pytest.approx(norm.sf(value), abs=1e-10)


@given(rules, screeners, shares, shares, st.floats(1e-6, 1 - 1e-6))
def test_the_threshold_spends_the_budget(rule, number, rho, shared, budget):
    threshold = budget_threshold(rule, number, rho, budget, shared)
    overall = error_exceedance(threshold, rule, number, rho**2 + (1 - rho**2) * shared)
    assert overall == pytest.approx(budget, rel=1e-7, abs=1e-9)


@given(rules, screeners, shares, st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_larger_budget_lowers_the_threshold(rule, number, rho, one, other):
    low, high = sorted((one, other))
    assert budget_threshold(rule, number, rho, high) <= budget_threshold(rule, number, rho, low) + 1e-9


@pytest.mark.parametrize(("rule", "rate"), [("unanimity", 0.1 ** (1 / 3)), ("champion", 1 - 0.9 ** (1 / 3))])
def test_without_correlation_the_threshold_is_the_root_of_the_budget(rule, rate):
    assert budget_threshold(rule, 3, 0, 0.1) == pytest.approx(norm.isf(rate), abs=1e-10)


def test_a_budget_for_all_has_a_threshold_that_no_signal_undercuts():
    assert budget_threshold("majority", 3, 0.2, 1.0) == -10


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("veto", 3, 0.2, 0.1), "rule = veto: is none of unanimity, majority, champion, average"),
        (("average", 21, 0.2, 0.1), "screeners = 21: must be at most 20"),
        (("average", 3, 1.2, 0.1), r"correlation = 1\.2"),
        (("average", 3, 0.2, 0.0), r"budget = 0\.0"),
        (("average", 3, 0.2, 0.1, -0.1), r"error_correlation = -0\.1"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(wrong, message):
    with pytest.raises(DomainError, match=message):
        budget_threshold(*wrong)
