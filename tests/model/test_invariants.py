"""What holds across the blocks of the model: identities, invariances, and that nothing wrong passes silently."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import patient_capital.model as pc
from helpers.model_records import DEALS

quick = settings(deadline=None, max_examples=40)
shares = st.floats(0, 1)
costs = st.floats(0.0005, 0.05)
weights = st.floats(0, 0.3)

WINNERS = pc.Winners(growth=0.36, start=1.776, tail_index=1.312, cap=300.0)
LOSERS = pc.Losers(share=0.65, mean=0.3, fail_hazard=0.143)
TERMS = pc.FundTerms(
    horizon=10.0,
    investment_years=5.0,
    fee_rate=0.02,
    carry=0.2,
    deployment_delay=0.5,
    raised_share=0.8,
    forced_sale=0.6,
    soft_budget=0.2,
)
terms = st.builds(
    pc.FundTerms,
    horizon=st.floats(5, 25),
    investment_years=st.floats(0.5, 5),
    fee_rate=st.floats(0, 0.04),
    carry=shares,
    deployment_delay=st.floats(0, 4.5),
    raised_share=st.floats(0.1, 1),
    forced_sale=shares,
    soft_budget=shares,
)


# Money


@quick
@given(terms, st.floats(0, 1), st.floats(0, 1))
def test_what_investors_gain_is_what_firms_return_less_what_firms_and_managers_get(term, losing, mean):
    flows = pc.fund_flows(WINNERS, pc.Losers(share=losing, mean=mean, fail_hazard=0.143), term)
    to_firms = flows.invested.sum() + flows.refinancing.sum()
    to_managers = flows.fees.sum() + flows.carry.sum()
    assert flows.net.sum() == pytest.approx(flows.proceeds.sum() - to_firms - to_managers, abs=1e-10)
    assert flows.calls.sum() == pytest.approx(term.raised_share)
    # At no date has more been spent than was called.
    spent = np.cumsum(flows.invested + flows.fees + flows.refinancing)
    assert (spent <= np.cumsum(flows.calls) + 1e-10).all()
    assert np.cumsum(flows.calls) == pytest.approx(spent + flows.idle + flows.returned, abs=1e-10)


@quick
@given(terms, st.integers(2, 6))
def test_many_equal_funds_are_worth_what_one_is(term, several):
    one = pc.fund_flows(WINNERS, LOSERS, term)
    parts = pc.FundFlows(
        **{
            name: getattr(one, name) * (1 if name in {"years", "ends"} else several)
            for name in inspect.signature(pc.FundFlows).parameters
        }
    )
    assert pc.net_multiple(parts) == pytest.approx(pc.net_multiple(one))
    assert pc.value_per_yuan_paid(parts, 0.03) == pytest.approx(pc.value_per_yuan_paid(one, 0.03), abs=1e-9)


# Time


@quick
@given(
    st.floats(0.05, 0.4), st.floats(1.05, 3), st.floats(0.1, 1), st.lists(st.floats(0.5, 30), min_size=3, max_size=3)
)
def test_at_its_null_patience_is_worth_the_same_for_every_horizon(growth, index, sale, horizons):
    hazard = index * growth
    rate = pc.break_even_rate(growth, hazard, sale)
    endless = pc.Winners(growth=growth, start=1.0, tail_index=index, cap=math.inf)
    # The two modules that know the value of waiting agree, and neither moves with the horizon.
    assert pc.winner_present_value(endless, horizons, sale, rate) == pytest.approx(sale, rel=1e-9)
    assert [pc.present_value(growth, hazard, t, sale, rate) for t in horizons] == pytest.approx([sale] * 3, rel=1e-9)


# Who decides


@quick
@given(shares, shares, st.integers(1, 12))
def test_with_layers_a_hierarchy_accepts_less_of_everything_and_a_polyarchy_more(star, dud, screeners):
    for rule, sign in (("unanimity", -1), ("champion", 1)):
        fewer, more = (pc.acceptance_of(rule, k, star, dud) for k in (screeners, screeners + 1))
        assert sign * (more.stars - fewer.stars) >= -1e-12
        assert sign * (more.duds - fewer.duds) >= -1e-12


@pytest.mark.parametrize("budget", [0.02, 0.1, 0.5])
def test_at_one_budget_layers_lower_the_bar_of_a_hierarchy_and_raise_that_of_a_polyarchy(budget):
    falling, rising = (
        [pc.select(DEALS, rule, k, 0.2, budget).threshold for k in range(1, 7)] for rule in ("unanimity", "champion")
    )
    assert all(later < earlier for earlier, later in pairwise(falling))
    assert all(later > earlier for earlier, later in pairwise(rising))


# Entry


@quick
@given(st.floats(0.1, 10), st.floats(0.1, 10), costs)
def test_cube_of_two_regions_is_the_square_of_endlessly_many(size, slope, relative):
    cost = relative * size**2 / slope
    two, endless = (pc.symmetric_entry(size, slope, cost, 0.0, regions) for regions in (2, math.inf))
    assert (two + 1) ** 3 == pytest.approx((endless + 1) ** 2, rel=1e-10)
    assert (pc.optimal_firms(size, slope, cost) + 1) ** 3 == pytest.approx((two + 1) ** 3, rel=1e-10)


@quick
@given(st.lists(weights, min_size=1, max_size=8), costs)
def test_entry_and_utilisation_are_one_number_for_unequal_regions_too(levels, cost):
    planned = pc.free_entry_firms(1, 1, cost)
    came = pc.regional_entry(1, 1, cost, levels).total
    used = pc.utilisation(planned, came)
    assert pc.entry_rise(used, planned) == pytest.approx(came / planned - 1, abs=1e-9)
    assert pc.utilisation_of_entry_rise(came / planned - 1, planned) == pytest.approx(used, rel=1e-9)
    subsidy = pc.implied_entry_subsidy(came, 1, 1, cost)
    assume(subsidy >= 0)
    assert pc.utilisation_under_subsidy(subsidy) == pytest.approx(used, rel=1e-9)


@quick
@given(st.permutations(range(6)), st.lists(weights, min_size=6, max_size=6), shares)
def test_the_order_of_the_regions_changes_neither_price_nor_welfare_nor_use_nor_anyones_payoff(order, levels, home):
    cost = np.array([0.002, 0.0025, 0.003, 0.004, 0.005, 0.006])
    one = pc.regional_entry(1, 1, cost, levels)
    other = pc.regional_entry(1, 1, cost[order], np.array(levels)[order])
    assert other.total == one.total
    assert pc.home_welfare(other.total, home, 1, 1, 0.0025) == pc.home_welfare(one.total, home, 1, 1, 0.0025)
    assert pc.utilisation(19, other.total) == pc.utilisation(19, one.total)
    payoffs = pc.regional_payoff(one.firms, one.total - one.firms, 1, 1, cost, levels)
    changed = pc.regional_payoff(other.firms, other.total - other.firms, 1, 1, cost[order], np.array(levels)[order])
    assert np.array_equal(changed, payoffs[order])


# Credit


@quick
@given(shares, shares)
def test_a_blind_lender_accepts_all_or_none(pool, bearable):
    share = pc.access(pool, 0.5, bearable)
    assert share == (1 if pool <= bearable else 0)
    found = pc.screen(pool, 0.5, bearable)
    assert (found.access, found.cutoff) == (share, None)
    assert found.corner == ("high" if share else "low")
    assert found.non_performing_share == (pool if share else None)


@quick
@given(st.floats(1e-6, 1), st.floats(0, 0.2), st.floats(0, 0.1), shares)
def test_a_blind_lender_earns_what_the_pool_does_or_nothing(pool, rate, cost, recovery):
    whole = pc.expected_return(pool, rate, recovery) - cost
    assert pc.lending_profit(pool, 0.5, rate, cost, recovery) == pytest.approx(max(whole, 0), abs=1e-12)


# Nothing wrong passes silently

FUND = {"winners": WINNERS, "losers": LOSERS, "terms": TERMS}
MARKET = {"market_size": 1.0, "slope": 1.0, "entry_cost": 0.0025}
TAIL = {"tail_index": 1.312, "minimum": 5.0, "cap": 300.0}
WAITING = {"growth": 0.2, "hazard": 0.2662, "horizon": 7.0, "forced_sale": 0.6}
BINS = {"edges": [5.0, 10.0, 20.0, 50.0], "shares": [0.06, 0.025, 0.01, 0.005], "observations": 21_000.0}
POOL = {"bad_share": 0.06, "auc": 0.78, "break_even_default": 0.03}
LOAN = {"loan_rate": 0.04, "funding_cost": 0.025, "recovery": 0.2}
SECTORS = {"sectors": 20, "picked": 4}
VALID = {
    "pareto_mean": TAIL,
    "pareto_variance": TAIL,
    "pareto_survival": {"multiple": 10.0, **TAIL},
    "pareto_quantile": {"probability": 0.5, **TAIL},
    "pareto_upper_total": {"multiple": 10.0, **TAIL},
    "stopped_growth_tail_index": {"growth": 0.2, "hazard": 0.2662},
    "fit_tail": {**BINS, "minimum": 5.0, "cap": 300.0},
    "top_share": {"returns": DEALS, "fraction": 0.06},
    "common_shock": {"shock_sd": 0.56, "normal": 1.0},
    "diversified_shock_sd": {"shock_sd": 0.56, "exit_years": 5.0, "correlation": 0.1},
    "simulate_totals": {"returns": DEALS, "deals": 20, "seed": 1, "levels": [1.0, 2.0]},
    "simulate_portfolios": {"returns": DEALS, "portfolio_deals": 3, "portfolios": 5, "seed": 1, "shock_sd": 0.56},
    "net_present_value": {"flows": [-1.0, 1.1], "rate": 0.03, "periods_per_year": 1.0},
    "present_value": {**WAITING, "rate": 0.03},
    "internal_rate": WAITING,
    "rolled_over_value": {**WAITING, "years": 20.0},
    "winner_mean": {"mean": 2.2, "loss_share": 0.65, "low_mean": 0.3},
    "winner_start": {"mean": 5.8, "tail_index": 1.312, "cap": 300.0},
    "winner_present_value": {"winners": WINNERS, "horizon": 10.0, "forced_sale": 0.6, "rate": 0.03},
    "loser_present_value": {"losers": LOSERS, "horizon": 10.0, "forced_sale": 0.6, "rate": 0.03, "soft_budget": 0.2},
    "mean_holding_years": {"growth": 0.36, "start": 1.8, "tail_index": 1.312, "cap": 300.0},
    "fund_value": {**FUND, "rate": 0.03},
    "value_per_yuan_paid": {"flows": pc.fund_flows(**FUND), "rate": 0.03},
    "delay_from_idle_share": {"idle_share": 0.3, "years": 3.0},
    "no_loss_probability": {"loss_share": 0.65, "deals": 10.0},
    "ceiling_chances": {"returns": DEALS, "deals": 10, "ceilings": 0.5, "shock_sd": 0.56},
    "unanimity_probability": {"pass_probability": 0.3, "screeners": 3},
    "champion_probability": {"pass_probability": 0.3, "screeners": 3},
    "majority_probability": {"pass_probability": 0.3, "screeners": 3},
    "net_value": {"star_share": 0.1, "star_value": 5.0, "dud_loss": 1.0, "accepted": pc.Acceptance(0.3, 0.1)},
    "select": {
        "returns": DEALS,
        "rule": "average",
        "screeners": 3,
        "correlation": 0.2,
        "budget": 0.1,
        "error_correlation": 0.1,
    },
    "picking_gain": {**SECTORS, "correlation": 0.2, "sector_sd": 0.5},
    "sector_risk_sd": {**SECTORS, "directed_share": 0.5, "sector_sd": 0.5},
    "scale_factor": {"ticket": 2.0, "threshold": 1.0, "scale_share": 0.1, "follow_on": 0.5, "threshold_log_sd": 0.5},
    "coordination_factor": {**SECTORS, "directed_share": 0.5, "complementarity": 0.1},
    "state_outcome": {"state_share": 0.5, "crowd_in": 0.9, "refusal": 0.3},
    "best_state_share": {"crowd_in": 0.905, "refusal": 0.5},
    "thinned_tail_share": {"tail_share": 0.1, "flow_ratio": 2.0, "elasticity": 0.25},
    "break_even_elasticity": {"returns": DEALS, "required_mean": 2.0, "flow_ratio": 2.0, "high": 0.5},
    "free_entry_firms": {**MARKET, "subsidy_share": 0.5},
    "optimal_firms": MARKET,
    "cartel_firms": MARKET,
    "symmetric_entry": {**MARKET, "output_weight": 0.05, "regions": 31.0},
    "regional_entry": {**MARKET, "output_weight": [0.05, 0.02]},
    "utilisation": {"planned_firms": 19.0, "firms": 39.0},
    "utilisation_under_subsidy": {"subsidy_share": 0.5, "normal": 0.78},
    "entry_rise": {"utilisation": 0.5, "planned_firms": 19.0},
    "home_welfare": {"firms": 20.0, "home_share": 0.5, **MARKET},
    "break_even_home_share": {"output_weight": 0.05, **MARKET},
    "wright_cost": {"cumulative": 10.0, "reference": 1.0, "reference_cost": 1.0, "learning_rate": 0.2},
    "break_even_default": LOAN,
    "break_even_loan_rate": {"default": 0.03, "funding_cost": 0.025, "recovery": 0.4},
    "guaranteed_recovery": {"recovery": 0.2, "guarantee_share": 0.5},
    "access": POOL,
    "screen": POOL,
    "cutoff_signal": POOL,
    "lending_profit": {"bad_share": 0.06, "auc": 0.78, **LOAN},
    "pool_default": {"loan_rate": 0.05, "base_rate": 0.04, "base_default": 0.03, "slope": 20.0},
    "simulated_mean": {"values": [1.0, 2.0]},
    "chance_of_beating": {"one": np.ones(3), "other": np.ones(3)},
    "first_sign_change": {"gain": lambda x: x - 0.4, "low": 0.0, "high": 1.0, "tolerance": 0.0},
}
"""A valid call of functions of every block."""

NUMBERS = [
    (name, parameter)
    for name, arguments in VALID.items()
    for parameter, value in arguments.items()
    if isinstance(value, int | float | list | np.ndarray)
]


@pytest.mark.parametrize("name", VALID)
def test_a_valid_call_gives_finite_numbers(name):
    found = getattr(pc, name)(**VALID[name])
    if isinstance(found, int | float | np.ndarray):
        assert np.isfinite(found).all()
    else:
        numbers = [v for v in map(found.__getattribute__, found.__slots__) if isinstance(v, float)]
        assert numbers
        assert np.isfinite(numbers).all()


@pytest.mark.parametrize(("name", "parameter"), NUMBERS, ids="-".join)
def test_what_is_not_a_number_is_never_passed_on(name, parameter):
    value = VALID[name][parameter]
    # In a sequence one bad number is enough.
    wrong = math.nan if isinstance(value, int | float) else np.array([*value[:-1], math.nan])
    with pytest.raises(pc.DomainError, match=rf"^{parameter} = .*nan.*: ") as caught:
        getattr(pc, name)(**(VALID[name] | {parameter: wrong}))
    assert caught.value.parameter == parameter
    assert caught.value.rule


LOSS_SHARES = {
    "no_loss_probability": lambda p: pc.no_loss_probability(p, 10),
    "project_rule_probability": lambda p: pc.project_rule_probability(p, 10),
    "winner_mean": lambda p: pc.winner_mean(2.2, p, 0.3),
    "DealReturns": lambda p: replace(DEALS, loss_share=p),
}
ENDLESS = {
    "pareto_mean": lambda a: pc.pareto_mean(a, 5.0, math.inf),
    "pareto_upper_total": lambda a: pc.pareto_upper_total(10.0, a, 5.0, math.inf),
    "winner_start": lambda a: pc.winner_start(5.8, a, math.inf),
    "DealReturns": lambda a: replace(DEALS, tail_index=a, cap=math.inf),
}
SIGNALS = {
    "signal_separation": pc.signal_separation,
    "cutoff_signal": lambda auc: pc.cutoff_signal(0.06, auc, 0.03),
    "access": lambda auc: pc.access(0.06, auc, 0.03),
    "non_performing_share": lambda auc: pc.non_performing_share(0.06, auc, 0.03),
    "screen": lambda auc: pc.screen(0.06, auc, 0.03),
    "lending_profit": lambda auc: pc.lending_profit(0.06, auc, 0.04, 0.025, 0.2),
    "marginal_default": lambda auc: pc.marginal_default(0.4, 0.06, auc),
}


@pytest.mark.parametrize(
    ("call", "parameter", "value", "rule"),
    [
        *(
            (call, "tail_index", a, r"without a cap .* needs an index above")
            for call in ENDLESS.values()
            for a in (1.0, 0.7)
        ),
        *((call, "auc", auc, r"one half|blind") for call in SIGNALS.values() for auc in (0.49, 0.0, 1.1)),
        *(
            (call, "loss_share", p, "a share lies between 0 and 1")
            for call in LOSS_SHARES.values()
            for p in (-0.1, 1.1)
        ),
    ],
)
def test_errors_name_parameter_value_and_rule(call, parameter, value, rule):
    with pytest.raises(pc.DomainError, match=rf"^{parameter} = {value}: .*({rule})") as caught:
        call(value)
    assert (caught.value.parameter, caught.value.value) == (parameter, value)
    assert isinstance(caught.value, ValueError)
