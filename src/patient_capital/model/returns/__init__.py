"""The gross multiple of one deal and of portfolios of deals, the tail of its distribution, and the common shock."""

from patient_capital.model.returns.deal_returns import *
from patient_capital.model.returns.distributions import *
from patient_capital.model.returns.lognormal_fit import *
from patient_capital.model.returns.pareto import *
from patient_capital.model.returns.portfolios import *
from patient_capital.model.returns.shocks import *
from patient_capital.model.returns.simulate import *
from patient_capital.model.returns.stopped_growth import *
from patient_capital.model.returns.tail import *
from patient_capital.model.returns.tail_error import *

__all__ = ["Returns", "DealReturns", "top_share", "bin_shares"]
__all__ += ["LognormalReturns", "TabulatedReturns"]
__all__ += ["power_moment", "pareto_mean", "pareto_variance", "pareto_survival", "pareto_quantile"]
__all__ += ["pareto_upper_total"]
__all__ += ["stopped_growth_tail_index", "stopped_growth_survival"]
__all__ += ["TailFit", "CapFit", "bins_from", "best_index", "fit_tail", "fit_tail_and_cap"]
__all__ += ["design_effect", "RoundedError", "rounded_standard_error"]
__all__ += ["LognormalFit", "fit_lognormal", "implied_holding_years", "lognormal_over"]
__all__ += ["common_shock", "diversified_shock_sd", "expected_range", "shock_sd_from_range"]
__all__ += ["Totals", "simulate_totals"]
__all__ += ["simulate_shocks", "simulate_portfolios"]
