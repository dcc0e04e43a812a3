"""Figures of what would flip the verdicts: break-even maps and sensitivity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.maps import map_lines, map_marks
from patient_capital.analysis.model.regimes import NATIONAL, PATIENT
from patient_capital.analysis.model.sensitivity import WEIGHT_SPAN, largest_indices
from patient_capital.figures.chart import Story, chart
from patient_capital.figures.record import Words
from patient_capital.figures.style import (
    CARD,
    INK,
    MARK,
    NARROW_PX,
    OPEN,
    SMALL,
    SOFT,
    STATE,
    TEXT,
    TREASURY,
    WIDE_PX,
    axes_at,
    canvas,
    label_beside,
    label_inside,
    row_axes,
)
from patient_capital.formatting import digits, spelled

COLOURS = {PATIENT: MARK, NATIONAL: TREASURY, "oc_regions": TREASURY}


@dataclass(frozen=True, slots=True)
class Panel:
    """How one map is drawn.

    Attributes
    ----------
    scale : (float, float)
        From the units of the frame to those of the axes: 100 where these are percent.
    x_ends, y_ends : (float, float)
        Ends of the axes; they give way where the data lie beyond.
    above, below : tuple
        What holds above and below all lines: words, colour, and place in fractions of the axes. It is left out where
        a line lies on the other side of the place.
    names : dict
        Where the name of a line stands: a place on the horizontal axis, and pixels from the line there.
    """

    map_id: str
    title: str
    x_label: str
    y_label: str
    scale: tuple[float, float]
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]
    above: tuple[str, str, tuple[float, float]]
    below: tuple[str, str, tuple[float, float]]
    names: dict[str, tuple[float, float]]


PANELS = (
    Panel(
        map_id="skill_by_flow",
        title="Picking skill against thinning",
        x_label="thinning of deals, elasticity",
        y_label="picking skill",
        scale=(1, 1),
        x_ends=(0, 0.5),
        y_ends=(-0.6, 0.9),
        above=("directed fund better", STATE, (0.7, 0.95)),
        below=("picking makes it worse", SOFT, (0.28, 0.06)),
        names={PATIENT: (0.185, 28), NATIONAL: (0.18, -41)},
    ),
    Panel(
        map_id="flow_by_rate",
        title="Does the patient fund pay?",
        x_label="discount rate, percent",
        y_label="thinning of deals, elasticity",
        scale=(100, 1),
        x_ends=(0, 9),
        y_ends=(0, 1),
        above=("does not pay", STATE, (0.62, 0.72)),
        below=("pays", MARK, (0.16, 0.14)),
        names={},
    ),
    Panel(
        map_id="soft_by_sale",
        title="Soft budget against forced sale",
        x_label="a forced sale fetches, % of value",
        y_label="losers refinanced, %",
        scale=(100, 100),
        x_ends=(20, 100),
        y_ends=(0, 100),
        above=("hard directed fund better", STATE, (0.68, 0.94)),
        below=("", INK, (0.5, 0.0)),
        names={PATIENT: (44, -49), NATIONAL: (58.4, 33)},
    ),
    Panel(
        map_id="home_by_weight",
        title="One region against many",
        x_label="weight on local output",
        y_label="gain at home, %",
        scale=(1, 100),
        x_ends=(0, 0.09),
        y_ends=(40, 102),
        above=("many better", TREASURY, (0.22, 0.8)),
        below=("one region better", STATE, (0.3, 0.12)),
        names={},
    ),
)


def _panels(wide: bool) -> tuple[Canvas, list[Axes]]:
    if wide:
        drawing = canvas(WIDE_PX, 660)
        return drawing, [axes_at(drawing, 62 + 362 * (i % 2), 34 + 330 * (i // 2), 276, 230) for i in range(4)]
    drawing = canvas(NARROW_PX, 1240)
    return drawing, [axes_at(drawing, 54, 34 + 310 * i, NARROW_PX - 70, 210) for i in range(4)]


def _finish(axes: Axes, title: str, x_label: str, y_label: str) -> None:
    axes.set_title(title, loc="left", fontsize=SMALL, weight="bold", color=INK, pad=8)
    axes.set_xlabel(x_label, fontsize=SMALL)
    axes.set_ylabel(y_label, fontsize=SMALL)
    axes.tick_params(length=0, labelsize=SMALL)
    axes.tick_params(axis="x", pad=9)
    axes.grid(True)


def _wider(ends: tuple[float, float], values: pd.Series) -> tuple[float, float]:
    known = values.dropna()
    return (min(ends[0], known.min()), max(ends[1], known.max())) if len(known) else ends


def _draw_mark(axes: Axes, mark: pd.Series, scale: float, middle: float) -> None:
    """Draw a grey band, a dashed rate with its label at the top, or a dashed level with label and value at the right."""
    low, high = scale * mark["low"], scale * mark["high"]
    across = mark["axis"] == "x"
    if mark["kind"] == "band":
        (axes.axvspan if across else axes.axhspan)(low, high, color=OPEN, alpha=0.18, linewidth=0)
        return
    (axes.axvline if across else axes.axhline)(low, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    if mark["kind"] == "rate":
        place, shift, side = ((low, 1), (3, -12), "left") if low < middle else ((low, 1), (-3, -12), "right")
        axes.annotate(
            mark["label"],
            place,
            shift,
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha=side,
            fontsize=SMALL,
            color=SOFT,
        )
    else:
        axes.annotate(
            f"{mark['label']} {digits(low, 0)}%",
            (1, low),
            (-3, 3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            fontsize=SMALL,
            color=SOFT,
        )


def _at(line: pd.DataFrame, x: float) -> float:
    """Return where a line stands at a place, missing beyond its ends."""
    return float(np.interp(x, line["x"], line["y"], left=np.nan, right=np.nan))


def _draw_panel(axes: Axes, panel: Panel, lines: pd.DataFrame, marks: pd.DataFrame) -> None:
    known = lines.loc[lines["map_id"].eq(panel.map_id)].dropna(subset="break_even").sort_values("place")
    known = known.assign(x=panel.scale[0] * known["place"], y=panel.scale[1] * known["break_even"])
    axes.set_xlim(*_wider(panel.x_ends, known["x"]))
    axes.set_ylim(*_wider(panel.y_ends, known["y"]))
    if panel.y_ends[0] < 0:
        axes.axhline(0, color=OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    middle = sum(axes.get_xlim()) / 2
    for _, mark in marks.loc[marks["map_id"].eq(panel.map_id) & marks["kind"].ne("reported")].iterrows():
        _draw_mark(axes, mark, panel.scale[mark["axis"] == "y"], middle)
    drawn = {name: known.loc[known["line"].eq(name)] for name in dict.fromkeys(known["line"])}
    for name, line in drawn.items():
        colour = COLOURS.get(name, INK)
        axes.plot(line["x"], line["y"], color=colour, linewidth=2.2)
        if name in panel.names:
            place, shift = panel.names[name]
            # A short line may end before the place: its name stays in the panel, at the height of the nearer end.
            nearest = float(np.clip(place, line["x"].iloc[0], line["x"].iloc[-1]))
            words = f"against the {name.replace('_', ' ')}"
            label_beside(axes, (place, _at(line, nearest)), (0, shift), words, colour, ha="center", va="center")
    for (words, colour, (right, up)), sign in ((panel.above, 1), (panel.below, -1)):
        x, y = (
            (1 - part) * ends[0] + part * ends[1] for part, ends in ((right, axes.get_xlim()), (up, axes.get_ylim()))
        )
        if all(not sign * (_at(line, x) - y) > 0 for line in drawn.values()):
            label_inside(axes, right, up, words, colour, ha="center", va="center")
    _finish(axes, panel.title, panel.x_label, panel.y_label)


def _tell_maps(words: Words, lines: pd.DataFrame, marks: pd.DataFrame) -> Story:
    china = digits(100 * marks.loc["sale_china", "low"], 0)
    return Story(
        title=f"What would flip the verdict: picking skill of {words('model.skill_national_fund', 'bare')} or "
        f"{words('model.skill_patient_fund', 'bare')}, deals that thin faster than "
        f"{words('model.flow_patient_fund', 'bare')}, softer budgets, gains that leave",
        subtitle="Each line is where two ways to invest are worth the same. Grey: where evidence lies. Other parameters "
        "stay at their central values; discount rate is the coupon of the treasury.",
        alt=f"{spelled(len(PANELS)).capitalize()} small maps. A directed fund needs more picking skill to beat the patient fund than the national one. "
        "The patient fund pays at the coupon and not at the official rate. "
        "The dearer a forced sale, the harder the budget must be. Many regions need more gain at home the more leaders "
        "care for output.",
        note="Grey bands: thinning that screening alone implies; prices of stakes in venture funds in 2023 "
        f"(world; for China about {china} percent of value was reported). "
        "Unknown: picking skill, the share of losers refinanced, the weight on output. Rates: coupon of 2025 and official "
        "rate for public projects.",
    )


@chart(
    measure="Where two ways to invest are worth the same: break-even maps",
    tell=_tell_maps,
    lines=map_lines,
    marks=map_marks,
)
def maps(lines: pd.DataFrame, marks: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw four break-even maps with the evidence there is."""
    drawing, places = _panels(wide)
    for axes, panel in zip(places, PANELS, strict=True):
        _draw_panel(axes, panel, lines, marks)
    return drawing


def _tell_sobol(words: Words, indices: pd.DataFrame) -> Story:
    shown = indices.groupby("output").size()
    return Story(
        title=f"Whether the programme pays depends most on {words('model.decides_tail')}; whether directing pays, on "
        f"{words('model.decides_payoff')}",
        subtitle="Share of the variance of each break-even that would vanish if the parameter were known (Sobol total "
        f"index, with 95 percent interval). Tick: what it explains alone. Largest {spelled(shown.max())} of each.",
        alt=f"Dots by parameter for {spelled(len(shown))} break-evens. The gain from waiting depends most on "
        f"{words('model.decides_waiting')}.",
        note=f"All spans of the table are varied at once, the weight on output up to {digits(WEIGHT_SPAN[1])}: beyond it "
        "one region is better at any home share. Tail index and cap, and both readings of the time to exit, are drawn together.",
    )


@chart(
    measure="Share of the variance of each break-even that a parameter explains",
    tell=_tell_sobol,
    legend=(("state", "solid", "assumed: no source for the size"), ("treasury", "solid", "span from sources")),
    indices=largest_indices,
)
def sobol(indices: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a parameter with its interval, and a tick for what it explains alone, in a block a break-even."""
    groups = list(dict.fromkeys(indices["output"]))
    width, left = (WIDE_PX, 250) if wide else (NARROW_PX, 168)
    row_height, head = 22, 44
    height = len(indices) * row_height + len(groups) * (head + 12) + 34
    drawing = canvas(width, height)
    reach = max(1.02, 1.02 * float((indices["total"] + indices["total_interval"]).max()))
    top = 0.0
    for number, output in enumerate(groups):
        part = indices.loc[indices["output"].eq(output)].reset_index(drop=True)
        axes = row_axes(drawing, left, top + head, width - left - 26, len(part) * row_height, len(part))
        axes.set_xlim(0, reach)
        axes.set_xticks(
            [0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100%"] if number == len(groups) - 1 else [""] * 5
        )
        axes.text(
            -left / (width - left - 26) * reach,
            -1.05,
            part["title"].iloc[0] if wide else part["short_title"].iloc[0],
            fontsize=TEXT if wide else SMALL,
            weight="bold",
            color=INK,
        )
        for row in part.itertuples():
            colour = STATE if row.assumed else TREASURY
            axes.plot(
                [max(row.total - row.total_interval, 0), row.total + row.total_interval],
                [row.Index, row.Index],
                color=colour,
                linewidth=2,
            )
            axes.plot([row.total], [row.Index], "o", color=colour, markersize=8, markeredgecolor=CARD)
            axes.plot([max(row.first_order, 0)], [row.Index], "|", color=INK, markersize=11, markeredgewidth=1.6)
            axes.text(-0.02, row.Index, row.words, ha="right", va="center", fontsize=SMALL)
        top += len(part) * row_height + head + 12
    return drawing
