"""The computations of the chapter on the model: parameters become arguments, and what the model gives becomes results."""

from __future__ import annotations

from patient_capital.analysis.model import (
    credit,
    explorers,
    flow,
    fund,
    inputs,
    maps,
    overcapacity,
    regimes,
    returns,
    selection,
    sensitivity,
    spread,
    steps,
    validation,
)

__all__ = [
    "credit",
    "explorers",
    "flow",
    "fund",
    "inputs",
    "maps",
    "overcapacity",
    "regimes",
    "returns",
    "selection",
    "sensitivity",
    "spread",
    "steps",
    "validation",
]
