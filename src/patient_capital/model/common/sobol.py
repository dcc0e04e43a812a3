"""Sobol indices with bootstrap intervals, by SALib: the share of the variance of an outcome that each input explains.

The inputs are points of the unit cube. The function that maps a point to parameters may set several of them from one
coordinate, so that parameters which were estimated together vary together; a column is one independent source of
uncertainty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.extras import needed_for
from patient_capital.model.common.checks import DomainError, Floats, between, count, finite
from patient_capital.model.common.workers import Progress, fan_out

Evaluate = Callable[[Floats], Floats]
"""Takes points of the unit cube, shape (n, d), and returns one value for each, shape (n,). It is a function of a
module, so that it can be pickled for another process."""
RESAMPLES = 200
"""Bootstrap samples of each interval."""


@dataclass(frozen=True, slots=True)
class SobolIndex:
    """Share of the variance of an outcome that one input explains.

    Attributes
    ----------
    name : str
        Name of the input.
    first_order : float
        Share explained by the input alone.
    total : float
        Share that would vanish if the input were fixed, interactions included.
    first_order_interval, total_interval : float
        Half widths of the bootstrap intervals.
    """

    name: str
    first_order: float
    first_order_interval: float
    total: float
    total_interval: float


def _problem(names: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def sobol_points(names: Sequence[str], base: int, seed: int) -> Floats:
    """Return the points of the unit cube at which an outcome must be known.

    Parameters
    ----------
    names : sequence of str
        Names of the d inputs, at least two.
    base : int
        Points of the Sobol sequence, a power of two.
    seed : int
        Seed of its scrambling.

    Returns
    -------
    ndarray, shape (base * (d + 2), d)
        Points of Saltelli's scheme for first-order and total indices.

    Raises
    ------
    DomainError
        If there are fewer than two inputs, or `base` is no power of two.

    References
    ----------
    :cite:t:`saltelli2010`
    """
    with needed_for("Sobol indices need", "analysis"):
        from SALib.sample import sobol  # noqa: PLC0415  # takes longer to load than all of the model

    count(2, names=len(names))
    count(2, base=base)
    if base & (base - 1):
        raise DomainError("base", base, "must be a power of two, so that the sequence stays balanced")
    # Second-order indices would need base * (2 d + 2) points.
    return np.asarray(sobol.sample(_problem(names), base, calc_second_order=False, seed=seed))


def sobol_indices(names: Sequence[str], values: ArrayLike, seed: int, level: float = 0.95) -> tuple[SobolIndex, ...]:
    """Return the indices of each input from the outcome at the points of :func:`sobol_points`.

    Parameters
    ----------
    names : sequence of str
        Names of the inputs, in the order of the points.
    values : array_like, shape (base * (d + 2),)
        Outcome at each point.
    seed : int
        Seed of the bootstrap.
    level : float, optional
        Confidence of the intervals, above 0 and below 1.

    Returns
    -------
    tuple of SobolIndex
        One for each input, in their order; all zero where the outcome does not vary.

    Raises
    ------
    DomainError
        If a value is not a finite number, or there is not one for each point.

    References
    ----------
    :cite:t:`saltelli2010`
    """
    with needed_for("Sobol indices need", "analysis"):
        from SALib.analyze import sobol  # noqa: PLC0415  # as above

    finite(values=values)
    between("level", level, math.nextafter(0, 1), math.nextafter(1, 0), "must lie above 0 and below 1")
    outcome = np.asarray(values, dtype=float)
    if outcome.ndim != 1 or outcome.size % (len(names) + 2):
        raise DomainError("values", outcome.shape, f"needs one value for each point, a multiple of {len(names) + 2}")
    # The indices divide by the variance of the outcome.
    if np.ptp(outcome) == 0:
        return tuple(SobolIndex(name, 0.0, 0.0, 0.0, 0.0) for name in names)
    found = sobol.analyze(
        _problem(names), outcome, calc_second_order=False, num_resamples=RESAMPLES, conf_level=level, seed=seed
    )
    columns = zip(names, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    return tuple(SobolIndex(name, *(float(number) for number in numbers)) for name, *numbers in columns)


def _evaluate_rows(evaluate: Evaluate, points: Floats) -> Floats:
    return np.asarray(evaluate(points), dtype=float)


def sensitivity(
    evaluate: Evaluate,
    names: Sequence[str],
    base: int,
    seed: int,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    points_per_task: int = 256,
) -> tuple[SobolIndex, ...]:
    """Return the indices of an outcome, evaluated on as many workers as there are.

    Parameters
    ----------
    evaluate : callable
        Takes points of the unit cube, shape (n, d), and returns the outcome, shape (n,).
    names : sequence of str
        Names of the d inputs.
    base : int
        Points of the Sobol sequence, a power of two; base * (d + 2) evaluations.
    seed : int
        Seed of points and bootstrap.
    executor : concurrent.futures.Executor, optional
        Where the evaluations run; here and one after the other unless given. The result is the same.
    progress : callable, optional
        Told after each task how many are done, and of how many.
    points_per_task : int, optional
        Points of one task.

    Returns
    -------
    tuple of SobolIndex
        One for each input.

    Raises
    ------
    DomainError
        As in :func:`sobol_points` and :func:`sobol_indices`.
    """
    count(1, points_per_task=points_per_task)
    points = sobol_points(names, base, seed)
    tasks = [points[start : start + points_per_task] for start in range(0, len(points), points_per_task)]
    values = fan_out(partial(_evaluate_rows, evaluate), tasks, executor, progress)
    return sobol_indices(names, np.concatenate(values), seed)
