"""Multiples of a deal: closed forms against quadrature, exact cases, limits, identities, domains."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import kstest

from helpers.model_records import DEALS
from patient_capital.model.common.checks import DomainError
from patient_capital.model.returns._class_distributions import LOW_SHAPES, MID_SHAPES
from patient_capital.model.returns._mixture_components import ParetoSpan, Point, Power
from patient_capital.model.returns.deal_returns import LognormalReturns, TabulatedReturns, bin_shares, top_share
from patient_capital.model.returns.pareto import pareto_mean, pareto_survival, power_moment
from patient_capital.model.returns.stopped_growth import stopped_growth_survival, stopped_growth_tail_index

quick = settings(deadline=None, max_examples=40)

SHAPES = list(product(LOW_SHAPES, MID_SHAPES))
indices = st.floats(0.3, 4)
caps = st.floats(8, 5000)
ranks = st.floats(0, 1)


def central(**changed):
    return replace(DEALS, **({"tail_index": 1.327} | changed))


def density(a, x0, cap):
    whole = 1 - (cap / x0) ** -a
    return lambda y: a * x0**a * y ** (-a - 1) / whole


# Pareto tail


@pytest.mark.parametrize("a", [1 - 1e-9, 1, 1 + 1e-9])
def test_mean_passes_through_its_limit_at_an_index_of_one(a):
    assert pareto_mean(a, 5, 300) == pytest.approx(5 * math.log(60) / (1 - 1 / 60), rel=1e-8)


@quick
@given(indices, caps, caps)
def test_mean_rises_with_the_cap_and_falls_with_the_index(a, one, other):
    low, high = sorted((one, other))
    assert pareto_mean(a, 5, low) <= pareto_mean(a, 5, high) * (1 + 1e-12)
    assert pareto_mean(a + 0.1, 5, high) < pareto_mean(a, 5, high)


@quick
@given(st.floats(-3, 5), st.floats(1.5, 100))
def test_moments_of_any_index_are_integrals(index, high):
    mass, _ = quad(lambda x: x ** (-index - 1), 1, high, epsrel=1e-11)
    first, _ = quad(lambda x: x ** (-index), 1, high, epsrel=1e-11)
    assert power_moment(1, index, 1, high) == pytest.approx(first / mass, rel=1e-8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pareto_mean(1, 5), r"tail_index = 1\.0: without a cap the moment of order 1"),
        (lambda: pareto_mean([1.5, 0.8], 5), r"tail_index = 0\.8"),
        (lambda: pareto_mean(-1, 5, 300), r"tail_index = -1\.0"),
        (lambda: pareto_mean(1.3, 0, 300), r"minimum = 0\.0"),
        (lambda: pareto_mean(1.3, 5, 5), r"cap = 5\.0: must lie above the minimum"),
        (lambda: pareto_survival(math.inf, 1.3, 5), r"multiple = inf"),
        (lambda: power_moment(1, 1, 0, 5), r"low = 0\.0"),
        (lambda: stopped_growth_tail_index(0, 0.2), r"growth = 0\.0"),
        (lambda: stopped_growth_survival(2, 0.2, -0.1), r"hazard = -0\.1"),
    ],
)
def test_outside_its_domain_a_parameter_of_the_tail_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()


# Growth stopped at an exponential time


@quick
@given(st.floats(0.05, 1), st.floats(0.05, 1), st.floats(0.1, 10))
def test_only_the_ratio_of_hazard_and_growth_is_seen(growth, hazard, clock):
    assert stopped_growth_survival(7, growth * clock, hazard * clock) == pytest.approx(
        stopped_growth_survival(7, growth, hazard)
    )


# Pieces and shapes

COMPONENTS = [
    Point(0.3),
    Power(1, 4, 1),
    Power(1, 4, 2.3),
    Power(0, 1, 0.4),
    ParetoSpan(5, 300, 1.3),
    ParetoSpan(1, 5, 0.7),
    ParetoSpan(1, 5, -1.5),
    ParetoSpan(1, 5, 1e-9),
    ParetoSpan(5, 300, 1.0),
    ParetoSpan(5, math.inf, 2.4),
]


@pytest.mark.parametrize("component", COMPONENTS, ids=str)
def test_a_component_is_one_distribution_in_all_its_methods(component):
    for order in (1, 2):
        total, _ = quad(lambda u, k=order: float(component.quantile(np.array(u))) ** k, 0, 1, limit=400, epsrel=1e-10)
        assert component.moment(order) == pytest.approx(total, rel=1e-5 if component.scale == 5 else 1e-8)
    for rank in (0.0, 0.2, 0.7, 0.99):
        above, _ = quad(lambda u: float(component.quantile(np.array(u))), rank, 1, limit=400, epsrel=1e-11)
        assert component.upper_total(np.array(rank)) == pytest.approx(above, rel=1e-6)
        if component.scale:
            assert component.survival(component.quantile(np.array(rank))) == pytest.approx(1 - rank, abs=1e-7)


@pytest.mark.parametrize("component", [component for component in COMPONENTS if component.scale], ids=str)
def test_draws_of_a_component_follow_its_survival(component):
    values = np.empty(20_000)
    component.draw_standard(np.random.default_rng(11), values)
    values = component.shift + component.scale * values
    assert kstest(values, lambda x: 1 - component.survival(np.asarray(x))).pvalue > 0.01


def test_a_point_draws_nothing():
    generator, values = np.random.default_rng(1), np.ones(3)
    before = generator.bit_generator.state
    Point(0.3).draw_standard(generator, values)
    assert values.tolist() == [0, 0, 0]
    assert generator.bit_generator.state == before


@pytest.mark.parametrize(("name", "shape"), LOW_SHAPES.items())
@quick
@given(mean=st.floats(0.02, 0.49))
def test_a_shape_of_losses_hits_its_mean(name, shape, mean):
    components = shape(mean, 0.0, 1.0)
    assert sum(weight for weight, _ in components) == pytest.approx(1)
    assert sum(weight * component.moment(1) for weight, component in components) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize(("name", "shape"), MID_SHAPES.items())
@quick
@given(mean=st.floats(2.0, 4.0))
def test_a_shape_of_the_middle_hits_its_mean(name, shape, mean):
    components = shape(mean, 1.0, 5.0)
    assert sum(weight for weight, _ in components) == pytest.approx(1)
    assert sum(weight * component.moment(1) for weight, component in components) == pytest.approx(mean, rel=1e-10)
    assert all(
        component.quantile(np.array(0.0)) >= 1 and component.quantile(np.array(1.0)) <= 5 for _, component in components
    )


def test_the_pareto_of_the_middle_passes_through_uniform_logs():
    assert central(mid_mean=4 / math.log(5), mid_shape="pareto").mean() == pytest.approx(
        central(mid_mean=4 / math.log(5)).mean(), rel=1e-9
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"low_mean": 0.6}, r"low_mean = 0\.6: the shape zero_or_uniform reaches means from 0 to 0\.5"),
        ({"low_mean": 1.0, "low_shape": "power"}, r"low_mean = 1\.0: the shape power"),
        ({"low_mean": 1.0, "low_shape": "point"}, r"low_mean = 1\.0: the shape point"),
        ({"mid_mean": 1.0}, r"mid_mean = 1\.0"),
        ({"mid_mean": 5.0, "mid_shape": "pareto"}, r"mid_mean = 5\.0: the shape pareto"),
        (
            {"mid_mean": 1.9, "mid_shape": "uniform_pair"},
            r"mid_mean = 1\.9: the shape uniform_pair reaches means from 2",
        ),
        ({"mid_mean": math.nan}, r"mid_mean = nan"),
        ({"low_shape": "normal"}, "low_shape = normal: is none of zero_or_uniform, power, point"),
        ({"mid_shape": "point"}, "mid_shape = point: is none of power, pareto, uniform_pair"),
        ({"loss_share": 1.2}, r"loss_share = 1\.2"),
        ({"loss_share": 0.95}, r"tail_share = 0\.1: losses and tail together"),
        ({"tail_start": 1.0}, r"tail_start = 1\.0"),
        ({"tail_index": 0.0}, r"tail_index = 0\.0"),
        ({"cap": 5.0}, r"cap = 5\.0"),
        ({"cap": math.nan}, r"cap = nan"),
        ({"cap": math.inf, "tail_index": 1.0}, r"tail_index = 1\.0: without a cap the mean"),
    ],
)
def test_outside_its_domain_a_parameter_of_the_mixture_is_named(changed, message):
    with pytest.raises(DomainError, match=message):
        central(**changed)


# The mixture


def test_central_mean_is_the_sum_of_its_classes():
    expected = 0.65 * 0.3 + 0.25 * 2.2 + 0.10 * pareto_mean(1.327, 5, 300)
    assert central().mean() == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("low", "mid"), SHAPES)
def test_no_shape_moves_the_mean_the_bins_or_the_top(low, mid):
    returns = central(low_shape=low, mid_shape=mid)
    assert returns.mean() == pytest.approx(central().mean(), rel=1e-12)
    assert bin_shares(returns, [0, 1, 5])[:2] == pytest.approx([0.65, 0.25])
    assert top_share(returns, 0.06) == pytest.approx(top_share(central(), 0.06), rel=1e-12)


@pytest.mark.parametrize(("low", "mid"), SHAPES)
def test_upper_total_and_variance_are_integrals_of_the_quantile(low, mid):
    returns = central(low_shape=low, mid_shape=mid)
    breaks = [0.26, 0.65, 0.8, 0.9, 0.99, 0.999]
    for p in (0.0, 0.1, 0.5, 0.7, 0.95):
        inside = [b for b in breaks if b > p]
        total, _ = quad(returns.quantile, p, 1, points=inside, limit=500, epsabs=1e-8, epsrel=1e-9)
        assert returns.upper_total(p) == pytest.approx(total, rel=1e-6)
    second, _ = quad(lambda u: returns.quantile(u) ** 2, 0, 1, points=breaks, limit=500, epsrel=1e-9)
    assert returns.variance() == pytest.approx(second - returns.mean() ** 2, rel=1e-5)


@quick
@given(ranks)
def test_quantile_of_the_mixture_inverts_its_survival(rank):
    returns = central(low_shape="power")
    assert returns.survival(returns.quantile(rank)) == pytest.approx(1 - rank, abs=1e-9)


@quick
@given(ranks, ranks, st.sampled_from(SHAPES))
def test_quantile_never_falls_and_upper_total_never_rises(one, other, shapes):
    returns = central(low_shape=shapes[0], mid_shape=shapes[1])
    low, high = sorted((one, other))
    assert returns.quantile(low) <= returns.quantile(high) * (1 + 1e-12)
    assert returns.upper_total(low) >= returns.upper_total(high) - 1e-12


def test_survival_counts_the_deals_at_a_point():
    assert central().survival([0.0, 1e-12, 1.0]) == pytest.approx([1.0, 0.6 * 0.65 + 0.35, 0.35])
    point = central(low_shape="point")
    assert point.survival(0.3) == pytest.approx(1)
    assert point.survival(0.3 + 1e-9) == pytest.approx(0.35)


def test_edges_of_the_classes():
    assert central().quantile([0, 0.26, 0.65, 0.9, 1]) == pytest.approx([0, 0, 1, 5, 300], abs=1e-9)
    assert central().survival([1, 5, 300, 301]) == pytest.approx([0.35, 0.10, 0, 0])
    assert central().upper_total([0, 1]) == pytest.approx([central().mean(), 0])


@pytest.mark.parametrize("loss", [0.0, 0.4, 0.9])
def test_classes_may_be_empty(loss):
    returns = central(loss_share=loss, tail_share=0.1)
    assert returns.survival(1) == pytest.approx(1 - loss)
    assert returns.upper_total(0) == pytest.approx(returns.mean())
    only = central(loss_share=loss, tail_share=0.0)
    assert only.quantile(1) <= 5


def test_without_a_cap_the_mean_exists_and_the_variance_does_not():
    returns = central(cap=math.inf)
    assert returns.mean() == pytest.approx(0.195 + 0.55 + 0.1 * pareto_mean(1.327, 5))
    assert returns.upper_total(0) == pytest.approx(returns.mean())
    with pytest.raises(DomainError, match=r"tail_index = 1\.327"):
        returns.variance()
    with pytest.raises(DomainError, match="no largest multiple"):
        returns.quantile(1)


def test_share_of_the_best_six_percent_of_the_specification():
    assert top_share(central(cap=100.0, tail_index=1.331), 0.06) == pytest.approx(0.52, abs=0.01)
    assert top_share(central(cap=math.inf, tail_index=1.331), 0.06) == pytest.approx(0.64, abs=0.01)


@quick
@given(st.floats(0, 1), st.floats(0, 1))
def test_share_of_the_best_rises_and_is_at_least_their_number(one, other):
    few, many = sorted((one, other))
    assert few - 1e-12 <= top_share(central(), few) <= top_share(central(), many) + 1e-12
    assert top_share(central(), 1.0) == pytest.approx(1)


def test_bins_add_up_and_the_last_is_open():
    shares = bin_shares(central(), [0, 1, 5, 10, 20, 50])
    assert shares.sum() == pytest.approx(1)
    assert shares[-1] == pytest.approx(0.1 * pareto_survival(50, 1.327, 5, 300))


def test_a_mixture_goes_to_another_process_whole():
    returns = central()
    there = pickle.loads(pickle.dumps(returns))  # noqa: S301  # as a pool of processes does
    assert there == returns
    assert there.mean() == returns.mean()


# Lognormal and table


@quick
@given(st.floats(-2, 1), st.floats(0.2, 2), st.floats(0.001, 0.999))
def test_lognormal_is_one_distribution_in_all_its_methods(mean, sd, rank):
    returns = LognormalReturns(mean, sd)
    assert returns.survival(returns.quantile(rank)) == pytest.approx(1 - rank, rel=1e-9)
    above, _ = quad(
        lambda z: math.exp(mean + sd * z - z * z / 2) / math.sqrt(2 * math.pi),
        (math.log(returns.quantile(rank)) - mean) / sd,
        12 + sd,
    )
    assert returns.upper_total(rank) == pytest.approx(above, rel=1e-7)
    assert returns.upper_total(0) == pytest.approx(returns.mean())


def test_lognormal_at_its_ends():
    returns = LognormalReturns(0.0, 1.0)
    assert returns.survival([-1, 0, 1]).tolist() == [1, 1, 0.5]
    assert returns.quantile(0) == 0
    assert returns.upper_total(1) == 0
    assert returns.variance() == pytest.approx((math.e - 1) * math.e)


def tabulated(returns, points=20_001):
    grid = np.linspace(0, 1, points)
    return TabulatedReturns(grid, returns.quantile(grid))


def test_a_fine_table_of_a_mixture_is_the_mixture():
    returns, table = central(cap=50.0), tabulated(central(cap=50.0))
    p = np.linspace(0, 1, 37)
    assert table.mean() == pytest.approx(returns.mean(), rel=1e-4)
    assert table.variance() == pytest.approx(returns.variance(), rel=1e-3)
    assert table.upper_total(p) == pytest.approx(returns.upper_total(p), abs=1e-3)
    assert table.quantile(p) == pytest.approx(returns.quantile(p), rel=1e-4, abs=1e-3)
    assert table.survival([0.5, 1, 2, 7, 50, 60]) == pytest.approx(returns.survival([0.5, 1, 2, 7, 50, 60]), abs=1e-3)


@quick
@given(st.lists(st.floats(0, 100), min_size=2, max_size=8), ranks)
def test_a_table_is_one_distribution_in_all_its_methods(values, rank):
    table = TabulatedReturns(np.linspace(0, 1, len(values)), np.sort(values))
    knots = [k for k in table.probabilities if rank < k < 1]
    whole = 0.0
    for low, high in zip([rank, *knots], [*knots, 1.0], strict=True):
        whole += (table.quantile(low) + table.quantile(high)) / 2 * (high - low)
    assert table.upper_total(rank) == pytest.approx(whole, abs=1e-9)
    assert table.survival(table.quantile(rank)) >= 1 - rank - 1e-9
    assert table.survival(0) == 1
    assert table.survival(101) == 0


def test_a_table_with_a_flat_run_counts_all_deals_at_it():
    table = TabulatedReturns([0, 0.5, 0.8, 1], [1, 2, 2, 4])
    assert table.survival([1, 1.5, 2, 3, 4]) == pytest.approx([1, 0.75, 0.5, 0.1, 0])


def test_a_table_cannot_be_changed():
    table = TabulatedReturns([0, 1], [1, 2])
    with pytest.raises(ValueError, match="read-only"):
        table.multiples[0] = 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LognormalReturns(0, 0), r"log_sd = 0\.0"),
        (lambda: LognormalReturns(math.inf, 1), "log_mean = inf"),
        (lambda: LognormalReturns(0, 1).quantile(1), r"probability = 1\.0: a lognormal has no largest"),
        (lambda: TabulatedReturns([0, 1], [1]), "multiples = .*needs one multiple"),
        (lambda: TabulatedReturns([0, 0.9], [1, 2]), "probabilities = .*must rise strictly from 0 to 1"),
        (lambda: TabulatedReturns([0, 0.5, 0.5, 1], [1, 2, 3, 4]), "must rise strictly"),
        (lambda: TabulatedReturns([0, 1], [2, 1]), "must never fall"),
        (lambda: TabulatedReturns([0, 1], [-1, 1]), r"multiples = -1\.0"),
        (lambda: TabulatedReturns([0, 1], [0, math.inf]), "multiples = inf"),
        (lambda: central().survival(math.nan), "multiple = nan"),
        (lambda: central().quantile(-0.1), r"probability = -0\.1"),
        (lambda: central().upper_total(2), r"probability = 2\.0"),
        (lambda: top_share(central(), 1.5), r"fraction = 1\.5"),
        (lambda: top_share(TabulatedReturns([0, 1], [0, 0]), 0.5), r"mean = 0\.0"),
        (lambda: bin_shares(central(), [1, 1]), "edges = .*must rise"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
