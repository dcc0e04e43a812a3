"""Tables of the chapter on the model."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.model.runs import PORTFOLIOS
from patient_capital.analysis.model.sensitivity import assumed_parameters
from patient_capital.analysis.model.spread import regimes_compared, regimes_spread, stored_chances
from patient_capital.analysis.model.validation import comparisons, left_out
from patient_capital.formatting import digits, spelled
from patient_capital.listings.record import Cell, Column, Listing, fixed, numeric, plain, wide
from patient_capital.listings.table import Cells, table
from patient_capital.model.regimes.regime_draws import LOW_RANK
from patient_capital.passed import same


@table(regimes=regimes_compared)
def regimes(cells: Cells, regimes: pd.DataFrame) -> Listing:
    """The regimes as points of one space, and what a yuan becomes in each."""
    rows = tuple(
        (
            Cell(row["label"], under=f"assumed: {row['assumed']}" if row["assumed"] else ""),
            Cell(row["who_decides"]),
            *cells.facts("regimes", name, row, "sectors_picked", "tickets", form="full"),
            cells.fact("regimes", name, row, "horizon_years"),
            Cell(row["market"]),
            cells.number(row["net_return_pct"], f"model.regime_rate[{name}]", "bare"),
            cells.number(row["worth_at_coupon_pct"], f"model.regime_worth_bond[{name}]", "bare"),
            cells.number(row["worth_at_official_pct"], f"model.regime_worth_public[{name}]", "bare"),
        )
        for name, row in regimes.iterrows()
    )
    columns = (
        wide("Regime"),
        Column("Who decides"),
        *numeric("Sectors", "Tickets", "Years"),
        Column("Market"),
        *numeric("Net return, %", "Worth at coupon, %", "At official rate, %"),
    )
    note = (
        "Expected values at central parameters, American deals. Worth: net present value in percent of the money "
        "paid in, at the coupon of the treasury and at the official rate for public projects."
    )
    title = f"{spelled(len(regimes)).capitalize()} ways to invest, and what a yuan becomes in each"
    return Listing(title, columns, rows, note, download="regimes.csv")


@table(spread=regimes_spread)
def spread(cells: Cells, spread: pd.DataFrame) -> Listing:
    """Mean, median and downside apart, with the count of tickets beside every probability."""
    rows = tuple(
        (
            Cell(row["label"]),
            cells.number(row["mean_multiple"], f"model.regime_multiple[{name}]"),
            cells.number(row["median_multiple"], f"model_runs[{name}_median].value"),
            cells.number(row["low_multiple"], f"model_runs[{name}_low].value"),
            cells.number(row["loss_pct"], f"model_runs[{name}_loss].value"),
        )
        for name, row in spread.iterrows()
    )
    columns = (
        wide("Regime"),
        *numeric("Mean net multiple", "Median", f"{digits(100 * LOW_RANK)} percent lie below", "Chance of a loss"),
    )
    note = (
        f"Net multiples of {digits(PORTFOLIOS)} portfolios each, with a common shock by exit year and by sector. "
        "The mean is of expected flows; carry on outcomes makes drawn means a little lower."
    )
    return Listing("Mean, median and downside apart", columns, rows, note, download="model_runs.csv")


@table(
    measure="How often one portfolio returns more than another, and how often the same deals would do so",
    pairs=stored_chances,
)
def beats(cells: Cells, pairs: pd.DataFrame) -> Listing:
    """Every chance of beating beside what the count of tickets alone gives."""
    rows = tuple(
        (
            Cell(row["pair"]),
            cells.number(row["beats_pct"], f"model_runs[{row['run']}].value"),
            cells.number(row["by_count_pct"], f"model_runs[{row['count_run']}].value"),
        )
        for _, row in pairs.iterrows()
    )
    columns = (wide("Pair"), *numeric("Chance that the first returns more", "From the count of tickets alone"))
    note = (
        "Same deals, same mean: with few tickets a portfolio usually misses the rare large success. That is no "
        "gain in expectation."
    )
    title = "A chance of winning says little: more tickets of the same skewed deals win most of the time"
    return Listing(title, columns, rows, note, download="model_runs.csv")


FORMS = {
    "share": (100, "%", 1),
    "share_of_mean": (100, "%", 0),
    "multiple": (1, "", 2),
    "ratio": (1, "", 2),
    "years": (1, " years", 0),
}


def _shown(number: float, unit: str) -> str:
    factor, tail, decimals = FORMS[unit]
    return "" if pd.isna(number) else digits(factor * number, decimals) + tail


def _span(low: float, high: float, unit: str) -> str:
    return f"{_shown(low, unit).removesuffix(FORMS[unit][1])} to {_shown(high, unit)}"


VERDICTS = {"pass": 0.0, "near": 1.0, "miss": 2.0}


@table(compared=comparisons, left_out=left_out)
def validation(cells: Cells, compared: pd.DataFrame, left_out: pd.DataFrame) -> Listing:
    """Every target: observed, modelled, verdict, or why it was dropped."""
    rows = [
        (
            Cell(row.statistic, under=row.treatment.replace("_", " ")),
            Cell(_shown(row.observed, row.unit), under=_span(row.low, row.high, row.unit)),
            Cell(_shown(row.model, row.unit), under=_span(row.model_low, row.model_high, row.unit)),
            Cell(row.verdict, sort=VERDICTS.get(row.verdict)),
            Cell(plain(row.treatment_reason)),
        )
        for row in compared.sort_values("treatment", kind="stable").itertuples()
    ]
    for row in left_out.itertuples():
        name, verdict = Cell(row.statistic, under=row.treatment), Cell(row.treatment, sort=3.0)
        rows.append((name, Cell(), Cell(), verdict, Cell(plain(row.treatment_reason))))
    columns = (wide("What was observed"), *numeric("Observed", "Model"), fixed("Verdict"), Column("Remark"))
    note = (
        "Pass: the central value lies in the observed span. Near: only the spans overlap. Miss: neither. A shape "
        "check proves little: same sample, wide band, or assumed."
    )
    return Listing(
        "Every target, kept or dropped", columns, tuple(rows), note, search=True, download="validation_targets.csv"
    )


def _end(cells: Cells, parameter: str, column: str, value: float) -> str:
    """Write an end of a span as the table of parameters does, or plainly where it was changed."""
    rows = cells.data.table("parameters").text
    text = rows[parameter][column] if parameter in rows else ""
    return text if text and same(value, float(text)) else digits(value)


@table(parameters=assumed_parameters)
def assumed(cells: Cells, parameters: pd.DataFrame) -> Listing:
    """The parameters without a source, with their spans."""
    rows = tuple(
        (
            Cell(row["name"], under=key),
            cells.fact("parameters", key, row, "value"),
            Cell(
                "" if pd.isna(row["low"]) else " to ".join(_end(cells, key, end, row[end]) for end in ("low", "high"))
            ),
            cells.text(row["unit"]),
            Cell("yes" if row["varied"] else "no"),
            Cell(plain(row["note"])),
        )
        for key, row in parameters.iterrows()
    )
    columns = (
        wide("Parameter"),
        *numeric("Value"),
        fixed("Span"),
        Column("Unit"),
        Column("Varied above"),
        Column("Remark"),
    )
    note = "Grade D: no source for the size. A critic should begin here."
    return Listing("What is assumed", columns, rows, note, search=True, download="parameters.csv")
