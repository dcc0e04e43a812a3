"""Errors and results of every formula, break-evens, parameters, estimates, sensitivity, validation, parallel work.

The functions of `checks` serve the formulas and are not exported.
"""

from patient_capital.model.common.break_even import *
from patient_capital.model.common.checks import BreakEven, DomainError, Optimum
from patient_capital.model.common.estimates import *
from patient_capital.model.common.parameters import *
from patient_capital.model.common.sobol import *
from patient_capital.model.common.validation import *
from patient_capital.model.common.workers import *

__all__ = ["DomainError", "Optimum", "BreakEven"]
__all__ += ["first_sign_change"]
__all__ += ["Parameter", "Parameters", "parameters_of"]
__all__ += ["Estimate", "simulated_mean", "counted_share", "share_below", "share_at_least", "simulated_quantile"]
__all__ += ["SobolIndex", "sobol_points", "sobol_indices", "sensitivity"]
__all__ += ["Comparison", "span_over"]
__all__ += ["fan_out"]
