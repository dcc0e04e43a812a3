"""What a name is in an address, what is said of one that nothing has, and an error in one line."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

FEW = 12
"""So many names are all told; of more, those spelt alike."""


def slug_of(name: str) -> str:
    """Return a name as it stands in ids and names of files."""
    return re.sub(r"[^a-z0-9]+", "-", name)


def unknown(kind: str, name: str, names: Collection[str], lists: str = "") -> KeyError:
    """Return the error for a name that is none of `names`.

    Parameters
    ----------
    kind : str
        What it should be the name of: ``figure``, ``row of funds``.
    lists : str, optional
        What a reader may write to see all names.
    """
    told = [f"there is no {kind} {name!r}"]
    if near := get_close_matches(name, names, n=3, cutoff=0.5):
        told.append(f"perhaps {' or '.join(map(repr, near))}")
    if lists:
        told.append(f"{lists} lists all {len(names)}")
    elif len(names) <= FEW:
        told.append(f"there are: {', '.join(names) or 'none'}")
    return KeyError("; ".join(told))


def one_line(error: Exception) -> str:
    """Return what an error says in one line; a ``KeyError`` would put quotation marks around it."""
    return " ".join(str(error.args[0] if error.args else error).split())
