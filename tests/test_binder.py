"""The files that Binder builds from: the lock with its hashes, then the package itself.

The address of the button is tested with the pages. What Binder does, by hand and in a fresh environment:
`pip install -r .binder/requirements.txt`, then `.binder/postBuild`, both from the root of the project.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BINDER = ROOT / ".binder"


def test_there_is_one_folder_and_nothing_that_goes_before_it():
    """Binder refuses two folders, and would take a Dockerfile or an environment.yml instead of the lock."""
    assert not (ROOT / "binder").exists()
    assert {file.name for file in BINDER.iterdir()} == {"runtime.txt", "requirements.txt", "postBuild"}


def test_requirements_are_the_second_lock_and_nothing_else():
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line and not line.startswith("#")]
    assert (BINDER / line.removeprefix("-r ")).resolve() == ROOT / "requirements-lab.lock"


def test_python_is_one_that_the_book_supports():
    assert re.fullmatch(r"python-3\.1[1-3]\n", (BINDER / "runtime.txt").read_text(encoding="utf-8"))


@pytest.mark.skipif(os.name == "nt", reason="Binder runs on Linux")
def test_package_is_installed_from_here_without_a_fetch(tmp_path):
    """Run the script with a stand-in for Python that notes what it is asked to do."""
    asked = tmp_path / "asked"
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" > {asked}\n', encoding="utf-8")
    python.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([BINDER / "postBuild"], cwd=ROOT, env={"PATH": path}, check=True)
    assert asked.read_text().split() == [
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-e",
        ".",
    ]
