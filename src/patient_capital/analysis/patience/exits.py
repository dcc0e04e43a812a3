"""Listings of AI firms with state holders: what they are worth on paper, and when a stake may be sold."""

from __future__ import annotations

import pandas as pd

from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

LISTING_COLUMNS = (
    "firm",
    "name_zh",
    "exchange",
    "listed_on",
    "price_unit",
    "offer_price",
    "first_close",
    "law_binds",
    "freed_on",
    "state_holders",
    "state_cost_of",
    "state_cost_cny_bn",
)


@shared
def listings(reader: Reader) -> pd.DataFrame:
    """Return every listing, oldest first.

    Returns
    -------
    pandas.DataFrame
        Indexed by `listing_id`; :data:`LISTING_COLUMNS`, prices in the unit of the row; `rise_pct`, percent,
        from the offer to the first close; `free_on`, the day from which shares of before the listing may be sold;
        `bound`, whether that day lies after the edition, and `seen_on`, the day of the edition.
    """
    frame = reader.frame("ai_listings", *LISTING_COLUMNS).sort_values(["listed_on", "firm"], kind="stable")
    rise = 100 * (frame["first_close"] / frame["offer_price"] - 1)
    free_on = _free_on(frame, reader.cell("patience_clauses", "law_lock", "value"))
    edition = reader.data.package.edition
    return frame.assign(rise_pct=rise, free_on=free_on, bound=free_on > edition, seen_on=edition)


def _free_on(frame: pd.DataFrame, years: object) -> pd.Series:
    """Return when shares of before a listing may be sold: some years after it by law, or as the firm told."""
    first_days = pd.to_datetime(frame["listed_on"]) + pd.DateOffset(years=int(float(str(years))))
    return first_days.dt.strftime("%Y-%m-%d").where(frame["law_binds"].astype(bool), frame["freed_on"])


@result(unit="count")
def listing_count(ctx: Context) -> int:
    """Listings of AI firms in the table.

    Number of rows of the table of listings.

    No census.
    """
    return len(listings(ctx))


@result(unit="pct", decimals=0)
def rise(ctx: Context, row: str) -> float:
    """Rise from the offer to the first close.

    (First close - offer price) / offer price.
    """
    close, offer = (ctx.number("ai_listings", row, column) for column in ("first_close", "offer_price"))
    return 100 * (close / offer - 1)


@result(unit="pct", decimals=0)
def rises(ctx: Context) -> Range:
    """Smallest and largest rise on the first day.

    (First close - offer price) / offer price, of the listings whose first close was seen.
    """
    known = listings(ctx)["rise_pct"].dropna()
    return Range(float(known.min()), float(known.max()))


@result(unit="count")
def rises_known(ctx: Context) -> int:
    """Listings whose first close was seen.

    Number of listings with an offer price and a first close.
    """
    return int(listings(ctx)["rise_pct"].notna().sum())


@result(unit="count")
def still_bound(ctx: Context) -> int:
    """Listings of which no share from before may be sold yet.

    Number of listings that were free for sale on no day up to that of the edition.
    """
    return int(listings(ctx)["bound"].sum())


@result(unit="date")
def next_free(ctx: Context) -> str:
    """First day after the edition on which shares from before a listing become free.

    Smallest such day of the listings that are still bound.

    ISO date.
    """
    listed = listings(ctx)
    return str(listed.loc[listed["bound"], "free_on"].min())


@result(unit="count")
def costs_known(ctx: Context) -> int:
    """Listings for which the cost of a state holder is known.

    Number of listings with what a state holder paid before.
    """
    return int(listings(ctx)["state_cost_cny_bn"].notna().sum())


@result(unit="ratio", decimals=1)
def paper_multiple(ctx: Context, row: str) -> float:
    """Value of the stake of a state holder at the offer price, over its cost.

    Value at the offer price / cost.

    On paper: nothing was sold.
    """
    value, cost = (ctx.number("ai_listings", row, f"state_{what}_cny_bn") for what in ("value_offer", "cost"))
    return value / cost


@claim()
def no_sale_found(ctx: Context) -> bool:
    """No sale by a state holder was found.

    A search for sales of shares from before these listings gave nothing.
    """
    return bool(ctx.result("data.not_found[listing_sales]"))


@result(unit="years", decimals=0)
def chip_fund_age(ctx: Context) -> float:
    """Age of the first chip fund when it sold the shares of NAURA.

    Years from its foundation to the month of the sale, rounded.
    """
    start, end = (
        pd.Timestamp(str(day))
        for day in (
            ctx.cell("funds", "cn_bigfund1", "established_on"),
            ctx.cell("patience_evidence", "bf1_naura_2025", "period"),
        )
    )
    return float((end - start).days / 365.25)
