"""Linear Cournot with an entry cost: exact cases, first-order conditions, identities and limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from patient_capital.model.common.checks import DomainError
from patient_capital.model.overcapacity.cournot import (
    business_stealing_share,
    cartel_firms,
    firm_output,
    firm_profit,
    free_entry_firms,
    implied_entry_subsidy,
    optimal_firms,
)
from patient_capital.model.overcapacity.market import cubic_root, entered, relative_entry_cost

quick = settings(deadline=None, max_examples=40)
A, B, F = 1.0, 1.0, 0.0025
sizes = st.floats(0.1, 100)
slopes = st.floats(0.01, 10)
relative = st.floats(1e-6, 0.99)
firms = st.floats(0.01, 500)
subsidies = st.floats(0, 0.99)


@quick
@given(sizes, slopes, firms)
def test_output_is_the_best_answer_to_equal_rivals(size, slope, number):
    output = firm_output(number, size, slope)
    rivals = (number - 1) * output
    best = minimize_scalar(
        lambda own: -own * (size - slope * (own + rivals)), bracket=(0, output), options={"xtol": 1e-10}
    )
    assert best.x == pytest.approx(output, rel=1e-5)
    assert -best.fun == pytest.approx(firm_profit(number, size, slope), rel=1e-8)


@quick
@given(sizes, slopes, relative, subsidies)
def test_profit_pays_the_entrants_part_of_the_cost_under_free_entry(size, slope, cost, paid):
    entry = cost * size**2 / slope
    number = free_entry_firms(size, slope, entry, paid)
    assert firm_profit(number, size, slope) == pytest.approx((1 - paid) * entry)
    assert implied_entry_subsidy(number, size, slope, entry) == pytest.approx(paid, abs=1e-9)


@quick
@given(sizes, slopes, st.floats(1e-5, 0.9))
def test_no_other_number_of_firms_is_better_than_the_optimum_or_the_cartel(size, slope, cost):
    entry = cost * size**2 / slope
    grid = np.linspace(0, 60, 6001)
    profit = firm_profit(grid, size, slope)
    industry = grid * (profit - entry)
    total = industry + grid**2 * profit / 2
    best, cartel = optimal_firms(size, slope, entry), cartel_firms(size, slope, entry)
    profit_best, profit_cartel = firm_profit(best, size, slope), firm_profit(cartel, size, slope)
    scale = size**2 / slope
    assert total.max() <= best * (profit_best - entry) + best**2 * profit_best / 2 + 1e-12 * scale
    assert industry.max() <= cartel * (profit_cartel - entry) + 1e-12 * scale


@quick
@given(sizes, slopes, relative)
def test_cartel_is_below_one_firm_and_below_optimum_and_free_entry(size, slope, cost):
    entry = cost * size**2 / slope
    cartel, best, free = (f(size, slope, entry) for f in (cartel_firms, optimal_firms, free_entry_firms))
    assert 0 < cartel < 1
    assert cartel < best < free
    assert (1 - cartel) / (cartel + 1) ** 3 == pytest.approx(cost, rel=1e-6)


@quick
@given(relative, subsidies, subsidies)
def test_more_subsidy_brings_more_firms(cost, one, other):
    low, high = sorted((one, other))
    assert free_entry_firms(A, B, cost, low) <= free_entry_firms(A, B, cost, high)


@quick
@given(sizes, slopes, relative, st.floats(0.1, 10))
def test_only_the_relative_entry_cost_sets_the_number_of_firms(size, slope, cost, scale):
    entry = cost * size**2 / slope
    for function in (free_entry_firms, optimal_firms, cartel_firms):
        assert function(size * scale, slope, entry * scale**2) == pytest.approx(function(size, slope, entry), rel=1e-7)
        assert function(size, slope * scale, entry / scale) == pytest.approx(function(size, slope, entry), rel=1e-7)


@quick
@given(st.floats(0, 200))
def test_an_entrant_takes_this_share_from_the_firms_it_meets(number):
    before, after = number * firm_output(number, A, B), (number + 1) * firm_output(number + 1, A, B)
    taken = 1 - (after - before) / firm_output(number + 1, A, B)
    assert business_stealing_share(number) == pytest.approx(taken, abs=1e-9)


@quick
@given(st.floats(0, 20), st.floats(0, 50), st.floats(0.1, 50))
def test_a_wave_of_entry_of_any_size_takes_this_share_from_rivals_abroad(abroad, home, added):
    before, after = (firm_output(abroad + n, A, B) for n in (home, home + added))
    lost, gained = abroad * (before - after), (home + added) * after - home * before
    assert lost / gained == pytest.approx(business_stealing_share(abroad), abs=1e-8)


@quick
@given(st.floats(0, 1e6), st.floats(1e-6, 1e6))
def test_root_of_the_cubic(linear, constant):
    expected = brentq(lambda x: x**3 + linear * x - constant, 0, 1 + constant, xtol=1e-300, rtol=1e-14)
    assert cubic_root(linear, constant) == pytest.approx(expected, rel=1e-9)


def test_root_of_the_cubic_is_smooth_where_the_linear_term_vanishes():
    assert cubic_root(0, 8) == pytest.approx(2, rel=1e-15)
    for linear in (1e-300, 1e-31, 1e-29, 1e-20):
        assert cubic_root(linear, 8) == pytest.approx(2, rel=1e-13)


def test_a_market_without_firms_leaves_the_whole_size_to_the_first():
    assert firm_output(0, 2, 4) == 0.5
    assert firm_profit(0, 2, 4) == 1
    assert business_stealing_share(0) == 0


@pytest.mark.parametrize("function", [free_entry_firms, optimal_firms, cartel_firms])
@pytest.mark.parametrize("entry", [1.0, 2.5])
def test_a_market_that_no_firm_enters_is_named(function, entry):
    with pytest.raises(DomainError, match=rf"entry_cost = {entry}: keeps every firm out"):
        function(A, B, [F, entry])


@pytest.mark.parametrize(
    ("function", "wrong", "message"),
    [
        (free_entry_firms, (0, B, F), "market_size = 0"),
        (free_entry_firms, (A, -1, F), "slope = -1"),
        (free_entry_firms, (A, B, 0), "entry_cost = 0"),
        (free_entry_firms, (A, B, F, 1), "subsidy_share = 1.0: must lie below 1"),
        (free_entry_firms, (A, B, F, -0.1), "subsidy_share = -0.1"),
        (optimal_firms, (A, float("inf"), F), "slope = inf"),
        (cartel_firms, (-2, B, F), "market_size = -2"),
        (relative_entry_cost, (A, B, [F, -F]), "entry_cost = -0.0025"),
        (firm_output, (-1, A, B), "firms = -1"),
        (firm_output, (1, 0, B), "market_size = 0"),
        (firm_profit, (1, A, 0), "slope = 0"),
        (implied_entry_subsidy, (1, A, B, 0), "entry_cost = 0"),
        (business_stealing_share, (-0.5,), "firms = -0.5"),
        (cubic_root, (-1, 1), "linear = -1"),
        (cubic_root, (1, 0), "constant = 0"),
        (entered, ("cost", [1, 2], [3, 0]), "cost = 2"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(function, wrong, message):
    with pytest.raises(DomainError, match=message):
        function(*wrong)
