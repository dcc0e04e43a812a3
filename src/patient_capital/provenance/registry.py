"""The register of results: one id, one function, one value on every page."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache

from patient_capital.formatting import Value
from patient_capital.provenance.records import Number, Result, fact, resolve
from patient_capital.tables import Data, book_data

RESULTS: dict[str, Result] = {}
CHAPTER_MODULES = (
    "overview", "session", "funds", "regions", "precedent", "model_returns", "model_fund", "model_selection", "model_regimes",
    "model_capacity", "model_credit", "model_checks", "digest", "patience", "data",
)  # fmt: skip

Compute = Callable[..., Value]


def result(
    ref: str,
    title: str,
    *,
    unit: str | None,
    formula: str,
    inputs: tuple[str, ...],
    decimals: int | None = None,
    when: str = "",
    kind: str = "result",
) -> Callable[[Compute], Compute]:
    """Register a function as result `ref`.

    Parameters
    ----------
    ref : str
        ``chapter.name``.
    title : str
        What it is, for a reader.
    unit : str or None
        Unit code of the formatter.
    formula : str
        The computation in words.
    inputs : tuple of str
        ``table[row].column``, ``table.column`` or ``result other.id``: all that is read, no more.
    decimals : int or None
        Declared precision.

    Raises
    ------
    ValueError
        If the id is taken.
    """

    def register(function: Compute) -> Compute:
        if ref in RESULTS:
            raise ValueError(f"result {ref!r} is registered twice")
        RESULTS[ref] = Result(
            id=ref, title=title, unit=unit, formula=formula, inputs=tuple(inputs), compute=function,
            decimals=decimals, when=when, kind=kind, chapter=ref.split(".", maxsplit=1)[0],
        )  # fmt: skip
        return function

    return register


def claim(ref: str, title: str, *, inputs: tuple[str, ...], formula: str) -> Callable[[Compute], Compute]:
    """Register a predicate: a claim in words that must be true of the data, or the build fails."""
    return result(ref, title, unit=None, formula=formula, inputs=inputs, kind="claim")


def load_results() -> dict[str, Result]:
    """Import every chapter's module, so that all results are registered, and return the register."""
    for name in CHAPTER_MODULES:
        importlib.import_module(f"patient_capital.analysis.{name}")
    return RESULTS


def _compute(ref: str, data: Data) -> Number:
    if ref.endswith("]") or "[" not in ref:
        return resolve(data, load_results(), ref)
    table, rest = ref.split("[", 1)
    row, column = rest.split("].", 1)
    return fact(data, table, row, column)


@cache
def _book_number(ref: str) -> Number:
    return _compute(ref, book_data())


def number(ref: str, data: Data | None = None) -> Number:
    """Return a number of the book (or of `data`).

    Parameters
    ----------
    ref : str
        Fact ``table[row].column``, result ``chapter.name``, or member of a family ``chapter.name[row]``.
    """
    return _book_number(ref) if data is None or data is book_data() else _compute(ref, data)
