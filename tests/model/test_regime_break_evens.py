"""Break-evens between regimes: roots, the side of each, and what they do not depend on."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.model_records import PATIENT, PRIVATE, SCENARIO
from patient_capital.model.common.checks import BreakEven, DomainError
from patient_capital.model.regimes.evaluation import regime_value
from patient_capital.model.regimes.regime_break_evens import (
    ELASTICITIES,
    SKILLS,
    break_even_flow,
    break_even_forced_sale_of,
    break_even_skill,
    break_even_soft_budget_of,
    skill_gain,
)

few = settings(deadline=None, max_examples=10)

DIRECTED = replace(
    PRIVATE, name="directed", tickets=67, rule="unanimity", sectors_picked=4, state_share=1.0, flow_ratio=1.15
)
# The two of a pair differ in one thing only, so that the sign on each side is known.
LONG = replace(PATIENT, name="long", state_share=0.0)
SHORT = replace(LONG, name="short", horizon=10.0, investment_years=5.0, reaches_scale=True)
STEP = 0.01


def value(regime, **changes):
    return regime_value(regime, replace(SCENARIO, **changes))


# Picking skill


@given(st.floats(0.2, 0.8), st.floats(0, 0.4), st.integers(2, 8))
@few
def test_at_the_break_even_skill_both_are_worth_the_same_and_above_it_the_directed_one_more(sd, elasticity, picked):
    at = replace(SCENARIO, sector_sd=sd, elasticity=elasticity)
    directed = replace(DIRECTED, sectors_picked=picked)
    found = break_even_skill(PATIENT, directed, at)
    assert (found.low, found.high) == SKILLS
    if found.at is None:
        expected = 1 if found.side == "gain" else -1
        assert all(expected * skill_gain(PATIENT, directed, at, skill) >= 0 for skill in SKILLS)
        return
    assert found.side == "crosses"
    assert skill_gain(PATIENT, directed, at, found.at) == pytest.approx(0, abs=1e-9)
    assert skill_gain(PATIENT, directed, at, found.at - STEP) > 0 > skill_gain(PATIENT, directed, at, found.at + STEP)


def test_a_break_even_skill_lies_inside_at_usual_numbers_and_does_not_use_the_skill_of_the_scenario():
    found = break_even_skill(PATIENT, DIRECTED, SCENARIO)
    assert found.side == "crosses"
    assert break_even_skill(PATIENT, DIRECTED, replace(SCENARIO, pick_correlation=-0.5)) == found


def test_of_a_span_on_one_side_of_the_break_even_the_side_is_told():
    at = break_even_skill(PATIENT, DIRECTED, SCENARIO).at
    assert break_even_skill(PATIENT, DIRECTED, SCENARIO, -0.6, at - STEP) == BreakEven(None, "gain", -0.6, at - STEP)
    assert break_even_skill(PATIENT, DIRECTED, SCENARIO, at + STEP, 0.9) == BreakEven(None, "loss", at + STEP, 0.9)


@given(st.floats(-1, 1))
@few
def test_exchanging_the_two_regimes_turns_the_gain_round(skill):
    gain = skill_gain(PATIENT, DIRECTED, SCENARIO, skill)
    assert skill_gain(DIRECTED, PATIENT, SCENARIO, skill) == pytest.approx(-gain, abs=1e-12)
    assert gain == value(PATIENT, pick_correlation=skill) - value(DIRECTED, pick_correlation=skill)


def test_exchanging_the_two_regimes_leaves_every_break_even_in_its_place():
    for function, one, other in ((break_even_skill, PATIENT, DIRECTED), (break_even_forced_sale_of, LONG, SHORT)):
        forth, back = function(one, other, SCENARIO), function(other, one, SCENARIO)
        assert forth.side == back.side == "crosses"
        assert forth.at == pytest.approx(back.at, abs=1e-9)


def test_a_regime_never_loses_to_itself():
    for found in (
        break_even_skill(PATIENT, replace(PATIENT, name="twin", tickets=3), SCENARIO),
        break_even_forced_sale_of(PATIENT, PATIENT, SCENARIO),
    ):
        assert (found.at, found.side) == (None, "gain")


def test_a_directed_fund_with_more_burdens_needs_more_skill():
    usual = break_even_skill(PATIENT, DIRECTED, SCENARIO).at
    assert break_even_skill(PATIENT, replace(DIRECTED, flow_ratio=1.3), SCENARIO).at > usual
    assert break_even_skill(PATIENT, replace(DIRECTED, reaches_scale=False), SCENARIO).at > usual
    assert break_even_skill(replace(PATIENT, flow_ratio=3.0), DIRECTED, SCENARIO).at < usual
    assert break_even_skill(PATIENT, DIRECTED, replace(SCENARIO, coordination_gain=0.3)).at < usual


# Deal flow


@given(st.floats(1.5, 4), st.floats(0, 0.05))
@few
def test_at_the_break_even_elasticity_a_regime_just_earns_the_rate(ratio, rate):
    regime, at = replace(PATIENT, flow_ratio=ratio), replace(SCENARIO, discount_rate=rate)
    found = break_even_flow(regime, at)
    assert (found.low, found.high) == ELASTICITIES
    if found.at is None:
        assert found.side == "loss"
        assert regime_value(regime, replace(at, elasticity=0.0)) < 0
        return
    assert regime_value(regime, replace(at, elasticity=found.at)) == pytest.approx(0, abs=1e-9)
    assert regime_value(regime, replace(at, elasticity=max(found.at - STEP, 0))) > 0
    assert regime_value(regime, replace(at, elasticity=found.at + STEP)) < 0


def test_only_the_thinning_counts_so_that_elasticity_times_log_money_is_the_same_for_any_money():
    found = [
        (break_even_flow(replace(PATIENT, flow_ratio=ratio), SCENARIO).at, math.log(ratio)) for ratio in (1.5, 2, 8)
    ]
    first, *others = (at * logs for at, logs in found)
    assert others == [pytest.approx(first, rel=1e-9)] * 2


def test_a_regime_that_loses_where_money_is_free_to_enter_is_a_loss_and_one_that_moves_no_market_a_gain():
    national = replace(PATIENT, rule="unanimity", sectors_picked=11, state_share=0.95)
    assert value(national, elasticity=0.0) < 0
    assert break_even_flow(national, SCENARIO).side == "loss"
    still = replace(PATIENT, flow_ratio=1.0)
    assert value(still) > 0
    assert break_even_flow(still, SCENARIO) == BreakEven(None, "gain", *ELASTICITIES)
    assert break_even_flow(PATIENT, SCENARIO, 0.0, 0.01).side == "gain"


# Forced sale, soft budget, discount rate


def test_at_the_break_even_sale_both_are_worth_the_same_and_a_worse_sale_favours_the_long_regime():
    found = break_even_forced_sale_of(LONG, SHORT, SCENARIO)
    assert (found.low, found.high) == (0, 1)
    assert value(LONG, forced_sale=found.at) == pytest.approx(value(SHORT, forced_sale=found.at), abs=1e-9)
    assert value(LONG, forced_sale=found.at - STEP) > value(SHORT, forced_sale=found.at - STEP)
    assert value(LONG, forced_sale=found.at + STEP) < value(SHORT, forced_sale=found.at + STEP)
    assert break_even_forced_sale_of(LONG, SHORT, replace(SCENARIO, forced_sale=0.1)) == found


def test_a_long_regime_that_is_better_or_worse_whatever_a_sale_fetches_is_told():
    # Met by the same deals as the short one and at no discount, a long fund can only gain.
    at = replace(SCENARIO, discount_rate=0.0, fee_rate=0.0)
    assert break_even_forced_sale_of(replace(LONG, reaches_scale=True), SHORT, at).side == "gain"
    crowded = replace(LONG, flow_ratio=50.0)
    assert break_even_forced_sale_of(crowded, replace(SHORT, flow_ratio=1.0), SCENARIO).side == "loss"


def test_at_the_break_even_softness_the_soft_regime_is_worth_the_hard_one():
    found = break_even_soft_budget_of(PATIENT, DIRECTED, SCENARIO)
    rival = value(DIRECTED, soft_budget=0.0)
    assert found.side == "crosses"
    assert value(PATIENT, soft_budget=found.at) == pytest.approx(rival, abs=1e-9)
    assert value(PATIENT, soft_budget=found.at - STEP) > rival > value(PATIENT, soft_budget=found.at + STEP)
    assert break_even_soft_budget_of(PATIENT, DIRECTED, replace(SCENARIO, soft_budget=0.9)) == found


def test_a_regime_without_money_of_the_state_commits_so_that_its_side_never_changes():
    private = replace(PATIENT, state_share=0.0)
    assert break_even_soft_budget_of(private, DIRECTED, SCENARIO).side == "gain"
    worse = replace(private, flow_ratio=100.0)
    assert break_even_soft_budget_of(worse, DIRECTED, SCENARIO).side == "loss"


# Domains


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: skill_gain(PATIENT, DIRECTED, SCENARIO, 1.5), r"pick_correlation = 1\.5: must lie between -1 and 1"),
        (lambda: skill_gain(PATIENT, DIRECTED, SCENARIO, math.nan), "pick_correlation = nan"),
        (lambda: break_even_skill(PATIENT, DIRECTED, SCENARIO, 0.5, 0.1), r"low = 0\.5: must lie below"),
        (lambda: break_even_skill(PATIENT, DIRECTED, SCENARIO, -2.0, 0.1), r"pick_correlation = -2\.0"),
        (lambda: break_even_flow(PATIENT, SCENARIO, -0.1), r"elasticity = -0\.1: must not be negative"),
        (lambda: break_even_flow(PATIENT, SCENARIO, high=math.inf), "high = inf: must be a finite number"),
        (
            lambda: break_even_forced_sale_of(LONG, SHORT, replace(SCENARIO, sectors=19)),
            "sectors_picked = 20: cannot exceed",
        ),
        (lambda: break_even_soft_budget_of(LONG, SHORT, replace(SCENARIO, fee_rate=0.2)), "fee_rate"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
