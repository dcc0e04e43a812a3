"""Figures on regimes of the chapter on the model."""

from __future__ import annotations

from itertools import cycle, pairwise

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.flow import flow_lines, implied_span, state_break_evens
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, SIGNALS
from patient_capital.analysis.model.steps import steps_from_directed_to_patient
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import label_ends
from patient_capital.formatting import digits, spelled


def _tell_steps(printed: Printer, steps: pd.DataFrame) -> Story:
    printed(f"model.regime_worth_bond[{PATIENT}]")
    return Story(
        title="What the national fund gains by waiting it loses to a crowded market and small tickets: "
        f"{printed(f'model.regime_worth_bond[{NATIONAL}]')} against {printed(f'model.regime_worth_bond[{DIRECTED}]')}",
        subtitle="Change of the net present value at the coupon of the treasury when a feature is changed alone, as "
        "the first step and as the last. Above the broken line: from a directed fund to the national fund. Below it: "
        "from there to a patient fund at its best.",
        alt="Bars by feature. Waiting adds most; the early-stage market and small tickets take most. From the national "
        "fund on, less state money and averaged scores add most.",
        note="Deals are American. Weights of small tickets, thinning and refusals are assumed; see what would flip "
        "this. What a fund does for others is not counted.",
    )


@chart(
    "Change of the net present value when a feature is changed alone, percent of the money paid in",
    _tell_steps,
    steps=steps_from_directed_to_patient,
)
def steps(steps: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a feature, from its change as the first step to that as the last; a broken line between two ways."""
    drawing, axes = style.row_drawing(wide, len(steps), left=(270, 6), right=24, step=(38, 56), top=(30, 10), bottom=46)
    changes = steps[["first_pct", "last_pct"]]
    lowest, highest = min(-16, 1.3 * float(changes.min().min())), max(17, 1.3 * float(changes.max().max()))
    label_ends_at = (lowest - 0.8 * (highest - lowest) / 33, lowest)
    axes.set_xlim(lowest, highest)
    axes.axvline(0, color=style.INK, linewidth=1)
    for place, row in enumerate(steps.itertuples()):
        y = place if wide else place + 0.18
        low, high = sorted((float(row.first_pct), float(row.last_pct)))
        colour = style.MARK if low > 0 else style.WARN
        axes.plot([low, high], [y, y], color=colour, linewidth=6, solid_capstyle="round")
        axes.plot([low, high], [y, y], "o", color=colour, markersize=8, markeredgecolor=style.CARD)
        label = digits(low, 0) if digits(low, 0) == digits(high, 0) else f"{digits(low, 0)} to {digits(high, 0)}"
        end, shift, side = ((high, y), (10, 0), "left") if low > 0 else ((low, y), (-10, 0), "right")
        style.label_beside(axes, end, shift, f"+{label}" if low > 0 else label, va="center", ha=side)
        style.row_label(axes, place, row.change, wide, x=label_ends_at, above=0.26)
    axes.set_xticks([-10, -5, 0, 5, 10], ["-10", "-5", "0", "+5", "+10"])
    for place, (before, way) in enumerate(pairwise(steps["way"])):
        if before != way:
            axes.axhline(place + 0.5, color=style.OPEN, linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlabel("percent of the money paid in")
    return drawing


COLOURS = (style.STATE, style.MARK, style.TREASURY, style.UNNAMED)


def _tell_flow(printed: Printer, lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame) -> Story:
    printed("model.national_never")
    weak, good = SIGNALS
    return Story(
        title="A patient fund pays for its money if deals thin out slower than "
        f"{printed('model.flow_patient_fund', 'bare')}; the fund as built does not even if they never thin",
        subtitle="Net present value at the coupon of the treasury, if the trillion came and early-stage money rose "
        f"{printed('model.flow_ratio')}. Grey: thinning that follows if funds merely accept more of the same "
        "proposals.",
        alt=f"{spelled(lines['regime'].nunique()).capitalize()} falling lines. That of the patient fund crosses zero "
        f"at {printed('model.flow_patient_fund', 'bare')}, to the right of {printed('model.flow_implied', 'bare')} "
        "that screening implies; those of the national and the directed fund lie below zero throughout.",
        note=f"The band takes signals that correlate {digits(weak)} to {digits(good)} with the rank of outcomes. That "
        "inflows raise prices and not success is known for America; by how much deals thin in China is varied.",
    )


@chart(
    "Net present value by the elasticity of deal flow, percent of the money paid in",
    _tell_flow,
    lines=flow_lines,
    implied=implied_span,
    break_evens=state_break_evens,
)
def flow(lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a regime, its break-even, and the span of elasticities that screening alone implies."""
    drawing, axes = style.plot_drawing(wide, (370, 380), left=(56, 44), right=(176, 14), top=30, bottom=56)
    band = implied["elasticity"].min(), implied["elasticity"].max()
    axes.axvspan(*band, color=style.OPEN, alpha=0.18, linewidth=0)
    implying = "screening alone implies" if wide else "implied by screening"
    style.note_at_top(axes, sum(band) / 2, (0, 6), implying, ha="center")
    for inner in implied.loc[implied["elasticity"].between(*band, inclusive="neither"), "elasticity"]:
        axes.axvline(inner, color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    axes.axhline(0, color=style.INK, linewidth=1)
    names = list(dict.fromkeys(lines["regime"]))
    colours = dict(zip(names, cycle(COLOURS), strict=False))
    ends = []
    for place, name in enumerate(names):
        line = lines[lines["regime"].eq(name)].sort_values("elasticity")
        axes.plot(line["elasticity"], line["value_pct"], color=colours[name], linewidth=2.2)
        ends.append((float(line["elasticity"].iloc[-1]), float(line["value_pct"].iloc[-1]), name, colours[name]))
        if not wide:
            style.label_inside(axes, 0.03, 0.04 + 0.075 * place, name, colours[name], va="bottom")
    farthest = float(lines["elasticity"].max()) or 0.6
    for row in break_evens.dropna(subset=["elasticity"]).itertuples():
        if row.elasticity <= farthest:
            style.switch_dot(axes, row.elasticity, 0, colours.get(row.regime, style.INK))
            style.label_beside(axes, (row.elasticity, 0), (4, 9), f"break-even {digits(row.elasticity, 2)}")
    axes.set_xlim(0, farthest)
    axes.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4) if tick <= farthest + 1e-9])
    thinning = "elasticity: how fast large successes thin out as money enters"
    axes.set_xlabel(thinning if wide else "thinning of deals, elasticity")
    axes.set_ylabel("net present value, % of money paid in", color=style.SOFT)
    lowest, highest = 1.15 * float(lines["value_pct"].min()), 1.15 * float(lines["value_pct"].max())
    axes.set_ylim(min(-34 if wide else -48, lowest), max(18, highest))
    if wide:
        label_ends(axes, ends)
    return drawing
