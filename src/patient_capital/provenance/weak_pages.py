"""Headlines that rest on pages which anybody can write: code-sharing pages, blogs, social posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from patient_capital.provenance.evidence import evidence_of
from patient_capital.provenance.headlines import headlines, read_for
from patient_capital.provenance.records import THIS_BOOK
from patient_capital.tables import Data, Problem
from patient_capital.tables.rules import SELF_PUBLISHED


@dataclass(frozen=True, slots=True)
class Weak:
    """Cells of one column behind a headline that only self-published pages state.

    Attributes
    ----------
    rows : tuple of str
        Ids of the rows, in order of the table.
    pages : tuple of str
        Keys of the pages that state them.
    """

    table: str
    column: str
    rows: tuple[str, ...]
    pages: tuple[str, ...]


def pages_of(data: Data, table: str, row: str, column: str) -> frozenset[str]:
    """Return the keys of the pages that stand behind a cell: those that its row cites, and its evidence that agrees."""
    held, publisher = data.table(table), data.table("sources").text
    cited = {key for name in held.schema.source_fields for key in held.text[row][name].split(";") if key}
    seen = {one.source_key for one in evidence_of(data, table, row, column) if one.agrees and one.seen != "not_seen"}
    return frozenset(key for key in cited | seen if publisher[key]["publisher_id"] != THIS_BOOK)


def weak(data: Data, ref: str) -> list[Weak]:
    """Return what a number rests on that only self-published pages state; a cell that cites no page is no such cell.

    Parameters of the model carry a grade of their own, down to a bare assumption, which their chapter shows.
    """
    kinds = {key: text["kind"] for key, text in data.table("sources").text.items()}
    found: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    cells = {(table, row, column) for table, column, rows in read_for(data, ref) for row in rows}
    for table, row, column in sorted(cells):
        pages = pages_of(data, table, row, column)
        if table != "parameters" and pages and all(kinds[key] in SELF_PUBLISHED for key in pages):
            found.setdefault((table, column), {})[row] = pages
    return [
        Weak(table, column, tuple(sorted(rows, key=data.table(table).lines.__getitem__)), _keys(rows.values()))
        for (table, column), rows in found.items()
    ]


def _keys(pages: Iterable[frozenset[str]]) -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*pages)))


def problems_of_weak_pages(place: str, markdown: str, data: Data) -> Iterator[Problem]:
    """Yield each headline of a text that rests on a code-sharing page, a blog or a social post alone.

    Parameters
    ----------
    place : str
        Page, or cell of a notebook, as the message names it.
    """
    for ref in dict.fromkeys(use.ref for use in headlines(markdown)):
        for one in weak(data, ref):
            held = data.table(one.table)
            more = f" and {len(one.rows) - 1} more rows" if len(one.rows) > 1 else ""
            rule = (
                f"{one.rows[0]}{more} rest on {', '.join(one.pages)} alone, and the headline {ref} of {place} on them: "
                "anybody can write a code-sharing page, a blog or a social post"
            )
            advice = (
                "Cite the document itself (source_keys, or evidence.csv), or take the number out of findings and cards."
            )
            yield held.problem(one.rows[0], one.column, rule, advice)
