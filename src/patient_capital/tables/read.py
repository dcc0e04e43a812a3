"""Read and check every table at once; the only module of the package that opens data files.

A wrong cell never stops the reading: all problems are gathered, and one :class:`DataError` names each of
them with file, row, column, value, rule and what to do.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from patient_capital.tables.cells import check_cell, column_of
from patient_capital.tables.data import DATA_FOLDER, Data, DataError, Problem, Table
from patient_capital.tables.references import broken_references
from patient_capital.tables.schema import TableSchema, read_package


class _Reading:
    """The reading of one file, and what is wrong with it."""

    def __init__(self, path: Path, schema: TableSchema) -> None:
        self.path, self.schema = path, schema
        self.problems: list[Problem] = []

    def tell(
        self, rule: str, advice: str, line: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        self.problems.append(Problem(self.path.name, line, column, value, rule, advice))

    def text(self) -> str | None:
        """Return the text of the file, or None if it is not worth reading on."""
        raw = self.path.read_bytes()
        if raw.startswith(b"\xef\xbb\xbf"):
            self.tell("the file starts with a byte order mark", "Save as UTF-8 without BOM.", 1, value="BOM")
            raw = raw[3:]
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:2]:
            self.tell("the file is UTF-16", "Save as UTF-8.", 1)
            return None
        if b"\r" in raw:
            line = raw[: raw.index(b"\r")].count(b"\n") + 1
            self.tell("lines end in CRLF or CR", "Save with LF (Unix) line ends.", line, value="CR")
            raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line, bad = raw[: error.start].count(b"\n") + 1, raw[error.start : error.end].hex()
            self.tell("the file is not UTF-8", "Save as UTF-8.", line, value=f"byte 0x{bad}")
            return raw.decode("utf-8", errors="replace")

    def rows(self) -> list[tuple[int, list[str]]] | None:
        """Return line and cells of each row of the body, or None if they are not worth checking."""
        if not self.path.is_file():
            self.tell("the file is missing", "Restore it from the repository.")
            return None
        content = self.text()
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
        names = [field.name for field in self.schema.fields]
        header = rows[0][1] if rows else []
        if header != names:
            lacking, extra = [n for n in names if n not in header], [n for n in header if n not in names]
            detail = f"missing {lacking}, unknown {extra}" if lacking or extra else "same columns in another order"
            self.tell(f"the header differs from datapackage.json ({detail})", "Align the two.", 1)
            return None
        for line, cells in rows[1:]:
            if len(cells) != len(names):
                rule = f"has {len(cells)} cells, the header has {len(names)}"
                self.tell(rule, "Quote cells that hold a comma; delete blank lines.", line)
        return [(line, cells) for line, cells in rows[1:] if len(cells) == len(names)]

    def table(self) -> Table | None:
        """Return the typed table, or None if the file cannot be read as one."""
        body, fields, key_column = self.rows(), self.schema.fields, self.schema.primary_key
        if body is None:
            return None
        seen: dict[tuple[str, str], int] = {}
        for line, cells in body:
            for field, text in zip(fields, cells, strict=True):
                for rule, advice in check_cell(field, text):
                    self.tell(rule, advice, line, field.name, text)
                is_key = field.name == key_column
                if is_key and not text and not field.required:
                    self.tell("must not be empty", "Every row needs its id.", line, field.name, text)
                if text and (field.unique or is_key):
                    first = seen.setdefault((field.name, text), line)
                    if first != line:
                        self.tell(f"is already in row {first}", "Ids are never reused.", line, field.name, text)
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


def load(folder: Path = DATA_FOLDER) -> Data:
    """Read and check every table that ``datapackage.json`` in a folder names.

    Raises
    ------
    DataError
        If any cell of any table breaks its rule; all are named at once.
    """
    package = read_package(folder)
    readings = {schema.name: _Reading(folder / schema.path, schema) for schema in package.tables.values()}
    tables = {name: table for name, reading in readings.items() if (table := reading.table()) is not None}
    problems = [problem for reading in readings.values() for problem in reading.problems]
    problems += broken_references(tables)
    if problems:
        raise DataError(problems)
    return Data(package=package, tables=tables, folder=folder)
