"""Steps over the quality of deals, a standard normal number, and the weights with which integrals add them up."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from patient_capital.model.common.checks import Floats

_HALF = 240
QUALITIES: Floats = np.linspace(-8.0, 8.0, 2 * _HALF + 1)
"""Qualities of deals in equal steps, as standard normal numbers."""
STEPS: Floats = np.full(QUALITIES.size, 8.0 / _HALF)
"""Their steps, with the corrections of Gregory's rule at both ends: weights of an integral over the quality."""
for _place, _weight in enumerate((3 / 8, 7 / 6, 23 / 24)):
    STEPS[[_place, -1 - _place]] *= _weight
RANKS: Floats = np.asarray(ndtr(QUALITIES))
"""Their ranks among all deals."""
