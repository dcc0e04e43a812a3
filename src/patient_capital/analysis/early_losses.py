"""How often can a whole portfolio lose most of its money? An exact upper bound from published shares of deals.

No distribution inside the bins is assumed: every deal counts with the *lower* end of its bin, so that the
true chance of a large loss is at most the one computed, if deals succeed independently of one another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def portfolio_floor(shares: Sequence[float], floors: Sequence[int], deals: int) -> NDArray[np.float64]:
    """Return the distribution of the sum of lower bin ends over independent deals of equal size.

    Parameters
    ----------
    shares : sequence of float
        Share of deals in each bin of the gross multiple; they add to 1.
    floors : sequence of int
        Lower end of each bin, a whole multiple of the money invested.
    deals : int
        Number of deals, at least 1.

    Returns
    -------
    ndarray of shape (deals * max(floors) + 1,)
        Probability of each sum.

    Raises
    ------
    ValueError
        If the shares do not add to 1, a share is negative, or `deals` is below 1.
    """
    if deals < 1:
        raise ValueError(f"deals = {deals}: a portfolio has at least one deal")
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"shares {list(shares)} must not be negative and must add to 1")
    one = np.zeros(max(floors) + 1)
    np.add.at(one, np.asarray(floors), np.asarray(shares, dtype=float))
    total = np.array([1.0])
    for _ in range(deals):
        total = np.convolve(total, one)
    return total


def chance_of_loss_beyond(ceiling: float, shares: Sequence[float], floors: Sequence[int], deals: int) -> float:
    """Return an upper bound of the chance that a portfolio loses more than `ceiling` of its money.

    Parameters
    ----------
    ceiling : float
        Loss ceiling as a share of the money invested, 0 to 1.

    Returns
    -------
    float
        Probability that the sum of lower bin ends is below ``(1 - ceiling) * deals``.
    """
    if not 0 <= ceiling <= 1:
        raise ValueError(f"ceiling = {ceiling}: a loss ceiling lies between 0 and 1")
    sums = portfolio_floor(shares, floors, deals)
    return float(sums[np.arange(sums.size) < (1 - ceiling) * deals - 1e-9].sum())
