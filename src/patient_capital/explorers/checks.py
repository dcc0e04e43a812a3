"""What an explorer must satisfy: shapes, finite numbers, and verdicts that never contradict the drawing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from patient_capital.explorers.parts import CASES, Control, Curve, Evidence, Verdicts, beside, listed
from patient_capital.explorers.wording import Floats, Integers

MAX_BYTES: Final = 150_000
"""Most that one explorer may add to a page."""

Where = Callable[[Sequence[int]], str]
"""Names a setting for a message."""


def check_names(
    name: str, controls: Sequence[Control], curves: Sequence[Curve], columns: Sequence[str], decisive: Sequence[str]
) -> None:
    """Check the name, and that ids are there and differ."""
    if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", name):
        raise ValueError("a name is written chapter.name")
    for part, ids in (("controls", [c.id for c in controls]), ("curves", [c.id for c in curves])):
        if not ids or len(set(ids)) < len(ids):
            raise ValueError(f"needs {part} with different ids, not {ids}")
    if len(set(columns)) < len(columns):
        raise ValueError(f"columns of the download clash: {', '.join(columns)}")
    known = {c.id for c in curves}
    if len(decisive) not in {1, 2} or not set(decisive) <= known:
        raise ValueError(f"decisive must name one or two of the curves {listed(known)}, not {decisive}")


def check_axes(
    x_values: Sequence[float], x_texts: Sequence[str], y_span: tuple[float, float] | None, evidence: Evidence | None
) -> None:
    """Check that both axes rise, that no two points of the horizontal one print alike, and that evidence lies on it."""
    x = np.array(x_values, dtype=float)
    if len(x) < 2 or not np.all(np.isfinite(x)) or not np.all(np.diff(x) > 0):
        raise ValueError("x_values must be two or more finite numbers that rise")
    if len(set(x_texts)) < len(x):
        raise ValueError(f"two x_values print alike: {', '.join(x_texts)}")
    if y_span is not None and not y_span[0] < y_span[1]:
        raise ValueError(f"y_span must rise, not {y_span}")
    if evidence is not None and (evidence.high < x[0] or evidence.low > x[-1]):
        raise ValueError(f"the evidence ({evidence.label}) lies off the axis, {x[0]:g} to {x[-1]:g}")


def check_arrays(
    controls: Sequence[Control],
    curves: Sequence[Curve],
    x_values: Sequence[float],
    values: Floats,
    break_even: Floats,
    where: Where,
) -> None:
    """Check that both arrays have the axes they should, and that every value of a curve is finite."""
    shape, names = tuple(len(c.values) for c in controls), [c.id for c in controls]
    for part, array, wanted, axes in (
        ("values", values, (*shape, len(curves), len(x_values)), [*names, "curves", "x"]),
        ("break_even", break_even, shape, names),
    ):
        if np.shape(array) != wanted:
            raise ValueError(f"{part} has shape {np.shape(array)}, not {wanted}: one axis each for {', '.join(axes)}")
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        *place, curve, x = (int(i) for i in bad[0])
        raise ValueError(
            f"values must be finite; at {where(place)}, curve {curves[curve].id}, x = {x_values[x]:g} "
            f"there is {values[tuple(bad[0])]}"
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
        template = getattr(verdicts, case)
        allowed = {*(c.id for c in controls), "low", "high"}
        allowed |= {"break_even"} if case in {"crosses", "rises"} else set()
        named = set(re.findall(r"\{(\w+)\}", template))
        if re.search(r"[{}]", re.sub(r"\{\w+\}", "", template)):
            raise ValueError(
                f"verdict {case!r}: braces hold one name and nothing else, as {{break_even}}: {template!r}"
            )
        if not named <= allowed:
            raise ValueError(f"verdict {case!r} prints {listed(named - allowed)}; it may print {listed(allowed)}")
    missing = [case for number, case in enumerate(CASES) if number in cases and not getattr(verdicts, case)]
    if missing:
        raise ValueError(f"the grid holds cases without a verdict: {', '.join(missing)}")


def check_size(text: str) -> None:
    """Check that the data do not weigh down the page."""
    size = len(text.encode())
    if size > MAX_BYTES:
        raise ValueError(f"its data take {size:,} bytes of a page; {MAX_BYTES:,} are allowed: use fewer grid points")
