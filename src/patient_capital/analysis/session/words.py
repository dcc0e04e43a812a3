"""The words of the work reports since 2008, and terms that are followed into the report of 2026."""

from __future__ import annotations

import pandas as pd

from patient_capital.formatting import spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

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

    Number of years whose report was counted.
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

    Of the reports that were counted the first that names patient capital is that of 2025.
    """
    frame = word_counts(ctx, ("patient capital",))
    return int(frame.loc[frame["count"] > 0, "year"].min()) == 2025


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

    No report that was counted, all of years before 2026, names government investment funds; that of 2026 does, by
    others.
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

    No counted report before 2025 uses involution, that of 2025 and, by others, that of 2026 do; that of 2024 uses
    overcapacity and that of 2025 does not.
    """
    new, old = _uses(ctx, "involution"), _uses(ctx, "overcapacity")
    came = new.loc[new.index < 2025].eq(0).all() and new.loc[new.index >= 2025].gt(0).all()
    return bool(came and old.loc[2024] > 0 and old.loc[2025] == 0)
