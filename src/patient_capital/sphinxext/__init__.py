"""The Sphinx extension of the book: numbers with an origin, listings, explorers, downloads, nothing foreign."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from patient_capital.sphinxext.assets import add_static, keep_local, share_contents, write_downloads
from patient_capital.sphinxext.beside import setup_beside
from patient_capital.sphinxext.bundles import setup_bundles
from patient_capital.sphinxext.code import setup_code
from patient_capital.sphinxext.documents import setup_documents
from patient_capital.sphinxext.dress import setup_dress
from patient_capital.sphinxext.entries import setup_entries
from patient_capital.sphinxext.explorer import setup_explorers
from patient_capital.sphinxext.front import setup_front
from patient_capital.sphinxext.head import setup_head
from patient_capital.sphinxext.kept import setup_kept
from patient_capital.sphinxext.light import setup_light
from patient_capital.sphinxext.linked_data import setup_linked_data
from patient_capital.sphinxext.listing import setup_listings
from patient_capital.sphinxext.mathml import setup_mathml
from patient_capital.sphinxext.numbers import setup_numbers
from patient_capital.sphinxext.outputs import put_outputs
from patient_capital.sphinxext.policy import setup_policy
from patient_capital.sphinxext.reach import setup_reach
from patient_capital.sphinxext.search import setup_search
from patient_capital.sphinxext.share import setup_share
from patient_capital.sphinxext.site import setup_site
from patient_capital.sphinxext.source import setup_source


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    setup_site(app)
    setup_search(app)
    setup_numbers(app)
    setup_documents(app)
    setup_dress(app)
    setup_listings(app)
    setup_beside(app)
    setup_entries(app)
    setup_explorers(app)
    setup_code(app)
    setup_mathml(app)
    setup_source(app)
    setup_kept(app)
    setup_head(app)
    setup_front(app)
    setup_share(app)
    setup_linked_data(app)
    setup_bundles(app)
    setup_reach(app)
    setup_light(app)
    setup_policy(app)
    app.connect("builder-inited", add_static)
    app.connect("html-page-context", keep_local, priority=900)
    app.connect("html-page-context", share_contents, priority=100)  # before the theme writes it
    app.connect("source-read", put_outputs)
    app.connect("build-finished", write_downloads)
    app.add_css_file("pc.css", priority=900)
    app.add_css_file("pc-print.css", priority=901)
    app.add_css_file("pc-reach.css", priority=902)
    for script in ("pc-theme.js", "pc.js", "pc-table.js"):
        app.add_js_file(script, loading_method="defer", priority=900)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
