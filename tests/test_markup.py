"""Tables as HTML: each says what it holds, whoever wrote it."""

from __future__ import annotations

import pytest

from helpers.gates import problems_of_tables
from patient_capital import jupyter
from patient_capital.listings import Cell, Column, load_listings
from patient_capital.listings.record import Listing
from patient_capital.markup import days_kept, table_html
from patient_capital.provenance.registry import number
from patient_capital.sphinxext.entries import columns_html, results_page, table_page
from patient_capital.sphinxext.listing import listing_html
from patient_capital.sphinxext.mathml import formula_html, pieces
from patient_capital.sphinxext.popover import ONE_VOICE, card_html, number_html, term_html
from patient_capital.sphinxext.reach import mended

BARE = "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>one</td></tr></tbody></table>"


def test_a_table_has_its_caption_first_and_its_heads_are_heads_of_columns():
    html = table_html("Of A & B", [("A", "pc-end"), ("B", "")], ["<tr><td>1</td><td>2</td></tr>"], "x")
    assert html.replace("\n", "") == (
        '<table class="x"><caption>Of A &amp; B</caption><thead><tr><th scope="col" class="pc-end">A</th><th scope="col">B</th></tr>'
        "</thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )
    assert "<tbody></tbody>" in table_html("Folded", [("A", "")], []), "the sheet knows a table without rows by this"


@pytest.mark.parametrize(("caption", "head"), [("", "A"), (" ", "A"), ("Of A", "")])
def test_a_table_that_does_not_say_what_it_holds_is_not_written(caption, head):
    with pytest.raises(ValueError, match="needs a caption"):
        table_html(caption, [(head, "")], [])
    with pytest.raises(ValueError, match="needs a caption"):
        listing_html(Listing(caption, (Column(head),), ((Cell("x"),),)), "funds.x", "../")


@pytest.mark.parametrize("bad", [BARE, BARE.replace("<thead", "<caption> <b></b></caption><thead")])
def test_the_gate_names_a_table_without_a_caption(bad):
    assert problems_of_tables(f"<p></p>{bad}") == ["a table without a caption: A one"]
    assert problems_of_tables(BARE.replace("<table", '<table role="presentation"')) == []


def test_a_table_that_nobody_named_is_named_by_the_heading_above():
    page = f'<h1>Page</h1><h2>Money &amp; <em>its</em> stages<a class="headerlink" href="#x">#</a></h2><p>x</p>{BARE}<h2>After</h2>'
    good = mended(page, "T")
    assert '<table><caption class="pc-unseen">Money &amp; its stages</caption><thead>' in good
    assert mended(good, "T") == good
    assert problems_of_tables(mended(BARE, "T")), "no heading, no name"
    index = '<table style="width: 100%" class="indextable genindextable"><tr><td>a</td></tr></table>'
    assert problems_of_tables(mended(index, "T")) == []
    assert "caption" not in mended(index, "T")


def test_every_writer_of_tables_names_them(book):
    listings = [one.of(book) for one in load_listings().values()]
    assert len(listings) > 20
    pages = [jupyter.listing_html(one) for one in listings] + [listing_html(one, one.name, "../") for one in listings]
    entries = [("id", ("a", "b", "c", "d"))]
    pages += [table_page(book, name, entries) for name in book.package.tables]
    pages += [results_page("Funds", entries), columns_html(book.table("funds"))]
    assert [told for page in pages if (told := problems_of_tables(page))] == []


def test_a_line_breaks_within_no_day():
    day = '<span class="pc-day">{}</span>'.format
    assert days_kept("R&D, 2024-10-02; 2025-03") == f"R&amp;D, {day('2024-10-02')}; {day('2025-03')}"
    assert days_kept("2024 and 15-20-25") == "2024 and 15-20-25"


def test_a_long_cell_of_words_is_prose_on_a_card_and_a_short_one_stands_beside_its_name():
    rows = ((Cell("a"), Cell("short")), (Cell("b"), Cell("long " * 9)))
    html = listing_html(Listing("Of words", (Column("A"), Column("B")), rows), "funds.x", "../")
    assert html.count("pc-prose") == 1


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"n = (a + b)", [r"n = (a + b)"]),
        (r"V(T) = \frac{h}{h-g}(1 - e^{-x}) + \delta e^{-(h-g)T}", ["V(T) ", r"= \frac{h}{h-g}(1 - e^{-x}) ", r"+ \delta e^{-(h-g)T}"]),
        (r"a \rightarrow \left(b + c + d + e\right) \Rightarrow x = -1", [r"a \rightarrow \left(b + c + d + e\right) ", r"\Rightarrow x ", "= -1"]),
        (r"\begin{cases} a + b + c + d + e + f + g + h \end{cases}", [r"\begin{cases} a + b + c + d + e + f + g + h \end{cases}"]),
        (r"1 - w (1-f) \big(1 - \Phi(\ln(ticket/threshold)))", ["1 ", "- w (1-f) ", r"\big(1 - \Phi(\ln(ticket/threshold)))"]),
        (r"{} + \delta e^{-(h+r-g)T} + \delta e^{-(h+r-g)T}", [r" + \delta e^{-(h+r-g)T} ", r"+ \delta e^{-(h+r-g)T}"]),
    ],
)  # fmt: skip
def test_a_long_formula_is_parted_before_relations_and_sums_that_no_bracket_holds(latex, parts):
    assert [part.removeprefix("{}") for part in pieces(latex)] == parts


def test_a_function_keeps_off_what_it_is_multiplied_with_and_a_relation_is_no_letter():
    html = formula_html(r"-k \ln(x) + \ln y \sim N", "inline")
    thin = '<mspace width="0.17em" />'
    assert f"<mi>k</mi>{thin}<mi>ln</mi><mo" in html
    assert f"</mo><mi>ln</mi>{thin}<mi>y</mi><mo>&#x0223C;</mo>" in html


def test_a_kind_of_statement_is_a_tag_wherever_its_link_leads(book):
    tags = [
        number_html(number("data.not_found[national_money]", book), "not found", ""),
        term_html("on_record", "On record", "glossary.html"),
    ]
    assert all('class="pc-num pc-num--' in tag and "pc-num--kind" in tag.partition(">")[0] for tag in tags)
    assert "pc-num--kind" not in number_html(number("data.not_found[national_money]", book), "was not found", "")
    assert "pc-num--kind" not in term_html("paid_in", "paid in", "glossary.html")


def test_a_star_is_explained_by_its_card(book):
    starred, plain = number("funds.registered_once", book), number("funds.fields", book)
    assert starred.star
    assert not plain.star
    assert ONE_VOICE in card_html(starred, "")
    assert ONE_VOICE not in card_html(plain, "")
