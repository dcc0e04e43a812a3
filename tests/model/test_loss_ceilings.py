"""Rules about losses: exact cases, bounds, and simulation against the lattice."""

from __future__ import annotations

from dataclasses import replace
from math import exp, factorial, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr

from helpers.model_records import DEALS
from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund.loss_ceilings import ceiling_chances, no_loss_probability, project_rule_probability
from patient_capital.model.returns._sum_lattice import deal_masses, sum_lattice
from patient_capital.model.returns.deal_returns import LognormalReturns, TabulatedReturns

slowly = settings(deadline=None, max_examples=30)
UNIFORM = TabulatedReturns([0.0, 1.0], [0.0, 1.0])
FEW = 1 << 12


def american(low_shape="zero_or_uniform"):
    return replace(DEALS, tail_index=1.327, low_shape=low_shape)


@slowly
@given(st.floats(0, 1), st.integers(1, 2000))
def test_a_project_rule_is_broken_or_not(loss_share, deals):
    broken = project_rule_probability(loss_share, deals)
    assert broken + no_loss_probability(loss_share, deals) == pytest.approx(1)
    assert project_rule_probability(loss_share, deals + 1) >= broken
    assert project_rule_probability(loss_share, 1) == pytest.approx(loss_share)


def test_small_chances_keep_their_digits():
    assert project_rule_probability(1e-18, 100) == pytest.approx(1e-16, rel=1e-12)
    assert no_loss_probability(1.0, 3) == 0
    assert no_loss_probability(np.array([0.0, 0.5]), np.array([[1], [2]])) == pytest.approx(
        np.array([[1, 0.5], [1, 0.25]])
    )


@pytest.mark.parametrize("deals", [1, 2, 3, 7])
@pytest.mark.parametrize("ceiling", [0.55, 0.7, 0.9])
def test_sums_of_uniform_deals_follow_irwin_and_hall(deals, ceiling):
    level = deals * (1 - ceiling)
    terms = (
        (-1) ** k * factorial(deals) / factorial(k) / factorial(deals - k) * max(level - k, 0) ** deals
        for k in range(deals + 1)
    )
    assert ceiling_chances(UNIFORM, deals, ceiling) == pytest.approx(sum(terms) / factorial(deals), abs=1e-8)


@slowly
@given(st.floats(-0.5, 0.5), st.floats(0.3, 1.5), st.floats(0.1, 0.8), st.floats(0, 0.9))
def test_one_lognormal_deal_with_a_shock_is_lognormal(log_mean, log_sd, shock, ceiling):
    spread = sqrt(log_sd**2 + shock**2)
    exact = ndtr((log(1 - ceiling) - log_mean + shock**2 / 2) / spread)
    found = ceiling_chances(LognormalReturns(log_mean, log_sd), 1, ceiling, shock, points=1 << 14)
    assert abs(found - exact) <= 5e-6


@pytest.mark.parametrize("shape", ["zero_or_uniform", "power", "point"])
def test_one_deal_falls_below_a_level_as_its_survival_says(shape):
    returns = american(shape)
    levels = np.array([0.15, 0.5, 0.8])
    assert ceiling_chances(returns, 1, 1 - levels) == pytest.approx(1 - returns.survival(levels), abs=1e-6)


def test_two_deals_of_which_one_wins_never_halve_a_fund():
    assert ceiling_chances(american("point"), 2, 0.5) == pytest.approx(0.65**2, abs=1e-9)


@pytest.mark.parametrize("shock", [0.0, 0.56])
def test_two_deals_agree_with_quadrature(shock):
    returns = american("power")

    def below(level):
        # The sum of two: the second must fall below what the first leaves.
        points = np.linspace(0, 1, 4001)[:-1] + 1 / 8000
        first = np.asarray(returns.quantile(points))
        left = level - first
        return float(np.mean(np.where(left > 0, 1 - np.asarray(returns.survival(np.maximum(left, 0))), 0)))

    if shock == 0:
        expected = below(2 * 0.5)
    else:
        expected, _ = quad(
            lambda e: exp(-e * e / 2) / sqrt(2 * np.pi) * below(2 * 0.5 * exp(-shock * e + shock**2 / 2)),
            -6,
            6,
            limit=40,
            epsabs=1e-5,
            epsrel=1e-5,
        )
    assert ceiling_chances(returns, 2, 0.5, shock) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("shock", [0.0, 0.56])
def test_simulated_funds_break_the_rule_as_often(shock):
    returns, deals, funds = american(), 30, 40_000
    generator = np.random.default_rng(11)
    sums = np.zeros(funds)
    for _ in range(deals):
        sums += np.asarray(returns.quantile(generator.random(funds)))
    multiples = sums / deals * np.exp(shock * generator.standard_normal(funds) - shock**2 / 2)
    ceilings = np.array([0.8, 0.5, 0.2, 0.0])
    chances = np.asarray(ceiling_chances(returns, deals, ceilings, shock))
    seen = np.array([np.mean(multiples < 1 - c) for c in ceilings])
    error = np.sqrt(chances * (1 - chances) / funds)
    bound = 1e-6
    assert (np.abs(seen - chances) < 4 * error + bound).all()


@pytest.mark.parametrize(
    ("deals", "ceiling", "percent", "digits"),
    [(30, 0.8, 0.2, 0.05), (30, 0.5, 5.5, 0.15), (100, 0.8, 0.03, 0.005), (100, 0.5, 2.2, 0.1)],
)
def test_known_chances_are_those_with_the_common_shock(deals, ceiling, percent, digits):
    assert 100 * ceiling_chances(american(), deals, ceiling, 0.56) == pytest.approx(percent, abs=digits)


def test_without_the_common_shock_a_generous_ceiling_never_binds():
    chances = ceiling_chances(american(), 30, [0.8, 0.5])
    assert chances[0] < 1e-6
    assert 0.001 < chances[1] < 0.002
    assert (ceiling_chances(american(), 100, [0.8, 0.5]) < 1e-6).all()


@slowly
@given(st.integers(1, 60), st.sampled_from([0.0, 0.3, 0.56]), st.floats(0, 0.45), st.floats(0.01, 0.4))
def test_a_higher_ceiling_is_broken_less_often(deals, shock, ceiling, more):
    chances = ceiling_chances(american(), deals, [ceiling, ceiling + more], shock, points=FEW)
    assert 0 <= chances[1] <= chances[0] + 1e-9
    assert chances[0] <= 1


def test_more_deals_help_a_fund_rule_and_hurt_a_project_rule():
    fund = [ceiling_chances(american(), deals, 0.5, 0.56) for deals in (3, 10, 30, 100)]
    project = [project_rule_probability(0.65, deals) for deals in (3, 10, 30, 100)]
    assert fund == sorted(fund, reverse=True)
    assert project == sorted(project)


def test_with_very_many_deals_only_the_shock_is_left():
    mean, shock = UNIFORM.mean(), 0.5
    found = ceiling_chances(UNIFORM, 4000, 0.7, shock)
    assert found == pytest.approx(ndtr((log(0.3 / mean) + shock**2 / 2) / shock), abs=1e-4)


def test_several_ceilings_at_once_are_each_by_itself():
    ceilings = np.array([[0.8, 0.5], [0.2, 0.0]])
    together = ceiling_chances(american(), 10, ceilings, 0.56)
    each = [[ceiling_chances(american(), 10, c, 0.56) for c in row] for row in ceilings.tolist()]
    assert together == pytest.approx(np.array(each), abs=1e-5)
    assert type(each[0][0]) is float


def test_masses_of_a_deal_keep_its_chance_and_mean_below_the_reach():
    masses = deal_masses(american(), 0.01, 4001)
    returns = american()
    kept = 1 - returns.survival(40.0)
    assert masses.sum() == pytest.approx(kept)
    assert masses @ (0.01 * np.arange(4001)) == pytest.approx(returns.mean() - returns.upper_total(kept))
    assert (masses >= 0).all()


def test_masses_of_a_sum_are_those_of_repeated_convolution():
    masses = deal_masses(american(), 0.05, 402)[:401]
    twice = np.convolve(masses, masses)[:401]
    expected = np.convolve(np.convolve(twice, twice)[:401], masses)[:401]
    sums, found, step = sum_lattice(american(), 5, 20.0, 401)
    assert step == pytest.approx(0.05)
    assert sums[-1] == pytest.approx(20)
    assert found == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: no_loss_probability(1.1, 3), "loss_share = 1.1"),
        (lambda: no_loss_probability(0.5, 0), "deals = 0.0: a fund holds at least one deal"),
        (lambda: project_rule_probability(0.5, 2.5), "deals = 2.5: must be a whole number"),
        (lambda: ceiling_chances(UNIFORM, 0, 0.5), "deals = 0"),
        (lambda: ceiling_chances(UNIFORM, 3, 1.0), "ceilings = 1.0: a loss allowed is a share below 1"),
        (lambda: ceiling_chances(UNIFORM, 3, [0.5, -0.1]), "ceilings = -0.1"),
        (lambda: ceiling_chances(UNIFORM, 3, 0.5, -0.1), "shock_sd = -0.1"),
        (lambda: ceiling_chances(UNIFORM, 3, 0.5, points=1), "points = 1"),
        (lambda: sum_lattice(UNIFORM, 3, 0.0), "reach = 0.0"),
        (lambda: deal_masses(UNIFORM, 0.0, 10), "step = 0.0"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
