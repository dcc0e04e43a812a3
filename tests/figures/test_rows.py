"""Rows with a name and a mark each: a name belongs to one mark, and no line runs through it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from helpers.drawings import clashes, meets
from patient_capital.figures import load_figures, style
from patient_capital.figures.chart import CHARTS
from patient_capital.figures.rows import named_rows
from patient_capital.figures.style import MARK, block, draw_svg, row_label

load_figures()
NAMED = [
    "funds.ceilings",
    "funds.first_phase",
    "funds.leverage",
    "patience.judged",
    "patience.lives",
    "patience.unlocks",
]


def _marks(canvas):
    """Yield the box of each bar and each dot; what lies behind them is none."""
    for axes in canvas.axes:
        for patch in axes.patches:
            if patch.zorder >= 1:
                yield patch.get_window_extent()
        for line in axes.get_lines():
            if line.get_marker() not in {"None", None, ""}:
                half = line.get_markersize() / 2
                for x, y in line.get_transform().transform(line.get_xydata()):
                    yield Bbox.from_extents(x - half, y - half, x + half, y + half)


def faults(canvas):
    """Return the names of rows that stand too near to another mark, or that a line or a band runs through."""
    renderer = FigureCanvasAgg(canvas).get_renderer()
    canvas.draw_without_rendering()
    marks, lines = list(_marks(canvas)), [line for axes in canvas.axes for line in axes.get_lines()]
    bands = [patch.get_window_extent() for axes in canvas.axes for patch in axes.patches if patch.zorder < 1]
    start = min(axes.bbox.x0 for axes in canvas.axes)
    texts = [text for text in canvas.findobj(Text) if text.get_bbox_patch() is not None]
    # A value stands behind its mark, a name begins where the marks do.
    names = [(text, box) for text in texts if (box := Text.get_window_extent(text, renderer)).x0 < start + 4]
    assert names, "nothing is named"
    for name, box in names:
        below = min(box.y0 - mark.y1 for mark in marks if mark.y1 <= box.y0 + 1)
        above = [mark.y0 - box.y1 for mark in marks if mark.y0 >= box.y1 - 1]
        if above and min(above) < 1.5 * below:
            yield f"{name.get_text()} stands {below:.0f} px over its mark and {min(above):.0f} under another"
        if any(meets(line, box.padded(-1)) for line in lines):
            yield f"a line runs through {name.get_text()}"
        if any(Bbox.intersection(box.padded(-1), band) is not None for band in bands):
            yield f"a band runs through {name.get_text()}"


def found(name, draw):
    told = []

    def drawn(wide):
        canvas = draw(wide)
        told.extend(faults(canvas))
        return canvas

    draw_svg(name, drawn, wide=False)
    return told


@pytest.mark.parametrize("name", NAMED)
def test_on_a_phone_a_name_belongs_to_one_mark_and_no_line_runs_through_it(name, ctx):
    values = CHARTS[name].inputs(ctx)
    assert found(name, lambda wide: CHARTS[name].draw(*values.values(), wide=wide)) == []


def _drawing(spoil):
    def draw(wide):
        canvas, rows = named_rows(wide, ["one", "two"], tall=10, step=24, right=20)
        rows.axes.set_xlim(0, 10)
        for place, name in enumerate(["one", "two"]):
            rows.name(place, name)
            block(rows.axes, (0, rows.top(place)), 5, rows.height, MARK)
        spoil(rows)
        return canvas

    return draw


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda rows: None, []),
        (lambda rows: rows.line(1, [0, 1]), []),
        (lambda rows: rows.band(0, 2, [0, 1], MARK), []),
        (lambda rows: rows.axes.plot([0.5, 0.5], [-0.5, 1.5]), ["a line runs through one", "a line runs through two"]),
        (lambda rows: rows.axes.axvspan(0, 2, zorder=0.4), ["a band runs through one", "a band runs through two"]),
        (lambda rows: row_label(rows.axes, 1, "three", False, above=0.27), ["three stands"]),
    ],
)
def test_a_line_through_a_name_and_a_name_between_two_marks_are_named(spoil, told):
    seen = found("test", _drawing(spoil))
    assert len(seen) == len(told)
    assert all(one.startswith(words) for one, words in zip(seen, told, strict=True))


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_the_widest_value_beside_a_bar_has_its_room(wide, ctx):
    values = CHARTS["funds.first_phase"].inputs(ctx)
    phases = values["phases"].copy()
    at = phases["first_close_cny_bn"].first_valid_index()
    phases.loc[at, ["first_close_cny_bn", "announced_cny_bn"]] = [11.456, 12.345]
    assert clashes("funds.first_phase", values | {"phases": phases}, wide=wide) == []


def test_one_function_writes_the_names_of_rows():
    """A drawing that places a name by itself, at one side where it is wide and over the mark where not, has another gap."""
    own = re.compile(r'"right" if wide else "left"|note_beside\(.*va="bottom", bbox=style\.GROUND')
    modules = Path(style.__file__).parent.rglob("*.py")
    assert [one.name for one in modules if own.search(one.read_text(encoding="utf-8"))] == []
