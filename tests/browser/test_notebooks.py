"""The chapters as other viewers show them: nbconvert's HTML, without the book's style and without its scripts."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from PIL import Image

from patient_capital.ledger import read_pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("notebooks")]

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
PAGES = {page.name: page for page in read_pages()}
NAMES = sorted(path.stem for path in CHAPTERS.glob("*.ipynb"))
LEFT_OVER = re.compile(r"\{[a-z:]+\}`|:::|```|\]\(#|\[\?\]|\{\{|\}\}")
"""What a viewer shows raw where it does not understand it: roles, fences, links to numbers, substitutions."""


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nbconvert")
    # Nothing is fetched: what the page would load from elsewhere is not needed to show it.
    exporter = HTMLExporter(mathjax_url="", require_js_url="", mermaid_js_url="", jquery_url="")
    for name in NAMES:
        html, _ = exporter.from_notebook_node(nbformat.read(CHAPTERS / f"{name}.ipynb", as_version=4))
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.fixture
def opened(chromium, converted):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.route(re.compile("^https?://"), lambda route: route.abort())

    def go(name):
        page.goto((converted / f"{name}.html").as_uri())
        return page

    yield go
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_no_role_fence_or_brace_is_shown(opened, name):
    page = opened(name)
    texts = page.locator(".jp-RenderedMarkdown").evaluate_all(
        "nodes => nodes.map(n => { const c = n.cloneNode(true); c.querySelectorAll('code').forEach(x => x.remove());"
        " return c.textContent; })"
    )
    assert texts
    # Formulas keep their braces: without its script nbconvert shows their source.
    shown = [re.sub(r"\$[^$]+\$", "", text) for text in texts]
    assert [text for text in shown if LEFT_OVER.search(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_and_explorer_is_a_picture_in_colour_once(opened, name):
    page = opened(name)
    images = page.locator(".jp-OutputArea-output img").evaluate_all(
        "nodes => nodes.map(n => ({src: n.src, alt: n.alt, wide: n.naturalWidth, shown: n.getBoundingClientRect().width}))"
    )
    assert len(images) == len(PAGES[name].figures) + len(PAGES[name].explorers)
    for image in images:
        assert image["wide"] == 2 * image["shown"] > 0
        assert len(image["alt"]) > 40
        picture = Image.open(io.BytesIO(base64.b64decode(image["src"].partition(",")[2]))).convert("RGB")
        colours, counts = np.unique(np.asarray(picture).reshape(-1, 3), axis=0, return_counts=True)
        assert len(colours) > 15
        assert counts.max() < 0.98 * counts.sum(), image["alt"]
    assert page.locator(".jp-OutputArea-output svg").count() == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_there_with_its_rows(opened, name):
    page = opened(name)
    tables = page.locator(".jp-OutputArea-output table")
    assert tables.count() == len(PAGES[name].listings)
    for rows in tables.evaluate_all("nodes => nodes.map(n => n.tBodies[0].rows.length)"):
        assert rows > 1


@pytest.mark.parametrize("name", NAMES)
def test_no_output_is_an_error_or_a_bare_representation(opened, name):
    page = opened(name)
    text = "\n".join(page.locator(".jp-OutputArea-output").all_text_contents())
    assert "Traceback" not in text
    assert not re.search(r"<[a-zA-Z_.]+ (?:object )?at 0x|Figure\(name=|Listing\(title=", text)
