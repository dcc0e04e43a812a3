"""The first change of sign of a function of one parameter: the search behind numerical break-evens."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from patient_capital.model.common.checks import BreakEven, DomainError, count, finite, formula, not_negative


@formula
def first_sign_change(
    gain: Callable[[float], float], low: float, high: float, *, steps: int = 1, tolerance: float = 0.0
) -> BreakEven:
    """Return the first point of a span at which a gain changes its sign.

    Parameters
    ----------
    gain : callable
        Continuous gain as a function of one parameter.
    low, high : float
        Span of the parameter, low below high.
    steps : int
        Number of equal steps in which the span is searched from `low`; 1 is enough for a gain that only rises or
        only falls. Two changes within one step are not seen.
    tolerance : float
        Gains up to this size count as zero.

    Returns
    -------
    BreakEven
        Where the sign changes, or the sign that holds throughout. A gain of zero at an end of a step is a change
        there; a gain that is zero at the ends of all steps counts as ``gain``.

    Raises
    ------
    DomainError
        If the span is empty, or the gain is not a finite number.
    """
    finite(low=low, high=high)
    not_negative(tolerance=tolerance)
    count(steps=steps)
    if low >= high:
        raise DomainError("low", low, f"must lie below the other end of the span, {high:g}")

    def checked(point: float) -> float:
        value = float(gain(point))
        finite(gain=value)
        return 0.0 if abs(value) <= tolerance else value

    zero, left, before = None, low, 0.0
    for here in map(float, np.linspace(low, high, steps + 1)):
        value = checked(here)
        if value == 0 and zero is None:
            zero = here
        # A zero counts only beside a gain or a loss: where all are zero nothing changes.
        if zero is not None and (value or before):
            return BreakEven(zero, "crosses", low, high)
        if before * value < 0:
            # The bracket holds a change of sign, so Brent's method converges; 1e-12 is far below any printed digit.
            return BreakEven(float(brentq(checked, left, here, xtol=1e-12, rtol=1e-12)), "crosses", low, high)
        left, before = here, value
    return BreakEven(None, "gain" if before >= 0 else "loss", low, high)
