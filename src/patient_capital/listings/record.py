"""A listing: a table on a page, as data. Which numbers it prints is known before any page is built."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from patient_capital import jupyter
from patient_capital.formatting import spelled
from patient_capital.naming import slug_of
from patient_capital.passed import Builder, OfData
from patient_capital.provenance.register import Register, name_of
from patient_capital.provenance.searches import search_of, with_day
from patient_capital.tables import Data


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        What is printed; empty for a number given by `ref`.
    ref : str or None
        Fact or result printed with its popover.
    form : str
        Form of the formatter.
    href : str or None
        Address that the text links to.
    sort : float or None
        Key to sort by where the text would sort wrongly.
    anchor : str or None
        HTML id of the row, on its first cell.
    under : str
        Second line, smaller.
    """

    text: str = ""
    ref: str | None = None
    form: str = "full"
    href: str | None = None
    sort: float | None = None
    anchor: str | None = None
    under: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"a cell holds text, not {self.text!r}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `align` is ``end`` for numbers, ``fixed`` for text that must not break, as dates."""

    title: str
    align: Literal["start", "end", "fixed"] = "start"
    wide: bool = False


def wide(title: str) -> Column:
    """Return a column of prose."""
    return Column(title, wide=True)


def fixed(title: str) -> Column:
    """Return a column of text that must not break, as dates."""
    return Column(title, "fixed")


def numeric(*titles: str) -> tuple[Column, ...]:
    """Return columns of numbers."""
    return tuple(Column(title, "end") for title in titles)


NUMBERS = "numbers"
"""Fold of a table that repeats the numbers of a chart."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with a title that states what it shows.

    Attributes
    ----------
    search : bool
        Sortable and searchable; for long tables.
    download : str or None
        Name of the CSV of `data/` that holds the rows.
    name : str
        Id under which it is registered; empty until then.
    changed : bool
        Whether it shows other data than the book's.
    searches : tuple of str
        Rows of searches behind what the table says was not found.
    fold : str
        What its rows are, in the plural, where the site shows the table folded: `funds` stands behind "See the 76
        funds". :data:`NUMBERS` is for a table that repeats a chart. Empty: the table stands open.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    search: bool = False
    download: str | None = None
    empty: str = "–"
    name: str = ""
    changed: bool = False
    searches: tuple[str, ...] = ()
    fold: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"listing {self.title!r}: a row has {len(row)} cells, not {len(self.columns)}")

    @property
    def summary(self) -> str:
        """What a reader presses to unfold the table; empty where it stands open."""
        count = "" if self.fold == NUMBERS else f"{spelled(len(self.rows))} "
        return f"See the {count}{self.fold}" if self.fold else ""

    @property
    def refs(self) -> tuple[str, ...]:
        """Every fact and result that the listing prints."""
        return (*(cell.ref for row in self.rows for cell in row if cell.ref), *map(search_of, self.searches))

    @property
    def texts(self) -> tuple[str, ...]:
        """What is printed besides numbers."""
        cells = [cell for row in self.rows for cell in row]
        blank = any(not (cell.text or cell.ref) for cell in cells)
        told = (self.title, self.note, self.empty if blank else "", *(column.title for column in self.columns))
        return (*told, *(text for cell in cells for text in (cell.text, cell.under)))

    @property
    def row_ids(self) -> tuple[str, ...]:
        """HTML id of each row, so that a link can lead to it: its own, or one from what the row is about."""
        taken: dict[str, int] = {}
        for row in self.rows:
            own = next((cell.anchor for cell in row if cell.anchor), f"row-{slug_of(self.name)}-{_key(row)}")
            found, count = own, 1
            while found in taken:
                count += 1
                found = f"{own}-{count}"
            taken[found] = count
        return tuple(taken)

    def of(self, data: Data) -> Listing:
        """Return the listing with the day until which was looked for what it says was not found."""
        return replace(self, note=with_day(data, self.note, self.searches))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return jupyter.table_bundle(self)


LONGEST_KEY = 32


def _key(row: tuple[Cell, ...]) -> str:
    """Return what a row is about: the row of the data that its first number is of, or its first words."""
    of_data = (re.search(r"\[(.+?)\]", cell.ref) for cell in row if cell.ref)
    words = next((one[1] for one in of_data if one), "") or next((cell.text for cell in row if cell.text), "")
    return re.sub(r"[^\w]+", "-", words.lower())[:LONGEST_KEY].strip("-") or "row"


LISTINGS: Register[Builder[Listing] | OfData[Listing]] = Register("listing")


def listing(make: Callable[[Data], Listing]) -> OfData[Listing]:
    """Register a function of the data as a listing of its chapter; ``ValueError`` if the name is taken."""
    name = name_of(make)
    one = OfData(name, lambda data: replace(make(data).of(data), name=name))
    LISTINGS.add(one.name, one)
    return one


def plain(value: object) -> str:
    """Return a text of the data as it stands; empty where it is missing."""
    return value if isinstance(value, str) else ""


def count_cell(count: int) -> Cell:
    """Return a cell with a count that sorts."""
    return Cell(str(count), sort=float(count))


def date_cell(value: object) -> Cell:
    """Return a cell with an ISO date of any precision: short, and it sorts; empty where there is none."""
    text = plain(value)
    return Cell(text, sort=float((text.replace("-", "") + "0000")[:8]) if text else None)


def fact_cell(data: Data, table: str, row: str, column: str, form: str = "full") -> Cell:
    """Return a cell with a fact, or an empty one where the table holds no value."""
    cells = data.table(table).text[row]
    if not cells[column]:
        return Cell()
    value = data.table(table).frame.loc[row, column]
    sort = float(value) if data.table(table).schema.field(column).type in {"number", "integer"} else None
    return Cell(ref=f"{table}[{row}].{column}", form=form, sort=sort)
