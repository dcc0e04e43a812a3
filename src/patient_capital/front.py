"""What `patient_capital` itself offers: tables, numbers and figures of the book by name."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pandas as pd

from patient_capital.provenance.records import Context, Number, fact, resolve, split_cell, split_ref
from patient_capital.provenance.registry import load_results
from patient_capital.tables import book_data

if TYPE_CHECKING:
    from patient_capital.figures.record import Figure


def _known(kind: str, name: str, names: Collection[str], lists: str) -> str:
    """Return `name` if it is one of `names`; ``KeyError`` with those spelt alike, and what lists all, if it is not."""
    if name in names:
        return name
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    meant = f"; perhaps {' or '.join(map(repr, near))}" if near else ""
    raise KeyError(f"there is no {kind} {name!r}{meant}; {lists} lists all {len(names)}")


def load(table: str) -> pd.DataFrame:
    """See :func:`patient_capital.load`."""
    data = book_data()
    return data.frame(_known("table", table, data.tables, "patient_capital.tables()"))


def number(ref: str) -> Number:
    """See :func:`patient_capital.number`."""
    data, results = book_data(), load_results()
    if "]." not in ref:
        _known("result", split_ref(ref)[0], results, "patient_capital.numbers()")
        return resolve(data, results, ref)
    name, row, column = split_cell(ref)
    table = data.table(_known("table", name, data.tables, "patient_capital.tables()"))
    frame = f"patient_capital.load({name!r})"
    _known(f"row of {name}", row, table.text, f"{frame}.index")
    _known(f"column of {name}", column, [field.name for field in table.schema.fields], f"{frame}.columns")
    return fact(data, name, row, column)


def numbers() -> pd.DataFrame:
    """See :func:`patient_capital.numbers`."""
    rows = [
        (f"{one.id}[row]" if one.family else one.id, one.kind, one.title, one.unit, one.formula)
        for one in load_results().values()
    ]
    return pd.DataFrame(rows, columns=["ref", "kind", "title", "unit", "formula"]).set_index("ref")


def figure(name: str) -> Figure:
    """See :func:`patient_capital.figure`."""
    from patient_capital.figures import load_figures  # noqa: PLC0415  # loads matplotlib, which the others do not need

    charts = load_figures()
    return charts[_known("figure", name, charts, "patient_capital.figures()")].of(book_data())


def open_book() -> Context:
    """See :func:`patient_capital.open_book`."""
    return Context(book_data(), load_results())
