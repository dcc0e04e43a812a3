"""Results on regimes: which way to invest wins, and what would have to be true for the other to win."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from patient_capital.analysis.model.fund import growth_of_winners
from patient_capital.analysis.model.inputs import At, deal_returns, filled, parameter
from patient_capital.model.common.checks import BreakEven, point_of
from patient_capital.model.fund.fund_terms import delay_from_idle_share
from patient_capital.model.regimes.evaluation import Outcome, Regime, Scenario, evaluate, with_parameters
from patient_capital.model.regimes.regime_break_evens import (
    break_even_flow,
    break_even_forced_sale_of,
    break_even_skill,
    break_even_soft_budget_of,
)
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.model.selection.budget_selection import Rule, caught_share, select
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

SEED = 20250306
"""Seed of every run of the chapter: the day the fund was announced."""
PRIVATE, DIRECTED, PATIENT, NATIONAL = "private_fund", "directed_fund", "patient_fund", "national_fund"
REGIMES = (PRIVATE, DIRECTED, PATIENT, NATIONAL)
REGIME_WORDS = {
    PRIVATE: "private fund",
    DIRECTED: "directed fund",
    PATIENT: "patient fund at its best",
    NATIONAL: "national fund of 2025",
}
RATES = {"bond": "fm_bond_coupon", "public": "fm_public_rate"}


def flow_ratios(ctx: Context) -> dict[str, float]:
    """Return money after over money before in each market that a regime can enter, if all the announced money came."""
    early = ctx.value("funds.early_floor") / ctx.value("funds.early_market")
    whole = (
        ctx.number("funds", "cn_nvcgf", "announced_cny_bn")
        / ctx.number("regimes", NATIONAL, "investment_years")
        / ctx.number("comparators", "china_invest_2023", "amount")
    )
    return {"own": 1.0, "early": 1 + early, "whole": 1 + whole}


def market_of(ratio: float, markets: Mapping[str, float]) -> str | None:
    """Return the name of the market with this money after over before; None if there is none."""
    return next((name for name, known in markets.items() if np.isclose(ratio, known, rtol=1e-9)), None)


def regime(ctx: Context, row: str) -> Regime:
    """Return one regime from its row of the table."""

    def cell(column: str) -> Any:
        return ctx.cell("regimes", row, column)

    return Regime(
        name=row,
        tickets=int(cell("tickets")),
        rule=cast("Rule", cell("screening_rule")),
        screeners=int(cell("screeners")),
        sectors_picked=int(cell("sectors_picked")),
        horizon=float(cell("horizon_years")),
        investment_years=float(cell("investment_years")),
        state_share=float(cell("state_share")),
        reaches_scale=bool(cell("reaches_scale")),
        flow_ratio=flow_ratios(ctx)[cell("market_entered")],
    )


def scenario(ctx: Context, rate: str = "bond", at: At = MappingProxyType({}), /, **changes: float) -> Scenario:
    """Return what no regime chooses: the central parameters.

    Parameters
    ----------
    rate : str
        Discount rate: the coupon of the treasury (``bond``) or the official rate for public projects (``public``).
    at : mapping, optional
        Parameters by id in the place of those of the table, ``fm_public_rate`` being the discount rate; and
        ``tail_error`` and ``exit_reading``, see :func:`deal_returns` and :func:`growth_of_winners`.
    changes : float
        Fields of the scenario or of its returns that are changed.
    """
    idle = parameter(ctx, "fm_idle_share", at=at)
    base = Scenario(
        **filled(ctx, Scenario, at),
        seed=SEED,
        returns=deal_returns(ctx, at),
        growth=growth_of_winners(ctx, at=at),
        deployment_delay=float(delay_from_idle_share(idle, parameter(ctx, "fm_idle_years"))),
        discount_rate=at["fm_public_rate"] if "fm_public_rate" in at else parameter(ctx, RATES[rate]),
        yardstick=yardstick(ctx),
    )
    return with_parameters(base, **changes)


def yardstick(ctx: Context) -> tuple[Rule, int]:
    """Return how the private partnerships behind the published returns are taken to decide: rule and screeners."""
    rule, screeners = (ctx.cell("regimes", PRIVATE, column) for column in ("screening_rule", "screeners"))
    return cast("Rule", rule), int(screeners)


def outcome(ctx: Context, row: str, rate: str = "bond") -> Outcome:
    """Return what a yuan becomes in one regime."""
    return evaluate(regime(ctx, row), scenario(ctx, rate))


THINNED = "deals thinned by the money that enters, refusals, screening, direction, fees, forced sale"


@result(unit="pct", decimals=1, fields={"how": THINNED})
def regime_rate(ctx: Context, row: str) -> float:
    """Net return a year.

    Expected cash flows of the regime: {how}.
    """
    return 100 * float(outcome(ctx, row).internal_rate)


@result(unit="multiple", decimals=2, fields={"how": THINNED})
def regime_multiple(ctx: Context, row: str) -> float:
    """Net multiple.

    Expected cash flows of the regime: {how}.
    """
    return float(outcome(ctx, row).net_multiple)


@result(
    unit="pct",
    decimals=0,
    cases={
        "bond": {"words": "at the coupon of the treasury"},
        "public": {"words": "at the official rate for public projects"},
    },
)
def regime_worth(ctx: Context, row: str, *, case: str) -> float:
    """Net present value {words}, of the money paid in.

    Expected distributions less calls of the regime, discounted, per yuan of present value paid in.
    """
    return 100 * outcome(ctx, row, case).value


@result(unit="pct", decimals=0)
def loss_national_fund(ctx: Context) -> float:
    """Loss of the national fund at the coupon of the treasury, of the money paid in.

    Net present value with its sign turned.
    """
    return -100 * outcome(ctx, NATIONAL).value


@result(unit="pct", decimals=0)
def tail_assumed(ctx: Context) -> float:
    """Share of American deals at five times or more.

    Published share, in percent.
    """
    return 100 * parameter(ctx, "vr_share_ge5")


# --- Break-evens -----------------------------------------------------------------------------------------


def skill_break_even(ctx: Context, patient: str, rate: str = "bond", **changes: float) -> BreakEven:
    """Return the picking skill above which the directed fund is worth more than a patient one."""
    return break_even_skill(regime(ctx, patient), regime(ctx, DIRECTED), scenario(ctx, rate, **changes))


def flow_break_even(ctx: Context, row: str, rate: str = "bond", **changes: float) -> BreakEven:
    """Return the elasticity of deal flow at which a regime just earns the rate."""
    return break_even_flow(regime(ctx, row), scenario(ctx, rate, **changes))


def soft_budget_break_even(ctx: Context, row: str, rate: str = "bond", **changes: float) -> BreakEven:
    """Return the share of losers refinanced at which a regime is worth no more than a hard directed fund."""
    return break_even_soft_budget_of(regime(ctx, row), regime(ctx, DIRECTED), scenario(ctx, rate, **changes))


@result(
    unit="correlation",
    decimals=2,
    cases={PATIENT: {"words": "the patient fund at its best"}, NATIONAL: {"words": "the national fund of 2025"}},
)
def skill(ctx: Context, *, case: str) -> float:
    """Picking skill above which the directed fund beats {words}.

    Correlation of official priority and true payoff at which both are worth the same at the coupon of the treasury.
    """
    return point_of(skill_break_even(ctx, case), f"picking skill, {case}")


@result(unit="elasticity", decimals=2)
def flow_patient_fund(ctx: Context) -> float:
    """Elasticity of deal flow at which the patient fund just earns the coupon of the treasury.

    Elasticity at which its net present value is zero.
    """
    return point_of(flow_break_even(ctx, PATIENT), "elasticity of deal flow")


@claim()
def national_never(ctx: Context) -> bool:
    """The national fund does not earn the coupon even if deals never thin.

    Its net present value at the coupon of the treasury is below zero at an elasticity of zero.
    """
    return flow_break_even(ctx, NATIONAL).side == "loss"


def screening_elasticity(
    deals: DealReturns, budget: float, ratio: float, correlation: float, yardstick: tuple[Rule, int]
) -> float:
    """Return the elasticity that follows if more money only means that screeners accept more of the same proposals.

    It is minus the log change of the share of large successes among funded deals, over the log of `ratio`.

    Parameters
    ----------
    budget : float
        Share of proposals funded before the money came, 0 to 1.
    ratio : float
        Money after over before, above 1.
    correlation : float
        Correlation of a screener's signal with the rank of the outcome, 0 to 1.
    """

    def tail(share: float) -> float:
        chosen = select(deals, *yardstick, correlation, share)
        return float(caught_share(deals, chosen, deals.tail_start)) / share

    return float(-np.log(tail(min(budget * ratio, 1.0)) / tail(budget)) / np.log(ratio))


def implied_elasticity(ctx: Context, correlation: float) -> float:
    """Return the elasticity that screening alone implies if the announced money enters the early-stage market."""
    ratio = flow_ratios(ctx)["early"]
    return screening_elasticity(deal_returns(ctx), parameter(ctx, "sel_budget"), ratio, correlation, yardstick(ctx))


SIGNALS = (0.1, 0.4)
"""Correlations of a signal with the rank of outcomes that the band of implied elasticities spans; at 0 it is 0."""


def implied_band(ctx: Context) -> tuple[float, float]:
    """Return the elasticities that screening alone implies under a weak and under a good signal."""
    weak, good = SIGNALS
    return implied_elasticity(ctx, weak), implied_elasticity(ctx, good)


@result(unit="elasticity", decimals=2)
def flow_implied(ctx: Context) -> float:
    """Elasticity of deal flow that screening alone implies.

    Fall of the share of large successes among funded deals when as much more of the same proposals is funded as the
    money that enters.
    """
    return implied_elasticity(ctx, parameter(ctx, "sel_copula_corr"))


@result(unit="ratio", decimals=1)
def flow_ratio(ctx: Context) -> float:
    """Early-stage money a year after the fund over before it, if the trillion came.

    1 + early-stage floor of the trillion a year / early-stage money today.
    """
    return flow_ratios(ctx)["early"]


@result(unit="pct", decimals=0)
def soft_switch(ctx: Context) -> float:
    """Share of losers refinanced at which the patient fund is worth no more than a directed fund with a hard budget.

    Soft budget of a fund of the state alone at which both net present values at the coupon are equal.
    """
    return 100 * point_of(soft_budget_break_even(ctx, PATIENT), "soft budget")


@result(unit="pct", decimals=0)
def sale_switch(ctx: Context) -> float:
    """What a forced sale must fetch for the directed fund to be worth as much as the national fund.

    Share of value at which both net present values at the coupon are equal.

    Percent of value.
    """
    return 100 * point_of(
        break_even_forced_sale_of(regime(ctx, NATIONAL), regime(ctx, DIRECTED), scenario(ctx)), "forced sale"
    )


@claim()
def like_directed(ctx: Context) -> bool:
    """About as much as a directed fund.

    Their net present values at the coupon differ by at most five percent of the money paid in.
    """
    return abs(outcome(ctx, NATIONAL).value - outcome(ctx, DIRECTED).value) <= 0.05


@claim()
def hardly_any_skill(ctx: Context) -> bool:
    """Hardly any skill is needed.

    The picking skill above which the directed fund beats the national one is below 0.1.
    """
    return ctx.value("model.skill_national_fund") < 0.1


@claim()
def none_pays_public(ctx: Context) -> bool:
    """None of the state's regimes pays.

    Net present values of directed, national and patient fund at the official rate are below zero.
    """
    return all(outcome(ctx, row, "public").value < 0 for row in (DIRECTED, NATIONAL, PATIENT))
