"""Results on regimes: which way to invest wins, and what would have to be true for the other to win."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from patient_capital.analysis.model.fund import growth_of_winners
from patient_capital.analysis.model.inputs import At, deal_returns, filled, parameter
from patient_capital.model.common.checks import BreakEven
from patient_capital.model.fund.fund_terms import delay_from_idle_share
from patient_capital.model.regimes.evaluation import Outcome, Regime, Scenario, evaluate, with_parameters
from patient_capital.model.regimes.regime_break_evens import (
    break_even_flow,
    break_even_skill,
    break_even_soft_budget_of,
)
from patient_capital.model.selection.budget_selection import Rule
from patient_capital.model.selection.pool_of_proposals import implied_flow_elasticity
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result

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

    layers = int(cell("fee_layers"))
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
        # The layers of a fund of funds approve sub-funds; a fund of its own judges its deals itself.
        layers_screen_share=parameter(ctx, "sel_layers_judge") if layers == 2 else 1.0,
        fee_layers=layers,
        fee_years=float(cell("fee_years")),
        deals_per_fund=int(cell("deals_per_fund")),
    )


def scenario(ctx: Context, rate: str = "bond", at: At = MappingProxyType({}), /, **changes: float) -> Scenario:
    """Return what no regime chooses: the central parameters.

    Parameters
    ----------
    rate : str
        Discount rate: the coupon of the treasury (``bond``) or the official rate for public projects (``public``).
    at : mapping, optional
        Parameters by id in the place of those of the table, ``fm_public_rate`` being the discount rate; and
        ``tail_error``, see :func:`deal_returns`.
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


def implied_elasticity(ctx: Context, correlation: float) -> float:
    """Return the elasticity that screening alone implies if the announced money enters the early-stage market.

    The pool of proposals is the one from which private partnerships funded the deals with the published multiples.
    """
    _, screeners = yardstick(ctx)
    return float(
        implied_flow_elasticity(
            parameter(ctx, "vr_share_ge5"),
            flow_ratios(ctx)["early"],
            correlation,
            parameter(ctx, "sel_budget"),
            screeners,
        )
    )


SIGNALS = (0.1, 0.4)
"""Correlations of a signal with the rank of outcomes that the band of implied elasticities spans; at 0 it is 0."""


def implied_band(ctx: Context) -> tuple[float, float]:
    """Return the elasticities that screening alone implies under a weak and under a good signal."""
    weak, good = SIGNALS
    return implied_elasticity(ctx, weak), implied_elasticity(ctx, good)


@result(unit="ratio", decimals=1)
def flow_ratio(ctx: Context) -> float:
    """Early-stage money a year after the fund over before it, if the trillion came.

    1 + early-stage floor of the trillion a year / early-stage money today.
    """
    return flow_ratios(ctx)["early"]
