"""Standard error of a tail index that was fitted to rounded shares of deals that are not independent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, between, count, formula, share
from patient_capital.model.returns.tail import best_index, bins_from, fit_tail


@formula
def design_effect(rounds_per_company: float, correlation: float) -> float:
    r"""Return the design effect: by what factor repeated rounds in one company inflate the variance of an estimate.

    Parameters
    ----------
    rounds_per_company : float
        Mean number of financings of a company, m, at least 1.
    correlation : float
        Correlation of the outcomes of one company's rounds, :math:`\rho`, 0 to 1.

    Returns
    -------
    float
        :math:`1 + (m - 1)\rho`: the number of financings over the number of independent ones.
    """
    between("rounds_per_company", rounds_per_company, 1.0, 1e6, "a company has at least one round")
    share(correlation=correlation)
    return 1 + (rounds_per_company - 1) * correlation


@dataclass(frozen=True, slots=True)
class RoundedError:
    """Standard error of a tail index with its parts.

    Attributes
    ----------
    total : float
        Root of the sum of the squares of the parts.
    statistical : float
        From the number of independent deals.
    rounding : float
        Standard deviation of the estimate over the shares that print as published.
    lowest, highest : float
        Lowest and highest estimate over the corners of these shares.
    """

    total: float
    statistical: float
    rounding: float
    lowest: float
    highest: float


@formula
def rounded_standard_error(
    edges: ArrayLike,
    shares: ArrayLike,
    observations: float,
    minimum: float,
    units: ArrayLike,
    cap: float = math.inf,
    inflation: float = 1.0,
    nodes: int = 3,
) -> RoundedError:
    r"""Return the standard error of a tail index whose shares were rounded and whose deals are not independent.

    Parameters
    ----------
    edges, shares, observations, minimum, cap
        As in :func:`fit_tail`.
    units : array_like, shape (n,) or ()
        Unit of the last printed digit of each share, zero where it is exact; every true share lies within half a
        unit, uniformly.
    inflation : float, optional
        Design effect, at least 1; see :func:`design_effect`.
    nodes : int, optional
        Gauss nodes for each bin of the tail, at least 2; all their combinations are fitted.

    Returns
    -------
    RoundedError
        :math:`\sqrt{d\,se^2 + \mathrm{Var}(\hat a)}` with the design effect d and the variance of the estimate over
        the shares that print as published, by Gauss-Legendre quadrature.

    Raises
    ------
    DomainError
        As in :func:`fit_tail`, or if half a unit exceeds a share.
    """
    count(2, nodes=nodes)
    between("inflation", inflation, 1.0, 1e6, "a design effect is at least 1")
    lower, held = bins_from(edges, shares, minimum)
    steps = np.broadcast_to(np.asarray(units, dtype=float), np.shape(shares))[-lower.size :]
    between("units", steps / 2, 0.0, 1.0, "half a unit is a share")
    if (steps / 2 >= held).any():
        raise DomainError("units", steps.max(), "half a unit must lie below the share")
    places, weights = np.polynomial.legendre.leggauss(nodes)

    def estimates(along: Sequence[float]) -> Floats:
        offsets = product(*([step * place / 2 for place in along] if step else [0.0] for step in steps.tolist()))
        return np.array([best_index(lower, observations * (held + np.array(o)), cap) for o in offsets])

    fit = fit_tail(edges, shares, observations, minimum, cap)
    found = estimates(places.tolist())
    # Rounding errors are uniform and independent, so that the weights of a point are the product of those of its nodes.
    mass = np.array([math.prod(w) for w in product(*((weights / 2).tolist() if step else [1.0] for step in steps))])
    rounding = math.sqrt(max(float(mass @ (found - mass @ found) ** 2), 0.0))
    corners = estimates((-1.0, 1.0))
    statistical = math.sqrt(inflation) * fit.standard_error
    return RoundedError(
        math.hypot(statistical, rounding), statistical, rounding, float(corners.min()), float(corners.max())
    )
