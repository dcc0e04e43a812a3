"""Sobol indices: a known function, its intervals, and the same result wherever it is computed."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from patient_capital.model.common.checks import DomainError
from patient_capital.model.common.sobol import sensitivity, sobol_indices, sobol_points

NAMES = ("x1", "x2", "x3")


def ishigami(points):
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def linear(points):
    return 3 * points[:, 0] + points[:, 1]


def constant(points):
    return np.ones(len(points))


def test_indices_of_the_ishigami_function_are_the_known_ones():
    found = sensitivity(ishigami, NAMES, 2048, seed=1)
    for index, first, total in zip(found, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True):
        assert index.first_order == pytest.approx(first, abs=0.03)
        assert index.total == pytest.approx(total, abs=0.03)
        assert abs(index.total - total) < 2.5 * max(index.total_interval, 0.01)


def test_a_linear_function_has_no_interactions():
    big, small, none = sensitivity(linear, NAMES, 1024, seed=3)
    assert big.first_order == pytest.approx(0.9, abs=0.02)
    assert small.total == pytest.approx(0.1, abs=0.02)
    assert none.total == pytest.approx(0, abs=1e-9)


def test_an_outcome_that_does_not_vary_is_explained_by_nothing():
    assert {i.total for i in sensitivity(constant, NAMES, 16, seed=1)} == {0.0}


def test_the_result_does_not_depend_on_how_the_work_is_cut():
    assert sensitivity(ishigami, NAMES, 64, 5, points_per_task=7) == sensitivity(ishigami, NAMES, 64, 5)


def test_the_result_is_the_same_on_a_process_pool():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert sensitivity(ishigami, NAMES, 64, 5, executor=pool) == sensitivity(ishigami, NAMES, 64, 5)


def test_another_seed_gives_other_points():
    assert not np.array_equal(sobol_points(NAMES, 8, 1), sobol_points(NAMES, 8, 2))
    assert np.array_equal(sobol_points(NAMES, 8, 1), sobol_points(NAMES, 8, 1))


def test_progress_is_told_to_the_end():
    told = []
    sensitivity(linear, NAMES, 16, 1, points_per_task=20, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sobol_points(NAMES, 100, 1), "base = 100: must be a power of two"),
        (lambda: sobol_points(("x",), 8, 1), "names = 1: must be a whole number of at least 2"),
        (lambda: sobol_indices(NAMES, [1.0, 2.0], 1), r"values = \(2,\): needs one value for each point"),
        (lambda: sobol_indices(NAMES, [1.0, np.nan, 2, 3, 4], 1), "values = nan: must be a finite number"),
        (lambda: sobol_indices(NAMES, [1.0, 3, 2, 3, 4], 1, level=1), "level = 1"),
    ],
)
def test_wrong_use_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
