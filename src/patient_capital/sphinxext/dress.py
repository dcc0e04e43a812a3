"""Boxes and cards from plain Markdown: block quotes with a bold first line, lists whose items open with a number."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from patient_capital.provenance.headlines import FINDINGS
from patient_capital.sphinxext.numbers import NumberLinks, SourcedNumber

KINDS = {FINDINGS: "tip", r"What it cannot say|We looked and did not find.*": "warning"}
"""Kind of a box by its title; any other is a note."""


SIZES = ("", "-xs", "-sm", "-md", "-lg")
COLUMNS = (1, 1, 1, 2, 2)
ROW = [
    "sd-row",
    *(f"sd-row-cols{size}-{columns}" for size, columns in zip(SIZES, COLUMNS, strict=True)),
    *(f"sd-g{size}-3" for size in SIZES),
]
"""A row of sphinx-design: one card beside another from a middle width on."""


def kind_of(title: str) -> str:
    """Return the kind of a box with this title."""
    return next((kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, title)), "note")


def bold_line(node: nodes.Element) -> nodes.strong | None:
    """Return the bold text that the first paragraph of an element consists of, or None."""
    first = node.children[0] if node.children else None
    if not isinstance(first, nodes.paragraph):
        return None
    # The parser leaves empty texts around what is bold.
    shown = [part for part in first.children if not (isinstance(part, nodes.Text) and not part.strip())]
    return shown[0] if len(shown) == 1 and isinstance(shown[0], nodes.strong) else None


def _opens_with_number(bold: nodes.strong) -> bool:
    """Say whether a bold text begins with a number, as the title of a card does; a heading in words makes no cards."""
    shown = [part for part in bold.children if part.astext().strip()]
    return bool(shown) and isinstance(shown[0], SourcedNumber)


def _box(classes: list[str], *children: nodes.Node) -> nodes.container:
    # The mark of a component of sphinx-design: it is written as a plain div.
    box = nodes.container("", is_div=True, design_component="plain", classes=classes)
    box.extend(children)
    return box


def card(item: nodes.list_item, number: nodes.strong) -> nodes.container:
    """Return an item of a list as a card, its bold number as title."""
    title = _box(["sd-card-title", "sd-font-weight-bold"], *number.children)
    rest = item.children[1:]
    for part in rest:
        if isinstance(part, nodes.paragraph):
            part["classes"].append("sd-card-text")
    body = _box(["sd-card-body"], title, *rest)
    return _box(["sd-col", "sd-d-flex-row"], _box(["sd-card", "sd-sphinx-override", "sd-w-100", "sd-shadow-sm"], body))


class Dress(SphinxTransform):
    """Dress plain Markdown, after numbers have taken the place of links."""

    default_priority = NumberLinks.default_priority + 1

    def apply(self, **kwargs: Any) -> None:
        """Turn block quotes into boxes and lists of numbers into cards."""
        for quote in list(self.document.findall(nodes.block_quote)):
            bold = bold_line(quote)
            if bold is not None:
                box = nodes.admonition("", classes=[kind_of(bold.astext())])
                box += [nodes.title("", "", *bold.children), *quote.children[1:]]
                quote.replace_self(box)
        for bullets in list(self.document.findall(nodes.bullet_list)):
            heads = [bold_line(item) for item in bullets.children if isinstance(item, nodes.list_item)]
            if heads and all(head is not None and _opens_with_number(head) for head in heads):
                cards = [card(item, head) for item, head in zip(bullets.children, heads, strict=True)]  # type: ignore[arg-type]  # items of a list, which docutils types as nodes
                row = _box(ROW, *cards)
                bullets.replace_self(_box(["sd-container-fluid", "sd-sphinx-override", "sd-mb-4"], row))


def setup_dress(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(Dress)
