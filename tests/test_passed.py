"""What is passed to a figure: matched with its analysis functions, and compared with them by value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patient_capital.formatting import Range
from patient_capital.passed import bind, origin, same

FRAME = pd.DataFrame({"name": ["a", "b"], "amount": [1.0, np.nan]}, index=["x", "y"])


def frame_of(context):
    return FRAME.copy()


def median_of(context):
    return 2.5


GIVES = {"frame": frame_of, "median": median_of}
EXPECTED = {"frame": FRAME, "median": 2.5}


def bound(*args, **kwargs):
    return bind("test.figure", GIVES, EXPECTED, args, kwargs)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (FRAME.copy(), FRAME),
        (FRAME.assign(amount=FRAME["amount"] * (1 + 1e-12)), FRAME),
        (FRAME.astype({"name": "string"}), FRAME),
        (pd.DataFrame({"n": [1, 2]}), pd.DataFrame({"n": [1.0, 2.0]})),
        (2.5, 2.5),
        (np.float64(2.5), 2.5),
        (float("nan"), float("nan")),
        (Range(1, 2), Range(1, 2)),
        ("word", "word"),
        ((1.0, 2.0), (1.0, 2.0)),
    ],
)
def test_equal_values_are_the_same(passed, expected):
    assert same(passed, expected)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (FRAME.assign(amount=[1.0, 2.0]), FRAME),
        (FRAME.assign(amount=[1.001, np.nan]), FRAME),
        (FRAME.rename(index={"x": "z"}), FRAME),
        (FRAME.iloc[::-1], FRAME),
        (FRAME.iloc[:1], FRAME),
        (FRAME.assign(more=1), FRAME),
        (FRAME["amount"], FRAME),
        (2.6, 2.5),
        (None, 2.5),
        ("2.5", 2.5),
        (True, 1.0),
        (Range(1, 3), Range(1, 2)),
        ((1.0, 2.0), (1.0, 3.0)),
        ((1.0, 2.0), (1.0, 2.0, 3.0)),
        ("words", "word"),
    ],
)
def test_other_values_are_not(passed, expected):
    assert not same(passed, expected)


def test_attributes_of_a_frame_do_not_count():
    marked = FRAME.copy()
    marked.attrs["changed"] = True
    edited = FRAME.copy()
    edited.attrs = dict(FRAME.attrs)
    edited.loc["x", "amount"] = 5.0
    assert same(marked, FRAME)
    assert not same(edited, FRAME)


def test_what_is_not_passed_comes_from_the_book():
    passed = bound(FRAME.copy())
    assert passed.changed == ()
    assert passed.given["median"] == 2.5
    assert list(passed.given) == ["frame", "median"]


def test_a_changed_argument_is_named():
    assert bound(FRAME, median=3.0).changed == ("median",)
    assert bound(FRAME.assign(amount=0.0), 3.0).changed == ("frame", "median")


def test_a_later_edit_of_the_frame_does_not_reach_what_was_passed():
    frame = FRAME.copy()
    passed = bound(frame)
    frame.loc["x", "amount"] = 99.0
    assert passed.given["frame"].loc["x", "amount"] == 1.0


@pytest.mark.parametrize(
    ("args", "kwargs", "error", "told"),
    [
        ((), {}, TypeError, r"needs a frame: it is called as figure\(frame, median\)"),
        ((FRAME, 1.0, 2.0), {}, TypeError, r"takes 2 arguments \(frame, median\), not 3"),
        ((FRAME,), {"mean": 1.0}, TypeError, "no argument 'mean'; its arguments are: frame, median"),
        ((FRAME,), {"frame": FRAME}, TypeError, "got 'frame' twice"),
        (([1, 2],), {}, TypeError, r"a pandas DataFrame is needed, as .*frame_of\(book\) gives it, not list"),
        ((FRAME.drop(columns="amount"),), {}, ValueError, r"test\.figure, frame: the frame lacks amount; .*frame_of"),
        ((FRAME.iloc[:0],), {}, ValueError, "has no rows"),
    ],
)
def test_wrong_arguments_are_named(args, kwargs, error, told):
    with pytest.raises(error, match=told):
        bound(*args, **kwargs)


def test_origin_is_the_full_name_without_the_package():
    from patient_capital.analysis import funds

    assert origin(funds.guidance_stock) == "analysis.funds.guidance.guidance_stock"
