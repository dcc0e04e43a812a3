"""The one place where a table of HTML is written, for the site and for notebooks; its caption says what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from patient_capital.typesetting import typeset

DAY = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b")
"""A day or a month as tables write it."""


def days_kept(words: str) -> str:
    """Return text as HTML in which no line breaks within a day; the sheet of the site knows the class."""
    return DAY.sub(r'<span class="pc-day">\g<0></span>', escape(words))


def in_html(words: str) -> str:
    """Return words as HTML, set as on a page."""
    return escape(typeset(words), quote=False)


def table_html(
    caption: str, heads: Iterable[tuple[str, str]], rows: Iterable[str], look: str = "", words: Sequence[int] = ()
) -> str:
    """Return a table as HTML.

    Parameters
    ----------
    caption : str
        What the table holds, as text. The sheet of the site keeps it for those who hear where a title stands right
        above.
    heads : iterable of (str, str)
        Title of each column, as text, and the classes of its head.
    rows : iterable of str
        Whole rows, as HTML.
    look : str
        Class of the table; without one every viewer gives it its own look, and shows the caption.
    words : sequence of int
        Letters of a word of each column that paper should not break, for the sheet; nought where any width will do.

    Raises
    ------
    ValueError
        If the caption, or the title of a column, is empty.
    """
    told = [(title, f' class="{classes}"' if classes else "") for title, classes in heads]
    if not all(text.strip() for text in (caption, *(title for title, _ in told))):
        raise ValueError(f"a table needs a caption and a title for each column: {caption!r}, {told}")
    room = [f' style="--pc-word:{letters}"' if letters else "" for letters in words or [0] * len(told)]
    head = "".join(
        f'<th scope="col"{classes}{style}>{escape(title)}</th>'
        for (title, classes), style in zip(told, room, strict=True)
    )
    opening = f'<table class="{look}">' if look else "<table>"
    body = "\n".join(rows)
    return (
        f"{opening}\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>{f'{chr(10)}{body}{chr(10)}' if body else ''}</tbody>\n</table>"
    )
