"""What waiting is worth: a winner grows until it exits by itself or must be sold at the end of the fund.

Growth at rate g until an exponential exit time with hazard h gives a Pareto tail with index a = h / g
(Reed 2001). A fund that ends at T must then sell what is left at a fraction delta of its value.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq


def _check(growth: float, hazard: float, horizon: float, forced_sale: float) -> None:
    if growth <= 0 or hazard <= 0:
        raise ValueError(f"growth = {growth}, hazard = {hazard}: both must be positive")
    if horizon <= 0:
        raise ValueError(f"horizon = {horizon}: a fund lives longer than no time")
    if not 0 <= forced_sale <= 1:
        raise ValueError(f"forced_sale = {forced_sale}: a forced sale fetches between nothing and the full value")


def present_value(growth: float, hazard: float, horizon: float, forced_sale: float, rate: float = 0.0) -> float:
    r"""Return the value of one yuan in winners, discounted at `rate`.

    Parameters
    ----------
    growth : float
        Growth of value a year, g.
    hazard : float
        Hazard of an exit by itself a year, h.
    horizon : float
        Years until what is left must be sold, T.
    forced_sale : float
        Share of its value that a forced sale fetches, delta, 0 to 1.
    rate : float
        Discount rate a year, r.

    Returns
    -------
    float
        :math:`V_r(T) = \frac{h}{\kappa}(1 - e^{-\kappa T}) + \delta e^{-\kappa T}` with
        :math:`\kappa = h + r - g`; at :math:`\kappa = 0` its limit :math:`hT + \delta`.

    Raises
    ------
    ValueError
        If a parameter lies outside its domain.
    """
    _check(growth, hazard, horizon, forced_sale)
    kappa = hazard + rate - growth
    if abs(kappa * horizon) < 1e-12:
        return hazard * horizon + forced_sale
    left = math.exp(-kappa * horizon)
    return hazard / kappa * -math.expm1(-kappa * horizon) + forced_sale * left


def internal_rate(growth: float, hazard: float, horizon: float, forced_sale: float) -> float:
    """Return the internal rate of return of winners: the discount rate at which one yuan is worth one yuan.

    Early proceeds earn the same rate, so that a short fund is not charged with money that lies idle.
    It is `growth` where a forced sale fetches the full value, and tends to it with the horizon.

    Parameters
    ----------
    growth, hazard, horizon, forced_sale : float
        As in :func:`present_value`.

    Returns
    -------
    float
        Rate a year.
    """
    _check(growth, hazard, horizon, forced_sale)

    def excess(rate: float) -> float:
        return present_value(growth, hazard, horizon, forced_sale, rate) - 1

    # At the growth rate a sale at full value is worth exactly one; a worse sale can only lower the rate.
    if excess(growth) >= 0:
        return growth
    low = growth - hazard - 1 / horizon
    while excess(low) < 0:
        low -= 1
    return float(brentq(excess, low, growth, xtol=1e-12))


def break_even_rate(growth: float, hazard: float, forced_sale: float) -> float:
    """Return the discount rate below which a longer horizon is always worth more.

    Parameters
    ----------
    growth, hazard, forced_sale : float
        As in :func:`present_value`; `forced_sale` must be positive.

    Returns
    -------
    float
        g + h (1 - delta) / delta. The sign of the gain from waiting never depends on the horizon.
    """
    _check(growth, hazard, 1.0, forced_sale)
    if forced_sale == 0:
        raise ValueError("forced_sale = 0: where a forced sale fetches nothing, waiting always pays")
    return growth + hazard * (1 - forced_sale) / forced_sale
