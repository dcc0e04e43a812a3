"""How large the fund is beside markets, bonds and other funds."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds.rows import NATIONAL
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
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


@result(unit="cny_bn", decimals=0)
def early_market(ctx: Context) -> float:
    """Early-stage money in China a year, rough.

    Equity investment of 2023 x share of early-stage money in the first half of 2025.

    The two inputs are of different years.
    """
    share = ctx.number("comparators", "stage_early_h1_2025", "amount") / 100
    return ctx.number("comparators", "china_invest_2023", "amount") * share


@claim(low=0.8, high=1.5)
def floor_as_large_as_market(ctx: Context, *, low: float, high: float) -> bool:
    """About as large as the market it enters.

    The early-stage floor a year is {low} to {high} times the early-stage market.
    """
    return low <= ctx.value("funds.early_floor") / ctx.value("funds.early_market") <= high


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


@result(unit="pct", decimals=0)
def bigfund_share_2024(ctx: Context) -> float:
    """Big Fund III, of new industry and venture guidance money of 2024.

    Registered capital of Big Fund III / newly subscribed in 2024.
    """
    new = ctx.number("guidance_funds_by_year", "zero2ipo-industry-vc_2024", "new_subscribed_cny_bn")
    return 100 * ctx.number("funds", "cn_bigfund3", "registered_cny_bn") / new
