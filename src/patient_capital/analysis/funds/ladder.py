"""From the announced size of the national fund to what is registered, each yuan once."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds.regional_partners import partners
from patient_capital.analysis.funds.rows import NATIONAL, both_tiers, nesting
from patient_capital.formatting import Range
from patient_capital.money import held_by, total
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader


def regional_funds(reader: Reader, stage: str = "registered") -> pd.DataFrame:
    """Return the regional funds of the national fund: `parent_id`, and one stage of their money in billion yuan.

    None of them lies inside another, so that their amounts may be added.
    """
    regional = held_by(NATIONAL, nesting(reader))
    return reader.frame("funds", "parent_id", f"{stage}_cny_bn", keep=lambda f: f.index.isin(regional))


def _regional(ctx: Context, stage: str) -> float:
    return total(regional_funds(ctx, stage)[f"{stage}_cny_bn"], nesting(ctx))


@result(unit="pct", decimals=0)
def treasury_share(ctx: Context) -> float:
    """Treasury money in the fund company, of the announced trillion.

    Registered capital / announced size.
    """
    return 100 * ctx.number("funds", NATIONAL, "registered_cny_bn") / ctx.number("funds", NATIONAL, "announced_cny_bn")


@result(unit="cny_bn", decimals=1)
def regional_registered(ctx: Context) -> float:
    """Registered size of the regional funds.

    Sum of the registered sizes of the funds whose parent is the national fund.
    """
    return _regional(ctx, "registered")


@result(unit="cny_bn", decimals=2)
def regional_target(ctx: Context) -> float:
    """Target size of the regional funds.

    Sum of the announced sizes of the funds whose parent is the national fund.
    """
    return _regional(ctx, "announced")


@result(unit="count")
def regional_count(ctx: Context) -> int:
    """Regional funds of the national fund.

    Number of funds whose parent is the national fund.
    """
    return len(regional_funds(ctx))


def national_stakes(reader: Reader, *amounts: str) -> pd.DataFrame:
    """Return the national fund's stakes in the regional funds, with the named amounts (by default the stake alone)."""
    return partners(reader, *(amounts or ("amount_cny_bn",)), kinds=("national_fund",))


@result(unit="cny_bn", decimals=0)
def national_stake(ctx: Context) -> float:
    """Money of the national fund inside the regional funds.

    Sum of the stakes that are told and of that in the Yangtze fund, which is assumed.
    """
    stakes = national_stakes(ctx)
    return total(stakes["amount_cny_bn"], nesting(ctx), stakes["fund_id"])


@result(unit="cny_bn", decimals=1)
def partner_money(ctx: Context) -> float:
    """Money of partners in the regional funds.

    Registered size of the regional funds - the national fund's stakes in them.
    """
    return ctx.value("funds.regional_registered") - ctx.value("funds.national_stake")


@result(unit="cny_bn", decimals=1)
def registered_once(ctx: Context) -> float:
    """Registered at both tiers, each yuan once.

    Registered capital of the national fund + money of partners in the regional funds.
    """
    return ctx.number("funds", NATIONAL, "registered_cny_bn") + ctx.value("funds.partner_money")


@result(unit="cny_bn", decimals=0)
def registered_once_range(ctx: Context) -> Range:
    """Registered at both tiers over the undisclosed Yangtze stake.

    Registered capital + regional funds - stakes, the undisclosed stake at its upper and lower bound.
    """
    low, high = stake_bounds(ctx)
    base = ctx.number("funds", NATIONAL, "registered_cny_bn") + ctx.value("funds.regional_registered")
    return Range(base - high, base - low)


def stake_bounds(ctx: Context) -> tuple[float, float]:
    """Return the lowest and highest sum of the national fund's stakes in the regional funds, billion yuan."""
    stakes = national_stakes(ctx, "amount_cny_bn", "amount_low_cny_bn", "amount_high_cny_bn")
    low, high = (
        total(stakes[f"amount_{end}_cny_bn"].fillna(stakes["amount_cny_bn"]), nesting(ctx), stakes["fund_id"])
        for end in ("low", "high")
    )
    return low, high


@result(unit="pct", decimals=0)
def registered_share(ctx: Context) -> float:
    """Registered at both tiers, of the announced trillion.

    Registered once / announced.
    """
    return 100 * ctx.value("funds.registered_once") / ctx.number("funds", NATIONAL, "announced_cny_bn")


@result(unit="pct", decimals=0)
def partner_share(ctx: Context) -> float:
    """Money of partners in the regional funds, of the announced trillion.

    Money of partners / announced.

    The share where the trillion is read as money of others alone, the treasury's left out.
    """
    return 100 * ctx.value("funds.partner_money") / ctx.number("funds", NATIONAL, "announced_cny_bn")


@result(unit="cny_bn", decimals=0)
def still_to_raise(ctx: Context) -> float:
    """Announced and not yet registered anywhere.

    Announced - registered once.
    """
    return ctx.number("funds", NATIONAL, "announced_cny_bn") - ctx.value("funds.registered_once")


@result(unit="pct", decimals=0)
def still_to_raise_share(ctx: Context) -> float:
    """Still to be raised, of the announced trillion.

    Still to raise / announced.
    """
    return 100 * ctx.value("funds.still_to_raise") / ctx.number("funds", NATIONAL, "announced_cny_bn")


@result(unit="cny_bn", decimals=0)
def treasury_unplaced(ctx: Context) -> float:
    """Treasury money not yet placed in regional funds.

    Registered capital - the national fund's stakes in the regional funds, of which that in the Yangtze fund is assumed.
    """
    return ctx.number("funds", NATIONAL, "registered_cny_bn") - ctx.value("funds.national_stake")


@result(unit="count")
def months(ctx: Context) -> int:
    """Whole months from the announcement of the national fund to the registration of its last regional fund.

    Months between the two dates, rounded down.
    """
    regional = held_by(NATIONAL, nesting(ctx))
    registered = ctx.frame("funds", "established_on", keep=lambda f: f.index.isin(regional))
    start, end = map(
        pd.Timestamp, (str(ctx.cell("funds", NATIONAL, "announced_on")), registered["established_on"].max())
    )
    return int(12 * (end.year - start.year) + end.month - start.month - (end.day < start.day))


@result(unit="count")
def fields(ctx: Context) -> int:
    """Fields that the national fund lists.

    Number of listed sectors.
    """
    return len(str(ctx.cell("funds", NATIONAL, "sectors")).split(";"))


@claim()
def nothing_invested_found(ctx: Context) -> bool:
    """No figure for money invested in firms was found.

    The cells paid_in and invested of the national fund and its regional funds are empty, and a search gave nothing.
    """
    looked = ctx.result("data.not_found[national_money]")
    funds = ctx.frame("funds", "invested_cny_bn", "paid_in_cny_bn", keep=lambda f: f.index.isin(both_tiers(ctx)))
    return bool(looked and funds.isna().all(axis=None))


def national_fund(reader: Reader) -> pd.Series:
    """Return dates and amounts of the national fund, billion yuan."""
    columns = ("announced_on", "established_on", "announced_cny_bn", "registered_cny_bn")
    return reader.frame("funds", *columns, keep=lambda f: f.index == NATIONAL).loc[NATIONAL]


LADDER_STEPS = {
    f"funds[{NATIONAL}].announced_cny_bn": "Announced: hoped for in all",
    f"funds[{NATIONAL}].registered_cny_bn": "Fund company, treasury money, subscribed",
    "funds.treasury_unplaced": "of which not yet placed in a regional fund (one stake assumed)",
    "funds.regional_registered": "Three regional funds, registered",
    "funds.national_stake": "of which the national fund's stakes (one assumed)",
    "funds.partner_money": "of which partners' money",
    "funds.registered_once": "Registered at both tiers, each yuan once",
    "funds.registered_once_range": "the same over the undisclosed stake",
    "funds.still_to_raise": "Still to be raised",
}
"""Every step from the headline to the register: reference of its amount, and its words."""


def ladder_steps(ctx: Context) -> pd.DataFrame:
    """Return every step from the headline to the register.

    Returns
    -------
    pandas.DataFrame
        Indexed by reference, with the words of the `step` and `amount_cny_bn`, a number or a range.
    """
    amounts = {
        ref: ctx.number("funds", NATIONAL, ref.rpartition(".")[2]) if "[" in ref else ctx.result(ref)
        for ref in LADDER_STEPS
    }
    return pd.DataFrame({"step": LADDER_STEPS, "amount_cny_bn": pd.Series(amounts, dtype=object)}).rename_axis("ref")
