"""The first step on a new machine: clear where it cannot go on, idle where nothing has changed."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "tools" / "bootstrap.py"
LOCKS = ("requirements.lock", "requirements-lab.lock")


@pytest.fixture
def bootstrap(tmp_path):
    """Load the script as if it lay in a project of its own."""
    (tmp_path / "tools").mkdir()
    for name in (*LOCKS, "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copyfile(SCRIPT, tmp_path / "tools" / "bootstrap.py")
    spec = importlib.util.spec_from_file_location("bootstrap", tmp_path / "tools" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_python(module) -> None:
    Path(module.PYTHON).parent.mkdir(parents=True)
    Path(module.PYTHON).touch()


def make_environment(module) -> None:
    make_python(module)
    Path(module.STAMP).write_text(module.wanted(), encoding="utf-8")


@pytest.fixture
def quick_venv(monkeypatch):
    """Stand in for venv.create, which takes seconds and is not ours to test."""

    def create(folder, **_):
        for name in ("bin/python", "Scripts/python.exe"):
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    monkeypatch.setattr("venv.create", create)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 0), (3, 10, 14), (3, 14, 0), (4, 0, 0)])
def test_unsupported_python_gets_one_clear_line(bootstrap, capsys, version):
    with pytest.raises(SystemExit) as stop:
        bootstrap.check_python(version)
    told = capsys.readouterr().err
    assert stop.value.code == 1
    assert told.count("\n") == 1
    assert f"this is Python {version[0]}.{version[1]}" in told
    assert "3.11" in told


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 4), (3, 13, 0)])
def test_supported_python_passes(bootstrap, version):
    bootstrap.check_python(version)


@pytest.mark.parametrize(("folder", "told"), [("/a:b", "holds ':'"), ("/a\udcff", "is not UTF-8")])
def test_folder_in_which_no_environment_can_stand_gets_one_clear_line(bootstrap, capsys, monkeypatch, folder, told):
    monkeypatch.setattr(bootstrap, "ROOT", folder)
    with pytest.raises(SystemExit):
        bootstrap.main()
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1
    bootstrap.check_folder("/o'brien 50% #1 études 报告\n[new]*")


def test_script_can_be_read_by_an_old_python():
    """An old Python must get as far as the message: no syntax that it does not know."""
    text = SCRIPT.read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 7))
    assert not re.search(r"\bf['\"]|:=|-> |: str\b|\*,", text)


def test_python_without_venv_gets_one_clear_line(bootstrap, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit):
        bootstrap.main()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "python3-venv" in told


def test_complete_environment_is_left_alone(bootstrap, monkeypatch):
    make_environment(bootstrap)
    monkeypatch.setattr(bootstrap, "run", lambda *command: pytest.fail(f"ran {command}"))
    bootstrap.main()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_change_of_lock_or_project_sets_the_environment_up_anew(bootstrap, monkeypatch, quick_venv, name):
    make_environment(bootstrap)
    with Path(bootstrap.ROOT, name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    ran = []
    monkeypatch.setattr(bootstrap, "run", lambda *command: ran.append(command))
    bootstrap.main()
    assert any("requirements.lock" in command for command in ran)
    assert bootstrap.found() == bootstrap.wanted()


@pytest.mark.parametrize("name", LOCKS)
def test_marks_of_a_merge_in_a_lock_are_named_before_anything_is_installed(bootstrap, monkeypatch, capsys, name):
    make_environment(bootstrap)
    with Path(bootstrap.ROOT, name).open("a", encoding="utf-8") as file:
        file.write("<<<<<<< HEAD\n")
    monkeypatch.setattr(bootstrap, "run", lambda *command: pytest.fail(f"ran {command}"))
    with pytest.raises(SystemExit):
        bootstrap.main("lab")
    told = capsys.readouterr().err
    assert told.startswith(f"error: {name} holds the marks of a merge conflict")
    assert told.count("\n") == 1


def test_packages_that_cannot_be_had_say_what_to_do(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr("subprocess.call", lambda *_, **__: 1)
    with pytest.raises(SystemExit):
        bootstrap.install("-r", "requirements.lock")
    told = capsys.readouterr().err
    assert "this step failed (exit code 1): " in told
    assert "PIP_INDEX_URL" in told
    with pytest.raises(SystemExit):
        bootstrap.run("true")
    assert "PIP" not in capsys.readouterr().err


def test_interrupted_set_up_is_not_taken_for_complete(bootstrap, monkeypatch, quick_venv):
    def broken(*command):
        raise SystemExit(1)

    monkeypatch.setattr(bootstrap, "run", broken)
    with pytest.raises(SystemExit):
        bootstrap.main()
    assert bootstrap.found() == ""


def test_lab_is_added_once_and_only_where_it_is_asked_for(bootstrap, monkeypatch):
    make_environment(bootstrap)
    ran = []
    monkeypatch.setattr(bootstrap, "run", lambda *command: ran.append(command))
    bootstrap.main()
    assert ran == []
    bootstrap.main("lab")
    bootstrap.main("lab")
    assert [command[-2:] for command in ran] == [("-r", "requirements-lab.lock")]
    assert "--require-hashes" in ran[0]


def test_change_of_the_second_lock_adds_lab_again_and_leaves_the_book_alone(bootstrap, monkeypatch):
    make_environment(bootstrap)
    ran = []
    monkeypatch.setattr(bootstrap, "run", lambda *command: ran.append(command))
    bootstrap.main("lab")
    with Path(bootstrap.ROOT, "requirements-lab.lock").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    bootstrap.main("lab")
    assert [command[-1] for command in ran] == ["requirements-lab.lock"] * 2


def test_environment_made_anew_has_no_lab_until_it_is_asked_for(bootstrap, monkeypatch, quick_venv):
    make_environment(bootstrap)
    monkeypatch.setattr(bootstrap, "run", lambda *command: None)
    monkeypatch.setattr("venv.create", lambda folder, **_: make_python(bootstrap))
    bootstrap.main("lab")
    with Path(bootstrap.ROOT, "requirements.lock").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    bootstrap.main()
    assert bootstrap.found(bootstrap.LAB_STAMP) == ""
    bootstrap.main("lab")
    assert bootstrap.found(bootstrap.LAB_STAMP) == bootstrap.wanted("requirements-lab.lock")


def test_interrupted_lab_is_not_taken_for_complete(bootstrap, monkeypatch):
    make_environment(bootstrap)

    def broken(*command):
        raise SystemExit(1)

    monkeypatch.setattr(bootstrap, "run", broken)
    with pytest.raises(SystemExit):
        bootstrap.main("lab")
    assert bootstrap.found(bootstrap.LAB_STAMP) == ""
    assert bootstrap.found() == bootstrap.wanted()


def test_the_last_whole_environment_stands_where_the_next_cannot_be_made(bootstrap, monkeypatch, quick_venv):
    make_environment(bootstrap)
    mine = Path(bootstrap.VENV, "mine")
    mine.touch()
    lock = Path(bootstrap.ROOT, "requirements.lock")
    before = lock.read_bytes()
    lock.write_bytes(before + b"# changed\n")

    def broken(*command):
        assert not mine.exists()
        raise SystemExit(1)

    monkeypatch.setattr(bootstrap, "run", broken)
    with pytest.raises(SystemExit):
        bootstrap.main()
    assert mine.exists()
    lock.write_bytes(before)
    assert bootstrap.found() == bootstrap.wanted()
    bootstrap.main()


def test_a_killed_set_up_gives_way_to_the_last_whole_environment(bootstrap, monkeypatch):
    make_environment(bootstrap)
    with bootstrap.alone():
        bootstrap.set_aside()
    make_python(bootstrap)
    monkeypatch.setattr(bootstrap, "run", lambda *command: pytest.fail(f"ran {command}"))
    bootstrap.main()
    assert bootstrap.found() == bootstrap.wanted()
    assert not Path(bootstrap.ASIDE).exists()


def test_failed_step_is_named(bootstrap, capsys):
    with pytest.raises(SystemExit):
        bootstrap.run(sys.executable, "-c", "raise SystemExit(3)")
    assert "exit code 3" in capsys.readouterr().err


def test_two_set_ups_at_once_make_one_environment(bootstrap, monkeypatch, quick_venv, capsys):
    held = bootstrap.alone()
    code = (
        "import importlib.util, sys; spec = importlib.util.spec_from_file_location('b', sys.argv[1]); "
        "m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m); m.alone(); print('mine')"
    )
    script = Path(bootstrap.ROOT) / "tools" / "bootstrap.py"
    with subprocess.Popen([sys.executable, "-c", code, script], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "waiting for another run in this folder to end ...\n"
        held.close()
        assert other.stdout.readline() == "mine\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), "the environment in .venv cannot be made: [Errno 28] No space left"),
        (
            OSError(30, "Read-only file system", ".venv"),
            "the environment in .venv cannot be made: [Errno 30] Read-only",
        ),
        (subprocess.CalledProcessError(1, "ensurepip"), "the environment in .venv cannot be made: Command 'ensurepip'"),
        (ValueError("Unable to determine path"), "the environment in .venv cannot be made: Unable to determine path"),
        (KeyboardInterrupt(), "interrupted; run this again"),
    ],
)
def test_an_environment_that_cannot_be_made_gets_one_clear_line(bootstrap, capsys, monkeypatch, error, told):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("venv.create", fail)
    with pytest.raises(SystemExit):
        bootstrap.main()
    line = capsys.readouterr().err
    assert line.startswith(f"error: {told}")
    assert line.count("\n") == 1
    assert line.rstrip().endswith("run this again")


def test_settings_of_pip_say_where_packages_come_from_and_nothing_else(bootstrap):
    own = {"PIP_TARGET": "/elsewhere", "PIP_USER": "1", "PIP_INDEX_URL": "https://example.org/simple", "HOME": "/h"}
    kept = bootstrap.own_settings(own)
    assert kept["PIP_INDEX_URL"] == "https://example.org/simple"
    assert kept["HOME"] == "/h"
    assert kept["PIP_USER"] == "0"
    assert "PIP_TARGET" not in kept


def _outside_make() -> dict[str, str]:
    """Return the environment without what a make above, as of make test, tells one below."""
    return {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}


def test_nothing_of_a_users_python_takes_part():
    gone = ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONOPTIMIZE", "PYTHONIOENCODING", "PYTHONPLATLIBDIR", "MATPLOTLIBRC")
    gone = (*gone, "DOCUTILSCONFIG", "PYTEST_ADDOPTS")
    names = (*gone, "PYTHONHASHSEED", "PYTHONUTF8", "SOURCE_DATE_EPOCH", "TZ", "IPYTHONDIR")
    rule = "include Makefile\nshow:\n" + "".join(f"\t@echo {name}=$${name}\n" for name in names)
    told = subprocess.run(
        ["make", "--no-print-directory", "-f", "-", "show"],
        input=rule,
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
        env=_outside_make() | dict.fromkeys(names, "the user's"),
    ).stdout.splitlines()
    assert told == [
        *(f"{name}=" for name in gone),
        "PYTHONHASHSEED=the user's",
        "PYTHONUTF8=1",
        "SOURCE_DATE_EPOCH=1767225600",
        "TZ=UTC",
        f"IPYTHONDIR={ROOT}/_build/ipython",
    ]


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, text=True, capture_output=True, check=False, env=os.environ | environment
    )


def test_help_is_the_default_and_lists_every_command():
    told = make().stdout
    for command in ("book", "test", "tidy", "torture", "serve", "lab", "refresh", "lint", "bench", "lock", "clean"):
        assert f"make {command}" in told


def test_the_python_of_the_environment_comes_before_others(tmp_path):
    """A shell in which another environment is active must not make that of the book anew."""
    folder = tmp_path / "project"
    for name, version in ((folder / ".venv/bin/python", "own"), (tmp_path / "conda/python3", "another")):
        name.parent.mkdir(parents=True)
        name.write_text(f"#!/bin/sh\necho {version} >> {tmp_path}/asked\n", encoding="utf-8")
        name.chmod(0o755)
    (folder / "tools").mkdir()
    shutil.copyfile(SCRIPT, folder / "tools" / "bootstrap.py")
    path = f"{tmp_path}/conda{os.pathsep}{os.environ['PATH']}"
    command = ["make", "-f", str(ROOT / "Makefile"), "env"]
    for wanted in ("own", "another"):
        subprocess.run(command, cwd=folder, check=True, env=_outside_make() | {"PATH": path}, capture_output=True)
        assert set((tmp_path / "asked").read_text(encoding="utf-8").split()) == {wanted}
        (tmp_path / "asked").unlink()
        (folder / ".venv/bin/python").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")  # of a Python that is gone


def test_make_in_another_folder_says_what_to_say(tmp_path):
    command = ["make", "-f", str(ROOT / "Makefile"), "check"]
    done = subprocess.run(command, cwd=tmp_path, check=False, text=True, capture_output=True, env=_outside_make())
    assert done.returncode == 2
    assert f"say make -C {ROOT}, which works in the folder of the project" in done.stderr


def test_missing_python_gets_one_clear_line():
    outcome = make("env", "PYTHON=no-such-python")
    assert outcome.returncode != 0
    assert "no Python found" in outcome.stderr


def pins_of(name: str) -> dict[str, set[str]]:
    """Return the hashes of each pin of a lock; what follows the version says only on which systems it is needed."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    pins = {re.split(r"[\s;\\]", block)[0]: set(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)) for block in blocks}
    assert len(pins) == len(blocks) == len({pin.split("==")[0] for pin in pins})
    return pins


@pytest.mark.parametrize("name", LOCKS)
def test_lock_is_hashed_and_names_no_host(name):
    pins = pins_of(name)
    assert len(pins) > 100
    assert [pin for pin, hashes in pins.items() if not hashes] == []
    assert not re.search(r"://|--index|--extra-index|@ file", (ROOT / name).read_text(encoding="utf-8"))


def test_the_locks_agree():
    """JupyterLab is installed on top of the first lock, or without it on Binder: the book runs on the same versions."""
    first, second = (pins_of(name) for name in LOCKS)
    versions = {pin.split("==")[0]: pin for pin in first}
    assert {pin for pin in second if versions.get(pin.split("==")[0], pin) != pin} == set()
    assert {pin for pin in second if first.get(pin, second[pin]) != second[pin]} == set()
    for needed in ("jupyter-book", "pandas", "ipykernel", "setuptools"):
        assert versions[needed] in second
    assert "jupyterlab" in {pin.split("==")[0] for pin in second}
