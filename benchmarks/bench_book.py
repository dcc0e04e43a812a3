"""How long the parts of the book take; the best of several runs each, so that a busy machine counts less."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from patient_capital.build import fingerprint
from patient_capital.figures import load_figures
from patient_capital.ledger import entries
from patient_capital.listings import load_listings
from patient_capital.provenance.records import resolve
from patient_capital.provenance.registry import load_results
from patient_capital.tables import load

ROOT = Path(__file__).resolve().parents[1]
LIMITS_SECONDS = {"whole book, unchanged": 2.0, "whole book, built": 60.0}
"""What a reader of CI may rely on; above it the benchmark fails."""


def best(function: Callable[[], object], runs: int = 5) -> float:
    """Return the shortest time of `runs` calls, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def book() -> None:
    """Run the command of the book in a process of its own."""
    subprocess.run([sys.executable, "-m", "patient_capital.cli", "book"], cwd=ROOT, check=True, capture_output=True)


def built() -> None:
    """Build although nothing has changed."""
    (ROOT / "_build" / ".inputs").unlink(missing_ok=True)
    book()


def main() -> int:
    """Measure, print a table and write ``_build/benchmarks.json``."""
    data, results = load(), load_results()
    single = [ref for ref, one in results.items() if not one.family]
    measured = {
        "load and check all tables": best(load),
        "compute every result": best(lambda: [resolve(data, results, ref) for ref in single], 3),
        "draw every figure": best(lambda: [draw(data) for draw in load_figures().values()], 3),
        "write every listing": best(lambda: [build(data) for build in load_listings().values()], 3),
        "gather the ledger": best(lambda: entries(data), 3),
        "hash every input": best(lambda: fingerprint(ROOT)),
        "whole book, built": best(built, 1),
        "whole book, unchanged": best(book, 3),
    }
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for name, seconds in measured.items():
        print(f"{name:28} {seconds:8.3f} s")
    target = ROOT / "_build" / "benchmarks.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    slow = [name for name, limit in LIMITS_SECONDS.items() if measured[name] > limit]
    if slow:
        print(f"too slow: {', '.join(slow)}", file=sys.stderr)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
