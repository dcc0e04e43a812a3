"""Figures of block B of the chapter on the model."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.fund import LONG, LONGER, SHORT, USUAL, horizon_lines, yardsticks
from patient_capital.analysis.model.inputs import parameter
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import label_ends
from patient_capital.formatting import digits, spelled
from patient_capital.tables import Reader

STYLES: tuple[tuple[str, float, Any], ...] = (
    (style.MARK, 2.4, "-"),
    (style.STATE, 2, (0, (5, 2))),
    (style.STATE, 2, (0, (2, 2))),
    (style.TREASURY, 2, "-"),
    (style.UNNAMED, 2, "-"),
)
"""Colour, width and dashes of the lines, in their order."""


def _tell_patience(printed: Printer, lines: pd.DataFrame, rates: pd.DataFrame) -> Story:
    low, high = (100 * parameter(Reader(printed.book), "fm_forced_sale", end) for end in ("low", "high"))
    short, usual, longer, long = (spelled(years) for years in (SHORT, USUAL, LONGER, LONG))
    printed("model.waiting_pays")
    return Story(
        title=f"Waiting {long} years rather than {usual} adds {printed(f'model.wait_{USUAL}_{LONG}')} a year, and "
        f"{printed(f'model.wait_{LONGER}_{LONG}')} of it after year {longer}; soft budgets take it back",
        subtitle="Net return a year of the expected cash flows of a whole fund, losers included, after fees and carry. "
        f"Band: a forced sale fetches {digits(low, 0)} to {digits(high, 0)} percent of value.",
        alt=f"A curve rises steeply from {printed(f'model.net_rate_{SHORT}')} at {short} years over "
        f"{printed(f'model.net_rate_{USUAL}')} at {usual} to {printed(f'model.net_rate_{LONG}')} at {long} and "
        "flattens. Soft budgets lie below it at every horizon, and so does the curve for winners that take longer the "
        "larger they are.",
        note="American returns; the observed time to exit is read as weighing money, or as counting exits. The fund "
        f"earns the coupon of the treasury from {printed('model.paying_horizon')} on. What a fund does for others is "
        "not counted.",
    )


@chart(
    "Net return a year by the years until what is left must be sold, percent",
    _tell_patience,
    lines=horizon_lines,
    rates=yardsticks,
)
def patience(lines: pd.DataFrame, rates: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a fund, with the band of a forced sale where there is one, and rates to compare with across."""
    drawing, axes = style.plot_drawing(wide, 400, left=(56, 44), right=(170, 14), top=14, bottom=56)
    names = list(dict.fromkeys(lines["line"]))
    first, last = float(lines["years"].min()), float(lines["years"].max())
    ends = []
    for place, (name, (colour, thick, dashes)) in enumerate(zip(names, cycle(STYLES), strict=False)):
        line = lines[lines["line"].eq(name)].sort_values("years")
        axes.fill_between(line["years"], line["low_pct"], line["high_pct"], color=colour, alpha=0.16, linewidth=0)
        axes.plot(line["years"], line["rate_pct"], color=colour, linewidth=thick, linestyle=dashes)
        for dot in line[line["marked"].astype(bool)].itertuples():
            at = (float(dot.years), float(dot.rate_pct))
            style.switch_dot(axes, *at, colour, size=8, edge=1.4)
            style.label_beside(axes, at, (-6, 8), f"{digits(at[1], 1)}%", ha="right")
        ends.append((float(line["years"].iloc[-1]), float(line["rate_pct"].iloc[-1]), name, colour))
        if not wide:
            style.label_inside(axes, 0.98, 0.04 + 0.075 * (len(names) - 1 - place), name, colour, ha="right")
    for row in rates.itertuples():
        axes.axhline(row.rate_pct, color=style.OPEN, linewidth=1)
        words = f"{row.rate}, {digits(row.rate_pct, 0)}%"
        axes.text(last - 0.2, row.rate_pct - 0.25, words, fontsize=style.SMALL, color=style.SOFT, ha="right", va="top")
    # A fund that must sell at once loses nearly all: the first two horizons may leave the picture at the bottom.
    settled = lines[lines["years"] >= min(first + 2, last)]
    lowest = min(-14, 1.1 * float(settled[["rate_pct", "low_pct"]].min().min()))
    highest = float(pd.concat([lines["rate_pct"], lines["high_pct"], rates["rate_pct"]]).max())
    axes.set_xlim(first, max(last, first + 1))
    axes.set_ylim(lowest, max(13, 1.1 * highest))
    axes.axhline(0, color=style.INK, linewidth=0.8)
    ticks = [year for year in (7, *range(10, int(last) + 1, 5 if last <= 40 else 10)) if first <= year <= last]
    axes.set_xticks(ticks)
    axes.set_yticks([-10, -5, 0, 5, 10], ["-10", "-5", "0", "5", "10%"])
    axes.set_xlabel("years until what is left must be sold")
    axes.set_ylabel("net return a year", color=style.SOFT)
    if wide:
        label_ends(axes, ends)
    return drawing
