"""Substitution of a better signal for collateral: combinations at which the same share of a pool gets a loan.

Recovery and signal are those of a screening lender (:mod:`patient_capital.model.credit.screening`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import BreakEven, DomainError, Floats, plain, renamed, share
from patient_capital.model.credit import lending
from patient_capital.model.credit.credit_access import auc_for_access, recovery_for_access
from patient_capital.model.credit.screening import access


@dataclass(frozen=True, slots=True)
class IsoAccess:
    """Signals and recoveries that open credit to the same share of a pool.

    Attributes
    ----------
    access : float
        The share.
    auc, recovery : ndarray, shape (n,)
        Discrimination, rising, and the recovery that goes with it; only where one exists between 0 and 1.
    """

    access: float
    auc: Floats
    recovery: Floats

    def __post_init__(self) -> None:
        share(access=self.access, recovery=self.recovery)
        if self.auc.shape != self.recovery.shape:
            raise DomainError("recovery", self.recovery.shape, f"must be as many as the signals, {self.auc.shape}")


def iso_access_curve(
    access_share: float, bad_share: float, loan_rate: float, funding_cost: float, aucs: ArrayLike
) -> IsoAccess:
    """Return the recovery that each signal needs for a given access.

    Parameters
    ----------
    access_share, bad_share, loan_rate, funding_cost : float
        As in :func:`recovery_for_access`.
    aucs : array_like, shape (n,)
        Discriminations, one half to 1.

    Returns
    -------
    IsoAccess
        The signals, sorted, for which a recovery between 0 and 1 exists, and the recoveries.

    References
    ----------
    :cite:t:`gambacorta2023`
    """
    points = [
        (auc, found.at)
        for auc in np.sort(np.asarray(aucs, dtype=float).ravel()).tolist()
        if (found := recovery_for_access(access_share, bad_share, auc, loan_rate, funding_cost)).at is not None
    ]
    auc, recovery = np.array(points, dtype=float).reshape(-1, 2).T
    return IsoAccess(access_share, auc, recovery)


def access_gain_from_signal(
    bad_share: ArrayLike, auc: ArrayLike, better_auc: ArrayLike, break_even_default: ArrayLike
) -> float | Floats:
    """Return how much access changes with the signal, all else equal.

    Parameters
    ----------
    bad_share, auc, break_even_default : array_like
        As in :func:`access`.
    better_auc : array_like
        The other discrimination, one half to 1.

    Returns
    -------
    float or ndarray
        Change, a share of the pool; below zero where a better signal closes credit.

    References
    ----------
    :cite:t:`huang2023`
    """
    before = access(bad_share, auc, break_even_default)
    with renamed(auc="better_auc"):
        return plain(np.asarray(access(bad_share, better_auc, break_even_default)) - before)


def _bearable(
    loan_rate: ArrayLike, funding_cost: ArrayLike, recovery: ArrayLike, better_recovery: ArrayLike
) -> tuple[float | Floats, float | Floats]:
    before = lending.break_even_default(loan_rate, funding_cost, recovery)
    with renamed(recovery="better_recovery"):
        return before, lending.break_even_default(loan_rate, funding_cost, better_recovery)


def access_gain_from_recovery(
    bad_share: ArrayLike,
    auc: ArrayLike,
    loan_rate: ArrayLike,
    funding_cost: ArrayLike,
    recovery: ArrayLike,
    better_recovery: ArrayLike,
) -> float | Floats:
    """Return how much access changes with what a lender recovers on default, all else equal.

    Parameters
    ----------
    bad_share, auc : array_like
        As in :func:`access`.
    loan_rate, funding_cost, recovery : array_like
        As in :func:`patient_capital.model.credit.lending.break_even_default`.
    better_recovery : array_like
        The other recovery, not negative.

    Returns
    -------
    float or ndarray
        Change, a share of the pool; never below zero for a higher recovery.

    References
    ----------
    :cite:t:`gambacorta2023`
    """
    before, after = _bearable(loan_rate, funding_cost, recovery, better_recovery)
    return plain(np.asarray(np.asarray(access(bad_share, auc, after)) - access(bad_share, auc, before)))


def auc_worth_recovery(
    bad_share: float, auc: float, loan_rate: float, funding_cost: float, recovery: float, better_recovery: float
) -> BreakEven:
    """Return the signal that gives, at the lower recovery, the access of the higher recovery at the old signal.

    Parameters
    ----------
    bad_share, auc, loan_rate, funding_cost, recovery, better_recovery : float
        As in :func:`access_gain_from_recovery`.

    Returns
    -------
    BreakEven
        As of :func:`auc_for_access`.

    Raises
    ------
    DomainError
        If a parameter lies outside its span, or the higher recovery opens credit to no firm or to all.

    References
    ----------
    :cite:t:`gambacorta2023`
    """
    before, after = _bearable(loan_rate, funding_cost, recovery, better_recovery)
    return auc_for_access(float(access(bad_share, auc, after)), bad_share, float(before))
