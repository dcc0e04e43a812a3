"""Acceptance by quota, and the loss ratio at which the ranking of two rules flips."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.selection.k_of_n import k_of_n_probability, votes_needed
from patient_capital.model.selection.screening_rules import (
    champion_probability,
    majority_probability,
    unanimity_probability,
)

rates = st.floats(0, 1)
screeners = st.integers(1, 15)
RULES = (unanimity_probability, majority_probability, champion_probability)


@given(rates)
def test_one_screener_makes_all_rules_equal(rate):
    for rule in RULES:
        assert rule(rate, 1) == pytest.approx(rate, rel=1e-14)


@given(rates, screeners, st.data())
def test_a_quota_is_a_binomial_tail(rate, number, data):
    quota = data.draw(st.integers(1, number))
    tail = sum(comb(number, j) * rate**j * (1 - rate) ** (number - j) for j in range(quota, number + 1))
    assert k_of_n_probability(rate, number, quota) == pytest.approx(tail, rel=1e-9, abs=1e-15)


@given(rates, screeners)
def test_a_hierarchy_is_a_polyarchy_of_rejections(rate, number):
    assert unanimity_probability(1 - rate, number) == pytest.approx(1 - champion_probability(rate, number), abs=1e-13)


@given(rates, st.integers(0, 6))
def test_a_majority_of_an_odd_number_treats_yes_and_no_alike(rate, half):
    number = 2 * half + 1
    assert majority_probability(rate, number) + majority_probability(1 - rate, number) == pytest.approx(1, abs=1e-13)


def test_of_an_even_number_one_more_than_half_is_needed():
    assert [votes_needed("majority", k) for k in (1, 2, 3, 4, 5)] == [1, 2, 2, 3, 3]
    assert majority_probability(0.5, 2) == pytest.approx(0.25)


@given(st.floats(0.01, 0.99), screeners)
def test_acceptance_falls_with_layers_under_unanimity_and_rises_with_champions(rate, number):
    assert unanimity_probability(rate, number + 1) < unanimity_probability(rate, number)
    # Near one the next step is below the precision of a float.
    assert champion_probability(rate, number + 1) >= champion_probability(rate, number)
    assert champion_probability(0.5, number + 1) > champion_probability(0.5, number)


@given(rates, screeners)
def test_the_rules_are_ordered_by_how_much_they_accept(rate, number):
    hierarchy, majority, polyarchy = (rule(rate, number) for rule in RULES)
    assert hierarchy <= majority + 1e-14 <= polyarchy + 2e-14


@given(rates, rates, screeners)
def test_acceptance_rises_with_the_pass_rate(one, other, number):
    low, high = sorted((one, other))
    for rule in RULES:
        assert rule(low, number) <= rule(high, number) + 1e-15


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: unanimity_probability(1.1, 3), r"pass_probability = 1\.1: a share"),
        (lambda: champion_probability([0.2, float("nan")], 3), "pass_probability = nan"),
        (lambda: majority_probability(0.5, 0), "screeners = 0: must be a whole number"),
        (lambda: majority_probability(0.5, 2.5), r"screeners = 2\.5"),
        (lambda: k_of_n_probability(0.5, 3, 4), "quota = 4: cannot exceed the 3 screeners"),
        (lambda: k_of_n_probability(0.5, 3, 0), "quota = 0"),
        (lambda: votes_needed("average", 3), "rule = average: is none of unanimity, majority, champion"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
