"""A number as HTML: its text, and the card that says where it comes from.

A page holds the text alone. Its cards stand in a script beside it, each once, which is loaded when a reader asks for
the first: a script, not data, so that it can be read from disk too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from html import escape, unescape

from patient_capital.figures.record import source_html
from patient_capital.provenance.editions import earlier
from patient_capital.provenance.headlines import KIND_WORDS
from patient_capital.provenance.records import Number, stands_at
from patient_capital.provenance.shown import origin
from patient_capital.tables import book_data
from patient_capital.typesetting import WHOLE_LETTERS

SHOWN_INPUTS = 8
SHOWN_SOURCES = 6
ONE_VOICE = "it rests on one voice, wholly or in part, however many pages repeat it"
"""What a star behind a number means; its card says so."""


def _line(name: str, value: str) -> str:
    return f'<span class="pc-pop__line"><span class="pc-pop__key">{name}</span> {value}</span>'


def _list(items: list[str], shown: int) -> str:
    rest = len(items) - shown
    lines = "".join(f'<span class="pc-pop__item">{item}</span>' for item in items[:shown])
    if rest > 0:
        lines += f'<span class="pc-pop__item">and {rest} more</span>'
    return lines


def card_html(number: Number, root: str) -> str:
    """Return what the card of a number says.

    Parameters
    ----------
    root : str
        Address of the root of the site, relative to the page, with a slash at its end.
    """
    parts = [f'<span class="pc-pop__title">{escape(number.label)}</span>']
    if number.kind != "claim":
        parts.append(_line("Value", escape(number.text())))
    if number.star:
        parts.append(_line("Star", ONE_VOICE))
    for part in origin(number):
        inputs = [f"<code>{escape(label)}</code> {escape(value)}" for label, value in part.inputs]
        pages = [source_html(source) + escape(f": {words}" if words else "") for source, words in part.pages]
        parts.append(_line(part.head, escape(part.text) + _list(inputs, SHOWN_INPUTS) + _list(pages, SHOWN_SOURCES)))
    for one in earlier(book_data(), number):
        why = f": {' '.join(one.reasons)}" if one.reasons else ""
        parts.append(_line("Before", escape(f"{one.value} in edition {one.edition}{why}")))
    parts.append(
        f'<span class="pc-pop__line"><a href="{escape(root + stands_at(number.ref))}">In the ledger: '
        f"<code>{escape(number.ref)}</code></a></span>"
    )
    return "".join(parts)


def _tag(text: str) -> str:
    """Return the class of a kind of statement, whether its link leads to the glossary or to a search; else nothing."""
    return " pc-num--kind" if text.lower() in KIND_WORDS else ""


def number_html(number: Number, text: str, root: str) -> str:
    """Return a number in running text.

    The number is a link to its row in the ledger: words break across lines as text does, a number keeps its unit, and
    without script it still leads to the origin. The script makes it open its card.
    """
    star = f'<sup class="pc-star">{number.star}</sup>' if number.star else ""
    kind = (" pc-num--claim" if number.kind == "claim" else "") + _tag(text)
    if text.lstrip("−")[:1].isdigit() and len(text) <= WHOLE_LETTERS:
        kind += " pc-num--whole"
    return (
        f'<span class="pc-num{kind}"><a class="pc-num__text" href="{escape(root + stands_at(number.ref))}" '
        f'data-card="{escape(number.ref)}">{escape(text)}{star}</a></span>'
    )


TERM = "term."
"""How the key of a card begins that holds the definition of a term; no chapter has this name."""


def term_html(slug: str, text: str, glossary: str) -> str:
    """Return a term in running text; without script it leads to the glossary."""
    return (
        f'<span class="pc-num pc-num--term{_tag(text)}"><a class="pc-num__text pc-term" href="{escape(glossary)}#term-{slug}" '
        f'data-card="{TERM}{slug}">{escape(text)}</a></span>'
    )


def term_card(slug: str, definition: str, glossary: str) -> str:
    """Return what the card of a term says."""
    return f'{escape(definition)}<span class="pc-pop__line"><a href="{escape(glossary)}#term-{slug}">In the glossary</a></span>'


def cards_asked(html: str) -> list[str]:
    """Return the keys of the cards behind the numbers and terms of a page, each once."""
    return sorted({unescape(key) for key in re.findall(r'\bdata-card="([^"]+)"', html)})


def cards_script(html: str, card: Callable[[str], str]) -> str:
    """Return the script that holds the cards of a page; empty where it asks for none.

    Parameters
    ----------
    card : callable
        Gives what the card of a key says.
    """
    cards = {key: card(key) for key in cards_asked(html)}
    return f"pcCards({json.dumps(cards, ensure_ascii=False, indent=0)});\n" if cards else ""


def stamped(path: str, text: str) -> str:
    """Return the address of a file with a mark of its content, so that no browser shows what it has kept of another."""
    return f"{path}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"
