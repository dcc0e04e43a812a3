r"""Home welfare of entry: the surplus of all firms and of the consumers at home.

All firms are at home, and a share of the consumers is. The weight that leaders put on output changes how many firms
they found and is no part of welfare. One region that decides for all is a cartel and founds too few firms; many regions
found too many. Which is worse depends on the share of the consumer gain that stays at home.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import (
    BreakEven,
    DomainError,
    Floats,
    count,
    finite,
    formula,
    plain,
    positive,
    share,
)
from patient_capital.model.overcapacity.cournot import firm_profit, optimal_firms
from patient_capital.model.overcapacity.regional_game import symmetric_entry


@formula
def producer_surplus(
    firms: ArrayLike, market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike
) -> float | Floats:
    r"""Return the profit of all firms after the whole cost of entry, whoever pays it.

    Parameters
    ----------
    firms : array_like
        Number of firms n, zero or more.
    market_size, slope, entry_cost : array_like
        Market size A, slope b and entry cost F, positive, as in :func:`relative_entry_cost`. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`n(\pi - F)`, yuan.
    """
    positive(entry_cost=entry_cost)
    profit = np.asarray(firm_profit(firms, market_size, slope))
    return plain(np.asarray(firms, dtype=float) * (profit - np.asarray(entry_cost, dtype=float)))


@formula
def consumer_surplus(firms: ArrayLike, market_size: ArrayLike, slope: ArrayLike) -> float | Floats:
    r"""Return the gain of all consumers, at home and abroad.

    Parameters
    ----------
    firms, market_size, slope : array_like
        As in :func:`producer_surplus`.

    Returns
    -------
    float or ndarray
        :math:`\frac{b}{2}Q^2 = \frac{A^2}{2b}\left(\frac{n}{n+1}\right)^2`, yuan.
    """
    return plain(np.asarray(firms, dtype=float) ** 2 * np.asarray(firm_profit(firms, market_size, slope)) / 2)


@formula
def home_welfare(
    firms: ArrayLike, home_share: ArrayLike, market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike
) -> float | Floats:
    r"""Return the welfare of the country whose firms these are.

    A subsidy moves money from the state to its firms and drops out.

    Parameters
    ----------
    firms : array_like
        Number of firms n, zero or more.
    home_share : array_like
        Share of the consumer gain that stays at home, :math:`\eta`, 0 to 1.
    market_size, slope, entry_cost : array_like
        As in :func:`producer_surplus`.

    Returns
    -------
    float or ndarray
        :math:`W = n(\pi - F) + \eta\,CS`, yuan.
    """
    share(home_share=home_share)
    consumers = np.asarray(home_share, dtype=float) * consumer_surplus(firms, market_size, slope)
    return plain(producer_surplus(firms, market_size, slope, entry_cost) + consumers)


@formula
def relative_welfare(
    firms: ArrayLike, home_share: ArrayLike, market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike
) -> float | Floats:
    r"""Return home welfare over the most that entry can give when all consumer gain stays at home.

    Parameters
    ----------
    firms, home_share, market_size, slope, entry_cost : array_like
        As in :func:`home_welfare`.

    Returns
    -------
    float or ndarray
        :math:`W(n, \eta) / W(n^*, 1)`, at most 1; negative where entry costs more than it brings.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or no firm is worth its entry cost.

    References
    ----------
    :cite:t:`mankiw1986`
    """
    best = home_welfare(optimal_firms(market_size, slope, entry_cost), 1.0, market_size, slope, entry_cost)
    return plain(np.asarray(home_welfare(firms, home_share, market_size, slope, entry_cost)) / best)


@formula
def home_share_break_even(producer_gap: float, consumer_gap: float) -> BreakEven:
    r"""Return the home share at which two policies are equally good for the country.

    Parameters
    ----------
    producer_gap : float
        Producer surplus of the one policy less that of the other; yuan.
    consumer_gap : float
        Consumer surplus of the one less that of the other; yuan.

    Returns
    -------
    BreakEven
        :math:`\hat\eta = -\Delta PS / \Delta CS` where it lies strictly between 0 and 1. The gain is that of the first
        policy.

    Raises
    ------
    DomainError
        If a gap is not finite, or both are zero.
    """
    finite(producer_gap=producer_gap, consumer_gap=consumer_gap)
    if producer_gap == 0 and consumer_gap == 0:
        raise DomainError("consumer_gap", consumer_gap, "must not be zero with producer_gap: the policies are the same")
    at_none, at_all = producer_gap, producer_gap + consumer_gap
    if at_none * at_all < 0:
        return BreakEven(at=-producer_gap / consumer_gap, side="crosses", low=0.0, high=1.0)
    return BreakEven(at=None, side="gain" if at_none + at_all > 0 else "loss", low=0.0, high=1.0)


@formula
def break_even_home_share(
    output_weight: float, *, market_size: float, slope: float, entry_cost: float, few: int = 1, many: int = 31
) -> BreakEven:
    r"""Return the home share above which many regions serve the country better than few.

    Parameters
    ----------
    output_weight : float
        Weight of every region on a unit of local output, v, zero or more; yuan per unit.
    market_size, slope, entry_cost : float
        As in :func:`producer_surplus`.
    few, many : int, optional
        Numbers of equal regions that are compared, 1 <= few < many.

    Returns
    -------
    BreakEven
        :math:`\hat\eta = \frac{PS_{few} - PS_{many}}{CS_{many} - CS_{few}}`. The gain is that of many regions:
        ``loss`` means that few are better at every home share, ``gain`` that many are.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or the entry cost keeps every firm out.

    References
    ----------
    :cite:t:`mankiw1986`, :cite:t:`young2000`, :cite:t:`bolton1990`
    """
    count(few=few)
    count(few + 1, many=many)
    firms = np.asarray(symmetric_entry(market_size, slope, entry_cost, output_weight, [few, many]))
    producers = np.asarray(producer_surplus(firms, market_size, slope, entry_cost))
    consumers = np.asarray(consumer_surplus(firms, market_size, slope))
    return home_share_break_even(float(producers[1] - producers[0]), float(consumers[1] - consumers[0]))
