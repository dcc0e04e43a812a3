r"""The distribution of the sum of several deals, by convolution on a lattice.

The mass of each cell of the lattice is split between its two ends so that the mean of the cell is kept. The
characteristic function of the sum is a power of that of a deal. A discrete transform is periodic and would add the mass
of sums beyond its length to those at the start; masses are therefore multiplied by a decaying exponential before the
transform and divided by it after, which suppresses what is added.
"""

from __future__ import annotations

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from patient_capital.model.common.checks import Floats, count, positive
from patient_capital.model.returns.deal_returns import Returns

POINTS = 1 << 16
"""Points of the lattice unless stated."""
DAMPING = 24.0
"""Exponent over the whole transform, of which the lattice is half. Mass from beyond the transform is damped by
exp(-24) = 4e-11; dividing by the damping amplifies the rounding error of 1e-16 by at most exp(12), to 2e-11."""


def deal_masses(returns: Returns, step: float, points: int) -> Floats:
    """Return the masses of one deal on a lattice from zero; what lies beyond its last point is left out.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    step : float
        Distance of the points, positive.
    points : int
        Number of points, at least 2.

    Returns
    -------
    ndarray, shape (points,)
        Probabilities; the mean of what lies within each cell is exact.

    Raises
    ------
    DomainError
        If the step is not positive, or there are too few points.
    """
    positive(step=step)
    count(2, points=points)
    above = np.asarray(returns.survival(step * np.arange(points)), dtype=float)
    # The part of the mean in a cell, less its mass times the left end, is what its right end must hold to keep the
    # mean.
    total = np.asarray(returns.upper_total(np.clip(1 - above, 0.0, 1.0)), dtype=float)
    mass = above[:-1] - above[1:]
    from_left = (total[:-1] - total[1:]) / step - np.arange(points - 1) * mass
    right = np.clip(from_left, 0.0, mass)
    masses = np.zeros(points)
    masses[:-1] += mass - right
    masses[1:] += right
    return masses


def sum_lattice(returns: Returns, deals: int, reach: float, points: int = POINTS) -> tuple[Floats, Floats, float]:
    """Return the distribution of the sum of independent deals from zero up to some reach.

    Parameters
    ----------
    returns : Returns
        Gross multiple of a deal.
    deals : int
        Number of deals, at least 1.
    reach : float
        Largest sum of interest, positive.
    points : int, optional
        Points of the lattice, at least 2.

    Returns
    -------
    sums : ndarray, shape (points,)
        Sums, from 0 to `reach`.
    masses : ndarray, shape (points,)
        Their probabilities, exact for the lattice to about 1e-10; they add up to less than 1 by what lies beyond.
    step : float
        Distance of the points.
    """
    count(1, deals=deals)
    positive(reach=reach)
    count(2, points=points)
    step = reach / (points - 1)
    length = next_fast_len(2 * points, real=True)
    damping = np.exp(-DAMPING / length * np.arange(points))
    # One cell more, so that the last point gets its part of both cells beside it.
    transform = rfft(deal_masses(returns, step, points + 1)[:points] * damping, length)
    masses: Floats = irfft(transform**deals, length)[:points] / damping
    return np.asarray(step * np.arange(points), dtype=float), masses, step
