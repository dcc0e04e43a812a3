"""Simulation: moments against closed forms, results that do not depend on how the work is cut, domains."""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, ks_2samp, kstest, multinomial

from helpers import model_records
from patient_capital.model._numerics.class_counts import LARGEST_TABLE, compositions, count_table, draw_counts, ways
from patient_capital.model._numerics.random_streams import (
    BLOCK,
    DEALS,
    SHOCKS,
    block_generator,
    block_generators,
    block_tasks,
)
from patient_capital.model.common.checks import DomainError
from patient_capital.model.common.estimates import (
    counted_share,
    share_at_least,
    share_below,
    simulated_mean,
    simulated_quantile,
)
from patient_capital.model.returns._class_distributions import LOW_SHAPES, MID_SHAPES
from patient_capital.model.returns._mixture_components import (
    FEWEST,
    STRIPS,
    ParetoSpan,
    Power,
    fill_powers,
    fill_powers_unordered,
    pieces,
)
from patient_capital.model.returns.deal_returns import DealReturns, LognormalReturns, TabulatedReturns
from patient_capital.model.returns.simulate import simulate_portfolios, simulate_shocks, simulate_totals

quick = settings(deadline=None, max_examples=40)

SEED = 20_260
SHAPES = list(product(LOW_SHAPES, MID_SHAPES))
LEVELS = (0.5, 1.0, 2.0, 5.0, 50.0)


def mixture(low="zero_or_uniform", mid="power", cap=300.0):
    return replace(model_records.DEALS, tail_index=1.327, cap=cap, low_shape=low, mid_shape=mid)


def tabulated():
    grid = np.linspace(0, 1, 4001)
    return TabulatedReturns(grid, mixture(cap=50.0).quantile(grid))


KINDS_OF_RETURNS = {"mixture": mixture(), "lognormal": LognormalReturns(-0.67, 1.2), "table": tabulated()}


# Deals


@pytest.mark.parametrize(("low", "mid"), SHAPES)
def test_simulated_deals_agree_with_the_closed_forms_of_every_shape(low, mid):
    returns = mixture(low, mid)
    totals = simulate_totals(returns, 2 * BLOCK + 12_345, SEED, levels=LEVELS)
    assert totals.mean == pytest.approx(returns.mean(), abs=4 * totals.standard_error)
    for level, found in zip(LEVELS, totals.shares, strict=True):
        assert found.value == pytest.approx(returns.survival(level), abs=4 * found.standard_error)


@pytest.mark.parametrize("returns", KINDS_OF_RETURNS.values(), ids=KINDS_OF_RETURNS)
def test_simulated_deals_agree_with_the_closed_forms_of_any_returns(returns):
    totals = simulate_totals(returns, 1_000_000, SEED, levels=LEVELS)
    assert totals.mean == pytest.approx(returns.mean(), abs=4 * totals.standard_error)
    assert totals.standard_error == totals.sd / 1000
    for level, found in zip(LEVELS, totals.shares, strict=True):
        assert found.value == pytest.approx(returns.survival(level), abs=4 * found.standard_error)


@pytest.mark.parametrize(("low", "mid"), SHAPES)
def test_the_standard_deviation_agrees_with_the_closed_form(low, mid):
    returns = mixture(low, mid, cap=20.0)
    totals = simulate_totals(returns, 1_000_000, SEED)
    # A fourth moment of at most cap^2 times the second bounds the error of the second moment.
    error = 20 * math.sqrt((returns.variance() + returns.mean() ** 2) / 1_000_000)
    assert totals.sd**2 == pytest.approx(returns.variance(), abs=4 * error)
    assert 4 * error < 0.04 * returns.variance()


def test_the_spread_of_means_over_seeds_is_the_standard_error():
    found = [simulate_totals(mixture(cap=50.0), 10_000, seed) for seed in range(200)]
    spread = np.std([one.mean for one in found], ddof=1)
    assert spread == pytest.approx(np.mean([one.standard_error for one in found]), rel=0.2)


@pytest.mark.parametrize("deals", [2, 3, 1000, BLOCK - 1, BLOCK, BLOCK + 1])
def test_any_number_of_deals_is_drawn(deals):
    totals = simulate_totals(mixture(), deals, SEED, levels=(0.0, 1000.0))
    assert [share.value for share in totals.shares] == [1, 0]
    assert totals.deals == deals
    assert 0 <= totals.mean <= 300


def test_two_deals_have_the_standard_deviation_of_a_sample():
    returns = LognormalReturns(0.0, 1.0)
    one, other = returns.quantile(block_generator(SEED, DEALS, 0).random(2))
    totals = simulate_totals(returns, 2, SEED)
    assert totals.mean == pytest.approx((one + other) / 2)
    assert totals.sd == pytest.approx(abs(one - other) / math.sqrt(2))


def test_seed_and_stream_choose_the_numbers():
    runs = {simulate_totals(mixture(), 5000, seed, stream=stream).mean for seed in (1, 2) for stream in (0, 1)}
    assert len(runs) == 4
    assert simulate_totals(mixture(), 5000, 1) == simulate_totals(mixture(), 5000, 1)


# How the work is cut


@pytest.mark.parametrize("returns", KINDS_OF_RETURNS.values(), ids=KINDS_OF_RETURNS)
@pytest.mark.parametrize("blocks_per_task", [1, 2, 100])
def test_no_result_depends_on_the_blocks_of_a_task(returns, blocks_per_task):
    deals, portfolios = 2 * BLOCK + 99, 30_000
    usual = simulate_totals(returns, deals, SEED, levels=LEVELS)
    assert simulate_totals(returns, deals, SEED, levels=LEVELS, blocks_per_task=blocks_per_task) == usual
    whole = simulate_portfolios(returns, 30, portfolios, SEED, 0.56)
    cut = simulate_portfolios(returns, 30, portfolios, SEED, 0.56, blocks_per_task=blocks_per_task)
    assert np.array_equal(whole, cut)


def test_processes_and_threads_give_equal_results():
    deals = 3 * BLOCK + 5
    here = simulate_totals(mixture(), deals, SEED, levels=LEVELS)
    portfolios = simulate_portfolios(mixture(), 30, 30_000, SEED, 0.56)
    pools = (ProcessPoolExecutor(2, mp_context=get_context("spawn")), ThreadPoolExecutor(3))
    for pool in pools:
        with pool:
            assert simulate_totals(mixture(), deals, SEED, levels=LEVELS, executor=pool, blocks_per_task=1) == here
            there = simulate_portfolios(mixture(), 30, 30_000, SEED, 0.56, executor=pool, blocks_per_task=1)
            assert np.array_equal(portfolios, there)


def test_a_cluster_gives_equal_results():
    from distributed import Client, LocalCluster

    deals = 2 * BLOCK + 5
    here = simulate_totals(mixture(), deals, SEED, levels=LEVELS)
    portfolios = simulate_portfolios(mixture(), 30, 20_000, SEED, 0.56)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        pool = client.get_executor()
        assert simulate_totals(mixture(), deals, SEED, levels=LEVELS, executor=pool, blocks_per_task=1) == here
        there = simulate_portfolios(mixture(), 30, 20_000, SEED, 0.56, executor=pool, blocks_per_task=1)
        assert np.array_equal(portfolios, there)


@quick
@given(st.integers(1, 500), st.integers(1, 60))
def test_tasks_hold_every_block_once_in_order(blocks, per_task):
    tasks = block_tasks(blocks, per_task)
    assert [block for task in tasks for block in task] == list(range(blocks))
    assert all(len(task) == per_task for task in tasks[:-1])


def test_every_block_has_numbers_of_its_own():
    keys = [(seed, stream, block) for seed in (0, 1) for stream in (DEALS, SHOCKS) for block in (0, 1)]
    assert len({block_generator(*key).random() for key in keys}) == len(keys)
    assert block_generator(1, 0, 5).random() == block_generator(1, 0, 5).random()


def test_a_block_has_one_seed_and_65536_draws():
    assert BLOCK == 65_536


@quick
@given(st.integers(0, 100), st.integers(1, 50))
def test_the_numbers_of_a_block_do_not_depend_on_where_a_range_of_blocks_begins(first, several):
    blocks = range(first, first + several)
    together = []
    for generator in block_generators(SEED, DEALS, blocks):
        together.append(generator.random())
        generator.integers(0, 2**31, dtype=np.int32)  # Half a word stays behind, which the next block must not see.
    assert together == [block_generator(SEED, DEALS, block).random() for block in blocks]


def test_the_seeds_of_all_blocks_differ_and_their_numbers_are_uniform_and_uncorrelated():
    generators = block_generators(SEED, DEALS, range(4000))
    numbers = np.array([generator.random(4) for generator in generators])
    assert len(np.unique(numbers)) == numbers.size
    for column in numbers.T:
        assert kstest(column, "uniform").pvalue > 0.001
    both = np.column_stack((numbers[:-1], numbers[1:]))
    correlations = np.corrcoef(both.T)[np.triu_indices(8, 1)]
    # Of each column with the next row's the pairs within a row stand twice.
    assert np.abs(correlations).max() < 4 / math.sqrt(len(both))


# Numbers in an order that is not random


EXPONENTS = [0.01, 0.3, 0.5, 0.7536, 0.999, 1.0, 1.01, 1.5, 2.0, 7 / 3, 5.0, 31.0, 40.0]


@pytest.mark.parametrize("exponent", EXPONENTS)
@pytest.mark.parametrize("fill", [fill_powers, fill_powers_unordered])
def test_powers_are_those_of_uniform_numbers(fill, exponent):
    values = np.empty(20 * FEWEST)
    fill(np.random.default_rng(SEED), exponent, values)
    assert kstest(values ** (1 / exponent), "uniform").pvalue > 0.01


@pytest.mark.parametrize("exponent", EXPONENTS)
@pytest.mark.parametrize("size", [1, 7, 3 * FEWEST])
def test_sums_of_unordered_powers_spread_as_sums_of_independent_ones(exponent, size):
    generator, component, sums = np.random.default_rng(SEED), Power(0.0, 1.0, exponent), []
    values = np.empty(size)
    for _ in range(1500):
        component.draw_unordered(generator, values)
        sums.append(values.sum())
    variance = (component.moment(2) - component.moment(1) ** 2) * size
    assert np.mean(sums) == pytest.approx(size * component.moment(1), abs=4 * math.sqrt(variance / 1500))
    # For one number the fourth moment of the steepest power is large.
    assert np.var(sums) == pytest.approx(variance, rel=0.15 if size > 1000 else 0.8 if exponent > 10 else 0.25)


@pytest.mark.parametrize("span", [ParetoSpan(1.0, 5.0, 0.576), ParetoSpan(2.0, 9.0, -0.4), ParetoSpan(5.0, 300.0, 1.3)])
def test_pieces_of_a_pareto_span_add_up_to_it(span):
    shares, cut = zip(*pieces(span), strict=True)
    assert sum(shares) == pytest.approx(1, abs=1e-12)
    assert len(cut) == (STRIPS + 1 if span.high < 100 else 1)
    generator, drawn = np.random.default_rng(SEED), []
    for piece, several in zip(cut, generator.multinomial(200_000, shares), strict=True):
        values = np.empty(several)
        piece.draw_unordered(generator, values)
        drawn.append(piece.shift + piece.scale * values)
    assert kstest(np.concatenate(drawn), lambda x: 1 - span.survival(x)).pvalue > 0.01
    # The rest alone, of which the whole holds too little for that test to see it.
    rest = np.empty(200_000)
    cut[-1].draw_unordered(generator, rest)
    strips = sum(share * piece.moment(1) for share, piece in zip(shares[:-1], cut[:-1], strict=True))
    expected = (span.moment(1) - strips) / shares[-1]
    assert cut[-1].scale * rest.mean() == pytest.approx(expected, abs=4 * cut[-1].scale * rest.std() / 200_000**0.5)


def test_no_unordered_number_is_drawn_where_none_is_wanted():
    nothing = np.empty(0)
    Power(0.0, 1.0, 7 / 3).draw_unordered(np.random.default_rng(1), nothing)
    assert nothing.size == 0


def test_progress_counts_the_tasks():
    seen = []
    simulate_totals(
        mixture(), 3 * BLOCK, SEED, blocks_per_task=1, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]


# Portfolios


@pytest.mark.parametrize("deals", [1, 7, 30, 100, 600])
@pytest.mark.parametrize("returns", KINDS_OF_RETURNS.values(), ids=KINDS_OF_RETURNS)
def test_portfolios_have_the_mean_and_spread_of_independent_deals(returns, deals):
    multiples = simulate_portfolios(returns, deals, 40_000 if isinstance(returns, DealReturns) else 3000, SEED)
    found = simulated_mean(multiples)
    assert found.value == pytest.approx(returns.mean(), abs=4 * found.standard_error)
    if not isinstance(returns, DealReturns):
        return
    assert np.std(multiples) == pytest.approx(math.sqrt(returns.variance() / deals), rel=0.1)


@pytest.mark.parametrize(("low", "mid"), SHAPES)
def test_the_fast_path_draws_from_the_same_distribution_as_the_quantiles(low, mid):
    returns = mixture(low, mid)
    draws = np.random.default_rng(1).random((6000, 12))
    slow = np.asarray(returns.quantile(draws)).mean(axis=1)
    assert ks_2samp(simulate_portfolios(returns, 12, 6000, SEED), slow).pvalue > 0.01


def test_a_portfolio_of_one_deal_is_a_deal():
    multiples = simulate_portfolios(mixture(), 1, 200_000, SEED)
    for level in (1.0, 5.0, 20.0):
        found = share_at_least(multiples, level)
        assert found.value == pytest.approx(mixture().survival(level), abs=4 * found.standard_error)


def test_portfolios_where_all_lose_or_none_are_exact():
    lost = replace(mixture(), loss_share=1.0, tail_share=0.0, low_mean=0.0)
    half = replace(lost, low_mean=0.5, low_shape="point")
    assert not simulate_portfolios(lost, 20, 100, SEED).any()
    assert (simulate_portfolios(half, 20, 100, SEED) == 0.5).all()
    assert simulate_totals(half, 1000, SEED).sd == 0


def test_portfolios_larger_than_a_block_are_drawn():
    multiples = simulate_portfolios(mixture(cap=20.0), BLOCK + 10, 3, SEED)
    error = math.sqrt(mixture(cap=20.0).variance() / BLOCK)
    assert multiples == pytest.approx([mixture(cap=20.0).mean()] * 3, abs=4 * error)


def test_the_shock_moves_portfolios_and_leaves_their_mean():
    still, moved = (simulate_portfolios(mixture(cap=50.0), 30, 50_000, SEED, sd) for sd in (0, 0.56))
    found = simulated_mean(moved)
    assert found.value == pytest.approx(mixture(cap=50.0).mean(), abs=4 * found.standard_error)
    assert moved / still == pytest.approx(simulate_shocks(0.56, 50_000, SEED))


def test_the_shock_of_a_place_does_not_depend_on_what_the_portfolio_holds():
    few, many = (
        simulate_portfolios(r, n, 3000, SEED, 0.56) / simulate_portfolios(r, n, 3000, SEED)
        for r, n in ((mixture(), 20), (LognormalReturns(0, 1), 300))
    )
    assert few == pytest.approx(many, rel=1e-12)
    assert simulate_shocks(0.56, BLOCK + 9, SEED)[:3000] == pytest.approx(few, rel=1e-12)


def test_shocks_are_independent_of_the_deals_and_lognormal():
    logs = np.log(simulate_shocks(0.56, 200_000, SEED)) + 0.56**2 / 2
    assert logs.mean() == pytest.approx(0, abs=4 * 0.56 / math.sqrt(200_000))
    assert logs.std() == pytest.approx(0.56, rel=0.01)
    deals = simulate_portfolios(mixture(cap=20.0), 30, 200_000, SEED)
    assert abs(np.corrcoef(logs, deals)[0, 1]) < 4 / math.sqrt(200_000)
    assert (simulate_shocks(0, 5, SEED) == 1).all()


def test_more_deals_do_not_remove_the_common_shock():
    spread = [np.std(np.log(simulate_portfolios(mixture(cap=20.0), n, 10_000, SEED, 0.56))) for n in (30, 300, 1500)]
    assert spread == sorted(spread, reverse=True)
    assert spread[-1] == pytest.approx(0.56, rel=0.04)
    assert spread[-1] > 0.55


# Counts of classes


@quick
@given(st.integers(0, 12), st.integers(1, 5))
def test_every_composition_stands_once(total, classes):
    rows = compositions(total, classes)
    assert rows.shape == (ways(total, classes), classes)
    assert (rows.sum(axis=1) == total).all()
    assert (rows >= 0).all()
    assert len({tuple(row) for row in rows.tolist()}) == len(rows)


def test_the_table_holds_the_multinomial_probabilities():
    weights = (0.26, 0.39, 0.25, 0.10)
    table = count_table(8, weights)
    found = np.diff(np.append(0, table.cumulated))
    assert found == pytest.approx(multinomial.pmf(table.counts, 8, weights), abs=1e-12)
    assert (np.diff(found) <= 1e-12).all()
    assert table.cumulated[-1] == 1


@pytest.mark.parametrize("deals", [5, 30, 400])
def test_drawn_counts_are_multinomial(deals):
    weights, portfolios = (0.26, 0.39, 0.25, 0.10), 40_000
    counts = draw_counts(np.random.default_rng(8), deals, weights, portfolios)
    assert (counts.sum(axis=1) == deals).all()
    for column, weight in zip(counts.T, weights, strict=True):
        spread = math.sqrt(deals * weight * (1 - weight))
        assert column.mean() == pytest.approx(deals * weight, abs=4 * spread / math.sqrt(portfolios))
        middle = math.floor(deals * weight)
        expected = binom.cdf(middle, deals, weight)
        found = share_below(column, middle + 1)
        assert found.value == pytest.approx(expected, abs=4 * found.standard_error)
    covariance = np.cov(counts.T)[0, 1]
    assert covariance == pytest.approx(-deals * weights[0] * weights[1], rel=0.1)


def test_a_class_that_is_impossible_is_never_drawn():
    assert (draw_counts(np.random.default_rng(1), 5, (0.0, 1.0), 1000)[:, 0] == 0).all()


# Estimates


def test_estimates_exact_cases():
    values = [1.0, 2.0, 3.0, 4.0]
    assert simulated_mean(values).value == 2.5
    assert simulated_mean(values).standard_error == pytest.approx(math.sqrt(5 / 3 / 4))
    assert share_below(values, 3).value == 0.5
    assert share_at_least(values, 3).value == 0.5
    assert share_below(values, 3).standard_error == pytest.approx(0.25)
    assert share_below(values, 0).standard_error > 0
    assert counted_share(4, 4).standard_error == counted_share(0, 4).standard_error


@quick
@given(st.lists(st.floats(0, 100), min_size=2, max_size=50), st.floats(-1, 101))
def test_shares_below_and_at_least_add_up(values, level):
    assert share_below(values, level).value + share_at_least(values, level).value == pytest.approx(1)


def test_quantile_and_its_error_are_those_of_many_samples():
    found = [simulated_quantile(np.random.default_rng(seed).exponential(size=2000), 0.9) for seed in range(300)]
    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(-math.log(0.1), abs=0.02)
    assert np.mean([one.standard_error for one in found]) == pytest.approx(values.std(), rel=0.15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simulate_totals(mixture(), 1, SEED), "deals = 1: must be a whole number of at least 2"),
        (lambda: simulate_totals(mixture(), 1e4, SEED), r"deals = 10000\.0"),
        (lambda: simulate_totals(mixture(), 100, -1), "seed = -1"),
        (lambda: simulate_totals(mixture(), 100, SEED, stream=-1), "stream = -1"),
        (lambda: simulate_totals(mixture(), 100, SEED, blocks_per_task=0), "blocks_per_task = 0"),
        (lambda: simulate_portfolios(mixture(), 0, 10, SEED), "portfolio_deals = 0"),
        (lambda: simulate_portfolios(mixture(), 10, 0, SEED), "portfolios = 0"),
        (lambda: simulate_portfolios(mixture(), 10, 10, SEED, -0.1), r"shock_sd = -0\.1"),
        (lambda: simulate_portfolios(mixture(), 10, 10, True), "seed = True"),
        (lambda: simulate_shocks(math.inf, 10, SEED), "shock_sd = inf"),
        (lambda: compositions(-1, 3), "total = -1"),
        (lambda: count_table(LARGEST_TABLE, (0.2, 0.3, 0.5)), "at most 50000 rows"),
        (lambda: draw_counts(np.random.default_rng(1), 0, (1.0,), 5), "deals = 0"),
        (lambda: simulated_mean([1.0]), "values = .*at least two"),
        (lambda: counted_share(5, 4), "found = 5"),
        (lambda: simulated_quantile([1.0, 2.0], 0.99), r"probability = 0\.99: a sample of 2 says nothing"),
        (lambda: simulated_quantile([1.0, 2.0, 3.0], 1.2), r"probability = 1\.2"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()


@quick
@given(st.integers(1, 40), st.integers(1, 400), st.integers(0, 10**6))
def test_portfolios_lie_between_nothing_and_the_cap(deals, portfolios, seed):
    multiples = simulate_portfolios(mixture(), deals, portfolios, seed)
    assert multiples.shape == (portfolios,)
    assert multiples.min() >= 0
    assert multiples.max() <= 300 * (1 + 1e-12)


def test_what_does_not_fit_in_memory_is_refused_at_once_and_a_limit_can_be_given():
    for portfolios, size in ((10**9, 30), (10, 10**10)):
        with pytest.raises(DomainError, match=r"MB, more than most_megabytes = 4000: draw fewer or raise it"):
            simulate_portfolios(mixture(), size, portfolios, 1)
    with pytest.raises(DomainError, match="most_megabytes = 1:"):
        simulate_portfolios(mixture(), 3, 10**5, 1, most_megabytes=1)
    with pytest.raises(DomainError, match="more than most_megabytes = 4000"):
        simulate_shocks(0.5, 10**9, 1)
    assert simulate_portfolios(mixture(), 3, 10**5, 1, 0.5, most_megabytes=10).size == 10**5
    with pytest.raises(DomainError, match=r"at most 1e\+12: so many take hours"):
        simulate_totals(mixture(), 10**13, 1)
