r"""The expected cash flows of a fund, exact in every period.

A fund calls exactly what it has raised: fees, investments and refinancing of losers share it, so that funds of any
horizon and any soft budget have the same size. Exits, closures and refinancings of each period are integrals in closed
form, not draws. The carry is that of the whole fund: none is due before all that is ever paid in has come back. Where
the outcome of a fund varies, its expected carry is that of a lognormal with the expected proceeds as its mean, a call
on profit in closed form. A layer above, a fund of funds, takes its own fee, and its own carry on what is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from scipy.special import ndtr

from patient_capital.model.common.checks import DomainError, Floats, between, count, formula
from patient_capital.model.fund._cohorts import gathered_by_age, held_by_age
from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.tabulated_winners import TabulatedWinners
from patient_capital.model.fund.winners import Winners

PERIODS_PER_YEAR = 4
"""Periods of the flows in a year unless stated: quarters."""
MOST_YEARS = 1000.0
"""Longest life of a fund whose periods fit in memory without a thought."""
ROUNDING = 1e-10
"""Largest gap between money that comes in and money that goes out, for each yuan of target size."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FundFlows:
    """Expected flows of a fund for each yuan of its target size; arrays of shape (..., periods + 1).

    The last entry is the end of the fund, at which all is sold at once and idle money is returned.

    Attributes
    ----------
    years : ndarray
        Year at which a flow counts: the middle of its period, and the end.
    ends : ndarray
        End of each period, years.
    calls : ndarray
        Money paid in by the investors.
    invested, fees, refinancing : ndarray
        First cost of deals, management fees, and money put into losers again.
    idle : ndarray
        Money called and not yet invested, at the end of each period: a stock.
    returned : ndarray
        Idle money given back at the end.
    proceeds : ndarray
        Gross proceeds of exits, closures and the sale at the end.
    carry : ndarray
        Carried interest.
    distributions : ndarray
        What the investors receive.

    Raises
    ------
    DomainError
        If the money paid in or the money received does not add up.
    """

    years: Floats
    ends: Floats
    calls: Floats
    invested: Floats
    fees: Floats
    refinancing: Floats
    idle: Floats
    returned: Floats
    proceeds: Floats
    carry: Floats
    distributions: Floats

    def __post_init__(self) -> None:
        shapes = {getattr(self, f.name).shape for f in fields(self)}
        if len(shapes) > 1:
            raise DomainError("flows", sorted(shapes), "all have one shape")
        used = self.invested + self.fees + self.refinancing + self.returned
        used += np.diff(self.idle, axis=-1, prepend=0.0)
        _adds_up("calls", self.calls - used)
        _adds_up("proceeds", self.proceeds + self.returned - self.distributions - self.carry)

    @property
    def net(self) -> Floats:
        """Distributions less calls."""
        return self.distributions - self.calls


def _adds_up(parameter: str, gap: Floats) -> None:
    largest = float(np.abs(gap).max())
    if not largest <= ROUNDING:
        raise DomainError(parameter, largest, "money that comes in must go out: what is left over must be zero")


@formula
def fund_flows(
    winners: Winners | TabulatedWinners, losers: Losers, terms: FundTerms, *, periods: int | None = None
) -> FundFlows:
    """Return the expected flows of a fund.

    Parameters
    ----------
    winners, losers : Winners or TabulatedWinners, Losers
        Growth, exit and failure of what it buys.
    terms : FundTerms
        Terms of the fund. Where fields are arrays, all of them broadcast to the shape (...) of the flows.
    periods : int, optional
        Equal periods into which its life is cut; four a year of the longest horizon unless stated. What flows in a
        period does not depend on the cut, only when it counts does.

    Returns
    -------
    FundFlows
        For each yuan of target size.

    Raises
    ------
    DomainError
        If `periods` is not a whole number of at least 1.
    """
    shape = np.broadcast_shapes(*(np.shape(getattr(r, f.name)) for r in (winners, losers, terms) for f in fields(r)))

    def column(value: float | Floats) -> Floats:
        return np.broadcast_to(np.asarray(value, dtype=float), shape)[..., None]

    horizon, investing, raised, fee = map(
        column, (terms.horizon, terms.investment_years, terms.raised_share, terms.fee_rate)
    )
    between("horizon", horizon, 0.0, MOST_YEARS, f"no fund lasts longer than {MOST_YEARS:g} years")
    delay = column(terms.deployment_delay)
    number = math.ceil(PERIODS_PER_YEAR * float(horizon.max())) if periods is None else periods
    count(periods=number)
    # All funds are cut into the same number of periods, so that many horizons share one array.
    edges = horizon * np.linspace(0.0, 1.0, number + 1)
    called, placed = np.minimum(edges / investing, 1.0), np.clip((edges - delay) / investing, 0.0, 1.0)

    buying = (delay, investing)
    gathered = partial(gathered_by_age, winners, losers, terms.soft_budget)
    # Two dates more, at which only the cost of holdings is needed: the base of later fees of each layer.
    turn, upper = column(terms.fee_turn), column(terms.upper_fee_rate)
    exits, again, cost_years = _bought_evenly(gathered, np.concatenate((edges, turn, investing), axis=-1), *buying)
    exits, again = exits[..., :-2], again[..., :-2]
    value, cost = _bought_evenly(partial(held_by_age, winners, losers, terms.soft_budget), horizon, *buying)
    sale = column(terms.forced_sale) * (value + column(losers.mean) * cost)

    # After the years on commitments the fee is on the unrealised cost, which is itself a share of what is for deals.
    late = fee * np.maximum(cost_years[..., :-2] - cost_years[..., -2:-1], 0.0) * (edges > turn)
    late = late + upper * np.maximum(cost_years[..., :-2] - cost_years[..., -1:], 0.0) * (edges > investing)
    early = fee * raised * column(terms.charged_years) * np.minimum(edges / turn, 1.0)
    early = early + upper * raised * np.minimum(edges, investing)
    # Later fees and refinancing are proportional to what is invested, so that the budget is linear in it: first cost,
    # later fees and refinancing of this amount, with the early fees, use up what is raised.
    for_deals = raised * (1 - column(terms.early_fees)) / (1 + late[..., -1:] + again[..., -1:])

    idle = for_deals * (called - placed)
    returned = _at_end(idle[..., -1:], number)
    proceeds = _flows(for_deals * exits) + _at_end(for_deals * sale, number)
    # The carry up to a date depends on cumulated proceeds; its flow is the difference.
    gained = np.cumsum(proceeds + returned, axis=-1)
    carried = column(terms.carry) * expected_profit(gained, raised, column(terms.carry_sd))
    carried = carried + column(terms.upper_carry) * expected_profit(
        gained - carried, raised, column(terms.upper_carry_sd)
    )
    carry = np.diff(carried, axis=-1, prepend=0.0)
    return FundFlows(
        years=np.concatenate(((edges[..., 1:] + edges[..., :-1]) / 2, horizon), axis=-1),
        ends=np.concatenate((edges[..., 1:], horizon), axis=-1),
        calls=_flows(early + for_deals * (called + late + again)),
        invested=_flows(for_deals * placed),
        fees=_flows(early + for_deals * late),
        refinancing=_flows(for_deals * again),
        idle=np.concatenate((idle[..., 1:], 0.0 * horizon), axis=-1),
        returned=returned,
        proceeds=proceeds,
        carry=carry,
        distributions=proceeds + returned - carry,
    )


def expected_profit(gained: Floats, raised: Floats, log_sd: Floats) -> Floats:
    r"""Return the expected profit of a fund whose proceeds are lognormal, of which carry is a share.

    Parameters
    ----------
    gained : ndarray
        Expected proceeds G, zero or more.
    raised : ndarray
        What must come back first, K, positive.
    log_sd : ndarray
        Log standard deviation s of the proceeds, not negative. All broadcast.

    Returns
    -------
    ndarray
        :math:`E[(G e^{s\varepsilon - s^2/2} - K)^+] = G\,\Phi(d) - K\,\Phi(d - s)` with
        :math:`d = \ln(G/K)/s + s/2`; at s = 0 :math:`\max(G - K, 0)`.
    """
    certain = np.maximum(gained - raised, 0.0)
    if not np.any(log_sd):
        return np.asarray(certain)
    safe = np.where(log_sd > 0, log_sd, 1.0)
    with np.errstate(divide="ignore"):
        above = np.log(gained / raised) / safe + safe / 2
    call = gained * ndtr(above) - raised * ndtr(above - safe)
    return np.where(log_sd > 0, np.maximum(call, certain), certain)


def _bought_evenly(
    integrated: Callable[[Floats], tuple[Floats, ...]], dates: Floats, delay: Floats, investing: Floats
) -> list[Floats]:
    r"""Return cumulated quantities at each date for deals that are bought evenly over the investment years.

    Parameters
    ----------
    integrated : callable
        Gives at ages in years, shape (..., n), the integrals over age :math:`\bar C(x) = \int_0^x C` of what deals of
        one yuan have accumulated by that age.
    dates : ndarray, shape (..., points)
        Years since the first call, t.
    delay, investing : ndarray, shape (..., 1)
        Years from call to purchase, :math:`\lambda`, and years of purchases, I.

    Returns
    -------
    list of ndarray, shape (..., points)
        :math:`[\bar C(t-\lambda) - \bar C(t-\lambda-I)] / I`, for each yuan of first cost.
    """
    # The youngest deal was bought I years after the oldest; before either purchase there is nothing.
    first = np.maximum(dates - delay, 0.0)
    last = np.maximum(dates - delay - investing, 0.0)
    points = dates.shape[-1]
    return [
        (quantity[..., :points] - quantity[..., points:]) / investing
        for quantity in integrated(np.concatenate((first, last), axis=-1))
    ]


def _flows(cumulated: Floats) -> Floats:
    """Return the change in each period, and zero at the end of the fund."""
    return np.concatenate((np.diff(cumulated, axis=-1), 0.0 * cumulated[..., -1:]), axis=-1)


def _at_end(amount: Floats, periods: int) -> Floats:
    return np.concatenate((np.zeros((*amount.shape[:-1], periods)), amount), axis=-1)
