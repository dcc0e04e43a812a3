"""The audit of the digest: verdicts and the rows they rest on."""

from __future__ import annotations

import pandas as pd

from patient_capital.provenance.records import Context, publishers, sources_of
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Data, Reader

VERDICTS = {
    "confirmed": "confirmed",
    "qualified": "needs a qualifier",
    "contradicted": "contradicted",
    "only_in_digest": "only in the digest",
    "opinion": "opinion",
}
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


def independent_of_digest(data: Data, evidence: str) -> frozenset[str]:
    """Return the publishers behind evidence, as :func:`evidence_rows` reads it, that are independent of the digest."""
    listed = data.table("publishers").text
    rows = evidence_rows(evidence)
    return frozenset(p for p in publishers(sources_of(data, rows)) if listed[p]["independent_of_digest"] == "true")


AUDIT_COLUMNS = ("paragraph", "topic", "speaker", "claim", "verdict", "note", "what_came", "evidence")


def with_publishers(claims: pd.DataFrame, data: Data) -> pd.DataFrame:
    """Add `independent_publishers`, how many behind the `evidence` of claims are independent of the digest."""
    counts = [len(independent_of_digest(data, evidence)) for evidence in claims["evidence"].fillna("")]
    return claims.assign(independent_publishers=counts)


def audit(reader: Reader) -> pd.DataFrame:
    """Return :data:`AUDIT_COLUMNS` of every claim, and on how many independent publishers it rests."""
    return with_publishers(reader.frame("claims", *AUDIT_COLUMNS), reader.data)


def by_verdict(claims: pd.DataFrame) -> pd.DataFrame:
    """Count claims by verdict: `verdict`, its `words`, and the number of `claims`.

    There is a row for each of :data:`VERDICTS`, in their order, with or without claims.
    """
    counts = claims["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0).astype(int)
    return pd.DataFrame({"verdict": list(VERDICTS), "words": list(VERDICTS.values()), "claims": counts.to_numpy()})


def verdicts(reader: Reader) -> pd.DataFrame:
    """Return the number of claims of the digest by verdict, as :func:`by_verdict` counts them."""
    return by_verdict(reader.frame("claims", "verdict"))


def _counts(ctx: Context) -> pd.Series:
    return verdicts(ctx).set_index("verdict")["claims"]


@result(unit="count", name="{case}", cases={verdict: {"words": words} for verdict, words in VERDICTS.items()})
def claims_of(ctx: Context, *, case: str) -> int:
    """Claims of the digest: {words}.

    Number of claims with that verdict.
    """
    return int(_counts(ctx)[case])


@result(unit="count")
def claims(ctx: Context) -> int:
    """Claims of the digest.

    Number of claims.
    """
    return int(_counts(ctx).sum())


@result(unit="count")
def checkable(ctx: Context) -> int:
    """Claims that could be checked.

    Claims confirmed, qualified or contradicted.
    """
    return int(_counts(ctx)[list(CHECKED)].sum())


@claim()
def needs_qualifier(ctx: Context, row: str) -> bool:
    """It needs a qualifier.

    The claim has that verdict.
    """
    return bool(ctx.cell("claims", row, "verdict") == "qualified")


@claim()
def digest_alone(ctx: Context, row: str) -> bool:
    """It is known from the digest alone.

    The claim has that verdict.
    """
    return bool(ctx.cell("claims", row, "verdict") == "only_in_digest")


@claim()
def none_contradicted(ctx: Context) -> bool:
    """None is contradicted.

    No claim has the verdict contradicted.
    """
    return int(_counts(ctx)["contradicted"]) == 0
