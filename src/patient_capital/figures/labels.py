"""Labels at the ends of lines, moved apart where the lines end close together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes

from patient_capital.figures.style import label_beside

APART_PX = 13.0
"""Least distance between the middles of two labels."""


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A label to the right of the end of a line.

    Attributes
    ----------
    end : (float, float)
        Where the line ends, in units of the axes.
    shift : float
        Pixels by which the label stands higher than the end, if there is room.
    """

    end: tuple[float, float]
    shift: float
    words: str
    colour: str


def label_ends(axes: Axes, labels: Iterable[EndLabel]) -> None:
    """Write labels beside the ends of lines, the lowest where it should be and the others at least a line above it.

    The limits of the vertical axis must stand.
    """
    low, high = axes.get_ylim()
    pixels = axes.bbox.height / (high - low)
    floor = -float("inf")
    for label in sorted(labels, key=lambda one: pixels * one.end[1] + one.shift):
        at = pixels * label.end[1]
        place = max(at + label.shift, floor)
        floor = place + APART_PX
        label_beside(axes, label.end, (8, place - at), label.words, label.colour, va="center")
