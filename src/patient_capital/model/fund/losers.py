r"""Losers: firms that run out of money, and are closed or refinanced.

A loser runs out of money with a constant hazard :math:`h_L`. Under a hard budget it is then closed and returns a
share of what it has cost. Under a soft budget a share :math:`\varphi` of those that run out of money gets as much
again as it cost at first, and continues (Dewatripont and Maskin 1995): closures come with hazard
:math:`c = (1-\varphi)h_L`, refinancings with :math:`q = \varphi h_L`, and a loser alive after t years has cost
:math:`1 + qt`. Each further yuan has the same return as the first. The cost of a soft budget therefore rises with the
horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model._numerics.exponentials import repeated_integrals
from patient_capital.model.common.checks import Floats, finite, not_negative, plain, positive, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Losers:
    """Share of losers among deals, and what becomes of them. Fields are numbers, or arrays of one shape.

    Attributes
    ----------
    share : float or ndarray
        Share of deals that are losers, 0 to 1.
    mean : float or ndarray
        What a closed loser returns on each yuan it has cost, 0 to 1.
    fail_hazard : float or ndarray
        Hazard a year of running out of money, :math:`h_L`, positive.

    References
    ----------
    :cite:t:`dewatripont1995`
    """

    share: float | Floats
    mean: float | Floats
    fail_hazard: float | Floats

    def __post_init__(self) -> None:
        share(**{"losers.share": self.share, "losers.mean": self.mean})
        positive(**{"losers.fail_hazard": self.fail_hazard})


def loser_survival(years: ArrayLike, fail_hazard: ArrayLike, soft_budget: ArrayLike = 0.0) -> float | Floats:
    r"""Return the share of losers that have not been closed.

    Parameters
    ----------
    years : array_like
        Years since the purchase, t, zero or more.
    fail_hazard : array_like
        Hazard a year of running out of money, :math:`h_L`, positive.
    soft_budget : array_like, optional
        Share of losers out of money that are refinanced, :math:`\varphi`, 0 to 1. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`e^{-(1-\varphi)h_L t}`, a share.
    """
    not_negative(years=years)
    positive(fail_hazard=fail_hazard)
    share(soft_budget=soft_budget)
    closing = (1 - np.asarray(soft_budget, dtype=float)) * np.asarray(fail_hazard, dtype=float)
    return plain(np.exp(-closing * np.asarray(years, dtype=float)))


def refinancing_per_loser(horizon: ArrayLike, fail_hazard: ArrayLike, soft_budget: ArrayLike) -> float | Floats:
    r"""Return the expected number of refinancings of a loser until a horizon, each as large as its first cost.

    Parameters
    ----------
    horizon : array_like
        Years until all are sold, T, zero or more.
    fail_hazard, soft_budget : array_like
        As in :func:`loser_survival`.

    Returns
    -------
    float or ndarray
        :math:`\frac{\varphi}{1-\varphi}\left(1 - e^{-(1-\varphi)h_L T}\right)`, and :math:`h_L T` where all are
        refinanced; it rises with the horizon.
    """
    not_negative(horizon=horizon)
    positive(fail_hazard=fail_hazard)
    share(soft_budget=soft_budget)
    soft, hazard = np.asarray(soft_budget, dtype=float), np.asarray(fail_hazard, dtype=float)
    (alive,) = repeated_integrals(1, (1 - soft) * hazard, horizon)
    return plain(soft * hazard * alive)


def loser_present_value(
    losers: Losers, horizon: ArrayLike, forced_sale: ArrayLike, rate: ArrayLike = 0.0, soft_budget: ArrayLike = 0.0
) -> float | Floats:
    r"""Return the value of one yuan in losers, less what refinancing costs, discounted at a stated rate.

    Parameters
    ----------
    losers : Losers
        Return and hazard; the share is not used.
    horizon : array_like
        Years until those alive are sold, T, positive.
    forced_sale : array_like
        Share of what a closure would return that a forced sale fetches, :math:`\delta`, 0 to 1.
    rate : array_like, optional
        Discount rate a year, r.
    soft_budget : array_like, optional
        As in :func:`loser_survival`. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\int_0^T [m_0 c (1 + qt) - q]\,e^{-(c+r)t}dt + \delta m_0 (1 + qT) e^{-(c+r)T}`, yuan.
    """
    positive(horizon=horizon)
    share(forced_sale=forced_sale, soft_budget=soft_budget)
    finite(rate=rate)
    end, soft, hazard = (np.asarray(v, dtype=float) for v in (horizon, soft_budget, losers.fail_hazard))
    closing, again = (1 - soft) * hazard, soft * hazard
    decay = closing + np.asarray(rate, dtype=float)
    once, twice = repeated_integrals(2, decay, end)
    # The integral of t e^(-kt), by parts.
    aged = end * once - twice
    closed = losers.mean * closing * (once + again * aged)
    left = np.asarray(forced_sale) * losers.mean * (1 + again * end) * np.exp(-decay * end)
    return plain(closed - again * once + left)
