"""Figures of the overview: the picture that people will share, and the strips of earlier promises."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from patient_capital.analysis import overview
from patient_capital.analysis.funds import NATIONAL
from patient_capital.analysis.overview import SQUARE_REFS
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, rounded, spelled, yuan
from patient_capital.money import STAGE_WORDS

SIDE, STEP = 11.0, 14.0
FILLS = {
    "treasury": {"facecolor": style.TREASURY, "edgecolor": style.TREASURY},
    "state": {"facecolor": style.CARD, "edgecolor": style.STATE, "hatch": "//////"},
    "unnamed": {"facecolor": style.CARD, "edgecolor": style.UNNAMED, "hatch": "\\\\\\\\"},
    "open": {"facecolor": "none", "edgecolor": style.OPEN},
}


SQUARE = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY)


def _tell_squares(printed: Printer, squares: pd.DataFrame) -> Story:
    amount = {kind: printed(ref) for kind, ref in SQUARE_REFS.items()}
    headline, partners = printed(f"funds[{NATIONAL}].announced_cny_bn"), printed("funds.partner_money")
    stake = printed("fund_partners[cn_nvcgf_yrd_national].amount_cny_bn")
    count = float(squares["squares"].sum())
    return Story(
        title=f"Of {headline}, {amount['treasury']} is treasury money and {partners} partners' money; {amount['open']} "
        "is still to be raised",
        subtitle=f"National Venture Capital Guidance Fund and its {printed('funds.regional_count', 'word')} regional "
        f"funds. A square is {yuan(float(squares['amount_cny_bn'].sum()) / count)}. Registered means subscribed, not "
        f"paid in. No square is marked as invested: no figure was found.",
        alt=f"A grid of {digits(count)} squares. {amount['treasury']} are solid: treasury money subscribed. "
        f"{amount['state']} are hatched: named state bodies as partners. {amount['unnamed']} are dotted: partners "
        f"without name or amount. {amount['open']} are empty outlines: announced and not raised.",
        legend=(
            ("treasury", "solid", f"{amount['treasury']}: treasury, subscribed"),
            ("state", "hatch", f"{amount['state']}: named state bodies, subscribed"),
            ("unnamed", "hatch", f"{amount['unnamed']}: partners without name or amount, subscribed"),
            ("open", "outline", f"{amount['open']}: still to be raised"),
        ),
        note=f"The national fund's stake in the Yangtze fund is not published; {stake} is assumed, as in the others. "
        f"Over a plausible span of the stake, {printed('funds.registered_once_range')} is registered.",
        searches=("national_money", "regional_amounts"),
    )


@chart(
    "The announced money of the national fund in squares, by what has become of it",
    _tell_squares,
    legend=(
        ("treasury", "solid", "treasury, subscribed"),
        ("state", "hatch", "named state bodies, subscribed"),
        ("unnamed", "hatch", "partners without name or amount, subscribed"),
        ("open", "outline", "still to be raised"),
    ),
    squares=overview.squares,
)
def squares(squares: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw squares row by row, by what has become of the money that they stand for."""
    columns, width = (50, style.WIDE_PX) if wide else (25, style.NARROW_PX)
    counts = squares["squares"].fillna(0).clip(lower=0).astype(int)
    height = max(1, math.ceil(counts.sum() / columns)) * STEP + 4
    drawing, axes = style.pixel_drawing(width, height)
    left = (width - columns * STEP + (STEP - SIDE)) / 2
    at = 0
    for kind, count in zip(squares["kind"], counts, strict=True):
        corners: list[tuple[float, float]] = []
        codes: list[int] = []
        for index in range(at, at + count):
            x, y = left + (index % columns) * STEP, 2 + (index // columns) * STEP
            corners += [(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE), (x, y)]
            codes += [int(code) for code in SQUARE]
        at += count
        if corners:
            axes.add_patch(PathPatch(Path(corners, codes), linewidth=1.0, **FILLS.get(kind, FILLS["open"])))
    return drawing


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
        share = "" if pd.isna(row.share_pct) else f" ({digits(row.share_pct, 0)}%)"
        parts.append(f"{_short(row.amount_cny_bn)} {STAGE_SHORT.get(row.stage, row.stage)}{share}")
    return ", ".join(parts)


def _tell_promises(printed: Printer, promises: pd.DataFrame) -> Story:
    for row in promises.itertuples():
        # Of the national fund the drawing prints both tiers, which is a result and stands in the title.
        later = [row.stage] if row.stage and (row.fund_id, row.stage) != (NATIONAL, "registered") else []
        printed.facts("funds", [row.fund_id], *(f"{stage}_cny_bn" for stage in ("announced", *later)))
    share = printed("funds.registered_share")
    printed("overview.none_reached")
    told = " ".join(
        f"{rows.iloc[0]['name']}: {_strip_label(rows.iloc[0])}; {_found(rows)}."
        for _, rows in promises.groupby("fund_id", sort=False)
    )
    return Story(
        title=f"Earlier promises were never found whole either; {share} of this one is registered",
        subtitle="Each bar is the announced size of one promise, drawn at the same length, in yuan. Filled: the "
        "furthest stage found. Grey hatching: no figure found. Age: from announcement to the date of the last figure.",
        alt=f"{spelled(promises['fund_id'].nunique()).capitalize()} horizontal bars, one a promise. {told}",
        note="Stages differ: registered and subscribed are pledges on record, paid in is money, invested is money in "
        "firms. A bar that is short says what was found, not what happened.",
        searches=("earlier_promises", "local_phases"),
    )


@chart(
    "What was found again of promises, percent of the announced size",
    _tell_promises,
    legend=(
        ("mark", "solid", "furthest stage found"),
        ("mark", "hatch", "earlier stage"),
        ("void", "hatch", "no figure found"),
    ),
    promises=overview.promises,
)
def promises(promises: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a promise, as long as its announced size, filled as far as it was found again."""
    funds = list(dict.fromkeys(promises["fund_id"]))
    width, step = (style.WIDE_PX, 62) if wide else (style.NARROW_PX, 84)
    left, bar, top = (4, width - 96, 30) if wide else (2, width - 60, 26)
    drawing, axes = style.pixel_drawing(width, top + step * len(funds) + 4)
    axes.text(left + bar + 10, 14, "age", color=style.SOFT, va="center")
    # A promise that was more than kept shortens the outline of every announced size.
    largest = max(100, float(promises["share_pct"].fillna(0).max()))
    announced = bar * 100 / largest
    for place, fund in enumerate(funds):
        rows = promises.loc[promises["fund_id"] == fund]
        first = rows.iloc[0]
        y = top + place * step
        since = "" if pd.isna(first["announced_on"]) else f", {first['announced_on'][:4]}"
        axes.text(left, y, f"{first['name']}{since}", weight="bold", va="center")
        if wide:
            found = f"{_strip_label(first)}; {_found(rows)}"
            axes.text(left + bar, y, found, color=style.SOFT, va="center", ha="right")
            bar_y = y + 12
        else:
            axes.text(left, y + 17, _strip_label(first), color=style.SOFT, va="center", fontsize=11)
            axes.text(left, y + 33, _found(rows), color=style.SOFT, va="center", fontsize=11)
            bar_y = y + 43
        known = rows.loc[rows["share_pct"].notna()].sort_values("share_pct", ascending=False)
        edge, hatch = (style.VOID, "////") if known.empty else (style.OPEN, None)
        style.block(axes, (left, bar_y), announced, 16, "none", edge, linewidth=1, hatch=hatch)
        for index, row in enumerate(known.itertuples()):
            shade, hatch = (style.MARK, None) if index == len(known) - 1 else (style.CARD, "//////")
            long = bar * row.share_pct / largest
            style.block(axes, (left, bar_y), long, 16, shade, style.MARK, linewidth=1.2, hatch=hatch)
        age = "" if pd.isna(first["age_years"]) else f"{digits(first['age_years'], 1)} y"
        axes.text(left + bar + 10, bar_y + 8, age, color=style.INK, va="center")
    return drawing
