"""Results of block E: what a better signal opens against what collateral or a guarantee opens."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from patient_capital.analysis.model_inputs import inputs, value
from patient_capital.model.credit_access import auc_for_access, bad_share_for_access
from patient_capital.model.lending import break_even_default, guaranteed_recovery
from patient_capital.model.screening import access
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

LOAN = ("cr_rate_2025", "cr_rho")
POOL = ("cr_mu", "cr_auc_bank")
ACCESS = "share of applicants whose chance of default, given their signal, the lender can bear; binormal signal"


def bearable(ctx: Context, recovery: float, rate: str = "cr_rate_2025") -> float:
    """Return the chance of default that a loan at the going rate bears, at some recovery."""
    return float(break_even_default(value(ctx, rate), value(ctx, "cr_rho"), recovery))


def _access(ctx: Context, *, recovery: str, auc: str = "cr_auc_bank", guarantee: str = "") -> float:
    share = value(ctx, recovery)
    if guarantee:
        share = float(guaranteed_recovery(share, value(ctx, guarantee)))
    return 100 * float(access(value(ctx, "cr_mu"), value(ctx, auc), bearable(ctx, share)))


def pool_of(ctx: Context, observed: str) -> float:
    """Return the share of bad firms at which the model would give an observed access, without collateral, bank scorecard."""
    found = bad_share_for_access(
        value(ctx, observed), value(ctx, "cr_auc_bank"), bearable(ctx, value(ctx, "cr_R_none"))
    )
    if found.at is None:
        raise ValueError(f"no pool gives the access of {observed}")
    return found.at


for _ref, _words, _options in (
    ("access_none", "Access of the model without collateral, bank scorecard", {"recovery": "cr_R_none"}),
    ("access_collateral", "Access of the model with tangible collateral", {"recovery": "cr_R_tang"}),
    ("access_guarantee", "Access of the model without collateral, with the national guarantee", {"recovery": "cr_R_none", "guarantee": "cr_guarantee"}),
    ("access_data", "Access of the model without collateral, with operating data", {"recovery": "cr_R_none", "auc": "cr_auc_data"}),
):  # fmt: skip
    result(
        f"model.{_ref}", _words, unit="pct", decimals=1, formula=ACCESS,
        inputs=inputs(*LOAN, "cr_mu", *(v for v in {"auc": "cr_auc_bank", **_options}.values())),
    )(partial(_access, recovery=_options["recovery"], auc=_options.get("auc", "cr_auc_bank"), guarantee=_options.get("guarantee", "")))  # fmt: skip


@result(
    "model.access_observed", "Access of small technology firms at the end of 2024, official directory", unit="pct", decimals=1,
    formula="firms with a loan / firms in the directory", inputs=inputs("cr_access_2024"),
)  # fmt: skip
def access_observed(ctx: Context) -> float:
    """Percent."""
    return 100 * value(ctx, "cr_access_2024")


@result(
    "model.guarantee_share", "Share of the loss that the national guarantee bears", unit="pct", decimals=0, formula="reported share, in percent",
    inputs=inputs("cr_guarantee"),
)  # fmt: skip
def guarantee_share(ctx: Context) -> float:
    """Percent."""
    return 100 * value(ctx, "cr_guarantee")


@result(
    "model.gap_collateral", "Access that collateral adds in the model", unit="pct_points", decimals=1,
    formula="difference of the two", inputs=("result model.access_collateral", "result model.access_none"),
)  # fmt: skip
def gap_collateral(ctx: Context) -> float:
    """Percentage points."""
    return ctx.value("model.access_collateral") - ctx.value("model.access_none")


@result(
    "model.gap_observed", "Access of high-tech enterprises above that of small technology firms, 2024", unit="pct_points", decimals=1,
    formula="difference of the two official rates", inputs=inputs("cr_access_hnte", "cr_access_2024"),
)  # fmt: skip
def gap_observed(ctx: Context) -> float:
    """Percentage points."""
    return 100 * (value(ctx, "cr_access_hnte") - value(ctx, "cr_access_2024"))


@result(
    "model.auc_worth_collateral", "Signal that opens as much credit as collateral does", unit="auc", decimals=2,
    formula="discrimination at which access without collateral equals access with it", inputs=inputs(*LOAN, *POOL, "cr_R_none", "cr_R_tang"),
)  # fmt: skip
def auc_worth_collateral(ctx: Context) -> float:
    """Chance that a good firm outranks a bad one."""
    with_it = float(access(value(ctx, "cr_mu"), value(ctx, "cr_auc_bank"), bearable(ctx, value(ctx, "cr_R_tang"))))
    found = auc_for_access(with_it, value(ctx, "cr_mu"), bearable(ctx, value(ctx, "cr_R_none")))
    if found.at is None:
        raise ValueError("no signal opens as much credit as collateral does")
    return found.at


@result(
    "model.bad_share_needed", "Share of bad firms at which the model would give the observed access", unit="pct", decimals=1,
    formula="pool of the model solved for the observed access, without collateral, bank scorecard", inputs=inputs(*LOAN, "cr_auc_bank", "cr_R_none", "cr_access_2024"),
)  # fmt: skip
def bad_share_needed(ctx: Context) -> float:
    """Percent of the pool."""
    return 100 * pool_of(ctx, "cr_access_2024")


@claim(
    "model.signal_as_good_as_collateral", "A better signal opens as much credit as collateral",
    formula="the signal that opens as much as collateral lies within the assumed span of signals from operating data",
    inputs=("result model.auc_worth_collateral", "parameters[cr_auc_data].low", "parameters[cr_auc_data].high"),
)  # fmt: skip
def signal_as_good_as_collateral(ctx: Context) -> bool:
    """Say whether the words hold."""
    return (
        value(ctx, "cr_auc_data", "low") <= ctx.value("model.auc_worth_collateral") <= value(ctx, "cr_auc_data", "high")
    )


def access_lines(ctx: Context, points: int = 71) -> pd.DataFrame:
    """Return access in percent by the quality of the signal, without collateral, with the guarantee, and with collateral."""
    auc = np.linspace(0.55, 0.9, points)
    none, tangible = value(ctx, "cr_R_none"), value(ctx, "cr_R_tang")
    guaranteed = float(guaranteed_recovery(none, value(ctx, "cr_guarantee")))
    columns = {"none": none, "guarantee": guaranteed, "collateral": tangible}
    mu = value(ctx, "cr_mu")
    lines = {f"{name}_pct": 100 * np.asarray(access(mu, auc, bearable(ctx, share))) for name, share in columns.items()}
    return pd.DataFrame({"auc": auc, **lines})
