"""The Sphinx extension of the book: numbers with an origin, listings, explorers, downloads, nothing foreign."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from patient_capital.sphinxext.assets import add_static, keep_local, share_contents, write_downloads
from patient_capital.sphinxext.code import setup_code
from patient_capital.sphinxext.dress import setup_dress
from patient_capital.sphinxext.explorer import setup_explorers
from patient_capital.sphinxext.kept import setup_kept
from patient_capital.sphinxext.listing import setup_listings
from patient_capital.sphinxext.mathml import setup_mathml
from patient_capital.sphinxext.numbers import setup_numbers
from patient_capital.sphinxext.outputs import put_outputs
from patient_capital.sphinxext.source import setup_source


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    setup_numbers(app)
    setup_dress(app)
    setup_listings(app)
    setup_explorers(app)
    setup_code(app)
    setup_mathml(app)
    setup_source(app)
    setup_kept(app)
    app.connect("builder-inited", add_static)
    app.connect("html-page-context", keep_local, priority=900)
    app.connect("html-page-context", share_contents, priority=100)  # before the theme writes it
    app.connect("source-read", put_outputs)
    app.connect("build-finished", write_downloads)
    app.add_css_file("pc.css", priority=900)
    app.add_js_file("pc.js", loading_method="defer", priority=900)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
