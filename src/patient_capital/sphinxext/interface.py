"""The pages of the model's functions: a block of modules each, documented from their own docstrings."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from patient_capital import model
from patient_capital.listings.model.literature import block_of, public_names, public_objects
from patient_capital.naming import one_line, unknown


def entries(path: str, names: list[str]) -> Iterator[str]:
    """Yield the lines that document a module: what it is about, then each of its public functions and classes."""
    yield from (f".. automodule:: {path}", "")
    for name in names:
        found = public_objects()[name]
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
        block, interface = self.arguments[0], public_names()
        blocks = list(dict.fromkeys(block_of(path) for path in interface))
        if block not in blocks:
            raise self.error(one_line(unknown("block", block, blocks)))
        # Each block is parsed as a document of its own; without a prefix all would count their ids from one.
        settings = self.state.document.settings
        prefix, settings.auto_id_prefix = settings.auto_id_prefix, f"{block}-"
        sections: list[nodes.Node] = []
        for path, names in interface.items():
            if block_of(path) != block:
                continue
            module = path.rpartition(".")[2]
            section = nodes.section(ids=[f"model-{module.replace('_', '-')}"], names=[f"model-{module}"])
            section += nodes.title("", title_of(module))
            section += self.parse_text_to_nodes("\n".join(entries(path, names)))
            shorten(section)
            sections.append(section)
        settings.auto_id_prefix = prefix  # the pages that are read after this one share the settings
        return sections


def is_internal(target: str) -> bool:
    """Say whether a full name is of something in the model that is not on the page."""
    path, _, name = target.rpartition(".")
    if not f"{path}.".startswith(f"{model.__name__}."):
        return False
    interface = public_names()
    exists = target in sys.modules or hasattr(sys.modules.get(path), name)
    return exists and target not in interface and name not in interface.get(path, ())


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
    public = public_objects()
    if target not in public:
        return None
    full = f"{public[target].__module__}.{target}"
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, node["reftype"], full, node, contnode)


def lighter(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Take away what only marks each word of a signature as one that does not break: a third of the elements of a page."""
    if 'class="py ' in context.get("body", ""):
        context["body"] = re.sub(r'<span class="pre">([^<]*)</span>', r"\1", context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the search for names."""
    app.add_directive("model-block", ModelBlock)
    app.connect("missing-reference", find_by_name)
    app.connect("html-page-context", lighter)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
