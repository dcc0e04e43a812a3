"""Loans without collateral: what a lender bears, whom a signal serves, and whom a guarantee serves."""

from patient_capital.model.credit.credit_access import *
from patient_capital.model.credit.iso_access import *
from patient_capital.model.credit.lending import *
from patient_capital.model.credit.rationing import *
from patient_capital.model.credit.screening import *

__all__ = ["expected_return", "break_even_default", "break_even_loan_rate", "guaranteed_recovery"]
__all__ += ["signal_separation", "cutoff_signal", "access", "non_performing_share", "lending_profit", "Screening"]
__all__ += ["screen"]
__all__ += ["marginal_default", "recovery_for_access", "guarantee_for_access", "auc_for_access", "bad_share_for_access"]
__all__ += ["IsoAccess", "iso_access_curve", "access_gain_from_signal", "access_gain_from_recovery"]
__all__ += ["auc_worth_recovery"]
__all__ += ["pool_default", "lender_return", "best_loan_rate", "rationing_slope"]
