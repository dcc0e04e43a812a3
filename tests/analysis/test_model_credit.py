"""Who gets a loan, recomputed from the chance of default given the signal, and by drawn applicants."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from oracles import returns
from oracles.credit import EXPECTED, access, auc_worth_collateral, bearable, default_given, guaranteed, served
from patient_capital.analysis.model.credit import (
    access_by_signal,
    access_lines,
    access_marks,
    equal_access,
    lending_terms,
    recoveries,
)
from patient_capital.provenance.registry import number


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


def test_lines_of_access(ctx, p):
    lines = access_lines(ctx, points=8)
    assert list(lines.columns) == ["security", "label", "auc", "access_pct"]
    assert list(dict.fromkeys(lines["security"])) == list(kept_of(p))
    assert len(lines) == 24
    for row in lines.itertuples():
        expected = 100 * served(p["cr_mu"], row.auc, bearable(p, kept_of(p)[row.security]))[0]
        assert row.access_pct == pytest.approx(expected, rel=1e-6)


def test_marks_of_access(ctx, p):
    marks = access_marks(ctx)
    assert list(marks.index) == ["collateral", "none", "observed"]
    assert marks.loc["collateral", "auc"] == p["cr_auc_bank"]
    assert marks.loc["none", "auc"] == pytest.approx(auc_worth_collateral(p), rel=1e-9)
    for name in ("collateral", "none"):
        assert marks.loc[name, "access_pct"] == pytest.approx(100 * access(p, p["cr_R_tang"]), rel=1e-9)
    assert marks.loc["observed", "access_pct"] == pytest.approx(100 * p["cr_access_2024"])
    assert np.isnan(marks.loc["observed", "auc"])


def test_access_moves_with_terms_and_recoveries(ctx, p):
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
