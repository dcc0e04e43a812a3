"""The documents behind a sentence that is to be quoted: a line below it, made from the table of evidence."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from patient_capital.naming import one_line
from patient_capital.provenance.headlines import told_document
from patient_capital.tables import book_data


class DocumentsDirective(SphinxDirective):
    """Name the document of each number that is given, with its publisher and its day."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a paragraph for each number, or an error that names one which is not there."""
        lines: list[nodes.Node] = []
        for ref in self.arguments[0].split():
            line = nodes.paragraph("", "", classes=["pc-documents"])
            try:
                source, told = told_document(book_data(), ref)
            except KeyError as error:
                raise self.error(one_line(error)) from None
            if source is not None:
                line += nodes.Text("Document: ")
                named = nodes.Text(source.title)
                line += nodes.reference("", "", named, refuri=source.url, internal=False) if source.url else named
                told = f", {told}"
            line += nodes.Text(f"{told}.")
            lines.append(line)
        return lines


def setup_documents(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("documents", DocumentsDirective)
