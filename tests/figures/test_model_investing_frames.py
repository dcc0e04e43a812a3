"""The first half of the chapter on the model as functions of frames: its findings stand only where nothing was changed."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from patient_capital.analysis.model import flow as model_flow
from patient_capital.analysis.model import fund as model_fund
from patient_capital.analysis.model import inputs as model_inputs
from patient_capital.analysis.model import overcapacity as model_overcapacity
from patient_capital.analysis.model import regimes as model_regimes
from patient_capital.analysis.model import returns as model_returns
from patient_capital.analysis.model import selection as model_selection
from patient_capital.analysis.model import spans as model_spans
from patient_capital.analysis.model import spread as model_spread
from patient_capital.figures import model as figures
from patient_capital.figures.chart import CHARTS
from patient_capital.figures.labels import spread
from patient_capital.figures.model import regimes as regimes_figures
from patient_capital.formatting import digits
from patient_capital.listings import model as tables
from patient_capital.provenance.registry import number


def words_of(svg):
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(("tail", "share_pct"), ("patience", "rate_pct"), ("architecture", "caught_pct")),
        *(("features", "low_pct"), ("flow", "value_pct"), ("funds", "low_pct")),
    ],
)
def test_numbers_far_beyond_the_book_stay_inside_the_axes(ctx, name, column):
    chart = getattr(figures, name)
    (key, frame), *_ = chart.inputs(ctx).items()
    figure = chart(**{key: frame.assign(**{column: 3 * frame[column]})})
    for svg, right in ((figure.wide, 720), (figure.narrow, 350)):
        assert max(float(x) for x in re.findall(r'<text[^>]* x="(-?[\d.]+)"', svg)) <= right


def test_table_with_a_finding_falls_back_on_its_measure(ctx):
    pairs = tables.beats.inputs(ctx)["pairs"]
    assert tables.beats(pairs.iloc[1:]).title.startswith("How often one portfolio returns more")


def test_other_caps_of_the_tail_are_drawn_and_named(ctx):
    classes = model_returns.published_classes(ctx)
    curves = [model_returns.power_tail(classes, cap) for cap in (math.inf, 1000, 300, 150, 75)]
    figure = figures.tail(pd.concat([model_returns.at_least(classes), *curves], ignore_index=True))
    assert figure.changed
    assert "capped at 1,000 times" in words_of(figure.wide)
    assert "lognormal" not in words_of(figure.wide)


def test_an_edited_class_of_deals_moves_the_dots(ctx):
    classes = model_returns.published_classes(ctx)
    classes.loc[5, "financings"] *= 3
    figure = figures.tail(pd.concat([model_returns.at_least(classes), model_returns.lognormal_tail(classes)]))
    assert figure.changed
    assert "1.49%" in words_of(figure.wide)


def test_other_horizons_and_prices_of_a_forced_sale(ctx):
    cases = model_fund.waiting_cases(ctx, refinanced=(0.1, 0.3, 0.7)).assign(forced_sale=0.3)
    lines = model_fund.rates_by_horizon(ctx, cases, years=range(5, 45, 5), marked=(10, 40))
    figure = figures.patience(lines, model_fund.yardsticks(ctx).assign(rate_pct=[3.0, 14.0]))
    assert figure.changed
    words = words_of(figure.narrow)
    assert "70% of losers refinanced" in words
    assert "official rate, 14%" in words
    assert "official rate, public projects, 14%" in words_of(figure.wide)
    assert "40" in words


def test_one_horizon_is_drawn(ctx):
    lines = model_fund.rates_by_horizon(ctx, model_fund.waiting_cases(ctx), years=[12], marked=[12])
    assert figures.patience(lines, model_fund.yardsticks(ctx)).wide.startswith("<svg")


@pytest.mark.parametrize("screeners", [1, 2, 7])
def test_other_screeners_are_named_and_drawn(ctx, screeners):
    deals = model_inputs.deal_returns(ctx)
    rules = model_selection.rules_at_one_budget(deals, 0.4, 0.05, screeners=screeners, large=20)
    figure = figures.architecture(rules)
    assert figure.changed
    assert "deals at 20 times or more, funded" in words_of(figure.wide)
    assert not any("fifty" in label for _, _, label in figure.legend)
    assert set(rules["who_decides"]) <= set(re.findall(r"<text[^>]*>([^<]*)</text>", figure.narrow))


def test_a_replaced_feature_of_a_regime_reaches_every_table_and_figure(ctx):
    directed, national, patient = (
        model_regimes.regime(ctx, row) for row in ("directed_fund", "national_fund", "patient_fund")
    )
    patient = replace(patient, state_share=0.2, horizon=25.0)
    at, official = (model_regimes.scenario(ctx, rate) for rate in ("bond", "public"))
    lines = model_flow.values_by_elasticity([patient, directed], at, highest=1.0, points=6)
    break_evens = model_flow.flow_break_evens([patient, directed], at)
    flow = figures.flow(lines, model_flow.implied_elasticities(ctx, (0.2, 0.3)), break_evens)
    assert flow.changed
    assert flow.title == CHARTS["model.flow"].measure
    assert f"break-even {break_evens.loc[0, 'elasticity']:.2f}" in words_of(flow.wide)
    regimes = [directed, national, patient]
    compared = model_spread.regimes_in_words(ctx, regimes).join(model_spread.outcomes(regimes, at, official))
    table = tables.regimes(compared.join(model_spans.spans_anew(ctx, regimes, draws=40)))
    assert table.changed
    assert table.rows[2][2].text == "25"
    assert table.rows[2][1].under.startswith("20% state money; two layers of fees; market: ")
    assert "of draws" in table.rows[2][4].under
    runs = model_spread.drawn(regimes, at, portfolios=200)
    assert tables.spread(model_spread.spread_by_regime(compared, runs)).changed
    pairs = model_spread.chances_of_beating(runs, compared["tickets"], [("patient_fund", "directed_fund")], [(600, 30)])
    beats = tables.beats(pairs)
    assert beats.changed
    assert not beats.refs


def test_features_of_other_draws_are_drawn_without_a_finding(ctx):
    taken = model_spans.features_of_national(ctx)
    figure = figures.features(taken.assign(median_pct=0.5 * taken["median_pct"]))
    assert figure.changed
    assert figure.narrow.startswith("<svg")


def test_other_shares_of_draws_reach_the_table_of_regions(ctx):
    welfare = model_overcapacity.welfare_by_regions(ctx)
    table = tables.few_regions(welfare.assign(better_pct=50.0))
    assert table.changed
    assert {row[-1].text for row in table.rows} == {"50"}


def test_no_break_even_draws_no_dot(ctx):
    values = dict(figures.flow.inputs(ctx))
    values["break_evens"] = values["break_evens"].assign(elasticity=math.nan)
    assert "break-even" not in words_of(figures.flow(**values).wide)


def test_the_figure_of_waiting_draws_the_numbers_of_its_title(ctx):
    lines = figures.waiting.inputs(ctx)["lines"].set_index(["clock", "years"])
    words = words_of(figures.waiting(**figures.waiting.inputs(ctx)).wide)
    for years in (10, 20):
        median, span = (number(f"model.net_rate_{years}{end}", ctx.data).value for end in ("", "_span"))
        row = lines.loc[("American deals", years)]
        assert tuple(row) == pytest.approx((median, span.low, span.high), abs=0.06)
        assert f"{digits(median, 1)}%" in words


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0, "0%"),
        (0.2, "<1%"),
        (0.6, "1%"),
        (50, "50%"),
        (99.4, "99%"),
        (99.8, ">99%"),
        (100, "100%"),
        (float("nan"), ""),
    ],
)
def test_nearly_all_draws_are_not_all(share, told):
    assert regimes_figures._share_told(share) == told


def test_each_fund_stands_once_with_the_numbers_of_the_text(ctx):
    funds = model_spans.side_by_side(ctx)
    for fund, ref in {
        "private_short": "plain_worth_10", "private_long": "plain_worth_20",
        "national": "regime_worth_bond[national_fund]", "national_off": "regime_worth_off[national_fund]",
        "national_count": "worth_national_cn", "patient": "regime_worth_bond[patient_fund]",
        "directed_plan": "regime_worth_bond[directed_fund]", "directed_registry": "bond_directed_registry",
        "patient_like": "regime_worth_equal[patient_fund]", "directed_like": "regime_worth_equal[directed_fund]",
    }.items():  # fmt: skip
        assert funds.loc[fund, "median_pct"] == ctx.value(f"model.{ref}"), fund
    assert funds["words"].is_unique
    named = model_spans.worth_by_rate(ctx)
    coupon = ctx.value("model.bond_coupon")

    def at_coupon(line):
        rows = named[named["regime"].eq(line)]
        return np.interp(coupon, rows["rate_pct"], rows["median_pct"])

    # A line of the figure by rates says which private fund it is, and passes the coupon where the text does.
    for line, fund in (
        ("private fund of ten years", "private_short"),
        ("directed fund of fifteen years", "directed_plan"),
    ):
        assert at_coupon(line) == pytest.approx(funds.loc[fund, "median_pct"], abs=0.5)


def test_the_chapter_and_its_annex_name_thirteen_charts():
    assert len(figures.__all__) == 13
    assert figures.tail is CHARTS["model.tail"]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([0.0, 50.0], [0.0, 50.0]),
        ([10.0, 10.0], [3.5, 16.5]),
        ([20.0, 0.0, 13.0], [24.0, -2.0, 11.0]),
        ([0.0, 12.0, 24.5], [-0.8333333, 12.1666667, 25.1666667]),
        ([], []),
    ],
)
def test_labels_are_moved_apart_no_further_than_needed(places, expected):
    moved = spread(places, [13.0] * len(places))
    assert moved == pytest.approx(expected)
    assert all(abs(a - b) >= 13 - 1e-9 for i, a in enumerate(moved) for b in moved[:i])
