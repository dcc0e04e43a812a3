"""How works are cited and listed: author and year in the text, the citation key before each entry of the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pybtex.plugin  # type: ignore[import-untyped]  # pybtex is not typed
import sphinxcontrib.bibtex.plugin
from pybtex.database import Entry  # type: ignore[import-untyped]  # pybtex is not typed
from pybtex.style.formatting.unsrt import Style as Unsorted  # type: ignore[import-untyped]  # pybtex is not typed
from pybtex.style.labels import BaseLabelStyle  # type: ignore[import-untyped]  # pybtex is not typed
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

NAME = "patient_capital"


class KeyLabels(BaseLabelStyle):  # type: ignore[misc]  # pybtex is not typed
    """Label each work with its key: it is the same in the tables, in the sources and on the page."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Yield the keys."""
        return (entry.key for entry in sorted_entries)


class ByAuthor(Unsorted):  # type: ignore[misc]  # pybtex is not typed
    """Every work with its key, sorted by author, year and title."""

    default_label_style = KeyLabels
    default_sorting_style = "author_year_title"


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class AuthorYear(AuthorYearReferenceStyle):
    """Author and year with round brackets, as economists write them; within brackets of the text without any."""

    author_year_sep: str = " "
    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_parenthetical: BracketStyle = field(default_factory=_round)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both styles under the name of the book."""
    pybtex.plugin.register_plugin("pybtex.style.formatting", NAME, ByAuthor)
    sphinxcontrib.bibtex.plugin.register_plugin("sphinxcontrib.bibtex.style.referencing", NAME, AuthorYear)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
