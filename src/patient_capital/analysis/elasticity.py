"""Elasticities by least squares, censored likelihood and Poisson, and rank correlation, by library.

Statsmodels comes with the extra ``analysis`` and takes a second to load: it is imported at the first fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr

from patient_capital.extras import needed_for


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


def _least_squares(y: NDArray[np.float64], x: NDArray[np.float64]) -> Any:
    """Return the linear regression on a constant and one factor, not yet fitted."""
    with needed_for("the fits need", "analysis"):
        # Not by statsmodels.api, which takes three times as long to import.
        from statsmodels.regression.linear_model import OLS  # noqa: PLC0415  # in an extra
    return OLS(y, _with_constant(x))


def _with_constant(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.ones_like(x), x])


def ols_elasticity(amount: ArrayLike, count: ArrayLike) -> Elasticity:
    """Fit log count on log amount by least squares with HC3 standard errors and a t interval."""
    x, y = np.log(np.asarray(amount, dtype=float)), np.log(np.asarray(count, dtype=float))
    fit = _least_squares(y, x).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int()[1]
    return Elasticity("OLS", x.size, float(fit.params[1]), float(fit.bse[1]), float(low), float(high))


def _censored_model(outcome: NDArray[np.float64], factors: NDArray[np.float64], bound: float) -> Any:
    """Return the normal regression of which some observations, here missing, are known only to lie at or below `bound`."""
    from statsmodels.base.model import GenericLikelihoodModel  # noqa: PLC0415  # in an extra

    class Censored(GenericLikelihoodModel):  # type: ignore[misc]  # statsmodels is not typed
        def loglikeobs(self, params: NDArray[np.float64]) -> NDArray[np.float64]:
            mean, scale = self.exog @ params[:-1], np.exp(params[-1])
            known = np.isfinite(self.endog)
            # Written out, since scipy.stats is slow to load.
            apart = (np.where(known, self.endog, bound) - mean) / scale
            seen = -0.5 * (apart**2 + np.log(2 * np.pi)) - np.log(scale)
            likelihood: NDArray[np.float64] = np.where(known, seen, log_ndtr(apart))
            return likelihood

    return Censored(outcome, factors, extra_params_names=["log_scale"])


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
    start = _least_squares(y[known], x[known]).fit()
    model = _censored_model(np.where(known, y, -np.inf), _with_constant(x), float(np.log(bound)))
    first = np.append(start.params, np.log(np.sqrt(start.scale)))
    fit = model.fit(start_params=first, method="bfgs", disp=0, maxiter=500)
    slope, error = float(fit.params[1]), float(fit.bse[1])
    return Elasticity("censored", x.size, slope, error, slope - 1.96 * error, slope + 1.96 * error)


def poisson_elasticity(amount: ArrayLike, count: ArrayLike) -> Elasticity:
    """Fit counts on log amount by Poisson quasi maximum likelihood with robust (HC1) standard errors."""
    with needed_for("the fits need", "analysis"):
        from statsmodels.genmod.families import Poisson  # noqa: PLC0415  # in an extra
        from statsmodels.genmod.generalized_linear_model import GLM  # noqa: PLC0415  # in an extra
    x, y = np.log(np.asarray(amount, dtype=float)), np.asarray(count, dtype=float)
    fit = GLM(y, _with_constant(x), family=Poisson()).fit(cov_type="HC1")
    low, high = fit.conf_int()[1]
    return Elasticity("Poisson", x.size, float(fit.params[1]), float(fit.bse[1]), float(low), float(high))


def rank_correlation(first: ArrayLike, second: ArrayLike) -> float:
    """Return Spearman's rank correlation."""
    ranks = [pd.Series(np.asarray(values, dtype=float)).rank() for values in (first, second)]
    return float(ranks[0].corr(ranks[1]))
