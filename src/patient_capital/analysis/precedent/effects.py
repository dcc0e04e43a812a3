"""What came with the build-out: output, profit, exits and jobs, and the capacity in use."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from patient_capital.analysis.precedent.makers import MAKERS
from patient_capital.analysis.precedent.rows import cell_of, rows_of
from patient_capital.formatting import spelled
from patient_capital.provenance.records import Context, split_cell
from patient_capital.tables import Reader

OUTCOMES = {
    "precedent.output_multiple": ("Solar", "output", "Module output, 2024 over 2014", "times"),
    cell_of("pv_module_exports_gw", 2024): ("Solar", "output", "Modules exported in 2024", "GW"),
    cell_of("china_share_solar_manufacturing_pct", 2021): (
        "Solar",
        "output",
        "China's share of solar manufacturing, 2021",
        "percent",
    ),
    "precedent.polysilicon_multiple": ("Solar", "capacity", "Polysilicon capacity, 2024 over 2020", "times"),
    cell_of("polysilicon_utilisation_pct", 2025): (
        "Solar",
        "capacity",
        "Use of polysilicon capacity, August 2025",
        "percent",
    ),
    "precedent.loss_2024": ("Solar", "profit", f"Loss of {spelled(len(MAKERS))} listed makers in 2024", "bn yuan"),
    "precedent.export_value_fall": (
        "Solar",
        "profit",
        "Fall of the value of exports, January to October 2025",
        "percent",
    ),
    cell_of("solar_firms_delisted_bankrupt_acquired", 2024): (
        "Solar",
        "exits",
        "Firms delisted, bankrupt or taken over since 2024, counted in July 2025",
        "firms",
    ),
    cell_of("solar_jobs_cut", 2024): ("Solar", "jobs", "Jobs cut at large makers, 2024", "jobs"),
    "precedent.cars_multiple": ("Cars", "output", "Electric and plug-in cars sold, 2024 over 2014", "times"),
    "precedent.car_exports_multiple": ("Cars", "output", "New-energy vehicles exported, 2025 over 2024", "times"),
    "precedent.margin_fall": (
        "Cars",
        "profit",
        "Fall of the margin of the whole car industry, 2014 to 2024",
        "percentage points",
    ),
    cell_of("ev_makers_registered", 2019): ("Cars", "exits", "Makers of electric cars registered, 2019", "makers"),
    cell_of("ev_makers_registered", 2023): ("Cars", "exits", "Makers of electric cars registered, 2023", "makers"),
    cell_of("ev_brands_viable_2030", 2030): (
        "Cars",
        "exits",
        "Brands expected by consultants to earn money in 2030",
        "brands",
    ),
}
"""Outcomes of the build-out, by reference of the number: industry, aspect, words and unit."""


def outcomes(ctx: Context) -> pd.DataFrame:
    """Return output, capacity, profit, exits and jobs that came with the build-out, by reference.

    The columns are `industry`, `aspect`, `what`, `unit` in words, and the `value` in that unit.
    """
    frame = pd.DataFrame.from_dict(OUTCOMES, orient="index", columns=["industry", "aspect", "what", "unit"])
    values = [ctx.number(*split_cell(ref)) if "[" in ref else ctx.value(ref) for ref in OUTCOMES]
    return frame.assign(value=values).rename_axis("ref")


UTILISATION = {
    "auto_capacity_utilisation_pct_nbs": ("Car plants", "statistics bureau, all makers of cars"),
    "auto_capacity_utilisation_nbs_q2_pct": ("Car plants", "statistics bureau, all makers, second quarter"),
    "auto_capacity_utilisation_pct_alix": ("Car plants", "a consultancy, plants that stand"),
    "auto_capacity_utilisation_pct_gasgoo": ("Car plants", "a trade data firm"),
    "world_cell_module_utilisation_pct": ("Cells and modules, world", "direct current"),
    "polysilicon_utilisation_pct": ("Polysilicon, China", "a trade estimate of August"),
    "polysilicon_operating_rate_feb_pct": ("Polysilicon, China", "makers, last week of February"),
}
"""Series of capacity in use: of what, and by which definition. No two may share a line."""


def newest(rows: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return the row of the newest year of each series, in the order of `names`."""
    order = list(names)
    chosen = rows.loc[rows["series_id"].isin(order)].sort_values("year", kind="stable").groupby("series_id").tail(1)
    return chosen.iloc[chosen["series_id"].map(order.index).argsort(kind="stable")]


def in_use(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of what and by which definition each row of a series of :data:`UTILISATION` is the capacity in use.

    The columns are `what`, `definition`, `year`, and `in_use_pct`, percent of capacity.
    """
    what, definition = (rows["series_id"].map({name: said[k] for name, said in UTILISATION.items()}) for k in (0, 1))
    return pd.DataFrame(
        {"what": what, "definition": definition, "year": rows["year"].astype(int), "in_use_pct": rows["value"]}
    )


def capacity_in_use(reader: Reader) -> pd.DataFrame:
    """Return the newest share of capacity in use by each definition, as :func:`in_use` says it."""
    return in_use(newest(rows_of(reader, UTILISATION), UTILISATION))
