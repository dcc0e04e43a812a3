"""How the pages read: words of running text, numbers in a hundred words, reading grade. Printed, never a gate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it.token import Token

from patient_capital.book import SUFFIXES, pages
from patient_capital.check import parts_of
from patient_capital.provenance.links import parser

SENTENCE_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+(?=[A-Z\[])")
WORD = re.compile(r"(?<![\w.,])[A-Za-z][A-Za-z'’-]*")
NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*")
VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a page reads.

    Attributes
    ----------
    words : int
        Words of paragraphs and items; no headings, tables, code.
    numbers : float
        Numbers in a hundred words.
    grade : float
        School year by Flesch and Kincaid; nought for a page without sentences.
    """

    words: int
    numbers: float
    grade: float


def running_text(markdown: str) -> Iterator[str]:
    """Yield each paragraph and item of a page as a reader sees it, links by their words."""
    heading = False
    for token in parser().parse(markdown):
        heading = token.type == "heading_open" or (heading and token.type != "heading_close")
        if token.type == "inline" and not heading:
            yield "".join(_shown(token.children or []))


def _shown(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type in {"text", "code_inline"}:
            yield token.content


def syllables(word: str) -> int:
    """Count groups of vowels, a silent e at the end left out: an estimate that serves a whole page."""
    letters = word.lower()
    groups = len(VOWELS.findall(letters))
    return max(1, groups - (letters.endswith("e") and not letters.endswith("le") and groups > 1))


def reading(paragraphs: list[str]) -> Reading:
    """Measure some paragraphs."""
    words = [word for text in paragraphs for word in WORD.findall(text)]
    sentences = sum(len(SENTENCE_END.split(text)) for text in paragraphs if WORD.search(text))
    numbers = sum(len(NUMBER.findall(text)) for text in paragraphs)
    if not words:
        return Reading(0, 0.0, 0.0)
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return Reading(len(words), 100 * numbers / len(words), grade)


def lines(root: Path) -> Iterator[str]:
    """Yield a line for each page, in reading order."""
    yield f"{'page':<24}{'words':>7}{'numbers in 100':>16}{'grade':>7}"
    for name in pages(root):
        path = next(root / f"{name}{suffix}" for suffix in SUFFIXES if (root / f"{name}{suffix}").is_file())
        one = reading([text for part in parts_of(path).values() for text in running_text(part)])
        yield f"{path.stem:<24}{one.words:>7}{one.numbers:>16.1f}{one.grade:>7.1f}"
