"""Tables of the chapter on the precedent."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis import precedent
from patient_capital.formatting import unit_in_words
from patient_capital.listings.record import Cell, Column, Listing, date_cell, fixed, numeric, plain, wide
from patient_capital.listings.table import Cells, table
from patient_capital.provenance.records import value_in_words


@table(entries=precedent.outcomes)
def ledger(cells: Cells, entries: pd.DataFrame) -> Listing:
    """What came with what."""
    rows = tuple(
        (Cell(row.industry, under=row.aspect), Cell(row.what), cells.number(row.value, str(row.Index)))
        for row in entries.itertuples()
    )
    columns = (Column("Industry"), wide("What"), *numeric("Figure"))
    note = "Came with, not caused by: no counterfactual is at hand."
    title = "What came with the build-out"
    return Listing(title, columns, rows, note, download="solar_ev_parallel.csv", fold="things that came with the rush")


@table(used=precedent.capacity_in_use)
def capacity(cells: Cells, used: pd.DataFrame) -> Listing:
    """Use of capacity, one definition a row."""
    rows = tuple(
        (
            Cell(row.what, under=row.definition),
            cells.text(row.year),
            cells.number(row.in_use_pct, f"solar_ev_parallel[{row.Index}].value"),
        )
        for row in used.itertuples()
    )
    columns = (wide("What, definition"), fixed("Year"), *numeric("In use"))
    note = (
        "Definitions differ and must not share a line. Output in direct current is never divided by installations "
        "in alternating current."
    )
    return Listing("Capacity in use, each by its own definition", columns, rows, note, fold="counts of capacity in use")


@table(acts=precedent.acts)
def acts(_cells: Cells, acts: pd.DataFrame) -> Listing:
    """The acts against the rush."""
    rows = tuple(
        (
            date_cell(row.date),
            Cell(plain(row.title), under=plain(row.actors).replace(";", ",")),
            Cell(plain(row.description)),
        )
        for row in acts.itertuples()
    )
    columns = (fixed("Date"), wide("Act, by whom"), wide("What it says"))
    return Listing("Acts against the rush", columns, rows, download="session_events.csv", fold="acts against the rush")


@table(signs=precedent.signs)
def ai(cells: Cells, signs: pd.DataFrame) -> Listing:
    """Signs of overcapacity in AI."""
    rows = tuple(
        (
            Cell(value_in_words(cells.data, "ai_overcapacity", "series_id", row["series_id"]), under=row["definition"]),
            Cell(row["period"]),
            cells.fact("ai_overcapacity", key, row, "value"),
            Cell(unit_in_words(row["unit"])),
            Cell(plain(row["note"])),
        )
        for key, row in signs.iterrows()
    )
    columns = (wide("Series, what is counted"), Column("Period"), *numeric("Value"), Column("Unit"), Column("Note"))
    note = "A star marks a value that rests on one voice; most do."
    return Listing(
        "Every sign found, for and against",
        columns,
        rows,
        note,
        search=True,
        download="ai_overcapacity.csv",
        fold="signs of idle capacity in AI",
    )
