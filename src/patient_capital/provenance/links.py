"""Links to numbers in a Markdown text, found as the site generator reads it, so that code is left alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from patient_capital.provenance.syntax import Use, parse_target, term_slug

UNKNOWN = "?"
"""What an author writes for a text that is to be filled in."""

EXTENSIONS = {"colon_fence", "deflist", "dollarmath", "substitution", "attrs_inline"}
"""Extensions of Markdown that ``_config.yml`` switches on."""

CANDIDATE = re.compile(r"(?<!!)\[((?:[^\[\]\\]|\\.)*)\]\(#([^()\s]+)\)")
MARK = re.compile("\ue000(\\d+)\ue001")
"""Stands for the text of a candidate while the Markdown is parsed: private letters, which no text holds."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link to an anchor.

    Attributes
    ----------
    text, target : str
        As written; `target` is what stands behind the ``#``.
    start, end : int
        Place of the text in the Markdown.
    heading : bool
        Whether it stands in a heading.
    """

    text: str
    target: str
    start: int
    end: int
    heading: bool


def parser() -> MarkdownIt:
    """Return the parser of the site generator, for text without execution."""
    return create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


def directive_parts(token: Token) -> tuple[str, str, str] | None:
    """Return name, argument and body of a directive, or None for any other block of code."""
    match = re.match(r"\{([\w:-]+)\}\s*(.*)", token.info.strip())
    return (match[1], match[2], token.content) if match else None


NO_PROSE = {"listing", "explorer", "code", "code-block", "code-cell", "math", "toctree", "eval-rst", "bibliography"}
"""Directives whose body is no Markdown."""


def _inline(tokens: list[Token], md: MarkdownIt, *, heading: bool = False) -> Iterator[tuple[list[Token], bool]]:
    """Yield the inline tokens of each block, and whether it is a heading; directives are read as well."""
    for token in tokens:
        if token.type == "heading_open":
            heading = True
        elif token.type == "heading_close":
            heading = False
        elif token.type in {"fence", "colon_fence"}:
            parts = directive_parts(token)
            if parts and parts[0] not in NO_PROSE:
                for text in parts[1:]:
                    yield from _inline(md.parse(text), md)
        elif token.type == "inline":
            yield token.children or [], heading


def links_in(markdown: str) -> list[Link]:
    """Return every link to an anchor in a Markdown text, in order; what is code or formula is none."""
    found = list(CANDIDATE.finditer(markdown))
    marked, last = [], 0
    for index, match in enumerate(found):
        marked += [markdown[last : match.start(1)], f"\ue000{index}\ue001"]
        last = match.end(1)
    md = parser()
    links = {}
    for tokens, heading in _inline(md.parse("".join([*marked, markdown[last:]])), md):
        for opening, inside in itertools.pairwise(tokens):
            mark = MARK.fullmatch(inside.content) if inside.type == "text" else None
            if opening.type != "link_open" or mark is None:
                continue
            match = found[int(mark[1])]
            if unquote(str(opening.attrs.get("href", ""))) == f"#{unquote(match[2])}":
                links[int(mark[1])] = Link(match[1], unquote(match[2]), *match.span(1), heading=heading)
    return [links[index] for index in sorted(links)]


def with_texts(markdown: str, text_of: Callable[[Link], str]) -> str:
    """Return the Markdown with the text of each link replaced.

    Parameters
    ----------
    text_of : callable
        Takes a :class:`Link` and returns its text; what is no link stays as it is.
    """
    parts, last = [], 0
    for link in links_in(markdown):
        parts += [markdown[last : link.start], text_of(link)]
        last = link.end
    return "".join([*parts, markdown[last:]])


def uses_in(markdown: str) -> list[Use]:
    """Return every use of a number in a Markdown text, in order.

    Raises
    ------
    ValueError
        If a target is of no known form.
    """
    targets = [parse_target(link.target, link.text) for link in links_in(markdown)]
    return [target for target in targets if isinstance(target, Use)]


def terms_in(glossary: str) -> dict[str, str]:
    """Return the definition of each term of a glossary, by its slug; a line of several terms defines each."""
    terms: dict[str, str] = {}
    words: list[str] = []
    tokens = parser().parse(glossary)
    for before, token in itertools.pairwise(tokens):
        if token.type != "inline":
            continue
        if before.type == "dt_open":
            words = token.content.split(", ")
        elif words:
            terms |= {term_slug(word): token.content for word in words}
            words = []
    return terms
