"""Learning by doing: Wright's curve, spillovers, paths, and how learning moves the break-even home share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.overcapacity.cournot import firm_profit, free_entry_firms
from patient_capital.model.overcapacity.learning import (
    LearningPath,
    experience,
    learning_exponent,
    learning_path,
    wright_cost,
)
from patient_capital.model.overcapacity.learning_welfare import (
    break_even_home_share_with_learning,
    discounted_welfare,
    learning_gain,
)
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.welfare import break_even_home_share, consumer_surplus, home_welfare

quick = settings(deadline=None, max_examples=40)
F = 0.0025
BASE = {
    "choke_price": 2.0,
    "slope": 1.0,
    "initial_cost": 1.0,
    "initial_experience": 5.0,
    "learning_rate": 0.2,
    "spillover": 0.6,
    "discount_rate": 0.05,
}
rates = st.floats(0, 0.6)
shares = st.floats(0, 1)
firms = st.floats(0.2, 60)


def path(number, periods=12, **change):
    return learning_path(number, periods, **(BASE | change))


def switch(weight, **change):
    return break_even_home_share_with_learning(weight, **(BASE | {"entry_cost": F, "periods": 15} | change))


@quick
@given(st.floats(0, 0.9), st.floats(0.1, 100), st.floats(0.1, 10))
def test_three_doublings_cut_the_cost_three_times(rate, reference, cost):
    assert wright_cost(8 * reference, reference, cost, rate) == pytest.approx(cost * (1 - rate) ** 3)
    assert wright_cost(reference, reference, cost, rate) == pytest.approx(cost)


def test_learning_exponent_of_half_is_one_and_of_none_is_zero():
    assert learning_exponent(0.5) == pytest.approx(1, rel=1e-15)
    assert learning_exponent(0) == 0


def test_halved_price_needs_more_than_three_doublings_at_a_fifth():
    assert wright_cost(2**3.1063, 1, 1, 0.2) == pytest.approx(0.5, abs=1e-5)


@quick
@given(st.floats(0, 50), st.floats(0, 50), shares)
def test_experience_is_own_output_and_what_spills_over_from_others(own, others, spillover):
    assert experience(own, own + others, spillover) == pytest.approx(own + spillover * others, abs=1e-9)
    assert experience(own, own + others, 0) == own
    assert experience(own, own + others, 1) == own + others


@quick
@given(firms, rates, shares, st.floats(0.5, 20))
def test_path_follows_its_recursion(number, rate, spillover, start):
    run = path(number, learning_rate=rate, spillover=spillover, initial_experience=start)
    per_firm = run.output / number
    learned = start + np.concatenate([[0.0], experience(per_firm, run.output, spillover).cumsum()])[:-1]
    assert run.cost == pytest.approx(wright_cost(learned, start, BASE["initial_cost"], rate))
    assert per_firm == pytest.approx((2 - run.cost) / (number + 1))
    assert run.profit == pytest.approx([number * firm_profit(number, 2 - c, 1) for c in run.cost])
    assert run.consumer_gain == pytest.approx([consumer_surplus(number, 2 - c, 1) for c in run.cost])


@quick
@given(firms, rates, rates, shares, shares)
def test_more_learning_never_lowers_welfare_at_given_firms(number, one, other, spillover, home):
    low, high = sorted((one, other))
    less, more = (path(number, learning_rate=r, spillover=spillover) for r in (low, high))
    assert (more.cost <= less.cost * (1 + 1e-12)).all()
    assert discounted_welfare(more, home, F) >= discounted_welfare(less, home, F) - 1e-9


@quick
@given(st.floats(1, 60), rates, shares, shares)
def test_more_spillover_never_raises_the_cost_of_several_firms(number, rate, one, other):
    low, high = sorted((one, other))
    less, more = (path(number, learning_rate=rate, spillover=s) for s in (low, high))
    assert (more.cost <= less.cost * (1 + 1e-12)).all()


@quick
@given(firms, firms, st.floats(0.1, 0.6))
def test_with_full_spillover_only_total_output_counts(one, other, rate):
    runs = [path(n, learning_rate=rate, spillover=1) for n in (one, other)]
    for run in runs:
        before = np.concatenate([[0.0], run.output.cumsum()])[:-1]
        assert run.cost == pytest.approx(wright_cost(5 + before, 5, 1, rate))


@quick
@given(firms, st.floats(0.1, 0.6))
def test_without_spillover_only_own_output_counts(number, rate):
    run = path(number, learning_rate=rate, spillover=0)
    own = np.concatenate([[0.0], (run.output / number).cumsum()])[:-1]
    assert run.cost == pytest.approx(wright_cost(5 + own, 5, 1, rate))


@quick
@given(firms, shares, shares, st.floats(0, 0.3), st.integers(1, 30))
def test_without_learning_every_period_is_the_static_market(number, spillover, home, discount, periods):
    run = path(number, periods, learning_rate=0, spillover=spillover, discount_rate=discount)
    years = sum((1 + discount) ** -t for t in range(periods))
    static = home_welfare(number, home, 1, 1, F)
    assert discounted_welfare(run, home, F) == pytest.approx(years * static, abs=1e-9)


@quick
@given(firms, rates, shares)
def test_one_period_has_no_time_to_learn(number, rate, home):
    run = path(number, 1, learning_rate=rate)
    assert discounted_welfare(run, home, F) == pytest.approx(home_welfare(number, home, 1, 1, F), abs=1e-12)


@quick
@given(firms, rates, st.floats(0.2, 5), st.floats(0.2, 5))
def test_units_of_money_and_output_do_not_matter(number, rate, money, unit):
    one = path(number, learning_rate=rate)
    other = path(
        number,
        learning_rate=rate,
        choke_price=2 * money,
        initial_cost=money,
        slope=money / unit,
        initial_experience=5 * unit,
    )
    assert other.cost == pytest.approx(one.cost * money)
    assert discounted_welfare(other, 0.5, F * money * unit) == pytest.approx(
        discounted_welfare(one, 0.5, F) * money * unit, rel=1e-9, abs=1e-9
    )


@quick
@given(st.floats(0, 0.12), shares)
def test_without_learning_the_break_even_is_the_static_one(weight, spillover):
    static = break_even_home_share(weight, market_size=1, slope=1, entry_cost=F)
    learned = switch(weight, learning_rate=0, spillover=spillover)
    assert learned.side == static.side
    assert (learned.at or 0) == pytest.approx(static.at or 0, rel=1e-9)


@quick
@given(st.floats(0, 0.12), rates, shares)
def test_at_the_break_even_both_are_equally_good_and_many_are_better_above(weight, rate, spillover):
    found = switch(weight, learning_rate=rate, spillover=spillover)
    one, many = (
        path(symmetric_entry(1, 1, F, weight, r), 15, learning_rate=rate, spillover=spillover) for r in (1, 31)
    )
    gains = [discounted_welfare(many, h, F) - discounted_welfare(one, h, F) for h in (0.0, 1.0)]
    assert tuple(np.sign(gains)) == {"crosses": (-1, 1), "gain": (1, 1), "loss": (-1, -1)}[found.side]
    if found.at is not None:
        gap = discounted_welfare(many, found.at, F) - discounted_welfare(one, found.at, F)
        assert gap == pytest.approx(0, abs=1e-9)


@quick
@given(st.floats(0, 0.08), shares, shares)
def test_more_spillover_moves_the_switch_towards_many_regions(weight, one, other):
    low, high = (switch(weight, spillover=s) for s in sorted((one, other)))
    assert (high.at or 1) <= (low.at or 1) + 1e-9


def test_learning_moves_the_switch_either_way():
    static = switch(0, learning_rate=0).at
    assert switch(0, spillover=1).at < static - 0.1
    assert switch(0, spillover=0).side == "loss"


@quick
@given(rates, shares, shares)
def test_learning_gain_is_the_change_of_welfare_less_its_static_part(rate, spillover, home):
    before, after = free_entry_firms(1, 1, F), free_entry_firms(1, 1, F, 0.6)
    more, less = (path(n, learning_rate=rate, spillover=spillover) for n in (after, before))
    years = more.discount.sum()
    whole = (discounted_welfare(more, home, F) - discounted_welfare(less, home, F)) / years
    static = home_welfare(after, home, 1, 1, F) - home_welfare(before, home, 1, 1, F)
    assert learning_gain(more, less, home) == pytest.approx(whole - static, abs=1e-10)


def test_nothing_is_gained_by_learning_without_learning_or_without_added_firms():
    still = [path(n, learning_rate=0) for n in (30, 19)]
    assert learning_gain(*still, 0.5) == pytest.approx(0, abs=1e-15)
    assert learning_gain(path(19), path(19), 0.5) == 0


def test_arrays_of_parameters_run_at_once():
    runs = path([1.0, 19.0], learning_rate=[[0.1], [0.2], [0.3]])
    assert runs.cost.shape == (12, 3, 2)
    assert runs.cost[:, 1, 1] == pytest.approx(path(19.0).cost)
    assert discounted_welfare(runs, 0.5, F)[2, 0] == pytest.approx(
        discounted_welfare(path(1.0, learning_rate=0.3), 0.5, F)
    )
    assert type(discounted_welfare(path(19.0), 0.5, F)) is float
    assert type(wright_cost(2, 1, 1, 0.2)) is float


def test_a_path_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        path(3).cost[0] = 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cost": [1.0, 1.1]}, "must not rise"),
        ({"cost": [1.0, 0.0]}, "cost = 0"),
        ({"output": [1.0, -1.0]}, "output = -1"),
        ({"profit": [1.0]}, "same number of periods"),
    ],
)
def test_a_path_that_is_none_is_refused(change, message):
    fields = {key: [1.0, 1.0] for key in ("cost", "output", "profit", "consumer_gain", "discount")}
    with pytest.raises(DomainError, match=message):
        LearningPath(firms=np.array(2.0), **{k: np.array(v) for k, v in (fields | change).items()})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"choke_price": 1.0}, "choke_price = 1.0: must lie above initial_cost"),
        ({"slope": 0}, "slope = 0"),
        ({"initial_cost": -1}, "initial_cost = -1"),
        ({"initial_experience": 0}, "initial_experience = 0"),
        ({"learning_rate": 1}, "learning_rate = 1.0: must lie below 1"),
        ({"learning_rate": -0.1}, "learning_rate = -0.1"),
        ({"spillover": 1.2}, "spillover = 1.2"),
        ({"discount_rate": -0.01}, "discount_rate = -0.01"),
        ({"periods": 0}, "periods = 0"),
        ({"periods": 2.5}, "periods = 2.5"),
    ],
)
def test_outside_its_domain_a_parameter_of_the_path_is_named(change, message):
    with pytest.raises(DomainError, match=message):
        path(3, **change)
    with pytest.raises(DomainError, match=message):
        switch(0.05, **change)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: path(-1), "firms = -1"),
        (lambda: wright_cost(0, 1, 1, 0.2), "cumulative = 0"),
        (lambda: wright_cost(1, 1, -1, 0.2), "reference_cost = -1"),
        (lambda: experience(-1, 1, 0.5), "own = -1"),
        (lambda: experience(1, 1, 2), "spillover = 2"),
        (lambda: discounted_welfare(path(3), 1.5, F), "home_share = 1.5"),
        (lambda: discounted_welfare(path(3), 0.5, 0), "entry_cost = 0"),
        (lambda: learning_gain(path(3), path(3), -1), "home_share = -1"),
        (lambda: learning_gain(path(3, 12), path(3, 11), 0.5), "must have the periods"),
        (lambda: switch(0.05, few=31), "many = 31"),
        (lambda: switch(0.05, entry_cost=2), "keeps every firm out"),
        (lambda: switch(-0.05), "output_weight = -0.05"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
