"""An explorer: a grid of model values that a reader walks through with a few sliders, and its break-even.

All numbers come from the model and stand in the grid; what runs in the page looks them up and computes nothing.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from patient_capital import jupyter
from patient_capital.explorers import checks, parts
from patient_capital.explorers.layout import Layout, layout_of, lines_of, nice_ticks, ticks_within
from patient_capital.explorers.parts import Control, Curve, Evidence, Reading, Track, Verdicts, key_of
from patient_capital.explorers.wording import (
    Integers,
    fine_decimals,
    half_up,
    number_text,
    packed,
    stored,
    unit_of,
    with_unit,
)
from patient_capital.formatting import rounded
from patient_capital.model.common.checks import Floats
from patient_capital.naming import slug_of
from patient_capital.passed import OfData
from patient_capital.provenance.records import Source
from patient_capital.provenance.register import Register, name_of
from patient_capital.tables import Data
from patient_capital.typesetting import kept, typeset

Number = TypeVar("Number", bound=np.generic)

PLACES: Final = ("below", "inside", "above")
SHAPES: Final = ("flat", "line", "points")
"""How a curve is held: by one value, by its ends, or by every point of the axis."""
FINER: Final = 10
"""The ends of a straight line are held so many times finer, so that the points between them are right."""
BREAK_EVEN: Final = "break-even"
NO_BREAK_EVEN: Final = "no break-even in this span"
UNKNOWN: Final = "evidence: unknown"
READ_OFF: Final = "Read off at"
NO_VERDICTS: Final = Verdicts("", "", "")


@dataclass(frozen=True, kw_only=True, eq=False)
class Explorer:
    """What an explorer function returns.

    Attributes
    ----------
    title : str
        The question that the explorer answers: it holds at every setting, and so prints no number.
    x_values : tuple of float
        Grid of the horizontal axis, rising.
    values : ndarray, shape (*controls, curves, x)
        The curves.
    break_even : ndarray, shape (*controls,)
        In units of the axis; NaN where there is none on it.
    spans : ndarray, shape (*controls, 3), or None
        The middle nine tenths of joint draws of the break-even, in units of the axis (off the axis where it lies there
        or does not exist), and the percent of draws without one on the axis; NaN at a setting without draws.
    decisive : tuple of str
        One curve, whose sign decides, or two, of which the first gains where it lies above the second.
    y_span : (float, float) or None
        Ends of the vertical axis, the same at all settings; by default all values fit. Curves beyond are cut.
    alt : str
        The finding for a reader who cannot see the drawing.
    track : Track or None
        What stands at each point of the axis, where there are no controls and nothing breaks even.
    refs : tuple of str
        Results and facts printed in title, subtitle, verdict at the start, labels or note.
    evidence : Evidence or None
        None says that it is unknown.
    opens : tuple of int or None
        Where the controls of the book stand, if these were moved.
    reads_at : float or None
        Where the curves are read off when the page opens; by default in the middle of the evidence or of the axis.

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
    alt: str
    refs: tuple[str, ...]
    sources: tuple[Source, ...]
    evidence: Evidence | None
    break_even: Floats = field(default_factory=lambda: np.array(np.nan))
    verdicts: Verdicts = NO_VERDICTS
    decisive: tuple[str, ...] = ()
    spans: Floats | None = None
    track: Track | None = None
    note: str = ""
    opens: tuple[int, ...] | None = None
    zero_line: bool = False
    y_span: tuple[float, float] | None = None
    reads_at: float | None = None

    def __post_init__(self) -> None:
        for part in ("values", "break_even", "spans"):
            if getattr(self, part) is not None:
                object.__setattr__(self, part, _frozen(np.array(getattr(self, part), dtype=float)))
        try:
            checks.check_names(self.axis_name("x"), self.axis_name("y"))
            checks.check_evidence(self.x_values, self.evidence)
            checks.check_finite(self.curves, self.x_values, self.values, self.where)
            if self.track:
                checks.check_track(self.track, self.values)
            else:
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
        notes = (control.note for control in self.controls)
        return (self.title, self.subtitle, self.alt, self.note, *notes, *self.at(self.start).sentences)

    @property
    def slug(self) -> str:
        """Name for ids and files."""
        return f"explorer-{slug_of(self.name)}"

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

    def curves_at(self, place: Sequence[int]) -> tuple[Curve, ...]:
        """Return the curves as they look at one setting of the controls."""
        return tuple(curve.at(place) for curve in self.curves)

    @property
    def fills(self) -> tuple[str, str]:
        """Colours of the areas of gain and of loss: those of the curve that lies above, or of the house."""
        pair = [self.curves_at(self.start)[i].colour for i in self.decisive_places]
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

    @property
    def level_places(self) -> list[int]:
        """Curves whose level at the break-even is held: of two that decide, which are equal there, the first."""
        return [place for place in range(len(self.curves)) if place not in self.decisive_places[1:]]

    @property
    def level_of(self) -> list[int]:
        """Where among the held levels that of each curve stands."""
        if not self.decisive:
            return []
        held = self.level_places
        return [held.index(i) if i in held else held.index(self.decisive_places[0]) for i in range(len(self.curves))]

    @cached_property
    def y_ticks(self) -> tuple[float, ...]:
        """Ticks of the vertical axis; the first and the last are its ends unless `y_span` gives them."""
        if self.y_span is not None:
            return ticks_within(*self.y_span, 6)
        shown = [self.values, *((self.track.low, self.track.high) if self.track else ())]
        low, high = min(float(part.min()) for part in shown), max(float(part.max()) for part in shown)
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

    def shape_of(self, curve: int) -> str:
        """Return how a curve can be held at all settings: see ``SHAPES``."""
        lines, x = self.values[..., curve, :], np.array(self.x_values)
        first, last = lines[..., :1], lines[..., -1:]
        nothing = 1e-9 * max(float(np.abs(lines).max()), 1e-300)
        if np.abs(lines - first).max() <= nothing:
            return "flat"
        return "line" if np.abs(lines - first - (last - first) * self._along(x)).max() <= nothing else "points"

    def _along(self, x: Floats) -> Floats:
        return np.asarray((x - self.x_values[0]) / (self.x_values[-1] - self.x_values[0]))

    @cached_property
    def held(self) -> tuple[Integers, ...]:
        """What the page holds of each curve, shape (*controls, numbers): whole numbers; see ``SHAPES``."""
        fine, found = self.fine[1], []
        for curve in range(len(self.curves)):
            lines, shape = self.values[..., curve, :], self.shape_of(curve)
            if shape == "line":
                found.append(half_up(FINER * lines[..., [0, -1]], fine))
            else:
                found.append(stored(lines[..., :1] if shape == "flat" else lines, self.y_decimals, fine))
        return tuple(found)

    @cached_property
    def stored_values(self) -> Integers:
        """The curves as the page draws them: whole numbers of units of the last decimal kept."""
        along, lines = self._along(np.array([float(key_of(x)) for x in self.x_values])), []
        for curve, held in enumerate(self.held):
            whole = held
            if self.shape_of(curve) == "line":
                # As in the script of the page, step by step: the same bits, and so the same digits.
                ends = (held[..., :1] + (held[..., 1:] - held[..., :1]) * along) / FINER
                whole = np.asarray(np.sign(ends) * np.floor(np.abs(ends) + 0.5), dtype=np.int64)
            lines.append(np.broadcast_to(whole, (*self.shape, len(self.x_values))))
        return _frozen(np.stack(lines, axis=-2))

    def stored_break_even(self) -> Integers:
        """Return the break-even as the page holds it; 0 where there is none, which the side tells."""
        return stored(np.nan_to_num(self.break_even, nan=0.0), self.x_decimals, self.fine[0])

    @cached_property
    def stored_spans(self) -> Integers:
        """What the page holds of the spans, shape (*controls, 3): ends, one unit off the axis where they lie off it.

        The share of draws without a break-even is below zero where there are no draws.
        """
        if self.spans is None:
            return _frozen(np.full((*self.shape, 3), -1, dtype=np.int64))
        known = np.nan_to_num(self.spans, nan=-1.0, posinf=np.finfo(float).max, neginf=np.finfo(float).min)
        low, high = self.x_values[0], self.x_values[-1]
        ends = stored(np.clip(known[..., :2], low, high), self.x_decimals, self.fine[0])
        off = (known[..., :2] > high).astype(np.int64) - (known[..., :2] < low)
        return _frozen(np.concatenate([ends + off, half_up(known[..., 2:], 0)], axis=-1))

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
        """Grid point at which the curve is read off when the page opens: as given, or the middle of evidence or axis."""
        if self.track:
            return self.track.start
        x = np.array(self.x_values)
        middle = (self.evidence.low + self.evidence.high) / 2 if self.evidence else (x[0] + x[-1]) / 2
        middle = middle if self.reads_at is None else self.reads_at
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
            "marker_in_draws": f"{BREAK_EVEN} {{break_even}}; none in {{without}}% of draws",
            "none": NO_BREAK_EVEN,
            "unknown": "" if evidence else f"{self.x_label}: no evidence says where it lies.",
            "levels": f"At the {BREAK_EVEN}: {{values}}.",
            "ends": "{label}: {first} at {low}, {last} at {high}.",
            "value": "{label} at {value}",
            "read": "{x}: {values}",
            "under": "below {end}",
            "over": "above {end}",
            "span": f"Over joint draws of everything else the {BREAK_EVEN} lies from {{low}} to {{high}} (middle nine tenths).",
            "without": "In {without} percent of draws there is none on this axis.",
            "reader": self.track.label if self.track else READ_OFF,
        }

    def _marker(self, place: tuple[int, ...], even: str) -> str:
        """Return the words at the break-even, which a picture keeps: also in how many draws there is none."""
        without = int(self.stored_spans[place][2])
        return self.words["marker_in_draws" if without > 0 else "marker"].format(break_even=even, without=without)

    def _span_text(self, place: tuple[int, ...]) -> str:
        low, high, without = (int(v) for v in self.stored_spans[place])
        if without < 0:
            return ""
        ends = stored(np.array([self.x_values[0], self.x_values[-1]]), self.x_decimals, self.fine[0])

        def text(whole: int) -> str:
            if whole < ends[0]:
                return self.words["under"].format(end=self.x_texts[0])
            if whole > ends[1]:
                return self.words["over"].format(end=self.x_texts[-1])
            return with_unit(whole / 10 ** self.fine[0], self.x_decimals, self.x_unit)

        said = self.words["span"].format(low=text(low), high=text(high))
        return f"{said} {self.words['without'].format(without=without)}" if without else said

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
        whole = self.stored_values[place]
        if self.track:
            texts = tuple(tuple(self._y_text(v) for v in line) for line in whole)
            return Reading((), whole / 10**fine_y, texts, None, "", "", self.track.sentences[self.track.start])
        side, case = int(self.sides[place]), parts.CASES[self.cases[place]]
        settings = tuple(c.texts[i] for c, i in zip(self.controls, place, strict=True))
        at = float(self.stored_break_even()[place]) / 10**fine_x if side == parts.CROSSES else None
        even = "" if at is None else with_unit(at, self.x_decimals, self.x_unit)
        filled = dict(zip((c.id for c in self.controls), settings, strict=True))
        filled |= {"low": self.x_texts[0], "high": self.x_texts[-1], "break_even": even}
        said = (self._span_text(place), self._on_evidence(at), self._on_values(place, at))
        sentences = [getattr(self.verdicts, case).format(**filled), *said]
        return Reading(
            settings=settings,
            values=whole / 10**fine_y,
            texts=tuple(tuple(self._y_text(v) for v in line) for line in whole),
            break_even=at,
            marker=NO_BREAK_EVEN if at is None else self._marker(place, even),
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
                for c, v in zip(self.curves_at(place), levels, strict=True)
            ]
            return words["levels"].format(values="; ".join(values))
        low, high = self.x_texts[0], self.x_texts[-1]
        sentences = []
        for curve, line in zip(self.curves_at(place), self.stored_values[place], strict=True):
            label, first, last = curve.label[0].upper() + curve.label[1:], self._y_text(line[0]), self._y_text(line[-1])
            sentences.append(words["ends"].format(label=label, first=first, last=last, low=low, high=high))
        return " ".join(sentences)

    def layout(self, *, wide: bool) -> Layout:
        """Return where the parts of the drawing stand."""
        labels = [label for c in self.curves for label, _ in c.looks or ((c.label, c.colour),)]
        return layout_of([number_text(t) for t in self.y_ticks], labels, wide=wide)

    def x_ticks(self, *, wide: bool) -> tuple[float, ...]:
        """Return the ticks of the horizontal axis."""
        return ticks_within(self.x_values[0], self.x_values[-1], 8 if wide else 5)

    @property
    def evidence_words(self) -> str:
        """Words over the band of evidence; along a track it is a mark, and its label says all."""
        if self.evidence is None:
            return UNKNOWN
        return self.evidence.label if self.track else f"evidence: {self.evidence.label}"

    def axis_name(self, axis: str) -> str:
        """Return the name of axis ``x`` or ``y`` with its unit."""
        label, unit = (self.x_label, self.x_unit) if axis == "x" else (self.y_label, self.y_unit)
        return f"{label}, {unit}" if unit else label

    def payload(self) -> dict[str, Any]:
        """Return what the page holds, ready for JSON.

        Numbers are whole, units of the last decimal kept, and packed; a curve is held once for all settings of a
        control on which it does not depend. Every text that a control or a grid point can show is written out.
        """
        variants = {"wide": True, "narrow": False}

        def axis(which: str, unit: str, decimals: int, fine: int) -> dict[str, Any]:
            # The script sets a unit behind its number, which keeps it.
            behind = {form: kept(f"0{words}")[1:] for form, words in asdict(unit_of(unit)).items()}
            return {"name": self.axis_name(which), "decimals": decimals, "fine": fine, "unit": behind}

        def marks(ticks: Sequence[float]) -> list[tuple[float, str]]:
            return [(tick, number_text(tick)) for tick in ticks]

        def look(label: str, colour: str) -> dict[str, Any]:
            broken = {variant: lines_of(label, wide=wide) for variant, wide in variants.items()}
            return {"label": label, "colour": colour} | broken

        def curve(place: int) -> dict[str, Any]:
            one, held = self.curves[place], self.held[place]
            at_start = one.at(self.start)
            steps, held = _held_once(held, len(self.shape))
            return (
                look(at_start.label, at_start.colour)
                | {"looks": [look(*each) for each in one.looks], "dashed": one.dashed, "shape": self.shape_of(place)}
                | {"steps": steps, "held": asdict(packed(held))}
            )

        held = {
            "low": half_up(self.track.low, self.fine[1]),
            "high": half_up(self.track.high, self.fine[1]),
        } if self.track else {
            "breakEven": self.stored_break_even(),
            "levels": self.stored_levels()[..., self.level_places],
            "cases": self.cases,
            "spans": self.stored_spans[..., :2],
            "without": self.stored_spans[..., 2],
        }  # fmt: skip
        return {
            "name": self.name,
            "controls": [{"id": c.id, "texts": c.texts, "keys": c.keys, "start": c.start} for c in self.controls],
            "curves": [curve(place) for place in range(len(self.curves))],
            "x": axis("x", self.x_unit, self.x_decimals, self.fine[0])
            | {"values": [float(key_of(x)) for x in self.x_values], "texts": self.x_texts, "start": self.read_start}
            | {"ticks": {variant: marks(self.x_ticks(wide=wide)) for variant, wide in variants.items()}},
            "y": axis("y", self.y_unit, self.y_decimals, self.fine[1])
            | {"ends": self.y_ends, "ticks": marks(self.y_ticks)},
            "layout": {variant: asdict(self.layout(wide=wide)) for variant, wide in variants.items()},
            **{name: asdict(packed(whole)) for name, whole in held.items()},
            "levelOf": self.level_of,
            "track": self.track and self.track.sentences,
            "decisive": self.decisive_places,
            "fills": self.fills,
            "zeroLine": self.zero_line,
            "evidence": asdict(self.evidence) if self.evidence else None,
            "evidenceWords": self.evidence_words,
            "verdicts": [getattr(self.verdicts, case) for case in parts.CASES],
            "words": self.words,
        }

    def json(self) -> str:
        """Return the payload as it stands in the page: inside a script element no ``<`` may open a tag."""
        text = json.dumps(_set(self.payload()), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
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
        """Whether a control stands elsewhere than in the book, so that the alternative text does not hold."""
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
        curves = [curve.id for curve in self.curves]
        if self.track:
            return [x, *curves, *(f"{curve}_{end}" for end in ("low", "high") for curve in curves)]
        spans = [] if self.spans is None else ["break_even_low", "break_even_high", "without_pct"]
        return [*(c.id for c in self.controls), x, *curves, "break_even", *spans]

    def csv(self) -> str:
        """Return the grid as CSV: a row for each setting and grid point, to six significant digits."""
        points = list(itertools.product(*(map(c.value, range(len(c.values))) for c in self.controls), self.x_values))
        curves = np.moveaxis(self.values, -2, -1).reshape(-1, len(self.curves))
        of_setting = [] if self.track else [self.break_even.reshape(-1, 1)]
        of_setting += [] if self.spans is None else [self.spans.reshape(-1, 3)]
        beside = [np.repeat(part, len(self.x_values), axis=0) for part in of_setting]
        beside += [part.T for part in (self.track.low, self.track.high)] if self.track else []
        frame = pd.DataFrame(np.column_stack([points, curves, *beside]), columns=self.columns)
        return str(frame.to_csv(index=False, float_format="%.6g", lineterminator="\n"))


def _held_once(held: NDArray[Number], controls: int) -> tuple[list[int], NDArray[Number]]:
    """Hold a curve once where a control does not change it; return the step of each control, and what is held."""
    steps, count = [], 1
    for axis in reversed(range(controls)):
        first = held.take([0], axis=axis)
        if (held == first).all():
            held = first
        steps.append(count if held.shape[axis] > 1 else 0)
        count *= held.shape[axis]
    return steps[::-1], held


def _set(held: Any) -> Any:
    """Return what a page holds with all its words set as on a page; numbers, names and packed numbers stay what they are."""
    match held:
        case str():
            return typeset(held)
        case dict():
            return {key: _set(value) for key, value in held.items()}
        case list() | tuple():
            return [_set(value) for value in held]
        case other:
            return other


def _frozen(array: NDArray[Number]) -> NDArray[Number]:
    array.setflags(write=False)
    return array


EXPLORERS: Register[OfData[Explorer]] = Register("explorer")


def explorer(make: Callable[[Data], Explorer]) -> OfData[Explorer]:
    """Register a function of the data as an explorer of its chapter; ``ValueError`` if the name is taken."""
    one = OfData(name_of(make), make)
    return EXPLORERS.add(one.name, one)
