"""The code of chapters on the site: the functions that it names link to their source."""

from __future__ import annotations

import inspect
import os.path
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

from patient_capital.cells import PACKAGE, named
from patient_capital.figures import Chart, load_figures
from patient_capital.listings import Table, load_listings
from patient_capital.naming import slug_of

SOURCES = "_modules"
"""Folder of the pages of source that sphinx.ext.viewcode writes."""


def function_of(what: object) -> object:
    """Return the function behind what a chapter names: of a figure, the one that draws; of a table, that writes."""
    if isinstance(what, Chart):
        return what.draw
    return what.write if isinstance(what, Table) else inspect.unwrap(what) if callable(what) else what


def place_of(what: object) -> tuple[str, str] | None:
    """Return module and name of what a chapter names, or None where it has no source of its own."""
    function = function_of(what)
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    return (module, name) if module.split(".")[0] == PACKAGE and "<" not in name else None


def _inputs(doctree: nodes.document) -> Iterator[nodes.literal_block]:
    for cell in doctree.findall(nodes.container):
        if "cell_input" in cell.get("classes", ()):
            yield from cell.findall(nodes.literal_block)


def _named(doctree: nodes.document) -> dict[str, object]:
    return named("\n".join(block.astext() for block in _inputs(doctree)))


def keep_sources(app: Sphinx, doctree: nodes.document) -> None:
    """Have a page of source written for each module whose functions a chapter names or draws from."""
    found = list(_named(doctree).values())
    found += [give for what in found if isinstance(what, Chart | Table) for give in what.gives.values()]
    pages = getattr(app.env, "_viewcode_modules", {})
    app.env._viewcode_modules = pages  # type: ignore[attr-defined]  # builders of HTML and viewcode have it
    for place in filter(None, map(place_of, found)):
        module, name = place
        entry: Any = pages.get(module)
        if not entry:
            analyzer = ModuleAnalyzer.for_module(module)
            analyzer.find_tags()
            entry = (analyzer.code, analyzer.tags, {}, module)
        # A module of which no name has a place would have a page or none by the order in which pages are read.
        if name in entry[1]:
            pages[module] = entry
            entry[2].setdefault(name, app.env.docname)


def _linked(html: str, dotted: str, address: str, ident: str | None) -> str:
    """Link each mention of a name in highlighted code; the first gets an id, to which the page of source links back."""
    pieces = [f'<span class="n[a-z]*">{re.escape(part)}</span>' for part in dotted.split(".")]
    pattern = re.compile('<span class="o">\\.</span>'.join(pieces))
    anchored = [ident]

    def link(match: re.Match[str]) -> str:
        mark = f' id="{anchored[0]}"' if anchored[0] else ""
        anchored[0] = None
        return f'<a class="pc-code"{mark} href="{address}">{match[0]}</a>'

    return pattern.sub(link, html)


def link_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the code of a chapter with links to the sources of what it names."""
    if app.builder.format != "html":
        return
    pages = getattr(app.env, "_viewcode_modules", {})
    places = {dotted: place for dotted, what in _named(doctree).items() if (place := place_of(what))}
    anchored: set[str] = set()
    for block in list(_inputs(doctree)):
        html = app.builder.highlighter.highlight_block(block.astext(), block.get("language", "python"))  # type: ignore[attr-defined]  # builders of HTML and viewcode have it
        for dotted, (module, name) in places.items():
            entry = pages.get(module)
            if not entry or name not in entry[1]:
                continue
            source = app.builder.get_relative_uri(docname, f"{SOURCES}/{module.replace('.', '/')}")
            address = f"{source}#{name}"
            full = f"{entry[3]}.{name}"
            own = full if entry[2].get(name) == docname and full not in anchored else None
            linked = _linked(html, dotted, address, own)
            if own and linked != html:
                anchored.add(full)
            html = linked
        block.replace_self(nodes.raw("", f'<div class="highlight-ipython3 notranslate">{html}</div>', format="html"))


def valid_source(body: str) -> str:
    """Return a page of source as HTML that holds only what may stand where it stands.

    The extension writes a block into preformatted text, where only what runs on in a line may stand, and a list into a
    list.
    """
    if "<pre>" in body:
        before, code, after = re.split("(<pre>.*</pre>)", body, maxsplit=1, flags=re.DOTALL)
        return before + code.replace("<div ", "<span ").replace("</div>", "</span>") + after
    return re.sub(
        "<ul>.*</ul>", lambda lists: f"<ul>{''.join(re.findall('<li>.*?</li>', lists[0]))}</ul>", body, flags=re.DOTALL
    )


BACK = re.compile(r'(?<=class="viewcode-back" href=")([^"#]+)#([^"]+)(?=")')
"""The link of a function in a page of source back to the page that names it."""


@cache
def shown_with() -> dict[str, list[str]]:
    """Return by the full name of a function the ids of the figures and tables that are made from what it gives."""
    found: dict[str, list[str]] = {}
    for kind, things in (("fig", load_figures()), ("listing", load_listings())):
        for name, what in things.items():
            gives = what.gives.values() if isinstance(what, Chart | Table) else ()
            for full in {".".join(place) for give in gives if (place := place_of(give))}:
                found.setdefault(full, []).append(f"{kind}-{slug_of(name)}")
    return found


def with_ends(body: str, folder: Path) -> str:
    """Return a page of source whose links back lead to what is there.

    A chapter that prints a function's name has its anchor at the first mention. Where a figure or a table alone uses
    the function, the link leads to that; where the page has neither, to the page.

    Parameters
    ----------
    body : str
        The page of source.
    folder : Path
        Where the page of source will stand; the pages of chapters are written already.
    """
    ids: dict[str, set[str]] = {}

    def lead(match: re.Match[str]) -> str:
        page, full = match.groups()
        if page not in ids:
            # Folders of modules without a page of their own are never made, so the path is shortened as text.
            file = Path(os.path.normpath(folder / page))
            ids[page] = set(re.findall(r'\sid="([^"]+)"', file.read_text(encoding="utf-8")))
        there = next((one for one in (full, *shown_with().get(full, ())) if one in ids[page]), "")
        return f"{page}#{there}" if there else page

    return BACK.sub(lead, body)


def mend_source(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Write pages of source as valid HTML, with links that lead somewhere."""
    if pagename.startswith(f"{SOURCES}/"):
        context["body"] = with_ends(valid_source(context["body"]), (Path(app.outdir) / pagename).parent)


def setup_code(app: Sphinx) -> None:
    """Connect all steps; the second after figures and tables have taken their places."""
    app.connect("html-page-context", mend_source)
    app.connect("doctree-read", keep_sources)
    app.connect("doctree-resolved", link_code, priority=900)
