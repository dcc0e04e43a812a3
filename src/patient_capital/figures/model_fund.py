"""Figures of block B of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_fund import LONG, SHORT, SOFTNESS, USUAL, horizon_lines
from patient_capital.figures.record import Figure, figure, make, start
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
    WIDE_PX,
    axes_at,
    canvas,
    label_beside,
    label_inside,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data


def _draw_patience(lines: pd.DataFrame, coupon: float, official: float, wide: bool) -> Canvas:
    width, height = (WIDE_PX, 400) if wide else (NARROW_PX, 400)
    left, right = (56, 170) if wide else (44, 14)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, 14, width - left - right, height - 70)
    rate = {name: line.set_index("years")["rate_pct"] for name, line in lines.groupby("line")}
    axes.fill_between(rate["base"].index, rate["sale_low"], rate["sale_high"], color=MARK, alpha=0.16, linewidth=0)
    axes.plot(rate["base"].index, rate["base"], color=MARK, linewidth=2.4)
    for soft, style in zip(SOFTNESS[1:], ((0, (5, 2)), (0, (2, 2))), strict=True):
        axes.plot(rate["base"].index, rate[f"soft_{100 * soft:.0f}"], color=STATE, linewidth=2, linestyle=style)
    for level, words in ((coupon, "coupon of the treasury"), (official, "official rate, public projects")):
        axes.axhline(level, color=OPEN, linewidth=1)
        axes.text(29.8, level - 0.25, f"{words}, {digits(level, 0)}%", fontsize=SMALL, color=SOFT, ha="right", va="top")
    axes.plot(rate["slow"].index, rate["slow"], color=TREASURY, linewidth=2)
    for year in (SHORT, USUAL, LONG):
        axes.plot(
            [year], [rate["base"].loc[year]], "o", color=MARK, markersize=8, markeredgecolor=CARD, markeredgewidth=1.4
        )
        reached = float(rate["base"].loc[year])
        label_beside(axes, (year, reached), (-6, 8), f"{digits(reached, 1)}%", INK, ha="right")
    labels = [("hard budget", MARK, "base"), *((f"{digits(100 * s, 0)}% of losers refinanced", STATE, f"soft_{100 * s:.0f}") for s in SOFTNESS[1:]),
              ("large winners take longer", TREASURY, "slow")]  # fmt: skip
    for place, (words, colour, name) in enumerate(labels):
        if wide:
            end = (30, float(rate[name].loc[30]))
            label_beside(axes, end, (8, 6 if name == "slow" else 0), words, colour, va="center")
        else:
            label_inside(axes, 0.98, 0.04 + 0.075 * (3 - place), words, colour, ha="right")
    axes.set_xlim(6, 30)
    axes.set_ylim(-14, 13)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xticks([7, 10, 15, 20, 25, 30])
    axes.set_yticks([-10, -5, 0, 5, 10], ["-10", "-5", "0", "5", "10%"])
    axes.set_xlabel("years until what is left must be sold")
    axes.set_ylabel("net return a year", color=SOFT)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


@figure("model.patience")
def patience(data: Data) -> Figure:
    """Net return by horizon, with forced sale and soft budget."""
    ctx, words = start(data)
    lines = horizon_lines(ctx)
    coupon, official = (100 * ctx.number("parameters", p, "value") for p in ("fm_bond_coupon", "fm_public_rate"))
    low, high = (100 * ctx.number("parameters", "fm_forced_sale", end) for end in ("low", "high"))
    words("model.waiting_pays")
    return make(
        "model.patience", words=words, reader=ctx, plotted=lines, draw=lambda wide: _draw_patience(lines, coupon, official, wide),
        title=f"Waiting twenty years rather than ten adds {words('model.wait_10_20')} a year, and {words('model.wait_15_20')} of it after year fifteen; soft budgets take it back",
        subtitle="Net return a year of the expected cash flows of a whole fund, losers included, after fees and carry. "
        f"Band: a forced sale fetches {digits(low, 0)} to {digits(high, 0)} percent of value.",
        alt=f"A curve rises steeply from {words('model.net_rate_7')} at seven years over {words('model.net_rate_10')} at ten to {words('model.net_rate_20')} at twenty and flattens. Soft budgets lie below it at every horizon, "
        "and so does the curve for winners that take longer the larger they are.",
        note=f"American returns; the observed time to exit is read as weighing money, or as counting exits. The fund earns the coupon of the treasury from {words('model.paying_horizon')} on. What a fund does for others is not counted.",
    )  # fmt: skip
