"""Figures on regimes of the chapter on the model and its annex."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.doubt import ASSUMED_FEATURES
from patient_capital.analysis.model.flow import flow_lines, implied_span, state_break_evens
from patient_capital.analysis.model.regimes import NATIONAL, PATIENT, REGIME_WORDS, SIGNALS
from patient_capital.analysis.model.spans import discount_marks, features_of_national, side_by_side, worth_by_rate
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import GAP_PX, above_names, foot_of_name, label_ends, room, width_px
from patient_capital.figures.model.fund import rate_words
from patient_capital.formatting import digits, spelled


def _span_text(low: float, high: float) -> str:
    return f"{digits(low, 0)} to {digits(high, 0)}"


def _tell_features(printed: Printer, features: pd.DataFrame) -> Story:
    worth, span = (f"model.regime_worth_bond{end}[{NATIONAL}]" for end in ("", "_span"))
    plain, plain_span = (printed(f"model.feature_takes{end}[none]") for end in ("", "_span"))
    printed("model.off_pays")
    printed("model.four_take_most")
    return Story(
        title="From a private fund that can wait to China's national fund: assumed costs weigh most",
        subtitle="Net present value at the treasury's interest, percent of the money paid in: of a private fund with "
        f"the life of the national one, {plain.removesuffix(' points')} ({plain_span.removesuffix(' points')}); what "
        "each feature adds or takes, averaged over all orders in which they can be added; and as built. Dot: median "
        "of joint draws; line: their middle nine tenths.",
        alt=f"A row for each feature, from {plain.removesuffix(' points')} ({plain_span.removesuffix(' points')}) "
        f"percent without any. The fund as built ends at {printed(worth)} ({printed(span)}); every feature but the "
        "list of sectors takes something in nearly all draws.",
        must="Deals are American. These costs are assumed, without a source for their size: "
        f"{'; '.join(words for name, words in features['words'].items() if name in ASSUMED_FEATURES)}. With all of "
        f"them off the fund as built is worth {printed(f'model.regime_worth_off[{NATIONAL}]')} "
        f"({printed(f'model.regime_worth_off_span[{NATIONAL}]')}).",
        note="What a fund does for others is not counted.",
    )


@chart(
    "What each feature takes from the net present value, percent of the money paid in",
    _tell_features,
    features=features_of_national,
)
def features(features: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a row a feature: a dot for the median of joint draws, a line for their middle nine tenths."""
    gives = np.where(features["median_pct"] > 0, style.SOFT, style.WARN)
    whole = {"none": OWNERS["private"], "all": OWNERS["national"]}
    colours = [whole.get(str(name), change) for name, change in zip(features.index, gives, strict=True)]
    drawing, axes = _spans(features, colours, wide)
    for edge in (0.5, len(features) - 1.5):
        axes.axhline(edge, color=style.OPEN, linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlabel("percent of the money paid in")
    return drawing


def _spans(rows: pd.DataFrame, colours: Iterable[str], wide: bool, beside: Sequence[str] = ()) -> tuple[Canvas, Axes]:
    """Draw a row a number: a dot for the median of joint draws, a line for their middle nine tenths, and both in digits.

    Parameters
    ----------
    beside : sequence of str
        A second number for each row: in a column of its own, or on a narrow drawing behind the name of the row.
    """
    names = rows["words"].map(str)
    told = [
        f"{digits(row.median_pct, 0)} ({_span_text(row.low_pct, row.high_pct)})" for row in rows.itertuples(index=False)
    ]
    first, second = room(told, gap=20), room(beside, gap=12) if beside else 0.0
    right = (first + second, first)
    drawing, axes = style.row_drawing(
        wide, len(rows), left=(room(names, gap=24), 12), right=right, step=(36, 54), top=(24, 10), bottom=46
    )
    lowest, highest = float(rows["low_pct"].min()), float(rows["high_pct"].max())
    pad = 0.06 * (highest - lowest)
    axes.set_xlim(lowest - pad, highest + pad)
    middles = [place if wide else place + 0.18 for place in range(len(names))]
    style.line_in_rows(axes, 0, middles, 0.2, wide, color=style.INK, linewidth=1)
    look: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "center", "annotation_clip": False}
    for place, (name, words, row, colour, y) in enumerate(
        zip(names, told, rows.itertuples(index=False), colours, middles, strict=True)
    ):
        axes.plot([row.low_pct, row.high_pct], [y, y], color=colour, linewidth=2.4, solid_capstyle="round")
        axes.plot([row.median_pct], [y], "o", color=colour, markersize=9, markeredgecolor=style.CARD)
        style.note_beside(axes, (1, y), (8, 0), words, colour, **look)
        if beside and wide:
            style.note_beside(axes, (1, y), (first + second - 4, 0), beside[place], style.INK, ha="right", **look)
        label = f"{name}: {beside[place]}" if beside and not wide else name
        style.row_label(axes, place, label, wide, x=(lowest - 1.6 * pad, lowest - pad), above=0.14)
    return drawing, axes


INKS = {token: ink for ink, token in style.TOKENS.items()}
OWNERS = {regime.removesuffix("_fund"): INKS[token] for regime, token in style.FUND_COLOURS.items()}
"""Colour of a fund by its owner."""


def _tell_funds(printed: Printer, funds: pd.DataFrame) -> Story:
    above, off, counted = (
        printed(ref)
        for ref in (
            f"model.regime_worth_bond_above[{NATIONAL}]",
            f"model.regime_worth_off_above[{NATIONAL}]",
            "model.worth_national_cn_above",
        )
    )
    printed("model.off_pays")
    printed("model.like_favours_directed")
    worth, span = (printed(f"model.regime_worth_bond{end}[{NATIONAL}]") for end in ("", "_span"))
    return Story(
        title=f"The national fund earns the treasury's interest in {above} of draws as built, in {off} with its "
        f"assumed costs off, in {counted} on the Chinese count",
        subtitle="Net present value at the treasury's interest, percent of the money paid in. Dot: median of joint "
        "draws; line: their middle nine tenths. In percent: the share of draws above zero.",
        alt=f"A row for each of {spelled(len(funds))} funds. The national fund as built is worth {worth} ({span}); its "
        "rows reach from far below zero, on the Chinese count of exits, to well above, with the assumed costs off. "
        "Private funds lie above zero in most draws; the patient fund at its best and the directed funds lie around "
        "zero or below. On the terms of the national fund the directed fund lies above the patient fund.",
        must="Deals are American. Each draw is a set of assumptions: a share of draws is no chance.",
        note="Terms of the national fund: its life, its years of investing and the state's share of its money. What a "
        "fund does for others is not counted.",
    )


@chart(
    "What each fund is worth at the treasury's interest, percent of the money paid in", _tell_funds, funds=side_by_side
)
def funds(funds: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a row a fund: median and middle nine tenths of joint draws, and the share of draws above zero."""
    colours = [OWNERS.get(owner, style.INK) for owner in funds["owner"]]
    shares = [_share_told(share) for share in funds["above_pct"]]
    drawing, axes = _spans(funds, colours, wide, shares)
    owners = list(funds["owner"])
    for place in range(1, len(owners)):
        if owners[place] != owners[place - 1]:
            axes.axhline(place - 0.5, color=style.OPEN, linewidth=1, linestyle=(0, (4, 3)))
    if wide:
        style.note_beside(
            axes, (1, 1), (-6, -4), "above zero", style.SOFT, xycoords="figure fraction", ha="right", va="top"
        )
    axes.set_xlabel("percent of the money paid in")
    return drawing


def _share_told(share: float) -> str:
    """Write a share of draws in percent: what is nearly all, or hardly any, is not rounded to all or none."""
    if pd.isna(share):
        return ""
    nearly = ">99" if NEARLY_ALL <= share < WHOLE else "<1" if 0 < share < WHOLE - NEARLY_ALL else ""
    return f"{nearly or digits(share, 0)}%"


NEARLY_ALL, WHOLE = 99.5, 100.0
COLOURS = (style.STATE, style.MARK, style.TREASURY, style.UNNAMED)
OF_REGIME = {REGIME_WORDS[f"{owner}_fund"]: colour for owner, colour in OWNERS.items()}


def _colours(names: Sequence[str]) -> dict[str, str]:
    """Return the colour of each line: of a fund of the book that of its owner, with whatever life."""
    others = cycle(COLOURS)
    return {
        name: next((colour for words, colour in OF_REGIME.items() if name.startswith(words)), None) or next(others)
        for name in names
    }


def _tell_flow(printed: Printer, lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame) -> Story:
    weak, good = SIGNALS
    at, band = (printed(f"model.flow_patient_fund{end}", "bare") for end in ("", "_span"))
    return Story(
        title=f"A patient fund cannot pay in {printed('model.never_patient')} of draws even if deals never thin, the "
        f"national fund in {printed('model.never_national')}",
        subtitle="Lines: net present value at the treasury's interest at central parameters, if the trillion came and "
        f"early-stage money rose {printed('model.flow_ratio')}. Grey: thinning that follows if funds merely accept "
        f"more of the same proposals. Where a patient fund can pay, it does up to an elasticity of {at} ({band}).",
        alt=f"{spelled(lines['regime'].nunique()).capitalize()} falling lines at central parameters, and a grey band "
        f"of the thinning that screening implies, over all doubts {printed('model.implied_elasticity', 'bare')} "
        f"({printed('model.implied_elasticity_span', 'bare')}).",
        must="That inflows raise prices and not success is known for America; by how much deals thin in China is "
        "varied.",
        note=f"The band takes signals that correlate {digits(weak)} to {digits(good)} with the rank of outcomes.",
    )


@chart(
    "Net present value by the elasticity of deal flow, percent of the money paid in",
    _tell_flow,
    lines=flow_lines,
    implied=implied_span,
    break_evens=state_break_evens,
)
def flow(lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a regime, its break-even, and the span of elasticities that screening alone implies."""
    drawing, axes = style.plot_drawing(wide, (370, 380), left=(56, 62), right=(176, 14), top=30, bottom=56)
    band = implied["elasticity"].min(), implied["elasticity"].max()
    names = list(dict.fromkeys(lines["regime"]))
    foot = above_names(names, wide)
    axes.axvspan(*band, color=style.OPEN, alpha=0.18, linewidth=0)
    implying = "screening alone implies" if wide else "implied by screening"
    style.note_at_top(axes, sum(band) / 2, (0, 6), implying, ha="center")
    for inner in implied.loc[implied["elasticity"].between(*band, inclusive="neither"), "elasticity"]:
        axes.axvline(inner, foot, color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    axes.axhline(0, color=style.INK, linewidth=1)
    colours = _colours(names)
    ends = []
    for place, name in enumerate(names):
        line = lines[lines["regime"].eq(name)].sort_values("elasticity")
        axes.plot(line["elasticity"], line["value_pct"], color=colours[name], linewidth=2.2)
        ends.append((float(line["elasticity"].iloc[-1]), float(line["value_pct"].iloc[-1]), name, colours[name]))
        if not wide:
            style.label_inside(axes, 0.03, foot_of_name(place), name, colours[name], va="bottom")
    farthest = float(lines["elasticity"].max()) or 0.6
    for row in break_evens.dropna(subset=["elasticity"]).itertuples():
        if row.elasticity <= farthest:
            style.switch_dot(axes, row.elasticity, 0, colours.get(row.regime, style.INK))
            told = f"break-even{' ' if wide else chr(10)}{digits(row.elasticity, 2)}"
            style.label_beside(axes, (row.elasticity, 0), (4, 9), told)
    axes.set_xlim(0, farthest)
    axes.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4) if tick <= farthest + 1e-9])
    thinning = "elasticity: how fast large successes thin out as money enters"
    axes.set_xlabel(thinning if wide else "thinning of deals, elasticity")
    axes.set_ylabel("net present value, % of money paid in", color=style.SOFT)
    lowest, highest = 1.15 * float(lines["value_pct"].min()), 1.15 * float(lines["value_pct"].max())
    axes.set_ylim(min(-34 if wide else -50, lowest), max(18, highest))
    if wide:
        label_ends(axes, ends)
    return drawing


def _stacked(places: list[float], told: list[str], sides: list[str], pixel: float) -> list[int]:
    """Return marks in the order in which their names stand over the axes: no name crosses the line of a higher one.

    Parameters
    ----------
    sides : list of str
        Which side of its name is at the line of the mark.
    pixel : float
        Width of a pixel in units of the places.
    """
    wide = [pixel * (width_px(words) + GAP_PX) for words in told]
    ends = [(x, x + w) if side == "left" else (x - w, x) for x, w, side in zip(places, wide, sides, strict=True)]
    left, order = list(range(len(places))), []
    while left:
        free = (one for one in left if not any(ends[one][0] < places[other] < ends[one][1] for other in left))
        order.append(next(free, left[0]))
        left.remove(order[-1])
    return order


def _tell_discount(printed: Printer, lines: pd.DataFrame, marks: pd.DataFrame) -> Story:
    above = f"model.regime_worth_bond_above[{NATIONAL}]"
    coupon, span = (printed(f"model.regime_worth_bond{end}[{NATIONAL}]") for end in ("", "_span"))
    low, high = (digits(float(marks[column].dropna().iloc[0]), 0) for column in ("low_pct", "high_pct"))
    return Story(
        title=f"The fund as built earns the treasury's interest in {printed(above)} of draws, a rate that prices risk "
        f"in {printed(f'model.regime_worth_risk_above[{NATIONAL}]')}",
        subtitle="Net present value in percent of the money paid in, by the rate at which it is discounted. Lines: "
        "medians of joint draws. Bands: their middle nine tenths, for the national fund and the patient fund at its "
        "best. Directed fund and patient fund all but coincide.",
        alt=f"{spelled(lines['regime'].nunique()).capitalize()} falling lines. At the treasury's interest the national "
        f"fund is worth {coupon} ({span}); the patient fund at its best and the directed fund all but coincide.",
        must="Deals are American. A share of draws is no forecast and no chance.",
        note="The rate that prices risk is the treasury's interest and a premium by the beta of American venture "
        f"capital: {low} to {high} percent over both spans, and drawn from them for the share in the title.",
    )


@chart(
    "Net present value by the discount rate, percent of the money paid in",
    _tell_discount,
    lines=worth_by_rate,
    marks=discount_marks,
)
def discount(lines: pd.DataFrame, marks: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a regime, a band for the funds with a life of twenty years, and the rates to measure them by."""
    names = list(dict.fromkeys(lines["regime"]))
    beside = room(names, weight="bold")
    drawing, axes = style.plot_drawing(wide, (390, 420), left=(56, 62), right=(beside, 14), top=(64, 64), bottom=56)
    axes.axhline(0, color=style.INK, linewidth=1)
    banded = [name for name in (REGIME_WORDS[PATIENT], REGIME_WORDS[NATIONAL]) if name in names] or names
    first, last = float(lines["rate_pct"].min()), float(lines["rate_pct"].max())
    ends = []
    for place, (name, colour) in enumerate(_colours(names).items()):
        line = lines[lines["regime"].eq(name)].sort_values("rate_pct")
        thick = 2.4 if name in banded else 1.4
        if name in banded:
            axes.fill_between(
                line["rate_pct"], line["low_pct"], line["high_pct"], color=colour, alpha=0.13, linewidth=0
            )
        dashes = "-" if name in banded else (0, (5, 2))
        axes.plot(line["rate_pct"], line["median_pct"], color=colour, linewidth=thick, linestyle=dashes)
        ends.append((float(line["rate_pct"].iloc[-1]), float(line["median_pct"].iloc[-1]), name, colour))
        if not wide:
            y = foot_of_name(len(names) - 1 - place)
            style.label_inside(axes, 0.03, y, name, colour, va="bottom", bbox=style.GROUND)
    told = [rate_words(row, wide, 1) for row in marks.itertuples()]
    sides = ["left" if rate < (first + last) / 2 else "right" for rate in marks["rate_pct"]]
    pixel = (last - first) / axes.bbox.width if last > first else 1.0
    for place, order in enumerate(_stacked(marks["rate_pct"].tolist(), told, sides, pixel)):
        row, side = next(marks.iloc[[order]].itertuples()), sides[order]
        axes.axvline(row.rate_pct, above_names(names, wide), color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
        shift = (4 if side == "left" else -4, 6 + 16 * place)
        # The line goes on beside its name, which would float else.
        look = {"arrowstyle": "-", "color": style.OPEN, "linewidth": 1.2, "linestyle": (0, (3, 3))}
        axes.annotate(
            "", (row.rate_pct, 1), (0, shift[1] + 10), xycoords=("data", "axes fraction"), textcoords="offset points",
            arrowprops=look | {"shrinkA": 0, "shrinkB": 0}, annotation_clip=False,
        )  # fmt: skip
        style.note_at_top(axes, row.rate_pct, shift, told[order], ha=side)
    lowest, highest = axes.get_ylim()
    axes.set_ylim(lowest if wide else lowest - 0.3 * (highest - lowest), highest)
    axes.set_xlim(first, last if last > first else first + 1)
    axes.set_xlabel("discount rate, percent a year")
    axes.set_ylabel("net present value, % of money paid in", color=style.SOFT)
    if wide:
        label_ends(axes, ends)
    return drawing
