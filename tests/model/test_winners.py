"""Winners: one mean with the multiples of deals, exact limits, and integrals against quadrature."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from patient_capital.model._numerics.exponentials import repeated_integrals
from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund import uncapped_winner
from patient_capital.model.fund.winners import (
    Winners,
    growth_from_holding_years,
    mean_holding_years,
    winner_exit_survival,
    winner_internal_rate,
    winner_mean,
    winner_present_value,
    winner_start,
    winner_value_path,
)
from patient_capital.model.returns.pareto import pareto_mean, pareto_survival

slowly = settings(deadline=None, max_examples=60)
growths = st.floats(0.05, 0.5)
starts = st.floats(1, 4)
indices = st.floats(0.6, 3)
caps = st.one_of(st.floats(20, 2000), st.just(np.inf))
years = st.floats(0.5, 40)
shares = st.floats(0, 1)
rates = st.floats(-0.05, 0.4)


def winners_of(growth, start, index, cap):
    return Winners(growth=growth, start=start, tail_index=index, cap=cap)


# What the published classes give: losses of 65 percent at 0.3, a middle at 2.2, and a tail from 5 to 300.
MEAN = 0.65 * 0.3 + 0.25 * 2.2 + 0.10 * float(pareto_mean(1.327, 5, 300))
START = winner_start(winner_mean(MEAN, 0.65, 0.3), 1.327, 300)
CENTRAL = winners_of(0.2, START, 1.327, 300)


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
@given(growths, starts, indices, caps)
def test_mean_holding_time_is_the_integral_of_the_survival(growth, start, index, cap):
    winners = winners_of(growth, start, index, cap)
    first = float(winners.first_exit)
    end = first + min(float(winners.exit_span), 60 / (growth * index))
    expected = first + quad(lambda t: float(winner_exit_survival(t, winners)), first, end, limit=200)[0]
    assert mean_holding_years(growth, start, index, cap) == pytest.approx(expected, rel=1e-7)


@slowly
@given(st.floats(1, 15), starts, indices, caps)
def test_growth_from_the_time_to_exit_is_its_inverse(time, start, index, cap):
    growth = growth_from_holding_years(time, start, index, cap)
    assert mean_holding_years(growth, start, index, cap) == pytest.approx(time)


def test_time_to_exit_lies_in_the_observed_span():
    assert 3.3 < mean_holding_years(0.2, START, 1.327, 300) < 8.0
    assert growth_from_holding_years(6.8, START, 1.327, 300) == pytest.approx(0.194, abs=0.001)


@slowly
@given(growths, starts, indices, caps, st.floats(1, 3000))
def test_exits_that_are_kept_to_the_end_follow_the_truncated_tail(growth, start, index, cap, multiple):
    time = log(multiple) / growth
    survival = winner_exit_survival(time, winners_of(growth, start, index, cap))
    assert survival == pytest.approx(pareto_survival(multiple, index, start, cap), abs=1e-9)


def test_nobody_exits_before_the_start_and_nobody_is_left_at_the_cap():
    assert winner_exit_survival(np.array([0, CENTRAL.first_exit]), CENTRAL) == pytest.approx(1)
    assert winner_exit_survival(log(300) / 0.2, CENTRAL) == pytest.approx(0, abs=1e-12)


def test_a_small_share_that_is_left_keeps_its_digits():
    winners = winners_of(0.5, 1, 2.0, np.inf)
    assert winner_exit_survival(37.0, winners) == pytest.approx(exp(-37.0), rel=1e-14, abs=0)
    assert winner_present_value(winners, 37.0, 1.0, 0.0) == pytest.approx(2 - exp(-18.5), rel=1e-14)


def test_value_path_grows_from_one_to_the_cap():
    path = winner_value_path(np.array([0.0, 5.0, 100.0]), CENTRAL)
    assert path == pytest.approx([1, exp(1), 300])
    assert type(winner_value_path(1.0, CENTRAL)) is float


@slowly
@given(growths, indices, years, shares, rates)
def test_with_a_start_of_one_and_no_cap_winners_are_those_of_the_uncapped_winner(growth, index, horizon, sale, rate):
    winners = winners_of(growth, 1, index, np.inf)
    hazard = growth * index
    assert winner_present_value(winners, horizon, sale, rate) == pytest.approx(
        uncapped_winner.present_value(growth, hazard, horizon, sale, rate), rel=1e-9
    )
    if sale > 0.01:
        assert winner_internal_rate(winners, horizon, sale) == pytest.approx(
            uncapped_winner.internal_rate(growth, hazard, horizon, sale), abs=1e-9
        )
    assert winner_exit_survival(horizon, winners) == pytest.approx(exp(-hazard * horizon))
    assert mean_holding_years(growth, 1, index) == pytest.approx(1 / hazard)


@slowly
@given(growths, starts, indices, caps, years, shares, rates)
def test_value_is_the_integral_over_exit_times(growth, start, index, cap, horizon, sale, rate):
    winners = winners_of(growth, start, index, cap)
    first, hazard = float(winners.first_exit), growth * index
    end = min(horizon, first + float(winners.exit_span))
    scale = hazard / float(winners.inside)
    exits = 0.0
    if end > first:
        exits, _ = quad(lambda t: scale * exp(-hazard * (t - first) + (growth - rate) * t), first, end, limit=200)
    left = sale * float(winner_exit_survival(horizon, winners)) * exp((growth - rate) * horizon)
    assert winner_present_value(winners, horizon, sale, rate) == pytest.approx(exits + left, rel=1e-6)


@slowly
@given(growths, starts, indices.filter(lambda a: a > 1.1), st.floats(20, 2000))
def test_kept_to_the_end_winners_return_their_mean(growth, start, index, cap):
    winners = winners_of(growth, start, index, cap)
    assert winner_present_value(winners, 1 + log(cap) / growth, 0.3) == pytest.approx(pareto_mean(index, start, cap))


@slowly
@given(growths, starts, indices, caps, shares, rates)
def test_the_best_horizon_of_winners_is_never_inside_a_span(growth, start, index, cap, sale, rate):
    worth = np.asarray(winner_present_value(winners_of(growth, start, index, cap), np.linspace(1, 40, 118), sale, rate))
    assert worth.max() <= max(worth[0], worth[-1]) * (1 + 1e-9)


@slowly
@given(growths, starts, indices, caps, years, st.floats(0.05, 1))
def test_at_the_internal_rate_one_yuan_is_worth_one_and_the_rate_is_at_most_the_growth(
    growth, start, index, cap, horizon, sale
):
    winners = winners_of(growth, start, index, cap)
    rate = winner_internal_rate(winners, horizon, sale)
    assert winner_present_value(winners, horizon, sale, rate) == pytest.approx(1, abs=1e-8)
    assert rate <= growth + 1e-12


def test_sold_at_full_value_winners_earn_their_growth_whatever_the_horizon():
    assert winner_present_value(CENTRAL, np.array([1.0, 5.0, 20.0, 40.0]), 1, 0.2) == pytest.approx(1)


def test_records_of_arrays_give_arrays():
    growth = np.array([0.15, 0.2, 0.3])
    many = winner_present_value(Winners(growth=growth, start=START, tail_index=1.327, cap=300.0), 10, 0.6, 0.05)
    each = [winner_present_value(winners_of(g, START, 1.327, 300), 10, 0.6, 0.05) for g in growth]
    assert many == pytest.approx(each, rel=1e-14)
    assert type(each[0]) is float


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
        (lambda: winners_of(0.2, 2, -1, 300), "tail_index = -1.0"),
        (lambda: winners_of(float("nan"), 2, 1, 300), "growth = nan"),
        (lambda: winner_exit_survival(-1, CENTRAL), "years = -1.0"),
        (lambda: winner_value_path(-1, CENTRAL), "years = -1.0"),
        (lambda: winner_present_value(CENTRAL, 0, 0.6), "horizon = 0.0"),
        (lambda: winner_present_value(CENTRAL, 7, 1.6), "forced_sale = 1.6"),
        (lambda: winner_internal_rate(CENTRAL, 2, 0), "horizon = 2: ends before the first exit"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
