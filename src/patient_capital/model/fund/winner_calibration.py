"""Calibration of winners: the multiple at which their exits begin, their growth, and their holding period.

Winners exit at Pareto-distributed multiples between a start and a cap. Index, cap and the mean of the deals that do not
lose come from the multiples of all deals; the start is solved so that the distribution has this mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.optimize.elementwise import find_root

from patient_capital.model.common.checks import (
    DomainError,
    Floats,
    between,
    formula,
    not_negative,
    plain,
    positive,
    share,
)
from patient_capital.model.returns.pareto import pareto_mean

ROUNDING = 1e-12
"""How far below 1 the mean of winners may come out where it is 1 up to the rounding of floats."""


@formula
def winner_mean(mean: ArrayLike, loss_share: ArrayLike, low_mean: ArrayLike) -> float | Floats:
    r"""Return the mean multiple of the deals that do not lose.

    Parameters
    ----------
    mean : array_like
        Mean multiple of all deals, :math:`E[X]`.
    loss_share : array_like
        Share of deals that lose, p, below 1.
    low_mean : array_like
        Mean multiple of the losing deals, :math:`m_0`, zero or more. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`(E[X] - p\,m_0) / (1 - p)`, a multiple.

    Raises
    ------
    DomainError
        If all deals lose, or those that do not would return less than they cost.
    """
    positive(mean=mean)
    share(loss_share=loss_share)
    not_negative(low_mean=low_mean)
    total, losing = np.asarray(mean, dtype=float), np.asarray(loss_share, dtype=float)
    if (losing == 1).any():
        raise DomainError("loss_share", 1.0, "where all deals lose there are no winners")
    result = (total - losing * np.asarray(low_mean, dtype=float)) / (1 - losing)
    between("winner_mean", result, 1.0 - ROUNDING, np.inf, "deals that do not lose return at least what they cost")
    return plain(np.maximum(result, 1.0))


@formula
def winner_start(mean: float, tail_index: float, cap: float = np.inf) -> float:
    r"""Return the multiple at which exits begin, solved for the mean of the winners.

    Parameters
    ----------
    mean : float
        Mean multiple of winners, from :func:`winner_mean`.
    tail_index : float
        Tail index a, positive; above 1 without a cap.
    cap : float, optional
        Largest multiple M, above 1.

    Returns
    -------
    float
        :math:`x_0 \in [1, M)` with :math:`\frac{a}{a-1}x_0\frac{1-(x_0/M)^{a-1}}{1-(x_0/M)^a}` equal to the mean.

    Raises
    ------
    DomainError
        If the mean does not exist, lies below that of exits from 1 on, or is not below the cap.
    """
    positive(mean=mean)
    lowest = float(pareto_mean(tail_index, 1.0, cap))
    between("mean", mean, lowest, np.inf, f"exits from a multiple of 1 on already have the mean {lowest:.6g}")
    if mean >= cap:
        raise DomainError("mean", mean, f"must lie below the cap of {cap:g}")
    if mean == lowest:
        return 1.0
    # The mean rises with the start and lies above it, so that the root lies between 1 and the mean.
    return float(brentq(lambda start: float(pareto_mean(tail_index, start, cap)) - mean, 1.0, mean, xtol=1e-13))


@formula
def winner_starts(mean: ArrayLike, tail_index: ArrayLike, cap: ArrayLike) -> tuple[Floats, Floats]:
    r"""Return where exits of winners begin and a factor on what they return, so that they have a mean exactly.

    Exits begin at what was paid or above. Where a mean lies below that of exits from 1 on, no start meets it: winners
    then exit as from 1, and all return less by one factor.

    Parameters
    ----------
    mean : array_like
        Mean multiple of winners, from :func:`winner_mean`, below the cap.
    tail_index : array_like
        Tail index a, positive; above 1 without a cap.
    cap : array_like
        Largest multiple M, above 1. All broadcast.

    Returns
    -------
    tuple of ndarray
        The start :math:`x_0 \ge 1`, and a factor of at most 1; below 1 where exits from 1 on have a higher mean.

    Raises
    ------
    DomainError
        If a mean is not positive, or not below the cap.
    """
    positive(mean=mean, tail_index=tail_index)
    between("cap", cap, 1.0, np.inf, "must lie above 1")
    wanted, index, last = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (mean, tail_index, cap)))
    if not (wanted < last).all():
        raise DomainError("mean", wanted[~(wanted < last)].flat[0], "must lie below the cap")
    lowest = np.asarray(pareto_mean(index, 1.0, last))
    within = wanted > lowest
    start = np.ones(wanted.shape)
    if within.any():
        target, a, m = wanted[within], index[within], last[within]
        # The mean rises with the start and lies above it, so that the root lies between 1 and the mean.
        found = find_root(
            lambda x, target, a, m: np.asarray(pareto_mean(a, x, m)) - target,
            (np.ones_like(target), target),
            args=(target, a, m),
            tolerances={"xatol": 1e-13, "xrtol": 0.0, "fatol": 0.0, "frtol": 0.0},
        )
        start[within] = found.x
    return start, np.where(within, 1.0, wanted / lowest)


def _holding_growth(start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike) -> Floats:
    positive(tail_index=tail_index)
    between("start", start, 1.0, np.finfo(float).max, "a winner exits at no less than it cost")
    first, index, last = (np.asarray(v, dtype=float) for v in (start, tail_index, cap))
    if not (last > first).all():
        raise DomainError("cap", last.min(), "must lie above the start")
    endless = np.isinf(last)
    # Without a cap the last term vanishes; any finite span stands in for the infinite one, which would give 0 * inf.
    span = np.log(np.where(endless, 2 * first, last) / first)
    lost = span * np.exp(-index * span) / -np.expm1(-index * span)
    return np.asarray(np.log(first) + 1 / index - np.where(endless, 0.0, lost))


@formula
def mean_holding_years(
    growth: ArrayLike, start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike = np.inf
) -> float | Floats:
    r"""Return the mean years from the purchase of a winner to its exit.

    Parameters
    ----------
    growth : array_like
        Growth of value a year, g, positive.
    start : array_like
        Multiple at which exits begin, :math:`x_0`, at least 1.
    tail_index : array_like
        Tail index a, positive.
    cap : array_like, optional
        Largest multiple M, above the start. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\frac1g\left[\ln x_0 + \frac1a - \frac{L}{e^{aL}-1}\right]` with :math:`L = \ln(M/x_0)`, years.
    """
    positive(growth=growth)
    return plain(_holding_growth(start, tail_index, cap) / np.asarray(growth, dtype=float))


@formula
def growth_from_holding_years(
    years: ArrayLike, start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike = np.inf
) -> float | Floats:
    """Return the growth a year that gives a mean time to exit, the inverse of :func:`mean_holding_years`.

    Parameters
    ----------
    years : array_like
        Mean years to exit, positive.
    start, tail_index, cap : array_like
        As in :func:`mean_holding_years`.

    Returns
    -------
    float or ndarray
        Growth a year, g. It is identified by the time to exit alone, not by multiples.
    """
    positive(years=years)
    return plain(_holding_growth(start, tail_index, cap) / np.asarray(years, dtype=float))
