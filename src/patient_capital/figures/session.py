"""Figures of the chapter on the session."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import cycle, pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis import session
from patient_capital.analysis.session import BUDGET, COURT, LANES, OFTEN, OPENING, STEP_YEAR
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.record import Words
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    RULE,
    SMALL,
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
)
from patient_capital.formatting import digits, spelled

# --- 0. Timeline -----------------------------------------------------------------------------------------

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
    width = WIDE_PX if wide else NARROW_PX
    axes.set_xlim(0, width)
    axes.set_ylim(max(rows, 1), -0.4)
    bare(axes)
    for place, row in enumerate(named.itertuples()):
        column, line = divmod(place, rows)
        x = column * width / 2
        axes.text(4 + x, line, row.letter, weight="bold", color=STATE, va="center", fontsize=SMALL)
        axes.text(20 + x, line, f"{row.date}  {row.title}", va="center", fontsize=SMALL if wide else 10.5)


def _tell_timeline(words: Words, events: pd.DataFrame, until: str) -> Story:
    named = events.loc[events["letter"].ne("")]
    told = " ".join(f"{row.date}: {row.title}." for row in named.itertuples())
    words("session.pledges_delivered")
    first, turn, last = (f"{pd.Timestamp(day):%B %Y}" for day in (SHOWN_DAYS[0], until, SHOWN_DAYS[1]))
    before = f"{pd.Timestamp(until) - pd.Timedelta(days=1):%B %Y}"
    return Story(
        title="The session was a crowded week between a model in January and rules that followed from "
        f"{turn.partition(' ')[0]}",
        subtitle=f"{words('session.events')} events by kind. Left of the line: {first} to {before} in detail; right of "
        f"it: what followed, to {last}.",
        alt=f"{spelled(len(LANES)).capitalize()} lanes of dots. Events crowd in early March 2025, above all in the lane of the session; rules, laws "
        f"and funds lie to the right of the line. {told}",
        note="The table at the end of the page holds every event with its sources. A month without a day is drawn at "
        "its middle.",
    )


@chart(
    measure="Events before, during and after the session, by kind and date",
    tell=_tell_timeline,
    legend=(("mark", "solid", "event"), ("state", "solid", "event named below")),
    events=session.named_timeline,
    until=session.detail_until,
)
def timeline(events: pd.DataFrame, until: str, *, wide: bool) -> Canvas:
    """Draw a dot an event, in lanes; what lies before the day `until` takes the left half."""
    width, left, lane = (WIDE_PX, 130, 30) if wide else (NARROW_PX, 86, 30)
    events = events.dropna(subset=["days_from_opening"])
    lanes = list(dict.fromkeys([*LANES, *events["lane"]]))
    named = events.loc[events["letter"].ne("")]
    key_rows = -(-len(named) // 2) if wide else len(named)
    top, axis = 40, 26
    drawing = canvas(width, top + lane * len(lanes) + axis + key_rows * 19 + 10)
    axes = row_axes(drawing, left, top, width - left - 12, lane * len(lanes), len(lanes))
    axes.set_xlim(0, 2)
    axes.grid(visible=False)
    axes.axvline(1, color=SOFT, linewidth=1)
    size = TEXT if wide else 10.5
    for place, name in enumerate(lanes):
        axes.axhline(place, color=RULE, linewidth=1, zorder=0)
        label = name if wide else name.split(" and ")[0]
        axes.text(-0.03, place, label, ha="right", va="center", fontsize=size)
    days, turn = events["days_from_opening"], _since_opening(until)
    first, last = (_since_opening(day) for day in SHOWN_DAYS)
    span = (min(first, float(days.min()), turn - 1), turn, max(last, float(days.max()), turn + 1))
    for row in events.itertuples():
        colour, dot, alpha = (STATE, 9, 1) if row.letter else (MARK, 6, 0.6)
        x = _in_halves(row.days_from_opening, span)
        axes.plot([x], [lanes.index(row.lane)], "o", color=colour, markersize=dot, alpha=alpha)
    shown_at = -1.0
    for row in named.itertuples():
        x = _in_halves(row.days_from_opening, span)
        axes.plot([x, x], [-0.5, lanes.index(row.lane)], color=STATE, linewidth=0.8, clip_on=False)
        shown_at = max(x, shown_at + (LETTER_GAP if wide else NARROW_LETTER_GAP))
        axes.text(
            shown_at,
            -0.62,
            row.letter,
            ha="center",
            va="bottom",
            weight="bold",
            color=STATE,
            fontsize=SMALL,
            clip_on=False,
        )
    ticks = {day: name for day, name in MONTHS.items() if wide or day in NARROW_MONTHS}
    axes.set_xticks(
        [_in_halves(_since_opening(day), span) for day in ticks],
        [name if wide or name.isdigit() else name[:3] for name in ticks.values()],
    )
    notes = axes_at(drawing, 0, top + lane * len(lanes) + axis, width, key_rows * 19 + 8)
    _key_of_letters(notes, named, key_rows, wide=wide)
    return drawing


# --- 1. Pledges ------------------------------------------------------------------------------------------

LONGEST_DAYS = 320


def _tell_pledges(words: Words, pledges: pd.DataFrame) -> Story:
    delivered, national = words("session.pledges_delivered", "Word"), words("session.pledges_national", "word")
    days = words("session.pledge_days")
    return Story(
        title=f"{delivered} of {national} pledges of the centre were delivered within {days}; "
        f"of the {words('session.pledges_local', 'word')} local ones nothing more was found",
        subtitle="Days from the pledge to the act that delivered it. Pledges made at the session of March 2025, and "
        "local ones beside it.",
        alt=f"Bars. {delivered} of {national} national pledges were delivered after {days}. The venture fund was "
        "launched, but its trillion is not raised. Of "
        f"{words('session.pledges_local_silent', 'word')} local pledges nothing more was found.",
        note="No other session was timed, so that this does not say that 2025 was different. A law or a rule counts "
        "as delivered when it is published, not when it works.",
    )


@chart(
    measure="Days from each pledge to the act that delivered it",
    tell=_tell_pledges,
    legend=(("mark", "solid", "delivered"), ("mark", "hatch", "in part"), ("void", "hatch", "nothing found")),
    pledges=session.pledges_kept_first,
)
def pledges(pledges: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a pledge, as long as it took; hatched where it was kept in part, or where nothing was found."""
    width, left, right = (WIDE_PX, 180, 110) if wide else (NARROW_PX, 140, 62)
    step = 26
    drawing = canvas(width, len(pledges) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - right, len(pledges) * step, len(pledges))
    known = pledges["days"].dropna().astype(float)
    longest = max([LONGEST_DAYS, *known])
    axes.set_xlim(min([0, *known]), longest)
    if longest == LONGEST_DAYS:
        axes.set_xticks([0, 100, 200, 300])
    for place, row in enumerate(pledges.itertuples()):
        axes.text(-8, place, row.name, ha="right", va="center", fontsize=TEXT if wide else SMALL)
        if pd.isna(row.days):
            axes.add_patch(Rectangle((0, place - 0.3), longest, 0.6, facecolor="none", edgecolor=VOID, hatch="////"))
            label = "not found" if row.status == "not_found" else "undated"
            axes.text(longest + 6, place, label, va="center", color=SOFT, fontsize=SMALL)
            continue
        part = row.status == "partly"
        face, hatch = (CARD, "////") if part else (MARK, None)
        axes.add_patch(Rectangle((0, place - 0.3), row.days, 0.6, facecolor=face, edgecolor=MARK, hatch=hatch))
        label = f"{digits(row.days, 0)}{', in part' if part and wide else ''}"
        axes.text(row.days + 6, place, label, va="center", weight="bold")
    axes.set_xlabel("days from the pledge")
    return drawing


# --- 2. Words --------------------------------------------------------------------------------------------


def _tell_words(words: Words, counts: pd.DataFrame) -> Story:
    before, now = words("session.family_2024", "word"), words("session.family_2025", "word")
    term = [words(f"report_keywords[{year}_artificial-intelligence_zh].count", "word") for year in (2024, 2025)]
    words("session.patient_first")
    words("session.consumption_highest")
    return Story(
        title=f"The premier's report speaks of AI {now} times after {before}, and of consumption more than any report "
        "counted",
        subtitle="Uses per 10,000 Chinese characters of the government work report, 2008 to 2025. AI words: artificial "
        "intelligence, large model, embodied intelligence, robot. At the right of each title: 2025. The report of "
        "2020 was not counted: gap.",
        alt=f"{spelled(counts['words'].nunique()).capitalize()} small line charts. AI words rise from {before} uses in 2024 to {now} in 2025. Consumption reaches "
        f"{words('session.consumption_rate')} per 10,000 characters in 2025, the highest of "
        f"{words('session.reports_counted')} reports counted.",
        note=f"Uses of the term artificial intelligence alone: {term[0]} in 2024, {term[1]} in 2025. It is the family of "
        "words that moved. Plain counts of characters without word segmentation.",
    )


@chart(
    measure="Uses of words in the premier's report, per ten thousand Chinese characters",
    tell=_tell_words,
    counts=session.words_by_year,
)
def words(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a small chart a group of words; years that were not counted leave a gap."""
    columns = 4 if wide else 2
    width = WIDE_PX if wide else NARROW_PX
    counts = counts.dropna(subset=["per_10k"])
    panels = list(dict.fromkeys(counts["words"]))
    rows = -(-len(panels) // columns)
    tall, gap, left = 150, 26 if wide else 30, 30
    drawing = canvas(width, rows * (tall + 62) + 6)
    cell = (width - left) / columns
    first, last_year = min(2007, int(counts["year"].min()) - 1), max(2026, int(counts["year"].max()) + 1)
    for place, name in enumerate(panels):
        panel = counts.loc[counts["words"].eq(name)].sort_values("year", kind="stable")
        x, y = left + (place % columns) * cell, 24 + (place // columns) * (tall + 62)
        axes = axes_at(drawing, x, y, cell - gap, tall)
        axes.set_ylim(0, max(8.0, float(panel["per_10k"].max()) * 1.12))
        axes.set_xlim(first, last_year)
        axes.set_xticks([2010, 2025], ["2010", "2025"])
        axes.grid(axis="y")
        axes.tick_params(length=0)
        for _, run in panel.groupby((panel["year"].diff() > 1).cumsum()):
            axes.plot(run["year"], run["per_10k"], color=MARK, linewidth=1.8)
        last = panel.iloc[-1]
        axes.plot([last["year"]], [last["per_10k"]], "o", color=MARK, markersize=6)
        axes.set_title(digits(last["per_10k"], 1), loc="right", weight="bold", color=MARK, pad=9)
        axes.set_title(name, loc="left", weight="bold", color=INK, pad=9)
    return drawing


# --- 3. The race before R1 -------------------------------------------------------------------------------

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


def _tell_provinces(words: Words, provinces: pd.DataFrame) -> Story:
    naming, reports = words("session.provinces_ai"), words("session.provinces")
    return Story(
        title=f"The race was on before R1: {naming} of {reports} provincial reports named AI, and "
        f"{words('session.funds_before_r1', 'word')} local AI vehicles had been announced",
        subtitle="Uses of the term artificial intelligence in the provincial work reports, all dated 13 to 20 January "
        "2025; DeepSeek published R1 on 20 January.",
        alt=f"A list of provinces by uses. {naming} of {reports} reports use the term, "
        f"{words('session.provinces_uses')} times in all, {words('session.provinces_median')} in the median report; "
        f"{words('session.provinces_thrice')} use it {spelled(OFTEN)} times or more.",
        note="That no report names DeepSeek is nearly mechanical: the reports were read out before or on the day of "
        "R1. A low count does not mean little AI: the home of DeepSeek stands in the middle.",
    )


@chart(
    measure="Uses of the term artificial intelligence in the provincial work reports",
    tell=_tell_provinces,
    provinces=session.provinces_by_uses,
)
def provinces(provinces: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw the names of the provinces at the number of uses in their report."""
    width = WIDE_PX if wide else NARROW_PX
    rows = math.ceil(float(provinces["ai_count"].max())) + 1
    step = min(26 if wide else 46, TALLEST_PX / rows)
    drawing = canvas(width, round(rows * step) + 30)
    axes = axes_at(drawing, 44, 6, width - 50, rows * step)
    axes.set_ylim(-0.5, rows - 0.5)
    axes.set_xlim(0, 10)
    bare(axes)
    ticks = range(0, rows, math.ceil(rows / 60))
    axes.set_yticks(ticks, [str(v) for v in ticks])
    axes.set_ylabel("uses in the report")
    axes.tick_params(length=0)
    axes.grid(axis="y")
    for uses, some in provinces.groupby("ai_count"):
        names = list(some["name"])
        axes.text(
            0.1,
            float(uses),
            ", ".join(names) if wide else "\n".join(_wrapped(names, 46)),
            va="center",
            fontsize=SMALL if wide else 10.5,
            color=INK,
            bbox={"facecolor": CARD, "edgecolor": "none", "pad": 1.5},
        )
    return drawing


# --- 4. Motions ------------------------------------------------------------------------------------------


def _tell_motions(words: Words, motions: pd.DataFrame) -> Story:
    before, after = words("session.motions_before"), words("session.motions_after")
    words("session.one_step")
    return Story(
        title=f"Motions fell in one step, at the change of Congress in {STEP_YEAR}: from {before} a year to {after}",
        subtitle="Motions filed at the yearly session. A question mark: no figure found for the year.",
        alt=f"Bars by year. Up to 2022 the mean is {before} motions a year, with a low in 2018, the first year of a "
        f"Congress. Since {STEP_YEAR} the mean is {after}.",
        note="First years of a Congress are low: like for like the fall is "
        f"{words('session.motions_first')} in the first, {words('session.motions_second')} in the second and "
        f"{words('session.motions_fourth')} in the fourth year. The cause was not found.",
        legend=(("treasury", "solid", "12th and 13th Congress"), ("state", "solid", "14th Congress")),
    )


def _mean_line(axes: Axes, side: pd.DataFrame, begin: float, end: float, gap: float) -> None:
    """Draw the mean of one side of the step, its number above the highest bar at the outer end."""
    mean, later = float(side["mean_motions"].iloc[0]), bool(side["since_step"].iloc[0])
    axes.plot([begin, end], [mean, mean], color=INK, linewidth=1.2, linestyle=(0, (3, 2)))
    x, align = (end, "right") if later else (begin, "left")
    y = max(float(side["motions"].max()), mean) + gap
    axes.text(x, y, f"mean {digits(mean, 0)}", va="center", ha=align, weight="bold")


@chart(
    measure="Motions filed at the yearly session, and their mean on both sides of a year",
    tell=_tell_motions,
    legend=(("treasury", "solid", "before the step"), ("state", "solid", "from the step on")),
    motions=session.motions_around_step,
)
def motions(motions: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a year, a question mark where there is no figure, and the mean before and from the step on."""
    width, height = (WIDE_PX, 280) if wide else (NARROW_PX, 260)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 40, 20, width - 48, height - 56)
    motions = motions.dropna(subset=["motions", "mean_motions"])
    first, last = int(motions["year"].min()), int(motions["year"].max())
    axes.set_xlim(first - 0.7, last + 0.7)
    highest = float(motions[["motions", "mean_motions"]].astype(float).max().max())
    top = max(600.0, 1.14 * highest)
    axes.set_ylim(0, top)
    for year in sorted(set(range(first, last + 1)) - set(motions["year"])):
        axes.text(year, 0.023 * top, "?", ha="center", va="bottom", color=SOFT)
    for row in motions.itertuples():
        axes.bar([row.year], [float(row.motions)], width=0.66, color=STATE if row.since_step else TREASURY)
        if wide:
            y, text = float(row.motions) - top / 60, digits(float(row.motions), 0)
            axes.text(row.year, y, text, ha="center", va="top", fontsize=SMALL, color=CARD)
    sides = [side for _, side in motions.groupby("since_step")]
    edges = [first - 0.5, *(float(side["year"].min()) - 0.5 for side in sides[1:]), last + 0.5]
    for side, (begin, end) in zip(sides, pairwise(edges), strict=True):
        later = bool(side["since_step"].iloc[0])
        _mean_line(axes, side, begin, end, top * ((0.17 if wide else 0.103) if later else 0.063))
    ticks = range(first, last + 1, 2 if wide else 4)
    axes.set_xticks(list(ticks), [str(t) for t in ticks])
    if top == 600:
        axes.set_yticks([0, 200, 400, 600])
    axes.tick_params(length=0)
    axes.grid(axis="y")
    return drawing


# --- 5. Votes --------------------------------------------------------------------------------------------

ITEM_COLOURS = {BUDGET: STATE, COURT: TREASURY}
MORE_COLOURS = (MARK, UNNAMED)
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


def _tell_votes(words: Words, shares: pd.DataFrame) -> Story:
    court = [words(f"session.not_for[{year}_supreme-court-report]") for year in (2017, 2019, 2020)]
    budget = [words(f"session.not_for[{year}_budget]") for year in (2016, 2017, 2019, 2026)]
    return Story(
        title="Between 2017 and 2019 the share of deputies who did not vote for the budget fell from "
        f"{budget[1]} to {budget[2]}",
        subtitle="Deputies present who voted against, abstained or did not vote, percent. Lines join neighbouring "
        "years only.",
        alt=f"Dots by year. Budget: {budget[0]} in 2016, {budget[1]} in 2017, {budget[2]} in 2019, {budget[3]} in "
        f"2026. Court report: {court[0]} in 2017, {court[1]} in 2019, {court[2]} in 2020. No figures for 2021 to 2023.",
        note="The fall lies across a change of deputies. 2013 was a peak. Tallies that do not add up are left out. "
        "Votes of this kind are no index of democracy; most reports have always passed by a wide margin.",
        legend=(("state", "solid", "budget"), ("treasury", "solid", "report of the supreme court")),
    )


@chart(measure="Deputies present who did not vote for an item, percent", tell=_tell_votes, shares=session.votes_not_for)
def votes(shares: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a tally, by item; lines join neighbouring years only."""
    shares = shares.dropna(subset=["not_for_pct"]).sort_values("year", kind="stable")
    latest = _latest(shares)
    longest = max(len(label) for label in latest["label"])
    width, height, room = (WIDE_PX, 290, 120) if wide else (NARROW_PX, 280, 84)
    right = min(room + LETTER_PX * max(longest - USUAL_LABEL, 0), width / 2)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 44, 12, width - 44 - right, height - 46)
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
        axes.annotate(
            row.label,
            (float(row.year), float(row.not_for_pct)),
            (10, row.shift),
            textcoords="offset points",
            va="center",
            color=INK,
            fontsize=TEXT if wide else SMALL,
        )
    axes.set_ylabel("percent of deputies present")
    axes.set_xticks(range(first, last_year + 1, 3))
    axes.tick_params(length=0)
    axes.grid(axis="y")
    gap = _long_gap(shares["year"])
    if gap:
        axes.axvspan(gap[0] - 0.5, gap[1] + 0.5, color=RULE, alpha=0.45, linewidth=0)
        middle = sum(gap) / 2
        axes.text(middle, 0.94 * top, "not found", ha="center", va="center", color=SOFT, fontsize=SMALL)
    return drawing
