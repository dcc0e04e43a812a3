r"""Linear Cournot competition with an entry cost: output and profit, and the number of firms under several rules.

Price is :math:`p = \alpha - bQ`, every firm has the unit cost c, and the market size is :math:`A = \alpha - c`.
The number of firms is a real number, as in the literature on free entry; below one it is the share of equal
markets that are served. An entrant takes sales from rivals and ignores their loss, so that with equal goods free entry
brings too many firms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, formula, not_negative, plain, positive, share
from patient_capital.model.overcapacity.market import cubic_root, entered, relative_entry_cost


@formula
def firm_output(firms: ArrayLike, market_size: ArrayLike, slope: ArrayLike) -> float | Floats:
    r"""Return the output of one firm.

    Parameters
    ----------
    firms : array_like
        Number of firms n, zero or more, a real number.
    market_size, slope : array_like
        As in :func:`patient_capital.model.overcapacity.market.relative_entry_cost`.

    Returns
    -------
    float or ndarray
        :math:`q = \frac{A}{b(n+1)}`, units of output.
    """
    not_negative(firms=firms)
    positive(market_size=market_size, slope=slope)
    number = np.asarray(firms, dtype=float)
    return plain(np.asarray(market_size, dtype=float) / (np.asarray(slope, dtype=float) * (number + 1)))


@formula
def firm_profit(firms: ArrayLike, market_size: ArrayLike, slope: ArrayLike) -> float | Floats:
    r"""Return the profit of one firm before its entry cost.

    Parameters
    ----------
    firms, market_size, slope : array_like
        As in :func:`firm_output`.

    Returns
    -------
    float or ndarray
        :math:`\pi = \frac{A^2}{b(n+1)^2}`, yuan.
    """
    return plain(np.asarray(slope, dtype=float) * np.asarray(firm_output(firms, market_size, slope)) ** 2)


@formula
def free_entry_firms(
    market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike, subsidy_share: ArrayLike = 0.0
) -> float | Floats:
    r"""Return the number of firms at which profit just pays what the entrant bears of the entry cost.

    Parameters
    ----------
    market_size, slope, entry_cost : array_like
        As in :func:`patient_capital.model.overcapacity.market.relative_entry_cost`.
    subsidy_share : array_like, optional
        Share s of the entry cost that the state pays, 0 to below 1.

    Returns
    -------
    float or ndarray
        :math:`n_e(s) = \frac{A}{\sqrt{bF(1-s)}} - 1`.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or the entry cost keeps every firm out.

    References
    ----------
    :cite:t:`mankiw1986`
    """
    share(subsidy_share=subsidy_share)
    paid = np.asarray(subsidy_share, dtype=float)
    if (paid == 1).any():
        raise DomainError("subsidy_share", 1.0, "must lie below 1: entry that costs nothing never ends")
    left = np.asarray(relative_entry_cost(market_size, slope, entry_cost)) * (1 - paid)
    return entered("entry_cost", entry_cost, 1 / np.sqrt(left) - 1)


@formula
def optimal_firms(market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike) -> float | Floats:
    r"""Return the number of firms that is best for consumers and firms together, given that they then compete.

    Parameters
    ----------
    market_size, slope, entry_cost : array_like
        As in :func:`patient_capital.model.overcapacity.market.relative_entry_cost`.

    Returns
    -------
    float or ndarray
        :math:`n^* = \left(\frac{A^2}{bF}\right)^{1/3} - 1`, so that :math:`(n^*+1)^3 = (n_e+1)^2`.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or no firm is worth its entry cost.

    References
    ----------
    :cite:t:`mankiw1986`
    """
    cost = np.asarray(relative_entry_cost(market_size, slope, entry_cost))
    return entered("entry_cost", entry_cost, np.cbrt(1 / cost) - 1)


@formula
def cartel_firms(market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike) -> float | Floats:
    r"""Return the number of firms that is best for the firms together, always below one.

    Parameters
    ----------
    market_size, slope, entry_cost : array_like
        As in :func:`patient_capital.model.overcapacity.market.relative_entry_cost`.

    Returns
    -------
    float or ndarray
        The root n of :math:`\frac{1-n}{(n+1)^3} = \frac{bF}{A^2}`.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or no firm is worth its entry cost.
    """
    inverse = 1 / np.asarray(relative_entry_cost(market_size, slope, entry_cost))
    return entered("entry_cost", entry_cost, np.asarray(cubic_root(inverse, 2 * inverse)) - 1)


@formula
def implied_entry_subsidy(
    firms: ArrayLike, market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike
) -> float | Floats:
    r"""Return the share of the entry cost that must be paid for so many firms to come by free entry.

    Parameters
    ----------
    firms, market_size, slope : array_like
        As in :func:`firm_output`.
    entry_cost : array_like
        As in :func:`patient_capital.model.overcapacity.market.relative_entry_cost`.

    Returns
    -------
    float or ndarray
        :math:`s = 1 - \pi(n)/F`, a share below 1; negative, a tax on entry, where fewer firms than under free entry.
    """
    positive(entry_cost=entry_cost)
    return plain(1 - np.asarray(firm_profit(firms, market_size, slope)) / np.asarray(entry_cost, dtype=float))


@formula
def business_stealing_share(firms: ArrayLike) -> float | Floats:
    r"""Return the share of an entrant's output that is taken from the firms it meets.

    The same share holds for a wave of entry of any size, when `firms` counts the rivals outside the group that grows:
    a country whose firms multiply takes :math:`n_f/(n_f+1)` of its added output from :math:`n_f` foreign rivals,
    however many firms it had and added.

    Parameters
    ----------
    firms : array_like
        Number of rivals n, zero or more.

    Returns
    -------
    float or ndarray
        :math:`1 - \frac{\partial Q/\partial n}{q} = \frac{n}{n+1}`, a share.

    Raises
    ------
    DomainError
        If the number is negative.

    References
    ----------
    :cite:t:`mankiw1986`, :cite:t:`barwick2025`
    """
    not_negative(firms=firms)
    number = np.asarray(firms, dtype=float)
    return plain(number / (number + 1))
