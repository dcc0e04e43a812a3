"""What was said and pledged at the session of 2025, and what became of it."""

from __future__ import annotations

import pandas as pd

from patient_capital.formatting import Range
from patient_capital.naming import each_as
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader

PLEDGE_NAMES = {
    "vc_fund": "National venture fund",
    "bond_board": "Technology bond board",
    "relending": "More re-lending",
    "listing_tier": "Listing rules",
    "private_law": "Private economy law",
    "ai_plus": "AI Plus",
    "shenzhen_fund": "Shenzhen: fund",
    "guangdong_measures": "Guangdong: measures",
    "wuhan_plan": "Wuhan: plan",
}
"""Short name of each pledge, for a drawing."""


def _day(dates: pd.Series) -> pd.Series:
    return pd.to_datetime(dates.where(dates.str.len() == 10), format="%Y-%m-%d")


def days_to_delivery(pledges: pd.DataFrame) -> pd.DataFrame:
    """Add `days` from the `date` of each pledge to `delivered_on`.

    It is missing where nothing was found or a date is not known to the day.
    """
    return pledges.assign(days=(_day(pledges["delivered_on"]) - _day(pledges["date"])).dt.days)


def pledges_and_outcomes(reader: Reader) -> pd.DataFrame:
    """Return every pledge with speaker and date, what became of it, and when."""
    columns = ("date", "speaker", "pledge", "level", "status", "delivered_on", "what_came")
    return reader.frame("pledges", *columns)


RANKS = {"delivered": 0, "partly": 1, "not_found": 2}
"""What became of a pledge, in the order of a list."""


def kept_first(pledges: pd.DataFrame) -> pd.DataFrame:
    """Return the pledges of :func:`days_to_delivery`, those delivered first, each group by its days.

    They get `name`, the short name of :data:`PLEDGE_NAMES`, or the words of the pledge where there is none.
    """
    names = [PLEDGE_NAMES.get(str(key), words) for key, words in pledges["pledge"].items()]
    rank = each_as(pledges["status"], RANKS, "RANKS of analysis/session/pledged.py")
    ordered = pledges.assign(name=names, rank=rank).sort_values(["rank", "days"], kind="stable")
    return ordered.drop(columns="rank")


def pledges_kept_first(reader: Reader) -> pd.DataFrame:
    """Return every pledge with name and days to delivery, as :func:`kept_first` orders them."""
    return kept_first(days_to_delivery(pledges_and_outcomes(reader)))


@result(
    unit="count",
    cases={
        "national": {"words": "Pledges of the centre at the session", "level": "national"},
        "delivered": {
            "words": "Pledges of the centre that were delivered",
            "level": "national",
            "status": ("delivered",),
        },
        "local": {"words": "Pledges of provinces and cities beside the session", "level": "local"},
        "local_delivered": {"words": "Local pledges that were delivered", "level": "local", "status": ("delivered",)},
        "local_partly": {"words": "Local pledges that were delivered in part", "level": "local", "status": ("partly",)},
    },
    name="pledges_{case}",
)
def pledges_counted(ctx: Context, *, level: str, status: tuple[str, ...] = ()) -> int:
    """{words}.

    Number of rows of the table of pledges of which that is so.
    """
    pledges = ctx.frame("pledges", "level", "status")
    chosen = pledges.loc[pledges["level"].eq(level)]
    return len(chosen) if not status else int(chosen["status"].isin(status).sum())


@result(unit="days")
def pledge_days(ctx: Context) -> Range:
    """Days from pledge to delivery, delivered pledges of the centre.

    Shortest and longest time between the two dates.
    """
    frame = pledges_kept_first(ctx)
    days = frame.loc[frame["level"].eq("national") & frame["status"].eq("delivered"), "days"]
    return Range(float(days.min()), float(days.max()))


def speakers(reader: Reader) -> pd.DataFrame:
    """Return who spoke about what: name, role and body, level, topic and statement."""
    return reader.frame("actors", "name", "role", "body", "level", "statement_topic", "statement_summary")
