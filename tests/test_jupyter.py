"""What a notebook shows: forms that travel, and a record for the site."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64decode

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import RichOutput, capture_output
from markdown_it import MarkdownIt
from PIL import Image

from patient_capital import open_book
from patient_capital.analysis import funds
from patient_capital.figures import funds as figures
from patient_capital.jupyter import RECORD, markdown
from patient_capital.kernel import BUILDING
from patient_capital.listings import funds as tables


@pytest.fixture(scope="module", autouse=True)
def shell():
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def shown(thing) -> list[RichOutput]:
    with capture_output() as captured:
        thing._ipython_display_()
    return captured.outputs


@pytest.fixture(scope="module")
def money():
    return funds.state_money(open_book())


def test_a_figure_is_head_picture_and_foot(money):
    head, picture, foot = shown(figures.state_money(money))
    assert set(head.data) == {"text/markdown", RECORD}
    assert set(picture.data) == {"image/png", "text/plain", RECORD}
    assert set(foot.data) == {"text/markdown", RECORD}
    assert head.data["text/markdown"].startswith("**The national fund is")
    assert "analysis.funds.peers.state_money" in foot.data["text/markdown"]
    assert re.search(
        r"Sources \(\d+ publishers?(?: and \d+ pages? without a publisher)?\): ", foot.data["text/markdown"]
    )
    assert picture.data[RECORD]["figure"] == "funds.state_money"
    assert picture.data[RECORD]["changed"] is False
    assert "funds.state_registered" in picture.data[RECORD]["refs"]
    assert picture.metadata["image/png"]["alt"].startswith("A stacked bar a stage")


def test_the_picture_is_of_double_size_on_white_in_colour(money):
    _, picture, _ = shown(figures.state_money(money))
    image = Image.open(io.BytesIO(b64decode(picture.data["image/png"]))).convert("RGB")
    assert image.width == 2 * picture.metadata["image/png"]["width"]
    pixels = np.asarray(image).reshape(-1, 3)
    assert tuple(pixels[-1]) == (255, 255, 255)
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    assert len(colours) > 20
    assert counts.max() / counts.sum() < 0.95
    assert (np.ptp(colours.astype(int), axis=1) > 60).any(), "not only greys"


def test_as_text_stands_what_was_plotted(money):
    _, picture, _ = shown(figures.state_money(money))
    rows = list(csv.DictReader(io.StringIO(picture.data["text/plain"])))
    assert list(dict.fromkeys(row["stage"] for row in rows)) == ["headline", "registered", "first phase alone"]
    assert float(rows[0]["amount_cny_bn"]) == 1000


def test_a_changed_figure_says_so_and_keeps_nothing_of_the_book(money):
    edited = money.copy()
    edited.loc[0, "amount_cny_bn"] = 777.0
    head, picture, foot = shown(figures.state_money(edited))
    text = head.data["text/markdown"] + foot.data["text/markdown"]
    assert "Changed in this notebook" in text
    assert "15 percent" not in text
    assert "Sources" not in text
    assert "Not drawn from `analysis.funds.peers.state_money`" in text
    assert picture.data[RECORD] == {"figure": "funds.state_money", "changed": True, "refs": []}
    assert ",777\n" in picture.data["text/plain"]
    assert "777" in picture.metadata["image/png"]["alt"]


def test_the_site_gets_its_drawing_only_while_it_is_built(money, monkeypatch):
    assert "html" not in shown(figures.state_money(money))[1].data[RECORD]
    monkeypatch.setenv(BUILDING, "1")
    record = shown(figures.state_money(money))[1].data[RECORD]
    assert record["html"].startswith('<figure class="pc-figure"')
    assert record["html"].count("<svg") == 2


def test_a_table_is_plain_html_text_and_record():
    steps = funds.ladder_steps(open_book())
    bundle = tables.ladder(steps)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", RECORD}
    html = bundle["text/html"]
    assert html.count("<tr>") == 1 + len(steps)
    assert not re.search(r"style=|border=|class=|<style|<script", html)
    assert "<td>161.8bn yuan*</td>" in html
    assert '"Registered at both tiers, each yuan once",161.8bn yuan*\n' in bundle["text/plain"]
    assert bundle[RECORD] == {"table": "funds.ladder", "changed": False}


def test_a_changed_table_prints_the_new_number_and_says_so(monkeypatch):
    steps = funds.ladder_steps(open_book())
    steps.loc["funds.registered_once", "amount_cny_bn"] = 170.0
    listing = tables.ladder(steps)
    bundle = listing._repr_mimebundle_()
    assert listing.changed
    assert "170.0bn yuan" in bundle["text/html"]
    assert "Changed in this notebook" in bundle["text/html"]
    assert "funds.registered_once" not in listing.refs
    assert "funds.still_to_raise" in listing.refs
    monkeypatch.setenv(BUILDING, "1")
    assert "170.0bn yuan" in listing._repr_mimebundle_()[RECORD]["html"]


@pytest.mark.parametrize(
    "text",
    ["5 * 3 * 2", "a_b_c", "<b>x</b>", "[x](y)", "$5 and $6", "`x`", "a|b", "# no heading", r"back\slash", "~~x~~"],
)
def test_plain_text_stays_plain_in_markdown(text):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown(text))
    inline = tokens[1]
    assert tokens[0].type == "paragraph_open"
    assert {child.type for child in inline.children} == {"text"}
    assert "".join(child.content for child in inline.children) == text
