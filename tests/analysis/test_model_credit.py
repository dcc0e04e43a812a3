"""Who gets a loan, recomputed from the chance of default given the signal, and by drawn applicants."""

from __future__ import annotations

import importlib.util
import sys
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from patient_capital.analysis.model.credit import (
    access_by_signal,
    access_lines,
    access_marks,
    equal_access,
    lending_terms,
    recoveries,
)
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results, number


def sibling(name):
    """Load another file of tests for its plain computations."""
    known = f"plain_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


returns = sibling("test_model_returns")


def bearable(p, recovery, rate="cr_rate_2025"):
    """Chance of default at which what a loan brings just pays for the money and the work."""
    return brentq(lambda d: (1 - d) * (1 + p[rate]) + d * recovery - 1 - p["cr_rho"], 0, 1)


def default_given(signal, bad, distance):
    """Chance that an applicant with this signal defaults; signals of good firms lie higher by the distance."""
    odds = np.log(bad / (1 - bad)) + norm.logpdf(signal) - norm.logpdf(signal - distance)
    return 1 / (1 + np.exp(-odds))


def served(bad, auc, limit):
    """Shares of the pool that get a loan and of the loans that default."""
    distance = sqrt(2) * norm.ppf(auc)
    cut = brentq(lambda x: default_given(x, bad, distance) - limit, -60, 60, xtol=1e-12)
    good, lost = (1 - bad) * norm.sf(cut - distance), bad * norm.sf(cut)
    return good + lost, lost / (good + lost)


def access(p, recovery, auc="cr_auc_bank"):
    return served(p["cr_mu"], p[auc], bearable(p, recovery))[0]


def guaranteed(p):
    return 1 - (1 - p["cr_R_none"]) * (1 - p["cr_guarantee"])


def auc_worth_collateral(p):
    limit, wanted = bearable(p, p["cr_R_none"]), access(p, p["cr_R_tang"])
    return brentq(lambda auc: served(p["cr_mu"], auc, limit)[0] - wanted, 0.6, 0.95, xtol=1e-12)


def bad_share_for(p, observed):
    limit = bearable(p, p["cr_R_none"])
    return brentq(lambda bad: served(bad, p["cr_auc_bank"], limit)[0] - observed, 1e-4, 0.2, xtol=1e-12)


EXPECTED = {
    "access_none": lambda p: 100 * access(p, p["cr_R_none"]),
    "access_collateral": lambda p: 100 * access(p, p["cr_R_tang"]),
    "access_guarantee": lambda p: 100 * access(p, guaranteed(p)),
    "access_data": lambda p: 100 * access(p, p["cr_R_none"], "cr_auc_data"),
    "access_observed": lambda p: 100 * p["cr_access_2024"],
    "guarantee_share": lambda p: 100 * p["cr_guarantee"],
    "gap_collateral": lambda p: 100 * (access(p, p["cr_R_tang"]) - access(p, p["cr_R_none"])),
    "gap_observed": lambda p: 100 * (p["cr_access_hnte"] - p["cr_access_2024"]),
    "auc_worth_collateral": auc_worth_collateral,
    "bad_share_needed": lambda p: 100 * bad_share_for(p, p["cr_access_2024"]),
}
"""Each number with its second computation."""
CLAIMS = ("signal_as_good_as_collateral",)
COVERED = {f"model.{name}" for name in (*EXPECTED, *CLAIMS)}


@pytest.fixture(scope="module")
def p(raw):
    return returns.values(raw)


@pytest.mark.parametrize("name", EXPECTED)
def test_number(p, name):
    assert number(f"model.{name}").value == pytest.approx(EXPECTED[name](p), rel=1e-7)


@pytest.mark.parametrize(
    ("name", "recovery", "auc"),
    [
        ("access_none", "cr_R_none", "cr_auc_bank"), ("access_collateral", "cr_R_tang", "cr_auc_bank"),
        ("access_data", "cr_R_none", "cr_auc_data"),
    ],
)  # fmt: skip
def test_access_of_drawn_applicants(p, name, recovery, auc):
    rng = np.random.default_rng(6)
    distance = sqrt(2) * norm.ppf(p[auc])
    bad = rng.random(1_000_000) < p["cr_mu"]
    signal = rng.standard_normal(bad.size) + np.where(bad, 0.0, distance)
    loans = default_given(signal, p["cr_mu"], distance) <= bearable(p, p[recovery])
    error = 100 * sqrt(loans.mean() * (1 - loans.mean()) / loans.size)
    assert number(f"model.{name}").value == pytest.approx(100 * loans.mean(), abs=4 * error)
    # The chance that a good applicant outranks a bad one is the discrimination that was put in.
    pairs = min(bad.sum(), 50_000)
    outranks = (signal[~bad][:pairs] > signal[bad][:pairs]).mean()
    assert outranks == pytest.approx(p[auc], abs=4 * sqrt(0.25 / pairs))


def test_signal_as_good_as_collateral_lies_in_the_span_of_data(p, raw):
    low, high = returns.ends(raw, "cr_auc_data")
    assert low <= auc_worth_collateral(p) <= high
    assert number("model.signal_as_good_as_collateral").value is True


def kept_of(p):
    return {"none": p["cr_R_none"], "guarantee": guaranteed(p), "collateral": p["cr_R_tang"]}


def test_lines_of_access(book, p):
    lines = access_lines(Context(book, load_results()), points=8)
    assert list(lines.columns) == ["security", "label", "auc", "access_pct"]
    assert list(dict.fromkeys(lines["security"])) == list(kept_of(p))
    assert len(lines) == 24
    for row in lines.itertuples():
        expected = 100 * served(p["cr_mu"], row.auc, bearable(p, kept_of(p)[row.security]))[0]
        assert row.access_pct == pytest.approx(expected, rel=1e-6)


def test_marks_of_access(book, p):
    marks = access_marks(Context(book, load_results()))
    assert list(marks.index) == ["collateral", "none", "observed"]
    assert marks.loc["collateral", "auc"] == p["cr_auc_bank"]
    assert marks.loc["none", "auc"] == pytest.approx(auc_worth_collateral(p), rel=1e-9)
    for name in ("collateral", "none"):
        assert marks.loc[name, "access_pct"] == pytest.approx(100 * access(p, p["cr_R_tang"]), rel=1e-9)
    assert marks.loc["observed", "access_pct"] == pytest.approx(100 * p["cr_access_2024"])
    assert np.isnan(marks.loc["observed", "auc"])


def test_access_moves_with_terms_and_recoveries(book, p):
    ctx = Context(book, load_results())
    terms, recovered = lending_terms(ctx), recoveries(ctx)
    terms["bank_auc"] = 0.7
    terms["bad_share"] = 0.08
    recovered.loc["collateral", "recovery_share"] = 0.5
    other = p | {"cr_auc_bank": 0.7, "cr_mu": 0.08, "cr_R_tang": 0.5}
    marks = equal_access(recovered, terms)
    assert marks.loc["none", "auc"] == pytest.approx(auc_worth_collateral(other), rel=1e-9)
    lines = access_by_signal(recovered.loc[["collateral"]], terms, low=0.6, high=0.8, points=3)
    expected = [100 * served(0.08, auc, bearable(other, 0.5))[0] for auc in (0.6, 0.7, 0.8)]
    assert lines["access_pct"].tolist() == pytest.approx(expected, rel=1e-6)
