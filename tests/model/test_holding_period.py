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
    growth_from_share_left,
    share_left,
)
from patient_capital.model.fund.winner_calibration import mean_holding_years


def proceeds_weighted_holding_years(growth, start, index, cap):
    """Years at a growth: the inverse, since growth times years is a number of the distribution alone."""
    return growth_from_proceeds_weighted_years(1.0, start, index, cap) / growth


@given(st.floats(0.05, 0.6), st.floats(1, 4), st.floats(0.5, 3), st.floats(10, 500))
def test_it_is_the_ratio_of_two_integrals(growth, start, index, cap):
    money, _ = quad(lambda u: np.exp(u) * np.exp(-index * (u - np.log(start))), np.log(start), np.log(cap))
    weighted, _ = quad(lambda u: u * np.exp(u) * np.exp(-index * (u - np.log(start))), np.log(start), np.log(cap))
    found = proceeds_weighted_holding_years(growth, start, index, cap)
    assert found == pytest.approx(weighted / money / growth, rel=1e-6)


@given(st.floats(0.05, 0.6), st.floats(1, 4), st.floats(0.6, 3), st.floats(10, 500))
def test_money_waits_longer_than_exits_do(growth, start, index, cap):
    assert proceeds_weighted_holding_years(growth, start, index, cap) > mean_holding_years(growth, start, index, cap)


def test_limit_at_an_index_of_one():
    at, beside = (proceeds_weighted_holding_years(0.2, 1.5, a, 300) for a in (1.0, 1.0 + 1e-5))
    assert at == pytest.approx((np.log(1.5) + np.log(300 / 1.5) / 2) / 0.2)
    assert beside == pytest.approx(at, rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1.5, 1.3, 300), "years = 0"),
        ((0.2, 0.9, 1.3, 300), r"start = 0\.9"),
        ((0.2, 1.5, 1.3, 1.2), r"cap = 1\.2"),
        ((0.2, 1.5, 1.3, np.inf), "cap = inf"),
    ],
)
def test_outside_the_domain_the_parameter_is_named(arguments, message):
    with pytest.raises(DomainError, match=message):
        growth_from_proceeds_weighted_years(*arguments)


# --- Deals left by a day ---------------------------------------------------------------------------------

LEFT = {"start": 1.8, "tail_index": 1.3, "cap": 40.0, "winner_share": 0.4, "youngest": 5.0, "oldest": 11.0}


@pytest.mark.parametrize("growth", [0.05, 0.12, 0.36, 0.9])
def test_share_left_is_the_mean_over_ages_of_drawn_winners(growth):
    rng = np.random.default_rng(3)
    ranks = rng.random(400_000) * -np.expm1(-LEFT["tail_index"] * np.log(LEFT["cap"] / LEFT["start"]))
    multiples = LEFT["start"] * (1 - ranks) ** (-1 / LEFT["tail_index"])
    ages = rng.uniform(LEFT["youngest"], LEFT["oldest"], ranks.size)
    left = LEFT["winner_share"] * (np.log(multiples) / growth <= ages).mean()
    assert share_left(growth, **LEFT) == pytest.approx(left, abs=0.002)


def test_share_left_runs_from_none_to_all_winners_and_rises_with_growth():
    shares = np.asarray(share_left(np.geomspace(1e-3, 40, 60), **LEFT))
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(LEFT["winner_share"])
    assert (np.diff(shares) >= 0).all()


@given(growth=st.floats(0.06, 0.8), winner_share=st.floats(0.05, 1.0), cap=st.floats(5, 1e6))
def test_growth_of_a_share_left_gives_the_share_back(growth, winner_share, cap):
    deals = {**LEFT, "winner_share": winner_share, "cap": cap}
    left = share_left(growth, **deals)
    if 0 < left < 0.999 * winner_share:
        assert share_left(growth_from_share_left(left, **deals), **deals) == pytest.approx(left, rel=1e-9)


def test_more_than_all_winners_is_refused():
    with pytest.raises(DomainError, match="left_share"):
        growth_from_share_left(0.41, **LEFT)
