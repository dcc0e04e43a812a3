"""What is wrong with the data, the pages and the ledgers, each in one line: no notebook is executed, no site is built."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from patient_capital.analysis.model.runs import stale_runs
from patient_capital.book import SUFFIXES, contents, files_of, pages, problems_of_settings
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.files import read_text
from patient_capital.formatting import counted
from patient_capital.jupyter import RECORD, table_text
from patient_capital.ledger import ledgers
from patient_capital.listings import load_listings
from patient_capital.naming import one_line
from patient_capital.notebooks import name_of, problem_of, read_notebook
from patient_capital.passed import Builder, OfData
from patient_capital.provenance.absence import unbound
from patient_capital.provenance.headlines import headlines, unproved
from patient_capital.provenance.links import links_in
from patient_capital.provenance.printing import text_of
from patient_capital.provenance.prose import bare_numbers
from patient_capital.provenance.registry import number
from patient_capital.provenance.searches import FAMILY, absences
from patient_capital.provenance.syntax import parse_target
from patient_capital.provenance.weak_pages import problems_of_weak_pages
from patient_capital.shown import DERIVED
from patient_capital.tables import Data, DataError, book_data, read_package, strays
from patient_capital.tables.same import look_alike

REFRESH = "run make refresh and look at the difference"
BIBLIOGRAPHY = "references.bib"
UNDATED = "n.d."
"""The year of a work without a date, in the bibliography."""
DESCRIBED = {"data.corrections", "data.evidence", "data.searches", "data.tables"}
"""Tables of the book about itself: they tell what was found to be wrong, and the searches themselves."""
BIND = "link the words to #data.not_found[row], a row of data/searches.csv"
WRONG = (KeyError, TypeError, ValueError)


def parts_of(path: Path) -> dict[str, str]:
    """Return the Markdown of a page by the place that messages give: of a notebook, each cell."""
    if path.suffix == ".md":
        return {name_of(path): read_text(path)}
    cells = read_notebook(path).cells
    return {f"{name_of(path)}, cell {c.get('id')!r}": c.source for c in cells if c.cell_type == "markdown"}


def problems_of_text(markdown: str, data: Data) -> Iterator[str]:
    """Yield what is wrong in a Markdown text: links that cannot be printed or print something else, and typed digits."""
    try:
        links = links_in(markdown)
    except ValueError as error:
        yield one_line(error)
        return
    for link in links:
        shown = f"[{link.text}](#{link.target})"
        try:
            text = text_of(link, data)
            if link.heading and parse_target(link.target) is not None:
                yield f"{shown} stands in a heading: move it into the text"
        except WRONG as error:
            yield f"{shown}: {one_line(error)}: correct the link, or the words around it"
        else:
            if text != link.text:
                yield f"{shown} is now {text!r}: {REFRESH}"
    try:
        bare, absent = bare_numbers(markdown), unbound(markdown, data)
    except ValueError:  # of a link that is named above
        return
    for piece in bare:
        yield f"a number is typed into {' '.join(piece.split())!r}: write a link, or take it from the data"
    for words in absent:
        yield f"{words!r} says that something was not found, and leads to no search: {BIND}"


def problems_of_outputs(notebook: NotebookNode, data: Data) -> Iterator[str]:
    """Yield each stored figure and table that is not what the data give, compared as text."""
    kinds: dict[str, Callable[[str], str]] = {
        "figure": lambda name: load_figures()[name].of(data).csv(),
        "table": lambda name: table_text(load_listings()[name].of(data)),
    }
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            record = output.get("data", {}).get(RECORD, {})
            for kind in kinds.keys() & record:
                place = f"cell {cell.get('id')!r}: {kind} {record[kind]}"
                try:
                    current = output.data["text/plain"] == kinds[kind](record[kind])
                except WRONG as error:
                    yield f"{place}: {one_line(error)}: correct the code or the data"
                else:
                    if record.get("changed"):
                        yield f"{place} is drawn from a changed frame: pass the book's own, then run make refresh"
                    elif not current:
                        yield f"{place} shows other data than the book has now: {REFRESH}"


def problems_of_pages(root: Path, data: Data) -> Iterator[str]:
    """Yield what is wrong with the pages: not in the contents, not in normal form, texts and outputs not current."""
    named = {root / f"{name}{suffix}" for name in pages(root) for suffix in SUFFIXES}
    for path in files_of(root / "chapters"):
        if path not in named:
            yield f"{name_of(path)} is not in _toc.yml: add it there, or move it away"
        try:
            parts = parts_of(path)
        except ValueError:  # what cannot be read is named with the forms
            continue
        for place, markdown in parts.items():
            yield from (f"{place}: {problem}" for problem in problems_of_text(markdown, data))
        if path.suffix == ".ipynb":
            yield from (f"{name_of(path)}, {problem}" for problem in problems_of_outputs(read_notebook(path), data))


def problems_of_findings(root: Path, data: Data) -> Iterator[str]:
    """Yield each number in findings and cards that rests on a code-sharing page, a blog or a social post alone."""
    for path in files_of(root / "chapters"):
        try:
            parts = parts_of(path)
            found = [problem for at, text in parts.items() for problem in problems_of_weak_pages(at, text, data)]
        except WRONG:  # what cannot be read or computed is named with the page
            continue
        yield from (f"data/{problem}" for problem in found)


def problems_of_forms(root: Path) -> Iterator[str]:
    """Yield each notebook that is not as it is stored, each file among the tables that is none, and each page that cannot be read."""
    yield from filter(None, map(problem_of, files_of(root / "chapters", ".ipynb")))
    try:
        for name in strays(root / "data", read_package(root / "data")):
            yield f"data/{name} is no table of the book: describe it in data/datapackage.json, or move it away"
    except (OSError, ValueError):  # named with the tables
        pass
    for path in files_of(root / "chapters", ".md"):
        try:
            read_text(path)
        except ValueError as error:
            yield str(error)


def problems_of_absence(name: str, shown: Any) -> Iterator[str]:
    """Yield what a figure, table or explorer says was not found without naming its searches."""
    if name in DESCRIBED or any(ref.startswith(f"{FAMILY}[") for ref in shown.refs):
        return
    for words in (words for text in shown.texts for words in absences(text)):
        yield f"{words!r} says that something was not found: name the rows of data/searches.csv in searches="


def _lawful() -> Data | None:
    """Return the data of the book; nothing where the tables break a rule, which is told elsewhere."""
    try:
        return book_data()
    except DataError:
        return None


def overdue(day: str) -> Iterator[str]:
    """Yield what is due by a day, ISO: searches, calls and news to watch. Nothing where the tables break a rule."""
    if not (data := _lawful()):
        return
    for row, text in data.table("searches").text.items():
        if text["look_next"] <= day:
            yield f"searches.csv, {row}: {text['looked_for']} is to be looked for again since {text['look_next']}"
    for row, text in data.table("calls").text.items():
        if not text["outcome"] and text["due_on"] <= day:
            yield f"calls.csv, {row}: was due on {text['due_on']}; decide it by its rule"
    for row, text in data.table("watch").text.items():
        if text["expected_on"] and text["expected_on"] < day[: len(text["expected_on"])]:
            yield f"watch.csv, {row}: was expected in {text['expected_on']}: {text['expected']}"


def alike() -> Iterator[str]:
    """Yield pairs of cells that may hold one quantity and are not listed. Nothing where the tables break a rule."""
    for one, other in look_alike(data) if (data := _lawful()) else ():
        yield f"{one} and {other}; list both in data/same_values.csv, or give the reason why they differ"


def _headlines(root: Path) -> list[str]:
    """Return the references of the headline numbers of all pages; a page that cannot be read is named elsewhere."""
    refs = []
    for path in files_of(root / "chapters"):
        try:
            refs += [use.ref for markdown in parts_of(path).values() for use in headlines(markdown)]
        except ValueError:
            continue
    return refs


def _unproved(root: Path, data: Data) -> list[tuple[str, bool]]:
    """Return what is behind headline numbers and was not looked up, as lines, and whether a number rests on that alone."""

    def lines() -> Iterator[tuple[str, bool]]:
        for one in unproved(data, [ref for ref in _headlines(root) if _is_there(ref, data)]):
            more = f" and {counted(len(one.cells) - 1, 'more cell')} of the column" if len(one.cells) > 1 else ""
            behind = ", ".join(one.refs[:3]) + (f" and {len(one.refs) - 3} more" if len(one.refs) > 3 else "")
            yield f"{one.cells[0]}{more}, behind {behind}", one.whole

    # Both the problems and the list of what is left to look up ask for it.
    return data.once(("unproved", root), lambda: list(lines()))


def _is_there(ref: str, data: Data) -> bool:
    try:
        number(ref, data)
    except WRONG:  # named with the page that prints it
        return False
    return True


def problems_of_headlines(root: Path, data: Data) -> Iterator[str]:
    """Yield each finding or key number of which no page was looked up at all."""
    for line, whole in _unproved(root, data):
        if whole:
            yield f"{line}: no page was looked up for it; add the words of one to data/evidence.csv"


def not_looked_up(root: Path) -> Iterator[str]:
    """Yield cells behind headline numbers for which no page was looked up. Nothing where the tables break a rule."""
    if data := _lawful():
        yield from (line for line, _ in _unproved(root, data))


def problems_of_shown(data: Data) -> Iterator[str]:
    """Yield each figure, table and explorer that cannot be made of the data, without drawing any."""
    registers: dict[str, Mapping[str, Builder[Any] | OfData[Any]]]
    registers = {"figure": load_figures(), "table": load_listings(), "explorer": load_explorers()}
    for kind, register in registers.items():
        for name, builder in register.items():
            try:
                shown = builder.of(data)
            except WRONG as error:
                if name != DERIVED:  # what stops this one is named with the page, or with the ledgers
                    yield f"{kind} {name}: {one_line(error)}: correct its words or the data"
            else:
                yield from (f"{kind} {name}: {problem}" for problem in problems_of_absence(name, shown))


def problems_of_works(root: Path, data: Data) -> Iterator[str]:
    """Yield each work that the bibliography and the table of literature do not both have, of one year."""
    from pybtex.database import PybtexError, parse_string  # type: ignore[import-untyped]  # noqa: PLC0415  # of the extra book

    works = data.table("literature").text
    try:
        entries = dict(parse_string(read_text(root / "chapters" / BIBLIOGRAPHY), "bibtex").entries.items())
    except (OSError, PybtexError, ValueError) as error:
        told = " ".join(str(error).split())
        yield f"chapters/{BIBLIOGRAPHY} cannot be read ({told}): correct the entry, or restore the file"
        return
    for key in sorted(entries.keys() ^ works.keys()):
        lacking, having = (f"chapters/{BIBLIOGRAPHY}", "data/literature.csv")[:: 1 if key in works else -1]
        yield f"{having} has the work {key}, and {lacking} has not: add it there, or correct the key"
    for key in sorted(entries.keys() & works.keys()):
        year, told = entries[key].fields.get("year", ""), works[key]["year"] or UNDATED
        if year != told:
            yield f"chapters/{BIBLIOGRAPHY}, {key} is of {year or 'no year'}, and data/literature.csv has {told}: correct one"


def _rows(text: str) -> set[tuple[str, ...]]:
    return {tuple(row) for row in csv.reader(io.StringIO(text)) if row}


def problems_of_ledgers(root: Path, data: Data) -> Iterator[str]:
    """Yield each ledger that differs from what the book prints now, with the rows."""
    for name, text in ledgers(data, root / "chapters").items():
        path = root / "data" / name
        stored = path.read_text(encoding="utf-8") if path.is_file() else ""
        if stored != text:
            changed = sorted({row[0] for row in _rows(stored) ^ _rows(text)})
            rest = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
            what = f" ({', '.join(changed[:3])}{rest})" if changed else " (the order or layout of its rows)"
            yield f"data/{name} differs from what the book prints now{what}: {REFRESH}"


def problems(root: Path) -> list[str]:
    """Return everything that is wrong, each as one line: file, place, rule and what to do.

    Where the tables break a rule, or the contents cannot be read, only the forms of the rest are looked at: nothing can
    be computed.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the project.
    """
    forms = [*problems_of_settings(root), *problems_of_forms(root)]
    try:
        data = book_data()
    except DataError as error:
        return [*(f"data/{line}" for line in error.lines), *forms]
    try:
        contents(root)
    except ValueError:
        return forms
    try:
        stale = list(stale_runs(data))
    except WRONG as error:  # most pages rest on the model, and each would say so again
        return [
            f"the model lacks what it reads: {one_line(error)}: restore that in data/, or change analysis/model",
            *forms,
        ]
    found = [*stale, *forms, *problems_of_pages(root, data), *problems_of_shown(data)]
    found += [*problems_of_findings(root, data), *problems_of_headlines(root, data), *problems_of_works(root, data)]
    try:
        found += problems_of_ledgers(root, data)
    except WRONG as error:
        # What stops the ledger is mostly named above, with its place.
        if not any(one_line(error) in line for line in found):
            found.append(f"data/ledger.csv cannot be made: {one_line(error)}")
    return list(dict.fromkeys(found))
