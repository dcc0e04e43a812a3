"""The pool behind funded deals: what chose them gives them back, and other rules give what sums over the pool give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from helpers.model_records import DEALS
from patient_capital.model.common.checks import DomainError
from patient_capital.model.selection.budget_selection import budget_threshold
from patient_capital.model.selection.pool_of_proposals import funded_pool, implied_flow_elasticity, relative_screening

RHO, BUDGET = 0.25, 0.12


def upper(share):
    return np.asarray(DEALS.upper_total(1 - share))


def plain_ratio(rule):
    """Mean of another rule over that of the average, by a fine sum over qualities of a pool that gives the deals."""
    edges = np.linspace(-8, 8, 200_001)
    middle, weight = (edges[1:] + edges[:-1]) / 2, np.diff(norm.cdf(edges))
    noise = np.sqrt(1 - RHO**2)

    def accepted(how):
        level = (budget_threshold(how, 3, RHO, BUDGET) - RHO * middle) / noise
        one = norm.sf(level)
        return {"average": norm.sf(level * np.sqrt(3)), "unanimity": one**3, "champion": 1 - (1 - one) ** 3}[how]

    chosen = accepted("average") * weight
    rank = np.clip((np.cumsum(chosen) - chosen / 2) / chosen.sum(), 0, 1)
    multiple = np.asarray(DEALS.quantile(rank))
    other = accepted(rule) * weight
    return float(multiple @ other / other.sum() / (multiple @ chosen / chosen.sum()))


@pytest.mark.parametrize("rule", ["unanimity", "champion"])
def test_ratio_is_that_of_a_plain_sum_over_the_pool(rule):
    pool = funded_pool("average", 3, RHO, BUDGET)
    assert relative_screening(upper, pool, rule, 3)[0] == pytest.approx(plain_ratio(rule), rel=2e-4)


def test_rule_that_chose_the_deals_gives_them_back():
    pool = funded_pool("average", 3, [0.1, 0.3], 0.1)
    assert relative_screening(upper, pool, "average", 3).tolist() == [1.0, 1.0]


def test_without_a_signal_all_rules_are_alike():
    pool = funded_pool("average", 3, 0.0, 0.1)
    assert relative_screening(upper, pool, "unanimity", 3)[0] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("signal", "ratio"), [(0.1, 1.5), (0.2, 2.1), (0.4, 3.0)])
def test_implied_elasticity_is_that_of_the_bivariate_normal(signal, ratio):
    joint = signal / np.sqrt(signal**2 + (1 - signal**2) / 3)
    pair = multivariate_normal([0, 0], [[1, joint], [joint, 1]])

    def both(first, second):
        return pair.cdf([-first, -second])

    found = implied_flow_elasticity(0.1, ratio, signal, 0.1, 3)
    after = 0.1 * ratio**-found
    # The level of quality from which a tenth of the funded deals lies, found by halving.
    low, high = -6.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if both(middle, -norm.ppf(0.1)) / 0.1 > 0.1 else (low, middle)
    assert both(low, -norm.ppf(0.1 * ratio)) / (0.1 * ratio) == pytest.approx(after, abs=1e-5)


def test_money_for_all_proposals_buys_the_pool():
    assert implied_flow_elasticity(0.1, 50.0, 0.2, 0.1, 3) > 0
    assert implied_flow_elasticity(0.1, 2.0, 0.0, 0.1, 3) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("signal", "budget"), [(1.0, 0.1), (-0.1, 0.1), (0.2, 1.0), (0.2, 0.0)])
def test_pool_outside_its_domain_is_refused(signal, budget):
    with pytest.raises(DomainError):
        funded_pool("average", 3, signal, budget)
