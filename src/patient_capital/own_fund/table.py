"""The whole table of a fund of one's own: returns, values with their spans, chances, break-evens, and what takes what.

Spans are those of the book's parameters: all that the files leave open is drawn at once over its documented span, and
the deals are drawn again from the file's, so that their number counts. Luck between funds is a part of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from patient_capital import model
from patient_capital.analysis.model.doubt import FEATURES, OF_FUNDS, drawn_at, over_spans, uncertain_inputs
from patient_capital.analysis.model.inputs import FIELDS
from patient_capital.analysis.model.regimes import RATES, REGIME_WORDS, scenario
from patient_capital.model._numerics.random_streams import block_generator
from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import Floats
from patient_capital.model.fund.cash_flows import effective_rate
from patient_capital.model.fund.fund_performance import fund_internal_rate, net_multiple, value_per_yuan_paid
from patient_capital.model.fund.holding_period import growth_from_proceeds_weighted_years
from patient_capital.model.fund.tabulated_winners import growth_of_table
from patient_capital.model.regimes.evaluation import Scenario, evaluate, regime_flows, regime_value, winner_exits
from patient_capital.model.regimes.regime_draws import chance_of_beating, net_multiples, spread
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.model.returns.deal_table import DealTable, as_deals
from patient_capital.model.selection.deal_flow import with_tail_share
from patient_capital.own_fund.files import OwnDeals, OwnFund
from patient_capital.provenance.records import Context

COLUMNS = ("part", "item", "value", "low_5", "high_95", "share_above_zero", "unit", "outcome")
STREAM = 41
"""Sequence of draws of the parameters and the deals of one's own fund, apart from those of portfolios."""
SWITCHES: dict[str, Mapping[str, Any]] = {
    "management fees": {"fee_rate": 0.0},
    "carry": {"carry": 0.0},
    "sales below value at the end": {"forced_sale": 1.0},
    "idle money": FEATURES["idle"][1],
    "refinancing of losers": FEATURES["soft"][1],
    "refusal by the best": FEATURES["refusal"][1],
    "thinning of deals": FEATURES["crowd"][1],
    "value that needs large tickets": FEATURES["tickets"][1],
}
"""What the model takes from a fund, and how each is switched off."""
STEPS = 12
"""Equal steps in which a span is searched for a change of sign."""


def with_returns(at: Scenario, deals: DealTable | None, years: float | None, own: Mapping[str, Any]) -> Scenario:
    """Return a scenario with the deals and the fields that a user sets.

    Parameters
    ----------
    at : Scenario
        A scenario of the book; its growth gives the time to exit unless `years` does.
    deals : DealTable or None
        Own deals; those of the scenario if None.
    years : float or None
        Years to the exit of winners, weighted by what they bring.
    own : dict
        Fields of the scenario that are set; a growth among them is taken as it is.
    """
    book = at.returns
    product = 0.0
    if isinstance(book, DealReturns):
        start = winner_exits(book).start
        product = float(growth_from_proceeds_weighted_years(1.0, start, book.tail_index, book.cap))
    if years is None:
        years = product / at.growth
    growth = product / years if deals is None else growth_of_table(deals, years)
    return replace(at, **{"growth": growth, "returns": at.returns if deals is None else deals, **own})


@dataclass(frozen=True, slots=True)
class _Own:
    """One fund with its deals in the book."""

    ctx: Context
    fund: OwnFund
    deals: OwnDeals | None

    def at(self, book: Scenario, counts: Floats | None = None) -> Scenario:
        table = None if self.deals is None else self.deals.table(counts)
        return with_returns(book, table, self.fund.time_to_exit, self.fund.scenario)

    def rates(self) -> dict[str, float]:
        """Return the discount rates of the table by name: the file's, or the two of the book."""
        if "discount_rate" in self.fund.scenario:
            return {"own": float(self.fund.scenario["discount_rate"])}
        return {name: scenario(self.ctx, name).discount_rate for name in RATES}


def _drawn(own: _Own, draws: int) -> pd.DataFrame:
    """Return net return and values over joint draws of all that the files leave open, and of the deals."""
    inputs = uncertain_inputs(own.ctx, OF_FUNDS)
    generator = block_generator(scenario(own.ctx).seed, STREAM, 0)
    books = drawn_at(own.ctx, over_spans(inputs, generator.random((draws, len(inputs)))), draws).scenarios
    rows = []
    for place in range(draws):
        book, counts = books.at(place), None
        if own.deals is not None:
            counts = _drawn_again(generator, own.deals)
        flows = regime_flows(own.fund.regime, own.at(book, counts))
        try:
            rate = float(fund_internal_rate(flows))
        except model.DomainError:
            rate = -np.inf  # so little comes back that no rate makes up for it
        values = {f"value_{name}": float(value_per_yuan_paid(flows, rate_)) for name, rate_ in own.rates().items()}
        rows.append({"internal_rate": rate, "net_multiple": float(net_multiple(flows)), **values})
    return pd.DataFrame(rows)


def _drawn_again(generator: np.random.Generator, deals: OwnDeals) -> Floats:
    """Return how often each deal is drawn when as many are drawn from the file.

    Among them is one that gains and one that is not of the best, where there is one: the model needs winners, and
    others whose share rises as deals thin out.
    """
    size = deals.multiples.size
    counted = deals.weights > 0
    needed = ((deals.multiples > 1) & counted, (deals.multiples < deals.tail_start) & counted)
    counts = np.bincount(generator.integers(size, size=size), minlength=size).astype(float)
    for of_kind in map(np.flatnonzero, needed):
        if of_kind.size and not counts[of_kind].any():
            counts[generator.choice(of_kind)] = 1.0
    return counts


Row = dict[str, object]


def _row(part: str, item: str, value: float, unit: str, drawn: pd.Series | None = None, outcome: str = "") -> Row:
    told: Row = {"part": part, "item": item, "value": value, "unit": unit, "outcome": outcome}
    if drawn is not None and len(drawn):
        low, high = drawn.quantile([0.05, 0.95], interpolation="nearest")
        if np.isinf(low):
            none = np.isinf(drawn).mean()
            told |= {
                "low_5": np.nan,
                "high_95": high,
                "outcome": f"too little comes back for a rate in {none:.0%} of draws",
            }
        else:
            told |= {"low_5": low, "high_95": high}
        if unit != "multiple":
            told["share_above_zero"] = (drawn > 0).mean()
    return told


def _results(own: _Own, at: Scenario, drawn: pd.DataFrame) -> Iterator[Row]:
    found = evaluate(own.fund.regime, at)
    column = drawn.get
    yield _row(
        "results", "net return a year, continuously compounded", found.internal_rate, "share", column("internal_rate")
    )
    yield _row("results", "the same, effective", float(effective_rate(found.internal_rate)), "share")
    yield _row("results", "net multiple", found.net_multiple, "multiple", column("net_multiple"))
    for name, rate in own.rates().items():
        worth = regime_value(own.fund.regime, replace(at, discount_rate=rate))
        label = f"net present value at {rate:.4g} a year"
        yield _row("results", label, worth, "of money paid in", column(f"value_{name}"))
        needed = f"benefit to others that makes it break even at {rate:.4g}"
        yield _row("results", needed, max(-worth, 0.0), "of money paid in", outcome="none needed" if worth >= 0 else "")
    for item in ("screening", "picking", "scale", "coordination"):
        yield _row("results", f"factor on winners: {item}", getattr(found, item), "factor")
    yield _row("results", "share of the best deals, after thinning and refusals", found.tail_share, "share")


def _deals(at: Scenario, deals: OwnDeals | None) -> Iterator[Row]:
    met = as_deals(at.returns)
    if deals is not None:
        yield _row("deals", "deals", deals.multiples.size, "count")
        yield _row("deals", "still held", float(deals.held.sum()), "count", outcome=deals.treatment)
    yield _row("deals", "mean multiple", met.mean(), "multiple")
    yield _row("deals", "share of losses", met.loss_share, "share")
    yield _row("deals", "mean multiple of losses", met.low_mean, "multiple")
    yield _row("deals", f"share at {met.tail_start:g} times or more", met.tail_share, "share")
    yield _row("deals", "growth of winners a year", at.growth, "share")


def _chances(own: _Own, at: Scenario, portfolios: int) -> Iterator[Row]:
    """Luck alone: how portfolios of the fund differ at the central parameters."""
    multiples = net_multiples(own.fund.regime, at, portfolios)
    found = spread(own.fund.regime, at, multiples)
    yield _row("chances", "median net multiple", found.median.value, "multiple")
    yield _row("chances", "net multiple that 5 of 100 such funds stay below", found.low.value, "multiple")
    yield _row("chances", "chance of a loss", found.loss.value, "probability")
    private = model.regimes()["private"]
    other = net_multiples(private, at, portfolios, stream=1)
    beats = chance_of_beating(multiples, other)
    yield _row("chances", "chance of a higher multiple than a private fund", beats.value, "probability")


def _break_evens(own: _Own, at: Scenario) -> Iterator[Row]:
    """Where the value at the scenario's rate changes its sign, over the span that each parameter has in the book."""
    regime = own.fund.regime

    def searched(item: str, gain: Any, low: float, high: float, unit: str) -> Row:
        try:
            found = first_sign_change(gain, low, high, steps=STEPS)
        except model.DomainError as error:
            return _row("break_evens", item, np.nan, unit, outcome=f"not defined over the span: {error}")
        side = {"gain": "no switch: above zero", "loss": "no switch: below zero"}.get(found.side, "switch")
        return _row("break_evens", item, np.nan if found.at is None else found.at, unit, outcome=side)

    for name, field in FIELDS.items():
        row = own.ctx.data.table("parameters").text[name]
        low, high = (float(row[end] or row["value"]) for end in ("low", "high"))
        if field not in Scenario.__slots__ or low == high or field in {"sectors", "years_per_exit_year", "shock_sd"}:
            continue

        def gain(value: float, field: str = field) -> float:
            changed: dict[str, Any] = {field: value}
            return regime_value(regime, replace(at, **changed))

        yield searched(f"{row['name']}, from {low:g} to {high:g}", gain, low, high, row["unit"])
    bare = replace(at, elasticity=0.0, refusal=0.0)

    def of_tail(share: float) -> float:
        return regime_value(regime, replace(bare, returns=with_tail_share(at.returns, share, "in_proportion")))

    if 0 < as_deals(at.returns).tail_share < 1:
        yield searched("share of the best deals, thinning and refusals set aside", of_tail, 0.002, 0.6, "share")


def _decomposition(own: _Own, at: Scenario) -> Iterator[Row]:
    """What each cost takes, as the value gained where it alone is switched off, and all of them."""
    regime, worth = own.fund.regime, regime_value(own.fund.regime, at)
    rows = [(words, regime_value(regime, replace(at, **off)) - worth) for words, off in SWITCHES.items()]
    rule, screeners = at.yardstick
    alike = replace(regime, rule=rule, screeners=screeners)
    rows.append(("screening unlike a private fund's", regime_value(alike, at) - worth))
    for words, gained in sorted(rows, key=lambda row: -row[1]):
        yield _row("decomposition", f"without {words} alone", gained, "of money paid in")
    every: dict[str, Any] = {field: value for off in SWITCHES.values() for field, value in off.items()}
    bare = regime_value(alike, replace(at, **every))
    yield _row("decomposition", "value without any of them", bare, "of money paid in")


def _beside(at: Scenario) -> Iterator[Row]:
    for name, regime in model.regimes().items():
        words = f"{REGIME_WORDS[name]}, with the same deals"
        yield _row("regimes of the book", words, regime_value(regime, at), "of money paid in")


def own_table(
    ctx: Context, fund: OwnFund, deals: OwnDeals | None = None, *, draws: int = 256, portfolios: int = 10_000
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the whole table of a fund, and the draws behind its spans.

    Parameters
    ----------
    ctx : Context
        The book.
    fund : OwnFund
        The fund.
    deals : OwnDeals, optional
        Its deals; the book's American ones unless given.
    draws : int, optional
        Joint draws for the spans; none where 0.
    portfolios : int, optional
        Portfolios for the chances.

    Returns
    -------
    tuple of pandas.DataFrame
        The table, with the columns of :data:`COLUMNS`: value, 5 and 95 percent points and share above zero where it
        was drawn, and in `outcome` what a number cannot say. And one row a draw.

    Raises
    ------
    DomainError
        If the fund cannot be evaluated with these deals.
    """
    own = _Own(ctx, fund, deals)
    at = own.at(scenario(ctx))
    drawn = _drawn(own, draws)
    parts = (
        _results(own, at, drawn),
        _chances(own, at, portfolios),
        _break_evens(own, at),
        _decomposition(own, at),
        _beside(at),
        _deals(at, deals),
    )
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=list(COLUMNS)), drawn.replace(-np.inf, np.nan)
