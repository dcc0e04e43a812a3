r"""Performance of a fund for its investors: net multiple, internal rate, present value, path of distributions.

Rates are continuously compounded. Values are for each yuan of target size: a fund that raises half of it has half the
value. Ratios and rates do not depend on what is raised.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model._numerics.rate_search import zero_value_rate
from patient_capital.model.common.checks import Floats, formula, plain
from patient_capital.model.fund.cash_flows import net_present_value
from patient_capital.model.fund.expected_flows import FundFlows, fund_flows
from patient_capital.model.fund.fund_terms import FundTerms, delay_from_idle_share
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.winners import Winners

__all__ = [
    "FundFlows",
    "FundTerms",
    "Losers",
    "Winners",
    "delay_from_idle_share",
    "fund_flows",
    "fund_internal_rate",
    "net_multiple",
    "value_per_yuan_paid",
]
LOWEST_RATE, HIGHEST_RATE = -1.0, 1.5
"""Span of rates a year that is searched for the longest fund; for a shorter one it is wider in inverse proportion."""


def net_multiple(flows: FundFlows) -> float | Floats:
    """Return the net multiple: all distributions over all calls, whenever they come.

    Parameters
    ----------
    flows : FundFlows
        Flows of a fund.

    Returns
    -------
    float or ndarray, shape (...)
        A multiple of what was paid in.
    """
    return plain(flows.distributions.sum(axis=-1) / flows.calls.sum(axis=-1))


@formula
def value_per_yuan_paid(flows: FundFlows, rate: ArrayLike) -> float | Floats:
    r"""Return the net present value of a fund for each yuan of present value that is paid in.

    Parameters
    ----------
    flows : FundFlows
        Flows of a fund.
    rate : array_like, shape (...)
        Discount rate a year, r.

    Returns
    -------
    float or ndarray, shape (...)
        :math:`\sum_i d_i e^{-r t_i} / \sum_i k_i e^{-r t_i} - 1`. It is the same for a fund that is repeated, and for
        one that raises less.

    Raises
    ------
    DomainError
        If the rate is not finite.
    """
    received, paid = (
        net_present_value(amount, rate, years=flows.years) for amount in (flows.distributions, flows.calls)
    )
    return plain(np.asarray(received) / np.asarray(paid) - 1)


def fund_internal_rate(flows: FundFlows) -> float | Floats:
    """Return the net internal rate of a fund: the discount rate at which its net present value is zero.

    Parameters
    ----------
    flows : FundFlows
        Flows of a fund.

    Returns
    -------
    float or ndarray, shape (...)
        Rate a year. Late refinancing can make several; the largest is given, since calls come first and the value is
        negative at every higher rate.

    Raises
    ------
    DomainError
        If there is none from -1 to 1.5 a year.
    """
    horizon = flows.ends[..., -1]
    longest = float(horizon.max())
    # With time in units of the horizon all funds have the same dates, so that one search serves all of them; a rate in
    # these units is a rate a year times the horizon.
    dates = np.asarray(flows.years / horizon[..., None]).reshape(-1, flows.years.shape[-1])[0]
    net = flows.net.reshape(-1, dates.size)
    rates = zero_value_rate(net, dates, LOWEST_RATE * longest, HIGHEST_RATE * longest, largest=True)
    return plain(rates.reshape(horizon.shape) / horizon)
