"""What a yuan becomes in each regime: in expectation, at its worst, and against another."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import pandas as pd

from patient_capital.analysis.model.regimes import (
    DIRECTED,
    NATIONAL,
    PATIENT,
    PRIVATE,
    REGIMES,
    flow_ratios,
    market_of,
    regime,
    scenario,
)
from patient_capital.analysis.model.spans import spans_of_regimes
from patient_capital.formatting import digits
from patient_capital.model.common.checks import Floats
from patient_capital.model.regimes.evaluation import Regime, Scenario, evaluate
from patient_capital.model.regimes.regime_draws import chance_of_beating, net_multiples, spread, ticket_count_chance
from patient_capital.provenance.records import Context

SHOWN = (PRIVATE, DIRECTED, NATIONAL, PATIENT)
DECIDED_BY = {
    "average": "average of scores",
    "unanimity": "all must agree",
    "champion": "one is enough",
    "majority": "majority",
}
MARKET_WORDS = {"own": "its own, small", "early": "early stage", "whole": "all venture deals"}


def _decided(one: Regime) -> str:
    """Return who decides on a deal; the layers of a fund of funds approve sub-funds, and judge the rest themselves."""
    own = f"{one.screeners}, {DECIDED_BY[one.rule]}"
    if one.rule == "average" or one.layers_screen_share == 1:
        return own
    return f"sub-funds; {own} for what layers judge"


def regimes_in_words(ctx: Context, regimes: Iterable[Regime]) -> pd.DataFrame:
    """Return what distinguishes some regimes, a row each.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: `label`; `assumed`, what of it has no source; `who_decides`; `sectors_picked`; `tickets`;
        `horizon_years`; `state_pct`, share of the state; `fee_layers`; `market` that it enters.
    """
    known, markets = ctx.frame("regimes", "label", "assumed_columns"), flow_ratios(ctx)
    rows = {}
    for one in regimes:
        listed = one.name in known.index
        assumed = known.at[one.name, "assumed_columns"] if listed else ""
        market = market_of(one.flow_ratio, markets)
        rows[one.name] = {
            "label": known.at[one.name, "label"] if listed else one.name.replace("_", " "),
            "assumed": "" if pd.isna(assumed) else assumed.replace("_", " ").replace(";", ", "),
            "who_decides": _decided(one),
            "sectors_picked": one.sectors_picked,
            "tickets": one.tickets,
            "horizon_years": one.horizon,
            "state_pct": 100 * one.state_share,
            "fee_layers": one.fee_layers,
            "market": MARKET_WORDS[market] if market else f"{digits(one.flow_ratio, 1)} times the money",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("regime")


def outcomes(regimes: Iterable[Regime], coupon: Scenario, official: Scenario) -> pd.DataFrame:
    """Return what a yuan becomes in some regimes, in expectation.

    Parameters
    ----------
    coupon, official : Scenario
        Discounted at the coupon of the treasury and at the official rate for public projects.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: `net_multiple`, distributions over calls; `net_return_pct`, percent a year;
        `worth_at_coupon_pct` and `worth_at_official_pct`, net present value in percent of the money paid in.
    """
    rows = {}
    for one in regimes:
        found = evaluate(one, coupon)
        rows[one.name] = {
            "net_multiple": found.net_multiple,
            "net_return_pct": 100 * found.internal_rate,
            "worth_at_coupon_pct": 100 * found.value,
            "worth_at_official_pct": 100 * evaluate(one, official).value,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("regime")


def regimes_compared(ctx: Context) -> pd.DataFrame:
    """Return the four regimes with what a yuan becomes in each at central parameters, and over all doubts.

    The columns are those of :func:`regimes_in_words`, :func:`outcomes` and
    :func:`patient_capital.analysis.model.spans.spans_of_regimes`.
    """
    regimes = [regime(ctx, row) for row in SHOWN]
    worth = outcomes(regimes, scenario(ctx, "bond"), scenario(ctx, "public"))
    return regimes_in_words(ctx, regimes).join(worth).join(spans_of_regimes(ctx))


def drawn(
    regimes: Iterable[Regime],
    at: Scenario,
    portfolios: int = 1000,
    counts: Iterable[tuple[int, int]] = ((600, 30), (600, 10)),
) -> pd.DataFrame:
    """Draw portfolios of some regimes anew, in the form of the stored runs.

    Parameters
    ----------
    regimes : iterable of Regime
        What is drawn; their names must differ.
    at : Scenario
        What no regime chooses; it carries the seed.
    portfolios : int
        Portfolios of each regime, 40 or more. The stored runs have a hundred thousand, which takes minutes.
    counts : iterable of (int, int)
        Further pairs of tickets that are compared on the same deals, beside those of the regimes themselves.

    Returns
    -------
    pandas.DataFrame
        Indexed by run, with `value`: median, low end (one in twenty below) and chance of a loss in percent of each
        regime; chance in percent that one beats another, and that the count of tickets alone gives.
    """
    multiples: dict[str, Floats] = {}
    values: dict[str, float] = {}
    chosen = list(regimes)
    for place, one in enumerate(chosen):
        # The stream belongs to the regime, so that a regime that is not changed is drawn as in the stored runs.
        stream = 1 + (REGIMES.index(one.name) if one.name in REGIMES else len(REGIMES) + place)
        multiples[one.name] = net_multiples(one, at, portfolios, stream=stream)
        found = spread(one, at, multiples[one.name])
        values |= {
            f"{one.name}_median": found.median.value,
            f"{one.name}_low": found.low.value,
            f"{one.name}_loss": 100 * found.loss.value,
        }
    pairs = list(counts)
    for first, second in permutations(chosen, 2):
        chance = chance_of_beating(multiples[first.name], multiples[second.name])
        values[_beats(first.name, second.name)] = 100 * chance.value
        pairs.append((first.tickets, second.tickets))
    for many, few in dict.fromkeys(pairs):
        chance = ticket_count_chance(at.returns, many, few, portfolios, at.seed)
        values[_counted(many, few)] = 100 * chance.value
    return pd.DataFrame({"value": pd.Series(values, dtype=float)}).rename_axis("run_id")


def _beats(first: str, second: str) -> str:
    return f"beats_{first}_{second}"


def _counted(many: int, few: int) -> str:
    return f"count_{many}_{few}"


def spread_by_regime(regimes: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return mean, median and downside of each regime of :func:`regimes_compared` from stored or newly drawn runs.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: `label`; `mean_multiple`, `median_multiple` and `low_multiple` (one portfolio in twenty
        lies below), times the money paid in; `loss_pct`, chance of a loss. Missing where nothing was drawn.
    """

    def run(what: str) -> list[float]:
        found = runs["value"].reindex([f"{name}_{what}" for name in regimes.index])
        return [float(number) for number in found.astype(float)]

    shown = regimes[["label"]].assign(mean_multiple=regimes["net_multiple"])
    return shown.assign(median_multiple=run("median"), low_multiple=run("low"), loss_pct=run("loss"))


def regimes_spread(ctx: Context) -> pd.DataFrame:
    """Return :func:`spread_by_regime` of the four regimes from the stored runs."""
    return spread_by_regime(regimes_compared(ctx), ctx.frame("model_runs", "value"))


BEATING = ((PATIENT, DIRECTED), (NATIONAL, DIRECTED))
TICKETS = ((600, 30), (600, 10))
"""Pairs of regimes, and of counts of tickets, whose chances of beating one another are shown."""


def chances_of_beating(
    runs: pd.DataFrame,
    tickets: pd.Series,
    regimes: Iterable[tuple[str, str]] = BEATING,
    counts: Iterable[tuple[int, int]] = TICKETS,
) -> pd.DataFrame:
    """Return how often one portfolio returns more than another, beside what the count of tickets alone gives.

    Parameters
    ----------
    runs : pandas.DataFrame
        Indexed by run, with `value` in percent: the stored runs of the book, or :func:`drawn`.
    tickets : pandas.Series
        Tickets of each regime, by name.
    regimes, counts : iterable of pairs
        Names of regimes; and counts of tickets that are drawn from the same deals.

    Returns
    -------
    pandas.DataFrame
        `pair` in words; `run` and `count_run`, the runs behind the numbers; `beats_pct`, chance that the first
        returns more, missing for bare counts; `by_count_pct`, the same for the same deals.
    """

    def words(name: str) -> str:
        return name.replace("_", " ")

    rows = [
        (
            f"{words(one).capitalize()} against {words(other)}",
            _beats(one, other),
            _counted(tickets[one], tickets[other]),
        )
        for one, other in regimes
    ]
    rows += [(f"{many} tickets against {few}, same deals", "", _counted(many, few)) for many, few in counts]
    frame = pd.DataFrame(rows, columns=["pair", "run", "count_run"])
    for column, run in (("beats_pct", "run"), ("by_count_pct", "count_run")):
        frame[column] = runs["value"].reindex(frame[run]).astype(float).to_numpy()
    return frame


def stored_chances(ctx: Context) -> pd.DataFrame:
    """Return the chances of beating from the stored runs; columns of :func:`chances_of_beating`."""
    tickets = ctx.frame("regimes", "tickets")["tickets"]
    return chances_of_beating(ctx.frame("model_runs", "value"), tickets)
