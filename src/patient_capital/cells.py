"""What the code of a chapter names: figures and tables that it shows, functions that it calls. Nothing is executed."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from types import ModuleType

PACKAGE = "patient_capital"


def _imported(tree: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield each name that the code imports from the package, with what it is."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module or node.module.split(".")[0] != PACKAGE:
            continue
        module = importlib.import_module(node.module)
        for alias in node.names:
            found = getattr(module, alias.name, None)
            if found is None or isinstance(found, ModuleType):
                # A submodule is no attribute before it is imported.
                found = importlib.import_module(f"{node.module}.{alias.name}")
            yield alias.asname or alias.name, found


def named(code: str) -> dict[str, object]:
    """Return what of the package a code names, by the text that names it: ``figures.ladder``, ``open_book``.

    Parameters
    ----------
    code : str
        All code of a notebook, so that a name is known wherever it is imported.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    tree = ast.parse(code)
    modules = dict(_imported(tree))
    found = {name: what for name, what in modules.items() if not isinstance(what, ModuleType)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = modules.get(node.value.id)
            if isinstance(owner, ModuleType) and hasattr(owner, node.attr):
                found[f"{node.value.id}.{node.attr}"] = getattr(owner, node.attr)
    return found
