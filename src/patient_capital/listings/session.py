"""Tables of the chapter on the session."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from patient_capital.analysis import session
from patient_capital.analysis.session import SESSION_COUNTS, TALLY
from patient_capital.listings.record import (
    Cell,
    Column,
    Listing,
    date_cell,
    fact_cell,
    fixed,
    listing,
    numeric,
    plain,
    wide,
)
from patient_capital.listings.table import Cells, table
from patient_capital.provenance.records import value_in_words
from patient_capital.tables import Data

STATE_WORDS = {"delivered": "delivered", "partly": "in part", "not_found": "nothing found"}


def _list(value: object) -> str:
    """Write a list of the data as text."""
    return plain(value).replace(";", ",")


OF_POWER = "P stands for PFlops, a unit of computing power: operations a second."
"""What a letter behind an amount means that pages print as they found it."""


@table(pledges=session.pledges_and_outcomes)
def pledges(cells: Cells, pledges: pd.DataFrame) -> Listing:
    """Every pledge and what came of it."""
    rows = tuple(
        (
            Cell(plain(row.pledge), under=plain(row.speaker)),
            date_cell(row.date),
            cells.text(STATE_WORDS.get(row.status, row.status)),
            date_cell(row.delivered_on),
            Cell(plain(row.what_came)),
        )
        for row in pledges.itertuples()
    )
    columns = (wide("Pledge"), fixed("Made"), Column("State"), fixed("Kept"), wide("What came of it"))
    return Listing(
        "Every pledge of the session, delivered or not",
        columns,
        rows,
        note=OF_POWER,
        download="pledges.csv",
        fold="pledges",
        searches=("local_phases",),
    )


@table(events=session.events_by_date)
def events(cells: Cells, events: pd.DataFrame) -> Listing:
    """The timeline."""
    rows = tuple(
        (
            date_cell(row.date),
            Cell(plain(row.title), under=cells.text(row.kind).text),
            Cell(plain(row.description)),
            Cell(_list(row.actors)),
        )
        for row in events.itertuples()
    )
    columns = (fixed("Date"), Column("Event"), wide("What happened"), Column("Who"))
    return Listing(
        "Before, during and after the session", columns, rows, search=True, download="session_events.csv", fold="events"
    )


@table(speakers=session.speakers)
def speakers(_cells: Cells, speakers: pd.DataFrame) -> Listing:
    """Who spoke about what."""
    rows = tuple(
        (
            Cell(plain(row.name), under=", ".join(part for part in (plain(row.role), plain(row.body)) if part)),
            Cell(plain(row.level)),
            Cell(_list(row.statement_topic)),
            Cell(plain(row.statement_summary)),
        )
        for row in speakers.itertuples()
    )
    columns = (wide("Who"), Column("Level"), Column("Topic"), wide("Statement"))
    return Listing(
        "Who spoke about what, in our words",
        columns,
        rows,
        search=True,
        download="actors.csv",
        fold="people and bodies that spoke",
    )


@table(tallies=session.tallies)
def votes(cells: Cells, tallies: pd.DataFrame) -> Listing:
    """Every tally."""
    rows = tuple(
        (
            Cell(str(int(row["year"]))),
            Cell(plain(row["item"]), under=plain(row["note"])),
            *cells.facts("votes", key, row, *TALLY, form="full"),
        )
        for key, row in tallies.iterrows()
    )
    columns = (fixed("Year"), wide("Item"), *numeric("For", "Against", "Abstained", "Present"))
    note = "A dash: no figure was found."
    return Listing(
        "Tallies of votes that were found",
        columns,
        rows,
        note,
        search=True,
        download="votes.csv",
        fold="tallies of votes",
        searches=("votes_2021_2023", "votes_2026"),
    )


@table(sessions=session.sessions)
def sessions(cells: Cells, sessions: pd.DataFrame) -> Listing:
    """Length, motions and attendance of each session."""
    rows = tuple(
        (
            Cell(str(key)),
            *(
                replace(cell, under=hedge) if column == "suggestions" else cell
                for column, cell in zip(
                    SESSION_COUNTS, cells.facts("session_stats", str(key), row, *SESSION_COUNTS), strict=True
                )
            ),
        )
        for key, row in sessions.iterrows()
        # A number without such a word is exact.
        for hedge in [plain(row["suggestions_qualifier"]).replace("exact", "")]
    )
    columns = (
        fixed("Year"),
        *numeric("Days", "Motions", "Suggestions", "Deputies", "Absent at the close", "Press conferences planned"),
    )
    note = (
        "Suggestions: an exact number is counted after the session; a number that is around or more than it was said "
        "during the session, that of 2026 on 10 March 2026, and must not be compared with exact ones. A dash: no "
        "figure was found. Press conferences of different years count different formats and must not be compared."
    )
    return Listing(
        "Sessions since 2012",
        columns,
        rows,
        note,
        download="session_stats.csv",
        searches=("motions_2014_2020", "suggestions_2026"),
        fold="sessions in numbers",
    )


@table(compared=session.compared)
def compared(cells: Cells, compared: pd.DataFrame) -> Listing:
    """March 2025 beside March 2026."""
    rows = tuple(
        (
            Cell(str(row.Index), under=row.kind),
            cells.number(row.value_2025, row.ref_2025),
            cells.number(row.value_2026, row.ref_2026),
        )
        for row in compared.itertuples()
    )
    columns = (wide("What"), *numeric("March 2025", "March 2026"))
    note = (
        "Words of 2026 are counts that others print; of government investment funds only a first use is known. The aim "
        "for growth is around a number in 2025 and a range in 2026."
    )
    return Listing(
        "March 2025 beside March 2026", columns, rows, note, searches=("words_2026",), fold="measures of both sessions"
    )


@table(texts=session.texts)
def texts(_cells: Cells, texts: pd.DataFrame) -> Listing:
    """What the texts of both sessions say."""
    rows = tuple(
        (
            Cell(row.topic),
            Cell(row.text_en, under=plain(row.text_zh)),
            Cell(row.document, under=row.issuer),
            date_cell(row.issued_on),
        )
        for row in texts.itertuples()
    )
    columns = (Column("On"), wide("In our words and in Chinese"), wide("Document, issuer"), fixed("Date"))
    note = "We read the running text of the plan, not its boxes, and passages of the report of 2026."
    return Listing(
        "What the reports and the plan say",
        columns,
        rows,
        note,
        search=True,
        download="patience_clauses.csv",
        fold="passages of the reports and the plan",
        searches=("words_2026",),
    )


COMPARED = {
    *("gdp_growth", "gdp_growth_low", "gdp_growth_high", "cpi", "deficit_ratio", "urban_jobs"),
    *("surveyed_unemployment", "energy_intensity", "co2_intensity"),
}
"""Targets that an outcome can be set beside; amounts of bonds and budgets are no forecasts."""


@listing
def targets(data: Data) -> Listing:
    """Targets beside outcomes."""
    outcomes = data.table("outcomes").text
    rows = tuple(
        (
            Cell(value_in_words(data, "targets", "indicator", text["indicator"]), under=text["qualifier"]),
            Cell(text["year"]),
            fact_cell(data, "targets", key, "value"),
            fact_cell(data, "outcomes", came, "value") if came in outcomes else Cell(),
            Cell(outcomes.get(came, {}).get("note", "")),
        )
        for key, text in data.table("targets").text.items()
        # What came stands once, beside the lower end of a range.
        for came in [key.removesuffix("_low")]
        if text["indicator"] in COMPARED
    )
    columns = (wide("Indicator"), fixed("Year"), *numeric("Target", "Outcome"), Column("Note"))
    note = (
        "Outcomes are first official estimates. The price target has worked as a ceiling: a lower outcome is not "
        "a miss in the same sense."
    )
    return Listing("Each target beside what came", columns, rows, note, search=True, download="targets.csv")
