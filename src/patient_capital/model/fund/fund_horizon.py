"""The best horizon of a fund, and the soft budget, forced sale or discount rate at which a longer one stops paying.

Funds of different horizons are compared by their value for each yuan of present value paid in: a fund that pays later,
because fees and refinancings come late, is not credited with the delay, and a short fund that is followed by others
like it has the value of one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from patient_capital.model.common import checks
from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, Corner, DomainError, Floats, Optimum, plain
from patient_capital.model.fund.expected_flows import PERIODS_PER_YEAR, fund_flows
from patient_capital.model.fund.fund_performance import value_per_yuan_paid
from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.winners import Winners

HORIZONS = 97
"""Horizons of the grid in which the best one is located before it is refined."""
FINE = 4
"""Parts of the usual period where horizons are compared: all have the same number of periods, so that those of a short
fund are shorter, and the finer cut makes this difference small."""
STEPS = 24
"""Equal steps in which the span of a break-even is searched, since the gain need not be monotone."""


def best_horizon(winners: Winners, losers: Losers, terms: FundTerms, rate: float, low: float, high: float) -> Optimum:
    """Return the horizon at which a fund is worth most for each yuan of present value paid in.

    Under a hard budget what another year adds falls faster for losers than for winners while winners exit: the best
    horizon lies at an end of the span, or where the last winner reaches the cap. A soft budget keeps losers alive at a
    cost that falls more slowly than the gain from winners; then the best horizon can lie before that.

    Parameters
    ----------
    winners, losers, terms : Winners, Losers, FundTerms
        What it buys and its terms; fields are numbers, and the horizon of the terms is not used.
    rate : float
        Discount rate a year.
    low, high : float
        Span of horizons, years; `low` at least the investment years.

    Returns
    -------
    Optimum
        Horizon in years and value for each yuan paid in, with the end at which it lies, if any.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or the span is empty.
    """
    checks.finite(high=high)
    checks.between(
        "low", low, float(terms.investment_years), high, "must lie from the investment years to the high end"
    )
    if low == high:
        raise DomainError("low", low, "must lie below the high end")
    periods = FINE * math.ceil(PERIODS_PER_YEAR * high)

    def worth(horizon: ArrayLike) -> Floats:
        length = np.asarray(horizon, dtype=float)
        flows = fund_flows(winners, losers, replace(terms, horizon=length), periods=periods)
        return np.asarray(value_per_yuan_paid(flows, rate))

    grid = np.linspace(low, high, HORIZONS)
    values = worth(grid)
    best = int(values.argmax())
    left, right = grid[max(best - 1, 0)], grid[min(best + 1, HORIZONS - 1)]
    inside = minimize_scalar(
        lambda x: -float(worth(x)), bounds=(left, right), method="bounded", options={"xatol": 1e-6}
    )
    if -inside.fun > values[best]:
        return Optimum(float(inside.x), float(-inside.fun))
    corner: Corner = "low" if best == 0 else "high" if best == HORIZONS - 1 else "none"
    return Optimum(float(grid[best]), float(values[best]), corner)


def gain_from_waiting(
    winners: Winners, losers: Losers, terms: FundTerms, short: ArrayLike, long: ArrayLike, rate: ArrayLike
) -> float | Floats:
    """Return how much more a long fund is worth than a short one, for each yuan of present value paid in.

    Parameters
    ----------
    winners, losers, terms : Winners, Losers, FundTerms
        What both buy and their terms; the horizon of the terms is not used. Fields may be arrays.
    short, long : array_like
        The two horizons, years.
    rate : array_like
        Discount rate a year. All broadcast.

    Returns
    -------
    float or ndarray
        Yuan; above zero where waiting pays.
    """

    def worth(horizon: ArrayLike) -> Floats:
        flows = fund_flows(winners, losers, replace(terms, horizon=np.asarray(horizon, dtype=float)))
        return np.asarray(value_per_yuan_paid(flows, rate))

    with checks.renamed(horizon="long"):
        later = worth(long)
    with checks.renamed(horizon="short"):
        return plain(later - worth(short))


def _break_even(
    changed: Callable[[float], FundTerms], winners: Winners, losers: Losers, short: float, long: float, rate: float
) -> BreakEven:
    def gain(value: float) -> float:
        return float(gain_from_waiting(winners, losers, changed(value), short, long, rate))

    return first_sign_change(gain, 0.0, 1.0, steps=STEPS)


def break_even_soft_budget(
    winners: Winners, losers: Losers, terms: FundTerms, short: float, long: float, rate: float
) -> BreakEven:
    """Return how soft the budget of both funds must be for the long one to be worth no more than the short one.

    Parameters
    ----------
    winners, losers, terms, short, long
        As in :func:`gain_from_waiting`; the soft budget of the terms is not used.
    rate : float
        Discount rate a year.

    Returns
    -------
    BreakEven
        Share of losers out of money that are refinanced, the first from 0 to 1 at which the sign of the gain changes.
    """
    return _break_even(lambda soft: replace(terms, soft_budget=soft), winners, losers, short, long, rate)


def break_even_forced_sale(
    winners: Winners, losers: Losers, terms: FundTerms, short: float, long: float, rate: float
) -> BreakEven:
    """Return what a forced sale must fetch for a long fund to be worth no more than a short one.

    Parameters
    ----------
    winners, losers, terms, short, long
        As in :func:`gain_from_waiting`; the forced sale of the terms is not used.
    rate : float
        Discount rate a year.

    Returns
    -------
    BreakEven
        Share of value, the first from 0 to 1 at which the sign of the gain changes.
    """
    return _break_even(lambda sale: replace(terms, forced_sale=sale), winners, losers, short, long, rate)


def break_even_discount_rate(
    winners: Winners, losers: Losers, terms: FundTerms, short: float, long: float, low: float = 0.0, high: float = 0.5
) -> BreakEven:
    """Return the discount rate at which a long fund is worth as much as a short one.

    Parameters
    ----------
    winners, losers, terms, short, long
        As in :func:`gain_from_waiting`.
    low, high : float, optional
        Span of rates a year.

    Returns
    -------
    BreakEven
        Rate a year, the first in the span at which the sign of the gain changes.
    """

    def gain(rate: float) -> float:
        return float(gain_from_waiting(winners, losers, terms, short, long, rate))

    return first_sign_change(gain, low, high, steps=STEPS)
