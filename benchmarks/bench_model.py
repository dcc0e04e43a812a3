"""How fast the simulation draws deals and portfolios, against the raw random numbers and a plain loop.

``python -m benchmarks.bench_model`` measures everything; ``--deals 1000000000`` sets the run whose memory is
measured. Every speed is the best of several runs. Runs that are compared take turns and are compared turn by turn,
so that a busy machine weighs on both alike; the ratio is the median over the turns.

Two measures of raw numbers: one uniform number a deal, which is what the plainest simulation needs; and the numbers
that this one consumes, recorded as it draws a block and then drawn again with nothing else done. Both come from the
same generator into a buffer of the same size.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from patient_capital.analysis.model.sensitivity import OUTCOMES, evaluate_block
from patient_capital.model._numerics.random_streams import BLOCK, block_generator
from patient_capital.model.returns._mixture_components import pieces
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.model.returns.simulate import simulate_portfolios, simulate_totals

ROOT = Path(__file__).resolve().parents[1]
SEED = 1
LEAST_RATIO = 0.5
"""Least rate of the deals of the model's own shapes, as a share of the rate of the raw numbers."""
MOST_MEGABYTES = 500
SHAPES = (
    ("zero_or_uniform", "power"),
    ("zero_or_uniform", "uniform_pair"),
    ("zero_or_uniform", "pareto"),
    ("power", "power"),
)
OWN = SHAPES[0]
SOBOL_POINTS = 16
PER_UNIFORM = "rate as a share of that of raw uniform numbers"
PER_CONSUMED = "rate as a share of that of the raw numbers consumed"


def mixture(low_shape: str, mid_shape: str) -> DealReturns:
    """Return the central mixture in given shapes."""
    return DealReturns(
        loss_share=0.65,
        tail_share=0.10,
        low_mean=0.3,
        mid_mean=2.2,
        tail_index=1.327,
        cap=300.0,
        tail_start=5.0,
        low_shape=low_shape,
        mid_shape=mid_shape,
    )


def in_turn(calls: Mapping[str, Callable[[], object]], runs: int = 40) -> dict[str, list[float]]:
    """Return the times of each call, in seconds; the calls take turns."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return times


def best(call: Callable[[], object], runs: int = 3) -> float:
    """Return the shortest time of a call, in seconds."""
    return min(in_turn({"call": call}, runs)["call"])


def ratio(times: list[float], others: list[float]) -> float:
    """Return the median ratio of times that were taken in turn."""
    return median(one / other for one, other in zip(times, others, strict=True))


class Recorder(np.random.Generator):
    """A generator that records how many numbers of which kind are asked of it."""

    calls: list[tuple[str, int]]

    def _record(self, kind: str, size: Any, out: Any) -> Any:
        drawn = getattr(np.random.Generator, kind)(self, size, out=out)
        self.calls.append((kind, drawn.size))
        return drawn

    def random(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        """Draw and record uniform numbers."""
        return self._record("random", size, out)

    def standard_exponential(
        self, size: Any = None, dtype: Any = np.float64, method: str = "zig", out: Any = None
    ) -> Any:
        """Draw and record exponential numbers."""
        return self._record("standard_exponential", size, out)


def numbers_of_a_block(returns: DealReturns) -> list[tuple[str, int]]:
    """Return the kinds and counts of the random numbers that the totals of one block consume."""
    recorder = Recorder(np.random.SFC64(SEED))
    recorder.calls = []
    for weight, component in returns.components:
        for share, piece in pieces(component):
            piece.draw_unordered(recorder, np.empty(round(weight * share * BLOCK)))
    return recorder.calls


def raw_uniform(blocks: int) -> None:
    """Draw a uniform number for every deal and do nothing else."""
    generator, buffer = block_generator(SEED, 0, 0), np.empty(BLOCK)
    for _ in range(blocks):
        generator.random(out=buffer)


def raw_consumed(calls: list[tuple[str, int]], blocks: int) -> None:
    """Draw the numbers that the simulation of as many blocks consumes and do nothing else."""
    generator, buffer = block_generator(SEED, 0, 0), np.empty(BLOCK)
    for _ in range(blocks):
        for kind, size in calls:
            getattr(generator, kind)(out=buffer[:size])


def plain_loop(deals: int) -> float:
    """Draw deals one by one, as one would write it first, and return their mean."""
    draw, total, inside = random.Random(SEED).random, 0.0, 1 - (300 / 5) ** -1.327  # noqa: S311  # the plain loop
    for _ in range(deals):
        u = draw()
        if u < 0.65:
            total += max(0.0, (u - 0.26) / 0.39)
        elif u < 0.90:
            total += 1 + 4 * draw() ** (2.8 / 1.2)
        else:
            total += 5 * (1 - draw() * inside) ** (-1 / 1.327)
    return total / deals


def totals_section(blocks: int = 32) -> dict[str, float]:
    """Measure deals a second for each pair of shapes, and a plain loop."""
    deals = blocks * BLOCK
    measured = {"plain Python loop: deals a second": BLOCK / best(partial(plain_loop, BLOCK))}
    for shapes in SHAPES:
        returns, name = mixture(*shapes), f"totals, {' and '.join(shapes)}"
        times = in_turn(
            {
                "raw": partial(raw_uniform, blocks),
                "consumed": partial(raw_consumed, numbers_of_a_block(returns), blocks),
                "totals": partial(simulate_totals, returns, deals, SEED),
            }
        )
        measured |= {
            f"{name}: deals a second": deals / min(times["totals"]),
            f"{name}: raw uniform numbers a second": deals / min(times["raw"]),
            f"{name}: {PER_UNIFORM}": ratio(times["raw"], times["totals"]),
            f"{name}: {PER_CONSUMED}": ratio(times["consumed"], times["totals"]),
        }
    return measured


def portfolios_section(blocks: int = 16) -> dict[str, float]:
    """Measure deals a second in portfolios of several sizes, with a common shock."""
    measured: dict[str, float] = {}
    for size in (10, 30, 100, 600):
        portfolios = blocks * BLOCK // size
        times = in_turn(
            {
                "raw": partial(raw_uniform, blocks),
                "portfolios": partial(simulate_portfolios, mixture(*OWN), size, portfolios, SEED, 0.56),
            },
            10,
        )
        measured[f"portfolios of {size}: portfolios a second"] = portfolios / min(times["portfolios"])
        measured[f"portfolios of {size}: {PER_UNIFORM}"] = ratio(times["raw"], times["portfolios"])
    return measured


def growth_section(largest: int = 10**8) -> dict[str, float]:
    """Measure the time of one run as the number of deals grows."""
    measured: dict[str, float] = {}
    deals = 10**4
    while deals <= largest:
        seconds = best(partial(simulate_totals, mixture(*OWN), deals, SEED), 5 if deals <= 10**6 else 1)
        measured[f"totals of {deals:.0e} deals: seconds"] = seconds
        deals *= 10
    return measured


def memory_section(deals: int) -> dict[str, float]:
    """Measure the peak memory of a process that only draws deals, and of one that only loads the model."""
    measured: dict[str, float] = {}
    for drawn in (2, deals):
        child = [sys.executable, "-m", "benchmarks.bench_model", "--child", "--deals", str(drawn)]
        done = subprocess.run(child, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603  # this file
        name = f"process of {drawn:.0e} deals"
        peak, seconds = (float(number) for number in done.stdout.split())
        measured |= {f"{name}: peak megabytes": peak, f"{name}: seconds": seconds}
    return measured


def peak_megabytes() -> float:
    """Return the largest memory that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():
        # What `getrusage` tells on Linux begins with the memory of the process that started this one.
        line = next(one for one in status.read_text(encoding="ascii").splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def child(deals: int) -> None:
    """Draw deals and print the peak memory of this process in megabytes, and the seconds."""
    start = time.perf_counter()
    simulate_totals(mixture(*OWN), deals, SEED, levels=(1.0, 5.0))
    print(peak_megabytes(), time.perf_counter() - start)


def sobol_section() -> dict[str, float]:
    """Measure how many points of the unit cube each outcome of the sensitivity analysis is computed at in a second."""
    measured: dict[str, float] = {}
    for name, (_, doubts, _) in OUTCOMES.items():
        points = np.random.default_rng(SEED).random((SOBOL_POINTS, len(doubts)))
        evaluate_block(name, points[:1])  # The tables are read and the tail is fitted once.
        measured[f"Sobol, {name}: evaluations a second"] = SOBOL_POINTS / best(partial(evaluate_block, name, points), 2)
    return measured


def main() -> int:
    """Measure, print a table and write ``_build/benchmarks_model.json``."""
    parser = argparse.ArgumentParser(description="Benchmark of the simulation.")
    parser.add_argument("--deals", type=int, default=10**8, help="deals of the run whose memory is measured")
    parser.add_argument("--child", action="store_true", help="only draw, and print memory and time")
    asked = parser.parse_args()
    if asked.child:
        child(asked.deals)
        return 0
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    measured: dict[str, float] = {}
    sections: tuple[Callable[[], dict[str, float]], ...] = (
        totals_section,
        portfolios_section,
        growth_section,
        partial(memory_section, asked.deals),
        sobol_section,
    )
    for section in sections:
        for name, value in section().items():
            print(f"{name:92} {value:16,.4f}" if value < 1000 else f"{name:92} {value:16,.0f}", flush=True)
            measured[name] = value
    target = ROOT / "_build" / "benchmarks_model.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    ratios = [measured[f"totals, {' and '.join(OWN)}: {which}"] for which in (PER_UNIFORM, PER_CONSUMED)]
    memory = max(value for name, value in measured.items() if name.endswith("peak megabytes"))
    if min(ratios) < LEAST_RATIO or memory > MOST_MEGABYTES:
        print(f"too slow or too large: ratio {min(ratios):.2f}, {memory:.0f} MB", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
