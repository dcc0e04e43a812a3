"""The explorers: figures whose parameters a reader moves. They show what the model gives and compute nothing."""

from __future__ import annotations

import importlib

from patient_capital.explorers.parts import Control, Curve, Evidence, Verdicts
from patient_capital.explorers.record import EXPLORERS, Build, Explorer, explorer, tabulate

MODULES = ("model",)


def load_explorers() -> dict[str, Build]:
    """Import every module of explorers and return the register."""
    for name in MODULES:
        importlib.import_module(f"patient_capital.explorers.{name}")
    return EXPLORERS


def explorer_named(name: str) -> Build:
    """Return the function of explorer `name`; ``KeyError`` with the names there are if it is unknown."""
    explorers = load_explorers()
    if name not in explorers:
        raise KeyError(f"there is no explorer {name!r}; explorers are: {', '.join(sorted(explorers)) or 'none yet'}")
    return explorers[name]


__all__ = [
    "EXPLORERS", "Build", "Control", "Curve", "Evidence", "Explorer", "Verdicts", "explorer", "explorer_named", "load_explorers",
    "tabulate",
]  # fmt: skip
