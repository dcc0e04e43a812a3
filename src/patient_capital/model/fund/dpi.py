r"""Distributions to paid-in capital (DPI): the path of any fund, and a closed form for a fund of unlimited life.

The closed form holds for money that is called evenly and winners that are worth their start when they are bought;
:func:`patient_capital.model.fund.expected_flows.fund_flows` gives the general case.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model._numerics.exponentials import repeated_integrals
from patient_capital.model.common.checks import DomainError, Floats, finite, not_negative, plain, positive, share


def paid_in(calls: ArrayLike) -> Floats:
    """Return what has been paid in up to and with each period.

    Parameters
    ----------
    calls : array_like, shape (..., periods)
        Money called in each period; not negative.

    Returns
    -------
    ndarray, shape (..., periods)
        In the unit of the calls.

    Raises
    ------
    DomainError
        If a call is negative.
    """
    not_negative(calls=calls)
    return np.asarray(np.cumsum(np.asarray(calls, dtype=float), axis=-1))


def distributions_to_paid_in(calls: ArrayLike, distributions: ArrayLike) -> Floats:
    """Return the path of DPI: what has been distributed over what has been paid in, up to each period.

    Parameters
    ----------
    calls, distributions : array_like, shape (..., periods)
        Money paid in by investors, and paid out to them, in each period; not negative.

    Returns
    -------
    ndarray, shape (..., periods)
        A ratio without discounting: a yuan that comes back after 20 years counts as one after two.

    Raises
    ------
    DomainError
        If an amount is negative, or nothing has been paid in by the first period.
    """
    not_negative(distributions=distributions)
    called = paid_in(calls)
    positive(**{"paid in by the first period": called[..., 0]})
    return np.asarray(np.cumsum(np.asarray(distributions, dtype=float), axis=-1) / called)


def exited_share(year: ArrayLike, exit_rate: ArrayLike, investment_years: ArrayLike) -> float | Floats:
    r"""Return the share of a cohort, bought evenly over some years, that has exited at a constant rate.

    Parameters
    ----------
    year : array_like
        Years since the first purchase, t, zero or more.
    exit_rate : array_like
        Rate a year, :math:`\kappa`; may be zero or negative, where growth outruns the hazard.
    investment_years : array_like
        Years of purchases, I, positive. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`D_t(\kappa) = \frac1I\int_0^{\min(t,I)} (1 - e^{-\kappa(t-s)})\,ds`.
    """
    not_negative(year=year)
    positive(investment_years=investment_years)
    finite(exit_rate=exit_rate)
    first, years = np.asarray(year, dtype=float), np.asarray(investment_years, dtype=float)
    _, oldest = repeated_integrals(2, exit_rate, first)
    _, youngest = repeated_integrals(2, exit_rate, np.maximum(first - years, 0.0))
    return plain(np.asarray(exit_rate) * (oldest - youngest) / years)


def dpi_closed_form(
    year: ArrayLike,
    *,
    winner_share: ArrayLike,
    start: ArrayLike,
    growth: ArrayLike,
    hazard: ArrayLike,
    loser_mean: ArrayLike,
    loser_hazard: ArrayLike,
    investment_years: ArrayLike,
    lifetime_fees: ArrayLike,
) -> float | Floats:
    r"""Return the distributions to paid-in capital of a fund of unlimited life, in closed form.

    Winners are worth `start` when they are bought and exit with a constant hazard from that day. Their mean therefore
    differs from that of the multiples, which the general flows keep, unless the start is 1 and there is no cap.

    Parameters
    ----------
    year : array_like
        Years since the first call, t, zero or more.
    winner_share : array_like
        Share of deals that win, w, 0 to 1.
    start : array_like
        Multiple at which winners start, :math:`x_0`, positive.
    growth, hazard : array_like
        Growth and exit hazard of winners a year, g and h, positive.
    loser_mean, loser_hazard : array_like
        What losers return, :math:`m_0`, and the hazard a year at which they do, :math:`h_L`.
    investment_years : array_like
        Years of calls, I, positive.
    lifetime_fees : array_like
        Fees over the life of the fund as a share of commitments, f, 0 to 1. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`(1-f)\left[w x_0 \tfrac{h}{h-g} D_t(h-g) + (1-w) m_0 D_t(h_L)\right]`, a share of commitments.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or growth equals the hazard, where the formula is 0/0.

    References
    ----------
    :cite:t:`takahashi2001`
    """
    share(winner_share=winner_share, lifetime_fees=lifetime_fees)
    positive(start=start, growth=growth, hazard=hazard, loser_hazard=loser_hazard)
    not_negative(loser_mean=loser_mean)
    exits, wins = np.asarray(hazard, dtype=float), np.asarray(winner_share, dtype=float)
    decay = exits - np.asarray(growth, dtype=float)
    if (decay == 0).any():
        raise DomainError("growth", exits.flat[0], "must differ from the hazard")
    winning = wins * start * exits / decay * exited_share(year, decay, investment_years)
    losing = (1 - wins) * loser_mean * exited_share(year, loser_hazard, investment_years)
    return plain((1 - np.asarray(lifetime_fees)) * (winning + losing))
