"""The tail of venture returns, recomputed from the published shares with scipy alone."""

from __future__ import annotations

from math import inf, log1p, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from oracles.returns import (
    CLAIMS,
    EDGES,
    EXPECTED,
    ends,
    fitted_index,
    honest_error,
    lognormal,
    lognormal_top,
    mean_multiple,
    quantile,
    shares,
    textbook_error,
    top_tenth,
)
from patient_capital.analysis.model import returns as model_returns
from patient_capital.analysis.model.inputs import deal_returns
from patient_capital.formatting import Range
from patient_capital.model.common.checks import DomainError
from patient_capital.provenance.registry import number


@pytest.mark.parametrize("name", EXPECTED)
def test_number(p, name):
    compute, tolerance = EXPECTED[name]
    assert number(f"model.{name}").value == pytest.approx(compute(p), rel=tolerance)


def test_spread_of_the_share_of_the_best_tenth(p, raw):
    both = [top_tenth(p, cap) for cap in ends(raw, "vr_cap")]
    expected = [*both, 100 * lognormal_top(p, 0.1)]
    span = number("model.top_share_span").value
    assert isinstance(span, Range)
    assert (span.low, span.high) == (pytest.approx(min(expected), rel=1e-5), pytest.approx(max(expected), rel=1e-5))
    assert span.low < number("model.top_10").value < span.high


def test_common_shock_of_ten_exit_years_by_draws(p):
    rng = np.random.default_rng(11)
    sd = p["vr_shock_sd"]
    factors = np.exp(sd * rng.standard_normal((200_000, 10)) - sd**2 / 2).mean(axis=1)
    assert factors.mean() == pytest.approx(1, abs=0.002)
    assert number("model.shock_spread").value == pytest.approx(sqrt(log1p(factors.var())), rel=0.015)


def test_claims_say_what_the_numbers_say(p):
    assert 60 <= top_tenth(p, p["vr_cap"]) <= 72
    assert 2.5 <= honest_error(p) / textbook_error(p) <= 3.5
    for name in CLAIMS:
        assert number(f"model.{name}").value is True


def test_deals_have_the_published_classes_whatever_fills_them(ctx, p):
    returns = deal_returns(ctx)
    assert returns.survival(EDGES[1:3]) == pytest.approx([1 - p["vr_loss_share"], p["vr_share_ge5"]])
    rank = (np.arange(400_000) + 0.5) / 400_000
    drawn = quantile(p, rank)
    np.testing.assert_allclose(drawn, returns.quantile(rank), rtol=1e-6, atol=1e-9)
    assert drawn.mean() == pytest.approx(mean_multiple(p), rel=1e-3)
    assert drawn[rank < p["vr_loss_share"]].mean() == pytest.approx(p["vr_low_mean"], rel=1e-4)


def test_published_classes(ctx, p):
    classes = model_returns.published_classes(ctx)
    assert classes["multiple"].tolist() == EDGES.tolist()
    assert classes["financings"].tolist() == pytest.approx((p["vr_financings"] * shares(p)).tolist())
    published = model_returns.at_least(classes)
    assert published["multiple"].tolist() == EDGES[1:].tolist()
    assert published["share_pct"].tolist() == pytest.approx([100 * shares(p)[i:].sum() for i in range(1, 6)])


def test_lines_of_the_tail(ctx, p):
    lines = model_returns.tail_lines(ctx)
    curves = {"power law without a cap": inf, "capped at 300 times": 300, "capped at 100 times": 100}
    assert list(dict.fromkeys(lines["curve"])) == ["as published", *curves, "lognormal"]
    published = lines[lines["curve"].eq("as published")]
    assert published["share_pct"].tolist() == pytest.approx([100 * shares(p)[i:].sum() for i in range(1, 6)])
    mean, spread, _ = lognormal(p)
    smooth = lines[lines["curve"].eq("lognormal")]
    assert smooth["share_pct"].tolist() == pytest.approx(
        100 * norm.sf((np.log(smooth["multiple"]) - mean) / spread), rel=1e-4
    )
    for name, cap in curves.items():
        shown = lines[lines["curve"].eq(name)]
        assert shown["multiple"].between(5, cap, inclusive="left").all()
        assert len(shown) == ((smooth["multiple"] >= 5) & (smooth["multiple"] < cap)).sum()
        index, end = fitted_index(p, cap), 0.0
        if cap < inf:
            end = (cap / 5) ** -index
        expected = 100 * p["vr_share_ge5"] * ((shown["multiple"] / 5) ** -index - end) / (1 - end)
        assert shown["share_pct"].tolist() == pytest.approx(expected.tolist(), rel=1e-6)


def test_curve_of_another_cap_and_of_changed_classes(ctx, p):
    classes = model_returns.published_classes(ctx)
    curve = model_returns.power_tail(classes, cap=150.0)
    assert set(curve["curve"]) == {"capped at 150 times"}
    index, end = fitted_index(p, 150), 30 ** -fitted_index(p, 150)
    expected = 100 * p["vr_share_ge5"] * ((curve["multiple"] / 5) ** -index - end) / (1 - end)
    assert curve["share_pct"].tolist() == pytest.approx(expected.tolist(), rel=1e-6)
    more = classes.assign(financings=classes["financings"].where(classes["multiple"] < 50, 2 * classes["financings"]))
    assert model_returns.at_least(more)["share_pct"].iloc[-1] == pytest.approx(
        200 * p["vr_share_ge50"] / (1 + p["vr_share_ge50"])
    )
    heavier = model_returns.power_tail(more).set_index("multiple")["share_pct"]
    assert (heavier > model_returns.power_tail(classes).set_index("multiple")["share_pct"]).all()
    shuffled = model_returns.power_tail(classes.sample(frac=1, random_state=1), cap=150.0)
    assert shuffled["share_pct"].tolist() == pytest.approx(curve["share_pct"].tolist())


def test_cap_below_the_highest_class_is_refused(ctx):
    classes = model_returns.published_classes(ctx)
    with pytest.raises(DomainError, match="must lie above the highest edge"):
        model_returns.power_tail(classes, cap=50.0)
