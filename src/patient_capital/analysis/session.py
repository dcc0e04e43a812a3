"""The computations of the chapter on the session: motions, votes, words, provincial reports, pledges."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds import LOCAL_LEVELS
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

STEP_YEAR = 2023
"""First session of the 14th Congress: motions are compared before it and from it on."""
R1_RELEASE = "2025-01-20"
"""Day on which DeepSeek published its R1 model."""

# --- Motions ---------------------------------------------------------------------------------------------

MOTION_INPUTS = ("session_stats.motions", "session_stats.year")


def motions(reader: Reader) -> pd.DataFrame:
    """Return motions by year, years without a figure left out.

    Returns
    -------
    pandas.DataFrame
        Columns `year` and `motions`, in order of year.
    """
    frame = reader.frame("session_stats", "year", "motions", keep=lambda s: s["motions"].notna())
    return frame.assign(year=frame["year"].astype(int)).sort_values("year")


def _mean(ctx: Context, *, after: bool) -> float:
    frame = motions(ctx)
    return float(frame.loc[frame["year"].ge(STEP_YEAR) == after, "motions"].mean())


@result(
    "session.motions_before", "Mean motions a year, 2012 to 2022", unit="count", decimals=0,
    formula="mean over the years before 2023 with a figure", inputs=MOTION_INPUTS,
)  # fmt: skip
def motions_before(ctx: Context) -> float:
    """Motions a year."""
    return _mean(ctx, after=False)


@result(
    "session.motions_after", "Mean motions a year since 2023", unit="count", decimals=0,
    formula="mean over the years from 2023 on", inputs=MOTION_INPUTS,
)  # fmt: skip
def motions_after(ctx: Context) -> float:
    """Motions a year."""
    return _mean(ctx, after=True)


@result(
    "session.motions_years", "Years before 2023 with a figure for motions", unit="count", formula="number of years",
    inputs=MOTION_INPUTS,
)  # fmt: skip
def motions_years(ctx: Context) -> int:
    """Count."""
    return int(motions(ctx)["year"].lt(STEP_YEAR).sum())


@result(
    "session.motions_fall", "Fall of mean motions at the change of Congress", unit="pct", decimals=0,
    formula="1 - mean since 2023 / mean before", inputs=("result session.motions_after", "result session.motions_before"),
)  # fmt: skip
def motions_fall(ctx: Context) -> float:
    """Percent."""
    return 100 * (1 - ctx.value("session.motions_after") / ctx.value("session.motions_before"))


def _same_year_of_term(ctx: Context, earlier: int, later: int) -> float:
    stats = {year: ctx.number("session_stats", str(year), "motions") for year in (earlier, later)}
    return 100 * (1 - stats[later] / stats[earlier])


for _name, _words, _earlier, _later in (
    ("first", "first", 2018, 2023), ("second", "second", 2019, 2024), ("fourth", "fourth", 2021, 2026),
):  # fmt: skip
    result(
        f"session.motions_{_name}", f"Fall of motions, {_words} year of the 14th against the 13th Congress", unit="pct",
        decimals=0, formula=f"1 - motions of {_later} / motions of {_earlier}",
        inputs=(f"session_stats[{_earlier}].motions", f"session_stats[{_later}].motions"),
    )(lambda ctx, a=_earlier, b=_later: _same_year_of_term(ctx, a, b))  # fmt: skip


@claim(
    "session.one_step", "One step down at the change of Congress in 2023",
    formula="every year before 2023 has more motions than every year since, and the years just before, 2021 and 2022, "
    "lie above the mean of the years before",
    inputs=MOTION_INPUTS,
)  # fmt: skip
def one_step(ctx: Context) -> bool:
    """Say whether the words hold."""
    frame = motions(ctx)
    before, after = (frame.loc[frame["year"].ge(STEP_YEAR) == side, "motions"] for side in (False, True))
    late = frame.loc[frame["year"].isin([2021, 2022]), "motions"]
    return bool(before.min() > after.max() and late.min() > before.mean())


# --- Votes -----------------------------------------------------------------------------------------------

VOTE_COLUMNS = ("year", "item", "for_votes", "deputies_present", "for_share_pct")
COURT, BUDGET = "supreme court report", "budget"
SERIES = (BUDGET, COURT)


def not_for(reader: Reader) -> pd.DataFrame:
    """Return the share of deputies present who did not vote for budget and court report.

    Returns
    -------
    pandas.DataFrame
        Columns `year`, `item`, `not_for_pct`; a year without both numbers is left out, and a tally that does not
        add up has no share in the table.
    """
    frame = reader.frame(
        "votes", *VOTE_COLUMNS,
        keep=lambda v: v["item"].isin(SERIES) & v["for_share_pct"].notna() & v["deputies_present"].notna(),
    )  # fmt: skip
    share = 100 * (1 - frame["for_votes"] / frame["deputies_present"])
    return (
        frame.assign(not_for_pct=share, year=frame["year"].astype(int)).sort_values(["item", "year"])
        [["year", "item", "not_for_pct"]]
    )  # fmt: skip


@result(
    "session.not_for", "Deputies present who did not vote for it", unit="pct", decimals=1, formula="1 - votes for / deputies present",
    inputs=("votes[{row}].for_votes", "votes[{row}].deputies_present"),
)  # fmt: skip
def not_for_share(ctx: Context, row: str) -> float:
    """Percent of the deputies present."""
    return 100 * (1 - ctx.number("votes", row, "for_votes") / ctx.number("votes", row, "deputies_present"))


# --- Words of the work reports ---------------------------------------------------------------------------

AI_FAMILY = ("artificial intelligence", "large model", "embodied intelligence", "robot")
WORD_COLUMNS = ("year", "term", "count", "method", "characters")
WORD_INPUTS = tuple(f"report_keywords.{c}" for c in WORD_COLUMNS)
OTHER_WORDS = ("consumption", "private (minying)", "security/safety", "patient capital")


def word_counts(reader: Reader, terms: tuple[str, ...]) -> pd.DataFrame:
    """Return counts of terms in the reports that were counted in full.

    Returns
    -------
    pandas.DataFrame
        Columns `year`, `term`, `count`, `per_10k` (uses per 10,000 Chinese characters).
    """
    frame = reader.frame(
        "report_keywords",
        *WORD_COLUMNS,
        keep=lambda k: k["term"].isin(terms) & k["method"].eq("counted") & k["characters"].notna(),
    )
    return frame.assign(
        year=frame["year"].astype(int), per_10k=1e4 * frame["count"] / frame["characters"]
    ).sort_values(["term", "year"])[["year", "term", "count", "per_10k"]]  # fmt: skip


def family(reader: Reader) -> pd.DataFrame:
    """Return uses of the AI words together, by year, with their rate per 10,000 characters."""
    return word_counts(reader, AI_FAMILY).groupby("year", as_index=False)[["count", "per_10k"]].sum()


def _family(ctx: Context, year: int) -> int:
    frame = family(ctx)
    return int(frame.loc[frame["year"] == year, "count"].iloc[0])


for _year in (2024, 2025):
    result(
        f"session.family_{_year}", f"Uses of AI, large model, embodied intelligence and robot in the report of {_year}",
        unit="count", formula="sum of the counts of the four terms", inputs=WORD_INPUTS,
    )(lambda ctx, y=_year: _family(ctx, y))  # fmt: skip


@result(
    "session.reports_counted", "Work reports counted, 2008 to 2025", unit="count", formula="number of years", inputs=WORD_INPUTS,
)  # fmt: skip
def reports_counted(ctx: Context) -> int:
    """Count; 2020 is missing."""
    return int(word_counts(ctx, ("consumption",))["year"].nunique())


@result(
    "session.consumption_rate", "Uses of consumption per 10,000 characters of the report of 2025", unit="count", decimals=1,
    formula="10,000 x uses / characters", inputs=("report_keywords[2025_consumption_zh].characters", "report_keywords[2025_consumption_zh].count"),
)  # fmt: skip
def consumption_rate(ctx: Context) -> float:
    """Uses per 10,000 characters."""
    row = "2025_consumption_zh"
    return 1e4 * ctx.number("report_keywords", row, "count") / ctx.number("report_keywords", row, "characters")


@claim(
    "session.consumption_highest", "Highest of the reports counted", formula="no counted report uses the term more often per 10,000 characters",
    inputs=WORD_INPUTS,
)  # fmt: skip
def consumption_highest(ctx: Context) -> bool:
    """Say whether the words hold for consumption in 2025."""
    frame = word_counts(ctx, ("consumption",))
    return int(frame.loc[frame["per_10k"].idxmax(), "year"]) == 2025


@claim(
    "session.patient_first", "For the first time", formula="patient capital is used in the report of 2025 and in no counted report before",
    inputs=WORD_INPUTS,
)  # fmt: skip
def patient_first(ctx: Context) -> bool:
    """Say whether the words hold."""
    frame = word_counts(ctx, ("patient capital",))
    return list(frame.loc[frame["count"] > 0, "year"]) == [2025]


# --- Provincial reports and the race before R1 -----------------------------------------------------------

PROVINCE_INPUTS = ("provincial_ai_mentions.ai_count",)


def provincial_uses(reader: Reader) -> pd.Series:
    """Return uses of "artificial intelligence" in the January reports, by province."""
    return reader.frame("provincial_ai_mentions", "ai_count")["ai_count"].astype(int)


@result(
    "session.provinces",
    "Provincial work reports of January 2025",
    unit="count",
    formula="number of reports",
    inputs=PROVINCE_INPUTS,
)
def provinces(ctx: Context) -> int:
    """Count."""
    return len(provincial_uses(ctx))


@result(
    "session.provinces_ai", "Provincial reports of January 2025 that name artificial intelligence", unit="count",
    formula="number of reports with at least one use", inputs=PROVINCE_INPUTS,
)  # fmt: skip
def provinces_ai(ctx: Context) -> int:
    """Count."""
    return int(provincial_uses(ctx).gt(0).sum())


@result(
    "session.provinces_uses",
    "Uses in all provincial reports",
    unit="count",
    formula="sum of uses",
    inputs=PROVINCE_INPUTS,
)
def provinces_uses(ctx: Context) -> int:
    """Count."""
    return int(provincial_uses(ctx).sum())


@result(
    "session.provinces_median",
    "Median uses a provincial report",
    unit="count",
    formula="median of uses",
    inputs=PROVINCE_INPUTS,
)
def provinces_median(ctx: Context) -> float:
    """Uses a report."""
    return float(provincial_uses(ctx).median())


@result(
    "session.provinces_thrice", "Provincial reports that use it three times or more", unit="count",
    formula="number of reports with at least three uses", inputs=PROVINCE_INPUTS,
)  # fmt: skip
def provinces_thrice(ctx: Context) -> int:
    """Count."""
    return int(provincial_uses(ctx).ge(3).sum())


EARLIER_COLUMNS = ("level", "theme", "announced_on", "announced_cny_bn")


def _surely_before(dates: pd.Series, day: str) -> pd.Series:
    """Say which dates lie before `day`; a year or month counts with its last day, for it may lie after."""
    return dates.fillna("9999").str.pad(10, side="right", fillchar="~").lt(day)


def earlier_local_funds(reader: Reader) -> pd.DataFrame:
    """Return local AI, robot and data vehicles announced before R1 was published, oldest first."""
    return reader.frame(
        "funds", *EARLIER_COLUMNS,
        keep=lambda f: f["level"].isin(LOCAL_LEVELS) & f["theme"].eq("ai_robot_data") & _surely_before(f["announced_on"], R1_RELEASE),
    ).sort_values("announced_on", kind="stable")  # fmt: skip


@result(
    "session.funds_before_r1", "Local AI, robot and data vehicles announced before R1", unit="count",
    formula="number of local rows of that theme announced before 20 January 2025", inputs=tuple(f"funds.{c}" for c in EARLIER_COLUMNS),
)  # fmt: skip
def funds_before_r1(ctx: Context) -> int:
    """Count."""
    return len(earlier_local_funds(ctx))


# --- Pledges ---------------------------------------------------------------------------------------------

PLEDGE_COLUMNS = ("date", "speaker", "pledge", "level", "status", "delivered_on")
PLEDGE_INPUTS = tuple(f"pledges.{c}" for c in ("level", "status"))


def pledges(reader: Reader) -> pd.DataFrame:
    """Return every pledge with the days to its delivery.

    Returns
    -------
    pandas.DataFrame
        The columns of the table and `days` (missing where nothing was found or a date is not known to the day).
    """
    frame = reader.frame("pledges", *PLEDGE_COLUMNS)
    start, end = (
        pd.to_datetime(frame[c].where(frame[c].str.len() == 10), format="%Y-%m-%d") for c in ("date", "delivered_on")
    )
    return frame.assign(days=(end - start).dt.days)


def _pledges(ctx: Context, level: str, *status: str) -> int:
    frame = ctx.frame("pledges", "level", "status")
    chosen = frame.loc[frame["level"].eq(level)]
    return len(chosen) if not status else int(chosen["status"].isin(status).sum())


for _ref, _title, _level, _status in (
    ("pledges_national", "Pledges of the centre at the session", "national", ()),
    ("pledges_delivered", "Pledges of the centre that were delivered", "national", ("delivered",)),
    ("pledges_local", "Pledges of provinces and cities beside the session", "local", ()),
    ("pledges_local_silent", "Local pledges of which nothing more was found", "local", ("not_found",)),
):
    result(f"session.{_ref}", _title, unit="count", formula="number of pledges", inputs=PLEDGE_INPUTS)(
        lambda ctx, level=_level, status=_status: _pledges(ctx, level, *status)
    )


@result(
    "session.pledge_days", "Days from pledge to delivery, delivered pledges of the centre", unit="days",
    formula="shortest and longest time between the two dates",
    inputs=tuple(f"pledges.{c}" for c in PLEDGE_COLUMNS),
)  # fmt: skip
def pledge_days(ctx: Context) -> Range:
    """Days."""
    frame = pledges(ctx)
    days = frame.loc[frame["level"].eq("national") & frame["status"].eq("delivered"), "days"]
    return Range(float(days.min()), float(days.max()))


# --- Targets and outcomes --------------------------------------------------------------------------------


@result(
    "session.price_gap", "Outcome less target of consumer prices in 2025", unit="pct_points", decimals=1,
    formula="outcome - target", inputs=("outcomes[2025_cpi].value", "targets[2025_cpi].value"),
)  # fmt: skip
def price_gap(ctx: Context) -> float:
    """Percentage points."""
    return ctx.number("outcomes", "2025_cpi", "value") - ctx.number("targets", "2025_cpi", "value")


# --- Timeline --------------------------------------------------------------------------------------------

LANES = {
    "technology": ("technology", "market"), "meetings and party": ("meeting", "party", "preparation"),
    "the session": ("session", "press", "deliberation", "delegation", "procedure"), "places": ("local",),
    "rules and laws": ("policy", "law"), "funds": ("fund",),
}  # fmt: skip
"""Kinds of events, as the lanes of the timeline."""


def timeline(reader: Reader) -> pd.DataFrame:
    """Return every event with its lane and its date; a month without a day counts as its middle.

    Returns
    -------
    pandas.DataFrame
        Columns `date`, `kind`, `title`, `lane`, `when` (timestamp), in order of time.

    Raises
    ------
    ValueError
        If a kind of event has no lane.
    """
    frame = reader.frame("session_events", "date", "kind", "title")
    lane_of = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    unknown = sorted(set(frame["kind"]) - set(lane_of))
    if unknown:
        raise ValueError(f"no lane of the timeline for events of kind {', '.join(unknown)}: add it to LANES")
    when = pd.to_datetime(frame["date"].where(frame["date"].str.len() == 10, frame["date"] + "-15"), format="%Y-%m-%d")
    return frame.assign(lane=frame["kind"].map(lane_of), when=when).sort_values("when", kind="stable")


@result(
    "session.events", "Events in the timeline", unit="count", formula="number of rows",
    inputs=tuple(f"session_events.{c}" for c in ("date", "kind", "title")),
)  # fmt: skip
def events(ctx: Context) -> int:
    """Count."""
    return len(timeline(ctx))
