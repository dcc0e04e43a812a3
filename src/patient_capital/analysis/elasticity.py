"""Elasticities by least squares, censored likelihood and Poisson, and rank correlation, by library.

Statsmodels takes seconds to load: import this module where a fit is needed, not at the top.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.base.model import GenericLikelihoodModel


@dataclass(frozen=True, slots=True)
class Elasticity:
    """A fitted elasticity with its standard error and 95 percent interval.

    Attributes
    ----------
    method : str
        How it was fitted.
    n : int
        Number of units.
    """

    method: str
    n: int
    slope: float
    error: float
    low: float
    high: float


def ols_elasticity(amount: ArrayLike, count: ArrayLike) -> Elasticity:
    """Fit log count on log amount by least squares with HC3 standard errors and a t interval."""
    x, y = np.log(np.asarray(amount, dtype=float)), np.log(np.asarray(count, dtype=float))
    fit = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int()[1]
    return Elasticity("OLS", x.size, float(fit.params[1]), float(fit.bse[1]), float(low), float(high))


class _Censored(GenericLikelihoodModel):  # type: ignore[misc]  # statsmodels is not typed
    """Normal regression of which some observations are known only to lie at or below a bound."""

    def loglikeobs(self, params: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log likelihood of each observation; a missing outcome marks a censored one."""
        mean, scale = self.exog @ params[:-1], np.exp(params[-1])
        known = np.isfinite(self.endog)
        seen = stats.norm.logpdf(np.where(known, self.endog, 0.0), mean, scale)
        likelihood: NDArray[np.float64] = np.where(known, seen, stats.norm.logcdf(self.bound, mean, scale))
        return likelihood


def censored_elasticity(amount: ArrayLike, count: ArrayLike, bound: float) -> Elasticity:
    """Fit a lognormal regression in which unknown counts are known to be at most `bound`.

    Parameters
    ----------
    amount : array_like of shape (n,)
        Known for every unit.
    count : array_like of shape (n,)
        NaN where only the bound is known.
    bound : float
        Largest count that an unknown unit can have.
    """
    x, y = np.log(np.asarray(amount, dtype=float)), np.log(np.asarray(count, dtype=float))
    known = np.isfinite(y)
    start = sm.OLS(y[known], sm.add_constant(x[known])).fit()
    model = _Censored(np.where(known, y, -np.inf), sm.add_constant(x), extra_params_names=["log_scale"])
    model.bound = float(np.log(bound))
    first = np.append(start.params, np.log(np.sqrt(start.scale)))
    fit = model.fit(start_params=first, method="bfgs", disp=0, maxiter=500)
    slope, error = float(fit.params[1]), float(fit.bse[1])
    return Elasticity("censored", x.size, slope, error, slope - 1.96 * error, slope + 1.96 * error)


def poisson_elasticity(amount: ArrayLike, count: ArrayLike) -> Elasticity:
    """Fit counts on log amount by Poisson quasi maximum likelihood with robust (HC1) standard errors."""
    x, y = np.log(np.asarray(amount, dtype=float)), np.asarray(count, dtype=float)
    fit = sm.GLM(y, sm.add_constant(x), family=sm.families.Poisson()).fit(cov_type="HC1")
    low, high = fit.conf_int()[1]
    return Elasticity("Poisson", x.size, float(fit.params[1]), float(fit.bse[1]), float(low), float(high))


def rank_correlation(first: ArrayLike, second: ArrayLike) -> float:
    """Return Spearman's rank correlation."""
    return float(stats.spearmanr(np.asarray(first, dtype=float), np.asarray(second, dtype=float)).statistic)
