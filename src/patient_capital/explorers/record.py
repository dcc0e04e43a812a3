"""An explorer: a grid of model values that a reader walks through with a few sliders, and its break-even.

All numbers come from the model and stand in the grid; what runs in the page looks them up and computes nothing.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from patient_capital import jupyter
from patient_capital.explorers import checks, parts
from patient_capital.explorers.layout import Layout, layout_of, lines_of, nice_ticks, ticks_within
from patient_capital.explorers.parts import Control, Curve, Evidence, Reading, Verdicts
from patient_capital.explorers.wording import Integers, fine_decimals, number_text, stored, unit_of, with_unit
from patient_capital.formatting import rounded
from patient_capital.model.common.checks import Floats
from patient_capital.passed import OfData
from patient_capital.provenance.records import Source
from patient_capital.provenance.register import Register, name_of
from patient_capital.tables import Data

Number = TypeVar("Number", bound=np.generic)

PLACES: Final = ("below", "inside", "above")
BREAK_EVEN: Final = "break-even"
NO_BREAK_EVEN: Final = "no break-even in this span"
UNKNOWN: Final = "evidence: unknown"


@dataclass(frozen=True, kw_only=True, eq=False)
class Explorer:
    """What an explorer function returns.

    Attributes
    ----------
    title : str
        The finding, with its numbers, at the start.
    x_values : tuple of float
        Grid of the horizontal axis, rising.
    values : ndarray, shape (*controls, curves, x)
        The curves.
    break_even : ndarray, shape (*controls,)
        In units of the axis; NaN where there is none on it.
    decisive : tuple of str
        One curve, whose sign decides, or two, of which the first gains where it lies above the second.
    y_span : (float, float) or None
        Ends of the vertical axis, the same at all settings; by default all values fit. Curves beyond are cut.
    alt : str
        The finding for a reader who cannot see the drawing.
    refs : tuple of str
        Results and facts printed in title, subtitle, verdict at the start, labels or note.
    evidence : Evidence or None
        None says that it is unknown.
    opens : tuple of int or None
        Where the controls of the book stand, if these were moved.

    Raises
    ------
    ValueError
        If a value is not finite, or a break-even contradicts the curves; see :mod:`patient_capital.explorers.checks`.
    """

    name: str
    title: str
    subtitle: str
    x_label: str
    x_unit: str
    x_values: tuple[float, ...]
    x_decimals: int
    y_label: str
    y_unit: str
    y_decimals: int
    controls: tuple[Control, ...]
    curves: tuple[Curve, ...]
    values: Floats
    break_even: Floats
    verdicts: Verdicts
    decisive: tuple[str, ...]
    alt: str
    refs: tuple[str, ...]
    sources: tuple[Source, ...]
    evidence: Evidence | None
    note: str = ""
    opens: tuple[int, ...] | None = None
    zero_line: bool = False
    y_span: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for part in ("values", "break_even"):
            object.__setattr__(self, part, _frozen(np.array(getattr(self, part), dtype=float)))
        try:
            checks.check_evidence(self.x_values, self.evidence)
            checks.check_finite(self.curves, self.x_values, self.values, self.where)
            checks.check_break_even(self.x_values, self.advantage, self.break_even, self.where)
            checks.check_verdicts(self.verdicts, self.controls, self.cases)
            checks.check_size(self.json())
        except ValueError as problem:
            raise self.error(str(problem)) from None

    def error(self, text: str) -> ValueError:
        """Return an error that names the explorer."""
        return ValueError(f"explorer {self.name!r}: {text}")

    def where(self, place: Sequence[int]) -> str:
        """Name a setting for a message."""
        return ", ".join(f"{c.id} = {c.value(i):g}" for c, i in zip(self.controls, place, strict=True))

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said of the curves, besides verdicts and labels."""
        return (self.title, self.subtitle, self.alt, self.note, *(control.note for control in self.controls))

    @property
    def slug(self) -> str:
        """Name for ids and files."""
        return "explorer-" + re.sub(r"[^a-z0-9]+", "-", self.name)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values of each control."""
        return tuple(len(c.values) for c in self.controls)

    @property
    def start(self) -> tuple[int, ...]:
        """Indices at which the page opens."""
        return tuple(c.start for c in self.controls)

    @property
    def decisive_places(self) -> tuple[int, ...]:
        """Indices of the curves whose difference, or sign, decides."""
        ids = [c.id for c in self.curves]
        return tuple(ids.index(name) for name in self.decisive)

    @property
    def fills(self) -> tuple[str, str]:
        """Colours of the areas of gain and of loss: those of the curve that lies above, or of the house."""
        pair = [self.curves[i].colour for i in self.decisive_places]
        return (pair[0], pair[1]) if len(pair) == 2 else ("mark", "warn")

    @property
    def advantage(self) -> Floats:
        """What decides, of shape (*controls, x): one curve, or the first less the second."""
        first, *second = self.decisive_places
        line = self.values[..., first, :]
        return line - self.values[..., second[0], :] if second else line

    @cached_property
    def sides(self) -> Integers:
        """Sign of the advantage on the axis, shape (*controls,): ``CROSSES`` if it changes, ``GAIN`` or ``LOSS``."""
        sign = np.where(self.advantage.sum(axis=-1) < 0, parts.LOSS, parts.GAIN)
        return _frozen(np.where(np.isnan(self.break_even), sign, parts.CROSSES))

    @cached_property
    def cases(self) -> Integers:
        """Which verdict is said at each setting, shape (*controls,): its index in ``CASES``."""
        rising = np.zeros(self.shape, dtype=bool)
        gap = self.advantage
        for index in np.argwhere(self.sides == parts.CROSSES):
            place = tuple(index)
            left, right = parts.beside(self.x_values, float(self.break_even[place]))
            rising[place] = gap[place][right] > gap[place][left]
        # A grid of one direction needs one verdict, whichever it is; one of both needs two, or one of them would lie.
        if not self.verdicts.rises and rising[self.sides == parts.CROSSES].all():
            rising[:] = False
        gain, loss, rises, crosses = (parts.CASES.index(case) for case in ("gain", "loss", "rises", "crosses"))
        here = [self.sides == parts.GAIN, self.sides == parts.LOSS, rising]
        return _frozen(np.select(here, [gain, loss, rises], crosses))

    @cached_property
    def level_values(self) -> Floats:
        """The curves at the break-even, shape (*controls, curves); 0 where there is none."""
        levels = np.zeros((*self.shape, len(self.curves)))
        pair = list(self.decisive_places)
        for index in np.argwhere(self.sides == parts.CROSSES):
            place = tuple(index)
            read = np.array([np.interp(self.break_even[place], self.x_values, line) for line in self.values[place]])
            # At the break-even they are equal by definition; reading off a broken line would give them apart.
            read[pair] = read[pair].mean() if len(pair) == 2 else 0.0
            levels[place] = read
        return _frozen(levels)

    @cached_property
    def y_ticks(self) -> tuple[float, ...]:
        """Ticks of the vertical axis; the first and the last are its ends unless `y_span` gives them."""
        if self.y_span is not None:
            return ticks_within(*self.y_span, 6)
        low, high = float(self.values.min()), float(self.values.max())
        if self.zero_line or len(self.decisive) == 1:
            low, high = min(low, 0.0), max(high, 0.0)
        return nice_ticks(low, high, 6)

    @property
    def y_ends(self) -> tuple[float, float]:
        """Ends of the vertical axis."""
        return self.y_span or (self.y_ticks[0], self.y_ticks[-1])

    @cached_property
    def fine(self) -> tuple[int, int]:
        """Decimals that the page holds of both axes, so that curves are smooth; never fewer than are printed."""
        return (
            fine_decimals(self.x_decimals, self.x_values[-1] - self.x_values[0]),
            fine_decimals(self.y_decimals, self.y_ends[1] - self.y_ends[0]),
        )

    def stored_values(self) -> Integers:
        """Return the curves as the page holds them: whole numbers of units of the last decimal kept."""
        return stored(self.values, self.y_decimals, self.fine[1])

    def _stored_line(self, place: tuple[int, ...]) -> Integers:
        return stored(self.values[place], self.y_decimals, self.fine[1])

    def stored_break_even(self) -> Integers:
        """Return the break-even as the page holds it; 0 where there is none, which the side tells."""
        return stored(np.nan_to_num(self.break_even, nan=0.0), self.x_decimals, self.fine[0])

    def stored_levels(self) -> Integers:
        """Return the curves at the break-even as the page holds them; 0 where there is none."""
        return stored(self.level_values, self.y_decimals, self.fine[1])

    @property
    def x_texts(self) -> tuple[str, ...]:
        """Every grid point of the horizontal axis as it is printed."""
        shown = [float(rounded(x, self.x_decimals)) for x in self.x_values]
        return tuple(with_unit(x, None, self.x_unit) for x in shown)

    @property
    def read_start(self) -> int:
        """Grid point at which the curve is read off when the page opens: the middle of the evidence or of the axis."""
        x = np.array(self.x_values)
        middle = (self.evidence.low + self.evidence.high) / 2 if self.evidence else (x[0] + x[-1]) / 2
        return int(np.argmin(np.abs(x - middle)))

    def _y_text(self, whole: int) -> str:
        return with_unit(int(whole) / 10 ** self.fine[1], self.y_decimals, self.y_unit)

    @property
    def words(self) -> dict[str, str]:
        """Sentences of the page besides the verdicts; the page fills what stands in braces."""
        evidence = f"the evidence ({self.evidence.label})" if self.evidence else ""
        relation = {place: f"The {BREAK_EVEN} lies {place} {evidence}." if evidence else "" for place in PLACES}
        return relation | {
            "marker": f"{BREAK_EVEN} {{break_even}}",
            "none": NO_BREAK_EVEN,
            "unknown": "" if evidence else f"{self.x_label}: no evidence says where it lies.",
            "levels": f"At the {BREAK_EVEN}: {{values}}.",
            "ends": "{label}: {first} at {low}, {last} at {high}.",
            "value": "{label} {value}",
            "read": "{x}: {values}",
        }

    def at(self, indices: Sequence[int]) -> Reading:
        """Return what the page shows when each control stands at the value of this index.

        Raises
        ------
        ValueError
            If there are too many or too few indices, or one is outside its control.
        """
        place = tuple(indices)
        if len(place) != len(self.controls):
            raise self.error(f"needs one index for each of {', '.join(c.id for c in self.controls)}, not {place}")
        for control, index in zip(self.controls, place, strict=True):
            if not 0 <= index < len(control.values):
                raise self.error(f"control {control.id!r} has {len(control.values)} values, so no index {index}")
        fine_x, fine_y = self.fine
        whole = self._stored_line(place)
        side, case = int(self.sides[place]), parts.CASES[self.cases[place]]
        settings = tuple(c.texts[i] for c, i in zip(self.controls, place, strict=True))
        at = float(self.stored_break_even()[place]) / 10**fine_x if side == parts.CROSSES else None
        even = "" if at is None else with_unit(at, self.x_decimals, self.x_unit)
        filled = dict(zip((c.id for c in self.controls), settings, strict=True))
        filled |= {"low": self.x_texts[0], "high": self.x_texts[-1], "break_even": even}
        sentences = [getattr(self.verdicts, case).format(**filled), self._on_evidence(at), self._on_values(place, at)]
        return Reading(
            settings=settings,
            values=whole / 10**fine_y,
            texts=tuple(tuple(self._y_text(v) for v in line) for line in whole),
            break_even=at,
            marker=NO_BREAK_EVEN if at is None else self.words["marker"].format(break_even=even),
            side=next(name for name, code in parts.SIDES.items() if code == side),
            sentences=tuple(s for s in sentences if s),
        )

    def _on_evidence(self, at: float | None) -> str:
        if self.evidence is None or at is None:
            return self.words["unknown"]
        return self.words["below" if at < self.evidence.low else "above" if at > self.evidence.high else "inside"]

    def _on_values(self, place: tuple[int, ...], at: float | None) -> str:
        words = self.words
        if at is not None and len(self.curves) > 1:
            levels = stored(self.level_values[place], self.y_decimals, self.fine[1])
            values = [
                words["value"].format(label=c.label, value=self._y_text(v))
                for c, v in zip(self.curves, levels, strict=True)
            ]
            return words["levels"].format(values="; ".join(values))
        low, high = self.x_texts[0], self.x_texts[-1]
        sentences = []
        for curve, line in zip(self.curves, self._stored_line(place), strict=True):
            label, first, last = curve.label[0].upper() + curve.label[1:], self._y_text(line[0]), self._y_text(line[-1])
            sentences.append(words["ends"].format(label=label, first=first, last=last, low=low, high=high))
        return " ".join(sentences)

    def layout(self, *, wide: bool) -> Layout:
        """Return where the parts of the drawing stand."""
        return layout_of([number_text(t) for t in self.y_ticks], [c.label for c in self.curves], wide=wide)

    def x_ticks(self, *, wide: bool) -> tuple[float, ...]:
        """Return the ticks of the horizontal axis."""
        return ticks_within(self.x_values[0], self.x_values[-1], 8 if wide else 5)

    def axis_name(self, axis: str) -> str:
        """Return the name of axis ``x`` or ``y`` with its unit."""
        label, unit = (self.x_label, self.x_unit) if axis == "x" else (self.y_label, self.y_unit)
        return f"{label}, {unit}" if unit else label

    def payload(self) -> dict[str, Any]:
        """Return what the page holds, ready for JSON.

        Numbers are whole: units of the last decimal kept. Along each curve stand the first value and then the steps
        to the next, which are short. Every text that a control or a grid point can show is written out.
        """
        crosses = (self.sides == parts.CROSSES).ravel()
        even = self.stored_break_even().ravel().tolist()
        variants = {"wide": True, "narrow": False}

        def axis(which: str, unit: str, decimals: int, fine: int) -> dict[str, Any]:
            return {"name": self.axis_name(which), "decimals": decimals, "fine": fine, "unit": asdict(unit_of(unit))}

        def marks(ticks: Sequence[float]) -> list[tuple[float, str]]:
            return [(tick, number_text(tick)) for tick in ticks]

        return {
            "name": self.name,
            "controls": [{"id": c.id, "texts": c.texts, "start": c.start} for c in self.controls],
            "curves": [
                {"label": c.label, "colour": c.colour, "dashed": c.dashed}
                | {variant: lines_of(c.label, wide=wide) for variant, wide in variants.items()}
                for c in self.curves
            ],
            "x": axis("x", self.x_unit, self.x_decimals, self.fine[0])
            | {"values": [float(f"{x:.12g}") for x in self.x_values], "texts": self.x_texts, "start": self.read_start}
            | {"ticks": {variant: marks(self.x_ticks(wide=wide)) for variant, wide in variants.items()}},
            "y": axis("y", self.y_unit, self.y_decimals, self.fine[1])
            | {"ends": self.y_ends, "ticks": marks(self.y_ticks)},
            "layout": {variant: asdict(self.layout(wide=wide)) for variant, wide in variants.items()},
            "values": np.diff(self.stored_values(), axis=-1, prepend=0).ravel().tolist(),
            "breakEven": [value if there else None for value, there in zip(even, crosses, strict=True)],
            "levels": self.stored_levels().ravel().tolist(),
            "cases": self.cases.ravel().tolist(),
            "decisive": self.decisive_places,
            "fills": self.fills,
            "zeroLine": self.zero_line,
            "evidence": asdict(self.evidence) if self.evidence else None,
            "unknown": UNKNOWN,
            "verdicts": [getattr(self.verdicts, case) for case in parts.CASES],
            "words": self.words,
        }

    def json(self) -> str:
        """Return the payload as it stands in the page: inside a script element no ``<`` may open a tag."""
        text = json.dumps(self.payload(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c")

    def moved(self, **settings: float) -> Explorer:
        """Return the explorer with some controls set to other values of their grids.

        Parameters
        ----------
        settings : float
            By id of the control, in its unit.

        Raises
        ------
        ValueError
            If a control is unknown or has no such value; the message lists those there are.
        """
        known = {control.id: control for control in self.controls}
        for name, wanted in settings.items():
            if name not in known:
                raise self.error(f"has no control {name!r}; controls are: {', '.join(known)}")
            values = known[name].values  # noqa: PD011  # no pandas
            if wanted not in values:
                raise self.error(
                    f"{name} has no value {wanted:g} in its grid; values are: {', '.join(f'{v:g}' for v in values)}"
                )
            known[name] = replace(known[name], start=values.index(wanted))
        return replace(self, controls=tuple(known.values()), opens=self.opens or self.start)

    @property
    def is_moved(self) -> bool:
        """Whether a control stands elsewhere than in the book, so that title and alternative text do not hold."""
        return self.opens is not None and self.opens != self.start

    def at_start(self) -> pd.DataFrame:
        """Return the curves at the setting of the controls: a row for each point of the horizontal axis."""
        name, *_ = self.columns[len(self.controls) :]
        lines = dict(zip((c.id for c in self.curves), self.values[self.start], strict=True))
        return pd.DataFrame({name: self.x_values} | lines)

    def _ipython_display_(self) -> None:
        jupyter.display_explorer(self)

    @property
    def columns(self) -> list[str]:
        """Names of the columns of the download."""
        x = re.sub(r"[^a-z0-9]+", "_", self.x_label.lower()).strip("_")
        return [*(c.id for c in self.controls), x, *(c.id for c in self.curves), "break_even"]

    def csv(self) -> str:
        """Return the grid as CSV: a row for each setting and grid point, to six significant digits."""
        points = list(itertools.product(*(map(c.value, range(len(c.values))) for c in self.controls), self.x_values))
        curves = np.moveaxis(self.values, -2, -1).reshape(-1, len(self.curves))
        even = np.repeat(self.break_even.ravel(), len(self.x_values))
        frame = pd.DataFrame(np.column_stack([points, curves, even]), columns=self.columns)
        return str(frame.to_csv(index=False, float_format="%.6g", lineterminator="\n"))


def _frozen(array: NDArray[Number]) -> NDArray[Number]:
    array.setflags(write=False)
    return array


EXPLORERS: Register[OfData[Explorer]] = Register("explorer")


def explorer(make: Callable[[Data], Explorer]) -> OfData[Explorer]:
    """Register a function of the data as an explorer of its chapter; ``ValueError`` if the name is taken."""
    one = OfData(name_of(make), make)
    return EXPLORERS.add(one.name, one)
