"""What can be found on a page: each paragraph, term, row of a table and figure, under an anchor of its own.

Read from the page as Sphinx has resolved it, and from the tables themselves, not from HTML: so cells never run into one
another, and what a reader does not see (cards, code, sources behind a fold) is not found.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from docutils import nodes
from sphinx import addnodes

from patient_capital.explorers import Explorer, load_explorers
from patient_capital.listings import Listing, load_listings
from patient_capital.naming import slug_of
from patient_capital.provenance.registry import number
from patient_capital.sphinxext.beside import TABLES
from patient_capital.sphinxext.explorer import ExplorerNode
from patient_capital.sphinxext.listing import ListingNode, is_long
from patient_capital.tables import book_data

BETWEEN = " · "
"""Stands between the cells of a row, so that no phrase runs over them."""

SILENT = (
    nodes.literal_block, nodes.comment, nodes.system_message, nodes.image, nodes.math_block, nodes.thead, addnodes.toctree,
)  # fmt: skip
"""Parts of a page that nobody searches."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What a search can lead to.

    Attributes
    ----------
    anchor : str
        HTML id on the page; empty for the page itself.
    kind : str
        ``page``, ``section``, ``text``, ``term``, ``row``, ``figure`` or ``function``.
    head : str
        Title of what it stands in: a section, or the table of a row.
    text : str
        What a reader sees.
    whole : str
        Address, from the root of the site, of the page of all rows of a table, where that of the book holds some alone.
    """

    anchor: str
    kind: str
    head: str
    text: str
    whole: str = ""


def seen(text: str) -> str:
    """Return a text as a reader sees it: on one line."""
    return " ".join(text.split())


class _Ids:
    """Gives what has no id one that stays as long as its words do."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, node: nodes.Element, text: str) -> str:
        """Return the id of a node; where it has none, give it one."""
        if not node["ids"]:
            digest = hashlib.sha256(text.encode()).hexdigest()
            # The shortest that no other passage of the page has.
            node["ids"] = [
                next(f"p-{digest[:size]}" for size in range(5, 65) if f"p-{digest[:size]}" not in self._taken)
            ]
        self._taken.add(node["ids"][0])
        return str(node["ids"][0])


def _inner(html: str) -> str:
    """Return the text of a piece of HTML without what folds, draws or serves."""
    html = re.sub(r"<(svg|script|details|code|pre|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return seen(unescape(re.sub(r"<[^>]*>", " ", html)))


def _found(pattern: str, html: str) -> str:
    match = re.search(pattern, html, re.DOTALL)
    return _inner(match[1]) if match else ""


def figure(html: str) -> Passage | None:
    """Return a figure from its HTML: its finding, what is drawn, its note, and the words in its drawing."""
    opened = re.search(r'<figure class="pc-figure" id="([^"]+)"', html)
    if opened is None:
        return None
    title = _found(r'class="pc-figure__title">(.*?)</p>', html)
    told = [
        title,
        _found(r'class="pc-figure__subtitle">(.*?)</p>', html),
        _found(r'role="img" aria-label="([^"]*)"', html),
        _found(r"<figcaption><p>(.*?)</p>", html),
    ]
    said = " ".join(told).lower()
    labels = (seen(unescape(one)) for one in re.findall(r"<text\b[^>]*>([^<]*)</text>", html))
    # Both drawings have the same labels; numbers and what the caption says are left out.
    words = dict.fromkeys(one for one in labels if re.search(r"[^\W\d_]{3}|[\u4e00-\u9fff]", one))
    told += [BETWEEN.join(one for one in words if one.lower() not in said)]
    return Passage(opened[1], "figure", title, BETWEEN.join(filter(None, told)))


def rows(listing: Listing) -> Iterator[Passage]:
    """Yield the rows of a table, cells apart."""
    whole = f"{TABLES}/{slug_of(listing.name)}.html" if is_long(listing, listing.name) else ""
    for row, anchor in zip(listing.rows, listing.row_ids, strict=True):
        shown = ((number(cell.ref).text(cell.form) if cell.ref else cell.text, cell.under) for cell in row)
        text = BETWEEN.join(seen(part) for cell in shown for part in cell if part)
        yield Passage(anchor, "row", listing.title, text, whole)


def explorer(one: Explorer) -> Passage:
    """Return an explorer: what it is about, and what can be moved."""
    told = (one.title, one.subtitle, one.alt, one.note, *(control.label for control in one.controls))
    return Passage(one.slug, "figure", one.title, BETWEEN.join(filter(None, map(seen, told))))


def _is_code(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and "cell_input" in node.get("classes", ())


def _function(node: nodes.Element) -> Iterator[Passage]:
    """Yield a function or class of the model: its name, and what it is for."""
    signature = next(iter(node.findall(addnodes.desc_signature)), None)
    if signature is not None and signature["ids"]:
        told = next((seen(one.astext()) for one in node.findall(nodes.paragraph)), "")
        yield Passage(signature["ids"][0], "function", "", f"{signature.get('fullname', '')}{BETWEEN}{told}")
    for part in node.findall(addnodes.desc):
        if part is not node:
            yield from _function(part)


def _whole(node: nodes.Node, head: str, ids: _Ids) -> Iterable[Passage] | None:
    """Return the passages of what is found as a whole, or None where its parts are."""
    match node:
        case ListingNode():
            return rows(load_listings()[node["listing"]].of(book_data()))
        case ExplorerNode():
            return [explorer(load_explorers()[node["explorer"]].of(book_data()))]
        case nodes.raw():
            return filter(None, [figure(node.astext())])
        case addnodes.desc():
            return _function(node)
        case nodes.definition_list_item():
            term = next(iter(node.findall(nodes.term)))
            name = seen(term.astext())
            told = " ".join(seen(one.astext()) for one in node.findall(nodes.definition))
            return [Passage(ids.of(term, name), "term", name, f"{name}: {told}")]
        case nodes.citation() | nodes.footnote() | nodes.row():
            parts = (seen(part.astext()) for part in node.children if not isinstance(part, nodes.label))
            text = BETWEEN.join(filter(None, parts))
        case nodes.container() if "sd-card-body" in node["classes"]:
            text = " ".join(filter(None, (seen(part.astext()) for part in node.children)))
        case nodes.paragraph() | nodes.line_block():
            text = seen(node.astext())
        case _:
            return None
    kind = "row" if isinstance(node, nodes.row) else "text"
    return [Passage(ids.of(node, text), kind, head, text)] if text else []


def _walk(node: nodes.Node, head: str, ids: _Ids) -> Iterator[Passage]:
    """Yield the passages below a node, which stands under a heading."""
    if isinstance(node, SILENT) or _is_code(node):
        return
    if (found := _whole(node, head, ids)) is not None:
        yield from found
        return
    if isinstance(node, nodes.section):
        head = seen(next(iter(node.findall(nodes.title)), nodes.title()).astext())
        first = isinstance(node.parent, nodes.document)
        yield Passage("" if first else node["ids"][0], "page" if first else "section", head, head)
    for child in node.children:
        yield from _walk(child, head, ids)


def passages(doctree: nodes.document) -> list[Passage]:
    """Return what can be found on a page, and give each passage of it an id; tables must not have been written yet."""
    return list(_walk(doctree, "", _Ids()))
