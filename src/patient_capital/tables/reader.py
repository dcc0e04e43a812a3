"""Reading with a memory: a result sees the tables only through a reader, which records what it used."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import pandas as pd

from patient_capital.naming import unknown
from patient_capital.tables.data import Data


class Reader:
    """Gives cells and columns of the data and records each of them.

    The record is written as an analyst would point at it: ``funds[cn_nvcgf].announced_cny_bn`` for one cell,
    ``funds.announced_cny_bn`` for a column.

    Attributes
    ----------
    inputs : set of str
        Everything read so far.
    rows : dict
        ``rows[input]`` is the set of (table, row id) behind it: what the sources are taken from.
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        self.inputs: set[str] = set()
        self.rows: dict[str, set[tuple[str, str]]] = {}

    def beside(self) -> Self:
        """Return a reader of the same tables that has read nothing."""
        return type(self)(self.data)

    def take(self, other: Self) -> None:
        """Record what another reader of the same tables has read."""
        for label, rows in other.rows.items():
            self._record(label, rows)

    def _record(self, label: str, rows: set[tuple[str, str]]) -> None:
        self.inputs.add(label)
        self.rows.setdefault(label, set()).update(rows)

    def cell(self, table: str, row: str, column: str) -> Any:
        """Return one cell; ``KeyError`` if row or column is unknown, ``ValueError`` if it is empty."""
        loaded = self.data.table(table)
        if not isinstance(row, str) or row not in loaded.text:
            loaded.schema.field(column)
            raise unknown(f"row of {table}", row, loaded.text, f"patient_capital.load({table!r}).index")
        value = self.data.cells(table, column)[row]
        self._record(f"{table}[{row}].{column}", {(table, row)})
        if pd.isna(value):
            raise ValueError(f"{loaded.schema.path}, row {row}, column {column} is empty: nothing to compute with")
        return value

    def number(self, table: str, row: str, column: str) -> float:
        """Return one numeric cell as a float."""
        return float(self.cell(table, row, column))

    def frame(self, table: str, *columns: str, keep: Callable[[pd.DataFrame], pd.Series] | None = None) -> pd.DataFrame:
        """Return the named columns, indexed by primary key.

        Parameters
        ----------
        keep : callable, optional
            Takes the frame and returns a boolean series; other rows are left out, and only the kept rows
            count as sources.
        """
        loaded = self.data.table(table)
        for column in columns:
            loaded.schema.field(column)
        frame = loaded.frame.loc[:, list(columns)]
        if keep is not None:
            chosen = pd.Series(keep(frame), index=frame.index)
            frame = frame.loc[chosen.fillna(False).astype(bool)].copy()
        rows = {(table, str(row)) for row in frame.index}
        for column in columns:
            self._record(f"{table}.{column}", rows)
        return frame


AnyReader = TypeVar("AnyReader", bound=Reader)
More = ParamSpec("More")
Given = TypeVar("Given")


def shared(give: Callable[Concatenate[AnyReader, More], Given]) -> Callable[Concatenate[AnyReader, More], Given]:
    """Let many results ask for what an analysis function gives: it is computed once for one state of the tables.

    Each reader records what was read for it. Further arguments must be hashable; of a frame or series each caller gets
    a copy of its own.
    """

    @wraps(give)
    def once(reader: AnyReader, /, *args: More.args, **kwargs: More.kwargs) -> Given:
        def compute() -> tuple[Given, AnyReader]:
            own = reader.beside()
            return give(own, *args, **kwargs), own

        key = ("shared", give, type(reader), args, tuple(sorted(kwargs.items())))
        given, read = reader.data.once(key, compute)
        reader.take(read)
        return given.copy() if isinstance(given, pd.DataFrame | pd.Series) else given

    return once
