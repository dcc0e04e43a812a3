"""Loans without collateral: what a lender bears, whom a signal serves, and whom a guarantee serves."""

from patient_capital.model.credit.credit_access import auc_for_access, bad_share_for_access
from patient_capital.model.credit.lending import (
    break_even_default,
    break_even_loan_rate,
    expected_return,
    guaranteed_recovery,
)
from patient_capital.model.credit.screening import (
    Screening,
    access,
    cutoff_signal,
    non_performing_share,
    screen,
    signal_separation,
)

__all__ = ["expected_return", "break_even_default", "break_even_loan_rate", "guaranteed_recovery"]
__all__ += ["signal_separation", "cutoff_signal", "access", "non_performing_share", "Screening", "screen"]
__all__ += ["auc_for_access"]
__all__ += ["bad_share_for_access"]
