"""The commands: one clear message where something is wrong, nothing half-written."""

from __future__ import annotations

import errno
import importlib
import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import nbformat
import pytest
from docutils.frontend import OptionParser

from patient_capital import __version__, build, cli
from patient_capital.build import alone
from patient_capital.extras import MissingExtraError, needed_for
from patient_capital.files import sweep, write_whole
from patient_capital.ledger import LEDGER, ledgers, write_ledgers
from patient_capital.model.common.workers import fan_out
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


def test_ledgers_are_written_where_they_are_asked_for(tmp_path, book):
    before = LEDGER.read_bytes()
    written = write_ledgers(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in written} == ledgers(book)
    assert LEDGER.read_bytes() == before


def test_check_agrees(capsys, monkeypatch):
    monkeypatch.setattr("patient_capital.check.overdue", lambda day: ())  # what is due depends on the clock
    assert cli.main(["check"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("not looked up: ")]
    assert told == ["data, stored runs, pages and ledgers agree"]


def test_tables_that_a_spreadsheet_has_saved_are_written_in_the_form_of_the_book(copied_tables, capsys):
    path = copied_tables / "pledges.csv"
    whole = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + whole.replace(b"\n", b"\r\n"))
    assert cli.main(["tidy"]) == 0
    assert path.read_bytes() == whole
    assert capsys.readouterr().out == "tidied: data/pledges.csv\n"


def test_a_wrong_cell_is_named_and_no_table_is_tidied(copied_tables, capsys):
    path = copied_tables / "pledges.csv"
    path.write_bytes(path.read_bytes().replace(b"delivered", b"done", 1).replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    assert cli.main(["tidy"]) == 1
    assert path.read_bytes() == before
    assert "pledges.csv" in capsys.readouterr().err


@pytest.fixture
def copied_tables(copied, tmp_path, monkeypatch):
    """Let the commands work on a copy of the tables."""
    shutil.copy(cli.ROOT / "_toc.yml", tmp_path)
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    monkeypatch.setattr("patient_capital.tables.DATA_FOLDER", copied)
    return copied


def test_check_names_every_problem_in_a_line(capsys, monkeypatch):
    monkeypatch.setattr("patient_capital.check.problems", lambda root: ["data/a.csv: one", "chapters/b.md: two"])
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().err == "error: 2 problems:\n- data/a.csv: one\n- chapters/b.md: two\n"


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"patient-capital {__version__}\n"


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


def test_no_edition_is_kept_while_something_is_wrong(monkeypatch, capsys):
    monkeypatch.setattr("patient_capital.check.problems", lambda root: ["data/funds.csv, row 2: wrong"])
    monkeypatch.setattr("patient_capital.edition.write_edition", lambda *_: pytest.fail("was written"))
    assert cli.main(["edition"]) == 1
    assert "1 problem:\n- data/funds.csv, row 2: wrong" in capsys.readouterr().err


# --- Shared, full and read-only -------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Let the commands work on an empty project."""
    (tmp_path / "_toc.yml").touch()
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", sorted(cli.COMMANDS.keys() - cli.READING))
def test_a_command_that_writes_waits_for_another_and_says_so(checkout, monkeypatch, command):
    ran, told = [], io.StringIO()
    monkeypatch.setattr(sys, "stderr", told)
    monkeypatch.setitem(cli.COMMANDS, command, lambda: ran.append(command))
    second = Thread(target=cli.main, args=([command],))
    with alone(checkout / "_build" / ".lock"):
        second.start()
        while "\n" not in told.getvalue():
            time.sleep(0.01)
        assert told.getvalue() == "waiting for another run in this folder to end ...\n"
        assert ran == []
    second.join(60)
    assert ran == [command]


def test_check_waits_for_nobody(checkout, monkeypatch):
    ran = []
    monkeypatch.setitem(cli.COMMANDS, "check", lambda: ran.append("check"))
    with alone(checkout / "_build" / ".lock"):
        assert cli.main(["check"]) == 0
    assert ran == ["check"]


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "the disk is full: make room and run this again"),
        (errno.EROFS, "copy the project to a folder of your own and run this again"),
        (errno.EACCES, "copy the project to a folder of your own and run this again"),
        (errno.EFBIG, "raise the limit (ulimit -f) and run this again"),
        (errno.EMFILE, "raise the limit (ulimit -n) and run this again"),
        (errno.EEXIST, "a file stands where a folder belongs: move it away and run this again"),
        (errno.ENOTDIR, "a file stands where a folder belongs: move it away and run this again"),
        (errno.EISDIR, "a folder stands where a file belongs: move it away and run this again"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_disk_that_cannot_be_written_gets_one_clear_line(checkout, monkeypatch, capsys, command, number, told):
    def write():
        raise OSError(number, os.strerror(number), "data/funds.csv")

    monkeypatch.setitem(cli.COMMANDS, command, write)
    assert cli.main([command]) == 1
    line = capsys.readouterr().err
    assert line.startswith("error: ")
    assert told in line
    assert "data/funds.csv" in line
    assert line.count("\n") == 1


@pytest.mark.parametrize("closed", ["data", "data/funds.csv"])
def test_what_cannot_be_read_is_told_as_such(tmp_path, monkeypatch, closed):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "funds.csv").write_text("a\n", encoding="utf-8")
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path / closed and may(path, mode))
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path / "data" / "funds.csv"))
    assert cli._of_system(error).endswith(
        "funds.csv: Permission denied; it cannot be read: give yourself the right to and run this again. "
        "What stood there before is whole"
    )


def test_a_project_without_a_place_for_the_lock_gets_one_clear_line(checkout, monkeypatch, capsys):
    def refuse(self, *_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setitem(cli.COMMANDS, "refresh", lambda: pytest.fail("the command ran"))
    assert cli.main(["refresh"]) == 1
    assert capsys.readouterr().err.startswith(
        f"error: {checkout / '_build'}: Permission denied; nothing can be written"
    )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_fails_while_pages_are_written_is_told_as_such_and_what_is_half_made_goes(
    tmp_path, monkeypatch, number
):
    def call(command, *, stdout, env, **_):
        monkeypatch.setenv("DOCUTILSCONFIG", env["DOCUTILSCONFIG"])
        assert OptionParser.get_standard_config_files() == [], "settings of the user"
        (tmp_path / "work" / "half.html").write_text("half", encoding="utf-8")
        stdout.write(f"WARNING: x\nOSError: \x1b[31m[Errno {number}] {os.strerror(number)}: 'a.html'\n")
        return 1

    (tmp_path / "work").mkdir()
    monkeypatch.setattr(build.subprocess, "call", call)
    with pytest.raises(OSError, match=os.strerror(number)) as error:
        build._run_jupyter_book(tmp_path, tmp_path / "work", tmp_path / "log", "s", fresh=True)
    assert error.value.errno == number
    assert not (tmp_path / "work").exists()
    assert cli._of_system(error.value).count("\n") == 0


def test_a_disk_that_is_full_before_pages_are_written_is_told_once(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / "read" / name).mkdir(parents=True)
        (tmp_path / "read" / name / "page").touch()
    build._copied(tmp_path / "read", tmp_path / "first", left_out=("a",))
    assert [path.name for path in (tmp_path / "first").rglob("*")] == ["b", "page"]

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(OSError, match="No space left") as error:
        build._copied(tmp_path / "read", tmp_path / "second")
    assert (error.value.errno, error.value.filename) == (errno.ENOSPC, str(tmp_path / "second"))


def test_an_interrupt_is_one_line(checkout, monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.COMMANDS, "model", interrupted)
    assert cli.main(["model"]) == 130
    assert capsys.readouterr().err == "interrupted: what stood there before is whole; run this again\n"


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_a_file_that_cannot_be_written_is_named_and_stands_as_it_was(tmp_path, monkeypatch, step):
    path = tmp_path / "funds.csv"
    path.write_text("old", encoding="utf-8")
    write = Path.write_bytes

    def full(self, *given):
        if step == "write_bytes":
            write(self, b"ne")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, step, full)
        with pytest.raises(OSError, match="No space left") as error:
            write_whole(path, "new")
    assert error.value.filename == str(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_parts_of_a_writer_who_was_killed_are_swept_and_nothing_else(checkout, monkeypatch):
    folder = checkout / "data"
    folder.mkdir()
    for name in ("funds.csv", ".funds.csv.0a1b.part", ".~lock.funds.csv#", "a.part"):
        (folder / name).touch()
    monkeypatch.setitem(cli.COMMANDS, "tidy", lambda: None)
    assert cli.main(["tidy"]) == 0
    assert {path.name for path in folder.iterdir()} == {"funds.csv", ".~lock.funds.csv#", "a.part"}
    sweep(checkout / "nowhere")


GLOSSARY = "# Terms\n\nfund of funds\n: A fund that invests in funds.\n"
CONTENTS = (
    "format: jb-book\nroot: chapters/a\nparts:\n- chapters:\n  - file: chapters/b\n- chapters:\n  - file: chapters/c\n"
)


def test_refresh_links_the_first_use_of_a_term_in_the_report_and_nowhere_else(tmp_path):
    folder = tmp_path / "chapters"
    folder.mkdir()
    (tmp_path / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    (folder / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    told = "# T\n\nA fund of funds is a fund. A fund of funds has rules.\n"
    page(folder, told)
    (folder / "c.md").write_text(told, encoding="utf-8")
    refresh(folder)
    linked = "A [fund of funds](#term.fund_of_funds) is a fund. A fund of funds has rules."
    stored = nbformat.read(folder / "a.ipynb", as_version=4)
    assert linked in stored.cells[0].source
    assert linked in (folder / "b.md").read_text(encoding="utf-8")
    assert (folder / "c.md").read_text(encoding="utf-8") == told
    assert refresh(folder) == []
    (folder / "glossary.md").write_text("# Terms\n\nNone as yet.\n", encoding="utf-8")
    assert refresh(folder) == []


def test_a_module_of_the_package_that_is_not_there_is_no_missing_extra():
    with pytest.raises(ModuleNotFoundError) as error, needed_for("this needs", "book"):
        importlib.import_module("patient_capital.nowhere")
    assert not isinstance(error.value, MissingExtraError)


def _words(*argv: str, env: dict[str, str] | None = None, **streams: object) -> subprocess.CompletedProcess[str]:
    """Run a command that prints much and writes nothing, in a process of its own."""
    command = [sys.executable, *argv, "-m", "patient_capital.cli", "words"]
    return subprocess.run(
        command,
        check=False,
        cwd=cli.ROOT,
        env={**os.environ, **(env or {})},
        text=True,
        stderr=subprocess.PIPE,
        **streams,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_what_cannot_be_printed_is_one_line():
    with Path("/dev/full").open("w") as full:
        told = _words(stdout=full)
    assert told.returncode == 1
    assert told.stderr.startswith("error: ")
    assert "No space left on device" in told.stderr
    assert told.stderr.count("\n") == 1


def test_who_reads_no_further_hears_of_no_trouble():
    reads, writes = os.pipe()
    os.close(reads)
    told = _words(stdout=writes)
    os.close(writes)
    assert (told.returncode, told.stderr) == (1, "")


@pytest.mark.long
@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "COLUMNS": "20", "TERM": "dumb", "PYTHONHASHSEED": "7"},
        {"LC_ALL": "tr_TR.UTF-8", "PYTHONIOENCODING": "ascii", "PYTHONOPTIMIZE": "1"},
        {"PYTHONWARNINGS": "error", "PYTHONSTARTUP": "/nowhere"},
    ],
    ids=" ".join,
)
def test_no_setting_of_the_machine_changes_what_is_said(env, capsys):
    assert cli.main(["words"]) == 0
    told = _words(env=env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == capsys.readouterr().out


def test_without_docstrings_nothing_runs_and_the_reason_is_said():
    for argv, env in (((), {"PYTHONOPTIMIZE": "2"}), (("-OO",), {})):
        told = _words(*argv, env=env, stdout=subprocess.PIPE)
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.startswith("error: Python runs without docstrings")
        assert told.stderr.count("\n") == 1


def test_a_stream_that_was_closed_before_the_start_is_no_trouble(monkeypatch):
    monkeypatch.setitem(cli.COMMANDS, "words", lambda: None)
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["words"]) == 0
