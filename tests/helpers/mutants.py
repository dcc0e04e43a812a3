"""Damage to the tables: every kind, at any table and column, and what becomes of it.

Run by ``make torture`` it damages every table and column in every way, prints what became of the
mutants, and ends with 1 if one survives. ``make torture ARGS="--sample 500 --seed 1"`` takes some at random.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from patient_capital.ledger import entries
from patient_capital.shown import digests
from patient_capital.tables import DATA_FOLDER, Data, DataError, Problem, Table, check_substance, load
from patient_capital.tables.across import broken_across
from patient_capital.tables.read import _Reading
from patient_capital.tables.references import broken_references
from patient_capital.tables.schema import Field, TableSchema

TYPED = ("integer", "number", "year", "boolean", "date")
Grid = list[list[str]]
"""Rows of cells, the header first."""


def typed(field: Field) -> bool:
    """Say whether only some texts are lawful in a column."""
    return bool(field.type in TYPED or field.partial_date or field.enum or field.pattern)


def a_number(field: Field) -> bool:
    return field.type in {"integer", "number", "year"}


def a_date(field: Field) -> bool:
    return field.partial_date or field.type == "date"


def an_address(field: Field) -> bool:
    return bool(field.pattern and field.pattern.lstrip("^").startswith("http"))


CELLS: dict[str, tuple[Callable[[Field], bool], Callable[[str], str]]] = {
    "a word in the place of a value": (typed, lambda text: "abc def"),
    "not a number": (a_number, lambda text: "NaN"),
    "infinite": (a_number, lambda text: "inf"),
    "negative": (a_number, lambda text: text if text.startswith("-") else f"-{text}"),
    "a thousand times": (a_number, lambda text: f"{float(text or 1) * 1000:g}"),
    "thousands separated": (a_number, lambda text: "1,234"),
    "decimal comma": (a_number, lambda text: "1,5"),
    "a unit in the cell": (a_number, lambda text: f"{text}bn"),
    "nought": (a_number, lambda text: "0"),
    "a power of ten": (a_number, lambda text: "1.5e3"),
    "another form of the number": (a_number, lambda text: f"+0{text}"),
    "full-width digits": (
        lambda field: a_number(field) or bool(field.pattern),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text),
    ),
    "typographic minus": (a_number, lambda text: f"\u2212{text}"),
    "a percent sign": (a_number, lambda text: f"{text}%"),
    "a sign of money": (a_number, lambda text: f"\u00a5{text}"),
    "an apostrophe before it": (a_number, lambda text: f"'{text}"),
    "impossible day": (a_date, lambda text: "2025-02-30"),
    "day in another order": (a_date, lambda text: "06.03.2025"),
    "a day as a spreadsheet counts it": (a_date, lambda text: "45722"),
    "a day and hour as a spreadsheet counts them": (a_date, lambda text: "45722.5"),
    "a space in an address": (an_address, lambda text: f"{text or 'https://example.org/a'} b"),
    "month as a spreadsheet writes it": (lambda field: True, lambda text: "Jan-24"),
    "day as a spreadsheet writes it": (lambda field: True, lambda text: "6-Mar"),
    "a number where words stand": (lambda field: field.is_words, lambda text: "44927"),
    "a part where words stand": (lambda field: field.is_words, lambda text: "1/2"),
    "a percentage where words stand": (lambda field: field.is_words, lambda text: "26%"),
    "a truth value where words stand": (lambda field: field.is_words, lambda text: "TRUE"),
    "day to come": (lambda field: a_date(field) and not field.may_be_later, lambda text: "2031-01-01"),
    "error value": (lambda field: True, lambda text: "#N/A"),
    "error value in another language": (lambda field: True, lambda text: "#\u00a1REF!"),
    "accents written apart": (lambda field: True, lambda text: normalize("NFD", text)),
    "radicals of a PDF": (lambda field: True, lambda text: f"{text}\u2f08"),
    "UTF-8 read as GBK": (lambda field: True, lambda text: f"{text} \u6d5c\u54c4\u4f10\u93c5\u9e3f\u5158"),
    "a word for nothing": (lambda field: field.is_words, lambda text: "n/a"),
    "broken reference of a formula": (lambda field: True, lambda text: f"{text}#REF!"),
    "formula": (lambda field: True, lambda text: "=A1&B1"),
    "call": (lambda field: True, lambda text: "@HYPERLINK(1)"),
    "script": (lambda field: True, lambda text: f"{text}<script>alert(1)</script>"),
    "tag": (lambda field: True, lambda text: f'<img src="x" onerror="y">{text}'),
    "zero width": (lambda field: True, lambda text: f"{text}\u200b"),
    "from right to left": (lambda field: True, lambda text: f"\u202e{text}"),
    "mark of byte order inside": (lambda field: True, lambda text: f"\ufeff{text}"),
    "no-break space": (lambda field: True, lambda text: f"{text}\u00a0"),
    "no-break space inside": (lambda field: True, lambda text: f"{text[:1]}\u00a0{text[1:]}"),
    "doubled space": (lambda field: True, lambda text: f"{text[:1]}  {text[1:]}"),
    "line break": (lambda field: True, lambda text: f"{text[:1]}\n{text[1:]}"),
    "tab": (lambda field: True, lambda text: f"{text[:1]}\t{text[1:]}"),
    "wrong encoding": (lambda field: True, lambda text: f"{text}\u00c3\u00a9"),
    "lost character": (lambda field: True, lambda text: f"{text}\ufffd"),
    "control character": (lambda field: True, lambda text: f"{text}\x07"),
    "emptied": (lambda field: True, lambda text: ""),
    "dangling list": (lambda field: field.list_of is not None, lambda text: f"{text};"),
    "unknown key": (lambda field: bool(field.list_of and "." in field.list_of), lambda text: "nobody_at_all"),
}
"""Kinds of damage to one cell: the columns that they concern, and what they make of a text."""


def _rows(change: Callable[[Grid, random.Random], Grid]) -> Callable[[Grid, random.Random], bytes]:
    return lambda grid, chance: written(change(grid, chance)).encode()


def _second_id(grid: Grid, chance: random.Random) -> Grid:
    row = chance.choice(grid[1:])
    return [*grid, [f"{row[0]}x", *row[1:]]]


def _swapped(grid: Grid, chance: random.Random) -> Grid:
    if len(grid[0]) < 3:
        return [[row[0], *reversed(row[1:])] for row in grid[1:]]
    first, second = sorted(chance.sample(range(1, len(grid[0])), 2))

    def swap(row: list[str]) -> list[str]:
        return [*row[:first], row[second], *row[first + 1 : second], row[first], *row[second + 1 :]]

    return [grid[0], *map(swap, grid[1:])]


FILES: dict[str, Callable[[Grid, random.Random], bytes]] = {
    "a row twice": _rows(lambda grid, chance: [*grid, chance.choice(grid[1:])]),
    "a row under a second id": _rows(_second_id),
    "columns swapped under their heads": _rows(_swapped),
    "heads swapped": _rows(lambda grid, chance: [[*reversed(grid[0])], *grid[1:]]),
    "heads in capitals": _rows(lambda grid, chance: [[name.upper() for name in grid[0]], *grid[1:]]),
    "columns in another order": _rows(lambda grid, chance: [[row[0], *row[:0:-1]] for row in grid]),
    "a column dropped": _rows(lambda grid, chance: [row[:-1] for row in grid]),
    "a column added": _rows(lambda grid, chance: [[*row, "x"] for row in grid]),
    "a row cut short": _rows(lambda grid, chance: [*grid[:-1], grid[-1][:-2]]),
    "rows shuffled": _rows(lambda grid, chance: [grid[0], *chance.sample(grid[1:], len(grid) - 1)]),
    "empty": lambda grid, chance: b"",
    "heads alone": _rows(lambda grid, chance: grid[:1]),
    "semicolons": lambda grid, chance: "\n".join(";".join(row) for row in grid).encode(),
    "UTF-16": lambda grid, chance: written(grid).encode("utf-16"),
    "GBK": lambda grid, chance: (written(grid) + "\u56fd,").encode("gbk", errors="replace"),
    "mark of byte order": lambda grid, chance: b"\xef\xbb\xbf" + written(grid).encode(),
    "CRLF": lambda grid, chance: written(grid).replace("\n", "\r\n").encode(),
    "every cell quoted": lambda grid, chance: written(grid, csv.QUOTE_ALL).encode(),
    "a comma behind each row": lambda grid, chance: written([[*row, ""] for row in grid]).encode(),
    "empty rows": lambda grid, chance: (written(grid) + "\n" + "," * (len(grid[0]) - 1) + "\n").encode(),
    "an open quote": lambda grid, chance: (written(grid) + '"x').encode(),
    "marks of a conflict": lambda grid, chance: (written(grid) + "<<<<<<< HEAD\n=======\n").encode(),
    "20 MB of it": lambda grid, chance: written(grid).encode() + b"\n" * 20_000_001,
}
"""Kinds of damage to a file."""


def written(grid: Grid, quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Return rows as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n", quoting=quoting).writerows(grid)  # type: ignore[arg-type]  # csv names its constants as literals
    return buffer.getvalue()


def grid_of(table: Table) -> Grid:
    """Return a table as rows of cells, the header first."""
    return [[field.name for field in table.schema.fields], *(list(text.values()) for text in table.text.values())]


@dataclass(frozen=True)
class Mutant:
    """One table with one damage."""

    table: str
    column: str
    kind: str
    content: bytes

    def __str__(self) -> str:
        return f"{self.table}{f'.{self.column}' if self.column else ''}: {self.kind}"


def mutants(book: Data, chance: random.Random, sample: int | None = None) -> Iterator[Mutant]:
    """Yield tables with one damage each: of every kind, table and column, or a sample of these."""
    places = [
        (name, field, kind) for name, table in book.tables.items() for field in table.schema.fields for kind in CELLS
    ]
    places = [place for place in places if CELLS[place[2]][0](place[1])]
    chosen: list[tuple[str, Field | None, str]] = [
        *places,
        *((name, None, kind) for name in book.tables for kind in FILES),
    ]
    for name, field, kind in chosen if sample is None else chance.sample(chosen, sample):
        grid = grid_of(book.table(name))
        if field is None:
            yield Mutant(name, "", kind, FILES[kind](grid, chance))
            continue
        place = grid[0].index(field.name)
        filled = [number for number, row in enumerate(grid) if number and row[place]] or [1]
        row = chance.choice(filled)
        changed = CELLS[kind][1](grid[row][place])
        cells = [*grid[row][:place], changed, *grid[row][place + 1 :]]
        yield Mutant(name, field.name, kind, written([*grid[:row], cells, *grid[row + 1 :]]).encode())


def with_table(book: Data, schema: TableSchema, path: Path) -> Data:
    """Return the book with one table read from a file; ``DataError`` as the loader raises it."""
    return check_substance(_read(book, {schema.name: _Reading(path, schema)}, book.folder))


def reload(book: Data, folder: Path) -> Data:
    """Return the tables of a folder as the loader reads them; those whose files are the book's are not read again."""
    changed = {}
    for name, table in book.tables.items():
        path = folder / table.schema.path
        if not path.is_file() or path.read_bytes() != (book.folder / path.name).read_bytes():
            changed[name] = _Reading(path, table.schema)
    return _read(book, changed, folder)


def _read(book: Data, readings: dict[str, _Reading], folder: Path) -> Data:
    read = {name: table for name, reading in readings.items() if (table := reading.table()) is not None}
    tables = {
        name: read.get(name, table) for name, table in book.tables.items() if name in read or name not in readings
    }
    problems = [problem for reading in readings.values() for problem in reading.problems]
    problems += broken_references(tables)
    wrong = {problem.file for problem in problems}
    for table in read.values():
        problems += [] if table.schema.path in wrong else broken_across(table, book.package)
    if problems:
        raise DataError(problems)
    return Data(package=book.package, tables=tables, folder=folder)


def told_well(problem: Problem) -> bool:
    """Say whether a problem names its file, its rule and a remedy; of a cell the row and column, too."""
    return bool(problem.file and problem.rule and problem.advice) and (
        problem.column is None or problem.row is not None
    )


def fate(mutant: Mutant, book: Data, before: list[dict[str, str]], folder: Path) -> str:
    """Return what becomes of a mutant: ``caught``, ``same``, ``told`` by the ledgers, ``unseen``, or what went wrong.

    Parameters
    ----------
    before : list
        Digests of all that the book shows.
    folder : pathlib.Path
        Where its file is written.
    """
    schema = book.table(mutant.table).schema
    path = folder / schema.path
    path.write_bytes(mutant.content)
    try:
        changed = with_table(book, schema, path)
    except DataError as error:
        return "caught" if error.problems and all(map(told_well, error.problems)) else f"badly told: {error}"
    except Exception as error:  # whatever else is raised is a fault of the loader
        return f"raised {error!r}"
    finally:
        path.unlink()
    if changed.table(mutant.table).text == book.table(mutant.table).text:
        return "same"
    try:
        now = digests(changed, [row["ref"] for row in entries(changed)])
    except (KeyError, ValueError, TypeError) as error:
        return "told" if str(error) else f"raised {error!r}"
    return "unseen" if now == before else "told"


FATES = {
    "caught": "caught by the loader with a good message",
    "same": "harmless: every cell is read as before",
    "told": "read, and named by make check: what the book shows differs",
    "unseen": "harmless as rendered: nothing that the book shows differs",
}


def main(arguments: list[str] | None = None) -> int:
    """Make mutants, print what became of them, and return 1 if one survives."""
    parser = argparse.ArgumentParser(prog="mutants", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sample", type=int, help="so many mutants at random, not all")
    parser.add_argument("--seed", type=int, default=20250306)
    chosen = parser.parse_args(arguments)
    book = check_substance(load(DATA_FOLDER))
    before = digests(book, [row["ref"] for row in entries(book)])
    counts: Counter[str] = Counter()
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        for mutant in mutants(book, random.Random(chosen.seed), chosen.sample):
            became = fate(mutant, book, before, Path(folder))
            counts[became if became in FATES else "survivors"] += 1
            if became not in FATES:
                survivors.append(f"{mutant}: {became}")
    print(f"seed {chosen.seed}, mutants {sum(counts.values())}")
    for name, words in (*FATES.items(), ("survivors", "neither caught nor harmless")):
        print(f"{counts[name]:6} {name:10} {words}")
    print("\n".join(survivors))
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
