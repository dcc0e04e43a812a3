"""Selection at an equal budget: exact cases, quadrature, limits and symmetries."""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr, ndtri, owens_t
from scipy.stats import norm

from helpers import model_records
from patient_capital.model.common.checks import DomainError
from patient_capital.model.returns.deal_returns import LognormalReturns
from patient_capital.model.selection._decisive_signal import RULES, error_exceedance, normal_density
from patient_capital.model.selection.budget_selection import Selection, caught_share, select


def acceptance(selection, rank):
    """The chance that a deal of some rank is funded, from the distribution of the decisive error."""
    noise = np.sqrt(1 - selection.correlation**2)
    level = (selection.threshold - selection.correlation * np.clip(ndtri(rank), -9, 9)) / noise
    return error_exceedance(level, selection.rule, selection.screeners, selection.error_correlation)


DEALS = replace(model_records.DEALS, tail_index=1.331)
LOGNORMAL = LognormalReturns(-1.0, 1.5)
rules = st.sampled_from(RULES)
screeners = st.integers(1, 9)
correlations = st.floats(0, 1)
weak = st.floats(0.01, 0.95)
budgets = st.floats(0.005, 0.95)
shared = st.sampled_from([0.0, 0.0, 0.3, 0.8])
quick = settings(max_examples=40, deadline=None)


@pytest.mark.parametrize("tail_index", [1.312, 1.331])
@pytest.mark.parametrize(
    ("rule", "mean", "caught"),
    [("champion", 4.35, 0.28), ("unanimity", 4.79, 0.32), ("majority", 4.87, 0.33), ("average", 5.37, 0.38)],
)
def test_three_screeners_who_fund_a_tenth(rule, mean, caught, tail_index):
    deals = replace(DEALS, tail_index=tail_index)
    selection = select(deals, rule, 3, 0.2, 0.1)
    # The expected values come from three million simulated deals of a heavy tail.
    assert selection.mean == pytest.approx(mean, abs=0.1)
    assert caught_share(deals, selection, 50) == pytest.approx(caught, abs=0.007)


@given(rules, screeners, budgets)
def test_a_signal_without_information_selects_nothing(rule, number, budget):
    selection = select(DEALS, rule, number, 0.0, budget)
    assert selection.mean == DEALS.mean()
    assert caught_share(DEALS, selection, 50) == budget
    assert acceptance(selection, [0.0, 0.5, 1.0]) == pytest.approx(np.full(3, budget), abs=1e-9)


@quick
@given(rules, screeners, budgets)
def test_weak_signals_approach_no_signal(rule, number, budget):
    assert select(DEALS, rule, number, 1e-7, budget).mean == pytest.approx(DEALS.mean(), rel=1e-5)


@quick
@given(rules, screeners, budgets, shared)
def test_a_perfect_signal_takes_the_best(rule, number, budget, error):
    selection = select(DEALS, rule, number, 1.0, budget, error)
    assert selection.mean == pytest.approx(DEALS.upper_total(1 - budget) / budget, rel=1e-9)
    assert caught_share(DEALS, selection, 50) == pytest.approx(min(1, budget / DEALS.survival(50)), rel=1e-9)


@quick
@given(rules, screeners, budgets, shared)
def test_nearly_perfect_signals_approach_the_best(rule, number, budget, error):
    nearly = select(DEALS, rule, number, 1 - 1e-10, budget, error)
    assert nearly.mean == pytest.approx(select(DEALS, rule, number, 1.0, budget).mean, rel=1e-3)


@quick
@given(rules, screeners, correlations)
def test_a_budget_for_all_funds_the_mean(rule, number, rho):
    assert select(DEALS, rule, number, rho, 1.0).mean == DEALS.mean()
    assert select(DEALS, rule, number, rho, 1 - 1e-8).mean == pytest.approx(DEALS.mean(), rel=1e-4)


@quick
@given(rules, correlations, budgets, shared)
def test_one_screener_makes_all_rules_equal(rule, rho, budget, error):
    alone = select(DEALS, "average", 1, rho, budget)
    assert select(DEALS, rule, 1, rho, budget, error).mean == pytest.approx(alone.mean, rel=1e-5)


@quick
@given(rules, screeners, correlations, budgets)
def test_screeners_who_err_alike_are_one_screener(rule, number, rho, budget):
    alone = select(DEALS, "average", 1, rho, budget)
    assert select(DEALS, rule, number, rho, budget, 1.0).mean == pytest.approx(alone.mean, rel=1e-5)


@quick
@given(screeners, correlations, budgets, shared, st.floats(0.5, 2.5))
def test_average_score_of_lognormal_deals_in_closed_form(number, rho, budget, error, log_sd):
    returns = LognormalReturns(-0.5, log_sd)
    sharpness = rho / sqrt(rho**2 + (1 - rho**2) * (error + (1 - error) / number))
    expected = returns.mean() * norm.cdf(sharpness * log_sd - norm.isf(budget)) / budget
    assert select(returns, "average", number, rho, budget, error).mean == pytest.approx(expected, rel=1e-8)


@settings(max_examples=12, deadline=None)
@given(rules, st.integers(1, 5), st.floats(0.02, 0.98), st.floats(0.01, 0.9), shared)
def test_the_mean_is_the_integral_of_acceptance_and_multiple(rule, number, rho, budget, error):
    selection = select(DEALS, rule, number, rho, budget, error)
    kinks = sorted({norm.ppf(0.65), norm.ppf(0.9), float(np.clip(selection.threshold / rho, -6, 6))})

    def funded(quality):
        rank = ndtr(quality)
        return normal_density(quality) * float(acceptance(selection, rank)) * np.array([1.0, DEALS.quantile(rank)])

    share, total = (
        quad(lambda z, part=part: funded(z)[part], -8, 8, points=kinks, limit=300, epsrel=1e-8)[0] for part in (0, 1)
    )
    assert share == pytest.approx(budget, rel=1e-5)
    assert selection.mean == pytest.approx(total / budget, rel=2e-5)


@quick
@given(screeners, correlations, st.floats(0.01, 0.99), st.floats(0.01, 0.99), shared)
def test_what_a_champion_leaves_is_what_unanimity_rejects_from_below(number, rho, budget, rank, error):
    champion = select(LOGNORMAL, "champion", number, rho, budget, error)
    mirror = select(LOGNORMAL, "unanimity", number, rho, 1 - budget, error)
    assert champion.threshold == pytest.approx(-mirror.threshold, abs=1e-6)
    if rho < 0.99:
        assert acceptance(champion, rank) == pytest.approx(1 - acceptance(mirror, 1 - rank), abs=1e-5)


@quick
@given(rules, screeners, weak, weak, budgets)
def test_a_better_signal_never_lowers_the_mean(rule, number, one, other, budget):
    low, high = sorted((one, other))
    worse, better = (select(DEALS, rule, number, rho, budget).mean for rho in (low, high))
    assert DEALS.mean() * (1 - 1e-5) <= worse <= better * (1 + 1e-5)


@quick
@given(rules, screeners, weak, budgets, budgets)
def test_a_larger_budget_never_raises_the_mean(rule, number, rho, one, other):
    low, high = sorted((one, other))
    assert select(DEALS, rule, number, rho, high).mean <= select(DEALS, rule, number, rho, low).mean * (1 + 1e-5)


@quick
@given(screeners, weak, budgets)
def test_no_rule_beats_the_average_score_and_none_beats_perfect_sight(number, rho, budget):
    average, best = select(DEALS, "average", number, rho, budget), DEALS.upper_total(1 - budget) / budget
    for rule in RULES:
        assert select(DEALS, rule, number, rho, budget).mean <= min(average.mean, best) * (1 + 1e-5)


@quick
@given(st.integers(1, 8), weak, budgets)
def test_more_screeners_never_hurt_the_average_score(number, rho, budget):
    fewer, more = (select(DEALS, "average", k, rho, budget).mean for k in (number, number + 1))
    assert more >= fewer * (1 - 1e-6)


@quick
@given(rules, screeners, weak, budgets, shared)
def test_better_deals_are_funded_more_often(rule, number, rho, budget, error):
    chances = acceptance(select(DEALS, rule, number, rho, budget, error), np.linspace(0, 1, 50))
    assert (np.diff(chances) >= -1e-9).all()
    assert ((chances >= 0) & (chances <= 1 + 1e-12)).all()


@quick
@given(rules, screeners, correlations, budgets, shared, st.floats(0.1, 200), st.floats(0.1, 200))
def test_the_share_caught_rises_with_the_multiple(rule, number, rho, budget, error, one, other):
    selection = select(DEALS, rule, number, rho, budget, error)
    low, high = (caught_share(DEALS, selection, level) for level in sorted((one, other)))
    assert low <= high + 1e-7
    assert caught_share(DEALS, selection, 0.0) == budget
    assert budget - 1e-7 <= low <= 1 + 1e-9


def both_above(first, second, rho):
    """Upper tail of a bivariate normal, for two levels that are not zero."""
    h, k, spread = -first, -second, sqrt(1 - rho**2)
    halves = (ndtr(h) + ndtr(k)) / 2 - (0 if h * k > 0 else 0.5)
    return halves - owens_t(h, (k - rho * h) / (h * spread)) - owens_t(k, (h - rho * k) / (k * spread))


@quick
@given(screeners, st.floats(0, 0.999), st.floats(0.01, 0.45) | st.floats(0.55, 0.95), shared, st.floats(1e-4, 0.45))
def test_the_share_caught_is_a_bivariate_normal_tail(number, rho, budget, error, share):
    selection = select(LOGNORMAL, "average", number, rho, budget, error)
    sharpness = rho / sqrt(rho**2 + (1 - rho**2) * (error + (1 - error) / number))
    tail = both_above(norm.isf(share), norm.isf(budget), sharpness)
    assert caught_share(LOGNORMAL, selection, LOGNORMAL.quantile(1 - share)) == pytest.approx(tail / share, rel=1e-8)


@quick
@given(rules, screeners, correlations, budgets, shared)
def test_the_same_question_has_the_same_answer(rule, number, rho, budget, error):
    assert select(DEALS, rule, number, rho, budget, error) == select(DEALS, rule, number, rho, budget, error)


@quick
@given(rules, correlations, budgets, st.floats(-1, 1))
def test_the_mean_scales_with_the_multiples(rule, rho, budget, shift):
    scaled = select(LognormalReturns(-1.0 + shift, 1.5), rule, 3, rho, budget)
    assert scaled.mean == pytest.approx(exp(shift) * select(LOGNORMAL, rule, 3, rho, budget).mean, rel=1e-9)
    assert scaled.threshold == select(LOGNORMAL, rule, 3, rho, budget).threshold


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: select(DEALS, "veto", 3, 0.2, 0.1), "rule = veto"),
        (lambda: select(DEALS, "average", 0, 0.2, 0.1), "screeners = 0"),
        (lambda: select(DEALS, "average", 3, -0.2, 0.1), r"correlation = -0\.2"),
        (lambda: select(DEALS, "average", 3, 0.2, 0.0), r"budget = 0\.0"),
        (lambda: select(DEALS, "average", 3, 0.2, 0.1, 2.0), r"error_correlation = 2\.0"),
        (lambda: Selection("average", 3, 0.2, 0.0, 0.1, float("nan"), 4.0), "threshold = nan"),
        (lambda: Selection("average", 3, 0.2, 0.0, 0.1, 1.0, -4.0), r"mean = -4\.0"),
        (
            lambda: caught_share(DEALS, select(DEALS, "average", 3, 0.2, 0.1), 301.0),
            r"multiple = 301\.0: no deal reaches it",
        ),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
