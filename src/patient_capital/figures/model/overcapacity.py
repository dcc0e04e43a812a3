"""Figures of block D of the chapter on the model."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.overcapacity import WEIGHTS, home_shares, welfare_lines
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import above_names, foot_of_name, label_ends
from patient_capital.formatting import digits, spelled

COLOURS = (style.TREASURY, style.MARK, style.STATE)


def _tell_tension(printed: Printer, lines: pd.DataFrame, industries: pd.DataFrame) -> Story:
    for ref in ("model.home_cars", "model.home_robots", "model.solar_below_switch", "model.few_beat_many"):
        printed(ref)
    first, middle, last = (printed(f"model.home_switch_{100 * weight:.0f}") for weight in WEIGHTS)
    return Story(
        title="All regions founding firms, beside one alone, by where the gain stays",
        subtitle="Welfare of the country with all regions less welfare with one, in percent of the best possible, at "
        "central parameters. Above zero, all are better. Lines: weight that leaders put on local output beyond profit. "
        f"Over all doubts there is a switch in {printed('model.home_switch_share')} of draws, at "
        f"{printed('model.home_switch_draws')} of the gain at home ({printed('model.home_switch_draws_span')}); in the "
        "others one region is better at any share.",
        alt=f"{spelled(lines['weight'].nunique()).capitalize()} rising lines at central parameters cross zero at "
        f"{first}, {middle} and {last} of the gain at home. Dashed lines mark solar modules "
        f"({printed('model.home_solar')}) well below, electric cars near and robots above.",
        must="The weight on output is assumed; its sign has sources, its size has none.",
        note="A few regions serve the country better than all. Home shares are of output or revenue, as a "
        "stand-in for the consumer gain. AI services are left open.",
    )


@chart(
    "Welfare with many regions less welfare with one, percent of the best, by share of the gain at home",
    _tell_tension,
    lines=welfare_lines,
    industries=home_shares,
)
def tension(lines: pd.DataFrame, industries: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a weight, with a dot where many regions equal one, and a dashed line an industry."""
    drawing, axes = style.plot_drawing(wide, 400, left=(62, 50), right=(196, 22), top=(64, 72), bottom=52)
    axes.axhline(0, color=style.INK, linewidth=1)
    labels, weights = [], list(dict.fromkeys(lines["weight"]))
    for place, (weight, colour) in enumerate(zip(weights, cycle(COLOURS), strict=False)):
        line = lines.loc[lines["weight"].eq(weight)].sort_values("home_share_pct")
        gap = line["many_pct"] - line["one_pct"]
        switch = float(line["switch_pct"].iloc[0])
        axes.plot(line["home_share_pct"], gap, color=colour, linewidth=2.2)
        label = f"{f'weight {digits(weight)}' if weight else 'no weight on output'}: no switch"
        if pd.notna(switch):
            style.switch_dot(axes, switch, 0, colour)
            label = label.replace("no switch", f"{digits(switch, 0)}%")
        if wide:
            labels.append((float(line["home_share_pct"].iloc[-1]), float(gap.iloc[-1]), label, colour))
        else:
            y = foot_of_name(len(weights) - 1 - place)
            style.label_inside(axes, 0.97, y, label, colour, ha="right", va="bottom")
    label_ends(axes, labels)
    for place, row in enumerate(industries.itertuples()):
        home = row.home_share_pct
        axes.axvline(home, above_names(weights, wide), color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
        shift, side = (3 if home > 90 else 0, 8 + 17 * (place % (2 if wide else 3))), "right" if home > 75 else "center"
        style.note_at_top(axes, home, shift, f"{row.label} {digits(home, 0)}%", ha=side)
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel("share of the consumer gain that stays at home")
    axes.set_ylabel(f"many regions less one, points{' of the best welfare' if wide else ''}")
    return drawing
