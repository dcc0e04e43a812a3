"""Four ways to decide, by a sum over qualities."""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom, norm

from oracles import returns

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
