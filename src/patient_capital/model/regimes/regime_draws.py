"""The distribution of a regime's net multiple over drawn portfolios, and what the number of tickets alone gives."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, count, finite, formula
from patient_capital.model.common.estimates import (
    Estimate,
    counted_share,
    share_below,
    simulated_mean,
    simulated_quantile,
)
from patient_capital.model.common.workers import Progress
from patient_capital.model.fund.expected_flows import expected_profit
from patient_capital.model.regimes.evaluation import (
    Regime,
    Scenario,
    luck_sd,
    portfolio_shock_sd,
    regime_flows,
    regime_returns,
)
from patient_capital.model.returns.deal_returns import Returns
from patient_capital.model.returns.portfolios import simulate_portfolios, simulate_shocks

LOW_RANK = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Distribution of the net multiple of a regime.

    Attributes
    ----------
    regime, scenario : Regime, Scenario
        What was drawn; the scenario carries the seed.
    portfolios : int
        Portfolios drawn.
    mean, median, low : Estimate
        Mean, median and fifth percentile, with their Monte Carlo errors.
    loss : Estimate
        Chance that less comes back than was paid in.
    """

    regime: Regime
    scenario: Scenario
    portfolios: int
    mean: Estimate
    median: Estimate
    low: Estimate
    loss: Estimate


@formula
def net_multiples(
    regime: Regime,
    scenario: Scenario,
    portfolios: int,
    *,
    stream: int = 0,
    exit_years: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Floats:
    """Return net multiples of whole portfolios of a regime.

    Each portfolio draws its deals and one shock that all of them share; what the deals bring is scaled to the expected
    proceeds of the regime's cash flows, so that timing, forced sale and factors count. Carry is taken on the outcome:
    on that of the whole portfolio if it is one fund, else on each fund's in expectation, given what all of them bring.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is drawn; shocks of regimes that are drawn with one seed are the same standard normals.
    portfolios : int
        Number of portfolios.
    stream : int, optional
        Sequence of draws of the deals; another one for each regime makes them independent.
    exit_years : int, optional
        As in :func:`portfolio_shock_sd`.
    executor, progress
        As in :func:`patient_capital.model.returns.portfolios.simulate_portfolios`.

    Returns
    -------
    ndarray, shape (portfolios,)
        Distributions over calls.
    """
    count(portfolios=portfolios)
    deals = regime_returns(regime, scenario)
    drawn = simulate_portfolios(
        deals, regime.tickets, portfolios, scenario.seed, stream=stream, executor=executor, progress=progress
    )
    shocks = simulate_shocks(portfolio_shock_sd(regime, scenario, exit_years), portfolios, scenario.seed)
    flows = regime_flows(regime, scenario)
    gross, idle, paid = (float(a.sum()) for a in (flows.proceeds, flows.returned, flows.calls))
    received = gross * drawn * shocks / deals.mean() + idle
    several = 0 < regime.deals_per_fund < regime.tickets
    luck = np.asarray(luck_sd(regime, deals) if several else 0.0)
    left = received - scenario.carry * expected_profit(received, np.asarray(paid), luck)
    if regime.fee_layers == 2:
        left = left - scenario.upper_carry * np.maximum(left - paid, 0.0)
    return np.asarray(left / paid)


@formula
def spread(regime: Regime, scenario: Scenario, multiples: Floats) -> Spread:
    """Return the distribution of drawn net multiples, each number with its Monte Carlo error.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What was drawn.
    multiples : ndarray, shape (n,)
        As :func:`net_multiples` gives them.

    Returns
    -------
    Spread
        Mean, median, fifth percentile and chance of a loss.

    Raises
    ------
    DomainError
        If a multiple is not finite, or there are too few for a fifth percentile.
    """
    return Spread(
        regime=regime,
        scenario=scenario,
        portfolios=multiples.size,
        mean=simulated_mean(multiples),
        median=simulated_quantile(multiples, 0.5),
        low=simulated_quantile(multiples, LOW_RANK),
        loss=share_below(multiples, 1.0),
    )


@formula
def chance_of_beating(one: ArrayLike, other: ArrayLike) -> Estimate:
    """Return the share of paired draws in which one portfolio has the higher multiple; ties count for the other.

    Parameters
    ----------
    one, other : array_like, shape (n,)
        Net multiples under the same shocks.

    Returns
    -------
    Estimate
        Share, with its Monte Carlo error.

    Raises
    ------
    DomainError
        If a multiple is not finite, or the two are not pairs.
    """
    finite(one=one, other=other)
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if one.shape != other.shape:
        raise DomainError("other", other.shape, f"needs one multiple for each of the first, {one.shape}")
    return counted_share(int((one > other).sum()), one.size)


@formula
def ticket_count_chance(
    returns: Returns, tickets: int, other: int, portfolios: int, seed: int, *, executor: Executor | None = None
) -> Estimate:
    """Return how often the first of two portfolios of the same deals has the higher mean, because of skewness alone.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal, the same for both.
    tickets, other : int
        Deals in the one and in the other.
    portfolios, seed : int
        Number of pairs and seed.
    executor : concurrent.futures.Executor, optional
        Where the draws run.

    Returns
    -------
    Estimate
        Share of pairs in which the first has the higher mean multiple; one half for portfolios of equal size.

    References
    ----------
    :cite:t:`azevedo2020`
    """
    first, second = (
        simulate_portfolios(returns, n, portfolios, seed, stream=stream, executor=executor)
        for stream, n in ((101, tickets), (102, other))
    )
    return chance_of_beating(first, second)
