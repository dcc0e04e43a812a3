"""Tables, numbers, figures and the model of *Patient Capital, Impatient Provinces*.

`load` gives a table of the book, `number` one of its numbers with its origin, `figure` one of its figures; `tables`,
`numbers` and `figures` list what there is. `open_book` is for the functions of `patient_capital.analysis`. The model is
in `patient_capital.model`. Importing the package imports nothing else, and all may be called from many threads.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from patient_capital.figures.record import Figure
    from patient_capital.provenance.records import Context, Number

__version__ = "0.3.0"

# Two threads that import a package and a module of it wait for each other: modules are imported by one at a time.
IMPORTING = RLock()


def load(table: str) -> pd.DataFrame:
    """Return a table of the book.

    Parameters
    ----------
    table : str
        Its name, as ``funds``; `tables` lists them.

    Returns
    -------
    pandas.DataFrame
        A copy, one row an id; units stand in the names of columns, an empty cell is missing.

    Raises
    ------
    KeyError
        If there is no such table; names those that are spelt alike.
    """
    with IMPORTING:
        from patient_capital.tables import book_data

    return book_data().frame(table)


def tables() -> pd.DataFrame:
    """Return the names of all tables of the book, with title, number of rows and description."""
    with IMPORTING:
        from patient_capital.tables.contents import contents

    return contents()


def number(ref: str) -> Number:
    """Return a number of the book with its origin: formula, inputs and sources.

    Parameters
    ----------
    ref : str
        A result, ``funds.registered_once``; `numbers` lists them. Or a cell of a table,
        ``funds[cn_nvcgf].announced_cny_bn``.

    Returns
    -------
    Number
        ``float(number)``, or ``value`` and ``unit``, to compute with, ``text()`` as the book prints it; shown or printed,
        it tells its origin.

    Raises
    ------
    KeyError
        If there is no such result, table, row or column; names those that are spelt alike.
    ValueError
        If the cell is empty.
    ModuleNotFoundError
        If a fit is asked for and the extra ``analysis`` is not installed.
    """
    with IMPORTING:
        from patient_capital.provenance import registry

    return registry.number(ref)


def numbers() -> pd.DataFrame:
    """Return the references of all results of the book, with kind, title, unit and formula.

    A reference that ends in ``[row]`` is a family: one result for each row of a table, ``funds.others_over_own[plan_2009]``.
    """
    with IMPORTING:
        from patient_capital.provenance.registry import contents

    return contents()


def figure(name: str) -> Figure:
    """Return a figure of the book.

    Parameters
    ----------
    name : str
        ``funds.guidance``; `figures` lists them.

    Returns
    -------
    Figure
        Shows itself in Jupyter; ``save("guidance.svg")`` writes it, ``plotted`` is a copy of the frame that is drawn.

    Raises
    ------
    KeyError
        If there is no such figure; names those that are spelt alike.
    ModuleNotFoundError
        If it shows a fit and the extra ``analysis`` is not installed.
    """
    with IMPORTING:
        from patient_capital.figures import load_figures
        from patient_capital.tables import book_data

    return load_figures()[name].of(book_data())


def figures() -> pd.DataFrame:
    """Return the names of all figures of the book, with what each measures."""
    with IMPORTING:
        from patient_capital.figures import contents

    return contents()


def open_book() -> Context:
    """Return the book to compute from: its tables as frames, and its results by id.

    Returns
    -------
    Context
        ``book.frame("funds", "announced_cny_bn")`` is a table, ``book.value("funds.registered_once")`` a result.
    """
    with IMPORTING:
        from patient_capital.provenance.records import Context
        from patient_capital.provenance.registry import load_results
        from patient_capital.tables import book_data

    return Context(book_data(), load_results())


__all__ = ["figure", "figures", "load", "number", "numbers", "open_book", "tables"]
