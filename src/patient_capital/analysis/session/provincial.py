"""The provincial reports of January 2025, and the local funds for AI that stood before R1."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds import LOCAL_LEVELS
from patient_capital.formatting import spelled
from patient_capital.money import distinct
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader

R1_RELEASE = "2025-01-20"
"""Day on which DeepSeek published its R1 model."""
HOME_OF_DEEPSEEK = "CN-ZJ"


def provincial_uses(reader: Reader) -> pd.Series:
    """Return uses of "artificial intelligence" in the January reports, by province."""
    return reader.frame("provincial_ai_mentions", "ai_count")["ai_count"].astype(int)


@result(unit="count")
def provinces(ctx: Context) -> int:
    """Provincial work reports of January 2025.

    Number of reports.
    """
    return len(provincial_uses(ctx))


@result(unit="count")
def provinces_ai(ctx: Context) -> int:
    """Provincial reports of January 2025 that name artificial intelligence.

    Number of reports with at least one use.
    """
    return int(provincial_uses(ctx).gt(0).sum())


@result(unit="count")
def provinces_uses(ctx: Context) -> int:
    """Uses of artificial intelligence in all provincial reports of January 2025.

    Sum of uses.
    """
    return int(provincial_uses(ctx).sum())


@result(unit="count")
def provinces_median(ctx: Context) -> float:
    """Uses of artificial intelligence in the median provincial report of January 2025.

    Median of uses.
    """
    return float(provincial_uses(ctx).median())


OFTEN = 3
"""Uses from which a report speaks of it often."""


@result(unit="count", fields={"often": spelled(OFTEN)})
def provinces_thrice(ctx: Context) -> int:
    """Provincial reports of January 2025 that name artificial intelligence {often} times or more.

    Number of reports with at least {often} uses.
    """
    return int(provincial_uses(ctx).ge(OFTEN).sum())


EARLIER_COLUMNS = ("level", "theme", "announced_on", "parent_id", "umbrella")


def is_local_ai_fund(funds: pd.DataFrame, before: str = R1_RELEASE) -> pd.Series:
    """Say which rows are local funds for AI, robots and data that were surely announced before a day, each once.

    Groups of funds are included. `funds` has the columns of :data:`EARLIER_COLUMNS`; a date known to the month or year
    counts with its last day.
    """
    local = funds["level"].isin(LOCAL_LEVELS) & funds["theme"].eq("ai_robot_data")
    # A tilde sorts after every digit: a year or month comes after all its days.
    last_day = funds["announced_on"].fillna("9999").str.pad(10, side="right", fillchar="~")
    found = funds.index[local & last_day.lt(before)]
    return distinct(found, funds).reindex(funds.index, fill_value=False)


def earlier_local_funds(reader: Reader) -> pd.DataFrame:
    """Return local funds for AI, robots and data, and groups of them, announced before R1, with their `region`."""
    return reader.frame("funds", "region", *EARLIER_COLUMNS, keep=is_local_ai_fund)


def by_uses(reports: pd.DataFrame, vehicles: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Set the uses of the term in the provincial reports beside the vehicles that stood before.

    Parameters
    ----------
    reports : pandas.DataFrame
        Indexed by province, with `ai_count`, uses of "artificial intelligence" in its report.
    vehicles : pandas.DataFrame
        A row a vehicle, with its `region`, a code of a province.
    names : pandas.Series
        Name of each province, by code.

    Returns
    -------
    pandas.DataFrame
        Indexed by `province`, with `name`, `ai_count` (uses) and `earlier_vehicles` (count), most uses first.
    """
    count = vehicles["region"].value_counts()
    frame = pd.DataFrame(
        {
            "name": names.reindex(reports.index),
            "ai_count": reports["ai_count"].astype(int),
            "earlier_vehicles": count.reindex(reports.index, fill_value=0).astype(int),
        }
    )
    return frame.rename_axis("province").sort_values(["ai_count", "name"], ascending=[False, True])


def provinces_by_uses(reader: Reader) -> pd.DataFrame:
    """Return the provinces by uses of the term in January 2025, with their funds for AI announced before R1."""
    reports = reader.frame("provincial_ai_mentions", "ai_count")
    # A name is no evidence: it adds no source.
    names = reader.data.table("province_codes").frame["name_en"]
    return by_uses(reports, earlier_local_funds(reader), names)


@result(unit="count")
def fund_places_before_r1(ctx: Context) -> int:
    """Provinces with a local fund for AI, robots or data, or a group of them, announced before R1.

    Number of provinces in which such a fund or group has its seat.
    """
    return int(earlier_local_funds(ctx)["region"].nunique())


@result(unit="count")
def funds_before_r1(ctx: Context) -> int:
    """Local funds for AI, robots and data, groups of funds included, announced before R1.

    Number of local rows of that theme announced before 20 January 2025; a cluster is one only where no member of it
    is counted.
    """
    return len(earlier_local_funds(ctx))
