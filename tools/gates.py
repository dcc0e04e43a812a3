"""Run the gates of the project one after the other, and end with a table: gate, figure, seconds, passed.

``ci`` is the plan of ``.ci/run`` and stops at the first gate that fails; ``torture``, that of ``make torture``, goes
on. Only the standard library is used: the first gate makes the environment.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ".venv/bin/python"
PYTEST = (PYTHON, "-m", "pytest")
FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
"""Where pytest keeps the names of the tests that failed."""
MOST_AGAIN = 5
"""So many failed tests are run once more; where more fail, it is no accident."""
PLANS = {
    "ci": {
        "fast tests": ("make", "test"),
        "style, security, types": ("make", "lint"),
        "site": ("make", "book"),
        "JupyterLab": ("make", "env-lab"),
        "long tests": (*PYTEST, "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "long"),
        "browser tests": (*PYTEST, "-n", "auto", "--dist", "loadgroup", "-m", "browser", "tests/browser"),
    },
    "torture": {
        "mutants of tables": (PYTHON, "-m", "helpers.mutants"),
        "killed commands": (PYTHON, "-m", "helpers.killed"),
        "mutants of code": (PYTHON, "-m", "helpers.code_mutants"),
        "changed cells": (PYTHON, "-m", "helpers.unseen"),
        "strict notebooks": (PYTHON, "-m", "helpers.strict"),
        "branch coverage": (PYTHON, "-m", "helpers.covered"),
    },
}
FIGURES = (
    r"=+ (\d.*(?:passed|failed|error).*) in [\d.]+s.*",
    r"(Success: .*)",
    r"((?:Built|Up to date).*):",
    r"(\d+ of \d+ branches.*)",
    r"(\w+: \d+ percent of \d+ mutants caught)",
    r"(?:seed .*, )(mutants \d+)",
    r" +(\d+ survivors)",
    r"(\w+: killed at .*)",
    r"cells: (\d+ of \d+ changed cells differ)",
    r"shown: (\d+ of \d+ changed cells that a page shows)",
)
"""What of the words of a gate is its figure: the last match of the first that matches, of those with a name all."""
CLOSING = re.compile(FIGURES[0])


def figure_of(words: str) -> str:
    """Return the figure of a gate, out of what it printed."""
    found: list[str] = []
    for form in FIGURES:
        told = re.findall(rf"^{form}", words, flags=re.MULTILINE)
        found += told if form.startswith(r"(\w") else told[-1:]
    return "; ".join(found) or "done"


def skipped(words: str) -> bool:
    """Say whether a run of tests has left one out: where all is set up, nothing may be missing."""
    return any(re.search(r"\b\d+ skipped\b", line) for line in CLOSING.findall(words))


def run(command: tuple[str, ...], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command, show what it prints while it does, and return its exit code and its words."""
    words = []
    with subprocess.Popen(  # noqa: S603  # of the plans above
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            words.append(line)
    return process.returncode, "".join(words)


def again(environment: dict[str, str]) -> tuple[int, str, str]:
    """Run the few tests that failed once more, alone: a fault fails twice, a machine that was too busy does not."""
    failed = list(json.loads(FAILED.read_text(encoding="utf-8"))) if FAILED.exists() else []
    if not 0 < len(failed) <= MOST_AGAIN:
        return 1, "", ""
    print(f"\n--- once more, alone: {len(failed)} that failed", flush=True)
    code, words = run((*PYTEST, "-n", "0", "-m", "", *failed), environment)
    return code, words, "" if code else f"; passed only alone: {', '.join(failed)}"


def table(rows: list[tuple[str, str, str, str]]) -> str:
    """Return rows as lines, each column as wide as it needs."""
    head = ("gate", "figure", "seconds", "passed")
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in (head, *rows))  # noqa: B905  # any Python


def main(plan: str, *more: str) -> int:
    """Run a plan and return the exit code of the first gate that failed."""
    # The tests' helpers are found, and nothing else of a path that a user may have set.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")} if plan == "torture" else dict(os.environ)
    rows, failed, closing = [], 0, ""
    for name, command in PLANS[plan].items():
        if failed and plan == "ci":
            rows.append((name, "not run", "", "no"))
            continue
        print(f"--- {name}", flush=True)
        start = time.monotonic()
        FAILED.unlink(missing_ok=True)
        code, words = run((*command, *more), environment)
        left_out, told, last = skipped(words), "", ""
        if code == 1 and command[: len(PYTEST)] == PYTEST and plan == "ci":
            code, last, told = again(environment)
        code = code or int(left_out)
        failed = failed or code
        figure = figure_of(words) + (": a test was skipped" if left_out else told)
        rows.append((name, figure, f"{time.monotonic() - start:.0f}", "no" if code else "yes"))
        closing = next((line for line in reversed((words + last).splitlines()) if CLOSING.match(line)), closing)
    print(f"\n{table(rows)}\n")
    if closing and not failed:
        print(closing)
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
