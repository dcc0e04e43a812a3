"""The command ``regime``: reads the two files, prints the whole table and writes it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from patient_capital import model, open_book
from patient_capital.own_fund.files import InputError, read_deals, read_fund
from patient_capital.own_fund.table import own_table

TITLES = {
    "results": "What a yuan becomes",
    "chances": "Luck: how such funds differ at the central parameters",
    "break_evens": "Where the value changes its sign, one parameter at a time",
    "decomposition": "What takes what: the value gained without it",
    "regimes of the book": "Beside it",
    "deals": "The deals",
}


MOST_DRAWN = 10**9
"""Deals that one run draws; more take hours."""


def _number(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def printed(table: pd.DataFrame) -> str:
    """Return the table as text, a paragraph for each part."""
    lines = []
    for part, rows in table.groupby("part", sort=False):
        lines += ["", TITLES[str(part)]]
        for row in rows.to_dict("records"):
            told = f"  {row['item']:<88} {_number(row['value']):>10} {row['unit']}"
            if pd.notna(row["high_95"]):
                above = (
                    ""
                    if pd.isna(row["share_above_zero"])
                    else f"; above zero in {row['share_above_zero']:.0%} of draws"
                )
                told += f" ({_number(row['low_5'])} to {_number(row['high_95'])}{above})"
            lines.append(told + (f" [{row['outcome']}]" if row["outcome"] else ""))
    return "\n".join(lines[1:])


def run(fund_file: Path, deals_file: Path | None, out: Path | None, draws: int, portfolios: int) -> None:
    """Print the whole table of a fund, and write it where a folder is given.

    Raises
    ------
    InputError
        If a file says something that cannot be.
    """
    fund = read_fund(fund_file)
    if fund.regime.tickets * portfolios > MOST_DRAWN:
        place = f"[fund] tickets = {fund.regime.tickets}"
        told = f"in {portfolios} portfolios are more than {MOST_DRAWN} deals to draw"
        raise InputError(fund_file, place, told, "Give fewer, or ask for fewer --portfolios")
    deals = None if deals_file is None else read_deals(deals_file, fund.deals)
    try:
        table, drawn = own_table(open_book(), fund, deals, draws=draws, portfolios=portfolios)
    except model.DomainError as error:
        name, rule, remedy = error.parameter, error.rule, "Change the fund or its deals: they do not fit together"
        place = f"[scenario] {name} = {fund.scenario[name]}" if name in fund.scenario else f"{name} = {error.value}"
        if name == "result" or error.value != error.value:  # no number is not equal to itself
            place, rule = "", "its numbers leave the range of a computer's"
            remedy = "Look for one in the two files that is far too large or too small"
        raise InputError(fund_file, place, rule, remedy) from None
    print(f"{fund.regime.name}: {fund_file.name}{'' if deals_file is None else f' with {deals_file.name}'}\n")
    print(printed(table))
    if draws:
        print(
            f"\nSpans: 5 to 95 percent of {draws} joint draws over the book's spans of all that the files leave open."
        )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, frame in (("table", table), ("draws", drawn)):
            frame.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
            print(f"written: {out / f'{name}.csv'}")
