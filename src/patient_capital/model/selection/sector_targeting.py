r"""Targeting of sectors: gains from picking, scale and coordination, and the risk of concentration.

A share d of the money goes to K of S sectors, in equal parts; the rest is spread over all. Sector payoffs are lognormal
with mean one, :math:`e^{\sigma Y_i - \sigma^2/2}`. The state ranks the sectors by a priority whose correlation with Y
is c, which may have either sign. Targeting also reaches projects that a small ticket does not pay for, and can fund the
links of one chain together; its cost is concentration. Each factor multiplies the expected payoff of a yuan.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, ndtr

from patient_capital.model.common import checks
from patient_capital.model.common.checks import DomainError, Floats, formula, plain
from patient_capital.model.selection._decisive_signal import normal_density

MOST_SECTORS = 1000
# The trapezoidal rule over a normal density, from -9 to 9 standard deviations, beyond which it is below 2e-18.
_STEP = 0.05
_PRIORITY = _STEP * np.arange(-180, 181)
_WEIGHT = _STEP * normal_density(_PRIORITY)


def _check_sectors(sectors: int, picked: int) -> None:
    checks.count(least=2, sectors=sectors)
    if sectors > MOST_SECTORS:
        raise DomainError("sectors", sectors, f"must be at most {MOST_SECTORS}")
    checks.count(picked=picked)
    if picked > sectors:
        raise DomainError("picked", picked, f"cannot exceed the {sectors} sectors")


@formula
def picking_gain(sectors: int, picked: int, correlation: float, sector_sd: float) -> float:
    r"""Return the expected payoff of the picked sectors, over that of all sectors.

    Parameters
    ----------
    sectors : int
        Number of sectors S, 2 to 1,000.
    picked : int
        Number of picked sectors K, 1 to S.
    correlation : float
        Correlation c of the official priority with the log payoff, -1 to 1.
    sector_sd : float
        Standard deviation of a sector's log payoff, :math:`\sigma`, not negative; log points.

    Returns
    -------
    float
        :math:`\frac{1}{K}\sum_{i \le K} E\,e^{\sigma c P_{(i)} - \sigma^2 c^2 / 2}` with :math:`P_{(i)}` the i-th
        highest of S normals, which is :math:`\frac{S}{K} E\big[I_{\Phi(P + \sigma c)}(S-K, K)\big]`; a factor, 1 at
        c = 0 and at K = S.

    References
    ----------
    :cite:t:`branstetter2023`, :cite:t:`fang2025`
    """
    _check_sectors(sectors, picked)
    checks.between("correlation", correlation, -1.0, 1.0)
    checks.not_negative(sector_sd=sector_sd)
    if picked == sectors or correlation * sector_sd == 0:
        return 1.0
    among = betainc(sectors - picked, picked, ndtr(_PRIORITY + sector_sd * correlation))
    return float(sectors / picked * (among @ _WEIGHT))


@formula
def sector_concentration(sectors: int, picked: int, directed_share: float) -> float:
    r"""Return the Herfindahl index of money over sectors.

    Parameters
    ----------
    sectors, picked : int
        As in :func:`picking_gain`.
    directed_share : float
        Share d of the money that is tied to the picked sectors, 0 to 1.

    Returns
    -------
    float
        :math:`H = \frac{d^2}{K} + \frac{1 - d^2}{S}`, from 1/S to 1.
    """
    _check_sectors(sectors, picked)
    checks.share(directed_share=directed_share)
    return directed_share**2 / picked + (1 - directed_share**2) / sectors


@formula
def sector_risk_sd(sectors: int, picked: int, directed_share: float, sector_sd: float) -> float:
    r"""Return the log standard deviation of the sector shock that is left in the whole portfolio.

    Parameters
    ----------
    sectors, picked, directed_share
        As in :func:`sector_concentration`.
    sector_sd : float
        As in :func:`picking_gain`.

    Returns
    -------
    float
        :math:`\sqrt{\ln\big(1 + H\,(e^{\sigma^2} - 1)\big)}`, in log points: of the lognormal that has the mean and
        the variance of the portfolio's factor, at a correlation of zero.
    """
    checks.between("sector_sd", sector_sd, 0.0, 20.0)
    spread = sector_concentration(sectors, picked, directed_share) * np.expm1(sector_sd**2)
    return float(np.sqrt(np.log1p(spread)))


@formula
def scale_factor(
    ticket: ArrayLike,
    threshold: ArrayLike,
    scale_share: ArrayLike,
    follow_on: ArrayLike,
    threshold_log_sd: ArrayLike = 0.0,
) -> float | Floats:
    r"""Return the share of all value that a ticket reaches when some projects pay only from a certain size.

    Parameters
    ----------
    ticket : array_like
        Money for one deal, positive.
    threshold : array_like
        Money from which half of the deals with a threshold pay, positive; same unit as `ticket`.
    scale_share : array_like
        Share w of all value that sits in deals with a threshold, 0 to 1.
    follow_on : array_like
        Share f of the value forgone by a small first ticket that later rounds recover, 0 to 1.
    threshold_log_sd : array_like, optional
        Standard deviation of the log threshold over deals, s, not negative; at 0 all have the same threshold, and a
        ticket that just equals it reaches it. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`1 - w (1-f) \big(1 - \Phi(\ln(\text{ticket}/\text{threshold}) / s)\big)`, a factor, 0 to 1.
    """
    checks.positive(ticket=ticket, threshold=threshold)
    checks.share(scale_share=scale_share, follow_on=follow_on)
    checks.not_negative(threshold_log_sd=threshold_log_sd)
    log_ratio = np.log(np.asarray(ticket, dtype=float)) - np.log(np.asarray(threshold, dtype=float))
    spread = np.asarray(threshold_log_sd, dtype=float)
    reached = np.where(spread > 0, ndtr(log_ratio / np.maximum(spread, 1e-100)), np.where(log_ratio >= 0, 1.0, 0.0))
    return plain(1 - np.asarray(scale_share) * (1 - np.asarray(follow_on)) * (1 - reached))


@formula
def coordination_factor(sectors: int, picked: int, directed_share: float, complementarity: float) -> float:
    r"""Return the factor on the payoff from funding the links of one chain together.

    Parameters
    ----------
    sectors, picked, directed_share
        As in :func:`sector_concentration`; a sector here is a chain.
    complementarity : float
        Gain g when all money is in one chain, not negative; share of the payoff.

    Returns
    -------
    float
        :math:`1 + g\,\frac{H - 1/S}{1 - 1/S}`, a factor: 1 where money is spread evenly, 1 + g where all is in one.
    """
    checks.not_negative(complementarity=complementarity)
    excess = sector_concentration(sectors, picked, directed_share) - 1 / sectors
    return 1 + complementarity * excess / (1 - 1 / sectors)
