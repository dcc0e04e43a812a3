"""What the theme and its parts write in a way that keeps somebody out, or that HTML does not allow: mended in the page.

The written page is mended, by its text: no hook of Sphinx sees it whole. The sidebar and the index stand in templates
of which a copy would have to follow each version of the theme, the menu is made by a function of the theme that takes
no part of ours, and docutils, sphinx-design and MyST-NB write the rest by four translators. Tests read the mended
pages, so that another wording of the theme is seen.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from sphinx.application import Sphinx

from patient_capital.files import write_whole

SUMMARY = re.compile(r"(<summary\b[^>]*>)(.*?)(</summary>)", re.DOTALL)
PARAGRAPH = re.compile(r"<(/?)p\b")
TOGGLE = '<summary><span class="toctree-toggle"'
PARAMETERS = re.compile(r"<dl>\n((?:<dd><em class=\"sig-param\">.*?</dd>\n)+)</dl>")
LAYOUT = 'class="indextable genindextable">'
TABLE = re.compile(r"(<table\b(?![^>]*\brole=)[^>]*>)(?!\s*<caption\b)")
HEADING = re.compile(r"<h[1-6]\b[^>]*>(.*?)(?:<a class=\"headerlink\"|</h)", re.DOTALL)
LONG_NAMES = re.compile(
    r'<table\b[^>]*\bclass="indextable.*?</table>|<nav id="pst-page-toc-nav".*?</nav>|<h1>Source code for.*?</h1>',
    re.DOTALL,
)
"""Where names of code stand in narrow columns or large letters."""
TEXTS = re.compile(r"(?<=>)[^<>]+(?=<)")
JOINT = re.compile(r"(?<=\w)(?:\.|(?<!_)_)(?=[^\W_])")
TITLE = re.compile(r'(<p class="title logo__title">)\s*(</p>)')


def _heading(html: str, at: int) -> str:
    """Return the words of the heading above a place of a page."""
    above = list(HEADING.finditer(html, 0, at))
    return re.sub(r"<[^>]*>", "", above[-1][1]).strip() if above else ""


def mended(html: str, title: str) -> str:
    """Return a page with what keeps nobody out.

    The sidebar is a landmark; the link to the front page has a name where the page leaves the title of the book out; a
    work of the literature has no role that is given up; a summary holds words, no paragraphs, and that of a part of the
    contents has a name; the parameters of a signature are no list of definitions; columns of an index are no table; a
    table without a caption has one for those who hear, the heading that it stands under; a name of code goes on in the
    next line behind a joint.

    Parameters
    ----------
    title : str
        Title of the book.
    """
    html = html.replace(
        '<div id="pst-primary-sidebar" class="bd-sidebar-primary bd-sidebar">',
        '<div id="pst-primary-sidebar" class="bd-sidebar-primary bd-sidebar" role="complementary" aria-label="Sidebar">',
    )
    html = TITLE.sub(lambda found: f"{found[1]}{escape(title)}{found[2]}", html)
    html = html.replace(' role="doc-biblioentry"', "").replace(
        '<div role="list" class="citation-list">', '<div class="citation-list">'
    )
    html = html.replace(TOGGLE, TOGGLE.replace("<summary>", '<summary aria-label="Pages of this part">'))
    html = PARAMETERS.sub(
        lambda found: re.sub(r"<dd>(.*?)</dd>", r'<span class="pc-parameter">\1</span>', found[1]), html
    )
    html = html.replace(LAYOUT, LAYOUT.replace(">", ' role="presentation">'))
    html = TABLE.sub(
        lambda found: f'{found[1]}<caption class="pc-unseen">{_heading(html, found.start())}</caption>', html
    )
    html = LONG_NAMES.sub(lambda part: TEXTS.sub(lambda text: JOINT.sub(r"\g<0><wbr>", text[0]), part[0]), html)
    return SUMMARY.sub(lambda found: found[1] + PARAGRAPH.sub(r"<\1span", found[2]) + found[3], html)


def mend_pages(app: Sphinx, error: Exception | None) -> None:
    """Mend each page of the site, before the sheet is made of what the pages use."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        whole = mended(html, str(app.config.html_title))
        if whole != html:
            write_whole(page, whole)


def setup_reach(app: Sphinx) -> None:
    """Register the mending with Sphinx."""
    app.connect("build-finished", mend_pages, priority=850)
