"""Terms of the glossary in the text of a page: the first use of each leads to its definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from patient_capital.provenance.links import inline_of, links_in, parser, words_in
from patient_capital.provenance.syntax import Term, parse_target, term_slug

MARK = "#pc-term-"
KIND = "Kind of a statement here"
"""Words with which the glossary defines the kinds of statements: they are tags and no terms of the text."""
OTHER_SENSE = frozenset({"paid in", "one mean", "first phase", "home share", "regional game", "forced sale"})
"""Terms of several words that stand in a text in their plain sense too."""
LINKED = re.compile(r"!?\[(?:[^\[\]\\]|\\.)*\]\([^()\s]*\)|`[^`]*`|<[^>]*>|^#+ .*$|\*\*[^*\n]+\*\*", re.MULTILINE)
"""What holds no first use: links, code, markup, headings, and the bold words with which a paragraph opens."""


def defined(glossary: str) -> dict[str, str]:
    """Return the definition of each term that means one thing in any text: names, and terms of several words.

    A single word in small letters, as "star" or "cap", has other senses; its author links it.
    """
    return {
        word: definition
        for word, definition in words_in(glossary).items()
        if (" " in word or word != word.lower()) and word not in OTHER_SENSE and not definition.startswith(KIND)
    }


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    each = [
        rf"{re.escape(word)}s?" if word != word.lower() else rf"(?i:{re.escape(word)}s?)"
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(each)})(?![\w-])")


def _word_of(found: str, words: Mapping[str, str]) -> str:
    return next(word for form in (found, found.lower()) for word in (form, form.removesuffix("s")) if word in words)


def _uses(markdown: str, words: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Yield each use of a term in the running text of a page, with its place; what is linked already is none."""
    closed = [match.span() for match in LINKED.finditer(markdown)]
    found = [
        match
        for match in _pattern(tuple(words)).finditer(markdown)
        if words and not any(start < match.end() and match.start() < end for start, end in closed)
    ]
    if not found:
        return
    marked, last = [], 0
    for index, match in enumerate(found):
        marked += [markdown[last : match.start()], f"[{match[0]}]({MARK}{index})"]
        last = match.end()
    md = parser()
    for tokens, heading in inline_of(md.parse("".join([*marked, markdown[last:]])), md):
        for token in tokens:
            address = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
            if address.startswith(MARK) and not heading:
                match = found[int(address.removeprefix(MARK))]
                yield _word_of(match[0], words), match.start(), match.end()


def unlinked(parts: Sequence[str], glossary: str) -> list[tuple[str, int, int, int]]:
    """Return the first use of each term in a page that links it later or never.

    Parameters
    ----------
    parts : sequence of str
        The Markdown of the page in order, as the cells of a notebook.

    Returns
    -------
    list of (str, int, int, int)
        The term, the part, and where in the part its first use begins and ends.
    """
    words, slugs = defined(glossary), {term_slug(word): told for word, told in words_in(glossary).items()}
    linked: dict[str, tuple[int, int]] = {}
    for place, part in enumerate(parts):
        for link in links_in(part):
            target = parse_target(link.target, link.text)
            if isinstance(target, Term) and target.slug in slugs:
                linked.setdefault(slugs[target.slug], (place, link.start))
    first: dict[str, tuple[str, int, int, int]] = {}
    for place, part in enumerate(parts):
        for word, start, end in sorted(_uses(part, words), key=lambda use: use[1]):
            # A link further down comes too late for who reads from the top.
            if words[word] not in first and (words[word] not in linked or (place, start) < linked[words[word]]):
                first[words[word]] = (word, place, start, end)
    return list(first.values())


def with_terms(parts: Sequence[str], glossary: str) -> list[str]:
    """Return the parts of a page with a link at the first use of each term."""
    linked = list(parts)
    for word, place, start, end in sorted(unlinked(parts, glossary), key=lambda use: -use[2]):
        text = linked[place]
        linked[place] = f"{text[:start]}[{text[start:end]}](#term.{term_slug(word)}){text[end:]}"
    return linked


def empty_sections(parts: Sequence[str]) -> list[str]:
    """Return the headings of a page behind which no sentence stands before the next heading of any level.

    A heading that a deeper one follows at once is the title of a chapter part and counts with what it holds.
    """
    sections: list[tuple[str, int, bool]] = []
    for part in parts:
        tokens = parser().parse(part)
        for before, token in zip([None, *tokens], tokens, strict=False):
            if token.type != "inline":
                continue
            if before is not None and before.type == "heading_open":
                sections.append((token.content, int(before.tag[1]), False))
            elif sections and re.search(r"\w[^.?!]*[.?!]", token.content):
                sections[-1] = (*sections[-1][:2], True)
    return [
        title
        for index, (title, level, told) in enumerate(sections)
        if not told and not (index + 1 < len(sections) and sections[index + 1][1] > level)
    ]
