"""Figures of block B of the chapter on the model."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.fund import LONG, LONGER, SHORT, USUAL, horizon_lines, yardsticks
from patient_capital.analysis.model.inputs import parameter
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.labels import label_ends
from patient_capital.figures.record import Words
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    OPEN,
    SMALL,
    SOFT,
    STATE,
    TREASURY,
    UNNAMED,
    WIDE_PX,
    axes_at,
    canvas,
    label_beside,
    label_inside,
)
from patient_capital.formatting import digits, spelled
from patient_capital.tables import Reader

STYLES: tuple[tuple[str, float, Any], ...] = (
    (MARK, 2.4, "-"),
    (STATE, 2, (0, (5, 2))),
    (STATE, 2, (0, (2, 2))),
    (TREASURY, 2, "-"),
    (UNNAMED, 2, "-"),
)
"""Colour, width and dashes of the lines, in their order."""


def _tell_patience(words: Words, lines: pd.DataFrame, rates: pd.DataFrame) -> Story:
    low, high = (100 * parameter(Reader(words.book), "fm_forced_sale", end) for end in ("low", "high"))
    short, usual, longer, long = (spelled(years) for years in (SHORT, USUAL, LONGER, LONG))
    words("model.waiting_pays")
    return Story(
        title=f"Waiting {long} years rather than {usual} adds {words(f'model.wait_{USUAL}_{LONG}')} a year, and "
        f"{words(f'model.wait_{LONGER}_{LONG}')} of it after year {longer}; soft budgets take it back",
        subtitle="Net return a year of the expected cash flows of a whole fund, losers included, after fees and carry. "
        f"Band: a forced sale fetches {digits(low, 0)} to {digits(high, 0)} percent of value.",
        alt=f"A curve rises steeply from {words(f'model.net_rate_{SHORT}')} at {short} years over "
        f"{words(f'model.net_rate_{USUAL}')} at {usual} to {words(f'model.net_rate_{LONG}')} at {long} and flattens. Soft budgets lie below it at every horizon, "
        "and so does the curve for winners that take longer the larger they are.",
        note="American returns; the observed time to exit is read as weighing money, or as counting exits. The fund "
        f"earns the coupon of the treasury from {words('model.paying_horizon')} on. What a fund does for others is not "
        "counted.",
    )


@chart(
    measure="Net return a year by the years until what is left must be sold, percent",
    tell=_tell_patience,
    lines=horizon_lines,
    rates=yardsticks,
)
def patience(lines: pd.DataFrame, rates: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a fund, with the band of a forced sale where there is one, and rates to compare with across."""
    width, height = (WIDE_PX, 400) if wide else (NARROW_PX, 400)
    left, right = (56, 170) if wide else (44, 14)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, 14, width - left - right, height - 70)
    names = list(dict.fromkeys(lines["line"]))
    first, last = float(lines["years"].min()), float(lines["years"].max())
    ends = []
    for place, (name, (colour, thick, dashes)) in enumerate(zip(names, cycle(STYLES), strict=False)):
        line = lines[lines["line"].eq(name)].sort_values("years")
        axes.fill_between(line["years"], line["low_pct"], line["high_pct"], color=colour, alpha=0.16, linewidth=0)
        axes.plot(line["years"], line["rate_pct"], color=colour, linewidth=thick, linestyle=dashes)
        for dot in line[line["marked"].astype(bool)].itertuples():
            at = (float(dot.years), float(dot.rate_pct))
            axes.plot(*([v] for v in at), "o", color=colour, markersize=8, markeredgecolor=CARD, markeredgewidth=1.4)
            label_beside(axes, at, (-6, 8), f"{digits(at[1], 1)}%", INK, ha="right")
        ends.append((float(line["years"].iloc[-1]), float(line["rate_pct"].iloc[-1]), name, colour))
        if not wide:
            label_inside(axes, 0.98, 0.04 + 0.075 * (len(names) - 1 - place), name, colour, ha="right")
    for row in rates.itertuples():
        axes.axhline(row.rate_pct, color=OPEN, linewidth=1)
        words = f"{row.rate}, {digits(row.rate_pct, 0)}%"
        axes.text(last - 0.2, row.rate_pct - 0.25, words, fontsize=SMALL, color=SOFT, ha="right", va="top")
    # A fund that must sell at once loses nearly all: the first two horizons may leave the picture at the bottom.
    settled = lines[lines["years"] >= min(first + 2, last)]
    lowest = min(-14, 1.1 * float(settled[["rate_pct", "low_pct"]].min().min()))
    highest = float(pd.concat([lines["rate_pct"], lines["high_pct"], rates["rate_pct"]]).max())
    axes.set_xlim(first, max(last, first + 1))
    axes.set_ylim(lowest, max(13, 1.1 * highest))
    axes.axhline(0, color=INK, linewidth=0.8)
    ticks = [year for year in (7, *range(10, int(last) + 1, 5 if last <= 40 else 10)) if first <= year <= last]
    axes.set_xticks(ticks)
    axes.set_yticks([-10, -5, 0, 5, 10], ["-10", "-5", "0", "5", "10%"])
    axes.set_xlabel("years until what is left must be sold")
    axes.set_ylabel("net return a year", color=SOFT)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    if wide:
        label_ends(axes, ends)
    return drawing
