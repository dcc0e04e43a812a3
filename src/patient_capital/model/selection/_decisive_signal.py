r"""The decisive signal: the statistic of several screeners' signals that a rule compares with its threshold.

Screener j sees :math:`S_j = \rho Z + \sqrt{1-\rho^2}\,e_j`, with Z the quality of a deal and the errors correlated
by r across screeners. Every rule compares one statistic with a threshold: the lowest signal (unanimity), the one
that more than half reach (majority), the highest (champion), or the average. A deal is accepted where
:math:`\rho Z + \sqrt{1-\rho^2}\,E > t`, so that a rule is described by the distribution of its decisive error E.

With the part C of the errors that all screeners share, :math:`E = \sqrt r\,C + \sqrt{1-r}\,Y`, where C is normal and Y
an order statistic of k normals. Over all deals the decisive signal has the same distribution with correlation
:math:`\rho^2 + (1-\rho^2) r`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import betainc, betaincinv, betaln, ndtr, ndtri

from patient_capital.model.common.checks import DomainError, Floats, between, count, share
from patient_capital.model.selection.k_of_n import votes_needed

Rule = Literal["unanimity", "majority", "champion", "average"]
RULES: tuple[Rule, ...] = ("unanimity", "majority", "champion", "average")
"""All must pass it, more than half, or one; or the average score must."""
MOST_SCREENERS = 20
"""Up to here the steps of the integral below are fine enough."""
LEAST_BUDGET = 1e-9
FARTHEST = 10.0
"""Standard deviations beyond which a signal has a probability below 1e-23, which counts as none."""

# The trapezoidal rule over a normal density converges faster than any power of the step; with up to 20 screeners this
# step leaves an error of at most 1e-10.
_SHARED_STEP = 0.25
_SHARED: Floats = np.linspace(-8.5, 8.5, 69)


def normal_density(value: ArrayLike) -> Floats:
    """Return the density of the standard normal distribution."""
    number = np.asarray(value, dtype=float)
    return np.asarray(np.exp(-number * number / 2) / np.sqrt(2 * np.pi), dtype=np.float64)


_SHARED_WEIGHT = _SHARED_STEP * normal_density(_SHARED)


def check_screening(rule: str, screeners: int, error_correlation: float) -> Rule:
    """Check a way of deciding and return its rule.

    Raises
    ------
    DomainError
        If there is no such rule, no screener or more than 20, or the correlation is not a share.
    """
    if rule not in RULES:
        raise DomainError("rule", rule, f"is none of {', '.join(RULES)}")
    count(screeners=screeners)
    if screeners > MOST_SCREENERS:
        raise DomainError("screeners", screeners, f"must be at most {MOST_SCREENERS}")
    share(error_correlation=error_correlation)
    return rule


def _order_density(value: Floats, screeners: int, quota: int) -> Floats:
    scale = np.exp(-betaln(quota, screeners - quota + 1))
    return np.asarray(scale * ndtr(-value) ** (quota - 1) * ndtr(value) ** (screeners - quota) * normal_density(value))


def _average_sd(screeners: int, error_correlation: float) -> float:
    return float(np.sqrt(error_correlation + (1 - error_correlation) / screeners))


def _mixed(
    value: Floats,
    error_correlation: float,
    private: Callable[[Floats], Floats],
    shared: Callable[[Floats], Floats],
    private_weight: Callable[[Floats], Floats],
) -> Floats:
    # Of the shared and the private part the one with the larger coefficient stays in the distribution function and the
    # other is integrated out, so that the integrand is never steeper than a normal density.
    common, own = np.sqrt(error_correlation), np.sqrt(1 - error_correlation)
    column = value[..., np.newaxis]
    if error_correlation <= 0.5:
        return np.asarray(private((column - common * _SHARED) / own) @ _SHARED_WEIGHT)
    weight = _SHARED_STEP * private_weight(_SHARED)
    return np.asarray(shared((column - own * _SHARED) / common) @ weight)


def _exceedance(number: Floats, rule: Rule, screeners: int, error_correlation: float) -> Floats:
    if rule == "average":
        return np.asarray(ndtr(-number / _average_sd(screeners, error_correlation)))
    quota = votes_needed(rule, screeners)

    def met(level: Floats) -> Floats:
        passed = ndtr(-level)
        # One power is ten times as fast as the incomplete beta function.
        return np.asarray(passed**screeners if quota == screeners else betainc(quota, screeners - quota + 1, passed))

    if error_correlation == 0:
        return met(number)
    if error_correlation == 1:
        return np.asarray(ndtr(-number))
    return _mixed(
        number,
        error_correlation,
        met,
        lambda level: np.asarray(ndtr(-level)),
        lambda level: _order_density(level, screeners, quota),
    )


def error_exceedance(value: ArrayLike, rule: Rule, screeners: int, error_correlation: float = 0.0) -> Floats:
    r"""Return the chance that the decisive error lies above a value.

    Parameters
    ----------
    value : array_like
        Value x, in standard deviations of one screener's error.
    rule : {"unanimity", "majority", "champion", "average"}
        Rule of decision.
    screeners : int
        Number of screeners k, 1 to 20.
    error_correlation : float
        Correlation r of two screeners' errors, 0 to 1.

    Returns
    -------
    ndarray
        :math:`P(E > x)`, 0 to 1: :math:`E_C\big[I\big(\Phi(\tfrac{\sqrt r\,C - x}{\sqrt{1-r}})\big)\big]` with I the
        chance that the quota is met; :math:`\Phi(-x/\sqrt{r+(1-r)/k})` for the average.

    Raises
    ------
    DomainError
        If the way of deciding lies outside its domain.
    """
    check_screening(rule, screeners, error_correlation)
    return _exceedance(np.asarray(value, dtype=float), rule, screeners, error_correlation)


def error_density(value: ArrayLike, rule: Rule, screeners: int, error_correlation: float = 0.0) -> Floats:
    """Return the density of the decisive error.

    Parameters
    ----------
    value, rule, screeners, error_correlation
        As in :func:`error_exceedance`.

    Returns
    -------
    ndarray
        Density for each standard deviation of one screener's error.

    Raises
    ------
    DomainError
        If the way of deciding lies outside its domain.
    """
    check_screening(rule, screeners, error_correlation)
    number = np.asarray(value, dtype=float)
    if rule == "average":
        sd = _average_sd(screeners, error_correlation)
        return normal_density(number / sd) / sd
    quota = votes_needed(rule, screeners)
    if error_correlation == 0:
        return _order_density(number, screeners, quota)
    if error_correlation == 1:
        return normal_density(number)
    common, own = np.sqrt(error_correlation), np.sqrt(1 - error_correlation)
    return _mixed(
        number,
        error_correlation,
        lambda level: _order_density(level, screeners, quota) / own,
        lambda level: normal_density(level) / common,
        lambda level: _order_density(level, screeners, quota),
    )


def budget_threshold(
    rule: Rule, screeners: int, correlation: float, budget: float, error_correlation: float = 0.0
) -> float:
    r"""Return the threshold at which a rule accepts just the share of deals that the budget pays for.

    Parameters
    ----------
    rule, screeners, error_correlation
        As in :func:`error_exceedance`.
    correlation : float
        Correlation of one screener's signal with the quality, :math:`\rho`, 0 to 1.
    budget : float
        Share of deals that can be funded, b, 1e-9 to 1.

    Returns
    -------
    float
        t with :math:`P(\rho Z + \sqrt{1-\rho^2}\,E > t) = b`, in standard deviations of one signal; -10, which no
        signal undercuts, where the budget funds all.
    """
    check_screening(rule, screeners, error_correlation)
    share(correlation=correlation)
    between("budget", budget, LEAST_BUDGET, 1.0)
    if budget == 1:
        return -FARTHEST
    common = correlation**2 + (1 - correlation**2) * error_correlation
    if rule == "average":
        return float(-ndtri(budget) * _average_sd(screeners, common))
    alike = float(-ndtri(budget))
    if common == 1 or screeners == 1:
        return alike
    quota = votes_needed(rule, screeners)
    apart = float(-ndtri(betaincinv(quota, screeners - quota + 1, budget)))
    if common == 0:
        return apart

    # The normal score of the accepted share is nearly linear in the threshold, so that the search needs few steps. The
    # threshold lies near or between those for fully shared and for independent errors.
    def excess(threshold: float) -> float:
        above = float(_exceedance(np.asarray(threshold), rule, screeners, common))
        return float(ndtri(min(max(above, 1e-300), 1 - 1e-16))) + alike

    low, high = min(alike, apart) - 0.1, max(alike, apart) + 0.1
    while excess(low) < 0:
        low -= 1
        if low < -FARTHEST:
            return -FARTHEST
    while excess(high) > 0:
        high += 1
    return float(brentq(excess, low, high, xtol=1e-12, rtol=1e-12))
