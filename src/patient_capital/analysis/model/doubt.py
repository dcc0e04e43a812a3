"""What doubt about the parameters does: every number of the regimes at joint draws over all documented spans.

Parameters that were estimated together are drawn together: the tail index is that of its cap plus an error, growth
follows from time to exit and its reading. All others are drawn evenly over their spans in the table. A break-even that
does not exist at a draw is an outcome and is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import factorial

import numpy as np

from patient_capital import open_book
from patient_capital.analysis.model.fund import LONG, LONGER, SHORT, USUAL, growth_between
from patient_capital.analysis.model.inputs import FIELDS, LEAST_TAIL_INDEX, parameter, tail_indices
from patient_capital.analysis.model.regimes import (
    DIRECTED,
    NATIONAL,
    PATIENT,
    PRIVATE,
    REGIME_WORDS,
    REGIMES,
    SEED,
    flow_ratios,
    regime,
    yardstick,
)
from patient_capital.model._numerics.random_streams import block_generator
from patient_capital.model.common.checks import Floats
from patient_capital.model.credit.credit_access import auc_for_access
from patient_capital.model.credit.lending import break_even_default, guaranteed_recovery
from patient_capital.model.credit.screening import access
from patient_capital.model.fund.fund_terms import delay_from_idle_share
from patient_capital.model.fund.holding_period import growth_from_share_left, share_left
from patient_capital.model.fund.winner_calibration import winner_mean, winner_starts
from patient_capital.model.overcapacity.learning_welfare import break_even_home_share_with_learning
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.welfare import relative_welfare
from patient_capital.model.regimes.evaluation import Regime
from patient_capital.model.regimes.scenario_draws import (
    DRAWN,
    RegimeChanges,
    ScenarioDraws,
    evaluate_draws,
    sign_changes,
    values_of_draws,
)
from patient_capital.model.returns.pareto import pareto_mean
from patient_capital.model.selection.pool_of_proposals import implied_flow_elasticity
from patient_capital.model.selection.star_visibility import break_even_visibility
from patient_capital.provenance.records import Context


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """One independent source of uncertainty: a parameter, or the error of an estimate.

    Attributes
    ----------
    name : str
        Id of the parameter, or ``tail_error``.
    words : str
        What a reader calls it.
    low, high : float
        Span.
    log : bool
        Whether the span is even in logs.
    assumed : bool
        Whether its size has no source.
    """

    name: str
    words: str
    low: float
    high: float
    log: bool
    assumed: bool


WORDS = {
    "tail_error": "tail index given the cap",
    "vr_cap": "cap of the tail",
    "vr_share_ge5": "share of large successes",
    "vr_loss_share": "share of losses",
    "vr_low_mean": "what losers return",
    "vr_mid_mean": "mean of the middle class",
    "vr_fail_hazard": "how fast losers fail",
    "vr_time_to_exit": "time to exit",
    "vr_exit_reading": "how time to exit is read",
    "vr_shock_sd": "common shock",
    "vr_years_per_exit_year": "years that exits spread over",
    "fm_fee": "fees",
    "fm_upper_fee": "fee of the layer above",
    "fm_upper_carry": "carry of the layer above",
    "fm_forced_sale": "what a forced sale fetches",
    "fm_soft_budget": "losers refinanced",
    "fm_idle_share": "idle money",
    "fm_early_share_cn": "early-stage money today",
    "sel_copula_corr": "screeners' signal",
    "sel_budget": "share of proposals funded",
    "sel_layers_judge": "deals that layers judge",
    "sel_scale_share": "value in large tickets",
    "sel_coordination": "gain from one chain",
    "sel_top_decline": "refusal by the best",
    "sel_flow_eps": "thinning of deals",
    "sel_pick_corr": "picking skill",
    "sel_sector_sd": "spread of sectors",
    "oc_v": "weight on local output",
    "oc_F": "entry cost",
    "oc_home": "gain at home",
}
"""What is drawn, with the name a reader gives it."""
OF_FUNDS = tuple(name for name in WORDS if not name.startswith("oc_"))
"""Doubts about funds, all drawn together."""
RISK = ("fm_venture_beta", "fm_equity_premium")
"""Drawn beside them, for the rate that prices risk."""
OF_REGIONS = ("oc_v", "oc_F", "oc_home")
OF_LEARNING = ("oc_v", "oc_F", "oc_lr_solar", "oc_cost", "oc_experience")
"""Doubts about regions whose firms all learn from all."""
OF_STARS = ("sel_copula_corr", "sel_budget", "sel_star_strength", "vr_share_ge50")
"""Doubts about rules of decision where single persons recognise a star."""
OF_CREDIT = ("cr_mu", "cr_R_none", "cr_R_tang", "cr_rho", "cr_auc_bank", "cr_auc_data")
OF_COUNT = ("fm_left_2014", "fm_left_age", "fm_invest_period")
"""Doubts about the Chinese count of deals left, from which growth is estimated beside the American clock."""
OF_OTHERS = ("oc_ship_return",)
"""What others gain by a yuan, taken from another kind of spending."""
ASSUMED_OFF = {
    "sel_top_decline": "refusal",
    "sel_flow_eps": "elasticity",
    "sel_scale_share": "scale_share",
    "fm_soft_budget": "soft_budget",
    "fm_idle_share": "deployment_delay",
}
"""Assumed costs of state money and of size, and the field that switches each off at zero."""
UNTROUBLED: RegimeChanges = {"refusal": 0.0, "deployment_delay": 0.0}
"""Money of the state that nobody refuses and that does not lie idle."""
OFF: RegimeChanges = dict.fromkeys(ASSUMED_OFF.values(), 0.0)


def uncertain_inputs(ctx: Context, names: Iterable[str]) -> tuple[UncertainInput, ...]:
    """Return some uncertain inputs with the spans of the table of parameters, none of them cut."""
    rows = ctx.data.table("parameters").text
    found = []
    for name in names:
        if name == "tail_error":
            half = 2 * ctx.value("model.tail_error")
            found.append(UncertainInput(name, WORDS[name], -half, half, False, False))
        else:
            low, high = (parameter(ctx, name, end) for end in ("low", "high"))
            words = WORDS.get(name, rows[name]["name"])
            found.append(UncertainInput(name, words, low, high, name in {"vr_cap", "oc_F"}, rows[name]["grade"] == "D"))
    return tuple(found)


def over_spans(inputs: Iterable[UncertainInput], unit: Floats) -> dict[str, Floats]:
    """Return the values of some inputs at points of the unit cube, shape (n, d) or (d,), by name."""
    values = {}
    for one, u in zip(inputs, np.moveaxis(unit, -1, 0), strict=True):
        low, high = (np.log(end) for end in (one.low, one.high)) if one.log else (one.low, one.high)
        at = low + u * (high - low)
        values[one.name] = np.exp(at) if one.log else at
    return values


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Joint draws, ready to evaluate.

    Attributes
    ----------
    scenarios : ScenarioDraws
        What no regime chooses.
    given : dict of ndarray
        What was drawn, by parameter.
    regimes : dict
        The regimes of the book by name.
    changes : dict
        What differs from draw to draw in each regime: the money in the early-stage market, and who judges deals.
    """

    scenarios: ScenarioDraws
    given: Mapping[str, Floats]
    regimes: Mapping[str, Regime]
    changes: Mapping[str, RegimeChanges]


def drawn_at(ctx: Context, values: Mapping[str, Floats], count: int, chosen: Iterable[Regime] = ()) -> Drawn:
    """Return joint draws at values of some parameters, for some regimes or those of the book.

    Values of the table hold for parameters that are not given.
    """

    def at(name: str) -> Floats:
        return np.broadcast_to(np.asarray(values.get(name, parameter(ctx, name)), dtype=float), count)

    own = {field: at(name) for name, field in FIELDS.items() if field in DRAWN}
    error = np.broadcast_to(np.asarray(values.get("tail_error", 0.0)), count)
    index = np.maximum(tail_indices(ctx, own["cap"]) + error, LEAST_TAIL_INDEX)
    tail = np.asarray(pareto_mean(index, own["tail_start"], own["cap"]))
    middle = 1 - own["loss_share"] - own["tail_share"]
    mean = own["loss_share"] * own["low_mean"] + middle * own["mid_mean"] + own["tail_share"] * tail
    start, _ = winner_starts(winner_mean(mean, own["loss_share"], own["low_mean"]), index, own["cap"])
    growth = growth_between(at("vr_time_to_exit"), start, index, own["cap"], at("vr_exit_reading"))
    delay = np.asarray(delay_from_idle_share(at("fm_idle_share"), parameter(ctx, "fm_idle_years")))
    scenarios = ScenarioDraws(
        **own,
        seed=SEED,
        sectors=int(parameter(ctx, "sel_sectors")),
        yardstick=yardstick(ctx),
        tail_index=index,
        growth=growth,
        deployment_delay=delay,
        discount_rate=np.full(count, parameter(ctx, "fm_bond_coupon")),
    )
    early = flow_ratios(ctx)["early"]
    # A larger market today makes the same money a smaller rise.
    entered = 1 + (early - 1) * parameter(ctx, "fm_early_share_cn") / at("fm_early_share_cn")
    regimes, changes = {}, {}
    for one in chosen or (regime(ctx, name) for name in REGIMES):
        here: dict[str, Floats] = {"flow_ratio": entered} if one.flow_ratio == early else {}
        if one.fee_layers == 2:
            here["layers_screen_share"] = at("sel_layers_judge")
        regimes[one.name], changes[one.name] = one, here
    return Drawn(scenarios, values, regimes, changes)


# --- What is computed at each draw ------------------------------------------------------------------------

BREAK_EVENS = {
    "skill_patient_fund": ("picking skill above which the directed fund beats the patient one", 1.0, "correlation"),
    "skill_national_fund": ("picking skill above which the directed fund beats the national one", 1.0, "correlation"),
    "flow_patient_fund": ("elasticity of deal flow at which the patient fund just earns the treasury's interest", 1.0, "elasticity"),
    "flow_national_fund": ("elasticity of deal flow at which the national fund just earns the treasury's interest", 1.0, "elasticity"),
    "soft_patient_fund": (
        "share of losers refinanced at which the patient fund equals a hard directed one", 100.0, "pct",
    ),
    "soft_waiting": ("share of losers refinanced at which a long private fund equals a hard short one", 100.0, "pct"),
    "sale_national_fund": (
        "what a forced sale must fetch for the directed fund to equal the national one", 100.0, "pct",
    ),
    "visible_unanimity": ("visibility from which a champion catches more than unanimity", 100.0, "pct"),
    "visible_average": ("visibility from which a champion catches more than the average of scores", 100.0, "pct"),
    "auc_collateral": ("signal that opens as much credit as collateral", 1.0, "auc"),
    **{
        f"displaced_{name}": (f"money that may have come anyway before what others gain falls short: {words}", 100.0, "pct")
        for name, words in REGIME_WORDS.items()
    },
    **{
        f"marginal_{name}": (f"marginal value of public funds, if others gain as by ship subsidies: {words}", 1.0, "ratio")
        for name, words in REGIME_WORDS.items()
    },
}  # fmt: skip
"""Numbers that some draws do not have, as break-evens between regimes: words, factor to the unit of the page, unit."""
AXIS = (0, 2, 4, 6, 8, 10, 12)
"""Discount rates of the axis, percent a year."""
WAITS = {f"wait_{first}_{LONG}": (first, LONG) for first in (SHORT, USUAL, LONGER)}
EQUAL: RegimeChanges = {"horizon": float(LONG), "investment_years": 10.0}
SKILLS, ELASTICITIES, STEPS = (-0.6, 0.9), (0.0, 1.5), 8
"""Spans of break-evens that are searched, and equal steps of the search."""


def equal_terms(ctx: Context) -> RegimeChanges:
    """Return the life, the years of investing and the share of the state of the national fund, to be given to any regime."""
    return {**EQUAL, "state_share": ctx.number("regimes", NATIONAL, "state_share")}


def plain_fund_at(one: Regime, years: int) -> Regime:
    """Return a private fund with another life."""
    return replace(one, horizon=float(years))


def worths_at(ctx: Context, drawn: Drawn) -> dict[str, Floats]:
    """Return what a yuan becomes in each regime at each draw.

    Returns
    -------
    dict of ndarray, shape (draws,)
        By name of the regime: ``rate_``, net return a year; ``multiple_``, net; ``bond_`` and ``public_``, net present
        value at the coupon and at the official rate; ``risk_``, at a rate that prices risk; ``equal_``, at the life and
        the share of the state of the national fund; ``off_``, without assumed costs; ``unrefused_``, if nobody refused
        the state; ``axis_``, by discount rate; percent. ``below_``, where winners exit below cost.
    """
    at = drawn.scenarios
    bond, public = parameter(ctx, "fm_bond_coupon"), parameter(ctx, "fm_public_rate")
    risky = bond + drawn.given["fm_venture_beta"] * drawn.given["fm_equity_premium"]
    equal = equal_terms(ctx)
    found: dict[str, Floats] = {}
    for name, one in drawn.regimes.items():
        here = evaluate_draws(one, at, (bond, public, *(rate / 100 for rate in AXIS)), drawn.changes[name])
        found[f"rate_{name}"] = 100 * here.internal_rate
        found[f"multiple_{name}"] = here.net_multiple
        found[f"bond_{name}"], found[f"public_{name}"], *by_rate = 100 * here.value
        found |= {f"axis_{rate}_{name}": worth for rate, worth in zip(AXIS, by_rate, strict=True)}
        found[f"below_{name}"] = here.below_cost.astype(float)
        found[f"risk_{name}"] = 100 * values_of_draws(one, at, {**drawn.changes[name], "discount_rate": risky})
        found[f"equal_{name}"] = 100 * values_of_draws(one, at, {**drawn.changes[name], **equal})
        found[f"off_{name}"] = 100 * values_of_draws(one, at, {**drawn.changes[name], **OFF})
        found[f"unrefused_{name}"] = 100 * values_of_draws(one, at, {**drawn.changes[name], "refusal": 0.0})
    return found


LIKE_TERMS: Mapping[str, tuple[str, str]] = {
    "like_directed_patient": (DIRECTED, PATIENT),
    "like_directed_national": (DIRECTED, NATIONAL),
    "like_patient_national": (PATIENT, NATIONAL),
}
LIKE = "with the life, the years of investing and the state's share of the national fund"
"""On what terms the leads of these pairs of funds are told."""
OF_THE_OTHER = {
    "patient_with_partners": {
        "fund": REGIME_WORDS[PATIENT],
        "words": "the state's share of the directed fund, which has no private money",
    },
    "patient_with_life": {"fund": REGIME_WORDS[PATIENT], "words": "the life of the directed fund"},
    "patient_with_list": {
        "fund": REGIME_WORDS[PATIENT],
        "words": "the few sectors that the directed fund picks, and the links between them",
    },
    "patient_with_tickets": {"fund": REGIME_WORDS[PATIENT], "words": "the large tickets of the directed fund"},
    "directed_with_all": {"fund": REGIME_WORDS[DIRECTED], "words": "an opening to all sectors"},
}
"""One feature of the other that is given to the patient or to the directed fund, each by itself."""


def like_terms_at(drawn: Drawn, worths: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return leads on like terms, and what one feature of the other does to a fund, at each draw.

    Parameters
    ----------
    worths : mapping of str to ndarray
        As :func:`worths_at` gives them.

    Returns
    -------
    dict of ndarray, shape (draws,)
        By the names of :data:`LIKE_TERMS` and :data:`OF_THE_OTHER`: differences of net present values at the treasury's
        interest, percentage points of the money paid in.
    """
    patient, directed = drawn.regimes[PATIENT], drawn.regimes[DIRECTED]
    changed = {
        "patient_with_partners": replace(patient, state_share=directed.state_share),
        "patient_with_life": replace(patient, horizon=directed.horizon),
        "patient_with_list": replace(patient, sectors_picked=directed.sectors_picked),
        "patient_with_tickets": replace(patient, reaches_scale=directed.reaches_scale),
        "directed_with_all": replace(directed, sectors_picked=patient.sectors_picked),
    }
    found = {lead: worths[f"equal_{one}"] - worths[f"equal_{other}"] for lead, (one, other) in LIKE_TERMS.items()}
    for name, fund in changed.items():
        worth = 100 * values_of_draws(fund, drawn.scenarios, drawn.changes[fund.name])
        found[name] = worth - worths[f"bond_{fund.name}"]
    return found


def outcomes_at(ctx: Context, drawn: Drawn) -> dict[str, Floats]:
    """Return every number of the regimes of the book at each draw, by name, but for break-evens.

    Returns
    -------
    dict of ndarray, shape (draws,)
        Those of :func:`worths_at`; a private fund by its years; gains from waiting; leads of one regime over another;
        the implied elasticity. Percent, percentage points or multiples.
    """
    at, count = drawn.scenarios, len(drawn.scenarios)
    bond, public = parameter(ctx, "fm_bond_coupon"), parameter(ctx, "fm_public_rate")
    found = worths_at(ctx, drawn)
    for years in (SHORT, USUAL, LONGER, LONG):
        plain = plain_fund_at(drawn.regimes[PRIVATE], years)
        here = evaluate_draws(plain, at, (bond, public))
        found[f"rate_{years}"] = 100 * here.internal_rate
        found[f"plain_bond_{years}"], found[f"plain_public_{years}"] = 100 * here.value
    for wait, (first, last) in WAITS.items():
        found[wait] = found[f"rate_{last}"] - found[f"rate_{first}"]
    registry = ctx.number("funds", "cn_bigfund1", "life_years_low")
    short = 100 * values_of_draws(drawn.regimes[DIRECTED], at, {"horizon": registry})
    found["bond_directed_registry"] = short
    share = ctx.value("funds.registered_share") / 100
    smaller = 1 + (np.asarray(drawn.changes[NATIONAL]["flow_ratio"], dtype=float) - 1) * share
    arrived = {**drawn.changes[NATIONAL], "flow_ratio": smaller}
    found["bond_national_registered"] = 100 * values_of_draws(drawn.regimes[NATIONAL], at, arrived)
    for one_name, other in ((NATIONAL, DIRECTED), (PATIENT, DIRECTED), (PATIENT, NATIONAL)):
        found[f"lead_{one_name}_{other}"] = found[f"bond_{one_name}"] - found[f"bond_{other}"]
    found["lead_national_fund_directed_registry"] = found[f"bond_{NATIONAL}"] - short
    found |= like_terms_at(drawn, found)
    found["implied_elasticity"] = np.broadcast_to(
        implied_flow_elasticity(
            at.tail_share, drawn.changes[PATIENT]["flow_ratio"], at.score_correlation, at.budget, at.yardstick[1]
        ),
        count,
    )
    return found


def break_evens_at(drawn: Drawn) -> dict[str, Floats]:
    """Return every break-even of :data:`BREAK_EVENS` at each draw, as shares, correlations and elasticities.

    Infinite where there is none: above zero where the first regime is better over the whole span, below where it never
    is.
    """
    at, count = drawn.scenarios, len(drawn.scenarios)

    def worth(name: str, where: np.ndarray, changes: RegimeChanges) -> Floats:
        own = {key: np.asarray(value)[where] for key, value in drawn.changes[name].items()}
        return values_of_draws(drawn.regimes[name], at.picked(where), {**own, **changes})

    def between(first: str, field: str, second: str = "", hard: bool = False) -> Callable[[Floats, np.ndarray], Floats]:
        def gain(point: Floats, where: np.ndarray) -> Floats:
            lead = worth(first, where, {field: point})
            if not second:
                return lead
            return lead - worth(second, where, {field: np.zeros_like(point) if hard else point})

        return gain

    long, short = (plain_fund_at(drawn.regimes[PRIVATE], years) for years in (LONG, USUAL))

    def waited(point: Floats, where: np.ndarray) -> Floats:
        # A private fund has no money of the state, to which the soft budget is proportional.
        here = at.picked(where)
        soft = values_of_draws(long, here, {**UNTROUBLED, "state_share": 1.0, "soft_budget": point})
        return soft - values_of_draws(short, here)

    searched = {
        "skill_patient_fund": (between(PATIENT, "pick_correlation", DIRECTED), *SKILLS),
        "skill_national_fund": (between(NATIONAL, "pick_correlation", DIRECTED), *SKILLS),
        "flow_patient_fund": (between(PATIENT, "elasticity"), *ELASTICITIES),
        "flow_national_fund": (between(NATIONAL, "elasticity"), *ELASTICITIES),
        "soft_patient_fund": (between(PATIENT, "soft_budget", DIRECTED, hard=True), 0.0, 0.99),
        "soft_waiting": (waited, 0.0, 0.99),
        "sale_national_fund": (between(NATIONAL, "forced_sale", DIRECTED), 0.0, 1.0),
    }
    return {name: sign_changes(gain, low, high, count, STEPS) for name, (gain, low, high) in searched.items()}


# --- Blocks of draws ---------------------------------------------------------------------------------------

DRAWS = 4096
PER_BLOCK = 256
STREAM = 31
"""Sequence of draws of the parameters, apart from those of portfolios."""


def drawn_block(ctx: Context, block: int, count: int = PER_BLOCK, chosen: Iterable[Regime] = ()) -> Drawn:
    """Return one block of joint draws; each block has a seed of its own, so that any number of workers draws the same."""
    inputs = uncertain_inputs(ctx, (*OF_FUNDS, *RISK))
    unit = block_generator(SEED, STREAM, block).random((PER_BLOCK, len(inputs)))[:count]
    return drawn_at(ctx, over_spans(inputs, unit), count, chosen)


def evaluated_block(block: int, ctx: Context | None = None, count: int = PER_BLOCK) -> dict[str, Floats]:
    """Return every number of one block of joint draws; a module's own function, so that other processes can run it."""
    book = ctx or open_book()
    drawn = drawn_block(book, block, count)
    stars = stars_at(book, block, min(count, STARS_PER_BLOCK))
    return numbers_at(book, drawn, block) | break_evens_at(drawn) | stars


def numbers_at(ctx: Context, drawn: Drawn, block: int) -> dict[str, Floats]:
    """Return every number of one block of joint draws but the break-evens of regimes and rules, which take longest."""
    found, count = outcomes_at(ctx, drawn), len(drawn.scenarios)
    others = others_at(ctx, found, block, count) | counted_at(ctx, drawn, block)
    return found | others | home_at(ctx, block, count) | credit_at(ctx, block, count)


def _beside(ctx: Context, names: Iterable[str], stream: int, block: int, count: int) -> dict[str, Floats]:
    """Return draws of parameters beside those of funds, from a sequence of their own."""
    inputs = uncertain_inputs(ctx, names)
    unit = block_generator(SEED, STREAM + stream, block).random((PER_BLOCK, len(inputs)))[:count]
    return over_spans(inputs, unit)


# --- What others gain ---------------------------------------------------------------------------------------


def others_at(ctx: Context, found: Mapping[str, Floats], block: int, count: int = PER_BLOCK) -> dict[str, Floats]:
    """Return what a stated gain of others makes of the worth of each regime.

    Returns
    -------
    dict of ndarray, shape (draws,)
        By name of the regime: ``gained_``, worth with the gain of others, percent; ``displaced_``, the share of the
        money that may have come anyway before the gain by the rest no longer covers the cost, infinite where the regime
        has no cost, and minus infinity where the gain does not cover it though all money is additional; ``marginal_``,
        the gain over the cost, infinite where there is none.
    """
    gain = 100 * _beside(ctx, OF_OTHERS, 2, block, count)["oc_ship_return"]
    told: dict[str, Floats] = {}
    for name in REGIMES:
        worth = found[f"bond_{name}"]
        pays, covered = worth >= 0, worth + gain >= 0
        cost = np.where(pays, 1.0, -worth)
        told[f"gained_{name}"] = worth + gain
        told[f"displaced_{name}"] = np.where(pays, np.inf, np.where(covered, 1 - cost / gain, -np.inf))
        told[f"marginal_{name}"] = np.where(pays, np.inf, gain / cost)
    return told


# --- The clock by a Chinese count ----------------------------------------------------------------------------


def counted_at(ctx: Context, drawn: Drawn, block: int) -> dict[str, Floats]:
    """Return what the count of deals left by Chinese funds of 2014 says of the clock, and what the clock makes of it.

    Returns
    -------
    dict of ndarray, shape (draws,)
        ``left_2014``, share of deals that the model would have had left on the day of the count, percent;
        ``cn_growth``, growth of winners at which it is the share that was counted, percent a year. Under that growth:
        ``cn_bond_``, worth of each regime at the coupon, ``cn_plain_bond_`` and ``cn_rate_``, worth and return of a
        private fund by its years, and ``cn_wait``, points a year gained by waiting.
    """
    at, bond = drawn.scenarios, parameter(ctx, "fm_bond_coupon")
    count = _beside(ctx, OF_COUNT, 3, block, len(at))
    ages = (count["fm_left_age"] - count["fm_invest_period"], count["fm_left_age"])
    tail = np.asarray(pareto_mean(at.tail_index, at.tail_start, at.cap))
    mean = at.loss_share * at.low_mean + (1 - at.loss_share - at.tail_share) * at.mid_mean + at.tail_share * tail
    start, _ = winner_starts(winner_mean(mean, at.loss_share, at.low_mean), at.tail_index, at.cap)
    deals = (start, at.tail_index, at.cap, 1 - at.loss_share, *ages)
    growth = np.asarray(growth_from_share_left(count["fm_left_2014"], *deals))
    found: dict[str, Floats] = {"left_2014": 100 * np.asarray(share_left(at.growth, *deals)), "cn_growth": 100 * growth}
    slow = replace(at, growth=growth)
    for name, one in drawn.regimes.items():
        found[f"cn_bond_{name}"] = 100 * values_of_draws(one, slow, {**drawn.changes[name], "discount_rate": bond})
    for years in (USUAL, LONG):
        here = evaluate_draws(plain_fund_at(drawn.regimes[PRIVATE], years), slow, (bond,))
        found[f"cn_plain_bond_{years}"], found[f"cn_rate_{years}"] = 100 * here.value[0], 100 * here.internal_rate
    found["cn_wait"] = found[f"cn_rate_{LONG}"] - found[f"cn_rate_{USUAL}"]
    return found


# --- Credit --------------------------------------------------------------------------------------------------


def credit_at(ctx: Context, block: int, count: int = PER_BLOCK) -> dict[str, Floats]:
    """Return access to credit at draws of pool, recoveries, cost and signals.

    Returns
    -------
    dict of ndarray, shape (draws,)
        ``access_``, percent of applicants that are served without security, with collateral, with the guarantee and
        with operating data; ``access_lead``, points by which data open more than collateral; ``auc_collateral``, the
        signal that opens as much as collateral.
    """
    at = _beside(ctx, OF_CREDIT, 4, block, count)
    rate, guarantee = parameter(ctx, "cr_rate_2025"), parameter(ctx, "cr_guarantee")

    def borne(recovery: Floats) -> Floats:
        return np.asarray(break_even_default(rate, at["cr_rho"], recovery))

    def served(recovery: Floats, signal: str = "cr_auc_bank") -> Floats:
        return 100 * np.asarray(access(at["cr_mu"], at[signal], borne(recovery)))

    none = at["cr_R_none"]
    found = {
        "access_none": served(none),
        "access_collateral": served(at["cr_R_tang"]),
        "access_guarantee": served(np.asarray(guaranteed_recovery(none, guarantee))),
        "access_data": served(none, "cr_auc_data"),
    }
    found["access_lead"] = found["access_data"] - found["access_collateral"]
    # Where collateral opens nothing that a float can tell from zero, no signal is needed.
    wanted = np.clip(found["access_collateral"] / 100, 1e-12, 1 - 1e-12)
    equal = [
        auc_for_access(float(share), float(bad), float(default))
        for share, bad, default in zip(wanted, at["cr_mu"], borne(none), strict=True)
    ]
    found["auc_collateral"] = np.array([ENDS[one.side] if one.at is None else one.at for one in equal])
    return found


# --- Regions -----------------------------------------------------------------------------------------------

FEW = (1, 2, 3, 5, 7)
"""Numbers of regions beside which all of them stand."""


def leads_of_many(
    weight: Floats, entry_cost: Floats, home: Floats, many: int, few: Iterable[int]
) -> dict[int, tuple[Floats, Floats]]:
    """Return for each small number of regions by how much welfare with many exceeds it, at a home share and at the whole.

    Percent of the best welfare that entry can give with all gain at home.
    """

    def welfare(regions: int, share: Floats) -> Floats:
        firms = np.asarray(symmetric_entry(1.0, 1.0, entry_cost, weight, regions))
        return 100 * np.asarray(relative_welfare(firms, share, 1.0, 1.0, entry_cost))

    def lead(regions: int, share: Floats) -> Floats:
        return np.asarray(welfare(many, share) - welfare(regions, share))

    whole = np.ones_like(home)
    return {regions: (lead(regions, home), lead(regions, whole)) for regions in few}


def home_at(ctx: Context, block: int, count: int = PER_BLOCK) -> dict[str, Floats]:
    """Return leads of many regions over few at draws of weight, entry cost and home share, in percentage points.

    ``home_1`` is the home share in percent above which many beat one; infinite where one is better at any share.
    """
    at = _beside(ctx, OF_REGIONS, 1, block, count)
    regions = int(parameter(ctx, "oc_regions"))
    found = {}
    nothing = np.zeros(count)
    for few, (_, whole) in leads_of_many(at["oc_v"], at["oc_F"], at["oc_home"], regions, FEW).items():
        none, _ = leads_of_many(at["oc_v"], at["oc_F"], nothing, regions, (few,))[few]
        # Welfare is linear in the home share: the switch lies where the line from none to all crosses zero.
        switch = np.where(whole > 0, -none / np.where(whole == none, 1.0, whole - none), np.inf)
        found[f"home_{few}"] = np.where(none > 0, 0.0, 100 * switch)
        found[f"many_over_{few}"] = whole
    found["home_learning"] = 100 * _learned_switch(ctx, block, count)
    return found


ENDS = {"gain": np.inf, "loss": -np.inf}
"""How a break-even that does not exist is kept in an array."""


def _learned_switch(ctx: Context, block: int, count: int) -> Floats:
    """Return the home share above which all regions beat one where all firms learn from all output."""
    at = _beside(ctx, OF_LEARNING, 5, block, count)
    regions, years = (int(parameter(ctx, name)) for name in ("oc_regions", "oc_periods"))
    rate, found = parameter(ctx, "fm_public_rate"), []
    for weight, cost, learned, unit_cost, experience in zip(*(at[name] for name in OF_LEARNING), strict=True):
        one = break_even_home_share_with_learning(
            weight,
            choke_price=1 + unit_cost,
            slope=1.0,
            entry_cost=cost,
            initial_cost=unit_cost,
            initial_experience=experience,
            learning_rate=learned,
            spillover=1.0,
            discount_rate=rate,
            periods=years,
            many=regions,
        )
        # As in the leads without learning: zero where all are better at any share, infinite where one region is.
        found.append({"gain": 0.0, "loss": np.inf}[one.side] if one.at is None else one.at)
    return np.array(found)


# --- Rules of decision ---------------------------------------------------------------------------------------

STARS_PER_BLOCK = 16
"""Draws of each block at which rules are compared, each of which takes a quarter of a second."""


def stars_at(ctx: Context, block: int, count: int = STARS_PER_BLOCK) -> dict[str, Floats]:
    """Return the chance of recognising a star from which a champion catches more than another rule, by that rule."""
    at = _beside(ctx, OF_STARS, 6, block, count)
    found: dict[str, Floats] = {}
    for rule in ("unanimity", "average"):
        ones = [
            break_even_visibility(rule, 3, *(float(v) for v in values))
            for values in zip(*(at[name] for name in OF_STARS), strict=True)
        ]
        found[f"visible_{rule}"] = np.array([ENDS[one.side] if one.at is None else one.at for one in ones])
    return found


# --- What each feature takes -------------------------------------------------------------------------------

FEATURES: dict[str, tuple[str, Mapping[str, float]]] = {
    "refusal": ("the best refuse the state", {"refusal": 0.0}),
    "soft": ("losers are refinanced", {"soft_budget": 0.0}),
    "idle": ("money lies idle", {"deployment_delay": 0.0}),
    "crowd": ("deals thin out as the money comes", {"elasticity": 0.0}),
    "tickets": ("small tickets miss what needs scale", {"scale_share": 0.0}),
    "layers": ("layers judge some deals themselves", {"layers_screen_share": 0.0}),
    "fees": ("a second layer takes fees and carry", {"upper_fee_rate": 0.0, "upper_carry": 0.0}),
    "sectors": ("only listed sectors", {}),
}
"""What distinguishes the national fund from a private one of the same life, and how each feature is switched off."""
ASSUMED_FEATURES = tuple(name for name, (_, off) in FEATURES.items() if off and off.keys() <= OFF.keys())
"""Features that are assumed costs: their size has no source."""


def shares_of_features(drawn: Drawn) -> dict[str, Floats]:
    """Return what each feature adds to the worth of the national fund, averaged over all orders (Shapley values).

    Returns
    -------
    dict of ndarray, shape (draws,)
        Percent of the money paid in by feature; ``none`` is the worth with every feature off, ``all`` that of the fund
        as built. The features add up to the difference.
    """
    fund, at = drawn.regimes[NATIONAL], drawn.scenarios
    names, whole = list(FEATURES), replace(drawn.regimes[NATIONAL], sectors_picked=at.sectors)
    worth = {}
    for code in range(1 << len(names)):
        off = [name for place, name in enumerate(names) if not code >> place & 1]
        changes = dict(drawn.changes[NATIONAL])
        for name in off:
            changes.update(FEATURES[name][1])
        worth[code] = 100 * values_of_draws(whole if "sectors" in off else fund, at, changes)
    found = {"none": worth[0], "all": worth[(1 << len(names)) - 1]}
    for place, name in enumerate(names):
        total = np.zeros(len(at))
        for code in range(1 << len(names)):
            if code >> place & 1:
                continue
            already = code.bit_count()
            weight = factorial(already) * factorial(len(names) - already - 1) / factorial(len(names))
            total += weight * (worth[code | 1 << place] - worth[code])
        found[name] = total
    return found


def features_block(block: int, ctx: Context | None = None, count: int = PER_BLOCK) -> dict[str, Floats]:
    """Return :func:`shares_of_features` of one block of joint draws."""
    return shares_of_features(drawn_block(ctx or open_book(), block, count))
