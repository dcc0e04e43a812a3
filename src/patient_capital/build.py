"""Building the site: never stale, never half-written, and no work where nothing has changed.

What a build does, follows from what has changed since the last one that went well:

- nothing: nothing;
- texts of pages: Sphinx reads these pages anew and writes them, and what shows things of all pages;
- code of a notebook: this notebook is executed, and Sphinx reads every page;
- data, package, lock, configuration or contents: the same, and where kernels read it, all notebooks are executed.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from patient_capital.book import files_of, pages, problems_of_settings
from patient_capital.files import is_left, read_text, write_whole
from patient_capital.kernel import BUILDING, PRINTED
from patient_capital.kernel import INPUTS as KERNEL_INPUTS
from patient_capital.settings import BESIDE

if TYPE_CHECKING:
    from nbformat import NotebookNode

INPUTS = ("chapters", "examples", *BESIDE, "_config.yml", "_toc.yml", "pyproject.toml", *KERNEL_INPUTS)
"""Everything that the site depends on."""

READ_BY_OTHERS = ("chapters/glossary.", "chapters/api")
"""How texts begin that the reading of other pages needs: what terms mean, and which functions are documented."""

SMALLEST_PAGE = 10_000
"""Bytes; the empty frame of the theme alone is larger, so that a smaller page was not written by it."""

FULL = 1_000_000
"""Bytes; with less left on a disk, no page can be written."""

OF_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""Errors of a disk, which are told as such whoever met them."""

SELDOM = (100_000, 20, 100)
"""Thresholds of the collector of garbage where many objects live to the end: looking through them takes a tenth of the time."""

SELDOM_COLLECTED = f"import gc; gc.set_threshold(*{SELDOM})"
"""Begins what kernels and Sphinx run; the commands of the book do the same."""

ERROR_MARKS = {
    "an error of a code cell": re.compile(r"Traceback \(most recent call last\)|class=\"output traceback"),
    "a number or reference that was not understood": re.compile(r"class=\"(?:problematic|system-message)"),
}

BUILDINFO = ".buildinfo"
"""By this Sphinx knows whether its settings are those of the last build. They name folders of the machine and the version
of Python, so that it is kept beside what was read, not in the site.
"""

WRITTEN_LINK = re.compile(r"\]\s*\(\s*#\s*[a-z_]+[.\[]")
"""A link to a number that stands on a page as it was written; spaces are what keeps most from being one."""


class BuildError(Exception):
    """The site was not built; the message says why and what to do."""


def _files(root: Path, names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = root / name
        if path.is_file():
            yield path
        for file in sorted(path.rglob("*")):
            inside = file.relative_to(path).parts
            # What an editor leaves, such as the lock of a table that is open, makes nothing stale.
            if file.is_file() and not any(is_left(part) or part.endswith(".egg-info") for part in inside):
                yield file


def _hash(root: Path, files: Iterable[Path], *also: str) -> str:
    """Return a hash of the Python that runs, of files with their names, and of further texts."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        name = file.relative_to(root).as_posix()
        if name not in PRINTED:
            digest.update(f"\0{name}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    for text in also:
        digest.update(f"\0{text}".encode())
    return digest.hexdigest()


def fingerprint(root: Path) -> str:
    """Return a hash of everything the site depends on, and of the Python that builds it.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the project.
    """
    return _hash(root, _files(root, INPUTS))


def kernel_state(root: Path) -> str:
    """Return a hash of what the outputs of every notebook depend on besides its code: package, data, lock and Python."""
    return _hash(root, _files(root, KERNEL_INPUTS))


def _is_text(file: Path, root: Path) -> bool:
    """Say whether a file is a page whose text Sphinx may read anew alone."""
    return file.suffix in {".md", ".ipynb"} and not file.relative_to(root).as_posix().startswith(READ_BY_OTHERS)


def frame(root: Path, keys: Iterable[str]) -> str:
    """Return a hash of everything that a page of the site depends on besides the texts of pages.

    Parameters
    ----------
    keys : iterable of str
        What the outputs of each notebook are kept by; they hold its code.
    """
    files = list(_files(root, INPUTS))
    texts = [file for file in files if _is_text(file, root)]
    names = [file.relative_to(root).as_posix() for file in texts]
    return _hash(root, (file for file in files if file not in texts), str(root), *names, *keys)


def without_code(html: str) -> str:
    """Return a page without what it shows as code, where a link may stand as it is written."""
    return re.sub(r"<(code|pre|script)\b.*?</\1>", "", html, flags=re.DOTALL)


def dead_anchors(html: str) -> list[str]:
    """Return each link of a page to an anchor of its own that is not there, as a reference that nobody resolved."""
    anchors = set(re.findall(r"\bid=\"([^\"]+)\"", html))
    linked = {unquote(unescape(name)) for name in re.findall(r"href=\"#([^\"]+)\"", html)}
    return sorted(linked - {unescape(anchor) for anchor in anchors})


def problems_of_site(root: Path, site: Path) -> list[str]:
    """Return what is wrong with a built site: missing or small pages, errors of cells, dead roles."""
    problems = []
    for name in pages(root):
        page = site / f"{name}.html"
        if not page.is_file():
            problems.append(f"{name}: the page is missing")
            continue
        html = page.read_text(encoding="utf-8")
        if len(html.encode()) < SMALLEST_PAGE or "</html>" not in html:
            problems.append(f"{name}: the page has only {len(html.encode())} bytes")
        problems += [f"{name}: the page shows {what}" for what, mark in ERROR_MARKS.items() if mark.search(html)]
        # The head repeats words of the page, among them what stands there as code.
        if WRITTEN_LINK.search(without_code(html.partition("<body")[2] or html)):
            problems.append(f"{name}: the page shows a link to a number that was not understood")
        problems += [f"{name}: the page links to #{anchor}, which it does not hold" for anchor in dead_anchors(html)]
    return problems


def seal(site: Path) -> str:
    """Return a hash of the names, sizes and times of a site's files, so that a page that was touched is noticed."""
    digest = hashlib.sha256()
    for file in sorted(site.rglob("*")):
        if file.is_file():
            stat = file.stat()
            digest.update(f"{file.relative_to(site).as_posix()}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let no other process that asks for the same lock in meanwhile; it says that it waits, and does."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another run in this folder to end ...", file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        # A program that this one starts may hold the lock on: killed alone, it leaves the other writing.
        os.set_inheritable(file.fileno(), True)
        yield


def _of_disk(told: str, place: Path) -> OSError | None:
    """Return the error of a disk that some words tell of."""
    numbers = {int(number) for number in re.findall(r"\[Errno (\d+)\]", told)} & OF_DISK
    return OSError(number := min(numbers), os.strerror(number), str(place)) if numbers else None


def _copied(source: Path, target: Path, left_out: tuple[str, ...] = ()) -> None:
    """Copy a folder, but for some of what stands in it; a disk that is full is told once, not for each file."""
    try:
        shutil.copytree(source, target, ignore=lambda folder, _: left_out if Path(folder) == source else ())
    except shutil.Error as error:
        raise _of_disk(str(error), target) or error from error


def _run_jupyter_book(root: Path, work: Path, log: Path, state: str, *, fresh: bool) -> None:
    command = [sys.executable, "-c", f"{SELDOM_COLLECTED}; from jupyter_book.cli.main import main; main()"]
    command += ["build", ".", "--path-output", str(work), "-W", "-n", "--keep-going", *(["--all"] if fresh else [])]
    with log.open("w", encoding="utf-8") as output:
        code = subprocess.call(  # noqa: S603  # our own words
            command,
            cwd=root,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Without a name docutils reads settings of the user and of the folder, and writes other pages by them.
            env=os.environ | {BUILDING: state, "DOCUTILSCONFIG": ""},
            close_fds=False,
        )
    if code:
        words = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text(encoding="utf-8", errors="replace"))
        full = shutil.disk_usage(work).free < FULL  # then the log does not say so either
        if error := _of_disk(f"[Errno {errno.ENOSPC}]" if full else words, work):
            shutil.rmtree(work, ignore_errors=True)  # what is half-made takes room
            raise error
        lines = words.splitlines()
        told = [line for line in lines if re.search(r"WARNING:|ERROR:|Error: .|error: .", line)]
        shown = "\n".join(f"  {line}" for line in (told or lines)[-20:])
        raise BuildError(f"the site was not built; the whole log is in {log.relative_to(root)}\n{shown}")


def _notebooks(root: Path) -> dict[Path, NotebookNode]:
    """Read the notebooks; return those that are pages of the book."""
    from patient_capital.notebooks import read_notebook  # noqa: PLC0415  # not needed where nothing changed

    read = {path: read_notebook(path) for path in files_of(root / "chapters", ".ipynb")}
    named = {root / f"{name}.ipynb" for name in pages(root)}
    return {path: notebook for path, notebook in read.items() if path in named}


def _texts_can_be_read(root: Path) -> None:
    """Raise where settings, contents or a text that the site shows are not what they should be; the message says why."""
    if lost := problems_of_settings(root):
        raise BuildError("the site was not built\n" + "\n".join(lost))
    for path in (*files_of(root / "chapters", ".md"), *(root / name for name in BESIDE)):
        if path.is_file():
            read_text(path)


def _aside(folder: Path) -> Path:
    """Return where a folder stands while another takes its place."""
    return folder.with_name(f"{folder.name}.old")


def _put_in_place(work: Path, site: Path, read: Path) -> None:
    """Let a built site, and what was read for it, take the place of the last ones."""
    built = work / "_build" / "html"
    (built / BUILDINFO).rename(work / "_build" / BUILDINFO)
    for old, new in ((site, built), (read, work / "_build")):
        shutil.rmtree(_aside(old), ignore_errors=True)
        if old.exists():
            old.rename(_aside(old))
        new.rename(old)
        shutil.rmtree(_aside(old), ignore_errors=True)
    shutil.rmtree(work)


def _lay_out(work: Path, site: Path, read: Path, *, fresh: bool) -> Path:
    """Return where a site is built: in an empty folder, or in a copy of the last, where Sphinx writes what changed."""
    shutil.rmtree(work, ignore_errors=True)
    built = work / "_build" / "html"
    if fresh:
        work.mkdir(parents=True)
        return built
    _copied(read, work / "_build")
    # Without assets: whether one is there while pages are written decides how they name it.
    _copied(site, built, left_out=("_static",))
    if (kept := work / "_build" / BUILDINFO).exists():
        kept.rename(built / BUILDINFO)
    return built


def build(root: Path) -> bool:
    """Build the site into ``_build/html`` unless it is up to date; nobody else may be building there, see :func:`alone`.

    The new site takes the place of the old one only when it is whole.

    Returns
    -------
    bool
        Whether anything was done.

    Raises
    ------
    BuildError
        If a cell fails, or a warning, an error or a broken page was found; the old site is still there.
    ValueError
        If a file is no notebook.
    DataError
        If the tables break a rule; every place is named.
    """
    folder = root / "_build"
    site, stamp, work = folder / "html", folder / ".inputs", folder / "work"
    read, executed = folder / "read", folder / "executed"
    for one in (site, read):
        if not one.exists() and _aside(one).is_dir():  # killed between two renames
            _aside(one).rename(one)
    target = fingerprint(root)
    told = stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []
    intact = len(told) == 3 and told[2] == seal(site)
    if intact and told[0] == target:
        return False
    from patient_capital.execution import ExecutionError, key_of, outputs_of  # noqa: PLC0415  # as below
    from patient_capital.tables import book_data  # noqa: PLC0415  # neither is needed where nothing changed

    # Bad data are named before any chapter runs, and all at once; so is a file that is no notebook, or no text.
    data = book_data()
    notebooks = _notebooks(root)
    _texts_can_be_read(root)
    state = kernel_state(root)
    keys = [key_of(notebook, state) for notebook in notebooks.values()]
    # Pages that were read for the site that stands are right as long as only texts have changed since.
    now = frame(root, keys)
    fresh = not (intact and told[1] == now and read.is_dir())
    if fresh:
        from patient_capital.analysis.model.runs import stale_runs  # noqa: PLC0415  # takes a second

        if stale := list(stale_runs(data)):
            raise BuildError("the site was not built\n" + "\n".join(stale))
    try:
        outputs_of(notebooks, executed, lambda: kernel_state(root), tell=partial(print, flush=True))
    except ExecutionError as error:
        (folder / "build.log").write_text(f"{error}\n\n{error.__cause__}\n", encoding="utf-8")
        raise BuildError(f"the site was not built; the trace is in _build/build.log\n{error}") from error
    built = _lay_out(work, site, read, fresh=fresh)
    print("building the pages ...", flush=True)
    _run_jupyter_book(root, work, folder / "build.log", state, fresh=fresh)
    problems = problems_of_site(root, built)
    if problems:
        raise BuildError("the site was built but is not whole:\n" + "\n".join(f"  {p}" for p in problems))
    stamp.unlink(missing_ok=True)
    _put_in_place(work, site, read)
    # What was saved while Sphinx ran may be on some pages and not on others: the next build reads all of them.
    known = now if frame(root, keys) == now else "changed"
    write_whole(stamp, f"{target}\n{known}\n{seal(site)}\n")
    return True
