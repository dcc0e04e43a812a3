"""The explorer of the front page: what waiting gives by the years of a fund."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.model.doubt import OF_FUNDS, uncertain_inputs
from patient_capital.analysis.model.explorers import YEARS, waiting
from patient_capital.analysis.model.fund import USUAL
from patient_capital.explorers.parts import Curve, Evidence, Track
from patient_capital.explorers.record import Explorer, explorer
from patient_capital.explorers.wording import number_text
from patient_capital.figures.chart import start
from patient_capital.figures.style import FUND_COLOURS
from patient_capital.formatting import spelled
from patient_capital.provenance.records import sources_of
from patient_capital.tables import Data


def _spanned(row: pd.Series, name: str) -> str:
    """Return a median with its span."""
    median, low, high = (number_text(float(row[f"{name}_{end}"]), 1) for end in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def _gained(row: pd.Series) -> str:
    """Return a gain over the usual years, or a loss, with its span."""
    sign, word = (1, "more") if row["gain_median"] > 0 else (-1, "less")
    median, low, high = (number_text(sign * float(row[f"gain_{end}"]), 1) for end in ("median", "low", "high"))
    ends = (low, high) if sign > 0 else (high, low)
    return f"{median} points a year {word} ({' to '.join(ends)})"


@explorer
def wait(data: Data) -> Explorer:
    """Net return of a private fund by the years that it may hold, with its span."""
    ctx, printed = start(data)
    by_years = waiting(ctx)
    usual = spelled(USUAL)

    def told(years: int) -> tuple[str, str]:
        row = by_years.loc[years]
        earned = _spanned(row, "rate").replace(" (", " percent a year (", 1)
        beside = f"; after {usual} years {_spanned(by_years.loc[USUAL], 'multiple')}. Against {usual} years that is {_gained(row)}."
        verdict = f"A fund that may hold for {spelled(years)} years earns {earned}."
        return verdict, f"One yuan paid in comes back as {_spanned(row, 'multiple')}{'.' if years == USUAL else beside}"

    rate = {end: by_years[f"rate_{end}"].to_numpy(dtype=float)[None, :] for end in ("low", "median", "high")}
    # Read for its sources: what the stored draws drew.
    drawn = uncertain_inputs(ctx, OF_FUNDS)
    return Explorer(
        name="overview.wait",
        title="What a fund earns by the years that it may wait",
        subtitle="Net return of a private venture fund by the years that it may hold, in the model, with what American "
        "deals returned. Line: the median; brackets and band: the middle nine tenths of joint draws.",
        x_label="Years until the fund must sell",
        x_unit="",
        x_values=tuple(float(years) for years in YEARS),
        x_decimals=0,
        y_label="Net return",
        y_unit="percent a year",
        y_decimals=1,
        controls=(),
        curves=(Curve("rate", "private fund", FUND_COLOURS["private_fund"]),),
        values=rate["median"],
        track=Track(
            sentences=tuple(told(years) for years in YEARS),
            low=rate["low"],
            high=rate["high"],
            label="Years to wait:",
            start=len(YEARS) - 1,
        ),
        alt=f"A line that rises from {number_text(float(rate['median'][0, 0]), 1)} percent a year after "
        f"{spelled(YEARS[0])} years to {number_text(float(rate['median'][0, -1]), 1)} after {spelled(YEARS[-1])}, "
        f"steep at first. Waiting {spelled(YEARS[-1])} rather than {spelled(USUAL)} years gives "
        f"{printed('model.wait_10_20')} a year, {printed('model.wait_10_20_span')}.",
        refs=tuple(printed.refs),
        sources=sources_of(data, set().union(*ctx.rows.values())),
        evidence=Evidence(float(USUAL), float(USUAL), f"{spelled(USUAL)} years"),
        zero_line=True,
        note=f"Joint draws of {len(drawn)} parameters, each over its whole span. Costs of state money, which the "
        "chapter on the model adds, are not in it.",
    )
