"""The page of the model's functions: a block of modules, documented from their own docstrings."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from patient_capital import model


def entries(module: str) -> Iterator[str]:
    """Yield the lines that document a module: what it is about, then each public function and class."""
    path = f"{model.__name__}.{module}"
    yield from (f".. automodule:: {path}", "")
    for name in model.public_names(module):
        found = getattr(importlib.import_module(path), name)
        if inspect.isclass(found):
            kind = "exception" if issubclass(found, Exception) else "class"
            yield from (f".. auto{kind}:: {path}.{name}", "   :members:", "   :member-order: bysource", "")
        else:
            yield from (f".. autofunction:: {path}.{name}", "")


def title_of(module: str) -> str:
    """Return the heading of a module: its name in words."""
    return module.upper() if len(module) <= len("DPI") else module.replace("_", " ").capitalize()


def shorten(section: nodes.Element) -> None:
    """Print each link to the model as the bare name, as it is imported."""
    for link in section.findall(pending_xref):
        for text in list(link.findall(nodes.Text)):
            if text.startswith(f"{model.__name__}."):
                link_text = text.rpartition(".")[2]
                text.parent.replace(text, nodes.Text(link_text))


class ModelBlock(SphinxDirective):
    """Document every module of a block of the model."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a section for each module, or an error that names the blocks there are."""
        block = self.arguments[0]
        if block not in model.INTERFACE:
            raise self.error(f"there is no block {block!r}; blocks are: {', '.join(model.INTERFACE)}")
        # Each block is parsed as a document of its own; without a prefix all would count their ids from one.
        settings = self.state.document.settings
        prefix, settings.auto_id_prefix = settings.auto_id_prefix, f"{block}-"
        sections: list[nodes.Node] = []
        for module in model.INTERFACE[block]:
            section = nodes.section(ids=[f"model-{module.replace('_', '-')}"], names=[f"model-{module}"])
            section += nodes.title("", title_of(module))
            section += self.parse_text_to_nodes("\n".join(entries(module)))
            shorten(section)
            sections.append(section)
        settings.auto_id_prefix = prefix  # the pages that are read after this one share the settings
        return sections


def is_internal(target: str) -> bool:
    """Say whether a full name is one of the model that is not on the page."""
    module, _, name = target.removeprefix(f"{model.__name__}.").partition(".")
    return target.startswith(f"{model.__name__}.") and (
        module in model.MACHINERY or name in model.HELPERS.get(module, ())
    )


def find_by_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> nodes.Element | None:
    """Resolve a public name of the model wherever it is mentioned, so that no docstring needs to know its module.

    What only serves other modules is mentioned without a link.
    """
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py":
        return None
    if is_internal(target):
        return contnode
    if target not in model.module_of_name():
        return None
    full = f"{model.__name__}.{model.module_of_name()[target]}.{target}"
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, node["reftype"], full, node, contnode)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the search for names."""
    app.add_directive("model-block", ModelBlock)
    app.connect("missing-reference", find_by_name)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
