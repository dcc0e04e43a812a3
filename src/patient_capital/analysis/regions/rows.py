"""The units of the province level, with their filings and R&D."""

from __future__ import annotations

import pandas as pd

from patient_capital.formatting import human_date
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader, shared

LEADERS = ("CN-BJ", "CN-GD", "CN-SH", "CN-ZJ")
TIBET, BEIJING, ZHEJIANG, JIANGSU = "CN-XZ", "CN-BJ", "CN-ZJ", "CN-JS"
FILINGS = "gen_ai_services_filed_cac"
LISTS = {"2024": "2024-03-28", "2025": "2025-03-31", "2026": "2026-06-30"}
"""Days to which the lists of the regulator are counted, by the year that names them."""
BY_LIST = {year: {"day": day, "when": human_date(day)} for year, day in LISTS.items()}
"""Days of the lists, and in words, by the year."""
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
    return len(indicator(ctx, "rd_expenditure_cny_bn", BASE_YEAR))


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


@result(unit="count")
def filings_with_place(ctx: Context) -> int:
    """Services filed that the lists of the regulator give a province.

    Sum over the units; those of central firms, which have no province, are left out.
    """
    return int(filings(ctx).sum())
