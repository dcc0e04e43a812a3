"""Acceptance by quota, and the loss ratio at which the ranking of two rules flips."""

from __future__ import annotations

from math import comb, inf

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from patient_capital.model.common.checks import BreakEven, DomainError
from patient_capital.model.selection.k_of_n import k_of_n_probability, votes_needed
from patient_capital.model.selection.screening_rules import (
    Acceptance,
    acceptance_of,
    break_even_loss_ratio,
    champion_probability,
    majority_probability,
    net_value,
    unanimity_probability,
)

rates = st.floats(0, 1)
screeners = st.integers(1, 15)
RULES = (unanimity_probability, majority_probability, champion_probability)


def test_three_screeners_with_a_pass_rate_of_three_tenths():
    assert unanimity_probability(0.3, 3) == pytest.approx(0.027, rel=1e-13)
    assert champion_probability(0.3, 3) == pytest.approx(0.657, rel=1e-13)
    assert majority_probability(0.3, 3) == pytest.approx(0.216, rel=1e-13)


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


def test_numbers_give_numbers_and_arrays_give_arrays():
    assert type(majority_probability(0.4, 3)) is float
    both = champion_probability([0.1, 0.2], 2)
    assert both == pytest.approx([0.19, 0.36])
    assert isinstance(both, np.ndarray)
    assert net_value([0.1, 0.2], 10, 1, Acceptance(0.5, 0.5)) == pytest.approx([0.05, 0.6])


def test_acceptance_of_a_rule():
    accepted = acceptance_of("unanimity", 2, 0.8, 0.5)
    assert (accepted.stars, accepted.duds) == pytest.approx((0.64, 0.25))


@given(st.floats(0.01, 0.99), st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.integers(2, 9))
def test_at_the_break_even_ratio_both_rules_are_worth_the_same(stars, star_pass, dud_pass, number):
    first, second = (acceptance_of(rule, number, star_pass, dud_pass) for rule in ("champion", "unanimity"))
    ratio = break_even_loss_ratio(stars, first, second)
    assert ratio.side == "crosses"
    assert net_value(stars, ratio.at, 1, first) == pytest.approx(
        net_value(stars, ratio.at, 1, second), abs=1e-9 * ratio.at
    )
    assert net_value(stars, 1.01 * ratio.at, 1, first) > net_value(stars, 1.01 * ratio.at, 1, second)
    assert net_value(stars, 0.99 * ratio.at, 1, first) < net_value(stars, 0.99 * ratio.at, 1, second)


@given(rates, rates, rates, rates, st.floats(0.01, 0.99))
def test_the_break_even_ratio_does_not_depend_on_the_order(a, b, c, d, stars):
    assume((a, b) != (c, d))
    one = break_even_loss_ratio(stars, Acceptance(a, b), Acceptance(c, d))
    other = break_even_loss_ratio(stars, Acceptance(c, d), Acceptance(a, b))
    if one.at is not None:
        assert one == other
    else:
        assert {one.side, other.side} == {"gain", "loss"}


def test_a_break_even_of_tiny_differences_is_not_lost():
    found = break_even_loss_ratio(0.5, Acceptance(1e-300, 1e-300), Acceptance(0.0, 0.0))
    assert (found.at, found.side) == (1.0, "crosses")


@pytest.mark.parametrize(
    ("first", "second", "side"),
    [
        (Acceptance(0.6, 0.1), Acceptance(0.5, 0.2), "gain"),
        (Acceptance(0.5, 0.2), Acceptance(0.6, 0.1), "loss"),
        (Acceptance(0.5, 0.1), Acceptance(0.5, 0.2), "gain"),
        (Acceptance(0.5, 0.2), Acceptance(0.5, 0.1), "loss"),
        (Acceptance(0.6, 0.1), Acceptance(0.5, 0.1), "gain"),
        (Acceptance(0.5, 0.1), Acceptance(0.6, 0.1), "loss"),
    ],
)
def test_a_rule_that_takes_more_stars_and_fewer_duds_wins_at_every_ratio(first, second, side):
    assert break_even_loss_ratio(0.1, first, second) == BreakEven(None, side, 0.0, inf)


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
        (lambda: Acceptance(0.5, -0.1), r"duds = -0\.1"),
        (lambda: acceptance_of("champion", 3, 2.0, 0.1), r"pass_probability = 2\.0"),
        (lambda: net_value(1.5, 1, 1, Acceptance(0.5, 0.5)), r"star_share = 1\.5"),
        (lambda: net_value(0.5, -1, 1, Acceptance(0.5, 0.5)), "star_value = -1"),
        (lambda: net_value(0.5, 1, inf, Acceptance(0.5, 0.5)), "dud_loss = inf"),
        (
            lambda: break_even_loss_ratio(0.0, Acceptance(1, 1), Acceptance(0, 0)),
            r"star_share = 0\.0: must lie strictly",
        ),
        (lambda: break_even_loss_ratio(0.1, Acceptance(0.5, 0.5), Acceptance(0.5, 0.5)), "nothing ranks them"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
