"""The stored runs of the model: up to date, what a coarse rerun gives, what plain draws give, and written whole or not at all."""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from math import exp, expm1, hypot, log1p, sqrt

import numpy as np
import pytest

from helpers.rows import change_cells, rows_of
from oracles import capacity, fund, regimes, returns
from patient_capital import cli, open_book
from patient_capital.analysis.model import doubt
from patient_capital.analysis.model import runs as model_runs
from patient_capital.analysis.model.doubt import evaluated_block, features_block
from patient_capital.analysis.model.maps import MAPS, map_point, map_tasks
from patient_capital.analysis.model.regimes import REGIMES, SEED, regime
from patient_capital.analysis.model.sensitivity import OUTCOMES, evaluate_block
from patient_capital.model.common.checks import BreakEven
from patient_capital.model.common.estimates import Estimate
from patient_capital.model.common.sobol import sobol_indices, sobol_points
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results
from patient_capital.tables import DATA_FOLDER, DataError, load

STALE = "the stored runs of the model are out of date: run make model"
TABLES = ("model_runs", "model_sensitivity", "model_maps", "model_explorers")


# --- Up to date ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_stored_rows_are_of_the_inputs_and_the_model_as_they_stand(book, raw, table):
    digest = model_runs.inputs_hash(book, table)
    for key, row in raw(table).items():
        assert row["inputs_hash"] == digest, f"{table}, {key}: {STALE}"
        assert row["version"] == model_runs.VERSION, f"{table}, {key}: {STALE}"
        assert row.get("seed", str(SEED)) == str(SEED), f"{table}, {key}: {STALE}"


def test_stored_tables_hold_every_run(raw):
    rows = raw("model_runs")
    assert {row.run_id for row in coarse()} < set(rows), STALE
    rest = set(rows) - {row.run_id for row in coarse()}
    assert {row.run_id for row in few_joint()} <= rest, STALE
    assert all(run.startswith(("joint_", "feature_")) for run in rest), STALE
    indices = raw("model_sensitivity")
    assert list(indices) == [f"{output}_{name}" for output, (_, names, _) in OUTCOMES.items() for name in names], STALE
    for row in indices.values():
        base, names = model_runs.SOBOL_BASE[row["output"]], OUTCOMES[row["output"]][1]
        assert int(row["evaluations"]) == base * (len(names) + 2), STALE
    stored = [(row["map_id"], row["line"], row["place"]) for row in raw("model_maps").values()]
    assert stored == [(name, line, f"{place:.6g}") for name, line, place in map_tasks()], STALE


def changed(copied, table, key, column, value):
    """Return the data of a copy of the tables with one cell changed."""
    change_cells(copied / f"{table}.csv", key, **{column: value})
    return load(copied)


@pytest.mark.parametrize(
    ("table", "key", "column", "value"),
    [
        ("parameters", "vr_mid_mean", "value", "2.3"),
        ("parameters", "vr_cap", "high", "900"),
        ("regimes", "patient_fund", "state_share", "0.4"),
        ("comparators", "china_invest_2023", "amount", "700"),
    ],
)
def test_hash_changes_with_what_the_runs_depend_on(book, copied, table, key, column, value):
    assert model_runs.inputs_hash(changed(copied, table, key, column, value)) != model_runs.inputs_hash(book)


@pytest.mark.parametrize(
    ("table", "key", "column", "value"),
    [
        ("parameters", "vr_mid_mean", "note", "another note"),
        ("parameters", "cr_firms_2024", "value", "262501"),
        ("regimes", "patient_fund", "note", "another note"),
    ],
)
def test_hash_stays_with_what_they_do_not_depend_on(book, copied, table, key, column, value):
    assert model_runs.inputs_hash(changed(copied, table, key, column, value)) == model_runs.inputs_hash(book)


def test_hash_changes_with_the_version(book, monkeypatch):
    before = model_runs.inputs_hash(book)
    monkeypatch.setattr(model_runs, "VERSION", "another")
    assert model_runs.inputs_hash(book) != before


def test_hash_covers_every_cell_that_the_runs_read(book, monkeypatch):
    ctx = Context(book, load_results())
    covered = model_runs.inputs_read(book).inputs
    monkeypatch.setattr(model_runs, "open_book", lambda: ctx)
    model_runs.draws(20)
    evaluated_block(0, ctx, 2)
    features_block(0, ctx, 1)
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
    assert {
        "vr_cap",
        "fm_idle_years",
        "oc_F",
        "fm_life_us",
        "fm_early_share_cn",
        "vr_exit_reading",
        "cr_mu",
        "fm_left_2014",
    } <= read
    assert not read & {"vr_log_mean", "cr_npl_tol", "fm_nvcgf_layers", "vr_alpha"}


# --- Draws -----------------------------------------------------------------------------------------------


@cache
def coarse():
    return model_runs.draws(4000)


@cache
def few_joint():
    """Joint numbers of two blocks, without break-evens, which take longest."""
    blocks = [doubt.outcomes_at(open_book(), doubt.drawn_block(open_book(), block)) for block in (0, 1)]
    found = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return model_runs.joint_rows(found)


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
    many = int(cell["tickets"]) if tickets is None else tickets
    horizon = float(cell["horizon_years"]) if horizon is None else horizon
    drawn = np.concatenate(
        [table[rng.integers(table.size, size=(part, many))].mean(axis=1) for part in _parts(count, many)]
    )
    years = max(horizon / p["vr_years_per_exit_year"], 1) if years is None else years
    spread = log1p(expm1(p["vr_shock_sd"] ** 2) / years)
    if sectors:
        spread += log1p(expm1(p["sel_sector_sd"] ** 2) / int(cell["sectors_picked"]))
    flows = world.fund(row, horizon_years=str(horizon))
    received = flows.gross * drawn / table.mean() * np.exp(sqrt(spread) * normals[:count] - spread / 2)
    paid = flows.calls.sum()
    # Carry is that of each fund: given what all bring, one of several varies with its own deals.
    size = int(cell["deals_per_fund"])
    luck = 0.0
    if size < many:
        spread_of_deals, mean = regimes.variance(p, lost, good, world.deals.index)
        luck = sqrt(log1p(spread_of_deals / mean**2 / size))
    left = received - p["fm_carry"] * paid * fund.profit(received / paid, luck)
    if cell["fee_layers"] == "2":
        left = left - p["fm_upper_carry"] * np.maximum(left - paid, 0)
    return left / paid


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


@pytest.mark.parametrize(("output", "base"), [("home", 64), ("waiting", 256), ("national", 128)])
def test_coarse_indices_agree(raw, output, base):
    names, rows = OUTCOMES[output][1], raw("model_sensitivity")
    points = sobol_points(names, base, SEED)
    values = evaluate_block(output, points)
    few = evaluate_block(output, points[: len(names) + 2])
    assert few == pytest.approx(values[: len(names) + 2], abs=1e-10)
    for index in sobol_indices(names, values, SEED):
        row = rows[f"{output}_{index.name}"]
        # A base so small is biased by more than its own interval: a slack of a tenth of the variance.
        allowed = float(row["total_interval"]) + index.total_interval + 0.1
        assert float(row["total"]) == pytest.approx(index.total, abs=allowed), (index.name, STALE)


@pytest.fixture(scope="module")
def home_leads(raw):
    """Lead of all regions over one, over an even grid of weights, entry costs in logs and home shares."""
    p = returns.values(raw)
    spans = {name: returns.ends(raw, name) for name in ("oc_v", "oc_F", "oc_home")}
    low, high = (np.log(end) for end in spans["oc_F"])
    even = (np.arange(24) + 0.5) / 24

    def lead(weight, cost, home):
        many, one = (capacity.firms_founded(cost, weight, n) for n in (round(p["oc_regions"]), 1))
        best = capacity.best_welfare(cost)
        return [100 * (capacity.welfare(many, h, cost) - capacity.welfare(one, h, cost)) / best for h in home]

    homes = spans["oc_home"][0] + even * (spans["oc_home"][1] - spans["oc_home"][0])
    weights = spans["oc_v"][0] + even * (spans["oc_v"][1] - spans["oc_v"][0])
    return np.array([[lead(v, exp(low + u * (high - low)), homes) for u in even] for v in weights])


def test_indices_of_the_lead_of_regions_are_those_of_a_full_grid(raw, home_leads):
    rows, variance = raw("model_sensitivity"), home_leads.var()
    for axis, name in enumerate(("oc_v", "oc_F", "oc_home")):
        others = tuple(place for place in range(3) if place != axis)
        total = home_leads.var(axis=axis).mean() / variance
        alone = home_leads.mean(axis=others).var() / variance
        row = rows[f"home_{name}"]
        assert float(row["total"]) == pytest.approx(total, abs=float(row["total_interval"]) + 0.01), STALE
        assert float(row["first_order"]) == pytest.approx(alone, abs=float(row["first_order_interval"]) + 0.01), STALE


def test_joint_numbers_agree_with_those_of_two_blocks(raw):
    rows = raw("model_runs")
    for again in few_joint():
        row = rows[again.run_id]
        # A few hundred draws give their own error, for a share of none or all of them too.
        allowed = 4.5 * max(again.estimate.standard_error, 0.2) + rounding(row)
        assert float(row["value"]) == pytest.approx(again.estimate.value, abs=allowed), f"{again.run_id}: {STALE}"
        assert (row["unit"], row["quantity"]) == (again.unit, again.quantity)


@pytest.mark.parametrize("run", ["skill_patient_fund", "flow_national_fund", "soft_waiting", "home_1"])
def test_shares_of_draws_with_and_without_a_switch_add_up(raw, run):
    shares = [float(raw("model_runs")[f"joint_{run}_{label}"]["value"]) for label in ("switch", "better", "never")]
    assert sum(shares) == pytest.approx(100, abs=0.2)


def test_points_of_joint_draws_rise(raw):
    rows = raw("model_runs")
    for run in rows:
        if run.endswith("_median"):
            name = run.removesuffix("_median")
            if name.startswith(("joint_", "feature_")):
                points = [float(rows[f"{name}_{label}"]["value"]) for label in ("low", "median", "high")]
                assert points == sorted(points)


# --- Maps ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(3, len(map_tasks()), 8))
def test_stored_break_even_of_a_map(raw, place):
    row, found = list(raw("model_maps").values())[place], map_point(map_tasks()[place])
    assert row["side"] == found.side, STALE
    assert row["break_even"] == ("" if found.at is None else f"{found.at:.4g}"), STALE


# --- Writing ---------------------------------------------------------------------------------------------


def noise_of(points):
    """Return what gives noise in the place of outcomes, at so many points of each base."""

    def noise(output, base, run):
        names = OUTCOMES[output][1]
        return names, np.random.default_rng(1).normal(size=points * (len(names) + 2))

    return noise


@pytest.fixture
def quick(monkeypatch):
    """Replace what takes minutes: one drawn number, one break-even of a map, and noise in the place of outcomes."""
    row = model_runs.Row("one_run", "regimes", "A number", Estimate(1.234, 0.01), "multiple", 100)
    monkeypatch.setattr(model_runs, "_evaluated", noise_of(256))
    monkeypatch.setattr(model_runs, "map_tasks", lambda: map_tasks()[-1:])
    monkeypatch.setattr(model_runs, "fan_out", lambda run, tasks, executor, progress: [run(task) for task in tasks])
    monkeypatch.setattr(model_runs, "draws", lambda **_: [row])
    monkeypatch.setattr(model_runs, "joint", lambda *_: [])
    found, number = {"low": -np.inf, "median": 0.1234, "high": 0.5, "below_pct": 12.34, "above_pct": 0.0}, count()
    monkeypatch.setattr(model_runs, "skill_block", lambda *_: [{"row_id": f"skill_{next(number)}"} | found])
    monkeypatch.setattr(model_runs, "home_block", lambda *_: [])
    monkeypatch.setattr(model_runs, "wait_block", lambda *_: {"rate_7": np.arange(101.0)})


def written_tables(folder):
    return sorted(path.stem for path in folder.glob("*.csv"))


def test_runs_are_written_as_four_tables_and_no_part_is_left(quick, tmp_path, book):
    written = model_runs.write_runs(tmp_path, workers=1, kept=tmp_path / "parts")
    assert sorted(path.name for path in written) == sorted(path.name for path in tmp_path.iterdir())
    assert {path.stem for path in written} == set(TABLES)
    row, *_ = rows_of(tmp_path / "model_runs.csv")
    assert (row["value"], row["standard_error"], row["draws"]) == ("1.23", "0.01", "100")
    assert row["inputs_hash"] == model_runs.inputs_hash(book)
    skill, *_, wait = rows_of(tmp_path / "model_explorers.csv")
    assert [skill[name] for name in ("low", "median", "high", "below_pct", "draws")] == [
        "",
        "0.123",
        "0.500",
        "12.3",
        "256",
    ]
    assert [wait[name] for name in ("row_id", "low", "median", "high", "below_pct")] == [
        "wait_rate_7",
        "5.00",
        "50.00",
        "95.00",
        "",
    ]
    assert wait["inputs_hash"] == model_runs.inputs_hash(book, "model_explorers")
    for table in TABLES:
        header = (tmp_path / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header == [field.name for field in book.table(table).schema.fields]


def test_progress_is_told_of_each_task_by_the_name_of_its_step(monkeypatch):
    tasks, told = map_tasks()[:2], []
    monkeypatch.setattr(model_runs, "map_tasks", lambda: tasks)
    model_runs._map_rows(model_runs.Run("", steps=lambda step: lambda done, total: told.append((step, done, total))))
    assert told == [("break-even maps", 1, 2), ("break-even maps", 2, 2)]


@pytest.mark.parametrize(
    ("step", "whole"),
    [
        ("_map_rows", []),
        ("_index_rows", ["model_maps"]),
        ("_explorer_rows", ["model_maps", "model_runs", "model_sensitivity"]),
    ],
)
def test_a_run_that_fails_leaves_whole_tables_and_no_other(quick, tmp_path, monkeypatch, step, whole):
    def fail(*args, **kwargs):
        raise ValueError("a run failed")

    monkeypatch.setattr(model_runs, step, fail)
    with pytest.raises(ValueError, match="a run failed"):
        model_runs.write_runs(tmp_path, workers=1, kept=tmp_path / "parts")
    assert written_tables(tmp_path) == whole


def test_a_rerun_goes_on_where_the_last_one_was_interrupted(tmp_path):
    done = []

    def slow(task):
        if task == 2 and len(done) < 3:
            done.append("stopped")
            raise KeyboardInterrupt
        done.append(task)
        return 10 * task

    run = model_runs.Run("", tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run.each("numbers", "number", slow, [0, 1, 2], int)
    assert run.each("numbers", "number", slow, [0, 1, 2], int) == [0, 10, 20]
    assert done == [0, 1, "stopped", 2]


@pytest.mark.parametrize("damage", [lambda t: t[:-2], lambda t: t.replace("20", "21"), lambda t: "", lambda t: "{}"])
def test_a_part_that_is_damaged_is_computed_anew(tmp_path, damage):
    done = []
    kept = model_runs.Kept(lambda task: done.append(task) or 10 * task, tmp_path, "number", int)
    assert [kept((0, 2)), kept((0, 2))] == [20, 20]
    (path,) = tmp_path.iterdir()
    whole = path.read_text(encoding="utf-8")
    path.write_text(damage(whole), encoding="utf-8")
    assert kept((0, 2)) == 20
    assert done == [2, 2]
    assert path.read_text(encoding="utf-8") == whole


@pytest.mark.parametrize(
    ("read", "result"),
    [
        (np.asarray, np.array([0.1 + 0.2, -np.inf, np.nan, 5e-324])),
        (model_runs._arrays, {"wait_own": np.array([1 / 3, np.inf]), "below_national": np.array([True, False])}),
        (model_runs._break_even, BreakEven(1 / 3, "crosses", 0.0, 1.0)),
        (model_runs._break_even, BreakEven(None, "gain", 0.0, 1.0)),
    ],
)
def test_a_part_is_read_back_to_the_last_bit_and_nothing_in_it_is_executed(tmp_path, read, result):
    kept = model_runs.Kept(lambda task: result, tmp_path, "part", read)
    kept((0, None))
    back = kept((0, None))
    assert back is not result
    parts = [(back, result)] if not isinstance(result, dict) else [(back[name], result[name]) for name in result]
    for one, other in parts:
        assert (
            one == other if isinstance(other, BreakEven) else np.array_equal(one, other, equal_nan=other.dtype == float)
        )
        assert isinstance(other, BreakEven) or one.dtype == other.dtype
    (path,) = tmp_path.iterdir()
    json.loads(path.read_text(encoding="utf-8").partition("\n")[2])


def test_a_table_that_cannot_be_written_leaves_the_old_one_and_nothing_half_written(quick, tmp_path, monkeypatch):
    old = tmp_path / "model_maps.csv"
    old.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(model_runs, "_map_rows", lambda *_: [{"row_id": "1"}, {"no_such_column": "1"}])
    with pytest.raises(ValueError, match="no_such_column"):
        model_runs.write_runs(tmp_path, workers=1, kept=tmp_path / "parts")
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_text(encoding="utf-8") == "old\n"


def test_a_number_that_a_table_may_not_hold_is_named_and_the_old_table_stays(quick, tmp_path, monkeypatch):
    old = tmp_path / "model_sensitivity.csv"
    old.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(model_runs, "_evaluated", noise_of(8))  # of few points a share may come out above two
    with pytest.raises(DataError, match=r"model_sensitivity\.csv, row \d+, column total: .*must be at most 2"):
        model_runs.write_runs(tmp_path, workers=1, kept=tmp_path / "parts")
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
