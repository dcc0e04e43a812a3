"""Tables of the chapter on the funds."""

from __future__ import annotations

from typing import Final

from patient_capital.analysis.funds import MULTIPLIER_CASES, SMALL_PORTFOLIO, loss_ceilings
from patient_capital.listings.record import Cell, Column, Listing, date_cell, fact_cell, listing, result_cell
from patient_capital.tables import Data, Reader

END: Final = "end"
FIXED: Final = "fixed"


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


KIND_WORDS = {"fund": "fund", "cluster": "cluster", "grant_programme": "grants", "bank_plan": "bank plan"}


def _places(data: Data) -> dict[str, str]:
    """Return the English name of each region by its code."""
    return {code: text["name_en"] for code, text in data.table("province_codes").text.items()}


@listing("funds.vehicles")
def vehicles(data: Data) -> Listing:
    """Every fund, cluster and plan, by stage."""
    table = data.table("funds")
    places = _places(data)
    shown = ("announced", "registered", "first_close", "paid_in", "invested")
    rows = []
    for fund, text in table.text.items():
        under = f"{places.get(text['region'], 'China')}, {text['level'].replace('_', ' ')}, {KIND_WORDS[text['kind']]}"
        rows.append(
            (
                Cell(text["name"], anchor=f"fund-{fund}", under=under), date_cell(text["announced_on"]),
                *(fact_cell(data, "funds", fund, f"{stage}_cny_bn", "bare") for stage in shown),
            )
        )  # fmt: skip
    heads = ("Announced", "Registered", "First phase", "Paid in", "Invested")
    columns = (Column("Vehicle", wide=True), Column("Since", FIXED), *(Column(head, END) for head in heads))
    return Listing(
        "Every vehicle in the data, by stage of its money, bn yuan", columns, tuple(rows), search=True, download="funds.csv",
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
            result_cell(data, f"funds.{name}[{case}]", "bare") if both else Cell()
            for name in ("total_over_own", "others_over_own")
        ]
        rows.append(
            (
                Cell(text["name"]), date_cell(text["date"]),
                *(fact_cell(data, "leverage_cases", case, c, "bare") for c in ("own_cny_bn", "total_cny_bn")),
                *ratio, fact_cell(data, "leverage_cases", case, "claimed_ratio", "bare"),
            )
        )  # fmt: skip
    columns = (
        Column("Programme", wide=True), Column("Date", FIXED), Column("Own, bn yuan", END), Column("All, bn yuan", END),
        Column("All over own", END), Column("Others' over own", END), Column("Ratio claimed", END),
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
    keys = sorted(
        (k for k, text in table.text.items() if text["measure"] in order),
        key=lambda k: (order[table.text[k]["measure"]], table.text[k]["name"], table.text[k]["year"]),
    )
    rows = [
        (
            Cell(table.text[k]["name"]), Cell(table.text[k]["measure"]), Cell(table.text[k]["year"]),
            Cell() if table.text[k]["unit"] == "usd_bn" else fact_cell(data, "comparators", k, "amount"),
            fact_cell(data, "comparators", k, "amount_usd_bn", "bare"),
        )
        for k in keys
    ]  # fmt: skip
    return Listing(
        "What else is large: pledges, flows and stocks",
        (Column("What", wide=True), Column("Measure"), Column("Year", FIXED), Column("In its currency", END), Column("bn dollars", END)),
        tuple(rows), search=True, download="comparators.csv", empty="–",
        note="A pledge, a flow of one year and a stock must not be divided by one another. Dollars as reported, or at the rate that the row names.",
    )  # fmt: skip


@listing("funds.ceilings")
def ceilings(data: Data) -> Listing:
    """Loss ceilings with what each counts."""
    frame = loss_ceilings(Reader(data))
    rows = tuple(
        (
            Cell(row.place), date_cell(row.date), Cell(str(row.stage_class).replace("_", " ")),
            Cell(str(row.what_is_counted).replace("_", " ")), fact_cell(data, "fund_rules", key, "value"),
            Cell() if row.what_is_counted == "single_project" else result_cell(data, f"model.ceiling[{key}]"),
            Cell("holds" if row.standing == "holds" else "not found again"),
        )
        for key, row in frame.iterrows()
    )  # fmt: skip
    return Listing(
        "Loss ceilings by place, and what each counts",
        (Column("Place", wide=True), Column("Date", FIXED), Column("Deals"), Column("Counts"), Column("Largest loss", END), Column("Binds", END), Column("Source")),
        rows, search=False, download="fund_rules.csv", empty="–",
        note=f"Binds: chance that {SMALL_PORTFOLIO} equal deals with American returns and a common shock lose more, from the model. "
        "Where one project is counted, all of it may be lost.",
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
            Cell(text["data_provider"], under=text["scope"].replace("_", " ")), date_cell(text["as_of"]),
            *(fact_cell(data, "guidance_funds_by_year", key, c, "bare") for c in columns),
        )
        for key, text in table.text.items()
    )  # fmt: skip
    heads = ("New funds", "New, target", "New, sub\u00adscribed", "All funds", "All, target", "All, sub\u00adscribed")
    return Listing(
        "Guidance funds as counted by each provider, amounts in bn yuan",
        (Column("Provider, scope", wide=True), Column("Date", FIXED), *(Column(h, END) for h in heads)), rows,
        search=True, download="guidance_funds_by_year.csv", empty="–",
        note="Providers count different things; no two of them may share a line.",
    )  # fmt: skip
