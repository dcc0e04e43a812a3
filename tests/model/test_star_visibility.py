"""Stars that few see: limits in closed form, and where one champion overtakes the other rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.returns.deal_returns import LognormalReturns
from patient_capital.model.selection._decisive_signal import RULES
from patient_capital.model.selection.budget_selection import caught_share, select
from patient_capital.model.selection.star_visibility import break_even_visibility, star_caught_share

DEALS = LognormalReturns(0.0, 1.0)
STARS = 0.0044
rules = st.sampled_from(RULES)
screeners = st.integers(1, 9)
correlations = st.floats(0, 0.9)
budgets = st.floats(0.01, 0.8)
visibilities = st.floats(0, 1)
strengths = st.floats(0.5, 5)
stars = st.floats(1e-5, 0.05)
quick = settings(max_examples=50, deadline=None)


@quick
@given(screeners, budgets, visibilities)
def test_rare_stars_that_cannot_be_missed_in_closed_form(number, budget, seen):
    common = number, 0.0, budget, seen, 15.0, 1e-12
    champion = 1 - (1 - seen) ** number * (1 - budget)
    assert star_caught_share("champion", *common) == pytest.approx(champion, abs=1e-8)
    unanimity = (seen + (1 - seen) * budget ** (1 / number)) ** number
    assert star_caught_share("unanimity", *common) == pytest.approx(unanimity, abs=1e-8)


@quick
@given(rules, screeners, correlations, budgets, strengths, stars)
def test_stars_that_nobody_recognises_are_caught_by_the_plain_signal(rule, number, rho, budget, strength, star_share):
    caught = star_caught_share(rule, number, rho, budget, 0.0, strength, star_share)
    plain = caught_share(DEALS, select(DEALS, rule, number, rho, budget), DEALS.quantile(1 - star_share))
    assert caught == pytest.approx(plain, rel=1e-6, abs=1e-9)


@quick
@given(rules, screeners, budgets, strengths, stars)
def test_stars_that_look_like_any_deal_are_caught_as_often(rule, number, budget, strength, star_share):
    assert star_caught_share(rule, number, 0.0, budget, 0.0, strength, star_share) == pytest.approx(budget, abs=1e-8)


@quick
@given(rules, screeners, correlations, budgets, strengths, stars, visibilities, visibilities)
def test_who_is_seen_more_is_caught_more(rule, number, rho, budget, strength, star_share, one, other):
    low, high = (
        star_caught_share(rule, number, rho, budget, seen, strength, star_share) for seen in sorted((one, other))
    )
    assert low <= high + 1e-8
    assert -1e-12 <= low <= high + 1e-8 <= 1 + 1e-7


@quick
@given(rules, correlations, budgets, visibilities, strengths, stars)
def test_one_screener_makes_all_rules_equal(rule, rho, budget, seen, strength, star_share):
    alone = star_caught_share("average", 1, rho, budget, seen, strength, star_share)
    assert star_caught_share(rule, 1, rho, budget, seen, strength, star_share) == pytest.approx(alone, abs=1e-8)


@quick
@given(rules, screeners, correlations, visibilities, strengths, st.floats(0.01, 0.4), st.floats(0.5, 0.9))
def test_stars_never_take_more_than_the_budget(rule, number, rho, seen, strength, star_share, part):
    budget = part * star_share
    caught = star_caught_share(rule, number, rho, budget, seen, strength, star_share)
    assert caught * star_share <= budget * (1 + 1e-7)


def test_all_see_a_star_and_only_stars_can_be_paid_for():
    assert star_caught_share("unanimity", 3, 0.0, 0.01, 1.0, 20.0, 0.02) == pytest.approx(0.5, rel=1e-6)


def test_the_plain_signal_ranks_the_champion_last_and_recognition_ranks_it_above_unanimity():
    plain = {rule: star_caught_share(rule, 3, 0.2, 0.1, 0.0, 3.0, STARS) for rule in RULES}
    assert sorted(plain, key=plain.get) == ["champion", "unanimity", "majority", "average"]
    seen = {rule: star_caught_share(rule, 3, 0.2, 0.1, 0.1, 3.0, STARS) for rule in RULES}
    assert sorted(seen, key=seen.get) == ["unanimity", "majority", "champion", "average"]


@pytest.mark.parametrize("rule", ["unanimity", "majority", "average"])
def test_the_lead_changes_at_the_break_even_visibility(rule):
    found = break_even_visibility(rule, 3, 0.2, 0.1, 3.0, STARS)

    def lead(seen):
        common = 3, 0.2, 0.1, seen, 3.0, STARS
        return star_caught_share("champion", *common) - star_caught_share(rule, *common)

    assert found.side == "crosses"
    assert lead(found.at) == pytest.approx(0, abs=1e-8)
    assert lead(found.at - 0.01) < 0 < lead(found.at + 0.01)


def test_where_a_star_looks_like_any_deal_a_champion_leads_at_once():
    assert break_even_visibility("unanimity", 3, 0.0, 0.1, 3.0, STARS).at == 0
    assert break_even_visibility("unanimity", 3, 0.0, 0.1, 3.0, STARS, low=0.1, high=0.9).side == "gain"


def test_where_recognition_is_faint_the_average_always_leads():
    assert break_even_visibility("average", 3, 0.2, 0.1, 2.0, STARS).side == "loss"


def test_where_all_recognise_a_star_a_champion_loses_its_lead_again():
    first = break_even_visibility("average", 3, 0.2, 0.1, 3.0, STARS)
    again = break_even_visibility("average", 3, 0.2, 0.1, 3.0, STARS, low=first.at + 0.01)
    assert first.at < 0.5 < again.at < 1


GOOD = ("champion", 3, 0.2, 0.1, 0.2, 3.0, STARS)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (0, "veto", "rule = veto"),
        (1, 0, "screeners = 0"),
        (2, 0.95, r"correlation = 0\.95: must lie between 0 and 0\.9"),
        (3, 1.0, r"budget = 1\.0"),
        (4, 1.5, r"visibility = 1\.5"),
        (5, 0.0, r"strength = 0\.0"),
        (5, float("inf"), "strength = inf"),
        (6, 0.0, r"star_share = 0\.0: must lie strictly"),
        (6, 1, "star_share = 1"),
        (6, float("nan"), "star_share = nan"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(place, value, message):
    wrong = (*GOOD[:place], value, *GOOD[place + 1 :])
    with pytest.raises(DomainError, match=message):
        star_caught_share(*wrong)


def test_a_champion_is_not_compared_to_itself_nor_alone():
    with pytest.raises(DomainError, match="rule = champion"):
        break_even_visibility("champion", 3, 0.2, 0.1, 3.0, STARS)
    with pytest.raises(DomainError, match="screeners = 1"):
        break_even_visibility("average", 1, 0.2, 0.1, 3.0, STARS)
    with pytest.raises(DomainError, match=r"high = 1\.5"):
        break_even_visibility("average", 3, 0.2, 0.1, 3.0, STARS, high=1.5)
