"""Read and check every table at once; the only module of the package that opens data files.

A wrong cell never stops the reading: all problems are gathered, and one :class:`DataError` names each of
them with file, row, column, value, rule and what to do.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import pandas as pd

from patient_capital.files import csv_text, is_left
from patient_capital.formatting import counted
from patient_capital.kernel import PRINTED
from patient_capital.tables.across import as_read, broken_across
from patient_capital.tables.cells import OF_MANY_FORMS, check_cell, column_of, in_form
from patient_capital.tables.data import DATA_FOLDER, Data, DataError, Problem, Table
from patient_capital.tables.references import broken_references
from patient_capital.tables.schema import Field, Package, TableSchema, read_package

LARGEST_FILE = 20_000_000
"""Bytes; the largest table of the book has about half a million."""
BYTE_ORDER = b"\xef\xbb\xbf"
"""The mark of byte order; a program that adds it to what has it already leaves two."""
ZEROS = bytes(4)
"""What a machine that stopped leaves at the end of a file; a single zero byte is named with its cell."""
CONFLICT = re.compile(r"^(?:[<|>]{7} .*|={7})$", re.MULTILINE)
FOREIGN = {
    "a workbook of a spreadsheet": (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),
    "a web page": (b"<!", b"<html", b"<HTML", b"<?xml"),
    "the pointer to a file that was not fetched": (b"version https://git-lfs",),
    "a PDF": (b"%PDF",),
    "a compressed file": (b"\x1f\x8b", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
    "a text of a word processor": (b"{\\rtf",),
    "JSON": (b"{", b"["),
}
"""What files are that are no tables, and how they begin."""
MANY_LACKING = 3
"""Cells that must not be empty, and are: with so many, a row is hardly one of the table."""
FEW = 3
"""Names of columns that a message gives; it counts the others."""
HEADER_SOUGHT = 5
"""First rows among which the header is looked for where it does not stand in the first."""
MOST_LETTERS_KEPT = 2000
"""Longer texts are checked whenever they are read, and not remembered."""


def _without_empty_end(cells: list[str], count: int) -> list[str]:
    """Return cells without empty ones behind the last column, as a spreadsheet leaves them."""
    while len(cells) > count and not cells[-1]:
        cells = cells[:-1]
    return cells


def _is_seven_bits(raw: bytes) -> bool:
    """Say whether Chinese is written in the letters of ASCII: each plus sign of such a file begins what can be decoded."""
    if not raw.isascii() or b"+" not in raw:
        return False
    try:
        return bool(re.search("[\u4e00-\u9fff]", raw.decode("utf-7")))
    except UnicodeDecodeError:
        return False


@lru_cache(maxsize=2000)
def known_of(field: Field) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what is known of the texts of a column: the rules that each breaks, with advice, as :func:`check_cell` gives them.

    A table is read again whenever a row has changed, and most of its texts have not.
    """
    return {}


class _Reading:
    """The reading of one file, and what is wrong with it."""

    def __init__(self, path: Path, schema: TableSchema, strays: Sequence[str] = ()) -> None:
        self.path, self.schema, self.strays = path, schema, strays
        self.problems: list[Problem] = []
        self.left_out: set[str] = set()

    def tell(
        self, rule: str, advice: str, line: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        self.problems.append(Problem(self.path.name, line, column, value, rule, advice))

    def text(self) -> str | None:
        """Return the text of the file, or None if it is not worth reading on.

        A byte order mark, the line ends of other systems and accents that are written apart change no value and are taken as
        they come; so is what old programs write behind the last row.
        """
        if (size := self.path.stat().st_size) > LARGEST_FILE:
            rule = f"the file has {size / 1e6:.0f} MB, more than any table of the book"
            self.tell(rule, "Restore it from the repository, or divide the table.")
            return None
        raw = self.path.read_bytes()
        for what, starts in FOREIGN.items():
            if raw.removeprefix(BYTE_ORDER).lstrip().startswith(starts):
                self.tell(f"the file is {what}", "Save as CSV in UTF-8, or restore it from the repository.", 1)
                return None
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:2]:
            wide = raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff"))
            self.tell(f"the file is UTF-{32 if wide else 16}", "Save as UTF-8.", 1)
            return None
        if raw.endswith(ZEROS):
            line = raw.rstrip(b"\0").count(b"\n") + 1
            self.tell("holds zero bytes: it was not written whole", "Restore it from the repository.", line)
            return None
        while raw.startswith(BYTE_ORDER):
            raw = raw.removeprefix(BYTE_ORDER)
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\x1a")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line, bad = raw[: error.start].count(b"\n") + 1, raw[error.start : error.end].hex()
            self.tell("the file is not UTF-8", "Save as UTF-8.", line, value=f"byte 0x{bad}")
            return None
        if _is_seven_bits(raw):
            self.tell("the file is UTF-7", "Save as UTF-8.", 1)
            return None
        text = unicodedata.normalize("NFC", text)  # a Mac writes a letter and its accent apart
        if found := CONFLICT.search(text):
            line = text.count("\n", 0, found.start()) + 1
            self.tell("holds the mark of a conflict of versions", "Keep one of the two versions.", line, value=found[0])
            return None
        return text

    def rows(self) -> list[tuple[int, list[str]]] | None:
        """Return line and cells of each row of the body, or None if they are not worth checking."""
        if self.path.is_dir():
            self.tell("a folder stands in the place of the file", "Move it away, and restore the file.")
            return None
        if not self.path.is_file():
            beside = {one.lower(): one for one in self.strays}
            if near := get_close_matches(self.path.name.lower(), beside, 1):
                rule = f"the file is missing, and {beside[near[0]]} stands there"
                self.tell(rule, f"Save that as {self.path.name}, or restore it.")
            else:
                self.tell("the file is missing", "Restore it from the repository.")
            return None
        try:
            content = self.text()
        except OSError as error:
            self.tell(f"cannot be read ({error.strerror})", "Give yourself the right to read it, or restore it.")
            return None
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
            self.tell(f"not valid CSV ({error})", "Check the quotes.", start)
            return None
        if not self.header_fits(rows):
            return None
        names = [field.name for field in self.schema.fields]
        body = [(line, _without_empty_end(cells, len(names))) for line, cells in rows[1:] if any(map(str.strip, cells))]
        if not body:
            self.tell("the table has no rows", "Restore it from the repository.", 1)
            return None
        return self.in_form(self.worth_checking(body))

    def in_form(self, body: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
        """Return the rows as the book writes them."""
        formed = [(place, field) for place, field in enumerate(self.schema.fields) if field.type in OF_MANY_FORMS]
        for _, cells in body:
            for place, field in formed:
                cells[place] = in_form(field, cells[place])
        return body

    def header_fits(self, rows: list[tuple[int, list[str]]]) -> bool:
        """Say whether the first row holds the names of the columns; if not, what is wrong is told."""
        names = [field.name for field in self.schema.fields]
        header = _without_empty_end([name.strip() for name in rows[0][1]], len(names)) if rows else []
        if not any(any(map(str.strip, cells)) for _, cells in rows):
            self.tell("the file is empty", "Restore it from the repository.", 1)
            return False
        if len(header) == 1 and len(names) > 1 and (mark := next((m for m in ";\t|" if m in header[0]), None)):
            told = {";": "semicolons", "\t": "tabs", "|": "bars"}[mark]
            self.tell(f"the columns are separated by {told}", "Save with commas between the columns.", 1)
            return False
        if header == names:
            return True
        if later := [line for line, cells in rows[1:HEADER_SOUGHT] if _without_empty_end(cells, len(names)) == names]:
            self.tell(f"the header stands in row {later[0]}", "Delete what stands above it.", 1)
            return False
        if [one.strip().casefold() for one in header] == [name.casefold() for name in names]:
            other = [f"{one!r} for {name}" for one, name in zip(header, names, strict=True) if one != name]
            written = ", ".join(other[:FEW]) + (f" and {len(other) - FEW} more" if len(other) > FEW else "")
            self.tell(f"the header has {written}", "Write the names of columns as datapackage.json has them.", 1)
            return False
        if any(header) and not set(header) & set(names):
            rule = f"the header names no column of this table; it begins with {header[0][:40]!r}"
            self.tell(rule, "This is another table, or none: restore it from the repository.", 1)
            return False
        lacking, extra = [n for n in names if n not in header], [n for n in header if n not in names]
        if lacking or extra:
            detail = f"missing {lacking}, unknown {extra}"
            advice = "Delete the column, or describe it there."
            if lacking:
                advice = "Give the columns the names and the order that they have there; cells move with their columns."
        else:
            detail, advice = "same columns in another order", f"Put them in this order: {', '.join(names)}."
        self.tell(f"the header differs from datapackage.json ({detail})", advice, 1)
        return False

    def worth_checking(self, body: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
        """Return the rows whose cells can be checked one by one; of the others, what is wrong is told of the whole row."""
        names, kept = [field.name for field in self.schema.fields], []
        needed = {f.name for f in self.schema.fields if f.required} | {self.schema.primary_key}
        seen: set[tuple[str, ...]] = set()
        for line, cells in body:
            lacking = [name for name, cell in zip(names, cells, strict=False) if name in needed and not cell]
            if len(cells) != len(names):
                rule = f"has {counted(len(cells), 'cell')}, the header has {len(names)}"
                short = len(cells) < len(names)
                advice = (
                    "The row is cut short, or broken in two: restore it." if short else "Quote cells that hold a comma."
                )
                self.tell(rule, advice, line)
            elif cells == names:
                self.tell("repeats the header", "Delete the row.", line)
            elif tuple(cells) in seen:
                self.tell("repeats another row, cell by cell", "Delete one of the two.", line, value=cells[0])
            elif len(lacking) >= MANY_LACKING:
                advice = "Fill the cells; or delete the row, if it is a total or a remark."
                self.tell(f"lacks {', '.join(lacking)}", advice, line)
            else:
                seen.add(tuple(cells))
                kept.append((line, cells))
                continue
            # What names such a row is right: it will be there again.
            self.left_out |= set(cells[names.index(self.schema.primary_key) :][:1])
        return kept

    def table(self) -> Table | None:
        """Return the typed table, or None if the file cannot be read as one."""
        body, fields, key_column = self.rows(), self.schema.fields, self.schema.primary_key
        if body is None:
            return None
        seen: dict[tuple[str, str], int] = {}
        known = [known_of(field) for field in fields]
        for line, cells in body:
            for field, text, told in zip(fields, cells, known, strict=True):
                if (broken := told.get(text)) is None:
                    broken = tuple(check_cell(field, text))
                    if len(text) <= MOST_LETTERS_KEPT:
                        told[text] = broken
                for rule, advice in broken:
                    self.tell(rule, advice, line, field.name, text)
                is_key = field.name == key_column
                if is_key and not text and not field.required:
                    self.tell("must not be empty", "Every row needs its id.", line, field.name, text)
                if text and (field.unique or is_key):
                    first = seen.setdefault((field.name, text if is_key else as_read(text)), line)
                    if first != line:
                        advice = "Ids are never reused." if is_key else "Keep one of the two rows, or correct the cell."
                        self.tell(f"is already in row {first}", advice, line, field.name, text)
        names = [field.name for field in fields]
        frame = pd.DataFrame(
            {one.name: column_of(one, [cells[i] for _, cells in body]) for i, one in enumerate(fields)}
        )
        # A row whose id is empty or repeated is reported above; a key of its own keeps its references checked.
        ids = [(line, cells[names.index(key_column)]) for line, cells in body]
        keys = [key if seen.get((key_column, key)) == line else f"{key}#{line}" for line, key in ids]
        frame.index = pd.Index(keys, dtype="str", name="id")
        return Table(
            schema=self.schema,
            frame=frame,
            text={key: dict(zip(names, cells, strict=True)) for key, (_, cells) in zip(keys, body, strict=True)},
            lines={key: line for key, (line, _) in zip(keys, body, strict=True)},
        )


def strays(folder: Path, package: Package) -> list[str]:
    """Return the names of what stands in a folder of tables and is none of them; what programs leave there is no part of it."""
    known = {"datapackage.json", *(Path(name).name for name in PRINTED), *(one.path for one in package.tables.values())}
    return sorted(one.name for one in folder.iterdir() if one.name not in known and not is_left(one.name))


def load(folder: Path = DATA_FOLDER) -> Data:
    """Read and check every table that ``datapackage.json`` in a folder names.

    Raises
    ------
    DataError
        If any cell of any table breaks its rule; all are named at once.
    """
    package = read_package(folder)
    beside = strays(folder, package)
    readings = {schema.name: _Reading(folder / schema.path, schema, beside) for schema in package.tables.values()}
    tables = {name: table for name, reading in readings.items() if (table := reading.table()) is not None}
    problems = [problem for reading in readings.values() for problem in reading.problems]
    problems += broken_references(tables, {name: reading.left_out for name, reading in readings.items()})
    whole = {problem.file for problem in problems}
    for table in tables.values():
        if table.schema.path not in whole:  # numbers and dates can be compared where each cell is lawful
            problems += broken_across(table, package)
    if problems:
        raise DataError(problems)
    return Data(package=package, tables=tables, folder=folder)


def table_of(path: Path, schema: TableSchema, package: Package) -> Table:
    """Read and check one table by itself, wherever its file stands.

    Raises
    ------
    DataError
        If any of its cells or rows breaks a rule.
    """
    reading = _Reading(path, schema)
    table = reading.table()
    problems = reading.problems or [*broken_across(table, package)] if table is not None else reading.problems
    if table is None or problems:
        raise DataError(problems)
    return table


def tidied(folder: Path = DATA_FOLDER) -> dict[str, str]:
    """Return the text of each table that stands in another form than the book's, by the name of its file.

    The form of a table is UTF-8 without byte order mark, a line feed at each end, quotes only where they are needed, no
    empty rows: what a spreadsheet changes without changing a value.

    Raises
    ------
    DataError
        If a cell breaks its rule: then no form is safe.
    """
    data = load(folder)
    forms = {}
    for table in data.tables.values():
        columns = [field.name for field in table.schema.fields]
        text = csv_text(columns, table.text.values())
        if (folder / table.schema.path).read_bytes() != text.encode():
            forms[table.schema.path] = text
    return forms
