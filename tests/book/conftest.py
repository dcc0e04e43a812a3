"""A copy of the project to change and build, away from the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

NAMES = ("chapters", "data", "src", "_config.yml", "_toc.yml", "requirements.lock", "pyproject.toml", "README.md")
Run = Callable[..., subprocess.CompletedProcess[str]]


def copy_project(root: Path, target: Path) -> Path:
    target.mkdir(parents=True)
    for name in NAMES:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copyfile(source, target / name)
    return target


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
