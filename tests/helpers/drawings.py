"""What a drawing prints, and what a figure of changed frames must not say."""

from __future__ import annotations

import math
import re
from itertools import combinations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from patient_capital.figures.chart import CHARTS
from patient_capital.figures.grounds import EDGE_PX, is_across, lines_across, lines_of_numbers, on_a_block
from patient_capital.figures.style import TOKENS, draw_svg, house_style
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


def meets(line, box):
    """Tell whether a line, or one of its marks, is seen within a box."""
    to_pixels, marker = line.get_transform(), line.get_marker()
    if line.get_clip_on() and line.axes is not None:
        box = Bbox.intersection(box, line.axes.bbox)
    if box is None:
        return False
    if marker not in {"None", "none", "", None}:
        reach = line.get_markersize() / 2
        # Beside a mark a label stands free of it, letters and all.
        wide, tall = (0 if marker == "|" else reach) + EDGE_PX, (0 if marker == "_" else reach)
        for x, y in to_pixels.transform(line.get_xydata()):
            if box.x0 < x + wide and x - wide < box.x1 and box.y0 < y + tall and y - tall < box.y1:
                return True
    return line.get_linestyle() not in {"None", "none", ""} and to_pixels.transform_path(
        line.get_path()
    ).intersects_bbox(box, filled=False)


def _curves(axes):
    """Return the lines and marks of some axes that are lost where they are covered: curves, points, bars of intervals."""
    drawn = [line for line in axes.get_lines() if line.get_visible() and not is_across(line)]
    for many in axes.collections:
        if isinstance(many, LineCollection):
            for path in many.get_paths():
                line = Line2D(*path.vertices.T, transform=axes.transData)
                line.axes = axes
                drawn.append(line)
    return drawn


def _unseen(canvas):
    """Return the labels of ticks beyond the ends of their axis, which are not drawn."""
    for axis in (axis for axes in canvas.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


CLEAR_PX = 4
"""Room between an upright axis and a label beside it."""


def _at_the_axis(axes, text, box):
    """Tell whether a label within some axes touches the line at their left."""
    line = axes.bbox
    across = box.x0 < line.x0 + CLEAR_PX and box.x1 > line.x0 - 1 and box.y0 < line.y1 and box.y1 > line.y0
    return text in axes.texts and axes.spines["left"].get_visible() and across


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
        curves, across = _curves(axes), [*lines_across(axes)]
        marking = [*lines_of_numbers(axes)]
        for text, box in boxes:
            inner = box.padded(-EDGE_PX)
            if _at_the_axis(axes, text, box):
                yield f"{text.get_text()} touches the axis"
            if any(meets(line, inner) for line in curves):
                yield f"{text.get_text()} lies on a curve or a mark"
            # A label with a ground of its own covers what lies behind it, and a block covers it too.
            free = text.get_bbox_patch() is None and not on_a_block(axes, box)
            if free and any(Bbox.intersection(inner, line) is not None for line in across):
                yield f"{text.get_text()} lies on a line"
            # Even with a ground it covers no line that marks one number, only those of the grid.
            if text in axes.texts and any(Bbox.intersection(inner, line) is not None for line in marking):
                yield f"{text.get_text()} covers the line of a number"


def hidden_in(canvas):
    """Return the places of round marks that lie wholly under a later one of the same axes."""
    found = []
    for axes in canvas.axes:
        marks = []
        for line in sorted((one for one in axes.lines if one.get_marker() == "o"), key=lambda one: one.get_zorder()):
            places = line.get_transform().transform(line.get_xydata())
            marks += [(x, y, line.get_markersize() / 2) for x, y in places if np.isfinite((x, y)).all()]
        found += [
            (round(x), round(y))
            for place, (x, y, radius) in enumerate(marks)
            if any(math.hypot(x - x1, y - y1) + radius <= over + 0.5 for x1, y1, over in marks[place + 1 :])
        ]
    return found


def shapes_in(canvas, token):
    """Tell whether a drawing has points in a colour, and whether it has blocks, bands or bars in it."""
    ink = next(light for light, name in TOKENS.items() if name == token)
    lines = canvas.findobj(Line2D)
    marked = [line for line in lines if line.get_marker() not in {"None", "none", "", None}]
    points = [one for one in marked if ink in {one.get_markeredgecolor(), one.get_markerfacecolor()}]
    thick = [line for line in lines if line.get_linewidth() > 4 and line.get_color() == ink]
    faces = [to_hex(colour) for one in canvas.findobj(Patch) for colour in (one.get_facecolor(), one.get_edgecolor())]
    return bool(points), bool(thick) or ink in faces


def pale_in(canvas, token):
    """Return the blocks in a colour that let what lies under them through: no swatch of a legend looks like them."""
    ink = next(light for light, name in TOKENS.items() if name == token)
    faces = [one.get_facecolor() for one in canvas.findobj(Patch)]
    return [face for face in faces if to_hex(face) == ink and 0 < face[3] < 1]


def clashes(name, values, *, wide):
    """Draw a figure in the style of the book and say which of its labels touch what they must not."""
    return touching_in(name, lambda wide: CHARTS[name].draw(**values, wide=wide), wide=wide)


def touching_in(name, draw, *, wide):
    """Draw as a page is drawn, and say which labels touch what they must not."""
    canvases = []

    def drawn(wide):
        canvases.append(draw(wide))
        return canvases[0]

    draw_svg(name, drawn, wide=wide)
    with house_style():
        return [*_touching(canvases[0])]
