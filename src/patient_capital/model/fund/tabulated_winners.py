r"""Winners from a table of multiples: each grows at one rate and exits when it has reached its multiple.

A deal with the multiple x exits after :math:`\ln(x)/g` years. Everything that the flows of a fund need is a sum over
the table, taken by cumulated sums; nothing is drawn and nothing is fitted. It takes the place of
:class:`~patient_capital.model.fund.winners.Winners`, which is a Pareto from a first multiple to a cap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from patient_capital.model._numerics.exponentials import LARGEST_EXPONENT
from patient_capital.model.common.checks import DomainError, Floats, between, formula, positive
from patient_capital.model.returns.deal_table import DealTable

Reading = Literal["money", "exits"]
"""Whether an observed time to exit weighs exits by what they bring, or counts each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TabulatedWinners:
    """Growth and exit of winners whose multiples stand in a table.

    Attributes
    ----------
    growth : float or ndarray
        Growth of value a year, g, positive.
    deals : DealTable
        Multiples of winners, none below 1: what `winners` of a table of deals gives.
    payoff : float or ndarray, optional
        Factor on what winners return, at the same times, positive.
    """

    growth: float | Floats
    deals: DealTable
    payoff: float | Floats = 1.0

    def __post_init__(self) -> None:
        positive(**{"winners.growth": self.growth, "winners.payoff": self.payoff})
        if self.deals.multiples[0] < 1:
            raise DomainError("winners.deals", float(self.deals.multiples[0]), "a winner brings back what it cost")

    def _sums(self, *terms: Floats) -> tuple[Floats, ...]:
        return tuple(np.concatenate(([0.0], np.cumsum(term))) for term in terms)

    def gathered(self, ages: Floats) -> tuple[Floats, Floats]:
        """Return proceeds and exits of one yuan in winners by each age, integrated once over the age.

        Parameters
        ----------
        ages : ndarray, shape (..., n)
            Ages in years, zero or more.

        Returns
        -------
        tuple of ndarray, shape (..., n)
            Yuan times years, and the integral of the integral of the share that has exited.
        """
        growth, payoff = (np.asarray(v, dtype=float)[..., None] for v in (self.growth, self.payoff))
        value, mass, logs = self.deals.multiples, self.deals.weights, np.log(self.deals.multiples)
        grown = growth * ages
        place = np.searchsorted(logs, grown, side="right")
        paid, paid_logs = (s[place] for s in self._sums(mass * value, mass * value * logs))
        gone, gone_logs, gone_squares = (s[place] for s in self._sums(mass, mass * logs, mass * logs**2))
        exited = payoff * (paid * grown - paid_logs) / growth
        return exited, (gone * grown**2 / 2 - gone_logs * grown + gone_squares / 2) / growth**2

    def held(self, ages: Floats) -> Floats:
        """Return the value of the winners that have not exited by each age, integrated once over the age.

        Parameters
        ----------
        ages : ndarray, shape (..., n)
            Ages in years, zero or more.

        Returns
        -------
        ndarray, shape (..., n)
            Yuan times years.
        """
        growth, payoff = (np.asarray(v, dtype=float)[..., None] for v in (self.growth, self.payoff))
        value, mass, logs = self.deals.multiples, self.deals.weights, np.log(self.deals.multiples)
        grown = np.minimum(growth * ages, logs[-1])
        between("growth times years", grown, 0.0, LARGEST_EXPONENT, "grows beyond the range of numbers")
        place = np.searchsorted(logs, grown, side="right")
        gone, gain = (s[place] for s in self._sums(mass, mass * (value - 1)))
        left = np.where(place == logs.size, 0.0, 1 - gone)
        return np.asarray(payoff * (gain + left * np.expm1(grown)) / growth)


@formula
def growth_of_table(deals: DealTable, years: float, reading: Reading = "money") -> float:
    r"""Return the growth a year at which winners of a table have a stated mean time to exit.

    Parameters
    ----------
    deals : DealTable
        Deals; only those that do not lose count.
    years : float
        Mean time to exit, positive.
    reading : {"money", "exits"}
        Whether the mean weighs each exit by what it brings, or counts each once.

    Returns
    -------
    float
        :math:`E[X \ln X] / (E[X]\,T)` or :math:`E[\ln X] / T`, over the winners.

    Raises
    ------
    DomainError
        If all deals lose, or no winner brings more than it cost.
    """
    positive(years=years)
    if reading not in {"money", "exits"}:
        raise DomainError("reading", reading, "is none of money, exits")
    winners = deals.winners()
    weight = winners.weights * (winners.multiples if reading == "money" else 1.0)
    growth = float(weight @ np.log(winners.multiples) / weight.sum()) / years
    positive(growth_of_winners=growth)
    return growth
