"""The roles ``fact``, ``result`` and ``claim``, and the node they insert."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from patient_capital.provenance.records import fact_in_dollars
from patient_capital.provenance.registry import number
from patient_capital.provenance.syntax import Use, parse_use
from patient_capital.sphinxext.popover import number_html
from patient_capital.tables import book_data

LEDGER_PAGE = "chapters/ledger"


class SourcedNumber(nodes.Inline, nodes.TextElement):
    """A number in running text; its child is the printed text, so that the search finds it."""


def printed(use: Use) -> str:
    """Return the text that a use of a number prints."""
    shown = number(use.ref)
    if use.words:
        return use.words
    if use.form == "usd":
        return fact_in_dollars(book_data(), shown, use.rate)
    return shown.text(use.form)


class NumberRole(SphinxRole):
    """Insert a number with its origin; a wrong reference or a false claim is an error of the build."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the node, or an error that names page, line and reference."""
        role = self.name.rsplit(":", 1)[-1]
        try:
            use = parse_use(role, self.text)
            text = printed(use)
        except (KeyError, ValueError, TypeError) as error:
            message = error.args[0] if error.args else str(error)
            report = self.inliner.reporter.error(f"{{{role}}}`{self.text}`: {message}", line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [report]
        node = SourcedNumber(self.rawtext, "", nodes.Text(text), ref=use.ref)
        node["ident"] = f"pc-{self.env.new_serialno('pc')}"
        return [node], []


def visit_number(self: HTML5Translator, node: SourcedNumber) -> None:
    """Write text and popover."""
    ledger = self.builder.get_relative_uri(self.builder.current_docname, LEDGER_PAGE)
    self.body.append(number_html(number(node["ref"]), node.astext(), node["ident"], ledger))
    raise nodes.SkipNode


def visit_text_only(self: Any, node: SourcedNumber) -> None:
    """Other builders write the text alone."""


def depart_text_only(self: Any, node: SourcedNumber) -> None:
    """Nothing to close."""


def setup_numbers(app: Sphinx) -> None:
    """Register roles and node."""
    text_only = (visit_text_only, depart_text_only)
    app.add_node(SourcedNumber, html=(visit_number, depart_text_only), latex=text_only, text=text_only)
    for role in ("fact", "result", "claim"):
        app.add_role(role, NumberRole())
