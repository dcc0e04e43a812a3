"""How long building the book takes, beside nbsphinx on the same notebooks and pages, in one run and in turns.

Both execute every notebook at a full build, with the same package, kernels and theme. nbsphinx and pandoc are installed
into ``_build/benchmarks``; all else they use is of the book's own environment, in the same versions.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from patient_capital.build import INPUTS

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "_build" / "benchmarks"
REQUIREMENTS = Path(__file__).with_name("nbsphinx.txt")
CHANGED = "funds"
"""The notebook in which a paragraph is changed: of middle length."""

UNCHANGED_SECONDS = 1.5
FULL_RATIO, PARAGRAPH_RATIO = 1.2, 0.4
"""To a full build of nbsphinx."""

CONF = """
project = "Patient Capital, Impatient Provinces"
extensions = ["nbsphinx", "myst_parser"]
html_theme = "sphinx_book_theme"
nbsphinx_execute = "always"
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "substitution", "attrs_inline"]
"""


def install() -> Path:
    """Install nbsphinx and pandoc unless they are, and return where."""
    target = FOLDER / "nbsphinx"
    stamp, wanted = target / "requirements.txt", REQUIREMENTS.read_text(encoding="utf-8")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(target, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-deps"]
        subprocess.run([*pip, "--target", str(target), "-r", str(REQUIREMENTS)], check=True)  # noqa: S603  # our own words
        stamp.write_text(wanted, encoding="utf-8")
    return target


def copy_project(target: Path) -> Path:
    """Copy what the book is built from."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in INPUTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copyfile(source, target / name)
    return target


def spent() -> float:
    """Return the processor time of all processes that were started and have ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long something takes, and how much processor time, which others on the machine change less."""
    start, before = time.perf_counter(), spent()
    work()
    return time.perf_counter() - start, spent() - before


def change_paragraph(project: Path, words: str) -> None:
    """Put words before the last paragraph of the text of a notebook."""
    path = project / "chapters" / f"{CHANGED}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"][-1]
    cell["source"] = [*cell["source"], f"\n\n{words}"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def run(project: Path, *command: str, more: dict[str, str] | None = None) -> None:
    """Run a command in a copy of the project, with the copy's own package; stop with its words where it fails."""
    environment = os.environ | {"PYTHONPATH": str(project / "src")} | (more or {})
    outcome = subprocess.run(  # noqa: S603  # commands of this file
        command, cwd=project, env=environment, text=True, capture_output=True, check=False
    )
    if outcome.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{outcome.stdout[-2000:]}\n{outcome.stderr[-2000:]}")


def measure_book() -> dict[str, tuple[float, float]]:
    """Build a copy from nothing, again, and with a changed paragraph."""
    project = copy_project(FOLDER / "book")

    def build() -> None:
        run(project, sys.executable, "-m", "patient_capital.cli", "book")

    full, unchanged = seconds(build), min(seconds(build) for _ in range(3))
    change_paragraph(project, "Some words more.")
    return {"full": full, "paragraph": seconds(build), "unchanged": unchanged}


def measure_nbsphinx(installed: Path) -> dict[str, tuple[float, float]]:
    """The same with nbsphinx."""
    project = copy_project(FOLDER / "other")
    pages = sorted(path.stem for path in (project / "chapters").iterdir() if path.suffix in {".md", ".ipynb"})
    (project / "chapters" / "conf.py").write_text(CONF, encoding="utf-8")
    contents = "\n".join(["Contents", "========", "", ".. toctree::", "", *(f"   {page}" for page in pages), ""])
    (project / "chapters" / "index.rst").write_text(contents, encoding="utf-8")
    more = {
        "PYTHONPATH": os.pathsep.join([str(project / "src"), str(installed)]),
        "PATH": os.pathsep.join([str(installed / "pypandoc" / "files"), os.environ["PATH"]]),
    }

    def build() -> None:
        run(project, sys.executable, "-m", "sphinx", "-q", "-b", "html", "chapters", "site", more=more)

    full = seconds(build)
    unchanged = seconds(build)
    change_paragraph(project, "Some words more.")
    return {"full": full, "paragraph": seconds(build), "unchanged": unchanged}


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table and write ``_build/benchmarks/build.json``.

    Returns
    -------
    int
        1 if a target is missed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="how often both are measured; the best of each counts")
    rounds = parser.parse_args(arguments).rounds
    installed = install()
    measured = [(measure_book(), measure_nbsphinx(installed)) for _ in range(rounds)]
    best = [{kind: min(one[side][kind] for one in measured) for kind in measured[0][0]} for side in (0, 1)]
    print(f"{'seconds (of processors)':24} {'this book':>16} {'nbsphinx':>16} {'ratio':>7}")
    for kind, words in (("full", "full build"), ("paragraph", "changed paragraph"), ("unchanged", "nothing changed")):
        shown = [f"{wall:7.1f} ({used:.1f})".rjust(16) for wall, used in (side[kind] for side in best)]
        print(f"{words:24} {shown[0]} {shown[1]} {best[0][kind][0] / best[1][kind][0]:7.2f}")
    ours, theirs = ({kind: wall for kind, (wall, _) in side.items()} for side in best)
    targets = {
        f"full build at most {FULL_RATIO} of nbsphinx": ours["full"] <= FULL_RATIO * theirs["full"],
        f"changed paragraph at most {PARAGRAPH_RATIO} of a full build of nbsphinx": ours["paragraph"]
        <= PARAGRAPH_RATIO * theirs["full"],
        f"nothing changed at most {UNCHANGED_SECONDS} s": ours["unchanged"] <= UNCHANGED_SECONDS,
    }
    print(f"changed paragraph to a full build of nbsphinx: {ours['paragraph'] / theirs['full']:.2f}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    (FOLDER / "build.json").write_text(
        json.dumps({"book": ours, "nbsphinx": theirs}, indent=2) + "\n", encoding="utf-8"
    )
    for target, met in targets.items():
        print(f"{'met' if met else 'MISSED'}: {target}", file=sys.stdout if met else sys.stderr)
    return 0 if all(targets.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
