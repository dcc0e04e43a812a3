"""Time to exit weighted by money: quadrature, limits, inverses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund.holding_period import (
    growth_from_proceeds_weighted_years,
    proceeds_weighted_holding_years,
)
from patient_capital.model.fund.winner_calibration import mean_holding_years


@given(st.floats(0.05, 0.6), st.floats(1, 4), st.floats(0.5, 3), st.floats(10, 500))
def test_it_is_the_ratio_of_two_integrals(growth, start, index, cap):
    money, _ = quad(lambda u: np.exp(u) * np.exp(-index * (u - np.log(start))), np.log(start), np.log(cap))
    weighted, _ = quad(lambda u: u * np.exp(u) * np.exp(-index * (u - np.log(start))), np.log(start), np.log(cap))
    found = proceeds_weighted_holding_years(growth, start, index, cap)
    assert found == pytest.approx(weighted / money / growth, rel=1e-6)


@given(st.floats(0.05, 0.6), st.floats(1, 4), st.floats(0.6, 3), st.floats(10, 500))
def test_money_waits_longer_than_exits_do(growth, start, index, cap):
    assert proceeds_weighted_holding_years(growth, start, index, cap) > mean_holding_years(growth, start, index, cap)


@given(st.floats(1, 20), st.floats(1, 4), st.floats(0.6, 3), st.floats(10, 500))
def test_growth_is_the_inverse(years, start, index, cap):
    growth = growth_from_proceeds_weighted_years(years, start, index, cap)
    assert proceeds_weighted_holding_years(growth, start, index, cap) == pytest.approx(years, rel=1e-9)


def test_limit_at_an_index_of_one():
    at, beside = (proceeds_weighted_holding_years(0.2, 1.5, a, 300) for a in (1.0, 1.0 + 1e-5))
    assert at == pytest.approx((np.log(1.5) + np.log(300 / 1.5) / 2) / 0.2)
    assert beside == pytest.approx(at, rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1.5, 1.3, 300), "growth = 0"),
        ((0.2, 0.9, 1.3, 300), r"start = 0\.9"),
        ((0.2, 1.5, 1.3, 1.2), r"cap = 1\.2"),
        ((0.2, 1.5, 1.3, np.inf), "cap = inf"),
        ((0.2, 1.5, float("nan"), 300), "tail_index = nan"),
    ],
)
def test_outside_the_domain_the_parameter_is_named(arguments, message):
    with pytest.raises(DomainError, match=message):
        proceeds_weighted_holding_years(*arguments)
