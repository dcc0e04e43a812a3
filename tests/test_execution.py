"""Execution: side by side, kept by code, package and data, and never served where any of these has changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from patient_capital import execution
from patient_capital.build import kernel_state
from patient_capital.execution import ExecutionError, keep, key_of, outputs_of, recall
from patient_capital.kernel import may_read
from patient_capital.notebooks import read_notebook

ROOT = Path(__file__).resolve().parents[1]


def notebook(*sources, text="Words.", tags=()):
    cells = [nbformat.v4.new_markdown_cell(text, id="text")]
    cells += [nbformat.v4.new_code_cell(s, id=f"c{i}", metadata={"tags": list(tags)}) for i, s in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def place(tmp_path):
    """Return the folders of chapters and of kept executions of a project."""
    (tmp_path / "chapters").mkdir()
    return tmp_path / "chapters", tmp_path / "_build" / "executed"


@pytest.fixture
def run(place):
    """Return a function that executes notebooks, and gives what each printed and how often each has run until now."""
    chapters, kept = place

    def execute(state="one", **notebooks):
        counted = {}
        for name, one in notebooks.items():
            tally = chapters.parent / f"_build/{name}.runs"
            tally.parent.mkdir(exist_ok=True)
            # Each run leaves a mark where a kernel may write.
            one.cells[1].source += f"\nwith open({str(tally)!r}, 'a') as file: _ = file.write('x')"
            counted[chapters / f"{name}.ipynb"] = tally
        given = {path: notebooks[path.stem] for path in counted}
        shown = outputs_of(given, kept, lambda: state)
        return {
            path.stem: ("".join(o.text for cell in shown[path] for o in cell), counted[path].stat().st_size)
            for path in given
        }

    return execute


def test_only_what_a_kernel_depends_on_makes_it_run_again(run):
    assert run(a=notebook("print(1)"), b=notebook("print(2)")) == {"a": ("1\n", 1), "b": ("2\n", 1)}
    assert run(a=notebook("print(1)", text="A comma, more."), b=notebook("print(2)")) == {
        "a": ("1\n", 1),
        "b": ("2\n", 1),
    }
    assert run(a=notebook("print(3)"), b=notebook("print(2)")) == {"a": ("3\n", 2), "b": ("2\n", 1)}
    assert run("two", a=notebook("print(3)"), b=notebook("print(2)")) == {"a": ("3\n", 3), "b": ("2\n", 2)}
    back = run("one", a=notebook("print(1)"), b=notebook("print(2)"))
    assert back == {"a": ("1\n", 3), "b": ("2\n", 2)}, "a change taken back"


def test_progress_names_what_ran_and_what_is_left(place):
    chapters, kept = place
    lines = []
    both = {chapters / f"{name}.ipynb": notebook(f"'{name}'") for name in "ab"}
    outputs_of(both, kept, lambda: "s", tell=lines.append)
    assert lines[0] == "executing 2 notebooks ..."
    assert [line.split(", ")[1:] for line in lines[1:]] == [["1 left"], []]
    outputs_of(both, kept, lambda: "s", tell=lines.append)
    assert len(lines) == 3


def test_start_up_files_of_a_user_take_no_part(place, tmp_path, monkeypatch):
    chapters, kept = place
    started = tmp_path / "ipython" / "profile_default" / "startup" / "mine.py"
    started.parent.mkdir(parents=True)
    started.write_text("intruder = 1", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    path = chapters / "a.ipynb"
    (shown,) = outputs_of({path: notebook("'intruder' in globals()")}, kept, lambda: "s")[path][-1]
    assert shown.data["text/plain"] == "False"


def test_settings_of_the_machine_take_no_part(place):
    """Those of the user's folder are kept out by its name; those of the system have no name to change."""
    chapters, kept = place
    code = "import os\nsorted(p for p in get_ipython().kernel.parent.config_file_paths if p != os.getcwd())"
    path = chapters / "a.ipynb"
    (shown,) = outputs_of({path: notebook(code)}, kept, lambda: "s")[path][-1]
    (folder,) = json.loads(shown.data["text/plain"].replace("'", '"'))
    assert not Path(folder).exists(), "a folder of this kernel alone, which goes with it"


def test_where_a_machine_keeps_a_cache_is_no_warning(run, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "file" / "below"))
    one = notebook("import matplotlib.font_manager", "import logging; _ = print(logging.getLogger('matplotlib').name)")
    assert run(a=one)["a"] == ("matplotlib\n", 1)


def test_command_that_fails_fails_its_cell(place):
    chapters, kept = place
    path = chapters / "a.ipynb"
    assert outputs_of({path: notebook("!exit 0")}, kept, lambda: "s")
    with pytest.raises(ExecutionError, match=r"a\.ipynb, cell 'c0': CalledProcessError: .*exit 3"):
        outputs_of({path: notebook("!exit 3")}, kept, lambda: "s")


def test_tags_decide_what_runs_and_count_as_code():
    assert key_of(notebook("1"), "s") == key_of(notebook("1", text="Other."), "s")
    other = notebook("1", tags=["raises-exception"])
    assert len({key_of(one, "s") for one in (notebook("1"), other, notebook("1", "1"))}) == 3


def test_damaged_entry_is_none_and_is_computed_anew(place):
    chapters, kept = place
    one = notebook("print(160 + 1)")
    shown = outputs_of({chapters / "a.ipynb": one}, kept, lambda: "s")
    key = key_of(one, "s")
    entry = kept / f"{key}.json"
    whole = entry.read_text(encoding="utf-8")
    assert "161" in whole
    for damaged in (whole[: len(whole) // 2], "", "{}", whole.replace("161", "162")):
        entry.write_text(damaged, encoding="utf-8")
        assert recall(kept, key) is None
    assert outputs_of({chapters / "a.ipynb": one}, kept, lambda: "s") == shown
    assert entry.read_text(encoding="utf-8") == whole


def test_what_has_run_is_kept_where_another_fails_and_every_failure_is_named(run):
    warns = notebook("import sys, warnings", "warnings.warn('old')")
    with pytest.raises(ExecutionError) as error:
        run(a=notebook("print(1)"), b=notebook("1", "1 / 0"), c=notebook("unheard"), d=warns)
    assert sorted(str(error.value).splitlines()) == [
        "b.ipynb, cell 'c1': ZeroDivisionError: division by zero",
        "c.ipynb, cell 'c0': NameError: name 'unheard' is not defined",
        "d.ipynb, cell 'c1' writes to stderr: UserWarning: old",
    ]
    assert run(a=notebook("print(1)")) == {"a": ("1\n", 1)}


CELLS = {
    "input('name? ')": "StdinNotImplementedError: raw_input was called, but this frontend does not support input",
    "import logging; logging.warning('careful')": " writes to stderr: WARNING:root:careful",
    "import sys; sys.stderr.write('10%|#')": " writes to stderr: 10%|#",
    "x = (1,": "SyntaxError: incomplete input",
    "if True:\n\tx = 1\n        y = 2": "TabError: inconsistent use of tabs",
    "def f(): return f()\nf()": "RecursionError: maximum recursion depth exceeded",
    "raise SystemExit('bye')": "SystemExit: bye",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "import os; os.kill(os.getpid(), 9)": r"DeadKernelError: Kernel died (it said nothing: a system without memory left",
    "import resource as r; r.setrlimit(r.RLIMIT_AS, (2 * 10**9,) * 2); x = bytearray(10**10)": "MemoryError",
    "%nosuchmagic": "UsageError: Line magic function `%nosuchmagic` not found",
    "%matplotlib widget": "RuntimeError: 'widget' is not a recognised GUI loop or backend name",
    "!nosuchcommand": "CalledProcessError: Command 'nosuchcommand' returned non-zero exit status 127",
    "%%bash\nexit 4": "returned non-zero exit status 4",
    "raise ExceptionGroup('many', [ValueError('one')])": "ExceptionGroup: many (1 sub-exception)",
    "print('\\ud800')": "UnicodeEncodeError: 'utf-8' codec can't encode",
    "raise ValueError('失败')": "ValueError: 失败",
}
RIGHT = (
    "%load_ext autoreload\n%autoreload 2",
    "%matplotlib inline\nimport matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
    "import asyncio; await asyncio.sleep(0)",
    "import os\nif os.fork() == 0: os._exit(0)",
    "exit()",
)


@pytest.mark.long
def test_whatever_a_cell_does_is_told_in_a_line_with_its_place_or_runs(place):
    chapters, kept = place
    given = {chapters / f"n{number:02}.ipynb": notebook(cell) for number, cell in enumerate(CELLS)}
    right = chapters / "right.ipynb"
    with pytest.raises(ExecutionError) as error:
        outputs_of(given | {right: notebook(*RIGHT, "print('to the end')")}, kept, lambda: "s")
    told = sorted(str(error.value).splitlines())
    assert len(told) == len(CELLS)
    for path, line, wanted in zip(given, told, CELLS.values(), strict=True):
        assert line.startswith(f"{path.name}, cell 'c0'")
        assert wanted in line
    shown = outputs_of({right: notebook(*RIGHT, "print('to the end')")}, kept, lambda: "another")
    assert [output.text for output in shown[right][-1]] == ["to the end\n"]


def test_an_exception_is_told_without_colours_in_short_and_also_where_a_value_is_shown(run):
    bad = "class Bad:\n    def __repr__(self): raise ValueError('cannot be shown')\nx = Bad()"
    with pytest.raises(ExecutionError) as error:
        run(a=notebook("1", f"{bad}\nx"), b=notebook("1", r"raise ValueError('\x1b[31mred\x1b[0m' + 'x' * 9000)"))
    first, second = sorted(str(error.value).splitlines())
    assert first == "a.ipynb, cell 'c1': ValueError: cannot be shown"
    assert second.startswith("b.ipynb, cell 'c1': ValueError: redxxx")
    assert len(second) < 2100


def test_cell_that_takes_too_long_or_ends_the_kernel_is_named(place):
    chapters, kept = place
    with pytest.raises(ExecutionError, match=r"a\.ipynb, cell 'c1': CellTimeoutError"):
        outputs_of({chapters / "a.ipynb": notebook("1", "import time; time.sleep(60)", "2")}, kept, lambda: "s", 2)
    ends = "import os; os.write(2, b'no memory left'); os._exit(1)"
    with pytest.raises(ExecutionError, match=r"a\.ipynb, cell 'c1': DeadKernelError: .* \(no memory left\)$"):
        outputs_of({chapters / "a.ipynb": notebook("1", ends)}, kept, lambda: "s")


def test_kernel_that_does_not_start_in_time_is_told(place, monkeypatch):
    monkeypatch.setattr(execution, "STARTUP_SECONDS", 1)
    monkeypatch.setattr(execution, "START", "import time; time.sleep(60)")
    left, done = [], []
    monkeypatch.setattr("atexit.register", left.append)
    monkeypatch.setattr("atexit.unregister", done.append)
    with pytest.raises(ExecutionError, match=r"^a\.ipynb: RuntimeError: Kernel didn't respond in 1 seconds"):
        execution.execute(place[0] / "a.ipynb", notebook("1 + 1"))
    cleanup = [one for one in left if isinstance(getattr(one, "__self__", None), execution.NotebookClient)]
    assert cleanup
    assert [one for one in cleanup if one not in done] == [], "nothing is left to the end of the process"


def test_kernels_run_side_by_side(place, monkeypatch):
    chapters, kept = place
    monkeypatch.setattr(execution, "processors", lambda: 2)
    # Each waits for the other: one after the other they would never end.
    wait = "from pathlib import Path\nimport time\nPath('{}').touch()\nwhile not Path('{}').exists(): time.sleep(0.05)"
    both = {"a": notebook(wait.format("one", "two")), "b": notebook(wait.format("two", "one"))}
    outputs_of({chapters / f"{name}.ipynb": one for name, one in both.items()}, kept, lambda: "s", 60)


def test_the_longest_runs_first(place, monkeypatch):
    chapters, kept = place
    monkeypatch.setattr(execution, "processors", lambda: 1)
    three = {
        chapters / f"{n}.ipynb": notebook(f"with open('order', 'a') as file: _ = file.write('{n}')") for n in "abc"
    }
    kept.mkdir(parents=True)
    (kept / "seconds.json").write_text(json.dumps({"a.ipynb": 1.0, "b.ipynb": 9.0}), encoding="utf-8")
    outputs_of(three, kept, lambda: "s")
    assert (chapters / "order").read_text(encoding="utf-8") == "cba", "one that nobody knows may be the longest"
    assert set(json.loads((kept / "seconds.json").read_text(encoding="utf-8"))) == {"a.ipynb", "b.ipynb", "c.ipynb"}


def test_two_processes_with_the_same_notebook_run_it_once(place):
    chapters, kept = place
    path = chapters / "a.ipynb"
    path.write_text(
        nbformat.writes(notebook("with open('runs', 'a') as file: _ = file.write('x')\nprint(6 * 7)")), encoding="utf-8"
    )
    code = (
        "import sys; from pathlib import Path; from patient_capital.execution import outputs_of\n"
        "from patient_capital.notebooks import read_notebook\n"
        "path = Path(sys.argv[1])\n"
        "print(outputs_of({path: read_notebook(path)}, Path(sys.argv[2]), lambda: 's')[path][0][0].text)"
    )
    command = [sys.executable, "-c", code, str(path), str(kept)]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: subprocess.check_output(command, text=True, timeout=600), range(2)))
    assert [one.strip() for one in told] == ["42", "42"]
    assert (chapters / "runs").read_text(encoding="utf-8") == "x"


def test_notebooks_of_the_same_code_share_an_execution(place):
    chapters, kept = place
    code = "with open('../_build/runs', 'a') as file: _ = file.write('x')\nprint(1)"
    shown = outputs_of({chapters / f"{n}.ipynb": notebook(code, text=n) for n in "ab"}, kept, lambda: "s")
    assert [cell[0].text for outputs in shown.values() for cell in outputs] == ["1\n", "1\n"]
    assert (chapters.parent / "_build" / "runs").read_text(encoding="utf-8") == "x"


def test_state_that_changes_while_a_notebook_runs_keeps_nothing(place):
    chapters, kept = place
    states = iter(["before", "after"])
    with pytest.raises(ExecutionError, match="changed while it ran"):
        outputs_of({chapters / "a.ipynb": notebook("1")}, kept, lambda: next(states))
    assert recall(kept, key_of(notebook("1"), "before")) is None
    assert recall(kept, key_of(notebook("1"), "after")) is None


def test_entry_is_whole_or_not_there_when_its_writer_is_killed(tmp_path):
    """A writer is killed again and again while it writes an entry of some megabytes."""
    code = (
        "import sys; from pathlib import Path; from patient_capital.execution import keep\n"
        "print('ready', flush=True)\n"
        "for n in range(10**6): keep(Path(sys.argv[1]), 'k', [[{'text': str(n % 10) * 10**6}]])"
    )
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout.readline() == b"ready\n"
            while not (tmp_path / "k.json").exists():
                time.sleep(0.01)
            time.sleep(0.05)
            writer.kill()
        whole = recall(tmp_path, "k")
        assert whole is not None
        assert len(set(whole[0][0].text)) == 1


def test_interrupt_ends_the_kernels_too(place):
    chapters, kept = place
    path = chapters / "a.ipynb"
    code = "import os, time\nwith open('kernel', 'w') as file: _ = file.write(str(os.getpid()))\ntime.sleep(600)"
    path.write_text(nbformat.writes(notebook(code)), encoding="utf-8")
    command = (
        # Tests that run in the background ignore interrupts, and what they start inherits that.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys; from pathlib import Path; from patient_capital.execution import outputs_of\n"
        "from patient_capital.notebooks import read_notebook\n"
        "path = Path(sys.argv[1])\n"
        "outputs_of({path: read_notebook(path)}, Path(sys.argv[2]), lambda: 's')"
    )
    with subprocess.Popen([sys.executable, "-c", command, str(path), str(kept)], stderr=subprocess.PIPE) as process:
        told = chapters / "kernel"
        while not told.exists() or not told.read_text(encoding="utf-8"):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert b"KeyboardInterrupt" in process.communicate(timeout=300)[1]
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text(encoding="utf-8")), 0)
    assert not list(kept.glob("*.json"))


def test_executions_are_tidied_but_those_in_use_and_the_last(place, monkeypatch):
    chapters, kept = place
    monkeypatch.setattr(execution, "KEPT", 3)
    for age, name in enumerate("wxyz"):
        keep(kept, name, [])
        os.utime(kept / f"{name}.json", (1e9 - age, 1e9 - age))
    one = notebook("1")
    outputs_of({chapters / "a.ipynb": one}, kept, lambda: "s")
    names = {path.stem for path in kept.glob("*.json")}
    assert names == {key_of(one, "s"), "w", "x", "seconds"}


@pytest.mark.parametrize(
    ("read", "allowed"),
    [
        ("data/funds.csv", True),
        ("src/patient_capital/cli.py", True),
        ("_build/executed/x.json", True),
        (".venv/lib/x.py", True),
        ("../elsewhere/x.csv", True),
        ("chapters/funds.ipynb", False),
        ("chapters/methods.md", False),
        ("chapters/helper.py", False),
        ("data/ledger.csv", False),
        ("_toc.yml", False),
        ("README.md", False),
    ],
)
def test_chapter_may_read_what_its_outputs_are_kept_by(read, allowed):
    root = Path("/project")
    assert may_read(Path(os.path.normpath(root / read)), root) == allowed


def test_chapter_that_reads_another_page_is_stopped_where_it_does(place):
    chapters, kept = place
    (chapters / "other.md").write_text("Other.", encoding="utf-8")
    with pytest.raises(ExecutionError, match=r"cell 'c1': PermissionError: a chapter reads chapters/other\.md"):
        outputs_of({chapters / "a.ipynb": notebook("1", "open('other.md').read()")}, kept, lambda: "s")


def test_state_follows_package_data_and_lock_and_nothing_else(tmp_path):
    for name in (
        "data/a.csv",
        "data/ledger.csv",
        "src/p/m.py",
        "src/p/__pycache__/m.pyc",
        "requirements.lock",
        "_toc.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    for name, counts in {
        "data/a.csv": True, "src/p/m.py": True, "requirements.lock": True, "src/p/new.py": True,
        "data/ledger.csv": False, "src/p/__pycache__/m.pyc": False, "_toc.yml": False,
    }.items():  # fmt: skip
        before = kernel_state(tmp_path)
        (tmp_path / name).write_text(name, encoding="utf-8")
        assert (kernel_state(tmp_path) != before) == counts, name


def test_chapters_of_the_book_have_different_keys():
    keys = [key_of(read_notebook(path), "s") for path in (ROOT / "chapters").glob("*.ipynb")]
    assert len(set(keys)) == len(keys)
