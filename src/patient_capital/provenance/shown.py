"""A number as it shows itself to whoever has asked for it: its value, what it is, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from patient_capital.formatting import counted

if TYPE_CHECKING:
    from patient_capital.provenance.records import Number

SHOWN = 4
"""Inputs and sources that are listed; of others the number is said."""


def _listed(items: list[str]) -> list[str]:
    rest = len(items) - SHOWN
    return [*items[:SHOWN], *([f"and {rest} more"] if rest > 0 else [])]


def _origin(number: Number, publishers: int) -> Iterator[tuple[str, str | list[str]]]:
    """Yield what is known of the origin of a number: a head, and one text or several."""
    one_of_many = [
        ("Stage", number.stage.replace("_", " ")),
        ("Date", number.when),
        ("True if" if number.kind == "claim" else "Computed as", number.formula),
    ]
    yield from ((head, text) for head, text in one_of_many if text)
    if number.inputs:
        yield "From", _listed([f"{label.removeprefix('result ')}: {value}" for label, value in number.inputs])
    if number.sources:
        sources = [", ".join(part for part in (s.credit, s.title, s.published) if part) for s in number.sources]
        many = counted(publishers, "independent publisher")
        yield f"Sources ({many}{', weakest input marked ' + number.star if number.star else ''})", _listed(sources)
    if number.note:
        yield "Note", number.note


def as_text(number: Number, publishers: int) -> str:
    """Return a number with its origin as lines of text.

    Parameters
    ----------
    publishers : int
        Number of its independent publishers.
    """
    lines = [f"{number.text()}{number.star}  {number.label}  [{number.ref}]"]
    for head, told in _origin(number, publishers):
        if isinstance(told, str):
            lines.append(f"  {head}: {told}")
        else:
            lines += [f"  {head}:", *(f"    {item}" for item in told)]
    return "\n".join(lines)


def as_html(number: Number, publishers: int) -> str:
    """Return a number with its origin as HTML without style, which every notebook shows; see :func:`as_text`."""
    items = ""
    for head, told in _origin(number, publishers):
        text = escape(told) if isinstance(told, str) else f"<ul>{''.join(f'<li>{escape(t)}</li>' for t in told)}</ul>"
        items += f"<li>{escape(head)}: {text}</li>"
    value = f"<strong>{escape(number.text() + number.star)}</strong>"
    return f"<p>{value} {escape(number.label)} <code>{escape(number.ref)}</code></p><ul>{items}</ul>"
