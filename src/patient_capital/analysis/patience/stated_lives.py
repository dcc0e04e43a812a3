"""How long funds may last: every life that a table states, each fund once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

TURN, YEAR_BEFORE = "2025-01-07", "2024-01-07"
"""The day on which rules of the State Council were published that call government funds patient capital, and a year before."""
LONG_YEARS = 15
USUAL = ("life_usual_china", "life_contract_us", "life_median_us")
"""Rows of the evidence that lives are compared with."""
NOT_COUNTED = {
    "funds[cn_boc_ai]": "a plan of a bank to lend",
    "patience_evidence[bond_guangdong]": "the term of bonds",
    "patience_evidence[life_extended_guangzhou]": "the clause on the same fund is counted",
    **{f"patience_evidence[{row}]": "what the lives are compared with" for row in USUAL},
}
"""Rows that state years and are counted as no life of a fund of the Chinese state, with the reason."""
SHORT = "cn_ai_fund"
"""The national AI fund, whose life is told apart."""
NATIONAL = "cn_nvcgf"
CLAUSE_COLUMNS = (
    "subject",
    "fund_id",
    "rule_id",
    "clause",
    "value",
    "value_high",
    "unit",
    "issuer",
    "issued_on",
    "draft",
)
YEARS = ["life_years_low", "life_years_high"]
FUND_COLUMNS = ("name_short", "kind", "sponsor", "parent_id", "umbrella", "established_on", "announced_on", *YEARS)
READ = {"patience_clauses": CLAUSE_COLUMNS, "funds": FUND_COLUMNS}


def _states_years(clauses: pd.DataFrame) -> pd.Series:
    said = clauses["clause"].isin(["life", "extension"]) & clauses["unit"].isin(["years", "years_maximum"])
    return said & clauses["value"].notna() & ~clauses["draft"].astype(bool)


def _name(short: str) -> str:
    """Return the short name of a fund as the name of a fund among others."""
    return short if "fund" in short.lower() else f"{short} fund"


def _owner(reader: Reader, body: str) -> str:
    """Return the place of a body that is named after one, so that its bodies are one owner; else the body."""
    tables = (reader.data.table(name).frame["name_en"] for name in ("province_codes", "cities"))
    places = pd.concat(tables).drop("CN")
    return next((place for place in places if body.startswith(f"{place} ")), body)


def since(day: str, turn: str = TURN) -> bool:
    """Say whether a day, month or year is not before another day; the year and month of that count as since."""
    return day >= turn[: len(day)]


def _lives_of_clauses(clauses: pd.DataFrame, funds: pd.DataFrame) -> dict[Any, tuple[Any, ...]]:
    """Return what clauses on lives and the rows of their funds say: `subject` to `rows` of :func:`lives`, by clause."""
    added = clauses["clause"].eq("extension") & clauses["unit"].eq("years")
    told = {}
    for key, row in clauses[~added].iterrows():
        high = row["value"] if pd.isna(row["value_high"]) else row["value_high"]
        rows = [f"patience_clauses[{key}]", *([] if pd.isna(row["rule_id"]) else [f"fund_rules[{row['rule_id']}]"])]
        fund = None if pd.isna(row["fund_id"]) else str(row["fund_id"])
        low, more = float(row["value"]), clauses[added & clauses["fund_id"].eq(fund)]
        national = fund == NATIONAL
        if fund in funds.index:
            own = funds.loc[fund]
            low = min(low, float(own["life_years_low"]))
            high = max(high, own["life_years_high"])
            rows.append(f"funds[{fund}]")
            national |= own["parent_id"] == NATIONAL
        high = float(max([high, *(low + more["value"])]))
        rows += [f"patience_clauses[{addition}]" for addition in more.index]
        limit, day, owner = bool(row["unit"] == "years_maximum"), row["issued_on"], row["issuer"]
        told[key] = (row["subject"], low, high, limit, day, fund, national, owner, tuple(rows))
    return told


@shared
def lives(reader: Reader) -> pd.DataFrame:
    """Return the lives in years that rules, contracts and reports state for funds of the state, oldest first.

    A life is fixed, an upper limit, or a range: of what two sources say, or of a life and what may be added to it. Each
    fund counts once, under the first clause on it, or else by its row in the table of funds; a group whose funds last
    equally long counts once, as the clause on it does. Drafts, plans of banks and funds without a fixed life are left
    out. A life is dated by the day of its rule or contract, or on which its fund was set up or announced; where our
    tables do not know that day, by the page that tells of it.

    Returns
    -------
    pandas.DataFrame
        Indexed by the id of the clause or fund; `subject`; `low` and `high`, years, the latter missing where the source
        gives only a lower bound; `at_most`, whether `high` is a limit; `stated_on`; `since`, whether that is on or
        after :data:`TURN`; `fund_id`; `national`, whether the fund is the national fund or lies in it; `owner`, the
        place or body behind the rule or fund, for these the national fund; `rows`, the rows of tables that state it, as
        table[id].
    """
    clauses = reader.frame("patience_clauses", *CLAUSE_COLUMNS, keep=_states_years)
    funds = reader.frame("funds", *FUND_COLUMNS, keep=lambda f: f["life_years_low"].notna())
    told = _lives_of_clauses(clauses, funds)
    by_clause = {one[5]: key for key, one in told.items() if one[5]}
    groups = funds[funds["umbrella"].astype(bool)]
    for fund, row in funds[funds["kind"].ne("bank_plan")].iterrows():
        group = row["parent_id"]
        alike = group in groups.index and (groups.loc[group, YEARS] == row[YEARS]).all()
        name = str(group if alike else fund)
        key = by_clause.get(name, name)
        if key not in told:
            own = funds.loc[name]
            day = own["announced_on"] if pd.isna(own["established_on"]) else own["established_on"]
            years = (float(own["life_years_low"]), float(own["life_years_high"]))
            national, owner = own["parent_id"] == NATIONAL, own["sponsor"]
            told[key] = (_name(own["name_short"]), *years, False, day, name, national, owner, ())
        told[key] = (*told[key][:-1], tuple(dict.fromkeys([*told[key][-1], f"funds[{fund}]"])))
    columns = ["subject", "low", "high", "at_most", "stated_on", "fund_id", "national", "owner", "rows"]
    frame = pd.DataFrame.from_dict(told, orient="index", columns=columns).rename_axis("life")
    frame["rows"] = frame["rows"].map("; ".join)
    frame["since"] = frame["stated_on"].map(since)
    owners = frame["owner"].map(partial(_owner, reader))
    frame["owner"] = owners.mask(frame["national"], funds.loc[NATIONAL, "name_short"])
    return frame.sort_values(["stated_on", "high", "low"], kind="stable")


def limited(frame: pd.DataFrame) -> pd.Series:
    """Say which lives of :func:`lives` may end below their upper end: limits and ranges."""
    return frame["at_most"] | frame["low"].lt(frame["high"])


def split_row(row: str) -> tuple[str, str]:
    """Return table and id of a row written as table[id]."""
    table, _, key = row.partition("[")
    return table, key.removesuffix("]")


def _among(keys: set[str], frame: pd.DataFrame) -> pd.Series:
    return pd.Series(frame.index.isin(keys), index=frame.index)


def first_pages(reader: Reader) -> pd.Series:
    """Return the day of the first page that our tables name for each of the :func:`lives`, as ISO text.

    Pages are those of the clause or rule, and those whose words on the years agree; of a fund without either, its own.
    """
    agreed = reader.frame(
        "evidence",
        "table",
        "row_id",
        "column",
        "source_key",
        "agrees",
        keep=lambda e: e["agrees"].astype(bool) & e["column"].isin(["value", *YEARS]),
    )
    proved = agreed["source_key"].groupby(agreed["table"] + "[" + agreed["row_id"] + "]").agg(set)

    def cited(row: str) -> set[str]:
        table, key = split_row(row)
        return set(reader.data.table(table).text[key]["source_keys"].split(";"))

    def first(told: str) -> str:
        rows = told.split("; ")
        pages = set().union(*(proved.get(row, set()) for row in rows), *(cited(r) for r in rows if r[:6] != "funds["))
        sources = reader.data.table("sources").text
        return min(filter(None, (sources[key]["published"] for key in pages or cited(rows[0]))))

    return lives(reader)["rows"].map(first)


def _told(reader: Reader, keep: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """Return some of the lives; only the rows behind these count as read: another page proves nothing here."""
    frame = lives(reader.beside())
    kept = frame[keep(frame)]
    rows = [split_row(row) for row in kept["rows"].str.split("; ").explode()]
    for table, columns in READ.items():
        reader.frame(table, *columns, keep=partial(_among, {key for name, key in rows if name == table}))
    return kept


def lives_told_since(reader: Reader) -> pd.DataFrame:
    """Return the lives of :func:`lives` that were stated since :data:`TURN`."""
    return _told(reader, lambda frame: frame["since"])


def lives_of_the_year_before(reader: Reader) -> pd.DataFrame:
    """Return the lives of :func:`lives` that were stated in the year before :data:`TURN`."""
    return _told(reader, lambda frame: frame["stated_on"].map(partial(since, turn=YEAR_BEFORE)) & ~frame["since"])


def usual_lives(reader: Reader) -> pd.DataFrame:
    """Return what the lives are compared with, by row of the evidence.

    Returns
    -------
    pandas.DataFrame
        `low` and `high`, years, and `above`, whether the source says that the true value lies above.
    """
    columns = ("value", "value_high", "qualifier")
    kept = reader.frame("patience_evidence", *columns, keep=lambda frame: frame.index.isin(USUAL))
    above = kept["qualifier"].eq("above")
    return pd.DataFrame({"low": kept["value"], "high": kept["value_high"].fillna(kept["value"]), "above": above})


@result(unit="count")
def lives_since(ctx: Context) -> int:
    """Lives of funds stated since January 2025.

    Number of lives in years, each fund or kind of fund once, stated since 7 January 2025; drafts left out.
    """
    return len(lives_told_since(ctx))


@result(unit="count", fields={"years": LONG_YEARS})
def lives_long(ctx: Context) -> int:
    """Lives stated since January 2025 that may reach {years} years or more.

    Number of the lives since 7 January 2025 of which the upper end is at least {years} years.
    """
    return int(lives_told_since(ctx)["high"].ge(LONG_YEARS).sum())


@result(unit="count")
def lives_limited(ctx: Context) -> int:
    """Lives stated since January 2025 that may end below their upper end.

    Number of the lives since 7 January 2025 that are upper limits or ranges; the others are fixed.
    """
    return int(limited(lives_told_since(ctx)).sum())


@result(unit="count")
def lives_national(ctx: Context) -> int:
    """Lives stated since January 2025 that are of the national venture fund and its regional funds.

    Number of the lives since 7 January 2025 of that fund or of funds that lie in it.
    """
    return int(lives_told_since(ctx)["national"].sum())


@result(unit="count")
def lives_owners(ctx: Context) -> int:
    """Owners behind the lives stated since January 2025.

    Number of places or bodies behind the lives since 7 January 2025; bodies of a place count together, and so do the
    national venture fund and its regional funds.
    """
    return int(lives_told_since(ctx)["owner"].nunique())


@result(unit="count")
def lives_by_page(ctx: Context) -> int:
    """Lives that a page of January 2025 or later was the first to tell.

    Number of lives of which no page that our tables name is older than 7 January 2025, whenever the rule was written.
    """
    return int(first_pages(ctx).map(since).sum())


@result(unit="count", fields={"years": LONG_YEARS})
def lives_long_by_page(ctx: Context) -> int:
    """Lives that a page of January 2025 or later was the first to tell, and that may reach {years} years or more.

    Number of lives of which no page that our tables name is older than 7 January 2025, with an upper end of at least
    {years} years.
    """
    return int((first_pages(ctx).map(since) & lives(ctx)["high"].ge(LONG_YEARS)).sum())


@result(unit="count")
def lives_year_before(ctx: Context) -> int:
    """Lives of funds stated in the year before January 2025.

    Number of lives in years stated from 7 January 2024 to 6 January 2025.
    """
    return len(lives_of_the_year_before(ctx))


@claim(years=LONG_YEARS)
def long_the_year_before(ctx: Context, *, years: float) -> bool:
    """January 2025 is no break: all lives stated in the year before may reach {years} years as well.

    The lives from 7 January 2024 to 6 January 2025 have an upper end of at least {years} years.
    """
    return bool(lives_of_the_year_before(ctx)["high"].ge(years).all())


@result(unit="date", fields={"years": LONG_YEARS})
def last_short_before(ctx: Context) -> str:
    """Last life stated before January 2025 that is not told to reach {years} years.

    Latest day of the lives before 7 January 2025 of which the upper end is below {years} years or open.
    """
    frame = lives(ctx)
    return str(frame.loc[~frame["since"] & ~frame["high"].ge(LONG_YEARS), "stated_on"].max())


@result(unit="count")
def lives_before(ctx: Context) -> int:
    """Lives of funds stated before January 2025.

    Number of lives in years stated before 7 January 2025.
    """
    return int((~lives(ctx)["since"]).sum())


@result(unit="count", fields={"years": LONG_YEARS})
def lives_long_before(ctx: Context) -> int:
    """Lives stated before January 2025 that may reach {years} years or more.

    Number of the lives before 7 January 2025 of which the upper end is at least {years} years.
    """
    frame = lives(ctx)
    return int((~frame["since"] & frame["high"].ge(LONG_YEARS)).sum())


@claim(years=LONG_YEARS)
def only_the_ai_fund_is_shorter(ctx: Context, *, years: float) -> bool:
    """Of the lives stated since January 2025 only that of the national AI fund ends before {years} years.

    The lives of which the upper end is below {years} years are its life alone.
    """
    frame = lives_told_since(ctx)
    return bool(frame.loc[~frame["high"].ge(years), "fund_id"].tolist() == [SHORT])


@claim()
def every_life_is_drawn(ctx: Context) -> bool:
    """Every life that a table states is among those that are counted, once.

    The rows of clauses, rules, funds and evidence that state years of a life, less those that are no life of a fund,
    are the rows behind the lives, and no row is counted again.
    """
    frame = lives(ctx)
    behind = frame["rows"].str.split("; ").explode().tolist()
    return set(behind) == stated_rows(ctx) - set(NOT_COUNTED) and len(behind) == len(set(behind))


def stated_rows(reader: Reader) -> set[str]:
    """Return the rows, as table[row], that state years of a life in any table: a draft does not."""
    kept = {
        "patience_clauses": reader.frame("patience_clauses", *CLAUSE_COLUMNS, keep=_states_years),
        "funds": reader.frame("funds", *YEARS, keep=lambda f: f[YEARS].notna().any(axis=1)),
        "fund_rules": reader.frame(
            "fund_rules", "topic", "value", "unit", keep=lambda f: f["topic"].eq("life") & f["value"].notna()
        ),
        "patience_evidence": reader.frame(
            "patience_evidence", "question", "unit", keep=lambda f: f["question"].eq("lives") & f["unit"].eq("years")
        ),
    }
    return {f"{table}[{row}]" for table, frame in kept.items() for row in frame.index}
