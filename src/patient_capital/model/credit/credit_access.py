"""Break-even signal and pool at which a given share of a pool gets a loan.

Each answer is the break-even of a screening lender (:mod:`patient_capital.model.credit.screening`).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import logit, ndtr

from patient_capital.model.common.checks import BreakEven, DomainError, between, formula, share
from patient_capital.model.credit._checks import check_inside
from patient_capital.model.credit.screening import CLOSEST_SEPARATION, WIDEST_SEPARATION, access


def _rising(low: float, high: float) -> None:
    if not low < high:
        raise DomainError("high", high, f"must lie above low = {low}")


@formula
def auc_for_access(access_share: float, bad_share: float, break_even_default: float) -> BreakEven:
    r"""Return the discrimination at which a given share of the pool gets a loan.

    A better signal opens credit to a pool that is worse than the lender can bear, :math:`\mu > \bar p`, from none at a
    blind signal up to the good firms alone. In a better pool a blind lender serves all; a better signal first closes
    credit and then opens it again, from :math:`d^2 = 2 \ln\frac{(1-\mu)\bar p}{\mu(1-\bar p)} / (1 - 2\bar p)` on.
    Only the span over which it opens is searched; in a better pool a poorer signal gives the same access once more.

    Parameters
    ----------
    access_share : float
        Share of the pool that is served, above 0 and below 1.
    bad_share : float
        Share of the pool that will default, mu, above 0 and below 1.
    break_even_default : float
        Default probability that the lender can bear, above 0 and below one half.

    Returns
    -------
    BreakEven
        The discrimination, within the span over which a better signal opens credit. ``gain`` where more than the
        share is served over the whole span, ``loss`` where less is: not even a perfect signal serves the bad.

    Raises
    ------
    DomainError
        If a parameter lies outside its span. Where a default of one half can be borne, a better signal need not open
        credit anywhere.

    References
    ----------
    :cite:t:`huang2023`, :cite:t:`berg2020`
    """
    check_inside(access_share=access_share, bad_share=bad_share)
    between(
        "break_even_default", break_even_default, math.nextafter(0, 1), math.nextafter(0.5, 0), "must lie in (0, 1/2)"
    )
    surplus = float(logit(break_even_default) - logit(bad_share))
    turn = float(np.sqrt(2 * max(surplus, 0) / (1 - 2 * break_even_default)))
    closest, opens_at = max(turn, CLOSEST_SEPARATION), float(ndtr(turn / np.sqrt(2)))

    def excess(distance: float) -> float:
        cutoff = distance / 2 - surplus / distance
        return float((1 - bad_share) * ndtr(distance - cutoff) + bad_share * ndtr(-cutoff)) - access_share

    if closest >= WIDEST_SEPARATION:
        side: Literal["gain", "loss"] = "gain" if access_share <= 1 - bad_share else "loss"
        return BreakEven(None, side, opens_at, 1.0)
    if excess(WIDEST_SEPARATION) < 0:
        return BreakEven(None, "loss", opens_at, 1.0)
    if excess(closest) > 0:
        # Just beside the break-even pool, a signal hardly better than none already opens credit.
        return BreakEven(0.5, "crosses", 0.5, 1.0) if surplus < 0 else BreakEven(None, "gain", opens_at, 1.0)
    at = float(brentq(excess, closest, WIDEST_SEPARATION, xtol=1e-14))
    return BreakEven(float(ndtr(at / np.sqrt(2))), "crosses", opens_at, 1.0)


@formula
def bad_share_for_access(
    access_share: float, auc: float, break_even_default: float, low: float = 0.0, high: float = 1.0
) -> BreakEven:
    """Return the share of bad firms at which a given share of the pool gets a loan.

    Parameters
    ----------
    access_share : float
        Share of the pool that is served, above 0 and below 1.
    auc, break_even_default : float
        As in :func:`access`.
    low, high : float
        Span of shares of bad firms, 0 to 1, rising.

    Returns
    -------
    BreakEven
        Share of the pool that will default; at a blind signal the one at which access jumps from all to none. ``gain``
        where more than the share is served over the whole span, ``loss`` where less is.

    References
    ----------
    :cite:t:`huang2023`
    """
    check_inside(access_share=access_share)
    share(low=low, high=high)
    _rising(low, high)

    def excess(bad_share: float) -> float:
        return float(access(bad_share, auc, break_even_default)) - access_share

    if excess(high) > 0:
        return BreakEven(None, "gain", low, high)
    if excess(low) < 0:
        return BreakEven(None, "loss", low, high)
    return BreakEven(float(brentq(excess, low, high, xtol=1e-15)), "crosses", low, high)
