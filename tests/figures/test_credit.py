"""A picture that is taken away says what it finds and where it comes from, to those who see it and to programs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from patient_capital.figures import load_figures
from patient_capital.figures.chart import MAY_EXIST, OF_A_MODEL
from patient_capital.figures.credit import LICENCE, STARRED, Credit, Imprint
from patient_capital.figures.style import WIDE_PX, draw_png, draw_svg

IMPRINT = Imprint("A report", "0.3.0", "2026-11-26", "The authors", "https://example.org/r/chapters/funds.html#fig-x")
SVG, DC = "{http://www.w3.org/2000/svg}", "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def yuan(book):
    return load_figures()["overview.one_yuan"].of(book)


def credit_of(figure):
    return Credit(figure.title, figure.subtitle, figure.must, figure.alt, figure.sources, IMPRINT)


def test_an_svg_says_where_it_comes_from_below_the_drawing_and_in_the_file(yuan, tmp_path):
    yuan.save(tmp_path / "a.svg", IMPRINT)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()  # noqa: S314  # our own drawing
    told = {name: [one.text for one in root.iter(f"{DC}{name}")] for name in ("date", "identifier", "description")}
    assert told == {"date": ["2026-11-26"], "identifier": [IMPRINT.url], "description": [yuan.alt]}
    titles = [one.text for one in root.iter(f"{DC}title")]
    assert titles[0] == yuan.title == root.find(f"{SVG}title").text
    assert {"The authors", f"CC BY 4.0, {LICENCE}"} <= set(titles)
    [source] = [one.text for one in root.iter(f"{DC}source")]
    assert source.startswith("A report, edition 0.3.0 of 26 November 2026")
    assert all(one.url in source and one.title in source for one in yuan.sources)
    seen = " ".join(one.text for one in root.iter(f"{SVG}text"))
    for words in (
        yuan.title,
        f"Sources: {yuan.sources[0].publisher}",
        "edition 0.3.0 of 26 November 2026, CC BY 4.0.",
        IMPRINT.url,
    ):
        assert words in seen
    first = (tmp_path / "a.svg").read_bytes()
    yuan.save(tmp_path / "a.svg", IMPRINT)
    assert (tmp_path / "a.svg").read_bytes() == first


def test_a_png_says_the_same_in_its_text_and_keeps_the_drawing(yuan, tmp_path):
    yuan.save(tmp_path / "a.png", IMPRINT)
    credit = credit_of(yuan)
    with Image.open(tmp_path / "a.png") as picture, Image.open(io.BytesIO(yuan.png)) as drawn:
        assert picture.info["Title"] == yuan.title
        assert picture.info["Author"] == "The authors"
        assert picture.info["Source"] == credit.source
        assert LICENCE in picture.info["Copyright"]
        assert picture.width == drawn.width
        assert picture.height > drawn.height
    assert credit.png(yuan.png) == (tmp_path / "a.png").read_bytes()
    assert credit.png(yuan.png) != replace(credit, title="Other").png(yuan.png)


def test_the_page_and_the_notebook_show_the_drawing_alone(yuan):
    assert yuan.png == draw_png(yuan.draw, yuan.shown_legend)
    assert yuan.wide == draw_svg(yuan.name, yuan.draw, wide=True)
    assert "edition" not in yuan.html()


def test_a_changed_figure_is_not_of_the_report(yuan, tmp_path):
    changed = replace(yuan, changed=True)
    for suffix in (".svg", ".png"):
        changed.save(tmp_path / f"a{suffix}", IMPRINT)
    assert (tmp_path / "a.png").read_bytes() == changed.png
    told = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "metadata" not in told
    assert "A report" not in told


def test_what_is_not_known_is_not_said(yuan):
    bare = replace(credit_of(yuan), sources=(), imprint=Imprint("A report", "0.3.0", "2026-11-26"))
    assert not any("Sources" in line for line, _ in bare.lines)
    assert "creator" not in bare.rdf()
    assert "identifier" not in bare.rdf()
    starless = replace(bare, title="A finding", subtitle="In percent.", must="", about="")
    assert [line for line, _ in starless.lines] == ["A finding", "In percent.", bare.imprint.line]
    assert STARRED in [line for line, _ in replace(starless, title="Half* of it").lines]


def test_a_picture_carries_the_sentence_without_which_it_misleads(book):
    """Its note stays on the page: what is a model, or was not found, or else deceives, is said in the picture."""
    said = []
    for name, chart in load_figures().items():
        figure = chart.of(book)
        lines = " ".join(line for line, _ in credit_of(figure).lines)
        if any(ref.startswith("model.") for ref in figure.refs):
            assert OF_A_MODEL in lines, name
            assert "American" in lines or "American" not in figure.note, name
        if any(ref.startswith("data.not_found[") for ref in figure.refs):
            assert f"{MAY_EXIST} Looked until" in lines, name
        assert figure.must in lines, name
        first = re.match(r".*?\.(?= [A-Z0-9]|$)|", figure.note)[0]
        assert first in lines or first.startswith("Looked until"), name
        said.append(bool(figure.must))
        assert figure.must or not figure.note, name
    assert sum(said) > 40
    assert "says what was found, not what happened" in load_figures()["overview.promises"].of(book).must
    assert "no chance" in load_figures()["model.funds"].of(book).must


def test_no_line_of_any_figure_is_wider_than_the_drawing(book):
    for chart in load_figures().values():
        strip = credit_of(chart.of(book)).strip()
        canvas = FigureCanvasAgg(strip)
        [axes] = strip.axes
        ends = [text.get_window_extent(canvas.get_renderer()).x1 for text in axes.texts]
        assert max(ends) <= WIDE_PX, chart.name
