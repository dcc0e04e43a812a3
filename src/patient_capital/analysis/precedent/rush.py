"""Whether the rush ended in 2025, and the acts against it."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.precedent.makers import by_basket, losses_of_makers
from patient_capital.analysis.precedent.rows import MARGIN, value_of
from patient_capital.analysis.precedent.solar_2025 import chain_of_2025
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim
from patient_capital.tables import Reader


def legs_of_rush(ctx: Context) -> dict[str, bool | None]:
    """Return the legs of the test of 2025 against 2024: more `modules` made, makers `lost` more, lower `margin`.

    The rush goes on if all hold. One that is ending can bring losses too, so that they do not tell whether the end is
    near. What the makers lost is told only where all of :data:`BASKETS` give one answer.
    """
    answers = set(by_basket(losses_of_makers(ctx)).values())
    return {
        "modules": bool(chain_of_2025(ctx).loc["Modules", "change_pct"] > 0),
        "lost": answers.pop() if len(answers) == 1 else None,
        "margin": value_of(ctx, MARGIN, 2025) < value_of(ctx, MARGIN, 2024),
    }


@claim()
def rush_is_open(ctx: Context) -> bool:
    """The test cannot say whether the rush ended in 2025.

    More modules were made than in 2024 and the margin of the car industry was lower, but whether the solar makers lost
    more together depends on which of them are added.
    """
    return legs_of_rush(ctx) == {"modules": True, "lost": None, "margin": True}


ACTS = ("GE14", "GE13", "GE03", "GE05", "GE15", "GE16", "GE17", "GE18", "GE19")
"""Acts against the rush, by their ids in the list of events."""


def acts(reader: Reader) -> pd.DataFrame:
    """Return the acts against the rush by date: `date`, `title`, `description`, `actors`."""
    columns = ("date", "title", "description", "actors")
    frame = reader.frame("session_events", *columns, keep=lambda events: events.index.isin(ACTS))
    return frame.sort_values("date", kind="stable")
