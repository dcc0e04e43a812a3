r"""Losers: firms that run out of money, and are closed or refinanced.

A loser runs out of money with a constant hazard :math:`h_L`. Under a hard budget it is then closed and returns a
share of what it has cost. Under a soft budget a share :math:`\varphi` of those that run out of money gets as much
again as it cost at first, and continues (Dewatripont and Maskin 1995): closures come with hazard
:math:`c = (1-\varphi)h_L`, refinancings with :math:`q = \varphi h_L`, and a loser alive after t years has cost
:math:`1 + qt`. Each further yuan has the same return as the first. The cost of a soft budget therefore rises with the
horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

from patient_capital.model.common.checks import Floats, positive, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Losers:
    """Share of losers among deals, and what becomes of them. Fields are numbers, or arrays of one shape.

    Attributes
    ----------
    share : float or ndarray
        Share of deals that are losers, 0 to 1.
    mean : float or ndarray
        What a closed loser returns on each yuan it has cost, 0 to 1.
    fail_hazard : float or ndarray
        Hazard a year of running out of money, :math:`h_L`, positive.

    References
    ----------
    :cite:t:`dewatripont1995`
    """

    share: float | Floats
    mean: float | Floats
    fail_hazard: float | Floats

    def __post_init__(self) -> None:
        share(**{"losers.share": self.share, "losers.mean": self.mean})
        positive(**{"losers.fail_hazard": self.fail_hazard})
