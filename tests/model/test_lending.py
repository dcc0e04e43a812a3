"""One loan: exact cases, edges and inverses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.credit.lending import (
    break_even_default,
    break_even_loan_rate,
    expected_return,
    guaranteed_recovery,
)

quick = settings(deadline=None, max_examples=50)
rates = st.floats(0, 0.5)
shares = st.floats(0, 1)


@pytest.mark.parametrize(("rate", "expected"), [(0.0702, 0.052), (0.0403, 0.018)])
def test_a_lower_rate_bears_less_default(rate, expected):
    assert break_even_default(rate, 0.025, 0.2) == pytest.approx(expected, abs=0.0005)


@quick
@given(rates, rates, st.floats(0, 2))
def test_break_even_default_is_a_share_and_never_divides_by_zero(rate, cost, recovery):
    assert 0 <= break_even_default(rate, cost, recovery) <= 1


@quick
@given(st.floats(1e-6, 0.5), rates, st.floats(0, 1))
def test_where_default_pays_for_the_cost_every_loan_does(margin, cost, above):
    assert break_even_default(cost + margin, cost, 1 + cost + above) == 1


@quick
@given(rates, rates, st.floats(0, 2))
def test_a_rate_up_to_the_cost_bears_no_default(one, other, recovery):
    rate, cost = sorted((one, other))
    assert break_even_default(rate, cost, recovery) == 0


@quick
@given(rates, st.floats(1e-4, 0.5), st.floats(0, 0.99))
def test_at_the_break_even_default_the_return_is_the_cost(cost, margin, recovery):
    default = break_even_default(cost + margin, cost, recovery)
    assert expected_return(default, cost + margin, recovery) == pytest.approx(cost, abs=1e-12)


@quick
@given(st.floats(0.001, 0.95), rates, st.floats(0, 0.99))
def test_break_even_rate_is_the_inverse_of_the_break_even_default(default, cost, recovery):
    rate = break_even_loan_rate(default, cost, recovery)
    assert break_even_default(rate, cost, recovery) == pytest.approx(default, rel=1e-8)
    assert rate == pytest.approx((1 + cost - default * recovery) / (1 - default) - 1, abs=1e-12)


@quick
@given(st.floats(0, 0.95), rates, st.floats(0, 1))
def test_where_default_pays_for_the_cost_the_rate_is_the_cost(default, cost, above):
    assert break_even_loan_rate(default, cost, 1 + cost + above) == pytest.approx(cost, abs=1e-15)


@quick
@given(rates, rates, rates, shares, shares)
def test_break_even_default_rises_with_rate_and_recovery_and_falls_with_cost(rate, cost, step, one, other):
    low, high = sorted((one, other))
    here = break_even_default(rate, cost, low)
    assert break_even_default(rate, cost, high) >= here - 1e-15
    assert break_even_default(rate + step, cost, low) >= here - 1e-15
    assert break_even_default(rate, cost + step, low) <= here + 1e-15


@quick
@given(shares, rates, st.floats(0, 1))
def test_a_lender_recovers_no_more_than_it_is_owed(default, rate, above):
    assert expected_return(default, rate, 1 + rate + above) == pytest.approx(rate, abs=1e-15)


@quick
@given(shares, shares, shares)
def test_two_guarantees_cover_what_one_of_their_joint_share_does(recovery, first, second):
    twice = guaranteed_recovery(guaranteed_recovery(recovery, first), second)
    assert twice == pytest.approx(guaranteed_recovery(recovery, 1 - (1 - first) * (1 - second)), abs=1e-12)


def test_a_guarantee_of_nothing_and_of_everything():
    assert guaranteed_recovery(0.3, 0) == 0.3
    assert guaranteed_recovery(0.3, 1) == 1
    assert guaranteed_recovery(0.2, 0.4) == pytest.approx(0.52)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: break_even_default(-0.01, 0.025, 0.2), r"loan_rate = -0\.01: must not be negative"),
        (lambda: break_even_default(0.04, float("inf"), 0.2), "funding_cost = inf"),
        (lambda: break_even_default(0.04, 0.025, [0.2, -0.1]), r"recovery = -0\.1"),
        (lambda: break_even_loan_rate(1, 0.025, 0.2), r"default = 1\.0: must lie below 1"),
        (lambda: break_even_loan_rate(1.2, 0.025, 0.2), r"default = 1\.2: a share"),
        (lambda: break_even_loan_rate(0.1, -1, 0.2), "funding_cost = -1"),
        (lambda: expected_return(-0.1, 0.04, 0.2), r"default = -0\.1"),
        (lambda: expected_return(0.1, 0.04, -0.2), r"recovery = -0\.2"),
        (lambda: guaranteed_recovery(1.1, 0.4), r"recovery = 1\.1"),
        (lambda: guaranteed_recovery(0.2, 1.4), r"guarantee_share = 1\.4"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
