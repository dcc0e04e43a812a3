"""A screening lender: exact cases, corners, limits."""

from __future__ import annotations

from math import erfc, exp, pi, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from patient_capital.model.common.checks import DomainError
from patient_capital.model.credit.lending import break_even_default
from patient_capital.model.credit.screening import (
    Screening,
    access,
    cutoff_signal,
    non_performing_share,
    screen,
    signal_separation,
)

RATE, COST, POOL = 0.0403, 0.025, 0.06
UNSECURED = break_even_default(RATE, COST, 0.2)
SECURED = break_even_default(RATE, COST, 0.6)

quick = settings(deadline=None, max_examples=50)
pools = st.floats(0.005, 0.6)
bearables = st.floats(0.005, 0.6)
signals = st.floats(0.52, 0.98)


def density(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def above(x):
    return erfc(x / sqrt(2)) / 2


@quick
@given(pools, bearables)
def test_limits_of_the_signal(pool, bearable):
    near = screen(pool, 1 - 1e-13, bearable)
    assert near.access == pytest.approx(1 - pool, abs=1e-4)
    assert near.non_performing_share == pytest.approx(0, abs=1e-4)
    assume(abs(pool - bearable) > 1e-3)
    blind = screen(pool, 0.5 + 1e-7, bearable)
    assert blind.access == pytest.approx(1.0 if pool < bearable else 0.0, abs=1e-9)
    assert blind.non_performing_share == pytest.approx(min(pool, bearable), rel=1e-4)


@pytest.mark.parametrize("auc", [0.5, 0.7, 1.0])
def test_corners_where_the_signal_decides_nothing(auc):
    assert screen(POOL, auc, 1.0) == Screening(1.0, POOL, None, "high")
    assert screen(0.0, auc, SECURED) == Screening(1.0, 0.0, None, "high")
    assert screen(1.0, auc, SECURED) == Screening(0.0, None, None, "low")
    assert screen(1.0, auc, 1.0) == Screening(1.0, 1.0, None, "high")


def test_a_lender_that_bears_no_default_serves_none_but_the_surely_good():
    assert screen(POOL, 0.99, 0.0) == Screening(0.0, None, None, "low")
    assert screen(POOL, 1.0, 0.0) == Screening(1 - POOL, 0.0, None)


@quick
@given(signals)
def test_separation_gives_back_the_discrimination(auc):
    # A good firm outranks a bad one where N(d, 1) exceeds N(0, 1).
    distance = signal_separation(auc)
    outranked, _ = quad(lambda x: density(x) * above(x - distance), -12, 12)
    assert outranked == pytest.approx(auc, abs=1e-9)


@quick
@given(pools, signals, bearables)
def test_at_the_cutoff_default_is_just_bearable(pool, auc, bearable):
    cutoff, distance = cutoff_signal(pool, auc, bearable), signal_separation(auc)
    assume(abs(cutoff) < 20)
    bad, good = pool * density(cutoff), (1 - pool) * density(cutoff - distance)
    assert bad / (bad + good) == pytest.approx(bearable, rel=1e-9)


@quick
@given(pools, signals, bearables)
def test_access_and_defaults_are_integrals_over_the_signals_served(pool, auc, bearable):
    cutoff, distance = cutoff_signal(pool, auc, bearable), signal_separation(auc)
    assume(abs(cutoff) < 8)
    good, _ = quad(lambda x: density(x - distance), cutoff, cutoff + 25, points=[distance], epsabs=1e-13)
    bad, _ = quad(density, cutoff, cutoff + 25, points=[0], epsabs=1e-13)
    found = screen(pool, auc, bearable)
    assert found.access == pytest.approx((1 - pool) * good + pool * bad, abs=1e-9)
    assert found.non_performing_share * found.access == pytest.approx(pool * bad, abs=1e-9)


@quick
@given(pools, st.floats(0.5 + 1e-12, 1 - 1e-12), bearables)
def test_loans_are_safer_than_the_pool_and_than_can_be_borne(pool, auc, bearable):
    bad_loans = screen(pool, auc, bearable).non_performing_share
    assert bad_loans <= min(pool, bearable) * (1 + 1e-9)


@quick
@given(pools, signals, bearables, bearables)
def test_access_rises_with_the_default_that_can_be_borne(pool, auc, one, other):
    low, high = sorted((one, other))
    assert access(pool, auc, high) >= access(pool, auc, low)


@quick
@given(pools, pools, signals, bearables)
def test_access_falls_with_the_share_of_bad_firms(one, other, auc, bearable):
    low, high = sorted((one, other))
    assert access(high, auc, bearable) <= access(low, auc, bearable) + 1e-12


def test_defaults_fall_with_the_rate():
    # As the rate falls the lender serves fewer and safer firms.
    rates = np.array([0.0702, 0.0682, 0.0594, 0.0403])
    bearable = break_even_default(rates, COST, 0.2)
    assert (np.diff(non_performing_share(POOL, 0.65, bearable)) < 0).all()
    assert (np.diff(access(POOL, 0.65, bearable)) < 0).all()


def test_nearly_no_loans_still_have_a_default():
    found = screen(POOL, 0.5 + 1e-12, UNSECURED)
    assert found.access == 0
    assert found.corner == "none"
    assert found.non_performing_share == pytest.approx(UNSECURED)
    assert screen(POOL, 0.51, UNSECURED).non_performing_share < UNSECURED


@quick
@given(pools, signals, bearables)
def test_access_is_unchanged_where_good_and_bad_change_roles(pool, auc, bearable):
    # A lender that picks out bad firms refuses what one that picks out good firms serves.
    assert access(pool, auc, bearable) == pytest.approx(1 - access(1 - pool, auc, 1 - bearable), abs=1e-9)


def test_separation_is_the_textbook_one():
    assert signal_separation(0.5) == 0
    assert signal_separation(above(-1 / sqrt(2))) == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: screen(POOL, 0.45, SECURED), r"auc = 0\.45: discrimination lies between one half"),
        (lambda: screen(POOL, 1.1, SECURED), r"auc = 1\.1"),
        (lambda: screen(-0.1, 0.7, SECURED), r"bad_share = -0\.1: a share"),
        (lambda: screen(POOL, 0.7, 1.1), r"break_even_default = 1\.1: a share"),
        (lambda: access(POOL, [0.7, 0.3], SECURED), r"auc = 0\.3"),
        (lambda: signal_separation(1), r"auc = 1\.0: .*perfect signal has no finite distance"),
        (lambda: signal_separation(0.49), r"auc = 0\.49"),
        (lambda: cutoff_signal(POOL, 0.5, SECURED), r"auc = 0\.5: a cut-off needs a signal"),
        (lambda: cutoff_signal(0, 0.7, SECURED), r"bad_share = 0.*above 0 and below 1"),
        (lambda: cutoff_signal(POOL, 0.7, 1), "break_even_default = 1"),
        (lambda: non_performing_share(POOL, [0.7, 0.5], SECURED), r"break_even_default = 0\.03.*no firm is served"),
        (lambda: Screening(1.2, None, None), r"access = 1\.2"),
        (lambda: Screening(0.2, 1.5, None), r"non_performing_share = 1\.5"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
