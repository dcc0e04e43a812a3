"""A Chinese clock: what a count of deals left by Chinese funds says of the growth of winners, and what follows."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.model.doubt import OF_COUNT, OF_FUNDS
from patient_capital.analysis.model.explorers import waiting
from patient_capital.analysis.model.fund import LONG, USUAL
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, REGIME_WORDS
from patient_capital.analysis.model.spans import of_draws, over_draws, point_of_draws, span_of_draws
from patient_capital.analysis.model.validation import comparisons, held_out_comparisons
from patient_capital.formatting import spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

BY_COUNT = over_draws(*OF_FUNDS, *OF_COUNT)
ESTIMATES = {
    "left_2014": {
        "name": "left_2014",
        "words": "Share of deals of funds set up in 2014 that the model would have had left by April 2025",
        "formula": "Winners that have reached their exit at the ages of the count, of all deals, American clock",
    },
    "growth_cn": {
        "name": "cn_growth",
        "words": "Growth of winners a year by the Chinese count of deals left",
        "formula": "Growth at which winners of American multiples leave as many deals as were counted",
    },
}


@of_draws(unit="pct", decimals=0, cases=ESTIMATES, fields=BY_COUNT, name="{case}")
def of_count(ctx: Context, *, name: str) -> str:
    """{words}, {told}.

    {formula}; {point} {how}.
    """
    return name


@of_draws(unit="pct_points", decimals=1, fields=BY_COUNT)
def wait_cn(ctx: Context) -> str:
    """Net return a year gained by waiting twenty rather than ten years, by the Chinese count, {told}.

    Difference of the internal rates of a private fund with these lives, winners growing as the count says; {point}
    {how}.
    """
    return "cn_wait"


WORTH_CN = {
    "national_cn": {"name": f"bond_{NATIONAL}", "words": "the national fund"},
    "plain_20_cn": {"name": f"plain_bond_{LONG}", "words": "a private fund of twenty years"},
}


@of_draws(unit="pct", decimals=0, cases=WORTH_CN, fields=BY_COUNT, name="worth_{case}")
def worth_cn(ctx: Context, *, name: str) -> str:
    """Net present value at the treasury's interest of {words}, by the Chinese count, {told}.

    Expected distributions less calls, per yuan of present value paid in, winners growing as the count says; {point}
    {how}.
    """
    return f"cn_{name}"


@result(unit="pct", decimals=0, cases=WORTH_CN, fields=BY_COUNT, name="worth_{case}_above")
def worth_cn_above(ctx: Context, *, name: str) -> float:
    """Share of draws in which {words} earns the treasury's interest, by the Chinese count.

    Counted {how}, winners growing as the count says.
    """
    return point_of_draws(ctx, f"cn_{name}", "above")


@claim(most=5)
def slower_than_drawn(ctx: Context, *, most: float) -> bool:
    """The Chinese count has fewer deals left than nearly every draw of the American clock.

    The share counted lies below the {most} percent point of the share that the model would have had left.
    """
    counted = ctx.number("patience_evidence", "left_of_2014", "value")
    return counted < span_of_draws(ctx, "left_2014").low


WHOLE_FUNDS = {"cn": {"whose": "Chinese"}, "us": {"whose": "American"}}


@result(unit="multiple", decimals=2, cases=WHOLE_FUNDS, name="fund_value_{case}")
def fund_value(ctx: Context, *, case: str) -> float:
    """Total value of whole {whose} venture funds over what was paid in, paid out or on paper, as a data firm counts.

    As the table of further values has it.
    """
    return ctx.number("parameter_notes", f"fm_{case}_tvpi_efront", "value")


@result(unit="pct", decimals=0, cases=WHOLE_FUNDS, name="fund_paid_out_{case}")
def fund_paid_out(ctx: Context, *, case: str) -> float:
    """What whole {whose} venture funds had paid out, of their total value, as a data firm counts.

    As the table of further values has it, in percent.
    """
    return 100 * ctx.number("parameter_notes", f"fm_{case}_paid_out_efront", "value")


@claim()
def payback_fits(ctx: Context) -> bool:
    """The years until Chinese funds have paid back what was paid in fit the American clock, and are no test of it.

    The first quarter in which distributions reach calls lies, at central parameters, in the span of the benchmark; and
    the benchmark is not among the numbers to which nothing was fitted, since it once chose the reading of the clock.
    """
    payback = comparisons(ctx).loc["VT32"]
    return str(payback["verdict"]) == "pass" and str(payback["treatment"]) != "held_out"


@claim()
def clock_fails_its_test(ctx: Context) -> bool:
    """The model misses the only number that tests its clock.

    Of the numbers to which nothing was fitted the share of Chinese deals left alone is moved by the time to exit. The
    model misses it.
    """
    moved = ctx.frame("validation_targets", "param_ids", keep=lambda t: t["param_ids"].str.contains("vr_time_to_exit"))
    tests = held_out_comparisons(ctx)
    tests = tests.loc[tests.index.isin(moved.index)]
    return list(tests.index) == ["VT34"] and bool(tests["verdict"].eq("miss").all())


@claim(usual=spelled(USUAL), long=spelled(LONG))
def ssf_fits_american_clock(ctx: Context) -> bool:
    """What the social security fund says its equity funds returned fits the American clock and exceeds the Chinese one.

    It lies in the spans of the net return of private funds of {usual} and of {long} years, and above those by the
    Chinese count.
    """
    returned = ctx.number("patience_evidence", "ssf_equity_funds", "value")
    american = [span_of_draws(ctx, f"rate_{years}") for years in (USUAL, LONG)]
    chinese = [span_of_draws(ctx, f"cn_rate_{years}") for years in (USUAL, LONG)]
    return all(one.low < returned < one.high for one in american) and all(returned > one.high for one in chinese)


AMERICAN, COUNTED = "American deals", "exits as slow as counted in China"
"""Names of the two clocks in figures."""


def rates_waited(reader: Reader) -> pd.DataFrame:
    """Return the net return of a private fund by the years until it must sell, under both clocks, from stored joint draws.

    Returns
    -------
    pandas.DataFrame
        `clock` in words, `years`; `median_pct`, `low_pct` and `high_pct` a year. By the Chinese count two lives are
        stored.
    """
    by_years = waiting(reader)
    rows = [
        (AMERICAN, years, *(by_years.loc[years, f"rate_{end}"] for end in ("median", "low", "high")))
        for years in by_years.index
    ]
    rows += [
        (COUNTED, years, *(point_of_draws(reader, f"cn_rate_{years}", end) for end in ("median", "low", "high")))
        for years in (USUAL, LONG)
    ]
    return pd.DataFrame(rows, columns=["clock", "years", "median_pct", "low_pct", "high_pct"])


def clocks(reader: Reader) -> pd.DataFrame:
    """Return what follows from the American clock of the book, and from the Chinese count of deals left.

    Returns
    -------
    pandas.DataFrame
        Indexed by number: `words`, `unit`, the names under which both are stored, and of each clock the `median`, `low`
        and `high` end, and percent of draws `above` zero.
    """
    rows = {
        "left": ("deals left at the age of the count, percent", "left_2014", ""),
        "wait": ("waiting twenty rather than ten years, points a year", f"wait_{USUAL}_{LONG}", "cn_wait"),
        f"plain_{USUAL}": (
            "private fund of ten years, worth at the treasury's interest", f"plain_bond_{USUAL}", f"cn_plain_bond_{USUAL}"
        ),
        f"plain_{LONG}": (
            "private fund of twenty years, worth at the treasury's interest", f"plain_bond_{LONG}", f"cn_plain_bond_{LONG}"
        ),
        **{name: (f"{REGIME_WORDS[name]}, worth at the treasury's interest", f"bond_{name}", f"cn_bond_{name}")
           for name in (DIRECTED, NATIONAL, PATIENT)},
    }  # fmt: skip
    found = {}
    for key, (words, american, chinese) in rows.items():
        row: dict[str, object] = {"words": words, "american": american, "chinese": chinese}
        for clock, name in (("american", american), ("chinese", chinese)):
            for label in ("median", "low", "high", "above"):
                row[f"{clock}_{label}"] = point_of_draws(reader, name, label) if name else float("nan")
        found[key] = row
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("number")
