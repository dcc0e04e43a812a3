"""What holds across the blocks of the model: identities, invariances, and that nothing wrong passes silently."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patient_capital.model as pc
from helpers.model_records import DEALS, LOSERS, PATIENT, SCENARIO, TERMS, WINNERS
from patient_capital.listings.model.literature import public_objects
from patient_capital.model.returns import table_of_deals

OBJECTS = public_objects()
quick = settings(deadline=None, max_examples=40)
shares = st.floats(0, 1)
costs = st.floats(0.0005, 0.05)
weights = st.floats(0, 0.3)

terms = st.builds(
    pc.fund.FundTerms,
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
    flows = pc.fund.fund_flows(WINNERS, pc.fund.Losers(share=losing, mean=mean, fail_hazard=0.143), term)
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
    one = pc.fund.fund_flows(WINNERS, LOSERS, term)
    parts = pc.fund.FundFlows(
        **{
            name: getattr(one, name) * (1 if name in {"years", "ends"} else several)
            for name in inspect.signature(pc.fund.FundFlows).parameters
        }
    )
    assert pc.fund.net_multiple(parts) == pytest.approx(pc.fund.net_multiple(one))
    assert pc.fund.value_per_yuan_paid(parts, 0.03) == pytest.approx(pc.fund.value_per_yuan_paid(one, 0.03), abs=1e-9)


# Who decides


@pytest.mark.parametrize("budget", [0.02, 0.1, 0.5])
def test_at_one_budget_layers_lower_the_bar_of_a_hierarchy_and_raise_that_of_a_polyarchy(budget):
    falling, rising = (
        [pc.selection.select(DEALS, rule, k, 0.2, budget).threshold for k in range(1, 7)]
        for rule in ("unanimity", "champion")
    )
    assert all(later < earlier for earlier, later in pairwise(falling))
    assert all(later > earlier for earlier, later in pairwise(rising))


# Entry


@quick
@given(st.floats(0.1, 10), st.floats(0.1, 10), costs)
def test_cube_of_two_regions_is_the_square_of_endlessly_many(size, slope, relative):
    cost = relative * size**2 / slope
    two, endless = (pc.overcapacity.symmetric_entry(size, slope, cost, 0.0, regions) for regions in (2, math.inf))
    assert (two + 1) ** 3 == pytest.approx((endless + 1) ** 2, rel=1e-10)
    assert (pc.overcapacity.optimal_firms(size, slope, cost) + 1) ** 3 == pytest.approx((two + 1) ** 3, rel=1e-10)


# Credit


@quick
@given(shares, shares)
def test_a_blind_lender_accepts_all_or_none(pool, bearable):
    share = pc.credit.access(pool, 0.5, bearable)
    assert share == (1 if pool <= bearable else 0)
    found = pc.credit.screen(pool, 0.5, bearable)
    assert (found.access, found.cutoff) == (share, None)
    assert found.corner == ("high" if share else "low")
    assert found.non_performing_share == (pool if share else None)


# Nothing wrong passes silently

FUND = {"winners": WINNERS, "losers": LOSERS, "terms": TERMS}
MARKET = {"market_size": 1.0, "slope": 1.0, "entry_cost": 0.0025}
TAIL = {"tail_index": 1.312, "minimum": 5.0, "cap": 300.0}
WAITING = {"growth": 0.2, "hazard": 0.2662, "horizon": 7.0, "forced_sale": 0.6}
BINS = {"edges": [5.0, 10.0, 20.0, 50.0], "shares": [0.06, 0.025, 0.01, 0.005], "observations": 21_000.0}
POOL = {"bad_share": 0.06, "auc": 0.78, "break_even_default": 0.03}
LOAN = {"loan_rate": 0.04, "funding_cost": 0.025, "recovery": 0.2}
SECTORS = {"sectors": 20, "picked": 4}
SCREENERS = {"rule": "average", "screeners": 3, "correlation": 0.2, "budget": 0.1}
EXITS = {"start": 1.8, "tail_index": 1.312, "cap": 300.0}
LEFT = {**EXITS, "winner_share": 0.4, "youngest": 5.0, "oldest": 11.0}
LEARNING = {
    "choke_price": 1.0,
    "slope": 1.0,
    "initial_cost": 0.5,
    "initial_experience": 1.0,
    "learning_rate": 0.2,
    "spillover": 0.5,
    "discount_rate": 0.03,
}
PATH = pc.overcapacity.learning_path(firms=5.0, periods=4, **LEARNING)
VALID = {
    "pareto_mean": TAIL,
    "pareto_survival": {"multiple": 10.0, **TAIL},
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
    "winner_mean": {"mean": 2.2, "loss_share": 0.65, "low_mean": 0.3},
    "winner_start": {"mean": 5.8, "tail_index": 1.312, "cap": 300.0},
    "mean_holding_years": {"growth": 0.36, **EXITS},
    "value_per_yuan_paid": {"flows": pc.fund.fund_flows(**FUND), "rate": 0.03},
    "delay_from_idle_share": {"idle_share": 0.3, "years": 3.0},
    "no_loss_probability": {"loss_share": 0.65, "deals": 10.0},
    "ceiling_chances": {"returns": DEALS, "deals": 10, "ceilings": 0.5, "shock_sd": 0.56},
    "unanimity_probability": {"pass_probability": 0.3, "screeners": 3},
    "champion_probability": {"pass_probability": 0.3, "screeners": 3},
    "majority_probability": {"pass_probability": 0.3, "screeners": 3},
    "winner_starts": {"mean": 3.0, "tail_index": 1.3, "cap": 300.0},
    "implied_flow_elasticity": {
        "tail_share": 0.1,
        "flow_ratio": 2.0,
        "correlation": 0.2,
        "budget": 0.1,
        "screeners": 3,
    },
    "select": {"returns": DEALS, **SCREENERS, "error_correlation": 0.1},
    "picking_gain": {**SECTORS, "correlation": 0.2, "sector_sd": 0.5},
    "sector_risk_sd": {**SECTORS, "directed_share": 0.5, "sector_sd": 0.5},
    "scale_factor": {"ticket": 2.0, "threshold": 1.0, "scale_share": 0.1, "follow_on": 0.5, "threshold_log_sd": 0.5},
    "coordination_factor": {**SECTORS, "directed_share": 0.5, "complementarity": 0.1},
    "state_outcome": {"state_share": 0.5, "crowd_in": 0.9, "refusal": 0.3},
    "best_state_share": {"crowd_in": 0.905, "refusal": 0.5},
    "thinned_tail_share": {"tail_share": 0.1, "flow_ratio": 2.0, "elasticity": 0.25},
    "free_entry_firms": {**MARKET, "subsidy_share": 0.5},
    "optimal_firms": MARKET,
    "cartel_firms": MARKET,
    "symmetric_entry": {**MARKET, "output_weight": 0.05, "regions": 31.0},
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
    "power_moment": {"order": 1.0, "index": 1.3, "low": 5.0, "high": 300.0},
    "stopped_growth_survival": {"multiple": 5.0, "growth": 0.2, "hazard": 0.27, "start": 1.0},
    "bin_shares": {"returns": DEALS, "edges": [0.0, 1.0, 5.0]},
    "bins_from": {"edges": BINS["edges"], "shares": BINS["shares"], "minimum": 5.0},
    "best_index": {"edges": np.array(BINS["edges"]), "deals": np.array([1260.0, 525.0, 210.0, 105.0]), "cap": 300.0},
    "fit_tail_and_cap": {**BINS, "minimum": 5.0, "level": 0.95},
    "design_effect": {"rounds_per_company": 2.0, "correlation": 0.5},
    "rounded_standard_error": {**BINS, "minimum": 5.0, "units": 0.005, "cap": 300.0, "inflation": 1.5, "nodes": 2},
    "fit_lognormal": {"edges": [0.0, 1.0, 5.0, 10.0], "shares": [0.65, 0.25, 0.06, 0.04], "observations": 21_000.0},
    "implied_holding_years": {"log_sd": 1.7, "annual_log_sd": 0.8},
    "simulate_shocks": {"shock_sd": 0.5, "portfolios": 5, "seed": 1},
    "table_of_deals": {"multiples": [0.0, 2.0, 9.0], "weights": [1.0, 1.0, 2.0], "tail_start": 5.0},
    "effective_rate": {"rate": 0.05},
    "internal_rate_of_flows": {"flows": [-1.0, 1.1], "periods_per_year": 1.0, "low": -0.5, "high": 1.0},
    "growth_from_holding_years": {"years": 5.0, **EXITS},
    "share_left": {"growth": 0.3, **LEFT},
    "growth_from_share_left": {"left_share": 0.24, **LEFT},
    "growth_from_proceeds_weighted_years": {"years": 5.0, **EXITS},
    "growth_of_table": {"deals": table_of_deals([0.0, 2.0, 9.0]), "years": 5.0},
    "expected_multiple": WAITING,
    "project_rule_probability": {"loss_share": 0.65, "deals": 10.0},
    "k_of_n_probability": {"pass_probability": 0.3, "screeners": 3, "quota": 2},
    "caught_share": {
        "returns": DEALS,
        "selection": pc.selection.select(DEALS, "average", 3, 0.2, 0.1),
        "multiple": 5.0,
    },
    "star_caught_share": {**SCREENERS, "visibility": 0.5, "strength": 2.0, "star_share": 0.01},
    "break_even_visibility": {**SCREENERS, "strength": 2.0, "star_share": 0.01, "low": 0.0, "high": 1.0},
    "sector_concentration": {**SECTORS, "directed_share": 0.5},
    "refused_tail_share": {"state_share": 0.5, "refusal": 0.3},
    "exit_gap": {"state_share": 0.5, "refusal": 0.3, "tail_share": 0.1, "tail_exits": 0.5},
    "with_tail_share": {"returns": DEALS, "tail_share": 0.08, "to": "in_proportion"},
    "thinned_returns": {"returns": DEALS, "flow_ratio": 2.0, "elasticity": 0.25},
    "relative_entry_cost": MARKET,
    "cubic_root": {"linear": 1.0, "constant": 1.0},
    "firm_output": {"firms": 20.0, "market_size": 1.0, "slope": 1.0},
    "firm_profit": {"firms": 20.0, "market_size": 1.0, "slope": 1.0},
    "implied_entry_subsidy": {"firms": 25.0, **MARKET},
    "business_stealing_share": {"firms": 20.0},
    "regional_payoff": {"firms": 2.0, "others": 10.0, **MARKET, "output_weight": 0.05},
    "subsidy_for_utilisation": {"utilisation": 0.5, "normal": 0.78},
    "utilisation_of_entry_rise": {"entry_rise": 1.0, "planned_firms": 19.0},
    "producer_surplus": {"firms": 20.0, **MARKET},
    "consumer_surplus": {"firms": 20.0, "market_size": 1.0, "slope": 1.0},
    "relative_welfare": {"firms": 20.0, "home_share": 0.5, **MARKET},
    "home_share_break_even": {"producer_gap": 0.1, "consumer_gap": -0.2},
    "return_per_subsidy": {"subsidy_share": 0.5, "home_share": 0.5, **MARKET, "learning_gain": 0.0},
    "learning_exponent": {"learning_rate": 0.2},
    "experience": {"own": 1.0, "total": 10.0, "spillover": 0.5},
    "learning_path": {"firms": 5.0, "periods": 4, **LEARNING},
    "discounted_welfare": {"path": PATH, "home_share": 0.5, "entry_cost": 0.0025},
    "learning_gain": {"path": PATH, "fewer": PATH, "home_share": 0.5},
    "break_even_home_share_with_learning": {"output_weight": 0.05, "entry_cost": 0.0025, **LEARNING, "periods": 3},
    "expected_return": {"default": 0.03, "loan_rate": 0.04, "recovery": 0.2},
    "signal_separation": {"auc": 0.78},
    "non_performing_share": POOL,
    "auc_for_access": {"access_share": 0.4, "bad_share": 0.06, "break_even_default": 0.03},
    "bad_share_for_access": {"access_share": 0.4, "auc": 0.78, "break_even_default": 0.03, "low": 0.01, "high": 0.5},
    "counted_share": {"found": 3, "draws": 10},
    "share_below": {"values": [1.0, 2.0], "level": 1.5},
    "share_at_least": {"values": [1.0, 2.0], "level": 1.5},
    "tabulated": {"returns": DEALS, "tail_start": 5.0},
    "simulated_quantile": {"values": np.linspace(0.0, 1.0, 20), "probability": 0.5},
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


def kinds(name):
    return inspect.get_annotations(OBJECTS[name])


def numbers_of(found):
    """Return every number of a result; a cap that may be infinite is no number but says that there is none."""
    if isinstance(found, int | float | np.ndarray):
        return np.ravel(found)
    if hasattr(found, "mean") and callable(found.mean):
        return np.array([found.mean()])
    parts = found if isinstance(found, tuple) else [getattr(found, n) for n in found.__slots__ if "cap" not in n]
    flat = [one for part in parts for one in (part if isinstance(part, tuple) else [part])]
    flat = [one.value if isinstance(one, pc.common.Estimate) else one for one in flat]
    return np.concatenate([np.ravel(one) for one in flat if isinstance(one, float | np.ndarray)] or [np.zeros(0)])


def test_every_formula_has_a_valid_call_here():
    """The regimes have their own tests, as have searches and parallel work, which take functions."""
    functions = [name for name in OBJECTS if inspect.isfunction(OBJECTS[name])]
    formulas = {name for name in functions if {"ArrayLike", "float"} & set(kinds(name).values())}
    of_regimes = {name for name in formulas if OBJECTS[name].__module__.startswith("patient_capital.model.regimes")}
    others = {"sobol_indices", "entered", "span_over", "funded_pool"}
    assert formulas - of_regimes - others <= set(VALID)


@pytest.mark.parametrize("name", VALID)
def test_a_valid_call_gives_finite_numbers(name):
    found = OBJECTS[name](**VALID[name])
    assert np.isfinite(numbers_of(found)).all()
    assert type(found) is float or np.ndim(found) or not isinstance(found, np.generic | np.ndarray), "one is a float"


@pytest.mark.parametrize("name", VALID)
def test_how_a_reader_lets_numpy_tell_of_small_numbers_changes_no_formula(name):
    with np.errstate(all="raise"):
        OBJECTS[name](**VALID[name])


@pytest.mark.parametrize("record", [TERMS, PATIENT], ids=lambda record: type(record).__name__)
def test_how_a_reader_lets_numpy_tell_of_small_numbers_changes_no_check_of_a_record(record):
    with np.errstate(all="raise"):
        assert replace(record) == record


ARRAYS = {
    name: [p for p, kind in kinds(name).items() if kind == "ArrayLike" and isinstance(VALID[name].get(p), float)]
    for name in VALID
}
"""The promise of the page: parameters that take a number or an array."""
ARRAYS["rounded_standard_error"] = []  # a unit for each share
WHOLE = {"deals", "regions"}


@pytest.mark.parametrize("name", [name for name, parameters in ARRAYS.items() if parameters])
def test_what_takes_arrays_gives_what_single_numbers_give(name):
    function, valid = OBJECTS[name], VALID[name]

    def at(**changed):
        found = function(**(valid | changed))
        return found if isinstance(found, float | np.ndarray) else numbers_of(found)

    for parameter in ARRAYS[name]:
        several = valid[parameter] * np.array([1.0, 0.99, 1.0])
        if parameter in WHOLE:
            several = valid[parameter] + np.array([0.0, 1.0, 0.0])
        found = np.asarray(at(**{parameter: several}))
        singles = [np.asarray(at(**{parameter: float(one)})) for one in several]
        if isinstance(function(**valid), float | np.ndarray):
            # Some give several numbers for each: the axes of the case come first or, for flows, last.
            assert found.shape == (3, *singles[0].shape)
            assert found == pytest.approx(
                np.stack(singles), rel=1e-7 if name == "ceiling_chances" else 1e-12, abs=1e-14
            )
    together = {p: np.full((2, 1) if n % 2 else (3,), valid[p]) for n, p in enumerate(ARRAYS[name])}
    if isinstance(function(**valid), float):
        expected = np.broadcast_shapes(*(v.shape for v in together.values()))
        assert np.asarray(at(**together)) == pytest.approx(np.full(expected, function(**valid)), rel=1e-12)
    if len(together) > 1 and isinstance(function(**valid), float):
        wrong = {p: np.full(2 if n else 3, valid[p]) for n, p in enumerate(together)}
        with pytest.raises(pc.common.DomainError, match=r"shapes = .*do not broadcast"):
            at(**wrong)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(name, p) for name in VALID for p, kind in kinds(name).items() if kind == "float" and p in VALID[name]],
    ids="-".join,
)
@pytest.mark.parametrize(
    "wrong", [np.array([0.5, 0.5]), "a half", [[1.0], [1.0, 2.0]]], ids=["array", "text", "ragged"]
)
def test_what_takes_one_number_says_so(name, parameter, wrong):
    with pytest.raises(pc.common.DomainError, match=f"^{parameter} = .*: (takes one number|must be|rows of)"):
        OBJECTS[name](**(VALID[name] | {parameter: wrong}))


LISTS = [
    (name, p)
    for name in VALID
    for p, kind in kinds(name).items()
    if kind in {"ArrayLike", "Floats"} and p in VALID[name] and not isinstance(VALID[name][p], float)
]


@pytest.mark.parametrize(("name", "parameter"), LISTS)
@pytest.mark.parametrize("wrong", [[], [[]], 2.0, "a half", [0.5, "x"], [[1.0], [1.0, 2.0]]], ids=repr)
def test_what_takes_a_list_says_what_it_cannot_take(name, parameter, wrong):
    """Nothing but an answer, or an error in words: no list at all, one number, a text, rows of unequal length."""
    try:
        found = OBJECTS[name](**(VALID[name] | {parameter: wrong}))
    except pc.common.DomainError:
        return
    assert np.isfinite(numbers_of(found)).all()


@pytest.mark.parametrize(("name", "parameter"), LISTS)
def test_a_list_of_python_serves_as_an_array(name, parameter):
    listed = OBJECTS[name](**(VALID[name] | {parameter: np.asarray(VALID[name][parameter]).tolist()}))
    array = OBJECTS[name](**(VALID[name] | {parameter: np.asarray(VALID[name][parameter])}))
    assert np.array_equal(numbers_of(listed), numbers_of(array))


RECORDS = [
    (name, parameter)
    for name, found in OBJECTS.items()
    if inspect.isfunction(found)
    for parameter, kind in kinds(name).items()
    if kind.split(" | ")[0]
    in {"Returns", "DealReturns", "Regime", "Scenario", "Winners", "Losers", "FundTerms", "ScenarioDraws"}
    and parameter != "return"
]


@pytest.mark.parametrize(("name", "parameter"), RECORDS)
@pytest.mark.parametrize("wrong", [object(), 2.0, None, "national", [1.0, 2.0]], ids=lambda wrong: type(wrong).__name__)
def test_what_takes_a_record_names_its_type(name, parameter, wrong):
    with pytest.raises(pc.common.DomainError, match=rf"^{parameter} = of type {type(wrong).__name__}: must be of type"):
        OBJECTS[name](**(VALID.get(name, {}) | {parameter: wrong}))


@pytest.mark.parametrize("wrong", [object(), 2.0, [1.0]], ids=lambda wrong: type(wrong).__name__)
def test_a_scenario_takes_only_what_has_the_functions_of_returns(wrong):
    with pytest.raises(pc.DomainError, match=r"^returns = of type \w+: must be of type Returns"):
        replace(SCENARIO, returns=wrong)


EXTREMES = [0.0, 5e-324, 1e-300, 1e-150, 1e-12, 0.5, 1.0, 2.0, 1e3, 1e12, 1e150, 1e300, 1.7e308, math.inf]
WITHOUT_DRAWS = [name for name in VALID if not name.startswith("simulate_")]


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("name", WITHOUT_DRAWS)
@settings(deadline=60_000, max_examples=60, derandomize=True)
@given(data=st.data())
def test_at_any_size_a_formula_gives_finite_numbers_or_an_error_in_words(name, data):
    """Nothing infinite or undefined is returned, and nothing runs on: a break-even that is not there has a name."""
    numeric = [p for p, value in VALID[name].items() if isinstance(value, float)]
    if not numeric:
        return
    changed = data.draw(
        st.dictionaries(st.sampled_from(numeric), st.sampled_from([*EXTREMES, *(-x for x in EXTREMES)]))
    )
    try:
        found = OBJECTS[name](**(VALID[name] | changed))
    except pc.common.DomainError:
        return
    assert np.isfinite(numbers_of(found)).all()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("returns", [DEALS, table_of_deals([0.0, 0.5, 2.0, 9.0])], ids=["mixture", "table"])
@settings(deadline=60_000, max_examples=150, derandomize=True)
@given(data=st.data())
def test_at_any_size_a_regime_has_a_finite_outcome_or_an_error_in_words(returns, data):
    scenario = replace(SCENARIO, returns=returns)
    try:
        one, at = (
            replace(record, **data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from(EXTREMES), max_size=2)))
            for record, names in (
                (record, [name for name, kind in inspect.get_annotations(type(record)).items() if kind == "float"])
                for record in (PATIENT, scenario)
            )
        )
        found = pc.evaluate(one, at)
    except pc.DomainError:
        return
    assert np.isfinite(numbers_of(found)).all()


@pytest.mark.parametrize(("name", "parameter"), NUMBERS, ids="-".join)
def test_what_is_not_a_number_is_never_passed_on(name, parameter):
    value = VALID[name][parameter]
    # In a sequence one bad number is enough.
    wrong = math.nan if isinstance(value, int | float) else np.array([*value[:-1], math.nan])
    with pytest.raises(pc.common.DomainError, match=rf"^{parameter} = .*nan.*: ") as caught:
        OBJECTS[name](**(VALID[name] | {parameter: wrong}))
    assert caught.value.parameter == parameter
    assert caught.value.rule


LOSS_SHARES = {
    "no_loss_probability": lambda p: pc.fund.no_loss_probability(p, 10),
    "project_rule_probability": lambda p: pc.fund.project_rule_probability(p, 10),
    "winner_mean": lambda p: pc.fund.winner_mean(2.2, p, 0.3),
    "DealReturns": lambda p: replace(DEALS, loss_share=p),
}
ENDLESS = {
    "pareto_mean": lambda a: pc.returns.pareto_mean(a, 5.0, math.inf),
    "winner_start": lambda a: pc.fund.winner_start(5.8, a, math.inf),
    "DealReturns": lambda a: replace(DEALS, tail_index=a, cap=math.inf),
}
SIGNALS = {
    "signal_separation": pc.credit.signal_separation,
    "cutoff_signal": lambda auc: pc.credit.cutoff_signal(0.06, auc, 0.03),
    "access": lambda auc: pc.credit.access(0.06, auc, 0.03),
    "non_performing_share": lambda auc: pc.credit.non_performing_share(0.06, auc, 0.03),
    "screen": lambda auc: pc.credit.screen(0.06, auc, 0.03),
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
    with pytest.raises(pc.common.DomainError, match=rf"^{parameter} = {value}: .*({rule})") as caught:
        call(value)
    assert (caught.value.parameter, caught.value.value) == (parameter, value)
    assert isinstance(caught.value, ValueError)
