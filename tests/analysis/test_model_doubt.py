"""What doubt does: spans as the table has them, and numbers at joint draws recomputed with plain portfolios."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from oracles import capacity, fund, regimes, returns
from oracles.regimes import DIRECTED, NATIONAL, PATIENT, PRIVATE
from patient_capital.analysis.model import doubt
from patient_capital.analysis.model.doubt import (
    FEATURES,
    OF_FUNDS,
    OF_REGIONS,
    RISK,
    WORDS,
    drawn_at,
    drawn_block,
    evaluated_block,
    home_at,
    over_spans,
    uncertain_inputs,
)
from patient_capital.analysis.model.inputs import of_grade, parameters, tail_fit, tail_indices
from patient_capital.analysis.model.maps import MAPS, POINTS, map_lines, map_marks, map_point, map_tasks, recomputed
from patient_capital.analysis.model.regimes import regime, scenario
from patient_capital.analysis.model.sensitivity import (
    OUTCOMES,
    SHORT_TITLES,
    SHOWN,
    assumed_parameters,
    evaluate_block,
    largest,
    largest_indices,
    sensitivity,
    with_varied,
    with_words,
)
from patient_capital.analysis.model.spans import (
    OF_SWITCH,
    features_of_national,
    over_draws,
    spans_anew,
    spans_of_regimes,
)
from patient_capital.formatting import spelled
from patient_capital.provenance.registry import number

IN_LOGS = {"vr_cap", "oc_F"}
NAMES = {name: names for name, (_, names, _) in OUTCOMES.items()}
PLACES = (3, 40)
"""Draws of the first block that are computed again."""


# --- Words of the draws ----------------------------------------------------------------------------------


def test_words_count_the_parameters_that_are_drawn(raw):
    """The error of the tail index has no row in the table, and is told apart."""
    for names in (OF_FUNDS, (*OF_FUNDS, *RISK), OF_REGIONS, OF_SWITCH):
        listed = [name for name in names if name in raw("parameters")]
        told = over_draws(*names)["how"]
        assert f" {spelled(len(listed))} parameters," in told
        assert ("error of the tail index" in told) == (len(listed) < len(names))


@pytest.mark.parametrize("name", ["home_switch_share", "home_switch_draws", "home_switch_draws_span", "many_over_one"])
def test_a_number_on_regions_is_not_told_as_one_of_draws_of_funds(ctx, monkeypatch, name):
    """Of the three parameters that are drawn with it the home share moves none of these numbers."""
    assert over_draws(*OF_SWITCH)["how"] in number(f"model.{name}").formula
    before = home_at(ctx, 0, 8)
    drawn = doubt._beside

    def other(*given):
        found = drawn(*given)
        return found | {"oc_home": 1 - found["oc_home"]} if "oc_home" in found else found

    monkeypatch.setattr(doubt, "_beside", other)
    after = home_at(ctx, 0, 8)
    for key in ("home_1", "many_over_1"):
        np.testing.assert_array_equal(before[key], after[key])


def test_like_terms_are_those_of_the_national_fund(ctx, raw):
    row = raw("regimes")[NATIONAL]
    columns = {"horizon": "horizon_years", "investment_years": "investment_years", "state_share": "state_share"}
    assert doubt.equal_terms(ctx) == {name: float(row[column]) for name, column in columns.items()}


def test_every_feature_but_the_list_of_sectors_takes_something_in_nearly_all_draws(ctx):
    """So says the figure to who cannot see it."""
    features = features_of_national(ctx).drop(index=["none", "all"])
    assert features.index[features["high_pct"] >= 0].tolist() == ["sectors"]


# --- Spans -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in (*OF_FUNDS, *OF_REGIONS, *RISK) if name != "tail_error"])
def test_span_is_that_of_the_table_and_is_not_cut(ctx, raw, p, name):
    (found,) = uncertain_inputs(ctx, (name,))
    assert (found.low, found.high) == returns.ends(raw, name)
    assert found.low < found.high
    assert found.low <= p[name] <= found.high
    assert found.log == (name in IN_LOGS)
    assert found.assumed == (raw("parameters")[name]["grade"] == "D")


def test_span_of_the_error_of_the_tail(ctx, p):
    (error,) = uncertain_inputs(ctx, ("tail_error",))
    assert error.high == -error.low == pytest.approx(2 * returns.honest_error(p), rel=0.03)


def test_every_assumption_that_bears_on_funds_is_drawn(raw):
    fields = {name for name, row in raw("parameters").items() if row["grade"] == "D" and row["low"] != row["high"]}
    drawn = {*OF_FUNDS, *RISK}
    bearing = {name for name in fields if name.startswith(("fm_", "vr_", "sel_"))}
    # What is left over bears on tests of one's own, on credit, or on what the public gets for it.
    assert bearing - drawn == {
        "vr_growth",
        "vr_rounds",
        "vr_rounds_corr",
        "sel_pass",
        "sel_star_strength",
        "sel_displaced",
    }


def test_every_doubt_has_its_own_words():
    assert len(set(WORDS.values())) == len(WORDS)


def test_points_of_the_cube_run_from_the_low_to_the_high_ends(ctx):
    spans = uncertain_inputs(ctx, OF_FUNDS)
    at = over_spans(spans, np.array([[0.0] * len(spans), [0.5] * len(spans), [1.0] * len(spans)]))
    for one in spans:
        between = sqrt(one.low * one.high) if one.log else (one.low + one.high) / 2
        assert at[one.name] == pytest.approx([one.low, between, one.high])


def test_index_between_the_caps_that_were_fitted_is_that_of_a_fit(ctx):
    caps = np.array([100.0, 137.0, 300.0, 512.0, 1000.0])
    assert tail_indices(ctx, caps) == pytest.approx([tail_fit(ctx, float(cap)).tail_index for cap in caps], abs=1e-6)


def test_without_any_draw_the_scenario_is_that_of_the_chapter(ctx):
    base, here = scenario(ctx), drawn_at(ctx, {}, 1).scenarios.at(0)
    assert here.returns.tail_index == pytest.approx(base.returns.tail_index, abs=1e-7)
    assert here.growth == pytest.approx(base.growth, rel=1e-6)
    assert replace(here, growth=base.growth, returns=base.returns) == base


# --- Draws -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def block(ctx):
    drawn = drawn_block(ctx, 0)
    return drawn, evaluated_block(0, ctx)


def world_at(raw, drawn, place, growth=None, **other):
    """Return the plain world at a draw: tail index with its error, growth between its two readings or as given.

    `other` are parameters with another value than was drawn.
    """
    given = {name: float(values[place]) for name, values in drawn.given.items()}
    p = returns.values(raw) | {name: value for name, value in given.items() if name != "tail_error"}
    published = returns.values(raw) | {"vr_cap": p["vr_cap"]}
    p |= {"tail_index": max(returns.own_index(published) + given["tail_error"], 1.02)} | other
    deals = fund.deals_of(p) if growth is None else replace(fund.deals_of(p), growth=growth)
    return regimes.World(raw, p, deals, early=p["fm_early_share_cn"])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("row", [PRIVATE, DIRECTED, NATIONAL, PATIENT])
def test_worth_at_a_draw_is_that_of_plain_portfolios(raw, block, row, place):
    drawn, found = block
    world = world_at(raw, drawn, place)
    assert found[f"bond_{row}"][place] == pytest.approx(world.worth(row), abs=0.03)
    assert found[f"public_{row}"][place] == pytest.approx(world.worth(row, "fm_public_rate"), abs=0.03)
    assert found[f"rate_{row}"][place] == pytest.approx(100 * world.fund(row).rate(), abs=0.01)
    equal = world.worth(row, horizon_years="20", investment_years="10", state_share="0.95")
    assert found[f"equal_{row}"][place] == pytest.approx(equal, abs=0.03)
    risky = world.p["fm_bond_coupon"] + world.p["fm_venture_beta"] * world.p["fm_equity_premium"]
    assert found[f"risk_{row}"][place] == pytest.approx(100 * world.fund(row).worth(risky), abs=0.03)


ASSUMED = ("sel_top_decline", "sel_flow_eps", "sel_scale_share", "fm_soft_budget", "fm_idle_share")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("row", [DIRECTED, NATIONAL, PATIENT])
def test_worth_without_assumed_costs_at_a_draw(raw, block, row, place):
    drawn, found = block
    without = world_at(raw, drawn, place, **dict.fromkeys(ASSUMED, 0.0))
    assert found[f"off_{row}"][place] == pytest.approx(without.worth(row), abs=0.03)
    unrefused = world_at(raw, drawn, place, sel_top_decline=0.0)
    assert found[f"unrefused_{row}"][place] == pytest.approx(unrefused.worth(row), abs=0.03)
    assert found[f"multiple_{row}"][place] == pytest.approx(world_at(raw, drawn, place).fund(row).multiple(), abs=3e-4)


@pytest.mark.parametrize("place", PLACES)
def test_waiting_and_other_lives_at_a_draw(raw, block, place):
    drawn, found = block
    world = world_at(raw, drawn, place)
    rates = {years: 100 * world.fund(PRIVATE, horizon_years=str(years)).rate() for years in (10, 20)}
    assert found["wait_10_20"][place] == pytest.approx(rates[20] - rates[10], abs=0.01)
    assert found["bond_directed_registry"][place] == pytest.approx(world.worth(DIRECTED, horizon_years="10"), abs=0.03)
    assert found["implied_elasticity"][place] == pytest.approx(world.implied_elasticity(), abs=1e-3)


def test_both_sides_of_a_break_even_at_a_draw_are_worth_the_same(raw, block):
    drawn, found = block
    for place in range(8):
        world = world_at(raw, drawn, place)
        skill = found["skill_patient_fund"][place]
        if np.isfinite(skill):
            assert world.worth(PATIENT, skill=skill) == pytest.approx(world.worth(DIRECTED, skill=skill), abs=0.06)
        thin = found["flow_patient_fund"][place]
        if np.isfinite(thin):
            assert world.worth(PATIENT, elasticity=thin) == pytest.approx(0, abs=0.06)
        else:
            assert np.sign(world.worth(PATIENT, elasticity=0.0)) == np.sign(thin)


def test_blocks_are_the_same_again_and_differ_from_each_other(ctx):
    first, again, other = (drawn_block(ctx, block, 4).given["vr_cap"] for block in (0, 0, 1))
    assert first.tolist() == again.tolist() != other.tolist()
    assert drawn_block(ctx, 0, 2).given["vr_cap"].tolist() == first[:2].tolist()


def test_features_add_up_to_the_difference(ctx):
    taken = doubt.features_block(0, ctx, 6)
    total = taken["none"] + sum(taken[name] for name in FEATURES)
    assert total == pytest.approx(taken["all"], abs=1e-9)


def test_all_features_off_is_a_private_fund_of_the_same_life(ctx, raw, block):
    drawn, _ = block
    taken = doubt.features_block(0, ctx, 4)
    world = world_at(raw, drawn, 3)
    bare = world.worth(PRIVATE, horizon_years="20", investment_years="10")
    assert taken["none"][3] == pytest.approx(bare, abs=0.03)
    assert taken["all"][3] == pytest.approx(world.worth(NATIONAL), abs=0.03)


def test_stored_spans_are_shown_and_made_anew_they_agree(ctx, raw):
    shown = spans_of_regimes(ctx)
    rows = raw("model_runs")
    for name, row in shown.iterrows():
        for column in ("rate", "bond", "public", "equal"):
            for label in ("median", "low", "high", "above"):
                assert row[f"{column}_{label}"] == float(rows[f"joint_{column}_{name}_{label}"]["value"])
            assert row[f"{column}_low"] < row[f"{column}_median"] < row[f"{column}_high"]
    anew = spans_anew(ctx, [regime(ctx, NATIONAL)], draws=300)
    assert anew.loc[NATIONAL, "bond_median"] == pytest.approx(shown.loc[NATIONAL, "bond_median"], abs=6)
    assert anew.loc[NATIONAL, "bond_above"] == pytest.approx(shown.loc[NATIONAL, "bond_above"], abs=8)


def test_features_are_shown_the_deepest_first(ctx, raw):
    shown = features_of_national(ctx)
    assert (shown.index[0], shown.index[-1]) == ("none", "all")
    assert set(shown.index) == {*FEATURES, "none", "all"}
    between = shown["median_pct"].iloc[1:-1]
    assert between.is_monotonic_increasing
    for name, row in shown.iterrows():
        assert row["low_pct"] == float(raw("model_runs")[f"feature_{name}_low"]["value"])


@pytest.mark.parametrize("few", [1, 2, 5])
def test_leads_of_all_regions_over_a_few(ctx, p, few):
    found = home_at(ctx, 0, 5)
    at = over_spans(
        uncertain_inputs(ctx, OF_REGIONS), doubt.block_generator(doubt.SEED, doubt.STREAM + 1, 0).random((256, 3))[:5]
    )
    for place in range(5):
        weight, cost = float(at["oc_v"][place]), float(at["oc_F"][place])
        many, some = (capacity.firms_founded(cost, weight, n) for n in (round(p["oc_regions"]), few))
        lead = (capacity.welfare(many, 1.0, cost) - capacity.welfare(some, 1.0, cost)) / capacity.best_welfare(cost)
        assert found[f"many_over_{few}"][place] == pytest.approx(100 * lead, abs=1e-4)
        switch = found[f"home_{few}"][place]
        if np.isfinite(switch):
            home = switch / 100
            assert capacity.welfare(many, home, cost) == pytest.approx(capacity.welfare(some, home, cost), abs=1e-6)
        else:
            assert lead <= 0


def drawn_beside(ctx, names, stream, count):
    unit = doubt.block_generator(doubt.SEED, doubt.STREAM + stream, 0).random((256, len(names)))[:count]
    return over_spans(uncertain_inputs(ctx, names), unit)


def test_credit_at_a_draw_is_that_of_one_lender(ctx, p):
    found = doubt.credit_at(ctx, 0, 6)
    at = drawn_beside(ctx, doubt.OF_CREDIT, 4, 6)
    for place in range(6):
        mu, cost, none = (float(at[name][place]) for name in ("cr_mu", "cr_rho", "cr_R_none"))
        signal, data, tangible = (float(at[name][place]) for name in ("cr_auc_bank", "cr_auc_data", "cr_R_tang"))
        borne = {r: (p["cr_rate_2025"] - cost) / (1 + p["cr_rate_2025"] - r) for r in (none, tangible)}
        for case, auc, recovered in (("none", signal, none), ("data", data, none), ("collateral", signal, tangible)):
            assert found[f"access_{case}"][place] == pytest.approx(100 * served(mu, auc, borne[recovered]), abs=1e-6)
        equal = found["auc_collateral"][place]
        if np.isfinite(equal):
            assert 100 * served(mu, equal, borne[none]) == pytest.approx(found["access_collateral"][place], abs=1e-3)


def served(mu, auc, borne):
    """Return the share of a pool whose chance of default, given a normal signal, is at most what is borne."""
    if borne >= 1:
        return 1.0
    apart = sqrt(2) * NormalDist().inv_cdf(auc)
    cutoff = log(mu * (1 - borne) / ((1 - mu) * borne)) / apart + apart / 2
    return (1 - mu) * NormalDist().cdf(apart - cutoff) + mu * NormalDist().cdf(-cutoff)


def test_what_others_gain_turns_the_worth_of_a_regime(ctx, block):
    _, found = block
    gain = 100 * drawn_beside(ctx, doubt.OF_OTHERS, 2, 256)["oc_ship_return"]
    for name in (PRIVATE, DIRECTED, NATIONAL, PATIENT):
        worth, share, value = (found[f"{kind}_{name}"] for kind in ("bond", "displaced", "marginal"))
        assert found[f"gained_{name}"] == pytest.approx(worth + gain)
        free, short = worth >= 0, worth + gain < 0
        assert (np.isposinf(share) == free).all()
        assert (np.isneginf(share) == short).all()
        decided = ~free & ~short
        # At the break-even the gain by what is additional is the cost.
        assert (1 - share[decided]) * gain[decided] == pytest.approx(-worth[decided])
        assert ((value >= 1) == ~short).all()


@pytest.mark.parametrize("place", PLACES)
def test_a_fund_with_the_clock_of_the_count_is_that_of_plain_portfolios(raw, block, place):
    drawn, found = block
    world = world_at(raw, drawn, place, growth=found["cn_growth"][place] / 100)
    assert found[f"cn_bond_{NATIONAL}"][place] == pytest.approx(world.worth(NATIONAL), abs=0.05)
    assert found["cn_wait"] == pytest.approx(found["cn_rate_20"] - found["cn_rate_10"])


def test_worth_at_every_rate_of_the_axis_is_that_of_plain_portfolios(raw, block):
    drawn, found = block
    national = world_at(raw, drawn, 1).fund(NATIONAL)
    for rate in doubt.AXIS:
        assert found[f"axis_{rate}_{NATIONAL}"][1] == pytest.approx(100 * national.worth(rate / 100), abs=0.03), rate
    for name in (PRIVATE, DIRECTED, NATIONAL, PATIENT):
        falls = np.array([found[f"axis_{rate}_{name}"] for rate in doubt.AXIS])
        assert (np.diff(falls, axis=0) < 0).mean() > 0.99


# --- Outcomes of the sensitivity ---------------------------------------------------------------------------


@pytest.mark.parametrize("output", OUTCOMES)
def test_a_block_is_its_points_whatever_their_order(ctx, output):
    names = NAMES[output]
    unit = np.random.default_rng(4).random((3, len(names)))
    block = evaluate_block(output, unit, ctx)
    assert block.shape == (3,)
    assert evaluate_block(output, unit[::-1], ctx).tolist() == pytest.approx(block[::-1].tolist(), abs=1e-10)


def test_outcome_of_the_sensitivity_is_the_worth_at_its_point(ctx, raw):
    names = NAMES["national"]
    unit = np.random.default_rng(9).random((1, len(names)))
    drawn = drawn_at(ctx, over_spans(uncertain_inputs(ctx, names), unit), 1)
    world = world_at(raw, drawn, 0)
    assert evaluate_block("national", unit, ctx)[0] == pytest.approx(world.worth(NATIONAL), abs=0.03)
    lead = world.worth(NATIONAL) - world.worth(DIRECTED)
    assert evaluate_block("lead", unit, ctx)[0] == pytest.approx(lead, abs=0.05)


# --- Maps ------------------------------------------------------------------------------------------------


def test_maps_ask_for_each_line_and_place_once():
    tasks = map_tasks()
    assert len(set(tasks)) == len(tasks) == POINTS * sum(len(one.lines) for one in MAPS.values())
    for one in MAPS.values():
        assert one.places[0] == one.low
        assert one.places[-1] == one.high
        assert np.diff(one.places) == pytest.approx((one.high - one.low) / (POINTS - 1))


def lead(world, name, line, place, at):
    """Return by how much the first way is better than the second at a point of a map, percent."""
    if name == "skill_by_flow":
        return world.worth(line, elasticity=place, skill=at) - world.worth(DIRECTED, elasticity=place, skill=at)
    if name == "flow_by_rate":
        return 100 * world.fund(line, elasticity=at).worth(place)
    if name == "soft_by_sale":
        return world.worth(line, sale=place, soft=at) - world.worth(DIRECTED, sale=place, soft=0.0)
    cost, regions = world.p["oc_F"], round(world.p["oc_regions"])
    many, one = (capacity.welfare(capacity.firms_founded(cost, place, n), at, cost) for n in (regions, 1))
    return 100 * (many - one) / capacity.best_welfare(cost)


@pytest.mark.parametrize("task", map_tasks()[::6], ids=lambda task: f"{task[0]}-{task[1]}-{task[2]:g}")
def test_both_ways_are_equal_on_the_line_of_a_map(raw, task):
    name, line, place = task
    world, found = regimes.World(raw), map_point(task)
    if found.at is None:
        # Without a break-even the sign holds over the whole span.
        ends = [lead(world, name, line, place, at) for at in (found.low, found.high)]
        assert all(end > 0 for end in ends) if found.side == "gain" else all(end < 0 for end in ends)
        return
    assert lead(world, name, line, place, found.at) == pytest.approx(0, abs=0.005)
    low, high = max(found.at - 0.1, found.low), min(found.at + 0.1, found.high)
    assert lead(world, name, line, place, low) * lead(world, name, line, place, high) < 0


# --- What the figures and the table of assumptions show ---------------------------------------------------


@pytest.mark.parametrize("output", OUTCOMES)
def test_largest_indices_are_those_of_the_stored_table(raw, ctx, output):
    rows = [row for row in raw("model_sensitivity").values() if row["output"] == output]
    totals = sorted((float(row["total"]) for row in rows), reverse=True)
    shown = largest_indices(ctx).loc[lambda frame: frame["output"].eq(output)]
    assert shown["total"].tolist() == totals[:SHOWN]
    by_name = {row["param_id"]: row for row in rows}
    for row in shown.itertuples():
        stored = by_name[row.param_id]
        numbers = ("first_order", "first_order_interval", "total", "total_interval")
        assert [getattr(row, name) for name in numbers] == [float(stored[name]) for name in numbers]
        (doubt,) = uncertain_inputs(ctx, (row.param_id,))
        assert (row.words, row.assumed) == (doubt.words, doubt.assumed)
    assert shown["title"].str.lower().eq(OUTCOMES[output][0].lower()).all()
    assert set(shown["short_title"]) == {SHORT_TITLES[output]}


def test_outputs_and_count_of_the_sensitivity_can_be_chosen(ctx):
    few = largest(sensitivity(ctx), outputs=("waiting", "home"), count=1)
    assert few["output"].tolist() == ["waiting", "home"]
    assert list(with_words(ctx, few).columns[:6]) == list(few.columns)


def test_assumed_parameters_are_those_of_grade_d(raw, ctx):
    rows = {key: row for key, row in raw("parameters").items() if row["grade"] == "D"}
    shown = assumed_parameters(ctx)
    assert list(shown.index) == list(rows)
    assert shown["value"].tolist() == [float(row["value"]) for row in rows.values()]
    varied = {name for output in ("lead", "home") for name in NAMES[output]}
    assert shown["varied"].tolist() == [name in varied for name in rows]
    sourced = with_varied(of_grade(parameters(ctx), "A"), outputs=("waiting",))
    assert set(sourced.index[sourced["varied"]]) == {
        name for name in NAMES["waiting"] if name != "tail_error" and raw("parameters")[name]["grade"] == "A"
    }


@pytest.mark.parametrize("name", ["flow_by_rate", "home_by_weight", "soft_by_sale"])
def test_a_map_computed_anew_is_the_stored_one(ctx, name):
    lines = map_lines(ctx)
    anew = recomputed(ctx, lines, name)
    assert anew.equals(lines)
    # It is computed, not copied: what stood there does not matter.
    blank = lines.assign(break_even=lines["break_even"].mask(lines["map_id"].eq(name)), side="")
    of_map = lines["map_id"].eq(name)
    assert recomputed(ctx, blank, name).loc[of_map].equals(lines.loc[of_map])


def test_a_break_even_as_it_is_stored_does_not_hang_on_the_last_bits():
    """A cell that computes a map must give the same digits on another processor."""
    for name, line, place in map_tasks():
        if name == "skill_by_flow" or (found := map_point((name, line, place))).at is None:
            continue
        scaled = found.at / 10.0 ** (np.floor(np.log10(abs(found.at))) - 3)
        assert abs(scaled % 1 - 0.5) > 1e-6, (name, line, place)


def test_a_map_at_other_parameters(ctx):
    lines = map_lines(ctx)
    changed = recomputed(ctx, lines, "home_by_weight", regions=5, entry_cost=0.005)
    of_map = lines["map_id"].eq("home_by_weight")
    assert changed.loc[~of_map].equals(lines.loc[~of_map])
    for row in changed.loc[of_map & changed["break_even"].notna()].itertuples():
        one, many = (capacity.firms_founded(0.005, row.place, regions) for regions in (1, 5))
        lead = capacity.welfare(many, row.break_even, 0.005) - capacity.welfare(one, row.break_even, 0.005)
        # Four digits are kept of a share, and consumers gain at most a half.
        assert lead == pytest.approx(0, abs=0.5 * 5e-5)
    # With dearer fees a fund bears less thinning at every rate, or none at all.
    dear = recomputed(ctx, lines, "flow_by_rate", fee_rate=0.03)
    of_map = lines["map_id"].eq("flow_by_rate") & lines["break_even"].notna()
    lower = dear.loc[of_map, "break_even"] < lines.loc[of_map, "break_even"]
    assert lower.any()
    assert (lower | dear.loc[of_map, "side"].eq("loss")).all()


def test_an_unknown_map_is_told(ctx):
    with pytest.raises(KeyError, match="no map 'other'; maps are: skill_by_flow"):
        recomputed(ctx, map_lines(ctx), "other")


def test_marks_of_the_maps(raw, ctx):
    rows, marks = raw("parameters"), map_marks(ctx)
    assert set(marks["map_id"]) == set(MAPS)
    assert set(marks["axis"]) == {"x", "y"}
    assert (marks["low"] <= marks["high"]).all()
    assert marks["low"].ne(marks["high"]).equals(marks["kind"].eq("band"))
    for mark, name in {
        "coupon": "fm_bond_coupon",
        "official": "fm_public_rate",
        "sale_china": "fm_secondary_cn",
    }.items():
        assert marks.loc[mark, "low"] == float(rows[name]["value"])
    world = rows["fm_secondary_world"]
    assert marks.loc["sale_world", ["low", "high"]].tolist() == [float(world["low"]), float(world["high"])]
    assert marks.loc["thinning_flow", "low"] == marks.loc["thinning_skill", "low"] > 0
    for name in ("solar", "cars", "robots"):
        assert 100 * marks.loc[name, "low"] == pytest.approx(number(f"model.home_{name}").value)
