"""What a page says of itself to machines: description, cards for sharing, how it is cited; and to readers, how to cite it."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from patient_capital.sphinxext.site import Edition, Site, edition, relative, site

LEAST, MOST = 50, 200
"""Characters of a description: paragraphs are taken until there are so many, and whole sentences while they fit."""

FRONT = "index"
HIDDEN = ("search",)
"""Pages that no search engine should list."""

LACKING = """
{
  for (const store of ["localStorage", "sessionStorage"]) {
    let kept = null;
    try { kept = window[store]; kept.setItem("pc", ""); kept.removeItem("pc"); } catch {
      const getItem = (name) => { try { return kept.getItem(name); } catch { return null; } };
      Object.defineProperty(window, store, { value: { getItem, setItem() {} } });
    }
  }
  class Watch {
    constructor(tell) { this.tell = tell; }
    observe(target) { setTimeout(() => this.tell([{ target, isIntersecting: true, boundingClientRect: target.getBoundingClientRect() }], this)); }
    unobserve() {}
    disconnect() {}
  }
  window.IntersectionObserver ||= Watch;
  window.ResizeObserver ||= class extends Watch {
    observe() { addEventListener("resize", this.tell); }
    disconnect() { removeEventListener("resize", this.tell); }
  };
}
"""
"""Script before all others: what a browser lacks or refuses.

A choice that cannot be kept lasts as long as the page; what cannot be watched counts as near, and changes its size with the
window.
"""

THEME = f"""{LACKING}
// Light or dark: as the reader has chosen on the site, or as the device has it.
document.documentElement.dataset.theme = localStorage.getItem("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
"""
"""Script of a page that stands without the theme."""

NOT_TEXT = (nodes.definition_list, nodes.table, nodes.footnote, nodes.citation, nodes.field_list)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def bounded(text: str) -> str:
    """Return the first sentences of a text that fit; where they say too little, its first words."""
    taken = ""
    for sentence in SENTENCE_END.split(text):
        longer = f"{taken} {sentence}".strip()
        if len(longer) > MOST:
            break
        taken = longer
    if len(taken) >= min(LEAST, len(text)):
        return re.sub(r":$", ".", taken)
    return text[: MOST - 2].rsplit(" ", 1)[0].rstrip(",;: ") + " …"


def described(doctree: nodes.document, book: str = "") -> str:
    """Return the description of a page from its first paragraphs, without the name of the book; empty where it opens with none."""
    text = ""
    for paragraph in doctree.findall(nodes.paragraph):
        above, inside = paragraph.parent, False
        while above is not None and not inside:
            above, inside = above.parent, isinstance(above, NOT_TEXT)
        if not inside:
            # What the page writes as HTML, as a link to a file, is no text.
            words = "".join(
                str(part) for part in paragraph.findall(nodes.Text) if not isinstance(part.parent, nodes.raw)
            )
            text = f"{text} {' '.join(words.split())}".strip().removeprefix(f"{book}. ")
        if len(text) >= LEAST:
            break
    return bounded(text) if text else ""


def describe(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the description of each page when it is read: of its front matter, or of its first paragraphs."""
    about = app.env.metadata[app.env.docname]
    title = next(iter(doctree.findall(nodes.title)), nodes.title()).astext()
    about["pc-description"] = (
        about.get("description") or described(doctree, edition(app).title) or f"{title}. {edition(app).full_title}."
    )


def description_of(app: Sphinx, page: str) -> str:
    """Return the description of a page of the book; the front door has that of the first page."""
    return str(app.env.metadata[app.config.root_doc if page == FRONT else page].get("pc-description", ""))


LONGEST_TITLE = 70
"""Letters of a title after which the name of the book would be cut off."""


def title_of(app: Sphinx, page: str) -> str:
    """Return the title of a page; of the front door, that of the book."""
    return edition(app).full_title if page == FRONT else app.env.titles[page].astext()


def picture_of(page: str) -> str:
    """Return where the picture of a page for sharing stands."""
    return f"share/{page.rpartition('/')[2]}.png"


def address_of(told: Site, page: str) -> str:
    """Return where a page stands for others, the front door at the address of the site; nothing where that is not known."""
    return told.url("" if page == FRONT else f"{page}.html")


def cited(one: Edition, title: str, url: str) -> str:
    """Return how a page is cited, as text; `title` is empty for the whole."""
    part = f"“{title}”, in: " if title else ""
    stands = f" {url}" if url else ""
    return f"{one.author} ({one.day[:4]}): {part}{one.full_title}. Edition {one.version} of {one.human_day}.{stands}"


def bibtex(one: Edition, title: str, url: str) -> str:
    """Return how a page is cited, as an entry for BibTeX; `title` is empty for the whole."""
    slug = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    fields = {
        "author": f"{{{one.author}}}",
        "title": f"{{{title or one.full_title}}}",
        "year": one.day[:4],
        "month": one.day[5:7].lstrip("0"),
        "note": (f"In: {one.full_title}. " if title else "") + f"Edition {one.version} of {one.human_day}",
    } | ({"url": url} if url else {})
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{'_'.join(part for part in ('patient_capital', one.version, slug) if part)},\n{body}\n}}"


def cite_html(one: Edition, title: str, url: str, told: Site) -> str:
    """Return the block at the foot of a page that says how to cite it and, where that is set, who answers for it."""
    who = ""
    if told.publisher:
        who += f"<p>{escape(told.publisher)} answers for this site.</p>"
    if told.contact:
        target = told.contact if "://" in told.contact else f"mailto:{told.contact}"
        who += f'<p>Contact: <a href="{escape(target)}" rel="noopener">{escape(told.contact)}</a></p>'
    return (
        f'<details class="pc-cite"><summary>Cite this {"page" if title else "report"}</summary>'
        f"<p>{escape(cited(one, title, url))}</p><pre>{escape(bibtex(one, title, url))}</pre></details>{who}"
    )


def _meta(kind: str, pairs: dict[str, str]) -> list[str]:
    return [f'<meta {kind}="{name}" content="{escape(value)}" />' for name, value in pairs.items() if value]


def shared(one: Edition, told: Site, page: str, title: str, words: str, picture_from: str) -> list[str]:
    """Return the tags that say what a shared link to a page shows.

    Parameters
    ----------
    picture_from : str
        The page whose picture is shown; not every page has one of its own.
    """
    path = f"{page}.html"
    picture = told.link(picture_of(picture_from), path)
    tags = _meta("name", {"description": words, "author": one.author})
    tags += _meta(
        "property",
        {
            "og:type": "website" if page == FRONT else "article",
            "og:site_name": one.title,
            "og:title": title,
            "og:description": words,
            "og:url": address_of(told, page),
            "og:image": picture,
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": f"{title if picture_from == page else one.full_title}. Edition {one.version} of {one.human_day}",
        },
    )
    return tags + _meta(
        "name",
        {
            "twitter:card": "summary_large_image",
            "twitter:title": title,
            "twitter:description": words,
            "twitter:image": picture,
        },
    )


def head_html(app: Sphinx, page: str) -> str:
    """Return the tags of a page of the book, or of the front door."""
    one, told = edition(app), site(app)
    title, words, path = title_of(app, page), description_of(app, page), f"{page}.html"
    tags = shared(one, told, page, title, words, page)
    tags += _meta(
        "name",
        {
            "citation_title": title,
            "citation_author": one.author,
            "citation_publication_date": one.day.replace("-", "/"),
            "citation_inbook_title": "" if page == FRONT else one.full_title,
            "citation_language": "en",
            "citation_public_url": address_of(told, page),
        },
    )
    tags.append(
        f'<link rel="alternate" type="application/atom+xml" title="Editions and corrections" '
        f'href="{escape(told.link("feed.xml", path))}" />'
    )
    tags.append(f'<link rel="icon" sizes="32x32" href="{relative("favicon.ico", path)}" />')
    return "\n  ".join(tags)


def add_head(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Put the tags in the head of a page, and how to cite it at its foot; name the viewport once."""
    # docutils names the viewport too; the theme's frame does so already.
    context["metatags"] = re.sub(r'\s*<meta name="viewport"[^>]*>', "", context.get("metatags") or "")
    context["pc_head"] = '<meta name="robots" content="noindex" />' if pagename in HIDDEN else ""
    if about := context.get("pc_about"):
        context["pc_head"] = "".join(shared(edition(app), site(app), pagename, context["title"], bounded(about), FRONT))
    if pagename not in app.env.found_docs and pagename != FRONT:
        return
    one, told = edition(app), site(app)
    context["pc_head"] = head_html(app, pagename)
    title, address = "" if pagename == FRONT else title_of(app, pagename), address_of(told, pagename)
    context["pageurl"] = address or None
    if pagename == FRONT or len(title) > LONGEST_TITLE:
        context["docstitle"] = ""  # the title is that of the book already, or fills the line of a search engine
    context["body"] += cite_html(one, title, address, told)


def setup_head(app: Sphinx) -> None:
    """Register everything with Sphinx."""
    app.connect("doctree-read", describe)
    app.connect("html-page-context", add_head)
