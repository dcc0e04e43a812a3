"""How much of the falls of module prices learning alone explains."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from patient_capital.analysis.precedent.rows import CUMULATIVE, PRICE, PRICE_INDEX, by_year, of_year, rows_of, value_of
from patient_capital.formatting import Range, spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

ROADMAP_YEAR = 2023
ROADMAP_LEARNING, ROADMAP_CHANGE = "learning_rate_itrpv_pct", "module_price_change_itrpv_pct"
SHIPPED, SHIPPED_IN_ALL = "module_shipments_itrpv_gw", "module_shipments_cumulative_itrpv_gw"
WINDOWS = ((2000, 2019), (2005, 2019), (2010, 2019))
"""Windows of the fitted learning rate; all end before the shortage of polysilicon."""


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
    rows = rows_of(ctx, (CUMULATIVE, PRICE_INDEX))
    return 100 * learning_rate(by_year(rows, CUMULATIVE), by_year(rows, PRICE_INDEX), first, last)


@result(unit="pct", decimals=0, fields={"fitted": spelled(len(WINDOWS))})
def learning_range(ctx: Context) -> Range:
    """Learning rates in use: the roadmap's and {fitted} fitted ones.

    Smallest and largest rate.
    """
    rates = [
        value_of(ctx, ROADMAP_LEARNING, ROADMAP_YEAR),
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
    known = [("roadmap", ROADMAP, of_year(rows, ROADMAP_LEARNING, ROADMAP_YEAR))]
    fitted = [
        (f"fitted, {first} to {last}", EUROPE, 100 * learning_rate(installed, price, first, last))
        for first, last in windows
    ]
    return pd.DataFrame(known + fitted, columns=["rate", "prices", "rate_pct"])


def price_falls(rows: pd.DataFrame, spans: Sequence[tuple[int, int]] = SPANS) -> pd.DataFrame:
    """Return falls of module prices over spans of years, by the series that know them.

    The roadmap gives its own change and shipments, of one year; the other two are prices of Chinese modules and of
    modules sold in Europe, over doublings of the capacity installed in the world. The rows hold
    :data:`LEARNING_SERIES`.

    Returns
    -------
    pandas.DataFrame
        `prices`, `first` and `last` year, `words`, `doublings` of cumulative output, `price_ratio`, the price at the
        end over that at the start, and `fall_pct`.

    Raises
    ------
    ValueError
        If price or capacity of a year is not among the rows.
    """
    falls = []
    for first, last in spans:
        when = str(last) if last == first + 1 else f"{first} to {last}"
        if (first, last) == (ROADMAP_YEAR - 1, ROADMAP_YEAR):
            end = of_year(rows, SHIPPED_IN_ALL, last)
            doublings = math.log2(end / (end - of_year(rows, SHIPPED, last)))
            falls.append((ROADMAP, first, last, when, doublings, 1 + of_year(rows, ROADMAP_CHANGE, last) / 100))
        doublings = math.log2(of_year(rows, CUMULATIVE, last) / of_year(rows, CUMULATIVE, first))
        for prices, name in ((CHINESE, PRICE), (EUROPE, PRICE_INDEX)):
            ratio = of_year(rows, name, last) / of_year(rows, name, first)
            falls.append((prices, first, last, when, doublings, ratio))
    frame = pd.DataFrame(falls, columns=["prices", "first", "last", "when", "doublings", "price_ratio"])
    return frame.assign(words=frame["when"] + ": " + frame["prices"], fall_pct=100 * (1 - frame["price_ratio"]))


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
    rows = rows_of(reader, LEARNING_SERIES)
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

    Learning rate in logs x doublings of installed capacity / log fall of the price, at the smallest and largest rate:
    for prices in Europe of the fitted rates, for Chinese prices of all.
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

    On Chinese prices the share is below all over each span, at each rate; on prices in Europe it is all or more from
    2020.
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
