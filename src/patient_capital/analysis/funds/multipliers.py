"""How often the regional funds have multiplied the national fund's money, and what the sub-funds must still do."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds.regional_partners import BAY
from patient_capital.analysis.funds.rows import NATIONAL, nesting
from patient_capital.formatting import Range
from patient_capital.money import total
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result


@result(unit="ratio", decimals=2)
def first_tier(ctx: Context) -> float:
    """First-tier multiplier of the funds with a disclosed stake.

    Registered size / national fund's stake, northern and Bay fund together.
    """
    disclosed = ("cn_nvcgf_bth", BAY)
    size = pd.Series({fund: ctx.number("funds", fund, "registered_cny_bn") for fund in disclosed})
    own = pd.Series({fund: ctx.number("fund_partners", f"{fund}_national", "amount_cny_bn") for fund in disclosed})
    return total(size, nesting(ctx)) / total(own, nesting(ctx))


@result(unit="ratio", decimals=0)
def hoped_multiple(ctx: Context) -> float:
    """Announced trillion over treasury money.

    Announced / registered capital.
    """
    return ctx.number("funds", NATIONAL, "announced_cny_bn") / ctx.number("funds", NATIONAL, "registered_cny_bn")


def second_tier(announced: float, regional: float, *, placed: float, capital: float, direct: float) -> float:
    """Return the multiplier that the sub-funds must reach for the announced size.

    Parameters
    ----------
    announced, regional, placed, capital : float
        Billion yuan: the headline; the regional funds; the treasury money inside them; all treasury money
        to be placed at the same ratio (`placed` itself if no more is placed).
    direct : float
        Share of regional money invested in firms directly, 0 to 1; it is not multiplied.

    Returns
    -------
    float
        Times.

    Raises
    ------
    ValueError
        If an amount is not positive or `direct` lies outside 0 to 1.
    """
    if min(announced, regional, placed, capital) <= 0 or not 0 <= direct < 1:
        raise ValueError("second_tier: amounts must be positive and direct must lie in [0, 1)")
    base = regional * capital / placed
    return (announced - direct * base) / ((1 - direct) * base)


MULTIPLIER_CASES = {
    "targets_placed": "targets; only what is placed so far",
    "registered_placed": "registered sizes; only what is placed so far",
    "targets_all": "targets; all treasury money placed alike",
    "registered_all": "registered sizes; all treasury money placed alike",
    "targets_direct": "targets; placed so far, part invested directly",
}
"""Stated choices behind the remaining multiplier, in words."""


def multiplier_terms(ctx: Context, case: str) -> dict[str, float]:
    """Return what one of :data:`MULTIPLIER_CASES` puts into :func:`second_tier`."""
    placed = ctx.value("funds.national_stake")
    size = "target" if case.startswith("targets") else "registered"
    return {
        "announced": ctx.number("funds", NATIONAL, "announced_cny_bn"),
        "regional": ctx.value(f"funds.regional_{size}"),
        "placed": placed,
        "capital": ctx.number("funds", NATIONAL, "registered_cny_bn") if case.endswith("_all") else placed,
        "direct": 1 - ctx.number("fund_rules", "nvcgf_subshare", "value") / 100 if case.endswith("_direct") else 0.0,
    }


def multiplier_choices(ctx: Context) -> pd.DataFrame:
    """Return what each stated choice puts into :func:`second_tier`.

    Returns
    -------
    pandas.DataFrame
        Indexed by case, with its words as `choice`, and in billion yuan `announced`, `regional`, `placed` and
        `capital`; `direct` is the share of regional money invested in firms directly, 0 to 1.
    """
    rows = {case: {"choice": words, **multiplier_terms(ctx, case)} for case, words in MULTIPLIER_CASES.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("case")


def with_multiplier(choices: pd.DataFrame) -> pd.DataFrame:
    """Add `multiplier`, times, to :func:`multiplier_choices`: what the sub-funds must reach; smallest first."""
    amounts = choices.drop(columns="choice").to_dict("index")
    times = pd.Series({case: second_tier(**row) for case, row in amounts.items()}, dtype=float)
    return choices.assign(multiplier=times).sort_values("multiplier", kind="stable")


def remaining_multipliers(ctx: Context) -> pd.DataFrame:
    """Return the stated choices with the multiplier of each, smallest first."""
    return with_multiplier(multiplier_choices(ctx))


@result(unit="ratio", decimals=1, cases={case: {"words": words} for case, words in MULTIPLIER_CASES.items()})
def multiplier(ctx: Context, *, case: str) -> float:
    """Remaining multiplier: {words}.

    (announced - money invested directly) / money that goes to sub-funds.
    """
    return second_tier(**multiplier_terms(ctx, case))


@result(unit="ratio", decimals=1)
def multiplier_range(ctx: Context) -> Range:
    """Remaining multiplier over the stated choices.

    Smallest and largest remaining multiplier.
    """
    values = [ctx.value(f"funds.multiplier_{name}") for name in MULTIPLIER_CASES]
    return Range(min(values), max(values))
