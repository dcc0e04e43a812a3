"""Cash flows: identities between value, rate and wealth; what has no rate says so."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund.cash_flows import effective_rate, internal_rate_of_flows, net_present_value

slowly = settings(deadline=None, max_examples=60)
amounts = st.lists(st.floats(0.01, 100), min_size=1, max_size=30)
rates = st.floats(-0.2, 0.6)


def test_one_payment_and_one_receipt():
    assert internal_rate_of_flows([-100, 121], 0.5) == pytest.approx(log(1.1))
    assert effective_rate(internal_rate_of_flows([-100, 121], 0.5)) == pytest.approx(0.1)
    assert internal_rate_of_flows([-100, 0, 0, 80], 12) == pytest.approx(4 * log(0.8))


def test_a_bond_at_par_returns_its_coupon():
    assert effective_rate(internal_rate_of_flows([-100, *[7] * 9, 107])) == pytest.approx(0.07, abs=1e-12)


@slowly
@given(amounts, amounts, st.floats(1, 12))
def test_at_the_internal_rate_the_flows_are_worth_nothing(paid, received, periods):
    flows = [-v for v in paid] + received
    rate = internal_rate_of_flows(flows, periods, low=-120, high=120)
    factors = np.exp(-rate * (np.arange(len(flows)) / periods))
    worth = np.asarray(flows) * factors
    assert abs(worth.sum()) <= 1e-9 * np.abs(worth).sum()


@slowly
@given(amounts, rates)
def test_payments_worth_what_comes_back_have_the_rate_at_which_they_are(received, rate):
    paid = net_present_value([0, *received], rate)
    assert internal_rate_of_flows([-paid, *received]) == pytest.approx(rate, abs=1e-9)


@slowly
@given(amounts, rates, rates)
def test_value_adds_up_and_shifts_with_the_dates(flows, rate, shift):
    dates = np.arange(len(flows)) / 4
    assert net_present_value(flows, rate, 4) == pytest.approx(net_present_value(flows, rate, years=dates))
    later = net_present_value(flows, rate, years=dates + 3)
    assert later == pytest.approx(net_present_value(flows, rate, 4) * exp(-3 * rate))
    assert net_present_value(flows, 0) == pytest.approx(sum(flows))


def test_batches_give_what_each_case_gives():
    flows = np.array([[-100, 30, 90, 10], [-50, -60, 20, 190], [-10, 1, 1, 1]])
    each = [internal_rate_of_flows(row, 2, low=-5, high=5) for row in flows]
    assert internal_rate_of_flows(flows, 2, low=-5, high=5) == pytest.approx(each, abs=1e-12)
    assert internal_rate_of_flows(flows.reshape(3, 1, 4), 2, low=-5, high=5).shape == (3, 1)
    assert net_present_value(flows, 0.1, 2) == pytest.approx([net_present_value(row, 0.1, 2) for row in flows])
    assert net_present_value(flows[0], np.array([0.0, 0.1])) == pytest.approx([30, net_present_value(flows[0], 0.1)])
    assert type(each[0]) is float


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        ([-100, 230, -132], "this sequence has 2 internal rates"),
        ([-100, -5, 0], "this sequence has no internal rate from -1 to 3"),
        ([0, 0, 0], "no internal rate"),
        ([-100, 230, -133], "no internal rate"),
    ],
)
def test_where_there_is_not_exactly_one_rate_it_is_an_error(flows, message):
    with pytest.raises(DomainError, match=message):
        internal_rate_of_flows(flows)


def test_one_bad_case_of_a_batch_is_named():
    with pytest.raises(DomainError, match="flows = 1: this sequence has no internal rate"):
        internal_rate_of_flows([[-1, 2], [1, 2], [-1, 3]])


def test_two_rates_are_told_apart_by_the_span():
    flows = [-100, 230, -132]
    assert internal_rate_of_flows(flows, low=0.0, high=0.14) == pytest.approx(log(1.1))
    assert internal_rate_of_flows(flows, low=0.14, high=1.0) == pytest.approx(log(1.2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: net_present_value([1, 2], float("inf")), "rate = inf"),
        (lambda: net_present_value([1, 2], 0, 0), "periods_per_year = 0.0"),
        (lambda: net_present_value([], 0), "must be a sequence of at least one flow"),
        (lambda: net_present_value(3.0, 0), "must be a sequence of at least one flow"),
        (lambda: net_present_value([1, 2], 0, years=[1]), "needs a date for each of 2 flows"),
        (lambda: net_present_value([1, 2], 0, years=[1, 0]), "years = .*: must not fall"),
        (lambda: internal_rate_of_flows([-1, 2], low=1, high=1), "low = 1: must lie below the other end"),
        (lambda: internal_rate_of_flows([[-1, 2]], years=[[0, 1]]), "must be one sequence for all flows"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
