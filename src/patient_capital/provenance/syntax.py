"""The little language of references: what stands behind the ``#`` of a link to a number, a work or a term."""

from __future__ import annotations

import re
from dataclasses import dataclass

from patient_capital.formatting import FORMS

FACT = re.compile(r"[a-z_]+\[[^\[\]]+\]\.[a-z_]+")
RESULT = re.compile(r"[a-z_]+\.[a-z0-9_]+(\[[^\[\]]+\])?")
LISTING = re.compile(r"^`{3,}\{listing\}[ \t]+(\S+)", re.MULTILINE)
EXPLORER = re.compile(r"^(?:`{3,}|:{3,})\{explorer\}[ \t]+(\S+)", re.MULTILINE)
SHAPES = "table[row].column, chapter.name, chapter.name[row], cite.key or term.name"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a number in a page.

    Attributes
    ----------
    ref : str
        Fact or result.
    form : str
        A form of the formatter, or ``usd`` with the row of table ``fx`` in `rate`.
    words : str
        The text of the link: of a claim, the words that it vouches for.
    """

    ref: str
    form: str = "full"
    rate: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation of a work of the literature."""

    key: str


@dataclass(frozen=True, slots=True)
class Term:
    """A link to a term of the glossary."""

    slug: str


Target = Use | Cite | Term


def term_slug(term: str) -> str:
    """Return the name by which a term of the glossary is linked: "paid in" is ``paid_in``."""
    return re.sub(r"[^a-z0-9]+", "_", term.lower()).strip("_")


def is_reference(target: str) -> bool:
    """Say whether a target is meant as a reference: it holds a point or a bracket, as no anchor of a heading does."""
    return re.search(r"[.\[\]]", target) is not None


def parse_target(target: str, words: str = "") -> Target | None:
    """Read the target of a link.

    Parameters
    ----------
    target : str
        What stands behind the ``#``.
    words : str
        The text of the link.

    Returns
    -------
    Use, Cite, Term or None
        None for the anchor of a heading, which holds neither point nor bracket.

    Raises
    ------
    ValueError
        If the target is of no known form; the message shows the forms.
    """
    if not is_reference(target):
        return None
    kind, _, name = target.partition(".")
    if kind in {"cite", "term"}:
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise ValueError(f"{target!r} is not of the form: {kind}.name, in small letters")
        return Cite(name) if kind == "cite" else Term(name)
    ref, colon, form = target.partition(":")
    if not (FACT.fullmatch(ref) or RESULT.fullmatch(ref)):
        raise ValueError(f"{ref!r} is not of the form: {SHAPES}")
    form, _, rate = (form if colon else "full").partition("@")
    if form not in FORMS or (form == "usd") != bool(rate):
        raise ValueError(
            f"unknown form in {target!r}; forms are {', '.join(FORMS)}; dollars are written :usd@row_of_fx"
        )
    return Use(ref=ref, form=form, rate=rate, words=words)


def listings_in(markdown: str) -> list[str]:
    """Return the names of the listings that a Markdown text shows."""
    return LISTING.findall(markdown)


def explorers_in(markdown: str) -> list[str]:
    """Return the names of the explorers that a Markdown text shows."""
    return EXPLORER.findall(markdown)
