"""Figures of block E of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model_credit import access_lines
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
    INK,
    MARK,
    NARROW_PX,
    OPEN,
    SMALL,
    SOFT,
    STATE,
    TREASURY,
    WARN,
    WIDE_PX,
    axes_at,
    canvas,
    label_beside,
    label_inside,
    switch_dot,
)
from patient_capital.tables import Data

LINES = (
    ("none", "no collateral", TREASURY),
    ("guarantee", "national guarantee", MARK),
    ("collateral", "tangible collateral", STATE),
)


def _draw_access(frame: pd.DataFrame, bank: float, equal: float, level: float, observed: float, wide: bool) -> Canvas:
    width, height = (WIDE_PX, 360) if wide else (NARROW_PX, 360)
    left, right = (56, 150) if wide else (44, 14)
    drawing = canvas(width, height)
    axes = axes_at(drawing, left, 14, width - left - right, height - 70)
    for place, (name, words, colour) in enumerate(LINES):
        axes.plot(frame["auc"], frame[f"{name}_pct"], color=colour, linewidth=2.2)
        if wide:
            end = (float(frame["auc"].iloc[-1]), float(frame[f"{name}_pct"].iloc[-1]))
            label_beside(axes, end, (8, -7 + 7 * place), words, colour, va="center")
        else:
            label_inside(axes, 0.03, 0.93 - 0.08 * (2 - place), words, colour)
    axes.axhline(observed, color=WARN, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.text(0.552, observed + 1.6, "observed, end of 2024", color=WARN, fontsize=SMALL)
    axes.plot([bank, equal], [level, level], color=OPEN, linewidth=1.2, linestyle=(0, (2, 2)))
    for at, colour in ((bank, STATE), (equal, TREASURY)):
        switch_dot(axes, at, level, colour)
    axes.annotate(
        "same access",
        ((bank + equal) / 2, level),
        (0, 6),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL,
        color=INK,
    )
    axes.set_xlim(0.55, 0.9)
    axes.set_ylim(0, 100)
    axes.set_xticks([0.55, 0.65, 0.75, 0.85])
    axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel(
        "quality of the signal: chance that a good firm outranks a bad one" if wide else "quality of the signal"
    )
    axes.set_ylabel("share of applicants served", color=SOFT)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    axes.tick_params(axis="x", pad=9)
    return drawing


@figure("model.credit")
def credit(data: Data) -> Figure:
    """Access by quality of the signal, with and without collateral."""
    ctx, words = start(data)
    frame = access_lines(ctx)
    bank = ctx.number("parameters", "cr_auc_bank", "value")
    words("model.signal_as_good_as_collateral")
    return make(
        "model.credit", words=words, reader=ctx, plotted=frame,
        draw=lambda wide: _draw_access(frame, bank, ctx.value("model.auc_worth_collateral"), ctx.value("model.access_collateral"), ctx.value("model.access_observed"), wide),
        title=f"A signal of {words('model.auc_worth_collateral', 'bare')} opens as much credit as collateral does; the baseline itself misses the observed access",
        subtitle="Share of applicants that a lender serves at the going rate, by how well it tells good firms from bad. 0.5 is blind, 1 perfect.",
        alt=f"Three rising lines. A bank scorecard without collateral serves {words('model.access_none')} of applicants, with collateral {words('model.access_collateral')}; "
        f"without collateral a better signal serves as many at {words('model.auc_worth_collateral', 'bare')}. Observed: {words('model.access_observed')}.",
        note="The quality of signals, the share of bad firms and recoveries are assumed; only the order of signals has a source. Firms with a loan over firms in a directory is not an approval rate.",
    )  # fmt: skip
