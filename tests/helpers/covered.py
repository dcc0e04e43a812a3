"""Branch coverage of the package by the fast tests, printed by module; below 95 percent it fails.

Run by ``make torture``: measuring makes the tests take twice as long. Further arguments go to pytest.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "_build" / "coverage"
ENOUGH = 95
"""Percent of the branches that tests must take."""
TESTS = (
    "-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-p", "no:cacheprovider",
    "-p", "helpers.covered",
)  # fmt: skip


def pytest_sessionfinish() -> None:
    """Write what a worker has measured before its end: a busy machine may stop it while it does so at its exit."""
    if (running := Coverage.current()) is not None:
        running.save()


def coverage(*words: str) -> int:
    """Run a command of coverage in the project; its settings stand in pyproject.toml."""
    return subprocess.call([sys.executable, "-m", "coverage", *words], cwd=ROOT)


def told(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> tuple[list[str], float]:
    """Return a report of coverage as lines, the modules with most branches left first, and the share of all in percent."""
    left, taken, every = [], 0, 0
    for name, one in report["files"].items():
        of, done = one["summary"]["num_branches"], one["summary"]["covered_branches"]
        taken, every = taken + done, every + of
        if done < of:
            left.append((of - done, f"  {name}: {done} of {of}"))
    share = 100 * taken / every
    lines = [line for _, line in sorted(left, key=lambda one: -one[0])]
    return [*lines, f"{taken} of {every} branches taken, {share:.1f} percent (at least {ENOUGH})"], share


def main(arguments: list[str] | None = None) -> int:
    """Run the fast tests, print the branches that they take, and return 1 where these are too few or a test fails."""
    parser = argparse.ArgumentParser(prog="covered", description=(__doc__ or "").split("\n")[0])
    for name in ("--sample", "--seed"):
        parser.add_argument(name, help="of no effect: all branches count")
    _, more = parser.parse_known_args(arguments)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    failed = coverage("run", *TESTS, *more)
    coverage("combine", "--quiet")
    coverage("json", "--quiet", "-o", str(FOLDER / "report.json"))
    lines, share = told(json.loads((FOLDER / "report.json").read_text(encoding="utf-8")))
    print("\n".join(lines))
    return failed or int(share < ENOUGH)


if __name__ == "__main__":
    sys.exit(main())
