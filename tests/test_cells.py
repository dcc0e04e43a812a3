"""What the code of a chapter names, found without executing it."""

from __future__ import annotations

import pytest

from patient_capital import open_book
from patient_capital.analysis import funds
from patient_capital.cells import named
from patient_capital.figures import funds as figures
from patient_capital.ledger import read_pages

IMPORTS = """
from patient_capital import open_book
from patient_capital.analysis import funds
from patient_capital.figures import funds as figures
import pandas as pd
"""


def test_names_are_found_by_what_was_imported():
    found = named(IMPORTS + "book = open_book()\nstages = funds.guidance_stock(book)\nfigures.guidance(stages)\n")
    assert found == {
        "open_book": open_book,
        "funds.guidance_stock": funds.guidance_stock,
        "figures.guidance": figures.guidance,
    }


def test_what_is_not_of_the_package_is_left_out():
    assert set(named(IMPORTS + "pd.DataFrame()\nfunds.no_such_name\nother.ladder\n")) == {"open_book"}


def test_a_name_in_a_string_or_comment_is_not_named():
    assert "figures.guidance" not in named(IMPORTS + "# figures.guidance(x)\n'figures.guidance(x)'\n")


def test_code_that_is_no_python_is_an_error():
    with pytest.raises(SyntaxError):
        named("figures.guidance(")


def test_pages_know_what_their_code_shows(tmp_path):
    import nbformat

    cells = [
        nbformat.v4.new_markdown_cell("Text.", id="a"),
        nbformat.v4.new_code_cell(IMPORTS, id="b"),
        nbformat.v4.new_code_cell("figures.guidance(funds.guidance_stock(open_book()))", id="c"),
    ]
    (tmp_path / "one.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    (page,) = read_pages(tmp_path)
    assert page.figures == ("funds.guidance",)
    cells[2].source = "figures.guidance("
    (tmp_path / "one.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.ipynb: the code is no Python"):
        read_pages(tmp_path)


def test_names_of_what_is_no_module_are_not_followed():
    code = IMPORTS + "open_book.cache.clear()\nfunds.guidance_stock.origin.year()\n"
    assert named(code)["open_book"] is open_book
    assert not any("." in name and name.count(".") > 1 for name in named(code))
