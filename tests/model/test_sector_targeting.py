"""Direction: picking, scale, coordination, and the risk of concentration."""

from __future__ import annotations

from math import exp, expm1, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import binom, norm

from patient_capital.model.common.checks import DomainError
from patient_capital.model.selection.sector_targeting import (
    coordination_factor,
    picking_gain,
    scale_factor,
    sector_concentration,
    sector_risk_sd,
)

correlations = st.floats(-1, 1)
sds = st.floats(0, 1.5)
shares = st.floats(0, 1)


@st.composite
def choices(draw):
    sectors = draw(st.integers(2, 40))
    return sectors, draw(st.integers(1, sectors))


@given(choices(), sds)
def test_without_skill_or_without_a_choice_nothing_is_gained(choice, sd):
    sectors, picked = choice
    assert picking_gain(sectors, picked, 0.0, sd) == 1
    assert picking_gain(sectors, sectors, 0.3, sd) == 1


@given(correlations, sds)
def test_one_of_two_sectors_in_closed_form(skill, sd):
    assert picking_gain(2, 1, skill, sd) == pytest.approx(2 * norm.cdf(skill * sd / sqrt(2)), rel=1e-12)


@given(choices(), correlations, sds)
def test_what_is_picked_and_what_is_left_add_up_to_all(choice, skill, sd):
    sectors, picked = choice
    if picked < sectors:
        # What is left is what the reversed priority would pick.
        total = picked * picking_gain(sectors, picked, skill, sd)
        total += (sectors - picked) * picking_gain(sectors, sectors - picked, -skill, sd)
        assert total == pytest.approx(sectors, rel=1e-10)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 15), st.data(), correlations, sds)
def test_gain_is_the_mean_over_the_highest_order_statistics(sectors, data, skill, sd):
    picked = data.draw(st.integers(1, sectors))

    def payoff(priority):
        above = ndtr(-priority)
        chance = binom.cdf(picked - 1, sectors - 1, above)
        density = exp(-priority * priority / 2) / sqrt(2 * pi)
        return density * chance * exp(sd * skill * priority - (sd * skill) ** 2 / 2)

    expected = sectors / picked * quad(payoff, -9, 11, points=(0, 2), epsabs=1e-11)[0]
    assert picking_gain(sectors, picked, skill, sd) == pytest.approx(expected, rel=1e-7)


@given(choices(), correlations, correlations, sds)
def test_gain_rises_with_skill(choice, one, other, sd):
    low, high = sorted((one, other))
    assert picking_gain(*choice, low, sd) <= picking_gain(*choice, high, sd) + 1e-12


@given(choices(), st.floats(0, 0.5), st.floats(0, 0.6))
def test_gain_is_antisymmetric_in_logs_to_first_order(choice, skill, sd):
    both = log(picking_gain(*choice, skill, sd)) + log(picking_gain(*choice, -skill, sd))
    assert abs(both) <= 1.5 * (skill * sd) ** 2 * (1 + log(choice[0])) + 1e-12


@pytest.mark.parametrize(("sectors", "highest"), [(2, 1 / sqrt(pi)), (3, 1.5 / sqrt(pi))])
def test_the_slope_at_zero_is_the_mean_of_the_highest_normal(sectors, highest):
    step = 1e-5
    slope = (picking_gain(sectors, 1, step, 0.5) - picking_gain(sectors, 1, -step, 0.5)) / (2 * step)
    assert slope == pytest.approx(0.5 * highest, rel=1e-6)


@given(st.integers(2, 40), st.floats(0, 1), sds)
def test_a_skilled_choice_loses_with_every_sector_added(sectors, skill, sd):
    gains = [picking_gain(sectors, picked, skill, sd) for picked in range(1, sectors + 1)]
    assert (np.diff(gains) <= 1e-12).all()


@given(choices(), shares)
def test_concentration_is_the_sum_of_squared_shares(choice, directed):
    sectors, picked = choice
    money = np.full(sectors, (1 - directed) / sectors)
    money[:picked] += directed / picked
    assert sector_concentration(sectors, picked, directed) == pytest.approx((money**2).sum(), rel=1e-12)


@given(choices(), shares, st.floats(0, 2))
def test_risk_has_the_variance_of_the_portfolio(choice, directed, sd):
    left = sector_risk_sd(*choice, directed, sd)
    assert expm1(left**2) == pytest.approx(sector_concentration(*choice, directed) * expm1(sd**2), rel=1e-9, abs=1e-15)
    assert left <= sd + 1e-12


@given(st.integers(2, 40), sds)
def test_all_in_one_sector_keeps_its_whole_risk(sectors, sd):
    assert sector_risk_sd(sectors, 1, 1.0, sd) == pytest.approx(sd, rel=1e-9, abs=1e-12)


@given(choices(), shares, shares, st.floats(0.1, 1))
def test_direction_never_lowers_risk(choice, one, other, sd):
    low, high = sorted((one, other))
    assert sector_risk_sd(*choice, low, sd) <= sector_risk_sd(*choice, high, sd) + 1e-12


def test_a_small_ticket_forgoes_what_follow_on_does_not_recover():
    assert scale_factor(0.01, 0.1, 0.3, 0.0) == pytest.approx(0.7)
    assert scale_factor(0.01, 0.1, 0.3, 0.5) == pytest.approx(0.85)
    assert scale_factor(0.1, 0.1, 0.3, 0.5) == 1
    assert scale_factor(0.1, 0.1, 0.3, 0.0, 0.5) == pytest.approx(0.85)
    assert type(scale_factor(0.1, 0.1, 0.3, 0.0)) is float


@given(st.floats(1e-3, 10), st.floats(1e-3, 10), shares, shares, st.floats(0, 2))
def test_larger_tickets_never_lose_value(one, other, hidden, recovered, spread):
    low, high = (scale_factor(t, 0.1, hidden, recovered, spread) for t in sorted((one, other)))
    assert 1 - hidden - 1e-12 <= low <= high + 1e-12 <= 1 + 2e-12


@given(choices(), shares, st.floats(0, 2))
def test_coordination_lies_between_an_even_spread_and_one_chain(choice, directed, gain):
    assert 1 - 1e-12 <= coordination_factor(*choice, directed, gain) <= 1 + gain + 1e-12
    assert coordination_factor(*choice, 0.0, gain) == pytest.approx(1)
    assert coordination_factor(choice[0], 1, 1.0, gain) == pytest.approx(1 + gain)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: picking_gain(1, 1, 0.1, 0.5), "sectors = 1"),
        (lambda: picking_gain(1001, 1, 0.1, 0.5), "sectors = 1001: must be at most 1000"),
        (lambda: picking_gain(3, 4, 0.1, 0.5), "picked = 4: cannot exceed the 3 sectors"),
        (lambda: picking_gain(3, 0, 0.1, 0.5), "picked = 0"),
        (lambda: picking_gain(3, 1, 1.1, 0.5), r"correlation = 1\.1"),
        (lambda: picking_gain(3, 1, 0.1, -0.5), r"sector_sd = -0\.5"),
        (lambda: sector_concentration(3, 1, 1.5), r"directed_share = 1\.5"),
        (lambda: scale_factor(0.0, 0.1, 0.3, 0.0), r"ticket = 0\.0"),
        (lambda: scale_factor(0.1, 0.1, 1.3, 0.0), r"scale_share = 1\.3"),
        (lambda: scale_factor(0.1, 0.1, 0.3, [0.5, 2.0]), r"follow_on = 2\.0"),
        (lambda: scale_factor(0.1, 0.1, 0.3, 0.5, -1.0), r"threshold_log_sd = -1\.0"),
        (lambda: coordination_factor(3, 1, 0.5, -0.1), r"complementarity = -0\.1"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
