"""Explorers in a notebook: controls moved by a call, the frame behind the picture, and what is displayed."""

from __future__ import annotations

import csv
import io
from base64 import b64decode

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from helpers import dummy_explorers as dummy
from patient_capital import jupyter, open_book
from patient_capital.explorers import load_explorers
from patient_capital.explorers import model as explorers
from patient_capital.explorers.record import EXPLORERS
from patient_capital.ledger import page_of, places_of

MOVES = {"model.skill": {"thinning": 0.5, "soft": 50}, "model.home": {"learning": 20, "weight": 0.1}}
IMPORTS = "from patient_capital import open_book\nfrom patient_capital.explorers import model as explorers\n"


@pytest.fixture(scope="module", autouse=True)
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.fixture
def waiting():
    return dummy.one_curve()


@pytest.fixture(params=MOVES)
def opened(request):
    return load_explorers()[request.param](open_book())


def displayed(one):
    """Return head, picture and foot as a viewer gets them."""
    with capture_output() as captured:
        one._ipython_display_()
    return captured.outputs


# --- Moving ----------------------------------------------------------------------------------------------


def test_a_control_moves_to_a_value_of_its_grid(waiting):
    moved = waiting.moved(scale=4, cost=1)
    assert moved.start == (1, 2)
    assert moved.is_moved
    assert not waiting.is_moved
    assert waiting.start == (2, 2)
    np.testing.assert_array_equal(moved.values, waiting.values)
    assert moved.at(moved.start).sentences == waiting.at((1, 2)).sentences


def test_moves_add_up_and_back_is_not_moved(waiting):
    both = waiting.moved(scale=4).moved(cost=0.25)
    assert both.start == waiting.moved(scale=4, cost=0.25).start
    start = dict(zip((c.id for c in waiting.controls), waiting.start, strict=True))
    values = {c.id: c.value(start[c.id]) for c in waiting.controls}
    assert not both.moved(**values).is_moved
    assert not waiting.moved(**values).is_moved


def test_unknown_control_and_value_are_told(waiting):
    with pytest.raises(ValueError, match=r"no control 'speed'; controls are: scale, cost"):
        waiting.moved(speed=1)
    with pytest.raises(ValueError, match=r"scale has no value 5 in its grid; values are: 1, 4, 7, 10, 14"):
        waiting.moved(scale=5)


def test_frame_behind_the_picture(waiting):
    frame = waiting.moved(scale=10, cost=2).at_start()
    assert list(frame.columns) == ["discount_rate", "gain"]
    rates = np.array(waiting.x_values)
    np.testing.assert_allclose(frame["discount_rate"], rates)
    np.testing.assert_allclose(frame["gain"], 3 * np.exp(-rates / 10) - 2)


def test_frame_of_the_book_is_a_part_of_its_download(opened):
    moved = opened.moved(**MOVES[opened.name])
    wanted = {c.id: c.value(i) for c, i in zip(moved.controls, moved.start, strict=True)}
    rows = [
        row
        for row in csv.DictReader(io.StringIO(opened.csv()))
        if all(float(row[name]) == value for name, value in wanted.items())
    ]
    frame = moved.at_start()
    assert len(frame) == len(rows) == len(opened.x_values)
    for column in frame.columns:
        assert frame[column].tolist() == pytest.approx([float(row[column]) for row in rows], rel=1e-5, abs=1e-9)


# --- Displaying ------------------------------------------------------------------------------------------


def test_explorer_of_the_book_shows_finding_picture_verdict_and_sources(opened):
    head, picture, foot = displayed(opened)
    assert jupyter.markdown(opened.title) in head.data["text/markdown"]
    assert picture.data[jupyter.RECORD] == {"explorer": opened.name, "changed": False}
    assert picture.data["text/plain"].splitlines()[0] == ",".join(opened.at_start().columns)
    assert picture.metadata["image/png"]["alt"] == opened.alt
    text = foot.data["text/markdown"]
    for sentence in opened.at(opened.start).sentences:
        assert jupyter.markdown(sentence) in text
    assert "Sources (" in text
    for control in opened.controls:
        assert f"(`{control.id}`)" in text


def test_moved_explorer_leaves_the_finding_and_tells_its_own(opened):
    moved = opened.moved(**MOVES[opened.name])
    head, picture, foot = displayed(moved)
    for text in (opened.title, opened.subtitle):
        assert jupyter.markdown(text) in head.data["text/markdown"], "a question holds at any setting"
    # Without a record the site shows these outputs as they are.
    assert not any(jupyter.RECORD in output.data for output in (head, picture, foot))
    reading = moved.at(moved.start)
    alt = picture.metadata["image/png"]["alt"]
    assert opened.alt not in alt
    assert reading.sentences[0] in alt
    text = foot.data["text/markdown"]
    assert jupyter.markdown(reading.sentences[0]) in text
    assert "Sources (" not in text
    for control, value in zip(moved.controls, reading.settings, strict=True):
        assert f"(`{control.id}`): {value}" in text


def test_pictures_of_two_settings_differ_and_fill_the_width(opened):
    pictures = [
        Image.open(io.BytesIO(b64decode(displayed(one)[1].data["image/png"]))).convert("L")
        for one in (opened, opened.moved(**MOVES[opened.name]))
    ]
    assert pictures[0].size == pictures[1].size
    assert pictures[0].tobytes() != pictures[1].tobytes()
    for picture in pictures:
        dark = np.asarray(picture) < 140
        columns = np.flatnonzero(dark.any(axis=0)) / picture.width
        assert columns[0] < 0.05
        assert 0.9 < columns[-1] < 1


def test_explorer_without_controls_is_shown_with_its_words(book):
    one = load_explorers()["overview.wait"].of(book)
    head, picture, foot = displayed(one)
    assert jupyter.markdown(one.title) in head.data["text/markdown"]
    assert picture.data["text/plain"].startswith("years_until_the_fund_must_sell,rate")
    assert jupyter.markdown(one.track.sentences[-1][0]) in foot.data["text/markdown"]
    assert "Drawn at" not in foot.data["text/markdown"]


# --- In the code of a page -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MOVES)
def test_an_explorer_that_code_names_is_one_of_the_page(book, name):
    code = f"{IMPORTS}book = open_book()\none = explorers.{name.partition('.')[2]}(book)\none\n"
    page = page_of("model", "", code)
    assert page.explorers == (name,)
    assert {use.ref for _, use in places_of(page, book)} == set(load_explorers()[name].of(book).refs)
    assert page_of("model", "", IMPORTS).explorers == ()


def test_a_context_and_its_data_give_the_same_explorer(book):
    assert explorers.skill(open_book()) is explorers.skill(book) is EXPLORERS["model.skill"].of(book)
