"""Tables of the chapter on the funds."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from patient_capital.analysis import funds
from patient_capital.analysis.funds import GUIDANCE_AMOUNTS, SHOWN_STAGES, SMALL_PORTFOLIO
from patient_capital.listings.record import NUMBERS, Cell, Column, Listing, date_cell, fixed, numeric, wide
from patient_capital.listings.table import Cells, table


@table(steps=funds.ladder_steps)
def ladder(cells: Cells, steps: pd.DataFrame) -> Listing:
    """Every step of the ladder with its stage."""
    columns = (wide("Step"), *numeric("Amount"))
    rows = tuple((Cell(row.step), cells.number(row.amount_cny_bn, str(row.Index))) for row in steps.itertuples())
    note = "Paid into the funds: no figure found. Invested in firms: no figure found."
    return Listing("The steps with their amounts", columns, rows, note, searches=("national_money",), fold=NUMBERS)


@table(funds=funds.vehicles)
def vehicles(cells: Cells, funds: pd.DataFrame) -> Listing:
    """Every fund, cluster and plan, by stage."""
    rows = tuple(
        (
            Cell(
                row["name"],
                anchor=f"fund-{fund}",
                under=", ".join(part for part in (row["name_zh"], row["place"], row["level"], row["kind"]) if part),
            ),
            date_cell(row["announced_on"]),
            *cells.facts("funds", fund, row, *(f"{stage}_cny_bn" for stage in SHOWN_STAGES)),
        )
        for fund, row in funds.iterrows()
    )
    columns = (wide("Fund"), fixed("Since"), *numeric("Announced", "Registered", "First phase", "Paid in", "Invested"))
    note = (
        "A dash means that no figure was found. Clusters count partners' money and overlap with single funds: columns "
        "must not be added. The count of local funds and groups of funds in the text takes each row with an announced "
        "size once, a cluster only where no member of it is counted, and none that only self-published pages tell of; "
        "silent are those for which no later stage stands here and no amount beside a target in the table of where "
        "sources disagree."
    )
    title = "Every fund and group of funds in the data, by stage of its money, bn yuan"
    return Listing(
        title,
        columns,
        rows,
        note,
        search=True,
        download="funds.csv",
        searches=("local_phases", "earlier_promises"),
        fold="funds, clusters and plans",
    )


@table(choices=funds.remaining_multipliers)
def multipliers(cells: Cells, choices: pd.DataFrame) -> Listing:
    """The stated choices behind the remaining multiplier."""
    rows = tuple(
        (Cell(row.choice), cells.number(row.multiplier, f"funds.multiplier_{row.Index}"))
        for row in choices.itertuples()
    )
    columns = (wide("Choice"), *numeric("Times"))
    return Listing("Remaining multiplier by stated choice", columns, rows, fold="choices behind the multiplier")


@table(programmes=funds.leverage_ratios)
def leverage(cells: Cells, programmes: pd.DataFrame) -> Listing:
    """Earlier programmes under two definitions, never mixed."""
    rows = tuple(
        (
            Cell(row["name"], under=funds.STAGE_TOLD.get(row["stage"], row["stage"])),
            date_cell(row["date"]),
            *cells.facts("leverage_cases", case, row, "own_cny_bn", "total_cny_bn"),
            cells.number(row["total_over_own"], f"funds.total_over_own[{case}]", "bare"),
            cells.number(row["others_over_own"], f"funds.others_over_own[{case}]", "bare"),
            *cells.facts("leverage_cases", case, row, "claimed_ratio"),
        )
        for case, row in programmes.iterrows()
    )
    columns = (
        wide("Programme, what is counted"),
        fixed("Date"),
        *numeric("Own, bn yuan", "All, bn yuan", "All over own", "Others' over own", "Ratio claimed"),
    )
    note = (
        "India's fund measures money invested in start-ups over money committed: it stands apart from both definitions."
    )
    title = "Leverage on record, by each definition"
    return Listing(title, columns, rows, note, download="leverage_cases.csv", fold="programmes")


def _in_its_currency(cells: Cells, key: object, row: pd.Series) -> Cell:
    """Return an amount in its own currency, sorted by dollars: won and yuan have no common order."""
    shown = Cell() if row["unit"] == "usd_bn" else cells.fact("comparators", str(key), row, "amount", "full")
    return replace(shown, sort=float(row["amount_usd_bn"]))


@table(amounts=funds.comparators)
def comparators(cells: Cells, amounts: pd.DataFrame) -> Listing:
    """Other large numbers, with stock, flow and pledge kept apart."""
    rows = tuple(
        (
            Cell(row["name"]),
            Cell(row["measure"]),
            cells.text(row["year"]),
            _in_its_currency(cells, key, row),
            cells.fact("comparators", key, row, "amount_usd_bn"),
        )
        for key, row in amounts.iterrows()
    )
    columns = (wide("What"), Column("Measure"), fixed("Year"), *numeric("In its currency", "bn dollars"))
    note = (
        "A pledge, a yearly flow and a stock must not be divided by one another. Dollars as reported, or at the "
        "rate that the row names."
    )
    title = "What else is large: pledges, flows and stocks"
    return Listing(title, columns, rows, note, search=True, download="comparators.csv", fold="other large amounts")


@table(rules=funds.ceilings_with_chance)
def ceilings(cells: Cells, rules: pd.DataFrame) -> Listing:
    """Loss ceilings with what each counts."""
    rows = tuple(
        (
            Cell(row["place"]),
            date_cell(row["date"]),
            cells.text(row["stage_class"]),
            cells.text(row["what_is_counted"]),
            cells.fact("fund_rules", key, row, "value", "full"),
            cells.number(row["chance_pct"], f"model.ceiling[{key}]"),
            Cell("holds" if row["standing"] == "holds" else "a single origin"),
        )
        for key, row in rules.iterrows()
    )
    columns = (
        wide("Place"),
        fixed("Date"),
        Column("Deals"),
        Column("Counts"),
        *numeric("Largest loss", "Binds"),
        Column("Source"),
    )
    note = (
        f"Binds: chance that {SMALL_PORTFOLIO} equal deals with American returns and a common shock lose more, "
        "from the model. Where a single project is counted, all of it may be lost."
    )
    title = "Loss ceilings by place, and what each counts"
    return Listing(title, columns, rows, note, download="fund_rules.csv", fold="rules, with the model's chances")


@table(counts=funds.guidance_counts)
def guidance(cells: Cells, counts: pd.DataFrame) -> Listing:
    """All counts of guidance funds, by provider."""
    rows = tuple(
        (
            Cell(row["data_provider"], under=row["scope"].replace("_", " ")),
            date_cell(row["as_of"]),
            *cells.facts("guidance_funds_by_year", key, row, *GUIDANCE_AMOUNTS),
        )
        for key, row in counts.iterrows()
    )
    columns = (
        wide("Provider, scope"),
        fixed("Date"),
        *numeric("New funds", "New, target", "New, subscribed", "All funds", "All, target", "All, subscribed"),
    )
    note = "Providers count different things; none of them may share a line."
    title = "Guidance funds as counted by each provider, amounts in bn yuan"
    return Listing(title, columns, rows, note, search=True, download="guidance_funds_by_year.csv", fold="counts")
