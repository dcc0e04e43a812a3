r"""Multiples on points with weights: a table of one's own deals, or any distribution cut into cells.

Everything is an exact sum over the points. A deal that is still held has no multiple yet; :func:`table_of_deals` says
how it counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import (
    DomainError,
    Floats,
    as_multiples,
    as_shares,
    between,
    count,
    formula,
    not_negative,
    plain,
    share,
)
from patient_capital.model.returns.deal_returns import DealReturns, Returns

TAIL_START = 5.0
"""Multiple from which a deal is one of the best unless another is stated: the lower edge of a published class."""
CELLS = 1000
"""Cells into which each part of a distribution is cut unless another number is stated: losses, middle, tail."""
SMALLEST_RANK = 1e-9
"""Share of the tail in its highest cell, which holds its exact mean."""
Held = Literal["kaplan_meier", "current_value"]
"""How a deal counts that is still held."""


def _check_tail_start(tail_start: float) -> None:
    between("tail_start", tail_start, math.nextafter(1.0, 2), np.finfo(float).max, "must lie above 1")


@dataclass(frozen=True, slots=True, eq=False)
class DealTable:
    """Multiples on points.

    Attributes
    ----------
    multiples : ndarray, shape (n,)
        Gross multiples, zero or more; kept in rising order, each once.
    weights : ndarray, shape (n,)
        Weight of each, not negative, one above zero; kept as shares that add up to 1.
    tail_start : float, optional
        Multiple from which a deal is one of the best, above 1: thinning and refusals take these first.
    """

    multiples: Floats
    weights: Floats
    tail_start: float = TAIL_START
    _ranks: Floats = field(init=False, repr=False)
    _above: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        values, held = (np.array(v, dtype=float) for v in (self.multiples, self.weights))
        if values.ndim != 1 or values.shape != held.shape or values.size == 0:
            raise DomainError("weights", held.shape, f"needs one for each multiple, of which there are {values.shape}")
        not_negative(multiples=values, weights=held)
        _check_tail_start(self.tail_start)
        total = float(held.sum())
        if not 0 < total < np.inf:
            raise DomainError("weights", total, "must add up to a positive number")
        points, place = np.unique(values[held > 0], return_inverse=True)
        shares = np.bincount(place, held[held > 0] / total)
        ranks = np.concatenate(([0.0], np.cumsum(shares)[:-1], [1.0]))
        above = np.concatenate((np.cumsum((points * shares)[::-1])[::-1], [0.0]))
        if not np.isfinite(above).all():
            raise DomainError("multiples", float(points.max()), "have no finite mean")
        named = (("multiples", points), ("weights", shares), ("_ranks", ranks), ("_above", above))
        for name, array in named:
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def loss_share(self) -> float:
        """Share of deals that return less than was paid in."""
        return float(self.weights[self.multiples < 1].sum())

    @property
    def low_mean(self) -> float:
        """Mean multiple of these; zero where there are none."""
        losing = self.multiples < 1
        return float(self.multiples[losing] @ self.weights[losing] / self.loss_share) if losing.any() else 0.0

    @property
    def tail_share(self) -> float:
        """Share of the best deals."""
        return float(self.weights[self.multiples >= self.tail_start].sum())

    def mean(self) -> float:
        """Return the mean multiple."""
        return float(self._above[0])

    def variance(self) -> float:
        """Return the variance of the multiple."""
        return float(self.weights @ (self.multiples - self.mean()) ** 2)

    def survival(self, multiple: ArrayLike) -> float | Floats:
        """Return the share of deals at or above a multiple."""
        place = np.searchsorted(self.multiples, as_multiples(multiple), side="left")
        return plain(1.0 - self._ranks[place])

    def _place(self, rank: Floats) -> Floats:
        return np.minimum(np.searchsorted(self._ranks, rank, side="right") - 1, self.multiples.size - 1)

    def quantile(self, probability: ArrayLike) -> float | Floats:
        """Return the multiple below which a share of the deals lies; a step at every point."""
        return plain(self.multiples[self._place(as_shares(probability))])

    def upper_total(self, probability: ArrayLike) -> float | Floats:
        """Return how much of the mean the deals above a rank bring, exactly."""
        rank = as_shares(probability)
        place = self._place(rank)
        return plain(self._above[place + 1] + self.multiples[place] * (self._ranks[place + 1] - rank))

    def winners(self) -> DealTable:
        """Return the deals that bring back at least what they cost, alone.

        Raises
        ------
        DomainError
            If all deals lose.
        """
        return self._where(self.multiples >= 1, "all deals lose: none brings back what it cost")

    def _where(self, kept: np.ndarray, rule: str) -> DealTable:
        if not kept.any():
            raise DomainError("multiples", float(self.multiples.max()), rule)
        return DealTable(self.multiples[kept], self.weights[kept], self.tail_start)

    def with_shares(self, tail_share: float, loss_share: float) -> DealTable:
        """Return the same deals with other weights: of the best, of the losing, and so of those between.

        Parameters
        ----------
        tail_share, loss_share : float
            New shares of the best and of the losing deals, together at most 1.

        Raises
        ------
        DomainError
            If a group is to have a share and holds no deal.
        """
        share(tail_share=tail_share, loss_share=loss_share)
        losing, best = self.multiples < 1, self.multiples >= self.tail_start
        weights = self.weights.copy()
        middle = max(1 - tail_share - loss_share, 0.0)
        for name, group, wanted in (
            ("loss_share", losing, loss_share),
            ("tail_share", best, tail_share),
            ("middle", ~(losing | best), middle if middle > 1e-12 else 0.0),
        ):
            held = float(self.weights[group].sum())
            if wanted > 0 and held == 0:
                raise DomainError(name, wanted, "there is no such deal in the table")
            weights[group] *= wanted / held if held else 0.0
        return DealTable(self.multiples, weights, self.tail_start)


def _settled(multiples: Floats, weights: Floats, held: np.ndarray) -> Floats:
    """Return the weights with that of each held deal passed on to the deals that ended above its present value.

    In proportion to their weights, from the lowest up: the estimator of Kaplan and Meier. Held deals above all that
    ended keep their weight at their present value.
    """
    # At one multiple, deals that ended come first.
    order = np.lexsort((held, multiples))
    mass, ended = weights[order], ~held[order]
    at_risk = np.cumsum(mass[::-1])[::-1]
    leaves = np.where(ended, np.divide(mass, at_risk, out=np.zeros(mass.size), where=at_risk > 0), 0.0)
    survival = np.concatenate(([1.0], np.cumprod(1 - leaves)))
    settled = np.empty(mass.size)
    settled[order] = survival[:-1] * leaves
    # Held deals above every deal that ended share what is left.
    last = mass.size - np.argmax(ended[::-1]) if ended.any() else 0
    open_end = order[last:]
    if open_end.size and weights[open_end].sum() > 0:
        settled[open_end] = survival[-1] * weights[open_end] / weights[open_end].sum()
    return settled


@formula
def table_of_deals(
    multiples: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    held: ArrayLike | None = None,
    treatment: Held = "kaplan_meier",
    tail_start: float = TAIL_START,
) -> DealTable:
    """Return the distribution of one's own deals, of which some may still be held.

    Parameters
    ----------
    multiples : array_like, shape (n,)
        What each deal brought back over what it cost; of a held one, what it is worth now over what it cost.
    weights : array_like, shape (n,), optional
        Weight of each deal, such as its cost; equal unless given.
    held : array_like of bool, shape (n,), optional
        Which deals are still held; none unless given.
    treatment : {"kaplan_meier", "current_value"}
        How a held deal counts. As one that will end above its present value like those that ended there
        (``kaplan_meier``, their estimator of 1958, which takes it that no held deal ends below); or at its present
        value, a lower bound under the same assumption.
    tail_start : float, optional
        As in :class:`DealTable`.

    Returns
    -------
    DealTable
        Exact for the deals given; it says nothing of their sampling error.

    Raises
    ------
    DomainError
        If there is no deal, a number is negative or the shapes differ.
    """
    if treatment not in {"kaplan_meier", "current_value"}:
        raise DomainError("treatment", treatment, "is none of kaplan_meier, current_value")
    values = np.atleast_1d(np.asarray(multiples, dtype=float))
    mass = np.ones(values.shape) if weights is None else np.atleast_1d(np.asarray(weights, dtype=float))
    open_ = np.zeros(values.shape, bool) if held is None else np.atleast_1d(np.asarray(held, dtype=bool))
    if not values.shape == mass.shape == open_.shape:
        raise DomainError("weights", mass.shape, f"multiples {values.shape}, weights and held have one shape")
    not_negative(multiples=values, weights=mass)
    return DealTable(values, _settled(values, mass, open_) if treatment == "kaplan_meier" else mass, tail_start)


@formula
def as_deals(returns: Returns) -> DealReturns | DealTable:
    """Return any distribution as one whose losses and best deals the model knows.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.

    Returns
    -------
    DealReturns or DealTable
        The same where it is one of the two, else as :func:`tabulated`.
    """
    return returns if isinstance(returns, DealReturns | DealTable) else tabulated(returns)


@formula
@lru_cache(maxsize=64)
def tabulated(returns: Returns, *, tail_start: float = TAIL_START, cells: int = CELLS) -> DealTable:
    """Return any distribution of a multiple on points, each of which stands for a cell of ranks and has its mean.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal, with a finite mean.
    tail_start : float, optional
        As in :class:`DealTable`; no cell lies on both sides of it, or of 1.
    cells : int, optional
        Cells of the losses, of the middle and of the tail each, at least 2; those of the tail grow finer with the rank.

    Returns
    -------
    DealTable
        With the mean, the share and the mean of the losses and the share of the tail of `returns`.

    Raises
    ------
    DomainError
        If the upper totals of the returns are not those of a distribution.
    """
    count(2, cells=cells)
    _check_tail_start(tail_start)
    losses, below_tail = (1 - float(returns.survival(level)) for level in (1.0, tail_start))
    tail = 1 - (1 - below_tail) * np.geomspace(1.0, SMALLEST_RANK, cells)
    ranks = np.unique(
        np.concatenate((np.linspace(0.0, losses, cells + 1), np.linspace(losses, below_tail, cells + 1), tail, [1.0]))
    )
    weights = np.diff(ranks)
    means = -np.diff(np.asarray(returns.upper_total(ranks), dtype=float)) / weights
    # The rounding of a difference of totals must not move a cell across a border.
    borders = (0.0, 1.0, tail_start)
    lowest = np.select([ranks[:-1] < losses, ranks[:-1] < below_tail], borders[:2], borders[2])
    highest = np.select([ranks[:-1] < losses, ranks[:-1] < below_tail], np.nextafter(borders[1:], 0), np.inf)
    return DealTable(np.clip(means, lowest, highest), weights, tail_start)
