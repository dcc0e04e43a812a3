"""Winners: one mean with the multiples of deals, exact limits, and integrals against quadrature."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from patient_capital.model._numerics.exponentials import repeated_integrals
from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund.winners import (
    Winners,
    growth_from_holding_years,
    mean_holding_years,
    winner_mean,
    winner_start,
)
from patient_capital.model.returns.pareto import pareto_mean

slowly = settings(deadline=None, max_examples=60)
starts = st.floats(1, 4)
indices = st.floats(0.6, 3)
caps = st.one_of(st.floats(20, 2000), st.just(np.inf))
years = st.floats(0.5, 40)
shares = st.floats(0, 1)
# What the published classes give: losses of 65 percent at 0.3, a middle at 2.2, and a tail from 5 to 300.
MEAN = 0.65 * 0.3 + 0.25 * 2.2 + 0.10 * float(pareto_mean(1.327, 5, 300))
START = winner_start(winner_mean(MEAN, 0.65, 0.3), 1.327, 300)


@slowly
@given(st.floats(1, 9), shares.filter(lambda p: p < 0.99), st.floats(0, 1))
def test_winners_and_losers_mixed_have_the_mean_of_all_deals(winning, loss_share, low_mean):
    mean = loss_share * low_mean + (1 - loss_share) * winning
    if mean > 0:
        assert winner_mean(mean, loss_share, low_mean) == pytest.approx(max(winning, 1), rel=1e-9)


@slowly
@given(starts.filter(lambda x: x > 1), indices.filter(lambda a: a > 1.05), caps)
def test_start_is_the_one_that_gives_the_mean(start, index, cap):
    assert winner_start(float(pareto_mean(index, start, cap)), index, cap) == pytest.approx(start, rel=1e-9)


def test_start_of_the_published_classes_keeps_one_mean_for_multiples_and_flows():
    assert pareto_mean(1.327, START, 300) == pytest.approx((MEAN - 0.65 * 0.3) / 0.35)
    assert pytest.approx(1.776, abs=0.001) == START


def test_a_mean_of_exits_from_one_starts_at_one():
    assert winner_start(float(pareto_mean(1.5, 1, 100)), 1.5, 100) == 1


@slowly
@given(st.floats(1, 15), starts, indices, caps)
def test_growth_from_the_time_to_exit_is_its_inverse(time, start, index, cap):
    growth = growth_from_holding_years(time, start, index, cap)
    assert mean_holding_years(growth, start, index, cap) == pytest.approx(time)


def test_time_to_exit_lies_in_the_observed_span():
    assert 3.3 < mean_holding_years(0.2, START, 1.327, 300) < 8.0
    assert growth_from_holding_years(6.8, START, 1.327, 300) == pytest.approx(0.194, abs=0.001)


@slowly
@given(st.floats(-0.6, 0.6), st.floats(0.01, 30))
def test_repeated_integrals_are_integrals_of_each_other(rate, time):
    once, twice, thrice = (float(v) for v in repeated_integrals(3, rate, time))
    assert once == pytest.approx(quad(lambda s: exp(-rate * s), 0, time)[0], rel=1e-9)
    assert twice == pytest.approx(quad(lambda s: float(repeated_integrals(1, rate, s)[0]), 0, time)[0], rel=1e-8)
    assert thrice == pytest.approx(quad(lambda s: float(repeated_integrals(2, rate, s)[1]), 0, time)[0], rel=1e-8)


@pytest.mark.parametrize("exponent", [0.0999, 0.1001, -0.0999, -0.1001])
def test_series_and_recursion_meet(exponent):
    for order, exact in ((2, exponent**-2 * (exp(exponent) - 1 - exponent)),):
        assert float(repeated_integrals(order, -exponent, 1.0)[-1]) == pytest.approx(exact, rel=1e-11)
    low, high = (float(repeated_integrals(3, -exponent * (1 + d), 1.0)[2]) for d in (-1e-9, 1e-9))
    assert low == pytest.approx(high, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: winner_mean(2.0, 1.0, 0.3), "loss_share = 1.0: where all deals lose there are no winners"),
        (lambda: winner_mean(0.4, 0.65, 0.3), "winner_mean = 0.58.*: deals that do not lose return at least"),
        (lambda: winner_mean(-1, 0.65, 0.3), "mean = -1.0"),
        (lambda: winner_start(2.0, 1.327, 300), "mean = 2.0: exits from a multiple of 1 on already have the mean 3.4"),
        (lambda: winner_start(301, 1.327, 300), "mean = 301: must lie below the cap of 300"),
        (lambda: winner_start(5, 0.9), "tail_index = 0.9"),
        (lambda: mean_holding_years(0, 2, 1.3), "growth = 0.0"),
        (lambda: mean_holding_years(0.2, 0.5, 1.3), "start = 0.5: a winner exits at no less than it cost"),
        (lambda: mean_holding_years(0.2, 5, 1.3, 4), "cap = 4.0: must lie above the start"),
        (lambda: growth_from_holding_years(0, 2, 1.3), "years = 0.0"),
        (lambda: Winners(growth=0.2, start=2, tail_index=-1, cap=300), "tail_index = -1.0"),
        (lambda: Winners(growth=float("nan"), start=2, tail_index=1, cap=300), "growth = nan"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
