"""The rate at which dated flows are worth nothing, for many sequences of flows at once."""

from __future__ import annotations

import numpy as np

from patient_capital.model.common.checks import DomainError, Floats, finite

LOWEST, HIGHEST = -1.0, 3.0
"""Span of continuously compounded rates a year that is searched unless another is stated."""
STEPS = 160
MOST_REFINEMENTS = 100


def zero_value_rate(flows: Floats, years: Floats, low: float, high: float, *, largest: bool = False) -> Floats:
    """Return for each sequence the rate in a span at which its value is zero.

    Parameters
    ----------
    flows : ndarray, shape (cases, periods)
        Amounts.
    years : ndarray, shape (periods,)
        Date of each, common to all cases.
    low, high : float
        Span of rates, low below high. It is searched in `STEPS` equal steps; two roots within one are not seen.
    largest : bool, optional
        Whether to take the largest of several roots, rather than refuse them.

    Returns
    -------
    ndarray, shape (cases,)
        Rates.

    Raises
    ------
    DomainError
        If a case has no root in the span, or several and not the largest is asked for.
    """
    finite(low=low, high=high)
    if low >= high:
        raise DomainError("low", low, f"must lie below the other end of the span, {high:g}")
    grid = np.linspace(low, high, STEPS + 1)
    above = flows @ _factors(grid, years).T >= 0
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
    cell = STEPS - 1 - changes[:, ::-1].argmax(axis=1)
    return _refine(flows, years, grid[cell], grid[cell + 1], above[np.arange(len(flows)), cell])


def _factors(rates: Floats, years: Floats) -> Floats:
    """Return discount factors up to one factor for each rate, which moves no root and keeps all of them below 1."""
    exponents = -rates[:, None] * years
    return np.asarray(np.exp(exponents - exponents.max(axis=1, keepdims=True)))


def _refine(flows: Floats, years: Floats, left: Floats, right: Floats, above_left: np.ndarray) -> Floats:
    # Newton's step where it stays in the bracket, half the bracket where it does not.
    rate = (left + right) / 2
    for _ in range(MOST_REFINEMENTS):
        terms = flows * _factors(rate, years)
        value, slope = terms.sum(axis=1), -(terms * years).sum(axis=1)
        same = (value >= 0) == above_left
        left, right = np.where(same, rate, left), np.where(same, right, rate)
        flat = slope == 0
        step = rate - value / np.where(flat, 1.0, slope)
        inside = ~flat & (step >= left) & (step <= right)
        following = np.where(inside, step, (left + right) / 2)
        done = np.abs(following - rate) <= 1e-14 * (1 + np.abs(rate))
        rate = following
        if done.all():
            break
    return rate
