"""Figures of block D of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_capacity import WEIGHTS, welfare_lines
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
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
    switch_dot,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data

COLOURS = (TREASURY, MARK, STATE)
INDUSTRIES = (("solar", "solar modules"), ("cars", "electric cars"), ("robots", "robots"))


def _draw_tension(lines: pd.DataFrame, switches: dict[float, float], homes: dict[str, float], wide: bool) -> Canvas:
    width, height = (WIDE_PX, 400) if wide else (NARROW_PX, 400)
    left, right, top = (62, 196, 64) if wide else (50, 22, 72)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, top, width - left - right, height - top - 52)
    axes.axhline(0, color=INK, linewidth=1)
    for place, (weight, colour) in enumerate(zip(WEIGHTS, COLOURS, strict=True)):
        line = lines.loc[lines["weight"].eq(weight)]
        gap = line["many_pct"] - line["one_pct"]
        axes.plot(line["home_share_pct"], gap, color=colour, linewidth=2.2)
        switch_dot(axes, switches[weight], 0, colour)
        words = "no weight on output" if weight == 0 else f"weight {digits(weight)}"
        label = f"{words}: {digits(switches[weight], 0)}%"
        if wide:
            label_beside(axes, (100, float(gap.iloc[-1])), (8, 5 - 5 * place), label, colour, va="center")
        else:
            label_inside(axes, 0.03, 0.70 - 0.08 * place, label, colour)
    for place, (name, words) in enumerate(INDUSTRIES):
        axes.axvline(homes[name], color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
        row = place if not wide else place % 2
        axes.annotate(f"{words} {digits(homes[name], 0)}%", (homes[name], 1), (3 if homes[name] > 90 else 0, 8 + 17 * row), xycoords=("data", "axes fraction"),
                      textcoords="offset points", ha="right" if homes[name] > 75 else "center", fontsize=SMALL, color=SOFT)  # fmt: skip
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel("share of the consumer gain that stays at home")
    axes.set_ylabel(
        "many regions less one, points" if not wide else "many regions less one, points of the best welfare"
    )
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


@figure("model.tension")
def tension(data: Data) -> Figure:
    """One region against many, by home share."""
    ctx, words = start(data)
    lines = welfare_lines(ctx)
    switches = {weight: ctx.value(f"model.home_switch_{100 * weight:.0f}") for weight in WEIGHTS}
    homes = {name: ctx.value(f"model.home_{name}") for name, _ in INDUSTRIES}
    for ref in ("model.home_cars", "model.home_robots", "model.solar_below_switch"):
        words(ref)
    return make(
        "model.tension", words=words, reader=ctx, plotted=lines, draw=lambda wide: _draw_tension(lines, switches, homes, wide),
        title=f"Many regions beat one only where {words('model.home_switch_0')} to {words('model.home_switch_8')} of the consumer gain stays at home; of solar modules, {words('model.home_solar')} did",
        subtitle="Welfare of the country with all regions founding firms, less welfare with one, in percent of the best possible. Above zero, many regions are better. "
        "Lines: weight that leaders put on local output beyond profit.",
        alt=f"Three rising lines cross zero at {words('model.home_switch_0')}, {words('model.home_switch_5')} and {words('model.home_switch_8')} of the gain at home. "
        "Dashed lines mark solar modules well below, electric cars near and robots above.",
        note="The weight on output is assumed; its sign has sources, its size has none. Home shares are of output or revenue, as a stand-in for the consumer gain. For AI services no home share was found: unknown.",
    )  # fmt: skip
