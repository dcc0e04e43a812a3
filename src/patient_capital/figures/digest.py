"""The figure of the audit of the digest."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import digest
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits

FILLS = {
    "confirmed": (style.MARK, style.MARK, None),
    "qualified": (style.CARD, style.STATE, "////"),
    "contradicted": (style.WARN, style.WARN, None),
    "only_in_digest": (style.CARD, style.VOID, "////"),
    "opinion": ("none", style.OPEN, None),
}


def _tell_verdicts(printed: Printer, counts: pd.DataFrame) -> Story:
    return Story(
        title=f"Of {printed('digest.checkable')} claims that can be checked, {printed('digest.confirmed')} stand as "
        f"written and {printed('digest.qualified')} only with a qualifier",
        subtitle="Claims of the news digest of 11 March 2025, a square for each claim, by verdict.",
        alt=f"Rows of squares. Confirmed: {printed('digest.confirmed')}. Needs a qualifier: "
        f"{printed('digest.qualified')}. Contradicted: {printed('digest.contradicted')}. Only in the digest: "
        f"{printed('digest.only_in_digest')}. Opinion: {printed('digest.opinion')}.",
        note="Confirmed means that a source independent of the digest says the same, and contradicted that it says the "
        "opposite of the whole claim; what is true in part, or in another sense, needs a qualifier. Opinions have no "
        "verdict.",
    )


@chart("Claims of the digest by verdict", _tell_verdicts, counts=digest.verdicts)
def verdicts(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a square a claim, a row a verdict."""
    step, columns, side = 34 if wide else 26, float(counts["claims"].max()) + 1, 0.88
    drawing, axes = style.row_drawing(wide, len(counts), left=(160, 126), right=(40, 12), step=step, top=4, bottom=6)
    axes.set_xlim(0, columns)
    tall = side * axes.bbox.width / columns / step
    axes.set_xticks([])
    axes.grid(visible=False)
    for place, row in enumerate(counts.itertuples()):
        face, edge, hatch = FILLS.get(row.verdict, FILLS["opinion"])
        axes.text(-0.3, place, row.words, ha="right", va="center", fontsize=style.TEXT)
        for index in range(int(row.claims)):
            style.block(axes, (index + 0.06, place - tall / 2), side, tall, face, edge, hatch=hatch, linewidth=1.1)
        axes.text(row.claims + 0.3, place, digits(row.claims), va="center", weight="bold")
    return drawing
