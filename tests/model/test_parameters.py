"""Parameters: records that check themselves, and the table of the book."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from patient_capital.model.common.checks import DomainError
from patient_capital.model.common.parameters import Parameter, Parameters, parameters_of

GOOD = Parameter("vr_x", "A share", 0.5, 0.2, 0.8, "share", "calibrate", "B", ("a_page",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": 0.9}, r"vr_x\.value = 0\.9: must lie in its span 0\.2 to 0\.8"),
        ({"value": float("nan")}, r"vr_x\.value = nan: must be a finite number"),
        ({"high": float("inf")}, r"vr_x\.high = inf: must be a finite number"),
        ({"low": -0.1}, r"vr_x\.low = -0\.1: a share lies between 0 and 1"),
        ({"high": 1.2}, r"vr_x\.high = 1\.2: a share lies between 0 and 1"),
        ({"grade": "E"}, r"vr_x\.grade = E: must be A, B, C or D"),
        ({"role": "assume"}, r"vr_x\.grade = B: an assumption has grade D"),
    ],
)
def test_a_wrong_parameter_names_itself_its_value_and_the_rule(change, message):
    with pytest.raises(DomainError, match=message):
        replace(GOOD, **change)


def test_a_parameter_cannot_be_changed_in_place_only_replaced():
    with pytest.raises(FrozenInstanceError):
        GOOD.value = 0.3
    assert GOOD.at(0.3).value == 0.3
    with pytest.raises(DomainError, match="span"):
        GOOD.at(0.9)


def test_parameters_are_a_mapping_that_names_what_it_lacks():
    known = Parameters({"vr_x": GOOD})
    assert list(known) == ["vr_x"]
    assert len(known) == 1
    assert known.value("vr_x") == 0.5
    assert known.values_of(["vr_x"]) == {"vr_x": 0.5}
    with pytest.raises(KeyError, match="there is no parameter 'vr_y'"):
        known["vr_y"]


def test_every_row_of_the_book_is_a_valid_parameter(book, raw):
    known = parameters_of(book.table("parameters").text)
    assert set(known) == set(raw("parameters"))
    for key, row in raw("parameters").items():
        assert known[key].value == float(row["value"])
        assert known[key].sources == tuple(row["source_keys"].split(";"))
        assert known[key].low <= known[key].value <= known[key].high
        assert known[key].assumed == (row["grade"] == "D")


def test_a_row_without_span_has_none():
    row = {
        "name": "n",
        "value": "2",
        "low": "",
        "high": "",
        "unit": "years",
        "role": "context",
        "grade": "C",
        "source_keys": "a;b",
    }
    made = parameters_of({"k": row})["k"]
    assert (made.low, made.high, made.sources) == (2.0, 2.0, ("a", "b"))
