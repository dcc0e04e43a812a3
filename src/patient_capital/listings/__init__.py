"""The tables that pages show, one module or package a chapter."""

from __future__ import annotations

from patient_capital.book import load
from patient_capital.listings.record import LISTINGS, Cell, Column, Listing, listing
from patient_capital.listings.table import Table
from patient_capital.passed import Builder, OfData
from patient_capital.provenance.register import Register


def load_listings() -> Register[Builder[Listing] | OfData[Listing]]:
    """Import every module of listings and return the register."""
    load("listings")
    return LISTINGS


__all__ = ["LISTINGS", "Cell", "Column", "Listing", "Table", "listing", "load_listings"]
