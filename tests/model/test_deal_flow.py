"""Deal flow: a thinner tail as money arrives, and the elasticity at which a programme breaks even."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model_records import DEALS
from patient_capital.model.common.checks import DomainError
from patient_capital.model.selection.deal_flow import thinned_returns, thinned_tail_share, with_tail_share

TAIL_MEAN = DEALS.upper_total(0.9) / 0.1
ways = st.sampled_from(["in_proportion", "losses"])
flows = st.floats(1, 50)
elasticities = st.floats(0, 0.5)


def test_tail_share_at_ten_times_the_money():
    assert thinned_tail_share(0.1, 10, 0.5) == pytest.approx(0.1 / 10**0.5)
    assert type(thinned_tail_share(0.1, 10, 0.5)) is float
    assert thinned_tail_share(0.1, [1, 4], 0.5) == pytest.approx([0.1, 0.05])


@given(st.floats(0, 1), flows, elasticities)
def test_no_more_money_or_no_elasticity_changes_nothing(tail, flow, elasticity):
    assert thinned_tail_share(tail, 1, elasticity) == tail
    assert thinned_tail_share(tail, flow, 0) == tail


@given(st.floats(0, 1), flows, flows, elasticities)
def test_money_that_arrives_in_two_steps_thins_the_tail_as_in_one(tail, first, second, elasticity):
    twice = thinned_tail_share(thinned_tail_share(tail, first, elasticity), second, elasticity)
    assert twice == pytest.approx(thinned_tail_share(tail, first * second, elasticity), rel=1e-12)


@given(ways, flows, flows, elasticities, elasticities)
def test_more_money_and_more_elasticity_lower_the_mean(way, flow, more, elasticity, steeper):
    low_flow, high_flow = sorted((flow, more))
    low, high = sorted((elasticity, steeper))
    best, worst = thinned_returns(DEALS, low_flow, low, way).mean(), thinned_returns(DEALS, high_flow, high, way).mean()
    assert worst <= best + 1e-12


@given(flows, elasticities)
def test_losses_alone_cost_more_than_losses_in_proportion(flow, elasticity):
    spread, sunk = (thinned_returns(DEALS, flow, elasticity, way) for way in ("in_proportion", "losses"))
    assert sunk.mean() <= spread.mean() + 1e-12
    assert sunk.tail_share == spread.tail_share == thinned_tail_share(0.1, flow, elasticity)


@given(flows, elasticities)
def test_the_middle_keeps_its_share_or_its_proportion(flow, elasticity):
    spread, sunk = (thinned_returns(DEALS, flow, elasticity, way) for way in ("in_proportion", "losses"))
    assert 1 - sunk.loss_share - sunk.tail_share == pytest.approx(0.25)
    assert spread.loss_share / (1 - spread.tail_share) == pytest.approx(0.65 / 0.9)
    assert replace(sunk, loss_share=0.65, tail_share=0.1) == DEALS


@given(ways, flows, elasticities, st.floats(0, 300), st.floats(0, 300))
def test_every_level_is_reached_less_often(way, flow, elasticity, one, other):
    levels = np.sort([one, other])
    assert (thinned_returns(DEALS, flow, elasticity, way).survival(levels) <= DEALS.survival(levels) + 1e-12).all()


@given(ways, flows, elasticities)
def test_the_mean_is_linear_in_the_tail_share(way, flow, elasticity):
    thinned = thinned_returns(DEALS, flow, elasticity, way)
    without = with_tail_share(DEALS, 0.0, way).mean()
    expected = without + thinned.tail_share / 0.1 * (DEALS.mean() - without)
    assert thinned.mean() == pytest.approx(expected, rel=1e-12)


def test_the_mean_by_hand():
    p = 0.1 / 4**0.25
    assert thinned_returns(DEALS, 4, 0.25).mean() == pytest.approx(
        p * TAIL_MEAN + (1 - p) * (0.65 * 0.3 + 0.25 * 2.2) / 0.9, rel=1e-9
    )
    assert thinned_returns(DEALS, 4, 0.25, "losses").mean() == pytest.approx(
        p * TAIL_MEAN + 0.25 * 2.2 + (0.75 - p) * 0.3, rel=1e-9
    )


def test_less_money_leaves_a_thicker_tail_as_far_as_losses_reach():
    assert thinned_returns(DEALS, 0.5, 0.5, "losses").loss_share == pytest.approx(0.75 - 0.1 * 2**0.5)
    assert with_tail_share(DEALS, 0.75, "losses").loss_share == pytest.approx(0, abs=1e-12)
    assert with_tail_share(DEALS, 1.0, "in_proportion").loss_share == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: thinned_tail_share(1.1, 2, 0.1), r"tail_share = 1\.1"),
        (lambda: thinned_tail_share(0.1, 0.0, 0.1), r"flow_ratio = 0\.0"),
        (lambda: thinned_tail_share(0.1, 2, [-0.1, 0.1]), r"elasticity = -0\.1"),
        (lambda: thinned_tail_share(0.5, 0.01, 0.5), r"flow_ratio = 0\.01: leaves more deals in the tail"),
        (lambda: thinned_returns(DEALS, 2, 0.1, "gains"), "to = gains: is none of in_proportion, losses"),
        (lambda: with_tail_share(DEALS, 0.8, "losses"), r"tail_share = 0\.8: exceeds what losses and tail hold"),
        (
            lambda: with_tail_share(replace(DEALS, tail_share=1.0, loss_share=0.0), 0.5, "in_proportion"),
            "no other deal",
        ),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
