"""The computations of the chapter on the precedent: solar modules, cars, and what AI shares with them."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pandas as pd

from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

SERIES_COLUMNS = ("series_id", "year", "value")
SERIES_INPUTS = tuple(f"solar_ev_parallel.{c}" for c in SERIES_COLUMNS)
PRODUCTION, PRICE_INDEX, CUMULATIVE = "pv_module_production_gw", "pv_module_price_usd_w", "world_pv_cumulative_gw"
PRICE, CARS, MARGIN = "module_price_rethink_usd_w", "ev_sales_cars", "auto_profit_margin_pct"
WINDOWS = ((2000, 2019), (2005, 2019), (2010, 2019))
"""Windows of the fitted learning rate; all end before the shortage of polysilicon."""


def series(reader: Reader, name: str) -> pd.Series:
    """Return one series by year; where a year has two rows, their mean."""
    frame = reader.frame("solar_ev_parallel", *SERIES_COLUMNS, keep=lambda s: s["series_id"].eq(name))
    return frame.assign(year=frame["year"].astype(int)).groupby("year")["value"].mean()


def _cell(name: str, year: int) -> str:
    return f"solar_ev_parallel[{name}_{year}].value"


def _read(ctx: Context, name: str, year: int) -> float:
    return ctx.number("solar_ev_parallel", f"{name}_{year}", "value")


# --- Build-out -------------------------------------------------------------------------------------------


def _multiple(ctx: Context, *, name: str, first: int, last: int) -> float:
    return _read(ctx, name, last) / _read(ctx, name, first)


for _ref, _name, _first, _last, _words in (
    ("output_multiple", PRODUCTION, 2015, 2024, "Module output of China, 2024 over 2015"),
    ("cars_multiple", CARS, 2014, 2024, "Electric cars sold in China, 2024 over 2014"),
    ("polysilicon_multiple", "polysilicon_capacity_mt", 2020, 2024, "Polysilicon capacity, 2024 over 2020"),
):
    result(
        f"precedent.{_ref}", _words, unit="ratio", decimals=1 if _ref != "cars_multiple" else 0,
        formula="value of the later year / value of the earlier year", inputs=(_cell(_name, _first), _cell(_name, _last)),
    )(partial(_multiple, name=_name, first=_first, last=_last))  # fmt: skip


# --- Learning --------------------------------------------------------------------------------------------


def learning_rate(cumulative: pd.Series, price: pd.Series, first: int, last: int) -> float:
    """Return the fall of price a doubling of cumulative capacity, fitted on logs.

    Parameters
    ----------
    cumulative, price : pandas.Series
        Indexed by year.
    first, last : int
        Window, both ends in.

    Returns
    -------
    float
        Share, 0 to 1.

    Raises
    ------
    ValueError
        If fewer than three years are known to both.
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
        Price at the end over price at the start, below 1.
    """
    if not 0 < price_ratio < 1:
        raise ValueError(f"share_explained: the price ratio {price_ratio} is no fall")
    return -math.log(1 - rate) * doublings / -math.log(price_ratio)


def _fitted(ctx: Context, *, first: int, last: int) -> float:
    return 100 * learning_rate(series(ctx, CUMULATIVE), series(ctx, PRICE_INDEX), first, last)


for _first, _last in WINDOWS:
    result(
        f"precedent.learning_{_first}", f"Fitted learning rate, {_first} to {_last}", unit="pct", decimals=0,
        formula="1 - exp(slope of log price on the binary log of installed capacity), world price index", inputs=SERIES_INPUTS,
    )(partial(_fitted, first=_first, last=_last))  # fmt: skip

FITTED = tuple(f"precedent.learning_{first}" for first, _ in WINDOWS)
ROADMAP_RATE = _cell("learning_rate_itrpv_pct", 2023)


def _rates(ctx: Context) -> list[float]:
    return [_read(ctx, "learning_rate_itrpv_pct", 2023) / 100, *(ctx.value(ref) / 100 for ref in FITTED)]


RATE_INPUTS = (ROADMAP_RATE, *(f"result {ref}" for ref in FITTED))


@result(
    "precedent.learning_range", "Learning rates in use: the roadmap's and three fitted ones", unit="pct", decimals=0,
    formula="smallest and largest rate", inputs=RATE_INPUTS,
)  # fmt: skip
def learning_range(ctx: Context) -> Range:
    """Percent a doubling."""
    rates = _rates(ctx)
    return Range(100 * min(rates), 100 * max(rates))


@result(
    "precedent.doublings_2023", "Doublings of cumulative shipments in 2023", unit="ratio_plain", decimals=2,
    formula="binary log of cumulative shipments at the end / at the start of the year",
    inputs=(_cell("module_shipments_cumulative_itrpv_gw", 2023), _cell("module_shipments_itrpv_gw", 2023)),
)  # fmt: skip
def doublings_2023(ctx: Context) -> float:
    """Doublings."""
    end = _read(ctx, "module_shipments_cumulative_itrpv_gw", 2023)
    return math.log2(end / (end - _read(ctx, "module_shipments_itrpv_gw", 2023)))


def _explained(ctx: Context, *, base: int, rates: list[float]) -> list[float]:
    """Shares of the fall since `base` that learning explains: 2023 by the roadmap, else to 2024 by prices of Chinese modules."""
    if base == 2023:
        ratio = 1 + _read(ctx, "module_price_change_itrpv_pct", 2023) / 100
        doublings = ctx.value("precedent.doublings_2023")
    else:
        ratio = _read(ctx, PRICE, 2024) / _read(ctx, PRICE, base)
        doublings = math.log2(_read(ctx, CUMULATIVE, 2024) / _read(ctx, CUMULATIVE, base))
    return [100 * share_explained(rate, doublings, ratio) for rate in rates]


def _explained_inputs(base: int) -> tuple[str, ...]:
    if base == 2023:
        return (_cell("module_price_change_itrpv_pct", 2023), "result precedent.doublings_2023")
    return (_cell(PRICE, 2024), _cell(PRICE, base), _cell(CUMULATIVE, 2024), _cell(CUMULATIVE, base))


BASES = {2023: "the halving in 2023", 2022: "the fall from 2022 to 2024", 2020: "the fall from 2020 to 2024"}
for _base, _words in BASES.items():
    result(
        f"precedent.share_{_base}", f"Share of {_words} that learning alone explains, at the roadmap's rate", unit="pct", decimals=0,
        formula="learning rate in logs x doublings / log fall of the price", inputs=(ROADMAP_RATE, *_explained_inputs(_base)),
    )(lambda ctx, base=_base: _explained(ctx, base=base, rates=[_read(ctx, "learning_rate_itrpv_pct", 2023) / 100])[0])  # fmt: skip

    def _share_range(ctx: Context, base: int = _base) -> Range:
        shares = _explained(ctx, base=base, rates=_rates(ctx))
        return Range(min(shares), max(shares))

    result(
        f"precedent.share_{_base}_range", f"Share of {_words} that learning alone explains, over the rates in use", unit="pct", decimals=0,
        formula="the same at the smallest and largest learning rate", inputs=(*RATE_INPUTS, *_explained_inputs(_base)),
    )(_share_range)  # fmt: skip


def shares(ctx: Context) -> pd.DataFrame:
    """Return the explained share by base: at the roadmap's rate, lowest and highest over the rates in use."""
    rows = []
    for base, words in BASES.items():
        span = ctx.result(f"precedent.share_{base}_range")
        if not isinstance(span, Range):
            raise TypeError("a share over rates must be a range")
        rows.append(
            {
                "base": base,
                "words": words,
                "share_pct": ctx.value(f"precedent.share_{base}"),
                "low_pct": span.low,
                "high_pct": span.high,
            }
        )
    return pd.DataFrame(rows)


@claim(
    "precedent.depends_on_base", "A minority of the halving, half or more of the longer fall",
    formula="at the roadmap's rate learning explains less than a third of the fall of 2023 and half or more of that since 2020",
    inputs=("result precedent.share_2020", "result precedent.share_2023"),
)  # fmt: skip
def depends_on_base(ctx: Context) -> bool:
    """Say whether the words hold."""
    return ctx.value("precedent.share_2023") < 100 / 3 and ctx.value("precedent.share_2020") >= 50


# --- Cars and losses -------------------------------------------------------------------------------------


@result(
    "precedent.margin_fall", "Fall of the profit margin of the whole car industry, 2017 to 2025", unit="pct_points", decimals=1,
    formula="margin of 2017 - margin of 2025", inputs=(_cell(MARGIN, 2017), _cell(MARGIN, 2025)),
)  # fmt: skip
def margin_fall(ctx: Context) -> float:
    """Percentage points."""
    return _read(ctx, MARGIN, 2017) - _read(ctx, MARGIN, 2025)


@result(
    "precedent.loss_2024", "Loss of five leading module makers in 2024", unit="cny_bn", decimals=1, formula="the reported net profit, sign turned",
    inputs=(_cell("net_profit_cny_bn_five_solar_firms", 2024),),
)  # fmt: skip
def loss_2024(ctx: Context) -> float:
    """Billion yuan."""
    return -_read(ctx, "net_profit_cny_bn_five_solar_firms", 2024)


# --- AI --------------------------------------------------------------------------------------------------

AI_COLUMNS = ("series_id", "period", "value")
AI_INPUTS = tuple(f"ai_overcapacity.{c}" for c in AI_COLUMNS)


def ai_series(reader: Reader, name: str) -> pd.DataFrame:
    """Return one series of the signs of overcapacity in AI, with `when` in years."""
    frame = reader.frame("ai_overcapacity", *AI_COLUMNS, keep=lambda a: a["series_id"].eq(name))
    parts = frame["period"].str.extract(r"^(\d{4})(?:-(\d{2}))?").astype(float)
    return frame.assign(when=parts[0] + (parts[1].fillna(12) - 1) / 12).sort_values("when", kind="stable")


@result(
    "precedent.tokens_multiple", "Daily model calls in China, last over first count", unit="ratio", decimals=0,
    formula="last value / first value of the series of daily tokens", inputs=AI_INPUTS,
)  # fmt: skip
def tokens_multiple(ctx: Context) -> float:
    """Times."""
    values = ai_series(ctx, "daily_tokens")["value"]
    return float(values.iloc[-1] / values.iloc[0])


@result(
    "precedent.state_purchases", "State purchases of computing centres, 2023 to July 2025", unit="cny_bn", decimals=1,
    formula="sum of the three periods", inputs=AI_INPUTS,
)  # fmt: skip
def state_purchases(ctx: Context) -> float:
    """Billion yuan."""
    return float(ai_series(ctx, "dc_state_spending")["value"].sum())


@result(
    "precedent.price_cut", "Cut of a model's input price in one day, May 2024", unit="pct", decimals=1, formula="1 - price after / price before",
    inputs=AI_INPUTS,
)  # fmt: skip
def price_cut(ctx: Context) -> float:
    """Percent; Qwen-Long, input, 20 to 0.5 yuan a million tokens."""
    prices = ai_series(ctx, "price_input")
    before = float(prices.loc[prices["period"].eq("2024-05-20"), "value"].iloc[0])
    after = float(prices.loc[prices["period"].eq("2024-05-21") & prices["value"].gt(0), "value"].iloc[0])
    return 100 * (1 - after / before)


@claim(
    "precedent.computing_turned", "First idle, then short", formula="load of data centres is counted at 25 percent or less in 2025, and rents are reported to rise in 2026",
    inputs=AI_INPUTS,
)  # fmt: skip
def computing_turned(ctx: Context) -> bool:
    """Say whether the words hold."""
    load = ai_series(ctx, "dc_utilisation")["value"].max()
    rise = ai_series(ctx, "compute_rent_change")["value"].iloc[-1]
    return bool(load <= 25 and rise > 0)
