r"""Winners: firms that grow, exit no earlier than at a first multiple, and no later than at the cap.

A winner is worth 1 when it is bought and grows at rate g. Before it has reached the multiple :math:`x_0`, after
:math:`\tau_0 = \ln(x_0)/g` years, it cannot exit; then it exits after an exponential time with hazard h = a g that is
truncated where its value would reach the cap M. Held until they exit, winners return a Pareto from :math:`x_0` to M
with index a. The start is solved so that their mean is the mean of the deals that do not lose: the flows of a fund then
have the same mean as its multiples. A start of 1 and no cap give :mod:`patient_capital.model.fund.uncapped_winner`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from patient_capital.model._numerics.exponentials import LARGEST_EXPONENT, repeated_integrals
from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, plain
from patient_capital.model.fund.winner_calibration import (
    growth_from_holding_years,
    mean_holding_years,
    winner_mean,
    winner_start,
)

__all__ = [
    "Winners",
    "growth_from_holding_years",
    "mean_holding_years",
    "winner_exit_survival",
    "winner_internal_rate",
    "winner_mean",
    "winner_present_value",
    "winner_start",
    "winner_value_path",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Winners:
    """Growth and exit of winners. Fields are numbers, or arrays of one shape for many cases at once.

    Attributes
    ----------
    growth : float or ndarray
        Growth of value a year, g, positive.
    start : float or ndarray
        Multiple at which exits begin, at least 1.
    tail_index : float or ndarray
        Tail index a, positive.
    cap : float or ndarray
        Largest multiple M, above the start; may be infinite.
    payoff : float or ndarray, optional
        Factor on what winners return, at the same times, positive; what selection or direction adds or costs.
    """

    growth: float | Floats
    start: float | Floats
    tail_index: float | Floats
    cap: float | Floats
    payoff: float | Floats = 1.0

    def __post_init__(self) -> None:
        mean_holding_years(self.growth, self.start, self.tail_index, self.cap)
        checks.positive(**{"winners.payoff": self.payoff})

    @property
    def hazard(self) -> Floats:
        """Hazard of an exit a year once exits have begun, h = a g, as if there were no cap."""
        return np.asarray(self.tail_index, dtype=float) * self.growth

    @property
    def first_exit(self) -> Floats:
        """Years until exits begin."""
        return np.asarray(np.log(self.start) / self.growth)

    @property
    def exit_span(self) -> Floats:
        """Years from the first possible exit to the last one; infinite without a cap."""
        return np.asarray(np.log(np.asarray(self.cap) / self.start) / self.growth)

    @property
    def inside(self) -> Floats:
        """Probability that an exponential exit time without a cap falls before the cap is reached."""
        return -np.expm1(-self.hazard * self.exit_span)


def winner_value_path(years: ArrayLike, winners: Winners) -> float | Floats:
    r"""Return the value of a winner that has not exited, a multiple of its cost.

    Parameters
    ----------
    years : array_like
        Years since the purchase, t, zero or more.
    winners : Winners
        Growth and exit.

    Returns
    -------
    float or ndarray
        :math:`f\min(e^{gt}, M)`, a multiple of what it cost, with the payoff factor f.

    Raises
    ------
    DomainError
        If a time is negative.
    """
    checks.not_negative(years=years)
    grown = np.minimum(np.asarray(winners.growth) * years, np.log(winners.cap))
    checks.between("growth times years", grown, 0.0, LARGEST_EXPONENT, "grows beyond the range of numbers")
    return plain(np.asarray(winners.payoff) * np.exp(grown))


def winner_exit_survival(years: ArrayLike, winners: Winners) -> float | Floats:
    r"""Return the share of winners that have not exited by a date.

    Parameters
    ----------
    years : array_like
        Years since the purchase, t, zero or more.
    winners : Winners
        Growth and exit.

    Returns
    -------
    float or ndarray
        :math:`S(t) = \frac{e^{-h(t-\tau_0)} - e^{-h(\tau_M-\tau_0)}}{1 - e^{-h(\tau_M-\tau_0)}}` between
        :math:`\tau_0 = \ln(x_0)/g` and :math:`\tau_M = \ln(M)/g`; 1 before and 0 after.

    Raises
    ------
    DomainError
        If a time is negative.
    """
    checks.not_negative(years=years)
    exposed = np.clip(np.asarray(years, dtype=float) - winners.first_exit, 0.0, winners.exit_span)
    # As a product: the difference of the two exponentials, over 1 less the second, would lose all digits of a small
    # share, which the growth of value over a long horizon then magnifies.
    left = -np.expm1(-winners.hazard * (winners.exit_span - exposed))
    return plain(np.exp(-winners.hazard * exposed) * left / winners.inside)


def winner_present_value(
    winners: Winners, horizon: ArrayLike, forced_sale: ArrayLike, rate: ArrayLike = 0.0
) -> float | Floats:
    r"""Return the value of one yuan in winners that must be sold at a horizon, discounted at a stated rate.

    Parameters
    ----------
    winners : Winners
        Growth and exit.
    horizon : array_like
        Years until what is left must be sold, T, positive.
    forced_sale : array_like
        Share of its value that a forced sale fetches, :math:`\delta`, 0 to 1.
    rate : array_like, optional
        Discount rate a year, r. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\int_{\tau_0}^{T} f(t)e^{(g-r)t}dt + \delta S(T)e^{(g-r)T}` with f the density of exit times. Since the
        hazard never falls, it falls at first and rises from some horizon on, or does one of both throughout: over any
        span of horizons the best one lies at an end.
    """
    checks.positive(horizon=horizon)
    checks.share(forced_sale=forced_sale)
    checks.finite(rate=rate)
    excess = np.asarray(winners.growth - np.asarray(rate, dtype=float))
    longest = np.maximum(excess * horizon, excess * winners.first_exit)
    checks.between("growth times years", longest, -np.inf, LARGEST_EXPONENT, "grows beyond the range of numbers")
    exposed = np.clip(np.asarray(horizon, dtype=float) - winners.first_exit, 0.0, winners.exit_span)
    (weighted,) = repeated_integrals(1, winners.hazard - excess, exposed)
    exits = np.exp(excess * winners.first_exit) * winners.hazard / winners.inside * weighted
    left = np.asarray(winner_exit_survival(horizon, winners)) * np.exp(excess * horizon)
    return plain(np.asarray(winners.payoff) * (exits + np.asarray(forced_sale) * left))


def winner_internal_rate(winners: Winners, horizon: float, forced_sale: float) -> float:
    """Return the discount rate at which one yuan in winners is worth one yuan; at most their growth.

    Parameters
    ----------
    winners : Winners
        Growth and exit; fields are numbers.
    horizon, forced_sale : float
        As in :func:`winner_present_value`.

    Returns
    -------
    float
        Rate a year.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or nothing is ever returned.
    """

    def excess(rate: float) -> float:
        return float(winner_present_value(winners, horizon, forced_sale, rate)) - 1

    growth = float(winners.growth)
    # Discounted at their own growth, winners that are never sold below value are worth exactly their cost.
    if excess(growth) >= 0:
        return growth
    if forced_sale == 0 and horizon <= float(winners.first_exit):
        raise DomainError("horizon", horizon, "ends before the first exit, and a forced sale fetches nothing")
    # The value rises without bound as the rate falls, so that doubling steps find the other end of the bracket.
    step = 1.0
    while excess(growth - step) < 0:
        step *= 2
    return float(brentq(excess, growth - step, growth, xtol=1e-12))
