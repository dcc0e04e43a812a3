"""Rules of the contract that no single cell can break: rows that repeat, columns out of order, dates yet to come."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import inf

from patient_capital.tables.cells import last_digit
from patient_capital.tables.data import Problem, Table
from patient_capital.tables.schema import Field, Package

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?!\d)(?:-\d{2}(?!\d))?)?")
"""A year, month or day inside a period, which may be a span of two."""

TYPED = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2012\u2013\u2014", "''\"\"-----")
"""What programs make of quotes and hyphens while somebody types; wide letters and dots are made plain by Unicode itself."""

ROUNDING = 1e-9
"""Gap up to which two sums of printed numbers are the same."""

ACCOUNTS_DIFFER = 0.001
"""Relative gap up to which a ratio may be another than its row gives: accounts of a vote count a deputy more or less."""


def as_read(text: str) -> str:
    """Return what a reader takes a text for, whatever its capitals, spaces, widths of letters, quotes and dashes."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(TYPED)
    return " ".join(plain.casefold().split())


def repeated_rows(table: Table) -> Iterator[Problem]:
    """Yield each row that says what another row has said already: all columns of the natural key are the same.

    Of a table without such a key all columns but the id are.
    """
    schema = table.schema
    key = schema.natural_key or tuple(one.name for one in schema.fields if one.name != schema.primary_key)
    told = ", ".join(schema.natural_key) or "in all but the id"
    read = cache(as_read)  # a column repeats its texts
    seen: dict[tuple[str, ...], str] = {}
    for row, text in table.text.items():
        said = tuple(read(text[column]) for column in key)
        if any(said) and (first := seen.setdefault(said, row)) != row:
            rule = f"says what row {table.lines[first]} ({first}) has said: the same {told}"
            yield table.problem(row, key[-1], rule, "Keep one of the two rows, or correct what tells them apart.")


def _comparable(field: Field, low: str, high: str) -> bool:
    """Say whether two cells do not fall; dates are compared at the precision of the coarser."""
    if field.dates_itself:
        shorter = min(len(low), len(high))
        return low[:shorter] <= high[:shorter]
    return float(low) <= float(high)


def falling_columns(table: Table) -> Iterator[Problem]:
    """Yield each cell that lies below one that must not exceed it: a low above a high end, an end before a start."""
    for columns in table.schema.orders:
        for row, text in table.text.items():
            given = [column for column in columns if text[column]]
            for low, high in pairwise(given):
                field = table.schema.field(high)
                if not _comparable(field, text[low], text[high]):
                    rule = f"is {'before' if field.dates_itself else 'below'} {low}, which is {text[low]}"
                    yield table.problem(row, high, rule, "Correct one of the two; they may be swapped.")


def changing_columns(table: Table) -> Iterator[Problem]:
    """Yield each cell that is not as in the other rows of its series: most of them decide, the first where they are even."""
    for column, series in table.schema.follows:
        told: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in table.text.values():
            told[text[series]][text[column]] += 1
        for row, text in table.text.items():
            [(usual, _)] = told[text[series]].most_common(1)
            if text[column] != usual:
                rule = f"is {usual!r} in other rows of {text[series]}"
                yield table.problem(row, column, rule, f"Correct it, or give the row another {series}.")


def wrong_sums(table: Table) -> Iterator[Problem]:
    """Yield each total that its parts do not add to, or exceed; rows that lack a part or the total are passed over."""
    for one in table.schema.sums:
        for row, text in table.text.items():
            if not text[one.whole] or not all(text[part] for part in one.parts):
                continue
            added, whole = sum(float(text[part]) for part in one.parts), float(text[one.whole])
            if added > whole + ROUNDING or (not one.at_most and added < whole - ROUNDING):
                verb = "exceed it with" if one.at_most else "add to"
                advice = "Correct the total, or one of its parts."
                yield table.problem(row, one.whole, f"{', '.join(one.parts)} {verb} {added:g}", advice)


def wrong_ratios(table: Table) -> Iterator[Problem]:
    """Yield each ratio that is not what its two columns give, at the digits that it is printed with."""
    for one in table.schema.ratios:
        for row, text in table.text.items():
            if not all(text[column] for column in (one.part, one.whole, one.ratio)) or not float(text[one.whole]):
                continue
            given, told = one.times * float(text[one.part]) / float(text[one.whole]), float(text[one.ratio])
            if abs(given - told) > 0.5 * last_digit(text[one.ratio]) + ROUNDING + ACCOUNTS_DIFFER * abs(given):
                rule = f"{one.part} over {one.whole} give {given:.6g}"
                yield table.problem(row, one.ratio, rule, "Correct the ratio, or one of the two.")


def parted_columns(table: Table) -> Iterator[Problem]:
    """Yield each row that has some of the columns that belong together, and not all: one end of a span, say."""
    for columns in table.schema.together:
        for row, text in table.text.items():
            empty = [column for column in columns if not text[column]]
            if 0 < len(empty) < len(columns):
                given = ", ".join(column for column in columns if text[column])
                rule = f"is empty, though {given} is given: {' and '.join(columns)} belong together"
                yield table.problem(row, empty[0], rule, "Give all of them, or none.")


def parted_years(table: Table) -> Iterator[Problem]:
    """Yield each cell that lies in another year than one of its row that is of the same."""
    for columns in table.schema.same_year:
        for row, text in table.text.items():
            given = [column for column in columns if text[column]]
            for column in given[1:]:
                if text[column][:4] != text[given[0]][:4]:
                    rule = f"is not in {text[given[0]][:4]}, as {given[0]} says"
                    yield table.problem(row, column, rule, "Correct one of the two; a column may have moved by a row.")


def ids_that_say_otherwise(table: Table) -> Iterator[Problem]:
    """Yield each cell that the id of its row does not tell: one that stands in another row, or a column that has moved."""

    def words(text: str) -> str:
        return f"-{re.sub(r'[^a-z0-9]+', '-', text.lower()).strip('-')}-"

    for column in table.schema.id_tells:
        for row, text in table.text.items():
            if text[column] and words(text[column]) not in words(row):
                advice = (
                    "Correct the cell; what is told of another thing or year is a row of its own, with that in its id."
                )
                yield table.problem(row, column, f"is not what the id of the row says, {row}", advice)


SPANS = {
    "auc": (0, 1),
    "correlation": (-1, 1),
    "pct_borne_by_government": (0, 100),
    "pct_loss_allowed": (0, 100),
    "pct_maximum": (0, 100),
    "pct_minimum": (0, 100),
    "pct_of_deals": (0, 100),
    "pct_of_gains_maximum": (0, 100),
    "pct_of_institutions": (0, 100),
    "pct_of_score": (0, 100),
}
"""Ends of the units that are a part of a whole by their meaning; growth, and a share of another thing, may lie beyond."""


def values_beyond_unit(table: Table) -> Iterator[Problem]:
    """Yield each value that its unit rules out, as a percentage where a share is meant."""
    for field in (one for one in table.schema.fields if one.type in {"number", "integer"}):
        for row, text in table.text.items() if field.unit in SPANS or field.unit_column else ():
            unit = text[field.unit_column] if field.unit_column else field.unit
            low, high = SPANS.get(unit or "", (-inf, inf))
            if text[field.name] and not low <= float(text[field.name]) <= high:
                advice = "Check whether the value is a share, a percentage or an amount; correct it, or its unit."
                yield table.problem(row, field.name, f"a value in {unit} lies between {low} and {high}", advice)


def values_without_unit(table: Table) -> Iterator[Problem]:
    """Yield each value whose unit is told by another column, and is not told."""
    for field in table.schema.fields:
        if not (unit := field.unit_column):
            continue
        for row, text in table.text.items():
            if text[field.name] and not text[unit]:
                rule = f"is empty, though {field.name} is {text[field.name]}"
                yield table.problem(row, unit, rule, "Say in what unit the value is.")


def spelled_otherwise(table: Table) -> Iterator[Problem]:
    """Yield each text that differs from one of the same column in capitals, spaces or widths of letters alone.

    Rows are chosen by such texts, and one that is spelled otherwise would be left out.
    """
    for field in (one for one in table.schema.fields if one.type == "string" and not one.unique):
        texts = [text[field.name] for text in table.text.values() if text[field.name]]
        counts = Counter(item for text in texts for item in field.items(text) if item)
        spellings: defaultdict[str, list[str]] = defaultdict(list)
        for item in counts:
            spellings[as_read(item)].append(item)
        # Most rows decide, the first of them where they are even.
        usual = {
            item: max(alike, key=counts.__getitem__) for alike in spellings.values() if len(alike) > 1 for item in alike
        }
        for row, text in table.text.items() if usual else ():
            for item in field.items(text[field.name]):
                if usual.get(item, item) != item:
                    rule = f"{item!r} is spelled {usual[item]!r} in other rows"
                    yield table.problem(row, field.name, rule, "Spell both alike.")


def falling_spans(table: Table) -> Iterator[Problem]:
    """Yield each period whose end lies before its start."""
    for field in (one for one in table.schema.fields if one.period):
        for row, text in table.text.items():
            for start, end in pairwise(_DAY.findall(text[field.name])):
                if end[: len(start)] < start[: len(end)]:
                    yield table.problem(row, field.name, f"ends before {start}", "Give the earlier day first.")


def later_than_the_edition(table: Table, edition: str) -> Iterator[Problem]:
    """Yield each year, period or day of an event, an observation or a page that lies after the edition."""
    for field in table.schema.fields:
        if not (field.dates_itself or field.period or field.type == "year") or field.may_be_later:
            continue
        for row, text in table.text.items():
            day = max(_DAY.findall(text[field.name]), default="")
            if day > edition[: len(day)]:
                advice = "Correct the day, or that of the edition: created in datapackage.json."
                yield table.problem(row, field.name, f"is later than the edition of {edition}", advice)


def circles(table: Table) -> Iterator[Problem]:
    """Yield each row that is its own ancestor by a reference of the table to itself."""
    for key in (one for one in table.schema.foreign_keys if one.table == table.schema.name):
        told: set[str] = set()
        for start in table.text:
            path = [start]
            while (above := table.text[path[-1]][key.field]) in table.text and above not in path:
                path.append(above)
            if above == start and not told & set(path):
                told |= set(path)
                rule = f"{start} lies inside itself: {' in '.join([*path, start])}"
                yield table.problem(start, key.field, rule, "Name what contains it, or leave the cell empty.")


def broken_across(table: Table, package: Package) -> Iterator[Problem]:
    """Yield what is wrong with a table whose cells are all lawful."""
    yield from repeated_rows(table)
    yield from falling_columns(table)
    yield from falling_spans(table)
    yield from changing_columns(table)
    yield from spelled_otherwise(table)
    yield from wrong_sums(table)
    yield from wrong_ratios(table)
    yield from parted_columns(table)
    yield from parted_years(table)
    yield from ids_that_say_otherwise(table)
    yield from values_without_unit(table)
    yield from values_beyond_unit(table)
    yield from later_than_the_edition(table, package.edition)
    yield from circles(table)
