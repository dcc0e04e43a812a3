"""From the tables to the records of the model: the only place where parameters become arguments.

Each builder reads the values that it needs through the context, so that a result that uses the record states its inputs.
"""

from __future__ import annotations

import math
from functools import cache

import pandas as pd

from patient_capital.analysis.funds import BIN_PARAMETERS, deal_bins
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
SHAPES = {"low_shape": "zero_or_uniform", "mid_shape": "power"}
"""Shapes of losses and of the middle class in the chapter; other shapes are varied beside them."""


def inputs(*parameters: str) -> tuple[str, ...]:
    """Return the labels under which values of parameters are recorded."""
    return tuple(f"parameters[{name}].value" for name in parameters)


def value(reader: Reader, parameter: str, column: str = "value") -> float:
    """Return one value of a parameter."""
    return reader.number("parameters", parameter, column)


def parameters(reader: Reader) -> pd.DataFrame:
    """Return every parameter of the model.

    Returns
    -------
    pandas.DataFrame
        Indexed by parameter: `name`, `value`, `low` and `high` end of its span, `unit`, `grade` of its evidence, `note`.
    """
    return reader.frame("parameters", "name", "value", "low", "high", "unit", "grade", "note")


def of_grade(rows: pd.DataFrame, grade: str) -> pd.DataFrame:
    """Return the parameters of one grade of evidence: A and B are sourced, D is assumed."""
    return rows.loc[rows["grade"].eq(grade)]


@cache
def _tail(shares: tuple[float, ...], financings: float, cap: float) -> TailFit:
    return fit_tail(EDGES, shares, financings, EDGES[2], cap)


TAIL_PARAMETERS = (*BIN_PARAMETERS, "vr_financings")
RETURNS_PARAMETERS = (*TAIL_PARAMETERS, "vr_cap", "vr_low_mean", "vr_mid_mean")


def tail_fit(ctx: Context, cap: float) -> TailFit:
    """Return the tail fitted to the published classes under a cap."""
    return _tail(tuple(deal_bins(ctx)), value(ctx, "vr_financings"), cap)


def cap_of(text: str) -> float:
    """Return a cap from its name in an id: a number, or ``none``."""
    return math.inf if text == "none" else float(text)


def deal_returns(ctx: Context) -> DealReturns:
    """Return the distribution of a deal's gross multiple; tail index and cap are one estimate."""
    cap = value(ctx, "vr_cap")
    return DealReturns(
        loss_share=value(ctx, "vr_loss_share"), tail_share=value(ctx, "vr_share_ge5"), low_mean=value(ctx, "vr_low_mean"),
        mid_mean=value(ctx, "vr_mid_mean"), tail_index=tail_fit(ctx, cap).tail_index, cap=cap, tail_start=EDGES[2], **SHAPES,
    )  # fmt: skip


def lognormal_returns(ctx: Context) -> LognormalReturns:
    """Return the lognormal alternative, fitted to all published classes."""
    fit = fit_lognormal(EDGES, deal_bins(ctx), value(ctx, "vr_financings"))
    return LognormalReturns(fit.log_mean, fit.log_sd)
