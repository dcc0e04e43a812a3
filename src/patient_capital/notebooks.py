"""The stored form of a notebook: the same bytes from every editor and every machine."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from patient_capital.files import decoded

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""The same on every machine: no version of Python, no name of a kernel of one's own."""

CELL_METADATA = ("tags",)
"""What the book reads of a cell's metadata; all else is the state of an editor."""

SHAPES: dict[str, dict[str, type | tuple[type, ...]]] = {
    "notebook": {"cells": list, "metadata": dict},
    "metadata": {"kernelspec": dict, "language_info": dict},
    "cell": {"cell_type": str, "source": (str, list), "metadata": dict, "outputs": list, "attachments": dict},
    "output": {"output_type": str, "data": dict, "metadata": dict, "text": (str, list)},
}
"""Of what kind each thing is that is read of a notebook and of its parts."""
NEEDED = {"notebook": ("cells",), "cell": ("cell_type", "source"), "output": ("output_type",)}
CELL_TYPES = ("markdown", "code", "raw")

CONFLICT = re.compile(r"^(?:[<|>]{7} |={7}$)", re.MULTILINE)


def name_of(path: Path) -> str:
    """Return a notebook's name as messages give it: with its folder."""
    return f"{path.parent.name}/{path.name}"


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook as it is stored, in whatever minor form: nothing is repaired, lines are joined.

    Unlike nbformat it makes up no ids, and warns of none that are missing.

    Raises
    ------
    ValueError
        If the file is no notebook of form 4; one line that names it and says what to do.
    """
    text = decoded(path.read_bytes(), name_of(path))
    if CONFLICT.search(text):
        raise ValueError(f"{name_of(path)} holds the marks of a merge conflict: take one side, then run make refresh")
    try:
        stored = json.loads(text)
        if not (isinstance(stored, dict) and stored.get("nbformat") == 4 and isinstance(stored.get("cells"), list)):
            raise ValueError("it is not of form 4")
        if wrong := next(_misshapen(stored), ""):
            raise ValueError(wrong)
        if "\\ud" in text.lower():  # half of a character, as a program leaves it that cuts a text
            json.dumps(stored, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"{name_of(path)} cannot be read as a notebook ({error}): restore it, or save it from Jupyter again"
        ) from error
    # A script that wrote only the cells left out what nbformat asks for and the book does not read.
    notebook: NotebookNode = nbformat.v4.to_notebook_json({"metadata": {}, **stored})
    return notebook


def _wrong_kinds(one: object, shape: str) -> Iterator[str]:
    """Yield in words what a part of a notebook lacks, or has of another kind."""
    if not isinstance(one, dict):
        yield f"is no {shape}"
        return
    yield from (f"lacks {name}" for name in NEEDED.get(shape, ()) if name not in one)
    for name, kind in SHAPES[shape].items():
        value = one.get(name)
        lines = value if isinstance(value, list) and kind == (str, list) else ()
        if name in one and not (isinstance(value, kind) and all(isinstance(line, str) for line in lines)):
            yield f"has a wrong kind of {name}"


def _misshapen(stored: dict[str, Any]) -> Iterator[str]:
    """Yield in words what of a notebook is not of its kind, with the number of the cell."""
    for shape, one in (("notebook", stored), ("metadata", stored.get("metadata", {}))):
        yield from (f"its {shape} {wrong}" for wrong in _wrong_kinds(one, shape))
    for number, cell in enumerate(stored["cells"], start=1):
        place = f"cell {number}"
        yield from (f"{place} {wrong}" for wrong in _wrong_kinds(cell, "cell"))
        if cell["cell_type"] not in CELL_TYPES:
            yield f"{place} is of type {cell['cell_type']!r}, which is none of {', '.join(CELL_TYPES)}"
        tags = cell.get("metadata", {}).get("tags", [])
        if not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
            yield f"{place} has tags that are no list of words"
        for output in cell.get("outputs", ()):
            yield from (f"an output of {place} {wrong}" for wrong in _wrong_kinds(output, "output"))


def _plain(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _known(cell: NotebookNode) -> NotebookNode:
    """Return a copy of a cell with what its type has and the book reads, and nothing else."""
    kept = {
        "id": cell.get("id"),
        "cell_type": cell.cell_type,
        "metadata": {key: value for key, value in cell.get("metadata", {}).items() if key in CELL_METADATA and value},
        "source": _plain(cell.get("source", "")),
    }
    if cell.cell_type == "code":
        kept |= {"execution_count": None, "outputs": cell.get("outputs", [])}
    elif cell.get("attachments"):
        kept |= {"attachments": cell.attachments}
    clean: NotebookNode = nbformat.from_dict(copy.deepcopy(kept))
    return clean


def _is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", value) is not None


def _new_id(cell: NotebookNode, taken: set[str]) -> str:
    """Return an id that follows from the cell alone, with a count where an earlier cell has the same text."""
    base = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _give_ids(cells: list[NotebookNode]) -> None:
    """Keep the first of each id that is valid; cells without one, or with a copied one, get one from their text."""
    first: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if _is_id(cell.id):
            first.setdefault(cell.id, place)
    taken = set(first)
    for place, cell in enumerate(cells):
        if first.get(str(cell.id)) != place:
            cell.id = _new_id(cell, taken)
            taken.add(cell.id)


def _is_empty(cell: NotebookNode) -> bool:
    return not (cell.source.strip() or cell.get("outputs") or cell.get("attachments"))


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without what differs between machines, runs and editors.

    Versions, names of kernels, times and the state of editors go, counters count cells, empty cells at the end go,
    each cell has an id. The counters stay, because nbval takes a cell without one for a cell that was never run.
    """
    cells = [_known(cell) for cell in notebook.cells]
    while cells and _is_empty(cells[-1]):
        cells.pop()
    _give_ids(cells)
    clean: NotebookNode = nbformat.from_dict({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    for count, cell in enumerate((c for c in clean.cells if c.cell_type == "code"), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = count
    return clean


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as it is stored."""
    return str(nbformat.writes(notebook)) + "\n"


def _differences(found: NotebookNode, wanted: NotebookNode) -> Iterator[str]:
    """Yield in words what normalising changes in a notebook as it was read."""
    metadata = found.get("metadata", {})
    kernel = metadata.get("kernelspec", {}).get("name", "")
    if kernel != METADATA["kernelspec"]["name"]:
        yield f'kernel "{kernel}"' if kernel else "no kernel named"
    elif metadata != METADATA:
        yield "other metadata of the notebook"
    if found.get("nbformat_minor") != wanted.nbformat_minor:
        yield f"form 4.{found.get('nbformat_minor')}"
    pairs = list(zip(found.cells, wanted.cells, strict=False))
    code = [(old, new) for old, new in pairs if new.cell_type == "code"]
    counts = {
        "with a missing or copied id": [old.get("id") != new.id for old, new in pairs],
        "with other metadata": [old.get("metadata") != new.metadata for old, new in pairs],
        "with fields that are not of its kind": [set(old) - {"id"} != set(new) - {"id"} for old, new in pairs],
        "with other line ends": ["\r" in old.get("source", "") for old, _ in pairs],
        "not run": [old.get("execution_count") is None for old, _ in code],
        "run in another order": [old.get("execution_count") not in {None, new.execution_count} for old, new in code],
    }
    yield from (f"{sum(hits)} cell{'s' * (sum(hits) > 1)} {what}" for what, hits in counts.items() if any(hits))
    if len(found.cells) > len(wanted.cells):
        yield "an empty cell at the end"


def problem_of(path: Path) -> str:
    """Return one line that says how a stored notebook differs from its normalised form, and what to do; or nothing."""
    try:
        found = read_notebook(path)
    except ValueError as error:
        return str(error)
    wanted = normalised(found)
    if path.read_bytes() == text_of(wanted).encode():
        return ""
    what = ", ".join(_differences(found, wanted)) or "the order or layout of its lines"
    return f"{name_of(path)} is not as make refresh writes it ({what}): run make refresh"
