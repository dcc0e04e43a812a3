"""A table of a page as a function of frames: ``vehicles(frame)`` shows the frame it is given.

A number of the frame that is the book's keeps its reference, and so its card; one that a reader has changed is printed
in the same form and without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from patient_capital.formatting import Range, Value, format_value
from patient_capital.listings.record import LISTINGS, Cell, Listing
from patient_capital.passed import CHANGED, Builder, Give, Passed, same
from patient_capital.provenance.records import split_ref
from patient_capital.provenance.register import name_of
from patient_capital.provenance.registry import load_results, number
from patient_capital.tables import Data, book_data


@dataclass(frozen=True, slots=True)
class Cells:
    """Writes cells with numbers of the data."""

    data: Data

    def text(self, value: Any, under: str = "") -> Cell:
        """Return a cell with a value as text, underscores as spaces; empty where it is missing."""
        return Cell("" if pd.isna(value) else str(value).replace("_", " "), under=under)

    def number(self, value: Any, ref: str, form: str = "full", under: str = "") -> Cell:
        """Return a cell with a value of a frame.

        Parameters
        ----------
        value : float, int, str, bool or Range
            Missing values give an empty cell.
        ref : str
            The fact or result that this is where nothing was changed.
        form : str
            Form of the formatter.
        """
        if value is None or (not isinstance(value, Range | str) and pd.isna(value)):
            return Cell(under=under)
        sort = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        try:
            known = number(ref, self.data)
        except (KeyError, ValueError):
            # A row that a reader has added, or a cell that is empty in the book.
            return Cell(format_value(_plain(value), self._unit(ref), None, form), sort=sort, under=under)
        if same(value, known.value):
            return Cell(ref=ref, form=form, sort=sort, under=under)
        return Cell(format_value(_plain(value), known.unit, known.decimals, form), sort=sort, under=under)

    def fact(self, table: str, row: str, values: pd.Series, column: str, form: str = "bare") -> Cell:
        """Return a cell with the value of one column of a row of a frame."""
        return self.number(values[column], f"{table}[{row}].{column}", form)

    def facts(self, table: str, row: str, values: pd.Series, *columns: str, form: str = "bare") -> tuple[Cell, ...]:
        """Return cells with the values of some columns of a row of a frame."""
        return tuple(self.fact(table, row, values, column, form) for column in columns)

    def _unit(self, ref: str) -> str | None:
        if "]." in ref:
            table, column = ref.partition("[")[0], ref.rpartition(".")[2]
            return self.data.table(table).schema.field(column).unit
        known = load_results().get(split_ref(ref)[0])
        return known.unit if known else None


def _plain(value: Any) -> Value:
    return value if isinstance(value, str | bool | Range) else float(value)


@dataclass(frozen=True, eq=False)
class Table(Builder[Listing]):
    """A registered table of a page.

    Attributes
    ----------
    write : callable
        Takes :class:`Cells` and the frames, and returns the :class:`Listing`.
    """

    write: Callable[..., Listing]

    def _told(self, data: Data, values: dict[str, Any], rows: set[tuple[str, str]]) -> Listing:
        return replace(self.write(Cells(data), *values.values()).of(data), name=self.name)

    def _changed(self, passed: Passed) -> Listing:
        listing = self.write(Cells(book_data()), *passed.given.values())
        return replace(listing, name=self.name, title=self.measure or listing.title, note=CHANGED, changed=True)


def table(*, measure: str = "", **gives: Give) -> Callable[[Callable[..., Listing]], Table]:
    """Register a function that writes a listing from frames as a table of its chapter, under its own name.

    Parameters
    ----------
    measure : str
        Title where the frames are not the book's, if the title states a finding.
    gives : callable
        For each frame, in order, the analysis function that gives it.

    Raises
    ------
    ValueError
        If the name is taken.
    """

    def register(write: Callable[..., Listing]) -> Table:
        name = name_of(write)
        one = Table(name, gives, measure, write)
        LISTINGS.add(name, one)
        return one

    return register
