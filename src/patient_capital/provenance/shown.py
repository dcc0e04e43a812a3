"""A number as it shows itself to whoever has asked for it: its value, what it is, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from patient_capital.provenance.evidence import told

if TYPE_CHECKING:
    from patient_capital.provenance.records import Number, Source

SHOWN = 4
"""Inputs and sources that are listed; of others the number is said."""


def _listed(items: list[str]) -> list[str]:
    rest = len(items) - SHOWN
    return [*items[:SHOWN], *([f"and {rest} more"] if rest > 0 else [])]


def _page(source: Source) -> str:
    return ", ".join(part for part in (source.credit, source.title, source.published) if part)


def _origin(number: Number) -> Iterator[tuple[str, str | list[str]]]:
    """Yield what is known of the origin of a number: a head, and one text or several."""
    one_of_many = [
        ("Stage", number.stage.replace("_", " ")),
        ("Date", number.when),
        ("True if" if number.kind == "claim" else "Computed as", number.formula),
    ]
    yield from ((head, text) for head, text in one_of_many if text)
    if number.inputs:
        yield "From", _listed([f"{label.removeprefix('result ')}: {value}" for label, value in number.inputs])
    if number.evidence:
        pages = [f"{_page(source)}: {one.words()}" for one, source in number.evidence]
        yield f"Evidence ({told(number.voices) or 'not seen by us'})", _listed(pages)
    if number.sources:
        marked = f" (weakest input marked {number.star}: one voice)" if number.star else ""
        rows = "row" if number.kind == "fact" else "rows"
        yield f"Sources of the {rows}{marked}", _listed([_page(source) for source in number.sources])
    if number.note:
        yield "Note", number.note


def as_text(number: Number) -> str:
    """Return a number with its origin as lines of text."""
    lines = [f"{number.text()}{number.star}  {number.label}  [{number.ref}]"]
    for head, said in _origin(number):
        if isinstance(said, str):
            lines.append(f"  {head}: {said}")
        else:
            lines += [f"  {head}:", *(f"    {item}" for item in said)]
    return "\n".join(lines)


def as_html(number: Number) -> str:
    """Return a number with its origin as HTML without style, which every notebook shows; see :func:`as_text`."""
    items = ""
    for head, said in _origin(number):
        text = escape(said) if isinstance(said, str) else f"<ul>{''.join(f'<li>{escape(t)}</li>' for t in said)}</ul>"
        items += f"<li>{escape(head)}: {text}</li>"
    value = f"<strong>{escape(number.text() + number.star)}</strong>"
    return f"<p>{value} {escape(number.label)} <code>{escape(number.ref)}</code></p><ul>{items}</ul>"
