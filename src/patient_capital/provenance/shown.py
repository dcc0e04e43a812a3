"""A number as it shows itself to whoever has asked for it: its value, what it is, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from patient_capital.money import STAGE_WORDS
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


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the origin of a number: what it is, and a text, inputs with their values, or pages with their words."""

    head: str
    text: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    pages: tuple[tuple[Source, str], ...] = ()


def origin(number: Number) -> Iterator[Part]:
    """Yield what is known of the origin of a number, in the order in which cards and notebooks tell it."""
    one_of_many = [
        ("Stage", STAGE_WORDS.get(number.stage, number.stage.replace("_", " "))),
        ("Date", number.when),
        ("True if" if number.kind == "claim" else "Computed as", number.formula),
    ]
    yield from (Part(head, text) for head, text in one_of_many if text)
    if number.inputs:
        yield Part("From", inputs=tuple((label.removeprefix("result "), value) for label, value in number.inputs))
    if number.evidence:
        pages = tuple((source, one.words()) for one, source in number.evidence)
        yield Part("Evidence", told(number.voices) or "not seen by us", pages=pages)
    if number.sources:
        rows = "row" if number.kind == "fact" else "rows"
        yield Part(f"Sources of the {rows}", pages=tuple((source, "") for source in number.sources))
    if number.note:
        yield Part("Note", number.note)


def _said(number: Number) -> Iterator[tuple[str, str | list[str]]]:
    """Yield each part of the origin of a number as a head, and one text or several."""
    for part in origin(number):
        items = [f"{label}: {value}" for label, value in part.inputs]
        items += [f"{_page(source)}: {words}" if words else _page(source) for source, words in part.pages]
        head = f"{part.head} ({part.text})" if items and part.text else part.head
        if part.head.startswith("Sources") and number.star:
            head += f" (weakest input marked {number.star}: one voice)"
        yield head, _listed(items) if items else part.text


def as_text(number: Number) -> str:
    """Return a number with its origin as lines of text."""
    lines = [f"{number.text()}{number.star}  {number.label}  [{number.ref}]"]
    for head, said in _said(number):
        if isinstance(said, str):
            lines.append(f"  {head}: {said}")
        else:
            lines += [f"  {head}:", *(f"    {item}" for item in said)]
    return "\n".join(lines)


def as_html(number: Number) -> str:
    """Return a number with its origin as HTML without style, which every notebook shows; see :func:`as_text`."""
    items = ""
    for head, said in _said(number):
        text = escape(said) if isinstance(said, str) else f"<ul>{''.join(f'<li>{escape(t)}</li>' for t in said)}</ul>"
        items += f"<li>{escape(head)}: {text}</li>"
    value = f"<strong>{escape(number.text() + number.star)}</strong>"
    return f"<p>{value} {escape(number.label)} <code>{escape(number.ref)}</code></p><ul>{items}</ul>"
