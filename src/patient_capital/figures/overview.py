"""Figures of the overview: the picture that people will share, and the strips of earlier promises."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from patient_capital.analysis.overview import SQUARE_REFS, promises, squares
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    OPEN,
    SOFT,
    STATE,
    TREASURY,
    UNNAMED,
    VOID,
    WIDE_PX,
    axes_at,
    bare,
    canvas,
)  # fmt: skip
from patient_capital.formatting import digits, rounded, yuan
from patient_capital.provenance.records import STAGE_WORDS
from patient_capital.tables import Data

SIDE, STEP = 11.0, 14.0
FILLS = {
    "treasury": {"facecolor": TREASURY, "edgecolor": TREASURY},
    "state": {"facecolor": CARD, "edgecolor": STATE, "hatch": "//////"},
    "unnamed": {"facecolor": CARD, "edgecolor": UNNAMED, "hatch": "\\\\\\\\"},
    "open": {"facecolor": "none", "edgecolor": OPEN},
}


SQUARE = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY)


def _draw_squares(counts: pd.DataFrame, wide: bool) -> Canvas:
    columns, width = (50, WIDE_PX) if wide else (25, NARROW_PX)
    rows = int(np.ceil(counts["squares"].sum() / columns))
    drawing = canvas(width, int(rows * STEP) + 4)
    left = (width - columns * STEP + (STEP - SIDE)) / 2
    axes = axes_at(drawing, 0, 0, width, rows * STEP + 4)
    axes.set_xlim(0, width)
    axes.set_ylim(rows * STEP + 4, 0)
    bare(axes)
    at = 0
    for row in counts.itertuples():
        corners: list[tuple[float, float]] = []
        codes: list[int] = []
        for index in range(at, at + row.squares):
            x, y = left + (index % columns) * STEP, 2 + (index // columns) * STEP
            corners += [(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE), (x, y)]
            codes += [int(code) for code in SQUARE]
        at += row.squares
        axes.add_patch(PathPatch(Path(corners, codes), linewidth=1.0, **FILLS[row.kind]))
    return drawing


@figure("overview.squares")
def thousand_squares(data: Data) -> Figure:
    """One thousand squares of one billion yuan each, by what has become of them."""
    ctx, words = start(data)
    counts = squares(ctx)
    amount = {kind: words(ref) for kind, ref in SQUARE_REFS.items()}
    headline = words("funds[cn_nvcgf].announced_cny_bn")
    return make(
        "overview.squares", words=words, reader=ctx, plotted=counts,
        draw=lambda wide: _draw_squares(counts, wide),
        title=f"Of {headline}, {amount['treasury']} is treasury money and {words('funds.partner_money')} partners' money; "
        f"{amount['open']} is still to be raised",
        subtitle="National Venture Capital Guidance Fund and its three regional funds. One square is 1bn yuan. "
        "Registered means subscribed, not paid in. No square is marked as invested: no figure was found "
        f"by {words('funds[cn_nvcgf].as_of')}.",
        alt=f"A grid of one thousand squares. {amount['treasury']} are solid: treasury money subscribed. "
        f"{amount['state']} are hatched: named state bodies as partners. {amount['unnamed']} are dotted: partners "
        f"without a name. {amount['open']} are empty outlines: announced and not raised.",
        legend=(
            ("treasury", "solid", f"{amount['treasury']}: treasury, subscribed"),
            ("state", "hatch", f"{amount['state']}: named state bodies, subscribed"),
            ("unnamed", "hatch", f"{amount['unnamed']}: partners not named, subscribed"),
            ("open", "outline", f"{amount['open']}: still to be raised"),
        ),
        note=f"The national fund's stake in the Yangtze fund is not published; {words('fund_partners[cn_nvcgf_yrd_national].amount_cny_bn')} "
        f"is assumed, as in the other two. Over a plausible span of the stake, {words('funds.registered_once_range')} is registered.",
    )  # fmt: skip


STAGE_SHORT = {
    stage: words.split(" (")[0].split(" in firms")[0].split(" or ")[0] for stage, words in STAGE_WORDS.items()
}


def _short(amount: float) -> str:
    """Write an amount for a label: one digit behind the point, two below ten; the unit is said in the subtitle."""
    return yuan(float(rounded(amount, 1 if amount >= 10 else 2))).replace(" yuan", "")


def _strip_label(row: pd.Series) -> str:
    if pd.isna(row["announced_cny_bn"]):
        return "announced size not found"
    return f"{_short(row['announced_cny_bn'])} announced"


def _found(rows: pd.DataFrame) -> str:
    known = rows.loc[rows["amount_cny_bn"].notna()]
    if known.empty:
        return "nothing more found"
    parts = []
    for row in known.itertuples():
        share = "" if np.isnan(row.share_pct) else f" ({digits(row.share_pct, 0)}%)"
        parts.append(f"{_short(row.amount_cny_bn)} {STAGE_SHORT[row.stage]}{share}")
    return ", ".join(parts)


def _draw_strips(frame: pd.DataFrame, wide: bool) -> Canvas:
    funds = list(dict.fromkeys(frame["fund_id"]))
    width = WIDE_PX if wide else NARROW_PX
    step = 62 if wide else 84
    left, bar, top = (4, width - 96, 30) if wide else (2, width - 60, 26)
    height = top + step * len(funds) + 4
    drawing = canvas(width, height)
    axes = axes_at(drawing, 0, 0, width, height)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    bare(axes)
    axes.text(left + bar + 10, 14, "age", color=SOFT, va="center")
    for place, fund in enumerate(funds):
        rows = frame.loc[frame["fund_id"] == fund]
        first = rows.iloc[0]
        y = top + place * step
        head = f"{first['name']}, {first['announced_on'][:4]}"
        axes.text(left, y, head, weight="bold", va="center")
        if wide:
            axes.text(left + bar, y, f"{_strip_label(first)}; {_found(rows)}", color=SOFT, va="center", ha="right")
            bar_y = y + 12
        else:
            axes.text(left, y + 17, _strip_label(first), color=SOFT, va="center", fontsize=11)
            axes.text(left, y + 33, _found(rows), color=SOFT, va="center", fontsize=11)
            bar_y = y + 43
        known = rows.loc[rows["share_pct"].notna()].sort_values("share_pct", ascending=False)
        unknown = known.empty
        axes.add_patch(
            Rectangle((left, bar_y), bar, 16, facecolor="none", edgecolor=VOID if unknown else OPEN, linewidth=1,
                      hatch="////" if unknown else None)
        )  # fmt: skip
        for index, row in enumerate(known.itertuples()):
            shade = MARK if index == len(known) - 1 else CARD
            axes.add_patch(
                Rectangle((left, bar_y), bar * row.share_pct / 100, 16, facecolor=shade, edgecolor=MARK, linewidth=1.2,
                          hatch=None if shade == MARK else "//////")
            )  # fmt: skip
        axes.text(left + bar + 10, bar_y + 8, f"{digits(first['age_years'], 1)} y", color=INK, va="center")
    return drawing


@figure("overview.promises")
def earlier_promises(data: Data) -> Figure:
    """Earlier promises scaled to 100: how much of each was found again."""
    ctx, words = start(data)
    frame = promises(ctx)
    for row in frame.itertuples():
        for stage in ("announced", row.stage):
            if stage and not (stage == "registered" and row.fund_id == "cn_nvcgf"):
                ref = f"funds[{row.fund_id}].{stage}_cny_bn"
                if data.table("funds").text[row.fund_id][f"{stage}_cny_bn"]:
                    words(ref)
    share = words("funds.registered_share")
    words("overview.none_reached")
    return make(
        "overview.promises", words=words, reader=ctx, plotted=frame,
        draw=lambda wide: _draw_strips(frame, wide),
        title=f"Earlier promises were never found whole either; {share} of this one is registered",
        subtitle="Each bar is the announced size of one promise, scaled to 100, in yuan. Filled: the furthest stage found. "
        "Grey hatching: no figure found. Age: from announcement to the date of the last figure.",
        alt="Six horizontal bars, one a promise. "
        + " ".join(
            f"{rows.iloc[0]['name']}: {_strip_label(rows.iloc[0])}; {_found(rows)}."
            for _, rows in frame.groupby("fund_id", sort=False)
        ),
        legend=(("mark", "solid", "furthest stage found"), ("mark", "hatch", "earlier stage"), ("void", "hatch", "no figure found")),
        note="Stages differ: registered and subscribed are pledges on record, paid in is money, invested is money in firms. "
        "A bar that is short says what was found, not what happened.",
    )  # fmt: skip
