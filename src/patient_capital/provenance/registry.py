"""The register of results: one id, one function, one value on every page."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import pandas as pd

from patient_capital.formatting import Value
from patient_capital.provenance.records import Number, Result, fact, resolve, split_cell
from patient_capital.provenance.register import Register, chapter_of
from patient_capital.tables import Data, book_data

RESULTS: Register[Result] = Register("result")

Compute = Callable[..., Value]
F = TypeVar("F", bound=Compute)


def _words_of(function: Compute) -> tuple[str, str]:
    """Return title and formula: the first two paragraphs of a docstring; what follows is for readers of the code."""
    paragraphs = [" ".join(part.split()) for part in inspect.cleandoc(function.__doc__ or "").split("\n\n")]
    if sys.flags.optimize > 1:
        raise ValueError(
            "Python runs with -OO, which drops the docstrings that results take their words from: leave it out"
        )
    if len(paragraphs) < 2:
        raise ValueError(
            f"result {function.__qualname__}: the docstring needs a title and, after a blank line, a formula"
        )
    return paragraphs[0].removesuffix("."), paragraphs[1].removesuffix(".")


def result(
    *,
    unit: str | None,
    decimals: int | None = None,
    fields: Mapping[str, Any] | None = None,
    cases: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    kind: str = "result",
    members: Mapping[str, str] | None = None,
) -> Callable[[F], F]:
    """Register a function as a result: its name is the id, its docstring title and, after a blank line, formula.

    What a result reads is recorded when it is computed. A function that takes a row too is a family of results.

    Parameters
    ----------
    unit : str or None
        Unit code of the formatter.
    decimals : int or None
        Declared precision.
    fields : mapping, optional
        Values for what the docstring names in braces.
    cases : mapping, optional
        Several results of one function: for each case its own fields. The function gets those that it has parameters
        for; a field `decimals` is the precision of its case.
    name : str, optional
        Name of each case, by default that of the function with ``_{case}``; it may name fields too.
    members : mapping, optional
        What readers call the members of a family, where they are no rows of a table that it reads.

    Raises
    ------
    ValueError
        If the id is taken, or the docstring holds no formula.
    """

    def register(function: F) -> F:
        chapter, texts = chapter_of(function), _words_of(function)
        wanted = inspect.signature(function).parameters
        for case, own in ({"": {}} if cases is None else cases).items():
            given = {"case": case, **(fields or {}), **own}
            stem = function.__name__ if cases is None else (name or f"{function.__name__}_{{case}}").format(**given)
            passed = {key: value for key, value in given.items() if key in wanted}
            title, formula = (text.format(**given) if fields or cases else text for text in texts)
            compute = partial(function, **passed) if passed else function
            one = Result(
                f"{chapter}.{stem}", title, formula, compute, unit, given.get("decimals", decimals), kind, members or {}
            )
            RESULTS.add(one.id, one)
        return function

    return register


def claim(**fields: Any) -> Callable[[F], F]:
    """Register a predicate as a claim in words that must be true of the data, or the build fails.

    Parameters
    ----------
    fields
        Values for what the docstring names in braces, as its limits; the function gets those it has parameters for.
    """
    return result(unit=None, kind="claim", fields=fields)


def load_results() -> Register[Result]:
    """Import the analysis of every chapter, so that all results are registered, and return the register."""
    from patient_capital.book import load  # noqa: PLC0415  # the book's modules import this one

    load("analysis")
    return RESULTS


def number(ref: str, data: Data | None = None) -> Number:
    """Return a number of the book (or of `data`).

    Parameters
    ----------
    ref : str
        Fact ``table[row].column``, result ``chapter.name``, or member of a family ``chapter.name[row]``.
    """
    data = data or book_data()
    if isinstance(ref, str) and "]." in ref:
        return fact(data, *split_cell(ref))
    return resolve(data, load_results(), ref)


def contents() -> pd.DataFrame:
    """See :func:`patient_capital.numbers`."""
    rows = [
        (f"{one.id}[row]" if one.family else one.id, one.kind, one.title, one.unit, one.formula)
        for one in load_results().values()
    ]
    return pd.DataFrame(rows, columns=["ref", "kind", "title", "unit", "formula"]).set_index("ref")
