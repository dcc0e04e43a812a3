"""What a published number is: a fact (one cell) or a result (a computation), with its origin.

Knows nothing of Sphinx and reads no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from patient_capital.formatting import STAR, Value, dollars, format_value
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


def _unit(data: Data, table_name: str, row: str, column: str) -> str | None:
    table = data.table(table_name)
    schema_field = table.schema.field(column)
    if schema_field.unit_column:
        return table.text[row][schema_field.unit_column] or None
    if schema_field.partial_date or schema_field.type == "date":
        return "date"
    return schema_field.unit


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
        value=value if isinstance(value, str | bool) else float(value),
        unit=_unit(data, table_name, row, column),
        decimals=None,
        when=text[schema.date_column] if schema.date_column else "",
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
    return dollars(
        number.value, float(rate.frame.loc[fx_row, "cny_per_usd"]), rate.text[fx_row]["period"]
    )


@dataclass(frozen=True, slots=True)
class Result:
    """A registered computation.

    Attributes
    ----------
    inputs : tuple of str
        What it says it reads; a test compares with what it does read.
    compute : callable
        Pure function of a :class:`Context`.
    """

    id: str
    title: str
    unit: str | None
    formula: str
    inputs: tuple[str, ...]
    compute: Callable[[Context], Value]
    decimals: int | None = None
    when: str = ""
    kind: str = "result"
    chapter: str = field(default="")


class Context(Reader):
    """What a result computes from: the tables, and other results by id."""

    def __init__(self, data: Data, results: dict[str, Result]) -> None:
        super().__init__(data)
        self._results = results

    def result(self, ref: str) -> Value:
        """Return the value of another result and record it as an input."""
        inner = Context(self.data, self._results)
        value = evaluate_raw(self._results, ref, inner)
        self._record(f"result {ref}", set().union(*inner.rows.values()) if inner.rows else set())
        return value

    def value(self, ref: str) -> float:
        """Return the value of another numeric result."""
        value = self.result(ref)
        if isinstance(value, str) or not isinstance(value, int | float):
            raise TypeError(f"result {ref!r} is not one number: {value!r}")
        return float(value)


def evaluate_raw(results: dict[str, Result], ref: str, context: Context) -> Value:
    """Compute result `ref` in `context`; ``KeyError`` if it is not registered."""
    if ref not in results:
        raise KeyError(f"no result {ref!r} is registered")
    value = results[ref].compute(context)
    if value is None or (not isinstance(value, str) and not hasattr(value, "low") and pd.isna(value)):
        raise ValueError(f"result {ref!r} is empty: its inputs hold no value")
    return value


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
    result = results[ref]
    if result.kind == "claim" and value is not True:
        raise ValueError(f"claim {ref!r} is no longer true: {result.formula}")
    rows = set().union(*context.rows.values()) if context.rows else set()
    counts = [len(publishers(sources_of(data, r))) for r in context.rows.values()]
    return Number(
        ref=ref,
        kind=result.kind,
        label=result.title,
        value=value,
        unit=result.unit,
        decimals=result.decimals,
        when=result.when,
        stage="",
        formula=result.formula,
        inputs=tuple((label, _input_value(context, label)) for label in sorted(context.inputs)),
        sources=sources_of(data, rows),
        weakest=min((c for c in counts if c), default=0),
    )
