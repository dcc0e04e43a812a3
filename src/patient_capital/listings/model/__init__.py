"""Tables of the chapter on the model and its annex."""

from __future__ import annotations

import re

import pandas as pd

from patient_capital.analysis.model.china import clocks
from patient_capital.analysis.model.doubt import DRAWS
from patient_capital.analysis.model.others import benefits as benefits_needed
from patient_capital.analysis.model.overcapacity import welfare_by_regions
from patient_capital.analysis.model.runs import PORTFOLIOS
from patient_capital.analysis.model.sensitivity import assumed_parameters
from patient_capital.analysis.model.spans import on_other_terms
from patient_capital.analysis.model.spread import regimes_compared, regimes_spread, stored_chances
from patient_capital.analysis.model.validation import comparisons, left_out
from patient_capital.formatting import digits, spelled, unit_in_words
from patient_capital.listings.record import Cell, Column, Listing, fixed, numeric, plain, wide
from patient_capital.listings.table import Cells, table
from patient_capital.model.regimes.regime_draws import LOW_RANK
from patient_capital.passed import same
from patient_capital.provenance.records import all_sources


def _spanned(cells: Cells, row: pd.Series, column: str, ref: str, decimals: int, *, above: bool = False) -> Cell:
    """Return a median with its span below it, and the share of draws above zero where the sign is the message."""
    if pd.isna(row.get(f"{column}_median")):
        return Cell()
    low, high = (digits(row[f"{column}_{end}"], decimals) for end in ("low", "high"))
    under = f"{low} to {high}"
    if above:
        under += f"; above zero in {digits(row[f'{column}_above'], 0)}% of draws"
    stored = cells.data.table("model_runs").text
    for label in ("low", "high", "above"):
        run = f"joint_{column}_{row.name}_{label}"
        if run not in stored or not same(row[f"{column}_{label}"], float(stored[run]["value"])):
            # A median keeps its card only beside the span that belongs to it.
            median = float(row[f"{column}_median"])
            return Cell(digits(median, decimals), sort=median, under=under)
    return cells.number(row[f"{column}_median"], ref, "bare", under=under)


def _terms(row: pd.Series) -> str:
    """Return whose the money is, how often fees are taken, and which market it enters."""
    layers = int(row["fee_layers"])
    fees = f"{spelled(layers)} layer{'s' if layers > 1 else ''} of fees"
    return f"{digits(row['state_pct'], 0)}% state money; {fees}; market: {row['market']}"


@table(regimes=regimes_compared)
def regimes(cells: Cells, regimes: pd.DataFrame) -> Listing:
    """The regimes as points of one space, and what a yuan becomes in each over all doubts."""
    rows = tuple(
        (
            Cell(row["label"], under=f"assumed: {row['assumed']}" if row["assumed"] else ""),
            Cell(row["who_decides"], under=_terms(row)),
            cells.fact("regimes", name, row, "horizon_years"),
            _spanned(cells, row, "rate", f"model.regime_rate[{name}]", 1),
            _spanned(cells, row, "bond", f"model.regime_worth_bond[{name}]", 0, above=True),
            _spanned(cells, row, "public", f"model.regime_worth_public[{name}]", 0, above=True),
            _spanned(cells, row, "equal", f"model.regime_worth_equal[{name}]", 0, above=True),
        )
        for name, row in regimes.iterrows()
    )
    columns = (
        wide("Regime"),
        Column("Who decides"),
        *numeric(
            "Years",
            "Net return, %",
            "Worth at the treasury's interest, %",
            "At official rate, %",
            "At equal life and partners, %",
        ),
    )
    note = (
        f"Median of {digits(DRAWS)} joint draws over all spans of the parameters, and below it the middle nine tenths: "
        "doubt about parameters, not the spread between funds. American deals. Worth: net present value in percent of "
        "the money paid in. The last column gives every regime the life, the years of investing and the state's share "
        "of the national fund; tickets, fees, sectors and markets stay its own."
    )
    title = f"{spelled(len(regimes)).capitalize()} ways to invest, and what a yuan becomes in each, with its span"
    return Listing(title, columns, rows, note, download="regimes.csv")


@table(terms=on_other_terms)
def terms(cells: Cells, terms: pd.DataFrame) -> Listing:
    """What the funds are worth on other terms than their own."""
    rows = tuple(
        (
            Cell(row.fund[0].upper() + row.fund[1:], under=row.terms),
            *(cells.number(value, ref, "bare") for value, ref in ((row.median, row.ref), (row.span, row.span_ref))),
            cells.number(row.above, row.above_ref),
        )
        for row in terms.itertuples()
    )
    columns = (wide("Fund, on which terms"), *numeric("Worth, %", "Middle nine tenths of draws, %", "Draws above zero"))
    note = (
        "Median of joint draws, with American deals. Worth: net present value in percent of the money paid in, at the "
        "treasury's interest unless the row says otherwise."
    )
    return Listing(
        "What the funds are worth on other terms", columns, rows, note, download="model_runs.csv", fold="terms"
    )


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
        f"Net multiples of {digits(PORTFOLIOS)} portfolios each at central parameters, with a common shock by exit "
        "year and by sector: luck of a fund, not doubt about parameters. The mean is of expected flows."
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


@table(measure="Welfare by the number of regions that found firms", welfare=welfare_by_regions)
def few_regions(cells: Cells, welfare: pd.DataFrame) -> Listing:
    """All regions beside one, beside a few, and beside the best number of firms."""
    weights = [column for column in welfare.columns if column.startswith("weight")]
    rows = tuple(
        (
            Cell(str(name)),
            *(Cell(digits(row[weight], 0), sort=float(row[weight])) for weight in weights),
            Cell("" if pd.isna(row["better_pct"]) else digits(row["better_pct"], 0)),
        )
        for name, row in welfare.iterrows()
    )
    columns = (
        wide("Regions that found firms"),
        *numeric(*(weight.capitalize() for weight in weights), "All regions better, % of draws"),
    )
    note = (
        "Welfare in percent of the best that entry can give, all consumer gain at home, by the weight that leaders put "
        "on local output, at the central entry cost. Last column: over the whole spans of weight and entry cost."
    )
    return Listing(
        "A few regions serve the country better than all; than one alone, where the weight on output is small",
        columns,
        rows,
        note,
        download="parameters.csv",
    )


def _stored(row: pd.Series, clock: str) -> Cell:
    """Return the median of a stored number with its span and, where its sign is the message, its share above zero."""
    if pd.isna(row[f"{clock}_median"]):
        return Cell(str(row[clock]) if row[clock] else "as counted")
    decimals = 1 if "points" in row["words"] else 0
    median, low, high = (digits(row[f"{clock}_{label}"], decimals) for label in ("median", "low", "high"))
    under = f"{low} to {high}"
    if pd.notna(row[f"{clock}_above"]):
        under += f"; above zero in {digits(row[f'{clock}_above'], 0)}%"
    return Cell(median, sort=float(row[f"{clock}_median"]), under=under)


@table(measure="What follows from the American clock and from the Chinese count", clocks=clocks)
def china(cells: Cells, clocks: pd.DataFrame) -> Listing:
    """What the model gives by the American clock, and by the growth that a Chinese count of deals left implies."""
    rows = tuple(
        (Cell(row["words"][0].upper() + row["words"][1:]), _stored(row, "american"), _stored(row, "chinese"))
        for _, row in clocks.iterrows()
    )
    columns = (wide("Number"), *numeric("American clock, as in the chapter", "By the Chinese count"))
    note = (
        f"Median of {digits(DRAWS)} joint draws and below it the middle nine tenths. The count moves the growth of "
        "winners alone; multiples stay American. Worth: percent of the money paid in."
    )
    return Listing(
        "The American clock and the Chinese count in the same model", columns, rows, note, download="model_runs.csv"
    )


@table(measure="What others must gain for a fund to break even", benefits=benefits_needed)
def benefits(cells: Cells, benefits: pd.DataFrame) -> Listing:
    """What others must gain by each additional yuan, by the share of the money that would have come anyway."""
    shares = [column.removeprefix("needed_") for column in benefits.columns if column.startswith("needed_")]
    rows = tuple(
        (
            Cell(row["label"]),
            *(
                Cell(
                    digits(row[f"needed_{share}"], 2),
                    sort=float(row[f"needed_{share}"]),
                    under=f"{digits(row[f'low_{share}'], 2)} to {digits(row[f'high_{share}'], 2)}",
                )
                for share in shares
            ),
            Cell(digits(row["covers_pct"], 0), sort=float(row["covers_pct"])),
        )
        for _, row in benefits.iterrows()
    )
    titles = (f"{share}% would have come" if share != "0" else "All is additional" for share in shares)
    columns = (wide("Fund"), *numeric(*titles, "Covered, % of draws"))
    note = (
        "Yuan of present value that others must gain for each additional yuan, at the treasury's interest: median of "
        "joint draws, and below it the middle nine tenths; below zero none is needed. Covered: with what a yuan of "
        "subsidy to shipbuilding returned at home, which is another kind of spending, if all money is additional."
    )
    return Listing(
        "What others must gain for the state to come out even", columns, rows, note, download="parameters.csv"
    )


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
        "Pass: the central value lies in the observed span. Near: only the spans overlap. Miss: neither. A shape check "
        "proves little and is not counted: same sample, a band that can hardly fail, assumed, or a number that once "
        "chose the base case."
    )
    return Listing(
        "Every target, kept or dropped", columns, tuple(rows), note, search=True, download="validation_targets.csv"
    )


def _end(cells: Cells, parameter: str, column: str, value: float) -> str:
    """Write an end of a span as the table of parameters does, or plainly where it was changed."""
    rows = cells.data.table("parameters").text
    text = rows[parameter][column] if parameter in rows else ""
    return text if text and same(value, float(text)) else digits(value)


def _remark(cells: Cells, note: str) -> str:
    """Return a remark with the pages and the parameters that it cites by id under their names."""
    pages, parameters = all_sources(cells.data), cells.data.table("parameters").text

    def named(match: re.Match[str]) -> str:
        key = match[0]
        return pages[key].credit if key in pages else parameters[key]["name"] if key in parameters else key

    return re.sub(r"\b[a-z]\w*_\w+", named, note)


@table(parameters=assumed_parameters)
def assumed(cells: Cells, parameters: pd.DataFrame) -> Listing:
    """The parameters without a source, with their spans."""
    rows = tuple(
        (
            Cell(row["name"]),
            cells.fact("parameters", key, row, "value"),
            Cell(
                "" if pd.isna(row["low"]) else " to ".join(_end(cells, key, end, row[end]) for end in ("low", "high"))
            ),
            Cell(unit_in_words(row["unit"])),
            Cell("yes" if row["varied"] else "no"),
            Cell(_remark(cells, plain(row["note"]))),
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
    return Listing(
        "Parameters without a source for their size", columns, rows, note, search=True, download="parameters.csv"
    )
