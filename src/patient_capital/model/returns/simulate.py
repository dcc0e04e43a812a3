"""Draws of deals and their moments, in seeded blocks.

Every block of 65,536 draws has a seed of its own, and the sums of the blocks are added in the order of the blocks. The
result is therefore a function of the parameters and the seed alone, not of the number of blocks in a task or of
workers.

A total does not depend on the order of the deals: their number in each class is drawn first, and within a class they
are drawn in an order that is not random, which is faster.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from patient_capital.model._numerics.random_streams import BLOCK, DEALS, KINDS, block_generators, block_tasks
from patient_capital.model.common.checks import Floats, count, finite
from patient_capital.model.common.estimates import Estimate, counted_share
from patient_capital.model.common.workers import Progress, fan_out
from patient_capital.model.returns._mixture_components import Component
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


Sums = list[float]
"""Sum of the multiples, of their squares, and the number of deals at or above each level."""


def _sums_of_runs(values: Floats, starts: Sequence[int]) -> tuple[list[float], list[float]]:
    # Not the dot product: how that is cut, and so its last digit, depends on the threads of the linear algebra library.
    first = np.add.reduceat(values, starts).tolist()
    np.square(values, out=values)
    return first, np.add.reduceat(values, starts).tolist()


def _counts(values: Floats, levels: Iterable[float]) -> list[float]:
    return [float(np.count_nonzero(values >= level)) for level in levels]


def _quantile_sums(returns: Returns, generator: np.random.Generator, room: Floats, levels: Sequence[float]) -> Sums:
    values = np.array(returns.quantile(generator.random(out=room)))
    counts = _counts(values, levels)
    (first,), (second,) = _sums_of_runs(values, [0])
    return [first, second, *counts]


def _mixture_sums(returns: DealReturns, generator: np.random.Generator, room: Floats, levels: Sequence[float]) -> Sums:
    # What is random lies component after component in one array, so that one call adds up every component.
    held = generator.multinomial(room.size, [weight for weight, _ in returns.components]).tolist()
    parts: list[Sums] = []
    drawn: list[tuple[Component, int, list[float]]] = []
    starts: list[int] = []
    end = 0
    for several, (_, component) in zip(held, returns.components, strict=True):
        shift, scale = component.shift, component.scale
        if scale == 0:
            parts.append([several * shift, several * shift**2, *(several * float(shift >= level) for level in levels)])
        elif several:
            starts.append(end)
            end += several
            standard = room[end - several : end]
            component.draw_unordered(generator, standard)
            drawn.append((component, several, _counts(standard, ((level - shift) / scale for level in levels))))
    if drawn:
        for (component, several, counts), first, second in zip(drawn, *_sums_of_runs(room[:end], starts), strict=True):
            shift, scale = component.shift, component.scale
            squares = several * shift**2 + scale * (2 * shift * first + scale * second)
            parts.append([several * shift + scale * first, squares, *counts])
    return [math.fsum(column) for column in zip(*parts, strict=True)]


def _total_blocks(
    returns: Returns, deals: int, seed: int, stream: int, levels: tuple[float, ...], blocks: range
) -> Floats:
    buffer = np.empty(min(BLOCK, deals))
    sums: list[Sums] = []
    for block, generator in zip(blocks, block_generators(seed, stream, blocks), strict=True):
        room = buffer[: deals - block * BLOCK]
        if isinstance(returns, DealReturns):
            sums.append(_mixture_sums(returns, generator, room, levels))
        else:
            sums.append(_quantile_sums(returns, generator, room, levels))
    return np.array(sums)


def simulate_totals(
    returns: Returns,
    deals: int,
    seed: int,
    *,
    levels: Sequence[float] = (),
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
    levels : sequence of float, optional
        Multiples for which the share of deals at or above is wanted.
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
    count(0, seed=seed, stream=stream)
    count(1, blocks_per_task=blocks_per_task)
    asked = tuple(float(level) for level in levels)
    finite(levels=asked)
    run = partial(_total_blocks, returns, deals, seed, KINDS * stream + DEALS, asked)
    sums = np.concatenate(fan_out(run, block_tasks(-(-deals // BLOCK), blocks_per_task), executor, progress))
    first, second, *counts = (math.fsum(column) for column in sums.T)
    mean = first / deals
    sd = math.sqrt(max(second / deals - mean * mean, 0.0) * deals / (deals - 1))
    shares = tuple(counted_share(int(found), deals) for found in counts)
    return Totals(deals, seed, mean, sd, sd / math.sqrt(deals), asked, shares)
