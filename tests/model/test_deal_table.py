"""Any distribution of a multiple fits the model: tables of deals, deals still held, and tables against the mixture."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import model_records
from helpers.model_records import DEALS, LOSERS, PATIENT, SCENARIO
from patient_capital.model.common.checks import DomainError
from patient_capital.model.fund import (
    TabulatedWinners,
    Winners,
    fund_flows,
    growth_from_holding_years,
    growth_from_proceeds_weighted_years,
    growth_of_table,
)
from patient_capital.model.regimes import evaluate, net_multiples, regime_returns, start_of_winners, with_parameters
from patient_capital.model.returns import (
    DealTable,
    LognormalReturns,
    TabulatedReturns,
    as_deals,
    bin_shares,
    simulate_totals,
    table_of_deals,
    tabulated,
    top_share,
)
from patient_capital.model.selection import caught_share, select, thinned_returns

quick = settings(deadline=None, max_examples=60)
TERMS = replace(model_records.TERMS, horizon=12.0, deployment_delay=0.7, raised_share=1.0)
DIRECTED = replace(PATIENT, name="directed", rule="unanimity", sectors_picked=4, state_share=1.0, horizon=12.0)
START = start_of_winners(DEALS)
OF_WINNERS = replace(DEALS, tail_share=0.35, tail_start=START, mid_mean=(1 + START) / 2)
"""Losses as in the mixture, and the Pareto from which its funds take their winners."""
deals = st.lists(st.tuples(st.floats(0, 50), st.floats(0.01, 9)), min_size=1, max_size=12)


@quick
@given(deals)
def test_a_table_is_the_distribution_of_its_points(rows):
    table = DealTable(*np.array(rows).T)
    values, weights = np.array(rows).T
    shares = weights / weights.sum()
    assert table.mean() == pytest.approx(shares @ values)
    assert table.variance() == pytest.approx(shares @ (values - table.mean()) ** 2, abs=1e-9)
    assert table.weights.sum() == pytest.approx(1)
    for level in (0.0, 1.0, float(values[0])):
        assert table.survival(level) == pytest.approx(shares[values >= level].sum())
    assert table.loss_share == pytest.approx(shares[values < 1].sum())
    assert table.tail_share == pytest.approx(shares[values >= 5].sum())
    ranks = np.linspace(0, 1, 2001)
    middles = (ranks[1:] + ranks[:-1]) / 2
    assert np.mean(table.quantile(middles)) == pytest.approx(table.mean(), abs=0.05 * (1 + values.max()))
    assert table.upper_total([0.0, 1.0]) == pytest.approx([table.mean(), 0.0], abs=1e-12)
    rising = np.asarray(table.upper_total(ranks))
    assert -np.diff(rising) * 2000 == pytest.approx(np.asarray(table.quantile(middles)), abs=0.51 * values.max() + 1e-6)


def test_held_deals_by_hand():
    """Of five deals one is held at 1: its fifth goes to 2 and 6 alike, and one held above all stays where it is."""
    values, held = [0.5, 1.0, 2.0, 6.0, 9.0], [False, True, False, False, True]
    table = table_of_deals(values, held=held)
    fifth = Fraction(1, 5)
    share = fifth + fifth / 3
    assert list(table.multiples) == [0.5, 2.0, 6.0, 9.0]
    assert table.weights == pytest.approx([float(x) for x in (fifth, share, share, share)])
    lower = table_of_deals(values, held=held, treatment="current_value")
    assert list(lower.multiples) == values
    assert lower.mean() < table.mean()


@quick
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4), st.booleans()), min_size=1, max_size=14))
def test_the_survival_of_held_deals_is_the_product_of_the_shares_that_go_on(rows):
    """The textbook form, level by level, in exact fractions."""
    values, weights, held = zip(*rows, strict=True)
    table = table_of_deals(np.array(values) / 2, weights=weights, held=held)
    survival = Fraction(1)
    ended = sorted({v for v, _, h in rows if not h})
    for level in ended:
        at_risk = sum(w for v, w, _ in rows if v >= level)
        survival *= 1 - Fraction(sum(w for v, w, h in rows if v == level and not h), at_risk)
        if any(v > level for v in ended):
            assert float(table.survival(level / 2 + 0.01)) == pytest.approx(float(survival))
    assert table.weights.sum() == pytest.approx(1)


def test_a_table_of_any_distribution_keeps_its_mean_and_its_classes():
    for returns in (DEALS, LognormalReturns(-0.9, 1.7), TabulatedReturns([0, 0.5, 1], [0.0, 0.9, 30.0])):
        table = tabulated(returns)
        assert table.mean() == pytest.approx(returns.mean(), rel=1e-9)
        assert table.loss_share == pytest.approx(1 - float(returns.survival(1.0)), abs=1e-12)
        assert table.tail_share == pytest.approx(float(returns.survival(5.0)), abs=1e-12)
        levels = np.array([0.2, 0.9, 2.0, 7.0, 25.0])
        assert table.survival(levels) == pytest.approx(returns.survival(levels), abs=2e-3)
        assert top_share(table, 0.05) == pytest.approx(top_share(returns, 0.05), abs=1e-3)
    assert as_deals(DEALS) is DEALS
    assert tabulated(DEALS).low_mean == pytest.approx(DEALS.low_mean)


@pytest.mark.parametrize(("cells", "tolerance"), [(100, 1e-3), (1000, 1e-5), (10000, 1e-7)])
def test_flows_of_a_table_of_the_mixture_s_winners_tend_to_those_of_the_mixture(cells, tolerance):
    winners = Winners(growth=0.36, start=START, tail_index=DEALS.tail_index, cap=DEALS.cap, payoff=0.9)
    table = tabulated(OF_WINNERS, cells=cells).winners()
    same = TabulatedWinners(growth=0.36, deals=table, payoff=0.9)
    for horizon in (5.0, 12.0, 25.0):
        exact, close = (fund_flows(w, LOSERS, replace(TERMS, horizon=horizon)) for w in (winners, same))
        assert np.abs(np.cumsum(close.distributions - exact.distributions)).max() < tolerance
        assert np.abs(np.cumsum(close.calls - exact.calls)).max() < tolerance
    years = 5.5
    assert growth_of_table(table, years) == pytest.approx(
        growth_from_proceeds_weighted_years(years, START, DEALS.tail_index, DEALS.cap), rel=10 * tolerance
    )
    assert growth_of_table(table, years, "exits") == pytest.approx(
        growth_from_holding_years(years, START, DEALS.tail_index, DEALS.cap), rel=10 * tolerance
    )


def test_a_table_takes_many_growths_and_payoffs_at_once():
    table = tabulated(OF_WINNERS, cells=50).winners()
    growth, payoff = np.array([[0.2], [0.4]]), np.array([0.5, 1.0, 2.0])
    many = fund_flows(TabulatedWinners(growth=growth, deals=table, payoff=payoff), LOSERS, TERMS)
    for i, j in np.ndindex(2, 3):
        one = fund_flows(
            TabulatedWinners(growth=float(growth[i, 0]), deals=table, payoff=float(payoff[j])), LOSERS, TERMS
        )
        assert many.distributions[i, j] == pytest.approx(one.distributions, abs=1e-12)


def test_a_regime_under_a_table_of_the_whole_mixture_is_worth_about_the_same():
    """The funds of the mixture take their winners from one Pareto, those of the table from all its classes.

    At the same time to exit, weighted by money, the two differ by less than two points of the money paid in.
    """
    table = tabulated(DEALS)
    years = growth_of_table(table, 1.0)
    own = growth_from_proceeds_weighted_years(1.0, START, DEALS.tail_index, DEALS.cap)
    other = replace(SCENARIO, returns=table, growth=SCENARIO.growth * years / own)
    for regime in (PATIENT, DIRECTED):
        exact, close = evaluate(regime, SCENARIO), evaluate(regime, other)
        assert close.tail_share == pytest.approx(exact.tail_share)
        assert close.screening == pytest.approx(exact.screening, abs=2e-4)
        assert close.value == pytest.approx(exact.value, abs=0.02)


@pytest.mark.parametrize(
    "returns",
    [
        LognormalReturns(-0.9, 1.7),
        tabulated(DEALS),
        TabulatedReturns([0, 0.6, 0.95, 1], [0.0, 0.9, 4.0, 60.0]),
        table_of_deals([0.0, 0.0, 0.4, 1.2, 3.0, 14.0], held=[False, False, False, True, False, False]),
    ],
    ids=lambda returns: type(returns).__name__,
)
def test_every_returns_object_evaluates_draws_and_selects(returns):
    scenario = replace(SCENARIO, returns=returns)
    found = evaluate(DIRECTED, scenario)
    assert found.value < evaluate(DIRECTED, replace(scenario, elasticity=0.0, refusal=0.0)).value
    assert np.isfinite([found.net_multiple, found.internal_rate, found.screening]).all()
    met = regime_returns(DIRECTED, scenario)
    assert met.tail_share < as_deals(returns).tail_share
    assert met.loss_share > as_deals(returns).loss_share
    assert thinned_returns(returns, 2.0, 0.3, "losses").mean() < returns.mean()
    drawn = net_multiples(DIRECTED, scenario, 2000)
    assert drawn.mean() == pytest.approx(found.net_multiple, abs=6 * drawn.std() / 2000**0.5 + 0.1)
    chosen = select(returns, "average", 3, 0.3, 0.1)
    assert chosen.mean > returns.mean()
    assert 0.1 < caught_share(returns, chosen, 2.0) <= 1
    assert bin_shares(returns, [0.0, 1.0, 5.0]).sum() == pytest.approx(1)
    assert simulate_totals(returns, 1000, 1).mean > 0


EVERY = [DEALS, replace(DEALS, cap=np.inf), LognormalReturns(-0.9, 1.7), tabulated(DEALS, cells=40)]


@pytest.mark.parametrize("returns", EVERY, ids=["mixture", "without cap", "lognormal", "table"])
def test_methods_of_returns_take_arrays_of_any_shape_and_are_finite_or_say_why(returns):
    ranks, levels = np.array([[0.0, 0.3], [0.8, 0.999]]), np.array([[0.0, 0.5], [7.0, 1e300]])
    for method, values in ((returns.survival, levels), (returns.quantile, ranks), (returns.upper_total, ranks)):
        found = np.asarray(method(values))
        assert np.isfinite(found).all()
        for place in np.ndindex(2, 2):
            single = method(float(values[place]))
            assert isinstance(single, float)
            assert found[place] == pytest.approx(single, rel=1e-12)
    for wrong in (-0.1, 1.1, np.nan):
        with pytest.raises(DomainError, match="probability = "):
            returns.quantile([0.5, wrong])
    for wrong in (np.nan, np.inf):
        with pytest.raises(DomainError, match="multiple = "):
            returns.survival(wrong)


def test_a_field_of_a_record_is_one_number():
    with pytest.raises(DomainError, match=r"cap = an array of shape \(2,\): takes one number"):
        replace(DEALS, cap=np.array([100.0, 300.0]))
    with pytest.raises(DomainError, match="log_sd = wide: must be a number"):
        LognormalReturns(0.0, "wide")


def test_fields_of_the_mixture_are_not_those_of_a_table():
    with pytest.raises(DomainError, match="tail_share: are fields of DealReturns"):
        with_parameters(replace(SCENARIO, returns=tabulated(DEALS)), tail_share=0.2)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: DealTable([], []), "needs one for each multiple"),
        (lambda: DealTable([1.0, 2.0], [1.0]), "needs one for each multiple"),
        (lambda: DealTable([1.0, -2.0], [1.0, 1.0]), r"multiples = -2\.0"),
        (lambda: DealTable([1.0], [0.0]), r"weights = 0\.0: must add up"),
        (lambda: DealTable([1.0], [float("nan")]), "weights = nan"),
        (lambda: DealTable([1.0], [1.0], 1.0), r"tail_start = 1\.0"),
        (lambda: DealTable([0.2], [1.0]).winners(), "all deals lose"),
        (lambda: DealTable([0.2, 1.5], [1.0, 1.0]).with_shares(0.1, 0.5), r"tail_share = 0\.1: there is no such deal"),
        (lambda: table_of_deals([1.0], treatment="hope"), "treatment = hope"),
        (lambda: table_of_deals([1.0, 2.0], held=[True]), "have one shape"),
        (lambda: tabulated(DEALS, cells=1), "cells = 1"),
        (lambda: TabulatedWinners(growth=0.2, deals=DealTable([0.5], [1.0])), r"winners\.deals = 0\.5"),
        (lambda: TabulatedWinners(growth=0.0, deals=DealTable([1.5], [1.0])), r"winners\.growth = 0\.0"),
        (lambda: growth_of_table(DealTable([1.0], [1.0]), 5.0), r"growth_of_winners = 0\.0"),
        (lambda: growth_of_table(DealTable([2.0], [1.0]), 0.0), r"years = 0\.0"),
        (lambda: growth_of_table(DealTable([2.0], [1.0]), 1.0, "yen"), "reading = yen"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, told):
    with pytest.raises(DomainError, match=told):
        call()
