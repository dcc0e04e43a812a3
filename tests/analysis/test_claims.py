"""Every claim is a gate: something that it reads, changed, turns it false, and so does each of the facts it names."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pandas as pd
import pytest

from patient_capital.analysis.model import selection, spans
from patient_capital.analysis.model.selection import lognormal_returns
from patient_capital.formatting import Range
from patient_capital.ledger import places_of, read_pages
from patient_capital.provenance.records import Context, split_cell, split_ref
from patient_capital.provenance.registry import load_results

RESULTS = load_results()
CLAIMS = sorted(ref for ref, one in RESULTS.items() if one.kind == "claim")
SINGLE = [ref for ref in CLAIMS if not RESULTS[ref].family]

BY_ANOTHER_WAY = {
    "model.order_survives": "the order holds at whatever parameters; below it is given other means",
    "model.price_is_half": "two draws of a block are compared, which takes half a second; below it is given other bounds",
    "regions.method_decides": "takes seconds; test_elasticity.py gives each method other series",
}
"""Claims that no single thing read can turn, or not in time, and where they are tried."""

READ_TOGETHER = {"model_runs", "parameters"}
"""Tables of which a claim reads several cells that belong together, as both ends of a span, and looks at some of them."""

COMPARES = {"watch.partner_parts_most"}
"""Claims on the largest of several, which the others need not turn."""

ROWS = 8
"""Rows at each end of a column that are changed one by one."""
NO_MORE = object()


class Changed(Context):
    """Reads one thing as something else: a cell, a result or a column of a frame."""

    read: str = ""
    other: object = None

    def cell(self, table: str, row: str, column: str) -> object:
        found = super().cell(table, row, column)
        return self.other if self.read == f"{table}[{row}].{column}" else found

    def result(self, ref: str):
        found = super().result(ref)
        return self.other if self.read == f"result {ref}" else found

    def frame(self, table: str, *columns: str, keep=None) -> pd.DataFrame:
        found = super().frame(table, *columns, keep=keep)
        named, _, column = self.read.partition(".")
        if named != table or column not in columns or not callable(self.other):
            return found
        changed = self.other(found[column])
        return found.loc[changed.index].assign(**{column: changed})


def other_values(value: object) -> Iterator[object]:
    """Yield what a single value is changed to."""
    match value:
        case bool() | np.bool_():
            yield not value
        case int() | float() | np.number():
            yield from (
                type(value)(one) for one in (0, value / 2, -value, 10 * value, -(10**6), 10**6, value + 1, value - 1)
            )
        case str():
            yield from ("other", "1900-01-01", "2999-12-31")
        case Range(low, high):
            yield from (Range(-high, -low), Range(low - 10**6, high + 10**6), Range(low + 10**6, high + 10**6))


def other_columns(column: pd.Series, allowed: tuple[str, ...]) -> Iterator[object]:
    """Yield functions that change a column: no rows, rows against their order, other values in all of them or in one."""
    yield lambda rows: rows.iloc[:0]
    yield lambda rows: pd.Series(rows.to_numpy()[::-1], index=rows.index, dtype=rows.dtype)
    told = column.dropna().unique()
    for value in allowed or dict.fromkeys(one for told in (*told[:2], *told[-2:]) for one in other_values(told)):
        yield lambda rows, value=value: pd.Series([value] * len(rows), index=rows.index, dtype=rows.dtype)
        for place in range(ROWS):
            yield lambda rows, value=value, place=place: rows.where(np.arange(len(rows)) != place, value)
            yield lambda rows, value=value, place=place: rows.where(
                np.arange(len(rows)) != len(rows) - 1 - place, value
            )


@pytest.fixture(scope="module")
def own(book):
    """Return the tables with a memory of their own, which ends with these tests."""
    return replace(book)


def others(data, read: str) -> Iterator[object]:
    """Return what one thing that a claim reads is changed to."""
    plain = Context(data, RESULTS)
    if read.startswith("result "):
        return other_values(plain.result(read.removeprefix("result ")))
    if is_single(read):
        table, row, column = split_cell(read)
        allowed = data.table(table).schema.field(column).enum
        return iter(allowed) if allowed else other_values(plain.cell(table, row, column))
    table, column = read.split(".")
    return other_columns(data.table(table).frame[column], data.table(table).schema.field(column).enum or ())


def turns(data, ref: str, row: tuple[str, ...], read: str, value: object) -> bool:
    """Say whether a claim turns false at a change of one thing that it reads."""
    # A kind of reader of its own, since what analysis functions give is kept by the kind.
    reader = type("Changed", (Changed,), {"read": read, "other": staticmethod(value) if callable(value) else value})
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            return not RESULTS[ref].compute(reader(data, RESULTS), *row)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False


def turns_at_all(data, ref: str, row: tuple[str, ...] = ()) -> bool:
    """Say whether anything that a claim reads turns it; the first change of each is tried before the second of any."""
    reads = read_by(data, ref, row)
    rounds = zip_longest(*(others(data, read) for read in reads), fillvalue=NO_MORE)
    tried = ((read, value) for one in rounds for read, value in zip(reads, one, strict=True) if value is not NO_MORE)
    return any(turns(data, ref, row, read, value) for read, value in tried)


def is_single(read: str) -> bool:
    return "[" in read or read.startswith("result ")


def read_by(data, ref: str, row: tuple[str, ...]) -> list[str]:
    reader = Context(data, RESULTS)
    assert RESULTS[ref].compute(reader, *row)
    return sorted(reader.inputs, key=lambda read: ("[" not in read, read))


@pytest.mark.parametrize("ref", [ref for ref in SINGLE if ref not in BY_ANOTHER_WAY])
def test_something_that_a_claim_reads_turns_it_false(own, ref):
    assert turns_at_all(own, ref)


@pytest.mark.parametrize("ref", [ref for ref in SINGLE if ref not in BY_ANOTHER_WAY and ref not in COMPARES])
def test_each_fact_and_each_result_that_a_claim_reads_turns_it_false(own, ref):
    """What is said of several facts is said of each: none of them is beside the point."""
    named = [read for read in read_by(own, ref, ()) if is_single(read) and read.partition("[")[0] not in READ_TOGETHER]
    assert [read for read in named if not any(turns(own, ref, (), read, value) for value in others(own, read))] == []


def test_a_member_of_each_family_of_claims_turns_false(own, book):
    members = {split_ref(use.ref)[0]: use.ref for page in read_pages() for _, use in places_of(page, book)}
    families = [ref for ref in CLAIMS if RESULTS[ref].family]
    for name in families:
        assert turns_at_all(own, name, (split_ref(members[name])[1],)), name


def test_an_order_that_only_one_kind_of_returns_has_is_no_claim(own, monkeypatch):
    claim, lawful = RESULTS["model.order_survives"].compute, lognormal_returns(Context(own, RESULTS))
    kinds = {True: (1.0, 2.0, 3.0, 4.0), False: (1.0, 3.0, 2.0, 4.0)}
    for given, expected in ((True, True), (False, False)):
        means = dict.fromkeys((True, False), kinds[True]) | {True: kinds[given]}
        monkeypatch.setattr(
            selection,
            "_selected",
            lambda ctx, returns, rule, m=means: (m[returns == lawful][selection.RULES.index(rule)],),
        )
        assert claim(Context(own, RESULTS)) is expected


@pytest.mark.parametrize("bounds", [{"low": 0, "high": 10}, {"low": 99, "high": 100}, {"least": 101}])
def test_the_price_of_a_forced_sale_is_held_to_each_bound(own, bounds):
    lawful = {"low": 40, "high": 60, "least": 95, "count": 64}
    assert spans.price_is_half(Context(own, RESULTS), **lawful)
    assert not spans.price_is_half(Context(own, RESULTS), **lawful | bounds)
