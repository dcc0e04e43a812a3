"""The tables of the book in one state, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_with
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import pandas as pd

from patient_capital.formatting import counted
from patient_capital.naming import unknown
from patient_capital.tables.schema import Package, TableSchema

T = TypeVar("T")

_PACKED, _BESIDE_SRC = (Path(__file__).resolve().parents[level] / "data" for level in (1, 3))
DATA_FOLDER = _PACKED if _PACKED.is_dir() else _BESIDE_SRC
"""The book's own data: inside an installed package, or beside ``src/`` in a checkout of the project."""


ROWS_TOLD = 5
"""Further places with the same fault that a message names."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place.

    Attributes
    ----------
    row : int or None
        Line of the file, the header being line 1 (as a spreadsheet shows it).
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    rule: str
    advice: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        shown = "" if self.value is None else f": {self.value!r}"
        return f"{place}{shown}: {self.rule}. {self.advice}"


class DataError(ValueError):
    """The data break their contract.

    Attributes
    ----------
    problems : tuple of Problem
        Every place.
    lines : tuple of str
        The same in words, a line for each cause.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        self.lines = tuple(_told(self.problems))
        head = f"{counted(len(self.problems), 'problem')} in the data:"
        super().__init__("\n".join([head, *(f"- {line}" for line in self.lines)]))


def _told(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield one line for each cause: what is wrong in the same way in many rows of a column is told once.

    So is one text that is wrong in the same way in several columns, as what a program writes for an empty cell.
    """
    columns: dict[tuple[str, ...], list[Problem]] = {}
    for one in problems:
        columns.setdefault((one.file, one.rule, one.advice, one.column or ""), []).append(one)
    causes: dict[tuple[str, ...], list[Problem]] = {}
    for (*rule, column), found in columns.items():
        alike = {one.value for one in found}
        causes.setdefault((*rule, f"={alike.pop()}" if len(alike) == 1 else column), []).extend(found)
    for first, *more in causes.values():
        elsewhere = any(one.column != first.column for one in more)
        places = [f"{one.row} ({one.column})" if elsewhere else str(one.row) for one in more[:ROWS_TOLD]]
        told = ", ".join(places) + (", ..." if len(more) > ROWS_TOLD else "")
        noun = "more cell" if elsewhere else "more row"
        yield f"{first} The same in {counted(len(more), noun)}: {told}." if more else str(first)


@dataclass(frozen=True, slots=True)
class Table:
    """A checked table.

    Attributes
    ----------
    frame : pandas.DataFrame
        Typed values, indexed by primary key; an empty cell is missing.
    text : dict
        The cells as written, ``text[row_id][column]``; the printed precision of a number comes from here.
    lines : dict
        Line of the file for each row id.
    """

    schema: TableSchema
    frame: pd.DataFrame
    text: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, int]

    def problem(self, row: str, column: str, rule: str, advice: str, value: str | None = None) -> Problem:
        """Return what is wrong with a cell; `value` is a part of it, where not all of it is wrong."""
        told = self.text[row][column] if value is None else value
        return Problem(self.schema.path, self.lines[row], column, told, rule, advice)


@dataclass(frozen=True, eq=False)
class Data:
    """All tables of the book in one state, and what was computed from it."""

    package: Package
    tables: Mapping[str, Table]
    folder: Path
    _kept: dict[Hashable, Any] = made_with(default_factory=dict, init=False, repr=False)
    # One computation asks for another, in the same thread; other threads wait, so that each is done once.
    _lock: RLock = made_with(default_factory=RLock, init=False, repr=False)

    def __reduce__(self) -> tuple[type[Data], tuple[Package, Mapping[str, Table], Path]]:
        # Another process computes for itself.
        return Data, (self.package, self.tables, self.folder)

    def table(self, name: str) -> Table:
        """Return table `name`; ``KeyError`` names those spelt alike if there is none."""
        if not isinstance(name, str) or name not in self.tables:
            raise unknown("table", name, self.tables, "patient_capital.tables()")
        return self.tables[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a copy of the typed frame of table `name`."""
        return self.table(name).frame.copy()

    def cells(self, table: str, column: str) -> Mapping[str, Any]:
        """Return the typed values of a column by row id; ``KeyError`` names those spelt alike if there is none."""

        def values() -> Mapping[str, Any]:
            loaded = self.table(table)
            return dict(loaded.frame[loaded.schema.field(column).name].items())

        return self.once(("cells", table, column), values)

    def unit(self, table: str, row: str, column: str) -> str | None:
        """Return the unit of a cell, ``"date"`` for a date; nothing where a cell has none."""
        field = self.table(table).schema.field(column)
        if field.unit_column:
            return self.table(table).text[row][field.unit_column] or None
        if field.dates_itself:
            return "date"
        return field.unit

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what `compute` gives, computed at the first call with this key: the tables never change.

        What is kept must not be changed by whoever gets it.
        """
        with self._lock:
            if key not in self._kept:
                self._kept[key] = compute()
            kept: T = self._kept[key]
            return kept
