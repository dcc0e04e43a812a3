"""What the pages say in JSON-LD: the report, and each table as a data set with its download."""

from __future__ import annotations

import json
from typing import Any

from sphinx.application import Sphinx

from patient_capital.figures.credit import LICENCE
from patient_capital.sphinxext.head import FRONT, description_of
from patient_capital.sphinxext.site import Edition, Site, edition, site
from patient_capital.tables import Data, book_data
from patient_capital.tables.schema import TableSchema

DATA_PAGE = "chapters/data"


def _download(kind: str, address: str) -> dict[str, str]:
    return {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}


def _made(one: Edition) -> dict[str, Any]:
    return {
        "creator": {"@type": "Organization", "name": one.author},
        "version": one.version,
        "datePublished": one.day,
        "license": LICENCE,
        "inLanguage": "en",
    }


def report(one: Edition, told: Site, description: str, page: str) -> dict[str, Any]:
    """Return the report, with the data set that it rests on."""
    publisher = {"publisher": {"@type": "Organization", "name": told.publisher}} if told.publisher else {}
    url = {"url": told.address} if told.address else {}
    data = {
        "@type": "Dataset",
        "name": f"{one.title}: data",
        "description": f"All tables behind the report, its ledger of printed numbers and its evidence: {one.full_title}.",
        **_made(one),
        "distribution": [_download("application/zip", told.link("dataset.zip", page))],
    }
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": one.full_title,
        "description": description,
        **_made(one),
        **publisher,
        **url,
        "hasPart": data,
    }


def tables(data: Data, one: Edition, told: Site, page: str) -> list[dict[str, Any]]:
    """Return each table as a data set: what it is about, its columns, its page, and its downloads."""
    return [table_set(table, one, told, page) for table in data.package.tables.values()]


def table_set(table: TableSchema, one: Edition, told: Site, page: str) -> dict[str, Any]:
    """Return one table as a data set; addresses are seen from a page unless the site has one.

    The page of the table is named only by its whole address, as the standard wants it.
    """
    url = {"url": told.url(f"data/{table.name}.html")} if told.address else {}
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{one.title}: {table.title}",
        # Search engines for data want at least fifty letters.
        "description": f"{table.description} A table of the report “{one.full_title}”.",
        **_made(one),
        **url,
        "variableMeasured": [field.title for field in table.fields],
        "distribution": [
            _download("text/csv", told.link(f"data/{table.path}", page)),
            _download("application/json", told.link(f"data/{table.name}.json", page)),
        ],
    }


def script(told: object) -> str:
    """Return data as a script that no browser runs; nothing in it can end it."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def linked_data(app: Sphinx, page: str) -> str:
    """Return what a page says: the report on the front page and the first one, all tables on the page of the data."""
    one, told, path = edition(app), site(app), f"{page}.html"
    if page in {FRONT, app.config.root_doc}:
        return script(report(one, told, description_of(app, page), path))
    data, (folder, _, name) = book_data(), page.partition("/")
    if folder == "data" and name in data.package.tables:
        return script(table_set(data.package.tables[name], one, told, path))
    return script(tables(data, one, told, path)) if page == DATA_PAGE else ""


def add_linked_data(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Put it in the head of the pages that have some."""
    if pagename in app.env.found_docs or pagename == FRONT or "pc_about" in context:
        context["pc_head"] += linked_data(app, pagename)


def setup_linked_data(app: Sphinx) -> None:
    """Register it, after the head is written."""
    app.connect("html-page-context", add_linked_data, priority=600)
