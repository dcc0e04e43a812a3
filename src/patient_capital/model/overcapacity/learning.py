r"""Learning by doing: unit costs that fall with a firm's own experience and with what spills over from others.

A given number of equal firms competes in every period as in :mod:`patient_capital.model.overcapacity.cournot`, at the
unit cost that its experience gives. Firms do not produce more for the sake of learning, none enters or leaves later,
and the entry cost is a charge for each period, so that without learning every period is the static market. With
concentrated output each firm has more experience; with full spillover only total output counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import (
    DomainError,
    Floats,
    count,
    formula,
    not_negative,
    plain,
    positive,
    share,
)


@formula
def learning_exponent(learning_rate: ArrayLike) -> float | Floats:
    r"""Return the exponent of the experience curve.

    Parameters
    ----------
    learning_rate : array_like
        Fall of the cost with each doubling of experience, L, 0 to below 1; a share.

    Returns
    -------
    float or ndarray
        :math:`\beta = -\log_2(1 - L)`.

    Raises
    ------
    DomainError
        If a rate lies outside its domain.

    References
    ----------
    :cite:t:`wright1936`, :cite:t:`nagy2013`
    """
    share(learning_rate=learning_rate)
    rate = np.asarray(learning_rate, dtype=float)
    if (rate == 1).any():
        raise DomainError("learning_rate", 1.0, "must lie below 1: one doubling would make the good free")
    return plain(-np.log1p(-rate) / np.log(2))


@formula
def wright_cost(
    cumulative: ArrayLike, reference: ArrayLike, reference_cost: ArrayLike, learning_rate: ArrayLike
) -> float | Floats:
    r"""Return the unit cost after some experience.

    Parameters
    ----------
    cumulative : array_like
        Experience so far, Q, positive; cumulative output.
    reference : array_like
        Experience at which the cost is known, :math:`Q_0`, positive; in the same unit.
    reference_cost : array_like
        Unit cost there, :math:`c_0`, positive; yuan per unit.
    learning_rate : array_like
        As in :func:`learning_exponent`. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`c(Q) = c_0 (Q/Q_0)^{-\beta}`, yuan per unit.

    References
    ----------
    :cite:t:`wright1936`, :cite:t:`nagy2013`
    """
    positive(cumulative=cumulative, reference=reference, reference_cost=reference_cost)
    ratio = np.asarray(cumulative, dtype=float) / np.asarray(reference, dtype=float)
    return plain(np.asarray(reference_cost, dtype=float) * ratio ** -np.asarray(learning_exponent(learning_rate)))


@formula
def experience(own: ArrayLike, total: ArrayLike, spillover: ArrayLike) -> float | Floats:
    r"""Return the experience of a firm from its own output and that of the others.

    Parameters
    ----------
    own : array_like
        Cumulative output of the firm, zero or more.
    total : array_like
        Cumulative output of all firms with it, zero or more; where less than one firm serves a market, below `own`.
    spillover : array_like
        Share of the others' experience that reaches the firm, :math:`\sigma_L`, 0 to 1. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`E = q + \sigma_L (Q - q)`: at 1 only the total counts, at 0 only the firm's own output.
    """
    not_negative(own=own, total=total)
    share(spillover=spillover)
    shared = np.asarray(spillover, dtype=float)
    # Two products of positive terms: no output of others can turn negative where less than one firm serves a market.
    return plain((1 - shared) * np.asarray(own, dtype=float) + shared * np.asarray(total, dtype=float))


@dataclass(frozen=True, slots=True, eq=False)
class LearningPath:
    """Costs and gains of an industry over the periods; the first axis of every array is time.

    Attributes
    ----------
    firms : ndarray
        Number of firms, the same in every period.
    cost : ndarray
        Unit cost; yuan per unit.
    output : ndarray
        Output of all firms; units.
    profit : ndarray
        Profit of all firms before entry cost; yuan.
    consumer_gain : ndarray
        Gain of all consumers at home and abroad; yuan.
    discount : ndarray
        Value today of one yuan in each period, 1 in the first.
    """

    firms: Floats
    cost: Floats
    output: Floats
    profit: Floats
    consumer_gain: Floats
    discount: Floats

    def __post_init__(self) -> None:
        positive(cost=self.cost, discount=self.discount)
        not_negative(firms=self.firms, output=self.output, profit=self.profit, consumer_gain=self.consumer_gain)
        if (np.diff(self.cost, axis=0) > 0).any():
            raise DomainError("cost", self.cost, "must not rise over the periods")
        for array in (self.cost, self.output, self.profit, self.consumer_gain, self.discount):
            if array.shape[0] != self.cost.shape[0]:
                raise DomainError("LearningPath", array.shape, "all arrays must have the same number of periods")
            array.setflags(write=False)

    def present_value(self, flow: Floats) -> Floats:
        """Return the value today of a flow with time on its first axis; yuan."""
        return np.asarray((self.discount * flow).sum(axis=0))


@formula
def learning_path(
    firms: ArrayLike,
    periods: int,
    *,
    choke_price: ArrayLike,
    slope: ArrayLike,
    initial_cost: ArrayLike,
    initial_experience: ArrayLike,
    learning_rate: ArrayLike,
    spillover: ArrayLike,
    discount_rate: ArrayLike,
) -> LearningPath:
    r"""Return the path of an industry with a given number of firms whose cost falls with experience.

    Parameters
    ----------
    firms : array_like
        Number of firms n, zero or more, a real number.
    periods : int
        Number of periods, at least 1.
    choke_price : array_like
        Price at which demand ends, :math:`\alpha`, above `initial_cost`; yuan per unit.
    slope : array_like
        Slope of demand b, positive; yuan per unit of output squared.
    initial_cost : array_like
        Unit cost in the first period, :math:`c_0`, positive; yuan per unit.
    initial_experience : array_like
        Experience of every firm at the start, :math:`E_0`, positive; units of output. At 1 with
        :math:`(\alpha - c_0)/b = 1` it is what a fully competitive market sells in the first period.
    learning_rate, spillover : array_like
        As in :func:`learning_exponent` and :func:`experience`.
    discount_rate : array_like
        Discount rate for a period, r, zero or more. All broadcast.

    Returns
    -------
    LearningPath
        With :math:`q_t = \frac{\alpha - c_t}{b(n+1)}`, :math:`E_{t+1} = E_t + q_t + \sigma_L(n-1)q_t`,
        :math:`c_t = c_0 (E_t/E_0)^{-\beta}`.

    References
    ----------
    :cite:t:`wright1936`, :cite:t:`nagy2013`
    """
    count(periods=periods)
    not_negative(firms=firms, discount_rate=discount_rate)
    positive(choke_price=choke_price, slope=slope, initial_cost=initial_cost, initial_experience=initial_experience)
    share(spillover=spillover)
    number, choke, incline, first_cost, start, exponent, shared, rate = np.broadcast_arrays(
        *(
            np.asarray(v, dtype=float)
            for v in (
                firms,
                choke_price,
                slope,
                initial_cost,
                initial_experience,
                learning_exponent(learning_rate),
                spillover,
                discount_rate,
            )
        )
    )
    if (choke <= first_cost).any():
        raise DomainError("choke_price", choke[choke <= first_cost].flat[0], "must lie above initial_cost")
    cost, firm_output = np.empty((2, periods, *number.shape))
    # Experience over its start, and what one unit of a firm's output adds to it for every firm.
    learned = (1 - shared) + shared * number
    known = np.ones(number.shape)
    for period in range(periods):
        cost[period] = first_cost * known**-exponent
        firm_output[period] = (choke - cost[period]) / (incline * (number + 1))
        known = known + learned * firm_output[period] / start
    times = np.arange(periods).reshape(-1, *(1,) * number.ndim)
    output = number * firm_output
    return LearningPath(
        firms=number,
        cost=cost,
        output=output,
        profit=incline * output * firm_output,
        consumer_gain=incline * output**2 / 2,
        discount=(1 + rate) ** -times,
    )
