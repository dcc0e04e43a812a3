r"""Home welfare when costs fall with experience, and the home share at which many regions then equal few."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import BreakEven, DomainError, Floats, count, formula, plain, positive, share
from patient_capital.model.overcapacity.learning import LearningPath, learning_path
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.welfare import home_share_break_even


def _beside(flow: Floats, cases: Floats) -> Floats:
    """Return a flow, time on its first axis, with axes after it for cases that have more than the flow."""
    return np.expand_dims(flow, tuple(range(1, 1 + max(np.ndim(cases) - flow.ndim + 1, 0))))


@formula
def discounted_welfare(path: LearningPath, home_share: ArrayLike, entry_cost: ArrayLike) -> float | Floats:
    r"""Return the home welfare of a path.

    Parameters
    ----------
    path : LearningPath
        As :func:`patient_capital.model.overcapacity.learning.learning_path` gives it.
    home_share : array_like
        Share of the consumer gain that stays at home, :math:`\eta`, 0 to 1.
    entry_cost : array_like
        Entry cost of one firm as a charge for each period, F, positive; yuan. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\sum_t (1+r)^{-t}\,[n(\pi_t - F) + \eta\,CS_t]`, yuan of the first period.
    """
    share(home_share=home_share)
    positive(entry_cost=entry_cost)
    charge = path.firms * np.asarray(entry_cost, dtype=float)
    profit, discount = (_beside(flow, charge) for flow in (path.profit, path.discount))
    gain = path.present_value(path.consumer_gain)
    return plain((discount * (profit - charge)).sum(axis=0) + np.asarray(home_share, dtype=float) * gain)


@formula
def learning_gain(path: LearningPath, fewer: LearningPath, home_share: ArrayLike) -> float | Floats:
    r"""Return what added firms bring the country by learning, beyond what they bring at the costs of the first period.

    Parameters
    ----------
    path, fewer : LearningPath
        Paths with and without the added firms, with the same other parameters.
    home_share : array_like
        Share of the consumer gain that stays at home, :math:`\eta`, 0 to 1.

    Returns
    -------
    float or ndarray
        Difference between the paths in the present value of :math:`n\pi_t + \eta\,CS_t` above its first period,
        over the present value of one yuan in each period; yuan a period, as the entry cost.

    Raises
    ------
    DomainError
        If a share lies outside its domain, or the paths differ in their periods or discount rates.
    """
    share(home_share=home_share)
    if not np.array_equal(path.discount, fewer.discount):
        raise DomainError("fewer", fewer.discount.shape[0], "must have the periods and discount rate of path")
    home = np.asarray(home_share, dtype=float)

    def above_first(one: LearningPath) -> Floats:
        profit, consumers, discount = (_beside(f, home) for f in (one.profit, one.consumer_gain, one.discount))
        flow = profit + home * consumers
        return np.asarray((discount * (flow - flow[0])).sum(axis=0))

    return plain((above_first(path) - above_first(fewer)) / path.discount.sum(axis=0))


@formula
def break_even_home_share_with_learning(
    output_weight: float,
    *,
    choke_price: float,
    slope: float,
    entry_cost: float,
    initial_cost: float,
    initial_experience: float,
    learning_rate: float,
    spillover: float,
    discount_rate: float,
    periods: int,
    few: int = 1,
    many: int = 31,
) -> BreakEven:
    r"""Return the home share above which many regions are better for the country than few, with learning.

    The regions choose how many firms to found in the regional game of the first period, without regard to learning.

    Parameters
    ----------
    output_weight : float
        Weight of every region on a unit of local output, v, zero or more; yuan per unit.
    choke_price, slope, initial_cost, initial_experience, learning_rate, spillover, discount_rate : float
        As in :func:`patient_capital.model.overcapacity.learning.learning_path`.
    entry_cost : float
        Entry cost of one firm as a charge for each period, F, positive; yuan.
    periods : int
        Number of periods, at least 1.
    few, many : int, optional
        Numbers of equal regions that are compared, 1 <= few < many.

    Returns
    -------
    BreakEven
        As :func:`break_even_home_share`, with present values: at a crossing many regions are better above it. Without
        learning both are the same.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain, or the entry cost keeps every firm out.

    References
    ----------
    :cite:t:`wright1936`, :cite:t:`bolton1990`
    """
    count(few=few)
    count(few + 1, many=many)
    positive(choke_price=choke_price, initial_cost=initial_cost)
    if choke_price <= initial_cost:
        raise DomainError("choke_price", choke_price, "must lie above initial_cost")
    path = learning_path(
        symmetric_entry(choke_price - initial_cost, slope, entry_cost, output_weight, [few, many]),
        periods,
        choke_price=choke_price,
        slope=slope,
        initial_cost=initial_cost,
        initial_experience=initial_experience,
        learning_rate=learning_rate,
        spillover=spillover,
        discount_rate=discount_rate,
    )
    producers = np.asarray(discounted_welfare(path, 0.0, entry_cost))
    consumers = path.present_value(path.consumer_gain)
    return home_share_break_even(float(producers[1] - producers[0]), float(consumers[1] - consumers[0]))
