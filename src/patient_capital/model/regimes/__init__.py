"""Regimes of state investment: expected values, distributions of outcomes, and break-evens between regimes."""

from patient_capital.model.regimes.evaluation import (
    Outcome,
    Regime,
    Scenario,
    WinnerExits,
    carry_sds,
    evaluate,
    luck_sd,
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
from patient_capital.model.regimes.regime_break_evens import (
    break_even_flow,
    break_even_forced_sale_of,
    break_even_skill,
    break_even_soft_budget_of,
    skill_gain,
)
from patient_capital.model.regimes.regime_draws import (
    Spread,
    chance_of_beating,
    net_multiples,
    spread,
    ticket_count_chance,
)
from patient_capital.model.regimes.scenario_draws import (
    DrawnOutcomes,
    ScenarioDraws,
    evaluate_draws,
    sign_changes,
    values_of_draws,
)

__all__ = ["Regime", "Scenario", "Outcome", "sector_flow_ratio", "regime_returns", "screening_factor"]
__all__ += [
    "targeting_factors",
    "start_of_winners",
    "WinnerExits",
    "winner_exits",
    "carry_sds",
    "luck_sd",
    "regime_flows",
    "regime_value",
    "regime_values",
    "evaluate",
]
__all__ += ["portfolio_shock_sd", "with_parameters"]
__all__ += ["Spread", "net_multiples", "spread", "chance_of_beating", "ticket_count_chance"]
__all__ += ["skill_gain", "break_even_skill", "break_even_flow", "break_even_forced_sale_of"]
__all__ += ["break_even_soft_budget_of"]
__all__ += ["ScenarioDraws", "DrawnOutcomes", "evaluate_draws", "values_of_draws", "sign_changes"]
