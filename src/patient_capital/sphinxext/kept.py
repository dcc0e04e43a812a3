"""Which pages Sphinx reads and writes: all of them, unless `make book` says that only texts have changed.

Then it reads the pages whose text has changed, by content, not by time. It writes these, the pages that
tell what others print, as the ledger, and all pages where something has changed that they may show of one another.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from patient_capital.kernel import BUILDING
from patient_capital.sphinxext.numbers import LEDGER_PAGE

PAGES_OF_PAGES = {LEDGER_PAGE}
"""Pages that tell what others print."""


def _text_of(env: BuildEnvironment, page: str) -> str:
    """Return a hash of the source of a page and of what it includes."""
    digest = hashlib.sha256()
    for name in (env.doc2path(page), *sorted(env.dependencies.get(page, ()))):
        file = Path(env.srcdir) / name
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()


def changed_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Return the pages to read: those whose text has changed; without `make book` all, as any may print a new number."""
    known: dict[str, str] = getattr(env, "pc_texts", {})
    pages = set(env.found_docs) - added - changed - removed
    return {page for page in pages if not os.environ.get(BUILDING) or known.get(page) != _text_of(env, page)}


def shared(env: BuildEnvironment) -> str:
    """Return a hash of what pages show of one another: titles, sections, targets and cited works."""
    said: list[object] = []
    for page in sorted(env.found_docs):
        said += [page, env.titles[page].pformat(), env.tocs[page].pformat(), env.metadata[page].get("myst_slugs")]
    standard = env.get_domain("std").data
    said += [sorted(standard[kind].items()) for kind in ("labels", "anonlabels", "terms", "objects")]
    said += [sorted(map(repr, env.get_domain("cite").data["citation_refs"]))]
    said += [sorted(env.get_domain("py").data["objects"])]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Return the pages to write besides those that were read."""
    env.pc_texts = {page: _text_of(env, page) for page in env.found_docs}  # type: ignore[attr-defined]  # kept with the environment of Sphinx
    before, now = getattr(env, "pc_shared", ""), shared(env)
    env.pc_shared = now  # type: ignore[attr-defined]  # kept with the environment of Sphinx
    if before == now and os.environ.get(BUILDING):
        return PAGES_OF_PAGES & set(env.found_docs)
    # Pages of code and of entries are written only where they are missing; they show the titles too.
    out = Path(app.outdir)
    for folder in ("_modules", "ledger"):
        shutil.rmtree(out / folder, ignore_errors=True)
    for page in (out / "data").glob("*.html"):
        page.unlink()
    return set(env.found_docs)


def setup_kept(app: Sphinx) -> None:
    """Connect both; the second when every page is read."""
    app.connect("env-get-outdated", changed_pages)
    app.connect("env-updated", pages_to_write, priority=900)
