"""The files of settings and of the edition: read with care, and what is wrong with them in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from patient_capital import __version__
from patient_capital.files import read_text

CONFIG = "_config.yml"
CITATION = "CITATION.cff"
BESIDE = ("CHANGELOG.md", CITATION, "LICENSE-data")
"""Texts of the root that the site shows or hands out."""
KINDS = {
    "string": "a text, in quotes where it is a number or a date", "array": "a list", "object": "a mapping of keys to values",
    "boolean": "true or false", "number": "a number", "null": "empty",
}  # fmt: skip
TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "array": list, "boolean": bool, "number": (int, float)}
OF_SPHINX: dict[str, tuple[str, ...]] = {
    "object": ("site", "html_theme_options"),
    "array": ("suppress_warnings", "templates_path", "bibtex_bibfiles", "napoleon_custom_sections"),
    "boolean": (
        "html_show_sphinx", "html_copy_source", "html_domain_indices", "autodoc_preserve_defaults", "napoleon_google_docstring",
        "napoleon_use_param", "napoleon_use_rtype", "add_module_names",
    ),
    "number": ("python_maximum_signature_line_length",),
    "string": (
        "language", "html_theme", "nb_render_markdown_format", "nb_code_prompt_show", "nb_code_prompt_hide", "html_math_renderer",
        "bibtex_default_style", "bibtex_reference_style", "autodoc_typehints", "toc_object_entries_show_parents",
    ),
}  # fmt: skip
"""What the settings of Sphinx that this book has are; those that somebody adds, Sphinx itself looks at.

Most are of the theme and of extensions: Sphinx has no list of these before an application has loaded them all, which
takes longer than all else that `make check` does.
"""


def settings(root: Path, name: str) -> dict[str, Any]:
    """Return what a YAML file of the project says.

    Raises
    ------
    ValueError
        If it cannot be read, has a key twice, or is no mapping; one line that names it and says what to do.
    """
    import yaml  # noqa: PLC0415  # whoever uses the package elsewhere has no table of contents

    try:
        text = read_text(root / name)
        twice = next(_twice(yaml.compose(text, yaml.SafeLoader), set()), None)
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}, line {mark.line + 1}" if mark else name
        why = getattr(error, "problem", None) or "no YAML"
        remedy = "write spaces in place of the tab" if "'\\t'" in why else "correct the line, or restore the file"
        raise ValueError(f"{place} cannot be read ({why}): {remedy}") from error
    if twice:
        place = f"{name}, line {twice.start_mark.line + 1}"
        raise ValueError(f"{place}: the key {twice.value} stands twice; keep one of the lines")
    if told is None:
        raise ValueError(f"{name} says nothing: restore the file")
    if isinstance(told, list):
        raise ValueError(
            f"{name} is a list: take the dashes of its first level away, so that it has keys, or restore the file"
        )
    if not isinstance(told, dict):
        raise ValueError(f"{name} is {_short(told)} and has no keys: restore the file")
    return told


def _twice(node: Any, seen: set[int]) -> Iterator[Any]:
    """Yield each key below a node of YAML that its mapping has already; YAML itself would take the last one silently."""
    if not isinstance(getattr(node, "value", None), list) or id(node) in seen:
        return
    seen.add(id(node))  # a name may stand for what it is a part of
    keys: set[tuple[str, str]] = set()
    for one in node.value:
        key, *values = one if isinstance(one, tuple) else (None, one)
        if key is not None and isinstance(key.value, str):
            if (key.tag, key.value) in keys:
                yield key
            keys.add((key.tag, key.value))
        for value in values:
            yield from _twice(value, seen)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _wrong(key: str, value: object, wanted: str) -> str:
    """Return the line that names a setting that is something else than it must be."""
    if value is None:
        return f"{CONFIG}, {key} is empty: it must be {wanted}; write one, or take the line away"
    return f"{CONFIG}, {key} is {_short(value)}: it must be {wanted}; correct it, or restore the line"


def _unknown(told: Mapping[Any, Any], schema: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield each key that is none of the known ones; a section without known keys takes any."""
    known = schema.get("properties", {})
    for key, value in told.items() if known else ():
        if key not in known:
            close = get_close_matches(str(key), known, 1)
            remedy = f"write {close[0]}, or take the line away" if close else "take the line away, or correct the name"
            yield f"{CONFIG}, {above}{key} is {_short(value)}: there is no such key; {remedy}"
        elif isinstance(value, Mapping):
            yield from _unknown(value, known[key], f"{above}{key}: ")


def _whole(schema: Mapping[str, Any], defaults: object) -> dict[str, Any]:
    """Return a schema with the keys, too, that only the defaults of Jupyter Book have, of the kind that they have there."""
    if not isinstance(defaults, Mapping):
        kind = next((kind for kind, python in TYPES.items() if isinstance(defaults, python)), None)
        return {**({"type": kind} if kind else {}), **schema}
    known = schema.get("properties", {})
    keys = dict.fromkeys((*known, *defaults))
    return {
        "type": "object",
        **schema,
        "properties": {key: _whole(known.get(key, {}), defaults.get(key)) for key in keys},
    }


def _named(path: Iterable[object]) -> str:
    return ": ".join(f"entry {part + 1}" if isinstance(part, int) else str(part) for part in path)


def problems_of_config(root: Path) -> Iterator[str]:
    """Yield each setting of ``_config.yml`` that is unknown, or of another kind than it must be; Jupyter Book says which."""
    from jupyter_book.config import PATH_YAML_DEFAULT, get_validator  # type: ignore[import-untyped]  # noqa: PLC0415

    told = settings(root, CONFIG)
    schema = _whole(get_validator().schema, settings(PATH_YAML_DEFAULT.parent, PATH_YAML_DEFAULT.name))
    found = list(_unknown(told, schema))
    of_sphinx = schema["properties"]["sphinx"]["properties"]["config"]
    of_sphinx["properties"] = {name: {"type": kind} for kind, names in OF_SPHINX.items() for name in names}
    for error in sorted(
        get_validator().evolve(schema=schema).iter_errors(told), key=lambda one: list(map(str, one.path))
    ):
        rule = error.validator_value
        several = rule if isinstance(rule, list) else [rule]
        wanted = " or ".join(KINDS.get(str(one), str(one)) for one in several if one != "null")
        found.append(_wrong(_named(error.path), error.instance, wanted))
    yield from found or [*_problems_of_addresses(told), *_problems_of_parts(root, told)]


def _problems_of_addresses(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the addresses of the site and of its repository."""
    from patient_capital.sphinxext.site import site_of  # noqa: PLC0415  # of the extra book
    from patient_capital.sphinxext.source import address_of  # noqa: PLC0415  # of the extra book

    config = told.get("sphinx", {}).get("config") or {}
    for read, value in ((site_of, config.get("site", {})), (address_of, told.get("repository", {}).get("url", ""))):
        try:
            read(value)
        except ValueError as error:
            yield str(error)


OWN = ("patient_capital.sphinxext", "patient_capital.sphinxext.interface", "patient_capital.sphinxext.references")
"""What of this package writes numbers, pages of functions and the list of works into the site."""


def _problems_of_parts(root: Path, told: Mapping[str, Any]) -> Iterator[str]:
    """Yield each file that a setting names and that is not there, and each part of the book that is left out."""
    sphinx = told.get("sphinx", {})
    html, config = told.get("html", {}), sphinx.get("config") or {}
    single = (("html: favicon", html.get("favicon")), ("logo", told.get("logo")))
    named = [(key, name) for key, name in single if name]
    named += [("sphinx: config: bibtex_bibfiles", name) for name in config.get("bibtex_bibfiles", [])]
    for key, name in named:
        if not (root / name).is_file():
            yield f"{CONFIG}, {key} names {name}, which is not there: restore the file, or correct the name"
    for name in (one for one in OWN if one not in sphinx.get("extra_extensions", [])):
        yield f"{CONFIG}, sphinx: extra_extensions lacks {name}, which writes a part of the book: add it"
    if (how := told.get("execute", {}).get("execute_notebooks")) != "off":
        yield f'{CONFIG}, execute: execute_notebooks is {how!r}: write "off", since make book executes them itself'


def problems_of_edition(root: Path) -> Iterator[str]:
    """Yield each text beside the chapters that is not there, and where version or day of the edition differ from the data's."""
    from patient_capital.tables import read_package  # noqa: PLC0415  # it imports what imports this

    lost = [name for name in BESIDE if not (root / name).is_file()]
    yield from (f"{name} is not there: restore it from the repository" for name in lost)
    try:
        package = read_package(root / "data")
    except (OSError, ValueError):  # told with the tables
        return
    if __version__ != package.version:
        yield f"__version__ is {__version__}, and data/datapackage.json has {package.version}: correct one of the two"
    for key, value in {"version": package.version, "date-released": package.edition}.items() if not lost else ():
        cited = settings(root, CITATION).get(key)
        if str(cited) != value:
            yield f"{CITATION}, {key} is {cited}, and data/datapackage.json has {value}: correct one of the two"
