"""What is due, and the calls of the book: dated statements with a probability, scored against a naive rate."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from patient_capital.analysis.funds.phases import local_targets
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

HIGH_MOTIONS = 300
"""Motions of the one call on them."""

Cases = tuple[int, int]
"""How often a thing has come so far, of how many times that it could."""


def _met_target(ctx: Context) -> Cases:
    """Return guidance funds that had met their target by 2021; their share is of more than 1,800 funds."""
    funds = 1800
    return round(ctx.number("parameters", "fm_met_target", "value") * funds), funds


def _local_paid_in(ctx: Context) -> Cases:
    """Return local funds and groups of funds with a target that publish what is paid in."""
    paid_in = local_targets(ctx)["paid_in_cny_bn"].notna()
    return int(paid_in.sum()), len(paid_in)


def _private_named(ctx: Context) -> Cases:
    """Return regional funds in which a private partner was named: none, by a claim of the book, or it does not hold."""
    ctx.result("funds.no_private_named")
    return 0, int(ctx.value("funds.regional_count"))


def _ceiling_used(ctx: Context) -> Cases:
    """Return rules and funds with a loss ceiling of which a use was found: none, by a search."""
    ctx.result("data.not_found[loss_ceiling_used]")
    return 0, int(ctx.value("patience.ceiling_places"))


def _motions_high(ctx: Context) -> Cases:
    """Return sessions of the present Congress with at least `HIGH_MOTIONS` motions."""
    motions = ctx.frame("session_stats", "year", "motions", keep=lambda s: s["motions"].notna() & (s["year"] >= 2023))
    return int((motions["motions"] >= HIGH_MOTIONS).sum()), len(motions)


def _patient_named(ctx: Context) -> Cases:
    """Return work reports since 2025 that name patient capital."""
    named = ctx.frame(
        "report_keywords", "year", "term", "count", keep=lambda k: k["term"].eq("patient capital") & (k["year"] >= 2025)
    )
    return int((named["count"] > 0).sum()), len(named)


def _solar_losses(ctx: Context) -> Cases:
    """Return years since 2024 in which the makers whose losses the report adds lost money together."""
    least = ctx.result("precedent.loss_2025")
    losses = [ctx.value("precedent.loss_2024"), least.low if isinstance(least, Range) else float(str(least))]
    return sum(loss > 0 for loss in losses), len(losses)


def _margin_fell(ctx: Context) -> Cases:
    """Return years in which the margin of the car industry fell, of those with a figure for the year before."""
    margins = ctx.frame(
        "solar_ev_parallel", "series_id", "year", "value", keep=lambda s: s["series_id"].eq("auto_profit_margin_pct")
    )
    by_year = margins.set_index("year")["value"].sort_index()
    change = by_year.diff()[by_year.index.to_series().diff() == 1]
    return int((change < 0).sum()), len(change)


def _state_sold(ctx: Context) -> Cases:
    """Return listed AI firms whose older shares are free and in which a state holder sold: none, by a search."""
    ctx.result("patience.no_sale_found")
    return 0, int(ctx.value("patience.listing_count") - ctx.value("patience.still_bound"))


NAIVE: dict[str, tuple[Callable[[Context], Cases], str]] = {
    "met_target": (
        _met_target,
        "guidance funds had met their target, by a count of 2021; nothing nearer to the trillion has a record",
    ),
    "local_paid_in": (
        _local_paid_in,
        "local funds and groups of funds with a target publish what is paid in; the national fund is the first of its kind",
    ),
    "private_named": (_private_named, "regional funds name a private partner with an amount"),
    "ceiling_used": (_ceiling_used, "places with a loss ceiling are known to have used it"),
    "motions_high": (_motions_high, "sessions of this Congress had so many motions"),
    "patient_named": (_patient_named, "reports since 2025 name it"),
    "solar_losses": (_solar_losses, "years since 2024 brought the same makers a loss"),
    "margin_fell": (_margin_fell, "years with a figure for the year before brought a fall"),
    "state_sold": (_state_sold, "listed firms whose older shares are free show a sale by a state holder"),
}
"""What a call is compared with, by the column ``compared_with`` of the table of calls: the count, and what it counts.

A call of which nothing like it was counted is compared with nothing: that single funds published more says little on how
often five of them do.
"""


def succession(came: int, could: int) -> float:
    """Return the chance that a thing comes next, by the rule of succession: none of three is one fifth, not nought.

    Parameters
    ----------
    came, could : int
        How often it came, of how many times that it could.
    """
    return (came + 1) / (could + 2)


@result(unit="pct", decimals=0)
def naive(ctx: Context, row: str) -> float:
    """Naive chance that a call comes true.

    By the rule of succession, from the cases that the call is compared with.
    """
    return 100 * succession(*NAIVE[str(ctx.cell("calls", row, "compared_with"))][0](ctx))


def calls(ctx: Context) -> pd.DataFrame:
    """Return the calls in order of the day by which they are decided.

    Returns
    -------
    pandas.DataFrame
        One row a call: `statement`, `due_on`, `reason` and `rule`, texts; `probability_pct` and `naive_pct`, percent;
        `came` and `could`, counts of the cases that the naive chance is made of, and `cases`, what they are, all missing
        where nothing like it was counted; `outcome`, missing while it is open.
    """
    columns = ("statement", "due_on", "probability_pct", "compared_with", "reason", "rule", "outcome")
    frame = ctx.frame("calls", *columns)
    compared = frame.pop("compared_with")
    counted = {name: NAIVE[name][0](ctx) for name in compared.dropna()}
    frame = frame.assign(
        came=compared.map({name: float(came) for name, (came, _) in counted.items()}),
        could=compared.map({name: float(could) for name, (_, could) in counted.items()}),
        cases=compared.map({name: NAIVE[name][1] for name in counted}),
        naive_pct=compared.map({name: 100 * succession(*cases) for name, cases in counted.items()}),
    )
    return frame.sort_values(["due_on", "probability_pct"])


def scores(calls: pd.DataFrame) -> pd.DataFrame:
    """Score the decided calls: the squared distance of a probability from what came, nought for sure and right.

    Parameters
    ----------
    calls : pandas.DataFrame
        With `probability_pct`, `naive_pct` and `outcome`, as :func:`calls` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a call that came or did not come: `ours` and `naive`, the Brier scores. Void calls are left out, and those
        without a naive chance.
    """
    decided = calls.loc[calls["outcome"].isin(("yes", "no")) & calls["naive_pct"].notna()]
    came = decided["outcome"].eq("yes").astype(float)
    return pd.DataFrame(
        {
            name: (decided[f"{column}_pct"] / 100 - came) ** 2
            for name, column in (("ours", "probability"), ("naive", "naive"))
        }
    )


@result(unit="count")
def call_count(ctx: Context) -> int:
    """Calls of the book.

    Number of rows of the table of calls.
    """
    return len(ctx.frame("calls", "statement"))


@result(unit="count")
def without_record(ctx: Context) -> int:
    """Calls of which nothing like it was counted.

    Number of rows of the table of calls that are compared with nothing.
    """
    return int(ctx.frame("calls", "compared_with")["compared_with"].isna().sum())


@claim()
def none_decided(ctx: Context) -> bool:
    """None has come due.

    No call has an outcome.
    """
    return bool(ctx.frame("calls", "outcome")["outcome"].isna().all())


def watched(ctx: Context) -> pd.DataFrame:
    """Return what would change the mind of the book, what is expected next first, then by chapter.

    Returns
    -------
    pandas.DataFrame
        One row a thing: `chapter`, `what`, `would_change`, `state`, `expected_on` and `expected`, texts; missing where
        nothing is announced. `looked_on`, the day of the last look, where a search stands behind it.
    """
    frame = ctx.frame("watch", "chapter", "what", "would_change", "state", "expected_on", "expected", "search_id")
    searches = ctx.frame("searches", "looked_on")
    frame = frame.join(searches, on="search_id")
    return frame.sort_values(["expected_on", "chapter"], na_position="last", kind="stable")
