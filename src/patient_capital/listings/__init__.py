"""The tables that pages show, one module a chapter."""

from __future__ import annotations

import importlib

from patient_capital.listings.record import LISTINGS, Build, Cell, Column, Listing
from patient_capital.listings.table import Table

MODULES = ("session", "funds", "regions", "precedent", "digest", "data", "model", "model_literature")


def load_listings() -> dict[str, Build]:
    """Import every module of listings and return the register."""
    for name in MODULES:
        importlib.import_module(f"patient_capital.listings.{name}")
    return LISTINGS


__all__ = ["LISTINGS", "Build", "Cell", "Column", "Listing", "Table", "load_listings"]
