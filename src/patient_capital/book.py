"""The pages of the book, and the modules that hold what they show: ``_toc.yml`` is the one list of chapters."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from patient_capital import IMPORTING
from patient_capital.files import is_left
from patient_capital.naming import one_line
from patient_capital.settings import problems_of_config, problems_of_edition, settings

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = (".md", ".ipynb")


def contents(root: Path = ROOT) -> dict[str, Any]:
    """Return what ``_toc.yml`` says."""
    return settings(root, "_toc.yml")


def walk(node: object) -> list[str]:
    """Return the pages that a part of the contents names, in reading order."""
    if isinstance(node, list):
        return [page for item in node for page in walk(item)]
    if not isinstance(node, dict):
        return []
    own = [str(node[key]) for key in ("root", "file") if node.get(key) is not None]
    return own + [page for key in ("parts", "chapters", "sections") for page in walk(node.get(key, []))]


def pages(root: Path = ROOT) -> list[str]:
    """Return every page that ``_toc.yml`` names, in reading order, as a path without suffix."""
    return walk(contents(root))


def _nameless(node: object) -> Iterator[object]:
    """Yield each entry of a part of the contents that names no page."""
    entries = node if isinstance(node, list) else [node]
    for one in entries:
        if not isinstance(one, dict):
            yield one
            continue
        lists = [one[key] for key in ("parts", "chapters", "sections") if key in one]
        if not (one.get("root") or one.get("file")) and not ("caption" in one and lists):
            yield one
        for entry in lists:
            yield from _nameless(entry)


def problems_of_contents(root: Path = ROOT) -> list[str]:
    """Return each page that ``_toc.yml`` names and that is not there, or that it names twice, and each entry without one."""
    from sphinx_external_toc.parsing import MalformedError, parse_toc_data  # noqa: PLC0415  # of the extra book

    found: list[str] = []
    for entry in _nameless(contents(root)):
        told = ", ".join(map(str, entry)) if isinstance(entry, dict) else str(entry)
        found.append(
            f"_toc.yml has an entry that names no page ({told}): write - file: chapters/name, and root: before all"
        )
    for name, count in Counter(pages(root)).items():
        if not any((root / f"{name}{suffix}").is_file() for suffix in SUFFIXES):
            suffix = Path(name).suffix
            remedy = f"leave out {suffix}" if suffix in SUFFIXES else "restore the page, or take the line away"
            found.append(f"_toc.yml names {name}, which is not there: {remedy}")
        elif count > 1:
            found.append(f"_toc.yml names {name} {count} times: keep one of the lines")
    try:
        if not found:
            parse_toc_data(contents(root))
    except MalformedError as error:
        why = re.sub(r"<class '(\w+)'>", r"\1", re.sub(r", allowed: \{.*?\}", "", one_line(error)))
        found.append(f"_toc.yml is no table of contents ({why}): correct the entry, or restore the file")
    return found


def problems_of_settings(root: Path = ROOT) -> list[str]:
    """Return what is wrong with the settings and the contents of the book, each as one line."""
    found: list[str] = []
    for look in (problems_of_config, problems_of_contents, problems_of_edition):
        try:
            found += look(root)
        except ValueError as error:
            found.append(str(error))
    return found


def report(root: Path = ROOT) -> list[str]:
    """Return the pages that tell the story: the first, and all but the last part, which stands behind the numbers."""
    told = contents(root)
    parts = told.get("parts", [])
    return walk(told | {"parts": parts[:-1] if isinstance(parts, list) else parts})


def files_of(folder: Path, *suffixes: str) -> list[Path]:
    """Return the pages of a folder in order of name, or only those of some suffixes (``.ipynb``).

    What an editor or a system keeps beside them, such as ``._name.ipynb``, is none.
    """
    named = (path for path in folder.iterdir() if path.suffix in (suffixes or SUFFIXES))
    return sorted(path for path in named if path.is_file() and not is_left(path.name))


@cache
def load(part: str) -> None:
    """Import every module of a part of the package, so that what they register is known.

    Parameters
    ----------
    part : str
        ``analysis``, ``figures``, ``listings`` or ``explorers``.
    """
    with IMPORTING:
        package = importlib.import_module(f"patient_capital.{part}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2].isidentifier():  # what a system calls "funds 2.py" is a copy
                importlib.import_module(module.name)


def make_callable(package: str, function: Callable[[], Any]) -> None:
    """Let a package be called: once imported, it stands where the function ``patient_capital.figures()`` stood."""
    kind = type(package, (ModuleType,), {"__call__": lambda _: function()})
    sys.modules[package].__class__ = kind
