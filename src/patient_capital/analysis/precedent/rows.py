"""The series of the table of solar modules and cars, by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from patient_capital.provenance.records import Context
from patient_capital.tables import Reader

SERIES_COLUMNS = ("series_id", "year", "value")
PRODUCTION, PRICE_INDEX, CUMULATIVE = "pv_module_production_gw", "pv_module_price_usd_w", "world_pv_cumulative_gw"
PRICE, CARS, MARGIN = "module_price_rethink_usd_w", "ev_sales_cars", "auto_profit_margin_pct"
PRELIMINARY, SALES, EXPORTS = "pv_module_output_cpia_gw", "nev_sales_caam", "nev_exports"


def by_year(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return one series of the table of solar modules and cars by year; where a year has two rows, their mean.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `series_id`, `year` and `value`.

    Returns
    -------
    pandas.Series
        Indexed by year, in the unit of the series; empty where the series is not among the rows.
    """
    chosen = rows.loc[rows["series_id"].eq(name)]
    return chosen.assign(year=chosen["year"].astype(int)).groupby("year")["value"].mean()


def side_by_side(rows: pd.DataFrame, columns: Mapping[str, str], since: int) -> pd.DataFrame:
    """Put series of :func:`by_year` side by side, a row a `year` since one.

    Parameters
    ----------
    columns : mapping
        Name of each column, with its unit, and the series that it holds; missing in years without a row.
    """
    frame = pd.DataFrame({column: by_year(rows, name) for column, name in columns.items()})
    return frame.loc[frame.index >= since].rename_axis("year")


def rows_of(reader: Reader, names: Iterable[str], since: int = 0) -> pd.DataFrame:
    """Read the rows of some series since a year, so that only these count as sources."""
    wanted = list(names)
    return reader.frame(
        "solar_ev_parallel", *SERIES_COLUMNS, keep=lambda s: s["series_id"].isin(wanted) & s["year"].ge(since)
    )


def cell_of(name: str, year: int) -> str:
    """Return the reference of the value of a series in a year."""
    return f"solar_ev_parallel[{name}_{year}].value"


def value_of(ctx: Context, name: str, year: int) -> float:
    """Return the value of a series in a year, from the row that is named by both."""
    return ctx.number("solar_ev_parallel", f"{name}_{year}", "value")


def of_year(rows: pd.DataFrame, name: str, year: int) -> float:
    """Return a value of :func:`by_year`; ``ValueError`` names the years there are."""
    values = by_year(rows, name)
    if year not in values.index:
        raise ValueError(f"series {name} has no value for {year}; its years are: {', '.join(map(str, values.index))}")
    return float(values.loc[year])
