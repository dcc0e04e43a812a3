"""The analysis, the model and the provenance of numbers behind *Patient Capital, Impatient Provinces*."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patient_capital.provenance.records import Context

__version__ = "0.1.0"


def open_book() -> Context:
    """Return the book to compute from: its tables as frames, and its results by id.

    Returns
    -------
    Context
        ``book.frame("funds", "announced_cny_bn")`` is a table, ``book.value("funds.registered_once")`` a result.
    """
    from patient_capital.provenance.records import Context  # noqa: PLC0415  # the package itself imports nothing
    from patient_capital.provenance.registry import load_results  # noqa: PLC0415
    from patient_capital.tables import book_data  # noqa: PLC0415

    return Context(book_data(), load_results())


__all__ = ["open_book"]
