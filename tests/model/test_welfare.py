"""Home welfare of entry and the return on a yuan of subsidy: exact cases, optima, break-evens, limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from patient_capital.model.common.checks import DomainError
from patient_capital.model.overcapacity.cournot import firm_output, firm_profit, free_entry_firms, implied_entry_subsidy
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.subsidy_return import return_per_subsidy
from patient_capital.model.overcapacity.welfare import (
    break_even_home_share,
    consumer_surplus,
    home_share_break_even,
    home_welfare,
    producer_surplus,
    relative_welfare,
)

quick = settings(deadline=None, max_examples=40)
A, B, F = 1.0, 1.0, 0.0025
MARKET = {"market_size": A, "slope": B, "entry_cost": F}
relative = st.floats(1e-4, 0.9)
shares = st.floats(0, 1)
firms = st.floats(0, 200)
sizes = st.floats(0.1, 50)
slopes = st.floats(0.05, 10)


@pytest.mark.parametrize(
    ("weight", "regions", "expected"), [(0, 1, 0.78), (0, 2, 1.00), (0, 31, 0.95), (0.05, 1, 0.80), (0.05, 31, 0.89)]
)
def test_one_region_and_many_against_the_optimum_when_all_consumers_are_at_home(weight, regions, expected):
    number = symmetric_entry(A, B, F, weight, regions)
    assert relative_welfare(number, 1, A, B, F) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("weight", "expected"), [(0, 0.75), (0.05, 0.87), (0.08, 0.96)])
def test_home_share_above_which_many_regions_are_better_than_one(weight, expected):
    switch = break_even_home_share(weight, **MARKET)
    assert switch.side == "crosses"
    assert switch.at == pytest.approx(expected, abs=0.006)


def test_with_a_large_weight_one_region_is_better_at_every_home_share():
    switch = break_even_home_share(0.12, **MARKET)
    assert (switch.at, switch.side, switch.low, switch.high) == (None, "loss", 0, 1)
    one, many = (symmetric_entry(A, B, F, 0.12, r) for r in (1, 31))
    grid = np.linspace(0, 1, 11)
    assert (home_welfare(one, grid, A, B, F) > home_welfare(many, grid, A, B, F)).all()


@quick
@given(sizes, slopes, firms)
def test_consumer_surplus_is_the_area_under_demand_above_the_price(size, slope, number):
    output = number * firm_output(number, size, slope)
    area, _ = quad(lambda q: slope * (output - q), 0, output)
    assert consumer_surplus(number, size, slope) == pytest.approx(area, rel=1e-9, abs=1e-12)


@quick
@given(sizes, slopes, relative, firms, shares)
def test_home_welfare_is_profit_less_entry_cost_and_the_home_part_of_consumer_gain(size, slope, cost, number, home):
    entry = cost * size**2 / slope
    expected = number * (firm_profit(number, size, slope) - entry) + home * consumer_surplus(number, size, slope)
    assert home_welfare(number, home, size, slope, entry) == pytest.approx(expected)


@quick
@given(relative, firms, shares)
def test_nothing_beats_the_optimum_with_all_consumers_at_home(cost, number, home):
    assert relative_welfare(number, home, A, B, cost) <= 1 + 1e-12


@quick
@given(relative)
def test_two_regions_without_weight_reach_the_optimum(cost):
    assert relative_welfare(symmetric_entry(A, B, cost, 0, 2), 1, A, B, cost) == pytest.approx(1)


@quick
@given(st.floats(5e-4, 0.05), st.floats(0, 0.2), st.integers(1, 5), st.integers(6, 60), sizes, slopes)
def test_at_the_break_even_both_are_equally_good_and_many_are_better_above(cost, weight, few, many, size, slope):
    entry, local = cost * size**2 / slope, weight * size
    switch = break_even_home_share(local, market_size=size, slope=slope, entry_cost=entry, few=few, many=many)
    ends = {"crosses": (-1, 1), "gain": (1, 1), "loss": (-1, -1)}[switch.side]
    one, other = (symmetric_entry(size, slope, entry, local, r) for r in (few, many))

    def gain(home):
        return home_welfare(other, home, size, slope, entry) - home_welfare(one, home, size, slope, entry)

    assert (np.sign(gain(0.0)), np.sign(gain(1.0))) == ends
    if switch.at is not None:
        assert gain(switch.at) == pytest.approx(0, abs=1e-9 * size**2 / slope)
        assert 0 < switch.at < 1


@quick
@given(st.floats(0, 0.2), st.floats(0.1, 10))
def test_break_even_does_not_depend_on_units(weight, scale):
    one = break_even_home_share(weight, **MARKET)
    other = break_even_home_share(weight * scale, market_size=scale, slope=B, entry_cost=F * scale**2)
    assert other.side == one.side
    assert (other.at or 0) == pytest.approx(one.at or 0)


@pytest.mark.parametrize(
    ("gaps", "side", "at"),
    [((-1, 4), "crosses", 0.25), ((1, -4), "crosses", 0.25), ((-1, 0.5), "loss", None), ((1, 2), "gain", None)],
)
def test_switch_of_two_lines(gaps, side, at):
    switch = home_share_break_even(*gaps)
    assert (switch.side, switch.at) == (side, at)


@quick
@given(st.floats(0.01, 0.99), shares, relative)
def test_without_learning_only_consumers_bring_anything_back(paid, home, cost):
    kept, root = np.sqrt(1 - paid), np.sqrt(cost)
    expected = home * kept * (2 - root - root * kept) / (2 * (1 + kept) * (1 - root * kept))
    assert return_per_subsidy(paid, home, A, B, cost) == pytest.approx(expected, abs=1e-9)
    assert return_per_subsidy(paid, 0, A, B, cost) == pytest.approx(0, abs=1e-9)
    assert expected <= home / 2 + 1e-12


@quick
@given(st.floats(0.01, 0.99), shares, relative)
def test_a_subsidy_raises_home_welfare_by_its_return_less_one(paid, home, cost):
    before, after = free_entry_firms(A, B, cost), free_entry_firms(A, B, cost, paid)
    change = home_welfare(after, home, A, B, cost) - home_welfare(before, home, A, B, cost)
    outlay = paid * after * cost
    assert (return_per_subsidy(paid, home, A, B, cost) - 1) * outlay == pytest.approx(change, abs=1e-10)


def test_owners_profits_are_used_up_by_entry():
    before, after = free_entry_firms(A, B, F), free_entry_firms(A, B, F, 0.6)
    received = 0.6 * after * F
    assert producer_surplus(before, A, B, F) == pytest.approx(0, abs=1e-12)
    assert producer_surplus(after, A, B, F) + received == pytest.approx(0, abs=1e-12)


def test_firms_of_the_regional_game_have_the_return_of_their_implied_subsidy():
    number = symmetric_entry(A, B, F, 0.05, 31)
    paid = implied_entry_subsidy(number, A, B, F)
    assert free_entry_firms(A, B, F, paid) == pytest.approx(number)
    gain = consumer_surplus(number, A, B) - consumer_surplus(free_entry_firms(A, B, F), A, B)
    assert return_per_subsidy(paid, 0.5, A, B, F) == pytest.approx(0.5 * gain / (paid * number * F))


def test_learning_adds_its_gain_over_the_outlay():
    outlay = 0.75 * 39 * F
    plain, more = (return_per_subsidy(0.75, 0.5, A, B, F, gain) for gain in (0, 0.01))
    assert more - plain == pytest.approx(0.01 / outlay)


@pytest.mark.parametrize(
    ("function", "wrong", "message"),
    [
        (home_welfare, (-1, 0.5, A, B, F), "firms = -1"),
        (home_welfare, (1, 1.5, A, B, F), "home_share = 1.5"),
        (home_welfare, (1, 0.5, A, B, 0), "entry_cost = 0"),
        (consumer_surplus, (1, 0, B), "market_size = 0"),
        (relative_welfare, (1, 1, A, B, 2), "entry_cost = 2.0: keeps every firm out"),
        (home_share_break_even, (0, 0), "consumer_gap = 0: .* the policies are the same"),
        (return_per_subsidy, (0, 0.5, A, B, F), "subsidy_share = 0.0: must be positive"),
        (return_per_subsidy, (1, 0.5, A, B, F), "subsidy_share = 1.0: must lie below 1"),
        (return_per_subsidy, (0.5, 2, A, B, F), "home_share = 2"),
        (return_per_subsidy, (0.5, 0.5, A, B, 1), "entry_cost = 1.0: keeps every firm out"),
        (return_per_subsidy, (0.5, 0.5, A, B, F, float("inf")), "learning_gain = inf"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(function, wrong, message):
    with pytest.raises(DomainError, match=message):
        function(*wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"few": 0}, "few = 0"), ({"few": 3, "many": 3}, "many = 3: must be a whole number of at least 4")],
)
def test_few_regions_must_be_fewer_than_many(wrong, message):
    with pytest.raises(DomainError, match=message):
        break_even_home_share(0.05, **MARKET, **wrong)
