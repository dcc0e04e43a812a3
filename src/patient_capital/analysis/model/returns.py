"""Results of block A: the tail of venture returns, what is known of it and what a portfolio averages out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from patient_capital.analysis.model.deal_classes import deal_bins
from patient_capital.analysis.model.inputs import (
    EDGES,
    ROUNDING,
    cap_of,
    deal_returns,
    lognormal_returns,
    parameter,
    tail_fit,
)
from patient_capital.formatting import Range, digits
from patient_capital.model.returns.deal_returns import Returns, top_share
from patient_capital.model.returns.distributions import LognormalReturns
from patient_capital.model.returns.lognormal_fit import fit_lognormal, implied_holding_years
from patient_capital.model.returns.pareto import pareto_survival
from patient_capital.model.returns.shocks import diversified_shock_sd
from patient_capital.model.returns.tail import fit_tail, fit_tail_and_cap
from patient_capital.model.returns.tail_error import design_effect, rounded_standard_error
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

CAPS = ("100", "300", "none")
LIKELIHOOD = "Binned maximum likelihood on the published shares from 5 times up"


@result(
    unit="index",
    decimals=2,
    fields={"how": LIKELIHOOD},
    cases={cap: {"under": "without a cap" if cap == "none" else f"under a cap of {cap} times"} for cap in CAPS},
)
def tail_index(ctx: Context, *, case: str) -> float:
    """Tail index {under}.

    {how}.
    """
    return tail_fit(ctx, cap_of(case)).tail_index


@result(unit="index", decimals=0, fields={"how": LIKELIHOOD}, cases={"100": {}})
def tail_misfit(ctx: Context, *, case: str) -> float:
    """Misfit of the tail under a cap of {case} times, chi-square.

    {how}; Pearson's chi-square with two degrees of freedom.
    """
    return tail_fit(ctx, cap_of(case)).chi_square


@result(unit="multiple", decimals=0)
def lowest_cap(ctx: Context) -> float:
    """Lowest cap that the published shares do not reject.

    Likelihood-ratio test at 95 percent, tail index and cap fitted jointly.
    """
    return fit_tail_and_cap(EDGES, deal_bins(ctx), parameter(ctx, "vr_financings"), EDGES[2]).lowest_cap


@result(unit="index", decimals=2)
def tail_error(ctx: Context) -> float:
    """Standard error of the tail index, honest about rounding and repeated rounds.

    Root of the statistical variance, inflated for several rounds of a company, plus the variance over all shares that
    print as published.

    In units of the index.
    """
    inflation = design_effect(parameter(ctx, "vr_rounds"), parameter(ctx, "vr_rounds_corr"))
    units = (0.0, 0.0, *ROUNDING)
    error = rounded_standard_error(
        EDGES, deal_bins(ctx), parameter(ctx, "vr_financings"), EDGES[2], units, parameter(ctx, "vr_cap"), inflation
    )
    return float(error.total)


@result(unit="multiple", decimals=2)
def gross_mean(ctx: Context) -> float:
    """Mean gross multiple of a deal.

    Share x mean of the losing, the middle and the tail class; the tail is a truncated Pareto.
    """
    return float(deal_returns(ctx).mean())


BEST = 0.1
"""Share of deals, the best, whose part of the proceeds is told."""
BEST_PERCENT = {"best": digits(100 * BEST)}


@result(unit="pct", decimals=0, fields=BEST_PERCENT)
def top_10(ctx: Context) -> float:
    """Share of all proceeds that the best {best} percent of deals bring.

    Integral of the quantile function above the rank / mean.
    """
    return 100 * float(top_share(deal_returns(ctx), BEST))


@result(unit="multiple", decimals=2)
def lognormal_mean(ctx: Context) -> float:
    """Mean gross multiple of a deal, lognormal alternative.

    Lognormal fitted to all published classes by binned maximum likelihood.
    """
    return float(lognormal_returns(ctx).mean())


@result(unit="index", decimals=0)
def lognormal_misfit(ctx: Context) -> float:
    """Misfit of the lognormal, chi-square.

    Pearson's chi-square of the lognormal on all published classes, three degrees of freedom.
    """
    return float(fit_lognormal(EDGES, deal_bins(ctx), parameter(ctx, "vr_financings")).chi_square)


@result(unit="years", decimals=0)
def lognormal_years(ctx: Context) -> float:
    """Years at which the yearly volatility of the literature gives the fitted spread.

    (standard deviation of the log multiple / yearly standard deviation) squared.
    """
    return float(implied_holding_years(lognormal_returns(ctx).log_sd, parameter(ctx, "vr_log_sd")))


@result(unit="index", decimals=2, fields={"years": 10})
def shock_spread(ctx: Context, *, years: int) -> float:
    """Common shock of a portfolio whose exits fall in {years} independent years, log points.

    Root of ln(1 + (exp(variance) - 1) / {years}).
    """
    return float(diversified_shock_sd(parameter(ctx, "vr_shock_sd"), years))


@result(unit="pct", decimals=0, fields=BEST_PERCENT)
def top_share_span(ctx: Context) -> Range:
    """Share of all proceeds of the best {best} percent, over the span of the cap and both tails.

    Integral of the quantile function above the rank / mean; lowest and highest of caps at the ends of the span, each
    with its own tail index, and of the lognormal.
    """
    base = deal_returns(ctx)
    caps = [parameter(ctx, "vr_cap", end) for end in ("low", "high")]
    family = [replace(base, cap=cap, tail_index=tail_fit(ctx, cap).tail_index) for cap in caps]
    tails: list[Returns] = [*family, lognormal_returns(ctx)]
    shares = [100 * float(top_share(one, BEST)) for one in tails]
    return Range(min(shares), max(shares))


@claim(low=60, high=72, **BEST_PERCENT)
def two_thirds(ctx: Context, *, low: float, high: float) -> bool:
    """About two thirds.

    The best {best} percent of deals bring {low} to {high} percent of the proceeds.
    """
    return low <= ctx.value("model.top_10") <= high


@claim(low=2.5, high=3.5)
def error_threefold(ctx: Context, *, low: float, high: float) -> bool:
    """About three times what a textbook formula says.

    The honest standard error is {low} to {high} times that of the binned likelihood.
    """
    return low <= ctx.value("model.tail_error") / tail_fit(ctx, parameter(ctx, "vr_cap")).standard_error <= high


# --- The tail as lines ------------------------------------------------------------------------------------

PUBLISHED = "as published"
SHOWN_CAPS = (math.inf, 300.0, 100.0)
LADDER = (1.0, 290.0, 60)
"""Lowest and highest multiple of a fitted curve, and how many points lie between them in even steps of the log."""


def published_classes(ctx: Context) -> pd.DataFrame:
    """Return the lower edge of each published class, `multiple`, and its `financings`, share times all deals."""
    count = parameter(ctx, "vr_financings")
    return pd.DataFrame({"multiple": EDGES, "financings": [count * share for share in deal_bins(ctx)]})


def at_least(classes: pd.DataFrame) -> pd.DataFrame:
    """Return the share of deals at or above the lower edge of each class but the first, which holds them all.

    The columns are `curve`, `multiple`, and `share_pct`, percent of all deals.
    """
    rows = classes.sort_values("multiple")
    above = rows["financings"][::-1].cumsum()[::-1]
    share = 100 * above / rows["financings"].sum()
    shown = pd.DataFrame({"curve": PUBLISHED, "multiple": rows["multiple"], "share_pct": share})
    return shown.iloc[1:].reset_index(drop=True)


def _shares(classes: pd.DataFrame) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    rows = classes.sort_values("multiple")
    count = float(rows["financings"].sum())
    return tuple(rows["multiple"].astype(float)), tuple(rows["financings"].astype(float) / count), count


def power_tail(classes: pd.DataFrame, cap: float = math.inf, start: float = EDGES[2]) -> pd.DataFrame:
    """Fit a power law to the classes from `start` up, a lower edge, and return its curve up to the cap.

    Returns
    -------
    pandas.DataFrame
        `curve`, `multiple`, and `share_pct`, percent of all deals at or above the multiple.

    Raises
    ------
    DomainError
        If the cap does not lie above the highest edge, or the law cannot be fitted.
    """
    edges, shares, count = _shares(classes)
    fit = fit_tail(edges, shares, count, start, cap)
    multiples = np.geomspace(*LADDER)
    multiples = multiples[(multiples >= start) & (multiples < cap)]
    held = sum(share for edge, share in zip(edges, shares, strict=True) if edge >= start)
    above = np.asarray(pareto_survival(multiples, fit.tail_index, start, fit.cap))
    name = "power law without a cap" if math.isinf(cap) else f"capped at {digits(cap)} times"
    return pd.DataFrame({"curve": name, "multiple": multiples, "share_pct": 100 * held * above})


def lognormal_tail(classes: pd.DataFrame) -> pd.DataFrame:
    """Fit a lognormal to all classes and return its curve; columns as in :func:`power_tail`."""
    fit = fit_lognormal(*_shares(classes))
    multiples = np.geomspace(*LADDER)
    above = np.asarray(LognormalReturns(fit.log_mean, fit.log_sd).survival(multiples))
    return pd.DataFrame({"curve": "lognormal", "multiple": multiples, "share_pct": 100 * above})


def tail_lines(ctx: Context) -> pd.DataFrame:
    """Return the share of deals at or above a multiple: as published, and as fitted; columns of :func:`power_tail`."""
    classes = published_classes(ctx)
    curves = [power_tail(classes, cap) for cap in SHOWN_CAPS]
    return pd.concat([at_least(classes), *curves, lognormal_tail(classes)], ignore_index=True)
