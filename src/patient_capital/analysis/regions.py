"""The computations of the chapter on the rivalry: filings, R&D, concentration, Zhejiang and Jiangsu."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import pandas as pd

from patient_capital.analysis.inequality import gini, most_and_least_unequal, top_share
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

if TYPE_CHECKING:
    from patient_capital.analysis.elasticity import Elasticity

LEADERS = ("CN-BJ", "CN-GD", "CN-SH", "CN-ZJ")
HAINAN, BEIJING, ZHEJIANG, JIANGSU = "CN-HI", "CN-BJ", "CN-ZJ", "CN-JS"
FILINGS = "deep_synthesis_algorithm_filings"
BASE_YEAR = 2023
EVEN_REST = 4
"""Filings of each unlisted unit where a count is needed: the rest of 40 over ten units."""

PROVINCE_COLUMNS = ("iso_code", "year", "indicator", "value")
FILING_COLUMNS = ("region", "indicator", "value")
PROVINCE_INPUTS = tuple(f"provinces.{c}" for c in PROVINCE_COLUMNS)
FILING_INPUTS = tuple(f"ai_firms_by_region.{c}" for c in FILING_COLUMNS)
BOTH_INPUTS = PROVINCE_INPUTS + FILING_INPUTS


def indicator(reader: Reader, name: str, year: int) -> pd.Series:
    """Return one indicator of one year by province."""
    frame = reader.frame("provinces", *PROVINCE_COLUMNS, keep=lambda p: p["indicator"].eq(name) & p["year"].eq(year))
    return frame.set_index("iso_code")["value"].drop("CN", errors="ignore").sort_index()


def filings(reader: Reader) -> pd.Series:
    """Return deep-synthesis filings by province, as listed; ten units are not listed."""
    frame = reader.frame("ai_firms_by_region", *FILING_COLUMNS, keep=lambda a: a["indicator"].eq(FILINGS))
    return frame.set_index("region")["value"].sort_index()


def filings_and_rd(reader: Reader) -> pd.DataFrame:
    """Return R&D of 2023 and filings for all 31 units.

    Returns
    -------
    pandas.DataFrame
        Indexed by province; `rd_cny_bn`, `gdp_cny_bn`, `filings` (NaN where not listed).
    """
    rd = indicator(reader, "rd_expenditure_cny_bn", BASE_YEAR)
    return pd.DataFrame(
        {
            "rd_cny_bn": rd,
            "gdp_cny_bn": indicator(reader, "gdp_cny_bn", BASE_YEAR),
            "filings": filings(reader).reindex(rd.index),
        }
    )


@result(
    "regions.units",
    "Units of the province level in the data",
    unit="count",
    formula="number of units with R&D in 2023",
    inputs=BOTH_INPUTS,
)
def units(ctx: Context) -> int:
    """Count."""
    return len(filings_and_rd(ctx))


@result(
    "regions.listed",
    "Units whose filings are listed",
    unit="count",
    formula="number of units with a count",
    inputs=FILING_INPUTS,
)
def listed(ctx: Context) -> int:
    """Count."""
    return len(filings(ctx).drop("CN"))


@result(
    "regions.rest", "Filings of the units that are not listed, together", unit="count", decimals=0,
    formula="national count - listed counts", inputs=FILING_INPUTS,
)  # fmt: skip
def rest(ctx: Context) -> float:
    """Filings."""
    counted = filings(ctx)
    return float(counted["CN"] - counted.drop("CN").sum())


@result(
    "regions.rd_total",
    "R&D of all units in 2023",
    unit="cny_bn",
    decimals=1,
    formula="sum over the units",
    inputs=PROVINCE_INPUTS,
)
def rd_total(ctx: Context) -> float:
    """Billion yuan."""
    return float(indicator(ctx, "rd_expenditure_cny_bn", BASE_YEAR).sum())


# --- Filings against R&D ---------------------------------------------------------------------------------

SAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("all units", ()),
    "no_beijing": ("without Beijing", (BEIJING,)),
    "no_hainan": ("without Hainan", (HAINAN,)),
    "no_leaders": ("without the four leaders", LEADERS),
    "no_five": ("without the four and Hainan", (*LEADERS, HAINAN)),
}
METHODS = {
    "ols": "least squares on the listed units",
    "censored": "censored lognormal on all units",
    "poisson": "Poisson on all units",
}


def fit(frame: pd.DataFrame, method: str, without: tuple[str, ...]) -> Elasticity:
    """Fit the elasticity of filings to R&D.

    Parameters
    ----------
    frame : pandas.DataFrame
        As returned by :func:`filings_and_rd`.
    method : {"ols", "censored", "poisson"}
        Least squares leaves unlisted units out, which flattens the line, for they are missing because they are low.
    without : tuple of str
        Units left out.
    """
    kept = frame.drop(list(without))
    return _fit(method, tuple(kept["rd_cny_bn"]), tuple(kept["filings"].fillna(-1)), float(frame["filings"].min()))


@cache
def _fit(method: str, rd: tuple[float, ...], counts: tuple[float, ...], smallest: float) -> Elasticity:
    """Fit once for each set of numbers: text, figure and table ask for the same fits; -1 marks an unlisted unit."""
    from patient_capital.analysis.elasticity import (  # noqa: PLC0415  # loads statsmodels
        censored_elasticity,
        ols_elasticity,
        poisson_elasticity,
    )

    data = pd.DataFrame({"rd": rd, "filings": counts})
    data["filings"] = data["filings"].where(data["filings"] >= 0)
    if method == "ols":
        known = data.dropna()
        return ols_elasticity(known["rd"], known["filings"])
    if method == "censored":
        return censored_elasticity(data["rd"], data["filings"], smallest)
    return poisson_elasticity(data["rd"], data["filings"].fillna(EVEN_REST))


def elasticities(ctx: Context) -> pd.DataFrame:
    """Return every fit: one row a sample and method."""
    frame = filings_and_rd(ctx)
    rows = []
    for sample, (words, without) in SAMPLES.items():
        for method in METHODS:
            one = fit(frame, method, without)
            rows.append(
                {
                    "sample": sample,
                    "words": words,
                    "method": method,
                    "n": one.n,
                    "slope": one.slope,
                    "low": one.low,
                    "high": one.high,
                }
            )
    return pd.DataFrame(rows)


def _slope(ctx: Context, *, method: str, sample: str) -> float:
    return fit(filings_and_rd(ctx), method, SAMPLES[sample][1]).slope


def _interval(ctx: Context, *, method: str, sample: str) -> Range:
    one = fit(filings_and_rd(ctx), method, SAMPLES[sample][1])
    return Range(one.low, one.high)


for _method, _how in METHODS.items():
    for _sample, (_words, _) in SAMPLES.items():
        _formula = f"slope of log filings on log R&D, {_how}, {_words}"
        result(
            f"regions.{_method}_{_sample}", f"Elasticity of filings to R&D, {_how}, {_words}", unit="elasticity", decimals=2,
            formula=_formula, inputs=BOTH_INPUTS,
        )(partial(_slope, method=_method, sample=_sample))  # fmt: skip
        result(
            f"regions.{_method}_{_sample}_interval", f"95 percent interval: {_how}, {_words}", unit="elasticity", decimals=2,
            formula=f"{_formula}; HC3 for least squares, HC1 for Poisson, from the Hessian for the censored fit", inputs=BOTH_INPUTS,
        )(partial(_interval, method=_method, sample=_sample))  # fmt: skip


@result(
    "regions.elasticity", "Elasticity of filings to R&D over the fits on all units", unit="elasticity", decimals=2,
    formula="smallest and largest censored estimate over the samples with Hainan or the leaders left out, and Poisson on all",
    inputs=tuple(f"result regions.{r}" for r in ("censored_all", "censored_no_beijing", "censored_no_hainan", "censored_no_leaders", "poisson_all")),
)  # fmt: skip
def elasticity(ctx: Context) -> Range:
    """Elasticity."""
    values = [
        ctx.value(f"regions.{r}")
        for r in ("censored_all", "censored_no_beijing", "censored_no_hainan", "censored_no_leaders", "poisson_all")
    ]
    return Range(min(values), max(values))


@claim(
    "regions.four_places", "Whether it exceeds one depends on four places",
    formula="the interval of the censored fit lies above one on all units and holds one without the four leaders",
    inputs=("result regions.censored_all_interval", "result regions.censored_no_leaders_interval"),
)  # fmt: skip
def four_places(ctx: Context) -> bool:
    """Say whether the words hold."""
    everything, rest_of = (ctx.result(f"regions.censored_{s}_interval") for s in ("all", "no_leaders"))
    if not isinstance(everything, Range) or not isinstance(rest_of, Range):
        raise TypeError("intervals must be ranges")
    return everything.low > 1 and rest_of.low <= 1 <= rest_of.high


@result(
    "regions.rank", "Rank correlation of filings and R&D, listed units", unit="ratio_plain", decimals=2,
    formula="Spearman's rank correlation", inputs=BOTH_INPUTS,
)  # fmt: skip
def rank(ctx: Context) -> float:
    """Correlation, -1 to 1."""
    from patient_capital.analysis.elasticity import rank_correlation  # noqa: PLC0415  # loads scipy

    known = filings_and_rd(ctx).dropna(subset="filings")
    return rank_correlation(known["rd_cny_bn"], known["filings"])


# --- Concentration ---------------------------------------------------------------------------------------


def measures(reader: Reader) -> pd.DataFrame:
    """Return filings (the rest spread evenly), R&D and GDP of all units."""
    frame = filings_and_rd(reader)
    return frame.assign(filings=frame["filings"].fillna(EVEN_REST))


def _top_four(ctx: Context, *, measure: str) -> float:
    return 100 * top_share(measures(ctx)[measure], 4)


for _ref, _measure, _words in (
    ("filings", "filings", "filings"),
    ("rd", "rd_cny_bn", "R&D"),
    ("gdp", "gdp_cny_bn", "GDP"),
):
    result(
        f"regions.top4_{_ref}", f"Share of the four largest in {_words}", unit="pct", decimals=0,
        formula=f"sum of the four largest / sum over all units; the four largest in {_words} itself", inputs=BOTH_INPUTS,
    )(partial(_top_four, measure=_measure))  # fmt: skip


def _leaders_rd(ctx: Context, *, year: int) -> float:
    rd = indicator(ctx, "rd_expenditure_cny_bn", year)
    return float(100 * rd[list(LEADERS)].sum() / rd.sum())


def _gini_rd(ctx: Context, *, year: int) -> float:
    return gini(indicator(ctx, "rd_expenditure_cny_bn", year))


for _year in (2011, 2023):
    result(
        f"regions.leaders_rd_{_year}", f"Share of the four leaders in filings in R&D, {_year}", unit="pct", decimals=1,
        formula="their R&D / R&D of all units", inputs=PROVINCE_INPUTS,
    )(partial(_leaders_rd, year=_year))  # fmt: skip
    result(
        f"regions.gini_rd_{_year}", f"Gini coefficient of R&D amounts, {_year}", unit="ratio_plain", decimals=3,
        formula="Gini coefficient over the units", inputs=PROVINCE_INPUTS,
    )(partial(_gini_rd, year=_year))  # fmt: skip


@result(
    "regions.gini_filings", "Gini coefficient of filings over what is not listed", unit="ratio_plain", decimals=3,
    formula="Gini coefficient with the rest spread most evenly and most unevenly below the smallest listed count", inputs=FILING_INPUTS,
)  # fmt: skip
def gini_filings(ctx: Context) -> Range:
    """Gini coefficient; a census has no sampling error, so these are bounds, not an interval."""
    counted = filings(ctx)
    known = counted.drop("CN")
    equal, unequal = most_and_least_unequal(int(counted["CN"] - known.sum()), 31 - len(known), int(known.min()))
    return Range(*sorted((gini([*known, *equal]), gini([*known, *unequal]))))


@result(
    "regions.gini_gdp",
    "Gini coefficient of GDP, 2023",
    unit="ratio_plain",
    decimals=2,
    formula="Gini coefficient over the units",
    inputs=PROVINCE_INPUTS,
)
def gini_gdp(ctx: Context) -> float:
    """Gini coefficient."""
    return gini(indicator(ctx, "gdp_cny_bn", BASE_YEAR))


@claim(
    "regions.as_concentrated", "As concentrated as in 2011", formula="the Gini coefficients of R&D of 2011 and 2023 differ by less than 0.01",
    inputs=("result regions.gini_rd_2011", "result regions.gini_rd_2023"),
)  # fmt: skip
def as_concentrated(ctx: Context) -> bool:
    """Say whether the words hold."""
    return abs(ctx.value("regions.gini_rd_2023") - ctx.value("regions.gini_rd_2011")) < 0.01


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


def _per_gdp(ctx: Context, *, name: str, year: int) -> float:
    return _pair_ratio(ctx, name, year) / _pair_ratio(ctx, "gdp_cny_bn", year)


for _ref, (_name, _year, _words) in PAIR.items():
    result(
        f"regions.pair_{_ref}", f"{_words}, Zhejiang over Jiangsu, per yuan of GDP, {_year}", unit="ratio", decimals=2,
        formula="value of Zhejiang / value of Jiangsu / ratio of their GDP in the same year", inputs=PROVINCE_INPUTS,
    )(partial(_per_gdp, name=_name, year=_year))  # fmt: skip


@result(
    "regions.pair_gdp",
    "GDP of Zhejiang over that of Jiangsu, 2023",
    unit="ratio_plain",
    decimals=2,
    formula="ratio",
    inputs=PROVINCE_INPUTS,
)
def pair_gdp(ctx: Context) -> float:
    """Ratio."""
    return _pair_ratio(ctx, "gdp_cny_bn", BASE_YEAR)


@result(
    "regions.pair_rd_ratio",
    "R&D of Zhejiang over that of Jiangsu, 2023",
    unit="ratio_plain",
    decimals=2,
    formula="ratio",
    inputs=PROVINCE_INPUTS,
)
def pair_rd_ratio(ctx: Context) -> float:
    """Ratio."""
    return _pair_ratio(ctx, "rd_expenditure_cny_bn", BASE_YEAR)


@result(
    "regions.pair_deep",
    "Deep-synthesis filings, Zhejiang over Jiangsu",
    unit="ratio",
    decimals=2,
    formula="ratio of the counts",
    inputs=FILING_INPUTS,
)
def pair_deep(ctx: Context) -> float:
    """Times."""
    counted = filings(ctx)
    return float(counted[ZHEJIANG] / counted[JIANGSU])


GENERATIVE = ("cn-zj_2025-03-31_gen_ai_services_filed_cac", "cn-js_2025-03-31_gen_ai_services_filed_cac")


@result(
    "regions.pair_generative", "Generative services filed by March 2025, Zhejiang over Jiangsu", unit="ratio", decimals=2,
    formula="ratio of the counts", inputs=tuple(f"ai_firms_by_region[{row}].value" for row in GENERATIVE),
)  # fmt: skip
def pair_generative(ctx: Context) -> float:
    """Times."""
    zhejiang, jiangsu = (ctx.number("ai_firms_by_region", row, "value") for row in GENERATIVE)
    return zhejiang / jiangsu


for _ref, _words in (("deep", "Deep-synthesis filings"), ("generative", "Generative services")):
    result(
        f"regions.pair_{_ref}_per_rd", f"{_words} per yuan of R&D, Zhejiang over Jiangsu", unit="ratio", decimals=2,
        formula="ratio of the counts / ratio of R&D", inputs=(f"result regions.pair_{_ref}", "result regions.pair_rd_ratio"),
    )(lambda ctx, ref=_ref: ctx.value(f"regions.pair_{ref}") / ctx.value("regions.pair_rd_ratio"))  # fmt: skip


def pair(ctx: Context) -> pd.DataFrame:
    """Return every comparison of the pair, largest first: `name`, `ratio`, `kind` (filings, or per GDP)."""
    rows = [
        {"ref": "pair_deep_gdp", "name": "Deep-synthesis filings", "ratio": ctx.value("regions.pair_deep") / ctx.value("regions.pair_gdp"), "kind": "filings"},
        {"ref": "pair_gen_gdp", "name": "Generative services filed", "ratio": ctx.value("regions.pair_generative") / ctx.value("regions.pair_gdp"), "kind": "filings"},
    ]  # fmt: skip
    rows += [
        {"ref": f"pair_{ref}", "name": words, "ratio": ctx.value(f"regions.pair_{ref}"), "kind": "other"}
        for ref, (_, _, words) in PAIR.items()
    ]
    return pd.DataFrame(rows).sort_values("ratio", ascending=False, ignore_index=True)


@result(
    "regions.pair_count", "Indicators compared between Zhejiang and Jiangsu", unit="count", formula="number of comparisons",
    inputs=("result regions.pair_deep", "result regions.pair_generative", "result regions.pair_gdp", *(f"result regions.pair_{r}" for r in PAIR)),
)  # fmt: skip
def pair_count(ctx: Context) -> int:
    """Count."""
    return len(pair(ctx))


@result(
    "regions.pair_above", "Indicators on which Zhejiang is ahead for its size", unit="count", formula="number of comparisons above one",
    inputs=("result regions.pair_deep", "result regions.pair_generative", "result regions.pair_gdp", *(f"result regions.pair_{r}" for r in PAIR)),
)  # fmt: skip
def pair_above(ctx: Context) -> int:
    """Count."""
    return int(pair(ctx)["ratio"].gt(1).sum())


def intensity_gap(reader: Reader) -> pd.DataFrame:
    """Return R&D over GDP of the pair by year, percent, with the gap in points."""
    frame = reader.frame(
        "provinces",
        *PROVINCE_COLUMNS,
        keep=lambda p: p["indicator"].eq("rd_intensity_pct") & p["iso_code"].isin([ZHEJIANG, JIANGSU]),
    )
    wide = (
        frame.assign(year=frame["year"].astype(int))
        .pivot_table(index="year", columns="iso_code", values="value")
        .dropna()
    )
    return wide.assign(gap=wide[JIANGSU] - wide[ZHEJIANG]).reset_index()


@claim(
    "regions.gap_reopened", "Zhejiang caught up in R&D over GDP by 2021 and has fallen back since",
    formula="the gap is at most 0.02 points in 2021 and 2022 and larger in every later year, growing", inputs=PROVINCE_INPUTS,
)  # fmt: skip
def gap_reopened(ctx: Context) -> bool:
    """Say whether the words hold."""
    gap = intensity_gap(ctx).set_index("year")["gap"]
    later = gap.loc[2023:]
    return bool((gap.loc[2021:2022] <= 0.021).all() and (later > gap.loc[2022]).all() and later.is_monotonic_increasing)


# --- Instruments -----------------------------------------------------------------------------------------

DIGEST_PLACES = ("CN-CQ", "CN-SH", "CN-GD", "Shenzhen", "CN-BJ", "CN-HB", "CN-JS", "CN-ZJ")
"""Places that the digest names, in its order; Shenzhen stands apart from Guangdong, other cities with their province."""


def instrument_matrix(reader: Reader) -> pd.DataFrame:
    """Return the number of instruments found by place (the digest's first) and kind."""
    frame = reader.frame("instruments", "region", "city", "instrument", keep=lambda i: i["region"].ne("CN"))
    place = frame["region"].mask(frame["city"].fillna("").str.startswith("Shenzhen"), "Shenzhen")
    counts = pd.crosstab(place.rename("place"), frame["instrument"])
    others = sorted(p for p in counts.index if p not in DIGEST_PLACES)
    return counts.reindex([*(p for p in DIGEST_PLACES if p in counts.index), *others])


@result(
    "regions.instruments",
    "Instruments found",
    unit="count",
    formula="number of rows",
    inputs=("instruments.region", "instruments.instrument"),
)
def instruments(ctx: Context) -> int:
    """Count."""
    return len(ctx.frame("instruments", "region", "instrument"))
