"""A copy of the project to change and build, away from the real one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.small_book import copy_project

Run = Callable[..., subprocess.CompletedProcess[str]]


def restamp(folder: Path) -> None:
    """Stamp the stored runs of the model as `make model` does, which takes minutes; their numbers stay."""
    told = "from patient_capital.analysis.model.runs import inputs_hash; from patient_capital.tables import book_data"
    made = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{told}; print(*(inputs_hash(book_data(), t) for t in ('model_runs', 'model_explorers')))",
        ],
        env=os.environ | {"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for path in (folder / "data").glob("model_*.csv"):
        text = path.read_text(encoding="utf-8")
        stamp = made[path.stem == "model_explorers"]
        path.write_text(re.sub(r"\b[0-9a-f]{12}\b(?=,own_calculation)", stamp, text), encoding="utf-8")


def run_in(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the book in a copy; the copy's own source goes before the installed one."""
    environment = os.environ | {"PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "patient_capital.cli", *command],
        cwd=project, env=environment, text=True, capture_output=True, check=False, timeout=900,
    )  # fmt: skip


@pytest.fixture
def run() -> Run:
    return run_in


@pytest.fixture
def copy(root, tmp_path) -> Path:
    return copy_project(root, tmp_path / "a copy")


@pytest.fixture(scope="module")
def built(root, tmp_path_factory) -> Path:
    """Return a copy, in a folder with a space in its name, with its site built once for all tests of a module."""
    project = copy_project(root, tmp_path_factory.mktemp("book") / "with a space")
    outcome = run_in(project, "book")
    assert outcome.returncode == 0, outcome.stderr
    return project
