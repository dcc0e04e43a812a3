"""The figure of the audit of the digest."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis.digest import VERDICTS, verdicts
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import CARD, MARK, NARROW_PX, OPEN, STATE, VOID, WARN, WIDE_PX, canvas, row_axes
from patient_capital.tables import Data

FILLS = {
    "confirmed": (MARK, MARK, None), "qualified": (CARD, STATE, "////"), "contradicted": (WARN, WARN, None),
    "only_in_digest": (CARD, VOID, "////"), "opinion": ("none", OPEN, None),
}  # fmt: skip


def _draw(counts: pd.Series, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 160) if wide else (NARROW_PX, 126)
    step = 34
    drawing = canvas(width, len(counts) * step + 10)
    axes = row_axes(drawing, left, 4, width - left - 40, len(counts) * step, len(counts))
    axes.set_xlim(0, float(counts.max()) + 1)
    axes.set_xticks([])
    axes.grid(visible=False)
    for place, (verdict, count) in enumerate(counts.items()):
        face, edge, hatch = FILLS[str(verdict)]
        axes.text(-0.3, place, VERDICTS[str(verdict)], ha="right", va="center", fontsize=12 if wide else 11)
        for index in range(int(count)):
            axes.add_patch(
                Rectangle(
                    (index + 0.06, place - 0.34), 0.88, 0.68, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=1.1
                )
            )
        axes.text(float(count) + 0.3, place, str(count), va="center", weight="bold")
    return drawing


@figure("digest.verdicts")
def verdict_squares(data: Data) -> Figure:
    """Claims by verdict."""
    ctx, words = start(data)
    counts = verdicts(ctx)
    words("digest.none_contradicted")
    return make(
        "digest.verdicts", words=words, reader=ctx, plotted=counts.rename("claims").reset_index(),
        draw=lambda wide: _draw(counts, wide),
        title=f"Of {words('digest.checkable')} claims that can be checked, {words('digest.confirmed')} stand, {words('digest.qualified')} need a qualifier "
        "and none is contradicted",
        subtitle="Claims of the news digest of 11 March 2025, one square a claim, by verdict.",
        alt=f"Rows of squares. Confirmed: {words('digest.confirmed')}. Needs a qualifier: {words('digest.qualified')}. Contradicted: {words('digest.contradicted')}. "
        f"Only in the digest: {words('digest.only_in_digest')}. Opinion: {words('digest.opinion')}.",
        note="Confirmed means that a source independent of the digest says the same. Opinions have no verdict.",
    )  # fmt: skip
