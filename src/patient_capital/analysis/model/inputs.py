"""From the tables to the records of the model: the only place where parameters become arguments.

Each builder reads the values that it needs through the context, so that what a result has read is recorded.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.polynomial import Chebyshev

from patient_capital.analysis.model.deal_classes import deal_bins
from patient_capital.model.common.checks import Floats
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.model.returns.distributions import LognormalReturns
from patient_capital.model.returns.lognormal_fit import fit_lognormal
from patient_capital.model.returns.tail import TailFit, fit_tail
from patient_capital.provenance.records import Context
from patient_capital.tables import Reader

EDGES = (0.0, 1.0, 5.0, 10.0, 20.0, 50.0)
"""Lower edges of the published classes of gross multiples."""
ROUNDING = (0.01, 0.005, 0.005, 0.005)
"""Units to which the published shares of the tail look rounded: a percent, then halves of a percent."""
SHAPES: dict[str, Any] = {"low_shape": "zero_or_uniform", "mid_shape": "power"}
"""Shapes of losses and of the middle class in the chapter; other shapes are varied beside them."""


FIELDS = {
    "vr_loss_share": "loss_share",
    "vr_share_ge5": "tail_share",
    "vr_low_mean": "low_mean",
    "vr_mid_mean": "mid_mean",
    "vr_cap": "cap",
    "vr_xmin": "tail_start",
    "vr_fail_hazard": "fail_hazard",
    "vr_shock_sd": "shock_sd",
    "vr_years_per_exit_year": "years_per_exit_year",
    "fm_invest_period": "investment_years",
    "fm_fee": "fee_rate",
    "fm_carry": "carry",
    "fm_forced_sale": "forced_sale",
    "fm_soft_budget": "soft_budget",
    "fm_upper_fee": "upper_fee_rate",
    "fm_upper_carry": "upper_carry",
    "sel_copula_corr": "score_correlation",
    "sel_budget": "budget",
    "sel_sectors": "sectors",
    "sel_pick_corr": "pick_correlation",
    "sel_sector_sd": "sector_sd",
    "sel_scale_share": "scale_share",
    "sel_coordination": "coordination_gain",
    "sel_top_decline": "refusal",
    "sel_flow_eps": "elasticity",
}
"""The field of the model's records that each parameter fills: the one way from a row to a headline."""

At = Mapping[str, float]
"""Values of parameters by id, in the place of those of the table."""


def parameter(reader: Reader, name: str, column: str = "value", at: At = MappingProxyType({})) -> float:
    """Return one value of a parameter: the one in `at`, else that of the table."""
    return at[name] if name in at else reader.number("parameters", name, column)


def filled(ctx: Context, record: type, at: At = MappingProxyType({}), leave: Collection[str] = ()) -> dict[str, Any]:
    """Return the fields of a record that parameters fill, but for some that are left."""
    types = {field.name: field.type for field in fields(record) if field.name not in leave}
    return {
        field: int(parameter(ctx, name, at=at)) if types[field] == "int" else parameter(ctx, name, at=at)
        for name, field in FIELDS.items()
        if field in types
    }


def parameters(reader: Reader) -> pd.DataFrame:
    """Return every parameter of the model.

    Returns
    -------
    pandas.DataFrame
        Indexed by parameter: `name`, `value`, `low` and `high` end of its span, `unit`, `grade` of evidence, `note`.
    """
    return reader.frame("parameters", "name", "value", "low", "high", "unit", "grade", "note")


def of_grade(rows: pd.DataFrame, grade: str) -> pd.DataFrame:
    """Return the parameters of one grade of evidence: A and B are sourced, D is assumed."""
    return rows.loc[rows["grade"].eq(grade)]


@cache
def _tail(shares: tuple[float, ...], financings: float, start: float, cap: float) -> TailFit:
    return fit_tail(EDGES, shares, financings, start, cap)


def tail_fit(ctx: Context, cap: float) -> TailFit:
    """Return the tail fitted to the published classes under a cap."""
    return _tail(tuple(deal_bins(ctx)), parameter(ctx, "vr_financings"), parameter(ctx, "vr_xmin"), cap)


CAP_NODES = 17
"""Caps at which the tail is fitted for an index at any cap between the ends of the span."""


@cache
def _index_by_cap(shares: tuple[float, ...], financings: float, start: float, low: float, high: float) -> Chebyshev:
    return Chebyshev.interpolate(
        lambda logs: np.array([_tail(shares, financings, start, float(np.exp(x))).tail_index for x in logs]),
        CAP_NODES - 1,
        domain=[math.log(low), math.log(high)],
    )


def tail_indices(ctx: Context, caps: Floats) -> Floats:
    """Return the tail index fitted under each of many caps within the span of the table, by interpolation in its log.

    It agrees with :func:`tail_fit` to seven digits and takes no time.
    """
    ends = (parameter(ctx, "vr_cap", end) for end in ("low", "high"))
    fitted = _index_by_cap(tuple(deal_bins(ctx)), parameter(ctx, "vr_financings"), parameter(ctx, "vr_xmin"), *ends)
    return np.asarray(fitted(np.log(caps)))


def cap_of(text: str) -> float:
    """Return a cap from its name in an id: a number, or ``none``."""
    return math.inf if text == "none" else float(text)


LEAST_TAIL_INDEX = 1.02
"""Below it the mean of a tail hangs on its cap alone; an error of the index is cut off there."""


def deal_returns(ctx: Context, at: At = MappingProxyType({})) -> DealReturns:
    """Return the distribution of a deal's gross multiple; tail index and cap are one estimate.

    Parameters
    ----------
    at : mapping, optional
        Values in the place of those of the table, and ``tail_error``, what is added to the fitted index.
    """
    given = filled(ctx, DealReturns, at)
    index = tail_fit(ctx, float(f"{given['cap']:.6g}")).tail_index
    if "tail_error" in at:
        index = max(index + at["tail_error"], LEAST_TAIL_INDEX)
    return DealReturns(**given, tail_index=index, **SHAPES)


def lognormal_returns(ctx: Context) -> LognormalReturns:
    """Return the lognormal alternative, fitted to all published classes."""
    fit = fit_lognormal(EDGES, deal_bins(ctx), parameter(ctx, "vr_financings"))
    return LognormalReturns(fit.log_mean, fit.log_sd)
