"""Figures of the page on what to watch."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import watch
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import LINE_PX, width_px, wrapped
from patient_capital.formatting import digits, human_date, spelled

NAMES_PX = 420
"""Room for statements beside the axes of the wide drawing."""
AIR_PX = 18
"""Room between what belongs to one call and to the next."""
UNDER_PX = 16
"""Room for the marks of a call below its statement in the narrow drawing."""


def _tell_calls(printed: Printer, calls: pd.DataFrame) -> Story:
    printed.facts("calls", calls.index, "probability_pct")
    for row in calls.index[calls["naive_pct"].notna()]:
        printed(f"watch.naive[{row}]")
    scored = watch.scores(calls)
    count = spelled(len(calls))
    if scored.empty:
        title = f"{count.capitalize()} calls, none decided yet: what we expect, beside what has come so far where it was counted"
    else:
        ours, naive = (digits(scored[name].mean(), 2) for name in ("ours", "naive"))
        title = f"{spelled(len(scored)).capitalize()} of {count} calls decided: our score is {ours}, that of the naive chances {naive}"
    return Story(
        title=title,
        subtitle="Chance that each statement comes true by its day, percent. The naive chance counts how often the "
        "same thing has come so far.",
        alt=" ".join(f"{row.statement} {_chances(row)}" for row in calls.itertuples()),
        note="A call without a ring has no naive chance: its event has no record. Where any of several cases is "
        "enough, the naive chance is that any of them comes. The score is the mean squared distance of a chance from "
        "what came: the lower, the better. How each call is decided stands in the table.",
        searches=("local_phases",),
    )


def _chances(call: Any) -> str:
    ours = digits(call.probability_pct, 0)
    if pd.isna(call.naive_pct):
        return f"We say {ours} percent; {watch.NO_RECORD}."
    return f"We say {ours}, the naive chance is {digits(call.naive_pct, 0)} percent."


def _lines(call: Any, room: float) -> list[str]:
    """Break a statement into lines; its day stays in one piece."""
    lines, due = wrapped(call.statement, room), f"By {human_date(call.due_on[:7])}."
    if width_px(f"{lines[-1]} {due}") <= room:
        return [*lines[:-1], f"{lines[-1]} {due}"]
    return [*lines, due]


@chart(
    "Chance of each call, percent",
    _tell_calls,
    legend=(
        ("mark", "dot", "our chance"),
        ("open", "ring", "naive chance"),
        ("treasury", "dot", "came true"),
        ("warn", "dot", "did not"),
    ),
    calls=watch.calls,
)
def calls(calls: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a call from the naive chance to ours; decided calls are filled by what came."""
    texts = [_lines(row, NAMES_PX - 20 if wide else style.NARROW_PX - 24) for row in calls.itertuples()]
    # A row is as high as its statement, so that statements of any length stand as far apart.
    heights = [LINE_PX * len(lines) + AIR_PX + (0 if wide else UNDER_PX) for lines in texts]
    drawing, axes = style.row_drawing(
        wide, sum(heights), left=(NAMES_PX, 12), right=(30, 24), step=1, top=(0, 6), bottom=36
    )
    axes.set_xlim(0, 100)
    ends = {"yes": style.TREASURY, "no": style.WARN}
    feet = accumulate(heights)
    for row, lines, height, foot in zip(calls.itertuples(), texts, heights, feet, strict=True):
        y, words = foot - 0.5 - (height / 2 if wide else AIR_PX), "\n".join(lines)
        style.row_label(axes, y, words, wide, left=9, over=9)
        axes.plot([row.naive_pct, row.probability_pct], [y, y], color=style.RULE, linewidth=2, zorder=1)
        # The ring is wider than the dot, so that it shows where both chances are the same.
        axes.plot([row.naive_pct], [y], "o", markersize=13, markerfacecolor=style.CARD, markeredgecolor=style.OPEN)
        axes.plot([row.probability_pct], [y], "o", markersize=8, color=ends.get(row.outcome, style.MARK))
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("percent")
    return drawing
