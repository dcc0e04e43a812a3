"""One setting adds the links to edit a page and to run a notebook."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.config import Config
from sphinx.errors import ConfigError

from helpers.small_book import copy_project
from patient_capital.sphinxext.source import check_address, repository_links

ADDRESS = "https://github.com/example/patient-capital"
ROW = re.compile(r'<p class="pc-source">(.*?)</p>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)"( download)?>([^<]+)</a>')


def links_of(page: Path) -> dict[str, str]:
    """Return the links under the title, text to target; the row may stand once at most."""
    rows = ROW.findall(page.read_text(encoding="utf-8"))
    assert len(rows) <= 1
    return {text: target for row in rows for target, _, text in LINK.findall(row)}


@pytest.fixture(scope="module")
def linked(root, tmp_path_factory):
    """Return the pages of a copy in which nothing but the address is set; three pages, and from their stored outputs."""
    project = copy_project(root, tmp_path_factory.mktemp("linked") / "book")
    config = (project / "_config.yml").read_text(encoding="utf-8")
    set_up = config.replace('  url: ""\n', f"  url: {ADDRESS}\n")
    assert set_up.count(ADDRESS) == config.count(ADDRESS) + 1
    (project / "_config.yml").write_text(set_up, encoding="utf-8")
    contents = "format: jb-book\nroot: chapters/overview\nchapters:\n- file: chapters/funds\n- file: chapters/methods\n"
    (project / "_toc.yml").write_text(contents, encoding="utf-8")
    command = "from jupyter_book.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", command, "build", "."], cwd=project, check=True, capture_output=True)
    return project / "_build" / "html" / "chapters"


@pytest.mark.long
def test_address_alone_gives_edit_and_one_launch_button(linked):
    assert links_of(linked / "funds.html") == {
        "Download this notebook": "funds.ipynb",
        "Edit this page": f"{ADDRESS}/edit/main/chapters/funds.ipynb",
        "Run on Binder": "https://mybinder.org/v2/gh/example/patient-capital/main?urlpath=lab/tree/chapters/funds.ipynb",
    }
    assert links_of(linked / "methods.html") == {"Edit this page": f"{ADDRESS}/edit/main/chapters/methods.md"}
    for page in ("funds", "methods"):
        html = (linked / f"{page}.html").read_text(encoding="utf-8")
        assert html.count("/edit/main/") == 1
        assert html.count("mybinder.org") == (page == "funds")


@pytest.mark.parametrize("url", [ADDRESS, f"{ADDRESS}/", f"{ADDRESS}.git"])
def test_address_may_be_pasted_as_it_comes(url):
    assert repository_links(url, "main", "chapters/a.md") == [("Edit this page", f"{ADDRESS}/edit/main/chapters/a.md")]


def test_other_forge_and_branch():
    links = dict(repository_links("https://gitlab.com/example/book", "next/one", "chapters/a.ipynb"))
    assert links == {
        "Edit this page": "https://gitlab.com/example/book/-/edit/next/one/chapters/a.ipynb",
        "Run on Binder": "https://mybinder.org/v2/gl/example%2Fbook/next%2Fone?urlpath=lab/tree/chapters/a.ipynb",
    }


@pytest.mark.parametrize(
    "url", ["github.com/example/book", "git@github.com:example/book.git", "https://github.com/example"]
)
def test_address_that_cannot_be_linked_to_is_named(url):
    config = Config({"html_theme_options": {"repository_url": url}})
    config.add("html_theme_options", {}, "html", dict)
    with pytest.raises(ConfigError, match=r"repository: url in _config\.yml is") as error:
        check_address(None, config)
    assert url in str(error.value)
