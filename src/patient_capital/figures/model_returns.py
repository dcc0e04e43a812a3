"""Figures of block A of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_returns import tail_lines
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    STATE,
    TREASURY,
    UNNAMED,
    WIDE_PX,
    axes_at,
    canvas,
    label_beside,
    label_inside,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data

LINES = (
    ("cap_none_pct", "power law without a cap", TREASURY, "-"),
    ("cap_300_pct", "capped at 300 times", MARK, "-"),
    ("cap_100_pct", "capped at 100 times", STATE, "-"),
    ("lognormal_pct", "lognormal", UNNAMED, (0, (4, 2))),
)


def _draw_tail(published: pd.DataFrame, fitted: pd.DataFrame, wide: bool) -> Canvas:
    width, height = (WIDE_PX, 380) if wide else (NARROW_PX, 380)
    left, right = (60, 30) if wide else (50, 14)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, 14, width - left - right, height - 72)
    axes.set_xscale("log")
    axes.set_yscale("log")
    for name, _, colour, style in LINES:
        axes.plot(fitted["multiple"], fitted[name], color=colour, linewidth=2, linestyle=style)
    axes.plot(
        published["multiple"],
        published["share_pct"],
        "o",
        color=INK,
        markersize=8,
        markeredgecolor=CARD,
        markeredgewidth=1.2,
    )
    for row in published.itertuples():
        label_beside(axes, (row.multiple, row.share_pct), (7, 5), f"{digits(row.share_pct)}%", INK)
    for place, (_, words, colour, _) in enumerate(LINES):
        label_inside(axes, 0.03, 0.05 + (0.075 if wide else 0.08) * place, words, colour)
    axes.set_xlim(0.9, 320)
    axes.set_ylim(0.02, 70)
    axes.set_xticks([1, 5, 10, 20, 50, 100, 300], ["1", "5", "10", "20", "50", "100", "300"])
    axes.set_yticks([0.1, 1, 10], ["0.1", "1", "10%"])
    axes.minorticks_off()
    axes.set_xlabel("multiple of the money put in, log scale")
    axes.set_ylabel("share of deals at or above it, log scale")
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


@figure("model.tail")
def tail(data: Data) -> Figure:
    """The tail of venture returns, as published and as fitted."""
    ctx, words = start(data)
    published, fitted = tail_lines(ctx)
    words("model.two_thirds")
    return make(
        "model.tail", words=words, reader=ctx, draw=lambda wide: _draw_tail(published, fitted, wide),
        plotted=fitted.merge(published, on="multiple", how="outer").sort_values("multiple"),
        title=f"One deal in ten brings {words('model.top_10')} of the money, and how far the tail reaches the data do not say",
        subtitle="Share of American venture financings that returned at least a multiple of the money put in, 2004 to 2013, and curves fitted to the published classes.",
        alt=f"Five points fall from 35 percent of deals at one times to 0.5 percent at fifty. Three power laws and a lognormal pass close to all; they part above one hundred times. "
        f"The tail index runs from {words('model.tail_index_100')} under a cap of 100 to {words('model.tail_index_none')} without one.",
        note=f"Caps below {words('model.lowest_cap')} times are rejected by the shares (95 percent). The standard error of the index is {words('model.tail_error')} once rounding and repeated rounds "
        "of one company count. No such distribution was found for China.",
    )  # fmt: skip
