"""Evidence, maps and sensitivity of the model drawn from frames that an analyst has changed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers.drawings import drawn_texts, says_nothing_of_the_book
from patient_capital.analysis.model import credit as model_credit
from patient_capital.analysis.model import inputs as model_inputs
from patient_capital.analysis.model import maps as model_maps
from patient_capital.analysis.model import overcapacity as model_overcapacity
from patient_capital.analysis.model import sensitivity as model_sensitivity
from patient_capital.analysis.model import validation as model_validation
from patient_capital.figures import model as figures
from patient_capital.figures.chart import CHARTS
from patient_capital.listings import model as tables
from patient_capital.passed import CHANGED

NAMES = ("tension", "credit", "maps", "sobol", "checks")


@pytest.fixture(scope="module")
def given(ctx):
    return {name: CHARTS[f"model.{name}"].inputs(ctx) for name in NAMES}


def both(figure):
    """Return the words of both drawings; drawing them is part of the test."""
    says_nothing_of_the_book(figure)
    return drawn_texts(figure.wide), drawn_texts(figure.narrow)


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_word_is_printed(name, given):
    column = {"tension": "label", "credit": "label", "maps": "label", "sobol": "words", "checks": "statistic"}[name]
    key, frame = [(key, frame) for key, frame in given[name].items() if column in frame][-1]
    row = {"credit": "observed", "maps": "coupon"}.get(name, frame.index[0])
    frame = frame.copy()
    frame.loc[row, column] = "quite another"
    for words in both(getattr(figures, name)(**(given[name] | {key: frame}))):
        assert any("quite another" in word for word in words)


# --- Other parameters --------------------------------------------------------------------------------------


def test_tension_with_learning_other_weights_and_no_switch(ctx, given):
    learns = model_overcapacity.learning(ctx, rate=0.2, spillover=0.0)
    lines = model_overcapacity.welfare_by_home_share(0.0025, 31, weights=(0.0, 0.02, 0.03, 0.12), learning=learns)
    wide, narrow = both(figures.tension(model_overcapacity.with_break_even(lines), given["tension"]["industries"]))
    for words in (wide, narrow):
        assert "weight 0.12: no switch" in words
        assert sum(word.startswith(("weight", "no weight")) for word in words) == 4


def test_credit_beyond_the_axis_and_in_another_order(ctx):
    terms, recovered = model_credit.lending_terms(ctx), model_credit.recoveries(ctx)
    recovered.loc["collateral", "recovery_share"] = 0.3
    lines = model_credit.access_by_signal(recovered.iloc[::-1], terms, low=0.51, high=0.97)
    marks = model_credit.equal_access(recovered, terms)
    wide, _ = both(figures.credit(lines, marks))
    assert not any("observed" in word for word in wide)
    svg = figures.credit(lines, marks).wide
    places = []
    for attributes, text in re.findall(r"<text([^>]*)>([^<]*)</text>", svg):
        if text in model_credit.SECURITIES.values():
            places.append(float(re.search(r' y="([\d.-]+)"', attributes)[1]))
    assert len(places) == 3
    assert min(np.diff(sorted(places))) > 11, "labels cover each other"


def test_maps_at_other_parameters(ctx, given):
    lines = given["maps"]["lines"]
    lines = model_maps.recomputed(ctx, lines, "flow_by_rate", fee_rate=0.05)
    lines = model_maps.recomputed(ctx, lines, "soft_by_sale", fee_rate=0.03)
    lines = model_maps.recomputed(ctx, lines, "home_by_weight", regions=2, entry_cost=0.02)
    both(figures.maps(lines, given["maps"]["marks"]))


def test_maps_leave_out_what_no_longer_holds(given):
    """Where the line runs below the words "pays", nothing pays there."""
    lines, marks = (frame.copy() for frame in given["maps"].values())
    of_map = lines["map_id"].eq("flow_by_rate")
    lines.loc[of_map, "break_even"] = 0.01
    lines.loc[of_map, "place"] = np.linspace(0, 0.09, of_map.sum())
    for words in both(figures.maps(lines, marks)):
        assert "pays" not in words
        assert "does not pay" in words
    without = lines.loc[~of_map]
    both(figures.maps(without, marks))
    lines.loc[lines["map_id"].eq("soft_by_sale"), "break_even"] = np.nan
    for words in both(figures.maps(lines, marks)):
        assert "against the patient fund" in words


def test_sensitivity_of_one_outcome(ctx):
    few = model_sensitivity.with_words(
        ctx, model_sensitivity.largest(model_sensitivity.sensitivity(ctx), outputs=("waiting",), count=3)
    )
    wide, narrow = both(figures.sobol(few))
    assert few["title"].iloc[0] in wide
    assert few["short_title"].iloc[0] in narrow
    assert set(few["words"]) <= set(wide)


def test_checks_with_shape_checks_and_without_a_span(ctx):
    compared = model_validation.comparisons(ctx)
    both(figures.checks(compared))
    compared[["low", "high"]] = np.column_stack([compared["observed"]] * 2)
    both(figures.checks(compared))


# --- Tables ------------------------------------------------------------------------------------------------


def test_table_of_targets_follows_its_frames(ctx):
    compared = model_validation.comparisons(ctx)
    left_out = model_validation.left_out(ctx)
    registered = tables.validation(compared, left_out)
    assert not registered.changed
    observed = model_validation.targets(ctx, "held_out", "shape_check")
    observed.loc["VT25", ["observed", "low", "high"]] = [0.25, 0.2, 0.3]
    changed = tables.validation(model_validation.with_verdict(model_validation.with_model(ctx, observed)), left_out)
    assert changed.changed
    assert changed.note == CHANGED
    (row,) = [row for row in changed.rows if row[0].text == compared.loc["VT25", "statistic"]]
    assert (row[1].text, row[1].under) == ("25.0%", "20.0 to 30.0%")
    assert sum(one != other for one, other in zip(changed.rows, registered.rows, strict=True)) == 1
    compared.loc["VT25", ["observed", "verdict"]] = [np.nan, "unclear"]
    assert tables.validation(compared, left_out.iloc[1:]).changed


def test_table_of_assumptions_follows_its_frame(ctx):
    rows = model_sensitivity.assumed_parameters(ctx)
    registered = tables.assumed(rows)
    assert not registered.changed
    rows.loc["oc_spill", ["value", "high"]] = [0.45, 0.9]
    changed = tables.assumed(rows)
    assert changed.changed
    place = list(rows.index).index("oc_spill")
    assert (changed.rows[place][1].text, changed.rows[place][1].ref) == ("0.45", None)
    assert changed.rows[place][2].text == "0.3 to 0.9"
    for number, (one, other) in enumerate(zip(changed.rows, registered.rows, strict=True)):
        assert (one == other) == (number != place)
    another = pd.concat([rows, rows.iloc[:1].rename(index={rows.index[0]: "my_own"})])
    assert tables.assumed(another).rows[-1][0].text == rows["name"].iloc[0]
    sourced = model_sensitivity.with_varied(model_inputs.of_grade(model_inputs.parameters(ctx), "A"))
    assert len(tables.assumed(sourced).rows) == len(sourced)
