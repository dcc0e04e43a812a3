r"""Regimes at many scenarios at once: what doubt about the parameters does to each number.

A scenario here is a draw of all doubtful parameters together. Every step of
:mod:`patient_capital.model.regimes.evaluation` is done for all draws with arrays: thinning and refusals, the start of
winners' exits, screening from the pool behind the funded deals, flows, value and internal rate. Results equal those of
the same scenarios evaluated one by one. This doubt is not the spread of outcomes of one fund, which
:mod:`patient_capital.model.regimes.regime_draws` has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize.elementwise import find_root
from scipy.special import betainc, ndtr

from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, formula
from patient_capital.model.fund.expected_flows import FundFlows, fund_flows
from patient_capital.model.fund.fund_performance import fund_internal_rate, net_multiple, value_per_yuan_paid
from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.winner_calibration import winner_mean, winner_starts
from patient_capital.model.fund.winners import Winners
from patient_capital.model.regimes.evaluation import Regime, Scenario
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.model.returns.pareto import pareto_mean, power_moment
from patient_capital.model.returns.shocks import diversified_shock_sd
from patient_capital.model.selection.budget_selection import Rule
from patient_capital.model.selection.pool_of_proposals import funded_pool, relative_screening
from patient_capital.model.selection.sector_targeting import _PRIORITY, _WEIGHT

BLOCK = 128
"""Draws that are evaluated together: their flows stay in the cache of a core."""
SHAPES = {"low_shape": "zero_or_uniform", "mid_shape": "power"}
"""Shapes of losses and of the middle class of the deals of draws."""
NO_CHANGES: Mapping[str, Floats] = MappingProxyType({})

RegimeChanges = Mapping[str, ArrayLike]
"""Fields of a regime, or of the scenario, that differ from draw to draw in the place of the stated ones."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScenarioDraws:
    """Many scenarios: each number is an array of shape (draws,), named as in ``DealReturns`` and ``Scenario``.

    Attributes
    ----------
    seed, sectors, yardstick
        The same in all draws, as in :class:`~patient_capital.model.regimes.evaluation.Scenario`.
    loss_share, tail_share, low_mean, mid_mean, tail_index, cap, tail_start : ndarray
        Deals that were funded; losses and middle class have the shapes of ``SHAPES``.
    growth, fail_hazard, fee_rate, carry, forced_sale, deployment_delay, soft_budget : ndarray
        How what is bought grows and fails, and terms of a fund.
    score_correlation, budget, pick_correlation, sector_sd, scale_share, coordination_gain : ndarray
        Selection and direction.
    refusal, elasticity, shock_sd, discount_rate, years_per_exit_year, upper_fee_rate, upper_carry : ndarray
        Deals that refuse or thin out, the common shock, the discount rate, and the layer above.
    """

    seed: int
    sectors: int
    yardstick: tuple[Rule, int]
    loss_share: Floats
    tail_share: Floats
    low_mean: Floats
    mid_mean: Floats
    tail_index: Floats
    cap: Floats
    tail_start: Floats
    growth: Floats
    fail_hazard: Floats
    fee_rate: Floats
    carry: Floats
    forced_sale: Floats
    deployment_delay: Floats
    soft_budget: Floats
    score_correlation: Floats
    budget: Floats
    pick_correlation: Floats
    sector_sd: Floats
    scale_share: Floats
    coordination_gain: Floats
    refusal: Floats
    elasticity: Floats
    shock_sd: Floats
    discount_rate: Floats
    years_per_exit_year: Floats
    upper_fee_rate: Floats
    upper_carry: Floats

    def __post_init__(self) -> None:
        shapes = {np.shape(getattr(self, name)) for name in DRAWN}
        if len(shapes) > 1 or len(next(iter(shapes))) != 1:
            raise DomainError("draws", sorted(shapes), "all arrays have one value a draw")

    def __len__(self) -> int:
        """Return the number of draws."""
        return int(self.loss_share.size)

    def picked(self, which: slice | np.ndarray) -> ScenarioDraws:
        """Return some of the draws, by their places."""
        few: dict[str, Any] = {name: getattr(self, name)[which] for name in DRAWN}
        return replace(self, **few)

    def changed(self, changes: RegimeChanges) -> ScenarioDraws:
        """Return the draws with other values of some fields, one for all draws or one a draw."""
        new: dict[str, Any] = {n: np.broadcast_to(np.asarray(v, float), len(self)) for n, v in changes.items()}
        return replace(self, **new)

    def at(self, place: int) -> Scenario:
        """Return one of the scenarios."""
        values = {name: float(getattr(self, name)[place]) for name in DRAWN}
        deals = {name: values.pop(name) for name in OF_DEALS}
        return Scenario(
            seed=self.seed,
            sectors=self.sectors,
            yardstick=self.yardstick,
            returns=DealReturns(**deals, **SHAPES),  # type: ignore[arg-type]  # the names say which field each is
            **values,  # type: ignore[arg-type]  # the names say which field each is
        )


DRAWN = tuple(field.name for field in fields(ScenarioDraws) if field.name not in {"seed", "sectors", "yardstick"})
"""Fields of draws that hold an array."""
OF_DEALS = ("loss_share", "tail_share", "low_mean", "mid_mean", "tail_index", "cap", "tail_start")
OF_REGIME = ("horizon", "investment_years", "state_share", "flow_ratio", "layers_screen_share", "fee_years")
"""Fields of a regime that may differ from draw to draw."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnOutcomes:
    """What a yuan becomes in a regime at each draw.

    Attributes
    ----------
    value : ndarray, shape (rates, draws)
        Net present value for each yuan of present value paid in, at each discount rate.
    internal_rate, net_multiple : ndarray, shape (draws,)
        Net return a year, and distributions over calls. The return is minus infinity where so little comes back, or so
        much must be paid in again late, that a fund is worth less than its cost at every rate.
    below_cost : ndarray of bool, shape (draws,)
        Where winners exit below cost, as the flag of an outcome says.
    """

    value: Floats
    internal_rate: Floats
    net_multiple: Floats
    below_cost: np.ndarray


@dataclass(frozen=True, slots=True)
class _Deals:
    """Deals that a regime meets at each draw."""

    loss_share: Floats
    tail_share: Floats
    of: ScenarioDraws

    @property
    def mid_share(self) -> Floats:
        return np.maximum(1 - self.loss_share - self.tail_share, 0.0)

    def mean(self) -> Floats:
        tail = np.asarray(pareto_mean(self.of.tail_index, self.of.tail_start, self.of.cap))
        bulk = self.loss_share * self.of.low_mean + self.mid_share * self.of.mid_mean
        return np.asarray(bulk + self.tail_share * tail)

    def variance(self) -> Floats:
        d = self.of
        power = (d.tail_start - d.mid_mean) / (d.mid_mean - 1)
        width = d.tail_start - 1
        middle = 1 + 2 * width / (power + 1) + width**2 / (2 * power + 1)
        tail = power_moment(2.0, d.tail_index, d.tail_start, d.cap)
        # A loss is nothing, or uniform below one: its second moment is two thirds of its mean.
        square = self.loss_share * d.low_mean * 2 / 3 + self.mid_share * middle + self.tail_share * tail
        return np.asarray(square - self.mean() ** 2)

    def upper_total(self, above: Floats) -> Floats:
        """Return what of the mean the deals above each share bring, shape (draws, n)."""
        d = self.of
        column = {name: getattr(d, name)[:, None] for name in OF_DEALS}
        tail, lost = self.tail_share[:, None], self.loss_share[:, None]
        middle = self.mid_share[:, None]
        start, cap, index = column["tail_start"], column["cap"], column["tail_index"]
        least = (cap / start) ** -index
        inside = np.minimum(above / tail, 1.0)
        # The share of an endless tail above the same multiple, and what it brings up to the cap.
        endless = inside * (1 - least) + least
        brought = start * index / (index - 1) * (endless ** ((index - 1) / index) - least ** ((index - 1) / index))
        total = tail * brought / (1 - least)

        power = (start - column["mid_mean"]) / (column["mid_mean"] - 1)
        rank = 1 - np.clip((above - tail) / np.maximum(middle, 1e-300), 0.0, 1.0)
        total = total + middle * ((1 - rank) + (start - 1) * (1 - rank ** (power + 1)) / (power + 1))

        spread = lost * 2 * column["low_mean"]
        rank = 1 - np.clip((above - tail - middle) / np.maximum(spread, 1e-300), 0.0, 1.0)
        return np.asarray(total + spread * (1 - rank**2) / 2)


def _met(sector_ratio: Floats, state_share: Floats, draws: ScenarioDraws) -> _Deals:
    """Return deals thinned by the money that enters, without those that refuse the state."""
    thinned = draws.tail_share * sector_ratio**-draws.elasticity
    refused = draws.refusal * state_share
    left = thinned * (1 - refused) / (1 - thinned * refused)
    return _Deals(draws.loss_share * (1 - left) / (1 - draws.tail_share), left, draws)


def _picking(sectors: int, picked: int, skill: Floats, sector_sd: Floats) -> Floats:
    if picked == sectors:
        return np.ones(skill.shape)
    # The steps of the scalar function, every fourth of them: over a normal density the sum is exact long before.
    among = betainc(sectors - picked, picked, ndtr(_PRIORITY[::4] + (sector_sd * skill)[:, None]))
    return np.asarray(sectors / picked * (among @ (4 * _WEIGHT[::4])))


def _flows(
    regime: Regime, draws: ScenarioDraws, given: Mapping[str, Floats], payoff: Floats
) -> tuple[FundFlows, Floats]:
    """Return flows at each draw, and the factor by which winners exit below cost."""
    sectors, picked = draws.sectors, regime.sectors_picked
    deals = _met(1 + (given["flow_ratio"] - 1) * sectors / picked, given["state_share"], draws)
    mean = deals.mean()
    start, factor = winner_starts(winner_mean(mean, deals.loss_share, draws.low_mean), draws.tail_index, draws.cap)

    judged = given["layers_screen_share"]
    if (regime.rule, regime.screeners) != draws.yardstick and judged.any():
        pool = funded_pool(*draws.yardstick, draws.score_correlation, draws.budget)
        untouched = _Deals(draws.loss_share, draws.tail_share, draws)
        judged = judged * (relative_screening(untouched.upper_total, pool, regime.rule, regime.screeners) - 1)
        payoff = payoff * (1 + judged)
    spread_out = 1 / sectors
    payoff = payoff * _picking(sectors, picked, draws.pick_correlation, draws.sector_sd)
    payoff = payoff * (1 + draws.coordination_gain * (1 / picked - spread_out) / (1 - spread_out))
    if not regime.reaches_scale:
        payoff = payoff * (1 - draws.scale_share)

    luck = shock = np.zeros(len(draws))
    if regime.deals_per_fund:
        years = np.maximum(given["horizon"] / draws.years_per_exit_year, 1.0)
        of_exits = np.asarray(diversified_shock_sd(draws.shock_sd, years))
        # The lognormal that has mean and variance of the payoff of the picked sectors.
        of_sectors = np.sqrt(np.log1p(np.expm1(draws.sector_sd**2) / picked))
        shock = np.hypot(of_exits, of_sectors)
        luck = np.sqrt(np.log1p(deals.variance() / mean**2 / regime.deals_per_fund))
    two = float(regime.fee_layers == 2)
    winners = Winners(
        growth=draws.growth, start=start, tail_index=draws.tail_index, cap=draws.cap, payoff=payoff * factor
    )
    losers = Losers(share=deals.loss_share, mean=draws.low_mean, fail_hazard=draws.fail_hazard)
    terms = FundTerms(
        horizon=given["horizon"],
        investment_years=given["investment_years"],
        fee_rate=draws.fee_rate,
        carry=draws.carry,
        deployment_delay=draws.deployment_delay * given["state_share"],
        raised_share=1.0,
        forced_sale=draws.forced_sale,
        soft_budget=draws.soft_budget * given["state_share"],
        fee_years=given["fee_years"],
        upper_fee_rate=two * draws.upper_fee_rate,
        upper_carry=two * draws.upper_carry,
        carry_sd=np.hypot(luck, shock),
        upper_carry_sd=shock,
    )
    return fund_flows(winners, losers, terms), factor


def _split(regime: Regime, draws: ScenarioDraws, changes: RegimeChanges) -> tuple[ScenarioDraws, dict[str, Floats]]:
    for name in changes:
        if name not in OF_REGIME and name not in DRAWN:
            raise DomainError("changes", name, f"must be one of {', '.join(sorted({*OF_REGIME, *DRAWN}))}")
    if regime.sectors_picked > draws.sectors:
        raise DomainError("sectors_picked", regime.sectors_picked, f"cannot exceed the {draws.sectors} sectors")
    of_regime = {name: changes.get(name, getattr(regime, name)) for name in OF_REGIME}
    given = {name: np.broadcast_to(np.asarray(value, float), len(draws)) for name, value in of_regime.items()}
    checks.share(state_share=given["state_share"], layers_screen_share=given["layers_screen_share"])
    checks.between("flow_ratio", given["flow_ratio"], 1.0, 1000.0)
    return draws.changed({name: value for name, value in changes.items() if name in DRAWN}), given


def _internal_rates(flows: FundFlows) -> Floats:
    try:
        return np.atleast_1d(fund_internal_rate(flows))
    except DomainError:
        # Calls come first: a fund without a rate is worth less than its cost at every one.
        names = [field.name for field in fields(FundFlows)]
        rates = []
        for place in range(len(flows.net)):
            one = FundFlows(**{name: getattr(flows, name)[place] for name in names})
            try:
                rates.append(float(fund_internal_rate(one)))
            except DomainError:
                rates.append(-np.inf)
        return np.array(rates)


def _blocks(count: int) -> Iterable[slice]:
    return (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))


@formula
def evaluate_draws(
    regime: Regime, draws: ScenarioDraws, rates: Iterable[ArrayLike], changes: RegimeChanges = NO_CHANGES
) -> DrawnOutcomes:
    """Return what a yuan becomes in a regime at each of many scenarios.

    Parameters
    ----------
    regime : Regime
        What is evaluated.
    draws : ScenarioDraws
        The scenarios; their discount rates are not used.
    rates : iterable of float or ndarray
        Discount rates a year, each for all draws, or one a draw.
    changes : dict of array_like, optional
        Fields in the place of those of the regime (``OF_REGIME``) or of the draws, one for all or one a draw.

    Returns
    -------
    DrawnOutcomes

    Raises
    ------
    DomainError
        If a value lies outside its domain.
    """
    at, given = _split(regime, draws, changes)
    wanted = [np.broadcast_to(np.asarray(rate, float), len(at)) for rate in rates]
    parts = []
    for block in _blocks(len(at)):
        here = at.picked(block)
        ones = np.ones(len(here))
        flows, factor = _flows(regime, here, {name: value[block] for name, value in given.items()}, ones)
        value = np.array([np.asarray(value_per_yuan_paid(flows, rate[block])) for rate in wanted])
        value = value.reshape(len(wanted), len(here))
        parts.append((value, _internal_rates(flows), np.atleast_1d(net_multiple(flows)), factor < 1))
    values, internal, multiples, below = zip(*parts, strict=True)
    return DrawnOutcomes(
        value=np.concatenate(values, axis=1),
        internal_rate=np.concatenate(internal),
        net_multiple=np.concatenate(multiples),
        below_cost=np.concatenate(below),
    )


@formula
def values_of_draws(
    regime: Regime, draws: ScenarioDraws, changes: RegimeChanges = NO_CHANGES, rates: Iterable[ArrayLike] | None = None
) -> Floats:
    """Return the value of a regime at each of many scenarios, for each yuan of present value paid in.

    Parameters
    ----------
    regime, draws, changes
        As in :func:`evaluate_draws`; ``payoff`` among the changes is one further factor on the winners.
    rates : iterable of float or ndarray, optional
        As in :func:`evaluate_draws`; by default the discount rate of each scenario.

    Returns
    -------
    ndarray, shape (draws,), or (rates, draws) if rates are given
        Yuan.
    """
    payoff = np.broadcast_to(np.asarray(changes.get("payoff", 1.0), float), len(draws))
    at, given = _split(regime, draws, {name: value for name, value in changes.items() if name != "payoff"})
    wanted = [
        np.broadcast_to(np.asarray(rate, float), len(at)) for rate in ([at.discount_rate] if rates is None else rates)
    ]
    values = []
    for block in _blocks(len(at)):
        here = at.picked(block)
        flows, _ = _flows(regime, here, {name: value[block] for name, value in given.items()}, payoff[block])
        values.append([np.atleast_1d(value_per_yuan_paid(flows, rate[block])) for rate in wanted])
    found = np.concatenate([np.array(part).reshape(len(wanted), -1) for part in values], axis=1)
    return found[0] if rates is None else found


def sign_changes(
    gain: Callable[[Floats, np.ndarray], Floats], low: float, high: float, count: int, steps: int
) -> Floats:
    """Return for each draw the first point of a span at which a gain changes its sign.

    Parameters
    ----------
    gain : callable
        Takes points, shape (n,), and the places of n draws, and returns their gains.
    low, high : float
        Span, low below high.
    count : int
        Number of draws.
    steps : int
        Equal steps in which the span is searched from `low`.

    Returns
    -------
    ndarray, shape (count,)
        The points; plus infinity where the gain is above zero over the whole span, minus infinity where it is not.
    """
    everywhere = np.arange(count)
    grid = np.linspace(low, high, steps + 1)
    above = np.stack([gain(np.full(count, point), everywhere) > 0 for point in grid], axis=1)
    turns = above[:, 1:] != above[:, :-1]
    crosses = turns.any(axis=1)
    result = np.where(above[:, -1], np.inf, -np.inf)
    if crosses.any():
        cell, where = turns[crosses].argmax(axis=1), everywhere[crosses]
        found = find_root(
            lambda point, place: gain(point, place.astype(int)),
            (grid[cell], grid[cell + 1]),
            args=(where.astype(float),),
            tolerances={"xatol": 1e-7 * (high - low), "xrtol": 0.0, "fatol": 0.0, "frtol": 0.0},
        )
        result[crosses] = found.x
    return result
