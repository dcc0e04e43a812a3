"""What stands beside a page and is loaded when a reader asks for it: the cards of its numbers, the rows of its tables.

A page holds the numbers as links, and the first rows of a long table. The rest are scripts, since a browser reads no
other file from disk; without script, and on paper, the ledger and the page of all rows of a table have it.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from patient_capital.files import write_whole
from patient_capital.listings import Listing, load_listings
from patient_capital.naming import slug_of
from patient_capital.provenance.registry import number
from patient_capital.sphinxext.head import THEME
from patient_capital.sphinxext.listing import (
    Beside,
    ListingNode,
    foot_html,
    is_long,
    listing_html,
    rows_html,
    rows_in_table,
)
from patient_capital.sphinxext.numbers import GLOSSARY_PAGE, root_from, terms
from patient_capital.sphinxext.popover import TERM, card_html, cards_script, stamped, term_card
from patient_capital.tables import book_data

CARDS, TABLES = "cards", "tables"
"""Folders of the site."""

LOADED = re.compile(r'<div class="pc-listing\b[^>]*\bdata-cards="[^"]*".*?</table>', re.DOTALL)
"""A table whose cards stand in a script of their own."""

ALL_ROWS = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><meta name="robots" content="noindex"><link rel="icon" href="../favicon.ico">
<link rel="stylesheet" href="../_static/pc.css">
<script>{theme}</script><script defer src="../_static/pc.js"></script><script defer src="../_static/pc-table.js"></script></head>
<body class="pc-whole"><main><p><a href="../{page}.html#listing-{slug}">{chapter}</a></p><h1>{title}</h1>
<div class="pc-listing{search}" data-whole{cards}>{table}{foot}</div></main></body></html>
"""
"""The page of all rows of a table; every table is written for a page that lies one folder below the root."""


def card_of(app: Sphinx, key: str, root: str) -> str:
    """Return what the card of a key says, its links as they stand on a page."""
    if not key.startswith(TERM):
        return card_html(number(key), root)
    slug = key.removeprefix(TERM)
    return term_card(slug, terms(str(Path(app.srcdir) / f"{GLOSSARY_PAGE}.md"))[slug], f"{root}{GLOSSARY_PAGE}.html")


def write_cards(app: Sphinx, page: str, html: str) -> str:
    """Write the cards of a page or table; return their address from the root, or nothing where there are none."""
    script = cards_script(html, lambda key: card_of(app, key, root_from(page)))
    path = Path(app.outdir) / CARDS / f"{page}.js"
    if not script:
        path.unlink(missing_ok=True)
        return ""
    write_whole(path, script)
    return stamped(f"{CARDS}/{page}.js", script)


def write_rows(app: Sphinx, listing: Listing, name: str, page: str) -> Beside:
    """Write all rows of a table, as a script and as a page, and the cards behind their numbers.

    Parameters
    ----------
    page : str
        The page that shows the table.
    """
    part, root = slug_of(name), root_from(page)
    rows = rows_html(listing, root)
    script = f"pcRows({json.dumps(part)}, {json.dumps(rows, ensure_ascii=False, indent=0)});\n"
    write_whole(Path(app.outdir) / TABLES / f"{part}.js", script)
    cards = write_cards(app, f"{TABLES}/{part}", "".join(rows))
    whole = ALL_ROWS.format(
        theme=THEME,
        title=escape(listing.title),
        page=page,
        slug=part,
        chapter=escape(app.env.titles[page].astext()),
        search=" pc-listing--search" if listing.search else "",
        cards=f' data-cards="{root}{cards}"' if cards else "",
        table=rows_in_table(listing, rows),
        foot=foot_html(listing, root),
    )
    write_whole(Path(app.outdir) / TABLES / f"{part}.html", whole)
    return Beside(stamped(f"{TABLES}/{part}.js", script), cards, f"{TABLES}/{part}.html")


def fill_listings(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the listings of a page once every page is known."""
    for node in list(doctree.findall(ListingNode)):
        name = node["listing"]
        listing = load_listings()[name].of(book_data())
        beside = write_rows(app, listing, name, docname) if is_long(listing, name) else None
        html = listing_html(listing, name, root_from(docname), beside)
        node.replace_self(nodes.raw("", html, format="html"))


def add_cards(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Write the cards of a page, and tell the page where they are."""
    if "body" not in context:
        return
    address = write_cards(app, pagename, LOADED.sub("", context["body"]))
    if address:
        context["body"] += f'<template id="pc-cards" data-cards="{root_from(pagename)}{address}"></template>'


def sweep_tables(app: Sphinx, error: Exception | None) -> None:
    """Take away the rows of tables that no page shows any more: a site of which texts alone differ keeps its files."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages = (out / f"{page}.html" for page in app.env.found_docs)
    shown = set(
        re.findall(
            rf'data-rows="[./]*{TABLES}/([^".]+)\.js', "".join(page.read_text(encoding="utf-8") for page in pages)
        )
    )
    for path in [*(out / TABLES).glob("*"), *(out / CARDS / TABLES).glob("*")]:
        if path.stem not in shown:
            path.unlink()


def setup_beside(app: Sphinx) -> None:
    """Register the writing of tables and cards."""
    app.connect("build-finished", sweep_tables)
    app.connect("doctree-resolved", fill_listings)
    app.connect("html-page-context", add_cards, priority=500)
