"""A fund: where the money goes, exact cases, and how long it should wait."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from helpers import model_records
from helpers.model_records import LOSERS, TERMS
from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund._cohorts import gathered_by_age, held_by_age
from patient_capital.model.fund.cash_flows import internal_rate_of_flows, net_present_value
from patient_capital.model.fund.fund_performance import (
    FundTerms,
    Losers,
    Winners,
    delay_from_idle_share,
    fund_flows,
    fund_internal_rate,
    net_multiple,
    value_per_yuan_paid,
)
from patient_capital.model.returns.pareto import pareto_mean

slowly = settings(deadline=None, max_examples=40)


def fund_net_present_value(flows, rate):
    return net_present_value(flows.net, rate, years=flows.years)


WINNERS = replace(model_records.WINNERS, growth=0.2)
PAID = replace(TERMS, deployment_delay=0.0, raised_share=1.0, soft_budget=0.0)
BARE = replace(TERMS, fee_rate=0.0, carry=0.0, deployment_delay=0.0, raised_share=1.0, soft_budget=0.0)

winners = st.builds(
    Winners,
    growth=st.floats(0.1, 0.4),
    start=st.floats(1, 3),
    tail_index=st.floats(0.8, 2.5),
    cap=st.one_of(st.floats(30, 1000), st.just(np.inf)),
)
losers = st.builds(Losers, share=st.floats(0, 1), mean=st.floats(0, 1), fail_hazard=st.floats(0.05, 0.4))
terms = st.builds(
    FundTerms,
    horizon=st.floats(5, 25),
    investment_years=st.floats(0.5, 5),
    fee_rate=st.floats(0, 0.04),
    carry=st.floats(0, 0.3),
    deployment_delay=st.floats(0, 4.5),
    raised_share=st.floats(0.1, 1),
    forced_sale=st.floats(0, 1),
    soft_budget=st.floats(0, 1),
)
rates = st.floats(0, 0.15)


# Where the money goes


@slowly
@given(winners, losers, terms)
def test_all_that_is_called_is_used_or_returned_and_all_that_is_received_is_paid_out(winning, losing, term):
    flows = fund_flows(winning, losing, term)
    used = flows.invested + flows.fees + flows.refinancing + np.diff(flows.idle, prepend=0) + flows.returned
    assert flows.calls == pytest.approx(used, abs=1e-12)
    assert flows.proceeds + flows.returned == pytest.approx(flows.distributions + flows.carry, abs=1e-12)
    assert flows.calls.sum() == pytest.approx(term.raised_share)
    assert flows.idle[-1] == 0
    for amounts in (
        flows.calls,
        flows.invested,
        flows.fees,
        flows.refinancing,
        flows.idle,
        flows.proceeds,
        flows.carry,
    ):
        assert (amounts >= -1e-12).all()


@slowly
@given(winners, losers, terms)
def test_no_carry_before_all_that_is_paid_in_has_come_back(winning, losing, term):
    flows = fund_flows(winning, losing, term)
    received = np.cumsum(flows.proceeds + flows.returned)
    assert np.cumsum(flows.carry) == pytest.approx(term.carry * np.maximum(received - term.raised_share, 0), abs=1e-12)
    assert (flows.carry[received < term.raised_share] == 0).all()


def test_a_fund_that_loses_money_pays_no_carry_and_the_manager_still_earns_fees():
    flows = fund_flows(WINNERS, replace(LOSERS, share=1.0), replace(TERMS, soft_budget=0.0))
    assert flows.carry.sum() == 0
    assert flows.fees.sum() > 0.02 * 5 * 0.8
    assert net_multiple(flows) < 0.3


def test_fees_are_on_what_is_raised_while_investing_and_fall_with_what_is_held_after():
    flows = fund_flows(WINNERS, LOSERS, TERMS)
    early, late = flows.fees[flows.ends <= 5], flows.fees[(flows.ends > 5) & (flows.years < 10)]
    assert early == pytest.approx(0.02 * 0.8 / 4)
    assert late[0] < early[0]
    # The last money is placed half a year after the last call.
    assert (np.diff(late[2:]) < 0).all()


def test_money_that_is_still_idle_at_the_end_is_returned():
    flows = fund_flows(WINNERS, LOSERS, replace(BARE, deployment_delay=9.0))
    assert flows.invested.sum() == pytest.approx(1 / 5)
    assert flows.returned.sum() == pytest.approx(4 / 5)
    assert (flows.returned[:-1] == 0).all()


def test_idle_money_is_what_the_delay_holds_back():
    delay = delay_from_idle_share(0.3, 3)
    flows = fund_flows(WINNERS, LOSERS, replace(BARE, deployment_delay=delay))
    at = np.searchsorted(flows.ends, 3)
    assert flows.idle[at] / np.cumsum(flows.calls)[at] == pytest.approx(0.3)


@slowly
@given(winners, losers, terms, st.integers(5, 30))
def test_what_flows_by_a_date_does_not_depend_on_the_periods(winning, losing, term, periods):
    coarse, fine = (fund_flows(winning, losing, term, periods=n) for n in (periods, 4 * periods))
    for name in ("calls", "proceeds", "distributions", "fees", "refinancing"):
        low, high = (np.cumsum(getattr(f, name)[:-1]) for f in (coarse, fine))
        assert low == pytest.approx(high[3::4], abs=1e-11)
    assert coarse.proceeds[-1] == pytest.approx(fine.proceeds[-1], abs=1e-12)


# Exact cases


@slowly
@given(winners.filter(lambda w: w.cap < 1e9), losers)
def test_kept_to_the_end_a_bare_fund_returns_the_mean_of_all_deals(winning, losing):
    flows = fund_flows(winning, losing, replace(BARE, horizon=400.0), periods=50)
    mean = losing.share * losing.mean + (1 - losing.share) * pareto_mean(winning.tail_index, winning.start, winning.cap)
    assert net_multiple(flows) == pytest.approx(mean, rel=1e-6)


@slowly
@given(winners, st.floats(6, 20), st.floats(0.5, 5))
def test_winners_sold_at_full_value_earn_their_growth_whatever_the_horizon(winning, horizon, investing):
    term = replace(BARE, forced_sale=1.0, horizon=horizon, investment_years=investing)
    flows = fund_flows(winning, replace(LOSERS, share=0.0), term, periods=400)
    assert fund_internal_rate(flows) == pytest.approx(winning.growth, abs=2e-4)


@slowly
@given(winners, losers, st.floats(0, 1), st.floats(0.1, 30))
def test_quantities_by_age_are_integrals(winning, losing, soft, age):
    def alive(t):
        return float(np.exp(-(1 - soft) * losing.fail_hazard * t)) * (1 + soft * losing.fail_hazard * t)

    first, span, hazard = float(winning.first_exit), float(winning.exit_span), float(winning.hazard)

    def surviving(t):
        exposed = min(max(t - first, 0), span)
        return 1 + np.expm1(-hazard * exposed) / float(winning.inside)

    ages = np.array([age])
    kinks = [k for k in (first, first + span) if 0 < k < age] or None
    held = held_by_age(winning, losing, soft, ages)
    worth = quad(lambda t: exp(winning.growth * t) * surviving(t), 0, age, points=kinks, limit=200)[0]
    assert held.winners[0] == pytest.approx((1 - losing.share) * worth, rel=1e-7, abs=1e-12)
    assert held.losers[0] == pytest.approx(losing.share * quad(alive, 0, age)[0], rel=1e-7)
    # An integral of an integral weighs each age by the time that is left.
    cost = quad(
        lambda t: (age - t) * ((1 - losing.share) * surviving(t) + losing.share * alive(t)), 0, age, points=kinks
    )[0]
    assert gathered_by_age(winning, losing, soft, ages).cost_years[0] == pytest.approx(cost, rel=1e-6)


# What it is worth


@slowly
@given(winners, losers, terms, rates)
def test_ratios_and_rates_do_not_depend_on_how_much_is_raised(winning, losing, term, rate):
    part, whole = (fund_flows(winning, losing, replace(term, raised_share=share)) for share in (0.4, 1.0))
    assert fund_net_present_value(part, rate) == pytest.approx(0.4 * fund_net_present_value(whole, rate), abs=1e-12)
    assert value_per_yuan_paid(part, rate) == pytest.approx(value_per_yuan_paid(whole, rate), abs=1e-12)
    assert net_multiple(part) == pytest.approx(net_multiple(whole))


@pytest.mark.parametrize("horizon", [7.0, 10.0, 20.0])
def test_at_the_net_internal_rate_a_fund_is_worth_nothing(horizon):
    flows = fund_flows(WINNERS, LOSERS, replace(TERMS, horizon=horizon))
    rate = fund_internal_rate(flows)
    assert fund_net_present_value(flows, rate) == pytest.approx(0, abs=1e-12)
    assert value_per_yuan_paid(flows, rate - 0.01) > 0 > value_per_yuan_paid(flows, rate + 0.01)


def test_without_a_discount_value_and_multiple_say_the_same():
    flows = fund_flows(WINNERS, LOSERS, TERMS)
    assert value_per_yuan_paid(flows, 0) == pytest.approx(net_multiple(flows) - 1)
    assert fund_net_present_value(flows, 0) == pytest.approx(0.8 * (net_multiple(flows) - 1))


@pytest.mark.parametrize(
    ("field", "better", "worse"),
    [
        ("fee_rate", 0.0, 0.025),
        ("carry", 0.0, 0.2),
        ("forced_sale", 0.8, 0.3),
        ("soft_budget", 0.0, 0.5),
        ("deployment_delay", 0.0, 2.0),
    ],
)
def test_every_burden_lowers_rate_and_value(field, better, worse):
    good, bad = (fund_flows(WINNERS, LOSERS, replace(TERMS, horizon=20.0, **{field: v})) for v in (better, worse))
    assert fund_internal_rate(good) > fund_internal_rate(bad)
    assert value_per_yuan_paid(good, 0.02) > value_per_yuan_paid(bad, 0.02)


def test_quarters_are_fine_enough():
    quarterly, finely = (fund_flows(WINNERS, LOSERS, replace(TERMS, horizon=20.0), periods=n) for n in (80, 2000))
    assert fund_net_present_value(quarterly, 0.08) == pytest.approx(fund_net_present_value(finely, 0.08), abs=2e-5)
    assert fund_internal_rate(quarterly) == pytest.approx(fund_internal_rate(finely), abs=2e-6)


def test_many_funds_at_once_are_each_fund_by_itself():
    growth, horizon, soft = np.array([0.15, 0.2, 0.3]), np.array([8.0, 12.5, 20.0]), np.array([0.0, 0.3, 1.0])
    many = fund_flows(
        replace(WINNERS, growth=growth), LOSERS, replace(TERMS, horizon=horizon, soft_budget=soft), periods=80
    )
    each = [
        fund_flows(replace(WINNERS, growth=g), LOSERS, replace(TERMS, horizon=t, soft_budget=s), periods=80)
        for g, t, s in zip(growth, horizon, soft, strict=True)
    ]
    for function in (fund_internal_rate, net_multiple):
        assert function(many) == pytest.approx(np.array([function(one) for one in each]), abs=1e-10)
    values = [fund_net_present_value(one, 0.05) for one in each]
    assert fund_net_present_value(many, 0.05) == pytest.approx(values, abs=1e-13)
    assert type(values[0]) is float


def test_of_several_rates_that_late_refinancing_makes_the_largest_counts():
    term = replace(PAID, horizon=30.0, soft_budget=0.4)
    flows = fund_flows(replace(WINNERS, growth=0.3), replace(LOSERS, mean=0.1), term)
    rate = fund_internal_rate(flows)
    with pytest.raises(DomainError, match="3 internal rates"):
        internal_rate_of_flows(flows.net, years=flows.years, high=1.0)
    assert fund_net_present_value(flows, rate) == pytest.approx(0, abs=1e-10)
    assert (np.asarray([fund_net_present_value(flows, r) for r in np.linspace(rate + 0.001, 1.5, 50)]) < 0).all()


def test_a_fund_that_never_returns_a_yuan_has_no_internal_rate():
    flows = fund_flows(WINNERS, Losers(share=1.0, mean=0.0, fail_hazard=0.1), TERMS)
    with pytest.raises(DomainError, match="this sequence has no internal rate"):
        fund_internal_rate(flows)


# Domains


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"horizon": 0.0}, "horizon = 0.0"),
        ({"horizon": float("nan")}, "horizon = nan"),
        ({"investment_years": 11.0}, "investment_years = 11.0: must not exceed the horizon"),
        ({"fee_rate": -0.1}, "fee_rate = -0.1"),
        ({"fee_rate": 0.2}, "fee_rate = 1.0: times the investment years"),
        ({"carry": 1.1}, "carry = 1.1"),
        ({"deployment_delay": 10.0}, "deployment_delay = 10.0: must lie below the horizon"),
        ({"raised_share": 0.0}, "raised_share = 0.0"),
        ({"raised_share": 1.2}, "raised_share = 1.2"),
        ({"forced_sale": -0.1}, "forced_sale = -0.1"),
        ({"soft_budget": 2.0}, "soft_budget = 2.0"),
        ({"horizon": np.array([10.0, 3.0])}, "investment_years = 5.0"),
    ],
)
def test_terms_outside_their_domain_are_named(change, message):
    with pytest.raises(DomainError, match=message):
        replace(TERMS, **change)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Losers(share=1.5, mean=0.3, fail_hazard=0.1), "losers.share = 1.5"),
        (lambda: Losers(share=0.5, mean=-0.3, fail_hazard=0.1), "losers.mean = -0.3"),
        (lambda: Losers(share=0.5, mean=0.3, fail_hazard=0.0), "losers.fail_hazard = 0.0"),
        (lambda: delay_from_idle_share(1.5, 3), "idle_share = 1.5"),
        (lambda: fund_flows(WINNERS, LOSERS, TERMS, periods=0), "periods = 0"),
        (lambda: fund_net_present_value(fund_flows(WINNERS, LOSERS, TERMS), float("nan")), "rate = nan"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()


def test_flows_that_do_not_add_up_are_refused():
    flows = fund_flows(WINNERS, LOSERS, TERMS)
    with pytest.raises(DomainError, match=r"calls = .*: money that comes in must go out"):
        replace(flows, calls=flows.calls + 0.01)
    with pytest.raises(DomainError, match=r"proceeds = .*: money that comes in must go out"):
        replace(flows, proceeds=flows.proceeds + 0.01)
    with pytest.raises(DomainError, match="all have one shape"):
        replace(flows, fees=flows.fees[:-1])
