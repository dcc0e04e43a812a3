"""The stored runs of the model: up to date, what a coarse rerun gives, what plain draws give, and written whole or not at all."""

from __future__ import annotations

import csv
import shutil
from functools import cache
from math import exp, expm1, hypot, log1p, sqrt

import numpy as np
import pytest

from oracles import capacity, regimes, returns
from patient_capital import cli
from patient_capital.analysis.model import runs as model_runs
from patient_capital.analysis.model.maps import MAPS, map_point, map_tasks
from patient_capital.analysis.model.regimes import REGIMES, SEED, regime
from patient_capital.analysis.model.sensitivity import OUTCOMES, evaluate_block
from patient_capital.model.common.estimates import Estimate
from patient_capital.model.common.sobol import sobol_indices, sobol_points
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results
from patient_capital.tables import DATA_FOLDER, load

STALE = "the stored runs of the model are out of date: run make model"
TABLES = ("model_runs", "model_sensitivity", "model_maps")


# --- Up to date ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_stored_rows_are_of_the_inputs_and_the_model_as_they_stand(book, raw, table):
    digest = model_runs.inputs_hash(book)
    for key, row in raw(table).items():
        assert row["inputs_hash"] == digest, f"{table}, {key}: {STALE}"
        assert row["version"] == model_runs.VERSION, f"{table}, {key}: {STALE}"
        assert row.get("seed", str(SEED)) == str(SEED), f"{table}, {key}: {STALE}"


def test_stored_tables_hold_every_run(raw):
    rows = raw("model_runs")
    spans = {f"doubt_{output}_{end}" for output in OUTCOMES for end in ("low", "median", "high")}
    assert set(rows) == {row.run_id for row in coarse()} | spans, STALE
    indices = raw("model_sensitivity")
    assert list(indices) == [f"{output}_{name}" for output, (_, names, _) in OUTCOMES.items() for name in names], STALE
    for row in indices.values():
        base, names = model_runs.SOBOL_BASE[row["output"]], OUTCOMES[row["output"]][1]
        assert int(row["evaluations"]) == base * (len(names) + 2), STALE
    stored = [(row["map_id"], row["line"], row["place"]) for row in raw("model_maps").values()]
    assert stored == [(name, line, f"{place:.6g}") for name, line, place in map_tasks()], STALE


def changed(tmp_path, table, key, column, value):
    """Return the data of the book with one cell changed."""
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = next(iter(rows[0]))
    (row,) = [row for row in rows if row[first] == key]
    assert row[column] != value
    row[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return load(folder)


@pytest.mark.parametrize(
    ("table", "key", "column", "value"),
    [
        ("parameters", "vr_mid_mean", "value", "2.3"),
        ("parameters", "vr_cap", "high", "900"),
        ("regimes", "patient_fund", "state_share", "0.4"),
        ("comparators", "china_invest_2023", "amount", "700"),
    ],
)
def test_hash_changes_with_what_the_runs_depend_on(book, tmp_path, table, key, column, value):
    assert model_runs.inputs_hash(changed(tmp_path, table, key, column, value)) != model_runs.inputs_hash(book)


@pytest.mark.parametrize(
    ("table", "key", "column", "value"),
    [
        ("parameters", "vr_mid_mean", "note", "another note"),
        ("parameters", "cr_firms_2024", "value", "262501"),
        ("regimes", "patient_fund", "note", "another note"),
    ],
)
def test_hash_stays_with_what_they_do_not_depend_on(book, tmp_path, table, key, column, value):
    assert model_runs.inputs_hash(changed(tmp_path, table, key, column, value)) == model_runs.inputs_hash(book)


def test_hash_changes_with_the_version(book, monkeypatch):
    before = model_runs.inputs_hash(book)
    monkeypatch.setattr(model_runs, "VERSION", "another")
    assert model_runs.inputs_hash(book) != before


def test_hash_covers_every_cell_that_the_runs_read(book, monkeypatch):
    ctx = Context(book, load_results())
    covered = model_runs.inputs_read(book).inputs
    monkeypatch.setattr(model_runs, "open_book", lambda: ctx)
    model_runs.draws(20)
    for output, (_, names, _) in OUTCOMES.items():
        evaluate_block(output, np.full((1, len(names)), 0.4), ctx)
    for name, line, place in map_tasks():
        if place == MAPS[name].low:
            MAPS[name].at(ctx, line, place)
    assert ctx.inputs == covered


def test_hash_reads_no_parameter_that_no_run_reads(book):
    read = {
        label.split("[")[1].split("]")[0] for label in model_runs.inputs_read(book).inputs if "parameters[" in label
    }
    assert {"vr_cap", "fm_idle_years", "oc_F", "fm_life_us"} <= read
    assert not read & {"vr_log_mean", "cr_mu", "fm_nvcgf_layers", "vr_alpha"}


# --- Draws -----------------------------------------------------------------------------------------------


@cache
def coarse():
    return model_runs.draws(4000)


def rounding(row):
    return 0.5 * 10.0 ** -len(row["value"].partition(".")[2])


def test_coarse_rerun_agrees(raw):
    rows = raw("model_runs")
    for again in coarse():
        row = rows[again.run_id]
        allowed = 4 * hypot(float(row["standard_error"]), again.estimate.standard_error) + rounding(row)
        assert float(row["value"]) == pytest.approx(again.estimate.value, abs=allowed), f"{again.run_id}: {STALE}"
        assert (row["unit"], row["quantity"], row["module"]) == (again.unit, again.quantity, again.module)
        assert int(row["draws"]) == again.draws * model_runs.PORTFOLIOS // 4000


def test_draws_are_the_same_again():
    assert [(r.run_id, r.estimate) for r in model_runs.draws(200)] == [
        (r.run_id, r.estimate) for r in model_runs.draws(200)
    ]


def plain_multiples(world, row, count, rng, normals, *, tickets=None, years=None, horizon=None, sectors=True):
    """Draw whole portfolios from the quantiles of deals, with one shock a portfolio and carry on the outcome."""
    p, cell = world.p, world.regimes[row]
    lost, good = world.classes(row)
    rank = (np.arange(200_000) + 0.5) / 200_000
    of_deals = p | {"vr_loss_share": lost, "vr_share_ge5": good, "tail_index": world.deals.index}
    table = returns.quantile(of_deals, rank)
    tickets = int(cell["tickets"]) if tickets is None else tickets
    horizon = float(cell["horizon_years"]) if horizon is None else horizon
    drawn = np.concatenate(
        [table[rng.integers(table.size, size=(part, tickets))].mean(axis=1) for part in _parts(count, tickets)]
    )
    years = round(horizon / 2) if years is None else years
    spread = log1p(expm1(p["vr_shock_sd"] ** 2) / years)
    if sectors:
        spread += log1p(expm1(p["sel_sector_sd"] ** 2) / int(cell["sectors_picked"]))
    flows = world.fund(row, horizon_years=str(horizon))
    received = flows.gross * drawn / table.mean() * np.exp(sqrt(spread) * normals[:count] - spread / 2)
    paid = flows.calls.sum()
    return (received - p["fm_carry"] * np.maximum(received - paid, 0)) / paid


def _parts(count, tickets):
    most = max(1, 2_000_000 // tickets)
    return [min(most, count - start) for start in range(0, count, most)]


COUNT = 4000


@pytest.fixture(scope="module")
def world(raw):
    return regimes.World(raw)


@pytest.fixture(scope="module")
def drawn(world):
    rng = np.random.default_rng(2024)
    normals = rng.standard_normal(COUNT)
    return {row: plain_multiples(world, row, COUNT, rng, normals) for row in REGIMES}


def check(row, value, error):
    allowed = 4 * hypot(float(row["standard_error"]), error) + rounding(row)
    assert float(row["value"]) == pytest.approx(value, abs=allowed), row["run_id"]


def quantile_error(sample, rank):
    step = sqrt(rank * (1 - rank) / sample.size)
    low, high = np.quantile(sample, [rank - step, rank + step])
    return (high - low) / 2


def share_error(share):
    return 100 * sqrt(max(share * (1 - share), 1e-4) / COUNT)


@pytest.mark.parametrize("name", REGIMES)
def test_spread_of_a_regime_is_that_of_plain_draws(raw, drawn, name):
    rows, sample = raw("model_runs"), drawn[name]
    check(rows[f"{name}_median"], np.median(sample), quantile_error(sample, 0.5))
    check(rows[f"{name}_low"], np.quantile(sample, 0.05), quantile_error(sample, 0.05))
    share = (sample < 1).mean()
    check(rows[f"{name}_loss"], 100 * share, share_error(share))


@pytest.mark.parametrize(
    ("one", "other"),
    [("patient_fund", "directed_fund"), ("national_fund", "directed_fund"), ("patient_fund", "national_fund")],
)
def test_which_regime_beats_which_in_plain_draws(raw, drawn, one, other):
    share = (drawn[one] > drawn[other]).mean()
    check(raw("model_runs")[f"beats_{one}_{other}"], 100 * share, share_error(share))


@pytest.mark.parametrize(("many", "few"), model_runs.PAIRS)
def test_what_the_count_of_tickets_alone_gives(raw, world, many, few):
    rng = np.random.default_rng(many + few)
    table = returns.quantile(world.p, (np.arange(200_000) + 0.5) / 200_000)
    means = [
        np.concatenate([table[rng.integers(table.size, size=(part, n))].mean(axis=1) for part in _parts(COUNT, n)])
        for n in (many, few)
    ]
    share = (means[0] > means[1]).mean()
    check(raw("model_runs")[f"count_{many}_{few}"], 100 * share, share_error(share))


@pytest.mark.parametrize(("label", "years"), [("spread", 6), ("one_year", 1)])
def test_venture_funds_of_thirty_deals(raw, world, label, years):
    rng = np.random.default_rng(30)
    sample = plain_multiples(
        world, "private_fund", COUNT, rng, rng.standard_normal(COUNT), tickets=30, years=years, horizon=12.0,
        sectors=False,
    )  # fmt: skip
    rows = raw("model_runs")
    check(rows[f"funds_mean_{label}"], sample.mean(), sample.std() / sqrt(COUNT))
    share = (sample >= 2).mean()
    check(rows[f"funds_above_two_{label}"], 100 * share, share_error(share))


# --- Sensitivity -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("output", "base"), [("home", 32), ("waiting", 16)])
def test_coarse_indices_agree(raw, output, base):
    names, rows = OUTCOMES[output][1], raw("model_sensitivity")
    points = sobol_points(names, base, SEED)
    values = evaluate_block(output, points)
    assert evaluate_block(output, points[: len(names) + 2]).tolist() == values[: len(names) + 2].tolist()
    for index in sobol_indices(names, values, SEED):
        row = rows[f"{output}_{index.name}"]
        # A base so small is biased by more than its own interval: a slack of a tenth of the variance.
        allowed = float(row["total_interval"]) + index.total_interval + 0.1
        assert float(row["total"]) == pytest.approx(index.total, abs=allowed), (index.name, STALE)


@pytest.fixture(scope="module")
def home_shares(raw):
    """Break-even home share over an even grid of weights and of entry costs, in logs; from the plain game."""
    p = returns.values(raw)
    low, high = (np.log(end) for end in returns.ends(raw, "oc_F"))
    even = (np.arange(40) + 0.5) / 40

    def share(weight, cost):
        many, one = (capacity.firms_founded(cost, weight, n) for n in (round(p["oc_regions"]), 1))
        leads = [capacity.welfare(many, home, cost) - capacity.welfare(one, home, cost) for home in (0.0, 1.0)]
        return 100.0 if leads[1] < 0 else -100 * leads[0] / (leads[1] - leads[0])

    return np.array([[share(0.09 * u, exp(low + v * (high - low))) for v in even] for u in even])


def test_indices_of_the_home_share_are_those_of_a_full_grid(raw, home_shares):
    rows, variance = raw("model_sensitivity"), home_shares.var()
    # What would vanish if one were known: the mean over the other of the variance along it.
    for name, axis in (("oc_v", 0), ("oc_F", 1)):
        total = home_shares.var(axis=axis).mean() / variance
        alone = home_shares.mean(axis=1 - axis).var() / variance
        row = rows[f"home_{name}"]
        assert float(row["total"]) == pytest.approx(total, abs=float(row["total_interval"]) + 0.01), STALE
        assert float(row["first_order"]) == pytest.approx(alone, abs=float(row["first_order_interval"]) + 0.01), STALE


def test_quantiles_of_the_home_share_are_those_of_a_full_grid(raw, home_shares):
    for label, rank in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
        stored = float(raw("model_runs")[f"doubt_home_{label}"]["value"])
        assert stored == pytest.approx(np.quantile(home_shares, rank), abs=0.5), STALE


@pytest.mark.parametrize("output", ["payoff", "tail", "waiting"])
def test_quantiles_over_the_spans_part_a_coarse_sample(raw, output):
    names, rows = OUTCOMES[output][1], raw("model_runs")
    sample = evaluate_block(output, sobol_points(names, 64, SEED)[:: len(names) + 2][:48])
    for label, rank in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
        stored = float(rows[f"doubt_{output}_{label}"]["value"])
        assert (sample < stored).mean() == pytest.approx(rank, abs=4 * sqrt(rank * (1 - rank) / sample.size)), STALE
    low, median, high = (float(rows[f"doubt_{output}_{end}"]["value"]) for end in ("low", "median", "high"))
    assert low < median < high


# --- Maps ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(3, len(map_tasks()), 8))
def test_stored_break_even_of_a_map(raw, place):
    row, found = list(raw("model_maps").values())[place], map_point(map_tasks()[place])
    assert row["side"] == found.side, STALE
    assert row["break_even"] == ("" if found.at is None else f"{found.at:.4g}"), STALE


# --- Writing ---------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """Replace what takes minutes: one drawn number, one break-even of a map, and noise in the place of outcomes."""
    row = model_runs.Row("one_run", "regimes", "A number", Estimate(1.234, 0.01), "multiple", 100)

    def noise(output, base, executor, steps):
        names = OUTCOMES[output][1]
        return names, np.random.default_rng(1).normal(size=16 * (len(names) + 2))

    monkeypatch.setattr(model_runs, "_evaluated", noise)
    monkeypatch.setattr(model_runs, "map_tasks", lambda: map_tasks()[-1:])
    monkeypatch.setattr(model_runs, "fan_out", lambda run, tasks, executor, progress: [run(task) for task in tasks])
    monkeypatch.setattr(model_runs, "draws", lambda **_: [row])


def test_runs_are_written_as_three_tables(quick, tmp_path, book):
    written = model_runs.write_runs(tmp_path, workers=1)
    assert sorted(path.name for path in written) == sorted(path.name for path in tmp_path.iterdir())
    assert {path.stem for path in written} == set(TABLES)
    with (tmp_path / "model_runs.csv").open(encoding="utf-8", newline="") as file:
        row, *_ = csv.DictReader(file)
    assert (row["value"], row["standard_error"], row["draws"]) == ("1.23", "0.01", "100")
    assert row["inputs_hash"] == model_runs.inputs_hash(book)
    for table in TABLES:
        header = (tmp_path / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header == [field.name for field in book.table(table).schema.fields]


def test_progress_is_told_of_each_task_by_the_name_of_its_step(monkeypatch):
    tasks, told = map_tasks()[:2], []
    monkeypatch.setattr(model_runs, "map_tasks", lambda: tasks)
    model_runs._map_rows("", None, lambda step: lambda done, total: told.append((step, done, total)))
    assert told == [("break-even maps", 1, 2), ("break-even maps", 2, 2)]


@pytest.mark.parametrize("step", ["_index_rows", "_map_rows", "draws"])
def test_nothing_is_written_when_a_run_fails(quick, tmp_path, monkeypatch, step):
    def fail(*args, **kwargs):
        raise ValueError("a run failed")

    monkeypatch.setattr(model_runs, step, fail)
    with pytest.raises(ValueError, match="a run failed"):
        model_runs.write_runs(tmp_path, workers=1)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_cannot_be_written_leaves_the_old_one_and_nothing_half_written(quick, tmp_path, monkeypatch):
    old = tmp_path / "model_maps.csv"
    old.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(model_runs, "_map_rows", lambda *_: [{"row_id": "1"}, {"no_such_column": "1"}])
    with pytest.raises(ValueError, match="no_such_column"):
        model_runs.write_runs(tmp_path, workers=1)
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_text(encoding="utf-8") == "old\n"


def test_command_runs_the_model(monkeypatch, capsys):
    paths = [DATA_FOLDER / f"{table}.csv" for table in TABLES]
    monkeypatch.setattr(model_runs, "write_runs", lambda **_: paths)
    assert cli.main(["model"]) == 0
    assert capsys.readouterr().out == "".join(f"written: data/{table}.csv\n" for table in TABLES)


def test_command_says_in_one_line_what_is_wrong(monkeypatch, capsys):
    def fail(**_):
        raise ValueError("no break-even")

    monkeypatch.setattr(model_runs, "write_runs", fail)
    assert cli.main(["model"]) == 1
    assert capsys.readouterr().err == "error: no break-even\n"


def test_draws_of_a_regime_come_from_its_row(ctx):
    counts = {row.run_id: row.draws for row in coarse()}
    for name in REGIMES:
        assert counts[f"{name}_median"] == 4000 * regime(ctx, name).tickets
