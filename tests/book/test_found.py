"""How the site is found, shared and cited: heads of pages, pictures, the front door, the feed; and the gate over heads."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from PIL import Image

from helpers.gates import problems_of_head, problems_of_place
from patient_capital.figures import load_figures
from patient_capital.sphinxext.front import (
    ATOM,
    corrections,
    editions,
    feed,
    icon,
    not_found,
    rebased,
    robots,
    sitemap,
)  # fmt: skip
from patient_capital.sphinxext.head import LEAST, MOST, bibtex, bounded, cite_html, cited, described, shared
from patient_capital.sphinxext.share import FIGURE_LEFT, HEIGHT, IN_CHINESE, WIDTH, Shared, draw
from patient_capital.sphinxext.site import Edition, Site, relative, site_of
from patient_capital.tables import book_data

EDITION = Edition("Short", "Short: and long", "The authors", "0.2.0", "2026-11-26")
PLACE = Site(address="https://example.org/report/")
CHANGES = "# Changelog\n\n## Unreleased\n\n- Soon.\n\n## 0.2.0, 25 November 2026\n\n### Data\n- One & two.\n\n## 0.1.0, 4 May 2025\n\n- First.\n"

GOOD = (
    '<html><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width" />'
    "<title>A page of the report</title>"
    + "".join(
        f'<meta name="{name}" content="{text}" />'
        for name, text in {
            "description": "What the page says in a sentence.", "og:title": "A page", "og:description": "What",
            "og:image": "../share/a.png", "og:site_name": "Short", "twitter:card": "summary_large_image",
            "twitter:image": "../share/a.png", "citation_title": "A page", "citation_author": "The authors",
            "citation_publication_date": "2026/11/26",
        }.items()
    )
    + '<link rel="alternate" type="application/atom+xml" href="../feed.xml" /></head>'
    '<body><details class="pc-cite"></details></body></html>'
)  # fmt: skip


def test_gate_passes_a_page_that_says_everything():
    assert problems_of_head(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name="description" content="What the page says in a sentence."', "", "description is missing"),
        ("What the page says in a sentence.", "Short.", "the description has 6 letters"),
        ("What the page says in a sentence.", "long " * 60, "the description has 300 letters"),
        ("<title>A page of the report</title>", "", "the title has 0 letters"),
        ('<meta name="viewport" content="width=device-width" />', "", "the viewport is not named once"),
        ("</head>", '<meta name="viewport" content="x" /></head>', "the viewport is not named once"),
        ("</head>", '<meta name="og:title" content="x" /></head>', "og:title stands 2 times"),
        (
            "</head>",
            '<meta property="og:url" content="https://a.org/" /></head>',
            "absolute without an address: og:url",
        ),
        ("</head>", '<link rel="canonical" href="https://a.org/" /></head>', "absolute without an address: canonical"),
        ("</head>", '<meta name="robots" content="noindex" /></head>', "hidden from search engines"),
        ("application/atom+xml", "text/plain", "no feed"),
        ("pc-cite", "else", "nothing says how to cite the page"),
    ],
)
def test_gate_names_what_a_bad_page_lacks(old, new, told):
    assert GOOD.count(old) >= 1
    assert told in "; ".join(problems_of_head(GOOD.replace(old, new)))


def test_gate_wants_absolute_addresses_once_the_address_is_known():
    told = problems_of_head(GOOD, PLACE.address)
    assert {"no canonical address", f"og:image is not of {PLACE.address}", f"og:url is not of {PLACE.address}"} <= set(
        told
    )


def test_description_is_whole_sentences_or_words_and_bounded():
    assert bounded("One sentence that says enough of the page to stand alone. Another.") == (
        "One sentence that says enough of the page to stand alone. Another."
    )
    first = "A first sentence that is by itself long enough to be a description."
    assert bounded(f"{first} W{'word ' * 60}.") == first
    long = bounded(f"Name. {'word ' * 80}.")
    assert LEAST < len(long) <= MOST
    assert long.endswith("word …")
    assert bounded("It costs 1.5 yuan. It does, and it says so to everybody here:").endswith("here.")


def test_description_is_the_first_text_and_leaves_out_definitions_and_tables():
    text = "Title\n=====\n\nterm\n  Its definition, which is long enough to be taken by mistake.\n\nThe first words *of* the page.\n"
    assert described(publish_doctree(text)) == "The first words of the page."
    assert described(publish_doctree("term\n  Its definition.\n")) == ""
    assert isinstance(publish_doctree(text), nodes.document)
    assert (
        described(publish_doctree("**The Book**. What it tells, in words enough."), "The Book")
        == "What it tells, in words enough."
    )


def test_page_and_whole_are_cited_with_edition_and_day_and_address_only_where_known():
    assert cited(EDITION, "A page", "") == (
        "The authors (2026): “A page”, in: Short: and long. Edition 0.2.0 of 26 November 2026."
    )
    assert cited(EDITION, "", PLACE.url("")).endswith("26 November 2026. https://example.org/report/")
    entry = bibtex(EDITION, "A page: one", PLACE.url("chapters/a.html"))
    assert entry.startswith("@misc{patient_capital_0.2.0_a_page_one,\n")
    assert "url = {https://example.org/report/chapters/a.html}" in entry
    assert "url" not in bibtex(EDITION, "A page", "")
    assert entry.count("{") == entry.count("}")


def test_who_answers_is_said_where_it_is_set_and_nothing_otherwise():
    told = cite_html(EDITION, "A page", "", Site(publisher="The <institute>", contact="a@example.org"))
    assert "The &lt;institute&gt; answers for this site." in told
    assert 'href="mailto:a@example.org"' in told
    assert "answers" not in cite_html(EDITION, "A page", "", Site())
    assert "Contact" not in cite_html(EDITION, "A page", "", Site())


def test_setting_of_the_site_is_read_or_named():
    assert site_of({"address": "https://example.org/a", "publisher": None}) == Site("https://example.org/a/")
    assert site_of({"address": "", "publisher": "", "contact": ""}) == Site()
    for wrong, told in (
        ({"adress": ""}, "parts address, publisher, contact"), ({"address": "example.org"}, "write it like https://"),
        ({"contact": "nobody"}, "write it like https://"), ("x", "has the parts"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=re.escape(told)):
            site_of(wrong)


def test_links_are_relative_without_an_address():
    assert relative("share/a.png", "chapters/b.html") == "../share/a.png"
    assert Site().link("feed.xml", "index.html") == "feed.xml"
    assert PLACE.link("feed.xml", "chapters/b.html") == "https://example.org/report/feed.xml"


def test_links_of_the_first_page_lead_where_they_led_from_the_front_page():
    html = '<a href="ledger.html#n-1">x</a><a href="../data/a.csv">y</a><a href="#part">z</a><a href="https://a.org/">w</a><a href="mailto:a@b.c">v</a>'
    assert re.findall(r'href="([^"]*)"', rebased(html, "chapters/overview.html")) == [
        "chapters/ledger.html#n-1", "data/a.csv", "chapters/overview.html#part", "https://a.org/", "mailto:a@b.c",
    ]  # fmt: skip


def test_feed_tells_editions_and_what_was_corrected_since(book):
    assert [(version, day) for version, day, _ in editions(CHANGES)] == [
        ("0.2.0", "2026-11-25"),
        ("0.1.0", "2025-05-04"),
    ]
    text = feed(EDITION, Site(), CHANGES, book, {"chapters/data"})
    assert "http" not in text.replace(ATOM, "").replace("&lt;", "").split("<entry>")[0], (
        "nothing absolute without an address"
    )
    tree = ET.fromstring(text)  # noqa: S314  # read what the build itself wrote
    entries = tree.findall(f"{{{ATOM}}}entry")
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    assert all(entry.findtext(f"{{{ATOM}}}updated").endswith("T00:00:00Z") for entry in entries)
    assert "Edition 0.2.0" in [entry.findtext(f"{{{ATOM}}}title") for entry in entries]
    content = "".join(entry.findtext(f"{{{ATOM}}}content") for entry in entries)
    published = [row for row in book.table("corrections").text.values() if row["after"]]
    assert content.count("<li>") >= len(published)
    assert "One &amp; two." in content
    assert (
        ET.fromstring(feed(EDITION, PLACE, CHANGES, book, set()))  # noqa: S314  # read what the build itself wrote
        .find(f"{{{ATOM}}}link")
        .get("href")
        .startswith(PLACE.address)
    )


def test_a_correction_of_the_first_tables_is_in_no_feed():
    row = {"table": "t", "row_id": "a", "column": "c", "old_value": "", "new_value": "1", "reason": "So."}
    table = SimpleNamespace(text={"1": row | {"after": ""}, "2": row | {"after": "0.1.0", "row_id": "b"}})
    data = SimpleNamespace(
        table=lambda _: table, tables={}, once=lambda _, make: make(), package=SimpleNamespace(tables={})
    )
    [(key, title, html)] = corrections(data)
    assert key == "corrections/0.1.0/t"
    assert title == "1 correction to the table “t” after edition 0.1.0"
    assert html == "<ul><li>t, a row that is no longer there: c: was empty, is 1. So.</li></ul>"


def test_crawlers_are_told_of_a_sitemap_only_where_its_addresses_are_known():
    assert "Sitemap" not in robots(Site())
    assert robots(PLACE).endswith("Sitemap: https://example.org/report/sitemap.xml\n")
    places = [
        element.text
        for element in ET.fromstring(sitemap(PLACE, ["chapters/a"], "2026-11-26")).iter()  # noqa: S314  # read what the build itself wrote
        if element.tag.endswith("loc")
    ]
    assert places == ["https://example.org/report/", "https://example.org/report/chapters/a.html"]


def test_page_for_a_wrong_address_lists_the_pages_and_finds_the_root():
    html = not_found(EDITION, Site(), {"chapters/a": "A <page>"})
    assert '<a href="chapters/a.html">A &lt;page&gt;</a>' in html
    assert "noindex" in html
    assert "http" not in html
    assert '<base href="https://example.org/report/">' in not_found(EDITION, PLACE, {})


CHAPTER = '<head><link rel="canonical" href="https://example.org/report/{}" /></head>'
FILES_OF_SITE = {
    "index.html": CHAPTER.format("index.html"), "chapters/a.html": CHAPTER.format("chapters/a.html"),
    "embed/fig.html": CHAPTER.format("chapters/a.html"), "404.html": '<head><meta name="robots" content="noindex"></head>',
    "robots.txt": robots(PLACE), "sitemap.xml": sitemap(PLACE, ["chapters/a"], "2026-11-26"),
    "feed.xml": '<link rel="self" href="https://example.org/report/feed.xml"/>',
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("chapters/a.html", CHAPTER.format("index.html"), "its canonical address is https://example.org/report/index.html"),
        ("chapters/a.html", "<head></head>", "its canonical address is not said"),
        ("embed/fig.html", CHAPTER.format("embed/fig.html") + f"<a href='{PLACE.address}embed/x.html'>", "embed/x.html leads to no file"),
        ("sitemap.xml", "<loc>http://localhost/</loc>", "says that the site stands at http://localhost/"),
        ("robots.txt", robots(Site()), "says that the site stands at no place"),
    ],
)  # fmt: skip
def test_gate_over_places_names_what_is_elsewhere(tmp_path, file, text, told):
    for name, whole in FILES_OF_SITE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(whole, encoding="utf-8")
    assert problems_of_place(tmp_path, PLACE.address) == []
    without = problems_of_place(tmp_path)
    assert {line.partition(":")[0] for line in without} == set(FILES_OF_SITE) - {"404.html"}, "each is absolute"
    (tmp_path / file).write_text(text, encoding="utf-8")
    [line] = problems_of_place(tmp_path, PLACE.address)
    assert line.startswith(f"{file}: ")
    assert told in line


def test_a_shared_link_to_a_page_without_a_picture_shows_that_of_the_front_page():
    for told, root in ((Site(), "../"), (PLACE, PLACE.address)):
        tags = "".join(shared(EDITION, told, "data/funds", "Table: Funds", "One row a fund.", "index"))
        assert f'"og:image" content="{root}share/index.png"' in tags
        assert ('"og:url" content="https://example.org/report/data/funds.html"' in tags) == bool(told.address)
        assert '"og:title" content="Table: Funds"' in tags
        assert '"og:image:alt" content="Short: and long. Edition 0.2.0' in tags


SHARED = Shared("A title that is long enough to run over two lines of the picture", "Words. " * 60, "Book", "Edition")


def test_picture_for_sharing_is_the_same_for_the_same_words_and_fits():
    one = draw(SHARED)
    assert one == draw(SHARED)
    assert one != draw(replace(SHARED, title="Another"))
    with Image.open(io.BytesIO(one)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        # Nothing is written over the edge: the last columns are paper.
        edge = picture.convert("RGB").crop((WIDTH - 20, 20, WIDTH, HEIGHT))
        assert edge.getcolors() == [(20 * (HEIGHT - 20), (255, 255, 255))]
    assert len(one) < 60_000


def test_picture_for_sharing_shows_a_figure_beside_the_words_and_no_letter_that_its_font_lacks():
    figure = load_figures()["funds.guidance"].of(book_data())
    one = draw(replace(SHARED, figure=figure, drawn="as it is"))
    with Image.open(io.BytesIO(one)) as picture:
        colours = len(picture.convert("RGB").crop((FIGURE_LEFT, 20, WIDTH, HEIGHT)).getcolors())
        between = picture.convert("RGB").crop((FIGURE_LEFT - 20, 20, FIGURE_LEFT, HEIGHT))
    assert colours > 2
    assert between.getcolors() == [(20 * (HEIGHT - 20), (255, 255, 255))], "words end before the figure"
    assert replace(SHARED, figure=figure, drawn="as it is").key != replace(SHARED, figure=figure, drawn="changed").key
    assert len(one) < 90_000
    assert IN_CHINESE.sub("", "The fund (国家基金), of two (2).") == "The fund, of two (2)."


def test_icon_has_three_sizes():
    with Image.open(io.BytesIO(icon())) as picture:
        assert picture.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
