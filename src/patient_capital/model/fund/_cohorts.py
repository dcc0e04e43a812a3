r"""Cumulated proceeds and costs, and present holdings, of deals bought evenly over some years, in closed form.

If a deal has accumulated the quantity :math:`C(x)` by age x, a cohort bought evenly over I years from a first purchase
at :math:`\lambda` has by year t accumulated :math:`\frac1I\left[\bar C(t-\lambda) - \bar C(t-\lambda-I)\right]` with
:math:`\bar C(x) = \int_0^x C`. All of these are sums of repeated integrals of exponentials, so that no grid and no
simulation is needed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patient_capital.model._numerics.exponentials import repeated_integrals
from patient_capital.model.common.checks import Floats
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.tabulated_winners import TabulatedWinners
from patient_capital.model.fund.winners import Winners


class Gathered(NamedTuple):
    """What deals of one yuan have accumulated, integrated once over their age."""

    proceeds: Floats
    """Proceeds of exits and closures."""
    refinancing: Floats
    """Money put into losers again."""
    cost_years: Floats
    """Cost of what is held times the years it is held."""


class Held(NamedTuple):
    """Value and cost of the deals of one yuan that are still held, integrated once over their age."""

    winners: Floats
    """Value of the winners that have not exited."""
    losers: Floats
    """Cost of the losers that have not been closed, refinancing included."""


def _columns(*values: object) -> list[Floats]:
    # A last axis for the dates of each case.
    return [np.asarray(v, dtype=float)[..., None] for v in values]


def _of_winners(winners: Winners) -> list[Floats]:
    names = ("hazard", "growth", "first_exit", "exit_span", "inside", "start", "payoff")
    return _columns(*(getattr(winners, name) for name in names))


def _exits(winners: Winners, ages: Floats) -> tuple[Floats, Floats]:
    """Return proceeds of one yuan in winners, and the share of them that has exited, integrated once and twice."""
    hazard, growth, first, span, inside, start, payoff = _of_winners(winners)
    # Ages cut in three: before the first exit, while winners exit, and after the last one, when nothing more changes.
    exposed = np.maximum(ages - first, 0.0)
    within = np.minimum(exposed, span)
    beyond = exposed - within
    value, value_sum = repeated_integrals(2, hazard - growth, within)
    exited = payoff * start * hazard / inside * (value_sum + value * beyond)
    once, twice = repeated_integrals(2, hazard, within)
    return exited, (within * within / 2 - twice + (within - once) * beyond) / inside + beyond * beyond / 2


def _value_held(winners: Winners, ages: Floats) -> Floats:
    """Return the value of one yuan in winners that have not exited, integrated once."""
    hazard, growth, first, span, inside, start, payoff = _of_winners(winners)
    (before,) = repeated_integrals(1, -growth, np.minimum(ages, first))
    within = np.clip(ages - first, 0.0, span)
    (value,) = repeated_integrals(1, hazard - growth, within)
    (unexposed,) = repeated_integrals(1, -growth, within)
    # Truncation at the cap: the probability that the uncapped exponential leaves beyond it, 1 - inside, is taken off
    # the survival and the rest divided by `inside`.
    return np.asarray(payoff * (before + start * (value - (1 - inside) * unexposed) / inside))


def gathered_by_age(
    winners: Winners | TabulatedWinners, losers: Losers, soft_budget: float | Floats, ages: Floats
) -> Gathered:
    """Return what one yuan in deals, winners and losers mixed, accumulates, integrated from age zero.

    Parameters
    ----------
    winners, losers : Winners or TabulatedWinners, Losers
        Growth, exit and failure.
    soft_budget : float or ndarray
        Share of losers out of money that are refinanced.
    ages : ndarray, shape (..., n)
        Ages in years, zero or more.

    Returns
    -------
    Gathered
        Each of shape (..., n), in yuan times years, and yuan times years squared.
    """
    exited, gone = winners.gathered(ages) if isinstance(winners, TabulatedWinners) else _exits(winners, ages)
    share, mean, running_out, soft = _columns(losers.share, losers.mean, losers.fail_hazard, soft_budget)
    closing, again = (1 - soft) * running_out, soft * running_out
    alive, alive_sum, alive_twice = repeated_integrals(3, closing, ages)
    # A loser alive at age x has cost 1 + again * x; the integrals of x e^(-cx) follow by parts.
    closed = closing * alive_sum + again * (2 * alive_sum - ages * alive)
    kept = alive_sum + again * (ages * alive_sum - 2 * alive_twice)
    return Gathered(
        (1 - share) * exited + share * mean * closed,
        share * again * alive_sum,
        (1 - share) * (ages * ages / 2 - gone) + share * kept,
    )


def held_by_age(winners: Winners | TabulatedWinners, losers: Losers, soft_budget: float | Floats, ages: Floats) -> Held:
    """Return what one yuan in deals still holds, integrated from age zero.

    Parameters
    ----------
    winners, losers, soft_budget, ages
        As in :func:`gathered_by_age`.

    Returns
    -------
    Held
        Each of shape (..., n), in yuan times years.
    """
    winning = winners.held(ages) if isinstance(winners, TabulatedWinners) else _value_held(winners, ages)
    share, running_out, soft = _columns(losers.share, losers.fail_hazard, soft_budget)
    alive, alive_sum = repeated_integrals(2, (1 - soft) * running_out, ages)
    return Held((1 - share) * winning, share * (alive + soft * running_out * (ages * alive - alive_sum)))
