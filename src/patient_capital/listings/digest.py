"""The table of the audit of the digest."""

from __future__ import annotations

from typing import Final

from patient_capital.analysis.digest import VERDICTS, independent_publishers
from patient_capital.listings.record import Cell, Column, Listing, listing
from patient_capital.tables import Data

FIXED: Final = "fixed"


@listing("digest.claims")
def claims(data: Data) -> Listing:
    """Every claim with its verdict."""
    rows = []
    for key, text in data.table("claims").text.items():
        count = len(independent_publishers(data, key))
        rests = (
            f"{count} independent publisher{'' if count == 1 else 's'}: {text['evidence'].replace(';', ', ')}"
            if text["evidence"]
            else ""
        )
        rows.append(
            (
                Cell(text["paragraph"], sort=float(text["paragraph"]), anchor=f"claim-{key}"),
                Cell(text["claim"], under=", ".join(p for p in (text["speaker"], text["topic"]) if p)),
                Cell(VERDICTS[text["verdict"]]), Cell(" ".join(p for p in (text["note"], text["what_came"]) if p), under=rests),
            )
        )  # fmt: skip
    return Listing(
        "The digest, claim by claim",
        (Column("Par.", FIXED), Column("Claim, in our words", wide=True), Column("Verdict"), Column("Why, what came, and on what it rests", wide=True)),
        tuple(rows), search=True, download="claims.csv", empty="–",
    )  # fmt: skip
