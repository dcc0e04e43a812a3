"""The solar chain in 2025: what was made and sold of each link, and at which prices."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.precedent.rows import PRELIMINARY, PRODUCTION, of_year, rows_of, value_of
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

CHAIN = {
    "Polysilicon": ("polysilicon_output_cpia_mt", "polysilicon_output_cpia_mt", "polysilicon_capacity_mt", "Mt"),
    "Wafers": ("wafer_output_gw", "wafer_output_gw", "wafer_capacity_gw", "GW"),
    "Cells": ("cell_output_gw", "cell_output_gw", "cell_capacity_gw", "GW"),
    "Modules": (PRODUCTION, PRELIMINARY, "module_capacity_gw", "GW"),
}
"""Links of the chain: the series of output in 2024 and in 2025, that of capacity at the end of 2025, and the unit."""
LINKS = {link.lower(): {"link": link} for link in CHAIN}


def chain(rows: pd.DataFrame) -> pd.DataFrame:
    """Compare what China made of each link of the solar chain in 2024 and 2025, and with what it could make.

    Returns
    -------
    pandas.DataFrame
        Indexed by `link`; `unit`, `made_2024`, `made_2025` and `capacity_2025` in that unit, `change_pct`, the change
        of output, and `in_use_most_pct`: output of the year over capacity at its end, of which a lower bound is known.
    """
    made = [
        (link, unit, of_year(rows, before, 2024), of_year(rows, now, 2025), of_year(rows, capacity, 2025))
        for link, (before, now, capacity, unit) in CHAIN.items()
    ]
    frame = pd.DataFrame(made, columns=["link", "unit", "made_2024", "made_2025", "capacity_2025"]).set_index("link")
    return frame.assign(
        change_pct=100 * (frame["made_2025"] / frame["made_2024"] - 1),
        in_use_most_pct=100 * frame["made_2025"] / frame["capacity_2025"],
    )


@shared
def chain_of_2025(reader: Reader) -> pd.DataFrame:
    """Return output and use of capacity of each link of the solar chain in 2025, as :func:`chain` compares them."""
    return chain(rows_of(reader, {name for names in CHAIN.values() for name in names[:3]}, since=2024))


@result(
    unit="pct",
    decimals=0,
    cases={link: LINKS[link] for link in ("polysilicon", "wafers", "modules")},
    name="made_{case}",
)
def made(ctx: Context, *, link: str) -> float:
    """Change of output from 2024 to 2025 in China, up or down: {link}.

    Output of 2025, preliminary / output of 2024, less one, without its sign.
    """
    return abs(float(chain_of_2025(ctx).loc[link, "change_pct"]))


@result(unit="pct", decimals=0, cases=LINKS, name="in_use_{case}")
def in_use_most(ctx: Context, *, link: str) -> float:
    """Largest share of capacity that can have been in use in 2025 in China: {link}.

    Output of the year, preliminary / capacity at its end, of which a lower bound is known.
    """
    return float(chain_of_2025(ctx).loc[link, "in_use_most_pct"])


@result(unit="pct", decimals=0)
def last_months_fall(ctx: Context) -> float:
    """Fall of the output of modules in November and December of 2025 against a year before, if its counts fit together.

    Output of either year less that of its January to October: the year, preliminary for 2025, and its part, for 2024
    from the growth that is told with them.
    """
    ten, growth = (value_of(ctx, f"pv_module_production_jan_oct_{name}", 2025) for name in ("gw", "change_pct"))
    modules = chain_of_2025(ctx).loc["Modules"]
    now, before = modules["made_2025"] - ten, modules["made_2024"] - ten / (1 + growth / 100)
    return 100 * (1 - float(now / before))


@result(unit="pct", decimals=1)
def export_value_fall(ctx: Context) -> float:
    """Fall of the value of solar exports, January to October 2025.

    The reported change against a year before, sign turned.
    """
    return -value_of(ctx, "pv_exports_jan_oct_change_pct", 2025)


@claim()
def chain_parted(ctx: Context) -> bool:
    """The first links fell, the last grew.

    In 2025 less polysilicon and fewer wafers were made than in 2024, and more cells and modules.
    """
    change = chain_of_2025(ctx)["change_pct"]
    return bool(change[["Polysilicon", "Wafers"]].lt(0).all() and change[["Cells", "Modules"]].gt(0).all())


@result(
    unit="pct",
    decimals=0,
    cases={
        "polysilicon": {
            "words": "polysilicon, from what a maker got at the end of June 2025 to the market price of a grade on "
            "9 January 2026",
            "before": ("polysilicon_price_jun_yuan_kg", 2025),
            "after": ("polysilicon_price_jan_yuan_kg", 2026),
        },
        "modules": {
            "words": "Chinese modules on the spot market, 22 July 2025 to 3 March 2026",
            "before": ("pv_module_spot_opis_jul_usd_w", 2025),
            "after": ("pv_module_spot_opis_mar_usd_w", 2026),
        },
    },
    name="rise_{case}",
)
def rise_of_price(ctx: Context, *, before: tuple[str, int], after: tuple[str, int]) -> float:
    """Rise of the price of {words}.

    Later price / earlier price, less one.
    """
    return 100 * (value_of(ctx, *after) / value_of(ctx, *before) - 1)


@result(unit="pct", decimals=0)
def sold_of_made(ctx: Context) -> float:
    """Polysilicon that Daqo sold of what it made, January to March 2026.

    Tonnes sold / tonnes made.
    """
    sold, made_ = (value_of(ctx, f"polysilicon_{what}_daqo_q1_mt", 2026) for what in ("sold", "made"))
    return 100 * sold / made_
