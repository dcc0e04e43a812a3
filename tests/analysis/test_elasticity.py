"""Fits by library against data whose answer is known, and Gini coefficients against their definition."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.analysis.elasticity import (
    censored_elasticity,
    ols_elasticity,
    poisson_elasticity,
    rank_correlation,
)
from patient_capital.analysis.inequality import gini, lorenz, top_share

X = np.array([1.0, 2, 4, 8, 16, 32, 64, 128])


def test_exact_power_law_gives_its_exponent_by_each_method():
    y = 3 * X**1.5 * np.exp(0.01 * np.array([1, -1, -1, 1, 1, -1, -1, 1]))
    assert ols_elasticity(X, y).slope == pytest.approx(1.5, abs=0.01)
    assert poisson_elasticity(X, y).slope == pytest.approx(1.5, abs=0.01)
    assert censored_elasticity(X, y, float(y.min())).slope == pytest.approx(1.5, abs=0.01)


def test_least_squares_equals_the_formula():
    y = np.array([2.0, 3, 9, 10, 30, 31, 60, 200])
    lx, ly = np.log(X), np.log(y)
    slope = ((lx - lx.mean()) * (ly - ly.mean())).sum() / ((lx - lx.mean()) ** 2).sum()
    one = ols_elasticity(X, y)
    assert one.slope == pytest.approx(slope)
    design = np.column_stack([np.ones(8), lx])
    inverse = np.linalg.inv(design.T @ design)
    residual = ly - design @ (inverse @ design.T @ ly)
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    meat = design.T @ np.diag((residual / (1 - leverage)) ** 2) @ design
    assert one.error == pytest.approx(np.sqrt((inverse @ meat @ inverse)[1, 1]))


def test_truncation_flattens_and_censoring_corrects():
    rng = np.random.default_rng(20250306)
    x = np.exp(rng.normal(3, 1, 400))
    y = np.exp(1.4 * np.log(x) + rng.normal(0, 1, 400))
    seen = np.where(y >= 30, y, np.nan)
    known = np.isfinite(seen)
    assert ols_elasticity(x[known], y[known]).slope < 1.25
    fitted = censored_elasticity(x, seen, 30.0)
    assert fitted.low < 1.4 < fitted.high
    assert fitted.slope == pytest.approx(1.4, abs=0.15)


def test_rank_correlation():
    assert rank_correlation([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1)
    assert rank_correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]) == pytest.approx(1 - 6 * 4 / (5 * 24))


def mean_difference(values):
    n = len(values)
    return sum(abs(a - b) for a, b in product(values, repeat=2)) / (2 * n * sum(values))


@given(st.lists(st.floats(0.01, 1000), min_size=2, max_size=12))
def test_gini_is_half_the_relative_mean_difference(values):
    assert gini(values) == pytest.approx(mean_difference(values), abs=1e-9)


@given(st.lists(st.floats(0.01, 1000), min_size=2, max_size=12), st.floats(0.1, 100))
def test_gini_knows_no_unit_and_lies_between_nought_and_one(values, scale):
    assert gini([scale * v for v in values]) == pytest.approx(gini(values), abs=1e-9)
    assert -1e-12 <= gini(values) < 1


def test_gini_of_extremes():
    assert gini([5, 5, 5, 5]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(3 / 4)


@pytest.mark.parametrize("wrong", [[], [0, 0], [1, -1]])
def test_gini_refuses_what_has_none(wrong):
    with pytest.raises(ValueError, match="gini"):
        gini(wrong)


def test_top_share():
    assert top_share([1, 2, 3, 4], 2) == pytest.approx(0.7)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda values: sum(values) > 1e-3))
def test_lorenz_curve_is_convex_and_its_area_gives_the_gini_coefficient(values):
    curve = lorenz(values)
    assert curve.size == len(values) + 1
    assert curve[0] == 0
    assert curve[-1] == pytest.approx(1)
    assert (np.diff(curve, 2) >= -1e-12).all()
    assert 1 - (curve[1:] + curve[:-1]).sum() / len(values) == pytest.approx(gini(values), abs=1e-9)


@pytest.mark.parametrize("values", [[], [0, 0], [1, -1]])
def test_lorenz_needs_amounts(values):
    with pytest.raises(ValueError, match="lorenz"):
        lorenz(values)
