"""What a published number is: a fact (one cell) or a result (a computation), with its origin.

Knows nothing of Sphinx and reads no file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import Parameter, signature
from math import isinf
from typing import Self

import numpy as np
import pandas as pd

from patient_capital.formatting import STAR, Value, counted, dollars, format_value, human_date, unit_in_words
from patient_capital.money import STAGE_COLUMNS
from patient_capital.naming import unknown
from patient_capital.provenance.evidence import Evidence, evidence_of, voices_by_cell
from patient_capital.provenance.register import LISTED
from patient_capital.provenance.shown import as_html, as_text
from patient_capital.tables import Data, Reader
from patient_capital.tables.schema import real_date

THIS_BOOK = "this_book"
"""Publisher id of the book's own computations; it never counts as a publisher."""

UNNAMED = "unnamed"
"""Publisher id of pages that name none; the loader asks for what else is known of each."""


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
        """Who wrote and published it, and who carries it: ``Reuters, carried by Business Recorder``.

        Where a page names no publisher, what it is: ``Live text of the session (no publisher given)``.
        """
        if self.publisher_id == UNNAMED:
            told = f"{self.carried_by} ({self.publisher[0].lower()}{self.publisher[1:]})"
            return ", ".join(part for part in (self.authors, told) if part)
        carried = self.carried_by and f"carried by {self.carried_by}"
        return ", ".join(part for part in (self.authors, self.publisher, carried) if part)


def _keys_of(data: Data, rows: Iterable[tuple[str, str]]) -> set[str]:
    """Return the keys of the sources of table rows."""
    rows = tuple(rows)
    keys = {table: _keys_by_row(data, table) for table in {table for table, _ in rows}}
    return set().union(*{keys[table][row] for table, row in rows})


def _keys_by_row(data: Data, name: str) -> Mapping[str, frozenset[str]]:
    """Return the keys of the sources of each row of a table."""

    def split() -> Mapping[str, frozenset[str]]:
        table = data.table(name)
        return {row: frozenset(table.schema.source_keys(text)) for row, text in table.text.items()}

    return data.once(("keys of sources", name), split)


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


def publisher_names(sources: Iterable[Source]) -> list[str]:
    """Return the names of the independent publishers among `sources` that have one, sorted."""
    others = publishers(sources := tuple(sources)) - {UNNAMED}
    return sorted({one.publisher for one in sources if one.publisher_id in others})


def publishers_told(sources: Iterable[Source]) -> str:
    """Return the number of independent publishers in words, or, where stored runs alone stand behind, that they do."""
    named = publishers(sources := tuple(sources)) - {UNNAMED}
    unnamed = sum(one.publisher_id == UNNAMED for one in sources)
    told = [counted(len(named), "publisher")] if named else []
    told += [counted(unnamed, "page") + " without a publisher"] if unnamed else []
    return " and ".join(told) or "computed for this report"


def voices(data: Data, rows: Iterable[tuple[str, str]], column: str) -> float | None:
    """Count the voices behind a column of table rows; None if they are not known, 0 if no page is cited.

    What was looked up for each cell decides. Elsewhere it is only known that rows which cite one publisher have one
    voice.
    """
    rows = list(rows)
    by_cell = voices_by_cell(data)
    looked_up = [by_cell.get((table, row, column)) for table, row in rows]
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

    def __float__(self) -> float:
        return _one_number(self.ref, self.value)


def _one_number(ref: str, value: Value) -> float:
    """Return a value as a float; ``TypeError`` if it is none."""
    if not isinstance(value, int | float):
        raise TypeError(f"{ref} is not one number: {value!r}")
    return float(value)


def anchor(ref: str) -> str:
    """Return the HTML id of a number's row in the ledger."""
    return "n-" + re.sub(r"[^a-z0-9]+", "-", ref.lower()).strip("-")


def page_of_entry(ref: str) -> str:
    """Return the page where a number has its entry: a fact that of its table, a result that of its chapter's results.

    It follows from the reference alone, so that no change of a text moves an entry that other pages link to.
    """
    return f"data/{ref.partition('[')[0]}" if "]." in ref else f"ledger/{ref.partition('.')[0]}"


def stands_at(ref: str) -> str:
    """Return the address of the entry of a number, from the root of the site."""
    return f"{page_of_entry(ref)}.html#{anchor(ref)}"


def _plain(value: object) -> Value:
    """Return a cell as a plain Python value: text, truth or number."""
    if isinstance(value, str):
        return value
    return bool(value) if isinstance(value, bool | np.bool_) else float(value)  # type: ignore[arg-type]  # what is neither text nor truth is a number


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


GONE = "a row that is no longer there"


def value_in_words(data: Data, table_name: str, column: str, value: str) -> str:
    """Return a cell of a table as a reader meets it: what it refers to by name, a day as it is said, no code.

    Free text stays as it stands.
    """
    schema = data.table(table_name).schema
    field = schema.field(column)
    if referred := next((table for own, table, _ in schema.references if own == column), None):
        return "; ".join(row_in_words(data, referred, key) for key in value.split(";") if key)
    if field.period or field.dates_itself:
        return " to ".join(human_date(part) if real_date(part) else part for part in value.split(" to "))
    if column in schema.unit_columns:
        return unit_in_words(value)
    return value.replace("_", " ") if field.enum else value


def _names_of_rows(data: Data, table_name: str) -> dict[str, str]:
    """Return what readers call each row of a table.

    The name is the label, or what no two rows share where the table has no label but the id. What tells rows with one
    name apart is added where it is needed: the date of a row with a label, the words at the end of what is shared by
    none.
    """
    table = data.table(table_name)
    schema, dated = table.schema, table.schema.date_column
    labelled = schema.label_column not in {None, schema.primary_key} or not schema.natural_key
    if labelled:
        columns, least = [schema.label_column or schema.primary_key, *([dated] if dated else [])], 1
    else:
        columns = [column for column in schema.natural_key if column not in schema.source_fields]
        referring = {own for own, *_ in schema.references}
        fields = {column: schema.field(column) for column in columns}
        told = [one in referring or f.period or f.dates_itself or f.type != "string" for one, f in fields.items()]
        least = max((place for place, tells in enumerate(told, 1) if tells), default=1)

    def name(row: str, first: int) -> str:
        cells = table.text[row]
        parts = [(column, cells[column]) for column in columns[:first] if cells[column]]
        words = [value_in_words(data, table_name, column, cell) for column, cell in parts]
        if labelled and len(parts) > 1 and parts[1][1] in words[0]:
            return words[0]  # the label says the day
        return ", ".join(words)

    short = {row: name(row, least) for row in table.text}
    counts = Counter(short.values())
    return {row: one if counts[one] == 1 else name(row, len(columns)) for row, one in short.items()}


def row_in_words(data: Data, table_name: str, row: str) -> str:
    """Return what readers call a row, never its id; one that is gone is called as what took its place, if anything did."""
    table = data.tables.get(table_name)
    if table is not None and row in table.text:
        return data.once(("names of rows", table_name), lambda: _names_of_rows(data, table_name))[row]
    moved = data.once("moved rows", lambda: _moved_rows(data)).get((table_name, row))
    return row_in_words(data, *moved) if moved else GONE


def _moved_rows(data: Data) -> dict[tuple[str, str], tuple[str, str]]:
    """Return for each row that is gone, by table and id, the row in which its content stands now."""
    gone = data.tables["aliases"].text.values() if "aliases" in data.tables else ()
    return {
        (one["table"], one["old"]): split_cell(one["now"])[:2]
        for one in gone
        if one["kind"] == "row" and "]." in one["now"]
    }


def cell_in_words(data: Data, table_name: str, row: str, column: str) -> str:
    """Return what a list calls a cell of another table: ``Funds, Yangtze delta fund, 26 December 2025: registered size``."""
    table = data.tables.get(table_name)
    fields = {field.name: field.title for field in table.schema.fields} if table else {}
    title = fields.get(column, column.strip("()").replace("_", " "))
    head = table.schema.title if table else table_name.replace("_", " ")
    return f"{head}, {row_in_words(data, table_name, row)}: {title[0].lower()}{title[1:]}"


def corrected_in_words(data: Data, row: Mapping[str, str], value: str) -> str:
    """Return a value of the cell that a row names as `table` and `column`, as readers know it, by no word of a code."""
    table = data.tables.get(row["table"])
    if table and row["column"] in {own for own, *_ in table.schema.references}:
        return value_in_words(data, row["table"], row["column"], value)
    if re.fullmatch(r"[a-z0-9_]+", value):
        return value.replace("_", " ")
    return re.sub(r"\b([a-z_]+)\[([^\]]+)\]", lambda match: row_in_words(data, *match.groups()), value)


def _fact(data: Data, table_name: str, row: str, column: str) -> Number:
    value = Reader(data).cell(table_name, row, column)
    table = data.table(table_name)
    schema = table.schema
    text = table.text[row]
    label = row_in_words(data, table_name, row)
    title = schema.field(column).title
    sources, listed = sources_of(data, [(table_name, row)]), all_sources(data)
    return Number(
        ref=f"{table_name}[{row}].{column}",
        kind="fact",
        label=f"{label}: {title[0].lower()}{title[1:]}",
        value=_plain(value),
        unit=data.unit(table_name, row, column),
        decimals=None,
        when=_span(_dates(data, {f"{table_name}[{row}].{column}": {(table_name, row)}})),
        stage=STAGE_COLUMNS.get(column, text.get("stage", "")),
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
    members : mapping
        What readers call the members of a family, where they are no rows of a table that it reads.
    """

    id: str
    title: str
    formula: str
    compute: Callable[..., Value]
    unit: str | None = None
    decimals: int | None = None
    kind: str = "result"
    members: Mapping[str, str] = field(default_factory=dict, hash=False)

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
    dates : frozenset of str
        ISO dates of everything that was read.
    """

    value: Value
    rows: Mapping[str, set[tuple[str, str]]]
    voices: float | None
    dates: frozenset[str]

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
        self._dates: dict[str, frozenset[str]] = {}

    def beside(self) -> Self:
        """Return a context of the same tables that has read nothing."""
        return type(self)(self.data, self._results)

    def take(self, other: Self) -> None:
        """Record what another context of the same tables has read, and what the results have that it asked for."""
        super().take(other)
        self._voices.update(other._voices)
        self._dates.update(other._dates)

    def dates(self) -> frozenset[str]:
        """Return the ISO dates of everything that was read, at any depth."""
        own = {label: rows for label, rows in self.rows.items() if label not in self._dates}
        return frozenset(_dates(self.data, own)).union(*self._dates.values())

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
        self._dates[f"result {ref}"] = found.dates
        return found.value

    def value(self, ref: str) -> float:
        """Return the value of another numeric result."""
        return _one_number(f"result {ref!r}", self.result(ref))

    def __reduce__(self) -> tuple[Callable[[Data], Context], tuple[Data]]:
        # Another process has the same results, and has read nothing.
        return _context, (self.data,)

    def __repr__(self) -> str:
        package = self.data.package
        return f"<{package.title}, version {package.version}: {len(self.data.tables)} tables, {len(self._results)} results>"


def _context(data: Data) -> Context:
    from patient_capital.provenance.registry import load_results  # noqa: PLC0415  # it imports this module

    return Context(data, load_results())


def _dates(data: Data, inputs: Mapping[str, Iterable[tuple[str, str]]]) -> set[str]:
    """Return the ISO dates of what was read: of each cell the day when it happened, else that of its row.

    Words that stand beside a number or a date of their table, as names and kinds, add no date.

    Parameters
    ----------
    inputs : mapping of str to pairs
        The (table, row id) behind each input, by its label.
    """
    columns: dict[str, dict[str, set[tuple[str, str]]]] = {}
    for label, rows in inputs.items():
        read = columns.setdefault(re.split(r"[.\[]", label, maxsplit=1)[0], {})
        read.setdefault(label.rpartition(".")[2], set()).update(rows)
    dates = set()
    for name, read in columns.items():
        table = data.table(name)
        # A day on which something is due dates nothing.
        days = {field.dated_by for field in table.schema.fields}
        fields = {column: table.schema.field(column) for column in read}
        telling = {c for c, field in fields.items() if field.type in {"number", "integer"} or c in days}
        for column in telling or fields:
            by = [column if column in days else fields[column].dated_by, table.schema.date_column]
            for _, row in read[column]:
                dates.add(next((table.text[row][one] for one in by if one and table.text[row][one]), ""))
    return dates - {""}


def _span(dates: Collection[str]) -> str:
    """Return dates as text, from the first to the last, or nothing where there is none."""
    if not dates:
        return ""
    first, last = min(dates), max(dates)
    return human_date(last) if first == last else f"{human_date(first)} to {human_date(last)}"


INPUTS_TOLD = 6
"""Inputs that the message on a result without a value names."""


def _without_value(ref: str, why: str, context: Context) -> str:
    told = sorted(context.inputs)
    if not told:
        return f"result {ref!r} is empty ({why})"
    more = f" and {len(told) - INPUTS_TOLD} more" if len(told) > INPUTS_TOLD else ""
    inputs = f"{', '.join(told[:INPUTS_TOLD])}{more}"
    return f"result {ref!r} cannot be computed ({why}) from {inputs}: one of them is empty, nought or too large"


def computed(data: Data, results: Mapping[str, Result], ref: str) -> Computed:
    """Compute a result once for one state of the data.

    Raises
    ------
    KeyError
        If it is not registered, or a member of a family is meant and no row given, or a row where there is none.
    ValueError
        If it has no value.
    """
    if not isinstance(ref, str):
        raise unknown("result", ref, results, LISTED["result"])
    name, row = split_ref(ref)
    if name in data.tables and name not in results:
        raise KeyError(f"{ref!r} is no number but of a table: a cell of it is written {name}[row].column")
    if name not in results:
        raise unknown("result", name, results, LISTED["result"])
    result = results[name]
    if result.family != bool(row):
        raise KeyError(f"{ref!r}: this result is written {f'{name}[row]' if result.family else name}")

    def compute() -> Computed:
        context = Context(data, results)
        try:
            # Whoever lets NumPy raise what it tells, as very small numbers, gets the same.
            with np.errstate(all="ignore"):
                value = result.compute(context, row) if row else result.compute(context)
        except ArithmeticError as error:
            raise ValueError(_without_value(ref, str(error), context)) from error
        if isinstance(value, np.bool_):
            value = bool(value)
        if value is None or (not isinstance(value, str) and not hasattr(value, "low") and pd.isna(value)):
            raise ValueError(_without_value(ref, "no value", context))
        if isinstance(value, float) and isinf(value):
            raise ValueError(_without_value(ref, "infinite", context))
        return Computed(value, context.rows, context.voices(), context.dates())

    return data.once(("computed", result, row), compute)


def _member_in_words(data: Data, rows: Iterable[tuple[str, str]], row: str) -> str:
    """Return what readers call the row that a member of a family is about."""
    tables = sorted({table for table, one in rows if one == row})
    return row_in_words(data, tables[0], row) if tables else row.replace("_", " ")


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
            label=result.title + (f": {result.members.get(row) or _member_in_words(data, rows, row)}" if row else ""),
            value=found.value,
            unit=result.unit,
            decimals=result.decimals,
            when=_span(found.dates),
            stage="",
            formula=result.formula,
            inputs=tuple(
                (label, _input_value(data, results, label, found.rows[label])) for label in sorted(found.rows)
            ),
            sources=sources_of(data, rows),
            voices=found.voices,
        )

    return data.once(("number", result, row), describe)
