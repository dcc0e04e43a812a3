"""What is said to be not found: each such claim rests on a row of searches, which says how and until when was looked."""

from __future__ import annotations

import re
from collections.abc import Collection

from patient_capital.formatting import human_date
from patient_capital.provenance.records import computed
from patient_capital.provenance.registry import load_results, number
from patient_capital.tables import Data

FAMILY = "data.not_found"
"""The family of claims, one for each row of searches."""

_SEEN = r"(?:found|named|published|disclosed|made public)"
ABSENT = re.compile(
    rf"\b(?:not|never) (?:yet |again |been |be )*{_SEEN}\b"
    rf"|\b(?:no|nothing|nobody|none)\b[^.;:!?]{{0,80}}?\b{_SEEN}\b"
    rf"|\b{_SEEN} nowhere\b|\bno figures?\b|\bnobody knows\b|\bunknown\b",
    re.IGNORECASE,
)
"""Words that say that something was not found."""


def search_of(row: str) -> str:
    """Return the reference of the claim that nothing was found, for a row of searches."""
    return f"{FAMILY}[{row}]"


def absences(text: str) -> list[str]:
    """Return the words of a text that say that something was not found."""
    return [match[0] for match in ABSENT.finditer(" ".join(text.split()))]


def rests_on_a_search(ref: str, data: Data) -> bool:
    """Say whether a fact or result reads a row of searches, itself or through others."""
    if "]." in ref:
        return False
    try:
        inputs = computed(data, load_results(), ref).rows
    except (KeyError, ValueError):
        return False  # what is wrong with it is said where it is printed
    return any(label.removeprefix("result ").startswith(("searches[", f"{FAMILY}[")) for label in inputs)


def with_day(data: Data, note: str, rows: Collection[str]) -> str:
    """Return a note with the day until which was looked for all of some rows of searches.

    Raises
    ------
    KeyError, ValueError
        If there is no such row, or it says that something was found.
    """
    if not rows:
        return note
    for row in rows:
        number(search_of(row), data)
    days = {data.table("searches").text[row]["looked_on"] for row in rows}
    at_least = " at least" if len(days) > 1 else ""
    return f"{note} Looked until {human_date(min(days))}{at_least}.".strip()
