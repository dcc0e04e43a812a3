"""Regimes, the ways in which a state can invest, by the same fields, and the expected value of a yuan in each.

A regime says who decides, over how many sectors, with how many and how large tickets, for how long, and how much of the
money is the state's. A scenario holds what no regime chooses: returns, fees, prices, and the seed of its draws. Every
gain and every cost is one factor or one flow that a parameter can switch off:

- screening, against a private partnership that averages three scores at the same acceptance;
- picking skill, large tickets and one chain for a fund that is directed; fewer good deals in each sector for it, too;
- refusal by the best deals, idle money and soft budgets in proportion to the share of the state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, plain
from patient_capital.model.fund.expected_flows import FundFlows, fund_flows
from patient_capital.model.fund.fund_performance import fund_internal_rate, net_multiple, value_per_yuan_paid
from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.winner_calibration import winner_mean, winner_start
from patient_capital.model.fund.winners import Winners
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.model.returns.pareto import pareto_mean
from patient_capital.model.returns.shocks import diversified_shock_sd
from patient_capital.model.selection.budget_selection import Rule, select
from patient_capital.model.selection.deal_flow import thinned_returns, with_tail_share
from patient_capital.model.selection.sector_targeting import (
    coordination_factor,
    picking_gain,
    scale_factor,
    sector_risk_sd,
)

RULES = tuple(sorted(get_args(Rule)))


def _check_rule(parameter: str, rule: str) -> None:
    if rule not in RULES:
        raise DomainError(parameter, rule, f"must be one of {', '.join(RULES)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A way to invest.

    Attributes
    ----------
    name : str
        Id of the regime.
    tickets : int
        Deals in the portfolio.
    rule : {"average", "champion", "majority", "unanimity"}
        How several screeners decide.
    screeners : int
        Layers or persons who judge a deal.
    sectors_picked : int
        Sectors that the money may go to, of all in the scenario.
    horizon, investment_years : float
        Years until what is left must be sold, and over which money is placed.
    state_share : float
        Share of the money that is the state's, 0 to 1.
    reaches_scale : bool
        Whether tickets are large enough for deals that need scale.
    flow_ratio : float
        Money in the market it enters, after over before, if it were spread over all sectors; 1 to 1,000.
    """

    name: str
    tickets: int
    rule: Rule
    screeners: int
    sectors_picked: int
    horizon: float
    investment_years: float
    state_share: float
    reaches_scale: bool
    flow_ratio: float

    def __post_init__(self) -> None:
        checks.count(tickets=self.tickets, screeners=self.screeners, sectors_picked=self.sectors_picked)
        _check_rule("rule", self.rule)
        checks.positive(horizon=self.horizon, investment_years=self.investment_years)
        checks.between("investment_years", self.investment_years, 0, self.horizon, "must not exceed the horizon")
        checks.share(state_share=self.state_share)
        checks.between(
            "flow_ratio",
            self.flow_ratio,
            1,
            1000,
            "must lie between 1 and 1000: money that enters cannot lower the flow",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What no regime chooses.

    Attributes
    ----------
    seed : int
        Seed of every draw in the scenario.
    returns : DealReturns
        Gross multiple of a deal at today's flow of money.
    growth, fail_hazard : float
        Growth of winners and hazard at which losers run out of money, a year.
    fee_rate, carry, forced_sale, deployment_delay, soft_budget : float
        Terms as in :class:`FundTerms`; delay and soft budget are those of a fund of the state alone.
    score_correlation, budget : float
        Correlation of a screener's signal with the quality of deals, and share of proposals that is funded.
    sectors : int
        Number of sectors.
    pick_correlation, sector_sd : float
        Picking skill, -1 to 1, and log standard deviation of sector payoffs.
    scale_share, coordination_gain : float
        Value that needs large tickets, and gain where all money is in one chain; shares.
    refusal : float
        Chance that one of the best deals refuses a fund of the state alone.
    elasticity : float
        Elasticity of the share of large successes to the money that enters.
    shock_sd : float
        Log standard deviation of the common shock of an exit year.
    discount_rate : float
        Discount rate a year.
    years_per_exit_year : float
        Years of a fund's life for each independent year in which its exits fall, at least 1.
    yardstick : tuple
        Rule and number of screeners of the private partnerships behind the returns.
    """

    seed: int
    returns: DealReturns
    growth: float
    fail_hazard: float
    fee_rate: float
    carry: float
    forced_sale: float
    deployment_delay: float
    soft_budget: float
    score_correlation: float
    budget: float
    sectors: int
    pick_correlation: float
    sector_sd: float
    scale_share: float
    coordination_gain: float
    refusal: float
    elasticity: float
    shock_sd: float
    discount_rate: float
    years_per_exit_year: float
    yardstick: tuple[Rule, int]

    def __post_init__(self) -> None:
        checks.count(0, seed=self.seed)
        checks.count(2, sectors=self.sectors)
        rule, screeners = self.yardstick
        _check_rule("yardstick", rule)
        checks.count(yardstick=screeners)
        at_least_one = "a year of exits is no shorter than a year"
        checks.between("years_per_exit_year", self.years_per_exit_year, 1.0, float(np.finfo(float).max), at_least_one)
        checks.positive(growth=self.growth, fail_hazard=self.fail_hazard, budget=self.budget)
        checks.share(
            carry=self.carry,
            forced_sale=self.forced_sale,
            soft_budget=self.soft_budget,
            budget=self.budget,
            score_correlation=self.score_correlation,
            scale_share=self.scale_share,
            refusal=self.refusal,
        )
        checks.between("pick_correlation", self.pick_correlation, -1, 1)
        checks.not_negative(
            fee_rate=self.fee_rate,
            deployment_delay=self.deployment_delay,
            sector_sd=self.sector_sd,
            elasticity=self.elasticity,
            coordination_gain=self.coordination_gain,
            shock_sd=self.shock_sd,
            discount_rate=self.discount_rate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a yuan becomes in a regime, in expectation.

    Attributes
    ----------
    regime, scenario : Regime, Scenario
        What was evaluated; the scenario carries its seed.
    tail_share : float
        Share of deals at five times or more, after thinning and refusals.
    screening, picking, scale, coordination : float
        Factors on the proceeds of winners.
    net_multiple : float
        Distributions over calls.
    internal_rate : float
        Net return a year.
    value : float
        Net present value at the scenario's discount rate, for each yuan of present value paid in.
    """

    regime: Regime
    scenario: Scenario
    tail_share: float
    screening: float
    picking: float
    scale: float
    coordination: float
    net_multiple: float
    internal_rate: float
    value: float


def sector_flow_ratio(regime: Regime, sectors: int) -> float:
    """Return the money in the sectors that a regime picks, after over before.

    Parameters
    ----------
    regime : Regime
        The regime; its flow ratio is that of an even spread.
    sectors : int
        Number of sectors, at least as many as it picks.

    Returns
    -------
    float
        1 + (ratio - 1) x sectors / picked: the same money in fewer sectors meets fewer deals.

    Raises
    ------
    DomainError
        If it picks more sectors than there are.
    """
    if regime.sectors_picked > sectors:
        raise DomainError("sectors_picked", regime.sectors_picked, f"cannot exceed the {sectors} sectors")
    return 1 + (regime.flow_ratio - 1) * sectors / regime.sectors_picked


def regime_returns(regime: Regime, scenario: Scenario) -> DealReturns:
    """Return the deals that a regime meets: thinned by the money that enters, and without those that refuse it.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.

    Returns
    -------
    DealReturns
        Before screening and direction.

    Raises
    ------
    DomainError
        If it picks more sectors than there are, or every deal there is refuses it.
    """
    ratio = sector_flow_ratio(regime, scenario.sectors)
    thinned = thinned_returns(scenario.returns, ratio, scenario.elasticity)
    refused = scenario.refusal * regime.state_share
    if thinned.tail_share * refused == 1:
        raise DomainError("refusal", scenario.refusal, "where all deals are of the best, some must accept")
    left = thinned.tail_share * (1 - refused) / (1 - thinned.tail_share * refused)
    return with_tail_share(thinned, left, "in_proportion")


@lru_cache(maxsize=4096)
def _mean_of_selected(returns: DealReturns, rule: Rule, screeners: int, correlation: float, budget: float) -> float:
    return select(returns, rule, screeners, correlation, budget).mean


def screening_factor(regime: Regime, scenario: Scenario) -> float:
    """Return the mean multiple of what a regime selects over what the private yardstick selects, at equal acceptance.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.

    Returns
    -------
    float
        1 where it decides as private partnerships do.
    """
    common = (scenario.score_correlation, scenario.budget)
    own = _mean_of_selected(scenario.returns, regime.rule, regime.screeners, *common)
    return own / _mean_of_selected(scenario.returns, *scenario.yardstick, *common)


def targeting_factors(regime: Regime, scenario: Scenario) -> tuple[float, float, float]:
    """Return the factors of picking, of scale and of coordination on the proceeds of winners.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.

    Returns
    -------
    tuple of float
        Picking, scale, coordination; each 1 where it does nothing.
    """
    sectors, picked = scenario.sectors, regime.sectors_picked
    picking = picking_gain(sectors, picked, scenario.pick_correlation, scenario.sector_sd)
    scale = float(scale_factor(2.0 if regime.reaches_scale else 0.5, 1.0, scenario.scale_share, 0.0))
    return picking, scale, coordination_factor(sectors, picked, 1.0, scenario.coordination_gain)


@lru_cache(maxsize=4096)
def start_of_winners(deals: DealReturns) -> float:
    """Return the multiple from which winners exit if they are to have the mean of the deals that do not lose.

    Parameters
    ----------
    deals : DealReturns
        Gross multiple of a deal, with a finite cap or a tail index above one.

    Returns
    -------
    float
        At least 1. Where the deals that do not lose have a mean below that of exits from 1 on, it is 1.
    """
    lowest = float(pareto_mean(deals.tail_index, 1.0, deals.cap))
    mean = float(winner_mean(deals.mean(), deals.loss_share, deals.low_mean))
    return winner_start(max(mean, lowest), deals.tail_index, deals.cap)


def regime_flows(regime: Regime, scenario: Scenario, payoff: ArrayLike = 1.0) -> FundFlows:
    """Return the expected cash flows of a regime for each yuan of commitments.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.
    payoff : array_like, optional
        One further factor on the mean multiple of winners, positive, or several.

    Returns
    -------
    FundFlows
        Flows by quarter.
    """
    checks.positive(payoff=payoff)
    deals = regime_returns(regime, scenario)
    factor = plain(
        np.asarray(payoff) * screening_factor(regime, scenario) * np.prod(targeting_factors(regime, scenario))
    )
    start = start_of_winners(deals)
    winners = Winners(growth=scenario.growth, start=start, tail_index=deals.tail_index, cap=deals.cap, payoff=factor)
    losers = Losers(share=deals.loss_share, mean=deals.low_mean, fail_hazard=scenario.fail_hazard)
    terms = FundTerms(
        horizon=regime.horizon,
        investment_years=regime.investment_years,
        fee_rate=scenario.fee_rate,
        carry=scenario.carry,
        deployment_delay=scenario.deployment_delay * regime.state_share,
        raised_share=1.0,
        forced_sale=scenario.forced_sale,
        soft_budget=scenario.soft_budget * regime.state_share,
    )
    return fund_flows(winners, losers, terms)


def regime_value(regime: Regime, scenario: Scenario, payoff: float = 1.0) -> float:
    """Return the net present value of a regime at the scenario's discount rate, for each yuan of present value paid in.

    For each yuan of *commitments* a regime that calls its money late would have a higher value for that alone.

    Parameters
    ----------
    regime, scenario, payoff
        As in :func:`regime_flows`.

    Returns
    -------
    float
        Yuan.
    """
    return float(regime_values(regime, scenario, payoff))


def regime_values(regime: Regime, scenario: Scenario, payoffs: ArrayLike) -> Floats:
    """Return the value of a regime at many further factors on its winners at once.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.
    payoffs : array_like, shape (n,)
        Factors on the mean multiple of winners, positive.

    Returns
    -------
    ndarray, shape (n,)
        As :func:`regime_value` for each factor.
    """
    return np.asarray(value_per_yuan_paid(regime_flows(regime, scenario, payoffs), scenario.discount_rate))


def evaluate(regime: Regime, scenario: Scenario) -> Outcome:
    """Return what a yuan becomes in a regime, with all factors.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.

    Returns
    -------
    Outcome
        Expected outcome; :mod:`patient_capital.model.regimes.regime_draws` has the distribution.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or so little comes back that there is no internal rate.
    """
    flows = regime_flows(regime, scenario)
    picking, scale, coordination = targeting_factors(regime, scenario)
    return Outcome(
        regime=regime,
        scenario=scenario,
        tail_share=regime_returns(regime, scenario).tail_share,
        screening=screening_factor(regime, scenario),
        picking=picking,
        scale=scale,
        coordination=coordination,
        net_multiple=float(net_multiple(flows)),
        internal_rate=float(fund_internal_rate(flows)),
        value=float(value_per_yuan_paid(flows, scenario.discount_rate)),
    )


def portfolio_shock_sd(regime: Regime, scenario: Scenario, exit_years: int | None = None) -> float:
    """Return the log standard deviation of the shock that all deals of a regime share.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.
    exit_years : int, optional
        Independent years over which exits spread; the horizon over `years_per_exit_year`, rounded, unless given.

    Returns
    -------
    float
        Log points; shocks of exit years and of sectors, independent of each other.
    """
    years = max(1, round(regime.horizon / scenario.years_per_exit_year)) if exit_years is None else exit_years
    exits = float(diversified_shock_sd(scenario.shock_sd, years))
    return float(np.hypot(exits, sector_risk_sd(scenario.sectors, regime.sectors_picked, 1.0, scenario.sector_sd)))


def with_parameters(scenario: Scenario, **changes: float) -> Scenario:
    """Return a scenario with other values.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    **changes : float
        Fields of the scenario, or ``tail_index``, ``cap``, ``loss_share``, ``tail_share``, ``low_mean`` and
        ``mid_mean`` of its returns.

    Returns
    -------
    Scenario
        A new record, checked again.

    Raises
    ------
    DomainError
        If a name is unknown or a value lies outside its domain.
    """
    deal_fields = {"tail_index", "cap", "loss_share", "tail_share", "low_mean", "mid_mean"}
    known = deal_fields | set(Scenario.__slots__) - {"returns"}
    for name in changes:
        if name not in known:
            raise DomainError("changes", name, f"must be one of {', '.join(sorted(known))}")
    of_deals = {name: value for name, value in changes.items() if name in deal_fields}
    others = {name: value for name, value in changes.items() if name not in deal_fields}
    returns = replace(scenario.returns, **of_deals) if of_deals else scenario.returns  # type: ignore[arg-type]
    return replace(scenario, returns=returns, **others)  # type: ignore[arg-type]
