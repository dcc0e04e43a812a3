"""The share of a Pareto above a multiple, for every part of the model that needs it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from patient_capital.model.common.checks import Floats


def survival_within(multiple: ArrayLike, index: ArrayLike, low: ArrayLike, high: ArrayLike) -> Floats:
    """Return the share at or above a multiple between two ends, of which the upper one may be infinite; no checks.

    A product rather than a difference of two powers, which would lose all digits near the upper end. The index may be
    any number but zero, below zero under a finite end.
    """
    held = np.clip(multiple, low, high)
    left, whole = (np.log(np.asarray(high) / start) for start in (held, low))
    above = np.expm1(-np.asarray(index) * left) / np.expm1(-np.asarray(index) * whole)
    return np.asarray((held / low) ** -np.asarray(index) * above)
