"""The first sign change of a gain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, DomainError


@given(st.floats(-5, 5), st.floats(0.1, 5), st.floats(0.1, 5), st.sampled_from([-1, 1]))
def test_a_monotone_gain_has_its_one_root_found(root, below, above, sign):
    found = first_sign_change(lambda x: sign * ((x - root) + (x - root) ** 3), root - below, root + above)
    assert found.side == "crosses"
    assert found.at == pytest.approx(root, abs=1e-10)


def test_the_first_of_several_roots_is_given():
    assert first_sign_change(lambda x: (x - 1) * (x - 2) * (x - 2.5), 0, 3, steps=30).at == pytest.approx(1)


def test_the_span_is_told():
    assert first_sign_change(lambda _: 1.0, -1, 2) == BreakEven(None, "gain", -1, 2)
    assert first_sign_change(lambda _: -1.0, -1, 2) == BreakEven(None, "loss", -1, 2)


def test_a_zero_at_an_end_is_a_change_and_zero_throughout_is_a_gain():
    assert first_sign_change(lambda x: x, 0, 1).at == 0
    assert first_sign_change(lambda x: x - 1, 0, 1).at == 1
    assert first_sign_change(lambda x: x * (1 - x), 0, 1, steps=2).at == 0
    assert first_sign_change(lambda _: 0.0, 0, 1, steps=3).side == "gain"
    assert first_sign_change(lambda x: max(x - 0.5, 0), 0, 1, steps=4).at == 0
    assert first_sign_change(lambda x: max(0.5 - x, 0), 0, 1, steps=4).at == 0.5


def test_a_search_ends_where_it_has_found():
    asked = []
    assert first_sign_change(lambda x: asked.append(x) or x - 0.1, 0, 1, steps=50, tolerance=1e-9).at == pytest.approx(
        0.1
    )
    assert max(asked) < 0.13


def test_gains_within_the_tolerance_count_as_zero():
    assert first_sign_change(lambda x: x + 1e-10, 0, 1).side == "gain"
    assert first_sign_change(lambda x: x + 1e-10, 0, 1, tolerance=1e-9).at == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: first_sign_change(lambda x: x, 1, 1), "low = 1: must lie below the other end"),
        (lambda: first_sign_change(lambda x: x, 0, float("inf")), "high = inf"),
        (lambda: first_sign_change(lambda _: float("nan"), 0, 1), "gain = nan"),
        (lambda: first_sign_change(lambda x: x, 0, 1, steps=0), "steps = 0"),
        (lambda: first_sign_change(lambda x: x, 0, 1, tolerance=-1), "tolerance = -1"),
    ],
)
def test_outside_its_domain_a_parameter_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()
