"""The package as others get it: a wheel, in an environment that holds it and the libraries of its base alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution, requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "LICENSE-data",
)
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.egg-info")


def python_blocks(markdown: str) -> list[str]:
    """Return every block of Python in a Markdown text."""
    return re.findall(r"^```python\n(.*?)^```", markdown, flags=re.MULTILINE | re.DOTALL)


def build(folder: Path, *kinds: str) -> None:
    """Build in a folder as pip does, with the setuptools that is installed here, so that nothing is fetched."""
    calls = "; ".join(f"build_meta.build_{kind}('dist')" for kind in kinds)
    command = [sys.executable, "-c", f"from setuptools import build_meta; {calls}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """Build both distributions from a copy of the project and return their folder."""
    folder = tmp_path_factory.mktemp("built")
    for name in FILES:
        shutil.copyfile(ROOT / name, folder / name)
    for name in ("src", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=NOT_COPIED)
    build(folder, "sdist", "wheel")
    return folder / "dist"


@pytest.fixture(scope="session")
def wheels(built, tmp_path_factory) -> dict[str, Path]:
    """Return the wheel of the project, and the one that the source distribution gives."""
    folder = tmp_path_factory.mktemp("sdist")
    [source] = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
    [project] = folder.iterdir()
    build(project, "wheel")
    return {name: next(place.glob("*.whl")) for name, place in (("wheel", built), ("sdist", project / "dist"))}


def base_of(wheel: Path) -> set[str]:
    """Return the names of all distributions that a wheel needs without an extra, and of what these need in turn."""
    with ZipFile(wheel) as archive:
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        text = archive.read(metadata).decode()
    wanted = re.findall(r"^Requires-Dist: (.*)$", text, flags=re.MULTILINE)
    found: set[str] = set()
    while wanted:
        need = Requirement(wanted.pop())
        if (need.marker is None or need.marker.evaluate({"extra": ""})) and need.name.lower() not in found:
            found.add(need.name.lower())
            wanted += requires(need.name) or []
    return found


def _parts_of(name: str) -> Iterator[Path]:
    """Yield the modules, packages and metadata of a distribution as they lie in the folder of packages."""
    files = distribution(name).files or []
    for part in sorted({file.parts[0] for file in files} - {"..", "__pycache__"}):
        yield Path(str(distribution(name).locate_file(part)))


@dataclass(frozen=True)
class Installed:
    """An environment with the package."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"

    def run(self, *arguments: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run its Python in a folder of its own, with nothing of this process to help it."""
        own = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MPL"))}
        # A warning of the code under test is an error.
        settings = {"HOME": str(self.work), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "error"}
        done = subprocess.run(
            [str(self.python), *arguments],
            cwd=self.work,
            env=own | settings | environment,
            text=True,
            capture_output=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    @property
    def work(self) -> Path:
        """Where it runs, and its home."""
        return self.folder.parent / "work"


@pytest.fixture(scope="session")
def installed(wheels, tmp_path_factory) -> Installed:
    """Install the wheel into a new environment that holds its base and nothing else; nothing is fetched.

    It is the one that the source distribution gives, which a test holds to be the same as the other.
    """
    wheel = wheels["sdist"]
    environment = Installed(tmp_path_factory.mktemp("installed") / "env")
    environment.work.mkdir()
    venv.create(environment.folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment.folder)}))
    for name in base_of(wheel):
        for part in _parts_of(name):
            (packages / part.name).symlink_to(part)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(environment.python)]
    subprocess.run([*pip, "install", "-qq", "--no-index", "--no-deps", str(wheel)], check=True)
    subprocess.run([*pip, "check"], check=True, capture_output=True)
    return environment
