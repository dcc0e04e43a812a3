"""Tables of the chapter on patience."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis import patience
from patient_capital.listings.record import Cell, Column, Listing, date_cell, fixed, numeric, plain, wide
from patient_capital.listings.table import Cells, table


@table(clauses=patience.clauses)
def clauses(cells: Cells, clauses: pd.DataFrame) -> Listing:
    """Every clause on patience, in Chinese and in our words."""
    rows = tuple(
        (
            Cell(row["clause"]),
            Cell(row["text_en"], under=plain(row["text_zh"]), anchor=f"clause-{key}"),
            cells.fact("patience_clauses", key, row, "value", "full"),
            Cell(row["subject"]),
            Cell(row["document"], under=f"{row['issuer']}{', draft' if row['draft'] else ''}"),
            date_cell(row["issued_on"]),
        )
        for key, row in clauses.iterrows()
    )
    columns = (
        Column("On"),
        wide("Clause, in our words and in Chinese"),
        *numeric("Number"),
        Column("Binds"),
        wide("Document, issuer"),
        fixed("Issued"),
    )
    return Listing(
        "What rules and contracts say of patience",
        columns,
        rows,
        search=True,
        download="patience_clauses.csv",
        empty="",
    )
