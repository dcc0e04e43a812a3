"""Figures on regimes of the chapter on the model."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.flow import flow_lines, implied_span, state_break_evens
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, SIGNALS
from patient_capital.analysis.model.steps import steps_from_directed_to_patient
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
    TEXT,
    TREASURY,
    UNNAMED,
    WARN,
    WIDE_PX,
    axes_at,
    canvas,
    label_beside,
    label_inside,
    row_axes,
    switch_dot,
)
from patient_capital.formatting import digits, spelled


def _tell_steps(words: Words, steps: pd.DataFrame) -> Story:
    words(f"model.regime_worth_bond[{PATIENT}]")
    return Story(
        title="What the national fund gains by waiting it loses to a crowded market and small tickets: "
        f"{words(f'model.regime_worth_bond[{NATIONAL}]')} against {words(f'model.regime_worth_bond[{DIRECTED}]')}",
        subtitle="Change of the net present value at the coupon of the treasury when a feature is changed alone, as "
        "the first step and as the last. "
        "Above the broken line: from a directed fund to the national fund. Below it: from there to a patient fund at "
        "its best.",
        alt="Bars by feature. Waiting adds most; the early-stage market and small tickets take most. From the national "
        "fund on, less state money and averaged scores add most.",
        note="Deals are American. Weights of small tickets, thinning and refusals are assumed; see what would flip this. "
        "What a fund does for others is not counted.",
    )


@chart(
    measure="Change of the net present value when a feature is changed alone, percent of the money paid in",
    tell=_tell_steps,
    steps=steps_from_directed_to_patient,
)
def steps(steps: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a feature, from its change as the first step to that as the last; a broken line between two ways."""
    width, left = (WIDE_PX, 270) if wide else (NARROW_PX, 6)
    step, top = (38, 30) if wide else (56, 10)
    drawing = canvas(width, len(steps) * step + top + 46)
    axes = row_axes(drawing, left, top, width - left - 24, len(steps) * step, len(steps))
    changes = steps[["first_pct", "last_pct"]]
    lowest, highest = min(-16, 1.3 * float(changes.min().min())), max(17, 1.3 * float(changes.max().max()))
    axes.set_xlim(lowest, highest)
    axes.axvline(0, color=INK, linewidth=1)
    for place, row in enumerate(steps.itertuples()):
        y = place if wide else place + 0.18
        low, high = sorted((float(row.first_pct), float(row.last_pct)))
        colour = MARK if low > 0 else WARN
        axes.plot([low, high], [y, y], color=colour, linewidth=6, solid_capstyle="round")
        axes.plot([low, high], [y, y], "o", color=colour, markersize=8, markeredgecolor=CARD)
        label = digits(low, 0) if digits(low, 0) == digits(high, 0) else f"{digits(low, 0)} to {digits(high, 0)}"
        end, shift, side = ((high, y), (10, 0), "left") if low > 0 else ((low, y), (-10, 0), "right")
        label_beside(axes, end, shift, f"+{label}" if low > 0 else label, INK, va="center", ha=side)
        x, label_y, side, size = (
            (lowest - 0.8 * (highest - lowest) / 33, place, "right", TEXT)
            if wide
            else (lowest, place - 0.26, "left", SMALL)
        )
        axes.text(x, label_y, row.change, ha=side, va="center", fontsize=size)
    axes.set_xticks([-10, -5, 0, 5, 10], ["-10", "-5", "0", "+5", "+10"])
    ways = steps["way"].tolist()
    for place in range(1, len(ways)):
        if ways[place] != ways[place - 1]:
            axes.axhline(place - 0.5, color=OPEN, linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlabel("percent of the money paid in")
    return drawing


COLOURS = (STATE, MARK, TREASURY, UNNAMED)


def _tell_flow(words: Words, lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame) -> Story:
    words("model.national_never")
    weak, good = SIGNALS
    return Story(
        title="A patient fund pays for its money if deals thin out slower than "
        f"{words('model.flow_patient_fund', 'bare')}; the fund as built does not even if they never thin",
        subtitle="Net present value at the coupon of the treasury, if the trillion came and early-stage money rose "
        f"{words('model.flow_ratio')}. "
        "Grey: thinning that follows if funds merely accept more of the same proposals.",
        alt=f"{spelled(lines['regime'].nunique()).capitalize()} falling lines. That of the patient fund crosses zero at "
        f"{words('model.flow_patient_fund', 'bare')}, to the right of {words('model.flow_implied', 'bare')} that "
        "screening implies; those of the national and the directed fund lie below zero throughout.",
        note=f"The band takes signals that correlate {digits(weak)} to {digits(good)} with the rank of outcomes. That "
        "inflows raise prices and not success is known for America; by how much deals thin in China is unknown.",
    )


@chart(
    measure="Net present value by the elasticity of deal flow, percent of the money paid in",
    tell=_tell_flow,
    lines=flow_lines,
    implied=implied_span,
    break_evens=state_break_evens,
)
def flow(lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a regime, its break-even, and the span of elasticities that screening alone implies."""
    width, height = (WIDE_PX, 370) if wide else (NARROW_PX, 380)
    left, right = (56, 176) if wide else (44, 14)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, 30, width - left - right, height - 86)
    band = implied["elasticity"].min(), implied["elasticity"].max()
    axes.axvspan(*band, color=OPEN, alpha=0.18, linewidth=0)
    axes.annotate(
        "screening alone implies" if wide else "implied by screening",
        (sum(band) / 2, 1),
        (0, 6),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL,
        color=SOFT,
    )
    for inner in implied.loc[implied["elasticity"].between(*band, inclusive="neither"), "elasticity"]:
        axes.axvline(inner, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    axes.axhline(0, color=INK, linewidth=1)
    names = list(dict.fromkeys(lines["regime"]))
    colours = dict(zip(names, cycle(COLOURS), strict=False))
    ends = []
    for place, name in enumerate(names):
        line = lines[lines["regime"].eq(name)].sort_values("elasticity")
        axes.plot(line["elasticity"], line["value_pct"], color=colours[name], linewidth=2.2)
        ends.append((float(line["elasticity"].iloc[-1]), float(line["value_pct"].iloc[-1]), name, colours[name]))
        if not wide:
            label_inside(axes, 0.03, 0.04 + 0.075 * place, name, colours[name], va="bottom")
    farthest = float(lines["elasticity"].max()) or 0.6
    for row in break_evens.dropna(subset=["elasticity"]).itertuples():
        if row.elasticity <= farthest:
            switch_dot(axes, row.elasticity, 0, colours.get(row.regime, INK))
            label_beside(axes, (row.elasticity, 0), (4, 9), f"break-even {digits(row.elasticity, 2)}", INK)
    axes.set_xlim(0, farthest)
    axes.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4) if tick <= farthest + 1e-9])
    axes.set_xlabel(
        "elasticity: how fast large successes thin out as money enters" if wide else "thinning of deals, elasticity"
    )
    axes.set_ylabel("net present value, % of money paid in", color=SOFT)
    lowest, highest = 1.15 * float(lines["value_pct"].min()), 1.15 * float(lines["value_pct"].max())
    axes.set_ylim(min(-34 if wide else -48, lowest), max(18, highest))
    axes.grid(axis="y")
    axes.tick_params(length=0)
    if wide:
        label_ends(axes, ends)
    return drawing
