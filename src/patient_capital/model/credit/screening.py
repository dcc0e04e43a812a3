"""A lender that screens: the share of a pool that gets a loan, the share of loans that default, and the profit.

Of the pool a share mu will default. The signal of a firm is drawn from N(d, 1) if it is good and from N(0, 1) if it
is bad. The lender serves those whose default probability, given their signal, is at most the break-even default.
Collateral and guarantees raise that default (:mod:`patient_capital.model.credit.lending`); a better signal raises d
(:mod:`patient_capital.model.credit.credit_access`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfcx, expit, log_ndtr, logit, ndtr, ndtri

from patient_capital.model.common.checks import Corner, DomainError, Floats, between, formula, plain, share
from patient_capital.model.credit._checks import check_discrimination, check_inside

WIDEST_SEPARATION = 60.0
"""At this distance the discrimination rounds to 1, and the signal counts as perfect."""

CLOSEST_SEPARATION = 1e-12
"""At this distance the two kinds look alike, and the signal counts as blind."""


@formula
def signal_separation(auc: ArrayLike) -> float | Floats:
    r"""Return the distance between good and bad firms that a discrimination implies.

    .. math:: d = \sqrt 2\, \Phi^{-1}(\mathrm{AUC})

    Parameters
    ----------
    auc : array_like
        Chance that a good firm has a better signal than a bad one, from one half to below 1.

    Returns
    -------
    float or ndarray
        Distance of the two means, in standard deviations of the signal.

    Raises
    ------
    DomainError
        If the discrimination lies outside its span; a perfect signal has no finite distance.

    References
    ----------
    :cite:t:`huang2023`, :cite:t:`berg2020`
    """
    rule = "must lie from one half (blind) to below 1: a perfect signal has no finite distance"
    between("auc", auc, 0.5, math.nextafter(1, 0), rule)
    return plain(np.asarray(np.sqrt(2) * ndtri(np.asarray(auc, dtype=float))))


@formula
def cutoff_signal(bad_share: ArrayLike, auc: ArrayLike, break_even_default: ArrayLike) -> float | Floats:
    r"""Return the signal above which a firm gets a loan.

    .. math:: x^* = \frac 1d \ln\frac{\mu (1 - \bar p)}{(1 - \mu)\, \bar p} + \frac d2

    Parameters
    ----------
    bad_share : array_like
        Share of the pool that will default, mu, above 0 and below 1.
    auc : array_like
        Discrimination of the signal, above one half and below 1.
    break_even_default : array_like
        Default probability that the lender can bear, above 0 and below 1.

    Returns
    -------
    float or ndarray
        Cut-off, in standard deviations of the signal; bad firms lie around 0.

    Raises
    ------
    DomainError
        If a parameter lies outside its span; at the ends there is no cut-off, see :func:`screen`.

    References
    ----------
    :cite:t:`huang2023`
    """
    check_inside(bad_share=bad_share, break_even_default=break_even_default)
    rule = "a cut-off needs a signal that is neither blind nor perfect"
    between("auc", auc, math.nextafter(0.5, 1), math.nextafter(1, 0), rule)
    distance = np.asarray(signal_separation(auc))
    return plain(_cutoff(np.asarray(bad_share, dtype=float), distance, np.asarray(break_even_default, dtype=float)))


def _cutoff(mu: Floats, distance: Floats, bearable: Floats) -> Floats:
    return np.asarray((logit(mu) - logit(bearable)) / distance + distance / 2)


class _Served(NamedTuple):
    good: Floats
    bad: Floats
    bad_loans: Floats
    everyone: NDArray[np.bool_]
    nobody: NDArray[np.bool_]


def _served(bad_share: ArrayLike, auc: ArrayLike, break_even_default: ArrayLike) -> _Served:
    """Return the shares of good and bad firms that are served, the share of bad loans, and where there is a corner."""
    share(bad_share=bad_share, break_even_default=break_even_default)
    check_discrimination(auc)
    mu, area, bearable = np.broadcast_arrays(
        *(np.asarray(value, dtype=float) for value in (bad_share, auc, break_even_default))
    )
    everyone = (mu == 0) | (bearable == 1) | ((area == 0.5) & (mu <= bearable))
    perfect = ~everyone & (area == 1) & (mu < 1)
    nobody = ~everyone & ~perfect & ((bearable == 0) | (mu == 1) | (area == 0.5))
    inner = ~(everyone | perfect | nobody)
    good, bad = np.where(everyone | perfect, 1.0, 0.0), np.where(everyone, 1.0, 0.0)
    bad_loans = np.where(everyone, mu, 0.0)
    distance = np.sqrt(2) * ndtri(area[inner])
    cutoff = _cutoff(mu[inner], distance, bearable[inner])
    good[inner], bad[inner] = ndtr(distance - cutoff), ndtr(-cutoff)
    bad_loans[inner] = _bad_loans(mu[inner], distance, bearable[inner], cutoff)
    return _Served(good, bad, bad_loans, everyone, nobody)


def _bad_loans(mu: Floats, distance: Floats, bearable: Floats, cutoff: Floats) -> Floats:
    # Bad loans over loans is 0/0 where nearly no firm is served. The odds of default are those at the cut-off, which
    # the lender can just bear, times a ratio of Mills ratios. At high cut-offs the logs of both tails are large and
    # nearly equal, so that their difference loses digits; the ratio has this part cancelled. At low ones erfcx would
    # overflow.
    above, good = np.maximum(cutoff, 0) / np.sqrt(2), (np.maximum(cutoff, 0) - distance) / np.sqrt(2)
    at_high = logit(bearable) + np.log(erfcx(above)) - np.log(erfcx(good))
    at_low = logit(mu) + log_ndtr(-cutoff) - log_ndtr(distance - cutoff)
    return np.asarray(expit(np.where(cutoff > 0, at_high, at_low)))


@formula
def access(bad_share: ArrayLike, auc: ArrayLike, break_even_default: ArrayLike) -> float | Floats:
    r"""Return the share of the pool that gets a loan.

    .. math:: (1 - \mu)\, \Phi(d - x^*) + \mu\, \Phi(-x^*)

    Parameters
    ----------
    bad_share : array_like
        Share of the pool that will default, mu, 0 to 1.
    auc : array_like
        Discrimination of the signal, one half (blind) to 1 (perfect).
    break_even_default : array_like
        Default probability that the lender can bear, 0 to 1.

    Returns
    -------
    float or ndarray
        Share, 0 to 1. A blind lender serves all if mu is bearable, else none; a perfect one serves 1 - mu.

    References
    ----------
    :cite:t:`huang2023`
    """
    served, mu = _served(bad_share, auc, break_even_default), np.asarray(bad_share, dtype=float)
    return plain(np.asarray((1 - mu) * served.good + mu * served.bad))


@formula
def non_performing_share(bad_share: ArrayLike, auc: ArrayLike, break_even_default: ArrayLike) -> float | Floats:
    r"""Return the share of the loans that default.

    .. math:: \frac{\mu\, \Phi(-x^*)}{(1 - \mu)\, \Phi(d - x^*) + \mu\, \Phi(-x^*)}

    Parameters
    ----------
    bad_share, auc, break_even_default : array_like
        As in :func:`access`.

    Returns
    -------
    float or ndarray
        Share, 0 to 1; never above the break-even default.

    Raises
    ------
    DomainError
        If a parameter lies outside its span, or somewhere no firm is served, so that there are no loans.

    References
    ----------
    :cite:t:`huang2023`
    """
    served = _served(bad_share, auc, break_even_default)
    if served.nobody.any():
        bearable = np.broadcast_to(np.asarray(break_even_default, dtype=float), served.nobody.shape)
        raise DomainError(
            "break_even_default", bearable[served.nobody].flat[0], "no firm is served: there are no loans"
        )
    return plain(served.bad_loans)


@dataclass(frozen=True, slots=True)
class Screening:
    """What a screening lender does with a pool.

    Attributes
    ----------
    access : float
        Share of the pool that gets a loan.
    non_performing_share : float or None
        Share of the loans that default; None where there are none.
    cutoff : float or None
        Signal above which a firm is served; None at a corner, and where a perfect signal needs no cut-off.
    corner : {"none", "low", "high"}
        ``low`` if no firm is served, ``high`` if every one is, whatever its signal.
    """

    access: float
    non_performing_share: float | None
    cutoff: float | None
    corner: Corner = "none"

    def __post_init__(self) -> None:
        share(access=self.access)
        if self.non_performing_share is not None:
            share(non_performing_share=self.non_performing_share)


@formula
def screen(bad_share: float, auc: float, break_even_default: float) -> Screening:
    """Return whom a screening lender serves: the firms whose default, given their signal, it can bear.

    Parameters
    ----------
    bad_share, auc, break_even_default : float
        As in :func:`access`; the last is :func:`patient_capital.model.credit.lending.break_even_default` of the loan.

    Returns
    -------
    Screening
        Access, defaults and cut-off; at a corner, where the signal decides nothing, which one.

    References
    ----------
    :cite:t:`huang2023`, :cite:t:`gambacorta2023`
    """
    served = _served(bad_share, auc, break_even_default)
    reached = float((1 - bad_share) * served.good + bad_share * served.bad)
    if served.nobody:
        return Screening(reached, None, None, "low")
    if served.everyone:
        return Screening(reached, float(served.bad_loans), None, "high")
    cutoff = None if auc == 1 else float(cutoff_signal(bad_share, auc, break_even_default))
    return Screening(reached, float(served.bad_loans), cutoff)
