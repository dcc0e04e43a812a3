"""The parts of an explorer: sliders, curves, evidence, verdicts, and what a reader sees at one setting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from patient_capital.explorers.wording import with_unit
from patient_capital.model.common.checks import Floats

CASES: Final = ("crosses", "rises", "gain", "loss")
"""Order of the cases of a verdict in the page."""

CROSSES: Final = 0
GAIN: Final = 1
LOSS: Final = -1
SIDES: Final[Mapping[str, int]] = {"crosses": CROSSES, "gain": GAIN, "loss": LOSS}
"""Code of each side of a :class:`~patient_capital.model.common.checks.BreakEven`."""


def listed(names: Iterable[object]) -> str:
    """Return names as a list for a message, sorted."""
    return ", ".join(sorted(str(n) for n in names))


def key_of(value: float) -> str:
    """Return a number as it stands in the address of a page."""
    return f"{value:.12g}"


def beside(points: Sequence[float], at: float) -> tuple[int, int]:
    """Return the points of a rising axis left and right of a place, neither at the place itself if it can be."""
    near, last = 1e-6 * (points[-1] - points[0]), len(points) - 1
    left, right = np.searchsorted(points, at - near, side="right") - 1, np.searchsorted(points, at + near)
    return max(int(left), 0), min(int(right), last)


@dataclass(frozen=True, slots=True)
class Control:
    """One slider: a parameter and the values it can take.

    Attributes
    ----------
    id : str
        Name of the parameter; verdicts may print its setting as ``{id}``.
    unit : str
        Words behind the number, as "percent a year"; empty for none.
    values : tuple of float
        Rising; the slider stops at these and nowhere else.
    start : int
        Index of the value at which the page opens.
    note : str
        Where the range comes from, and its grade of evidence.
    decimals : int or None
        Digits behind the point; None keeps what each value has.
    assumed : bool
        Whether the range has no source; the page then says so beside the slider.
    low_label, high_label : str
        Words at the ends of the slider; by default its first and last value.
    labels : tuple of str
        Words for each value, where it has a name and is no number.
    """

    id: str
    label: str
    unit: str
    values: tuple[float, ...]
    start: int
    note: str
    decimals: int | None = None
    assumed: bool = False
    low_label: str = ""
    high_label: str = ""
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise ValueError(f"control {self.id!r}: needs two or more values, not {self.values}")
        if len(set(self.texts)) < len(self.values):
            raise ValueError(f"control {self.id!r}: two values print alike: {self.texts}")

    def value(self, index: int) -> float:
        """Return the value at an index."""
        return self.values[index]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every value as it is printed."""
        return self.labels or tuple(with_unit(value, self.decimals, self.unit) for value in self.values)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every value as it stands in the address of a page."""
        if self.labels:
            return tuple(re.sub(r"[^a-z0-9]+", "-", label.lower()) for label in self.labels)
        return tuple(key_of(value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes
    ----------
    colour : str
        A name of the stylesheet, as ``treasury``.
    looks : tuple of (str, str)
        Label and colour at each value of the first control, where the curve is of another thing at each.
    """

    id: str
    label: str
    colour: str
    dashed: bool = False
    looks: tuple[tuple[str, str], ...] = ()

    def at(self, place: Sequence[int]) -> Curve:
        """Return the curve as it looks at one setting of the controls."""
        if not self.looks:
            return self
        label, colour = self.looks[place[0]]
        return replace(self, label=label, colour=colour)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the quantity on the horizontal axis lies by the evidence, in units of the axis, and the words for it."""

    low: float
    high: float
    label: str

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"evidence {self.label!r}: a range must not run from {self.low} to {self.high}")


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """What an explorer without settings shows: its one slider runs along the horizontal axis.

    Attributes
    ----------
    sentences : tuple of (str, str)
        For each point of the axis, what holds there: the finding, and what stands beside it.
    low, high : ndarray, shape (curves, x)
        Band around each curve.
    label : str
        Name of the slider.
    start : int
        Point at which the page opens.
    """

    sentences: tuple[tuple[str, str], ...]
    low: Floats
    high: Floats
    label: str
    start: int


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the settings mean, one sentence a case.

    Each may print ``{break_even}`` (not `gain` and `loss`), ``{low}`` and ``{high}`` (ends of the axis), and the
    setting of a control by its id.

    Attributes
    ----------
    crosses : str
        The gain turns into a loss at the break-even; if the grid holds no such case, the reverse.
    gain, loss : str
        Gain or loss over the whole axis.
    rises : str
        The loss turns into a gain at the break-even; needed only where a grid holds both directions.
    """

    crosses: str
    gain: str
    loss: str
    rises: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the page shows for one setting of the controls.

    Attributes
    ----------
    settings : tuple of str
        Each control as printed.
    values : ndarray, shape (curves, x)
        The curves, to the precision of the page.
    texts : tuple of tuple of str
        The same as printed, one tuple a curve.
    break_even : float or None
    marker : str
        Words at the break-even.
    side : str
        ``crosses``, ``gain`` or ``loss``.
    verdict : str
        All sentences.
    """

    settings: tuple[str, ...]
    values: Floats
    texts: tuple[tuple[str, ...], ...]
    break_even: float | None
    marker: str
    side: str
    sentences: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """All sentences."""
        return " ".join(self.sentences)
