"""Figures of the chapter on the funds."""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import funds
from patient_capital.analysis.funds import LARGE_PORTFOLIO, MULTIPLIER_CASES, SMALL_PORTFOLIO
from patient_capital.analysis.funds.phases import TEMPLATE
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, rounded, spelled, yuan
from patient_capital.tables import Reader

NVCGF = "funds[cn_nvcgf]"


STEP_FILLS = {
    "announced": ("none", style.OPEN, None),
    "registered_once": (style.CARD, style.STATE, "//////"),
    "treasury": (style.TREASURY, style.TREASURY, None),
}


def _tell_ladder(printed: Printer, stages: pd.DataFrame) -> Story:
    announced, registered = printed(f"{NVCGF}.announced_cny_bn"), printed("funds.registered_once")
    treasury = printed(f"{NVCGF}.registered_cny_bn")
    return Story(
        title=f"Registered at both tiers, the trillion is {registered}: {printed('funds.registered_share')} of the "
        "headline",
        subtitle=f"Area is money. Each square lies inside the next larger: up to {printed('funds.national_stake')} of "
        "the treasury money sits inside the regional funds and is counted once.",
        alt=f"{spelled(len(stages)).capitalize()} nested squares. The largest is {announced} announced; inside it "
        f"{registered} registered; inside that {treasury} of treasury money. Money invested in firms: no figure found.",
        note="Letters of intent were signed at the launch, without amounts. Money paid in and money invested in firms: "
        "no figure found.",
        searches=("national_money",),
    )


@chart("Money by stage; area is money", _tell_ladder, stages=funds.money_by_stage)
def ladder(stages: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw nested squares, the largest amount first; a fund announced, what of it is registered, and treasury money."""
    width, side = (style.WIDE_PX, 320) if wide else (style.NARROW_PX, 300)
    height = side + 8 if wide else side + 26 * (len(stages) + 1) + 16
    drawing, axes = style.pixel_drawing(width, height)
    rows = stages.sort_values("amount_cny_bn", ascending=False, kind="stable")
    largest = float(rows["amount_cny_bn"].iloc[0])
    for place, row in enumerate(rows.itertuples()):
        size = side * math.sqrt(row.amount_cny_bn / largest)
        face, edge, hatch = STEP_FILLS.get(str(row.Index), STEP_FILLS["announced"])
        style.block(axes, (4, 4 + side - size), size, size, face, edge, hatch=hatch, linewidth=1.4)
        label = f"{yuan(float(rounded(row.amount_cny_bn, 1)))} {row.label}"
        if wide:
            y = 24 + place * 198 / max(len(rows) - 1, 1) + (23 if 0 < place < len(rows) - 1 else 0)
            anchor_y = max(4 + side - size + 10, y)
            axes.plot([4 + size, side + 34], [anchor_y, y], color=style.SOFT, linewidth=0.8)
            axes.text(side + 40, y, label, weight="bold", va="center")
            axes.text(side + 40, y + 18, row.detail, color=style.SOFT, va="center")
        else:
            letter, ink = chr(ord("A") + place), style.CARD if place == len(rows) - 1 else style.INK
            x, align = (4 + size - 6, "right") if place == 0 else (12, "left")
            axes.text(x, 4 + side - size + 16, letter, weight="bold", ha=align, color=ink)
            axes.text(4, side + 28 + 26 * place, f"{letter}  {label}, {row.detail}", fontsize=style.SMALL, va="center")
    x, y, size = (side + 40, 300, style.TEXT) if wide else (4, side + 28 + 26 * len(rows), style.SMALL)
    missing = "Paid in, invested in firms: no figure found"
    axes.text(x, y, missing, color=style.SOFT, va="center", style="italic", fontsize=size)
    return drawing


def _tell_first_phase(printed: Printer, phases: pd.DataFrame, median: float) -> Story:
    known = phases["share_pct"].notna()
    printed.facts("funds", phases.index[known], "announced_cny_bn", "first_close_cny_bn")
    printed.facts("funds", phases.index[~known], "announced_cny_bn")
    printed("funds.about_a_quarter")
    template = "{opening} of {announced}".format(**TEMPLATE)
    return Story(
        title=f"Local AI funds open with about a quarter of the announced size; {printed('funds.phase_silent')} of "
        f"{printed('funds.phase_all')} published no first phase",
        subtitle="First close or first phase as a share of the announced size, single local AI, robot and data funds "
        f"announced since 2023. Median {printed('funds.phase_median')}, middle half "
        f"{printed('funds.phase_quartiles')}.",
        alt=f"Horizontal bars. {printed('funds.phase_count', 'Word')} funds published a first phase, from "
        f"{printed('funds.phase_range')} of the announced size; the median is {printed('funds.phase_median')}. "
        f"{printed('funds.phase_template', 'Word')} of them stand at exactly {template}. "
        f"{printed('funds.phase_silent', 'Word')} more are hatched: nothing more was found.",
        note=f"{printed('funds.phase_template', 'Word')} funds open with exactly {template}: a phasing formula, not a "
        "failed raise. A first phase does not say what is raised in the end; the funds are young. Clusters and older "
        "funds are left out.",
        searches=("local_phases",),
    )


@chart(
    "First phase as a share of the announced size, percent",
    _tell_first_phase,
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
    known, size = int(phases["share_pct"].notna().sum()), style.TEXT if wide else style.SMALL
    drawing, axes = style.row_drawing(wide, len(phases), left=(190, 128), right=(120, 66), step=24, top=34, bottom=34)
    axes.set_xlim(0, 100)
    ticks = (0, 20, 40, 60, 80, 100) if wide else (0, 50, 100)
    axes.set_xticks(ticks, [f"{v}%" for v in ticks])
    for place, row in enumerate(phases.itertuples()):
        axes.text(-2, place, row.name_short, ha="right", va="center", fontsize=size)
        opened, corner = "?", (0, place - 0.34)
        if pd.notna(row.share_pct):
            style.block(axes, corner, 100, 0.68, "none", style.OPEN)
            style.block(axes, corner, row.share_pct, 0.68, style.MARK)
            opened = digits(row.first_close_cny_bn)
        else:
            style.block(axes, corner, 100, 0.68, "none", style.VOID, hatch="////")
        text = f"{opened} of {digits(row.announced_cny_bn)}bn"
        axes.text(102, place, text, va="center", color=style.SOFT, fontsize=size)
    axes.plot([median, median], [-0.5, known - 0.5], color=style.INK, linewidth=1.2, linestyle=(0, (3, 2)))
    style.note_beside(axes, (median, -0.5), (0, 6), "median", ha="center", va="bottom", fontsize=style.TEXT)
    return drawing


LONGEST_STEP_YEARS = 1.3
"""Longer steps between two known dates are gaps and are drawn as such."""


def _ends_of_year(dates: pd.Series) -> pd.Series:
    """Put the end of 2024 at 2024.0, so that a tick is the end of its year."""
    parts = dates.str.split("-", expand=True).astype(float)
    return parts[0] + (parts[1].fillna(12) - 12) / 12


def _tell_guidance(printed: Printer, stock: pd.DataFrame) -> Story:
    both = stock.dropna(subset=["cum_target_cny_bn", "cum_subscribed_cny_bn"])
    first, last = both.index[0], both.index[-1]
    printed.facts("guidance_funds_by_year", stock.index, "cum_target_cny_bn", "cum_subscribed_cny_bn")
    printed("funds.targets_level")
    share_first, share_last = printed(f"funds.subscribed_share[{first}]"), printed(f"funds.subscribed_share[{last}]")
    return Story(
        title=f"Guidance funds held {share_last} of their target at the end of {stock.loc[last, 'as_of'][:4]}: targets "
        "stopped growing, subscriptions did not",
        subtitle="Stock of all government guidance funds, target and subscribed, trillion yuan. All counted by "
        "Zero2IPO; dotted where more than a year lies between known dates.",
        alt="Lines by year. The target stays level at the end; the subscribed stock rises. Subscribed over target: "
        f"{share_first} in {stock.loc[first, 'as_of'][:4]}, {share_last} in {stock.loc[last, 'as_of'][:4]}.",
        note="Other providers count other things and stand in the table, not on this line.",
    )


@chart("Stock of guidance funds, target and subscribed, trillion yuan", _tell_guidance, stock=funds.guidance_stock)
def guidance(stock: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw target and subscribed stock by date; dotted where more than a year lies between two known dates."""
    drawing, axes = style.plot_drawing(wide, (330, 320), left=44, right=(110, 84), top=16, bottom=46)
    rows = stock.sort_values("as_of")
    when = _ends_of_year(rows["as_of"])
    for label, colour in (("target", style.OPEN), ("subscribed", style.MARK)):
        column = f"cum_{label}_cny_bn"
        known = rows[column].notna()
        x, y = when[known].tolist(), (rows.loc[known, column] / 1000).tolist()
        for (x0, y0), (x1, y1) in pairwise(zip(x, y, strict=True)):
            thick, dashes = (1.2, (0, (2, 3))) if x1 - x0 > LONGEST_STEP_YEARS else (2, "-")
            axes.plot([x0, x1], [y0, y1], color=colour, linewidth=thick, linestyle=dashes)
        axes.plot(x, y, "o", color=colour, markersize=6)
        if y:
            end = f"{label}\n{digits(y[-1], 1)}"
            style.note_beside(axes, (x[-1], y[-1]), (9, 0), end, va="center", fontsize=style.TEXT)
    axes.set_ylim(0, 1.08 * float(rows[["cum_target_cny_bn", "cum_subscribed_cny_bn"]].max().max()) / 1000)
    axes.set_ylabel("trillion yuan")
    axes.set_xlabel("end of year")
    first, last = math.floor(float(when.min())), math.ceil(float(when.max()))
    axes.set_xlim(first - 0.6, last + 0.3)
    ticks = list(range(first, last + 1, 2))
    axes.set_xticks(ticks, [str(t) for t in ticks])
    return drawing


KIND_STYLE: dict[str, tuple[str, str | None]] = {
    "national_fund": (style.TREASURY, None),
    "local_state_vehicle": (style.STATE, "//////"),
    "central_state_company": (style.STATE, "//////"),
    "state_bank": (style.STATE, "//////"),
    "private": (style.MARK, None),
    "unnamed": (style.UNNAMED, "\\\\\\\\"),
}


def _tell_partners(printed: Printer, kinds: pd.DataFrame) -> Story:
    printed.facts("fund_partners", funds.partners(Reader(printed.book)).index, "amount_cny_bn")
    return Story(
        title=f"{printed('funds.bay_state_share')} of the Bay fund comes from "
        f"{printed('funds.bay_state_count', 'word')} state vehicles; at most {printed('funds.possibly_private_share')} "
        "of the regional money could be private",
        subtitle=f"Partners of the {printed('funds.regional_count', 'word')} regional funds by kind, bn yuan "
        "registered in December 2025.",
        alt=f"Stacked bars, one a fund. Bay fund: {printed('funds.bay_state')} from state vehicles. In all funds, "
        f"{printed('funds.possibly_private')} is not shown to come from a state body.",
        note="The stake of the national fund in the Yangtze fund is not published and is assumed at the size of the "
        "others. All partners named there are state bodies. Without a name does not mean private.",
        searches=("regional_amounts",),
    )


@chart(
    "Money in the regional funds by kind of partner, bn yuan registered",
    _tell_partners,
    legend=(
        ("treasury", "solid", "national fund"),
        ("state", "hatch", "named state bodies"),
        ("unnamed", "hatch", "without name or amount"),
    ),
    kinds=funds.partner_kinds,
)
def partners(kinds: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a stacked bar a fund, by kind of partner."""
    regions = list(dict.fromkeys(kinds["region"]))
    drawing, axes = style.row_drawing(wide, len(regions), left=(160, 4), right=16, step=(64, 84), top=8)
    axes.set_xlim(0, max(50, 1.02 * float(kinds.groupby("region")["amount_cny_bn"].sum().max())))
    for place, region in enumerate(regions):
        style.row_label(axes, place, region, wide, x=(-1, 0), above=0.36, size=style.TEXT, weight="bold")
        at = 0.0
        for row in kinds.loc[kinds["region"].eq(region)].itertuples():
            colour, hatch = KIND_STYLE.get(row.partner_kind, KIND_STYLE["unnamed"])
            bottom, tall = (place - 0.26, 0.42) if wide else (place - 0.22, 0.4)
            face = style.CARD if hatch else colour
            style.block(axes, (at, bottom), row.amount_cny_bn, tall, face, colour, hatch=hatch)
            label = digits(float(rounded(row.amount_cny_bn, 1))) + (", assumed" if row.assumed else "")
            start = at + 0.2 if row.amount_cny_bn > 1 else at - 0.6
            axes.text(start, bottom + tall + 0.13, label, va="center", color=style.SOFT, fontsize=11)
            at += row.amount_cny_bn
    axes.set_xlabel("bn yuan, registered")
    return drawing


def _tell_multipliers(printed: Printer, choices: pd.DataFrame) -> Story:
    for name in MULTIPLIER_CASES:
        printed(f"funds.multiplier_{name}")
    told = " ".join(f"{row.choice}: {digits(row.multiplier, 1)}." for row in choices.itertuples())
    return Story(
        title="To reach the trillion the sub-funds must multiply the regional money "
        f"{printed('funds.multiplier_range')}",
        subtitle="Remaining multiplier under each stated choice, by the same definition: money in sub-funds over money "
        "of the regional funds placed in them.",
        alt=f"A dot for each choice. {told}",
    )


@chart(
    "What the sub-funds must multiply, times, under each choice", _tell_multipliers, choices=funds.remaining_multipliers
)
def multipliers(choices: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a choice."""
    drawing, axes = style.row_drawing(wide, len(choices), left=(330, 4), right=44, step=(32, 52))
    axes.set_xlim(0, max(10, 1.1 * float(choices["multiplier"].max())))
    for place, row in enumerate(choices.itertuples()):
        y = place if wide else place + 0.18
        style.row_label(axes, place, row.choice, wide, x=(-0.25, 0), above=0.25)
        axes.plot([0, row.multiplier], [y, y], color=style.RULE, linewidth=2)
        axes.plot([row.multiplier], [y], "o", color=style.MARK, markersize=9)
        axes.text(row.multiplier + 0.3, y, digits(row.multiplier, 1), va="center", weight="bold")
    axes.set_xlabel("times, sub-fund money over regional money")
    return drawing


def _tell_leverage(printed: Printer, cases: pd.DataFrame) -> Story:
    for row in cases.index:
        printed(f"funds.total_over_own[{row}]")
    best = cases.loc[cases["realised"], "total_over_own"].idxmax()
    told = " ".join(f"{row.name}: {digits(row.total_over_own, 1)}." for row in cases.itertuples())
    return Story(
        title=f"The trillion hopes for {printed('funds.hoped_multiple')} its own money; the most in the table is "
        f"{printed(f'funds.total_over_own[{best}]')}",
        subtitle="All money over the programme's own money, by programme; outlined bars are hopes.",
        alt=f"Bars. {told}",
        note="On record means committed to funds, not invested in firms. The programmes differ in age, kind and "
        "partners.",
    )


@chart(
    "All money over the programme's own, times",
    _tell_leverage,
    legend=(("mark", "solid", "on record"), ("open", "outline", "hoped for")),
    cases=funds.leverage_on_record,
)
def leverage(cases: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a programme; outlined where the ratio is a hope."""
    drawing, axes = style.row_drawing(wide, len(cases), left=(270, 4), right=44, step=(34, 54))
    axes.set_xlim(0, float(cases["total_over_own"].max()) * 1.02)
    for place, row in enumerate(cases.itertuples()):
        y, tall = (place, 0.5) if wide else (place + 0.16, 0.36)
        style.row_label(axes, place, row.name, wide, x=(-0.2, 0), above=0.28)
        face, edge = (style.MARK, style.MARK) if row.realised else ("none", style.OPEN)
        style.block(axes, (0, y - tall / 2), row.total_over_own, tall, face, edge)
        axes.text(row.total_over_own + 0.12, y, digits(row.total_over_own, 1), va="center", weight="bold")
    axes.set_xlabel("all money over the programme's own, times")
    return drawing


def _tell_ceilings(printed: Printer, rules: pd.DataFrame) -> Story:
    printed.facts("fund_rules", rules.index, "value")
    for row in rules.index[rules["what_is_counted"].ne("single_project")]:
        printed(f"model.ceiling[{row}]")
    printed("model.ceiling_seldom")
    eighty, loss = printed("fund_rules[cd_ht_seed].value"), printed("funds.deal_loss_share")
    return Story(
        title=f"A loss ceiling of {eighty} on a whole fund almost never binds; judged one by one, {loss} of deals are "
        "a loss",
        subtitle="Largest loss that local rules allow, by place, stage of deals and date. At the right: the chance "
        f"that {SMALL_PORTFOLIO} equal deals with a common shock lose more, from the model.",
        alt=f"Dots by rule. {printed('funds.ceiling_eighty', 'Word')} of {printed('funds.ceiling_places', 'word')} "
        f"places with a ceiling for seed or angel funds stand at {eighty}. {printed('funds.single_total', 'Word')} "
        "rules allow a single project to be lost whole.",
        note=f"The chance that {SMALL_PORTFOLIO} equal deals with a common shock lose more than {eighty} together is "
        f"{printed('model.ceiling_80_30')} in the model; for {LARGE_PORTFOLIO} deals, "
        f"{printed('model.ceiling_80_100')}. A single deal returns less than was put in with a chance of {loss}. "
        "Shares of deals and the shock are American; ceilings are those that the trade press reports, which collects "
        "generous rules.",
    )


@chart(
    "Largest loss that local rules allow, percent, and the chance that a portfolio loses more",
    _tell_ceilings,
    legend=(("mark", "solid", "counts a fund or a class of deals"), ("state", "outline", "counts a single project")),
    rules=funds.sourced_ceilings,
)
def ceilings(rules: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a rule, with the chance that it binds."""
    drawing, axes = style.row_drawing(
        wide, len(rules), left=(330, 6), right=(90, 70), step=(24, 40), top=(26, 30), bottom=44
    )
    axes.text(110, -0.5, "binds", ha="left", va="bottom", color=style.SOFT, fontsize=10.5, clip_on=False)
    axes.set_xlim(0, 104)
    axes.set_xticks([0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100%"])
    for place, row in enumerate(rules.itertuples()):
        y = place if wide else place + 0.2
        rule = f"{row.place}, {row.stage_class.replace('_', ' ')}, {row.date[:4]}"
        style.row_label(axes, place, rule, wide, x=(-2, 0), above=0.24)
        axes.plot([0, row.value], [y, y], color=style.RULE, linewidth=2)
        single = row.what_is_counted == "single_project"
        face, edge = (style.CARD, style.STATE) if single else (style.MARK, style.MARK)
        axes.plot([row.value], [y], "o", markersize=9, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=2)
        chance = "" if pd.isna(row.chance_pct) else f"{digits(row.chance_pct, 1)}%"
        axes.text(110, y, chance, va="center", color=style.INK, fontsize=style.TEXT if wide else style.SMALL)
    axes.set_xlabel("largest loss allowed, percent")
    return drawing
