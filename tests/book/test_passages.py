"""What can be found on a page: each passage once, under an anchor that its page has, without cards, code and folds."""

from __future__ import annotations

import base64
import json
import re
import zlib

import pytest
from docutils import nodes
from docutils.core import publish_doctree

from patient_capital.listings import Cell, Column, Listing, load_listings
from patient_capital.sphinxext.listing import ListingNode, listing_html
from patient_capital.sphinxext.passages import Passage, figure, passages, rows
from patient_capital.sphinxext.search import LAST, LATER, aliases, named, packed, script, weight

TEXT = """
Title
=====

One paragraph.

Part
----

One paragraph.

::

    code()

- First item, with a `link`_.
- Second item.

term
  What it means.

=====  =====
left   right
=====  =====

.. _link: https://example.org/
"""


@pytest.fixture
def found():
    doctree = publish_doctree(TEXT, settings_overrides={"doctitle_xform": False})
    return passages(doctree), doctree


def test_every_passage_is_found_under_its_heading_and_code_is_not(found):
    told = [(one.kind, one.head, one.text) for one in found[0]]
    assert told == [
        ("page", "Title", "Title"),
        ("text", "Title", "One paragraph."),
        ("section", "Part", "Part"),
        ("text", "Part", "One paragraph."),
        ("text", "Part", "First item, with a link."),
        ("text", "Part", "Second item."),
        ("term", "term", "term: What it means."),
        ("row", "Part", "left · right"),
    ]


def test_anchors_are_ids_of_the_page_each_its_own_and_the_same_again(found):
    anchors = [one.anchor for one in found[0] if one.anchor]
    assert len(set(anchors)) == len(anchors) == 7
    ids = [ident for node in found[1].findall(nodes.Element) for ident in node.get("ids", [])]
    assert set(anchors) <= set(ids)
    again = passages(publish_doctree(TEXT, settings_overrides={"doctitle_xform": False}))
    assert [one.anchor for one in again] == [one.anchor for one in found[0]]


FIGURE = (
    '<figure class="pc-figure" id="fig-a-b"><p class="pc-figure__title">A &amp; b</p><p class="pc-figure__subtitle">By year</p>'
    '<div role="img" aria-label="Bars. Hefei: 6.3."><svg><text x="1">Hefei</text><text>12.5</text><text>Wuhan</text>'
    "</svg></div><figcaption><p>A note.</p><details><summary>Sources</summary>Hidden</details></figcaption></figure>"
)


def test_figure_is_found_by_its_finding_its_note_and_the_words_drawn():
    assert figure(FIGURE) == Passage(
        "fig-a-b", "figure", "A & b", "A & b · By year · Bars. Hefei: 6.3. · A note. · Wuhan"
    )
    assert figure("<p>no figure</p>") is None


def test_cells_of_a_row_stand_apart_and_the_row_has_the_id_that_its_page_gives_it():
    columns = (Column("a"), Column("b"))
    lines = (
        (Cell("Zhou Tongyu", under="deputy"), Cell("x")),
        (Cell("周桐宇"), Cell()),
        (Cell("Zhou Tongyu"), Cell("y")),
    )
    one = Listing("t", columns, lines, name="session.speakers")
    told = list(rows(one))
    assert [row.text for row in told] == ["Zhou Tongyu · deputy · x", "周桐宇", "Zhou Tongyu · y"]
    html = listing_html(one, "session.speakers", "../")
    assert re.findall(r'<tr id="([^"]+)"', html) == [row.anchor for row in told]
    assert len({row.anchor for row in told}) == 3


def test_a_row_that_has_an_id_keeps_it_and_one_of_a_number_is_known_by_the_row_of_its_table():
    rows_ = ((Cell("words", anchor="n-one"),), (Cell(ref="funds[cn_nvcgf].announced_cny_bn"),))
    assert Listing("t", (Column("a"),), rows_, name="funds.some_list").row_ids == (
        "n-one",
        "row-funds-some-list-cn_nvcgf",
    )


def test_a_table_of_the_book_is_found_row_by_row_where_it_stands(book):
    name = "session.speakers"
    doctree = publish_doctree("", settings_overrides={"doctitle_xform": False})
    doctree += ListingNode(listing=name)
    told = passages(doctree)
    assert len(told) == len(load_listings()[name].of(book).rows)
    assert all(one.anchor.startswith("row-session-speakers-") for one in told)


PAGES = {"chapters/session": [Passage("", "page", "S", "S"), Passage("p-1", "text", "S", "Zhou Tongyu spoke."),
                              Passage("p-2", "text", "S", "Then others.")],
         "chapters/data": [Passage("source-a", "row", "t", "Zhou Tongyu")]}  # fmt: skip


def test_index_holds_every_passage_and_is_the_same_again():
    told = packed(PAGES, dict.fromkeys(PAGES, "T"), ["chapters/session"])
    back = [
        (address, kind, head, shared + rest, text)
        for address, _, _, groups in told
        for kind, head, shared, members in groups
        for rest, text in members
    ]
    assert back == [
        (f"{page}.html", one.kind, one.head, one.anchor, one.text) for page, all_ in PAGES.items() for one in all_
    ]
    written = script("a.js", told)
    assert written == script("a.js", told)
    assert json.loads(zlib.decompress(base64.b64decode(re.search(r',"(.*)"\)', written)[1]))) == told


def test_report_counts_most_and_annex_and_functions_least():
    story = ["chapters/session"]
    pages = ["chapters/session", "chapters/glossary", LATER[0], LAST[0]]
    weights = [weight(page, story) for page in pages]
    assert weights == sorted(set(weights), reverse=True)


def test_names_are_known_in_chinese_and_lead_to_what_is_about_them(book):
    known = aliases(book, ())
    assert ["深圳", "Shenzhen"] in known
    assert ["周桐宇", "Zhou Tongyu"] in known
    assert ["民营经济", "private economy"] in known, "a word of the work reports"
    assert ["National AI Industry Investment Fund", "National AI fund"] in [one[1:] for one in known]
    told = named(book, PAGES)
    assert told == {"Zhou Tongyu": ("周桐宇", {"chapters/session": PAGES["chapters/session"][1]})}


def test_the_glossary_and_the_text_say_what_no_table_has_in_chinese(book):
    found = [
        Passage(
            "a",
            "term",
            "deputy, deputies",
            "deputy, deputies: Member of the Congress (人大代表, 代表 for short), elected (选举).",
        ),
        Passage("b", "text", "t", "In July Hangzhou Capital (杭州资本) paid."),
        Passage("c", "text", "t", "The Hangzhou Capital (杭州资本) was asked, and so was Zhou Tong (周桐宇)."),
    ]
    known = aliases(book, found)
    assert [one for one in known if one not in aliases(book, ())] == [
        ["人大代表", "deputy", "deputies"], ["代表", "deputy", "deputies"], ["杭州资本", "Hangzhou Capital"],
    ]  # fmt: skip


def test_every_city_of_a_fund_is_found_in_chinese(book):
    cities = {text["city"] for text in book.table("funds").text.values()} - {""}
    assert cities - {name for chinese, *printed in aliases(book, ()) if chinese for name in printed} == set()
