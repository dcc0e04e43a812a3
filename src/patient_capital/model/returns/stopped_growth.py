"""Exponential growth that stops at an exponential time: the process whose final value has a Pareto distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import Floats, formula, plain, positive, renamed
from patient_capital.model.returns.pareto import pareto_survival


@formula
def stopped_growth_tail_index(growth: ArrayLike, hazard: ArrayLike) -> float | Floats:
    r"""Return the tail index that growth stopped at an exponential time gives.

    Parameters
    ----------
    growth : array_like
        Growth of value a year, g, positive.
    hazard : array_like
        Hazard of an exit a year, h, positive.

    Returns
    -------
    float or ndarray
        :math:`a = h / g`. Multiples identify this ratio alone, neither of the two rates.

    Raises
    ------
    DomainError
        If a rate is not positive.

    References
    ----------
    :cite:t:`reed2001`
    """
    positive(growth=growth, hazard=hazard)
    return plain(np.asarray(hazard, dtype=float) / np.asarray(growth, dtype=float))


@formula
def stopped_growth_survival(
    multiple: ArrayLike, growth: ArrayLike, hazard: ArrayLike, start: ArrayLike = 1.0
) -> float | Floats:
    r"""Return the share of firms that exit at or above a multiple when growth stops at an exponential time.

    Parameters
    ----------
    multiple : array_like
        Multiple x.
    growth, hazard : array_like
        Rates a year, as in :func:`stopped_growth_tail_index`.
    start : array_like, optional
        Multiple at which growth starts, :math:`x_0`, positive.

    Returns
    -------
    float or ndarray
        :math:`X = x_0 e^{g\tau},\ \tau \sim \mathrm{Exp}(h) \Rightarrow P(X \ge x) = (x/x_0)^{-h/g}`.

    Raises
    ------
    DomainError
        If a parameter is not positive.

    References
    ----------
    :cite:t:`reed2001`, :cite:t:`othman2019`
    """
    with renamed(minimum="start"):
        return pareto_survival(multiple, stopped_growth_tail_index(growth, hazard), start)
