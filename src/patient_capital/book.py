"""The pages of the book, and the modules that hold what they show: ``_toc.yml`` is the one list of chapters."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from patient_capital import IMPORTING

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = (".md", ".ipynb")


def pages(root: Path = ROOT) -> list[str]:
    """Return every page that ``_toc.yml`` names, in reading order, as a path without suffix."""
    import yaml  # noqa: PLC0415  # whoever uses the package elsewhere has no table of contents

    def walk(node: object) -> list[str]:
        if isinstance(node, list):
            return [page for item in node for page in walk(item)]
        if not isinstance(node, dict):
            return []
        own = [str(node[key]) for key in ("root", "file") if key in node]
        return own + [page for key in ("parts", "chapters", "sections") for page in walk(node.get(key, []))]

    return walk(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8")))


def files_of(folder: Path, *suffixes: str) -> list[Path]:
    """Return the pages of a folder in order of name, or only those of some suffixes (``.ipynb``)."""
    return sorted(path for path in folder.iterdir() if path.suffix in (suffixes or SUFFIXES))


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
            importlib.import_module(module.name)


def make_callable(package: str, function: Callable[[], Any]) -> None:
    """Let a package be called: once imported, it stands where the function ``patient_capital.figures()`` stood."""
    kind = type(package, (ModuleType,), {"__call__": lambda _: function()})
    sys.modules[package].__class__ = kind
