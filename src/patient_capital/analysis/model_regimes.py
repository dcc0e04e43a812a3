"""Results on regimes: which way to invest wins, and what would have to be true for the other to win."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import cast

import numpy as np

from patient_capital.analysis.model_fund import growth_of_winners
from patient_capital.analysis.model_inputs import RETURNS_PARAMETERS, deal_returns, inputs, value
from patient_capital.model.common.checks import BreakEven
from patient_capital.model.fund.fund_terms import delay_from_idle_share
from patient_capital.model.regimes.evaluation import YARDSTICK, Outcome, Regime, Scenario, evaluate, with_parameters
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
IDLE_YEARS = 3
"""Years after which the share of idle money is given."""
PRIVATE, DIRECTED, PATIENT, NATIONAL = "private_fund", "directed_fund", "patient_fund", "national_fund"
REGIMES = (PRIVATE, DIRECTED, PATIENT, NATIONAL)
REGIME_WORDS = {
    PRIVATE: "private fund",
    DIRECTED: "directed fund",
    PATIENT: "patient fund at its best",
    NATIONAL: "national fund of 2025",
}
SCENARIO_PARAMETERS = (
    *RETURNS_PARAMETERS, "vr_time_to_exit", "vr_fail_hazard", "fm_fee", "fm_carry", "fm_forced_sale", "fm_idle_share", "fm_soft_budget",
    "sel_copula_corr", "sel_budget", "sel_sectors", "sel_pick_corr", "sel_sector_sd", "sel_scale_share", "sel_coordination",
    "sel_top_decline", "sel_flow_eps", "vr_shock_sd",
)  # fmt: skip
RATES = {"bond": "fm_bond_coupon", "public": "fm_public_rate"}
COLUMNS = (
    "tickets", "screening_rule", "screeners", "sectors_picked", "horizon_years", "investment_years", "state_share", "reaches_scale",
    "market_entered",
)  # fmt: skip
FLOWS = (
    "result funds.early_floor",
    "result funds.early_market",
    "funds[cn_nvcgf].announced_cny_bn",
    "comparators[china_invest_2023].amount",
)
INVESTING_YEARS = 10


def regime_inputs(*rows: str) -> tuple[str, ...]:
    """Return the labels of everything that the regimes of some rows read."""
    return (*(f"regimes[{row}].{column}" for row in rows for column in COLUMNS), *FLOWS)


def flow_ratios(ctx: Context) -> dict[str, float]:
    """Return money after over money before in each market that a regime can enter, if all the announced money came."""
    early = ctx.value("funds.early_floor") / ctx.value("funds.early_market")
    whole = (
        ctx.number("funds", "cn_nvcgf", "announced_cny_bn")
        / INVESTING_YEARS
        / ctx.number("comparators", "china_invest_2023", "amount")
    )
    return {"own": 1.0, "early": 1 + early, "whole": 1 + whole}


def market_of(ratio: float, markets: Mapping[str, float]) -> str | None:
    """Return the name of the market with this money after over before; None if there is none."""
    return next((name for name, known in markets.items() if np.isclose(ratio, known, rtol=1e-9)), None)


def regime(ctx: Context, row: str) -> Regime:
    """Return one regime from its row of the table."""
    cell = {column: ctx.cell("regimes", row, column) for column in COLUMNS}
    return Regime(
        name=row, tickets=int(cell["tickets"]), rule=cast("Rule", cell["screening_rule"]), screeners=int(cell["screeners"]),
        sectors_picked=int(cell["sectors_picked"]), horizon=float(cell["horizon_years"]), investment_years=float(cell["investment_years"]),
        state_share=float(cell["state_share"]), reaches_scale=bool(cell["reaches_scale"]), flow_ratio=flow_ratios(ctx)[cell["market_entered"]],
    )  # fmt: skip


def scenario(ctx: Context, rate: str = "bond", **changes: float) -> Scenario:
    """Return the scenario at the central parameters and the coupon of the treasury or the official rate."""
    p = {name: value(ctx, name) for name in SCENARIO_PARAMETERS[len(RETURNS_PARAMETERS) :]}
    base = Scenario(
        seed=SEED, returns=deal_returns(ctx), growth=growth_of_winners(ctx), fail_hazard=p["vr_fail_hazard"], fee_rate=p["fm_fee"],
        carry=p["fm_carry"], forced_sale=p["fm_forced_sale"], deployment_delay=float(delay_from_idle_share(p["fm_idle_share"], IDLE_YEARS)),
        soft_budget=p["fm_soft_budget"], score_correlation=p["sel_copula_corr"], budget=p["sel_budget"], sectors=int(p["sel_sectors"]),
        pick_correlation=p["sel_pick_corr"], sector_sd=p["sel_sector_sd"], scale_share=p["sel_scale_share"],
        coordination_gain=p["sel_coordination"], refusal=p["sel_top_decline"], elasticity=p["sel_flow_eps"], shock_sd=p["vr_shock_sd"],
        discount_rate=value(ctx, RATES[rate]),
    )  # fmt: skip
    return with_parameters(base, **changes)


def _scenario_inputs(*rates: str) -> tuple[str, ...]:
    return inputs(*SCENARIO_PARAMETERS, *(RATES[rate] for rate in rates))


ROW = (*(f"regimes[{{row}}].{column}" for column in COLUMNS), *FLOWS)


def outcome(ctx: Context, row: str, rate: str = "bond") -> Outcome:
    """Return what a yuan becomes in one regime."""
    return evaluate(regime(ctx, row), scenario(ctx, rate))


for _name, _field, _words, _unit, _scale, _decimals in (
    ("regime_rate", "internal_rate", "Net return a year", "pct", 100, 1),
    ("regime_multiple", "net_multiple", "Net multiple", "multiple", 1, 2),
):

    def _field_of(ctx: Context, row: str, *, field: str = _field, scale: float = _scale) -> float:
        return scale * float(getattr(outcome(ctx, row), field))

    result(
        f"model.{_name}", _words, unit=_unit, decimals=_decimals, inputs=(*ROW, *_scenario_inputs("bond")),
        formula="expected cash flows of the regime: deals thinned by the money that enters, refusals, screening, direction, fees, forced sale",
    )(_field_of)  # fmt: skip

for _rate, _words in (
    ("bond", "at the coupon of the treasury"),
    ("public", "at the official rate for public projects"),
):

    def _worth(ctx: Context, row: str, *, rate: str = _rate) -> float:
        return 100 * outcome(ctx, row, rate).value

    result(
        f"model.regime_worth_{_rate}", f"Net present value {_words}, of the money paid in", unit="pct", decimals=0,
        formula="expected distributions less calls of the regime, discounted, per yuan of present value paid in", inputs=(*ROW, *_scenario_inputs(_rate)),
    )(_worth)  # fmt: skip


@result(
    "model.loss_national_fund", "Loss of the national fund at the coupon of the treasury, of the money paid in", unit="pct", decimals=0,
    formula="net present value with its sign turned", inputs=(*regime_inputs(NATIONAL), *_scenario_inputs("bond")),
)  # fmt: skip
def loss_national_fund(ctx: Context) -> float:
    """Percent."""
    return -100 * outcome(ctx, NATIONAL).value


@result(
    "model.tail_assumed", "Share of American deals at five times or more", unit="pct", decimals=0, formula="published share, in percent",
    inputs=inputs("vr_share_ge5"),
)  # fmt: skip
def tail_assumed(ctx: Context) -> float:
    """Percent."""
    return 100 * value(ctx, "vr_share_ge5")


# --- Break-evens -----------------------------------------------------------------------------------------


def skill_switch(ctx: Context, patient: str, rate: str = "bond", **changes: float) -> BreakEven:
    """Return the picking skill above which the directed fund is worth more than a patient one."""
    return break_even_skill(regime(ctx, patient), regime(ctx, DIRECTED), scenario(ctx, rate, **changes))


def flow_switch(ctx: Context, row: str, rate: str = "bond", **changes: float) -> BreakEven:
    """Return the elasticity of deal flow at which a regime just earns the rate."""
    return break_even_flow(regime(ctx, row), scenario(ctx, rate, **changes))


def soft_budget_switch(ctx: Context, row: str, rate: str = "bond", **changes: float) -> BreakEven:
    """Return the share of losers refinanced at which a regime is worth no more than a directed fund with a hard budget."""
    return break_even_soft_budget_of(regime(ctx, row), regime(ctx, DIRECTED), scenario(ctx, rate, **changes))


def _at(found: BreakEven, what: str) -> float:
    if found.at is None:
        raise ValueError(
            f"{what}: no break-even between {found.low:g} and {found.high:g}; the sign is that of a {found.side}"
        )
    return found.at


def _skill(ctx: Context, *, row: str) -> float:
    return _at(skill_switch(ctx, row), f"picking skill, {row}")


for _row, _words in ((PATIENT, "the patient fund at its best"), (NATIONAL, "the national fund of 2025")):
    result(
        f"model.skill_{_row}", f"Picking skill above which the directed fund beats {_words}", unit="correlation", decimals=2,
        formula="correlation of official priority and true payoff at which both are worth the same at the coupon of the treasury",
        inputs=(*regime_inputs(_row, DIRECTED), *_scenario_inputs("bond")),
    )(partial(_skill, row=_row))  # fmt: skip


@result(
    "model.flow_patient_fund", "Elasticity of deal flow at which the patient fund just earns the coupon of the treasury", unit="elasticity", decimals=2,
    formula="elasticity at which its net present value is zero", inputs=(*regime_inputs(PATIENT), *_scenario_inputs("bond")),
)  # fmt: skip
def flow_patient_fund(ctx: Context) -> float:
    """Elasticity."""
    return _at(flow_switch(ctx, PATIENT), "elasticity of deal flow")


@claim(
    "model.national_never", "The national fund does not earn the coupon even if deals never thin",
    formula="its net present value at the coupon of the treasury is below zero at an elasticity of zero",
    inputs=(*regime_inputs(NATIONAL), *_scenario_inputs("bond")),
)  # fmt: skip
def national_never(ctx: Context) -> bool:
    """Say whether the words hold."""
    return flow_switch(ctx, NATIONAL).side == "loss"


def screening_elasticity(deals: DealReturns, budget: float, ratio: float, correlation: float) -> float:
    """Return the elasticity that follows if more money only means that screeners accept more of the same proposals.

    Parameters
    ----------
    deals : DealReturns
        Gross multiple of a deal.
    budget : float
        Share of proposals funded before the money came, 0 to 1.
    ratio : float
        Money after over before, above 1.
    correlation : float
        Correlation of a screener's signal with the rank of the outcome, 0 to 1.

    Returns
    -------
    float
        Minus the log change of the share of large successes among funded deals, over the log of `ratio`.
    """

    def tail(share: float) -> float:
        chosen = select(deals, *YARDSTICK, correlation, share)
        return float(caught_share(deals, chosen, deals.tail_start)) / share

    return float(-np.log(tail(min(budget * ratio, 1.0)) / tail(budget)) / np.log(ratio))


def implied_elasticity(ctx: Context, correlation: float) -> float:
    """Return the elasticity that screening alone implies if the announced money enters the early-stage market."""
    ratio = flow_ratios(ctx)["early"]
    return screening_elasticity(deal_returns(ctx), value(ctx, "sel_budget"), ratio, correlation)


SIGNALS = (0.1, 0.4)
"""Correlations of a signal with the rank of outcomes that the band of implied elasticities spans; at 0 it is 0."""


def implied_band(ctx: Context) -> tuple[float, float]:
    """Return the elasticities that screening alone implies under a weak and under a good signal."""
    weak, good = SIGNALS
    return implied_elasticity(ctx, weak), implied_elasticity(ctx, good)


IMPLIED = (*inputs(*RETURNS_PARAMETERS, "sel_budget"), *FLOWS)


@result(
    "model.flow_implied", "Elasticity of deal flow that screening alone implies", unit="elasticity", decimals=2,
    formula="fall of the share of large successes among funded deals when as much more of the same proposals is funded as the money that enters",
    inputs=(*IMPLIED, *inputs("sel_copula_corr")),
)  # fmt: skip
def flow_implied(ctx: Context) -> float:
    """Elasticity."""
    return implied_elasticity(ctx, value(ctx, "sel_copula_corr"))


@result(
    "model.flow_ratio", "Early-stage money a year after the fund over before it, if the trillion came", unit="ratio", decimals=1,
    formula="1 + early-stage floor of the trillion a year / early-stage money today", inputs=FLOWS,
)  # fmt: skip
def flow_ratio(ctx: Context) -> float:
    """Ratio."""
    return flow_ratios(ctx)["early"]


@result(
    "model.soft_switch", "Share of losers refinanced at which the patient fund is worth no more than a directed fund with a hard budget", unit="pct", decimals=0,
    formula="soft budget of a fund of the state alone at which both net present values at the coupon are equal",
    inputs=(*regime_inputs(PATIENT, DIRECTED), *_scenario_inputs("bond")),
)  # fmt: skip
def soft_switch(ctx: Context) -> float:
    """Percent."""
    return 100 * _at(soft_budget_switch(ctx, PATIENT), "soft budget")


@result(
    "model.sale_switch", "What a forced sale must fetch for the directed fund to be worth as much as the national fund", unit="pct", decimals=0,
    formula="share of value at which both net present values at the coupon are equal", inputs=(*regime_inputs(NATIONAL, DIRECTED), *_scenario_inputs("bond")),
)  # fmt: skip
def sale_switch(ctx: Context) -> float:
    """Percent of value."""
    return 100 * _at(
        break_even_forced_sale_of(regime(ctx, NATIONAL), regime(ctx, DIRECTED), scenario(ctx)), "forced sale"
    )


@claim(
    "model.like_directed", "About as much as a directed fund", formula="their net present values at the coupon differ by at most five percent of the money paid in",
    inputs=(*regime_inputs(NATIONAL, DIRECTED), *_scenario_inputs("bond")),
)  # fmt: skip
def like_directed(ctx: Context) -> bool:
    """Say whether the words hold."""
    return abs(outcome(ctx, NATIONAL).value - outcome(ctx, DIRECTED).value) <= 0.05


@claim(
    "model.hardly_any_skill", "Hardly any skill is needed", formula="the picking skill above which the directed fund beats the national one is below 0.1",
    inputs=("result model.skill_national_fund",),
)  # fmt: skip
def hardly_any_skill(ctx: Context) -> bool:
    """Say whether the words hold."""
    return ctx.value("model.skill_national_fund") < 0.1


@claim(
    "model.none_pays_public", "None of the state's regimes pays", formula="net present values of directed, national and patient fund at the official rate are below zero",
    inputs=(*regime_inputs(DIRECTED, NATIONAL, PATIENT), *_scenario_inputs("public")),
)  # fmt: skip
def none_pays_public(ctx: Context) -> bool:
    """Say whether the words hold."""
    return all(outcome(ctx, row, "public").value < 0 for row in (DIRECTED, NATIONAL, PATIENT))
