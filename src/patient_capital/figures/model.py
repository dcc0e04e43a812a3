"""The figures of the chapter on the model, from one place."""

from __future__ import annotations

from patient_capital.figures.model_capacity import tension
from patient_capital.figures.model_checks import checks
from patient_capital.figures.model_credit import credit
from patient_capital.figures.model_doubt import maps, sobol

__all__ = ["checks", "credit", "maps", "sobol", "tension"]
