"""What waiting is worth, by plain portfolios of deals that are bought, held and sold in small steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, log

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import binom

from oracles import returns

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
    fee_years: float = 1e9
    upper_fee: float = 0.0
    upper_carry: float = 0.0
    luck: float = 0.0
    """Log standard deviation of what one fund brings back."""
    upper_luck: float = 0.0


NORMAL = np.linspace(-8, 8, 4001)
WEIGHT = np.exp(-(NORMAL**2) / 2) * 0.004 / np.sqrt(2 * np.pi)


def profit(gained, luck):
    """Mean of what exceeds the yuan paid in, summed over a lognormal outcome."""
    if luck == 0:
        return np.maximum(gained - 1, 0)
    factor = np.exp(luck * NORMAL - luck**2 / 2)
    return np.maximum(np.asarray(gained)[:, None] * factor - 1, 0) @ WEIGHT


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
    charged = min(terms.fee_years, terms.investing)
    turn = (charged + terms.investing) / 2
    late = held * step * (terms.fee * (middle > turn) + terms.upper_fee * (middle > terms.investing))
    age = terms.horizon - middle
    value = win * deals.payoff * np.exp(deals.growth * age) * unsold(age) + lose * deals.low_mean * cost_of_losers(age)

    for_deals = (1 - terms.fee * charged - terms.upper_fee * terms.investing) / (1 + late.sum() + refinanced.sum())
    calling = np.diff(np.minimum(edges / terms.investing, 1))
    early = terms.fee * charged * np.diff(np.minimum(edges / turn, 1))
    early = early + terms.upper_fee * np.diff(np.minimum(edges, terms.investing))
    idle_at_end = for_deals * (1 - bought.sum())

    def quarterly(flow, last=0.0):
        return np.append(flow.reshape(-1, STEPS).sum(axis=1), last)

    gross = quarterly(for_deals * proceeds, for_deals * terms.sale * float(bought @ value))
    received = np.cumsum(gross + quarterly(0 * edges[1:], idle_at_end))
    taken = terms.carry * profit(received, terms.luck)
    taken = taken + terms.upper_carry * profit(received - taken, terms.upper_luck)
    carry = np.diff(taken, prepend=0.0)
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


def deals_of(p, reading="middle"):
    start, index, growth = _winners(tuple(p.items()), "money" if reading == "middle" else reading)
    if reading == "middle":
        slow = _winners(tuple(p.items()), "exits")[2]
        growth = slow + p["vr_exit_reading"] * (growth - slow)
    return Deals(
        loss_share=p["vr_loss_share"],
        low_mean=p["vr_low_mean"],
        fail_hazard=p["vr_fail_hazard"],
        growth=growth,
        start=start,
        index=index,
        cap=p["vr_cap"],
    )


def fund_of(p, horizon, reading="middle", sale=None, soft=0.0, fee=None):
    terms = Terms(
        horizon=horizon,
        investing=p["fm_invest_period"],
        fee=p["fm_fee"] if fee is None else fee,
        carry=p["fm_carry"],
        sale=p["fm_forced_sale"] if sale is None else sale,
        soft=soft,
    )
    return plain_fund(deals_of(p, reading), terms)


def net_rate(p, horizon, reading="middle", **changes):
    return 100 * fund_of(p, horizon, reading, **changes).rate()


POINT = 0.001
"""Percentage points of a rate or of a value that steps and strata may cost."""
EXPECTED = {
    "growth_money": (lambda p: 100 * deals_of(p, "money").growth, 1e-6),
    "growth_exits": (lambda p: 100 * deals_of(p, "exits").growth, 1e-6),
    "winner_start": (lambda p: deals_of(p).start, 1e-6),
    "project_rule": (lambda p: 100 * (1 - binom.pmf(0, 10, p["vr_loss_share"])), 1e-9),
    "secondary_world": (lambda p: 100 * p["fm_secondary_world"], 1e-9),
    "secondary_cn": (lambda p: 100 * p["fm_secondary_cn"], 1e-9),
    "redeem_recovery": (lambda p: 100 * p["fm_redeem_recovery"], 1e-9),
}
"""Each number with its second computation and the tolerance in its own unit."""
CEILINGS = tuple(f"ceiling_{ceiling}_{deals}" for ceiling in (80, 50) for deals in (30, 100))
CLAIMS = ("ceiling_seldom",)
COVERED = {f"model.{name}" for name in (*EXPECTED, *CEILINGS, *CLAIMS, "ceiling")}
