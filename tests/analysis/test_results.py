"""Every registered result can be computed, says what it is, and is printed; the ledgers are what the book prints."""

from __future__ import annotations

import re

import pytest

from helpers.rows import rows_of
from patient_capital.figures import load_figures
from patient_capital.formatting import with_hyphen
from patient_capital.ledger import INPUTS, LEDGER, SHOWN, entries, ledgers, places_of, read_pages
from patient_capital.listings import load_listings
from patient_capital.provenance.links import uses_in
from patient_capital.provenance.records import computed, resolve, split_ref
from patient_capital.provenance.registry import load_results, number

RESULTS = load_results()
SINGLE = sorted(ref for ref, result in RESULTS.items() if not result.family)


@pytest.fixture(scope="module")
def printed(book):
    return {use.ref for page in read_pages() for _, use in places_of(page, book)}


OF_THE_PACKAGE = {"overview.published", "overview.version"}
"""Results that are read from the head of the data package and from no table."""


@pytest.mark.parametrize("ref", SINGLE)
def test_result_has_title_formula_and_sources(book, ref):
    shown = resolve(book, RESULTS, ref)
    assert len(shown.label) > 5
    assert shown.formula
    assert shown.text()
    assert shown.inputs or ref in OF_THE_PACKAGE


LEANS = re.compile(r"^(?:the same|of (?:these|those))\b|\b(?:of these|among them)\b", re.IGNORECASE)
"""Words by which a title says of what it tells only to who has read another."""


def test_the_title_of_a_result_can_be_read_alone():
    """A card and a row of the ledger stand apart from the result that was told before."""
    assert LEANS.search("Of these, lives that may reach far")
    assert LEANS.search("The same over the assumed span")
    assert [ref for ref, one in RESULTS.items() if one.kind == "result" and LEANS.search(one.title)] == []


def test_points_of_one_sample_are_printed_alike():
    """A median stands beside the ends and the middle half of what it is the median of."""
    forms: dict[str, set[tuple[str | None, int | None]]] = {}
    for ref, one in RESULTS.items():
        if match := re.fullmatch(r"(.+)_(median|quartiles|range)", ref):
            forms.setdefault(match[1], set()).add((one.unit, one.decimals))
    assert {stem: several for stem, several in forms.items() if len(several) > 1} == {}


def test_every_result_is_printed_or_an_input_of_a_printed_one(book, printed):
    used = {split_ref(ref)[0] for ref in printed}
    used |= {
        split_ref(label.removeprefix("result "))[0]
        for ref in printed
        if split_ref(ref)[0] in RESULTS
        for label in computed(book, RESULTS, ref).rows
        if label.startswith("result ")
    }
    assert sorted(set(RESULTS) - used) == []


def test_every_printed_number_is_in_the_committed_ledger(printed):
    listed = {row["ref"] for row in rows_of(LEDGER)}
    assert sorted(printed - listed) == []
    assert sorted(listed - printed) == []


@pytest.mark.parametrize("path", [LEDGER, INPUTS, SHOWN], ids=lambda path: path.name)
def test_committed_ledger_is_what_the_book_prints_now(book, path):
    now, then = ledgers(book)[path.name], path.read_text(encoding="utf-8")
    assert now.splitlines() == then.splitlines(), "run make refresh and look at the difference"


def test_ledger_of_inputs_names_every_result_and_what_it_reads(book):
    rows = rows_of(INPUTS)
    assert {row["result"] for row in rows} == set(RESULTS) - OF_THE_PACKAGE
    for row in rows:
        if row["input"].startswith("result "):
            assert split_ref(row["input"].removeprefix("result "))[0] in RESULTS
        else:
            table, column = row["input"].split("[")[0].split(".")[0], row["input"].rpartition(".")[2]
            assert book.table(table).schema.field(column)


def test_ledger_holds_one_row_a_reference_with_its_value(book):
    rows = entries(book)
    assert len({row["ref"] for row in rows}) == len(rows)
    for row in rows:
        assert row["value"] == with_hyphen(number(row["ref"]).text())
        assert row["pages"]


def test_every_figure_and_listing_is_shown_on_a_page():
    pages = read_pages()
    assert {name for page in pages for name in page.figures} == set(load_figures())
    assert {name for page in pages for name in page.listings} == set(load_listings())


def test_every_label_is_in_words(book, printed):
    """A card and a download are read by people: no id of a row or of a stored number stands in their titles."""
    for ref in sorted(printed):
        shown = number(ref, book)
        assert "_" not in shown.label, shown.label
        row = split_ref(ref)[1] if shown.kind != "fact" else ""
        assert not (row and shown.label.endswith(f": {row}")), shown.label
    for row in book.table("model_runs").text.values():
        assert "_" not in row["quantity"], row["quantity"]


BLOCKS = re.compile(r"\n\s*\n(?=\S)|\n(?=(?:> )?[-*] )")
"""What parts paragraphs, points of a list and cards; what is indented belongs to the point above."""


def test_a_number_with_a_span_is_printed_beside_it(book):
    """A reader who quotes one paragraph, point of a list, card or row of a table has the span with the number."""
    told = 0
    for page in read_pages():
        for block in BLOCKS.split(page.markdown):
            refs = {split_ref(use.ref) for use in uses_in(block)}
            for name, row in refs:
                if f"{name}_span" in RESULTS:
                    told += 1
                    assert (f"{name}_span", row) in refs, f"{page.name}: {name}[{row}] stands without its span"
    for title, listing in load_listings().items():
        for cells in listing.of(book).rows:
            words = " ".join(f"{number(c.ref, book).text(c.form) if c.ref else c.text} {c.under}" for c in cells)
            for name, row in (split_ref(cell.ref) for cell in cells if cell.ref):
                if f"{name}_span" in RESULTS:
                    told += 1
                    span = f"{name}_span[{row}]" if row else f"{name}_span"
                    assert number(span, book).text("bare") in words, f"{title}: {name}[{row}] stands without its span"
    assert told > 50
