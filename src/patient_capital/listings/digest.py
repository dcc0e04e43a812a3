"""The table of the audit of the digest."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis import digest
from patient_capital.analysis.digest import VERDICTS, evidence_rows
from patient_capital.formatting import counted, digits
from patient_capital.listings.record import Cell, Column, Listing, fixed, wide
from patient_capital.listings.session import OF_POWER
from patient_capital.listings.table import Cells, table
from patient_capital.provenance.records import row_in_words
from patient_capital.tables import Data


def _rests_on(data: Data, row: pd.Series) -> str:
    """Say on how many publishers and on which rows of the tables a verdict rests, by their names."""
    if not row["evidence"]:
        return ""
    named: dict[str, list[str]] = {}
    try:
        for table_name, key in evidence_rows(row["evidence"]):
            named.setdefault(data.table(table_name).schema.title, []).append(row_in_words(data, table_name, key))
        told = "; ".join(f"{title} ({'; '.join(dict.fromkeys(rows))})" for title, rows in named.items())
    except (KeyError, ValueError):
        told = row["evidence"]  # a reader may write there what he likes
    return f"{counted(row['independent_publishers'], 'independent publisher')}: {told}"


@table(audit=digest.audit)
def claims(cells: Cells, audit: pd.DataFrame) -> Listing:
    """Every claim with its verdict."""
    rows = tuple(
        (
            Cell(digits(row["paragraph"]), sort=float(row["paragraph"]), anchor=f"claim-{key}"),
            Cell(row["claim"], under=", ".join(p for p in (row["speaker"], row["topic"]) if p)),
            Cell(VERDICTS.get(row["verdict"], row["verdict"])),
            Cell(" ".join(p for p in (row["note"], row["what_came"]) if p), under=_rests_on(cells.data, row)),
        )
        for key, row in audit.astype(object).fillna("").iterrows()
    )
    columns = (
        fixed("Par."),
        wide("Claim, in our words"),
        Column("Verdict"),
        wide("Why, what came, and on what it rests"),
    )
    return Listing(
        "The digest, claim by claim",
        columns,
        rows,
        OF_POWER,
        search=True,
        download="claims.csv",
        searches=("beijing_fund", "loan_survey", "local_phases"),
    )
