"""Readers meet names, never the ids by which tables and results are kept: in text, tables and figures."""

from __future__ import annotations

import re

import pytest

from helpers.drawings import drawn_texts
from patient_capital.analysis.model.regimes import REGIME_WORDS
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.ledger import entries, read_pages
from patient_capital.listings import load_listings
from patient_capital.provenance.records import cell_in_words, corrected_in_words, row_in_words, value_in_words
from patient_capital.provenance.registry import number
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


def leaks(texts, quoted, spelt_out):
    return {code for text in texts if text and text not in quoted for code in (*codes(text), *spelt_out(text))}


AS_CALLED = {
    *("agricultural bank", "npc secretariat", "npc standing committee", "ai plus", "vc fund", "ai firms"),
    *("humanoid makers", "national fund", "patient fund"),
}
"""Ids that are spelt as people call the thing."""

UNITS = {"pct", "cny", "usd", "gw", "mt", "twh", "kwh"}
"""Parts that only ids have."""


@pytest.fixture(scope="module")
def spelt_out(book):
    """Return what finds the ids of rows and series that are printed as words, each where it is no name itself."""
    ids, names = set(), set()
    for table in book.tables.values():
        schema = table.schema
        columns = {schema.primary_key, *(own for own, *_ in schema.references)} - {None}
        ids |= {key for row in table.text.values() for column in columns for key in row[column].split(";")}
        names |= {row_in_words(book, schema.name, key).casefold() for key in table.text}
    names |= {words.casefold() for words in REGIME_WORDS.values()}
    words = {key.replace("_", " ").casefold() for key in ids if "_" in key} - names - AS_CALLED
    telling = {one for one in words if len(one.split()) > 3 or UNITS & set(one.split())}
    lengths = {len(one.split()) for one in telling}

    def found(text):
        """Return ids that stand as a part of a name; those of many words or with a unit also within one."""
        plain = text.casefold()
        parts = {part.strip() for part in re.split(r"[,:;|()\n]", plain)}
        windows = plain.replace(",", " ").split()
        runs = {
            " ".join(windows[start : start + length])
            for length in lengths
            for start in range(len(windows) - length + 1)
        }
        return (parts & words) | (runs & telling)

    return found


def test_an_id_is_told_from_the_name_that_is_like_it(spelt_out):
    assert spelt_out("Beijing, gen ai services filed cac, 2025-03-31: value") == {"gen ai services filed cac"}
    assert spelt_out("the auto capacity utilisation pct nbs of 2024") == {"auto capacity utilisation pct nbs"}
    assert spelt_out("AI firms by place: urban jobs") == {"urban jobs"}
    assert spelt_out("Moore Threads, China Daily and IT Juzi: surveyed unemployment") == set()


def test_a_unit_is_said_in_words(book):
    said = {
        value_in_words(book, "ai_overcapacity", "unit", row["unit"])
        for row in book.table("ai_overcapacity").text.values()
    }
    assert {"bn yuan", "percent", "dollars per hour", "trillion tokens per day", "centres"} <= said
    assert not {part for words in said for part in words.split()} & UNITS


def test_a_card_prints_names(book, spelt_out):
    labels = {number(row["ref"], book).label for row in entries(book)}
    assert {label: found for label in labels if (found := spelt_out(label))} == {}


def test_every_series_has_a_row_that_uses_it(book):
    used = {
        row[column]
        for table in book.tables.values()
        for column, referred, _ in table.schema.references
        if referred == "series"
        for row in table.text.values()
    }
    assert used == set(book.table("series").text)


@pytest.mark.parametrize("name", sorted(load_listings().keys() - OF_CODE))
def test_a_table_prints_names(name, book, quoted, spelt_out):
    one = load_listings()[name].of(book)
    cells = [text for row in one.rows for cell in row for text in (cell.text, cell.under)]
    assert leaks([one.title, one.note, one.empty, *(c.title for c in one.columns), *cells], quoted, spelt_out) == set()


@pytest.mark.parametrize("name", list(load_figures()))
def test_a_figure_prints_names(name, book, spelt_out):
    one = load_figures()[name].of(book)
    assert leaks([*one.texts, *drawn_texts(one.wide), *drawn_texts(one.narrow)], (), spelt_out) == set()


@pytest.mark.parametrize("name", list(load_explorers()))
def test_an_explorer_prints_names(name, book, spelt_out):
    one = load_explorers()[name].of(book)
    assert (
        leaks(
            [*one.texts, *(text for control in one.controls for text in (control.label, *control.texts))], (), spelt_out
        )
        == set()
    )


@pytest.mark.parametrize(
    "page",
    # Pages about the code write its names.
    [page for page in read_pages() if not page.name.startswith(("api", "use_"))],
    ids=lambda page: page.name,
)
def test_the_text_of_a_page_says_names(page, spelt_out):
    plain = re.sub(r"\$[^$]+\$|`[^`]*`", "", page.markdown)
    assert leaks(running_text(plain), (), spelt_out) == set()


def test_a_row_is_called_by_what_it_refers_to(book):
    row = "cn-bj_2025-03-31_gen_ai_services_filed_cac"
    assert row_in_words(book, "ai_firms_by_region", row) == (
        "Generative AI services filed with the regulator, Beijing, 31 March 2025"
    )
    assert row_in_words(book, "ai_overcapacity", "h100_rent_usd_hour_2025") == (
        "Rent of an H100 processor for an hour, 2025"
    )
    assert row_in_words(book, "session_stats", "2015") == "2015"
    assert value_in_words(book, "funds", "parent_id", "cn_aic_pilot") == row_in_words(book, "funds", "cn_aic_pilot")
    assert corrected_in_words(book, {"table": "sources", "column": "publisher_id"}, "china_daily") == "China Daily"
    # Where its content has moved, a row of an earlier edition is called as that.
    assert row_in_words(book, "solar_ev_parallel", "world_cell_module_utilisation_pct_2023") == (
        "Capacity for cells and modules in use, world, 2024"
    )


def test_rows_with_one_label_are_told_apart_by_their_dates(book):
    assert row_in_words(book, "votes", "2017_budget") == "budget, 2017"
    assert row_in_words(book, "funds", "sh_future") == "Shanghai future industry fund"
    assert cell_in_words(book, "funds", "sh_future", "announced_cny_bn") == (
        "Funds, Shanghai future industry fund: announced size"
    )
    assert row_in_words(book, "pledges", "listing_tier") == "Better listing rules for technology firms"
    assert (
        row_in_words(book, "solar_ev_parallel", "auto_profit_margin_pct_2014")
        == "Profit margin of the car industry, 2014"
    )
    assert cell_in_words(book, "funds", "no_longer_there", "(row)") == "Funds, a row that is no longer there: row"
