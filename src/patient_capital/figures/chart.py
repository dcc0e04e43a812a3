"""A figure as a function of frames: ``guidance(stock)`` draws the frame it is given and says what holds for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.book import load
from patient_capital.figures.record import Figure
from patient_capital.figures.style import Swatch, even_foot
from patient_capital.formatting import counted, digits
from patient_capital.passed import CHANGED, Builder, Give, Passed, origin
from patient_capital.provenance.records import Context, sources_of
from patient_capital.provenance.register import Register, name_of
from patient_capital.provenance.registry import load_results, number
from patient_capital.provenance.searches import search_of, with_day
from patient_capital.tables import Data


class Printer:
    """Prints numbers for a figure and remembers which."""

    def __init__(self, data: Data) -> None:
        self.book = data
        self.refs: dict[str, None] = {}

    def __call__(self, ref: str, form: str = "full") -> str:
        """Return a fact or result as text, with a star where it rests on one voice."""
        self.refs[ref] = None
        shown = number(ref, self.book)
        return shown.text(form) + shown.star

    def facts(self, table: str, rows: Iterable[str], *columns: str) -> None:
        """Remember the facts that the labels of a drawing print: the cells of a table that hold a value."""
        cells = self.book.table(table).text
        self.refs |= {f"{table}[{row}].{column}": None for row in rows for column in columns if cells[row][column]}


def start(data: Data) -> tuple[Context, Printer]:
    """Return what a figure reads from and prints with; both remember what was used."""
    return Context(data, load_results()), Printer(data)


@dataclass(frozen=True, slots=True)
class Story:
    """What a figure says of the book's data.

    Attributes
    ----------
    title : str
        The finding, with its numbers.
    subtitle : str
        The measure, with unit and date.
    alt : str
        The finding for a reader who cannot see the drawing.
    must : str
        What a picture that is taken away must say, where it is not the first sentence of the note. It opens the note.
    legend : tuple
        Labels of this figure that print numbers; otherwise those of the chart hold.
    searches : tuple of str
        Rows of searches behind what the figure says was not found.
    steps : tuple of (str, str)
        For a figure that is told step by step, the name of each step and its sentence.
    """

    title: str
    subtitle: str
    alt: str
    note: str = ""
    must: str = ""
    legend: tuple[Swatch, ...] = ()
    searches: tuple[str, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Chart(Builder[Figure]):
    """A registered figure.

    Attributes
    ----------
    draw : callable
        Takes the frames and ``wide``, and returns the drawing; it reads nothing else.
    tell : callable
        Takes :class:`Printer` and the arguments, and returns the :class:`Story` of the book's data.
    """

    draw: Callable[..., Canvas]
    tell: Callable[..., Story]
    legend: tuple[Swatch, ...]

    def __reduce__(self) -> tuple[Callable[[str], Chart], tuple[str]]:
        # A figure goes to another process with what it draws; the drawing of this name is found there.
        return _chart, (self.name,)

    def picture(self, values: tuple[Any, ...], wide: bool) -> Canvas:
        """Return the drawing of some frames."""
        return even_foot(self.draw(*values, wide=wide))

    def _told(self, data: Data, values: dict[str, Any], rows: set[tuple[str, str]]) -> Figure:
        printed = Printer(data)
        story = self.tell(printed, *values.values())
        return Figure(
            name=self.name,
            draw=partial(self.picture, tuple(values.values())),
            drawn=_plotted(values),
            title=story.title,
            subtitle=story.subtitle,
            alt=story.alt,
            note=with_day(data, " ".join(part for part in (story.must, story.note) if part), story.searches),
            must=" ".join(_carried(data, story, printed.refs)),
            steps=story.steps,
            legend=story.legend or self.legend,
            refs=(*printed.refs, *map(search_of, story.searches)),
            sources=sources_of(data, rows),
            origins=tuple(origin(give) for give in self.gives.values()),
        )

    def _changed(self, passed: Passed) -> Figure:
        plotted = _plotted(passed.given)
        return Figure(
            name=self.name,
            draw=partial(self.picture, tuple(passed.given.values())),
            drawn=plotted,
            title=self.measure,
            subtitle=CHANGED,
            alt=f"{self.measure}. {_in_words(plotted)}",
            legend=self.legend,
            origins=tuple(origin(self.gives[parameter]) for parameter in passed.changed),
            changed=True,
        )


CHARTS: Register[Chart] = Register("figure")


def _chart(name: str) -> Chart:
    load("figures")
    return CHARTS[name]


OF_A_MODEL = "Results of a model, and no observations."
MAY_EXIST = "What was not found may exist."
FIRST_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z0-9])")
"""Where a note breaks into sentences."""


def _carried(data: Data, story: Story, refs: Iterable[str]) -> Iterator[str]:
    """Yield what a picture says of its drawing where no note stands below it: its first caveat, and that of its kind."""
    if any(ref.startswith("model.") for ref in refs):
        yield OF_A_MODEL
    if caveat := story.must or FIRST_SENTENCE.split(story.note)[0]:
        yield caveat
    if story.searches:
        yield with_day(data, MAY_EXIST, story.searches)


def _plotted(values: dict[str, Any]) -> pd.DataFrame:
    """Return the first frame with its row ids as a column, as it is written to a file."""
    frame = next(value for value in values.values() if isinstance(value, pd.DataFrame))
    if isinstance(frame.index, pd.RangeIndex):
        return frame
    return frame.reset_index(names=[str(name or "id") for name in frame.index.names])


def _bound(value: float, column: object) -> str:
    """Write one end of a span: a year as it is, anything else to three digits."""
    return f"{value:.0f}" if column == "year" else digits(float(f"{value:.3g}"))


def _in_words(frame: pd.DataFrame) -> str:
    """Describe a frame for a reader who cannot see its drawing: rows, and the span of each numeric column."""
    spans = [
        f"{column} from {_bound(numbers.min(), column)} to {_bound(numbers.max(), column)}"
        for column in frame.columns
        if pd.api.types.is_numeric_dtype(frame[column])
        and not pd.api.types.is_bool_dtype(frame[column])
        and not (numbers := frame[column].dropna().astype(float)).empty
    ]
    rows = counted(len(frame), "row")
    return f"{rows}: {'; '.join(spans)}." if spans else f"{rows}."


def chart(
    measure: str, tell: Callable[..., Story], *, legend: tuple[Swatch, ...] = (), **gives: Give
) -> Callable[[Callable[..., Canvas]], Chart]:
    """Register a drawing as a figure of its chapter, under its own name.

    Parameters
    ----------
    measure : str
        What is measured and in which unit.
    tell : callable
        Takes :class:`Printer` and the frames of the book, and returns their :class:`Story`.
    gives : callable
        For each argument of the drawing, in order, the analysis function that gives it.

    Raises
    ------
    ValueError
        If the name is taken.
    """

    def register(draw: Callable[..., Canvas]) -> Chart:
        name = name_of(draw)
        return CHARTS.add(name, Chart(name, gives, measure, draw, tell, legend))

    return register
