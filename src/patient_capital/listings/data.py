"""Tables about the data: sources, dictionary, corrections, disagreements, ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from patient_capital.listings.record import (
    Cell,
    Column,
    Listing,
    count_cell,
    date_cell,
    fact_cell,
    fixed,
    listing,
    numeric,
    wide,
)
from patient_capital.provenance.editions import revised as revisions
from patient_capital.provenance.records import (
    THIS_BOOK,
    all_sources,
    cell_in_words,
    corrected_in_words,
    split_cell,
    split_ref,
)
from patient_capital.provenance.registry import load_results, number
from patient_capital.tables import Data


def _citations(data: Data) -> Counter[str]:
    """Count the rows of all tables that cite each source."""
    counted: Counter[str] = Counter()
    for table in data.tables.values():
        if table.schema.name in {"sources", "corrections"}:
            continue
        for text in table.text.values():
            keys = {key for column in table.schema.source_fields for key in text[column].split(";") if key}
            counted.update(keys)
    return counted


def _named(data: Data, text: Mapping[str, str]) -> str:
    """Return what readers call the cell that a row names."""
    return cell_in_words(data, text["table"], text["row_id"], text["column"])


def _number_in_words(data: Data, ref: str) -> str:
    """Return what readers call a number, also one that is gone."""
    if "]." in ref:
        return cell_in_words(data, *split_cell(ref))
    name, row = split_ref(ref)
    if name in load_results():
        return number(ref, data).label
    chapter, _, told = name.partition(".")
    return f"{chapter}: {' '.join((told, row)).replace('_', ' ').strip()} (no longer computed)"


@listing
def tables(data: Data) -> Listing:
    """Every table with its page and size."""
    rows = tuple(
        (
            Cell(schema.title, href=f"../data/{name}.html"),
            Cell(schema.description),
            count_cell(len(data.table(name).text)),
            date_cell(schema.as_of),
        )
        for name, schema in sorted(data.package.tables.items(), key=lambda item: (item[1].group, item[0]))
    )
    columns = (Column("Table"), wide("What a row is"), *numeric("Rows"), fixed("As of"))
    return Listing("Every table of the report, with its page", columns, rows, search=True, download="datapackage.json")


@listing
def sources(data: Data) -> Listing:
    """Every cited page."""
    counted = _citations(data)
    rows = tuple(
        (
            Cell(source.title, href=source.url or None, anchor=f"source-{key}"),
            Cell(source.credit),
            date_cell(source.published),
            Cell("reprint" if source.reprint else ""),
            count_cell(counted[key]),
        )
        for key, source in sorted(all_sources(data).items())
        if source.publisher_id != THIS_BOOK
    )
    columns = (wide("Title"), Column("Publisher"), fixed("Date"), Column("Kind"), *numeric("Rows"))
    note = "No link where the page is a copy or has no stable address. Rows: the rows of all tables that cite the page."
    return Listing("Every cited page", columns, rows, note, search=True, download="sources.csv")


@listing
def evidence(data: Data) -> Listing:
    """Every page that was looked up for one cell."""
    rows = tuple(
        (
            Cell(_named(data, text)),
            Cell(text["stated"], under=text["seen"].replace("_", " ")),
            # The book's own computation is no page, and is not in the list of cited pages.
            Cell(page.title, href=f"#source-{text['source_key']}" if page.publisher_id != THIS_BOOK else None),
            Cell(text["origin"], under="official record" if text["official"] == "true" else ""),
        )
        for text in data.table("evidence").text.values()
        for page in [all_sources(data)[text["source_key"]]]
    )
    columns = (wide("Cell"), wide("Words of the page, how it was seen"), wide("Page"), wide("Who first said it"))
    note = (
        "Pages that repeat the same origin are a single voice. An official record is the body's own act, filing or "
        "statistics. No registry was open to us: its entries are told as pages repeat them."
    )
    title = "Which page says which number"
    return Listing(title, columns, rows, note, search=True, download="evidence.csv", empty="")


@listing
def publishers(data: Data) -> Listing:
    """Publishers by the number of rows that rest on them."""
    counted = _citations(data)
    listed, names = data.table("sources").text, data.table("publishers").text
    pages: Counter[str] = Counter(text["publisher_id"] for text in listed.values())
    rows_on: Counter[str] = Counter()
    for key, count in counted.items():
        rows_on[listed[key]["publisher_id"]] += count
    rows = tuple(
        (
            Cell(names[one]["name"]),
            Cell(names[one]["kind"].replace("_", " ")),
            count_cell(pages[one]),
            count_cell(rows_on[one]),
        )
        for one in sorted(pages.keys() - {THIS_BOOK}, key=lambda one: (-rows_on[one], one))
    )
    columns = (wide("Publisher"), Column("Kind"), *numeric("Pages", "Rows"))
    note = "Pages that name no publisher stand in a row of their own."
    title = "Independent publishers, by the rows that rest on them"
    return Listing(title, columns, rows, note, search=True, download="publishers.csv")


@listing
def corrections(data: Data) -> Listing:
    """Every corrected cell with old value, new value and reason."""
    rows = tuple(
        (
            Cell(_named(data, text)),
            *(Cell(corrected_in_words(data, text, text[column])) for column in ("old_value", "new_value")),
            Cell(text["reason"]),
        )
        for text in data.table("corrections").text.values()
    )
    columns = (wide("Cell"), Column("Was"), Column("Is"), wide("Reason"))
    return Listing(
        "Corrections to the first tables, cell by cell", columns, rows, search=True, download="corrections.csv"
    )


@listing
def revised(data: Data) -> Listing:
    """Every number that an earlier edition printed otherwise."""
    rows = tuple(
        (
            Cell(_number_in_words(data, one.ref), under=f"edition {one.edition}"),
            Cell(one.value),
            Cell(now, sort=None),
            Cell(" ".join(one.reasons)),
        )
        for one, now in revisions(data)
    )
    columns = (wide("Number"), *numeric("Was", "Is"), wide("Because of a correction"))
    note = "No reason is given where the number follows from rows that were added, or from a change of the formula."
    title = "Numbers that an earlier edition printed otherwise"
    return Listing(
        title, columns, rows, note, search=True, download="editions.csv", empty="", searches=("local_phases",)
    )


@listing
def searches(data: Data) -> Listing:
    """Everything that was looked for and not found: in which words, where, until when, and what came closest."""
    rows = tuple(
        (
            Cell(text["looked_for"], anchor=f"search-{key}"),
            Cell(text["words_en"], under=text["words_zh"]),
            Cell(text["places"]),
            replace(date_cell(text["looked_on"]), under=text["look_next"]),
            Cell(text["closest"]),
        )
        for key, text in data.table("searches").text.items()
    )
    columns = (wide("Not found"), wide("In which words"), wide("Where"), fixed("Until, next look"), wide("Closest"))
    return Listing("What was looked for and not found", columns, rows, search=True, download="searches.csv")


@listing
def disagreements(data: Data) -> Listing:
    """Amounts of funds that disagree with, precede or follow the preferred one; what equals it is no disagreement."""
    funds = data.table("funds")
    rows = []
    for key, text in data.table("fund_amounts_alt").text.items():
        column = f"{text['stage']}_cny_bn"
        preferred = fact_cell(data, "funds", text["fund_id"], column) if column in funds.frame.columns else Cell()
        if text["amount_cny_bn"] and preferred.sort == float(text["amount_cny_bn"]):
            continue
        rows.append(
            (
                Cell(funds.text[text["fund_id"]]["name_short"], under=text["stage"].replace("_", " ")),
                preferred,
                fact_cell(data, "fund_amounts_alt", key, "amount_cny_bn"),
                Cell(text["role"].replace("_", " ")),
                Cell(". ".join(p.rstrip(".") for p in (text["what"], text["note"]) if p) + "."),
            )
        )
    columns = (Column("Fund, stage"), *numeric("Preferred", "Also reported"), Column("Relation"), wide("What"))
    return Listing(
        "Amounts that sources give otherwise", columns, tuple(rows), search=True, download="fund_amounts_alt.csv"
    )


@listing
def same_values(data: Data) -> Listing:
    """Cells that hold one quantity and another value, each with the reason."""
    first: dict[str, Mapping[str, str]] = {}
    rows = []
    for text in data.table("same_values").text.values():
        known = first.setdefault(text["quantity"], text)
        if text["differs_because"]:
            cells = (fact_cell(data, one["table"], one["row_id"], one["column"]) for one in (known, text))
            rows.append((Cell(text["quantity"], under=_named(data, text)), *cells, Cell(text["differs_because"])))
    columns = (wide("Quantity, cell"), *numeric("Preferred", "In this cell"), wide("Why it differs"))
    title = "Quantities whose cells hold different values"
    return Listing(title, columns, tuple(rows), download="same_values.csv", empty="None differs.")
