"""The fitted tail, its error, the lognormal and the common shock: published numbers, limits, recovery, domains."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from patient_capital.model.common.checks import DomainError
from patient_capital.model.returns.deal_returns import LognormalReturns, bin_shares
from patient_capital.model.returns.lognormal_fit import fit_lognormal, implied_holding_years
from patient_capital.model.returns.pareto import pareto_survival
from patient_capital.model.returns.shocks import common_shock, diversified_shock_sd
from patient_capital.model.returns.tail import bins_from, fit_tail, fit_tail_and_cap
from patient_capital.model.returns.tail_error import design_effect, rounded_standard_error

quick = settings(deadline=None, max_examples=40)

EDGES = [0, 1, 5, 10, 20, 50]
SHARES = [0.65, 0.25, 0.06, 0.025, 0.01, 0.005]
DEALS = 21_000
COARSE = [0.01, 0.01, 0.01, 0.005, 0.01, 0.001]
sds = st.floats(0.05, 1.2)


def tail_bins(a, cap):
    lower = np.array([5.0, 10, 20, 50])
    return lower, 0.1 * -np.diff(np.append(pareto_survival(lower, a, 5, cap), 0))


# Tail at a given cap


@pytest.mark.parametrize(("cap", "expected"), [(math.inf, 1.331), (1000, 1.327), (300, 1.312), (100, 1.239)])
def test_published_bins_give_the_index_at_each_cap(cap, expected):
    assert fit_tail(EDGES, SHARES, DEALS, 5, cap).tail_index == pytest.approx(expected, abs=0.0006)


def test_published_bins_without_a_cap_in_full():
    fit = fit_tail(EDGES, SHARES, DEALS, 5)
    assert fit.standard_error == pytest.approx(0.031, abs=0.0005)
    assert np.round(100 * np.array(fit.fitted), 2).tolist() == [6.03, 2.39, 1.11, 0.47]
    assert fit.degrees == 2
    assert sum(fit.fitted) == pytest.approx(0.10)


def test_a_cap_of_a_hundred_does_not_fit():
    fit = fit_tail(EDGES, SHARES, DEALS, 5, 100)
    assert fit.chi_square == pytest.approx(26, abs=0.5)
    assert fit.log_likelihood < fit_tail(EDGES, SHARES, DEALS, 5).log_likelihood - 10


@quick
@given(st.floats(0.5, 3), st.floats(60, 5000))
def test_exact_bins_give_back_their_index(a, cap):
    lower, shares = tail_bins(a, cap)
    fit = fit_tail(lower, shares, DEALS, 5, cap)
    assert fit.tail_index == pytest.approx(a, abs=1e-5)
    assert fit.chi_square == pytest.approx(0, abs=1e-5)


def test_the_index_is_where_the_score_is_zero_and_the_error_its_curvature():
    for cap in (100, 300, math.inf):
        lower, shares = tail_bins(1.3, cap)
        fit = fit_tail(lower, shares, DEALS, 5, cap)

        def log_likelihood(a, lower=lower, shares=shares, cap=cap):
            return DEALS * float(shares @ np.log(-np.diff(np.append(pareto_survival(lower, a, 5, cap), 0))))

        step, a = 1e-4, fit.tail_index
        curvature = (log_likelihood(a + step) - 2 * log_likelihood(a) + log_likelihood(a - step)) / step**2
        assert log_likelihood(a) >= max(log_likelihood(a + step), log_likelihood(a - step))
        assert fit.standard_error == pytest.approx(1 / math.sqrt(-curvature), rel=1e-4)


def test_the_error_is_the_spread_of_estimates_over_samples():
    lower, shares = tail_bins(1.33, math.inf)
    generator = np.random.default_rng(7)
    found = [
        fit_tail(lower, generator.multinomial(2100, shares / shares.sum()) / DEALS, DEALS, 5).tail_index
        for _ in range(300)
    ]
    assert np.mean(found) == pytest.approx(1.33, abs=4 * np.std(found) / math.sqrt(300) + 0.002)
    assert np.std(found) == pytest.approx(fit_tail(lower, shares, DEALS, 5).standard_error, rel=0.15)


@quick
@given(st.floats(1.1, 50))
def test_more_deals_narrow_the_error_with_the_root_and_leave_the_index(factor):
    one, more = fit_tail(EDGES, SHARES, DEALS, 5), fit_tail(EDGES, SHARES, DEALS * factor, 5)
    assert more.tail_index == pytest.approx(one.tail_index, abs=1e-6)
    assert more.standard_error == pytest.approx(one.standard_error / math.sqrt(factor), rel=1e-5)
    assert more.chi_square == pytest.approx(one.chi_square * factor, rel=1e-5)


@quick
@given(st.floats(0.1, 10))
def test_the_unit_of_multiples_does_not_matter(unit):
    scaled = fit_tail(np.array(EDGES) * unit, SHARES, DEALS, 5 * unit, 300 * unit)
    assert scaled.tail_index == pytest.approx(fit_tail(EDGES, SHARES, DEALS, 5, 300).tail_index, abs=1e-6)


@quick
@given(st.floats(60, 2000), st.floats(60, 2000))
def test_a_lower_cap_needs_a_lower_index(one, other):
    low, high = sorted((one, other))
    below, above = (fit_tail(EDGES, SHARES, DEALS, 5, cap).tail_index for cap in (low, high))
    assert below <= above + 1e-6


def test_bins_below_the_tail_are_left_aside():
    edges, shares = bins_from(EDGES, SHARES, 5)
    assert edges.tolist() == EDGES[2:]
    assert shares.tolist() == SHARES[2:]
    assert fit_tail(edges, shares, DEALS, 5) == fit_tail(EDGES, SHARES, DEALS, 5)


# Index and cap together


def test_published_bins_reject_caps_below_two_hundred_and_want_none():
    fit = fit_tail_and_cap(EDGES, SHARES, DEALS, 5)
    assert fit.corner == "high"
    assert math.isinf(fit.best.cap)
    assert math.isinf(fit.highest_cap)
    assert fit.lowest_cap == pytest.approx(204.3, abs=0.2)
    assert fit.best.degrees == 1


def test_the_interval_ends_where_the_likelihood_ratio_does():
    fit = fit_tail_and_cap(EDGES, SHARES, DEALS, 5)
    at_end = fit_tail(EDGES, SHARES, DEALS, 5, fit.lowest_cap)
    assert 2 * (fit.best.log_likelihood - at_end.log_likelihood) == pytest.approx(3.841459, abs=1e-4)


def test_a_higher_confidence_is_a_wider_interval():
    lows = [fit_tail_and_cap(EDGES, SHARES, DEALS, 5, level).lowest_cap for level in (0.8, 0.95, 0.99)]
    assert lows == sorted(lows, reverse=True)


def test_exact_capped_bins_give_back_their_cap():
    lower, shares = tail_bins(1.3, 150)
    fit = fit_tail_and_cap(lower, shares, 100 * DEALS, 5)
    assert fit.corner == "none"
    assert fit.best.cap == pytest.approx(150, rel=1e-3)
    assert fit.best.tail_index == pytest.approx(1.3, abs=1e-4)
    assert fit.lowest_cap < 150 < fit.highest_cap < math.inf


# Rounding and repeated rounds


def test_rounding_and_repeated_rounds_make_the_error_two_to_three_times_as_large():
    error = rounded_standard_error(EDGES, SHARES, DEALS, 5, COARSE, 300, 2)
    assert 0.05 < error.total < 0.10
    assert error.total == pytest.approx(math.hypot(error.statistical, error.rounding))
    assert error.statistical == pytest.approx(math.sqrt(2) * fit_tail(EDGES, SHARES, DEALS, 5, 300).standard_error)
    assert error.lowest < fit_tail(EDGES, SHARES, DEALS, 5, 300).tail_index < error.highest


def test_exact_shares_and_single_rounds_leave_the_statistical_error():
    error = rounded_standard_error(EDGES, SHARES, DEALS, 5, 0.0)
    fit = fit_tail(EDGES, SHARES, DEALS, 5)
    assert error.rounding == 0
    assert error.total == fit.standard_error
    assert error.lowest == error.highest == fit.tail_index


def test_the_spread_over_roundings_is_that_of_uniform_draws():
    error = rounded_standard_error(EDGES, SHARES, DEALS, 5, COARSE)
    generator, halves = np.random.default_rng(5), np.array(COARSE[2:]) / 2
    found = [
        fit_tail(EDGES[2:], np.array(SHARES[2:]) + halves * generator.uniform(-1, 1, 4), DEALS, 5).tail_index
        for _ in range(250)
    ]
    assert error.rounding == pytest.approx(np.std(found), rel=0.15)
    assert error.lowest <= min(found) <= max(found) <= error.highest


def test_more_nodes_do_not_change_the_spread():
    three, five = (rounded_standard_error(EDGES, SHARES, DEALS, 5, COARSE, nodes=n).rounding for n in (3, 5))
    assert three == pytest.approx(five, rel=1e-3)


@pytest.mark.parametrize(("rounds", "correlation", "expected"), [(1, 0.9, 1), (3, 0, 1), (3, 1, 3), (2.5, 0.4, 1.6)])
def test_design_effect_exact_cases(rounds, correlation, expected):
    assert design_effect(rounds, correlation) == pytest.approx(expected)


# Lognormal


@quick
@given(st.floats(-1.5, 0.5), st.floats(0.8, 2.5))
def test_exact_lognormal_bins_give_back_their_moments(mean, sd):
    fit = fit_lognormal(EDGES, bin_shares(LognormalReturns(mean, sd), EDGES), DEALS)
    assert fit.log_mean == pytest.approx(mean, abs=1e-5)
    assert fit.log_sd == pytest.approx(sd, abs=1e-5)


def test_the_published_bins_are_not_lognormal():
    fit = fit_lognormal(EDGES, SHARES, DEALS)
    assert fit.degrees == 3
    assert fit.chi_square > 50
    assert sum(fit.fitted) == pytest.approx(1)
    assert fit.fitted == pytest.approx(bin_shares(fit.returns(), EDGES))


def test_no_lognormal_near_the_fit_is_likelier():
    fit = fit_lognormal(EDGES, SHARES, DEALS)
    for mean, sd in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)):
        other = bin_shares(LognormalReturns(fit.log_mean + mean, fit.log_sd + sd), EDGES)
        assert DEALS * float(np.array(SHARES) @ np.log(other)) < fit.log_likelihood


# Common shock


@quick
@given(st.floats(0, 1.2))
def test_a_shock_has_mean_one(sd):
    mean, _ = quad(lambda e: common_shock(sd, e) * math.exp(-e * e / 2) / math.sqrt(2 * math.pi), -12, 14)
    assert mean == pytest.approx(1, rel=1e-9)


@quick
@given(sds, st.floats(1, 40), st.floats(0, 1))
def test_more_years_and_less_correlation_never_raise_the_shock(sd, years, correlation):
    left = diversified_shock_sd(sd, years, correlation)
    assert math.sqrt(correlation) * sd - 1e-9 <= left <= sd + 1e-9
    assert diversified_shock_sd(sd, years + 1, correlation) <= left + 1e-12
    assert diversified_shock_sd(sd, years, correlation / 2) <= left + 1e-12


@quick
@given(sds, st.floats(0, 1))
def test_limits_of_the_shock_that_is_left(sd, correlation):
    assert diversified_shock_sd(sd, 1, correlation) == pytest.approx(sd)
    assert diversified_shock_sd(sd, 7, 1) == pytest.approx(sd)
    assert diversified_shock_sd(sd, 1e12, correlation) == pytest.approx(math.sqrt(correlation) * sd, abs=1e-5)
    assert diversified_shock_sd(1e-3 * sd, 9) == pytest.approx(1e-3 * sd / 3, rel=1e-5)
    assert diversified_shock_sd(0, 5) == 0


def test_ten_independent_years_leave_a_third_of_the_shock():
    assert diversified_shock_sd(0.56, 10) == pytest.approx(0.190, abs=0.0005)
    assert diversified_shock_sd(0.56, 10) > 0.56 / math.sqrt(10)


def test_the_average_of_draws_has_the_second_moment():
    sd, years, correlation = 0.56, 10, 0.3
    generator = np.random.default_rng(4)
    common, own = generator.standard_normal((100_000, 1)), generator.standard_normal((100_000, years))
    average = common_shock(sd, math.sqrt(correlation) * common + math.sqrt(1 - correlation) * own).mean(axis=1)
    squares = average**2
    expected = math.exp(diversified_shock_sd(sd, years, correlation) ** 2)
    assert squares.mean() == pytest.approx(expected, abs=4 * squares.std() / math.sqrt(100_000))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_tail(EDGES, SHARES, DEALS, 6), r"minimum = 6: must be an edge"),
        (lambda: fit_tail(EDGES, SHARES, DEALS, 20), r"minimum = 20: must be an edge with at least two"),
        (lambda: fit_tail(EDGES, SHARES, 0, 5), r"observations = 0"),
        (lambda: fit_tail(EDGES, SHARES, DEALS, 5, 50), r"cap = 50: must lie above the highest edge"),
        (lambda: fit_tail(EDGES[::-1], SHARES, DEALS, 5), "edges = .*must rise"),
        (lambda: fit_tail(EDGES, [0.9] * 6, DEALS, 5), "add up to at most 1"),
        (lambda: fit_tail(EDGES, [0.65, 0.35, 0, 0, 0, 0], DEALS, 5), "the tail must hold some deals"),
        (lambda: fit_tail(EDGES, [0.65, 0.25, 0.1, 0, 0, 0], DEALS, 5), "no tail index"),
        (lambda: fit_tail_and_cap([5, 10, 20], [0.06, 0.025, 0.015], DEALS, 5), "at least four bins"),
        (lambda: fit_tail_and_cap(EDGES, SHARES, DEALS, 5, 1), "level = 1"),
        (lambda: rounded_standard_error(EDGES, SHARES, DEALS, 5, 0.02), r"units = 0\.02: half a unit"),
        (lambda: rounded_standard_error(EDGES, SHARES, DEALS, 5, 0, inflation=0.5), r"inflation = 0\.5"),
        (lambda: rounded_standard_error(EDGES, SHARES, DEALS, 5, 0, nodes=1), "nodes = 1"),
        (lambda: design_effect(0.5, 0.1), r"rounds_per_company = 0\.5"),
        (lambda: design_effect(2, 1.1), r"correlation = 1\.1"),
        (lambda: fit_lognormal(EDGES[1:], SHARES[1:], DEALS), "bins from zero up"),
        (lambda: fit_lognormal(EDGES[:3], SHARES[:3], DEALS), "at least four"),
        (lambda: fit_lognormal(EDGES, SHARES, -1), r"observations = -1"),
        (lambda: implied_holding_years(1, 0), r"annual_log_sd = 0"),
        (lambda: common_shock(-0.1, 0), r"shock_sd = -0\.1"),
        (lambda: diversified_shock_sd(0.5, 0.5), r"exit_years = 0\.5"),
        (lambda: diversified_shock_sd(0.5, math.inf), "exit_years = inf"),
        (lambda: diversified_shock_sd(0.5, 5, -0.1), r"correlation = -0\.1"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
