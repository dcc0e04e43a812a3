"""Figures of the chapter on the funds."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import funds
from patient_capital.analysis.funds import OWNERS
from patient_capital.analysis.funds.phases import TEMPLATE
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import label_blocks, room
from patient_capital.figures.marks import exact, say
from patient_capital.figures.rows import named_rows
from patient_capital.formatting import digits, spelled
from patient_capital.tables import Reader

OWNER_STYLE: dict[str, tuple[str, str | None]] = {
    OWNERS["national_venture"]: (style.TREASURY, None),
    OWNERS["chips"]: (style.MARK, None),
    OWNERS["social_security"]: (style.STATE, "//////"),
    OWNERS["other_national"]: (style.UNNAMED, style.DOWN),
    OWNERS["local"]: (style.OPEN, None),
}


def _tell_state_money(printed: Printer, money: pd.DataFrame) -> Story:
    shares = {stage: printed(f"funds.state_share_{stage}") for stage in ("announced", "registered")}
    totals = {stage: printed(f"funds.state_{stage}") for stage in ("announced", "registered")}
    counts = {stage: printed(f"funds.state_funds_{stage}") for stage in ("announced", "registered")}
    once = printed("funds.registered_once")
    told = " ".join(
        f"{stage}: {', '.join(f'{row.owner} {digits(row.amount_cny_bn, 0)}' for row in some.itertuples())}."
        for stage, some in money.groupby("stage", sort=False)
    )
    return Story(
        title=f"The national fund is {shares['announced']} of the headlines of {counts['announced']} state technology "
        "funds",
        subtitle="Money of single technology funds of the state by stage and owner, bn yuan, each yuan once. A "
        "headline is the announced size, or what was registered or opened where the table has none. Bars must not be "
        "added: they are stages.",
        alt=f"A stacked bar a stage, bn yuan. {told}",
        must="The announced trillion counts money that others are to bring, which most other headlines do not. A fund "
        "without an announced size, such as the chip funds, is known by what it registered.",
        note=f"Of the {totals['registered']} that {counts['registered']} funds registered, its {once} are "
        f"{shares['registered']}. The headlines come to {totals['announced']}: what pages were seen for, no census. "
        "With the national merger fund, for all industries, the share of the headlines is "
        f"{printed('funds.state_share_with_mergers')}. Left out are clusters, plans of banks, funds for small or state "
        "firms, and one of Hubei that an AI-written site alone tells of. A first phase is shown where nothing is registered; it may be signed and not paid.",
    )


@chart(
    "Money of state technology funds by stage and owner, bn yuan",
    _tell_state_money,
    legend=(
        ("treasury", "solid", OWNERS["national_venture"]),
        ("mark", "solid", OWNERS["chips"]),
        ("state", "hatch", OWNERS["social_security"]),
        ("unnamed", "hatch", OWNERS["other_national"]),
        ("open", "solid", OWNERS["local"]),
    ),
    money=funds.state_money,
)
def state_money(money: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a stacked bar a stage, by owner."""
    stages = list(dict.fromkeys(money["stage"]))
    drawing, axes = style.row_drawing(wide, len(stages), left=(140, 4), right=(64, 52), step=(64, 80), top=8, bottom=36)
    longest = float(money.groupby("stage")["amount_cny_bn"].sum().max())
    axes.set_xlim(0, longest)
    for place, stage in enumerate(stages):
        bottom, tall = (place - 0.22, 0.42) if wide else (place - 0.14, 0.36)
        style.row_label(axes, place, stage, wide, x=(-longest / 60, 0), above=0.3, size=style.TEXT, weight="bold")
        at, blocks = 0.0, []
        for row in money.loc[money["stage"].eq(stage) & money["amount_cny_bn"].gt(0)].itertuples():
            colour, hatch = OWNER_STYLE.get(row.owner, OWNER_STYLE[OWNERS["local"]])
            face = style.CARD if hatch else colour
            style.block(axes, (at, bottom), row.amount_cny_bn, tall, face, colour, hatch=hatch)
            blocks.append((at, row.amount_cny_bn, digits(row.amount_cny_bn, 0)))
            at += row.amount_cny_bn
        label_blocks(axes, blocks, bottom + tall + (0.15 if wide else 0.11))
        style.label_beside(axes, (at, bottom + tall / 2), (6, 0), digits(at, 0), va="center")
    axes.set_xlabel("bn yuan")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    return drawing


def _tell_first_phase(printed: Printer, phases: pd.DataFrame, median: float) -> Story:
    known = phases["share_pct"].notna()
    printed.facts("funds", phases.index[known], "announced_cny_bn", "first_close_cny_bn")
    printed.facts("funds", phases.index[~known], "announced_cny_bn")
    printed("funds.about_a_quarter")
    template = "{opening} of {announced}".format(**TEMPLATE)
    whole = phases.loc[~known & ~phases["silent"]]
    printed.facts("funds", whole.index, "registered_cny_bn")
    full = "".join(
        f"{row.name_short} named no first phase and registered {digits(row.registered_cny_bn)}bn of "
        f"{digits(row.announced_cny_bn)}bn. "
        for row in whole.itertuples()
    )
    return Story(
        title=f"For {printed('funds.phase_silent', 'word')} of {printed('funds.phase_all')} local AI funds no sum was "
        "found after the headline; those with a first phase open with about a quarter of their size",
        subtitle="First close or first phase as a share of the announced size, single local AI, robot and data funds "
        "announced since 2023, each with the month or year of its announcement. The upright line is the median of the "
        f"first phases, {printed('funds.phase_median')}; the middle half of them is "
        f"{printed('funds.phase_quartiles')}.",
        alt=f"Horizontal bars. {printed('funds.phase_count', 'Word')} funds published a first phase, from "
        f"{printed('funds.phase_range')} of the announced size; the median is {printed('funds.phase_median')}. "
        f"{printed('funds.phase_template', 'Word')} of them stand at exactly {template}. "
        f"{printed('funds.phase_silent', 'Word')} more are hatched: no later sum was found. They were announced from "
        f"{printed('funds.silent_oldest')} to {printed('funds.silent_youngest')}.",
        note="A sum not found is not nothing done: few of the pages that were seen are of July 2026 or later, and the "
        f"youngest funds had little time. {full}{printed('funds.phase_template', 'Word')} funds open with exactly "
        f"{template}, which looks like a formula rather than a failed raise. All first phases together come to "
        f"{printed('funds.phase_pooled')} of the sizes of their own funds, and to {printed('funds.phase_of_all')} of "
        "those of all. A first phase does not say what is raised in the end. Clusters and older funds are left out, "
        "and so is one of Hubei of which an AI-written site alone says that money was paid in: with it "
        f"{printed('funds.phase_silent_with_weak', 'word')} of {printed('funds.phase_all_with_weak')} would be silent. "
        "A whole press report that another site copies counts as the report.",
        searches=("local_phases",),
    )


def _opened(row: Any) -> str:
    """Return the first phase of a fund, or what it registered without one, of its announced size."""
    if pd.notna(row.share_pct):
        some = digits(row.first_close_cny_bn)
    else:
        some = "?" if row.silent else digits(row.registered_cny_bn)
    return f"{some} of {digits(row.announced_cny_bn)}bn"


@chart(
    "First phase as a share of the announced size, percent",
    _tell_first_phase,
    legend=(
        ("void", "hatch", "no sum found after the headline"),
        ("state", "solid", "registered, without a first phase"),
        ("mark", "solid", "first phase"),
        ("open", "outline", "announced"),
    ),
    phases=funds.recent_ai_funds,
    median=funds.phase_median,
)
def first_phase(phases: pd.DataFrame, median: float, *, wide: bool) -> Canvas:
    """Draw a bar a fund: the announced size, and what of it the first phase is; hatched where no later sum was found."""
    names = (phases["name_short"] + ", " + phases["announced_on"].str[:7]).tolist()
    beside = [_opened(row) for row in phases.itertuples()]
    right = room(beside, 12, style.SMALL)
    drawing, rows = named_rows(wide, names, tall=(16, 15), step=24, right=right, indent=12, bottom=24)
    axes, tall = rows.axes, rows.height
    axes.set_xlim(0, 100)
    ticks = (0, 20, 40, 60, 80, 100) if wide else (0, 50, 100)
    axes.set_xticks(ticks, [f"{v}%" for v in ticks])
    for place, row in enumerate(phases.itertuples()):
        rows.name(place, names[place])
        corner = (0, rows.top(place))
        if pd.notna(row.share_pct):
            said = (
                f"{row.name_short}: first phase {exact(row.first_close_cny_bn)}bn yuan, {exact(row.share_pct)} percent "
                f"of {exact(row.announced_cny_bn)}bn announced"
            )
            style.block(axes, corner, 100, tall, "none", style.OPEN)
            style.block(axes, corner, row.share_pct, tall, style.MARK, said=said)
        elif not row.silent:
            said = (
                f"{row.name_short}: {exact(row.registered_cny_bn)}bn yuan registered of "
                f"{exact(row.announced_cny_bn)}bn announced, no first phase named"
            )
            style.block(axes, corner, 100, tall, "none", style.OPEN)
            registered = 100 * row.registered_cny_bn / row.announced_cny_bn
            style.block(axes, corner, min(registered, 100), tall, style.STATE, said=said)
        else:
            said = f"{row.name_short}: {exact(row.announced_cny_bn)}bn yuan announced, no later sum found"
            style.block(axes, corner, 100, tall, "none", style.VOID, said, hatch="////")
        style.note_beside(axes, (100, rows.middle(place)), (7, 0), beside[place], style.SOFT, va="center")
    rows.line(median, [place for place, share in enumerate(phases["share_pct"]) if pd.notna(share)])
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
        title=f"Guidance funds had subscriptions for {share_last} of their target at the end of "
        f"{stock.loc[last, 'as_of'][:4]}: of late reported targets stood still, subscriptions grew",
        subtitle="Stock of all government guidance funds, target and subscribed, trillion yuan. All counted by "
        "Zero2IPO; dotted where more than a year lies between known dates.",
        alt="Lines by year. The target stays level at the end; the subscribed stock rises. Subscribed over target: "
        f"{share_first} in {stock.loc[first, 'as_of'][:4]}, {share_last} in {stock.loc[last, 'as_of'][:4]}.",
        note="The target is the same in the last reports: old targets may have been cut, or a figure used again. "
        "Other providers count other things and stand in the table, not on this line.",
    )


@chart("Stock of guidance funds, target and subscribed, trillion yuan", _tell_guidance, stock=funds.guidance_stock)
def guidance(stock: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw target and subscribed stock by date; dotted where more than a year lies between two known dates."""
    drawing, axes = style.plot_drawing(wide, (330, 320), left=44, right=(110, 84), top=16, bottom=40)
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


def _with_stage(row: Any) -> str:
    """Return the name of a programme with what its page counts; a hope says so in its name."""
    return row.name if row.standing == "hoped" else f"{row.name} ({funds.STAGE_TOLD.get(row.stage, row.stage)})"


STANDING_STYLE: dict[str, tuple[str, str, str | None]] = {
    "registered": (style.TREASURY, style.TREASURY, None),
    "told": (style.MARK, style.MARK, None),
    "planned": (style.CARD, style.STATE, "//////"),
    "hoped": ("none", style.OPEN, None),
}
"""Face, edge and hatching of a programme by how far its money has come, as :data:`funds.STANDINGS` orders them."""

STANDING_WORDS = {"planned": "planned or approved", "told": "reported", "registered": "registered"}


def _tell_leverage(printed: Printer, cases: pd.DataFrame) -> Story:
    for row in cases.index:
        printed(f"funds.total_over_own[{row}]")
    best = cases.groupby("standing")["total_over_own"].idxmax()
    most = ", ".join(
        f"{words} up to {printed(f'funds.total_over_own[{best[standing]}]')}"
        for standing, words in STANDING_WORDS.items()
        if standing in best
    )
    told = " ".join(f"{_with_stage(row)}: {digits(row.total_over_own, 1)}." for row in cases.itertuples())
    stages = dict.fromkeys(funds.STAGE_TOLD[stage] for stage in cases.loc[cases["standing"].ne("hoped"), "stage"])
    return Story(
        title=f"The national fund hopes for {printed('funds.hoped_multiple')} the treasury's money; others {most}",
        subtitle="All money over the programme's own money, by programme and by how far the money has come.",
        alt=f"Bars. {told}",
        must=f"What a page counts stands behind the name: {', '.join(stages)}. Not all of it is committed, and none is "
        "shown to be invested in firms.",
        note="The programmes differ in age, kind and partners.",
    )


@chart(
    "All money over the programme's own, times",
    _tell_leverage,
    legend=(
        ("treasury", "solid", "registered"),
        ("mark", "solid", "told as drawn in"),
        ("state", "hatch", "sizes of funds, planned or approved"),
        ("open", "outline", "hoped for"),
    ),
    cases=funds.leverage_on_record,
)
def leverage(cases: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a programme, filled by how far its money has come."""
    names = [_with_stage(row) for row in cases.itertuples()]
    drawing, rows = named_rows(wide, names, tall=17, step=32, right=44, indent=4)
    axes = rows.axes
    axes.set_xlim(0, float(cases["total_over_own"].max()) * 1.02)
    for place, row in enumerate(cases.itertuples()):
        rows.name(place, names[place])
        face, edge, hatch = STANDING_STYLE[row.standing]
        style.block(axes, (0, rows.top(place)), row.total_over_own, rows.height, face, edge, hatch=hatch)
        rows.value(place, row.total_over_own, digits(row.total_over_own, 1))
    axes.set_xlabel("all money over the programme's own, times")
    return drawing


def _tell_ceilings(printed: Printer, rules: pd.DataFrame) -> Story:
    printed.facts("fund_rules", rules.index, "value")
    eighty = printed("fund_rules[cd_ht_seed].value")
    places, all_places = printed("funds.ceiling_eighty", "word"), printed("funds.ceiling_places", "word")
    apart, table = printed("funds.ceilings_apart", "Word"), printed("funds.ceilings_all")
    held = funds.loss_ceilings(Reader(printed.book))
    where = " and ".join(dict.fromkeys(held.loc[~held.index.isin(rules.index), "place"]))
    return Story(
        title=f"Of {all_places} local governments with a ceiling for seed or angel funds {places} allow {eighty} to be "
        f"lost; {printed('funds.single_total', 'word')} let a single deal be lost whole",
        subtitle="Largest loss that local rules allow before anyone must answer for it, percent, by place, stage of "
        "deals and year; seed and angel funds first.",
        alt=f"{spelled(len(rules)).capitalize()} dots, each a rule. {places.capitalize()} of {all_places} local "
        f"governments with a ceiling for seed or angel funds stand at {eighty}. "
        f"{printed('funds.single_total', 'Word')} let a single project be lost whole.",
        note=f"{apart} of the {table} rules in the table are not drawn, rates of {where}: they have a single origin "
        "and could not be confirmed. Ceilings are those that the trade press reports, which collects generous rules. "
        "Funds for mergers, industry and markets may lose less than seed funds of the same place.",
    )


def _rule_label(row: Any) -> str:
    """Return the name of a rule: place, what it counts, year. Rules of one place and year differ in what they count."""
    counted = "a deal" if row.what_is_counted == "single_project" else f"{row.stage_class.replace('_', ' ')} funds"
    return f"{row.place}, {counted}, {row.date[:4]}"


@chart(
    "Largest loss that local rules allow, percent",
    _tell_ceilings,
    legend=(
        ("mark", "dot", "seed and angel funds or deals together"),
        ("treasury", "dot", "other funds or deals together"),
        ("state", "ring", "each deal alone"),
    ),
    rules=funds.sourced_ceilings,
)
def ceilings(rules: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a rule."""
    labels = [_rule_label(row) for row in rules.itertuples()]
    drawing, rows = named_rows(wide, labels, tall=11, step=24, right=(20, 24))
    axes = rows.axes
    axes.set_xlim(0, 104)
    axes.set_xticks([0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100%"])
    for place, row in enumerate(rules.itertuples()):
        y, rule = rows.middle(place), labels[place]
        rows.name(place, rule)
        axes.plot([0, row.value], [y, y], color=style.RULE, linewidth=2)
        single = row.what_is_counted == "single_project"
        filled = style.MARK if row.seed else style.TREASURY
        face, edge = (style.CARD, style.STATE) if single else (filled, filled)
        (dot,) = axes.plot(
            [row.value], [y], "o", markersize=9, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=2
        )
        say(dot, f"{rule}: {exact(row.value)} percent of {row.what_is_counted.replace('_', ' ')}")
    axes.set_xlabel("largest loss allowed, percent")
    return drawing
