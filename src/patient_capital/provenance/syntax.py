"""The little language of the roles: what stands between the backticks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from patient_capital.formatting import FORMS

FACT = re.compile(r"[a-z_]+\[[^\]]+\]\.[a-z_]+")
RESULT = re.compile(r"[a-z_]+\.[a-z0-9_]+(\[[^\]]+\])?")
ROLE = re.compile(r"\{(fact|result|claim)\}`([^`]+)`")
LISTING = re.compile(r"^`{3,}\{listing\}[ \t]+(\S+)", re.MULTILINE)
EXPLORER = re.compile(r"^(?:`{3,}|:{3,})\{explorer\}[ \t]+(\S+)", re.MULTILINE)


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
        For a claim: the words it vouches for.
    """

    ref: str
    form: str = "full"
    rate: str = ""
    words: str = ""


def parse_use(role: str, text: str) -> Use:
    """Read the text of a role.

    Raises
    ------
    ValueError
        If the text is not of the role's form; the message shows the form.
    """
    if role == "claim":
        match = re.fullmatch(r"(.+?)\s*<([^<>]+)>", text, flags=re.DOTALL)
        if match is None or not RESULT.fullmatch(match[2]):
            raise ValueError(f"{text!r} is not of the form: words <chapter.name>")
        return Use(ref=match[2], words=match[1])
    ref, _, form = text.partition("|")
    form, _, rate = (form or "full").partition("@")
    pattern, shape = (FACT, "table[row].column") if role == "fact" else (RESULT, "chapter.name")
    if not pattern.fullmatch(ref):
        raise ValueError(f"{ref!r} is not of the form: {shape}")
    if form not in FORMS or (form == "usd") != bool(rate):
        raise ValueError(f"unknown form {text!r}; forms are {', '.join(FORMS)}; dollars are written |usd@row_of_fx")
    return Use(ref=ref, form=form, rate=rate)


def uses_in(markdown: str) -> list[Use]:
    """Return every use of a number by role in a Markdown text, in order."""
    return [parse_use(role, text) for role, text in ROLE.findall(markdown)]


def listings_in(markdown: str) -> list[str]:
    """Return the names of the listings that a Markdown text shows."""
    return LISTING.findall(markdown)


def explorers_in(markdown: str) -> list[str]:
    """Return the names of the explorers that a Markdown text shows."""
    return EXPLORER.findall(markdown)
