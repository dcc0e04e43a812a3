"""`make check`: every kind of problem in one run, each as one line with its place and what to do."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from helpers.rows import change_cells
from patient_capital import analysis, book, check
from patient_capital.book import files_of
from patient_capital.build import BuildError, _texts_can_be_read
from patient_capital.files import read_text
from patient_capital.provenance.headlines import headlines
from patient_capital.provenance.weak_pages import pages_of, weak
from patient_capital.settings import BESIDE
from patient_capital.tables import DataError, check_substance, load

NAMES = ("chapters", "data", "_config.yml", "_toc.yml", *BESIDE)


@pytest.fixture
def project(root, tmp_path) -> Path:
    """Return a copy of what is checked; the tables that are computed from are the book's own."""
    for name in NAMES:
        (shutil.copytree if (root / name).is_dir() else shutil.copyfile)(root / name, tmp_path / name)
    (tmp_path / "src").symlink_to(root / "src")
    return tmp_path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def lines_of_tables(monkeypatch, project: Path) -> list[str]:
    monkeypatch.setattr(check, "book_data", lambda: check_substance(load(project / "data")))
    return check.problems(project)


def test_every_page_and_ledger_is_looked_at_in_one_run(project):
    append(
        project / "chapters" / "glossary.md", "\n[99bn](#funds.registered_once) of 12 funds, [x](#funds.unheard_of).\n"
    )
    append(project / "chapters" / "methods.md", "\n## By [Reed (2001)](#cite.reed2001)\n")
    (project / "chapters" / "stray.md").write_text("# Stray\n", encoding="utf-8")
    (project / "data" / "funds (1).csv").write_text("fund_id\n", encoding="utf-8")
    (project / "data" / ".~lock.funds.csv#").touch()
    append(project / "_toc.yml", "  - file: chapters/nowhere\n")
    (project / "chapters" / "session.ipynb").write_text("{}", encoding="utf-8")
    append(project / "data" / "ledger.csv", "funds.made_up,result,1,1,,,,1,funds\n")
    funds = project / "chapters" / "funds.ipynb"
    notebook = json.loads(funds.read_text(encoding="utf-8"))
    figures = [
        (cell["id"], output["data"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if "figure" in output["data"].get(check.RECORD, {})
    ]
    (first, old), (second, changed) = figures[:2]
    old["text/plain"] = ["amount\n", "1\n"]
    changed[check.RECORD]["changed"] = True
    notebook["cells"][0]["metadata"]["scrolled"] = True
    funds.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    lines = check.problems(project)

    expected = {
        "chapters/session.ipynb cannot be read as a notebook": "restore it, or save it from Jupyter again",
        "chapters/funds.ipynb is not as make refresh writes it (1 cell with other metadata)": "run make refresh",
        "chapters/glossary.md: [99bn](#funds.registered_once) is now '161.8bn yuan'": "look at the difference",
        "chapters/glossary.md: [x](#funds.unheard_of): ": "correct the link, or the words around it",
        "chapters/glossary.md: a number is typed into 'of 12 funds,'": "write a link, or take it from the data",
        "chapters/methods.md: [Reed (2001)](#cite.reed2001) stands in a heading": "move it into the text",
        "chapters/stray.md is not in _toc.yml": "add it there, or move it away",
        "data/funds (1).csv is no table of the book": "describe it in data/datapackage.json, or move it away",
        "_toc.yml names chapters/nowhere, which is not there": "restore the page, or take the line away",
        f"chapters/funds.ipynb, cell '{first}': figure funds.": "look at the difference",
        f"chapters/funds.ipynb, cell '{second}': figure funds.": "then run make refresh",
    }
    told = {start: [line for line in lines if line.startswith(start)] for start in expected}
    assert {start: len(found) for start, found in told.items()} == dict.fromkeys(expected, 1)
    assert [start for start, [line] in told.items() if not line.endswith(expected[start])] == []
    assert len(lines) == len(expected)
    assert not [line for line in lines if "\n" in line]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("ledger.csv", "zz.made_up,result,1,1,,,,1,funds\n", "zz.made_up"),
        ("ledger_inputs.csv", "zz.made_up,funds[x].y\n", "zz.made_up"),
        ("ledger.csv", "\n", "the order or layout of its rows"),
    ],
)
def test_a_ledger_that_differs_is_named_with_its_rows(project, book, name, text, told):
    append(project / "data" / name, text)
    [line] = check.problems_of_ledgers(project, book)
    assert line.startswith(f"data/{name} differs from what the book prints now ({told}): run make refresh")


def test_all_broken_cells_are_named_and_notebooks_are_still_looked_at(project, monkeypatch):
    change_cells(project / "data" / "funds.csv", "cn_nvcgf", registered_cny_bn="a hundred")
    change_cells(project / "data" / "sources.csv", "reuters_20250306", published="2025-13-01")
    (project / "chapters" / "funds.ipynb").write_text("{}", encoding="utf-8")
    first, second, third = lines_of_tables(monkeypatch, project)
    assert {first.split(",")[0], second.split(",")[0]} == {"data/funds.csv", "data/sources.csv"}
    assert third.startswith("chapters/funds.ipynb cannot be read")


def _entry(words):
    return lambda text: text.replace("file: chapters/funds", words, 1)


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (
            "_toc.yml",
            lambda text: text + "  - file: [\n",
            r"_toc\.yml, line \d+ cannot be read \(.+\): correct the line",
        ),
        ("_toc.yml", lambda text: "", r"_toc\.yml says nothing: restore the file"),
        (
            "_toc.yml",
            lambda text: text.replace("chapters/funds", "chapters/money", 1),
            r"names chapters/money, which is not",
        ),
        (
            "_toc.yml",
            lambda text: text.replace("chapters/session", "chapters/funds", 1),
            r"names chapters/funds 2 times",
        ),
        (
            "_toc.yml",
            _entry("chapters/funds"),
            r"an entry that names no page \(chapters/funds\): write - file: chapters",
        ),
        (
            "_toc.yml",
            _entry("fil: chapters/funds"),
            r"an entry that names no page \(fil\): write - file: chapters/name",
        ),
        ("_toc.yml", _entry("file:"), r"an entry that names no page \(file\): write - file: chapters/name"),
        ("_toc.yml", _entry("file: 5"), r"names 5, which is not there: restore the page"),
        ("_toc.yml", _entry("file: chapters/funds.ipynb"), r"funds\.ipynb, which is not there: leave out \.ipynb"),
        (
            "_toc.yml",
            lambda text: text.replace("root:", "rot:"),
            r"names no page \(format, rot, .*\): .*, and root: before",
        ),
        ("_config.yml", lambda text: text + "\tx: 1\n", r"_config\.yml, line \d+ cannot be read"),
        (
            "_config.yml",
            lambda text: f"<<<<<<< HEAD\n{text}",
            r"_config\.yml, line 1 holds the mark of a merge conflict",
        ),
        ("CITATION.cff", lambda text: f"{text}>>>>>>> theirs\n", r"CITATION\.cff, line \d+ holds the mark of a merge"),
        (
            "chapters/glossary.md",
            lambda text: f"{text}<<<<<<< HEAD\n",
            r"chapters/glossary\.md, line \d+ holds the mark",
        ),
        (
            "chapters/glossary.md",
            lambda text: f"{text}\udce9",
            r"chapters/glossary\.md, line \d+ is not UTF-8: save it",
        ),
    ],
)
def test_settings_contents_and_texts_that_cannot_be_read_are_named_in_one_line(root, project, name, change, told):
    _texts_can_be_read(project)
    text = (project / name).read_text(encoding="utf-8")
    (project / name).write_bytes(change(text).encode(errors="surrogateescape"))
    with pytest.raises((ValueError, BuildError), match=told) as error:
        _texts_can_be_read(project)
    assert str(error.value).removeprefix("the site was not built\n").count("\n") == 0
    if name.startswith("chapters"):
        assert [line for line in check.problems_of_forms(project) if re.search(told, line)] == [str(error.value)]


def test_what_editors_and_systems_keep_beside_pages_is_no_page(tmp_path):
    (tmp_path / "a.md").write_text("# A\n", encoding="utf-8")
    (tmp_path / ".#a.md").symlink_to("somebody@host.1")
    (tmp_path / "._b.ipynb").write_bytes(b"\0\5\x16\7")
    (tmp_path / "notes.md").mkdir()
    assert files_of(tmp_path) == [tmp_path / "a.md"]


def test_marks_of_another_editor_change_no_text(tmp_path):
    page = tmp_path / "a.md"
    page.write_bytes(b"\xef\xbb\xbfTitle\r\n=======\r\n")
    assert read_text(page) == "Title\n=======\n"


def test_tables_that_disagree_are_named(project, monkeypatch):
    change_cells(project / "data" / "funds.csv", "cn_nvcgf", registered_cny_bn="1")
    with pytest.raises(DataError):
        check_substance(load(project / "data"))
    assert any("the partners of cn_nvcgf" in line for line in lines_of_tables(monkeypatch, project))


def test_what_follows_from_a_changed_table_is_named_page_by_page(project, monkeypatch):
    change_cells(project / "data" / "funds.csv", "cn_nvcgf", invested_cny_bn="3")
    change_cells(project / "data" / "parameters.csv", "vr_mid_mean", value="2.3")
    change_cells(project / "data" / "sources.csv", "cac_20240402", kind="social")
    lines = lines_of_tables(monkeypatch, project)
    assert any("anybody can write" in line for line in lines)
    runs = [line.split()[0] for line in lines if line.endswith("run make model")]
    assert sorted(runs) == [
        f"data/{name}.csv" for name in ("model_explorers", "model_maps", "model_runs", "model_sensitivity")
    ]
    assert any(line.startswith("chapters/funds") and "is no longer true" in line for line in lines)
    assert any(line.startswith("chapters/model_annex.ipynb, cell ") and " is now " in line for line in lines)
    assert any(line.startswith("chapters/model_annex.ipynb, cell ") and " shows other data " in line for line in lines)
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "@article{cochrane2005,",
            "@article{hall2010,",
            r"cannot be read \(repeated bibliography entry: hall2010\): correct",
        ),
        ("year = {2010},", "year = {2010}", r"cannot be read \(syntax error in line \d+: .*\): correct the entry"),
        ("Hall, Robert E. and Woodward", "Hall, Robert E., Woodward", r"cannot be read \(Too many commas in "),
        (
            "  year = {2010},",
            "  yaer = {2010},",
            r"hall2010 is of no year, and data/literature\.csv has 2010: correct one",
        ),
        (
            "  year = {2010},",
            "  year = {2011},",
            r"hall2010 is of 2011, and data/literature\.csv has 2010: correct one",
        ),
        (
            "@article{hall2010,",
            "@article{hall2009,",
            r"has the work hall20(09|10), and .* has not: add it there, or correct",
        ),
    ],
)
def test_a_work_that_bibliography_and_table_tell_otherwise_is_named(project, book, old, new, told):
    path = project / "chapters" / "references.bib"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = list(check.problems_of_works(project, book))
    assert lines
    assert [line for line in lines if not re.search(told, line) or "\n" in line] == []
    path.write_text(text, encoding="utf-8")
    assert list(check.problems_of_works(project, book)) == []


@pytest.mark.parametrize("target", [r"funds.registered\_share", "Funds.registered_share", "term.Paid in"])
def test_a_link_of_no_known_form_is_named_with_its_page_and_stops_nothing(project, target):
    append(project / "chapters" / "methods.md", f"\nIt is [16 percent](#{target.replace(' ', '')}).\n")
    lines = check.problems(project)
    assert [
        line.partition(" is not of the form: ")[0] for line in lines if line.startswith("chapters/methods.md: [16 p")
    ]
    assert len(lines) == 1


def test_a_row_that_the_model_needs_is_told_once_and_not_by_each_page(project, monkeypatch):
    def lacking(data):
        raise KeyError("there is no row of regimes 'private_fund'")

    monkeypatch.setattr(check, "stale_runs", lacking)
    told = "the model lacks what it reads: there is no row of regimes 'private_fund': restore that in data/, or change"
    assert check.problems(project) == [f"{told} analysis/model"]


WEAK = [
    # R&D by province, were the communique a page for sharing code like the repository beside it.
    (
        "nbs_rd2023_comm",
        "code_sharing",
        r"provinces\.csv, row \d+, column value: '[\d.]+': cn-\w\w_2023_rd_expenditure_cny_bn",
    ),
    # Filings by province, were the lists of the regulator a post.
    (
        "cac_20240402",
        "social",
        r"ai_firms_by_region\.csv, row \d+, column value: '\d+': cn-\w\w_20\d\d-\d\d-\d\d_gen_ai",
    ),
]


def test_a_headline_that_rests_on_self_published_pages_alone_is_named(project):
    for page, kind, _ in WEAK:
        change_cells(project / "data" / "sources.csv", page, kind=kind)
    lines = list(check.problems_of_findings(project, check_substance(load(project / "data"))))
    assert all("anybody can write" in line for line in lines)
    for page, _, told in WEAK:
        rule = (
            rf"data/{told}.* rest on .*{page}.* alone, and the headline regions\.\w+ of "
            r"chapters/(regions|overview)\.ipynb"
        )
        found = [line for line in lines if re.match(rule, line)]
        assert found, page
        lines = [line for line in lines if line not in found]
        assert all(line.endswith("or take the number out of findings and cards.") for line in found)
    assert lines == []


def test_headlines_are_the_numbers_of_findings_and_cards():
    text = """\
A [1](#funds.months) before.

> **What this chapter finds**
>
> - It is [2](#funds.phase_count).
> - And [3](#funds.phase_all), [a quarter](#funds.about_a_quarter).

> **What it cannot say**
>
> How [4](#funds.local_count) is.

- **[5](#funds.local_silent)**

  Of [6](#funds.phase_median).

Words between.

- A list with [7](#funds.fields).
"""
    assert [use.ref for use in headlines(text)] == [
        f"funds.{name}" for name in ("phase_count", "phase_all", "about_a_quarter", "local_silent", "phase_median")
    ]


def test_what_an_assumption_or_a_choice_of_rows_reads_is_no_weak_page(book):
    """The share of large successes is a parameter from a blog; the lives since 2025 leave older columns out."""
    assert "levine_2014" in pages_of(book, "parameters", "vr_share_ge5", "value")
    assert weak(book, "model.gross_mean") == weak(book, "patience.lives_since") == []
    assert [one.pages for one in weak(book, "regions.pair_deep")] == [("csdn_deep",)]


def test_what_is_due_by_a_day_is_told_and_nothing_before(book):
    assert list(check.overdue("2000-01-01")) == []
    search, call, news = (next(iter(book.table(name).text)) for name in ("searches", "calls", "watch"))
    told = list(check.overdue("2999-01-01"))
    due = book.table("calls").text[call]["due_on"]
    assert next(line for line in told if line.startswith(f"searches.csv, {search}: ")).endswith(
        f"again since {book.table('searches').text[search]['look_next']}"
    )
    assert f"calls.csv, {call}: was due on {due}; decide it by its rule" in told
    assert sum(line.startswith("watch.csv, ") for line in told) == sum(
        bool(row["expected_on"]) for row in book.table("watch").text.values()
    )
    assert f"calls.csv, {call}: was due on {due}; decide it by its rule" in check.overdue(due)
    assert news in book.table("watch").text


def test_what_is_due_is_silent_about_unlawful_tables(monkeypatch):
    def unlawful():
        raise DataError([])

    monkeypatch.setattr(check, "book_data", unlawful)
    assert list(check.overdue("2999-01-01")) == []


def test_a_ledger_that_cannot_be_made_is_told_where_nothing_else_says_why(project, monkeypatch):
    def fail(*_):
        raise ValueError("two rows\nof one name")

    monkeypatch.setattr(check, "ledgers", fail)
    assert check.problems(project) == ["data/ledger.csv cannot be made: two rows of one name"]


def test_a_copy_that_a_system_has_left_among_the_modules_is_passed_over(tmp_path, monkeypatch):
    for name in ("funds 2.py", "funds (1).py", "._funds.py", "funds-copy.py"):
        (tmp_path / name).write_bytes(b"\0(")
    monkeypatch.setattr(analysis, "__path__", [*analysis.__path__, str(tmp_path)])
    book.load.__wrapped__("analysis")


def test_what_cannot_be_read_in_a_page_is_told_once_and_not_by_the_table_that_counts_the_ledger(monkeypatch, book):
    class Broken:
        def of(self, data):
            raise ValueError("one.ipynb: the code is no Python")

    monkeypatch.setattr(check, "load_figures", dict)
    monkeypatch.setattr(check, "load_explorers", dict)
    monkeypatch.setattr(check, "load_listings", lambda: {check.DERIVED: Broken(), "one.other": Broken()})
    (told,) = check.problems_of_shown(book)
    assert told.startswith("table one.other: one.ipynb")
