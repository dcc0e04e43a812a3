r"""Two effects of the state's share in a fund: the private money that follows it, and the best deals that refuse it.

An illustration only. The one estimate of how much private money follows is a difference between cities, in yuan for
each yuan; refusal is a share of deals. Since the two have no common dimension, the formulas show the shape of the
trade-off and neither bound refusal nor give the best share for China.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, Optimum, formula, plain


@formula
def state_outcome(state_share: ArrayLike, crowd_in: ArrayLike, refusal: ArrayLike) -> float | Floats:
    r"""Return the outcome of a fund relative to one without state money.

    Parameters
    ----------
    state_share : array_like
        Share of the state in the fund, s, 0 to 1.
    crowd_in : array_like
        Private money that follows one yuan of the state, :math:`\kappa`, not negative.
    refusal : array_like
        Chance that one of the best deals refuses a fund owned by the state alone, :math:`\theta`, 0 to 1.

    Returns
    -------
    float or ndarray
        :math:`(1 + \kappa s)(1 - \theta s)`, a factor.

    References
    ----------
    :cite:t:`fei2018`, :cite:t:`brander2015`
    """
    checks.share(state_share=state_share, refusal=refusal)
    checks.not_negative(crowd_in=crowd_in)
    part, follows, refuses = (np.asarray(x, dtype=float) for x in (state_share, crowd_in, refusal))
    return plain((1 + follows * part) * (1 - refuses * part))


@formula
def best_state_share(crowd_in: float, refusal: float) -> Optimum:
    r"""Return the share of the state at which the outcome is best.

    Parameters
    ----------
    crowd_in, refusal : float
        As in :func:`state_outcome`.

    Returns
    -------
    Optimum
        :math:`s^* = (\kappa - \theta) / (2 \kappa \theta)` where :math:`\kappa/(1+2\kappa) < \theta < \kappa`; the low
        corner 0 where refusal is at least crowding in, the high corner 1 where it is at most
        :math:`\kappa/(1+2\kappa)`.

    References
    ----------
    :cite:t:`fei2018`, :cite:t:`brander2015`
    """
    checks.share(refusal=refusal)
    checks.not_negative(crowd_in=crowd_in)
    if refusal >= crowd_in:
        return Optimum(0.0, 1.0, "low")
    if refusal <= crowd_in / (1 + 2 * crowd_in):
        return Optimum(1.0, float(state_outcome(1.0, crowd_in, refusal)), "high")
    best = (crowd_in - refusal) / (2 * crowd_in * refusal)
    return Optimum(best, float(state_outcome(best, crowd_in, refusal)))


@formula
def refused_tail_share(state_share: ArrayLike, refusal: ArrayLike) -> float | Floats:
    r"""Return the share of the best deals that a fund loses because they refuse it.

    Parameters
    ----------
    state_share, refusal : array_like
        As in :func:`state_outcome`.

    Returns
    -------
    float or ndarray
        :math:`\theta s`, 0 to 1.

    Raises
    ------
    DomainError
        If a parameter is not a share.
    """
    checks.share(state_share=state_share, refusal=refusal)
    return plain(np.asarray(refusal, dtype=float) * np.asarray(state_share, dtype=float))


def _check_exits(tail_share: float, tail_exits: float) -> None:
    checks.share(tail_share=tail_share, tail_exits=tail_exits)
    if tail_share == 1:
        raise DomainError("tail_share", tail_share, "some deals must be ordinary")
    if tail_exits < tail_share:
        raise DomainError("tail_exits", tail_exits, "the best deals bring at least their share of the exits")


@formula
def exit_gap(state_share: float, refusal: float, tail_share: float, tail_exits: float) -> float:
    r"""Return how many fewer exits a state fund has than a private fund with as many deals.

    Parameters
    ----------
    state_share, refusal : float
        As in :func:`state_outcome`.
    tail_share : float
        Share q of the best deals in a private fund, 0 to below 1; 0.1 for the top decile.
    tail_exits : float
        Share w of a private fund's exits that the best deals bring, q to 1.

    Returns
    -------
    float
        :math:`\frac{1 - w\theta s}{1 - q\theta s} - 1`, a share of the exits of a private fund, not positive: refused
        deals are replaced by ordinary ones.

    References
    ----------
    :cite:t:`jli2023`, :cite:t:`fei2018`
    """
    _check_exits(tail_share, tail_exits)
    lost = float(refused_tail_share(state_share, refusal))
    return -lost * (tail_exits - tail_share) / (1 - tail_share * lost)
