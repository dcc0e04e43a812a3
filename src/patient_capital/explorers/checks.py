"""What can go wrong in an explorer that is computed from the tables: numbers, and verdicts that contradict them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from patient_capital.explorers.parts import CASES, Control, Curve, Evidence, Track, Verdicts, beside, listed
from patient_capital.explorers.wording import Integers
from patient_capital.figures.style import NARROW_PX, TEXT_PX
from patient_capital.model.common.checks import Floats

MAX_BYTES: Final = 75_000
"""Most that the explorers of one page may add to it."""
SMALL_PX: Final = NARROW_PX - 70
"""Room for the name of an axis on the narrowest phone."""
NARROW_LETTER: Final = 0.5 * TEXT_PX
"""Width of an average letter of running text, in pixels."""

Where = Callable[[Sequence[int]], str]
"""Names a setting for a message."""


def check_names(*names: str) -> None:
    """Check that the name of each axis can be read whole on a phone."""
    for name in names:
        if NARROW_LETTER * len(name) > SMALL_PX:
            raise ValueError(f"the name of an axis is cut on a phone, shorten it: {name}")


def check_track(track: Track, values: Floats) -> None:
    """Check that a track has its sentences, and that every curve lies in its band."""
    if len(track.sentences) != values.shape[-1]:
        raise ValueError(f"its track has {len(track.sentences)} sentences for {values.shape[-1]} points of the axis")
    if not ((track.low <= values) & (values <= track.high)).all():
        raise ValueError("a curve of its track leaves the band around it")


def check_evidence(x_values: Sequence[float], evidence: Evidence | None) -> None:
    """Check that evidence lies on the horizontal axis."""
    if evidence is not None and (evidence.high < x_values[0] or evidence.low > x_values[-1]):
        span = f"{x_values[0]:g} to {x_values[-1]:g}"
        raise ValueError(f"the evidence ({evidence.label}) lies off the axis, {span}")


def check_finite(curves: Sequence[Curve], x_values: Sequence[float], values: Floats, where: Where) -> None:
    """Check that every value of a curve is finite."""
    bad = np.argwhere(~np.isfinite(values)).tolist()
    if bad:
        *place, curve, x = bad[0]
        raise ValueError(
            f"values must be finite; at {where(place)}, curve {curves[curve].id}, x = {x_values[x]:g} "
            f"there is {values[*place, curve, x]}"
        )


def check_break_even(x_values: Sequence[float], advantage: Floats, break_even: Floats, where: Where) -> None:
    """Hold every break-even against the curves that are drawn."""
    slack = 1e-9 * (x_values[-1] - x_values[0])
    nothing = 1e-9 * max(float(np.max(np.abs(advantage))), 1e-300)
    for place in np.ndindex(break_even.shape):
        at, line = float(break_even[place]), advantage[place]
        if np.isnan(at):
            if line.min() < -nothing and line.max() > nothing:
                raise ValueError(f"at {where(place)} there is no break_even, but the curves cross")
        elif not x_values[0] - slack <= at <= x_values[-1] + slack:
            raise ValueError(f"at {where(place)} the break_even {at:g} does not lie on the axis")
        else:
            left, right = beside(x_values, at)
            if line[left] * line[right] > nothing**2:
                raise ValueError(f"at {where(place)} the curves do not cross near the break-even {at:g}")


def check_verdicts(verdicts: Verdicts, controls: Sequence[Control], cases: Integers) -> None:
    """Check that every case that occurs has its words, and that they print what there is."""
    for case in CASES:
        allowed = {*(c.id for c in controls), "low", "high"}
        allowed |= {"break_even"} if case in {"crosses", "rises"} else set()
        if unknown := set(re.findall(r"\{([^{}]*)\}", getattr(verdicts, case))) - allowed:
            raise ValueError(f"verdict {case!r} prints {listed(unknown)}; it may print {listed(allowed)}")
    missing = [case for number, case in enumerate(CASES) if number in cases and not getattr(verdicts, case)]
    if missing:
        raise ValueError(f"the grid holds cases without a verdict: {', '.join(missing)}")


def check_size(text: str) -> None:
    """Check that the data do not weigh down the page."""
    size = len(text.encode())
    if size > MAX_BYTES:
        raise ValueError(f"its data take {size:,} bytes of a page; {MAX_BYTES:,} are allowed: use fewer grid points")
