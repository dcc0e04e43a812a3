"""The regional game: exact cases, equilibrium against deviations, symmetry, corners and limits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.overcapacity.cournot import (
    cartel_firms,
    firm_output,
    firm_profit,
    free_entry_firms,
    optimal_firms,
)
from patient_capital.model.overcapacity.regional_game import (
    RegionalEntry,
    regional_entry,
    regional_payoff,
    symmetric_entry,
)

quick = settings(deadline=None, max_examples=40)
A, B, F = 1.0, 1.0, 0.0025
relative = st.floats(1e-4, 0.9)
weights = st.floats(0, 3)
regions = st.integers(1, 60)
weight_vectors = st.lists(st.floats(0, 0.5), min_size=1, max_size=12)


def gap(number, weight, count, cost=F, size=A, slope=B):
    per_firm = size**2 / (slope * (number + 1) ** 2) * (1 - 2 * number / (count * (number + 1)))
    return per_firm + weight * size / (slope * (number + 1)) * (1 - number / (count * (number + 1))) - cost


def test_symmetric_entry_of_the_exact_cases():
    assert symmetric_entry(A, B, F, 0.05, 31) == pytest.approx(30.341089, abs=1e-6)
    assert symmetric_entry(A, B, F, 0, np.inf) == pytest.approx(19, rel=1e-12)
    assert symmetric_entry(A, B, F, 0, 10**9) == pytest.approx(19, abs=1e-6)
    assert symmetric_entry(A, B, F, 0, 1) == pytest.approx(0.981, abs=5e-4)


@quick
@given(relative, weights, regions)
def test_first_order_condition_holds(cost, weight, count):
    number = symmetric_entry(A, B, cost, weight, count)
    assert gap(number, weight, count, cost) == pytest.approx(0, abs=1e-12)


@quick
@given(relative, weights, regions)
def test_general_game_of_equal_regions_is_the_symmetric_one(cost, weight, count):
    entry = regional_entry(A, B, cost, [weight] * count)
    assert entry.total == pytest.approx(symmetric_entry(A, B, cost, weight, count), rel=1e-9)
    assert not entry.no_entry.any()
    assert np.ptp(entry.firms) == 0


@quick
@given(relative)
def test_one_region_without_weight_is_the_cartel_and_two_are_the_optimum(cost):
    assert symmetric_entry(A, B, cost, 0, 1) == pytest.approx(cartel_firms(A, B, cost), rel=1e-8)
    assert symmetric_entry(A, B, cost, 0, 2) == pytest.approx(optimal_firms(A, B, cost), rel=1e-8)
    assert symmetric_entry(A, B, cost, 0, np.inf) == pytest.approx(free_entry_firms(A, B, cost), rel=1e-8)


@quick
@given(relative, weights, regions, regions)
def test_more_regions_found_more_firms(cost, weight, one, other):
    low, high = sorted((one, other))
    assert symmetric_entry(A, B, cost, weight, low) <= symmetric_entry(A, B, cost, weight, high) * (1 + 1e-12)


@quick
@given(relative, st.floats(0.001, 3))
def test_weight_on_output_pushes_endless_regions_past_free_entry(cost, weight):
    number = symmetric_entry(A, B, cost, weight, np.inf)
    assert number > free_entry_firms(A, B, cost)
    assert firm_profit(number, A, B) + weight * firm_output(number, A, B) == pytest.approx(cost)


@quick
@given(weight_vectors, st.floats(0.0005, 0.1))
def test_no_region_gains_by_another_number_of_firms(weights, cost):
    entry = regional_entry(A, B, cost, weights)
    grid = np.concatenate([np.linspace(0, 3 * entry.total + 5, 2001), entry.firms.max() + np.linspace(-0.1, 0.1, 21)])
    grid = grid[grid >= 0]
    for number, weight in zip(entry.firms, weights, strict=True):
        others = max(entry.total - number, 0)
        best = regional_payoff(grid, others, A, B, cost, weight).max()
        assert best <= regional_payoff(number, others, A, B, cost, weight) + 1e-12


@quick
@given(weight_vectors, st.floats(0.0005, 0.1))
def test_derivatives_of_the_payoff_are_those_of_finite_differences(weights, cost):
    size, slope = 2.0, 0.5
    entry = regional_entry(size, slope, cost, weights)
    for number, weight, first, second in zip(entry.firms, weights, entry.marginal_payoff, entry.curvature, strict=True):
        step = 1e-3
        others = max(entry.total - number, 0) if number else entry.total
        payoff = regional_payoff(
            np.array([number, number + step, number + 2 * step]), others, size, slope, cost, weight
        )
        assert (4 * payoff[1] - 3 * payoff[0] - payoff[2]) / (2 * step) == pytest.approx(first, abs=3e-4)
        assert (payoff[2] - 2 * payoff[1] + payoff[0]) / step**2 == pytest.approx(second, rel=2e-2, abs=1e-5)


@quick
@given(weight_vectors, st.floats(0.0005, 0.1))
def test_a_region_founds_firms_where_its_payoff_is_level_and_bends_down(weights, cost):
    entry = regional_entry(A, B, cost, weights)
    active = ~entry.no_entry
    assert active.any()
    assert entry.marginal_payoff[active] == pytest.approx(0, abs=1e-12)
    assert (entry.curvature[active] < 0).all()
    assert (entry.marginal_payoff[~active] <= 0).all()
    assert entry.firms.sum() == pytest.approx(entry.total)


@quick
@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0.0005, 2)), min_size=1, max_size=8))
def test_there_is_just_one_equilibrium(pairs):
    weights, costs = (np.array(v)[:, None] for v in zip(*pairs, strict=True))
    sizes = np.geomspace(1 + 1e-9, 1e5, 20001)
    answers = sizes * np.maximum(1 + weights * sizes - costs * sizes**2, 0) / (2 + weights * sizes)
    signs = np.sign(answers.sum(axis=0) - (sizes - 1))
    assert (np.diff(signs) != 0).sum() <= 1


@quick
@given(st.permutations(range(5)), st.lists(st.floats(0, 0.3), min_size=5, max_size=5))
def test_permuting_the_regions_permutes_their_firms_and_changes_nothing_else(order, weights):
    costs = np.array([0.002, 0.0025, 0.003, 0.004, 0.005])
    one = regional_entry(A, B, costs, weights)
    other = regional_entry(A, B, costs[order], np.array(weights)[order])
    assert other.total == one.total
    for field in ("firms", "no_entry", "marginal_payoff", "curvature"):
        assert np.array_equal(getattr(other, field), getattr(one, field)[order])


@quick
@given(weight_vectors, st.floats(0, 0.5), st.integers(0, 11))
def test_a_higher_weight_in_one_region_never_lowers_the_total(weights, more, where):
    where %= len(weights)
    raised = [w + more * (i == where) for i, w in enumerate(weights)]
    one, other = (regional_entry(A, B, F, w).total for w in (weights, raised))
    assert other >= one * (1 - 1e-12)


@quick
@given(weight_vectors, st.floats(0.2, 5))
def test_units_of_money_and_output_do_not_matter(weights, scale):
    one = regional_entry(A, B, F, weights)
    money = regional_entry(A * scale, B * scale, F * scale, np.array(weights) * scale)
    output = regional_entry(A, B * scale, F / scale, weights)
    price = regional_entry(A * scale, B, F * scale**2, np.array(weights) * scale)
    for other in (money, output, price):
        assert other.firms == pytest.approx(one.firms, rel=1e-7, abs=1e-9)


def test_a_region_that_values_output_less_is_driven_out_and_flagged():
    entry = regional_entry(A, B, F, [0.0] * 15 + [0.05] * 8 + [0.1] * 8)
    assert entry.no_entry.tolist() == [True] * 23 + [False] * 8
    alone = symmetric_entry(A, B, F, 0.1, 8)
    assert entry.total == pytest.approx(alone)
    assert regional_entry(A, B, F, [0.1] * 8).total == pytest.approx(alone)


def test_where_no_region_founds_a_firm_all_are_flagged():
    entry = regional_entry(A, B, [1.5, 2.0], 0.2)
    assert entry.no_entry.all()
    assert entry.total == 0
    assert (entry.marginal_payoff < 0).all()


def test_regions_may_differ_in_cost_alone():
    entry = regional_entry(A, B, [0.002, 0.0025, 0.003], 0.05)
    assert (np.diff(entry.firms) < 0).all()


def test_floats_give_floats_and_arrays_broadcast():
    assert type(symmetric_entry(A, B, F, 0.05, 31)) is float
    both = symmetric_entry(A, B, [[F], [0.01]], 0.05, [1, 31])
    assert both.shape == (2, 2)
    for (i, cost), (j, count) in itertools.product(enumerate((F, 0.01)), enumerate((1, 31))):
        assert both[i, j] == pytest.approx(symmetric_entry(A, B, cost, 0.05, count), rel=1e-12)
    assert type(regional_payoff(1, 2, A, B, F, 0.05)) is float


def test_a_record_cannot_be_changed():
    entry = regional_entry(A, B, F, [0.1, 0.1])
    with pytest.raises(ValueError, match="read-only"):
        entry.firms[0] = 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"firms": [-1.0, 2.0]}, "firms = -1"),
        ({"no_entry": [True, False]}, "must mark just the regions"),
        ({"curvature": [0.0, -1.0]}, "must be negative"),
        ({"firms": [0.0, 2.0], "no_entry": [True, False], "marginal_payoff": [0.1, 0.0]}, "must not be positive"),
        ({"total": 4.0}, "total = 4.0: must be the sum"),
    ],
)
def test_a_record_that_is_no_equilibrium_is_refused(change, message):
    fields = {"firms": [1.0, 2.0], "no_entry": [False, False], "marginal_payoff": [0.0, 0.0], "curvature": [-1.0, -1.0]}
    total = change.pop("total", 3.0)
    with pytest.raises(DomainError, match=message):
        RegionalEntry(**{k: np.array(v) for k, v in (fields | change).items()}, total=total)


@pytest.mark.parametrize(
    ("function", "wrong", "message"),
    [
        (symmetric_entry, (A, B, F, -0.1, 31), "output_weight = -0.1"),
        (symmetric_entry, (A, B, F, 0.1, 0), "regions = 0.0: must be a whole number"),
        (symmetric_entry, (A, B, F, 0.1, [2, 2.5]), "regions = 2.5"),
        (symmetric_entry, (A, B, F, 0.1, float("nan")), "regions = nan"),
        (symmetric_entry, (A, B, 1.2, 0.1, 31), "entry_cost = 1.2: keeps every firm out"),
        (symmetric_entry, (0, B, F, 0.1, 31), "market_size = 0"),
        (regional_entry, (A, B, F, [0.1, -0.2]), "output_weight = -0.2"),
        (regional_entry, (A, B, [F, 0], 0.1), "entry_cost = 0"),
        (regional_entry, (A, B, F, 0.1), "one number for each region"),
        (regional_entry, (A, B, F, []), "one number for each region"),
        (regional_entry, (A, B, F, [[0.1]]), "one number for each region"),
        (regional_payoff, (-1, 2, A, B, F, 0), "firms = -1"),
        (regional_payoff, (1, -2, A, B, F, 0), "others = -2"),
        (regional_payoff, (1, 2, A, B, 0, 0), "entry_cost = 0"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(function, wrong, message):
    with pytest.raises(DomainError, match=message):
        function(*wrong)
