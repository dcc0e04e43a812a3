"""How large the fund is beside markets, bonds and other funds."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds.rows import NATIONAL
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader

MEASURES = ("pledge", "flow", "stock")


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


def _early_part(ctx: Context, money: str, share: str) -> float:
    """Return the early-stage part of a sum of money, by a share in percent; both are rows of the table of comparisons."""
    return ctx.number("comparators", money, "amount") * ctx.number("comparators", share, "amount") / 100


@result(unit="cny_bn", decimals=0)
def early_market(ctx: Context) -> float:
    """Early-stage money in China a year, rough.

    Equity investment of 2023 x share of early-stage money in the first half of 2025.

    The two inputs are of different years.
    """
    return _early_part(ctx, "china_invest_2023", "stage_early_h1_2025")


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


EARLY_SHARES = ("stage_early_h1_2025", "stage_early_2025")
"""Rows with the share of Chinese venture money that goes to early stages, by two definitions of early."""


def early_money(reader: Reader, column: str) -> Range:
    """Return early-stage money in China a year over two definitions of early, in the unit of a column of amounts."""
    money = reader.number("comparators", "china_invest_2023", column)
    shares = [reader.number("comparators", row, "amount") / 100 for row in EARLY_SHARES]
    return Range(money * min(shares), money * max(shares))


@result(unit="cny_bn", decimals=0)
def early_market_itjuzi(ctx: Context) -> float:
    """Early-stage money in China in 2025 by IT Juzi, sum and share.

    Money in the private market in 2025 x share of early-stage money, both as IT Juzi counts them.
    """
    return _early_part(ctx, "china_invest_2025_itjuzi", "stage_early_2025")


@result(unit="cny_bn", decimals=0)
def early_market_range(ctx: Context) -> Range:
    """Early-stage money in China a year, over both definitions of early.

    Equity investment of 2023 x each share of early-stage money in 2025.
    """
    return early_money(ctx, "amount")


@result(unit="ratio", decimals=1)
def floor_over_market(ctx: Context) -> Range:
    """Early-stage floor of the trillion, over the early-stage money in China.

    Floor a year / early-stage money a year, over both definitions of early.
    """
    floor, market = ctx.value("funds.early_floor"), early_money(ctx, "amount")
    return Range(floor / market.high, floor / market.low)


@result(unit="ratio", decimals=1)
def floor_over_itjuzi(ctx: Context) -> float:
    """Early-stage floor of the trillion, over the early-stage money in China in 2025 by IT Juzi.

    Floor a year / early-stage money of 2025 by IT Juzi.
    """
    return ctx.value("funds.early_floor") / ctx.value("funds.early_market_itjuzi")


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
