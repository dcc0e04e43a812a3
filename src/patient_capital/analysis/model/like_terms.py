"""Patient, directed and national fund on like terms, and which difference of patient and directed fund is worth what.

As each is built these funds differ in much besides who picks: in life, in partners, in tickets.
"""

from __future__ import annotations

from typing import cast

from patient_capital.analysis.model.doubt import LIKE, LIKE_TERMS, OF_THE_OTHER
from patient_capital.analysis.model.regimes import REGIME_WORDS
from patient_capital.analysis.model.spans import HOW, of_draws, point_of_draws
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

LEAD_WORDS = {
    lead: {"words": f"the {REGIME_WORDS[one]} over the {REGIME_WORDS[other]}", "like": f"{LIKE} for both"}
    for lead, (one, other) in LIKE_TERMS.items()
}
SIZES_TOLD = {lead: words for lead, words in LEAD_WORDS.items() if lead != "like_directed_national"}
"""Leads whose size is told, and not their share of draws alone."""


@of_draws(unit="pct_points", decimals=0, cases=SIZES_TOLD, name="{case}")
def like_lead(ctx: Context, *, case: str) -> str:
    """Lead of {words}, {like}, percentage points of the money paid in, {told}.

    Difference of the net present values at the treasury's interest at the same draw, {point} {how}.
    """
    return case


@result(unit="pct", decimals=0, fields=HOW, cases=LEAD_WORDS, name="{case}_above")
def like_lead_above(ctx: Context, *, case: str) -> float:
    """Share of draws with a lead of {words}, {like}.

    Draws in which the net present value at the treasury's interest is higher, counted {how}.
    """
    return point_of_draws(ctx, case, "above")


@of_draws(unit="pct_points", decimals=0, cases=OF_THE_OTHER, name="{case}")
def changed_by(ctx: Context, *, case: str) -> str:
    """Change of the worth of the {fund} by {words}, percentage points of the money paid in, {told}.

    Net present value at the treasury's interest with that feature less that without it, at the same draw, {point}
    {how}.
    """
    return case


def _sign(ctx: Context, ref: str) -> int:
    """Return 1 or -1 if the middle nine tenths of draws of a number lie on one side of zero, and 0 if on both."""
    span = cast("Range", ctx.result(f"{ref}_span"))
    return 1 if span.low > 0 else -1 if span.high < 0 else 0


@claim(most=60, least=90)
def like_favours_directed(ctx: Context, *, most: float, least: float) -> bool:
    """With like terms the fund that picks is ahead, and as each is built the two are level.

    The directed fund is worth more than the patient fund in at least {least} percent of joint draws with the same life,
    time to invest and share of the state for both, and neither is in more than {most} percent of draws as each is
    built.
    """
    as_built = ctx.value("model.patient_over_directed")
    return ctx.value("model.like_directed_patient_above") >= least and 100 - most <= as_built <= most


@claim(times=2)
def partners_and_life_carry(ctx: Context, *, times: float) -> bool:
    """What keeps the patient fund level with the directed fund is its private partners and its longer life.

    The share of the state and the life of the directed fund each take at least {times} times as much from the worth of
    the patient fund, by their medians, as the few sectors of the directed fund do, and each takes something in nearly
    all draws, which these sectors do not.
    """
    partners, life, few = (f"model.patient_with_{name}" for name in ("partners", "life", "list"))
    little = ctx.value(few)
    larger = all(ctx.value(one) <= times * little < 0 and _sign(ctx, one) == -1 for one in (partners, life))
    return larger and _sign(ctx, few) == 0


@claim(most=50, little=10)
def tickets_not_picking(ctx: Context, *, most: int, little: int) -> bool:
    """The directed fund is ahead on like terms mostly by its large tickets, and not by picking.

    Large tickets bring the patient fund at least {most} percent of that lead, by the medians, and something in nearly
    all draws; an opening to all sectors takes from the directed fund at most {little} percent of the lead, and has no
    sure sign.
    """
    lead, large, picking = (
        ctx.value(f"model.{name}") for name in ("like_directed_patient", "patient_with_tickets", "directed_with_all")
    )
    mostly = large >= most / 100 * lead and _sign(ctx, "model.patient_with_tickets") == 1
    return mostly and abs(picking) <= little / 100 * lead and _sign(ctx, "model.directed_with_all") == 0
