"""What an explorer must satisfy: shapes, finite numbers, and verdicts that never contradict the drawing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from patient_capital.explorers.parts import CASES, CROSSES, GAIN, LOSS, listed

if TYPE_CHECKING:
    from patient_capital.explorers.record import Explorer

MAX_BYTES: Final = 150_000
"""Most that one explorer may add to a page."""


def check_names(explorer: Explorer) -> None:
    """Check the name, and that ids are there and differ."""
    if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", explorer.name):
        raise explorer.error("a name is written chapter.name")
    for part, ids in (
        ("controls", [c.id for c in explorer.controls]),
        ("curves", [c.id for c in explorer.curves]),
    ):
        if not ids or len(set(ids)) < len(ids):
            raise explorer.error(f"needs {part} with different ids, not {ids}")
    columns = explorer.columns
    if len(set(columns)) < len(columns):
        raise explorer.error(f"columns of the download clash: {', '.join(columns)}")
    known = {c.id for c in explorer.curves}
    if len(explorer.decisive) not in {1, 2} or not set(explorer.decisive) <= known:
        raise explorer.error(f"decisive must name one or two of the curves {listed(known)}, not {explorer.decisive}")


def check_shapes(explorer: Explorer) -> None:
    """Check that every array has the axes it should."""
    x = np.array(explorer.x_values, dtype=float)
    if len(x) < 2 or not np.all(np.isfinite(x)) or not np.all(np.diff(x) > 0):
        raise explorer.error("x_values must be two or more finite numbers that rise")
    if len(set(explorer.x_texts)) < len(x):
        raise explorer.error(f"two x_values print alike with {explorer.x_decimals} decimals")
    evidence = explorer.evidence
    if evidence is not None and (evidence.high < x[0] or evidence.low > x[-1]):
        raise explorer.error(f"the evidence ({evidence.label}) lies off the axis, {x[0]:g} to {x[-1]:g}")
    shape, controls = explorer.shape, [c.id for c in explorer.controls]
    count = len(explorer.curves)
    for part, array, wanted, axes in (
        ("values", explorer.values, (*shape, count, len(x)), [*controls, "curves", "x"]),
        ("break_even", explorer.break_even, shape, controls),
        ("sides", explorer.sides, shape, controls),
        ("levels", explorer.levels, (*shape, count), [*controls, "curves"]),
    ):
        if array is not None and np.shape(array) != wanted:
            raise explorer.error(
                f"{part} has shape {np.shape(array)}, not {wanted}: one axis each for {', '.join(axes)}"
            )


def check_numbers(explorer: Explorer) -> None:
    """Check that values are finite, sides are sides, and the vertical axis rises."""
    bad = np.argwhere(~np.isfinite(explorer.values))
    if len(bad):
        *place, curve, x = (int(i) for i in bad[0])
        where = f"{explorer.where(place)}, curve {explorer.curves[curve].id}, x = {explorer.x_values[x]:g}"
        raise explorer.error(f"values must be finite; at {where} there is {explorer.values[tuple(bad[0])]}")
    if not set(np.unique(explorer.sides).tolist()) <= {CROSSES, GAIN, LOSS}:
        raise explorer.error(f"sides hold {CROSSES} (crosses), {GAIN} (gain) and {LOSS} (loss) only")
    if explorer.y_span is not None and not explorer.y_span[0] < explorer.y_span[1]:
        raise explorer.error(f"y_span must rise, not {explorer.y_span}")


def check_break_even(explorer: Explorer) -> None:
    """Hold break-even and side against the curves that are drawn."""
    x = explorer.x_values
    slack = 1e-9 * (x[-1] - x[0])
    gap = explorer.advantage
    nothing = 1e-9 * max(float(np.max(np.abs(explorer.values))), 1e-300)
    for place in np.ndindex(explorer.shape):
        at, side, line = float(explorer.break_even[place]), int(explorer.sides[place]), gap[place]
        where = f"at {explorer.where(place)}"
        if side == CROSSES:
            if not x[0] - slack <= at <= x[-1] + slack:
                raise explorer.error(f"{where} it crosses, so break_even must lie on the axis, not at {at}")
            left, right = explorer.beside(at)
            if line[left] * line[right] > nothing**2:
                raise explorer.error(f"{where} the curves do not cross near the break-even {at:g}")
        elif not np.isnan(at):
            raise explorer.error(f"{where} nothing crosses, so break_even must be NaN, not {at:g}")
        elif np.any(side * line < -nothing):
            name = "gain" if side == GAIN else "loss"
            raise explorer.error(f"{where} the side is {name}, but the curves say otherwise somewhere on the axis")


def check_verdicts(explorer: Explorer) -> None:
    """Check that every case that occurs has its words, and that they print what there is."""
    controls = [c.id for c in explorer.controls]
    for case in CASES:
        template = getattr(explorer.verdicts, case)
        allowed = {*controls, "low", "high"} | ({"break_even"} if case in {"crosses", "rises"} else set())
        named = set(re.findall(r"\{(\w+)\}", template))
        if re.search(r"[{}]", re.sub(r"\{\w+\}", "", template)):
            raise explorer.error(
                f"verdict {case!r}: braces hold one name and nothing else, as {{break_even}}: {template!r}"
            )
        if not named <= allowed:
            raise explorer.error(f"verdict {case!r} prints {listed(named - allowed)}; it may print {listed(allowed)}")
    occurring = {CASES[int(i)] for i in np.unique(explorer.cases)}
    missing = [case for case in CASES if case in occurring and not getattr(explorer.verdicts, case)]
    if missing:
        raise explorer.error(f"the grid holds cases without a verdict: {', '.join(missing)}")


def check_size(explorer: Explorer) -> None:
    """Check that the data do not weigh down the page."""
    size = len(explorer.json().encode())
    if size > MAX_BYTES:
        raise explorer.error(
            f"its data take {size:,} bytes of a page; {MAX_BYTES:,} are allowed: use fewer grid points"
        )
