"""Zhejiang beside Jiangsu: filings and other indicators, each for its size."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from patient_capital.analysis.regions.rows import (
    BASE_YEAR,
    BY_LIST,
    DEEP,
    JIANGSU,
    PROVINCE_COLUMNS,
    ZHEJIANG,
    filings,
    indicator,
    place_names,
)
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

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


@result(unit="ratio", decimals=1, cases={year: BY_LIST[year] for year in (min(BY_LIST), max(BY_LIST))})
def pair_filed(ctx: Context, *, day: str) -> float:
    """Generative services filed by {when}, Zhejiang over Jiangsu.

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

    Ratio of the counts to June 2026 / ratio of R&D in 2023.
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

    Number of comparisons per yuan of GDP: filings to June 2026 over GDP in 2023, others over GDP of their year.
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

    The gap is at most {most} points in 2021 and 2022 and has grown in every year since.
    """
    gap = gap_in_points(rd_over_gdp(ctx))["gap"]
    later = gap.loc[2022:].diff().iloc[1:]
    # Intensities are published to two decimals: their difference carries the last bits of both.
    return bool((gap.loc[2021:2022] <= most + 1e-9).all() and len(later) and (later > 1e-9).all())
