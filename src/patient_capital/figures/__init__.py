"""The figures, one module or package a chapter. They draw what the analysis gives and compute nothing."""

from __future__ import annotations

from patient_capital.book import load
from patient_capital.figures.chart import CHARTS, Chart
from patient_capital.figures.record import Figure
from patient_capital.provenance.register import Register


def load_figures() -> Register[Chart]:
    """Import every module of figures and return the register."""
    load("figures")
    return CHARTS


__all__ = ["CHARTS", "Chart", "Figure", "load_figures"]
