r"""The return of a yuan of entry subsidy to the country that pays it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, finite, formula, plain, share
from patient_capital.model.overcapacity.cournot import free_entry_firms
from patient_capital.model.overcapacity.welfare import consumer_surplus, producer_surplus


@formula
def return_per_subsidy(
    subsidy_share: ArrayLike,
    home_share: ArrayLike,
    market_size: ArrayLike,
    slope: ArrayLike,
    entry_cost: ArrayLike,
    learning_gain: ArrayLike = 0.0,
) -> float | Floats:
    r"""Return the gain of owners, home consumers and learning for one yuan of entry subsidy.

    The counterfactual is free entry without subsidy. The outlay is the share s of the entry cost of *every* firm, also
    of those that would have come anyway, because the state cannot tell them apart. Profits are those of the owners:
    with the subsidy received, and after the part of the entry cost that they bear. A subsidy that only changed hands
    would thus return 1, and home welfare rises where the return exceeds 1. With equal firms and free entry profits are
    zero before and after, so the subsidy is used up by entry and only consumers and learning bring anything back.
    A number of firms that comes about otherwise, as in the regional game, has the same return as free entry under its
    implied subsidy.

    Parameters
    ----------
    subsidy_share : array_like
        Share s of the entry cost that the state pays, above 0 and below 1.
    home_share : array_like
        Share of the consumer gain that stays at home, :math:`\eta`, 0 to 1.
    market_size, slope, entry_cost : array_like
        As in :func:`patient_capital.model.overcapacity.welfare.producer_surplus`.
    learning_gain : array_like, optional
        What the added firms bring the country by learning, as :func:`learning_gain` gives it; yuan in the same period
        as the entry cost. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\frac{\Delta PS + \eta\,\Delta CS + \text{learning}}{s\,n\,F}`, yuan per yuan. Without learning
        it is :math:`\eta\,\frac{r\,(2-g-gr)}{2(1+r)(1-gr)}` with :math:`r = \sqrt{1-s}` and
        :math:`g = \sqrt{bF}/A`, below :math:`\eta/2`.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or the entry cost keeps every firm out of the market without subsidy.

    References
    ----------
    :cite:t:`mankiw1986`, :cite:t:`barwick2025`
    """
    share(home_share=home_share)
    finite(learning_gain=learning_gain)
    paid = np.asarray(subsidy_share, dtype=float)
    if (paid == 0).any():
        raise DomainError("subsidy_share", 0.0, "must be positive: without an outlay there is no return on it")
    before = np.asarray(free_entry_firms(market_size, slope, entry_cost))
    after = np.asarray(free_entry_firms(market_size, slope, entry_cost, paid))
    outlay = paid * after * np.asarray(entry_cost, dtype=float)
    owners = np.asarray(producer_surplus(after, market_size, slope, entry_cost)) + outlay
    owners = owners - producer_surplus(before, market_size, slope, entry_cost)
    consumers = np.asarray(consumer_surplus(after, market_size, slope)) - consumer_surplus(before, market_size, slope)
    return plain((owners + np.asarray(home_share) * consumers + np.asarray(learning_gain)) / outlay)
