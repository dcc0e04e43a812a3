"""What others gain: each number again from the stored draws and the parameters, read as text."""

from __future__ import annotations

import pytest

from oracles.regimes import DIRECTED, NATIONAL, PATIENT
from patient_capital.analysis.model import others
from patient_capital.provenance.registry import number

ROWS = (DIRECTED, NATIONAL, PATIENT)


@pytest.fixture(scope="module")
def stored(raw):
    """Return a stored number of joint draws."""
    runs = raw("model_runs")
    return lambda name, label: float(runs[f"joint_{name}_{label}"]["value"])


def ends(ref):
    span = number(ref).value
    return [span.low, span.high]


@pytest.mark.parametrize("row", ROWS)
def test_what_others_must_gain_is_what_the_fund_loses(raw, stored, row):
    low, middle, high = (-stored(f"bond_{row}", label) / 100 for label in ("high", "median", "low"))
    assert number(f"model.benefit_needed[{row}]").value == pytest.approx(middle)
    assert ends(f"model.benefit_needed_span[{row}]") == pytest.approx([low, high])
    additional = 1 - float(raw("parameters")["sel_displaced"]["value"])
    assert number(f"model.benefit_if_displaced[{row}]").value == pytest.approx(middle / additional)
    assert ends(f"model.benefit_if_displaced_span[{row}]") == pytest.approx([low / additional, high / additional])


@pytest.mark.parametrize("row", ROWS)
def test_what_a_stated_gain_does_is_read_from_its_own_draws(raw, stored, row):
    never, switch = (stored(f"displaced_{row}", label) for label in ("never", "switch"))
    assert number(f"model.gain_covers[{row}]").value == pytest.approx(100 - never)
    assert number(f"model.displaced_switch[{row}]").value == switch
    for ref, name in (("displaced_limit", "displaced"), ("marginal_value", "marginal")):
        assert number(f"model.{ref}[{row}]").value == stored(f"{name}_{row}", "median")
        assert ends(f"model.{ref}_span[{row}]") == [stored(f"{name}_{row}", label) for label in ("low", "high")]
    assert number("model.ship_gain").value == float(raw("parameters")["oc_ship_return"]["value"])


def test_the_table_of_benefits_divides_what_is_needed_by_what_is_additional(ctx, stored):
    shares = (0.0, 0.2, 0.6)
    table = others.benefits(ctx, shares)
    assert list(table.index) == list(ROWS)
    for row in ROWS:
        for share in shares:
            told = table.loc[row, [f"{column}_{100 * share:.0f}" for column in ("low", "needed", "high")]]
            worths = [-stored(f"bond_{row}", label) / 100 / (1 - share) for label in ("high", "median", "low")]
            assert told.tolist() == pytest.approx(worths)
        assert table.loc[row, "covers_pct"] == pytest.approx(100 - stored(f"displaced_{row}", "never"))
