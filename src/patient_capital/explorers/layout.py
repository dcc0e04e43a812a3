"""Where the parts of an explorer's drawing stand: one set of rules for the drawing in the page and for the live one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.ticker import MaxNLocator

from patient_capital.figures.style import NARROW_PX, TEXT_PX, WIDE_PX
from patient_capital.typesetting import in_lines

ROW_PX = 18
"""Height of one row of words above the plot."""
ROWS_PX = (13, 38, 56)
"""Middle of each row, from the top: name of the axis, evidence, break-even."""
LETTER = 0.6 * TEXT_PX
"""Width of an average letter, in pixels."""
LINE_PX = 15
"""Height of one line of a curve's label."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Margins and sizes of one drawing, in pixels.

    Attributes
    ----------
    width : int
        Width of the drawing in the page; the live one takes the width it finds.
    left, right, top, bottom : int
        Margins of the plot.
    text : float
        Size of letters.
    rows : tuple of int
        Middle of each row of words above the plot.
    row, line : int
        Heights of such a row, and of a line of a curve's label.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    text: float
    rows: tuple[int, ...]
    row: int
    line: int


def nice_ticks(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return at most `count` + 1 round numbers, the first not above `low` and the last not below `high`."""
    # Twelve digits, so that 0.30000000000000004 does not reach a label.
    return tuple(
        float(f"{tick:.12g}") for tick in MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    )


def ticks_within(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return the round numbers between `low` and `high`."""
    slack = 1e-9 * (high - low)
    return tuple(tick for tick in nice_ticks(low, high, count) if low - slack <= tick <= high + slack)


def lines_of(label: str, *, wide: bool) -> list[str]:
    """Break the label of a curve into lines for the margin on the right."""
    return in_lines(label, 18 if wide else 12, break_long_words=False)


def layout_of(tick_texts: Sequence[str], labels: Sequence[str], *, wide: bool) -> Layout:
    """Return the layout that leaves room for the words at both sides."""
    longest = max(len(line) for label in labels for line in lines_of(label, wide=wide))
    return Layout(
        width=WIDE_PX if wide else NARROW_PX,
        height=340 if wide else 280,
        left=math.ceil(10 + LETTER * max(len(t) for t in tick_texts)),
        right=math.ceil(14 + LETTER * longest),
        top=ROWS_PX[2] + ROW_PX // 2 + 6,
        bottom=46,
        text=TEXT_PX,
        rows=ROWS_PX,
        row=ROW_PX,
        line=LINE_PX,
    )
