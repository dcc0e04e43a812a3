"""The pages: no typed numbers, no unknown references, claims that hold, outputs that are current."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import nbformat
import pytest

from patient_capital.build import pages_of_toc
from patient_capital.figures import load_figures
from patient_capital.ledger import read_pages
from patient_capital.listings import load_listings
from patient_capital.notebooks import problem_of
from patient_capital.provenance.registry import number
from patient_capital.provenance.syntax import listings_in, parse_use, uses_in

_spec = importlib.util.spec_from_file_location("bare_numbers", Path(__file__).with_name("bare_numbers.py"))
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
bare_numbers = _module.bare_numbers

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
PAGES = {page.name: page for page in read_pages()}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_number_is_typed_into_prose(name):
    assert bare_numbers(PAGES[name].markdown) == []


@pytest.mark.parametrize(
    "markdown",
    [
        "It raised 5 percent.",
        "# The 1 trillion fund",
        "A [link to 12 funds](funds.md).",
        ":::{admonition} Found 3 times\nText.\n:::",
        ":::{admonition} Found\n:class: tip\nAbout 40bn.\n:::",
        "::::{grid} 1 1 2 2\n:::{grid-item-card} Title\nSome 7 cards.\n:::\n::::",
        "<p>Some 8 words</p>",
        "term\n: Defined 9 times.",
        "| a |\n| --- |\n| 10 |",
        "![A picture of 11 bars](x.svg)",
        "- item with 6 words",
        "> quoted 60 times",
        "**bold 3.5**",
        "In 20250 words",
        "```{figure} x.svg\n:alt: Rose by 12 percent\n\nCaption\n```",
    ],
)
def test_typed_numbers_are_found_wherever_they_hide(markdown):
    assert bare_numbers(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "In March 2025, and on 6 March 2025, and from 2013 to 2024.",
        "{fact}`funds[cn_nvcgf].announced_cny_bn` of it",
        "Run `pip install x==1.2`.",
        "$x_1 = 3$ and text",
        "```{listing} funds.ladder\n```",
        "::::{grid} 1 1 2 2\n:gutter: 3\n::::",
        "Text and data CC BY 4.0.",
    ],
)
def test_years_dates_code_and_roles_are_no_typed_numbers(markdown):
    assert bare_numbers(markdown) == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_reference_of_a_page_exists_and_prints(name, book):
    page = PAGES[name]
    for use in uses_in(page.markdown):
        assert number(use.ref, book).text()
    assert set(listings_in(page.markdown)) <= set(load_listings())
    assert set(page.figures) <= set(load_figures())


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("fact", "funds[nobody].announced_cny_bn"),
        ("fact", "funds[cn_nvcgf].nothing"),
        ("fact", "nowhere[cn_nvcgf].announced_cny_bn"),
        ("result", "funds.unheard_of"),
        ("claim", "words <funds.unheard_of>"),
    ],
)
def test_unknown_reference_is_an_error_that_names_it(role, text):
    with pytest.raises(KeyError) as error:
        number(parse_use(role, text).ref)
    assert any(part in str(error.value) for part in ("nobody", "nothing", "nowhere", "unheard_of"))


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
        if cell.cell_type == "code" and cell.source.startswith("show("):
            assert [output.output_type for output in cell.outputs] == ["execute_result"], cell.id
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 25
            assert all(output.output_type not in {"error", "stream"} for output in cell.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_stored_figures_are_those_that_the_data_give_now(path, book):
    """What nbval compares too, but without a kernel, and with the name of the figure."""
    stored = {
        cell.source.split('"')[1]: cell.outputs[0].data
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and cell.source.startswith("show(")
    }
    for name, data in stored.items():
        now = load_figures()[name](book)
        assert data["text/html"] == now.html(), f"{name}: run make refresh and look at the difference"
