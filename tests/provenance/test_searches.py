"""Claims of absence: found wherever they stand, bound to a search, and dated."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from patient_capital.check import problems_of_absence, problems_of_shown, problems_of_text
from patient_capital.figures import load_figures
from patient_capital.formatting import human_date
from patient_capital.listings import Cell, Column, Listing, load_listings
from patient_capital.provenance.absence import unbound
from patient_capital.provenance.registry import number
from patient_capital.provenance.searches import absences, rests_on_a_search, with_day


@pytest.mark.parametrize(
    "text",
    [
        "The tally was not found.",
        "It has not yet been published.",
        "No figure for money in firms was found.",
        "Nothing more was found.",
        "Take-up was found nowhere.",
        "No private partner is named.",
        "Its length is unknown.",
        "No figures for 2021.",
        "Nobody knows.",
        "The new fund of Beijing could not be found.",
        "Earlier promises were never found\nwhole.",
    ],
)
def test_words_of_absence_are_found(text, book):
    assert len(absences(text)) == 1
    assert len(unbound(text, book)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "A fund was found.",
        "No rule forbids it. Three were published.",
        "The note is not long. A page was found.",
        "Named partners hold it all.",
    ],
)
def test_other_words_are_not(text):
    assert absences(text) == []


def test_words_are_bound_by_a_link_to_a_search_or_to_what_reads_one(book):
    for target in ("data.not_found[national_money]", "funds.nothing_invested_found"):
        assert rests_on_a_search(target, book)
        assert unbound(f"For it [no figure was found](#{target}).", book) == []
        assert unbound(f"> - **Payments.** [Not\n> found](#{target}); what came was found.", book) == []
        assert len(unbound(f"Here [none was found](#{target}), there none was found.", book)) == 1
    for target in ("funds.registered_once", "funds[cn_nvcgf].announced_cny_bn", "funds.no_such", "term.umbrella"):
        assert not rests_on_a_search(target, book)
    assert unbound("[No figure was found](#funds.no_private_named).", book) == ["No figure was found"]


def test_a_claim_of_absence_tells_its_search(book):
    row = book.table("searches").text["national_money"]
    shown = number("data.not_found[national_money]", book)
    assert shown.label.endswith(row["looked_for"])
    assert shown.when == human_date(row["looked_on"])
    assert {label.partition("].")[2]: value for label, value in shown.inputs} == {
        name: "31 January 2027" if name == "look_next" else row[name]
        for name in ("outcome", "words_en", "words_zh", "places", "closest", "look_next")
    }


def test_what_was_found_after_all_is_no_longer_said_to_be_missing(book):
    searches = book.table("searches")
    text = {key: dict(row) for key, row in searches.text.items()}
    frame = searches.frame.copy()
    text["national_money"]["outcome"] = frame.loc["national_money", "outcome"] = "something"
    changed = replace(book, tables=dict(book.tables) | {"searches": replace(searches, text=text, frame=frame)})
    with pytest.raises(ValueError, match=r"'data\.not_found\[national_money\]' is no longer true"):
        with_day(changed, "", ["national_money"])
    told = list(problems_of_shown(changed))
    assert any(line.startswith("figure session.pledges: claim 'data.not_found[national_money]'") for line in told)


def test_the_day_is_said_once_and_is_the_earliest(book):
    assert with_day(book, "A note.", []) == "A note."
    rows = ("loan_survey", "votes_2021_2023")
    first = min(book.table("searches").text[row]["looked_on"] for row in rows)
    assert with_day(book, "", rows) == f"Looked until {human_date(first)}."
    # Of searches with several days the earliest holds for all, and says so.
    assert with_day(book, "", ("loan_survey", "solar_results_2025")) == f"Looked until {human_date(first)} at least."
    with pytest.raises(KeyError, match=r"no row of searches 'nobody'"):
        with_day(book, "", ["nobody"])


def test_every_figure_and_table_with_a_search_says_its_day_and_carries_the_claim(book):
    named = 0
    for shown in [one.of(book) for register in (load_figures(), load_listings()) for one in register.values()]:
        searched = [ref for ref in shown.refs if ref.startswith("data.not_found[")]
        if searched and shown.name != "ledger.contents":
            named += 1
            assert shown.note.count("Looked until ") == 1, shown.name
    assert named > 10


def test_a_figure_that_says_not_found_without_a_search_is_named(book):
    one = load_figures()["overview.one_yuan"].of(book)
    assert list(problems_of_absence(one.name, one)) == []
    bare = replace(one, refs=())
    assert [line for line in problems_of_absence(one.name, bare) if "name the rows of data/searches.csv" in line]


@pytest.mark.parametrize(
    ("rows", "empty", "found"),
    [
        (((Cell("a"), Cell()),), "not found", 1),
        (((Cell("a"), Cell("b")),), "not found", 0),
        (((Cell("a"), Cell("b", under="day not found")),), "–", 1),
    ],
)
def test_cells_and_blanks_of_a_table_count(rows, empty, found):
    listing = Listing("A table", (Column("A"), Column("B")), rows, empty=empty)
    assert len(list(problems_of_absence("x.y", listing))) == found


def test_a_page_that_says_not_found_is_named(book):
    [line] = problems_of_text("The law was not found.", book)
    assert "'not found' says that something was not found, and leads to no search" in line


def test_what_is_due_by_the_clock_is_told_and_is_no_error(book, monkeypatch):
    from patient_capital import check

    assert list(check.overdue(book.package.edition)) == []
    due = list(check.overdue("2027-01-31"))
    assert any(line.startswith("searches.csv, national_money: ") and line.endswith("since 2027-01-31") for line in due)
    monkeypatch.setattr(check, "book_data", lambda: SimpleNamespace(table=lambda _: SimpleNamespace(text={})))
    assert list(check.overdue("2099-01-01")) == []
