"""Ways to invest, recomputed with plain portfolios: what each is worth, and where two of them are worth the same."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from functools import cache
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, norm

from patient_capital import open_book
from patient_capital.analysis.model import flow as model_flow
from patient_capital.analysis.model import spread as model_spread
from patient_capital.analysis.model.regimes import REGIME_WORDS, flow_ratios, market_of, regime, scenario
from patient_capital.analysis.model.steps import (
    COORDINATES,
    change_in_words,
    one_at_a_time,
    steps_along,
    steps_from_directed_to_patient,
)
from patient_capital.model.common.checks import DomainError
from patient_capital.model.selection.sector_targeting import picking_gain
from patient_capital.provenance.registry import number


def sibling(name):
    """Load another file of tests for its plain computations."""
    known = f"plain_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


fund = sibling("test_model_fund")
selection = sibling("test_model_selection")
returns = fund.returns
PRIVATE, DIRECTED, PATIENT, NATIONAL = "private_fund", "directed_fund", "patient_fund", "national_fund"
ROWS = (PRIVATE, DIRECTED, PATIENT, NATIONAL)
POINT = 0.002
"""Percentage points of a value or a rate that the steps of the plain portfolios may cost."""


def flows_of_markets(raw):
    """Money after over money before if all that was announced came: in early stages, and in the whole market."""
    comparators = raw("comparators")
    invested = float(comparators["china_invest_2023"]["amount"])
    early = invested * float(comparators["stage_early_h1_2025"]["amount"]) / 100
    announced = float(raw("funds")["cn_nvcgf"]["announced_cny_bn"]) / 10
    floor = float(raw("fund_rules")["nvcgf_early"]["value"]) / 100
    return {"own": 1.0, "early": 1 + announced * floor / early, "whole": 1 + announced / invested}


def picked_payoff(p, picked, skill):
    """Payoff of the sectors with the highest priorities over that of all, summed over the normal priority."""
    sectors, sd = round(p["sel_sectors"]), p["sel_sector_sd"]
    priority = np.linspace(-9, 9, 3601)
    among = binom.cdf(picked - 1, sectors - 1, norm.sf(priority))
    payoff = np.exp(sd * skill * priority - (sd * skill) ** 2 / 2)
    return sectors / picked * float(norm.pdf(priority) * among @ payoff) * 0.005


@cache
def _screening(key, rule):
    p = dict(key)
    return selection.mean_funded(p, rule) / selection.mean_funded(p, "average")


class World:
    """The tables of the book as plain numbers, and what a regime is worth in them."""

    def __init__(self, raw, p=None, deals=None):
        self.p = returns.values(raw) if p is None else p
        self.deals = fund.deals_of(self.p) if deals is None else deals
        self.regimes = {key: dict(row) for key, row in raw("regimes").items()}
        self.flow = flows_of_markets(raw)

    def classes(self, row, elasticity=None, **other):
        """Return the shares of losing deals and of large successes that a regime meets; `other` are cells of its row."""
        p, cell = self.p, self.regimes[row] | other
        elasticity = p["sel_flow_eps"] if elasticity is None else elasticity
        ratio = 1 + (self.flow[cell["market_entered"]] - 1) * round(p["sel_sectors"]) / int(cell["sectors_picked"])
        good = p["vr_share_ge5"] * ratio**-elasticity
        refused = p["sel_top_decline"] * float(cell["state_share"])
        good = good * (1 - refused) / (1 - good * refused)
        return p["vr_loss_share"] * (1 - good) / (1 - p["vr_share_ge5"]), good

    def fund(self, row, *, elasticity=None, skill=None, sale=None, soft=None, payoff=1.0, **other):
        """Return the flows of a regime's fund; `other` are cells of its row."""
        p, cell = self.p, self.regimes[row] | other
        skill = p["sel_pick_corr"] if skill is None else skill
        sectors, picked, state = round(p["sel_sectors"]), int(cell["sectors_picked"]), float(cell["state_share"])
        lost, good = self.classes(row, elasticity, **other)

        base = self.deals
        tail = returns.pareto_mean(base.index, 5.0, base.cap)
        of_winners = ((1 - lost - good) * p["vr_mid_mean"] + good * tail) / (1 - lost)
        concentration = (1 / picked - 1 / sectors) / (1 - 1 / sectors)
        payoff *= _screening(tuple(p.items()), cell["screening_rule"]) * picked_payoff(p, picked, skill)
        payoff *= 1 + p["sel_coordination"] * concentration
        payoff *= 1 if cell["reaches_scale"] == "true" else 1 - p["sel_scale_share"]
        # Where deals are so thin that even exits from the money put in have a higher mean, they begin there.
        of_winners = max(of_winners, returns.pareto_mean(base.index, 1.0, base.cap))
        deals = replace(base, loss_share=lost, start=fund.start_for(of_winners, base.index, base.cap), payoff=payoff)
        terms = fund.Terms(
            horizon=float(cell["horizon_years"]), investing=float(cell["investment_years"]), fee=p["fm_fee"],
            carry=p["fm_carry"], sale=p["fm_forced_sale"] if sale is None else sale,
            soft=(p["fm_soft_budget"] if soft is None else soft) * state, delay=3 * p["fm_idle_share"] * state,
        )  # fmt: skip
        return fund.plain_fund(deals, terms)

    def worth(self, row, rate="fm_bond_coupon", **changes):
        """Percent of the money paid in."""
        return 100 * self.fund(row, **changes).worth(self.p[rate])

    def implied_elasticity(self):
        """Fall of the share of large successes when screeners fund as much more as money comes."""
        p, ratio = self.p, self.flow["early"]
        before, after = (
            selection.caught(p, "average", 5.0, budget) / budget
            for budget in (p["sel_budget"], p["sel_budget"] * ratio)
        )
        return -log(after / before) / log(ratio)


EXPECTED = {
    "loss_national_fund": (lambda world: -world.worth(NATIONAL), POINT),
    "tail_assumed": (lambda world: 100 * world.p["vr_share_ge5"], 1e-9),
    "flow_implied": (lambda world: world.implied_elasticity(), 1e-5),
    "flow_ratio": (lambda world: world.flow["early"], 1e-9),
}
"""Each number with its second computation and the tolerance in its own unit."""
FAMILIES = {
    "regime_rate": (lambda world, row: 100 * world.fund(row).rate(), POINT),
    "regime_multiple": (lambda world, row: world.fund(row).multiple(), 2e-5),
    "regime_worth_bond": (lambda world, row: world.worth(row), POINT),
    "regime_worth_public": (lambda world, row: world.worth(row, "fm_public_rate"), POINT),
}
BREAK_EVENS = {
    "skill_patient_fund": lambda world, at: (world.worth(DIRECTED, skill=at), world.worth(PATIENT, skill=at)),
    "skill_national_fund": lambda world, at: (world.worth(DIRECTED, skill=at), world.worth(NATIONAL, skill=at)),
    "flow_patient_fund": lambda world, at: (0.0, world.worth(PATIENT, elasticity=at)),
    "soft_switch": lambda world, at: (world.worth(DIRECTED, soft=0.0), world.worth(PATIENT, soft=at / 100)),
    "sale_switch": lambda world, at: (world.worth(DIRECTED, sale=at / 100), world.worth(NATIONAL, sale=at / 100)),
}
"""What is equal at each break-even: on the left what gains beyond it."""
CLAIMS = ("national_never", "like_directed", "hardly_any_skill", "none_pays_public")
COVERED = {f"model.{name}" for name in (*EXPECTED, *FAMILIES, *BREAK_EVENS, *CLAIMS)}


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


@pytest.mark.parametrize("name", BREAK_EVENS)
def test_both_sides_of_a_break_even_are_worth_the_same(world, name):
    found = number(f"model.{name}").value
    one, other = BREAK_EVENS[name](world, found)
    assert one == pytest.approx(other, abs=2 * POINT)
    step = 5.0 if name in {"soft_switch", "sale_switch"} else 0.05
    below, above = (BREAK_EVENS[name](world, found + side * step) for side in (-1, 1))
    assert below[0] < below[1]
    assert above[0] > above[1]


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


def test_claims_say_what_the_plain_portfolios_say(world):
    assert world.worth(NATIONAL, elasticity=0.0) < 0
    assert abs(world.worth(NATIONAL) - world.worth(DIRECTED)) <= 5
    assert world.worth(DIRECTED, skill=0.1) > world.worth(NATIONAL, skill=0.1)
    assert all(world.worth(row, "fm_public_rate") < 0 for row in (DIRECTED, NATIONAL, PATIENT))
    for name in CLAIMS:
        assert number(f"model.{name}").value is True


CELLS = {
    "screening": ("screening_rule", "screeners"), "state": ("state_share",), "sectors": ("sectors_picked",),
    "time": ("horizon_years", "investment_years"), "size": ("reaches_scale",), "market": ("market_entered",),
}  # fmt: skip


@pytest.fixture(scope="module")
def ctx():
    return open_book()


@pytest.mark.parametrize(("start", "end"), [(PATIENT, NATIONAL), (DIRECTED, NATIONAL), (DIRECTED, PATIENT)])
def test_one_coordinate_at_a_time(ctx, world, start, end):
    table = one_at_a_time(regime(ctx, start), regime(ctx, end), scenario(ctx)).set_index("coordinate")
    moved = [
        name for name, cells in CELLS.items() if any(world.regimes[start][c] != world.regimes[end][c] for c in cells)
    ]
    assert list(table.index) == moved
    assert [name for name, _ in COORDINATES] == list(CELLS)
    for name in moved:
        ends = [{c: world.regimes[row][c] for c in CELLS[name]} for row in (start, end)]
        first = world.worth(start, **ends[1]) - world.worth(start)
        last = world.worth(end) - world.worth(end, **ends[0])
        assert table.loc[name, "first_pct"] == pytest.approx(first, abs=2 * POINT), name
        assert table.loc[name, "last_pct"] == pytest.approx(last, abs=2 * POINT), name


def test_steps_along_a_path_are_those_of_each_stretch_with_the_largest_gain_first(ctx):
    path, at = [regime(ctx, row) for row in (DIRECTED, NATIONAL, PATIENT)], scenario(ctx)
    steps = steps_along(path, at, flow_ratios(ctx))
    assert steps.equals(steps_from_directed_to_patient(ctx))
    assert list(dict.fromkeys(steps["way"])) == ["directed to national", "national to patient"]
    for (_, part), (start, end) in zip(
        steps.groupby("way", sort=False), ((DIRECTED, NATIONAL), (NATIONAL, PATIENT)), strict=True
    ):
        alone = one_at_a_time(regime(ctx, start), regime(ctx, end), at).set_index("first_pct")["last_pct"]
        assert part["first_pct"].tolist() == sorted(alone.index, reverse=True)
        assert part["last_pct"].tolist() == [alone[first] for first in part["first_pct"]]


def test_features_are_named_as_the_records_have_them(ctx):
    directed, national, patient = (regime(ctx, row) for row in (DIRECTED, NATIONAL, PATIENT))
    markets = flow_ratios(ctx)

    def words(name, start, end, markets=markets):
        return change_in_words(name, start, end, 20, markets)

    assert words("time", directed, national) == "twenty years instead of ten"
    assert words("time", directed, replace(national, horizon=17.5)) == "17.5 years instead of ten"
    assert words("time", directed, replace(directed, investment_years=3.0)) == "three years to invest, not five"
    assert words("sectors", directed, national) == "eleven listed sectors, not four"
    assert words("sectors", national, patient) == "all sectors open"
    assert words("state", directed, national) == "a little less state money"
    assert words("state", national, directed) == "a little more state money"
    assert words("state", national, patient) == "half the money private"
    assert words("state", national, replace(national, state_share=0.3)) == "70% of the money private"
    assert words("size", directed, national) == "small tickets only"
    assert words("size", national, directed) == "tickets large enough for scale"
    assert words("screening", national, patient) == "average of scores, not unanimity"
    assert words("screening", national, replace(national, screeners=5)) == "five who decide, not three"
    assert words("market", directed, national) == "entering the early-stage market"
    assert words("market", directed, national, None) == "a market with 2.1 times the money"
    assert market_of(1.0, markets) == "own"
    assert market_of(3.3, markets) is None


def test_regimes_that_are_the_same_have_no_steps_between_them(ctx):
    one, at = regime(ctx, NATIONAL), scenario(ctx)
    assert one_at_a_time(one, one, at).empty


def test_all_coordinates_together_are_the_other_regime(world):
    everything = {c: world.regimes[PATIENT][c] for cells in CELLS.values() for c in cells}
    assert world.worth(NATIONAL, **everything) == pytest.approx(world.worth(PATIENT))


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


def test_break_evens_of_deal_flow(ctx):
    found = model_flow.state_break_evens(ctx).set_index("regime")["elasticity"]
    assert found[REGIME_WORDS[PATIENT]] == number("model.flow_patient_fund").value
    assert found.drop(REGIME_WORDS[PATIENT]).isna().all()


def test_elasticities_that_screening_implies(ctx, world):
    implied = model_flow.implied_span(ctx)
    assert implied["elasticity"].is_monotonic_increasing
    observed = implied.set_index("signal_correlation").loc[world.p["sel_copula_corr"], "elasticity"]
    assert observed == number("model.flow_implied").value == pytest.approx(world.implied_elasticity(), abs=1e-5)


def test_compared_regimes_hold_their_rows_and_what_a_yuan_becomes(ctx, world, raw):
    compared = model_spread.regimes_compared(ctx)
    assert sorted(compared.index) == sorted(ROWS)
    markets = {"own": "its own, small", "early": "early stage", "whole": "all venture deals"}
    for name, row in compared.iterrows():
        cells = raw("regimes")[name]
        assert row["label"] == cells["label"]
        assert row["market"] == markets[cells["market_entered"]]
        assert row["assumed"].split(", ") == cells["assumed_columns"].replace("_", " ").split(";")
        assert row["who_decides"].startswith(f"{cells['screeners']}, ")
        for column in ("sectors_picked", "tickets", "horizon_years"):
            assert row[column] == float(cells[column])
        assert row["net_multiple"] == pytest.approx(world.fund(name).multiple(), abs=2e-5)
        assert row["net_return_pct"] == pytest.approx(100 * world.fund(name).rate(), abs=POINT)
        assert row["worth_at_coupon_pct"] == pytest.approx(world.worth(name), abs=POINT)
        assert row["worth_at_official_pct"] == pytest.approx(world.worth(name, "fm_public_rate"), abs=POINT)


def test_a_changed_regime_is_described_as_it_is(ctx):
    changed = replace(regime(ctx, PATIENT), name="my_fund", rule="champion", tickets=50, flow_ratio=4.0)
    row = model_spread.regimes_in_words(ctx, [changed]).loc["my_fund"]
    assert (row["label"], row["who_decides"], row["market"]) == ("my fund", "3, one is enough", "4.0 times the money")
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
    found = model_spread.drawn(regimes, scenario(ctx), portfolios=portfolios, counts=[(600, 30)])["value"]
    assert found.index.is_unique
    runs = {key: (float(row["value"]), row["standard_error"]) for key, row in raw("model_runs").items()}
    common = [run for run in found.index if run in runs]
    assert len(common) == 12
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
