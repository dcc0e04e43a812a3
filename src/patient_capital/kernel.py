"""What a kernel may read while a chapter is executed: what its kept outputs are known by, and nothing else of the project.

Outputs are kept by a hash of the code, the package, the data and the lock. A chapter that read the text of another
page, or a file beside it, would not be executed anew when that changes; so it is stopped where it does.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

BUILDING = "PATIENT_CAPITAL_BUILDING"
"""Set while the site is built. For kernels: what they show then carries what a page needs. For Sphinx: to the state
that the executions are kept by, and that its own kept pages belong to.
"""

INPUTS = ("data", "src", "requirements.lock")
"""What the outputs of every notebook depend on besides its code; a change executes all."""

PRINTED = ("data/ledger.csv", "data/ledger_inputs.csv", "data/ledger_shown.csv")
"""Written from all the rest and read by nothing, so that writing them makes nothing stale."""


def may_read(path: Path, root: Path) -> bool:
    """Say whether a chapter may read a file: of the project its inputs alone; hidden and built folders are no part of it.

    Parameters
    ----------
    path, root : pathlib.Path
        The file and the folder of the project, both absolute.
    """
    if not path.is_relative_to(root) or path.is_relative_to(sys.prefix):
        return True
    inside = path.relative_to(root)
    return inside.as_posix() not in PRINTED and (
        inside.parts[0] in INPUTS or inside.parts[0].startswith((".", "_build"))
    )


def _is_no_word_on_a_cache(record: logging.LogRecord) -> bool:
    """Pass over what matplotlib says of its cache: where it stands and how long it takes is the machine's."""
    return not any(words in record.getMessage() for words in ("cache", "mkdir -p failed"))


def watch() -> None:
    """Refuse, from now on and in this process, to read what a chapter may not; the folder of the project is above it."""
    root = Path.cwd().parent

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(args[0], str | bytes):
            return
        name, mode, flags = args
        reads = "r" in mode or "+" in mode if mode else not flags & os.O_WRONLY
        path = Path(os.path.abspath(os.fsdecode(name)))  # noqa: PTH100  # as it is named: links are not followed
        if reads and not may_read(path, root):
            raise PermissionError(
                f"a chapter reads {path.relative_to(root)}, and would not be executed anew when it changes: "
                "what chapters read belongs in data/ or src/"
            )

    sys.addaudithook(refuse)
    for name in ("matplotlib", "matplotlib.font_manager"):
        logging.getLogger(name).addFilter(_is_no_word_on_a_cache)
