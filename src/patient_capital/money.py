"""Stages of money, and sums of money in which no yuan is counted twice.

Funds lie inside one another: a fund is set up by a larger one, and umbrellas sum several under one name. Here
`nesting` is a frame indexed by fund id with `parent_id`, what the fund lies in, `umbrella`, true where the row only
sums others, and `countable`, true where the row may be added to any other such row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

STAGES = ("announced", "approved", "registered", "subscribed", "first_close", "paid_in", "invested")
"""The one list of stages of money, in order; each has a column in the table of funds."""

STAGE_COLUMNS = {f"{stage}_cny_bn": stage for stage in STAGES}
"""The stage of each of these columns; a price at `first_close` is that of a share, and of no stage."""

STAGE_WORDS = {
    "announced": "announced",
    "approved": "approved",
    "registered": "registered (subscribed by registry, not paid in)",
    "subscribed": "subscribed",
    "first_close": "first close or first phase",
    "paid_in": "paid in",
    "invested": "invested in firms",
}
"""Each stage in words: what is on record, and what is money."""


def lies_in(fund: str, nesting: pd.DataFrame) -> Iterator[str]:
    """Yield what a fund lies in, nearest first, umbrellas included.

    Parameters
    ----------
    fund : str
        Id of the fund.
    nesting : pandas.DataFrame
        Indexed by fund id, with `parent_id` and `umbrella`.
    """
    parents, seen = nesting["parent_id"], {fund}
    parent = parents.get(fund)
    while isinstance(parent, str) and parent not in seen:
        yield parent
        seen.add(parent)
        parent = parents.get(parent)


def _umbrellas(nesting: pd.DataFrame) -> set[str]:
    return set(nesting.index[nesting["umbrella"].astype(bool)])


def addable(nesting: pd.DataFrame) -> pd.Series:
    """Say which funds are no umbrella and lie inside none that is a fund; the column `countable` holds this.

    Parameters
    ----------
    nesting : pandas.DataFrame
        Indexed by fund id, with `parent_id` and `umbrella`.

    Returns
    -------
    pandas.Series of bool
        Indexed by fund id.
    """
    umbrellas = _umbrellas(nesting)
    free = [f not in umbrellas and umbrellas.issuperset(lies_in(f, nesting)) for f in nesting.index]
    return pd.Series(free, index=nesting.index, dtype=bool)


def countable(funds: Iterable[str], nesting: pd.DataFrame) -> pd.Series:
    """Say which of some funds may be added: all that are countable anyhow, and those inside none of the others.

    Parameters
    ----------
    funds : iterable of str
        Ids of the funds whose amounts are to be added.
    nesting : pandas.DataFrame
        Indexed by fund id, with `parent_id`, `umbrella` and `countable`; with funds that are not added, for one of
        these may lie between two that are.

    Returns
    -------
    pandas.Series of bool
        Indexed by fund id.
    """
    umbrellas, ids = _umbrellas(nesting), list(funds)
    holders = set(ids) - umbrellas
    free = nesting["countable"]
    may = [f in holders and (bool(free[f]) or holders.isdisjoint(lies_in(f, nesting))) for f in ids]
    return pd.Series(may, index=ids, dtype=bool)


def total(amounts: pd.Series, nesting: pd.DataFrame, fund: pd.Series | None = None) -> float:
    """Add amounts of funds, each yuan once.

    Parameters
    ----------
    amounts : pandas.Series
        One stage of money, in any unit. A fund without an amount does not hide what lies inside it.
    nesting : pandas.DataFrame
        As for :func:`countable`.
    fund : pandas.Series, optional
        Fund of each amount, as for the stakes of partners; by default the index of `amounts`.

    Returns
    -------
    float
        In the unit of `amounts`.
    """
    return float(once(amounts, nesting, fund).sum())


def once(amounts: pd.Series, nesting: pd.DataFrame, fund: pd.Series | None = None) -> pd.Series:
    """Return the amounts that :func:`total` adds: those that are known and lie in no other of them."""
    known = amounts.dropna()
    of = known.index.to_series() if fund is None else fund.loc[known.index]
    return known.loc[of.map(countable(of.unique(), nesting)).astype(bool)]


def held_by(holder: str, nesting: pd.DataFrame) -> list[str]:
    """Return the funds that lie directly inside another; an umbrella between the two does not count.

    None of them is an umbrella or lies inside another of them, so that their amounts may be added.

    Parameters
    ----------
    holder : str
        Id of the fund that they lie in.
    nesting : pandas.DataFrame
        As for :func:`countable`.
    """
    umbrellas = _umbrellas(nesting)
    return [
        fund
        for fund in nesting.index
        if fund not in umbrellas
        and next((outer for outer in lies_in(fund, nesting) if outer not in umbrellas), None) == holder
    ]


def distinct(funds: Iterable[str], nesting: pd.DataFrame) -> pd.Series:
    """Say which of some vehicles count as one where vehicles, not money, are counted.

    A fund inside another is a vehicle of its own. An umbrella is one only where none of its members is counted.

    Parameters
    ----------
    funds : iterable of str
        Ids of the vehicles to be counted.
    nesting : pandas.DataFrame
        As for :func:`countable`.

    Returns
    -------
    pandas.Series of bool
        Indexed by fund id.
    """
    umbrellas, ids = _umbrellas(nesting), list(funds)
    repeated = umbrellas.intersection(outer for fund in ids for outer in lies_in(fund, nesting))
    return pd.Series([fund not in repeated for fund in ids], index=ids, dtype=bool)
