"""Figures of the chapter on the rivalry of regions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from patient_capital.analysis import regions
from patient_capital.analysis.regions import LARGEST, LEADERS, PAIR, R1_YEAR
from patient_capital.figures import labels, style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, spelled

BEHIND = {"facecolor": style.CARD, "edgecolor": "none", "pad": 0.8}
"""Keeps lines from crossing a label that stands above its mark."""


CENTRAL = "ai_firms_by_region[cn_central-firms_2026-06-30_gen_ai_services_filed_cac].value"
"""Services that central firms filed."""

STRENGTHS = (0.08, 0.2, 0.34, 0.48, 1.0)
"""Opacity of a tile by shade: up to a half dark words stand out on it, in the dark bright ones; at one those of the ground."""


def _names(tiles: pd.DataFrame, codes: pd.Index) -> str:
    """Return the names of some units in a row."""
    *names, last = tiles.loc[codes, "name"]
    return f"{', '.join(names)} and {last}"


def _tell_map(printed: Printer, tiles: pd.DataFrame) -> Story:
    leading = tiles["filings"].nlargest(LARGEST).index
    return Story(
        title=f"{_names(tiles, leading)} hold {printed('regions.top4_filings')} of "
        f"{printed('regions.filings_with_place')} filed AI services whose province is known",
        subtitle="Generative AI services filed with the regulator by 30 June 2026, by province of the filer.",
        alt=f"{printed('regions.units')} provinces with their number of services. Most have "
        f"{_names(tiles, leading)}; "
        f"{printed('regions.with_filing')} have any.",
        note="Counted over the column of places in the lists of the regulator. Services of central firms, "
        f"{printed(CENTRAL)}, stand without a province. Shown are the provinces of the data; Hong Kong, Macao and "
        "Taiwan are outside the data; no statement on status.",
    )


def _strength(shade: float) -> float | None:
    return None if pd.isna(shade) else STRENGTHS[min(int(shade), len(STRENGTHS) - 1)]


def _fill(axes: Axes, corner: tuple[float, float], width: float, height: float, shade: float) -> str:
    """Draw a rectangle in the strength of a shade, hatched where there is none; return the colour of words on it."""
    strength = _strength(shade)
    if strength is None:
        style.block(axes, corner, width, height, "none", style.VOID, linewidth=1, hatch="////")
        return style.INK
    style.block(axes, corner, width, height, style.MARK, "none", alpha=strength)
    style.block(axes, corner, width, height, "none", style.OPEN, linewidth=1)
    return style.CARD if strength == 1 else style.INK


def _spans(tiles: pd.DataFrame) -> list[tuple[float, str]]:
    """Return each shade that is drawn with the span of the counts that have it."""
    counts = tiles.dropna(subset=["filings", "shade"]).groupby("shade")["filings"].agg(["min", "max"])
    return [
        (float(str(shade)), digits(low, 0) if low == high else f"{digits(low, 0)} to {digits(high, 0)}")
        for shade, low, high in counts.itertuples()
    ]


def _scale(axes: Axes, tiles: pd.DataFrame, x: float, y: float) -> None:
    """Draw the scale of the shades from a place on, a swatch and its span each."""
    for shade, words in _spans(tiles):
        _fill(axes, (x, y), 16, 16, shade)
        axes.text(x + 22, y + 8, words, va="center")
        x += 22 + labels.width_px(words) + 18


def _tiles(tiles: pd.DataFrame) -> Canvas:
    across, tall = style.WIDE_PX / int(tiles["col"].max()), 52
    drawing, axes = style.pixel_drawing(style.WIDE_PX, int(tiles["row"].max()) * tall + 34)
    for row in tiles.itertuples():
        x, y = (row.col - 1) * across, 2 + (row.row - 1) * tall
        ink = _fill(axes, (x + 1, y + 1), across - 3, tall - 3, row.shade)
        style.label_in_cell(axes, x + across / 2, y + tall * 0.33, row.name, ink, fontsize=style.TEXT)
        if pd.notna(row.filings):
            count = digits(row.filings, 0)
            style.label_in_cell(axes, x + across / 2, y + tall * 0.7, count, ink, fontsize=style.TEXT, weight="bold")
    _scale(axes, tiles, 4, int(tiles["row"].max()) * tall + 12)
    return drawing


def _bars(tiles: pd.DataFrame) -> Canvas:
    """Draw the counts as rows: on a phone no name fits into a tile."""
    tiles = tiles.sort_values("filings", ascending=False, kind="stable")
    left = labels.room(tiles["name"])
    right = labels.room([digits(count, 0) for count in tiles["filings"].dropna()], weight="bold")
    drawing, axes = style.row_drawing(False, len(tiles), left=left, right=right, step=19, bottom=6)
    axes.set_xticks([])
    most = max(float(tiles["filings"].max()), 1e-9) if tiles["filings"].notna().any() else 1.0
    axes.set_xlim(0, most)
    for place, row in enumerate(tiles.itertuples()):
        style.note_beside(axes, (0, place), (-8, 0), row.name, ha="right", va="center", fontsize=style.TEXT)
        if pd.isna(row.filings):
            style.block(axes, (0, place - 0.36), most, 0.72, "none", style.VOID, hatch="////")
            continue
        style.block(axes, (0, place - 0.36), row.filings, 0.72, style.MARK)
        shown = digits(row.filings, 0)
        style.note_beside(
            axes,
            (row.filings, place),
            (5, 0),
            shown,
            va="center",
            fontsize=style.TEXT,
            weight="bold",
            annotation_clip=False,
        )
    return drawing


@chart("Filings by province of the filer; hatched: not listed", _tell_map, tiles=regions.filings_on_tiles)
def map(tiles: pd.DataFrame, *, wide: bool) -> Canvas:  # noqa: A001  # a notebook writes figures.map
    """Draw a tile a unit with name and count, stronger by shade, and the scale; on a phone a bar a unit."""
    return _tiles(tiles) if wide else _bars(tiles)


GROUP_COLOURS = {"leader": style.STATE, "apart": style.TREASURY}


def _tell_scatter(printed: Printer, units: pd.DataFrame) -> Story:
    printed("regions.method_decides")
    return Story(
        title=f"Filings rise with R&D, by an elasticity of {printed('regions.elasticity')}; whether above one depends "
        "on how small places are weighed",
        subtitle="Generative AI services filed by 30 June 2026 against R&D of 2023, both on log scales. A grey bar: a "
        "province without a filing.",
        alt=f"A cloud of points rising to the right. Rank correlation {printed('regions.rank')} over "
        f"{printed('regions.units')} provinces. Beijing and Shanghai lie above the rest; Tibet, with hardly any R&D, "
        "far above.",
        note="Headquarters and registration drive where a filing is counted.",
        legend=(
            ("state", "dot", f"the {spelled(len(LEADERS))} leaders"),
            ("treasury", "dot", "Tibet, Jiangsu"),
            ("void", "solid", "no filing"),
        ),
    )


@chart(
    "Filings against R&D by unit, both on log scales",
    _tell_scatter,
    legend=(
        ("state", "dot", "leaders"),
        ("treasury", "dot", "told apart"),
        ("void", "solid", "no filing, or no count"),
    ),
    units=regions.filings_by_group,
)
def scatter(units: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a unit on log axes; a bar up to the smallest count where a unit has no filing or no count."""
    told = units[units["filings"].gt(0) & units["group"].isin(GROUP_COLOURS)]
    told = told.sort_values("filings", ascending=False, kind="stable")
    right = labels.room(told["name"]) / 2
    drawing, axes = style.plot_drawing(wide, (400, 360), left=60, right=right, top=16, bottom=52, grid="both")
    known, unknown = units.loc[units["filings"].gt(0)], units.loc[~units["filings"].gt(0)]
    rd, counts = units.loc[units["rd_cny_bn"].gt(0), "rd_cny_bn"], known["filings"]
    most_rd, most = rd.max(), counts.max() if len(counts) else 1.0
    bottom = min(1.0, counts.min() / 1.3) if len(counts) else 1.0
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(min(0.25, rd.min() / 1.3), max(800, 1.3 * most_rd))
    axes.set_ylim(bottom, max(400, 1.3 * most))
    for amount in unknown["rd_cny_bn"] if len(counts) else ():
        ends = [1.15 * bottom, counts.min()]
        axes.plot([amount, amount], ends, color=style.VOID, linewidth=5, alpha=0.7, solid_capstyle="butt")
    for row in known.itertuples():
        colour = GROUP_COLOURS.get(row.group, style.SOFT)
        axes.plot([row.rd_cny_bn], [row.filings], "o", color=colour, markersize=7)
    for decades, most_shown, set_ticks in ((3, most_rd, axes.set_xticks), (3, most, axes.set_yticks)):
        ticks = [10**power for power in range(max(decades, math.ceil(math.log10(max(most_shown, 1)))))]
        set_ticks(ticks, [digits(tick, 0) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("R&D in 2023, bn yuan, log scale")
    axes.set_ylabel("filings, log scale")
    dots = list(zip(known["rd_cny_bn"], known["filings"], strict=True))
    labels.name_dots(axes, list(zip(told["rd_cny_bn"], told["filings"], told["name"], strict=True)), dots)
    return drawing


METHOD_STYLE = {
    "ols": ("least squares", style.SOFT),
    "censored": ("censored", style.MARK),
    "poisson": ("Poisson", style.STATE),
}


def _tell_fits(printed: Printer, fits: pd.DataFrame) -> Story:
    return Story(
        title=f"Fits of logarithms give an elasticity of {printed('regions.censored_all')}, the fit of counts "
        f"{printed('regions.poisson_all')}",
        subtitle="Elasticity of filings to R&D by method and sample; in brackets the number of units. Fits of "
        "logarithms weigh Tibet like Beijing; that of counts follows the large places.",
        alt=f"Dots with intervals. Least squares on the units with a filing {printed('regions.ols_all')}; censored on "
        f"all {printed('regions.censored_all')}; Poisson on all {printed('regions.poisson_all')}. Without Tibet the "
        f"fits of logarithms are {printed('regions.ols_no_tibet')} and {printed('regions.censored_no_tibet')}.",
    )


@chart(
    "Elasticity of filings to R&D by method and sample, with its interval",
    _tell_fits,
    legend=(
        ("soft", "dot", "least squares, units with a filing"),
        ("mark", "dot", "censored lognormal"),
        ("state", "dot", "Poisson"),
    ),
    fits=regions.elasticities,
)
def fits(fits: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a fit with its interval."""
    methods = [METHOD_STYLE.get(method, (method, style.INK)) for method in fits["method"]]
    names = [
        f"{row.sample}, {method} ({digits(row.units, 0)})"
        for row, (method, _) in zip(fits.itertuples(), methods, strict=True)
    ]
    drawing, axes = style.row_drawing(wide, len(fits), left=(labels.room(names), 6), right=20, step=(24, 44), bottom=44)
    least = min(-0.2, float(fits[["low_95", "elasticity"]].min().min()) - 0.05)
    axes.set_xlim(least, max(2.2, float(fits[["high_95", "elasticity"]].max().max()) + 0.05))
    middles = [place if wide else place + 0.22 for place in range(len(fits))]
    style.line_in_rows(axes, 1, middles, 0.24, wide, color=style.INK, linewidth=1, linestyle=(0, (3, 2)))
    for place, (row, name, (_, colour), y) in enumerate(zip(fits.itertuples(), names, methods, middles, strict=True)):
        style.row_label(axes, place, name, wide, (least, least), 0.14, left=10)
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
        "could explain as much.",
    )


@chart(
    "One province over another by indicator, each divided by its GDP",
    _tell_pair,
    legend=(("state", "dot", "filings"), ("mark", "dot", "other indicators")),
    ratios=regions.pair_ratios,
)
def pair(ratios: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot an indicator, with a line from one, where both provinces are equal for their size."""
    shown = [digits(ratio, 1) for ratio in ratios["ratio"]]
    right = labels.room(shown)
    drawing, axes = style.row_drawing(
        wide, len(ratios), left=(labels.room(ratios["indicator"]), 14), right=right, step=(25, 44), bottom=44
    )
    axes.set_xlim(0, max(2.0, float(ratios["ratio"].max())) * 1.02)
    middles = [place if wide else place + 0.22 for place in range(len(ratios))]
    style.line_in_rows(axes, 1, middles, 0.24, wide, color=style.INK, linewidth=1, linestyle=(0, (3, 2)))
    for place, (row, number, y) in enumerate(zip(ratios.itertuples(), shown, middles, strict=True)):
        colour = style.STATE if row.kind == "filings" else style.MARK
        style.row_label(axes, place, row.indicator, wide, above=0.14, left=10)
        axes.plot([1, row.ratio], [y, y], color=colour, linewidth=2)
        axes.plot([row.ratio], [y], "o", color=colour, markersize=8)
        ahead = row.ratio >= 1
        style.note_beside(
            axes,
            (row.ratio, y),
            (9 if ahead else -9, 0),
            number,
            va="center",
            ha="left" if ahead else "right",
            fontsize=style.TEXT,
            annotation_clip=False,
        )
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
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
    lines = {name: line.sort_values("year", kind="stable") for name, line in intensity.groupby("province", sort=False)}
    ends = []
    for place, (name, line) in enumerate(lines.items()):
        latest = float(line["rd_pct_gdp"].iloc[-1])
        colour = LINE_COLOURS[place % len(LINE_COLOURS)]
        ends.append((float(line["year"].iloc[-1]), latest, f"{name} {digits(latest, 1)}", colour))
    right = labels.room([words for _, _, words, _ in ends], weight="bold")
    drawing, axes = style.plot_drawing(wide, (260, 250), left=44, right=right, top=12, bottom=32)
    for (_, line), (_, _, _, colour) in zip(lines.items(), ends, strict=True):
        axes.plot(line["year"], line["rd_pct_gdp"], color=colour, linewidth=2)
    axes.set_ylim(0, max(3.8, 1.1 * float(intensity["rd_pct_gdp"].max())))
    ticks = list(range(int(intensity["year"].min()), int(intensity["year"].max()) + 1, 4))
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_ylabel("percent of GDP")
    labels.label_ends(axes, ends, style.TEXT)
    return drawing


CURVE_COLOURS = (style.STATE, style.MARK, style.SOFT, style.TREASURY, style.UNNAMED)


def _tell_lorenz(printed: Printer, curves: pd.DataFrame) -> Story:
    return Story(
        title=f"The {spelled(LARGEST)} largest hold {printed('regions.top4_filings')} of filings and "
        f"{printed('regions.top4_rd')} of R&D",
        subtitle=f"Cumulated share of all {printed('regions.units')} units, from the smallest to the largest, each "
        "measure by its own order: services filed by 30 June 2026, R&D and GDP of 2023.",
        alt=f"{spelled(curves['measure'].nunique()).capitalize()} curves below the diagonal. Gini coefficients: "
        f"filings {printed('regions.gini_filings')}, R&D {printed('regions.gini_rd_2023')}, GDP "
        f"{printed('regions.gini_gdp')}.",
        note="Gini coefficients are of a census and have no sampling error. GDP, of which as many hold "
        f"{printed('regions.top4_gdp')}, stands in a code repository alone.",
    )


@chart(
    "Cumulated share of the units, from the smallest to the largest, percent",
    _tell_lorenz,
    curves=regions.concentration,
)
def lorenz(curves: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a curve a measure, and the diagonal, on which all units are equal; their names stand above it."""
    drawing, axes = style.plot_drawing(wide, (340, 330), left=52, right=18, top=12, bottom=52, grid="both")
    n = int(curves["units"].max())
    axes.plot([0, n], [0, 100], color=style.RULE, linewidth=1.2)
    for place, (name, curve) in enumerate(curves.groupby("measure", sort=False)):
        colour = CURVE_COLOURS[place % len(CURVE_COLOURS)]
        axes.plot(curve["units"], curve["share_pct"], color=colour, linewidth=2)
        style.label_inside(
            axes, 0.03, 0.97 - 0.08 * place, str(name), colour, va="top", fontsize=style.TEXT, bbox=BEHIND
        )
    axes.set_xlim(0, n)
    axes.set_ylim(0, max(100, float(curves["share_pct"].max())))
    axes.set_xticks([*range(0, n - 6, 10), *([n - 4] if n > 4 else []), n])
    axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.set_xlabel("provinces, from the smallest to the largest")
    return drawing


KINDS_TOLD = {
    "fund": "a fund buys stakes in firms",
    "plan": "a plan sets goals",
    "subsidy": "a subsidy pays a part of what a firm spends",
    "compute voucher": "a voucher pays a part of the rent of computing power",
    "talent": "talent is money for people and for those who hire them",
    "data access": "data access opens data of the government to firms",
}
"""What each kind of instrument is."""


def _tell_instruments(printed: Printer, counts: pd.DataFrame) -> Story:
    vouchers, funds = (", ".join(counts.loc[counts[kind] > 0, "name"]) for kind in ("compute voucher", "fund"))
    return Story(
        title=f"Of {printed('regions.instrument_places')} provinces with any tool that covers AI in our list, "
        f"{printed('regions.places_with_plan')} have a plan, {printed('regions.places_with_subsidy', 'word')} a "
        f"subsidy and {printed('regions.places_with_fund', 'word')} a fund",
        subtitle="Number of instruments that cover AI by region and kind, to mid-2026. The places that the digest "
        "names stand first; Shenzhen stands apart from Guangdong, other cities count with their province.",
        alt=f"A matrix of regions and instruments. Vouchers for computing power were found in {vouchers}; funds in "
        f"{funds}.",
        note=f"{printed('regions.instruments')} instruments in all; of {printed('regions.units')} provinces the others "
        "have none in the table. "
        f"{'; '.join(KINDS_TOLD[kind] for kind in counts.columns if kind in KINDS_TOLD).capitalize()}. Some are for "
        "many fields, AI among them. Counts say what was found, not how much is done: amounts mix targets, registered "
        "sizes and ceilings per firm and are never added. An empty cell: none in the table.",
    )


@chart(
    "Number of instruments by place and kind; an empty cell: none in the table",
    _tell_instruments,
    counts=regions.instrument_matrix,
)
def instruments(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a matrix of places and kinds, with the number in each cell; darker is more."""
    kinds = counts.drop(columns="name").fillna(0)
    width, left = style.WIDE_PX if wide else style.NARROW_PX, labels.room(counts["name"].astype(str))
    # On a phone the heads stand in two rows by turns: none is wider than two columns.
    step, top = 28, 26 if wide else 44
    drawing = style.canvas(width, top + len(kinds) * step + 6)
    axes = style.axes_at(drawing, left, top, width - left - 10, len(kinds) * step)
    axes.set_xlim(-0.5, len(kinds.columns) - 0.5)
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    style.bare(axes)
    for column, kind in enumerate(kinds.columns):
        words, up = (str(kind), 8) if wide else (str(kind).split(" ")[-1], 6 + 17 * (column % 2))
        style.note_beside(
            axes, (column, -0.5), (0, up), words, style.SOFT, ha="center", va="bottom", fontsize=style.TEXT
        )
    for place, (name, row) in enumerate(zip(counts["name"], kinds.to_numpy(), strict=True)):
        style.note_beside(axes, (-0.5, place), (-8, 0), str(name), ha="right", va="center", fontsize=style.TEXT)
        for column, count in enumerate(row):
            square = (column - 0.46, place - 0.42), 0.92, 0.84
            if count:
                style.block(axes, *square, style.MARK, "none", alpha=0.08 + 0.08 * count if count < 6 else 1)
            style.block(axes, *square, "none", style.RULE, linewidth=1)
            if count:
                ink = style.CARD if count >= 6 else style.INK
                style.label_in_cell(axes, column, place, digits(count), ink, weight="bold", fontsize=style.TEXT)
    return drawing


KIND_STYLE = {
    "state": (style.STATE, "o", True),
    "support": (style.STATE, "o", False),
    "platform": (style.UNNAMED, "o", True),
    "private": (style.MARK, "o", True),
    "listed": (style.INK, "D", True),
}
"""Colour, mark and whether it is filled, of the kinds of events that matter here; the others are grey rings."""
DATE_FORMS = {4: "%Y", 7: "%b %Y", 10: "%-d %b %Y"}
LINE_OF_EVENT = 17
DOT_STEP = 12


def _tell_firms(printed: Printer, events: pd.DataFrame) -> Story:
    dated, since = printed("regions.state_entries_dated", "word"), printed("regions.state_entries_after_r1", "word")
    listed, firms = printed("regions.dragons_listed", "word"), printed("regions.dragon_firms", "word")
    held, told = printed("regions.state_firms", "word"), printed("regions.state_firms_dated", "word")
    return Story(
        title=f"State money was found in {held} of the {firms} firms, and in {told} it can be dated",
        subtitle="Foundation, money by kind of giver, and what came after, of the firms of Hangzhou that are called "
        "dragons. The line marks 20 January 2025, when DeepSeek published R1.",
        alt=f"{firms.capitalize()} small timelines. Private founders and investors stand at the left; state money, but "
        f"for a fund of Beijing in 2024, stands right of January 2025. {listed.capitalize()} firms have been listed.",
        note=f"Of {dated} dated entries of state money {since} came after R1, a model of DeepSeek alone; what has no "
        "date may be older. Only what a page dates is drawn; a year or month without a day stands at its middle. "
        "Without a date: Meituan, the largest outside holder, and Shenzhen Capital in Unitree, JD.com in Deep "
        "Robotics, its round of July 2025, a company of CITIC in Manycore, Tencent, reported behind a round of "
        "DeepSeek, and subsidies of city and districts.",
    )


def _dated(date: str) -> str:
    return str(pd.Timestamp(date).strftime(DATE_FORMS[len(date)]))


def _mark(axes: Axes, x: float, y: float, kind: str) -> None:
    colour, shape, filled = KIND_STYLE.get(kind, (style.SOFT, "o", False))
    face = colour if filled else style.CARD
    axes.plot([x], [y], shape, color=colour, markersize=8, markerfacecolor=face, markeredgewidth=1.6)


def _levels(places: Sequence[float]) -> list[int]:
    """Return how high each dot stands above the line, so that none covers another."""
    last: list[float] = []
    levels = []
    for x in places:
        level = next((level for level, before in enumerate(last) if x - before >= DOT_STEP), len(last))
        last[level : level + 1] = [x]
        levels.append(level)
    return levels


@dataclass(frozen=True, slots=True)
class _Panel:
    """The timeline of one firm, laid out: what is written, and where its dots stand."""

    name: str
    does: list[str]
    kinds: list[str]
    dots: list[float]
    levels: list[int]
    dates: list[str]
    lines: list[list[str]]

    @property
    def axis(self) -> float:
        """Pixels from the top of the panel to its line."""
        return 20 + LINE_OF_EVENT * len(self.does) + 14 + DOT_STEP * (max(self.levels) + 1)

    @property
    def height(self) -> float:
        return self.axis + 30 + LINE_OF_EVENT * sum(len(lines) for lines in self.lines) + 22


def _panel(name: str, events: pd.DataFrame, width: float, at: Callable[[float], float]) -> _Panel:
    events = events.sort_values("year", kind="stable")
    dates = [_dated(str(date)) for date in events["date"]]
    dots = [at(float(year)) for year in events["year"]]
    beside = width - 22 - labels.room(dates)
    return _Panel(
        name=name,
        does=labels.wrapped(str(events["sector"].iloc[0]), width),
        kinds=[str(kind) for kind in events["kind"]],
        dots=dots,
        levels=_levels(dots),
        dates=dates,
        lines=[labels.wrapped(str(words), beside) for words in events["words"]],
    )


def _draw_panel(
    axes: Axes, panel: _Panel, x: float, y: float, width: float, ticks: Sequence[tuple[float, str]]
) -> None:
    axes.text(x, y + 8, panel.name, weight="bold", va="center", fontsize=style.TEXT + 1)
    for line, words in enumerate(panel.does):
        axes.text(x, y + 26 + LINE_OF_EVENT * line, words, va="center", color=style.SOFT)
    base = y + panel.axis
    axes.plot([x, x + width], [base, base], color=style.OPEN, linewidth=1)
    for place, words in ticks:
        axes.plot([x + place, x + place], [base, base + 4], color=style.OPEN, linewidth=1)
        axes.text(x + place, base + 13, words, ha="center", va="center", color=style.SOFT)
    for kind, dot, level in zip(panel.kinds, panel.dots, panel.levels, strict=True):
        _mark(axes, x + dot, base - 8 - DOT_STEP * level, kind)
    line_y = base + 34
    column = x + 18 + labels.room(panel.dates)
    for kind, date, lines in zip(panel.kinds, panel.dates, panel.lines, strict=True):
        _mark(axes, x + 6, line_y, kind)
        axes.text(x + 18, line_y, date, va="center", color=style.SOFT)
        for words in lines:
            axes.text(column, line_y, words, va="center")
            line_y += LINE_OF_EVENT


@chart(
    "Dated events of firms: foundation, money by kind of giver, products and listings",
    _tell_firms,
    legend=(
        ("state", "dot", "money of the state"),
        ("state", "ring", "help of the state, no money"),
        ("unnamed", "dot", "platform company"),
        ("mark", "dot", "other private money"),
        ("ink", "diamond", "listed"),
        ("soft", "ring", "other"),
    ),
    events=regions.dragon_events,
)
def firms(events: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a small timeline a firm: its dots on one scale of years, and below them what each is."""
    width, columns, gap = (style.WIDE_PX, 2, 30) if wide else (style.NARROW_PX, 1, 0)
    across = (width - gap * (columns - 1)) / columns
    events = events.dropna(subset=["year"])
    first, last = math.floor(events["year"].min()), math.ceil(max(events["year"].max(), R1_YEAR + 1))
    inner = across - 40

    def at(year: float) -> float:
        return float(20 + inner * (year - first) / (last - first))

    step = max(1, math.ceil((last - first) * 46 / inner))
    ticks = [(at(year), str(year)) for year in range(first, last + 1, step)]
    panels = [_panel(str(name), some, across, at) for name, some in events.groupby("firm", sort=False)]
    rows = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    heights = [max(panel.height for panel in row) for row in rows]
    drawing, axes = style.pixel_drawing(width, sum(heights))
    top = 0.0
    for row, height in zip(rows, heights, strict=True):
        for place, panel in enumerate(row):
            x = place * (across + gap)
            reach = [top + panel.axis - 12 - DOT_STEP * (max(panel.levels) + 1), top + panel.axis]
            axes.plot([x + at(R1_YEAR)] * 2, reach, color=style.INK, linewidth=1, linestyle=(0, (3, 2)), zorder=0)
            _draw_panel(axes, panel, x, top, across, ticks)
        top += height
    return drawing
