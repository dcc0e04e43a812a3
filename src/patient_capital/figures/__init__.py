"""The figures, one module or package a chapter. They draw what the analysis gives and compute nothing."""

from __future__ import annotations

import pandas as pd

from patient_capital.book import load, make_callable
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


make_callable(__name__, contents)

__all__ = ["CHARTS", "Chart", "Figure", "load_figures"]
