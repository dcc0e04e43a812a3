"""Figures of block C of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_selection import architecture_table
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
    INK,
    MARK,
    NARROW_PX,
    SMALL,
    SOFT,
    TEXT,
    TREASURY,
    WIDE_PX,
    canvas,
    label_beside,
    row_axes,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data


def _draw_architecture(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 190) if wide else (NARROW_PX, 6)
    step, top = (46, 24) if wide else (74, 6)
    drawing = canvas(width, len(frame) * step + top + 6)
    half = (width - left - 90) / 2 if wide else width - left - 60
    panels = (
        ("mean_multiple", "mean multiple of funded deals", MARK, 6.5, 2, ""),
        ("caught_pct", "deals at 50 times or more, funded", TREASURY, 48, 0, "%"),
    )
    for place, (column, title, colour, top_value, decimals, unit) in enumerate(panels):
        axes = row_axes(drawing, left + place * (half + 60) if wide else left, top, half, len(frame) * step, len(frame))
        axes.set_xlim(0, top_value if wide else top_value * 1.12)
        for row in frame.itertuples():
            y = row.Index if wide else row.Index + (-0.04 if place == 0 else 0.28)
            number = float(getattr(row, column))
            axes.barh(y, number, height=0.46 if wide else 0.26, color=colour)
            label_beside(axes, (number, y), (5, 0), digits(number, decimals) + unit, INK, va="center")
            if place == 0:
                axes.text(-0.06 * top_value if wide else 0, row.Index if wide else row.Index - 0.34, row.words, ha="right" if wide else "left", va="center",
                          fontsize=TEXT if wide else SMALL)  # fmt: skip
        axes.set_xticks([])
        if wide:
            axes.set_title(title, loc="left", fontsize=SMALL, color=SOFT, weight="bold")
    return drawing


@figure("model.architecture")
def architecture(data: Data) -> Figure:
    """Four rules of decision at one budget."""
    ctx, words = start(data)
    frame = architecture_table(ctx)
    words("model.order_survives")
    return make(
        "model.architecture", words=words, reader=ctx, plotted=frame, draw=lambda wide: _draw_architecture(frame, wide),
        title=f"At one budget, averaging scores finds more large successes than a single champion: {words('model.caught_average')} against {words('model.caught_champion')}",
        subtitle="Three screeners with independent signals, each rule with its own threshold so that all fund the same tenth of proposals.",
        alt=f"Four pairs of bars. Mean multiple: champion {words('model.mean_champion', 'bare')}, unanimity {words('model.mean_unanimity', 'bare')}, majority {words('model.mean_majority', 'bare')}, "
        f"average {words('model.mean_average', 'bare')}. Large successes funded: {words('model.caught_champion')}, {words('model.caught_unanimity')}, {words('model.caught_majority')}, {words('model.caught_average')}.",
        legend=(("mark", "solid", "mean multiple of funded deals"), ("treasury", "solid", "deals at fifty times or more that are funded")),
        note="Signals correlate with the rank of the outcome as weakly as partners' scores did in one American firm. The order is the same under a lognormal.",
    )  # fmt: skip
