"""Ways to invest, recomputed with plain portfolios: what each is worth, and where two of them are worth the same."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from oracles.regimes import (
    DIRECTED,
    EXPECTED,
    FAMILIES,
    NATIONAL,
    PATIENT,
    POINT,
    PRIVATE,
    ROWS,
    World,
    _screening,
    picked_payoff,
)
from patient_capital.analysis.model import flow as model_flow
from patient_capital.analysis.model import spread as model_spread
from patient_capital.analysis.model.regimes import REGIME_WORDS, regime, scenario
from patient_capital.model.common.checks import DomainError
from patient_capital.model.selection.sector_targeting import picking_gain
from patient_capital.provenance.registry import number


@pytest.fixture(scope="module")
def world(raw):
    return World(raw)


@pytest.mark.parametrize("name", EXPECTED)
def test_number(world, name):
    compute, tolerance = EXPECTED[name]
    assert number(f"model.{name}").value == pytest.approx(compute(world), abs=tolerance)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("name", FAMILIES)
def test_number_of_each_regime(world, name, row):
    compute, tolerance = FAMILIES[name]
    assert number(f"model.{name}[{row}]").value == pytest.approx(compute(world, row), abs=tolerance)


@pytest.mark.parametrize(("picked", "skill"), [(4, 0.47), (11, -0.2), (4, -0.4), (20, 0.5)])
def test_gain_from_picking_is_that_of_drawn_sectors(world, picked, skill):
    rng = np.random.default_rng(7)
    sd, sectors = world.p["sel_sector_sd"], round(world.p["sel_sectors"])
    priority = rng.standard_normal((100_000, sectors))
    payoff = skill * priority + np.sqrt(1 - skill**2) * rng.standard_normal(priority.shape)
    first = np.argpartition(-priority, picked - 1, axis=1)[:, :picked]
    gain = np.exp(sd * np.take_along_axis(payoff, first, axis=1) - sd**2 / 2).mean(axis=1)
    error = gain.std() / np.sqrt(gain.size)
    assert picked_payoff(world.p, picked, skill) == pytest.approx(gain.mean(), abs=4 * error)
    assert picking_gain(sectors, picked, skill, sd) == pytest.approx(picked_payoff(world.p, picked, skill), rel=1e-6)


def test_lines_by_elasticity(ctx, world):
    lines = model_flow.flow_lines(ctx, points=5)
    assert list(dict.fromkeys(lines["regime"])) == [REGIME_WORDS[row] for row in (DIRECTED, PATIENT, NATIONAL)]
    assert sorted(set(lines["elasticity"])) == pytest.approx([0, 0.15, 0.3, 0.45, 0.6])
    rows = {words: row for row, words in REGIME_WORDS.items()}
    for line in lines.itertuples():
        expected = world.worth(rows[line.regime], elasticity=line.elasticity)
        assert line.value_pct == pytest.approx(expected, abs=POINT)


def test_lines_of_a_changed_fund_end_where_they_are_told(ctx, world):
    changed = replace(regime(ctx, PATIENT), name="patient_fund_of_the_state", state_share=1.0)
    lines = model_flow.values_by_elasticity([changed], scenario(ctx), highest=0.2, points=3)
    assert set(lines["regime"]) == {"patient fund of the state"}
    assert lines["elasticity"].tolist() == pytest.approx([0, 0.1, 0.2])
    for line in lines.itertuples():
        expected = world.worth(PATIENT, elasticity=line.elasticity, state_share="1")
        assert line.value_pct == pytest.approx(expected, abs=POINT)


def test_break_evens_of_deal_flow(ctx, world):
    found = model_flow.state_break_evens(ctx).set_index("regime")["elasticity"]
    for row in (PATIENT, DIRECTED, NATIONAL):
        at = found[REGIME_WORDS[row]]
        if np.isnan(at):
            assert world.worth(row, elasticity=0.0) < 0
        else:
            assert world.worth(row, elasticity=at) == pytest.approx(0, abs=2 * POINT)


def test_elasticities_that_screening_implies(ctx, world):
    implied = model_flow.implied_span(ctx)
    assert implied["elasticity"].is_monotonic_increasing
    observed = implied.set_index("signal_correlation").loc[world.p["sel_copula_corr"], "elasticity"]
    assert observed == pytest.approx(world.implied_elasticity(), abs=1e-4)


def test_compared_regimes_hold_their_rows_and_what_a_yuan_becomes(ctx, world, raw):
    compared = model_spread.regimes_compared(ctx)
    assert sorted(compared.index) == sorted(ROWS)
    markets = {"own": "its own, small", "early": "early stage", "whole": "all venture deals"}
    for name, row in compared.iterrows():
        cells = raw("regimes")[name]
        assert row["label"] == cells["label"]
        assert row["market"] == markets[cells["market_entered"]]
        assert row["assumed"].split(", ") == cells["assumed_columns"].replace("_", " ").split(";")
        layers = cells["fee_layers"] == "2" and cells["screening_rule"] != "average"
        assert row["who_decides"].startswith("sub-funds; " if layers else f"{cells['screeners']}, ")
        assert (row["state_pct"], row["fee_layers"]) == (100 * float(cells["state_share"]), int(cells["fee_layers"]))
        for column in ("sectors_picked", "tickets", "horizon_years"):
            assert row[column] == float(cells[column])
        assert row["net_multiple"] == pytest.approx(world.fund(name).multiple(), abs=2e-4)
        assert row["net_return_pct"] == pytest.approx(100 * world.fund(name).rate(), abs=POINT)
        assert row["worth_at_coupon_pct"] == pytest.approx(world.worth(name), abs=POINT)
        assert row["worth_at_official_pct"] == pytest.approx(world.worth(name, "fm_public_rate"), abs=POINT)


def test_a_changed_regime_is_described_as_it_is(ctx):
    changed = replace(regime(ctx, PATIENT), name="my_fund", rule="champion", tickets=50, flow_ratio=4.0)
    row = model_spread.regimes_in_words(ctx, [changed]).loc["my_fund"]
    assert (row["label"], row["who_decides"], row["market"]) == (
        *("my fund", "sub-funds; 3, one is enough for what layers judge"),
        "4.0 times the money",
    )
    assert (row["tickets"], row["assumed"]) == (50, "")


def test_spread_and_chances_are_the_stored_runs(ctx, raw):
    runs = {key: float(row["value"]) for key, row in raw("model_runs").items()}
    for name, row in model_spread.regimes_spread(ctx).iterrows():
        assert [row["median_multiple"], row["low_multiple"], row["loss_pct"]] == [
            runs[f"{name}_{what}"] for what in ("median", "low", "loss")
        ]
    chances = model_spread.stored_chances(ctx)
    assert chances["count_run"].tolist() == ["count_2000_67", "count_600_67", "count_600_30", "count_600_10"]
    assert chances["by_count_pct"].tolist() == [runs[run] for run in chances["count_run"]]
    assert chances["beats_pct"].tolist()[:2] == [runs[run] for run in chances["run"][:2]]
    assert chances["beats_pct"].tolist()[2:] == pytest.approx([np.nan] * 2, nan_ok=True)


def test_what_was_not_drawn_is_missing(ctx):
    runs, compared = ctx.frame("model_runs", "value"), model_spread.regimes_compared(ctx)
    assert model_spread.spread_by_regime(compared.rename(index={PRIVATE: "other"}), runs)["loss_pct"].isna().sum() == 1
    chances = model_spread.chances_of_beating(runs, compared["tickets"], [(PRIVATE, PATIENT)], [(500, 20)])
    assert chances[["beats_pct", "by_count_pct"]].isna().all(axis=None)


def test_drawn_anew_they_agree_with_the_stored_runs(ctx, raw):
    portfolios = 2000
    regimes = [regime(ctx, row) for row in (PRIVATE, DIRECTED, NATIONAL)]
    found = model_spread.drawn(regimes, scenario(ctx), portfolios=portfolios)["value"]
    assert found.index.is_unique
    runs = {key: (float(row["value"]), row["standard_error"]) for key, row in raw("model_runs").items()}
    common = [run for run in found.index if run in runs]
    assert len(common) == 13
    assert {"count_600_30", "count_600_10"} < set(common)
    for run in common:
        value, error = runs[run]
        # The stored errors are those of a hundred thousand portfolios.
        assert found[run] == pytest.approx(value, abs=4.5 * float(error) * np.sqrt(100_000 / portfolios)), run
    assert found["beats_national_fund_directed_fund"] + found["beats_directed_fund_national_fund"] == pytest.approx(100)


def test_a_regime_outside_its_domain_is_refused(ctx):
    with pytest.raises(DomainError, match="state_share"):
        replace(regime(ctx, PATIENT), state_share=1.4)


def test_plain_screening_is_no_better_than_the_yardstick(world):
    key = tuple(world.p.items())
    assert _screening(key, "unanimity") < _screening(key, "average") == 1
    assert exp(0) == pytest.approx(picked_payoff(world.p, 4, 0.0), rel=1e-9)
