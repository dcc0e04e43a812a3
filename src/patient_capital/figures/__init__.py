"""The figures, one module a chapter. They draw what the analysis gives and compute nothing."""

from __future__ import annotations

import importlib

from patient_capital.figures.chart import Chart
from patient_capital.figures.record import FIGURES, Build, Figure

MODULES = (
    "overview", "session", "funds", "regions", "precedent", "model_returns", "model_fund", "model_selection", "model_regimes", "model_capacity",
    "model_credit", "model_doubt", "model_checks", "digest",
)  # fmt: skip


def load_figures() -> dict[str, Build]:
    """Import every module of figures and return the register."""
    for name in MODULES:
        importlib.import_module(f"patient_capital.figures.{name}")
    return FIGURES


__all__ = ["FIGURES", "Build", "Chart", "Figure", "load_figures"]
