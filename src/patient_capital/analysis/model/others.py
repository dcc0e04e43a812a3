"""What others gain: which gain each regime needs, what a stated gain makes of it, and what if money had come anyway."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.model.doubt import OF_FUNDS, OF_OTHERS
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, REGIME_WORDS
from patient_capital.analysis.model.spans import HOW, of_draws, over_draws, point_of_draws, span_of_draws
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader

WITH_GAIN = over_draws(*OF_FUNDS, *OF_OTHERS)


@result(unit="index", decimals=2, fields=HOW, members=REGIME_WORDS)
def benefit_needed(ctx: Context, row: str) -> float:
    """Benefit to others per yuan paid in that makes the regime break even, median.

    Net present value at the treasury's interest with its sign turned, median {how}.

    Yuan of present value for each yuan of present value paid in.
    """
    return -point_of_draws(ctx, f"bond_{row}", "median") / 100


@result(unit="index", decimals=2, fields=HOW, members=REGIME_WORDS)
def benefit_needed_span(ctx: Context, row: str) -> Range:
    """Benefit to others per yuan paid in that makes the regime break even, middle nine tenths of draws.

    Net present value at the treasury's interest with its sign turned, 5 to 95 percent point {how}; below zero none is
    needed.

    Yuan of present value for each yuan of present value paid in.
    """
    value = span_of_draws(ctx, f"bond_{row}")
    return Range(-value.high / 100, -value.low / 100)


@result(unit="index", decimals=2, fields=HOW, members=REGIME_WORDS)
def benefit_if_displaced(ctx: Context, row: str) -> float:
    """Benefit to others per additional yuan that makes the regime break even, if part would have come anyway, median.

    Benefit needed per yuan paid in / (1 - share of the money that would have come anyway).

    Yuan of present value for each additional yuan.
    """
    return ctx.value(f"model.benefit_needed[{row}]") / (1 - ctx.number("parameters", "sel_displaced", "value"))


@result(unit="index", decimals=2, fields=HOW, members=REGIME_WORDS)
def benefit_if_displaced_span(ctx: Context, row: str) -> Range:
    """Benefit to others per additional yuan to break even, if part would have come anyway, middle nine tenths.

    Benefit needed per yuan paid in / (1 - share of the money that would have come anyway), 5 to 95 percent point {how}.

    Yuan of present value for each additional yuan.
    """
    worth = span_of_draws(ctx, f"bond_{row}")
    additional = 100 * (1 - ctx.number("parameters", "sel_displaced", "value"))
    return Range(-worth.high / additional, -worth.low / additional)


@result(unit="pct", decimals=0, fields=WITH_GAIN, members=REGIME_WORDS)
def gain_covers(ctx: Context, row: str) -> float:
    """Share of draws in which a gain of others as by ship subsidies covers the cost of a regime, all money additional.

    Net present value at the treasury's interest and the return of a subsidy to shipbuilding at home, drawn over its
    span, are zero or more together; counted {how}.
    """
    return 100 - point_of_draws(ctx, f"displaced_{row}", "never")


@of_draws(unit="pct", decimals=0, fields=WITH_GAIN, members=REGIME_WORDS)
def displaced_limit(ctx: Context, row: str) -> str:
    """Share of the money that may have come anyway before what others gain falls short of the cost, {told}.

    1 - cost / gain of others as by ship subsidies, of the draws in which the gain covers a cost; {point} {how}.
    """
    return f"displaced_{row}"


@result(unit="pct", decimals=0, fields=WITH_GAIN, members=REGIME_WORDS)
def displaced_switch(ctx: Context, row: str) -> float:
    """Share of draws in which it decides how much of the money would have come anyway.

    The regime has a cost, and the gain of others as by ship subsidies covers it if all money is additional; counted
    {how}.
    """
    return point_of_draws(ctx, f"displaced_{row}", "switch")


@of_draws(unit="index", decimals=2, fields=WITH_GAIN, members=REGIME_WORDS)
def marginal_value(ctx: Context, row: str) -> str:
    """Marginal value of public funds, if others gain as by ship subsidies, {told}.

    Gain of others over the net cost of a yuan paid in, of the draws in which there is a cost; {point} {how}.

    Yuan that others gain for each yuan of net cost.
    """
    return f"marginal_{row}"


DISPLACED = (0.0, 0.25, 0.5, 0.75)
"""Shares of the money that would have come anyway at which the gain that is needed is shown."""


def benefits(reader: Reader, shares: tuple[float, ...] = DISPLACED) -> pd.DataFrame:
    """Return what others must gain by each additional yuan for a regime to break even, and what a stated gain does.

    Parameters
    ----------
    shares : tuple of float
        Shares of the money that would have come anyway, 0 to below 1.

    Returns
    -------
    pandas.DataFrame
        Indexed by regime: `label`; for each share in percent `needed_`, `low_` and `high_`, yuan of present value for
        each additional yuan; `covers_pct`, percent of draws in which a gain as by ship subsidies covers the cost.
    """
    rows = {}
    for name in (DIRECTED, NATIONAL, PATIENT):
        points = {label: -point_of_draws(reader, f"bond_{name}", label) / 100 for label in ("median", "high", "low")}
        row: dict[str, object] = {"label": REGIME_WORDS[name]}
        for share in shares:
            for column, label in (("needed", "median"), ("low", "high"), ("high", "low")):
                row[f"{column}_{100 * share:.0f}"] = points[label] / (1 - share)
        row["covers_pct"] = 100 - point_of_draws(reader, f"displaced_{name}", "never")
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("regime")


@result(unit="index", decimals=2)
def ship_gain(ctx: Context) -> float:
    """What a yuan of subsidy to shipbuilding returned at home, by a study.

    Domestic return per dollar of subsidy.

    Yuan for each yuan.
    """
    return parameter(ctx, "oc_ship_return")
