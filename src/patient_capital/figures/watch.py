"""Figures of the page on what to watch."""

from __future__ import annotations

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import watch
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, human_date, spelled


def _tell_calls(printed: Printer, calls: pd.DataFrame) -> Story:
    printed.facts("calls", calls.index, "probability_pct")
    for row in calls.index:
        printed(f"watch.naive[{row}]")
    scored = watch.scores(calls)
    count = spelled(len(calls))
    if scored.empty:
        title = f"{count.capitalize()} calls, none decided yet: what we expect beside what such cases have done so far"
    else:
        ours, naive = (digits(scored[name].mean(), 2) for name in ("ours", "naive"))
        title = f"{spelled(len(scored)).capitalize()} of {count} calls decided: our score is {ours}, that of the naive chances {naive}"
    return Story(
        title=title,
        subtitle="Chance that each statement comes true by its day, percent. The naive chance counts how often such a "
        "thing has come so far.",
        alt=" ".join(
            f"{row.statement} We say {digits(row.probability_pct, 0)}, the naive chance is {digits(row.naive_pct, 0)} percent."
            for row in calls.itertuples()
        ),
        note="The score is the mean squared distance of a chance from what came: the lower, the better. "
        "How each call is decided stands in the table.",
        searches=("local_phases",),
    )


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
    drawing, axes = style.row_drawing(wide, len(calls), left=(420, 12), right=(30, 24), step=(44, 92), top=6, bottom=36)
    axes.set_xlim(0, 100)
    ends = {"yes": style.TREASURY, "no": style.WARN}
    for place, row in enumerate(calls.itertuples()):
        y = place if wide else place + 0.36
        words = fill(f"{row.statement} By {human_date(row.due_on[:7])}.", 62 if wide else 48)
        style.row_label(axes, y, words, wide, left=9, over=9)
        axes.plot([row.naive_pct, row.probability_pct], [y, y], color=style.RULE, linewidth=2, zorder=1)
        axes.plot([row.naive_pct], [y], "o", markersize=8, markerfacecolor=style.CARD, markeredgecolor=style.OPEN)
        axes.plot([row.probability_pct], [y], "o", markersize=8, color=ends.get(row.outcome, style.MARK))
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("percent")
    return drawing
