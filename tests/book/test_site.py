"""The built site: whole, never stale, no work where nothing changed, and it follows the data."""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from helpers.gates import (
    FIGURE,
    problems_of_figures,
    problems_of_head,
    problems_of_linked_data,
    problems_of_place,
    problems_of_tables,
    unasked,
)
from helpers.rows import change_cells, rows_of
from patient_capital.book import pages as pages_of_toc
from patient_capital.build import BuildError, dead_anchors, fingerprint, problems_of_site
from patient_capital.ledger import read_pages
from patient_capital.listings import Cell, Column, Listing, load_listings
from patient_capital.listings.record import NUMBERS
from patient_capital.notebooks import METADATA
from patient_capital.provenance.links import links_in
from patient_capital.provenance.records import anchor, stands_at
from patient_capital.sphinxext.beside import CARDS, LOADED
from patient_capital.sphinxext.listing import FIRST, Beside, is_long, listing_html, longest_words
from patient_capital.sphinxext.popover import cards_asked

from .conftest import restamp


def site(project: Path, page: str) -> str:
    return (project / "_build" / "html" / "chapters" / f"{page}.html").read_text(encoding="utf-8")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_every_page_stands_and_is_whole(built, root):
    html = built / "_build" / "html"
    assert problems_of_site(root, html) == []
    assert (html / "index.html").is_file()
    assert len(pages_of_toc(root)) >= 7


def test_every_page_says_what_it_is_and_how_to_cite_it(built, root):
    html = built / "_build" / "html"
    told = {
        name: problems_of_head((html / f"{name}.html").read_text("utf-8")) for name in ("index", *pages_of_toc(root))
    }
    assert {name: problems for name, problems in told.items() if problems} == {}
    assert problems_of_place(html) == []
    for name in ("index", *pages_of_toc(root)):
        assert (html / "share" / f"{Path(name).name}.png").stat().st_size > 5_000
    for name in ("404.html", "search.html"):
        assert '<meta name="robots" content="noindex"' in (html / name).read_text("utf-8")
    assert not (html / "sitemap.xml").exists()
    assert {path.name for path in html.iterdir()} >= {"feed.xml", "robots.txt", "favicon.ico", "names.html"}
    theirs = {"searchindex.js", "searchtools.js", "language_data.js", "sphinx_highlight.js"}
    assert not theirs & {path.name for path in html.rglob("*.js")}, "the search is the book's own"


def test_every_table_of_every_page_says_what_it_holds(built):
    html = built / "_build" / "html"
    pages = {path.relative_to(html).as_posix(): path.read_text("utf-8") for path in html.rglob("*.html")}
    assert {name: told for name, page in pages.items() if (told := problems_of_tables(page))} == {}
    assert sum(page.count("<caption") for page in pages.values()) > 150


def test_sheet_has_every_rule_of_ours_for_what_pages_hold(built, root):
    html = built / "_build" / "html"
    texts = [path.read_text("utf-8") for path in html.rglob("*.html") if path.parent.name != "tables"]
    held = {name for page in texts for classes in re.findall(r'\bclass="([^"]*)"', page) for name in classes.split()}
    kept = (html / "_static" / "site.css").read_text("utf-8")
    ours = "".join(path.read_text("utf-8") for path in (root / "src/patient_capital/sphinxext/static").glob("*.css"))
    named = {name for name in re.findall(r"\.(pc-[\w-]+)", ours) if name in held}
    assert len(named) > 50
    assert {name for name in named if not re.search(rf"\.{name}(?![\w-])", kept)} == set()


def test_every_asset_is_asked_for(built):
    html = built / "_build" / "html"
    assert unasked(html) == []
    assert not {"basic.css", "file.png", "sphinx-book-theme.js"} & {path.name for path in html.rglob("*")}
    (html / "_static" / "left_over.svg").write_text("<svg/>", encoding="utf-8")
    assert unasked(html) == ["_static/left_over.svg"]
    (html / "_static" / "left_over.svg").unlink()


def test_front_page_is_a_page_and_gives_the_answer(built, root):
    html = (built / "_build" / "html" / "index.html").read_text("utf-8")
    assert 'http-equiv="refresh"' not in html
    door, overview = (text_of(html), text_of(site(built, "overview")))
    assert "The answer" in door
    assert "counts cases tried and is not a chance" in door, "what a draw is, and what the kinds and the star mean"
    assert "What this report finds" in overview
    assert "What this report finds" not in door, "who goes on does not read the same page twice"
    for name in pages_of_toc(root):
        assert f'href="{name}.html"' in html
    assert dead_anchors(html) == []
    (shown,) = re.findall(r'<section class="pc-front">.*?<summary>Behind the numbers', html, re.DOTALL)
    assert "…" not in shown, "no line stops in the middle of a sentence"


def test_front_page_lists_what_is_read_and_folds_the_rest(built):
    html = (built / "_build" / "html" / "index.html").read_text("utf-8")
    (door,) = re.findall(r'<section class="pc-front">.*?</details></section>', html, re.DOTALL)
    shown, folded = door.split("<details><summary>Behind the numbers</summary>")
    chapters = ["session", "funds", "patience", "regions", "precedent", "model", "watch", "brief", "safe_to_print"]
    assert re.findall(r'<li><a href="chapters/(\w+)\.html">', shown) == chapters
    assert re.findall(r'<li><a href="chapters/(\w+)\.html">', folded)[0] == "data"
    for found in ("whether any of the trillion has reached a firm.", "16 percent of the trillion was registered."):
        assert found in shown.replace("\N{NO-BREAK SPACE}", " "), "each chapter says what it finds"


def test_links_of_the_front_page_lead_to_files(built):
    html = (built / "_build" / "html" / "index.html").read_text("utf-8")
    for target in re.findall(r'href="((?:chapters|data|_static)/[^"#?]+)', html):
        assert (built / "_build" / "html" / target).is_file(), target


def test_every_figure_can_be_taken_away(built, root):
    html = built / "_build" / "html"
    pages = {name: (html / f"{name}.html").read_text("utf-8") for name in pages_of_toc(root)}
    told = [problem for name, page in pages.items() for problem in problems_of_figures(page, (html / name).parent)]
    assert told == []
    shown = {slug for page in pages.values() for slug in FIGURE.findall(page)}
    assert len(shown) > 30
    for slug in shown:
        with zipfile.ZipFile(html / "figures" / f"{slug}.zip") as bundle:
            told = json.loads(bundle.read("metadata.json"))
            page, _, anchor_of_figure = told["stands_in"].partition("#")
            assert f'id="{anchor_of_figure}"' in (html / page).read_text("utf-8")
            assert told["title"] in unescape((html / "embed" / f"{slug}.html").read_text("utf-8"))
            assert any(name.startswith("rows/") for name in bundle.namelist()), slug
            assert any(name.startswith("code/") for name in bundle.namelist()), slug


def test_data_are_told_to_machines_and_stand_in_one_archive(built):
    html = built / "_build" / "html"
    assert problems_of_linked_data(site(built, "data"), "Dataset") == []
    for name in ("index", "chapters/overview"):
        assert problems_of_linked_data((html / f"{name}.html").read_text("utf-8"), "Report") == []
    with zipfile.ZipFile(html / "dataset.zip") as bundle:
        assert bundle.testzip() is None
        named = set(bundle.namelist())
        assert named >= {"README.txt", "LICENSE-data", "CITATION.cff", "data/ledger.csv", "data/evidence.csv"}
        for path in json.loads(bundle.read("data/datapackage.json"))["resources"]:
            for name in (path["path"], f"{path['name']}.json"):
                assert bundle.read(f"data/{name}") == (html / "data" / name).read_bytes()


@pytest.mark.long
def test_with_an_address_what_must_be_absolute_is(copy, run):
    """A book of two pages, with the one setting."""
    config = copy / "_config.yml"
    text = config.read_text(encoding="utf-8")
    assert 'address: ""' in text
    config.write_text(text.replace('address: ""', "address: https://example.org/r"), encoding="utf-8")
    (copy / "_toc.yml").write_text(TWO_PAGES, encoding="utf-8")
    outcome = run(copy, "book")
    assert outcome.returncode == 0, outcome.stderr
    html = copy / "_build" / "html"
    for name in ("index", "chapters/ledger", "chapters/glossary"):
        assert problems_of_head((html / f"{name}.html").read_text("utf-8"), "https://example.org/r/") == []
    assert "<loc>https://example.org/r/chapters/glossary.html</loc>" in (html / "sitemap.xml").read_text("utf-8")
    assert problems_of_place(html, "https://example.org/r/") == []


def cards_of(project: Path, page: str) -> dict[str, str]:
    """Return the cards beside a page of the site, by the key that its numbers name."""
    script = (project / "_build" / "html" / CARDS / f"{page}.js").read_text(encoding="utf-8")
    return json.loads(script.removeprefix("pcCards(").removesuffix(");\n"))


def test_every_number_has_a_card_that_is_stored_once_and_a_row_in_the_ledger(built):
    html = built / "_build" / "html"
    rows = {
        f"{page.relative_to(html).as_posix()}#{row}"
        for folder in ("ledger", "data")
        for page in html.glob(f"{folder}/*.html")
        for row in re.findall(r'<tr id="(n-[^"]+)"', page.read_text(encoding="utf-8"))
    }
    assert rows == {stands_at(row["ref"]) for row in rows_of(html / "data" / "ledger.csv")}
    asked = 0
    for path in [*html.glob("index.html"), *html.glob("chapters/*.html"), *html.glob("tables/*.html")]:
        page = path.relative_to(html).with_suffix("").as_posix()
        text = path.read_text(encoding="utf-8")
        assert "popover" not in text.partition("<body")[2], page
        keys = cards_asked(text if page.startswith("tables/") else LOADED.sub("", text))
        asked += len(keys)
        cards = cards_of(built, page) if keys else {}
        assert list(cards) == keys, page
        linked = {
            link for part in (text, *cards.values()) for link in re.findall(r'href="([^"]+\.html#n-[^"]+)"', part)
        }
        assert {re.sub(r"^(\.\./)+", "", link) for link in linked} <= rows, page
        assert all((path.parent / link.partition("#")[0]).is_file() for link in linked), page
    assert asked > 1000


def test_rows_that_a_page_does_not_hold_stand_beside_it_and_on_a_page_of_their_own(built):
    html = built / "_build" / "html"
    told = re.findall(
        r'<div class="pc-listing[^>]* id="listing-([^"]+)" data-rows="\.\./([^"?]+)\?v=\w+" data-total="(\d+)"[^>]*>(.*?)</table>'
        r'<p class="pc-listing__all"><a href="\.\./([^"]+)">',
        "".join(path.read_text(encoding="utf-8") for path in html.glob("chapters/*.html")),
        re.DOTALL,
    )
    assert len(told) > 20
    assert {slug for slug, *_ in told} == {path.stem for path in html.glob("tables/*.html")}
    for slug, script, total, inside, page in told:
        assert inside.count("<tr") == (1 if "<details" in inside else 1 + FIRST), slug
        rows = (html / script).read_text(encoding="utf-8").removeprefix(f'pcRows("{slug}", ').removesuffix(");\n")
        whole = (html / page).read_text(encoding="utf-8")
        assert len(json.loads(rows)) == int(total), slug
        assert "\n".join(json.loads(rows)) in whole, slug
        assert '<meta name="robots" content="noindex">' in whole


def test_an_entry_leads_to_every_place_where_its_number_stands(built):
    folder = built / "_build" / "html"
    ids: dict[Path, set[str]] = {}
    for page in (*folder.glob("ledger/*.html"), *folder.glob("data/*.html")):
        for target, anchor_of_place in re.findall(r'href="\.\./(chapters/\w+\.html)#([^"]+)"', page.read_text("utf-8")):
            place = folder / target
            if place not in ids:
                ids[place] = set(re.findall(r'\sid="([^"]+)"', place.read_text(encoding="utf-8")))
            assert anchor_of_place in ids[place], f"{page.name}: {target}#{anchor_of_place}"
    of_funds = (folder / "ledger" / "funds.html").read_text("utf-8")
    (row,) = re.findall(r'<tr id="n-funds-registered-once">.*?</tr>', of_funds)
    for part in ("161.8bn yuan", "Computed as: ", "Sources: ", ">text</a>"):
        assert part in row
    assert ">figure</a>" in re.findall(r'<tr id="n-funds-registered-once-range">.*?</tr>', of_funds)[0]
    for page in ("overview", "funds"):
        prose = re.findall(
            r'<span id="(at-\d+)" class="pc-num[^"]*"><a class="pc-num__text" href="\.\./ledger/funds\.html#n-funds-registered-once"',
            site(built, page),
        )
        assert prose
        assert all(f'{page}.html#{at}"' in row for at in prose)


def test_every_table_has_a_page_with_its_columns_and_rows_as_csv_and_json(built, book):
    folder = built / "_build" / "html" / "data"
    for name, table in book.tables.items():
        html = (folder / f"{name}.html").read_text(encoding="utf-8")
        assert problems_of_linked_data(html, "Dataset") == []
        for field in table.schema.fields:
            assert f"<code>{field.name}</code>" in html
        rows = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        assert [row[table.schema.primary_key] for row in rows] == list(table.text)
    rows = json.loads((folder / "funds.json").read_text(encoding="utf-8"))
    (fund,) = (row for row in rows if row["fund_id"] == "cn_nvcgf")
    assert (fund["announced_cny_bn"], fund["umbrella"], fund["invested_cny_bn"]) == (1000, False, None)
    assert isinstance(fund["source_keys"], list)


def test_ids_are_unique_in_every_page(built):
    for page in (built / "_build" / "html").glob("[cdl]*/*.html"):
        ids = re.findall(r'\sid="([^"]+)"', page.read_text(encoding="utf-8"))
        assert sorted({i for i in ids if ids.count(i) > 1}) == [], page.name


def test_ledger_anchor_of_each_reference_is_its_own(built):
    refs = [row["ref"] for row in rows_of(built / "_build" / "html" / "data" / "ledger.csv")]
    assert len({anchor(ref) for ref in refs}) == len(refs)


def test_code_of_a_chapter_links_to_the_source_of_what_it_names(built):
    html = site(built, "funds")
    linked = re.findall(r'<a class="pc-code"[^>]* href="([^"#]+)#([^"]+)"', html)
    assert {name for _, name in linked} >= {"open_book", "state_money", "vehicles"}
    # The caption names the function that gives the frame.
    assert 'state_money"><code>state_money</code></a>' in html
    for page, name in {*linked, *re.findall(r'href="(\.\./_modules/[^"#]+)#([^"]+)"', html)}:
        source = (built / "_build" / "html" / "chapters" / page).resolve().read_text(encoding="utf-8")
        assert f'id="{name}"' in source, f"{page}#{name}"


def test_every_link_into_a_page_leads_to_a_place_that_is_there(built):
    """Pages of source above all: each function links back to a chapter, which may show it in a figure alone."""
    html = built / "_build" / "html"
    pages = {path.resolve(): path.read_text(encoding="utf-8") for path in html.rglob("*.html")}
    ids = {path: set(re.findall(r'\sid="([^"]+)"', text)) for path, text in pages.items()}
    back, dead = 0, []
    for path, text in pages.items():
        for opened, address, at in re.findall(r'(<a\b[^>]*?\shref="(?![a-z]+:)([^"#?]*)#([^"]+)")', text):
            to = (path.parent / unquote(address)).resolve() if address else path
            back += "viewcode-back" in opened
            if unquote(at) not in ids.get(to, set()):
                dead.append((path.name, address, at))
    assert dead == []
    assert back > 50


def test_boxes_cards_citations_and_terms_are_dressed(built):
    overview = site(built, "overview")
    assert re.search(r'<div class="tip admonition">\s*<p class="admonition-title">What this report finds</p>', overview)
    assert re.search(
        r'<div class="warning admonition">\s*<p class="admonition-title">We looked and did not find', overview
    )
    assert overview.count('class="sd-card-title') == 6
    assert "<blockquote" not in overview
    linked = {
        name for page in ("overview", "methods") for name in re.findall(r'glossary\.html#([^"]+)"', site(built, page))
    }
    assert linked >= {"term-paid_in", "term-umbrella"}
    assert linked <= set(re.findall(r'id="([^"]+)"', site(built, "glossary")))


def test_citation_is_printed_as_it_is_stored_and_leads_to_the_work(built):
    """The site writes it with the list of works, the stored text comes from the table of literature."""
    listed = set(re.findall(r'id="([^"]+)"', site(built, "bibliography")))
    pages = {page.name: page for page in read_pages(built / "chapters") if "#cite." in page.markdown}
    assert set(pages) >= {"model", "methods"}
    for name, page in pages.items():
        shown = re.findall(r'<span class="bibtex-citation".*?</span>', site(built, name))
        stored = [link.text for link in links_in(page.markdown) if link.target.startswith("cite.")]
        texts = [unescape(re.sub(r"<[^>]+>", "", citation)) for citation in shown]
        # Between brackets of the text a citation has none of its own.
        assert [text.replace("(", "").replace(")", "") for text in texts] == [
            re.sub("[()]", "", text) for text in stored
        ]
        assert not re.search(r"\([^()]*\((?:\d{4}|n\.d\.)\)", text_of(site(built, name))), name
        assert {target for one in shown for target in re.findall(r'bibliography\.html#([^"]+)"', one)} <= listed


def test_downloads_stand_beside_the_pages(built):
    html = built / "_build" / "html"
    for page in (html / "chapters").glob("*.html"):
        for target in re.findall(r'href="(\.\./(?:data|figures)/[^"#]+)', page.read_text(encoding="utf-8")):
            file = (page.parent / target).resolve()
            assert file.is_file(), f"{page.name}: {target}"
            assert file.stat().st_size > 20
    package = json.loads((html / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert (html / "data" / resource["path"]).is_file()


def test_each_notebook_page_offers_the_committed_notebook(built, root):
    offered = set()
    for page in (built / "_build" / "html" / "chapters").glob("*.html"):
        for target in re.findall(r'<a href="([^"]+)" download>Download this notebook</a>', page.read_text("utf-8")):
            assert (page.parent / target).read_bytes() == (root / "chapters" / target).read_bytes()
            assert target == f"{page.stem}.ipynb"
            offered.add(target)
    assert offered == {path.name for path in (root / "chapters").glob("*.ipynb")}


def menu(page: Path, folder: Path) -> list[str]:
    """Return the files that the menu of a page leads to, in order, each below the folder of the site."""
    (inside,) = re.findall(r'<nav class="bd-links[^>]*>(.*?)</nav>', page.read_text(encoding="utf-8"), re.DOTALL)
    links = [link.partition("#")[0] for link in re.findall(r'<a [^>]*href="([^"]*)"', inside)]
    paths = [(page.parent / link).resolve() if link else page.resolve() for link in links]
    return [path.relative_to(folder.resolve()).as_posix() for path in paths]


def test_every_page_of_code_has_the_menu_of_the_book(built):
    folder = built / "_build" / "html"
    wanted = menu(folder / "chapters" / "funds.html", folder)
    assert len(wanted) > 5
    assert all((folder / path).is_file() for path in wanted)
    pages = sorted((folder / "_modules").rglob("*.html"))
    assert len({page.relative_to(folder).as_posix().count("/") for page in pages}) > 2
    assert {page.name: menu(page, folder) for page in pages} == {page.name: wanted for page in pages}


def test_without_an_address_no_page_offers_to_edit_or_to_launch(built):
    for page in (built / "_build" / "html" / "chapters").glob("*.html"):
        assert not re.search(r"mybinder|/edit/|launch-buttons", page.read_text(encoding="utf-8")), page.name


def test_no_page_loads_anything_from_another_host(built):
    loaded = re.compile(r'<(?:script|img|iframe|source|link)\b[^>]*?(?:src|href)="(?:https?:)?//[^"]+"')
    for page in (built / "_build" / "html").rglob("*.html"):
        found = [tag for tag in loaded.findall(page.read_text(encoding="utf-8")) if 'rel="canonical"' not in tag]
        assert found == [], page.name


def test_pages_name_no_path_of_the_machine_that_built_them(built):
    for page in (built / "_build" / "html" / "chapters").glob("*.html"):
        assert str(built) not in page.read_text(encoding="utf-8")


def test_second_run_does_no_work(built, run):
    pages = {p: p.stat().st_mtime_ns for p in (built / "_build" / "html").rglob("*") if p.is_file()}
    again = run(built, "book")
    assert again.returncode == 0
    assert again.stdout.startswith("Up to date")
    assert {p: p.stat().st_mtime_ns for p in (built / "_build" / "html").rglob("*") if p.is_file()} == pages


@pytest.mark.long
def test_site_is_never_stale_after_a_change(built, run):
    """One copy, built before: a change of data, of source and of the configuration each reach the page."""
    assert "161.8bn" in site(built, "overview")
    change_cells(built / "data" / "funds.csv", "cn_nvcgf_bth", registered_cny_bn="29.946")
    change_cells(built / "data" / "fund_partners.csv", "cn_nvcgf_bth_rest", amount_cny_bn="9.946")
    change_cells(built / "data" / "fund_partners.csv", "cn_nvcgf_bth_national", share_pct="66.7869")
    restamp(built)
    source = built / "src" / "patient_capital" / "formatting.py"
    source.write_text(
        source.read_text(encoding="utf-8").replace('"pct": " percent"', '"pct": " per cent"'), encoding="utf-8"
    )
    config = built / "_config.yml"
    config.write_text(config.read_text(encoding="utf-8").replace("author: The", "author: Now the"), encoding="utf-8")
    outcome = run(built, "book")
    assert outcome.returncode == 0, outcome.stderr
    overview = text_of(site(built, "overview"))
    assert "162.1bn" in overview
    # The card of a number tells what it was before.
    assert "161.8bn" not in re.sub(r"161\.8bn yuan in edition \S+", "", overview)
    assert "16 per cent" in overview
    assert "Now the Patient Capital authors" in overview


@pytest.mark.parametrize(
    "changed",
    ["data/funds.csv", "src/patient_capital/cli.py", "_config.yml", "requirements.lock", "chapters/methods.md"],
)
def test_fingerprint_follows_every_kind_of_input(copy, changed):
    before = fingerprint(copy)
    assert fingerprint(copy) == before
    file = copy / changed
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert fingerprint(copy) != before


def test_fingerprint_sees_added_and_renamed_files(copy):
    before = fingerprint(copy)
    new = copy / "chapters" / "new.md"
    new.write_text("x", encoding="utf-8")
    added = fingerprint(copy)
    new.rename(copy / "chapters" / "newer.md")
    assert len({before, added, fingerprint(copy)}) == 3


def test_what_an_editor_leaves_beside_a_file_makes_nothing_stale(copy):
    before = fingerprint(copy)
    for name in (".~lock.funds.csv#", "~$funds.csv", ".funds.csv.swp", "funds.csv~", ".DS_Store", "Thumbs.db"):
        (copy / "data" / name).write_text("left", encoding="utf-8")
    (copy / "src" / "patient_capital" / ".ruff_cache").mkdir()
    (copy / "src" / "patient_capital" / ".ruff_cache" / "a").touch()
    assert fingerprint(copy) == before


def test_bad_data_stops_the_build_with_one_clear_message_and_keeps_the_old_site(copy, run):
    old = copy / "_build" / "html" / "chapters"
    old.mkdir(parents=True)
    (old / "overview.html").write_text("the old site", encoding="utf-8")
    change_cells(copy / "data" / "funds.csv", "cn_nvcgf", registered_cny_bn="a hundred")
    outcome = run(copy, "book")
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    for part in ("funds.csv", "registered_cny_bn", "a hundred"):
        assert part in outcome.stderr
    assert (old / "overview.html").read_text(encoding="utf-8") == "the old site"


TWO_PAGES = "format: jb-book\nroot: chapters/ledger\nchapters:\n  - file: chapters/glossary\n"

WRONG = {
    "[x](#funds[nobody].announced_cny_bn)": "no row of funds 'nobody'",
    "[?](#funds.unheard_of)": "'funds.unheard_of'",
    "[x](#funds.months:wrd)": "unknown form",
    "## The [16 percent](#funds.registered_share)": "a heading holds no such link",
    "[x](#no.Form)": "not of the form",
    "[?](#funds.no_private_named)": "needs words of its own",
    "[**16 percent**](#funds.registered_share)": "must be plain",
    "[x](#cite.nobody2025)": "nobody2025",
    "[x](#term.nothing)": "no term of the glossary 'nothing'",
    "[x](#no-such-heading)": "no-such-heading",
    "```{listing} funds.unlisted\n```": "funds.unlisted",
    "{unknown-role}`x`": "unknown-role",
}
"""What may stand on a page by mistake, and what is said of it."""


def test_every_wrong_reference_stops_the_build_and_is_named(copy, run):
    page = copy / "chapters" / "glossary.md"
    page.write_text("\n\n".join([page.read_text(encoding="utf-8"), *WRONG, ""]), encoding="utf-8")
    (copy / "_toc.yml").write_text(TWO_PAGES, encoding="utf-8")
    outcome = run(copy, "book")
    assert outcome.returncode == 1
    lines = [line for line in outcome.stderr.splitlines() if "glossary.md:" in line]
    assert [text for text, told in WRONG.items() if not any(told in line for line in lines)] == []
    assert not (copy / "_build" / "html").exists()


@pytest.mark.long
def test_a_link_that_was_not_understood_stops_the_build_on_every_page(copy, run):
    for name, text in (("glossary", "[x](#funds. registered_once)"), ("ledger", "[x] (#funds.registered_once)")):
        page = copy / "chapters" / f"{name}.md"
        page.write_text(f"{page.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    (copy / "_toc.yml").write_text(TWO_PAGES, encoding="utf-8")
    outcome = run(copy, "book")
    assert outcome.returncode == 1
    for name in ("glossary", "ledger"):
        assert f"chapters/{name}: the page shows a link to a number that was not understood" in outcome.stderr
    assert not (copy / "_build" / "html").exists()


@pytest.mark.long
def test_claim_that_turned_false_stops_the_build(copy, run):
    change_cells(copy / "data" / "funds.csv", "cn_nvcgf", invested_cny_bn="3")
    (copy / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/funds\nchapters:\n  - file: chapters/ledger\n", encoding="utf-8"
    )
    outcome = run(copy, "book")
    assert outcome.returncode == 1
    assert "no longer true" in outcome.stderr


SMALL_BOOK = "format: jb-book\nroot: chapters/ledger\nchapters:\n  - file: chapters/glossary\n  - file: chapters/one\n"


def small_book(copy, cells):
    """Make a book of ledger, glossary and one notebook, so that a build takes seconds."""
    for path in (copy / "chapters").glob("*.ipynb"):
        path.unlink()
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    (copy / "chapters" / "one.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    (copy / "_toc.yml").write_text(SMALL_BOOK, encoding="utf-8")


def test_site_prints_the_value_of_the_data_where_the_stored_text_is_another(copy, run):
    text = (
        "# One\n\n> **What it cannot say**\n>\n> It is [99bn](#funds.registered_once), [paid in](#term.paid_in).\n\n"
        "[none of it\nis named](#funds.no_private_named), [](#funds.registered_share), `[?](#funds.registered_once)`\n\n"
        "a term\n: It is [98bn](#funds.registered_once).\n\n> **Not a title** but words.\n\n"
        "- **Of [9](#funds.registered_once) in all**\n\n  Words.\n\n> **Any title**\n>\n> Words.\n"
        "\n```{listing} funds.vehicles\n```\n"
    )
    small_book(copy, [nbformat.v4.new_markdown_cell(text, id="a")])
    outcome = run(copy, "book")
    assert outcome.returncode == 0, outcome.stderr
    html = site(copy, "one")
    assert "161.8bn yuan" in html
    assert "99bn" not in html
    assert "98bn" not in html
    assert len(re.findall(r'class="pc-num__text"', html)) == 5
    assert re.findall(r'<div class="(\w+) admonition">\s*<p class="admonition-title">([^<]+)</p>', html) == [
        ("warning", "What it cannot say"),
        ("note", "Any title"),
    ]
    assert html.count("<blockquote>") == 1, "words that only begin in bold stay a quotation"
    assert "sd-card" not in html.split("<main", 1)[-1].split("</main", 1)[0], "a title in words makes no cards"
    assert ">16 percent<" in html
    assert "<code" in html
    assert "[?](#funds.registered_once)" in text_of(html), "code stays as it is"
    term = re.search(
        r'<a class="pc-num__text pc-term" href="glossary\.html#term-paid_in" data-card="([^"]+)">paid in</a>', html
    )
    assert cards_of(copy, "chapters/one")[term[1]].startswith("Money that"), "its card holds the definition"
    assert 'id="listing-funds-vehicles" data-rows="../tables/funds-vehicles.js?v=' in html
    assert "cn_nvcgf" in "".join(cards_of(copy, "tables/funds-vehicles"))
    assert {path.stem for path in (copy / "_build" / "html" / "tables").iterdir()} == {"funds-vehicles"}


@pytest.mark.long
def test_a_frame_changed_in_a_notebook_is_drawn_on_the_site_and_finds_nothing(copy, run):
    code = """
from patient_capital import open_book
from patient_capital.analysis import funds
from patient_capital.figures import funds as figures
from patient_capital.listings import funds as tables

money = funds.state_money(open_book())
money.loc[0, "amount_cny_bn"] = 777.0
figures.state_money(money)
"""
    table = "steps = funds.ladder_steps(open_book())\ntables.ladder(steps.iloc[:3])"
    cells = [
        nbformat.v4.new_markdown_cell("# One", id="a"),
        nbformat.v4.new_code_cell(code, id="b"),
        nbformat.v4.new_code_cell(table, id="c"),
    ]
    small_book(copy, cells)
    outcome = run(copy, "book")
    assert outcome.returncode == 0, outcome.stderr
    (figure,) = re.findall(
        r'<figure class="pc-figure" id="fig-funds-state-money".*?</figure>', site(copy, "one"), re.DOTALL
    )
    assert "Changed in this notebook" in figure
    assert "777" in figure
    assert figure.count("<svg") == 2
    assert "34 percent" not in figure
    assert "Sources" not in figure
    assert "Still to be raised" not in site(copy, "one")
    assert "Changed in this notebook" in site(copy, "one").rpartition("</figure>")[2], "the table says so too"


@pytest.mark.long
def test_a_moved_explorer_is_shown_as_in_the_notebook(copy, run):
    code = """
from patient_capital import open_book
from patient_capital.explorers import model as explorers

explorers.skill(open_book()).moved(thinning=0.5)
"""
    cells = [nbformat.v4.new_markdown_cell("# One", id="a"), nbformat.v4.new_code_cell(code, id="b")]
    small_book(copy, [*cells, nbformat.v4.new_code_cell("explorers.skill(open_book())", id="c")])
    outcome = run(copy, "book")
    assert outcome.returncode == 0, outcome.stderr
    html = site(copy, "one")
    assert html.count("<img") >= 1
    assert "Drawn at:" in html
    assert html.count("pc-explorer__controls") == 1, "that of the book can be moved"
    (script,) = re.findall(r'data-explorer="\.\./figures/([^"?]+)\?v=', html)
    assert (copy / "_build" / "html" / "figures" / script).read_text("utf-8").startswith("pcExplorer(")


def test_site_with_a_broken_page_is_not_taken(tmp_path, root):
    pages = tmp_path / "chapters"
    pages.mkdir()
    filler = "x" * 12_000
    for name in pages_of_toc(root):
        (tmp_path / f"{name}.html").write_text(f"<html>{filler}</html>", encoding="utf-8")
    assert problems_of_site(root, tmp_path) == []
    (pages / "funds.html").write_text(f"<html>{filler}Traceback (most recent call last)</html>", encoding="utf-8")
    (pages / "data.html").write_text("<html></html>", encoding="utf-8")
    (pages / "ledger.html").unlink()
    told = "\n".join(problems_of_site(root, tmp_path))
    assert "funds: the page shows an error" in told
    assert "data: the page has only 13 bytes" in told
    assert "ledger: the page is missing" in told


def test_every_listing_keeps_its_shape(book):
    for name, builder in load_listings().items():
        one = builder.of(book)
        assert one.rows, name
        assert one.title, name
    with pytest.raises(ValueError, match="cells"):
        Listing("t", (Column("a"), Column("b")), ((Cell("x"),),))


def test_a_column_knows_its_longest_word_that_paper_should_not_break():
    columns = Column("Announced"), Column("Key"), Column("Short")
    cells = (
        Cell("10bn"),
        Cell("a_key_that_has_no_place_to_break_it", under="under management"),
        Cell("two-part 深圳市的引导基金"),
    )
    assert longest_words(Listing("t", columns, (cells,))) == [9, 10, 0]


def test_a_table_is_folded_behind_what_it_holds():
    rows = ((Cell("x"),),) * 30
    html = [
        listing_html(Listing("t", (Column("a"),), rows, fold=fold), "one.two", "../") for fold in ("", "funds", NUMBERS)
    ]
    assert "<details" not in html[0]
    assert "<summary>See the 30 funds</summary>" in html[1]
    assert "<summary>See the numbers</summary>" in html[2]
    assert html[1].count("<tr id=") == html[0].count("<tr id=") == len(rows)


def test_a_page_holds_the_first_rows_of_a_long_table_none_of_a_folded_one_and_the_way_to_all():
    for fold, rows in (("", 10), ("funds", 0)):
        listing = Listing("t", (Column("a"),), ((Cell("x"),),) * 30, search=True, fold=fold)
        assert is_long(listing, "one.two")
        html = listing_html(listing, "one.two", "../", Beside("tables/one-two.js", "", "tables/one-two.html"))
        assert html.count("<td") == rows
        assert 'data-rows="../tables/one-two.js" data-total="30"' in html
        assert '<a href="../tables/one-two.html">All 30 rows on a page of their own</a>' in html
    assert not is_long(Listing("t", (Column("a"),), ((Cell("x"),),) * 10, search=True), "one.two")


def test_build_error_is_an_error_of_its_own():
    assert issubclass(BuildError, Exception)
