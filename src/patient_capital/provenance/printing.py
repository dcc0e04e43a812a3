"""What a link to a number, a work or a term prints: computed from the data, never taken from the page."""

from __future__ import annotations

from patient_capital.naming import unknown
from patient_capital.provenance.links import UNKNOWN, Link, with_texts
from patient_capital.provenance.records import fact_in_dollars
from patient_capital.provenance.registry import number
from patient_capital.provenance.syntax import Cite, Term, Use, parse_target
from patient_capital.tables import Data, book_data


def printed(use: Use, data: Data | None = None) -> str:
    """Return the text that a use of a number prints: of a claim its words, of any other number the value.

    Raises
    ------
    KeyError, ValueError
        If the reference is unknown, the cell empty or the claim false, or if it cannot be printed in this form.
    """
    shown = number(use.ref, data)
    if shown.kind == "claim":
        if use.form != "full":
            raise ValueError(f"{use.ref} is a claim: its words are the author's, it has no form")
        # A figure that vouches for a claim prints no words of it.
        return use.words or shown.text()
    if use.form == "usd":
        data = data or book_data()
        if use.rate not in data.table("fx").text:
            raise unknown("row of fx", use.rate, data.table("fx").text)
        return fact_in_dollars(data, shown, use.rate)
    return shown.text(use.form)


def authors_and_year(authors: str, year: str) -> str:
    """Name a work as economists do: "Reed (2001)", "Hall and Woodward (2010)", "Kerr et al. (2014)".

    Parameters
    ----------
    authors : str
        "Family, Given and Family, Given".
    year : str
        Empty where the work has no date.
    """
    names = [author.split(",")[0] for author in authors.split(" and ")]
    first = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."
    return f"{first} ({year or 'n.d.'})"


def cited(cite: Cite, data: Data) -> str:
    """Return the text of a citation; ``KeyError`` if the work is unknown."""
    works = data.table("literature").text
    if cite.key not in works:
        raise unknown("row of literature", cite.key, works)
    return authors_and_year(works[cite.key]["authors"], works[cite.key]["year"])


def text_of(link: Link, data: Data) -> str:
    """Return the text that a link should have; of a claim and a term its own.

    Raises
    ------
    KeyError, ValueError
        If the reference is unknown, empty or of no known form, the text holds markup, or a text that only the author
        can give is missing.
    """
    target = parse_target(link.target, link.text)
    if not link.plain:
        raise ValueError(f"[{link.text}](#{link.target}): the text must be plain; set emphasis around the link")
    if isinstance(target, Cite):
        return cited(target, data)
    if target is None:
        return link.text
    claim = isinstance(target, Use) and number(target.ref, data).kind == "claim"
    if (claim or isinstance(target, Term)) and link.text.strip() in {"", UNKNOWN}:
        kind = "a claim" if claim else "a term"
        raise ValueError(f"[{link.text}](#{link.target}): {kind} needs words of its own between the brackets")
    return printed(target, data) if isinstance(target, Use) else link.text


def with_current_texts(markdown: str, data: Data) -> str:
    """Return a Markdown text whose numbers and citations are those that the data give."""
    return with_texts(markdown, lambda link: text_of(link, data))
