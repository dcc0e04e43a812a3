"""The bibliography: it parses cleanly, agrees with the table of literature, links no copy, and holds every cited key."""

from __future__ import annotations

import csv
import re
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pybtex.database import parse_file
from pybtex.plugin import find_plugin, register_plugin

from patient_capital.listings import load_listings
from patient_capital.sphinxext.references import ByAuthor

ROOT = Path(__file__).resolve().parents[2]
BIB = ROOT / "chapters" / "references.bib"
NO_DATE = "n.d."
COPIES = ("docslib.org", "scribd.com", "studylib.net", "aminer.org", "slideshare.net", "researchgate.net")
UNLINKABLE = [
    line
    for line in (ROOT / "tests" / "data" / "unlinkable_hosts.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
CITED = re.compile(r":cite:t:`([^`]+)`|\]\(#cite\.([a-z0-9_]+)\)")
"""In docstrings a role, on pages a link."""


def literature():
    with (ROOT / "data" / "literature.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


TABLE = literature()
ENTRIES = parse_file(str(BIB), bib_format="bibtex").entries


def address(entry):
    return entry.fields.get("doi") or entry.fields.get("url") or ""


def plain(latex):
    accents = {r"{\'a}": "á", r"{\'e}": "é", r"{\'c}": "ć", r"\&": "&"}
    for code, letter in accents.items():
        latex = latex.replace(code, letter)
    return latex.replace("{", "").replace("}", "")


def test_bibliography_parses_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        entries = parse_file(str(BIB), bib_format="bibtex").entries
    keys = re.findall(r"^@\w+\{(\w+),", BIB.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert list(entries) == keys
    assert len(keys) == len(set(keys))


def test_bibliography_and_table_hold_the_same_works():
    assert set(ENTRIES) == set(TABLE)


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_work_is_the_same_in_bibliography_and_table(key):
    entry, row = ENTRIES[key], TABLE[key]
    assert entry.persons["author"]
    authors = " and ".join(plain(str(person)) for person in entry.persons["author"])
    assert authors == row["authors"]
    assert plain(entry.fields["title"]) == row["title"]
    # A work without a date says so; its cell in the table is empty, because nothing was found.
    assert entry.fields["year"] == (row["year"] or NO_DATE)
    assert address(entry) == row["doi_or_url"]
    for field in ("journal", "volume"):
        assert plain(entry.fields.get(field, "")) in row["venue"]
    if "pages" in entry.fields:
        assert entry.fields["pages"].replace("--", "-") in row["venue"]


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_address_is_a_doi_or_a_page_of_who_published_it(key):
    fields = ENTRIES[key].fields
    assert not ("doi" in fields and "url" in fields)
    if "doi" in fields:
        assert re.fullmatch(r"10\.\d{4,5}/\S+", fields["doi"])
    if "url" in fields:
        assert fields["url"].startswith("https://")
        host = urlsplit(fields["url"]).netloc
        assert not [bad for bad in (*UNLINKABLE, *COPIES) if host == bad or host.endswith(f".{bad}")]
        assert not re.fullmatch(r"[\d.:]+", host)


def test_doi_of_a_journal_article_is_not_that_of_a_working_paper():
    for key, entry in ENTRIES.items():
        if entry.type == "article":
            assert not entry.fields.get("doi", "").startswith(("10.3386/", "10.2139/")), key


def test_every_cited_key_exists():
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "chapters").glob("*.md"), *(ROOT / "chapters").glob("*.ipynb")]
    cited = {
        (path.name, role or link) for path in files for role, link in CITED.findall(path.read_text(encoding="utf-8"))
    }
    assert cited >= {
        ("stopped_growth.py", "reed2001"),
        ("methods.md", "clauset2009"),
        ("model_annex.ipynb", "mankiw1986"),
    }
    assert [(name, key) for name, key in sorted(cited) if key not in ENTRIES] == []


def test_style_lists_every_work_by_author_with_its_key():
    register_plugin("pybtex.style.formatting", "of_the_book", ByAuthor)
    style = find_plugin("pybtex.style.formatting", "of_the_book")()
    listed = list(style.format_entries(ENTRIES.values()))
    assert [entry.label for entry in listed] == [entry.key for entry in listed]
    assert listed[0].key == "aghion2015"
    texts = {entry.key: entry.text.render_as("text") for entry in listed}
    assert texts["reed2001"].startswith("W. J. Reed. The Pareto, Zipf and other power laws.")
    assert NO_DATE in texts["jli2023"]


def test_table_of_the_page_shows_every_work_and_links_where_there_is_an_address(book):
    shown = load_listings()["model.literature"](book)
    rows = {row[0].under: row for row in shown.rows}
    assert set(rows) == set(ENTRIES)
    for key, (work, finding, use) in rows.items():
        assert bool(work.href) == bool(TABLE[key]["doi_or_url"])
        assert work.href is None or work.href.startswith("https://")
        assert finding.text
        assert use.text
    assert rows["reed2001"][0].text == "Reed (2001)"
    assert rows["hall2010"][0].text == "Hall and Woodward (2010)"
    assert rows["kerr2014"][0].text == "Kerr et al. (2014)"
    assert rows["jli2023"][0].text == "Li (n.d.)"
