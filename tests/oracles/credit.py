"""Who gets a loan, from the chance of default given the signal."""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm


def bearable(p, recovery, rate="cr_rate_2025"):
    """Chance of default at which what a loan brings just pays for the money and the work."""
    return brentq(lambda d: (1 - d) * (1 + p[rate]) + d * recovery - 1 - p["cr_rho"], 0, 1)


def default_given(signal, bad, distance):
    """Chance that an applicant with this signal defaults; signals of good firms lie higher by the distance."""
    odds = np.log(bad / (1 - bad)) + norm.logpdf(signal) - norm.logpdf(signal - distance)
    return 1 / (1 + np.exp(-odds))


def served(bad, auc, limit):
    """Shares of the pool that get a loan and of the loans that default."""
    distance = sqrt(2) * norm.ppf(auc)
    cut = brentq(lambda x: default_given(x, bad, distance) - limit, -60, 60, xtol=1e-12)
    good, lost = (1 - bad) * norm.sf(cut - distance), bad * norm.sf(cut)
    return good + lost, lost / (good + lost)


def access(p, recovery, auc="cr_auc_bank"):
    return served(p["cr_mu"], p[auc], bearable(p, recovery))[0]


def guaranteed(p):
    return 1 - (1 - p["cr_R_none"]) * (1 - p["cr_guarantee"])


def auc_worth_collateral(p):
    limit, wanted = bearable(p, p["cr_R_none"]), access(p, p["cr_R_tang"])
    return brentq(lambda auc: served(p["cr_mu"], auc, limit)[0] - wanted, 0.6, 0.95, xtol=1e-12)


def bad_share_for(p, observed):
    limit = bearable(p, p["cr_R_none"])
    return brentq(lambda bad: served(bad, p["cr_auc_bank"], limit)[0] - observed, 1e-4, 0.2, xtol=1e-12)


EXPECTED = {
    "access_none": lambda p: 100 * access(p, p["cr_R_none"]),
    "access_collateral": lambda p: 100 * access(p, p["cr_R_tang"]),
    "access_guarantee": lambda p: 100 * access(p, guaranteed(p)),
    "access_data": lambda p: 100 * access(p, p["cr_R_none"], "cr_auc_data"),
    "access_observed": lambda p: 100 * p["cr_access_2024"],
    "guarantee_share": lambda p: 100 * p["cr_guarantee"],
    "gap_collateral": lambda p: 100 * (access(p, p["cr_R_tang"]) - access(p, p["cr_R_none"])),
    "gap_observed": lambda p: 100 * (p["cr_access_hnte"] - p["cr_access_2024"]),
    "auc_worth_collateral": auc_worth_collateral,
    "bad_share_needed": lambda p: 100 * bad_share_for(p, p["cr_access_2024"]),
}
"""Each number with its second computation."""
CLAIMS = ("signal_as_good_as_collateral",)
COVERED = {f"model.{name}" for name in (*EXPECTED, *CLAIMS)}
