"""Numbers with a memory: what earlier editions printed, and which names have gone since."""

from __future__ import annotations

from pathlib import Path

import pytest

from patient_capital.provenance.editions import earlier, revised
from patient_capital.provenance.registry import number
from patient_capital.sphinxext.popover import card_html

NAMES = Path(__file__).resolve().parents[1] / "data" / "names_0.2.0.tsv"


def test_a_number_that_has_not_changed_has_no_memory(book):
    assert earlier(book, number("funds.registered_once", book)) == ()
    assert "Before" not in card_html(number("funds.registered_once", book), "x", "ledger.html")


def test_a_changed_cell_tells_old_value_edition_and_reason(book, raw):
    [one] = earlier(book, number("funds[sh_future].announced_cny_bn", book))
    [correction] = [
        row
        for row in raw("corrections").values()
        if (row["table"], row["row_id"], row["column"], row["after"])
        == ("funds", "sh_future", "announced_cny_bn", "0.2.0")
    ]
    assert (one.edition, one.value) == ("0.2.0", f"{correction['old_value']}bn yuan")
    assert one.reasons == (correction["reason"],)
    card = card_html(number("funds[sh_future].announced_cny_bn", book), "x", "ledger.html")
    assert f"10bn yuan in edition 0.2.0: {correction['reason']}" in card


def test_a_result_tells_the_corrections_of_the_cells_that_it_reads_and_no_others(book, raw):
    [one] = earlier(book, number("session.motions_before", book))
    assert one.value == "470"
    told = {
        row["reason"]
        for row in raw("corrections").values()
        if row["table"] == "session_stats" and row["column"] == "motions"
    }
    assert set(one.reasons) == told


def test_every_number_that_changed_is_listed_once(book, raw):
    listed = {(one.edition, one.ref): (one.value, now) for one, now in revised(book)}
    for row in raw("editions").values():
        try:
            now = number(row["ref"], book).text()
        except (KeyError, ValueError):
            now = ""
        shown = listed.get((row["edition"], row["ref"]))
        assert shown == (None if now == row["value"] else (row["value"], now)), row["ref"]


def test_a_number_that_is_gone_is_listed_with_its_reason(book):
    gone = {one.ref: one for one, now in revised(book) if not now}
    assert "Money under management is no target" in gone["funds[sz_sasac].announced_cny_bn"].reasons[0]


@pytest.fixture(scope="module")
def names():
    lines = [line.split("\t") for line in NAMES.read_text(encoding="utf-8").splitlines()]
    return {(table, kind): set(found) for table, kind, *found in lines}


def test_no_table_column_or_row_of_the_last_edition_is_gone_silently(names, book, raw):
    aliases = {(row["table"], row["kind"], row["old"]) for row in raw("aliases").values()}
    gone = set()
    for (table, kind), found in names.items():
        if table not in book.tables:
            gone.add((table, "table", table))
            continue
        loaded = book.table(table)
        now = set(loaded.text) if kind == "row" else {field.name for field in loaded.schema.fields}
        gone |= {(table, kind, name) for name in found - now}
    assert gone == aliases


def test_an_alias_leads_to_what_is_there(book, raw):
    for row in raw("aliases").values():
        if "]." in row["now"]:
            assert number(row["now"], book)
        elif row["now"]:
            table, column = row["now"].split(".")
            assert book.table(table).schema.field(column)
