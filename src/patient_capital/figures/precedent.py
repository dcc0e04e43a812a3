"""Figures of the chapter on the precedent."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis import precedent
from patient_capital.analysis.precedent import PRODUCTION
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.record import Words
from patient_capital.figures.style import (
    INK,
    MARK,
    NARROW_PX,
    RULE,
    SMALL,
    SOFT,
    STATE,
    TEXT,
    TREASURY,
    WIDE_PX,
    axes_at,
    canvas,
    row_axes,
)
from patient_capital.formatting import digits, human_date, spelled


def _panels(wide: bool, count: int) -> tuple[Canvas, list[Axes]]:
    """Return panels side by side on a desk, one below the other on a phone."""
    if wide:
        drawing = canvas(WIDE_PX, 270)
        cell = WIDE_PX / count
        return drawing, [axes_at(drawing, cell * i + 46, 34, cell - 76, 194) for i in range(count)]
    drawing = canvas(NARROW_PX, 246 * count)
    return drawing, [axes_at(drawing, 50, 246 * i + 34, NARROW_PX - 84, 166) for i in range(count)]


def _line(axes: Axes, values: pd.Series, title: str, colour: str, decimals: int) -> None:
    """Draw one series by year, with its first and last value; a gap where a year is missing."""
    values = values.dropna().sort_index()
    axes.set_title(title, loc="left", weight="bold", color=INK, pad=10, fontsize=SMALL)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    if values.empty:
        axes.set_xticks([])
        return
    for _, run in values.groupby((values.index.to_series().diff() > 1).cumsum().to_numpy()):
        axes.plot(run.index, run.to_numpy(), color=colour, linewidth=2)
    for at, align in ((0, "left"), (-1, "right"))[: len(values)]:
        year, value = values.index[at], float(values.iloc[at])
        axes.plot([year], [value], "o", color=colour, markersize=6)
        falling = at == -1 and value < float(values.iloc[-2])
        axes.annotate(
            digits(value, decimals),
            (year, value),
            (0, -9 if falling else 8),
            textcoords="offset points",
            ha=align,
            va="top" if falling else "bottom",
            weight="bold",
            color=INK,
            fontsize=SMALL,
        )
    axes.set_ylim(min(0, 1.22 * float(values.min())), 1.22 * max(0, float(values.max())) or 1)
    first, last = int(values.index[0]), int(values.index[-1])
    axes.set_xticks(range(last, first - 1, -max(1, (last - first) // 2)))


# --- 1. Build-out and price ------------------------------------------------------------------------------


def _tell_buildup(words: Words, by_year: pd.DataFrame) -> Story:
    for year in (2015, 2024):
        words(f"solar_ev_parallel[{PRODUCTION}_{year}].value")
    return Story(
        title=f"Module output of 2024 was {words('precedent.output_multiple')} that of 2015; five leading makers lost "
        f"{words('precedent.loss_2024')} in that year",
        subtitle="Left: modules made in China, direct current. Right: world price index of modules in constant "
        "dollars, yearly.",
        alt="Lines by year. Output climbs slowly to 2020 and steeply after; the price falls, pauses in 2021 and 2022, and "
        "falls again.",
        note="The index follows world averages and stands far above what Chinese modules sold for in 2024.",
    )


@chart(
    measure="Module output of China, GW, and the world price index of modules, dollars a watt, by year",
    tell=_tell_buildup,
    by_year=precedent.build_out,
)
def buildup(by_year: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw module output and world price."""
    drawing, (left, right) = _panels(wide, 2)
    _line(left, by_year["module_output_gw"], "module output of China, GW", MARK, 0)
    _line(right, by_year["price_index_usd_w"], "world price index, dollars a watt", STATE, 2)
    return drawing


# --- 2. Learning -----------------------------------------------------------------------------------------


def _tell_learning(words: Words, shares: pd.DataFrame) -> Story:
    words("precedent.depends_on_base")
    return Story(
        title=f"Learning explains {words('precedent.share_2023_range')} of the halving of 2023, but "
        f"{words('precedent.share_2020_range')} of the fall since 2020",
        subtitle="Share of the log fall of module prices that follows from doublings of output alone. Solid: the "
        "learning rate of the industry's roadmap; hatched: up to the highest fitted rate "
        f"({words('precedent.learning_range')} a doubling).",
        alt=f"{spelled(len(shares)).capitalize()} bars. The halving in 2023: {words('precedent.share_2023')} at the roadmap's rate. "
        f"From 2022 to 2024: {words('precedent.share_2022')}, or {words('precedent.share_2022_range')}. "
        f"From 2020 to 2024: {words('precedent.share_2020')}.",
        note="What is left is not identified: glut, the end of the polysilicon shortage that lifted prices in 2021 and "
        "2022, and falling margins cannot be told apart.",
    )


@chart(
    measure="Share of the fall of module prices, in logs, that learning alone explains, percent",
    tell=_tell_learning,
    legend=(("mark", "solid", "at the roadmap's learning rate"), ("mark", "hatch", "up to the highest fitted rate")),
    shares=precedent.shares,
)
def learning(shares: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a fall: what learning explains at the first rate, and hatched over all rates."""
    width, left = (WIDE_PX, 210) if wide else (NARROW_PX, 6)
    step = 56 if wide else 74
    drawing = canvas(width, len(shares) * step + 50)
    axes = row_axes(drawing, left, 6, width - left - 20, len(shares) * step, len(shares))
    # The label stands at the right of its bar.
    end = max(100, 25 * math.ceil(1.25 * float(shares[["share_pct", "high_pct"]].max().max()) / 25))
    axes.set_xlim(min(0, float(shares["low_pct"].min())), end)
    ticks = range(0, end + 1, 25 if end <= 200 else 100)
    axes.set_xticks(ticks, [f"{tick}%" if tick == ticks[-1] else str(tick) for tick in ticks])
    for place, row in enumerate(shares.itertuples()):
        y = place if wide else place + 0.14
        x, label_y, side, size = (-2, y, "right", TEXT) if wide else (0, place - 0.28, "left", SMALL)
        axes.text(x, label_y, row.words, ha=side, va="center", fontsize=size)
        axes.add_patch(Rectangle((0, y - 0.2), 100, 0.4, facecolor="none", edgecolor=RULE))
        axes.add_patch(Rectangle((0, y - 0.2), row.share_pct, 0.4, facecolor=MARK, edgecolor=MARK))
        span = row.high_pct - row.low_pct
        axes.add_patch(Rectangle((row.low_pct, y - 0.2), span, 0.4, facecolor="none", edgecolor=MARK, hatch="////"))
        label = f"{digits(row.share_pct, 0)} to {digits(row.high_pct, 0)}%"
        axes.text(row.high_pct + 2, y, label, va="center", weight="bold")
    axes.set_xlabel("share of the fall, in logs, that learning alone explains")
    return drawing


# --- 3. Cars ---------------------------------------------------------------------------------------------


def _tell_cars(words: Words, by_year: pd.DataFrame) -> Story:
    return Story(
        title=f"Electric cars sold grew to {words('precedent.cars_multiple')} from 2014 to 2024, and the margin of "
        f"the whole car industry fell by {words('precedent.margin_fall')}",
        subtitle="Left: battery and plug-in cars sold in China a year. Right: profit over revenue of all car makers, "
        "electric or not; gap where no figure was found.",
        alt="Lines by year. Sales rise slowly to 2020 and then steeply. The margin falls almost every year since 2017.",
        note="The margin is of all cars: what electric cars alone earn was not found.",
    )


@chart(
    measure="Electric cars sold in China, million, and the profit margin of the whole car industry, percent, by year",
    tell=_tell_cars,
    by_year=precedent.cars_and_margin,
)
def cars(by_year: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw electric cars sold and the margin of the whole industry."""
    drawing, (left, right) = _panels(wide, 2)
    _line(left, by_year["electric_cars_sold"] / 1e6, "electric cars sold, million", MARK, 1)
    _line(right, by_year["profit_margin_pct"], "profit margin, whole car industry, %", STATE, 1)
    return drawing


# --- 4. AI -----------------------------------------------------------------------------------------------


def _tell_tokens(words: Words, counts: pd.DataFrame) -> Story:
    words("precedent.computing_turned")
    first, last = (digits(counts["tokens_trillion_a_day"].iloc[at]) for at in (0, -1))
    years = round(float(counts["when"].iloc[-1] - counts["when"].iloc[0]))
    began, ended = counts["period"].iloc[0], counts["period"].iloc[-1]
    return Story(
        title="Computing stood idle first; then daily calls of models grew to "
        f"{words('precedent.tokens_multiple')} in {spelled(years)} years",
        subtitle="Tokens processed a day in China, trillion, log scale, as officials count them.",
        alt=f"A line that rises on a log scale from {first} trillion tokens a day in early {began[:4]} to {last} "
        f"trillion in {human_date(ended)}, {words('precedent.tokens_multiple')}.",
        note="Tokens are counted by officials and firms, and a task can use many. No series of the load of computing "
        "centres after mid-2025 was found.",
    )


@chart(
    measure="Tokens that models process a day in China, trillion, log scale",
    tell=_tell_tokens,
    counts=precedent.daily_tokens,
)
def tokens(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw daily model calls by date, on a log scale."""
    width, height = (WIDE_PX, 290) if wide else (NARROW_PX, 270)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 58, 14, width - 120, height - 56)
    axes.set_yscale("log")
    # A log scale has no place for nothing.
    rows = counts.loc[counts["tokens_trillion_a_day"] > 0].sort_values("when", kind="stable")
    values, when = rows["tokens_trillion_a_day"], rows["when"]
    axes.plot(when, values, color=TREASURY, linewidth=2, marker="o", markersize=6)
    for place, (x, value) in enumerate(zip(when, values, strict=True), start=1):
        beside = place in {1, len(rows)}  # the first beside its point too: at its left stands the axis
        axes.annotate(
            digits(value),
            (x, value),
            (8 if beside else -8, 0 if beside else 5),
            textcoords="offset points",
            ha="left" if beside else "right",
            va="center",
            fontsize=SMALL,
            weight="bold",
        )
    axes.set_ylabel("trillion tokens a day, log scale", color=SOFT)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    if rows.empty:
        return drawing
    low, high = min(0.05, 0.5 * float(values.min())), max(400, 2.5 * float(values.max()))
    axes.set_ylim(low, high)
    decades = [10.0**power for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
    axes.set_yticks(decades, [digits(decade) for decade in decades])
    axes.minorticks_off()
    first, last = float(when.min()), float(when.max())
    axes.set_xlim(first - 0.2, last + 0.43)
    axes.set_xticks(range(math.ceil(first), math.floor(last) + 1))
    return drawing
