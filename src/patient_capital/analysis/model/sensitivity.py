"""What decides each result: the share of its variance over all joint draws that each source of doubt explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from patient_capital import open_book
from patient_capital.analysis.model.doubt import (
    OF_FUNDS,
    OF_REGIONS,
    drawn_at,
    leads_of_many,
    over_spans,
    plain_fund_at,
    uncertain_inputs,
)
from patient_capital.analysis.model.fund import LONG, USUAL
from patient_capital.analysis.model.inputs import of_grade, parameter, parameters
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, PRIVATE
from patient_capital.model.common.checks import Floats
from patient_capital.model.regimes.scenario_draws import evaluate_draws, values_of_draws
from patient_capital.provenance.records import Context
from patient_capital.tables import Reader

Points = Mapping[str, Floats]
"""Values of doubtful parameters at many points, by name."""
PLAIN_FUND = (
    *(name for name in OF_FUNDS if name.startswith("vr_") or name == "tail_error"),
    "fm_fee",
    "fm_forced_sale",
    "sel_sector_sd",
)
"""Doubts that move a plain private fund."""


def _worth(ctx: Context, at: Points, name: str) -> Floats:
    drawn = drawn_at(ctx, at, next(iter(at.values())).size)
    return 100 * values_of_draws(drawn.regimes[name], drawn.scenarios, drawn.changes[name])


def national_outcome(ctx: Context, at: Points) -> Floats:
    """Return the net present value of the national fund at the coupon, percent of the money paid in."""
    return _worth(ctx, at, NATIONAL)


def patient_outcome(ctx: Context, at: Points) -> Floats:
    """Return the net present value of the patient fund at the coupon, percent of the money paid in."""
    return _worth(ctx, at, PATIENT)


def lead_outcome(ctx: Context, at: Points) -> Floats:
    """Return by how much the national fund is worth more than the directed one, percent of the money paid in."""
    return _worth(ctx, at, NATIONAL) - _worth(ctx, at, DIRECTED)


def waiting_outcome(ctx: Context, at: Points) -> Floats:
    """Return the points a year that a private fund gains by waiting for the long rather than the usual years."""
    drawn = drawn_at(ctx, at, next(iter(at.values())).size)
    usual, long = (
        evaluate_draws(plain_fund_at(drawn.regimes[PRIVATE], years), drawn.scenarios, ()).internal_rate
        for years in (USUAL, LONG)
    )
    return 100 * (long - usual)


def home_outcome(ctx: Context, at: Points) -> Floats:
    """Return by how much welfare with all regions exceeds that with one at the drawn home share, percentage points."""
    many = int(parameter(ctx, "oc_regions"))
    return leads_of_many(at["oc_v"], at["oc_F"], at["oc_home"], many, (1,))[1][0]


OUTCOMES: dict[str, tuple[str, tuple[str, ...], Callable[[Context, Points], Floats]]] = {
    "national": ("net present value of the national fund", OF_FUNDS, national_outcome),
    "patient": ("net present value of the patient fund", OF_FUNDS, patient_outcome),
    "lead": ("lead of the national fund over a directed one", OF_FUNDS, lead_outcome),
    "waiting": ("points a year gained by waiting twenty rather than ten years", PLAIN_FUND, waiting_outcome),
    "home": ("lead of many regions over one", OF_REGIONS, home_outcome),
}
"""What is explained: words, doubts, and the function of points. All exist at every point."""


def evaluate_block(name: str, unit: Floats, ctx: Context | None = None) -> Floats:
    """Return an outcome at points of the unit cube, shape (n, d) to (n,); in the book of this process unless given."""
    ctx = ctx or open_book()
    _, names, outcome = OUTCOMES[name]
    return np.asarray(outcome(ctx, over_spans(uncertain_inputs(ctx, names), unit)))


# --- What the figure draws -------------------------------------------------------------------------------

INDEX_COLUMNS = ("output", "param_id", "first_order", "first_order_interval", "total", "total_interval")
SHORT_TITLES = {
    "national": "Does the national fund pay?",
    "patient": "Does the patient fund pay?",
    "lead": "National against directed",
    "waiting": "Gain from waiting",
    "home": "One region against many",
}
SHOWN = 8
"""Parameters of each result that the figure shows."""


def sensitivity(reader: Reader) -> pd.DataFrame:
    """Return the stored Sobol indices of every result, `output`, and parameter.

    `first_order` and `total` are the shares of the variance of the result that the parameter explains alone and
    with others, with half the width of their 95 percent intervals.
    """
    return reader.frame("model_sensitivity", *INDEX_COLUMNS)


def largest(indices: pd.DataFrame, outputs: Iterable[str] = tuple(OUTCOMES), count: int = SHOWN) -> pd.DataFrame:
    """Return the largest total indices, `count` of each, of some results of :data:`OUTCOMES`, in their order."""
    parts = [
        indices.loc[indices["output"].eq(output)].sort_values("total", ascending=False).head(count)
        for output in outputs
    ]
    return pd.concat(parts, ignore_index=True)


def with_words(ctx: Context, indices: pd.DataFrame) -> pd.DataFrame:
    """Add to indices `words` of the parameter, `assumed`, whether its span has no source, `title` and `short_title`.

    The titles are those of the result.
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
    """Return the largest indices of every result with their words: :func:`largest` and :func:`with_words`."""
    return with_words(ctx, largest(sensitivity(ctx)))


def with_varied(parameters: pd.DataFrame, outputs: Iterable[str] = ("lead", "home")) -> pd.DataFrame:
    """Add `varied` to parameters: whether the sensitivity of one of these results of :data:`OUTCOMES` varies them.

    That of the national fund against a directed one varies all that bears on the other funds, too.
    """
    names = {name for output in outputs for name in OUTCOMES[output][1]}
    return parameters.assign(varied=parameters.index.isin(names))


def assumed_parameters(reader: Reader) -> pd.DataFrame:
    """Return the parameters whose size has no source, with whether they are varied."""
    return with_varied(of_grade(parameters(reader), "D"))
