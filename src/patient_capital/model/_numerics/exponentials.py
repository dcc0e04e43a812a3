"""Repeated integrals of a decaying exponential, of which the expected flows of a fund are sums."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import exprel

from patient_capital.model.common.checks import Floats, between, count

SMALL = 0.1
"""Below this size of the exponent the series is summed. The recursion divides a difference of nearly equal numbers by
the exponent at every order, so that there its rounding error would grow without bound; from here on it stays below
1e-13 up to order 3."""
TERMS = 8
"""Highest power in the series: at an exponent of `SMALL` the first term left out is below 1e-16 of the sum."""
LARGEST_EXPONENT = 700.0
"""Largest exponent that is accepted; the exponential of 709.8 and more overflows a float."""


def repeated_integrals(order: int, rate: ArrayLike, years: ArrayLike) -> tuple[Floats, ...]:
    r"""Return the integrals of an exponential decay, the integral of the integral, and so on.

    Parameters
    ----------
    order : int
        How many, n, at least 1.
    rate : array_like
        Rate of decay a year, k; may be zero or negative.
    years : array_like
        Time t, zero or more; both broadcast. The caller checks both.

    Returns
    -------
    tuple of ndarray
        :math:`E_1 = \int_0^t e^{-ks}ds,\ E_j = \int_0^t E_{j-1}(s)ds` for j up to n, each :math:`t^j\varphi_j(-kt)`
        with :math:`\varphi_j(z) = \sum_i z^i/(i+j)!`, so that nothing is lost where k is near zero.

    Raises
    ------
    DomainError
        If `order` is not a whole number of at least 1, or a number grows beyond range.
    """
    count(order=order)
    time = np.asarray(years, dtype=float)
    exponent = np.asarray(-np.asarray(rate, dtype=float) * time)
    between("growth times years", exponent, -np.inf, LARGEST_EXPONENT, "grows beyond the range of numbers")
    small = np.abs(exponent) < SMALL
    large, few = ~small, exponent[small]
    # The first order is exprel itself, which SciPy evaluates without cancellation at any exponent.
    relative = exprel(exponent)
    integrals, power = [time * relative], time
    for n in range(2, order + 1):
        following = np.empty(exponent.shape)
        # phi_n(z) = (phi_(n-1)(z) - 1 / (n-1)!) / z, by parts.
        np.divide(relative - 1 / factorial(n - 1), exponent, out=following, where=large)
        following[small] = np.polyval([1 / factorial(term + n) for term in range(TERMS, -1, -1)], few)
        relative, power = following, power * time
        integrals.append(power * relative)
    return tuple(integrals)
