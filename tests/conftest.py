"""What all tests share: the book's data, and its rows as they stand in the files."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from patient_capital.tables import Data, book_data

ROOT = Path(__file__).resolve().parents[1]
Rows = dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def book() -> Data:
    return book_data()


@pytest.fixture(scope="session")
def raw() -> Callable[[str], Rows]:
    """Read a table with the csv module alone, so that expectations do not pass through the code under test."""

    def read(name: str) -> Rows:
        with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        key = next(iter(rows[0]))
        return {row[key]: row for row in rows}

    return read
