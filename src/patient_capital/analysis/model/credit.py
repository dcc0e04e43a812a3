"""Results of block E: what a better signal opens against what collateral or a guarantee opens."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from patient_capital.analysis.model.doubt import DRAWS, OF_CREDIT
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.spans import point_of_draws, span_of_draws
from patient_capital.formatting import Range, digits
from patient_capital.model.common.checks import Floats, point_of
from patient_capital.model.credit.credit_access import auc_for_access, bad_share_for_access
from patient_capital.model.credit.lending import break_even_default, guaranteed_recovery
from patient_capital.model.credit.screening import access
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result


def bearable(ctx: Context, recovery: float, rate: str = "cr_rate_2025") -> float:
    """Return the chance of default that a loan at the going rate bears, at some recovery."""
    return float(break_even_default(parameter(ctx, rate), parameter(ctx, "cr_rho"), recovery))


def pool_of(ctx: Context, observed: str) -> float:
    """Return the share of bad firms at which the model gives an observed access: no collateral, bank scorecard."""
    found = bad_share_for_access(
        parameter(ctx, observed), parameter(ctx, "cr_auc_bank"), bearable(ctx, parameter(ctx, "cr_R_none"))
    )
    return point_of(found, f"share of bad firms behind {observed}")


ACCESS: dict[str, dict[str, str]] = {
    "none": {"words": "without collateral, bank scorecard"},
    "collateral": {"words": "with tangible collateral", "recovery": "cr_R_tang"},
    "guarantee": {"words": "without collateral, with the national guarantee", "guarantee": "cr_guarantee"},
    "data": {"words": "without collateral, with operating data", "auc": "cr_auc_data"},
}
HOW = {"how": f"over {digits(DRAWS)} joint draws of {len(OF_CREDIT)} parameters, each over its whole span in the table"}


@result(unit="pct", decimals=1, cases=ACCESS, name="access_{case}")
def access_in_model(
    ctx: Context, *, recovery: str = "cr_R_none", auc: str = "cr_auc_bank", guarantee: str = ""
) -> float:
    """Access of the model {words}, at central parameters.

    Share of applicants whose chance of default, given their signal, the lender can bear; binormal signal.
    """
    share = parameter(ctx, recovery)
    if guarantee:
        share = float(guaranteed_recovery(share, parameter(ctx, guarantee)))
    return 100 * float(access(parameter(ctx, "cr_mu"), parameter(ctx, auc), bearable(ctx, share)))


@result(unit="pct", decimals=0, cases=ACCESS, fields=HOW, name="access_{case}_span")
def access_span(ctx: Context, *, case: str) -> Range:
    """Access of the model {words}, middle nine tenths of draws.

    Share of applicants whose chance of default the lender can bear, 5 to 95 percent point {how}.
    """
    return span_of_draws(ctx, f"access_{case}")


@result(unit="pct", decimals=0, fields=HOW)
def data_over_collateral(ctx: Context) -> float:
    """Share of draws in which operating data open more credit than collateral.

    Counted {how}.
    """
    return point_of_draws(ctx, "access_lead", "above")


@result(unit="auc", decimals=2, fields=HOW)
def auc_worth_collateral_span(ctx: Context) -> Range:
    """Signal that opens as much credit as collateral does, middle nine tenths of draws.

    Discrimination at which access without collateral equals access with it, of the draws that have one; 5 to 95
    percent point {how}.

    Chance that a good firm outranks a bad one.
    """
    return span_of_draws(ctx, "auc_collateral")


@result(unit="pct", decimals=1)
def access_observed(ctx: Context) -> float:
    """Access of small technology firms at the end of 2024, official directory.

    Firms with a loan / firms in the directory.
    """
    return 100 * parameter(ctx, "cr_access_2024")


@result(unit="pct", decimals=0)
def guarantee_share(ctx: Context) -> float:
    """Share of the loss that the national guarantee bears.

    Reported share, in percent.
    """
    return 100 * parameter(ctx, "cr_guarantee")


@result(unit="pct_points", decimals=1)
def gap_collateral(ctx: Context) -> float:
    """Access that collateral adds in the model.

    Access with tangible collateral less access without, at central parameters, bank scorecard.
    """
    return ctx.value("model.access_collateral") - ctx.value("model.access_none")


@result(unit="pct_points", decimals=1)
def gap_observed(ctx: Context) -> float:
    """Access of high-tech enterprises above that of small technology firms, 2024.

    Difference of the two official rates.
    """
    return 100 * (parameter(ctx, "cr_access_hnte") - parameter(ctx, "cr_access_2024"))


@result(unit="auc", decimals=2)
def auc_worth_collateral(ctx: Context) -> float:
    """Signal that opens as much credit as collateral does, at central parameters.

    Discrimination at which access without collateral equals access with it.

    Chance that a good firm outranks a bad one.
    """
    with_it = float(
        access(parameter(ctx, "cr_mu"), parameter(ctx, "cr_auc_bank"), bearable(ctx, parameter(ctx, "cr_R_tang")))
    )
    found = auc_for_access(with_it, parameter(ctx, "cr_mu"), bearable(ctx, parameter(ctx, "cr_R_none")))
    return point_of(found, "signal that opens as much credit as collateral")


@result(unit="pct", decimals=1)
def bad_share_needed(ctx: Context) -> float:
    """Share of bad firms at which the model would give the observed access.

    Pool of the model solved for the observed access, without collateral, bank scorecard.

    Percent of the pool.
    """
    return 100 * pool_of(ctx, "cr_access_2024")


@claim()
def signal_as_good_as_collateral(ctx: Context) -> bool:
    """A better signal opens as much credit as collateral.

    The signal that opens as much as collateral lies within the assumed span of signals from operating data.
    """
    return (
        parameter(ctx, "cr_auc_data", "low")
        <= ctx.value("model.auc_worth_collateral")
        <= parameter(ctx, "cr_auc_data", "high")
    )


SECURITIES = {"none": "no collateral", "guarantee": "national guarantee", "collateral": "tangible collateral"}
"""What secures a loan, and its words."""


def lending_terms(ctx: Context) -> pd.Series:
    """Return the terms of the baseline.

    Returns
    -------
    pandas.Series
        `loan_rate` and `funding_cost` (funding and operating cost of the lender), a year; `bad_share` of applicants;
        `bank_auc`, the chance that a bank scorecard ranks a good firm above a bad one.
    """
    names = {"loan_rate": "cr_rate_2025", "funding_cost": "cr_rho", "bad_share": "cr_mu", "bank_auc": "cr_auc_bank"}
    return pd.Series({name: parameter(ctx, row) for name, row in names.items()}, name="value")


def recoveries(ctx: Context) -> pd.DataFrame:
    """Return what lenders recover on a default by what secures the loan: `label` and `recovery_share`, of the loan."""
    none = parameter(ctx, "cr_R_none")
    shares = {
        "none": none,
        "guarantee": float(guaranteed_recovery(none, parameter(ctx, "cr_guarantee"))),
        "collateral": parameter(ctx, "cr_R_tang"),
    }
    return pd.DataFrame({"label": SECURITIES, "recovery_share": shares}).rename_axis("security")


def _access_pct(auc: ArrayLike, recovery: float, terms: pd.Series) -> Floats:
    default = float(break_even_default(terms["loan_rate"], terms["funding_cost"], recovery))
    return 100 * np.asarray(access(terms["bad_share"], auc, default))


def access_by_signal(
    recovered: pd.DataFrame, terms: pd.Series, low: float = 0.55, high: float = 0.9, points: int = 71
) -> pd.DataFrame:
    """Return the share of applicants that a lender serves by the quality of its signal, a line for each security.

    Parameters
    ----------
    low, high : float
        Span of the quality of the signal: chance that a good firm outranks a bad one.

    Returns
    -------
    pandas.DataFrame
        `security`, `label`, `auc`, `access_pct`; percent of applicants.
    """
    auc = np.linspace(low, high, points)
    lines = [
        pd.DataFrame(
            {
                "security": row.Index,
                "label": row.label,
                "auc": auc,
                "access_pct": _access_pct(auc, row.recovery_share, terms),
            }
        )
        for row in recovered.itertuples()
    ]
    return pd.concat(lines, ignore_index=True)


def equal_access(recovered: pd.DataFrame, terms: pd.Series) -> pd.DataFrame:
    """Return the bank scorecard with `collateral`, and the signal that opens as much credit with `none`.

    The columns are `label`, `auc`, `access_pct`; the signal is missing where none opens as much.
    """
    kept = recovered["recovery_share"]
    with_it = float(_access_pct(terms["bank_auc"], kept["collateral"], terms))
    default = float(break_even_default(terms["loan_rate"], terms["funding_cost"], kept["none"]))
    found = auc_for_access(with_it / 100, terms["bad_share"], default)
    rows = {
        "collateral": ("bank scorecard with collateral", float(terms["bank_auc"]), with_it),
        "none": ("same access", np.nan if found.at is None else found.at, with_it),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["label", "auc", "access_pct"]).rename_axis("mark")


def with_observed(marks: pd.DataFrame, access_share: float, label: str = "observed, end of 2024") -> pd.DataFrame:
    """Add what was observed to :func:`equal_access`: a share of firms with a loan, at no known signal."""
    observed = pd.DataFrame({"label": label, "auc": np.nan, "access_pct": 100 * access_share}, index=["observed"])
    return pd.concat([marks, observed]).rename_axis("mark")


def access_lines(ctx: Context, points: int = 71) -> pd.DataFrame:
    """Return access in percent by the quality of the signal for each security, as :func:`access_by_signal` gives it."""
    return access_by_signal(recoveries(ctx), lending_terms(ctx), points=points)


def access_marks(ctx: Context) -> pd.DataFrame:
    """Return the two signals of equal access and the observed access, as :func:`with_observed` gives them."""
    return with_observed(equal_access(recoveries(ctx), lending_terms(ctx)), parameter(ctx, "cr_access_2024"))
