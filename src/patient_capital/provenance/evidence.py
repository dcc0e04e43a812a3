"""Which page says which number: what was looked up for single cells, beside the sources that a row cites as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from patient_capital.formatting import counted
from patient_capital.tables import Data

OFFICIAL = inf
"""Voices behind an official record: it needs no second one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page that says the value of a cell.

    Attributes
    ----------
    stated : str
        The deciding words, in their own language.
    seen : str
        ``whole_page``, ``excerpt``, ``cited_by_another`` or ``not_seen``.
    origin : str
        Who first said it. Pages that repeat one origin are one voice.
    agrees : bool
        Whether the page gives the value of the cell, or another.
    official : bool
        Whether the page is the body's own act or record: registry, statistics office, filing.
    """

    source_key: str
    stated: str
    seen: str
    origin: str
    agrees: bool
    official: bool

    def words(self) -> str:
        """Say what the page says, and how it was seen."""
        how = ("" if self.agrees else "another value, ") + self.seen.replace("_", " ")
        quoted = f"\u201c{self.stated}\u201d " if self.stated else ""
        return f"{quoted}({how}{', official record' if self.official else ''})"


def _by_cell(data: Data) -> dict[tuple[str, str, str], tuple[Evidence, ...]]:
    found: dict[tuple[str, str, str], tuple[Evidence, ...]] = {}
    for text in data.table("evidence").text.values():
        cell = (text["table"], text["row_id"], text["column"])
        agrees, official = (text[column] == "true" for column in ("agrees", "official"))
        one = Evidence(text["source_key"], text["stated"], text["seen"], text["origin"], agrees, official)
        found[cell] = (*found.get(cell, ()), one)
    return found


def evidence_of(data: Data, table: str, row: str, column: str) -> tuple[Evidence, ...]:
    """Return the pages that were looked up for one cell, in order of the table; none where nobody has looked."""
    return _looked_up(data).get((table, row, column), ())


def _looked_up(data: Data) -> Mapping[tuple[str, str, str], tuple[Evidence, ...]]:
    return data.once("evidence", lambda: _by_cell(data))


def voices_by_cell(data: Data) -> Mapping[tuple[str, str, str], float | None]:
    """Return :func:`voices_of` of each cell that was looked up, by table, row id and column."""
    return data.once("voices", lambda: {cell: voices_of(seen) for cell, seen in _looked_up(data).items()})


def voices_of(evidence: Iterable[Evidence]) -> float | None:
    """Count the origins of pages that were seen and agree: `OFFICIAL` if one is a record, None if there is none."""
    seen = [one for one in evidence if one.agrees and one.seen != "not_seen"]
    if any(one.official for one in seen):
        return OFFICIAL
    return len({one.origin for one in seen}) or None


def told(voices: float | None) -> str:
    """Say what voices amount to; nothing where they are not known or no page is cited."""
    if not voices:
        return ""
    return "official record" if voices == OFFICIAL else counted(int(voices), "origin")
