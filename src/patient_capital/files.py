"""Files that are written whole or not at all, texts that are read with care, and rows as CSV."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

PART = ".part"
"""Ends the name of a file that is being written."""

CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
"""Marks that a merge leaves; the line between the two sides may be lawful in a text."""


def is_left(name: str) -> bool:
    """Say whether a file or folder is one that a system or an editor leaves beside others, and no part of the project."""
    return (
        name.startswith((".", "~$", "#")) or name.endswith("~") or name in {"Thumbs.db", "desktop.ini", "__pycache__"}
    )


def read_text(path: Path) -> str:
    """Return the text of a page or of a file of settings, without a byte order mark.

    Raises
    ------
    ValueError
        If it is not UTF-8 or holds the marks of a merge conflict; one line that names it and says what to do.
    """
    name = f"{path.parent.name}/{path.name}" if path.parent.name in {"chapters", "data"} else path.name
    text = decoded(path.read_bytes().replace(b"\r\n", b"\n"), name)
    if found := CONFLICT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"{name}, line {line} holds the mark of a merge conflict: take one side")
    return text


def decoded(raw: bytes, name: str) -> str:
    """Return bytes as text, without a byte order mark; ``ValueError`` names the file and its first line that is no UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{name}, line {line} is not UTF-8: save it as UTF-8") from error


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file whole or not at all, whoever else writes it, and return its path."""
    part = path.with_name(f".{path.name}.{uuid4().hex}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    except OSError as error:  # a full disk does not say for which file
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def sweep(folder: Path) -> None:
    """Remove the parts of files that a writer who was killed has left in a folder; nobody may be writing there."""
    for part in folder.glob(f".*{PART}"):
        part.unlink(missing_ok=True)


def write_sealed(path: Path, body: str) -> Path:
    """Write a text below its hash, so that :func:`read_sealed` notices damage; return its path."""
    return write_whole(path, f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")


def read_sealed(path: Path) -> str | None:
    """Return a text that was sealed; None where there is none, or it is not what was written."""
    try:
        told, _, body = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return body if hashlib.sha256(body.encode()).hexdigest() == told else None


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as CSV, the named columns in their order, a line feed at each end."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
