"""Results of block B: what waiting is worth once losers, fees and forced sales count, and which loss ceiling binds."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from patient_capital.analysis.funds import FEW_DEALS, LARGE_PORTFOLIO, SMALL_PORTFOLIO
from patient_capital.analysis.model.inputs import At, deal_returns, filled, parameter
from patient_capital.formatting import digits
from patient_capital.model.common.checks import Floats
from patient_capital.model.fund.expected_flows import FundFlows, fund_flows
from patient_capital.model.fund.fund_performance import fund_internal_rate, value_per_yuan_paid
from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.holding_period import growth_from_proceeds_weighted_years
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.loss_ceilings import ceiling_chances, project_rule_probability
from patient_capital.model.fund.winner_calibration import growth_from_holding_years
from patient_capital.model.fund.winners import Winners
from patient_capital.model.regimes.evaluation import start_of_winners, winner_exits
from patient_capital.model.returns.deal_returns import DealReturns
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

SHORT, USUAL, LONGER, LONG = 7, 10, 15, 20


READING = {"exits": 0.0, "money": 1.0}
"""Ends of the reading of the time to exit: it counts exits, or weighs them by the money they bring."""
MIDDLE = "middle"
"""Between both, by the weight of the table of parameters."""


def growth_of_winners(ctx: Context, reading: str = MIDDLE, at: At = MappingProxyType({})) -> float:
    """Return the growth that the observed time to exit implies.

    Parameters
    ----------
    reading : str, optional
        ``money`` if it weighs exits by money, ``exits`` if it counts them, ``middle`` by the weight of the table.
    at : mapping, optional
        Values in the place of those of the table.
    """
    deals = deal_returns(ctx, at)
    years = parameter(ctx, "vr_time_to_exit", at=at)
    weight = READING[reading] if reading != MIDDLE else parameter(ctx, "vr_exit_reading", at=at)
    return float(growth_between(years, winner_exits(deals).start, deals.tail_index, deals.cap, weight))


def growth_between(
    years: ArrayLike, start: ArrayLike, tail_index: ArrayLike, cap: ArrayLike, weight: ArrayLike
) -> Floats:
    """Return growth a year between the readings of a time to exit: 0 counts exits, 1 weighs them; all may be arrays."""
    by_exits = np.asarray(growth_from_holding_years(years, start, tail_index, cap))
    by_money = np.asarray(growth_from_proceeds_weighted_years(years, start, tail_index, cap))
    return np.asarray(by_exits + np.asarray(weight) * (by_money - by_exits))


def winners_and_losers(ctx: Context, reading: str = MIDDLE, at: At = MappingProxyType({})) -> tuple[Winners, Losers]:
    """Return what a fund buys; the start of winners is solved so that blocks A and B have one mean."""
    deals = deal_returns(ctx, at)
    growth = growth_of_winners(ctx, reading, at)
    start, factor = winner_exits(deals)
    winners = Winners(growth=growth, start=start, tail_index=deals.tail_index, cap=deals.cap, payoff=factor)
    hazard = parameter(ctx, "vr_fail_hazard", at=at)
    return winners, Losers(share=deals.loss_share, mean=deals.low_mean, fail_hazard=hazard)


def fund_terms(ctx: Context, horizon: float, at: At = MappingProxyType({}), /, **changes: float) -> FundTerms:
    """Return the terms of a plain fund: no idle money, all raised, a hard budget, unless changed."""
    plain = {
        "deployment_delay": 0.0,
        "raised_share": 1.0,
        "soft_budget": 0.0,
        "upper_fee_rate": 0.0,
        "upper_carry": 0.0,
    }
    given = filled(ctx, FundTerms, at, leave=plain)
    return FundTerms(**({"horizon": float(horizon)} | given | plain | changes))


def flows_of(ctx: Context, horizon: float, reading: str = MIDDLE, **changes: float) -> FundFlows:
    """Return the expected flows of a plain fund."""
    return fund_flows(*winners_and_losers(ctx, reading), fund_terms(ctx, horizon, **changes))


def net_rate(ctx: Context, horizon: float, reading: str = MIDDLE, **changes: float) -> float:
    """Return the net return of a plain fund, percent a year."""
    return 100 * float(fund_internal_rate(flows_of(ctx, horizon, reading, **changes)))


def worth(ctx: Context, horizon: float, rate: str, **changes: float) -> float:
    """Return the net present value of a plain fund at the rate of a parameter, per yuan of present value paid in."""
    return float(value_per_yuan_paid(flows_of(ctx, horizon, MIDDLE, **changes), parameter(ctx, rate)))


@result(
    unit="pct",
    decimals=0,
    cases={"money": {"words": "weights exits by their money"}, "exits": {"words": "counts exits"}},
)
def growth(ctx: Context, *, case: str) -> float:
    """Growth of winners a year that the observed time to exit implies, if it {words}.

    Growth at which the mean time to exit of the process is the observed one.
    """
    return 100 * growth_of_winners(ctx, case)


@result(unit="multiple", decimals=2)
def winner_start(ctx: Context) -> float:
    """Multiple from which winners can exit by themselves.

    Solved so that the growth process has the same mean as the published classes.
    """
    return start_of_winners(deal_returns(ctx))


def years_to_paid_back(ctx: Context, reading: str = MIDDLE) -> float:
    """Return the year in which a fund that lives on has returned what was paid in."""
    flows = flows_of(ctx, 25, reading)
    ratio = np.cumsum(flows.distributions) / np.cumsum(flows.calls)
    if not (ratio >= 1).any():
        raise ValueError("a fund that lives on does not return what was paid in within 25 years")
    return float(flows.ends[int(np.argmax(ratio >= 1))])


@result(
    unit="pct",
    decimals=0,
    name="{case}",
    cases={
        "secondary_world": {"words": "What stakes in venture funds sold for, of their stated value, 2023"},
        "secondary_cn": {
            "words": "What stakes in Chinese funds were reported to sell for, of their stated value, 2025"
        },
        "redeem_recovery": {"words": "Share recovered where a court enforced a redemption clause"},
    },
)
def reported_share(ctx: Context, *, case: str) -> float:
    """{words}.

    Reported share, in percent.
    """
    return 100 * parameter(ctx, f"fm_{case}")


# --- Waiting as lines -------------------------------------------------------------------------------------

REFINANCED = (0.2, 0.5)
"""Shares of losers that get new money in the lines of soft budgets."""
HARD = "no losers refinanced"
"""Name of the fund that gives no loser new money, with which the others are compared."""
YEARS = range(6, 31)
MARKED = (USUAL, LONG)
READINGS = (MIDDLE, *READING)
TERM_FIELDS = tuple(field.name for field in fields(FundTerms) if field.name != "horizon")


def waiting_cases(ctx: Context, refinanced: Iterable[float] = REFINANCED) -> pd.DataFrame:
    """Return the funds whose net return is compared by horizon, a row each, one for each share `refinanced` too.

    Returns
    -------
    pandas.DataFrame
        `line`, its name; `exits_weigh`, whether the observed time to exit weighs exits by their ``money``, counts
        ``exits``, or stands in the ``middle``; `forced_sale`, share of value that a sale at the end fetches;
        `forced_sale_low` and `forced_sale_high`, the span of that share where a band is wanted, else missing;
        `soft_budget`, share of losers out of money that get more, 0 to 1.
    """
    sale, low, high = (parameter(ctx, "fm_forced_sale", end) for end in ("value", "low", "high"))
    soft = [(f"{digits(100 * share, 0)}% of losers refinanced", MIDDLE, share) for share in refinanced]
    ends = [("winners grow fast", "money", 0.0), ("winners grow slowly", "exits", 0.0)]
    rows = [(HARD, MIDDLE, 0.0), *soft, *ends]
    cases = pd.DataFrame(rows, columns=["line", "exits_weigh", "soft_budget"])
    hard = cases["line"].eq(HARD)
    return cases.assign(
        forced_sale=sale, forced_sale_low=np.where(hard, low, np.nan), forced_sale_high=np.where(hard, high, np.nan)
    )[["line", "exits_weigh", "forced_sale", "forced_sale_low", "forced_sale_high", "soft_budget"]]


def rates_by_horizon(
    ctx: Context, cases: pd.DataFrame, years: Iterable[int] = YEARS, marked: Iterable[int] = MARKED
) -> pd.DataFrame:
    """Return the net return a year of each fund by the years after which it must sell.

    Parameters
    ----------
    cases : pandas.DataFrame
        As :func:`waiting_cases` gives them. A further column that is named as a field of
        :class:`~patient_capital.model.fund.fund_terms.FundTerms` (`fee_rate`, `carry`, ...) changes it.
    years, marked : iterable of int
        Horizons, and those at which the first fund gets a mark.

    Returns
    -------
    pandas.DataFrame
        `line`, `years`; `rate_pct`, percent a year; `low_pct` and `high_pct`, the same at the ends of the span of
        the forced sale, missing without one; `marked`.

    Raises
    ------
    ValueError
        If the reading of the time to exit is none of :data:`READINGS`.
    DomainError
        If a term lies outside its domain.
    """
    wrong = sorted(set(cases["exits_weigh"]) - set(READINGS))
    if wrong:
        raise ValueError(f"exits_weigh must be one of {', '.join(READINGS)}, not {', '.join(map(str, wrong))}")
    horizons, dots = list(years), set(marked)
    bought = {reading: winners_and_losers(ctx, reading) for reading in READINGS}
    plain = fund_terms(ctx, max(horizons))

    def rate(reading: str, horizon: int, terms: dict[str, float]) -> float:
        changed = replace(plain, horizon=float(horizon), **terms)
        return 100 * float(fund_internal_rate(fund_flows(*bought[reading], changed)))

    rows = []
    for place, case in enumerate(cases.to_dict("records")):
        reading = case["exits_weigh"]
        terms = {name: float(case[name]) for name in TERM_FIELDS if name in case}
        span = [case["forced_sale_low"], case["forced_sale_high"]]
        for horizon in horizons:
            low, high = (
                rate(reading, horizon, terms | {"forced_sale": float(end)}) if pd.notna(end) else math.nan
                for end in span
            )
            own = rate(reading, horizon, terms)
            rows.append((case["line"], horizon, own, low, high, place == 0 and horizon in dots))
    return pd.DataFrame(rows, columns=["line", "years", "rate_pct", "low_pct", "high_pct", "marked"])


def horizon_lines(ctx: Context) -> pd.DataFrame:
    """Return the lines of :func:`rates_by_horizon` for the funds of :func:`waiting_cases`."""
    return rates_by_horizon(ctx, waiting_cases(ctx))


def yardsticks(ctx: Context) -> pd.DataFrame:
    """Return the rates that a fund of the state is measured by: `rate`, its name, and `rate_pct`, percent a year."""
    names = {"treasury's interest": "fm_bond_coupon", "official rate, public projects": "fm_public_rate"}
    return pd.DataFrame({"rate": list(names), "rate_pct": [100 * parameter(ctx, p) for p in names.values()]})


# --- Loss ceilings: the model's own chance ----------------------------------------------------------------

CHANCE = (
    "Independent draws from the distribution of deals, times a common shock of the exit year; exact convolution on a "
    "fine lattice"
)


def ceiling_chance(ctx: Context, ceiling: float, deals: int) -> float:
    """Return the chance in percent that equal deals with a common shock lose more than a ceiling, a share, together."""
    return 100 * _ceiling_chance(deal_returns(ctx), deals, ceiling, parameter(ctx, "vr_shock_sd"))


@cache
def _ceiling_chance(returns: DealReturns, deals: int, ceiling: float, shock_sd: float) -> float:
    """Convolve once for each set of numbers: many rules have the same ceiling."""
    return float(ceiling_chances(returns, deals, ceiling, shock_sd))


@result(
    unit="pct",
    decimals=1,
    fields={"how": CHANCE},
    cases={
        f"{pct}_{deals}": {"pct": pct, "deals": deals, "decimals": 2 if (pct, deals) == (80, LARGE_PORTFOLIO) else 1}
        for pct in (80, 50)
        for deals in (SMALL_PORTFOLIO, LARGE_PORTFOLIO)
    },
    name="ceiling_{case}",
)
def ceiling_in_slump(ctx: Context, *, pct: float, deals: int) -> float:
    """Chance that {deals} deals with a common shock lose more than {pct} percent together.

    {how}.
    """
    return ceiling_chance(ctx, ceiling=pct / 100, deals=deals)


@result(unit="pct", decimals=1, fields={"deals": SMALL_PORTFOLIO, "how": CHANCE})
def ceiling(ctx: Context, row: str) -> float:
    """Chance that {deals} deals with a common shock lose more than the ceiling.

    {how}.

    For the ceiling of one rule.
    """
    return ceiling_chance(ctx, ceiling=ctx.number("fund_rules", row, "value") / 100, deals=SMALL_PORTFOLIO)


@result(unit="pct", decimals=3, fields={"deals": FEW_DEALS})
def project_rule(ctx: Context, *, deals: int) -> float:
    """Chance that at least one of {deals} deals loses, so that a rule that counts each is broken.

    1 - (1 - share of losing deals)^{deals}.
    """
    return 100 * float(project_rule_probability(parameter(ctx, "vr_loss_share"), deals))


@claim(deals=SMALL_PORTFOLIO, ceiling=80, most=2)
def ceiling_seldom(ctx: Context, *, deals: int, ceiling: float, most: float) -> bool:
    """Almost never, even in a slump that hits all deals at once.

    The chance for {deals} deals and {ceiling} percent, common shock included, is at most {most} percent.
    """
    return ctx.value(f"model.ceiling_{ceiling}_{deals}") <= most
