"""What earlier programmes drew in: all money, and others' money, over the programme's own."""

from __future__ import annotations

import pandas as pd

from patient_capital.naming import each_as
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader


@result(unit="ratio", decimals=1)
def total_over_own(ctx: Context, row: str) -> float:
    """All money over the programme's own.

    Total / own money.
    """
    return ctx.number("leverage_cases", row, "total_cny_bn") / ctx.number("leverage_cases", row, "own_cny_bn")


@result(unit="ratio", decimals=1)
def others_over_own(ctx: Context, row: str) -> float:
    """Others' money over the programme's own.

    (total - own money) / own money.
    """
    own = ctx.number("leverage_cases", row, "own_cny_bn")
    return (ctx.number("leverage_cases", row, "total_cny_bn") - own) / own


STAGE_TOLD = {
    "hoped": "hoped for",
    "planned": "planned",
    "approved": "approved",
    "registered": "registered",
    "drawn_in": "told as drawn in",
    "fund_sizes": "sizes of sub-funds",
    "invested": "invested",
}
"""What a page counts as all money of a programme, in words."""


STANDINGS = {
    "registered": ("registered",),
    "told": ("drawn_in", "invested"),
    "planned": ("approved", "planned", "fund_sizes"),
    "hoped": ("hoped",),
}
"""How far the money of a programme has come, the furthest first, by the stages that its page may count."""
STANDING_OF = {stage: standing for standing, stages in STANDINGS.items() for stage in stages}


def programmes(reader: Reader) -> pd.DataFrame:
    """Return every programme with its own money, all money, what that counts, and the ratio that it claims, as far as known."""
    return reader.frame(
        "leverage_cases", "name", "date", "basis", "stage", "own_cny_bn", "total_cny_bn", "claimed_ratio"
    )


def over_own(programmes: pd.DataFrame) -> pd.DataFrame:
    """Compute both ratios of programmes: all money over own, and others' money over own.

    Parameters
    ----------
    programmes : pandas.DataFrame
        As :func:`programmes` gives it, amounts in billion yuan.

    Returns
    -------
    pandas.DataFrame
        With `total_over_own` and `others_over_own`, times; missing where an amount is.
    """
    own, total = programmes["own_cny_bn"], programmes["total_cny_bn"]
    return programmes.assign(total_over_own=total / own, others_over_own=(total - own) / own)


def leverage_ratios(reader: Reader) -> pd.DataFrame:
    """Return every programme with both ratios."""
    return over_own(programmes(reader))


def furthest_first(programmes: pd.DataFrame) -> pd.DataFrame:
    """Return the programmes with both amounts and their `standing`, of :data:`STANDINGS`, each group by its ratio."""
    both = programmes.dropna(subset=["own_cny_bn", "total_cny_bn"])
    both = both.assign(standing=each_as(both["stage"], STANDING_OF, "STANDINGS of analysis/funds/leverage.py"))
    order = both["standing"].map(list(STANDINGS).index)
    both = both.assign(order=order).sort_values(
        ["order", "total_over_own", "date"], ascending=[True, False, True], kind="stable"
    )
    return both.drop(columns="order")


def leverage_on_record(reader: Reader) -> pd.DataFrame:
    """Return the programmes with both amounts as :func:`furthest_first` orders them."""
    return furthest_first(leverage_ratios(reader))
