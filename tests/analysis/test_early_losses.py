"""The exact upper bound of large losses, against enumeration and the binomial law."""

from __future__ import annotations

from itertools import product
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.analysis.early_losses import chance_of_loss_beyond, portfolio_floor

SHARES, FLOORS = (0.6, 0.3, 0.1), (0, 1, 5)


def by_enumeration(ceiling: float, deals: int) -> float:
    chance = 0.0
    for outcome in product(range(3), repeat=deals):
        if sum(FLOORS[i] for i in outcome) < (1 - ceiling) * deals - 1e-9:
            chance += prod(SHARES[i] for i in outcome)
    return chance


@pytest.mark.parametrize("deals", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("ceiling", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_chance_equals_enumeration_of_all_outcomes(ceiling, deals):
    assert chance_of_loss_beyond(ceiling, SHARES, FLOORS, deals) == pytest.approx(
        by_enumeration(ceiling, deals), abs=1e-12
    )


def test_two_outcomes_follow_the_binomial_law():
    # Thirty deals that return nothing or once the money: a loss beyond 80 percent means fewer than 6 successes.
    expected = sum(comb(30, k) * 0.35**k * 0.65 ** (30 - k) for k in range(6))
    assert chance_of_loss_beyond(0.8, (0.65, 0.35), (0, 1), 30) == pytest.approx(expected, rel=1e-12)


def test_one_deal_loses_beyond_half_with_the_share_of_losers():
    assert chance_of_loss_beyond(0.5, SHARES, FLOORS, 1) == pytest.approx(0.6)


@given(
    st.lists(st.floats(0.01, 1), min_size=2, max_size=5),
    st.integers(1, 25),
    st.floats(0, 1),
)
def test_distribution_adds_to_one_and_the_chance_falls_with_the_ceiling(weights, deals, ceiling):
    total = sum(weights)
    shares = [w / total for w in weights]
    floors = list(range(len(shares)))
    sums = portfolio_floor(shares, floors, deals)
    assert sums.size == deals * max(floors) + 1
    assert sums.sum() == pytest.approx(1)
    low, high = (chance_of_loss_beyond(c, shares, floors, deals) for c in (ceiling, min(1, ceiling + 0.1)))
    assert 0 <= high <= low + 1e-12 <= 1 + 1e-9


@pytest.mark.parametrize(
    ("shares", "floors", "deals", "message"),
    [
        ((0.5, 0.4), (0, 1), 3, "add to 1"),
        ((1.5, -0.5), (0, 1), 3, "not be negative"),
        ((0.5, 0.5), (0, 1), 0, "at least one deal"),
    ],
)
def test_impossible_inputs_are_named(shares, floors, deals, message):
    with pytest.raises(ValueError, match=message):
        portfolio_floor(shares, floors, deals)


def test_ceiling_outside_nought_to_one_is_named():
    with pytest.raises(ValueError, match=r"ceiling = 1\.2"):
        chance_of_loss_beyond(1.2, SHARES, FLOORS, 3)
