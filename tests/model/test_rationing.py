"""Credit rationing: where the best rate is an interior one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from patient_capital.model.common.checks import BreakEven, DomainError, Optimum
from patient_capital.model.credit.rationing import best_loan_rate, lender_return, pool_default, rationing_slope

BASE, DEFAULT, RECOVERY = 0.0403, 0.06, 0.2
quick = settings(deadline=None, max_examples=50)
defaults = st.floats(0.005, 0.5)
recoveries = st.floats(0, 0.95)
slopes = st.floats(0.01, 60)
heights = st.floats(0.05, 0.6)


def test_at_the_base_rate_the_pool_is_as_seen():
    assert pool_default(BASE, BASE, DEFAULT, 17) == pytest.approx(DEFAULT)


@quick
@given(defaults, slopes, heights)
def test_log_odds_of_default_rise_by_the_slope(default, slope, rate):
    odds = default / (1 - default) * np.exp(slope * (rate - BASE))
    assert pool_default(rate, BASE, default, slope) == pytest.approx(odds / (1 + odds), rel=1e-12)


@quick
@given(heights, defaults, slopes, recoveries)
def test_return_is_rate_less_what_default_costs(rate, default, slope, recovery):
    p = pool_default(rate, BASE, default, slope)
    assert lender_return(rate, BASE, default, slope, recovery) == pytest.approx(
        rate - p * (1 + rate - recovery), abs=1e-12
    )


@quick
@given(defaults, slopes, recoveries, heights)
def test_best_rate_is_that_of_a_numerical_search(default, slope, recovery, high):
    found = best_loan_rate(BASE, default, slope, recovery, 0.0, high)
    searched = minimize_scalar(
        lambda r: -lender_return(r, BASE, default, slope, recovery), bounds=(0.0, high), options={"xatol": 1e-10}
    )
    assert found.value >= -searched.fun - 1e-12
    assert found.value == lender_return(found.at, BASE, default, slope, recovery)
    assert found.at == pytest.approx(searched.x, abs=1e-5)


@quick
@given(defaults, slopes, recoveries, heights)
def test_inside_the_span_the_slope_of_the_return_is_zero_and_at_a_corner_it_is_not(default, slope, recovery, high):
    found = best_loan_rate(BASE, default, slope, recovery, 0.0, high)
    p = pool_default(found.at, BASE, default, slope)
    marginal = slope * p * (1 + found.at - recovery)
    if found.corner == "none":
        assert marginal == pytest.approx(1, abs=1e-9)
    elif found.corner == "high":
        assert found.at == high
        assert marginal < 1
    else:
        assert found.at == 0
        assert marginal >= 1


@quick
@given(defaults, recoveries, heights)
def test_a_pool_that_does_not_worsen_is_priced_at_the_top(default, recovery, high):
    found = best_loan_rate(BASE, default, 0.0, recovery, 0.0, high)
    assert (found.at, found.corner) == (high, "high")


def test_an_interior_rate_where_the_pool_worsens_and_none_where_it_hardly_does():
    inner = best_loan_rate(BASE, DEFAULT, 10, RECOVERY, BASE, 0.15)
    assert inner.corner == "none"
    assert BASE < inner.at < 0.15
    assert best_loan_rate(BASE, DEFAULT, 5, RECOVERY, BASE, 0.15).corner == "high"
    assert best_loan_rate(BASE, DEFAULT, 20, RECOVERY, BASE, 0.15).corner == "low"


@quick
@given(defaults, recoveries, st.floats(0.0, 0.5))
def test_rationing_slope_divides_the_corner_from_the_inside(default, recovery, above):
    high = BASE + above
    slope = rationing_slope(BASE, default, recovery, high, 1e6).at
    assert slope * pool_default(high, BASE, default, slope) * (1 + high - recovery) == pytest.approx(1, rel=1e-8)
    assert best_loan_rate(BASE, default, slope * (1 - 1e-6), recovery, 0.0, high).corner == "high"
    assert best_loan_rate(BASE, default, slope * (1 + 1e-6), recovery, 0.0, high).at < high


@quick
@given(defaults, recoveries, heights)
def test_rationing_slope_is_the_root_of_the_marginal_return_at_the_top(default, recovery, high):
    def marginal(slope):
        return slope * pool_default(high, BASE, default, slope) * (1 + high - recovery) - 1

    assert rationing_slope(BASE, default, recovery, high, 1e6).at == pytest.approx(brentq(marginal, 0, 1e5), rel=1e-7)


@quick
@given(defaults, recoveries, recoveries, heights)
def test_collateral_makes_rationing_rarer(default, one, other, high):
    low, more = sorted((one, other))
    assume(more - low > 1e-6)
    slopes_of = [rationing_slope(BASE, default, r, high, 1e6).at for r in (low, more)]
    assert slopes_of[1] > slopes_of[0]


@quick
@given(defaults, slopes, recoveries, recoveries)
def test_collateral_never_lowers_the_best_rate(default, slope, one, other):
    low, more = sorted((one, other))
    rates = [best_loan_rate(BASE, default, slope, r, 0.0, 0.4).at for r in (low, more)]
    assert rates[1] >= rates[0] - 1e-12


def test_where_the_pool_was_seen_at_the_top_the_slope_has_its_limit():
    exact = rationing_slope(BASE, DEFAULT, RECOVERY, BASE, 1e3).at
    assert exact == pytest.approx(1 / (DEFAULT * (1 + BASE - RECOVERY)))
    assert rationing_slope(BASE, DEFAULT, RECOVERY, BASE + 1e-9, 1e3).at == pytest.approx(exact, rel=1e-6)


def test_a_slope_beyond_the_span_is_told():
    found = rationing_slope(BASE, DEFAULT, RECOVERY, 0.15, 1000)
    assert (found.side, found.low, found.high) == ("crosses", 0, 1000)
    assert replace(found, at=None, side="gain", high=5) == rationing_slope(BASE, DEFAULT, RECOVERY, 0.15, 5)


def test_full_recovery_rations_where_the_margin_itself_is_lost():
    # With R = 1 default costs the interest alone.
    slope = rationing_slope(BASE, DEFAULT, 1, 0.15, 1000).at
    assert slope * pool_default(0.15, BASE, DEFAULT, slope) * 0.15 == pytest.approx(1)


def test_kinds_of_the_results():
    assert isinstance(best_loan_rate(BASE, DEFAULT, 10, RECOVERY, 0, 0.15), Optimum)
    assert isinstance(rationing_slope(BASE, DEFAULT, RECOVERY, 0.15, 10), BreakEven)
    assert type(lender_return(0.05, BASE, DEFAULT, 10, RECOVERY)) is float
    assert lender_return([0.04, 0.05], BASE, DEFAULT, [[1], [2], [3]], RECOVERY).shape == (3, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pool_default(-0.1, BASE, DEFAULT, 1), r"loan_rate = -0\.1"),
        (lambda: pool_default(0.1, -BASE, DEFAULT, 1), "base_rate"),
        (lambda: pool_default(0.1, BASE, 0, 1), r"base_default = 0.*above 0 and below 1"),
        (lambda: pool_default(0.1, BASE, 1, 1), "base_default = 1"),
        (lambda: pool_default(0.1, BASE, DEFAULT, -1), "slope = -1"),
        (lambda: lender_return(0.1, BASE, DEFAULT, 1, 1.1), r"recovery = 1\.1"),
        (lambda: best_loan_rate(BASE, DEFAULT, 1, 0.2, 0.2, 0.1), r"high = 0\.1: must lie above low = 0\.2"),
        (lambda: best_loan_rate(BASE, DEFAULT, 1, 1.2, 0.0, 0.1), r"recovery = 1\.2"),
        (lambda: best_loan_rate(BASE, DEFAULT, float("nan"), 0.2, 0.0, 0.1), "slope = nan"),
        (lambda: best_loan_rate(BASE, DEFAULT, 1, 0.2, -0.1, 0.1), r"low = -0\.1"),
        (lambda: rationing_slope(BASE, DEFAULT, 0.2, 0.03, 10), r"highest_rate = 0\.03: must be at least base_rate"),
        (lambda: rationing_slope(BASE, 0, 0.2, 0.1, 10), "base_default = 0"),
        (lambda: rationing_slope(BASE, DEFAULT, 1.2, 0.1, 10), r"recovery = 1\.2"),
        (lambda: rationing_slope(BASE, DEFAULT, 0.2, 0.1, 0), "steepest = 0"),
        (lambda: rationing_slope(0, DEFAULT, 0.2, 0, 10), "highest_rate = 0"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
