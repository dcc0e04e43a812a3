"""Government guidance funds of all levels, as their providers count them."""

from __future__ import annotations

import pandas as pd

from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader


def guidance_by_year(reader: Reader) -> pd.DataFrame:
    """Return target and subscribed stock of guidance funds by provider and date."""
    return reader.frame(
        "guidance_funds_by_year",
        "provider_id",
        "scope",
        "as_of",
        "cum_target_cny_bn",
        "cum_subscribed_cny_bn",
        keep=lambda g: g["cum_target_cny_bn"].notna() | g["cum_subscribed_cny_bn"].notna(),
    ).sort_values(["provider_id", "as_of"], kind="stable")


GUIDANCE_AMOUNTS = (
    "new_funds",
    "new_target_cny_bn",
    "new_subscribed_cny_bn",
    "cum_funds",
    "cum_target_cny_bn",
    "cum_subscribed_cny_bn",
)


def guidance_counts(reader: Reader) -> pd.DataFrame:
    """Return every count of guidance funds, by provider, scope and date; amounts in billion yuan."""
    return reader.frame("guidance_funds_by_year", "data_provider", "scope", "as_of", *GUIDANCE_AMOUNTS)


def one_provider(counts: pd.DataFrame, provider: str = "zero2ipo", scope: str = "all_guidance_funds") -> pd.DataFrame:
    """Return the counts of one provider and scope, by date: only these may share a line."""
    chosen = counts["provider_id"].eq(provider) & counts["scope"].eq(scope)
    return counts.loc[chosen].sort_values("as_of", kind="stable")


def guidance_stock(reader: Reader) -> pd.DataFrame:
    """Return target and subscribed stock of all guidance funds, as one provider counts them."""
    return one_provider(guidance_by_year(reader))


@result(unit="pct", decimals=0)
def subscribed_share(ctx: Context, row: str) -> float:
    """Subscribed over target of guidance funds, as the provider counts them.

    Cumulative subscribed / cumulative target.
    """
    subscribed = ctx.number("guidance_funds_by_year", row, "cum_subscribed_cny_bn")
    return 100 * subscribed / ctx.number("guidance_funds_by_year", row, "cum_target_cny_bn")


@claim(level=2, growth=5)
def targets_level(ctx: Context, *, level: float, growth: float) -> bool:
    """Targets are told as before, subscriptions grew.

    Zero2IPO, all guidance funds: over the last step from a day with both amounts to the next the target moves by less than {level}
    percent and the subscribed amount grows by more than {growth} percent.
    """
    frame = guidance_stock(ctx).dropna()
    before, after = (frame.iloc[place] for place in (-2, -1))
    target, subscribed = (100 * (after[c] / before[c] - 1) for c in ("cum_target_cny_bn", "cum_subscribed_cny_bn"))
    return bool(abs(target) < level and subscribed > growth)
