"""The index of a Pareto tail from published bins by maximum likelihood, with and without a cap.

Published bins give shares of deals and the number of deals, not the deals, so that their likelihood is multinomial.
Index and cap are estimated jointly: the lower the cap, the lower the index that fits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaincinv, xlogy

from patient_capital.model.common.checks import (
    Corner,
    DomainError,
    Floats,
    between,
    finite,
    formula,
    not_negative,
    positive,
    share,
)

LOWEST_INDEX, HIGHEST_INDEX = 0.05, 20.0
"""Span of tail indices that is searched; an estimate at either end is refused."""


@dataclass(frozen=True, slots=True)
class TailFit:
    """A Pareto tail fitted to bins at a given cap.

    Attributes
    ----------
    tail_index : float
        Tail index a of the survival function.
    standard_error : float
        Its statistical standard error, were all deals independent and the shares exact.
    log_likelihood : float
        Multinomial log likelihood of the bins of the tail, without its constant.
    chi_square : float
        Pearson's statistic of these bins.
    degrees : int
        Its degrees of freedom: bins less two, or less three where the cap was fitted too.
    fitted : tuple of float
        Fitted shares of all deals, one a bin.
    cap : float
        Cap M on the multiple, or infinite.
    """

    tail_index: float
    standard_error: float
    log_likelihood: float
    chi_square: float
    degrees: int
    fitted: tuple[float, ...]
    cap: float


@dataclass(frozen=True, slots=True)
class CapFit:
    """A Pareto tail whose cap is fitted too.

    Attributes
    ----------
    best : TailFit
        The fit at the likeliest cap; its error takes the cap as given.
    corner : {"none", "high"}
        ``high`` where no cap at all is likeliest.
    lowest_cap, highest_cap : float
        Caps that the likelihood-ratio test does not reject; the highest is infinite where no cap is among them.
    level : float
        Confidence of this interval.
    """

    best: TailFit
    corner: Corner
    lowest_cap: float
    highest_cap: float
    level: float


@formula
def bins_from(edges: ArrayLike, shares: ArrayLike, minimum: float) -> tuple[Floats, Floats]:
    """Return the lower edges and shares of the bins from `minimum` up.

    Parameters
    ----------
    edges : array_like, shape (n,)
        Lower edges of the bins, rising; the last bin is open above.
    shares : array_like, shape (n,)
        Share of all deals in each bin.
    minimum : float
        Where the tail starts; one of the edges.

    Returns
    -------
    tuple of ndarray
        Edges and shares of the tail, at least three bins.

    Raises
    ------
    DomainError
        If the edges do not rise, a share is none, or `minimum` is no edge with two edges above it.
    """
    finite(edges=edges)
    share(shares=shares)
    lower, held = np.asarray(edges, dtype=float), np.asarray(shares, dtype=float)
    if lower.ndim != 1 or lower.shape != held.shape or not (np.diff(lower) > 0).all():
        raise DomainError("edges", lower, "must rise, one for each share")
    if held.sum() > 1 + 1e-9:
        raise DomainError("shares", held.sum(), "shares of deals add up to at most 1")
    positive(minimum=minimum)
    start = int(np.searchsorted(lower, minimum))
    if start >= lower.size or lower[start] != minimum or lower.size - start < 3:
        raise DomainError("minimum", minimum, "must be an edge with at least two edges above it")
    if not held[start:].sum() > 0:
        raise DomainError("shares", 0.0, "the tail must hold some deals")
    return lower[start:], held[start:]


def _bin_probabilities(edges: Floats, tail_index: float, cap: float) -> Floats:
    # The closed form of pareto_survival without its checks: one fit evaluates it about forty times.
    above = (edges / edges[0]) ** -tail_index
    end = 0.0 if cap == math.inf else float((cap / edges[0]) ** -tail_index)
    return np.asarray((above - np.append(above[1:], end)) / (1 - end))


def _log_likelihood(edges: Floats, deals: Floats, tail_index: float, cap: float) -> float:
    return float(xlogy(deals, _bin_probabilities(edges, tail_index, cap)).sum())


def _information(edges: Floats, tail_index: float, cap: float) -> float:
    # Fisher information of one deal of the tail, sum of p'^2 / p over the bins, with p' the derivative of a bin's
    # probability in the index.
    span, logs = np.log(cap / edges[0]), np.log(edges / edges[0])
    end = 0.0 if np.isinf(cap) else float(np.exp(-tail_index * span))
    end_slope = 0.0 if np.isinf(cap) else float(span * end)
    powers = np.exp(-tail_index * logs)
    slopes = ((end_slope - logs * powers) * (1 - end) - (powers - end) * end_slope) / (1 - end) ** 2
    return float((np.diff(np.append(slopes, 0.0)) ** 2 / _bin_probabilities(edges, tail_index, cap)).sum())


def _pearson(observed: Floats, expected: Floats) -> float:
    return float(((observed - expected) ** 2 / expected).sum())


@formula
def best_index(edges: ArrayLike, deals: ArrayLike, cap: float) -> float:
    """Return the likeliest tail index for the number of deals in each bin of the tail.

    Parameters
    ----------
    edges : array_like, shape (n,)
        Lower edges of the bins of the tail, rising; the last bin is open above.
    deals : array_like, shape (n,)
        Deals in each bin; only their proportions matter.
    cap : float
        Cap on the multiple, above the highest edge; infinite for none.

    Returns
    -------
    float
        Tail index.

    Raises
    ------
    DomainError
        If it does not lie between 0.05 and 20, or there is not one number of deals for each of two or more rising
        edges.
    """
    finite(edges=edges)
    not_negative(deals=deals)
    edges, deals = np.asarray(edges, dtype=float), np.asarray(deals, dtype=float)
    if edges.ndim != 1 or edges.size < 2 or edges.shape != deals.shape or not (np.diff(edges) > 0).all():
        raise DomainError("edges", edges, "must be two or more that rise, one for each number of deals")
    positive(lowest_edge=edges[0], deals_in_all=deals.sum())
    if not cap > edges[-1]:
        raise DomainError("cap", cap, f"must lie above the highest edge, {edges[-1]:g}")
    # Bounded, because at an index of zero or a very large one the probability of a bin vanishes and its logarithm
    # diverges.
    found = minimize_scalar(
        lambda a: -_log_likelihood(edges, deals, a, cap),
        bounds=(LOWEST_INDEX, HIGHEST_INDEX),
        method="bounded",
        options={"xatol": 1e-10},
    )
    index = float(found.x)
    if not LOWEST_INDEX + 1e-6 < index < HIGHEST_INDEX - 1e-6:
        raise DomainError("shares", deals / deals.sum(), "no tail index from 0.05 to 20 fits these bins")
    return index


@formula
def fit_tail(
    edges: ArrayLike, shares: ArrayLike, observations: float, minimum: float, cap: float = math.inf
) -> TailFit:
    r"""Fit the tail index to published bins by maximum likelihood at a given cap.

    Parameters
    ----------
    edges, shares, minimum
        As in :func:`bins_from`; bins below `minimum` are left aside.
    observations : float
        Number of all deals behind the shares.
    cap : float, optional
        Cap M on the multiple, above the highest edge; infinite for none.

    Returns
    -------
    TailFit
        The index that maximises :math:`\sum_j N s_j \ln\left[P(Y \ge e_j) - P(Y \ge e_{j+1})\right]`, with the
        standard error from the Fisher information.

    Raises
    ------
    DomainError
        If the bins, the number or the cap lie outside their domain, or no index from 0.05 to 20 fits.

    References
    ----------
    :cite:t:`clauset2009`
    """
    lower, held = bins_from(edges, shares, minimum)
    positive(observations=observations)
    if not cap > lower[-1]:
        raise DomainError("cap", cap, f"must lie above the highest edge, {lower[-1]:g}")
    deals = observations * held
    index = best_index(lower, deals, cap)
    expected = deals.sum() * _bin_probabilities(lower, index, cap)
    return TailFit(
        tail_index=index,
        standard_error=1 / math.sqrt(deals.sum() * _information(lower, index, cap)),
        log_likelihood=_log_likelihood(lower, deals, index, cap),
        chi_square=_pearson(deals, expected),
        degrees=lower.size - 2,
        fitted=tuple((expected / observations).tolist()),
        cap=float(cap),
    )


@formula
def fit_tail_and_cap(
    edges: ArrayLike, shares: ArrayLike, observations: float, minimum: float, level: float = 0.95
) -> CapFit:
    r"""Fit index and cap together; no cap at all is one of the caps.

    Parameters
    ----------
    edges, shares, observations, minimum
        As in :func:`fit_tail`.
    level : float, optional
        Confidence of the interval of the cap, strictly between 0 and 1.

    Returns
    -------
    CapFit
        The interval holds the caps whose profile log likelihood lies within half the quantile of
        :math:`\chi^2_1` of the best. For no cap, the end of the span, it is conservative.

    Raises
    ------
    DomainError
        As in :func:`fit_tail`, or if there are fewer than four bins.
    """
    between("level", level, 1e-9, 1 - 1e-9, "must lie strictly between 0 and 1")
    lower, _ = bins_from(edges, shares, minimum)
    if lower.size < 4:
        raise DomainError("edges", lower, "index and cap together need at least four bins of the tail")

    def at(inverse: float) -> TailFit:
        return fit_tail(edges, shares, observations, minimum, 1 / inverse if inverse > 0 else math.inf)

    # One over the cap has a bounded span, with no cap at zero. Its upper end stays below one over the highest edge,
    # since at a cap equal to that edge the last bin would be empty.
    steepest = (1 - 1e-6) / float(lower[-1])
    found = minimize_scalar(
        lambda inverse: -at(inverse).log_likelihood, bounds=(0, steepest), method="bounded", options={"xatol": 1e-9}
    )
    endless, inside = at(0.0), at(float(found.x))
    corner: Corner = "none" if inside.log_likelihood > endless.log_likelihood else "high"
    best = inside if corner == "none" else endless
    # Half the chi-squared quantile with one degree of freedom, without scipy.stats, which is slow to load.
    floor = best.log_likelihood - float(gammaincinv(0.5, level))

    def excess(inverse: float) -> float:
        return at(inverse).log_likelihood - floor

    # The caps that the test does not reject form one interval around the best; each end is searched between the best
    # cap and the end of the span, where there is a change of sign unless the end itself is not rejected.
    peak = 1 / best.cap if corner == "none" else 0.0
    lowest = 1 / float(brentq(excess, peak, steepest, xtol=1e-12)) if excess(steepest) < 0 else 1 / steepest
    highest = math.inf if excess(0.0) >= 0 else 1 / float(brentq(excess, 0.0, peak, xtol=1e-12))
    return CapFit(replace(best, degrees=best.degrees - 1), corner, lowest, highest, float(level))
