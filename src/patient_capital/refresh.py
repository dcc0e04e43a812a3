"""Executing the notebooks in place: the one way to rewrite stored outputs."""

from __future__ import annotations

from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from patient_capital.notebooks import normalised, read_notebook, text_of
from patient_capital.provenance.printing import with_current_texts
from patient_capital.tables import Data, book_data


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
        If the file is no notebook, or a cell fails; the message names notebook, cell and error.
    """
    notebook = normalised(read_notebook(path) if notebook is None else notebook)
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
    notebook: NotebookNode = normalised(read_notebook(path))
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
        path: (page if isinstance(page, str) else text_of(execute(path, page))).encode() for path, page in pages.items()
    }
    changed = [path for path, text in texts.items() if path.read_bytes() != text]
    for path in changed:
        path.write_bytes(texts[path])
    return changed
