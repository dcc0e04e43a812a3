"""Results of block D: how many firms enter, who gains, and what turns many regions from a harm into a help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from patient_capital.analysis.model.doubt import FEW
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.spans import point_of_draws, span_of_draws
from patient_capital.formatting import Range, digits, spelled
from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, Floats, point_of
from patient_capital.model.overcapacity.capacity import (
    entry_rise,
    subsidy_for_utilisation,
    utilisation,
    utilisation_of_entry_rise,
)
from patient_capital.model.overcapacity.cournot import free_entry_firms, implied_entry_subsidy, optimal_firms
from patient_capital.model.overcapacity.learning import learning_path
from patient_capital.model.overcapacity.learning_welfare import break_even_home_share_with_learning, discounted_welfare
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.subsidy_return import return_per_subsidy
from patient_capital.model.overcapacity.welfare import break_even_home_share, home_welfare, relative_welfare
from patient_capital.provenance.records import Context, split_cell
from patient_capital.provenance.registry import claim, result

# Only the entry cost over the market counts, b F / A squared: market and slope are set to one throughout.
WEIGHTS = (0.0, 0.05, 0.08)
"""Weights on local output at which the switch is shown: none, the assumed one, and one near the end of its reach."""


def _by_weight(weights: Sequence[float]) -> dict[str, dict[str, float]]:
    """Return weights on local output as cases, named in percent."""
    return {f"{100 * weight:.0f}": {"weight": weight} for weight in weights}


@result(unit="pct", decimals=0, cases=_by_weight(WEIGHTS))
def home_switch(ctx: Context, *, weight: float) -> float:
    """Home share above which many regions beat one, at a weight of {weight:g} on local output.

    Home share of the consumer gain at which welfare with one region equals welfare with all; linear Cournot with the
    entry of the regional game.
    """
    found = break_even_home_share(
        weight, market_size=1.0, slope=1.0, entry_cost=parameter(ctx, "oc_F"), many=int(parameter(ctx, "oc_regions"))
    )
    return 100 * point_of(found, f"home share, weight {weight:g}")


@result(unit="index", decimals=2)
def weight_limit(ctx: Context) -> float:
    """Weight on local output above which one region is better at any home share.

    Weight at which the home share that makes both equal reaches the whole.

    Yuan per unit of output, over the size of the market.
    """

    def lead(weight: float) -> float:
        one, many = _welfare(ctx, weight)
        return many - one

    return point_of(first_sign_change(lead, 0.0, 0.2, steps=8), "weight on local output")


def _welfare(ctx: Context, weight: float) -> tuple[float, float]:
    """Return welfare over the best possible with one region and with all, percent, all gain at home."""
    cost = parameter(ctx, "oc_F")
    firms = np.asarray(symmetric_entry(1.0, 1.0, cost, weight, [1, int(parameter(ctx, "oc_regions"))]))
    one, many = 100 * np.asarray(relative_welfare(firms, 1.0, 1.0, 1.0, cost))
    return float(one), float(many)


def welfare_by_regions(ctx: Context, weights: Sequence[float] = (0.0, 0.05, 0.2)) -> pd.DataFrame:
    """Return the welfare of the country by the number of regions that found firms, all gain at home.

    Parameters
    ----------
    weights : sequence of float
        Weights on local output.

    Returns
    -------
    pandas.DataFrame
        Indexed by the number of regions in words: a column for each weight, percent of the best welfare that entry can
        give; `better_pct`, percent of joint draws of weight and entry cost in which all regions are better than so few.
    """
    cost, every = parameter(ctx, "oc_F"), int(parameter(ctx, "oc_regions"))
    rows = {}
    for regions in (*FEW, every):
        firms = [symmetric_entry(1.0, 1.0, cost, weight, regions) for weight in weights]
        welfare = 100 * np.asarray(relative_welfare(np.asarray(firms, dtype=float), 1.0, 1.0, 1.0, cost))
        share = point_of_draws(ctx, f"many_over_{regions}", "above") if regions in FEW else np.nan
        rows[spelled(regions)] = [*welfare, share]
    rows["the best number of firms"] = [100.0] * len(weights) + [0.0]
    columns = [*(f"weight {digits(weight)}" for weight in weights), "better_pct"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("regions")


# --- Where evidence places industries --------------------------------------------------------------------

SOLAR = ("solar_ev_parallel[pv_module_production_gw_2024].value", "solar_ev_parallel[pv_module_exports_gw_2024].value")
CARS = ("solar_ev_parallel[nev_sales_caam_2025].value", "solar_ev_parallel[nev_exports_2025].value")
ROBOTS = (
    "ai_overcapacity[robot_revenue_2024].value",
    "ai_overcapacity[robot_exports_2024].value",
    "fx[usdcny_2024].cny_per_usd",
)


INDUSTRIES: dict[str, dict[str, Any]] = {
    "solar": {
        "label": "solar modules",
        "words": "Solar modules of 2024 that stayed in China",
        "cells": SOLAR,
        "formula": "1 - exports / output, both direct current",
    },
    "cars": {
        "label": "electric cars",
        "words": "New-energy vehicles of 2025 sold at home",
        "cells": CARS,
        "formula": "1 - exports / sales of Chinese makers",
    },
    "robots": {
        "label": "robots",
        "words": "Revenue of the robot industry of 2024 earned at home",
        "cells": ROBOTS,
        "formula": "1 - exports in yuan / revenue; scopes may differ",
    },
}
"""Industries: name, what stays at home, the cells of made, sold abroad and a rate if needed, and the formula."""


def _made_and_abroad(ctx: Context, cells: tuple[str, ...]) -> tuple[float, float]:
    """Return what is made and what of it goes abroad, in one unit, from their cells and that of a rate if any."""
    made, abroad, *rate = (ctx.number(*split_cell(cell)) for cell in cells)
    return made, abroad * (rate[0] if rate else 1)


@result(unit="pct", decimals=0, cases=INDUSTRIES)
def home(ctx: Context, *, cells: tuple[str, ...]) -> float:
    """{words}.

    {formula}.
    """
    made, abroad = _made_and_abroad(ctx, cells)
    return 100 * (1 - abroad / made)


def industries(ctx: Context) -> pd.DataFrame:
    """Return what industries make and what of it goes abroad: `label`, `made` and `abroad`.

    Both are in one unit within a row: gigawatts of modules, cars, or billion yuan of revenue.
    """
    rows = {name: (one["label"], *_made_and_abroad(ctx, one["cells"])) for name, one in INDUSTRIES.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["label", "made", "abroad"]).rename_axis("industry")


def with_home_share(made: pd.DataFrame) -> pd.DataFrame:
    """Add `home_share_pct`, percent of what is made that stays at home, to a frame with `made` and `abroad`."""
    return made.assign(home_share_pct=100 * (1 - made["abroad"] / made["made"]))


def home_shares(ctx: Context) -> pd.DataFrame:
    """Return industries with the share that stays at home: :func:`industries` and `home_share_pct`, percent."""
    return with_home_share(industries(ctx))


@claim()
def solar_below_switch(ctx: Context) -> bool:
    """Solar lies below the switch, robots above it.

    The home share of solar is below the break-even without a weight on output, that of robots above the one with the
    assumed weight.
    """
    below = ctx.value("model.home_solar") < ctx.value("model.home_switch_0")
    return bool(below and ctx.value("model.home_robots") > ctx.value("model.home_switch_5"))


@dataclass(frozen=True, slots=True)
class Learning:
    """How costs fall with experience.

    Attributes
    ----------
    rate : float
        Fall of the unit cost with each doubling of experience, a share.
    spillover : float
        Share of what a firm learns that all others learn too.
    unit_cost : float
        Unit cost at the start over the size of the market.
    experience : float
        Experience at the start, in periods of full output.
    years : int
        Years over which welfare is added up.
    discount_rate : float
        A year, a share.
    """

    rate: float
    spillover: float
    unit_cost: float
    experience: float
    years: int
    discount_rate: float


def learning(ctx: Context, rate: float | None = None, spillover: float = 1.0) -> Learning:
    """Return learning at a rate, by default that of solar modules, where all share some of what one learns."""
    return Learning(
        rate=parameter(ctx, "oc_lr_solar") if rate is None else rate,
        spillover=spillover,
        unit_cost=parameter(ctx, "oc_cost"),
        experience=parameter(ctx, "oc_experience"),
        years=int(parameter(ctx, "oc_periods")),
        discount_rate=parameter(ctx, "fm_public_rate"),
    )


def welfare_of_paths(firms: Floats, home_shares: Floats, entry_cost: float, learns: Learning) -> Floats:
    """Return welfare over the years with learning over the best without, shape (firms, home shares)."""
    path = learning_path(
        firms,
        learns.years,
        choke_price=1 + learns.unit_cost,
        slope=1.0,
        initial_cost=learns.unit_cost,
        initial_experience=learns.experience,
        learning_rate=learns.rate,
        spillover=learns.spillover,
        discount_rate=learns.discount_rate,
    )
    best = float(home_welfare(optimal_firms(1.0, 1.0, entry_cost), 1.0, 1.0, 1.0, entry_cost))
    years = float(np.sum((1 + learns.discount_rate) ** -np.arange(learns.years)))
    lines = [np.asarray(discounted_welfare(path, share, entry_cost)) / (best * years) for share in home_shares]
    return np.stack(lines, axis=1)


def break_even_of_paths(weight: float, entry_cost: float, regions: int, learns: Learning) -> BreakEven:
    """Return the home share above which many regions beat one at a weight on local output, with learning."""
    found: BreakEven = break_even_home_share_with_learning(
        weight,
        choke_price=1 + learns.unit_cost,
        slope=1.0,
        entry_cost=entry_cost,
        initial_cost=learns.unit_cost,
        initial_experience=learns.experience,
        learning_rate=learns.rate,
        spillover=learns.spillover,
        discount_rate=learns.discount_rate,
        periods=learns.years,
        many=regions,
    )
    return found


def welfare_by_home_share(
    entry_cost: float,
    regions: int,
    weights: Iterable[float] = WEIGHTS,
    learning: Learning | None = None,
    points: int = 41,
) -> pd.DataFrame:
    """Return the welfare of the country by home share, for one region and for many, at each weight on local output.

    Parameters
    ----------
    entry_cost : float
        Entry cost of one firm over the size of the market.
    learning : Learning, optional
        Costs fall with experience if it is given; welfare is then a present value, over the best without learning.

    Returns
    -------
    pandas.DataFrame
        `home_share_pct`, `weight`, `one_pct`, `many_pct`: percent of the consumer gain that stays at home, and
        welfare in percent of the most that entry can give with all gain at home.
    """
    shares = np.linspace(0, 1, points)
    frames = []
    for weight in weights:
        firms = np.asarray(symmetric_entry(1.0, 1.0, entry_cost, weight, [1, regions]))
        if learning is None:
            one, many = (np.asarray(relative_welfare(n, shares, 1.0, 1.0, entry_cost)) for n in firms)
        else:
            one, many = welfare_of_paths(firms, shares, entry_cost, learning)
        columns = {"home_share_pct": 100 * shares, "weight": weight, "one_pct": 100 * one, "many_pct": 100 * many}
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def with_break_even(lines: pd.DataFrame) -> pd.DataFrame:
    """Add `switch_pct` to :func:`welfare_by_home_share`: the home share from which many regions equal one.

    It is read between the points, where lines are straight, and missing where none does.
    """
    found = {}
    for weight, line in lines.sort_values("home_share_pct", kind="stable").groupby("weight"):
        share = line["home_share_pct"].to_numpy(dtype=float)
        lead = (line["many_pct"] - line["one_pct"]).to_numpy(dtype=float)
        turns = np.flatnonzero(np.signbit(lead[1:]) != np.signbit(lead[:-1]))
        if turns.size:
            at = slice(turns[0], turns[0] + 2)
            (x0, x1), (y0, y1) = share[at], lead[at]
            found[weight] = x0 - y0 * (x1 - x0) / (y1 - y0)
    return lines.assign(switch_pct=lines["weight"].map(found).astype(float))


def welfare_lines(ctx: Context, points: int = 41) -> pd.DataFrame:
    """Return :func:`welfare_by_home_share` at the chapter's parameters and weights, :func:`with_break_even`."""
    entry_cost, regions = parameter(ctx, "oc_F"), int(parameter(ctx, "oc_regions"))
    return with_break_even(welfare_by_home_share(entry_cost, regions, WEIGHTS, points=points))


# --- Learning --------------------------------------------------------------------------------------------


def learned_break_even(ctx: Context, spillover: float) -> BreakEven:
    """Return the home share above which many regions beat one when costs fall with experience."""
    learns, regions = learning(ctx, spillover=spillover), int(parameter(ctx, "oc_regions"))
    return break_even_of_paths(parameter(ctx, "oc_v"), parameter(ctx, "oc_F"), regions, learns)


@result(unit="pct", decimals=0)
def home_switch_learning(ctx: Context) -> float:
    """Home share above which many regions beat one, with learning at the rate of solar modules, all from all.

    Home share at which both have one welfare at the assumed weight on local output, in present values over the years of
    learning and with costs that fall with the experience of all.
    """
    return 100 * point_of(learned_break_even(ctx, 1.0), "home share with learning")


@result(unit="pct", decimals=0)
def home_switch_learning_span(ctx: Context) -> Range:
    """Home share above which many regions beat one, all learning from all, middle nine tenths of draws.

    Home share at which welfare is equal, 5 to 95 percent point over joint draws of weight, entry cost, learning rate,
    unit cost and experience, of those that have one.
    """
    return span_of_draws(ctx, "home_learning")


@claim()
def learning_alone(ctx: Context) -> bool:
    """Where firms learn from themselves alone, one region is better at any home share.

    At central parameters and with learning from own output only, no home share makes many regions better than one.
    """
    return learned_break_even(ctx, 0.0).side == "loss"


# --- Capacity: an identity, not a test -------------------------------------------------------------------


@result(unit="pct", decimals=0)
def ship_utilisation(ctx: Context) -> float:
    """Use of plants that the rise of entry in shipbuilding implies.

    (1/u - 1)(1 + 1/n0) = rise of entry, solved for u with n0 of free entry.

    Percent of planned output a firm.
    """
    planned = float(free_entry_firms(1.0, 1.0, parameter(ctx, "oc_F")))
    return 100 * float(utilisation_of_entry_rise(parameter(ctx, "oc_ship_entryrise"), planned))


@result(unit="pct", decimals=0)
def ship_rise(ctx: Context) -> float:
    """Rise of entry in shipbuilding due to policy.

    Rise over entry without policy.
    """
    return 100 * parameter(ctx, "oc_ship_entryrise")


@result(unit="pct", decimals=0)
def entry_at_half_use(ctx: Context) -> float:
    """Rise of entry that the use of solar plants implies.

    (1/u - 1)(1 + 1/n0) at the use u of solar plants, whatever moved entry.
    """
    planned = float(free_entry_firms(1.0, 1.0, parameter(ctx, "oc_F")))
    return 100 * float(entry_rise(parameter(ctx, "oc_util_solar"), planned))


@result(
    unit="pct",
    decimals=0,
    cases={
        "full": {"words": "against full use", "parameters": ("oc_util_solar",)},
        "normal": {"words": "against normal use", "parameters": ("oc_util_solar", "oc_normal_use")},
    },
)
def subsidy(ctx: Context, *, parameters: tuple[str, ...]) -> float:
    """Share of entry cost paid by the state that the use of solar plants implies, {words}.

    1 - (utilisation / normal utilisation) squared, linear Cournot with free entry.
    """
    used, *normal = (parameter(ctx, name) for name in parameters)
    return 100 * float(subsidy_for_utilisation(used, *normal))


@result(unit="pct", decimals=0)
def game_utilisation(ctx: Context) -> float:
    """Use of plants in the regional game at the assumed weight.

    (n0 + 1)/(n + 1), n0 of free entry, n of the regional game.
    """
    cost = parameter(ctx, "oc_F")
    firms = symmetric_entry(1.0, 1.0, cost, parameter(ctx, "oc_v"), int(parameter(ctx, "oc_regions")))
    return 100 * float(utilisation(free_entry_firms(1.0, 1.0, cost), firms))


def subsidy_return(entry_cost: float, weight: float, regions: int, home_share: float) -> float:
    """Return what a yuan of entry subsidy brings back in the regional game at its implied subsidy share."""
    firms = float(symmetric_entry(1.0, 1.0, entry_cost, weight, regions))
    implied = float(implied_entry_subsidy(firms, 1.0, 1.0, entry_cost))
    return float(return_per_subsidy(implied, home_share, 1.0, 1.0, entry_cost))
