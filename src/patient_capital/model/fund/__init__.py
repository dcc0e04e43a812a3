"""Cash flows of a fund and of its winners and losers, their value and rate of return, and what waiting is worth."""

from patient_capital.model.fund.cash_flows import *
from patient_capital.model.fund.dpi import *
from patient_capital.model.fund.expected_flows import *
from patient_capital.model.fund.fund_horizon import *
from patient_capital.model.fund.fund_performance import *
from patient_capital.model.fund.fund_terms import *
from patient_capital.model.fund.holding_period import *
from patient_capital.model.fund.losers import *
from patient_capital.model.fund.loss_ceilings import *
from patient_capital.model.fund.uncapped_winner import *
from patient_capital.model.fund.winner_calibration import *
from patient_capital.model.fund.winners import *

__all__ = ["effective_rate", "continuous_rate", "net_present_value", "internal_rate_of_flows", "terminal_wealth"]
__all__ += ["modified_internal_rate"]
__all__ += ["Winners", "winner_value_path", "winner_exit_survival", "winner_present_value", "winner_internal_rate"]
__all__ += ["winner_mean", "winner_start", "mean_holding_years", "growth_from_holding_years"]
__all__ += ["Losers", "loser_survival", "refinancing_per_loser", "loser_present_value"]
__all__ += ["FundTerms", "delay_from_idle_share"]
__all__ += ["FundFlows", "fund_flows"]
__all__ += ["net_multiple", "fund_net_present_value", "fund_value", "value_per_yuan_paid", "fund_internal_rate"]
__all__ += ["dpi_path"]
__all__ += ["paid_in", "distributions_to_paid_in", "exited_share", "dpi_closed_form"]
__all__ += ["best_horizon", "gain_from_waiting", "break_even_soft_budget", "break_even_forced_sale"]
__all__ += ["break_even_discount_rate"]
__all__ += ["proceeds_weighted_holding_years", "growth_from_proceeds_weighted_years"]
__all__ += ["present_value", "expected_multiple", "rolled_over_value", "internal_rate", "break_even_rate"]
__all__ += ["no_loss_probability", "project_rule_probability", "ceiling_chances", "fund_rule_probability"]
__all__ += ["lattice_error"]
