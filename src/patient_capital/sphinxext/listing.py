"""The directive ``listing``: a table of the book as HTML, sortable where long, cards on a phone.

A page holds the first rows of a long table, and none of one that is folded: see
:mod:`patient_capital.sphinxext.beside`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from os.path import commonprefix

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from patient_capital.listings import Cell, Column, Listing, load_listings
from patient_capital.markup import days_kept, in_html, table_html
from patient_capital.naming import one_line, slug_of
from patient_capital.provenance.registry import number
from patient_capital.sphinxext.popover import number_html
from patient_capital.typesetting import typeset


class ListingNode(nodes.General, nodes.Element):
    """Place of a listing in a page."""


class ListingDirective(SphinxDirective):
    """Show a listing by its name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the node, or an error that names the listings there are."""
        name = self.arguments[0]
        try:
            load_listings()[name]
        except KeyError as error:
            raise self.error(one_line(error)) from None
        return [ListingNode(listing=name)]


FIRST = 10
"""Rows of a long table that its page holds."""

SOURCE, SOURCES = "#source-", "tables/data-sources.html"
"""How the row of a source is named, and where all of them stand, also without script."""

CHAPTERS = "chapters/"
"""Folder that the addresses of cells start from."""


def is_long(listing: Listing, name: str) -> bool:
    """Say whether a page holds the first rows alone; numbers lead to the rows of the ledger, so that these are all there."""
    return (listing.search or bool(listing.fold)) and len(listing.rows) > FIRST and not name.startswith("ledger.")


def _cell_html(cell: Cell, listing: Listing, column: Column, *, ordered: bool, root: str) -> str:
    if cell.ref:
        shown = number(cell.ref)
        text = shown.text(cell.form)
        body = number_html(shown, text, root)
    elif cell.text:
        text = cell.text
        # Of a cell that holds a day alone the column is wide enough.
        body = days_kept(text) if " " in text else escape(text)
    else:
        text = listing.empty
        body = f'<span class="pc-void">{escape(text)}</span>'
    if cell.href:
        inside = not re.match(r"[a-z]+:|#", cell.href)
        address = root + posixpath.normpath(CHAPTERS + cell.href) if inside else cell.href
        if cell.href.startswith(SOURCE):
            address = f"{root}{SOURCES}{cell.href}"
        body = f'<a href="{escape(address)}">{body}</a>'
    if cell.under:
        body += f'<span class="pc-sub">{in_html(cell.under)}</span>'
    # An empty key stands last in either direction.
    order = f' data-order="{"" if cell.sort is None else f"{cell.sort:.12g}"}"' if ordered and listing.search else ""
    longest = max(len(text) - (LONG_NUMBER if column.align == "end" else LONG_TEXT), len(cell.under) - LONG_TEXT)
    prose = " pc-prose" if column.wide or longest > 0 else ""
    return f'<td class="pc-{column.align}{prose}" data-label="{escape(typeset(column.title))}"{order}>{body}</td>'


def rows_html(listing: Listing, root: str) -> list[str]:
    """Return the rows of a listing as HTML."""
    ordered = [any(row[c].sort is not None for row in listing.rows) for c in range(len(listing.columns))]
    rows = []
    for row, ident in zip(listing.rows, listing.row_ids, strict=True):
        cells = "".join(
            _cell_html(cell, listing, column, ordered=ordered[c], root=root)
            for c, (cell, column) in enumerate(zip(row, listing.columns, strict=True))
        )
        rows.append(f'<tr id="{escape(ident)}">{cells}</tr>')
    return rows


LONG_NUMBER, LONG_TEXT = 24, 40
"""Letters of a cell of numbers, and of one of words, above which it is a sentence, and runs over several lines."""
SHORT_WORD, LONG_WORD = 7, 14
"""Letters of a word for which every column has room on paper, and of one that may be broken there."""
BETWEEN_WORDS = re.compile(r"[\s\-\u2e80-\uffff]+")


def longest_words(listing: Listing) -> list[int]:
    """Return for each column the letters of its longest word that paper should not break; nought where any width will do."""
    found = []
    for at, column in enumerate(listing.columns):
        cells = [row[at] for row in listing.rows]
        texts = [number(cell.ref).text(cell.form) if cell.ref else cell.text for cell in cells]
        words = [
            word
            for text in (column.title, *texts, *(cell.under for cell in cells))
            for word in BETWEEN_WORDS.split(text)
        ]
        longest = max((len(word) for word in words if len(word) <= LONG_WORD), default=0)
        found.append(longest if longest >= SHORT_WORD else 0)
    return found


def rows_in_table(listing: Listing, rows: Iterable[str]) -> str:
    """Return a table with some of the rows of a listing."""
    heads = ((typeset(c.title), f"pc-{c.align}{' pc-wide' if c.wide else ''}") for c in listing.columns)
    return table_html(listing.title, heads, rows, "pc-table", longest_words(listing))


def foot_html(listing: Listing, root: str) -> str:
    """Return what stands below a listing: its note, and the file of its rows."""
    foot = f"<p>{in_html(listing.note)}</p>" if listing.note else ""
    if listing.download:
        name = escape(listing.download)
        foot += f'<p><a href="{escape(root)}data/{name}" download>Download {name}</a></p>'
    return f'<div class="pc-listing__foot">{foot}</div>'


@dataclass(frozen=True, slots=True)
class Beside:
    """Where the rows of a table stand that its page does not hold, from the root of the site.

    Attributes
    ----------
    rows, cards : str
        Scripts with all rows, and with the cards behind their numbers; no cards where it prints no number.
    page : str
        The page of all rows.
    """

    rows: str
    cards: str
    page: str


def listing_html(listing: Listing, name: str, root: str, beside: Beside | None = None) -> str:
    """Return a listing as HTML.

    Parameters
    ----------
    root : str
        Address of the root of the site, relative to the page, with a slash at its end.
    beside : Beside, optional
        Where all of its rows stand, if the page holds the first alone, and of a folded table none. Otherwise all are
        here.
    """
    rows = rows_html(listing, root)
    rest, told = "", ""
    if beside:
        rows = [] if listing.fold else rows[:FIRST]
        begin = commonprefix(listing.row_ids)  # noqa: RUF071  # letters are compared: an id is no path
        told = f' data-rows="{root}{beside.rows}" data-total="{len(listing.rows)}" data-ids="{escape(begin)}"'
        told += f' data-cards="{root}{beside.cards}"' if beside.cards else ""
        rest = f'<p class="pc-listing__all"><a href="{root}{beside.page}">All {len(listing.rows):,} rows on a page of their own</a></p>'
    search = " pc-listing--search" if listing.search else ""
    inner = (
        f'<p class="pc-listing__title">{in_html(listing.title)}</p>'
        f"{rows_in_table(listing, rows)}{rest}{foot_html(listing, root)}"
    )
    if listing.fold:
        inner = f'<details class="pc-fold"><summary>{in_html(listing.summary)}</summary>{inner}</details>'
    return f'<div class="pc-listing{search}" id="listing-{slug_of(name)}"{told}>{inner}</div>'


def setup_listings(app: Sphinx) -> None:
    """Register the directive; the tables are written by what stands beside pages."""
    app.add_node(ListingNode)
    app.add_directive("listing", ListingDirective)
