"""What waiting is worth, recomputed with plain portfolios of deals that are bought, held and sold in small steps."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm

from oracles import returns
from oracles.fund import EXPECTED, POINT, Terms, deals_of, exits, net_rate, plain_fund
from patient_capital.analysis.model import fund as model_fund
from patient_capital.provenance.registry import number


@pytest.mark.parametrize("name", EXPECTED)
def test_number(p, name):
    compute, tolerance = EXPECTED[name]
    assert number(f"model.{name}").value == pytest.approx(compute(p), abs=tolerance)


def test_plain_winners_and_losers_return_the_mean_of_the_published_classes(p):
    deals = deals_of(p)
    mean = p["vr_loss_share"] * p["vr_low_mean"] + (1 - p["vr_loss_share"]) * exits(deals)[0].mean()
    assert mean == pytest.approx(number("model.gross_mean").value, rel=1e-3)
    everything = plain_fund(deals, Terms(horizon=60, investing=5, fee=0.0, carry=0.0, sale=0.0))
    assert everything.multiple() == pytest.approx(mean, rel=2e-3)


def test_fund_that_never_returns_what_was_paid_in_has_no_year(monkeypatch):
    never = SimpleNamespace(calls=np.array([1.0, 0.0]), distributions=np.array([0.0, 0.9]), ends=np.array([0.25, 0.5]))
    monkeypatch.setattr(model_fund, "flows_of", lambda *args: never)
    with pytest.raises(ValueError, match="does not return what was paid in"):
        model_fund.years_to_paid_back(None)


def test_lines_by_horizon(ctx, p, raw):
    frame = model_fund.horizon_lines(ctx)
    lines = frame.set_index(["line", "years"])
    low, high = returns.ends(raw, "fm_forced_sale")
    cases = {
        "no losers refinanced": {},
        "winners grow slowly": {"reading": "exits"},
        "winners grow fast": {"reading": "money"},
        "20% of losers refinanced": {"soft": 0.2},
        "50% of losers refinanced": {"soft": 0.5},
    }
    assert set(frame["line"]) == set(cases)
    assert sorted(set(frame["years"])) == list(range(6, 31))
    for line, changes in cases.items():
        for years in (6, 12, 30):
            rate = lines.loc[(line, years), "rate_pct"]
            assert rate == pytest.approx(net_rate(p, years, **changes), abs=3 * POINT), (line, years)
    for years in (6, 12, 30):
        for column, sale in (("low_pct", low), ("high_pct", high)):
            rate = lines.loc[("no losers refinanced", years), column]
            assert rate == pytest.approx(net_rate(p, years, sale=sale), abs=3 * POINT), (column, years)
    others = frame[frame["line"].ne("no losers refinanced")]
    assert others[["low_pct", "high_pct"]].isna().all(axis=None)
    assert frame.loc[frame["marked"], ["line", "years"]].to_numpy().tolist() == [
        ["no losers refinanced", 10],
        ["no losers refinanced", 20],
    ]


def test_cases_of_waiting_may_be_changed(ctx, p):
    cases = model_fund.waiting_cases(ctx, refinanced=(0.35,))
    assert cases["line"].tolist() == [
        "no losers refinanced",
        "35% of losers refinanced",
        "winners grow fast",
        "winners grow slowly",
    ]
    cases = cases.iloc[:2].assign(forced_sale=[0.3, 0.6], fee_rate=0.01)
    lines = model_fund.rates_by_horizon(ctx, cases, years=(8, 16), marked=(16,)).set_index(["line", "years"])
    assert lines["rate_pct"].tolist() == pytest.approx(
        [
            net_rate(p, years, sale=sale, soft=soft, fee=0.01)
            for sale, soft in ((0.3, 0.0), (0.6, 0.35))
            for years in (8, 16)
        ],
        abs=3 * POINT,
    )
    assert lines["marked"].tolist() == [False, True, False, False]


def test_unknown_reading_of_the_time_to_exit_is_refused(ctx):
    cases = model_fund.waiting_cases(ctx).assign(exits_weigh="deals")
    with pytest.raises(ValueError, match="must be one of middle, exits, money, not deals"):
        model_fund.rates_by_horizon(ctx, cases)


def test_yardsticks_are_the_two_rates_of_the_parameters(ctx, p):
    rates = model_fund.yardsticks(ctx)
    assert rates["rate_pct"].tolist() == pytest.approx([100 * p["fm_bond_coupon"], 100 * p["fm_public_rate"]])


# --- Ceilings --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chances(p):
    """Chances that 30 and 100 drawn deals with a common shock lose more than some share, with Monte Carlo errors."""
    rng = np.random.default_rng(3)
    rank = (np.arange(1_000_000) + 0.5) / 1_000_000
    table = returns.quantile(p, rank).astype(np.float32)
    index = {}
    for deals, draws in ((30, 400_000), (100, 150_000)):
        means = np.concatenate(
            [table[rng.integers(table.size, size=(draws // 10, deals))].mean(axis=1, dtype=float) for _ in range(10)]
        )
        index[deals] = np.sort(means)

    def chance(ceiling, deals):
        # Given the deals, the chance over the shock is a normal one; the error is that of its mean over draws.
        sd, level = p["vr_shock_sd"], 1 - ceiling / 100
        given = norm.cdf((np.log(level / np.maximum(index[deals], 1e-12)) + sd**2 / 2) / sd)
        return 100 * given.mean(), 100 * given.std() / np.sqrt(given.size)

    return chance


@pytest.mark.parametrize(("ceiling", "deals"), [(80, 30), (80, 100), (50, 30), (50, 100)])
def test_chance_that_a_ceiling_binds_is_that_of_drawn_portfolios(chances, ceiling, deals):
    expected, error = chances(ceiling, deals)
    assert number(f"model.ceiling_{ceiling}_{deals}").value == pytest.approx(expected, abs=4 * error)
    assert error < 0.02 * expected


def test_chance_for_the_ceiling_of_each_rule(chances, raw):
    rules = {
        key: float(row["value"])
        for key, row in raw("fund_rules").items()
        if row["topic"] == "fault_tolerance" and row["unit"] == "pct_loss_allowed" and row["value"] not in {"", "100"}
    }
    assert len(rules) > 5
    for key, ceiling in rules.items():
        expected, error = chances(ceiling, 30)
        assert number(f"model.ceiling[{key}]").value == pytest.approx(expected, abs=4 * error), key


def test_ceiling_seldom(chances):
    assert chances(80, 30)[0] <= 2
    assert number("model.ceiling_seldom").value is True
