"""Tables of the chapter on the rivalry of regions."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis import regions
from patient_capital.analysis.regions import METHODS
from patient_capital.formatting import Range, format_value, spelled
from patient_capital.listings.record import NUMBERS, Cell, Column, Listing, date_cell, fixed, numeric, wide
from patient_capital.listings.table import Cells, table
from patient_capital.provenance.registry import load_results


def _fitted(cells: Cells, value: float | Range, ref: str) -> Cell:
    """Return a cell with an elasticity; a fit that the book does not make, as of an added sample, has no reference."""
    if ref in load_results():
        return cells.number(value, ref)
    return Cell(format_value(value, "elasticity", 2), sort=None if isinstance(value, Range) else float(value))


@table(fits=regions.elasticities)
def fits(cells: Cells, fits: pd.DataFrame) -> Listing:
    """Every fit with its interval."""
    methods = [METHODS.get(str(method), str(method)) for method in fits["method"]]
    rows = tuple(
        (
            Cell(how[:1].upper() + how[1:], under=str(row.sample)),
            _fitted(cells, row.elasticity, f"regions.{row.Index}"),
            _fitted(cells, Range(row.low_95, row.high_95), f"regions.{row.Index}_interval"),
        )
        for row, how in zip(fits.itertuples(), methods, strict=True)
    )
    columns = (wide("Fit"), *numeric("Elasticity", "95 percent interval"))
    return Listing("Elasticity of filings to R&D, by method and sample", columns, rows, fold=NUMBERS)


@table(measure="Firms of Hangzhou, and what came after", firms=regions.dragons)
def dragons(cells: Cells, firms: pd.DataFrame) -> Listing:
    """The six firms and what came after."""
    rows = tuple(
        (
            Cell(
                f"{row.name_en} {row.name_zh}", under=", ".join(part for part in (row.sector, row.hq) if pd.notna(part))
            ),
            cells.text(row.founded_year),
            cells.text(row.state_investors),
            cells.text(row.private_investors),
            cells.text(row.later_events),
        )
        for row in firms.itertuples()
    )
    columns = (
        wide("Firm"),
        fixed("Founded"),
        wide("State investors"),
        wide("Private investors"),
        wide("What came after"),
    )
    return Listing(
        f"The {spelled(len(firms))} firms of Hangzhou, and what came after",
        columns,
        rows,
        download="dragons.csv",
        fold="firms and their investors",
    )


@table(measure="Why Hangzhou? The debate", debate=regions.debate)
def debate(cells: Cells, debate: pd.DataFrame) -> Listing:
    """The debate in order of date."""
    columns = (fixed("Date"), Column("Who"), wide("Argument, in our words"))
    rows = tuple((date_cell(row.date), cells.text(row.outlet), cells.text(row.argument)) for row in debate.itertuples())
    return Listing(
        "Why Hangzhou? The debate in order of date", columns, rows, search=True, download="debate.csv", fold="arguments"
    )


@table(measure="Instruments by place, date and kind", found=regions.instruments_found)
def instruments(cells: Cells, found: pd.DataFrame) -> Listing:
    """Every instrument."""
    rows = tuple(
        (
            cells.text(row["place"], under="" if pd.isna(row["city"]) or row["city"] == row["place"] else row["city"]),
            date_cell(row["date"]),
            cells.text(row["instrument"]),
            cells.fact("instruments", key, row, "amount_cny_bn", "full"),
            cells.text(row["summary"], under="" if pd.isna(kind := row["amount_kind"]) else kind.replace("_", " ")),
        )
        for key, row in found.iterrows()
    )
    columns = (
        Column("Place"),
        fixed("Date"),
        Column("Kind"),
        *numeric("Amount"),
        wide("What it says, and what the amount is"),
    )
    note = "Amounts are of different kinds, named below each text, and must not be added."
    national = int(found["region"].eq("CN").sum())
    kinds = f"{len(found) - national} of places" + (f", {spelled(national)} of the centre" if national else "")
    return Listing(
        f"Every instrument found: {kinds}",
        columns,
        rows,
        note,
        search=True,
        download="instruments.csv",
        fold="instruments",
    )
