"""What a picture that is taken away says of itself: what it finds, of which report it is, and on whose pages it rests.

It stands below the drawing, for who sees the picture, and in the file, for programs: Dublin Core in an SVG, text in a
PNG.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape

from matplotlib.figure import Figure as Canvas
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from patient_capital.figures.style import (
    INK,
    RULE,
    SMALL,
    SOFT,
    WIDE_PX,
    draw_png,
    draw_svg,
    few_colours,
    pixel_drawing,
)
from patient_capital.formatting import STAR, human_date
from patient_capital.provenance.records import Source, publisher_names
from patient_capital.typesetting import in_lines

LICENCE, LICENCE_NAME = "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"
"""Of text, figures and tables."""

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "cc": "http://creativecommons.org/ns#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}

BOLD_LETTERS, LETTERS = 88, 100
"""Letters of a line that surely fit below a drawing."""
LINE_PX, EDGE_PX, SHOWN = 17, 6, 6
"""Height of a line, room beside the lines, and publishers named below the drawing."""


STARRED = f"{STAR} rests on one voice: one origin, or one publisher where the cell was not looked up."
"""What the mark of a number means, for who has no glossary at hand."""


def shortened(names: list[str], shown: int = 4) -> str:
    """Return the first of some names, and how many more there are."""
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")


@dataclass(frozen=True, slots=True)
class Imprint:
    """The report that a picture is of; parts that are not known are empty.

    Attributes
    ----------
    day : str
        Day of the edition, ISO.
    url : str
        Where the figure stands.
    """

    report: str
    version: str
    day: str
    author: str = ""
    url: str = ""

    @property
    def line(self) -> str:
        """The report, its edition and its licence."""
        return f"{self.report}, edition {self.version} of {human_date(self.day)}, {LICENCE_NAME}."


@dataclass(frozen=True, slots=True)
class Credit:
    """What one picture says.

    Attributes
    ----------
    title, subtitle : str
        What the figure finds, and what it shows in which unit.
    must : str
        What the picture must say of the drawing, since no note stands below it.
    about : str
        The same for who cannot see it.
    """

    title: str
    subtitle: str
    must: str
    about: str
    sources: tuple[Source, ...]
    imprint: Imprint

    @property
    def lines(self) -> tuple[tuple[str, bool], ...]:
        """The lines below the drawing, and whether each is bold."""
        names = shortened(publisher_names(self.sources), SHOWN)
        told = [
            self.subtitle,
            *([self.must] if self.must else []),
            *([STARRED] if STAR in f"{self.title}{self.subtitle}{self.must}{self.about}" else []),
        ]
        told += [f"Sources: {names}."] if names else []
        told += [self.imprint.line, *([self.imprint.url] if self.imprint.url else [])]
        bold = in_lines(self.title, BOLD_LETTERS)
        return (
            *((line, True) for line in bold),
            *((line, False) for text in told for line in in_lines(text, LETTERS, break_on_hyphens=False)),
        )

    @property
    def source(self) -> str:
        """The report, and every page that the figure rests on."""
        told = (
            ", ".join(part for part in (one.credit, one.title, one.published, one.url) if part) for one in self.sources
        )
        return "; ".join([" ".join(part for part in (self.imprint.line, self.imprint.url) if part), *told])

    def strip(self) -> Canvas:
        """Draw the lines."""
        height = EDGE_PX + LINE_PX * len(self.lines) + EDGE_PX
        drawing, axes = pixel_drawing(WIDE_PX, height)
        axes.plot([EDGE_PX, WIDE_PX - EDGE_PX], [1, 1], color=RULE, linewidth=1)
        for at, (text, bold) in enumerate(self.lines):
            colour, weight = (INK, "bold") if bold else (SOFT, "normal")
            place = EDGE_PX, EDGE_PX + LINE_PX * (at + 0.5)
            axes.text(*place, text, va="center", fontsize=SMALL, color=colour, weight=weight)
        return drawing

    def svg(self, name: str) -> str:
        """Return the lines as a part of an SVG."""
        return draw_svg(f"{name}.credit", lambda _: self.strip(), wide=True)

    def rdf(self) -> str:
        """Return what the file says to programs, as matplotlib and Inkscape write it: Dublin Core as RDF."""
        agents = {"creator": self.imprint.author, "rights": f"{LICENCE_NAME}, {LICENCE}"}
        plain = {
            "title": self.title,
            "date": self.imprint.day,
            "format": "image/svg+xml",
            "identifier": self.imprint.url,
            "source": self.source,
            "description": self.about,
        }
        told = [f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in plain.items() if text]
        told += [
            f"<dc:{name}><cc:Agent><dc:title>{escape(text)}</dc:title></cc:Agent></dc:{name}>"
            for name, text in agents.items()
            if text
        ]
        spaces = " ".join(f'xmlns:{name}="{where}"' for name, where in NAMESPACES.items())
        return (
            f"<metadata><rdf:RDF {spaces}><cc:Work>"
            f'<dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/>{"".join(told)}'
            f'<cc:license rdf:resource="{LICENCE}"/></cc:Work></rdf:RDF></metadata>'
        )

    def png(self, drawn: bytes) -> bytes:
        """Return a picture with the lines below it, and the same as text in the file."""
        told = PngInfo()
        for key, text in {
            "Title": self.title,
            "Author": self.imprint.author,
            "Description": self.about,
            "Source": self.source,
            "Copyright": f"{LICENCE_NAME}, {LICENCE}",
        }.items():
            if text:
                told.add_itxt(key, text)
        above, below = (Image.open(io.BytesIO(one)).convert("RGB") for one in (drawn, draw_png(lambda _: self.strip())))
        whole = Image.new("RGB", (above.width, above.height + below.height), "white")
        whole.paste(above, (0, 0))
        whole.paste(below, (0, above.height))
        return few_colours(whole, told)
