"""How patient state money is: what rules and contracts say, and how state investors are judged and behave."""

from __future__ import annotations

import re

import pandas as pd

from patient_capital.analysis.funds.ceilings import sourced_ceilings
from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

COUNTS = [f"{what}_{year}" for year in ("2024", "2025") for what in ("buy_backs", "bought_from_institutions")]
CLAUSE_WORDS = {
    "life": "life",
    "extension": "extension",
    "investing_period": "time to invest",
    "exit_period": "time to sell",
    "loss_ceiling": "loss ceiling",
    "loss_counted": "what is judged",
    "yearly_scoring": "yearly scoring",
    "scoring_weight": "weight in the score",
    "buy_back": "buy-back",
    "redemption": "debt in the dress of equity",
    "reinvestment": "reinvestment",
    "local_content": "local content",
    "exit_rule": "ways out",
    "secondary_sale": "sale to other funds",
    "manager_liability": "liability of managers",
    "decision_to_exit": "who decides",
    "other": "other",
}
"""What a clause rules, as a reader says it; the order is that of the table."""


def on_patience(rows: pd.DataFrame) -> pd.Series:
    """Say which clauses are on patience; others of the same texts are on the rivalry of regions or on technology."""
    return rows["clause"].isin(CLAUSE_WORDS)


def clauses(reader: Reader) -> pd.DataFrame:
    """Return every clause on patience, by what it rules and then by date of issue.

    Returns
    -------
    pandas.DataFrame
        Indexed by `clause_id`; `subject`, `clause` in words, `text_en`, `text_zh`, `document`, `issuer`, `issued_on`,
        `draft`, and `value` to `value_high` in `unit`.
    """
    columns = ("subject", "region", "clause", "value", "value_high", "unit", "text_en", "text_zh", "document", "issuer")
    frame = reader.frame("patience_clauses", *columns, "issued_on", "draft", keep=on_patience)
    order = {name: place for place, name in enumerate(CLAUSE_WORDS)}
    sorted_by = frame.assign(place=frame["clause"].map(order)).sort_values(["place", "issued_on"], kind="stable")
    return sorted_by.drop(columns="place").assign(clause=sorted_by["clause"].map(CLAUSE_WORDS))


HOW_OFTEN = ("judged_yearly", "judged_long")
"""Rows of the survey on how often investors are judged; its other rows on judging tell by what."""


@result(unit="count")
def surveyed(ctx: Context) -> int:
    """State investors that answered the survey of November 2025.

    The number in the words that say of whom its shares are.
    """
    told = str(ctx.cell("patience_evidence", "judged_yearly", "who"))
    if not (number := re.match(r"\d+\b", told)):
        raise ValueError(f"patience_evidence[judged_yearly].who is {told!r}: begin it with the number of institutions")
    return int(number[0])


def judged(reader: Reader) -> pd.DataFrame:
    """Return how state investors say that they are judged: indexed by row of the evidence, in order of the table.

    Returns
    -------
    pandas.DataFrame
        `statement`, `share_pct`, percent of institutions, `below`, whether the source gives only an upper limit, and
        `about`: shares of different questions are of different kinds (how often, by what, who is exempt).
    """
    asked = reader.cell("patience_evidence", "judged_yearly", "who")
    columns = ("question", "statement", "value", "qualifier", "who")
    survey = reader.frame("patience_evidence", *columns, keep=lambda frame: frame["who"].eq(asked))
    about = survey["question"].mask(survey.index.isin(HOW_OFTEN), "how often")
    told = survey.assign(below=survey["qualifier"].eq("below"), about=about)
    return told.rename(columns={"value": "share_pct"})[["about", "statement", "share_pct", "below"]]


def buy_backs(reader: Reader) -> pd.DataFrame:
    """Return the buy-backs counted in the first ten months of two years, by who sold the stake back.

    Returns
    -------
    pandas.DataFrame
        Indexed by `year`; `institutions` and `others`, buy-backs.
    """
    value = reader.frame("patience_evidence", "value", keep=lambda frame: frame.index.isin(COUNTS))["value"]
    rows = {}
    for year in ("2024", "2025"):
        count = value[f"buy_backs_{year}"]
        by_institutions = count * value[f"bought_from_institutions_{year}"] / 100
        rows[year] = (by_institutions, count - by_institutions)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["institutions", "others"]).rename_axis("year")


@result(unit="count")
def clause_count(ctx: Context) -> int:
    """Clauses on patience.

    Number of rows of the table of clauses that are on patience.
    """
    return len(ctx.frame("patience_clauses", "clause", keep=on_patience))


@result(unit="count")
def document_count(ctx: Context) -> int:
    """Documents with a clause on patience.

    Number of different documents of the clauses on patience.
    """
    return int(ctx.frame("patience_clauses", "clause", "document", keep=on_patience)["document"].nunique())


@result(unit="pct", decimals=0)
def share(ctx: Context, row: str) -> float:
    """State investors that answered a survey of November 2025.

    Share that the survey gives, or its upper limit where it gives only that, in whole percent. The share judged yearly and that judged by pace are equal to the
    digit and stand in a single newspaper: a slip of copying cannot be excluded.
    """
    return ctx.number("patience_evidence", row, "value")


@result(
    unit="pct",
    decimals=0,
    cases={
        "met": {"words": "Guidance funds that had met their target by 2021", "parameter": "fm_met_target"},
        "raised": {
            "words": "Money raised of what guidance funds aimed at by early 2020",
            "parameter": "fm_raised_2020",
        },
    },
    name="targets_{case}",
)
def targets(ctx: Context, *, parameter: str) -> float:
    """{words}.

    The parameter, in percent.
    """
    return 100 * ctx.number("parameters", parameter, "value")


@result(unit="years", decimals=0)
def usual_life(ctx: Context) -> Range:
    """Usual life of a venture fund in China.

    Lower and upper end, as the planning commission said in December 2025.
    """
    low, high = (ctx.number("patience_evidence", "life_usual_china", column) for column in ("value", "value_high"))
    return Range(low, high)


@result(unit="count")
def ceiling_places(ctx: Context) -> int:
    """Places with a loss ceiling in percent.

    Number of places of the sourced ceilings that say what they count.
    """
    return int(sourced_ceilings(ctx)["place"].nunique())


def _of_many_deals(ctx: Context) -> pd.DataFrame:
    frame = sourced_ceilings(ctx)
    return frame.loc[frame["what_is_counted"].isin(["fund", "class_of_deals"])]


@result(unit="count")
def fund_ceiling_places(ctx: Context) -> int:
    """Places with a loss ceiling for a fund or a class of deals.

    Number of places of the sourced ceilings that count a fund or a class of deals, not a single project.
    """
    return int(_of_many_deals(ctx)["place"].nunique())


@result(unit="pct", decimals=0)
def ceiling_range(ctx: Context) -> Range:
    """Loss ceilings of a fund or a class of deals.

    Lowest and highest ceiling that counts a fund or a class of deals.
    """
    whole = _of_many_deals(ctx)
    return Range(float(whole["value"].min()), float(whole["value"].max()))


@claim()
def nation_sets_no_ceiling(ctx: Context) -> bool:
    """National rules name no loss ceiling.

    No loss ceiling of a national rule has a number.
    """
    national = ctx.frame(
        "patience_clauses",
        "clause",
        "subject_kind",
        "value",
        keep=lambda c: c["clause"].eq("loss_ceiling") & c["subject_kind"].eq("national_rule"),
    )
    return bool(len(national) and national["value"].isna().all())


@result(unit="pct_points", decimals=0)
def exemption_fall(ctx: Context) -> float:
    """Fall of the share of state investors with a procedure of exemption, 2024 to 2025.

    Share in the survey of 2024 less share in that of 2025.
    """
    return ctx.number("patience_evidence", "exempt_2024", "value") - ctx.number(
        "patience_evidence", "exempt_2025", "value"
    )


@claim()
def place_before_return(ctx: Context) -> bool:
    """More are judged by place than by return.

    The share judged by firms attracted exceeds that judged by financial return.
    """
    place, money = (ctx.number("patience_evidence", f"judged_by_{what}", "value") for what in ("place", "return"))
    return place > money


@claim()
def same_share_twice(ctx: Context) -> bool:
    """The share judged yearly and that judged by the pace of investing are equal to the digit.

    Both items of the survey have the same value.
    """
    yearly, pace = (ctx.number("patience_evidence", row, "value") for row in ("judged_yearly", "judged_by_pace"))
    return yearly == pace


@claim()
def patience_is_scored(ctx: Context) -> bool:
    """The national evaluation names patient capital among its indicators.

    The clause on it is no draft, and on what is scored.
    """
    clause, draft = (ctx.cell("patience_clauses", "n1753_patient", column) for column in ("clause", "draft"))
    return clause == "scoring_weight" and not draft


@claim()
def whole_is_judged(ctx: Context) -> bool:
    """The national fund is to be judged by its overall effect instead of single deals.

    The clause on what is judged is of that fund, and no draft.
    """
    clause, fund, draft = (
        ctx.cell("patience_clauses", "nvcgf_judge", column) for column in ("clause", "fund_id", "draft")
    )
    return clause == "loss_counted" and fund == "cn_nvcgf" and not draft


@result(unit="pct", decimals=0)
def buy_back_fall(ctx: Context) -> float:
    """Fall of the number of buy-backs, January to October 2025.

    1 - buy-backs of 2025 / buy-backs of 2024, each January to October.
    """
    counted = buy_backs(ctx).sum(axis="columns")
    return 100 * float(1 - counted["2025"] / counted["2024"])


@result(unit="pct", decimals=0)
def institutions_rise(ctx: Context) -> float:
    """Rise of the number of buy-backs in which an institution sold, January to October 2025.

    Buy-backs x share of institutions, of 2025 over 2024, less one.
    """
    by_institutions = buy_backs(ctx)["institutions"]
    return 100 * float(by_institutions["2025"] / by_institutions["2024"] - 1)
