"""What a published number is: a fact (one cell) or a result (a computation), with its origin.

Knows nothing of Sphinx and reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, signature

import numpy as np
import pandas as pd

from patient_capital.formatting import STAR, Value, dollars, format_value, human_date
from patient_capital.money import STAGES
from patient_capital.naming import unknown
from patient_capital.provenance.evidence import Evidence, evidence_of, voices_of
from patient_capital.provenance.register import LISTED
from patient_capital.provenance.shown import as_html, as_text
from patient_capital.tables import Data, Reader

THIS_BOOK = "this_book"
"""Publisher id of the book's own computations; it never counts as a publisher."""


@dataclass(frozen=True, slots=True)
class Source:
    """One cited page.

    Attributes
    ----------
    publisher : str
        Name of whose text or data it is.
    carried_by : str
        Where it was read, if that is not its publisher.
    """

    key: str
    publisher: str
    publisher_id: str
    authors: str
    carried_by: str
    title: str
    published: str
    url: str
    reprint: bool

    @property
    def credit(self) -> str:
        """Who wrote and published it, and who carries it: ``Reuters, carried by Business Recorder``."""
        carried = self.carried_by and f"carried by {self.carried_by}"
        return ", ".join(part for part in (self.authors, self.publisher, carried) if part)


def _keys_of(data: Data, rows: Iterable[tuple[str, str]]) -> set[str]:
    """Return the keys of the sources of table rows."""
    keys: set[str] = set()
    for table_name, row in rows:
        table = data.table(table_name)
        for column in table.schema.source_fields:
            keys.update(key for key in table.text[row][column].split(";") if key)
    return keys


def _listed(data: Data) -> dict[str, Source]:
    names = data.table("publishers").text
    return {
        key: Source(
            key=key,
            publisher=names[row["publisher_id"]]["name"],
            publisher_id=row["publisher_id"],
            authors=row["authors"],
            carried_by=row["carried_by"],
            title=row["title"],
            published=row["published"],
            url=row["url"],
            reprint=row["reprint"] == "true",
        )
        for key, row in data.table("sources").text.items()
    }


def all_sources(data: Data) -> Mapping[str, Source]:
    """Return every source of the book by key."""
    return data.once("sources", lambda: _listed(data))


def sources_of(data: Data, rows: Iterable[tuple[str, str]]) -> tuple[Source, ...]:
    """Return the sources of table rows, each once, in order of key.

    Parameters
    ----------
    rows : iterable of (str, str)
        Pairs (table, row id).
    """
    listed = all_sources(data)
    return tuple(listed[key] for key in sorted(_keys_of(data, rows)))


def publishers(sources: Iterable[Source]) -> frozenset[str]:
    """Return the ids of the independent publishers among `sources` (reprints count as their original)."""
    return frozenset(s.publisher_id for s in sources) - {THIS_BOOK}


def voices(data: Data, rows: Iterable[tuple[str, str]], column: str) -> float | None:
    """Count the voices behind a column of table rows; None if they are not known, 0 if no page is cited.

    What was looked up for each cell decides. Elsewhere it is only known that rows which cite one publisher have one voice.
    """
    rows = list(rows)
    looked_up = [voices_of(evidence_of(data, table, row, column)) for table, row in rows]
    known = [count for count in looked_up if count is not None]
    if known and len(known) == len(rows):
        return min(known)
    count = len(publishers(sources_of(data, rows)))
    return count if count <= 1 else None


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number with its origin: what a role inserts and a popover shows.

    Attributes
    ----------
    ref : str
        ``funds[cn_nvcgf].announced_cny_bn`` for a fact, the id for a result.
    voices : float or None
        Independent voices behind its weakest input, as far as they are known; see :func:`voices`.
    evidence : tuple of (Evidence, Source)
        For a fact: the pages that were looked up for this cell, where somebody has looked.
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
    voices: float | None
    evidence: tuple[tuple[Evidence, Source], ...] = ()
    note: str = ""

    def text(self, form: str = "full") -> str:
        """Return the number as the book prints it, without star."""
        return format_value(self.value, self.unit, self.decimals, form)

    @property
    def star(self) -> str:
        """Return the mark of a number that rests on one voice."""
        return STAR if self.voices == 1 else ""

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


def anchor(ref: str) -> str:
    """Return the HTML id of a number's row in the ledger."""
    return "n-" + re.sub(r"[^a-z0-9]+", "-", ref.lower()).strip("-")


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
    return data.once(("fact", table_name, row, column), lambda: _fact(data, table_name, row, column))


def _fact(data: Data, table_name: str, row: str, column: str) -> Number:
    value = Reader(data).cell(table_name, row, column)
    table = data.table(table_name)
    schema = table.schema
    text = table.text[row]
    label = text[schema.label_column] if schema.label_column else row
    title = schema.field(column).title
    sources, listed = sources_of(data, [(table_name, row)]), all_sources(data)
    stage = column.removesuffix("_cny_bn") if column.removesuffix("_cny_bn") in STAGES else text.get("stage", "")
    return Number(
        ref=f"{table_name}[{row}].{column}",
        kind="fact",
        label=f"{label}: {title[0].lower()}{title[1:]}",
        value=_plain(value),
        unit=data.unit(table_name, row, column),
        decimals=None,
        when=_when(data, [(table_name, row)]),
        stage=stage,
        formula="",
        inputs=(),
        sources=sources,
        voices=voices(data, [(table_name, row)], column),
        evidence=tuple((one, listed[one.source_key]) for one in evidence_of(data, table_name, row, column)),
        note=text.get("note", ""),
    )


def fact_in_dollars(data: Data, number: Number, fx_row: str) -> str:
    """Write a yuan fact in dollars at the rate of row `fx_row` of table ``fx``."""
    if number.unit != "cny_bn" or not isinstance(number.value, float):
        raise ValueError(f"{number.ref} is not an amount in yuan: it cannot be given in dollars")
    rate = data.table("fx")
    return dollars(number.value, float(rate.frame.loc[fx_row, "cny_per_usd"]), rate.text[fx_row]["period"])


@dataclass(frozen=True)
class Result:
    """A registered computation.

    Attributes
    ----------
    id : str
        ``chapter.name``.
    title : str
        What it is, for a reader.
    formula : str
        The computation in words.
    compute : callable
        Pure function of a :class:`Context`; a family of results, one for each row of a table, takes the row too.
    unit : str or None
        Unit code of the formatter.
    decimals : int or None
        Declared precision.
    kind : str
        ``result``, or ``claim`` for a predicate that must be true.
    """

    id: str
    title: str
    formula: str
    compute: Callable[..., Value]
    unit: str | None = None
    decimals: int | None = None
    kind: str = "result"

    @cached_property
    def family(self) -> bool:
        """Say whether this is a family: ``chapter.name[row]`` is one member, since its function takes a row too."""
        kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        return sum(one.kind in kinds for one in signature(self.compute).parameters.values()) > 1


def split_ref(ref: str) -> tuple[str, str]:
    """Split ``chapter.name[row]`` into result and row; the row is empty for a single result."""
    name, _, row = ref.removesuffix("]").partition("[")
    return name, row


@dataclass(frozen=True, slots=True)
class Computed:
    """What one result gives for one state of the data, and what it has read.

    Attributes
    ----------
    rows : dict
        ``rows[input]`` is the set of (table, row id) behind it.
    voices : float or None
        Voices behind the weakest input whose voices are known; None where none are.
    """

    value: Value
    rows: Mapping[str, set[tuple[str, str]]]
    voices: float | None

    @property
    def all_rows(self) -> set[tuple[str, str]]:
        """Every row that was read, at any depth."""
        return set().union(*self.rows.values())


class Context(Reader):
    """What a result computes from: the tables, and other results by id."""

    def __init__(self, data: Data, results: Mapping[str, Result]) -> None:
        super().__init__(data)
        self._results = results
        self._voices: dict[str, float | None] = {}

    def voices(self) -> float | None:
        """Return the voices behind the weakest input: one if any has one, and more only if those of all are known."""
        counts = [
            self._voices[label] if label in self._voices else voices(self.data, rows, label.rpartition(".")[2])
            for label, rows in self.rows.items()
        ]
        if 1 in counts:
            return 1
        cited = [count for count in counts if count]
        return None if None in counts else min(cited, default=0)

    def result(self, ref: str) -> Value:
        """Return the value of another result and record it as an input."""
        found = computed(self.data, self._results, ref)
        self._record(f"result {ref}", found.all_rows)
        self._voices[f"result {ref}"] = found.voices
        return found.value

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


def computed(data: Data, results: Mapping[str, Result], ref: str) -> Computed:
    """Compute a result once for one state of the data.

    Raises
    ------
    KeyError
        If it is not registered, or a member of a family is meant and no row given, or a row where there is none.
    ValueError
        If it has no value.
    """
    name, row = split_ref(ref)
    if name not in results:
        raise unknown("result", name, results, LISTED["result"])
    result = results[name]
    if result.family != bool(row):
        raise KeyError(f"{ref!r}: this result is written {f'{name}[row]' if result.family else name}")

    def compute() -> Computed:
        context = Context(data, results)
        value = result.compute(context, row) if row else result.compute(context)
        if isinstance(value, np.bool_):
            value = bool(value)
        if value is None or (not isinstance(value, str) and not hasattr(value, "low") and pd.isna(value)):
            raise ValueError(f"result {ref!r} is empty: its inputs hold no value")
        return Computed(value, context.rows, context.voices())

    return data.once(("computed", result, row), compute)


def _row_label(data: Data, rows: Iterable[tuple[str, str]], row: str) -> str:
    """Return the human label of the row that a member of a family is about."""
    for table_name in sorted({table for table, one in rows if one == row}):
        table = data.table(table_name)
        if table.schema.label_column:
            return str(table.text[row][table.schema.label_column])
    return row


def split_cell(label: str) -> tuple[str, str, str]:
    """Split ``table[row].column`` into its parts."""
    table, rest = label.split("[", 1)
    row, column = rest.split("].", 1)
    return table, row, column


def _input_value(data: Data, results: Mapping[str, Result], label: str, rows: set[tuple[str, str]]) -> str:
    """Return an input as a popover shows it."""
    if label.startswith("result "):
        return resolve(data, results, label.removeprefix("result ")).text()
    if "[" in label:
        return fact(data, *split_cell(label)).text()
    return "one row" if len(rows) == 1 else f"{len(rows)} rows"


def resolve(data: Data, results: Mapping[str, Result], ref: str) -> Number:
    """Compute a result and return it with its origin.

    Raises
    ------
    KeyError
        If the id is unknown.
    ValueError
        If a claim is false or the value is missing.
    """
    found = computed(data, results, ref)
    name, row = split_ref(ref)
    result = results[name]
    if result.kind == "claim" and not bool(found.value):
        raise ValueError(f"claim {ref!r} is no longer true: {result.formula}")

    def describe() -> Number:
        rows = found.all_rows
        return Number(
            ref=ref,
            kind=result.kind,
            label=result.title + (f": {_row_label(data, rows, row)}" if row else ""),
            value=found.value,
            unit=result.unit,
            decimals=result.decimals,
            when=_when(data, rows),
            stage="",
            formula=result.formula,
            inputs=tuple(
                (label, _input_value(data, results, label, found.rows[label])) for label in sorted(found.rows)
            ),
            sources=sources_of(data, rows),
            voices=found.voices,
        )

    return data.once(("number", result, row), describe)
