"""k-of-n rules: how many of several independent screeners must pass a project, and with what probability they do."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from patient_capital.model.common.checks import DomainError, Floats, count, formula, plain, share


def votes_needed(rule: str, screeners: int) -> int:
    """Return how many screeners must pass a project: all, more than half, or one.

    Parameters
    ----------
    rule : {"unanimity", "majority", "champion"}
        Rule of decision.
    screeners : int
        Number of screeners k, at least 1.

    Returns
    -------
    int
        Quota m, 1 to k.

    Raises
    ------
    DomainError
        If there is no such rule, or no screener.
    """
    count(screeners=screeners)
    quotas = {"unanimity": screeners, "majority": screeners // 2 + 1, "champion": 1}
    if rule not in quotas:
        raise DomainError("rule", rule, f"is none of {', '.join(quotas)}")
    return quotas[rule]


@formula
def k_of_n_probability(pass_probability: ArrayLike, screeners: int, quota: int) -> float | Floats:
    r"""Return the chance that at least a quota of independent screeners passes a project.

    Parameters
    ----------
    pass_probability : array_like
        Chance q that one screener passes it, 0 to 1.
    screeners : int
        Number of screeners k, at least 1.
    quota : int
        How many must pass it, m, 1 to k.

    Returns
    -------
    float or ndarray
        :math:`\sum_{j \ge m} \binom{k}{j} q^j (1-q)^{k-j}`, 0 to 1; an incomplete beta function.

    Raises
    ------
    DomainError
        If a probability is not a share, or the quota exceeds the number of screeners.
    """
    count(screeners=screeners, quota=quota)
    if quota > screeners:
        raise DomainError("quota", quota, f"cannot exceed the {screeners} screeners")
    share(pass_probability=pass_probability)
    probability = np.asarray(pass_probability, dtype=float)
    if quota == screeners:
        return plain(probability**screeners)
    return plain(betainc(quota, screeners - quota + 1, probability))
