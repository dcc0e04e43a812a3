"""Names of lines at their right ends, moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from patient_capital.figures.style import label_beside

LINE_PX = 13.0
"""Distance of two labels that do not touch."""


def apart(places: Sequence[float], gap: float = LINE_PX) -> list[float]:
    """Return places that lie at least `gap` from one another, in the same order and as near to the old ones as can be.

    Parameters
    ----------
    places : sequence of float
        Pixels.
    gap : float
        Pixels.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[tuple[float, list[int]]] = []
    for i in order:
        centre, members = places[i], [i]
        while groups and centre - groups[-1][0] < gap * (len(members) + len(groups[-1][1])) / 2:
            below = groups.pop()[1]
            members = below + members
            centre = sum(places[m] for m in members) / len(members)
        groups.append((centre, members))
    moved = list(places)
    for centre, members in groups:
        for rank, i in enumerate(members):
            moved[i] = centre + gap * (rank - (len(members) - 1) / 2)
    return moved


def label_ends(axes: Axes, ends: Sequence[tuple[float, float, str, str]], height_px: float) -> None:
    """Write names beside the ends of lines, after the limits of the axes are set.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Both of its scales linear.
    ends : sequence of (float, float, str, str)
        Place of each end in the data, its words and its colour.
    height_px : float
        Height of the axes.
    """
    low, high = axes.get_ylim()
    pixels = [(y - low) / (high - low) * height_px for _, y, _, _ in ends]
    for (x, y, words, colour), old, new in zip(ends, pixels, apart(pixels), strict=True):
        label_beside(axes, (x, y), (8, new - old), words, colour, va="center")
