"""Every grid point of the explorers of the model is what the model gives there, computed setting by setting."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from patient_capital.analysis.model.regimes import DIRECTED, PATIENT, regime, scenario
from patient_capital.explorers import load_explorers
from patient_capital.explorers.parts import CASES, CROSSES, GAIN, LOSS, SIDES
from patient_capital.model.fund.fund_performance import value_per_yuan_paid
from patient_capital.model.overcapacity.cournot import optimal_firms
from patient_capital.model.overcapacity.learning import learning_path
from patient_capital.model.overcapacity.learning_welfare import break_even_home_share_with_learning, discounted_welfare
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.welfare import home_welfare
from patient_capital.model.regimes.evaluation import regime_flows, regime_value
from patient_capital.model.regimes.regime_break_evens import break_even_skill
from patient_capital.provenance.registry import number

NAMES = ("model.skill", "model.home")


@pytest.fixture(scope="module")
def shown(book):
    found = {name: load_explorers()[name].of(book) for name in NAMES}
    assert found["model.skill"].shape == (5, 3, 3, 3, 3)
    assert found["model.home"].shape == (5, 3, 4, 4)
    return found


def settings(explorer):
    """Each place of the grid with the value of every control."""
    for place in np.ndindex(explorer.shape):
        yield place, [control.value(i) for control, i in zip(explorer.controls, place, strict=True)]


def check_setting(explorer, place, curves, lead):
    """Compare curves, side and break-even of one setting; `lead` is of the first decisive curve, at a place of the axis."""
    np.testing.assert_allclose(explorer.values[place], curves, rtol=1e-9, atol=1e-7, err_msg=explorer.where(place))
    reading, unit = explorer.at(place), 10.0 ** -explorer.fine[1]
    assert np.abs(reading.values - curves).max() <= 1.01 * unit, explorer.where(place)
    assert explorer.decisive_places == (0, 1)
    first, last = (curves[0] - curves[1])[[0, -1]]
    side, at = explorer.sides[place], explorer.break_even[place]
    assert reading.side == next(name for name, code in SIDES.items() if code == side)
    if side == CROSSES:
        assert lead(at) == pytest.approx(0, abs=1e-6), explorer.where(place)
        assert first * last < 0
        assert CASES[explorer.cases[place]] == ("rises" if first < last else "crosses"), explorer.where(place)
        assert abs(reading.break_even - at) <= 1.01 * 10.0 ** -explorer.fine[0]
        return
    assert side in {GAIN, LOSS}
    assert np.isnan(at)
    assert reading.break_even is None
    assert min(first, last) >= 0 if side == GAIN else max(first, last) <= 0


def test_every_setting_of_the_directed_against_the_patient_fund(ctx, shown):
    explorer = shown["model.skill"]
    base, patient, directed = scenario(ctx), regime(ctx, PATIENT), regime(ctx, DIRECTED)
    assert [c.id for c in explorer.controls] == ["thinning", "rate", "sale", "soft", "state"]

    def at(thinning, sale, soft, skill=0.0):
        return replace(
            base, elasticity=thinning, forced_sale=sale / 100, soft_budget=soft / 100, pick_correlation=skill
        )

    @cache
    def patient_flows(thinning, sale, soft, state):
        return regime_flows(replace(patient, state_share=state / 100), at(thinning, sale, soft))

    @cache
    def directed_flows(thinning, sale, soft, skill):
        return regime_flows(directed, at(thinning, sale, soft, skill))

    for place, (thinning, rate, sale, soft, state) in settings(explorer):
        waits = 100 * value_per_yuan_paid(patient_flows(thinning, sale, soft, state), rate / 100)

        def picks(skill, rate=rate, terms=(thinning, sale, soft)):
            return 100 * value_per_yuan_paid(directed_flows(*terms, float(skill)), rate / 100)

        curves = np.array([[waits] * len(explorer.x_values), [picks(skill) for skill in explorer.x_values]])
        check_setting(explorer, place, curves, lambda skill, waits=waits, picks=picks: waits - picks(skill))


def test_some_settings_of_the_directed_against_the_patient_fund_by_the_plain_functions(ctx, shown):
    explorer = shown["model.skill"]
    rng = np.random.default_rng(8)
    for _ in range(8):
        place = tuple(int(rng.integers(n)) for n in explorer.shape)
        thinning, rate, sale, soft, state = (c.value(i) for c, i in zip(explorer.controls, place, strict=True))
        here = scenario(
            ctx, elasticity=thinning, discount_rate=rate / 100, forced_sale=sale / 100, soft_budget=soft / 100
        )
        patient, directed = replace(regime(ctx, PATIENT), state_share=state / 100), regime(ctx, DIRECTED)
        skill = explorer.x_values[3]
        values = [100 * regime_value(r, replace(here, pick_correlation=skill)) for r in (patient, directed)]
        assert explorer.values[place][:, 3] == pytest.approx(values, rel=1e-9)
        found = break_even_skill(patient, directed, here, explorer.x_values[0], explorer.x_values[-1])
        assert SIDES[found.side] == explorer.sides[place]
        if found.at is not None:
            assert explorer.break_even[place] == pytest.approx(found.at, abs=1e-7)


def test_start_of_the_skill_explorer_is_the_number_of_the_chapter(shown, p, raw):
    explorer = shown["model.skill"]
    opens = [control.value(control.start) for control in explorer.controls]
    central = [p["sel_flow_eps"], 100 * p["fm_bond_coupon"], 100 * p["fm_forced_sale"], 100 * p["fm_soft_budget"]]
    share = 100 * float(raw("regimes")["patient_fund"]["state_share"])
    # The page opens at two percent, the coupon is 1.98; everything else is central.
    assert opens == pytest.approx([*central, share], abs=0.021)
    assert explorer.at(explorer.start).break_even == pytest.approx(number("model.skill_patient_fund").value, abs=0.01)


def test_every_setting_of_many_regions_against_one(shown, p):
    explorer = shown["model.home"]
    entry, cost, years, rate = p["oc_F"], p["oc_cost"], round(p["oc_periods"]), p["fm_public_rate"]
    most = home_welfare(optimal_firms(1.0, 1.0, entry), 1.0, 1.0, 1.0, entry)
    most *= sum((1 + rate) ** -year for year in range(years))
    assert [c.id for c in explorer.controls] == ["weight", "regions", "learning", "spillover"]

    for place, (weight, regions, learning, spillover) in settings(explorer):
        terms = {
            "choke_price": 1 + cost, "slope": 1.0, "initial_cost": cost, "initial_experience": p["oc_experience"],
            "learning_rate": learning / 100, "spillover": spillover / 100, "discount_rate": rate,
        }  # fmt: skip
        paths = [
            learning_path(symmetric_entry(1.0, 1.0, entry, weight, count), years, **terms)
            for count in (int(regions), 1)
        ]

        def gains(home, paths=paths):
            return [100 * discounted_welfare(path, home / 100, entry) / most for path in paths]

        curves = np.array([gains(home) for home in explorer.x_values]).T
        check_setting(explorer, place, curves, lambda home, gains=gains: gains(home)[0] - gains(home)[1])
        found = break_even_home_share_with_learning(weight, entry_cost=entry, periods=years, many=int(regions), **terms)
        assert SIDES[found.side] == explorer.sides[place]
        assert found.at is None or 100 * found.at == pytest.approx(explorer.break_even[place], abs=1e-7)


def test_some_settings_of_many_regions_by_a_loop_over_the_years(shown, p):
    explorer = shown["model.home"]
    rate, years, entry, cost = p["fm_public_rate"], round(p["oc_periods"]), p["oc_F"], p["oc_cost"]
    for place in itertools.islice(np.ndindex(explorer.shape), 0, None, 11):
        weight, regions, learning, spillover = (c.value(i) for c, i in zip(explorer.controls, place, strict=True))
        for curve, count in enumerate((regions, 1)):
            firms, knows, worth = float(symmetric_entry(1.0, 1.0, entry, weight, count)), p["oc_experience"], 0.0
            for year in range(years):
                now = cost * (1 - learning / 100) ** np.log2(knows / p["oc_experience"])
                each = (1 + cost - now) / (firms + 1)
                home = firms * (each**2 - entry) + 0.6 * (firms * each) ** 2 / 2
                worth += home / (1 + rate) ** year
                knows += each + spillover / 100 * (firms - 1) * each
            n = entry ** (-1 / 3)
            most = ((n - 1) * (n**-2 - entry) + (1 - 1 / n) ** 2 / 2) * sum((1 + rate) ** -t for t in range(years))
            at = explorer.x_values.index(60.0)
            assert explorer.values[place][curve, at] == pytest.approx(100 * worth / most, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_page_holds_the_grid(shown, name):
    explorer = shown[name]
    page = json.loads(explorer.json())
    shape = (*explorer.shape, len(explorer.curves), len(explorer.x_values))
    values = np.cumsum(np.array(page["values"]).reshape(shape), axis=-1) / 10 ** page["y"]["fine"]
    even = np.array(page["breakEven"], dtype=object).reshape(explorer.shape)
    cases = np.array(page["cases"]).reshape(explorer.shape)
    assert page["x"]["values"] == list(explorer.x_values)
    for place in np.ndindex(explorer.shape):
        reading = explorer.at(place)
        np.testing.assert_allclose(values[place], reading.values, atol=1e-9)
        held = None if even[place] is None else even[place] / 10 ** page["x"]["fine"]
        assert held == (None if reading.break_even is None else pytest.approx(reading.break_even))
        assert (cases[place] < 2) == (reading.side == "crosses")


@pytest.mark.parametrize("name", NAMES)
def test_download_holds_the_grid(shown, name):
    explorer = shown[name]
    lines = explorer.csv().splitlines()
    header, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
    assert len(rows) == np.prod(explorer.shape) * len(explorer.x_values)
    first = len(explorer.controls)
    step = len(explorer.x_values)
    blocks = [rows[start : start + step] for start in range(0, len(rows), step)]
    for (place, controls), block in zip(settings(explorer), blocks, strict=True):
        table = np.array([[float(cell) for cell in row[: first + 1 + len(explorer.curves)]] for row in block])
        np.testing.assert_allclose(table[:, :first], np.tile(controls, (len(block), 1)), rtol=1e-5)
        np.testing.assert_allclose(table[:, first + 1 :], explorer.values[place].T, rtol=1e-5, atol=1e-9)
        assert {row[-1] == "" for row in block} == {explorer.sides[place] != CROSSES}
    assert header[-1] == "break_even"
