"""The figure of validation: every target that can fail, observed and modelled."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_checks import comparisons
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    OPEN,
    SMALL,
    SOFT,
    STATE,
    WARN,
    WIDE_PX,
    canvas,
    row_axes,
)
from patient_capital.tables import Data

COLOURS = {"pass": MARK, "near": STATE, "miss": WARN}
REACH = 2.2
"""Half width of the axis, in half widths of the observed span; what lies beyond is drawn at the edge."""


def _scaled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return model values in units of the observed span: -1 and 1 are its ends."""
    middle = (frame["observed_low"] + frame["observed_high"]) / 2
    half = (frame["observed_high"] - frame["observed_low"]) / 2
    return frame.assign(
        **{name: (frame[name] - middle) / half for name in ("model", "model_low", "model_high", "observed")}
    )


def _draw_checks(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left, right = (WIDE_PX, 380, 60) if wide else (NARROW_PX, 8, 46)
    step, top = (30, 30) if wide else (52, 26)
    drawing = canvas(width, len(frame) * step + top + 34)
    axes = row_axes(drawing, left, top, width - left - right, len(frame) * step, len(frame))
    axes.set_xlim(-REACH, REACH)
    axes.set_xticks([-1, 1], ["low end", "high end"])
    axes.axvspan(-1, 1, color=OPEN, alpha=0.16, linewidth=0)
    axes.text(0, -0.62, "observed span", ha="center", fontsize=SMALL, color=SOFT)
    scaled = _scaled(frame)
    for place, row in enumerate(scaled.itertuples()):
        y = place if wide else place + 0.18
        colour = COLOURS[row.verdict]
        low, high, at = (min(max(v, -REACH), REACH) for v in (row.model_low, row.model_high, row.model))
        axes.plot([low, high], [y, y], color=colour, linewidth=2.4, solid_capstyle="round", clip_on=False)
        axes.plot([at], [y], "o", color=colour, markersize=9, markeredgecolor=CARD, clip_on=False)
        axes.plot([row.observed], [y], "|", color=INK, markersize=13, markeredgewidth=1.8)
        axes.text(REACH * 1.06, y, row.verdict, va="center", fontsize=SMALL, weight="bold", color=colour)
        axes.text(
            -REACH * 1.06 if wide else -REACH,
            place if wide else place - 0.24,
            row.statistic,
            ha="right" if wide else "left",
            va="center",
            fontsize=SMALL if not wide else 11,
        )
    return drawing


@figure("model.checks")
def checks(data: Data) -> Figure:
    """Held-out targets, each scaled to its observed span."""
    ctx, words = start(data)
    frame = comparisons(ctx)
    held_out = frame.loc[frame["treatment"].eq("held_out")]
    return make(
        "model.checks", words=words, reader=ctx, plotted=frame.reset_index(names="target_id"), draw=lambda wide: _draw_checks(held_out, wide),
        title=f"Of {words('model.targets_held_out')} numbers that the model was not fitted to, {words('model.targets_passed')} fall in the observed span, {words('model.targets_missed')} miss it whole",
        subtitle="Each row is scaled to the span in which the number was observed. Tick: observed value. Dot: model at central values; line: over the spans of what moves it.",
        alt="Rows with dots and lines beside a grey band. Returns, concentration, fees and clocks of funds fall in the band; access to credit, targets met by funds and business stealing do not.",
        legend=(("mark", "solid", "central value in the span"), ("state", "solid", "only the spans overlap"), ("warn", "solid", "miss")),
        note="A line that is cut ends beyond the axis. Shape checks and dropped targets are in the table below.",
    )  # fmt: skip
