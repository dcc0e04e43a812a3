"""The audit of the digest: verdicts and the rows they rest on."""

from __future__ import annotations

from functools import partial

import pandas as pd

from patient_capital.provenance.records import Context, publishers, sources_of
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Data, Reader

VERDICTS = {
    "confirmed": "confirmed", "qualified": "needs a qualifier", "contradicted": "contradicted", "only_in_digest": "only in the digest", "opinion": "opinion",
}  # fmt: skip
CHECKED = ("confirmed", "qualified", "contradicted")
"""Verdicts that must rest on a source that is independent of the digest."""


def evidence_rows(text: str) -> list[tuple[str, str]]:
    """Read ``table[row];table[row]``.

    Raises
    ------
    ValueError
        If an item is not of that form.
    """
    rows = []
    for item in (part for part in text.split(";") if part):
        table, bracket, row = item.partition("[")
        if not bracket or not row.endswith("]"):
            raise ValueError(f"{item!r} is not of the form table[row]")
        rows.append((table, row[:-1]))
    return rows


def independent_publishers(data: Data, claim_id: str) -> frozenset[str]:
    """Return the publishers behind the evidence of a claim that are independent of the digest."""
    listed = data.table("publishers").text
    rows = evidence_rows(data.table("claims").text[claim_id]["evidence"])
    return frozenset(p for p in publishers(sources_of(data, rows)) if listed[p]["independent_of_digest"] == "true")


def verdicts(reader: Reader) -> pd.Series:
    """Return the number of claims by verdict, in the order of :data:`VERDICTS`."""
    counts = reader.frame("claims", "verdict")["verdict"].value_counts()
    return counts.reindex(list(VERDICTS), fill_value=0).astype(int)


def _count(ctx: Context, *, verdict: str) -> int:
    return int(verdicts(ctx)[verdict])


for _verdict, _words in VERDICTS.items():
    result(
        f"digest.{_verdict}",
        f"Claims of the digest: {_words}",
        unit="count",
        formula="number of claims",
        inputs=("claims.verdict",),
    )(partial(_count, verdict=_verdict))


@result("digest.claims", "Claims of the digest", unit="count", formula="number of claims", inputs=("claims.verdict",))
def claims(ctx: Context) -> int:
    """Count."""
    return int(verdicts(ctx).sum())


@result(
    "digest.checkable",
    "Claims that could be checked",
    unit="count",
    formula="claims confirmed, qualified or contradicted",
    inputs=("claims.verdict",),
)
def checkable(ctx: Context) -> int:
    """Count."""
    return int(verdicts(ctx)[list(CHECKED)].sum())


@claim(
    "digest.none_contradicted",
    "None is contradicted",
    formula="no claim has the verdict contradicted",
    inputs=("claims.verdict",),
)
def none_contradicted(ctx: Context) -> bool:
    """Say whether the words hold."""
    return int(verdicts(ctx)["contradicted"]) == 0
