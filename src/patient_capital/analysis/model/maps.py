"""The lines on which two ways to invest are equal: what the break-even maps draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from patient_capital import open_book
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.overcapacity import home_shares
from patient_capital.analysis.model.regimes import (
    NATIONAL,
    PATIENT,
    flow_break_even,
    implied_band,
    skill_break_even,
    soft_budget_break_even,
)
from patient_capital.model.common.checks import BreakEven
from patient_capital.model.overcapacity.welfare import break_even_home_share
from patient_capital.provenance.records import Context
from patient_capital.tables import Reader

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
        Takes the book, line and place on the horizontal axis, and other parameters of the model by name; returns the
        break-even on the vertical one.
    """

    name: str
    low: float
    high: float
    lines: tuple[str, ...]
    at: Callable[..., BreakEven]

    @property
    def places(self) -> list[float]:
        """Places on the horizontal axis."""
        return [float(x) for x in np.linspace(self.low, self.high, POINTS)]


def _skill_by_flow(ctx: Context, line: str, elasticity: float, **changes: float) -> BreakEven:
    return skill_break_even(ctx, line, "bond", elasticity=elasticity, **changes)


def _flow_by_rate(ctx: Context, line: str, rate: float, **changes: float) -> BreakEven:
    return flow_break_even(ctx, line, "bond", discount_rate=rate, **changes)


def _soft_by_sale(ctx: Context, line: str, sale: float, **changes: float) -> BreakEven:
    return soft_budget_break_even(ctx, line, "bond", forced_sale=sale, **changes)


def _home_by_weight(
    ctx: Context, line: str, weight: float, *, entry_cost: float | None = None, regions: int | None = None
) -> BreakEven:
    cost = parameter(ctx, "oc_F") if entry_cost is None else entry_cost
    many = int(parameter(ctx, line)) if regions is None else regions
    return break_even_home_share(weight, market_size=1.0, slope=1.0, entry_cost=cost, many=many)


MAPS = {
    one.name: one
    for one in (
        Map("skill_by_flow", 0.0, 0.5, (PATIENT, NATIONAL), _skill_by_flow),
        Map("flow_by_rate", 0.0, 0.06, (PATIENT,), _flow_by_rate),
        Map("soft_by_sale", 0.2, 1.0, (PATIENT, NATIONAL), _soft_by_sale),
        Map("home_by_weight", 0.0, 0.2, ("oc_regions",), _home_by_weight),
    )
}


def map_point(task: tuple[str, str, float]) -> BreakEven:
    """Return the break-even of one map, line and place; a module's own function, so that other processes can run it."""
    name, line, place = task
    return MAPS[name].at(open_book(), line, place)


def map_tasks() -> list[tuple[str, str, float]]:
    """Return every map, line and place, in order."""
    return [(one.name, line, place) for one in MAPS.values() for line in one.lines for place in one.places]


# --- What the figure draws -------------------------------------------------------------------------------

MAP_COLUMNS = ("map_id", "line", "place", "break_even", "side")
DIGITS = 4
"""Significant digits to which break-evens are stored."""


def map_lines(reader: Reader) -> pd.DataFrame:
    """Return the stored break-evens of all maps.

    Returns
    -------
    pandas.DataFrame
        `map_id`; `line`, the regime; `place` on the horizontal axis and `break_even` on the vertical one, as
        shares, elasticities, correlations or weights; `side`, which way is better everywhere where there is no
        break-even.
    """
    return reader.frame("model_maps", *MAP_COLUMNS)


def recomputed(ctx: Context, lines: pd.DataFrame, map_id: str, **changes: float) -> pd.DataFrame:
    """Return :func:`map_lines` with those of one map computed anew, to the digits to which they are stored.

    Parameters
    ----------
    map_id : str
        ``flow_by_rate``, ``soft_by_sale`` and ``home_by_weight`` take less than a second, ``skill_by_flow`` three;
        ``KeyError`` if there is no such map.
    changes : float
        Other parameters than the book's: `entry_cost` and `regions` of ``home_by_weight``, else those of the
        scenario, as `forced_sale` or `fee_rate`.
    """
    if map_id not in MAPS:
        raise KeyError(f"there is no map {map_id!r}; maps are: {', '.join(MAPS)}")
    anew = lines.copy()
    for row in anew.loc[anew["map_id"].eq(map_id)].itertuples():
        found = MAPS[map_id].at(ctx, row.line, row.place, **changes)
        anew.loc[row.Index, "break_even"] = np.nan if found.at is None else float(f"{found.at:.{DIGITS}g}")
        anew.loc[row.Index, "side"] = found.side
    return anew


def _parameter_mark(ctx: Context, name: str) -> tuple[float, float]:
    return (parameter(ctx, name),) * 2


def map_marks(ctx: Context) -> pd.DataFrame:
    """Return where evidence lies on the maps.

    Returns
    -------
    pandas.DataFrame
        `map_id`; `axis`, ``x`` or ``y``; `kind`, a ``band``, a ``rate``, a ``level`` or what was ``reported`` and is
        told in the note alone; `label`; `low` and `high`, equal but for bands, in the units of the axis as
        :func:`map_lines` has them.
    """
    thinning = implied_band(ctx)
    sales = (parameter(ctx, "fm_secondary_world", "low"), parameter(ctx, "fm_secondary_world", "high"))
    rows = {
        "thinning_skill": ("skill_by_flow", "x", "band", "screening alone", *thinning),
        "thinning_flow": ("flow_by_rate", "y", "band", "screening alone", *thinning),
        "coupon": ("flow_by_rate", "x", "rate", "treasury", *_parameter_mark(ctx, "fm_bond_coupon")),
        "official": ("flow_by_rate", "x", "rate", "official", *_parameter_mark(ctx, "fm_public_rate")),
        "sale_world": ("soft_by_sale", "x", "band", "stakes sold in 2023, world", *sales),
        "sale_china": ("soft_by_sale", "x", "reported", "China", *_parameter_mark(ctx, "fm_secondary_cn")),
    }
    homes = home_shares(ctx)["home_share_pct"] / 100
    rows |= {name: ("home_by_weight", "y", "level", name, share, share) for name, share in homes.items()}
    columns = ["map_id", "axis", "kind", "label", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("mark")
