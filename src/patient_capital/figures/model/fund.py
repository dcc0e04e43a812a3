"""Figures of block B of the chapter on the model."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.fund import LONG, LONGER, USUAL, horizon_lines, yardsticks
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
    usual, longer, long = (spelled(years) for years in (USUAL, LONGER, LONG))
    printed("model.waiting_pays")
    gain = f"model.wait_{USUAL}_{LONG}"
    return Story(
        title=f"Waiting {long} years rather than {usual} adds {printed(gain)} a year ({printed(f'{gain}_span')}), "
        f"{printed(f'model.wait_{LONGER}_{LONG}')} of it after year {longer}; new money for losers takes some back",
        subtitle="Net return a year of the expected cash flows of a whole private fund, losers included, after fees and "
        f"carry, at central parameters. Band: a forced sale fetches {digits(low, 0)} to {digits(high, 0)} percent of value.",
        alt=f"A curve rises steeply, over all doubts to {printed(f'model.net_rate_{USUAL}')} at {usual} years "
        f"({printed(f'model.net_rate_{USUAL}_span')}) and {printed(f'model.net_rate_{LONG}')} at {long} "
        f"({printed(f'model.net_rate_{LONG}_span')}), and flattens. Soft budgets lie below it. The readings of the "
        "time to exit lie above and below.",
        note="American returns. The observed time to exit may weigh exits by money, so that winners grow fast, or count "
        "exits, so that they grow slowly; the thick line stands between. What a fund does for others is not counted.",
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
        ends.append((float(line["years"].iloc[-1]), float(line["rate_pct"].iloc[-1]), name, colour))
        if not wide:
            style.label_inside(axes, 0.98, 0.04 + 0.075 * (len(names) - 1 - place), name, colour, ha="right")
    for row in rates.itertuples():
        axes.axhline(row.rate_pct, color=style.OPEN, linewidth=1)
        words = f"{row.rate}, {digits(row.rate_pct, 0)}%"
        look: dict[str, Any] = {"fontsize": style.SMALL, "color": style.SOFT, "bbox": style.GROUND, "zorder": 4}
        # On the side of the line where the next curve is further away.
        beyond = lines.loc[lines["years"] >= last - 8, "rate_pct"] - row.rate_pct
        above, below = (min(some, default=np.inf) for some in (beyond[beyond > 0], -beyond[beyond < 0]))
        side = "bottom" if above >= below else "top"
        axes.text(last - 0.2, row.rate_pct, words, ha="right", va=side, **look)
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
