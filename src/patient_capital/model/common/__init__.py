"""Errors and results of every formula, break-evens, parameters, estimates, sensitivity, validation, parallel work.

The functions of `checks` serve the formulas and are not exported.
"""

from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, DomainError, Optimum
from patient_capital.model.common.estimates import (
    Estimate,
    counted_share,
    share_at_least,
    share_below,
    simulated_mean,
    simulated_quantile,
)
from patient_capital.model.common.sobol import SobolIndex, sensitivity, sobol_indices, sobol_points
from patient_capital.model.common.validation import Comparison, span_over
from patient_capital.model.common.workers import fan_out

__all__ = ["BreakEven", "DomainError", "Optimum"]
__all__ += ["first_sign_change"]
__all__ += ["Estimate", "simulated_mean", "counted_share", "share_below", "share_at_least", "simulated_quantile"]
__all__ += ["SobolIndex", "sobol_points", "sobol_indices", "sensitivity"]
__all__ += ["Comparison", "span_over"]
__all__ += ["fan_out"]
