"""How large the fund is beside markets, bonds and other funds."""

from __future__ import annotations

import re

import pandas as pd

from patient_capital.analysis.funds.rows import NATIONAL
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader

MEASURES = ("pledge", "flow", "stock")

EARLY_OWN = ("china_invest_2025_itjuzi", "stage_early_2025")
"""Rows with money and its early-stage share as one firm counts both."""

EARLY_LOW = ("china_invest_2023", "stage_early_h1_2025")
"""Rows with money, and a lower share by a page that names no origin."""


def comparators(reader: Reader) -> pd.DataFrame:
    """Return other large amounts, pledges first, then flows, then stocks, in their own currency and in dollars."""
    frame = reader.frame(
        "comparators",
        "name",
        "measure",
        "year",
        "unit",
        "amount",
        "amount_usd_bn",
        keep=lambda c: c["measure"].isin(MEASURES),
    )
    order = frame["measure"].map(MEASURES.index)
    return frame.assign(order=order).sort_values(["order", "name", "year"], kind="stable").drop(columns="order")


@result(unit="cny_bn", decimals=0)
def early_floor(ctx: Context) -> float:
    """Early-stage floor of the trillion, a year.

    Announced size x least share for seed and start-up firms / years of investing of the national fund.

    Billion yuan a year.
    """
    share = ctx.number("fund_rules", "nvcgf_early", "value") / 100
    years = ctx.number("regimes", "national_fund", "investment_years")
    return ctx.number("funds", NATIONAL, "announced_cny_bn") * share / years


def counted_by(name: str) -> str:
    """Return whose count a row of the comparisons is: the last brackets of its name; empty where no firm is named."""
    found = re.search(r"\(([^()]+)\)$", name)
    return found[1] if found else ""


def early_part(reader: Reader, money: str, share: str, column: str = "amount") -> float:
    """Return the early-stage part of a sum of money, by a share in percent; both are rows of the table of comparisons.

    Raises
    ------
    ValueError
        If two firms counted them: what one calls the market is not what the other divides.
    """
    text = reader.data.table("comparators").text  # a name is no evidence: it adds no source
    firms = {counted_by(text[row]["name"]) for row in (money, share)} - {""}
    if len(firms) > 1:
        raise ValueError(f"{money} and {share} are counts of {' and '.join(sorted(firms))}: not to be set side by side")
    return reader.number("comparators", money, column) * reader.number("comparators", share, "amount") / 100


@result(unit="cny_bn", decimals=0)
def early_market(ctx: Context) -> float:
    """Early-stage money in China a year, rough.

    Equity investment of 2023 x share of early-stage money in the first half of 2025.

    The two inputs are of different years, and whose count the share is its page does not say.
    """
    return early_part(ctx, *EARLY_LOW)


@result(
    unit="cny_bn",
    decimals=0,
    cases={
        "2021": {"row": "china_invest_2021", "words": "in 2021"},
        "2023": {"row": "china_invest_2023", "words": "in 2023"},
        "itjuzi": {"row": "china_invest_2025_itjuzi", "words": "in 2025 as IT Juzi counts it"},
    },
    name="equity_{case}",
)
def equity(ctx: Context, *, row: str) -> float:
    """Equity investment in China {words}, rounded.

    Value of the row, as one provider counts it.
    """
    return ctx.number("comparators", row, "amount")


def early_money(reader: Reader, column: str) -> Range:
    """Return early-stage money in China a year by two counts, the low one first, in the unit of a column of amounts."""
    return Range(*(early_part(reader, *rows, column) for rows in (EARLY_LOW, EARLY_OWN)))


@result(unit="cny_bn", decimals=0)
def early_market_itjuzi(ctx: Context) -> float:
    """Early-stage money in China in 2025 by IT Juzi, sum and share.

    Money in the private market in 2025 x share of early-stage money, both as IT Juzi counts them.
    """
    return early_part(ctx, *EARLY_OWN)


@result(unit="ratio", decimals=1)
def floor_over_market(ctx: Context) -> Range:
    """Early-stage floor of the trillion, over the early-stage money in China.

    Floor a year / early-stage money a year, by IT Juzi's own sum and share of 2025, and by a share that names no origin
    of Zero2IPO's sum of 2023.
    """
    floor, market = ctx.value("funds.early_floor"), early_money(ctx, "amount")
    return Range(floor / market.high, floor / market.low)


@result(unit="pct", decimals=1)
def bond_share(ctx: Context) -> float:
    """Treasury money of the fund, of the ultra-long bonds planned for 2025.

    Registered capital / planned issue.
    """
    return 100 * ctx.number("funds", NATIONAL, "registered_cny_bn") / ctx.number("comparators", "ulsb_2025", "amount")


@result(unit="cny_bn", decimals=0)
def subfund_ceiling(ctx: Context) -> float:
    """Most that the planned sub-funds can hold at their average ceiling.

    Planned sub-funds x ceiling of their average size.

    The rule gives the size in million yuan.
    """
    subs = ctx.number("fund_rules", "nvcgf_subs", "value")
    return subs * ctx.number("fund_rules", "nvcgf_subsize", "value") / 1000


@result(unit="count", decimals=0)
def tickets(ctx: Context) -> float:
    """Fewest tickets that place the trillion.

    Announced size / largest single investment.

    The rule gives the ticket in million yuan.
    """
    return 1000 * ctx.number("funds", NATIONAL, "announced_cny_bn") / ctx.number("fund_rules", "nvcgf_ticket", "value")
