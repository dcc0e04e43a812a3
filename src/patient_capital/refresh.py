"""Writing outputs and texts of links into the pages: the one way to rewrite what is stored."""

from __future__ import annotations

import copy
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from patient_capital.book import ROOT, files_of, report
from patient_capital.build import kernel_state
from patient_capital.execution import Outputs, fill, outputs_of
from patient_capital.files import read_text, write_whole
from patient_capital.jupyter import RECORD
from patient_capital.naming import one_line
from patient_capital.notebooks import normalised, read_notebook, text_of
from patient_capital.provenance.printing import with_current_texts
from patient_capital.provenance.terms import with_terms
from patient_capital.tables import Data, book_data


def with_texts_of(path: Path, data: Data) -> NotebookNode | str:
    """Return a page with the texts of its links as the data give them; the file is not touched.

    Raises
    ------
    ValueError
        If a reference is unknown, empty or of no known form; the message names the page and the cell.
    """
    if path.suffix == ".md":
        return _current(read_text(path), path.name, data)
    notebook: NotebookNode = normalised(read_notebook(path))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _current(cell.source, f"{path.name}, cell {cell.id!r}", data)
    return notebook


def _current(markdown: str, place: str, data: Data) -> str:
    try:
        return with_current_texts(markdown, data)
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{place}: {one_line(error)}") from error


def _link_terms(pages: dict[Path, NotebookNode | str], chapters: Path) -> None:
    """Link the first use of each term of the glossary in the pages of the report, where the author has not."""
    glossary = chapters / "glossary.md"
    if not glossary.is_file():
        return
    told = read_text(glossary)
    told_in = set(report(chapters.parent))
    for path in (one for one in pages if one != glossary and f"{chapters.name}/{one.stem}" in told_in):
        page = pages[path]
        if isinstance(page, str):
            [pages[path]] = with_terms([page], told)
            continue
        cells = [cell for cell in page.cells if cell.cell_type == "markdown"]
        for cell, text in zip(cells, with_terms([cell.source for cell in cells], told), strict=True):
            cell.source = text


def _stored(outputs: Outputs) -> Outputs:
    """Return outputs without what only the site needs."""
    outputs = copy.deepcopy(outputs)
    for output in (output for cell in outputs for output in cell):
        record = output.get("data", {}).get(RECORD, {})
        record.pop("html", None)
    return outputs


def refresh(chapters: Path) -> list[Path]:
    """Write current outputs, texts of links and links to terms into all pages of a folder, where they have changed.

    Notebooks are executed whose code, package, data or lock have changed. Nothing is written before all have run.

    Returns
    -------
    list of pathlib.Path
        Pages that were rewritten.
    """
    data = book_data()
    pages = {path: with_texts_of(path, data) for path in files_of(chapters)}
    _link_terms(pages, chapters)
    notebooks = {path: page for path, page in pages.items() if not isinstance(page, str)}
    folder, tell = chapters.parent / "_build" / "executed", partial(print, flush=True)
    executed = outputs_of(notebooks, folder, lambda: kernel_state(ROOT), tell=tell)
    for path, outputs in executed.items():
        fill(notebooks[path], _stored(outputs))
    texts = {
        path: (page if isinstance(page, str) else text_of(normalised(page))).encode() for path, page in pages.items()
    }
    changed = [path for path, text in texts.items() if path.read_bytes() != text]
    return [write_whole(path, texts[path]) for path in changed]
