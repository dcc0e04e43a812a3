"""Tables of the chapter on the model."""

from __future__ import annotations

from typing import Final

from patient_capital.analysis.model_checks import comparisons, targets
from patient_capital.analysis.model_doubt import PAYOFF_DOUBTS, doubts
from patient_capital.analysis.model_regimes import DIRECTED, NATIONAL, PATIENT, PRIVATE
from patient_capital.formatting import digits
from patient_capital.listings.record import Cell, Column, Listing, fact_cell, listing, result_cell
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results
from patient_capital.tables import Data, Reader

END: Final = "end"
ROWS = (PRIVATE, DIRECTED, NATIONAL, PATIENT)
RULES = {
    "average": "average of scores",
    "unanimity": "all must agree",
    "champion": "one is enough",
    "majority": "majority",
}
MARKETS = {"own": "its own, small", "early": "early stage", "whole": "all venture deals"}


@listing("model.regimes")
def regimes(data: Data) -> Listing:
    """The regimes as points of one space, and what a yuan becomes in each."""
    table = data.table("regimes")
    rows = tuple(
        (
            Cell(table.text[row]["label"], under="assumed: " + table.text[row]["assumed_columns"].replace("_", " ").replace(";", ", ") if table.text[row]["assumed_columns"] else ""),
            Cell(f"{table.text[row]['screeners']}, {RULES[table.text[row]['screening_rule']]}"), fact_cell(data, "regimes", row, "sectors_picked"),
            fact_cell(data, "regimes", row, "tickets"), fact_cell(data, "regimes", row, "horizon_years", "bare"),
            Cell(MARKETS[table.text[row]["market_entered"]]), result_cell(data, f"model.regime_rate[{row}]", "bare"),
            result_cell(data, f"model.regime_worth_bond[{row}]", "bare"), result_cell(data, f"model.regime_worth_public[{row}]", "bare"),
        )
        for row in ROWS
    )  # fmt: skip
    return Listing(
        "Four ways to invest, and what a yuan becomes in each",
        (Column("Regime", wide=True), Column("Who decides"), Column("Sectors", END), Column("Tickets", END), Column("Years", END), Column("Market"),
         Column("Net return, %", END), Column("Worth at coupon, %", END), Column("At official rate, %", END)),
        rows, download="regimes.csv",
        note="Expected values at central parameters, American deals. Worth: net present value in percent of the money paid in, at the coupon of the treasury and at the official rate for public projects.",
    )  # fmt: skip


@listing("model.spread")
def spread(data: Data) -> Listing:
    """Mean, median and downside apart, with the count of tickets beside every probability."""

    def run(name: str) -> Cell:
        return fact_cell(data, "model_runs", name, "value")

    rows = tuple(
        (
            Cell(data.table("regimes").text[row]["label"]),
            result_cell(data, f"model.regime_multiple[{row}]"),
            run(f"{row}_median"),
            run(f"{row}_low"),
            run(f"{row}_loss"),
        )
        for row in ROWS
    )
    return Listing(
        "Mean, median and downside apart",
        (Column("Regime", wide=True), Column("Mean net multiple", END), Column("Median", END), Column("One in twenty below", END), Column("Chance of a loss", END)), rows,
        download="model_runs.csv", note="Net multiples of a hundred thousand portfolios each, with a common shock by exit year and by sector. The mean is of expected flows; carry on outcomes makes drawn means a little lower.",
    )  # fmt: skip


@listing("model.beats")
def beats(data: Data) -> Listing:
    """Every chance of beating beside what the count of tickets alone gives."""
    pairs = (
        ("Patient fund against directed fund", "beats_patient_fund_directed_fund", "count_2000_67"),
        ("National fund against directed fund", "beats_national_fund_directed_fund", "count_600_67"),
        ("600 tickets against 30, same deals", "", "count_600_30"),
        ("600 tickets against 10, same deals", "", "count_600_10"),
    )
    rows = tuple(
        (
            Cell(words),
            fact_cell(data, "model_runs", run, "value") if run else Cell(),
            fact_cell(data, "model_runs", count, "value"),
        )
        for words, run, count in pairs
    )
    return Listing(
        "A chance of winning says little: more tickets of the same skewed deals win most of the time",
        (Column("Pair", wide=True), Column("Chance that the first returns more", END), Column("From the count of tickets alone", END)), rows,
        download="model_runs.csv", empty="–", note="Same deals, same mean: with few tickets a portfolio usually misses the rare large success. That is no gain in expectation.",
    )  # fmt: skip


FORMS = {
    "share": (100, "%", 1),
    "share_of_mean": (100, "%", 0),
    "multiple": (1, "", 2),
    "ratio": (1, "", 2),
    "years": (1, " years", 0),
}


def _shown(number: float, unit: str) -> str:
    factor, tail, decimals = FORMS[unit]
    return digits(factor * number, decimals) + tail


def _span(low: float, high: float, unit: str) -> str:
    tail = FORMS[unit][1]
    first = _shown(low, unit).removesuffix(tail) if tail else _shown(low, unit)
    return f"{first} to {_shown(high, unit)}"


@listing("model.validation")
def validation(data: Data) -> Listing:
    """Every target: observed, modelled, verdict, or why it was dropped."""
    ctx = Context(data, load_results())
    frame = comparisons(ctx)
    order = {"pass": 0.0, "near": 1.0, "miss": 2.0}
    rows = [
        (
            Cell(row.statistic, under=str(row.treatment).replace("_", " ")), Cell(_shown(row.observed, row.unit), under=_span(row.observed_low, row.observed_high, row.unit)),
            Cell(_shown(row.model, row.unit), under=_span(row.model_low, row.model_high, row.unit)), Cell(row.verdict, sort=order[row.verdict]),
            Cell("" if row.treatment_reason != row.treatment_reason else row.treatment_reason),
        )
        for row in frame.sort_values("treatment", kind="stable").itertuples()
    ]  # fmt: skip
    reader = Reader(data)
    for row in targets(reader, "calibrated", "dropped").itertuples():
        rows.append(
            (
                Cell(row.statistic, under=row.treatment),
                Cell(),
                Cell(),
                Cell(row.treatment, sort=3.0),
                Cell(row.treatment_reason),
            )
        )
    return Listing(
        "Every target, kept or dropped",
        (Column("What was observed", wide=True), Column("Observed", END), Column("Model", END), Column("Verdict", "fixed"), Column("Remark")), tuple(rows),
        search=True, download="validation_targets.csv", empty="–",
        note="Pass: the central value lies in the observed span. Near: only the spans overlap. Miss: neither. A shape check proves little: same sample, wide band, or assumed.",
    )  # fmt: skip


@listing("model.assumed")
def assumed(data: Data) -> Listing:
    """The parameters without a source, with their spans."""
    text = data.table("parameters").text
    varied = {doubt.name for doubt in doubts(PAYOFF_DOUBTS)}
    rows = tuple(
        (
            Cell(row["name"], under=key), fact_cell(data, "parameters", key, "value", "bare"), Cell(f"{row['low']} to {row['high']}" if row["low"] else ""),
            Cell(row["unit"].replace("_", " ")), Cell("yes" if key in varied or key in {"oc_v", "oc_F"} else "no"), Cell(row["note"]),
        )
        for key, row in text.items() if row["grade"] == "D"
    )  # fmt: skip
    return Listing(
        "What is assumed", (Column("Parameter", wide=True), Column("Value", END), Column("Span", "fixed"), Column("Unit"), Column("Varied above"), Column("Remark")),
        rows, search=True, download="parameters.csv", empty="–", note="Grade D: no source for the size. A critic should begin here.",
    )  # fmt: skip
