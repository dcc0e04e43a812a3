"""The explorers: figures whose parameters a reader moves. They show what the model gives and compute nothing."""

from __future__ import annotations

from patient_capital.book import load
from patient_capital.explorers.parts import Control, Curve, Evidence, Track, Verdicts
from patient_capital.explorers.record import EXPLORERS, Explorer, explorer
from patient_capital.passed import OfData
from patient_capital.provenance.register import Register


def load_explorers() -> Register[OfData[Explorer]]:
    """Import every module of explorers and return the register."""
    load("explorers")
    return EXPLORERS


__all__ = ["EXPLORERS", "Control", "Curve", "Evidence", "Explorer", "Track", "Verdicts", "explorer", "load_explorers"]
