"""The ledger: every fact and result that the book prints, where, and with which value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from patient_capital.book import files_of
from patient_capital.cells import named
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.files import csv_text, read_text, write_whole
from patient_capital.formatting import with_hyphen
from patient_capital.listings import Cell, Column, Listing, listing, load_listings
from patient_capital.listings.record import count_cell
from patient_capital.naming import slug_of
from patient_capital.notebooks import read_notebook
from patient_capital.provenance.evidence import told
from patient_capital.provenance.links import uses_in
from patient_capital.provenance.printing import printed as text_of_use
from patient_capital.provenance.records import computed, page_of_entry, split_ref
from patient_capital.provenance.registry import load_results, number
from patient_capital.provenance.syntax import Use, explorers_in, listings_in
from patient_capital.shown import digests
from patient_capital.tables import DATA_FOLDER, Data, book_data

CHAPTERS = DATA_FOLDER.parent / "chapters"
LEDGER = DATA_FOLDER / "ledger.csv"
INPUTS = DATA_FOLDER / "ledger_inputs.csv"
SHOWN = DATA_FOLDER / "ledger_shown.csv"
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

    @property
    def title(self) -> str:
        """The first heading."""
        heading = re.search(r"^# +(.+)$", self.markdown, re.MULTILINE)
        return heading[1] if heading else self.name


def page_of(name: str, markdown: str, code: str = "") -> Page:
    """Return a page of this text and code; ``ValueError`` if the code is no Python."""
    try:
        shown = list(named(code).values())
    except SyntaxError as error:
        raise ValueError(
            f"{name}.ipynb: the code is no Python: {error}: correct the cell; lines with % or ! are of IPython alone"
        ) from error
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


def read_page(path: Path) -> Page:
    """Return the page of a file."""
    if path.suffix == ".md":
        return page_of(path.stem, read_text(path))
    cells = read_notebook(path).cells
    markdown = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    return page_of(path.stem, markdown, code)


def read_pages(folder: Path = CHAPTERS) -> tuple[Page, ...]:
    """Return every page of the book, in order of name."""
    return tuple(map(read_page, files_of(folder)))


def places_of(page: Page, data: Data) -> Iterator[tuple[str, Use]]:
    """Yield every number that a page prints, with the id of the table, figure or explorer; it is empty in running text."""
    yield from (("", use) for use in uses_in(page.markdown))
    shown = [
        *((f"listing-{slug_of(name)}", load_listings()[name]) for name in page.listings if name != contents.name),
        *((f"fig-{slug_of(name)}", load_figures()[name]) for name in page.figures),
        *((load_explorers()[name].of(data).slug, load_explorers()[name]) for name in page.explorers),
    ]
    for place, builder in shown:
        yield from ((place, Use(ref=ref)) for ref in builder.of(data).refs)


@dataclass(slots=True)
class Printed:
    """Where and how the pages print one number.

    Attributes
    ----------
    forms : set of str
        Its texts.
    places : dict
        For each page, in order of name, the ids of what shows it there; an empty one stands for running text.
    """

    forms: set[str]
    places: dict[str, list[str]]


def printed_in(pages: Iterable[Page], data: Data) -> dict[str, Printed]:
    """Return what pages print, in order of reference."""
    read = tuple(pages)
    return data.once(("printed", read), lambda: _printed_in(read, data))


def _printed_in(pages: Iterable[Page], data: Data) -> dict[str, Printed]:
    found: dict[str, Printed] = {}
    for page in pages:
        for place, use in places_of(page, data):
            one = found.setdefault(use.ref, Printed(set(), {}))
            one.forms.add(text_of_use(use, data))
            places = one.places.setdefault(page.name, [])
            if place not in places:
                places.append(place)
    return dict(sorted(found.items()))


def entries(data: Data, folder: Path = CHAPTERS) -> list[dict[str, str]]:
    """Return the ledger: one row a fact or result, in order of reference."""
    rows = []
    for ref, printed in printed_in(read_pages(folder), data).items():
        shown = number(ref, data)
        rows.append(
            {
                "ref": ref,
                "kind": shown.kind,
                "value": with_hyphen(shown.text()),
                "printed_as": with_hyphen(" / ".join(sorted(printed.forms))),
                "unit": shown.unit or "",
                "stage": shown.stage,
                "date": shown.when,
                "evidence": told(shown.voices),
                "pages": ";".join(printed.places),
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
    """Return the ledgers as CSV by the name of their file: what is printed, what each result has read, what all show."""
    rows = entries(data, folder)
    refs = [row["ref"] for row in rows]
    return {
        LEDGER.name: csv_text(COLUMNS, rows),
        INPUTS.name: csv_text(("result", "input"), inputs(data, refs)),
        SHOWN.name: csv_text(("shown", "digest"), digests(data, refs)),
    }


def write_ledgers(folder: Path = DATA_FOLDER) -> list[Path]:
    """Write the ledgers into a folder and return where they were written."""
    return [write_whole(folder / name, text) for name, text in ledgers(book_data()).items()]


@listing
def contents(data: Data) -> Listing:
    """Where the entries of the ledger stand: the results of each chapter, and the cells of its tables."""
    pages = read_pages()
    printed = Counter(page_of_entry(ref) for ref in printed_in(pages, data))
    titles = {f"ledger/{page.name}": ("results", page.title) for page in pages}
    titles |= {f"data/{name}": ("cells of a table", table.title) for name, table in data.package.tables.items()}
    rows = tuple(
        (Cell(title, href=f"../{page}.html"), Cell(kind), count_cell(printed[page]))
        for page, (kind, title) in sorted(titles.items(), key=lambda item: (item[1][0] != "results", item[1][1]))
        if printed[page]
    )
    columns = (Column("Page", wide=True), Column("Kind", "fixed"), Column("Printed numbers", "end"))
    return Listing("Where each printed number has its entry", columns, rows, download="ledger.csv")
