"""What is due, and the calls of the book: dated statements with a probability, scored against a naive rate."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import NamedTuple

import pandas as pd

from patient_capital.analysis.funds.phases import local_targets
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

HIGH_MOTIONS = 300
"""Motions of the one call on them."""
NO_RECORD = "this event has no record"
"""What is said of a call without a naive chance."""


class Cases(NamedTuple):
    """What has a record of the event of a call.

    Attributes
    ----------
    came, could : int
        How often it has come so far, of how many times that it could.
    chances : int
        How often it can come by the day of the call, of which once is enough.
    """

    came: int
    could: int
    chances: int = 1


def _local_paid_in(ctx: Context) -> Cases:
    """Return local funds and groups of funds with a target that publish what is paid in."""
    paid_in = local_targets(ctx)["paid_in_cny_bn"].notna()
    return Cases(int(paid_in.sum()), len(paid_in))


def _private_named(ctx: Context) -> Cases:
    """Return regional funds in which a private partner was named: none, by a claim of the book, or it does not hold.

    The call is on the same funds, each of which has its chance once more.
    """
    ctx.result("funds.no_private_named")
    funds = int(ctx.value("funds.regional_count"))
    return Cases(0, funds, funds)


def _motions_high(ctx: Context) -> Cases:
    """Return sessions of the present Congress with at least `HIGH_MOTIONS` motions."""
    motions = ctx.frame("session_stats", "year", "motions", keep=lambda s: s["motions"].notna() & (s["year"] >= 2023))
    return Cases(int((motions["motions"] >= HIGH_MOTIONS).sum()), len(motions))


def _patient_named(ctx: Context) -> Cases:
    """Return work reports since 2025 that name patient capital."""
    named = ctx.frame(
        "report_keywords", "year", "term", "count", keep=lambda k: k["term"].eq("patient capital") & (k["year"] >= 2025)
    )
    return Cases(int((named["count"] > 0).sum()), len(named))


def _solar_losses(ctx: Context) -> Cases:
    """Return years since 2024 in which the makers whose losses the report adds lost money together."""
    least = ctx.result("precedent.loss_2025")
    losses = [ctx.value("precedent.loss_2024"), least.low if isinstance(least, Range) else float(str(least))]
    return Cases(sum(loss > 0 for loss in losses), len(losses))


def _margin_fell(ctx: Context) -> Cases:
    """Return years in which the margin of the car industry fell, of those with a figure for the year before."""
    margins = ctx.frame(
        "solar_ev_parallel", "series_id", "year", "value", keep=lambda s: s["series_id"].eq("auto_profit_margin_pct")
    )
    by_year = margins.set_index("year")["value"].sort_index()
    change = by_year.diff()[by_year.index.to_series().diff() == 1]
    return Cases(int((change < 0).sum()), len(change))


NAIVE: dict[str, tuple[Callable[[Context], Cases], str]] = {
    "local_paid_in": (
        _local_paid_in,
        "local funds and groups of funds with a target publish what is paid in; the national fund is the first of its kind",
    ),
    "private_named": (_private_named, "regional funds name a private partner with an amount"),
    "motions_high": (_motions_high, "sessions of this Congress had so many motions"),
    "patient_named": (_patient_named, "reports since 2025 name it"),
    "solar_losses": (_solar_losses, "years since 2024 brought the same makers a loss"),
    "margin_fell": (_margin_fell, "years with a figure for the year before brought a fall"),
}
"""What a call is compared with, by the column ``compared_with`` of the table of calls: the count, and what it counts.

A naive chance is of the same event as its call. A call whose event has no record is compared with nothing: that single
funds published more says little on how often five of them do; how many funds could have used a loss ceiling is not
known; and of the one firm whose older shares were free no page tells whether the state sold.
"""


def succession(came: int, could: int, chances: int = 1) -> float:
    """Return the chance that a thing comes at least once, by the rule of succession: none of three is one fifth, not nought.

    Parameters
    ----------
    came, could : int
        How often it came, of how many times that it could.
    chances : int
        How often it can come. They are alike, and what each brings is added to what was seen before the next.
    """
    return 1 - prod((could - came + 1 + more) / (could + 2 + more) for more in range(chances))


@result(unit="pct", decimals=0)
def naive(ctx: Context, row: str) -> float:
    """Naive chance that a call comes true.

    By the rule of succession, from the cases that the call is compared with; where any of several is enough, the chance
    that any of them comes.
    """
    return 100 * succession(*NAIVE[str(ctx.cell("calls", row, "compared_with"))][0](ctx))


def calls(ctx: Context) -> pd.DataFrame:
    """Return the calls in order of the day by which they are decided.

    Returns
    -------
    pandas.DataFrame
        One row a call: `statement`, `due_on`, `reason` and `rule`, texts; `probability_pct` and `naive_pct`, percent;
        `came` and `could`, counts of the cases that the naive chance is made of, `chances`, of how many one is enough,
        and `cases`, what they are, all missing where the event has no record; `outcome`, missing while it is open.
    """
    columns = ("statement", "due_on", "probability_pct", "compared_with", "reason", "rule", "outcome")
    frame = ctx.frame("calls", *columns)
    compared = frame.pop("compared_with")
    counted = {name: NAIVE[name][0](ctx) for name in compared.dropna()}
    frame = frame.assign(
        **{
            field: compared.map({name: float(getattr(cases, field)) for name, cases in counted.items()})
            for field in Cases._fields
        },
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
        One row a call that came or did not come: `ours` and `naive`, the Brier scores. Void calls are left out, and
        those without a naive chance.
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
    """Calls whose event has no record.

    Number of rows of the table of calls that are compared with nothing.
    """
    return int(ctx.frame("calls", "compared_with")["compared_with"].isna().sum())


@claim()
def partner_parts_most(ctx: Context) -> bool:
    """Our chance lies furthest from the naive one where a private partner is to be named.

    The largest distance between both chances is that of the call on private partners.
    """
    frame = calls(ctx)
    return str((frame["probability_pct"] - frame["naive_pct"]).abs().idxmax()) == "private_partner"


@claim()
def none_decided(ctx: Context) -> bool:
    """None has come due.

    Every call is decided after the day of the edition, and none has an outcome.
    """
    told = ctx.frame("calls", "due_on", "outcome")
    return bool(told["due_on"].gt(ctx.data.package.edition).all() and told["outcome"].isna().all())


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
