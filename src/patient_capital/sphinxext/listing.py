"""The directive ``listing``: a table of the book as HTML, sortable where long, cards on a phone."""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from patient_capital.listings import Cell, Column, Listing, load_listings
from patient_capital.naming import one_line
from patient_capital.provenance.registry import number
from patient_capital.sphinxext.numbers import LEDGER_PAGE
from patient_capital.sphinxext.popover import number_html
from patient_capital.tables import book_data


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
        self.env.metadata[self.env.docname]["pc-listing"] = "yes"
        return [ListingNode(listing=name)]


LAST = -1e18
"""Sort key of an empty cell: below every number."""


def _cell_html(cell: Cell, listing: Listing, column: Column, *, ordered: bool, ident: str, ledger: str) -> str:
    if cell.ref:
        shown = number(cell.ref)
        text = shown.text(cell.form)
        body = number_html(shown, text, ident, ledger)
    elif cell.text:
        text = cell.text
        body = escape(text)
    else:
        text = listing.empty
        body = f'<span class="pc-void">{escape(text)}</span>'
    if cell.href:
        body = f'<a href="{escape(cell.href)}" rel="noopener">{body}</a>'
    if cell.under:
        text += f" {cell.under}"
        body += f'<span class="pc-sub">{escape(cell.under)}</span>'
    attributes = ""
    if listing.search:
        # What is searched is what is seen, without the card; DataTables wants the attributes on every row or none.
        attributes = f' data-search="{escape(text)}"'
        if ordered:
            attributes += f' data-order="{LAST if cell.sort is None else cell.sort:.12g}"'
    prose = " pc-prose" if column.wide else ""
    return f'<td class="pc-{column.align}{prose}" data-label="{escape(column.title)}"{attributes}>{body}</td>'


def listing_html(listing: Listing, name: str, ledger: str, downloads: str) -> str:
    """Return a listing as HTML.

    Parameters
    ----------
    ledger, downloads : str
        Addresses of the ledger page and of the folder of CSV files, relative to the page.
    """
    slug = name.replace(".", "-").replace("_", "-")
    head = "".join(
        f'<th scope="col" class="pc-{c.align}{" pc-wide" if c.wide else ""}">{escape(c.title)}</th>'
        for c in listing.columns
    )
    ordered = [any(row[c].sort is not None for row in listing.rows) for c in range(len(listing.columns))]
    body = []
    for r, row in enumerate(listing.rows):
        anchors = [cell.anchor for cell in row if cell.anchor]
        ident = f' id="{escape(anchors[0])}"' if anchors else ""
        cells = "".join(
            _cell_html(cell, listing, column, ordered=ordered[c], ident=f"pc-{slug}-{r}-{c}", ledger=ledger)
            for c, (cell, column) in enumerate(zip(row, listing.columns, strict=True))
        )
        body.append(f"<tr{ident}>{cells}</tr>")
    foot = f"<p>{escape(listing.note)}</p>" if listing.note else ""
    if listing.download:
        name = escape(listing.download)
        foot += f'<p><a href="{escape(downloads)}/{name}" download>Download {name}</a></p>'
    search = " pc-listing--search" if listing.search else ""
    return (
        f'<div class="pc-listing{search}" id="listing-{slug}"><p class="pc-listing__title">{escape(listing.title)}</p>'
        f'<table class="pc-table"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
        f'<div class="pc-listing__foot">{foot}</div></div>'
    )


def fill_listings(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write listings once every page is known."""
    for node in list(doctree.findall(ListingNode)):
        name = node["listing"]
        ledger = app.builder.get_relative_uri(docname, LEDGER_PAGE)
        downloads = "../" * docname.count("/") + "data"
        html = listing_html(load_listings()[name].of(book_data()), name, ledger, downloads)
        node.replace_self(nodes.raw("", html, format="html"))


def setup_listings(app: Sphinx) -> None:
    """Register the directive."""
    app.add_node(ListingNode)
    app.add_directive("listing", ListingDirective)
    app.connect("doctree-resolved", fill_listings)
