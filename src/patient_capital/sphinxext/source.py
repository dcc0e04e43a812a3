"""Where a page comes from: its notebook as download, and links to edit it and to run it if the repository is known.

The links stand under the title as plain text: the theme's own buttons need a script to draw their icons and to open
their menus, and a page that is opened from disk, printed or read without scripts has none.
"""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

BINDER = "https://mybinder.org/v2"
ADDRESS = re.compile(r"https://(?P<host>github|gitlab)\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?")
Links = list[tuple[str, str]]


def address_of(url: str) -> str:
    """Return the address of the repository.

    Raises
    ------
    ValueError
        If it is not of a form that can be linked to.
    """
    if url and not ADDRESS.fullmatch(url):
        raise ValueError(f"repository: url in _config.yml is {url!r}; write it like https://github.com/owner/name")
    return url


def check_address(app: Sphinx, config: Config) -> None:
    """Stop where the address of the repository is not of a form that can be linked to."""
    try:
        address_of(config.html_theme_options.get("repository_url") or "")
    except ValueError as error:
        raise ConfigError(str(error)) from None


def repository_links(url: str, branch: str, path: str) -> Links:
    """Return text and target of the links into a repository: edit for every page, Binder for a notebook.

    Parameters
    ----------
    url : str
        Address of the repository; empty gives no links.
    branch : str
        The branch that the site is built from.
    path : str
        Source of the page, from the root of the repository.
    """
    found = ADDRESS.fullmatch(url)
    if not found:
        return []
    host, owner, name = found["host"], found["owner"], found["name"]
    edit = "edit" if host == "github" else "-/edit"
    links = [("Edit this page", f"https://{host}.com/{owner}/{name}/{edit}/{quote(branch)}/{quote(path)}")]
    if path.endswith(".ipynb"):
        place = f"gh/{owner}/{name}" if host == "github" else f"gl/{owner}%2F{name}"
        links.append(("Run on Binder", f"{BINDER}/{place}/{quote(branch, safe='')}?urlpath=lab/tree/{quote(path)}"))
    return links


def source_of(app: Sphinx, page: str) -> Path:
    """Return the file that a page is written in, from the root of the project."""
    return Path(app.env.doc2path(page)).relative_to(app.srcdir)


def add_links(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Put the links of a page under its title."""
    if pagename not in app.env.found_docs:
        return
    path, options = source_of(app, pagename), app.config.html_theme_options
    links = repository_links(
        options.get("repository_url") or "", options.get("repository_branch") or "main", path.as_posix()
    )
    shown = [f'<a href="{escape(target)}">{text}</a>' for text, target in links]
    if path.suffix == ".ipynb":
        shown.insert(0, f'<a href="{path.name}" download>Download this notebook</a>')
    if shown:
        row = f'<p class="pc-source">{" ".join(shown)}</p>'
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{row}", 1)


def write_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Copy each notebook, as it is committed, beside its page."""
    if error is not None or app.builder.format != "html":
        return
    for page in app.env.found_docs:
        path = source_of(app, page)
        if path.suffix == ".ipynb":
            shutil.copyfile(Path(app.srcdir) / path, Path(app.outdir) / path)


def setup_source(app: Sphinx) -> None:
    """Register everything with Sphinx."""
    app.connect("config-inited", check_address)
    app.connect("html-page-context", add_links)
    app.connect("build-finished", write_notebooks)
