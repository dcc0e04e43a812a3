"""Tables beside the model: the works it rests on, and the functions that can be imported."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import Any

from patient_capital import model
from patient_capital.listings.record import Cell, Column, Listing, listing, wide
from patient_capital.provenance.printing import authors_and_year
from patient_capital.tables import Data


def _address(text: str) -> str | None:
    return f"https://doi.org/{text}" if text.startswith("10.") else text or None


@listing
def literature(data: Data) -> Listing:
    """Every work with its finding in our words, and where the book uses it."""
    rows = tuple(
        (
            Cell(authors_and_year(text["authors"], text["year"]), href=_address(text["doi_or_url"]), under=key),
            Cell(text["finding"]),
            Cell(text["use"]),
        )
        for key, text in sorted(data.table("literature").text.items())
    )
    columns = (Column("Work, key"), wide("Finding"), wide("Use"))
    note = "No link where the work has no stable address."
    return Listing("What each work found, and what for", columns, rows, note, search=True, download="literature.csv")


def public_objects() -> dict[str, Any]:
    """Return the public functions and records of the model by name, package after package."""
    packages = [import_module(f"{model.__name__}.{package}") for package in model.PACKAGES]
    return {name: getattr(package, name) for package in packages for name in package.__all__}


def public_names() -> dict[str, list[str]]:
    """Return the public functions and records of the model by the full name of their module, in order of the page."""
    names: dict[str, list[str]] = {}
    for name, found in public_objects().items():
        names.setdefault(found.__module__, []).append(name)
    return names


def block_of(path: str) -> str:
    """Return the sub-package of the model in which a module lies, given the full name of the module."""
    return path.removeprefix(f"{model.__name__}.").split(".")[0]


def summary(name: str) -> str:
    """Return the first sentence of a docstring as plain text, without formulas."""
    documented = inspect.getdoc(public_objects()[name]) or ""
    line = " ".join(documented.split("\n\n")[0].split()).removeprefix("Return ")
    line = re.sub(r",? ?:math:`[^`]*`", "", line)
    line = re.sub(r"(:\w+)+:`([^`]*)`", r"\2", line)
    line = re.sub(r"[`*]", "", line)
    return line[:1].upper() + line[1:]


@listing
def interface(data: Data) -> Listing:
    """Every public function and record of the model."""
    rows = tuple(
        (
            Cell(
                name,
                href=f"api_{block_of(path)}.html#{path}.{name}",
                under=f"{block_of(path)}: {path.rpartition('.')[2]}",
            ),
            Cell(summary(name)),
        )
        for path, names in public_names().items()
        for name in names
    )
    columns = (Column("Name, block"), wide("What it is or returns"))
    return Listing("All functions and records", columns, rows, search=True)
