"""The model beside what was observed: every target that can fail, with its verdict by a rule stated before."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from patient_capital.analysis.funds import first_phases
from patient_capital.analysis.model.credit import bearable, pool_of
from patient_capital.analysis.model.doubt import WORDS
from patient_capital.analysis.model.fund import (
    LONG,
    MIDDLE,
    flows_of,
    fund_terms,
    net_rate,
    winners_and_losers,
    years_to_paid_back,
)
from patient_capital.analysis.model.inputs import deal_returns, parameter
from patient_capital.analysis.model.overcapacity import subsidy_return
from patient_capital.analysis.model.sensitivity import OUTCOMES
from patient_capital.model.common.validation import Comparison, span_over
from patient_capital.model.credit.lending import guaranteed_recovery
from patient_capital.model.credit.screening import access, non_performing_share
from patient_capital.model.fund.expected_flows import fund_flows
from patient_capital.model.overcapacity.cournot import business_stealing_share, free_entry_firms
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.model.selection.state_share import exit_gap
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

Values = tuple[float, float, float]
"""Central value of the model, its lowest and its highest over the named spans."""


def _ends(ctx: Context, name: str) -> tuple[float, float]:
    return parameter(ctx, name, "low"), parameter(ctx, name, "high")


def _central(ctx: Context, *parameters: str) -> dict[str, float]:
    return {name: parameter(ctx, name) for name in parameters}


def _over(ctx: Context, outcome: Callable[..., float], *parameters: str) -> Values:
    return span_over(outcome, _central(ctx, *parameters), {name: _ends(ctx, name) for name in parameters})


def _mean(ctx: Context) -> Values:
    return _over(ctx, lambda **v: float(deal_returns(ctx, v).mean()), "vr_cap", "vr_low_mean", "vr_mid_mean")


def _gains_of_best(returns: DealReturns, fraction: float) -> float:
    above = 1 - returns.loss_share
    gains = float(returns.upper_total(returns.loss_share)) - above
    return (float(returns.upper_total(1 - fraction)) - fraction) / gains


def _concentration(ctx: Context) -> Values:
    return _over(ctx, lambda **v: _gains_of_best(deal_returns(ctx, v), 0.05), "vr_cap", "vr_mid_mean")


def _readings(outcome: Callable[[str], float]) -> Values:
    """Return an outcome at the middle reading of the time to exit, with its span over both ends of it."""
    ends = outcome("money"), outcome("exits")
    return outcome(MIDDLE), min(ends), max(ends)


def _net_rate(ctx: Context) -> Values:
    return _readings(lambda reading: net_rate(ctx, parameter(ctx, "fm_life_us", "high"), reading) / 100)


def _paid_back(ctx: Context) -> Values:
    return _readings(lambda reading: years_to_paid_back(ctx, reading))


def _dpi_ten(ctx: Context) -> Values:
    def at_ten(reading: str) -> float:
        flows = flows_of(ctx, LONG, reading)
        return float(flows.distributions[flows.ends <= 10].sum() / flows.calls[flows.ends <= 10].sum())

    return _readings(at_ten)


def _fees(ctx: Context) -> Values:
    def lifetime(fm_fee: float) -> float:
        return float(fund_flows(*winners_and_losers(ctx), replace(fund_terms(ctx, 10), fee_rate=fm_fee)).fees.sum())

    return _over(ctx, lifetime, "fm_fee")


def _stored(ctx: Context, label: str, scale: float) -> Values:
    """Return a drawn number, with exits spread over several years, and in one year as the other end."""
    spread, one_year = (
        scale * ctx.number("model_runs", f"funds_{label}_{name}", "value") for name in ("spread", "one_year")
    )
    return spread, min(spread, one_year), max(spread, one_year)


def _left(ctx: Context) -> Values:
    """Return the share of deals left, the middle of joint draws with its middle nine tenths."""
    low, middle, high = (
        ctx.number("model_runs", f"joint_left_2014_{label}", "value") / 100 for label in ("low", "median", "high")
    )
    return middle, low, high


def _met_target(ctx: Context) -> Values:
    ratios = np.log(first_phases(ctx)["share_pct"].to_numpy(dtype=float) / 100)
    raised, spread = parameter(ctx, "fm_raised_2020"), float(np.std(ratios, ddof=1))

    def met(width: float) -> float:
        # A lognormal ratio of raised to target with the mean of 2020 and the dispersion of first phases.
        return 0.5 * math.erfc((math.log(1 / raised) + width**2 / 2) / (width * math.sqrt(2)))

    return met(spread), met(spread / 2), met(2 * spread)


def _failures(ctx: Context) -> Values:
    return _over(ctx, lambda vr_fail_hazard: 1 - math.exp(-5 * vr_fail_hazard), "vr_fail_hazard")


def _gap(ctx: Context) -> Values:
    return _over(ctx, lambda sel_top_decline: float(exit_gap(1.0, sel_top_decline, 0.1, 1.0)), "sel_top_decline")


def _subsidy(ctx: Context) -> Values:
    regions = int(parameter(ctx, "oc_regions"))
    cost, weight = parameter(ctx, "oc_F"), parameter(ctx, "oc_v")
    return _over(ctx, lambda oc_home: subsidy_return(cost, weight, regions, oc_home), "oc_home")


def _stealing(ctx: Context) -> Values:
    def stolen(oc_F: float) -> float:  # noqa: N803  # ids of parameters
        return float(business_stealing_share(free_entry_firms(1.0, 1.0, oc_F)))

    return _over(ctx, stolen, "oc_F")


def _baseline(ctx: Context) -> Values:
    def served(cr_mu: float, cr_auc_bank: float, cr_R_none: float) -> float:  # noqa: N803  # ids of parameters
        return float(access(cr_mu, cr_auc_bank, bearable(ctx, cr_R_none)))

    return _over(ctx, served, "cr_mu", "cr_auc_bank", "cr_R_none")


def _next_year(ctx: Context) -> Values:
    pool, none = pool_of(ctx, "cr_access_2024"), parameter(ctx, "cr_R_none")

    def with_guarantee(share: float) -> float:
        return float(
            access(pool, parameter(ctx, "cr_auc_bank"), bearable(ctx, float(guaranteed_recovery(none, share))))
        )

    guarantee = parameter(ctx, "cr_guarantee")
    return with_guarantee(guarantee), with_guarantee(0.0), with_guarantee(guarantee)


def _collateral_gap(ctx: Context) -> Values:
    def gap(cr_mu: float, cr_auc_bank: float) -> float:
        low, high = (
            float(access(cr_mu, cr_auc_bank, bearable(ctx, parameter(ctx, name))))
            for name in ("cr_R_none", "cr_R_tang")
        )
        return high - low

    return _over(ctx, gap, "cr_mu", "cr_auc_bank")


def _data_defaults(ctx: Context) -> Values:
    mu, auc = parameter(ctx, "cr_mu"), parameter(ctx, "cr_auc_data")
    low, high = (
        float(non_performing_share(mu, auc, bearable(ctx, parameter(ctx, name)))) for name in ("cr_R_none", "cr_R_tang")
    )
    return low, min(low, high), max(low, high)


def _defaults_2020(ctx: Context) -> Values:
    def bad_loans(cr_mu: float, cr_auc_bank: float) -> float:
        return float(
            non_performing_share(cr_mu, cr_auc_bank, bearable(ctx, parameter(ctx, "cr_R_none"), "cr_rate_2020"))
        )

    return _over(ctx, bad_loans, "cr_mu", "cr_auc_bank")


MODEL: dict[str, Callable[[Context], Values]] = {
    "VT04": _mean,
    "VT31": _concentration,
    "VT06": _failures,
    "VT07": _dpi_ten,
    "VT09": lambda ctx: _stored(ctx, "mean", 1.0),
    "VT10": lambda ctx: _stored(ctx, "above_two", 0.01),
    "VT12": _met_target,
    "VT14": _gap,
    "VT19": _subsidy,
    "VT21": _stealing,
    "VT25": _baseline,
    "VT26": _next_year,
    "VT27": _collateral_gap,
    "VT28": _data_defaults,
    "VT29": _defaults_2020,
    "VT30": _net_rate,
    "VT32": _paid_back,
    "VT33": _fees,
    "VT34": _left,
}
"""What the model says to each target that is kept, with its span."""
COLUMNS = ("module", "statistic", "observed", "low", "high", "unit", "treatment", "treatment_reason", "model_statistic")


def targets(reader: Reader, *treatments: str) -> pd.DataFrame:
    """Return the targets that are treated in some ways, in order of the table: the columns of :data:`COLUMNS`."""
    return reader.frame("validation_targets", *COLUMNS, keep=lambda t: t["treatment"].isin(treatments))


def with_model(ctx: Context, observed: pd.DataFrame) -> pd.DataFrame:
    """Add to targets that are kept what the model says, in the unit of the target.

    That is `model`, its value at central parameters, and `model_low` and `model_high`, its span over those that
    move it.
    """
    found = {}
    for target in observed.index:
        central, lowest, highest = MODEL[str(target)](ctx)
        found[target] = (central, min(lowest, central), max(highest, central))
    said = pd.DataFrame.from_dict(found, orient="index", columns=["model", "model_low", "model_high"])
    return observed.join(said)


def with_verdict(compared: pd.DataFrame) -> pd.DataFrame:
    """Add `verdict` to targets with what the model says: ``pass``, ``near`` or ``miss``.

    Raises
    ------
    DomainError
        If a number is missing, or a value lies outside its span.
    """
    columns = ["observed", "low", "high", "model", "model_low", "model_high"]
    verdicts = [Comparison(*(float(v) for v in row)).verdict for row in compared[columns].to_numpy()]
    return compared.assign(verdict=verdicts)


def of_treatment(compared: pd.DataFrame, treatment: str) -> pd.DataFrame:
    """Return the targets that are treated in one way, as ``held_out``."""
    return compared.loc[compared["treatment"].eq(treatment)]


@shared
def comparisons(ctx: Context) -> pd.DataFrame:
    """Return every target that is kept, with the value of the model and the verdict, in the `unit` of the row.

    The columns are those of :data:`COLUMNS`, :func:`with_model` and :func:`with_verdict`.
    """
    return with_verdict(with_model(ctx, targets(ctx, "held_out", "shape_check")))


def held_out_comparisons(ctx: Context) -> pd.DataFrame:
    """Return the targets of :func:`comparisons` to which nothing was fitted."""
    return of_treatment(comparisons(ctx), "held_out")


def left_out(reader: Reader) -> pd.DataFrame:
    """Return the targets that are not compared: those that the model was calibrated to, and those that were dropped."""
    return targets(reader, "calibrated", "dropped")


def decisive(ctx: Context, output: str) -> str:
    """Return in words what explains most of the variance of a break-even, and what its interval does not tell apart."""
    frame = ctx.frame(
        "model_sensitivity", "output", "param_id", "total", "total_interval", keep=lambda t: t["output"].eq(output)
    )
    first = frame.loc[frame["total"].idxmax()]
    alike = frame["total"] + frame["total_interval"] >= first["total"] - first["total_interval"]
    return " and ".join(sorted(WORDS[str(name)] for name in frame.loc[alike, "param_id"]))


OF_FUNDS = ("venture_returns", "fund_mechanics")
"""Parts of the model that this report uses for what funds return."""


CHINESE = {"VT12", "VT34"}
"""Targets on funds and returns, held out, that were counted in China."""


@claim()
def misses_the_chinese(ctx: Context) -> bool:
    """Both are the Chinese ones.

    Of the held-out numbers on funds and their returns the model misses those counted in China, and no other.
    """
    compared = held_out_comparisons(ctx)
    missed = compared.loc[compared["module"].isin(OF_FUNDS) & compared["verdict"].eq("miss")]
    return set(missed.index) == CHINESE


@result(
    unit=None, cases={output: {"words": OUTCOMES[output][0]} for output in ("national", "patient", "lead", "waiting")}
)
def decides(ctx: Context, *, case: str) -> str:
    """What decides most: {words}.

    Parameter with the largest Sobol total index, and those whose 95 percent interval meets that of the largest.
    """
    return decisive(ctx, case)


@result(
    unit="count",
    cases={
        "held_out": {"words": "Numbers that the model was not fitted to"},
        "passed": {
            "words": "Numbers that the model was not fitted to and meets, its central value in the observed span",
            "verdict": "pass",
        },
        "near": {
            "words": "Numbers that the model was not fitted to and of which only the spans overlap",
            "verdict": "near",
        },
        "missed": {"words": "Numbers that the model was not fitted to and misses whole", "verdict": "miss"},
        "of_funds": {
            "words": "Numbers on funds and their returns that the model was not fitted to",
            "modules": OF_FUNDS,
        },
        "of_funds_passed": {
            "words": "Numbers on funds and their returns that the model was not fitted to and meets, its central value in "
            "the observed span",
            "verdict": "pass",
            "modules": OF_FUNDS,
        },
        "of_funds_missed": {
            "words": "Numbers on funds and their returns that the model was not fitted to and misses whole",
            "verdict": "miss",
            "modules": OF_FUNDS,
        },
    },
    name="targets_{case}",
)
def targets_counted(ctx: Context, *, verdict: str = "", modules: Sequence[str] = ()) -> int:
    """{words}.

    A pass: the central value lies in the observed span; near: only the spans overlap; a miss: neither.
    """
    compared = held_out_comparisons(ctx)
    verdicts = compared.loc[compared["module"].isin(modules) if modules else slice(None), "verdict"]
    return int(verdicts.eq(verdict).sum()) if verdict else len(verdicts)
