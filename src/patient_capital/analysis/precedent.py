"""The computations of the chapter on the precedent: solar modules, cars, and what AI shares with them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from patient_capital.formatting import Range, digits, spelled
from patient_capital.provenance.records import Context, split_cell
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared
from patient_capital.tables.cells import last_digit

SERIES_COLUMNS = ("series_id", "year", "value")
PRODUCTION, PRICE_INDEX, CUMULATIVE = "pv_module_production_gw", "pv_module_price_usd_w", "world_pv_cumulative_gw"
PRICE, CARS, MARGIN = "module_price_rethink_usd_w", "ev_sales_cars", "auto_profit_margin_pct"
ROADMAP_YEAR = 2023
ROADMAP_LEARNING, ROADMAP_CHANGE = "learning_rate_itrpv_pct", "module_price_change_itrpv_pct"
SHIPPED, SHIPPED_IN_ALL = "module_shipments_itrpv_gw", "module_shipments_cumulative_itrpv_gw"
WINDOWS = ((2000, 2019), (2005, 2019), (2010, 2019))
"""Windows of the fitted learning rate; all end before the shortage of polysilicon."""


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


def _rows_of(reader: Reader, names: Iterable[str], since: int = 0) -> pd.DataFrame:
    """Read the rows of some series since a year, so that only these count as sources."""
    wanted = list(names)
    return reader.frame(
        "solar_ev_parallel", *SERIES_COLUMNS, keep=lambda s: s["series_id"].isin(wanted) & s["year"].ge(since)
    )


def _cell(name: str, year: int) -> str:
    return f"solar_ev_parallel[{name}_{year}].value"


def _read(ctx: Context, name: str, year: int) -> float:
    return ctx.number("solar_ev_parallel", f"{name}_{year}", "value")


# --- Build-out -------------------------------------------------------------------------------------------


@result(
    unit="ratio",
    decimals=1,
    cases={
        "output": {"name": PRODUCTION, "first": 2014, "last": 2024, "words": "Module output of China"},
        "cars": {"name": CARS, "first": 2014, "last": 2024, "words": "Electric cars sold in China", "decimals": 0},
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
    return _read(ctx, name, last) / _read(ctx, name, first)


@result(unit="pct", decimals=0)
def index_fall(ctx: Context) -> float:
    """Fall of the price of modules sold in Europe, 2014 to 2024.

    1 - price of 2024 / price of 2014, constant dollars a watt.
    """
    return 100 * (1 - _read(ctx, PRICE_INDEX, 2024) / _read(ctx, PRICE_INDEX, 2014))


FIRST_YEAR = 2014
PRELIMINARY, SALES, EXPORTS = "pv_module_output_cpia_gw", "nev_sales_caam", "nev_exports"
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
    return side_by_side(_rows_of(reader, BUILD_OUT.values()), BUILD_OUT, since=FIRST_YEAR)


def cars_and_margin(reader: Reader) -> pd.DataFrame:
    """Return electric cars sold in China and the margin of all makers of cars by `year`.

    The columns are `electric_cars_sold` and `sold_at_home`, counts, and `profit_margin_pct`, percent of revenue;
    missing without a figure.
    """
    rows = _rows_of(reader, [*CARS_AND_MARGIN.values(), SALES, EXPORTS])
    return side_by_side(rows, CARS_AND_MARGIN, since=FIRST_YEAR).assign(sold_at_home=sold_at_home(rows))


def sold_at_home(rows: pd.DataFrame) -> pd.Series:
    """Return new-energy vehicles that makers sold at home, by year: sales less exports, where both are known."""
    return (by_year(rows, SALES) - by_year(rows, EXPORTS)).dropna()


# --- Learning --------------------------------------------------------------------------------------------


def learning_rate(cumulative: pd.Series, price: pd.Series, first: int, last: int) -> float:
    """Return the fall of price a doubling of cumulative capacity, a share, fitted on logs from `first` to `last` year.

    Raises
    ------
    ValueError
        If fewer than three years are known to both series.
    """
    years = [y for y in cumulative.index if first <= y <= last and y in price.index]
    if len(years) < 3:
        raise ValueError(f"learning_rate: only {len(years)} years between {first} and {last} are known to both series")
    slope = np.polyfit(np.log2(cumulative.loc[years]), np.log(price.loc[years]), 1)[0]
    return float(1 - math.exp(slope))


def share_explained(rate: float, doublings: float, price_ratio: float) -> float:
    """Return the share of a fall of price that learning alone explains, in logs.

    Parameters
    ----------
    rate : float
        Learning rate, 0 to 1.
    doublings : float
        Doublings of cumulative output over the span.
    price_ratio : float
        Price at the end over price at the start; ``ValueError`` unless below 1.
    """
    if not 0 < price_ratio < 1:
        raise ValueError(f"share_explained: the price ratio {price_ratio} is no fall")
    return -math.log(1 - rate) * doublings / -math.log(price_ratio)


@result(
    unit="pct",
    decimals=0,
    cases={str(first): {"first": first, "last": last} for first, last in WINDOWS},
    name="learning_{case}",
)
def learning_fitted(ctx: Context, *, first: int, last: int) -> float:
    """Fitted learning rate, {first} to {last}.

    1 - exp(slope of log price on the binary log of installed capacity); prices of the world to 2009, of modules sold in
    Europe since.
    """
    rows = _rows_of(ctx, (CUMULATIVE, PRICE_INDEX))
    return 100 * learning_rate(by_year(rows, CUMULATIVE), by_year(rows, PRICE_INDEX), first, last)


@result(unit="pct", decimals=0, fields={"fitted": spelled(len(WINDOWS))})
def learning_range(ctx: Context) -> Range:
    """Learning rates in use: the roadmap's and {fitted} fitted ones.

    Smallest and largest rate.
    """
    rates = [
        _read(ctx, ROADMAP_LEARNING, ROADMAP_YEAR),
        *(ctx.value(f"precedent.learning_{first}") for first, _ in WINDOWS),
    ]
    return Range(min(rates), max(rates))


ROADMAP, CHINESE, EUROPE = "roadmap's prices", "Chinese prices", "prices in Europe"
"""Series of module prices, as rows of the figure name them."""
SPANS = ((2022, 2023), (2022, 2024), (2020, 2024))
"""First and last year of the falls of price."""
LEARNING_SERIES = (CUMULATIVE, PRICE_INDEX, PRICE, ROADMAP_LEARNING, ROADMAP_CHANGE, SHIPPED, SHIPPED_IN_ALL)


def learning_rates(rows: pd.DataFrame, windows: Sequence[tuple[int, int]] = WINDOWS) -> pd.DataFrame:
    """Return the learning rates in use: the roadmap's, and one fitted in each window of years.

    The fits are to prices of the world to 2009 and of modules sold in Europe since, over the capacity installed.

    Returns
    -------
    pandas.DataFrame
        `rate` in words, `prices` on which it was measured, and `rate_pct`, the fall of price a doubling of cumulative
        output; the roadmap's is first.
    """
    installed, price = by_year(rows, CUMULATIVE), by_year(rows, PRICE_INDEX)
    known = [("roadmap", ROADMAP, _of_year(rows, ROADMAP_LEARNING, ROADMAP_YEAR))]
    fitted = [
        (f"fitted, {first} to {last}", EUROPE, 100 * learning_rate(installed, price, first, last))
        for first, last in windows
    ]
    return pd.DataFrame(known + fitted, columns=["rate", "prices", "rate_pct"])


def price_falls(rows: pd.DataFrame, spans: Sequence[tuple[int, int]] = SPANS) -> pd.DataFrame:
    """Return falls of module prices over spans of years, by the series that know them.

    The roadmap gives its own change and shipments, of one year; the other two are prices of Chinese modules and of modules
    sold in Europe, over doublings of the capacity installed in the world. The rows hold :data:`LEARNING_SERIES`.

    Returns
    -------
    pandas.DataFrame
        `prices`, `first` and `last` year, `words`, `doublings` of cumulative output, `price_ratio`, the price at the end
        over that at the start, and `fall_pct`.

    Raises
    ------
    ValueError
        If price or capacity of a year is not among the rows.
    """
    falls = []
    for first, last in spans:
        when = str(last) if last == first + 1 else f"{first} to {last}"
        if (first, last) == (ROADMAP_YEAR - 1, ROADMAP_YEAR):
            end = _of_year(rows, SHIPPED_IN_ALL, last)
            doublings = math.log2(end / (end - _of_year(rows, SHIPPED, last)))
            falls.append((ROADMAP, first, last, when, doublings, 1 + _of_year(rows, ROADMAP_CHANGE, last) / 100))
        doublings = math.log2(_of_year(rows, CUMULATIVE, last) / _of_year(rows, CUMULATIVE, first))
        for prices, name in ((CHINESE, PRICE), (EUROPE, PRICE_INDEX)):
            ratio = _of_year(rows, name, last) / _of_year(rows, name, first)
            falls.append((prices, first, last, when, doublings, ratio))
    frame = pd.DataFrame(falls, columns=["prices", "first", "last", "when", "doublings", "price_ratio"])
    return frame.assign(words=frame["when"] + ": " + frame["prices"], fall_pct=100 * (1 - frame["price_ratio"]))


def _of_year(rows: pd.DataFrame, name: str, year: int) -> float:
    values = by_year(rows, name)
    if year not in values.index:
        raise ValueError(f"series {name} has no value for {year}; its years are: {', '.join(map(str, values.index))}")
    return float(values.loc[year])


def explained(falls: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each fall of price that learning alone explains, in logs.

    Each fall is set beside the rates that were measured on its own prices, and where there are none, beside all. Takes
    :func:`price_falls` and :func:`learning_rates`, and returns `prices`, `first`, `last`, `words`, `fall_pct`, and in
    percent of the log fall `low_pct` and `high_pct`, at the smallest and largest of the rates. Above 100 percent prices
    fell by less than learning alone makes.
    """
    spans = []
    for fall in falls.itertuples():
        own = rates.loc[rates["prices"].eq(fall.prices), "rate_pct"]
        learned = (rates["rate_pct"] if own.empty else own) / 100
        spans.append([100 * share_explained(rate, fall.doublings, fall.price_ratio) for rate in learned])
    kept = falls[["prices", "first", "last", "words", "fall_pct"]]
    return kept.assign(low_pct=[min(span) for span in spans], high_pct=[max(span) for span in spans])


@shared
def shares(reader: Reader) -> pd.DataFrame:
    """Return the share of each fall of price that learning explains, as :func:`explained` computes it."""
    rows = _rows_of(reader, LEARNING_SERIES)
    return explained(price_falls(rows), learning_rates(rows))


CASES = {
    f"{name}_{base}": {"prices": prices, "first": first, "last": last, "words": f"{whose}, {when}"}
    for base, (first, last), when in zip(
        (2023, 2022, 2020), SPANS, ("in 2023", "2022 to 2024", "2020 to 2024"), strict=True
    )
    for name, prices, whose in (
        ("roadmap", ROADMAP, "the roadmap's prices"),
        ("chinese", CHINESE, "prices of Chinese modules"),
        ("europe", EUROPE, "prices of modules sold in Europe"),
    )
    if name != "roadmap" or base == ROADMAP_YEAR
}
"""Falls of price: those that the roadmap, one research firm and an index of Europe tell."""


def _fall(ctx: Context, prices: str, first: int, last: int) -> pd.Series:
    frame = shares(ctx)
    return frame[frame["prices"].eq(prices) & frame["first"].eq(first) & frame["last"].eq(last)].iloc[0]


@result(unit="pct", decimals=0, cases=CASES, name="fall_{case}")
def price_fall(ctx: Context, *, prices: str, first: int, last: int) -> float:
    """Fall of {words}.

    1 - price at the end / price at the start; the roadmap gives its change over the year, the others prices of years.
    """
    return float(_fall(ctx, prices, first, last)["fall_pct"])


@result(unit="pct", decimals=0)
def share_roadmap_2023(ctx: Context) -> float:
    """Share of the fall of the roadmap's prices in 2023 that learning alone explains, at the roadmap's rate.

    Learning rate in logs x doublings of shipments / log fall of the price.
    """
    return float(_fall(ctx, ROADMAP, ROADMAP_YEAR - 1, ROADMAP_YEAR)["low_pct"])


@result(
    unit="pct",
    decimals=0,
    cases={name: case for name, case in CASES.items() if case["prices"] != ROADMAP},
    name="share_{case}",
)
def share(ctx: Context, *, prices: str, first: int, last: int) -> Range:
    """Share of the fall of {words}, that learning alone explains.

    Learning rate in logs x doublings of installed capacity / log fall of the price, at the smallest and largest rate: for
    prices in Europe of the fitted rates, for Chinese prices of all.
    """
    fall = _fall(ctx, prices, first, last)
    return Range(float(fall["low_pct"]), float(fall["high_pct"]))


@result(unit="pct", decimals=0, fields={"spans": spelled(len(SPANS))})
def share_chinese(ctx: Context) -> Range:
    """Share of the fall of prices of Chinese modules that learning alone explains, by the years compared.

    Smallest and largest share of the {spans} spans, at the smallest and largest rate.
    """
    frame = shares(ctx)
    own = frame.loc[frame["prices"].eq(CHINESE)]
    return Range(float(own["low_pct"].min()), float(own["high_pct"].max()))


@claim()
def depends_on_prices(ctx: Context) -> bool:
    """Learning leaves a part of each fall of Chinese prices, and none of the fall in Europe since 2020.

    On Chinese prices the share is below all over each span, at each rate; on prices in Europe it is all or more from 2020.
    """
    frame = shares(ctx)
    chinese, since = frame[frame["prices"].eq(CHINESE)], frame[frame["prices"].eq(EUROPE) & frame["first"].eq(2020)]
    return bool(chinese["high_pct"].max() < 100 <= since["low_pct"].min())


@claim()
def depends_on_base(ctx: Context) -> bool:
    """Of either series learning explains more of the fall since 2020 than of that since 2022.

    The share from 2020 to 2024 is above that from 2022 to 2024, at the smallest and at the largest rate.
    """
    by_span = shares(ctx).set_index(["first", "last", "prices"])[["low_pct", "high_pct"]].sort_index()
    return bool((by_span.loc[(2022, 2024)] < by_span.loc[(2020, 2024)]).all(axis=None))


# --- Cars and losses -------------------------------------------------------------------------------------


@result(unit="pct_points", decimals=1)
def margin_fall(ctx: Context) -> float:
    """Fall of the profit margin of the whole car industry, 2014 to 2024.

    Margin of 2014 - margin of 2024, the years of the sales of electric cars.
    """
    return _read(ctx, MARGIN, 2014) - _read(ctx, MARGIN, 2024)


# --- 2025 ------------------------------------------------------------------------------------------------

CHAIN = {
    "Polysilicon": ("polysilicon_output_cpia_mt", "polysilicon_output_cpia_mt", "polysilicon_capacity_mt", "Mt"),
    "Wafers": ("wafer_output_gw", "wafer_output_gw", "wafer_capacity_gw", "GW"),
    "Cells": ("cell_output_gw", "cell_output_gw", "cell_capacity_gw", "GW"),
    "Modules": (PRODUCTION, PRELIMINARY, "module_capacity_gw", "GW"),
}
"""Links of the chain: the series of output in 2024 and in 2025, that of capacity at the end of 2025, and the unit."""
LINKS = {link.lower(): {"link": link} for link in CHAIN}


def chain(rows: pd.DataFrame) -> pd.DataFrame:
    """Compare what China made of each link of the solar chain in 2024 and 2025, and with what it could make.

    Returns
    -------
    pandas.DataFrame
        Indexed by `link`; `unit`, `made_2024`, `made_2025` and `capacity_2025` in that unit, `change_pct`, the change of
        output, and `in_use_most_pct`: output of the year over capacity at its end, of which a lower bound is known.
    """
    made = [
        (link, unit, _of_year(rows, before, 2024), _of_year(rows, now, 2025), _of_year(rows, capacity, 2025))
        for link, (before, now, capacity, unit) in CHAIN.items()
    ]
    frame = pd.DataFrame(made, columns=["link", "unit", "made_2024", "made_2025", "capacity_2025"]).set_index("link")
    return frame.assign(
        change_pct=100 * (frame["made_2025"] / frame["made_2024"] - 1),
        in_use_most_pct=100 * frame["made_2025"] / frame["capacity_2025"],
    )


@shared
def chain_of_2025(reader: Reader) -> pd.DataFrame:
    """Return output and use of capacity of each link of the solar chain in 2025, as :func:`chain` compares them."""
    return chain(_rows_of(reader, {name for names in CHAIN.values() for name in names[:3]}, since=2024))


@result(
    unit="pct",
    decimals=0,
    cases={link: LINKS[link] for link in ("polysilicon", "wafers", "modules")},
    name="made_{case}",
)
def made(ctx: Context, *, link: str) -> float:
    """Change of output from 2024 to 2025 in China: {link}.

    Output of 2025, preliminary / output of 2024, less one.
    """
    return abs(float(chain_of_2025(ctx).loc[link, "change_pct"]))


@result(unit="pct", decimals=0, cases=LINKS, name="in_use_{case}")
def in_use_most(ctx: Context, *, link: str) -> float:
    """Largest share of capacity that can have been in use in 2025 in China: {link}.

    Output of the year, preliminary / capacity at its end, of which a lower bound is known.
    """
    return float(chain_of_2025(ctx).loc[link, "in_use_most_pct"])


@result(unit="pct", decimals=0)
def last_months_fall(ctx: Context) -> float:
    """Fall of the output of modules in November and December of 2025 against a year before, if its counts fit together.

    Output of either year less that of its January to October: the year, preliminary for 2025, and its part, for 2024 from
    the growth that is told with them.
    """
    ten, growth = (_read(ctx, f"pv_module_production_jan_oct_{name}", 2025) for name in ("gw", "change_pct"))
    modules = chain_of_2025(ctx).loc["Modules"]
    now, before = modules["made_2025"] - ten, modules["made_2024"] - ten / (1 + growth / 100)
    return 100 * (1 - float(now / before))


@result(unit="pct", decimals=1)
def export_value_fall(ctx: Context) -> float:
    """Fall of the value of solar exports, January to October 2025.

    The reported change against a year before, sign turned.
    """
    return -_read(ctx, "pv_exports_jan_oct_change_pct", 2025)


@claim()
def chain_parted(ctx: Context) -> bool:
    """The first links fell, the last grew.

    In 2025 less polysilicon and fewer wafers were made than in 2024, and more cells and modules.
    """
    change = chain_of_2025(ctx)["change_pct"]
    return bool(change[["Polysilicon", "Wafers"]].lt(0).all() and change[["Cells", "Modules"]].gt(0).all())


MAKERS = {
    "TCL Zhonghuan": "tcl_zhonghuan",
    "LONGi": "longi",
    "Tongwei": "tongwei",
    "Aiko": "aiko",
    "JA Solar": "ja_solar",
    "Trina": "trina",
    "Jinko": "jinkosolar",
}
"""Solar makers whose results are compared, by the name of their series: one set, for every sum of losses that is printed."""


def losses(rows: pd.DataFrame) -> pd.DataFrame:
    """Compare what makers of solar products lost in 2024 and in 2025.

    Returns
    -------
    pandas.DataFrame
        Indexed by `maker`; in bn yuan `loss_2024`, negative for a profit, and `least_2025` to `most_2025`, the same
        where the year has a result and the ends of the forecast where it has not; `forecast`, whether that is so.
    """
    told = {}
    for maker, name in MAKERS.items():
        results = -by_year(rows, f"net_profit_cny_bn_{name}")
        ends = [-by_year(rows, f"net_profit_cny_bn_{name}_forecast_{end}_loss") for end in ("low", "high")]
        known = 2025 in results.index
        least, most = [results.loc[2025]] * 2 if known else [end.loc[2025] for end in ends]
        told[maker] = (float(results.loc[2024]), float(least), float(most), not known)
    columns = ["loss_2024", "least_2025", "most_2025", "forecast"]
    frame = pd.DataFrame.from_dict(told, orient="index", columns=columns).rename_axis("maker")
    return frame.sort_values("most_2025", ascending=False, kind="stable")


@shared
def losses_of_makers(reader: Reader) -> pd.DataFrame:
    """Return the losses of solar makers in 2024 and 2025, as :func:`losses` compares them."""
    names = [f"net_profit_cny_bn_{name}{end}" for name in MAKERS.values() for end in ("", *_ENDS)]
    return losses(_rows_of(reader, names))


def _lost_in_2025(makers: pd.DataFrame) -> Range:
    """Return what makers lost together in 2025, from the lower to the upper ends of their forecasts, bn yuan."""
    return Range(float(makers["least_2025"].sum()), float(makers["most_2025"].sum()))


_ENDS = ("_forecast_low_loss", "_forecast_high_loss")


TURNED = "Jinko"
"""The maker without which it is open whether the others lost more in 2025."""
ADDED = ("Trina", TURNED)
"""The makers that the edition before did not add; both make modules and did worse in 2025."""


def _basket(words: str, *without: str) -> dict[str, Any]:
    return {"words": words, "without": without, "names": ", ".join(one for one in MAKERS if one not in without)}


BASKETS = {
    "": _basket(f"{spelled(len(MAKERS))} listed solar makers"),
    "_of_others": _basket(f"the makers but {TURNED}", TURNED),
    "_of_five": _basket(f"{spelled(len(MAKERS) - len(ADDED))} of these makers, all but {' and '.join(ADDED)}", *ADDED),
}
"""Sets of makers whose losses are added, by the end of the names of their results, with the makers that they leave out."""


@result(unit="cny_bn", decimals=1, cases=BASKETS, name="loss_2024{case}")
def loss_2024(ctx: Context, *, without: tuple[str, ...]) -> float:
    """Loss in 2024 of {words}.

    Sum of the reported net profits, sign turned: {names}.
    """
    return float(losses_of_makers(ctx)["loss_2024"].drop(list(without)).sum())


@result(unit="cny_bn", decimals=1, cases=BASKETS, name="loss_2025{case}")
def loss_2025(ctx: Context, *, without: tuple[str, ...]) -> Range:
    """Loss in 2025 of {words}.

    Preliminary results of 2025 where a maker gave them, and lower and upper ends of the forecasts of the others, added:
    {names}.
    """
    return _lost_in_2025(losses_of_makers(ctx).drop(list(without)))


def lost_more(makers: pd.DataFrame) -> bool | None:
    """Say whether makers, in rows of :func:`losses`, lost more together in 2025 than in 2024.

    Returns
    -------
    bool or None
        True where they did at either end of their forecasts, False where they lost less at either end, and None where their
        loss of 2024 lies between the ends.
    """
    before, ends = float(makers["loss_2024"].sum()), _lost_in_2025(makers)
    if ends.low > before:
        return True
    return False if ends.high < before else None


def by_basket(makers: pd.DataFrame) -> dict[str, bool | None]:
    """Return for each of :data:`BASKETS` whether its makers :func:`lost_more`."""
    return {basket: lost_more(makers.drop(list(own["without"]))) for basket, own in BASKETS.items()}


@claim(one=TURNED, two=" and ".join(ADDED))
def losses_depend_on_makers(ctx: Context) -> bool:
    """Whether the makers lost more depends on which of them are added.

    All together lost more in 2025 than in 2024 at either end of the forecasts; without {two} the others lost less at either
    end; without {one} alone the loss of 2024 lies between the ends.
    """
    return by_basket(losses_of_makers(ctx)) == {"": True, "_of_others": None, "_of_five": False}


FEWER = len(MAKERS) - len(ADDED)
WAYS: dict[str, dict[str, Any]] = {
    "more": {"words": "lost more in 2025 than in 2024 at either end of the forecasts", "answer": True},
    "less": {"words": "lost less in 2025 than in 2024 at either end of the forecasts", "answer": False},
    "open": {"words": "may have lost more or less in 2025 than in 2024, by the ends of the forecasts", "answer": None},
}


@result(unit="count", cases=WAYS, fields={"some": spelled(FEWER), "all": spelled(len(MAKERS))}, name="fives_{case}")
def fives(ctx: Context, *, answer: bool | None) -> int:
    """Ways to choose {some} of the {all} makers that {words}.

    Each set of {some} is added by itself and counted.
    """
    makers = losses_of_makers(ctx)
    return sum(lost_more(makers.loc[list(chosen)]) is answer for chosen in combinations(makers.index, FEWER))


@result(unit="count", fields={"some": spelled(FEWER), "all": spelled(len(MAKERS))})
def fives_in_all(ctx: Context) -> int:
    """Ways to choose {some} of the {all} makers.

    Number of sets.
    """
    return math.comb(len(losses_of_makers(ctx)), FEWER)


@result(unit="count", fields={"count": spelled(len(MAKERS))})
def makers_counted(ctx: Context) -> int:
    """Listed solar makers whose losses are added.

    Number of makers with a result of 2024, and a result or a forecast of 2025.
    """
    return len(losses_of_makers(ctx))


@result(unit="count", cases={"worse": {"words": "more"}, "better": {"words": "less"}}, name="makers_{case}")
def makers_that_lost(ctx: Context, *, case: str) -> int:
    """Makers among them that lost {words} in 2025 than in 2024.

    Number of makers of which that holds at either end of their forecast.
    """
    makers = losses_of_makers(ctx)
    lost_more, lost_less = makers["least_2025"] > makers["loss_2024"], makers["most_2025"] < makers["loss_2024"]
    return int((lost_more if case == "worse" else lost_less).sum())


@result(
    unit="pct",
    decimals=0,
    cases={
        "polysilicon": {
            "words": "polysilicon, end of June 2025 to 9 January 2026",
            "before": ("polysilicon_price_jun_yuan_kg", 2025),
            "after": ("polysilicon_price_jan_yuan_kg", 2026),
        },
        "modules": {
            "words": "Chinese modules, 22 July 2025 to 3 March 2026",
            "before": ("pv_module_spot_opis_jul_usd_w", 2025),
            "after": ("pv_module_spot_opis_mar_usd_w", 2026),
        },
    },
    name="rise_{case}",
)
def rise_of_price(ctx: Context, *, before: tuple[str, int], after: tuple[str, int]) -> float:
    """Rise of the spot price of {words}.

    Later price / earlier price, less one.
    """
    return 100 * (_read(ctx, *after) / _read(ctx, *before) - 1)


@result(unit="pct", decimals=0)
def sold_of_made(ctx: Context) -> float:
    """Polysilicon that Daqo sold of what it made, January to March 2026.

    Tonnes sold / tonnes made.
    """
    sold, made_ = (_read(ctx, f"polysilicon_{what}_daqo_q1_mt", 2026) for what in ("sold", "made"))
    return 100 * sold / made_


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
    rows = _rows_of(ctx, (SALES, EXPORTS))
    sold = by_year(rows, SALES) if case == "sales" else sold_at_home(rows)
    return 100 * float(sold.loc[2025] / sold.loc[2024] - 1)


@result(unit="ratio", decimals=1)
def car_exports_multiple(ctx: Context) -> float:
    """New-energy vehicles exported, 2025 over 2024.

    Exports of 2025 / exports of 2024.
    """
    return _read(ctx, EXPORTS, 2025) / _read(ctx, EXPORTS, 2024)


def legs_of_rush(ctx: Context) -> dict[str, bool | None]:
    """Return the legs of the test of 2025 against 2024: more `modules` made, makers `lost` more, lower `margin` of cars.

    The rush goes on if all hold. One that is ending can bring losses too, so that they do not tell whether the end is near.
    What the makers lost is told only where all of :data:`BASKETS` give one answer.
    """
    answers = set(by_basket(losses_of_makers(ctx)).values())
    return {
        "modules": bool(chain_of_2025(ctx).loc["Modules", "change_pct"] > 0),
        "lost": answers.pop() if len(answers) == 1 else None,
        "margin": _read(ctx, MARGIN, 2025) < _read(ctx, MARGIN, 2024),
    }


@claim()
def rush_is_open(ctx: Context) -> bool:
    """The test cannot say whether the rush ended in 2025.

    More modules were made than in 2024 and the margin of the car industry was lower, but whether the solar makers lost more
    together depends on which of them are added.
    """
    return legs_of_rush(ctx) == {"modules": True, "lost": None, "margin": True}


ACTS = ("GE14", "GE13", "GE03", "GE05", "GE15", "GE16", "GE17", "GE18", "GE19")
"""Acts against the rush, by their ids in the list of events."""


def acts(reader: Reader) -> pd.DataFrame:
    """Return the acts against the rush by date: `date`, `title`, `description`, `actors`."""
    columns = ("date", "title", "description", "actors")
    frame = reader.frame("session_events", *columns, keep=lambda events: events.index.isin(ACTS))
    return frame.sort_values("date", kind="stable")


# --- Outcomes of the build-out ---------------------------------------------------------------------------

OUTCOMES = {
    "precedent.output_multiple": ("Solar", "output", "Module output, 2024 over 2014", "times"),
    _cell("pv_module_exports_gw", 2024): ("Solar", "output", "Modules exported in 2024", "GW"),
    _cell("china_share_solar_manufacturing_pct", 2021): (
        "Solar",
        "output",
        "China's share of solar manufacturing, 2021",
        "percent",
    ),
    "precedent.polysilicon_multiple": ("Solar", "capacity", "Polysilicon capacity, 2024 over 2020", "times"),
    _cell("polysilicon_utilisation_pct", 2025): (
        "Solar",
        "capacity",
        "Use of polysilicon capacity, August 2025",
        "percent",
    ),
    "precedent.loss_2024": ("Solar", "profit", f"Loss of {spelled(len(MAKERS))} listed makers in 2024", "bn yuan"),
    "precedent.export_value_fall": (
        "Solar",
        "profit",
        "Fall of the value of exports, January to October 2025",
        "percent",
    ),
    _cell("solar_firms_delisted_bankrupt_acquired", 2024): (
        "Solar",
        "exits",
        "Firms delisted, bankrupt or taken over since 2024, counted in July 2025",
        "firms",
    ),
    _cell("solar_jobs_cut", 2024): ("Solar", "jobs", "Jobs cut at large makers, 2024", "jobs"),
    "precedent.cars_multiple": ("Cars", "output", "Electric cars sold, 2024 over 2014", "times"),
    "precedent.car_exports_multiple": ("Cars", "output", "New-energy vehicles exported, 2025 over 2024", "times"),
    "precedent.margin_fall": (
        "Cars",
        "profit",
        "Fall of the margin of the whole car industry, 2014 to 2024",
        "percentage points",
    ),
    _cell("ev_makers_registered", 2019): ("Cars", "exits", "Makers of electric cars registered, 2019", "makers"),
    _cell("ev_makers_registered", 2023): ("Cars", "exits", "Makers of electric cars registered, 2023", "makers"),
    _cell("ev_brands_viable_2030", 2030): (
        "Cars",
        "exits",
        "Brands expected by consultants to earn money in 2030",
        "brands",
    ),
}
"""Outcomes of the build-out, by reference of the number: industry, aspect, words and unit."""


def outcomes(ctx: Context) -> pd.DataFrame:
    """Return output, capacity, profit, exits and jobs that came with the build-out, by reference.

    The columns are `industry`, `aspect`, `what`, `unit` in words, and the `value` in that unit.
    """
    frame = pd.DataFrame.from_dict(OUTCOMES, orient="index", columns=["industry", "aspect", "what", "unit"])
    values = [ctx.number(*split_cell(ref)) if "[" in ref else ctx.value(ref) for ref in OUTCOMES]
    return frame.assign(value=values).rename_axis("ref")


UTILISATION = {
    "auto_capacity_utilisation_pct_nbs": ("Car plants", "statistics bureau, all makers of cars"),
    "auto_capacity_utilisation_nbs_q2_pct": ("Car plants", "statistics bureau, all makers, second quarter"),
    "auto_capacity_utilisation_pct_alix": ("Car plants", "a consultancy, plants that stand"),
    "auto_capacity_utilisation_pct_gasgoo": ("Car plants", "a trade data firm"),
    "world_cell_module_utilisation_pct": ("Cells and modules, world", "direct current"),
    "polysilicon_utilisation_pct": ("Polysilicon, China", "a trade estimate of August"),
    "polysilicon_operating_rate_feb_pct": ("Polysilicon, China", "makers, last week of February"),
}
"""Series of capacity in use: of what, and by which definition. No two may share a line."""


def newest(rows: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return the row of the newest year of each series, in the order of `names`."""
    order = list(names)
    chosen = rows.loc[rows["series_id"].isin(order)].sort_values("year", kind="stable").groupby("series_id").tail(1)
    return chosen.iloc[chosen["series_id"].map(order.index).argsort(kind="stable")]


def in_use(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of what and by which definition each row of a series of :data:`UTILISATION` is the capacity in use.

    The columns are `what`, `definition`, `year`, and `in_use_pct`, percent of capacity.
    """
    what, definition = (rows["series_id"].map({name: said[k] for name, said in UTILISATION.items()}) for k in (0, 1))
    return pd.DataFrame(
        {"what": what, "definition": definition, "year": rows["year"].astype(int), "in_use_pct": rows["value"]}
    )


def capacity_in_use(reader: Reader) -> pd.DataFrame:
    """Return the newest share of capacity in use by each definition, as :func:`in_use` says it."""
    return in_use(newest(_rows_of(reader, UTILISATION), UTILISATION))


# --- AI --------------------------------------------------------------------------------------------------

SIGN_COLUMNS = ("series_id", "definition", "period", "value", "unit", "note")


def signs(reader: Reader) -> pd.DataFrame:
    """Return every sign of overcapacity in AI, for and against: series, definition, period, value, its unit, note."""
    return reader.frame("ai_overcapacity", *SIGN_COLUMNS)


def dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `when` to rows with a `period`, in years, and sort by it.

    A month counts with its start, a year without a month with that of December, and a span with its end; ``ValueError``
    names the row whose period is none of these.
    """
    when = {row: _end_of(str(row), str(period)) for row, period in rows["period"].items()}
    return rows.assign(when=pd.Series(when, dtype=float)).sort_values("when", kind="stable")


_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-H(?P<half>[12])|-(?P<month>0[1-9]|1[0-2])(?:-\d{2})?)?"
    r"(?:-(?P<last>\d{4})| to (?P<until>\d{4})-(?P<then>0[1-9]|1[0-2]))?"
)


def _read_period(row: str, period: str) -> re.Match[str]:
    """Read a year, half, month or day, or a span of these."""
    if found := _PERIOD.fullmatch(period):
        return found
    raise ValueError(f"ai_overcapacity[{row}].period is {period!r}: write a year, or year and month as in 2024-01")


def _end_of(row: str, period: str) -> float:
    """Return the end of a period in years, at the start of its last month."""
    parts = _read_period(row, period)
    if parts["until"]:
        return int(parts["until"]) + (int(parts["then"]) - 1) / 12
    if parts["last"]:
        return int(parts["last"]) + 11 / 12
    month = parts["month"] or (6 * int(parts["half"]) if parts["half"] else 12)
    return int(parts["year"]) + (int(month) - 1) / 12


def _months_of(row: str, period: str) -> range:
    """Return the months that a period covers, counted from year 0."""
    parts = _read_period(row, period)
    half = 6 * (int(parts["half"]) - 1) if parts["half"] else 0
    first = 12 * int(parts["year"]) + (int(parts["month"]) - 1 if parts["month"] else half)
    return range(first, round(12 * _end_of(row, period)) + 1)


def added(rows: pd.DataFrame) -> float:
    """Add the `value` of the periods of a series; ``ValueError`` names two rows that cover the same month."""
    held: dict[int, str] = {}
    for row, period in rows["period"].items():
        for month in _months_of(str(row), str(period)):
            if (first := held.setdefault(month, str(row))) != row:
                raise ValueError(f"ai_overcapacity[{row}] and [{first}] cover the same time: keep one of them")
    return float(rows["value"].sum())


def ai_series(reader: Reader, name: str) -> pd.DataFrame:
    """Return one series of the signs of overcapacity in AI, with `when` in years."""
    return dated(
        reader.frame("ai_overcapacity", "series_id", "period", "value", keep=lambda a: a["series_id"].eq(name))
    )


def over_first(counts: pd.DataFrame) -> pd.DataFrame:
    """Compare each count of daily model calls with the first, in rows of :func:`dated`.

    The columns are `period`, `when`, `tokens_trillion_a_day`, and `times_first`, the multiple of the first.
    """
    tokens = counts[["period", "when", "value"]].rename(columns={"value": "tokens_trillion_a_day"})
    first = tokens["tokens_trillion_a_day"].iloc[0]
    return tokens.assign(times_first=tokens["tokens_trillion_a_day"] / first).rename_axis("row_id")


def daily_tokens(reader: Reader) -> pd.DataFrame:
    """Return the tokens that models process a day in China, by date, as :func:`over_first` compares them."""
    return over_first(ai_series(reader, "daily_tokens"))


@claim(power=3)
def tokens_thousandfold(ctx: Context, *, power: int) -> bool:
    """Tokens a day in China grew roughly a thousandfold.

    Last count over the first, rounded in decimal logs: {power}, wherever in its rounding the first lay.
    """
    counts = daily_tokens(ctx)["tokens_trillion_a_day"]
    half = last_digit(digits(counts.iloc[0])) / 2
    return {round(math.log10(counts.iloc[-1] / (counts.iloc[0] + way * half))) for way in (-1, 1)} == {power}


@result(unit="cny_bn", decimals=1)
def state_purchases(ctx: Context) -> float:
    """State purchases of computing centres, 2023 to July 2025.

    Sum over the periods.
    """
    return added(ai_series(ctx, "dc_state_spending"))


@result(unit="pct", decimals=1)
def price_cut(ctx: Context) -> float:
    """Cut of a model's input price from a day to the next, May 2024.

    1 - price after / price before.

    Qwen-Long, input, 20 to 0.5 yuan a million tokens.
    """
    prices = ai_series(ctx, "price_input")
    before = float(prices.loc[prices["period"].eq("2024-05-20"), "value"].iloc[0])
    after = float(prices.loc[prices["period"].eq("2024-05-21") & prices["value"].gt(0), "value"].iloc[0])
    return 100 * (1 - after / before)


@claim(idle=25)
def computing_turned(ctx: Context, *, idle: float) -> bool:
    """First idle, then short.

    Load of data centres is counted at {idle} percent or less in 2025, and rents are reported to rise in 2026.
    """
    load = ai_series(ctx, "dc_utilisation")["value"].max()
    rise = ai_series(ctx, "compute_rent_change")["value"].iloc[-1]
    return bool(load <= idle and rise > 0)
