"""Regimes of state investment: expected values, distributions of outcomes, and break-evens between regimes."""

from patient_capital.model.regimes.evaluation import *
from patient_capital.model.regimes.regime_break_evens import *
from patient_capital.model.regimes.regime_draws import *

__all__ = ["Regime", "Scenario", "Outcome", "sector_flow_ratio", "regime_returns", "screening_factor"]
__all__ += ["targeting_factors", "start_of_winners", "regime_flows", "regime_value", "regime_values", "evaluate"]
__all__ += ["portfolio_shock_sd", "with_parameters"]
__all__ += ["Spread", "net_multiples", "spread", "chance_of_beating", "ticket_count_chance"]
__all__ += ["skill_gain", "break_even_skill", "break_even_flow", "break_even_forced_sale_of"]
__all__ += ["break_even_soft_budget_of", "break_even_rate_between"]
