"""What a mark of a drawing says on hover, focus and touch, and the step of a story to which it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from patient_capital.formatting import digits
from patient_capital.typesetting import curved

MARK = "pc-mark|"
"""Begins the id of a marked artist, which the drawing for a page turns into a class and a title."""


def exact(value: float) -> str:
    """Write a number as the data beside the figure hold it: to six significant digits."""
    return digits(float(f"{value:.6g}"))


def _put(artist: Artist, words: str | None = None, step: str | None = None) -> None:
    _, old_step, old_words = (artist.get_gid() or f"{MARK}|").split("|", 2)
    artist.set_gid(f"{MARK}{old_step if step is None else step}|{old_words if words is None else words}")


def say(artist: Artist, words: str) -> None:
    """Let a mark say its value: native to the drawing as a title, and in a line below it where scripts run."""
    _put(artist, words=curved(words))


@contextmanager
def story_step(axes: Axes, place: int) -> Iterator[None]:
    """Put all that is drawn within into one step of the story that the figure tells, counted from one."""
    before = set(axes.get_children())
    yield
    for artist in axes.get_children():
        if artist not in before:
            _put(artist, step=str(place))


def with_marks(svg: str) -> str:
    """Turn the ids of marked artists into classes and titles."""

    def written(match: re.Match[str]) -> str:
        place, words = match[1], match[2]
        classes = " ".join(name for name, has in (("pc-step", place), ("pc-value", words)) if has)
        at = f' data-step="{place}"' if place else ""
        told = f"<title>{words}</title>" if words else ""
        return f'<g class="{classes}"{at}>{told}'

    return re.sub(rf'<g id="{re.escape(MARK)}(\d*)\|([^"]*)">', written, svg)
