"""Copies of the project to change and build, away from the real one; one of two notebooks is built in seconds."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

from patient_capital.notebooks import METADATA

NAMES = (
    "chapters",
    "data",
    "examples",
    "src",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE-data",
    "_config.yml",
    "_toc.yml",
    "requirements.lock",
    "pyproject.toml",
    "README.md",
)
CONTENTS = (
    "format: jb-book\nroot: chapters/ledger\nchapters:\n"
    "  - file: chapters/glossary\n  - file: chapters/one\n  - file: chapters/two\n"
)
MONEY = "[99bn](#funds.registered_once)"
CODE = """from patient_capital import open_book

with open("../_build/{name}.runs", "a") as file:
    _ = file.write("x")
print(f"{name}: {{open_book().value('funds.registered_once'):.1f}}")"""


def copy_project(root: Path, target: Path) -> Path:
    target.mkdir(parents=True)
    for name in NAMES:
        source = root / name
        if source.is_dir():
            # With the bytecode that is there: it is used for a module as long as its source is not changed.
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("*.egg-info"))
        else:
            shutil.copyfile(source, target / name)
    return target


def write_notebook(project: Path, name: str, code: str, text: str = "Words.") -> None:
    cells = [
        nbformat.v4.new_markdown_cell(f"# {name}\n\n{text} {MONEY}", id="t"),
        nbformat.v4.new_code_cell(code, id="c"),
    ]
    book = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    (project / "chapters" / f"{name}.ipynb").write_text(nbformat.writes(book), encoding="utf-8")


def new_book(root: Path, folder: Path) -> Path:
    """Return a book of two notebooks, a glossary and a ledger, with the tables and the package of the real one."""
    project = copy_project(root, folder)
    for path in (project / "chapters").glob("*.ipynb"):
        path.unlink()
    for name in ("one", "two"):
        write_notebook(project, name, CODE.format(name=name))
    (project / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    return project
