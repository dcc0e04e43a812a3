"""The model of the state as investor: pure functions of their arguments, which read no table and print no page.

What a reader meets first is here: the book's own :func:`central` scenario and its :func:`regimes`, `replace` to change
a field, :func:`evaluate`, and the records that these take and give. Every formula is in one of the packages `returns`,
`fund`, `selection`, `overcapacity`, `credit`, `regimes` and `common`, as in ``from patient_capital.model.fund import
present_value``; their ``__all__`` says what is public. A parameter outside the domain that its description states
raises :exc:`DomainError`, which names parameter, value and rule; a docstring lists what else is an error. Modules of
the model import from one another by their full path, so that no package waits for another's ``__init__``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from patient_capital.book import make_callable
from patient_capital.model import common, credit, fund, overcapacity, returns, selection
from patient_capital.model.common import BreakEven, DomainError, Optimum
from patient_capital.model.regimes.evaluation import Outcome, Regime, Scenario, evaluate
from patient_capital.model.returns import DealReturns, DealTable, LognormalReturns, TabulatedReturns
from patient_capital.naming import unknown

PACKAGES = ("returns", "fund", "selection", "overcapacity", "credit", "regimes", "common")
"""Packages of the model in the order of the page of functions."""

__all__ = ["central", "evaluate", "regimes", "replace"]
__all__ += ["Regime", "Scenario", "Outcome", "DealReturns", "DealTable", "LognormalReturns", "TabulatedReturns"]
__all__ += ["BreakEven", "DomainError", "Optimum"]
__all__ += ["common", "credit", "fund", "overcapacity", "returns", "selection"]


class _Regimes(dict[str, Regime]):
    """Regimes by their id, which may go without its ending: ``national`` for ``national_fund``."""

    def __missing__(self, name: str) -> Regime:
        if f"{name}_fund" in self:
            return self[f"{name}_fund"]
        raise unknown("regime", name, self)


def central(rate: Literal["bond", "public"] = "bond") -> Scenario:
    """Return the central scenario of the book, from its table of parameters.

    Parameters
    ----------
    rate : {"bond", "public"}
        Discount rate: the coupon of the treasury, or the official rate for public projects.

    Returns
    -------
    Scenario
        What no regime chooses; ``replace(scenario, fee_rate=0.02)`` changes a field.
    """
    from patient_capital import open_book  # noqa: PLC0415  # the model itself reads no table
    from patient_capital.analysis.model.regimes import scenario  # noqa: PLC0415  # as in central

    return scenario(open_book(), rate)


def _book_regimes() -> Mapping[str, Regime]:
    """Return the regimes of the book by their id, from its tables; ``national`` stands for ``national_fund``.

    The package of the formulas of regimes has the same name: ``model.regimes()`` gives these records,
    ``model.regimes.evaluate`` a formula.

    Returns
    -------
    mapping of str to Regime
        In the order of the table.
    """
    from patient_capital import open_book  # noqa: PLC0415  # as in central
    from patient_capital.analysis.model.regimes import regime  # noqa: PLC0415  # as in central

    book = open_book()
    return _Regimes({row: regime(book, row) for row in book.frame("regimes", "label").index})


if TYPE_CHECKING:
    regimes = _book_regimes
else:
    make_callable("patient_capital.model.regimes", _book_regimes)
