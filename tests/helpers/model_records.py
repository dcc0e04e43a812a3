"""Records of the model at values near the book's, which tests of its formulas start from."""

from __future__ import annotations

from dataclasses import replace

from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.winners import Winners
from patient_capital.model.regimes.evaluation import Regime, Scenario
from patient_capital.model.returns.deal_returns import DealReturns

DEALS = DealReturns(
    loss_share=0.65,
    tail_share=0.10,
    low_mean=0.3,
    mid_mean=2.2,
    tail_index=1.312,
    cap=300.0,
    tail_start=5.0,
    low_shape="zero_or_uniform",
    mid_shape="power",
)
WINNERS = Winners(growth=0.36, start=1.776, tail_index=1.312, cap=300.0)
LOSERS = Losers(share=0.65, mean=0.3, fail_hazard=0.143)
TERMS = FundTerms(
    horizon=10.0,
    investment_years=5.0,
    fee_rate=0.02,
    carry=0.2,
    deployment_delay=0.5,
    raised_share=0.8,
    forced_sale=0.6,
    soft_budget=0.2,
)
SCENARIO = Scenario(
    seed=7,
    returns=DEALS,
    growth=0.36,
    fail_hazard=0.143,
    fee_rate=0.02,
    carry=0.2,
    forced_sale=0.6,
    deployment_delay=0.9,
    soft_budget=0.1,
    score_correlation=0.2,
    budget=0.1,
    sectors=20,
    pick_correlation=0.1,
    sector_sd=0.5,
    scale_share=0.1,
    coordination_gain=0.05,
    refusal=0.3,
    elasticity=0.25,
    shock_sd=0.56,
    discount_rate=0.02,
    years_per_exit_year=2.0,
    yardstick=("average", 3),
)

PRIVATE = Regime(
    name="private",
    tickets=30,
    rule="average",
    screeners=3,
    sectors_picked=20,
    horizon=10.0,
    investment_years=5.0,
    state_share=0.0,
    reaches_scale=True,
    flow_ratio=1.0,
)
"""A fund of ten years that finds its own deals, with private money alone."""

STATE = replace(
    PRIVATE,
    name="state",
    tickets=600,
    rule="unanimity",
    sectors_picked=8,
    horizon=20.0,
    investment_years=10.0,
    state_share=0.9,
    reaches_scale=False,
    flow_ratio=2.0,
)
"""The other end in each feature: many tickets, a committee that must agree, chosen sectors, state money."""

PATIENT = replace(
    PRIVATE,
    name="patient",
    tickets=2000,
    horizon=20.0,
    investment_years=10.0,
    state_share=0.5,
    reaches_scale=False,
    flow_ratio=2.0,
)
"""A fund of twenty years in all sectors, with half of its money from the state."""
