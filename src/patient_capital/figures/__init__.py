"""The figures, one module or package a chapter. They draw what the analysis gives and compute nothing."""

from __future__ import annotations

import sys
from types import ModuleType

import pandas as pd

from patient_capital.book import load
from patient_capital.figures.chart import CHARTS, Chart
from patient_capital.figures.record import Figure
from patient_capital.provenance.register import Register


def load_figures() -> Register[Chart]:
    """Import every module of figures and return the register."""
    load("figures")
    return CHARTS


def contents() -> pd.DataFrame:
    """See :func:`patient_capital.figures`."""
    rows = [(name, one.measure) for name, one in load_figures().items()]
    return pd.DataFrame(rows, columns=["figure", "measure"]).set_index("figure")


class _Package(ModuleType):
    """The package as a function: once it is imported, it stands where ``patient_capital.figures()`` stood."""

    def __call__(self) -> pd.DataFrame:
        return contents()


sys.modules[__name__].__class__ = _Package

__all__ = ["CHARTS", "Chart", "Figure", "load_figures"]
