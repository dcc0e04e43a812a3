"""What a drawing prints, and what a figure of changed frames must not say."""

from __future__ import annotations

import re
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from patient_capital.figures.chart import CHARTS
from patient_capital.figures.style import draw_svg
from patient_capital.passed import CHANGED


def drawn_texts(svg):
    """Return the words of a drawing, a label each."""
    return [re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<text.*?</text>", svg)]


def text_boxes(svg):
    """Return left and right end, height of the line and words of each upright label; a letter is taken as 0.56 em wide."""
    boxes = []
    for attributes, words in re.findall(r"<text([^>]*)>([^<]*)</text>", svg):
        size = float(re.search(r"font-size: ([\d.]+)px", attributes)[1])
        place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", attributes) or re.search(
            r'x="([-\d.]+)" y="([-\d.]+)"', attributes
        )
        x, y, wide = float(place[1]), float(place[2]), 0.56 * size * len(words)
        anchor = re.search(r"text-anchor: (\w+)", attributes)
        left = x - {"end": wide, "middle": wide / 2}.get(anchor[1] if anchor else "", 0)
        boxes.append((left, left + wide, y, words))
    return boxes


def says_nothing_of_the_book(figure):
    """Hold a figure of changed frames to what was passed, and draw it."""
    measure = CHARTS[figure.name].measure
    assert figure.changed
    assert (figure.title, figure.subtitle) == (measure, CHANGED)
    assert (figure.refs, figure.sources, figure.note) == ((), (), "")
    assert figure.alt.startswith(f"{measure}. {len(figure.plotted)} row")
    assert "Sources" not in figure.html()
    assert figure.wide.startswith("<svg")
    assert figure.narrow.startswith("<svg")
    return figure


def crosses(line, box):
    """Say whether a line, or a dot of one that is drawn as dots alone, meets a box."""
    if line.get_linestyle() in {"None", "none", ""}:
        return any(box.contains(*point) for point in line.get_transform().transform(line.get_xydata()))
    return line.get_transform().transform_path(line.get_path()).intersects_bbox(box, filled=False)


def _unseen(canvas):
    """Return the labels of ticks beyond the ends of their axis, which are not drawn."""
    for axis in (axis for axes in canvas.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def _touching(canvas):
    """Return each label that leaves the canvas, and each that lies on another or on a line."""
    renderer = FigureCanvasAgg(canvas).get_renderer()
    canvas.draw_without_rendering()
    unseen = set(_unseen(canvas))
    texts = [text for text in canvas.findobj(Text) if text.get_visible() and text.get_text().strip()]
    texts = [text for text in texts if text not in unseen]
    boxes = [(text, text.get_window_extent(renderer)) for text in texts]
    edge = canvas.bbox
    for text, box in boxes:
        if box.x0 < edge.x0 - 1 or box.x1 > edge.x1 + 1 or box.y0 < edge.y0 - 1 or box.y1 > edge.y1 + 1:
            yield f"{text.get_text()} leaves the canvas"
    for (one, a), (other, b) in combinations(boxes, 2):
        if a.x0 < b.x1 - 1 and b.x0 < a.x1 - 1 and a.y0 < b.y1 - 3 and b.y0 < a.y1 - 3:
            yield f"{one.get_text()} | {other.get_text()}"
    for axes in canvas.axes:
        lines = [line for line in axes.get_lines() if line.get_visible()]
        for text, box in boxes:
            # A label with a ground of its own covers what lies behind it.
            if text.get_bbox_patch() is None and any(crosses(line, box.padded(-2)) for line in lines):
                yield f"{text.get_text()} lies on a line"


def clashes(name, values, *, wide):
    """Draw a figure in the style of the book and say which of its labels touch what they must not."""
    found = []

    def drawn(wide):
        canvas = CHARTS[name].draw(**values, wide=wide)
        found.extend(_touching(canvas))
        return canvas

    draw_svg(name, drawn, wide=wide)
    return found
