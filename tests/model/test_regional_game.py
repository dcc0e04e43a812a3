"""The regional game: exact cases, equilibrium against deviations, symmetry, corners and limits."""

from __future__ import annotations

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
from patient_capital.model.overcapacity.regional_game import regional_payoff, symmetric_entry

quick = settings(deadline=None, max_examples=40)
A, B, F = 1.0, 1.0, 0.0025
relative = st.floats(1e-4, 0.9)
weights = st.floats(0, 3)
regions = st.integers(1, 60)


def gap(number, weight, count, cost=F, size=A, slope=B):
    per_firm = size**2 / (slope * (number + 1) ** 2) * (1 - 2 * number / (count * (number + 1)))
    return per_firm + weight * size / (slope * (number + 1)) * (1 - number / (count * (number + 1))) - cost


@quick
@given(relative, weights, regions)
def test_first_order_condition_holds(cost, weight, count):
    number = symmetric_entry(A, B, cost, weight, count)
    assert gap(number, weight, count, cost) == pytest.approx(0, abs=1e-12)


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
@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0.0005, 2)), min_size=1, max_size=8))
def test_there_is_just_one_equilibrium(pairs):
    weights, costs = (np.array(v)[:, None] for v in zip(*pairs, strict=True))
    sizes = np.geomspace(1 + 1e-9, 1e5, 20001)
    answers = sizes * np.maximum(1 + weights * sizes - costs * sizes**2, 0) / (2 + weights * sizes)
    signs = np.sign(answers.sum(axis=0) - (sizes - 1))
    assert (np.diff(signs) != 0).sum() <= 1


@pytest.mark.parametrize(
    ("function", "wrong", "message"),
    [
        (symmetric_entry, (A, B, F, -0.1, 31), "output_weight = -0.1"),
        (symmetric_entry, (A, B, F, 0.1, 0), "regions = 0.0: must be a whole number"),
        (symmetric_entry, (A, B, F, 0.1, [2, 2.5]), "regions = 2.5"),
        (symmetric_entry, (A, B, 1.2, 0.1, 31), "entry_cost = 1.2: keeps every firm out"),
        (symmetric_entry, (0, B, F, 0.1, 31), "market_size = 0"),
        (regional_payoff, (-1, 2, A, B, F, 0), "firms = -1"),
        (regional_payoff, (1, -2, A, B, F, 0), "others = -2"),
        (regional_payoff, (1, 2, A, B, 0, 0), "entry_cost = 0"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(function, wrong, message):
    with pytest.raises(DomainError, match=message):
        function(*wrong)
