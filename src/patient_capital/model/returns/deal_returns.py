"""The gross multiple of one deal as a mixture of losses, a middle class and a Pareto tail.

Of any distribution of multiples the model needs four functions: the mean, the share of deals at or above a multiple,
the multiple at a rank, and the part of the mean that lies above a rank.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, as_multiples, as_shares, formula, plain
from patient_capital.model.returns._class_distributions import LOW_SHAPES, MID_SHAPES, Shape
from patient_capital.model.returns._mixture_components import Component, ParetoSpan
from patient_capital.model.returns.distributions import LognormalReturns, TabulatedReturns

__all__ = ["DealReturns", "LognormalReturns", "Returns", "TabulatedReturns", "bin_shares", "top_share"]


class Returns(Protocol):
    """Gross multiple of one deal, a number from zero up."""

    def __hash__(self) -> int:
        """Return a hash, so that what was computed from it is not computed again."""

    def mean(self) -> float:
        """Return the mean multiple."""

    def survival(self, multiple: ArrayLike) -> float | Floats:
        """Return the share of deals at or above a multiple."""

    def quantile(self, probability: ArrayLike) -> float | Floats:
        """Return the multiple below which a share of the deals lies."""

    def upper_total(self, probability: ArrayLike) -> float | Floats:
        r"""Return how much of the mean the deals above a rank bring, :math:`\int_p^1 Q(u)\,du`."""


def _shape(parameter: str, name: str, shapes: dict[str, Shape]) -> Shape:
    if name not in shapes:
        raise DomainError(parameter, name, f"is none of {', '.join(shapes)}")
    return shapes[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReturns:
    r"""Losses, a middle class and a Pareto tail.

    .. math::

        X = \begin{cases}
        L \in [0, 1) & \text{chance } p_0 \\
        U \in [1, x_0) & \text{chance } 1 - p_0 - p_2 \\
        Y \in [x_0, M] & \text{chance } p_2
        \end{cases} \qquad
        E[L] = m_0,\ E[U] = m_1, \qquad P(Y \ge y) =
        \frac{(y/x_0)^{-a}-(M/x_0)^{-a}}{1-(M/x_0)^{-a}}

    Attributes
    ----------
    loss_share : float
        Share of deals that return less than was paid in, :math:`p_0`.
    tail_share : float
        Share of deals in the tail, :math:`p_2`; with the losses at most 1.
    low_mean : float
        Mean multiple of the losses, :math:`m_0`, 0 to 1 as far as the shape reaches.
    mid_mean : float
        Mean multiple of the middle class, :math:`m_1`, 1 to `tail_start` as far as the shape reaches.
    tail_index : float
        Tail index a, positive; above 1 where there is no cap.
    cap : float
        Largest multiple M, above `tail_start`; may be infinite.
    tail_start : float
        Where the tail starts, :math:`x_0`, above 1.
    low_shape : {"zero_or_uniform", "power", "point"}
        Shape of the losses.
    mid_shape : {"power", "pareto", "uniform_pair"}
        Shape of the middle class.

    Raises
    ------
    DomainError
        If a share, a mean, the tail or a name lies outside its domain.

    References
    ----------
    :cite:t:`kerr2014`, :cite:t:`othman2019`
    """

    loss_share: float
    tail_share: float
    low_mean: float
    mid_mean: float
    tail_index: float
    cap: float
    tail_start: float
    low_shape: str
    mid_shape: str
    components: tuple[tuple[float, Component], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks.single(**{f.name: getattr(self, f.name) for f in fields(self) if f.type == "float"})
        checks.share(loss_share=self.loss_share, tail_share=self.tail_share)
        middle = 1 - self.loss_share - self.tail_share
        # Shares that add up to 1 in decimals may exceed it by the rounding of floats.
        if middle < -1e-12:
            raise DomainError("tail_share", self.tail_share, "losses and tail together are at most all deals")
        checks.finite(tail_start=self.tail_start)
        if self.tail_start <= 1:
            raise DomainError("tail_start", self.tail_start, "the tail starts above the money paid in")
        checks.positive(tail_index=self.tail_index)
        if not self.cap > self.tail_start:
            raise DomainError("cap", self.cap, "must lie above the start of the tail")
        if np.isinf(self.cap) and self.tail_index <= 1:
            raise DomainError("tail_index", self.tail_index, "without a cap the mean needs an index above 1")
        low = _named("low_mean", _shape("low_shape", self.low_shape, LOW_SHAPES), self.low_mean, 0.0, 1.0)
        mid = _named("mid_mean", _shape("mid_shape", self.mid_shape, MID_SHAPES), self.mid_mean, 1.0, self.tail_start)
        tail = ((1.0, ParetoSpan(self.tail_start, self.cap, self.tail_index)),)
        classes = ((self.loss_share, low), (middle, mid), (self.tail_share, tail))
        # A class with the probability of a rounding error is left out: it would be an empty step of the quantile
        # function.
        components = tuple((p * w, component) for p, group in classes for w, component in group if p * w > 1e-15)
        object.__setattr__(self, "components", components)

    def mean(self) -> float:
        """Return the mean multiple, exactly."""
        return float(sum(weight * component.moment(1) for weight, component in self.components))

    def variance(self) -> float:
        """Return the variance of the multiple; without a cap it exists only for an index above 2.

        Raises
        ------
        DomainError
            If it does not exist.
        """
        return float(sum(weight * component.moment(2) for weight, component in self.components)) - self.mean() ** 2

    def survival(self, multiple: ArrayLike) -> float | Floats:
        """Return the share of deals at or above a multiple."""
        number = as_multiples(multiple)
        total = np.zeros(number.shape)
        for weight, component in self.components:
            total = total + weight * component.survival(number)
        return plain(np.minimum(total, 1.0))

    def _starts(self) -> Floats:
        return np.concatenate(([0.0], np.cumsum([weight for weight, _ in self.components])[:-1], [1.0]))

    def quantile(self, probability: ArrayLike) -> float | Floats:
        """Return the multiple below which a share of the deals lies.

        Raises
        ------
        DomainError
            If a share is not one, or is 1 where there is no cap.
        """
        rank, starts = as_shares(probability), self._starts()
        which = np.minimum(np.searchsorted(starts, rank, side="right") - 1, len(self.components) - 1)
        result = np.empty(rank.shape)
        for position, (_, component) in enumerate(self.components):
            here = which == position
            start, end = starts[position], starts[position + 1]
            result[here] = component.quantile((rank[here] - start) / (end - start))
        return plain(result)

    def upper_total(self, probability: ArrayLike) -> float | Floats:
        r"""Return how much of the mean the deals above a rank bring, :math:`\int_p^1 Q(u)\,du`, exactly."""
        rank, starts = as_shares(probability), self._starts()
        total = np.zeros(rank.shape)
        for position, (weight, component) in enumerate(self.components):
            start, end = starts[position], starts[position + 1]
            total = total + weight * component.upper_total(np.clip((rank - start) / (end - start), 0, 1))
        return plain(total)


def _named(parameter: str, shape: Shape, mean: float, low: float, high: float) -> tuple[tuple[float, Component], ...]:
    try:
        return shape(mean, low, high)
    except DomainError as error:
        raise DomainError(parameter, mean, error.rule) from None


@formula
def top_share(returns: Returns, fraction: ArrayLike) -> float | Floats:
    """Return the share of all proceeds that the best deals bring.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    fraction : array_like
        Best deals, as a share of all deals, 0 to 1.

    Returns
    -------
    float or ndarray
        Share of the total, 0 to 1.

    Raises
    ------
    DomainError
        If a fraction is not a share, or nothing is returned at all.
    """
    checks.share(fraction=fraction)
    mean = returns.mean()
    checks.positive(mean=mean)
    return plain(np.asarray(returns.upper_total(1 - np.asarray(fraction, dtype=float))) / mean)


@formula
def bin_shares(returns: Returns, edges: ArrayLike) -> Floats:
    """Return the share of deals in each bin; the last bin is open above.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    edges : array_like, shape (n,)
        Lower edges of the bins, rising.

    Returns
    -------
    ndarray, shape (n,)
        Shares; they add up to the share of deals at or above the first edge.

    Raises
    ------
    DomainError
        If the edges do not rise.
    """
    with checks.renamed(multiple="edges"):
        lower = np.atleast_1d(as_multiples(edges))
    if not (np.diff(lower) > 0).all():
        raise DomainError("edges", lower, "must rise")
    return np.asarray(-np.diff(np.append(np.asarray(returns.survival(lower)), 0.0)))
