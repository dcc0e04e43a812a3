"""The terms of a fund: life and investment years, fees and carry, delay of deployment, forced sale, soft budget."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import (
    DomainError,
    Floats,
    between,
    formula,
    not_negative,
    plain,
    positive,
    share,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundTerms:
    """Terms of a fund. Fields are numbers, or arrays of one shape for many funds at once.

    Attributes
    ----------
    horizon : float or ndarray
        Years from the first call to the end, when all that is held is sold.
    investment_years : float or ndarray
        Years I over which capital for investments is called evenly, positive and at most `horizon`.
    fee_rate : float or ndarray
        Management fee a year: a share of the money raised during the investment years, and of the unrealised cost of
        holdings after them. Fees of the investment years must leave something to invest.
    carry : float or ndarray
        Share of the profit of the whole fund that its manager gets, 0 to 1.
    deployment_delay : float or ndarray
        Years that called money lies idle before it is invested, below `horizon`. What is idle at the end is returned.
    raised_share : float or ndarray
        Money raised as a share of the target size, above 0 and at most 1.
    forced_sale : float or ndarray
        Share of its value that a holding fetches when it is sold at the horizon, 0 to 1.
    soft_budget : float or ndarray
        Share of losers out of money that are refinanced rather than closed, 0 to 1; 0 is a hard budget.
    fee_years : float or ndarray, optional
        Years over which one fund charges on its commitments, positive; never more than the investment years. In a fund
        of funds these are the investment years of a sub-fund, and sub-funds are formed one after another.
    upper_fee_rate, upper_carry : float or ndarray, optional
        Fee and carry of the layer above, a fund of funds: the same base over its own investment years, and a share of
        its profit after the carry of the funds below.
    carry_sd, upper_carry_sd : float or ndarray, optional
        Log standard deviation of what one fund brings back, and of what the layer above does, not negative. Carry is a
        call on profit: where outcomes vary, its mean is higher than the carry on the mean, which is that of 0.

    References
    ----------
    :cite:t:`takahashi2001`, :cite:t:`metrick2010`, :cite:t:`dewatripont1995`
    """

    horizon: float | Floats
    investment_years: float | Floats
    fee_rate: float | Floats
    carry: float | Floats
    deployment_delay: float | Floats
    raised_share: float | Floats
    forced_sale: float | Floats
    soft_budget: float | Floats
    fee_years: float | Floats = np.inf
    upper_fee_rate: float | Floats = 0.0
    upper_carry: float | Floats = 0.0
    carry_sd: float | Floats = 0.0
    upper_carry_sd: float | Floats = 0.0

    def __post_init__(self) -> None:
        positive(horizon=self.horizon, investment_years=self.investment_years, raised_share=self.raised_share)
        not_negative(
            fee_rate=self.fee_rate,
            deployment_delay=self.deployment_delay,
            upper_fee_rate=self.upper_fee_rate,
            carry_sd=self.carry_sd,
            upper_carry_sd=self.upper_carry_sd,
        )
        share(
            carry=self.carry,
            raised_share=self.raised_share,
            forced_sale=self.forced_sale,
            soft_budget=self.soft_budget,
            upper_carry=self.upper_carry,
        )
        between("fee_years", self.fee_years, math.nextafter(0.0, 1.0), np.inf, "must be positive")
        _below_or_at("investment_years", self.investment_years, self.horizon, "must not exceed the horizon")
        _below_or_at(
            "deployment_delay", self.deployment_delay, np.nextafter(self.horizon, 0), "must lie below the horizon"
        )
        _below_or_at(
            "fee_rate", self.early_fees, math.nextafter(1.0, 0), "times the investment years must leave money to invest"
        )

    @property
    def charged_years(self) -> Floats:
        """Years over which one fund charges on its commitments, its fee years but no more than the investment years."""
        return np.asarray(np.minimum(self.fee_years, np.asarray(self.investment_years, dtype=float)))

    @property
    def fee_turn(self) -> Floats:
        """Year in which, on average over sub-funds, the base of fees turns from commitments to the cost of holdings."""
        return np.asarray((self.charged_years + self.investment_years) / 2)

    @property
    def early_fees(self) -> Floats:
        """Fees on commitments, of all layers and years, for each yuan raised."""
        return np.asarray(self.fee_rate * self.charged_years + np.asarray(self.upper_fee_rate) * self.investment_years)


def _below_or_at(parameter: str, value: ArrayLike, most: ArrayLike, rule: str) -> None:
    number, limit = np.broadcast_arrays(np.asarray(value, dtype=float), np.asarray(most, dtype=float))
    if not (number <= limit).all():
        raise DomainError(parameter, number[~(number <= limit)].flat[0], rule)


@formula
def delay_from_idle_share(idle_share: ArrayLike, years: ArrayLike) -> float | Floats:
    r"""Return the delay of deployment at which a stated share of the money paid in is idle after some years.

    Parameters
    ----------
    idle_share : array_like
        Share of what has been paid in that has not been invested, 0 to 1.
    years : array_like
        Years since the first call, t, positive; no more than the investment years.

    Returns
    -------
    float or ndarray
        :math:`\lambda = t \times` share, years: with even calls t / I has been called and :math:`(t-\lambda)/I` placed.
    """
    between("idle_share", idle_share, 0.0, 1.0, "a share lies between 0 and 1")
    positive(years=years)
    return plain(np.asarray(idle_share, dtype=float) * np.asarray(years, dtype=float))
