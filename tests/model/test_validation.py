"""Comparisons: the verdict by its rule, and spans over corners."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.model.common.checks import DomainError
from patient_capital.model.common.validation import Comparison, span_over


@pytest.mark.parametrize(
    ("model", "low", "high", "verdict"),
    [
        (1.0, 0.9, 1.1, "pass"),
        (1.5, 1.4, 1.6, "miss"),
        (1.3, 1.1, 1.6, "near"),
        (0.5, 0.1, 0.8, "near"),
        (1.2, 1.2, 1.2, "pass"),
    ],
)
def test_verdict_follows_the_rule(model, low, high, verdict):
    assert Comparison(1.0, 0.8, 1.2, model, low, high).verdict == verdict


@given(st.floats(-5, 5), st.floats(0, 2), st.floats(0, 2), st.floats(-5, 5), st.floats(0, 2), st.floats(0, 2))
def test_a_wider_span_of_the_model_never_turns_a_near_miss_into_a_miss(seen, a, b, model, c, d):
    order = {"pass": 0, "near": 1, "miss": 2}
    tight = Comparison(seen, seen - a, seen + b, model, model - c, model + d).verdict
    wide = Comparison(seen, seen - a, seen + b, model, model - c - 1, model + d + 1).verdict
    assert order[wide] <= order[tight]


def test_a_value_outside_its_span_is_named():
    with pytest.raises(DomainError, match="model = 2: must lie in its span 0 to 1"):
        Comparison(1, 0, 2, 2, 0, 1)
    with pytest.raises(DomainError, match="observed = nan"):
        Comparison(float("nan"), 0, 2, 1, 0, 1)


def test_span_over_the_corners_of_two_parameters():
    assert span_over(lambda a, b, c: a * b + c, {"a": 2, "b": 3, "c": 1}, {"a": (1, 4), "b": (2, 3)}) == (7, 3, 13)
    assert span_over(lambda a: a, {"a": 2}, {}) == (2, 2, 2)
    with pytest.raises(DomainError, match="spans = z: must be one of a"):
        span_over(lambda a: a, {"a": 2}, {"z": (0, 1)})
