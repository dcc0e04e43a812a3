"""Mean, shares and quantiles of a sample, each with its Monte Carlo standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, between, count, finite, formula


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number from a simulation.

    Attributes
    ----------
    value : float
        The estimate.
    standard_error : float
        Its Monte Carlo standard error.
    """

    value: float
    standard_error: float

    def __post_init__(self) -> None:
        finite(value=self.value, standard_error=self.standard_error)


def _sample(values: ArrayLike) -> Floats:
    sample = np.asarray(values, dtype=float)
    finite(values=sample)
    if sample.ndim != 1 or sample.size < 2:
        raise DomainError("values", sample.shape, "a sample is a vector of at least two numbers")
    return sample


@formula
def simulated_mean(values: ArrayLike) -> Estimate:
    r"""Return the mean of a sample with the standard error :math:`s / \sqrt n`.

    Parameters
    ----------
    values : array_like, shape (n,)
        Independent draws, whose variance must exist for the error to mean anything.

    Returns
    -------
    Estimate
        In the unit of the values.

    Raises
    ------
    DomainError
        If there are fewer than two values, or one is not finite.
    """
    sample = _sample(values)
    return Estimate(float(sample.mean()), float(sample.std(ddof=1) / np.sqrt(sample.size)))


def counted_share(found: int, draws: int) -> Estimate:
    r"""Return the share of a count among draws with the error :math:`\sqrt{p (1 - p) / n}`.

    Parameters
    ----------
    found : int
        How many, 0 to `draws`.
    draws : int
        Number of independent draws, n, at least 1.

    Returns
    -------
    Estimate
        A share. Where none or all were found, p in the error is taken half a draw from the end.

    Raises
    ------
    DomainError
        If a number is not whole or lies outside its span.
    """
    count(1, draws=draws)
    count(0, found=found)
    between("found", found, 0, draws)
    # At a share of exactly 0 or 1 the formula would give no error at all.
    inside = min(max(found / draws, 0.5 / draws), 1 - 0.5 / draws)
    return Estimate(found / draws, math.sqrt(inside * (1 - inside) / draws))


@formula
def share_below(values: ArrayLike, level: float) -> Estimate:
    """Return the share of a sample below a level.

    Parameters
    ----------
    values : array_like, shape (n,)
        Independent draws.
    level : float
        Level, in the unit of the values; a value at the level is not below it.

    Returns
    -------
    Estimate
        A share; see :func:`counted_share`.

    Raises
    ------
    DomainError
        If there are fewer than two values, or one is not finite.
    """
    sample = _sample(values)
    finite(level=level)
    return counted_share(int(np.count_nonzero(sample < level)), sample.size)


@formula
def share_at_least(values: ArrayLike, level: float) -> Estimate:
    """Return the share of a sample at or above a level; one less :func:`share_below`.

    Parameters
    ----------
    values : array_like, shape (n,)
        Independent draws.
    level : float
        Level, in the unit of the values.

    Returns
    -------
    Estimate
        A share.
    """
    below = share_below(values, level)
    return Estimate(1 - below.value, below.standard_error)


@formula
def simulated_quantile(values: ArrayLike, probability: float) -> Estimate:
    r"""Return a quantile of a sample.

    Parameters
    ----------
    values : array_like, shape (n,)
        Independent draws.
    probability : float
        Rank p, strictly between 0 and 1, at least one standard error of the rank away from both ends.

    Returns
    -------
    Estimate
        The quantile; its error is half the span between the quantiles at :math:`p \pm \sqrt{p (1 - p) / n}`,
        which needs no density.

    Raises
    ------
    DomainError
        If the sample is too small for the rank.
    """
    sample = _sample(values)
    between("probability", probability, 0.0, 1.0)
    step = np.sqrt(probability * (1 - probability) / sample.size)
    if not 0 < probability - step < probability + step < 1:
        raise DomainError("probability", probability, f"a sample of {sample.size} says nothing about this rank")
    low, value, high = np.quantile(sample, [probability - step, probability, probability + step])
    return Estimate(float(value), float(high - low) / 2)
