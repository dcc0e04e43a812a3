"""What local funds open with: first phases over announced sizes, and funds for which no later sum was found."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds.rows import LOCAL_LEVELS, documented, nesting
from patient_capital.formatting import Range
from patient_capital.money import STAGE_COLUMNS, distinct, lies_in, total
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

PHASE_AMOUNTS = ("announced_cny_bn", "registered_cny_bn", "first_close_cny_bn")
PHASE_COLUMNS = ("level", "kind", "umbrella", "theme", "announced_on", *PHASE_AMOUNTS)


def is_recent_ai_fund(funds: pd.DataFrame, since: int = 2023) -> pd.Series:
    """Say which rows are single local funds for AI, robots and data, announced since a year, with a stated size.

    `funds` has the columns of :data:`PHASE_COLUMNS`.
    """
    return (
        funds["level"].isin(LOCAL_LEVELS)
        & funds["kind"].eq("fund")
        & ~funds["umbrella"].astype(bool)
        & funds["theme"].eq("ai_robot_data")
        & funds["announced_on"].ge(str(since))  # dates of any precision sort as text; without a date: not since then
        & funds["announced_cny_bn"].notna()
    )


def phase_shares(funds: pd.DataFrame) -> pd.DataFrame:
    """Add `share_pct`, the first phase in percent of the announced size, and whether no sum but that size was found.

    First come those that are `silent`, the oldest first; then funds that registered money without a first phase, and
    last those with one, by the share and the announced size.
    """
    shares = funds.assign(
        share_pct=100 * funds["first_close_cny_bn"] / funds["announced_cny_bn"],
        silent=funds[["first_close_cny_bn", "registered_cny_bn"]].isna().all(axis="columns"),
    )
    order = shares.assign(opened=shares["share_pct"].notna(), since=shares["announced_on"].where(shares["silent"], ""))
    by = ["opened", "silent", "since", "share_pct", "announced_cny_bn"]
    order = order.sort_values(by, ascending=[True, False, True, True, True], kind="stable")
    return order.drop(columns=["opened", "since"])


@shared
def recent_ai_funds(reader: Reader) -> pd.DataFrame:
    """Return single local AI, robot and data funds since 2023 with name and first phase, as a share where known.

    A fund that only self-published pages tell of is left out.
    """
    columns = ("name_short", *PHASE_COLUMNS)
    return phase_shares(reader.frame("funds", *columns, keep=lambda f: is_recent_ai_fund(f) & documented(reader, f)))


def first_phases(reader: Reader) -> pd.DataFrame:
    """Return the funds of :func:`recent_ai_funds` that published a first close or first phase."""
    return recent_ai_funds(reader).dropna(subset="share_pct")


@result(unit="count")
def phase_count(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 with target and first phase.

    Number of single funds of provinces, cities and districts that told both; a fund of which only self-published pages
    tell is left out.
    """
    return len(first_phases(ctx))


@result(unit="pct", decimals=0)
def phase_median(ctx: Context) -> float:
    """Median first phase over announced size.

    Median of first close / announced size, of the local AI, robot and data funds since 2023 with both.
    """
    return float(first_phases(ctx)["share_pct"].median())


@result(unit="pct", decimals=0)
def phase_range(ctx: Context) -> Range:
    """Smallest and largest first phase over announced size.

    Smallest and largest first close / announced size, of the local AI, robot and data funds since 2023 with both.
    """
    share = first_phases(ctx)["share_pct"]
    return Range(float(share.min()), float(share.max()))


@result(unit="pct", decimals=0)
def phase_quartiles(ctx: Context) -> Range:
    """Middle half of first phases over announced size.

    Lower and upper quartile of first close / announced size, of the local AI, robot and data funds since 2023 with both.
    """
    share = first_phases(ctx)["share_pct"]
    return Range(float(share.quantile(0.25)), float(share.quantile(0.75)))


def _opened(ctx: Context, vehicles: pd.DataFrame) -> float:
    """Return the first phases of some funds over their announced sizes, percent, each yuan once."""
    opening, whole = (total(vehicles[f"{stage}_cny_bn"], nesting(ctx)) for stage in ("first_close", "announced"))
    return 100 * opening / whole


@result(unit="pct", decimals=0)
def phase_pooled(ctx: Context) -> float:
    """All first phases over all announced sizes.

    Sum of first closes / sum of announced sizes, of the local AI, robot and data funds since 2023 with both.
    """
    return _opened(ctx, first_phases(ctx))


@result(unit="pct", decimals=0)
def phase_of_all(ctx: Context) -> float:
    """All first phases over the announced sizes of all, with or without one.

    Sum of first closes / sum of the announced sizes of all local AI, robot and data funds since 2023 with a target.
    """
    return _opened(ctx, recent_ai_funds(ctx))


TEMPLATE = {"opening": 2, "announced": 10}
"""First phase and announced size of a common form of fund, billion yuan."""


@result(unit="count", fields=TEMPLATE)
def phase_template(ctx: Context, *, opening: float, announced: float) -> int:
    """Funds that open with exactly {opening}bn of {announced}bn yuan.

    Number of local AI, robot and data funds since 2023 with a first phase of exactly {opening} on a target of exactly
    {announced}.
    """
    frame = first_phases(ctx)
    return int((frame["first_close_cny_bn"].eq(opening) & frame["announced_cny_bn"].eq(announced)).sum())


@result(unit="count")
def phase_silent(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 for which no sum but a target was found.

    Number of single funds of provinces, cities and districts with an announced size, and with neither a first close nor
    a registered size; a fund of which only self-published pages tell is left out.
    """
    return int(recent_ai_funds(ctx)["silent"].sum())


@result(
    unit="date",
    cases={"oldest": {"place": 0, "words": "oldest"}, "youngest": {"place": -1, "words": "youngest"}},
    name="silent_{case}",
)
def silent_since(ctx: Context, *, place: int) -> str:
    """Announcement of the {words} of the local AI, robot and data funds for which no sum but a target was found.

    Day of announcement, or its month, of that fund.
    """
    funds = recent_ai_funds(ctx)
    return str(funds.loc[funds["silent"], "announced_on"].iloc[place])


def _told_by_weak_pages(reader: Reader) -> pd.DataFrame:
    """Return the funds of the kind of :func:`recent_ai_funds` that only self-published pages tell of."""
    columns = ("name_short", *PHASE_COLUMNS)
    return phase_shares(reader.frame("funds", *columns, keep=lambda f: is_recent_ai_fund(f) & ~documented(reader, f)))


@result(unit="count")
def phase_all_with_weak(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 with a target, those of self-published pages included.

    Number of single funds of provinces, cities and districts with an announced size, with or without a first phase.
    """
    return len(recent_ai_funds(ctx)) + len(_told_by_weak_pages(ctx))


@result(unit="count")
def phase_silent_with_weak(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 without a sum but a target, those of self-published pages included.

    Number of single funds of provinces, cities and districts with an announced size, and with neither a first close nor
    a registered size.
    """
    return int(recent_ai_funds(ctx)["silent"].sum() + _told_by_weak_pages(ctx)["silent"].sum())


@result(unit="count")
def phase_all(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 with a target.

    Number of single funds of provinces, cities and districts with an announced size, with or without a first phase; a
    fund of which only self-published pages tell is left out.
    """
    return len(recent_ai_funds(ctx))


@result(unit="date")
def latest(ctx: Context) -> str:
    """Day of the latest page on a local AI, robot or data fund since 2023 with a target.

    Latest day up to which a row of these funds tells, which is that of the latest page that it cites.
    """
    counted = recent_ai_funds(ctx).index
    return str(ctx.frame("funds", "as_of", keep=lambda f: f.index.isin(counted))["as_of"].dropna().max())


@claim(low=20, high=30)
def about_a_quarter(ctx: Context, *, low: float, high: float) -> bool:
    """About a quarter.

    The median lies between {low} and {high} percent.
    """
    return low <= ctx.value("funds.phase_median") <= high


LATER_STAGES = list(STAGE_COLUMNS)[1:]


@shared
def local_targets(reader: Reader) -> pd.DataFrame:
    """Return every local fund or group of funds with a stated target, each once, and whether no later sum was found.

    It is `silent` where neither a later stage nor another amount that is not itself a target is held, of it or of a
    fund that lies in it. A vehicle that only self-published pages tell of is left out.
    """
    frame = reader.frame(
        "funds",
        "level",
        "announced_cny_bn",
        *LATER_STAGES,
        keep=lambda f: f["level"].isin(LOCAL_LEVELS) & f["announced_cny_bn"].notna() & documented(reader, f),
    )
    frame = frame.loc[distinct(frame.index, nesting(reader))]
    other = reader.frame(
        "fund_amounts_alt",
        "fund_id",
        "stage",
        "role",
        "amount_cny_bn",
        keep=lambda a: (
            a["role"].isin(("part", "later", "earlier", "statement"))
            & a["amount_cny_bn"].notna()
            & a["stage"].ne("announced")
        ),
    )
    within = nesting(reader)
    around = {fund: set(lies_in(fund, within)).intersection(frame.index) for fund in within.index}
    opened = reader.frame("funds", *LATER_STAGES, keep=lambda f: f.index.map(around).astype(bool)).dropna(how="all")
    heard = frame.index.isin([*other["fund_id"], *set().union(*opened.index.map(around))])
    return frame.assign(silent=frame[LATER_STAGES].isna().all(axis=1) & ~heard)


@result(unit="count")
def local_count(ctx: Context) -> int:
    """Local funds and groups of funds with a stated target.

    Number of provincial, municipal and district rows with an announced size; a cluster is one only where no member
    of it is counted, and a row of which only self-published pages tell is left out.
    """
    return len(local_targets(ctx))


@result(unit="count")
def local_silent(ctx: Context) -> int:
    """Local funds and groups of funds with a target for which no later sum was found.

    Number of local rows with an announced size and no later stage and no other amount that is not announced alone, of
    them or of a fund that lies in them; a row of which only self-published pages tell is left out.
    """
    return int(local_targets(ctx)["silent"].sum())


@result(
    unit="count",
    cases={
        "local": {"words": "with a stated target", "silent": False},
        "silent": {"words": "with a target for which no later sum was found", "silent": True},
    },
    name="{case}_groups",
)
def groups_of_funds(ctx: Context, *, silent: bool) -> int:
    """Groups of local funds {words}.

    Number of the local rows {words} that stand for several funds under a common headline.
    """
    targets = local_targets(ctx)
    groups = ctx.frame("funds", "umbrella", keep=lambda f: f.index.isin(targets.index))["umbrella"].astype(bool)
    counted = targets["silent"] if silent else True
    return int((groups.reindex(targets.index) & counted).sum())


@result(unit="count")
def local_whole(ctx: Context) -> int:
    """Local funds that registered all that they had announced.

    Number of the local rows with a stated target whose registered size is at least the announced size.
    """
    funds = local_targets(ctx)
    return int(funds["registered_cny_bn"].ge(funds["announced_cny_bn"]).sum())
