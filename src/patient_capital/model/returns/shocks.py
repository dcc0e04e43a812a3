r"""The shock that all deals of a vintage share, and what remains of it when exits fall in several years.

The shock is lognormal with mean one, :math:`e^{\sigma\varepsilon - \sigma^2/2}`, so that it leaves the mean of outcomes
unchanged. More deals do not diversify it; more exit years do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common import checks
from patient_capital.model.common.checks import Floats, formula, plain


@formula
def common_shock(shock_sd: ArrayLike, normal: ArrayLike) -> float | Floats:
    r"""Return the factor by which a shock moves every outcome of a vintage.

    Parameters
    ----------
    shock_sd : array_like
        Standard deviation of the log factor, :math:`\sigma`, zero or more.
    normal : array_like
        Standard normal number, :math:`\varepsilon`. Both broadcast.

    Returns
    -------
    float or ndarray
        :math:`e^{\sigma\varepsilon - \sigma^2/2}`, a factor with mean 1.

    Raises
    ------
    DomainError
        If the standard deviation is below zero or a number is not finite.
    """
    checks.not_negative(shock_sd=shock_sd)
    checks.finite(normal=normal)
    sd = np.asarray(shock_sd, dtype=float)
    return plain(np.exp(sd * np.asarray(normal, dtype=float) - sd * sd / 2))


@formula
def diversified_shock_sd(shock_sd: ArrayLike, exit_years: ArrayLike, correlation: ArrayLike = 0.0) -> float | Floats:
    r"""Return the standard deviation of the log shock that is left when exits spread over several years.

    The average of n shocks with mean one whose logs are equally correlated has the variance below; a lognormal
    with mean one and the same second moment has the returned standard deviation.

    Parameters
    ----------
    shock_sd : array_like
        Standard deviation of the log shock of one exit year, :math:`\sigma`, zero or more.
    exit_years : array_like
        Number of exit years of equal weight, n, at least 1; need not be whole.
    correlation : array_like, optional
        Correlation of the logs of any two years, :math:`\rho`, from 0 to 1. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\sqrt{\ln\left(\frac1n e^{\sigma^2} + \left(1-\frac1n\right) e^{\rho\sigma^2}\right)}`, log points.
        It is :math:`\sigma` for one year or full correlation, and tends to :math:`\sqrt\rho\,\sigma` with the years.
    """
    checks.not_negative(shock_sd=shock_sd)
    checks.between("exit_years", exit_years, 1.0, float(np.finfo(float).max), "a fund exits in at least one year")
    checks.between("correlation", correlation, 0.0, 1.0, "equally correlated years have a correlation from 0 to 1")
    variance, years, shared = np.asarray(shock_sd, dtype=float) ** 2, np.asarray(exit_years), np.asarray(correlation)
    excess = np.expm1(variance) / years + (1 - 1 / years) * np.expm1(shared * variance)
    return plain(np.sqrt(np.log1p(excess)))
