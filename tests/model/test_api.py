"""The interface of the model: whole, documented, cheap to import, and on the page."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from docutils import nodes
from latex2mathml.converter import convert
from sphinx.addnodes import pending_xref

from patient_capital import model
from patient_capital.analysis.model.regimes import outcome
from patient_capital.book import pages
from patient_capital.listings.model.literature import block_of, public_names, public_objects, summary
from patient_capital.sphinxext.interface import entries, is_internal, shorten, title_of

FOLDER = Path(model.__file__).parent
ROOT = FOLDER.parents[2]
PAGE = (ROOT / "chapters" / "api.md").read_text(encoding="utf-8")
BIBLIOGRAPHY = (ROOT / "chapters" / "references.bib").read_text(encoding="utf-8")
CHECKS = f"{model.__name__}.common.checks"
KEYS = set(re.findall(r"^@\w+\{(\w+),", BIBLIOGRAPHY, flags=re.MULTILINE))
INTERFACE = public_names()
MODULES = list(INTERFACE)
BLOCKS = list(dict.fromkeys(map(block_of, MODULES)))
OBJECTS = public_objects()
NAMES = list(OBJECTS)
FILES = {
    path: f"{model.__name__}.{path.relative_to(FOLDER).with_suffix('').as_posix().replace('/', '.')}"
    for path in sorted(FOLDER.rglob("*.py"))
    if path.name != "__init__.py"
}


def documentation(found):
    return inspect.cleandoc(found.__doc__ or "")


def sections(text):
    """Return the body of each numpydoc section by its title."""
    parts = re.split(r"^([A-Z][A-Za-z ]+)\n-{3,}$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (body.strip("\n") for body in parts[2::2]), strict=True))


def named(section):
    """Return the names that a section describes, in order."""
    heads = re.findall(r"^(\*{0,2}\w[\w*, ]*?)(?: :.*)?$", section, flags=re.MULTILINE)
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def test_every_module_lies_in_a_package_and_is_public_or_says_by_its_name_that_it_is_not():
    private = {name for name in FILES.values() if "._" in name}
    assert {*MODULES, *private} == set(FILES.values())
    assert not private & set(MODULES)
    assert not [path for path in FILES if path.parent == FOLDER]


@pytest.mark.parametrize("module", MODULES)
def test_public_functions_and_classes_are_exactly_the_names_of_the_interface(module):
    loaded = importlib.import_module(module)
    defined = {
        name
        for name, found in vars(loaded).items()
        if not name.startswith("_")
        and (inspect.isfunction(found) or inspect.isclass(found) or hasattr(found, "__wrapped__"))
        and found.__module__ == module
    }
    if module == CHECKS:  # its functions serve the formulas
        defined = {name for name in defined if inspect.isclass(getattr(loaded, name))}
    assert set(INTERFACE[module]) == defined
    package = importlib.import_module(module.rpartition(".")[0])
    for name in defined:
        assert name in package.__all__
        assert OBJECTS[name] is getattr(package, name) is getattr(loaded, name)


def test_no_name_is_taken_twice_or_is_that_of_a_module():
    every = [
        name for package in model.PACKAGES for name in importlib.import_module(f"{model.__name__}.{package}").__all__
    ]
    assert sorted(NAMES) == sorted(every) == sorted(set(every))
    # The import system binds a loaded module to its name in the package, in the place of the function.
    assert not set(NAMES) & {part for name in FILES.values() for part in name.split(".")}


def test_the_front_holds_what_a_reader_meets_first_and_the_packages_the_rest():
    assert list(model.PACKAGES) == BLOCKS
    assert all(hasattr(model, name) for name in [*model.__all__, *BLOCKS])
    records = {name for name in model.__all__ if inspect.isclass(getattr(model, name))}
    assert all(getattr(model, name) is OBJECTS[name] for name in {*records, "evaluate"})
    assert len(model.__all__) < 25


def test_the_book_is_ready_by_name(ctx):
    scenario, regimes = model.central(), model.regimes()
    assert regimes["national"] is regimes["national_fund"]
    assert list(regimes) == list(ctx.frame("regimes", "label").index)
    value = model.evaluate(regimes["national"], scenario).value
    assert value == pytest.approx(outcome(ctx, "national_fund").value)
    assert model.evaluate(regimes["national"], model.replace(scenario, fee_rate=0.0)).value > value
    assert model.central("public").discount_rate > scenario.discount_rate
    with pytest.raises(KeyError, match="there is no regime 'natonal'; perhaps 'national_fund'"):
        regimes["natonal"]


@pytest.mark.parametrize("name", ["no_such_formula", "_private", "plain"])
def test_what_is_not_in_the_interface_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match=name):
        getattr(model, name)


def imported(path):
    """Return the packages of the model that a module imports from when it is loaded."""
    return set(re.findall(r"^from patient_capital\.model\.(\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_packages_of_the_model_do_not_import_in_a_circle():
    needs = {}
    for path in FILES:
        needs.setdefault(path.parent.name, set()).update(imported(path) - {path.parent.name})
    assert set(needs) == {*BLOCKS, "_numerics"}
    TopologicalSorter(needs).prepare()


def test_importing_the_model_loads_no_library_that_few_functions_need():
    slow = {"SALib", "matplotlib", "pandas", "scipy.stats", "statsmodels"}
    code = f"import sys, patient_capital.model; print(sorted({slow} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_every_block_of_the_interface_has_a_page_and_the_first_page_says_what_it_is_for():
    """In the words of that page, in its order and in that of the contents."""
    told = re.findall(r"^\[(.+)\]\(api_(\w+)\.md\)\n: (.+)$", PAGE, flags=re.MULTILINE)
    assert [block for _, block, _ in told] == BLOCKS
    assert [name for name in pages(ROOT) if "/api_" in name] == [f"chapters/api_{block}" for block in BLOCKS]
    for title, block, about in told:
        text = (ROOT / "chapters" / f"api_{block}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {title}\n\n{about} ")
        assert re.findall(r"^\.\. model-block:: (\w+)$", text, flags=re.MULTILINE) == [block]


@pytest.mark.parametrize("module", MODULES)
def test_block_documents_the_module_and_each_of_its_names(module):
    lines = list(entries(module, INTERFACE[module]))
    for name in INTERFACE[module]:
        kind = "function"
        found = OBJECTS[name]
        if inspect.isclass(found):
            kind = "exception" if issubclass(found, Exception) else "class"
        assert lines.count(f".. auto{kind}:: {module}.{name}") == 1
    assert documentation(importlib.import_module(module))


@pytest.mark.parametrize("name", NAMES)
def test_docstring_names_every_parameter_and_what_is_returned(name):
    found = OBJECTS[name]
    text = documentation(found)
    assert text
    told = sections(text)
    if inspect.isclass(found):
        if dataclasses.is_dataclass(found):
            expected = [field.name for field in dataclasses.fields(found) if field.init]
        elif "__init__" in vars(found) and not getattr(found, "_is_protocol", False):
            expected = [p for p in inspect.signature(found).parameters if p != "self"]
        else:
            expected = []
        described = named(told.get("Attributes", "")) or named(told.get("Parameters", ""))
        assert set(expected) <= set(described)
        return
    signature = inspect.signature(found)
    expected = [p.name for p in signature.parameters.values()]
    assert sorted(named(told.get("Parameters", ""))) == sorted(expected)
    if signature.return_annotation not in {None, "None"}:
        assert told.get("Returns", "").strip()


@pytest.mark.parametrize("name", NAMES)
def test_first_sentence_says_what_it_is_and_fits_the_table(name):
    first = summary(name)
    assert 8 < len(first) < 200
    assert first.endswith((".", ":"))
    assert not re.search(r"[`\\]|:\w+:", first)


@pytest.mark.parametrize("name", NAMES)
def test_cited_works_exist(name):
    cited = re.findall(r":cite:\w+:`([^`]+)`", documentation(OBJECTS[name]))
    assert {key.strip() for keys in cited for key in keys.split(",")} <= KEYS


@pytest.mark.parametrize("module", MODULES)
def test_every_formula_is_understood(module):
    loaded = importlib.import_module(module)
    objects = [loaded, *(getattr(loaded, name) for name in INTERFACE[module])]
    objects += [m for o in objects if inspect.isclass(o) for n, m in vars(o).items() if not n.startswith("_")]
    for found in objects:
        text = documentation(found)
        formulas = re.findall(r":math:`([^`]+)`", text)
        formulas += [
            inspect.cleandoc(b) for b in re.findall(r"^\.\. math::\n\n((?: +.*\n?|\n)+)", text, flags=re.MULTILINE)
        ]
        for formula in formulas:
            assert "\\" not in convert(formula), f"{found}: {formula}"


def test_example_of_the_page_runs():
    code = re.search(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)[1]
    setup, call = code.split("\n\n", 1)
    scope = {}
    exec(setup, scope)  # noqa: S102  # what the page shows
    assert eval(call, scope) > 1  # noqa: S307  # the same


@pytest.mark.parametrize(
    ("target", "internal"),
    [
        ("patient_capital.model._numerics.random_streams.block_generator", True),
        ("patient_capital.model.common.checks.share", True),
        ("patient_capital.model.common.checks.Optimum", False),
        ("patient_capital.model.common.checks", False),
        ("patient_capital.model.common.checks.no_such_check", False),
        ("patient_capital.model.returns.deal_returns.DealReturns.mean", False),
        ("random_streams.block_generator", False),
        ("elsewhere.random_streams.block_generator", False),
    ],
)
def test_only_names_that_serve_the_model_go_without_a_link(target, internal):
    assert is_internal(target) is internal


def test_headings_are_the_names_of_the_modules_in_words():
    assert [title_of(module) for module in ("dpi", "regional_game", "sobol")] == ["DPI", "Regional game", "Sobol"]


def test_links_to_the_model_show_the_bare_name():
    section = nodes.section(
        "", pending_xref("", nodes.literal("", "patient_capital.model.overcapacity.market.entered()"))
    )
    section += nodes.paragraph("", "patient_capital.model.overcapacity.market stays as it is outside a link")
    shorten(section)
    assert section.astext().split("\n\n") == [
        "entered()",
        "patient_capital.model.overcapacity.market stays as it is outside a link",
    ]
