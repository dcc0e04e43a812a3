r"""The mean holding period of winners, weighted by proceeds, and the growth that it implies.

In the growth process larger winners exit later. The mean time to exit weighted by proceeds is therefore longer than the
mean over exits, and one observed time to exit implies two growth rates: a lower one if it weights all exits equally, a
higher one if it weights them by proceeds. Observed times to exit do not say which of the two they are; the two rates
bracket what they leave open.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

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


def _growth_times_years(start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike) -> Floats:
    """Return the mean log multiple of winners, weighted by the multiple: growth a year times years."""
    positive(start=start, tail_index=tail_index, cap=cap)
    first, index, last = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (start, tail_index, cap)))
    if (first < 1).any():
        raise DomainError("start", first[first < 1].flat[0], "exits begin at the money put in or above")
    if (last <= first).any():
        raise DomainError("cap", last[last <= first].flat[0], "must lie above the start")
    span, slope = np.log(last / first), index - 1
    # At an index of one the formula is 0/0, and near it a difference of two large numbers. Below 1e-6 two terms of the
    # series are exact to the precision of a float, while the difference would lose six digits or more.
    near = np.abs(slope * span) < 1e-6
    safe = np.where(near, 1.0, slope)
    inside = 1 / safe - span / np.expm1(safe * span)
    return np.asarray(np.log(first) + np.where(near, span / 2 - slope * span**2 / 12, inside))


@formula
def growth_from_proceeds_weighted_years(
    years: ArrayLike, start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike
) -> float | Floats:
    r"""Return the growth a year at which the mean time to exit, weighted by proceeds, has a stated value.

    Parameters
    ----------
    years : array_like
        Time to exit, weighted by proceeds, positive.
    start : array_like
        Multiple at which exits begin, :math:`x_0`, at least 1.
    tail_index : array_like
        Tail index a, positive.
    cap : array_like
        Largest multiple M, finite and above `start`. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`g = \frac1T\left[\ln x_0 + \frac1{a-1} - \frac{L}{e^{(a-1)L}-1}\right]` with :math:`L = \ln(M/x_0)`, a
        year; at a = 1 its limit :math:`(\ln x_0 + L/2)/T`. The bracket is :math:`E[X \ln X] / E[X]`.

    References
    ----------
    :cite:t:`reed2001`
    """
    positive(years=years)
    return plain(_growth_times_years(start, tail_index, cap) / np.asarray(years, dtype=float))


FASTEST_GROWTH = 50.0
"""Highest growth a year that is searched."""


@formula
def share_left(
    growth: ArrayLike,
    start: ArrayLike,
    tail_index: ArrayLike,
    cap: ArrayLike,
    winner_share: ArrayLike,
    youngest: ArrayLike,
    oldest: ArrayLike,
) -> float | Floats:
    r"""Return the share of deals that winners have left by a day, if deals were bought evenly over a span of years.

    Parameters
    ----------
    growth : array_like
        Growth of winners a year, g, positive.
    start, tail_index, cap : array_like
        As in :func:`growth_from_proceeds_weighted_years`.
    winner_share : array_like
        Share of deals that do not lose, w. Losers are written off and not left.
    youngest, oldest : array_like
        Years from the purchase of the last and of the first deal to the day, A and B, rising. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\frac{w}{B-A}\int_A^B F(t)\,dt` with :math:`F(t) = \frac{1-e^{-h(t-t_0)}}{1-(x_0/M)^a}` from
        :math:`t_0 = \ln(x_0)/g` until winners reach the cap, zero before and one after; :math:`h = ag`.

    References
    ----------
    :cite:t:`reed2001`
    """
    positive(growth=growth, tail_index=tail_index)
    between("start", start, 1.0, np.finfo(float).max, "exits begin at the money put in or above")
    share(winner_share=winner_share)
    not_negative(youngest=youngest)
    g, x, a, m, w, first, last = np.broadcast_arrays(
        *(np.asarray(v, dtype=float) for v in (growth, start, tail_index, cap, winner_share, youngest, oldest))
    )
    if not (m > x).all():
        raise DomainError("cap", float(m.min()), "must lie above the start")
    if not (last > first).all():
        raise DomainError("oldest", float(last.min()), "must lie above the age of the youngest")
    hazard, opens, ends = a * g, np.log(x) / g, np.log(m) / g
    low, high = np.clip(opens, first, last), np.clip(ends, first, last)
    # The integral of F from the first possible exit to the cap, where this falls between both ages; then one.
    waited = (np.exp(-hazard * (low - opens)) - np.exp(-hazard * (high - opens))) / hazard
    exited = ((high - low) - waited) / -np.expm1(-hazard * (ends - opens)) + (last - high)
    return plain(w * exited / (last - first))


@formula
def growth_from_share_left(
    left_share: ArrayLike,
    start: ArrayLike,
    tail_index: ArrayLike,
    cap: ArrayLike,
    winner_share: ArrayLike,
    youngest: ArrayLike,
    oldest: ArrayLike,
) -> float | Floats:
    """Return the growth of winners a year at which a share of deals has been left, the inverse of :func:`share_left`.

    Parameters
    ----------
    left_share : array_like
        Share of all deals, above zero and below `winner_share`.
    start, tail_index, cap, winner_share, youngest, oldest : array_like
        As in :func:`share_left`.

    Returns
    -------
    float or ndarray
        Growth a year, by bisection to the precision of a float.

    Raises
    ------
    DomainError
        If not even the fastest growth that is searched leaves so many deals.
    """
    positive(left_share=left_share)
    wanted, *rest = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (left_share, start, tail_index, cap, winner_share, youngest, oldest))
    )
    low, high = np.full(wanted.shape, 1e-4), np.full(wanted.shape, FASTEST_GROWTH)
    reached = np.asarray(share_left(high, *rest))
    if (reached < wanted).any():
        raise DomainError("left_share", wanted[reached < wanted].flat[0], "more than winners leave at any growth")
    for _ in range(80):  # The share rises with growth: each step halves the span of its logarithm.
        middle = np.sqrt(low * high)
        fewer = np.asarray(share_left(middle, *rest)) < wanted
        low, high = np.where(fewer, middle, low), np.where(fewer, high, middle)
    return plain(np.sqrt(low * high))
