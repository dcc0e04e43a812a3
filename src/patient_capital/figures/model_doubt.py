"""Figures of what would flip the verdicts: break-even maps and sensitivity."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_doubt import OUTCOMES, doubts
from patient_capital.analysis.model_regimes import NATIONAL, PATIENT, implied_band
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
    WIDE_PX,
    axes_at,
    canvas,
    label_inside,
    row_axes,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data

MAP_COLUMNS = ("map_id", "line", "place", "break_even", "side")


def _panels(wide: bool) -> tuple[Canvas, list[Axes]]:
    if wide:
        drawing = canvas(WIDE_PX, 660)
        return drawing, [axes_at(drawing, 62 + 362 * (i % 2), 34 + 330 * (i // 2), 276, 230) for i in range(4)]
    drawing = canvas(NARROW_PX, 1240)
    return drawing, [axes_at(drawing, 54, 34 + 310 * i, NARROW_PX - 70, 210) for i in range(4)]


def _side(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    label_inside(axes, x, y, words, colour, ha="center", va="center")


def _finish(axes: Axes, title: str, x_label: str, y_label: str) -> None:
    axes.set_title(title, loc="left", fontsize=SMALL, weight="bold", color=INK, pad=8)
    axes.set_xlabel(x_label, fontsize=SMALL)
    axes.set_ylabel(y_label, fontsize=SMALL)
    axes.tick_params(length=0, labelsize=SMALL)
    axes.tick_params(axis="x", pad=9)
    axes.grid(True)


def _draw_maps(
    frame: pd.DataFrame,
    bands: dict[str, tuple[float, float]],
    rates: tuple[float, float],
    homes: dict[str, float],
    wide: bool,
) -> Canvas:
    drawing, (skill, flow, soft, home) = _panels(wide)
    lines = {key: part.dropna(subset="break_even") for key, part in frame.groupby(["map_id", "line"])}

    skill.axhline(0, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    skill.axvspan(*bands["thinning"], color=OPEN, alpha=0.18, linewidth=0)
    for row, colour in ((PATIENT, MARK), (NATIONAL, TREASURY)):
        part = lines["skill_by_flow", row]
        skill.plot(part["place"], part["break_even"], color=colour, linewidth=2.2)
    skill.set_xlim(0, 0.5)
    skill.set_ylim(-0.6, 0.9)
    _side(skill, 0.7, 0.95, "directed fund better", STATE)
    _side(skill, 0.37, 0.85, "against the patient fund", MARK)
    _side(skill, 0.36, 0.26, "against the national fund", TREASURY)
    _side(skill, 0.28, 0.06, "picking makes it worse", SOFT)
    _finish(skill, "Picking skill against thinning", "thinning of deals, elasticity", "picking skill")

    flow.axhspan(*bands["thinning"], color=OPEN, alpha=0.18, linewidth=0)
    part = lines["flow_by_rate", PATIENT]
    flow.plot(100 * part["place"], part["break_even"], color=MARK, linewidth=2.2)
    for rate in rates:
        flow.axvline(rate, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    flow.set_xlim(0, 9)
    flow.set_ylim(0, 1)
    _side(flow, 0.16, 0.14, "pays", MARK)
    _side(flow, 0.62, 0.72, "does not pay", STATE)
    flow.annotate("coupon", (rates[0], 1), (3, -12), textcoords="offset points", fontsize=SMALL, color=SOFT)
    flow.annotate(
        "official", (rates[1], 1), (-3, -12), textcoords="offset points", ha="right", fontsize=SMALL, color=SOFT
    )
    _finish(flow, "Does the patient fund pay?", "discount rate, percent", "thinning of deals, elasticity")

    soft.axvspan(*bands["sale"], color=OPEN, alpha=0.18, linewidth=0)
    for row, colour in ((PATIENT, MARK), (NATIONAL, TREASURY)):
        part = lines["soft_by_sale", row]
        soft.plot(100 * part["place"], 100 * part["break_even"], color=colour, linewidth=2.2)
    soft.set_xlim(20, 100)
    soft.set_ylim(0, 100)
    _side(soft, 0.68, 0.94, "hard directed fund better", STATE)
    _side(soft, 0.3, 0.66, "against the patient fund", MARK)
    _side(soft, 0.48, 0.17, "against the national fund", TREASURY)
    _finish(soft, "Soft budget against forced sale", "a forced sale fetches, % of value", "losers refinanced, %")

    part = lines["home_by_weight", "oc_regions"]
    home.plot(part["place"], 100 * part["break_even"], color=TREASURY, linewidth=2.2)
    for name, level in homes.items():
        home.axhline(level, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
        home.annotate(
            f"{name} {digits(level, 0)}%",
            (0.09, level),
            (-3, 3),
            textcoords="offset points",
            ha="right",
            fontsize=SMALL,
            color=SOFT,
        )
    home.set_xlim(0, 0.09)
    home.set_ylim(40, 102)
    _side(home, 0.22, 0.8, "many better", TREASURY)
    _side(home, 0.3, 0.12, "one region better", STATE)
    _finish(home, "One region against many", "weight on local output", "gain at home, %")
    return drawing


@figure("model.maps")
def maps(data: Data) -> Figure:
    """Four break-even maps with the evidence there is."""
    ctx, words = start(data)
    frame = ctx.frame("model_maps", *MAP_COLUMNS)
    sale = tuple(100 * ctx.number("parameters", "fm_secondary_world", end) for end in ("low", "high"))
    bands = {"thinning": implied_band(ctx), "sale": (sale[0], sale[1])}
    china = 100 * ctx.number("parameters", "fm_secondary_cn", "value")
    rates = tuple(100 * ctx.number("parameters", p, "value") for p in ("fm_bond_coupon", "fm_public_rate"))
    homes = {name: ctx.value(f"model.home_{name}") for name in ("solar", "cars", "robots")}
    return make(
        "model.maps", words=words, reader=ctx, plotted=frame.reset_index(names="row_id"),
        draw=lambda wide: _draw_maps(frame, bands, (rates[0], rates[1]), homes, wide),
        title=f"What would flip the verdict: picking skill of {words('model.skill_national_fund', 'bare')} or {words('model.skill_patient_fund', 'bare')}, deals that thin faster than {words('model.flow_patient_fund', 'bare')}, softer budgets, gains that leave",
        subtitle="Each line is where two ways to invest are worth the same. Grey: where evidence lies. Other parameters stay at their central values; discount rate is the coupon of the treasury.",
        alt="Four small maps. A directed fund needs more picking skill to beat the patient fund than the national one. The patient fund pays at the coupon and not at the official rate. "
        "The dearer a forced sale, the harder the budget must be. Many regions need more gain at home the more leaders care for output.",
        note="Grey bands: thinning that screening alone implies; prices of stakes in venture funds in 2023 "
        f"(world; for China about {digits(china, 0)} percent of value was reported). "
        "Unknown: picking skill, the share of losers refinanced, the weight on output. Rates: coupon of 2025 and official rate for public projects.",
    )  # fmt: skip


SHOWN = 8


def _draw_sobol(frame: pd.DataFrame, wide: bool) -> Canvas:
    groups = list(dict.fromkeys(frame["output"]))
    width, left = (WIDE_PX, 250) if wide else (NARROW_PX, 168)
    row_height, head = 22, 44
    height = sum(len(frame.loc[frame["output"].eq(g)]) * row_height + head + 12 for g in groups) + 34
    drawing = canvas(width, height)
    top = 0.0
    for number, output in enumerate(groups):
        part = frame.loc[frame["output"].eq(output)].reset_index(drop=True)
        axes = row_axes(drawing, left, top + head, width - left - 26, len(part) * row_height, len(part))
        axes.set_xlim(0, 1.02)
        axes.set_xticks(
            [0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100%"] if number == len(groups) - 1 else [""] * 5
        )
        axes.text(
            -left / (width - left - 26) * 1.02,
            -1.05,
            part["title"].iloc[0] if wide else part["short"].iloc[0],
            fontsize=TEXT if wide else SMALL,
            weight="bold",
            color=INK,
        )
        for row in part.itertuples():
            colour = STATE if row.assumed else TREASURY
            axes.plot(
                [max(row.total - row.total_interval, 0), min(row.total + row.total_interval, 1.02)],
                [row.Index, row.Index],
                color=colour,
                linewidth=2,
            )
            axes.plot([row.total], [row.Index], "o", color=colour, markersize=8, markeredgecolor=CARD)
            axes.plot([max(row.first_order, 0)], [row.Index], "|", color=INK, markersize=11, markeredgewidth=1.6)
            axes.text(-0.02, row.Index, row.words, ha="right", va="center", fontsize=SMALL)
        top += len(part) * row_height + head + 12
    return drawing


SHORT = {
    "payoff": "Directed against national", "tail": "Does the patient fund pay?", "waiting": "Gain from waiting", "home": "One region against many",
}  # fmt: skip


@figure("model.sobol")
def sobol(data: Data) -> Figure:
    """Which parameters decide each break-even."""
    ctx, words = start(data)
    stored = ctx.frame(
        "model_sensitivity", "output", "param_id", "first_order", "first_order_interval", "total", "total_interval"
    )
    parts = []
    for output, (title, names, _) in OUTCOMES.items():
        part = stored.loc[stored["output"].eq(output)].sort_values("total", ascending=False).head(SHOWN)
        known = {doubt.name: doubt for doubt in doubts(names)}
        parts.append(part.assign(
            words=[known[p].words for p in part["param_id"]], assumed=[known[p].assumed for p in part["param_id"]],
            title=title[0].upper() + title[1:], short=SHORT[output],
        ))  # fmt: skip
    frame = pd.concat(parts, ignore_index=True)
    for ref in ("model.decides_payoff", "model.decides_tail", "model.decides_waiting"):
        words(ref)
    return make(
        "model.sobol", words=words, reader=ctx, plotted=frame.drop(columns=["short"]), draw=lambda wide: _draw_sobol(frame, wide),
        title=f"Whether the programme pays depends most on {words('model.decides_tail')}; whether directing pays, on {words('model.decides_payoff')}",
        subtitle="Share of the variance of each break-even that would vanish if the parameter were known (Sobol total index, with 95 percent interval). Tick: what it explains alone. "
        "Largest eight of each.",
        alt=f"Dots by parameter for four break-evens. The gain from waiting depends most on {words('model.decides_waiting')}.",
        legend=(("state", "solid", "assumed: no source for the size"), ("treasury", "solid", "span from sources")),
        note="All spans of the table are varied at once, the weight on output up to 0.09: beyond it one region is better at any home share. Tail index and cap, and the two readings of the time to exit, are drawn together.",
    )  # fmt: skip
