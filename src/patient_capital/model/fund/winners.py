r"""Winners: firms that grow, exit no earlier than at a first multiple, and no later than at the cap.

A winner is worth 1 when it is bought and grows at rate g. Before it has reached the multiple :math:`x_0`, after
:math:`\tau_0 = \ln(x_0)/g` years, it cannot exit; then it exits after an exponential time with hazard h = a g that is
truncated where its value would reach the cap M. Held until they exit, winners return a Pareto from :math:`x_0` to M
with index a. The start is solved so that their mean is the mean of the deals that do not lose: the flows of a fund then
have the same mean as its multiples. A start of 1 and no cap give :mod:`patient_capital.model.fund.uncapped_winner`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from patient_capital.model.common import checks
from patient_capital.model.common.checks import Floats
from patient_capital.model.fund.winner_calibration import (
    growth_from_holding_years,
    mean_holding_years,
    winner_mean,
    winner_start,
)

__all__ = ["Winners", "growth_from_holding_years", "mean_holding_years", "winner_mean", "winner_start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Winners:
    """Growth and exit of winners. Fields are numbers, or arrays of one shape for many cases at once.

    Attributes
    ----------
    growth : float or ndarray
        Growth of value a year, g, positive.
    start : float or ndarray
        Multiple at which exits begin, at least 1.
    tail_index : float or ndarray
        Tail index a, positive.
    cap : float or ndarray
        Largest multiple M, above the start; may be infinite.
    payoff : float or ndarray, optional
        Factor on what winners return, at the same times, positive; what selection or direction adds or costs.
    """

    growth: float | Floats
    start: float | Floats
    tail_index: float | Floats
    cap: float | Floats
    payoff: float | Floats = 1.0

    def __post_init__(self) -> None:
        mean_holding_years(self.growth, self.start, self.tail_index, self.cap)
        checks.positive(**{"winners.payoff": self.payoff})

    @property
    def hazard(self) -> Floats:
        """Hazard of an exit a year once exits have begun, h = a g, as if there were no cap."""
        return np.asarray(self.tail_index, dtype=float) * self.growth

    @property
    def first_exit(self) -> Floats:
        """Years until exits begin."""
        return np.asarray(np.log(self.start) / self.growth)

    @property
    def exit_span(self) -> Floats:
        """Years from the first possible exit to the last one; infinite without a cap."""
        return np.asarray(np.log(np.asarray(self.cap) / self.start) / self.growth)

    @property
    def inside(self) -> Floats:
        """Probability that an exponential exit time without a cap falls before the cap is reached."""
        return -np.expm1(-self.hazard * self.exit_span)
