"""The directive ``explorer``: a figure whose parameters the reader moves; without scripts and on paper, a drawing."""

from __future__ import annotations

import json
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from patient_capital.explorers import Control, Explorer, load_explorers
from patient_capital.explorers.drawing import static_svg
from patient_capital.figures.record import sources_html
from patient_capital.markup import in_html
from patient_capital.naming import one_line
from patient_capital.sphinxext.popover import stamped
from patient_capital.tables import book_data

EXPLORER_JS = "pc-explorer.js"


class ExplorerNode(nodes.General, nodes.Element):
    """Place of an explorer in a page."""


class ExplorerDirective(SphinxDirective):
    """Show an explorer by its name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the node, or an error that names the explorers there are."""
        name = self.arguments[0]
        try:
            load_explorers()[name]
        except KeyError as error:
            raise self.error(one_line(error)) from None
        return [ExplorerNode(explorer=name)]


def _slider(ident: str, last: int, start: int, text: str, data: str) -> str:
    # Without autocomplete="off" a browser may come back with a moved slider and a drawing that was not.
    return (
        f'<input type="range" id="{ident}" min="0" max="{last}" step="1" value="{start}" autocomplete="off" '
        f'aria-valuetext="{escape(text)}" {data}>'
    )


def _control_html(control: Control, slug: str) -> str:
    ident = f"{slug}-{control.id}"
    text = control.texts[control.start]
    assumed = ' <span class="pc-explorer__assumed">assumed</span>' if control.assumed else ""
    low, high = control.low_label or control.texts[0], control.high_label or control.texts[-1]
    return (
        f'<div class="pc-explorer__control"><div class="pc-explorer__head"><label for="{ident}">{in_html(control.label)}'
        f'{assumed}</label><output for="{ident}" aria-live="off">{in_html(text)}</output></div>'
        + _slider(ident, len(control.values) - 1, control.start, text, f'data-control="{escape(control.id)}"')
        + f'<div class="pc-explorer__ends" aria-hidden="true"><span>{in_html(low)}</span>'
        + f"<span>{in_html(high)}</span></div></div>"
    )


def _verdict_html(explorer: Explorer, live: str) -> str:
    """Return the verdict and what doubt does to it; the other sentences stand apart, so that these two stay in sight."""
    first, *rest = explorer.at(explorer.start).sentences
    told = f"<strong>{in_html(first)}</strong> <span>{in_html(rest[0] if rest else '')}</span>"
    return f'<p class="pc-explorer__verdict"{live}>{told}</p>'


def _rest_html(explorer: Explorer) -> str:
    return f'<p class="pc-explorer__rest">{in_html(" ".join(explorer.at(explorer.start).sentences[2:]))}</p>'


def _foot_html(explorer: Explorer, downloads: str) -> str:
    notes = "".join(
        f"<li><strong>{in_html(c.label)}{' (assumed)' if c.assumed else ''}:</strong> {in_html(c.note)}</li>"
        for c in explorer.controls
    )
    foot = f"<p>{in_html(explorer.note)}</p>" if explorer.note else ""
    if notes:
        foot += f"<details><summary>Where the ranges of the sliders come from</summary><ul>{notes}</ul></details>"
    if explorer.sources:
        foot += sources_html(explorer.sources)
    address = f"{escape(downloads)}/{explorer.slug}.csv"
    return f'{foot}<p><a href="{address}" download>Download every point of the grid (CSV)</a></p>'


def data_script(explorer: Explorer) -> str:
    """Return the script that holds the numbers of an explorer, for a page that loads them when they are needed."""
    return f"pcExplorer({json.dumps(explorer.slug)}, {explorer.json()});\n"


def explorer_html(explorer: Explorer, downloads: str, *, beside: bool = False) -> str:
    """Return an explorer as HTML.

    Parameters
    ----------
    downloads : str
        Address of the folder of CSV files, relative to the page.
    beside : bool
        Whether the numbers stand in a script there, and not in the page.
    """
    slug = explorer.slug
    data, told = f'<script type="application/json">{explorer.json()}</script>', ""
    if beside:
        data, told = "", f' data-explorer="{stamped(f"{downloads}/{slug}.js", data_script(explorer))}"'
    read = f"{slug}-read"
    settings = "; ".join(
        f"{c.label[0].lower()}{c.label[1:]} {text}"
        for c, text in zip(explorer.controls, explorer.at(explorer.start).settings, strict=True)
    )
    drawn = f'<p class="pc-explorer__settings">Drawn at: {in_html(settings)}.</p>' if settings else ""
    x_text = explorer.x_texts[explorer.read_start]
    reader = (
        f'<div class="pc-explorer__read">{_slider(read, len(explorer.x_values) - 1, explorer.read_start, x_text, "data-read")}'
        f'<label for="{read}">{in_html(explorer.words["reader"])}</label> '
        f'<output for="{read}" aria-live="off"></output></div>'
    )
    controls = "".join(_control_html(control, slug) for control in explorer.controls)
    legend = (
        f'<legend>Move the assumptions</legend><div class="pc-explorer__controls">{controls}</div>' if controls else ""
    )
    return (
        f'<figure class="pc-explorer{" pc-explorer--track" if explorer.track else ""}" id="{slug}"{told} aria-label="{escape(explorer.title)}">'
        f'<p class="pc-explorer__title">{in_html(explorer.title)}</p>'
        f'<p class="pc-explorer__subtitle">{in_html(explorer.subtitle)}</p>'
        # For readers without scripts, and for paper.
        f'<div class="pc-explorer__static"><div role="img" aria-label="{escape(explorer.alt)}">'
        f'<div class="pc-explorer__wide">{static_svg(explorer, wide=True)}</div>'
        f'<div class="pc-explorer__narrow">{static_svg(explorer, wide=False)}</div></div>'
        f"{_verdict_html(explorer, '')}{_rest_html(explorer)}{drawn}</div>"
        # For all others; the script fills it. Verdict and drawing stay in sight while sliders move.
        '<div class="pc-explorer__live"><div class="pc-explorer__stage">'
        + _verdict_html(explorer, ' aria-live="polite" aria-atomic="true"')
        + f'<div class="pc-explorer__plot"></div></div>{reader}{_rest_html(explorer)}<fieldset>{legend}'
        '<button type="button" class="pc-explorer__back">Back to the start</button></fieldset>'
        f"{data}</div><figcaption>{_foot_html(explorer, downloads)}</figcaption></figure>"
    )


def fill_explorers(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write explorers once every page is known."""
    for node in list(doctree.findall(ExplorerNode)):
        downloads = "../" * docname.count("/") + "figures"
        html = explorer_html(load_explorers()[node["explorer"]].of(book_data()), downloads, beside=True)
        node.replace_self(nodes.raw("", html, format="html"))


def setup_explorers(app: Sphinx) -> None:
    """Register the directive."""
    app.add_node(ExplorerNode)
    app.add_directive("explorer", ExplorerDirective)
    app.connect("doctree-resolved", fill_explorers)
