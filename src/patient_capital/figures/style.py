"""The house style of figures: colours, sizes, and SVG that follows the theme of the page."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from threading import RLock
from typing import Any, Literal

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from patient_capital.figures.grounds import MEASURE, cover_lines
from patient_capital.figures.marks import say, with_marks
from patient_capital.typesetting import curved

INK, SOFT, RULE, CARD = "#1c2430", "#56606c", "#d3d9e0", "#ffffff"
TREASURY, STATE, UNNAMED = "#0b5fa5", "#c2570c", "#7b4ea3"
OPEN, VOID, MARK, WARN = "#8d97a3", "#b3bbc4", "#0a7d6b", "#a4243b"
COLOURS = (INK, SOFT, RULE, CARD, TREASURY, STATE, UNNAMED, OPEN, VOID, MARK, WARN)
NAMES = ("ink", "soft", "rule", "card", "treasury", "state", "unnamed", "open", "void", "mark", "warn")
TOKENS = dict(zip(COLOURS, NAMES, strict=True))
"""Light value of each colour and its name in the stylesheet; the page swaps in the value of its theme.

treasury: money of the central treasury; state: money of named state bodies; unnamed: money of partners
without a name; open: promised, not yet raised; void: nothing published; mark: the measure at issue.
"""

GROUND: dict[str, Any] = {"facecolor": CARD, "edgecolor": "none", "pad": 1}
"""Ground of a label that stands among lines, which it covers."""

FUND_COLOURS = {
    "private_fund": "unnamed",
    "national_fund": "treasury",
    "patient_fund": "mark",
    "directed_fund": "state",
}
"""Names of the colours of the funds of the model, by regime: one in all figures and explorers."""

Swatch = tuple[str, Literal["solid", "hatch", "outline", "dot", "ring", "diamond"], str]
"""Name of a colour in the stylesheet, the mark that has it, and its label: a block of some filling, or a point."""

UP, DOWN = "////", "\\\\\\\\"
"""Hatches of a block: rising to the right, and falling where a second kind of money stands beside the first."""


def hatch_of(colour: str) -> str:
    """Return the hatch that blocks in a colour have, in every drawing and in its legend."""
    return DOWN if colour == UNNAMED else UP


POINTS = {"dot": "o", "ring": "o", "diamond": "D"}
"""Swatches that are points, and their shapes."""

SVG = "http://www.w3.org/2000/svg"

WIDE_PX, NARROW_PX = 720, 350
"""Widths of the two drawings: a column of the book on a desk, and on a phone of 390 pixels."""
TEXT_PX = 12.0
TEXT, SMALL = 12, 12
"""Sizes of labels in pixels: none is smaller than twelve, on a desk or on a phone."""

FOOT_PX = 6
"""Room below the lowest thing of a drawing."""

RC: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "patient-capital",
    "font.family": "DejaVu Sans",
    "font.size": TEXT_PX,
    "text.parse_math": False,  # a name with two dollar signs is a name
    "figure.dpi": 72,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.titlesize": TEXT_PX,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "hatch.linewidth": 1.4,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
}


_DRAWING = RLock()


@contextmanager
def house_style(**settings: Any) -> Iterator[None]:
    """Draw in the style of the book, whatever the reader's own is.

    The settings of matplotlib belong to the whole process: of our own threads one draws at a time.
    """
    with _DRAWING, style.context(["default", RC | settings]), warnings.catch_warnings():
        # Text stays text in the drawing: the page has fonts for Chinese, which the one that measures has not.
        warnings.filterwarnings("ignore", r"Glyph .* missing from")
        yield


def canvas(width_px: float, height_px: float) -> Canvas:
    """Return an empty drawing; one unit is one pixel at full size."""
    return Canvas(figsize=(width_px / 72, height_px / 72), dpi=72, facecolor="none")


def axes_at(figure: Canvas, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes at a place in pixels from the top left corner."""
    full_width, full_height = (72 * float(v) for v in figure.get_size_inches())
    box = (left / full_width, 1 - (top + height) / full_height, width / full_width, height / full_height)
    axes = figure.add_axes(box)
    axes.set_facecolor("none")
    return axes


def even_foot(drawing: Canvas) -> Canvas:
    """Give a drawing the same room below the lowest thing in it as every other has, and return it."""
    boxes = [
        part.get_tightbbox(MEASURE)
        for axes in drawing.axes
        for part in axes.get_children()
        if part is not axes.patch and part.get_visible() and not (isinstance(part, Text) and not part.get_text())
    ]
    lowest = min((box.y0 for box in boxes if box is not None), default=FOOT_PX)
    width, height = (72 * float(v) for v in drawing.get_size_inches())
    # Whole pixels, so that lines stay as sharp as they are.
    cut = math.floor(lowest - FOOT_PX)
    left = height - cut
    for axes in drawing.axes:
        x, y, wide, tall = axes.get_position().bounds
        axes.set_position((x, (y * height - cut) / left, wide, tall * height / left))
    drawing.set_size_inches(width / 72, left / 72)
    return drawing


def _two_decimals(match: re.Match[str]) -> str:
    if match[0].startswith("<title>"):
        return match[0]  # what a mark says is no coordinate
    written = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return written.replace("-0", "0") if float(match[0]) == 0 else written


def _own_ids(svg: str, name: str) -> str:
    """Drop ids that nothing refers to, and give the others the name of the drawing: many stand in one page."""
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))
    svg = re.sub(r" id=\"([^\"]*)\"", lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", svg)
    return re.sub(r"(url\(#|href=\"#)", rf"\g<1>{name}-", svg)


def theme_svg(svg: str, name: str) -> str:
    """Make matplotlib's SVG fit to stand inside a page.

    Prolog, metadata, unused ids and the sheet that would style the whole page go; colours become the
    page's; fonts are the page's; coordinates are rounded to 0.01 px, so that the text is the same on any machine.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style type=\"text/css\">.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*</defs>", "", svg)
    svg = _own_ids(with_marks(svg), name)
    svg = re.sub(
        r"<svg[^>]*?(viewBox=\"[^\"]*\")[^>]*>", r'<svg \1 aria-hidden="true" focusable="false">', svg, count=1
    )
    svg = re.sub(r"font: (?:(?:normal|italic|oblique) )?(?:(\d{3}|bold) )?([\d.]+)px [^;\"]*", _font, svg)
    svg = re.sub(r"<title>.*?</title>|-?\d+\.\d{3,}(?:e-?\d+)?", _two_decimals, svg)
    for light, token in TOKENS.items():
        svg = svg.replace(light, f"var(--pc-{token})")
    svg = svg.replace("xlink:href", "href")
    return re.sub(r">\s+<", "><", svg).strip()


def _font(match: re.Match[str]) -> str:
    weight = f"font-weight: {match[1]}; " if match[1] else ""
    return f"{weight}font-size: {float(match[2]):g}px"


def _drawn(draw: Callable[[bool], Canvas], wide: bool) -> Canvas:
    """Draw one variant, its words as pages set them, with a ground for each label that a line would run through."""
    drawing = draw(wide)
    for text in drawing.findobj(Text):
        text.set_text(curved(text.get_text()))
    cover_lines(drawing, GROUND)
    return drawing


def draw_svg(name: str, draw: Callable[[bool], Canvas], *, wide: bool) -> str:
    """Draw one variant of a figure in the house style and return it as SVG for a page."""
    variant = "wide" if wide else "narrow"
    with house_style(**{"svg.hashsalt": f"{name}-{variant}"}):
        figure = _drawn(draw, wide)
        FigureCanvasSVG(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, facecolor="none")
    return theme_svg(buffer.getvalue(), f"{re.sub(r'[^a-z0-9]+', '-', name)}-{variant}")


def _legend_strip(legend: tuple[Swatch, ...], width: float = WIDE_PX) -> Canvas:
    """Draw the legend, which a page writes as a list, for a picture that stands alone."""
    colours = {token: light for light, token in TOKENS.items()}
    gap, row_px, letter_px = 18, 22, 6.6
    places: list[tuple[float, int]] = []
    x, row = 0.0, 0
    for _, _, label in legend:
        needed = 20 + letter_px * len(label)
        if places and x + needed > width:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += needed + gap
    strip, axes = pixel_drawing(width, (row + 1) * row_px)
    for (colour, fill, label), (left, line) in zip(legend, places, strict=True):
        ink, y = colours[colour], line * row_px
        axes.text(left + 20, y + 10, label, fontsize=SMALL, color=SOFT, va="center")
        face = ink if fill in {"solid", "dot", "diamond"} else CARD
        if fill in POINTS:
            look: dict[str, Any] = {"markersize": 9, "markerfacecolor": face, "markeredgewidth": 1.6}
            axes.plot(left + 7, y + 10, POINTS[fill], color=ink, **look)
            continue
        # A swatch is small: half as many lines again.
        hatch = 3 * hatch_of(ink)[:2] if fill == "hatch" else None
        block(axes, (left + 1, y + 4), 12, 12, face, ink, hatch=hatch)
    return strip


def _pixels(drawing: Canvas) -> np.ndarray[Any, np.dtype[np.uint8]]:
    drawing.set_dpi(2 * 72)
    drawing.set_facecolor("white")
    painter = FigureCanvasAgg(drawing)
    painter.draw()  # type: ignore[no-untyped-call]  # matplotlib does not type its canvas
    return np.asarray(painter.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]  # matplotlib does not type its canvas


def draw_pixels(draw: Callable[[bool], Canvas], legend: tuple[Swatch, ...] = (), *, wide: bool = True) -> Image.Image:
    """Draw a variant with its legend at double size on white."""
    with house_style():
        parts = [_pixels(_legend_strip(legend, WIDE_PX if wide else NARROW_PX))] if legend else []
        parts.append(_pixels(_drawn(draw, wide)))
    return Image.fromarray(np.ascontiguousarray(np.vstack(parts)))


def draw_png(draw: Callable[[bool], Canvas], legend: tuple[Swatch, ...] = ()) -> bytes:
    """Draw the wide variant with its legend as a PNG of few colours, so that it is small."""
    return few_colours(draw_pixels(draw, legend))


def few_colours(picture: Image.Image, told: PngInfo | None = None) -> bytes:
    """Return a picture as a PNG of few colours, with what it says of itself."""
    buffer = io.BytesIO()
    picture.quantize(96, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True, pnginfo=told)
    return buffer.getvalue()


def draw_picture(
    name: str, drawing: str, legend: tuple[Swatch, ...], title: str, alt: str, foot: str = "", told: str = ""
) -> str:
    """Return a drawing for a page, with its legend, as an SVG that stands alone: with colours, on white.

    Parameters
    ----------
    drawing : str
        The wide variant, as :func:`draw_svg` gives it.
    foot : str
        What stands below it, drawn in the same way.
    told : str
        What the file says to programs, as SVG.
    """
    strip = [draw_svg(f"{name}.legend", lambda _: _legend_strip(legend), wide=True)] if legend else []
    placed, height = "", 0.0
    for part in [*strip, drawing, *([foot] if foot else [])]:
        across, down = re.findall(r"[\d.]+", part[: part.index(">")])[2:4]
        placed += part.replace("<svg ", f'<svg y="{height:g}" width="{across}" height="{down}" ', 1)
        height += float(down)
    for light, token in TOKENS.items():
        placed = placed.replace(f"var(--pc-{token})", light)
    size = f'width="{WIDE_PX}" height="{height:g}"'
    box = " ".join(f"{edge:g}" for edge in (0, 0, WIDE_PX, height))
    return (
        f'<svg xmlns="{SVG}" role="img" {size} viewBox="{box}" font-family="DejaVu Sans, sans-serif">'
        f'<title>{escape(title)}</title><desc>{escape(alt)}</desc>{told}<rect {size} fill="white"/>{placed}</svg>\n'
    )


def bare(axes: Axes) -> None:
    """Remove ticks and frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def grid_axes(
    drawing: Canvas, left: float, top: float, width: float, height: float, grid: Literal["y", "both"] = "y"
) -> Axes:
    """Add axes with a grid and no tick marks at a place in pixels from the top left corner."""
    axes = axes_at(drawing, left, top, width, height)
    axes.grid(axis=grid)
    axes.tick_params(which="both", length=0)
    axes.tick_params(axis="x", pad=9)  # clear of the number at the foot of the other axis
    return axes


def row_axes(drawing: Canvas, left: float, top: float, width: float, height: float, rows: float) -> Axes:
    """Axes with one unit a row, first row on top, and a light grid across."""
    axes = axes_at(drawing, left, top, width, height)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.grid(axis="x")
    axes.tick_params(which="both", length=0)
    return axes


Sizes = float | tuple[float, float]
"""A size in pixels: one for both drawings, or one for the wide and one for the narrow."""


def _size(sizes: Sizes, wide: bool) -> float:
    return sizes[0 if wide else 1] if isinstance(sizes, tuple) else sizes


def pixel_drawing(width: float, height: float) -> tuple[Canvas, Axes]:
    """Return a drawing with bare axes in pixels from its top left corner."""
    drawing = canvas(width, height)
    axes = axes_at(drawing, 0, 0, width, height)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    bare(axes)
    return drawing, axes


def row_drawing(
    wide: bool, rows: float, *, left: Sizes, right: Sizes, step: Sizes, top: Sizes = 6, bottom: Sizes = 40
) -> tuple[Canvas, Axes]:
    """Return a drawing of rows, each `step` pixels high, with its axes; see :func:`row_axes`.

    Parameters
    ----------
    left, right, top, bottom : float or (float, float)
        Room at the sides of the axes; of a pair the first is for the wide drawing, the second for the narrow one.
    """
    width = WIDE_PX if wide else NARROW_PX
    start, end, tall, above = (_size(sizes, wide) for sizes in (left, right, step, top))
    drawing = canvas(width, rows * tall + above + _size(bottom, wide))
    return drawing, row_axes(drawing, start, above, width - start - end, rows * tall, rows)


def plot_drawing(
    wide: bool, height: Sizes, *, left: Sizes, right: Sizes, top: Sizes, bottom: Sizes, grid: Literal["y", "both"] = "y"
) -> tuple[Canvas, Axes]:
    """Return a drawing of `height` pixels with axes that have a grid and no tick marks.

    Parameters
    ----------
    left, right, top, bottom : float or (float, float)
        Room at the sides of the axes; of a pair the first is for the wide drawing, the second for the narrow one.
    """
    width, tall = WIDE_PX if wide else NARROW_PX, _size(height, wide)
    start, end, above, below = (_size(sizes, wide) for sizes in (left, right, top, bottom))
    drawing = canvas(width, tall)
    return drawing, grid_axes(drawing, start, above, width - start - end, tall - above - below, grid)


def line_in_rows(axes: Axes, x: float, middles: Sequence[float], half: float, wide: bool, **look: Any) -> None:
    """Mark one number: across the wide drawing, and in the narrow one beside each mark alone, so that it runs through no name.

    Parameters
    ----------
    middles : sequence of float
        Where the mark of each row stands.
    half : float
        How far the line reaches above and below a mark in the narrow drawing, in rows.
    """
    if wide:
        axes.axvline(x, **look)
        return
    for middle in middles:
        axes.plot([x, x], [middle - half, middle + half], solid_capstyle="butt", **look)


def row_label(
    axes: Axes,
    place: float,
    text: str,
    wide: bool,
    x: tuple[float, float] = (0, 0),
    above: float = 0,
    size: Sizes = (TEXT, SMALL),
    left: float = 0,
    over: float | None = None,
    colour: str = INK,
    **placing: Any,
) -> None:
    """Write the name of a row: left of `x` in the wide drawing, over the row in the narrow one.

    Parameters
    ----------
    x : (float, float)
        Where the name ends in the wide drawing and begins in the narrow one, in units of the axis.
    above : float
        How far the name stands over the middle of the row in the narrow drawing, in rows.
    left : float
        Pixels between the name and `x` in the wide drawing.
    over : float, optional
        Pixels from that height up to the foot of the name in the narrow drawing, however many lines it has; otherwise
        its middle stands at that height.
    """
    look: dict[str, Any] = {"ha": "right", "va": "center"}
    point, shift = (x[0], place), (-left, 0.0)
    if not wide:
        point, shift = (x[1], place - above), (0.0, over or 0.0)
        # Over its row a name stands among the lines of the axes: its ground covers them.
        look = {"ha": "left", "va": "center" if over is None else "bottom", "bbox": GROUND, "zorder": 3}
    note_beside(axes, point, shift, text, colour, fontsize=_size(size, wide), annotation_clip=False, **look | placing)


def block(
    axes: Axes,
    corner: tuple[float, float],
    width: float,
    height: float,
    face: str,
    edge: str = "",
    said: str = "",
    **look: Any,
) -> None:
    """Draw a rectangle from its first corner, in one colour unless the edge has its own; it says its value."""
    patch = axes.add_patch(Rectangle(corner, width, height, facecolor=face, edgecolor=edge or face, **look))
    if said:
        say(patch, said)


def label_in_cell(axes: Axes, x: float, y: float, words: str, colour: str, **look: Any) -> None:
    """Write some words centred at a place."""
    axes.text(x, y, words, ha="center", va="center", color=colour, **{"fontsize": SMALL} | look)


def label_inside(axes: Axes, x: float, y: float, words: str, colour: str, **placing: Any) -> None:
    """Write a bold label in the colour of what it names, at a place in fractions of the axes."""
    look: dict[str, Any] = {"fontsize": SMALL, "weight": "bold"} | placing
    axes.text(x, y, words, transform=axes.transAxes, color=colour, **look)


def note_beside(
    axes: Axes, point: tuple[float, float], shift: tuple[float, float], words: str, colour: str = INK, **placing: Any
) -> None:
    """Write some words some pixels from a point of the data."""
    axes.annotate(words, point, shift, textcoords="offset points", color=colour, **{"fontsize": SMALL} | placing)


def note_at_top(axes: Axes, x: float, shift: tuple[float, float], words: str, **placing: Any) -> None:
    """Write some words some pixels from the upper edge of the axes, at a place of the data."""
    note_beside(axes, (x, 1), shift, words, SOFT, xycoords=("data", "axes fraction"), **placing)


def label_beside(
    axes: Axes, point: tuple[float, float], shift: tuple[float, float], words: str, colour: str = INK, **placing: Any
) -> None:
    """Write a bold label in the colour of what it names, some pixels from a point of the data."""
    note_beside(axes, point, shift, words, colour, weight="bold", **placing)


def switch_dot(axes: Axes, x: float, y: float, colour: str, size: float = 9, edge: float = 1.5) -> None:
    """Draw a dot with a light edge, as where a line crosses what it is compared with."""
    axes.plot([x], [y], "o", color=colour, markersize=size, markeredgecolor=CARD, markeredgewidth=edge)
