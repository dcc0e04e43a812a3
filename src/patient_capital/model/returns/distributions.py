"""Distributions of a multiple without a Pareto tail: the lognormal, and a table of quantiles."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from patient_capital.model.common.checks import (
    DomainError,
    Floats,
    as_multiples,
    as_shares,
    finite,
    plain,
    positive,
    single,
)


@dataclass(frozen=True, slots=True)
class LognormalReturns:
    r"""A lognormal multiple, :math:`\ln X \sim N(\mu, \sigma^2)`: the alternative to the Pareto tail.

    Attributes
    ----------
    log_mean : float
        Mean of the log multiple.
    log_sd : float
        Standard deviation of the log multiple, positive.

    References
    ----------
    :cite:t:`cochrane2005`
    """

    log_mean: float
    log_sd: float

    def __post_init__(self) -> None:
        single(log_mean=self.log_mean, log_sd=self.log_sd)
        finite(log_mean=self.log_mean)
        positive(log_sd=self.log_sd)

    def mean(self) -> float:
        r"""Return :math:`e^{\mu + \sigma^2 / 2}`."""
        return float(np.exp(self.log_mean + self.log_sd**2 / 2))

    def variance(self) -> float:
        """Return the variance of the multiple."""
        return float(np.expm1(self.log_sd**2)) * self.mean() ** 2

    def survival(self, multiple: ArrayLike) -> float | Floats:
        """Return the share of deals at or above a multiple."""
        number = as_multiples(multiple)
        with np.errstate(divide="ignore"):
            standing = (np.log(np.maximum(number, 0)) - self.log_mean) / self.log_sd
        return plain(ndtr(-standing))

    def quantile(self, probability: ArrayLike) -> float | Floats:
        """Return the multiple below which a share of the deals lies; there is no largest one."""
        rank = as_shares(probability)
        if (rank == 1).any():
            raise DomainError("probability", 1.0, "a lognormal has no largest multiple")
        return plain(np.exp(self.log_mean + self.log_sd * ndtri(rank)))

    def upper_total(self, probability: ArrayLike) -> float | Floats:
        r"""Return :math:`e^{\mu+\sigma^2/2}\,\Phi(\sigma - \Phi^{-1}(p))`."""
        return plain(self.mean() * ndtr(self.log_sd - ndtri(as_shares(probability))))


@dataclass(frozen=True, slots=True, eq=False)
class TabulatedReturns:
    """A distribution by its quantile function on a grid, linear between the points, as selection gives it.

    Attributes
    ----------
    probabilities : ndarray, shape (n,)
        Ranks, strictly rising from 0 to 1.
    multiples : ndarray, shape (n,)
        Multiples at these ranks, never falling, from zero up.
    """

    probabilities: Floats
    multiples: Floats
    _above: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grid, values = (np.array(v, dtype=float) for v in (self.probabilities, self.multiples))
        if grid.ndim != 1 or grid.shape != values.shape or grid.size < 2:
            raise DomainError("multiples", values.shape, "needs one multiple for each of at least two probabilities")
        if grid[0] != 0 or grid[-1] != 1 or not (np.diff(grid) > 0).all():
            raise DomainError("probabilities", grid[[0, -1]], "must rise strictly from 0 to 1")
        finite(multiples=values)
        if values[0] < 0 or not (np.diff(values) >= 0).all():
            raise DomainError("multiples", values.min(), "must never fall, from zero up")
        strips = np.diff(grid) * (values[1:] + values[:-1]) / 2
        above = np.concatenate((np.cumsum(strips[::-1])[::-1], [0.0]))
        for name, array in (("probabilities", grid), ("multiples", values), ("_above", above)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def mean(self) -> float:
        """Return the mean multiple of the linear quantile function."""
        return float(self._above[0])

    def variance(self) -> float:
        """Return the variance of the multiple."""
        low, high = self.multiples[:-1], self.multiples[1:]
        squares = np.diff(self.probabilities) * (low * low + low * high + high * high) / 3
        return float(squares.sum()) - self.mean() ** 2

    def survival(self, multiple: ArrayLike) -> float | Floats:
        """Return the share of deals at or above a multiple."""
        number = as_multiples(multiple)
        upper = np.searchsorted(self.multiples, number, side="left")
        right = np.clip(upper, 1, self.multiples.size - 1)
        low, high = self.multiples[right - 1], self.multiples[right]
        step = np.where(high > low, (np.clip(number, low, high) - low) / np.where(high > low, high - low, 1), 1)
        rank = self.probabilities[right - 1] + step * (self.probabilities[right] - self.probabilities[right - 1])
        return plain(np.where(upper == 0, 1.0, np.where(upper == self.multiples.size, 0.0, 1 - rank)))

    def quantile(self, probability: ArrayLike) -> float | Floats:
        """Return the multiple below which a share of the deals lies."""
        return plain(np.interp(as_shares(probability), self.probabilities, self.multiples))

    def upper_total(self, probability: ArrayLike) -> float | Floats:
        """Return how much of the mean the deals above a rank bring, exactly for the linear quantile function."""
        rank = as_shares(probability)
        right = np.clip(np.searchsorted(self.probabilities, rank, side="left"), 1, self.probabilities.size - 1)
        here = np.interp(rank, self.probabilities, self.multiples)
        strip = (self.probabilities[right] - rank) * (here + self.multiples[right]) / 2
        return plain(self._above[right] + strip)
