"""Tables of the page on what to watch."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis import watch
from patient_capital.formatting import human_date, spelled
from patient_capital.listings.record import Cell, Listing, date_cell, fixed, numeric, plain, wide
from patient_capital.listings.table import Cells, table

OUTCOMES = {"yes": "came true", "no": "did not", "void": "void"}


def _state(call: pd.Series) -> str:
    """Return whether a call is decided, and how often such a thing came, of which cases."""
    outcome = OUTCOMES.get(str(call["outcome"]), "open")
    if pd.isna(call["could"]):
        return f"{outcome}; {watch.NO_RECORD}"
    enough = f"; any of {spelled(int(call['chances']))} is enough" if call["chances"] > 1 else ""
    return f"{outcome}; so far {call['came']:.0f} of {call['could']:.0f} {call['cases']}{enough}"


@table(calls=watch.calls)
def calls(cells: Cells, calls: pd.DataFrame) -> Listing:
    """Every call: its chances, why, and how it is decided."""
    rows = tuple(
        (
            Cell(row["statement"], under=_state(row), anchor=f"call-{key}"),
            date_cell(row["due_on"]),
            cells.fact("calls", str(key), row, "probability_pct"),
            Cell("none")
            if pd.isna(row["naive_pct"])
            else cells.number(row["naive_pct"], f"watch.naive[{key}]", "bare"),
            Cell(row["reason"]),
            Cell(row["rule"]),
        )
        for key, row in calls.iterrows()
    )
    columns = (
        wide("Statement"),
        fixed("Decided by"),
        *numeric("Our chance, percent", "Naive chance, percent"),
        wide("Why"),
        wide("How it is decided"),
    )
    note = (
        "So far: how often the same thing came, of the cases that could be counted. The naive chance follows by the "
        "rule of succession. Where any of several cases is enough, it is the chance that any of them comes, if each "
        "has its chance once more. A call whose event has no record has no naive chance."
    )
    return Listing(
        "Calls, with the day by which each is decided",
        columns,
        rows,
        note,
        download="calls.csv",
        empty="",
        searches=("local_phases",),
    )


@table(watched=watch.watched)
def watched(cells: Cells, watched: pd.DataFrame) -> Listing:
    """Everything that would change the mind of the book, what is due first."""
    rows = []
    for key, row in watched.iterrows():
        looked = "" if pd.isna(row["looked_on"]) else f"looked until {human_date(str(row['looked_on'])[:10])}"
        rows.append(
            (
                Cell(row["what"], under=row["chapter"], anchor=f"watch-{key}"),
                Cell(row["would_change"]),
                Cell(row["state"], under=looked),
                date_cell(row["expected_on"]),
                Cell(plain(row["expected"]) or "no day is known"),
            )
        )
    columns = (
        wide("What, chapter"),
        wide("What it would change"),
        wide("Where it stands"),
        fixed("Due"),
        wide("What is due"),
    )
    return Listing(
        "What would change our mind, and where it stands",
        columns,
        tuple(rows),
        "A day under the state is the day of the last look.",
        search=True,
        download="watch.csv",
        empty="",
        searches=tuple(sorted(set(watched["search_id"].dropna()))),
    )
