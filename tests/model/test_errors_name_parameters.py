"""An error names the parameter that the caller gave, also where a called function found it."""

from __future__ import annotations

import math

import pytest

from helpers.model_records import DEALS
from patient_capital.model.common.checks import DomainError, renamed
from patient_capital.model.returns import stopped_growth
from patient_capital.model.returns.deal_returns import bin_shares


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda: stopped_growth.stopped_growth_survival(2.0, 0.2, 0.3, start=-1.0), "start"),
        (lambda: bin_shares(DEALS, [math.nan, 2.0]), "edges"),
    ],
)
def test_the_error_names_what_the_caller_gave(call, parameter):
    with pytest.raises(DomainError) as raised:
        call()
    assert raised.value.parameter == parameter


def test_only_the_named_parameter_is_renamed_and_other_errors_pass():
    def fail(parameter):
        with renamed(rate="finance_rate"):
            raise DomainError(parameter, -2.0, "must lie above -1")

    with pytest.raises(DomainError, match=r"^finance_rate = -2\.0: must lie above -1$"):
        fail("rate")
    with pytest.raises(DomainError, match=r"^flows = "):
        fail("flows")
    with pytest.raises(KeyError), renamed(rate="finance_rate"):
        raise KeyError("rate")
