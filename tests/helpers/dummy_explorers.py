"""Two explorers whose numbers can be checked by hand: one curve against zero, and two curves against each other."""

from __future__ import annotations

import math

import numpy as np

from patient_capital.analysis.model.explorers import tabulate
from patient_capital.explorers import Control, Curve, Evidence, Explorer, Verdicts
from patient_capital.provenance.records import Source

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
    parts = {
        "name": "test.two_states", "title": "A directed state needs skill to beat a patient one",
        "subtitle": "Mean multiple of two states by picking skill.",
        "x_label": "Picking skill", "x_unit": "", "x_values": SKILLS, "x_decimals": 3,
        "y_label": "Mean multiple", "y_unit": "times", "y_decimals": 1, "controls": controls,
        "curves": (Curve("patient", "patient state, many small tickets", "mark"), Curve("directed", "directed state", "state", True)),
        "values": values, "break_even": break_even, "decisive": ("patient", "directed"),
        "verdicts": Verdicts(
            crosses="Patience wins up to a skill of {break_even}.", rises="Patience wins from a skill of {break_even} on.",
            gain="Patience wins at every skill.", loss="The directed state wins at every skill.",
        ),
        "alt": "A flat and a rising line; they cross at a skill of a half.", "refs": (), "sources": (), "evidence": None,
    }  # fmt: skip
    return Explorer(**parts | changes)
