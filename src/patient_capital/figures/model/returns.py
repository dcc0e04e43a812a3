"""Figures of block A of the chapter on the model."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.returns import BEST, PUBLISHED, SHOWN_CAPS, tail_lines
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, spelled

COLOURS = (style.TREASURY, style.MARK, style.STATE, style.UNNAMED)
TICKS = (1, 5, 10, 20, 50, 100, 300, 1000)


def _tell_tail(printed: Printer, lines: pd.DataFrame) -> Story:
    printed("model.two_thirds")
    published = lines[lines["curve"].eq(PUBLISHED)]
    first, last = (
        [digits(row["share_pct"]), spelled(row["multiple"])] for _, row in published.iloc[[0, -1]].iterrows()
    )
    cap = f"{min(SHOWN_CAPS):.0f}"
    return Story(
        title=f"One deal in {spelled(round(1 / BEST))} brings {printed('model.top_10')} of the money, and how far the "
        "tail reaches the data do not say",
        subtitle="Share of American venture financings that returned at least a multiple of the money put in, 2004 to "
        "2013, and curves fitted to the published classes.",
        alt=f"{spelled(len(published)).capitalize()} points fall from {first[0]} percent of deals at {first[1]} times "
        f"to {last[0]} percent at {last[1]} times. Power laws and a lognormal pass close to all; they part beyond the "
        f"last point. The tail index runs from {printed(f'model.tail_index_{cap}')} under a cap of {cap} to "
        f"{printed('model.tail_index_none')} without one.",
        note=f"Caps below {printed('model.lowest_cap')} times are rejected by the shares (95 percent). The standard "
        f"error of the index is {printed('model.tail_error')} once rounding and repeated rounds of the same company "
        "count. No such distribution was found for China.",
        searches=("china_returns",),
    )


@chart(
    "Share of venture deals that returned at least a multiple of the money put in, percent",
    _tell_tail,
    lines=tail_lines,
)
def tail(lines: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw the published shares as dots and each fitted curve as a line, both axes in logs."""
    drawing, axes = style.plot_drawing(wide, 380, left=(60, 58), right=(30, 14), top=14, bottom=58)
    axes.set_xscale("log")
    axes.set_yscale("log")
    shown = lines[lines["share_pct"] > 0]
    published = shown[shown["curve"].eq(PUBLISHED)]
    curves = [name for name in dict.fromkeys(shown["curve"]) if name != PUBLISHED]
    for place, (name, colour) in enumerate(zip(curves, cycle(COLOURS), strict=False)):
        curve = shown[shown["curve"].eq(name)]
        dashes = (0, (4, 2)) if colour == style.UNNAMED else "-"
        axes.plot(curve["multiple"], curve["share_pct"], color=colour, linewidth=2, linestyle=dashes)
        style.label_inside(axes, 0.03, 0.05 + (0.075 if wide else 0.08) * place, name, colour)
    dots: dict[str, Any] = {"color": style.INK, "markersize": 8, "markeredgecolor": style.CARD, "markeredgewidth": 1.2}
    axes.plot(published["multiple"], published["share_pct"], "o", **dots)
    for row in published.itertuples():
        share = f"{digits(float(f'{row.share_pct:.3g}'))}%"
        style.label_beside(axes, (row.multiple, row.share_pct), (7, 5), share)
    farthest = max(320, 1.1 * float(shown["multiple"].max()))
    axes.set_xlim(min(0.9, 0.9 * float(shown["multiple"].min())), farthest)
    axes.set_ylim(min(0.02, 0.7 * float(published["share_pct"].min())), max(70, 1.2 * float(shown["share_pct"].max())))
    ticks = [tick for tick in TICKS if tick < farthest]
    axes.set_xticks(ticks, [digits(tick) for tick in ticks])
    axes.set_yticks([0.1, 1, 10], ["0.1", "1", "10%"])
    axes.minorticks_off()
    axes.set_xlabel("multiple of the money put in, log scale")
    axes.set_ylabel("share of deals at or above it, log scale")
    return drawing
