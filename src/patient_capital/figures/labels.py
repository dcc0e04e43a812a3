"""Room for labels: measured, broken into lines, and moved apart where they would cover one another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Bbox
from scipy.optimize import isotonic_regression

from patient_capital.figures.style import GROUND, RC, SMALL, SOFT, TEXT, label_beside, note_beside
from patient_capital.typesetting import parted

LINE_PX = 15.0
"""Height of a line of text with the room above and below it."""
DOT_PX = 6.0
"""Half the room of a dot that no label may cover."""
GAP_PX = 8.0
"""Room between two labels of one row."""


@cache
def width_px(words: str, size: float = TEXT, weight: str = "normal") -> float:
    """Return how wide some words are in the font that measures drawings; the fonts of a page are narrower."""
    font = FontProperties(family=RC["font.family"], weight=weight, size=size)
    # By how far letters advance: thirty times as fast as by their outlines, and at most a pixel wider.
    return float(text_to_path.get_text_width_height_descent(words, font, False)[0]) if words.strip() else 0.0


def room(names: Iterable[str], gap: float = 16, size: float = TEXT, weight: str = "normal") -> float:
    """Return the pixels that the widest of some names needs, with a gap beside it."""
    return max((width_px(name, size, weight) for name in names), default=0.0) + gap


def wrapped(words: str, width: float, size: float = TEXT) -> list[str]:
    """Break words into lines no wider than some pixels, as far as no single part of them is wider."""
    lines = [""]
    for word in parted(words):
        joined = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_px(joined, size) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def foot_of_name(place: int) -> float:
    """Return the foot of a name of a curve within a narrow drawing, counted from below, in fractions of the axes."""
    return 0.03 + 0.06 * place


def above_names(names: Sequence[object], wide: bool) -> float:
    """Return where an upright line begins so that it runs through none of the names below it, in fractions of the axes."""
    return 0.0 if wide else foot_of_name(len(names)) + 0.01


_SIDES = (
    *((8, 0, "left"), (-8, 0, "right"), (0, 13, "center"), (0, -13, "center")),
    *((7, 10, "left"), (-7, 10, "right"), (7, -10, "left"), (-7, -10, "right")),
    *(
        (0, 24, "center"),
        (0, -24, "center"),
        (16, 20, "left"),
        (-16, 20, "right"),
        (16, -20, "left"),
        (-16, -20, "right"),
    ),
)
"""Places of a label around its dot, the best first: pixels to the right and up, and the side that is fixed."""


def _box(x: float, y: float, dx: float, dy: float, side: str, words: str) -> Bbox:
    wide = width_px(words)
    start = x + dx - {"left": 0, "right": wide, "center": wide / 2}[side]
    return Bbox.from_bounds(start, y + dy - LINE_PX / 2, wide, LINE_PX)


def _overlap(one: Bbox, others: Iterable[Bbox]) -> float:
    shared = (Bbox.intersection(one, other) for other in others)
    return float(sum(part.width * part.height for part in shared if part is not None))


def name_dots(axes: Axes, named: Sequence[tuple[float, float, str]], dots: Sequence[tuple[float, float]]) -> None:
    """Write a name beside some dots where it covers neither a dot nor another name and stays in the drawing.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits and scales set.
    named : sequence of (float, float, str)
        Place of each dot in the data and its name, the most important first.
    dots : sequence of (float, float)
        Places of all dots.
    """
    places = [axes.transData.transform(dot) for dot in dots]
    taken = [Bbox.from_bounds(x - DOT_PX, y - DOT_PX, 2 * DOT_PX, 2 * DOT_PX) for x, y in places]
    frame = axes.figure.bbox
    for x, y, words in named:
        at_x, at_y = axes.transData.transform((x, y))
        boxes = [_box(at_x, at_y, *side, words) for side in _SIDES]
        # What hangs over the edge is worse than any overlap.
        costs = [_overlap(box, taken) + 1e3 * (max(0, frame.x0 - box.x0) + max(0, box.x1 - frame.x1)) for box in boxes]
        best = int(np.argmin(costs))
        taken.append(boxes[best])
        dx, dy, side = _SIDES[best]
        note_beside(axes, (x, y), (dx, dy), words, ha=side, va="center", fontsize=TEXT)


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float = -math.inf, high: float = math.inf
) -> list[float]:
    """Move labels apart so that none covers another, as little as can be, and all stay between `low` and `high`.

    Parameters
    ----------
    wanted : sequence of float
        Where the middle of each label should be, pixels.
    heights : sequence of float
        Height of each label, pixels; together they must fit between `low` and `high`.

    Returns
    -------
    list of float
        Where the middle of each goes, in the same order.
    """
    if not wanted:
        return []
    order = np.argsort(wanted, kind="stable")
    tall = np.asarray(heights, dtype=float)[order]
    # Stacked without gaps, each label stands this far above the foot of the stack. None covers another exactly where
    # the feet do not fall from one label to the next, and the nearest such sequence is an isotonic regression.
    above_foot = np.cumsum(tall) - tall / 2
    feet = isotonic_regression(np.asarray(wanted, dtype=float)[order] - above_foot).x
    placed = np.empty(len(wanted))
    placed[order] = np.clip(feet, low, high - tall.sum()) + above_foot
    return [float(place) for place in placed]


def label_ends(axes: Axes, ends: Sequence[tuple[float, float, str, str]], size: float = SMALL) -> None:
    """Write names beside the ends of lines, after the limits of the axes are set.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its vertical scale linear.
    ends : sequence of (float, float, str, str)
        Place of each end in the data, its words and its colour.
    size : float
        Size of the letters, pixels.
    """
    low, high = axes.get_ylim()
    pixels = [(y - low) / (high - low) * axes.bbox.height for _, y, _, _ in ends]
    # None hangs over the line of the axis below, as long as there is room above.
    line = size + 2
    fits = line * len(pixels) <= axes.bbox.height
    places = spread(pixels, [line] * len(pixels), 1 if fits else -math.inf)
    for (x, y, words, colour), old, new in zip(ends, pixels, places, strict=True):
        label_beside(axes, (x, y), (8, new - old), words, colour, va="center", fontsize=size)


def label_blocks(axes: Axes, blocks: Sequence[tuple[float, float, str]], y: float) -> None:
    """Write words in one row, each at the middle of its block, after the limits of the axes are set.

    Parameters
    ----------
    blocks : sequence of (float, float, str)
        Start and length of each block in the data, and its words.
    y : float
        Height of the row in the data.
    """
    low, high = axes.get_xlim()
    pixel = (high - low) / axes.bbox.width
    middles = [(start + length / 2 - low) / pixel for start, length, _ in blocks]
    widths = [width_px(words, SMALL) + GAP_PX for _, _, words in blocks]
    for (_, _, words), x in zip(blocks, spread(middles, widths, 0, axes.bbox.width), strict=True):
        axes.text(low + x * pixel, y, words, ha="center", va="center", color=SOFT, fontsize=SMALL, bbox=GROUND)
