"""What figures and tables are made from: frames that named analysis functions give, or those that a reader passes.

A figure is called with frames, as any function is. What it may say of the book holds only while these frames are the
ones of the book, by value: whoever edits a frame in a notebook gets a drawing of the edited frame, and none of the
book's findings and sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results
from patient_capital.tables import Data, Reader, book_data

Shown = TypeVar("Shown")
Give = Callable[[Context], Any]
"""An analysis function: it reads the book and gives a frame or a number."""

CHANGED = "Changed in this notebook: what is shown is not the data of the book."

TOLERANCE = 1e-9
"""Relative; the last bits of a computation differ between processors, and that is no change by a reader."""


def origin(function: Give) -> str:
    """Return the full name of an analysis function, without the package: ``analysis.funds.guidance.guidance_stock``."""
    return f"{function.__module__.removeprefix('patient_capital.')}.{function.__qualname__}"


def same(passed: object, expected: object) -> bool:
    """Say whether two frames, numbers or records are equal by value, whatever attributes and kinds of columns."""
    if isinstance(expected, pd.DataFrame | pd.Series):
        if type(passed) is not type(expected):
            return False
        compare = (
            pd.testing.assert_frame_equal if isinstance(expected, pd.DataFrame) else pd.testing.assert_series_equal
        )
        try:
            compare(passed, expected, check_dtype=False, check_index_type=False, rtol=TOLERANCE, atol=0.0)
        except AssertionError:
            return False
        return True
    if isinstance(expected, tuple | list):
        if not isinstance(passed, tuple | list) or len(passed) != len(expected):
            return False
        return all(same(one, other) for one, other in zip(passed, expected, strict=True))
    if isinstance(passed, bool) or isinstance(expected, bool):
        return passed is expected
    if isinstance(passed, Real) and isinstance(expected, Real):
        return bool(np.isclose(float(passed), float(expected), rtol=TOLERANCE, atol=0.0, equal_nan=True))
    return bool(passed == expected)


def _check_frame(name: str, parameter: str, passed: object, expected: object, give: Give) -> None:
    if not isinstance(expected, pd.DataFrame):
        return
    place = f"{name}, {parameter}"
    if not isinstance(passed, pd.DataFrame):
        raise TypeError(
            f"{place}: a pandas DataFrame is needed, as {origin(give)}(book) gives it, not {type(passed).__name__}"
        )
    lacking = [str(column) for column in expected.columns if column not in passed.columns]
    if lacking:
        raise ValueError(
            f"{place}: the frame lacks {', '.join(lacking)}; {origin(give)}(book) shows which columns are needed"
        )
    if passed.empty:
        raise ValueError(f"{place}: the frame has no rows, so there is nothing to show")


@dataclass(frozen=True, slots=True)
class Passed:
    """The arguments of one call, complete.

    Attributes
    ----------
    given : dict
        Every argument by name.
    changed : tuple of str
        Names of the arguments that are not what their analysis function gives.
    """

    given: dict[str, Any]
    changed: tuple[str, ...]


def bind(
    name: str, gives: Mapping[str, Give], expected: Mapping[str, Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Passed:
    """Match the arguments of a call with what the analysis functions give.

    Parameters
    ----------
    name : str
        Of the figure or table, for messages.
    gives, expected : mapping
        The analysis function of each parameter, in order, and what it gives for the book.
    args, kwargs
        As passed; what is not passed is taken from `expected`.

    Raises
    ------
    TypeError
        If there are too many arguments, an unknown one, one given twice, or none, or no frame where one is needed.
    ValueError
        If a frame lacks a column or has no rows.
    """
    known = ", ".join(gives)
    if not args and not kwargs:
        raise TypeError(f"{name} needs a frame: it is called as {name.rpartition('.')[2]}({known})")
    if len(args) > len(gives):
        raise TypeError(f"{name} takes {len(gives)} arguments ({known}), not {len(args)}")
    passed = dict(zip(gives, args, strict=False))
    for parameter, value in kwargs.items():
        if parameter not in gives:
            raise TypeError(f"{name} has no argument {parameter!r}; its arguments are: {known}")
        if parameter in passed:
            raise TypeError(f"{name} got {parameter!r} twice")
        passed[parameter] = value
    for parameter, value in passed.items():
        _check_frame(name, parameter, value, expected[parameter], gives[parameter])
    changed = tuple(p for p in gives if p in passed and not same(passed[p], expected[p]))
    # Copies: a frame that is edited after the call must not change what was drawn from it.
    values = {
        p: v.copy() if isinstance(v, pd.DataFrame | pd.Series) else v for p, v in (dict(expected) | passed).items()
    }
    return Passed(values, changed)


@dataclass(frozen=True, eq=False)
class Builder(Generic[Shown]):
    """What shows something of the book: a figure or a table as a function of frames.

    Attributes
    ----------
    name : str
        ``chapter.name``.
    gives : dict
        The analysis function of each frame, in order.
    measure : str
        What is shown, without a number: the title where the frames are not the book's.
    """

    name: str
    gives: dict[str, Give]
    measure: str

    def __call__(self, *args: Any, **kwargs: Any) -> Shown:
        """Show the frames that are passed; see :func:`patient_capital.passed.bind` for errors."""
        data = book_data()
        passed = bind(self.name, self.gives, self._read(data)[0], args, kwargs)
        return self._changed(passed) if passed.changed else self.of(data)

    def of(self, data: Data) -> Shown:
        """Return what is shown of `data`, made once."""
        return data.once(("shown", self), lambda: self._told(data, *self._read(data)))

    def inputs(self, context: Context) -> dict[str, Any]:
        """Return what the analysis functions give."""
        return {parameter: give(context) for parameter, give in self.gives.items()}

    def rows(self, data: Data) -> set[tuple[str, str]]:
        """Return the rows that the analysis functions have read, as pairs (table, row id)."""
        return self._read(data)[1]

    def _read(self, data: Data) -> tuple[dict[str, Any], set[tuple[str, str]]]:
        """Return what the analysis functions give, and the rows that they have read."""

        def read() -> tuple[dict[str, Any], set[tuple[str, str]]]:
            context = Context(data, load_results())
            return self.inputs(context), set().union(*context.rows.values())

        return data.once(("frames", self), read)

    def _told(self, data: Data, values: dict[str, Any], rows: set[tuple[str, str]]) -> Shown:
        raise NotImplementedError

    def _changed(self, passed: Passed) -> Shown:
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class OfData(Generic[Shown]):
    """What shows something of the book as a function of its tables: it is made once for each state of these."""

    name: str
    make: Callable[[Data], Shown]

    def __call__(self, book: Data | Reader) -> Shown:
        """Return what is shown of the book that is read."""
        return self.of(book.data if isinstance(book, Reader) else book)

    def of(self, data: Data) -> Shown:
        """Return what is shown of `data`, made once."""
        return data.once(("shown", self), lambda: self.make(data))
