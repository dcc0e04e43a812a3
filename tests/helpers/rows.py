"""Tables of a copy of the book as rows of text, read and written with the csv module alone."""

from __future__ import annotations

import csv
from pathlib import Path

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def change_cells(path: Path, key: str, **cells: str) -> Row:
    """Change cells of the row with a key, each to another text, and return the row as it was."""
    rows = rows_of(path)
    [row] = [row for row in rows if next(iter(row.values())) == key]
    old = dict(row)
    assert all(row[column] != text for column, text in cells.items())
    row |= cells
    write_rows(path, rows)
    return old
