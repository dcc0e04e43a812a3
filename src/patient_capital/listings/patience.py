"""Tables of the chapter on patience."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis import patience
from patient_capital.listings.record import Cell, Column, Listing, date_cell, fixed, numeric, plain, wide
from patient_capital.listings.table import Cells, table

CURRENCIES = {"cny": "yuan", "hkd": "Hong Kong dollars"}


@table(clauses=patience.clauses)
def clauses(cells: Cells, clauses: pd.DataFrame) -> Listing:
    """Every clause on patience, in Chinese and in our words."""
    rows = tuple(
        (
            Cell(row["clause"]),
            Cell(row["text_en"], under=plain(row["text_zh"]), anchor=f"clause-{key}"),
            cells.fact("patience_clauses", key, row, "value", "full"),
            Cell(row["subject"]),
            Cell(row["document"], under=f"{row['issuer']}{', draft' if row['draft'] else ''}"),
            date_cell(row["issued_on"]),
        )
        for key, row in clauses.iterrows()
    )
    columns = (
        Column("On"),
        wide("Clause, in our words and in Chinese"),
        *numeric("Number"),
        Column("Binds"),
        wide("Document, issuer"),
        fixed("Issued"),
    )
    return Listing(
        "What rules and contracts say of patience",
        columns,
        rows,
        search=True,
        download="patience_clauses.csv",
        empty="",
        fold="clauses",
    )


@table(listings=patience.listings)
def listings(cells: Cells, listings: pd.DataFrame) -> Listing:
    """Every listing of an AI firm: prices, state holders, and when they may sell."""
    rows = tuple(
        (
            Cell(
                row["firm"],
                under=f"{row['name_zh']}, {row['exchange']}, {CURRENCIES.get(row['price_unit'], row['price_unit'])}",
                anchor=f"listing-{key}",
            ),
            date_cell(row["listed_on"]),
            *cells.facts("ai_listings", str(key), row, "offer_price", "first_close"),
            cells.number(row["rise_pct"], f"patience.rise[{key}]", "bare"),
            Cell(
                plain(row["state_holders"]).replace(";", "; "),
                under=f"cost: {row['state_cost_of']}" if plain(row["state_cost_of"]) else "",
            ),
            *cells.facts("ai_listings", str(key), row, "state_cost_cny_bn"),
            date_cell(row["free_on"]),
        )
        for key, row in listings.iterrows()
    )
    columns = (
        wide("Firm"),
        fixed("Listed"),
        *numeric("Offer", "First close", "Rise, percent"),
        wide("State holders named"),
        *numeric("Cost, bn yuan"),
        fixed("Free from"),
    )
    note = (
        "A listing is no sale, and a price of the first day is none for a large stake. A dash means that no citable "
        "page was found. Cost is what the holder that is named for it paid. Free from: the day on which shares of "
        "before the listing may be sold. The list holds what pages were seen for; CXMT makes memory chips."
    )
    return Listing(
        "Listings of AI, chip and robot firms since the session, and what their state holders hold",
        columns,
        rows,
        note,
        download="ai_listings.csv",
        searches=("listing_costs", "listing_sales"),
        fold="listings",
    )
