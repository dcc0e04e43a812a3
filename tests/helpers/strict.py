"""Cells changed by hand in a copy of the project: the strict comparison of a notebook that shows one has to fail.

Run by ``make torture``; ``ARGS="--sample 2 --seed 1"`` changes fewer cells.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from helpers.mutants import grid_of, with_table, written
from helpers.small_book import copy_project
from patient_capital.check import problems_of_outputs
from patient_capital.notebooks import read_notebook
from patient_capital.tables import DATA_FOLDER, Data, DataError, check_substance, load

ROOT = Path(__file__).resolve().parents[2]


def lawful(book: Data, table: str, row: str, column: str) -> str | None:
    """Return another text that a cell may hold; None where it is a key, or one is hard to name."""
    schema, text = book.table(table).schema, book.table(table).text[row][column]
    one = schema.field(column)
    references = {key.field for key in schema.foreign_keys}
    if column == schema.primary_key or column in references or one.list_of or one.pattern:
        return None
    if one.enum:
        return next((value for value in one.enum if value != text), None)
    if one.type == "boolean":
        return "false" if text == "true" else "true"
    if one.type in {"integer", "year"}:
        return str(int(text) - 1)
    if one.type == "number":
        return f"{float(text) * 0.97:.6g}"
    if one.dates_itself:
        return f"{int(text[:4]) - 1}{text[4:]}" if text[5:] != "02-29" else None
    return f"{text} again"


def sampled(book: Data, count: int, seed: int) -> list[tuple[str, str, str, str]]:
    """Return cells at random, of one table after the other, with another text for each."""
    chance, cells = random.Random(seed), []
    for name in itertools.cycle(chance.sample(sorted(book.tables), len(book.tables))):
        row = chance.choice(list(book.table(name).text))
        column = chance.choice([one for one, text in book.table(name).text[row].items() if text])
        if (changed := lawful(book, name, row, column)) is not None:  # of some cells another text is hard to name
            cells.append((name, row, column, changed))
        if len(cells) == count:
            return cells
    return cells


def with_cell(book: Data, folder: Path, table: str, row: str, column: str, text: str) -> Path:
    """Write a table with another text in one cell into a folder, and return its path."""
    grid = grid_of(book.table(table))
    grid[list(book.table(table).text).index(row) + 1][grid[0].index(column)] = text
    path = folder / book.table(table).schema.path
    path.write_text(written(grid), encoding="utf-8", newline="")
    return path


def notebook_that_differs(changed: Data) -> Path | None:
    """Return a notebook whose outputs other data change; None where none can be compared, or none does."""
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        told = list(problems_of_outputs(read_notebook(path), changed))
        if any(" shows other data " in line for line in told):
            return path
    return None


def compared(book: Data, folder: Path, chance: random.Random, count: int) -> Iterator[str]:
    """Change cells that notebooks show, one after the other; yield a line for each: it ``differs``, or was ``not seen``."""
    project, done = copy_project(ROOT, folder / "copy"), 0
    (folder / "tables").mkdir()
    while done < count:
        ((table, row, column, text),) = sampled(book, 1, chance.randrange(10**9))
        path = with_cell(book, folder / "tables", table, row, column, text)
        try:
            changed = with_table(book, book.table(table).schema, path)
        except DataError:  # the loader sees it
            continue
        if (notebook := notebook_that_differs(changed)) is None:
            continue
        target = project / "data" / path.name
        whole = target.read_bytes()
        target.write_bytes(path.read_bytes())
        words = ("-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--nbval", f"chapters/{notebook.name}")
        code = subprocess.call(
            [sys.executable, "-m", "pytest", *words],
            cwd=project,
            env=os.environ | {"PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
        )
        target.write_bytes(whole)
        done += 1
        yield f"{table}[{row}].{column} = {text!r}, {notebook.name}: {'differs' if code == 1 else f'not seen ({code})'}"


def main(arguments: list[str] | None = None) -> int:
    """Change cells, print what the comparison said, and return 1 where it saw nothing."""
    parser = argparse.ArgumentParser(prog="strict", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sample", type=int, default=10, help="cells (10)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args(arguments)
    book, found = check_substance(load(DATA_FOLDER)), []
    with tempfile.TemporaryDirectory() as folder:
        for line in compared(book, Path(folder), random.Random(chosen.seed), chosen.sample):
            print(line, flush=True)
            found.append(line)
    seen = sum(line.endswith("differs") for line in found)
    print(f"cells: {seen} of {len(found)} changed cells differ in strict notebooks, seed {chosen.seed}")
    return int(seen < len(found))


if __name__ == "__main__":
    sys.exit(main())
