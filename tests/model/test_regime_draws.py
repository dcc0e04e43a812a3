"""Draws of regimes: the same for the same seed, with the expected mean, and what a count of tickets alone gives."""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import FrozenInstanceError, replace
from functools import partial
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
import pytest

from helpers.model_records import PRIVATE, SCENARIO, STATE
from patient_capital.model.common.checks import DomainError
from patient_capital.model.common.estimates import simulated_mean
from patient_capital.model.fund.fund_performance import net_multiple
from patient_capital.model.regimes import regime_draws
from patient_capital.model.regimes.evaluation import portfolio_shock_sd, regime_flows
from patient_capital.model.regimes.regime_draws import (
    LOW_RANK,
    chance_of_beating,
    net_multiples,
    spread,
    ticket_count_chance,
)
from patient_capital.model.returns.deal_returns import TabulatedReturns
from patient_capital.model.returns.portfolios import simulate_portfolios

# With a delay as long as this fund allows, money called late is still idle at its end and is given back.
IDLE = replace(STATE, name="idle", tickets=60, horizon=10.0)
CALM = replace(SCENARIO, carry=0.0, shock_sd=0.0, sector_sd=0.0)
PORTFOLIOS = 20_000


def within(estimate, expected, errors=4):
    return abs(estimate.value - expected) <= errors * estimate.standard_error


def shocks(regime, scenario, *, exit_years=None, stream=0):
    """Return what the shocks do to each portfolio of a regime without carry or money that comes back idle."""
    bare = replace(scenario, carry=0.0)
    calm = replace(bare, shock_sd=0.0)
    drawn, still = (net_multiples(regime, at, 500, stream=stream, exit_years=exit_years) for at in (bare, calm))
    return drawn / still


# The same numbers


def test_seed_and_stream_alone_choose_the_numbers():
    one = net_multiples(STATE, SCENARIO, 1000)
    assert one.shape == (1000,)
    assert np.array_equal(net_multiples(STATE, SCENARIO, 1000), one)
    for other in (
        net_multiples(STATE, replace(SCENARIO, seed=8), 1000),
        net_multiples(STATE, SCENARIO, 1000, stream=1),
    ):
        assert (other != one).all()


def test_no_number_depends_on_where_or_in_what_pieces_it_is_drawn(monkeypatch):
    regime = replace(STATE, tickets=2000)
    portfolios = 2600  # more than one task of sixteen blocks
    here = net_multiples(regime, SCENARIO, portfolios, stream=3)
    chance = ticket_count_chance(SCENARIO.returns, 2000, 30, portfolios, 5)
    tasks = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        there = net_multiples(
            regime,
            SCENARIO,
            portfolios,
            stream=3,
            executor=pool,
            progress=lambda done, total: tasks.append((done, total)),
        )
        assert ticket_count_chance(SCENARIO.returns, 2000, 30, portfolios, 5, executor=pool) == chance
    assert np.array_equal(there, here)
    assert tasks == [(done, len(tasks)) for done in range(1, len(tasks) + 1)]
    assert len(tasks) > 1
    for blocks in (1, 7):
        monkeypatch.setattr(regime_draws, "simulate_portfolios", partial(simulate_portfolios, blocks_per_task=blocks))
        assert np.array_equal(net_multiples(regime, SCENARIO, portfolios, stream=3), here)
        assert ticket_count_chance(SCENARIO.returns, 2000, 30, portfolios, 5) == chance


def test_regimes_with_one_seed_meet_the_same_shocks_whatever_they_hold():
    at = replace(SCENARIO, sector_sd=0.0)
    assert shocks(PRIVATE, at, exit_years=1) == pytest.approx(shocks(STATE, at, exit_years=1, stream=4))
    assert shocks(PRIVATE, replace(at, seed=8), exit_years=1) != pytest.approx(shocks(PRIVATE, at, exit_years=1))


def test_a_longer_fund_meets_the_same_shocks_with_a_smaller_spread():
    at = replace(SCENARIO, sector_sd=0.0)
    normals = []
    for regime in (PRIVATE, STATE):
        sd = portfolio_shock_sd(regime, at)
        normals.append((np.log(shocks(regime, at)) + sd**2 / 2) / sd)
    assert normals[0] == pytest.approx(normals[1], abs=1e-9)
    assert portfolio_shock_sd(STATE, at) < portfolio_shock_sd(PRIVATE, at)
    assert abs(normals[0].mean()) < 4 / math.sqrt(500)


# The right numbers


@pytest.mark.parametrize("regime", [PRIVATE, STATE, IDLE], ids=lambda r: r.name)
@pytest.mark.parametrize("scenario", [replace(SCENARIO, carry=0.0), CALM], ids=["shocks", "calm"])
def test_without_carry_the_mean_of_the_draws_is_the_expected_net_multiple(regime, scenario):
    at = replace(scenario, deployment_delay=7.0) if regime is IDLE else scenario
    flows = regime_flows(regime, at)
    assert (flows.returned.sum() > 0.05) == (regime is IDLE)
    drawn = simulated_mean(net_multiples(regime, at, PORTFOLIOS))
    assert within(drawn, net_multiple(flows))
    assert drawn.standard_error < 0.05


def test_carry_takes_more_of_uncertain_funds_than_of_their_expectation():
    drawn = simulated_mean(net_multiples(PRIVATE, SCENARIO, PORTFOLIOS))
    expected = net_multiple(regime_flows(PRIVATE, SCENARIO))
    assert drawn.value + 4 * drawn.standard_error < expected


def test_carry_is_a_share_of_what_each_fund_gains_and_leaves_losses_alone():
    before, after = (net_multiples(STATE, replace(SCENARIO, carry=carry), 2000) for carry in (0.0, 0.3))
    assert after == pytest.approx(np.where(before > 1, 1 + 0.7 * (before - 1), before))
    assert (before < 1).any()
    assert (before > 1).any()


def test_more_tickets_and_more_exit_years_narrow_the_spread():
    widths = [
        np.subtract(*np.quantile(net_multiples(replace(STATE, tickets=n), at, 4000, exit_years=years), [0.9, 0.1]))
        for n, at, years in (
            (10, CALM, None),
            (100, CALM, None),
            (1000, CALM, None),
            (1000, SCENARIO, 10),
            (1000, SCENARIO, 1),
        )
    ]
    assert widths[0] > widths[1] > widths[2]
    assert widths[2] < widths[3] < widths[4]


def test_spread_says_what_the_sample_says():
    drawn = net_multiples(STATE, SCENARIO, 4000)
    found = spread(STATE, SCENARIO, drawn)
    assert (found.regime, found.scenario, found.portfolios) == (STATE, SCENARIO, 4000)
    assert found.mean == simulated_mean(drawn)
    assert found.mean.value == pytest.approx(drawn.mean())
    assert found.median.value == pytest.approx(np.median(drawn))
    assert found.low.value == pytest.approx(np.quantile(drawn, LOW_RANK))
    assert found.loss.value == pytest.approx((drawn < 1).mean())
    assert found.low.value < found.median.value < found.mean.value
    for estimate in (found.mean, found.median, found.low, found.loss):
        assert 0 < estimate.standard_error < 0.05
    with pytest.raises(FrozenInstanceError):
        found.portfolios = 1


# Which beats which


def test_ties_count_for_the_other():
    assert chance_of_beating(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 1.0, 4.0, 3.0])).value == 0.5
    assert chance_of_beating(np.ones(10), np.ones(10)).value == 0


def test_the_two_chances_of_beating_each_other_add_up():
    one, other = (net_multiples(regime, SCENARIO, 4000, stream=s) for s, regime in enumerate((PRIVATE, STATE)))
    assert chance_of_beating(one, other).value + chance_of_beating(other, one).value == pytest.approx(1)


@pytest.mark.parametrize("tickets", [10, 30])
def test_equal_counts_of_tickets_win_half_of_the_time(tickets):
    assert within(ticket_count_chance(SCENARIO.returns, tickets, tickets, PORTFOLIOS, 3), 0.5)


@pytest.mark.parametrize(("tickets", "other", "low", "high"), [(600, 30, 0.64, 0.65), (600, 10, 0.68, 0.69)])
def test_more_tickets_of_the_same_skewed_deals_win_by_their_number_alone(tickets, other, low, high):
    found = ticket_count_chance(SCENARIO.returns, tickets, other, PORTFOLIOS, 3)
    error = 3 * found.standard_error
    assert low - error < found.value < high + error
    assert within(ticket_count_chance(SCENARIO.returns, other, tickets, PORTFOLIOS, 3), 1 - found.value, 6)


def test_the_lead_grows_with_the_number_and_is_none_for_deals_without_skewness():
    chances = [ticket_count_chance(SCENARIO.returns, n, 10, PORTFOLIOS, 3).value for n in (10, 30, 100, 600)]
    assert all(more > less + 0.01 for less, more in pairwise(chances))
    even = TabulatedReturns(np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    assert within(ticket_count_chance(even, 100, 10, PORTFOLIOS, 3), 0.5)


# Domains

DRAWN = np.array([0.5, 1.5, 2.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: net_multiples(STATE, SCENARIO, 0), "portfolios = 0: must be a whole number of at least 1"),
        (lambda: net_multiples(STATE, SCENARIO, 2.5), r"portfolios = 2\.5: must be a whole number"),
        (lambda: net_multiples(STATE, SCENARIO, 9, stream=-1), "stream = -1: must be a whole number of at least 0"),
        (
            lambda: net_multiples(STATE, SCENARIO, 9, exit_years=0),
            r"exit_years = 0\.0: a fund exits in at least one year",
        ),
        (
            lambda: net_multiples(STATE, replace(SCENARIO, sectors=4), 9),
            "sectors_picked = 8: cannot exceed the 4 sectors",
        ),
        (lambda: spread(STATE, SCENARIO, np.array([1.0, math.nan])), "values = nan: must be a finite number"),
        (lambda: spread(STATE, SCENARIO, DRAWN), r"probability = 0\.05: a sample of 3 says nothing about this rank"),
        (lambda: chance_of_beating(DRAWN, np.array([1.0, math.nan, 1.0])), "other = nan: must be a finite number"),
        (lambda: chance_of_beating(np.array([math.inf]), np.array([1.0])), "one = inf: must be a finite number"),
        (lambda: chance_of_beating(DRAWN, np.ones(1)), r"other = \(1,\): needs one multiple for each of the first"),
        (lambda: ticket_count_chance(SCENARIO.returns, 0, 1, 9, 1), "portfolio_deals = 0: must be a whole number"),
        (lambda: ticket_count_chance(SCENARIO.returns, 1, 1, 0, 1), "portfolios = 0: must be a whole number"),
        (lambda: ticket_count_chance(SCENARIO.returns, 1, 1, 9, -1), "seed = -1: must be a whole number"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
