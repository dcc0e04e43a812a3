"""Figures of the chapter on the rivalry of regions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis.regions import (
    HAINAN,
    JIANGSU,
    LEADERS,
    PAIR,
    ZHEJIANG,
    elasticities,
    filings_and_rd,
    instrument_matrix,
    intensity_gap,
    measures,
    pair,
)
from patient_capital.figures.record import Figure, figure, make, start
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    OPEN,
    RULE,
    SMALL,
    SOFT,
    STATE,
    TEXT,
    TREASURY,
    VOID,
    WIDE_PX,
    axes_at,
    bare,
    canvas,
    row_axes,
)
from patient_capital.formatting import digits
from patient_capital.tables import Data

BEHIND = {"facecolor": CARD, "edgecolor": "none", "pad": 0.8}
"""Keeps lines from crossing a label that stands above its mark."""


def _names(data: Data) -> dict[str, str]:
    return {code: text["name_en"] for code, text in data.table("province_codes").text.items()}


# --- 1. Tile map -----------------------------------------------------------------------------------------

STEPS = ((300, MARK, 1.0), (100, MARK, 0.6), (30, MARK, 0.4), (0, MARK, 0.2))


def _draw_tiles(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, side = (WIDE_PX, 56) if wide else (NARROW_PX, 40)
    rows, columns = int(frame["row"].max()), int(frame["col"].max())
    drawing = canvas(width, rows * side + 6)
    axes = axes_at(drawing, 0, 0, width, rows * side + 6)
    axes.set_xlim(0, width)
    axes.set_ylim(rows * side + 6, 0)
    bare(axes)
    left = (width - columns * side) / 2
    for row in frame.itertuples():
        x, y = left + (row.col - 1) * side, 2 + (row.row - 1) * side
        known = not np.isnan(row.filings)
        strength = next((alpha for floor, _, alpha in STEPS if row.filings >= floor), 0.0) if known else 0.0
        axes.add_patch(Rectangle((x + 1, y + 1), side - 3, side - 3, facecolor=MARK if known else "none", alpha=strength or None,
                                 edgecolor="none"))  # fmt: skip
        axes.add_patch(Rectangle((x + 1, y + 1), side - 3, side - 3, facecolor="none", edgecolor=OPEN if known else VOID, linewidth=1,
                                 hatch=None if known else "////"))  # fmt: skip
        ink = CARD if strength == 1 else INK
        axes.text(
            x + side / 2, y + side * 0.34, row.abbr, ha="center", va="center", weight="bold", color=ink, fontsize=SMALL
        )
        if known:
            axes.text(
                x + side / 2,
                y + side * 0.7,
                digits(row.filings, 0),
                ha="center",
                va="center",
                color=ink,
                fontsize=SMALL,
            )
    return drawing


@figure("regions.map")
def tile_map(data: Data) -> Figure:
    """Filings on a grid of the 31 units."""
    ctx, words = start(data)
    frame = filings_and_rd(ctx)
    grid = ctx.frame("tile_grid", "abbr", "alt_row", "alt_col", keep=lambda t: t.index.isin(frame.index))
    plotted = (
        grid.rename(columns={"alt_row": "row", "alt_col": "col"}).join(frame["filings"]).reset_index(names="iso_code")
    )
    plotted["row"] -= plotted["row"].min() - 1
    plotted["col"] -= plotted["col"].min() - 1
    return make(
        "regions.map", words=words, reader=ctx, plotted=plotted, draw=lambda wide: _draw_tiles(plotted, wide),
        title=f"Four places hold {words('regions.top4_filings')} of the filings",
        subtitle="Deep-synthesis algorithms filed by province of the filer, to July 2025, one tile a unit. One indicator of registration, "
        "not of AI output.",
        alt=f"A grid of {words('regions.units')} tiles. Beijing, Guangdong, Shanghai and Zhejiang are darkest; "
        f"{words('regions.listed')} units have a count, the others share {words('regions.rest')} filings.",
        legend=(("mark", "solid", "filings, darker is more"), ("void", "hatch", "not listed")),
        note="The grid holds the units of the data. Hong Kong, Macao and Taiwan are outside the data; no statement on status.",
    )  # fmt: skip


# --- 2. Filings against R&D ------------------------------------------------------------------------------

LABELLED = {
    "CN-BJ": (-8, 6), "CN-GD": (8, 2), "CN-SH": (-8, 4), "CN-ZJ": (8, -6), "CN-JS": (8, -4), "CN-HI": (8, 4), "CN-SN": (8, -4),
    "CN-SD": (8, -2), "CN-SC": (-8, 6),
}  # fmt: skip


def _draw_scatter(frame: pd.DataFrame, names: dict[str, str], wide: bool) -> Canvas:
    width, height = (WIDE_PX, 400) if wide else (NARROW_PX, 360)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 54, 10, width - 70, height - 58)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.25, 800 if wide else 4000)
    axes.set_ylim(1, 2500)
    known, unknown = frame.dropna(subset="filings"), frame.loc[frame["filings"].isna()]
    floor = float(known["filings"].min())
    for rd in unknown["rd_cny_bn"]:
        axes.plot([rd, rd], [1.15, floor], color=VOID, linewidth=5, alpha=0.7, solid_capstyle="butt")
    for code, row in known.iterrows():
        colour = STATE if code in LEADERS else TREASURY if code in {HAINAN, JIANGSU} else SOFT
        axes.plot([row["rd_cny_bn"]], [row["filings"]], "o", color=colour, markersize=7)
        if code in LABELLED and (wide or code in {*LEADERS, HAINAN, JIANGSU}):
            dx, dy = LABELLED[str(code)]
            axes.annotate(names[str(code)], (row["rd_cny_bn"], row["filings"]), (dx, dy), textcoords="offset points",
                          ha="left" if dx > 0 else "right", va="center", fontsize=SMALL, color=INK)  # fmt: skip
    axes.set_xticks([1, 10, 100], ["1", "10", "100"])
    axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    axes.minorticks_off()
    axes.set_xlabel("R&D in 2023, bn yuan, log scale")
    axes.set_ylabel("filings, log scale")
    axes.grid()
    axes.tick_params(length=0)
    return drawing


@figure("regions.scatter")
def scatter(data: Data) -> Figure:
    """Filings against R&D on log axes, the unlisted as what is known of them."""
    ctx, words = start(data)
    frame = filings_and_rd(ctx)
    names = _names(data)
    words("regions.four_places")
    return make(
        "regions.scatter", words=words, reader=ctx, plotted=frame.reset_index(names="iso_code"),
        draw=lambda wide: _draw_scatter(frame, names, wide),
        title=f"Filings rise with R&D, by an elasticity of {words('regions.elasticity')}; whether above one depends on four places",
        subtitle="Deep-synthesis filings to July 2025 against R&D of 2023, both on log scales. Grey bars: units that are not listed and lie "
        "somewhere below the smallest listed count.",
        alt=f"A cloud of points rising to the right. Rank correlation {words('regions.rank')} over {words('regions.listed')} listed units. "
        "Beijing, Shanghai, Guangdong and Zhejiang lie above the rest; Hainan far above for its R&D.",
        legend=(("state", "solid", "the four leaders"), ("treasury", "solid", "Hainan, Jiangsu"), ("void", "solid", "not listed: at most the smallest count")),
        note="Headquarters and registration drive where a filing is counted; Hainan is probably a place of registration.",
    )  # fmt: skip


def _draw_fits(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 275) if wide else (NARROW_PX, 6)
    step = 24 if wide else 36
    drawing = canvas(width, len(frame) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 20, len(frame) * step, len(frame))
    axes.set_xlim(-0.2, 2.2)
    axes.axvline(1, color=INK, linewidth=1, linestyle=(0, (3, 2)))
    colours = {"ols": SOFT, "censored": MARK, "poisson": STATE}
    for place, row in enumerate(frame.itertuples()):
        y = place if wide else place + 0.2
        label = f"{row.words}, {'least squares' if row.method == 'ols' else row.method} ({row.n})"
        axes.text(-0.26 if wide else -0.2, y if wide else place - 0.22, label, ha="right" if wide else "left", va="center",
                  fontsize=SMALL if wide else 10.5, bbox=None if wide else BEHIND)  # fmt: skip
        axes.plot([row.low, row.high], [y, y], color=colours[row.method], linewidth=2)
        axes.plot([row.slope], [y], "o", color=colours[row.method], markersize=7)
    axes.set_xlabel("elasticity, with 95 percent interval")
    return drawing


@figure("regions.fits")
def fits(data: Data) -> Figure:
    """Every fit of the elasticity."""
    ctx, words = start(data)
    frame = elasticities(ctx)
    order = {"ols": 0, "censored": 1, "poisson": 2}
    frame = frame.assign(_rank=frame["method"].map(order)).sort_values(["_rank"], kind="stable").drop(columns="_rank")
    return make(
        "regions.fits", words=words, reader=ctx, plotted=frame, draw=lambda wide: _draw_fits(frame, wide),
        title=f"Leaving places out moves the elasticity from {words('regions.censored_no_leaders')} to {words('regions.censored_no_hainan')} on all units",
        subtitle="Elasticity of filings to R&D by method and sample; in brackets the number of units. Least squares drops the unlisted units, "
        "which are missing because they are low: it understates.",
        alt=f"Dots with intervals. Least squares on the listed units {words('regions.ols_all')}; censored on all {words('regions.censored_all')}; "
        f"Poisson on all {words('regions.poisson_all')}. Without the four leaders the intervals hold one.",
        legend=(("soft", "solid", "least squares, listed units"), ("mark", "solid", "censored lognormal, all units"), ("state", "solid", "Poisson, all units")),
    )  # fmt: skip


# --- 3. Zhejiang and Jiangsu -----------------------------------------------------------------------------


def _draw_pair(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, left = (WIDE_PX, 230) if wide else (NARROW_PX, 6)
    step = 24 if wide else 36
    drawing = canvas(width, len(frame) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 50, len(frame) * step, len(frame))
    axes.set_xlim(0, 3.6)
    axes.axvline(1, color=INK, linewidth=1, linestyle=(0, (3, 2)))
    for place, row in enumerate(frame.itertuples()):
        y = place if wide else place + 0.2
        colour = STATE if row.kind == "filings" else MARK
        axes.text(-0.06 if wide else 0, y if wide else place - 0.22, row.name, ha="right" if wide else "left", va="center",
                  fontsize=TEXT if wide else SMALL, bbox=None if wide else BEHIND)  # fmt: skip
        axes.plot([1, row.ratio], [y, y], color=colour, linewidth=2)
        axes.plot([row.ratio], [y], "o", color=colour, markersize=8)
        right = row.ratio >= 1
        axes.text(
            row.ratio + (0.1 if right else -0.1),
            y,
            digits(row.ratio, 2),
            va="center",
            ha="left" if right else "right",
            fontsize=SMALL,
        )
    axes.set_xlabel("Zhejiang over Jiangsu, per yuan of GDP")
    return drawing


@figure("regions.pair")
def pair_dots(data: Data) -> Figure:
    """Zhejiang over Jiangsu, size-adjusted."""
    ctx, words = start(data)
    frame = pair(ctx)
    for name in PAIR:
        words(f"regions.pair_{name}")
    return make(
        "regions.pair", words=words, reader=ctx, plotted=frame, draw=lambda wide: _draw_pair(frame, wide),
        title=f"For its size, Zhejiang is ahead of Jiangsu on {words('regions.pair_above', 'word')} of {words('regions.pair_count')} indicators, behind on makers of high technology",
        subtitle="Zhejiang over Jiangsu, each divided by GDP of the same year (2023 or 2024; filings by the GDP of 2023). One is equal for the size.",
        alt=f"Dots around one. Far above: filings, technology contracts ({words('regions.pair_contracts')}), science budget ({words('regions.pair_science_budget')}). "
        f"Near one: R&D ({words('regions.pair_rd')}), patents in force ({words('regions.pair_in_force')}). Below: revenue of high-tech makers ({words('regions.pair_ht_revenue')}).",
        legend=(("state", "solid", "filings"), ("mark", "solid", "other indicators")),
        note="No indicator here shows that lighter government is the cause: the mix of sectors and one platform company explain as much.",
    )  # fmt: skip


def _draw_gap(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, height, right = (WIDE_PX, 260, 96) if wide else (NARROW_PX, 250, 74)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 40, 12, width - 40 - right, height - 44)
    for code, colour, name, dy in ((JIANGSU, TREASURY, "Jiangsu", 6), (ZHEJIANG, STATE, "Zhejiang", -6)):
        axes.plot(frame["year"], frame[code], color=colour, linewidth=2)
        last = frame.iloc[-1]
        axes.annotate(f"{name} {digits(last[code], 2)}", (last["year"], last[code]), (8, dy), textcoords="offset points", va="center",
                      fontsize=TEXT if wide else SMALL, color=INK)  # fmt: skip
    axes.set_ylim(0, 3.8)
    axes.set_xticks([2011, 2015, 2019, 2023])
    axes.set_ylabel("percent of GDP")
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


@figure("regions.intensity")
def intensity(data: Data) -> Figure:
    """R&D over GDP of the pair."""
    ctx, words = start(data)
    frame = intensity_gap(ctx)
    for year in (2011, 2021, 2024):
        for code in ("zj", "js"):
            row = next(
                r
                for r, t in data.table("provinces").text.items()
                if t["iso_code"] == f"CN-{code.upper()}"
                and t["year"] == str(year)
                and t["indicator"] == "rd_intensity_pct"
            )
            words(f"provinces[{row}].value")
    words("regions.gap_reopened")
    return make(
        "regions.intensity", words=words, reader=ctx, plotted=frame, draw=lambda wide: _draw_gap(frame, wide),
        title="Zhejiang caught up with Jiangsu in R&D over GDP by 2021 and has fallen back since",
        subtitle="R&D expenditure, percent of GDP. The figures of 2023 and 2024 rest on revised GDP in part.",
        alt="Two rising lines that meet in 2021 and 2022 and part again by 2024, Jiangsu above.",
    )  # fmt: skip


# --- 4. Concentration ------------------------------------------------------------------------------------

MEASURES = {"filings": ("filings", STATE), "rd_cny_bn": ("R&D", MARK), "gdp_cny_bn": ("GDP", SOFT)}


def _draw_lorenz(frame: pd.DataFrame, wide: bool) -> Canvas:
    width, height = (WIDE_PX, 340) if wide else (NARROW_PX, 330)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 48, 12, (width - 200) if wide else (width - 66), height - 60)
    n = len(frame)
    axes.plot([0, n], [0, 100], color=RULE, linewidth=1.2)
    for place, (column, (label, colour)) in enumerate(MEASURES.items()):
        ordered = np.sort(frame[column].to_numpy())
        share = np.concatenate([[0.0], 100 * np.cumsum(ordered) / ordered.sum()])
        axes.plot(range(n + 1), share, color=colour, linewidth=2)
        at = n - 4 - 3 * (2 - place)
        axes.text(
            at - 0.6 - (1.5 if place == 2 else 0),
            float(share[at]) + 2,
            label,
            ha="right",
            va="bottom",
            color=INK,
            weight="bold",
            fontsize=SMALL,
        )
    axes.set_xlim(0, n)
    axes.set_ylim(0, 100)
    axes.set_xticks([0, 10, 20, 27, 31])
    axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel("units, from the smallest to the largest")
    axes.grid()
    axes.tick_params(length=0)
    return drawing


@figure("regions.lorenz")
def lorenz(data: Data) -> Figure:
    """Lorenz curves of filings, R&D and GDP."""
    ctx, words = start(data)
    frame = measures(ctx)
    return make(
        "regions.lorenz", words=words, reader=ctx, plotted=frame.reset_index(names="iso_code"), draw=lambda wide: _draw_lorenz(frame, wide),
        title=f"The four largest hold {words('regions.top4_filings')} of filings, {words('regions.top4_rd')} of R&D and {words('regions.top4_gdp')} of GDP",
        subtitle="Cumulated share of all 31 units, from the smallest to the largest, each measure by its own order: filings to July 2025, R&D and GDP of 2023.",
        alt=f"Three curves below the diagonal. Gini coefficients: filings {words('regions.gini_filings')}, R&D {words('regions.gini_rd_2023')}, GDP {words('regions.gini_gdp')}.",
        note="Gini coefficients are of a census and have no sampling error; that of filings is a pair of bounds over what is not listed.",
    )  # fmt: skip


# --- 5. Instruments --------------------------------------------------------------------------------------


def _draw_matrix(frame: pd.DataFrame, names: dict[str, str], wide: bool) -> Canvas:
    width, left = (WIDE_PX, 130) if wide else (NARROW_PX, 96)
    step, top = 28, 34
    drawing = canvas(width, top + len(frame) * step + 6)
    axes = axes_at(drawing, left, top, width - left - 10, len(frame) * step)
    axes.set_xlim(-0.5, len(frame.columns) - 0.5)
    axes.set_ylim(len(frame) - 0.5, -0.5)
    bare(axes)
    for column, kind in enumerate(frame.columns):
        axes.text(
            column,
            -0.75,
            str(kind).split(" ")[-1] if not wide else str(kind),
            ha="center",
            va="bottom",
            color=SOFT,
            fontsize=SMALL if wide else 10.5,
        )
    for place, (region, row) in enumerate(frame.iterrows()):
        axes.text(
            -0.6, place, names.get(str(region), str(region)), ha="right", va="center", fontsize=TEXT if wide else SMALL
        )
        for column, count in enumerate(row):
            axes.add_patch(Rectangle((column - 0.46, place - 0.42), 0.92, 0.84, facecolor=MARK if count else "none", alpha=min(1, 0.3 + 0.14 * count) if count else None,
                                     edgecolor="none"))  # fmt: skip
            axes.add_patch(
                Rectangle((column - 0.46, place - 0.42), 0.92, 0.84, facecolor="none", edgecolor=RULE, linewidth=1)
            )
            if count:
                axes.text(
                    column,
                    place,
                    str(count),
                    ha="center",
                    va="center",
                    color=CARD if count > 3 else INK,
                    weight="bold",
                    fontsize=SMALL,
                )
    return drawing


@figure("regions.instruments")
def instruments(data: Data) -> Figure:
    """Instruments found by region and kind."""
    ctx, words = start(data)
    frame = instrument_matrix(ctx)
    names = _names(data)
    return make(
        "regions.instruments", words=words, reader=ctx, plotted=frame.reset_index(), draw=lambda wide: _draw_matrix(frame, names, wide),
        title=f"The same tools return from place to place: {words('regions.instruments')} instruments found (an empty cell: not found by us)",
        subtitle="Number of instruments for AI by region and kind, to mid-2026. The places that the digest names stand first; Shenzhen stands apart from Guangdong, other cities count with their province.",
        alt="A matrix of regions and instruments. Vouchers for computing power were found in "
        + ", ".join(names.get(str(r), str(r)) for r in frame.index[frame["compute voucher"] > 0]) + "; funds in "
        + ", ".join(names.get(str(r), str(r)) for r in frame.index[frame["fund"] > 0]) + ".",
        note="Counts say what was found, not how much is done: amounts mix targets, registered sizes and ceilings per firm and are never added. Take-up of vouchers was found nowhere.",
    )  # fmt: skip
