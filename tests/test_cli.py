"""The commands: one clear message where something is wrong, nothing half-written."""

from __future__ import annotations

import importlib
import sys

import nbformat
import pytest

from patient_capital import cli
from patient_capital.ledger import LEDGER, ledgers, write_ledgers
from patient_capital.model.common.workers import fan_out
from patient_capital.notebooks import normalised
from patient_capital.refresh import refresh


def notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


def test_refresh_writes_outputs_without_counters_times_and_versions(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "1 + 1")
    assert refresh(tmp_path) == [path]
    text = path.read_text(encoding="utf-8")
    stored = nbformat.reads(text, as_version=4)
    assert stored.cells[0].outputs[0].data["text/plain"] == "2"
    assert stored.cells[0].execution_count == 1
    assert "iopub" not in text
    assert "version" not in stored.metadata.language_info


def test_second_refresh_changes_nothing(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "6 * 7")
    refresh(tmp_path)
    before = path.read_bytes()
    assert refresh(tmp_path) == []
    assert path.read_bytes() == before


def page(folder, markdown):
    """Make a notebook and a Markdown page of one text."""
    cells = [nbformat.v4.new_markdown_cell(markdown, id="intro"), nbformat.v4.new_code_cell("1", id="code")]
    notebook, plain = folder / "a.ipynb", folder / "b.md"
    notebook.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    plain.write_text(markdown, encoding="utf-8")
    return notebook, plain


def test_refresh_writes_the_texts_of_links_in_notebooks_and_pages(tmp_path):
    notebook, plain = page(tmp_path, "> **Box**\n>\n> [?](#funds.registered_once), `[?](#funds.registered_once)`\n")
    assert refresh(tmp_path) == [notebook, plain]
    text = "> **Box**\n>\n> [161.8bn yuan](#funds.registered_once), `[?](#funds.registered_once)`\n"
    assert plain.read_text(encoding="utf-8") == text
    assert nbformat.read(notebook, as_version=4).cells[0].source == text
    assert refresh(tmp_path) == []


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("[?](#funds.unheard_of)", "unheard_of"),
        ("[?](#funds.no_private_named)", "needs words of its own"),
        ("[9](#funds.months:wrd)", "unknown form"),
        ("[9](<#funds.months>)", "is not of the form"),
        ("[**9**](#funds.months)", "must be plain"),
    ],
)
def test_a_link_that_cannot_be_filled_is_named_with_its_cell_and_nothing_is_written(tmp_path, link, told):
    notebook, plain = page(tmp_path, f"[?](#funds.registered_once) {link}\n")
    before = notebook.read_bytes(), plain.read_bytes()
    with pytest.raises(ValueError, match=rf"a\.ipynb, cell 'intro': .*{told}"):
        refresh(tmp_path)
    assert (notebook.read_bytes(), plain.read_bytes()) == before


def test_failing_cell_is_named_and_no_notebook_is_touched(tmp_path):
    good = notebook(tmp_path / "a.ipynb", "6 * 7")
    notebook(tmp_path / "b.ipynb", "1", "1 / 0")
    before = good.read_bytes()
    with pytest.raises(ValueError, match=r"b\.ipynb, cell 'c1': ZeroDivisionError"):
        refresh(tmp_path)
    assert good.read_bytes() == before


def test_normalised_drops_what_differs_between_runs():
    cell = nbformat.v4.new_code_cell("1", id="c")
    cell.metadata["execution"] = {"iopub.execute_input": "now"}
    cell.execution_count = 7
    one = normalised(
        nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "my-kernel", "display_name": "Mine"}})
    )
    assert one.metadata.kernelspec.name == "python3"
    assert one.cells[0].execution_count == 1
    assert "execution" not in one.cells[0].metadata


def test_ledgers_are_written_where_they_are_asked_for(tmp_path, book):
    before = LEDGER.read_bytes()
    written = write_ledgers(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in written} == ledgers(book)
    assert LEDGER.read_bytes() == before


def test_check_agrees(capsys):
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out == "data, stored runs, pages and ledgers agree\n"


def test_check_names_every_problem_in_a_line(capsys, monkeypatch):
    monkeypatch.setattr("patient_capital.check.problems", lambda root: ["data/a.csv: one", "chapters/b.md: two"])
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().err == "error: 2 problems:\n- data/a.csv: one\n- chapters/b.md: two\n"


def test_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit):
        cli.main(["publish"])
    assert "invalid choice" in capsys.readouterr().err


def test_error_of_a_command_is_one_message(capsys, monkeypatch):
    def broken():
        raise ValueError("the table is wrong")

    monkeypatch.setitem(cli.COMMANDS, "check", broken)
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().err == "error: the table is wrong\n"


@pytest.mark.parametrize(("tasks", "told"), [(3, 3), (10, 10), (257, 10), (1, 1)])
def test_progress_is_a_line_at_each_tenth_and_ends_with_all(capsys, tasks, told):
    fan_out(str, range(tasks), progress=cli.lines("Drawing"))
    shown = capsys.readouterr()
    assert not shown.out
    assert len(shown.err.splitlines()) == told
    assert shown.err.splitlines()[-1] == f"Drawing: {tasks} of {tasks}"


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_a_command_outside_a_checkout_says_what_it_needs(capsys, monkeypatch, tmp_path, command):
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    monkeypatch.setitem(cli.COMMANDS, command, lambda: pytest.fail("the command ran"))
    assert cli.main([command]) == 1
    assert f"patient-capital {command} works on the chapters" in capsys.readouterr().err


def test_a_command_without_its_libraries_names_the_extras(capsys, monkeypatch):
    def execute():
        importlib.import_module("nbclient")

    monkeypatch.setitem(sys.modules, "nbclient", None)
    monkeypatch.setitem(cli.COMMANDS, "refresh", execute)
    assert cli.main(["refresh"]) == 1
    told = "error: patient-capital refresh needs nbclient: pip install 'patient-capital[book,analysis]'\n"
    assert capsys.readouterr().err == told
