"""The figure of the audit of the digest."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis import digest
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.record import Words
from patient_capital.figures.style import CARD, MARK, NARROW_PX, OPEN, STATE, VOID, WARN, WIDE_PX, canvas, row_axes
from patient_capital.formatting import digits

FILLS = {
    "confirmed": (MARK, MARK, None),
    "qualified": (CARD, STATE, "////"),
    "contradicted": (WARN, WARN, None),
    "only_in_digest": (CARD, VOID, "////"),
    "opinion": ("none", OPEN, None),
}


def _tell_verdicts(words: Words, counts: pd.DataFrame) -> Story:
    words("digest.none_contradicted")
    return Story(
        title=f"Of {words('digest.checkable')} claims that can be checked, {words('digest.confirmed')} stand, "
        f"{words('digest.qualified')} need a qualifier and none is contradicted",
        subtitle="Claims of the news digest of 11 March 2025, a square for each claim, by verdict.",
        alt=f"Rows of squares. Confirmed: {words('digest.confirmed')}. Needs a qualifier: {words('digest.qualified')}. "
        f"Contradicted: {words('digest.contradicted')}. Only in the digest: {words('digest.only_in_digest')}. "
        f"Opinion: {words('digest.opinion')}.",
        note="Confirmed means that a source independent of the digest says the same. Opinions have no verdict.",
    )


@chart(measure="Claims of the digest by verdict", tell=_tell_verdicts, counts=digest.verdicts)
def verdicts(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a square a claim, a row a verdict."""
    width, left = (WIDE_PX, 160) if wide else (NARROW_PX, 126)
    step = 34
    drawing = canvas(width, len(counts) * step + 10)
    axes = row_axes(drawing, left, 4, width - left - 40, len(counts) * step, len(counts))
    axes.set_xlim(0, float(counts["claims"].max()) + 1)
    axes.set_xticks([])
    axes.grid(visible=False)
    for place, row in enumerate(counts.itertuples()):
        face, edge, hatch = FILLS.get(row.verdict, FILLS["opinion"])
        axes.text(-0.3, place, row.words, ha="right", va="center", fontsize=12 if wide else 11)
        for index in range(int(row.claims)):
            square = (index + 0.06, place - 0.34), 0.88, 0.68
            axes.add_patch(Rectangle(*square, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=1.1))
        axes.text(row.claims + 0.3, place, digits(row.claims), va="center", weight="bold")
    return drawing
