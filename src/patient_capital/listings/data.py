"""Tables about the data: sources, dictionary, corrections, disagreements, ledger."""

from __future__ import annotations

from collections import Counter
from typing import Final

from patient_capital.listings.record import Cell, Column, Listing, date_cell, fact_cell, listing
from patient_capital.provenance.records import THIS_BOOK
from patient_capital.tables import Data

END: Final = "end"
FIXED: Final = "fixed"


def _citations(data: Data) -> Counter[str]:
    """Count the rows of all tables that cite each source."""
    counted: Counter[str] = Counter()
    for table in data.tables.values():
        if table.schema.name in {"sources", "corrections"}:
            continue
        for text in table.text.values():
            keys = {key for column in table.schema.source_fields for key in text[column].split(";") if key}
            counted.update(keys)
    return counted


@listing
def tables(data: Data) -> Listing:
    """Every table with size and download."""
    rows = tuple(
        (
            Cell(schema.title, href=f"../data/{schema.path}"), Cell(schema.description),
            Cell(str(len(data.table(name).text)), sort=float(len(data.table(name).text))), date_cell(schema.as_of or ""),
        )
        for name, schema in sorted(data.package.tables.items(), key=lambda item: (item[1].group, item[0]))
    )  # fmt: skip
    return Listing(
        "Every table of the book, to download", (Column("Table"), Column("What a row is", wide=True), Column("Rows", END), Column("As of", FIXED)),
        rows, search=True, empty="–",
    )  # fmt: skip


@listing
def dictionary(data: Data) -> Listing:
    """Every column of every table."""
    rows = []
    for name, schema in sorted(data.package.tables.items()):
        for field in schema.fields:
            unit = field.unit or (f"see {field.unit_column}" if field.unit_column else "")
            allowed = ", ".join(field.enum)
            rows.append(
                (
                    Cell(field.name, under=name),
                    Cell(field.type, under=unit),
                    Cell(field.description + (f" One of: {allowed}." if allowed else "")),
                )
            )
    return Listing(
        "Every column of every table", (Column("Column, table"), Column("Type, unit"), Column("Meaning", wide=True)),
        tuple(rows), search=True, download="datapackage.json", empty="–",
    )  # fmt: skip


@listing
def sources(data: Data) -> Listing:
    """Every cited page."""
    counted = _citations(data)
    rows = tuple(
        (
            Cell(text["title"], href=text["url"] or None, anchor=f"source-{key}", under=key), Cell(text["publisher"]),
            date_cell(text["published"]), Cell("reprint" if text["reprint"] == "true" else ""),
            Cell(str(counted[key]), sort=float(counted[key])),
        )
        for key, text in sorted(data.table("sources").text.items())
        if text["publisher_id"] != THIS_BOOK
    )  # fmt: skip
    return Listing(
        "Every cited page", (Column("Title, key", wide=True), Column("Publisher"), Column("Date", FIXED), Column("Kind"), Column("Rows", END)),
        rows, search=True, download="sources.csv", empty="–",
        note="No link where only a copy or no stable address was found. Rows: the rows of all tables that cite the page.",
    )  # fmt: skip


@listing
def publishers(data: Data) -> Listing:
    """Publishers by the number of rows that rest on them."""
    counted = _citations(data)
    listed = data.table("sources").text
    pages: Counter[str] = Counter(text["publisher_id"] for text in listed.values())
    rows_on: Counter[str] = Counter()
    for key, count in counted.items():
        rows_on[listed[key]["publisher_id"]] += count
    table = data.table("publishers").text
    order = sorted((p for p in pages if p != THIS_BOOK), key=lambda p: (-rows_on[p], p))
    rows = tuple(
        (
            Cell(table[p]["name"]), Cell(table[p]["kind"].replace("_", " ")),
            Cell(str(pages[p]), sort=float(pages[p])), Cell(str(rows_on[p]), sort=float(rows_on[p])),
        )
        for p in order
    )  # fmt: skip
    return Listing(
        "Independent publishers, by the rows that rest on them",
        (Column("Publisher", wide=True), Column("Kind"), Column("Pages", END), Column("Rows", END)), rows, search=True,
        download="publishers.csv",
    )  # fmt: skip


@listing
def corrections(data: Data) -> Listing:
    """Every corrected cell with old value, new value and reason."""
    rows = tuple(
        (
            Cell(text["column"], under=f"{text['table']}, {text['row_id']}"), Cell(text["old_value"]), Cell(text["new_value"]),
            Cell(text["reason"]),
        )
        for text in data.table("corrections").text.values()
    )  # fmt: skip
    return Listing(
        "Corrections to the first tables, cell by cell",
        (Column("Cell"), Column("Was"), Column("Is"), Column("Reason", wide=True)),
        rows, search=True, download="corrections.csv", empty="–",
    )  # fmt: skip


@listing
def disagreements(data: Data) -> Listing:
    """Amounts of funds that disagree with, precede or follow the preferred one."""
    funds = data.table("funds")
    rows = []
    for key, text in data.table("fund_amounts_alt").text.items():
        column = f"{text['stage']}_cny_bn"
        preferred = fact_cell(data, "funds", text["fund_id"], column) if column in funds.frame.columns else Cell()
        rows.append(
            (
                Cell(funds.text[text["fund_id"]]["name_short"], under=text["stage"].replace("_", " ")),
                preferred,
                fact_cell(data, "fund_amounts_alt", key, "amount_cny_bn"),
                Cell(text["role"].replace("_", " ")),
                Cell(". ".join(p.rstrip(".") for p in (text["what"], text["note"]) if p) + "."),
            )
        )
    return Listing(
        "Amounts that sources give otherwise",
        (Column("Fund, stage"), Column("Preferred", END), Column("Also reported", END), Column("Relation"), Column("What", wide=True)),
        tuple(rows), search=True, download="fund_amounts_alt.csv", empty="–",
    )  # fmt: skip
