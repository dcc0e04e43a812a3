r"""Stars that single screeners may recognise: the share of them that each decision rule funds at an equal budget.

A star is one of the best deals. Each screener recognises it independently with probability v and then scores it d
standard deviations higher; whoever does not recognise it scores it as any deal of its quality,
:math:`S_j = \rho Z + \sqrt{1-\rho^2}\,e_j`. With v = 0 this is the plain signal, where a champion is the worst of the
four rules at an equal budget; at :math:`\rho = 0` a star that nobody recognises looks like any deal. The threshold of
every rule is solved for the same budget, the extra stars included.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import bdtr, ndtr, ndtri

from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, DomainError, Floats, between, count, formula, positive, share
from patient_capital.model.selection._decisive_signal import (
    FARTHEST,
    LEAST_BUDGET,
    Rule,
    check_screening,
    error_exceedance,
    normal_density,
)
from patient_capital.model.selection.k_of_n import k_of_n_probability, votes_needed

MOST_CORRELATION = 0.9
"""Above it every screener sees every star by the plain signal alone."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)


def _stars(star_share: float) -> tuple[Floats, Floats]:
    lowest = float(-ndtri(star_share))
    half = (max(lowest, 0.0) + 8.5 - lowest) / 2
    quality = lowest + half * (1 + _NODES)
    return quality, half * _WEIGHTS * normal_density(quality)


def _accepted(
    quality: Floats,
    threshold: float,
    rule: Rule,
    screeners: int,
    correlation: float,
    visibility: float,
    strength: float,
) -> Floats:
    noise = float(np.sqrt(1 - correlation**2))
    level = correlation * quality - threshold
    if rule == "average":
        seen = np.arange(screeners + 1)
        chance = np.diff(bdtr(seen, screeners, visibility), prepend=0.0)
        scores = (level[:, np.newaxis] + strength * seen / screeners) * np.sqrt(screeners) / noise
        return np.asarray(ndtr(scores) @ chance)
    passed = visibility * ndtr((level + strength) / noise) + (1 - visibility) * ndtr(level / noise)
    return np.asarray(k_of_n_probability(np.clip(passed, 0, 1), screeners, votes_needed(rule, screeners)))


@formula
def star_caught_share(
    rule: Rule, screeners: int, correlation: float, budget: float, visibility: float, strength: float, star_share: float
) -> float:
    r"""Return the share of the stars that a rule funds within its budget.

    Parameters
    ----------
    rule : {"unanimity", "majority", "champion", "average"}
        Rule of decision.
    screeners : int
        Number of screeners k, 1 to 20.
    correlation : float
        Correlation of one screener's signal with the quality, :math:`\rho`, 0 to 0.9.
    budget : float
        Share of all deals that is funded, 1e-9 to below 1.
    visibility : float
        Chance v that one screener recognises a star, 0 to 1.
    strength : float
        How much higher a recognised star is scored, d, positive; standard deviations of one signal.
    star_share : float
        Share of the stars among all deals, strictly between 0 and 1; they are the best deals by quality.

    Returns
    -------
    float
        Chance that a star is funded, 0 to 1. For rare stars, sure recognition and :math:`\rho = 0` it tends to
        :math:`1 - (1-v)^k (1-b)` with one champion and to :math:`(v + (1-v)\,b^{1/k})^k` with unanimity.

    References
    ----------
    :cite:t:`malenko2024`
    """
    check_screening(rule, screeners, 0.0)
    between("correlation", correlation, 0.0, MOST_CORRELATION)
    between("budget", budget, LEAST_BUDGET, 1 - LEAST_BUDGET)
    share(visibility=visibility, star_share=star_share)
    if star_share in {0, 1}:
        raise DomainError("star_share", star_share, "must lie strictly between 0 and 1")
    positive(strength=strength)
    quality, weight = _stars(star_share)

    def funded(threshold: float, seen: float) -> float:
        return float(weight @ _accepted(quality, threshold, rule, screeners, correlation, seen, strength))

    def excess(threshold: float) -> float:
        ordinary = float(error_exceedance(threshold, rule, screeners, correlation**2)) - funded(threshold, 0.0)
        return ordinary + funded(threshold, visibility) - budget

    threshold = float(brentq(excess, -FARTHEST, FARTHEST + strength, xtol=1e-12, rtol=1e-12))
    return min(funded(threshold, visibility) / star_share, 1.0)


@formula
def break_even_visibility(
    rule: Rule,
    screeners: int,
    correlation: float,
    budget: float,
    strength: float,
    star_share: float,
    *,
    low: float = 0.0,
    high: float = 1.0,
) -> BreakEven:
    """Return the visibility at which one champion overtakes another rule in catching stars.

    Parameters
    ----------
    rule : {"unanimity", "majority", "average"}
        Rule to which the champion is compared.
    screeners : int
        Number of screeners, 2 to 20.
    correlation, budget, strength, star_share : float
        As in :func:`star_caught_share`.
    low, high : float, optional
        Span of visibilities, within 0 to 1. Where many screeners recognise a star a champion may lose its lead
        again: search from above the first break-even to find that point.

    Returns
    -------
    BreakEven
        The lowest visibility in the span at which the lead changes, searched in steps of a fiftieth of the span;
        ``gain`` where the champion leads throughout, ``loss`` where the other rule does.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or a champion is compared to itself.

    References
    ----------
    :cite:t:`malenko2024`
    """
    count(least=2, screeners=screeners)
    if rule == "champion":
        raise DomainError("rule", rule, "a champion is compared to another rule")
    share(low=low, high=high)

    def lead(visibility: float) -> float:
        common = screeners, correlation, budget, visibility, strength, star_share
        return star_caught_share("champion", *common) - star_caught_share(rule, *common)

    return first_sign_change(lead, low, high, steps=50, tolerance=1e-9)
