"""Figures of block C of the chapter on the model."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.selection import SCREENERS, architecture_table
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, spelled
from patient_capital.tables import Reader


def _tell_architecture(printed: Printer, rules: pd.DataFrame) -> Story:
    printed("model.order_survives")
    printed.facts("parameters", ["sel_budget"], "value")
    budget = digits(100 * parameter(Reader(printed.book), "sel_budget"))
    return Story(
        title="At the same budget and central parameters, averaging scores finds more large successes than a champion: "
        f"{printed('model.caught_average')} against {printed('model.caught_champion')}",
        subtitle=f"{spelled(SCREENERS).capitalize()} screeners with independent signals, each rule with its own "
        f"threshold so that all fund the same {budget} percent of proposals.",
        alt=f"{spelled(len(rules)).capitalize()} pairs of bars. Mean multiple: champion "
        f"{printed('model.mean_champion', 'bare')}, unanimity {printed('model.mean_unanimity', 'bare')}, majority "
        f"{printed('model.mean_majority', 'bare')}, average {printed('model.mean_average', 'bare')}. Large successes "
        f"funded: {printed('model.caught_champion')}, {printed('model.caught_unanimity')}, "
        f"{printed('model.caught_majority')}, {printed('model.caught_average')}.",
        must="Signals correlate with the rank of the outcome as weakly as partners' scores did in an American firm.",
        note="The order is the same under a lognormal.",
        legend=(
            ("mark", "solid", "mean multiple of funded deals"),
            ("treasury", "solid", f"deals at {digits(rules['large_multiple'].iloc[0])} times or more that are funded"),
        ),
    )


@chart(
    "Mean multiple of funded deals, and percent of large successes funded, by rule at the same budget",
    _tell_architecture,
    legend=(
        ("mark", "solid", "mean multiple of funded deals"),
        ("treasury", "solid", "percent of large successes that are funded"),
    ),
    rules=architecture_table,
)
def architecture(rules: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw two bars a rule: the mean multiple of what it funds, and the share of large successes that it funds."""
    width, left = (style.WIDE_PX, 190) if wide else (style.NARROW_PX, 6)
    step, top = (46, 24) if wide else (74, 6)
    count = len(rules)
    drawing = style.canvas(width, count * step + top + 6)
    half = (width - left - 90) / 2 if wide else width - left - 60
    large = digits(float(rules["large_multiple"].iloc[0]))
    panels = (
        ("mean_multiple", "mean multiple of funded deals", style.MARK, 6.5, 2, ""),
        ("caught_pct", f"deals at {large} times or more, funded", style.TREASURY, 48, 0, "%"),
    )
    for panel, (column, title, colour, least, decimals, unit) in enumerate(panels):
        axes = style.row_axes(drawing, left + panel * (half + 60) if wide else left, top, half, count * step, count)
        longest = max(least, 1.05 * float(rules[column].max()))
        axes.set_xlim(0, longest if wide else longest * 1.12)
        for place, row in enumerate(rules.itertuples()):
            y = place if wide else place + (-0.04 if panel == 0 else 0.28)
            number = float(getattr(row, column))
            axes.barh(y, number, height=0.46 if wide else 0.26, color=colour)
            style.label_beside(axes, (number, y), (5, 0), digits(number, decimals) + unit, va="center")
            if panel == 0:
                style.row_label(axes, place, row.who_decides, wide, x=(-0.06 * longest, 0), above=0.34)
        axes.set_xticks([])
        if wide:
            axes.set_title(title, loc="left", fontsize=style.SMALL, color=style.SOFT, weight="bold")
    return drawing
