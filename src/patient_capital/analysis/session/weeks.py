"""The events around the session of 2025, by kind and week."""

from __future__ import annotations

import pandas as pd

from patient_capital.formatting import human_date
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

OPENING = "2025-03-05"
"""Day on which the session of 2025 opened."""
LANES = {
    "technology": ("technology", "market"),
    "meetings and party": ("meeting", "party", "preparation"),
    "the session": ("session", "press", "deliberation", "delegation", "procedure"),
    "places": ("local",),
    "rules and laws": ("policy", "law"),
    "funds": ("fund",),
}
"""Kinds of events, as the lanes of the timeline."""
CROWDED = ("2025-01-13", "2025-03-31")
"""Mondays of the first and the last week in which events are counted: from reports of provinces to March."""


def in_lanes(events: pd.DataFrame) -> pd.DataFrame:
    """Put events into the lanes of the timeline.

    Returns
    -------
    pandas.DataFrame
        Columns `date` (ISO, to the day or the month), `kind`, `title` and `lane`, in order of date as written.

    Raises
    ------
    ValueError
        If a kind of event has no lane.
    """
    lane_of = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    unknown = sorted(set(events["kind"]) - set(lane_of))
    if unknown:
        raise ValueError(f"no lane of the timeline for events of kind {', '.join(unknown)}: add it to LANES")
    placed = events[["date", "kind", "title"]].assign(lane=events["kind"].map(lane_of))
    return placed.sort_values("date", kind="stable")


def timeline(reader: Reader) -> pd.DataFrame:
    """Return every event with its lane, as :func:`in_lanes` gives it."""
    return in_lanes(reader.frame("session_events", "date", "kind", "title"))


def by_week(events: pd.DataFrame, first: str = CROWDED[0], last: str = CROWDED[1]) -> pd.DataFrame:
    """Count the events of :func:`in_lanes` by lane and week; those whose day is not known are left out.

    Parameters
    ----------
    first, last : str
        Mondays of the first and the last week, ISO.

    Returns
    -------
    pandas.DataFrame
        A row a lane and week: `lane`, `week`, the Monday, and `events`, their number.
    """
    known = events[events["date"].str.len() == 10]
    day = pd.to_datetime(known["date"], format="%Y-%m-%d")
    monday = (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d")
    counts = pd.crosstab(known["lane"], monday)
    weeks = pd.date_range(first, last, freq="7D").strftime("%Y-%m-%d")
    grid = counts.reindex(index=list(LANES), columns=weeks, fill_value=0).rename_axis(index="lane")
    return grid.reset_index().melt("lane", var_name="week", value_name="events")


def crowded_weeks(reader: Reader) -> pd.DataFrame:
    """Return the number of events by lane and week around the session of March 2025, as :func:`by_week` counts them."""
    return by_week(timeline(reader))


@result(unit="count")
def week_events(ctx: Context) -> int:
    """Events in the week in which the session of 2025 opened.

    Number of events with a day from Monday to Sunday.
    """
    weeks = crowded_weeks(ctx).groupby("week")["events"].sum()
    return int(weeks[weeks.index <= OPENING].iloc[-1])


@result(
    unit="count",
    cases={
        "listed": {"words": "Events of the table of events", "formula": "Number of rows"},
        "drawn": {
            "words": "Events of the table that have a day in the weeks around the session",
            "formula": f"Number of events with a day from the week of {human_date(CROWDED[0])} to that of "
            f"{human_date(CROWDED[1])}",
            "around": True,
        },
    },
    name="events_{case}",
)
def events_counted(ctx: Context, *, around: bool = False) -> int:
    """{words}.

    {formula}.
    """
    return int(crowded_weeks(ctx)["events"].sum()) if around else len(timeline(ctx))


@claim(first=human_date(CROWDED[0]), last=human_date(CROWDED[1]))
def week_crowded(ctx: Context) -> bool:
    """The most of any week that is counted.

    No other week from that of {first} to that of {last} has as many events with a day as that of the opening.
    """
    weeks = crowded_weeks(ctx).groupby("week")["events"].sum()
    return bool(weeks.max() == ctx.value("session.week_events") and (weeks == weeks.max()).sum() == 1)


@result(unit="count")
def events(ctx: Context) -> int:
    """Events in the timeline.

    Number of rows.
    """
    return len(timeline(ctx))


def events_by_date(reader: Reader) -> pd.DataFrame:
    """Return every event with kind, description and actors, in order of date as written."""
    frame = reader.frame("session_events", "date", "title", "kind", "description", "actors")
    return frame.sort_values("date", kind="stable")
