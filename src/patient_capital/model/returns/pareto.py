"""Closed forms of the Pareto distribution, with and without a cap (an upper truncation).

All moments are written with :math:`(e^z - 1) / z`, which has the limit 1 at z = 0, so that no case is needed where the
index equals the order of the moment or zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import exprel

from patient_capital.model.common.checks import DomainError, Floats, finite, formula, plain, positive
from patient_capital.model.returns._survival import survival_within


def _check(tail_index: Floats, minimum: Floats, cap: Floats) -> None:
    positive(tail_index=tail_index, minimum=minimum)
    wrong = ~(cap > minimum)
    if wrong.any():
        raise DomainError("cap", np.broadcast_to(cap, wrong.shape)[wrong].flat[0], "must lie above the minimum")


def _arrays(tail_index: ArrayLike, minimum: ArrayLike, cap: ArrayLike) -> tuple[Floats, Floats, Floats]:
    index, start, end = (np.asarray(v, dtype=float) for v in (tail_index, minimum, cap))
    _check(index, start, end)
    return index, start, end


@formula
def power_moment(order: float, index: ArrayLike, low: ArrayLike, high: ArrayLike) -> float | Floats:
    r"""Return a raw moment of the density proportional to :math:`x^{-a-1}` between two finite ends.

    Parameters
    ----------
    order : float
        Order of the moment, k.
    index : array_like
        Index a; any finite number, also zero (uniform in logs) or below.
    low, high : array_like
        Ends of the support, 0 < low < high, finite; multiples.

    Returns
    -------
    float or ndarray
        :math:`E[X^k] = x_0^k\,\frac{(e^{(k-a)L} - 1)/(k-a)}{(1 - e^{-aL})/a}` with :math:`L = \ln(M/x_0)`.

    Raises
    ------
    DomainError
        If an end is not positive and finite, or the order or the index is not finite.
    """
    positive(low=low, high=high)
    finite(order=order, index=index)
    start, log_span = np.asarray(low, dtype=float), np.log(np.asarray(high) / np.asarray(low))
    power = np.asarray(index, dtype=float)
    return plain(start**order * exprel((order - power) * log_span) / exprel(-power * log_span))


def _moment(order: float, index: Floats, start: Floats, cap: Floats) -> float | Floats:
    index, start, cap = np.broadcast_arrays(index, start, cap)
    endless = np.isinf(cap)
    missing = endless & (index <= order)
    if missing.any():
        raise DomainError(
            "tail_index", index[missing].flat[0], f"without a cap the moment of order {order:g} needs an index above it"
        )
    result = np.empty(index.shape)
    result[endless] = index[endless] / (index[endless] - order) * start[endless] ** order
    held = ~endless
    result[held] = power_moment(order, index[held], start[held], cap[held])
    return plain(result)


@formula
def pareto_mean(tail_index: ArrayLike, minimum: ArrayLike, cap: ArrayLike = np.inf) -> float | Floats:
    r"""Return the mean of a Pareto tail, truncated at `cap` or without end.

    Parameters
    ----------
    tail_index : array_like
        Tail index a, positive; above 1 where there is no cap.
    minimum : array_like
        Where the tail starts, :math:`x_0`, positive; a multiple of the money paid in.
    cap : array_like, optional
        Where it stops, M, above the minimum; infinite for a tail without end. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\frac{a}{a-1}x_0\frac{1-(x_0/M)^{a-1}}{1-(x_0/M)^{a}}`, a multiple; at a = 1 with a cap its limit
        :math:`x_0 \ln(M/x_0) / (1 - x_0/M)`.

    Raises
    ------
    DomainError
        If an index is at most 1 where there is no cap: the mean does not exist.

    References
    ----------
    :cite:t:`clauset2009`
    """
    return _moment(1.0, *_arrays(tail_index, minimum, cap))


@formula
def pareto_survival(
    multiple: ArrayLike, tail_index: ArrayLike, minimum: ArrayLike, cap: ArrayLike = np.inf
) -> float | Floats:
    r"""Return the share of a Pareto tail at or above a multiple.

    Parameters
    ----------
    multiple : array_like
        Multiple y.
    tail_index, minimum, cap : array_like
        As in :func:`pareto_mean`, any positive index.

    Returns
    -------
    float or ndarray
        :math:`P(Y \ge y) = \frac{(y/x_0)^{-a}-(M/x_0)^{-a}}{1-(M/x_0)^{-a}}`; 1 up to the minimum, 0 from the cap.
    """
    index, start, end = _arrays(tail_index, minimum, cap)
    finite(multiple=multiple)
    return plain(survival_within(multiple, index, start, end))
