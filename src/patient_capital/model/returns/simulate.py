"""Draws of deals and their moments, in seeded blocks.

Every block of 65,536 draws has a seed of its own, and the sums of the blocks are added in the order of the blocks. The
result is therefore a function of the parameters and the seed alone, not of the number of blocks in a task or of
workers.

A total does not depend on the order of the deals: their number in each class is drawn first, and within a class they
are drawn in an order that is not random, which is faster.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model._numerics.class_counts import Counts
from patient_capital.model._numerics.random_streams import BLOCK, DEALS, KINDS, block_generators, block_tasks
from patient_capital.model.common.checks import Floats, between, count, finite, formula
from patient_capital.model.common.estimates import Estimate, counted_share
from patient_capital.model.common.workers import Progress, fan_out
from patient_capital.model.returns._mixture_components import Piece, Power, pieces
from patient_capital.model.returns.deal_returns import DealReturns, Returns
from patient_capital.model.returns.portfolios import simulate_portfolios, simulate_shocks

__all__ = ["Totals", "simulate_portfolios", "simulate_shocks", "simulate_totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """Moments and shares of simulated deals.

    Attributes
    ----------
    deals : int
        Number of deals.
    seed : int
        Seed.
    mean : float
        Mean multiple.
    sd : float
        Standard deviation of the multiple in the sample; in a tail without cap and index below 2 it does not settle.
    standard_error : float
        Monte Carlo standard error of the mean, `sd` over the root of `deals`.
    levels : tuple of float
        Multiples that were asked for.
    shares : tuple of Estimate
        Share of deals at or above each level.
    """

    deals: int
    seed: int
    mean: float
    sd: float
    standard_error: float
    levels: tuple[float, ...]
    shares: tuple[Estimate, ...]


MOST_DEALS = 10**12
"""Largest number of deals that is drawn; their moments are known to six digits long before."""
Sums = list[float]
"""Sum of the multiples, of their squares, and the number of deals at or above each level."""


def _sums_of_runs(values: Floats, starts: Sequence[int] | Counts) -> tuple[Floats, Floats]:
    # Not the dot product: how that is cut, and so its last digit, depends on the threads of the linear algebra library.
    first = np.add.reduceat(values, starts)
    np.square(values, out=values)
    return first, np.add.reduceat(values, starts)


def _quantile_sums(returns: Returns, generator: np.random.Generator, room: Floats, levels: Sequence[float]) -> Sums:
    values = np.array(returns.quantile(generator.random(out=room)))
    counts = [float(np.count_nonzero(values >= level)) for level in levels]
    (first,), (second,) = _sums_of_runs(values, [0])
    return [float(first), float(second), *counts]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The pieces of a mixture in the order in which they are drawn: points, uniform numbers, all others."""

    pieces: tuple[Piece, ...]
    shares: Floats
    shift: Floats
    scale: Floats
    points: int
    uniform: int


def _is_uniform(piece: Piece) -> bool:
    return isinstance(piece, Power) and piece.exponent == 1


@lru_cache(maxsize=8)
def _plan(returns: DealReturns) -> _Plan:
    shares, cut = zip(
        *((w * share, piece) for w, component in returns.components for share, piece in pieces(component)), strict=True
    )
    order = sorted(range(len(cut)), key=lambda i: 0 if cut[i].scale == 0 else 1 if _is_uniform(cut[i]) else 2)
    ordered = tuple(cut[i] for i in order)
    return _Plan(
        ordered,
        np.array(shares)[order],
        np.array([piece.shift for piece in ordered]),
        np.array([piece.scale for piece in ordered]),
        sum(piece.scale == 0 for piece in ordered),
        sum(map(_is_uniform, ordered)),
    )


def _counts(plan: _Plan, held: Counts, values: Floats, starts: Counts, level: float) -> float:
    # A level cuts few of the strips; those above and below it are counted whole.
    found = int(held[: plan.points][plan.shift[: plan.points] >= level].sum())
    with np.errstate(divide="ignore"):
        least = (level - plan.shift) / np.where(plan.scale == 0, 1.0, plan.scale)
    for place in range(plan.points, len(held)):
        start = starts[place]
        if place < plan.points + plan.uniform and not 0 < least[place] < 1:
            found += int(held[place]) if least[place] <= 0 else 0
        else:
            found += int(np.count_nonzero(values[start : start + held[place]] >= least[place]))
    return float(found)


def _mixture_sums(plan: _Plan, generator: np.random.Generator, room: Floats, levels: Sequence[float]) -> Sums:
    # What is random lies piece after piece in one array, so that one call adds up every piece, and another draws all
    # uniform numbers.
    held = generator.multinomial(room.size, plan.shares)
    runs = np.where(np.arange(held.size) < plan.points, 0, held)
    ends = runs.cumsum()
    starts = ends - runs
    first_other = plan.points + plan.uniform
    generator.random(out=room[: int(runs[:first_other].sum())])
    for piece, start, end in zip(
        plan.pieces[first_other:], starts[first_other:].tolist(), ends[first_other:].tolist(), strict=True
    ):
        piece.draw_unordered(generator, room[start:end])
    values = room[: int(ends[-1])]
    counts = [_counts(plan, held, values, starts, level) for level in levels]
    first, second = np.zeros((2, held.size))
    # reduceat gives for an empty run the number that follows, not zero.
    some = np.flatnonzero(runs)
    if some.size:
        first[some], second[some] = _sums_of_runs(values, starts[some])
    sums = held * plan.shift + plan.scale * first
    squares = held * plan.shift**2 + plan.scale * (2 * plan.shift * first + plan.scale * second)
    return [math.fsum(sums.tolist()), math.fsum(squares.tolist()), *counts]


def _total_blocks(
    returns: Returns, deals: int, seed: int, stream: int, levels: tuple[float, ...], blocks: range
) -> Floats:
    buffer = np.empty(min(BLOCK, deals))
    sums: list[Sums] = []
    for block, generator in zip(blocks, block_generators(seed, stream, blocks), strict=True):
        room = buffer[: deals - block * BLOCK]
        if isinstance(returns, DealReturns):
            sums.append(_mixture_sums(_plan(returns), generator, room, levels))
        else:
            sums.append(_quantile_sums(returns, generator, room, levels))
    return np.array(sums)


@formula
def simulate_totals(
    returns: Returns,
    deals: int,
    seed: int,
    *,
    levels: ArrayLike = (),
    stream: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
    blocks_per_task: int = 16,
) -> Totals:
    """Draw deals and return their moments; memory does not grow with their number.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal. For :class:`DealReturns` the number of deals in each class is drawn first and then
        the deals of each class together; for any other the quantile function of uniform numbers is used.
    deals : int
        Number of deals, at least 2.
    seed : int
        Seed, zero or more.
    levels : array_like, optional
        Multiples, one or several, for which the share of deals at or above is wanted.
    stream : int, optional
        Which independent set of random numbers.
    executor, progress : optional
        As in :func:`patient_capital.model.common.workers.fan_out`.
    blocks_per_task : int, optional
        Blocks that one task draws; no result depends on it.

    Returns
    -------
    Totals
        Mean, standard deviation, standard error, shares.

    Raises
    ------
    DomainError
        If a number is not whole or too small, or a level is not finite.
    """
    count(2, deals=deals)
    between("deals", deals, 2, MOST_DEALS, f"at most {MOST_DEALS:.0e}: so many take hours on all processors")
    count(0, seed=seed, stream=stream)
    count(1, blocks_per_task=blocks_per_task)
    finite(levels=levels)
    asked = tuple(np.ravel(np.asarray(levels, dtype=float)).tolist())
    run = partial(_total_blocks, returns, deals, seed, KINDS * stream + DEALS, asked)
    sums = np.concatenate(fan_out(run, block_tasks(-(-deals // BLOCK), blocks_per_task), executor, progress))
    first, second, *counts = (math.fsum(column) for column in sums.T)
    mean = first / deals
    sd = math.sqrt(max(second / deals - mean * mean, 0.0) * deals / (deals - 1))
    shares = tuple(counted_share(int(found), deals) for found in counts)
    return Totals(deals, seed, mean, sd, sd / math.sqrt(deals), asked, shares)
