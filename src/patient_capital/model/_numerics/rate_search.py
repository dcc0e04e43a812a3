"""The rate at which the present value of dated flows is zero, for many sequences of flows at once."""

from __future__ import annotations

import numpy as np

from patient_capital.model.common.checks import DomainError, Floats, finite

LOWEST, HIGHEST = -1.0, 3.0
"""Span of continuously compounded rates a year that is searched unless another is stated."""
STEPS = 160
"""Equal steps in which the span is searched for changes of sign: 0.025 a year each over the span above."""
MOST_REFINEMENTS = 100
"""More than halving alone needs to bring one step of the search to the resolution of a float."""


def zero_value_rate(flows: Floats, years: Floats, low: float, high: float, *, largest: bool = False) -> Floats:
    """Return for each sequence the rate in a span at which its present value is zero.

    Parameters
    ----------
    flows : ndarray, shape (cases, periods)
        Amounts, in any unit.
    years : ndarray, shape (periods,)
        Date of each in years, common to all cases.
    low, high : float
        Span of continuously compounded rates a year, low below high. It is searched in `STEPS` equal steps; two roots
        within one are not seen.
    largest : bool, optional
        Whether to take the largest of several roots, rather than refuse them.

    Returns
    -------
    ndarray, shape (cases,)
        Rates a year.

    Raises
    ------
    DomainError
        If a case has no root in the span, or several and not the largest is asked for.
    """
    finite(low=low, high=high)
    if low >= high:
        raise DomainError("low", low, f"must lie below the other end of the span, {high:g}")
    grid = np.linspace(low, high, STEPS + 1)
    above = flows @ _scaled_discount_factors(grid, years).T >= 0
    changes = above[:, 1:] != above[:, :-1]
    roots = changes.sum(axis=1)
    # A value of exactly zero everywhere, or flows of one sign only, change nothing.
    if (roots == 0).any():
        raise DomainError(
            "flows", int(np.argmin(roots)), f"this sequence has no internal rate from {low:g} to {high:g}"
        )
    if not largest and (roots > 1).any():
        raise DomainError(
            "flows", int(np.argmax(roots)), f"this sequence has {roots.max()} internal rates, so none counts"
        )
    # The last change of sign along the grid: the only one, or that of the largest root.
    cell = STEPS - 1 - changes[:, ::-1].argmax(axis=1)
    return _refine(flows, years, grid[cell], grid[cell + 1], above[np.arange(len(flows)), cell])


def _scaled_discount_factors(rates: Floats, years: Floats) -> Floats:
    """Return the discount factors of each rate divided by their largest, shape (rates, years).

    A positive factor common to all flows of a sequence moves no root of its present value, and without it a negative
    rate over many years would overflow.
    """
    exponents = -rates[:, None] * years
    return np.asarray(np.exp(exponents - exponents.max(axis=1, keepdims=True)))


def _refine(flows: Floats, years: Floats, left: Floats, right: Floats, above_left: np.ndarray) -> Floats:
    # Newton's step where it stays in the bracket, half the bracket where it does not: the bracket alone is sure to
    # converge, and Newton's step, once near the root, does so in a few rounds.
    rate = (left + right) / 2
    for _ in range(MOST_REFINEMENTS):
        terms = flows * _scaled_discount_factors(rate, years)
        value, slope = terms.sum(axis=1), -(terms * years).sum(axis=1)
        same = (value >= 0) == above_left
        left, right = np.where(same, rate, left), np.where(same, right, rate)
        # The scaling differs from rate to rate; within one step it cancels in the ratio of value and slope.
        flat = slope == 0
        step = rate - value / np.where(flat, 1.0, slope)
        inside = ~flat & (step >= left) & (step <= right)
        following = np.where(inside, step, (left + right) / 2)
        done = np.abs(following - rate) <= 1e-14 * (1 + np.abs(rate))
        rate = following
        if done.all():
            break
    return rate
