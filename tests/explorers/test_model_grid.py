"""The grids of the explorers of the model, recomputed by plain portfolios and by a loop over the years."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from oracles import capacity, regimes
from patient_capital.explorers import load_explorers
from patient_capital.explorers.parts import CASES, CROSSES, GAIN, LOSS, SIDES
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


def first_lead(explorer, place):
    """Lead of the first decisive curve over the second along the axis."""
    assert explorer.decisive_places == (0, 1)
    return explorer.values[place][0] - explorer.values[place][1]


@pytest.mark.parametrize("name", NAMES)
def test_side_and_break_even_of_every_setting_are_those_of_its_curves(shown, name):
    explorer = shown[name]
    for place in np.ndindex(explorer.shape):
        lead, reading, where = first_lead(explorer, place), explorer.at(place), explorer.where(place)
        side, at = explorer.sides[place], explorer.break_even[place]
        assert np.abs(reading.values - explorer.values[place]).max() <= 1.01 * 10.0 ** -explorer.fine[1], where
        assert reading.side == next(name for name, code in SIDES.items() if code == side)
        if side == CROSSES:
            after = int(np.searchsorted(explorer.x_values, at))
            assert lead[0] * lead[-1] < 0, where
            assert lead[after - 1] * lead[after] <= 0, where
            assert CASES[explorer.cases[place]] == ("rises" if lead[0] < lead[-1] else "crosses"), where
            assert abs(reading.break_even - at) <= 1.01 * 10.0 ** -explorer.fine[0], where
            continue
        assert side in {GAIN, LOSS}
        assert np.isnan(at)
        assert reading.break_even is None
        assert min(lead[0], lead[-1]) >= 0 if side == GAIN else max(lead[0], lead[-1]) <= 0, where


def test_settings_of_the_directed_against_the_patient_fund_are_those_of_plain_portfolios(shown, raw):
    explorer, world, rng = shown["model.skill"], regimes.World(raw), np.random.default_rng(8)
    assert [c.id for c in explorer.controls] == ["thinning", "rate", "sale", "soft", "state"]
    crossed = 0
    for place, (thinning, rate, sale, soft, state) in itertools.islice(settings(explorer), 2, None, 5):
        terms = {"elasticity": thinning, "sale": sale / 100, "soft": soft / 100}
        waits = 100 * world.fund(regimes.PATIENT, **terms, state_share=state / 100).worth(rate / 100)

        def picks(skill, rate=rate, terms=terms):
            return 100 * world.fund(regimes.DIRECTED, **terms, skill=skill).worth(rate / 100)

        at = int(rng.integers(len(explorer.x_values)))
        expected = [waits, picks(explorer.x_values[at])]
        assert explorer.values[place][:, at] == pytest.approx(expected, abs=2 * regimes.POINT), explorer.where(place)
        if explorer.sides[place] == CROSSES:
            crossed += 1
            found = float(explorer.break_even[place])
            assert picks(found) == pytest.approx(waits, abs=2 * regimes.POINT), explorer.where(place)
    assert crossed > 5


def test_start_of_the_skill_explorer_is_the_number_of_the_chapter(shown, p, raw):
    explorer = shown["model.skill"]
    opens = [control.value(control.start) for control in explorer.controls]
    central = [p["sel_flow_eps"], 100 * p["fm_bond_coupon"], 100 * p["fm_forced_sale"], 100 * p["fm_soft_budget"]]
    share = 100 * float(raw("regimes")["patient_fund"]["state_share"])
    # The page opens at two percent, the coupon is 1.98; everything else is central.
    assert opens == pytest.approx([*central, share], abs=0.021)
    assert explorer.at(explorer.start).break_even == pytest.approx(number("model.skill_patient_fund").value, abs=0.01)


def test_every_setting_of_many_regions_against_one_is_that_of_a_loop_over_the_years(shown, p):
    explorer, entry, years = shown["model.home"], p["oc_F"], round(p["oc_periods"])
    assert [c.id for c in explorer.controls] == ["weight", "regions", "learning", "spillover"]
    most = capacity.best_welfare(entry) * sum((1 + p["fm_public_rate"]) ** -year for year in range(years))
    terms = (years, p["oc_cost"], entry, p["oc_experience"])
    homes = np.array(explorer.x_values)
    for place, (weight, regions, learning, spillover) in settings(explorer):
        firms = [capacity.firms_founded(entry, weight, count) for count in (regions, 1)]
        made, gained = np.transpose(
            [capacity.learned(n, *terms, learning / 100, p["fm_public_rate"], spillover / 100) for n in firms]
        )
        expected = 100 * (made[:, None] + np.outer(gained, homes / 100)) / most
        np.testing.assert_allclose(explorer.values[place], expected, rtol=1e-7, err_msg=explorer.where(place))
        if explorer.sides[place] == CROSSES:
            even = 100 * (made[1] - made[0]) / (gained[0] - gained[1])
            assert explorer.break_even[place] == pytest.approx(even, rel=1e-6), explorer.where(place)


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
