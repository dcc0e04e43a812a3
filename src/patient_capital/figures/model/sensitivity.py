"""Figures of what would flip the verdicts: break-even maps and sensitivity."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.maps import map_lines, map_marks
from patient_capital.analysis.model.regimes import NATIONAL, PATIENT
from patient_capital.analysis.model.sensitivity import largest_indices
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.formatting import digits, spelled

COLOURS = {PATIENT: style.MARK, NATIONAL: style.TREASURY, "oc_regions": style.TREASURY}


@dataclass(frozen=True, slots=True)
class Side:
    """One axis of a map.

    Attributes
    ----------
    ends : (float, float)
        They give way where the data lie beyond.
    scale : float
        From the units of the frame to those of the axis: 100 where these are percent.
    """

    label: str
    ends: tuple[float, float]
    scale: float = 1


Claim = tuple[str, str, tuple[float, float]]
"""Words, colour, and place in fractions of the axes."""


@dataclass(frozen=True, slots=True)
class Panel:
    """How one map is drawn.

    Attributes
    ----------
    above, below : tuple
        What holds above and below all lines. It is left out where a line lies on the other side of the place.
    names : dict
        Where the name of a line stands: a place on the horizontal axis, and pixels from the line there.
    """

    title: str
    x: Side
    y: Side
    above: Claim
    below: Claim = ("", style.INK, (0.5, 0.0))
    names: dict[str, tuple[float, float]] = field(default_factory=dict)


PANELS = {
    "skill_by_flow": Panel(
        "Picking skill against thinning",
        x=Side("thinning of deals, elasticity", (0, 0.5)),
        y=Side("picking skill", (-0.6, 0.9)),
        above=("directed fund better", style.STATE, (0.7, 0.95)),
        below=("picking makes it worse", style.SOFT, (0.31, 0.07)),
        names={PATIENT: (0.185, 28), NATIONAL: (0.35, 34)},
    ),
    "flow_by_rate": Panel(
        "Does the patient fund pay?",
        x=Side("discount rate, percent", (0, 9), scale=100),
        y=Side("thinning of deals, elasticity", (0, 1)),
        above=("does not pay", style.STATE, (0.62, 0.72)),
        below=("pays", style.MARK, (0.085, 0.14)),
    ),
    "soft_by_sale": Panel(
        "Soft budget against forced sale",
        x=Side("a forced sale fetches, % of value", (20, 100), scale=100),
        y=Side("losers refinanced, %", (0, 100), scale=100),
        above=("hard directed fund better", style.STATE, (0.68, 0.94)),
        names={PATIENT: (47, -49), NATIONAL: (58.4, 33)},
    ),
    "home_by_weight": Panel(
        "One region against many",
        x=Side("weight on local output", (0, 0.2)),
        y=Side("gain at home, %", (40, 108), scale=100),
        above=("many better", style.TREASURY, (0.2, 0.925)),
        below=("one region better", style.STATE, (0.3, 0.12)),
    ),
}


def _wider(ends: tuple[float, float], values: pd.Series) -> tuple[float, float]:
    known = values.dropna()
    return (min(ends[0], known.min()), max(ends[1], known.max())) if len(known) else ends


def _draw_mark(axes: Axes, mark: pd.Series, scale: float, middle: float) -> None:
    """Draw a grey band, a dashed rate labelled at the top, or a dashed level with label and value at the right."""
    low, high = scale * mark["low"], scale * mark["high"]
    across = mark["axis"] == "x"
    if mark["kind"] == "band":
        (axes.axvspan if across else axes.axhspan)(low, high, color=style.OPEN, alpha=0.18, linewidth=0)
        return
    (axes.axvline if across else axes.axhline)(low, color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    if mark["kind"] == "rate":
        dx, side = (3, "left") if low < middle else (-3, "right")
        style.note_at_top(axes, low, (dx, -12), mark["label"], ha=side)
    else:
        label, edge = f"{mark['label']} {digits(low, 0)}%", ("axes fraction", "data")
        style.note_beside(axes, (1, low), (-3, 3), label, style.SOFT, xycoords=edge, ha="right")


def _at(line: pd.DataFrame, x: float) -> float:
    """Return where a line stands at a place, missing beyond its ends."""
    return float(np.interp(x, line["x"], line["y"], left=np.nan, right=np.nan))


def _draw_panel(axes: Axes, panel: Panel, lines: pd.DataFrame, marks: pd.DataFrame) -> None:
    known = lines.dropna(subset="break_even").sort_values("place")
    known = known.assign(x=panel.x.scale * known["place"], y=panel.y.scale * known["break_even"])
    axes.set_title(panel.title, loc="left", fontsize=style.SMALL, weight="bold", color=style.INK, pad=8)
    axes.set_xlabel(panel.x.label, fontsize=style.SMALL)
    axes.set_ylabel(panel.y.label, fontsize=style.SMALL)
    axes.tick_params(labelsize=style.SMALL)
    axes.tick_params(axis="x", pad=9)
    axes.set_xlim(*_wider(panel.x.ends, known["x"]))
    axes.set_ylim(*_wider(panel.y.ends, known["y"]))
    if panel.y.ends[0] < 0:
        axes.axhline(0, color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    middle = sum(axes.get_xlim()) / 2
    for _, mark in marks.loc[marks["kind"].ne("reported")].iterrows():
        _draw_mark(axes, mark, (panel.x if mark["axis"] == "x" else panel.y).scale, middle)
    drawn = {name: known.loc[known["line"].eq(name)] for name in dict.fromkeys(known["line"])}
    for name, line in drawn.items():
        colour = COLOURS.get(name, style.INK)
        axes.plot(line["x"], line["y"], color=colour, linewidth=2.2)
        if name in panel.names:
            place, shift = panel.names[name]
            # A short line may end before the place: its name stays in the panel, at the height of the nearer end.
            nearest = float(np.clip(place, line["x"].iloc[0], line["x"].iloc[-1]))
            words = f"against the {name.replace('_', ' ')}"
            at, look = (place, _at(line, nearest)), {"ha": "center", "va": "center", "bbox": style.GROUND}
            style.label_beside(axes, at, (0, shift), words, colour, **look)
    for (words, colour, (right, up)), sign in ((panel.above, 1), (panel.below, -1)):
        x, y = (
            (1 - part) * ends[0] + part * ends[1] for part, ends in ((right, axes.get_xlim()), (up, axes.get_ylim()))
        )
        if all(not sign * (_at(line, x) - y) > 0 for line in drawn.values()):
            style.label_inside(axes, right, up, words, colour, ha="center", va="center", bbox=style.GROUND)


def _tell_maps(printed: Printer, lines: pd.DataFrame, marks: pd.DataFrame) -> Story:
    china = digits(100 * marks.loc["sale_china", "low"], 0)
    printed("model.life_decides")
    return Story(
        title="What would flip the verdict, at central parameters: picking skill, the price of money, soft budgets, "
        "and where the gain goes",
        subtitle="Each line is where two ways to invest are worth the same. Grey: where evidence lies. Other "
        "parameters stay at their central values, which have no privilege: over all doubts the picking skill that "
        f"makes directing equal the patient fund is {printed('model.skill_patient_fund', 'bare')} "
        f"({printed('model.skill_patient_fund_span', 'bare')}).",
        alt=f"{spelled(len(PANELS)).capitalize()} small maps. A line is missing where one way is better throughout, as "
        "the directed fund is against the national one.",
        note="Grey bands: thinning that screening alone implies; prices of stakes in venture funds in 2023 (world; "
        f"for China about {china} percent of value was reported). Without a band: picking skill, the share of losers "
        "refinanced, the weight on output. Rates: treasury's interest of 2025 and official rate for public projects.",
    )


@chart("Where two ways to invest are worth the same: break-even maps", _tell_maps, lines=map_lines, marks=map_marks)
def maps(lines: pd.DataFrame, marks: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw four break-even maps with the evidence there is."""
    width, height = (style.WIDE_PX, 660) if wide else (style.NARROW_PX, 1240)
    drawing = style.canvas(width, height)
    for place, (name, panel) in enumerate(PANELS.items()):
        row, column = divmod(place, 2)
        box = (62 + 362 * column, 34 + 330 * row, 276, 230) if wide else (54, 34 + 310 * place, width - 70, 210)
        axes = style.grid_axes(drawing, *box, "both")
        _draw_panel(axes, panel, lines.loc[lines["map_id"].eq(name)], marks.loc[marks["map_id"].eq(name)])
    return drawing


def _tell_sobol(printed: Printer, indices: pd.DataFrame) -> Story:
    shown = indices.groupby("output").size()
    return Story(
        title=f"Whether a patient fund pays depends most on {printed('model.decides_patient')}",
        subtitle="Share of the variance of each result over all joint draws that would vanish if the parameter were "
        "known (Sobol total index, with 95 percent interval). Tick: what it explains alone. Largest "
        f"{spelled(shown.max())} of each.",
        alt=f"Dots by parameter for {spelled(len(shown))} results. The worth of the national fund depends most on "
        f"{printed('model.decides_national')}. The lead of the national fund over a directed one depends most on "
        f"{printed('model.decides_lead')}, the gain from waiting on {printed('model.decides_waiting')}.",
        note="All spans of the table are varied at once. Tail index and cap are drawn together.",
    )


@chart(
    "Share of the variance of each result that a parameter explains",
    _tell_sobol,
    legend=(("state", "dot", "assumed: no source for the size"), ("treasury", "dot", "span from sources")),
    indices=largest_indices,
)
def sobol(indices: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a parameter with its interval, and a tick for what it explains alone, in a block a result."""
    groups = list(dict.fromkeys(indices["output"]))
    width, left = (style.WIDE_PX, 250) if wide else (style.NARROW_PX, 176)
    row_height, head = 22, 44
    drawing = style.canvas(width, len(indices) * row_height + len(groups) * (head + 12) + 34)
    reach = max(1.02, 1.02 * float((indices["total"] + indices["total_interval"]).max()))
    top = 0.0
    for number, output in enumerate(groups):
        part = indices.loc[indices["output"].eq(output)].reset_index(drop=True)
        axes = style.row_axes(drawing, left, top + head, width - left - 26, len(part) * row_height, len(part))
        axes.set_xlim(0, reach)
        ticks = ["0", "25", "50", "75", "100%"] if number == len(groups) - 1 else [""] * 5
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ticks)
        title, size = ("title", style.TEXT) if wide else ("short_title", style.SMALL)
        x = -left / (width - left - 26) * reach
        axes.text(x, -1.05, part[title].iloc[0], fontsize=size, weight="bold", color=style.INK)
        for row in part.itertuples():
            colour = style.STATE if row.assumed else style.TREASURY
            span = [max(row.total - row.total_interval, 0), row.total + row.total_interval]
            axes.plot(span, [row.Index, row.Index], color=colour, linewidth=2)
            axes.plot([row.total], [row.Index], "o", color=colour, markersize=8, markeredgecolor=style.CARD)
            axes.plot([max(row.first_order, 0)], [row.Index], "|", color=style.INK, markersize=11, markeredgewidth=1.6)
            style.note_beside(axes, (0, row.Index), (-11, 0), row.words, ha="right", va="center", annotation_clip=False)
        top += len(part) * row_height + head + 12
    return drawing
