"""A register: what has a name in the book, found by it. One class serves results, figures, tables and explorers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from patient_capital.naming import unknown

T = TypeVar("T")
PACKAGE = "patient_capital"
LISTED = {"result": "patient_capital.numbers()", "figure": "patient_capital.figures()"}
"""What lists the things of a kind to whoever uses the package."""


def chapter_of(function: Callable[..., object]) -> str:
    """Return the chapter that a function belongs to: ``funds`` for one of ``analysis.funds.ladder``."""
    parts = function.__module__.split(".")
    return parts[2] if parts[0] == PACKAGE and len(parts) > 2 else parts[-1]


def name_of(function: Callable[..., object]) -> str:
    """Return the name of a function in the book: ``chapter.name``."""
    return f"{chapter_of(function)}.{function.__name__}"


class Register(Mapping[str, T]):
    """Things by name, in order of name.

    Parameters
    ----------
    kind : str
        What they are, for messages: ``figure``.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> T:
        """Register a thing and return it; ``ValueError`` if the name is taken."""
        if name in self._things:
            raise ValueError(f"{self.kind} {name!r} is registered twice")
        self._things[name] = thing
        return thing

    def __getitem__(self, name: str) -> T:
        """Return a thing; ``KeyError`` that names those spelt alike if there is none of this name."""
        if not isinstance(name, str) or name not in self._things:
            raise unknown(self.kind, name, self._things, LISTED.get(self.kind, ""))
        return self._things[name]

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._things))

    def __len__(self) -> int:
        return len(self._things)
