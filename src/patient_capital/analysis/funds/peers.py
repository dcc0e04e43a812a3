"""What the national fund is among the technology funds of the state, stage by stage, each yuan once."""

from __future__ import annotations

import pandas as pd

from patient_capital.analysis.funds.regional_partners import partners
from patient_capital.analysis.funds.rows import LOCAL_LEVELS, NATIONAL, both_tiers, documented, nesting
from patient_capital.money import lies_in, once
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader, shared

COMPARED_STAGES = {"announced": "headline", "registered": "registered", "first_close": "first phase alone"}
"""Bars that are laid side by side, in words, each of the same funds; amounts of two of them are never added."""

OWNERS = {
    "national_venture": "national venture fund",
    "chips": "chip funds",
    "social_security": "social security funds",
    "other_national": "other national funds",
    "local": "provinces and cities",
}
"""Whose the technology funds of the state are, in the order in which they are drawn."""

OTHER_AIMS = ("sme", "soe", "other")
"""Themes of funds that are for small firms, state firms or something else, and not for technology."""

SOCIAL_SECURITY = "cn_ssf"

AMOUNTS = [f"{stage}_cny_bn" for stage in COMPARED_STAGES]


def is_technology_fund(funds: pd.DataFrame) -> pd.Series:
    """Say which rows, with `kind`, `umbrella` and `theme`, are single funds for technology."""
    single = funds["kind"].eq("fund") & ~funds["umbrella"].astype(bool)
    return single & ~funds["theme"].isin(OTHER_AIMS)


@shared
def technology_funds(reader: Reader) -> pd.DataFrame:
    """Return the single technology funds of the state: `owner`, of :data:`OWNERS`, and :data:`AMOUNTS`, billion yuan.

    A fund that only self-published pages tell of is left out.
    """
    columns = ("level", "kind", "umbrella", "theme", *AMOUNTS)
    frame = reader.frame("funds", *columns, keep=lambda f: is_technology_fund(f) & documented(reader, f))
    within, national = nesting(reader), both_tiers(reader)

    def owner(fund: str) -> str:
        if fund in national:
            return "national_venture"
        if SOCIAL_SECURITY in lies_in(fund, within):
            return "social_security"
        if frame.loc[fund, "level"] in LOCAL_LEVELS:
            return "local"
        return "chips" if frame.loc[fund, "theme"] == "semiconductors" else "other_national"

    return frame.assign(owner=[owner(fund) for fund in frame.index])[["owner", *AMOUNTS]]


@shared
def held_in_regional_funds(reader: Reader) -> pd.Series:
    """Return what other funds of the table hold in the regional funds, by their id: it is registered in both."""
    stakes = partners(reader, "partner_fund_id", "amount_cny_bn").dropna(subset="partner_fund_id")
    return stakes.loc[stakes["partner_fund_id"].ne(NATIONAL)].groupby("partner_fund_id")["amount_cny_bn"].sum()


def headline(funds: pd.DataFrame) -> pd.Series:
    """Return the size by which each of :func:`technology_funds` is known, billion yuan.

    It is the announced size; where none was found what is registered, and otherwise the first phase. A fund that began
    with its registration has no other headline, and without it one bar would show funds that the other lacks.
    """
    return funds[AMOUNTS].bfill(axis="columns").iloc[:, 0]


@shared
def counted_once(ctx: Context, stage: str) -> pd.DataFrame:
    """Return the technology funds with an amount of one stage: `owner` and `amount_cny_bn`, which may be added.

    The first stage is the :func:`headline`. Of the national fund both tiers count as registered. What other funds hold
    in its regional funds is part of its headline and of what it registered, and not theirs once more.
    """
    frame = technology_funds(ctx)
    amounts = headline(frame) if stage == "announced" else frame[f"{stage}_cny_bn"]
    if stage != "first_close":
        amounts = amounts - held_in_regional_funds(ctx).reindex(amounts.index, fill_value=0.0)
    if stage == "registered":
        amounts = amounts.mask(amounts.index == NATIONAL, ctx.value("funds.registered_once"))
    counted = once(amounts, nesting(ctx))
    return pd.DataFrame({"owner": frame["owner"].loc[counted.index], "amount_cny_bn": counted})


def _by_owner(ctx: Context, stage: str) -> pd.Series:
    """Return the money of one stage by owner, billion yuan."""
    counted = counted_once(ctx, stage)
    if stage == "first_close":
        # A first phase of a fund that is registered is not laid beside the others once more.
        counted = counted.drop(index=counted_once(ctx, "registered").index, errors="ignore")
    return counted.groupby("owner")["amount_cny_bn"].sum()


def state_money(ctx: Context) -> pd.DataFrame:
    """Return the money of the technology funds of the state by stage and owner.

    Returns
    -------
    pandas.DataFrame
        A row a stage of :data:`COMPARED_STAGES` and owner of :data:`OWNERS`: `stage` and `owner` in words,
        `amount_cny_bn`. Owners of one stage may be added, stages may not.
    """
    rows = []
    for stage, words in COMPARED_STAGES.items():
        sums = _by_owner(ctx, stage)
        rows += [
            {"stage": words, "owner": name, "amount_cny_bn": float(sums.get(owner, 0.0))}
            for owner, name in OWNERS.items()
        ]
    return pd.DataFrame(rows)


def _in_stage(ctx: Context, stage: str, owner: str = "") -> float:
    sums = _by_owner(ctx, stage)
    return float(sums.get(owner, 0.0) if owner else sums.sum())


CASES = {
    "announced": {"words": "The headline", "of": "the headlines", "stage": "announced"},
    "registered": {"words": "What is registered", "of": "what is registered", "stage": "registered"},
}


@result(unit="pct", decimals=0, cases=CASES, name="state_share_{case}")
def state_share(ctx: Context, *, stage: str) -> float:
    """{words} of the national venture fund, of {of} of all technology funds of the state in the table.

    {words} of the national fund / {of} of all single technology funds of the state, each yuan once. A headline is the
    announced size, or what is registered or opened where no announced size was found. A fund of which only
    self-published pages tell is left out.

    The table is no census.
    """
    return 100 * _in_stage(ctx, stage, "national_venture") / _in_stage(ctx, stage)


MERGERS = "cn_national_ma_fund"
"""The national fund for mergers, in all industries and so no technology fund."""


@result(unit="pct", decimals=0)
def state_share_with_mergers(ctx: Context) -> float:
    """The headline of the national venture fund, of all technology funds of the state and the national merger fund.

    Announced by the national fund / the headlines of all single technology funds of the state and of the merger fund; a
    fund of which only self-published pages tell is left out.

    The table is no census.
    """
    whole = _in_stage(ctx, "announced") + ctx.number("funds", MERGERS, "announced_cny_bn")
    return 100 * _in_stage(ctx, "announced", "national_venture") / whole


@result(unit="cny_bn", decimals=0, cases=CASES, name="state_{case}")
def state_total(ctx: Context, *, stage: str) -> float:
    """{words} of all technology funds of the state in the table.

    Sum of {of} over single technology funds of the state, each yuan once; a fund of which only self-published pages tell
    is left out.

    The table is no census.
    """
    return _in_stage(ctx, stage)


@result(unit="count", cases=CASES, name="state_funds_{case}")
def state_funds(ctx: Context, *, stage: str) -> int:
    """Technology funds of the state in the table that enter the sum of {of}.

    Number of single technology funds of the state with that amount that lie in no other of them; a headline is the
    announced size, or what is registered or opened where no announced size was found, and a fund of which only
    self-published pages tell is left out.
    """
    return len(counted_once(ctx, stage))


GUIDANCE = "zero2ipo-all-guidance-funds_2024-12-31"
"""All guidance funds at the end of 2024, as one provider counts them."""


@result(unit="pct", decimals=0)
def guidance_share_announced(ctx: Context) -> float:
    """The announced trillion over the targets of all guidance funds at the end of 2024.

    Announced size / cumulative target of all guidance funds, as a provider counts them.

    The fund is younger than that stock and no part of it.
    """
    whole = ctx.number("guidance_funds_by_year", GUIDANCE, "cum_target_cny_bn")
    return 100 * ctx.number("funds", NATIONAL, "announced_cny_bn") / whole


@result(unit="cny_bn", decimals=1)
def ai_fund_known(ctx: Context) -> float:
    """Known sums of the national AI fund in firms.

    Sum of the parts that a page gives as invested.

    A floor: of most of its firms the sum is not told.
    """
    return float(_ai_fund_deals(ctx)["amount_cny_bn"].sum())


def _ai_fund_deals(reader: Reader) -> pd.DataFrame:
    return reader.frame(
        "fund_amounts_alt",
        "fund_id",
        "stage",
        "role",
        "amount_cny_bn",
        keep=lambda a: (
            a["fund_id"].eq("cn_ai_fund") & a["stage"].eq("invested") & a["role"].isin(["part", "statement"])
        ),
    )


@result(unit="count")
def ai_fund_firms(ctx: Context) -> int:
    """Firms that the national AI fund is reported to hold.

    Number of investments of the fund in the table of other amounts, with or without a sum.
    """
    return len(_ai_fund_deals(ctx))


@result(unit="pct", decimals=0)
def ai_fund_known_share(ctx: Context) -> float:
    """Known sums of the national AI fund, of its registered size.

    Known sums / registered size.

    A floor.
    """
    return 100 * ctx.value("funds.ai_fund_known") / ctx.number("funds", "cn_ai_fund", "registered_cny_bn")
