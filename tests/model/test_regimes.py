"""Regimes: each factor alone, one mean of multiples and flows, and what more money can never do."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.model_records import DEALS, PRIVATE, SCENARIO, STATE
from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund.fund_performance import net_multiple
from patient_capital.model.regimes.evaluation import (
    BELOW_COST,
    RULES,
    Regime,
    evaluate,
    portfolio_shock_sd,
    regime_flows,
    regime_returns,
    regime_value,
    regime_values,
    screening_factor,
    sector_flow_ratio,
    start_of_winners,
    targeting_factors,
    winner_exits,
    with_parameters,
)
from patient_capital.model.returns.pareto import pareto_mean
from patient_capital.model.returns.shocks import diversified_shock_sd
from patient_capital.model.selection.budget_selection import select
from patient_capital.model.selection.deal_flow import thinned_tail_share

few = settings(deadline=None, max_examples=25)

FREE = replace(SCENARIO, fee_rate=0.0, carry=0.0, forced_sale=1.0)
"""Nothing is taken on the way."""

shares = st.floats(0, 1)
regimes = st.builds(
    Regime,
    name=st.just("any"),
    tickets=st.integers(1, 3000),
    rule=st.sampled_from(RULES),
    screeners=st.integers(1, 5),
    sectors_picked=st.integers(1, 20),
    horizon=st.floats(10, 25),
    investment_years=st.floats(1, 7),
    state_share=shares,
    reaches_scale=st.booleans(),
    flow_ratio=st.floats(1, 4),
)
scenarios = st.builds(
    replace,
    st.just(SCENARIO),
    growth=st.floats(0.3, 0.5),
    fee_rate=st.floats(0, 0.04),
    carry=st.floats(0, 0.3),
    forced_sale=shares,
    deployment_delay=st.floats(0, 2),
    soft_budget=shares,
    pick_correlation=st.floats(-0.5, 0.8),
    refusal=shares,
    elasticity=st.floats(0, 1),
    discount_rate=st.floats(0, 0.08),
)


# Records


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tickets": 0}, "tickets = 0: must be a whole number of at least 1"),
        ({"tickets": 2.5}, r"tickets = 2\.5: must be a whole number"),
        ({"screeners": True}, "screeners = True: must be a whole number"),
        ({"sectors_picked": -1}, "sectors_picked = -1: must be a whole number"),
        ({"rule": "lottery"}, "rule = lottery: must be one of average, champion, majority, unanimity"),
        ({"horizon": 0.0}, r"horizon = 0\.0: must be positive and finite"),
        ({"horizon": math.inf}, "horizon = inf: must be positive and finite"),
        ({"investment_years": math.nan}, "investment_years = nan: must be positive"),
        ({"investment_years": 10.5}, r"investment_years = 10\.5: must not exceed the horizon"),
        ({"state_share": 1.1}, r"state_share = 1\.1: a share lies between 0 and 1"),
        ({"state_share": math.nan}, "state_share = nan: a share"),
        ({"flow_ratio": 0.9}, r"flow_ratio = 0\.9: .*cannot lower"),
        ({"flow_ratio": 2000.0}, r"flow_ratio = 2000\.0: must lie between 1 and 1000"),
        ({"flow_ratio": math.nan}, "flow_ratio = nan"),
    ],
)
def test_a_regime_outside_its_domain_is_named(change, message):
    with pytest.raises(DomainError, match=message):
        replace(PRIVATE, **change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": -1}, "seed = -1: must be a whole number of at least 0"),
        ({"seed": 1.5}, r"seed = 1\.5: must be a whole"),
        ({"sectors": 1}, "sectors = 1: must be a whole number of at least 2"),
        ({"pick_correlation": -1.1}, r"pick_correlation = -1\.1: must lie between -1 and 1"),
        *(
            ({name: 0.0}, rf"{name} = 0\.0: must be positive and finite")
            for name in ("growth", "fail_hazard", "budget")
        ),
        *(
            ({name: value}, rf"{name} = {value}: a share lies between 0 and 1")
            for name in ("carry", "forced_sale", "soft_budget", "budget", "score_correlation", "scale_share", "refusal")
            for value in (1.5, math.nan)
            if (name, value) != ("budget", math.nan)
        ),
        *(
            ({name: value}, rf"{name} = {value}: must not be negative, and finite")
            for name in (
                "fee_rate",
                "deployment_delay",
                "sector_sd",
                "elasticity",
                "coordination_gain",
                "shock_sd",
                "discount_rate",
            )
            for value in (-0.1, math.nan, math.inf)
        ),
    ],
)
def test_a_scenario_outside_its_domain_is_named(change, message):
    with pytest.raises(DomainError, match=message):
        replace(SCENARIO, **change)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sector_flow_ratio(STATE, 7), "sectors_picked = 8: cannot exceed the 7 sectors"),
        (lambda: regime_value(STATE, replace(SCENARIO, sectors=7)), "sectors_picked = 8: cannot exceed the 7 sectors"),
        (lambda: regime_value(STATE, SCENARIO, 0.0), r"payoff = 0\.0: must be positive"),
        (lambda: regime_flows(STATE, SCENARIO, math.nan), "payoff = nan: must be positive"),
        (lambda: regime_values(STATE, SCENARIO, [1.0, -1.0]), r"payoff = -1\.0: must be positive"),
        (lambda: evaluate(STATE, replace(SCENARIO, fee_rate=0.1)), "fee_rate = .*must leave money to invest"),
        (
            lambda: evaluate(STATE, replace(SCENARIO, deployment_delay=30)),
            "deployment_delay = .*must lie below the horizon",
        ),
        (lambda: portfolio_shock_sd(STATE, SCENARIO, 0), r"exit_years = 0\.0: a fund exits in at least one year"),
        (lambda: with_parameters(SCENARIO, patience=1), "changes = patience: must be one of .*carry.*tail_index"),
        (lambda: with_parameters(SCENARIO, returns=1), "changes = returns: must be one of"),
        (lambda: with_parameters(SCENARIO, carry=2), "carry = 2"),
        (lambda: with_parameters(SCENARIO, tail_index=-1), "tail_index = -1"),
        (
            lambda: regime_returns(
                replace(STATE, state_share=1.0),
                replace(with_parameters(SCENARIO, tail_share=1, loss_share=0), refusal=1.0, elasticity=0.0),
            ),
            r"refusal = 1\.0: where all deals are of the best, some must accept",
        ),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()


def test_records_cannot_be_changed():
    for record, field in ((PRIVATE, "tickets"), (SCENARIO, "seed"), (evaluate(PRIVATE, SCENARIO), "value")):
        with pytest.raises(FrozenInstanceError):
            setattr(record, field, 1)


def test_with_parameters_changes_scenario_and_returns_and_nothing_else():
    changed = with_parameters(SCENARIO, carry=0.1, tail_share=0.05)
    assert changed == replace(SCENARIO, carry=0.1, returns=replace(DEALS, tail_share=0.05))
    assert with_parameters(SCENARIO) == SCENARIO
    assert regime_value(STATE, changed) < regime_value(STATE, replace(SCENARIO, carry=0.1))


# Factors


@given(st.floats(0, 1), st.floats(0.01, 1))
@few
def test_a_regime_that_decides_as_the_yardstick_has_no_factor_of_screening(correlation, budget):
    at = replace(SCENARIO, score_correlation=correlation, budget=budget)
    assert screening_factor(PRIVATE, at) == 1
    assert screening_factor(replace(STATE, rule="average", screeners=3), at) == 1


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("screeners", [1, 3])
def test_screening_is_the_ratio_of_means_at_one_budget_and_nothing_without_signal_or_choice(rule, screeners):
    regime = replace(STATE, rule=rule, screeners=screeners)
    own, yardstick = (select(DEALS, *law, 0.2, 0.1).mean for law in ((rule, screeners), ("average", 3)))
    assert screening_factor(regime, replace(SCENARIO, returns_of="proposals")) == pytest.approx(own / yardstick)
    for change in ({"score_correlation": 0.0}, {"budget": 1.0}):
        assert screening_factor(regime, replace(SCENARIO, **change)) == 1


def test_layers_count_for_the_share_of_deals_that_they_judge():
    whole = screening_factor(STATE, SCENARIO)
    assert whole < 1
    for share_judged in (0.0, 0.3, 1.0):
        found = screening_factor(replace(STATE, layers_screen_share=share_judged), SCENARIO)
        assert found == pytest.approx(1 + share_judged * (whole - 1))


@pytest.mark.parametrize("field", ["horizon", "state_share", "growth", "discount_rate", "upper_carry"])
def test_an_array_in_a_field_is_refused_in_words(field):
    record = PRIVATE if hasattr(PRIVATE, field) else SCENARIO
    with pytest.raises(DomainError, match=rf"{field} = an array of shape \(2,\): takes one number"):
        replace(record, **{field: np.array([0.1, 0.2])})


def test_a_second_layer_takes_its_fee_and_its_carry():
    one = replace(PRIVATE, deals_per_fund=30)
    dear = replace(SCENARIO, upper_fee_rate=0.01, upper_carry=0.05)
    assert regime_value(one, dear) == regime_value(one, SCENARIO)
    two = replace(one, fee_layers=2)
    assert regime_value(two, SCENARIO) == regime_value(one, SCENARIO)
    assert regime_value(two, dear) < regime_value(two, replace(dear, upper_carry=0.0)) < regime_value(two, SCENARIO)
    with pytest.raises(DomainError, match="fee_layers"):
        replace(one, fee_layers=3)


def test_carry_on_what_varies_costs_more_than_on_the_mean():
    certain, lucky, many = (regime_value(replace(PRIVATE, deals_per_fund=n), SCENARIO) for n in (0, 30, 3000))
    assert lucky < many < certain


def test_at_one_budget_rules_differ_little_and_the_average_leads():
    champion, unanimity, majority = (
        screening_factor(replace(PRIVATE, rule=rule), SCENARIO) for rule in ("champion", "unanimity", "majority")
    )
    assert 0.75 < champion < unanimity < majority < 1


@given(regimes, st.floats(-1, 1), st.floats(0, 1))
@few
def test_picking_does_nothing_without_skill_without_spread_or_where_all_are_picked(regime, skill, sd):
    at = replace(SCENARIO, pick_correlation=skill, sector_sd=sd)
    assert targeting_factors(regime, replace(at, pick_correlation=0.0))[0] == 1
    assert targeting_factors(regime, replace(at, sector_sd=0.0))[0] == 1
    assert targeting_factors(replace(regime, sectors_picked=20), at)[0] == 1
    assert targeting_factors(replace(regime, sectors_picked=20), at)[2] == pytest.approx(1)


def test_scale_and_coordination_at_their_ends():
    assert targeting_factors(replace(STATE, reaches_scale=True), SCENARIO)[1] == 1
    assert targeting_factors(STATE, SCENARIO)[1] == pytest.approx(1 - SCENARIO.scale_share)
    assert targeting_factors(replace(STATE, sectors_picked=1), SCENARIO)[2] == pytest.approx(1.05)
    assert targeting_factors(STATE, replace(SCENARIO, coordination_gain=0.0))[2] == 1


# Deals


@given(regimes)
@few
def test_money_meets_the_same_deals_without_elasticity_and_where_none_refuses(regime):
    still = replace(SCENARIO, elasticity=0.0)
    assert regime_returns(regime, replace(still, refusal=0.0)) == DEALS
    assert regime_returns(replace(regime, state_share=0.0), still) == DEALS
    assert regime_returns(replace(regime, state_share=0.0, flow_ratio=1.0), SCENARIO) == DEALS


@given(st.integers(1, 20), st.floats(1, 10))
def test_money_is_the_same_whatever_the_number_of_sectors_it_goes_to(picked, ratio):
    regime = replace(STATE, sectors_picked=picked, flow_ratio=ratio)
    assert (sector_flow_ratio(regime, 20) - 1) * picked == pytest.approx((ratio - 1) * 20)
    assert sector_flow_ratio(replace(regime, sectors_picked=20), 20) == pytest.approx(ratio)


@given(regimes, st.floats(0, 1.5))
@few
def test_fewer_sectors_thin_the_deals_as_much_as_more_money_does(regime, elasticity):
    at = replace(SCENARIO, elasticity=elasticity)
    ratio = sector_flow_ratio(regime, 20)
    spread = replace(regime, sectors_picked=20, flow_ratio=ratio)
    assert regime_returns(regime, at).tail_share == pytest.approx(regime_returns(spread, at).tail_share)
    alone = regime_returns(replace(regime, state_share=0.0), at).tail_share
    assert alone == pytest.approx(thinned_tail_share(0.1, ratio, elasticity))


def test_refused_deals_are_replaced_by_others_in_proportion():
    # Of 1,000 deals 100 are of the best; three tenths of nine tenths of them refuse, and 973 are left.
    left = regime_returns(STATE, replace(SCENARIO, elasticity=0.0))
    assert left.tail_share == pytest.approx(73 / 973)
    assert left.loss_share == pytest.approx(650 / 973)


# Value


@pytest.mark.parametrize("deals", [DEALS, replace(DEALS, tail_index=2.0, cap=math.inf), replace(DEALS, loss_share=0.0)])
def test_multiples_and_flows_have_one_mean(deals):
    regime = replace(PRIVATE, horizon=300.0, investment_years=5.0)
    flows = regime_flows(regime, replace(FREE, returns=deals, growth=0.2))
    assert flows.invested.sum() == pytest.approx(1)
    assert flows.proceeds.sum() == pytest.approx(deals.mean(), rel=1e-8)
    assert net_multiple(flows) == pytest.approx(deals.mean(), rel=1e-8)


@given(st.floats(1, 3), st.floats(0, 0.5), shares, st.floats(0, 0.5))
@few
def test_the_one_mean_is_that_of_the_thinned_deals(ratio, elasticity, refusal, state):
    regime = replace(PRIVATE, horizon=300.0, flow_ratio=ratio, state_share=state)
    at = replace(FREE, growth=0.2, elasticity=elasticity, refusal=refusal, soft_budget=0.0)
    left = regime_returns(regime, at)
    assert regime_flows(regime, at).proceeds.sum() == pytest.approx(left.mean(), rel=1e-8)


def test_where_the_best_deals_nearly_vanish_flows_still_have_the_mean_of_the_deals_and_the_outcome_says_so():
    regime = replace(PRIVATE, horizon=300.0, flow_ratio=100.0)
    at = replace(FREE, growth=0.2, elasticity=0.5)
    left = regime_returns(regime, at)
    assert left.tail_share == pytest.approx(0.01)
    assert regime_flows(regime, at).proceeds.sum() == pytest.approx(left.mean(), rel=1e-6)
    assert evaluate(replace(regime, horizon=20.0), at).flags == (BELOW_COST,)
    assert evaluate(PRIVATE, SCENARIO).flags == ()


@given(regimes, scenarios, st.floats(0.3, 1), st.floats(0, 0.5))
@few
def test_the_outcome_has_the_parts_that_its_functions_give(regime, scenario, sale, soft):
    scenario = replace(scenario, forced_sale=sale, soft_budget=soft)
    found = evaluate(regime, scenario)
    assert (found.regime, found.scenario) == (regime, scenario)
    assert found.tail_share == regime_returns(regime, scenario).tail_share
    assert found.screening == screening_factor(regime, scenario)
    assert (found.picking, found.scale, found.coordination) == targeting_factors(regime, scenario)
    assert found.value == regime_value(regime, scenario)
    assert found.net_multiple == net_multiple(regime_flows(regime, scenario))
    if found.internal_rate >= 0:
        at = replace(scenario, discount_rate=found.internal_rate)
        assert regime_value(regime, at) == pytest.approx(0, abs=1e-8)
    assert regime_value(regime, replace(scenario, discount_rate=0.0)) == pytest.approx(found.net_multiple - 1)


@given(regimes, scenarios)
@few
def test_money_of_a_regime_goes_in_and_comes_out(regime, scenario):
    flows = regime_flows(regime, scenario)
    assert flows.calls.sum() == pytest.approx(1)
    used = flows.invested + flows.fees + flows.refinancing + np.diff(flows.idle, prepend=0) + flows.returned
    assert flows.calls == pytest.approx(used, abs=1e-10)
    assert flows.proceeds + flows.returned == pytest.approx(flows.distributions + flows.carry, abs=1e-10)


@given(regimes, scenarios, st.integers(1, 3000))
@few
def test_expectations_do_not_depend_on_names_tickets_shocks_or_seeds(regime, scenario, tickets):
    other = replace(regime, name="other", tickets=tickets)
    at = replace(scenario, seed=99, shock_sd=1.5)
    assert regime_value(other, at) == regime_value(regime, scenario)


@given(regimes, scenarios, shares, shares)
@few
def test_without_money_of_the_state_softness_delay_and_refusal_cost_nothing(regime, scenario, soft, refusal):
    private = replace(regime, state_share=0.0)
    other = replace(scenario, soft_budget=soft, refusal=refusal, deployment_delay=3.0)
    assert regime_value(private, other) == regime_value(private, scenario)


def test_a_fund_that_gets_back_next_to_nothing_has_no_internal_rate():
    lost = replace(SCENARIO, forced_sale=0.0, soft_budget=1.0, pick_correlation=-1.0, sector_sd=2.0, refusal=1.0)
    with pytest.raises(DomainError, match="has no internal rate"):
        evaluate(replace(STATE, state_share=1.0, sectors_picked=1, horizon=10.0), lost)


SPANS = {
    "elasticity": (0.0, 1.0),
    "refusal": (0.0, 1.0),
    "soft_budget": (0.0, 1.0),
    "fee_rate": (0.0, 0.04),
    "carry": (0.0, 1.0),
    "forced_sale": (0.0, 1.0),
    "pick_correlation": (-1.0, 1.0),
    "coordination_gain": (0.0, 1.0),
    "scale_share": (0.0, 0.9),
}
RISING = {"forced_sale", "pick_correlation", "coordination_gain"}


@pytest.mark.parametrize("name", SPANS)
@given(regimes, scenarios, shares, shares)
@settings(deadline=None, max_examples=15)
def test_costs_never_raise_the_value_and_virtues_never_lower_it(name, regime, scenario, one, other):
    low, high = SPANS[name]
    less, more = (
        regime_value(regime, replace(scenario, **{name: low + (high - low) * part})) for part in sorted((one, other))
    )
    assert (more - less) * (1 if name in RISING else -1) >= -1e-9


@pytest.mark.parametrize(("name", "low", "high"), [("flow_ratio", 1.0, 5.0), ("state_share", 0.0, 1.0)])
@given(regimes, scenarios, shares, shares)
@few
def test_more_money_and_more_of_it_from_the_state_never_raise_the_value(name, low, high, regime, scenario, one, other):
    less, more = (
        regime_value(replace(regime, **{name: low + (high - low) * part}), scenario) for part in sorted((one, other))
    )
    assert more <= less + 1e-9


@given(regimes, scenarios, st.floats(0.3, 2), st.floats(0.3, 2))
@few
def test_value_rises_with_the_payoff_and_linearly_without_carry(regime, scenario, one, other):
    low, high = sorted((one, other))
    assert regime_value(regime, scenario, high) >= regime_value(regime, scenario, low) - 1e-9
    bare = replace(scenario, carry=0.0)
    at, above, between = (regime_value(regime, bare, p) for p in (low, high, (low + high) / 2))
    assert between == pytest.approx((at + above) / 2, abs=1e-9)


@given(regimes, scenarios, st.lists(st.floats(0.3, 3), min_size=1, max_size=5))
@few
def test_many_payoffs_at_once_are_each_by_itself(regime, scenario, payoffs):
    found = regime_values(regime, scenario, payoffs)
    assert found.shape == (len(payoffs),)
    assert found == pytest.approx([regime_value(regime, scenario, payoff) for payoff in payoffs], abs=1e-12)


@given(regimes, scenarios)
@few
def test_a_payoff_that_undoes_the_factors_leaves_a_plain_fund(regime, scenario):
    factor = screening_factor(regime, scenario) * math.prod(targeting_factors(regime, scenario))
    plain = replace(regime, rule="average", screeners=3, reaches_scale=True)
    at = replace(scenario, pick_correlation=0.0, coordination_gain=0.0)
    assert regime_value(regime, scenario, 1 / factor) == pytest.approx(regime_value(plain, at), abs=1e-9)


@given(st.floats(0.01, 0.3), st.floats(1.1, 2.5), st.one_of(st.floats(50, 1000), st.just(math.inf)))
@few
def test_winners_have_the_mean_of_deals_that_do_not_lose(tail, index, cap):
    deals = replace(DEALS, tail_share=tail, tail_index=index, cap=cap)
    start, factor = winner_exits(deals)
    mean = (deals.mean() - 0.65 * 0.3) / 0.35
    assert factor * pareto_mean(index, start, cap) == pytest.approx(mean)
    assert factor == 1 or start == 1
    if factor < 1:
        with pytest.raises(DomainError, match="no start of exits"):
            start_of_winners(deals)
    else:
        assert start_of_winners(deals) == start


def test_in_a_short_slow_fund_that_sells_for_little_worse_deals_can_be_worth_more_as_they_exit_in_time():
    short = replace(PRIVATE, horizon=6.0, investment_years=4.0, flow_ratio=2.0)
    slow = replace(SCENARIO, growth=0.12, forced_sale=0.1)
    good, worse = (regime_value(short, replace(slow, elasticity=eps)) for eps in (0.0, 0.6))
    assert worse > good
    assert regime_value(short, replace(slow, forced_sale=0.8, elasticity=0.6)) < regime_value(
        short, replace(slow, forced_sale=0.8, elasticity=0.0)
    )


# Risk


def test_shock_of_a_portfolio_joins_exit_years_and_sectors():
    alone = replace(SCENARIO, sector_sd=0.0)
    assert portfolio_shock_sd(PRIVATE, alone) == pytest.approx(diversified_shock_sd(0.56, 5))
    assert portfolio_shock_sd(PRIVATE, alone, 1) == pytest.approx(0.56)
    one_sector = replace(PRIVATE, sectors_picked=1)
    assert portfolio_shock_sd(one_sector, replace(SCENARIO, shock_sd=0.0)) == pytest.approx(0.5)
    assert portfolio_shock_sd(one_sector, SCENARIO, 1) == pytest.approx(math.hypot(0.56, 0.5))
    assert portfolio_shock_sd(PRIVATE, replace(alone, shock_sd=0.0)) == 0
    assert portfolio_shock_sd(replace(PRIVATE, horizon=0.5, investment_years=0.5), alone) == pytest.approx(0.56)


@given(regimes, st.integers(1, 19))
@few
def test_more_years_and_more_sectors_never_raise_the_shock(regime, picked):
    wider = replace(regime, sectors_picked=picked + 1)
    narrow = replace(regime, sectors_picked=picked)
    assert portfolio_shock_sd(wider, SCENARIO) <= portfolio_shock_sd(narrow, SCENARIO)
    longer = replace(regime, horizon=regime.horizon + 4)
    assert portfolio_shock_sd(longer, SCENARIO) < portfolio_shock_sd(regime, SCENARIO)
