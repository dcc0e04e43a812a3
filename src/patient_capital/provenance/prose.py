"""Digits typed into the prose of a page, as the site generator reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import unquote

from markdown_it.token import Token

from patient_capital.provenance.links import NO_PROSE, directive_of, parser
from patient_capital.provenance.registry import number
from patient_capital.provenance.syntax import Cite, Use, parse_target

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
ALLOWED = re.compile(
    rf"\b\d{{1,2}} (?:{MONTHS})(?: (?:19|20)\d\d)?\b"  # dates
    r"|\b(?:19|20)\d\d\b"  # years
    r"|\bCC BY 4\.0\b"
    r"|\bR1\b|\bHC[0-3]\b"  # names of a model and of standard errors
)
LAYOUT_OPTIONS = {"gutter", "class", "name", "columns", "margin", "padding", "width", "height"}
SKIPPED = {
    "code_inline",
    "math_inline",
    "math_block",
    "amsmath",
    "myst_role",
    "code_block",
    "front_matter",
    "myst_target",
}


def prose(markdown: str) -> Iterator[str]:
    """Yield every piece of text that a reader sees, headings and link texts included.

    The text of a link to a number or a work is left out: it is compared with the value itself.
    """
    yield from _walk(parser().parse(markdown))


def _is_compared(href: str) -> bool:
    """Say whether the text of a link is compared with a value: of a claim and of a term the words are the author's."""
    if not href.startswith("#"):
        return False
    try:
        target = parse_target(unquote(href[1:]))
        return isinstance(target, Cite) or (isinstance(target, Use) and number(target.ref).kind != "claim")
    except (KeyError, ValueError):
        return False


def _in_directive(token: Token) -> Iterator[str]:
    directive = directive_of(token)
    if directive is not None and directive.name not in NO_PROSE:
        # An option is read as it stands: a link in it is no link.
        yield from (text for name, text in directive.options if name not in LAYOUT_OPTIONS)
        yield from chain.from_iterable(map(prose, directive.markdown))


def _walk(tokens: list[Token]) -> Iterator[str]:
    compared = False
    for token in tokens:
        if token.type == "link_open":
            compared = _is_compared(str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            compared = False
        if token.type in SKIPPED or (compared and token.type == "text"):
            continue
        if token.type in {"fence", "colon_fence"}:
            yield from _in_directive(token)
        elif token.type in {"html_block", "html_inline"}:
            yield re.sub(r"<[^>]*>", " ", token.content)
        elif token.children is not None:
            yield from _walk(token.children)
            yield from (str(token.attrs[name]) for name in ("alt", "title") if token.attrs.get(name))
        elif token.type == "text":
            yield token.content
        if token.type == "image":
            yield token.content


def bare_numbers(markdown: str) -> list[str]:
    """Return each piece of prose with a digit that is neither a year nor a date."""
    return [piece for piece in prose(markdown) if re.search(r"\d", ALLOWED.sub("", piece))]
