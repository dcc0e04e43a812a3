"""A copy of the project that a hand edits, and its commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import nbformat

from helpers.rows import change_cells, rows_of, write_rows

LEFT_OUT = (".git", ".venv", "_build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
FAST = (
    *("analysis", "data", "explorers", "figures", "provenance", "tables/test_rules.py", "tables/test_same.py"),
    *("book/test_pages.py", "book/test_bibliography.py"),
    *(
        "test_cells.py",
        "test_formatting.py",
        "test_jupyter.py",
        "test_model_runs.py",
        "test_money.py",
        "test_passed.py",
    ),
)
"""Tests that read the data and the pages and neither build the book nor copy it."""


class Project:
    """A copy of the project that a hand edits."""

    def __init__(self, root, folder):
        self.folder = shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))

    def rows(self, table):
        return rows_of(self.folder / "data" / f"{table}.csv")

    def write(self, table, rows):
        write_rows(self.folder / "data" / f"{table}.csv", rows)

    def set_cell(self, table, key, column, value):
        """Change one cell and return what stood there."""
        return change_cells(self.folder / "data" / f"{table}.csv", key, **{column: value})[column]

    def run(self, *command):
        """Run a module in the copy, whose own package goes before the installed one."""
        environment = os.environ | {"PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=environment,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    def refresh_and_test(self):
        self.run("patient_capital.cli", "refresh")
        workers = ("-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider")
        self.run("pytest", "-q", *workers, "-m", "not browser and not long", *(f"tests/{name}" for name in FAST))

    def ledger(self):
        return {row["ref"]: row for row in self.rows("ledger")}

    def outputs(self):
        """Return all that the notebooks show below their cells."""
        shown = []
        for path in sorted((self.folder / "chapters").glob("*.ipynb")):
            for cell in nbformat.read(path, as_version=4).cells:
                shown += [str(output) for output in cell.get("outputs", ())]
        return "\n".join(shown)


def amount_of(row):
    """Return the number that a row of the ledger prints before its unit."""
    return float(row["value"].split()[0])
