"""Figures of the chapter on the precedent."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from patient_capital.analysis import precedent
from patient_capital.analysis.precedent import PRODUCTION
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.marks import exact
from patient_capital.figures.rows import named_rows
from patient_capital.formatting import digits, human_date, spelled


def _two_panels(wide: bool) -> tuple[Canvas, list[Axes]]:
    """Return two panels, side by side on a desk, one below the other on a phone."""
    if wide:
        drawing = style.canvas(style.WIDE_PX, 270)
        return drawing, [style.grid_axes(drawing, left, 34, 284, 194) for left in (46, 406)]
    drawing = style.canvas(style.NARROW_PX, 492)
    return drawing, [style.grid_axes(drawing, 50, top, style.NARROW_PX - 84, 166) for top in (34, 280)]


def _line(
    axes: Axes, values: pd.Series, title: str, colour: str, decimals: int, further: pd.Series | None = None
) -> None:
    """Draw one series by year, with its first and last value; a gap where a year is missing.

    What is known of later years in another way, `further`, is dashed with open dots, joined where the years do not
    meet.
    """
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
        dx, dy, side = (0, -9, "top") if falling else (0, 8, "bottom")
        if at == -1 and further is not None:
            # What follows is drawn at the right of the point and above it.
            dx, dy, side = -8, 0, "center"
        style.label_beside(axes, (year, value), (dx, dy), digits(value, decimals), ha=align, va=side)
    first, last = int(values.index[0]), int(values.index[-1])
    more = pd.Series(dtype=float) if further is None else further.dropna().sort_index()
    if not more.empty:
        joined = more if more.index[0] <= last else pd.concat([values.tail(1), more])
        axes.plot(joined.index, joined.to_numpy(), color=colour, linewidth=1.6, linestyle=(0, (3, 2)))
        # A ring for what comes after the dot alone: where both are known, it would hide the dot.
        after = more[more.index > last]
        axes.plot(after.index, after.to_numpy(), "o", color=colour, markersize=6, markerfacecolor=style.CARD)
        point = (float(more.index[-1]), float(more.iloc[-1]))
        style.label_beside(axes, point, (0, 8), digits(point[1], decimals), ha="right", va="bottom")
        last = max(last, int(more.index[-1]))
    highest = max([float(values.max()), *more])
    axes.set_ylim(min(0, 1.22 * float(values.min())), 1.22 * max(0, highest) or 1)
    axes.set_xticks(range(last, first - 1, -max(1, (last - first) // 2)))


def _tell_buildup(printed: Printer, by_year: pd.DataFrame) -> Story:
    for year in (2014, 2024):
        printed(f"solar_ev_parallel[{PRODUCTION}_{year}].value")
    more = printed("precedent.made_modules")
    spot = [
        printed(f"solar_ev_parallel[pv_module_spot_opis_{when}].value") for when in ("jul_usd_w_2025", "mar_usd_w_2026")
    ]
    return Story(
        title=f"Module output of 2024 was {printed('precedent.output_multiple')} that of 2014, and the price in "
        f"Europe fell by {printed('precedent.index_fall')}; {more} more modules were made in 2025",
        subtitle="Modules made in China, direct current; dashed: 2025, preliminary. And the price of modules sold in "
        "Europe, constant dollars, yearly to 2024.",
        alt="Lines by year. Output climbs slowly to 2020 and steeply after, and still a little in 2025; the price "
        "falls, rises once, in 2022, and falls again.",
        note="What modules sold for in Europe stands far above what Chinese modules sold for in 2024. These stood at "
        f"{spot[0]} dollars a watt on 22 July 2025 and at {spot[1]} on 3 March 2026, before the export rebate ended.",
    )


@chart(
    "Module output of China, GW, and the price of modules sold in Europe, dollars a watt, by year",
    _tell_buildup,
    by_year=precedent.build_out,
)
def buildup(by_year: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw module output and the price in Europe."""
    drawing, (left, right) = _two_panels(wide)
    more = by_year.get("module_output_preliminary_gw")
    _line(left, by_year["module_output_gw"], "module output of China, GW", style.MARK, 0, more)
    _line(right, by_year["price_in_europe_usd_w"], "price in Europe, dollars a watt", style.STATE, 2)
    return drawing


def _tell_learning(printed: Printer, shares: pd.DataFrame) -> Story:
    printed("precedent.depends_on_prices")
    for case in precedent.CASES:
        printed(f"precedent.share_{case}")
        printed(f"precedent.fall_{case}")
    europe = printed("precedent.share_europe_2020")
    told = " ".join(
        f"{row.words}, which fell by {digits(row.fall_pct, 0)}: {_span_of(row)}." for row in shares.itertuples()
    )
    return Story(
        title=f"Learning explains {printed('precedent.share_chinese')} of the fall of Chinese module prices, by the "
        "years compared, and all of the smaller fall in Europe since 2020",
        subtitle="Share of the log fall of module prices that follows from doublings of output alone, by whose prices, "
        "percent. Solid: at the lowest learning rate used for these prices; hatched: up to the highest "
        f"({printed('precedent.learning_range')} a doubling in all). The upright line is the whole fall.",
        alt=f"{spelled(len(shares)).capitalize()} bars, percent of each fall. {told}",
        note=f"Above the whole, as {europe} in Europe since 2020, prices fell by less than learning alone makes. The "
        "roadmap's rate stands with the roadmap's prices, the fitted ones with prices in Europe; for Chinese prices "
        "no rate of their own was measured, and all are used. Chinese prices are in dollars of the day and from a "
        "single firm of analysts, those in Europe in constant dollars. What is left is not identified: glut, the end "
        "of the polysilicon shortage that lifted prices in 2021 and 2022, and falling margins cannot be told apart.",
    )


def _span_of(row: Any) -> str:
    low, high = digits(row.low_pct, 0), digits(row.high_pct, 0)
    return low if low == high else f"{low} to {high}"


@chart(
    "Share of the fall of module prices, in logs, that learning alone explains, percent",
    _tell_learning,
    legend=(("mark", "solid", "at the lowest learning rate"), ("mark", "hatch", "up to the highest")),
    shares=precedent.shares,
)
def learning(shares: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a fall: what learning explains at the lowest rate, and hatched up to the highest."""
    drawing, rows = named_rows(wide, shares["words"], tall=17, step=32, right=(24, 20), indent=4, bottom=36)
    axes = rows.axes
    # The label stands at the right of its bar.
    end = max(100, 25 * math.ceil(1.25 * float(shares[["low_pct", "high_pct"]].max().max()) / 25))
    axes.set_xlim(min(0, float(shares["low_pct"].min())), end)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    for place, row in enumerate(shares.itertuples()):
        rows.name(place, row.words)
        style.block(axes, (0, rows.top(place)), 100, rows.height, "none", style.RULE)
        style.block(axes, (0, rows.top(place)), row.low_pct, rows.height, style.MARK)
        span = row.high_pct - row.low_pct
        style.block(axes, (row.low_pct, rows.top(place)), span, rows.height, "none", style.MARK, hatch="////")
        # The label of a share stands behind the line of the whole, which runs through none.
        rows.value(place, max(100.0, row.high_pct), f"{_span_of(row)}%")
    rows.line(100, range(len(shares)))
    axes.set_xlabel("share of the fall that learning explains, in logs, %")
    return drawing


def _tell_cars(printed: Printer, by_year: pd.DataFrame) -> Story:
    home, abroad = printed("precedent.cars_home_growth"), printed("precedent.car_exports_multiple")
    return Story(
        title=f"From 2014 to 2024 sales of electric cars grew to {printed('precedent.cars_multiple')}, and the margin "
        f"of the whole car industry fell by {printed('precedent.margin_fall')}",
        subtitle="Battery and plug-in cars sold in China a year; dashed: sales of makers less exports, which the "
        "association counts with lorries and buses. And profit over revenue of all car makers, electric or not; a gap "
        "where the table has no year.",
        alt=f"Lines by year. Sales rise slowly to 2020 and then steeply, in 2025 by {home}. The margin falls every "
        "year since 2017.",
        note=f"Exports of 2025 were {abroad} those of 2024. The margin is of all cars. Of makers that sell electric "
        "cars alone, the table holds the profit of single firms.",
    )


@chart(
    "Electric cars sold in China, million, and the profit margin of the whole car industry, percent, by year",
    _tell_cars,
    by_year=precedent.cars_and_margin,
)
def cars(by_year: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw electric cars sold and the margin of the whole industry."""
    drawing, (left, right) = _two_panels(wide)
    home = by_year["sold_at_home"] / 1e6 if "sold_at_home" in by_year else None
    _line(left, by_year["electric_cars_sold"] / 1e6, "electric cars sold, million", style.MARK, 1, home)
    _line(right, by_year["profit_margin_pct"], "profit margin, whole car industry, %", style.STATE, 1)
    return drawing


def _tell_chain(printed: Printer, chain: pd.DataFrame) -> Story:
    printed("precedent.chain_parted")
    most = printed(f"precedent.in_use_{str(chain['in_use_most_pct'].idxmax()).lower()}")
    silicon, modules = printed("precedent.made_polysilicon"), printed("precedent.made_modules")
    told = ", ".join(f"{name} {printed(f'precedent.in_use_{name.lower()}')}" for name in chain.index)
    return Story(
        title=f"In 2025 China made {silicon} less polysilicon and {modules} more modules; no link of the chain used "
        f"more than {most} of its capacity",
        subtitle="Share of the capacity of the end of 2025 that output of 2025 can have used, percent. Below each "
        "name: output of 2025 and its change against 2024. China, preliminary.",
        alt=f"{spelled(len(chain)).capitalize()} bars, at most: {told}. Output of polysilicon and wafers fell, that of "
        "cells and modules rose.",
        note="The shares are upper ends, since the association gives capacity as a lower bound. Capacity on paper is "
        "not a plant that runs; makers close lines without counting them out.",
    )


@chart(
    "Share of solar capacity that output can have used, percent, by link of the chain",
    _tell_chain,
    chain=precedent.chain_of_2025,
)
def chain(chain: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a link: the share of capacity in use, of a whole."""
    drawing, axes = style.row_drawing(wide, len(chain), left=(210, 6), right=20, step=(56, 80), bottom=36)
    end = max(100, 20 * math.ceil(1.1 * float(chain["in_use_most_pct"].max()) / 20))
    axes.set_xlim(0, end)
    ticks = range(0, end + 1, 20)
    axes.set_xticks(ticks, [f"{tick}%" if tick == ticks[-1] else str(tick) for tick in ticks])
    for place, row in enumerate(chain.itertuples()):
        y = place if wide else place + 0.2
        change = f"{digits(abs(row.change_pct), 0)}% {'less' if row.change_pct < 0 else 'more'}"
        amount = f"{digits(row.made_2025, 2 if row.made_2025 < 10 else 0)} {row.unit}, {change}"
        if wide:
            style.row_label(axes, place - 0.16, str(row.Index), wide, x=(-2, 0), weight="bold")
            style.row_label(axes, place + 0.18, amount, wide, x=(-2, 0), size=style.SMALL, colour=style.SOFT)
        else:
            style.row_label(axes, place, f"{row.Index}: {amount}", wide, x=(-2, 0), above=0.24)
        style.block(axes, (0, y - 0.2), 100, 0.4, "none", style.RULE)
        style.block(axes, (0, y - 0.2), row.in_use_most_pct, 0.4, style.MARK)
        axes.text(row.in_use_most_pct + 2, y, f"{digits(row.in_use_most_pct, 0)}%", va="center", weight="bold")
    axes.set_xlabel("share of capacity in use, at most")
    return drawing


def _tell_losses(printed: Printer, losses: pd.DataFrame) -> Story:
    before, now = printed("precedent.loss_2024"), printed("precedent.loss_2025")
    count = printed("precedent.makers_counted", "Word")
    worse, better = (printed(f"precedent.makers_{case}", "word") for case in ("worse", "better"))
    printed("precedent.losses_depend_on_makers")
    forecasts, two = spelled(int(losses["forecast"].sum())), " and ".join(precedent.ADDED)
    return Story(
        title=f"{count} makers lost {before} in 2024 and {now} in 2025; without {two} "
        f"{printed('precedent.loss_2024_of_five')}, then {printed('precedent.loss_2025_of_five')}",
        subtitle=f"Net loss of listed solar firms, bn yuan. Of those shown {worse} lost more than the year before, "
        f"{better} less; the rest may be either.",
        alt="A pair of bars a firm. "
        + " ".join(
            f"{row.Index}: {digits(row.loss_2024, 1)} in 2024, {digits(row.least_2025, 1)}"
            + (f" to {digits(row.most_2025, 1)}" if row.forecast else "")
            + " in 2025."
            for row in losses.itertuples()
        ),
        note=f"Results of 2025 are preliminary; those of {forecasts} firms are forecasts of January 2026, since their "
        "final results were not found. Jinko had a small profit in 2024.",
        searches=("solar_results_2025",),
    )


@chart(
    "Net loss of listed solar firms by year, bn yuan",
    _tell_losses,
    legend=(
        ("treasury", "solid", "2024"),
        ("state", "solid", "2025, at least"),
        ("state", "hatch", "2025, up to the end of the forecast"),
    ),
    losses=precedent.losses_of_makers,
)
def losses(losses: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw two bars a maker: its loss of 2024, and that of 2025 with the span of the forecast."""
    drawing, axes = style.row_drawing(wide, len(losses), left=(120, 6), right=(90, 76), step=(48, 72), bottom=36)
    columns = losses[["loss_2024", "most_2025"]]
    axes.set_xlim(min(0.0, float(columns.min().min())), 1.02 * float(columns.max().max()))
    for place, row in enumerate(losses.itertuples()):
        y = place if wide else place + 0.16
        style.row_label(axes, place, str(row.Index), wide, x=(-0.25, 0), above=0.32)
        loss = {"2024": exact(row.loss_2024), "2025": exact(row.least_2025)}
        if row.forecast:
            loss["2025"] += f" to {exact(row.most_2025)}"
        said = {year: f"{row.Index}: {amount}bn yuan lost in {year}" for year, amount in loss.items()}
        if row.loss_2024 < 0:
            said["2024"] = f"{row.Index}: profit of {exact(-row.loss_2024)}bn yuan in 2024"
        style.block(axes, (0, y - 0.3), row.loss_2024, 0.26, style.TREASURY, said=said["2024"])
        style.block(axes, (0, y + 0.04), row.least_2025, 0.26, style.STATE, said=said["2025"])
        span = row.most_2025 - row.least_2025
        style.block(axes, (row.least_2025, y + 0.04), span, 0.26, style.CARD, style.STATE, hatch="//////")
        label = f"profit {digits(-row.loss_2024, 1)}" if row.loss_2024 < 0 else digits(row.loss_2024, 1)
        axes.text(max(row.loss_2024, 0) + 0.12, y - 0.17, label, va="center", fontsize=style.SMALL)
        now = digits(row.least_2025, 1) + (f" to {digits(row.most_2025, 1)}" if row.forecast else "")
        axes.text(row.most_2025 + 0.12, y + 0.17, now, va="center", fontsize=style.SMALL, weight="bold")
    axes.set_xlabel("net loss, bn yuan")
    return drawing


def _tell_tokens(printed: Printer, counts: pd.DataFrame) -> Story:
    first, last = (digits(counts["tokens_trillion_a_day"].iloc[at]) for at in (0, -1))
    base, top = (printed(f"ai_overcapacity[{counts.index[at]}].value", "bare") for at in (0, -1))
    printed("precedent.tokens_thousandfold")
    began, ended = counts["period"].iloc[0], counts["period"].iloc[-1]
    return Story(
        title=f"Tokens a day grew roughly a thousandfold, from about {base} trillion in {human_date(began)} to above "
        f"{top} trillion in {human_date(ended)}",
        subtitle="Tokens that models read and write in China a day, trillion, log scale, as officials count them.",
        alt=f"A line that rises on a log scale from {first} trillion tokens a day in early {began[:4]} to {last} "
        f"trillion in {human_date(ended)}.",
        note="The first count is rounded. Tokens are counted by officials and firms, perhaps not always in the same "
        "way, and a task can use many. No series of the load of computing centres after mid-2025 was found.",
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
        # At the left of the first point stands the axis, and the line rises at its right: its label stands below.
        beside = (6, -9) if place == 1 else (8, 0)
        shift, side = (beside, "left") if place in {1, len(rows)} else ((-8, 5), "right")
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
