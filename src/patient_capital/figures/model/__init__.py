"""The figures of the chapter on the model and of its annex, by the names that these use."""

from __future__ import annotations

from patient_capital.figures.model.credit import credit
from patient_capital.figures.model.fund import patience, waiting
from patient_capital.figures.model.overcapacity import tension
from patient_capital.figures.model.regimes import discount, features, flow, funds
from patient_capital.figures.model.returns import tail
from patient_capital.figures.model.selection import architecture
from patient_capital.figures.model.sensitivity import maps, sobol
from patient_capital.figures.model.validation import checks

__all__ = [
    "architecture",
    "checks",
    "credit",
    "discount",
    "features",
    "flow",
    "funds",
    "maps",
    "patience",
    "sobol",
    "tail",
    "tension",
    "waiting",
]
