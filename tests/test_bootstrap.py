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
    monkeypatch.setattr("venv.create", lambda folder, **_: (shutil.rmtree(folder), make_python(bootstrap)))
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


def test_failed_step_is_named(bootstrap, capsys):
    with pytest.raises(SystemExit):
        bootstrap.run(sys.executable, "-c", "raise SystemExit(3)")
    assert "exit code 3" in capsys.readouterr().err


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, text=True, capture_output=True, check=False, env=os.environ | environment
    )


def test_help_is_the_default_and_lists_every_command():
    told = make().stdout
    for command in ("book", "test", "serve", "lab", "refresh", "lint", "bench", "lock", "clean"):
        assert f"make {command}" in told


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
