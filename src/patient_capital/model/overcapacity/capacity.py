r"""Overcapacity: the utilisation of plants when more firms enter than the plants were sized for.

A plant is sized for its firm's output in a market of :math:`n_0` firms. When n firms enter each sells less, and the
ratio of the two outputs is the utilisation. In this market each of entry and utilisation determines the other. The
relation can show whether figures for the two agree; it does not test why the firms entered.
"""

from __future__ import annotations

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


@formula
def utilisation(planned_firms: ArrayLike, firms: ArrayLike) -> float | Floats:
    r"""Return the output of a plant relative to the output it was sized for.

    Parameters
    ----------
    planned_firms : array_like
        Number of firms that the plants were sized for, :math:`n_0`, positive.
    firms : array_like
        Number of firms that came, n, zero or more. Both broadcast.

    Returns
    -------
    float or ndarray
        :math:`u = \frac{n_0+1}{n+1}`, a ratio; above 1 where fewer came than were planned for.

    Raises
    ------
    DomainError
        If a number lies outside its domain.
    """
    positive(planned_firms=planned_firms)
    not_negative(firms=firms)
    return plain((np.asarray(planned_firms, dtype=float) + 1) / (np.asarray(firms, dtype=float) + 1))


@formula
def utilisation_under_subsidy(subsidy_share: ArrayLike, normal: ArrayLike = 1.0) -> float | Floats:
    r"""Return the utilisation when plants were sized for free entry and the state then pays a share of entry.

    Exact in linear Cournot with equal firms, whatever the size of the market, the slope and the entry cost.

    Parameters
    ----------
    subsidy_share : array_like
        Share s of the entry cost that the state pays, 0 to 1.
    normal : array_like, optional
        Utilisation :math:`u_0` without subsidy, above 0, at most 1. Both broadcast.

    Returns
    -------
    float or ndarray
        :math:`u = u_0\sqrt{1-s}`, a share of capacity.

    Raises
    ------
    DomainError
        If a share lies outside its domain.
    """
    share(subsidy_share=subsidy_share, normal=normal)
    positive(normal=normal)
    return plain(np.asarray(normal, dtype=float) * np.sqrt(1 - np.asarray(subsidy_share, dtype=float)))


@formula
def subsidy_for_utilisation(utilisation: ArrayLike, normal: ArrayLike = 1.0) -> float | Floats:
    r"""Return the share of entry cost that must have been paid for plants to run as they do.

    The inverse of :func:`utilisation_under_subsidy`. With `normal` at 1 all idle capacity is attributed to the subsidy.

    Parameters
    ----------
    utilisation : array_like
        Utilisation u, above 0, at most `normal`; share of capacity.
    normal : array_like, optional
        Utilisation :math:`u_0` without subsidy, above 0, at most 1. Both broadcast.

    Returns
    -------
    float or ndarray
        :math:`s = 1 - (u/u_0)^2`, a share.

    Raises
    ------
    DomainError
        If a share lies outside its domain.
    """
    positive(utilisation=utilisation, normal=normal)
    share(normal=normal)
    use, usual = np.broadcast_arrays(np.asarray(utilisation, dtype=float), np.asarray(normal, dtype=float))
    above = use > usual
    if above.any():
        raise DomainError("utilisation", use[above].flat[0], "must not exceed normal: no entry subsidy would be needed")
    return plain(1 - (use / usual) ** 2)


@formula
def entry_rise(utilisation: ArrayLike, planned_firms: ArrayLike) -> float | Floats:
    r"""Return the rise in the number of firms that goes with a utilisation.

    An identity of :func:`utilisation`, for any entry cost, weight on output and number of regions.

    Parameters
    ----------
    utilisation : array_like
        Output of a plant relative to the output it was sized for, u, above 0, at most :math:`n_0 + 1`.
    planned_firms : array_like
        Number of firms that the plants were sized for, :math:`n_0`, positive. Both broadcast.

    Returns
    -------
    float or ndarray
        :math:`\frac{n}{n_0} - 1 = \left(\frac1u - 1\right)\left(1 + \frac1{n_0}\right)`, a share of :math:`n_0`.
    """
    positive(utilisation=utilisation, planned_firms=planned_firms)
    use, planned = np.broadcast_arrays(np.asarray(utilisation, dtype=float), np.asarray(planned_firms, dtype=float))
    # The end of the span is a quotient of its own and may be rounded upwards.
    above = use > (planned + 1) * (1 + 1e-12)
    if above.any():
        raise DomainError("utilisation", use[above].flat[0], "must not exceed planned_firms + 1, where no firm is left")
    return plain(np.maximum((1 / use - 1) * (1 + 1 / planned), -1.0))


@formula
def utilisation_of_entry_rise(entry_rise: ArrayLike, planned_firms: ArrayLike) -> float | Floats:
    r"""Return the utilisation that goes with a rise in the number of firms, the inverse of :func:`entry_rise`.

    Parameters
    ----------
    entry_rise : array_like
        Rise in the number of firms over :math:`n_0`, at least -1; a share.
    planned_firms : array_like
        Number of firms that the plants were sized for, :math:`n_0`, positive. Both broadcast.

    Returns
    -------
    float or ndarray
        :math:`u = \left[1 + \frac{\text{rise}}{1 + 1/n_0}\right]^{-1}`, a ratio.

    References
    ----------
    :cite:t:`barwick2025`
    """
    between(
        "entry_rise", entry_rise, -1.0, np.finfo(float).max, "must be finite and at least -1, where no firm is left"
    )
    positive(planned_firms=planned_firms)
    planned = np.asarray(planned_firms, dtype=float)
    return plain(1 / (1 + np.asarray(entry_rise, dtype=float) / (1 + 1 / planned)))
