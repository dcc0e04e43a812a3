r"""The supply of deals: as more money enters the market, a smaller share of the deals is in the tail.

The share of deals in the tail falls with the money in the market by a constant elasticity,
:math:`P(X \ge 5) = p_5\,(\text{flow}/\text{flow}_0)^{-\varepsilon}`. At :math:`\varepsilon = 0` money always meets the
same deals; the elasticity is not known, so the result is the one at which a programme breaks even.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, DomainError, Floats, not_negative, plain, positive, share
from patient_capital.model.returns.deal_returns import DealReturns

Absorber = Literal["in_proportion", "losses"]
"""Where the probability that leaves the tail goes: to losing and middle deals in proportion, or all to losing ones."""
HIGHEST_ELASTICITY = 0.5
"""End of the span of elasticities that is searched unless another is stated."""


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


def with_tail_share(returns: DealReturns, tail_share: float, to: Absorber) -> DealReturns:
    """Return the same classes of deals with another share of them in the tail.

    Parameters
    ----------
    returns : DealReturns
        Gross multiple of a deal.
    tail_share : float
        New share of deals in the tail, 0 to 1.
    to : {"in_proportion", "losses"}
        Where the probability goes, or comes from: losing and middle deals in proportion, or losing deals alone.

    Returns
    -------
    DealReturns

    Raises
    ------
    DomainError
        If there is no such way, or the losses cannot give what a larger tail needs.
    """
    share(tail_share=tail_share)
    moved = returns.tail_share - tail_share
    if to == "losses":
        losses = returns.loss_share + moved
        if losses < -1e-12:
            raise DomainError("tail_share", tail_share, "exceeds what losses and tail hold together")
    elif to == "in_proportion":
        if returns.tail_share == 1 and moved > 0:
            raise DomainError("to", to, "there is no other deal to be in proportion to")
        losses = returns.loss_share if moved == 0 else returns.loss_share * (1 - tail_share) / (1 - returns.tail_share)
    else:
        raise DomainError("to", to, "is none of in_proportion, losses")
    return replace(returns, tail_share=tail_share, loss_share=min(max(losses, 0.0), 1 - tail_share))


def thinned_returns(
    returns: DealReturns, flow_ratio: float, elasticity: float, to: Absorber = "in_proportion"
) -> DealReturns:
    """Return the multiple of a deal once more money is in the market.

    Parameters
    ----------
    returns : DealReturns
        Gross multiple of a deal at today's flow.
    flow_ratio, elasticity : float
        As in :func:`thinned_tail_share`.
    to : {"in_proportion", "losses"}
        As in :func:`with_tail_share`.

    Returns
    -------
    DealReturns
    """
    return with_tail_share(returns, float(thinned_tail_share(returns.tail_share, flow_ratio, elasticity)), to)


def break_even_elasticity(
    returns: DealReturns,
    required_mean: float,
    flow_ratio: float,
    to: Absorber = "in_proportion",
    *,
    high: float = HIGHEST_ELASTICITY,
) -> BreakEven:
    r"""Return the elasticity at which more money just earns a required mean multiple, in closed form.

    Parameters
    ----------
    returns : DealReturns
        Gross multiple of a deal at today's flow.
    required_mean : float
        Mean gross multiple at which the programme breaks even, positive.
    flow_ratio : float
        Money in the market over today's, at least 1.
    to : {"in_proportion", "losses"}
        As in :func:`with_tail_share`.
    high : float, optional
        Highest elasticity that counts as plausible, positive.

    Returns
    -------
    BreakEven
        :math:`\varepsilon^* = \ln(p_5 / p^*) / \ln(\text{flow}/\text{flow}_0)` over a span from 0, with :math:`p^*` the
        tail share at which the mean, linear in it, is the required one; ``gain`` where the mean is at least the
        required one over the whole span, ``loss`` where it is below.
    """
    positive(required_mean=required_mean, high=high, flow_ratio=flow_ratio)
    if flow_ratio < 1:
        raise DomainError("flow_ratio", flow_ratio, "more money arrives, so it is at least 1")
    today, least = returns.mean(), thinned_returns(returns, flow_ratio, high, to).mean()
    if least >= required_mean:
        return BreakEven(None, "gain", 0.0, high)
    if today < required_mean:
        return BreakEven(None, "loss", 0.0, high)
    without = with_tail_share(returns, 0.0, to).mean()
    needed = (required_mean - without) / (today - without)
    return BreakEven(-math.log(needed) / math.log(flow_ratio), "crosses", 0.0, high)


def break_even_elasticity_of(
    value: Callable[[float], float], required: float, *, low: float = 0.0, high: float = HIGHEST_ELASTICITY
) -> BreakEven:
    """Return the elasticity at which any value of a programme, falling in it, is just the required one.

    Parameters
    ----------
    value : callable
        Value of the programme as a continuous, monotone function of the elasticity; any unit.
    required : float
        Value at which it breaks even, same unit.
    low, high : float, optional
        Span of the elasticity.

    Returns
    -------
    BreakEven
        ``gain`` where the value is at least the required one over the whole span, ``loss`` where it is below.

    Raises
    ------
    DomainError
        If the span is empty, or a value is not a finite number.
    """
    return first_sign_change(lambda elasticity: value(elasticity) - required, low, high)
