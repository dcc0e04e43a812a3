"""What waiting is worth, recomputed with plain portfolios of deals that are bought, held and sold in small steps."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import binom, norm

from patient_capital.analysis.model import fund as model_fund
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results, number


def sibling(name):
    """Load another file of tests for its plain computations."""
    known = f"plain_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


returns = sibling("test_model_returns")
STEPS = 40
"""Steps a quarter in which deals are bought and exits are counted."""
STRATA = 40_000


@dataclass(frozen=True)
class Deals:
    """What a fund buys: winners exit at multiples from start to cap when they have grown to them."""

    loss_share: float
    low_mean: float
    fail_hazard: float
    growth: float
    start: float
    index: float
    cap: float
    payoff: float = 1.0


@dataclass(frozen=True)
class Terms:
    """Terms of a fund of one yuan."""

    horizon: float
    investing: float
    fee: float
    carry: float
    sale: float
    soft: float = 0.0
    delay: float = 0.0


def start_for(mean_of_winners, index, cap):
    """Multiple from which winners exit, so that they have this mean."""
    return brentq(lambda start: returns.pareto_mean(index, start, cap) - mean_of_winners, 1.0, mean_of_winners)


def growth_for(years, start, index, cap, reading):
    """Growth at which the mean time to exit is the observed one; weighed by money or by exits."""
    end = (cap / start) ** -index

    def weighed(power):
        def integrand(logs):
            return exp(power * logs) * index * exp(-index * (logs - log(start))) / (1 - end)

        return [quad(lambda x, k=k: x**k * integrand(x), log(start), log(cap))[0] for k in (0, 1)]

    total, logs = weighed(1.0 if reading == "money" else 0.0)
    return logs / total / years


@cache
def exits(deals):
    """Multiples of equally many winners from the least to the best, and the age at which each has grown to it."""
    rank = (np.arange(STRATA) + 0.5) / STRATA
    end = (deals.cap / deals.start) ** -deals.index
    multiple = deals.start * (1 - rank * (1 - end)) ** (-1 / deals.index)
    return multiple, np.log(multiple) / deals.growth


def plain_fund(deals, terms):
    """Quarterly flows of one yuan of commitments: a sum over what is bought in each small step and what becomes of it."""
    step = 0.25 / STEPS
    count = round(terms.horizon / step)
    edges = np.linspace(0, terms.horizon, count + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    multiple, leaves = exits(deals)
    place = np.minimum((leaves / step).astype(int), count)
    won = np.bincount(place, weights=multiple, minlength=count + 1)[:count] * deals.payoff / STRATA
    closing, again = (1 - terms.soft) * deals.fail_hazard, terms.soft * deals.fail_hazard
    win, lose = 1 - deals.loss_share, deals.loss_share

    def unsold(age):
        return 1 - np.searchsorted(leaves, age, side="right") / STRATA

    def cost_of_losers(age):
        return (1 + again * age) * np.exp(-closing * age)

    def on_date(bought, of_age):
        # Bought in the middle of one step and at the middle of an age, what happens falls half into each of two steps.
        flow = np.convolve(bought, of_age)[:count]
        return (flow + np.concatenate(([0.0], flow[:-1]))) / 2

    bought = np.diff(np.clip((edges - terms.delay) / terms.investing, 0, 1))
    proceeds = on_date(bought, win * won + lose * deals.low_mean * closing * cost_of_losers(middle) * step)
    refinanced = on_date(bought, lose * again * np.exp(-closing * middle) * step)
    held = on_date(bought, win * unsold(middle) + lose * cost_of_losers(middle))
    late = terms.fee * held * step * (middle > terms.investing)
    age = terms.horizon - middle
    value = win * deals.payoff * np.exp(deals.growth * age) * unsold(age) + lose * deals.low_mean * cost_of_losers(age)

    for_deals = (1 - terms.fee * terms.investing) / (1 + late.sum() + refinanced.sum())
    calling = np.diff(np.minimum(edges / terms.investing, 1))
    early = terms.fee * np.diff(np.minimum(edges, terms.investing))
    idle_at_end = for_deals * (1 - bought.sum())

    def quarterly(flow, last=0.0):
        return np.append(flow.reshape(-1, STEPS).sum(axis=1), last)

    gross = quarterly(for_deals * proceeds, for_deals * terms.sale * float(bought @ value))
    received = np.cumsum(gross + quarterly(0 * edges[1:], idle_at_end))
    carry = np.diff(terms.carry * np.maximum(received - 1, 0), prepend=0.0)
    return Flows(
        years=np.append(np.arange(0.125, terms.horizon, 0.25), terms.horizon),
        calls=quarterly(early + for_deals * (calling + late + refinanced)),
        received=np.diff(received, prepend=0.0) - carry,
        fees=float((early + for_deals * late).sum()),
        gross=float(gross.sum()),
    )


@dataclass(frozen=True)
class Flows:
    """What is paid in and what comes back in each quarter, and at the end."""

    years: np.ndarray
    calls: np.ndarray
    received: np.ndarray
    fees: float
    gross: float
    """What exits, closures and the sale at the end bring, before carry."""

    def worth(self, rate):
        """Net present value over the present value of what is paid in; rates are continuous."""
        now = np.exp(-rate * self.years)
        return float(self.received @ now / (self.calls @ now)) - 1

    def rate(self):
        return brentq(self.worth, -0.3, 0.6)

    def multiple(self):
        return float(self.received.sum() / self.calls.sum())

    def paid_back(self):
        """End of the first quarter in which as much has come back as was paid in."""
        ahead = np.cumsum(self.received) >= np.cumsum(self.calls)
        return 0.25 * (int(np.argmax(ahead)) + 1)


@cache
def _winners(key, reading):
    p = dict(key)
    index = returns.own_index(p)
    mean = returns.mean_multiple(p, index=index)
    start = start_for((mean - p["vr_loss_share"] * p["vr_low_mean"]) / (1 - p["vr_loss_share"]), index, p["vr_cap"])
    return start, index, growth_for(p["vr_time_to_exit"], start, index, p["vr_cap"], reading)


def deals_of(p, reading="money"):
    start, index, growth = _winners(tuple(p.items()), reading)
    return Deals(
        loss_share=p["vr_loss_share"], low_mean=p["vr_low_mean"], fail_hazard=p["vr_fail_hazard"], growth=growth,
        start=start, index=index, cap=p["vr_cap"],
    )  # fmt: skip


def fund_of(p, horizon, reading="money", sale=None, soft=0.0, fee=None):
    terms = Terms(
        horizon=horizon, investing=p["fm_invest_period"], fee=p["fm_fee"] if fee is None else fee, carry=p["fm_carry"],
        sale=p["fm_forced_sale"] if sale is None else sale, soft=soft,
    )  # fmt: skip
    return plain_fund(deals_of(p, reading), terms)


def net_rate(p, horizon, reading="money", **changes):
    return 100 * fund_of(p, horizon, reading, **changes).rate()


def waiting(p, first=10, last=20, reading="money", **changes):
    return net_rate(p, last, reading, **changes) - net_rate(p, first, reading, **changes)


POINT = 0.001
"""Percentage points of a rate or of a value that steps and strata may cost."""
EXPECTED = {
    **{f"net_rate_{years}": (lambda p, years=years: net_rate(p, years), POINT) for years in (7, 10, 15, 20)},
    **{f"wait_{first}_20": (lambda p, first=first: waiting(p, first), POINT) for first in (7, 10, 15)},
    "wait_slow": (lambda p: waiting(p, reading="exits"), POINT),
    "growth_money": (lambda p: 100 * deals_of(p).growth, 1e-6),
    "growth_exits": (lambda p: 100 * deals_of(p, "exits").growth, 1e-6),
    "winner_start": (lambda p: deals_of(p).start, 1e-6),
    "dpi_year": (lambda p: fund_of(p, 25).paid_back(), 1e-9),
    "worth_bond": (lambda p: 100 * fund_of(p, 20).worth(p["fm_bond_coupon"]), 2 * POINT),
    "worth_public": (lambda p: 100 * fund_of(p, 20).worth(p["fm_public_rate"]), 2 * POINT),
    "project_rule": (lambda p: 100 * (1 - binom.pmf(0, 10, p["vr_loss_share"])), 1e-9),
    "secondary_world": (lambda p: 100 * p["fm_secondary_world"], 1e-9),
    "secondary_cn": (lambda p: 100 * p["fm_secondary_cn"], 1e-9),
    "redeem_recovery": (lambda p: 100 * p["fm_redeem_recovery"], 1e-9),
}
"""Each number with its second computation and the tolerance in its own unit."""
BREAK_EVENS = ("paying_horizon", "soft_break_even", "soft_to_nothing")
SPANS = ("wait_over_forced",)
CEILINGS = tuple(f"ceiling_{ceiling}_{deals}" for ceiling in (80, 50) for deals in (30, 100))
CLAIMS = ("ceiling_seldom", "waiting_pays")
COVERED = {f"model.{name}" for name in (*EXPECTED, *BREAK_EVENS, *SPANS, *CEILINGS, *CLAIMS, "ceiling")}


@pytest.fixture(scope="module")
def p(raw):
    return returns.values(raw)


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


def test_waiting_over_what_a_forced_sale_fetches(p, raw):
    gains = [waiting(p, sale=sale) for sale in returns.ends(raw, "fm_forced_sale")]
    span = number("model.wait_over_forced").value
    assert isinstance(span, Range)
    assert (span.low, span.high) == (pytest.approx(min(gains), abs=POINT), pytest.approx(max(gains), abs=POINT))
    assert min(gains) > 0
    assert number("model.waiting_pays").value is True


def test_horizon_that_pays_lies_between_one_that_does_not_and_one_that_does(p):
    # Flows of the plain fund are whole quarters, so that horizons are; between them the value is nearly straight.
    found = number("model.paying_horizon").value
    before, after = np.floor(4 * found) / 4, np.floor(4 * found) / 4 + 0.25
    low, high = (fund_of(p, years).worth(p["fm_bond_coupon"]) for years in (before, after))
    assert low < 0 < high
    assert before - 0.25 * low / (high - low) == pytest.approx(found, abs=0.03)


def test_soft_budgets_take_what_waiting_brings_and_then_all(p):
    coupon = p["fm_bond_coupon"]
    for name, rival in (("soft_break_even", fund_of(p, 10).worth(coupon)), ("soft_to_nothing", 0.0)):
        soft = number(f"model.{name}").value / 100
        assert fund_of(p, 20, soft=soft).worth(coupon) == pytest.approx(rival, abs=1e-4)
        assert fund_of(p, 20, soft=soft - 0.02).worth(coupon) > rival > fund_of(p, 20, soft=soft + 0.02).worth(coupon)


def test_fund_that_never_returns_what_was_paid_in_has_no_year(monkeypatch):
    never = SimpleNamespace(calls=np.array([1.0, 0.0]), distributions=np.array([0.0, 0.9]), ends=np.array([0.25, 0.5]))
    monkeypatch.setattr(model_fund, "flows_of", lambda *args: never)
    with pytest.raises(ValueError, match="does not return what was paid in"):
        model_fund.dpi_year(None)


def test_lines_by_horizon(book, p, raw):
    frame = model_fund.horizon_lines(Context(book, load_results()))
    lines = frame.set_index(["line", "years"])
    low, high = returns.ends(raw, "fm_forced_sale")
    cases = {
        "hard budget": {},
        "large winners take longer": {"reading": "exits"},
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
            rate = lines.loc[("hard budget", years), column]
            assert rate == pytest.approx(net_rate(p, years, sale=sale), abs=3 * POINT), (column, years)
    others = frame[frame["line"].ne("hard budget")]
    assert others[["low_pct", "high_pct"]].isna().all(axis=None)
    assert frame.loc[frame["marked"], ["line", "years"]].to_numpy().tolist() == [
        ["hard budget", 7],
        ["hard budget", 10],
        ["hard budget", 20],
    ]


def test_cases_of_waiting_may_be_changed(book, p):
    ctx = Context(book, load_results())
    cases = model_fund.waiting_cases(ctx, refinanced=(0.35,))
    assert cases["line"].tolist() == ["hard budget", "35% of losers refinanced", "large winners take longer"]
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


def test_unknown_reading_of_the_time_to_exit_is_refused(book):
    ctx = Context(book, load_results())
    cases = model_fund.waiting_cases(ctx).assign(exits_weigh="deals")
    with pytest.raises(ValueError, match="must be one of money, exits, not deals"):
        model_fund.rates_by_horizon(ctx, cases)


def test_yardsticks_are_the_two_rates_of_the_parameters(book, p):
    rates = model_fund.yardsticks(Context(book, load_results()))
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
