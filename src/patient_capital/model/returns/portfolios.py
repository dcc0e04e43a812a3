"""Draws of portfolios of deals that share a shock, in seeded blocks."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from functools import partial

import numpy as np

from patient_capital.model._numerics.class_counts import Counts, draw_counts
from patient_capital.model._numerics.random_streams import BLOCK, DEALS, KINDS, SHOCKS, block_generators, block_tasks
from patient_capital.model.common.checks import DomainError, Floats, count, formula, not_negative
from patient_capital.model.common.workers import Progress, fan_out
from patient_capital.model.returns._mixture_components import Component
from patient_capital.model.returns.deal_returns import DealReturns, Returns
from patient_capital.model.returns.shocks import common_shock

MOST_MEGABYTES = 4000.0
"""Memory that draws may take unless another limit is stated."""


def _check_memory(portfolios: int, portfolio_deals: int, most_megabytes: float) -> None:
    # The draws of a block, which holds one whole portfolio at least; the result, its parts, and the shocks.
    megabytes = 8e-6 * (max(BLOCK, portfolio_deals) + 3 * portfolios)
    if megabytes > most_megabytes:
        rule = f"takes about {megabytes:.0f} MB, more than most_megabytes = {most_megabytes:g}: draw fewer or raise it"
        raise DomainError("portfolios", f"{portfolios} of {portfolio_deals} deals", rule)


def _mixture_portfolios(
    returns: DealReturns, deals: int, portfolios: int, generator: np.random.Generator, buffer: Floats
) -> Floats:
    # The count of each class in every portfolio comes first; then each class is drawn in one call for all portfolios,
    # and the draws are added up in runs, one for each portfolio.
    weights = tuple(weight for weight, _ in returns.components)
    total = math.fsum(weights)
    counts = draw_counts(generator, deals, tuple(w / total for w in weights), portfolios)
    result = np.zeros(portfolios)
    drawn: list[tuple[Component, Counts]] = []
    end = 0
    for (_, component), held in zip(returns.components, counts.T, strict=True):
        if component.shift:
            result += component.shift * held
        if component.scale:
            start, end = end, end + int(held.sum())
            component.draw_standard(generator, buffer[start:end])
            drawn.append((component, held))
    if drawn:
        # reduceat needs a place for every run to begin, also for an empty one at the very end, and gives for an empty
        # run the number that follows, not zero.
        buffer[end] = 0.0
        flat = np.concatenate([held for _, held in drawn])
        sums = np.add.reduceat(buffer[: end + 1], np.cumsum(flat) - flat)
        sums[flat == 0] = 0.0
        for (component, _), row in zip(drawn, sums.reshape(-1, portfolios), strict=True):
            result += component.scale * row
    return result / deals


def _portfolio_blocks(
    returns: Returns, deals: int, portfolios: int, per_block: int, seed: int, stream: int, blocks: range
) -> Floats:
    buffer = np.empty(per_block * deals + 1)
    parts = []
    for block, generator in zip(blocks, block_generators(seed, stream, blocks), strict=True):
        several = min(per_block, portfolios - block * per_block)
        if isinstance(returns, DealReturns):
            parts.append(_mixture_portfolios(returns, deals, several, generator, buffer))
        else:
            draws = np.asarray(returns.quantile(generator.random(out=buffer[: several * deals])))
            parts.append(np.add.reduce(draws.reshape(several, deals), axis=1) / deals)
    return np.concatenate(parts)


@formula
def simulate_shocks(
    shock_sd: float, portfolios: int, seed: int, *, stream: int = 0, most_megabytes: float = MOST_MEGABYTES
) -> Floats:
    """Return the common shock of each portfolio; the same for the same place, whatever the portfolios hold.

    Parameters
    ----------
    shock_sd : float
        Standard deviation of the log shock, zero or more.
    portfolios : int
        Number of portfolios.
    seed, stream, most_megabytes
        As in :func:`simulate_portfolios`.

    Returns
    -------
    ndarray, shape (portfolios,)
        Factors with mean 1.

    Raises
    ------
    DomainError
        If the standard deviation is below zero or a number is not whole.
    """
    not_negative(shock_sd=shock_sd)
    count(1, portfolios=portfolios)
    count(0, seed=seed, stream=stream)
    _check_memory(portfolios, 1, most_megabytes)
    if shock_sd == 0:
        return np.ones(portfolios)
    normals = np.empty(portfolios)
    blocks = range(-(-portfolios // BLOCK))
    for block, generator in zip(blocks, block_generators(seed, KINDS * stream + SHOCKS, blocks), strict=True):
        generator.standard_normal(out=normals[block * BLOCK : (block + 1) * BLOCK])
    return np.asarray(common_shock(shock_sd, normals))


@formula
def simulate_portfolios(
    returns: Returns,
    portfolio_deals: int,
    portfolios: int,
    seed: int,
    shock_sd: float = 0.0,
    *,
    stream: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
    blocks_per_task: int = 16,
    most_megabytes: float = MOST_MEGABYTES,
) -> Floats:
    r"""Draw portfolios of equally large deals and return the gross multiple of each.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    portfolio_deals : int
        Deals of a portfolio, N.
    portfolios : int
        Number of portfolios.
    seed : int
        Seed, zero or more. The shock of the i-th portfolio depends on the seed, the stream and i alone.
    shock_sd : float, optional
        Standard deviation of the log of the shock that all deals of a portfolio share, :math:`\sigma`.
    stream : int, optional
        Which independent set of random numbers.
    executor, progress : optional
        As in :func:`patient_capital.model.common.workers.fan_out`.
    blocks_per_task : int, optional
        Blocks that one task draws; no result depends on it.
    most_megabytes : float, optional
        Memory that the draws may take. Moments of any number of deals take none: see
        :func:`patient_capital.model.returns.simulate.simulate_totals`.

    Returns
    -------
    ndarray, shape (portfolios,)
        :math:`e^{\sigma\varepsilon - \sigma^2/2} N^{-1} \sum_i X_i`.

    Raises
    ------
    DomainError
        If a number is not whole or too small, the standard deviation is below zero, or the memory does not suffice.
    """
    count(1, portfolio_deals=portfolio_deals, portfolios=portfolios, blocks_per_task=blocks_per_task)
    count(0, seed=seed, stream=stream)
    not_negative(shock_sd=shock_sd)
    _check_memory(portfolios, portfolio_deals, most_megabytes)
    per_block = max(1, BLOCK // portfolio_deals)
    run = partial(_portfolio_blocks, returns, portfolio_deals, portfolios, per_block, seed, KINDS * stream + DEALS)
    parts = fan_out(run, block_tasks(-(-portfolios // per_block), blocks_per_task), executor, progress)
    multiples = np.concatenate(parts)
    return (
        multiples * simulate_shocks(shock_sd, portfolios, seed, stream=stream, most_megabytes=most_megabytes)
        if shock_sd
        else multiples
    )
