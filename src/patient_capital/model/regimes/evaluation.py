"""Regimes, the ways in which a state can invest, by the same fields, and the expected value of a yuan in each.

A regime says who decides, over how many sectors, with how many and how large tickets, for how long, and how much of the
money is the state's. A scenario holds what no regime chooses: returns, fees, prices, and the seed of its draws. Every
gain and every cost is one factor or one flow that a parameter can switch off:

- screening, against a private partnership that averages three scores at the same acceptance, for the share of the
  deals that the layers of the fund judge themselves; the rest is screened by partnerships like the private ones;
- two layers of fees and carry for a fund of funds, each carry a call on what varies in its own portfolio;
- picking skill, large tickets and one chain for a fund that is directed; fewer good deals in each sector for it, too;
- refusal by the best deals, idle money and soft budgets in proportion to the share of the state.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, formula, plain
from patient_capital.model.fund.expected_flows import FundFlows, fund_flows
from patient_capital.model.fund.fund_performance import fund_internal_rate, net_multiple, value_per_yuan_paid
from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.tabulated_winners import TabulatedWinners
from patient_capital.model.fund.winner_calibration import winner_mean, winner_starts
from patient_capital.model.fund.winners import Winners
from patient_capital.model.returns.deal_returns import DealReturns, Returns
from patient_capital.model.returns.deal_table import DealTable
from patient_capital.model.returns.shocks import diversified_shock_sd
from patient_capital.model.selection.budget_selection import Rule, select
from patient_capital.model.selection.deal_flow import thinned_returns, with_tail_share
from patient_capital.model.selection.pool_of_proposals import funded_pool, relative_screening
from patient_capital.model.selection.sector_targeting import (
    coordination_factor,
    picking_gain,
    scale_factor,
    sector_risk_sd,
)

RULES = tuple(sorted(get_args(Rule)))
Stage = Literal["funded", "proposals"]
"""Whose multiples a distribution has: of deals that private partnerships funded, or of all proposals."""
BELOW_COST = "winners exit below cost"
"""Flag of an outcome: the deals that do not lose have so low a mean that no start of exits at cost or above meets it."""


def _check_rule(parameter: str, rule: str) -> None:
    if rule not in RULES:
        raise DomainError(parameter, rule, f"must be one of {', '.join(RULES)}")


def _one_number_each(record: Regime | Scenario) -> None:
    """Refuse an array in a field of numbers: draws of many scenarios have a record and a function of their own."""
    kinds = type(record).__annotations__
    checks.single(**{name: getattr(record, name) for name, kind in kinds.items() if kind == "float"})


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
    layers_screen_share : float, optional
        Share of the deals that its layers judge by `rule` themselves, 0 to 1; private partnerships screen the rest.
    fee_layers : {1, 2}, optional
        Layers that take a fee and a carry: a fund, or a fund of funds.
    fee_years : float, optional
        Years over which one fund charges on commitments; never more than the investment years.
    deals_per_fund : int, optional
        Deals of one fund, over which its carry is counted; 0 takes carry on expected flows, as if nothing varied.
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
    layers_screen_share: float = 1.0
    fee_layers: int = 1
    fee_years: float = np.inf
    deals_per_fund: int = 0

    def __post_init__(self) -> None:
        _one_number_each(self)
        checks.count(tickets=self.tickets, screeners=self.screeners, sectors_picked=self.sectors_picked)
        _check_rule("rule", self.rule)
        checks.positive(horizon=self.horizon, investment_years=self.investment_years)
        checks.between("investment_years", self.investment_years, 0, self.horizon, "must not exceed the horizon")
        checks.share(state_share=self.state_share, layers_screen_share=self.layers_screen_share)
        checks.count(0, deals_per_fund=self.deals_per_fund)
        if self.fee_layers not in {1, 2}:
            raise DomainError("fee_layers", self.fee_layers, "must be one or two: a fund, or a fund of funds")
        checks.between("fee_years", self.fee_years, math.nextafter(0.0, 1.0), np.inf, "must be positive")
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
    returns : Returns
        Gross multiple of a deal at today's flow of money: any distribution. Winners of :class:`DealReturns` are a
        Pareto with the mean of the deals that do not lose; those of any other are the table that it gives.
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
    upper_fee_rate, upper_carry : float, optional
        Fee and carry of a fund of funds, on top of those of its funds.
    returns_of : {"funded", "proposals"}, optional
        Whether the returns are those of deals that private partnerships funded, or of all proposals.
    """

    seed: int
    returns: Returns
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
    upper_fee_rate: float = 0.0
    upper_carry: float = 0.0
    returns_of: Stage = "funded"

    def __post_init__(self) -> None:
        _one_number_each(self)
        checks.record("returns", self.returns, (Returns,))
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
            upper_carry=self.upper_carry,
        )
        if self.returns_of not in get_args(Stage):
            raise DomainError("returns_of", self.returns_of, f"must be one of {', '.join(get_args(Stage))}")
        checks.between("pick_correlation", self.pick_correlation, -1, 1)
        checks.not_negative(
            fee_rate=self.fee_rate,
            deployment_delay=self.deployment_delay,
            sector_sd=self.sector_sd,
            elasticity=self.elasticity,
            coordination_gain=self.coordination_gain,
            shock_sd=self.shock_sd,
            discount_rate=self.discount_rate,
            upper_fee_rate=self.upper_fee_rate,
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
    flags : tuple of str
        What a reader must know of it: ``BELOW_COST``, or nothing.
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
    flags: tuple[str, ...] = ()


@formula
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


@formula
def regime_returns(regime: Regime, scenario: Scenario) -> DealReturns | DealTable:
    """Return the deals that a regime meets: thinned by the money that enters, and without those that refuse it.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.

    Returns
    -------
    DealReturns or DealTable
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
def _relative_mean(
    returns: Returns,
    stage: Stage,
    rule: Rule,
    screeners: int,
    yardstick: tuple[Rule, int],
    signal: float,
    budget: float,
) -> float:
    if (rule, screeners) == yardstick or signal == 0 or budget == 1:
        return 1.0
    if stage == "proposals":
        own, rival = (select(returns, *way, signal, budget).mean for way in ((rule, screeners), yardstick))
        return own / rival
    pool = funded_pool(*yardstick, signal, budget)
    found = relative_screening(lambda share: np.asarray(returns.upper_total(1 - share)), pool, rule, screeners)
    return float(found[0])


@formula
def screening_factor(regime: Regime, scenario: Scenario) -> float:
    """Return the mean multiple of what a regime selects over what the private yardstick selects, at equal acceptance.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.

    Returns
    -------
    float
        1 where it decides as private partnerships do, or leaves all deals to them.
    """
    judged = _relative_mean(
        scenario.returns,
        scenario.returns_of,
        regime.rule,
        regime.screeners,
        scenario.yardstick,
        scenario.score_correlation,
        scenario.budget,
    )
    return 1 + regime.layers_screen_share * (judged - 1)


@formula
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


class WinnerExits(NamedTuple):
    """From which multiple winners exit, and a factor on what they return, so that they have the mean of their deals."""

    start: float
    """Multiple from which exits begin, at least 1."""
    factor: float
    """1, or less where exits from 1 on would have a higher mean than the deals."""


@formula
@lru_cache(maxsize=4096)
def winner_exits(deals: DealReturns) -> WinnerExits:
    """Return how winners exit if they are to have the mean of the deals that do not lose.

    Parameters
    ----------
    deals : DealReturns
        Gross multiple of a deal, with a finite cap or a tail index above one.

    Returns
    -------
    WinnerExits
        Start of exits, and a factor that is 1 wherever a start of at least 1 meets the mean.
    """
    mean = float(winner_mean(deals.mean(), deals.loss_share, deals.low_mean))
    start, factor = winner_starts(mean, deals.tail_index, deals.cap)
    return WinnerExits(float(start), float(factor))


@formula
def start_of_winners(deals: DealReturns) -> float:
    """Return the multiple from which winners exit if they are to have the mean of the deals that do not lose.

    Parameters
    ----------
    deals : DealReturns
        Gross multiple of a deal, with a finite cap or a tail index above one.

    Returns
    -------
    float
        At least 1.

    Raises
    ------
    DomainError
        If no start meets the mean, since exits from 1 on have a higher one; :func:`winner_exits` then has a factor.
    """
    start, factor = winner_exits(deals)
    if factor < 1:
        raise DomainError("deals", deals.mean(), "have so low a mean that no start of exits at cost or above meets it")
    return start


@formula
def carry_sds(regime: Regime, scenario: Scenario, deals: DealReturns | DealTable) -> tuple[float, float]:
    """Return the log standard deviations of what one fund of a regime brings back, and of what the layer above does.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.
    deals : DealReturns
        Deals that it meets; their variance must exist.

    Returns
    -------
    tuple of float
        Of a lognormal with the mean and the variance of the mean of the deals of one fund, times the common shock; and
        of the shock alone, which more funds do not spread. Both 0 where a regime names no deals of a fund.
    """
    if not regime.deals_per_fund:
        return 0.0, 0.0
    shock = portfolio_shock_sd(regime, scenario)
    return float(np.hypot(luck_sd(regime, deals), shock)), shock


@formula
def luck_sd(regime: Regime, deals: DealReturns | DealTable) -> float:
    """Return the log standard deviation of the mean of the deals of one fund, the common shock left out.

    Parameters
    ----------
    regime : Regime
        What is evaluated.
    deals : DealReturns
        Deals that it meets; their variance must exist.

    Returns
    -------
    float
        Log points; 0 where a regime names no deals of a fund.
    """
    if not regime.deals_per_fund:
        return 0.0
    return float(np.sqrt(np.log1p(deals.variance() / deals.mean() ** 2 / regime.deals_per_fund)))


def _winners(deals: DealReturns | DealTable, growth: float, payoff: float | Floats) -> Winners | TabulatedWinners:
    if isinstance(deals, DealTable):
        return TabulatedWinners(growth=growth, deals=deals.winners(), payoff=payoff)
    start, met = winner_exits(deals)
    return Winners(
        growth=growth, start=start, tail_index=deals.tail_index, cap=deals.cap, payoff=met * np.asarray(payoff)
    )


@formula
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
    winners = _winners(deals, scenario.growth, factor)
    carry_sd, upper_sd = carry_sds(regime, scenario, deals)
    two = regime.fee_layers == 2
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
        fee_years=regime.fee_years,
        upper_fee_rate=scenario.upper_fee_rate if two else 0.0,
        upper_carry=scenario.upper_carry if two else 0.0,
        carry_sd=carry_sd,
        upper_carry_sd=upper_sd,
    )
    return fund_flows(winners, losers, terms)


@formula
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


@formula
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


@formula
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
    deals = regime_returns(regime, scenario)
    return Outcome(
        regime=regime,
        scenario=scenario,
        tail_share=deals.tail_share,
        screening=screening_factor(regime, scenario),
        picking=picking,
        scale=scale,
        coordination=coordination,
        net_multiple=float(net_multiple(flows)),
        internal_rate=float(fund_internal_rate(flows)),
        value=float(value_per_yuan_paid(flows, scenario.discount_rate)),
        flags=(BELOW_COST,) if isinstance(deals, DealReturns) and winner_exits(deals).factor < 1 else (),
    )


@formula
def portfolio_shock_sd(regime: Regime, scenario: Scenario, exit_years: int | None = None) -> float:
    """Return the log standard deviation of the shock that all deals of a regime share.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated.
    exit_years : int, optional
        Independent years over which exits spread; the horizon over `years_per_exit_year` unless given, at least 1.

    Returns
    -------
    float
        Log points; shocks of exit years and of sectors, independent of each other.
    """
    years = max(1.0, regime.horizon / scenario.years_per_exit_year) if exit_years is None else exit_years
    exits = float(diversified_shock_sd(scenario.shock_sd, years))
    return float(np.hypot(exits, sector_risk_sd(scenario.sectors, regime.sectors_picked, 1.0, scenario.sector_sd)))


@formula
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
    known = deal_fields | set(Scenario.__slots__) - {"returns", "returns_of"}
    for name in changes:
        if name not in known:
            raise DomainError("changes", name, f"must be one of {', '.join(sorted(known))}")
    of_deals = {name: value for name, value in changes.items() if name in deal_fields}
    others = {name: value for name, value in changes.items() if name not in deal_fields}
    returns = scenario.returns
    if of_deals:
        if not isinstance(returns, DealReturns):
            raise DomainError("changes", ", ".join(of_deals), "are fields of DealReturns, which these returns are not")
        returns = replace(returns, **of_deals)  # type: ignore[arg-type]  # the fields are told apart by name above
    return replace(scenario, returns=returns, **others)  # type: ignore[arg-type]  # the fields are told apart by name above
