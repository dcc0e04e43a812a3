r"""The supply of deals: as more money enters the market, a smaller share of the deals is in the tail.

The share of deals in the tail falls with the money in the market by a constant elasticity,
:math:`P(X \ge 5) = p_5\,(\text{flow}/\text{flow}_0)^{-\varepsilon}`. At :math:`\varepsilon = 0` money always meets the
same deals; the elasticity is not known, so the result is the one at which a programme breaks even.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, formula, not_negative, plain, positive, share
from patient_capital.model.returns.deal_returns import DealReturns, Returns
from patient_capital.model.returns.deal_table import DealTable, as_deals

Absorber = Literal["in_proportion", "losses"]
"""Where the probability that leaves the tail goes: to losing and middle deals in proportion, or all to losing ones."""
HIGHEST_ELASTICITY = 0.5
"""End of the span of elasticities that is searched unless another is stated."""


@formula
def thinned_tail_share(tail_share: ArrayLike, flow_ratio: ArrayLike, elasticity: ArrayLike) -> float | Floats:
    r"""Return the share of deals in the tail once more money is in the market.

    Parameters
    ----------
    tail_share : array_like
        Share of deals in the tail at today's flow, :math:`p_5`, 0 to 1.
    flow_ratio : array_like
        Money in the market over today's, positive.
    elasticity : array_like
        Elasticity :math:`\varepsilon` by which the share falls with the money, not negative.

    Returns
    -------
    float or ndarray
        :math:`p_5\,(\text{flow}/\text{flow}_0)^{-\varepsilon}`, 0 to 1.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or so little money is left that the share would exceed 1.
    """
    share(tail_share=tail_share)
    positive(flow_ratio=flow_ratio)
    not_negative(elasticity=elasticity)
    held = np.asarray(tail_share, dtype=float)
    thinned = held * np.asarray(flow_ratio, dtype=float) ** -np.asarray(elasticity, dtype=float)
    if (thinned > 1).any():
        raise DomainError("flow_ratio", float(np.min(flow_ratio)), "leaves more deals in the tail than there are deals")
    return plain(thinned)


@formula
def with_tail_share(returns: Returns, tail_share: float, to: Absorber) -> DealReturns | DealTable:
    """Return the same classes of deals with another share of them in the tail.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    tail_share : float
        New share of deals in the tail, 0 to 1.
    to : {"in_proportion", "losses"}
        Where the probability goes, or comes from: losing and middle deals in proportion, or losing deals alone.

    Returns
    -------
    DealReturns or DealTable
        The first for a mixture, the second for any other.

    Raises
    ------
    DomainError
        If there is no such way, or the losses cannot give what a larger tail needs.
    """
    share(tail_share=tail_share)
    deals = as_deals(returns)
    moved = deals.tail_share - tail_share
    if to == "losses":
        losses = deals.loss_share + moved
        if losses < -1e-12:
            raise DomainError("tail_share", tail_share, "exceeds what losses and tail hold together")
    elif to == "in_proportion":
        if deals.tail_share == 1 and moved > 0:
            raise DomainError("to", to, "there is no other deal to be in proportion to")
        losses = deals.loss_share if moved == 0 else deals.loss_share * (1 - tail_share) / (1 - deals.tail_share)
    else:
        raise DomainError("to", to, "is none of in_proportion, losses")
    losses = min(max(losses, 0.0), 1 - tail_share)
    if isinstance(deals, DealTable):
        return deals.with_shares(tail_share, losses)
    return replace(deals, tail_share=tail_share, loss_share=losses)


@formula
def thinned_returns(
    returns: Returns, flow_ratio: float, elasticity: float, to: Absorber = "in_proportion"
) -> DealReturns | DealTable:
    """Return the multiple of a deal once more money is in the market.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal at today's flow.
    flow_ratio, elasticity : float
        As in :func:`thinned_tail_share`.
    to : {"in_proportion", "losses"}
        As in :func:`with_tail_share`.

    Returns
    -------
    DealReturns or DealTable
        The first for a mixture, the second for any other.
    """
    deals = as_deals(returns)
    return with_tail_share(deals, float(thinned_tail_share(deals.tail_share, flow_ratio, elasticity)), to)
