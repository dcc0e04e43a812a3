"""The figure of validation: every target that can fail, observed and modelled."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.validation import held_out_comparisons
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart

COLOURS = {"pass": style.MARK, "near": style.STATE, "miss": style.WARN}
REACH = 2.2
"""Half width of the axis, in half widths of the observed span; what lies beyond is drawn at the edge."""


def _scaled(compared: pd.DataFrame) -> pd.DataFrame:
    """Return values in units of the observed span, of which -1 and 1 are the ends; missing where it has no width."""
    middle = (compared["low"] + compared["high"]) / 2
    half = ((compared["high"] - compared["low"]) / 2).where(lambda width: width > 0)
    return compared.assign(
        **{name: (compared[name] - middle) / half for name in ("model", "model_low", "model_high", "observed")}
    )


def _tell_checks(printed: Printer, compared: pd.DataFrame) -> Story:
    return Story(
        title=f"Of {printed('model.targets_held_out')} numbers that the model was not fitted to, "
        f"{printed('model.targets_passed')} fall in the observed span, {printed('model.targets_near')} overlap it, "
        f"{printed('model.targets_missed')} miss it whole",
        subtitle="Each row is scaled to the span in which the number was observed. Tick: observed value. Dot: model at "
        "central values; line: over the spans of what moves it.",
        alt="Rows with dots and lines beside a grey band, for each number that is counted.",
        note="A line that is cut ends beyond the axis. Shape checks, bands that can hardly fail, numbers that once "
        "chose the base case, and dropped targets are in the table below and not counted.",
    )


@chart(
    "What the model says, in units of the span that was observed",
    _tell_checks,
    legend=(
        ("mark", "dot", "central value in the span"),
        ("state", "dot", "only the spans overlap"),
        ("warn", "dot", "miss"),
    ),
    compared=held_out_comparisons,
)
def checks(compared: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a row a target, scaled to its observed span: a dot with a line for the model, a tick for what was seen."""
    drawing, axes = style.row_drawing(
        wide, len(compared), left=(380, 8), right=(60, 46), step=(30, 52), top=(30, 26), bottom=34
    )
    axes.set_xlim(-REACH, REACH)
    axes.set_xticks([-1, 1], ["low end", "high end"])
    middles = [place if wide else place + 0.18 for place in range(len(compared))]
    if wide:
        axes.axvspan(-1, 1, color=style.OPEN, alpha=0.16, linewidth=0)
    else:
        # Beside each mark alone, so that no name lies on it.
        axes.grid(visible=False)
        for y in middles:
            style.block(axes, (-1, y - 0.24), 2, 0.48, style.OPEN, "none", alpha=0.16)
    axes.text(0, -0.62, "observed span", ha="center", fontsize=style.SMALL, color=style.SOFT)
    for place, (row, y) in enumerate(zip(_scaled(compared).itertuples(), middles, strict=True)):
        colour = COLOURS.get(row.verdict, style.INK)
        low, high, at = (min(max(v, -REACH), REACH) for v in (row.model_low, row.model_high, row.model))
        axes.plot([low, high], [y, y], color=colour, linewidth=2.4, solid_capstyle="round", clip_on=False)
        axes.plot([at], [y], "o", color=colour, markersize=9, markeredgecolor=style.CARD, clip_on=False)
        axes.plot([row.observed], [y], "|", color=style.INK, markersize=13, markeredgewidth=1.8)
        axes.text(REACH * 1.06, y, row.verdict, va="center", fontsize=style.SMALL, weight="bold", color=colour)
        style.row_label(axes, place, row.statistic, wide, (-REACH * 1.06, -REACH), 0.14, style.SMALL)
    return drawing
