"""Entry, welfare and learning, recomputed from the payoffs of the regions and the rows of the tables."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from oracles.capacity import (
    EXPECTED,
    HOME,
    WEIGHTS,
    best_welfare,
    consumers,
    firms_founded,
    learned,
    learned_lead,
    price_gap,
    producers,
    relative,
    switch,
    weight_limit,
    welfare,
)
from patient_capital.analysis.model.doubt import FEW
from patient_capital.analysis.model.overcapacity import (
    home_shares,
    industries,
    learned_break_even,
    learning,
    subsidy_return,
    welfare_by_home_share,
    welfare_by_regions,
    welfare_lines,
    with_break_even,
    with_home_share,
)
from patient_capital.formatting import spelled
from patient_capital.listings import load_listings
from patient_capital.provenance.registry import number


@pytest.mark.parametrize("name", EXPECTED)
def test_number(p, name):
    assert number(f"model.{name}").value == pytest.approx(EXPECTED[name](p), rel=1e-7)


@pytest.mark.parametrize(("weight", "regions"), [(0.0, 1), (0.0, 31), (0.05, 1), (0.05, 31), (0.08, 31)])
def test_no_region_gains_by_founding_more_or_fewer_firms(p, weight, regions):
    total = firms_founded(p["oc_F"], weight, regions)
    others = total * (1 - 1 / regions)

    def worth(own):
        output = price_gap(own + others)
        return own * (output**2 - p["oc_F"] + weight * output)

    best = minimize_scalar(lambda own: -worth(own), bounds=(0, 60), method="bounded", options={"xatol": 1e-10})
    assert best.x == pytest.approx(total / regions, rel=1e-4)


def test_shares_that_stay_at_home_are_those_of_the_rows(raw):
    parallel, robots, rates = raw("solar_ev_parallel"), raw("ai_overcapacity"), raw("fx")
    home = {
        "home_solar": 1 - float(parallel["pv_module_exports_gw_2024"]["value"])
        / float(parallel["pv_module_production_gw_2024"]["value"]),
        "home_cars": 1 - float(parallel["nev_exports_2025"]["value"]) / float(parallel["nev_sales_caam_2025"]["value"]),
        "home_robots": 1 - float(robots["robot_exports_2024"]["value"]) * float(rates["usdcny_2024"]["cny_per_usd"])
        / float(robots["robot_revenue_2024"]["value"]),
    }  # fmt: skip
    assert set(home) == set(HOME)
    for name, share in home.items():
        assert 0 < share < 1
        assert number(f"model.{name}").value == pytest.approx(100 * share)
    same_unit = [
        (parallel, "pv_module_production_gw_2024", "pv_module_exports_gw_2024"),
        (parallel, "nev_sales_caam_2025", "nev_exports_2025"),
    ]
    for rows, whole, abroad in same_unit:
        assert rows[whole]["unit"] == rows[abroad]["unit"]
    units = [robots[key]["unit"] for key in ("robot_revenue_2024", "robot_exports_2024")]
    assert units[0].replace("cny", "") == units[1].replace("usd", "")


def test_solar_lies_below_the_switch_and_robots_above(p):
    # The number at five percent is the one at the assumed weight; the pages call it so.
    assert WEIGHTS["5"] == p["oc_v"]
    assert number("model.home_solar").value / 100 < switch(p, 0.0)
    assert number("model.home_robots").value / 100 > switch(p, p["oc_v"])
    assert number("model.solar_below_switch").value is True


def test_one_region_is_better_at_any_home_share_where_firms_learn_alone(ctx, p):
    lead = learned_lead(p, 0.0)
    assert max(lead(0.0), lead(1.0)) < 0
    assert number("model.learning_alone").value is True
    for spillover in (0.3, 0.6, 0.8):
        found, lead = learned_break_even(ctx, spillover), learned_lead(p, spillover)
        if found.at is None:
            assert (lead(0.0) < 0, lead(1.0) < 0) == (found.side == "loss",) * 2
        else:
            assert lead(found.at) == pytest.approx(0, abs=1e-10)


def test_lines_of_welfare(ctx, p):
    lines = welfare_lines(ctx, points=6)
    assert sorted(set(lines["weight"])) == list(WEIGHTS.values())
    assert len(lines) == 18
    for _, row in lines.iterrows():
        for column, regions in (("one_pct", 1), ("many_pct", round(p["oc_regions"]))):
            firms = firms_founded(p["oc_F"], row["weight"], regions)
            expected = 100 * welfare(firms, row["home_share_pct"] / 100, p["oc_F"]) / best_welfare(p["oc_F"])
            assert row[column] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(("home", "weight"), [(0.5, 0.05), (1.0, 0.05), (0.2, 0.1)])
def test_what_a_yuan_of_subsidy_brings_back(p, home, weight):
    cost, regions = p["oc_F"], round(p["oc_regions"])
    firms, before = firms_founded(cost, weight, regions), 1 / sqrt(cost) - 1
    outlay = firms * (cost - price_gap(firms) ** 2)
    # The owners of equal firms earn nothing before and after, so that only consumers gain.
    assert producers(before, cost) == pytest.approx(0, abs=1e-12)
    expected = home * (consumers(firms) - consumers(before)) / outlay
    assert subsidy_return(cost, weight, regions, home) == pytest.approx(expected, rel=1e-6)


def test_switches_of_the_lines(ctx, p):
    lines = welfare_lines(ctx)
    for weight, part in lines.groupby("weight"):
        assert part["switch_pct"].nunique() == 1
        assert part["switch_pct"].iloc[0] == pytest.approx(100 * switch(p, weight), rel=1e-9)


def test_a_line_that_does_not_turn_has_no_switch(p):
    above = weight_limit(p) + 0.01
    lines = with_break_even(welfare_by_home_share(p["oc_F"], round(p["oc_regions"]), weights=(0.0, above), points=5))
    found = lines.groupby("weight")["switch_pct"].first()
    assert found[0.0] == pytest.approx(100 * switch(p, 0.0), rel=1e-9)
    assert np.isnan(found[above])


@pytest.mark.parametrize("spillover", [0.6, 1.0])
def test_lines_with_learning(ctx, p, spillover):
    learns = learning(ctx, spillover=spillover)
    assert learns.rate == p["oc_lr_solar"]
    regions, discount = round(p["oc_regions"]), p["fm_public_rate"]
    lines = with_break_even(welfare_by_home_share(p["oc_F"], regions, weights=(p["oc_v"],), learning=learns, points=5))
    most = best_welfare(p["oc_F"]) * sum((1 + discount) ** -year for year in range(round(p["oc_periods"])))
    for column, count in (("one_pct", 1), ("many_pct", regions)):
        made, gained = learned(
            firms_founded(p["oc_F"], p["oc_v"], count), round(p["oc_periods"]), p["oc_cost"], p["oc_F"],
            p["oc_experience"], p["oc_lr_solar"], discount, spillover,
        )  # fmt: skip
        expected = 100 * (made + lines["home_share_pct"] / 100 * gained) / most
        assert lines[column].tolist() == pytest.approx(expected.tolist(), rel=1e-7)
    lead = learned_lead(p, spillover)
    if lead(0.0) < 0 < lead(1.0):
        assert lines["switch_pct"].iloc[0] == pytest.approx(100 * brentq(lead, 0, 1), rel=1e-7)
    else:
        assert lines["switch_pct"].isna().all()


def test_learning_at_no_rate_is_no_learning(ctx, p):
    none = learning(ctx, rate=0.0)
    with_it, without = (
        welfare_by_home_share(p["oc_F"], 5, weights=(0.05,), learning=learns, points=4) for learns in (none, None)
    )
    np.testing.assert_allclose(with_it, without, rtol=1e-10)


def test_industries_and_what_they_keep_at_home(ctx):
    shares = home_shares(ctx)["home_share_pct"]
    assert {f"home_{name}": share for name, share in shares.items()} == pytest.approx(
        {name: number(f"model.{name}").value for name in HOME}
    )
    made = industries(ctx)
    made.loc["cars", "abroad"] = made.loc["cars", "made"] / 4
    assert with_home_share(made).loc["cars", "home_share_pct"] == pytest.approx(75)


def test_a_few_regions_are_better_than_all_and_than_one_where_the_caption_says_so(ctx):
    welfare = welfare_by_regions(ctx)
    few = welfare.loc[[spelled(regions) for regions in FEW if regions > 1]]
    weights = [column for column in welfare if column.startswith("weight")]
    every = welfare.iloc[-2]
    assert (few[weights] > every[weights]).all(axis=None)
    beat_one = (few[weights] > welfare.loc["one", weights]).all()
    assert beat_one.tolist() == [True, True, False], "where the weight on output is small"
    assert load_listings()["model.few_regions"].of(ctx.data).title.endswith("where the weight on output is small")


def test_welfare_by_the_number_of_regions(ctx, p):
    shown = welfare_by_regions(ctx, weights=(0.0, 0.05))
    for words, regions in {"one": 1, "two": 2, "five": 5, "31": 31}.items():
        for weight in (0.0, 0.05):
            expected = relative(p, weight, regions)
            assert shown.loc[words, f"weight {weight:g}"] == pytest.approx(expected, abs=1e-4)
    assert shown.drop(index=["one", "31"])["better_pct"].max() <= 5
