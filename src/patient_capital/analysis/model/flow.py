"""Deals are not free: what regimes are worth if large successes thin out as money enters."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.regimes import (
    DIRECTED,
    NATIONAL,
    PATIENT,
    REGIME_WORDS,
    SIGNALS,
    implied_elasticity,
    regime,
    scenario,
)
from patient_capital.model.regimes.evaluation import Regime, Scenario, regime_value, with_parameters
from patient_capital.model.regimes.regime_break_evens import break_even_flow
from patient_capital.provenance.records import Context

STATE_REGIMES = (DIRECTED, PATIENT, NATIONAL)
HIGHEST_ELASTICITY = 0.6


def _named(one: Regime) -> str:
    return REGIME_WORDS.get(one.name, one.name.replace("_", " "))


def values_by_elasticity(
    regimes: Iterable[Regime], at: Scenario, highest: float = HIGHEST_ELASTICITY, points: int = 31
) -> pd.DataFrame:
    """Return what regimes are worth by the elasticity of deal flow, from 0 to the highest; that of `at` is not used.

    Returns
    -------
    pandas.DataFrame
        `regime` in words, `elasticity`, and `value_pct`, net present value in percent of the money paid in.
    """
    grid = np.linspace(0, highest, points).tolist()
    rows = [
        (_named(one), eps, 100 * regime_value(one, with_parameters(at, elasticity=eps)))
        for one in regimes
        for eps in grid
    ]
    return pd.DataFrame(rows, columns=["regime", "elasticity", "value_pct"])


def flow_break_evens(regimes: Iterable[Regime], at: Scenario) -> pd.DataFrame:
    """Return the `elasticity` at which each `regime`, in words, just earns the discount rate.

    It is missing where the value of the regime has one sign over the whole span.
    """
    rows = [(_named(one), break_even_flow(one, at).at) for one in regimes]
    return pd.DataFrame(rows, columns=["regime", "elasticity"]).astype({"elasticity": float})


def implied_elasticities(ctx: Context, signals: Iterable[float]) -> pd.DataFrame:
    """Return the `elasticity` that screening alone implies, by `signal_correlation`.

    That is the correlation of a screener's signal with the rank of outcomes, 0 to 1.
    """
    rows = [(float(signal), implied_elasticity(ctx, signal)) for signal in signals]
    return pd.DataFrame(rows, columns=["signal_correlation", "elasticity"])


def flow_lines(ctx: Context, points: int = 31) -> pd.DataFrame:
    """Return :func:`values_by_elasticity` of the regimes of the state, at the treasury's interest."""
    return values_by_elasticity([regime(ctx, row) for row in STATE_REGIMES], scenario(ctx), points=points)


def state_break_evens(ctx: Context) -> pd.DataFrame:
    """Return the elasticity at which each regime of the state just earns the treasury's interest."""
    return flow_break_evens([regime(ctx, row) for row in STATE_REGIMES], scenario(ctx))


def implied_span(ctx: Context) -> pd.DataFrame:
    """Return the elasticities implied by a weak signal, by partners' scores as observed, and by a good signal."""
    weak, good = SIGNALS
    return implied_elasticities(ctx, (weak, parameter(ctx, "sel_copula_corr"), good))
