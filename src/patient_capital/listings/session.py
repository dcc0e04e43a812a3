"""Tables of the chapter on the session."""

from __future__ import annotations

from typing import Final

import pandas as pd

from patient_capital.analysis import session
from patient_capital.analysis.session import SESSION_COUNTS, TALLY
from patient_capital.listings.record import Cell, Column, Listing, date_cell, fact_cell, listing
from patient_capital.listings.table import Cells, table
from patient_capital.tables import Data

END: Final = "end"
FIXED: Final = "fixed"

STATE_WORDS = {"delivered": "delivered", "partly": "in part", "not_found": "nothing found"}


def _text(value: object) -> str:
    """Return a text of the data as it stands; empty where it is missing."""
    return value if isinstance(value, str) else ""


def _list(value: object) -> str:
    """Write a list of the data as text."""
    return _text(value).replace(";", ",")


@table(pledges=session.pledges_and_outcomes)
def pledges(cells: Cells, pledges: pd.DataFrame) -> Listing:
    """Every pledge and what came of it."""
    rows = tuple(
        (
            Cell(_text(row.pledge), under=_text(row.speaker)),
            date_cell(row.date),
            cells.text(STATE_WORDS.get(row.status, row.status)),
            date_cell(row.delivered_on),
            Cell(_text(row.what_came)),
        )
        for row in pledges.itertuples()
    )
    return Listing(
        "Every pledge of the session, delivered or not",
        (
            Column("Pledge", wide=True),
            Column("Made", FIXED),
            Column("State"),
            Column("Kept", FIXED),
            Column("What came of it", wide=True),
        ),
        rows,
        download="pledges.csv",
        empty="–",
    )


@table(events=session.events_by_date)
def events(cells: Cells, events: pd.DataFrame) -> Listing:
    """The timeline."""
    rows = tuple(
        (
            date_cell(row.date),
            Cell(_text(row.title), under=cells.text(row.kind).text),
            Cell(_text(row.description)),
            Cell(_list(row.actors)),
        )
        for row in events.itertuples()
    )
    return Listing(
        "Before, during and after the session",
        (Column("Date", FIXED), Column("Event"), Column("What happened", wide=True), Column("Who")),
        rows,
        search=True,
        download="session_events.csv",
        empty="–",
    )


@table(speakers=session.speakers)
def speakers(_cells: Cells, speakers: pd.DataFrame) -> Listing:
    """Who spoke about what."""
    rows = tuple(
        (
            Cell(_text(row.name), under=", ".join(part for part in (_text(row.role), _text(row.body)) if part)),
            Cell(_text(row.level)),
            Cell(_list(row.statement_topic)),
            Cell(_text(row.statement_summary)),
        )
        for row in speakers.itertuples()
    )
    return Listing(
        "Who spoke about what, in our words",
        (Column("Who", wide=True), Column("Level"), Column("Topic"), Column("Statement", wide=True)),
        rows,
        search=True,
        download="actors.csv",
        empty="–",
    )


@table(tallies=session.tallies)
def votes(cells: Cells, tallies: pd.DataFrame) -> Listing:
    """Every tally."""
    rows = tuple(
        (
            Cell(str(int(row["year"]))),
            Cell(_text(row["item"]), under=_text(row["note"])),
            *cells.facts("votes", key, row, *TALLY, form="full"),
        )
        for key, row in tallies.iterrows()
    )
    heads = ("For", "Against", "Abstained", "Present")
    return Listing(
        "Tallies of votes that were found",
        (Column("Year", FIXED), Column("Item", wide=True), *(Column(head, END) for head in heads)),
        rows,
        search=True,
        download="votes.csv",
        empty="–",
        note="A dash: not found by us.",
    )


@table(sessions=session.sessions)
def sessions(cells: Cells, sessions: pd.DataFrame) -> Listing:
    """Length, motions and attendance of each session."""
    rows = tuple(
        (Cell(str(key)), *cells.facts("session_stats", str(key), row, *SESSION_COUNTS))
        for key, row in sessions.iterrows()
    )
    heads = ("Days", "Motions", "Suggestions", "Deputies", "Absent at the close", "Press conferences planned")
    return Listing(
        "Sessions since 2012",
        (Column("Year", FIXED), *(Column(head, END) for head in heads)),
        rows,
        download="session_stats.csv",
        empty="–",
        note="Press conferences of different years count different formats and must not be compared.",
    )


INDICATORS = {
    "gdp_growth": "growth of GDP", "cpi": "consumer prices", "deficit_ratio": "deficit", "urban_jobs": "new urban jobs",
    "surveyed_unemployment": "surveyed unemployment", "energy_intensity": "energy per unit of GDP",
}  # fmt: skip


@listing
def targets(data: Data) -> Listing:
    """Targets beside outcomes."""
    outcomes = data.table("outcomes").text
    rows = []
    for key, text in data.table("targets").text.items():
        if text["indicator"] not in INDICATORS:
            continue
        rows.append(
            (
                Cell(text["year"]), Cell(INDICATORS[text["indicator"]], under=text["qualifier"]), fact_cell(data, "targets", key, "value"),
                fact_cell(data, "outcomes", key, "value") if key in outcomes else Cell(), Cell(outcomes.get(key, {}).get("note", "")),
            )
        )  # fmt: skip
    return Listing(
        "Targets and outcomes", (Column("Year", FIXED), Column("Indicator", wide=True), Column("Target", END), Column("Outcome", END), Column("Note")),
        tuple(rows), search=True, download="targets.csv", empty="–",
        note="Outcomes are first official estimates. The price target has worked as a ceiling: a lower outcome is not a miss in the same sense.",
    )  # fmt: skip
