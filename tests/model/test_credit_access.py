"""What opens credit to a given share of a pool: each break-even gives back what gave the access, and its corners."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import BreakEven, DomainError
from patient_capital.model.credit.credit_access import auc_for_access, bad_share_for_access
from patient_capital.model.credit.lending import break_even_default
from patient_capital.model.credit.screening import access

RATE, COST, POOL = 0.0403, 0.025, 0.06
UNSECURED = break_even_default(RATE, COST, 0.2)

quick = settings(deadline=None, max_examples=50)
pools = st.floats(0.005, 0.6)
signals = st.floats(0.52, 0.98)


@quick
@given(pools, signals, st.floats(0.005, 0.45))
def test_discrimination_for_an_access_gives_that_access(pool, auc, bearable):
    reach = access(pool, auc, bearable)
    assume(1e-3 < reach < 1 - 1e-3)
    found = auc_for_access(reach, pool, bearable)
    assume(found.at is not None and found.at < 1 - 1e-9)
    assert access(pool, found.at, bearable) == pytest.approx(reach, abs=1e-7)
    if pool > bearable:
        assert found.at == pytest.approx(auc, abs=1e-6)


@quick
@given(st.floats(0.005, 0.3), st.floats(0.005, 0.45))
def test_a_signal_opens_credit_from_where_access_is_least(pool, bearable):
    opens_at = auc_for_access(0.5, pool, bearable).low
    if pool >= bearable:
        assert opens_at == 0.5
    else:
        assume(0.505 < opens_at < 0.995)
        least = access(pool, opens_at, bearable)
        assert least <= min(access(pool, opens_at - 0.002, bearable), access(pool, opens_at + 0.002, bearable))


def test_discrimination_where_none_or_any_suffices():
    assert auc_for_access(0.96, POOL, UNSECURED) == BreakEven(None, "loss", 0.5, 1)
    generous = auc_for_access(0.1, 0.02, 0.035)
    assert (generous.at, generous.side) == (None, "gain")
    assert access(0.02, generous.low, 0.035) > 0.1
    # Where pool and bearable default are one, a signal hardly better than none serves half.
    assert auc_for_access(0.3, 0.03, 0.03).side == "gain"
    assert auc_for_access(0.7, 0.03, 0.03).side == "crosses"
    assert auc_for_access(0.3, 0.03 + 1e-15, 0.03).at == pytest.approx(0.5, abs=1e-9)
    # Close to one half, credit opens only where the signal is all but perfect.
    assert auc_for_access(0.9, 0.05, 0.4999).side == "gain"
    assert auc_for_access(0.97, 0.05, 0.4999).side == "loss"


@quick
@given(pools, signals, st.floats(0.005, 0.6))
def test_share_of_bad_firms_for_an_access_is_the_one_that_gave_it(pool, auc, bearable):
    reach = access(pool, auc, bearable)
    assume(1e-3 < reach < 1 - 1e-3)
    assert bad_share_for_access(reach, auc, bearable).at == pytest.approx(pool, rel=1e-6)


def test_share_of_bad_firms_at_the_corners():
    assert bad_share_for_access(0.469, 0.5, 0.03).at == pytest.approx(0.03)
    assert bad_share_for_access(0.469, 1.0, 0.03).at == pytest.approx(0.531)
    assert bad_share_for_access(0.469, 0.7, 1.0) == BreakEven(None, "gain", 0, 1)
    assert bad_share_for_access(0.469, 0.65, UNSECURED, 0.03, 0.12) == BreakEven(None, "loss", 0.03, 0.12)
    assert bad_share_for_access(0.469, 0.65, UNSECURED, 0.001, 0.01) == BreakEven(None, "gain", 0.001, 0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: auc_for_access(0.4, POOL, 0.5), r"break_even_default = 0\.5: must lie in"),
        (lambda: auc_for_access(1.4, POOL, 0.1), r"access_share = 1\.4"),
        (lambda: bad_share_for_access(0.4, 0.7, 0.1, 0.5, 0.2), r"high = 0\.2"),
        (lambda: bad_share_for_access(0.4, 0.7, 0.1, 0.5, 1.2), r"high = 1\.2"),
        (lambda: bad_share_for_access(0.4, 0.2, 0.1), r"auc = 0\.2"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
