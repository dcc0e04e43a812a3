"""Figures on regimes of the chapter on the model and its annex."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis.model.flow import flow_lines, implied_span, state_break_evens
from patient_capital.analysis.model.regimes import NATIONAL, PATIENT, REGIME_WORDS, SIGNALS
from patient_capital.analysis.model.spans import discount_marks, features_of_national, worth_by_rate
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import label_ends
from patient_capital.formatting import digits, spelled


def _span_text(low: float, high: float) -> str:
    return f"{digits(low, 0)} to {digits(high, 0)}"


def _tell_features(printed: Printer, features: pd.DataFrame) -> Story:
    worth, span = (f"model.regime_worth_bond{end}[{NATIONAL}]" for end in ("", "_span"))
    plain, plain_span = (printed(f"model.feature_takes{end}[none]") for end in ("", "_span"))
    printed("model.off_pays")
    printed("model.four_take_most")
    return Story(
        title="From a private fund that can wait to China's national fund: assumed costs take most",
        subtitle="Net present value at the coupon of the treasury, percent of the money paid in: without any feature, what "
        "each takes, averaged over all orders in which they can be added, and as built. Dot: median of joint draws; "
        "line: their middle nine tenths.",
        alt=f"A row for each feature, from {plain.removesuffix(' points')} ({plain_span.removesuffix(' points')}) percent "
        f"without any. The fund as built ends at {printed(worth)} ({printed(span)}); every "
        "feature but the list of sectors takes something in nearly all draws.",
        note="Deals are American. Refusals, thinning, small tickets, soft budgets and idle money are assumed weights "
        f"without a source for their size; with all of them off the fund as built is worth "
        f"{printed(f'model.regime_worth_off[{NATIONAL}]')} ({printed(f'model.regime_worth_off_span[{NATIONAL}]')}). What a "
        "fund does for others is not counted.",
    )


@chart(
    "What each feature takes from the net present value, percent of the money paid in",
    _tell_features,
    features=features_of_national,
)
def features(features: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a row a feature: a dot for the median of joint draws, a line for their middle nine tenths."""
    drawing, axes = style.row_drawing(
        wide, len(features), left=(290, 6), right=(130, 96), step=(36, 54), top=(24, 10), bottom=46
    )
    lowest, highest = float(features["low_pct"].min()), float(features["high_pct"].max())
    pad = 0.06 * (highest - lowest)
    axes.set_xlim(lowest - pad, highest + pad)
    axes.axvline(0, color=style.INK, linewidth=1)
    for place, (name, row) in enumerate(features.iterrows()):
        y = place if wide else place + 0.18
        whole = name in {"none", "all"}
        colour = style.TREASURY if whole else style.MARK if row["median_pct"] > 0 else style.WARN
        axes.plot([row["low_pct"], row["high_pct"]], [y, y], color=colour, linewidth=2.4, solid_capstyle="round")
        axes.plot([row["median_pct"]], [y], "o", color=colour, markersize=9, markeredgecolor=style.CARD)
        words = f"{digits(row['median_pct'], 0)} ({_span_text(row['low_pct'], row['high_pct'])})"
        axes.annotate(
            words, (1, y), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
            va="center", fontsize=style.SMALL, color=colour, annotation_clip=False,
        )  # fmt: skip
        style.row_label(axes, place, str(row["words"]), wide, x=(lowest - 1.6 * pad, lowest - pad), above=0.26)
    for edge in (0.5, len(features) - 1.5):
        axes.axhline(edge, color=style.OPEN, linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlabel("percent of the money paid in")
    return drawing


COLOURS = (style.STATE, style.MARK, style.TREASURY, style.UNNAMED)


def _tell_flow(printed: Printer, lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame) -> Story:
    weak, good = SIGNALS
    at, band = (printed(f"model.flow_patient_fund{end}", "bare") for end in ("", "_span"))
    return Story(
        title=f"A patient fund cannot pay in {printed('model.never_patient')} of draws even if deals never thin, the "
        f"national fund in {printed('model.never_national')}",
        subtitle="Lines: net present value at the coupon of the treasury at central parameters, if the trillion came and "
        f"early-stage money rose {printed('model.flow_ratio')}. Grey: thinning that follows if funds merely accept more "
        f"of the same proposals. Where a patient fund can pay, it does up to an elasticity of {at} ({band}).",
        alt=f"{spelled(lines['regime'].nunique()).capitalize()} falling lines at central parameters, and a grey band of "
        f"the thinning that screening implies, over all doubts {printed('model.implied_elasticity', 'bare')} "
        f"({printed('model.implied_elasticity_span', 'bare')}).",
        note=f"The band takes signals that correlate {digits(weak)} to {digits(good)} with the rank of outcomes. That "
        "inflows raise prices and not success is known for America; by how much deals thin in China is varied.",
    )


@chart(
    "Net present value by the elasticity of deal flow, percent of the money paid in",
    _tell_flow,
    lines=flow_lines,
    implied=implied_span,
    break_evens=state_break_evens,
)
def flow(lines: pd.DataFrame, implied: pd.DataFrame, break_evens: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a regime, its break-even, and the span of elasticities that screening alone implies."""
    drawing, axes = style.plot_drawing(wide, (370, 380), left=(56, 44), right=(176, 14), top=30, bottom=56)
    band = implied["elasticity"].min(), implied["elasticity"].max()
    axes.axvspan(*band, color=style.OPEN, alpha=0.18, linewidth=0)
    implying = "screening alone implies" if wide else "implied by screening"
    style.note_at_top(axes, sum(band) / 2, (0, 6), implying, ha="center")
    for inner in implied.loc[implied["elasticity"].between(*band, inclusive="neither"), "elasticity"]:
        axes.axvline(inner, color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
    axes.axhline(0, color=style.INK, linewidth=1)
    names = list(dict.fromkeys(lines["regime"]))
    colours = dict(zip(names, cycle(COLOURS), strict=False))
    ends = []
    for place, name in enumerate(names):
        line = lines[lines["regime"].eq(name)].sort_values("elasticity")
        axes.plot(line["elasticity"], line["value_pct"], color=colours[name], linewidth=2.2)
        ends.append((float(line["elasticity"].iloc[-1]), float(line["value_pct"].iloc[-1]), name, colours[name]))
        if not wide:
            style.label_inside(axes, 0.03, 0.04 + 0.075 * place, name, colours[name], va="bottom")
    farthest = float(lines["elasticity"].max()) or 0.6
    for row in break_evens.dropna(subset=["elasticity"]).itertuples():
        if row.elasticity <= farthest:
            style.switch_dot(axes, row.elasticity, 0, colours.get(row.regime, style.INK))
            style.label_beside(axes, (row.elasticity, 0), (4, 9), f"break-even {digits(row.elasticity, 2)}")
    axes.set_xlim(0, farthest)
    axes.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4) if tick <= farthest + 1e-9])
    thinning = "elasticity: how fast large successes thin out as money enters"
    axes.set_xlabel(thinning if wide else "thinning of deals, elasticity")
    axes.set_ylabel("net present value, % of money paid in", color=style.SOFT)
    lowest, highest = 1.15 * float(lines["value_pct"].min()), 1.15 * float(lines["value_pct"].max())
    axes.set_ylim(min(-34 if wide else -48, lowest), max(18, highest))
    if wide:
        label_ends(axes, ends)
    return drawing


def _tell_discount(printed: Printer, lines: pd.DataFrame, marks: pd.DataFrame) -> Story:
    risk, above = f"model.regime_worth_risk[{NATIONAL}]", f"model.regime_worth_bond_above[{NATIONAL}]"
    coupon, span = (printed(f"model.regime_worth_bond{end}[{NATIONAL}]") for end in ("", "_span"))
    low, high = (digits(float(marks[column].dropna().iloc[0]), 0) for column in ("low_pct", "high_pct"))
    return Story(
        title=f"The fund as built earns the treasury's coupon in {printed(above)} of draws, a rate that prices risk in "
        f"{printed(f'model.regime_worth_risk_above[{NATIONAL}]')}",
        subtitle="Net present value in percent of the money paid in, by the rate at which it is discounted. Lines: medians "
        "of joint draws. Bands: their middle nine tenths, for the national fund and the patient fund at its best.",
        alt=f"{spelled(lines['regime'].nunique()).capitalize()} falling lines. At the coupon the national fund is worth "
        f"{coupon} ({span}), at a rate that prices risk {printed(risk)} "
        f"({printed(f'model.regime_worth_risk_span[{NATIONAL}]')}).",
        note="The rate that prices risk is the coupon and a premium by the beta of American venture capital: "
        f"{low} to {high} percent over both spans. A share of draws is no forecast.",
    )


@chart(
    "Net present value by the discount rate, percent of the money paid in",
    _tell_discount,
    lines=worth_by_rate,
    marks=discount_marks,
)
def discount(lines: pd.DataFrame, marks: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a line a regime, a band for the funds with a life of twenty years, and the rates to measure them by."""
    drawing, axes = style.plot_drawing(wide, (390, 400), left=(56, 44), right=(176, 14), top=(84, 84), bottom=56)
    axes.axhline(0, color=style.INK, linewidth=1)
    names = list(dict.fromkeys(lines["regime"]))
    banded = [name for name in (REGIME_WORDS[PATIENT], REGIME_WORDS[NATIONAL]) if name in names] or names
    first, last = float(lines["rate_pct"].min()), float(lines["rate_pct"].max())
    ends = []
    for place, (name, colour) in enumerate(zip(names, cycle(COLOURS), strict=False)):
        line = lines[lines["regime"].eq(name)].sort_values("rate_pct")
        thick = 2.4 if name in banded else 1.4
        if name in banded:
            axes.fill_between(
                line["rate_pct"], line["low_pct"], line["high_pct"], color=colour, alpha=0.13, linewidth=0
            )
        dashes = "-" if name in banded else (0, (5, 2))
        axes.plot(line["rate_pct"], line["median_pct"], color=colour, linewidth=thick, linestyle=dashes)
        ends.append((float(line["rate_pct"].iloc[-1]), float(line["median_pct"].iloc[-1]), name, colour))
        if not wide:
            y = 0.03 + 0.06 * (len(names) - 1 - place)
            style.label_inside(axes, 0.03, y, name, colour, va="bottom", bbox=style.GROUND)
    for place, row in enumerate(marks.itertuples()):
        axes.axvline(row.rate_pct, color=style.OPEN, linewidth=1.2, linestyle=(0, (3, 3)))
        side = "left" if row.rate_pct < (first + last) / 2 else "right"
        shift = (2 if side == "left" else -2, 6 + 16 * place)
        style.note_at_top(axes, row.rate_pct, shift, f"{row.rate}, {digits(row.rate_pct, 1)}%", ha=side)
    lowest, highest = axes.get_ylim()
    axes.set_ylim(lowest if wide else lowest - 0.22 * (highest - lowest), highest)
    axes.set_xlim(first, last if last > first else first + 1)
    axes.set_xlabel("discount rate, percent a year")
    axes.set_ylabel("net present value, % of money paid in", color=style.SOFT)
    if wide:
        label_ends(axes, ends)
    return drawing
