"""The computations of the chapter on the rivalry: filings, R&D, concentration, Zhejiang and Jiangsu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from patient_capital.analysis.inequality import gini, lorenz, most_and_least_unequal, top_share
from patient_capital.formatting import Range, spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

if TYPE_CHECKING:
    from patient_capital.analysis.elasticity import Elasticity

LEADERS = ("CN-BJ", "CN-GD", "CN-SH", "CN-ZJ")
HAINAN, BEIJING, ZHEJIANG, JIANGSU = "CN-HI", "CN-BJ", "CN-ZJ", "CN-JS"
FILINGS = "deep_synthesis_algorithm_filings"
BASE_YEAR = 2023
LARGEST = 4
"""How many of the largest units are added up where concentration is told."""

PROVINCE_COLUMNS = ("iso_code", "year", "indicator", "value")
FILING_COLUMNS = ("region", "indicator", "value")


def place_names(reader: Reader) -> pd.Series:
    """Return the name of each unit in English, by code; a name is no evidence, so its source is not counted."""
    return reader.data.table("province_codes").frame["name_en"]


def indicator(reader: Reader, name: str, year: int) -> pd.Series:
    """Return one indicator of one year by province."""
    frame = reader.frame("provinces", *PROVINCE_COLUMNS, keep=lambda p: p["indicator"].eq(name) & p["year"].eq(year))
    return frame.set_index("iso_code")["value"].drop("CN", errors="ignore").sort_index()


def filings(reader: Reader) -> pd.Series:
    """Return deep-synthesis filings by province, as listed; ten units are not listed."""
    frame = reader.frame("ai_firms_by_region", *FILING_COLUMNS, keep=lambda a: a["indicator"].eq(FILINGS))
    return frame.set_index("region")["value"].sort_index()


def filings_and_rd(reader: Reader) -> pd.DataFrame:
    """Return filings, R&D and GDP of all 31 units.

    Returns
    -------
    pandas.DataFrame
        Indexed by `iso_code`: `name`; `rd_cny_bn` and `gdp_cny_bn` of :data:`BASE_YEAR`, billion yuan; `filings` to
        July 2025, a count, missing where a unit is not listed.
    """
    rd = indicator(reader, "rd_expenditure_cny_bn", BASE_YEAR)
    return pd.DataFrame(
        {
            "name": place_names(reader).reindex(rd.index),
            "rd_cny_bn": rd,
            "gdp_cny_bn": indicator(reader, "gdp_cny_bn", BASE_YEAR),
            "filings": filings(reader).reindex(rd.index),
        }
    ).rename_axis("iso_code")


@result(unit="count")
def units(ctx: Context) -> int:
    """Units of the province level in the data.

    Number of units with R&D in 2023.
    """
    return len(filings_and_rd(ctx))


@result(unit="count")
def listed(ctx: Context) -> int:
    """Units whose filings are listed.

    Number of units with a count.
    """
    return len(filings(ctx).drop("CN"))


@result(unit="count", decimals=0)
def rest(ctx: Context) -> float:
    """Filings of the units that are not listed, together.

    National count - listed counts.
    """
    counted = filings(ctx)
    return float(counted["CN"] - counted.drop("CN").sum())


def even_rest(ctx: Context) -> float:
    """Return the filings of each unlisted unit where a count is needed: what is left, spread evenly over them."""
    return ctx.value("regions.rest") / int(filings_and_rd(ctx)["filings"].isna().sum())


@result(unit="cny_bn", decimals=1)
def rd_total(ctx: Context) -> float:
    """R&D of all units in 2023.

    Sum over the units.
    """
    return float(indicator(ctx, "rd_expenditure_cny_bn", BASE_YEAR).sum())


# --- Where the filings are -------------------------------------------------------------------------------

SHADE_FLOORS = (30, 100, 300)
"""Filings from which a tile is drawn darker."""


def tile_grid(reader: Reader, units: pd.Index) -> pd.DataFrame:
    """Return the place of each unit on a compact grid: `abbr`, `row` and `col`, both counted from 1."""
    grid = reader.frame("tile_grid", "abbr", "alt_row", "alt_col", keep=lambda t: t.index.isin(units))
    grid = grid.rename(columns={"alt_row": "row", "alt_col": "col"}).rename_axis("iso_code")
    return grid.assign(**{side: (grid[side] - grid[side].min() + 1).astype(int) for side in ("row", "col")})


def shades(filings: pd.Series, floors: Sequence[float] = SHADE_FLOORS) -> pd.Series:
    """Return how many of the floors each count reaches, from 0; missing where there is no count."""
    reached = sum((filings >= floor).astype(float) for floor in floors)
    return pd.Series(reached, index=filings.index, dtype=float).where(filings.notna())


def on_tiles(grid: pd.DataFrame, filings: pd.Series, floors: Sequence[float] = SHADE_FLOORS) -> pd.DataFrame:
    """Add the counts `filings`, by `iso_code`, and the `shade` of each to a grid of :func:`tile_grid`."""
    counted = filings.reindex(grid.index)
    return grid.assign(filings=counted, shade=shades(counted, floors))


def filings_on_tiles(reader: Reader) -> pd.DataFrame:
    """Return the grid of the 31 units with filings and shades, as :func:`on_tiles` adds them."""
    frame = filings_and_rd(reader)
    return on_tiles(tile_grid(reader, frame.index), frame["filings"])


# --- Filings against R&D ---------------------------------------------------------------------------------


def in_groups(
    units: pd.DataFrame, leaders: Sequence[str] = LEADERS, apart: Sequence[str] = (HAINAN, JIANGSU)
) -> pd.DataFrame:
    """Add `group` to units, by code: ``leader`` in filings, told ``apart`` for another reason, or ``other``."""
    group = pd.Series("other", index=units.index).mask(units.index.isin(apart), "apart")
    return units.assign(group=group.mask(units.index.isin(leaders), "leader"))


def filings_by_group(reader: Reader) -> pd.DataFrame:
    """Return filings and R&D of all units with their groups: :func:`filings_and_rd` and :func:`in_groups`."""
    return in_groups(filings_and_rd(reader))


SAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("all units", ()),
    "no_beijing": ("without Beijing", (BEIJING,)),
    "no_hainan": ("without Hainan", (HAINAN,)),
    "no_leaders": (f"without the {spelled(len(LEADERS))} leaders", LEADERS),
    "no_five": ("without the four and Hainan", (*LEADERS, HAINAN)),
}
METHODS = {
    "ols": "least squares on the listed units",
    "censored": "censored lognormal on all units",
    "poisson": "Poisson on all units",
}


def fit(frame: pd.DataFrame, method: str, without: Sequence[str] = (), rest_each: float | None = None) -> Elasticity:
    """Fit the elasticity of filings to R&D on a frame of :func:`filings_and_rd`.

    Parameters
    ----------
    method : {"ols", "censored", "poisson"}
        Least squares leaves unlisted units out, which flattens the line, for they are missing because they are low.
    without : sequence of str
        Units left out.
    rest_each : float, optional
        Filings of each unlisted unit, for Poisson.

    Raises
    ------
    ValueError
        If Poisson has no count for an unlisted unit.
    """
    kept = frame.drop(list(without), errors="ignore")
    counts = tuple(kept["filings"].fillna(-1))
    if method == "poisson" and rest_each is None and -1 in counts:
        raise ValueError("fit: Poisson needs a count for each unlisted unit; pass rest_each")
    return _fit(method, tuple(kept["rd_cny_bn"]), counts, float(frame["filings"].min()), rest_each)


@cache
def _fit(
    method: str, rd: tuple[float, ...], counts: tuple[float, ...], smallest: float, rest_each: float | None
) -> Elasticity:
    """Fit once for each set of numbers: text, figure and table ask for the same fits; -1 marks an unlisted unit."""
    from patient_capital.analysis import elasticity as fits  # noqa: PLC0415  # loads statsmodels

    data = pd.DataFrame({"rd": rd, "filings": counts})
    data["filings"] = data["filings"].where(data["filings"] >= 0)
    if method == "ols":
        known = data.dropna()
        return fits.ols_elasticity(known["rd"], known["filings"])
    if method == "censored":
        return fits.censored_elasticity(data["rd"], data["filings"], smallest)
    counted = data["filings"] if rest_each is None else data["filings"].fillna(rest_each)
    return fits.poisson_elasticity(data["rd"], counted)


def fit_each(
    units: pd.DataFrame,
    samples: Mapping[str, tuple[str, Sequence[str]]] = SAMPLES,
    methods: Sequence[str] = tuple(METHODS),
    rest_each: float | None = None,
) -> pd.DataFrame:
    """Fit the elasticity of filings to R&D by each method on each sample of the units of :func:`filings_and_rd`.

    Parameters
    ----------
    samples : mapping
        Name of each sample, with its words and the codes of the units left out.
    methods, rest_each
        As for :func:`fit`.

    Returns
    -------
    pandas.DataFrame
        Indexed by `fit`, method and sample; `method`, `sample` in words, `units`, their number, and the
        `elasticity` with its 95 percent interval, `low_95` and `high_95`.
    """
    rows = {}
    for method in methods:
        for name, (words, without) in samples.items():
            one = fit(units, method, without, rest_each)
            rows[f"{method}_{name}"] = (method, words, one.n, one.slope, one.low, one.high)
    columns = ["method", "sample", "units", "elasticity", "low_95", "high_95"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("fit")


def elasticities(ctx: Context) -> pd.DataFrame:
    """Return the elasticity of filings to R&D by every method and sample, as :func:`fit_each` gives it."""
    return fit_each(filings_and_rd(ctx), rest_each=even_rest(ctx))


FITS = {
    f"{method}_{sample}": {"method": method, "how": how, "words": words, "without": without}
    for method, how in METHODS.items()
    for sample, (words, without) in SAMPLES.items()
}


def _fitted(ctx: Context, method: str, without: Sequence[str]) -> Elasticity:
    return fit(filings_and_rd(ctx), method, without, even_rest(ctx) if method == "poisson" else None)


@result(unit="elasticity", decimals=2, cases=FITS, name="{case}")
def slope(ctx: Context, *, method: str, without: Sequence[str]) -> float:
    """Elasticity of filings to R&D, {how}, {words}.

    Slope of log filings on log R&D, {how}, {words}.
    """
    return _fitted(ctx, method, without).slope


@result(unit="elasticity", decimals=2, cases=FITS, name="{case}_interval")
def interval(ctx: Context, *, method: str, without: Sequence[str]) -> Range:
    """95 percent interval: {how}, {words}.

    Slope of log filings on log R&D, {how}, {words}; HC3 for least squares, HC1 for Poisson, from the Hessian for the
    censored fit.
    """
    one = _fitted(ctx, method, without)
    return Range(one.low, one.high)


@result(unit="elasticity", decimals=2)
def elasticity(ctx: Context) -> Range:
    """Elasticity of filings to R&D over the fits on all units.

    Smallest and largest censored estimate over the samples with Hainan or the leaders left out, and Poisson on all.
    """
    values = [
        ctx.value(f"regions.{r}")
        for r in ("censored_all", "censored_no_beijing", "censored_no_hainan", "censored_no_leaders", "poisson_all")
    ]
    return Range(min(values), max(values))


@claim(leaders=spelled(len(LEADERS)))
def four_places(ctx: Context) -> bool:
    """Whether it exceeds one depends on {leaders} places.

    The interval of the censored fit lies above one on all units and holds one without the {leaders} leaders.
    """
    everything, rest_of = (ctx.result(f"regions.censored_{s}_interval") for s in ("all", "no_leaders"))
    if not isinstance(everything, Range) or not isinstance(rest_of, Range):
        raise TypeError("intervals must be ranges")
    return everything.low > 1 and rest_of.low <= 1 <= rest_of.high


@result(unit="ratio_plain", decimals=2)
def rank(ctx: Context) -> float:
    """Rank correlation of filings and R&D, listed units.

    Spearman's rank correlation.

    Correlation, -1 to 1.
    """
    from patient_capital.analysis.elasticity import rank_correlation  # noqa: PLC0415  # loads scipy

    known = filings_and_rd(ctx).dropna(subset="filings")
    return rank_correlation(known["rd_cny_bn"], known["filings"])


# --- Concentration ---------------------------------------------------------------------------------------


def with_rest(units: pd.DataFrame, each: float) -> pd.DataFrame:
    """Give each unlisted unit the same number of filings."""
    return units.assign(filings=units["filings"].fillna(each))


def measures(ctx: Context) -> pd.DataFrame:
    """Return filings (the rest spread evenly), R&D and GDP of all units."""
    return with_rest(filings_and_rd(ctx), even_rest(ctx))


MEASURES = {"filings": "filings", "rd_cny_bn": "R&D", "gdp_cny_bn": "GDP"}
"""Measures whose concentration is compared, by column, in words."""


def lorenz_curves(units: pd.DataFrame, measures: Mapping[str, str] = MEASURES) -> pd.DataFrame:
    """Cumulate each measure over the units, from the smallest to the largest by its own order.

    Parameters
    ----------
    measures : mapping
        Columns of `units`, a row a unit, with the words for each.

    Returns
    -------
    pandas.DataFrame
        A row for each measure and number of units from none to all: `measure`, `units` and their `share_pct`,
        percent.
    """
    curves = []
    for column, words in measures.items():
        share = 100 * lorenz(units[column].dropna())
        curves.append(pd.DataFrame({"measure": words, "units": range(len(share)), "share_pct": share}))
    return pd.concat(curves, ignore_index=True)


def concentration(ctx: Context) -> pd.DataFrame:
    """Return the Lorenz curves of filings, R&D and GDP, as :func:`lorenz_curves` gives them."""
    return lorenz_curves(measures(ctx))


@result(
    unit="pct",
    decimals=0,
    cases={
        "filings": {"measure": "filings", "words": "filings"},
        "rd": {"measure": "rd_cny_bn", "words": "R&D"},
        "gdp": {"measure": "gdp_cny_bn", "words": "GDP"},
    },
    fields={"count": spelled(LARGEST)},
)
def top4(ctx: Context, *, measure: str) -> float:
    """Share of the {count} largest in {words}.

    Sum of the {count} largest / sum over all units; the {count} largest in {words} itself.
    """
    return 100 * top_share(measures(ctx)[measure], LARGEST)


BOTH_YEARS = {str(year): {"year": year} for year in (2011, 2023)}


@result(unit="pct", decimals=1, cases=BOTH_YEARS, fields={"leaders": spelled(len(LEADERS))})
def leaders_rd(ctx: Context, *, year: int) -> float:
    """Share of the {leaders} leaders in filings in R&D, {year}.

    Their R&D / R&D of all units.
    """
    rd = indicator(ctx, "rd_expenditure_cny_bn", year)
    return float(100 * rd[list(LEADERS)].sum() / rd.sum())


@result(unit="ratio_plain", decimals=3, cases=BOTH_YEARS)
def gini_rd(ctx: Context, *, year: int) -> float:
    """Gini coefficient of R&D amounts, {year}.

    Gini coefficient over the units.
    """
    return gini(indicator(ctx, "rd_expenditure_cny_bn", year))


@result(unit="ratio_plain", decimals=3)
def gini_filings(ctx: Context) -> Range:
    """Gini coefficient of filings over what is not listed.

    Gini coefficient with the rest spread most evenly and most unevenly below the smallest listed count.

    Gini coefficient; a census has no sampling error, so these are bounds, not an interval.
    """
    counted = filings(ctx)
    known = counted.drop("CN")
    equal, unequal = most_and_least_unequal(int(counted["CN"] - known.sum()), 31 - len(known), int(known.min()))
    return Range(*sorted((gini([*known, *equal]), gini([*known, *unequal]))))


@result(unit="ratio_plain", decimals=2)
def gini_gdp(ctx: Context) -> float:
    """Gini coefficient of GDP, 2023.

    Gini coefficient over the units.
    """
    return gini(indicator(ctx, "gdp_cny_bn", BASE_YEAR))


@claim(less=0.01)
def as_concentrated(ctx: Context, *, less: float) -> bool:
    """As concentrated as in 2011.

    The Gini coefficients of R&D of 2011 and 2023 differ by less than {less}.
    """
    return abs(ctx.value("regions.gini_rd_2023") - ctx.value("regions.gini_rd_2011")) < less


# --- Zhejiang and Jiangsu --------------------------------------------------------------------------------

PAIR: dict[str, tuple[str, int, str]] = {
    "contracts": ("technology_market_contract_value_cny_bn", 2023, "Technology contracts"),
    "science_budget": ("budget_expenditure_science_tech_cny_bn", 2023, "Science budget"),
    "own_revenue": ("general_public_budget_revenue_cny_bn", 2024, "Public revenue"),
    "recognised": ("high_tech_firms_recognised_in_year", 2023, "High-tech firms recognised"),
    "patents": ("patents_granted_total", 2023, "Patents granted, all"),
    "tertiary": ("gdp_tertiary_cny_bn", 2024, "Services"),
    "in_force": ("invention_patents_in_force", 2023, "Invention patents in force"),
    "rd": ("rd_expenditure_cny_bn", 2023, "R&D"),
    "inventions": ("invention_patents_granted", 2023, "Invention patents granted"),
    "ht_firms": ("high_tech_manufacturing_firms", 2023, "High-tech makers"),
    "ht_profit": ("high_tech_manufacturing_profit_cny_bn", 2023, "High-tech makers' profit"),
    "ht_revenue": ("high_tech_manufacturing_revenue_cny_bn", 2023, "High-tech makers' revenue"),
}
"""Indicators of the pair with their year, each divided by GDP of the same year."""


def _pair_ratio(ctx: Context, name: str, year: int) -> float:
    values = indicator(ctx, name, year)
    return float(values[ZHEJIANG] / values[JIANGSU])


@result(
    unit="ratio",
    decimals=2,
    cases={case: {"name": name, "year": year, "words": words} for case, (name, year, words) in PAIR.items()},
)
def pair(ctx: Context, *, name: str, year: int) -> float:
    """{words}, Zhejiang over Jiangsu, per yuan of GDP, {year}.

    Value of Zhejiang / value of Jiangsu / ratio of their GDP in the same year.
    """
    return _pair_ratio(ctx, name, year) / _pair_ratio(ctx, "gdp_cny_bn", year)


@result(
    unit="ratio_plain",
    decimals=2,
    cases={
        "gdp": {"indicator_id": "gdp_cny_bn", "words": "GDP"},
        "rd_ratio": {"indicator_id": "rd_expenditure_cny_bn", "words": "R&D"},
    },
    name="pair_{case}",
)
def pair_of_amounts(ctx: Context, *, indicator_id: str) -> float:
    """{words} of Zhejiang over that of Jiangsu, 2023.

    Ratio.
    """
    return _pair_ratio(ctx, indicator_id, BASE_YEAR)


@result(unit="ratio", decimals=2)
def pair_deep(ctx: Context) -> float:
    """Deep-synthesis filings, Zhejiang over Jiangsu.

    Ratio of the counts.
    """
    counted = filings(ctx)
    return float(counted[ZHEJIANG] / counted[JIANGSU])


@result(unit="ratio", decimals=2)
def pair_generative(ctx: Context) -> float:
    """Generative services filed by March 2025, Zhejiang over Jiangsu.

    Ratio of the counts.
    """
    rows = (f"cn-{place}_2025-03-31_gen_ai_services_filed_cac" for place in ("zj", "js"))
    zhejiang, jiangsu = (ctx.number("ai_firms_by_region", row, "value") for row in rows)
    return zhejiang / jiangsu


@result(
    unit="ratio",
    decimals=2,
    cases={"deep": {"words": "Deep-synthesis filings"}, "generative": {"words": "Generative services"}},
    name="pair_{case}_per_rd",
)
def pair_per_rd(ctx: Context, *, case: str) -> float:
    """{words} per yuan of R&D, Zhejiang over Jiangsu.

    Ratio of the counts / ratio of R&D.
    """
    return ctx.value(f"regions.pair_{case}") / ctx.value("regions.pair_rd_ratio")


def generative_services(reader: Reader, provinces: Sequence[str]) -> pd.Series:
    """Return generative services filed by March 2025 of some provinces; only the five largest are published."""
    frame = reader.frame(
        "ai_firms_by_region",
        *FILING_COLUMNS,
        "date",
        keep=lambda a: (
            a["indicator"].eq("gen_ai_services_filed_cac") & a["date"].eq("2025-03-31") & a["region"].isin(provinces)
        ),
    )
    return frame.set_index("region")["value"]


def pair_values(reader: Reader, first: str = ZHEJIANG, second: str = JIANGSU) -> pd.DataFrame:
    """Return filings and other indicators of two provinces, named by their codes, with their GDP.

    Returns
    -------
    pandas.DataFrame
        Indexed by `key`: `indicator` in words, `kind` (filings, or other), the names `first` and `second`,
        `first_value` and `second_value` in the unit of the indicator, `gdp_year`, and `first_gdp_cny_bn` and
        `second_gdp_cny_bn` of that year, billion yuan. Missing where a province has no value.
    """
    names = place_names(reader)
    counts = {
        "deep": ("Deep-synthesis filings", "filings", filings(reader), BASE_YEAR),
        "generative": ("Generative services filed", "filings", generative_services(reader, [first, second]), BASE_YEAR),
    }
    others = {key: (words, "other", indicator(reader, name, year), year) for key, (name, year, words) in PAIR.items()}
    rows = {}
    for key, (words, kind, values, year) in (counts | others).items():
        gdp = indicator(reader, "gdp_cny_bn", year)
        rows[key] = {
            "indicator": words,
            "kind": kind,
            "first": names[first],
            "second": names[second],
            "first_value": values.get(first),
            "second_value": values.get(second),
            "gdp_year": year,
            "first_gdp_cny_bn": gdp.get(first),
            "second_gdp_cny_bn": gdp.get(second),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("key")


def over_gdp(values: pd.DataFrame) -> pd.DataFrame:
    """Add `ratio` to :func:`pair_values`: the first over the second, each divided by its GDP.

    The largest comes first; what one of them lacks is left out.
    """
    size = values["first_gdp_cny_bn"] / values["second_gdp_cny_bn"]
    compared = values.assign(ratio=values["first_value"] / values["second_value"] / size)
    return compared.dropna(subset="ratio").sort_values("ratio", ascending=False, kind="stable")


def pair_ratios(reader: Reader) -> pd.DataFrame:
    """Return Zhejiang over Jiangsu by indicator, each for its size, as :func:`over_gdp` gives it."""
    return over_gdp(pair_values(reader))


def _compared(ctx: Context) -> list[float]:
    """Return every comparison of the pair from the printed results: filings over GDP, and the indicators over GDP."""
    filed = [ctx.value(f"regions.pair_{name}") / ctx.value("regions.pair_gdp") for name in ("deep", "generative")]
    return [*filed, *(ctx.value(f"regions.pair_{name}") for name in PAIR)]


@result(unit="count")
def pair_count(ctx: Context) -> int:
    """Indicators compared between Zhejiang and Jiangsu.

    Number of comparisons.
    """
    return len(_compared(ctx))


@result(unit="count")
def pair_above(ctx: Context) -> int:
    """Indicators on which Zhejiang is ahead for its size.

    Number of comparisons above one.
    """
    return sum(ratio > 1 for ratio in _compared(ctx))


def in_common_years(rows: pd.DataFrame, names: pd.Series, provinces: Sequence[str]) -> pd.DataFrame:
    """Return R&D over GDP of some provinces, in the years in which all of them have a figure.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of the table of provinces for this one indicator: `iso_code`, `year` and `value`, percent of GDP.
    names : pandas.Series
        Name of each province by code.

    Returns
    -------
    pandas.DataFrame
        Indexed by row: `iso_code`, `province` (its name), `year`, and `rd_pct_gdp`, percent of GDP; by province in
        the order given, then by year.
    """
    rows = rows.loc[rows["iso_code"].isin(provinces)]
    complete = rows.groupby("year")["iso_code"].transform("nunique") == len(set(provinces))
    place = rows["iso_code"].map(list(provinces).index)
    rows = rows.assign(place=place, province=rows["iso_code"].map(names), year=rows["year"].astype(int)).loc[complete]
    rows = rows.sort_values(["place", "year"], kind="stable").rename(columns={"value": "rd_pct_gdp"})
    return rows[["iso_code", "province", "year", "rd_pct_gdp"]]


def rd_over_gdp(reader: Reader) -> pd.DataFrame:
    """Return R&D over GDP of Jiangsu and Zhejiang, as :func:`in_common_years` gives it."""
    pair = (JIANGSU, ZHEJIANG)
    rows = reader.frame(
        "provinces", *PROVINCE_COLUMNS, keep=lambda p: p["indicator"].eq("rd_intensity_pct") & p["iso_code"].isin(pair)
    )
    return in_common_years(rows, place_names(reader), pair)


def gap_in_points(intensity: pd.DataFrame, ahead: str = "Jiangsu", behind: str = "Zhejiang") -> pd.DataFrame:
    """Return R&D over GDP of two provinces side by side, from :func:`in_common_years`.

    Returns
    -------
    pandas.DataFrame
        Indexed by `year`: both provinces, percent of GDP, and `gap`, the one less the other, points.
    """
    sides = intensity.pivot_table(index="year", columns="province", values="rd_pct_gdp")[[ahead, behind]]
    return sides.assign(gap=sides[ahead] - sides[behind]).rename_axis(columns=None)


@claim(most=0.02)
def gap_reopened(ctx: Context, *, most: float) -> bool:
    """Zhejiang caught up in R&D over GDP by 2021 and has fallen back since.

    The gap is at most {most} points in 2021 and 2022 and larger in every later year, growing.
    """
    gap = gap_in_points(rd_over_gdp(ctx))["gap"]
    later = gap.loc[2023:]
    # Intensities are published to two decimals: their difference carries the last bits of both.
    return bool(
        (gap.loc[2021:2022] <= most + 1e-9).all() and (later > gap.loc[2022]).all() and later.is_monotonic_increasing
    )


# --- Instruments -----------------------------------------------------------------------------------------

DIGEST_PLACES = ("CN-CQ", "CN-SH", "CN-GD", "Shenzhen", "CN-BJ", "CN-HB", "CN-JS", "CN-ZJ")
"""Places that the digest names, in its order: Shenzhen apart from Guangdong, other cities with their province."""


INSTRUMENT_COLUMNS = ("region", "city", "date", "instrument", "amount_cny_bn", "amount_kind", "summary")


def instruments_found(reader: Reader, keep: Callable[[pd.DataFrame], pd.Series] | None = None) -> pd.DataFrame:
    """Return every instrument found, or the rows that `keep` says of a frame.

    Returns
    -------
    pandas.DataFrame
        Indexed by row: `region`, its code, and `place`, its name; `city`; `date`; `instrument`, its kind;
        `amount_cny_bn`, billion yuan, `amount_kind`, what that is; `summary`. Missing where nothing was found.
    """
    rows = reader.frame("instruments", *INSTRUMENT_COLUMNS, keep=keep)
    rows.insert(1, "place", rows["region"].map(place_names(reader)))
    return rows


def by_place_and_kind(
    found: pd.DataFrame, apart: Sequence[str] = ("Shenzhen",), first: Sequence[str] = DIGEST_PLACES
) -> pd.DataFrame:
    """Count the instruments of :func:`instruments_found` by place and kind.

    Parameters
    ----------
    apart : sequence of str
        Cities, their districts included, that stand apart from their province.
    first : sequence of str
        Codes of regions, and cities, that come first; the others follow by code.

    Returns
    -------
    pandas.DataFrame
        Indexed by `place`, a code or a city: its `name`, and a column for each kind with the number of instruments.
    """
    place, name = found["region"], found["place"]
    for city in apart:
        here = found["city"].fillna("").str.startswith(city)
        place, name = place.mask(here, city), name.mask(here, city)
    counts = pd.crosstab(place.rename("place"), found["instrument"]).rename_axis(columns=None)
    others = sorted(p for p in counts.index if p not in first)
    counts = counts.reindex([*(p for p in first if p in counts.index), *others])
    counts.insert(0, "name", pd.Series(dict(zip(place, name, strict=True))))
    return counts


def instrument_matrix(reader: Reader) -> pd.DataFrame:
    """Return the number of instruments of provinces and cities, as :func:`by_place_and_kind` counts them."""
    return by_place_and_kind(instruments_found(reader, keep=lambda i: i["region"].ne("CN")))


@result(unit="count")
def instruments(ctx: Context) -> int:
    """Instruments found.

    Number of rows.
    """
    return len(ctx.frame("instruments", "region", "instrument"))


# --- Tables ----------------------------------------------------------------------------------------------

DRAGON_COLUMNS = ("name_en", "sector", "hq", "founded_year", "state_investors", "private_investors", "later_events")


def dragons(reader: Reader) -> pd.DataFrame:
    """Return the firms of Hangzhou that were called dragons: seat, year of foundation, investors, what came after."""
    # A row without year and field is about all of them together.
    return reader.frame("dragons", *DRAGON_COLUMNS, keep=lambda d: d["founded_year"].notna() | d["sector"].notna())


def debate(reader: Reader) -> pd.DataFrame:
    """Return the arguments of the debate by date: `date`, `outlet`, `region` and `argument`."""
    return reader.frame("debate", "date", "outlet", "region", "argument").sort_values("date", kind="stable")
