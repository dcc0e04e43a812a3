"""Many scenarios at once give what each gives alone, whatever the block; a break-even that does not exist is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers.model_records import SCENARIO
from patient_capital.model.common.checks import DomainError
from patient_capital.model.regimes.evaluation import BELOW_COST, Regime, evaluate, regime_value
from patient_capital.model.regimes.scenario_draws import (
    DRAWN,
    OF_DEALS,
    ScenarioDraws,
    evaluate_draws,
    sign_changes,
    values_of_draws,
)

SPANS = {
    "tail_share": (0.02, 0.12), "loss_share": (0.45, 0.65), "low_mean": (0.1, 0.5), "mid_mean": (1.8, 2.5),
    "cap": (100, 1000), "tail_index": (1.05, 1.6), "growth": (0.15, 0.6), "soft_budget": (0, 0.5), "refusal": (0, 0.6),
    "elasticity": (0, 0.5), "score_correlation": (0.01, 0.4), "budget": (0.05, 0.3), "pick_correlation": (-0.2, 0.3),
    "sector_sd": (0.2, 0.8), "scale_share": (0, 0.3), "upper_fee_rate": (0, 0.01), "upper_carry": (0, 0.05),
    "forced_sale": (0.3, 0.8), "deployment_delay": (0.1, 1.8), "shock_sd": (0.3, 0.7), "coordination_gain": (0, 0.2),
    "years_per_exit_year": (1, 3), "fee_rate": (0.015, 0.025), "carry": (0.1, 0.3), "fail_hazard": (0.12, 0.2),
}  # fmt: skip
ONE = Regime(
    name="one", tickets=30, rule="average", screeners=3, sectors_picked=20, horizon=10.0, investment_years=5.0,
    state_share=0.0, reaches_scale=True, flow_ratio=1.0, deals_per_fund=30, fee_years=5.0,
)  # fmt: skip
TWO = replace(
    ONE, name="two", rule="unanimity", sectors_picked=11, horizon=20.0, investment_years=10.0, state_share=0.95,
    reaches_scale=False, flow_ratio=2.1, layers_screen_share=0.4, fee_layers=2,
)  # fmt: skip
REGIMES = (ONE, TWO, replace(TWO, rule="champion", sectors_picked=4, horizon=15.0, investment_years=5.0))


def some(count, seed=3):
    rng = np.random.default_rng(seed)
    base = {
        name: np.full(count, float(getattr(SCENARIO.returns if name in OF_DEALS else SCENARIO, name))) for name in DRAWN
    }
    base |= {name: low + (high - low) * rng.random(count) for name, (low, high) in SPANS.items()}
    return ScenarioDraws(seed=SCENARIO.seed, sectors=SCENARIO.sectors, yardstick=SCENARIO.yardstick, **base)


@pytest.mark.parametrize("regime", REGIMES, ids=lambda one: f"{one.rule}-{one.sectors_picked}")
def test_draws_give_what_each_scenario_gives_alone(regime):
    draws = some(40)
    found = evaluate_draws(regime, draws, (0.02, 0.08))
    for place in range(40):
        alone = evaluate(regime, replace(draws.at(place), discount_rate=0.02))
        assert found.value[0, place] == pytest.approx(alone.value, abs=1e-9)
        assert found.internal_rate[place] == pytest.approx(alone.internal_rate, abs=1e-9)
        assert found.net_multiple[place] == pytest.approx(alone.net_multiple, abs=1e-9)
        assert bool(found.below_cost[place]) == (BELOW_COST in alone.flags)
        dear = regime_value(regime, replace(draws.at(place), discount_rate=0.08))
        assert found.value[1, place] == pytest.approx(dear, abs=1e-9)


def test_some_draws_are_flagged_and_some_are_not():
    flagged = evaluate_draws(TWO, some(200), (0.02,)).below_cost
    assert 0 < flagged.mean() < 1


def test_results_do_not_depend_on_the_block():
    draws = some(300)
    whole = evaluate_draws(TWO, draws, (0.02,)).value[0]
    parts = [
        evaluate_draws(TWO, draws.picked(slice(start, start + 77)), (0.02,)).value[0] for start in range(0, 300, 77)
    ]
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-14)


def test_changes_stand_in_the_place_of_fields():
    draws = some(20)
    ratio = np.linspace(1, 3, 20)
    found = values_of_draws(TWO, draws, {"flow_ratio": ratio, "refusal": 0.0, "payoff": 1.1})
    for place in range(20):
        at = replace(draws.at(place), refusal=0.0)
        assert found[place] == pytest.approx(
            regime_value(replace(TWO, flow_ratio=float(ratio[place])), at, 1.1), abs=1e-9
        )
    with pytest.raises(DomainError, match="other"):
        values_of_draws(TWO, draws, {"other": 1.0})


def test_rates_may_differ_from_draw_to_draw():
    draws, rates = some(10), np.linspace(0, 0.1, 10)
    found = evaluate_draws(ONE, draws, (rates,)).value[0]
    for place in range(10):
        assert found[place] == pytest.approx(values_of_draws(ONE, draws, {"discount_rate": rates})[place], abs=1e-12)


def test_fund_that_never_earns_its_cost_has_a_rate_of_minus_infinity():
    draws = some(3).changed(
        {"tail_share": 1e-6, "mid_mean": 1.01, "loss_share": 0.98, "low_mean": 0.0, "soft_budget": 0.9}
    )
    found = evaluate_draws(replace(TWO, state_share=1.0), draws, (0.02,))
    assert np.isneginf(found.internal_rate).all() or np.isfinite(found.internal_rate).all()
    assert (found.value < 0).all()


def test_sign_changes_are_found_or_told():
    roots = np.array([0.3, 0.75, 2.0, -1.0])

    def gain(point, where):
        return roots[where] - point

    found = sign_changes(gain, 0.0, 1.0, 4, 5)
    assert found[:2] == pytest.approx(roots[:2], abs=1e-6)
    assert found[2:].tolist() == [np.inf, -np.inf]


def test_arrays_of_unequal_length_are_refused():
    draws = some(3)
    with pytest.raises(DomainError, match="draws"):
        replace(draws, cap=np.full(2, 300.0))
