"""Pages without a source of their own: the results of each chapter and each table, with the entries of the ledger.

An entry says what a printed number is, where it comes from, and in which sentence, figure or table of the book it
stands. A fact has it on the page of its table, a result on that of its chapter.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from patient_capital.formatting import counted, human_date
from patient_capital.kernel import BUILDING
from patient_capital.ledger import Page, Printed, printed_in, read_pages
from patient_capital.markup import days_kept, table_html
from patient_capital.money import STAGE_WORDS
from patient_capital.provenance.evidence import told
from patient_capital.provenance.records import Number, Source, anchor, page_of_entry, split_ref
from patient_capital.provenance.registry import load_results, number
from patient_capital.sphinxext.numbers import LEDGER_PAGE
from patient_capital.tables import Data, book_data
from patient_capital.tables.data import Table
from patient_capital.tables.schema import Field

SHOWN_INPUTS, SHOWN_SOURCES, SHOWN_ROWS = 6, 3, 3
LONGEST = 90
"""Letters of a cell of a table that its preview shows."""
KINDS = {"fig": "figure", "listing": "table", "explorer": "explorer"}
"""What an id is of, by how it begins."""

Row = tuple[str, ...]


def entries_html(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[str, Row]]) -> str:
    """Return a table of entries: its heads as text; each row as an id, which may be empty, and cells as HTML."""
    body = (
        f"<tr{f' id={chr(34)}{ident}{chr(34)}' if ident else ''}>"
        + "".join(
            f'<td class="pc-prose" data-label="{escape(name)}">{cell}</td>'
            for name, cell in zip(heads, cells, strict=True)
        )
        + "</tr>"
        for ident, cells in rows
    )
    table = table_html(caption, ((name, "") for name in heads), body, "pc-table")
    return f'<div class="pc-listing pc-entries">{table}</div>'


def _listed(items: list[str], shown: int) -> str:
    rest = len(items) - shown
    return "; ".join(items[:shown]) + (f"; and {rest} more" if rest > 0 else "")


def _sub(text: str) -> str:
    return f'<span class="pc-sub">{text}</span>' if text else ""


def _credit(source: Source) -> str:
    text = days_kept(", ".join(part for part in (source.credit, source.published) if part))
    return f'<a href="{escape(source.url)}">{text}</a>' if source.url else text


def origin_html(one: Number) -> str:
    """Return where a number comes from, in one cell."""
    parts = [f"{'True if' if one.kind == 'claim' else 'Computed as'}: {escape(one.formula)}"] if one.formula else []
    if one.inputs:
        inputs = [f"{label.removeprefix('result ')} {value}" for label, value in one.inputs]
        parts.append(f"From: {escape(_listed(inputs, SHOWN_INPUTS))}")
    if words := told(one.voices):
        parts.append(f"Evidence: {escape(words)}")
    sources = list(dict.fromkeys([*(source for _, source in one.evidence), *one.sources]))
    if sources:
        parts.append(f"Sources: {_listed([_credit(source) for source in sources], SHOWN_SOURCES)}")
    return "<br>".join(parts)


def places_html(titles: Mapping[str, str], texts: Mapping[str, Mapping[str, list[str]]], one: Printed, ref: str) -> str:
    """Return links to every sentence, figure and table where a number stands.

    Parameters
    ----------
    titles : mapping
        Titles of the pages of the site by name; others are named without a link.
    texts : mapping
        For each page, the ids of the places in its text where each number stands.
    """
    found = []
    for page, shown in one.places.items():
        if page not in titles:
            found.append(escape(page))
            continue
        ids = [
            *(("text", at) for at in texts[page].get(ref, ())),
            *((KINDS[at.split("-")[0]], at) for at in shown if at),
        ]
        # No two links of an entry to one page read alike.
        counts: Counter[str] = Counter()
        links = []
        for kind, at in ids:
            counts[kind] += 1
            name = kind if counts[kind] == 1 else f"{kind} {counts[kind]}"
            links.append(f'<a href="../chapters/{page}.html#{at}">{name}</a>')
        found.append(escape(titles[page]) + (f" ({', '.join(links)})" if links else ""))
    return "<br>".join(found)


def entry(one: Number, places: str) -> tuple[str, Row]:
    """Return a number as a row of the ledger."""
    stage = STAGE_WORDS.get(one.stage, one.stage.replace("_", " "))
    # A name of code may go on in the next line between its parts, and within none of them.
    name = re.sub(r"(?<=[._])", "<wbr>", escape(one.ref))
    what = f"{days_kept(one.label)}{_sub(f'<code>{name}</code>')}"
    value = f"{escape('holds' if one.kind == 'claim' else one.text())}{_sub(escape(', '.join(part for part in (stage, one.when) if part)))}"
    return anchor(one.ref), (what, value, origin_html(one), places)


ENTRY_HEADS = ("Number", "Value, stage, day", "Where it comes from", "Where it stands")


def _cut(text: str) -> str:
    return (
        escape(text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …") or '<span class="pc-void">empty</span>'
    )


def _type_of(field: Field) -> str:
    return field.type + _sub(escape(field.unit or (f"unit in {field.unit_column}" if field.unit_column else "")))


def columns_html(table: Table) -> str:
    """Return every column of a table with what it means, and what its first rows hold."""
    first = list(table.text.values())[:SHOWN_ROWS]
    rows = [
        (
            "",
            (
                f"<code>{escape(field.name)}</code>",
                _type_of(field),
                escape(field.description + (f" One of: {', '.join(field.enum)}." if field.enum else "")),
                "<br>".join(_cut(row[field.name]) for row in first),
            ),
        )
        for field in table.schema.fields
    ]
    caption = f"{table.schema.title}: columns and first rows"
    return entries_html(caption, ("Column", "Type, unit", "Meaning", "In the first rows"), rows)


def table_page(data: Data, name: str, entries: list[tuple[str, Row]]) -> str:
    """Return the page of a table: what it is, its downloads, its columns, and the entries of its cells."""
    table = data.table(name)
    schema = table.schema
    known = f" As of {human_date(schema.as_of)}." if schema.as_of else ""
    caption = f"{schema.title}: cells that the report prints"
    printed = entries_html(caption, ENTRY_HEADS, entries) if entries else ""
    cells = printed or "<p>The report prints no cell of it as a number.</p>"
    return (
        f"<section><h1>{escape(schema.title)}</h1><p>{escape(schema.description)}</p>"
        f"<p>{counted(len(table.text), 'row')}, {counted(len(schema.fields), 'column')}.{known} An empty cell means that nothing "
        f'was found. Download <a href="{schema.path}" download>{schema.path}</a> or '
        f'<a href="{name}.json" download>{name}.json</a>; all tables are on <a href="../chapters/data.html">the page of '
        f"the data</a>.</p>"
        f'<h2 id="columns">Columns and first rows</h2>{columns_html(table)}'
        f'<h2 id="printed">Cells that the report prints</h2>{cells}</section>'
    )


def results_page(title: str, entries: list[tuple[str, Row]]) -> str:
    """Return the page of the results of one chapter."""
    return (
        f"<section><h1>Results: {escape(title)}</h1><p>The report prints {counted(len(entries), 'result')} of this "
        "chapter. Each has its formula here, what it is computed from, and a link to every place where it stands. "
        f'Cells of tables have theirs on the pages of the tables; <a href="../chapters/ledger.html">the ledger</a> lists all '
        f"pages.</p>{entries_html(f'Results: {title}', ENTRY_HEADS, entries)}</section>"
    )


def pages_of_entries(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page of each chapter's results and of each table, unless it stands as it would be written."""
    data, read = book_data(), read_pages(Path(app.srcdir) / "chapters")
    titles = {
        page.name: app.env.titles[f"chapters/{page.name}"].astext()
        for page in read
        if f"chapters/{page.name}" in app.env.found_docs
    }
    texts = {name: app.env.metadata[f"chapters/{name}"].get("pc-places", {}) for name in titles}
    found: dict[str, list[tuple[str, Row]]] = {f"data/{name}": [] for name in data.package.tables}
    for ref, printed in printed_in(read, data).items():
        row = entry(number(ref, data), places_html(titles, texts, printed, ref))
        found.setdefault(page_of_entry(ref), []).append(row)
    for file in (Path(app.outdir) / "ledger").glob("*.html"):
        if f"ledger/{file.stem}" not in found:
            file.unlink()  # of an earlier site that printed results of this chapter
    for page, entries in found.items():
        folder, _, name = page.partition("/")
        if folder == "data":
            schema = data.package.tables[name]
            title, about, body = f"Table: {schema.title}", schema.description, table_page(data, name, entries)
        else:
            title = f"Results: {titles.get(name) or next((one.title for one in read if one.name == name), name)}"
            about = f"Every printed result of a chapter, with its origin and each place where it stands. {title}."
            body = results_page(title.partition(": ")[2], entries)
        file = Path(app.outdir) / f"{page}.html"
        if os.environ.get(BUILDING) and file.is_file() and body in file.read_text(encoding="utf-8"):
            continue  # of an earlier site from which only texts of pages differ
        yield page, {"title": title, "body": body, "pc_about": about}, "page.html"


def old_addresses(pages: Iterable[Page], data: Data) -> str:
    """Return, for the script of the page, where entries are that stood on one page: of results by id, of cells by table."""
    results: dict[str, list[str]] = {}
    known = load_results()
    for ref in printed_in(pages, data):
        if split_ref(ref)[0] in known:
            results.setdefault(page_of_entry(ref), []).append(anchor(ref))
    told = {"results": results, "tables": sorted(data.package.tables, key=len, reverse=True)}
    return f'<script type="application/json" id="pc-entries">{json.dumps(told, separators=(",", ":"))}</script>'


def add_old_addresses(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Let the first page of the ledger send on who comes by an address of an entry that stood there."""
    if pagename == LEDGER_PAGE:
        context["body"] += old_addresses(read_pages(Path(app.srcdir) / "chapters"), book_data())


def typed(field: Field, text: str) -> object:
    """Return a cell as JSON has it: nothing where it is empty, numbers as numbers, lists as lists."""
    if not text:
        return None
    if field.type == "boolean":
        return text == "true"
    if field.type in {"integer", "number", "year"}:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    return text.split(";") if field.list_of else text


def as_json(table: Table) -> str:
    """Return the rows of a table as JSON, one row a line."""
    rows = ({field.name: typed(field, row[field.name]) for field in table.schema.fields} for row in table.text.values())
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def setup_entries(app: Sphinx) -> None:
    """Register the pages."""
    app.connect("html-collect-pages", pages_of_entries)
    app.connect("html-page-context", add_old_addresses)
