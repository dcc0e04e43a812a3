"""Executing the notebooks in place: the one way to rewrite stored outputs."""

from __future__ import annotations

from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from patient_capital.notebooks import normalised, read_notebook, text_of


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def execute(path: Path, timeout_seconds: int = 240) -> NotebookNode:
    """Execute one notebook in its folder and return it normalised; the file is not touched.

    Raises
    ------
    ValueError
        If the file is no notebook, or a cell fails; the message names notebook, cell and error.
    """
    notebook = normalised(read_notebook(path))
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


def refresh(chapters: Path) -> list[Path]:
    """Execute every notebook of a folder and write the outputs where they have changed.

    Nothing is written before all have run.

    Returns
    -------
    list of pathlib.Path
        Notebooks that were rewritten.
    """
    executed = {path: text_of(execute(path)).encode() for path in sorted(chapters.glob("*.ipynb"))}
    changed = [path for path, text in executed.items() if path.read_bytes() != text]
    for path in changed:
        path.write_bytes(executed[path])
    return changed
