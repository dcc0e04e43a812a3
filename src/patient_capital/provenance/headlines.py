"""The headline numbers: what stands in the boxes of findings and on the cards of key numbers, and which page proves it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from patient_capital.formatting import counted, human_date
from patient_capital.provenance.evidence import Evidence, evidence_of
from patient_capital.provenance.links import parser
from patient_capital.provenance.records import (
    THIS_BOOK,
    Source,
    all_sources,
    computed,
    publishers,
    sources_of,
    split_cell,
)
from patient_capital.provenance.registry import load_results
from patient_capital.provenance.syntax import Use, parse_target
from patient_capital.tables import Data

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

    A list is seen as a whole, so that one cell of a page stands for its column. What is computed, counted or assumed
    has no page.
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


def cells_behind(data: Data, ref: str) -> list[tuple[str, str, str]]:
    """Return the cells (table, row, column) that a number is, or is computed from, in order."""
    return sorted({(table, row, column) for table, column, rows in read_for(data, ref) for row in rows})


def _day(data: Data, table_name: str, row: str, column: str) -> str:
    """Return the day of a cell: that which its column names, else that of its row; empty where neither is known."""
    table = data.table(table_name)
    by = (table.schema.field(column).dated_by, table.schema.date_column)
    return next((table.text[row][one] for one in by if one and table.text[row][one]), "")


def _pages_seen(data: Data, ref: str) -> dict[str, list[tuple[Evidence, str]]]:
    """Return by page what was seen to give a number or what it is computed from, each with the day of its cell."""
    found: dict[str, list[tuple[Evidence, str]]] = {}
    for cell in cells_behind(data, ref):
        for one in evidence_of(data, *cell):
            if one.agrees and one.seen != "not_seen":
                found.setdefault(one.source_key, []).append((one, _day(data, *cell)))
    return found


def documents(data: Data, ref: str) -> list[tuple[Evidence | None, Source]]:
    """Return the pages that were seen to give a number or what it is computed from: first those that give most of it.

    Of pages that give as much, those of the month in which it happened come first, and then the body's own records:
    what was announced in one month is not proved by what was said of it later.

    Where nobody looked a cell up, the pages that its row cites come behind them; of a claim on words and dates alone,
    those of every row that it reads.
    """
    listed = all_sources(data)
    cells = cells_behind(data, ref)
    if found := _pages_seen(data, ref):

        def rank(key: str) -> tuple[int, int, bool, bool]:
            at_once = sum(bool(day[:7]) and listed[key].published.startswith(day[:7]) for _, day in found[key])
            one = found[key][0][0]
            return -len(found[key]), -at_once, not one.official, one.seen != "whole_page"

        bare = [cell[:2] for cell in cells if not evidence_of(data, *cell)]
        cited = [(None, source) for source in sources_of(data, bare) if source.key not in found]
        return [*((found[key][0][0], listed[key]) for key in sorted(found, key=rank)), *cited]
    rows = [(table, row) for table, row, _ in cells] or [
        place for read in computed(data, load_results(), ref).rows.values() for place in read
    ]
    return [(None, source) for source in sources_of(data, rows)]


def _dated(data: Data, ref: str, source: Source) -> str:
    """Return the day of a document; of one that was begun before the day of the number, also when it was read.

    A list to which its publisher adds keeps the day on which it was begun.
    """
    if not source.published:
        return "no date"
    latest = max((day for _, day in _pages_seen(data, ref).get(source.key, ())), default="")
    shorter = min(len(latest), len(source.published))
    read = data.table("sources").text[source.key]["accessed_on"]
    if source.published[:shorter] < latest[:shorter] and read:
        return f"begun on {human_date(source.published)} and continued since, as read on {human_date(read)}"
    return human_date(source.published)


MANY_PAGES = 15
"""Pages beyond which no single one proves a number: then the rows do over which it is computed."""


def told_document(data: Data, ref: str) -> tuple[Source | None, str]:
    """Return the document that proves a number, and in words its publisher, its day and what else stands behind it.

    Of a number that is computed over many pages no single one is the document: then the words tell the rows.
    """
    pages = documents(data, ref)
    own = bool(pages) and pages[0][1].publisher_id == THIS_BOOK
    if not pages or own or len(pages) > MANY_PAGES:
        rows = {place for read in computed(data, load_results(), ref).rows.values() for place in read}
        counts = Counter(table for table, _ in rows)
        told = ", ".join(
            f"{counted(n, 'row')} of the table {data.table(table).schema.title}" for table, n in counts.most_common()
        )
        known = f", from {counted(len(pages), 'page')}" if pages and not own else ""
        return None, f"Computed by this report over {told or 'other results'}{known}"
    (first, source), *others = pages
    day = _dated(data, ref, source)
    same = sum(1 for one, _ in others if one and first and one.origin == first.origin)
    rest = [f"{counted(same, 'more page')} from the same origin"] if same else []
    if other := len(others) - same:
        rest.append(f"{counted(other, 'more page')} from elsewhere")
    return source, "; ".join([f"{source.credit}, {day}", *rest])


KIND_WORDS = ("on record", "survey", "estimated", "model", "not found")
"""The kinds of statements, as the words of a link behind a sentence; each number has one kind on all pages."""

KIND_SIGNS = {
    "on record": "on record|our (?:own )?count|same count|counts of|report of",
    "survey": "survey",
    "model": "model",
    "not found": "looked until",
    "estimated": "estimate|forecast",
}
"""How the label at the end of a finding, in italics, says its kind: the first that it holds."""


def kinds(markdown: str) -> Iterator[tuple[str, str]]:
    """Yield each number of a page that has a label, with its kind: that of the first label behind it in the same block.

    A label is a link whose words are a kind, or the italics at the end of a finding. What tells of a search is no
    number.
    """
    for node in SyntaxTreeNode(parser().parse(markdown)).walk():
        if node.type == "inline":
            yield from _kinds_of(node)


def _kinds_of(block: SyntaxTreeNode) -> Iterator[tuple[str, str]]:
    waiting: list[str] = []
    for part in block.walk():
        words = "".join(text.content for text in part.walk() if text.type == "text").lower()
        kind, target = "", None
        if part.type == "link":
            kind, target = (words, None) if words in KIND_WORDS else ("", _target(part))
        elif part.type == "em" and not (part.parent and part.parent.type == "link"):
            kind = next((name for name, sign in KIND_SIGNS.items() if re.search(sign, words)), "")
        if kind:
            yield from ((ref, kind) for ref in waiting)
            waiting = []
        elif isinstance(target, Use) and not target.ref.startswith("data."):
            waiting.append(target.ref)
