"""The computations of the chapter on the session: motions, votes, words, provincial reports, pledges."""

from __future__ import annotations

from string import ascii_uppercase

import pandas as pd

from patient_capital.analysis.funds import LOCAL_LEVELS
from patient_capital.formatting import Range, spelled
from patient_capital.money import distinct
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

STEP_YEAR = 2023
"""First session of the 14th Congress: motions are compared before it and from it on."""
R1_RELEASE = "2025-01-20"
"""Day on which DeepSeek published its R1 model."""
OPENING = "2025-03-05"
"""Day on which the session of 2025 opened: the timeline counts days from it."""

# --- Motions ---------------------------------------------------------------------------------------------


def known_motions(sessions: pd.DataFrame) -> pd.DataFrame:
    """Return `year` and `motions`, a count, of the sessions with a figure for motions, in order of year."""
    known = sessions.loc[sessions["motions"].notna(), ["year", "motions"]]
    return known.assign(year=known["year"].astype(int)).sort_values("year")


def motions(reader: Reader) -> pd.DataFrame:
    """Return motions by year, years without a figure left out, as :func:`known_motions` gives them."""
    return known_motions(reader.frame("session_stats", "year", "motions", keep=lambda s: s["motions"].notna()))


def step_means(motions: pd.DataFrame, step: int = STEP_YEAR) -> pd.DataFrame:
    """Compare motions before a year and from it on.

    Returns
    -------
    pandas.DataFrame
        `motions` with `since_step`, true from `step` on, and `mean_motions`, the mean of the years of that side.
    """
    since = motions["year"].ge(step).rename("since_step")
    means = motions["motions"].astype(float).groupby(since).transform("mean")
    return motions.assign(since_step=since, mean_motions=means)


def motions_around_step(reader: Reader) -> pd.DataFrame:
    """Return motions by year with the mean of their side of the change of Congress, as :func:`step_means` adds it."""
    return step_means(motions(reader))


@result(
    unit="count",
    decimals=0,
    cases={
        "before": {"after": False, "span": ", 2012 to 2022", "years": "before 2023 with a figure"},
        "after": {"after": True, "span": " since 2023", "years": "from 2023 on"},
    },
    name="motions_{case}",
)
def mean_of_motions(ctx: Context, *, after: bool) -> float:
    """Mean motions a year{span}.

    Mean over the years {years}.
    """
    frame = motions(ctx)
    return float(frame.loc[frame["year"].ge(STEP_YEAR) == after, "motions"].mean())


@result(unit="count")
def motions_years(ctx: Context) -> int:
    """Years before 2023 with a figure for motions.

    Number of years.
    """
    return int(motions(ctx)["year"].lt(STEP_YEAR).sum())


@result(unit="pct", decimals=0)
def motions_fall(ctx: Context) -> float:
    """Fall of mean motions at the change of Congress.

    1 - mean since 2023 / mean before.
    """
    return 100 * (1 - ctx.value("session.motions_after") / ctx.value("session.motions_before"))


@result(
    unit="pct",
    decimals=0,
    cases={
        "first": {"earlier": 2018, "later": 2023},
        "second": {"earlier": 2019, "later": 2024},
        "fourth": {"earlier": 2021, "later": 2026},
    },
    name="motions_{case}",
)
def fall_of_motions(ctx: Context, *, earlier: int, later: int) -> float:
    """Fall of motions, {case} year of the 14th against the 13th Congress.

    1 - motions of {later} / motions of {earlier}.
    """
    before, after = (ctx.number("session_stats", str(year), "motions") for year in (earlier, later))
    return 100 * (1 - after / before)


@claim()
def one_step(ctx: Context) -> bool:
    """One step down at the change of Congress in 2023.

    Every year before 2023 has more motions than every year since, and the years just before, 2021 and 2022, lie above
    the mean of the years before.
    """
    frame = motions(ctx)
    before, after = (frame.loc[frame["year"].ge(STEP_YEAR) == side, "motions"] for side in (False, True))
    late = frame.loc[frame["year"].isin([2021, 2022]), "motions"]
    return bool(before.min() > after.max() and late.min() > before.mean())


# --- Votes -----------------------------------------------------------------------------------------------

VOTE_COLUMNS = ("year", "item", "for_votes", "deputies_present", "for_share_pct")
COURT, BUDGET = "supreme court report", "budget"


def is_whole_tally(votes: pd.DataFrame, items: tuple[str, ...] = (BUDGET, COURT)) -> pd.Series:
    """Say which rows are tallies of some items that are whole and add up.

    `votes` has the columns of :data:`VOTE_COLUMNS`; a tally that does not add up has no `for_share_pct` in the
    table.
    """
    return votes["item"].isin(items) & votes["for_share_pct"].notna() & votes["deputies_present"].notna()


def shares_not_for(votes: pd.DataFrame) -> pd.DataFrame:
    """Compute the share of the deputies present who voted against, abstained or did not vote.

    Returns
    -------
    pandas.DataFrame
        Columns `year`, `item`, `not_for_pct` (percent of the deputies present), in order of item and year.
    """
    share = 100 * (1 - votes["for_votes"].astype(float) / votes["deputies_present"].astype(float))
    shares = votes.assign(not_for_pct=share, year=votes["year"].astype(int))
    return shares.sort_values(["item", "year"])[["year", "item", "not_for_pct"]]


def votes_not_for(reader: Reader) -> pd.DataFrame:
    """Return the share of deputies present who did not vote for budget and court report, of tallies that are whole."""
    return shares_not_for(reader.frame("votes", *VOTE_COLUMNS, keep=is_whole_tally))


@result(unit="pct", decimals=1)
def not_for(ctx: Context, row: str) -> float:
    """Deputies present who did not vote for it.

    1 - votes for / deputies present.

    Percent of the deputies present.
    """
    return 100 * (1 - ctx.number("votes", row, "for_votes") / ctx.number("votes", row, "deputies_present"))


# --- Words of the work reports ---------------------------------------------------------------------------

AI_FAMILY = ("artificial intelligence", "large model", "embodied intelligence", "robot")
WORD_COLUMNS = ("year", "term", "count", "method", "characters")
CONSUMPTION = "consumption"
PANELS: dict[str, tuple[str, ...]] = {
    "AI words": AI_FAMILY,
    "consumption": (CONSUMPTION,),
    "private": ("private (minying)",),
    "security": ("security/safety",),
}
"""Words whose use is shown, and the terms that each of them counts together."""


def is_counted(keywords: pd.DataFrame) -> pd.Series:
    """Say which rows were counted by us over a report of known length; others are quoted counts."""
    return keywords["method"].eq("counted") & keywords["characters"].notna()


def rates(keywords: pd.DataFrame) -> pd.DataFrame:
    """Compute uses per 10,000 characters, so that long and short reports compare.

    Parameters
    ----------
    keywords : pandas.DataFrame
        With `year`, `term`, `count` (uses) and `characters` (Chinese characters of the report).

    Returns
    -------
    pandas.DataFrame
        Columns `year`, `term`, `count`, `per_10k` (uses per 10,000 Chinese characters), in order of term and year.
    """
    counts = keywords.assign(
        year=keywords["year"].astype(int), per_10k=1e4 * keywords["count"] / keywords["characters"]
    )
    return counts.sort_values(["term", "year"])[["year", "term", "count", "per_10k"]]


def word_counts(reader: Reader, terms: tuple[str, ...]) -> pd.DataFrame:
    """Return counts of terms in the reports that were counted in full, as :func:`rates` gives them."""
    return rates(reader.frame("report_keywords", *WORD_COLUMNS, keep=lambda k: k["term"].isin(terms) & is_counted(k)))


def added_by_year(counts: pd.DataFrame) -> pd.DataFrame:
    """Add the uses of terms by year: columns `year`, `count` and `per_10k`, uses per 10,000 Chinese characters."""
    return counts.groupby("year", as_index=False)[["count", "per_10k"]].sum()


def in_panels(counts: pd.DataFrame, panels: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Add the uses of :func:`rates` by panel, which counts some terms together, and year.

    Returns
    -------
    pandas.DataFrame
        Columns `words` (name of the panel), `year`, `count`, `per_10k`, in the order of `panels`.
    """
    parts = [added_by_year(counts.loc[counts["term"].isin(terms)]).assign(words=name) for name, terms in panels.items()]
    return pd.concat(parts, ignore_index=True)[["words", "year", "count", "per_10k"]]


def words_by_year(reader: Reader) -> pd.DataFrame:
    """Return uses of words in the reports since 2008, by panel, as :func:`in_panels` adds them."""
    shown = tuple(term for terms in PANELS.values() for term in terms)
    return in_panels(word_counts(reader, shown), PANELS)


@result(
    unit="count",
    cases={str(year): {"year": year} for year in (2024, 2025)},
    name="family_{case}",
    fields={"terms": spelled(len(AI_FAMILY))},
)
def family_uses(ctx: Context, *, year: int) -> int:
    """Uses of AI, large model, embodied intelligence and robot in the report of {year}.

    Sum of the counts of the {terms} terms.
    """
    frame = word_counts(ctx, AI_FAMILY)
    return int(frame.loc[frame["year"].eq(year), "count"].sum())


@result(unit="count")
def reports_counted(ctx: Context) -> int:
    """Work reports counted, 2008 to 2025.

    Number of years.

    2020 is missing.
    """
    return int(word_counts(ctx, (CONSUMPTION,))["year"].nunique())


@result(unit="count", decimals=1)
def consumption_rate(ctx: Context) -> float:
    """Uses of consumption per 10,000 characters of the report of 2025.

    10,000 x uses / characters.

    Uses per 10,000 characters.
    """
    row = "2025_consumption_zh"
    return 1e4 * ctx.number("report_keywords", row, "count") / ctx.number("report_keywords", row, "characters")


@claim()
def consumption_highest(ctx: Context) -> bool:
    """Highest of the reports counted.

    No counted report uses consumption more often per 10,000 characters than that of 2025.
    """
    frame = word_counts(ctx, (CONSUMPTION,))
    return int(frame.loc[frame["per_10k"].idxmax(), "year"]) == 2025


@claim()
def patient_first(ctx: Context) -> bool:
    """For the first time.

    The first report that names patient capital is that of 2025.
    """
    frame = word_counts(ctx, ("patient capital",))
    return int(frame.loc[frame["count"] > 0, "year"].min()) == 2025


# --- Provincial reports and the race before R1 -----------------------------------------------------------


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
    """Uses in all provincial reports.

    Sum of uses.
    """
    return int(provincial_uses(ctx).sum())


@result(unit="count")
def provinces_median(ctx: Context) -> float:
    """Median uses a provincial report.

    Median of uses.
    """
    return float(provincial_uses(ctx).median())


OFTEN = 3
"""Uses from which a report speaks of it often."""


@result(unit="count", fields={"often": spelled(OFTEN)})
def provinces_thrice(ctx: Context) -> int:
    """Provincial reports that use it {often} times or more.

    Number of reports with at least {often} uses.
    """
    return int(provincial_uses(ctx).ge(OFTEN).sum())


EARLIER_COLUMNS = ("level", "theme", "announced_on", "parent_id", "umbrella")


def is_local_ai_fund(funds: pd.DataFrame, before: str = R1_RELEASE) -> pd.Series:
    """Say which rows are local AI, robot and data vehicles that were surely announced before a day, each once.

    `funds` has the columns of :data:`EARLIER_COLUMNS`; a date known to the month or year counts with its last day.
    """
    local = funds["level"].isin(LOCAL_LEVELS) & funds["theme"].eq("ai_robot_data")
    # A tilde sorts after every digit: a year or month comes after all its days.
    last_day = funds["announced_on"].fillna("9999").str.pad(10, side="right", fillchar="~")
    found = funds.index[local & last_day.lt(before)]
    return distinct(found, funds).reindex(funds.index, fill_value=False)


def earlier_local_funds(reader: Reader) -> pd.DataFrame:
    """Return local AI, robot and data vehicles announced before R1 was published, with their `region`."""
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
    """Return the provinces by uses of the term in January 2025, with their AI vehicles announced before R1."""
    reports = reader.frame("provincial_ai_mentions", "ai_count")
    # A name is no evidence: it adds no source.
    names = reader.data.table("province_codes").frame["name_en"]
    return by_uses(reports, earlier_local_funds(reader), names)


@result(unit="count")
def funds_before_r1(ctx: Context) -> int:
    """Local AI, robot and data vehicles announced before R1.

    Number of local rows of that theme announced before 20 January 2025; a cluster is one only where no member of it
    is counted.
    """
    return len(earlier_local_funds(ctx))


# --- Pledges ---------------------------------------------------------------------------------------------

PLEDGE_NAMES = {
    "vc_fund": "National venture fund",
    "bond_board": "Technology bond board",
    "relending": "More re-lending",
    "listing_tier": "Listing rules",
    "private_law": "Private economy law",
    "ai_plus": "AI Plus",
    "shenzhen_fund": "Shenzhen: fund",
    "beijing_fund": "Beijing: fund",
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


def kept_first(pledges: pd.DataFrame) -> pd.DataFrame:
    """Return the pledges of :func:`days_to_delivery`, those delivered first, each group by its days.

    They get `name`, the short name of :data:`PLEDGE_NAMES`, or the id where there is none.
    """
    names = [PLEDGE_NAMES.get(str(key), str(key).replace("_", " ")) for key in pledges.index]
    rank = pledges["status"].map({"delivered": 0, "partly": 1, "not_found": 2})
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
        "local_silent": {
            "words": "Local pledges of which nothing more was found",
            "level": "local",
            "status": ("not_found",),
        },
    },
    name="pledges_{case}",
)
def pledges_counted(ctx: Context, *, level: str, status: tuple[str, ...] = ()) -> int:
    """{words}.

    Number of pledges.
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


# --- Targets and outcomes --------------------------------------------------------------------------------


@result(unit="pct_points", decimals=1)
def price_gap(ctx: Context) -> float:
    """Outcome less target of consumer prices in 2025.

    Outcome - target.
    """
    return ctx.number("outcomes", "2025_cpi", "value") - ctx.number("targets", "2025_cpi", "value")


# --- Timeline --------------------------------------------------------------------------------------------

LANES = {
    "technology": ("technology", "market"),
    "meetings and party": ("meeting", "party", "preparation"),
    "the session": ("session", "press", "deliberation", "delegation", "procedure"),
    "places": ("local",),
    "rules and laws": ("policy", "law"),
    "funds": ("fund",),
}
"""Kinds of events, as the lanes of the timeline."""

NAMED_EVENTS = ("EV04", "EV07", "EV13", "EV17", "EV28", "EV35", "EV36", "EV38", "EV39")
"""Events that the timeline names, by a letter each."""


def in_lanes(events: pd.DataFrame) -> pd.DataFrame:
    """Put events into the lanes of the timeline and count their days from the opening of the session.

    Returns
    -------
    pandas.DataFrame
        Columns `date` (ISO, to the day or the month), `kind`, `title`, `lane` and `days_from_opening`, negative
        before 5 March 2025, in order of time; a month without a day counts as its middle.

    Raises
    ------
    ValueError
        If a kind of event has no lane.
    """
    lane_of = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    unknown = sorted(set(events["kind"]) - set(lane_of))
    if unknown:
        raise ValueError(f"no lane of the timeline for events of kind {', '.join(unknown)}: add it to LANES")
    day = events["date"].where(events["date"].str.len() == 10, events["date"] + "-15")
    days = (pd.to_datetime(day, format="%Y-%m-%d") - pd.Timestamp(OPENING)).dt.days
    placed = events[["date", "kind", "title"]].assign(lane=events["kind"].map(lane_of), days_from_opening=days)
    return placed.sort_values("days_from_opening", kind="stable")


def timeline(reader: Reader) -> pd.DataFrame:
    """Return every event with its lane and its days from the opening of the session, as :func:`in_lanes` gives it."""
    return in_lanes(reader.frame("session_events", "date", "kind", "title"))


def lettered(events: pd.DataFrame, named: tuple[str, ...] = NAMED_EVENTS) -> pd.DataFrame:
    """Add `letter` to the events of :func:`timeline`: A for the earliest of those `named` by id; empty for the others.

    Raises
    ------
    ValueError
        If an id is unknown, or there are more events to name than letters.
    """
    unknown = sorted(set(named) - set(events.index))
    if unknown:
        raise ValueError(f"no event {', '.join(unknown)}: the frame is indexed by the ids of events")
    if len(named) > len(ascii_uppercase):
        raise ValueError(f"there are {len(ascii_uppercase)} letters for {len(named)} events: name fewer")
    letters = dict(zip([key for key in events.index if key in named], ascii_uppercase, strict=False))
    return events.assign(letter=[letters.get(key, "") for key in events.index])


def named_timeline(reader: Reader) -> pd.DataFrame:
    """Return every event with its lane, its days from the opening and the letter of those that are named."""
    return lettered(timeline(reader))


def detail_until(_reader: Reader) -> str:
    """Return the day up to which the timeline shows events in detail; what followed is on a shorter scale."""
    return "2025-04-01"


@result(unit="count")
def events(ctx: Context) -> int:
    """Events in the timeline.

    Number of rows.
    """
    return len(timeline(ctx))


# --- Tables ----------------------------------------------------------------------------------------------

SESSION_COUNTS = (
    "session_length_days",
    "motions",
    "suggestions",
    "deputies_total",
    "deputies_absent",
    "press_conferences_planned",
)
TALLY = ("for_votes", "against_votes", "abstain_votes", "deputies_present")


def sessions(reader: Reader) -> pd.DataFrame:
    """Return length in days, motions, suggestions, attendance and press conferences of each session, by year."""
    return reader.frame("session_stats", "year", *SESSION_COUNTS)


def tallies(reader: Reader) -> pd.DataFrame:
    """Return every tally found: `year`, `item`, `note`, `for_share_pct` in percent, and the counts of :data:`TALLY`.

    The share is missing where the tally does not add up, a count where it was not found.
    """
    return reader.frame("votes", "year", "item", "note", "for_share_pct", *TALLY)


def speakers(reader: Reader) -> pd.DataFrame:
    """Return who spoke about what: name, role and body, level, topic and statement."""
    return reader.frame("actors", "name", "role", "body", "level", "statement_topic", "statement_summary")


def events_by_date(reader: Reader) -> pd.DataFrame:
    """Return every event with kind, description and actors, in order of date as written."""
    frame = reader.frame("session_events", "date", "title", "kind", "description", "actors")
    return frame.sort_values("date", kind="stable")
