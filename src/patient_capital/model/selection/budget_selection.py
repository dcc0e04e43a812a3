r"""Selection of deals by four decision rules, each with the threshold at which it funds the same share of deals.

The quality of a deal is :math:`Z \sim N(0, 1)` and its multiple :math:`X = F^{-1}(\Phi(Z))`, so that signal and
multiple are joined by a Gaussian copula. Rules that accept different shares of the deals cannot be compared: here every
rule funds the same share, for which its threshold is solved. Integrals are deterministic sums; the heavy tail enters
through its exact upper totals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, formula
from patient_capital.model.returns.deal_returns import Returns
from patient_capital.model.selection._decisive_signal import (
    LEAST_BUDGET,
    Rule,
    budget_threshold,
    check_screening,
    error_density,
    error_exceedance,
    normal_density,
)
from patient_capital.model.selection._quality_grid import QUALITIES, RANKS, STEPS

__all__ = ["Rule", "Selection", "caught_share", "select"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)


@dataclass(frozen=True, slots=True)
class Selection:
    r"""A way of picking deals, and what it picks.

    Attributes
    ----------
    rule : {"unanimity", "majority", "champion", "average"}
        Rule of decision.
    screeners : int
        Number of screeners k, 1 to 20.
    correlation : float
        Correlation of one screener's signal with the quality, :math:`\rho`, 0 to 1.
    error_correlation : float
        Correlation r of two screeners' errors, 0 to 1.
    budget : float
        Share of deals that is funded, 1e-9 to 1.
    threshold : float
        Threshold t of the decisive signal, in standard deviations of one signal.
    mean : float
        Mean multiple of the funded deals.

    Raises
    ------
    DomainError
        If an attribute lies outside its domain.
    """

    rule: Rule
    screeners: int
    correlation: float
    error_correlation: float
    budget: float
    threshold: float
    mean: float

    def __post_init__(self) -> None:
        check_screening(self.rule, self.screeners, self.error_correlation)
        checks.share(correlation=self.correlation)
        checks.between("budget", self.budget, LEAST_BUDGET, 1.0)
        checks.finite(threshold=self.threshold)
        checks.not_negative(mean=self.mean)


def _noise(correlation: float) -> float:
    return float(np.sqrt((1 - correlation) * (1 + correlation)))


def _accepted(selection: Selection, quality: Floats) -> Floats:
    noise, left = _noise(selection.correlation), selection.threshold - selection.correlation * quality
    if noise == 0:
        return np.where(left < 0, 1.0, 0.0)
    return error_exceedance(left / noise, selection.rule, selection.screeners, selection.error_correlation)


def _funded_total(
    returns: Returns, rule: Rule, screeners: int, correlation: float, error_correlation: float, threshold: float
) -> float:
    # By parts, the integral of acceptance times multiple becomes one of upper totals times the density of the error, in
    # which the heavy tail is exact. It is taken over the quality where signals are weak and over the error where they
    # are strong, so that the integrand is never steeper than a normal density and equal steps suffice.
    noise, law = _noise(correlation), (rule, screeners, error_correlation)
    if correlation > noise:
        ranks = ndtr((threshold - noise * QUALITIES) / correlation)
        return float((np.asarray(returns.upper_total(ranks)) * error_density(QUALITIES, *law)) @ STEPS)
    above = np.asarray(returns.upper_total(RANKS))
    levels = (threshold - correlation * QUALITIES) / noise
    worst = float(error_exceedance(levels[0], *law)) * float(above[0])
    return worst + correlation / noise * float((above * error_density(levels, *law)) @ STEPS)


@formula
def select(
    returns: Returns, rule: Rule, screeners: int, correlation: float, budget: float, error_correlation: float = 0.0
) -> Selection:
    r"""Return what a rule picks when its threshold is set for the budget.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    rule : {"unanimity", "majority", "champion", "average"}
        Whether all screeners must pass a deal, more than half, one, or their average score.
    screeners : int
        Number of screeners k, 1 to 20.
    correlation : float
        Correlation of one screener's signal with the quality, :math:`\rho`, 0 to 1.
    budget : float
        Share of deals that is funded, 1e-9 to 1.
    error_correlation : float, optional
        Correlation r of two screeners' errors, 0 to 1.

    Returns
    -------
    Selection
        With the threshold, and the mean multiple :math:`E[X \mid \rho Z + \sqrt{1-\rho^2}\,E > t]` of funded deals.

    References
    ----------
    :cite:t:`sah1986`, :cite:t:`malenko2024`, :cite:t:`kerr2014`
    """
    threshold = budget_threshold(rule, screeners, correlation, budget, error_correlation)
    if correlation == 0 or budget == 1:
        mean = returns.mean()
    else:
        mean = _funded_total(returns, rule, screeners, correlation, error_correlation, threshold) / budget
    return Selection(rule, screeners, correlation, error_correlation, budget, threshold, mean)


def _transition(selection: Selection, steps: int, low: float, high: float) -> Floats:
    # Qualities at which acceptance rises from none to all, as ends of the cells of an integral. With a correlation
    # below the floor, acceptance is constant over any span of qualities.
    correlation = max(selection.correlation, 1e-9)
    places = selection.threshold + _noise(selection.correlation) * np.linspace(-9, 9, steps)
    return np.unique(np.clip(np.concatenate(([low, high], places / correlation)), low, high))


@formula
def caught_share(returns: Returns, selection: Selection, multiple: float) -> float:
    r"""Return the share of the deals at or above a multiple that are funded.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    selection : Selection
        Way of picking deals.
    multiple : float
        Level, a multiple that some deal reaches.

    Returns
    -------
    float
        :math:`P(\text{funded} \mid X \ge x)`, 0 to 1.

    Raises
    ------
    DomainError
        If no deal reaches the multiple.
    """
    reached = float(returns.survival(multiple))
    if reached <= 0:
        raise DomainError("multiple", multiple, "no deal reaches it")
    if selection.correlation == 0 or selection.budget == 1 or reached == 1:
        return selection.budget
    lowest = float(-ndtri(reached))
    top = max(lowest, 0.0) + 8.5
    ends = _transition(selection, 5, lowest, top)
    half = np.diff(ends)[:, np.newaxis] / 2
    quality = (ends[:-1, np.newaxis] + half) + half * _NODES
    weight = half * _WEIGHTS * normal_density(quality)
    return float((weight * _accepted(selection, quality)).sum()) / reached
