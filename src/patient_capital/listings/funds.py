"""Tables of the chapter on the funds."""

from __future__ import annotations

from typing import Final

from patient_capital.analysis.funds import LOCAL_LEVELS, MULTIPLIER_CASES, loss_ceilings
from patient_capital.formatting import human_date
from patient_capital.listings.record import Cell, Column, Listing, fact_cell, listing, result_cell
from patient_capital.provenance.records import STAGE_WORDS
from patient_capital.tables import Data, Reader

END: Final = "end"
LEVEL_WORDS = {"national": "national", "bank": "bank", **{level: level for level in LOCAL_LEVELS}}


def _date(text: str) -> Cell:
    return Cell(human_date(text) if text else "", sort=float((text.replace("-", "") + "0000")[:8]) if text else None)


@listing("funds.ladder")
def ladder(data: Data) -> Listing:
    """Every step of the ladder with its stage."""
    steps = (
        ("Announced: hoped for in all", "funds[cn_nvcgf].announced_cny_bn"),
        ("Fund company, treasury money, subscribed", "funds[cn_nvcgf].registered_cny_bn"),
        ("Three regional funds, registered", "funds.regional_registered"),
        ("of which the national fund's stakes (one assumed)", "funds.national_stake"),
        ("of which partners' money", "funds.partner_money"),
        ("Registered at both tiers, each yuan once", "funds.registered_once"),
        ("the same over the undisclosed stake", "funds.registered_once_range"),
        ("Still to be raised", "funds.still_to_raise"),
    )
    rows = tuple(
        (
            Cell(words),
            fact_cell(data, "funds", "cn_nvcgf", ref.split(".")[1]) if "[" in ref else result_cell(data, ref),
        )
        for words, ref in steps
    )
    return Listing(
        "From the headline to the register", (Column("Step", wide=True), Column("Amount", END)), rows,
        note="Paid into the funds: no figure found. Invested in firms: no figure found.",
    )  # fmt: skip


@listing("funds.vehicles")
def vehicles(data: Data) -> Listing:
    """Every fund, cluster and plan, by stage."""
    table = data.table("funds")
    shown = ("announced", "registered", "first_close", "paid_in", "invested")
    rows = []
    for fund, text in table.text.items():
        rows.append(
            (
                Cell(text["name"], anchor=f"fund-{fund}"),
                Cell(text["region"]),
                Cell(text["level"].replace("_", " ")),
                Cell(
                    {"fund": "fund", "cluster": "cluster", "grant_programme": "grants", "bank_plan": "bank plan"}[
                        text["kind"]
                    ]
                ),
                _date(text["announced_on"]),
                *(fact_cell(data, "funds", fund, f"{stage}_cny_bn", "bare") for stage in shown),
            )
        )
    columns = (
        Column("Name", wide=True), Column("Place"), Column("Level"), Column("Kind"), Column("Announced on"),
        *(Column(STAGE_WORDS[s].split(" (")[0].split(" or ")[0].split(" in ")[0].capitalize() + ", bn yuan", END) for s in shown),
    )  # fmt: skip
    return Listing(
        "Every vehicle in the data, by stage of its money", columns, tuple(rows), search=True, download="funds.csv",
        empty="–", note="A dash means not found by us. Clusters count partners' money and overlap with single funds: columns must not be added.",
    )  # fmt: skip


@listing("funds.multipliers")
def multipliers(data: Data) -> Listing:
    """The stated choices behind the remaining multiplier."""
    rows = tuple(
        (Cell(words), result_cell(data, f"funds.multiplier_{name}")) for name, (words, _) in MULTIPLIER_CASES.items()
    )
    return Listing("Remaining multiplier by stated choice", (Column("Choice", wide=True), Column("Times", END)), rows)


@listing("funds.leverage")
def leverage(data: Data) -> Listing:
    """Earlier programmes under two definitions, never mixed."""
    table = data.table("leverage_cases")
    rows = []
    for case, text in table.text.items():
        both = bool(text["own_cny_bn"]) and bool(text["total_cny_bn"])
        ratio = [
            result_cell(data, f"funds.{name}[{case}]") if both else Cell()
            for name in ("total_over_own", "others_over_own")
        ]
        rows.append(
            (
                Cell(text["name"]), _date(text["date"]),
                *(fact_cell(data, "leverage_cases", case, c) for c in ("own_cny_bn", "total_cny_bn")),
                *ratio, fact_cell(data, "leverage_cases", case, "claimed_ratio"),
            )
        )  # fmt: skip
    columns = (
        Column("Programme", wide=True), Column("Date"), Column("Own money", END), Column("All money", END),
        Column("All over own", END), Column("Others' over own", END), Column("Ratio its owner claims", END),
    )  # fmt: skip
    return Listing(
        "Leverage on record, under two definitions", columns, tuple(rows), download="leverage_cases.csv", empty="–",
        note="India's fund measures money invested in start-ups over money committed: it stands apart from both definitions.",
    )  # fmt: skip


@listing("funds.comparators")
def comparators(data: Data) -> Listing:
    """Other large numbers, with stock, flow and pledge kept apart."""
    table = data.table("comparators")
    order = {"pledge": 0, "flow": 1, "stock": 2}
    keys = sorted(table.text, key=lambda k: (order.get(table.text[k]["measure"], 9), table.text[k]["name"]))
    rows = [
        (
            Cell(table.text[k]["name"]), Cell(table.text[k]["measure"]), Cell(table.text[k]["year"]),
            fact_cell(data, "comparators", k, "amount"), fact_cell(data, "comparators", k, "amount_usd_bn"),
        )
        for k in keys
    ]  # fmt: skip
    return Listing(
        "What else is large: pledges, flows and stocks",
        (Column("What", wide=True), Column("Measure"), Column("Year"), Column("Amount as reported", END), Column("Dollars", END)),
        tuple(rows), search=True, download="comparators.csv", empty="–",
        note="A pledge, a flow of one year and a stock must not be divided by one another.",
    )  # fmt: skip


@listing("funds.ceilings")
def ceilings(data: Data) -> Listing:
    """Loss ceilings with what each counts."""
    frame = loss_ceilings(Reader(data))
    rows = tuple(
        (
            Cell(row.place), _date(row.date), Cell(str(row.stage_class).replace("_", " ")),
            Cell(str(row.what_is_counted).replace("_", " ")), fact_cell(data, "fund_rules", key, "value"),
            Cell("holds" if row.standing == "holds" else "not found again"),
        )
        for key, row in frame.iterrows()
    )  # fmt: skip
    return Listing(
        "Loss ceilings by place, and what each counts",
        (Column("Place", wide=True), Column("Date"), Column("Deals"), Column("Counts"), Column("Largest loss", END), Column("Source")),
        rows, search=False, download="fund_rules.csv",
    )  # fmt: skip


@listing("funds.guidance")
def guidance(data: Data) -> Listing:
    """All counts of guidance funds, by provider."""
    table = data.table("guidance_funds_by_year")
    columns = (
        "new_funds",
        "new_target_cny_bn",
        "new_subscribed_cny_bn",
        "cum_funds",
        "cum_target_cny_bn",
        "cum_subscribed_cny_bn",
    )
    rows = tuple(
        (
            _date(text["as_of"]), Cell(text["data_provider"]), Cell(text["scope"].replace("_", " ")),
            *(fact_cell(data, "guidance_funds_by_year", key, c) for c in columns),
        )
        for key, text in table.text.items()
    )  # fmt: skip
    heads = ("New funds", "New, target", "New, subscribed", "All funds", "All, target", "All, subscribed")
    return Listing(
        "Guidance funds as counted by each provider",
        (Column("Date"), Column("Provider"), Column("Scope", wide=True), *(Column(h, END) for h in heads)), rows,
        search=True, download="guidance_funds_by_year.csv", empty="–",
        note="Providers count different things; no two of them may share a line.",
    )  # fmt: skip
