"""Figures of block D of the chapter on the model."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.overcapacity import WEIGHTS, home_shares, welfare_lines
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.labels import label_ends
from patient_capital.figures.record import Words
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
    label_inside,
    switch_dot,
)
from patient_capital.formatting import digits, spelled

COLOURS = (TREASURY, MARK, STATE)


def _tell_tension(words: Words, lines: pd.DataFrame, industries: pd.DataFrame) -> Story:
    for ref in ("model.home_cars", "model.home_robots", "model.solar_below_switch"):
        words(ref)
    first, middle, last = (words(f"model.home_switch_{100 * weight:.0f}") for weight in WEIGHTS)
    return Story(
        title=f"Many regions beat one only where {first} to {last} of the consumer gain stays at home; of solar modules, "
        f"{words('model.home_solar')} did",
        subtitle="Welfare of the country with all regions founding firms, less welfare with one, in percent of the best "
        "possible. Above zero, many regions are better. Lines: weight that leaders put on local output beyond profit.",
        alt=f"{spelled(lines['weight'].nunique()).capitalize()} rising lines cross zero at {first}, {middle} and {last} of the gain at home. "
        "Dashed lines mark solar modules well below, electric cars near and robots above.",
        note="The weight on output is assumed; its sign has sources, its size has none. Home shares are of output or "
        "revenue, as a stand-in for the consumer gain. For AI services no home share was found: unknown.",
    )


def _weight_label(weight: float, switch_pct: float) -> str:
    words = "no weight on output" if weight == 0 else f"weight {digits(weight)}"
    return f"{words}: {'no switch' if pd.isna(switch_pct) else f'{digits(switch_pct, 0)}%'}"


@chart(
    measure="Welfare with many regions less welfare with one, percent of the best, by share of the gain at home",
    tell=_tell_tension,
    lines=welfare_lines,
    industries=home_shares,
)
def tension(lines: pd.DataFrame, industries: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a weight, with a dot where many regions equal one, and a dashed line an industry."""
    width, height = (WIDE_PX, 400) if wide else (NARROW_PX, 400)
    left, right, top = (62, 196, 64) if wide else (50, 22, 72)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, top, width - left - right, height - top - 52)
    axes.axhline(0, color=INK, linewidth=1)
    labels = []
    for place, (weight, colour) in enumerate(zip(dict.fromkeys(lines["weight"]), cycle(COLOURS), strict=False)):
        line = lines.loc[lines["weight"].eq(weight)].sort_values("home_share_pct")
        gap = line["many_pct"] - line["one_pct"]
        switch = float(line["switch_pct"].iloc[0])
        axes.plot(line["home_share_pct"], gap, color=colour, linewidth=2.2)
        if pd.notna(switch):
            switch_dot(axes, switch, 0, colour)
        label = _weight_label(weight, switch)
        if wide:
            labels.append((float(line["home_share_pct"].iloc[-1]), float(gap.iloc[-1]), label, colour))
        else:
            label_inside(axes, 0.03, 0.70 - 0.08 * place, label, colour)
    label_ends(axes, labels)
    for place, row in enumerate(industries.itertuples()):
        home = row.home_share_pct
        axes.axvline(home, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
        axes.annotate(
            f"{row.label} {digits(home, 0)}%",
            (home, 1),
            (3 if home > 90 else 0, 8 + 17 * (place % 2 if wide else place % 3)),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if home > 75 else "center",
            fontsize=SMALL,
            color=SOFT,
        )
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel("share of the consumer gain that stays at home")
    axes.set_ylabel(
        "many regions less one, points" if not wide else "many regions less one, points of the best welfare"
    )
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing
