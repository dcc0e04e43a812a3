"""The signs of overcapacity in AI: model calls, prices and data centres."""

from __future__ import annotations

import math
import re

import pandas as pd

from patient_capital.formatting import digits
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader
from patient_capital.tables.cells import last_digit

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
    load, rent = ai_series(ctx, "dc_utilisation"), ai_series(ctx, "compute_rent_change")
    idle_then = load.loc[load["period"].str.startswith("2025"), "value"]
    risen_since = rent.loc[rent["period"].str.startswith("2026"), "value"]
    return bool(len(idle_then) and (idle_then <= idle).all() and len(risen_since) and (risen_since > 0).all())
