"""Tables of the chapter on the session."""

from __future__ import annotations

from typing import Final

from patient_capital.listings.record import Cell, Column, Listing, date_cell, fact_cell, listing
from patient_capital.tables import Data

END: Final = "end"
FIXED: Final = "fixed"


@listing("session.pledges")
def pledges(data: Data) -> Listing:
    """Every pledge and what came of it."""
    status = {"delivered": "delivered", "partly": "in part", "not_found": "nothing found"}
    rows = tuple(
        (
            Cell(text["pledge"], under=text["speaker"]), date_cell(text["date"]), Cell(status[text["status"]]),
            date_cell(text["delivered_on"]), Cell(text["what_came"]),
        )
        for text in data.table("pledges").text.values()
    )  # fmt: skip
    return Listing(
        "Every pledge of the session, delivered or not",
        (Column("Pledge", wide=True), Column("Made", FIXED), Column("State"), Column("Kept", FIXED), Column("What came of it", wide=True)),
        rows, download="pledges.csv", empty="–",
    )  # fmt: skip


@listing("session.events")
def events(data: Data) -> Listing:
    """The timeline."""
    rows = tuple(
        (
            date_cell(text["date"]), Cell(text["title"], under=text["kind"].replace("_", " ")),
            Cell(text["description"]), Cell(text["actors"].replace(";", ",")),
        )
        for text in sorted(data.table("session_events").text.values(), key=lambda t: t["date"])
    )  # fmt: skip
    return Listing(
        "Before, during and after the session",
        (Column("Date", FIXED), Column("Event"), Column("What happened", wide=True), Column("Who")),
        rows, search=True, download="session_events.csv", empty="–",
    )  # fmt: skip


@listing("session.speakers")
def speakers(data: Data) -> Listing:
    """Who spoke about what."""
    rows = tuple(
        (
            Cell(text["name"], under=", ".join(p for p in (text["role"], text["body"]) if p)), Cell(text["level"]),
            Cell(text["statement_topic"].replace(";", ",")), Cell(text["statement_summary"]),
        )
        for text in data.table("actors").text.values()
    )  # fmt: skip
    return Listing(
        "Who spoke about what, in our words",
        (Column("Who", wide=True), Column("Level"), Column("Topic"), Column("Statement", wide=True)),
        rows, search=True, download="actors.csv", empty="–",
    )  # fmt: skip


@listing("session.votes")
def votes(data: Data) -> Listing:
    """Every tally."""
    columns = ("for_votes", "against_votes", "abstain_votes", "deputies_present")
    rows = tuple(
        (
            Cell(text["year"]), Cell(text["item"], under=text["note"]),
            *(fact_cell(data, "votes", key, column) for column in columns),
        )
        for key, text in data.table("votes").text.items()
    )  # fmt: skip
    return Listing(
        "Tallies of votes that were found",
        (Column("Year", FIXED), Column("Item", wide=True), Column("For", END), Column("Against", END), Column("Abstained", END), Column("Present", END)),
        rows, search=True, download="votes.csv", empty="–", note="A dash: not found by us.",
    )  # fmt: skip


@listing("session.sessions")
def sessions(data: Data) -> Listing:
    """Length, motions and attendance of each session."""
    columns = (
        "session_length_days",
        "motions",
        "suggestions",
        "deputies_total",
        "deputies_absent",
        "press_conferences_planned",
    )
    rows = tuple(
        (Cell(key), *(fact_cell(data, "session_stats", key, column, "bare") for column in columns))
        for key in data.table("session_stats").text
    )  # fmt: skip
    heads = ("Days", "Motions", "Suggestions", "Deputies", "Absent at the close", "Press conferences planned")
    return Listing(
        "Sessions since 2012", (Column("Year", FIXED), *(Column(head, END) for head in heads)), rows, download="session_stats.csv",
        empty="–", note="Press conferences of different years count different formats and must not be compared.",
    )  # fmt: skip


INDICATORS = {
    "gdp_growth": "growth of GDP", "cpi": "consumer prices", "deficit_ratio": "deficit", "urban_jobs": "new urban jobs",
    "surveyed_unemployment": "surveyed unemployment", "energy_intensity": "energy per unit of GDP",
}  # fmt: skip


@listing("session.targets")
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
