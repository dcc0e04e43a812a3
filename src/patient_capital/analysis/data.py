"""Counts about the data themselves: tables, rows, sources, publishers."""

from __future__ import annotations

from patient_capital.provenance.records import THIS_BOOK, Context
from patient_capital.provenance.registry import result

SOURCES = ("sources.publisher_id", "sources.reprint", "sources.url")


@result(
    "data.source_count", "Cited pages", unit="count", formula="number of rows of the table of sources",
    inputs=("sources.publisher_id",),
)  # fmt: skip
def source_count(ctx: Context) -> int:
    """Count, without the book's own computations."""
    publisher = ctx.frame("sources", "publisher_id")["publisher_id"]
    return int((publisher != THIS_BOOK).sum())


@result(
    "data.publisher_count", "Independent publishers", unit="count",
    formula="number of different publishers of the cited pages", inputs=("sources.publisher_id",),
)  # fmt: skip
def publisher_count(ctx: Context) -> int:
    """Count, without the book itself."""
    publisher = ctx.frame("sources", "publisher_id")["publisher_id"]
    return int(publisher[publisher != THIS_BOOK].nunique())


@result(
    "data.reprint_count", "Cited pages that reprint another publisher", unit="count",
    formula="number of sources marked as reprint", inputs=("sources.reprint",),
)  # fmt: skip
def reprint_count(ctx: Context) -> int:
    """Count."""
    return int(ctx.frame("sources", "reprint")["reprint"].sum())


@result(
    "data.unlinked_count", "Cited pages without a link", unit="count",
    formula="number of sources whose address is empty, because only a copy or no address was found",
    inputs=("sources.publisher_id", "sources.url"),
)  # fmt: skip
def unlinked_count(ctx: Context) -> int:
    """Count."""
    frame = ctx.frame("sources", "publisher_id", "url", keep=lambda s: s["publisher_id"] != THIS_BOOK)
    return int(frame["url"].isna().sum())


@result(
    "data.correction_count", "Cells corrected against the first tables", unit="count",
    formula="number of rows of the table of corrections", inputs=("corrections.table",),
)  # fmt: skip
def correction_count(ctx: Context) -> int:
    """Count."""
    return len(ctx.frame("corrections", "table"))
