"""Formulas as MathML, written when the site is built: no script, no font and no request on the page."""

from __future__ import annotations

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

THIN = '<mspace width="0.17em" />'
NAME = "<mi>(?:ln|exp)</mi>"
ENDED = re.compile(f'(</m(?:i|n|sub|sup|frac)>|stretchy="false">&#x00029;</mo>)(?={NAME})')
"""Before the name of a function that is multiplied; MathML sets names and letters without room between them."""
NAMED = re.compile(f"({NAME})(?=<m(?:i|n|sub|sup|frac)>)")
TILDE = "<mi>&#x0007E;</mi>"
"""How the converter writes a relation, as if it were a letter."""


def formula_html(latex: str, display: str) -> str:
    """Return a formula as MathML; `display` is ``inline`` or ``block``."""
    html = str(convert(latex.strip(), display=display)).replace(TILDE, "<mo>&#x0223C;</mo>")
    return NAMED.sub(rf"\1{THIN}", ENDED.sub(rf"\1{THIN}", html))


BREAK = re.compile(r"(?<=\\qquad)\b|\\allowbreak\b")
"""Where a formula on a line of its own may go on in the next line: MathML has no such place within a formula."""


LONG = 36
"""Letters of a formula, above which it may go on in the next line."""
TOKEN = re.compile(r"\\(?:left|right)(?![a-zA-Z])\\?.|\\[a-zA-Z]+|\\?.", re.DOTALL)
OPENING = re.compile(r"\\left(?![a-z])|\\begin(?![a-z])|[{(\[]")
CLOSING = re.compile(r"\\right(?![a-z])|\\end(?![a-z])|[])}]")
RELATIONS = frozenset(("=", "<", ">", r"\le", r"\ge", r"\sim", r"\Rightarrow"))
SIGNS = frozenset("+-")
FACTOR = re.compile(r"\\left\(|\\[bB]igg?l?(?![a-z])|\(")


def pieces(latex: str) -> list[str]:
    """Return the parts of a formula between which a line may break.

    A short formula is one part. A long one is parted, as in print, before a relation or a sum that no bracket holds,
    and between two brackets that are multiplied.
    """
    if len(latex) <= LONG:
        return [latex]
    parts, depth, before = [""], 0, "="
    for token in TOKEN.findall(latex):
        if (
            depth == 0
            and (token in RELATIONS or (token in SIGNS and before not in RELATIONS))
            and parts[-1].strip(" {}")
        ):
            parts.append("{}")  # after nothing a sign would lose the room before it
        elif depth == 0 and before.endswith(")") and FACTOR.match(token):
            parts.append("")
        depth += bool(OPENING.match(token)) - bool(CLOSING.match(token))
        parts[-1] += token
        before = token if token.strip() else before
    return parts


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in running text."""
    self.body.append("<wbr>".join(formula_html(part, "inline") for part in pieces(node.astext())))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    parts = [pieces(part) for part in BREAK.split(node.astext())]
    html = "".join(f"<span>{''.join(formula_html(one, 'block') for one in part)}</span>" for part in parts)
    self.body.append(f'<div class="pc-formula">{html}</div>')
    raise nodes.SkipNode


def setup_mathml(app: Sphinx) -> None:
    """Register the renderer under the name ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
