"""Tables of the chapter on the rivalry of regions."""

from __future__ import annotations

from typing import Final

from patient_capital.analysis.regions import METHODS, SAMPLES
from patient_capital.listings.record import Cell, Column, Listing, date_cell, fact_cell, listing, result_cell
from patient_capital.tables import Data

END: Final = "end"
FIXED: Final = "fixed"


@listing("regions.fits")
def fits(data: Data) -> Listing:
    """Every fit with its interval."""
    rows = tuple(
        (
            Cell(how[0].upper() + how[1:], under=words), result_cell(data, f"regions.{method}_{sample}"),
            result_cell(data, f"regions.{method}_{sample}_interval"),
        )
        for method, how in METHODS.items()
        for sample, (words, _) in SAMPLES.items()
    )  # fmt: skip
    return Listing(
        "Elasticity of filings to R&D, by method and sample",
        (Column("Fit", wide=True), Column("Elasticity", END), Column("95 percent interval", END)), rows,
    )  # fmt: skip


@listing("regions.dragons")
def dragons(data: Data) -> Listing:
    """The six firms and what came after."""
    rows = tuple(
        (
            Cell(text["name_en"], under=", ".join(p for p in (text["sector"], text["hq"]) if p)), Cell(text["founded_year"]),
            Cell(text["state_investors"]), Cell(text["private_investors"]), Cell(text["later_events"]),
        )
        for text in data.table("dragons").text.values()
        if text["founded_year"] or text["sector"]
    )  # fmt: skip
    return Listing(
        "The six firms of Hangzhou, and what came after",
        (Column("Firm", wide=True), Column("Founded", FIXED), Column("State investors"), Column("Private investors"), Column("What came after", wide=True)),
        rows, download="dragons.csv", empty="–",
    )  # fmt: skip


@listing("regions.debate")
def debate(data: Data) -> Listing:
    """The debate in order of date."""
    rows = tuple(
        (date_cell(text["date"]), Cell(text["outlet"]), Cell(text["argument"]))
        for text in sorted(data.table("debate").text.values(), key=lambda t: t["date"])
    )
    return Listing(
        "Why Hangzhou? The debate in order of date",
        (Column("Date", FIXED), Column("Who"), Column("Argument, in our words", wide=True)), rows, search=True, download="debate.csv", empty="–",
    )  # fmt: skip


@listing("regions.instruments")
def instruments(data: Data) -> Listing:
    """Every instrument."""
    places = {code: text["name_en"] for code, text in data.table("province_codes").text.items()}
    rows = tuple(
        (
            Cell(places.get(text["region"], text["region"]), under=text["city"] if text["city"] != places.get(text["region"]) else ""), date_cell(text["date"]), Cell(text["instrument"]),
            fact_cell(data, "instruments", key, "amount_cny_bn"), Cell(text["summary"], under=text["amount_kind"].replace("_", " ")),
        )
        for key, text in data.table("instruments").text.items()
    )  # fmt: skip
    return Listing(
        "Every instrument found",
        (Column("Place"), Column("Date", FIXED), Column("Kind"), Column("Amount", END), Column("What it says, and what the amount is", wide=True)),
        rows, search=True, download="instruments.csv", empty="–",
        note="Amounts are of different kinds, named below each text, and must not be added.",
    )  # fmt: skip
