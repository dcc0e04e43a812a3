"""What all tests share: the book's data, and its rows as they stand in the files."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import settings

from helpers.rows import rows_of
from oracles import returns
from patient_capital.book import problems_of_settings
from patient_capital.build import SELDOM
from patient_capital.notebooks import read_notebook
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results
from patient_capital.tables import DATA_FOLDER, Data, book_data

ROOT = Path(__file__).resolve().parents[1]
Rows = Mapping[str, Mapping[str, str]]

# The same examples at every run: a test that fails names a fault of the change, not of the day. Others are drawn with
# --hypothesis-profile=default.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")


def pytest_configure():
    """Name settings that are wrong, and a file that is no notebook, before anything else fails on them."""
    if found := problems_of_settings(ROOT):
        raise pytest.UsageError("\n".join(found))
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        try:
            read_notebook(path)
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None


def pytest_collection_modifyitems(items):
    """Start with the files that work on copies of the project: they take longest, and nothing waits for them at the end."""
    copies = {"built", "copy", "installed", "linked", "project", "small"}
    long = {item.path for item in items if copies & set(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish():
    """Let the collector of garbage pass over thousands of tests and modules, which stay to the end: a tenth of the time.

    It looks more seldom through what tests make, too: drawings are many small objects, gone as soon as their test is.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_terminal_summary(terminalreporter):
    """Say what to do where nbval has found that a cell gives another output than is stored."""
    failed = {report.nodeid.split("::")[0] for report in terminalreporter.stats.get("failed", ())}
    for name in sorted(name for name in failed if name.endswith(".ipynb")):
        terminalreporter.write_line(f"{name}: the stored outputs are not what its cells give now: run make refresh")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def book() -> Data:
    return book_data()


@pytest.fixture(scope="session")
def ctx(book: Data) -> Context:
    """Return the book as results compute from it."""
    return Context(book, load_results())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the folder of the book's tables."""
    return Path(shutil.copytree(DATA_FOLDER, tmp_path / "data"))


@pytest.fixture(scope="session")
def raw() -> Callable[[str], Rows]:
    """Read a table with the csv module alone, so that expectations do not pass through the code under test.

    Each is read once, and cannot be changed.
    """

    @cache
    def read(name: str) -> Rows:
        rows = rows_of(ROOT / "data" / f"{name}.csv")
        key = next(iter(rows[0]))
        return MappingProxyType({row[key]: MappingProxyType(row) for row in rows})

    return read


@pytest.fixture(scope="session")
def p(raw: Callable[[str], Rows]) -> dict[str, float]:
    """Return the central value of every parameter that has one, as the file has it."""
    return returns.values(raw)
