"""Building the site: never stale, never half-written, and no work where nothing has changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

BUILDING = "PATIENT_CAPITAL_BUILDING"
"""Set in the environment of kernels while the site is built: then what they show carries what a page needs."""

INPUTS = ("chapters", "data", "src", "_config.yml", "_toc.yml", "requirements.lock", "pyproject.toml")
"""Everything that the site depends on; a change in any of it forces a full build."""

SMALLEST_PAGE = 10_000
"""Bytes; the empty frame of the theme alone is larger, so that a smaller page was not written by it."""

ERROR_MARKS = {
    "an error of a code cell": re.compile(r"Traceback \(most recent call last\)|class=\"output traceback"),
    "a number or reference that was not understood": re.compile(r"class=\"(?:problematic|system-message)"),
}

WRITTEN_LINK = re.compile(r"\]\s*\(\s*#\s*[a-z_]+[.\[]")
"""A link to a number that stands on a page as it was written; spaces are what keeps most from being one."""


class BuildError(Exception):
    """The site was not built; the message says why and what to do."""


def _files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        if path.is_file():
            yield path
        for file in sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and ".egg-info" not in str(file):
                yield file


def fingerprint(root: Path) -> str:
    """Return a hash of everything the site depends on, and of the Python that builds it.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the project.
    """
    digest = hashlib.sha256(sys.version.encode())
    for file in _files(root):
        digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def pages_of_toc(root: Path) -> list[str]:
    """Return every page that ``_toc.yml`` names, in reading order, without suffix."""
    import yaml  # noqa: PLC0415  # of the extra `book`

    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            yield from (node[key] for key in ("root", "file") if key in node)
            for key in ("parts", "chapters", "sections"):
                yield from walk(node.get(key, []))
        elif isinstance(node, list):
            for item in node:
                yield from walk(item)

    return list(walk(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))))


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
    for name in pages_of_toc(root):
        page = site / f"{name}.html"
        if not page.is_file():
            problems.append(f"{name}: the page is missing")
            continue
        html = page.read_text(encoding="utf-8")
        if len(html.encode()) < SMALLEST_PAGE or "</html>" not in html:
            problems.append(f"{name}: the page has only {len(html.encode())} bytes")
        problems += [f"{name}: the page shows {what}" for what, mark in ERROR_MARKS.items() if mark.search(html)]
        if WRITTEN_LINK.search(without_code(html)):
            problems.append(f"{name}: the page shows a link to a number that was not understood")
        problems += [f"{name}: the page links to #{anchor}, which it does not hold" for anchor in dead_anchors(html)]
    return problems


def _run_jupyter_book(root: Path, work: Path, log: Path) -> None:
    command = [
        sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".", "--path-output", str(work),
        "-W", "-n", "--keep-going", "--all",
    ]  # fmt: skip
    with log.open("w", encoding="utf-8") as output:
        environment = os.environ | {BUILDING: "1"}
        code = subprocess.call(command, cwd=root, stdout=output, stderr=subprocess.STDOUT, env=environment)
    if code:
        lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in log.read_text(encoding="utf-8").splitlines()]
        told = [
            line
            for line in lines
            if re.search(r"WARNING:|ERROR:|Error: .|error: .", line) and "IPKernelApp" not in line
        ]
        shown = "\n".join(f"  {line}" for line in (told or lines)[-20:])
        raise BuildError(f"the site was not built; the whole log is in {log.relative_to(root)}\n{shown}")


def build(root: Path) -> bool:
    """Build the site into ``_build/html`` unless it is up to date.

    The new site takes the place of the old one only when it is whole.

    Returns
    -------
    bool
        Whether anything was done.

    Raises
    ------
    BuildError
        If a warning, an error or a broken page was found; the old site is still there.
    ValueError
        If a file is no notebook.
    DataError
        If the tables break a rule; every place is named.
    """
    from patient_capital.notebooks import read_notebook  # noqa: PLC0415
    from patient_capital.tables import book_data  # noqa: PLC0415  # pandas is not needed where nothing changed

    folder = root / "_build"
    site, stamp, work = folder / "html", folder / ".inputs", folder / "work"
    target = fingerprint(root)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == target and not problems_of_site(root, site):
        return False
    # Bad data are named before any chapter runs, and all at once; so is a file that is no notebook.
    book_data()
    for path in sorted((root / "chapters").glob("*.ipynb")):
        read_notebook(path)
    stamp.unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    _run_jupyter_book(root, work, folder / "build.log")
    built = work / "_build" / "html"
    problems = problems_of_site(root, built)
    if problems:
        raise BuildError("the site was built but is not whole:\n" + "\n".join(f"  {p}" for p in problems))
    shutil.rmtree(site, ignore_errors=True)
    built.rename(site)
    shutil.rmtree(work)
    stamp.write_text(target, encoding="utf-8")
    return True
