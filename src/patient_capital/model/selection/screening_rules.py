r"""Acceptance of projects by unanimity, majority or one champion.

Each of k screeners passes a project independently, and a project is accepted if at least m of them pass it. The rules
here have one pass probability and therefore accept different shares;
:mod:`patient_capital.model.selection.budget_selection` compares rules that accept the same share.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from patient_capital.model.common.checks import Floats, formula
from patient_capital.model.selection.k_of_n import k_of_n_probability, votes_needed


@formula
def unanimity_probability(pass_probability: ArrayLike, screeners: int) -> float | Floats:
    r"""Return the chance that all screeners pass a project: a hierarchy of k layers.

    Parameters
    ----------
    pass_probability, screeners
        As in :func:`~patient_capital.model.selection.k_of_n.k_of_n_probability`.

    Returns
    -------
    float or ndarray
        :math:`q^k`, 0 to 1.

    References
    ----------
    :cite:t:`sah1986`
    """
    return k_of_n_probability(pass_probability, screeners, screeners)


@formula
def champion_probability(pass_probability: ArrayLike, screeners: int) -> float | Floats:
    r"""Return the chance that at least one screener passes a project: a polyarchy of k.

    Parameters
    ----------
    pass_probability, screeners
        As in :func:`~patient_capital.model.selection.k_of_n.k_of_n_probability`.

    Returns
    -------
    float or ndarray
        :math:`1 - (1-q)^k`, 0 to 1.

    References
    ----------
    :cite:t:`sah1986`, :cite:t:`malenko2024`
    """
    return k_of_n_probability(pass_probability, screeners, 1)


@formula
def majority_probability(pass_probability: ArrayLike, screeners: int) -> float | Floats:
    r"""Return the chance that more than half of the screeners pass a project.

    Parameters
    ----------
    pass_probability, screeners
        As in :func:`~patient_capital.model.selection.k_of_n.k_of_n_probability`; of an even number, half and one more.

    Returns
    -------
    float or ndarray
        :math:`\sum_{j > k/2} \binom{k}{j} q^j (1-q)^{k-j}`, 0 to 1.

    References
    ----------
    :cite:t:`malenko2024`
    """
    return k_of_n_probability(pass_probability, screeners, votes_needed("majority", screeners))
