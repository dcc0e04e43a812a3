"""Executing the notebooks in place: the one way to rewrite stored outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from patient_capital.provenance.printing import with_current_texts
from patient_capital.tables import Data, book_data

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""The same on every machine: no version of Python, no name of a kernel of one's own."""


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without what differs between machines and runs: versions and times go, counters count cells.

    The counters stay, because nbval takes a cell without one for a cell that was never run.
    """
    clean: NotebookNode = nbformat.from_dict(notebook)
    clean.metadata = nbformat.from_dict(METADATA)
    clean.nbformat, clean.nbformat_minor = 4, 5
    for cell in clean.cells:
        cell.metadata.pop("execution", None)
    for count, cell in enumerate((c for c in clean.cells if c.cell_type == "code"), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = count
    return clean


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def execute(path: Path, notebook: NotebookNode | None = None, timeout_seconds: int = 240) -> NotebookNode:
    """Execute one notebook in its folder and return it normalised; the file is not touched.

    Parameters
    ----------
    notebook : NotebookNode, optional
        The notebook, if it is not to be read from its file.

    Raises
    ------
    ValueError
        If a cell fails; the message names notebook, cell and error.
    """
    notebook = notebook or nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=timeout_seconds, kernel_name="python3", extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )  # fmt: skip
    try:
        client.execute()
    except CellExecutionError as error:
        cell = next((c for c in notebook.cells if c.cell_type == "code" and _failed(c)), None)
        place = f"cell {cell.id!r}" if cell is not None else "a cell"
        raise ValueError(f"{path.name}, {place}: {error.ename}: {error.evalue}") from error
    return normalised(notebook)


def with_texts_of(path: Path, data: Data) -> NotebookNode | str:
    """Return a page with the texts of its links as the data give them; the file is not touched.

    Raises
    ------
    ValueError
        If a reference is unknown, empty or of no known form; the message names the page and the cell.
    """
    if path.suffix == ".md":
        return _current(path.read_text(encoding="utf-8"), path.name, data)
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _current(cell.source, f"{path.name}, cell {cell.id!r}", data)
    return notebook


def _current(markdown: str, place: str, data: Data) -> str:
    try:
        return with_current_texts(markdown, data)
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{place}: {error.args[0] if error.args else error}") from error


def refresh(chapters: Path) -> list[Path]:
    """Execute every notebook of a folder and write outputs and texts of links, in all pages, where they have changed.

    Nothing is written before all have run.

    Returns
    -------
    list of pathlib.Path
        Pages that were rewritten.
    """
    data = book_data()
    pages = {path: with_texts_of(path, data) for path in sorted([*chapters.glob("*.ipynb"), *chapters.glob("*.md")])}
    texts = {
        path: page if isinstance(page, str) else nbformat.writes(execute(path, page)) + "\n"
        for path, page in pages.items()
    }
    changed = [path for path, text in texts.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        path.write_text(texts[path], encoding="utf-8", newline="")
    return changed
