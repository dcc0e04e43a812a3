"""Four ways to decide, recomputed by a sum over qualities, by a million drawn deals, and by drawn stars."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom, norm

from patient_capital.analysis.model.inputs import deal_returns
from patient_capital.analysis.model.selection import architecture_table, rule_in_words, rules_at_one_budget
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results, number


def sibling(name):
    """Load another file of tests for its plain computations."""
    known = f"plain_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


returns = sibling("test_model_returns")
RULES = ("champion", "unanimity", "majority", "average")
CELLS = 400_000
"""Qualities over which deals are summed, evenly spread in ranks far below the classes' borders and fine above them."""


@cache
def _ladder(key):
    """Quality, share and multiple of many groups of deals, finest among the best."""
    p = dict(key)
    edges = norm.cdf(np.linspace(-7, 7.5, CELLS + 1))
    rank = (edges[1:] + edges[:-1]) / 2
    return norm.ppf(rank), np.diff(edges), returns.quantile(p, rank)


def ladder(p):
    return _ladder(tuple(p.items()))


def decides(rule, passed):
    """Chance that three screeners fund a deal which each passes with this chance."""
    quota = {"champion": 1, "majority": 2, "unanimity": 3}[rule]
    return sum(binom.pmf(met, 3, passed) for met in range(quota, 4))


def funded(quality, rule, threshold, correlation):
    noise = sqrt(1 - correlation**2)
    level = (correlation * quality - threshold) / noise
    return norm.cdf(level * sqrt(3)) if rule == "average" else decides(rule, norm.cdf(level))


def accepted(p, rule, budget=None):
    """Chance that each group of deals is funded, with the threshold that spends the budget."""
    budget = p["sel_budget"] if budget is None else budget
    coarse = np.linspace(-7, 7, 2001)
    weight = norm.pdf(coarse) * 0.007

    def excess(threshold):
        return float(weight @ funded(coarse, rule, threshold, p["sel_copula_corr"])) - budget

    return funded(ladder(p)[0], rule, brentq(excess, -5, 5, xtol=1e-12), p["sel_copula_corr"])


def mean_funded(p, rule):
    _, share, multiple = ladder(p)
    chance = accepted(p, rule)
    return float((chance * share) @ multiple / (chance @ share))


def caught(p, rule, large=50.0, budget=None):
    _, share, multiple = ladder(p)
    best = multiple >= large
    return float((accepted(p, rule, budget)[best] @ share[best]) / share[best].sum())


def lognormal_mean_funded(p, rule):
    mean, spread, _ = returns.lognormal(p)
    quality, share, _ = ladder(p)
    chance = accepted(p, rule)
    return float((chance * share) @ np.exp(mean + spread * quality) / (chance @ share))


EXPECTED = {
    **{f"mean_{rule}": (lambda p, rule=rule: mean_funded(p, rule), 1e-6) for rule in RULES},
    **{f"caught_{rule}": (lambda p, rule=rule: 100 * caught(p, rule), 1e-5) for rule in RULES},
    "unequal_champion": (lambda p: 100 * decides("champion", p["sel_pass"]), 1e-9),
    "unequal_unanimity": (lambda p: 100 * decides("unanimity", p["sel_pass"]), 1e-9),
}
"""Each number with its second computation and the relative tolerance."""
STARS = ("visibility_unanimity", "visibility_average")
CLAIMS = ("order_survives",)
COVERED = {f"model.{name}" for name in (*EXPECTED, *STARS, *CLAIMS)}


@pytest.fixture(scope="module")
def p(raw):
    return returns.values(raw)


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


def test_table_of_the_rules(book, p):
    table = architecture_table(Context(book, load_results())).set_index("rule")
    assert list(table.index) == list(RULES)
    for rule in RULES:
        assert table.loc[rule, "mean_multiple"] == number(f"model.mean_{rule}").value
        assert table.loc[rule, "caught_pct"] == number(f"model.caught_{rule}").value


def test_rules_with_one_screener_are_all_the_same(book, p):
    """One screener alone: champion, unanimity, majority and average are one rule, summed here over qualities."""
    deals = deal_returns(Context(book, load_results()))
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


def test_rules_are_named_by_how_many_decide(book):
    assert [rule_in_words(rule, 3) for rule in RULES] == [
        "one champion is enough",
        "all must agree",
        "two of three",
        "average of three scores",
    ]
    assert rule_in_words("majority", 4) == "three of four"
    assert rule_in_words("average", 15) == "average of fifteen scores"


def stars_caught(p, rule, visibility, strength=4.0):
    """Share of the stars funded at an equal budget, where who recognises one scores it four deviations higher."""
    first = norm.isf(p["vr_share_ge50"])
    edges = np.concatenate((np.linspace(-7, first, 3001), np.linspace(first, 7.5, 1001)[1:]))
    quality, share = (edges[1:] + edges[:-1]) / 2, np.diff(norm.cdf(edges))
    star = quality > first
    correlation, noise = p["sel_copula_corr"], sqrt(1 - p["sel_copula_corr"] ** 2)

    def chance(threshold, seen):
        def above(lift):
            return (correlation * quality + lift - threshold) / noise

        if rule != "average":
            return decides(rule, seen * norm.cdf(above(strength)) + (1 - seen) * norm.cdf(above(0.0)))
        return sum(binom.pmf(eyes, 3, seen) * norm.cdf(above(strength * eyes / 3) * sqrt(3)) for eyes in range(4))

    def spent(threshold):
        return float(share @ np.where(star, chance(threshold, visibility), chance(threshold, 0.0)))

    found = brentq(lambda threshold: spent(threshold) - p["sel_budget"], -5, 8, xtol=1e-10)
    return float(share[star] @ chance(found, visibility)[star] / share[star].sum())


@pytest.mark.parametrize("rule", ["unanimity", "average"])
def test_champion_overtakes_at_the_visibility(p, rule):
    found = number(f"model.visibility_{rule}").value / 100

    def lead(visibility):
        return stars_caught(p, "champion", visibility) - stars_caught(p, rule, visibility)

    assert lead(found) == pytest.approx(0, abs=1e-5)
    assert lead(0.5 * found) < 0 < lead(min(1.2 * found, 0.65))
