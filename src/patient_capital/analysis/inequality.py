"""Concentration: Gini coefficient, top shares, and bounds over what is not listed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _ascending(measure: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return amounts from the smallest on; ``ValueError`` if one is negative or all are zero."""
    ordered = np.sort(np.asarray(values, dtype=float))
    if ordered.size == 0 or ordered[0] < 0 or ordered.sum() == 0:
        raise ValueError(f"{measure}: values must not be negative and must not all be zero")
    return ordered


def gini(values: ArrayLike) -> float:
    """Return the Gini coefficient of amounts that are not negative.

    Parameters
    ----------
    values : array_like of shape (n,)
        At least one positive.

    Returns
    -------
    float
        0 where all are equal, (n - 1) / n where one holds everything.

    Raises
    ------
    ValueError
        If a value is negative or all are zero.
    """
    ordered = _ascending("gini", values)
    n = ordered.size
    return float(2 * (np.arange(1, n + 1) * ordered).sum() / (n * ordered.sum()) - (n + 1) / n)


def lorenz(values: ArrayLike) -> NDArray[np.float64]:
    """Return the share of the smallest values in the sum of all: the Lorenz curve.

    Parameters
    ----------
    values : array_like of shape (n,)
        Amounts that are not negative, at least one positive.

    Returns
    -------
    ndarray of shape (n + 1,)
        Share of the k smallest values, 0 to 1, for k from 0 to n.

    Raises
    ------
    ValueError
        If a value is negative or all are zero.
    """
    ordered = _ascending("lorenz", values)
    share: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(ordered) / ordered.sum()])
    return share


def top_share(values: ArrayLike, count: int) -> float:
    """Return the share of the `count` largest values in their sum, 0 to 1."""
    ordered = np.sort(np.asarray(values, dtype=float))[::-1]
    return float(ordered[:count].sum() / ordered.sum())
