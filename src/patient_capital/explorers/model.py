"""The explorers of the chapter on the model and its annex: the state that picks or waits, and many regions against one."""

from __future__ import annotations

from math import isnan

from patient_capital.analysis.model import explorers
from patient_capital.analysis.model.explorers import COPYING, FUNDS, Grid
from patient_capital.analysis.model.regimes import DIRECTED, RATES, REGIME_WORDS
from patient_capital.explorers.parts import Control, Curve, Evidence, Verdicts
from patient_capital.explorers.record import Explorer, explorer
from patient_capital.explorers.wording import number_text
from patient_capital.figures.chart import Printer, start
from patient_capital.figures.style import FUND_COLOURS
from patient_capital.provenance.records import sources_of
from patient_capital.tables import Data

GRADE_WORDS = {
    "A": "by an official figure or a study that was read",
    "B": "by a data firm, a newspaper or a quoted study",
    "C": "by a weak, second-hand or derived source",
    "D": "assumed, without a source",
}
"""What each grade of evidence of a parameter means."""


def _graded(printed: Printer, *parameters: str) -> str:
    """Return in words on what evidence parameters rest."""
    rows = printed.book.table("parameters").text
    return " and ".join(GRADE_WORDS[grade] for grade in sorted({rows[one]["grade"] for one in parameters}))


def _assumed(printed: Printer, parameter: str) -> bool:
    """Say whether a parameter has no source."""
    return printed.book.table("parameters").text[parameter]["grade"] == "D"


def _ends(printed: Printer, parameter: str, scale: float) -> str:
    """Return the span of a parameter in words, and remember its ends."""
    printed.facts("parameters", [parameter], "low", "high")
    row = printed.book.table("parameters").text[parameter]
    return " to ".join(number_text(scale * float(row[end])) for end in ("low", "high"))


def _control(
    grid: Grid,
    name: str,
    label: str,
    unit: str,
    note: str,
    *,
    assumed: bool = False,
    at_ends: tuple[str, str] = ("", ""),
    labels: tuple[str, ...] = (),
) -> Control:
    values = grid.settings[name]
    return Control(name, label, unit, values, values.index(grid.opens[name]), note, None, assumed, *at_ends, labels)


def _of_span(
    printed: Printer, grid: Grid, parameter: str, name: str, label: str, unit: str, at_ends: tuple[str, str] = ("", "")
) -> Control:
    """Return the slider of a parameter over its span."""
    span = _ends(printed, parameter, 100 if unit.startswith("percent") else 1)
    printed.facts("parameters", [parameter], "value")
    graded = _graded(printed, parameter)
    note = f"Span {span} {unit}".rstrip() + f" in the table of parameters, {graded}."
    assumed = _assumed(printed, parameter)
    return _control(grid, name, label, unit, note, assumed=assumed, at_ends=at_ends)


def _opening(grid: Grid) -> tuple[int, ...]:
    """Return where in the grid the page opens."""
    return tuple(values.index(grid.opens[name]) for name, values in grid.settings.items())


def _opened_at(grid: Grid, x: float) -> list[float]:
    """Return the curves at a point of the axis, at the values with which the page opens."""
    return [float(curve[grid.axis.index(x)]) for curve in grid.curves[_opening(grid)]]


def _where_they_cross(grid: Grid, waits: str, picks: str) -> str:
    """Return where the two lines cross as the page opens and who is worth more beside it, or that they do not cross."""
    crossing = float(grid.break_even[_opening(grid)])
    if isnan(crossing):
        low_waits, low_picks = _opened_at(grid, grid.axis[0])
        return f"do not cross: the {waits if low_waits > low_picks else picks} is worth more at every picking skill"
    return (
        f"cross at a picking skill of {number_text(crossing, 2)}; to the left of it the {waits} is worth more, "
        f"to the right the {picks}"
    )


@explorer
def skill(data: Data) -> Explorer:
    """Directed against patient, by picking skill."""
    ctx, printed = start(data)
    grid = explorers.skill(ctx)
    printed.facts("parameters", RATES.values(), "value")
    graded = _graded(printed, *RATES.values())
    coupon, official = (
        f"{number_text(100 * ctx.number('parameters', RATES[rate], 'value'))} percent" for rate in ("bond", "public")
    )
    names, directed = tuple(REGIME_WORDS[fund] for fund in FUNDS), REGIME_WORDS[DIRECTED]
    looks = tuple((REGIME_WORDS[fund], FUND_COLOURS[fund]) for fund in FUNDS)
    centre = ctx.number("parameters", "sel_pick_corr", "value")
    waits, picks = (number_text(worth, 0) for worth in _opened_at(grid, centre))
    (drawn, drawn_span), (other, other_span) = (
        [printed(f"model.regime_worth_bond{end}[{fund}]", "bare") for end in ("", "_span")]
        for fund in (FUNDS[0], DIRECTED)
    )
    controls = (
        _control(
            grid,
            "fund",
            "The fund that waits",
            "",
            "Life, fees, layers and partners of each stand in the table of regimes.",
            at_ends=("national fund", "patient fund at its best"),
            labels=names,
        ),
        _control(
            grid,
            "rate",
            "Discount rate",
            "percent a year",
            f"From the treasury's interest, {coupon}, to the official rate for public projects, {official}; {graded}.",
        ),
        _of_span(
            printed, grid, "sel_flow_eps", "thinning", "Thinning of deals as money enters", "", ("not at all", "strong")
        ),
        _of_span(printed, grid, "fm_forced_sale", "sale", "What a forced sale fetches", "percent of value"),
        _of_span(printed, grid, "fm_soft_budget", "soft", "Losers that the state refinances", "percent"),
    )
    return Explorer(
        name="model.skill",
        title="Who is worth more, the fund that picks sectors or the fund that waits?",
        subtitle="Net present value of a yuan paid in, by picking skill: how well official priorities foresee which "
        "sectors pay, a correlation, zero for none. The national fund picks too, among more sectors. Lines are at "
        "central values of all that no slider sets, and so need not show the medians of the text. As it opens, at a "
        f"skill of {number_text(centre)}, the {names[0]} is worth {waits} percent here and {drawn} ({drawn_span}) in "
        f"the draws, the directed fund {picks} here and {other} ({other_span}) in the draws.",
        x_label="Picking skill",
        x_unit="",
        x_values=grid.axis,
        x_decimals=2,
        y_label="Net present value",
        y_unit="percent",
        y_decimals=0,
        controls=controls,
        curves=(
            Curve("waits", names[0], FUND_COLOURS[FUNDS[0]], looks=looks),
            Curve("picks", directed, FUND_COLOURS[DIRECTED]),
        ),
        values=grid.curves,
        break_even=grid.break_even,
        spans=grid.spans,
        decisive=("waits", "picks"),
        verdicts=Verdicts(
            crosses=f"The {{fund}} is worth more up to a picking skill of {{break_even}}; above it the {directed} is.",
            gain="The {fund} is worth more at every picking skill from {low} to {high}.",
            loss=f"The {directed} is worth more than the {{fund}} at every picking skill from {{low}} to {{high}}.",
        ),
        alt=f"Rising lines of the {names[0]} and of a directed fund, which is steeper, "
        f"{_where_they_cross(grid, names[0], directed)}.",
        refs=tuple(printed.refs),
        sources=sources_of(data, set().union(*ctx.rows.values())),
        evidence=None,
        zero_line=True,
        reads_at=centre,
        note="The bar on the axis is the middle nine tenths of joint draws. Studies do not agree even on the sign of "
        "picking skill. What a fund does for others is not counted.",
    )


def _of_regions(printed: Printer, grid: Grid) -> tuple[Control, ...]:
    """Return the controls of one region against many."""
    named = {industry: printed(f"parameters[{parameter}].value", "bare") for industry, parameter in COPYING.items()}
    printed.facts("parameters", ["oc_lr_solar"], "value")
    solar, battery = (_ends(printed, parameter, 100) for parameter in ("oc_lr_solar", "oc_lr_battery"))
    ends = ("profit only", "jobs count")
    return (
        _of_span(printed, grid, "oc_v", "weight", "Weight that leaders put on local output", "", ends),
        _control(
            grid,
            "regions",
            "Regions that name the industry",
            "",
            f"In even steps. Provincial reports of January 2025: {named['AI']} name AI, {named['quantum technology']} "
            f"quantum technology; at least {named['chips']} name chips.",
        ),
        _control(
            grid,
            "learning",
            "Fall of cost with each doubling",
            "percent",
            f"Solar modules {solar} percent, batteries {battery}; {_graded(printed, 'oc_lr_solar', 'oc_lr_battery')}. "
            "Zero switches learning off.",
        ),
        _of_span(printed, grid, "oc_spill", "spillover", "Learning that others share", "percent"),
    )


@explorer
def home(data: Data) -> Explorer:
    """One region against many, by home share, with learning."""
    ctx, printed = start(data)
    grid = explorers.home(ctx)
    printed("model.few_beat_many")
    crossing, years = float(grid.break_even[_opening(grid)]), printed("parameters[oc_periods].value", "word")
    controls = _of_regions(printed, grid)
    return Explorer(
        name="model.home",
        title="Do many regions serve the country better than one?",
        subtitle=f"Welfare of the country over {years} years, by the share of the consumer gain that stays at home. A "
        "few regions would serve the country better than all. Lines are at central values of all that no slider sets.",
        x_label="Consumer gain kept at home",
        x_unit="percent",
        x_values=grid.axis,
        x_decimals=0,
        y_label="Welfare",
        y_unit="percent of the best",
        y_decimals=0,
        controls=controls,
        curves=(Curve("many", "many regions", "treasury"), Curve("one", "one region", "state", True)),
        values=grid.curves,
        break_even=grid.break_even,
        spans=grid.spans,
        decisive=("many", "one"),
        verdicts=Verdicts(
            crosses="Many regions ({regions}) serve the country better than one only where less than {break_even} of "
            "the gain stays at home.",
            rises="Many regions ({regions}) serve the country better than one where at least {break_even} of the gain "
            "stays at home.",
            gain="Many regions ({regions}) are better than one wherever the gain goes.",
            loss="One region is better than {regions} wherever the gain goes.",
        ),
        alt=f"Rising lines; that of many regions starts lower and crosses that of one region at "
        f"{number_text(crossing, 0)} percent of the gain at home.",
        refs=tuple(printed.refs),
        sources=sources_of(data, set().union(*ctx.rows.values())),
        y_span=(-20.0, 140.0),
        evidence=Evidence(ctx.value("model.home_solar"), ctx.value("model.home_robots"), "solar modules to robots"),
        note="The bar on the axis is the middle nine tenths of joint draws. Firms do not foresee learning. Solar "
        "modules, electric cars and robots are placed in the figure above; AI services are left open.",
    )
