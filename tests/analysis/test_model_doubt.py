"""What decides each break-even: spans as the table has them, and outcomes at drawn points recomputed plainly."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from oracles import capacity, fund, regimes, returns
from patient_capital.analysis.model.inputs import of_grade, parameters
from patient_capital.analysis.model.maps import MAPS, POINTS, map_lines, map_marks, map_point, map_tasks, recomputed
from patient_capital.analysis.model.regimes import scenario
from patient_capital.analysis.model.sensitivity import (
    LOG_PAYOFFS,
    OUTCOMES,
    SHORT_TITLES,
    SHOWN,
    TAIL_SHARES,
    WEIGHT_SPAN,
    assumed_parameters,
    evaluate_block,
    home_outcome,
    largest,
    largest_indices,
    payoff_outcome,
    point,
    sensitivity,
    tail_outcome,
    uncertain_inputs,
    waiting_outcome,
    with_varied,
    with_words,
)
from patient_capital.provenance.registry import number

JOINT = {"tail_error", "exit_reading"}
IN_LOGS = {"vr_cap", "oc_F"}
NAMES = {name: names for name, (_, names, _) in OUTCOMES.items()}
EVERY = sorted({name for names in NAMES.values() for name in names})


def central(p, names):
    """Return the central values of some doubts."""
    return {n: {"tail_error": 0.0, "exit_reading": 1.0}.get(n, p.get(n)) for n in names}


# --- Spans -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in EVERY if name not in JOINT])
def test_span_is_that_of_the_table(ctx, raw, p, name):
    (found,) = uncertain_inputs(ctx, (name,))
    expected = WEIGHT_SPAN if name == "oc_v" else returns.ends(raw, name)
    assert (found.low, found.high) == expected
    assert found.low < found.high
    assert found.low <= p[name] <= found.high
    assert found.log == (name in IN_LOGS)
    assert found.assumed == (raw("parameters")[name]["grade"] == "D")


def test_spans_of_what_is_drawn_together(ctx, p):
    error, reading = uncertain_inputs(ctx, ("tail_error", "exit_reading"))
    assert error.high == -error.low == pytest.approx(2 * returns.honest_error(p), rel=0.03)
    assert (reading.low, reading.high) == (0, 1)


def test_weights_end_where_no_home_share_is_a_break_even(p):
    low, high = WEIGHT_SPAN
    assert low == 0
    assert high < capacity.weight_limit(p) < high + 0.005


def test_every_doubt_is_named_once_and_has_its_own_words(ctx):
    for names in NAMES.values():
        assert len(set(names)) == len(names)
        assert len({doubt.words for doubt in uncertain_inputs(ctx, names)}) == len(names)


@pytest.mark.parametrize("output", OUTCOMES)
def test_points_of_the_cube_run_from_the_low_to_the_high_ends(ctx, output):
    names = NAMES[output]
    spans = uncertain_inputs(ctx, names)
    lowest, middle, highest = (point(uncertain_inputs(ctx, names), np.full(len(names), u)) for u in (0.0, 0.5, 1.0))
    for doubt in spans:
        assert lowest[doubt.name] == pytest.approx(doubt.low)
        assert highest[doubt.name] == pytest.approx(doubt.high)
        between = sqrt(doubt.low * doubt.high) if doubt.log else (doubt.low + doubt.high) / 2
        assert middle[doubt.name] == pytest.approx(between)


@pytest.mark.parametrize("output", ["payoff", "tail", "waiting"])
def test_central_values_give_the_scenario_of_the_chapter(ctx, book, p, output):
    names = tuple(name for name in NAMES[output] if name != "fm_public_rate")
    base, here = scenario(ctx), scenario(ctx, "bond", central(p, names))
    assert replace(here, growth=base.growth) == base
    assert here.growth == pytest.approx(base.growth, rel=1e-12)


# --- Outcomes --------------------------------------------------------------------------------------------


def world_at(raw, at):
    """Return the plain world at a point: tail index with its error, growth between its two readings."""
    p = returns.values(raw) | {k: v for k, v in at.items() if k not in JOINT}
    # The index is fitted to the published classes, whatever else the point changes.
    published = returns.values(raw) | {"vr_cap": p["vr_cap"]}
    p["tail_index"] = max(returns.own_index(published) + at.get("tail_error", 0.0), 1.02)
    by_money, by_exits = (fund.deals_of(p, reading) for reading in ("money", "exits"))
    growth = by_exits.growth + at.get("exit_reading", 1.0) * (by_money.growth - by_exits.growth)
    return regimes.World(raw, p, replace(by_money, growth=growth))


def some_points(ctx, output, count=4, seed=12):
    rng = np.random.default_rng(seed)
    names = NAMES[output]
    return [point(uncertain_inputs(ctx, names), rng.random(len(names))) for _ in range(count)]


def test_directed_and_national_fund_are_worth_the_same_at_the_payoff(ctx, raw, p):
    for at in (central(p, NAMES["payoff"]), *some_points(ctx, "payoff")):
        found, world = payoff_outcome(ctx, at), world_at(raw, at)
        assert LOG_PAYOFFS[0] < np.log(found) < LOG_PAYOFFS[1]
        directed = world.worth(regimes.DIRECTED, "fm_public_rate", payoff=found)
        assert directed == pytest.approx(world.worth(regimes.NATIONAL, "fm_public_rate"), abs=0.01)


def test_patient_fund_earns_the_rate_at_the_share_of_large_successes(ctx, raw, p):
    for at in (central(p, NAMES["tail"]), *some_points(ctx, "tail")):
        share, world = tail_outcome(ctx, at) / 100, world_at(raw, at)
        assert TAIL_SHARES[0] < share < TAIL_SHARES[1]
        lost = world.p["vr_loss_share"] * (1 - share) / (1 - world.p["vr_share_ge5"])
        bare = world.p | {"vr_share_ge5": share, "vr_loss_share": lost, "sel_flow_eps": 0.0, "sel_top_decline": 0.0}
        alone = regimes.World(raw, bare, world.deals)
        assert alone.worth(regimes.PATIENT, "fm_public_rate") == pytest.approx(0, abs=0.01)


def test_points_gained_by_waiting(ctx, raw, p):
    for at in (central(p, NAMES["waiting"]), *some_points(ctx, "waiting")):
        world = world_at(raw, at)
        rates = [
            100
            * fund.plain_fund(
                world.deals, fund.Terms(years, p["fm_invest_period"], at["fm_fee"], p["fm_carry"], at["fm_forced_sale"])
            ).rate()
            for years in (10, 20)
        ]
        assert waiting_outcome(ctx, at) == pytest.approx(rates[1] - rates[0], abs=0.003)
    base = number("model.wait_10_20").value
    assert waiting_outcome(ctx, central(p, NAMES["waiting"])) == pytest.approx(base, rel=1e-9)


def test_home_share_at_which_many_regions_equal_one(ctx, p):
    for at in (*some_points(ctx, "home", 12), {"oc_v": 0.09, "oc_F": 0.01}, {"oc_v": 0.0, "oc_F": 0.001}):
        one, many = (capacity.firms_founded(at["oc_F"], at["oc_v"], regions) for regions in (1, round(p["oc_regions"])))
        leads = [
            capacity.welfare(many, home, at["oc_F"]) - capacity.welfare(one, home, at["oc_F"]) for home in (0.0, 1.0)
        ]
        found = home_outcome(ctx, at) / 100
        assert leads[0] < 0
        expected = 1.0 if leads[1] < 0 else -leads[0] / (leads[1] - leads[0])
        assert found == pytest.approx(expected, rel=1e-7)


def test_an_outcome_beyond_what_is_searched_counts_as_the_end(ctx, p):
    hopeless = central(p, NAMES["tail"]) | {"fm_public_rate": 2.0}
    assert tail_outcome(ctx, hopeless) == pytest.approx(100 * TAIL_SHARES[1])
    # With a rich middle class, no fees and no discounting a fund needs no large success.
    easy = {"fm_public_rate": 0.0, "fm_fee": 0.0, "vr_mid_mean": 4.9, "vr_loss_share": 0.3}
    assert tail_outcome(ctx, central(p, NAMES["tail"]) | easy) == pytest.approx(100 * TAIL_SHARES[0])


@pytest.mark.parametrize("output", OUTCOMES)
def test_a_block_is_its_points_whatever_their_order(ctx, output):
    names = NAMES[output]
    unit = np.random.default_rng(4).random((3, len(names)))
    block = evaluate_block(output, unit)
    assert block.shape == (3,)
    assert evaluate_block(output, unit[::-1]).tolist() == block[::-1].tolist()
    assert block.tolist() == [OUTCOMES[output][2](ctx, point(uncertain_inputs(ctx, names), row)) for row in unit]


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
        return world.worth(line, elasticity=place, skill=at) - world.worth(regimes.DIRECTED, elasticity=place, skill=at)
    if name == "flow_by_rate":
        return 100 * world.fund(line, elasticity=at).worth(place)
    if name == "soft_by_sale":
        return world.worth(line, sale=place, soft=at) - world.worth(regimes.DIRECTED, sale=place, soft=0.0)
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
    varied = {name for output in ("payoff", "home") for name in NAMES[output]}
    assert shown["varied"].tolist() == [name in varied for name in rows]
    sourced = with_varied(of_grade(parameters(ctx), "A"), outputs=("waiting",))
    assert set(sourced.index[sourced["varied"]]) == {
        name for name in NAMES["waiting"] if name not in JOINT and raw("parameters")[name]["grade"] == "A"
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
    for row in changed.loc[of_map].itertuples():
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
