"""The six firms of Hangzhou, who owns them, and the debate on why they are there."""

from __future__ import annotations

import re

import pandas as pd

from patient_capital.analysis.session import R1_RELEASE
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

EVENT_COLUMNS = ("firm_id", "date", "kind", "words")


def in_years(dates: pd.Series) -> pd.Series:
    """Return ISO dates of any precision as years with a fraction; a year or month alone counts as its middle."""
    middle = dates.where(dates.str.len() > 4, dates + "-07-02").where(dates.str.len() != 7, dates + "-15")
    day = pd.to_datetime(middle, format="%Y-%m-%d")
    return day.dt.year + (day.dt.day_of_year - 1) / 365


R1_YEAR = float(in_years(pd.Series([R1_RELEASE])).iloc[0])
"""The day of R1 as a year with a fraction."""


def dragon_events(reader: Reader) -> pd.DataFrame:
    """Return the dated events of the six firms, firm by firm, in order of time.

    Returns
    -------
    pandas.DataFrame
        Indexed by `event_id`: `firm` and `sector`, its name and what it does; `date`, ISO of any precision; `kind`,
        `words`; and `year`, the date as a year with a fraction.
    """
    events = reader.frame("dragon_events", *EVENT_COLUMNS)
    firms = reader.data.table("dragons").frame  # a name is no evidence: it adds no source
    told = events.assign(
        firm=events["firm_id"].map(firms["name_en"]),
        sector=events["firm_id"].map(firms["sector"]),
        year=in_years(events["date"]),
        place=events["firm_id"].map(list(firms.index).index),
    ).sort_values(["place", "year"], kind="stable")
    return told[["firm", "sector", "date", "kind", "words", "year"]]


@result(unit="count")
def dragon_firms(ctx: Context) -> int:
    """Firms of Hangzhou called dragons.

    Number of firms with a dated event.
    """
    return int(dragon_events(ctx)["firm"].nunique())


NO_MONEY = "recruited"
"""How the table begins what the state did for a firm that was no money."""


@result(unit="count")
def state_firms(ctx: Context) -> int:
    """Firms of Hangzhou called dragons in which money of the state was found, with a day or without.

    Number of firms of which a page names a state investor; that a firm was recruited is no money.
    """
    told = dragons(ctx)["state_investors"].fillna("")
    return int((told.ne("") & ~told.str.startswith(NO_MONEY)).sum())


@result(unit="count")
def state_firms_dated(ctx: Context) -> int:
    """Firms of Hangzhou called dragons in which an entry of state money can be dated.

    Number of firms with an event of that kind.
    """
    events = ctx.frame("dragon_events", "firm_id", "kind", "date")
    return int(events.loc[events["kind"].eq("state"), "firm_id"].nunique())


@result(
    unit="count",
    cases={"dated": {"when": "with a date", "after": False}, "after_r1": {"when": "since R1", "after": True}},
    name="state_entries_{case}",
)
def state_entries(ctx: Context, *, after: bool) -> int:
    """Times that state money came into a firm of Hangzhou called a dragon, {when}.

    Number of events of that kind; a round in which several state bodies took part counts once.
    """
    events = ctx.frame("dragon_events", "kind", "date")
    state = events.loc[events["kind"].eq("state"), "date"]
    return int(state.gt(R1_RELEASE).sum()) if after else len(state)


@result(unit="count")
def state_entries_at_listing(ctx: Context) -> int:
    """Times that state money came into a firm of Hangzhou called a dragon in the month of its listing.

    Number of entries with a date whose month is that in which the firm was listed.
    """
    events = ctx.frame("dragon_events", "firm_id", "kind", "date")
    month = events["firm_id"] + events["date"].str[:7]
    return int((events["kind"].eq("state") & month.isin(month[events["kind"].eq("listed")])).sum())


PLATFORMS = ("Alibaba", "Ant", "JD.com", "Meituan", "Tencent")
"""Platform companies, and Ant, which is of the circle of Alibaba, as the table of firms names them."""


def platform_owners(reader: Reader) -> pd.Series:
    """Return which platform companies are named as owners of each firm of Hangzhou, reported interest left out."""
    firms = dragons(reader)
    parts = firms["private_investors"].fillna("").str.split(";").explode()
    told = parts[~parts.str.contains("reported")].str.findall("|".join(rf"\b{re.escape(name)}\b" for name in PLATFORMS))
    return told.explode().dropna()


@result(unit="count", fields={"names": ", ".join(PLATFORMS)})
def platform_owned(ctx: Context) -> int:
    """Firms of Hangzhou called dragons with a platform company among the named owners.

    Number of firms with {names} among the private owners; a round that is only reported does not count.
    """
    return int(platform_owners(ctx).index.nunique())


@claim()
def platform_stakes(ctx: Context) -> bool:
    """Unitree, Game Science and Deep Robotics.

    They are the firms with a platform company among the named owners, and Alibaba is named in Unitree alone.
    """
    owners = platform_owners(ctx)
    with_alibaba = owners.index[owners.eq("Alibaba")].tolist()
    return set(owners.index) == {"unitree", "game-science", "deep-robotics"} and with_alibaba == ["unitree"]


@result(unit="count")
def dragons_listed(ctx: Context) -> int:
    """Firms of Hangzhou called dragons that have been listed.

    Number of firms with an event of that kind.
    """
    events = ctx.frame("dragon_events", "firm_id", "kind")
    return int(events.loc[events["kind"].eq("listed"), "firm_id"].nunique())


DRAGON_COLUMNS = (
    "name_en",
    "name_zh",
    "sector",
    "hq",
    "founded_year",
    "state_investors",
    "private_investors",
    "later_events",
)


def dragons(reader: Reader) -> pd.DataFrame:
    """Return the firms of Hangzhou that were called dragons: seat, year of foundation, investors, what came after."""
    # A row without year and field is about all of them together.
    return reader.frame("dragons", *DRAGON_COLUMNS, keep=lambda d: d["founded_year"].notna() | d["sector"].notna())


def debate(reader: Reader) -> pd.DataFrame:
    """Return the arguments of the debate by date: `date`, `outlet`, `region` and `argument`."""
    return reader.frame("debate", "date", "outlet", "region", "argument").sort_values("date", kind="stable")
