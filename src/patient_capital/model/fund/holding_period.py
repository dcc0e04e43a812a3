r"""The mean holding period of winners, weighted by proceeds, and the growth that it implies.

In the growth process larger winners exit later. The mean time to exit weighted by proceeds is therefore longer than the
mean over exits, and one observed time to exit implies two growth rates: a lower one if it weights all exits equally, a
higher one if it weights them by proceeds. Observed times to exit do not say which of the two they are; the two rates
bracket what they leave open.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, plain, positive


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


def proceeds_weighted_holding_years(
    growth: ArrayLike, start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike
) -> float | Floats:
    r"""Return the mean time to exit of winners, each weighted by what it returns.

    Parameters
    ----------
    growth : array_like
        Growth of value g, positive, a year.
    start : array_like
        Multiple at which exits begin, :math:`x_0`, at least 1.
    tail_index : array_like
        Tail index a, positive.
    cap : array_like
        Largest multiple M, finite and above `start`. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\frac{E[X\tau]}{E[X]} = \frac1g\left[\ln x_0 + \frac1{a-1} - \frac{L}{e^{(a-1)L}-1}\right]` with
        :math:`L = \ln(M/x_0)`, years; at a = 1 its limit :math:`(\ln x_0 + L/2)/g`.

    References
    ----------
    :cite:t:`reed2001`
    """
    positive(growth=growth)
    return plain(_growth_times_years(start, tail_index, cap) / np.asarray(growth, dtype=float))


def growth_from_proceeds_weighted_years(
    years: ArrayLike, start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike
) -> float | Floats:
    """Return the growth a year at which the mean time to exit, weighted by proceeds, has a stated value.

    Parameters
    ----------
    years : array_like
        Time to exit, weighted by proceeds, positive.
    start, tail_index, cap : array_like
        As in :func:`proceeds_weighted_holding_years`. All broadcast.

    Returns
    -------
    float or ndarray
        Growth a year: the inverse of :func:`proceeds_weighted_holding_years`.
    """
    positive(years=years)
    return plain(_growth_times_years(start, tail_index, cap) / np.asarray(years, dtype=float))
