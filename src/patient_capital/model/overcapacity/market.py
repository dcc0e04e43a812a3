"""The linear market: its relative entry cost, and the check and the cubic root that formulas of entry share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import DomainError, Floats, formula, not_negative, plain, positive


@formula
def relative_entry_cost(market_size: ArrayLike, slope: ArrayLike, entry_cost: ArrayLike) -> float | Floats:
    r"""Return the entry cost over the largest profit of the market; the number of firms depends on this ratio alone.

    Parameters
    ----------
    market_size : array_like
        Market size A, demand intercept less unit cost, positive; yuan per unit of output.
    slope : array_like
        Slope of demand b, positive; yuan per unit of output squared.
    entry_cost : array_like
        Entry cost F of one firm, positive; yuan. All broadcast.

    Returns
    -------
    float or ndarray
        :math:`\varphi = bF / A^2`, a pure number.

    Raises
    ------
    DomainError
        If a parameter is not positive and finite.
    """
    positive(market_size=market_size, slope=slope, entry_cost=entry_cost)
    size = np.asarray(market_size, dtype=float)
    return plain((np.asarray(slope, dtype=float) / size) * (np.asarray(entry_cost, dtype=float) / size))


def entered(parameter: str, given: ArrayLike, firms: ArrayLike) -> float | Floats:
    """Return the numbers of firms, all above zero; refuse them where the entry cost keeps every firm out.

    Parameters
    ----------
    parameter : str
        Name of the parameter that keeps them out.
    given : array_like
        Its value; broadcasts with `firms`.
    firms : array_like
        Number of firms that a formula gives, which may lie below zero.

    Returns
    -------
    float or ndarray
        `firms`, all above zero.

    Raises
    ------
    DomainError
        If any number of firms is not positive.
    """
    number, values = np.broadcast_arrays(np.asarray(firms, dtype=float), np.asarray(given, dtype=float))
    if (number <= 0).any():
        raise DomainError(parameter, values[number <= 0].flat[0], "keeps every firm out of a market of this size")
    return plain(firms)


@formula
def cubic_root(linear: ArrayLike, constant: ArrayLike) -> float | Floats:
    r"""Return the one real root of :math:`x^3 + px = k`.

    Parameters
    ----------
    linear : array_like
        Coefficient p, zero or more.
    constant : array_like
        Right-hand side k, positive.

    Returns
    -------
    float or ndarray
        :math:`2\sqrt{p/3}\,\sinh\!\left[\tfrac13\operatorname{arsinh}\!\left(\tfrac{3k}{2p}\sqrt{3/p}\right)\right]`,
        and :math:`k^{1/3}` at p = 0.

    Raises
    ------
    DomainError
        If a coefficient lies outside its domain.
    """
    not_negative(linear=linear)
    positive(constant=constant)
    slope, right = np.broadcast_arrays(np.asarray(linear, dtype=float), np.asarray(constant, dtype=float))
    # Below this size the linear term changes no digit of the root, and the closed form would overflow.
    bent = slope > 1e-30 * np.cbrt(right) ** 2
    held = np.where(bent, slope, 1.0)
    root = 2 * np.sqrt(held / 3) * np.sinh(np.arcsinh(1.5 * right / held * np.sqrt(3 / held)) / 3)
    return plain(np.where(bent, root, np.cbrt(right)))
