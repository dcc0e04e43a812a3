"""Files that are written whole or not at all, and rows as CSV: the same bytes on every system."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file whole or not at all, whoever else writes it, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as CSV, the named columns in their order, a line feed at each end."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
