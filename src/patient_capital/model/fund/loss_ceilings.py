r"""The probability that a rule on losses is broken: one on every project, or a ceiling on the loss of a whole fund.

A project rule is broken by any deal that loses, with a probability that rises to one with the number of deals. A fund
rule is broken when the whole fund has lost more than a ceiling; its probability falls with the number of deals, down to
that which the common shock alone gives.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, xlog1py

from patient_capital.model.common.checks import DomainError, Floats, between, count, formula, not_negative, plain, share
from patient_capital.model.returns._sum_lattice import POINTS, sum_lattice
from patient_capital.model.returns.deal_returns import Returns

FARTHEST_SHOCK = 5.5
"""Shocks beyond so many standard deviations are left out; their probability is 2e-8 on either side."""


def _deals(deals: ArrayLike) -> Floats:
    number = np.asarray(deals, dtype=float)
    between("deals", number, 1, np.finfo(float).max, "a fund holds at least one deal")
    if (number != np.floor(number)).any():
        raise DomainError("deals", number[number != np.floor(number)].flat[0], "must be a whole number")
    return number


@formula
def no_loss_probability(loss_share: ArrayLike, deals: ArrayLike) -> float | Floats:
    r"""Return the chance that no deal of a fund loses.

    Parameters
    ----------
    loss_share : array_like
        Share of deals that lose, p, 0 to 1.
    deals : array_like
        Number of independent deals, N, whole, at least 1. Both broadcast.

    Returns
    -------
    float or ndarray
        :math:`(1-p)^N`, a probability.
    """
    share(loss_share=loss_share)
    return plain(np.exp(xlog1py(_deals(deals), -np.asarray(loss_share, dtype=float))))


@formula
def project_rule_probability(loss_share: ArrayLike, deals: ArrayLike) -> float | Floats:
    r"""Return the chance that a rule is broken which is broken by any deal that loses.

    Parameters
    ----------
    loss_share, deals : array_like
        As in :func:`no_loss_probability`.

    Returns
    -------
    float or ndarray
        :math:`1 - (1-p)^N`, a probability.

    References
    ----------
    :cite:t:`manso2011`
    """
    share(loss_share=loss_share)
    return plain(-np.expm1(xlog1py(_deals(deals), -np.asarray(loss_share, dtype=float))))


@formula
def ceiling_chances(
    returns: Returns, deals: int, ceilings: ArrayLike, shock_sd: float = 0.0, *, points: int = POINTS
) -> float | Floats:
    r"""Return the chances that a fund loses more than each of several ceilings, from one convolution.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    deals : int
        Number of equally large independent deals, N.
    ceilings : array_like, shape (...)
        Loss allowed, :math:`\ell`, as a share of what was invested, 0 to below 1.
    shock_sd : float, optional
        Standard deviation of the log of the shock that all deals share, :math:`\sigma`; 0 for none.
    points : int, optional
        Points of the lattice; what they cost falls with their square.

    Returns
    -------
    float or ndarray, shape (...)
        :math:`P(G_N < 1-\ell)` with :math:`G_N = e^{\sigma\varepsilon-\sigma^2/2} N^{-1} \sum_i X_i`: the sum by
        convolution on a lattice that keeps the mean of every cell, the shock exactly. Without a shock, a sum that has
        a positive chance to equal the ceiling exactly counts about half.
    """
    count(1, deals=deals)
    between("ceilings", ceilings, 0.0, math.nextafter(1.0, 0), "a loss allowed is a share below 1")
    not_negative(shock_sd=shock_sd)
    levels = deals * (1 - np.asarray(ceilings, dtype=float))
    if not levels.size:
        return plain(levels)
    sums, masses, step = sum_lattice(returns, deals, _reach(float(levels.max()), shock_sd), points)
    if shock_sd == 0:
        # The mass of a point is spread evenly over half a step to either side, and the distribution function
        # interpolated.
        cumulated = np.concatenate(([0.0], np.cumsum(masses)))
        return plain(np.clip(np.interp(levels, np.append(sums, sums[-1] + step) - step / 2, cumulated), 0, 1))
    with np.errstate(divide="ignore"):
        logs = np.log(sums)
    chances = [
        float(masses @ ndtr((np.log(level) - logs) / shock_sd + shock_sd / 2)) for level in levels.reshape(-1).tolist()
    ]
    return plain(np.clip(np.reshape(chances, levels.shape), 0, 1))


def _reach(level: float, shock_sd: float) -> float:
    """Return the sum of multiples above which only shocks beyond `FARTHEST_SHOCK` bring a fund below a level."""
    return level * float(np.exp(FARTHEST_SHOCK * shock_sd + shock_sd**2 / 2))
