"""The headline numbers of a page, and what behind them nobody has looked up."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from patient_capital import check
from patient_capital.ledger import read_pages, safe_to_print
from patient_capital.provenance.headlines import FINDINGS, caveats, cells_behind, documents, headlines, unproved
from patient_capital.provenance.records import split_cell
from patient_capital.provenance.registry import number

PAGE = """# Title

Text with [9](#funds.months).

> **What this chapter finds**
>
> - [100bn yuan](#funds[cn_nvcgf].registered_cny_bn), [nine](#funds.months:word), [paid in](#term.paid_in).
>
> By [Reed (2001)](#cite.reed2001), [in the chapter](funds.ipynb).

> **What it cannot say**
>
> [11.8bn yuan](#funds.possibly_private)

- **[29](#session.provinces_ai) of [31](#session.provinces)**

  Of [89](#session.provinces_uses).

- **Payments.** [162](#funds.registered_once)

- plain [162](#funds.registered_once)
"""
CARDS = "\n- **[29](#session.provinces_ai) of [31](#session.provinces)**\n\n  Of [89](#session.provinces_uses).\n"


def test_headlines_are_what_stands_in_boxes_of_findings_and_on_cards():
    assert [use.ref for use in headlines(PAGE)] == ["funds[cn_nvcgf].registered_cny_bn", "funds.months"]
    assert [use.form for use in headlines(PAGE)] == ["full", "word"]
    cards = [use.ref for use in headlines(f"## Numbers\n{CARDS}")]
    assert cards == ["session.provinces_ai", "session.provinces", "session.provinces_uses"]


def test_every_box_of_findings_has_headlines():
    boxed = [page for page in read_pages() if re.search(rf"\*\*{FINDINGS}\*\*", page.markdown)]
    assert len(boxed) > 5
    assert [page.name for page in boxed if not headlines(page.markdown)] == []


def without_evidence(book, *cells):
    """Return the book where nothing was looked up for some cells, or for any cell."""
    table = book.table("evidence")
    drop = {split_cell(cell) for cell in cells}
    text = {
        key: row
        for key, row in table.text.items()
        if cells and (row["table"], row["row_id"], row["column"]) not in drop
    }
    return replace(book, tables=dict(book.tables) | {"evidence": replace(table, text=text)})


def test_a_cell_that_was_looked_up_is_proved_and_one_that_was_not_is_named(book):
    cell = "funds[cn_nvcgf].registered_cny_bn"
    assert unproved(book, [cell]) == []
    same = [
        f"{row['table']}[{row['row_id']}].{row['column']}"
        for row in book.table("evidence").text.values()
        if row["row_id"] in {"cn_nvcgf", "cn_nvcgf_treasury", "mof"} or row["column"] == "registered_cny_bn"
    ]
    [one] = unproved(without_evidence(book, *same), [cell])
    assert (one.cells, one.refs, one.whole) == ((cell,), (cell,), True)


def test_cells_are_named_with_the_numbers_that_they_stand_behind(book):
    bare = without_evidence(book)
    found = {cell: one for one in unproved(bare, ["funds.months", "funds.bay_state_share"]) for cell in one.cells}
    assert not [cell for cell in found if "established_on" in cell]  # dates add no amount
    bay = found["fund_partners[cn_nvcgf_gba_national].amount_cny_bn"]
    assert bay.refs == ("funds.bay_state_share",)
    assert bay.whole


def test_one_cell_of_a_page_stands_for_the_list(book):
    ref = "regions.top4_rd"
    assert unproved(book, [ref]) == []
    [one] = unproved(without_evidence(book), [ref])
    assert len(one.cells) == len(book.table("provincial_ai_mentions").text)


@pytest.mark.parametrize(
    "ref",
    [
        "regimes[patient_fund].tickets",
        "parameters[sel_pick_corr].value",
        "session.provinces_uses",
        "report_keywords[2008_artificial-intelligence_zh].characters",
    ],
)
def test_what_is_assumed_computed_or_counted_needs_no_page(book, ref):
    assert unproved(without_evidence(book), [ref]) == []


def test_a_count_that_the_press_reports_needs_a_page(book):
    told = next(key for key, row in book.table("report_keywords").text.items() if row["method"] == "reported")
    cell = f"report_keywords[{told}].count"
    [one] = unproved(without_evidence(book), [cell])
    assert one.cells == (cell,)


def test_a_finding_that_rests_on_no_page_is_a_problem_and_one_in_part_is_told(book, root, monkeypatch):
    assert list(check.problems_of_headlines(root, book)) == []
    lines = list(check.problems_of_headlines(root, without_evidence(book)))
    assert any(line.startswith("session_stats[2025].motions") and "add the words of one" in line for line in lines)
    told = set(check.not_looked_up(root))
    monkeypatch.setattr(check, "_lawful", lambda: without_evidence(book, "funds[bj_zgc3].announced_cny_bn"))
    assert set(check.not_looked_up(root)) - told


@pytest.mark.parametrize(
    ("ref", "told"),
    [
        ("funds[cn_nvcgf].announced_cny_bn", "Announced is a hope"),
        ("funds.registered_once", "1 input of its computation is assumed."),
        ("patience_evidence[buy_back_use].value", "Say: more than."),
        ("patience.share[judged_yearly]", "A single origin stands behind it."),
        (
            "funds.nothing_invested_found",
            "We looked until 25 November 2026; it may exist. Cited pages of July 2026 or later",
        ),
        ("patience.share[judged_long]", "Say: less than."),
        ("fund_rules[nvcgf_life].value", "Another page says otherwise: \u201c"),
        ("session.provinces_ai", "carried by GitHub, not on the pages of those who issued them"),
        ("model.wait_10_20", "Print its span: 1.0 to 7.6 points."),
    ],
)
def test_a_headline_number_says_what_must_go_with_it(book, ref, told):
    assert told in " ".join(caveats(book, number(ref, book)))


def test_a_headline_number_names_the_document_that_proves_it(book):
    pages = documents(book, "funds[cn_nvcgf].announced_cny_bn")
    assert pages[0][0].official, "the body's own record comes first"
    assert all(one.agrees and one.seen != "not_seen" for one, _ in pages)
    bare = without_evidence(book)
    assert all(one is None for one, _ in documents(bare, "funds[cn_nvcgf].announced_cny_bn")), "else what the row cites"


def test_the_usual_life_in_china_rests_on_a_page_about_china(book):
    """A frame that is read whole, for a drawing, would bring in the pages of what it is compared with."""
    assert {row for _, row, _ in cells_behind(book, "patience.usual_life")} == {"life_usual_china"}
    assert [source.key for _, source in documents(book, "patience.usual_life")] == ["chinanews_20251226"]


def test_no_single_page_proves_what_is_computed_over_many(book):
    told = {row[0].text: row[2] for row in safe_to_print.of(book).rows}
    silent = next(cell for what, cell in told.items() if what.startswith("Local vehicles with a target for which"))
    assert silent.text.startswith("Computed over")
    assert "rows of funds.csv" in silent.text
    assert "computed from the tables" not in {cell.text for cell in told.values()}


def test_safe_to_print_lists_the_headline_numbers_of_the_front_page(book):
    front = next(page for page in read_pages() if page.name == "overview")
    wanted = {use.ref for use in headlines(front.markdown) if not use.ref.startswith("data.")}
    shown = safe_to_print.of(book)
    assert len(shown.rows) == len(wanted) > 20
    assert {cell.ref for row in shown.rows for cell in row if cell.ref} <= wanted
    assert all(row[2].text for row in shown.rows), "each has a document"
