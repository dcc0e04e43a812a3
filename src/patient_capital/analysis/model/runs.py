"""The full-precision run of the model: what needs draws or minutes is computed here and stored as tables of the book.

``make model`` writes ``model_runs.csv``, ``model_sensitivity.csv``, ``model_maps.csv`` and ``model_explorers.csv``,
each when it is whole. Parts are kept under a hash of their inputs until then: an interrupted run leaves the tables as
they were, and the next one goes on. Each row carries seed, version and that hash, so that a test can say when a row is
out of date.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, cast

import numpy as np

from patient_capital import open_book
from patient_capital.analysis.model.doubt import (
    BREAK_EVENS,
    DRAWS,
    FEATURES,
    LIKE,
    LIKE_TERMS,
    OF_STARS,
    OF_THE_OTHER,
    PER_BLOCK,
    drawn_block,
    evaluated_block,
    features_block,
    numbers_at,
    uncertain_inputs,
)
from patient_capital.analysis.model.explorers import (
    home_block,
    home_settings,
    skill_block,
    skill_settings,
    wait_block,
    wait_rows,
)
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.maps import MAPS, map_point, map_tasks
from patient_capital.analysis.model.regimes import (
    DIRECTED,
    NATIONAL,
    PATIENT,
    PRIVATE,
    REGIME_WORDS,
    REGIMES,
    SEED,
    regime,
    scenario,
)
from patient_capital.analysis.model.sensitivity import OUTCOMES, evaluate_block
from patient_capital.files import csv_text, read_sealed, write_sealed, write_whole
from patient_capital.formatting import rounded
from patient_capital.model.common.checks import BreakEven, Floats
from patient_capital.model.common.estimates import (
    Estimate,
    counted_share,
    share_at_least,
    simulated_mean,
    simulated_quantile,
)
from patient_capital.model.common.sobol import sobol_indices, sobol_points
from patient_capital.model.common.workers import Progress, fan_out
from patient_capital.model.regimes.regime_draws import chance_of_beating, net_multiples, spread, ticket_count_chance
from patient_capital.provenance.records import Context, split_cell
from patient_capital.provenance.registry import load_results
from patient_capital.tables import DATA_FOLDER, Data, book_data, table_of

Steps = Callable[[str], Progress]
"""Takes what is done next, in words, and returns where its progress is reported."""

VERSION = "2.1"
"""Version of the model; it changes when an equation does."""
PORTFOLIOS = 100_000
SOBOL_BASE = {"national": 512, "patient": 512, "lead": 512, "waiting": 512, "home": 1024}
PAIRS = ((600, 30), (600, 10), (2000, 67), (600, 67))
"""Tickets that are compared on the same deals."""
OWN = "own_calculation"
POINTS_PER_TASK = 1024
INDEX_NUMBERS = ("first_order", "first_order_interval", "total", "total_interval")
QUANTILES = (("low", 0.05), ("median", 0.5), ("high", 0.95))
FEWEST = 200
"""Fewest draws with a break-even of which quantiles are told."""
PLACES = {"multiple": 2, "ratio": 2, "correlation": 2, "elasticity": 2, "auc": 2}
"""Decimals to which numbers of a unit are stored; one for all others."""


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
    for _, names, _ in OUTCOMES.values():
        uncertain_inputs(ctx, names)
    numbers_at(ctx, drawn_block(ctx, 0, 2), 0)
    uncertain_inputs(ctx, OF_STARS)
    for one in MAPS.values():
        for line in one.lines:
            one.at(ctx, line, one.low)
    return ctx


def explorers_read(data: Data) -> Context:
    """Return a context that has read what the stored numbers of the explorers read, and nothing else."""
    ctx = Context(data, load_results())
    skill_block((skill_settings(ctx)["thinning"][0], skill_settings(ctx)["sale"][0]), ctx, 2)
    home_block(home_settings(ctx)["weight"][0], ctx, 2)
    wait_block(0, ctx, 2)
    return ctx


EXPLORERS = "model_explorers"


def inputs_hash(data: Data, table: str = "model_runs") -> str:
    """Return twelve hexadecimal digits: a hash of all that the runs of a table read, and of the version."""
    digest = hashlib.sha256(VERSION.encode())
    ctx = explorers_read(data) if table == EXPLORERS else inputs_read(data)
    for label in sorted(ctx.inputs):
        if label.startswith("result "):
            read = f"{ctx.value(label.removeprefix('result ')):.9g}"
        else:
            table, row, column = split_cell(label)
            read = data.table(table).text[row][column]
        digest.update(f"{label}\0{read}\0".encode())
    return digest.hexdigest()[:12]


def stale_runs(data: Data) -> Iterator[str]:
    """Yield each table of stored runs that was made from other inputs, or by another version of the model."""
    made = {
        explorers: (inputs_hash(data, EXPLORERS if explorers else "model_runs"), VERSION) for explorers in (True, False)
    }
    for name, table in data.tables.items():
        stamps = (
            {(r["inputs_hash"], r["version"]) for r in table.text.values()} if "inputs_hash" in table.frame else None
        )
        if stamps is not None and stamps != {made[name == EXPLORERS]}:
            yield f"data/{name}.csv holds runs of other inputs or another version of the model: run make model"


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
            "value": _digits(row.estimate.value, PLACES.get(row.unit, 1)),
            "standard_error": f"{row.estimate.standard_error:.2g}" if row.draws else "",
            "unit": row.unit,
            "draws": str(row.draws),
            "seed": str(SEED),
            **_stamp(digest),
            "note": "",
        }
        for row in rows
    ]


def _plain(result: object) -> Any:
    """Return what a task gave in what JSON knows; a float written so is read back to the last bit."""
    return result.tolist() if isinstance(result, np.ndarray) else asdict(cast("BreakEven", result))


def _arrays(plain: Mapping[str, list[float]]) -> dict[str, Floats]:
    return {name: np.asarray(values) for name, values in plain.items()}


def _break_even(plain: Mapping[str, Any]) -> BreakEven:
    return BreakEven(**plain)


@dataclass(frozen=True, slots=True)
class Kept:
    """A function whose result is kept in a file until the table that needs it is written; a rerun reads it there.

    A file that is damaged, or was cut short, is as none.

    Attributes
    ----------
    function : callable
        Takes one task; can be pickled.
    folder : Path or None
        Where results are kept; nowhere if None.
    name : str
        Begins the name of their files.
    read : callable
        Makes a result of what JSON knows; can be pickled.
    """

    function: Callable[[Any], Any]
    folder: Path | None
    name: str
    read: Callable[[Any], Any]

    def __call__(self, numbered: tuple[int, Any]) -> Any:
        """Return the result of a numbered task, computed or read back."""
        number, task = numbered
        if self.folder is None:
            return self.function(task)
        path = self.folder / f"{self.name}-{number}.json"
        if (body := read_sealed(path)) is not None:
            return self.read(json.loads(body))
        result = self.function(task)
        write_sealed(path, json.dumps(result, default=_plain))
        return result


@dataclass(frozen=True, slots=True)
class Run:
    """Where and how the tasks of a run are done.

    Attributes
    ----------
    digest : str
        Hash of its inputs.
    folder : Path, optional
        Where parts are kept.
    executor, steps : optional
        Processes, and where progress is reported.
    """

    digest: str
    folder: Path | None = None
    executor: Executor | None = None
    steps: Steps | None = None

    def each(
        self,
        words: str,
        name: str,
        function: Callable[[Any], Any],
        tasks: Sequence[Any],
        read: Callable[[Any], Any] = np.asarray,
    ) -> list[Any]:
        """Return the results of a function over tasks, in their order; see :class:`Kept`."""
        progress = self.steps(words) if self.steps else None
        return fan_out(Kept(function, self.folder, name, read), list(enumerate(tasks)), self.executor, progress)


def _evaluated(output: str, base: int, run: Run) -> tuple[tuple[str, ...], Floats]:
    names = OUTCOMES[output][1]
    points = sobol_points(names, base, SEED)
    tasks = [points[start : start + POINTS_PER_TASK] for start in range(0, len(points), POINTS_PER_TASK)]
    values = run.each(f"sensitivity of {output}", f"sobol-{output}", partial(evaluate_block, output), tasks)
    return names, np.concatenate(values)


def _index_rows(run: Run) -> list[dict[str, str]]:
    """Return the indices of each result."""
    rows = []
    for output in OUTCOMES:
        names, values = _evaluated(output, SOBOL_BASE[output], run)
        for index in sobol_indices(names, values, SEED):
            ids = {"row_id": f"{output}_{index.name}", "output": output, "param_id": index.name}
            numbers = {name: _digits(getattr(index, name), 2) for name in INDEX_NUMBERS}
            size = {"evaluations": str(values.size), "seed": str(SEED)}
            rows.append(ids | numbers | size | _stamp(run.digest))
    return rows


KINDS = {
    "rate": ("net return a year", "pct"),
    "multiple": ("net multiple", "multiple"),
    "bond": ("net present value at the treasury's interest", "pct"),
    "public": ("net present value at the official rate for public projects", "pct"),
    "risk": ("net present value at a rate that prices risk", "pct"),
    "equal": ("net present value at the treasury's interest, at equal life and share of the state", "pct"),
    "off": ("net present value at the treasury's interest, all assumed costs off", "pct"),
    "unrefused": ("net present value at the treasury's interest, if nobody refused the state", "pct"),
    "axis": ("net present value by discount rate, percent a year", "pct"),
    "gained": ("net present value at the treasury's interest with what others gain as by ship subsidies", "pct"),
    "left": ("share of deals left by April 2025, funds of one year", "pct"),
    "cn_growth": ("growth of winners a year by the Chinese count of deals left", "pct"),
    "cn_rate": ("net return a year of a private fund by its years, by the Chinese count", "pct"),
    "cn_bond": ("net present value at the treasury's interest, by the Chinese count", "pct"),
    "cn_plain_bond": (
        "net present value at the treasury's interest of a private fund by its years, by the Chinese count",
        "pct",
    ),
    "cn_wait": ("points a year gained by waiting, by the Chinese count", "pct_points"),
    "access": ("share of applicants that a lender serves", "pct"),
    "plain_bond": ("net present value at the treasury's interest of a private fund by its years", "pct"),
    "plain_public": ("net present value at the official rate of a private fund by its years", "pct"),
    "lead": ("lead in net present value at the treasury's interest", "pct_points"),
    "many_over": ("lead of all regions over a few, all gain at home", "pct_points"),
    "home": ("home share above which all regions beat a few", "pct"),
    "wait": ("points a year gained by waiting", "pct_points"),
    **{
        name: (f"lead {LIKE}: {REGIME_WORDS[one]} over {REGIME_WORDS[other]}", "pct_points")
        for name, (one, other) in LIKE_TERMS.items()
    },
    **{
        name: (f"change of the worth of the {told['fund']} by {told['words']}", "pct_points")
        for name, told in OF_THE_OTHER.items()
    },
    "implied": ("elasticity of deal flow that screening alone implies", "elasticity"),
}
"""What a name of a joint number begins with: words and unit."""
WHICH = {
    **REGIME_WORDS,
    "directed_registry": "directed fund with the life of the registry",
    "national_registered": "national fund if only the registered money comes",
    "learning": "one region, all learning from all output",
    "none": "neither collateral nor data",
    "collateral": "collateral",
    "guarantee": "a guarantee",
    "data": "operating data",
    "lead": "operating data less collateral",
    "elasticity": "",
}
"""What the rest of such a name may hold beside numbers, in words."""
COUNTED = {"axis": "{} percent", "home": "regions, few: {}", "many_over": "regions, few: {}", "left": "{}"}
"""What a number in the rest of a name counts; years where nothing stands here."""


def joint_kind(name: str) -> tuple[str, float, str]:
    """Return words, factor to the unit of the page, and unit of a joint number."""
    if name in BREAK_EVENS:
        return BREAK_EVENS[name]
    kind = max((kind for kind in KINDS if f"{name}_".startswith(f"{kind}_")), key=len)
    words, unit = KINDS[kind]
    which = _which(kind, name.removeprefix(kind).strip("_"))
    return f"{words}: {which}" if which else words, 1.0, unit


def _which(kind: str, rest: str) -> str:
    """Return in words of what a joint number is; a name without words is an error, since readers would see it."""
    known = "|".join(sorted(WHICH, key=len, reverse=True))
    parts = re.findall(rf"(?:{known}|\d+)(?=_|$)", rest)
    if "_".join(parts) != rest:
        raise KeyError(f"{rest!r}: this part of the name of a stored number has no words")
    said = [WHICH[part] if part in WHICH else COUNTED.get(kind, "{} years").format(part) for part in parts]
    if kind == "wait" and parts:
        return f"{said[1]} rather than {said[0]}"
    return (", " if kind == "axis" else " over ").join(said)


def joint_rows(found: Mapping[str, Floats]) -> list[Row]:
    """Return what joint draws say of each number: its 5, 50 and 95 percent points and the share of draws above zero.

    Of a number that some draws do not have, the points are of those that have it, and the shares of draws without one
    are told: where the first way is better over the whole span that is searched, and where it never is.
    """
    rows = []
    for name, values in found.items():
        if name.startswith("below_"):
            share = _pct(counted_share(int(values.sum()), values.size))
            words = f"Share of draws in which winners exit below cost: {_which('below', name.removeprefix('below_'))}"
            rows.append(Row(f"joint_{name}", "regimes", words, share, "pct", values.size))
            continue
        words, factor, unit = joint_kind(name)
        words = f"{words[0].upper()}{words[1:]}"
        known = factor * values[np.isfinite(values)]
        if known.size >= FEWEST:
            for label, rank in QUANTILES:
                text = f"{words}, {100 * rank:.0f} percent point of joint draws"
                point = simulated_quantile(known, rank)
                rows.append(Row(f"joint_{name}_{label}", "regimes", text, point, unit, known.size))
        if name in BREAK_EVENS or name.startswith("home_"):
            shares = {"better": np.isposinf(values), "never": np.isneginf(values), "switch": np.isfinite(values)}
            told = {
                "better": "no switch, the first is better",
                "never": "no switch, the first never is",
                "switch": "a switch",
            }
        else:
            shares, told = {"above": values > 0}, {"above": "a value above zero"}
        for label, where in shares.items():
            share = _pct(counted_share(int(where.sum()), values.size))
            text = f"{words}: share of draws with {told[label]}"
            rows.append(Row(f"joint_{name}_{label}", "regimes", text, share, "pct", values.size))
    return rows


def _joined(blocks: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def joint(run: Run, draws: int = DRAWS) -> list[Row]:
    """Evaluate the joint draws and return what they say of each number, and what each feature takes."""
    blocks = run.each("joint draws", "joint", evaluated_block, range(draws // PER_BLOCK), _arrays)
    rows = joint_rows(_joined(blocks))
    shares = run.each("what each feature takes", "features", features_block, range(draws // PER_BLOCK), _arrays)
    for name, values in _joined(shares).items():
        words = {"none": "with every feature off", "all": "as built"}.get(name) or FEATURES[name][0]
        for label, rank in QUANTILES:
            text = f"What a feature adds to the worth of the national fund: {words}, {100 * rank:.0f} percent point"
            point = simulated_quantile(values, rank)
            rows.append(Row(f"feature_{name}_{label}", "regimes", text, point, "pct_points", values.size))
        if name not in FEATURES:
            share = _pct(counted_share(int((values > 0).sum()), values.size))
            text = f"Worth of the national fund {words}: share of draws with a value above zero"
            rows.append(Row(f"feature_{name}_above", "regimes", text, share, "pct", values.size))
    return rows


def _map_rows(run: Run) -> list[dict[str, str]]:
    tasks = map_tasks()
    found = run.each("break-even maps", "map", map_point, tasks, _break_even)
    return [
        {
            "row_id": f"{name}_{line}_{number}",
            "map_id": name,
            "line": line,
            "place": f"{place:.6g}",
            "break_even": "" if one.at is None else f"{one.at:.4g}",
            "side": one.side,
            **_stamp(run.digest),
        }
        for number, ((name, line, place), one) in enumerate(zip(tasks, found, strict=True))
    ]


EXPLORER_PLACES = {"skill": 3, "home": 1, "wait": 2}
"""Decimals to which the numbers of an explorer are stored."""


def _explorer_rows(run: Run) -> list[dict[str, str]]:
    """Return what joint draws say at every setting of the explorers; an end off the axis is an empty cell."""
    book = open_book()
    settings = skill_settings(book)
    tasks = [(thinning, sale) for thinning in settings["thinning"] for sale in settings["sale"]]
    found = {
        "skill": run.each("explorer of picking skill", "skill", skill_block, tasks),
        "home": run.each("explorer of regions", "home", home_block, home_settings(book)["weight"]),
        "wait": [wait_rows(run.each("explorer of waiting", "wait", wait_block, range(DRAWS // PER_BLOCK)))],
    }

    def cell(value: float | str, places: int) -> str:
        return _digits(float(value), places) if np.isfinite(float(value)) else ""

    return [
        {
            "row_id": str(row["row_id"]),
            "explorer": name,
            **{end: cell(row[end], EXPLORER_PLACES[name]) for end in ("low", "median", "high")},
            **{share: cell(row[share], 1) if share in row else "" for share in ("below_pct", "above_pct")},
            "draws": str(DRAWS if name == "wait" else PER_BLOCK),
            "seed": str(SEED),
            **_stamp(run.digest),
        }
        for name, blocks in found.items()
        for rows in blocks
        for row in rows
    ]


def kept_in(digest: str) -> Path:
    """Return the folder in which parts of a run are kept until its tables are written."""
    return DATA_FOLDER.parent / "_build" / "model" / digest


def _end_with_parent() -> None:
    """Let a worker end when the process that started it is gone, however that ended, and leave an interrupt to it."""

    def watch() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=watch, daemon=True).start()


def write_runs(
    folder: Path = DATA_FOLDER, workers: int | None = None, steps: Steps | None = None, kept: Path | None = None
) -> list[Path]:
    """Run the model at full precision, by default on all processors, write its tables and return their paths.

    Progress is reported to `steps`: ``steps("break-even maps")(3, 40)`` says that 3 of 40 tasks are done. Each table is
    written when it is whole. What is done is kept in `kept`, by default in the folder of builds, and removed when all
    tables are there.

    Raises
    ------
    DataError
        If a number is none that its table may hold; the last table stays.
    """
    book = book_data()
    digest, of_explorers = inputs_hash(book), inputs_hash(book, EXPLORERS)
    parts = kept or kept_in(digest)
    spawned = get_context("spawn")
    with ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=spawned, initializer=_end_with_parent) as pool:
        run = Run(digest, parts, pool, steps)
        tables: dict[str, Callable[[], list[dict[str, str]]]] = {
            "model_maps.csv": lambda: _map_rows(run),
            "model_sensitivity.csv": lambda: _index_rows(run),
            "model_runs.csv": lambda: _run_rows([*draws(executor=pool, steps=steps), *joint(run)], digest),
            f"{EXPLORERS}.csv": lambda: _explorer_rows(replace(run, digest=of_explorers)),
        }
        written = []
        for name, compute in tables.items():
            rows = compute()
            text = csv_text(rows[0], rows)
            table_of(write_whole(parts / name, text), book.table(Path(name).stem).schema, book.package)
            written.append(write_whole(folder / name, text))
    shutil.rmtree(parts, ignore_errors=True)
    return written
