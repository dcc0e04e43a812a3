"""The files that the page on using the model offers."""

from __future__ import annotations

from patient_capital.listings.record import Cell, Listing, fixed, listing, wide
from patient_capital.tables import Data

FILES = {
    "my_fund.toml": "What a fund is, each line with a comment: to be copied and changed",
    "my_deals.csv": "Deals, some still held; made up, to be replaced by your own",
    "model_moments.csv": "Mean, standard deviation and shares of the multiple of a deal: in the book, under a lognormal, "
    "and as each regime meets them",
    "model_draws.csv": "Net multiples of drawn portfolios, a row for each portfolio and a column for each "
    "regime, under the same shocks",
}


@listing
def files(data: Data) -> Listing:
    """Files to start from, and tables for other programs."""
    rows = tuple((Cell(name, href=f"../data/{name}"), Cell(told)) for name, told in FILES.items())
    note = "The tables begin with a line of plain names; a missing number is an empty cell."
    return Listing(
        "Files to start from, and tables for other programs", (fixed("File"), wide("What is in it")), rows, note
    )
