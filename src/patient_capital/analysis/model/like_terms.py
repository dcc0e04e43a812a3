"""Patient, directed and national fund on like terms, and which difference of patient and directed fund is worth what.

As each is built these funds differ in much besides who picks: in life, in partners, in tickets. Leads on like terms need the
funds at one draw, so that the joint draws are made again here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd

from patient_capital.analysis.model.doubt import DRAWS, PER_BLOCK, drawn_block, equal_terms
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, REGIME_WORDS
from patient_capital.analysis.model.spans import HOW
from patient_capital.formatting import Range
from patient_capital.model.common.checks import Floats
from patient_capital.model.regimes.evaluation import Regime
from patient_capital.model.regimes.scenario_draws import values_of_draws
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import shared

LIKE = "with the life, the years of investing and the state's share of the national fund for both"
LEADS: Mapping[str, tuple[str, str]] = {
    "like_directed_patient": (DIRECTED, PATIENT),
    "like_directed_national": (DIRECTED, NATIONAL),
    "like_patient_national": (PATIENT, NATIONAL),
}
"""Pairs of funds whose leads on like terms are told."""
LEAD_WORDS = {
    "like_directed_patient": {"words": "the directed fund over the patient fund at its best", "like": LIKE},
    "like_directed_national": {"words": "the directed fund over the national fund", "like": LIKE},
    "like_patient_national": {"words": "the patient fund at its best over the national fund", "like": LIKE},
}
SIZES_TOLD = {lead: words for lead, words in LEAD_WORDS.items() if lead != "like_directed_national"}
"""Leads whose size is told, and not their share of draws alone."""
CHANGE_WORDS = {
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


def with_a_feature_of_the_other(patient: Regime, directed: Regime) -> dict[str, Regime]:
    """Return a patient and a directed fund with one feature of the other each, by the names of :data:`CHANGE_WORDS`."""
    return {
        "patient_with_partners": replace(patient, state_share=directed.state_share),
        "patient_with_life": replace(patient, horizon=directed.horizon),
        "patient_with_list": replace(patient, sectors_picked=directed.sectors_picked),
        "patient_with_tickets": replace(patient, reaches_scale=directed.reaches_scale),
        "directed_with_all": replace(directed, sectors_picked=patient.sectors_picked),
    }


def like_terms_at(ctx: Context, block: int, count: int = PER_BLOCK) -> dict[str, Floats]:
    """Return leads on like terms, and what one feature of the other does to a fund, at each draw of a block.

    Returns
    -------
    dict of ndarray, shape (draws,)
        By the names of :data:`LEADS` and :data:`CHANGE_WORDS`: differences of net present values at the treasury's interest,
        percentage points of the money paid in.
    """
    drawn = drawn_block(ctx, block, count)

    def worth(name: str, one: Regime | None = None, like: bool = False) -> Floats:
        changes = {**drawn.changes[name], **(equal_terms(ctx) if like else {})}
        return 100 * values_of_draws(one or drawn.regimes[name], drawn.scenarios, changes)

    alike = {name: worth(name, like=True) for name in (DIRECTED, PATIENT, NATIONAL)}
    found = {lead: alike[first] - alike[second] for lead, (first, second) in LEADS.items()}
    as_built = {name: worth(name) for name in (PATIENT, DIRECTED)}
    changed = with_a_feature_of_the_other(drawn.regimes[PATIENT], drawn.regimes[DIRECTED])
    return found | {name: worth(one.name, one) - as_built[one.name] for name, one in changed.items()}


@shared
def on_like_terms(ctx: Context) -> pd.DataFrame:
    """Return what :func:`like_terms_at` gives over all joint draws.

    Returns
    -------
    pandas.DataFrame
        Indexed by lead or feature: `median`, `low` and `high` end of the middle nine tenths, percentage points of the money
        paid in, and `above`, percent of draws above zero.
    """
    blocks = [like_terms_at(ctx, block) for block in range(DRAWS // PER_BLOCK)]
    rows: dict[str, dict[str, float]] = {}
    for name in blocks[0]:
        values = np.concatenate([block[name] for block in blocks])
        low, median, high = (float(np.quantile(values, rank)) for rank in (0.05, 0.5, 0.95))
        rows[name] = {"median": median, "low": low, "high": high, "above": 100 * float((values > 0).mean())}
    return pd.DataFrame.from_dict(rows, orient="index")


FIRST = "like_directed_patient"


def _told(ctx: Context, case: str, column: str) -> float:
    """Return one number of :func:`on_like_terms`; all come of the same draws, and what these read is told once, by the first."""
    first = (case, column) == (FIRST, "median")
    if not first:
        ctx.value(f"model.{FIRST}")
    return float(on_like_terms(ctx if first else ctx.beside()).loc[case, column])


TOLD: Mapping[str, Any] = {"unit": "pct_points", "decimals": 0, "fields": HOW}


@result(cases=SIZES_TOLD, name="{case}", **TOLD)
def like_lead(ctx: Context, *, case: str) -> float:
    """Lead of {words}, {like}, percentage points of the money paid in, median.

    Difference of the net present values at the treasury's interest at the same draw, median {how}.
    """
    return _told(ctx, case, "median")


@result(cases=SIZES_TOLD, name="{case}_span", **TOLD)
def like_lead_span(ctx: Context, *, case: str) -> Range:
    """Lead of {words}, {like}, percentage points of the money paid in, middle nine tenths of draws.

    Difference of the net present values at the treasury's interest at the same draw, 5 to 95 percent point {how}.
    """
    return Range(_told(ctx, case, "low"), _told(ctx, case, "high"))


@result(unit="pct", decimals=0, fields=HOW, cases=LEAD_WORDS, name="{case}_above")
def like_lead_above(ctx: Context, *, case: str) -> float:
    """Share of draws with a lead of {words}, {like}.

    Draws in which the net present value at the treasury's interest is higher, counted {how}.
    """
    return _told(ctx, case, "above")


@result(cases=CHANGE_WORDS, name="{case}", **TOLD)
def changed_by(ctx: Context, *, case: str) -> float:
    """Change of the worth of the {fund} by {words}, percentage points of the money paid in, median.

    Net present value at the treasury's interest with that feature less that without it, at the same draw, median {how}.
    """
    return _told(ctx, case, "median")


@result(cases=CHANGE_WORDS, name="{case}_span", **TOLD)
def changed_by_span(ctx: Context, *, case: str) -> Range:
    """Change of the worth of the {fund} by {words}, percentage points, middle nine tenths of draws.

    Net present value at the treasury's interest with that feature less that without it, at the same draw, 5 to 95 percent
    point {how}.
    """
    return Range(_told(ctx, case, "low"), _told(ctx, case, "high"))


def _sign(ctx: Context, ref: str) -> int:
    """Return 1 or -1 if the middle nine tenths of draws of a number lie on one side of zero, and 0 if on both."""
    span = cast("Range", ctx.result(f"{ref}_span"))
    return 1 if span.low > 0 else -1 if span.high < 0 else 0


@claim(most=60, least=90)
def like_favours_directed(ctx: Context, *, most: float, least: float) -> bool:
    """With like terms the fund that picks is ahead, and as each is built the two are level.

    The directed fund is worth more than the patient fund in at least {least} percent of joint draws with the same life, time to
    invest and share of the state for both, and neither is in more than {most} percent of draws as each is built.
    """
    as_built = ctx.value("model.patient_over_directed")
    return ctx.value("model.like_directed_patient_above") >= least and 100 - most <= as_built <= most


@claim(times=2)
def partners_and_life_carry(ctx: Context, *, times: float) -> bool:
    """What keeps the patient fund level with the directed fund is its private partners and its longer life.

    The share of the state and the life of the directed fund each take at least {times} times as much from the worth of the
    patient fund, by their medians, as the few sectors of the directed fund do, and each takes something in nearly all draws,
    which these sectors do not.
    """
    partners, life, few = (f"model.patient_with_{name}" for name in ("partners", "life", "list"))
    little = ctx.value(few)
    larger = all(ctx.value(one) <= times * little < 0 and _sign(ctx, one) == -1 for one in (partners, life))
    return larger and _sign(ctx, few) == 0


@claim(most=50, little=10)
def tickets_not_picking(ctx: Context, *, most: int, little: int) -> bool:
    """The directed fund is ahead on like terms mostly by its large tickets, and not by picking.

    Large tickets bring the patient fund at least {most} percent of that lead, by the medians, and something in nearly all
    draws; an opening to all sectors takes from the directed fund at most {little} percent of the lead, and has no sure sign.
    """
    lead, large, picking = (ctx.value(f"model.{name}") for name in (FIRST, "patient_with_tickets", "directed_with_all"))
    mostly = large >= most / 100 * lead and _sign(ctx, "model.patient_with_tickets") == 1
    return mostly and abs(picking) <= little / 100 * lead and _sign(ctx, "model.directed_with_all") == 0
