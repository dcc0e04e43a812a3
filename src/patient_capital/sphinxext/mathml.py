"""Formulas as MathML, written when the site is built: no script, no font and no request on the page."""

from __future__ import annotations

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def formula_html(latex: str, display: str) -> str:
    """Return a formula as MathML; `display` is ``inline`` or ``block``."""
    return str(convert(latex.strip(), display=display))


BREAK = re.compile(r"(?<=\\qquad)\b|\\allowbreak\b")
"""Where a formula on a line of its own may go on in the next line: MathML has no such place within a formula."""


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in running text."""
    self.body.append(formula_html(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    parts = "".join(formula_html(part, "block") for part in BREAK.split(node.astext()))
    self.body.append(f'<div class="pc-formula">{parts}</div>')
    raise nodes.SkipNode


def setup_mathml(app: Sphinx) -> None:
    """Register the renderer under the name ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
