"""A figure: two drawings, the plotted data, the finding in words, and where the data come from, in one object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital import jupyter
from patient_capital.figures.credit import Credit, Imprint, shortened
from patient_capital.figures.style import Swatch, draw_picture, draw_png, draw_svg
from patient_capital.markup import days_kept, in_html
from patient_capital.naming import slug_of
from patient_capital.provenance.records import Source, publisher_names, publishers, publishers_told
from patient_capital.tables import book_data


@dataclass(frozen=True)
class Figure:
    """What a figure function returns.

    Attributes
    ----------
    title : str
        The finding, with its numbers; of a changed figure, the measure.
    alt : str
        The finding for a reader who cannot see the drawing.
    draw : callable
        Takes True for the wide and False for the narrow variant, and returns the drawing.
    drawn : pandas.DataFrame
        The plotted data, which all share: `plotted` is a copy.
    refs : tuple of str
        Results and facts printed in title, subtitle, labels or caption.
    must : str
        What a picture of it must say where no note stands below it.
    steps : tuple of (str, str)
        Name and sentence of each step, for a figure that is told step by step.
    origins : tuple of str
        The analysis functions that give what is drawn.
    changed : bool
        Whether it is drawn from other data than the book's.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    draw: Callable[[bool], Canvas]
    drawn: pd.DataFrame
    refs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""
    must: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    legend: tuple[Swatch, ...] = ()
    origins: tuple[str, ...] = ()
    changed: bool = False

    @property
    def plotted(self) -> pd.DataFrame:
        """The plotted data, a copy; written as CSV beside the page."""
        return self.drawn.copy()

    @property
    def slug(self) -> str:
        """Name for ids and files."""
        return slug_of(self.name)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said of the drawing, besides its labels."""
        told = (sentence for _, sentence in self.steps)
        return (self.title, self.subtitle, self.alt, self.note, *told, *(label for _, _, label in self.legend))

    @cached_property
    def wide(self) -> str:
        """The drawing for a desk, as SVG in the colours of the page."""
        return draw_svg(self.name, self.draw, wide=True)

    @cached_property
    def narrow(self) -> str:
        """The drawing for a phone, as SVG in the colours of the page."""
        return draw_svg(self.name, self.draw, wide=False)

    @cached_property
    def shown_legend(self) -> tuple[Swatch, ...]:
        """The entries of the legend that have a mark in the drawing: a state that nothing is in yet is not explained."""
        drawn = self.wide + self.narrow
        return tuple(swatch for swatch in self.legend if f"var(--pc-{swatch[0]})" in drawn)

    @cached_property
    def png(self) -> bytes:
        """The wide drawing with its legend as a picture of double size on white, for notebooks."""
        return draw_png(self.draw, self.shown_legend)

    def csv(self) -> str:
        """Return the plotted data as CSV, rounded to six significant digits, so that it is the same anywhere."""
        return str(self.drawn.to_csv(index=False, float_format="%.6g", lineterminator="\n"))

    def save(self, path: str | Path, imprint: Imprint | None = None) -> None:
        """Write the wide drawing with its legend, or the data that it shows.

        Below the drawing, and in the file, stands what it finds, its sources and the report that it is of; a changed
        figure is not of the report.

        Parameters
        ----------
        path : str or pathlib.Path
            Ends in ``.svg`` or ``.png`` for the drawing, in ``.csv`` for the data.
        imprint : Imprint, optional
            What the picture says of the report; otherwise what the data say.

        Raises
        ------
        ValueError
            If it ends otherwise.
        """
        target = Path(path)
        told = self.title, self.subtitle, self.must, self.alt
        credit = None if self.changed else Credit(*told, self.sources, imprint or _of_data())
        match target.suffix.lower():
            case ".svg":
                foot, data = (credit.svg(self.name), credit.rdf()) if credit else ("", "")
                content = draw_picture(
                    self.name, self.wide, self.shown_legend, self.title, self.alt, foot, data
                ).encode()
            case ".png":
                content = credit.png(self.png) if credit else self.png
            case ".csv":
                content = self.csv().encode()
            case _:
                raise ValueError(f"a figure is saved as .svg, .png or .csv, not as {target.suffix!r}: {path}")
        target.write_bytes(content)

    def html(self) -> str:
        """Return the figure as HTML; each width has its own drawing."""
        names = publisher_names(self.sources)
        named = f": {in_html(shortened(names))}" if names else ""
        legend = "".join(
            f'<li><span class="pc-swatch pc-swatch--{fill}" style="color: var(--pc-{colour})"></span>'
            f"{in_html(label)}</li>"
            for colour, fill, label in self.shown_legend
        )
        return (
            f'<figure class="pc-figure" id="fig-{self.slug}" aria-label="{escape(self.title)}">'
            f'<p class="pc-figure__title">{in_html(self.title)}</p>'
            f'<p class="pc-figure__subtitle">{in_html(self.subtitle)}</p>'
            + (f'<ul class="pc-legend">{legend}</ul>' if legend else "")
            + f'<div role="img" aria-label="{escape(self.alt)}"><div class="pc-figure__wide">{self.wide}</div>'
            f'<div class="pc-figure__narrow">{self.narrow}</div></div>{self._steps()}<figcaption>'
            + (f"<p>{in_html(self.note)}</p>" if self.note else "")
            + (
                f'{sources_html(self.sources, named)}<p class="pc-actions">{self._actions()}</p>{self._computed_by()}'
                if not self.changed
                else ""
            )
            + "</figcaption></figure>"
        )

    def _steps(self) -> str:
        """Return the sentences of the steps as a list; the script of the page shows them one by one with the drawing."""
        told = "".join(f"<li><b>{in_html(name)}.</b> {in_html(sentence)}</li>" for name, sentence in self.steps)
        return f'<ol class="pc-steps">{told}</ol>' if told else ""

    def _actions(self) -> str:
        """Return the links to take the figure away by; the script of the page adds a button that copies it as text."""
        base = f"../figures/{self.slug}"
        files = {".svg": "SVG", ".png": "PNG", ".csv": "Data (CSV)", ".zip": "All of it (ZIP)"}
        links = [f'<a href="{base}{suffix}" download>{name}</a>' for suffix, name in files.items()]
        return " ".join([*links, f'<a href="../embed/{self.slug}.html">Embed</a>'])

    def _computed_by(self) -> str:
        links = []
        for name in self.origins:
            module, _, function = name.rpartition(".")
            source = f"../_modules/patient_capital/{module.replace('.', '/')}.html#{function}"
            links.append(f'<a href="{source}"><code>{escape(function)}</code></a>')
        return f"<p>Computed by {' and '.join(links)}</p>" if links else ""

    def __repr__(self) -> str:
        return f"<figure {self.name}: {self.title}>"

    def _ipython_display_(self) -> None:
        jupyter.display_figure(self)


def _of_data() -> Imprint:
    package = book_data().package
    return Imprint(package.title.removesuffix(": data"), package.version, package.edition)


def source_html(source: Source) -> str:
    """Return one source as a line of HTML; without link where none may be given."""
    title = in_html(source.title)
    linked = f'<a href="{escape(source.url)}">{title}</a>' if source.url else title
    return ", ".join(p for p in (in_html(source.credit), linked, days_kept(source.published)) if p)


def sources_html(sources: tuple[Source, ...], named: str = "") -> str:
    """Return sources as a list that folds, under the number of publishers; `named` stands before it."""
    many = publishers_told(sources) + (", marked *" if len(publishers(sources)) == 1 else "")
    listed = "".join(f"<li>{source_html(source)}</li>" for source in sources)
    return f"<details><summary>Sources{named} ({in_html(many)})</summary><ul>{listed}</ul></details>"
