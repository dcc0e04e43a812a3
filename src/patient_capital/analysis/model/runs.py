"""The full-precision run of the model: what needs draws or minutes is computed here and stored as tables of the book.

``make model`` writes ``model_runs.csv``, ``model_sensitivity.csv`` and ``model_maps.csv``; nothing is written before
all have run. Each row carries seed, version and a hash of its inputs, so that a test can say when a row is out of date.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from patient_capital import open_book
from patient_capital.analysis.model.fund import LONG, USUAL, fund_terms
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.maps import MAPS, map_point, map_tasks
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, PRIVATE, REGIMES, SEED, regime, scenario
from patient_capital.analysis.model.sensitivity import OUTCOMES, evaluate_block, uncertain_inputs
from patient_capital.files import csv_text, write_whole
from patient_capital.formatting import rounded
from patient_capital.model.common.checks import Floats
from patient_capital.model.common.estimates import Estimate, share_at_least, simulated_mean
from patient_capital.model.common.sobol import sobol_indices, sobol_points
from patient_capital.model.common.workers import Progress, fan_out
from patient_capital.model.regimes.regime_draws import chance_of_beating, net_multiples, spread, ticket_count_chance
from patient_capital.provenance.records import Context, split_cell
from patient_capital.provenance.registry import load_results
from patient_capital.tables import DATA_FOLDER, Data, book_data

Steps = Callable[[str], Progress]
"""Takes what is done next, in words, and returns where its progress is reported."""

VERSION = "1.0"
"""Version of the model; it changes when an equation does."""
PORTFOLIOS = 100_000
SOBOL_BASE = {"payoff": 256, "tail": 256, "waiting": 512, "home": 1024}
PAIRS = ((600, 30), (600, 10), (2000, 67), (600, 67))
"""Tickets that are compared on the same deals."""
OWN = "own_calculation"
POINTS_PER_TASK = 64
INDEX_NUMBERS = ("first_order", "first_order_interval", "total", "total_interval")
UNITS = {"payoff": "ratio", "tail": "pct", "waiting": "pct_points", "home": "pct"}


@dataclass(frozen=True, slots=True)
class Row:
    """One stored number before it is rounded."""

    run_id: str
    module: str
    quantity: str
    estimate: Estimate
    unit: str
    draws: int


def inputs_read(data: Data) -> Context:
    """Return a context that has read what the stored runs read, and nothing else."""
    ctx = Context(data, load_results())
    scenario(ctx)
    parameter(ctx, "fm_life_us", "high")
    for name in REGIMES:
        regime(ctx, name)
    for years in (USUAL, LONG):
        fund_terms(ctx, years)
    for _, names, _ in OUTCOMES.values():
        uncertain_inputs(ctx, names)
    for one in MAPS.values():
        for line in one.lines:
            one.at(ctx, line, one.low)
    return ctx


def inputs_hash(data: Data) -> str:
    """Return twelve hexadecimal digits: a hash of all that the stored runs read, and of the version."""
    digest = hashlib.sha256(VERSION.encode())
    ctx = inputs_read(data)
    for label in sorted(ctx.inputs):
        if label.startswith("result "):
            read = f"{ctx.value(label.removeprefix('result ')):.9g}"
        else:
            table, row, column = split_cell(label)
            read = data.table(table).text[row][column]
        digest.update(f"{label}\0{read}\0".encode())
    return digest.hexdigest()[:12]


def draws(portfolios: int = PORTFOLIOS, executor: Executor | None = None, steps: Steps | None = None) -> list[Row]:
    """Draw every portfolio of the chapter, `portfolios` of each kind, and return its numbers.

    These are the spread of each regime; which beats which; what the count of tickets alone gives; funds as observed.
    Progress is reported to `steps`.
    """
    ctx = open_book()
    at = scenario(ctx)
    rows: list[Row] = []
    multiples = {}
    for stream, name in enumerate(REGIMES, start=1):
        one = regime(ctx, name)
        progress = steps(f"portfolios of {name}") if steps else None
        multiples[name] = net_multiples(one, at, portfolios, stream=stream, executor=executor, progress=progress)
        found, drawn = spread(one, at, multiples[name]), one.tickets * portfolios
        told = (
            ("median", "Median net multiple", found.median, "multiple"),
            ("low", "Net multiple that one fund in twenty falls below", found.low, "multiple"),
            ("loss", "Chance that less comes back than was paid in", _pct(found.loss), "pct"),
        )
        rows += [Row(f"{name}_{what}", "regimes", words, number, unit, drawn) for what, words, number, unit in told]
    words = "Chance of the higher net multiple, same shock"
    for first, second in ((PATIENT, DIRECTED), (NATIONAL, DIRECTED), (PATIENT, NATIONAL)):
        chance = _pct(chance_of_beating(multiples[first], multiples[second]))
        rows.append(Row(f"beats_{first}_{second}", "regimes", words, chance, "pct", 2 * portfolios))
    for many, few in PAIRS:
        chance = _pct(ticket_count_chance(at.returns, many, few, portfolios, SEED, executor=executor))
        words = f"Chance that {many} tickets beat {few} of the same deals"
        rows.append(Row(f"count_{many}_{few}", "regimes", words, chance, "pct", (many + few) * portfolios))
    private = replace(regime(ctx, PRIVATE), horizon=parameter(ctx, "fm_life_us", "high"))
    for label, years in (("spread", None), ("one_year", 1)):
        funds = net_multiples(
            private, replace(at, sector_sd=0.0), portfolios, stream=11, exit_years=years, executor=executor
        )
        above, drawn = _pct(share_at_least(funds, 2.0)), private.tickets * portfolios
        for what, words, number, unit in (
            ("mean", "Mean net multiple of venture funds of thirty deals", simulated_mean(funds), "multiple"),
            ("above_two", "Share of these funds above two times", above, "pct"),
        ):
            rows.append(Row(f"funds_{what}_{label}", "fund_mechanics", words, number, unit, drawn))
    return rows


def _pct(estimate: Estimate) -> Estimate:
    return Estimate(100 * estimate.value, 100 * estimate.standard_error)


def _digits(number: float, decimals: int) -> str:
    return f"{rounded(number, decimals):f}"


def _stamp(digest: str) -> dict[str, str]:
    """Return the last columns of every stored row: by which version and from which inputs it was computed."""
    return {"version": VERSION, "inputs_hash": digest, "source_keys": OWN}


def _run_rows(rows: Iterable[Row], digest: str) -> list[dict[str, str]]:
    return [
        {
            "run_id": row.run_id,
            "module": row.module,
            "quantity": row.quantity,
            "value": _digits(row.estimate.value, 2 if row.unit in {"multiple", "ratio"} else 1),
            "standard_error": f"{row.estimate.standard_error:.2g}" if row.draws else "",
            "unit": row.unit,
            "draws": str(row.draws),
            "seed": str(SEED),
            **_stamp(digest),
            "note": "",
        }
        for row in rows
    ]


def _evaluated(
    output: str, base: int, executor: Executor | None, steps: Steps | None
) -> tuple[tuple[str, ...], Floats]:
    names = OUTCOMES[output][1]
    points = sobol_points(names, base, SEED)
    tasks = [points[start : start + POINTS_PER_TASK] for start in range(0, len(points), POINTS_PER_TASK)]
    progress = steps(f"sensitivity of {output}") if steps else None
    values = fan_out(partial(evaluate_block, output), tasks, executor, progress)
    return names, np.concatenate(values)


def _index_rows(digest: str, executor: Executor | None, steps: Steps | None) -> tuple[list[dict[str, str]], list[Row]]:
    """Return the indices of each break-even, and its median and middle nine tenths over the spans of the parameters."""
    rows, spans = [], []
    for output, (words, _, _) in OUTCOMES.items():
        names, values = _evaluated(output, SOBOL_BASE[output], executor, steps)
        for index in sobol_indices(names, values, SEED):
            ids = {"row_id": f"{output}_{index.name}", "output": output, "param_id": index.name}
            numbers = {name: _digits(getattr(index, name), 2) for name in INDEX_NUMBERS}
            size = {"evaluations": str(values.size), "seed": str(SEED)}
            rows.append(ids | numbers | size | _stamp(digest))
        # The first point of each group of Saltelli's scheme is one of the plain sequence: an even sample of the spans.
        sample = values[:: len(names) + 2]
        for label, rank in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
            number, told = Estimate(float(np.quantile(sample, rank)), 0.0), f"{words[0].upper()}{words[1:]}"
            text = f"{told}, {label} of the spans"
            spans.append(Row(f"doubt_{output}_{label}", "regimes", text, number, UNITS[output], 0))
    return rows, spans


def _map_rows(digest: str, executor: Executor | None, steps: Steps | None) -> list[dict[str, str]]:
    tasks = map_tasks()
    found = fan_out(map_point, tasks, executor, steps("break-even maps") if steps else None)
    return [
        {
            "row_id": f"{name}_{line}_{number}",
            "map_id": name,
            "line": line,
            "place": f"{place:.6g}",
            "break_even": "" if one.at is None else f"{one.at:.4g}",
            "side": one.side,
            **_stamp(digest),
        }
        for number, ((name, line, place), one) in enumerate(zip(tasks, found, strict=True))
    ]


def write_runs(folder: Path = DATA_FOLDER, workers: int | None = None, steps: Steps | None = None) -> list[Path]:
    """Run the model at full precision, by default on all processors, write its tables and return their paths.

    Progress is reported to `steps`: ``steps("break-even maps")(3, 40)`` says that 3 of 40 tasks are done.
    """
    digest = inputs_hash(book_data())
    with ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        indices, spans = _index_rows(digest, pool, steps)
        tables = {
            "model_maps.csv": _map_rows(digest, pool, steps),
            "model_runs.csv": _run_rows([*draws(executor=pool, steps=steps), *spans], digest),
            "model_sensitivity.csv": indices,
        }
    return [write_whole(folder / name, csv_text(rows[0], rows)) for name, rows in tables.items()]
