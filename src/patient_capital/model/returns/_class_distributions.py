"""Distributions of the multiple within the classes of deals below the tail, by name.

A class of deals (the losses, the middle) is made of one or more components with weights. Every shape hits its stated
mean exactly; a mean that a shape cannot reach is an error.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from patient_capital.model.common.checks import DomainError
from patient_capital.model.returns._mixture_components import Component, ParetoSpan, Point, Power
from patient_capital.model.returns.pareto import power_moment

MOST_STEEP = 600.0
"""Largest index times log span that a bounded Pareto may have, so that no power leaves the range of a float."""
Weighted = tuple[tuple[float, Component], ...]
"""Components from low to high with their weights, which add up to 1."""
Shape = Callable[[float, float, float], Weighted]
"""Builds the components of a class from its mean and its two ends."""


def _reach(shape: str, mean: float, low: float, high: float, *, closed: bool = False) -> None:
    if not (low <= mean <= high if closed else low < mean < high):
        where = "from" if closed else "strictly between"
        raise DomainError(
            "mean", mean, f"the shape {shape} reaches means {where} {low:g} {'to' if closed else 'and'} {high:g}"
        )


def power_shape(mean: float, low: float, high: float) -> Weighted:
    """Return one power of a uniform number that spans the class and has the mean."""
    _reach("power", mean, low, high)
    return ((1.0, Power(low, high - low, (high - mean) / (mean - low))),)


def point_shape(mean: float, low: float, high: float) -> Weighted:
    """Return one point at the mean."""
    if not low <= mean < high:
        raise DomainError("mean", mean, f"the shape point reaches means from {low:g} to below {high:g}")
    return ((1.0, Point(mean)),)


def zero_or_uniform(mean: float, low: float, high: float) -> Weighted:
    """Return a share at the lower end and the rest uniform over the class."""
    middle = (low + high) / 2
    _reach("zero_or_uniform", mean, low, middle, closed=True)
    spread = (mean - low) / (middle - low)
    return tuple((w, p) for w, p in ((1 - spread, Point(low)), (spread, Power(low, high - low, 1.0))) if w > 0)


def uniform_pair(mean: float, low: float, high: float) -> Weighted:
    """Return two uniform halves of the class, weighted for the mean."""
    quarter = (high - low) / 4
    _reach("uniform_pair", mean, low + quarter, high - quarter, closed=True)
    upper = (mean - low - quarter) / (2 * quarter)
    halves = ((1 - upper, Power(low, 2 * quarter, 1.0)), (upper, Power(low + 2 * quarter, 2 * quarter, 1.0)))
    return tuple((w, p) for w, p in halves if w > 0)


def pareto_shape(mean: float, low: float, high: float) -> Weighted:
    """Return one bounded Pareto over the class, whose index is solved for the mean."""
    steepest = MOST_STEEP / np.log(high / low)

    def excess(index: float) -> float:
        return float(power_moment(1.0, index, low, high)) - mean

    _reach("pareto", mean, excess(steepest) + mean, excess(-steepest) + mean)
    index = float(brentq(excess, -steepest, steepest, xtol=1e-15, rtol=1e-14))
    # Exactly zero is uniform in logs; a step away from it the powers still exist and the mean is the same to 1e-9.
    return ((1.0, ParetoSpan(low, high, index if abs(index) > 1e-9 else 1e-9)),)


LOW_SHAPES: dict[str, Shape] = {"zero_or_uniform": zero_or_uniform, "power": power_shape, "point": point_shape}
"""Shapes of the multiples of losses, below 1."""
MID_SHAPES: dict[str, Shape] = {"power": power_shape, "pareto": pareto_shape, "uniform_pair": uniform_pair}
"""Shapes of the multiples from 1 to where the tail starts."""
