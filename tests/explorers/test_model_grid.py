"""The grids of the explorers of the model, recomputed by plain portfolios and by a loop over the years."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from helpers import dummy_explorers as dummy
from oracles import capacity, regimes
from patient_capital.analysis.model import doubt, explorers
from patient_capital.explorers import load_explorers
from patient_capital.explorers.model import _where_they_cross
from patient_capital.explorers.parts import CASES, CROSSES, GAIN, LOSS, SIDES
from patient_capital.model.regimes.regime_break_evens import break_even_skill
from patient_capital.provenance.registry import number

NAMES = ("model.skill", "model.home")


@pytest.fixture(scope="module")
def shown(book):
    found = {name: load_explorers()[name].of(book) for name in NAMES}
    assert found["model.skill"].shape == (2, 4, 5, 6, 6)
    assert found["model.home"].shape == (5, 5, 6, 6)
    return found


def settings(explorer):
    """Each place of the grid with the value of every control."""
    for place in np.ndindex(explorer.shape):
        yield place, settings_of(explorer, place)


def settings_of(explorer, place):
    return [control.value(i) for control, i in zip(explorer.controls, place, strict=True)]


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
    assert [c.id for c in explorer.controls] == ["fund", "rate", "thinning", "sale", "soft"]
    assert explorer.controls[0].texts[0] == "national fund of 2025"
    crossed = 0
    for place, (fund, rate, thinning, sale, soft) in itertools.islice(settings(explorer), 2, None, 23):
        terms = {"elasticity": thinning, "sale": sale / 100, "soft": soft / 100}
        row = (regimes.NATIONAL, regimes.PATIENT)[int(fund)]

        def both(skill, row=row, rate=rate, terms=terms):
            return [100 * world.fund(name, **terms, skill=skill).worth(rate / 100) for name in (row, regimes.DIRECTED)]

        at = int(rng.integers(len(explorer.x_values)))
        expected = both(explorer.x_values[at])
        assert explorer.values[place][:, at] == pytest.approx(expected, abs=0.02), explorer.where(place)
        if explorer.sides[place] == CROSSES:
            crossed += 1
            found = float(explorer.break_even[place])
            waits, picks = both(found)
            assert picks == pytest.approx(waits, abs=0.02), explorer.where(place)
    assert crossed > 5


def test_skill_explorer_starts_at_central_parameters_and_lies_in_the_span_of_the_chapter(shown, p, raw):
    explorer = shown["model.skill"]
    opens = [control.value(control.start) for control in explorer.controls]
    # The page opens at the national fund and at the step next to the coupon; everything else is central.
    coupon = min(explorer.controls[1].values, key=lambda step: abs(step - 100 * p["fm_bond_coupon"]))
    central = [p["sel_flow_eps"], 100 * p["fm_forced_sale"], 100 * p["fm_soft_budget"]]
    assert opens == pytest.approx([0, coupon, *central])
    world = regimes.World(raw)
    for row, start in ((regimes.NATIONAL, explorer), (regimes.PATIENT, explorer.moved(fund=1))):
        found = start.at(start.start).break_even
        waits, picks = (100 * world.fund(name, skill=found).worth(coupon / 100) for name in (row, regimes.DIRECTED))
        assert waits == pytest.approx(picks, abs=0.1)
    span = number("model.skill_patient_fund_span").value
    assert span.low < found < span.high


@pytest.mark.parametrize("name", NAMES)
def test_every_slider_has_even_steps_and_enough_of_them(shown, name):
    for control in shown[name].controls:
        if control.labels:
            continue
        steps = np.diff(control.values)
        assert len(steps) >= 3, control.id
        assert steps == pytest.approx(np.full(steps.size, steps[0])), control.id


@pytest.mark.parametrize(
    ("span", "values"),
    [
        ((30, 60, 80), (30, 40, 50, 60, 70, 80)),
        ((0, 10, 50), (0, 10, 20, 30, 40, 50)),
        ((0, 0.25, 0.5), (0, 0.125, 0.25, 0.375, 0.5)),
        ((0, 0.05, 0.2), (0, 0.05, 0.1, 0.15, 0.2)),
        ((0, 1, 10), (1, 3, 5, 7, 9)),
    ],
)
def test_even_steps_meet_the_central_value(span, values):
    assert explorers.even_steps(*span) == pytest.approx(values)


# --- Spans over joint draws -----------------------------------------------------------------------------


def stale(name):
    return f"the stored spans of {name} are out of date: run make model"


def test_stored_spans_of_picking_are_those_of_fresh_draws(shown, ctx):
    explorer = shown["model.skill"]
    thinning, sale = (explorer.controls[axis].values[place] for axis, place in ((2, 1), (3, 3)))
    for row in explorers.skill_block((thinning, sale), ctx):
        stored = ctx.data.table("model_explorers").text[row["row_id"]]
        for end in ("low", "high"):
            written = "" if np.isinf(row[end]) else f"{row[end]:.3f}"
            assert float(stored[end] or np.inf) == pytest.approx(float(written or np.inf), abs=2e-3), stale(
                explorer.name
            )
        assert float(stored["below_pct"]) == pytest.approx(row["below_pct"], abs=0.5), stale(explorer.name)


def test_stored_spans_of_regions_are_those_of_fresh_draws(shown, ctx):
    explorer = shown["model.home"]
    for row in explorers.home_block(explorer.controls[0].values[1], ctx):
        stored = ctx.data.table("model_explorers").text[row["row_id"]]
        assert float(stored["low"] or np.inf) == pytest.approx(abs(row["low"]), abs=0.11), stale(explorer.name)
        assert float(stored["above_pct"]) == pytest.approx(row["above_pct"], abs=0.5), stale(explorer.name)


def test_span_of_a_setting_is_that_of_its_scenarios_one_by_one(shown, ctx):
    explorer, count = shown["model.skill"], 24
    drawn = doubt.drawn_block(ctx, 0, count)
    place = explorer.start
    setting = dict(zip((c.id for c in explorer.controls), settings_of(explorer, place), strict=True))
    rows = explorers.skill_block((setting["thinning"], setting["sale"]), ctx, count)
    (row,) = [row for row in rows if row["row_id"] == explorers.row_of("skill", setting)]
    fixed = {
        "elasticity": setting["thinning"],
        "forced_sale": setting["sale"] / 100,
        "soft_budget": setting["soft"] / 100,
    }
    found = []
    for draw in range(count):
        at = replace(drawn.scenarios.at(draw), discount_rate=setting["rate"] / 100, **fixed)
        pair = [
            replace(
                drawn.regimes[name],
                **{field: float(np.broadcast_to(v, count)[draw]) for field, v in drawn.changes[name].items()},
            )
            for name in ("national_fund", "directed_fund")
        ]
        switch = break_even_skill(*pair, at, explorer.x_values[0], explorer.x_values[-1])
        found.append(switch.at if switch.at is not None else {"gain": np.inf, "loss": -np.inf}[switch.side])
    assert row["below_pct"] == pytest.approx(100 * np.mean(np.isneginf(found)))
    assert row["above_pct"] == pytest.approx(100 * np.mean(np.isposinf(found)))
    middle = float(np.quantile(found, 0.5, method="inverted_cdf"))
    assert row["median"] == pytest.approx(middle, abs=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_span_in_order(shown, name):
    explorer = shown[name]
    assert not np.isnan(explorer.spans).any(), stale(name)
    assert (explorer.spans[..., 0] <= explorer.spans[..., 1]).all()
    assert ((explorer.spans[..., 2] >= 0) & (explorer.spans[..., 2] <= 100)).all()


def test_waiting_is_that_of_the_joint_draws_of_the_book(ctx, raw):
    by_years, runs = explorers.waiting(ctx), raw("model_runs")
    assert by_years.index.tolist() == list(range(7, 21))
    for years in (7, 10, 15, 20):
        for end in ("low", "median", "high"):
            stored = float(runs[f"joint_rate_{years}_{end}"]["value"])
            assert by_years.loc[years, f"rate_{end}"] == pytest.approx(stored, abs=0.06), stale("overview.wait")
    for end in ("low", "median", "high"):
        stored = float(runs[f"joint_multiple_private_fund_{end}"]["value"])
        assert by_years.loc[10, f"multiple_{end}"] == pytest.approx(stored, abs=0.006), stale("overview.wait")
        assert by_years.loc[20, f"gain_{end}"] == pytest.approx(
            float(runs[f"joint_wait_10_20_{end}"]["value"]), abs=0.06
        )
    assert by_years["multiple_median"].is_monotonic_increasing


def test_waiting_tells_more_and_less_with_their_spans(book):
    one = load_explorers()["overview.wait"].of(book)
    (short, less), (usual, alone), (long, more) = (one.track.sentences[place] for place in (0, 3, -1))
    assert short == "A fund that may hold for seven years earns −2.5 percent a year (−15.1 to 12.0)."
    assert less.endswith("Against ten years that is 8.1 points a year less (4.7 to 13.2).")
    assert usual.startswith("A fund that may hold for ten years earns 5.7 percent a year")
    assert "Against" not in alone
    assert long == "A fund that may hold for twenty years earns 9.8 percent a year (4.3 to 18.4)."
    assert more.startswith("One yuan paid in comes back as 1.7 (1.4 to 2.1); after ten years 1.3 (0.9 to 1.7).")
    assert more.endswith("4.0 points a year more (1.0 to 7.6).")


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
    values = dummy.curves_in(page) / 10 ** page["y"]["fine"]
    packed = {part: dummy.unpacked(page[part]) for part in ("breakEven", "cases")}
    even, cases = (
        np.broadcast_to(packed[part].reshape(-1), np.prod(explorer.shape)) for part in ("breakEven", "cases")
    )
    even, cases = even.reshape(explorer.shape), cases.reshape(explorer.shape)
    assert page["x"]["values"] == list(explorer.x_values)
    for place in np.ndindex(explorer.shape):
        reading = explorer.at(place)
        np.testing.assert_allclose(values[place], reading.values, atol=1e-9)
        if reading.break_even is not None:
            assert even[place] / 10 ** page["x"]["fine"] == pytest.approx(reading.break_even)
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
        assert {row[-4] == "" for row in block} == {explorer.sides[place] != CROSSES}
    assert header[-4:] == ["break_even", "break_even_low", "break_even_high", "without_pct"]


@pytest.mark.parametrize(
    ("crossing", "waits", "told"),
    [
        (0.25, 1.0, "cross at a picking skill of 0.25; to the left of it the W is worth more, to the right the P"),
        (np.nan, 1.0, "do not cross: the W is worth more at every picking skill"),
        (np.nan, -1.0, "do not cross: the P is worth more at every picking skill"),
    ],
)
def test_lines_that_do_not_cross_as_the_page_opens_are_told_as_such(crossing, waits, told):
    curves = np.array([[[waits, waits], [0.0, 0.0]]])
    grid = explorers.Grid({"a": (1.0,)}, {"a": 1.0}, (0.0, 1.0), curves, np.array([crossing]), np.zeros((1, 3)))
    assert _where_they_cross(grid, "W", "P") == told
