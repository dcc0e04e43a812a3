"""One loan: expected return, break-even default and rate, and recovery under a guarantee.

A loan of one unit for one year at rate r pays 1 + r, or the recovery R with default probability p, against a cost
of 1 + rho. A lender never recovers more than it is owed, so that recovery counts up to 1 + r.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, formula, not_negative, plain, share


def _arrays(*values: ArrayLike) -> list[Floats]:
    return list(np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in values)))


@formula
def expected_return(default: ArrayLike, loan_rate: ArrayLike, recovery: ArrayLike) -> float | Floats:
    r"""Return what a loan brings in expectation, before its cost.

    .. math:: (1 - p)\, r + p\, (\min(R, 1 + r) - 1)

    Parameters
    ----------
    default : array_like
        Default probability p within the year, 0 to 1.
    loan_rate : array_like
        Rate r a year, not negative.
    recovery : array_like
        Recovered of a loan of one on default, R, not negative; more than the claim counts as the claim.

    Returns
    -------
    float or ndarray
        Net return a year; a lender breaks even where it equals its cost.

    Raises
    ------
    DomainError
        If the default is not a share, or a rate or a recovery is negative.

    References
    ----------
    :cite:t:`stiglitz1981`
    """
    share(default=default)
    not_negative(loan_rate=loan_rate, recovery=recovery)
    p, r, kept = _arrays(default, loan_rate, recovery)
    return plain(np.asarray((1 - p) * r + p * (np.minimum(kept, 1 + r) - 1)))


@formula
def break_even_default(loan_rate: ArrayLike, funding_cost: ArrayLike, recovery: ArrayLike) -> float | Floats:
    r"""Return the default probability up to which a loan pays for its cost.

    .. math:: \bar p = \frac{r - \rho}{1 + r - R}

    It is 0 where the rate does not exceed the cost, r <= rho: no risk at all can be borne. It is 1 where default
    itself pays for the cost, R >= 1 + rho and r > rho: every loan pays. Where both hold the rate decides, since a
    lender that recovers no more than it is owed then loses on every loan or, at r = rho, earns nothing on any.

    Parameters
    ----------
    loan_rate : array_like
        Rate r a year, not negative.
    funding_cost : array_like
        Cost of money and of running the loan, rho, a year, not negative.
    recovery : array_like
        Recovered of a loan of one on default, R, not negative.

    Returns
    -------
    float or ndarray
        Probability, 0 to 1.

    Raises
    ------
    DomainError
        If a parameter is negative or not finite.

    References
    ----------
    :cite:t:`stiglitz1981`
    """
    not_negative(loan_rate=loan_rate, funding_cost=funding_cost, recovery=recovery)
    r, rho, kept = _arrays(loan_rate, funding_cost, recovery)
    always = kept >= 1 + rho
    margin, loss = r - rho, 1 + r - kept
    # Rounding can leave no loss at all just below the edge; there too every loan pays.
    regular = (margin > 0) & ~always & (loss > margin)
    ratio = np.divide(margin, loss, out=np.ones(r.shape), where=regular)
    return plain(np.where(margin > 0, ratio, 0.0))


@formula
def break_even_loan_rate(default: ArrayLike, funding_cost: ArrayLike, recovery: ArrayLike) -> float | Floats:
    r"""Return the rate at which a loan of given risk pays for its cost: the inverse of the break-even default.

    .. math:: r = \frac{1 + \rho - pR}{1 - p} - 1 = \rho + \frac{p}{1 - p}\,(1 + \rho - R)

    Where default itself pays for the cost, R >= 1 + rho, it is the cost whatever the risk.

    Parameters
    ----------
    default : array_like
        Default probability p within the year, from 0 to below 1.
    funding_cost : array_like
        Cost of money and of running the loan, rho, a year, not negative.
    recovery : array_like
        Recovered of a loan of one on default, R, not negative.

    Returns
    -------
    float or ndarray
        Rate a year, at least the cost.

    Raises
    ------
    DomainError
        If default is sure, so that no rate suffices, or a parameter lies outside its domain.

    References
    ----------
    :cite:t:`stiglitz1981`
    """
    share(default=default)
    not_negative(funding_cost=funding_cost, recovery=recovery)
    p, rho, kept = _arrays(default, funding_cost, recovery)
    if (p >= 1).any():
        raise DomainError("default", 1.0, "must lie below 1: no rate pays for sure default")
    return plain(np.asarray(rho + p / (1 - p) * np.maximum(1 + rho - kept, 0)))


@formula
def guaranteed_recovery(recovery: ArrayLike, guarantee_share: ArrayLike) -> float | Floats:
    r"""Return the recovery of a lender whose loss a guarantor shares.

    .. math:: R_\gamma = R + \gamma\, (1 - R)

    The guarantor's own loss is not part of it: the guarantee moves a loss, collateral removes it.

    Parameters
    ----------
    recovery : array_like
        Recovered of a loan of one on default without the guarantee, R, 0 to 1.
    guarantee_share : array_like
        Share of the remaining loss that the guarantor bears, gamma, 0 to 1.

    Returns
    -------
    float or ndarray
        Recovery with the guarantee, from `recovery` to 1.

    Raises
    ------
    DomainError
        If one of them is not a share.

    References
    ----------
    :cite:t:`bester1985`
    """
    share(recovery=recovery, guarantee_share=guarantee_share)
    kept, gamma = _arrays(recovery, guarantee_share)
    return plain(np.asarray(kept + gamma * (1 - kept)))
