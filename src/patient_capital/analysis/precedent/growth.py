"""The build-out: output, prices, cars and the margin of their makers."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.precedent.rows import (
    CARS,
    EXPORTS,
    MARGIN,
    PRELIMINARY,
    PRICE_INDEX,
    PRODUCTION,
    SALES,
    by_year,
    rows_of,
    side_by_side,
    value_of,
)
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader


@result(
    unit="ratio",
    decimals=1,
    cases={
        "output": {"name": PRODUCTION, "first": 2014, "last": 2024, "words": "Module output of China"},
        "cars": {
            "name": CARS,
            "first": 2014,
            "last": 2024,
            "words": "Electric and plug-in cars sold in China",
            "decimals": 0,
        },
        "polysilicon": {
            "name": "polysilicon_capacity_mt",
            "first": 2020,
            "last": 2024,
            "words": "Polysilicon capacity",
        },
    },
    name="{case}_multiple",
)
def multiple(ctx: Context, *, name: str, first: int, last: int) -> float:
    """{words}, {last} over {first}.

    Value of the later year / value of the earlier year.
    """
    return value_of(ctx, name, last) / value_of(ctx, name, first)


@result(unit="pct", decimals=0)
def index_fall(ctx: Context) -> float:
    """Fall of the price of modules sold in Europe, 2014 to 2024.

    1 - price of 2024 / price of 2014, constant dollars a watt.
    """
    return 100 * (1 - value_of(ctx, PRICE_INDEX, 2024) / value_of(ctx, PRICE_INDEX, 2014))


FIRST_YEAR = 2014
BUILD_OUT = {
    "module_output_gw": PRODUCTION,
    "module_output_preliminary_gw": PRELIMINARY,
    "price_in_europe_usd_w": PRICE_INDEX,
}
CARS_AND_MARGIN = {"electric_cars_sold": CARS, "profit_margin_pct": MARGIN}
"""Columns of the two figures, with the series that each holds."""


def build_out(reader: Reader) -> pd.DataFrame:
    """Return module output of China and the price of modules sold in Europe by `year`.

    The columns are `module_output_gw` and `module_output_preliminary_gw`, direct current, and `price_in_europe_usd_w`,
    constant dollars a watt.
    """
    return side_by_side(rows_of(reader, BUILD_OUT.values()), BUILD_OUT, since=FIRST_YEAR)


def cars_and_margin(reader: Reader) -> pd.DataFrame:
    """Return electric cars sold in China and the margin of all makers of cars by `year`.

    The columns are `electric_cars_sold` and `sold_at_home`, counts, and `profit_margin_pct`, percent of revenue;
    missing without a figure.
    """
    rows = rows_of(reader, [*CARS_AND_MARGIN.values(), SALES, EXPORTS])
    return side_by_side(rows, CARS_AND_MARGIN, since=FIRST_YEAR).assign(sold_at_home=sold_at_home(rows))


def sold_at_home(rows: pd.DataFrame) -> pd.Series:
    """Return new-energy vehicles that makers sold at home, by year: sales less exports, where both are known."""
    return (by_year(rows, SALES) - by_year(rows, EXPORTS)).dropna()


@result(unit="pct_points", decimals=1)
def margin_fall(ctx: Context) -> float:
    """Fall of the profit margin of the whole car industry, 2014 to 2024.

    Margin of 2014 - margin of 2024, the years of the sales of electric cars.
    """
    return value_of(ctx, MARGIN, 2014) - value_of(ctx, MARGIN, 2024)


@result(
    unit="pct",
    decimals=0,
    cases={"sales": {"words": "sold by makers, exports included"}, "home": {"words": "sold at home"}},
    name="cars_{case}_growth",
)
def growth_of_cars(ctx: Context, *, case: str) -> float:
    """Growth of new-energy vehicles {words}, 2024 to 2025.

    Vehicles of 2025 / vehicles of 2024, less one; sold at home are sales less exports.
    """
    rows = rows_of(ctx, (SALES, EXPORTS))
    sold = by_year(rows, SALES) if case == "sales" else sold_at_home(rows)
    return 100 * float(sold.loc[2025] / sold.loc[2024] - 1)


@result(unit="ratio", decimals=1)
def car_exports_multiple(ctx: Context) -> float:
    """New-energy vehicles exported, 2025 over 2024.

    Exports of 2025 / exports of 2024.
    """
    return value_of(ctx, EXPORTS, 2025) / value_of(ctx, EXPORTS, 2024)
