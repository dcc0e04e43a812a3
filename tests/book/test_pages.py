"""The pages: no typed numbers, no unknown references, claims that hold, outputs that are current."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from patient_capital.book import pages as pages_of_toc
from patient_capital.book import report
from patient_capital.check import parts_of, problems_of_outputs, problems_of_text
from patient_capital.figures import load_figures
from patient_capital.jupyter import RECORD
from patient_capital.ledger import read_pages
from patient_capital.listings import load_listings
from patient_capital.notebooks import problem_of, read_notebook
from patient_capital.provenance.links import uses_in
from patient_capital.provenance.prose import bare_numbers
from patient_capital.provenance.registry import number
from patient_capital.provenance.terms import empty_sections, unlinked
from patient_capital.tables import book_data

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
TEXTS = sorted([*NOTEBOOKS, *CHAPTERS.glob("*.md")])
PAGES = {page.name: page for page in read_pages()}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_number_is_typed_into_prose(name):
    assert bare_numbers(PAGES[name].markdown) == []


def path_of(name):
    return next(path for path in TEXTS if path.stem == Path(name).name)


@pytest.mark.parametrize("name", report())
def test_every_term_has_its_card_at_its_first_use(name):
    glossary = (CHAPTERS / "glossary.md").read_text(encoding="utf-8")
    missing = [word for word, *_ in unlinked(list(parts_of(path_of(name)).values()), glossary)]
    assert missing == [], "make refresh links them"


def titles_on(path):
    """Return the titles of the figures, tables and explorers of a page."""
    if path.suffix == ".md":
        names = re.findall(r"^```\{listing\} (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        return {load_listings()[name].of(book_data()).title for name in names}
    outputs = [output for cell in read_notebook(path).cells for output in cell.get("outputs", ())]
    shown = "\n".join(str(text) for output in outputs for text in output.get("data", {}).values())
    return {*re.findall(r"^\*\*(.+?)\*\*$", shown, re.MULTILINE), *re.findall(r"<caption>(.+?)</caption>", shown)}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_title_is_printed_twice(path):
    """A heading right above a table or figure is not its title once more."""
    headings = re.findall(r"^#+ (.+)$", "\n".join(parts_of(path).values()), re.MULTILINE)
    assert titles_on(path) & set(headings) == set()


def front_findings():
    """Return each finding of the overview that leads to a chapter: the chapter, and what it prints."""
    for line in "\n".join(parts_of(path_of("overview")).values()).splitlines():
        if line.startswith("> - "):
            # What stands before a link to a chapter, and behind the one before it, is said of that chapter.
            *parts, _ = re.split(r"\]\((\w+\.ipynb)\)", line)
            for said, name in zip(parts[::2], parts[1::2], strict=True):
                yield name, set(re.findall(r"\]\(#((?!term\.|data\.)[^):]+)", said))


def test_what_the_front_says_of_a_chapter_stands_in_the_chapter():
    """Whoever follows the link of a finding meets its numbers there."""
    found = dict(front_findings())
    assert "regions.ipynb" in found
    for name, printed in found.items():
        chapter = "\n".join(parts_of(CHAPTERS / name).values())
        assert {ref for ref in printed if f"](#{ref}" not in chapter} == set(), name


HEADS = {
    path.name: head[1].lower()
    for path in TEXTS
    if (head := re.search(r"^# ([^:?\n]+)[:?]", "\n".join(parts_of(path).values()), re.MULTILINE))
}
"""What stands before the colon, or the question mark, in the titles of chapters; other titles say what their pages hold."""
ALONE = re.compile(r"(?:^|[(:,.*] |\(|^> ?|^- |^ +)\[[^\]]*\]\(\w+\.(?:ipynb|md)[^)]*\)(?=[).,]|$)", re.MULTILINE)


def titles_as_nouns(markdown):
    """Return the links whose words are the title of a chapter and of which a sentence says something."""
    links = re.findall(r"(\[([^\]]*)\]\((\w+\.(?:ipynb|md))[^)]*\))", ALONE.sub("", markdown))
    return [link for link, words, page in links if words.rstrip("?").lower() == HEADS.get(page)]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_title_of_a_chapter_is_no_noun_in_a_sentence(name):
    """Printed or read aloud, "the money has every step" and "as the race tells" say what nobody meant."""
    assert titles_as_nouns(PAGES[name].markdown) == []


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("It ended. [The money](funds.ipynb) has every step.", 1),
        ("Cities announced funds, as [the race](regions.ipynb) tells.", 1),
        ("One by one they are in [the money](funds.ipynb).", 1),
        ("The chart leaves it out and [would waiting pay?](model.ipynb) adds it.", 1),
        ("[The chapter on the money](funds.ipynb) has every step, as [the annex](model_annex.ipynb) says.", 0),
        ("> - It ended. [The money](funds.ipynb)\n\n  [The race](regions.ipynb)\n", 0),
        ("It ended ([the last race](precedent.ipynb)). The next chapter, [the money](funds.ipynb), tells.", 0),
    ],
)
def test_titles_as_nouns_are_told_from_titles_that_stand_alone(markdown, found):
    assert len(titles_as_nouns(markdown)) == found


def test_words_from_the_french_have_their_accents():
    for path in TEXTS:
        without_addresses = re.sub(r"<?https?://\S+", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\bcommuniques?\b", without_addresses, re.IGNORECASE), path.name


def test_no_page_says_that_private_money_was_promised():
    """The trillion was to be drawn from local governments and social capital, which includes state companies."""
    for path in TEXTS:
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", path.read_text(encoding="utf-8"))
        assert not re.search(r"\blocal (?:governments?|money)? ?and private\b", plain), path.name
    for name in ("overview", "session", "digest", "funds", "brief", "safe_to_print"):
        told = r"\[social capital\]\(#term\.social_capital\)(?: \(社会资本\))?, which includes state companies"
        assert re.search(told, "\n".join(parts_of(path_of(name)).values())), name


@pytest.mark.parametrize("name", sorted(PAGES))
def test_nothing_was_not_found_until_a_day(name):
    """It would say that it was found on that day; what is meant is that it had not been found by then."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", PAGES[name].markdown)
    assert (
        re.findall(
            r"(?:not found|found in|No [^.;]*? found)[^.;]{0,60}, until \d[^.]*|not found[^.;,]* until \d[^.]*", plain
        )
        == []
    )


@pytest.mark.parametrize("name", report())
def test_every_section_of_the_report_says_something(name):
    path = path_of(name)
    assert empty_sections(list(parts_of(path).values())) == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_reference_of_a_page_exists_and_prints(name, book):
    page = PAGES[name]
    for use in uses_in(page.markdown):
        assert number(use.ref, book).text()
    assert set(page.listings) <= set(load_listings())
    assert set(page.figures) <= set(load_figures())


@pytest.mark.parametrize(
    "target",
    [
        "funds[nobody].announced_cny_bn",
        "funds[cn_nvcgf].nothing",
        "nowhere[cn_nvcgf].announced_cny_bn",
        "funds.unheard_of",
        "cite.nobody2025",
    ],
)
def test_unknown_reference_is_named(target, book):
    (told,) = problems_of_text(f"[x](#{target})", book)
    assert told.startswith(f"[x](#{target}): ")
    assert any(part in told.partition("): ")[2] for part in ("nobody", "nothing", "nowhere", "unheard_of"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_text_of_a_page_is_what_the_data_give_now_and_holds_no_link_in_a_heading(path, book):
    """A number, citation or term in a heading would leak into titles, anchors and menus elsewhere."""
    assert [line for markdown in parts_of(path).values() for line in problems_of_text(markdown, book)] == []


@pytest.mark.parametrize(
    "markdown",
    [
        "It is [161.9bn yuan](#funds.registered_once) now.",
        "> **What this chapter finds**\n>\n> - It is [161.9bn yuan](#funds.registered_once).",
        "- **[161.9bn yuan](#funds.registered_once)**\n\n  Text.",
        "| a |\n| --- |\n| [161.9bn yuan](#funds.registered_once) |",
        "term\n: Defined as [161.9bn yuan](#funds.registered_once).",
        ":::{admonition} Box\nIt is [161.9bn yuan](#funds.registered_once).\n:::",
        "[?](#funds.registered_once)",
        "[](#funds.registered_once)",
    ],
)
def test_a_text_that_is_not_the_value_is_named_with_old_and_new(book, markdown):
    (told,) = problems_of_text(markdown, book)
    assert re.match(r"\[.*\]\(#funds\.registered_once\) is now '161\.8bn yuan': run make refresh", told)


@pytest.mark.parametrize(
    "heading",
    [
        "# The [1 trillion yuan](#funds[cn_nvcgf].announced_cny_bn)",
        "Text\n\n## By [Reed (2001)](#cite.reed2001)",
        "What is [paid in](#term.paid_in)\n---",
    ],
)
def test_a_number_in_a_heading_is_found(heading, book):
    assert [line for line in problems_of_text(heading, book) if "stands in a heading" in line]
    below = "# A heading\n\n[16 percent](#funds.registered_share)\n\n## [See](#a-heading)"
    assert list(problems_of_text(below, book)) == []


def test_empty_cell_is_an_error_not_a_zero():
    with pytest.raises(ValueError, match="invested_cny_bn is empty"):
        number("funds[cn_nvcgf].invested_cny_bn")


def test_pages_of_the_book_are_exactly_those_of_the_contents(root):
    assert {Path(name).name for name in pages_of_toc(root)} == set(PAGES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_committed_executed_and_normalised(path):
    if problem := problem_of(path):
        pytest.fail(problem, pytrace=False)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 25
            assert all(output.output_type not in {"error", "stream"} for output in cell.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_stored_outputs_are_those_that_the_data_give_now(path, book):
    """What nbval compares too, but without a kernel, and with the name of the figure or table."""
    notebook = read_notebook(path)
    assert list(problems_of_outputs(notebook, book)) == []
    records = [o.get("data", {}).get(RECORD, {}) for cell in notebook.cells for o in cell.get("outputs", ())]
    assert {record["figure"] for record in records if "figure" in record} == set(PAGES[path.stem].figures)
    assert {record["table"] for record in records if "table" in record} == set(PAGES[path.stem].listings)
