"""How words are set for readers: what no line may part, and curved quotation marks. Pages, tables and drawings share it."""

from __future__ import annotations

import calendar
import re
import textwrap
from typing import Any

FIXED = "\N{NO-BREAK SPACE}"
"""A space at which no line breaks."""
WHOLE_LETTERS = 20
"""The longest words that keep to one line: a range with its unit, or a day; they fit beside others on the narrowest phone."""

UNITS = (
    *("%", "percent", "points?", "bn", "trillion", "million", "yuan", "dollars?", "euros", "won", "fen", "times"),
    *("years?", "months?", "weeks?", "days?", "GW", "MW", "Mt", "tokens", "publishers?", "rows?", "more"),
)
"""Words that say what a number counts, or how a list that is cut goes on."""
MONTHS = "|".join((*calendar.month_name[1:], *calendar.month_abbr[1:]))

_COUNT = r"(?:(?<=\d)|(?<=\d\*)|(?<=\dbn)|(?<=\dm)|(?<=trillion)|(?<=million))"
TIGHT = re.compile(
    rf"{_COUNT} (?=(?:{'|'.join(UNITS)})(?!\w))"  # a number and its unit
    rf"|(?<=\d) (?=(?:{MONTHS})\b)"  # the day of a month
    r"|(?<=\bin) (?=\d+%)| (?=%)"  # a share
    r"| (?=\([\u4e00-\u9fff]+\))"  # a name and its Chinese characters
)
OF_YEAR = re.compile(rf"\b({MONTHS}) (?=\d{{4}}\b)")
"""A month before its year."""
SPANS = re.compile(r"(?:(?<= )|(?<=\()|^)([−-]?\d[^ ]*) to ([−-]?\d[^ ]*)")
"""The ends of a range, the second with its unit."""


def _span(match: re.Match[str]) -> str:
    # A range that would fill a line of a phone may break, and its ends then keep their units alone.
    return match[0].replace(" ", FIXED) if len(match[0]) <= WHOLE_LETTERS else match[0]


def kept(words: str) -> str:
    """Return words with spaces at which no line breaks: within a number and its unit, a range, a day, a name in two scripts."""
    return SPANS.sub(_span, OF_YEAR.sub(rf"\1{FIXED}", TIGHT.sub(FIXED, words)))


def parted(words: str) -> list[str]:
    """Return the parts of words between which a line may break, for what breaks lines itself; they join with spaces."""
    return [part.replace(FIXED, " ") for part in kept(words).split(" ") if part]


def in_lines(words: str, letters: int, **options: Any) -> list[str]:
    """Break words into lines of so many letters, as :func:`textwrap.wrap` does, and part nothing that is kept together."""
    return [line.replace(FIXED, " ") for line in textwrap.wrap(kept(words), letters, **options)]


def curved(words: str) -> str:
    """Return words with curved apostrophes and quotation marks, as the pages have them."""
    if "'" not in words and '"' not in words:
        return words
    words = re.sub(r"(?:(?<=^)|(?<=[\s(\[“]))'(?=\w)", "‘", words)
    words = re.sub(r"(?:(?<=^)|(?<=[\s(\[‘]))\"(?=\S)", "“", words)
    return words.replace("'", "’").replace('"', "”")


def typeset(words: str) -> str:
    """Return words as a page shows them beside its text: curved and kept."""
    return kept(curved(words))
