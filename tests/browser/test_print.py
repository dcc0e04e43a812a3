"""The book on paper: page numbers of the contents, whole tables, figures with their titles, light whatever the theme."""

from __future__ import annotations

import pytest

from patient_capital.pdf.destinations import number_of_pages, pages_of_places
from patient_capital.pdf.make import Cover, contents_html, cover_of, document, parts_of, print_book, without_cards

from .conftest import ROOT, SITE

pytestmark = pytest.mark.browser

NEXT = '<p style="break-before: page">next page</p>'
LONG = "a_key_without_any_place_to_break_it_" * 3
CARD = '<span class="pc-num"><a class="pc-num__text">5</a><span class="pc-pop" popover><span>of</span> a card</span></span>'


BROKEN = """() => [...document.querySelectorAll("table.pc-table :is(th, td)")].flatMap(cell => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    for (const { 0: word, index } of walker.currentNode.data.matchAll(/[a-z]{4,14}/gi)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, index);
      range.setEnd(walker.currentNode, index + word.length);
      const tops = [...range.getClientRects()].filter(box => box.width).map(box => Math.round(box.top));
      if (new Set(tops).size > 1) found.push(word);
    }
  }
  return found; })"""
"""The words of tables that stand on two lines."""


def a_page(title: str, inside: str) -> str:
    return f'<html><body><article class="bd-article"><section id="top"><h1>{title}</h1>{inside}</section></article></body></html>'


@pytest.fixture
def site(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "site.css").write_bytes((SITE / "_static" / "site.css").read_bytes())
    section = '<section id="{0}"><h2>{0}</h2><p>See <a href="b.html#four">four</a>.</p></section>'
    row = "<tr>" + f"<td>{LONG}</td>" * 8 + "</tr>"
    (tmp_path / "a.html").write_text(
        a_page("First: a page", section.format("one") + NEXT + section.format("two") + NEXT * 2)
    )
    (tmp_path / "b.html").write_text(
        a_page(
            "Second",
            f'<div class="pc-listing" id="listing-x"><table class="pc-table"><tbody>{row * 3}</tbody></table></div>'
            f"{NEXT}{section.format('four')}",
        )
    )
    return tmp_path


def test_contents_have_the_pages_on_which_their_places_lie(chromium, site):
    told: list[str] = []
    printed = print_book(chromium, site, Cover("A book"), [("Part", ["a", "b"])], told.append)
    places = pages_of_places(printed)
    # Cover, contents, four pages of the first and two of the second, as their breaks have it.
    assert {place: places[place] for place in ("a", "a:one", "a:two", "b", "b:four")} == {
        "a": 3,
        "a:one": 3,
        "a:two": 4,
        "b": 7,
        "b:four": 8,
    }
    assert number_of_pages(printed) == 8
    assert told == [], "a table of long words is not wider than the paper"


def test_what_is_wider_than_the_paper_is_named(chromium, site):
    (site / "b.html").write_text(a_page("Second", '<div id="wide"><svg width="2000" height="5"></svg></div>'))
    told: list[str] = []
    print_book(chromium, site, Cover("A book"), [("", ["b"])], told.append)
    assert told == ["wider than the paper: b: b:wide"]


def test_contents_name_each_page_and_section_once():
    heads = [{"page": "a", "title": "A & B", "sections": [{"id": "a:one", "title": "One"}]}]
    html = contents_html([("Part", ["a"])], heads, {"a": 3, "a:one": 12})
    assert html.count("A &amp; B") == 1
    assert '<a href="#a:one"><span>One</span><i></i><b>12</b></a>' in html


@pytest.mark.parametrize("filled", range(196, 240, 6))
def test_what_names_the_lines_below_it_is_never_parted_from_them(chromium, tmp_path, filled):
    """Titles, heads of tables, terms and signatures lie on the page of what follows them, wherever the page ends."""
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "site.css").write_bytes((SITE / "_static" / "site.css").read_bytes())
    cells = "<tr>" + "<td>A cell of two lines<br>and more</td>" * 3 + "</tr>"
    rows = "".join(cells.replace("<td>", f'<td id="row{at}">', 1) for at in range(6))
    kinds = {
        "a table": (
            f'<div class="pc-listing"><p class="pc-listing__title" id="named">Title</p><table class="pc-table"><thead><tr><th>One</th><th>Two</th><th>Three</th></tr></thead><tbody>{rows}</tbody></table></div>',
            ["row0", "row1"],
        ),
        "a term": ('<dl><dt id="named">term</dt><dd><p id="below">What it is.</p></dd></dl>', ["below"]),
        "a heading": ('<h3 id="named">Heading</h3><p id="below">Its text.</p>', ["below"]),
        "a work": (
            '<div class="citation"><span class="label" id="named">[key]</span><p id="below">A work.</p></div>',
            ["below"],
        ),
    }
    for at, (html, below) in enumerate(kinds.values()):
        links = "".join(f'<a href="#{one}">{one}</a>' for one in ("named", *below))
        page = a_page("A", f'{links}<div style="height:{filled}mm"></div>{html}')
        (tmp_path / f"kind{at}.html").write_text(page)
    pages = [f"kind{at}" for at in range(len(kinds))]
    places = pages_of_places(print_book(chromium, tmp_path, Cover("A book"), [("", pages)]))
    for page, (kind, (_, below)) in zip(pages, kinds.items(), strict=True):
        assert {places[f"{page}:{one}"] for one in below} == {places[f"{page}:named"]}, kind


def test_no_word_of_a_usual_length_is_broken_on_paper(open_page):
    page = open_page("chapters/funds", viewport={"width": 665, "height": 900})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    broken = page.evaluate(BROKEN)
    assert broken == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_brief_prints_on_two_pages(open_page, paper):
    page = open_page("chapters/brief")
    assert number_of_pages(page.pdf(format=paper, prefer_css_page_size=True)) == 2


def test_cards_and_drawings_for_a_phone_are_no_part_of_the_document():
    narrow = '<div class="pc-figure__narrow"><svg><text>n</text></svg></div>'
    assert (
        without_cards(f"<p>a{CARD}b</p>{narrow}")
        == '<p>a<span class="pc-num"><a class="pc-num__text">5</a></span>b</p>'
    )


def test_cover_has_edition_day_and_the_pages_of_the_contents():
    cover, parts = cover_of(ROOT), parts_of(ROOT)
    assert cover.title in cover.html()
    assert "Edition" in cover.html()
    assert Cover("t", address="https://example.org/").html().count("https://example.org/") == 2
    pages = [page for _, listed in parts for page in listed]
    assert len(pages) == len(set(pages))
    whole = document(SITE, cover, pages[:2])
    assert whole.count("<article") == 2
    assert "pc-pop" not in whole


def test_a_page_prints_light_unfolded_and_without_what_only_a_screen_needs(open_page):
    page = open_page("chapters/overview", theme="dark")
    before = page.locator("article details[open]").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.locator(".pc-figure details:not([open])").count() == 0
    for hidden in (".pc-actions", ".bd-sidebar-primary", ".bd-header-article", ".pc-source", ".prev-next-footer"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("article h1").is_visible(), "a page on paper has its title"
    heads = "table.pc-table:has(> tbody:empty) > thead"
    assert not [head for head in page.locator(heads).all() if head.is_visible()], "a head without rows"
    figure = page.locator(".pc-figure").first
    assert figure.locator(".pc-figure__wide").is_visible()
    assert figure.locator(".pc-figure__title").evaluate("title => getComputedStyle(title).breakAfter") == "avoid"
    address = figure.locator("li a[href^=http]").first
    assert address.get_attribute("href") in address.evaluate("link => getComputedStyle(link, '::after').content")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("article details[open]").count() == before
