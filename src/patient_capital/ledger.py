"""The ledger: every fact and result that the book prints, where, and with which value."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from patient_capital.cells import named
from patient_capital.explorers import explorer_named, load_explorers
from patient_capital.figures import load_figures
from patient_capital.listings import load_listings
from patient_capital.notebooks import read_notebook
from patient_capital.provenance.links import uses_in
from patient_capital.provenance.printing import printed as text_of_use
from patient_capital.provenance.registry import number
from patient_capital.provenance.syntax import Use, explorers_in, listings_in
from patient_capital.tables import Data, book_data
from patient_capital.tables.load import DATA_FOLDER

CHAPTERS = DATA_FOLDER.parent / "chapters"
LEDGER = DATA_FOLDER / "ledger.csv"
COLUMNS = ("ref", "kind", "value", "printed_as", "unit", "stage", "date", "publishers", "pages")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its Markdown text, and what its code shows.

    Attributes
    ----------
    figures, listings, explorers : tuple of str
        Names in order of name; those of listings and explorers are of code and of directives.
    """

    name: str
    markdown: str
    figures: tuple[str, ...]
    listings: tuple[str, ...]
    explorers: tuple[str, ...]


def page_of(name: str, markdown: str, code: str = "") -> Page:
    """Return a page of this text and code; ``ValueError`` if the code is no Python."""
    try:
        shown = list(named(code).values())
    except SyntaxError as error:
        raise ValueError(f"{name}.ipynb: the code is no Python: {error}") from error
    figures, tables, explorers = (
        [
            name
            for name, build in register.items()
            if any(one is build or getattr(one, "of", None) == build for one in shown)
        ]
        for register in (load_figures(), load_listings(), load_explorers())
    )
    return Page(
        name=name,
        markdown=markdown,
        figures=tuple(sorted(figures)),
        listings=tuple(sorted({*tables, *listings_in(markdown)})),
        explorers=tuple(sorted({*explorers, *explorers_in(markdown)})),
    )


def read_pages(folder: Path = CHAPTERS) -> tuple[Page, ...]:
    """Return every page of the book, in order of name."""
    pages = []
    for path in sorted([*folder.glob("*.md"), *folder.glob("*.ipynb")]):
        if path.suffix == ".md":
            pages.append(page_of(path.stem, path.read_text(encoding="utf-8")))
            continue
        cells = read_notebook(path).cells
        markdown = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        pages.append(page_of(path.stem, markdown, code))
    return tuple(pages)


def uses_of(page: Page, data: Data) -> Iterable[Use]:
    """Yield every number that a page prints: by a link, in a listing, in a figure, in an explorer."""
    yield from uses_in(page.markdown)
    for name in page.listings:
        if name == "book.ledger":
            continue
        for ref in load_listings()[name](data).refs:
            yield Use(ref=ref)
    for name in page.figures:
        for ref in load_figures()[name](data).refs:
            yield Use(ref=ref)
    for name in page.explorers:
        for ref in explorer_named(name)(data).refs:
            yield Use(ref=ref)


def entries(data: Data, folder: Path = CHAPTERS) -> list[dict[str, str]]:
    """Return the ledger: one row a fact or result, in order of reference."""
    printed: dict[str, dict[str, None]] = {}
    pages: dict[str, dict[str, None]] = {}
    for page in read_pages(folder):
        for use in uses_of(page, data):
            printed.setdefault(use.ref, {})[text_of_use(use, data)] = None
            pages.setdefault(use.ref, {})[page.name] = None
    rows = []
    for ref in sorted(printed):
        shown = number(ref, data)
        rows.append(
            {
                "ref": ref,
                "kind": shown.kind,
                "value": shown.text(),
                "printed_as": " / ".join(sorted(printed[ref])),
                "unit": shown.unit or "",
                "stage": shown.stage,
                "date": shown.when,
                "publishers": str(shown.weakest),
                "pages": ";".join(pages[ref]),
            }
        )
    return rows


def ledger_csv(data: Data, folder: Path = CHAPTERS) -> str:
    """Return the ledger as CSV."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries(data, folder))
    return buffer.getvalue()


def write_ledger(path: Path | None = None) -> Path:
    """Write ``data/ledger.csv`` (or `path`) and return where it was written."""
    target = path or LEDGER
    target.write_text(ledger_csv(book_data()), encoding="utf-8", newline="")
    return target
