"""The overview: one thousand squares, and what became of earlier promises."""

from __future__ import annotations

import math

import pandas as pd

from patient_capital.analysis.funds import NATIONAL
from patient_capital.provenance.records import STAGES, Context
from patient_capital.provenance.registry import claim, result

PROMISES = ("cn_neivc_plan_2009", "cn_sme_2015", "sh_ai_2019", "tj_ai", "js_sei_eight", NATIONAL)
"""Earlier promises with a public headline, oldest first, and the one of 2025."""

PROMISE_COLUMNS = ("name_short", "announced_on", "as_of", *(f"{stage}_cny_bn" for stage in STAGES))


def largest_remainder(amounts: pd.Series, total: int) -> pd.Series:
    """Round amounts to whole numbers that add to `total`.

    Parameters
    ----------
    amounts : pandas.Series of float
        Not negative; their sum is rounded to `total`.

    Returns
    -------
    pandas.Series of int

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


@result(
    "overview.state_partners", "Money of named state bodies in the regional funds beside the national fund",
    unit="cny_bn", decimals=0,
    formula="partners of the regional funds that are local vehicles, central companies or state banks",
    inputs=("fund_partners.fund_id", "fund_partners.partner_kind", "fund_partners.amount_cny_bn"),
)  # fmt: skip
def state_partners(ctx: Context) -> float:
    """Billion yuan; the Yangtze part rests on the assumed stake."""
    frame = ctx.frame(
        "fund_partners", "fund_id", "partner_kind", "amount_cny_bn",
        keep=lambda p: p["fund_id"].str.startswith(f"{NATIONAL}_"),
    )  # fmt: skip
    kinds = ["local_state_vehicle", "central_state_company", "state_bank"]
    return float(frame.loc[frame["partner_kind"].isin(kinds), "amount_cny_bn"].sum())


SQUARE_REFS = {
    "treasury": f"funds[{NATIONAL}].registered_cny_bn",
    "state": "overview.state_partners",
    "unnamed": "funds.possibly_private",
    "open": "funds.still_to_raise",
}


def squares(ctx: Context) -> pd.DataFrame:
    """Return the thousand squares by kind of money.

    Returns
    -------
    pandas.DataFrame
        Columns `kind`, `amount_cny_bn`, `squares`; the squares add to the announced size in billions.
    """
    amounts = pd.Series(
        {
            "treasury": ctx.number("funds", NATIONAL, "registered_cny_bn"),
            "state": ctx.value("overview.state_partners"),
            "unnamed": ctx.value("funds.possibly_private"),
            "open": ctx.value("funds.still_to_raise"),
        }
    )
    announced = round(ctx.number("funds", NATIONAL, "announced_cny_bn"))
    whole = largest_remainder(amounts, announced)
    return pd.DataFrame({"kind": amounts.index, "amount_cny_bn": amounts.to_numpy(), "squares": whole.to_numpy()})


def age_years(start: str, end: str) -> float:
    """Return the years between two partial dates; a missing month or day counts as the first."""
    first, last = (pd.Timestamp(*(int(p) for p in (*d.split("-"), "1", "1")[:3])) for d in (start, end))
    return float((last - first).days / 365.25)


def promises(ctx: Context) -> pd.DataFrame:
    """Return what became of each promise.

    Returns
    -------
    pandas.DataFrame
        One row a promise and known later stage (one row with an empty stage where nothing was found):
        `fund_id`, `name`, `announced_on`, `age_years`, `announced_cny_bn`, `stage`, `amount_cny_bn`, `share_pct`.
    """
    frame = ctx.frame("funds", *PROMISE_COLUMNS, keep=lambda f: f.index.isin(PROMISES))
    rows = []
    for fund in PROMISES:
        row = frame.loc[fund]
        announced = row["announced_cny_bn"]
        base = {
            "fund_id": fund, "name": row["name_short"], "announced_on": row["announced_on"],
            "age_years": age_years(row["announced_on"], row["as_of"]), "announced_cny_bn": announced,
        }  # fmt: skip
        known = {stage: row[f"{stage}_cny_bn"] for stage in STAGES[1:] if pd.notna(row[f"{stage}_cny_bn"])}
        if fund == NATIONAL:
            known["registered"] = ctx.value("funds.registered_once")
        for stage, amount in known.items() or [("", math.nan)]:
            rows.append({**base, "stage": stage, "amount_cny_bn": amount, "share_pct": 100 * amount / announced})
    return pd.DataFrame(rows)


@claim(
    "overview.none_reached", "None of the promises that can be measured has reached its headline",
    formula="the largest later stage of every promise with an announced size is below it",
    inputs=(*(f"funds.{c}" for c in PROMISE_COLUMNS), "result funds.registered_once"),
)  # fmt: skip
def none_reached(ctx: Context) -> bool:
    """Say whether no promise has reached its announced size at any later stage."""
    return bool((promises(ctx)["share_pct"].dropna() < 100).all())
