"""Credit rationing: a higher rate drives the better firms out of the pool, so that raising it may not pay.

The default of those who still apply rises with the rate, so that the return of a lender that cannot tell them apart
first rises and then falls. Where the pool worsens fast enough the best rate lies below the highest one a firm would
pay: credit is rationed, not priced. The curve is logistic, so that default stays a share at any rate.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, wrightomega

from patient_capital.model.common import checks
from patient_capital.model.common.checks import BreakEven, DomainError, Floats, Optimum, plain
from patient_capital.model.credit.lending import expected_return


def pool_default(
    loan_rate: ArrayLike, base_rate: ArrayLike, base_default: ArrayLike, slope: ArrayLike
) -> float | Floats:
    r"""Return the default of the firms that apply at a rate.

    .. math:: \ln\frac{p(r)}{1 - p(r)} = \ln\frac{p_0}{1 - p_0} + k\, (r - r_0)

    Parameters
    ----------
    loan_rate : array_like
        Rate r a year, not negative.
    base_rate : array_like
        Rate at which the pool was seen, r_0, a year, not negative.
    base_default : array_like
        Default probability of the pool at that rate, p_0, above 0 and below 1.
    slope : array_like
        How fast the pool worsens, k: log odds of default per unit of the rate, not negative; at 0 the pool stays.

    Returns
    -------
    float or ndarray
        Default probability, 0 to 1.

    References
    ----------
    :cite:t:`stiglitz1981`
    """
    checks.not_negative(loan_rate=loan_rate, base_rate=base_rate, slope=slope)
    rule = "must lie above 0 and below 1"
    checks.between("base_default", base_default, np.nextafter(0, 1), np.nextafter(1, 0), rule)
    rate, start, default, steepness = (
        np.asarray(value, dtype=float) for value in (loan_rate, base_rate, base_default, slope)
    )
    return plain(np.asarray(expit(logit(default) + steepness * (rate - start))))


def lender_return(
    loan_rate: ArrayLike, base_rate: ArrayLike, base_default: ArrayLike, slope: ArrayLike, recovery: ArrayLike
) -> float | Floats:
    r"""Return what a lender earns that lends to every firm that applies, before its cost.

    .. math:: (1 - p(r))\, r + p(r)\, (R - 1)

    Parameters
    ----------
    loan_rate, base_rate, base_default, slope : array_like
        As in :func:`pool_default`.
    recovery : array_like
        Recovered of a loan of one on default, R, 0 to 1.

    Returns
    -------
    float or ndarray
        Expected net return a year.

    References
    ----------
    :cite:t:`stiglitz1981`
    """
    checks.share(recovery=recovery)
    return expected_return(pool_default(loan_rate, base_rate, base_default, slope), loan_rate, recovery)


def best_loan_rate(
    base_rate: float, base_default: float, slope: float, recovery: float, low: float, high: float
) -> Optimum:
    r"""Return the rate at which a lender that cannot tell firms apart earns most.

    The return rises exactly where :math:`k\, p(r)\, (1 + r - R) < 1`, and the left side rises with the rate. There is
    one peak, with :math:`\omega` the Wright omega function, the solution of :math:`\omega + \ln\omega = z`, at

    .. math::

        r^* = R - 1 + \frac{1 + \omega(z)}{k}, \qquad z = k\, (1 + r_0 - R) - \ln\frac{p_0}{1 - p_0} - 1

    Parameters
    ----------
    base_rate, base_default, slope : float
        As in :func:`pool_default`.
    recovery : float
        Recovered of a loan of one on default, R, 0 to 1.
    low, high : float
        Span of rates a year, not negative, rising; no firm pays more than `high`.

    Returns
    -------
    Optimum
        Best rate and the return there. ``high`` where the pool does not worsen enough and the dearest loan is best;
        ``low`` where any rise costs more in defaults than it brings.

    References
    ----------
    :cite:t:`stiglitz1981`
    """
    checks.not_negative(low=low, high=high)
    if not low < high:
        raise DomainError("high", high, f"must lie above low = {low}")

    def value(rate: float) -> float:
        return float(lender_return(rate, base_rate, base_default, slope, recovery))

    def pays_more(rate: float) -> bool:
        return slope * float(pool_default(rate, base_rate, base_default, slope)) * (1 + rate - recovery) < 1

    if pays_more(high):
        return Optimum(high, value(high), "high")
    if not pays_more(low):
        return Optimum(low, value(low), "low")
    shift = slope * (1 + base_rate - recovery) - float(logit(base_default)) - 1
    at = min(max(recovery - 1 + (1 + float(wrightomega(shift))) / slope, low), high)
    return Optimum(at, value(at))


def rationing_slope(
    base_rate: float, base_default: float, recovery: float, highest_rate: float, steepest: float
) -> BreakEven:
    r"""Return how fast the pool must worsen for credit to be rationed: for the best rate to lie below the highest.

    At the highest rate H the return stops rising where :math:`k\, p(H)\, (1 + H - R) = 1`, that is at

    .. math::

        k^* = \frac 1A + \frac{1}{B}\, \omega\Big(\ln\frac BA - \ln\frac{p_0}{1 - p_0} - \frac BA\Big),
        \quad A = 1 + H - R, \quad B = H - r_0,

    and at :math:`k^* = 1 / (p_0 A)` where the pool was seen at the highest rate itself.

    Parameters
    ----------
    base_rate, base_default : float
        As in :func:`pool_default`.
    recovery : float
        Recovered of a loan of one on default, R, 0 to 1. More collateral makes rationing rarer.
    highest_rate : float
        Highest rate that a firm would pay, H, a year, positive, at least `base_rate`.
    steepest : float
        Largest slope that is searched, positive.

    Returns
    -------
    BreakEven
        The slope; a higher rate pays below it and no longer pays at and above it. ``gain`` where a higher rate pays at
        every slope up to `steepest`.

    References
    ----------
    :cite:t:`stiglitz1981`, :cite:t:`bester1985`
    """
    checks.positive(highest_rate=highest_rate, steepest=steepest)
    checks.share(recovery=recovery)
    with checks.renamed(loan_rate="base_rate"):
        odds = float(logit(float(pool_default(base_rate, base_rate, base_default, 0.0))))
    if highest_rate < base_rate:
        raise DomainError("highest_rate", highest_rate, f"must be at least base_rate = {base_rate}")
    owed, rise = 1 + highest_rate - recovery, highest_rate - base_rate
    if rise == 0:
        at = 1 / (base_default * owed)
    else:
        at = 1 / owed + float(wrightomega(math.log(rise / owed) - odds - rise / owed)) / rise
    return BreakEven(at, "crosses", 0.0, steepest) if at <= steepest else BreakEven(None, "gain", 0.0, steepest)
