"""The state as investor, one small exact piece at a time. Knows nothing of tables or pages.

Every public function and record can be imported from here by its name, as in
``from patient_capital.model import present_value``; the module that holds it is loaded when it is first asked for.
A module is listed in `INTERFACE`, and all else follows: the names here, and the page that documents them.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

INTERFACE: Final[dict[str, tuple[str, ...]]] = {
    "returns": ("returns", "other_returns", "pareto", "growth", "tail", "tail_error", "lognormal_fit", "shocks"),
    "fund": (
        "cash_flows", "winners", "winner_calibration", "losers", "fund_terms", "expected_flows", "fund", "dpi",
        "fund_horizon", "holding", "patience", "liability",
    ),
    "selection": (
        "quota", "architecture", "selection", "score_correlation", "outlier", "direction", "state_share", "deal_flow",
    ),
    "overcapacity": (
        "market", "cournot", "regional_game", "capacity", "welfare", "subsidy_return", "learning", "learning_welfare",
    ),
    "credit": ("lending", "screening", "credit_access", "iso_access", "rationing"),
    "common": (
        "domain", "break_even", "parameters", "regimes", "regime_draws", "regime_break_evens", "simulate", "portfolios",
        "estimates", "sobol", "validation", "workers",
    ),
}  # fmt: skip
"""Modules that a reader may import from, by block, in the order of the page."""

MACHINERY: Final = (
    "blocks", "class_counts", "cohorts", "decisive_signal", "exponentials", "pieces", "rate_search", "shapes", "sum_lattice",
)  # fmt: skip
"""Modules that only serve the others."""

HELPERS: Final[dict[str, tuple[str, ...]]] = {
    "domain": ("plain", "between", "share", "positive", "not_negative", "finite", "count", "renamed"),
    "other_returns": ("as_shares", "as_multiples"),
    "screening": ("check_discrimination", "check_inside"),
}
"""Functions of an interface module that only serve other modules."""


def public_names(module: str) -> tuple[str, ...]:
    """Return the public functions and classes that a module defines, in order, without loading it."""
    source = Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    defined = re.findall(r"^(?:def|class) ([A-Za-z]\w*)", source, flags=re.MULTILINE)
    return tuple(name for name in defined if name not in HELPERS.get(module, ()))


@cache
def module_of_name() -> dict[str, str]:
    """Return the module of every public name."""
    return {name: module for modules in INTERFACE.values() for module in modules for name in public_names(module)}


def __getattr__(name: str) -> Any:
    """Load a public function or record, or give ``__all__``."""
    if name == "__all__":
        return sorted(module_of_name())
    if name.startswith("_") or name not in module_of_name():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{module_of_name()[name]}"), name)


def __dir__() -> list[str]:
    """Return the names here with all public functions and records."""
    return sorted({*globals(), *module_of_name()})
