"""The door of the site and what stands beside it: front page, page for a wrong address, feed, robots, sitemap, icon."""

from __future__ import annotations

import io
import itertools
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from docutils import nodes
from markdown_it import MarkdownIt
from PIL import Image, ImageDraw
from sphinx import addnodes
from sphinx.application import Sphinx

from patient_capital.files import write_whole
from patient_capital.formatting import counted
from patient_capital.markup import in_html
from patient_capital.provenance.records import cell_in_words, corrected_in_words
from patient_capital.sphinxext.head import FRONT, THEME, description_of
from patient_capital.sphinxext.site import Edition, Site, edition, site
from patient_capital.tables import Data, book_data

ATOM = "http://www.w3.org/2005/Atom"
CHANGELOG = "CHANGELOG.md"
CORRECTIONS_PAGE = "chapters/data"
HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+), (?P<day>\d{1,2} \w+ \d{4})$", re.MULTILINE)
FOLDERS = ("cards", "chapters", "data", "embed", "figures", "ledger", "share", "tables", "_modules", "_static")
"""Folders of the site; the page for a wrong address finds the root of the site above them."""


def rebased(html: str, page: str) -> str:
    """Return HTML of a page as it must stand at the root of the site: its relative links lead where they led."""

    def target(match: re.Match[str]) -> str:
        return f'{match[1]}="{urljoin(page, match[2])}"'

    return re.sub(r'\b(href|src)="((?![a-z][a-z0-9+.-]*:|//)[^"]*)"', target, html)


FOUND = re.compile(r"What this .*")
"""Title of the box in which a page says what it finds."""


def title_of_box(box: nodes.Element) -> str:
    """Return the title of a box, empty where it has none."""
    return next((one.astext() for one in box.children if isinstance(one, nodes.title)), "")


def before_findings(page: nodes.document) -> list[nodes.Element]:
    """Return the paragraphs and boxes with which a page opens, up to the box of what it finds."""
    first = next(iter(page.findall(nodes.section)), page)
    shown = [one for one in first.children if isinstance(one, nodes.paragraph | nodes.admonition)]
    return list(itertools.takewhile(lambda one: not FOUND.fullmatch(title_of_box(one)), shown))


def opening(app: Sphinx) -> str:
    """Return what the first page says before its findings: the question, the answer, and how sure it is, as HTML.

    The findings stay on that page, so that a reader who goes on does not read the same twice.
    """
    page = app.config.root_doc
    doctree = app.env.get_and_resolve_doctree(page, app.builder)
    # A link to a page that the table of contents leaves out has no target: its words stay.
    for link in list(doctree.findall(nodes.problematic)):
        if "refid" not in link.attributes:
            link.replace_self(nodes.Text(link.astext()))
    before, app.builder.current_docname = app.builder.current_docname, page  # type: ignore[attr-defined]  # only builders of HTML have it
    try:
        parts = [app.builder.render_partial(one)["fragment"] for one in before_findings(doctree)]  # type: ignore[attr-defined]  # only builders of HTML have it
    finally:
        app.builder.current_docname = before  # type: ignore[attr-defined]  # only builders of HTML have it
    return rebased("".join(parts), f"{page}.html")


def found_by(page: nodes.document) -> str:
    """Return what a page finds, in the bold words with which each of its findings opens; empty where it has no such box."""
    box = next((one for one in page.findall(nodes.admonition) if FOUND.fullmatch(title_of_box(one))), None)
    heads = [] if box is None else [next(iter(one.findall(nodes.strong)), None) for one in box.findall(nodes.list_item)]
    return " ".join(re.sub(r"[:.]?$", ".", head.astext(), count=1) for head in heads if head is not None)


def parts_of_contents(app: Sphinx) -> list[tuple[str, list[str]]]:
    """Return the parts of the table of contents, each with its caption and its pages."""
    root = app.env.tocs[app.config.root_doc]
    return [(part.get("caption") or "", list(part["includefiles"])) for part in root.findall(addnodes.toctree)]


def _listed(app: Sphinx, pages: list[str]) -> str:
    told = ((page, found_by(app.env.get_doctree(page)) or description_of(app, page)) for page in pages)
    return "".join(
        f'<li><a href="{page}.html">{escape(app.env.titles[page].astext())}</a><p>{in_html(words)}</p></li>'
        for page, words in told
    )


def front_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the front page: the answer, each chapter with what it finds, and, folded, the last part of the contents."""
    one, root = edition(app), app.config.root_doc
    *read, (behind, _) = parts_of_contents(app) or [("", [])]
    shown = [page for _, pages in read for page in pages]
    parts = "".join(f"<h2>{escape(caption)}</h2><ul>{_listed(app, pages)}</ul>" for caption, pages in read)
    rest = "".join(
        f'<li><a href="{page}.html">{escape(app.env.titles[page].astext())}</a></li>'
        for page in reading_order(app)
        if page not in shown and page != root
    )
    body = (
        f'<section class="pc-front"><h1>{escape(one.title)}</h1>'
        f"<p>Edition {one.version} of {one.human_day}.</p>{opening(app)}"
        f'<p class="pc-front__on"><a href="{root}.html">Read on: the findings, and the background in two minutes</a></p>'
        f"{parts}<details><summary>{escape(behind)}</summary><ul>{rest}</ul></details></section>"
    )
    yield FRONT, {"title": one.full_title, "body": body}, "page.html"


def editions(changelog: str) -> list[tuple[str, str, str]]:
    """Return version, day (ISO) and text of each edition that a changelog tells of, newest first."""
    heads = list(HEADING.finditer(changelog))
    ends = [*(head.start() for head in heads[1:]), len(changelog)]
    return [
        (
            head["version"],
            datetime.strptime(head["day"], "%d %B %Y").date().isoformat(),
            changelog[head.end() : end].strip(),
        )
        for head, end in zip(heads, ends, strict=True)
    ]


def corrections(data: Data) -> Iterator[tuple[str, str, str]]:
    """Yield, for each table and edition that printed otherwise: a key, a title, and the corrections as HTML."""
    by_table: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in data.table("corrections").text.values():
        if row["after"]:
            by_table.setdefault((row["after"], row["table"]), []).append(dict(row))
    for (after, table), rows in by_table.items():
        title = data.package.tables[table].title if table in data.package.tables else table
        items = "".join(
            f"<li>{escape(cell_in_words(data, table, row['row_id'], row['column']))}: "
            f"was {escape(corrected_in_words(data, row, row['old_value']) or 'empty')}, "
            f"is {escape(corrected_in_words(data, row, row['new_value']) or 'empty')}. {escape(row['reason'])}</li>"
            for row in rows
        )
        head = f"{counted(len(rows), 'correction')} to the table “{title}” after edition {after}"
        yield f"corrections/{after}/{table}", head, f"<ul>{items}</ul>"


def _entry(key: str, title: str, day: str, html: str, href: str) -> str:
    return (
        f"<entry><id>{uuid.uuid5(uuid.NAMESPACE_OID, f'patient-capital/{key}').urn}</id>"
        f"<title>{escape(title)}</title><updated>{day}T00:00:00Z</updated>"
        f'<link rel="alternate" href="{escape(href)}"/><content type="html">{escape(html)}</content></entry>\n'
    )


def feed(one: Edition, told: Site, changelog: str, data: Data, pages: set[str]) -> str:
    """Return the feed: the editions that were published, and what has been corrected since, table by table."""
    entries = [
        _entry(key, title, one.day, html, told.link(f"{_known(CORRECTIONS_PAGE, pages)}.html", ""))
        for key, title, html in corrections(data)
    ]
    entries += [
        _entry(f"edition/{version}", f"Edition {version}", day, MarkdownIt().render(text), told.link("index.html", ""))
        for version, day, text in editions(changelog)
    ]
    own = f'<link rel="self" href="{escape(told.url("feed.xml"))}"/>' if told.address else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="{ATOM}" xml:lang="en">'
        f"<id>{uuid.uuid5(uuid.NAMESPACE_OID, 'patient-capital').urn}</id>"
        f"<title>{escape(one.title)}: editions and corrections</title><updated>{one.day}T00:00:00Z</updated>"
        f"<author><name>{escape(one.author)}</name></author>{own}"
        f'<link rel="alternate" href="{escape(told.link("index.html", ""))}"/>\n{"".join(entries)}</feed>\n'
    )


def _known(page: str, pages: set[str]) -> str:
    return page if page in pages else FRONT


def robots(told: Site) -> str:
    """Return what crawlers may read: everything; and where the sitemap is, if the address is known."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {told.url('sitemap.xml')}\n" if told.address else "")


def sitemap(told: Site, pages: list[str], day: str) -> str:
    """Return the sitemap; its addresses are absolute, so that there is one only where the address is known."""
    listed = "".join(
        f"<url><loc>{escape(told.url(path))}</loc><lastmod>{day}</lastmod></url>\n"
        for path in ("", *(f"{page}.html" for page in pages))
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{listed}</urlset>\n"
    )


def not_found(one: Edition, told: Site, pages: dict[str, str]) -> str:
    """Return the page for a wrong address; it stands alone, since it may be shown at any depth of the site.

    Parameters
    ----------
    pages : dict
        Title of each page.
    """
    listed = "".join(f'<li><a href="{page}.html">{escape(title)}</a></li>' for page, title in pages.items())
    # Without the address of the site its root is found from the place that was asked for.
    folders = "|".join(FOLDERS)
    base = (
        f'<base href="{escape(told.address)}">'
        if told.address
        else "<script>"
        f'document.write(\'<base href="\' + location.href.replace(/[?#].*$/, "").replace(/({folders})\\/.*$/, "")'
        '.replace(/[^\\/]*$/, "") + \'">\');</script>'
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{base}'
        f"<title>There is no such page: {escape(one.title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="stylesheet" href="_static/pc.css"><script>{THEME}</script></head>'
        f'<body class="pc-whole"><main style="max-width: 40rem"><h1>There is no such page</h1><p>The address leads nowhere in <i>{escape(one.full_title)}</i>. '
        f'It may have been that of an earlier edition. <a href="index.html">The front page</a> and '
        f'<a href="search.html">the search</a> are here, and these are all pages:</p><ul>{listed}</ul></main></body></html>\n'
    )


def icon() -> bytes:
    """Return the icon of the site for programs that take no SVG: the three bars of ``pc-icon.svg`` on blue."""
    large = Image.new("RGB", (256, 256), "#0b5fa5")
    pen = ImageDraw.Draw(large)
    for left, top in ((56, 112), (112, 56), (168, 144)):
        pen.rectangle((left, top, left + 32, 200), fill="white")
    pen.rectangle((56, 184, 200, 216), fill="white")
    buffer = io.BytesIO()
    large.save(buffer, format="ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return buffer.getvalue()


def write_beside(app: Sphinx, error: Exception | None) -> None:
    """Write what stands beside the pages."""
    if error is not None or app.builder.format != "html":
        return
    out, one, told, known = Path(app.outdir), edition(app), site(app), app.env.found_docs
    pages = {page: app.env.titles[page].astext() for page in reading_order(app)}
    changelog = (Path(app.srcdir) / CHANGELOG).read_text(encoding="utf-8")
    write_whole(out / "feed.xml", feed(one, told, changelog, book_data(), known))
    write_whole(out / "404.html", not_found(one, told, pages))
    write_whole(out / "robots.txt", robots(told))
    write_whole(out / "favicon.ico", icon())
    if told.address:
        write_whole(out / "sitemap.xml", sitemap(told, list(pages), one.day))
    else:
        (out / "sitemap.xml").unlink(missing_ok=True)


def reading_order(app: Sphinx) -> list[str]:
    """Return every page of the book as the contents list them."""
    order: list[str] = []

    def walk(page: str) -> None:
        if page not in order:
            order.append(page)
            for below in app.env.toctree_includes.get(page, []):
                walk(below)

    walk(app.config.root_doc)
    return order


def setup_front(app: Sphinx) -> None:
    """Register everything with Sphinx."""
    app.connect("html-collect-pages", front_page)
    app.connect("build-finished", write_beside)
