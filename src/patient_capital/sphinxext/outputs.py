"""Outputs of notebooks on the site: a figure or table of the book takes the place of the picture or plain table."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from patient_capital.execution import fill, key_of, recall
from patient_capital.figures import load_figures
from patient_capital.jupyter import RECORD
from patient_capital.kernel import BUILDING
from patient_capital.notebooks import read_notebook
from patient_capital.sphinxext.explorer import ExplorerNode
from patient_capital.sphinxext.listing import ListingNode
from patient_capital.tables import book_data


def put_outputs(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the outputs of this build's execution in the place of those that are stored; the file is not touched."""
    path, state = Path(app.env.doc2path(docname)), os.environ.get(BUILDING)
    if path.suffix != ".ipynb" or not state:
        return
    notebook = read_notebook(path)
    outputs = recall(Path(app.srcdir) / "_build" / "executed", key_of(notebook, state))
    if outputs is None:
        raise ExtensionError(f"error: {path.name} was saved while the site was built: run make book again")
    fill(notebook, outputs)
    # As a kernel tells it: decides how the code is highlighted.
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    source[0] = json.dumps(notebook)


def _nothing() -> nodes.Element:
    """Return a node that writes nothing, so that the other forms of an output are passed over."""
    return nodes.raw("", "", format="html")


def _figure(record: dict[str, Any]) -> nodes.Element:
    # The kernel that executed the chapter has drawn it; only stored outputs, which carry no drawing, are drawn here.
    html = record.get("html") or load_figures()[record["figure"]].of(book_data()).html()
    return nodes.raw("", html, format="html", classes=["output", "text_html"])


class BookOutput:
    """Renders the private record of an output; found by myst-nb through its entry point."""

    mime_priority_overrides: ClassVar[Any] = [("*", RECORD, 0)]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:  # noqa: ARG004  # the interface of myst-nb
        """Return what the site shows, or None for any other kind of output."""
        if data.mime_type != RECORD:
            return None
        record = data.content if isinstance(data.content, dict) else json.loads(str(data.content))
        if "part" in record:
            return [_nothing()]
        if "figure" in record:
            return [_figure(record)] if record.get("html") or not record["changed"] else []
        if record["changed"]:
            # A table of the book has cards, sorting and search; a changed one is shown as the notebook shows it.
            html = f'<div class="pc-listing">{record["html"]}</div>' if "html" in record else ""
            return [nodes.raw("", html, format="html")] if html else []
        return [
            ListingNode(listing=record["table"]) if "table" in record else ExplorerNode(explorer=record["explorer"])
        ]
