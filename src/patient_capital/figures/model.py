"""The figures of the chapter on the model, by the names that the chapter uses."""

from __future__ import annotations

from patient_capital.figures.model_capacity import tension
from patient_capital.figures.model_checks import checks
from patient_capital.figures.model_credit import credit
from patient_capital.figures.model_doubt import maps, sobol
from patient_capital.figures.model_fund import patience
from patient_capital.figures.model_regimes import flow, steps
from patient_capital.figures.model_returns import tail
from patient_capital.figures.model_selection import architecture

__all__ = [
    "architecture",
    "checks",
    "credit",
    "flow",
    "maps",
    "patience",
    "sobol",
    "steps",
    "tail",
    "tension",
]
