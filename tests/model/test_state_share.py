"""The share of the state: exact case, corners, and the gap in exits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError, Optimum
from patient_capital.model.selection.state_share import best_state_share, exit_gap, refused_tail_share, state_outcome

shares = st.floats(0, 1)
follows = st.floats(0, 3)


def test_the_optimum_is_inside_only_between_two_refusals():
    assert best_state_share(0.905, 0.30) == Optimum(1.0, pytest.approx(1.905 * 0.7), "high")
    assert best_state_share(0.905, 0.321).corner == "high"
    assert best_state_share(0.905, 0.323).corner == "none"
    assert best_state_share(0.905, 0.904).corner == "none"
    assert best_state_share(0.905, 0.905) == Optimum(0.0, 1.0, "low")
    assert best_state_share(0.0, 0.0) == Optimum(0.0, 1.0, "low")
    assert best_state_share(0.5, 0.0).corner == "high"


@given(follows, shares, shares)
def test_no_share_is_better_than_the_best(crowd_in, refusal, share):
    best = best_state_share(crowd_in, refusal)
    assert state_outcome(share, crowd_in, refusal) <= best.value + 1e-12
    assert best.value == pytest.approx(state_outcome(best.at, crowd_in, refusal), rel=1e-12)
    assert (best.corner == "none") == (0 < best.at < 1)


@given(st.floats(0.01, 3), shares, shares)
def test_more_refusal_never_raises_the_best_share(crowd_in, one, other):
    low, high = sorted((one, other))
    assert best_state_share(crowd_in, high).at <= best_state_share(crowd_in, low).at + 1e-12


@given(follows, shares)
def test_without_state_money_nothing_changes(crowd_in, refusal):
    assert state_outcome(0, crowd_in, refusal) == 1


@given(shares, shares, shares, st.floats(0, 0.5))
def test_more_refusal_widens_the_gap(state, one, other, tail):
    low, high = sorted((one, other))
    assert exit_gap(state, high, tail, 0.8) <= exit_gap(state, low, tail, 0.8) + 1e-15


def test_deals_that_exit_like_any_other_leave_no_gap():
    assert exit_gap(1, 0.5, 0.1, 0.1) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: state_outcome(1.1, 0.9, 0.5), r"state_share = 1\.1"),
        (lambda: state_outcome(0.5, -0.9, 0.5), r"crowd_in = -0\.9"),
        (lambda: best_state_share(0.9, 1.5), r"refusal = 1\.5"),
        (lambda: refused_tail_share(0.5, -0.5), r"refusal = -0\.5"),
        (lambda: exit_gap(0.5, 0.5, 1.0, 1.0), r"tail_share = 1\.0: some deals must be ordinary"),
        (lambda: exit_gap(0.5, 0.5, 0.2, 0.1), r"tail_exits = 0\.1: the best deals bring at least"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
