r"""Dated cash flows: present value, internal rate, and what they grow to when proceeds are reinvested.

Rates are continuously compounded, as growth is everywhere in the model: :math:`e^{-rt}` discounts t years.
:func:`effective_rate` gives the yearly rate that a report prints.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model._numerics.exponentials import LARGEST_EXPONENT
from patient_capital.model._numerics.rate_search import HIGHEST, LOWEST, zero_value_rate
from patient_capital.model.common.checks import DomainError, Floats, between, finite, formula, plain, positive


@formula
def effective_rate(rate: ArrayLike) -> float | Floats:
    r"""Return the effective annual rate of a continuously compounded one.

    Parameters
    ----------
    rate : array_like
        Continuously compounded rate a year, r.

    Returns
    -------
    float or ndarray
        :math:`e^r - 1`, a year.

    Raises
    ------
    DomainError
        If a rate is not finite.
    """
    finite(rate=rate)
    return plain(np.expm1(rate))


def _dated(flows: ArrayLike, periods_per_year: float, years: ArrayLike | None) -> tuple[Floats, Floats]:
    finite(flows=flows)
    amounts = np.asarray(flows, dtype=float)
    if amounts.ndim == 0 or amounts.shape[-1] == 0:
        raise DomainError("flows", amounts.shape, "must be a sequence of at least one flow")
    if years is None:
        positive(periods_per_year=periods_per_year)
        return amounts, np.arange(amounts.shape[-1]) / periods_per_year
    finite(years=years)
    dates = np.asarray(years, dtype=float)
    if dates.ndim == 0 or dates.shape[-1] != amounts.shape[-1]:
        raise DomainError("years", dates.shape, f"needs a date for each of {amounts.shape[-1]} flows")
    if (np.diff(dates) < 0).any():
        raise DomainError("years", dates[..., 0], "must not fall")
    return amounts, dates


@formula
def net_present_value(
    flows: ArrayLike, rate: ArrayLike, periods_per_year: float = 1.0, *, years: ArrayLike | None = None
) -> float | Floats:
    r"""Return the value of flows at time zero.

    Parameters
    ----------
    flows : array_like, shape (..., periods)
        Amounts; money paid out by the investor is negative.
    rate : array_like, shape (...)
        Discount rate a year, r; any finite number.
    periods_per_year : float, optional
        Flows a year; the first comes at time zero.
    years : array_like, shape (periods,) or (..., periods), optional
        Year of each flow, never falling, where they do not come at equal steps from zero.

    Returns
    -------
    float or ndarray, shape (...)
        :math:`\sum_i c_i e^{-r t_i}`, in the unit of the flows.

    Raises
    ------
    DomainError
        If a number is not finite, or dates and flows do not fit.
    """
    finite(rate=rate)
    amounts, dates = _dated(flows, periods_per_year, years)
    exponents = -np.asarray(rate, dtype=float)[..., None] * dates
    between("rate times years", exponents, -np.inf, LARGEST_EXPONENT, "discounts beyond the range of numbers")
    return plain((amounts * np.exp(exponents)).sum(axis=-1))


@formula
def internal_rate_of_flows(
    flows: ArrayLike,
    periods_per_year: float = 1.0,
    *,
    years: ArrayLike | None = None,
    low: float = LOWEST,
    high: float = HIGHEST,
) -> float | Floats:
    r"""Return the internal rate of dated flows: the rate at which their present value is zero.

    Parameters
    ----------
    flows : array_like, shape (..., periods)
        As in :func:`net_present_value`.
    periods_per_year, years : optional
        As in :func:`net_present_value`; `years` is one sequence for all.
    low, high : float, optional
        Span of rates a year that is searched, continuously compounded.

    Returns
    -------
    float or ndarray, shape (...)
        The only r in the span with :math:`\sum_i c_i e^{-r t_i} = 0`. Where flows change their sign more than once
        there may be several; then none of them is the return, and it is an error.

    Raises
    ------
    DomainError
        If there is no rate in the span, or more than one.
    """
    amounts, dates = _dated(flows, periods_per_year, years)
    if dates.ndim != 1:
        raise DomainError("years", dates.shape, "must be one sequence for all flows")
    found = zero_value_rate(amounts.reshape(-1, amounts.shape[-1]), dates, low, high)
    return plain(found.reshape(amounts.shape[:-1]))
