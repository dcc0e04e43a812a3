"""Counts about the data themselves: tables, rows, sources, publishers."""

from __future__ import annotations

from patient_capital.formatting import human_date
from patient_capital.provenance.evidence import OFFICIAL, voices_by_cell
from patient_capital.provenance.records import THIS_BOOK, UNNAMED, Context
from patient_capital.provenance.registry import claim, result

SEARCH_COLUMNS = ("outcome", "words_en", "words_zh", "places", "closest", "look_next")
"""What the card of a claim of absence tells of its search, besides the day."""


@result(unit="count")
def source_count(ctx: Context) -> int:
    """Cited pages.

    Number of rows of the table of sources, that of the book's own computations left out.
    """
    publisher = ctx.frame("sources", "publisher_id")["publisher_id"]
    return int((publisher != THIS_BOOK).sum())


LATE = "2026-07"
"""From this month on few pages were stored that could be searched."""


@result(unit="count", fields={"month": human_date(LATE)})
def late_pages(ctx: Context) -> int:
    """Cited pages of {month} or later.

    Number of rows of the table of sources that are dated in that month or later.
    """
    published = ctx.frame("sources", "published")["published"].dropna()
    return int(published.ge(LATE).sum())


@result(unit="count")
def publisher_count(ctx: Context) -> int:
    """Independent publishers.

    Number of different publishers of the cited pages, a reprint counted as its original; pages that name none add none.
    """
    publisher = ctx.frame("sources", "publisher_id")["publisher_id"]
    return int(publisher[~publisher.isin((THIS_BOOK, UNNAMED))].nunique())


@result(unit="count")
def reprint_count(ctx: Context) -> int:
    """Cited pages that reprint another publisher.

    Number of sources marked as reprint.
    """
    return int(ctx.frame("sources", "reprint")["reprint"].sum())


@result(unit="count")
def unlinked_count(ctx: Context) -> int:
    """Cited pages without a link.

    Number of sources whose address is empty, that of the book's own computations left out.
    """
    frame = ctx.frame("sources", "publisher_id", "url", keep=lambda s: s["publisher_id"] != THIS_BOOK)
    return int(frame["url"].isna().sum())


@result(unit="count")
def correction_count(ctx: Context) -> int:
    """Cells corrected against the first tables.

    Number of rows of the table of corrections.
    """
    return len(ctx.frame("corrections", "table"))


def _voices_of_cells(ctx: Context) -> list[float | None]:
    """Return what the evidence of each cell that was looked up amounts to."""
    frame = ctx.frame("evidence", "table", "row_id", "column", "seen", "origin", "agrees", "official")
    cells = frame[["table", "row_id", "column"]].drop_duplicates()
    known = voices_by_cell(ctx.data)
    return [known.get(cell) for cell in cells.itertuples(index=False, name=None)]


@result(unit="count")
def same_quantities(ctx: Context) -> int:
    """Quantities that stand in several cells.

    Number of different quantities in the table of cells that hold one quantity.
    """
    return int(ctx.frame("same_values", "quantity")["quantity"].nunique())


@result(unit="count")
def evidence_cells(ctx: Context) -> int:
    """Cells that were looked up.

    Number of different cells in the table of evidence.
    """
    return len(_voices_of_cells(ctx))


@result(unit="count")
def evidence_official(ctx: Context) -> int:
    """Cells with an official record.

    Number of cells with a page that agrees, was seen or is cited by another, and is the body's own act or record.
    """
    return _voices_of_cells(ctx).count(OFFICIAL)


@result(unit="count")
def evidence_single(ctx: Context) -> int:
    """Cells that rest on a single origin.

    Number of cells whose pages that agree, and were seen or are cited by another, all repeat the same origin, none of
    them an official record.
    """
    return _voices_of_cells(ctx).count(1)


@claim()
def not_found(ctx: Context, row: str) -> bool:
    """Looked for and not found.

    The search, in these words and places, gave nothing.
    """
    search = ctx.data.table("searches").text.get(row, {})
    for column in SEARCH_COLUMNS:
        if search.get(column, "missing"):  # of a search in one language the words in the other are empty
            ctx.cell("searches", row, column)
    return bool(ctx.cell("searches", row, "outcome") == "nothing")


@result(unit="date")
def looked_until(ctx: Context, row: str) -> str:
    """Day until which something was looked for.

    Day of the last look.
    """
    return str(ctx.cell("searches", row, "looked_on"))
