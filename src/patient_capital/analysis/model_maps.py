"""The lines on which two ways to invest are equal: what the break-even maps draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patient_capital.analysis.model_doubt import WEIGHT_SPAN, own_context
from patient_capital.analysis.model_inputs import value
from patient_capital.analysis.model_regimes import NATIONAL, PATIENT, flow_switch, skill_switch, soft_budget_switch
from patient_capital.model.domain import BreakEven
from patient_capital.model.welfare import break_even_home_share

POINTS = 17


@dataclass(frozen=True, slots=True)
class Map:
    """One break-even map.

    Attributes
    ----------
    name : str
        Its id.
    low, high : float
        Span of the parameter on the horizontal axis.
    lines : tuple of str
        What each line is of.
    at : callable
        Takes line and place on the horizontal axis, and returns the break-even on the vertical one.
    """

    name: str
    low: float
    high: float
    lines: tuple[str, ...]
    at: Callable[[str, float], BreakEven]

    @property
    def places(self) -> list[float]:
        """Places on the horizontal axis."""
        return [float(x) for x in np.linspace(self.low, self.high, POINTS)]


def _skill_by_flow(line: str, elasticity: float) -> BreakEven:
    return skill_switch(own_context(), line, elasticity=elasticity)


def _flow_by_rate(line: str, rate: float) -> BreakEven:
    return flow_switch(own_context(), line, discount_rate=rate)


def _soft_by_sale(line: str, sale: float) -> BreakEven:
    return soft_budget_switch(own_context(), line, forced_sale=sale)


def _home_by_weight(line: str, weight: float) -> BreakEven:
    ctx = own_context()
    many = int(value(ctx, line))
    return break_even_home_share(weight, market_size=1.0, slope=1.0, entry_cost=value(ctx, "oc_F"), many=many)


MAPS = {
    one.name: one
    for one in (
        Map("skill_by_flow", 0.0, 0.5, (PATIENT, NATIONAL), _skill_by_flow),
        Map("flow_by_rate", 0.0, 0.06, (PATIENT,), _flow_by_rate),
        Map("soft_by_sale", 0.2, 1.0, (PATIENT, NATIONAL), _soft_by_sale),
        Map("home_by_weight", *WEIGHT_SPAN, ("oc_regions",), _home_by_weight),
    )
}


def map_point(task: tuple[str, str, float]) -> BreakEven:
    """Return the break-even of one map, line and place; a function of a module, so that it can run in another process."""
    name, line, place = task
    return MAPS[name].at(line, place)


def map_tasks() -> list[tuple[str, str, float]]:
    """Return every map, line and place, in order."""
    return [(one.name, line, place) for one in MAPS.values() for line in one.lines for place in one.places]
