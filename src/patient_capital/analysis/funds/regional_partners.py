"""Whose money the regional funds are: their partners by kind."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from patient_capital.analysis.funds.rows import NATIONAL, both_tiers, nesting
from patient_capital.money import held_by, total
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

BAY, NORTH = "cn_nvcgf_gba", "cn_nvcgf_bth"

STATE_PARTNERS = ("local_state_vehicle", "central_state_company", "state_bank")
"""Kinds of partners of the regional funds that are state bodies, beside the national fund itself."""

STATE_KINDS = ("central_treasury", "national_fund", *STATE_PARTNERS)

PARTNER_COLUMNS = ("partner", "amount_cny_bn", "basis")


def partners(
    reader: Reader, *columns: str, kinds: Sequence[str] | None = None, fund: str | None = None
) -> pd.DataFrame:
    """Return partners of the regional funds, or of one of them, of all or some kinds.

    Returns
    -------
    pandas.DataFrame
        Indexed by row: `fund_id`, `partner_kind` and the columns, by default :data:`PARTNER_COLUMNS`; amounts in
        billion yuan. No fund lies inside another of them, so that amounts may be added.
    """
    funds = [fund] if fund else held_by(NATIONAL, nesting(reader))
    return reader.frame(
        "fund_partners",
        "fund_id",
        "partner_kind",
        *(columns or PARTNER_COLUMNS),
        keep=lambda p: p["fund_id"].isin(funds) & (p["partner_kind"].isin(kinds) if kinds else True),
    )


def partner_total(ctx: Context, kinds: Sequence[str], fund: str | None = None) -> float:
    """Return the money of some kinds of partners in the regional funds, or in one of them, billion yuan."""
    # Partners of other kinds are read too: that they are of other kinds is part of the finding.
    rows = partners(ctx, "amount_cny_bn", fund=fund)
    rows = rows.loc[rows["partner_kind"].isin(kinds)]
    return total(rows["amount_cny_bn"], nesting(ctx), rows["fund_id"])


REGIONS = {NORTH: "Beijing-Tianjin-Hebei", "cn_nvcgf_yrd": "Yangtze delta", BAY: "Bay Area"}
"""The regional funds in the order in which they are shown."""


@result(unit="cny_bn", decimals=1)
def bay_state(ctx: Context) -> float:
    """Money of named bodies of the state in the Bay fund.

    Sum of the partners of the Bay fund that are state bodies.
    """
    return partner_total(ctx, STATE_KINDS, BAY)


@result(unit="pct", decimals=0)
def bay_state_share(ctx: Context) -> float:
    """Share of named bodies of the state in the Bay fund.

    Money of named bodies of the state / registered size of the Bay fund.
    """
    return 100 * ctx.value("funds.bay_state") / ctx.number("funds", BAY, "registered_cny_bn")


@result(unit="count")
def bay_state_count(ctx: Context) -> int:
    """Named bodies of the state in the Bay fund.

    Number of partners of the Bay fund that are state bodies.
    """
    return int(partners(ctx, "partner", fund=BAY)["partner_kind"].isin(STATE_KINDS).sum())


@result(unit="cny_bn", decimals=1)
def possibly_private(ctx: Context) -> float:
    """Money in the regional funds not shown to come from a state body.

    Sum of the private partners of the regional funds and of those named without amounts, or not named.

    An upper bound of private money.
    """
    return partner_total(ctx, ("unnamed", "private"))


@result(unit="pct", decimals=1)
def possibly_private_share(ctx: Context) -> float:
    """Share of the regional funds not shown to come from a state body.

    Private partners, and those named without amounts or not named / registered size of the regional funds.

    An upper bound.
    """
    return 100 * ctx.value("funds.possibly_private") / ctx.value("funds.regional_registered")


@result(unit="pct", decimals=0)
def north_unnamed_share(ctx: Context) -> float:
    """Share of the northern fund held by owners whose amounts are not told.

    Partners of the northern fund named without amounts, or not named / its registered size.
    """
    return 100 * partner_total(ctx, ("unnamed",), NORTH) / ctx.number("funds", NORTH, "registered_cny_bn")


@claim(most=10)
def at_most_a_tenth(ctx: Context, *, most: float) -> bool:
    """At most a tenth of the regional money could be private.

    Private partners, and those named without amounts or not named, hold at most {most} percent of the regional funds.
    """
    return ctx.value("funds.possibly_private_share") <= most


@claim()
def no_private_named(ctx: Context) -> bool:
    """No private partner is named.

    Each partner of the national fund and of the regional funds is by its kind a body of the state, or is not named with
    an amount.
    """
    frame = ctx.frame("fund_partners", "fund_id", "partner_kind", keep=lambda p: p["fund_id"].isin(both_tiers(ctx)))
    return bool(frame["partner_kind"].isin([*STATE_KINDS, "unnamed"]).all())
