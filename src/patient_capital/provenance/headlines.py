"""The headline numbers: what stands in the boxes of findings and on the cards of key numbers, and which page proves it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from markdown_it.tree import SyntaxTreeNode

from patient_capital.formatting import counted, human_date
from patient_capital.money import STAGE_COLUMNS, STAGES
from patient_capital.provenance.evidence import Evidence, evidence_of
from patient_capital.provenance.links import parser
from patient_capital.provenance.records import Number, Source, all_sources, computed, publishers, sources_of, split_cell
from patient_capital.provenance.registry import load_results, number
from patient_capital.provenance.searches import absences
from patient_capital.provenance.syntax import Use, parse_target
from patient_capital.tables import Data
from patient_capital.tables.rules import HOSTS

FINDINGS = r"(?:The answer|What this .* finds)"
"""Title of a box of findings."""


@lru_cache(maxsize=1024)  # more texts than the pages have, which are asked for by several checks
def headlines(markdown: str) -> tuple[Use, ...]:
    """Return the numbers and claims in boxes of findings and on cards, in order, as a page prints them."""
    found = []
    for node in SyntaxTreeNode(parser().parse(markdown)).children:
        if _is_box(node) or _is_cards(node):
            targets = (_target(link) for link in node.walk() if link.type == "link")
            found += [target for target in targets if isinstance(target, Use)]
    return tuple(found)


def _target(link: SyntaxTreeNode) -> object:
    address = unquote(str(link.attrs["href"]))
    return parse_target(address[1:]) if address.startswith("#") else None


def _bold_line(node: SyntaxTreeNode) -> SyntaxTreeNode | None:
    """Return the bold text that the first paragraph inside a node consists of."""
    first = node.children[0] if node.children else None
    if first is None or first.type != "paragraph":
        return None
    shown = [part for part in first.children[0].children if part.type != "text" or part.content.strip()]
    return shown[0] if len(shown) == 1 and shown[0].type == "strong" else None


def _is_box(node: SyntaxTreeNode) -> bool:
    bold = _bold_line(node) if node.type == "blockquote" else None
    return bold is not None and bool(re.fullmatch(FINDINGS, "".join(part.content for part in bold.children)))


def _is_cards(node: SyntaxTreeNode) -> bool:
    """Say whether each item of a list opens with a bold line that begins with a number."""
    heads = [_bold_line(item) for item in node.children] if node.type == "bullet_list" else []
    return bool(heads) and all(
        head is not None
        and isinstance(next((_target(part) for part in head.children if part.type == "link"), None), Use)
        for head in heads
    )


def read_for(data: Data, ref: str) -> Iterator[tuple[str, str, set[str]]]:
    """Yield table, column and rows of what a number is, or of every number that it is computed from.

    What a computation reads to choose its rows, such as a name or a kind, is no number that it tells.
    """
    if "]." in ref:
        table, row, column = split_cell(ref)
        yield table, column, {row}
        return
    for label, rows in computed(data, load_results(), ref).rows.items():
        if label.startswith("result "):
            yield from read_for(data, label.removeprefix("result "))
        else:
            table, column = re.split(r"[.\[]", label, maxsplit=1)[0], label.rpartition(".")[2]
            if data.table(table).schema.field(column).type in {"number", "integer"}:
                yield table, column, {row for _, row in rows}


def _same(data: Data) -> dict[tuple[str, str, str], set[tuple[str, str, str]]]:
    """Return the other cells that hold the same quantity, by cell."""
    groups: dict[str, set[tuple[str, str, str]]] = {}
    for text in data.table("same_values").text.values():
        if not text["differs_because"]:
            groups.setdefault(text["quantity"], set()).add((text["table"], text["row_id"], text["column"]))
    for clause, text in data.table("patience_clauses").text.items():
        if text["rule_id"]:
            cells = groups.setdefault(f"rule {text['rule_id']}", {("fund_rules", text["rule_id"], "value")})
            cells.add(("patience_clauses", clause, "value"))
    same: dict[tuple[str, str, str], set[tuple[str, str, str]]] = {}
    for cells in groups.values():
        for cell in cells:
            same.setdefault(cell, set()).update(cells)
    return same


def _looked_up(data: Data, table: str, row: str, column: str) -> bool:
    """Say whether a page was looked up for a cell, or for another cell of the same quantity; or a row quotes it."""
    same = data.once("same quantity", lambda: _same(data)).get((table, row, column), {(table, row, column)})
    return any(
        data.table(name).text[key].get("text_zh", "") or evidence_of(data, name, key, of) for name, key, of in same
    )


def _assumed(text: Mapping[str, str], column: str) -> bool:
    """Say whether a cell of a row, given as text, is assumed: as the whole row is, or by its column."""
    whole = text.get("role") == "assume" or text.get("basis") == "assumed"
    return whole or column in text.get("assumed_columns", "").split(";")


def _pages(data: Data, table: str, row: str, column: str) -> set[str]:
    """Return the pages that may give a cell: those of its row, but none for what the book computed, counted or assumed."""
    held = data.table(table)
    text = held.text[row]
    sources = sources_of(data, [(table, row)])
    own = len(publishers(sources)) < len({source.publisher_id for source in sources})
    if own or _assumed(text, column) or held.schema.field(column).counted_in(text):
        return set()
    return {source.key for source in sources}


def _behind(data: Data, ref: str) -> Iterator[tuple[str, bool]]:
    """Yield each cell behind a number that some page gives, and whether what such a page says was looked up.

    A list is seen as a whole, so that one cell of a page stands for its column. What is computed, counted or assumed has
    no page.
    """
    for table, column, rows in read_for(data, ref):
        text = data.table(table).text
        pages = {row: _pages(data, table, row, column) for row in text}
        seen = {page for row in text if _looked_up(data, table, row, column) for page in pages[row]}
        for row in sorted(rows):
            if text[row][column] and pages[row]:
                yield f"{table}[{row}].{column}", bool(pages[row] & seen)


@dataclass(frozen=True, slots=True)
class Unproved:
    """Cells behind headline numbers of which nobody has looked up what their pages say.

    Attributes
    ----------
    refs : tuple of str
        The headline numbers that rest on the cells.
    whole : bool
        Whether one of these numbers rests on no page that was looked up.
    """

    cells: tuple[str, ...]
    refs: tuple[str, ...]
    whole: bool


def unproved(data: Data, refs: Iterable[str]) -> list[Unproved]:
    """Return what is behind headline numbers and was not looked up, cells of one column and the same numbers together."""
    behind: dict[str, list[str]] = {}
    bare = set()
    for ref in dict.fromkeys(refs):
        cells = dict(_behind(data, ref))
        missing = [cell for cell, proved in cells.items() if not proved]
        if missing and len(missing) == len(cells):
            bare.add(ref)
        for cell in missing:
            behind.setdefault(cell, []).append(ref)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for cell, read_by in behind.items():
        table, _, column = split_cell(cell)
        groups.setdefault((f"{table}.{column}", tuple(read_by)), []).append(cell)
    return [
        Unproved(tuple(cells), read_by, not bare.isdisjoint(read_by)) for (_, read_by), cells in sorted(groups.items())
    ]


STAGE_CAVEATS = {
    "announced": "Announced is a hope for money of all kinds, not money.",
    "approved": "Approved is not registered.",
    "registered": "Registered is subscribed by registry, not paid in.",
    "subscribed": "Subscribed is promised in a contract, not paid in.",
    "first_close": "A first close says nothing of what is raised in the end.",
    "paid_in": "Paid in to a fund is not invested in firms.",
}
QUALIFIERS = {
    "above": "more than",
    "more than": "more than",
    "below": "less than",
    "about": "about",
    "at least": "at least",
}


def cells_behind(data: Data, ref: str) -> list[tuple[str, str, str]]:
    """Return the cells (table, row, column) that a number is, or is computed from, in order."""
    return sorted({(table, row, column) for table, column, rows in read_for(data, ref) for row in rows})


def documents(data: Data, ref: str) -> list[tuple[Evidence | None, Source]]:
    """Return the pages that were seen to give a number or what it is computed from: first those that give most of it.

    Of pages that give as much, the body's own records come first.

    Where nobody looked a cell up, the pages that its row cites; of a claim on words and dates alone, those of every row
    that it reads.
    """
    listed = all_sources(data)
    cells = cells_behind(data, ref)
    found: dict[str, list[Evidence]] = {}
    for one in (one for cell in cells for one in evidence_of(data, *cell) if one.agrees and one.seen != "not_seen"):
        found.setdefault(one.source_key, []).append(one)
    if found:
        best = sorted(
            (told[0] for told in found.values()),
            key=lambda one: (-len(found[one.source_key]), not one.official, one.seen != "whole_page"),
        )
        return [(one, listed[one.source_key]) for one in best]
    rows = [(table, row) for table, row, _ in cells] or [
        place for read in computed(data, load_results(), ref).rows.values() for place in read
    ]
    return [(None, source) for source in sources_of(data, rows)]


def searches_behind(data: Data, ref: str) -> list[str]:
    """Return the rows of searches on which a claim of absence rests."""
    if "]." in ref:
        return []
    rows = {
        row
        for found in computed(data, load_results(), ref).rows.values()
        for table, row in found
        if table == "searches"
    }
    return sorted(rows)


def caveats(data: Data, shown: Number) -> list[str]:
    """Return what must be said with a number, in sentences: of the stage of its money, its span, its doubts, its day."""
    cells = cells_behind(data, shown.ref)
    stages = {STAGE_COLUMNS.get(column) for _, _, column in cells} & set(STAGE_CAVEATS)
    told = [STAGE_CAVEATS[stage] for stage in STAGES if stage in stages]
    rows = {(table, row) for table, row, _ in cells}
    if len(rows) == 1:
        [(table, row)] = rows
        text = data.table(table).text[row]
        qualifier = QUALIFIERS.get(text.get("qualifier", ""), "")
        told += [f"Say: {qualifier}."] if qualifier else []
        told += [f"Holds for {text['who']}."] if text.get("who") else []
    told += _of_the_model(data, shown.ref)
    if assumed := sum(_assumed(data.table(table).text[row], column) for table, row, column in cells):
        told.append(f"{counted(assumed, 'input')} of its computation {'is' if assumed == 1 else 'are'} assumed.")
    told += _others(data, [one for cell in cells for one in evidence_of(data, *cell) if not one.agrees])
    told += _copies(data, ref=shown.ref)
    if shown.star:
        told.append("A single origin stands behind it.")
    for row in searches_behind(data, shown.ref):
        day = human_date(data.table("searches").text[row]["looked_on"])
        late, count = number("data.late_pages", data), number("data.source_count", data)
        told.append(f"We looked until {day}; it may exist. {late.label}: {late.text()} of {count.text()}.")
    if shown.note and not absences(shown.note):
        told.append(f"{shown.note[0].upper()}{shown.note[1:].rstrip('.')}.")
    return list(dict.fromkeys(told))


FEW = 3
"""Pages with another value that are told one by one."""


def _others(data: Data, pages: Sequence[Evidence]) -> list[str]:
    """Say which pages give another value, and in which words."""
    listed = all_sources(data)
    other = {one.source_key: one for one in pages}
    if len(other) > FEW:
        return [f"{counted(len(other), 'page')} give other values for one of its inputs: the disagreements list them."]
    return [
        f"Another page says otherwise: \u201c{one.stated}\u201d ({source.publisher}"
        f"{f', {human_date(source.published)}' if source.published else ''})."
        for one, source in ((one, listed[key]) for key, one in other.items())
    ]


def _copies(data: Data, ref: str) -> list[str]:
    """Say where the documents behind a number were read, if all of them in a collection that anybody can write."""
    pages = [source for _, source in documents(data, ref)]
    hosts = HOSTS["code_sharing"]
    copied = [page for page in pages if page.reprint and urlsplit(page.url).hostname in hosts]
    if not pages or len(copied) < len(pages):
        return []
    carriers = ", ".join(dict.fromkeys(page.carried_by for page in copied))
    return [f"The texts were read in a collection carried by {carriers}, not on the pages of those who issued them."]


def _of_the_model(data: Data, ref: str) -> list[str]:
    """Say what the model rests on, with the span of a result that has one."""
    name, bracket, row = ref.partition("[")
    if not name.startswith("model.") or "]." in ref:
        return []
    span = f"{name}_span{bracket}{row}"
    known = f"{name}_span" in load_results()
    return [
        "From a model with American deals and an assumed price of a forced sale; no observation.",
        *([f"Print its span: {number(span, data).text()}."] if known else []),
    ]
