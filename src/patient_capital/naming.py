"""What a name is in an address, what is said of one that nothing has, and an error in one line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FEW = 12
"""So many names are all told; of more, those spelt alike."""
LONG = 80
"""So much of a name is told, and looked for among the others."""


def slug_of(name: str) -> str:
    """Return a name as it stands in ids and names of files."""
    return re.sub(r"[^a-z0-9]+", "-", name)


def unknown(kind: str, name: object, names: Collection[str], lists: str = "") -> KeyError | TypeError:
    """Return the error for a name that is none of `names`: a ``TypeError`` where it is no text.

    Parameters
    ----------
    kind : str
        What it should be the name of: ``figure``, ``row of funds``.
    lists : str, optional
        What a reader may write to see all names.
    """
    listed = f"{lists} lists all {len(names)}"
    if not isinstance(name, str):
        wrong = f"a {kind} is named by text, not by {type(name).__name__}"
        return TypeError(f"{wrong}; {listed}" if lists else wrong)
    shown = str(name)
    told = [f"there is no {kind} {shown[:LONG]!r}{'...' if len(shown) > LONG else ''}"]
    # In capitals or small letters alike.
    spelt = {one.casefold(): one for one in names}
    if near := get_close_matches(shown[:LONG].casefold(), spelt, n=3, cutoff=0.5):
        told.append(f"perhaps {' or '.join(repr(spelt[one]) for one in near)}")
    if lists:
        told.append(listed)
    elif len(names) <= FEW:
        told.append(f"there are: {', '.join(names) or 'none'}")
    return KeyError("; ".join(told))


def each_as(values: pd.Series, words: Mapping[str, Any], where: str) -> pd.Series:
    """Return what each value of a column is in words, or in another order; nothing stays nothing.

    Raises
    ------
    KeyError
        If a value is none that is known, such as one that the contract has since: it would be left out, or counted as another.
    """
    if lost := sorted(set(values.dropna()) - words.keys()):
        raise KeyError(f"{where} does not know {values.name} {lost[0]!r}: teach it there; it knows {', '.join(words)}")
    return values.map(words)


def one_line(error: Exception) -> str:
    """Return what an error says in one line; a ``KeyError`` would put quotation marks around it."""
    return " ".join(str(error.args[0] if error.args else error).split())
