"""Grounds of labels: where a line of a grid or of one number would run through a label, the label covers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

MEASURE = RendererAgg(1, 1, dpi=72)  # type: ignore[no-untyped-call]  # matplotlib does not type it
"""What measures the words of all drawings, at one unit for a pixel: matplotlib keeps the size of a word for a renderer."""

EDGE_PX = 2.0
"""How far a line may reach into the box of a label: letters leave that much of it free."""


def is_across(line: Line2D) -> bool:
    """Tell whether a line marks one number, across its axes or dashed beside an axis: covered in part, it is not lost."""
    if line.get_marker() not in {"None", "none", "", None} or line.axes is None:
        return False
    if line.get_transform() is not line.axes.transData:
        return True
    points = np.asarray(line.get_path().vertices)
    return line.is_dashed() and len(points) > 0 and bool((np.ptp(points, axis=0) == 0).any())


def lines_across(axes: Axes) -> Iterator[Bbox]:
    """Yield each line of the grid of some axes, and each that marks one number, as a box without width in pixels."""
    frame = axes.bbox
    for axis, side in ((axes.xaxis, 0), (axes.yaxis, 1)):
        if not any(line.get_visible() for line in axis.get_gridlines()):
            continue
        low, high = sorted(axis.get_view_interval())
        for at in axis.get_majorticklocs():
            if low <= at <= high:
                place = [(axes.get_xlim()[0], at), (at, axes.get_ylim()[0])][1 - side]
                pixel = axes.transData.transform(place)[side]
                ends = [[pixel, frame.y0], [pixel, frame.y1]] if side == 0 else [[frame.x0, pixel], [frame.x1, pixel]]
                yield Bbox(ends)
    yield from lines_of_numbers(axes)


def lines_of_numbers(axes: Axes) -> Iterator[Bbox]:
    """Yield each line of some axes that marks one number, as a box without width in pixels."""
    for line in axes.get_lines():
        if line.get_visible() and is_across(line):
            yield line.get_transform().transform_path(line.get_path()).get_extents()


def on_a_block(axes: Axes, box: Bbox) -> bool:
    """Tell whether a label stands on a filled block, which lies over the grid."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return any(
        to_rgba(patch.get_facecolor())[3] > 0 and patch.get_window_extent().contains(x, y) for patch in axes.patches
    )


def cover_lines(drawing: Canvas, ground: dict[str, Any]) -> None:
    """Give a ground to every label of a drawing that such a line would run through."""
    for axes in drawing.axes:
        behind = [*lines_across(axes)]
        labels = [one for one in axes.get_children() if isinstance(one, Text) and one.get_text().strip()]
        for label in labels if behind else []:
            if label.get_bbox_patch() is not None:
                continue
            box = label.get_window_extent(MEASURE)
            met = any(Bbox.intersection(box.padded(-EDGE_PX), line) is not None for line in behind)
            if met and not on_a_block(axes, box):
                label.set_bbox(ground)
