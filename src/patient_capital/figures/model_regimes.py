"""Figures on regimes of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_regimes import (
    DIRECTED,
    NATIONAL,
    PATIENT,
    SIGNALS,
    flow_lines,
    implied_band,
    one_at_a_time,
)
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
    TEXT,
    TREASURY,
    WARN,
    WIDE_PX,
    axes_at,
    canvas,
    label_beside,
    label_inside,
    row_axes,
    switch_dot,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data

COLOURS = {DIRECTED: STATE, PATIENT: MARK, NATIONAL: TREASURY}
NAMES = {DIRECTED: "directed fund", PATIENT: "patient fund at its best", NATIONAL: "national fund of 2025"}


def _draw_steps(frame: pd.DataFrame, breaks: int, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 270) if wide else (NARROW_PX, 6)
    step, top = (38, 30) if wide else (56, 10)
    drawing = canvas(width, len(frame) * step + top + 46)
    axes = row_axes(drawing, left, top, width - left - 24, len(frame) * step, len(frame))
    axes.set_xlim(-16, 17)
    axes.axvline(0, color=INK, linewidth=1)
    for row in frame.itertuples():
        y = row.Index if wide else row.Index + 0.18
        low, high = sorted((row.first_pct, row.last_pct))
        colour = MARK if low > 0 else WARN
        axes.plot([low, high], [y, y], color=colour, linewidth=6, solid_capstyle="round")
        axes.plot([low, high], [y, y], "o", color=colour, markersize=8, markeredgecolor=CARD)
        label = digits(low, 0) if digits(low, 0) == digits(high, 0) else f"{digits(low, 0)} to {digits(high, 0)}"
        end, shift = ((high, y), (10, 0)) if low > 0 else ((low, y), (-10, 0))
        label_beside(
            axes, end, shift, f"+{label}" if low > 0 else label, INK, va="center", ha="left" if low > 0 else "right"
        )
        axes.text(-16.8 if wide else -16, row.Index if wide else row.Index - 0.26, row.change, ha="right" if wide else "left", va="center",
                  fontsize=TEXT if wide else SMALL)  # fmt: skip
    axes.set_xticks([-10, -5, 0, 5, 10], ["-10", "-5", "0", "+5", "+10"])
    axes.axhline(breaks - 0.5, color=OPEN, linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlabel("percent of the money paid in")
    return drawing


CHANGES = {
    "time": "twenty years instead of ten", "market": "entering the early-stage market", "size": "small tickets only", "sectors": "eleven listed sectors, not four",
    "state": "a little less state money",
}  # fmt: skip
BACK = {
    "screening": "average of scores, not unanimity",
    "state": "half the money private",
    "sectors": "all sectors open",
}


@figure("model.steps")
def steps(data: Data) -> Figure:
    """What each coordinate changes, from the directed to the national fund and on to the patient one."""
    ctx, words = start(data)
    there = one_at_a_time(ctx, DIRECTED, NATIONAL).assign(way="directed to national")
    there["change"] = there["coordinate"].map(CHANGES)
    back = one_at_a_time(ctx, NATIONAL, PATIENT).assign(way="national to patient")
    back["change"] = back["coordinate"].map(BACK)
    frame = pd.concat(
        [there.sort_values("first_pct", ascending=False), back.sort_values("first_pct", ascending=False)],
        ignore_index=True,
    )
    drawn = frame[["change", "first_pct", "last_pct", "way"]]
    words(f"model.regime_worth_bond[{PATIENT}]")
    return make(
        "model.steps", words=words, reader=ctx, plotted=drawn, draw=lambda wide: _draw_steps(drawn, len(there), wide),
        title=f"What the national fund gains by waiting it loses to a crowded market and small tickets: {words(f'model.regime_worth_bond[{NATIONAL}]')} against {words(f'model.regime_worth_bond[{DIRECTED}]')}",
        subtitle="Change of the net present value at the coupon of the treasury when one feature is changed alone, as the first step and as the last. "
        "Above the broken line: from a directed fund to the national fund. Below it: from there to a patient fund at its best.",
        alt="Bars by feature. Waiting adds most; the early-stage market and small tickets take most. From the national fund on, less state money and averaged scores add most.",
        note="Deals are American. Weights of small tickets, thinning and refusals are assumed; see what would flip this. What a fund does for others is not counted.",
    )  # fmt: skip


def _draw_flow(frame: pd.DataFrame, band: tuple[float, float], at: float, switch: float, wide: bool) -> Canvas:
    width, height = (WIDE_PX, 370) if wide else (NARROW_PX, 380)
    left, right = (56, 176) if wide else (44, 14)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, 30, width - left - right, height - 86)
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
    axes.axvline(at, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    axes.axhline(0, color=INK, linewidth=1)
    for place, (row, colour) in enumerate(COLOURS.items()):
        line = frame[f"{row}_pct"]
        axes.plot(frame["elasticity"], line, color=colour, linewidth=2.2)
        if wide:
            shift = (8, {DIRECTED: 8, PATIENT: 0, NATIONAL: -6}[row])
            label_beside(axes, (0.6, float(line.iloc[-1])), shift, NAMES[row], colour, va="center")
        else:
            label_inside(axes, 0.03, 0.04 + 0.075 * place, NAMES[row], colour, va="bottom")
    switch_dot(axes, switch, 0, MARK)
    label_beside(axes, (switch, 0), (4, 9), f"break-even {digits(switch, 2)}", INK)
    axes.set_xlim(0, 0.6)
    axes.set_xticks([0, 0.2, 0.4, 0.6])
    axes.set_xlabel(
        "elasticity: how fast large successes thin out as money enters" if wide else "thinning of deals, elasticity"
    )
    axes.set_ylabel("net present value, % of money paid in", color=SOFT)
    axes.set_ylim(-48 if not wide else -34, 18)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


@figure("model.flow")
def flow(data: Data) -> Figure:
    """Value by elasticity of deal flow, with the break-even of the programme."""
    ctx, words = start(data)
    frame = flow_lines(ctx)
    band = implied_band(ctx)
    words("model.national_never")
    return make(
        "model.flow", words=words, reader=ctx, plotted=frame,
        draw=lambda wide: _draw_flow(frame, band, ctx.value("model.flow_implied"), ctx.value("model.flow_patient_fund"), wide),
        title=f"A patient fund pays for its money if deals thin out slower than {words('model.flow_patient_fund', 'bare')}; the fund as built does not even if they never thin",
        subtitle=f"Net present value at the coupon of the treasury, if the trillion came and early-stage money rose {words('model.flow_ratio')}. "
        "Grey: thinning that follows if funds merely accept more of the same proposals.",
        alt=f"Three falling lines. That of the patient fund crosses zero at {words('model.flow_patient_fund', 'bare')}, to the right of {words('model.flow_implied', 'bare')} that screening implies; "
        "those of the national and the directed fund lie below zero throughout.",
        note=f"The band takes signals that correlate {digits(SIGNALS[0])} to {digits(SIGNALS[1])} with the rank of outcomes. That inflows raise prices and not success is known for America; by how much deals thin in China is unknown.",
    )  # fmt: skip
