"""How long the parts of the book take; the best of several runs each, so that a busy machine counts less."""

from __future__ import annotations

import gc
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path

from patient_capital.build import SELDOM, fingerprint
from patient_capital.figures import load_figures
from patient_capital.ledger import entries
from patient_capital.listings import load_listings
from patient_capital.provenance.records import resolve
from patient_capital.provenance.registry import load_results
from patient_capital.tables import Data, load

ROOT = Path(__file__).resolve().parents[1]


def best(function: Callable[[], object], runs: int = 5) -> float:
    """Return the shortest time of `runs` calls, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure as the commands of the book work, print a table and write ``_build/benchmarks.json``."""
    gc.set_threshold(*SELDOM)
    results = load_results()
    single = [ref for ref, one in results.items() if not one.family]

    def anew(compute: Callable[[Data], object]) -> float:
        """Return the time from the files to the end, so that nothing counts that is kept with a state of the data."""
        return best(lambda: compute(load()), 3)

    measured = {
        "load and check all tables": best(load),
        "compute every result": anew(lambda data: [resolve(data, results, ref) for ref in single]),
        "draw every figure": anew(lambda data: [chart.of(data).html() for chart in load_figures().values()]),
        "write every listing": anew(lambda data: [one.of(data) for one in load_listings().values()]),
        "gather the ledger": anew(entries),
        "hash every input": best(lambda: fingerprint(ROOT)),
    }
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for name, seconds in measured.items():
        print(f"{name:28} {seconds:8.3f} s")
    target = ROOT / "_build" / "benchmarks.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
