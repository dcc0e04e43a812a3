r"""The regional game: every region founds firms for one common market and values only its own profit and output.

Region r founds :math:`n_r` firms at the cost :math:`F_r` each. It values their profit and, beyond it, :math:`v_r` for
every unit of their output: jobs, tax, promotion. It pays all that its firms do not earn and ignores the loss of firms
elsewhere. The payoff depends on the others only through the total, so the equilibrium is a single number.

There is exactly one equilibrium. With :math:`x = N + 1` the best answer is a share of x,
:math:`h_r = 1 - (1 + \varphi_r x^2)/(2 + w_r x)`, where :math:`\varphi_r = bF_r/A^2` and :math:`w_r = v_r/A`.
Where the shares add up to :math:`N/x`, the slope of their sum is below that of :math:`N/x`, so they cross once.
And where a region's first-order condition holds, :math:`n_r/x \le (1+w_rx)/(2+w_rx) < (2+w_rx)/(3+w_rx)`, which is its
second-order condition: what the condition gives is a maximum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, formula, not_negative, plain, positive
from patient_capital.model.overcapacity.cournot import firm_output, firm_profit
from patient_capital.model.overcapacity.market import entered, relative_entry_cost


@formula
def regional_payoff(
    firms: ArrayLike,
    others: ArrayLike,
    market_size: ArrayLike,
    slope: ArrayLike,
    entry_cost: ArrayLike,
    output_weight: ArrayLike,
) -> float | Floats:
    r"""Return what a region's firms are worth to its leaders.

    Parameters
    ----------
    firms : array_like
        Number of firms that the region founds, :math:`n_r`, zero or more.
    others : array_like
        Number of firms in all other regions, zero or more.
    market_size, slope, entry_cost : array_like
        Market size A, slope b and entry cost F, positive, as in :mod:`patient_capital.model.overcapacity.cournot`.
    output_weight : array_like
        Weight on a unit of local output beyond profit, v, zero or more; yuan per unit. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`n_r\,[\pi(N) - F + v\,q(N)]` with N the total; yuan.

    References
    ----------
    :cite:t:`lizhou2005`
    """
    not_negative(firms=firms, others=others, output_weight=output_weight)
    positive(entry_cost=entry_cost)
    number = np.asarray(firms, dtype=float)
    total = number + np.asarray(others, dtype=float)
    profit = np.asarray(firm_profit(total, market_size, slope))
    output = np.asarray(firm_output(total, market_size, slope))
    return plain(number * (profit - np.asarray(entry_cost) + np.asarray(output_weight) * output))


def _largest_market(cost: Floats, weight: Floats) -> Floats:
    """Return x = N + 1 at which a firm is just worth its cost to a region that ignores its own effect on the price."""
    return np.asarray((weight + np.sqrt(weight**2 + 4 * cost)) / (2 * cost))


@formula
def symmetric_entry(
    market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike, output_weight: ArrayLike, regions: ArrayLike
) -> float | Floats:
    r"""Return the total number of firms when all regions are equal.

    Without weight on output, one region founds the firms of a cartel, and with infinitely many regions the number is
    that of free entry; with a weight on output regions found more.

    Parameters
    ----------
    market_size, slope, entry_cost : array_like
        Market size A, slope b and entry cost F, positive, as in :mod:`patient_capital.model.overcapacity.cournot`.
    output_weight : array_like
        Weight on a unit of local output beyond profit, v, zero or more; yuan per unit, as the market size.
    regions : array_like
        Number of regions R, whole, at least 1; infinite for regions that see no effect of their own. All broadcast.

    Returns
    -------
    float or ndarray
        The root n of :math:`\frac{A^2}{b(n+1)^2}\left[1-\frac{2n}{R(n+1)}\right] +
        \frac{vA}{b(n+1)}\left[1-\frac{n}{R(n+1)}\right] = F`.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or the entry cost keeps every firm out.

    References
    ----------
    :cite:t:`mankiw1986`, :cite:t:`lizhou2005`, :cite:t:`young2000`, :cite:t:`bolton1990`
    """
    not_negative(output_weight=output_weight)
    count = np.asarray(regions, dtype=float)
    whole = (count >= 1) & (np.floor(count) == count)
    if not whole.all():
        raise DomainError("regions", count[~whole].flat[0], "must be a whole number of at least 1, or infinite")
    part = 1 / count
    cost = np.asarray(relative_entry_cost(market_size, slope, entry_cost))
    weight = np.asarray(output_weight, dtype=float) / np.asarray(market_size, dtype=float)
    size = _largest_market(cost, weight)
    entered("entry_cost", entry_cost, size - 1)
    # The condition is a cubic in x = n + 1 with one positive root, convex and rising from there on: Newton's steps from
    # above fall to the root and never pass it.
    for _ in range(100):
        value = ((cost * size - (1 - part) * weight) * size - (1 - (2 - weight) * part)) * size - 2 * part
        rise = (3 * cost * size - 2 * (1 - part) * weight) * size - (1 - (2 - weight) * part)
        step = value / rise
        size = size - step
        if np.all(np.abs(step) <= 1e-14 * size):
            break
    return plain(size - 1)
