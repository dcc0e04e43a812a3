"""The computations of the chapter on the precedent: solar modules, cars, and what AI shares with them."""

from __future__ import annotations

from patient_capital.analysis.precedent.ai import *
from patient_capital.analysis.precedent.effects import *
from patient_capital.analysis.precedent.growth import *
from patient_capital.analysis.precedent.learning import *
from patient_capital.analysis.precedent.makers import *
from patient_capital.analysis.precedent.rows import *
from patient_capital.analysis.precedent.rush import *
from patient_capital.analysis.precedent.solar_2025 import *
