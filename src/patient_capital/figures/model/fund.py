"""Figures of block B of the chapter on the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.china import AMERICAN, COUNTED, rates_waited
from patient_capital.analysis.model.fund import LONG, LONGER, USUAL, horizon_lines, yardsticks
from patient_capital.analysis.model.inputs import parameter
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import label_ends, room
from patient_capital.formatting import digits, spelled
from patient_capital.tables import Reader

STYLES: tuple[tuple[str, float, Any], ...] = (
    (style.UNNAMED, 2.4, "-"),
    (style.STATE, 2, (0, (5, 2))),
    (style.STATE, 2, (0, (2, 2))),
    (style.TREASURY, 2, "-"),
    (style.MARK, 2, "-"),
)
"""Colour, width and dashes of the lines, in their order."""


def _percents(ticks: Sequence[float]) -> list[str]:
    """Return ticks as they are printed, the highest with its unit."""
    return [*(digits(tick, 0) for tick in ticks[:-1]), f"{digits(ticks[-1], 0)}%"]


def rate_words(row: Any, wide: bool, decimals: int = 0) -> str:
    """Return the name of a rate and its value; on a phone without what it is for, so that it is clear of the curves."""
    return f"{row.rate if wide else row.rate.split(',')[0]}, {digits(row.rate_pct, decimals)}%"


def _clear_side(rate: float, others: Iterable[float]) -> tuple[float, Literal["bottom", "top"]]:
    """Return where the name of a rate stands, on the side of its line where the next curve is further away."""
    beyond = np.asarray([*others]) - rate
    above, below = (min(some, default=np.inf) for some in (beyond[beyond > 0], -beyond[beyond < 0]))
    return (3, "bottom") if above >= below else (-3, "top")


def _tell_patience(printed: Printer, lines: pd.DataFrame, rates: pd.DataFrame) -> Story:
    low, high = (100 * parameter(Reader(printed.book), "fm_forced_sale", end) for end in ("low", "high"))
    usual, long = (spelled(years) for years in (USUAL, LONG))
    coupon, public = (printed(f"model.{name}") for name in ("bond_coupon", "public_rate"))
    return Story(
        title="At central values: what refinanced losers and the speed of winners do to the return by the years of a "
        "fund",
        subtitle="Net return a year of the expected cash flows of a whole private fund, losers included, after fees "
        "and carry, at central parameters, which lie below the medians of the draws that the chapter prints. Band: a "
        f"forced sale fetches {digits(low, 0)} to {digits(high, 0)} percent of value.",
        alt=f"Curves that rise steeply and flatten, with dots at {usual} and {long} years on that of a fund that "
        "refinances no losers. Refinanced losers lie below it; the readings of the time to exit lie above and below.",
        must="Returns are American.",
        note="The observed time to exit may weigh exits by money, so that winners grow fast, or count "
        "exits, so that they grow slowly; the thick line stands between. Across: the treasury's interest, "
        f"{coupon}, and the official rate for public projects, {public}. What a fund does for others is not counted.",
    )


@chart(
    "Net return a year by the years until what is left must be sold, percent",
    _tell_patience,
    lines=horizon_lines,
    rates=yardsticks,
)
def patience(lines: pd.DataFrame, rates: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a fund, with the band of a forced sale where there is one, and rates to compare with across."""
    names = list(dict.fromkeys(lines["line"]))
    beside = room(names, weight="bold")
    drawing, axes = style.plot_drawing(wide, 400, left=(56, 52), right=(beside, 14), top=14, bottom=56)
    first, last = float(lines["years"].min()), float(lines["years"].max())
    ends = []
    for place, (name, (colour, thick, dashes)) in enumerate(zip(names, cycle(STYLES), strict=False)):
        line = lines[lines["line"].eq(name)].sort_values("years")
        axes.fill_between(line["years"], line["low_pct"], line["high_pct"], color=colour, alpha=0.16, linewidth=0)
        axes.plot(line["years"], line["rate_pct"], color=colour, linewidth=thick, linestyle=dashes)
        for dot in line[line["marked"].astype(bool)].itertuples():
            at = (float(dot.years), float(dot.rate_pct))
            style.switch_dot(axes, *at, colour, size=8, edge=1.4)
        ends.append((float(line["years"].iloc[-1]), float(line["rate_pct"].iloc[-1]), name, colour))
        if not wide:
            style.label_inside(axes, 0.98, 0.04 + 0.075 * (len(names) - 1 - place), name, colour, ha="right")
    for row in rates.itertuples():
        axes.axhline(row.rate_pct, color=style.OPEN, linewidth=1)
        shift, side = _clear_side(row.rate_pct, lines.loc[lines["years"] >= last - 8, "rate_pct"])
        words = rate_words(row, wide)
        style.note_beside(axes, (last, row.rate_pct), (-2, shift), words, style.SOFT, ha="right", va=side)
    # A fund that must sell at once loses nearly all: the first two horizons may leave the picture at the bottom.
    settled = lines[lines["years"] >= min(first + 2, last)]
    lowest = min(-14, 1.1 * float(settled[["rate_pct", "low_pct"]].min().min()))
    highest = float(pd.concat([lines["rate_pct"], lines["high_pct"], rates["rate_pct"]]).max())
    axes.set_xlim(first, max(last, first + 1))
    axes.set_ylim(lowest, max(13, 1.1 * highest))
    axes.axhline(0, color=style.INK, linewidth=0.8)
    ticks = [year for year in (7, *range(10, int(last) + 1, 5 if last <= 40 else 10)) if first <= year <= last]
    axes.set_xticks(ticks)
    axes.set_yticks([-10, -5, 0, 5, 10], _percents([-10, -5, 0, 5, 10]))
    axes.set_xlabel("years until what is left must be sold")
    axes.set_ylabel("net return a year", color=style.SOFT)
    if wide:
        label_ends(axes, ends)
    return drawing


def _tell_waiting(printed: Printer, lines: pd.DataFrame, rates: pd.DataFrame) -> Story:
    usual, longer, long = (spelled(years) for years in (USUAL, LONGER, LONG))
    printed("model.waiting_pays")
    gain, last = f"model.wait_{USUAL}_{LONG}", f"model.wait_{LONGER}_{LONG}"
    return Story(
        title=f"Waiting {long} years rather than {usual} adds {printed(gain)} a year ({printed(f'{gain}_span')}); the "
        f"years after {longer} add {printed(last)} ({printed(f'{last}_span')})",
        subtitle="Net return a year of a whole private fund, losers included, after fees and carry, by the years until "
        "it must sell. Line and dots: medians of the joint draws. Band and bars: their middle nine tenths.",
        alt=f"A line rises steeply to {printed(f'model.net_rate_{USUAL}')} at {usual} years "
        f"({printed(f'model.net_rate_{USUAL}_span')}), flattens, and stands at {printed(f'model.net_rate_{LONG}')} at "
        f"{long} ({printed(f'model.net_rate_{LONG}_span')}). If exits are as slow as a Chinese count says, both lie "
        "lower and further apart.",
        must="Deals are American. Whoever must sell is taken to get less than the value in every draw, so that the "
        "line cannot but rise at first; how far is the result.",
        note="The median of a gain need not be the difference of medians.",
    )


@chart(
    "Net return a year by the years until the fund must sell, percent, over joint draws",
    _tell_waiting,
    lines=rates_waited,
    rates=yardsticks,
)
def waiting(lines: pd.DataFrame, rates: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a clock of many years as a line with its band, one of few years as dots with bars, and rates across."""
    names = list(dict.fromkeys(lines["clock"]))
    drawing, axes = style.plot_drawing(wide, 400, left=(56, 52), right=14, top=(34, 52), bottom=56)
    colours = dict(zip(names, cycle((style.UNNAMED, style.STATE)), strict=False))
    first, last = float(lines["years"].min()), float(lines["years"].max())
    for name in names:
        line, colour = lines.loc[lines["clock"].eq(name)].sort_values("years"), colours[name]
        if len(line) > 2:
            axes.fill_between(line["years"], line["low_pct"], line["high_pct"], color=colour, alpha=0.16, linewidth=0)
            axes.plot(line["years"], line["median_pct"], color=colour, linewidth=2.4)
        else:
            axes.vlines(line["years"], line["low_pct"], line["high_pct"], color=colour, linewidth=2.4)
        for dot in line.loc[line["years"].isin([USUAL, LONG])].itertuples():
            at = (float(dot.years), float(dot.median_pct))
            style.switch_dot(axes, *at, colour, size=8, edge=1.4)
            upper, end = name == names[0], dot.years == last
            point = at if upper else (at[0], float(dot.low_pct))
            side = "right" if end else "left" if upper else "center"
            # Where the line rises on, its dot is named at the right below it, clear of the rates across.
            shift = ((0, 9) if end else (7, -14)) if upper else (0, -15)
            style.label_beside(axes, point, shift, f"{digits(dot.median_pct, 1)}%", colour, ha=side)
    for row in rates.itertuples():
        axes.axhline(row.rate_pct, color=style.OPEN, linewidth=1, linestyle=(0, (4, 3)))
        up, va = _clear_side(row.rate_pct, [0.0, *lines.loc[lines["years"].eq(last), "median_pct"]])
        style.note_beside(
            axes, (last - 0.5, row.rate_pct), (0, up), rate_words(row, wide), style.SOFT, ha="right", va=va
        )
    for place, name in enumerate(names):
        x, y = (0.0 if place == 0 else 0.34, 12) if wide else (0.0, 30 - 18 * place)
        words = {AMERICAN: "American deals", COUNTED: "if exits are as slow as a Chinese count says"}.get(name, name)
        style.label_beside(axes, (x, 1), (0, y), words, colours[name], xycoords="axes fraction")
    lowest, highest = float(lines["low_pct"].min()), float(lines["high_pct"].max())
    axes.set_xlim(first - 0.4, last + 0.4)
    axes.set_ylim(min(-17, 1.1 * lowest), max(20, 1.1 * highest))
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.set_xticks([year for year in (7, 10, 15, 20, 25, 30) if first <= year <= last])
    ticks = [-15, -10, -5, 0, 5, 10, 15]
    axes.set_yticks(ticks, _percents(ticks))
    axes.set_xlabel("years until what is left must be sold")
    axes.set_ylabel("net return a year", color=style.SOFT)
    return drawing
