"""`make check`: every kind of problem in one run, each as one line with its place and what to do."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from patient_capital import check
from patient_capital.tables import DataError, check_substance, load

NAMES = ("chapters", "data", "_toc.yml")


@pytest.fixture
def project(root, tmp_path) -> Path:
    """Return a copy of what is checked; the tables that are computed from are the book's own."""
    for name in NAMES:
        (shutil.copytree if (root / name).is_dir() else shutil.copyfile)(root / name, tmp_path / name)
    return tmp_path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def change(path: Path, row: str, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    [one] = [one for one in rows if next(iter(one.values())) == row]
    one[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def lines_of_tables(monkeypatch, project: Path) -> list[str]:
    monkeypatch.setattr(check, "book_data", lambda: check_substance(load(project / "data")))
    return check.problems(project)


def test_every_page_and_ledger_is_looked_at_in_one_run(project):
    append(
        project / "chapters" / "glossary.md", "\n[99bn](#funds.registered_once) of 12 funds, [x](#funds.unheard_of).\n"
    )
    append(project / "chapters" / "methods.md", "\n## By [Reed (2001)](#cite.reed2001)\n")
    (project / "chapters" / "stray.md").write_text("# Stray\n", encoding="utf-8")
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
    change(project / "data" / "funds.csv", "cn_nvcgf", "registered_cny_bn", "a hundred")
    change(project / "data" / "sources.csv", "reuters_20250306", "published", "2025-13-01")
    (project / "chapters" / "funds.ipynb").write_text("{}", encoding="utf-8")
    first, second, third = lines_of_tables(monkeypatch, project)
    assert {first.split(",")[0], second.split(",")[0]} == {"data/funds.csv", "data/sources.csv"}
    assert third.startswith("chapters/funds.ipynb cannot be read")


def test_tables_that_disagree_are_named(project, monkeypatch):
    change(project / "data" / "funds.csv", "cn_nvcgf", "registered_cny_bn", "1")
    with pytest.raises(DataError):
        check_substance(load(project / "data"))
    assert any("the partners of cn_nvcgf" in line for line in lines_of_tables(monkeypatch, project))


def test_what_follows_from_a_changed_table_is_named_page_by_page(project, monkeypatch):
    change(project / "data" / "funds.csv", "cn_nvcgf", "invested_cny_bn", "3")
    change(project / "data" / "parameters.csv", "vr_mid_mean", "value", "2.3")
    lines = lines_of_tables(monkeypatch, project)
    runs = [line.split()[0] for line in lines if line.endswith("run make model")]
    assert sorted(runs) == [f"data/{name}.csv" for name in ("model_maps", "model_runs", "model_sensitivity")]
    assert any(line.startswith("chapters/funds") and "is no longer true" in line for line in lines)
    assert any(line.startswith("chapters/model.ipynb, cell ") and " is now " in line for line in lines)
    assert any(line.startswith("chapters/model.ipynb, cell ") and " shows other data " in line for line in lines)
    assert len(lines) == len(set(lines))
