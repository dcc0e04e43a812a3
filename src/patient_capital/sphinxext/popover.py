"""A number as HTML: its text, and the card that says where it comes from."""

from __future__ import annotations

from html import escape

from patient_capital.figures.record import source_html
from patient_capital.money import STAGE_WORDS
from patient_capital.provenance.editions import earlier
from patient_capital.provenance.evidence import told
from patient_capital.provenance.records import Number, anchor
from patient_capital.tables import book_data

SHOWN_INPUTS = 8
SHOWN_SOURCES = 6


def _line(name: str, value: str) -> str:
    return f'<span class="pc-pop__line"><span class="pc-pop__key">{name}</span> {value}</span>'


def _list(items: list[str], shown: int) -> str:
    rest = len(items) - shown
    lines = "".join(f'<span class="pc-pop__item">{item}</span>' for item in items[:shown])
    if rest > 0:
        lines += f'<span class="pc-pop__item">and {rest} more</span>'
    return lines


def card_html(number: Number, ident: str, ledger: str) -> str:
    """Return the popover of a number.

    Parameters
    ----------
    ident : str
        HTML id, unique in the page.
    ledger : str
        Address of the ledger page, relative to the page.
    """
    parts = [f'<span class="pc-pop__title">{escape(number.label)}</span>']
    if number.kind != "claim":
        parts.append(_line("Value", escape(number.text()) + (" (one voice)" if number.star else "")))
    if number.stage:
        parts.append(_line("Stage", escape(STAGE_WORDS.get(number.stage, number.stage.replace("_", " ")))))
    if number.when:
        parts.append(_line("Date", escape(number.when)))
    if number.formula:
        parts.append(_line("True if" if number.kind == "claim" else "Computed as", escape(number.formula)))
    if number.inputs:
        items = [
            f"<code>{escape(label.removeprefix('result '))}</code> {escape(value)}" for label, value in number.inputs
        ]
        parts.append(_line("From", _list(items, SHOWN_INPUTS)))
    if number.evidence:
        head = told(number.voices) or "not seen by us"
        items = [source_html(source) + escape(f": {one.words()}") for one, source in number.evidence]
        parts.append(_line("Evidence", head + _list(items, SHOWN_SOURCES)))
    if number.sources:
        kind = "row" if number.kind == "fact" else "rows"
        parts.append(_line(f"Sources of the {kind}", _list([source_html(s) for s in number.sources], SHOWN_SOURCES)))
    if number.note:
        parts.append(_line("Note", escape(number.note)))
    for one in earlier(book_data(), number):
        why = f": {' '.join(one.reasons)}" if one.reasons else ""
        parts.append(_line("Before", escape(f"{one.value} in edition {one.edition}{why}")))
    parts.append(
        f'<span class="pc-pop__line"><a href="{escape(ledger)}#{anchor(number.ref)}">In the ledger: '
        f"<code>{escape(number.ref)}</code></a></span>"
    )
    return f'<span class="pc-pop" popover id="{ident}">{"".join(parts)}</span>'


def number_html(number: Number, text: str, ident: str, ledger: str) -> str:
    """Return a number in running text with its popover.

    The number is a link to its row in the ledger: it breaks across lines as text does, and without script it
    still leads to the origin. The script makes it open the card.
    """
    star = f'<sup class="pc-star" title="one voice">{number.star}</sup>' if number.star else ""
    kind = " pc-num--claim" if number.kind == "claim" else ""
    return (
        f'<span class="pc-num{kind}"><a class="pc-num__text" href="{escape(ledger)}#{anchor(number.ref)}" '
        f'data-card="{ident}">{escape(text)}{star}</a>{card_html(number, ident, ledger)}</span>'
    )
