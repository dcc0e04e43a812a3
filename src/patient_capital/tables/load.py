"""Read and check every table at once; the only module of the package that opens data files.

A wrong cell never stops the reading: all problems are gathered, and one :class:`DataError` names each of
them with file, row, column, value, rule and what to do.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_with
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import pandas as pd

from patient_capital.tables.schema import Field, Package, TableSchema, read_package

T = TypeVar("T")

_PACKED, _BESIDE_SRC = (Path(__file__).resolve().parents[level] / "data" for level in (1, 3))
DATA_FOLDER = _PACKED if _PACKED.is_dir() else _BESIDE_SRC
"""The book's own data: inside an installed package, or beside ``src/`` in a checkout of the project."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")  # 18 digits always fit the 64 bits of a column
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MISSING_WORDS = {"nan", "na", "n/a", "none", "null", "-", "?", "unknown"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place.

    Attributes
    ----------
    row : int or None
        Line of the file, the header being line 1 (as a spreadsheet shows it).
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    rule: str
    advice: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        shown = "" if self.value is None else f": {self.value!r}"
        return f"{place}{shown}: {self.rule}. {self.advice}"


class DataError(ValueError):
    """The data break their contract; `problems` lists every place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__("\n".join([f"{count} {noun} in the data:", *(f"- {p}" for p in self.problems)]))


@dataclass(frozen=True, slots=True)
class Table:
    """A checked table.

    Attributes
    ----------
    frame : pandas.DataFrame
        Typed values, indexed by primary key; an empty cell is missing.
    text : dict
        The cells as written, ``text[row_id][column]``; the printed precision of a number comes from here.
    lines : dict
        Line of the file for each row id.
    """

    schema: TableSchema
    frame: pd.DataFrame
    text: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Data:
    """All tables of the book in one state, and what was computed from it."""

    package: Package
    tables: Mapping[str, Table]
    folder: Path
    _kept: dict[Hashable, Any] = made_with(default_factory=dict, init=False, repr=False)
    # One computation asks for another, in the same thread; other threads wait, so that each is done once.
    _lock: RLock = made_with(default_factory=RLock, init=False, repr=False)

    def table(self, name: str) -> Table:
        """Return table `name`; ``KeyError`` names the tables there are."""
        try:
            return self.tables[name]
        except KeyError:
            raise KeyError(f"there is no table {name!r}; tables are: {', '.join(sorted(self.tables))}") from None

    def frame(self, name: str) -> pd.DataFrame:
        """Return a copy of the typed frame of table `name`."""
        return self.table(name).frame.copy()

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what `compute` gives, computed at the first call with this key: the tables never change.

        What is kept must not be changed by whoever gets it.
        """
        with self._lock:
            if key not in self._kept:
                self._kept[key] = compute()
            kept: T = self._kept[key]
            return kept


def real_date(text: str) -> bool:
    """Say whether `text` is a calendar date of year, month or day precision (``2025-02-30`` is not)."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text)
    if match is None:
        return False
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _decode(path: Path, problems: list[Problem]) -> str | None:
    """Return the text of a file, or None if it is not worth reading on."""
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.append(
            Problem(path.name, 1, None, "BOM", "the file starts with a byte order mark", "Save as UTF-8 without BOM.")
        )
        raw = raw[3:]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:2]:
        problems.append(Problem(path.name, 1, None, None, "the file is UTF-16", "Save as UTF-8."))
        return None
    if b"\r" in raw:
        line = raw[: raw.index(b"\r")].count(b"\n") + 1
        problems.append(
            Problem(path.name, line, None, "CR", "lines end in CRLF or CR", "Save with LF (Unix) line ends.")
        )
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        bad = raw[error.start : error.end].hex()
        problems.append(Problem(path.name, line, None, f"byte 0x{bad}", "the file is not UTF-8", "Save as UTF-8."))
        return raw.decode("utf-8", errors="replace")


def _rule_for_type(field: Field, text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if `text` is not of the field's type."""
    if text.lower() in _MISSING_WORDS and (field.required or field.type != "string"):
        return "a word stands for a missing value", "Leave the cell empty if the value is unknown."
    match field.type:
        case "integer" | "year" if not _INTEGER.fullmatch(text):
            return "must be a whole number", "Write digits only (18 at most), without separators or units."
        case "number" if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            return "must be a number", "Write digits and a decimal point only, without separators or units."
        case "boolean" if text not in {"true", "false"}:
            return "must be true or false", "Write true or false in lower case."
        case "date" if len(text) != 10 or not real_date(text):
            return "must be a real date YYYY-MM-DD", "Check month and day."
        case _:
            pass
    if field.partial_date and not real_date(text):
        return "must be a real date YYYY, YYYY-MM or YYYY-MM-DD", "Check month and day; drop what is not known."
    return None


def _rules_for_value(field: Field, text: str) -> Iterable[tuple[str, str]]:
    if field.enum:
        for item in text.split(";") if field.list_of else [text]:
            if item not in field.enum:
                kind = "unit" if field.name == "unit" else field.name
                yield (
                    f"unknown {kind}; allowed: {', '.join(field.enum)}",
                    "Use one of them, or add it to datapackage.json.",
                )
    if field.type in {"integer", "number", "year"}:
        number = float(text)
        if field.minimum is not None and number < field.minimum:
            yield f"must be at least {field.minimum:g}", "Check the value and its unit."
        if field.maximum is not None and number > field.maximum:
            yield f"must be at most {field.maximum:g}", "Check the value and its unit."
    if field.pattern and not re.fullmatch(field.pattern, text):
        yield f"must match {field.pattern}", "Check the spelling."


def _check_cell(field: Field, text: str) -> Iterable[tuple[str, str]]:
    if text == "":
        if field.required:
            yield "must not be empty", "Fill the cell; if the value is unknown, the row cannot be used."
        return
    if text != text.strip() or (field.list_of and any(part != part.strip() for part in text.split(";"))):
        yield "has stray spaces", "Remove spaces at the ends and around semicolons."
        text = ";".join(part.strip() for part in text.split(";")) if field.list_of else text.strip()
    if _CONTROL.search(text):
        yield "holds a control character", "Delete it; it may be invisible in an editor."
        return
    if field.list_of and "" in text.split(";"):
        yield "holds an empty list item", "Remove the doubled or dangling semicolon."
        return
    broken = _rule_for_type(field, text)
    if broken:
        yield broken
    else:
        yield from _rules_for_value(field, text)


def _column(field: Field, cells: list[str]) -> pd.Series:
    """Return typed values; cells that broke a rule were reported before and count as missing."""
    match field.type:
        case "number":
            numbers = [float(c) if _NUMBER.fullmatch(c.strip()) else math.nan for c in cells]
            return pd.Series(numbers, dtype="float64", name=field.name)
        case "integer" | "year":
            whole = [int(c) if _INTEGER.fullmatch(c.strip()) else None for c in cells]
            return pd.Series(whole, dtype="Int64", name=field.name)
        case "boolean":
            flags = [{"true": True, "false": False}.get(c) for c in cells]
            return pd.Series(flags, dtype="boolean", name=field.name)
        case _:
            return pd.Series([c or None for c in cells], dtype="str", name=field.name)


def _read_table(path: Path, schema: TableSchema, problems: list[Problem]) -> Table | None:
    if not path.is_file():
        problems.append(Problem(path.name, None, None, None, "the file is missing", "Restore it from the repository."))
        return None
    content = _decode(path, problems)
    if content is None:
        return None
    reader = csv.reader(io.StringIO(content), strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1  # a row with line breaks in its cells is named by its first line
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(path.name, start, None, None, f"not valid CSV ({error})", "Check the quotes."))
        return None
    names = [field.name for field in schema.fields]
    header = rows[0][1] if rows else []
    if header != names:
        lacking = [n for n in names if n not in header]
        extra = [n for n in header if n not in names]
        detail = f"missing {lacking}, unknown {extra}" if lacking or extra else "same columns in another order"
        problems.append(
            Problem(path.name, 1, None, None, f"the header differs from datapackage.json ({detail})", "Align the two.")
        )
        return None

    body: list[tuple[int, list[str]]] = []
    for line, cells in rows[1:]:
        if len(cells) == len(names):
            body.append((line, cells))
        else:
            problems.append(
                Problem(
                    path.name, line, None, None, f"has {len(cells)} cells, the header has {len(names)}",
                    "Quote cells that hold a comma; delete blank lines.",
                )
            )  # fmt: skip
    seen: dict[tuple[str, str], int] = {}
    for line, cells in body:
        for field, text in zip(schema.fields, cells, strict=True):
            for rule, advice in _check_cell(field, text):
                problems.append(Problem(path.name, line, field.name, text, rule, advice))
            is_key = field.name == schema.primary_key
            if is_key and not text and not field.required:
                problems.append(
                    Problem(path.name, line, field.name, text, "must not be empty", "Every row needs its id.")
                )
            if text and (field.unique or is_key):
                first = seen.setdefault((field.name, text), line)
                if first != line:
                    problems.append(
                        Problem(
                            path.name, line, field.name, text, f"is already in row {first}", "Ids are never reused."
                        )
                    )
    columns = {field.name: _column(field, [cells[i] for _, cells in body]) for i, field in enumerate(schema.fields)}
    frame = pd.DataFrame(columns)
    # A row whose id is empty or repeated is reported above; a key of its own keeps its references checked.
    ids = [(line, cells[names.index(schema.primary_key)]) for line, cells in body]
    keys = [key if seen.get((schema.primary_key, key)) == line else f"{key}#{line}" for line, key in ids]
    frame.index = pd.Index(keys, dtype="str", name="id")
    return Table(
        schema=schema,
        frame=frame,
        text={key: dict(zip(names, cells, strict=True)) for key, (_, cells) in zip(keys, body, strict=True)},
        lines={key: line for key, (line, _) in zip(keys, body, strict=True)},
    )


def _references(schema: TableSchema) -> Iterable[tuple[str, str, str]]:
    """Yield (column, table, key column) of every reference, foreign keys and lists alike."""
    for key in schema.foreign_keys:
        yield key.field, key.table, key.column
    for field in schema.fields:
        if field.list_of and "." in field.list_of:
            table, column = field.list_of.split(".")
            yield field.name, table, column


def _check_references(tables: Mapping[str, Table], problems: list[Problem]) -> None:
    for table in tables.values():
        for column, target_name, target_column in _references(table.schema):
            target = tables.get(target_name)
            if target is None:
                continue
            known = {cells[target_column] for cells in target.text.values()}
            is_list = table.schema.field(column).list_of is not None
            for key, cells in table.text.items():
                for item in cells[column].split(";") if is_list else [cells[column]]:
                    if item.strip() and item.strip() not in known:
                        problems.append(
                            Problem(
                                table.schema.path, table.lines[key], column, item,
                                f"is not a {target_column} of {target.schema.path}",
                                f"Correct it, or add the row to {target.schema.path}.",
                            )
                        )  # fmt: skip


def load(folder: Path = DATA_FOLDER) -> Data:
    """Read and check every table named in ``datapackage.json``.

    Parameters
    ----------
    folder : pathlib.Path
        Folder that holds ``datapackage.json`` and the CSV files.

    Returns
    -------
    Data

    Raises
    ------
    DataError
        If any cell of any table breaks its rule; all are named at once.
    """
    package = read_package(folder)
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    for schema in package.tables.values():
        table = _read_table(folder / schema.path, schema, problems)
        if table is not None:
            tables[schema.name] = table
    _check_references(tables, problems)
    if problems:
        raise DataError(problems)
    return Data(package=package, tables=tables, folder=folder)
