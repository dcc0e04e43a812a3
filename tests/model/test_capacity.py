"""Overcapacity: exact cases, the identity of entry and utilisation, inverses and limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.overcapacity.capacity import (
    entry_rise,
    subsidy_for_utilisation,
    utilisation,
    utilisation_of_entry_rise,
    utilisation_under_subsidy,
)
from patient_capital.model.overcapacity.cournot import firm_output, free_entry_firms
from patient_capital.model.overcapacity.regional_game import symmetric_entry

quick = settings(deadline=None, max_examples=40)
planned = st.floats(0.5, 200)
firms = st.floats(0.5, 500)


@pytest.mark.parametrize(("use", "expected"), [(0.50, 0.59), (0.55, 0.50)])
def test_subsidy_relative_to_normal_use(use, expected):
    assert subsidy_for_utilisation(use, 0.78) == pytest.approx(expected, abs=0.005)


def test_shipbuilding_entry_is_consistent_with_this_utilisation():
    assert utilisation_of_entry_rise(1.2, 19) == pytest.approx(0.47, abs=0.005)


def test_half_empty_plants_always_go_with_the_same_rise_in_entry():
    assert entry_rise(0.5, 19) == pytest.approx(1.0526, abs=1e-4)


@quick
@given(planned, firms)
def test_utilisation_is_the_ratio_of_outputs(plan, number):
    ratio = firm_output(number, 3, 2) / firm_output(plan, 3, 2)
    assert utilisation(plan, number) == pytest.approx(ratio)


@quick
@given(st.floats(0.001, 0.9), st.floats(0, 0.99))
def test_under_free_entry_only_the_subsidy_sets_utilisation(cost, paid):
    used = utilisation(free_entry_firms(1, 1, cost), free_entry_firms(1, 1, cost, paid))
    assert used == pytest.approx(utilisation_under_subsidy(paid))


@quick
@given(planned, firms)
def test_rise_in_entry_is_an_identity_of_utilisation(plan, number):
    assert entry_rise(utilisation(plan, number), plan) == pytest.approx(number / plan - 1, abs=1e-9)


@quick
@given(st.floats(0.0005, 0.05), st.floats(0, 0.5), st.integers(1, 60))
def test_the_identity_holds_for_any_weight_cost_and_number_of_regions(cost, weight, regions):
    plan, number = free_entry_firms(1, 1, cost), symmetric_entry(1, 1, cost, weight, regions)
    assert entry_rise(utilisation(plan, number), plan) == pytest.approx(number / plan - 1, abs=1e-9)


@quick
@given(planned, st.floats(-1, 10))
def test_rise_and_utilisation_invert_each_other(plan, rise):
    assert entry_rise(utilisation_of_entry_rise(rise, plan), plan) == pytest.approx(rise, abs=1e-9)


@quick
@given(st.floats(0.05, 1), st.floats(0, 0.99))
def test_subsidy_and_utilisation_invert_each_other(normal, paid):
    assert subsidy_for_utilisation(utilisation_under_subsidy(paid, normal), normal) == pytest.approx(paid, abs=1e-9)


@quick
@given(st.floats(0.05, 0.78), st.floats(0.78, 1), st.floats(0.78, 1))
def test_a_lower_normal_use_needs_less_subsidy(use, one, other):
    low, high = sorted((one, other))
    assert subsidy_for_utilisation(use, low) <= subsidy_for_utilisation(use, high)


@quick
@given(planned, firms, firms)
def test_more_firms_use_each_plant_less(plan, one, other):
    low, high = sorted((one, other))
    assert utilisation(plan, low) >= utilisation(plan, high)


def test_no_surprise_means_full_use_and_no_rise():
    assert utilisation(7, 7) == 1
    assert entry_rise(1, 7) == 0
    assert utilisation_under_subsidy(0, 0.78) == 0.78
    assert subsidy_for_utilisation(0.78, 0.78) == 0
    assert utilisation_under_subsidy(1) == 0


@pytest.mark.parametrize(
    ("function", "wrong", "message"),
    [
        (utilisation, (0, 39), "planned_firms = 0"),
        (utilisation, (19, -1), "firms = -1"),
        (utilisation_under_subsidy, (1.1,), "subsidy_share = 1.1"),
        (utilisation_under_subsidy, (0.5, 1.2), "normal = 1.2"),
        (utilisation_under_subsidy, (0.5, 0), "normal = 0"),
        (subsidy_for_utilisation, (0,), "utilisation = 0"),
        (subsidy_for_utilisation, ([0.5, 0.8], 0.78), "utilisation = 0.8: must not exceed normal"),
        (entry_rise, (0, 19), "utilisation = 0"),
        (entry_rise, (21, 19), "utilisation = 21.0: must not exceed planned_firms"),
        (entry_rise, (0.5, 0), "planned_firms = 0"),
        (utilisation_of_entry_rise, (-1.5, 19), "entry_rise = -1.5"),
        (utilisation_of_entry_rise, (float("inf"), 19), "entry_rise = inf"),
        (utilisation_of_entry_rise, (1.2, 0), "planned_firms = 0"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(function, wrong, message):
    with pytest.raises(DomainError, match=message):
        function(*wrong)
