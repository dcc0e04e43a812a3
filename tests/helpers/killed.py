"""Commands that are killed at random moments: what stood before stands whole, and the next run succeeds.

Run by ``make torture``; ``ARGS="--sample 3 --seed 1"`` kills each command at fewer moments.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.small_book import CODE, new_book, write_notebook

ROOT = Path(__file__).resolve().parents[2]

# Counts what the process writes in the project, and kills it before the write that is asked for.
DRIVER = """
import os, signal, sys
root, command, last, count = *sys.argv[1:3], int(sys.argv[3]), 0
def hook(event, args):
    global count
    if event not in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"):
        return
    if event == "open" and not (args[2] or 0) & (os.O_WRONLY | os.O_RDWR):
        return
    if any(isinstance(one, (str, bytes)) and os.fsdecode(one).startswith(root) for one in args[:2]):
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""
RUN = """
from patient_capital import cli
code = cli.main([command])
print("writes", count, file=sys.stderr)
sys.exit(code)
"""
QUICK_MODEL = """
from patient_capital.analysis.model import runs
tasks = runs.map_tasks()[:4]
runs.map_tasks, runs.SOBOL_BASE, runs.PORTFOLIOS = lambda: tasks, dict.fromkeys(runs.SOBOL_BASE, 16), 100
draw = runs.draws
runs.draws, runs.joint = lambda **given: draw(100, **given), lambda run: []
kept = runs.book_data().table("model_explorers").text.values()
runs._explorer_rows = lambda run: [{**row, "inputs_hash": run.digest} for row in kept]
"""
NOTHING_WRONG = """
import patient_capital.check
patient_capital.check.problems = lambda root: []
"""
QUICK_ENVIRONMENT = """
import time, venv
sys.path.insert(0, os.path.join(root, "tools"))
import bootstrap
create = venv.create
venv.create = lambda folder, **given: create(folder, **{**given, "with_pip": False})
def install(*arguments):
    for number in range(40):
        with open(os.path.join(bootstrap.VENV, "part%d" % number), "w") as file:
            file.write(bootstrap.wanted())
        time.sleep(0.01)
bootstrap.install = install
bootstrap.main()
print("writes", count, file=sys.stderr)
"""


def saved_by_a_spreadsheet(project: Path) -> None:
    for path in sorted((project / "data").glob("[a-f]*.csv")):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def edited(project: Path) -> None:
    saved_by_a_spreadsheet(project)
    for name in ("one", "two"):
        write_notebook(project, name, CODE.format(name=name) + "\nprint('more')", text="Edited.")


def built_and_edited(project: Path) -> None:
    command(project, "book", "").check_returncode()
    write_notebook(project, "one", CODE.format(name="one") + "\nprint('more')", text="Edited.")


def of_the_next_version(project: Path) -> None:
    path = project / "data" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(package | {"version": "99.0.0"}), encoding="utf-8")


def with_an_environment(project: Path) -> None:
    (project / "tools").mkdir()
    shutil.copyfile(ROOT / "tools" / "bootstrap.py", project / "tools" / "bootstrap.py")
    command(project, "env", QUICK_ENVIRONMENT).check_returncode()
    lock = project / "requirements.lock"
    lock.write_text(f"{lock.read_text(encoding='utf-8')}# another\n", encoding="utf-8")


def files(*patterns: str) -> Callable[[Path], dict[str, str]]:
    """Return what gives a hash of each file of a project that one of the patterns names."""

    def hashes(project: Path) -> dict[str, str]:
        found = {path for pattern in patterns for path in project.glob(pattern) if not path.name.startswith(".")}
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    return hashes


def site(project: Path) -> dict[str, str]:
    """Return one hash of the whole site."""
    digest = hashlib.sha256()
    for path in sorted((project / "_build" / "html").rglob("*")):
        digest.update(path.relative_to(project).as_posix().encode() + (path.read_bytes() if path.is_file() else b""))
    return {"site": digest.hexdigest()}


def environment(project: Path) -> dict[str, str]:
    """Return for which lock the last environment that is said to be complete was made, and what each of its parts says."""
    for folder in (project / ".venv", project / "_build" / "venv"):
        if (folder / ".complete").is_file():
            told = {path.read_text(encoding="utf-8") for path in (*folder.glob("part*"), folder / ".complete")}
            return {"environment": f"{sorted(told)} {len(list(folder.glob('part*')))}"}
    return {"environment": "none"}


@dataclass(frozen=True)
class Trial:
    """A command, what is done before it runs, and what it writes.

    Attributes
    ----------
    setup : str
        Code that makes it quick.
    prepare : callable
        Leaves a project for which it has something to do.
    state : callable
        A hash of each thing that it writes and that is whole, old or new, at any moment.
    """

    setup: str
    prepare: Callable[[Path], None]
    state: Callable[[Path], dict[str, str]]


TRIALS = {
    "tidy": Trial("", saved_by_a_spreadsheet, files("data/*")),
    "refresh": Trial("", edited, files("data/*", "chapters/*")),
    "edition": Trial(NOTHING_WRONG, of_the_next_version, files("data/*", "tests/data/*")),
    "model": Trial(QUICK_MODEL, lambda project: None, files("data/*")),
    "env": Trial(QUICK_ENVIRONMENT, with_an_environment, environment),
    "book": Trial("", built_and_edited, site),
}


def command(
    project: Path, name: str, setup: str, last: int = 0, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in a project; it is killed before its write number `last`, or after `seconds`."""
    code = DRIVER + setup + ("" if setup == QUICK_ENVIRONMENT else RUN)
    given = os.environ | {"PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-c", code, str(project), name, str(last)]
    # Its words go to a file: programs that it has started and left may hold a pipe open.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        with subprocess.Popen(words, cwd=project, env=given, stdout=told, stderr=told) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        told.seek(0)
        return subprocess.CompletedProcess(words, process.returncode, told.read())


def wrong(name: str, folder: Path, chance: random.Random, moments: int) -> Iterator[str]:
    """Kill a command at random moments, half of them just before a write; yield what is wrong afterwards."""
    trial, project, saved = TRIALS[name], folder / "book", folder / "saved"
    new_book(ROOT, project)
    trial.prepare(project)
    shutil.copytree(project, saved, symlinks=True)
    before, start = trial.state(project), time.monotonic()
    whole = command(project, name, trial.setup)
    taken, after = time.monotonic() - start, trial.state(project)
    if whole.returncode or before == after:
        yield f"{name}: did nothing, or failed: {whole.stdout[-2000:]}"
        return
    writes = int(whole.stdout.rsplit("writes ", 1)[1].split()[0])
    for number in range(moments):
        shutil.rmtree(project)
        shutil.copytree(saved, project, symlinks=True)
        last, seconds = (chance.randint(1, writes), None) if number % 2 == 0 else (0, chance.uniform(0, taken))
        moment = f"{name}, killed {f'before write {last} of {writes}' if last else f'after {seconds:.2f} s'}"
        killed = command(project, name, trial.setup, last, seconds)
        if killed.returncode not in {0, -signal.SIGKILL}:
            yield f"{moment}: {killed.stdout[-2000:]}"
        now = trial.state(project)
        halves = [key for key in {*before, *now} if now.get(key) not in {before.get(key), after.get(key)}]
        if halves:
            yield f"{moment}: not whole: {', '.join(sorted(halves))}"
        again = command(project, name, trial.setup)
        if again.returncode:
            yield f"{moment}: the next run fails: {again.stdout[-2000:]}"
        elif trial.state(project) != after:
            yield f"{moment}: the next run gives something else"
        for part in project.glob("[!_]*/**/.*.part"):
            yield f"{moment}: {part.name} is left"


def main(arguments: list[str] | None = None) -> int:
    """Kill each command at random moments, print what is wrong afterwards, and return 1 if anything is."""
    parser = argparse.ArgumentParser(prog="killed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sample", type=int, default=20, help="moments of each command (20)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", choices=TRIALS, action="append", help="this command alone")
    chosen = parser.parse_args(arguments)
    failed = 0
    for name in chosen.only or TRIALS:
        with tempfile.TemporaryDirectory() as folder:
            found = list(wrong(name, Path(folder), random.Random(f"{chosen.seed} {name}"), chosen.sample))
        failed += len(found)
        print(
            f"{name}: killed at {chosen.sample} moments, seed {chosen.seed}: {len(found) or 'nothing'} wrong",
            flush=True,
        )
        print("".join(f"  {line}\n" for line in found), end="", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
