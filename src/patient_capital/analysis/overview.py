"""The overview: how far one yuan can be followed, how large the promise is, and what became of earlier ones."""

from __future__ import annotations

import math

import pandas as pd

from patient_capital.analysis import funds
from patient_capital.analysis.funds import NATIONAL, STATE_PARTNERS
from patient_capital.analysis.model.spans import features_of_national
from patient_capital.formatting import Range, spelled
from patient_capital.money import STAGES
from patient_capital.naming import each_as
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

PROMISE_COLUMNS = ("name_short", "announced_on", "as_of", *(f"{stage}_cny_bn" for stage in STAGES))


@result(unit="cny_bn", decimals=0)
def state_partners(ctx: Context) -> float:
    """Money of named state bodies in the regional funds beside the national fund.

    Partners of the regional funds that are local bodies of the state, central companies or state banks.

    The Yangtze part rests on the assumed stake.
    """
    return funds.partner_total(ctx, STATE_PARTNERS)


PLANS = ("nvcgf_subs", "nvcgf_loi_subs", "nvcgf_loi_projects")
"""Rules of the national fund on how many sub-funds are planned, and how many letters of intent were signed."""

KIND_OF_MONEY = {
    "central_treasury": "treasury",
    "national_fund": "treasury",
    "unnamed": "unnamed",
    "private": "private",
    **dict.fromkeys(STATE_PARTNERS, "state"),
}
"""Whose money the partners of the regional funds bring."""


def plans(reader: Reader) -> pd.DataFrame:
    """Return how many sub-funds the national fund plans, and the letters of intent signed: `value` and `date`."""
    return reader.frame("fund_rules", "value", "date", keep=lambda f: f.index.isin(PLANS)).loc[list(PLANS)]


ALL_TIERS = "fund_2025"
"""The hope for the national fund in the words of the launch: all tiers together, the treasury's money included."""


def hoped_in_all(reader: Reader) -> pd.Series:
    """Return the trillion as the launch defined it, of which a share is taken: its `date` and `total_cny_bn`."""
    return reader.frame("leverage_cases", "date", "total_cny_bn", keep=lambda f: f.index == ALL_TIERS).loc[ALL_TIERS]


def regional_dates(reader: Reader) -> pd.Series:
    """Return the day on which each regional fund was registered."""
    regional = funds.regional_funds(reader).index
    return reader.frame("funds", "established_on", keep=lambda f: f.index.isin(regional))["established_on"]


def steps_of_a_yuan(
    hoped: pd.Series, national: pd.Series, partners: pd.DataFrame, registered_on: pd.Series, planned: pd.DataFrame
) -> pd.DataFrame:
    """Follow the announced money from the promise to the firms, as far as anything is on record.

    Parameters
    ----------
    hoped, national : pandas.Series
        As :func:`hoped_in_all` and :func:`patient_capital.analysis.funds.national_fund` give them.
    partners : pandas.DataFrame
        As :func:`patient_capital.analysis.funds.partners` gives them, of funds that do not lie inside one another.
    registered_on, planned : pandas.Series, pandas.DataFrame
        As :func:`regional_dates` and :func:`plans` give them.

    Returns
    -------
    pandas.DataFrame
        A row for each part of each `step` (``promise``, ``treasury``, ``regions``, ``sub_funds``, ``firms``): whose
        money it is (`kind`), the `region`, `stage`, `date`, `amount_cny_bn`, and `letters` of intent where no amount is
        on record, and how many are `planned`. In each step but the last two every yuan is counted once. `assumed` says
        that how a registered sum is split among its partners is not published.
    """
    announced, treasury = float(hoped["total_cny_bn"]), float(national["registered_cny_bn"])
    stakes = partners.loc[partners["partner_kind"].eq("national_fund"), "amount_cny_bn"].sum()
    last = registered_on.max()
    rows = [
        ("promise", "open", "", "announced", hoped["date"], announced, math.nan, math.nan, False),
        ("treasury", "treasury", "", "registered", national["established_on"], treasury, math.nan, math.nan, False),
        (
            "regions",
            "treasury",
            "",
            "registered",
            national["established_on"],
            treasury - stakes,
            math.nan,
            math.nan,
            bool(partners.loc[partners["partner_kind"].eq("national_fund"), "basis"].eq("assumed").any()),
        ),
    ]
    for fund, region in funds.REGIONS.items():
        of_fund = partners.loc[partners["fund_id"].eq(fund)]
        kinds = each_as(of_fund["partner_kind"], KIND_OF_MONEY, "KIND_OF_MONEY of analysis/overview.py")
        for kind in ("treasury", "state", "private", "unnamed"):
            some = of_fund.loc[kinds.eq(kind)]
            amount, assumed = float(some["amount_cny_bn"].sum()), bool(some["basis"].eq("assumed").any())
            if amount > 0:
                when = registered_on.get(fund, last)
                rows.append(("regions", kind, region, "registered", when, amount, math.nan, math.nan, assumed))
    wanted, funds_signed, firms_signed = (planned.loc[row] for row in PLANS)
    for step, signed, count in (("sub_funds", funds_signed, float(wanted["value"])), ("firms", firms_signed, math.nan)):
        rows.append((step, "void", "", "intended", signed["date"], math.nan, float(signed["value"]), count, False))
    columns = ["step", "kind", "region", "stage", "date", "amount_cny_bn", "letters", "planned", "assumed"]
    return pd.DataFrame(rows, columns=columns)


def one_yuan(ctx: Context) -> pd.DataFrame:
    """Return the steps of the money of the national fund, as :func:`steps_of_a_yuan` orders them."""
    return steps_of_a_yuan(
        hoped_in_all(ctx), funds.national_fund(ctx), funds.partners(ctx), regional_dates(ctx), plans(ctx)
    )


HEADLINE = "nvcgf_headline"
SCALE = {
    HEADLINE: "The trillion, as announced",
    "boc_ai": "Plan of Bank of China for AI",
    "bigfund3": "Big Fund III, for chips",
    "cn_ai_fund": "National AI fund",
    "guidance_sub_2024": "All guidance funds, subscribed",
    "china_invest_2023": "Equity invested in China",
    "china_fundraise_2025": "Raised by Chinese equity funds",
    "china_st_exp_2024": "China's budget for science",
    "bigtech_2024": "Capital spending of large tech firms",
    "stargate": "Stargate, plan of American firms",
    "china_gdp_2024_final": "China's GDP",
}
"""Rows of the comparators beside which the trillion is set, and what they are in a few words."""


@result(unit="usd_bn", decimals=1)
def a_year_usd(ctx: Context) -> float:
    """The announced size of the national fund, a year of its investing, in dollars.

    Headline in dollars / years of investing.
    """
    return ctx.number("comparators", HEADLINE, "amount_usd_bn") / ctx.number(
        "regimes", "national_fund", "investment_years"
    )


@result(unit="usd_bn", decimals=1)
def early_market_usd(ctx: Context) -> Range:
    """Early-stage money in China a year, rough, in dollars.

    Money in dollars x its early-stage share, by IT Juzi's own sum and share of 2025, and by a share that names no
    origin of Zero2IPO's sum of 2023.

    The two counts define early each in its own way.
    """
    return funds.early_money(ctx, "amount_usd_bn")


@result(unit="usd_bn", decimals=1)
def a_year_early_usd(ctx: Context) -> float:
    """The part of a year of the trillion that is meant for young firms, in dollars.

    Headline a year in dollars x least share for seed and start-up firms.
    """
    return ctx.value("overview.a_year_usd") * ctx.number("fund_rules", "nvcgf_early", "value") / 100


@result(unit="pct", decimals=0)
def year_over_bigtech(ctx: Context) -> float:
    """A year of the announced size, of a year's capital spending of large American technology firms.

    Headline a year / capital spending of Amazon, Alphabet, Microsoft and Meta in 2024.
    """
    return 100 * ctx.value("overview.a_year_usd") / ctx.number("comparators", "bigtech_2024", "amount_usd_bn")


def beside(amounts: pd.DataFrame, a_year: float, for_young: float, early: Range) -> pd.DataFrame:
    """Order amounts by size, with the trillion a year and the early-stage money a year among them.

    Parameters
    ----------
    amounts : pandas.DataFrame
        Rows of the comparators: `name`, `year`, `measure`, `amount_usd_bn`.
    a_year : float
        The trillion a year of its investing, billion dollars.
    for_young : float
        The part of it that is meant for young firms, billion dollars.
    early : Range
        Early-stage money in China a year by a low and a high count, billion dollars.

    Returns
    -------
    pandas.DataFrame
        `name`, `year`, `measure`, `amount_usd_bn` and whether it is `the_trillion`; the largest first.
    """
    derived = pd.DataFrame(
        {
            "name": [
                "The trillion, by year of investing",
                "Its part for young firms, by year",
                "Early-stage money in China, low count",
                "Early-stage money in China, high count",
            ],
            "year": pd.array([pd.NA] * 4, dtype="Int64"),
            "measure": "flow",
            "amount_usd_bn": [a_year, for_young, early.low, early.high],
        },
        index=["a_year", "for_young", "early_low", "early_high"],
    )
    frame = pd.concat([amounts.astype({"year": "Int64"}), derived])
    frame["the_trillion"] = frame.index.isin([HEADLINE, "a_year", "for_young"])
    return frame.sort_values("amount_usd_bn", ascending=False, kind="stable").rename_axis("row")


def amounts_beside(reader: Reader) -> pd.DataFrame:
    """Return the rows of :data:`SCALE`: `name`, `year`, `measure` and `amount_usd_bn`."""
    frame = reader.frame("comparators", "year", "measure", "amount_usd_bn", keep=lambda f: f.index.isin(SCALE))
    return frame.assign(name=frame.index.map(SCALE))[["name", "year", "measure", "amount_usd_bn"]]


def scale(ctx: Context) -> pd.DataFrame:
    """Return the trillion beside other amounts, as :func:`beside` orders them."""
    a_year, for_young = ctx.value("overview.a_year_usd"), ctx.value("overview.a_year_early_usd")
    return beside(amounts_beside(ctx), a_year, for_young, funds.early_money(ctx, "amount_usd_bn"))


@result(unit=None)
def version(ctx: Context) -> str:
    """Edition.

    Version of the data package.
    """
    return ctx.data.package.version


@result(unit="date")
def published(ctx: Context) -> str:
    """Day of the edition.

    Day on which the data package was made.
    """
    return ctx.data.package.edition


@claim()
def background(ctx: Context, row: str) -> bool:
    """On record.

    A page that was seen says so; the card names it.
    """
    ctx.cell("background", row, "statement")
    return bool(ctx.cell("background", row, "seen") != "cited_by_another")


def age_years(start: str, end: str) -> float:
    """Return the years between two partial dates; a missing month or day counts as the first."""
    first, last = (pd.Timestamp(*(int(p) for p in (*d.split("-"), "1", "1")[:3])) for d in (start, end))
    return float((last - first).days / 365.25)


def stages_found(promised: pd.DataFrame) -> pd.DataFrame:
    """List the later stages of the money of each promise that are known; one row with an empty stage where none is.

    Takes :data:`PROMISE_COLUMNS` by fund id, in billion yuan, and returns `fund_id`, `name`, `announced_on`,
    `age_years`, `announced_cny_bn`, `stage`, `amount_cny_bn`.
    """
    rows = []
    for fund, row in promised.iterrows():
        undated = pd.isna([row["announced_on"], row["as_of"]]).any()
        base = {
            "fund_id": fund,
            "name": row["name_short"],
            "announced_on": row["announced_on"],
            "age_years": math.nan if undated else age_years(row["announced_on"], row["as_of"]),
            "announced_cny_bn": row["announced_cny_bn"],
        }
        known = {stage: row[f"{stage}_cny_bn"] for stage in STAGES[1:] if pd.notna(row[f"{stage}_cny_bn"])}
        for stage, amount in known.items() or [("", math.nan)]:
            rows.append({**base, "stage": stage, "amount_cny_bn": amount})
    return pd.DataFrame(rows)


def over_announced(stages: pd.DataFrame) -> pd.DataFrame:
    """Add `share_pct`, each amount in percent of the announced size; missing where either is."""
    return stages.assign(share_pct=100 * stages["amount_cny_bn"] / stages["announced_cny_bn"])


def national_promises(reader: Reader) -> pd.DataFrame:
    """Return the national fund and those that announced a size before it and lie in no other fund, oldest first.

    Indexed by fund id, with :data:`PROMISE_COLUMNS`.
    """

    def until_it(rows: pd.DataFrame) -> pd.Series:
        sized = rows["level"].eq("national") & rows["countable"] & rows["announced_cny_bn"].notna()
        # Partial dates in ISO form: a year stands before its days.
        return sized & rows["announced_on"].le(rows.at[NATIONAL, "announced_on"])

    frame = reader.frame("funds", "level", "countable", *PROMISE_COLUMNS, keep=until_it)
    return frame[list(PROMISE_COLUMNS)].sort_values("announced_on", kind="stable")


def promises(ctx: Context) -> pd.DataFrame:
    """Return what became of each promise: :func:`stages_found` and :func:`over_announced`.

    Of the national fund, registered counts both tiers, each yuan once.
    """
    frame = national_promises(ctx)
    frame.loc[NATIONAL, "registered_cny_bn"] = ctx.value("funds.registered_once")
    return over_announced(stages_found(frame))


BIG_FUNDS = ("cn_bigfund1", "cn_bigfund2", "cn_bigfund3")
"""The funds for chips, of which the table has what was registered and no announced size."""

YOUNG_MONTHS = 6
"""Age up to which a promise was last seen too early to say what became of it."""


@result(unit="count", fields={"months": spelled(YOUNG_MONTHS)})
def seen_young(ctx: Context) -> int:
    """Earlier national promises that were last seen as a whole within {months} months.

    Number of those with a size whose latest page on the whole came at most {months} months after the promise.
    """
    promised = stages_found(national_promises(ctx))
    ages = promised[promised["fund_id"].ne(NATIONAL)].groupby("fund_id")["age_years"].first()
    return int(ages.le(YOUNG_MONTHS / 12).sum())


@claim()
def none_reached(ctx: Context) -> bool:
    """None of the promises that are drawn has been seen to reach its headline.

    The largest later stage of each of them that is known is below its announced size.
    """
    return bool((promises(ctx)["share_pct"].dropna() < 100).all())


def _others_whole(ctx: Context) -> pd.Series:
    """Return the announced sizes of the other countable funds of which a later stage is at least as large."""
    later = [f"{stage}_cny_bn" for stage in STAGES[1:]]
    drawn = national_promises(ctx).index
    frame = ctx.frame("funds", "countable", "announced_cny_bn", *later, keep=lambda f: ~f.index.isin(drawn))
    whole = frame["countable"] & frame[later].max(axis=1).ge(frame["announced_cny_bn"])
    return frame.loc[whole, "announced_cny_bn"]


@result(unit="count")
def others_reached(ctx: Context) -> int:
    """Other funds of the table that were seen to reach their headline.

    Countable funds beside the promises that are drawn of which a later stage is at least the announced size.
    """
    return len(_others_whole(ctx))


@result(unit="cny_bn", decimals=0)
def largest_reached(ctx: Context) -> float:
    """Announced size of the largest other fund of the table that was seen to reach its headline.

    Largest announced size of the countable funds beside the promises that are drawn of which a later stage is at least
    as large.
    """
    return float(_others_whole(ctx).max())


@claim(most=1)
def fees_like_fourth(ctx: Context, *, most: float) -> bool:
    """A second layer of fees takes about as much from the fund as the fourth of the assumed costs.

    The medians of what the two take from the worth of the national fund lie within {most} point of one another.
    """
    taken = features_of_national(ctx)["median_pct"].drop(index=["none", "all"])
    return bool(taken.index[4] == "fees" and abs(taken.iloc[4] - taken.iloc[3]) <= most)
