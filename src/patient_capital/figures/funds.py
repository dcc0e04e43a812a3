"""Figures of the chapter on the funds."""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis import funds
from patient_capital.analysis.funds import LARGE_PORTFOLIO, MULTIPLIER_CASES, SMALL_PORTFOLIO
from patient_capital.analysis.funds.phases import TEMPLATE
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.record import Words
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
from patient_capital.formatting import digits, rounded, spelled, yuan
from patient_capital.tables import Reader

NVCGF = "funds[cn_nvcgf]"


# --- 1. The ladder ---------------------------------------------------------------------------------------


STEP_STYLE: dict[str, dict[str, object]] = {
    "announced": {"facecolor": "none", "edgecolor": OPEN},
    "registered_once": {"facecolor": CARD, "edgecolor": STATE, "hatch": "//////"},
    "treasury": {"facecolor": TREASURY, "edgecolor": TREASURY},
}


def _tell_ladder(words: Words, stages: pd.DataFrame) -> Story:
    a, o, t = words(f"{NVCGF}.announced_cny_bn"), words("funds.registered_once"), words(f"{NVCGF}.registered_cny_bn")
    return Story(
        title=f"Registered at both tiers, the trillion is {o}: {words('funds.registered_share')} of the headline",
        subtitle="Area is money. Each square lies inside the next larger: up to "
        f"{words('funds.national_stake')} of the treasury money sits inside the regional funds and is counted once.",
        alt=f"{spelled(len(stages)).capitalize()} nested squares. The largest is {a} announced; inside it {o} registered; inside that {t} of "
        "treasury money. Money invested in firms: no figure found.",
        note="Letters of intent were signed at the launch, without amounts. Money paid in and money invested in firms: "
        f"no figure found by {words(f'{NVCGF}.as_of')}.",
    )


@chart(measure="Money by stage; area is money", tell=_tell_ladder, stages=funds.money_by_stage)
def ladder(stages: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw nested squares, the largest amount first; a fund announced, what of it is registered, and treasury money."""
    width, side = (WIDE_PX, 320) if wide else (NARROW_PX, 300)
    height = side + 8 if wide else side + 26 * (len(stages) + 1) + 16
    drawing = canvas(width, height)
    axes = axes_at(drawing, 0, 0, width, height)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    bare(axes)
    rows = stages.sort_values("amount_cny_bn", ascending=False, kind="stable")
    largest = float(rows["amount_cny_bn"].iloc[0])
    for place, row in enumerate(rows.itertuples()):
        size = side * math.sqrt(row.amount_cny_bn / largest)
        style = STEP_STYLE.get(str(row.Index), STEP_STYLE["announced"])
        axes.add_patch(Rectangle((4, 4 + side - size), size, size, linewidth=1.4, **style))  # type: ignore[arg-type]
        label = f"{yuan(float(rounded(row.amount_cny_bn, 1)))} {row.label}"
        if wide:
            y = 24 + place * 198 / max(len(rows) - 1, 1) + (23 if 0 < place < len(rows) - 1 else 0)
            anchor_y = max(4 + side - size + 10, y)
            axes.plot([4 + size, side + 34], [anchor_y, y], color=SOFT, linewidth=0.8)
            axes.text(side + 40, y, label, weight="bold", va="center")
            axes.text(side + 40, y + 18, row.detail, color=SOFT, va="center")
        else:
            outer, inner = place == 0, place == len(rows) - 1
            letter = chr(ord("A") + place)
            axes.text(
                4 + size - 6 if outer else 12,
                4 + side - size + 16,
                letter,
                weight="bold",
                ha="right" if outer else "left",
                color=CARD if inner else INK,
            )
            axes.text(4, side + 28 + 26 * place, f"{letter}  {label}, {row.detail}", fontsize=11, va="center")
    at = (side + 40, 300) if wide else (4, side + 28 + 26 * len(rows))
    size = TEXT if wide else 11
    axes.text(
        *at, "Paid in, invested in firms: no figure found", color=SOFT, va="center", style="italic", fontsize=size
    )
    return drawing


# --- 2. First phase over announced size ------------------------------------------------------------------


def _tell_first_phase(words: Words, phases: pd.DataFrame, median: float) -> Story:
    known = phases["share_pct"].notna()
    words.facts("funds", phases.index[known], "announced_cny_bn", "first_close_cny_bn")
    words.facts("funds", phases.index[~known], "announced_cny_bn")
    words("funds.about_a_quarter")
    template = "{opening} of {announced}".format(**TEMPLATE)
    return Story(
        title=f"Local AI funds open with about a quarter of the announced size; "
        f"{words('funds.phase_silent')} of {words('funds.phase_all')} published no first phase",
        subtitle=f"First close or first phase as a share of the announced size, single local AI, robot and data funds "
        f"announced since 2023. Median {words('funds.phase_median')}, middle half {words('funds.phase_quartiles')}.",
        alt=f"Horizontal bars. {words('funds.phase_count', 'Word')} funds published a first phase, from "
        f"{words('funds.phase_range')} of the announced size; the median is {words('funds.phase_median')}. "
        f"{words('funds.phase_template', 'Word')} of them stand at exactly {template}. "
        f"{words('funds.phase_silent', 'Word')} more are hatched: nothing more was found.",
        note=f"{words('funds.phase_template', 'Word')} funds open with exactly {template}: a phasing formula, not a "
        "failed raise. A first phase does not say what is raised in the end; the funds are young. Clusters and older "
        "funds are left out.",
    )


@chart(
    measure="First phase as a share of the announced size, percent",
    tell=_tell_first_phase,
    legend=(
        ("mark", "solid", "first phase"),
        ("open", "outline", "announced"),
        ("void", "hatch", "no first phase found"),
    ),
    phases=funds.recent_ai_funds,
    median=funds.phase_median,
)
def first_phase(phases: pd.DataFrame, median: float, *, wide: bool) -> Canvas:
    """Draw a bar a fund: the announced size, and what of it the first phase is; hatched where none was found."""
    rows = len(phases)
    known = int(phases["share_pct"].notna().sum())
    width, left, right = (WIDE_PX, 190, 120) if wide else (NARROW_PX, 128, 66)
    step, top, size = 24, 34, TEXT if wide else 11
    drawing = canvas(width, top + rows * step + 34)
    axes = row_axes(drawing, left, top, width - left - right, rows * step, rows)
    axes.set_xlim(0, 100)
    ticks = (0, 20, 40, 60, 80, 100) if wide else (0, 50, 100)
    axes.set_xticks(ticks, [f"{v}%" for v in ticks])
    for place, row in enumerate(phases.itertuples()):
        axes.text(-2, place, row.name_short, ha="right", va="center", fontsize=size)
        text = f"{digits(row.announced_cny_bn)}bn"
        outline = (0, place - 0.34), 100, 0.68
        if pd.notna(row.share_pct):
            axes.add_patch(Rectangle(*outline, facecolor="none", edgecolor=OPEN))
            axes.add_patch(Rectangle((0, place - 0.34), row.share_pct, 0.68, facecolor=MARK, edgecolor=MARK))
            text = f"{digits(row.first_close_cny_bn)} of {text}"
        else:
            axes.add_patch(Rectangle(*outline, facecolor="none", edgecolor=VOID, hatch="////"))
            text = f"? of {text}"
        axes.text(102, place, text, va="center", color=SOFT, fontsize=size)
    axes.plot([median, median], [-0.5, known - 0.5], color=INK, linewidth=1.2, linestyle=(0, (3, 2)))
    axes.annotate("median", (median, -0.5), (0, 6), textcoords="offset points", ha="center", va="bottom", color=INK)
    return drawing


# --- 3. The world of guidance funds ----------------------------------------------------------------------

LONGEST_STEP_YEARS = 1.3
"""Longer steps between two known dates are gaps and are drawn as such."""


def _ends_of_year(dates: pd.Series) -> pd.Series:
    """Put the end of 2024 at 2024.0, so that a tick is the end of its year."""
    parts = dates.str.split("-", expand=True).astype(float)
    return parts[0] + (parts[1].fillna(12) - 12) / 12


def _tell_guidance(words: Words, stock: pd.DataFrame) -> Story:
    both = stock.dropna(subset=["cum_target_cny_bn", "cum_subscribed_cny_bn"])
    first, last = both.index[0], both.index[-1]
    words.facts("guidance_funds_by_year", stock.index, "cum_target_cny_bn", "cum_subscribed_cny_bn")
    words("funds.targets_level")
    share_first, share_last = words(f"funds.subscribed_share[{first}]"), words(f"funds.subscribed_share[{last}]")
    return Story(
        title=f"Guidance funds held {share_last} of their target at the end of {stock.loc[last, 'as_of'][:4]}: "
        "targets stopped growing, subscriptions did not",
        subtitle="Stock of all government guidance funds, target and subscribed, trillion yuan. All counted by Zero2IPO; "
        "dotted where more than a year lies between known dates.",
        alt=f"Lines by year. The target stays level at the end; the subscribed stock rises. Subscribed over target: "
        f"{share_first} in {stock.loc[first, 'as_of'][:4]}, {share_last} in {stock.loc[last, 'as_of'][:4]}.",
        note="Other providers count other things and stand in the table, not on this line.",
    )


@chart(
    measure="Stock of guidance funds, target and subscribed, trillion yuan",
    tell=_tell_guidance,
    stock=funds.guidance_stock,
)
def guidance(stock: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw target and subscribed stock by date; dotted where more than a year lies between two known dates."""
    width, height, right = (WIDE_PX, 330, 110) if wide else (NARROW_PX, 320, 84)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 44, 16, width - 44 - right, height - 62)
    rows = stock.sort_values("as_of")
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
    axes.set_ylim(0, 1.08 * float(rows[["cum_target_cny_bn", "cum_subscribed_cny_bn"]].max().max()) / 1000)
    axes.set_ylabel("trillion yuan")
    axes.set_xlabel("end of year")
    first, last = math.floor(float(when.min())), math.ceil(float(when.max()))
    axes.set_xlim(first - 0.6, last + 0.3)
    ticks = list(range(first, last + 1, 2))
    axes.set_xticks(ticks, [str(t) for t in ticks])
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


# --- 4. Partners -----------------------------------------------------------------------------------------

KIND_STYLE: dict[str, tuple[str, str | None]] = {
    "national_fund": (TREASURY, None),
    "local_state_vehicle": (STATE, "//////"),
    "central_state_company": (STATE, "//////"),
    "state_bank": (STATE, "//////"),
    "private": (MARK, None),
    "unnamed": (UNNAMED, "\\\\\\\\"),
}


def _tell_partners(words: Words, kinds: pd.DataFrame) -> Story:
    words.facts("fund_partners", funds.partners(Reader(words.book)).index, "amount_cny_bn")
    return Story(
        title=f"{words('funds.bay_state_share')} of the Bay fund comes from {words('funds.bay_state_count', 'word')} "
        f"state vehicles; at most {words('funds.possibly_private_share')} of the regional money could be private",
        subtitle=f"Partners of the {words('funds.regional_count', 'word')} regional funds by kind, bn yuan registered in December 2025.",
        alt=f"Stacked bars, one a fund. Bay fund: {words('funds.bay_state')} from state vehicles. In all funds, "
        f"{words('funds.possibly_private')} is not shown to come from a state body.",
        note="The stake of the national fund in the Yangtze fund is not published and is assumed at the size of the "
        "others. All partners named there are state bodies. Not named does not mean private.",
    )


@chart(
    measure="Money in the regional funds by kind of partner, bn yuan registered",
    tell=_tell_partners,
    legend=(
        ("treasury", "solid", "national fund"),
        ("state", "hatch", "named state bodies"),
        ("unnamed", "hatch", "not named, or no amount published"),
    ),
    kinds=funds.partner_kinds,
)
def partners(kinds: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a stacked bar a fund, by kind of partner."""
    regions = list(dict.fromkeys(kinds["region"]))
    width, left = (WIDE_PX, 160) if wide else (NARROW_PX, 4)
    step, top = (64, 8) if wide else (84, 8)
    drawing = canvas(width, top + len(regions) * step + 40)
    axes = row_axes(drawing, left, top, width - left - 16, len(regions) * step, len(regions))
    axes.set_xlim(0, max(50, 1.02 * float(kinds.groupby("region")["amount_cny_bn"].sum().max())))
    for place, region in enumerate(regions):
        x, y, side = (-1, place, "right") if wide else (0, place - 0.36, "left")
        axes.text(x, y, region, ha=side, va="center", weight="bold")
        at = 0.0
        for row in kinds.loc[kinds["region"].eq(region)].itertuples():
            colour, hatch = KIND_STYLE.get(row.partner_kind, KIND_STYLE["unnamed"])
            bottom, tall = (place - 0.26, 0.42) if wide else (place - 0.22, 0.4)
            face = CARD if hatch else colour
            axes.add_patch(
                Rectangle((at, bottom), row.amount_cny_bn, tall, facecolor=face, edgecolor=colour, hatch=hatch)
            )
            label = digits(float(rounded(row.amount_cny_bn, 1))) + (", assumed" if row.assumed else "")
            start = at + 0.2 if row.amount_cny_bn > 1 else at - 0.6
            axes.text(start, bottom + tall + 0.13, label, va="center", color=SOFT, fontsize=11)
            at += row.amount_cny_bn
    axes.set_xlabel("bn yuan, registered")
    return drawing


# --- 5. Multipliers --------------------------------------------------------------------------------------


def _tell_multipliers(words: Words, choices: pd.DataFrame) -> Story:
    for name in MULTIPLIER_CASES:
        words(f"funds.multiplier_{name}")
    told = " ".join(f"{row.choice}: {digits(row.multiplier, 1)}." for row in choices.itertuples())
    return Story(
        title=f"To reach the trillion the sub-funds must multiply the regional money {words('funds.multiplier_range')}",
        subtitle="Remaining multiplier under each stated choice, by the same definition: money in sub-funds over money of the "
        "regional funds placed in them.",
        alt=f"A dot for each choice. {told}",
    )


@chart(
    measure="What the sub-funds must multiply, times, under each choice",
    tell=_tell_multipliers,
    choices=funds.remaining_multipliers,
)
def multipliers(choices: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a choice."""
    width, left = (WIDE_PX, 330) if wide else (NARROW_PX, 4)
    step = 32 if wide else 52
    drawing = canvas(width, len(choices) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 44, len(choices) * step, len(choices))
    axes.set_xlim(0, max(10, 1.1 * float(choices["multiplier"].max())))
    for place, row in enumerate(choices.itertuples()):
        y = place if wide else place + 0.18
        x, label_y, side, size = (-0.25, y, "right", TEXT) if wide else (0, place - 0.25, "left", 11)
        axes.text(x, label_y, row.choice, ha=side, va="center", fontsize=size)
        axes.plot([0, row.multiplier], [y, y], color=RULE, linewidth=2)
        axes.plot([row.multiplier], [y], "o", color=MARK, markersize=9)
        axes.text(row.multiplier + 0.3, y, digits(row.multiplier, 1), va="center", weight="bold")
    axes.set_xlabel("times, sub-fund money over regional money")
    return drawing


def _tell_leverage(words: Words, cases: pd.DataFrame) -> Story:
    for row in cases.index:
        words(f"funds.total_over_own[{row}]")
    best = cases.loc[cases["realised"], "total_over_own"].idxmax()
    told = " ".join(f"{row.name}: {digits(row.total_over_own, 1)}." for row in cases.itertuples())
    return Story(
        title=f"The trillion hopes for {words('funds.hoped_multiple')} its own money; the most on record is "
        f"{words(f'funds.total_over_own[{best}]')}",
        subtitle="All money over the programme's own money, by programme; outlined bars are hopes.",
        alt=f"Bars. {told}",
        note="On record means committed to funds, not invested in firms. The programmes differ in age, kind and partners.",
    )


@chart(
    measure="All money over the programme's own, times",
    tell=_tell_leverage,
    legend=(("mark", "solid", "on record"), ("open", "outline", "hoped for")),
    cases=funds.leverage_on_record,
)
def leverage(cases: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a programme; outlined where the ratio is a hope."""
    width, left = (WIDE_PX, 270) if wide else (NARROW_PX, 4)
    step = 34 if wide else 54
    drawing = canvas(width, len(cases) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 44, len(cases) * step, len(cases))
    axes.set_xlim(0, float(cases["total_over_own"].max()) * 1.02)
    for place, row in enumerate(cases.itertuples()):
        y, tall = (place, 0.5) if wide else (place + 0.16, 0.36)
        x, label_y, side, size = (-0.2, place, "right", TEXT) if wide else (0, place - 0.28, "left", 11)
        axes.text(x, label_y, row.name, ha=side, va="center", fontsize=size)
        face, edge = (MARK, MARK) if row.realised else ("none", OPEN)
        axes.add_patch(Rectangle((0, y - tall / 2), row.total_over_own, tall, facecolor=face, edgecolor=edge))
        axes.text(row.total_over_own + 0.12, y, digits(row.total_over_own, 1), va="center", weight="bold")
    axes.set_xlabel("all money over the programme's own, times")
    return drawing


# --- 6. Loss ceilings ------------------------------------------------------------------------------------


def _tell_ceilings(words: Words, rules: pd.DataFrame) -> Story:
    words.facts("fund_rules", rules.index, "value")
    for row in rules.index[rules["what_is_counted"].ne("single_project")]:
        words(f"model.ceiling[{row}]")
    words("model.ceiling_seldom")
    eighty, loss = words("fund_rules[cd_ht_seed].value"), words("funds.deal_loss_share")
    return Story(
        title=f"A loss ceiling of {eighty} on a whole fund almost never binds; judged one by one, {loss} of deals are a loss",
        subtitle="Largest loss that local rules allow, by place, stage of deals and date. At the right: the chance that "
        f"{SMALL_PORTFOLIO} equal deals with a common shock lose more, from the model.",
        alt=f"Dots by rule. {words('funds.ceiling_eighty', 'Word')} of {words('funds.ceiling_places', 'word')} places "
        f"with a ceiling for seed or angel funds stand at {eighty}. "
        f"{words('funds.single_total', 'Word')} rules allow a single project to be lost whole.",
        note=f"The chance that {SMALL_PORTFOLIO} equal deals with a common shock lose more than {eighty} together is "
        f"{words('model.ceiling_80_30')} in the model; for {LARGE_PORTFOLIO} deals, {words('model.ceiling_80_100')}. "
        f"A single deal returns less than was put in with a chance of {loss}. Shares of deals and the shock are "
        "American; ceilings are those that the trade press reports, which collects generous rules.",
    )


def _ceiling_label(place: str, deals: str, date: str) -> str:
    return f"{place}, {deals.replace('_', ' ')}, {date[:4]}"


@chart(
    measure="Largest loss that local rules allow, percent, and the chance that a portfolio loses more",
    tell=_tell_ceilings,
    legend=(("mark", "solid", "counts a fund or a class of deals"), ("state", "outline", "counts a single project")),
    rules=funds.sourced_ceilings,
)
def ceilings(rules: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a rule, with the chance that it binds."""
    width, left, right = (WIDE_PX, 330, 90) if wide else (NARROW_PX, 6, 70)
    step, top, size = (24, 26, TEXT) if wide else (40, 30, 11)
    drawing = canvas(width, len(rules) * step + top + 44)
    axes = row_axes(drawing, left, top, width - left - right, len(rules) * step, len(rules))
    axes.text(110, -0.5, "binds", ha="left", va="bottom", color=SOFT, fontsize=10.5, clip_on=False)
    axes.set_xlim(0, 104)
    axes.set_xticks([0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100%"])
    for place, row in enumerate(rules.itertuples()):
        y = place if wide else place + 0.2
        x, label_y, side = (-2, y, "right") if wide else (0, place - 0.24, "left")
        axes.text(x, label_y, _ceiling_label(row.place, row.stage_class, row.date), ha=side, va="center", fontsize=size)
        axes.plot([0, row.value], [y, y], color=RULE, linewidth=2)
        single = row.what_is_counted == "single_project"
        face, edge = (CARD, STATE) if single else (MARK, MARK)
        axes.plot([row.value], [y], "o", markersize=9, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=2)
        chance = "" if pd.isna(row.chance_pct) else f"{digits(row.chance_pct, 1)}%"
        axes.text(110, y, chance, va="center", color=INK, fontsize=size)
    axes.set_xlabel("largest loss allowed, percent")
    return drawing
