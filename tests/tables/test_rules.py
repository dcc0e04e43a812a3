"""Rules of substance: partners, stages, clauses, searches, evidence, calls, names of publishers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from helpers.mutants import reload
from helpers.rows import change_cells
from patient_capital.provenance.records import all_sources
from patient_capital.tables import DATA_FOLDER, DataError, Problem, book_data, check_substance, rules
from patient_capital.tables.across import later_than_the_edition
from patient_capital.tables.rules import evidence_proves_a_cell
from patient_capital.tables.schema import read_package

EDITION = read_package(DATA_FOLDER).edition
AFTER = (date.fromisoformat(EDITION) + timedelta(1)).isoformat()


@pytest.fixture
def edited(book, copied):
    def edit(table: str, row: str, /, **cells: str):
        change_cells(copied / f"{table}.csv", row, **cells)
        return reload(book, copied)

    return edit


def test_the_book_keeps_every_rule(book):
    assert check_substance(book) is book


def test_size_that_its_partners_do_not_add_to_is_named(edited):
    data = edited("funds", "cn_nvcgf_bth", registered_cny_bn="31.646")
    with pytest.raises(DataError, match=r"funds\.csv, row \d+, column registered_cny_bn: '31\.646'.*add to 29\.646"):
        check_substance(data)


def test_both_together_are_accepted(edited):
    edited("funds", "cn_nvcgf_bth", registered_cny_bn="31.646")
    edited("fund_partners", "cn_nvcgf_bth_national", share_pct="63.1991")
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
    assert {"first_close_cny_bn", "registered_cny_bn"} <= {problem.column for problem in error.value.problems}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"looked_on": AFTER}, rf"column looked_on: '{AFTER}': is later than the edition of {EDITION}"),
        ({"look_next": EDITION}, rf"column look_next: '{EDITION}': the next look is due in the edition of {EDITION}"),
        ({"look_next": "2026-10-01"}, r"column look_next: '2026-10-01': is before looked_on, which is "),
    ],
)
def test_a_search_of_the_future_or_one_that_is_due_is_named(edited, cells, told):
    with pytest.raises(DataError, match=rf"searches\.csv, row \d+, {told}"):
        check_substance(edited("searches", "national_money", **cells))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"as_of": "2026-11-25"}, r"'2026-11-25': the latest page of the row is of 2025-09-20"),
        ({"as_of": ""}, r"'': the latest page"),
        ({"as_of": "2025"}, r"'2025': the latest page"),
    ],
)
def test_a_fund_that_is_not_of_its_latest_page_is_named(edited, cells, told):
    with pytest.raises(DataError, match=rf"funds\.csv, row \d+, column as_of: {told}"):
        check_substance(edited("funds", "hb_data", **cells))


def test_a_fund_may_know_the_month_of_a_page_of_the_year(edited):
    source = edited("funds", "hb_data").table("funds").text["hb_data"]["source_keys"].split(";")[0]
    check_substance(edited("sources", source, published="2025"))


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


def test_a_page_that_names_no_publisher_says_what_it_is(edited):
    told = r"sources\.csv, row \d+, column carried_by: .*the page names no publisher, and nothing says what it is"
    with pytest.raises(DataError, match=told):
        check_substance(edited("sources", "live2017", carried_by=""))


def test_an_address_leads_to_a_page_and_not_to_a_whole_host(edited):
    with pytest.raises(DataError, match=r"sources\.csv, row \d+, column url: 'https://github\.com'"):
        edited("sources", "techme_rdintense", url="https://github.com")


def test_lists_tell_pages_by_publisher_or_by_what_they_are(book):
    """Nobody can look for a page of "Unnamed publisher", nor is this report a page."""
    told = {key: source.credit for key, source in all_sources(book).items()}
    assert told["live2017"] == "Live text of the session (no publisher given)"
    assert told["own_calculation"] == "The Patient Capital authors"
    assert [key for key, credit in told.items() if re.search("Unnamed publisher|This book|^No publisher", credit)] == []


@pytest.mark.parametrize("name", ["Aviation Throughput Review", "Copyright Aftermath", "Digestive Mirrors"])
def test_such_letters_inside_a_word_are_lawful(edited, name):
    check_substance(edited("publishers", "caixin", name=name))


@pytest.mark.parametrize(
    ("fund", "cells", "told"),
    [
        (
            "cn_nvcgf_gba",
            {"countable": "true"},
            "'true': umbrella and parent_id say that it may not be added to others",
        ),
        ("cn_nvcgf", {"countable": "false"}, "'false': umbrella and parent_id say that it may be added"),
        ("sz_sasac", {"umbrella": "false"}, "'false': umbrella and parent_id say that it may be added. Write true"),
    ],
)
def test_what_may_be_added_follows_umbrella_and_parent(edited, fund, cells, told):
    with pytest.raises(DataError, match=rf"funds\.csv, row \d+, column countable: {told}"):
        check_substance(edited("funds", fund, **cells))


@pytest.mark.parametrize(
    ("row", "cells", "told"),
    [
        ("csdn_deep", {"kind": "research"}, r"'research': the page stands on adg\.csdn\.net\. Its kind is blog"),
        (
            "techme_rdintense",
            {"kind": "dataset"},
            r"'dataset': the page stands on github\.com\. Its kind is code_sharing",
        ),
        (
            "csdn_346",
            {"kind": "news", "url": ""},
            r"'news': csdn_blog publishes by himself: blog\. Its kind is one of blog",
        ),
    ],
)
def test_a_page_where_anybody_can_write_says_so(edited, row, cells, told):
    with pytest.raises(DataError, match=rf"sources\.csv, row \d+, column kind: {told}"):
        check_substance(edited("sources", row, **cells))


def test_a_copy_of_a_document_on_such_a_page_counts_as_the_document(edited):
    check_substance(edited("sources", "techme_rdintense", kind="dataset", reprint="true", publisher_id="nbs"))


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
    assert not list(evidence_proves_a_cell(edited("sources", source, published="2025")))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"due_on": "2026-11-25"}, r"due_on: '2026-11-25': the call is made on 2026-11-25, not before it is due"),
        (
            {"outcome": "yes"},
            r"decided_on: '': is empty, though outcome is given: outcome and decided_on and source_keys",
        ),
        (
            {"made_on": "2026-01-01", "due_on": "2026-06-01"},
            r"due_on: '2026-06-01': was due by the edition .* no outcome",
        ),
        (
            {"outcome": "no", "decided_on": "2027-01-01", "source_keys": "gt_0306"},
            r"decided_on: '2027-01-01': is later than the edition",
        ),
    ],
)
def test_a_call_without_its_outcome_in_time_is_named(edited, cells, told):
    with pytest.raises(DataError, match=rf"calls\.csv, row \d+, column {told}"):
        check_substance(edited("calls", "motions_2027", **cells))


@pytest.mark.parametrize("column", ["rule", "probability_pct"])
def test_a_call_without_a_rule_or_a_chance_is_named(edited, column):
    with pytest.raises(DataError, match=rf"calls\.csv, row \d+, column {column}: .*empty"):
        check_substance(edited("calls", "motions_2027", **{column: ""}))


@pytest.mark.parametrize(
    ("row", "cells", "told"),
    [
        ("zhipu", {"amount_unit": "cny_bn"}, "amount_unit: 'cny_bn': the prices of the row are in hkd"),
        ("zhipu", {"state_cost_of": ""}, "state_cost_of: '': is empty, though state_cost_cny_bn is given"),
        ("biren", {"state_cost_of": "Nobody"}, "state_cost_cny_bn: '': is empty, though state_cost_of is given"),
        ("zhipu", {"freed_on": "2026-07-09"}, "freed_on: '2026-07-09': the firm was listed on .* law_binds is true"),
        ("minimax", {"freed_on": ""}, "freed_on: '': the firm was listed on .* law_binds is false"),
        ("minimax", {"freed_on": "2026-01-09"}, "freed_on: '2026-01-09': the firm was listed on 2026-01-09"),
    ],
)
def test_a_listing_that_contradicts_itself_is_named(edited, row, cells, told):
    with pytest.raises(DataError, match=rf"ai_listings\.csv, row \d+, column {told}"):
        check_substance(edited("ai_listings", row, **cells))


# At the edge of each rule


@pytest.fixture(scope="module")
def told_of(book):
    """Return a function that gives what one rule says of the book with other texts in one row."""

    def tell(rule, table, row, /, **cells):
        one = book.table(table)
        changed = replace(one, text={**one.text, row: {**one.text[row], **cells}})
        other = replace(book, tables={**book.tables, table: changed})
        return [f"{problem.column}: {problem.rule}" for problem in rule(other)]

    return tell


EXPENDITURE = "cn-bj_2015_budget_expenditure_science_tech_cny_bn"
FOUND = len(book_data().table("searches").text["national_money"]["source_keys"].split(";"))
"""Pages that the search came upon, all of them of a later day."""
BEIJING = "cn-bj_2023"
UNDATED = next(key for key, text in book_data().table("sources").text.items() if not text["published"])
DECIDED = {"outcome": "yes", "decided_on": EDITION, "source_keys": UNDATED}
PRINTED = next(
    key for key, text in book_data().table("editions").text.items() if text["ref"] == "funds[hb_data].announced_cny_bn"
)


@pytest.mark.parametrize(
    ("rule", "table", "row", "cells", "count"),
    [
        (rules.partners_add_up, "funds", "cn_nvcgf_bth", {"registered_cny_bn": "29.655"}, 0),
        (rules.partners_add_up, "funds", "cn_nvcgf_bth", {"registered_cny_bn": "29.66"}, 1),
        (rules.partners_add_up, "funds", "cn_nvcgf_bth", {"registered_cny_bn": "29.63"}, 1),
        (rules.partners_add_up, "funds", "cn_nvcgf_bth", {"registered_cny_bn": ""}, 0),
        (rules.stages_do_not_exceed, "funds", "hb_data", {"paid_in_cny_bn": "10.009"}, 0),
        (rules.stages_do_not_exceed, "funds", "hb_data", {"paid_in_cny_bn": "10.02"}, 1),
        (rules.stages_do_not_exceed, "funds", "hb_data", {"paid_in_cny_bn": "9", "announced_cny_bn": ""}, 0),
        (rules.clauses_agree, "patience_clauses", "nvcgf_life20", {"rule_id": "", "value": "15"}, 0),
        (rules.clauses_agree, "patience_clauses", "nvcgf_life20", {"rule_id": "", "value": "20"}, 0),
        (rules.clauses_agree, "patience_clauses", "nvcgf_life20", {"rule_id": "", "value": "14.9"}, 1),
        (rules.clauses_agree, "patience_clauses", "nvcgf_life20", {"rule_id": "", "value": ""}, 0),
        (rules.clauses_agree, "patience_clauses", "zz_loss", {"rule_id": ""}, 1),
        (rules.rivals_differ, "fund_amounts_alt", "cn_nvcgf_bth_announced_2025-12-26", {"role": "rival"}, 1),
        (rules.rivals_differ, "fund_amounts_alt", "cn_nvcgf_bth_announced_2025-12-26", {"role": "statement"}, 0),
        (rules.clauses_agree, "patience_clauses", "zz_loss", {"rule_id": "", "what_is_counted": ""}, 0),
        (rules.calls_are_decided_in_time, "calls", "motions_2027", {"due_on": AFTER, "made_on": EDITION}, 0),
        (rules.calls_are_decided_in_time, "calls", "motions_2027", {"due_on": EDITION, "made_on": "2026-01-01"}, 1),
        (rules.calls_are_decided_in_time, "calls", "motions_2027", DECIDED, 0),
        (rules.calls_are_decided_in_time, "calls", "motions_2027", {**DECIDED, "source_keys": "gt_0306"}, 1),
        (rules.calls_are_decided_in_time, "calls", "motions_2027", {**DECIDED, "source_keys": f"gt_0306;{UNDATED}"}, 0),
        (
            rules.calls_are_decided_in_time,
            "calls",
            "motions_2027",
            {**DECIDED, "source_keys": "gt_0306", "outcome": "void"},
            0,
        ),
        (rules.changed_names_lead_on, "aliases", "a01", {"now": "funds[no_such].announced_cny_bn"}, 1),
        (rules.changed_names_lead_on, "aliases", "a01", {"now": "funds[cn_nvcgf].announced"}, 1),
        (rules.changed_names_lead_on, "aliases", "a01", {"now": "fund.name"}, 1),
        (rules.changed_names_lead_on, "aliases", "a01", {"now": "cn_nvcgf"}, 1),
        (rules.changed_names_lead_on, "aliases", "a01", {"now": "funds.announced_cny_bn"}, 0),
        (rules.changed_names_lead_on, "aliases", "a01", {"now": ""}, 0),
        (rules.changed_names_lead_on, "aliases", "a01", {"table": "funds", "old": "hb_data"}, 1),
        (rules.changed_names_lead_on, "aliases", "a01", {"table": "sources", "kind": "column", "old": "title"}, 1),
        (rules.changed_names_lead_on, "aliases", "a01", {"table": "funds", "kind": "table", "old": "funds"}, 1),
        (rules.changed_names_lead_on, "aliases", "a01", {"table": "gone", "kind": "table", "old": "gone"}, 0),
        (rules.changed_names_lead_on, "editions", PRINTED, {"ref": "funds[hb_gone].announced_cny_bn"}, 1),
        (rules.changed_names_lead_on, "editions", PRINTED, {"ref": "funds[hb_data].announced"}, 1),
        (rules.changed_names_lead_on, "editions", PRINTED, {"ref": "fund[hb_data].announced_cny_bn"}, 1),
        (rules.changed_names_lead_on, "editions", PRINTED, {"ref": "parameters[fm_nvcgf_target].value"}, 0),
        (rules.changed_names_lead_on, "editions", PRINTED, {"ref": "funds.gone"}, 0),
        (rules.searches_are_due_later, "searches", "national_money", {"look_next": AFTER}, 0),
        (rules.rows_are_of_their_latest_page, "funds", "hb_data", {"source_keys": "", "as_of": "1999"}, 0),
        (rules.listings_say_in_what, "ai_listings", "minimax", {"freed_on": "2026-01-10"}, 0),
        (rules.stakes_are_shares, "fund_partners", "cn_nvcgf_mof", {"share_pct": "77"}, 1),
        (rules.dollars_are_dollars, "comparators", "chips_act", {"amount_usd_bn": "9999"}, 1),
        (rules.pledges_say_when, "pledges", "vc_fund", {"delivered_on": ""}, 1),
        (rules.pledges_say_when, "pledges", "vc_fund", {"status": "not_found"}, 1),
        (rules.firms_act_once_founded, "dragons", "unitree", {"founded_year": "2017"}, 1),
        (rules.tiles_make_a_map, "tile_grid", "CN-AH", {"alt_row": "1", "alt_col": "1"}, 0),
        (rules.cities_lie_in_their_province, "funds", "hz_3n", {"city": "Hangzhou", "region": "CN-SH"}, 1),
        (rules.claims_rest_on_rows, "claims", "d01", {"evidence": "funds[cn_nvcgf], funds[cn_ai_fund]"}, 1),
        (rules.claims_rest_on_rows, "claims", "d01", {"evidence": "funds[nobody]"}, 1),
        (rules.claims_rest_on_rows, "claims", "d01", {"evidence": "fund[cn_nvcgf]"}, 1),
        (rules.claims_rest_on_rows, "claims", "d01", {"evidence": "cn_nvcgf"}, 1),
        (rules.one_page_has_one_key, "sources", "gt_0306", {}, 0),
        (rules.listings_say_in_what, "ai_listings", "moore_threads", {"exchange": "Hong Kong"}, 1),
        (rules.listings_say_in_what, "ai_listings", "moore_threads", {"code": ""}, 0),
        (rules.amounts_are_those_of_the_page, "funds", "cn_nvcgf", {"registered_cny_bn": "1000"}, 3),
        (rules.amounts_are_those_of_the_page, "evidence", "e020", {"agrees": "false"}, 0),
        (rules.amounts_are_those_of_the_page, "evidence", "e121", {"stated": "1万亿元"}, 1),
        (rules.amounts_are_those_of_the_page, "evidence", "e121", {"stated": "0亿元,后为1万亿元"}, 1),
        (rules.amounts_are_those_of_the_page, "evidence", "e121", {"stated": "0亿元,后为1000亿元"}, 0),
        (rules.funds_are_of_their_level, "funds", "cn_nvcgf_bth", {"parent_id": "ah_guide"}, 1),
        (rules.funds_are_of_their_level, "funds", "ah_guide", {"region": "CN"}, 1),
        (rules.funds_are_of_their_level, "funds", "ah_guide", {"level": "national", "region": "CN"}, 0),
        (rules.funds_are_of_their_level, "fund_partners", "cn_nvcgf_mof", {"partner_fund_id": "cn_nvcgf"}, 1),
        (rules.instruments_are_of_their_fund, "instruments", "cn-bj_2023-08-17_fund", {"fund_id": "ah_guide"}, 1),
        (rules.instruments_are_of_their_fund, "instruments", "cn-bj_2023-08-17_fund", {"fund_id": "cn_nvcgf"}, 0),
        (rules.pages_are_not_older_than_what_they_tell, "targets", "2018_gdp_growth", {}, 0),
        (rules.places_are_where_their_names_say, "funds", "ah_guide", {"region": "CN-GZ"}, 1),
        (rules.places_are_where_their_names_say, "funds", "ah_guide", {"region": "CN"}, 0),
        (rules.places_are_where_their_names_say, "cities", "320500", {"region": "CN-ZJ"}, 1),
        (rules.rates_are_of_their_period, "fx", "usdcny_2025-03-06", {"period_type": "month"}, 1),
        (rules.rates_are_of_their_period, "fx", "usdcny_2025-03-06", {"period": "2025"}, 1),
        (rules.rates_are_of_their_period, "fx", "usdcny_2025-03-06", {"period_type": "implied"}, 0),
        (rules.searches_find_what_was_there, "searches", "national_money", {"looked_on": "2020-01-01"}, FOUND),
        (rules.statistics_do_not_leap, "provinces", EXPENDITURE, {"value": "287800"}, 1),
        (rules.statistics_do_not_leap, "provinces", EXPENDITURE, {"value": "0.002878"}, 1),
        (rules.statistics_do_not_leap, "provinces", EXPENDITURE, {"value": ""}, 0),
        (rules.statistics_fit_together, "provinces", f"{BEIJING}_gdp_secondary_cny_bn", {"value": "4376.08"}, 1),
        (rules.statistics_fit_together, "provinces", f"{BEIJING}_gdp_secondary_cny_bn", {"value": "4376.07"}, 0),
        (rules.statistics_fit_together, "provinces", f"{BEIJING}_gdp_cny_bn", {"value": "437.607"}, 4),
        (rules.statistics_fit_together, "provinces", f"{BEIJING}_gdp_cny_bn", {"value": "4800"}, 0),
        (rules.statistics_fit_together, "provinces", f"{BEIJING}_gdp_cny_bn", {"value": ""}, 0),
        (rules.statistics_fit_together, "provinces", f"{BEIJING}_population_mean_m", {"value": "0"}, 0),
        (rules.sessions_are_told_alike, "session_stats", "2024", {"close_date": "2024-03-10"}, 1),
        (rules.sessions_are_told_alike, "session_stats", "2024", {"close_date": "2024-03"}, 0),
        (rules.sessions_are_told_alike, "session_stats", "2024", {"session_length_days": ""}, 0),
        (rules.sessions_are_told_alike, "votes", "2013_budget", {"session_length_days": "12"}, 1),
        (rules.sessions_are_told_alike, "votes", "2013_budget", {"session_length_days": ""}, 0),
        (rules.sessions_are_told_alike, "votes", "2013_budget", {"year": "1931"}, 0),
        (rules.targets_are_in_the_unit_of_their_outcome, "targets", "2018_gdp_growth", {"unit": "cny_bn"}, 1),
        (rules.targets_are_in_the_unit_of_their_outcome, "targets", "2018_gdp_growth", {"indicator": "x"}, 0),
        (rules.dollars_are_dollars, "comparators", "nvcgf_registered", {"amount_usd_bn": "143"}, 1),
        (rules.dollars_are_dollars, "comparators", "nvcgf_registered", {"amount_usd_bn": "12.2"}, 0),
        (rules.dollars_are_dollars, "comparators", "nvcgf_registered", {"amount_usd_bn": ""}, 0),
        (rules.listings_say_in_what, "ai_listings", "moore_threads", {"raised": "79.996"}, 1),
        (rules.listings_say_in_what, "ai_listings", "moore_threads", {"offer_price": ""}, 0),
        (rules.what_is_awaited_is_to_come, "watch", "second_session", {"expected_on": "2019-01"}, 1),
        (rules.what_is_awaited_is_to_come, "watch", "second_session", {"expected_on": EDITION}, 0),
        (rules.what_is_awaited_is_to_come, "watch", "second_session", {"expected_on": EDITION[:7]}, 0),
    ],
)
def test_each_rule_stops_at_its_edge(told_of, rule, table, row, cells, count):
    assert len(told_of(rule, table, row, **cells)) == count


def test_a_day_may_be_that_of_the_edition(book):
    field = next(f for f in book.table("funds").schema.fields if f.dates_itself and not f.may_be_later)
    for day, count in ((EDITION, 0), (EDITION[:7], 0), (EDITION[:4], 0), (AFTER, 1), (f"{int(EDITION[:4]) + 1}", 1)):
        one = book.table("funds")
        table = replace(one, text={"hb_data": {**one.text["hb_data"], field.name: day}})
        assert len(list(later_than_the_edition(table, EDITION))) == count, day


@pytest.mark.parametrize(
    ("more", "end"), [(0, "Mend it."), (1, "in 1 more row: 2."), (5, ": 2, 3, 4, 5, 6."), (6, ": 2, 3, 4, 5, 6, ...")]
)
def test_a_line_names_the_first_rows_of_a_cause(more, end):
    rows = [Problem("a.csv", 1 + place, "b", str(place), "is wrong", "Mend it.") for place in range(more + 1)]
    (line,) = DataError(rows).lines
    assert line.startswith("a.csv, row 1, column b: '0': is wrong. Mend it.")
    assert line.rstrip(".").endswith(end.rstrip("."))
    assert line.endswith("...") == (more > 5)


def test_all_evidence_that_proves_nothing_is_named(edited, book):
    first, *_, last = book.table("evidence").text
    edited("evidence", first, row_id="nowhere")
    damaged = edited("evidence", last, row_id="nobody")
    assert [one.value for one in evidence_proves_a_cell(damaged)] == ["nowhere", "nobody"]


def test_a_province_without_a_tile_is_named(book):
    tiles = book.table("tile_grid")
    fewer = replace(tiles, text={code: text for code, text in tiles.text.items() if code != "CN-AH"})
    (told,) = rules.tiles_make_a_map(replace(book, tables={**book.tables, "tile_grid": fewer}))
    assert (told.file, told.column, told.rule) == ("province_codes.csv", "in_data", "CN-AH has no tile")


def test_two_tiles_in_one_place_are_named(told_of, book):
    other = book.table("tile_grid").text["CN-BJ"]
    place = {name: other[name] for name in ("alt_row", "alt_col")}
    assert len(told_of(rules.tiles_make_a_map, "tile_grid", "CN-AH", **place)) == 1


def test_two_addresses_of_one_page_are_named(told_of, book):
    first, second = [key for key, text in book.table("sources").text.items() if text["url"]][:2]
    address = book.table("sources").text[first]["url"]
    mark = "&" if "?" in address else "?"
    for same in (
        address,
        address.replace("https://", "http://").upper(),
        f"{address}/",
        f"{address}{mark}utm_source=a",
    ):
        (line,) = told_of(rules.one_page_has_one_key, "sources", second, url=same)
        assert line == f"url: is the page of {first}"


def test_a_page_that_was_seen_before_it_was_written_is_named(told_of, book):
    row = next(iter(book.table("evidence").text))
    told = told_of(evidence_proves_a_cell, "evidence", row, looked_on="1999-01-01")
    assert any("looked_on: the page is of " in line for line in told)


SAME = "as the new one"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"table": "nobody"}, "table: is no table"),
        ({"row_id": "nobody"}, "row_id: funds[nobody]"),
        ({"column": "nothing"}, "row_id: "),
        ({"new_value": "12345"}, "new_value: funds["),
        ({"old_value": SAME}, "old_value: the old value is the new one"),
        ({"after": "9.9.9"}, "after: is no edition that was kept; those are "),
    ],
)
def test_a_correction_that_the_tables_do_not_hold_is_named(told_of, book, cells, told):
    rows = book.table("corrections").text
    row = next(key for key, text in rows.items() if text["table"] == "funds" and text["column"] != rules.WHOLE_ROW)
    cells = {name: rows[row]["new_value"] if text == SAME else text for name, text in cells.items()}
    (line,) = told_of(rules.corrections_hold, "corrections", row, **cells)
    assert line.startswith(told)


def test_a_value_or_a_table_that_a_rule_does_not_know_is_named_with_the_rule(book):
    """As when the contract has a new level, and the rule on levels none."""
    one = book.table("funds")
    text = {**one.text, "hb_data": {**one.text["hb_data"], "level": "county"}}
    with pytest.raises(DataError) as error:
        check_substance(replace(book, tables={**book.tables, "funds": replace(one, text=text)}))
    (line,) = error.value.lines
    assert line.startswith("datapackage.json: 'county': is unknown to the rule: A fund lies in none of a lower level")
    tables = {name: table for name, table in book.tables.items() if name != "watch"}
    with pytest.raises(
        DataError, match=r"there is no table 'watch'.*is unknown to the rule: What would change a finding"
    ):
        check_substance(replace(book, tables=tables))


def test_a_row_that_was_removed_and_is_there_is_named(told_of, book):
    rows = book.table("corrections").text
    row = next(key for key, text in rows.items() if text["new_value"] == "removed")
    here = next(iter(book.table(rows[row]["table"]).text))
    (line,) = told_of(rules.corrections_hold, "corrections", row, row_id=here)
    assert line.endswith(" is there")


def test_a_figure_on_pages_that_are_older_is_named(told_of, book):
    row = next(iter(book.table("provinces").text))
    key = book.table("provinces").text[row]["source_keys"].split(";")[0]
    found = told_of(rules.pages_are_not_older_than_what_they_tell, "sources", key, published="2001-01-01")
    assert found
    assert all("the latest page of the row is of 2001-01-01" in one for one in found)
