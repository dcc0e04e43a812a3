"""Labels moved apart where they would cover one another."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from scipy.optimize import isotonic_regression

from patient_capital.figures.style import label_beside

LINE_PX = 13.0
"""Distance of two labels of one line that do not touch."""


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float = -math.inf, high: float = math.inf
) -> list[float]:
    """Move labels apart so that none covers another, as little as can be, and all stay between `low` and `high`.

    Parameters
    ----------
    wanted : sequence of float
        Where the middle of each label should be, pixels.
    heights : sequence of float
        Height of each label, pixels; together they must fit between `low` and `high`.

    Returns
    -------
    list of float
        Where the middle of each goes, in the same order.
    """
    if not wanted:
        return []
    order = np.argsort(wanted, kind="stable")
    tall = np.asarray(heights, dtype=float)[order]
    # Stacked without gaps, each label stands this far above the foot of the stack. None covers another exactly where
    # the feet do not fall from one label to the next, and the nearest such sequence is an isotonic regression.
    above_foot = np.cumsum(tall) - tall / 2
    feet = isotonic_regression(np.asarray(wanted, dtype=float)[order] - above_foot).x
    placed = np.empty(len(wanted))
    placed[order] = np.clip(feet, low, high - tall.sum()) + above_foot
    return [float(place) for place in placed]


def label_ends(axes: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Write names beside the ends of lines, after the limits of the axes are set.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its vertical scale linear.
    ends : sequence of (float, float, str, str)
        Place of each end in the data, its words and its colour.
    """
    low, high = axes.get_ylim()
    pixels = [(y - low) / (high - low) * axes.bbox.height for _, y, _, _ in ends]
    places = spread(pixels, [LINE_PX] * len(pixels))
    for (x, y, words, colour), old, new in zip(ends, pixels, places, strict=True):
        label_beside(axes, (x, y), (8, new - old), words, colour, va="center")
