"""Patience: exact cases, limits and invariances."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from patient_capital.model.fund.uncapped_winner import expected_multiple, internal_rate, present_value
from patient_capital.provenance.registry import number

G, H, DELTA = 0.20, 0.266, 0.6
slowly = settings(deadline=None)
rates = st.floats(0.01, 0.5)
shares = st.floats(0.05, 1)
years = st.floats(1, 40)


@pytest.mark.parametrize(("horizon", "expected"), [(7, 1.87), (10, 2.26), (20, 3.11)])
def test_undiscounted_values_of_the_specification(horizon, expected):
    assert present_value(G, H, horizon, DELTA) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("horizon", "expected"), [(7, 0.178), (10, 0.192), (20, 0.199)])
def test_internal_rates_of_the_review(horizon, expected):
    assert internal_rate(G, H, horizon, DELTA) == pytest.approx(expected, abs=0.0005)


@slowly
@given(rates, rates, years, shares, st.floats(-0.1, 0.5))
def test_value_is_the_integral_of_the_cash_flows(growth, hazard, horizon, sale, rate):
    flow, _ = quad(lambda t: hazard * exp((growth - hazard - rate) * t), 0, horizon)
    left = sale * exp((growth - hazard - rate) * horizon)
    assert present_value(growth, hazard, horizon, sale, rate) == pytest.approx(flow + left, rel=1e-7)


@slowly
@given(rates, rates, years, shares)
def test_at_the_internal_rate_one_yuan_is_worth_one_yuan(growth, hazard, horizon, sale):
    rate = internal_rate(growth, hazard, horizon, sale)
    assert present_value(growth, hazard, horizon, sale, rate) == pytest.approx(1, abs=1e-8)
    assert rate <= growth + 1e-12


@slowly
@given(rates, rates, years, years, st.floats(0.05, 0.99))
def test_waiting_never_lowers_the_rate_of_winners(growth, hazard, one, other, sale):
    short, long = sorted((one, other))
    assert internal_rate(growth, hazard, long, sale) >= internal_rate(growth, hazard, short, sale) - 1e-9


def test_full_value_at_the_end_gives_the_growth_rate():
    assert internal_rate(G, H, 7, 1) == G


def test_long_horizon_tends_to_the_growth_rate():
    assert internal_rate(G, H, 200, DELTA) == pytest.approx(G, abs=1e-6)


def test_limit_where_growth_equals_hazard_and_rate():
    assert present_value(0.2, 0.2, 5, 0.5) == pytest.approx(0.2 * 5 + 0.5)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((0, H, 7, DELTA), "growth = 0"),
        ((G, -1, 7, DELTA), "hazard = -1"),
        ((G, H, 0, DELTA), "horizon = 0"),
        ((G, H, 7, 1.2), r"forced_sale = 1\.2"),
        ((G, H, 7, -0.1), r"forced_sale = -0\.1"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(wrong, message):
    for function in (present_value, internal_rate):
        with pytest.raises(ValueError, match=message):
            function(*wrong)


@slowly
@given(rates, years)
def test_without_a_discount_and_with_growth_equal_to_the_hazard_the_multiple_is_linear(growth, horizon):
    assert expected_multiple(growth, growth, horizon, 1.0) == pytest.approx(1 + growth * horizon)


def test_numbers_of_the_overview():
    assert [number(f"patience.rate_{y}").text("bare") for y in (7, 10, 20)] == ["17.8", "19.2", "19.9"]
    assert number("patience.gain").value == pytest.approx(
        100 * (internal_rate(0.2, 0.266, 20, 0.6) - internal_rate(0.2, 0.266, 7, 0.6))
    )
    low, high = (100 * (internal_rate(0.2, 0.266, 20, d) - internal_rate(0.2, 0.266, 7, d)) for d in (0.8, 0.3))
    span = number("patience.gain_range").value
    assert (span.low, span.high) == (pytest.approx(low), pytest.approx(high))
