r"""The pool of proposals behind the deals that were funded, and what another rule would have funded from it.

Published multiples are those of deals that someone had chosen. Taking them for the pool would apply selection twice. If
a known rule chose them, at a known share of proposals, the pool follows without further assumption: signals and ranks
of outcomes are joined by a Gaussian copula, so that a deal at rank u of the pool stands among the funded at rank

.. math::

    G(u) = \frac1b \int_0^u a(v)\,dv

with the acceptance a and the budget b of the rule that chose. The pool's multiple at rank u is the funded multiple at
G(u), and the mean that another rule with acceptance :math:`a'` funds is
:math:`\frac1b\int_0^1 Q_{\text{funded}}(G(u))\,a'(u)\,du`. All arrays have one value a case, for many cases at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize.elementwise import find_root
from scipy.special import betainc, betaincinv, ndtr, ndtri

from patient_capital.model.common import checks
from patient_capital.model.common.checks import Floats, formula, plain
from patient_capital.model.selection._decisive_signal import Rule, check_screening, normal_density
from patient_capital.model.selection.k_of_n import votes_needed

__all__ = ["FundedPool", "funded_pool", "implied_flow_elasticity", "relative_screening"]

_HALF = 160
_QUALITY: Floats = np.linspace(-8.0, 8.0, 2 * _HALF + 1)
"""Ends of cells of quality, as standard normal numbers, 0.05 apart."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(2)
_INNER: Floats = (_QUALITY[:-1, None] + 0.025 * (1 + _NODES)).ravel()
"""Two nodes of Gauss in each cell: their sum is exact to 1e-11."""
_INNER_WEIGHT: Floats = (0.025 * np.broadcast_to(_WEIGHTS, (2 * _HALF, 2))).ravel() * normal_density(_INNER)
_MIDDLE: Floats = (_QUALITY[:-1] + _QUALITY[1:]) / 2
_COARSE: Floats = np.linspace(-8.5, 8.5, 69)
_COARSE_WEIGHT: Floats = 0.25 * normal_density(_COARSE)

UpperTotal = Callable[[Floats], Floats]
"""Takes the share of deals above a rank, shape (cases, n), and returns what of the mean they bring."""


def _passed(level: Floats, rule: Rule, screeners: int) -> Floats:
    """Return the chance that the decisive error of independent screeners exceeds a level."""
    if rule == "average":
        return np.asarray(ndtr(-level * np.sqrt(screeners)))
    one, quota = ndtr(-level), votes_needed(rule, screeners)
    return np.asarray(one**screeners if quota == screeners else betainc(quota, screeners - quota + 1, one))


def _thresholds(rule: Rule, screeners: int, correlation: Floats, noise: Floats, budget: Floats) -> Floats:
    """Return the thresholds at which a rule funds each budget, shape (cases,)."""
    if rule == "average":
        return np.asarray(-ndtri(budget) * np.sqrt(correlation**2 + noise**2 / screeners))
    alike = -ndtri(budget)
    quota = votes_needed(rule, screeners)
    apart = -ndtri(betaincinv(quota, screeners - quota + 1, budget))

    def excess(threshold: Floats, correlation: Floats, noise: Floats, alike: Floats) -> Floats:
        level = (threshold[..., None] - correlation[..., None] * _COARSE) / noise[..., None]
        # The normal score of the accepted share is nearly linear in the threshold, so that the search is short.
        return np.asarray(ndtri(_passed(level, rule, screeners) @ _COARSE_WEIGHT) + alike)

    ends = np.minimum(alike, apart) - 1.0, np.maximum(alike, apart) + 1.0
    found = find_root(
        excess, ends, args=(correlation, noise, alike), tolerances={"xatol": 1e-12, "fatol": 0.0, "frtol": 0.0}
    )
    return np.asarray(found.x)


@dataclass(frozen=True, slots=True, eq=False)
class FundedPool:
    """How the funded deals were chosen, for many cases at once; as :func:`funded_pool` makes it.

    Attributes
    ----------
    rule, screeners : str, int
        Rule of decision behind the funded deals.
    correlation, budget : ndarray, shape (cases,)
        Correlation of one screener's signal with the quality, and share of the proposals that was funded.
    above : ndarray, shape (cases, cells + 1)
        Share of the funded deals above each quality.
    chosen : ndarray, shape (cases, cells)
        Acceptance in the middle of each cell.
    """

    rule: Rule
    screeners: int
    correlation: Floats
    budget: Floats
    above: Floats
    chosen: Floats


def _accepted(
    quality: Floats, rule: Rule, screeners: int, correlation: Floats, budget: Floats
) -> tuple[Floats, Floats, Floats]:
    noise = np.sqrt((1 - correlation) * (1 + correlation))
    threshold = _thresholds(rule, screeners, correlation, noise, budget)
    level = (threshold[:, None] - correlation[:, None] * quality) / noise[:, None]
    return _passed(level, rule, screeners), threshold, noise


def funded_pool(rule: Rule, screeners: int, correlation: ArrayLike, budget: ArrayLike) -> FundedPool:
    r"""Return how funded deals lie in the pool that they were chosen from.

    Parameters
    ----------
    rule : {"unanimity", "majority", "champion", "average"}
        Rule that chose, with independent errors of its screeners.
    screeners : int
        Number of screeners, 1 to 20.
    correlation : array_like
        Correlation of one screener's signal with the quality of deals, 0 to below 1.
    budget : array_like
        Share of proposals that was funded, above 0 and below 1. Both broadcast to one axis.

    Returns
    -------
    FundedPool

    Raises
    ------
    DomainError
        If a parameter lies outside its domain.
    """
    check_screening(rule, screeners, 0.0)
    checks.between("correlation", correlation, 0.0, math.nextafter(1.0, 0.0))
    checks.between("budget", budget, 1e-9, 1 - 1e-9)
    rho, share = (np.atleast_1d(v).astype(float) for v in np.broadcast_arrays(correlation, budget))
    inner, threshold, noise = _accepted(_INNER, rule, screeners, rho, share)
    cells = (inner * _INNER_WEIGHT).reshape(len(rho), -1, 2).sum(axis=2)
    above = np.concatenate((np.cumsum(cells[:, ::-1], axis=1)[:, ::-1], np.zeros((len(rho), 1))), axis=1)
    above = np.minimum(above / above[:, :1], 1.0)
    level = (threshold[:, None] - rho[:, None] * _MIDDLE) / noise[:, None]
    return FundedPool(rule, screeners, rho, share, above, _passed(level, rule, screeners))


def relative_screening(upper_total: UpperTotal, pool: FundedPool, rule: Rule, screeners: int) -> Floats:
    r"""Return the mean multiple that a rule funds from a pool over that of the deals that were funded.

    Parameters
    ----------
    upper_total : callable
        Of the funded deals: what of their mean those above a share bring.
    pool : FundedPool
        How they were chosen.
    rule, screeners : str, int
        Another way to decide, at the same budget and with signals as good.

    Returns
    -------
    ndarray, shape (cases,)
        1 for the rule that chose them; :math:`\int Q(p)\,\frac{a'}{a}\,dp / \int Q(p)\,dp`.

    References
    ----------
    :cite:t:`sah1986`
    """
    check_screening(rule, screeners, 0.0)
    if (rule, screeners) == (pool.rule, pool.screeners):
        return np.ones(len(pool.budget))
    other, _, _ = _accepted(_MIDDLE, rule, screeners, pool.correlation, pool.budget)
    brought = -np.diff(upper_total(pool.above), axis=1)
    tiny = np.finfo(float).tiny
    ratio = other / np.maximum(pool.chosen, tiny)
    # A deal that neither rule would ever fund weighs nothing, whatever the quotient of two such chances is.
    weighed = np.where(pool.chosen > tiny, ratio, 0.0) * brought
    return np.asarray(weighed.sum(axis=1) / brought.sum(axis=1))


@formula
def implied_flow_elasticity(
    tail_share: ArrayLike, flow_ratio: ArrayLike, correlation: ArrayLike, budget: ArrayLike, screeners: int
) -> float | Floats:
    r"""Return the elasticity of deal flow that follows if more money only funds more of the same proposals.

    Proposals are ranked by the average of scores, as private partnerships do.

    Parameters
    ----------
    tail_share : array_like
        Share of large successes among the deals funded so far, above 0 and below 1.
    flow_ratio : array_like
        Money after over before, above 1.
    correlation : array_like
        Correlation of one signal with the quality of deals, 0 to below 1.
    budget : array_like
        Share of proposals funded so far, above 0 and below 1. All broadcast.
    screeners : int
        Number of scores that are averaged.

    Returns
    -------
    float or ndarray
        :math:`-\ln(p'/p)/\ln F` with p' the share of large successes at the budget bF, or at all proposals where that
        exceeds them.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain.
    """
    checks.between("tail_share", tail_share, 1e-9, 1 - 1e-9)
    checks.between("flow_ratio", flow_ratio, math.nextafter(1.0, 2.0), np.finfo(float).max, "must lie above 1")
    checks.between("correlation", correlation, 0.0, math.nextafter(1.0, 0.0))
    checks.between("budget", budget, 1e-9, 1 - 1e-9)
    check_screening("average", screeners, 0.0)
    arrays = (np.asarray(v, dtype=float) for v in (tail_share, flow_ratio, correlation, budget))
    share, ratio, rho, funded = np.broadcast_arrays(*arrays)
    # The average score is one signal of a higher correlation with the quality.
    joint = rho / np.sqrt(rho**2 + (1 - rho**2) / screeners)

    def reached(level: Floats, joint: Floats, budget: Floats) -> Floats:
        """Return the share of funded deals whose quality exceeds a level."""
        return np.asarray(_both_above(level, -ndtri(budget), joint) / budget)

    level = find_root(
        lambda z, share, joint, funded: reached(z, joint, funded) - share,
        (np.full(share.shape, -7.0), np.full(share.shape, 8.0)),
        args=(share, joint, funded),
        tolerances={"xatol": 1e-12, "fatol": 0.0, "frtol": 0.0},
    ).x
    more = np.minimum(funded * ratio, 1.0)
    after = np.where(more < 1, reached(level, joint, np.minimum(more, 1 - 1e-12)), ndtr(-level))
    return plain(-np.log(after / share) / np.log(ratio))


_ORTHANT_NODES, _ORTHANT_WEIGHTS = np.polynomial.legendre.leggauss(64)


def _both_above(first: Floats, second: Floats, correlation: Floats) -> Floats:
    """Return the chance that two standard normal numbers exceed two levels."""
    # Over the arc of correlations the density of the pair is smooth, so that few nodes suffice (Plackett's identity).
    arc = np.arcsin(correlation)
    angle = (arc / 2)[..., None] * (1 + _ORTHANT_NODES)
    x, y = first[..., None], second[..., None]
    density = np.exp(-(x * x + y * y - 2 * x * y * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    return np.asarray(ndtr(-first) * ndtr(-second) + (density * _ORTHANT_WEIGHTS).sum(axis=-1) * arc / 2 / (2 * np.pi))
