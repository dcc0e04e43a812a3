"""Checks of the arguments of a lender that screens."""

from __future__ import annotations

import math

from numpy.typing import ArrayLike

from patient_capital.model.common.checks import between


def check_discrimination(auc: ArrayLike) -> None:
    """Refuse a discrimination outside one half to 1."""
    between("auc", auc, 0.5, 1.0, "discrimination lies between one half (blind) and 1 (perfect)")


def check_inside(**values: ArrayLike) -> None:
    """Refuse values that are not above 0 and below 1."""
    for parameter, value in values.items():
        between(parameter, value, math.nextafter(0, 1), math.nextafter(1, 0), "must lie above 0 and below 1")
