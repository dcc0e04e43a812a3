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


@pytest.fixture
def bootstrap(tmp_path):
    """Load the script as if it lay in a project of its own."""
    (tmp_path / "tools").mkdir()
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copyfile(SCRIPT, tmp_path / "tools" / "bootstrap.py")
    spec = importlib.util.spec_from_file_location("bootstrap", tmp_path / "tools" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_environment(module) -> None:
    Path(module.PYTHON).parent.mkdir(parents=True)
    Path(module.PYTHON).touch()
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
    for command in ("book", "test", "serve", "refresh", "lint", "bench", "lock", "clean"):
        assert f"make {command}" in told


def test_missing_python_gets_one_clear_line():
    outcome = make("env", "PYTHON=no-such-python")
    assert outcome.returncode != 0
    assert "no Python found" in outcome.stderr


def test_lock_is_hashed_and_names_no_host():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE)
    assert len(pins) > 100
    assert len(pins) == len(set(pins))
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?://|--index|--extra-index|@ file", text)
