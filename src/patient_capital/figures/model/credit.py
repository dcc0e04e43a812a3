"""Figures of block E of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.credit import access_lines, access_marks
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import label_ends
from patient_capital.formatting import spelled

COLOURS = {"none": style.TREASURY, "guarantee": style.MARK, "collateral": style.STATE}


def _tell_credit(printed: Printer, lines: pd.DataFrame, marks: pd.DataFrame) -> Story:
    printed("model.signal_as_good_as_collateral")
    equal = printed("model.auc_worth_collateral", "bare")
    return Story(
        title="A better signal opens as much credit as collateral does; the baseline itself misses the observed access",
        subtitle=f"At central parameters a signal of {equal} does; over all doubts "
        f"{printed('model.auc_worth_collateral_span', 'bare')}. Share of applicants that a lender serves at the going "
        "rate, by how well it tells good firms from bad. 0.5 is blind, 1 perfect.",
        alt=f"{spelled(lines['security'].nunique()).capitalize()} rising lines. A bank scorecard without collateral "
        f"serves {printed('model.access_none')} of applicants, with collateral {printed('model.access_collateral')}; "
        f"without collateral a better signal serves as many at {equal}. Observed: {printed('model.access_observed')}.",
        must="The quality of signals, the share of bad firms and recoveries are assumed; only the order of signals has "
        "a source.",
        note="Firms with a loan over firms in a directory is not an approval rate.",
    )


@chart(
    "Share of applicants that a lender serves, percent, by quality of its signal",
    _tell_credit,
    lines=access_lines,
    marks=access_marks,
)
def credit(lines: pd.DataFrame, marks: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line for each security, the observed access, and the two signals that give the same access."""
    drawing, axes = style.plot_drawing(wide, 360, left=(56, 62), right=(150, 14), top=14, bottom=56)
    axes.set_ylim(0, 100)
    securities = list(dict.fromkeys(lines["security"]))
    labels = []
    for place, security in enumerate(securities):
        line = lines.loc[lines["security"].eq(security)].sort_values("auc")
        label, colour = line["label"].iloc[0], COLOURS.get(security, style.INK)
        axes.plot(line["auc"], line["access_pct"], color=colour, linewidth=2.2)
        if wide:
            labels.append((float(line["auc"].iloc[-1]), float(line["access_pct"].iloc[-1]), label, colour))
        else:
            style.label_inside(axes, 0.03, 0.93 - 0.08 * (len(securities) - 1 - place), label, colour)
    label_ends(axes, labels)
    first, last = min(0.55, float(lines["auc"].min())), max(0.9, float(lines["auc"].max()))
    for row in marks.loc[marks["auc"].isna() & marks.index.isin(["observed"])].itertuples():
        axes.axhline(row.access_pct, color=style.WARN, linewidth=1.2, linestyle=(0, (4, 3)))
        at = {"xycoords": ("axes fraction", "data")}
        style.note_beside(axes, (0, row.access_pct), (6, 5), row.label, style.WARN, **at)
    equal = marks.loc[marks["auc"].notna()]
    axes.plot(equal["auc"], equal["access_pct"], color=style.OPEN, linewidth=1.2, linestyle=(0, (2, 2)))
    for row in equal.itertuples():
        style.switch_dot(axes, row.auc, row.access_pct, COLOURS.get(row.Index, style.INK))
    if len(equal) > 1:
        # Right of both signals the line is over and the curves are above.
        last_dot = (float(equal["auc"].max()), float(equal["access_pct"].iloc[0]))
        style.note_beside(axes, last_dot, (10, -4), equal["label"].iloc[-1], va="center")
    axes.set_xlim(first, last)
    axes.set_xticks([0.55, 0.65, 0.75, 0.85])
    axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    meaning = ": chance that a good firm outranks a bad one" if wide else ""
    axes.set_xlabel(f"quality of the signal{meaning}")
    axes.set_ylabel("share of applicants served", color=style.SOFT)
    axes.tick_params(axis="x", pad=9)
    return drawing
