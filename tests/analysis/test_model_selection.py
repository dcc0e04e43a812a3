"""Four ways to decide, recomputed by a sum over qualities, by a million drawn deals, and by drawn stars."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from oracles import returns
from oracles.selection import EXPECTED, RULES, ladder, lognormal_mean_funded, mean_funded, stars_caught
from patient_capital.analysis.model.inputs import deal_returns
from patient_capital.analysis.model.selection import architecture_table, rule_in_words, rules_at_one_budget
from patient_capital.provenance.registry import number


@pytest.mark.parametrize("name", EXPECTED)
def test_number(p, name):
    compute, tolerance = EXPECTED[name]
    assert number(f"model.{name}").value == pytest.approx(compute(p), rel=tolerance)


@pytest.fixture(scope="module")
def drawn(p):
    """A million deals with their qualities, multiples and what three screeners see of them."""
    rng = np.random.default_rng(1986)
    quality = rng.standard_normal(1_000_000)
    correlation = p["sel_copula_corr"]
    signals = correlation * quality + sqrt(1 - correlation**2) * rng.standard_normal((3, quality.size))
    return returns.quantile(p, norm.cdf(quality)), np.sort(signals, axis=0)


@pytest.mark.parametrize("rule", RULES)
def test_funded_deals_are_those_of_a_million_draws(p, drawn, rule):
    multiple, (lowest, middle, highest) = drawn
    score = {
        "champion": highest, "majority": middle, "unanimity": lowest, "average": (lowest + middle + highest) / 3,
    }[rule]  # fmt: skip
    chosen = score >= np.quantile(score, 1 - p["sel_budget"])
    picked, best = multiple[chosen], multiple >= 50
    assert chosen.mean() == pytest.approx(p["sel_budget"], abs=1e-5)
    error = picked.std() / sqrt(picked.size)
    assert number(f"model.mean_{rule}").value == pytest.approx(picked.mean(), abs=4 * error)
    share = chosen[best].mean()
    error = 100 * sqrt(share * (1 - share) / best.sum())
    assert number(f"model.caught_{rule}").value == pytest.approx(100 * share, abs=4 * error)


def test_order_of_the_rules(p):
    for mean_of in (mean_funded, lognormal_mean_funded):
        means = [mean_of(p, rule) for rule in RULES]
        assert means == sorted(means)
    assert number("model.order_survives").value is True


def test_table_of_the_rules(ctx):
    table = architecture_table(ctx).set_index("rule")
    assert list(table.index) == list(RULES)
    for rule in RULES:
        assert table.loc[rule, "mean_multiple"] == number(f"model.mean_{rule}").value
        assert table.loc[rule, "caught_pct"] == number(f"model.caught_{rule}").value


def test_rules_with_one_screener_are_all_the_same(ctx, p):
    """One screener alone: champion, unanimity, majority and average are one rule, summed here over qualities."""
    deals = deal_returns(ctx)
    table = rules_at_one_budget(deals, p["sel_copula_corr"], p["sel_budget"], screeners=1, large=20)
    quality, share, multiple = ladder(p)
    noise = sqrt(1 - p["sel_copula_corr"] ** 2)
    # The signal of one screener is a standard normal, so that its threshold is a quantile.
    chance = norm.cdf((p["sel_copula_corr"] * quality - norm.isf(p["sel_budget"])) / noise)
    best = multiple >= 20
    assert table["mean_multiple"].tolist() == pytest.approx(
        [(chance * share) @ multiple / (chance @ share)] * 4, rel=1e-5
    )
    caught_pct = 100 * (chance[best] @ share[best]) / share[best].sum()
    assert table["caught_pct"].tolist() == pytest.approx([caught_pct] * 4, rel=1e-4)
    assert set(table["large_multiple"]) == {20}


def test_rules_are_named_by_how_many_decide():
    assert [rule_in_words(rule, 3) for rule in RULES] == [
        "one champion is enough",
        "all must agree",
        "two of three",
        "average of three scores",
    ]
    assert rule_in_words("majority", 4) == "three of four"
    assert rule_in_words("average", 15) == "average of 15 scores"


@pytest.mark.parametrize("rule", ["unanimity", "average"])
def test_champion_overtakes_at_the_visibility(p, rule):
    found = number(f"model.visibility_{rule}").value / 100

    def lead(visibility):
        return stars_caught(p, "champion", visibility) - stars_caught(p, rule, visibility)

    assert lead(found) == pytest.approx(0, abs=1e-5)
    assert lead(0.5 * found) < 0 < lead(min(1.2 * found, 0.65))
