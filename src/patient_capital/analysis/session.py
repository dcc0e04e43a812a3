"""The computations of the chapter on the session: motions, votes, words, provincial reports, pledges."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds import LOCAL_LEVELS
from patient_capital.formatting import Range, spelled
from patient_capital.money import distinct
from patient_capital.provenance.records import Context, split_cell
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

STEP_YEAR = 2023
"""First session of the 14th Congress: motions are compared before it and from it on."""
YEARS_OF_A_CONGRESS = 5
R1_RELEASE = "2025-01-20"
"""Day on which DeepSeek published its R1 model."""
HOME_OF_DEEPSEEK = "CN-ZJ"
OPENING = "2025-03-05"
"""Day on which the session of 2025 opened."""

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


@result(unit="pct", decimals=0)
def motions_fall(ctx: Context) -> float:
    """Fall of mean motions at the change of Congress.

    1 - mean since 2023 / mean before.
    """
    return 100 * (1 - ctx.value("session.motions_after") / ctx.value("session.motions_before"))


@result(
    unit="pct",
    decimals=0,
    cases={word: {"later": STEP_YEAR + place} for place, word in enumerate(("first", "second", "third", "fourth"))},
    name="motions_{case}",
)
def fall_of_motions(ctx: Context, *, later: int) -> float:
    """Fall of motions, {case} year of the 14th Congress against the same year of earlier ones.

    1 - motions of {later} / mean of the years with a figure that have the same place in an earlier Congress.
    """
    known = motions(ctx).set_index("year")["motions"].astype(float)
    same = known[(known.index < STEP_YEAR) & ((later - known.index) % YEARS_OF_A_CONGRESS == 0)]
    return float(100 * (1 - known[later] / same.mean()))


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
PANELS: dict[str, tuple[str, ...]] = {"AI words": AI_FAMILY, "consumption": (CONSUMPTION,)}
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


@shared
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


@result(
    unit="count",
    decimals=1,
    cases={str(year): {"year": year} for year in (2024, 2025)},
    name="family_rate_{case}",
    fields={"terms": spelled(len(AI_FAMILY))},
)
def family_rate(ctx: Context, *, year: int) -> float:
    """Uses of AI, large model, embodied intelligence and robot per 10,000 characters of the report of {year}.

    10,000 x uses of the {terms} terms / characters.

    Uses per 10,000 characters.
    """
    return float(added_by_year(word_counts(ctx, AI_FAMILY)).set_index("year")["per_10k"][year])


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


# --- March 2025 and March 2026 ---------------------------------------------------------------------------

FOLLOWED = (
    "artificial intelligence",
    "patient capital",
    "government investment funds",
    "guidance fund",
    "involution",
    "overcapacity",
)
"""Terms that are followed into the report of 2026."""
FOLLOWED_SINCE = 2015


def with_reported(keywords: pd.DataFrame) -> pd.DataFrame:
    """Return one count a term and year: our own, and where a report was not counted the one that others print.

    Parameters
    ----------
    keywords : pandas.DataFrame
        With the columns of :data:`WORD_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        Columns `term`, `year`, `count` (uses) and `counted`, whether the whole report was counted by us.
    """
    ours = keywords.assign(year=keywords["year"].astype(int), counted=is_counted(keywords))
    first = ours.sort_values("counted", ascending=False, kind="stable").drop_duplicates(["term", "year"])
    return first.sort_values(["term", "year"])[["term", "year", "count", "counted"]]


@shared
def terms_followed(reader: Reader, terms: tuple[str, ...] = FOLLOWED, since: int = FOLLOWED_SINCE) -> pd.DataFrame:
    """Return uses of some terms in each report since a year, as :func:`with_reported` chooses them."""

    def chosen(rows: pd.DataFrame) -> pd.Series:
        wanted = rows["term"].isin(terms) & (rows["year"] >= since)
        return wanted & rows.index.isin(with_reported(rows).index)

    return with_reported(reader.frame("report_keywords", *WORD_COLUMNS, keep=chosen))


def _uses(ctx: Context, term: str) -> pd.Series:
    return terms_followed(ctx, (term,), since=0).set_index("year")["count"]


@claim()
def funds_first(ctx: Context) -> bool:
    """For the first time.

    No report that was counted, all of years before 2026, names government investment funds; that of 2026 does, by others.
    """
    uses = _uses(ctx, "government investment funds")
    return bool(uses.loc[uses.index < 2026].eq(0).all() and uses.loc[2026] > 0)


@claim()
def guidance_fund_years(ctx: Context) -> bool:
    """Guidance funds stood in the reports of 2015 to 2017.

    Of the reports before 2026 that were counted, those of 2015, 2016 and 2017 use the term guidance fund, and no other.
    """
    uses = _uses(ctx, "guidance fund")
    named = uses.index[uses.gt(0) & (uses.index < 2026)]
    return list(named) == [2015, 2016, 2017]


@claim()
def involution_for_overcapacity(ctx: Context) -> bool:
    """Involution came and overcapacity went.

    No report before 2025 uses involution, those of 2025 and 2026 do; that of 2024 uses overcapacity and that of 2025
    does not.
    """
    new, old = _uses(ctx, "involution"), _uses(ctx, "overcapacity")
    came = new.loc[new.index < 2025].eq(0).all() and new.loc[new.index >= 2025].gt(0).all()
    return bool(came and old.loc[2024] > 0 and old.loc[2025] == 0)


@claim()
def fewest_motions(ctx: Context) -> bool:
    """Fewer than in any year with a figure.

    The motions of 2026 are fewer than those of every other year.
    """
    counts = motions(ctx).set_index("year")["motions"]
    return bool(counts.drop(2026).min() > counts.loc[2026])


COMPARED = {
    "Days": ("the session", "session_stats[{year}].session_length_days"),
    "Motions": ("the session", "session_stats[{year}].motions"),
    "Deputies absent at the close": ("the session", "session_stats[{year}].deputies_absent"),
    "Votes against the work report": ("the session", "votes[{year}_government-work-report].against_votes"),
    "Artificial intelligence": ("words of the report", "report_keywords[{year}_artificial-intelligence_zh].count"),
    "Science and technology": ("words of the report", "report_keywords[{year}_science-and-technology_zh].count"),
    "Innovation": ("words of the report", "report_keywords[{year}_innovation_zh].count"),
    "Involution": ("words of the report", "report_keywords[{year}_involution_zh].count"),
    "Government investment funds": (
        "words of the report",
        "report_keywords[{year}_government-investment-funds_zh].count",
    ),
    "Growth of GDP, lowest aim": ("targets", "targets[{year}_gdp_growth{low}].value"),
    "Consumer prices": ("targets", "targets[{year}_cpi].value"),
    "Deficit": ("targets", "targets[{year}_deficit_ratio].value"),
    "New government debt": ("targets", "targets[{year}_new_government_debt_total].value"),
    "Spending of the centre on science, growth": ("targets", "targets[{year}_central_science_budget_growth].value"),
    "Spending on defence, growth": ("targets", "targets[{year}_defence_budget_growth].value"),
}
"""What is compared between the two sessions: of what kind it is, and the cell of each year."""


def compared(ctx: Context) -> pd.DataFrame:
    """Return what is compared between the sessions of March 2025 and March 2026.

    Returns
    -------
    pandas.DataFrame
        Indexed by `what`; `kind`, and for each year `ref_2025` and `value_2025`, the cell and its value in its own unit.
    """
    rows = {}
    for what, (kind, cell) in COMPARED.items():
        # A target of 2026 is a range; its lower end is what is aimed at least.
        refs = {year: cell.format(year=year, low="_low" if year == 2026 else "") for year in (2025, 2026)}
        values = {f"value_{year}": ctx.number(*split_cell(ref)) for year, ref in refs.items()}
        rows[what] = {"kind": kind} | {f"ref_{year}": ref for year, ref in refs.items()} | values
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("what")


@claim()
def plan_without_number(ctx: Context) -> bool:
    """Without a sum or a term.

    No clause of the plan until 2030 on patience or funds has a number.
    """
    rows = ctx.frame("patience_clauses", "clause", "document", "value", keep=lambda r: r["document"].eq(TEXTS[2]))
    on_funds = rows["clause"].eq("other")
    return bool(on_funds.any() and rows.loc[on_funds, "value"].isna().all())


TEXTS = (
    "Government work report of March 2025",
    "Government work report of March 2026",
    "Outline of the fifteenth five-year plan",
)
TOPICS = {"other": "patience and funds", "rivalry": "rivalry of regions", "technology": "AI and technology"}


def texts(reader: Reader) -> pd.DataFrame:
    """Return what the reports of March 2025 and 2026 and the plan say of patience, rivalry and technology.

    Returns
    -------
    pandas.DataFrame
        Indexed by `clause_id`; `topic`, `text_en`, `text_zh`, `document`, `issuer`, `issued_on`; by topic, then in the
        order of :data:`TEXTS`.
    """
    columns = ("clause", "text_en", "text_zh", "document", "issuer", "issued_on")
    frame = reader.frame("patience_clauses", *columns, keep=lambda rows: rows["document"].isin(TEXTS))
    place = frame.assign(
        topic=frame["clause"].map(TOPICS),
        kind=frame["clause"].map(list(TOPICS).index),
        text=frame["document"].map(TEXTS.index),
    )
    ordered = place.sort_values(["kind", "text"], kind="stable")
    return ordered[["topic", "text_en", "text_zh", "document", "issuer", "issued_on"]]


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
    """Say which rows are local funds for AI, robots and data, groups of funds included, that were surely announced before a day, each once.

    `funds` has the columns of :data:`EARLIER_COLUMNS`; a date known to the month or year counts with its last day.
    """
    local = funds["level"].isin(LOCAL_LEVELS) & funds["theme"].eq("ai_robot_data")
    # A tilde sorts after every digit: a year or month comes after all its days.
    last_day = funds["announced_on"].fillna("9999").str.pad(10, side="right", fillchar="~")
    found = funds.index[local & last_day.lt(before)]
    return distinct(found, funds).reindex(funds.index, fill_value=False)


def earlier_local_funds(reader: Reader) -> pd.DataFrame:
    """Return local funds for AI, robots and data, groups of funds included, announced before R1 was published, with their `region`."""
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


# --- Pledges ---------------------------------------------------------------------------------------------

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


def kept_first(pledges: pd.DataFrame) -> pd.DataFrame:
    """Return the pledges of :func:`days_to_delivery`, those delivered first, each group by its days.

    They get `name`, the short name of :data:`PLEDGE_NAMES`, or the words of the pledge where there is none.
    """
    names = [PLEDGE_NAMES.get(str(key), words) for key, words in pledges["pledge"].items()]
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
        "local_delivered": {"words": "Local pledges that were delivered", "level": "local", "status": ("delivered",)},
        "local_partly": {"words": "Local pledges that were delivered in part", "level": "local", "status": ("partly",)},
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

CROWDED = ("2025-01-13", "2025-03-31")
"""Mondays of the first and the last week in which events are counted: from the reports of provinces to the end of March."""


def in_lanes(events: pd.DataFrame) -> pd.DataFrame:
    """Put events into the lanes of the timeline.

    Returns
    -------
    pandas.DataFrame
        Columns `date` (ISO, to the day or the month), `kind`, `title` and `lane`, in order of date as written.

    Raises
    ------
    ValueError
        If a kind of event has no lane.
    """
    lane_of = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    unknown = sorted(set(events["kind"]) - set(lane_of))
    if unknown:
        raise ValueError(f"no lane of the timeline for events of kind {', '.join(unknown)}: add it to LANES")
    placed = events[["date", "kind", "title"]].assign(lane=events["kind"].map(lane_of))
    return placed.sort_values("date", kind="stable")


def timeline(reader: Reader) -> pd.DataFrame:
    """Return every event with its lane, as :func:`in_lanes` gives it."""
    return in_lanes(reader.frame("session_events", "date", "kind", "title"))


def by_week(events: pd.DataFrame, first: str = CROWDED[0], last: str = CROWDED[1]) -> pd.DataFrame:
    """Count the events of :func:`in_lanes` by lane and week; those whose day is not known are left out.

    Parameters
    ----------
    first, last : str
        Mondays of the first and the last week, ISO.

    Returns
    -------
    pandas.DataFrame
        A row a lane and week: `lane`, `week`, the Monday, and `events`, their number.
    """
    known = events[events["date"].str.len() == 10]
    day = pd.to_datetime(known["date"], format="%Y-%m-%d")
    monday = (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d")
    counts = pd.crosstab(known["lane"], monday)
    weeks = pd.date_range(first, last, freq="7D").strftime("%Y-%m-%d")
    grid = counts.reindex(index=list(LANES), columns=weeks, fill_value=0).rename_axis(index="lane")
    return grid.reset_index().melt("lane", var_name="week", value_name="events")


def crowded_weeks(reader: Reader) -> pd.DataFrame:
    """Return the number of events by lane and week around the session of March 2025, as :func:`by_week` counts them."""
    return by_week(timeline(reader))


@result(unit="count")
def week_events(ctx: Context) -> int:
    """Events in the week in which the session of 2025 opened.

    Number of events with a day from Monday to Sunday.
    """
    weeks = crowded_weeks(ctx).groupby("week")["events"].sum()
    return int(weeks[weeks.index <= OPENING].iloc[-1])


@result(
    unit="count",
    cases={
        "listed": {"words": "Events of the table of events"},
        "drawn": {"words": "Events of the table that have a day in the weeks around the session", "around": True},
    },
    name="events_{case}",
)
def events_counted(ctx: Context, *, around: bool = False) -> int:
    """{words}.

    Number of events.
    """
    return int(crowded_weeks(ctx)["events"].sum()) if around else len(timeline(ctx))


@claim()
def week_crowded(ctx: Context) -> bool:
    """The most of any week.

    No other week from January to the end of March 2025 has as many events as that of the opening.
    """
    weeks = crowded_weeks(ctx).groupby("week")["events"].sum()
    return bool(weeks.max() == ctx.value("session.week_events") and (weeks == weeks.max()).sum() == 1)


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
    """Return length in days, motions, suggestions, attendance and press conferences of each session, by year.

    `suggestions_qualifier` says whether the number of suggestions is exact.
    """
    return reader.frame("session_stats", "year", *SESSION_COUNTS, "suggestions_qualifier")


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
