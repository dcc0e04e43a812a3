"""The gross multiple of one deal and of portfolios of deals, the tail of its distribution, and the common shock."""

from patient_capital.model.returns.deal_returns import DealReturns, Returns, bin_shares, top_share
from patient_capital.model.returns.deal_table import DealTable, as_deals, table_of_deals, tabulated
from patient_capital.model.returns.distributions import LognormalReturns, TabulatedReturns
from patient_capital.model.returns.lognormal_fit import LognormalFit, fit_lognormal, implied_holding_years
from patient_capital.model.returns.pareto import pareto_mean, pareto_survival, power_moment
from patient_capital.model.returns.portfolios import simulate_portfolios, simulate_shocks
from patient_capital.model.returns.shocks import common_shock, diversified_shock_sd
from patient_capital.model.returns.simulate import Totals, simulate_totals
from patient_capital.model.returns.stopped_growth import stopped_growth_survival, stopped_growth_tail_index
from patient_capital.model.returns.tail import CapFit, TailFit, best_index, bins_from, fit_tail, fit_tail_and_cap
from patient_capital.model.returns.tail_error import RoundedError, design_effect, rounded_standard_error

__all__ = ["Returns", "DealReturns", "top_share", "bin_shares"]
__all__ += ["LognormalReturns", "TabulatedReturns"]
__all__ += ["power_moment", "pareto_mean", "pareto_survival"]
__all__ += ["stopped_growth_tail_index", "stopped_growth_survival"]
__all__ += ["TailFit", "CapFit", "bins_from", "best_index", "fit_tail", "fit_tail_and_cap"]
__all__ += ["design_effect", "RoundedError", "rounded_standard_error"]
__all__ += ["LognormalFit", "fit_lognormal", "implied_holding_years"]
__all__ += ["common_shock", "diversified_shock_sd"]
__all__ += ["Totals", "simulate_totals"]
__all__ += ["simulate_shocks", "simulate_portfolios"]
__all__ += ["DealTable", "table_of_deals", "as_deals", "tabulated"]
