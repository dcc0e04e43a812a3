"""`_config.yml` and `_toc.yml`: each way in which they can be wrong is told in one line, by every command and by the tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import conftest
from patient_capital import check
from patient_capital.book import problems_of_settings, report
from patient_capital.build import BuildError, _texts_can_be_read
from patient_capital.settings import BESIDE, CITATION, OF_SPHINX, problems_of_config, settings

CONFIG, TOC = "_config.yml", "_toc.yml"
Change = Callable[[str], str]


def line(start: str, new: str) -> Change:
    """Return what puts another line in the place of that which begins with some words."""
    return lambda text: re.sub(
        rf"^( *){re.escape(start)}.*$", lambda found: found[1] + new, text, count=1, flags=re.MULTILINE
    )


def below(start: str, new: str) -> Change:
    """Return what puts other lines in the place of a section, to the end of the file."""
    return lambda text: text[: text.index(start)] + new


WRONG: dict[str, tuple[str, Change, str]] = {
    # of another kind
    "a list for a text": (CONFIG, line("title:", "title: [a]"), r"title is \['a'\]: it must be a text.*; correct it"),
    "a number for a text": (CONFIG, line("title:", "title: 5"), r"title is 5: it must be a text, in quotes where it is a"),
    "nothing for a text": (CONFIG, line("title:", "title:"), r"title is empty: it must be a text.*or take the line away"),
    "a text for a list": (CONFIG, line("exclude_patterns:", "exclude_patterns: tests"), r"exclude_patterns is 'tests': it must"),
    "a number in a list": (CONFIG, line("exclude_patterns:", "exclude_patterns: [a, 1]"), r"exclude_patterns: entry 2 is 1: it"),
    "a text for a section": (CONFIG, lambda text: re.sub(r"html:\n(  .*\n)+", "html: x\n", text), r"html is 'x': it must be a mapping"),
    "nothing for a section": (CONFIG, lambda text: re.sub(r"html:\n(  .*\n)+", "html:\n", text), r"html is empty: it must be a map"),
    "a list for a section": (CONFIG, below("sphinx:\n", "sphinx: [a]\n"), r"sphinx is \['a'\]: it must be a mapping of keys"),
    "a list for settings": (CONFIG, below("  config:\n", "  config: [a]\n"), r"sphinx: config is \['a'\]: it must be a mapping"),
    "a list for options": (CONFIG, below("    html_theme_options:", "    html_theme_options: [a]\n"), r"theme_options is \['a'\]: it"),
    "a list for a word": (CONFIG, line("language:", "language: [en]"), r"config: language is \['en'\]: it must be a text"),
    "a text for yes": (CONFIG, line("only_build", 'only_build_toc_files: "yes"'), r"files is 'yes': it must be true or false"),
    "none of the words": (CONFIG, line("execute_notebooks:", "execute_notebooks: x"), r"execute_notebooks is 'x': it must be auto or"),
    "a text for a site": (CONFIG, line("site:", "site: a"), r"config: site is 'a': it must be a mapping of keys to values"),
    "another part of a site": (CONFIG, line("site:", "site: {adress: a}"), r"it has the parts address, publisher, contact"),
    "no address": (CONFIG, line("url:", "url: somewhere"), r"is 'somewhere'; write it like https://github.com/owner/name"),
    # unknown
    "an unknown key": (CONFIG, lambda text: f"{text}titel: x\n", r"titel is 'x': there is no such key; write title, or take"),
    "a key like no other": (CONFIG, lambda text: f"{text}zzzz: 1\n", r"zzzz is 1: there is no such key; take the line away"),
    "a number for a key": (CONFIG, lambda text: f"{text}5: 1\n", r"5 is 1: there is no such key"),
    "an unknown key below": (CONFIG, line("favicon:", "favicn: a"), r"html: favicn is 'a': there is no such key; write favicon"),
    # what is named or needed
    "no such icon": (CONFIG, line("favicon:", "favicon: icon.ico"), r"html: favicon names icon\.ico, which is not there: restore"),
    "no such logo": (CONFIG, lambda text: f"{text}logo: logo.png\n", r"logo names logo\.png, which is not there: restore the file"),
    "no such works": (CONFIG, line("bibtex_bibfiles:", "bibtex_bibfiles: [refs.bib]"), r"bibfiles names refs\.bib, which is not"),
    "a part left out": (
        CONFIG, lambda text: text.replace("    - patient_capital.sphinxext.interface\n", ""), r"lacks patient_capital\.sphinxext\.inter",
    ),
    "executed twice": (CONFIG, line("execute_notebooks:", "execute_notebooks: force"), r"is 'force': write \"off\", since make book"),
    # no YAML
    "a tab": (CONFIG, lambda text: text.replace("  branch", "\tbranch"), r"line \d+ cannot be read \(.*\): write spaces in place"),
    "a key twice": (CONFIG, lambda text: f"{text}title: x\n", r"line \d+: the key title stands twice; keep one of the lines"),
    "a key twice below": (CONFIG, lambda text: text.replace("  branch", "  url: a\n  branch"), r"the key url stands twice; keep"),
    "no name for a star": (CONFIG, lambda text: f"{text}logo: *a\n", r"line \d+ cannot be read \(found undefined alias 'a'\): corr"),
    "two documents": (CONFIG, lambda text: f"{text}---\na: 1\n", r"line \d+ cannot be read \(but found another document\)"),
    "an order to run": (CONFIG, lambda text: f"{text}logo: !!python/name:os.system\n", r"line \d+ cannot be read \(could not"),
    "a list at all": (CONFIG, lambda _: "- a\n", r"is a list: take the dashes of its first level away, .* or restore the file"),
    "words": (CONFIG, lambda _: "a\n", r"is 'a' and has no keys: restore the file"),
    "comments alone": (CONFIG, lambda _: "# a\n", r"says nothing: restore the file"),
    # the contents
    "contents that are a list": (TOC, lambda _: "- file: chapters/funds\n", r"is a list: take the dashes of its first level away"),
    "a tab in the contents": (TOC, lambda text: text.replace("  - cap", "\t- cap", 1), r"line \d+ cannot be read .*write spaces"),
    "a key of the contents twice": (TOC, lambda text: f"{text}root: a\n", r"line \d+: the key root stands twice; keep one"),
    "a text for parts": (TOC, below("parts:", "parts: x\n"), r"an entry that names no page \(x\): write - file: chapters/name"),
    "a number for parts": (TOC, below("parts:", "parts: 5\n"), r"an entry that names no page \(5\): write - file: chapters/name"),
    "one part without a dash": (
        TOC, below("parts:", "parts:\n  caption: a\n  chapters:\n  - file: chapters/funds\n"), r"'parts' not a non-empty list",
    ),
    "no parts": (TOC, below("parts:", "parts:\n"), r"an entry that names no page \(None\): write - file: chapters/name"),
    "a list for a caption": (TOC, line("- caption:", "- caption: [a]"), r"no table of contents \(.*'caption' must be str"),
    "a list for a page": (TOC, line("- file: chapters/funds", "- file: [a]"), r"names \['a'\], which is not there: restore"),
    "an unknown key of an entry": (TOC, line("title: Safe", "titel: Safe"), r"\(Unknown keys found: \{'titel'\} @ .*: correct the"),
    "another form of contents": (TOC, line("format:", "format: book"), r"'format' key value not recognised: 'book'"),
    # the edition
    "another version": (CITATION, line("version:", "version: 0.2.9"), r"version is 0\.2\.9, and data/datapackage\.json has"),
    "another day": (CITATION, line("date-released:", "date-released: 2001-01-01"), r"date-released is 2001-01-01, and data/data"),
    "a day in words": (CITATION, line("date-released:", "date-released: 1 May 2026"), r"is 1 May 2026, and data/datapackage\.json"),
    "no version": (CITATION, line("version:", "versoin: 0.3.0"), r"version is None, and data/datapackage\.json has .*: correct one"),
    "a tab in the citation": (CITATION, line("- MIT", "\t- MIT"), r"line \d+ cannot be read .*write spaces in place of the tab"),
}  # fmt: skip


@pytest.fixture
def project(root, tmp_path) -> Path:
    """Return a folder with the two files, and the pages that they name."""
    for name in (CONFIG, TOC, *BESIDE):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    for name in ("chapters", "data", "src"):
        (tmp_path / name).symlink_to(root / name)
    return tmp_path


def test_what_the_book_has_is_right(root):
    assert problems_of_settings(root) == []
    named = {name for names in OF_SPHINX.values() for name in names}
    assert named >= set(settings(root, CONFIG)["sphinx"]["config"]), (
        "of each setting of Sphinx it is known what it must be"
    )


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line_in_every_command(project, monkeypatch, case):
    name, change, told = WRONG[case]
    text = (project / name).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (project / name).write_text(changed, encoding="utf-8")
    [found] = problems_of_settings(project)
    assert name in found
    assert re.search(told, found), found
    assert "\n" not in found
    with pytest.raises(BuildError) as error:
        _texts_can_be_read(project)
    assert str(error.value) == f"the site was not built\n{found}"
    monkeypatch.setattr(conftest, "ROOT", project)
    with pytest.raises(pytest.UsageError, match=re.escape(found)):
        conftest.pytest_configure()


@pytest.mark.parametrize("name", BESIDE)
def test_a_text_beside_the_pages_that_is_not_there_is_named_before_anything_is_built(project, name):
    (project / name).unlink()
    assert problems_of_settings(project) == [f"{name} is not there: restore it from the repository"]


def test_the_version_of_the_package_is_that_of_the_data(project, monkeypatch):
    monkeypatch.setattr("patient_capital.settings.__version__", "9.9.9")
    [found] = problems_of_settings(project)
    assert found.startswith("__version__ is 9.9.9, and data/datapackage.json has ")


def test_contents_of_a_wrong_form_stop_no_other_check(project, book, monkeypatch):
    """What reads the contents goes on, or says what is wrong in one line as well."""
    monkeypatch.setattr(check, "book_data", lambda: book)
    monkeypatch.setattr(check, "problems_of_pages", lambda root, data: report(root) and iter(()))
    for looks in (
        "problems_of_shown",
        "problems_of_findings",
        "problems_of_headlines",
        "problems_of_ledgers",
        "stale_runs",
    ):
        monkeypatch.setattr(check, looks, lambda *_: iter(()))
    for case in (
        "contents that are a list",
        "a number for parts",
        "one part without a dash",
        "a key of the contents twice",
    ):
        name, change, told = WRONG[case]
        text = (project / name).read_text(encoding="utf-8")
        (project / name).write_text(change(text), encoding="utf-8")
        [found] = check.problems(project)
        assert re.search(told, found), found
        (project / name).write_text(text, encoding="utf-8")


def test_keys_of_jupyter_book_and_settings_that_somebody_adds_are_no_fault(project):
    text = (project / CONFIG).read_text(encoding="utf-8")
    more = text.replace("  favicon", "  announcement: a\n  favicon").replace(
        "    language", "    linkcheck_ignore: [a]\n    language"
    )
    (project / CONFIG).write_text(f"{more}latex: {{latex_engine: xelatex}}\n", encoding="utf-8")
    assert list(problems_of_config(project)) == []
