"""Cash flows of a fund and of its winners and losers, their value and rate of return, and what waiting is worth."""

from patient_capital.model.fund.cash_flows import effective_rate, internal_rate_of_flows, net_present_value
from patient_capital.model.fund.expected_flows import FundFlows, expected_profit, fund_flows
from patient_capital.model.fund.fund_performance import fund_internal_rate, net_multiple, value_per_yuan_paid
from patient_capital.model.fund.fund_terms import FundTerms, delay_from_idle_share
from patient_capital.model.fund.holding_period import (
    growth_from_proceeds_weighted_years,
    growth_from_share_left,
    share_left,
)
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.loss_ceilings import ceiling_chances, no_loss_probability, project_rule_probability
from patient_capital.model.fund.tabulated_winners import TabulatedWinners, growth_of_table
from patient_capital.model.fund.uncapped_winner import expected_multiple, internal_rate, present_value
from patient_capital.model.fund.winner_calibration import (
    growth_from_holding_years,
    mean_holding_years,
    winner_mean,
    winner_start,
    winner_starts,
)
from patient_capital.model.fund.winners import Winners

__all__ = ["effective_rate", "net_present_value", "internal_rate_of_flows"]
__all__ += ["Winners"]
__all__ += ["winner_mean", "winner_start", "winner_starts", "mean_holding_years", "growth_from_holding_years"]
__all__ += ["Losers"]
__all__ += ["FundTerms", "delay_from_idle_share"]
__all__ += ["FundFlows", "fund_flows", "expected_profit"]
__all__ += ["net_multiple", "value_per_yuan_paid", "fund_internal_rate"]
__all__ += ["growth_from_proceeds_weighted_years", "share_left", "growth_from_share_left"]
__all__ += ["present_value", "expected_multiple", "internal_rate"]
__all__ += ["no_loss_probability", "project_rule_probability", "ceiling_chances"]
__all__ += ["TabulatedWinners", "growth_of_table"]
