"""Rules of the contract across cells and rows: repeated rows, columns out of order, sums, days to come, circles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

import pytest

from helpers.mutants import reload
from helpers.rows import rows_of, write_rows
from patient_capital.tables import DATA_FOLDER, DataError, book_data


@pytest.fixture
def told(copied):
    """Return a function that edits the book's tables and returns what the loader says, one line a cause."""

    def tell(table: str, row: str, /, added: str | None = None, **cells: str) -> list[str]:
        path = copied / f"{table}.csv"
        rows = rows_of(path)
        key = next(iter(rows[0]))
        (old,) = (one for one in rows if one[key] == row)
        if added:
            rows.append(old | cells | {key: added})
        else:
            old |= cells
        write_rows(path, rows)
        try:
            reload(BOOK, copied)
        except DataError as error:
            return list(error.lines)
        return []

    return tell


BOOK = book_data()
SCHEMAS = {name: table.schema for name, table in BOOK.tables.items()}
OF_POINTS = "model_explorers"
"""The one table in which rows may be alike: points of a grid, of which the id says which."""
KEYED = [name for name in SCHEMAS if name != OF_POINTS]


def rows_with(table: str, columns: Iterable[str], least: int) -> list[str]:
    """Return the rows of a table in which at least so many of some columns are filled."""
    return [r for r, text in BOOK.table(table).text.items() if sum(bool(text[c]) for c in columns) >= least]


ORDERED = [
    pytest.param(name, columns, rows[0], id=f"{name}-{'-'.join(columns)}")
    for name, schema in SCHEMAS.items()
    for columns in schema.orders
    if (rows := rows_with(name, columns, 2))
]
SUMMED = [
    pytest.param(one, name, rows_with(name, (one.whole, *one.parts), 1 + len(one.parts))[0], id=f"{name}-{one.whole}")
    for name, schema in SCHEMAS.items()
    for one in schema.sums
]
DATED = [
    (name, field.name, rows[0])
    for name, schema in SCHEMAS.items()
    for field in schema.fields
    if field.dates_itself and not field.may_be_later and (rows := rows_with(name, (field.name,), 1))
]
LAWFUL_IDS = {
    "aliases": "a999",
    "cities": "999900",
    "corrections": "c9999",
    "province_codes": "CN-QQ",
    "same_values": "s999",
}


@pytest.mark.parametrize("table", KEYED)
def test_a_row_under_a_second_id_is_named_with_the_first(told, table):
    row, schema = next(iter(BOOK.table(table).text)), SCHEMAS[table]
    lines = told(table, row, added=LAWFUL_IDS.get(table, f"{row}_again"))
    # A column that is unique, and a reference, may be named before the rows are compared.
    if any(f.unique and f.name != schema.primary_key for f in schema.fields):
        assert any("is already in row" in line for line in lines)
    elif not any("is not a" in line for line in lines):
        assert any(f"says what row {BOOK.table(table).lines[row]} ({row}) has said" in line for line in lines), lines


@pytest.mark.parametrize(("table", "columns", "row"), ORDERED)
def test_ends_that_are_swapped_are_named(told, table, columns, row):
    text = BOOK.table(table).text[row]
    low, high = [column for column in columns if text[column]][:2]
    field = SCHEMAS[table].field(high)
    less = 1 if field.type == "integer" else 1e-3
    below = "1999-01-01" if field.dates_itself else f"{float(text[low]) - less:.10g}"
    lines = told(table, row, **{high: below})
    assert any(f"column {high}: '{below}': is " in line and f"{low}, which is {text[low]}" in line for line in lines), (
        lines
    )


@pytest.mark.parametrize(("one", "table", "row"), SUMMED)
def test_a_total_that_its_parts_do_not_make_is_named(told, one, table, row):
    whole = BOOK.table(table).text[row][one.whole]
    lines = told(table, row, **{one.parts[0]: str(int(float(whole)) + 1)})
    said = f"{', '.join(one.parts)} {'exceed it with' if one.at_most else 'add to'} "
    assert any(f"column {one.whole}: '{whole}': {said}" in line for line in lines), lines


@pytest.mark.parametrize(("table", "column", "row"), DATED)
def test_a_day_after_the_edition_is_named(told, table, column, row):
    lines = told(table, row, **{column: "2031-01-01"})
    assert any(f"column {column}: '2031-01-01': is later than the edition of" in line for line in lines), lines


def test_a_row_that_differs_in_capitals_alone_is_named(told):
    name = BOOK.table("comparators").text[next(iter(BOOK.table("comparators").text))]["name"]
    lines = told("comparators", next(iter(BOOK.table("comparators").text)), added="again", name=name.upper())
    assert any("has said: the same name, year, measure" in line for line in lines), lines


@pytest.mark.parametrize("period", ["2024-2023", "2024-12 to 2024-11", "2024-2023-01"])
def test_a_period_that_ends_before_it_starts_is_named(told, period):
    lines = told("ai_overcapacity", next(iter(BOOK.table("ai_overcapacity").text)), period=period)
    assert any("column period" in line for line in lines), lines


@pytest.mark.parametrize("period", ["2023-2023", "2023-11 to 2024-02", "2023-2024", "2030"])
def test_a_period_may_be_a_span_or_a_goal(told, period):
    row = next(iter(BOOK.table("ai_overcapacity").text))
    assert told("ai_overcapacity", row, period=period) == []


@pytest.mark.parametrize(("table", "column"), [("provinces", "year"), ("credit_surveys", "period")])
def test_a_year_to_come_is_named(told, table, column):
    lines = told(table, next(iter(BOOK.table(table).text)), **{column: "2031"})
    assert any(f"column {column}: '2031': is later than the edition of" in line for line in lines), lines


@pytest.mark.parametrize(
    ("table", "column", "series"), [(name, *pair) for name, schema in SCHEMAS.items() for pair in schema.follows]
)
def test_what_differs_within_a_series_is_named(told, table, column, series):
    rows = BOOK.table(table).text
    sizes = Counter(text[series] for text in rows.values())
    row = next(row for row, text in reversed(rows.items()) if sizes[text[series]] > 1)  # of two the first decides
    usual, field = rows[row][column], SCHEMAS[table].field(column)
    others = (*field.enum, *(text[column] for text in rows.values()), "2025-03-06")
    other = next(one for one in others if one != usual)
    lines = told(table, row, **{column: other})
    wanted = f"is {usual!r} in other rows of "
    assert any(f"column {column}: " in line and wanted in line for line in lines), lines


RATIOS = [(name, one) for name, schema in SCHEMAS.items() for one in schema.ratios]
TOGETHER = [(name, columns) for name, schema in SCHEMAS.items() for columns in schema.together]


@pytest.mark.parametrize(("table", "one"), RATIOS, ids=lambda one: getattr(one, "ratio", one))
def test_a_ratio_that_its_columns_do_not_give_is_named(told, table, one):
    row = rows_with(table, (one.part, one.whole, one.ratio), 3)[0]
    other = f"{float(BOOK.table(table).text[row][one.ratio]) / 2 + 1:.2f}"
    lines = told(table, row, **{one.ratio: other})
    assert any(f"column {one.ratio}: '{other}': {one.part} over {one.whole} give " in line for line in lines), lines


def test_a_ratio_may_rest_on_another_account_of_the_vote():
    """Of one session accounts give 2,857 and 2,859 deputies; the source divides by the second."""
    cells = BOOK.table("votes").text["2016_government-work-report"]
    assert (cells["for_votes"], cells["deputies_present"], cells["for_share_pct"]) == ("2814", "2857", "98.43")


@pytest.mark.parametrize(("table", "columns"), TOGETHER, ids=lambda one: one if isinstance(one, str) else one[0])
def test_columns_that_belong_together_are_given_together(told, table, columns):
    text = BOOK.table(table).text
    full = rows_with(table, columns, len(columns))
    row, last = (full or list(text))[0], columns[-1]
    cells = {last: ""} if full else {columns[0]: "yes"}
    lines = told(table, row, **cells)
    assert any("is empty, though " in line and " belong together. Give all of them, or none." in line for line in lines)


@pytest.mark.parametrize(
    ("table", "unit"),
    [("fund_rules", "unit"), ("claims", "unit"), ("patience_clauses", "unit"), ("parameter_notes", "unit")],
)
def test_a_value_without_its_unit_is_named(told, table, unit):
    row = rows_with(table, ("value", unit), 2)[0]
    lines = told(table, row, **{unit: ""})
    assert any(f"column {unit}: '': is empty, though value is " in line for line in lines), lines


@pytest.mark.parametrize(
    ("table", "column", "usual", "other"),
    [
        ("instruments", "city", "Shenzhen", "shenzhen"),
        ("report_keywords", "term", "patient capital", "Patient capital"),
        (
            "patience_clauses",
            "document",
            "Government work report of March 2025",
            "Government Work Report of March 2025",
        ),
    ],
)
def test_a_text_that_is_spelled_otherwise_is_named(told, table, column, usual, other):
    """Rows are chosen by such texts: this one would be left out."""
    row = next(row for row, text in BOOK.table(table).text.items() if text[column] == usual)
    lines = told(table, row, **{column: other})
    assert any(f"column {column}: " in line and f"is spelled {usual!r} in other rows" in line for line in lines), lines


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("funds", "cn_bigfund3", "name"),
        ("funds", "cn_bigfund3", "legal_name_zh"),
        ("province_codes", "CN-AH", "name_en"),
        ("tile_grid", "CN-AH", "abbr"),
        ("dragons", "unitree", "name_zh"),
        ("ai_listings", "zhipu", "code"),
        ("literature", "hallwoodward2010", "doi_or_url"),
    ],
)
def test_one_thing_under_two_ids_is_named(told, table, row, column):
    text = BOOK.table(table).text
    row = row if row in text else next(row for row in text if text[row][column])
    lines = told(table, row, added=f"{row}_2")
    assert any(f"column {column}: {text[row][column]!r}: is already in row " in line for line in lines), lines


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        ("regimes", "assumed_columns", "tickets, screeners"),
        ("regimes", "assumed_columns", "ticket"),
        ("literature", "authors", "Hall, Robert, Woodward, Susan"),
        ("literature", "authors", "Hall, Robert & Woodward, Susan"),
        ("literature", "authors", "Hall, Robert; Woodward, Susan"),
        ("literature", "doi_or_url", "10.1257"),
        ("ai_listings", "code", "2513"),
        ("ai_listings", "code", "688795.0"),
        ("aliases", "edition", "0.2"),
        ("corrections", "after", "v0.2.0"),
        ("instruments", "city", "\u6df1\u5733"),
        ("dragons", "founded_year", "2031"),
    ],
)
def test_what_code_reads_of_a_text_has_a_form(told, table, column, wrong):
    lines = told(table, rows_with(table, (column,), 1)[0], **{column: wrong})
    assert any(f"column {column}: {wrong!r}: " in line for line in lines), lines


def test_a_copy_whose_quotes_and_dashes_a_program_has_changed_is_a_copy(told):
    """As when a row is copied into a word processor and back, and only its id is changed."""
    row, text = next(
        (r, t) for r, t in BOOK.table("calls").text.items() if "'" in t["statement"] or "-" in t["statement"]
    )
    typed = text["statement"].replace("'", "\N{RIGHT SINGLE QUOTATION MARK}").replace("-", "\N{EN DASH}")
    lines = told("calls", row, added=f"{row}_2", statement=typed)
    assert any(f"says what row {BOOK.table('calls').lines[row]} ({row}) has said" in line for line in lines), lines


def test_what_lies_inside_itself_is_named_once(told):
    told("funds", "cn_nvcgf", parent_id="cn_nvcgf_gba")
    lines = told("funds", "cn_nvcgf_gba", parent_id="cn_nvcgf")
    assert sum("lies inside itself: cn_nvcgf in cn_nvcgf_gba in cn_nvcgf" in line for line in lines) == 1
    assert any(
        "lies inside itself: hb_data in hb_data" in line for line in told("funds", "hb_data", parent_id="hb_data")
    )


def test_every_panel_has_a_natural_key():
    """A table of observations, several a series, tells by the key what would be counted twice."""
    panels = {name for name, schema in SCHEMAS.items() if {"year", "period"} & {f.name for f in schema.fields}}
    assert panels <= set(KEYED)


def test_the_contract_names_columns_that_exist():
    contract = json.loads((DATA_FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    for resource in contract["resources"]:
        schema, names = resource["schema"], {field["name"] for field in resource["schema"]["fields"]}
        used = {*schema.get("naturalKey", ()), *(c for columns in schema.get("orders", ()) for c in columns)}
        used |= {c for one in schema.get("sums", ()) for c in (*one["parts"], one["whole"])}
        assert used <= names, resource["name"]


TELLING = [
    (name, column, next(row for row, text in BOOK.table(name).text.items() if text[column]))
    for name, schema in SCHEMAS.items()
    for column in schema.id_tells
]


@pytest.mark.parametrize(("table", "column", "row"), TELLING)
def test_a_cell_that_has_moved_to_another_row_is_named(told, table, column, row):
    """As when one column is sorted without the others, or a column of years has slipped by one."""
    texts = BOOK.table(table).text
    other = next(text[column] for text in texts.values() if text[column] and text[column] not in texts[row][column])
    if any("is not what the id of the row says" in line for line in told(table, row, **{column: other})):
        return
    # A cell that breaks a rule of its own, or of its series, is named by that.
    assert told(table, row, **{column: other})


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    [
        ("session_stats", "2013", {"open_date": "2001-03-05", "close_date": "2001-03-15"}),
        ("guidance_funds_by_year", "zero2ipo-all-guidance-funds_2019-12-31", {"as_of": "2018-12-31"}),
    ],
)
def test_days_of_another_year_than_their_row_are_named(told, table, row, cells):
    assert any("is not in 20" in line for line in told(table, row, **cells))


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    [
        ("fund_rules", "wh_share", {"value": "200"}),
        ("patience_evidence", "judged_long", {"value": "800"}),
        ("parameters", "sel_pick_corr", {"high": "5"}),
    ],
)
def test_a_value_that_its_unit_rules_out_is_named(told, table, row, cells):
    assert any("a value in " in line and "lies between" in line for line in told(table, row, **cells))
