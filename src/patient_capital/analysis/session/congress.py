"""The sessions of the Congress: motions, votes and attendance."""

from __future__ import annotations

import pandas as pd

from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

STEP_YEAR = 2023
"""First session of the 14th Congress: motions are compared before it and from it on."""
YEARS_OF_A_CONGRESS = 5


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
        "before": {"after": False, "span": " before 2023", "years": "before 2023 with a figure"},
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


@claim()
def fewest_motions(ctx: Context) -> bool:
    """Fewer than in any year with a figure.

    The motions of 2026 are fewer than those of every other year.
    """
    counts = motions(ctx).set_index("year")["motions"]
    return bool(counts.drop(2026).min() > counts.loc[2026])


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
