"""Rows that have a name and a mark each: the name beside its mark in the wide drawing, closely over it in the narrow one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.figures.labels import LINE_PX, room
from patient_capital.figures.style import GROUND, INK, TEXT, Sizes, block, label_beside, row_drawing, row_label

NAME_GAP_PX = 5.0
"""Room between a name and the mark below it."""
AIR_PX = 14.0
"""Room between a mark and the name of the next row: more than twice the other, so that no name belongs to two marks."""
BESIDE_PX = 8.0
"""Room between a name and the axis on its right."""
OVER_PX = 2.0
"""How far a line that marks a value in each row stands out of the mark."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the marks and names of a drawing of rows stand.

    Attributes
    ----------
    axes : matplotlib.axes.Axes
        With one unit a row, first row on top.
    wide : bool
        Whether names stand beside their marks; otherwise over them.
    step, tall : float
        Height of a row and of its mark, pixels.
    """

    axes: Axes
    wide: bool
    step: float
    tall: float

    @property
    def height(self) -> float:
        """Height of a mark, in rows."""
        return self.tall / self.step

    def middle(self, place: float) -> float:
        """Return the middle of the mark of a row."""
        return place if self.wide else place + 0.5 - (AIR_PX / 2 + self.tall / 2) / self.step

    def top(self, place: float) -> float:
        """Return the upper edge of the mark of a row."""
        return self.middle(place) - self.height / 2

    def name(self, place: float, text: str) -> None:
        """Write the name of a row at the left end of the axes, whose limits are set."""
        start, above = self.axes.get_xlim()[0], place - self.top(place)
        row_label(self.axes, place, text, self.wide, (start, start), above, TEXT, BESIDE_PX, NAME_GAP_PX)

    def value(self, place: float, end: float, words: str) -> None:
        """Write a value in bold behind the end of the mark of a row; its ground covers the grid."""
        label_beside(self.axes, (end, self.middle(place)), (BESIDE_PX, 0), words, va="center", bbox=GROUND)

    def _reach(self, place: float) -> tuple[float, float]:
        """Return the upper and lower end of what marks a value in a row: in the narrow drawing no name lies between."""
        if self.wide:
            return place - 0.5, place + 0.5
        out = self.height / 2 + OVER_PX / self.step
        return self.middle(place) - out, self.middle(place) + out

    def line(self, x: float, places: Iterable[float], colour: str = INK, width: float = 1.4) -> None:
        """Mark a value in some rows by a line, which runs through no name."""
        for place in places:
            self.axes.plot([x, x], self._reach(place), color=colour, linewidth=width, solid_capstyle="butt")

    def band(self, low: float, high: float, places: Iterable[float], colour: str, **look: Any) -> None:
        """Mark a span of values in some rows, behind their marks."""
        for place in places:
            top, foot = self._reach(place)
            block(self.axes, (low, top), high - low, foot - top, colour, "none", zorder=0.4, **look)


def named_rows(
    wide: bool,
    names: Iterable[str],
    *,
    tall: Sizes,
    step: float,
    right: Sizes,
    rows: float | None = None,
    indent: float = 6,
    top: Sizes = 6,
    bottom: Sizes = 40,
) -> tuple[Canvas, Rows]:
    """Return a drawing with a row for each name, as wide at the left as the names need.

    Parameters
    ----------
    tall : float or (float, float)
        Height of a mark, pixels; of a pair the first is for the wide drawing.
    step : float
        Height of a row of the wide drawing, pixels; in the narrow one it follows from what stands in a row.
    rows : float, optional
        Rows of the drawing, where some are left empty.
    indent : float
        Room left of the axes in the narrow drawing, pixels.
    """
    labels = list(names)
    mark = tall[0 if wide else 1] if isinstance(tall, tuple) else tall
    high = step if wide else LINE_PX + NAME_GAP_PX + mark + AIR_PX
    drawing, axes = row_drawing(
        wide,
        len(labels) if rows is None else rows,
        left=(room(labels), indent),
        right=right,
        step=high,
        top=top,
        bottom=bottom,
    )
    return drawing, Rows(axes, wide, high, mark)
