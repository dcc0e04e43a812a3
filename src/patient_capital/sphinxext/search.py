"""The search of the site: an index of passages, made while pages are written, and the pages that need it.

Pagefind and the like keep their index in many files that a script fetches, or in WebAssembly; a browser that has opened
the site from disk refuses both. Sphinx's own search finds pages, not passages, and no Chinese. Here the index is the
text itself, packed, in a script that sets it: a book of this size is searched from end to end at each key, so that
substrings, Chinese and phrases need nothing more.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from html import escape
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from patient_capital.book import report
from patient_capital.files import write_whole
from patient_capital.sphinxext.front import reading_order
from patient_capital.sphinxext.numbers import GLOSSARY_PAGE, LEDGER_PAGE
from patient_capital.sphinxext.passages import Passage, passages
from patient_capital.tables import Data, book_data

NAMES = "names"
KEPT = "search"
"""Folder, beside the pages as Sphinx has read them, with the passages of each."""

LATER = (LEDGER_PAGE, "chapters/data", "chapters/api")
"""Pages of records and functions. They are searched where the others do not say enough, and are loaded then."""

LAST = ("chapters/model_annex", "chapters/api")
"""Pages for those who look for nothing else."""

FILES = ("pc-search-index.js", "pc-search-later.js")
CHINESE = "_zh"
NAMED, WORDED = "name", "term"
"""How a column begins whose cells name somebody, or a word of the reports, and that in Chinese stands beside it."""

PRINTED = re.compile(
    r"((?:[A-Z][\w\u2019'&-]*)(?: (?:(?:of|for|and) )*[A-Z0-9][\w\u2019'&-]*)*) \(([\u4e00-\u9fff]{2,})\)"
)
"""A name as a text prints it where it names somebody first: in English, then in Chinese."""

IN_BRACKETS = re.compile(r"\(([\u4e00-\u9fff][^)]*)\)")
RUN = re.compile(r"[\u4e00-\u9fff]{2,}")


def weight(page: str, story: Iterable[str]) -> float:
    """Return what a passage of a page counts for: the report first, what stands behind its numbers after it."""
    if page in LAST:
        return 0.2
    if page in LATER:
        return 0.35
    return 1.0 if page in story else 0.6


def packed(pages: Mapping[str, list[Passage]], titles: Mapping[str, str], story: Iterable[str]) -> list[Any]:
    """Return pages as the script of the search reads them: address, title, weight, and passages by what they stand in.

    A group is kind, heading, the beginning that all its anchors share, and the rest of each anchor with the text.
    """
    told = []
    for page, found in pages.items():
        groups = []
        for (kind, head), members in groupby(found, key=lambda one: (one.kind, one.head)):
            listed = list(members)
            shared = _shared([one.anchor for one in listed])
            groups.append([kind, head, shared, [[one.anchor[len(shared) :], one.text] for one in listed]])
        told.append([f"{page}.html", titles[page], weight(page, story), groups])
    return told


def _shared(anchors: list[str]) -> str:
    first, last = min(anchors), max(anchors)
    return first[: next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]


def names(data: Data, kind: str = NAMED) -> Iterator[tuple[str, list[str]]]:
    """Yield each name of the tables in Chinese, empty where none is known, with those that pages may print for it.

    A table has such names where a column ends in `_zh` and another has the same beginning.
    """
    for table in data.tables.values():
        columns = {field.name for field in table.schema.fields}
        for chinese in sorted(name for name in columns if name.endswith(f"{kind}{CHINESE}")):
            stem = chinese.removesuffix(CHINESE)
            printed = [name for name in (stem, f"{stem}_en", "name", "name_short") if name in columns]
            for text in table.text.values():
                known = list(dict.fromkeys(text[name] for name in printed if text[name]))
                if known:
                    yield text[chinese], known


def term_names(found: Iterable[Passage]) -> Iterator[tuple[str, list[str]]]:
    """Yield what the glossary calls each term in Chinese, in the first brackets of a definition, with the term."""
    for one in found:
        inside = IN_BRACKETS.search(one.text) if one.kind == "term" else None
        for chinese in RUN.findall(inside[1]) if inside else ():
            yield chinese, one.head.split(", ")


def printed_names(found: Iterable[Passage]) -> Iterator[tuple[str, list[str]]]:
    """Yield each name that pages print in both languages: in Chinese, and in English."""
    told: dict[str, set[str]] = {}
    for one in found:
        for name, chinese in PRINTED.findall(one.text) if one.kind != "term" else ():
            told.setdefault(chinese, set()).add(name.removeprefix("The "))
    for chinese, several in sorted(told.items()):
        # A sentence may begin with a word that is no part of the name.
        yield chinese, sorted(one for one in several if not any(one.endswith(f" {other}") for other in several))


def aliases(data: Data, found: Iterable[Passage]) -> list[list[str]]:
    """Return names that stand for one another: that in Chinese, empty where none is known, and those that pages may print.

    Tables and the glossary say what they name; the running text is asked for the others.
    """
    everything = list(found)
    known = [*names(data), *names(data, WORDED), *term_names(everything)]
    told = {chinese for chinese, _ in known}
    known += [(chinese, printed) for chinese, printed in printed_names(everything) if chinese not in told]
    return [
        list(one) for one in sorted({(chinese, *printed) for chinese, printed in known if chinese or len(printed) > 1})
    ]


def script(name: str, content: object) -> str:
    """Return a script that hands data to the search, packed.

    A script, since a page from disk may load nothing else; packed, since the whole text of the book is in it.
    """
    told = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f'pcSearch.take("{name}","{b64encode(zlib.compress(told.encode(), 9)).decode()}");\n'


def _kept(app: Sphinx, page: str) -> Path:
    return Path(app.doctreedir) / KEPT / f"{page}.json"


def collect(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Keep what can be found on a page, before tables become HTML; a page that is not written anew is found as before."""
    if app.builder.format == "html":
        told = json.dumps([astuple(one) for one in passages(doctree)], ensure_ascii=False)
        write_whole(_kept(app, docname), told)


def collected(app: Sphinx) -> dict[str, list[Passage]]:
    """Return what can be found, page by page, as the contents list them."""
    return {
        page: [Passage(*one) for one in json.loads(_kept(app, page).read_text(encoding="utf-8"))]
        for page in reading_order(app)
    }


def write_index(app: Sphinx, error: Exception | None) -> None:
    """Write the index, in two files: the second is loaded where the first does not say enough."""
    if error is not None or app.builder.format != "html":
        return
    found, story = collected(app), report(Path(app.srcdir))
    titles = {page: app.env.titles[page].astext() for page in found}
    for file, later in zip(FILES, (False, True), strict=True):
        pages = {page: one for page, one in found.items() if (page in LATER) == later}
        content = {
            "pages": packed(pages, titles, story),
            "names": [] if later else aliases(book_data(), chain(*found.values())),
        }
        write_whole(Path(app.outdir) / "_static" / file, script(file, content))


def no_other_search(app: Sphinx) -> None:
    """Keep Sphinx from making an index and a page of its own."""
    app.builder.search = False  # type: ignore[attr-defined]  # only builders of HTML have it


SEARCH_BODY = """<section class="pc-searching"><h1>Search</h1>
<form class="bd-search" action="search.html" method="get" role="search">
<input type="search" class="form-control" name="q" aria-label="Search the report" placeholder="Words, in English or 中文"
 autocomplete="off" autocapitalize="off" spellcheck="false"></form>
<noscript><p>The search needs a script; the index of names does not.</p></noscript>
<p class="pc-searching__also"><a href="names.html">The index of names</a> lists people, firms, funds and places, and where each
is named.</p></section>"""

MOST_PLACES = 6
"""Places of a name that the index of names lists, one a page; the search has the others."""


def named(data: Data, found: Mapping[str, list[Passage]]) -> dict[str, tuple[str, dict[str, Passage]]]:
    """Return each name that the report prints, in order: its name in Chinese, and the best passage of each page.

    The best begins with the name, as the row or the term that is about it.
    """
    texts = [(page, one) for page, members in found.items() if page not in LATER for one in members if one.anchor]
    told: dict[str, tuple[str, dict[str, Passage]]] = {}
    for chinese, printed in sorted(names(data), key=lambda one: (one[1][0].casefold(), one[0])):
        for name in printed:
            holding = [(page, one) for page, one in texts if name in one.text]
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            places: dict[str, Passage] = {}
            for page, one in holding:
                better = page not in places or one.text.startswith(name) > places[page].text.startswith(name)
                if better and pattern.search(one.text):
                    places[page] = one
            if places:
                told[name] = (chinese or told.get(name, ("",))[0], dict(list(places.items())[:MOST_PLACES]))
                break
    return told


def names_html(told: Mapping[str, tuple[str, Mapping[str, Passage]]], titles: Mapping[str, str]) -> str:
    """Return the index of names: each with links to where it is named."""
    items = []
    for name, (chinese, places) in told.items():
        links = ", ".join(
            f'<a href="{one.whole or f"{page}.html"}#{escape(one.anchor)}">{escape(_short(titles[page]))}</a>'
            for page, one in places.items()
        )
        also = f' <span lang="zh">{escape(chinese)}</span>' if chinese else ""
        items.append(f"<li><b>{escape(name)}</b>{also}: {links}</li>")
    return (
        "<section><h1>Index of names</h1><p>Funds, people, firms and places, and where the report "
        f'names them. Terms stand in the <a href="{GLOSSARY_PAGE}.html">glossary</a>.</p>'
        f'<ul class="pc-names">{"".join(items)}</ul></section>'
    )


def _short(title: str) -> str:
    """Return the first of the two parts of a title."""
    return re.split(r": |(?<=\?) ", title, maxsplit=1)[0]


def search_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page of the search, and the index of names, which needs no script."""
    yield "search", {"title": "Search", "body": SEARCH_BODY}, "page.html"
    found = collected(app)
    titles = {page: app.env.titles[page].astext() for page in found}
    yield NAMES, {"title": "Index of names", "body": names_html(named(book_data(), found), titles)}, "page.html"


def setup_search(app: Sphinx) -> None:
    """Register everything with Sphinx; before tables are written."""
    app.connect("builder-inited", no_other_search)
    app.connect("doctree-resolved", collect, priority=400)
    app.connect("html-collect-pages", search_pages)
    app.connect("build-finished", write_index)
