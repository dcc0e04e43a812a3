"""What the explorers show: curves and break-evens at every setting of a few controls whose values the tables give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.polynomial import chebyshev
from scipy.optimize.elementwise import find_root

from patient_capital import open_book
from patient_capital.analysis.model.doubt import (
    OF_FUNDS,
    PER_BLOCK,
    RISK,
    STREAM,
    Drawn,
    drawn_at,
    drawn_block,
    over_spans,
    plain_fund_at,
    uncertain_inputs,
)
from patient_capital.analysis.model.fund import LONG, SHORT, USUAL
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.overcapacity import Learning, learning
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, PRIVATE, RATES, SEED, regime
from patient_capital.model._numerics.random_streams import block_generator
from patient_capital.model.common.checks import Floats
from patient_capital.model.overcapacity.cournot import optimal_firms
from patient_capital.model.overcapacity.learning import learning_path
from patient_capital.model.overcapacity.learning_welfare import discounted_welfare
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.welfare import home_welfare
from patient_capital.model.regimes.evaluation import Regime
from patient_capital.model.regimes.scenario_draws import evaluate_draws, values_of_draws
from patient_capital.provenance.records import Context
from patient_capital.tables import Reader

SKILLS = tuple(round(-0.4 + 0.2 * step, 1) for step in range(7))
"""Picking skills at which curves are shown: from worse than blind to nearly perfect."""
NODES = 5
"""Skills at which funds are evaluated; between them worth is a polynomial, right to a hundredth of a point."""
HOME_SHARES = tuple(float(share) for share in range(0, 101, 5))
"""Home shares at which curves are shown, percent."""
FUNDS = (NATIONAL, PATIENT)
"""Funds that wait, in the order of the control."""
RATE_STEPS, REGION_STEPS = 3, 4
FEWEST_STEPS, MOST_STEPS = 4, 8
"""Steps of a control between the ends of a span."""
COPYING = {"AI": "oc_dup_ai", "quantum technology": "oc_dup_quantum", "chips": "oc_chip_prov"}
"""Industries by the parameter that counts the provinces whose report names them."""
OF_LEARNING = ("oc_F", "oc_cost", "oc_experience")
"""Doubts about many regions that no control sets."""
YEARS = tuple(range(SHORT, LONG + 1))
"""Years after which a fund that waits must sell."""
ENDS = (0.05, 0.5, 0.95)


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
    spans : ndarray, shape (*settings, 3)
        Of the stored joint draws: 5 and 95 percent point of the break-even, minus infinity where it lies below the axis
        or the second curve is above everywhere and infinity on the other side; and the percent of draws without one.
    """

    settings: Mapping[str, tuple[float, ...]]
    opens: Mapping[str, float]
    axis: tuple[float, ...]
    curves: Floats
    break_even: Floats
    spans: Floats


def _tidy(value: float) -> float:
    """Return a value without the last bits that a scale or a step leaves."""
    return float(f"{value:.12g}")


def even_steps(low: float, central: float, high: float) -> tuple[float, ...]:
    """Return values in equal steps over a span, its central one among them.

    The fewest steps from four to eight that meet both ends and the centre; where none does, fifths of the span to both
    sides of the centre, which then leave out an end.
    """
    for steps in range(FEWEST_STEPS, MOST_STEPS + 1):
        place = (central - low) / (high - low) * steps
        if abs(place - round(place)) < 1e-9:
            return tuple(_tidy(low + (high - low) * step / steps) for step in range(steps + 1))
    step = (high - low) / (FEWEST_STEPS + 1)
    below, above = int((central - low) / step), int((high - central) / step)
    return tuple(_tidy(central + step * place) for place in range(-below, above + 1))


def _span(ctx: Context, name: str, scale: float = 1.0, low: float | None = None) -> tuple[float, ...]:
    """Return the span of a parameter in even steps, in units of the page."""
    ends = [scale * parameter(ctx, name, end) for end in ("low", "value", "high")]
    return even_steps(ends[0] if low is None else low, *ends[1:])


def _opens(ctx: Context, name: str, scale: float = 1.0) -> float:
    return _tidy(scale * parameter(ctx, name))


def every_setting(settings: Mapping[str, Sequence[float]]) -> dict[str, Floats]:
    """Return the value of each control at every setting, an array for each, the last control running fastest."""
    mesh = np.meshgrid(*settings.values(), indexing="ij")
    return dict(zip(settings, (part.ravel() for part in mesh), strict=True))


def row_of(name: str, setting: Mapping[str, float]) -> str:
    """Return the id of the stored row of one setting of an explorer."""
    return "_".join([name, *(f"{control}{value:.12g}" for control, value in setting.items())])


def stored_spans(reader: Reader, name: str, settings: Mapping[str, Sequence[float]]) -> Floats:
    """Return the stored spans of an explorer at every setting, as :class:`Grid` holds them; NaN where none is stored."""
    columns = ("explorer", "low", "high", "below_pct", "above_pct")
    rows = reader.frame("model_explorers", *columns, keep=lambda f: f["explorer"].eq(name))
    at = every_setting(settings)
    keys = [row_of(name, dict(zip(at, point, strict=True))) for point in zip(*at.values(), strict=True)]
    found = rows.reindex(keys)
    ends, off = (found[list(pair)].to_numpy(dtype=float) for pair in (("low", "high"), ("below_pct", "above_pct")))
    there = ~np.isnan(off).any(axis=1, keepdims=True)
    # An end that does not exist is an empty cell; it lies on the side of the draws without a break-even.
    beyond = np.where(off[:, :1] > off[:, 1:], -np.inf, np.inf)
    beyond = np.where(off >= 100 * np.array([ENDS[0], 1 - ENDS[2]]), [-np.inf, np.inf], beyond)
    ends = np.where(np.isnan(ends) & there, beyond, ends)
    return np.concatenate([ends, off.sum(axis=1, keepdims=True)], axis=1).reshape(*map(len, settings.values()), 3)


def span_row(name: str, setting: Mapping[str, float], points: Floats) -> dict[str, float | str]:
    """Return what is stored of the break-evens of joint draws at one setting; infinite where there is none."""
    low, median, high = np.quantile(points, ENDS, method="inverted_cdf")
    below, above = (100 * float(np.mean(where)) for where in (np.isneginf(points), np.isposinf(points)))
    row = {"low": low, "median": median, "high": high, "below_pct": below, "above_pct": above}
    return {"row_id": row_of(name, setting), **row}


# --- Picking against waiting -------------------------------------------------------------------------------


def skill_settings(ctx: Context) -> dict[str, tuple[float, ...]]:
    """Return the controls of :func:`skill`."""
    coupon, official = (100 * parameter(ctx, RATES[rate]) for rate in ("bond", "public"))
    # The coupon to a whole percent, so that steps are even and nothing is more exact than it is.
    rates = np.linspace(round(coupon), official, RATE_STEPS + 1)
    return {
        "fund": tuple(float(place) for place in range(len(FUNDS))),
        "rate": tuple(map(_tidy, rates.tolist())),
        "thinning": _span(ctx, "sel_flow_eps"),
        "sale": _span(ctx, "fm_forced_sale", 100),
        "soft": _span(ctx, "fm_soft_budget", 100),
    }


def _by_skill(drawn: Drawn, name: str, rates: Sequence[float]) -> Floats:
    """Return the worth of a fund as a polynomial of picking skill, shape (NODES, rates, draws), percent.

    Skill moves a fund as far as it picks sectors; one that takes all of them needs none.
    """
    fund, at = drawn.regimes[name], drawn.scenarios
    nodes = chebyshev.chebpts1(NODES)
    skills = SKILLS[0] + (nodes + 1) / 2 * (SKILLS[-1] - SKILLS[0])
    picks = fund.sectors_picked < at.sectors
    worth = [
        100 * values_of_draws(fund, at, {**drawn.changes[name], "pick_correlation": skill}, rates)
        for skill in (skills if picks else skills[:1])
    ]
    flat = np.stack(worth).reshape(len(worth), -1)
    found = np.zeros((NODES, flat.shape[1]))
    found[: len(worth)] = chebyshev.chebfit(nodes, flat, NODES - 1) if picks else flat
    return found.reshape(NODES, *worth[0].shape)


def _on_axis(skills: Floats) -> Floats:
    return np.asarray(2 * (skills - SKILLS[0]) / (SKILLS[-1] - SKILLS[0]) - 1)


def _switches(lead: Floats) -> Floats:
    """Return the skill from which the directed fund is worth more; infinite where it never is, minus where it always is.

    Parameters
    ----------
    lead : ndarray, shape (NODES, n)
        Worth of the directed fund less that of the one that waits, as :func:`_by_skill` gives both.
    """
    low, high = (np.asarray(chebyshev.chebval(end, lead)) for end in (-1.0, 1.0))
    found = np.where(high > 0, -np.inf, np.inf)
    (crosses,) = np.nonzero((low < 0) & (high > 0))
    if crosses.size:

        def at(place: Floats, which: Floats) -> Floats:
            return np.asarray(chebyshev.chebval(place, lead[:, which.astype(int)], tensor=False), dtype=float)

        one = np.ones(crosses.size)
        root = find_root(at, (-one, one), args=(crosses.astype(float),)).x
        found[crosses] = SKILLS[0] + (root + 1) / 2 * (SKILLS[-1] - SKILLS[0])
    return found


def _compared(drawn: Drawn, rates: Sequence[float]) -> tuple[Floats, Floats, Floats]:
    """Return funds that wait by skill, shape (NODES, funds, rates, draws), the directed fund, and where they switch."""
    waits = np.stack([_by_skill(drawn, fund, rates) for fund in FUNDS], axis=1)
    picks = _by_skill(drawn, DIRECTED, rates)[:, None]
    return waits, picks, _switches((picks - waits).reshape(NODES, -1)).reshape(waits.shape[1:])


def _fixed(values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return parameters of the model from values of the controls."""
    return {
        "sel_flow_eps": values["thinning"],
        "fm_forced_sale": values["sale"] / 100,
        "fm_soft_budget": values["soft"] / 100,
    }


def _contenders(ctx: Context) -> tuple[Regime, ...]:
    return tuple(regime(ctx, name) for name in (*FUNDS, DIRECTED))


def skill(ctx: Context) -> Grid:
    """Return the worth of a fund that waits and of one that picks by picking skill, percent of the money paid in.

    Returns
    -------
    Grid
        Curves of the fund that waits, which picks sectors too if it is the national one, and of the directed fund; the
        break-even is the skill above which the directed fund is worth more. Controls: `fund` that waits, a place in
        ``FUNDS``; discount `rate`, percent a year; `thinning` of deals as money enters, an elasticity; what a forced
        `sale` fetches, percent of value; `soft`, losers refinanced, percent.
    """
    settings = skill_settings(ctx)
    moved = {name: settings[name] for name in ("thinning", "sale", "soft")}
    at = every_setting(moved)
    count = at["soft"].size
    rates = [rate / 100 for rate in settings["rate"]]
    waits, picks, switches = _compared(drawn_at(ctx, _fixed(at), count, _contenders(ctx)), rates)
    lines = [
        np.broadcast_to(chebyshev.chebval(_on_axis(np.array(SKILLS)), part), (*waits.shape[1:], len(SKILLS)))
        for part in (waits, picks)
    ]
    shape = (*map(len, settings.values()), 2, len(SKILLS))
    curves = np.asarray(np.stack(lines, axis=-2), dtype=float)
    even = np.where(np.isfinite(switches), switches, np.nan)
    opens = {
        "fund": 0.0,
        "rate": settings["rate"][0],
        "thinning": _opens(ctx, "sel_flow_eps"),
        "sale": _opens(ctx, "fm_forced_sale", 100),
        "soft": _opens(ctx, "fm_soft_budget", 100),
    }
    return Grid(
        settings, opens, SKILLS, curves.reshape(shape), even.reshape(shape[:-2]), stored_spans(ctx, "skill", settings)
    )


def skill_block(
    task: tuple[float, float], ctx: Context | None = None, count: int = PER_BLOCK
) -> list[dict[str, float | str]]:
    """Return the rows of :func:`skill` at one thinning and one sale: the same joint draws at every setting."""
    book = ctx or open_book()
    settings = skill_settings(book)
    thinning, sale = task
    inputs = uncertain_inputs(book, (*OF_FUNDS, *RISK))
    unit = block_generator(SEED, STREAM, 0).random((PER_BLOCK, len(inputs)))[:count]
    soft = np.repeat(settings["soft"], count)
    drawn = {name: np.tile(values, len(settings["soft"])) for name, values in over_spans(inputs, unit).items()}
    fixed = _fixed({"thinning": np.full(soft.size, thinning), "sale": np.full(soft.size, sale), "soft": soft})
    rates = [rate / 100 for rate in settings["rate"]]
    _, _, switches = _compared(drawn_at(book, drawn | fixed, soft.size, _contenders(book)), rates)
    by_setting = switches.reshape(len(FUNDS), len(rates), len(settings["soft"]), count)
    rows = []
    for fund, rate, place in np.ndindex(by_setting.shape[:-1]):
        setting = {
            "fund": float(fund), "rate": settings["rate"][rate], "thinning": thinning, "sale": sale,
            "soft": settings["soft"][place],
        }  # fmt: skip
        rows.append(span_row("skill", setting, by_setting[fund, rate, place]))
    return rows


# --- Many regions against one ------------------------------------------------------------------------------


def home_settings(ctx: Context) -> dict[str, tuple[float, ...]]:
    """Return the controls of :func:`home`."""
    fewest, most = (parameter(ctx, COPYING[industry]) for industry in ("chips", "AI"))
    fastest = 100 * parameter(ctx, "oc_lr_solar", "high")
    step = 100 * parameter(ctx, "oc_lr_solar") / FEWEST_STEPS
    return {
        "weight": _span(ctx, "oc_v"),
        "regions": tuple(float(round(count)) for count in np.linspace(fewest, most, REGION_STEPS + 1)),
        "learning": tuple(_tidy(step * place) for place in range(int(fastest / step + 1e-9) + 1)),
        "spillover": _span(ctx, "oc_spill", 100, low=0.0),
    }


def _welfare(at: Mapping[str, Floats], doubts: Mapping[str, Floats], base: Learning) -> Floats:
    """Return welfare of many regions and of one where no consumer gain stays at home and where all does.

    Parameters
    ----------
    at : dict of ndarray, shape (n,)
        Values of the controls of :func:`home`.
    doubts : dict of ndarray, shape (n,)
        Values of ``OF_LEARNING``.
    base : Learning
        What neither gives.

    Returns
    -------
    ndarray, shape (2 of regions, 2 of gain, n)
        Percent of the best without learning.
    """
    entry, cost, known = (doubts[name] for name in OF_LEARNING)
    counts = (at["regions"], np.ones_like(at["regions"]))
    firms = np.stack([np.asarray(symmetric_entry(1.0, 1.0, entry, at["weight"], count)) for count in counts])
    path = learning_path(
        firms,
        base.years,
        choke_price=1 + cost,
        slope=1.0,
        initial_cost=cost,
        initial_experience=known,
        learning_rate=at["learning"] / 100,
        spillover=at["spillover"] / 100,
        discount_rate=base.discount_rate,
    )
    best = np.asarray(home_welfare(optimal_firms(1.0, 1.0, entry), 1.0, 1.0, 1.0, entry))
    years = float(np.sum((1 + base.discount_rate) ** -np.arange(base.years)))
    ends = [np.asarray(discounted_welfare(path, share, entry)) for share in (0.0, 1.0)]
    return np.asarray(100 * np.stack(ends, axis=1) / (best * years))


def _home_switches(ends: Floats) -> Floats:
    """Return the home share at which many regions equal one, percent; infinite where many are better at none.

    Minus infinity where they are better at any. Welfare is linear in the home share.
    """
    none, whole = ends[0] - ends[1]
    crosses = np.signbit(none) != np.signbit(whole)
    share = 100 * none / np.where(crosses, none - whole, 1.0)
    return np.where(crosses, share, np.where(none < 0, np.inf, -np.inf))


def home(ctx: Context) -> Grid:
    """Return welfare with many regions and with one by home share, with learning, percent of the best without learning.

    Returns
    -------
    Grid
        Curves of many regions and of one; the break-even is the home share, in percent, at which both are equal.
        Controls: `weight` that leaders put on local output; number of `regions`; `learning`, fall of cost with each
        doubling of experience, percent; `spillover`, share of learning that all have, percent.
    """
    settings, base = home_settings(ctx), learning(ctx)
    at = every_setting(settings)
    ends = _welfare(at, {name: np.full(at["weight"].size, parameter(ctx, name)) for name in OF_LEARNING}, base)
    shares = np.array(HOME_SHARES) / 100
    lines = ends[:, 0, :, None] + (ends[:, 1] - ends[:, 0])[..., None] * shares
    switches = _home_switches(ends)
    shape = tuple(map(len, settings.values()))
    opens = {
        "weight": _opens(ctx, "oc_v"),
        "regions": parameter(ctx, COPYING["AI"]),
        "learning": 0.0,
        "spillover": _opens(ctx, "oc_spill", 100),
    }
    curves = np.moveaxis(lines, 0, 1).reshape(*shape, 2, len(HOME_SHARES))
    even = np.where(np.isfinite(switches), switches, np.nan).reshape(shape)
    return Grid(settings, opens, HOME_SHARES, curves, even, stored_spans(ctx, "home", settings))


def home_block(weight: float, ctx: Context | None = None, count: int = PER_BLOCK) -> list[dict[str, float | str]]:
    """Return the rows of :func:`home` at one weight: the same draws at every setting."""
    book = ctx or open_book()
    settings = home_settings(book) | {"weight": (weight,)}
    at, base = every_setting(settings), learning(book)
    inputs = uncertain_inputs(book, OF_LEARNING)
    unit = block_generator(SEED, STREAM + 2, 0).random((PER_BLOCK, len(inputs)))[:count]
    drawn = over_spans(inputs, unit)
    rows = []
    for point in zip(*at.values(), strict=True):
        setting = dict(zip(at, point, strict=True))
        one = {name: np.full(count, value) for name, value in setting.items()}
        rows.append(span_row("home", setting, _home_switches(_welfare(one, drawn, base))))
    return rows


# --- Waiting -----------------------------------------------------------------------------------------------


def wait_block(block: int, ctx: Context | None = None, count: int = PER_BLOCK) -> dict[str, Floats]:
    """Return at one block of joint draws what a private fund gives by the years that it may hold.

    Returns
    -------
    dict of ndarray, shape (draws,)
        By `rate`, net percent a year, `multiple`, net, and `gain` over the usual life, points a year, each with its
        years, as ``rate_12``.
    """
    book = ctx or open_book()
    drawn = drawn_block(book, block, count)
    found = {}
    for years in YEARS:
        here = evaluate_draws(plain_fund_at(drawn.regimes[PRIVATE], years), drawn.scenarios, ())
        found[f"rate_{years}"], found[f"multiple_{years}"] = 100 * here.internal_rate, here.net_multiple
    return found | {f"gain_{years}": found[f"rate_{years}"] - found[f"rate_{USUAL}"] for years in YEARS}


def wait_rows(blocks: Iterable[Mapping[str, Floats]]) -> list[dict[str, float | str]]:
    """Return what is stored of waiting, a row for each number of :func:`wait_block`."""
    parts = list(blocks)
    rows = []
    for name in parts[0]:
        low, median, high = np.quantile(np.concatenate([part[name] for part in parts]), ENDS)
        rows.append({"row_id": f"wait_{name}", "low": low, "median": median, "high": high})
    return rows


def waiting(reader: Reader) -> pd.DataFrame:
    """Return what a private fund gives by the years that it may hold, over the stored joint draws.

    Returns
    -------
    pandas.DataFrame
        Indexed by years: `rate`, net percent a year, `multiple`, net, and `gain` over the usual life, points a year,
        each with `_low`, `_median` and `_high`, the ends and the middle of nine tenths of draws.
    """
    rows = reader.frame("model_explorers", "explorer", "low", "median", "high", keep=lambda f: f["explorer"].eq("wait"))
    return pd.DataFrame(
        {
            f"{name}_{end}": [float(rows.at[f"wait_{name}_{years}", end]) for years in YEARS]
            for name in ("rate", "multiple", "gain")
            for end in ("low", "median", "high")
        },
        index=pd.Index(YEARS, name="years"),
    )
