"""The picture that a shared link to a page shows: its title and its first figure with the finding, or its first words.

Below stand the edition and its day. A figure of which a picture would show nothing that can be read is passed over.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sphinx.application import Sphinx

from patient_capital.figures import Figure, load_figures
from patient_capital.figures.style import CARD, INK, RC, SOFT, STATE, TREASURY, canvas, draw_pixels
from patient_capital.files import write_whole
from patient_capital.ledger import read_pages
from patient_capital.sphinxext.bundles import kept_drawings, use_drawing
from patient_capital.sphinxext.head import FRONT, description_of, picture_of, title_of
from patient_capital.sphinxext.processes import work_beside
from patient_capital.sphinxext.site import edition
from patient_capital.tables import book_data
from patient_capital.typesetting import curved, in_lines

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
FIGURE_LEFT, FIGURE_TOP, FIGURE_FOOT = 684, 50, 600
"""Where the figure of a page stands in its picture, from the top left corner."""
TALLEST = 1.55
"""Height over width of a figure that can be read in a picture."""
LETTERS_OF_MUST, LINES_OF_MUST, MUST_LINE = 62, 6, 21
"""Letters of a line, lines and height of a line of what a picture must say of its figure."""
DRAWN_FROM = "Drawn from"
"""Name of the text inside a picture that says what it was drawn from, so that it is drawn once."""
IN_CHINESE = re.compile(r"\s*\([^()]*[\u2e80-\uffff][^()]*\)")
"""A name in Chinese, in brackets behind the English one: the fonts that draw the pictures have no such letters."""
NARROW = re.compile(r'__narrow"><svg viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Shared:
    """What the picture of a page shows.

    Attributes
    ----------
    words : str
        First words of the page, or the finding of its figure.
    figure : Figure, optional
        Drawn beside the words.
    must : str
        What the picture must say of the figure.
    drawn : str
        The figure as the page shows it, by which a change is seen.
    """

    title: str
    words: str
    book: str
    foot: str
    figure: Figure | None = None
    must: str = ""
    drawn: str = ""

    @property
    def key(self) -> str:
        """What the picture is drawn from, as text."""
        return "\n".join(
            (
                self.title,
                self.words,
                self.must,
                self.book,
                self.foot,
                hashlib.sha256(self.drawn.encode()).hexdigest() if self.drawn else "",
            )
        )


def _picture_of_figure(figure: Figure, width: int, height: int) -> Image.Image:
    """Return the narrow variant of a figure with its legend, as large as it fits."""
    picture = draw_pixels(figure.draw, figure.shown_legend, wide=False)
    picture.thumbnail((width, height), Image.Resampling.LANCZOS)
    return picture


def draw(shared: Shared) -> bytes:
    """Return the picture as PNG; the same bytes for the same content."""
    size, letters, letters_below = (37, 23, 38) if shared.figure else (50, 34, 62)
    with style.context(["default", RC]):
        figure = canvas(WIDTH, HEIGHT)
        figure.set_facecolor(CARD)

        def write(lines: list[str], down: float, size: float, colour: str, **look: Any) -> float:
            for line in lines:
                figure.text(
                    MARGIN / WIDTH, 1 - (down + size) / HEIGHT, line, fontsize=size, color=colour, va="baseline", **look
                )
                down += 1.36 * size
            return down

        def wrapped(text: str, letters: int, lines: int) -> list[str]:
            whole = curved(IN_CHINESE.sub("", text))
            clauses = whole.split("; ")
            # What has no room ends with a clause where it can: a number is not parted from its range.
            for many in range(len(clauses), 0, -1):
                told = in_lines("; ".join(clauses[:many]), letters)
                if len(told) <= max(1, lines):
                    return told
            return in_lines(whole, letters, max_lines=max(1, lines), placeholder=" …")

        write([shared.book], 60, 24, TREASURY, weight="bold")
        below = write(wrapped(shared.title, letters, 5), 124, size, INK, weight="bold") + 18
        must = wrapped(shared.must, LETTERS_OF_MUST, LINES_OF_MUST) if shared.must else []
        left_over = HEIGHT - 100 - below - MUST_LINE * len(must)
        write(wrapped(shared.words, letters_below, int(left_over // 36)), below, 25, SOFT)
        write(must, HEIGHT - 92 - MUST_LINE * len(must), 16, INK)
        write([shared.foot], HEIGHT - 78, 20, SOFT)
        for left, across, colour in ((0, 1.0, TREASURY), (0, 0.16, STATE)):
            figure.add_artist(Rectangle((left, 1 - 14 / HEIGHT), across, 14 / HEIGHT, color=colour, linewidth=0))
        painter = FigureCanvasAgg(figure)
        painter.draw()  # type: ignore[no-untyped-call]  # matplotlib does not type its canvas
        picture = Image.frombuffer("RGBA", (WIDTH, HEIGHT), bytes(painter.buffer_rgba())).convert("RGB")  # type: ignore[no-untyped-call]  # matplotlib does not type its canvas
    if shared.figure:
        room = WIDTH - MARGIN // 2 - FIGURE_LEFT, FIGURE_FOOT - FIGURE_TOP
        beside = _picture_of_figure(shared.figure, *room)
        picture.paste(
            beside, (FIGURE_LEFT + (room[0] - beside.width) // 2, FIGURE_TOP + (room[1] - beside.height) // 2)
        )
    told = PngInfo()
    told.add_itxt(DRAWN_FROM, shared.key)
    buffer = io.BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True, pnginfo=told)
    return buffer.getvalue()


def _drawn_from(path: Path) -> str:
    if not path.is_file():
        return ""
    with Image.open(path) as picture:
        return str(picture.info.get(DRAWN_FROM, ""))


def figures_of_pages(app: Sphinx) -> dict[str, tuple[Figure, str]]:
    """Return the figure of each page that its picture shows, as the kernel of this build has drawn it, and its HTML.

    It is the first of the page that can be read in a picture; where no kernel has drawn anything, there is none.
    """
    kept = kept_drawings(app)

    def readable(name: str) -> bool:
        size = NARROW.search(kept.get(name, ("",))[0])
        return size is not None and float(size[2]) <= TALLEST * float(size[1])

    found = {}
    for page in read_pages(Path(app.srcdir) / "chapters") if kept else ():
        # As the page shows them; what a page lists of its figures is sorted.
        first = next((name for name in kept if name in page.figures and readable(name)), None)
        if first:
            figure = load_figures()[first].of(book_data())
            use_drawing(figure, *kept[first])
            found[f"chapters/{page.name}"] = (figure, kept[first][0])
    return found


def write_pictures(app: Sphinx) -> None:
    """Write the picture of each page whose content is not what it was drawn from."""
    one, figures = edition(app), figures_of_pages(app)
    foot = f"Edition {one.version} of {one.human_day}"
    for page in (FRONT, *sorted(app.env.found_docs)):
        path = Path(app.outdir) / picture_of(page)
        figure, drawn = figures.get(app.config.root_doc if page == FRONT else page, (None, ""))
        title = title_of(app, page)
        shared = Shared(title, description_of(app, page).removeprefix(f"{title}. "), one.title, foot)
        if page == FRONT:
            asked = one.full_title.removeprefix(one.title).lstrip(": ")
            shared = replace(shared, title=asked[:1].upper() + asked[1:])
        if figure:
            star = " · * rests on one voice" if "*" in figure.title + figure.must else ""
            shared = replace(shared, words=figure.title, must=figure.must, foot=foot + star, figure=figure, drawn=drawn)
        if _drawn_from(path) != shared.key:
            write_whole(path, draw(shared))


def setup_share(app: Sphinx) -> None:
    """Register the writing of pictures."""
    work_beside(app, "env-check-consistency", write_pictures)
