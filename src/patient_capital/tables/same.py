"""Cells that hold one quantity: equal, or with the reason why not. And cells that look as if they held one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from patient_capital.tables.cells import last_digit
from patient_capital.tables.data import Data, Problem

SCALE = {"pct": 0.01, "pct_of_deals": 0.01}
"""What a unit is of the unit that it is compared in: 26 percent is a share of 0.26."""

LIKE_DIGITS = 3
"""Digits of a number from which two cells with one source hardly agree by chance; 15 years and 15bn yuan do."""

LIKE_SHARE = 0.005
"""Relative distance up to which two such numbers may be one, written otherwise or corrected in one place."""

SPAN = frozenset({"low", "high"})
"""Columns with the ends of a span around a value, which often are values of other rows."""

NO_FACTS = frozenset({"aliases", "corrections", "editions", "evidence", "same_values", "searches", "sources"})
"""Tables about other tables."""


class _Amount(NamedTuple):
    """A value in the unit of comparison, and half of what its last printed digit stands for."""

    value: float
    within: float


def absent(data: Data, text: Mapping[str, str]) -> str:
    """Return why a row that names a cell in `table`, `row_id` and `column` names none with a value, or nothing."""
    table = data.tables.get(text["table"])
    if table is None or text["row_id"] not in table.text or text["column"] not in table.text[text["row_id"]]:
        return "does not exist"
    return "" if table.text[text["row_id"]][text["column"]] else "is empty"


def name_of(text: Mapping[str, str]) -> str:
    """Return the reference of the cell that a row names."""
    return f"{text['table']}[{text['row_id']}].{text['column']}"


def _amount(data: Data, table: str, row: str, column: str) -> _Amount:
    written = data.table(table).text[row][column]
    scale = SCALE.get(data.unit(table, row, column) or "", 1.0)
    return _Amount(scale * float(written), scale * 0.5 * last_digit(written))


def _agree(one: _Amount, other: _Amount) -> bool:
    """Return whether two values are one, at the precision of the coarser."""
    return abs(one.value - other.value) <= max(one.within, other.within) * (1 + 1e-9)


def same_values_agree(data: Data) -> Iterator[Problem]:
    """Cells of one quantity agree with the first that gives no reason, at the coarser precision, or say why they do not."""
    table = data.table("same_values")
    holding: defaultdict[str, list[str]] = defaultdict(list)
    # Rows have no order: what a cell is compared with is told by the cells, and not by where they stand.
    for row, text in sorted(table.text.items(), key=lambda item: bool(item[1]["differs_because"])):
        if why := absent(data, text):
            advice = "Name the table, row and column of a cell that holds a value, or remove the row."
            yield table.problem(row, "row_id", f"{name_of(text)} {why}", advice)
            continue
        rows = holding[text["quantity"]]
        rows.append(row)
        known = table.text[rows[0]]
        try:
            one, other = (_amount(data, t["table"], t["row_id"], t["column"]) for t in (known, text))
        except ValueError:
            yield table.problem(row, "column", f"{name_of(text)} is no number", "Name a column of numbers.")
            continue
        written = data.table(text["table"]).text[text["row_id"]][text["column"]]
        rule = f"{written} in {name_of(text)}, and {name_of(known)} holds {text['quantity']} too"
        if not _agree(one, other) and not text["differs_because"]:
            advice = "Correct one of the cells, or say in differs_because why the sources disagree."
            yield table.problem(row, "differs_because", rule, advice)
        if _agree(one, other) and text["differs_because"]:
            advice = "They agree now: empty differs_because."
            yield table.problem(row, "differs_because", rule, advice)
    for quantity, rows in holding.items():
        if len(rows) == 1:
            rule = f"only one cell is said to hold {quantity}"
            advice = "Name the other cell, in the same words for the quantity, or remove the row."
            yield table.problem(rows[0], "quantity", rule, advice)


class _Cell(NamedTuple):
    table: str
    row: str
    column: str
    amount: _Amount
    unit: str

    @property
    def ref(self) -> str:
        return f"{self.table}[{self.row}].{self.column}"


def _long(written: str) -> bool:
    return len(written.lstrip("-").replace(".", "").strip("0")) >= LIKE_DIGITS


def _cells_by_source(data: Data) -> Mapping[str, list[_Cell]]:
    """Return the cells with a number of `LIKE_DIGITS` digits or more and a unit, by each page that their row cites."""
    by_source: defaultdict[str, list[_Cell]] = defaultdict(list)
    for name, table in data.tables.items():
        schema = table.schema
        cites = [field.name for field in schema.fields if field.list_of == "sources.source_key"]
        if name in NO_FACTS or not cites:
            continue
        columns = [f.name for f in schema.fields if f.type in {"number", "integer"} and f.name not in SPAN]
        for row, text in table.text.items():
            sources = {key for column in cites for key in text[column].split(";") if key}
            for column in columns:
                unit = data.unit(name, row, column)
                if unit and _long(text[column]):
                    cell = _Cell(name, row, column, _amount(data, name, row, column), unit)
                    for source in sources:
                        by_source[source].append(cell)
    return by_source


def look_alike(data: Data) -> list[tuple[str, str]]:
    """Return pairs of cells that may hold one quantity and are not listed: other tables, one source, unit and number.

    Returns
    -------
    list of tuple of str
        References, sorted. Numbers of less than three digits are left out, since they agree by chance.
    """
    quantities: defaultdict[str, set[str]] = defaultdict(set)
    for text in data.table("same_values").text.values():
        quantities[name_of(text)].add(text["quantity"])
    found = set()
    for cells in _cells_by_source(data).values():
        ranked = sorted(cells, key=lambda cell: (cell.unit, cell.amount.value, cell.ref))
        for place, one in enumerate(ranked):
            for other in ranked[place + 1 :]:
                if other.unit != one.unit or other.amount.value - one.amount.value > LIKE_SHARE * abs(one.amount.value):
                    break
                # Of counts, such as votes for and deputies present, many lie side by side.
                like = one.unit != "count" or one.amount == other.amount
                if like and one.table != other.table and not quantities[one.ref] & quantities[other.ref]:
                    found.add((min(one.ref, other.ref), max(one.ref, other.ref)))
    return sorted(found)
