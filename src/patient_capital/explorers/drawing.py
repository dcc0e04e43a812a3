"""The drawing of an explorer at its start: what stands in the page without scripts, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.explorers.layout import LINE_PX, ROW_PX, ROWS_PX, Layout, lines_of
from patient_capital.explorers.record import UNKNOWN, Explorer
from patient_capital.explorers.wording import number_text
from patient_capital.figures.labels import spread
from patient_capital.figures.style import CARD, INK, OPEN, RULE, SOFT, TOKENS, axes_at, canvas, draw_svg

COLOURS = {token: light for light, token in TOKENS.items()}
FILL = 0.14
"""Strength of the colour of gain and loss."""
BAR_PX = 5
"""Height of the bar of joint draws on the axis."""
POINT = "¶"
"""Stands for the decimal point while a drawing is written: the house style rounds coordinates, not words."""


def _frame(drawing: Canvas, explorer: Explorer, layout: Layout, *, wide: bool, point: str) -> Axes:
    width, height = layout.width - layout.left - layout.right, layout.height - layout.top - layout.bottom
    axes = axes_at(drawing, layout.left, layout.top, width, height)
    axes.set_xlim(explorer.x_values[0], explorer.x_values[-1])
    axes.set_ylim(*explorer.y_ends)
    x_ticks = explorer.x_ticks(wide=wide)
    axes.set_xticks(x_ticks, [number_text(t).replace(".", point) for t in x_ticks])
    axes.set_yticks(explorer.y_ticks, [number_text(t).replace(".", point) for t in explorer.y_ticks])
    axes.tick_params(length=0, pad=6, labelsize=layout.text)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y")
    return axes


class _Pixels:
    """Words at places in pixels from the top left corner."""

    def __init__(self, drawing: Canvas, layout: Layout, point: str) -> None:
        self._point = point
        self.left = layout.left
        self._page = axes_at(drawing, 0, 0, layout.width, layout.height)
        self._page.set_xlim(0, layout.width)
        self._page.set_ylim(layout.height, 0)
        self._page.axis("off")
        self._layout = layout

    def word(self, x: float, y: float, text: str, **style: Any) -> None:
        look: dict[str, Any] = {"color": SOFT, "va": "center", "fontsize": self._layout.text} | style
        self._page.text(x, y, text.replace(".", self._point), **look)

    def over(self, x: float, y: float, text: str, *, color: str, weight: str = "normal") -> None:
        """Write over a place, moved aside where the text would leave the drawing."""
        half = 0.31 * self._layout.text * len(text)
        left, right = half + 2, self._layout.width - half - 2
        self.word(min(max(x, left), right), y, text, color=color, ha="center", weight=weight)

    def line(self, x: tuple[float, float], y: tuple[float, float], color: str, style: object = "-") -> None:
        self._page.plot(x, y, color=color, linewidth=1, linestyle=style)

    def bar(self, x: tuple[float, float], y: float) -> None:
        self._page.fill_between(x, y - BAR_PX / 2, y + BAR_PX / 2, color=SOFT, linewidth=0)

    def band(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self._page.fill_between(x, y[0], y[1], color=OPEN, alpha=0.18, linewidth=0)


def draw(explorer: Explorer, *, wide: bool, point: str = ".") -> Canvas:
    """Draw an explorer at its start; `point` stands for the decimal point of words."""
    layout = explorer.layout(wide=wide)
    drawing = canvas(layout.width, layout.height)
    page = _Pixels(drawing, layout, point)
    x = explorer.x_values
    span = x[-1] - x[0]
    right, bottom = layout.width - layout.right, layout.height - layout.bottom

    def across(value: float) -> float:
        return float(layout.left + (min(max(value, x[0]), x[-1]) - x[0]) / span * (right - layout.left))

    def down(value: float) -> float:
        low, high = explorer.y_ends
        return float(bottom - (value - low) / (high - low) * (bottom - layout.top))

    row = ROWS_PX
    page.word(0, row[0], explorer.axis_name("y"))
    page.over((layout.left + right) / 2, layout.height - 11, explorer.axis_name("x"), color=SOFT)
    if explorer.evidence:
        low, high = (across(v) for v in (explorer.evidence.low, explorer.evidence.high))
        page.band((min(low, high - 3), high), (row[1] + ROW_PX / 2, bottom))
        page.over((low + high) / 2, row[1], explorer.evidence_words, color=SOFT)
    elif not explorer.track:
        page.word(layout.left, row[1], UNKNOWN, style="italic")

    axes = _frame(drawing, explorer, layout, wide=wide, point=point)
    lines, curves = explorer.values[explorer.start], explorer.curves_at(explorer.start)
    _fill(explorer, axes)
    if explorer.zero_line:
        axes.axhline(0, color=INK, linewidth=1)
    for curve, line in zip(curves, lines, strict=True):
        axes.plot(x, line, color=COLOURS[curve.colour], linewidth=2.2, linestyle=(0, (4, 2.4)) if curve.dashed else "-")
    labels = [lines_of(curve.label, wide=wide) for curve in curves]
    middles = spread(
        [down(line[-1]) for line in lines], [LINE_PX * len(text) + 4 for text in labels], layout.top - 8, bottom + 8
    )
    for curve, text, middle in zip(curves, labels, middles, strict=True):
        for index, part in enumerate(text):
            level = middle + LINE_PX * (index - (len(text) - 1) / 2)
            page.word(right + 8, level, part, color=COLOURS[curve.colour], weight="bold")
    _marks(explorer, axes, page, (across, bottom))
    axes.spines["bottom"].set_color(RULE)
    return drawing


def _fill(explorer: Explorer, axes: Axes) -> None:
    """Fill what the decisive curve gains and loses against the other, or the span of each curve of a track."""

    def fill(low: Any, high: Any, token: str, **where: Any) -> None:
        colour = COLOURS[token]
        axes.fill_between(explorer.x_values, low, high, color=colour, alpha=FILL, linewidth=0, **where)

    lines, track = explorer.values[explorer.start], explorer.track
    if track:
        for curve, low, high in zip(explorer.curves_at(explorer.start), track.low, track.high, strict=True):
            fill(low, high, curve.colour)
        return
    first, *second = explorer.decisive_places
    other = lines[second[0]] if second else np.zeros_like(lines[first])
    gap = lines[first] - other
    for token, inside in zip(explorer.fills, (gap >= 0, gap <= 0), strict=True):
        fill(lines[first], other, token, where=inside, interpolate=True)


def _marks(explorer: Explorer, axes: Axes, page: _Pixels, frame: tuple[Callable[[float], float], float]) -> None:
    """Mark the break-even and its span, or the point of a track."""
    across, bottom = frame
    lines, row, reading = explorer.values[explorer.start], ROWS_PX, explorer.at(explorer.start)
    dot: dict[str, Any] = {
        "color": INK,
        "markersize": 9,
        "markeredgecolor": CARD,
        "markeredgewidth": 1.5,
        "clip_on": False,
    }
    if explorer.track:
        place = explorer.track.start
        axes.plot([explorer.x_values[place]] * len(lines), lines[:, place], "o", **dot)
        return
    low, high, without = explorer.stored_spans[explorer.start].tolist()
    if without >= 0:
        scale = 10 ** explorer.fine[0]
        page.bar((across(low / scale), across(high / scale)), bottom - BAR_PX / 2)
    if reading.break_even is None:
        page.word(page.left, row[2], reading.marker)
        return
    at = across(reading.break_even)
    page.line((at, at), (row[2] + ROW_PX / 2, bottom), INK, (0, (2, 2)))
    page.over(at, row[2], reading.marker, color=INK, weight="bold")
    level = float(explorer.level_values[explorer.start][explorer.decisive_places[0]])
    axes.plot([reading.break_even], [level], "o", **dot)


def static_svg(explorer: Explorer, *, wide: bool) -> str:
    """Return the drawing at the start as SVG for a page, for a desk or for a phone."""
    svg = draw_svg(explorer.slug, lambda as_wide: draw(explorer, wide=as_wide, point=POINT), wide=wide)
    return svg.replace(POINT, ".")
