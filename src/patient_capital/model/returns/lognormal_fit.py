"""Maximum likelihood fit of a lognormal to published bins, and the lognormal of moments of annual log returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import ndtri, xlogy

from patient_capital.model.common.checks import DomainError, Floats, finite, formula, positive, share
from patient_capital.model.returns.deal_returns import LognormalReturns, bin_shares


@dataclass(frozen=True, slots=True)
class LognormalFit:
    """A lognormal fitted to bins.

    Attributes
    ----------
    log_mean, log_sd : float
        Mean and standard deviation of the log multiple.
    log_likelihood : float
        Multinomial log likelihood of the bins, without its constant.
    chi_square : float
        Pearson's statistic.
    degrees : int
        Its degrees of freedom: bins less three.
    fitted : tuple of float
        Fitted shares, one a bin.
    """

    log_mean: float
    log_sd: float
    log_likelihood: float
    chi_square: float
    degrees: int
    fitted: tuple[float, ...]

    def returns(self) -> LognormalReturns:
        """Return the distribution of the multiple of a deal."""
        return LognormalReturns(self.log_mean, self.log_sd)


def _all_bins(edges: ArrayLike, shares: ArrayLike) -> tuple[Floats, Floats]:
    finite(edges=edges)
    share(shares=shares)
    lower, held = np.asarray(edges, dtype=float), np.asarray(shares, dtype=float)
    if lower.ndim != 1 or lower.shape != held.shape or lower.size < 4 or not (np.diff(lower) > 0).all():
        raise DomainError("edges", lower, "must rise, one for each of at least four shares")
    if lower[0] != 0 or abs(held.sum() - 1) > 1e-9 or not (held > 0).all():
        raise DomainError("shares", held.sum(), "bins from zero up hold all deals, some in each")
    return lower, held


@formula
def fit_lognormal(edges: ArrayLike, shares: ArrayLike, observations: float) -> LognormalFit:
    r"""Fit a lognormal to all published bins by maximum likelihood.

    Parameters
    ----------
    edges : array_like, shape (n,)
        Lower edges of the bins, from 0, rising; the last bin is open above.
    shares : array_like, shape (n,)
        Share of deals in each bin; they add up to 1.
    observations : float
        Number of deals behind the shares.

    Returns
    -------
    LognormalFit
        The mean and standard deviation of the log multiple that maximise
        :math:`\sum_j N s_j \ln\left[\Phi(z_{j+1}) - \Phi(z_j)\right]`.

    Raises
    ------
    DomainError
        If the bins do not start at zero, do not hold all deals, or the number is not positive.

    References
    ----------
    :cite:t:`cochrane2005`
    """
    lower, held = _all_bins(edges, shares)
    positive(observations=observations)
    # If the shares are lognormal, the logs of the inner edges are linear in their normal scores: that line is the
    # start.
    slope, constant = np.polyfit(ndtri(np.cumsum(held)[:-1]), np.log(lower[1:]), 1)

    # The second parameter is the log of the standard deviation, which keeps it positive; the floor keeps logarithms
    # finite.
    def probabilities(parameters: Floats) -> Floats:
        return np.asarray(
            np.maximum(bin_shares(LognormalReturns(float(parameters[0]), float(np.exp(parameters[1]))), lower), 1e-300)
        )

    found = minimize(
        lambda parameters: -float(xlogy(held, probabilities(parameters)).sum()),
        np.array([constant, np.log(slope)]),
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-14, "maxiter": 4000},
    )
    expected = probabilities(found.x)
    return LognormalFit(
        log_mean=float(found.x[0]),
        log_sd=float(np.exp(found.x[1])),
        log_likelihood=float(observations * xlogy(held, expected).sum()),
        chi_square=float(observations * ((held - expected) ** 2 / expected).sum()),
        degrees=lower.size - 3,
        fitted=tuple(expected.tolist()),
    )


@formula
def implied_holding_years(log_sd: float, annual_log_sd: float) -> float:
    r"""Return the holding period at which an annual volatility gives the standard deviation of log multiples.

    Parameters
    ----------
    log_sd : float
        Standard deviation of the log multiple over the whole holding period.
    annual_log_sd : float
        Standard deviation of the log return of a year.

    Returns
    -------
    float
        :math:`(s / \sigma)^2`, years, for independent log returns.

    Raises
    ------
    DomainError
        If a number is not positive.

    References
    ----------
    :cite:t:`cochrane2005`
    """
    positive(log_sd=log_sd, annual_log_sd=annual_log_sd)
    return (log_sd / annual_log_sd) ** 2
