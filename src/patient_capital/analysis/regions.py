"""The computations of the chapter on the rivalry: filings, R&D, concentration, Zhejiang and Jiangsu."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from patient_capital.analysis.inequality import gini, lorenz, top_share
from patient_capital.analysis.session import R1_RELEASE
from patient_capital.formatting import Range, spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

if TYPE_CHECKING:
    from patient_capital.analysis.elasticity import Elasticity

LEADERS = ("CN-BJ", "CN-GD", "CN-SH", "CN-ZJ")
TIBET, BEIJING, ZHEJIANG, JIANGSU = "CN-XZ", "CN-BJ", "CN-ZJ", "CN-JS"
FILINGS = "gen_ai_services_filed_cac"
LISTS = {"2024": "2024-03-28", "2025": "2025-03-31", "2026": "2026-06-30"}
"""Days to which the lists of the regulator are counted, by the year that names them."""

FILED_BY = LISTS["2026"]
DEEP = "deep_synthesis_algorithm_filings"
BASE_YEAR = 2023
LARGEST = 4
"""How many of the largest units are added up where concentration is told."""

PROVINCE_COLUMNS = ("iso_code", "year", "indicator", "value")
FILING_COLUMNS = ("region", "indicator", "date", "value")


def place_names(reader: Reader) -> pd.Series:
    """Return the name of each unit in English, by code; a name is no evidence, so its source is not counted."""
    return reader.data.table("province_codes").frame["name_en"]


@shared
def indicator(reader: Reader, name: str, year: int) -> pd.Series:
    """Return one indicator of one year by province."""
    frame = reader.frame("provinces", *PROVINCE_COLUMNS, keep=lambda p: p["indicator"].eq(name) & p["year"].eq(year))
    return frame.set_index("iso_code")["value"].drop("CN", errors="ignore").sort_index()


@shared
def filings(reader: Reader, day: str = FILED_BY) -> pd.Series:
    """Return the generative services filed by a day, by province: the lists of the regulator name the place of each.

    Services that central firms filed through the asset commission have no province and are left out.
    """
    frame = reader.frame(
        "ai_firms_by_region",
        *FILING_COLUMNS,
        keep=lambda a: a["indicator"].eq(FILINGS) & a["date"].eq(day) & a["region"].ne("CN"),
    )
    return frame.set_index("region")["value"].sort_index()


@shared
def filings_and_rd(reader: Reader) -> pd.DataFrame:
    """Return filings and R&D of all 31 units.

    Returns
    -------
    pandas.DataFrame
        Indexed by `iso_code`: `name`; `rd_cny_bn` of :data:`BASE_YEAR`, billion yuan; `filings` to :data:`FILED_BY`, a
        count.
    """
    rd = indicator(reader, "rd_expenditure_cny_bn", BASE_YEAR)
    return pd.DataFrame(
        {"name": place_names(reader).reindex(rd.index), "rd_cny_bn": rd, "filings": filings(reader).reindex(rd.index)}
    ).rename_axis("iso_code")


@result(unit="count")
def units(ctx: Context) -> int:
    """Units of the province level in the data.

    Number of units with R&D in 2023.
    """
    return len(filings_and_rd(ctx))


@result(unit="count")
def with_filing(ctx: Context) -> int:
    """Units with a filed service.

    Number of units with a count above zero.
    """
    return int(filings(ctx).gt(0).sum())


@result(unit="cny_bn", decimals=1)
def rd_total(ctx: Context) -> float:
    """R&D of all units in 2023.

    Sum over the units.
    """
    return float(indicator(ctx, "rd_expenditure_cny_bn", BASE_YEAR).sum())


# --- Where the filings are -------------------------------------------------------------------------------

SHADE_FLOORS = (10, 40, 90, 150)
"""Filings from which a tile is drawn darker."""


def tile_grid(reader: Reader, units: pd.Index) -> pd.DataFrame:
    """Return the place of each unit on a compact grid: `name`, `row` and `col`, both counted from 1."""
    grid = reader.frame("tile_grid", "alt_row", "alt_col", keep=lambda t: t.index.isin(units))
    grid = grid.rename(columns={"alt_row": "row", "alt_col": "col"}).rename_axis("iso_code")
    grid.insert(0, "name", place_names(reader).reindex(grid.index))
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
    units: pd.DataFrame, leaders: Sequence[str] = LEADERS, apart: Sequence[str] = (TIBET, JIANGSU)
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
    "no_tibet": ("without Tibet", (TIBET,)),
    "no_leaders": (f"without the {spelled(len(LEADERS))} leaders", LEADERS),
    "no_five": ("without the four and Tibet", (*LEADERS, TIBET)),
}
METHODS = {
    "ols": "least squares on the units with a filing",
    "censored": "censored lognormal on all units",
    "poisson": "Poisson on all units",
}


def fit(frame: pd.DataFrame, method: str, without: Sequence[str] = ()) -> Elasticity:
    """Fit the elasticity of filings to R&D on a frame of :func:`filings_and_rd`.

    Parameters
    ----------
    method : {"ols", "censored", "poisson"}
        Least squares leaves units without a filing out, for zero has no logarithm; the censored fit takes them as below
        one; Poisson takes the counts as they are, so that large ones weigh more.
    without : sequence of str
        Units left out.

    Raises
    ------
    ValueError
        If a unit has no count.
    """
    kept = frame.drop(list(without), errors="ignore")
    if kept["filings"].isna().any():
        raise ValueError("fit: a unit has no count; drop it, or give it one")
    return _fit(method, tuple(kept["rd_cny_bn"]), tuple(kept["filings"]))


@cache
def _fit(method: str, rd: tuple[float, ...], counts: tuple[float, ...]) -> Elasticity:
    """Fit once for each set of numbers: text, figure and table ask for the same fits."""
    from patient_capital.analysis import elasticity as fits  # noqa: PLC0415  # loads statsmodels

    data = pd.DataFrame({"rd": rd, "filings": counts})
    filed = data["filings"].gt(0)
    if method == "ols":
        return fits.ols_elasticity(data.loc[filed, "rd"], data.loc[filed, "filings"])
    if method == "censored":
        return fits.censored_elasticity(data["rd"], data["filings"].where(filed), 1.0)
    return fits.poisson_elasticity(data["rd"], data["filings"])


def fit_each(
    units: pd.DataFrame,
    samples: Mapping[str, tuple[str, Sequence[str]]] = SAMPLES,
    methods: Sequence[str] = tuple(METHODS),
) -> pd.DataFrame:
    """Fit the elasticity of filings to R&D by each method on each sample of the units of :func:`filings_and_rd`.

    Parameters
    ----------
    samples : mapping
        Name of each sample, with its words and the codes of the units left out.
    methods : sequence of str
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
            one = fit(units, method, without)
            rows[f"{method}_{name}"] = (method, words, one.n, one.slope, one.low, one.high)
    columns = ["method", "sample", "units", "elasticity", "low_95", "high_95"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("fit")


def elasticities(ctx: Context) -> pd.DataFrame:
    """Return the elasticity of filings to R&D by every method and sample, as :func:`fit_each` gives it."""
    return fit_each(filings_and_rd(ctx))


FITS = {
    f"{method}_{sample}": {"method": method, "how": how, "words": words, "without": without}
    for method, how in METHODS.items()
    for sample, (words, without) in SAMPLES.items()
}


@result(unit="elasticity", decimals=2, cases=FITS, name="{case}")
def slope(ctx: Context, *, method: str, without: Sequence[str]) -> float:
    """Elasticity of filings to R&D, {how}, {words}.

    Slope of log filings on log R&D, {how}, {words}.
    """
    return fit(filings_and_rd(ctx), method, without).slope


@result(unit="elasticity", decimals=2, cases=FITS, name="{case}_interval")
def interval(ctx: Context, *, method: str, without: Sequence[str]) -> Range:
    """95 percent interval: {how}, {words}.

    Slope of log filings on log R&D, {how}, {words}; HC3 for least squares, HC1 for Poisson, from the Hessian for the
    censored fit.
    """
    one = fit(filings_and_rd(ctx), method, without)
    return Range(one.low, one.high)


@result(unit="elasticity", decimals=2)
def elasticity(ctx: Context) -> Range:
    """Elasticity of filings to R&D over methods and samples.

    Smallest and largest estimate over methods and samples.
    """
    values = [ctx.value(f"regions.{name}") for name in FITS]
    return Range(min(values), max(values))


@claim()
def method_decides(ctx: Context) -> bool:
    """Whether it exceeds one depends on how small places are weighed.

    On all units the interval of the fit of counts lies above one, and those of both fits of logarithms hold one.
    """
    counts, *logarithms = (ctx.result(f"regions.{method}_all_interval") for method in ("poisson", "ols", "censored"))
    intervals = [one for one in (counts, *logarithms) if isinstance(one, Range)]
    return intervals[0].low > 1 and all(one.low <= 1 <= one.high for one in intervals[1:])


@result(unit="ratio_plain", decimals=2)
def rank(ctx: Context) -> float:
    """Rank correlation of filings and R&D, all units.

    Spearman's rank correlation.

    Correlation, -1 to 1.
    """
    from patient_capital.analysis.elasticity import rank_correlation  # noqa: PLC0415  # loads scipy

    units = filings_and_rd(ctx)
    return rank_correlation(units["rd_cny_bn"], units["filings"])


# --- Concentration ---------------------------------------------------------------------------------------


def filings_rd_and_gdp(reader: Reader) -> pd.DataFrame:
    """Return :func:`filings_and_rd` with `gdp_cny_bn` of :data:`BASE_YEAR`, billion yuan."""
    return filings_and_rd(reader).assign(gdp_cny_bn=indicator(reader, "gdp_cny_bn", BASE_YEAR))


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
    return lorenz_curves(filings_rd_and_gdp(ctx))


@result(
    unit="pct",
    decimals=0,
    cases={
        "filings": {"measure": filings, "words": "filings"},
        "rd": {"measure": partial(indicator, name="rd_expenditure_cny_bn", year=BASE_YEAR), "words": "R&D"},
        "gdp": {"measure": partial(indicator, name="gdp_cny_bn", year=BASE_YEAR), "words": "GDP"},
    },
    fields={"count": spelled(LARGEST)},
)
def top4(ctx: Context, *, measure: Callable[[Reader], pd.Series]) -> float:
    """Share of the {count} largest in {words}.

    Sum of the {count} largest / sum over all units; the {count} largest in {words} itself.
    """
    return 100 * top_share(measure(ctx), LARGEST)


EARLIER = {year: {"day": day} for year, day in LISTS.items() if day != FILED_BY}


@result(unit="pct", decimals=0, cases=EARLIER, fields={"count": spelled(LARGEST)})
def top4_filed(ctx: Context, *, day: str) -> float:
    """Share of the {count} largest in services filed by {day}.

    Sum of the {count} largest / sum over all units.
    """
    return 100 * top_share(filings(ctx, day), LARGEST)


@result(unit="pct", decimals=0, cases={year: {"day": day} for year, day in LISTS.items()})
def beijing_filed(ctx: Context, *, day: str) -> float:
    """Share of Beijing in services filed by {day}.

    Count of Beijing / sum over all units.
    """
    counted = filings(ctx, day)
    return float(100 * counted[BEIJING] / counted.sum())


@result(unit="count")
def filings_with_place(ctx: Context) -> int:
    """Services filed that the lists of the regulator give a province.

    Sum over the units; those of central firms, which have no province, are left out.
    """
    return int(filings(ctx).sum())


@claim()
def leaders_named(ctx: Context) -> bool:
    """Beijing, Shanghai, Guangdong and Zhejiang.

    They are the units with most services filed, in this order.
    """
    most = filings(ctx).nlargest(LARGEST).index
    return list(most) == ["CN-BJ", "CN-SH", "CN-GD", "CN-ZJ"] and set(most) == set(LEADERS)


@claim()
def filings_spread(ctx: Context) -> bool:
    """Filings have spread out.

    The share of the largest places falls from each list to the next.
    """
    shares = [*(ctx.value(f"regions.top4_filed_{year}") for year in EARLIER), ctx.value("regions.top4_filings")]
    return all(later < before for before, later in pairwise(shares))


BOTH_YEARS = {str(year): {"year": year} for year in (2011, 2023)}
# The communiqués of the statistics office were read from 2018 on; older years stand in a repository alone.
OF_GINI = {
    f"rd_{year}": {
        "measure": partial(indicator, name="rd_expenditure_cny_bn", year=year),
        "words": f"R&D amounts, {year}",
    }
    for year in (2011, 2018, 2023)
} | {
    "filings": {"measure": filings, "words": "filings"},
    "gdp": {"measure": partial(indicator, name="gdp_cny_bn", year=BASE_YEAR), "words": "GDP, 2023", "decimals": 2},
}


@result(unit="pct", decimals=1, cases=BOTH_YEARS, fields={"leaders": spelled(len(LEADERS))})
def leaders_rd(ctx: Context, *, year: int) -> float:
    """Share of the {leaders} leaders in filings in R&D, {year}.

    Their R&D / R&D of all units.
    """
    rd = indicator(ctx, "rd_expenditure_cny_bn", year)
    return float(100 * rd[list(LEADERS)].sum() / rd.sum())


@result(unit="ratio_plain", decimals=3, cases=OF_GINI, name="gini_{case}")
def gini_of(ctx: Context, *, measure: Callable[[Reader], pd.Series]) -> float:
    """Gini coefficient of {words}.

    Gini coefficient over the units.
    """
    return gini(measure(ctx))


@claim(less=0.01)
def as_concentrated(ctx: Context, *, less: float) -> bool:
    """As concentrated as in 2018.

    The Gini coefficients of R&D of 2018 and 2023 differ by less than {less}.
    """
    return abs(ctx.value("regions.gini_rd_2023") - ctx.value("regions.gini_rd_2018")) < less


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
    """Deep-synthesis filings to July 2025 as a blog counts them, Zhejiang over Jiangsu.

    Ratio of the counts.
    """
    rows = (f"cn-{place}_2025-07_{DEEP}" for place in ("zj", "js"))
    zhejiang, jiangsu = (ctx.number("ai_firms_by_region", row, "value") for row in rows)
    return zhejiang / jiangsu


@result(unit="ratio", decimals=1, cases={year: {"day": LISTS[year]} for year in (min(LISTS), max(LISTS))})
def pair_filed(ctx: Context, *, day: str) -> float:
    """Generative services filed by {day}, Zhejiang over Jiangsu.

    Ratio of the counts.
    """
    counted = filings(ctx, day)
    return float(counted[ZHEJIANG] / counted[JIANGSU])


@claim(most=1.1)
def hardly_more(ctx: Context, *, most: float) -> bool:
    """Zhejiang files hardly more than Jiangsu.

    Zhejiang has filed at least as many services, and at most {most} times as many.
    """
    return 1 <= ctx.value("regions.pair_filed_2026") <= most


@result(unit="ratio", decimals=1)
def pair_filed_per_rd(ctx: Context) -> float:
    """Generative services filed per yuan of R&D, Zhejiang over Jiangsu.

    Ratio of the counts / ratio of R&D.
    """
    return ctx.value("regions.pair_filed_2026") / ctx.value("regions.pair_rd_ratio")


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
    counts = {"filed": ("Generative services filed", "filings", filings(reader), BASE_YEAR)}
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
    filed = ctx.value("regions.pair_filed_2026") / ctx.value("regions.pair_gdp")
    return [filed, *(ctx.value(f"regions.pair_{name}") for name in PAIR)]


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
        here = found["city"].fillna("").str.contains(rf"\b{re.escape(city)}\b", case=False)
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
    """Instruments of provinces and cities found.

    Number of rows, those of the nation left out.
    """
    return int(ctx.frame("instruments", "region", "instrument")["region"].ne("CN").sum())


def _in_provinces(ctx: Context) -> pd.DataFrame:
    """Return `region` and `instrument` of each instrument of a province, those of its cities and districts included."""
    found = ctx.frame("instruments", "region", "instrument")
    return found[found["region"].ne("CN")]


@result(unit="count")
def instrument_places(ctx: Context) -> int:
    """Provinces for which an instrument was found.

    Number of provinces with a row, their cities and districts included.
    """
    return int(_in_provinces(ctx)["region"].nunique())


@result(unit="count")
def places_without(ctx: Context) -> int:
    """Provinces for which no instrument was found.

    Units of the count of filings - provinces with a row, their cities and districts included.

    It says as much of the search as of the provinces.
    """
    return int(ctx.value("regions.units") - ctx.value("regions.instrument_places"))


@result(unit="count", cases={kind: {"kind": kind} for kind in ("plan", "subsidy", "fund")}, name="places_with_{case}")
def places_with(ctx: Context, *, kind: str) -> int:
    """Provinces for which a {kind} that covers AI was found.

    Number of provinces with a row of that kind, their cities and districts included.
    """
    found = _in_provinces(ctx)
    return int(found.loc[found["instrument"].eq(kind), "region"].nunique())


# --- The six firms ---------------------------------------------------------------------------------------

EVENT_COLUMNS = ("firm_id", "date", "kind", "words")


def in_years(dates: pd.Series) -> pd.Series:
    """Return ISO dates of any precision as years with a fraction; a year or month without a day counts as its middle."""
    middle = dates.where(dates.str.len() > 4, dates + "-07-02").where(dates.str.len() != 7, dates + "-15")
    day = pd.to_datetime(middle, format="%Y-%m-%d")
    return day.dt.year + (day.dt.day_of_year - 1) / 365


R1_YEAR = float(in_years(pd.Series([R1_RELEASE])).iloc[0])
"""The day of R1 as a year with a fraction."""


def dragon_events(reader: Reader) -> pd.DataFrame:
    """Return the dated events of the six firms, firm by firm, in order of time.

    Returns
    -------
    pandas.DataFrame
        Indexed by `event_id`: `firm` and `sector`, its name and what it does; `date`, ISO of any precision; `kind`,
        `words`; and `year`, the date as a year with a fraction.
    """
    events = reader.frame("dragon_events", *EVENT_COLUMNS)
    firms = reader.data.table("dragons").frame  # a name is no evidence: it adds no source
    told = events.assign(
        firm=events["firm_id"].map(firms["name_en"]),
        sector=events["firm_id"].map(firms["sector"]),
        year=in_years(events["date"]),
        place=events["firm_id"].map(list(firms.index).index),
    ).sort_values(["place", "year"], kind="stable")
    return told[["firm", "sector", "date", "kind", "words", "year"]]


@result(unit="count")
def dragon_firms(ctx: Context) -> int:
    """Firms of Hangzhou called dragons.

    Number of firms with a dated event.
    """
    return int(dragon_events(ctx)["firm"].nunique())


NO_MONEY = "recruited"
"""How the table begins what the state did for a firm that was no money."""


@result(unit="count")
def state_firms(ctx: Context) -> int:
    """Firms of Hangzhou called dragons in which money of the state was found, with a day or without.

    Number of firms of which a page names a state investor.

    That a firm was recruited is no money.
    """
    told = dragons(ctx)["state_investors"].fillna("")
    return int((told.ne("") & ~told.str.startswith(NO_MONEY)).sum())


@result(unit="count")
def state_firms_dated(ctx: Context) -> int:
    """Firms of Hangzhou called dragons in which an entry of state money can be dated.

    Number of firms with an event of that kind.
    """
    events = ctx.frame("dragon_events", "firm_id", "kind", "date")
    return int(events.loc[events["kind"].eq("state"), "firm_id"].nunique())


@result(
    unit="count",
    cases={"dated": {"when": "with a date", "after": False}, "after_r1": {"when": "since R1", "after": True}},
    name="state_entries_{case}",
)
def state_entries(ctx: Context, *, after: bool) -> int:
    """Times that state money came into a firm of Hangzhou called a dragon, {when}.

    Number of events of that kind.

    A round in which several state bodies took part is one event.
    """
    events = ctx.frame("dragon_events", "kind", "date")
    state = events.loc[events["kind"].eq("state"), "date"]
    return int(state.gt(R1_RELEASE).sum()) if after else len(state)


@result(unit="count")
def state_entries_at_listing(ctx: Context) -> int:
    """State entries among them that are purchases of shares at a listing.

    Number of events of that kind in the month in which the firm was listed.
    """
    events = ctx.frame("dragon_events", "firm_id", "kind", "date")
    month = events["firm_id"] + events["date"].str[:7]
    return int((events["kind"].eq("state") & month.isin(month[events["kind"].eq("listed")])).sum())


PLATFORMS = ("Alibaba", "Ant", "JD.com", "Meituan", "Tencent")
"""Platform companies, and Ant, which is of the circle of Alibaba, as the table of firms names them."""


def platform_owners(reader: Reader) -> pd.Series:
    """Return which platform companies are named as owners of each firm of Hangzhou, reported interest left out."""
    firms = dragons(reader)
    parts = firms["private_investors"].fillna("").str.split(";").explode()
    told = parts[~parts.str.contains("reported")].str.findall("|".join(rf"\b{re.escape(name)}\b" for name in PLATFORMS))
    return told.explode().dropna()


@result(unit="count", fields={"names": ", ".join(PLATFORMS)})
def platform_owned(ctx: Context) -> int:
    """Firms of Hangzhou called dragons with a platform company among the named owners.

    Number of firms with {names} among the private owners; a round that is only reported does not count.
    """
    return int(platform_owners(ctx).index.nunique())


@claim()
def platform_stakes(ctx: Context) -> bool:
    """Unitree, Game Science and Deep Robotics.

    They are the firms with a platform company among the named owners, and Alibaba is named in Unitree alone.
    """
    owners = platform_owners(ctx)
    with_alibaba = owners.index[owners.eq("Alibaba")].tolist()
    return set(owners.index) == {"unitree", "game-science", "deep-robotics"} and with_alibaba == ["unitree"]


@result(unit="count")
def dragons_listed(ctx: Context) -> int:
    """Firms of Hangzhou called dragons that have been listed.

    Number of listings.
    """
    return int(ctx.frame("dragon_events", "kind")["kind"].eq("listed").sum())


# --- Tables ----------------------------------------------------------------------------------------------

DRAGON_COLUMNS = (
    "name_en",
    "name_zh",
    "sector",
    "hq",
    "founded_year",
    "state_investors",
    "private_investors",
    "later_events",
)


def dragons(reader: Reader) -> pd.DataFrame:
    """Return the firms of Hangzhou that were called dragons: seat, year of foundation, investors, what came after."""
    # A row without year and field is about all of them together.
    return reader.frame("dragons", *DRAGON_COLUMNS, keep=lambda d: d["founded_year"].notna() | d["sector"].notna())


def debate(reader: Reader) -> pd.DataFrame:
    """Return the arguments of the debate by date: `date`, `outlet`, `region` and `argument`."""
    return reader.frame("debate", "date", "outlet", "region", "argument").sort_values("date", kind="stable")
