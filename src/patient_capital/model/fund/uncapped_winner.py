"""Value and return of a winner without a cap that grows until it exits or must be sold at the end of the fund.

Growth at rate g until an exponential exit time with hazard h gives a Pareto tail with index a = h / g
(Reed 2001). A fund that ends at T must then sell what is left at a fraction delta of its value.
All rates are continuously compounded.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from patient_capital.model._numerics.exponentials import LARGEST_EXPONENT
from patient_capital.model.common.checks import DomainError, Floats, between, finite, formula, plain, positive, share


def _check(growth: ArrayLike, hazard: ArrayLike, horizon: ArrayLike, forced_sale: ArrayLike) -> None:
    positive(growth=growth, hazard=hazard, horizon=horizon)
    share(forced_sale=forced_sale)


@formula
def present_value(
    growth: ArrayLike, hazard: ArrayLike, horizon: ArrayLike, forced_sale: ArrayLike, rate: ArrayLike = 0.0
) -> float | Floats:
    r"""Return the value of one yuan in winners, discounted at a stated rate.

    Parameters
    ----------
    growth : array_like
        Growth of value a year, g.
    hazard : array_like
        Hazard of an exit by itself a year, h.
    horizon : array_like
        Years until what is left must be sold, T.
    forced_sale : array_like
        Share of its value that a forced sale fetches, delta, 0 to 1.
    rate : array_like, optional
        Discount rate a year, r. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`V_r(T) = \frac{h}{\kappa}(1 - e^{-\kappa T}) + \delta e^{-\kappa T}` with
        :math:`\kappa = h + r - g`; at :math:`\kappa = 0` its limit :math:`hT + \delta`. A multiple.

    References
    ----------
    :cite:t:`reed2001`
    """
    _check(growth, hazard, horizon, forced_sale)
    finite(rate=rate)
    exits, years = np.asarray(hazard, dtype=float), np.asarray(horizon, dtype=float)
    kappa = exits + np.asarray(rate, dtype=float) - np.asarray(growth, dtype=float)
    between("growth times years", -kappa * years, -np.inf, LARGEST_EXPONENT, "grows beyond the range of numbers")
    # The quotient below is 0/0 at kappa = 0; this near to it the limit is exact to the precision of a float.
    near = np.abs(kappa * years) < 1e-12
    safe = np.where(near, 1.0, kappa)
    left = np.exp(-kappa * years)
    sold = np.where(near, exits * years, exits / safe * -np.expm1(-kappa * years))
    return plain(sold + np.asarray(forced_sale) * np.where(near, 1.0, left))


@formula
def expected_multiple(
    growth: ArrayLike, hazard: ArrayLike, horizon: ArrayLike, forced_sale: ArrayLike
) -> float | Floats:
    r"""Return the expected multiple of one yuan in winners, not discounted.

    It gives early and late proceeds the same weight, which favours a long horizon; :func:`internal_rate` does not.

    Parameters
    ----------
    growth, hazard, horizon, forced_sale : array_like
        As in :func:`present_value`.

    Returns
    -------
    float or ndarray
        :math:`V(T) = \frac{h}{h-g}(1 - e^{-(h-g)T}) + \delta e^{-(h-g)T}`, a multiple.
    """
    return present_value(growth, hazard, horizon, forced_sale)


@formula
def internal_rate(growth: ArrayLike, hazard: ArrayLike, horizon: ArrayLike, forced_sale: ArrayLike) -> float | Floats:
    """Return the internal rate of return of winners: the discount rate at which one yuan is worth one yuan.

    It is `growth` where a forced sale fetches the full value, and tends to it with the horizon.

    Parameters
    ----------
    growth, hazard, horizon, forced_sale : array_like
        As in :func:`present_value`.

    Returns
    -------
    float or ndarray
        Rate a year.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or the rate beyond the range of numbers.
    """
    _check(growth, hazard, horizon, forced_sale)
    each = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (growth, hazard, horizon, forced_sale)))
    found = [_internal_rate(*(float(value) for value in case)) for case in zip(*map(np.ravel, each), strict=True)]
    return plain(np.reshape(found, each[0].shape))


def _internal_rate(growth: float, hazard: float, horizon: float, forced_sale: float) -> float:
    def excess(rate: float) -> float:
        return float(present_value(growth, hazard, horizon, forced_sale, rate)) - 1

    # At the growth rate a sale at full value is worth exactly one; a lower price can only lower the rate.
    if excess(growth) >= 0:
        return growth
    # The value rises without bound as the rate falls, so that doubling steps find the other end of the bracket, or leave
    # the range of numbers, which is an error. The first is where kappa T = -1.
    step = hazard + 1 / horizon
    for _ in range(MOST_DOUBLINGS):
        if excess(growth - step) >= 0:
            return float(brentq(excess, growth - step, growth, xtol=1e-12))
        step *= 2
    raise DomainError("growth", growth, "the rate lies beyond the range of numbers")


MOST_DOUBLINGS = 1100
"""As many take any step beyond the range of a float."""
