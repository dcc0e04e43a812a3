"""Three explorers whose numbers can be checked by hand: one curve against zero, two against each other, one track."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from patient_capital.explorers import Control, Curve, Evidence, Explorer, Track, Verdicts
from patient_capital.provenance.records import Source


def tabulate(
    settings: Mapping[str, Sequence[float]], compute: Callable[..., tuple[np.ndarray, float | None]]
) -> tuple[np.ndarray, np.ndarray]:
    """Compute curves and break-evens at every setting of some controls; `compute` takes them by name."""
    shape = tuple(map(len, settings.values()))
    curves, break_even = [], np.full(shape, np.nan)
    for place in np.ndindex(shape):
        drawn, at = compute(**{name: values[i] for (name, values), i in zip(settings.items(), place, strict=True)})
        curves.append(drawn)
        break_even[place] = np.nan if at is None else at
    return np.stack(curves).reshape(*shape, *curves[0].shape), break_even


RATES = tuple(np.linspace(0, 15, 31).tolist())
SOURCE = Source("key", "A <b>press</b>", "press", "", "", "On & on", "2024", "https://press.test/?a=1&b=2", False)


def waiting(scale: float, cost: float) -> tuple[np.ndarray, float | None]:
    gain = 3 * np.exp(-np.array(RATES) / scale) - cost
    if gain[0] < 0 or gain[-1] > 0:
        return gain[None, :], None
    return gain[None, :], scale * math.log(3 / cost)


def one_curve(**changes) -> Explorer:
    controls = (
        Control("scale", "Time that a winner needs", "years", (1, 4, 7, 10, 14), 2, "Ages at sale & listing; grade B."),
        Control("cost", "Cost of waiting", "times", (0.25, 0.5, 1, 2, 3.5), 2, "No source; grade D.", 2, assumed=True),
    )
    values, break_even = tabulate({c.id: c.values for c in controls}, waiting)
    parts = {
        "name": "test.waiting", "title": "Waiting pays while money is cheap: up to 7.7 percent a year",
        "subtitle": "Gain of a fund that waits over one that must sell, by discount rate. Move what nobody knows.",
        "x_label": "Discount rate", "x_unit": "percent a year", "x_values": RATES, "x_decimals": 1,
        "y_label": "Net gain of waiting", "y_unit": "times the money paid in", "y_decimals": 2, "controls": controls,
        "curves": (Curve("gain", "net gain of waiting", "treasury"),), "values": values, "break_even": break_even,
        "verdicts": Verdicts(
            crosses="Waiting pays up to a discount rate of {break_even}, if a winner needs {scale}.",
            gain="Waiting pays at every rate from {low} to {high}.",
            loss="Waiting never pays: it costs {cost}.",
        ),
        "decisive": ("gain",), "alt": "A falling curve that crosses zero at 7.7 percent a year; above it the fund that sells wins.",
        "refs": ("funds.registered_share",), "sources": (SOURCE,), "evidence": Evidence(2, 5.5, "2 to 5.5 percent a year"),
        "zero_line": True, "note": "Multiples of the money paid in.",
    }  # fmt: skip
    return Explorer(**parts | changes)


SKILLS = tuple(np.linspace(0, 1, 41).tolist())
FLOWS = (-1.0, -0.5, 0.0, 0.5, 1.0)
NOISE = (1.0, 2.0, 3.0)


def states(tilt: float, noise: float) -> tuple[np.ndarray, float | None]:
    x = np.array(SKILLS)
    patient, directed = 2.0 + 0.4 * noise + 0 * x, 3.0 + 2.4 * tilt * (x - 0.5)
    curves, gap = np.stack([patient, directed]), patient[0] - 3.0
    if tilt == 0 or abs(gap / (2.4 * tilt)) > 0.5:
        return curves, None
    return curves, 0.5 + gap / (2.4 * tilt)


def two_curves(**changes) -> Explorer:
    controls = (
        Control(
            "tilt", "What skill is worth", "", FLOWS, 4, "No source; grade D.", 1, True, "skill hurts", "skill helps"
        ),
        Control("noise", "Breadth of the patient state", "funds", NOISE, 1, "Register of funds; grade A."),
    )
    values, break_even = tabulate({c.id: c.values for c in controls}, states)
    spans = np.broadcast_to([0.2, 0.8, 12.4], (*break_even.shape, 3)).copy()
    spans[2] = -np.inf, 0.5, 40.0
    spans[4] = 0.25, np.inf, 0.2
    spans[0, 0] = np.nan
    parts = {
        "name": "test.two_states", "title": "A directed state needs skill to beat a patient one",
        "subtitle": "Mean multiple of two states by picking skill.",
        "x_label": "Picking skill", "x_unit": "", "x_values": SKILLS, "x_decimals": 3,
        "y_label": "Mean multiple", "y_unit": "times", "y_decimals": 1, "controls": controls,
        "curves": (Curve("patient", "patient state, many small tickets", "mark"), Curve("directed", "directed state", "state", True)),
        "values": values, "break_even": break_even, "decisive": ("patient", "directed"), "spans": spans,
        "verdicts": Verdicts(
            crosses="Patience wins up to a skill of {break_even}.", rises="Patience wins from a skill of {break_even} on.",
            gain="Patience wins at every skill.", loss="The directed state wins at every skill.",
        ),
        "alt": "A flat and a rising line; they cross at a skill of a half.", "refs": (), "sources": (), "evidence": None,
    }  # fmt: skip
    return Explorer(**parts | changes)


YEARS = tuple(float(years) for years in range(7, 13))


def one_track(**changes) -> Explorer:
    middle = np.array([[-2.5, 1.0, 3.5, 5.0, 6.0, 6.5]])
    parts = {
        "name": "test.track", "title": "How long would you wait?", "subtitle": "Net return by years.",
        "x_label": "Years", "x_unit": "", "x_values": YEARS, "x_decimals": 0,
        "y_label": "Net return", "y_unit": "percent a year", "y_decimals": 1, "controls": (),
        "curves": (Curve("rate", "median", "treasury"),), "values": middle,
        "track": Track(
            sentences=tuple((f"It earns {value} percent.", f"Held for {years:g} years.") for years, value in zip(YEARS, middle[0], strict=True)),
            low=middle - 5, high=middle + 8, label="Years to wait:", start=5,
        ),
        "alt": "A line that rises from below zero, steep at first and flat at the end.", "refs": (), "sources": (),
        "evidence": Evidence(10, 10, "ten years"), "zero_line": True,
    }  # fmt: skip
    return Explorer(**parts | changes)


def unpacked(packed: Mapping[str, object]) -> np.ndarray:
    """Return packed whole numbers, read digit by digit."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text, width = str(packed["text"]), int(packed["width"])
    if not width:
        return np.array([packed["least"]])
    words = [text[at : at + width] for at in range(0, len(text), width)]
    found = []
    for word in words:
        above = 0
        for digit in word:
            above = above * 64 + digits.index(digit)
        found.append(int(packed["least"]) + above)
    return np.array(found)


def curves_in(page: Mapping[str, Any]) -> np.ndarray:
    """Return the curves that the data of a page hold, shape (*controls, curves, x), in whole numbers."""
    shape = tuple(len(control["texts"]) for control in page["controls"])
    x = np.array(page["x"]["values"])
    along = (x - x[0]) / (x[-1] - x[0])
    lines = np.empty((*shape, len(page["curves"]), x.size), dtype=np.int64)
    for number, curve in enumerate(page["curves"]):
        held = unpacked(curve["held"])
        for place in np.ndindex(shape):
            at = sum(step * index for step, index in zip(curve["steps"], place, strict=True))
            if curve["shape"] == "flat":
                lines[(*place, number)] = held[at if held.size > 1 else 0]
            elif curve["shape"] == "line":
                first, last = held[2 * at : 2 * at + 2]
                ends = (first + (last - first) * along) / 10
                lines[(*place, number)] = np.sign(ends) * np.floor(np.abs(ends) + 0.5)
            else:
                lines[(*place, number)] = held[at * x.size : (at + 1) * x.size]
    return lines
