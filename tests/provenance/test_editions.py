"""Numbers with a memory: what earlier editions printed, and which names have gone since."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from patient_capital.edition import EDITIONS, NAMES, kept, write_edition
from patient_capital.formatting import with_minus
from patient_capital.provenance.editions import earlier, revised
from patient_capital.provenance.registry import number
from patient_capital.sphinxext.popover import card_html

ROOT = Path(__file__).resolve().parents[2]


def test_a_number_that_has_not_changed_has_no_memory(book):
    assert earlier(book, number("funds.registered_once", book)) == ()
    assert "Before" not in card_html(number("funds.registered_once", book), "../")


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
    card = card_html(number("funds[sh_future].announced_cny_bn", book), "../")
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
        before = with_minus(row["value"])
        assert shown == (None if now == before else (before, now)), row["ref"]


def test_a_number_that_is_gone_is_listed_with_its_reason(book):
    gone = {one.ref: one for one, now in revised(book) if not now}
    assert "Money under management is no target" in gone["funds[sz_sasac].announced_cny_bn"].reasons[0]


@pytest.fixture(scope="module")
def last(book):
    return list(book.table("editions").text.values())[-1]["edition"]


@pytest.fixture(scope="module")
def names(last):
    lines = [line.split("\t") for line in (ROOT / NAMES / f"names_{last}.tsv").read_text(encoding="utf-8").splitlines()]
    return {(table, kind): set(found) for table, kind, *found in lines}


def gone_from(book, names):
    """Return the names of an edition that the book no longer has: table, kind and name."""
    gone = set()
    for (table, kind), found in names.items():
        if table not in book.tables:
            gone.add((table, "table", table))
            continue
        loaded = book.table(table)
        now = set(loaded.text) if kind == "row" else {field.name for field in loaded.schema.fields}
        gone |= {(table, kind, name) for name in found - now}
    return gone


def test_no_table_column_or_row_of_the_last_edition_is_gone_silently(names, last, book, raw):
    aliases = {(row["table"], row["kind"], row["old"]) for row in raw("aliases").values() if row["edition"] == last}
    assert gone_from(book, names) == aliases


def test_a_name_that_is_gone_without_an_alias_is_seen(names, book):
    named = names | {("funds", "row"): names["funds", "row"] | {"no_such_fund"}, ("no_such_table", "row"): {"a"}}
    more = gone_from(book, named) - gone_from(book, names)
    assert more == {("funds", "row", "no_such_fund"), ("no_such_table", "table", "no_such_table")}


def test_an_alias_leads_to_what_is_there(book, raw):
    for row in raw("aliases").values():
        if "]." in row["now"]:
            assert number(row["now"], book)
        elif row["now"]:
            table, column = row["now"].split(".")
            assert book.table(table).schema.field(column)


@pytest.fixture
def next_one(book):
    return replace(book, package=replace(book.package, version="0.3.0"))


def test_an_edition_is_kept_once_beside_the_earlier_ones(next_one, last, tmp_path):
    (tmp_path / "chapters").symlink_to(ROOT / "chapters")
    names, editions = sorted(path.relative_to(tmp_path) for path in write_edition(tmp_path, next_one))[::-1]
    text = (tmp_path / editions).read_text(encoding="utf-8")
    assert text.startswith((ROOT / EDITIONS).read_text(encoding="utf-8"))
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["edition"] for row in rows] == sorted(row["edition"] for row in rows)
    printed = {row["ref"]: row["value"] for row in rows if row["edition"] == "0.3.0"}
    assert printed["funds.registered_once"] == number("funds.registered_once", next_one).text()
    assert "funds.nothing_invested_found" not in printed
    assert names.name == "names_0.3.0.tsv"
    lines = (tmp_path / names).read_text(encoding="utf-8").splitlines()
    assert {tuple(line.split("\t")[:2]) for line in lines} == {
        (n, k) for n in next_one.tables for k in ("column", "row")
    }
    assert "funds\trow\t" + "\t".join(next_one.table("funds").text) in lines


def test_what_an_edition_has_printed_is_never_written_again(book, last):
    with pytest.raises(ValueError, match=rf"edition {last} is kept already: raise the version"):
        kept(replace(book, package=replace(book.package, version=last)), ROOT / "chapters")
