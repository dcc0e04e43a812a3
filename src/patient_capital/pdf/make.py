"""The book as one PDF: the articles of the built site behind a cover and a table of contents, printed by Chromium."""

from __future__ import annotations

import mimetypes
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from patient_capital.book import contents, walk
from patient_capital.extras import needed_for
from patient_capital.files import write_whole
from patient_capital.formatting import human_date
from patient_capital.pdf.destinations import pages_of_places
from patient_capital.tables import book_data

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

HERE = Path(__file__).parent
NOWHERE = "http://book.invalid/"
"""Where the pages stand while they are printed, if the site has no address; nothing is ever asked of it."""

ARTICLE = re.compile(r'<article class="bd-article"[^>]*>(.*?)</article>', re.DOTALL)
CARD = re.compile(r'<span class="pc-pop"')
SPAN = re.compile(r"<(/?)span\b")
NARROW = re.compile(r'<div class="pc-(?:figure|explorer)__narrow"><svg.*?</svg></div>', re.DOTALL)
PRINTS = 4
"""Prints after which the numbers of the contents must agree with the pages."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the cover; each part may be empty but the title."""

    title: str
    about: str = ""
    author: str = ""
    edition: str = ""
    address: str = ""
    licence: str = ""

    def html(self) -> str:
        """Return the cover as HTML."""
        address = f'<a href="{escape(self.address)}">{escape(self.address)}</a>' if self.address else ""
        lines = "".join(f"<p>{text}</p>" for text in (escape(self.edition), address, escape(self.licence)) if text)
        return (
            f'<section class="pc-cover"><h1>{escape(self.title)}</h1><p class="pc-cover__about">{escape(self.about)}</p>'
            f'<p>{escape(self.author)}</p><div class="pc-cover__foot">{lines}</div></section>'
        )


Parts = Sequence[tuple[str, Sequence[str]]]
"""The caption of each part of the book, and its pages by their paths without suffix."""


def _entry(place: str, title: str, numbers: Mapping[str, int], below: str = "") -> str:
    # Three digits hold the place of a number that is not known yet, so that it moves no line.
    return f'<li><a href="#{escape(place)}"><span>{escape(title)}</span><i></i><b>{numbers.get(place, 888)}</b></a>{below}</li>'


def contents_html(parts: Parts, heads: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> str:
    """Return the table of contents.

    Parameters
    ----------
    heads : sequence of mapping
        Of each page its path, its title and its sections, as the document has them.
    numbers : mapping of str to int
        The page of each place, as far as it is known.
    """
    by_page = {head["page"]: head for head in heads}
    listed = []
    for caption, pages in parts:
        entries = []
        for page in pages:
            head = by_page[page]
            below = "".join(_entry(one["id"], one["title"], numbers) for one in head["sections"])
            entries.append(_entry(page, head["title"], numbers, f"<ol>{below}</ol>" if below else ""))
        listed.append((f"<h2>{escape(caption)}</h2>" if caption else "") + f"<ol>{''.join(entries)}</ol>")
    return f"<h1>Contents</h1>{''.join(listed)}"


def without_cards(html: str) -> str:
    """Return a page without the cards of its numbers and without its drawings for a phone: most of its weight."""
    kept, at = [], 0
    while card := CARD.search(html, at):
        kept.append(html[at : card.start()])
        depth, at = 0, card.start()
        while span := SPAN.search(html, at):
            depth += -1 if span[1] else 1
            at = html.index(">", span.start()) + 1
            if depth == 0:
                break
    return NARROW.sub("", "".join([*kept, html[at:]]))


def article_of(html: str, page: str) -> str:
    """Return the article of a page of the site, named as a part of the book.

    Raises
    ------
    ValueError
        If the page has none.
    """
    found = ARTICLE.search(html)
    if found is None:
        raise ValueError(f"{page}: the page has no article to print")
    return f'<article class="bd-article" id="{escape(page)}" data-page="{escape(page)}">{without_cards(found[1])}</article>'


def _running_heads(pages: Mapping[str, str]) -> str:
    """Return rules that print the title of each page of the site above its pages of paper; each begins on a new one."""
    rules = []
    for at, (page, html) in enumerate(pages.items()):
        found = re.search(r"<h1>(.*?)<a class=\"headerlink\"|<h1>(.*?)</h1>", html, re.DOTALL)
        title = unescape(re.sub(r"<[^>]+>", "", (found[1] or found[2]) if found else "")).strip().split(":")[0]
        words = title.replace("\\", "").replace('"', "”").replace("\n", " ").replace("<", "")
        rules.append(
            f'article[data-page="{page}"] {{ page: pc{at}; }} @page pc{at} {{ @top-right {{ content: "{words}"; '
            "font: 8pt sans-serif; color: #56606c; } }"
        )
    return "\n".join(rules)


def document(site: Path, cover: Cover, pages: Sequence[str]) -> str:
    """Return the pages of a built site as one document, in their order."""
    articles = {page: article_of((site / f"{page}.html").read_text(encoding="utf-8"), page) for page in pages}
    style = (HERE / "book.css").read_text(encoding="utf-8") + _running_heads(articles)
    return (
        '<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8">'
        f'<title>{escape(cover.title)}</title><link rel="stylesheet" href="/_static/site.css"><style>{style}</style></head>'
        f'<body class="pc-book">{cover.html()}<nav class="pc-contents" aria-label="Contents"></nav>{"".join(articles.values())}'
        "</body></html>"
    )


WIDTH = 665
"""Width in pixels of what a page of paper holds, as ``book.css`` has it."""

CUT = """() => [...document.querySelectorAll("article[data-page]")].flatMap(article => {
  const edge = article.getBoundingClientRect().right + 1;
  return [...article.querySelectorAll("table, svg, pre, img, math")].filter(node => node.getBoundingClientRect().right > edge)
    .map(node => `${article.dataset.page}: ${node.closest("[id]").id}`); })"""


def _serve(page: Page, root: str, site: Path, whole: str) -> str:
    """Let a page of the browser find the document and the files of the site, and nothing else; return its address."""
    place, base = f"{root}book.html", urlsplit(root).path

    def answer(route: Route) -> None:
        address = route.request.url.partition("?")[0]
        if address == place:
            route.fulfill(body=whole, content_type="text/html; charset=utf-8")
            return
        file = site / unquote(urlsplit(address).path).removeprefix(base).lstrip("/")
        if address.startswith(root) and file.is_file():
            route.fulfill(
                body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            )
        else:
            route.abort()

    page.route("**/*", answer)
    return place


def print_book(
    browser: Browser, site: Path, cover: Cover, parts: Parts, tell: Callable[[str], object] = lambda _: None
) -> bytes:
    """Print pages of a built site as one PDF.

    The contents are printed with the numbers of the print before, until these are right.

    Parameters
    ----------
    tell : callable
        Is told each table or drawing that is wider than the paper.

    Raises
    ------
    ValueError
        If they do not come to rest.
    """
    root = cover.address or NOWHERE
    pages = [page for _, listed in parts for page in listed]
    whole = document(site, cover, pages).replace('href="/_static/', f'href="{root}_static/')
    page = browser.new_page(viewport={"width": WIDTH, "height": 900})
    page.set_default_timeout(0)  # a slow machine takes its minutes
    page.emulate_media(media="print")
    try:
        page.goto(_serve(page, root, site, whole), wait_until="load")
        heads = page.evaluate(
            (HERE / "book.js").read_text(encoding="utf-8"), {"root": root, "address": cover.address, "pages": pages}
        )
        for place in page.evaluate(CUT):
            tell(f"wider than the paper: {place}")
        numbers: dict[str, int] = {}
        for _ in range(PRINTS):
            page.evaluate(
                "html => { document.querySelector('.pc-contents').innerHTML = html; }",
                contents_html(parts, heads, numbers),
            )
            printed = page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
            before, numbers = numbers, pages_of_places(printed)
            if before == numbers:
                return printed
    finally:
        page.close()
    raise ValueError("the page numbers of the contents do not come to rest")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the system, or the one that the variable ``CHROMIUM`` names.

    Raises
    ------
    ValueError
        If there is none.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # of an extra

    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if program is None:
        raise ValueError("make pdf needs Chromium: install it, or name it in the variable CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


WRITTEN = "国资"
"""Two Chinese characters that no font draws alike, unless it draws an empty box for each."""

ALIKE = """text => { const [one, other] = [...text].map(letter => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 }), pen = canvas.getContext("2d");
  pen.font = "30px sans-serif"; pen.fillText(letter, 2, 32); return canvas.toDataURL(); }); return one === other; }"""


def lacks_chinese(browser: Browser) -> bool:
    """Say whether no font of this machine has Chinese characters, so that they are printed as empty boxes."""
    page = browser.new_page()
    try:
        return bool(page.evaluate(ALIKE, WRITTEN))
    finally:
        page.close()


def parts_of(root: Path) -> list[tuple[str, list[str]]]:
    """Return the parts of the book as ``_toc.yml`` has them; the first page stands before all parts."""
    told = contents(root)
    named = [(str(part.get("caption", "")), walk(part)) for part in told.get("parts", [])]
    return [("", walk({"root": told["root"]})), *named]


def cover_of(root: Path) -> Cover:
    """Return the cover: what the configuration and the data package say of the book."""
    import yaml  # noqa: PLC0415  # of an extra

    from patient_capital.sphinxext.site import site_of  # noqa: PLC0415  # of an extra

    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = book_data().package
    about = str(project["description"]).removeprefix(config["title"]).lstrip(": ")
    return Cover(
        title=config["title"],
        about=about[:1].upper() + about[1:],
        author=config["author"],
        edition=f"Edition {package.version} of {human_date(package.edition)}",
        address=site_of(config["sphinx"]["config"].get("site", {})).address,
        licence="Text, figures and tables: CC BY 4.0; code: MIT",
    )


def write_pdf(root: Path, tell: Callable[[str], object]) -> Path:
    """Print the built site of a project to ``_build/book.pdf`` and return its path."""
    with needed_for("make pdf needs", "dev"), chromium() as browser:
        if lacks_chinese(browser):
            tell("no font here has Chinese characters: they are printed as empty boxes (Debian: fonts-noto-cjk)")
        printed = print_book(browser, root / "_build" / "html", cover_of(root), parts_of(root), tell)
    return write_whole(root / "_build" / "book.pdf", printed)
