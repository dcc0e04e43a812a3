"""The computations of the chapter on the funds, which asks how big one trillion yuan is.

Amounts are in billion yuan and carry their stage; what is inside something else is never added to it.
"""

from __future__ import annotations

import pandas as pd

from patient_capital.formatting import Range, human_date
from patient_capital.provenance.records import STAGES, Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

NATIONAL = "cn_nvcgf"
LOCAL_LEVELS = ("provincial", "municipal", "district")
SECOND_STAGES = tuple(f"{stage}_cny_bn" for stage in STAGES[1:])

FUNDS_ID = f"funds[{NATIONAL}]"
ANNOUNCED = f"{FUNDS_ID}.announced_cny_bn"
REGISTERED = f"{FUNDS_ID}.registered_cny_bn"


# --- Adding without double count -------------------------------------------------------------------------


def countable(funds: pd.DataFrame) -> pd.Series:
    """Say which funds may be added: no umbrella, and not inside another fund of the same selection.

    Parameters
    ----------
    funds : pandas.DataFrame
        Indexed by fund id, with columns `umbrella` and `parent_id`.

    Returns
    -------
    pandas.Series of bool
    """
    ancestors_in_view = []
    for fund in funds.index:
        seen: set[str] = set()
        parent = funds.at[fund, "parent_id"]
        inside = False
        while isinstance(parent, str) and parent in funds.index and parent not in seen:
            if not bool(funds.at[parent, "umbrella"]):
                inside = True
                break
            seen.add(parent)
            parent = funds.at[parent, "parent_id"]
        ancestors_in_view.append(inside)
    inside_another = pd.Series(ancestors_in_view, index=funds.index, dtype=bool)
    return ~funds["umbrella"].astype(bool) & ~inside_another


def total(funds: pd.DataFrame, stage: str) -> float:
    """Add one stage over funds, each yuan once.

    Parameters
    ----------
    funds : pandas.DataFrame
        Indexed by fund id, with `umbrella`, `parent_id` and the column of the stage.
    stage : str
        One of :data:`patient_capital.provenance.records.STAGES`.

    Returns
    -------
    float
        Billion yuan.

    Raises
    ------
    ValueError
        If the stage is unknown.
    """
    if stage not in STAGES:
        raise ValueError(f"unknown stage {stage!r}; stages are: {', '.join(STAGES)}")
    column = f"{stage}_cny_bn"
    known = funds.loc[funds[column].notna()]
    return float(known.loc[countable(known), column].sum())


# --- The ladder ------------------------------------------------------------------------------------------


def regional_funds(reader: Reader) -> pd.DataFrame:
    """Return the regional funds of the national fund."""
    return reader.frame("funds", "parent_id", "registered_cny_bn", keep=lambda f: f["parent_id"] == NATIONAL)


@result(unit="pct", decimals=0)
def treasury_share(ctx: Context) -> float:
    """Treasury money in the fund company, of the announced trillion.

    Registered capital / announced size.
    """
    return 100 * ctx.number("funds", NATIONAL, "registered_cny_bn") / ctx.number("funds", NATIONAL, "announced_cny_bn")


@result(unit="cny_bn", decimals=1)
def regional_registered(ctx: Context) -> float:
    """Registered size of the three regional funds.

    Sum of the registered sizes of the funds whose parent is the national fund.
    """
    return float(regional_funds(ctx)["registered_cny_bn"].sum())


@result(unit="count")
def regional_count(ctx: Context) -> int:
    """Regional funds of the national fund.

    Number of funds whose parent is the national fund.
    """
    return len(regional_funds(ctx))


def national_stakes(ctx: Context, *amounts: str) -> pd.DataFrame:
    """Return the national fund's stakes in the regional funds, with the named amounts (by default the stake alone)."""
    return ctx.frame(
        "fund_partners", "fund_id", "partner_kind", *(amounts or ("amount_cny_bn",)),
        keep=lambda p: p["partner_kind"].eq("national_fund") & p["fund_id"].str.startswith(f"{NATIONAL}_"),
    )  # fmt: skip


@result(unit="cny_bn", decimals=0)
def national_stake(ctx: Context) -> float:
    """Money of the national fund inside the three regional funds.

    Two disclosed stakes and the assumed third.

    The Yangtze stake is an assumption.
    """
    return float(national_stakes(ctx, "amount_cny_bn")["amount_cny_bn"].sum())


@result(unit="cny_bn", decimals=1)
def partner_money(ctx: Context) -> float:
    """Money of partners in the three regional funds.

    Registered size of the regional funds - the national fund's stakes in them.
    """
    return ctx.value("funds.regional_registered") - ctx.value("funds.national_stake")


@result(unit="cny_bn", decimals=1)
def registered_once(ctx: Context) -> float:
    """Registered at both tiers, each yuan once.

    Registered capital of the national fund + money of partners in the regional funds.
    """
    return ctx.number("funds", NATIONAL, "registered_cny_bn") + ctx.value("funds.partner_money")


@result(unit="cny_bn", decimals=0)
def registered_once_range(ctx: Context) -> Range:
    """Registered at both tiers over the undisclosed Yangtze stake.

    Registered capital + regional funds - stakes, the third stake at its upper and lower bound.
    """
    low, high = stake_bounds(ctx)
    base = ctx.number("funds", NATIONAL, "registered_cny_bn") + ctx.value("funds.regional_registered")
    return Range(base - high, base - low)


def stake_bounds(ctx: Context) -> tuple[float, float]:
    """Return the lowest and highest sum of the national fund's stakes in the regional funds."""
    stakes = national_stakes(ctx, "amount_cny_bn", "amount_low_cny_bn", "amount_high_cny_bn")
    low = stakes["amount_low_cny_bn"].fillna(stakes["amount_cny_bn"]).sum()
    high = stakes["amount_high_cny_bn"].fillna(stakes["amount_cny_bn"]).sum()
    return float(low), float(high)


@result(unit="pct", decimals=0)
def registered_share(ctx: Context) -> float:
    """Registered at both tiers, of the announced trillion.

    Registered once / announced.
    """
    return 100 * ctx.value("funds.registered_once") / ctx.number("funds", NATIONAL, "announced_cny_bn")


@result(unit="cny_bn", decimals=0)
def still_to_raise(ctx: Context) -> float:
    """Announced and not yet registered anywhere.

    Announced - registered once.
    """
    return ctx.number("funds", NATIONAL, "announced_cny_bn") - ctx.value("funds.registered_once")


@result(unit="pct", decimals=0)
def still_to_raise_share(ctx: Context) -> float:
    """Still to be raised, of the announced trillion.

    Still to raise / announced.
    """
    return 100 * ctx.value("funds.still_to_raise") / ctx.number("funds", NATIONAL, "announced_cny_bn")


@result(unit="cny_bn", decimals=0)
def treasury_unplaced(ctx: Context) -> float:
    """Treasury money not yet placed in regional funds.

    Registered capital - the national fund's stakes in the regional funds.

    The Yangtze stake is an assumption.
    """
    return ctx.number("funds", NATIONAL, "registered_cny_bn") - ctx.value("funds.national_stake")


@result(unit="date")
def latest(ctx: Context) -> str:
    """Newest date of an amount in the table of funds.

    Latest as-of date of any row.

    ISO date, of the precision of the row.
    """
    return str(ctx.frame("funds", "as_of")["as_of"].dropna().max())


@result(unit="count")
def months(ctx: Context) -> int:
    """Whole months from the announcement to the newest amount of the national fund.

    Months between the two dates, rounded down.
    """
    start, end = (pd.Timestamp(str(ctx.cell("funds", NATIONAL, c))) for c in ("announced_on", "as_of"))
    return int(12 * (end.year - start.year) + end.month - start.month - (end.day < start.day))


@result(unit="count")
def fields(ctx: Context) -> int:
    """Fields that the national fund lists.

    Number of listed sectors.
    """
    return len(str(ctx.cell("funds", NATIONAL, "sectors")).split(";"))


@claim
def nothing_invested_found(ctx: Context) -> bool:
    """No figure for money invested in firms was found.

    The cells paid_in and invested of the national fund and its regional funds are empty.

    Say whether the tables hold no payment into, and no investment by, the national fund and its regional funds.
    """
    funds = ctx.frame(
        "funds", "parent_id", "invested_cny_bn", "paid_in_cny_bn",
        keep=lambda f: f["parent_id"].eq(NATIONAL) | (f.index == NATIONAL),
    )  # fmt: skip
    return bool(funds[["invested_cny_bn", "paid_in_cny_bn"]].isna().all().all())


def nested_amounts(national: pd.Series, partner_money: float) -> pd.DataFrame:
    """Return the amounts of the national fund, each inside the one before.

    Parameters
    ----------
    national : pandas.Series
        Its row of the table of funds: dates of announcement and foundation, announced and registered size in
        billion yuan.
    partner_money : float
        Money of partners in its regional funds, billion yuan.

    Returns
    -------
    pandas.DataFrame
        Indexed by step, with `label`, `detail` and `amount_cny_bn`.
    """
    announced, treasury = float(national["announced_cny_bn"]), float(national["registered_cny_bn"])
    rows = {
        "announced": ("announced", human_date(national["announced_on"]), announced),
        "registered_once": ("registered", "both tiers, each yuan once", treasury + partner_money),
        "treasury": ("of treasury money", f"subscribed, {human_date(national['established_on'][:7])}", treasury),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["label", "detail", "amount_cny_bn"]).rename_axis(
        "step"
    )


NATIONAL_COLUMNS = ("announced_on", "established_on", "announced_cny_bn", "registered_cny_bn")


def national_fund(reader: Reader) -> pd.Series:
    """Return dates and amounts of the national fund, billion yuan."""
    return reader.frame("funds", *NATIONAL_COLUMNS, keep=lambda f: f.index == NATIONAL).loc[NATIONAL]


def money_by_stage(ctx: Context) -> pd.DataFrame:
    """Return what is announced, registered and treasury money, as :func:`nested_amounts` orders it."""
    return nested_amounts(national_fund(ctx), ctx.value("funds.partner_money"))


LADDER_STEPS = {
    ANNOUNCED: "Announced: hoped for in all",
    REGISTERED: "Fund company, treasury money, subscribed",
    "funds.regional_registered": "Three regional funds, registered",
    "funds.national_stake": "of which the national fund's stakes (one assumed)",
    "funds.partner_money": "of which partners' money",
    "funds.registered_once": "Registered at both tiers, each yuan once",
    "funds.registered_once_range": "the same over the undisclosed stake",
    "funds.still_to_raise": "Still to be raised",
}
"""Every step from the headline to the register: reference of its amount, and its words."""


def ladder_steps(ctx: Context) -> pd.DataFrame:
    """Return every step from the headline to the register.

    Returns
    -------
    pandas.DataFrame
        Indexed by reference, with the words of the `step` and `amount_cny_bn`, a number or a range.
    """
    amounts = {
        ref: ctx.number("funds", NATIONAL, ref.rpartition(".")[2]) if "[" in ref else ctx.result(ref)
        for ref in LADDER_STEPS
    }
    return pd.DataFrame({"step": LADDER_STEPS, "amount_cny_bn": pd.Series(amounts, dtype=object)}).rename_axis("ref")


# --- Partners --------------------------------------------------------------------------------------------

STATE_KINDS = ("central_treasury", "national_fund", "local_state_vehicle", "central_state_company", "state_bank")


def partners(reader: Reader, fund: str | None = None) -> pd.DataFrame:
    """Return the partners of the regional funds (or of one), with the kind of each."""
    return reader.frame(
        "fund_partners", "fund_id", "partner", "partner_kind", "amount_cny_bn", "basis",
        keep=lambda p: p["fund_id"].eq(fund) if fund else p["fund_id"].str.startswith(f"{NATIONAL}_"),
    )  # fmt: skip


REGIONS = {"cn_nvcgf_bth": "Beijing-Tianjin-Hebei", "cn_nvcgf_yrd": "Yangtze delta", "cn_nvcgf_gba": "Bay Area"}
"""The regional funds in the order in which they are shown."""

KINDS = ("national_fund", "local_state_vehicle", "central_state_company", "state_bank", "private", "unnamed")
"""Kinds of partners of the regional funds, from the treasury to those without a name."""


def by_kind(partners: pd.DataFrame) -> pd.DataFrame:
    """Add the amounts of partners by fund and kind.

    Parameters
    ----------
    partners : pandas.DataFrame
        As :func:`partners` gives it.

    Returns
    -------
    pandas.DataFrame
        A row for each kind with money in a fund, in the order of :data:`REGIONS` and :data:`KINDS`: `fund_id`,
        `region`, `partner_kind`, `amount_cny_bn`, and whether part of it is `assumed`.
    """
    rows = [
        {
            "fund_id": fund,
            "region": region,
            "partner_kind": kind,
            "amount_cny_bn": float(some["amount_cny_bn"].sum()),
            "assumed": bool(some["basis"].eq("assumed").any()),
        }
        for fund, region in REGIONS.items()
        for kind in KINDS
        if not (some := partners.loc[partners["fund_id"].eq(fund) & partners["partner_kind"].eq(kind)]).empty
        and some["amount_cny_bn"].sum() > 0
    ]
    return pd.DataFrame(rows)


def partner_kinds(reader: Reader) -> pd.DataFrame:
    """Return the money in the regional funds by kind of partner, as :func:`by_kind` adds it."""
    return by_kind(partners(reader))


def _kinds(ctx: Context, *kinds: str, fund: str | None = None) -> float:
    frame = ctx.frame(
        "fund_partners", "fund_id", "partner_kind", "amount_cny_bn",
        keep=lambda p: p["fund_id"].eq(fund) if fund else p["fund_id"].str.startswith(f"{NATIONAL}_"),
    )  # fmt: skip
    return float(frame.loc[frame["partner_kind"].isin(kinds), "amount_cny_bn"].sum())


@result(unit="cny_bn", decimals=1)
def bay_state(ctx: Context) -> float:
    """Money of named state vehicles in the Bay fund.

    Sum of the partners of the Bay fund that are state bodies.
    """
    return _kinds(ctx, *STATE_KINDS, fund="cn_nvcgf_gba")


@result(unit="pct", decimals=0)
def bay_state_share(ctx: Context) -> float:
    """Share of named state vehicles in the Bay fund.

    Money of named state vehicles / registered size of the Bay fund.
    """
    return 100 * ctx.value("funds.bay_state") / ctx.number("funds", "cn_nvcgf_gba", "registered_cny_bn")


@result(unit="count")
def bay_state_count(ctx: Context) -> int:
    """Named state vehicles in the Bay fund.

    Number of partners of the Bay fund that are state bodies.
    """
    frame = ctx.frame("fund_partners", "fund_id", "partner_kind", keep=lambda p: p["fund_id"].eq("cn_nvcgf_gba"))
    return int(frame["partner_kind"].isin(STATE_KINDS).sum())


@result(unit="cny_bn", decimals=1)
def possibly_private(ctx: Context) -> float:
    """Money in the regional funds not shown to come from a state body.

    Sum of the unnamed and the private partners of the regional funds.

    An upper bound of private money.
    """
    return _kinds(ctx, "unnamed", "private")


@result(unit="pct", decimals=1)
def possibly_private_share(ctx: Context) -> float:
    """Share of the regional funds not shown to come from a state body.

    Unnamed and private partners / registered size of the regional funds.

    An upper bound.
    """
    return 100 * ctx.value("funds.possibly_private") / ctx.value("funds.regional_registered")


@claim
def at_most_a_tenth(ctx: Context) -> bool:
    """At most a tenth of the regional money could be private.

    Unnamed and private partners are at most 10 percent of the regional funds.
    """
    return ctx.value("funds.possibly_private_share") <= 10


@claim
def no_private_named(ctx: Context) -> bool:
    """No private partner is named.

    No partner of a regional fund is of kind private.

    Say whether no named partner is private.
    """
    frame = ctx.frame("fund_partners", "fund_id", "partner_kind", keep=lambda p: p["fund_id"].str.startswith(NATIONAL))
    return not frame["partner_kind"].eq("private").any()


# --- Multipliers -----------------------------------------------------------------------------------------


def _first_tier(ctx: Context, funds: list[str]) -> float:
    size = sum(ctx.number("funds", fund, "registered_cny_bn") for fund in funds)
    own = sum(ctx.number("fund_partners", f"{fund}_national", "amount_cny_bn") for fund in funds)
    return size / own


DISCLOSED = ["cn_nvcgf_bth", "cn_nvcgf_gba"]


@result(unit="ratio", decimals=2)
def first_tier(ctx: Context) -> float:
    """First-tier multiplier of the two funds with a disclosed stake.

    Registered size / national fund's stake, northern and Bay fund together.
    """
    return _first_tier(ctx, DISCLOSED)


@result(unit="ratio", decimals=2)
def first_tier_range(ctx: Context) -> Range:
    """First-tier multiplier of all three funds over the undisclosed stake.

    Registered size of the regional funds / stakes, the third at its upper and lower bound.
    """
    low, high = stake_bounds(ctx)
    size = ctx.value("funds.regional_registered")
    return Range(size / high, size / low)


@result(unit="cny_bn", decimals=2)
def regional_target(ctx: Context) -> float:
    """Target size of the three regional funds.

    Sum of the announced sizes of the funds whose parent is the national fund.
    """
    frame = ctx.frame("funds", "parent_id", "announced_cny_bn", keep=lambda f: f["parent_id"] == NATIONAL)
    return float(frame["announced_cny_bn"].sum())


def second_tier(announced: float, regional: float, *, placed: float, capital: float, direct: float) -> float:
    """Return the multiplier that the sub-funds must reach for the announced size.

    Parameters
    ----------
    announced, regional, placed, capital : float
        Billion yuan: the headline; the regional funds; the treasury money inside them; all treasury money
        to be placed at the same ratio (`placed` itself if no more is placed).
    direct : float
        Share of regional money invested in firms directly, 0 to 1; it is not multiplied.

    Returns
    -------
    float
        Times; infinite domain errors are raised.

    Raises
    ------
    ValueError
        If an amount is not positive or `direct` lies outside 0 to 1.
    """
    if min(announced, regional, placed, capital) <= 0 or not 0 <= direct < 1:
        raise ValueError("second_tier: amounts must be positive and direct must lie in [0, 1)")
    base = regional * capital / placed
    return (announced - direct * base) / ((1 - direct) * base)


MULTIPLIER_CASES: dict[str, tuple[str, str]] = {
    "targets_placed": ("targets; only what is placed so far", "targets"),
    "registered_placed": ("registered sizes; only what is placed so far", "registered"),
    "targets_all": ("targets; all treasury money placed alike", "targets"),
    "registered_all": ("registered sizes; all treasury money placed alike", "registered"),
    "targets_direct": ("targets; placed so far, part invested directly", "targets"),
}
"""Stated choices behind the remaining multiplier."""


def multiplier_terms(ctx: Context, case: str) -> dict[str, float]:
    """Return what one of :data:`MULTIPLIER_CASES` puts into :func:`second_tier`."""
    placed = ctx.value("funds.national_stake")
    size = "target" if MULTIPLIER_CASES[case][1] == "targets" else "registered"
    return {
        "announced": ctx.number("funds", NATIONAL, "announced_cny_bn"),
        "regional": ctx.value(f"funds.regional_{size}"),
        "placed": placed,
        "capital": ctx.number("funds", NATIONAL, "registered_cny_bn") if case.endswith("_all") else placed,
        "direct": 1 - ctx.number("fund_rules", "nvcgf_subshare", "value") / 100 if case.endswith("_direct") else 0.0,
    }


def multiplier_choices(ctx: Context) -> pd.DataFrame:
    """Return what each stated choice puts into :func:`second_tier`.

    Returns
    -------
    pandas.DataFrame
        Indexed by case, with its words as `choice`, and in billion yuan `announced`, `regional`, `placed` and
        `capital`; `direct` is the share of regional money invested in firms directly, 0 to 1.
    """
    rows = {}
    for case, (choice, _) in MULTIPLIER_CASES.items():
        rows[case] = {"choice": choice, **multiplier_terms(ctx, case)}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("case")


def with_multiplier(choices: pd.DataFrame) -> pd.DataFrame:
    """Compute the multiplier that the sub-funds must reach under each choice, smallest first.

    Parameters
    ----------
    choices : pandas.DataFrame
        As :func:`multiplier_choices` gives it.

    Returns
    -------
    pandas.DataFrame
        The choices with `multiplier`, times.
    """
    amounts = choices.drop(columns="choice").to_dict("index")
    times = pd.Series({case: second_tier(**row) for case, row in amounts.items()}, dtype=float)
    return choices.assign(multiplier=times).sort_values("multiplier", kind="stable")


def remaining_multipliers(ctx: Context) -> pd.DataFrame:
    """Return the stated choices with the multiplier of each, smallest first."""
    return with_multiplier(multiplier_choices(ctx))


@result(unit="ratio", decimals=1, cases={case: {"words": choice} for case, (choice, _) in MULTIPLIER_CASES.items()})
def multiplier(ctx: Context, *, case: str) -> float:
    """Remaining multiplier: {words}.

    (announced - money invested directly) / money that goes to sub-funds.
    """
    return second_tier(**multiplier_terms(ctx, case))


@result(unit="ratio", decimals=1)
def multiplier_range(ctx: Context) -> Range:
    """Remaining multiplier over the stated choices.

    Smallest and largest remaining multiplier.
    """
    values = [ctx.value(f"funds.multiplier_{name}") for name in MULTIPLIER_CASES]
    return Range(min(values), max(values))


# --- Leverage of earlier programmes ----------------------------------------------------------------------


@result(unit="ratio", decimals=1)
def total_over_own(ctx: Context, row: str) -> float:
    """All money over the programme's own.

    Total / own money.
    """
    return ctx.number("leverage_cases", row, "total_cny_bn") / ctx.number("leverage_cases", row, "own_cny_bn")


@result(unit="ratio", decimals=1)
def others_over_own(ctx: Context, row: str) -> float:
    """Others' money over the programme's own.

    (total - own money) / own money.
    """
    own = ctx.number("leverage_cases", row, "own_cny_bn")
    return (ctx.number("leverage_cases", row, "total_cny_bn") - own) / own


@result(unit="ratio", decimals=0)
def hoped_multiple(ctx: Context) -> float:
    """Announced trillion over treasury money.

    Announced / registered capital.
    """
    return ctx.number("funds", NATIONAL, "announced_cny_bn") / ctx.number("funds", NATIONAL, "registered_cny_bn")


def programmes(reader: Reader) -> pd.DataFrame:
    """Return every programme with its own money, all money, and the ratio that it claims, as far as known."""
    return reader.frame("leverage_cases", "name", "date", "basis", "own_cny_bn", "total_cny_bn", "claimed_ratio")


def over_own(programmes: pd.DataFrame) -> pd.DataFrame:
    """Compute both ratios of programmes: all money over own, and others' money over own.

    Parameters
    ----------
    programmes : pandas.DataFrame
        As :func:`programmes` gives it, amounts in billion yuan.

    Returns
    -------
    pandas.DataFrame
        With `total_over_own` and `others_over_own`, times; missing where an amount is.
    """
    own, total = programmes["own_cny_bn"], programmes["total_cny_bn"]
    return programmes.assign(total_over_own=total / own, others_over_own=(total - own) / own)


def leverage_ratios(reader: Reader) -> pd.DataFrame:
    """Return every programme with both ratios."""
    return over_own(programmes(reader))


def on_record_first(programmes: pd.DataFrame) -> pd.DataFrame:
    """Return the programmes with both amounts, those on record first, each group by its ratio."""
    both = programmes.dropna(subset=["own_cny_bn", "total_cny_bn"])
    both = both.assign(realised=both["basis"].eq("on_record"))
    return both.sort_values(["realised", "total_over_own", "date"], ascending=[False, False, True], kind="stable")


def leverage_on_record(reader: Reader) -> pd.DataFrame:
    """Return the programmes with both amounts as :func:`on_record_first` orders them."""
    return on_record_first(leverage_ratios(reader))


# --- First phase over announced size ---------------------------------------------------------------------

PHASE_COLUMNS = ("level", "kind", "umbrella", "theme", "announced_on", "announced_cny_bn", "first_close_cny_bn")


def _year(dates: pd.Series) -> pd.Series:
    return pd.to_numeric(dates.str.slice(0, 4), errors="coerce")


def is_recent_ai_fund(funds: pd.DataFrame, since: int = 2023) -> pd.Series:
    """Say which rows are single local funds for AI, robots and data, announced since a year, with a stated size.

    Parameters
    ----------
    funds : pandas.DataFrame
        With the columns of :data:`PHASE_COLUMNS`.
    """
    return (
        funds["level"].isin(LOCAL_LEVELS)
        & funds["kind"].eq("fund")
        & ~funds["umbrella"].astype(bool)
        & funds["theme"].eq("ai_robot_data")
        & (_year(funds["announced_on"]) >= since)
        & funds["announced_cny_bn"].notna()
    )


def phase_shares(funds: pd.DataFrame) -> pd.DataFrame:
    """Compute the first phase as a share of the announced size; funds without one come last.

    Parameters
    ----------
    funds : pandas.DataFrame
        With `announced_cny_bn` and `first_close_cny_bn`.

    Returns
    -------
    pandas.DataFrame
        With `share_pct`, percent, sorted by it and by announced size.
    """
    shares = funds.assign(share_pct=100 * funds["first_close_cny_bn"] / funds["announced_cny_bn"])
    return shares.sort_values(["share_pct", "announced_cny_bn"], kind="stable")


def recent_ai_funds(reader: Reader) -> pd.DataFrame:
    """Return single local AI, robot and data funds since 2023 with name and first phase, as a share where known."""
    columns = ("name_short", *PHASE_COLUMNS)
    return phase_shares(reader.frame("funds", *columns, keep=is_recent_ai_fund))


def ai_vehicles(reader: Reader) -> pd.DataFrame:
    """Return single local AI, robot and data funds since 2023 with a stated target.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`PHASE_COLUMNS` and `share_pct`, first close over target in percent.
    """
    frame = reader.frame("funds", *PHASE_COLUMNS, keep=is_recent_ai_fund)
    return frame.assign(share_pct=100 * frame["first_close_cny_bn"] / frame["announced_cny_bn"])


def first_phases(reader: Reader) -> pd.DataFrame:
    """Return the funds of :func:`ai_vehicles` that published a first close or first phase."""
    frame = ai_vehicles(reader)
    return frame.loc[frame["share_pct"].notna()].sort_values(["share_pct", "announced_cny_bn"], kind="stable")


@result(unit="count")
def phase_count(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 with target and first phase.

    Number of such funds.
    """
    return len(first_phases(ctx))


@result(unit="pct", decimals=1)
def phase_median(ctx: Context) -> float:
    """Median first phase over announced size.

    Median of first close / announced size.
    """
    return float(first_phases(ctx)["share_pct"].median())


@result(unit="pct", decimals=0)
def phase_range(ctx: Context) -> Range:
    """Smallest and largest first phase over announced size.

    Smallest and largest first close / announced size.
    """
    share = first_phases(ctx)["share_pct"]
    return Range(float(share.min()), float(share.max()))


@result(unit="pct", decimals=0)
def phase_quartiles(ctx: Context) -> Range:
    """Middle half of first phases over announced size.

    Lower and upper quartile of first close / announced size.
    """
    share = first_phases(ctx)["share_pct"]
    return Range(float(share.quantile(0.25)), float(share.quantile(0.75)))


@result(unit="pct", decimals=0)
def phase_pooled(ctx: Context) -> float:
    """All first phases over all announced sizes.

    Sum of first closes / sum of announced sizes.
    """
    frame = first_phases(ctx)
    return float(100 * frame["first_close_cny_bn"].sum() / frame["announced_cny_bn"].sum())


@result(unit="count")
def phase_template(ctx: Context) -> int:
    """Funds that open with exactly 2bn of 10bn yuan.

    Number of first phases of exactly 2 on a target of exactly 10.
    """
    frame = first_phases(ctx)
    return int((frame["first_close_cny_bn"].eq(2) & frame["announced_cny_bn"].eq(10)).sum())


@result(unit="count")
def phase_silent(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 with a target and no first phase published.

    Number of such funds without a first close.
    """
    return int(ai_vehicles(ctx)["share_pct"].isna().sum())


@result(unit="count")
def phase_all(ctx: Context) -> int:
    """Local AI, robot and data funds since 2023 with a target.

    Number of such funds, with or without a first phase.
    """
    return len(ai_vehicles(ctx))


@claim
def about_a_quarter(ctx: Context) -> bool:
    """About a quarter.

    The median lies between 20 and 30 percent.
    """
    return 20 <= ctx.value("funds.phase_median") <= 30


ALSO_KNOWN = ("part", "later", "earlier", "statement")
ALT_COLUMNS = ("fund_id", "stage", "role", "amount_cny_bn")


def local_targets(reader: Reader) -> pd.DataFrame:
    """Return every local vehicle with a stated target, and whether nothing more was found.

    Returns
    -------
    pandas.DataFrame
        Column `silent` is true where neither a later stage nor another amount that is not itself a target is held.
    """
    frame = reader.frame(
        "funds", "level", "announced_cny_bn", *SECOND_STAGES,
        keep=lambda f: f["level"].isin(LOCAL_LEVELS) & f["announced_cny_bn"].notna(),
    )  # fmt: skip
    other = reader.frame(
        "fund_amounts_alt", *ALT_COLUMNS,
        keep=lambda a: a["role"].isin(ALSO_KNOWN) & a["amount_cny_bn"].notna() & a["stage"].ne("announced"),
    )  # fmt: skip
    without_stage = frame[list(SECOND_STAGES)].isna().all(axis=1)
    return frame.assign(silent=without_stage & ~frame.index.isin(other["fund_id"]))


@result(unit="count")
def local_count(ctx: Context) -> int:
    """Local vehicles with a stated target.

    Number of provincial, municipal and district rows with an announced size.
    """
    return len(local_targets(ctx))


@result(unit="count")
def local_silent(ctx: Context) -> int:
    """Local vehicles with a target for which nothing more was found.

    Number of local rows with an announced size and no later stage or other amount.
    """
    return int(local_targets(ctx)["silent"].sum())


@claim
def about_half_silent(ctx: Context) -> bool:
    """About half.

    For 45 to 55 percent of local rows nothing more was found.
    """
    return 0.45 <= ctx.value("funds.local_silent") / ctx.value("funds.local_count") <= 0.55


# --- The world of guidance funds -------------------------------------------------------------------------


def guidance_by_year(reader: Reader) -> pd.DataFrame:
    """Return target and subscribed stock of guidance funds by provider and date."""
    return reader.frame(
        "guidance_funds_by_year", "provider_id", "scope", "as_of", "cum_target_cny_bn", "cum_subscribed_cny_bn",
        keep=lambda g: g["cum_target_cny_bn"].notna() | g["cum_subscribed_cny_bn"].notna(),
    ).sort_values(["provider_id", "as_of"], kind="stable")  # fmt: skip


GUIDANCE_AMOUNTS = (
    "new_funds",
    "new_target_cny_bn",
    "new_subscribed_cny_bn",
    "cum_funds",
    "cum_target_cny_bn",
    "cum_subscribed_cny_bn",
)


def guidance_counts(reader: Reader) -> pd.DataFrame:
    """Return every count of guidance funds, by provider, scope and date; amounts in billion yuan."""
    return reader.frame("guidance_funds_by_year", "data_provider", "scope", "as_of", *GUIDANCE_AMOUNTS)


def one_provider(counts: pd.DataFrame, provider: str = "zero2ipo", scope: str = "all_guidance_funds") -> pd.DataFrame:
    """Return the counts of one provider and scope, by date: only these may share a line."""
    chosen = counts["provider_id"].eq(provider) & counts["scope"].eq(scope)
    return counts.loc[chosen].sort_values("as_of", kind="stable")


def guidance_stock(reader: Reader) -> pd.DataFrame:
    """Return target and subscribed stock of all guidance funds, as one provider counts them."""
    return one_provider(guidance_by_year(reader))


@result(unit="pct", decimals=0)
def subscribed_share(ctx: Context, row: str) -> float:
    """Subscribed over target, all guidance funds of the provider.

    Cumulative subscribed / cumulative target.
    """
    subscribed = ctx.number("guidance_funds_by_year", row, "cum_subscribed_cny_bn")
    return 100 * subscribed / ctx.number("guidance_funds_by_year", row, "cum_target_cny_bn")


@claim
def targets_level(ctx: Context) -> bool:
    """Targets stopped growing, subscriptions did not.

    Zero2IPO, all guidance funds: between the last two year-ends with both amounts the target moves by less than 2 percent and the subscribed amount grows by more than 5 percent.
    """
    frame = guidance_by_year(ctx)
    frame = frame.loc[frame["provider_id"].eq("zero2ipo") & frame["scope"].eq("all_guidance_funds")].dropna()
    before, after = (frame.iloc[place] for place in (-2, -1))
    target, subscribed = (after[c] / before[c] - 1 for c in ("cum_target_cny_bn", "cum_subscribed_cny_bn"))
    return bool(abs(target) < 0.02 and subscribed > 0.05)


# --- Loss ceilings and what is counted -------------------------------------------------------------------

CEILING_COLUMNS = ("topic", "place", "region", "date", "value", "unit", "what_is_counted", "stage_class", "standing")
SMALL_PORTFOLIO, LARGE_PORTFOLIO = 30, 100


def loss_ceilings(reader: Reader) -> pd.DataFrame:
    """Return the dated loss ceilings of local rules, with what each counts and whether its source holds."""
    return reader.frame(
        "fund_rules", *CEILING_COLUMNS,
        keep=lambda r: r["topic"].eq("fault_tolerance") & r["value"].notna() & r["unit"].eq("pct_loss_allowed"),
    ).sort_values(["date", "place"], kind="stable")  # fmt: skip


COUNTED = {"fund": "whole fund", "class_of_deals": "class of deals", "single_project": "one project"}
"""What a ceiling may count."""


def sourced(ceilings: pd.DataFrame) -> pd.DataFrame:
    """Return the ceilings whose source holds and that say what they count."""
    return ceilings.loc[ceilings["standing"].eq("holds") & ceilings["what_is_counted"].isin(COUNTED)]


def ceilings_with_chance(ctx: Context) -> pd.DataFrame:
    """Return every loss ceiling with the chance that a portfolio loses more; missing where one project is counted.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`CEILING_COLUMNS` and `chance_pct`, percent, of :data:`SMALL_PORTFOLIO` equal deals.
    """
    frame = loss_ceilings(ctx)
    whole = frame.index[frame["what_is_counted"].ne("single_project")]
    return frame.assign(chance_pct=pd.Series({row: ctx.value(f"model.ceiling[{row}]") for row in whole}, dtype=float))


def sourced_ceilings(ctx: Context) -> pd.DataFrame:
    """Return the ceilings of :func:`ceilings_with_chance` whose source holds."""
    return sourced(ceilings_with_chance(ctx))


def seed_ceilings(reader: Reader) -> pd.DataFrame:
    """Return ceilings for a whole fund or class of seed or angel deals whose source holds."""
    frame = loss_ceilings(reader)
    keep = (
        frame["what_is_counted"].isin(["fund", "class_of_deals"]) & frame["stage_class"].isin(["seed", "angel"])
        & frame["standing"].eq("holds")
    )  # fmt: skip
    # One ceiling a place: the most generous, which is the one for seed money.
    return frame.loc[keep].sort_values("value").groupby("place", sort=True).tail(1).sort_index()


@result(unit="count")
def ceiling_places(ctx: Context) -> int:
    """Places with a sourced loss ceiling for seed or angel funds.

    Number of places.
    """
    return len(seed_ceilings(ctx))


@result(unit="count")
def ceiling_eighty(ctx: Context) -> int:
    """Places among them with a ceiling of 80 percent.

    Number of places whose ceiling is 80 percent.
    """
    return int(seed_ceilings(ctx)["value"].eq(80).sum())


@result(unit="count")
def single_total(ctx: Context) -> int:
    """Rules that allow the whole of a single project to be lost.

    Number of ceilings of 100 percent that count one project.
    """
    frame = loss_ceilings(ctx)
    return int((frame["what_is_counted"].eq("single_project") & frame["value"].eq(100)).sum())


BIN_PARAMETERS = (
    "vr_loss_share", "vr_share_ge5", "vr_share_ge10", "vr_share_10_20", "vr_share_20_50", "vr_share_ge50",
)  # fmt: skip


def deal_bins(ctx: Context) -> list[float]:
    """Return the published shares of venture deals by gross multiple: below 1, 1-5, 5-10, 10-20, 20-50, 50 and more."""
    loss, ge5, ge10, s10, s20, s50 = (ctx.number("parameters", p, "value") for p in BIN_PARAMETERS)
    return [loss, 1 - loss - ge5, ge5 - ge10, s10, s20, s50]


@result(unit="pct", decimals=0)
def deal_loss_share(ctx: Context) -> float:
    """Chance that a single deal returns less than the money put in.

    Share of financings below one times.
    """
    return 100 * ctx.number("parameters", "vr_loss_share", "value")


# --- Tables ----------------------------------------------------------------------------------------------

SHOWN_STAGES = ("announced", "registered", "first_close", "paid_in", "invested")
KIND_WORDS = {"fund": "fund", "cluster": "cluster", "grant_programme": "grants", "bank_plan": "bank plan"}


def vehicles(reader: Reader) -> pd.DataFrame:
    """Return every fund, cluster and plan with its place and the stages of its money.

    Returns
    -------
    pandas.DataFrame
        `name`, `place`, `level`, `kind` in words, `announced_on`, and the amounts of :data:`SHOWN_STAGES` in billion
        yuan, missing where nothing was found.
    """
    places = reader.frame("province_codes", "name_en")["name_en"]
    amounts = [f"{stage}_cny_bn" for stage in SHOWN_STAGES]
    frame = reader.frame("funds", "name", "region", "level", "kind", "announced_on", *amounts)
    return frame.assign(
        place=frame["region"].map(places).fillna("China"),
        level=frame["level"].str.replace("_", " "),
        kind=frame["kind"].map(KIND_WORDS),
    )[["name", "place", "level", "kind", "announced_on", *amounts]]


MEASURES = ("pledge", "flow", "stock")


def comparators(reader: Reader) -> pd.DataFrame:
    """Return other large amounts, pledges first, then flows, then stocks, in their own currency and in dollars."""
    frame = reader.frame(
        "comparators", "name", "measure", "year", "unit", "amount", "amount_usd_bn",
        keep=lambda c: c["measure"].isin(MEASURES),
    )  # fmt: skip
    order = frame["measure"].map(MEASURES.index)
    return frame.assign(order=order).sort_values(["order", "name", "year"], kind="stable").drop(columns="order")


# --- Scale -----------------------------------------------------------------------------------------------

INVESTING_YEARS = 10


@result(unit="cny_bn", decimals=0)
def early_floor(ctx: Context) -> float:
    """Early-stage floor of the trillion, a year.

    Announced size x least share for seed and start-up firms / ten years of investing.

    Billion yuan a year.
    """
    share = ctx.number("fund_rules", "nvcgf_early", "value") / 100
    return ctx.number("funds", NATIONAL, "announced_cny_bn") * share / INVESTING_YEARS


@result(unit="cny_bn", decimals=0)
def early_market(ctx: Context) -> float:
    """Early-stage money in China a year, rough.

    Equity investment of 2023 x share of early-stage money in the first half of 2025.

    The two inputs are of different years.
    """
    share = ctx.number("comparators", "stage_early_h1_2025", "amount") / 100
    return ctx.number("comparators", "china_invest_2023", "amount") * share


@claim
def floor_as_large_as_market(ctx: Context) -> bool:
    """About as large as the market it enters.

    The early-stage floor a year is 0.8 to 1.5 times the early-stage market.
    """
    return 0.8 <= ctx.value("funds.early_floor") / ctx.value("funds.early_market") <= 1.5


@result(unit="pct", decimals=1)
def bond_share(ctx: Context) -> float:
    """Treasury money of the fund, of the ultra-long bonds planned for 2025.

    Registered capital / planned issue.
    """
    return 100 * ctx.number("funds", NATIONAL, "registered_cny_bn") / ctx.number("comparators", "ulsb_2025", "amount")


@result(unit="cny_bn", decimals=0)
def subfund_ceiling(ctx: Context) -> float:
    """Most that the planned sub-funds can hold at their average ceiling.

    Planned sub-funds x ceiling of their average size.

    The rule gives the size in million yuan.
    """
    subs = ctx.number("fund_rules", "nvcgf_subs", "value")
    return subs * ctx.number("fund_rules", "nvcgf_subsize", "value") / 1000


@result(unit="count", decimals=0)
def tickets(ctx: Context) -> float:
    """Fewest tickets that place the trillion.

    Announced size / largest single investment.

    The rule gives the ticket in million yuan.
    """
    return 1000 * ctx.number("funds", NATIONAL, "announced_cny_bn") / ctx.number("fund_rules", "nvcgf_ticket", "value")


@result(unit="pct", decimals=0)
def bigfund_share_2024(ctx: Context) -> float:
    """Big Fund III, of new industry and venture guidance money of 2024.

    Registered capital of Big Fund III / newly subscribed in 2024.
    """
    new = ctx.number("guidance_funds_by_year", "zero2ipo-industry-vc_2024", "new_subscribed_cny_bn")
    return 100 * ctx.number("funds", "cn_bigfund3", "registered_cny_bn") / new
