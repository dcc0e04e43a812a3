"""The ledger: every fact and result that the book prints, where, and with which value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from patient_capital.book import files_of
from patient_capital.cells import named
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.files import csv_text, write_whole
from patient_capital.listings import Cell, Column, Listing, listing, load_listings
from patient_capital.notebooks import read_notebook
from patient_capital.provenance.evidence import told
from patient_capital.provenance.links import uses_in
from patient_capital.provenance.printing import printed as text_of_use
from patient_capital.provenance.records import anchor, computed, split_ref
from patient_capital.provenance.registry import load_results, number
from patient_capital.provenance.syntax import Use, explorers_in, listings_in
from patient_capital.tables import DATA_FOLDER, Data, book_data

CHAPTERS = DATA_FOLDER.parent / "chapters"
LEDGER = DATA_FOLDER / "ledger.csv"
INPUTS = DATA_FOLDER / "ledger_inputs.csv"
COLUMNS = ("ref", "kind", "value", "printed_as", "unit", "stage", "date", "evidence", "pages")


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
        [name for name, builder in register.items() if any(one is builder for one in shown)]
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
    for path in files_of(folder):
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
    builders = [
        *(load_listings()[name] for name in page.listings if name != numbers.name),
        *(load_figures()[name] for name in page.figures),
        *(load_explorers()[name] for name in page.explorers),
    ]
    for builder in builders:
        yield from (Use(ref=ref) for ref in builder.of(data).refs)


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
                "evidence": told(shown.voices),
                "pages": ";".join(pages[ref]),
            }
        )
    return rows


def inputs(data: Data, printed: Iterable[str]) -> list[dict[str, str]]:
    """Return what every result has read, one row a result and input: a computation that changes its inputs shows here.

    Parameters
    ----------
    printed : iterable of str
        References, of which the members of families count; what they read is listed once, with ``{row}`` for the row.
    """
    results = load_results()
    members = [ref for ref in printed if ref.endswith("]") and split_ref(ref)[0] in results]
    read: dict[str, set[str]] = {}
    for ref in (*(name for name, one in results.items() if not one.family), *members):
        name, row = split_ref(ref)
        labels = computed(data, results, ref).rows
        read.setdefault(name, set()).update(label.replace(f"[{row}]", "[{row}]") if row else label for label in labels)
    return [{"result": name, "input": label} for name in sorted(read) for label in sorted(read[name])]


def ledgers(data: Data, folder: Path = CHAPTERS) -> dict[str, str]:
    """Return both ledgers as CSV by the name of their file: what is printed, and what each result has read."""
    rows = entries(data, folder)
    return {
        LEDGER.name: csv_text(COLUMNS, rows),
        INPUTS.name: csv_text(("result", "input"), inputs(data, (row["ref"] for row in rows))),
    }


def write_ledgers(folder: Path = DATA_FOLDER) -> list[Path]:
    """Write both ledgers into a folder and return where they were written."""
    return [write_whole(folder / name, text) for name, text in ledgers(book_data()).items()]


@listing
def numbers(data: Data) -> Listing:
    """Every fact and result that the book prints."""
    rows = []
    for entry in entries(data):
        kind = ", ".join(p for p in (entry["kind"], entry["stage"].replace("_", " ")) if p)
        reference = Cell(entry["ref"], anchor=anchor(entry["ref"]), under=kind)
        evidence = Cell(entry["evidence"])
        pages = Cell(entry["pages"].replace(";", ", "))
        rows.append((reference, Cell(entry["value"]), Cell(entry["date"]), evidence, pages))
    columns = (Column("Reference", wide=True), Column("Value", "end"), Column("Date"))
    return Listing(
        "Every fact and result that the book prints",
        (*columns, Column("Evidence"), Column("Pages")),
        tuple(rows),
        search=True,
        download="ledger.csv",
        empty="–",
        note="Evidence: what was looked up for the weakest input; pages that repeat one origin count once. One origin means "
        "a star on the page. A dash where the pages of the row were not looked up cell by cell, or none is cited.",
    )
