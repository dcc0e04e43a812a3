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


def _dotted(node: ast.AST) -> list[str]:
    """Return the names of ``module.part.name``, or nothing where the node is another thing."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return [*owner, node.attr] if owner else []
    return []


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
        dotted = _dotted(node)
        if not dotted or dotted[0] not in modules:
            continue
        owner = modules[dotted[0]]
        for attribute in dotted[1:]:
            if not isinstance(owner, ModuleType):
                break
            owner = getattr(owner, attribute, None)
        else:
            if owner is not None and not isinstance(owner, ModuleType):
                found[".".join(dotted)] = owner
    return found
