"""Tables of the chapter on the precedent."""

from __future__ import annotations

from typing import Final

from patient_capital.listings.record import Cell, Column, Listing, fact_cell, listing, result_cell
from patient_capital.tables import Data

END: Final = "end"
FIXED: Final = "fixed"


def _fact(data: Data, row: str, form: str = "full") -> Cell:
    return fact_cell(data, "solar_ev_parallel", row, "value", form)


@listing("precedent.ledger")
def ledger(data: Data) -> Listing:
    """What came with what."""
    rows = (
        (Cell("Solar", under="output"), Cell("Module output, 2024 over 2015"), result_cell(data, "precedent.output_multiple")),
        (Cell("Solar", under="output"), Cell("Modules exported in 2024"), _fact(data, "pv_module_exports_gw_2024")),
        (Cell("Solar", under="output"), Cell("China's share of solar manufacturing, 2021"), _fact(data, "china_share_solar_manufacturing_pct_2021")),
        (Cell("Solar", under="capacity"), Cell("Polysilicon capacity, 2024 over 2020"), result_cell(data, "precedent.polysilicon_multiple")),
        (Cell("Solar", under="capacity"), Cell("Use of polysilicon capacity, 2025"), _fact(data, "polysilicon_utilisation_pct_2025")),
        (Cell("Solar", under="profit"), Cell("Loss of five leading makers in 2024"), result_cell(data, "precedent.loss_2024")),
        (Cell("Solar", under="exits"), Cell("Firms delisted, bankrupt or taken over, 2024"), _fact(data, "solar_firms_delisted_bankrupt_acquired_2024")),
        (Cell("Solar", under="jobs"), Cell("Jobs cut at large makers, 2024"), _fact(data, "solar_jobs_cut_2024")),
        (Cell("Cars", under="output"), Cell("Electric cars sold, 2024 over 2014"), result_cell(data, "precedent.cars_multiple")),
        (Cell("Cars", under="profit"), Cell("Fall of the margin of the whole car industry, 2017 to 2025"), result_cell(data, "precedent.margin_fall")),
        (Cell("Cars", under="exits"), Cell("Makers of electric cars registered, 2019"), _fact(data, "ev_makers_registered_2019")),
        (Cell("Cars", under="exits"), Cell("Makers of electric cars registered, 2023"), _fact(data, "ev_makers_registered_2023")),
        (Cell("Cars", under="exits"), Cell("Brands expected by consultants to earn money in 2030"), _fact(data, "ev_brands_viable_2030_2030")),
    )  # fmt: skip
    return Listing(
        "What came with the build-out", (Column("Industry"), Column("What", wide=True), Column("Figure", END)), rows, download="solar_ev_parallel.csv",
        note="Came with, not caused by: no counterfactual is at hand.",
    )  # fmt: skip


@listing("precedent.capacity")
def capacity(data: Data) -> Listing:
    """Use of capacity, one definition a row."""
    rows = tuple(
        (Cell(words, under=definition), Cell(year), _fact(data, row))
        for words, definition, year, row in (
            ("Car plants", "statistics bureau, all makers of cars", "2024", "auto_capacity_utilisation_pct_nbs_2024"),
            ("Car plants", "a consultancy, plants that stand", "2024", "auto_capacity_utilisation_pct_alix_2024"),
            ("Car plants", "a trade data firm", "2024", "auto_capacity_utilisation_pct_gasgoo_2024"),
            ("Cells and modules, world", "direct current", "2023", "world_cell_module_utilisation_pct_2023"),
            ("Polysilicon", "output over capacity", "2025", "polysilicon_utilisation_pct_2025"),
        )
    )
    return Listing(
        "Capacity in use, each by its own definition", (Column("What, definition", wide=True), Column("Year", FIXED), Column("In use", END)), rows,
        note="Definitions differ and must not share a line. Output in direct current is never divided by installations in alternating current.",
    )  # fmt: skip


@listing("precedent.ai")
def ai(data: Data) -> Listing:
    """Signs of overcapacity in AI."""
    rows = tuple(
        (
            Cell(text["definition"], under=text["series_id"].replace("_", " ")), Cell(text["period"]),
            fact_cell(data, "ai_overcapacity", key, "value", "bare"), Cell(text["unit"].replace("_", " ")), Cell(text["note"]),
        )
        for key, text in data.table("ai_overcapacity").text.items()
    )  # fmt: skip
    return Listing(
        "Every sign found, for and against", (Column("What, series", wide=True), Column("Period"), Column("Value", END), Column("Unit"), Column("Note")),
        rows, search=True, download="ai_overcapacity.csv", empty="–", note="A star marks a value that rests on one publisher; most do.",
    )  # fmt: skip
