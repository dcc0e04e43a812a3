"""Filings against R&D: the elasticity, by methods and samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from patient_capital.analysis.regions.rows import BEIJING, JIANGSU, LEADERS, TIBET, filings_and_rd
from patient_capital.formatting import Range, spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

if TYPE_CHECKING:
    from patient_capital.analysis.elasticity import Elasticity


def in_groups(
    units: pd.DataFrame, leaders: Sequence[str] = LEADERS, apart: Sequence[str] = (TIBET, JIANGSU)
) -> pd.DataFrame:
    """Add `group` to units, by code: ``leader`` in filings, told ``apart`` for another reason, or ``other``."""
    group = pd.Series("other", index=units.index).mask(units.index.isin(apart), "apart")
    return units.assign(group=group.mask(units.index.isin(leaders), "leader"))


def filings_by_group(reader: Reader) -> pd.DataFrame:
    """Return filings and R&D of all units with their groups: :func:`filings_and_rd` and :func:`in_groups`."""
    return in_groups(filings_and_rd(reader))


SAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("all units", ()),
    "no_beijing": ("without Beijing", (BEIJING,)),
    "no_tibet": ("without Tibet", (TIBET,)),
    "no_leaders": (f"without the {spelled(len(LEADERS))} leaders", LEADERS),
    "no_five": ("without the four and Tibet", (*LEADERS, TIBET)),
}
METHODS = {"ols": "least squares on the units with a filing", "censored": "censored lognormal", "poisson": "Poisson"}
FITTED = {
    "ols": "log filings on log R&D, least squares on the units with a filing",
    "censored": "log filings on log R&D, lognormal of which counts of none are known to lie at or below one",
    "poisson": "the log of expected filings on log R&D, Poisson",
}
"""What each method takes the slope of."""


def fit(frame: pd.DataFrame, method: str, without: Sequence[str] = ()) -> Elasticity:
    """Fit the elasticity of filings to R&D on a frame of :func:`filings_and_rd`.

    Parameters
    ----------
    method : {"ols", "censored", "poisson"}
        Least squares leaves units without a filing out, for zero has no logarithm; the censored fit takes them as below
        one; Poisson takes the counts as they are, so that large ones weigh more.
    without : sequence of str
        Units left out.

    Raises
    ------
    ValueError
        If a unit has no count.
    """
    kept = frame.drop(list(without), errors="ignore")
    if kept["filings"].isna().any():
        raise ValueError("fit: a unit has no count; drop it, or give it one")
    return _fit(method, tuple(kept["rd_cny_bn"]), tuple(kept["filings"]))


@cache
def _fit(method: str, rd: tuple[float, ...], counts: tuple[float, ...]) -> Elasticity:
    """Fit once for each set of numbers: text, figure and table ask for the same fits."""
    from patient_capital.analysis import elasticity as fits  # noqa: PLC0415  # loads statsmodels

    data = pd.DataFrame({"rd": rd, "filings": counts})
    filed = data["filings"].gt(0)
    if method == "ols":
        return fits.ols_elasticity(data.loc[filed, "rd"], data.loc[filed, "filings"])
    if method == "censored":
        return fits.censored_elasticity(data["rd"], data["filings"].where(filed), 1.0)
    return fits.poisson_elasticity(data["rd"], data["filings"])


def fit_each(
    units: pd.DataFrame,
    samples: Mapping[str, tuple[str, Sequence[str]]] = SAMPLES,
    methods: Sequence[str] = tuple(METHODS),
) -> pd.DataFrame:
    """Fit the elasticity of filings to R&D by each method on each sample of the units of :func:`filings_and_rd`.

    Parameters
    ----------
    samples : mapping
        Name of each sample, with its words and the codes of the units left out.
    methods : sequence of str
        As for :func:`fit`.

    Returns
    -------
    pandas.DataFrame
        Indexed by `fit`, method and sample; `method`, `sample` in words, `units`, their number, and the
        `elasticity` with its 95 percent interval, `low_95` and `high_95`.
    """
    rows = {}
    for method in methods:
        for name, (words, without) in samples.items():
            one = fit(units, method, without)
            rows[f"{method}_{name}"] = (method, words, one.n, one.slope, one.low, one.high)
    columns = ["method", "sample", "units", "elasticity", "low_95", "high_95"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("fit")


def elasticities(ctx: Context) -> pd.DataFrame:
    """Return the elasticity of filings to R&D by every method and sample, as :func:`fit_each` gives it."""
    return fit_each(filings_and_rd(ctx))


FITS = {
    f"{method}_{sample}": {"method": method, "how": how, "fitted": FITTED[method], "words": words, "without": without}
    for method, how in METHODS.items()
    for sample, (words, without) in SAMPLES.items()
}


@result(unit="elasticity", decimals=2, cases=FITS, name="{case}")
def slope(ctx: Context, *, method: str, without: Sequence[str]) -> float:
    """Elasticity of filings to R&D, {how}, {words}.

    Slope of {fitted}, {words}.
    """
    return fit(filings_and_rd(ctx), method, without).slope


@result(unit="elasticity", decimals=2, cases=FITS, name="{case}_interval")
def interval(ctx: Context, *, method: str, without: Sequence[str]) -> Range:
    """95 percent interval: {how}, {words}.

    Slope of {fitted}, {words}; HC3 for least squares, HC1 for Poisson, from the Hessian for the
    censored fit.
    """
    one = fit(filings_and_rd(ctx), method, without)
    return Range(one.low, one.high)


@result(unit="elasticity", decimals=2)
def elasticity(ctx: Context) -> Range:
    """Elasticity of filings to R&D over methods and samples.

    Smallest and largest estimate over methods and samples.
    """
    values = [ctx.value(f"regions.{name}") for name in FITS]
    return Range(min(values), max(values))


@claim()
def method_decides(ctx: Context) -> bool:
    """Whether it exceeds one depends on how small places are weighed.

    On all units the interval of the fit of counts lies above one, and those of both fits of logarithms hold one.
    """
    counts, *logarithms = (ctx.result(f"regions.{method}_all_interval") for method in ("poisson", "ols", "censored"))
    intervals = [one for one in (counts, *logarithms) if isinstance(one, Range)]
    return intervals[0].low > 1 and all(one.low <= 1 <= one.high for one in intervals[1:])


@result(unit="ratio_plain", decimals=2)
def rank(ctx: Context) -> float:
    """Rank correlation of filings and R&D, all units.

    Spearman's rank correlation.

    Correlation, -1 to 1.
    """
    from patient_capital.analysis.elasticity import rank_correlation  # noqa: PLC0415  # loads scipy

    units = filings_and_rd(ctx)
    return rank_correlation(units["rd_cny_bn"], units["filings"])
