"""Figures of the chapter on the precedent."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import precedent
from patient_capital.analysis.precedent import PRODUCTION
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, human_date, spelled


def _two_panels(wide: bool) -> tuple[Canvas, list[Axes]]:
    """Return two panels, side by side on a desk, one below the other on a phone."""
    if wide:
        drawing = style.canvas(style.WIDE_PX, 270)
        return drawing, [style.grid_axes(drawing, left, 34, 284, 194) for left in (46, 406)]
    drawing = style.canvas(style.NARROW_PX, 492)
    return drawing, [style.grid_axes(drawing, 50, top, style.NARROW_PX - 84, 166) for top in (34, 280)]


def _line(axes: Axes, values: pd.Series, title: str, colour: str, decimals: int) -> None:
    """Draw one series by year, with its first and last value; a gap where a year is missing."""
    values = values.dropna().sort_index()
    axes.set_title(title, loc="left", weight="bold", color=style.INK, pad=10, fontsize=style.SMALL)
    if values.empty:
        axes.set_xticks([])
        return
    for _, run in values.groupby((values.index.to_series().diff() > 1).cumsum().to_numpy()):
        axes.plot(run.index, run.to_numpy(), color=colour, linewidth=2)
    for at, align in ((0, "left"), (-1, "right"))[: len(values)]:
        year, value = values.index[at], float(values.iloc[at])
        axes.plot([year], [value], "o", color=colour, markersize=6)
        falling = at == -1 and value < float(values.iloc[-2])
        dy, side = (-9, "top") if falling else (8, "bottom")
        style.label_beside(axes, (year, value), (0, dy), digits(value, decimals), ha=align, va=side)
    axes.set_ylim(min(0, 1.22 * float(values.min())), 1.22 * max(0, float(values.max())) or 1)
    first, last = int(values.index[0]), int(values.index[-1])
    axes.set_xticks(range(last, first - 1, -max(1, (last - first) // 2)))


def _tell_buildup(printed: Printer, by_year: pd.DataFrame) -> Story:
    for year in (2015, 2024):
        printed(f"solar_ev_parallel[{PRODUCTION}_{year}].value")
    return Story(
        title=f"Module output of 2024 was {printed('precedent.output_multiple')} that of 2015; five large listed firms "
        f"lost {printed('precedent.loss_2024')} in that year",
        subtitle="Left: modules made in China, direct current. Right: world price index of modules in constant "
        "dollars, yearly.",
        alt="Lines by year. Output climbs slowly to 2020 and steeply after; the price falls, pauses in 2021 and 2022, "
        "and falls again.",
        note="The index follows prices of modules sold in Europe and stands far above what Chinese modules sold for in 2024.",
    )


@chart(
    "Module output of China, GW, and the world price index of modules, dollars a watt, by year",
    _tell_buildup,
    by_year=precedent.build_out,
)
def buildup(by_year: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw module output and world price."""
    drawing, (left, right) = _two_panels(wide)
    _line(left, by_year["module_output_gw"], "module output of China, GW", style.MARK, 0)
    _line(right, by_year["price_index_usd_w"], "world price index, dollars a watt", style.STATE, 2)
    return drawing


def _tell_learning(printed: Printer, shares: pd.DataFrame) -> Story:
    printed("precedent.depends_on_base")
    return Story(
        title=f"Learning explains {printed('precedent.share_2023_range')} of the halving of 2023, but "
        f"{printed('precedent.share_2020_range')} of the fall since 2020",
        subtitle="Share of the log fall of module prices that follows from doublings of output alone. Solid: the "
        "learning rate of the industry's roadmap; hatched: up to the highest fitted rate "
        f"({printed('precedent.learning_range')} a doubling).",
        alt=f"{spelled(len(shares)).capitalize()} bars. The halving in 2023: {printed('precedent.share_2023')} at the "
        f"roadmap's rate. From 2022 to 2024: {printed('precedent.share_2022')}, or "
        f"{printed('precedent.share_2022_range')}. From 2020 to 2024: {printed('precedent.share_2020')}.",
        note="What is left is not identified: glut, the end of the polysilicon shortage that lifted prices in 2021 and "
        "2022, and falling margins cannot be told apart.",
    )


@chart(
    "Share of the fall of module prices, in logs, that learning alone explains, percent",
    _tell_learning,
    legend=(("mark", "solid", "at the roadmap's learning rate"), ("mark", "hatch", "up to the highest fitted rate")),
    shares=precedent.shares,
)
def learning(shares: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a fall: what learning explains at the first rate, and hatched over all rates."""
    drawing, axes = style.row_drawing(wide, len(shares), left=(210, 6), right=20, step=(56, 74), bottom=44)
    # The label stands at the right of its bar.
    end = max(100, 25 * math.ceil(1.25 * float(shares[["share_pct", "high_pct"]].max().max()) / 25))
    axes.set_xlim(min(0, float(shares["low_pct"].min())), end)
    ticks = range(0, end + 1, 25 if end <= 200 else 100)
    axes.set_xticks(ticks, [f"{tick}%" if tick == ticks[-1] else str(tick) for tick in ticks])
    for place, row in enumerate(shares.itertuples()):
        y = place if wide else place + 0.14
        style.row_label(axes, place, row.words, wide, x=(-2, 0), above=0.28)
        style.block(axes, (0, y - 0.2), 100, 0.4, "none", style.RULE)
        style.block(axes, (0, y - 0.2), row.share_pct, 0.4, style.MARK)
        span = row.high_pct - row.low_pct
        style.block(axes, (row.low_pct, y - 0.2), span, 0.4, "none", style.MARK, hatch="////")
        label = f"{digits(row.share_pct, 0)} to {digits(row.high_pct, 0)}%"
        axes.text(row.high_pct + 2, y, label, va="center", weight="bold")
    axes.set_xlabel("share of the fall, in logs, that learning alone explains")
    return drawing


def _tell_cars(printed: Printer, by_year: pd.DataFrame) -> Story:
    return Story(
        title=f"Electric cars sold grew to {printed('precedent.cars_multiple')} from 2014 to 2024, and the margin of "
        f"the whole car industry fell by {printed('precedent.margin_fall')}",
        subtitle="Left: battery and plug-in cars sold in China a year. Right: profit over revenue of all car makers, "
        "electric or not; a gap where the table has no year.",
        alt="Lines by year. Sales rise slowly to 2020 and then steeply. The margin falls almost every year since 2017.",
        note="The margin is of all cars. Of makers that sell electric cars alone, the table holds the profit of single firms.",
    )


@chart(
    "Electric cars sold in China, million, and the profit margin of the whole car industry, percent, by year",
    _tell_cars,
    by_year=precedent.cars_and_margin,
)
def cars(by_year: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw electric cars sold and the margin of the whole industry."""
    drawing, (left, right) = _two_panels(wide)
    _line(left, by_year["electric_cars_sold"] / 1e6, "electric cars sold, million", style.MARK, 1)
    _line(right, by_year["profit_margin_pct"], "profit margin, whole car industry, %", style.STATE, 1)
    return drawing


def _tell_tokens(printed: Printer, counts: pd.DataFrame) -> Story:
    printed("precedent.computing_turned")
    first, last = (digits(counts["tokens_trillion_a_day"].iloc[at]) for at in (0, -1))
    years = round(float(counts["when"].iloc[-1] - counts["when"].iloc[0]))
    began, ended = counts["period"].iloc[0], counts["period"].iloc[-1]
    return Story(
        title=f"Computing stood idle first; then daily calls of models grew to {printed('precedent.tokens_multiple')} "
        f"in {spelled(years)} years",
        subtitle="Tokens processed a day in China, trillion, log scale, as officials count them.",
        alt=f"A line that rises on a log scale from {first} trillion tokens a day in early {began[:4]} to {last} "
        f"trillion in {human_date(ended)}, {printed('precedent.tokens_multiple')}.",
        note="Tokens are counted by officials and firms, and a task can use many. No series of the load of computing "
        "centres after mid-2025 was found.",
        searches=("computing_load",),
    )


@chart("Tokens that models process a day in China, trillion, log scale", _tell_tokens, counts=precedent.daily_tokens)
def tokens(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw daily model calls by date, on a log scale."""
    drawing, axes = style.plot_drawing(wide, (290, 270), left=58, right=62, top=14, bottom=42)
    axes.set_yscale("log")
    # A log scale has no place for nothing.
    rows = counts.loc[counts["tokens_trillion_a_day"] > 0].sort_values("when", kind="stable")
    values, when = rows["tokens_trillion_a_day"], rows["when"]
    axes.plot(when, values, color=style.TREASURY, linewidth=2, marker="o", markersize=6)
    for place, (x, value) in enumerate(zip(when, values, strict=True), start=1):
        # The first label stands right of its point too: at its left stands the axis.
        shift, side = ((8, 0), "left") if place in {1, len(rows)} else ((-8, 5), "right")
        style.label_beside(axes, (x, value), shift, digits(value), ha=side, va="center")
    axes.set_ylabel("trillion tokens a day, log scale", color=style.SOFT)
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
