"""One feature at a time: what each changes on the way from one regime to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, flow_ratios, market_of, regime, scenario
from patient_capital.formatting import digits, format_value
from patient_capital.model.regimes.evaluation import Regime, Scenario, regime_value
from patient_capital.provenance.records import Context

COORDINATES = (
    ("screening", ("rule", "screeners")),
    ("state", ("state_share",)),
    ("sectors", ("sectors_picked",)),
    ("time", ("horizon", "investment_years")),
    ("size", ("reaches_scale",)),
    ("market", ("flow_ratio",)),
)
"""Features of a regime and the fields that are moved together."""
PATH = (DIRECTED, NATIONAL, PATIENT)
TENS = {15: "fifteen", 20: "twenty", 25: "twenty-five", 30: "thirty"}
RULE_NAMES = {
    "average": "average of scores",
    "unanimity": "unanimity",
    "champion": "one champion",
    "majority": "majority",
}
ENTERED = {"own": "a market of its own", "early": "the early-stage market", "whole": "all venture deals"}


def _count(number: float) -> str:
    return TENS.get(int(number), format_value(number, form="word")) if number == int(number) else digits(number)


def _screening_change(start: Regime, end: Regime) -> str:
    if start.rule != end.rule:
        return f"{RULE_NAMES[end.rule]}, not {RULE_NAMES[start.rule]}"
    return f"{_count(end.screeners)} who decide, not {_count(start.screeners)}"


def _state_change(start: Regime, end: Regime) -> str:
    private = 1 - end.state_share
    if private == 0.5:
        return "half the money private"
    if abs(end.state_share - start.state_share) < 0.1:
        return f"a little {'less' if end.state_share < start.state_share else 'more'} state money"
    return f"{digits(100 * private, 0)}% of the money private"


def change_in_words(
    coordinate: str, start: Regime, end: Regime, sectors: int, markets: Mapping[str, float] | None = None
) -> str:
    """Return what changes in one feature of :data:`COORDINATES` between two regimes: ``twenty years instead of ten``.

    Parameters
    ----------
    sectors : int
        Number of all sectors.
    markets : dict, optional
        Money after over before, by name of the market, so that a market can be named.
    """
    if coordinate == "screening":
        return _screening_change(start, end)
    if coordinate == "state":
        return _state_change(start, end)
    if coordinate == "sectors":
        listed = f"{_count(end.sectors_picked)} listed sectors, not {_count(start.sectors_picked)}"
        return "all sectors open" if end.sectors_picked == sectors else listed
    if coordinate == "time":
        if end.horizon == start.horizon:
            return f"{_count(end.investment_years)} years to invest, not {_count(start.investment_years)}"
        return f"{_count(end.horizon)} years instead of {_count(start.horizon)}"
    if coordinate == "size":
        return "tickets large enough for scale" if end.reaches_scale else "small tickets only"
    market = market_of(end.flow_ratio, markets or {})
    return f"entering {ENTERED[market]}" if market else f"a market with {digits(end.flow_ratio, 1)} times the money"


STEP_COLUMNS = ("coordinate", "change", "first_pct", "last_pct")


def one_at_a_time(start: Regime, end: Regime, at: Scenario, markets: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return what each feature changes on the way from one regime to another, moved first and moved last.

    Features that are the same in both are left out; `at` is what neither chooses, discount rate included.

    Returns
    -------
    pandas.DataFrame
        `coordinate`; `change` in words; `first_pct` and `last_pct`, change of the net present value in percent of
        the money paid in.
    """
    worth_start, worth_end = (regime_value(one, at) for one in (start, end))
    rows = []
    for name, moved in COORDINATES:
        forth = replace(start, **{field: getattr(end, field) for field in moved})
        back = replace(end, **{field: getattr(start, field) for field in moved})
        if forth == start:
            continue
        words = change_in_words(name, start, end, at.sectors, markets)
        first, last = regime_value(forth, at) - worth_start, worth_end - regime_value(back, at)
        rows.append((name, words, 100 * first, 100 * last))
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def steps_along(path: Sequence[Regime], at: Scenario, markets: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return what each feature changes between neighbours on a path, the largest gain of each stretch first.

    Returns
    -------
    pandas.DataFrame
        `way`, the stretch; `change`; `first_pct` and `last_pct`, percent of the money paid in, for the feature
        moved as the first step and as the last.
    """
    parts = []
    for start, end in pairwise(path):
        moved = one_at_a_time(start, end, at, markets).sort_values("first_pct", ascending=False, kind="stable")
        parts.append(moved.assign(way=f"{_short(start)} to {_short(end)}"))
    return pd.concat(parts, ignore_index=True)[["way", "change", "first_pct", "last_pct"]]


def _short(one: Regime) -> str:
    return one.name.removesuffix("_fund").replace("_", " ")


def steps_from_directed_to_patient(ctx: Context) -> pd.DataFrame:
    """Return the :func:`steps_along` from the directed to the national and on to the patient fund, at the coupon."""
    return steps_along([regime(ctx, row) for row in PATH], scenario(ctx), flow_ratios(ctx))
