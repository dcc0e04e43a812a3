"""Every number of the chapter on the precedent, recomputed from the files."""

from __future__ import annotations

from math import log, log2

import numpy as np
import pandas as pd
import pytest

from patient_capital.analysis.precedent import ai_series, learning_rate, series, share_explained, shares
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results, number


def value(ref):
    return number(f"precedent.{ref}").value


@pytest.fixture
def ctx(book):
    return Context(book, load_results())


@pytest.fixture(scope="module")
def solar(raw):
    rows = raw("solar_ev_parallel").values()
    return lambda name: {int(r["year"]): float(r["value"]) for r in rows if r["series_id"] == name}


def test_multiples():
    assert value("output_multiple") == pytest.approx(588 / 45.8)
    assert value("cars_multiple") == pytest.approx(11_300_000 / 73_000)
    assert value("polysilicon_multiple") == pytest.approx(3.23 / 0.4)
    assert value("margin_fall") == pytest.approx(7.8 - 4.1)
    assert value("loss_2024") == pytest.approx(8.618 + 7.039 + 9.818 + 4.656 + 5.319)


def test_learning_rate_of_an_exact_power_law():
    cumulative = pd.Series({2000 + i: 2.0**i for i in range(6)})
    price = 5 * cumulative ** log2(0.8)
    assert learning_rate(cumulative, price, 2000, 2005) == pytest.approx(0.2)


def test_learning_rate_needs_three_years():
    cumulative = pd.Series({2000: 1.0, 2001: 2.0})
    with pytest.raises(ValueError, match="only 2 years between 2000 and 2005"):
        learning_rate(cumulative, cumulative, 2000, 2005)


@pytest.mark.parametrize("first", [2000, 2005, 2010])
def test_fitted_rates(solar, first):
    cumulative, price = solar("world_pv_cumulative_gw"), solar("pv_module_price_usd_w")
    years = range(first, 2020)
    x, y = np.log([cumulative[v] for v in years]), np.log([price[v] for v in years])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    assert value(f"learning_{first}") == pytest.approx(100 * (1 - 2**slope))


def test_share_explained():
    assert share_explained(0.25, 1, 0.75) == pytest.approx(1)
    assert share_explained(0.25, 1, 0.5625) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="no fall"):
        share_explained(0.25, 1, 1.2)


def test_doublings_of_2023():
    assert value("doublings_2023") == pytest.approx(log2(1610 / (1610 - 502)))
    assert number("precedent.doublings_2023").text() == "0.54"


@pytest.mark.parametrize(
    ("base", "doublings", "ratio"),
    [
        (2023, log2(1610 / 1108), 0.5),
        (2022, log2(1865 / 1053.1152), 0.11 / 0.28),
        (2020, log2(1865 / 720.4287), 0.11 / 0.24),
    ],
)
def test_share_that_learning_explains(base, doublings, ratio):
    def share(rate):
        return 100 * log(1 - rate) * doublings / log(ratio)

    assert value(f"share_{base}") == pytest.approx(share(0.249))
    rates = [0.249, *(value(f"learning_{y}") / 100 for y in (2000, 2005, 2010))]
    span = value(f"share_{base}_range")
    assert isinstance(span, Range)
    assert span.low == pytest.approx(min(map(share, rates)))
    assert span.high == pytest.approx(max(map(share, rates)))


def test_shares_hold_their_own_bounds(ctx):
    frame = shares(ctx)
    assert ((frame["low_pct"] <= frame["share_pct"] + 1e-9) & (frame["share_pct"] <= frame["high_pct"])).all()


def test_definitions_never_share_a_line(ctx, raw):
    """One series, one unit: direct and alternating current, nominal and constant dollars stay apart."""
    units = {}
    for row in raw("solar_ev_parallel").values():
        units.setdefault(row["series_id"], set()).add(row["unit"])
    mixed = {name: found for name, found in units.items() if len(found) > 1}
    assert set(mixed) <= {"battery_pack_price_usd_kwh"}
    assert series(ctx, "pv_module_production_gw").loc[2024] == 588


def test_ai_series(ctx, raw):
    tokens = [r for r in raw("ai_overcapacity").values() if r["series_id"] == "daily_tokens"]
    frame = ai_series(ctx, "daily_tokens")
    assert len(frame) == len(tokens)
    assert frame["when"].is_monotonic_increasing
    assert frame["when"].iloc[0] == pytest.approx(2024.0)
    assert value("tokens_multiple") == pytest.approx(140 / 0.1)
    assert value("state_purchases") == pytest.approx(2.4 + 24.7 + 12.4)
    assert value("price_cut") == pytest.approx(97.5)


@pytest.mark.parametrize("name", ["depends_on_base", "computing_turned"])
def test_claim_holds(name):
    assert value(name) is True
