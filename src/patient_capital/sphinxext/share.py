"""The picture that a shared link to a page shows: its title and first words, the book, edition and day."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sphinx.application import Sphinx

from patient_capital.figures.style import CARD, INK, RC, SOFT, STATE, TREASURY, canvas
from patient_capital.files import write_whole
from patient_capital.sphinxext.head import FRONT, description_of, picture_of, title_of
from patient_capital.sphinxext.site import edition

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
TITLE_LETTERS, WORDS_LETTERS = 34, 62
"""Letters of a line of the title and of the words below."""
DRAWN_FROM = "Drawn from"
"""Name of the text inside a picture that says what it was drawn from, so that it is drawn once."""


def draw(title: str, words: str, book: str, foot: str) -> bytes:
    """Return the picture as PNG; the same bytes for the same texts."""
    with style.context(["default", RC]):
        figure = canvas(WIDTH, HEIGHT)
        figure.set_facecolor(CARD)

        def write(text: str, down: float, size: float, colour: str, **look: Any) -> None:
            figure.text(
                MARGIN / WIDTH, 1 - down / HEIGHT, text, fontsize=size, color=colour, va="top", linespacing=1.3, **look
            )

        lines = textwrap.wrap(title, TITLE_LETTERS, max_lines=3, placeholder=" …")
        below = 150 + 70 * len(lines) + 20
        write(book, 66, 26, TREASURY, weight="bold")
        write("\n".join(lines), 150, 50, INK, weight="bold")
        room = max(1, int((HEIGHT - 110 - below) // 40))
        write("\n".join(textwrap.wrap(words, WORDS_LETTERS, max_lines=room, placeholder=" …")), below, 28, SOFT)
        write(foot, HEIGHT - 74, 22, SOFT)
        for left, across, colour in ((0, 1.0, TREASURY), (0, 0.16, STATE)):
            figure.add_artist(Rectangle((left, 1 - 14 / HEIGHT), across, 14 / HEIGHT, color=colour, linewidth=0))
        painter = FigureCanvasAgg(figure)
        painter.draw()  # type: ignore[no-untyped-call]  # matplotlib does not type its canvas
        picture = Image.frombuffer("RGBA", (WIDTH, HEIGHT), bytes(painter.buffer_rgba())).convert("RGB")  # type: ignore[no-untyped-call]  # matplotlib does not type its canvas
    told = PngInfo()
    told.add_itxt(DRAWN_FROM, "\n".join((title, words, book, foot)))
    buffer = io.BytesIO()
    picture.quantize(32, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True, pnginfo=told)
    return buffer.getvalue()


def _drawn_from(path: Path) -> str:
    if not path.is_file():
        return ""
    with Image.open(path) as picture:
        return str(picture.info.get(DRAWN_FROM, ""))


def write_pictures(app: Sphinx, error: Exception | None) -> None:
    """Write the picture of each page whose words are not those that it was drawn from."""
    if error is not None or app.builder.format != "html":
        return
    one = edition(app)
    foot = f"Edition {one.version} of {one.human_day}"
    for page in (FRONT, *sorted(app.env.found_docs)):
        path = Path(app.outdir) / picture_of(page)
        texts = (title_of(app, page), description_of(app, page), one.title, foot)
        if _drawn_from(path) != "\n".join(texts):
            write_whole(path, draw(*texts))


def setup_share(app: Sphinx) -> None:
    """Register the writing of pictures."""
    app.connect("build-finished", write_pictures)
