"""Figures of the chapter on the precedent."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis.precedent import CARS, MARGIN, PRICE_INDEX, PRODUCTION, ai_series, series, shares
from patient_capital.figures.record import Figure, figure, make, start
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
from patient_capital.formatting import digits
from patient_capital.tables import Data


def _panels(wide: bool, count: int) -> tuple[Canvas, list[Axes]]:
    """Return panels side by side on a desk, one below the other on a phone."""
    if wide:
        drawing = canvas(WIDE_PX, 270)
        cell = WIDE_PX / count
        return drawing, [axes_at(drawing, cell * i + 46, 34, cell - 76, 194) for i in range(count)]
    drawing = canvas(NARROW_PX, 246 * count)
    return drawing, [axes_at(drawing, 50, 246 * i + 34, NARROW_PX - 84, 166) for i in range(count)]


def _line(axes: Axes, values: pd.Series, title: str, colour: str, decimals: int, ticks: tuple[int, ...]) -> None:
    for _, run in values.groupby((values.index.to_series().diff() > 1).cumsum().to_numpy()):
        axes.plot(run.index, run.to_numpy(), color=colour, linewidth=2)
    for at, align, shift in ((0, "left", 0), (-1, "right", 0)):
        year, value = values.index[at], float(values.iloc[at])
        axes.plot([year], [value], "o", color=colour, markersize=6)
        falling = at == -1 and value < float(values.iloc[-2])
        axes.annotate(digits(value, decimals), (year, value), (shift, -9 if falling else 8), textcoords="offset points", ha=align,
                      va="top" if falling else "bottom", weight="bold", color=INK, fontsize=SMALL)  # fmt: skip
    axes.set_ylim(0, float(values.max()) * 1.22)
    axes.set_title(title, loc="left", weight="bold", color=INK, pad=10, fontsize=SMALL)
    axes.set_xticks(list(ticks))
    axes.grid(axis="y")
    axes.tick_params(length=0)


# --- 1. Build-out and price ------------------------------------------------------------------------------


def _draw_buildup(output: pd.Series, price: pd.Series, wide: bool) -> Canvas:
    drawing, (left, right) = _panels(wide, 2)
    _line(left, output, "module output of China, GW", MARK, 0, (2014, 2019, 2024))
    _line(right, price, "world price index, dollars a watt", STATE, 2, (2014, 2019, 2024))
    return drawing


@figure("precedent.buildup")
def buildup(data: Data) -> Figure:
    """Module output and world price."""
    ctx, words = start(data)
    output, price = series(ctx, PRODUCTION), series(ctx, PRICE_INDEX).loc[2014:]
    plotted = pd.DataFrame(
        {
            "year": output.index,
            "module_output_gw": output.to_numpy(),
            "price_index_usd_w": price.reindex(output.index).to_numpy(),
        }
    )
    for year in (2015, 2024):
        words(f"solar_ev_parallel[{PRODUCTION}_{year}].value")
    return make(
        "precedent.buildup", words=words, reader=ctx, plotted=plotted, draw=lambda wide: _draw_buildup(output, price, wide),
        title=f"Module output of 2024 was {words('precedent.output_multiple')} that of 2015; five leading makers lost {words('precedent.loss_2024')} in that year",
        subtitle="Left: modules made in China, direct current. Right: world price index of modules in constant dollars, yearly.",
        alt="Two lines. Output climbs slowly to 2020 and steeply after; the price falls, pauses in 2021 and 2022, and falls again.",
        note="The index follows world averages and stands far above what Chinese modules sold for in 2024.",
    )  # fmt: skip


# --- 2. Learning -----------------------------------------------------------------------------------------


def _draw_shares(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 210) if wide else (NARROW_PX, 6)
    step = 56 if wide else 74
    drawing = canvas(width, len(frame) * step + 50)
    axes = row_axes(drawing, left, 6, width - left - 20, len(frame) * step, len(frame))
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    for place, row in enumerate(frame.itertuples()):
        y = place if wide else place + 0.14
        axes.text(
            -2 if wide else 0,
            y if wide else place - 0.28,
            row.words,
            ha="right" if wide else "left",
            va="center",
            fontsize=TEXT if wide else SMALL,
        )
        axes.add_patch(Rectangle((0, y - 0.2), 100, 0.4, facecolor="none", edgecolor=RULE))
        axes.add_patch(Rectangle((0, y - 0.2), row.share_pct, 0.4, facecolor=MARK, edgecolor=MARK))
        axes.add_patch(
            Rectangle(
                (row.low_pct, y - 0.2), row.high_pct - row.low_pct, 0.4, facecolor="none", edgecolor=MARK, hatch="////"
            )
        )
        axes.text(
            row.high_pct + 2, y, f"{digits(row.share_pct, 0)} to {digits(row.high_pct, 0)}%", va="center", weight="bold"
        )
    axes.set_xlabel("share of the fall, in logs, that learning alone explains")
    return drawing


@figure("precedent.learning")
def learning(data: Data) -> Figure:
    """What learning alone explains, by base year."""
    ctx, words = start(data)
    frame = shares(ctx)
    words("precedent.depends_on_base")
    return make(
        "precedent.learning", words=words, reader=ctx, plotted=frame, draw=lambda wide: _draw_shares(frame, wide),
        title=f"Learning explains {words('precedent.share_2023_range')} of the halving of 2023, but {words('precedent.share_2020_range')} of the fall since 2020",
        subtitle="Share of the log fall of module prices that follows from doublings of output alone. Solid: the learning rate of the industry's roadmap; "
        f"hatched: up to the highest fitted rate ({words('precedent.learning_range')} a doubling).",
        alt=f"Three bars. The halving in 2023: {words('precedent.share_2023')} at the roadmap's rate. From 2022 to 2024: {words('precedent.share_2022')}, or {words('precedent.share_2022_range')}. "
        f"From 2020 to 2024: {words('precedent.share_2020')}.",
        legend=(("mark", "solid", "at the roadmap's learning rate"), ("mark", "hatch", "up to the highest fitted rate")),
        note="What is left is not identified: glut, the end of the polysilicon shortage that lifted prices in 2021 and 2022, and falling margins cannot be told apart.",
    )  # fmt: skip


# --- 3. Cars ---------------------------------------------------------------------------------------------


def _draw_cars(sales: pd.Series, margin: pd.Series, wide: bool) -> Canvas:
    drawing, (left, right) = _panels(wide, 2)
    _line(left, sales / 1e6, "electric cars sold, million", MARK, 1, (2014, 2019, 2024))
    _line(right, margin, "profit margin, whole car industry, %", STATE, 1, (2015, 2020, 2025))
    return drawing


@figure("precedent.cars")
def cars(data: Data) -> Figure:
    """Electric cars sold and the margin of the whole industry."""
    ctx, words = start(data)
    sales, margin = series(ctx, CARS).loc[2014:], series(ctx, MARGIN)
    plotted = pd.concat([sales.rename("electric_cars_sold"), margin.rename("profit_margin_pct")], axis=1).reset_index(
        names="year"
    )
    return make(
        "precedent.cars", words=words, reader=ctx, plotted=plotted, draw=lambda wide: _draw_cars(sales, margin, wide),
        title=f"Electric cars sold grew to {words('precedent.cars_multiple')} in ten years, and the margin of the whole car industry fell by {words('precedent.margin_fall')}",
        subtitle="Left: battery and plug-in cars sold in China a year. Right: profit over revenue of all car makers, electric or not; gap where no figure was found.",
        alt="Two lines. Sales rise slowly to 2020 and then steeply. The margin falls almost every year since 2017.",
        note="The margin is of all cars: what electric cars alone earn was not found.",
    )  # fmt: skip


# --- 4. AI -----------------------------------------------------------------------------------------------


def _draw_ai(tokens: pd.DataFrame, wide: bool) -> Canvas:
    width, height = (WIDE_PX, 290) if wide else (NARROW_PX, 270)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 58, 14, width - 120, height - 56)
    axes.set_yscale("log")
    axes.plot(tokens["when"], tokens["value"], color=TREASURY, linewidth=2, marker="o", markersize=6)
    for place, row in enumerate(tokens.itertuples(), start=1):
        last = place in {1, len(tokens)}  # the first beside its point too: at its left stands the axis
        axes.annotate(digits(row.value), (row.when, row.value), (8 if last else -8, 0 if last else 5), textcoords="offset points",
                      ha="left" if last else "right", va="center", fontsize=SMALL, weight="bold")  # fmt: skip
    axes.set_ylim(0.05, 400)
    axes.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    axes.minorticks_off()
    axes.set_xlim(2023.8, 2026.6)
    axes.set_xticks([2024, 2025, 2026])
    axes.set_ylabel("trillion tokens a day, log scale", color=SOFT)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


@figure("precedent.tokens")
def tokens(data: Data) -> Figure:
    """Daily model calls."""
    ctx, words = start(data)
    frame = ai_series(ctx, "daily_tokens")
    words("precedent.computing_turned")
    return make(
        "precedent.tokens", words=words, reader=ctx, plotted=frame.reset_index(names="row_id"), draw=lambda wide: _draw_ai(frame, wide),
        title=f"Computing stood idle first; then daily calls of models grew to {words('precedent.tokens_multiple')} in two years",
        subtitle="Tokens processed a day in China, trillion, log scale, as officials count them.",
        alt=f"A line that rises on a log scale from 0.1 trillion tokens a day in early 2024 to 140 trillion in March 2026, {words('precedent.tokens_multiple')}.",
        note="Tokens are counted by officials and firms, and one task can use many. No series of the load of computing centres after mid-2025 was found.",
    )  # fmt: skip
