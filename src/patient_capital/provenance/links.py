"""Links to numbers in a Markdown text, found as the site generator reads it, so that code is left alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from patient_capital.extras import needed_for
from patient_capital.provenance.syntax import Use, is_reference, parse_target, term_slug

with needed_for("reading pages needs", "book"):
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

UNKNOWN = "?"
"""What an author writes for a text that is to be filled in."""

EXTENSIONS = {"colon_fence", "deflist", "dollarmath", "substitution", "attrs_inline"}
"""Extensions of Markdown that ``_config.yml`` switches on; a test holds the two together."""

CANDIDATE = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(#([^()<>\s]+)\)")
MARK = "#pc-mark-"
"""Stands for the target of a candidate while the Markdown is parsed; the text stays, since it decides."""

SPECIAL = re.compile(r"([\\`*_\[\]<>$|])")
"""What would be read as Markdown in the text of a link."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link to a number, a work or a term.

    Attributes
    ----------
    text : str
        As it is read: without escapes, on one line.
    target : str
        What stands behind the ``#``.
    start, end : int
        Place of the text in the Markdown.
    heading : bool
        Whether it stands in a heading.
    plain : bool
        Whether its text holds no emphasis, code or other markup.
    """

    text: str
    target: str
    start: int
    end: int
    heading: bool
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive in a page: its options are plain text, its title and body Markdown."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    body: str

    @property
    def markdown(self) -> tuple[str, ...]:
        """Return what of it is read as Markdown: nothing where it shows code or something of the book's own."""
        if self.name in NO_PROSE:
            return ()
        return (self.body,) if self.name == "grid" else (self.title, self.body)


def parser() -> MarkdownIt:
    """Return the parser of the site generator, for text without execution."""
    return create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


def directive_of(token: Token) -> Directive | None:
    """Return the directive that a fence holds, or None for any other block of code."""
    match = re.match(r"\{([\w:-]+)\}\s*(.*)", token.info.strip())
    if match is None:
        return None
    options, body, in_options = [], [], True
    for line in token.content.split("\n"):
        option = re.match(r":([\w-]+):\s*(.*)", line) if in_options else None
        if option:
            options.append((option[1], option[2]))
            continue
        in_options = in_options and not line.strip()
        body.append(line)
    return Directive(match[1], match[2], tuple(options), "\n".join(body))


NO_PROSE = {
    "listing",
    "explorer",
    "documents",
    "code",
    "code-block",
    "code-cell",
    "math",
    "toctree",
    "eval-rst",
    "bibliography",
}
"""Directives whose body is no Markdown."""


def inline_of(tokens: list[Token], md: MarkdownIt, *, heading: bool = False) -> Iterator[tuple[list[Token], bool]]:
    """Yield the inline tokens of each block, and whether it is a heading; directives are read as well."""
    for token in tokens:
        if token.type == "heading_open":
            heading = True
        elif token.type == "heading_close":
            heading = False
        elif token.type in {"fence", "colon_fence"}:
            directive = directive_of(token)
            for text in directive.markdown if directive else ():
                yield from inline_of(md.parse(text), md)
        elif token.type == "inline":
            yield token.children or [], heading


def _read(tokens: list[Token]) -> tuple[str, bool]:
    """Return the tokens inside a link as text, and whether they are nothing but text."""
    breaks = {"softbreak", "hardbreak"}
    text = "".join(" " if token.type in breaks else token.content for token in tokens)
    return text, all(token.type in {"text", *breaks} for token in tokens)


@cache
def links_in(markdown: str) -> tuple[Link, ...]:
    """Return every link to a number, a work or a term in a Markdown text, in order; what is code or formula is none.

    Raises
    ------
    ValueError
        If a reference is linked in another way than ``[text](#reference)``: the site would print it, but ledger and
        tests would miss it.
    """
    found = [match for match in CANDIDATE.finditer(markdown) if is_reference(unquote(match[2]))]
    marked, last = [], 0
    for index, match in enumerate(found):
        marked += [markdown[last : match.start(2) - 1], f"{MARK}{index}"]
        last = match.end(2)
    md = parser()
    links = {}
    for tokens, heading in inline_of(md.parse("".join([*marked, markdown[last:]])), md):
        for place, opening in enumerate(tokens):
            if opening.type != "link_open":
                continue
            address = unquote(str(opening.attrs.get("href", ""))).removeprefix("project:")
            if address.startswith(MARK):
                index = int(address.removeprefix(MARK))
                inside = itertools.takewhile(lambda token: token.type != "link_close", tokens[place + 1 :])
                text, plain = _read(list(inside))
                links[index] = Link(text, unquote(found[index][2]), *found[index].span(1), heading, plain)
            elif address.startswith("#") and is_reference(address):
                raise ValueError(f"the link to {address} is not of the form: [text]({address})")
    return tuple(links[index] for index in sorted(links))


def with_texts(markdown: str, text_of: Callable[[Link], str]) -> str:
    """Return the Markdown with the text of each link to a number, a work or a term replaced.

    Parameters
    ----------
    text_of : callable
        Takes a :class:`Link` and returns its text, unescaped; where the link reads so already, nothing moves.
    """
    parts, last = [], 0
    for link in links_in(markdown):
        text = text_of(link)
        if text != link.text:
            parts += [markdown[last : link.start], SPECIAL.sub(r"\\\1", text)]
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


def words_in(glossary: str) -> dict[str, str]:
    """Return the definition of each term of a glossary, as it is written; a line of several terms defines each."""
    defined: dict[str, str] = {}
    slugs: set[str] = set()
    words: list[str] = []
    for before, token in itertools.pairwise(parser().parse(glossary)):
        if token.type != "inline":
            continue
        if before.type == "dt_open":
            words = token.content.split(", ")
        elif words:
            for word in words:
                if (slug := term_slug(word)) in slugs:
                    raise ValueError(f"the glossary defines {slug!r} twice")
                slugs.add(slug)
                defined[word] = token.content
            words = []
    return defined


def terms_in(glossary: str) -> dict[str, str]:
    """Return the definition of each term of a glossary, by its slug; a line of several terms defines each.

    Raises
    ------
    ValueError
        If a term is defined twice: a link could not say which is meant.
    """
    return {term_slug(word): definition for word, definition in words_in(glossary).items()}
