"""What the explorers show: curves and break-evens at every setting of a few controls whose values the tables give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.optimize.elementwise import find_root

from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.overcapacity import break_even_of_paths, learning, welfare_of_paths
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, PRIVATE, RATES, regime, scenario
from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import Floats
from patient_capital.model.fund.fund_performance import value_per_yuan_paid
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.regimes.evaluation import regime_flows
from patient_capital.model.selection.sector_targeting import picking_gain
from patient_capital.provenance.records import Context

SKILLS = tuple(round(-0.4 + 0.1 * step, 1) for step in range(14))
"""Picking skills at which curves are computed: from worse than blind to nearly perfect."""
HOME_SHARES = tuple(float(share) for share in range(0, 101, 5))
"""Home shares at which curves are computed, percent."""
STATE_SHARES = (PRIVATE, PATIENT, NATIONAL)
"""Regimes whose share of the state the patient fund can take."""
COPYING = {"AI": "oc_dup_ai", "quantum technology": "oc_dup_quantum", "chips": "oc_chip_prov"}
"""Industries by the parameter that counts the provinces whose report names them."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Curves over an axis, and where they cross, at each setting of some controls.

    Attributes
    ----------
    settings : dict of tuple of float
        The values of each control by its name, rising, in units of the page.
    opens : dict of float
        The value of each control at which the page opens.
    axis : tuple of float
        Points of the horizontal axis, rising.
    curves : ndarray, shape (*settings, curves, axis)
    break_even : ndarray, shape (*settings,)
        In units of the axis; NaN where nothing crosses on it.
    """

    settings: Mapping[str, tuple[float, ...]]
    opens: Mapping[str, float]
    axis: tuple[float, ...]
    curves: Floats
    break_even: Floats


def tabulate(
    settings: Mapping[str, Sequence[float]], compute: Callable[..., tuple[Floats, float | None]]
) -> tuple[Floats, Floats]:
    """Compute curves and break-evens at every setting of some controls, as :class:`Grid` holds them.

    `compute` gets the value of each control by its name and returns the curves, shape (curves, axis), and the
    break-even in units of the axis, None where there is none on it.
    """
    shape = tuple(map(len, settings.values()))
    curves: list[Floats] = []
    break_even = np.full(shape, np.nan)
    for place in np.ndindex(shape):
        setting = {name: values[i] for (name, values), i in zip(settings.items(), place, strict=True)}
        drawn, at = compute(**setting)
        curves.append(np.asarray(drawn, dtype=float))
        break_even[place] = np.nan if at is None else at
    return np.stack(curves).reshape(*shape, *curves[0].shape), break_even


def _units(shares: Sequence[float], scale: float) -> tuple[float, ...]:
    """Return different values in units of the page, rising; without the last bits that a scale leaves."""
    return tuple(sorted({float(f"{scale * share:.12g}") for share in shares}))


def _span(ctx: Context, name: str, scale: float = 1.0, *, finer: bool = False) -> tuple[float, ...]:
    """Return low, central and high value of a parameter, and the middles between these if it is to be finer."""
    low, central, high = (parameter(ctx, name, end) for end in ("low", "value", "high"))
    middles = ((low + central) / 2, (central + high) / 2) if finer else ()
    return _units((low, central, high, *middles), scale)


def _opens(ctx: Context, name: str, scale: float = 1.0) -> float:
    return _units((parameter(ctx, name),), scale)[0]


def skill(ctx: Context) -> Grid:
    """Return the worth of a patient and of a directed fund by picking skill, percent of the money paid in.

    Returns
    -------
    Grid
        Curves of the patient and of the directed fund; the break-even is the skill above which the directed fund is
        worth more. Controls: `thinning` of deals as money enters, an elasticity; discount `rate`, percent a year; what
        a forced `sale` fetches, percent of value; `soft`, losers refinanced, percent; share of the `state` in the
        patient fund, percent.
    """
    base, patient, directed = scenario(ctx), regime(ctx, PATIENT), regime(ctx, DIRECTED)
    gains = np.array([picking_gain(base.sectors, directed.sectors_picked, c, base.sector_sd) for c in SKILLS])
    coupon, official = (parameter(ctx, RATES[rate]) for rate in ("bond", "public"))
    settings = {
        "thinning": _span(ctx, "sel_flow_eps", finer=True),
        # The rate between the two is rounded: it is no rate that anyone pays.
        "rate": _units((coupon, round((coupon + official) / 2, 3), official), 100),
        "sale": _span(ctx, "fm_forced_sale", 100),
        "soft": _span(ctx, "fm_soft_budget", 100),
        "state": _units([ctx.number("regimes", row, "state_share") for row in STATE_SHARES], 100),
    }
    rates, states = settings["rate"], settings["state"]

    @cache
    def group(thinning: float, sale: float, soft: float) -> tuple[Floats, Floats, Floats]:
        """Return what patient funds are worth, directed funds, and the payoff that makes both equal.

        Shapes are (rates, states), (rates, skills) and (rates, states): one flow of a fund serves all rates.
        """
        at = replace(base, elasticity=thinning, forced_sale=sale / 100, soft_budget=soft / 100, pick_correlation=0.0)
        discount = np.array(rates)[:, None] / 100
        funds = [regime_flows(replace(patient, state_share=state / 100), at) for state in states]
        rivals = np.stack([np.asarray(value_per_yuan_paid(flows, discount[:, 0])) for flows in funds], axis=1)
        payoffs = np.broadcast_to(gains, (len(rates), gains.size))
        curves = np.asarray(value_per_yuan_paid(regime_flows(directed, at, payoffs), discount))

        def lead(payoff: Floats, rate: Floats, rival: Floats) -> Floats:
            return np.asarray(value_per_yuan_paid(regime_flows(directed, at, payoff), rate)) - rival

        ends = np.full(rivals.shape, gains[0]), np.full(rivals.shape, gains[-1])
        needed = find_root(lead, ends, args=(np.broadcast_to(discount, rivals.shape), rivals))
        return 100 * rivals, 100 * curves, np.where(needed.success, needed.x, np.nan)

    def compute(thinning: float, rate: float, sale: float, soft: float, state: float) -> tuple[Floats, float | None]:
        rivals, curves, payoffs = group(thinning, sale, soft)
        row, column = rates.index(rate), states.index(state)
        rival, curve, payoff = float(rivals[row, column]), curves[row], float(payoffs[row, column])
        lines = np.stack([np.full(len(SKILLS), rival), curve])
        if not curve[0] < rival < curve[-1]:
            return lines, None

        def short_of(skill: float) -> float:
            return payoff - picking_gain(base.sectors, directed.sectors_picked, skill, base.sector_sd)

        return lines, first_sign_change(short_of, SKILLS[0], SKILLS[-1]).at

    opens = {
        "thinning": _opens(ctx, "sel_flow_eps"),
        "rate": _opens(ctx, RATES["bond"], 100),
        "sale": _opens(ctx, "fm_forced_sale", 100),
        "soft": _opens(ctx, "fm_soft_budget", 100),
        "state": _units((patient.state_share,), 100)[0],
    }
    return Grid(settings, opens, SKILLS, *tabulate(settings, compute))


def home(ctx: Context) -> Grid:
    """Return welfare with many regions and with one by home share, with learning, percent of the best without learning.

    Returns
    -------
    Grid
        Curves of many regions and of one; the break-even is the home share, in percent, at which both are equal.
        Controls: `weight` that leaders put on local output; number of `regions`; `learning`, fall of cost with each
        doubling of experience, percent; `spillover`, share of learning that all have, percent.
    """
    entry, base = parameter(ctx, "oc_F"), learning(ctx)
    counts = {name: parameter(ctx, row) for name, row in COPYING.items()}
    solar, solar_high = (parameter(ctx, "oc_lr_solar", end) for end in ("value", "high"))
    settings = {
        "weight": _span(ctx, "oc_v", finer=True),
        "regions": _units(list(counts.values()), 1),
        "learning": _units((0.0, parameter(ctx, "oc_lr_battery", "low"), solar, solar_high), 100),
        "spillover": _units((0.0, *_span(ctx, "oc_spill", 100)), 1),
    }
    shares = np.array(HOME_SHARES) / 100

    def compute(weight: float, regions: float, learning: float, spillover: float) -> tuple[Floats, float | None]:
        learns, many = replace(base, rate=learning / 100, spillover=spillover / 100), int(regions)
        firms = np.asarray(symmetric_entry(1.0, 1.0, entry, weight, [many, 1]))
        found = break_even_of_paths(weight, entry, many, learns)
        curves = 100 * welfare_of_paths(firms, shares, entry, learns)
        return curves, None if found.at is None else 100 * found.at

    opens = {
        "weight": _opens(ctx, "oc_v"),
        "regions": counts["AI"],
        "learning": 0.0,
        "spillover": _opens(ctx, "oc_spill", 100),
    }
    return Grid(settings, opens, HOME_SHARES, *tabulate(settings, compute))
