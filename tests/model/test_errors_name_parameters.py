"""An error names the parameter that the caller gave, also where a called function found it."""

from __future__ import annotations

import math

import pytest

from helpers.model_records import DEALS
from patient_capital.model.common.checks import DomainError, renamed
from patient_capital.model.credit import credit_access, iso_access, rationing
from patient_capital.model.fund import cash_flows, fund_horizon, loss_ceilings
from patient_capital.model.fund.fund_terms import FundTerms
from patient_capital.model.fund.losers import Losers
from patient_capital.model.fund.winners import Winners
from patient_capital.model.returns import stopped_growth
from patient_capital.model.returns.deal_returns import bin_shares

WINNERS = Winners(growth=0.36, start=1.76, tail_index=1.31, cap=300.0)
LOSERS = Losers(share=0.65, mean=0.3, fail_hazard=0.143)
TERMS = FundTerms(
    horizon=10.0,
    investment_years=5.0,
    fee_rate=0.02,
    carry=0.2,
    deployment_delay=0.0,
    raised_share=1.0,
    forced_sale=0.6,
    soft_budget=0.0,
)
FUND = (WINNERS, LOSERS, TERMS)


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda: stopped_growth.stopped_growth_survival(2.0, 0.2, 0.3, start=-1.0), "start"),
        (lambda: credit_access.recovery_for_access(0.5, 0.06, 0.7, 0.04, 0.025, low=math.nan), "low"),
        (lambda: fund_horizon.gain_from_waiting(*FUND, short=-1.0, long=20.0, rate=0.02), "short"),
        (lambda: fund_horizon.gain_from_waiting(*FUND, short=10.0, long=math.nan, rate=0.02), "long"),
        (lambda: fund_horizon.break_even_soft_budget(*FUND, short=10.0, long=-1.0, rate=0.02), "long"),
        (lambda: rationing.rationing_slope(-0.1, 0.05, 0.2, 0.3, 50.0), "base_rate"),
        (lambda: cash_flows.terminal_wealth([-1.0, 2.0], math.nan), "reinvestment_rate"),
        (lambda: cash_flows.modified_internal_rate([-1.0, 2.0], math.nan, 0.02), "reinvestment_rate"),
        (lambda: cash_flows.modified_internal_rate([-1.0, 2.0], 0.02, math.nan), "finance_rate"),
        (lambda: bin_shares(DEALS, [math.nan, 2.0]), "edges"),
        (lambda: iso_access.access_gain_from_signal(0.06, 0.7, 0.4, 0.02), "better_auc"),
        (lambda: iso_access.access_gain_from_recovery(0.06, 0.7, 0.04, 0.025, 0.2, -0.1), "better_recovery"),
        (lambda: iso_access.auc_worth_recovery(0.06, 0.7, 0.04, 0.025, 0.2, math.nan), "better_recovery"),
        (lambda: loss_ceilings.fund_rule_probability(DEALS, 30, 1.5), "ceiling"),
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
