"""What decides each break-even: the spans of all parameters as points of the unit cube, and the outcome at a point.

Parameters that were estimated together are drawn together: the tail index is that of its cap plus an error; growth runs
between the two readings of one observed time to exit. A break-even outside the span that is searched counts as the end
of the span, so that every point has an outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from patient_capital import open_book
from patient_capital.analysis.model.fund import LONG, USUAL, fund_terms, winners_and_losers
from patient_capital.analysis.model.inputs import of_grade, parameter, parameters
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, regime, scenario
from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import Floats
from patient_capital.model.fund.expected_flows import fund_flows
from patient_capital.model.fund.fund_performance import fund_internal_rate
from patient_capital.model.overcapacity.welfare import break_even_home_share
from patient_capital.model.regimes.evaluation import regime_value
from patient_capital.model.selection.deal_flow import with_tail_share
from patient_capital.provenance.records import Context
from patient_capital.tables import Reader

Point = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """One independent source of uncertainty: a parameter, or what several that are drawn together share.

    Attributes
    ----------
    name : str
        Its name: the id of a parameter, or of several that are drawn together.
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


JOINT = {"tail_error": "tail index given the cap", "exit_reading": "how long large winners take"}
WORDS = {
    "vr_cap": "cap of the tail",
    "vr_share_ge5": "share of large successes",
    "vr_loss_share": "share of losses",
    "vr_low_mean": "what losers return",
    "vr_mid_mean": "mean of the middle class",
    "vr_fail_hazard": "how fast losers fail",
    "vr_time_to_exit": "time to exit",
    "fm_fee": "fees",
    "fm_forced_sale": "what a forced sale fetches",
    "fm_soft_budget": "losers refinanced",
    "fm_idle_share": "idle money",
    "fm_public_rate": "discount rate",
    "sel_copula_corr": "screeners' signal",
    "sel_budget": "share of proposals funded",
    "sel_scale_share": "value in large tickets",
    "sel_coordination": "gain from one chain",
    "sel_top_decline": "refusal by the best",
    "sel_flow_eps": "thinning of deals",
    "sel_pick_corr": "picking skill",
    "oc_v": "weight on local output",
    "oc_F": "entry cost",
    "oc_regions": "number of regions",
}
RETURNS_INPUTS = (
    "vr_cap",
    "tail_error",
    "exit_reading",
    "vr_share_ge5",
    "vr_loss_share",
    "vr_low_mean",
    "vr_mid_mean",
    "vr_fail_hazard",
)
FUND_INPUTS = (*RETURNS_INPUTS, "fm_fee", "fm_forced_sale")
REGIME_INPUTS = (
    *FUND_INPUTS,
    "fm_soft_budget",
    "fm_idle_share",
    "fm_public_rate",
    "sel_copula_corr",
    "sel_budget",
    "sel_scale_share",
    "sel_top_decline",
)
PAYOFF_INPUTS = (*REGIME_INPUTS, "sel_flow_eps", "sel_coordination")
TAIL_INPUTS = tuple(d for d in REGIME_INPUTS if d not in {"vr_share_ge5", "sel_top_decline"})
HOME_INPUTS = ("oc_v", "oc_F")
LOG_PAYOFFS, TAIL_SHARES = (-1.6, 2.5), (0.002, 0.6)
"""Spans so wide that no point is cut off."""
WEIGHT_SPAN = (0.0, 0.09)
"""Beyond a weight of about 0.093 one region is better at any home share, and there is no break-even to explain."""


def uncertain_inputs(ctx: Context, names: Iterable[str]) -> tuple[UncertainInput, ...]:
    """Return some uncertain inputs with the spans of the table of parameters."""
    rows = ctx.data.table("parameters").text
    found = []
    for name in names:
        if name == "tail_error":
            half = 2 * ctx.value("model.tail_error")
            found.append(UncertainInput(name, JOINT[name], -half, half, False, False))
        elif name == "exit_reading":
            found.append(UncertainInput(name, JOINT[name], 0.0, 1.0, False, True))
        else:
            low, high = WEIGHT_SPAN if name == "oc_v" else (parameter(ctx, name, end) for end in ("low", "high"))
            log, assumed = name in {"vr_cap", "oc_F"}, rows[name]["grade"] == "D"
            found.append(UncertainInput(name, WORDS[name], low, high, log, assumed))
    return tuple(found)


def point(inputs: Iterable[UncertainInput], unit: Floats) -> dict[str, float]:
    """Return the values of some inputs at a point of the unit cube."""
    values = {}
    for one, u in zip(inputs, unit, strict=True):
        if one.log:
            values[one.name] = float(np.exp(np.log(one.low) + u * (np.log(one.high) - np.log(one.low))))
        else:
            values[one.name] = float(one.low + u * (one.high - one.low))
    return values


def _clipped(gain: Callable[[float], float], low: float, high: float, *, above_is_gain: bool) -> float:
    found = first_sign_change(gain, low, high)
    if found.at is not None:
        return found.at
    return high if (found.side == "gain") == above_is_gain else low


def payoff_outcome(ctx: Context, at: Point) -> float:
    """Return by how much the sectors that a directed fund picks must pay better for it to equal the national fund."""
    here, national, directed = scenario(ctx, "bond", at), regime(ctx, NATIONAL), regime(ctx, DIRECTED)
    rival = regime_value(national, here)

    def lead(log: float) -> float:
        return rival - regime_value(directed, here, float(np.exp(log)))

    return float(np.exp(_clipped(lead, *LOG_PAYOFFS, above_is_gain=True)))


def tail_outcome(ctx: Context, at: Point) -> float:
    """Return the share of large successes in percent that the patient fund needs to earn the discount rate."""
    here, patient = scenario(ctx, "bond", at), regime(ctx, PATIENT)
    bare = replace(here, elasticity=0.0, refusal=0.0)

    def gain(share: float) -> float:
        return regime_value(patient, replace(bare, returns=with_tail_share(here.returns, share, "in_proportion")))

    return 100 * _clipped(gain, *TAIL_SHARES, above_is_gain=False)


def waiting_outcome(ctx: Context, at: Point) -> float:
    """Return the points a year that a plain fund gains by waiting for the long rather than the usual years."""
    winners, losers = winners_and_losers(ctx, at=at)
    usual, long = (
        100 * float(fund_internal_rate(fund_flows(winners, losers, fund_terms(ctx, years, at))))
        for years in (USUAL, LONG)
    )
    return long - usual


def home_outcome(ctx: Context, at: Point) -> float:
    """Return the home share in percent above which many regions beat one; 100 where one is always better."""
    regions = int(parameter(ctx, "oc_regions"))
    found = break_even_home_share(at["oc_v"], market_size=1.0, slope=1.0, entry_cost=at["oc_F"], many=regions)
    return 100 * found.at if found.at is not None else (100.0 if found.side == "loss" else 0.0)


OUTCOMES: dict[str, tuple[str, tuple[str, ...], Callable[[Context, Point], float]]] = {
    "payoff": (
        "how much better picked sectors must pay for the directed fund to equal the national one",
        PAYOFF_INPUTS,
        payoff_outcome,
    ),
    "tail": (
        "share of large successes that the patient fund needs to earn the discount rate",
        TAIL_INPUTS,
        tail_outcome,
    ),
    "waiting": ("points a year gained by waiting twenty rather than ten years", FUND_INPUTS, waiting_outcome),
    "home": ("home share above which many regions beat one", HOME_INPUTS, home_outcome),
}
"""What is explained: words, doubts, and the function of a point."""


def evaluate_block(name: str, unit: Floats, ctx: Context | None = None) -> Floats:
    """Return an outcome at points of the unit cube, shape (n, d) to (n,); in the book of this process unless given."""
    ctx = ctx or open_book()
    _, names, outcome = OUTCOMES[name]
    inputs = uncertain_inputs(ctx, names)
    return np.array([outcome(ctx, point(inputs, row)) for row in unit])


# --- What the figure draws -------------------------------------------------------------------------------

INDEX_COLUMNS = ("output", "param_id", "first_order", "first_order_interval", "total", "total_interval")
SHORT_TITLES = {
    "payoff": "Directed against national",
    "tail": "Does the patient fund pay?",
    "waiting": "Gain from waiting",
    "home": "One region against many",
}
SHOWN = 8
"""Parameters of each break-even that the figure shows."""


def sensitivity(reader: Reader) -> pd.DataFrame:
    """Return the stored Sobol indices of every break-even, `output`, and parameter.

    `first_order` and `total` are the shares of the variance of the break-even that the parameter explains alone and
    with others, with half the width of their 95 percent intervals.
    """
    return reader.frame("model_sensitivity", *INDEX_COLUMNS)


def largest(indices: pd.DataFrame, outputs: Iterable[str] = tuple(OUTCOMES), count: int = SHOWN) -> pd.DataFrame:
    """Return the largest total indices, `count` of each, of some break-evens of :data:`OUTCOMES`, in their order."""
    parts = [
        indices.loc[indices["output"].eq(output)].sort_values("total", ascending=False).head(count)
        for output in outputs
    ]
    return pd.concat(parts, ignore_index=True)


def with_words(ctx: Context, indices: pd.DataFrame) -> pd.DataFrame:
    """Add to indices `words` of the parameter, `assumed`, whether its span has no source, `title` and `short_title`.

    The titles are those of the break-even.
    """
    titles = {name: title[0].upper() + title[1:] for name, (title, _, _) in OUTCOMES.items()}
    known = {one.name: one for _, names, _ in OUTCOMES.values() for one in uncertain_inputs(ctx, names)}
    return indices.assign(
        words=[known[name].words for name in indices["param_id"]],
        assumed=[known[name].assumed for name in indices["param_id"]],
        title=indices["output"].map(titles),
        short_title=indices["output"].map(SHORT_TITLES),
    )


def largest_indices(ctx: Context) -> pd.DataFrame:
    """Return the largest indices of every break-even with their words: :func:`largest` and :func:`with_words`."""
    return with_words(ctx, largest(sensitivity(ctx)))


def with_varied(parameters: pd.DataFrame, outputs: Iterable[str] = ("payoff", "home")) -> pd.DataFrame:
    """Add `varied` to parameters: whether the sensitivity of one of these break-evens of :data:`OUTCOMES` varies them.

    That of the directed fund against the national one varies all of the other funds, too.
    """
    names = {name for output in outputs for name in OUTCOMES[output][1]}
    return parameters.assign(varied=parameters.index.isin(names))


def assumed_parameters(reader: Reader) -> pd.DataFrame:
    """Return the parameters whose size has no source, with whether they are varied."""
    return with_varied(of_grade(parameters(reader), "D"))
