"""Readers meet names, never the ids by which tables and results are kept: in text, tables and figures."""

from __future__ import annotations

import re

import pytest

from helpers.drawings import drawn_texts
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.ledger import read_pages
from patient_capital.listings import load_listings
from patient_capital.provenance.records import cell_in_words, row_in_words
from patient_capital.words import running_text

CODE = re.compile(r"\b[a-z]\w*\[[^\]]+\]|\b[a-z0-9]+_\w+")
"""A reference, as ``funds[cn_nvcgf]``, and an id of several words."""

OF_CODE = {"model.interface", "use_model.files"}
"""Tables of functions and of commands."""

ADDRESS = re.compile(r"https?://\S+")


def codes(text):
    return CODE.findall(ADDRESS.sub("", text))


def test_a_code_is_told_from_words():
    assert codes("Size (funds[sh_future].announced_cny_bn), sh_future; see https://example.org/abstract_id=3") == [
        "funds[sh_future]",
        "announced_cny_bn",
        "sh_future",
    ]
    assert codes("Future fund of Shanghai: announced size [sic], OWID_WRL") == []


@pytest.fixture(scope="module")
def quoted(book):
    """Return what others wrote, which is quoted as it stands: titles of pages and words of them."""
    titles = {row["title"] for row in book.table("sources").text.values()}
    return {text for text in titles | {row["stated"] for row in book.table("evidence").text.values()} if codes(text)}


def leaks(texts, quoted):
    return {code for text in texts if text and text not in quoted for code in codes(text)}


@pytest.mark.parametrize("name", sorted(load_listings().keys() - OF_CODE))
def test_a_table_prints_names(name, book, quoted):
    one = load_listings()[name].of(book)
    cells = [text for row in one.rows for cell in row for text in (cell.text, cell.under)]
    assert leaks([one.title, one.note, one.empty, *(c.title for c in one.columns), *cells], quoted) == set()


@pytest.mark.parametrize("name", list(load_figures()))
def test_a_figure_prints_names(name, book):
    one = load_figures()[name].of(book)
    assert leaks([*one.texts, *drawn_texts(one.wide), *drawn_texts(one.narrow)], ()) == set()


@pytest.mark.parametrize("name", list(load_explorers()))
def test_an_explorer_prints_names(name, book):
    one = load_explorers()[name].of(book)
    assert (
        leaks([*one.texts, *(text for control in one.controls for text in (control.label, *control.texts))], ())
        == set()
    )


@pytest.mark.parametrize(
    "page",
    # Pages about the code write its names.
    [page for page in read_pages() if not page.name.startswith(("api", "use_"))],
    ids=lambda page: page.name,
)
def test_the_text_of_a_page_says_names(page):
    plain = re.sub(r"\$[^$]+\$|`[^`]*`", "", page.markdown)
    assert leaks(running_text(plain), ()) == set()


def test_rows_with_one_label_are_told_apart_by_their_dates(book):
    assert row_in_words(book, "votes", "2017_budget") == "budget, 2017"
    assert row_in_words(book, "funds", "sh_future") == "Shanghai future industry fund"
    assert cell_in_words(book, "funds", "sh_future", "announced_cny_bn") == (
        "Funds, Shanghai future industry fund: announced size"
    )
    assert row_in_words(book, "pledges", "listing_tier") == "Better listing rules for technology firms"
    assert row_in_words(book, "solar_ev_parallel", "auto_profit_margin_pct_2014") == "auto profit margin percent, 2014"
    assert cell_in_words(book, "funds", "no_longer_there", "(row)") == "Funds, no longer there: row"
