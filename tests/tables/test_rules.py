"""Rules of substance: partners, stages, clauses, searches, evidence, calls, names of publishers."""

from __future__ import annotations

import csv
import shutil

import pytest

from patient_capital.tables import DATA_FOLDER, DataError, check_substance, load


@pytest.fixture
def edited(tmp_path):
    def edit(table: str, row: str, /, **cells: str):
        folder = tmp_path / "data"
        if not folder.exists():
            shutil.copytree(DATA_FOLDER, folder)
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        key = next(iter(rows[0]))
        rows = [r | cells if r[key] == row else r for r in rows]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return load(folder)

    return edit


def test_the_book_keeps_every_rule(book):
    assert check_substance(book) is book


def test_size_that_its_partners_do_not_add_to_is_named(edited):
    data = edited("funds", "cn_nvcgf_bth", registered_cny_bn="31.646")
    with pytest.raises(DataError, match=r"funds\.csv, row \d+, column registered_cny_bn: '31\.646'.*add to 29\.646"):
        check_substance(data)


def test_both_together_are_accepted(edited):
    edited("funds", "cn_nvcgf_bth", registered_cny_bn="31.646")
    check_substance(edited("fund_partners", "cn_nvcgf_bth_rest", amount_cny_bn="11.646"))


@pytest.mark.parametrize("stage", ["first_close_cny_bn", "paid_in_cny_bn", "invested_cny_bn"])
def test_more_than_was_ever_promised_is_named(edited, stage):
    data = edited("funds", "hb_data", **{stage: "11"})
    with pytest.raises(DataError, match=rf"{stage}: '11': exceeds everything .*\(10\)"):
        check_substance(data)


def test_all_broken_rules_are_named_at_once(edited):
    edited("funds", "hb_data", first_close_cny_bn="11")
    data = edited("funds", "cn_nvcgf_gba", registered_cny_bn="40")
    with pytest.raises(DataError) as error:
        check_substance(data)
    assert len(error.value.problems) == 2


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"looked_on": "2026-11-26"}, r"column looked_on: '2026-11-26': is later than the edition of 2026-11-25"),
        (
            {"look_next": "2026-11-25"},
            r"column look_next: '2026-11-25': the next look is due in the edition of 2026-11-25",
        ),
        ({"look_next": "2026-10-01"}, r"column look_next: '2026-10-01': the next look is due .*Look again"),
    ],
)
def test_a_search_of_the_future_or_one_that_is_due_is_named(edited, cells, told):
    with pytest.raises(DataError, match=rf"searches\.csv, row \d+, {told}"):
        check_substance(edited("searches", "national_money", **cells))


@pytest.mark.parametrize(
    ("clause", "cells", "told"),
    [
        ("ah_loss80", {"value": "70"}, r"'70': fund_rules\.csv, row ah_angel gives 80"),
        ("nvcgf_life20", {"value": "25"}, r"'25': funds\.csv, row cn_nvcgf gives 15 to 20"),
        ("shff_life", {"value": "12"}, r"'12': funds\.csv, row sh_future gives 15 to 18"),
    ],
)
def test_a_clause_that_disagrees_with_a_rule_or_a_fund_is_named(edited, clause, cells, told):
    with pytest.raises(DataError, match=rf"patience_clauses\.csv, row \d+, column value: {told}"):
        check_substance(edited("patience_clauses", clause, **cells))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Caixin via Reportify", "via"),
        ("Tech Jacks after Reuters", "after"),
        ("Blog copy of session reports", "copy"),
        ("Caixin, reprint", "reprint"),
        ("Mirror of Caixin", "Mirror"),
        ("THE NEURAL FEED DIGEST", "DIGEST"),
        ("Aggregator", "Aggregator"),
        ("Mezha, citing Reuters", "citing"),
        ("NetEase through CECC", "through"),
        ("Reuters, carried by Business Recorder", "carried"),
        ("Reportify (Xinhua Daily)", r"\("),
        ("Hongbo\uff08弘博报告\uff09", "\uff08"),
        ("Caixin [copied]", r"\["),
    ],
)
def test_a_publisher_whose_name_says_how_a_page_was_found_is_named(edited, name, found):
    rule = rf"publishers\.csv, row \d+, column name: .*{found}.*: '{found}' says how a page was found.* carried_by"
    with pytest.raises(DataError, match=rule):
        check_substance(edited("publishers", "caixin", name=name))


@pytest.mark.parametrize("name", ["Aviation Throughput Review", "Copyright Aftermath", "Digestive Mirrors"])
def test_such_letters_inside_a_word_are_lawful(edited, name):
    check_substance(edited("publishers", "caixin", name=name))


def test_a_publisher_stands_in_one_row(edited):
    with pytest.raises(DataError, match=r"publishers\.csv, row \d+, column name: 'Reuters'"):
        edited("publishers", "caixin", name="Reuters")


@pytest.mark.parametrize(
    ("table", "row", "cells", "told"),
    [
        ("searches", "national_money", {"looked_on": ""}, "column looked_on: ''"),
        ("searches", "national_money", {"words_zh": ""}, "column words_zh: ''"),
        ("patience_clauses", "zj_direct", {"document": ""}, "column document: ''"),
        ("patience_clauses", "zj_direct", {"clause": "patience"}, "column clause: 'patience'"),
        ("patience_clauses", "zj_direct", {"source_keys": "nobody"}, "column source_keys: 'nobody'"),
        ("patience_evidence", "judged_yearly", {"value": ""}, "column value: ''"),
    ],
)
def test_a_row_without_what_it_rests_on_is_named(edited, table, row, cells, told):
    with pytest.raises(DataError) as error:
        edited(table, row, **cells)
    assert [problem for problem in map(str, error.value.problems) if told in problem]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"row_id": "cn_nowhere"}, r"column row_id: 'cn_nowhere': is evidence for .*, which does not exist"),
        ({"table": "fund"}, r"is evidence for fund\[.*, which does not exist"),
        ({"column": "paid_in_cny_bn"}, r"is evidence for funds\[cn_nvcgf\]\.paid_in_cny_bn, which is empty"),
        ({"stated": ""}, r"column stated: '': a page that was seen is quoted"),
        ({"seen": "not_seen"}, r"a page that was seen is quoted, and only such a page"),
        ({"looked_on": "2999-01-01"}, r"column looked_on: '2999-01-01': is later than the edition"),
        ({"source_key": "gt_0306"}, r"'gt_0306': is of 2025-03-0\d, older than .* of 2025-07-21"),
    ],
)
def test_evidence_that_proves_nothing_is_named(edited, book, cells, told):
    row = next(
        key
        for key, text in book.table("evidence").text.items()
        if (text["row_id"], text["column"]) == ("cn_nvcgf", "established_on") and text["stated"]
    )
    with pytest.raises(DataError, match=rf"evidence\.csv, row \d+, .*{told}"):
        check_substance(edited("evidence", row, **cells))


def test_a_page_of_the_year_may_prove_a_day_in_it(edited, book):
    row = next(key for key, text in book.table("evidence").text.items() if text["column"] == "established_on")
    source = book.table("evidence").text[row]["source_key"]
    check_substance(edited("sources", source, published="2025"))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"due_on": "2026-11-25"}, r"due_on: '2026-11-25': the call is made on 2026-11-25, not before it is due"),
        ({"outcome": "yes"}, r"outcome: 'yes': only outcome is given"),
        (
            {"made_on": "2026-01-01", "due_on": "2026-06-01"},
            r"due_on: '2026-06-01': was due by the edition .* no outcome",
        ),
        (
            {"outcome": "no", "decided_on": "2027-01-01", "source_keys": "gt_0306"},
            r"decided_on: '2027-01-01': is not between the call",
        ),
    ],
)
def test_a_call_without_its_outcome_in_time_is_named(edited, cells, told):
    with pytest.raises(DataError, match=rf"calls\.csv, row \d+, column {told}"):
        check_substance(edited("calls", "motions_2027", **cells))


@pytest.mark.parametrize("column", ["rule", "compared_with", "probability_pct"])
def test_a_call_without_a_rule_or_a_chance_is_named(edited, column):
    with pytest.raises(DataError, match=rf"calls\.csv, row \d+, column {column}: .*empty"):
        check_substance(edited("calls", "motions_2027", **{column: ""}))
