"""The overview: one thousand squares, and what became of earlier promises."""

from __future__ import annotations

import math

import pandas as pd

from patient_capital.analysis import funds
from patient_capital.analysis.funds import NATIONAL, STATE_PARTNERS
from patient_capital.money import STAGES
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

PROMISES = ("cn_neivc_plan_2009", "cn_sme_2015", "sh_ai_2019", "tj_ai", "js_sei_eight", NATIONAL)
"""Earlier promises with a public headline, oldest first, and the one of 2025."""

PROMISE_COLUMNS = ("name_short", "announced_on", "as_of", *(f"{stage}_cny_bn" for stage in STAGES))


def largest_remainder(amounts: pd.Series, total: int) -> pd.Series:
    """Round amounts to whole numbers that add to `total`.

    Raises
    ------
    ValueError
        If an amount is negative or the amounts do not add to about `total`.
    """
    if (amounts < 0).any() or abs(amounts.sum() - total) >= 1:
        raise ValueError(f"amounts {amounts.tolist()} must not be negative and must add to {total}")
    whole = amounts.map(math.floor).astype(int)
    order = (amounts - whole).sort_values(ascending=False, kind="stable").index
    for name in order[: total - int(whole.sum())]:
        whole[name] += 1
    return whole


@result(unit="cny_bn", decimals=0)
def state_partners(ctx: Context) -> float:
    """Money of named state bodies in the regional funds beside the national fund.

    Partners of the regional funds that are local vehicles, central companies or state banks.

    The Yangtze part rests on the assumed stake.
    """
    return funds.partner_total(ctx, STATE_PARTNERS)


SQUARE_REFS = {
    "treasury": f"funds[{NATIONAL}].registered_cny_bn",
    "state": "overview.state_partners",
    "unnamed": "funds.possibly_private",
    "open": "funds.still_to_raise",
}


def money_by_kind(national: pd.Series, partners: pd.DataFrame, partner_money: float) -> pd.DataFrame:
    """Divide the announced size of the national fund by whose money it is.

    Parameters
    ----------
    national : pandas.Series
        As :func:`patient_capital.analysis.funds.national_fund` gives it, billion yuan.
    partners : pandas.DataFrame
        As :func:`patient_capital.analysis.funds.partners` gives them: of funds that do not lie inside one another.
    partner_money : float
        Money of partners in the regional funds, billion yuan; what no named state body holds of it has no name.

    Returns
    -------
    pandas.DataFrame
        `kind` and `amount_cny_bn`: ``treasury``, ``state`` and ``unnamed`` partners, ``open``; they add to the
        announced size.
    """
    announced, treasury = float(national["announced_cny_bn"]), float(national["registered_cny_bn"])
    state = float(partners.loc[partners["partner_kind"].isin(STATE_PARTNERS), "amount_cny_bn"].sum())
    amounts = {
        "treasury": treasury,
        "state": state,
        "unnamed": partner_money - state,
        "open": announced - treasury - partner_money,
    }
    return pd.DataFrame({"kind": list(amounts), "amount_cny_bn": list(amounts.values())})


def in_squares(money: pd.DataFrame, square_cny_bn: float = 1) -> pd.DataFrame:
    """Count amounts in `squares` of some billion yuan each, whole numbers that add to that of the whole sum.

    Raises
    ------
    ValueError
        If an amount is negative.
    """
    amounts = money["amount_cny_bn"] / square_cny_bn
    return money.assign(squares=largest_remainder(amounts, round(amounts.sum())))


def squares(ctx: Context) -> pd.DataFrame:
    """Return the thousand squares by kind of money, as :func:`in_squares` counts them."""
    money = money_by_kind(funds.national_fund(ctx), funds.partners(ctx), ctx.value("funds.partner_money"))
    return in_squares(money)


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


def promises(ctx: Context) -> pd.DataFrame:
    """Return what became of each promise: :func:`stages_found` and :func:`over_announced`.

    Of the national fund, registered counts both tiers, each yuan once.
    """
    frame = ctx.frame("funds", *PROMISE_COLUMNS, keep=lambda f: f.index.isin(PROMISES)).loc[list(PROMISES)]
    frame.loc[NATIONAL, "registered_cny_bn"] = ctx.value("funds.registered_once")
    return over_announced(stages_found(frame))


@claim()
def none_reached(ctx: Context) -> bool:
    """None of the promises that can be measured has reached its headline.

    The largest later stage of every promise with an announced size is below it.
    """
    return bool((promises(ctx)["share_pct"].dropna() < 100).all())
