"""Figures of the chapter on the rivalry of regions."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import regions
from patient_capital.analysis.regions import LARGEST, LEADERS, PAIR
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, spelled

BEHIND = {"facecolor": style.CARD, "edgecolor": "none", "pad": 0.8}
"""Keeps lines from crossing a label that stands above its mark."""


STRENGTHS = (0.2, 0.4, 0.6, 1.0)
"""Opacity of a tile by shade."""


def _tell_map(printed: Printer, tiles: pd.DataFrame) -> Story:
    return Story(
        title=f"{spelled(LARGEST).capitalize()} places hold {printed('regions.top4_filings')} of the filings",
        subtitle="Deep-synthesis algorithms filed by province of the filer, to July 2025, one tile a unit. An "
        "indicator of registration, not of AI output.",
        alt=f"A grid of {printed('regions.units')} tiles. Beijing, Guangdong, Shanghai and Zhejiang are darkest; "
        f"{printed('regions.listed')} units have a count, the others share {printed('regions.rest')} filings.",
        note="The grid holds the units of the data. Hong Kong, Macao and Taiwan are outside the data; no statement on "
        "status.",
    )


@chart(
    "Filings by province of the filer, one tile a unit",
    _tell_map,
    legend=(("mark", "solid", "filings, darker is more"), ("void", "hatch", "not listed")),
    tiles=regions.filings_on_tiles,
)
def map(tiles: pd.DataFrame, *, wide: bool) -> Canvas:  # noqa: A001  # a notebook writes figures.map
    """Draw a tile a unit with its count, darker by shade; hatched where there is none."""
    width, side = (style.WIDE_PX, 56) if wide else (style.NARROW_PX, 40)
    rows, columns = int(tiles["row"].max()), int(tiles["col"].max())
    drawing, axes = style.pixel_drawing(width, rows * side + 6)
    left = (width - columns * side) / 2
    for row in tiles.itertuples():
        x, y = left + (row.col - 1) * side, 2 + (row.row - 1) * side
        square = (x + 1, y + 1), side - 3, side - 3
        middle, known = x + side / 2, pd.notna(row.filings)
        strength = STRENGTHS[min(int(row.shade), len(STRENGTHS) - 1)] if pd.notna(row.shade) else None
        face = style.MARK if known and strength else "none"
        style.block(axes, *square, face, "none", alpha=strength)
        edge, hatch = (style.OPEN, None) if known else (style.VOID, "////")
        style.block(axes, *square, "none", edge, linewidth=1, hatch=hatch)
        ink = style.CARD if strength == 1 else style.INK
        style.label_in_cell(axes, middle, y + side * 0.34, row.abbr, ink, weight="bold")
        if known:
            style.label_in_cell(axes, middle, y + side * 0.7, digits(row.filings, 0), ink)
    return drawing


LABELLED = {"CN-BJ": (-8, 6), "CN-GD": (8, 2), "CN-SH": (-8, 4), "CN-ZJ": (8, -6), "CN-JS": (8, -4)}
LABELLED |= {"CN-HI": (8, 4), "CN-SN": (8, -4), "CN-SD": (8, -2), "CN-SC": (-8, 6)}
"""Units with a label even where they are in no group, and where their label stands, in pixels from the dot."""

GROUP_COLOURS = {"leader": style.STATE, "apart": style.TREASURY}


def _tell_scatter(printed: Printer, units: pd.DataFrame) -> Story:
    printed("regions.four_places")
    return Story(
        title=f"Filings rise with R&D, by an elasticity of {printed('regions.elasticity')}; whether above one depends "
        f"on {spelled(len(LEADERS))} places",
        subtitle="Deep-synthesis filings to July 2025 against R&D of 2023, both on log scales. Grey bars: units that "
        "are not listed and lie somewhere below the smallest listed count.",
        alt=f"A cloud of points rising to the right. Rank correlation {printed('regions.rank')} over "
        f"{printed('regions.listed')} listed units. Beijing, Shanghai, Guangdong and Zhejiang lie above the rest; "
        "Hainan far above for its R&D.",
        note="Headquarters and registration drive where a filing is counted; Hainan is probably a place of "
        "registration.",
        legend=(
            ("state", "solid", f"the {spelled(len(LEADERS))} leaders"),
            ("treasury", "solid", "Hainan, Jiangsu"),
            ("void", "solid", "not listed: at most the smallest count"),
        ),
    )


@chart(
    "Filings against R&D by unit, both on log scales",
    _tell_scatter,
    legend=(
        ("state", "solid", "leaders"),
        ("treasury", "solid", "told apart"),
        ("void", "solid", "not listed: at most the smallest count"),
    ),
    units=regions.filings_by_group,
)
def scatter(units: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a unit on log axes; a bar up to the smallest count where a unit has none."""
    drawing, axes = style.plot_drawing(wide, (400, 360), left=54, right=(36, 16), top=10, bottom=48, grid="both")
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
        axes.plot([amount, amount], ends, color=style.VOID, linewidth=5, alpha=0.7, solid_capstyle="butt")
    for code, row in known.iterrows():
        x, y = row["rd_cny_bn"], row["filings"]
        axes.plot([x], [y], "o", color=GROUP_COLOURS.get(row["group"], style.SOFT), markersize=7)
        if row["group"] in GROUP_COLOURS or (wide and code in LABELLED):
            dx, dy = LABELLED.get(str(code), (8, 4))
            style.note_beside(axes, (x, y), (dx, dy), row["name"], ha="left" if dx > 0 else "right", va="center")
    for decades, most_shown, set_ticks in ((3, most_rd, axes.set_xticks), (4, most, axes.set_yticks)):
        ticks = [10**power for power in range(max(decades, math.ceil(math.log10(max(most_shown, 1)))))]
        set_ticks(ticks, [digits(tick, 0) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("R&D in 2023, bn yuan, log scale")
    axes.set_ylabel("filings, log scale")
    return drawing


METHOD_STYLE = {
    "ols": ("least squares", style.SOFT),
    "censored": ("censored", style.MARK),
    "poisson": ("poisson", style.STATE),
}


def _tell_fits(printed: Printer, fits: pd.DataFrame) -> Story:
    return Story(
        title=f"Leaving places out moves the elasticity from {printed('regions.censored_no_leaders')} to "
        f"{printed('regions.censored_no_hainan')} on all units",
        subtitle="Elasticity of filings to R&D by method and sample; in brackets the number of units. Least squares "
        "drops the unlisted units, which are missing because they are low: it understates.",
        alt=f"Dots with intervals. Least squares on the listed units {printed('regions.ols_all')}; censored on all "
        f"{printed('regions.censored_all')}; Poisson on all {printed('regions.poisson_all')}. Without the "
        f"{spelled(len(LEADERS))} leaders the intervals hold one.",
    )


@chart(
    "Elasticity of filings to R&D by method and sample, with its interval",
    _tell_fits,
    legend=(
        ("soft", "solid", "least squares, listed units"),
        ("mark", "solid", "censored lognormal, all units"),
        ("state", "solid", "Poisson, all units"),
    ),
    fits=regions.elasticities,
)
def fits(fits: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a fit with its interval."""
    drawing, axes = style.row_drawing(wide, len(fits), left=(275, 6), right=20, step=(24, 36))
    least = min(-0.2, float(fits[["low_95", "elasticity"]].min().min()) - 0.05)
    axes.set_xlim(least, max(2.2, float(fits[["high_95", "elasticity"]].max().max()) + 0.05))
    axes.axvline(1, color=style.INK, linewidth=1, linestyle=(0, (3, 2)))
    for place, row in enumerate(fits.itertuples()):
        y = place if wide else place + 0.2
        method, colour = METHOD_STYLE.get(row.method, (row.method, style.INK))
        label = f"{row.sample}, {method} ({digits(row.units, 0)})"
        behind = None if wide else BEHIND
        style.row_label(axes, place, label, wide, (least - 0.06, least), 0.22, (style.SMALL, 10.5), bbox=behind)
        axes.plot([row.low_95, row.high_95], [y, y], color=colour, linewidth=2)
        axes.plot([row.elasticity], [y], "o", color=colour, markersize=7)
    axes.set_xlabel("elasticity, with 95 percent interval")
    return drawing


def _tell_pair(printed: Printer, ratios: pd.DataFrame) -> Story:
    for name in PAIR:
        printed(f"regions.pair_{name}")
    return Story(
        title=f"For its size, Zhejiang is ahead of Jiangsu on {printed('regions.pair_above', 'word')} of "
        f"{printed('regions.pair_count')} indicators, behind on makers of high technology",
        subtitle="Zhejiang over Jiangsu, each divided by GDP of the same year (2023 or 2024; filings by the GDP of "
        "2023). One is equal for the size.",
        alt=f"Dots around one. Far above: filings, technology contracts ({printed('regions.pair_contracts')}), science "
        f"budget ({printed('regions.pair_science_budget')}). Near one: R&D ({printed('regions.pair_rd')}), patents in "
        f"force ({printed('regions.pair_in_force')}). Below: revenue of high-tech makers "
        f"({printed('regions.pair_ht_revenue')}).",
        note="No indicator here shows that lighter government is the cause: the mix of sectors and a platform company "
        "explain as much.",
    )


@chart(
    "One province over another by indicator, each divided by its GDP",
    _tell_pair,
    legend=(("state", "solid", "filings"), ("mark", "solid", "other indicators")),
    ratios=regions.pair_ratios,
)
def pair(ratios: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot an indicator, with a line from one, where both provinces are equal for their size."""
    drawing, axes = style.row_drawing(wide, len(ratios), left=(230, 6), right=50, step=(24, 36))
    axes.set_xlim(0, max(3.6, float(ratios["ratio"].max()) + 0.18))
    axes.axvline(1, color=style.INK, linewidth=1, linestyle=(0, (3, 2)))
    for place, row in enumerate(ratios.itertuples()):
        y = place if wide else place + 0.2
        colour = style.STATE if row.kind == "filings" else style.MARK
        style.row_label(axes, place, row.indicator, wide, x=(-0.06, 0), above=0.22, bbox=None if wide else BEHIND)
        axes.plot([1, row.ratio], [y, y], color=colour, linewidth=2)
        axes.plot([row.ratio], [y], "o", color=colour, markersize=8)
        shift, side = (0.1, "left") if row.ratio >= 1 else (-0.1, "right")
        axes.text(row.ratio + shift, y, digits(row.ratio, 2), va="center", ha=side, fontsize=style.SMALL)
    compared = ratios.iloc[0]
    axes.set_xlabel(f"{compared['first']} over {compared['second']}, per yuan of GDP")
    return drawing


LINE_COLOURS = (style.TREASURY, style.STATE, style.MARK, style.UNNAMED, style.SOFT)


def _tell_intensity(printed: Printer, intensity: pd.DataFrame) -> Story:
    told = intensity["year"].isin([2011, 2021, 2024])
    printed.facts("provinces", intensity.index[told], "value")
    printed("regions.gap_reopened")
    return Story(
        title="Zhejiang caught up with Jiangsu in R&D over GDP by 2021 and has fallen back since",
        subtitle="R&D expenditure, percent of GDP. The figures of 2023 and 2024 rest on revised GDP in part.",
        alt="Rising lines that meet in 2021 and 2022 and part again by 2024, Jiangsu above.",
    )


@chart("R&D expenditure by province, percent of GDP", _tell_intensity, intensity=regions.rd_over_gdp)
def intensity(intensity: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a province, with its last value."""
    drawing, axes = style.plot_drawing(wide, (260, 250), left=40, right=(96, 74), top=12, bottom=32)
    lines = {name: line.sort_values("year", kind="stable") for name, line in intensity.groupby("province", sort=False)}
    ends = sorted((float(line["rd_pct_gdp"].iloc[-1]), name) for name, line in lines.items())
    for place, (name, line) in enumerate(lines.items()):
        year, latest = line["year"].iloc[-1], float(line["rd_pct_gdp"].iloc[-1])
        end = ends.index((latest, name))
        dy = 6 if end == len(ends) - 1 else -6 if end == 0 else 0
        axes.plot(line["year"], line["rd_pct_gdp"], color=LINE_COLOURS[place % len(LINE_COLOURS)], linewidth=2)
        label, size = f"{name} {digits(latest, 2)}", style.TEXT if wide else style.SMALL
        style.note_beside(axes, (year, latest), (8, dy), label, va="center", fontsize=size)
    axes.set_ylim(0, max(3.8, 1.1 * float(intensity["rd_pct_gdp"].max())))
    ticks = list(range(int(intensity["year"].min()), int(intensity["year"].max()) + 1, 4))
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_ylabel("percent of GDP")
    return drawing


CURVE_COLOURS = (style.STATE, style.MARK, style.SOFT, style.TREASURY, style.UNNAMED)


def _tell_lorenz(printed: Printer, curves: pd.DataFrame) -> Story:
    return Story(
        title=f"The {spelled(LARGEST)} largest hold {printed('regions.top4_filings')} of filings, "
        f"{printed('regions.top4_rd')} of R&D and {printed('regions.top4_gdp')} of GDP",
        subtitle=f"Cumulated share of all {printed('regions.units')} units, from the smallest to the largest, each "
        "measure by its own order: filings to July 2025, R&D and GDP of 2023.",
        alt=f"{spelled(curves['measure'].nunique()).capitalize()} curves below the diagonal. Gini coefficients: "
        f"filings {printed('regions.gini_filings')}, R&D {printed('regions.gini_rd_2023')}, GDP "
        f"{printed('regions.gini_gdp')}.",
        note="Gini coefficients are of a census and have no sampling error; that of filings is a pair of bounds over "
        "what is not listed.",
    )


@chart(
    "Cumulated share of the units, from the smallest to the largest, percent",
    _tell_lorenz,
    curves=regions.concentration,
)
def lorenz(curves: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a curve a measure, and the diagonal, on which all units are equal."""
    drawing, axes = style.plot_drawing(wide, (340, 330), left=48, right=(152, 18), top=12, bottom=48, grid="both")
    n = int(curves["units"].max())
    axes.plot([0, n], [0, 100], color=style.RULE, linewidth=1.2)
    for place, (name, curve) in enumerate(curves.groupby("measure", sort=False)):
        axes.plot(curve["units"], curve["share_pct"], color=CURVE_COLOURS[place % len(CURVE_COLOURS)], linewidth=2)
        # Each label stands left of its curve, further right than the one before, so that none covers another.
        at = max(n - 10 + 3 * place, 1)
        label = curve.loc[(curve["units"] - at).abs().idxmin()]
        x, y = label["units"] - 0.6 - (1.5 if place == 2 else 0), label["share_pct"] + 2
        axes.text(x, y, name, ha="right", va="bottom", color=style.INK, weight="bold", fontsize=style.SMALL)
    axes.set_xlim(0, n)
    axes.set_ylim(0, max(100, float(curves["share_pct"].max())))
    axes.set_xticks([*range(0, n - 6, 10), *([n - 4] if n > 4 else []), n])
    axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel("units, from the smallest to the largest")
    return drawing


def _tell_instruments(printed: Printer, counts: pd.DataFrame) -> Story:
    vouchers, funds = (", ".join(counts.loc[counts[kind] > 0, "name"]) for kind in ("compute voucher", "fund"))
    return Story(
        title=f"The same tools return from place to place: {printed('regions.instruments')} instruments in the table",
        subtitle="Number of instruments for AI by region and kind, to mid-2026. The places that the digest names stand "
        "first; Shenzhen stands apart from Guangdong, other cities count with their province.",
        alt=f"A matrix of regions and instruments. Vouchers for computing power were found in {vouchers}; funds in "
        f"{funds}.",
        note="Counts say what was found, not how much is done: amounts mix targets, registered sizes and ceilings per "
        "firm and are never added. An empty cell: none in the table.",
    )


@chart(
    "Number of instruments by place and kind; an empty cell: none in the table",
    _tell_instruments,
    counts=regions.instrument_matrix,
)
def instruments(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a matrix of places and kinds, with the number in each cell; darker is more."""
    width, left = (style.WIDE_PX, 130) if wide else (style.NARROW_PX, 96)
    step, top = 28, 34
    kinds = counts.drop(columns="name").fillna(0)
    drawing = style.canvas(width, top + len(kinds) * step + 6)
    axes = style.axes_at(drawing, left, top, width - left - 10, len(kinds) * step)
    axes.set_xlim(-0.5, len(kinds.columns) - 0.5)
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    style.bare(axes)
    for column, kind in enumerate(kinds.columns):
        words, size = (str(kind), style.SMALL) if wide else (str(kind).split(" ")[-1], 10.5)
        axes.text(column, -0.75, words, ha="center", va="bottom", color=style.SOFT, fontsize=size)
    for place, (name, row) in enumerate(zip(counts["name"], kinds.to_numpy(), strict=True)):
        axes.text(-0.6, place, str(name), ha="right", va="center", fontsize=style.TEXT if wide else style.SMALL)
        for column, count in enumerate(row):
            square = (column - 0.46, place - 0.42), 0.92, 0.84
            if count:
                style.block(axes, *square, style.MARK, "none", alpha=min(1, 0.3 + 0.14 * count))
            style.block(axes, *square, "none", style.RULE, linewidth=1)
            if count:
                ink = style.CARD if count > 3 else style.INK
                style.label_in_cell(axes, column, place, digits(count), ink, weight="bold")
    return drawing
