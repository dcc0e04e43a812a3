r"""Acceptance of projects by unanimity, majority or one champion, and the net value of each rule.

Each of k screeners passes a project independently, and a project is accepted if at least m of them pass it. Which m is
best depends on the value of an accepted star relative to the loss on an accepted dud. The rules here have one pass
probability and therefore accept different shares; :mod:`patient_capital.model.selection.budget_selection` compares
rules that accept the same share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import BreakEven, DomainError, Floats, not_negative, plain, share
from patient_capital.model.selection.k_of_n import k_of_n_probability, votes_needed


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


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Shares of stars and of duds that a rule accepts.

    Attributes
    ----------
    stars : float
        Share of stars accepted, 0 to 1.
    duds : float
        Share of duds accepted, 0 to 1.

    Raises
    ------
    DomainError
        If one is not a share.
    """

    stars: float
    duds: float

    def __post_init__(self) -> None:
        share(stars=self.stars, duds=self.duds)


def acceptance_of(rule: str, screeners: int, star_pass: float, dud_pass: float) -> Acceptance:
    """Return what a rule accepts when one screener passes stars and duds at given rates.

    Parameters
    ----------
    rule, screeners
        As in :func:`~patient_capital.model.selection.k_of_n.votes_needed`.
    star_pass, dud_pass : float
        Chance that one screener passes a star, and a dud, 0 to 1.

    Returns
    -------
    Acceptance
    """
    quota = votes_needed(rule, screeners)
    stars, duds = (float(k_of_n_probability(q, screeners, quota)) for q in (star_pass, dud_pass))
    return Acceptance(stars, duds)


def net_value(
    star_share: ArrayLike, star_value: ArrayLike, dud_loss: ArrayLike, accepted: Acceptance
) -> float | Floats:
    r"""Return the net value of a rule for each project that is proposed.

    Parameters
    ----------
    star_share : array_like
        Share of stars among the projects, :math:`\pi`, 0 to 1.
    star_value : array_like
        Net value of an accepted star, v, not negative; yuan or multiples.
    dud_loss : array_like
        Loss on an accepted dud, l, not negative; same unit.
    accepted : Acceptance
        Shares :math:`P_s` and :math:`P_b` that the rule accepts.

    Returns
    -------
    float or ndarray
        :math:`W = \pi v P_s - (1-\pi) l P_b`, in that unit for each project.

    References
    ----------
    :cite:t:`sah1986`
    """
    share(star_share=star_share)
    not_negative(star_value=star_value, dud_loss=dud_loss)
    stars, value, loss = (np.asarray(x, dtype=float) for x in (star_share, star_value, dud_loss))
    return plain(stars * value * accepted.stars - (1 - stars) * loss * accepted.duds)


def break_even_loss_ratio(star_share: float, first: Acceptance, second: Acceptance) -> BreakEven:
    r"""Return the ratio v / l of a star's value to a dud's loss at which the ranking of two rules flips.

    Parameters
    ----------
    star_share : float
        Share of stars among the projects, :math:`\pi`, strictly between 0 and 1.
    first, second : Acceptance
        What the two rules accept.

    Returns
    -------
    BreakEven
        :math:`\frac{1-\pi}{\pi}\,\frac{P_b^1 - P_b^2}{P_s^1 - P_s^2}`, a pure ratio over a span from 0 up; above it
        the rule that accepts more stars is worth more. ``gain`` or ``loss`` where the first rule is better or worse
        at every ratio, because it accepts more stars and fewer duds or the reverse.

    Raises
    ------
    DomainError
        If all projects or none are stars, or both rules accept the same.

    References
    ----------
    :cite:t:`sah1986`
    """
    share(star_share=star_share)
    if star_share in {0, 1}:
        raise DomainError("star_share", star_share, "must lie strictly between 0 and 1")
    stars, duds = first.stars - second.stars, first.duds - second.duds
    if stars == 0 and duds == 0:
        raise DomainError("second", second, "accepts the same as the first, so nothing ranks them")
    # The signs, not the product: that of two tiny differences is zero.
    if min(stars, duds) > 0 or max(stars, duds) < 0:
        return BreakEven((1 - star_share) / star_share * duds / stars, "crosses", 0.0, math.inf)
    return BreakEven(None, "gain" if stars > 0 or duds < 0 else "loss", 0.0, math.inf)
