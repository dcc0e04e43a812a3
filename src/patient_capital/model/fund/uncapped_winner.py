"""Value and return of a winner without a cap that grows until it exits or must be sold at the end of the fund.

Growth at rate g until an exponential exit time with hazard h gives a Pareto tail with index a = h / g
(Reed 2001). A fund that ends at T must then sell what is left at a fraction delta of its value.
All rates are continuously compounded.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq

from patient_capital.model._numerics.exponentials import LARGEST_EXPONENT
from patient_capital.model.common.checks import DomainError, between, finite, positive, share


def _check(growth: float, hazard: float, horizon: float, forced_sale: float) -> None:
    positive(growth=growth, hazard=hazard, horizon=horizon)
    share(forced_sale=forced_sale)


def present_value(growth: float, hazard: float, horizon: float, forced_sale: float, rate: float = 0.0) -> float:
    r"""Return the value of one yuan in winners, discounted at a stated rate.

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
        :math:`\kappa = h + r - g`; at :math:`\kappa = 0` its limit :math:`hT + \delta`. A multiple.

    References
    ----------
    :cite:t:`reed2001`
    """
    _check(growth, hazard, horizon, forced_sale)
    finite(rate=rate)
    kappa = hazard + rate - growth
    between("growth times years", -kappa * horizon, -math.inf, LARGEST_EXPONENT, "grows beyond the range of numbers")
    # The quotient below is 0/0 at kappa = 0; this near to it the limit is exact to the precision of a float.
    if abs(kappa * horizon) < 1e-12:
        return hazard * horizon + forced_sale
    left = math.exp(-kappa * horizon)
    return hazard / kappa * -math.expm1(-kappa * horizon) + forced_sale * left


def expected_multiple(growth: float, hazard: float, horizon: float, forced_sale: float) -> float:
    r"""Return the expected multiple of one yuan in winners, not discounted.

    It gives early and late proceeds the same weight, which favours a long horizon; :func:`rolled_over_value` and
    :func:`internal_rate` do not.

    Parameters
    ----------
    growth, hazard, horizon, forced_sale : float
        As in :func:`present_value`.

    Returns
    -------
    float
        :math:`V(T) = \frac{h}{h-g}(1 - e^{-(h-g)T}) + \delta e^{-(h-g)T}`, a multiple.
    """
    return present_value(growth, hazard, horizon, forced_sale)


def rolled_over_value(growth: float, hazard: float, horizon: float, forced_sale: float, years: float) -> float:
    r"""Return the value of one yuan after some years when all proceeds of a fund go into the next fund like it.

    Parameters
    ----------
    growth, hazard, horizon, forced_sale : float
        As in :func:`present_value`; `horizon` is that of the fund which is repeated.
    years : float
        Years over which it is repeated, positive; the number of funds, years over horizon, need not be whole.

    Returns
    -------
    float
        :math:`V(T)^{\text{years}/T}`, a multiple.
    """
    positive(years=years)
    return math.pow(expected_multiple(growth, hazard, horizon, forced_sale), years / horizon)


def internal_rate(growth: float, hazard: float, horizon: float, forced_sale: float) -> float:
    """Return the internal rate of return of winners: the discount rate at which one yuan is worth one yuan.

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

    # At the growth rate a sale at full value is worth exactly one; a lower price can only lower the rate.
    if excess(growth) >= 0:
        return growth
    # At this rate kappa T = -1, the first point of a walk down to where the value exceeds the cost.
    low = growth - hazard - 1 / horizon
    while excess(low) < 0:
        low -= 1
    return float(brentq(excess, low, growth, xtol=1e-12))


def break_even_rate(growth: float, hazard: float, forced_sale: float) -> float:
    r"""Return the discount rate below which a longer horizon is always worth more.

    At this rate a yuan in winners is worth :math:`V_r(T) = \delta` whatever the horizon: what a sale at once fetches.

    Parameters
    ----------
    growth, hazard, forced_sale : float
        As in :func:`present_value`; `forced_sale` must be positive.

    Returns
    -------
    float
        :math:`g + h (1 - \delta) / \delta`, a year. The sign of the gain from waiting never depends on the horizon.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or a forced sale fetches nothing.
    """
    _check(growth, hazard, 1.0, forced_sale)
    if forced_sale == 0:
        raise DomainError("forced_sale", 0, "where a forced sale fetches nothing, waiting always pays")
    return growth + hazard * (1 - forced_sale) / forced_sale
