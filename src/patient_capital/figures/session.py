"""Figures of the chapter on the session."""

from __future__ import annotations

from itertools import cycle, pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import session
from patient_capital.analysis.session import BUDGET, COURT, OFTEN, OPENING, STEP_YEAR
from patient_capital.figures import labels, style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, spelled


def _tell_timeline(printed: Printer, weeks: pd.DataFrame) -> Story:
    printed("session.week_crowded")
    count, drawn, all_events = (printed(f"session.{name}") for name in ("week_events", "events_drawn", "events_listed"))
    first, last = (pd.Timestamp(day) for day in (weeks["week"].min(), weeks["week"].max()))
    opening = pd.Timestamp(OPENING)
    return Story(
        title=f"The week in which the Congress opened holds {count} events of our list, the most of any week",
        subtitle=f"Events by kind and week, weeks from Monday {first.day} {first:%B} to that of {last.day} "
        f"{last:%B %Y}. The stronger the colour, the more. The session opened on {opening.day} {opening:%B}.",
        alt=f"A matrix of {spelled(weeks['lane'].nunique())} kinds of events and {weeks['week'].nunique()} weeks. "
        f"The week of the opening has {count} events, most of them of the session itself; few stand before.",
        must=f"{drawn} of the {all_events} events of our list are drawn; the others lie outside these weeks or have no "
        "day, and stand in the table of events.",
        note="The list is ours and no census: it holds what the sources of this report name. An empty cell: none in "
        "the list.",
    )


@chart("Events before, during and after the session, by kind and week", _tell_timeline, weeks=session.crowded_weeks)
def timeline(weeks: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a matrix of kinds and weeks, with the number of events in each cell; the stronger the colour, the more."""
    weeks = weeks.dropna(subset=["events"])
    grid = weeks.pivot_table(index="lane", columns="week", values="events", aggfunc="sum").fillna(0)
    grid = grid.reindex(dict.fromkeys(weeks["lane"]))
    names = [str(lane) if wide else str(lane).split(" and ")[0] for lane in grid.index]
    width, left, step, top = style.WIDE_PX if wide else style.NARROW_PX, labels.room(names), 32, 26
    drawing = style.canvas(width, top + len(grid) * step + 6)
    axes = style.axes_at(drawing, left, top, width - left - 4, len(grid) * step)
    axes.set_xlim(-0.5, len(grid.columns) - 0.5)
    axes.set_ylim(len(grid) - 0.5, -0.5)
    style.bare(axes)
    most, shown_month = max(float(grid.to_numpy().max()), 1.0), ""
    for column, monday in enumerate(map(pd.Timestamp, grid.columns)):
        month = f"{monday:%b}"
        if wide or month != shown_month:
            words = f"{monday.day} {month}" if wide else month
            look: dict[str, Any] = {"ha": "center" if wide else "left", "va": "bottom", "fontsize": style.TEXT}
            style.note_beside(axes, (column if wide else column - 0.4, -0.5), (0, 6), words, style.SOFT, **look)
        shown_month = month
    for place, (name, row) in enumerate(zip(names, grid.to_numpy(), strict=True)):
        style.note_beside(axes, (-0.5, place), (-8, 0), name, ha="right", va="center", fontsize=style.TEXT)
        for column, count in enumerate(row):
            square = (column - 0.47, place - 0.44), 0.94, 0.88
            if count:
                style.block(axes, *square, style.MARK, "none", alpha=0.1 + 0.38 * min(count / most, 1))
            style.block(axes, *square, "none", style.RULE, linewidth=1)
            if count:
                style.label_in_cell(
                    axes, column, place, digits(count, 0), style.INK, weight="bold", fontsize=style.TEXT
                )
    return drawing


LONGEST_DAYS = 320


def _beside_bar(axes: Axes, end: float, place: float, words: str, colour: str = style.INK, **look: Any) -> None:
    style.note_beside(
        axes, (end, place), (6, 0), words, colour, va="center", fontsize=style.TEXT, annotation_clip=False, **look
    )


def _tell_pledges(printed: Printer, pledges: pd.DataFrame) -> Story:
    delivered, national = printed("session.pledges_delivered", "Word"), printed("session.pledges_national", "word")
    days, partly = printed("session.pledge_days"), printed("session.pledges_local_partly", "word")
    kept, local = printed("session.pledges_local_delivered", "word"), printed("session.pledges_local", "word")
    return Story(
        title=f"{delivered} of {national} pledges of the centre were followed by a law, a rule or a quota within "
        f"{days}; of {local} local ones {kept} was, and {partly} in part",
        subtitle="Days from the pledge to the act that followed it. Pledges made at the session of March 2025, and "
        "local ones beside it, as the press named them; the choice is ours.",
        alt=f"Bars. {delivered} of {national} national pledges were delivered after {days}. The venture fund was "
        f"launched with {printed('funds.registered_share')} of its trillion registered. Of {local} local pledges "
        f"{kept} was delivered and {partly} in part.",
        note="No other session was timed, so that this does not say that 2025 was different. A law or a rule counts as "
        "delivered when it is published, not when it works or when money was paid, for the centre and for places "
        "alike. Pledges of local governments that are known from the digest alone are left out.",
        searches=("local_phases", "national_money"),
    )


@chart(
    "Days from each pledge to the act that followed it",
    _tell_pledges,
    legend=(("mark", "solid", "act published"), ("mark", "hatch", "in part"), ("void", "hatch", "nothing found")),
    pledges=session.pledges_kept_first,
)
def pledges(pledges: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a pledge, as long as it took; hatched where it was kept in part, or where nothing was found."""
    left = labels.room(pledges["name"].astype(str))
    right = labels.room(["not found", f"{LONGEST_DAYS}, in part" if wide else ""], weight="bold")
    drawing, axes = style.row_drawing(wide, len(pledges), left=left, right=right, step=26, bottom=44)
    known = pledges["days"].dropna().astype(float)
    longest = max([LONGEST_DAYS, *known])
    axes.set_xlim(min([0, *known]), longest)
    if longest == LONGEST_DAYS:
        axes.set_xticks([0, 100, 200, 300])
    for place, row in enumerate(pledges.itertuples()):
        start = min([0, *known])
        style.note_beside(
            axes, (start, place), (-8, 0), row.name, ha="right", va="center", fontsize=style.TEXT, annotation_clip=False
        )
        if pd.isna(row.days):
            style.block(axes, (0, place - 0.3), longest, 0.6, "none", style.VOID, hatch="////")
            label = "not found" if row.status == "not_found" else "undated"
            _beside_bar(axes, longest, place, label, style.SOFT)
            continue
        part = row.status == "partly"
        face, hatch = (style.CARD, "////") if part else (style.MARK, None)
        style.block(axes, (0, place - 0.3), row.days, 0.6, face, style.MARK, hatch=hatch)
        label = f"{digits(row.days, 0)}{', in part' if part and wide else ''}"
        _beside_bar(axes, row.days, place, label, weight="bold")
    axes.set_xlabel("days from the pledge")
    return drawing


def _tell_words(printed: Printer, counts: pd.DataFrame) -> Story:
    before, now = printed("session.family_rate_2024"), printed("session.family_rate_2025")
    uses = [printed(f"session.family_{year}", "word") for year in (2024, 2025)]
    term = [printed(f"report_keywords[{year}_artificial-intelligence_zh].count", "word") for year in (2024, 2025)]
    printed("session.patient_first")
    printed("session.consumption_highest")
    return Story(
        title=f"The premier's report of 2025 speaks of AI {now} times per ten thousand characters, after {before}, and "
        "more of consumption than any counted before it",
        subtitle="Uses per 10,000 Chinese characters of the government work report, 2008 to 2025. AI words: artificial "
        "intelligence, large model, embodied intelligence, robot. At the right of each title: 2025. The report of 2020 "
        "was not counted: gap. Nor was that of 2026, whose whole text was not found.",
        alt=f"{spelled(counts['words'].nunique()).capitalize()} small line charts. AI words rise from {before} uses "
        f"per 10,000 characters in 2024 to {now} in 2025. Consumption reaches {printed('session.consumption_rate')} "
        f"per 10,000 characters in 2025, the highest of {printed('session.reports_counted')} reports counted, the last "
        "that of 2025.",
        note=f"Uses of the term artificial intelligence alone: {term[0]} in 2024, {term[1]} in 2025; of all AI words "
        f"{uses[0]} and {uses[1]}. The growth is of new words. Plain counts of characters without word segmentation.",
        searches=("words_2026",),
    )


@chart(
    "Uses of words in the premier's report, per ten thousand Chinese characters",
    _tell_words,
    counts=session.words_by_year,
)
def words(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a small chart a group of words; years that were not counted leave a gap."""
    width = style.WIDE_PX if wide else style.NARROW_PX
    counts = counts.dropna(subset=["per_10k"])
    panels = list(dict.fromkeys(counts["words"]))
    columns = min(len(panels), 4 if wide else 2)
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


def _tell_terms(printed: Printer, counts: pd.DataFrame) -> Story:
    printed("session.funds_first")
    printed("session.involution_for_overcapacity")
    involution = [printed(f"report_keywords[{year}_involution_zh].count", "word") for year in (2025, 2026)]
    ai = printed("report_keywords[2026_artificial-intelligence_zh].count", "word")
    return Story(
        title="In 2025 involution came and overcapacity went; no report that we counted names government investment "
        "funds, and that of 2026, told by others, does",
        subtitle="Uses of a term in the government work report, by year. Outlined, as all of 2026: not counted by us "
        "but told by others, who may have seen fewer than there are. Question mark: not counted.",
        alt="A row a term and a column a year. Overcapacity stands in reports until 2017 and in 2024. Involution "
        f"stands {involution[0]} time in 2025 and {involution[1]} times in 2026. Government investment funds stand in "
        f"no report before that of 2026. Artificial intelligence stands {ai} times in 2026.",
        note="We did not count the report of 2026, since its whole text was not found. Its counts are those of Reuters "
        "and of the Economic Daily, and of words in a passage that a paper quotes.",
        searches=("words_2026",),
    )


@chart(
    "Uses of some terms in the premier's report, by year",
    _tell_terms,
    legend=(("mark", "solid", "counted in the whole report"), ("mark", "outline", "told by others")),
    counts=session.terms_followed,
)
def terms(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a row a term and a cell a year, with the number of uses in it."""
    counts = counts.dropna(subset=["count"])
    names = [name for name in session.FOLLOWED if name in set(counts["term"])]
    names += [name for name in dict.fromkeys(counts["term"]) if name not in names]
    years = range(int(counts["year"].min()), int(counts["year"].max()) + 1)
    drawing, axes = style.row_drawing(
        wide, len(names), left=(labels.room(names), 4), right=4, step=(36, 58), top=26, bottom=(8, 4)
    )
    axes.grid(visible=False)
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_xticks(list(years), [str(y) if wide else f"’{y % 100}" for y in years])
    axes.xaxis.tick_top()
    known = {(row.term, int(row.year)): row for row in counts.rename(columns={"count": "uses"}).itertuples()}
    for place, name in enumerate(names):
        style.row_label(axes, place, name, wide, (years[0] - 0.5, years[0] - 0.45), 0.3, left=8)
        y, tall = (place, 0.72) if wide else (place + 0.16, 0.5)
        for year in years:
            corner = (year - 0.45, y - tall / 2)
            row = known.get((name, year))
            if row is None:
                style.label_in_cell(axes, year, y, "?", style.SOFT, fontsize=style.TEXT)
                continue
            uses = float(row.uses)
            # A frame says that others told the number; a zero that we counted has none.
            if uses or not row.counted:
                style.block(axes, corner, 0.9, tall, style.MARK if row.counted else style.CARD, style.MARK)
            colour = style.SOFT if not uses else style.CARD if row.counted else style.INK
            style.label_in_cell(
                axes, year, y, digits(uses, 0), colour, weight="bold" if uses else "normal", fontsize=style.TEXT
            )
    return drawing


DOT_PX, MOST_DOTS = 11, 6
"""Pixels from one dot to the next, and how many are drawn for one province."""


def _tell_provinces(printed: Printer, provinces: pd.DataFrame) -> Story:
    naming, reports = printed("session.provinces_ai"), printed("session.provinces")
    return Story(
        title=f"Nearly every provincial work report named AI before R1 made news: {naming} of {reports} did, and "
        f"{printed('session.funds_before_r1', 'word')} local funds for AI, groups of funds included, had been "
        "announced",
        subtitle="Uses of the term artificial intelligence in the provincial work reports, all dated 13 to 20 January "
        "2025; DeepSeek published R1 on 20 January.",
        alt=f"A list of provinces by uses. {naming} of {reports} reports use the term, "
        f"{printed('session.provinces_uses')} times in all, {printed('session.provinces_median')} in the median "
        f"report; {printed('session.provinces_thrice')} use it {spelled(OFTEN)} times or more.",
        note="No report of an earlier January was counted, so that this does not say since when. That no report names "
        "DeepSeek is nearly mechanical: the reports were read out before or on the day of R1. A low count does not "
        "mean little AI: Zhejiang is the home of DeepSeek.",
        legend=(
            ("mark", "solid", "uses in the report"),
            ("treasury", "solid", "Zhejiang, home of DeepSeek"),
            ("state", "dot", "a local AI fund announced before"),
        ),
    )


@chart(
    "Uses of the term artificial intelligence in the provincial work reports",
    _tell_provinces,
    legend=(("mark", "solid", "uses in the report"), ("state", "dot", "a local AI fund announced before")),
    provinces=session.provinces_by_uses,
)
def provinces(provinces: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a province, as long as its uses, and at its right a dot for each fund that stood before."""
    provinces = provinces.dropna(subset=["ai_count"]).sort_values(["ai_count", "name"], ascending=[False, True])
    uses = provinces["ai_count"].astype(float)
    vehicles = provinces["earlier_vehicles"].fillna(0).clip(upper=MOST_DOTS).astype(int)
    width, step = style.WIDE_PX if wide else style.NARROW_PX, 19
    left, counts = labels.room(provinces["name"]), [digits(count, 0) for count in uses]
    number_px = labels.room(counts, weight="bold")
    scale = (width - left - number_px - DOT_PX * vehicles.max() - 4) / max(uses.max(), 1e-9)
    drawing, axes = style.pixel_drawing(width, len(provinces) * step + 4)
    for place, (code, name) in enumerate(provinces["name"].items()):
        home, y = code == session.HOME_OF_DEEPSEEK, 2 + (place + 0.5) * step
        end = left + scale * uses.iloc[place]
        axes.text(left - 8, y, str(name), ha="right", va="center", weight="bold" if home else "normal")
        style.block(axes, (left, y - 7), end - left, 14, style.TREASURY if home else style.MARK)
        axes.text(end + 5, y, counts[place], va="center", weight="bold")
        for dot in range(vehicles.iloc[place]):
            axes.plot([end + number_px + DOT_PX * dot], [y], "o", color=style.STATE, markersize=7)
    return drawing


def _tell_motions(printed: Printer, motions: pd.DataFrame) -> Story:
    before, after = printed("session.motions_before"), printed("session.motions_after")
    printed("session.one_step")
    printed("session.fewest_motions")
    years = motions["year"].astype(int)
    return Story(
        title=f"Motions fell at the change of Congress in {STEP_YEAR}: from {before} a year to {after}",
        subtitle=f"Motions filed at the yearly session, {years.min()} to {years.max()}. Line behind the bars: the mean "
        "of each side. Question mark: not found.",
        alt=f"Bars by year. Up to 2022 the mean is {before} motions a year, with a low in 2018, the first year of a "
        f"Congress. Since {STEP_YEAR} the mean is {after}; the last, of 2026, is the lowest.",
        note="First years of a Congress are low. Set against the same year of all earlier Congresses with a figure, "
        f"the fall is {printed('session.motions_first')} in the first year, {printed('session.motions_second')} in the "
        f"second, {printed('session.motions_third')} in the third year and {printed('session.motions_fourth')} in the "
        "fourth. The counts do not show why.",
        searches=("motions_2014_2020",),
        legend=(
            ("treasury", "solid", f"to {STEP_YEAR - 1}: {before} a year"),
            ("state", "solid", f"since {STEP_YEAR}, 14th Congress: {after} a year"),
        ),
    )


@chart(
    "Motions filed at the yearly session, and their mean on both sides of a year",
    _tell_motions,
    legend=(("treasury", "solid", "before the step"), ("state", "solid", "from the step on")),
    motions=session.motions_around_step,
)
def motions(motions: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a year, a question mark where there is no figure, and the mean before and from the step on."""
    drawing, axes = style.plot_drawing(wide, (270, 250), left=40, right=14, top=12, bottom=36)
    motions = motions.dropna(subset=["motions", "mean_motions"])
    first, last = int(motions["year"].min()), int(motions["year"].max())
    axes.set_xlim(first - 0.7, last + 0.7)
    highest = float(motions[["motions", "mean_motions"]].astype(float).max().max())
    top = max(600.0, 1.05 * highest)
    axes.set_ylim(0, top)
    for year in sorted(set(range(first, last + 1)) - set(motions["year"])):
        axes.text(year, 0.023 * top, "?", ha="center", va="bottom", color=style.SOFT)
    for row in motions.itertuples():
        axes.bar([row.year], [float(row.motions)], width=0.66, color=style.STATE if row.since_step else style.TREASURY)
        if wide:
            text = digits(float(row.motions), 0)
            axes.text(row.year, 0.023 * top, text, ha="center", va="bottom", fontsize=style.TEXT, color=style.CARD)
    sides = [side for _, side in motions.groupby("since_step")]
    edges = [first - 0.5, *(float(side["year"].min()) - 0.5 for side in sides[1:]), last + 0.5]
    for side, (begin, end) in zip(sides, pairwise(edges), strict=True):
        mean = float(side["mean_motions"].iloc[0])
        axes.plot([begin, end], [mean, mean], color=style.INK, linewidth=1.4, zorder=0.8)
    ticks = range(first, last + 1, 2 if wide else 4)
    axes.set_xticks(list(ticks), [str(t) for t in ticks])
    if top == 600:
        axes.set_yticks([0, 200, 400, 600])
    return drawing


ITEM_COLOURS = {BUDGET: style.STATE, COURT: style.TREASURY}
MORE_COLOURS = (style.MARK, style.UNNAMED)
ITEM_NAMES = {COURT: "court report"}


def _ends(shares: pd.DataFrame, colours: dict[str, str]) -> list[tuple[float, float, str, str]]:
    """Return the latest tally of each item, with its label and colour."""
    latest = shares.groupby("item").tail(1)
    return [
        (
            float(row.year),
            float(row.not_for_pct),
            f"{ITEM_NAMES.get(row.item, row.item)} {digits(row.not_for_pct, 1)}",
            colours[str(row.item)],
        )
        for row in latest.itertuples()
    ]


def _tell_votes(printed: Printer, shares: pd.DataFrame) -> Story:
    court = [printed(f"session.not_for[{year}_supreme-court-report]") for year in (2017, 2019, 2020)]
    budget = [printed(f"session.not_for[{year}_budget]") for year in (2016, 2017, 2019, 2026)]
    return Story(
        title=f"Between 2017 and 2019 the share of deputies who did not vote for the budget fell from {budget[1]} to "
        f"{budget[2]}",
        subtitle="Deputies present who voted against, abstained or did not vote, percent. Lines join neighbouring "
        "years only. Question mark: no whole tally in our table.",
        alt=f"Dots by year. Budget: {budget[0]} in 2016, {budget[1]} in 2017, {budget[2]} in 2019, {budget[3]} in "
        f"2026. Court report: {court[0]} in 2017, {court[1]} in 2019, {court[2]} in 2020. No figures for 2021 to 2023.",
        note="The fall lies across a change of deputies. 2013 was a peak. Tallies that do not add up are left out. "
        "Votes of this kind are no index of democracy; most reports have always passed by a wide margin.",
        searches=("votes_2021_2023",),
        legend=(("state", "dot", "budget"), ("treasury", "dot", "report of the supreme court")),
    )


@chart("Deputies present who did not vote for an item, percent", _tell_votes, shares=session.votes_not_for)
def votes(shares: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a tally, by item; lines join neighbouring years only, and a question mark a year without one."""
    shares = shares.dropna(subset=["not_for_pct"]).sort_values("year", kind="stable")
    others = [item for item in dict.fromkeys(shares["item"]) if item not in ITEM_COLOURS]
    colours = ITEM_COLOURS | dict(zip(others, cycle(MORE_COLOURS), strict=False))
    ends = _ends(shares, colours)
    right = labels.room([words for _, _, words, _ in ends], weight="bold")
    drawing, axes = style.plot_drawing(wide, (300, 290), left=48, right=right, top=12, bottom=34)
    first, last_year = int(shares["year"].min()), int(shares["year"].max())
    top = max(27.0, 1.08 * float(shares["not_for_pct"].max()))
    axes.set_ylim(0, top)
    axes.set_xlim(first - 0.7, last_year + 0.35)
    for item, rows in shares.groupby("item"):
        points = [(float(row.year), float(row.not_for_pct)) for row in rows.itertuples()]
        for (x0, y0), (x1, y1) in pairwise(points):
            if x1 - x0 == 1:
                axes.plot([x0, x1], [y0, y1], color=colours[str(item)], linewidth=1.6)
        axes.plot(*zip(*points, strict=True), "o", color=colours[str(item)], markersize=7, clip_on=False)
    labels.label_ends(axes, ends, style.TEXT)
    axes.set_ylabel("percent of deputies present")
    axes.set_xticks(range(first, last_year + 1, 3))
    for year in sorted(set(range(first, last_year)) - set(shares["year"])):
        axes.text(year, 0.023 * top, "?", ha="center", va="bottom", color=style.SOFT)
    return drawing
