"""Multinomial counts of the deals of each class in a portfolio, drawn from one table where it is small.

A portfolio of thirty deals in four classes has 5,456 possible counts. One uniform number and one look into the
table of their cumulated probabilities give all four, many times faster than one binomial draw for each class.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from patient_capital.model.common.checks import DomainError, Floats, count

Counts = NDArray[np.int64]
LARGEST_TABLE = 50_000
"""Most rows of a table. It is made in about 30 ms; larger portfolios spread a draw for each class over more deals."""
GUIDES = 1 << 16
"""Equal steps of the guide, which leads a uniform number to its row without a search in most cases."""


def compositions(total: int, classes: int) -> Counts:
    """Return every way to split a number of deals into classes.

    Parameters
    ----------
    total : int
        Number of deals, zero or more.
    classes : int
        Number of classes, at least 1.

    Returns
    -------
    ndarray, shape (ways, classes)
        Counts; every row adds up to `total`.

    Raises
    ------
    DomainError
        If a number is not whole or too small.
    """
    count(0, total=total)
    count(1, classes=classes)
    rows = np.zeros((1, 0), dtype=np.int64)
    left = np.array([total], dtype=np.int64)
    # Class by class every row is repeated once for each number of deals that this class may take of those left.
    for _ in range(classes - 1):
        repeats = left + 1
        first = np.repeat(np.cumsum(repeats) - repeats, repeats)
        taken = np.arange(repeats.sum()) - first
        rows = np.column_stack((np.repeat(rows, repeats, axis=0), taken))
        left = np.repeat(left, repeats) - taken
    return np.column_stack((rows, left))


@dataclass(frozen=True, slots=True, eq=False)
class CountTable:
    """All possible counts of a portfolio with their cumulated probabilities, the likely ones first.

    Attributes
    ----------
    counts : ndarray, shape (ways, classes)
        Deals of each class.
    cumulated : ndarray, shape (ways,)
        Cumulated probabilities; the last is 1.
    guide : ndarray
        For each of equal steps from 0 to 1 the first row whose cumulated probability lies above it.
    """

    counts: Counts
    cumulated: Floats
    guide: Counts

    def draw(self, generator: np.random.Generator, portfolios: int) -> Counts:
        """Return the counts of independent portfolios, shape (portfolios, classes); one uniform number each."""
        ranks = generator.random(portfolios)
        rows = self.guide[(ranks * GUIDES).astype(np.int64)]
        # The guide gives the row of the lower end of the step; where a row ends within the step the number may lie past
        # it.
        late = np.flatnonzero(self.cumulated[rows] <= ranks)
        rows[late] = np.searchsorted(self.cumulated, ranks[late], side="right")
        return np.take(self.counts, rows, axis=0)


@lru_cache(maxsize=8)
def count_table(deals: int, weights: tuple[float, ...]) -> CountTable:
    r"""Return the table of a multinomial.

    Parameters
    ----------
    deals : int
        Deals of a portfolio.
    weights : tuple of float
        Probability of each class; they add up to 1.

    Returns
    -------
    CountTable
        With probabilities :math:`\frac{N!}{\prod k_j!} \prod p_j^{k_j}`.

    Raises
    ------
    DomainError
        If the table would have more than `LARGEST_TABLE` rows.
    """
    if ways(deals, len(weights)) > LARGEST_TABLE:
        raise DomainError("deals", deals, f"a table of counts has at most {LARGEST_TABLE} rows")
    counts = compositions(deals, len(weights))
    logs = gammaln(deals + 1) + (xlogy(counts, np.array(weights)) - gammaln(counts + 1)).sum(axis=1)
    # The likeliest rows first: they span many steps of the guide each, so that few numbers need a search.
    likely_first = np.argsort(-logs, kind="stable")
    cumulated = np.cumsum(np.exp(logs[likely_first]))
    cumulated /= cumulated[-1]
    guide = np.searchsorted(cumulated, np.arange(GUIDES) / GUIDES, side="right")
    return CountTable(np.ascontiguousarray(counts[likely_first]), cumulated, guide.astype(np.int64))


def ways(deals: int, classes: int) -> int:
    """Return the number of possible counts of a portfolio."""
    return comb(deals + classes - 1, classes - 1)


def draw_counts(generator: np.random.Generator, deals: int, weights: tuple[float, ...], portfolios: int) -> Counts:
    """Return multinomial counts of independent portfolios, from a table where it is small.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of random numbers.
    deals : int
        Deals of each portfolio.
    weights : tuple of float
        Probability of each class; they add up to 1.
    portfolios : int
        Number of portfolios.

    Returns
    -------
    ndarray, shape (portfolios, classes)
        Deals of each class.

    Raises
    ------
    DomainError
        If a number is not whole or below 1.
    """
    count(1, deals=deals, portfolios=portfolios)
    if ways(deals, len(weights)) <= LARGEST_TABLE:
        return count_table(deals, weights).draw(generator, portfolios)
    return generator.multinomial(deals, weights, size=portfolios)
