"""Figures of the chapter on the session."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis.session import (
    AI_FAMILY,
    BUDGET,
    COURT,
    LANES,
    OTHER_WORDS,
    STEP_YEAR,
    earlier_local_funds,
    family,
    motions,
    not_for,
    pledges,
    provincial_uses,
    timeline,
    word_counts,
)
from patient_capital.figures.record import Figure, figure, make, start
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
    VOID,
    WIDE_PX,
    axes_at,
    bare,
    canvas,
    row_axes,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data

# --- 0. Timeline -----------------------------------------------------------------------------------------

MARKED = ("EV04", "EV07", "EV13", "EV17", "EV28", "EV35", "EV36", "EV38", "EV39")
"""Events that carry a letter."""
DETAIL = (pd.Timestamp("2024-12-15"), pd.Timestamp("2025-04-01"), pd.Timestamp("2026-04-15"))


def _place(when: pd.Timestamp) -> float:
    """Put the first quarter on the left half and what followed on the right."""
    first, turn, last = DETAIL
    if when < turn:
        return float((when - first) / (turn - first))
    return float(1 + (when - turn) / (last - turn))


def _draw_timeline(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left, lane = (WIDE_PX, 130, 30) if wide else (NARROW_PX, 86, 30)
    key_rows = -(-len(MARKED) // 2) if wide else len(MARKED)
    top, axis = 40, 26
    drawing = canvas(width, top + lane * len(LANES) + axis + key_rows * 19 + 10)
    axes = row_axes(drawing, left, top, width - left - 12, lane * len(LANES), len(LANES))
    axes.set_xlim(0, 2)
    axes.grid(visible=False)
    axes.axvline(1, color=SOFT, linewidth=1)
    lanes = list(LANES)
    for place, name in enumerate(lanes):
        axes.axhline(place, color=RULE, linewidth=1, zorder=0)
        axes.text(
            -0.03,
            place,
            name if wide else name.split(" and ")[0],
            ha="right",
            va="center",
            fontsize=TEXT if wide else 10.5,
        )
    letters = dict(zip(MARKED, "ABCDEFGHI", strict=True))
    for key, row in frame.iterrows():
        marked = key in letters
        axes.plot(
            [_place(row["when"])],
            [lanes.index(row["lane"])],
            "o",
            color=STATE if marked else MARK,
            markersize=9 if marked else 6,
            alpha=1 if marked else 0.6,
        )
    shown_at = -1.0
    for key, letter in letters.items():
        x = _place(frame.loc[key, "when"])
        axes.plot([x, x], [-0.5, lanes.index(frame.loc[key, "lane"])], color=STATE, linewidth=0.8, clip_on=False)
        shown_at = max(x, shown_at + (0.045 if wide else 0.09))
        axes.text(
            shown_at, -0.62, letter, ha="center", va="bottom", weight="bold", color=STATE, fontsize=SMALL, clip_on=False
        )
    ticks = [
        ("2025-01-15", "January"),
        ("2025-02-15", "February"),
        ("2025-03-15", "March"),
        ("2025-07-01", "July"),
        ("2025-10-01", "October"),
        ("2026-01-01", "2026"),
    ]
    shown = ticks if wide else [ticks[0], ticks[2], ticks[3], ticks[5]]
    axes.set_xticks(
        [_place(pd.Timestamp(day)) for day, _ in shown],
        [name if wide or name.isdigit() else name[:3] for _, name in shown],
    )
    notes = axes_at(drawing, 0, top + lane * len(LANES) + axis, width, key_rows * 19 + 8)
    notes.set_xlim(0, width)
    notes.set_ylim(key_rows, -0.4)
    bare(notes)
    for index, (key, letter) in enumerate(letters.items()):
        column, line = divmod(index, key_rows)
        text = f"{frame.loc[key, 'date']}  {frame.loc[key, 'title']}"
        notes.text(4 + column * width / 2, line, letter, weight="bold", color=STATE, va="center", fontsize=SMALL)
        notes.text(20 + column * width / 2, line, text, va="center", fontsize=SMALL if wide else 10.5)
    return drawing


@figure("session.timeline")
def timeline_lanes(data: Data) -> Figure:
    """Events before, during and after the session, in lanes."""
    ctx, words = start(data)
    frame = timeline(ctx)
    words("session.pledges_delivered")
    return make(
        "session.timeline", words=words, reader=ctx, plotted=frame.drop(columns="when").reset_index(names="event_id"),
        draw=lambda wide: _draw_timeline(frame, wide),
        title="The session was one crowded week between a model in January and rules that followed from April",
        subtitle=f"{words('session.events')} events by kind. Left of the line: December 2024 to March 2025 in detail; right of it: what followed, to April 2026.",
        alt="Six lanes of dots. Events crowd in early March 2025, above all in the lane of the session; rules, laws and funds lie to the right of the line. "
        + " ".join(f"{frame.loc[key, 'date']}: {frame.loc[key, 'title']}." for key in MARKED),
        legend=(("mark", "solid", "event"), ("state", "solid", "event named below")),
        note="The table at the end of the page holds every event with its sources. A month without a day is drawn at its middle.",
    )  # fmt: skip


# --- 1. Pledges ------------------------------------------------------------------------------------------

SHORT = {
    "vc_fund": "National venture fund", "bond_board": "Technology bond board", "relending": "More re-lending",
    "listing_tier": "Listing rules", "private_law": "Private economy law", "ai_plus": "AI Plus",
    "shenzhen_fund": "Shenzhen: fund", "beijing_fund": "Beijing: fund", "guangdong_measures": "Guangdong: measures",
    "wuhan_plan": "Wuhan: plan",
}  # fmt: skip
LONGEST_DAYS = 320


def _draw_pledges(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left, right = (WIDE_PX, 180, 110) if wide else (NARROW_PX, 140, 62)
    step = 26
    drawing = canvas(width, len(frame) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - right, len(frame) * step, len(frame))
    axes.set_xlim(0, LONGEST_DAYS)
    axes.set_xticks([0, 100, 200, 300])
    for place, (key, row) in enumerate(frame.iterrows()):
        name = SHORT.get(str(key), str(key).replace("_", " "))
        axes.text(-8, place, name, ha="right", va="center", fontsize=TEXT if wide else SMALL)
        if pd.isna(row["days"]):
            axes.add_patch(
                Rectangle((0, place - 0.3), LONGEST_DAYS, 0.6, facecolor="none", edgecolor=VOID, hatch="////")
            )
            axes.text(LONGEST_DAYS + 6, place, "not found", va="center", color=SOFT, fontsize=SMALL)
            continue
        part = row["status"] == "partly"
        axes.add_patch(
            Rectangle((0, place - 0.3), row["days"], 0.6, facecolor=CARD if part else MARK, edgecolor=MARK,
                      hatch="////" if part else None)
        )  # fmt: skip
        axes.text(
            row["days"] + 6,
            place,
            f"{digits(row['days'], 0)}{', in part' if part and wide else ''}",
            va="center",
            weight="bold",
        )
    axes.set_xlabel("days from the pledge")
    return drawing


@figure("session.pledges")
def pledge_bars(data: Data) -> Figure:
    """Days from each pledge to its delivery."""
    ctx, words = start(data)
    frame = pledges(ctx)
    order = {"delivered": 0, "partly": 1, "not_found": 2}
    frame = (
        frame.assign(_rank=frame["status"].map(order))
        .sort_values(["_rank", "days"], kind="stable")
        .drop(columns="_rank")
    )
    delivered, national = words("session.pledges_delivered", "Word"), words("session.pledges_national", "word")
    return make(
        "session.pledges", words=words, reader=ctx, plotted=frame.reset_index(names="pledge_id"),
        draw=lambda wide: _draw_pledges(frame, wide),
        title=f"{delivered} of {national} pledges of the centre were delivered within {words('session.pledge_days')}; "
        f"of the {words('session.pledges_local', 'word')} local ones nothing more was found",
        subtitle="Days from the pledge to the act that delivered it. Pledges made at the session of March 2025, and local ones beside it.",
        alt=f"Bars. {delivered} of {national} national pledges were delivered after {words('session.pledge_days')}. The venture "
        f"fund was launched, but its trillion is not raised. Of {words('session.pledges_local_silent', 'word')} local pledges nothing more was found.",
        legend=(("mark", "solid", "delivered"), ("mark", "hatch", "in part"), ("void", "hatch", "nothing found")),
        note="No other session was timed, so that this does not say that 2025 was different. A law or a rule counts as "
        "delivered when it is published, not when it works.",
    )  # fmt: skip


# --- 2. Words --------------------------------------------------------------------------------------------

PANELS = {"ai": "AI words", "consumption": "consumption", "private (minying)": "private", "security/safety": "security"}


def _draw_words(panels: dict[str, pd.DataFrame], wide: bool) -> Canvas:
    columns = 4 if wide else 2
    width = WIDE_PX if wide else NARROW_PX
    rows = -(-len(panels) // columns)
    tall, gap, left = 150, 26 if wide else 30, 30
    drawing = canvas(width, rows * (tall + 62) + 6)
    cell = (width - left) / columns
    for place, (name, frame) in enumerate(panels.items()):
        x, y = left + (place % columns) * cell, 24 + (place // columns) * (tall + 62)
        axes = axes_at(drawing, x, y, cell - gap, tall)
        top = max(8.0, float(frame["per_10k"].max()) * 1.12)
        axes.set_ylim(0, top)
        axes.set_xlim(2007, 2026)
        axes.set_xticks([2010, 2025], ["2010", "2025"])
        axes.grid(axis="y")
        axes.tick_params(length=0)
        for _, run in frame.groupby((frame["year"].diff() > 1).cumsum()):
            axes.plot(run["year"], run["per_10k"], color=MARK, linewidth=1.8)
        last = frame.iloc[-1]
        axes.plot([last["year"]], [last["per_10k"]], "o", color=MARK, markersize=6)
        axes.set_title(digits(last["per_10k"], 1), loc="right", weight="bold", color=MARK, pad=9)
        axes.set_title(name, loc="left", weight="bold", color=INK, pad=9)
    return drawing


@figure("session.words")
def report_words(data: Data) -> Figure:
    """Words of the premier's reports since 2008."""
    ctx, words = start(data)
    counted = word_counts(ctx, OTHER_WORDS)
    panels = {PANELS["ai"]: family(ctx)} | {
        label: counted.loc[counted["term"] == term] for term, label in PANELS.items() if term != "ai"
    }
    plotted = pd.concat(
        [family(ctx).assign(term=" + ".join(AI_FAMILY)), counted.loc[counted["term"].isin(PANELS)]], ignore_index=True
    )
    words("session.patient_first")
    words("session.consumption_highest")
    return make(
        "session.words", words=words, reader=ctx, plotted=plotted, draw=lambda wide: _draw_words(panels, wide),
        title=f"The premier's report speaks of AI {words('session.family_2025', 'word')} times after {words('session.family_2024', 'word')}, "
        "and of consumption more than any report counted",
        subtitle="Uses per 10,000 Chinese characters of the government work report, 2008 to 2025. AI words: artificial intelligence, "
        "large model, embodied intelligence, robot. At the right of each title: 2025. The report of 2020 was not counted: gap.",
        alt=f"Four small line charts. AI words rise from {words('session.family_2024', 'word')} uses in 2024 to "
        f"{words('session.family_2025', 'word')} in 2025. Consumption reaches {words('session.consumption_rate')} per 10,000 characters in 2025, "
        f"the highest of {words('session.reports_counted')} reports counted.",
        note="The term artificial intelligence alone stands at three uses in both years: the family of words moved, not the one term. "
        "Plain counts of characters without word segmentation.",
    )  # fmt: skip


# --- 3. The race before R1 -------------------------------------------------------------------------------


def _draw_provinces(frame: pd.DataFrame, wide: bool) -> Canvas:
    width = WIDE_PX if wide else NARROW_PX
    counts = frame.groupby("ai_count")["name"].apply(list)
    step = 26 if wide else 46
    top = max(counts.index)
    rows = top + 1
    drawing = canvas(width, rows * step + 30)
    axes = axes_at(drawing, 44, 6, width - 50, rows * step)
    axes.set_ylim(-0.5, top + 0.5)
    axes.set_xlim(0, 10)
    bare(axes)
    axes.set_yticks(range(rows), [str(v) for v in range(rows)])
    axes.set_ylabel("uses in the report")
    axes.tick_params(length=0)
    axes.grid(axis="y")
    for value, names in counts.items():
        axes.text(0.1, value, ", ".join(names) if wide else "\n".join(_wrapped(names, 46)), va="center", fontsize=SMALL if wide else 10.5,
                  color=INK, bbox={"facecolor": CARD, "edgecolor": "none", "pad": 1.5})  # fmt: skip
    return drawing


def _wrapped(names: list[str], longest: int) -> list[str]:
    lines = [""]
    for name in names:
        joined = f"{lines[-1]}, {name}" if lines[-1] else name
        if len(joined) > longest:
            lines.append(name)
        else:
            lines[-1] = joined
    return lines


@figure("session.provinces")
def january_reports(data: Data) -> Figure:
    """Uses of AI in the 31 provincial reports of January 2025."""
    ctx, words = start(data)
    uses = provincial_uses(ctx)
    names = {code: text["name_en"] for code, text in data.table("province_codes").text.items()}
    frame = pd.DataFrame({"province": uses.index, "name": [names[p] for p in uses.index], "ai_count": uses.to_numpy()})
    frame = frame.sort_values(["ai_count", "name"], ascending=[False, True], ignore_index=True)
    earlier_local_funds(ctx)
    return make(
        "session.provinces", words=words, reader=ctx, plotted=frame, draw=lambda wide: _draw_provinces(frame, wide),
        title=f"The race was on before R1: {words('session.provinces_ai')} of {words('session.provinces')} provincial reports named AI, "
        f"and {words('session.funds_before_r1', 'word')} local AI vehicles had been announced",
        subtitle="Uses of the term artificial intelligence in the provincial work reports, all dated 13 to 20 January 2025; "
        "DeepSeek published R1 on 20 January.",
        alt=f"A list of provinces by uses. {words('session.provinces_ai')} of {words('session.provinces')} reports use the term, "
        f"{words('session.provinces_uses')} times in all, {words('session.provinces_median')} in the median report; "
        f"{words('session.provinces_thrice')} use it three times or more.",
        note="That no report names DeepSeek is nearly mechanical: the reports were read out before or on the day of R1. A low count "
        "does not mean little AI: the home of DeepSeek stands in the middle.",
    )  # fmt: skip


# --- 4. Motions ------------------------------------------------------------------------------------------


def _draw_motions(frame: pd.DataFrame, before: float, after: float, wide: bool) -> Canvas:
    width, height = (WIDE_PX, 280) if wide else (NARROW_PX, 260)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 40, 20, width - 48, height - 56)
    first, last = int(frame["year"].min()), int(frame["year"].max())
    axes.set_xlim(first - 0.7, last + 0.7)
    axes.set_ylim(0, 600)
    for year in range(first, last + 1):
        known = frame.loc[frame["year"] == year, "motions"]
        if known.empty:
            axes.text(year, 14, "?", ha="center", va="bottom", color=SOFT)
            continue
        colour = STATE if year >= STEP_YEAR else TREASURY
        axes.bar([year], [float(known.iloc[0])], width=0.66, color=colour)
        if wide:
            axes.text(
                year,
                float(known.iloc[0]) - 10,
                digits(float(known.iloc[0]), 0),
                ha="center",
                va="top",
                fontsize=SMALL,
                color=CARD,
            )
    for begin, end, mean in ((first - 0.5, STEP_YEAR - 0.5, before), (STEP_YEAR - 0.5, last + 0.5, after)):
        axes.plot([begin, end], [mean, mean], color=INK, linewidth=1.2, linestyle=(0, (3, 2)))
    axes.text(first - 0.5, 560, f"mean {digits(before, 0)}", va="center", weight="bold")
    axes.text(last + 0.5, 400 if wide else 360, f"mean {digits(after, 0)}", va="center", ha="right", weight="bold")
    ticks = range(first, last + 1, 2 if wide else 4)
    axes.set_xticks(list(ticks), [str(t) for t in ticks])
    axes.set_yticks([0, 200, 400, 600])
    axes.tick_params(length=0)
    axes.grid(axis="y")
    return drawing


@figure("session.motions")
def motion_bars(data: Data) -> Figure:
    """Motions a year, with the step at the change of Congress."""
    ctx, words = start(data)
    frame = motions(ctx)
    before, after = ctx.value("session.motions_before"), ctx.value("session.motions_after")
    words("session.one_step")
    return make(
        "session.motions", words=words, reader=ctx, plotted=frame.reset_index(drop=True),
        draw=lambda wide: _draw_motions(frame, before, after, wide),
        title=f"Motions fell in one step, at the change of Congress in {STEP_YEAR}: from {words('session.motions_before')} a year to {words('session.motions_after')}",
        subtitle="Motions filed at the yearly session. A question mark: no figure found for the year.",
        alt=f"Bars by year. Up to 2022 the mean is {words('session.motions_before')} motions a year, with a low in 2018, the first year of a Congress. "
        f"Since {STEP_YEAR} the mean is {words('session.motions_after')}.",
        legend=(("treasury", "solid", "12th and 13th Congress"), ("state", "solid", "14th Congress")),
        note=f"First years of a Congress are low: like for like the fall is {words('session.motions_first')} in the first, "
        f"{words('session.motions_second')} in the second and {words('session.motions_fourth')} in the fourth year. The cause was not found.",
    )  # fmt: skip


# --- 5. Votes --------------------------------------------------------------------------------------------


def _draw_votes(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, height, right = (WIDE_PX, 290, 120) if wide else (NARROW_PX, 280, 84)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 44, 12, width - 44 - right, height - 46)
    axes.set_ylim(0, 27)
    axes.set_xlim(2012.3, 2026.7)
    for item, colour, offset in ((BUDGET, STATE, -9), (COURT, TREASURY, 9)):
        rows = frame.loc[frame["item"] == item]
        for (_, a), (_, b) in zip(rows.iloc[:-1].iterrows(), rows.iloc[1:].iterrows(), strict=True):
            if b["year"] - a["year"] == 1:
                axes.plot([a["year"], b["year"]], [a["not_for_pct"], b["not_for_pct"]], color=colour, linewidth=1.6)
        axes.plot(rows["year"], rows["not_for_pct"], "o", color=colour, markersize=7)
        last = rows.iloc[-1]
        name = "court report" if item == COURT else "budget"
        axes.annotate(f"{name} {digits(last['not_for_pct'], 1)}", (last["year"], last["not_for_pct"]), (10, offset), textcoords="offset points",
                      va="center", color=INK, fontsize=TEXT if wide else SMALL)  # fmt: skip
    axes.set_ylabel("percent of deputies present")
    axes.set_xticks([2013, 2016, 2019, 2022, 2025])
    axes.tick_params(length=0)
    axes.grid(axis="y")
    axes.axvspan(2020.5, 2023.5, color=RULE, alpha=0.45, linewidth=0)
    axes.text(2022, 25.4, "not found", ha="center", va="center", color=SOFT, fontsize=SMALL)
    return drawing


@figure("session.votes")
def vote_dots(data: Data) -> Figure:
    """Deputies who did not vote for the budget and the court report."""
    ctx, words = start(data)
    frame = not_for(ctx)
    court = [words(f"session.not_for[{year}_supreme-court-report]") for year in (2017, 2019, 2020)]
    budget = [words(f"session.not_for[{year}_budget]") for year in (2016, 2017, 2019, 2026)]
    return make(
        "session.votes", words=words, reader=ctx, plotted=frame.reset_index(names="row_id"),
        draw=lambda wide: _draw_votes(frame, wide),
        title=f"Between 2017 and 2019 the share of deputies who did not vote for the budget fell from {budget[1]} to {budget[2]}",
        subtitle="Deputies present who voted against, abstained or did not vote, percent. Lines join neighbouring years only.",
        alt=f"Dots by year. Budget: {budget[0]} in 2016, {budget[1]} in 2017, {budget[2]} in 2019, {budget[3]} in 2026. Court report: "
        f"{court[0]} in 2017, {court[1]} in 2019, {court[2]} in 2020. No figures for 2021 to 2023.",
        legend=(("state", "solid", "budget"), ("treasury", "solid", "report of the supreme court")),
        note="The fall lies across a change of deputies. 2013 was a peak. Tallies that do not add up are left out. Votes of this kind are no index of democracy; "
        "most reports have always passed by a wide margin.",
    )  # fmt: skip
