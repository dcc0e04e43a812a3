"""Figures of the chapter on the session."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import cycle, pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import session
from patient_capital.analysis.session import BUDGET, COURT, LANES, OFTEN, OPENING, STEP_YEAR
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, spelled

SHOWN_DAYS = ("2024-12-15", "2026-04-15")
"""What the timeline spans at least."""
MONTHS = {
    "2025-01-15": "January",
    "2025-02-15": "February",
    "2025-03-15": "March",
    "2025-07-01": "July",
    "2025-10-01": "October",
    "2026-01-01": "2026",
}
NARROW_MONTHS = ("2025-01-15", "2025-03-15", "2025-07-01", "2026-01-01")
LETTER_GAP, NARROW_LETTER_GAP = 0.045, 0.09
"""Least distance of two letters, in halves of the timeline."""


def _since_opening(day: str) -> int:
    return int((pd.Timestamp(day) - pd.Timestamp(OPENING)).days)


def _in_halves(day: float, span: tuple[float, float, float]) -> float:
    """Put what lies before the turn on the left half, 0 to 1, and what follows on the right, 1 to 2."""
    first, turn, last = span
    return (day - first) / (turn - first) if day < turn else 1 + (day - turn) / (last - turn)


def _key_of_letters(axes: Axes, named: pd.DataFrame, rows: int, *, wide: bool) -> None:
    """Write date and title of each named event below the lanes, in columns of some rows."""
    width = style.WIDE_PX if wide else style.NARROW_PX
    axes.set_xlim(0, width)
    axes.set_ylim(max(rows, 1), -0.4)
    style.bare(axes)
    for place, row in enumerate(named.itertuples()):
        column, line = divmod(place, rows)
        x = column * width / 2
        axes.text(4 + x, line, row.letter, weight="bold", color=style.STATE, va="center", fontsize=style.SMALL)
        axes.text(20 + x, line, f"{row.date}  {row.title}", va="center", fontsize=style.SMALL if wide else 10.5)


def _tell_timeline(printed: Printer, events: pd.DataFrame, until: str) -> Story:
    named = events.loc[events["letter"].ne("")]
    told = " ".join(f"{row.date}: {row.title}." for row in named.itertuples())
    printed("session.pledges_delivered")
    first, turn, last = (f"{pd.Timestamp(day):%B %Y}" for day in (SHOWN_DAYS[0], until, SHOWN_DAYS[1]))
    before = f"{pd.Timestamp(until) - pd.Timedelta(days=1):%B %Y}"
    return Story(
        title="The session was a crowded week between a model in January and rules that followed from "
        f"{turn.partition(' ')[0]}",
        subtitle=f"{printed('session.events')} events by kind. Left of the line: {first} to {before} in detail; right "
        f"of it: what followed, to {last}.",
        alt=f"{spelled(len(LANES)).capitalize()} lanes of dots. Events crowd in early March 2025, above all in the "
        f"lane of the session; rules, laws and funds lie to the right of the line. {told}",
        note="The table at the end of the page holds every event with its sources. A month without a day is drawn at "
        "its middle.",
    )


@chart(
    "Events before, during and after the session, by kind and date",
    _tell_timeline,
    legend=(("mark", "solid", "event"), ("state", "solid", "event named below")),
    events=session.named_timeline,
    until=session.detail_until,
)
def timeline(events: pd.DataFrame, until: str, *, wide: bool) -> Canvas:
    """Draw a dot an event, in lanes; what lies before the day `until` takes the left half."""
    width, size = (style.WIDE_PX, style.TEXT) if wide else (style.NARROW_PX, 10.5)
    events = events.dropna(subset=["days_from_opening"])
    lanes = list(dict.fromkeys([*LANES, *events["lane"]]))
    named = events.loc[events["letter"].ne("")]
    key_rows = -(-len(named) // 2) if wide else len(named)
    top, lane, axis, key_px = 40, 30, 26, key_rows * 19 + 8
    drawing, axes = style.row_drawing(
        wide, len(lanes), left=(130, 86), right=12, step=lane, top=top, bottom=axis + key_px + 2
    )
    axes.set_xlim(0, 2)
    axes.grid(visible=False)
    axes.axvline(1, color=style.SOFT, linewidth=1)
    for place, name in enumerate(lanes):
        axes.axhline(place, color=style.RULE, linewidth=1, zorder=0)
        label = name if wide else name.split(" and ")[0]
        axes.text(-0.03, place, label, ha="right", va="center", fontsize=size)
    days, turn = events["days_from_opening"], _since_opening(until)
    first, last = (_since_opening(day) for day in SHOWN_DAYS)
    span = (min(first, float(days.min()), turn - 1), turn, max(last, float(days.max()), turn + 1))
    for row in events.itertuples():
        colour, dot, alpha = (style.STATE, 9, 1) if row.letter else (style.MARK, 6, 0.6)
        x = _in_halves(row.days_from_opening, span)
        axes.plot([x], [lanes.index(row.lane)], "o", color=colour, markersize=dot, alpha=alpha)
    shown_at = -1.0
    for row in named.itertuples():
        x = _in_halves(row.days_from_opening, span)
        axes.plot([x, x], [-0.5, lanes.index(row.lane)], color=style.STATE, linewidth=0.8, clip_on=False)
        shown_at = max(x, shown_at + (LETTER_GAP if wide else NARROW_LETTER_GAP))
        look: dict[str, Any] = {"color": style.STATE, "fontsize": style.SMALL, "weight": "bold", "clip_on": False}
        axes.text(shown_at, -0.62, row.letter, ha="center", va="bottom", **look)
    ticks = {day: name for day, name in MONTHS.items() if wide or day in NARROW_MONTHS}
    axes.set_xticks(
        [_in_halves(_since_opening(day), span) for day in ticks],
        [name if wide or name.isdigit() else name[:3] for name in ticks.values()],
    )
    notes = style.axes_at(drawing, 0, top + lane * len(lanes) + axis, width, key_px)
    _key_of_letters(notes, named, key_rows, wide=wide)
    return drawing


LONGEST_DAYS = 320


def _tell_pledges(printed: Printer, pledges: pd.DataFrame) -> Story:
    delivered, national = printed("session.pledges_delivered", "Word"), printed("session.pledges_national", "word")
    days, silent = printed("session.pledge_days"), printed("session.pledges_local_silent", "word")
    return Story(
        title=f"{delivered} of {national} pledges of the centre were delivered within {days}; of "
        f"{silent} of {printed('session.pledges_local', 'word')} local ones nothing more was found",
        subtitle="Days from the pledge to the act that delivered it. Pledges made at the session of March 2025, and "
        "local ones beside it.",
        alt=f"Bars. {delivered} of {national} national pledges were delivered after {days}. The venture fund was "
        f"launched, but its trillion is not raised. Of {silent} local pledges nothing more was found.",
        note="No other session was timed, so that this does not say that 2025 was different. A law or a rule counts as "
        "delivered when it is published, not when it works.",
        searches=("local_phases", "beijing_fund"),
    )


@chart(
    "Days from each pledge to the act that delivered it",
    _tell_pledges,
    legend=(("mark", "solid", "delivered"), ("mark", "hatch", "in part"), ("void", "hatch", "nothing found")),
    pledges=session.pledges_kept_first,
)
def pledges(pledges: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a pledge, as long as it took; hatched where it was kept in part, or where nothing was found."""
    drawing, axes = style.row_drawing(wide, len(pledges), left=(180, 140), right=(110, 62), step=26)
    known = pledges["days"].dropna().astype(float)
    longest = max([LONGEST_DAYS, *known])
    axes.set_xlim(min([0, *known]), longest)
    if longest == LONGEST_DAYS:
        axes.set_xticks([0, 100, 200, 300])
    for place, row in enumerate(pledges.itertuples()):
        axes.text(-8, place, row.name, ha="right", va="center", fontsize=style.TEXT if wide else style.SMALL)
        if pd.isna(row.days):
            style.block(axes, (0, place - 0.3), longest, 0.6, "none", style.VOID, hatch="////")
            label = "not found" if row.status == "not_found" else "undated"
            axes.text(longest + 6, place, label, va="center", color=style.SOFT, fontsize=style.SMALL)
            continue
        part = row.status == "partly"
        face, hatch = (style.CARD, "////") if part else (style.MARK, None)
        style.block(axes, (0, place - 0.3), row.days, 0.6, face, style.MARK, hatch=hatch)
        label = f"{digits(row.days, 0)}{', in part' if part and wide else ''}"
        axes.text(row.days + 6, place, label, va="center", weight="bold")
    axes.set_xlabel("days from the pledge")
    return drawing


def _tell_words(printed: Printer, counts: pd.DataFrame) -> Story:
    before, now = printed("session.family_2024", "word"), printed("session.family_2025", "word")
    term = [printed(f"report_keywords[{year}_artificial-intelligence_zh].count", "word") for year in (2024, 2025)]
    printed("session.patient_first")
    printed("session.consumption_highest")
    return Story(
        title=f"The premier's report speaks of AI {now} times after {before}, and of consumption more than any report "
        "counted",
        subtitle="Uses per 10,000 Chinese characters of the government work report, 2008 to 2025. AI words: artificial "
        "intelligence, large model, embodied intelligence, robot. At the right of each title: 2025. The report of 2020 "
        "was not counted: gap.",
        alt=f"{spelled(counts['words'].nunique()).capitalize()} small line charts. AI words rise from {before} uses in "
        f"2024 to {now} in 2025. Consumption reaches {printed('session.consumption_rate')} per 10,000 characters in "
        f"2025, the highest of {printed('session.reports_counted')} reports counted.",
        note=f"Uses of the term artificial intelligence alone: {term[0]} in 2024, {term[1]} in 2025. It is the family "
        "of words that moved. Plain counts of characters without word segmentation.",
    )


@chart(
    "Uses of words in the premier's report, per ten thousand Chinese characters",
    _tell_words,
    counts=session.words_by_year,
)
def words(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a small chart a group of words; years that were not counted leave a gap."""
    columns = 4 if wide else 2
    width = style.WIDE_PX if wide else style.NARROW_PX
    counts = counts.dropna(subset=["per_10k"])
    panels = list(dict.fromkeys(counts["words"]))
    rows = -(-len(panels) // columns)
    tall, gap, left = 150, 26 if wide else 30, 30
    drawing = style.canvas(width, rows * (tall + 62) + 6)
    cell = (width - left) / columns
    first, last_year = min(2007, int(counts["year"].min()) - 1), max(2026, int(counts["year"].max()) + 1)
    for place, name in enumerate(panels):
        panel = counts.loc[counts["words"].eq(name)].sort_values("year", kind="stable")
        x, y = left + (place % columns) * cell, 24 + (place // columns) * (tall + 62)
        axes = style.grid_axes(drawing, x, y, cell - gap, tall)
        axes.set_ylim(0, max(8.0, float(panel["per_10k"].max()) * 1.12))
        axes.set_xlim(first, last_year)
        axes.set_xticks([2010, 2025], ["2010", "2025"])
        for _, run in panel.groupby((panel["year"].diff() > 1).cumsum()):
            axes.plot(run["year"], run["per_10k"], color=style.MARK, linewidth=1.8)
        last = panel.iloc[-1]
        axes.plot([last["year"]], [last["per_10k"]], "o", color=style.MARK, markersize=6)
        axes.set_title(digits(last["per_10k"], 1), loc="right", weight="bold", color=style.MARK, pad=9)
        axes.set_title(name, loc="left", weight="bold", color=style.INK, pad=9)
    return drawing


TALLEST_PX = 1500
"""Rows become lower where a large count would make the drawing taller than this."""


def _wrapped(names: list[str], longest: int) -> list[str]:
    lines = [""]
    for name in names:
        joined = f"{lines[-1]}, {name}" if lines[-1] else name
        if len(joined) > longest:
            lines.append(name)
        else:
            lines[-1] = joined
    return lines


def _tell_provinces(printed: Printer, provinces: pd.DataFrame) -> Story:
    naming, reports = printed("session.provinces_ai"), printed("session.provinces")
    return Story(
        title=f"The race was on before R1: {naming} of {reports} provincial reports named AI, and "
        f"{printed('session.funds_before_r1', 'word')} local AI vehicles had been announced",
        subtitle="Uses of the term artificial intelligence in the provincial work reports, all dated 13 to 20 January "
        "2025; DeepSeek published R1 on 20 January.",
        alt=f"A list of provinces by uses. {naming} of {reports} reports use the term, "
        f"{printed('session.provinces_uses')} times in all, {printed('session.provinces_median')} in the median "
        f"report; {printed('session.provinces_thrice')} use it {spelled(OFTEN)} times or more.",
        note="That no report names DeepSeek is nearly mechanical: the reports were read out before or on the day of "
        "R1. A low count does not mean little AI: the home of DeepSeek stands in the middle.",
    )


@chart(
    "Uses of the term artificial intelligence in the provincial work reports",
    _tell_provinces,
    provinces=session.provinces_by_uses,
)
def provinces(provinces: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw the names of the provinces at the number of uses in their report."""
    width = style.WIDE_PX if wide else style.NARROW_PX
    rows = math.ceil(float(provinces["ai_count"].max())) + 1
    step = min(26 if wide else 46, TALLEST_PX / rows)
    drawing = style.canvas(width, round(rows * step) + 30)
    axes = style.grid_axes(drawing, 44, 6, width - 50, rows * step)
    axes.set_ylim(-0.5, rows - 0.5)
    axes.set_xlim(0, 10)
    style.bare(axes)
    ticks = range(0, rows, math.ceil(rows / 60))
    axes.set_yticks(ticks, [str(v) for v in ticks])
    axes.set_ylabel("uses in the report")
    behind = {"facecolor": style.CARD, "edgecolor": "none", "pad": 1.5}
    for uses, some in provinces.groupby("ai_count"):
        names = list(some["name"])
        text, size = (", ".join(names), style.SMALL) if wide else ("\n".join(_wrapped(names, 46)), 10.5)
        axes.text(0.1, float(uses), text, va="center", fontsize=size, color=style.INK, bbox=behind)
    return drawing


def _tell_motions(printed: Printer, motions: pd.DataFrame) -> Story:
    before, after = printed("session.motions_before"), printed("session.motions_after")
    printed("session.one_step")
    return Story(
        title=f"Motions fell in one step, at the change of Congress in {STEP_YEAR}: from {before} a year to {after}",
        subtitle="Motions filed at the yearly session.",
        alt=f"Bars by year. Up to 2022 the mean is {before} motions a year, with a low in 2018, the first year of a "
        f"Congress. Since {STEP_YEAR} the mean is {after}.",
        note=f"First years of a Congress are low: like for like the fall is {printed('session.motions_first')} in the "
        f"first, {printed('session.motions_second')} in the second and {printed('session.motions_fourth')} in the "
        "fourth year. The counts do not show why.",
        legend=(("treasury", "solid", "12th and 13th Congress"), ("state", "solid", "14th Congress")),
    )


def _mean_line(axes: Axes, side: pd.DataFrame, begin: float, end: float, gap: float) -> None:
    """Draw the mean of one side of the step, its number above the highest bar at the outer end."""
    mean, later = float(side["mean_motions"].iloc[0]), bool(side["since_step"].iloc[0])
    axes.plot([begin, end], [mean, mean], color=style.INK, linewidth=1.2, linestyle=(0, (3, 2)))
    x, align = (end, "right") if later else (begin, "left")
    y = max(float(side["motions"].max()), mean) + gap
    axes.text(x, y, f"mean {digits(mean, 0)}", va="center", ha=align, weight="bold")


@chart(
    "Motions filed at the yearly session, and their mean on both sides of a year",
    _tell_motions,
    legend=(("treasury", "solid", "before the step"), ("state", "solid", "from the step on")),
    motions=session.motions_around_step,
)
def motions(motions: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a year, a question mark where there is no figure, and the mean before and from the step on."""
    drawing, axes = style.plot_drawing(wide, (280, 260), left=40, right=8, top=20, bottom=36)
    motions = motions.dropna(subset=["motions", "mean_motions"])
    first, last = int(motions["year"].min()), int(motions["year"].max())
    axes.set_xlim(first - 0.7, last + 0.7)
    highest = float(motions[["motions", "mean_motions"]].astype(float).max().max())
    top = max(600.0, 1.14 * highest)
    axes.set_ylim(0, top)
    for year in sorted(set(range(first, last + 1)) - set(motions["year"])):
        axes.text(year, 0.023 * top, "?", ha="center", va="bottom", color=style.SOFT)
    for row in motions.itertuples():
        axes.bar([row.year], [float(row.motions)], width=0.66, color=style.STATE if row.since_step else style.TREASURY)
        if wide:
            y, text = float(row.motions) - top / 60, digits(float(row.motions), 0)
            axes.text(row.year, y, text, ha="center", va="top", fontsize=style.SMALL, color=style.CARD)
    sides = [side for _, side in motions.groupby("since_step")]
    edges = [first - 0.5, *(float(side["year"].min()) - 0.5 for side in sides[1:]), last + 0.5]
    for side, (begin, end) in zip(sides, pairwise(edges), strict=True):
        later = bool(side["since_step"].iloc[0])
        _mean_line(axes, side, begin, end, top * ((0.17 if wide else 0.103) if later else 0.063))
    ticks = range(first, last + 1, 2 if wide else 4)
    axes.set_xticks(list(ticks), [str(t) for t in ticks])
    if top == 600:
        axes.set_yticks([0, 200, 400, 600])
    return drawing


ITEM_COLOURS = {BUDGET: style.STATE, COURT: style.TREASURY}
MORE_COLOURS = (style.MARK, style.UNNAMED)
ITEM_NAMES = {COURT: "court report"}
USUAL_LABEL, LETTER_PX = 16, 6.6
"""Letters of a label for which there is room at the right, and pixels that each further one needs."""
LONG_GAP_YEARS = 3
"""So many years without a tally, or more, are marked as a gap."""


def _latest(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the latest tally of each item with its label, and how far to shift it so that labels of a year part."""
    latest = shares.groupby("item").tail(1).sort_values("not_for_pct", kind="stable")
    of_year = latest.groupby("year")["item"]
    shift = 18 * of_year.cumcount() - 9 * (of_year.transform("size") - 1)
    labels = [f"{ITEM_NAMES.get(row.item, row.item)} {digits(row.not_for_pct, 1)}" for row in latest.itertuples()]
    return latest.assign(label=labels, shift=shift)


def _long_gap(years: Iterable[int]) -> tuple[int, int] | None:
    """Return the first and last of the most years in a row without a tally, if they are many enough to be marked."""
    gaps = [(a + 1, b - 1) for a, b in pairwise(sorted(set(years))) if b - a > LONG_GAP_YEARS]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)


def _tell_votes(printed: Printer, shares: pd.DataFrame) -> Story:
    court = [printed(f"session.not_for[{year}_supreme-court-report]") for year in (2017, 2019, 2020)]
    budget = [printed(f"session.not_for[{year}_budget]") for year in (2016, 2017, 2019, 2026)]
    return Story(
        title=f"Between 2017 and 2019 the share of deputies who did not vote for the budget fell from {budget[1]} to "
        f"{budget[2]}",
        subtitle="Deputies present who voted against, abstained or did not vote, percent. Lines join neighbouring "
        "years only.",
        alt=f"Dots by year. Budget: {budget[0]} in 2016, {budget[1]} in 2017, {budget[2]} in 2019, {budget[3]} in "
        f"2026. Court report: {court[0]} in 2017, {court[1]} in 2019, {court[2]} in 2020. No figures for 2021 to 2023.",
        note="The fall lies across a change of deputies. 2013 was a peak. Tallies that do not add up are left out. "
        "Votes of this kind are no index of democracy; most reports have always passed by a wide margin.",
        searches=("votes_2021_2023",),
        legend=(("state", "solid", "budget"), ("treasury", "solid", "report of the supreme court")),
    )


@chart("Deputies present who did not vote for an item, percent", _tell_votes, shares=session.votes_not_for)
def votes(shares: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a tally, by item; lines join neighbouring years only."""
    shares = shares.dropna(subset=["not_for_pct"]).sort_values("year", kind="stable")
    latest = _latest(shares)
    longest = max(len(label) for label in latest["label"])
    width, room = (style.WIDE_PX, 120) if wide else (style.NARROW_PX, 84)
    right = min(room + LETTER_PX * max(longest - USUAL_LABEL, 0), width / 2)
    drawing, axes = style.plot_drawing(wide, (290, 280), left=44, right=right, top=12, bottom=34)
    first, last_year = int(shares["year"].min()), int(shares["year"].max())
    top = max(27.0, 1.08 * float(shares["not_for_pct"].max()))
    axes.set_ylim(0, top)
    axes.set_xlim(first - 0.7, last_year + 0.7)
    others = [item for item in dict.fromkeys(shares["item"]) if item not in ITEM_COLOURS]
    colours = ITEM_COLOURS | dict(zip(others, cycle(MORE_COLOURS), strict=False))
    for item, rows in shares.groupby("item"):
        points = [(float(row.year), float(row.not_for_pct)) for row in rows.itertuples()]
        for (x0, y0), (x1, y1) in pairwise(points):
            if x1 - x0 == 1:
                axes.plot([x0, x1], [y0, y1], color=colours[str(item)], linewidth=1.6)
        axes.plot(*zip(*points, strict=True), "o", color=colours[str(item)], markersize=7)
    for row in latest.itertuples():
        point, size = (float(row.year), float(row.not_for_pct)), style.TEXT if wide else style.SMALL
        style.note_beside(axes, point, (10, row.shift), row.label, va="center", fontsize=size)
    axes.set_ylabel("percent of deputies present")
    axes.set_xticks(range(first, last_year + 1, 3))
    gap = _long_gap(shares["year"])
    if gap:
        axes.axvspan(gap[0] - 0.5, gap[1] + 0.5, color=style.RULE, alpha=0.45, linewidth=0)
        style.label_in_cell(axes, sum(gap) / 2, 0.94 * top, "not found", style.SOFT)
    return drawing
