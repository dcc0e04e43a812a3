"""Figures of the chapter on the rivalry of regions."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from patient_capital.analysis import regions
from patient_capital.analysis.regions import LARGEST, LEADERS, PAIR
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.record import Words
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
    UNNAMED,
    VOID,
    WIDE_PX,
    axes_at,
    bare,
    canvas,
    row_axes,
)
from patient_capital.formatting import digits, spelled

BEHIND = {"facecolor": CARD, "edgecolor": "none", "pad": 0.8}
"""Keeps lines from crossing a label that stands above its mark."""


# --- 1. Tile map -----------------------------------------------------------------------------------------

STRENGTHS = (0.2, 0.4, 0.6, 1.0)
"""Opacity of a tile by shade."""


def _tell_map(words: Words, tiles: pd.DataFrame) -> Story:
    return Story(
        title=f"{spelled(LARGEST).capitalize()} places hold {words('regions.top4_filings')} of the filings",
        subtitle="Deep-synthesis algorithms filed by province of the filer, to July 2025, one tile a unit. An "
        "indicator of registration, not of AI output.",
        alt=f"A grid of {words('regions.units')} tiles. Beijing, Guangdong, Shanghai and Zhejiang are darkest; "
        f"{words('regions.listed')} units have a count, the others share {words('regions.rest')} filings.",
        note="The grid holds the units of the data. Hong Kong, Macao and Taiwan are outside the data; no statement on "
        "status.",
    )


@chart(
    measure="Filings by province of the filer, one tile a unit",
    tell=_tell_map,
    legend=(("mark", "solid", "filings, darker is more"), ("void", "hatch", "not listed")),
    tiles=regions.filings_on_tiles,
)
def map(tiles: pd.DataFrame, *, wide: bool) -> Canvas:  # noqa: A001  # a notebook writes figures.map
    """Draw a tile a unit with its count, darker by shade; hatched where there is none."""
    width, side = (WIDE_PX, 56) if wide else (NARROW_PX, 40)
    rows, columns = int(tiles["row"].max()), int(tiles["col"].max())
    drawing = canvas(width, rows * side + 6)
    axes = axes_at(drawing, 0, 0, width, rows * side + 6)
    axes.set_xlim(0, width)
    axes.set_ylim(rows * side + 6, 0)
    bare(axes)
    left = (width - columns * side) / 2
    for row in tiles.itertuples():
        x, y = left + (row.col - 1) * side, 2 + (row.row - 1) * side
        square = (x + 1, y + 1), side - 3, side - 3
        known = pd.notna(row.filings)
        strength = STRENGTHS[min(int(row.shade), len(STRENGTHS) - 1)] if pd.notna(row.shade) else None
        face = MARK if known and strength else "none"
        axes.add_patch(Rectangle(*square, facecolor=face, alpha=strength, edgecolor="none"))
        edge, hatch = (OPEN, None) if known else (VOID, "////")
        axes.add_patch(Rectangle(*square, facecolor="none", edgecolor=edge, linewidth=1, hatch=hatch))
        label: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
        label["color"] = CARD if strength == 1 else INK
        axes.text(x + side / 2, y + side * 0.34, row.abbr, weight="bold", **label)
        if known:
            axes.text(x + side / 2, y + side * 0.7, digits(row.filings, 0), **label)
    return drawing


# --- 2. Filings against R&D ------------------------------------------------------------------------------

LABELLED = {
    "CN-BJ": (-8, 6),
    "CN-GD": (8, 2),
    "CN-SH": (-8, 4),
    "CN-ZJ": (8, -6),
    "CN-JS": (8, -4),
    "CN-HI": (8, 4),
    "CN-SN": (8, -4),
    "CN-SD": (8, -2),
    "CN-SC": (-8, 6),
}
"""Units with a label even where they are in no group, and where their label stands, in pixels from the dot."""

GROUP_COLOURS = {"leader": STATE, "apart": TREASURY}


def _tell_scatter(words: Words, units: pd.DataFrame) -> Story:
    words("regions.four_places")
    return Story(
        title=f"Filings rise with R&D, by an elasticity of {words('regions.elasticity')}; whether above one depends on "
        f"{spelled(len(LEADERS))} places",
        subtitle="Deep-synthesis filings to July 2025 against R&D of 2023, both on log scales. Grey bars: units that "
        "are not listed and lie somewhere below the smallest listed count.",
        alt=f"A cloud of points rising to the right. Rank correlation {words('regions.rank')} over "
        f"{words('regions.listed')} listed units. Beijing, Shanghai, Guangdong and Zhejiang lie above the rest; Hainan "
        "far above for its R&D.",
        note="Headquarters and registration drive where a filing is counted; Hainan is probably a place of "
        "registration.",
        legend=(
            ("state", "solid", f"the {spelled(len(LEADERS))} leaders"),
            ("treasury", "solid", "Hainan, Jiangsu"),
            ("void", "solid", "not listed: at most the smallest count"),
        ),
    )


@chart(
    measure="Filings against R&D by unit, both on log scales",
    tell=_tell_scatter,
    legend=(
        ("state", "solid", "leaders"),
        ("treasury", "solid", "told apart"),
        ("void", "solid", "not listed: at most the smallest count"),
    ),
    units=regions.filings_by_group,
)
def scatter(units: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a unit on log axes; a bar up to the smallest count where a unit has none."""
    width, height = (WIDE_PX, 400) if wide else (NARROW_PX, 360)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 54, 10, width - (90 if wide else 70), height - 58)
    known, unknown = units.dropna(subset="filings"), units.loc[units["filings"].isna()]
    rd, counts = (values[values > 0] for values in (units["rd_cny_bn"], known["filings"]))
    most_rd, most = rd.max(), counts.max() if len(counts) else 1.0
    bottom = min(1.0, counts.min() / 1.3) if len(counts) else 1.0
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(min(0.25, rd.min() / 1.3), max(800 if wide else 4000, 1.3 * most_rd))
    axes.set_ylim(bottom, max(2500, 1.3 * most))
    for amount in unknown["rd_cny_bn"] if len(counts) else ():
        ends = [1.15 * bottom, counts.min()]
        axes.plot([amount, amount], ends, color=VOID, linewidth=5, alpha=0.7, solid_capstyle="butt")
    for code, row in known.iterrows():
        x, y = row["rd_cny_bn"], row["filings"]
        axes.plot([x], [y], "o", color=GROUP_COLOURS.get(row["group"], SOFT), markersize=7)
        if row["group"] in GROUP_COLOURS or (wide and code in LABELLED):
            dx, dy = LABELLED.get(str(code), (8, 4))
            side = "left" if dx > 0 else "right"
            axes.annotate(
                row["name"],
                (x, y),
                (dx, dy),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=SMALL,
                color=INK,
            )
    for ticks, most_shown, place in (
        ((1, 10, 100), most_rd, axes.set_xticks),
        ((1, 10, 100, 1000), most, axes.set_yticks),
    ):
        larger = [10**power for power in range(len(ticks), math.ceil(math.log10(max(most_shown, 1))))]
        place([*ticks, *larger], [digits(tick, 0) for tick in (*ticks, *larger)])
    axes.minorticks_off()
    axes.set_xlabel("R&D in 2023, bn yuan, log scale")
    axes.set_ylabel("filings, log scale")
    axes.grid()
    axes.tick_params(length=0)
    return drawing


METHOD_STYLE = {"ols": ("least squares", SOFT), "censored": ("censored", MARK), "poisson": ("poisson", STATE)}


def _tell_fits(words: Words, fits: pd.DataFrame) -> Story:
    return Story(
        title=f"Leaving places out moves the elasticity from {words('regions.censored_no_leaders')} to "
        f"{words('regions.censored_no_hainan')} on all units",
        subtitle="Elasticity of filings to R&D by method and sample; in brackets the number of units. Least squares "
        "drops the unlisted units, which are missing because they are low: it understates.",
        alt=f"Dots with intervals. Least squares on the listed units {words('regions.ols_all')}; censored on all "
        f"{words('regions.censored_all')}; Poisson on all {words('regions.poisson_all')}. Without the "
        f"{spelled(len(LEADERS))} leaders the intervals hold one.",
    )


@chart(
    measure="Elasticity of filings to R&D by method and sample, with its interval",
    tell=_tell_fits,
    legend=(
        ("soft", "solid", "least squares, listed units"),
        ("mark", "solid", "censored lognormal, all units"),
        ("state", "solid", "Poisson, all units"),
    ),
    fits=regions.elasticities,
)
def fits(fits: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a fit with its interval."""
    width, left = (WIDE_PX, 275) if wide else (NARROW_PX, 6)
    step = 24 if wide else 36
    drawing = canvas(width, len(fits) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 20, len(fits) * step, len(fits))
    least = min(-0.2, float(fits[["low_95", "elasticity"]].min().min()) - 0.05)
    axes.set_xlim(least, max(2.2, float(fits[["high_95", "elasticity"]].max().max()) + 0.05))
    axes.axvline(1, color=INK, linewidth=1, linestyle=(0, (3, 2)))
    for place, row in enumerate(fits.itertuples()):
        y = place if wide else place + 0.2
        method, colour = METHOD_STYLE.get(row.method, (row.method, INK))
        label = f"{row.sample}, {method} ({digits(row.units, 0)})"
        if wide:
            axes.text(least - 0.06, y, label, ha="right", va="center", fontsize=SMALL)
        else:
            axes.text(least, place - 0.22, label, ha="left", va="center", fontsize=10.5, bbox=BEHIND)
        axes.plot([row.low_95, row.high_95], [y, y], color=colour, linewidth=2)
        axes.plot([row.elasticity], [y], "o", color=colour, markersize=7)
    axes.set_xlabel("elasticity, with 95 percent interval")
    return drawing


# --- 3. Zhejiang and Jiangsu -----------------------------------------------------------------------------


def _tell_pair(words: Words, ratios: pd.DataFrame) -> Story:
    for name in PAIR:
        words(f"regions.pair_{name}")
    return Story(
        title=f"For its size, Zhejiang is ahead of Jiangsu on {words('regions.pair_above', 'word')} of "
        f"{words('regions.pair_count')} indicators, behind on makers of high technology",
        subtitle="Zhejiang over Jiangsu, each divided by GDP of the same year (2023 or 2024; filings by the GDP of "
        "2023). One is equal for the size.",
        alt=f"Dots around one. Far above: filings, technology contracts ({words('regions.pair_contracts')}), science "
        f"budget ({words('regions.pair_science_budget')}). Near one: R&D ({words('regions.pair_rd')}), patents in "
        f"force ({words('regions.pair_in_force')}). Below: revenue of high-tech makers "
        f"({words('regions.pair_ht_revenue')}).",
        note="No indicator here shows that lighter government is the cause: the mix of sectors and a platform "
        "company explain as much.",
    )


@chart(
    measure="One province over another by indicator, each divided by its GDP",
    tell=_tell_pair,
    legend=(("state", "solid", "filings"), ("mark", "solid", "other indicators")),
    ratios=regions.pair_ratios,
)
def pair(ratios: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot an indicator, with a line from one, where both provinces are equal for their size."""
    width, left = (WIDE_PX, 230) if wide else (NARROW_PX, 6)
    step = 24 if wide else 36
    drawing = canvas(width, len(ratios) * step + 46)
    axes = row_axes(drawing, left, 6, width - left - 50, len(ratios) * step, len(ratios))
    axes.set_xlim(0, max(3.6, float(ratios["ratio"].max()) + 0.18))
    axes.axvline(1, color=INK, linewidth=1, linestyle=(0, (3, 2)))
    for place, row in enumerate(ratios.itertuples()):
        y = place if wide else place + 0.2
        colour = STATE if row.kind == "filings" else MARK
        if wide:
            axes.text(-0.06, y, row.indicator, ha="right", va="center", fontsize=TEXT)
        else:
            axes.text(0, place - 0.22, row.indicator, ha="left", va="center", fontsize=SMALL, bbox=BEHIND)
        axes.plot([1, row.ratio], [y, y], color=colour, linewidth=2)
        axes.plot([row.ratio], [y], "o", color=colour, markersize=8)
        shift, side = (0.1, "left") if row.ratio >= 1 else (-0.1, "right")
        axes.text(row.ratio + shift, y, digits(row.ratio, 2), va="center", ha=side, fontsize=SMALL)
    compared = ratios.iloc[0]
    axes.set_xlabel(f"{compared['first']} over {compared['second']}, per yuan of GDP")
    return drawing


LINE_COLOURS = (TREASURY, STATE, MARK, UNNAMED, SOFT)


def _tell_intensity(words: Words, intensity: pd.DataFrame) -> Story:
    told = intensity["year"].isin([2011, 2021, 2024])
    words.facts("provinces", intensity.index[told], "value")
    words("regions.gap_reopened")
    return Story(
        title="Zhejiang caught up with Jiangsu in R&D over GDP by 2021 and has fallen back since",
        subtitle="R&D expenditure, percent of GDP. The figures of 2023 and 2024 rest on revised GDP in part.",
        alt="Rising lines that meet in 2021 and 2022 and part again by 2024, Jiangsu above.",
    )


@chart(measure="R&D expenditure by province, percent of GDP", tell=_tell_intensity, intensity=regions.rd_over_gdp)
def intensity(intensity: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a province, with its last value."""
    width, height, right = (WIDE_PX, 260, 96) if wide else (NARROW_PX, 250, 74)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 40, 12, width - 40 - right, height - 44)
    lines = {name: line.sort_values("year", kind="stable") for name, line in intensity.groupby("province", sort=False)}
    ends = sorted((float(line["rd_pct_gdp"].iloc[-1]), name) for name, line in lines.items())
    for place, (name, line) in enumerate(lines.items()):
        last = line.iloc[-1]
        end = ends.index((float(last["rd_pct_gdp"]), name))
        dy = 6 if end == len(ends) - 1 else -6 if end == 0 else 0
        axes.plot(line["year"], line["rd_pct_gdp"], color=LINE_COLOURS[place % len(LINE_COLOURS)], linewidth=2)
        axes.annotate(
            f"{name} {digits(last['rd_pct_gdp'], 2)}",
            (last["year"], last["rd_pct_gdp"]),
            (8, dy),
            textcoords="offset points",
            va="center",
            fontsize=TEXT if wide else SMALL,
            color=INK,
        )
    axes.set_ylim(0, max(3.8, 1.1 * float(intensity["rd_pct_gdp"].max())))
    ticks = list(range(int(intensity["year"].min()), int(intensity["year"].max()) + 1, 4))
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_ylabel("percent of GDP")
    axes.grid(axis="y")
    axes.tick_params(length=0)
    return drawing


# --- 4. Concentration ------------------------------------------------------------------------------------

CURVE_COLOURS = (STATE, MARK, SOFT, TREASURY, UNNAMED)


def _tell_lorenz(words: Words, curves: pd.DataFrame) -> Story:
    return Story(
        title=f"The {spelled(LARGEST)} largest hold {words('regions.top4_filings')} of filings, {words('regions.top4_rd')} of R&D "
        f"and {words('regions.top4_gdp')} of GDP",
        subtitle=f"Cumulated share of all {words('regions.units')} units, from the smallest to the largest, each measure by its own order: "
        "filings to July 2025, R&D and GDP of 2023.",
        alt=f"{spelled(curves['measure'].nunique()).capitalize()} curves below the diagonal. Gini coefficients: filings {words('regions.gini_filings')}, R&D "
        f"{words('regions.gini_rd_2023')}, GDP {words('regions.gini_gdp')}.",
        note="Gini coefficients are of a census and have no sampling error; that of filings is a pair of bounds over "
        "what is not listed.",
    )


@chart(
    measure="Cumulated share of the units, from the smallest to the largest, percent",
    tell=_tell_lorenz,
    curves=regions.concentration,
)
def lorenz(curves: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a curve a measure, and the diagonal, on which all units are equal."""
    width, height = (WIDE_PX, 340) if wide else (NARROW_PX, 330)
    drawing = canvas(width, height)
    axes = axes_at(drawing, 48, 12, (width - 200) if wide else (width - 66), height - 60)
    n = int(curves["units"].max())
    axes.plot([0, n], [0, 100], color=RULE, linewidth=1.2)
    for place, (name, curve) in enumerate(curves.groupby("measure", sort=False)):
        axes.plot(curve["units"], curve["share_pct"], color=CURVE_COLOURS[place % len(CURVE_COLOURS)], linewidth=2)
        # Each label stands left of its curve, further right than the one before, so that none covers another.
        at = max(n - 10 + 3 * place, 1)
        label = curve.loc[(curve["units"] - at).abs().idxmin()]
        x = label["units"] - 0.6 - (1.5 if place == 2 else 0)
        axes.text(x, label["share_pct"] + 2, name, ha="right", va="bottom", color=INK, weight="bold", fontsize=SMALL)
    axes.set_xlim(0, n)
    axes.set_ylim(0, max(100, float(curves["share_pct"].max())))
    axes.set_xticks([*range(0, n - 6, 10), *([n - 4] if n > 4 else []), n])
    axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel("units, from the smallest to the largest")
    axes.grid()
    axes.tick_params(length=0)
    return drawing


# --- 5. Instruments --------------------------------------------------------------------------------------


def _tell_instruments(words: Words, counts: pd.DataFrame) -> Story:
    vouchers, funds = (", ".join(counts.loc[counts[kind] > 0, "name"]) for kind in ("compute voucher", "fund"))
    return Story(
        title=f"The same tools return from place to place: {words('regions.instruments')} instruments found (an empty "
        "cell: not found by us)",
        subtitle="Number of instruments for AI by region and kind, to mid-2026. The places that the digest names stand "
        "first; Shenzhen stands apart from Guangdong, other cities count with their province.",
        alt=f"A matrix of regions and instruments. Vouchers for computing power were found in {vouchers}; funds in "
        f"{funds}.",
        note="Counts say what was found, not how much is done: amounts mix targets, registered sizes and ceilings per "
        "firm and are never added. Take-up of vouchers was found nowhere.",
    )


@chart(
    measure="Number of instruments by place and kind; an empty cell: not found",
    tell=_tell_instruments,
    counts=regions.instrument_matrix,
)
def instruments(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a matrix of places and kinds, with the number in each cell; darker is more."""
    width, left = (WIDE_PX, 130) if wide else (NARROW_PX, 96)
    step, top = 28, 34
    kinds = counts.drop(columns="name").fillna(0)
    drawing = canvas(width, top + len(kinds) * step + 6)
    axes = axes_at(drawing, left, top, width - left - 10, len(kinds) * step)
    axes.set_xlim(-0.5, len(kinds.columns) - 0.5)
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    bare(axes)
    for column, kind in enumerate(kinds.columns):
        words, size = (str(kind), SMALL) if wide else (str(kind).split(" ")[-1], 10.5)
        axes.text(column, -0.75, words, ha="center", va="bottom", color=SOFT, fontsize=size)
    for place, (name, row) in enumerate(zip(counts["name"], kinds.to_numpy(), strict=True)):
        axes.text(-0.6, place, str(name), ha="right", va="center", fontsize=TEXT if wide else SMALL)
        for column, count in enumerate(row):
            square = (column - 0.46, place - 0.42), 0.92, 0.84
            if count:
                strength = min(1, 0.3 + 0.14 * count)
                axes.add_patch(Rectangle(*square, facecolor=MARK, alpha=strength, edgecolor="none"))
            axes.add_patch(Rectangle(*square, facecolor="none", edgecolor=RULE, linewidth=1))
            if count:
                ink = CARD if count > 3 else INK
                axes.text(
                    column, place, digits(count), ha="center", va="center", color=ink, weight="bold", fontsize=SMALL
                )
    return drawing
