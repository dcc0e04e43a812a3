"""The session of March 2026 beside that of March 2025: numbers, texts, and a target beside its outcome."""

from __future__ import annotations

import pandas as pd

from patient_capital.naming import each_as
from patient_capital.provenance.records import Context, split_cell
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

COMPARED = {
    "Days": ("the session", "session_stats[{year}].session_length_days"),
    "Motions": ("the session", "session_stats[{year}].motions"),
    "Deputies absent at the close": ("the session", "session_stats[{year}].deputies_absent"),
    "Votes against the work report": ("the session", "votes[{year}_government-work-report].against_votes"),
    "Artificial intelligence": ("words of the report", "report_keywords[{year}_artificial-intelligence_zh].count"),
    "Science and technology": ("words of the report", "report_keywords[{year}_science-and-technology_zh].count"),
    "Innovation": ("words of the report", "report_keywords[{year}_innovation_zh].count"),
    "Involution": ("words of the report", "report_keywords[{year}_involution_zh].count"),
    "Government investment funds": (
        "words of the report",
        "report_keywords[{year}_government-investment-funds_zh].count",
    ),
    "Growth of GDP, lowest aim": ("targets", "targets[{year}_gdp_growth{low}].value"),
    "Consumer prices": ("targets", "targets[{year}_cpi].value"),
    "Deficit": ("targets", "targets[{year}_deficit_ratio].value"),
    "New government debt": ("targets", "targets[{year}_new_government_debt_total].value"),
    "Spending of the centre on science, growth": ("targets", "targets[{year}_central_science_budget_growth].value"),
    "Spending on defence, growth": ("targets", "targets[{year}_defence_budget_growth].value"),
}
"""What is compared between the two sessions: of what kind it is, and the cell of each year."""


def compared(ctx: Context) -> pd.DataFrame:
    """Return what is compared between the sessions of March 2025 and March 2026.

    Returns
    -------
    pandas.DataFrame
        Indexed by `what`; `kind`, and for each year `ref_2025` and `value_2025`, the cell and its value in its own
        unit.
    """
    rows = {}
    for what, (kind, cell) in COMPARED.items():
        # A target of 2026 is a range; its lower end is what is aimed at least.
        refs = {year: cell.format(year=year, low="_low" if year == 2026 else "") for year in (2025, 2026)}
        values = {f"value_{year}": ctx.number(*split_cell(ref)) for year, ref in refs.items()}
        rows[what] = {"kind": kind} | {f"ref_{year}": ref for year, ref in refs.items()} | values
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("what")


@claim()
def plan_without_number(ctx: Context) -> bool:
    """Without a sum or a term.

    No clause of the plan until 2030 on patience or funds has a number.
    """
    rows = ctx.frame("patience_clauses", "clause", "document", "value", keep=lambda r: r["document"].eq(TEXTS[2]))
    on_funds = rows["clause"].eq("other")
    return bool(on_funds.any() and rows.loc[on_funds, "value"].isna().all())


TEXTS = (
    "Government work report of March 2025",
    "Government work report of March 2026",
    "Outline of the fifteenth five-year plan",
)
TOPICS = {"other": "patience and funds", "rivalry": "rivalry of regions", "technology": "AI and technology"}


def texts(reader: Reader) -> pd.DataFrame:
    """Return what the reports of March 2025 and 2026 and the plan say of patience, rivalry and technology.

    Returns
    -------
    pandas.DataFrame
        Indexed by `clause_id`; `topic`, `text_en`, `text_zh`, `document`, `issuer`, `issued_on`; by topic, then in the
        order of :data:`TEXTS`.
    """
    columns = ("clause", "text_en", "text_zh", "document", "issuer", "issued_on")
    frame = reader.frame("patience_clauses", *columns, keep=lambda rows: rows["document"].isin(TEXTS))
    place = frame.assign(
        topic=each_as(frame["clause"], TOPICS, "TOPICS of analysis/session/march_2026.py"),
        kind=frame["clause"].map(list(TOPICS).index),
        text=frame["document"].map(TEXTS.index),
    )
    ordered = place.sort_values(["kind", "text"], kind="stable")
    return ordered[["topic", "text_en", "text_zh", "document", "issuer", "issued_on"]]


@result(unit="pct_points", decimals=1)
def price_gap(ctx: Context) -> float:
    """Outcome less target of consumer prices in 2025.

    Outcome - target.
    """
    return ctx.number("outcomes", "2025_cpi", "value") - ctx.number("targets", "2025_cpi", "value")
