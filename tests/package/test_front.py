"""What the package offers by name, and that it is the same for every reader and every thread."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from math import nan
from pathlib import Path
from threading import Barrier
from xml.etree import ElementTree

import matplotlib as mpl
import pandas as pd
import pytest
from PIL import Image

import patient_capital as pc
from patient_capital.analysis.funds import leverage_on_record
from patient_capital.figures import load_figures
from patient_capital.figures.funds import leverage
from patient_capital.figures.style import TOKENS, WIDE_PX, draw_png, draw_svg
from patient_capital.provenance.registry import load_results
from patient_capital.provenance.shown import SHOWN
from patient_capital.tables import rules

from .conftest import ROOT

SVG = "{http://www.w3.org/2000/svg}"


def test_the_version_is_that_of_the_data_and_of_the_citation():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    [cited] = re.findall(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert pc.__version__ == package["version"] == cited


def test_a_table_is_a_typed_copy(book, raw):
    funds = pc.load("funds")
    assert list(funds.index) == list(raw("funds"))
    assert funds["announced_cny_bn"].dtype == "float64"
    funds["announced_cny_bn"] = 0.0
    assert pc.load("funds")["announced_cny_bn"].max() == book.frame("funds")["announced_cny_bn"].max() > 0


def test_tables_numbers_and_figures_list_all_there_is(book):
    listed = pc.tables()
    assert set(listed.index) == set(book.tables)
    assert all(listed.loc[name, "rows"] == len(pc.load(name)) for name in listed.index)
    assert list(listed.columns) == ["title", "rows", "description"]
    assert {ref.removesuffix("[row]") for ref in pc.numbers().index} == set(load_results())
    assert [ref for ref in pc.numbers().index if ref.endswith("[row]")]
    assert list(pc.figures().index) == list(load_figures())


@pytest.mark.parametrize("name", ["tables", "figures"])
def test_a_package_does_not_take_away_the_function_of_its_name(name):
    code = (
        f"import patient_capital as pc\none = pc.{name}()\nimport patient_capital.{name} as package\n"
        f"from patient_capital import {name} as same\n"
        f"assert package is pc.{name} is same and one.equals(pc.{name}())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_python_that_drops_docstrings_is_told_so():
    code = "import patient_capital as pc; pc.number('funds.registered_once')"
    done = subprocess.run([sys.executable, "-OO", "-c", code], check=False, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1].startswith("ValueError: Python runs with -OO, which drops the docstrings")


def test_a_number_tells_its_origin():
    shown = pc.number("funds.registered_once")
    lines = repr(shown).splitlines()
    assert str(shown) == repr(shown)
    assert lines[0].startswith(shown.text())
    assert shown.label in lines[0]
    assert f"  Computed as: {shown.formula}" in lines
    for label, value in shown.inputs:
        assert f"    {label.removeprefix('result ')}: {value}" in lines
    assert sum(source.title in repr(shown) for source in shown.sources) >= min(SHOWN, len(shown.sources))
    assert len(lines) <= 8 + 2 * (SHOWN + 1)


def test_one_publisher_and_a_claim_are_said_to_be_so():
    starred = next(n for ref in pc.load("funds").index if (n := _cell(ref)) and n.star)
    assert starred.text() + starred.star in repr(starred).splitlines()[0]
    assert f"marked {starred.star}: one voice)" in repr(starred)
    assert "  True if: " in repr(pc.number("funds.no_private_named"))


def _cell(row):
    try:
        return pc.number(f"funds[{row}].announced_cny_bn")
    except ValueError:
        return None


def test_a_number_in_a_notebook_is_the_same_as_html_without_style():
    class Text(HTMLParser):
        def __init__(self):
            super().__init__()
            self.words = ""

        def handle_data(self, data):
            self.words += f" {data}"

    for ref in ("funds.registered_once", "funds[cn_nvcgf].announced_cny_bn", "funds.no_private_named"):
        shown = pc.number(ref)
        html = shown._repr_html_()
        text = Text()
        text.feed(html)
        wanted = re.sub(r"[\[\]]", "", repr(shown)).split()
        assert sorted(re.sub(r"[\[\]]", "", text.words).split()) == sorted(wanted)
        assert "style=" not in html
        assert "class=" not in html


@pytest.mark.parametrize(
    ("ask", "name", "told"),
    [
        (pc.load, "fund", r"no table 'fund'; perhaps 'funds' .*patient_capital\.tables\(\) lists all"),
        (pc.number, "funds.registered_onec", r"'funds\.registered_once'.*numbers\(\) lists all"),
        (pc.number, "unheard_of", r"no result 'unheard_of'; .*numbers\(\) lists all"),
        (pc.number, "", r"numbers\(\) lists all"),
        (pc.number, "FUNDS.MONTHS", r"perhaps 'funds\.months'"),
        (pc.number, "funds.months" * 10**5, r"^.{,250}numbers\(\) lists all"),
        (pc.number, "a[b", r"no result 'a'"),
        *((pc.number, ref, r"is written funds\[row\]\.column") for ref in ("funds", "funds[", "funds[cn_nvcgf]")),
        (pc.number, "fund[cn_nvcgf].kind", r"no table 'fund'; perhaps 'funds'"),
        (
            pc.number,
            "funds[cn_nvcg].kind",
            r"no row of funds 'cn_nvcg'; perhaps 'cn_nvcgf'.*load\('funds'\)\.index lists",
        ),
        (pc.number, "funds[cn_nvcgf].kinds", r"no column of funds 'kinds'; perhaps 'kind'.*\.columns lists all"),
        (pc.figure, "funds.guidence", r"no figure 'funds\.guidence'; perhaps 'funds\.guidance'.*figures\(\) lists all"),
    ],
)
def test_an_unknown_name_is_an_error_that_names_what_is_near(ask, name, told):
    with pytest.raises(KeyError, match=told):
        ask(name)


@pytest.mark.parametrize("wrong", [None, 1, nan, b"funds", ["funds"], pd.Series(["funds"]), Path("funds")], ids=repr)
@pytest.mark.parametrize(
    ("ask", "kind", "lists"),
    [
        (pc.load, "table", "patient_capital.tables()"),
        (pc.number, "result", "patient_capital.numbers()"),
        (pc.figure, "figure", "patient_capital.figures()"),
        (lambda name: pc.open_book().value(name), "result", "patient_capital.numbers()"),
        (lambda name: pc.open_book().frame(name), "table", "patient_capital.tables()"),
        (lambda name: pc.open_book().frame("funds", name), "column of funds", "patient_capital.load('funds').columns"),
        (lambda row: pc.open_book().cell("funds", row, "kind"), "row of funds", "patient_capital.load('funds').index"),
    ],
)
def test_what_is_no_name_is_told_with_its_type(ask, kind, lists, wrong):
    told = f"a {kind} is named by text, not by {type(wrong).__name__}; {lists} lists all "
    with pytest.raises(TypeError, match=f"^{re.escape(told)}"):
        ask(wrong)


def test_each_name_in_the_help_is_one():
    told = [pc.load.__doc__, pc.number.__doc__, pc.numbers.__doc__, pc.figure.__doc__, pc.open_book.__doc__]
    names = re.findall(r"``([a-z_]+(?:\.[a-z_0-9]+(?:\[[a-z]\w*\])?|\[\w+\]\.\w+)?)``", " ".join(told))
    known = {*pc.tables().index, *pc.figures().index}
    assert len(names := [name for name in names if name not in known | {"value", "unit", "plotted", "analysis"}]) == 3
    assert all(pc.number(name).text() for name in names)


def test_a_number_is_a_float_where_it_is_one():
    assert float(pc.number("funds.registered_once")) == pc.open_book().value("funds.registered_once")
    for ref in ("funds.latest", "funds.floor_over_market"):
        with pytest.raises(TypeError, match=f"^{ref} is not one number: "):
            float(pc.number(ref))


def test_what_is_given_can_be_changed_and_the_next_is_as_before():
    for ask in (lambda: pc.figure("funds.guidance").plotted, pc.tables, pc.numbers, pc.figures):
        before, mine = ask(), ask()
        mine.iloc[:, 0] = None
        pd.testing.assert_frame_equal(ask(), before)


def test_what_is_given_goes_to_another_process():
    one, figure, book = pc.number("funds.months"), pc.figure("funds.guidance"), pc.open_book()
    there = pickle.loads(pickle.dumps((one, figure, book)))  # noqa: S301  # our own
    assert there[0] == one
    assert there[1].draw(True).get_size_inches().tolist() == figure.draw(True).get_size_inches().tolist()
    assert (there[1].wide, there[1].csv(), repr(there[1])) == (figure.wide, figure.csv(), repr(figure))
    assert there[2].data is not book.data
    assert (there[2].value("funds.months"), repr(there[2])) == (one.value, repr(book))
    assert re.fullmatch(r"<Patient Capital, .*, version .*: \d+ tables, \d+ results>", repr(book))


def test_a_changed_figure_goes_to_another_process_as_it_is():
    cases = leverage_on_record(pc.open_book()).iloc[1:]
    changed = leverage(cases)
    assert changed.changed
    assert pickle.loads(pickle.dumps(changed)).wide == changed.wide  # noqa: S301  # our own


def test_a_package_without_its_tables_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(rules, "DATA_FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=rf"not in {re.escape(str(tmp_path))}: install the package unpacked"):
        rules._book_data.__wrapped__()


def test_an_empty_cell_has_no_number():
    with pytest.raises(ValueError, match=r"column paid_in_cny_bn is empty"):
        pc.number("funds[cn_nvcgf].paid_in_cny_bn")


@pytest.mark.parametrize("name", ["funds.state_money", "funds.guidance"])
def test_a_figure_is_saved_as_picture_or_data(tmp_path, name):
    figure = pc.figure(name)
    assert repr(figure) == f"<figure {name}: {figure.title}>"
    for form in ("svg", "png", "csv"):
        figure.save(str(tmp_path / f"figure.{form}"))
    assert pd.read_csv(tmp_path / "figure.csv").shape == figure.plotted.shape
    with Image.open(tmp_path / "figure.png") as picture:
        width, height = picture.size
        assert picture.info["Title"] == figure.title
    root = ElementTree.parse(tmp_path / "figure.svg").getroot()  # noqa: S314  # our own drawing
    assert root.tag == f"{SVG}svg"
    # The same picture as the PNG of double size, with what a page gives it elsewhere: colours, and its title in words.
    assert (2 * float(root.get("width")), 2 * float(root.get("height"))) == pytest.approx((width, height), abs=2)
    assert root.find(f"{SVG}title").text == figure.title
    assert root.find(f"{SVG}desc").text == figure.alt
    parts = root.findall(f"{SVG}svg")
    assert len(parts) == 2 + bool(figure.legend), "the last says where the picture comes from"
    assert {float(part.get("width")) for part in parts} == {WIDE_PX}
    assert float(parts[-1].get("y")) + float(parts[-1].get("height")) == float(root.get("height"))
    text = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert "var(" not in text
    assert set(re.findall(r"#[0-9a-f]{6}\b", text)) <= {*TOKENS, "#ffffff"}
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for label in (label for _, _, label in figure.legend):
        assert label in text


def test_the_ending_of_a_figure_may_stand_in_capitals(tmp_path):
    pc.figure("funds.guidance").save(tmp_path / "figure.CSV")
    assert (tmp_path / "figure.CSV").read_text(encoding="utf-8") == pc.figure("funds.guidance").csv()


@pytest.mark.parametrize("path", ["figure.pdf", "figure", "figure.SVGZ"])
def test_a_figure_is_saved_in_no_other_form(tmp_path, path):
    with pytest.raises(ValueError, match=r"saved as \.svg, \.png or \.csv"):
        pc.figure("funds.guidance").save(tmp_path / path)
    assert list(tmp_path.iterdir()) == []


def test_a_drawing_neither_heeds_nor_changes_the_style_of_the_reader():
    draw = pc.figure("funds.state_money").draw
    plain = draw_svg("test", draw, wide=True), draw_png(draw)
    with mpl.rc_context({"lines.linewidth": 9, "axes.labelsize": 30, "axes.facecolor": "black", "figure.dpi": 200}):
        before = dict(mpl.rcParams)
        assert (draw_svg("test", draw, wide=True), draw_png(draw)) == plain
        assert dict(mpl.rcParams) == before


def test_threads_that_draw_at_once_draw_what_one_draws():
    names = ["funds.leverage", "funds.state_money", "funds.ceilings", "funds.guidance"]
    draws = [pc.figure(name).draw for name in names]
    alone = [(draw_svg("test", draw, wide=True), draw_png(draw)) for draw in draws]
    before, start = dict(mpl.rcParams), Barrier(len(draws))

    def at_once(draw):
        start.wait()
        return draw_svg("test", draw, wide=True), draw_png(draw)

    with ThreadPoolExecutor(len(draws)) as pool:
        for _ in range(3):
            assert list(pool.map(at_once, draws)) == alone
    assert dict(mpl.rcParams) == before
