"""Links to numbers, works and terms on the site: a number with its card, a citation, a term with its definition."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex.citation_target import CitationTarget
from sphinxcontrib.bibtex.roles import CitationRef

from patient_capital.naming import one_line, unknown
from patient_capital.provenance.links import terms_in
from patient_capital.provenance.printing import cited, printed
from patient_capital.provenance.registry import number
from patient_capital.provenance.syntax import Cite, Term, Use, parse_target, term_slug
from patient_capital.sphinxext.popover import number_html, term_html
from patient_capital.tables import book_data

LEDGER_PAGE = "chapters/ledger"
GLOSSARY_PAGE = "chapters/glossary"


class SourcedNumber(nodes.Inline, nodes.TextElement):
    """A number in running text; its child is the printed text, so that the search finds it."""


class TermLink(nodes.Inline, nodes.TextElement):
    """A link to a term of the glossary."""


def root_from(page: str) -> str:
    """Return the address of the root of the site, as a page names it."""
    return "../" * page.count("/")


def note_places(app: Sphinx, doctree: nodes.document) -> None:
    """Give each number of a text an id, and keep where each stands, so that the ledger leads to it."""
    places: dict[str, list[str]] = {}
    for count, node in enumerate(doctree.findall(SourcedNumber), start=1):
        node["at"] = f"at-{count}"
        places.setdefault(node["ref"], []).append(node["at"])
    app.env.metadata[app.env.docname]["pc-places"] = places


@cache
def terms(glossary: str) -> dict[str, str]:
    """Return the definitions of the glossary at a path, by the slug of the term."""
    return terms_in(Path(glossary).read_text(encoding="utf-8"))


def _in_brackets(link: nodes.Element) -> bool:
    """Say whether a link stands between brackets of its sentence."""
    before = "".join(part.astext() for part in link.parent.children[: link.parent.index(link)])
    return before.count("(") > before.count(")")


class NumberLinks(SphinxTransform):
    """Put numbers, citations and terms in the place of links, before MyST looks for anchors of these names."""

    default_priority = 210

    def apply(self, **kwargs: Any) -> None:
        """Replace each link; a wrong reference or a false claim is an error of the build that names page and line."""
        for link in list(self.document.findall(nodes.reference)):
            address = str(link.get("refuri", ""))
            if not link.get("id_link") or not address.startswith("#"):
                continue
            try:
                target = parse_target(address[1:], link.astext().replace("\n", " "))
                if target is not None:
                    link.replace_self(self._node(target, link))
            except (KeyError, ValueError, TypeError) as error:
                text = f"[{link.astext()}]({address})"
                # The report is an error of the build; on the page the link is marked where it stands.
                self.document.reporter.error(f"{text}: {one_line(error)}", base_node=link)
                link.replace_self(nodes.problematic(text, text))
        if self.env.docname == GLOSSARY_PAGE:
            self._name_terms()

    def _node(self, target: Use | Cite | Term, link: nodes.reference) -> nodes.Element:
        # A text that runs over two lines is several of these nodes.
        if not all(isinstance(child, nodes.Text) for child in link.children):
            raise ValueError("the text of this link must be plain, without emphasis or code")
        if isinstance(link.parent, nodes.title) and isinstance(link.parent.parent, nodes.section):
            raise ValueError("a heading holds no such link: it would change titles and anchors on other pages")
        if isinstance(target, Use):
            text = printed(target)
            if not text.strip("? "):
                raise ValueError("a claim needs words of its own between the brackets")
            return SourcedNumber("", "", nodes.Text(text), ref=target.ref)
        return self._citation(target, link) if isinstance(target, Cite) else self._term(target, link.astext())

    def _citation(self, cite: Cite, link: nodes.reference) -> nodes.Element:
        """Return what the role of sphinxcontrib.bibtex inserts, so that its list links back."""
        text = cited(cite, book_data())
        role = "alp" if _in_brackets(link) else "t"
        shown = nodes.inline("", text, classes=["xref", "cite", f"cite-{role}"])
        address = {"refdomain": "cite", "reftype": role, "reftarget": cite.key, "refdoc": self.env.docname}
        node = pending_xref("", shown, refexplicit=False, refwarn=True, **address)
        self.document.note_explicit_target(node, node)
        self.env.get_domain("cite").citation_refs.append(  # type: ignore[attr-defined]  # of the domain of sphinxcontrib-bibtex
            CitationRef(
                citation_ref_id=node["ids"][0],
                docname=self.env.docname,
                line=link.line or 0,
                targets=[CitationTarget(key=cite.key, pre="", post="")],
            )
        )
        return node

    def _term(self, term: Term, text: str) -> nodes.Element:
        if GLOSSARY_PAGE not in self.env.found_docs:
            raise KeyError(f"the glossary is not among the pages of this book: add {GLOSSARY_PAGE} to _toc.yml")
        known = terms(str(Path(self.env.srcdir) / f"{GLOSSARY_PAGE}.md"))
        if term.slug not in known:
            raise unknown("term of the glossary", term.slug, known)
        if not text.strip("? "):
            raise ValueError("a term needs words of its own between the brackets")
        return TermLink("", "", nodes.Text(text), slug=term.slug)

    def _name_terms(self) -> None:
        for term in self.document.findall(nodes.term):
            term["ids"] += [f"term-{term_slug(word)}" for word in term.astext().split(", ")]


def visit_number(self: HTML5Translator, node: SourcedNumber) -> None:
    """Write the text; its card stands beside the page."""
    html = number_html(number(node["ref"]), node.astext(), root_from(self.builder.current_docname))
    self.body.append(html.replace("<span", f'<span id="{node["at"]}"', 1) if "at" in node else html)
    raise nodes.SkipNode


def visit_term(self: HTML5Translator, node: TermLink) -> None:
    """Write a link to the glossary."""
    glossary = self.builder.get_relative_uri(self.builder.current_docname, GLOSSARY_PAGE)
    self.body.append(term_html(node["slug"], node.astext(), glossary))
    raise nodes.SkipNode


def visit_text_only(self: Any, node: nodes.Element) -> None:
    """Other builders write the text alone."""


def depart_text_only(self: Any, node: nodes.Element) -> None:
    """Nothing to close."""


def setup_numbers(app: Sphinx) -> None:
    """Register transform and nodes."""
    text_only = (visit_text_only, depart_text_only)
    app.add_node(SourcedNumber, html=(visit_number, depart_text_only), latex=text_only, text=text_only)
    app.add_node(TermLink, html=(visit_term, depart_text_only), latex=text_only, text=text_only)
    app.add_transform(NumberLinks)
    app.connect("doctree-read", note_places)
