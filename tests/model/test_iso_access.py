"""How far a better signal stands in for collateral: gains, curves of equal access, and their limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.credit.iso_access import (
    IsoAccess,
    access_gain_from_recovery,
    access_gain_from_signal,
    auc_worth_recovery,
    iso_access_curve,
)
from patient_capital.model.credit.lending import break_even_default
from patient_capital.model.credit.screening import access

RATE, COST, POOL = 0.0403, 0.025, 0.06
UNSECURED = break_even_default(RATE, COST, 0.2)

quick = settings(deadline=None, max_examples=50)
pools = st.floats(0.005, 0.6)
signals = st.floats(0.52, 0.98)


@quick
@given(pools, signals, signals, st.floats(0.005, 0.5))
def test_a_better_signal_opens_credit_to_a_pool_worse_than_can_be_borne(pool, one, other, bearable):
    assume(pool > bearable)
    low, high = sorted((one, other))
    assert access(pool, low, bearable) <= access(pool, high, bearable) + 1e-12
    assert access_gain_from_signal(pool, low, high, bearable) >= -1e-12


def test_a_better_signal_can_close_credit_to_a_pool_that_can_be_borne():
    assert access_gain_from_signal(0.02, 0.5, 0.7, 0.035) < 0
    assert access_gain_from_signal(0.02, 0.9, 0.95, 0.035) > 0


def test_gains_broadcast():
    assert access_gain_from_recovery(POOL, [0.6, 0.7], RATE, COST, 0.2, 0.6).shape == (2,)
    assert type(access_gain_from_signal(POOL, 0.6, 0.7, UNSECURED)) is float


def test_along_an_iso_access_curve_access_stays_and_recovery_falls_with_the_signal():
    curve = iso_access_curve(0.469, POOL, RATE, COST, [0.9, 0.5, 0.6, 0.7, 0.8, 0.85, 1.0])
    assert curve.auc.tolist() == [0.5, 0.6, 0.7, 0.8, 0.85]
    assert (np.diff(curve.recovery) < 0).all()
    reached = access(POOL, curve.auc[1:], break_even_default(RATE, COST, curve.recovery[1:]))
    assert reached == pytest.approx(0.469, abs=1e-9)
    assert iso_access_curve(0.469, POOL, COST, COST, [0.6, 0.7]).auc.shape == (0,)


def test_a_better_signal_can_stand_in_for_collateral():
    gain = access_gain_from_recovery(POOL, 0.65, RATE, COST, 0.2, 0.6)
    assert gain == pytest.approx(0.19, abs=0.005)
    assert access(POOL, 0.65, UNSECURED) == pytest.approx(0.022, abs=0.0005)
    worth = auc_worth_recovery(POOL, 0.65, RATE, COST, 0.2, 0.6)
    assert worth.at == pytest.approx(0.76, abs=0.005)
    assert access_gain_from_signal(POOL, 0.65, worth.at, UNSECURED) == pytest.approx(gain, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: iso_access_curve(0.4, POOL, RATE, COST, [0.6, 1.6]), r"auc = 1\.6"),
        (lambda: access_gain_from_signal(POOL, 0.6, 1.6, 0.1), r"auc = 1\.6"),
        (lambda: access_gain_from_recovery(POOL, 0.6, RATE, COST, 0.2, -0.6), r"recovery = -0\.6"),
        (lambda: auc_worth_recovery(POOL, 0.65, RATE, COST, 0.2, 1.2), r"access_share = 1\.0"),
        (lambda: IsoAccess(0.4, np.array([0.6]), np.array([0.6, 0.7])), "recovery = .*must be as many"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
