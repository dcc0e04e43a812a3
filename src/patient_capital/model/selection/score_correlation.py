r"""The correlation of a score with quality that a published correlation of the score with multiples implies.

Signal and multiple are joined by a Gaussian copula, and the multiple has a heavy tail. The Pearson correlation of a
score with the multiple is therefore well below that of the score with the quality, which the model needs.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from scipy.special import ndtr

from patient_capital.model.common.checks import Floats, between, positive, share
from patient_capital.model.returns.deal_returns import Returns

_HALF = 240
QUALITIES: Floats = np.linspace(-8.0, 8.0, 2 * _HALF + 1)
"""Qualities of deals in equal steps, as standard normal numbers."""
STEPS: Floats = np.full(QUALITIES.size, 8.0 / _HALF)
"""Their steps, with the corrections of Gregory's rule at both ends: weights of an integral over the quality."""
for _place, _weight in enumerate((3 / 8, 7 / 6, 23 / 24)):
    STEPS[[_place, -1 - _place]] *= _weight
RANKS: Floats = np.asarray(ndtr(QUALITIES))
"""Their ranks among all deals."""


class ReturnsWithVariance(Returns, Protocol):
    """Gross multiple of a deal whose variance exists."""

    def variance(self) -> float:
        """Return the variance of the multiple."""


def _covariance(returns: Returns) -> float:
    above = np.asarray(returns.upper_total(RANKS))
    mean = returns.mean()
    return float((above - mean * np.where(QUALITIES < 0, 1.0, np.where(QUALITIES > 0, 0.0, 0.5))) @ STEPS)


def pearson_correlation(returns: ReturnsWithVariance, correlation: float) -> float:
    r"""Return the Pearson correlation of one signal with the multiple.

    Parameters
    ----------
    returns : ReturnsWithVariance
        Gross multiple of a deal; its variance must exist.
    correlation : float
        Correlation of the signal with the quality, :math:`\rho`, 0 to 1.

    Returns
    -------
    float
        :math:`\rho\,\mathrm{cov}(Z, X) / \mathrm{sd}(X)`, with
        :math:`\mathrm{cov}(Z, X) = \int \big(E[X; Z > z] - E[X]\,1_{z<0}\big)\,dz`; far below :math:`\rho` where the
        tail is heavy.

    Raises
    ------
    DomainError
        If the correlation is not a share, the variance does not exist or nothing varies.

    References
    ----------
    :cite:t:`kerr2014`
    """
    share(correlation=correlation)
    variance = returns.variance()
    positive(variance=variance)
    return correlation * _covariance(returns) / float(np.sqrt(variance))


def copula_correlation(returns: ReturnsWithVariance, pearson: float) -> float:
    """Return the correlation of a signal with the quality that gives a stated Pearson correlation with the multiple.

    Parameters
    ----------
    returns : ReturnsWithVariance
        Gross multiple of a deal; its variance must exist.
    pearson : float
        Pearson correlation of score and multiple, from 0 to that of a perfect signal.

    Returns
    -------
    float
        Correlation with the quality, 0 to 1: the inverse of :func:`pearson_correlation`.

    Raises
    ------
    DomainError
        If even a perfect signal does not reach the stated correlation.

    References
    ----------
    :cite:t:`kerr2014`
    """
    most = pearson_correlation(returns, 1.0)
    between("pearson", pearson, 0.0, most, f"a perfect signal has a correlation of {most:.3g} with the multiple")
    return pearson / most
