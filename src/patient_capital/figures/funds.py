"""Figures of the chapter on the funds."""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis.funds import (
    LARGE_PORTFOLIO,
    MULTIPLIER_CASES,
    SMALL_PORTFOLIO,
    ai_vehicles,
    first_phases,
    guidance_by_year,
    loss_ceilings,
    partners,
)  # fmt: skip
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    OPEN,
    RULE,
    SOFT,
    STATE,
    TEXT,
    TREASURY,
    UNNAMED,
    VOID,
    WIDE_PX,
    axes_at,
    bare,
    canvas,
    row_axes,
)  # fmt: skip
from patient_capital.formatting import digits, rounded
from patient_capital.provenance.registry import number
from patient_capital.tables import Data

NVCGF = "funds[cn_nvcgf]"


# --- 1. The ladder ---------------------------------------------------------------------------------------


def _draw_ladder(steps: list[tuple[float, str, str, dict[str, object]]], wide: bool) -> Canvas:
    width, side = (WIDE_PX, 320) if wide else (NARROW_PX, 300)
    height = side + 8 if wide else side + 26 * (len(steps) + 1) + 16
    drawing = canvas(width, height)
    axes = axes_at(drawing, 0, 0, width, height)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    bare(axes)
    largest = steps[0][0]
    for place, (amount, label, second, style) in enumerate(steps):
        size = side * math.sqrt(amount / largest)
        axes.add_patch(Rectangle((4, 4 + side - size), size, size, linewidth=1.4, **style))  # type: ignore[arg-type]
        if wide:
            y = (24, 146, 222)[place]
            anchor_y = max(4 + side - size + 10, y)
            axes.plot([4 + size, side + 34], [anchor_y, y], color=SOFT, linewidth=0.8)
            axes.text(side + 40, y, label, weight="bold", va="center")
            axes.text(side + 40, y + 18, second, color=SOFT, va="center")
        else:
            outer, inner = place == 0, place == len(steps) - 1
            axes.text(4 + size - 6 if outer else 12, 4 + side - size + 16, "ABC"[place], weight="bold",
                      ha="right" if outer else "left", color=CARD if inner else INK)  # fmt: skip
            axes.text(4, side + 28 + 26 * place, f"{'ABC'[place]}  {label}, {second}", fontsize=11, va="center")
    at = (side + 40, 300) if wide else (4, side + 28 + 26 * len(steps))
    axes.text(*at, "Paid in, invested in firms: no figure found", color=SOFT, va="center", style="italic",
              fontsize=TEXT if wide else 11)  # fmt: skip
    return drawing


@figure("funds.ladder")
def ladder(data: Data) -> Figure:
    """Announced, registered, treasury: each inside the one before."""
    ctx, words = start(data)
    announced, once, treasury = (
        ctx.number("funds", "cn_nvcgf", "announced_cny_bn"), ctx.value("funds.registered_once"),
        ctx.number("funds", "cn_nvcgf", "registered_cny_bn"),
    )  # fmt: skip
    a, o, t = words(f"{NVCGF}.announced_cny_bn"), words("funds.registered_once"), words(f"{NVCGF}.registered_cny_bn")
    steps: list[tuple[float, str, str, dict[str, object]]] = [
        (announced, f"{a} announced", "6 March 2025", {"facecolor": "none", "edgecolor": OPEN}),
        (once, f"{o} registered", "both tiers, each yuan once", {"facecolor": CARD, "edgecolor": STATE, "hatch": "//////"}),
        (treasury, f"{t} of treasury money", "subscribed, July 2025", {"facecolor": TREASURY, "edgecolor": TREASURY}),
    ]  # fmt: skip
    return make(
        "funds.ladder", words=words, reader=ctx, draw=lambda wide: _draw_ladder(steps, wide),
        plotted=pd.DataFrame({"step": ["announced", "registered_once", "treasury"], "amount_cny_bn": [announced, once, treasury]}),
        title=f"Registered at both tiers, the trillion is {o}: {words('funds.registered_share')} of the headline",
        subtitle="Area is money. Each square lies inside the larger one: up to "
        f"{words('funds.national_stake')} of the treasury money sits inside the regional funds and is counted once.",
        alt=f"Three nested squares. The largest is {a} announced; inside it {o} registered; inside that {t} of "
        "treasury money. Money invested in firms: no figure found.",
        note="Letters of intent were signed at the launch, without amounts. Money paid in and money invested in firms: "
        f"no figure found by {words(f'{NVCGF}.as_of')}.",
    )  # fmt: skip


# --- 2. First phase over announced size ------------------------------------------------------------------


def _draw_phases(known: pd.DataFrame, silent: pd.DataFrame, names: dict[str, str], median: float, wide: bool) -> Canvas:
    rows = len(known) + len(silent)
    width, left, right = (WIDE_PX, 190, 120) if wide else (NARROW_PX, 128, 66)
    step, top = 24, 34
    drawing = canvas(width, top + rows * step + 34)
    axes = row_axes(drawing, left, top, width - left - right, rows * step, rows)
    axes.set_xlim(0, 100)
    ticks = (0, 20, 40, 60, 80, 100) if wide else (0, 50, 100)
    axes.set_xticks(ticks, [f"{v}%" for v in ticks])
    for place, (fund, row) in enumerate([*known.iterrows(), *silent.iterrows()]):
        name = names[str(fund)]
        axes.text(-2, place, name, ha="right", va="center", fontsize=TEXT if wide else 11)
        text = f"{digits(row['announced_cny_bn'])}bn"
        if pd.notna(row["share_pct"]):
            axes.add_patch(Rectangle((0, place - 0.34), 100, 0.68, facecolor="none", edgecolor=OPEN))
            axes.add_patch(Rectangle((0, place - 0.34), row["share_pct"], 0.68, facecolor=MARK, edgecolor=MARK))
            text = f"{digits(row['first_close_cny_bn'])} of {text}"
        else:
            axes.add_patch(Rectangle((0, place - 0.34), 100, 0.68, facecolor="none", edgecolor=VOID, hatch="////"))
            text = f"? of {text}"
        axes.text(102, place, text, va="center", color=SOFT, fontsize=TEXT if wide else 11)
    axes.plot([median, median], [-0.5, len(known) - 0.5], color=INK, linewidth=1.2, linestyle=(0, (3, 2)))
    axes.annotate("median", (median, -0.5), (0, 6), textcoords="offset points", ha="center", va="bottom", color=INK)
    return drawing


@figure("funds.first_phase")
def first_phase(data: Data) -> Figure:
    """First phase over announced size, and the vehicles that published nothing more."""
    ctx, words = start(data)
    known = first_phases(ctx)
    everything = ai_vehicles(ctx)
    silent = everything.loc[everything["share_pct"].isna()].sort_values("announced_cny_bn", kind="stable")
    table = data.table("funds").text
    names = {fund: table[fund]["name_short"] for fund in everything.index}
    for fund in known.index:
        words(f"funds[{fund}].announced_cny_bn"), words(f"funds[{fund}].first_close_cny_bn")
    for fund in silent.index:
        words(f"funds[{fund}].announced_cny_bn")
    median = ctx.value("funds.phase_median")
    words("funds.about_a_quarter")
    return make(
        "funds.first_phase", words=words, reader=ctx,
        plotted=pd.concat([known, silent]).reset_index(names="fund_id").drop(columns=["umbrella", "kind", "theme"]),
        draw=lambda wide: _draw_phases(known, silent, names, median, wide),
        title=f"Local AI funds open with about a quarter of the announced size; "
        f"{words('funds.phase_silent')} of {words('funds.phase_all')} published no first phase",
        subtitle=f"First close or first phase as a share of the announced size, single local AI, robot and data funds "
        f"announced since 2023. Median {words('funds.phase_median')}, middle half {words('funds.phase_quartiles')}.",
        alt=f"Horizontal bars. {words('funds.phase_count', 'Word')} funds published a first phase, from "
        f"{words('funds.phase_range')} of the announced size; the median is {words('funds.phase_median')}. "
        f"{words('funds.phase_template', 'Word')} of them stand at exactly 2 of 10. "
        f"{words('funds.phase_silent', 'Word')} more are hatched: nothing more was found.",
        legend=(("mark", "solid", "first phase"), ("open", "outline", "announced"), ("void", "hatch", "no first phase found")),
        note=f"{words('funds.phase_template', 'Word')} funds open with exactly 2 of 10: a phasing formula, not a failed raise. "
        "A first phase does not say what is raised in the end; the funds are at most about two years old. Clusters and older funds are left out.",
    )  # fmt: skip


# --- 3. The world of guidance funds ----------------------------------------------------------------------

LONGEST_STEP_YEARS = 1.3
"""Longer steps between two known dates are gaps and are drawn as such."""


def _ends_of_year(dates: pd.Series) -> pd.Series:
    """Put the end of 2024 at 2024.0, so that a tick is the end of its year."""
    parts = dates.str.split("-", expand=True).astype(float)
    return parts[0] + (parts[1].fillna(12) - 12) / 12


def _draw_guidance(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, height, right = (WIDE_PX, 330, 110) if wide else (NARROW_PX, 320, 84)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 44, 16, width - 44 - right, height - 62)
    rows = frame.sort_values("as_of")
    when = _ends_of_year(rows["as_of"])
    for column, colour, label in (
        ("cum_target_cny_bn", OPEN, "target"), ("cum_subscribed_cny_bn", MARK, "subscribed"),
    ):  # fmt: skip
        known = rows[column].notna()
        x, y = when[known].tolist(), (rows.loc[known, column] / 1000).tolist()
        for (x0, y0), (x1, y1) in pairwise(zip(x, y, strict=True)):
            gap = x1 - x0 > LONGEST_STEP_YEARS
            axes.plot(
                [x0, x1], [y0, y1], color=colour, linewidth=1.2 if gap else 2, linestyle=(0, (2, 3)) if gap else "-"
            )
        axes.plot(x, y, "o", color=colour, markersize=6)
        axes.annotate(f"{label}\n{digits(y[-1], 1)}", (x[-1], y[-1]), (9, 0), textcoords="offset points", va="center",
                      color=INK)  # fmt: skip
    axes.set_ylim(0, 14)
    axes.set_ylabel("trillion yuan")
    axes.set_xlabel("end of year")
    first, last = math.floor(float(when.min())), math.ceil(float(when.max()))
    axes.set_xlim(first - 0.6, last + 0.3)
    ticks = list(range(first, last + 1, 2))
    axes.set_xticks(ticks, [str(t) for t in ticks])
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


@figure("funds.guidance")
def guidance(data: Data) -> Figure:
    """Target and subscribed stock of all guidance funds, one provider."""
    ctx, words = start(data)
    frame = guidance_by_year(ctx)
    main = frame.loc[(frame["provider_id"] == "zero2ipo") & frame["scope"].eq("all_guidance_funds")]
    both = main.loc[main["cum_target_cny_bn"].notna() & main["cum_subscribed_cny_bn"].notna()]
    first, last = both.index[0], both.index[-1]
    for row in main.index:
        for column in ("cum_target_cny_bn", "cum_subscribed_cny_bn"):
            if data.table("guidance_funds_by_year").text[row][column]:
                words(f"guidance_funds_by_year[{row}].{column}")
    words("funds.targets_level")
    share_first, share_last = words(f"funds.subscribed_share[{first}]"), words(f"funds.subscribed_share[{last}]")
    return make(
        "funds.guidance", words=words, reader=ctx, plotted=main.reset_index(names="row_id"),
        draw=lambda wide: _draw_guidance(main, wide),
        title=f"Guidance funds held {share_last} of their target at the end of {main.loc[last, 'as_of'][:4]}: "
        "targets stopped growing, subscriptions did not",
        subtitle="Stock of all government guidance funds, target and subscribed, trillion yuan. One provider, Zero2IPO; "
        "dotted where more than a year lies between two known dates.",
        alt=f"Two lines. The target stays level at the end; the subscribed stock rises. Subscribed over target: "
        f"{share_first} in {main.loc[first, 'as_of'][:4]}, {share_last} in {main.loc[last, 'as_of'][:4]}.",
        note="Other providers count other things and stand in the table, not on this line.",
    )  # fmt: skip


# --- 4. Partners -----------------------------------------------------------------------------------------

REGIONAL_NAMES = {"cn_nvcgf_bth": "Beijing-Tianjin-Hebei", "cn_nvcgf_yrd": "Yangtze delta", "cn_nvcgf_gba": "Bay Area"}
KIND_STYLE = {
    "national_fund": (TREASURY, None), "local_state_vehicle": (STATE, "//////"),
    "central_state_company": (STATE, "//////"), "state_bank": (STATE, "//////"), "unnamed": (UNNAMED, "\\\\\\\\"),
}  # fmt: skip


def _draw_partners(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 160) if wide else (NARROW_PX, 4)
    step, top = (64, 8) if wide else (84, 8)
    drawing = canvas(width, top + 3 * step + 40)
    axes = row_axes(drawing, left, top, width - left - 16, 3 * step, 3)
    axes.set_xlim(0, 50)
    for place, (fund, name) in enumerate(REGIONAL_NAMES.items()):
        rows = frame.loc[frame["fund_id"] == fund]
        axes.text(
            -1 if wide else 0,
            place if wide else place - 0.36,
            name,
            ha="right" if wide else "left",
            va="center",
            weight="bold",
        )
        at = 0.0
        for kind, (colour, hatch) in KIND_STYLE.items():
            amount = float(rows.loc[rows["partner_kind"] == kind, "amount_cny_bn"].sum())
            if amount == 0:
                continue
            y, tall = (place - 0.26, 0.42) if wide else (place - 0.22, 0.4)
            axes.add_patch(
                Rectangle((at, y), amount, tall, facecolor=CARD if hatch else colour, edgecolor=colour, hatch=hatch)
            )
            assumed = rows.loc[rows["partner_kind"] == kind, "basis"].eq("assumed").any()
            axes.text(at + 0.2 if amount > 1 else at - 0.6, y + tall + 0.13, f"{digits(float(rounded(amount, 1)))}{', assumed' if assumed else ''}",
                      va="center", color=SOFT, fontsize=11)  # fmt: skip
            at += amount
    axes.set_xlabel("bn yuan, registered")
    return drawing


@figure("funds.partners")
def partner_kinds(data: Data) -> Figure:
    """Who stands behind the three regional funds."""
    ctx, words = start(data)
    frame = partners(ctx)
    for row in frame.index:
        if data.table("fund_partners").text[row]["amount_cny_bn"]:
            words(f"fund_partners[{row}].amount_cny_bn")
    return make(
        "funds.partners", words=words, reader=ctx, plotted=frame.reset_index(names="row_id"),
        draw=lambda wide: _draw_partners(frame, wide),
        title=f"{words('funds.bay_state_share')} of the Bay fund comes from {words('funds.bay_state_count', 'word')} state vehicles; "
        f"at most {words('funds.possibly_private_share')} of the regional money could be private",
        subtitle="Partners of the three regional funds by kind, bn yuan registered in December 2025.",
        alt=f"Three stacked bars. Bay fund: {words('funds.bay_state')} from state vehicles. In all three, "
        f"{words('funds.possibly_private')} is not shown to come from a state body.",
        legend=(("treasury", "solid", "national fund"), ("state", "hatch", "named state bodies"), ("unnamed", "hatch", "not named, or no amount published")),
        note="The stake of the national fund in the Yangtze fund is not published and is assumed at the size of the other two. "
        "All partners named there are state bodies. Not named does not mean private.",
    )  # fmt: skip


# --- 5. Multipliers --------------------------------------------------------------------------------------


def _draw_multipliers(cases: pd.DataFrame, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 330) if wide else (NARROW_PX, 4)
    step = 32 if wide else 52
    drawing = canvas(width, len(cases) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 44, len(cases) * step, len(cases))
    axes.set_xlim(0, 10)
    for place, row in enumerate(cases.itertuples()):
        y = place if wide else place + 0.18
        axes.text(-0.25 if wide else 0, y if wide else place - 0.25, row.choice, ha="right" if wide else "left", va="center",
                  fontsize=TEXT if wide else 11)  # fmt: skip
        axes.plot([0, row.multiplier], [y, y], color=RULE, linewidth=2)
        axes.plot([row.multiplier], [y], "o", color=MARK, markersize=9)
        axes.text(row.multiplier + 0.3, y, digits(row.multiplier, 1), va="center", weight="bold")
    axes.set_xlabel("times, sub-fund money over regional money")
    return drawing


@figure("funds.multipliers")
def multipliers(data: Data) -> Figure:
    """What the sub-funds must still multiply, under each stated choice."""
    ctx, words = start(data)
    cases = pd.DataFrame(
        {
            "choice": [label for label, _ in MULTIPLIER_CASES.values()],
            "multiplier": [ctx.value(f"funds.multiplier_{name}") for name in MULTIPLIER_CASES],
        }
    ).sort_values("multiplier", kind="stable")
    for name in MULTIPLIER_CASES:
        words(f"funds.multiplier_{name}")
    return make(
        "funds.multipliers", words=words, reader=ctx, plotted=cases, draw=lambda wide: _draw_multipliers(cases, wide),
        title=f"To reach the trillion the sub-funds must multiply the regional money {words('funds.multiplier_range')}",
        subtitle="Remaining multiplier under each stated choice; one definition: money in sub-funds over money of the regional funds placed in them.",
        alt="A dot for each choice. " + " ".join(f"{row.choice}: {digits(row.multiplier, 1)}." for row in cases.itertuples()),
    )  # fmt: skip


def _draw_leverage(cases: pd.DataFrame, hoped: float, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 270) if wide else (NARROW_PX, 4)
    step = 34 if wide else 54
    drawing = canvas(width, len(cases) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 44, len(cases) * step, len(cases))
    axes.set_xlim(0, max(hoped, float(cases["total_over_own"].max())) * 1.02)
    for place, row in enumerate(cases.itertuples()):
        y = place if wide else place + 0.16
        axes.text(-0.2 if wide else 0, place if wide else place - 0.28, row.name, ha="right" if wide else "left", va="center",
                  fontsize=TEXT if wide else 11)  # fmt: skip
        tall = 0.5 if wide else 0.36
        hope = row.realised is False or not row.realised
        axes.add_patch(
            Rectangle(
                (0, y - tall / 2),
                row.total_over_own,
                tall,
                facecolor="none" if hope else MARK,
                edgecolor=OPEN if hope else MARK,
            )
        )
        axes.text(row.total_over_own + 0.12, y, digits(row.total_over_own, 1), va="center", weight="bold")
    axes.set_xlabel("all money over the programme's own, times")
    return drawing


@figure("funds.leverage")
def leverage(data: Data) -> Figure:
    """All money over own money in programmes with both amounts on record, beside what is hoped now."""
    ctx, words = start(data)
    table = ctx.frame(
        "leverage_cases", "name", "date", "basis", "own_cny_bn", "total_cny_bn",
        keep=lambda c: c["own_cny_bn"].notna() & c["total_cny_bn"].notna(),
    )  # fmt: skip
    cases = table.assign(
        total_over_own=[float(number(f"funds.total_over_own[{row}]", data).value) for row in table.index],  # type: ignore[arg-type]
        realised=table["basis"].eq("on_record"),
    ).sort_values(["realised", "total_over_own", "date"], ascending=[False, False, True], kind="stable")
    for row in cases.index:
        words(f"funds.total_over_own[{row}]")
    hoped = ctx.value("funds.hoped_multiple")
    best = cases.loc[cases["realised"], "total_over_own"].idxmax()
    return make(
        "funds.leverage", words=words, reader=ctx, plotted=cases.reset_index(names="case_id"),
        draw=lambda wide: _draw_leverage(cases, hoped, wide),
        title=f"The trillion hopes for {words('funds.hoped_multiple')} its own money; the most on record is {words(f'funds.total_over_own[{best}]')}",
        subtitle="All money over the programme's own money, by programme; outlined bars are hopes.",
        alt="Bars. " + " ".join(f"{row.name}: {digits(row.total_over_own, 1)}." for row in cases.itertuples()),
        legend=(("mark", "solid", "on record"), ("open", "outline", "hoped for")),
        note="On record means committed to funds, not invested in firms. The programmes differ in age, kind and partners.",
    )  # fmt: skip


# --- 6. Loss ceilings ------------------------------------------------------------------------------------

COUNTED = {"fund": "whole fund", "class_of_deals": "class of deals", "single_project": "one project"}


def _ceiling_label(row: object) -> str:
    deals = str(row.stage_class).replace("_", " ")  # type: ignore[attr-defined]
    return f"{row.place}, {deals}, {row.date[:4]}"  # type: ignore[attr-defined]


def _draw_ceilings(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left, right = (WIDE_PX, 320, 90) if wide else (NARROW_PX, 6, 70)
    step, top = (24, 26) if wide else (40, 30)
    drawing = canvas(width, len(frame) * step + top + 44)
    axes = row_axes(drawing, left, top, width - left - right, len(frame) * step, len(frame))
    axes.text(110, -0.5, "binds", ha="left", va="bottom", color=SOFT, fontsize=10.5, clip_on=False)
    axes.set_xlim(0, 104)
    axes.set_xticks([0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100%"])
    for place, row in enumerate(frame.itertuples()):
        y = place if wide else place + 0.2
        axes.text(-2 if wide else 0, y if wide else place - 0.24, _ceiling_label(row), ha="right" if wide else "left",
                  va="center", fontsize=TEXT if wide else 11)  # fmt: skip
        axes.plot([0, row.value], [y, y], color=RULE, linewidth=2)
        single = row.what_is_counted == "single_project"
        axes.plot([row.value], [y], "o", markersize=9, markerfacecolor=CARD if single else MARK,
                  markeredgecolor=STATE if single else MARK, markeredgewidth=2)  # fmt: skip
        chance = "" if single else f"{digits(row.chance_pct, 1)}%"
        axes.text(110, y, chance, va="center", color=INK, fontsize=TEXT if wide else 11)
    axes.set_xlabel("largest loss allowed, percent")
    return drawing


@figure("funds.ceilings")
def ceilings(data: Data) -> Figure:
    """Loss ceilings by place and date, by what they count."""
    ctx, words = start(data)
    frame = loss_ceilings(ctx)
    frame = frame.loc[frame["standing"].eq("holds") & frame["what_is_counted"].isin(COUNTED)]
    for row in frame.index:
        words(f"fund_rules[{row}].value")
    whole = frame.index[frame["what_is_counted"].ne("single_project")]
    for row in whole:
        words(f"model.ceiling[{row}]")
    frame = frame.assign(chance_pct=pd.Series({row: ctx.value(f"model.ceiling[{row}]") for row in whole}))
    words("model.ceiling_seldom")
    return make(
        "funds.ceilings", words=words, reader=ctx, plotted=frame.reset_index(names="rule_id"),
        draw=lambda wide: _draw_ceilings(frame, wide),
        title=f"A loss ceiling of {words('fund_rules[cd_ht_seed].value')} on a whole fund almost never binds; judged one by one, "
        f"{words('funds.deal_loss_share')} of deals are a loss",
        subtitle="Largest loss that local rules allow, by place, stage of deals and date. At the right: the chance that "
        f"{SMALL_PORTFOLIO} equal deals with a common shock lose more, from the model.",
        alt=f"Dots by rule. {words('funds.ceiling_eighty', 'Word')} of {words('funds.ceiling_places', 'word')} places with a ceiling for seed or "
        f"angel funds stand at {words('fund_rules[cd_ht_seed].value')}. "
        f"{words('funds.single_total', 'Word')} rules allow a single project to be lost whole.",
        legend=(("mark", "solid", "counts a fund or a class of deals"), ("state", "outline", "counts one project")),
        note=f"The chance that {SMALL_PORTFOLIO} equal deals with a common shock lose more than {words('fund_rules[cd_ht_seed].value')} together is {words('model.ceiling_80_30')} in the model; "
        f"for {LARGE_PORTFOLIO} deals, {words('model.ceiling_80_100')}. A single deal returns less than was put in with a chance of {words('funds.deal_loss_share')}. "
        "Shares of deals and the shock are American; ceilings are those that the trade press reports, which collects generous rules.",
    )  # fmt: skip
