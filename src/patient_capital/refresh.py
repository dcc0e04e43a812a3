"""Executing the notebooks in place: the one way to rewrite stored outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

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


def execute(path: Path, timeout_seconds: int = 240) -> NotebookNode:
    """Execute one notebook in its folder and return it normalised; the file is not touched.

    Raises
    ------
    ValueError
        If a cell fails; the message names notebook, cell and error.
    """
    notebook = nbformat.read(path, as_version=4)
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
    executed = {path: nbformat.writes(execute(path)) + "\n" for path in sorted(chapters.glob("*.ipynb"))}
    changed = [path for path, text in executed.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        path.write_text(executed[path], encoding="utf-8", newline="")
    return changed
