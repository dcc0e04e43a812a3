"""What a published number is: a fact (one cell) or a result (a computation), with its origin.

Knows nothing of Sphinx and reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from patient_capital.formatting import STAR, Value, dollars, format_value, human_date
from patient_capital.tables import Data, Reader

THIS_BOOK = "this_book"
"""Publisher id of the book's own computations; it never counts as a publisher."""


@dataclass(frozen=True, slots=True)
class Source:
    """One cited page."""

    key: str
    publisher: str
    publisher_id: str
    title: str
    published: str
    url: str
    reprint: bool


def sources_of(data: Data, rows: Iterable[tuple[str, str]]) -> tuple[Source, ...]:
    """Return the sources of table rows, each once, in order of key.

    Parameters
    ----------
    rows : iterable of (str, str)
        Pairs (table, row id).
    """
    keys: set[str] = set()
    for table_name, row in rows:
        table = data.table(table_name)
        for column in table.schema.source_fields:
            keys.update(k for k in table.text[row][column].split(";") if k)
    listed = data.table("sources").text
    return tuple(
        Source(
            key=key,
            publisher=listed[key]["publisher"],
            publisher_id=listed[key]["publisher_id"],
            title=listed[key]["title"],
            published=listed[key]["published"],
            url=listed[key]["url"],
            reprint=listed[key]["reprint"] == "true",
        )
        for key in sorted(keys)
    )


def publishers(sources: Iterable[Source]) -> frozenset[str]:
    """Return the ids of the independent publishers among `sources` (reprints count as their original)."""
    return frozenset(s.publisher_id for s in sources) - {THIS_BOOK}


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number with its origin: what a role inserts and a popover shows.

    Attributes
    ----------
    ref : str
        ``funds[cn_nvcgf].announced_cny_bn`` for a fact, the id for a result.
    weakest : int
        Number of independent publishers behind its weakest input.
    inputs : tuple of (str, str)
        For a result: each input with its value as printed.
    """

    ref: str
    kind: str
    label: str
    value: Value
    unit: str | None
    decimals: int | None
    when: str
    stage: str
    formula: str
    inputs: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    weakest: int
    note: str = ""

    def text(self, form: str = "full") -> str:
        """Return the number as the book prints it, without star."""
        return format_value(self.value, self.unit, self.decimals, form)

    @property
    def star(self) -> str:
        """Return the mark of a number that rests on one publisher."""
        return STAR if self.weakest == 1 else ""


STAGES = ("announced", "approved", "registered", "subscribed", "first_close", "paid_in", "invested")
"""The one list of stages of money, in order; each has a column ``<stage>_cny_bn`` in the funds table."""


STAGE_WORDS = {
    "announced": "announced",
    "approved": "approved",
    "registered": "registered (subscribed by registry, not paid in)",
    "subscribed": "subscribed",
    "first_close": "first close or first phase",
    "paid_in": "paid in",
    "invested": "invested in firms",
}
"""Each stage in words: what is on record, and what is money."""


def anchor(ref: str) -> str:
    """Return the HTML id of a number's row in the ledger."""
    return "n-" + re.sub(r"[^a-z0-9]+", "-", ref.lower()).strip("-")


def _unit(data: Data, table_name: str, row: str, column: str) -> str | None:
    table = data.table(table_name)
    schema_field = table.schema.field(column)
    if schema_field.unit_column:
        return table.text[row][schema_field.unit_column] or None
    if schema_field.partial_date or schema_field.type == "date":
        return "date"
    return schema_field.unit


def _plain(value: object) -> Value:
    """Return a cell as a plain Python value: text, truth or number."""
    if isinstance(value, str):
        return value
    return bool(value) if isinstance(value, bool | np.bool_) else float(value)  # type: ignore[arg-type]


def fact(data: Data, table_name: str, row: str, column: str) -> Number:
    """Return one cell of a table as a number with its origin.

    Raises
    ------
    KeyError
        If table, row or column do not exist.
    ValueError
        If the cell is empty.
    """
    reader = Reader(data)
    value = reader.cell(table_name, row, column)
    table = data.table(table_name)
    schema = table.schema
    text = table.text[row]
    label = text[schema.label_column] if schema.label_column else row
    title = schema.field(column).title
    sources = sources_of(data, [(table_name, row)])
    stage = column.removesuffix("_cny_bn") if column.removesuffix("_cny_bn") in STAGES else text.get("stage", "")
    return Number(
        ref=f"{table_name}[{row}].{column}",
        kind="fact",
        label=f"{label}: {title[0].lower()}{title[1:]}",
        value=_plain(value),
        unit=_unit(data, table_name, row, column),
        decimals=None,
        when=_when(data, [(table_name, row)]),
        stage=stage,
        formula="",
        inputs=(),
        sources=sources,
        weakest=len(publishers(sources)),
        note=text.get("note", ""),
    )


def fact_in_dollars(data: Data, number: Number, fx_row: str) -> str:
    """Write a yuan fact in dollars at the rate of row `fx_row` of table ``fx``."""
    if number.unit != "cny_bn" or not isinstance(number.value, float):
        raise ValueError(f"{number.ref} is not an amount in yuan: it cannot be given in dollars")
    rate = data.table("fx")
    return dollars(number.value, float(rate.frame.loc[fx_row, "cny_per_usd"]), rate.text[fx_row]["period"])


@dataclass(frozen=True, slots=True)
class Result:
    """A registered computation.

    Attributes
    ----------
    inputs : tuple of str
        What it says it reads; a test compares with what it does read.
    compute : callable
        Pure function of a :class:`Context`; a family of results, one for each row of a table, takes the row too.
    """

    id: str
    title: str
    unit: str | None
    formula: str
    inputs: tuple[str, ...]
    compute: Callable[..., Value]
    decimals: int | None = None
    when: str = ""
    kind: str = "result"
    chapter: str = field(default="")

    @property
    def family(self) -> bool:
        """Say whether this is a family: its inputs name ``{row}``, and ``chapter.name[row]`` is one member."""
        return any("{row}" in label for label in self.inputs)


def split_ref(ref: str) -> tuple[str, str]:
    """Split ``chapter.name[row]`` into result and row; the row is empty for a single result."""
    name, _, row = ref.removesuffix("]").partition("[")
    return name, row


class Context(Reader):
    """What a result computes from: the tables, and other results by id."""

    def __init__(self, data: Data, results: dict[str, Result]) -> None:
        super().__init__(data)
        self._results = results
        self.weakest: dict[str, int] = {}

    def weakest_input(self) -> int:
        """Return the number of independent publishers behind the weakest input; 0 where no page is cited."""
        counts = [
            self.weakest.get(label, len(publishers(sources_of(self.data, rows)))) for label, rows in self.rows.items()
        ]
        return min((count for count in counts if count), default=0)

    def result(self, ref: str) -> Value:
        """Return the value of another result and record it as an input."""
        inner = Context(self.data, self._results)
        value = evaluate_raw(self._results, ref, inner)
        label = f"result {ref}"
        self._record(label, set().union(*inner.rows.values()) if inner.rows else set())
        self.weakest[label] = inner.weakest_input()
        return value

    def value(self, ref: str) -> float:
        """Return the value of another numeric result."""
        value = self.result(ref)
        if isinstance(value, str) or not isinstance(value, int | float):
            raise TypeError(f"result {ref!r} is not one number: {value!r}")
        return float(value)


def _when(data: Data, rows: Iterable[tuple[str, str]]) -> str:
    """Return the span of dates of the rows behind a result, as text, or nothing where rows are undated."""
    dates = set()
    for table_name, row in rows:
        column = data.table(table_name).schema.date_column
        if column and data.table(table_name).text[row][column]:
            dates.add(data.table(table_name).text[row][column])
    if not dates:
        return ""
    first, last = min(dates), max(dates)
    return human_date(last) if first == last else f"{human_date(first)} to {human_date(last)}"


def evaluate_raw(results: dict[str, Result], ref: str, context: Context) -> Value:
    """Compute result `ref` in `context`; ``KeyError`` if it is not registered."""
    name, row = split_ref(ref)
    if name not in results:
        raise KeyError(f"no result {ref!r} is registered")
    if results[name].family != bool(row):
        form = f"{name}[row]" if results[name].family else name
        raise KeyError(f"{ref!r}: this result is written {form}")
    value = results[name].compute(context, row) if row else results[name].compute(context)
    if isinstance(value, np.bool_):
        value = bool(value)
    if value is None or (not isinstance(value, str) and not hasattr(value, "low") and pd.isna(value)):
        raise ValueError(f"result {ref!r} is empty: its inputs hold no value")
    return value


def _row_label(context: Context, row: str) -> str:
    """Return the human label of the row that a member of a family is about."""
    for table_name in sorted({table for rows in context.rows.values() for table, r in rows if r == row}):
        table = context.data.table(table_name)
        if table.schema.label_column:
            return str(table.text[row][table.schema.label_column])
    return row


def _input_value(context: Context, label: str) -> str:
    """Return an input as a popover shows it."""
    if label.startswith("result "):
        return resolve(context.data, context._results, label.removeprefix("result ")).text()
    if "[" in label:
        table, rest = label.split("[", 1)
        row, column = rest.split("].", 1)
        return fact(context.data, table, row, column).text()
    count = len(context.rows[label])
    return "one row" if count == 1 else f"{count} rows"


def resolve(data: Data, results: dict[str, Result], ref: str) -> Number:
    """Compute a result and return it with its origin.

    Raises
    ------
    KeyError
        If the id is unknown.
    ValueError
        If a claim is false or the value is missing.
    """
    context = Context(data, results)
    value = evaluate_raw(results, ref, context)
    name, row = split_ref(ref)
    result = results[name]
    if result.kind == "claim" and not bool(value):
        raise ValueError(f"claim {ref!r} is no longer true: {result.formula}")
    rows = set().union(*context.rows.values()) if context.rows else set()
    return Number(
        ref=ref,
        kind=result.kind,
        label=result.title + (f": {_row_label(context, row)}" if row else ""),
        value=value,
        unit=result.unit,
        decimals=result.decimals,
        when=result.when or _when(data, rows),
        stage="",
        formula=result.formula,
        inputs=tuple((label, _input_value(context, label)) for label in sorted(context.inputs)),
        sources=sources_of(data, rows),
        weakest=context.weakest_input(),
    )
