"""Entry, welfare and learning, recomputed from the payoffs of the regions and the rows of the tables."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq, minimize_scalar

WEIGHTS = {"0": 0.0, "5": 0.05, "8": 0.08}


def price_gap(firms):
    """Price less cost, which is also the output of a firm, in a market of size and slope one."""
    return 1 / (firms + 1)


def firms_founded(cost, weight, regions):
    """Firms of all regions where the first-order condition of each holds and all are equal."""

    def condition(firms):
        own = firms / regions
        profit, output = price_gap(firms) ** 2, price_gap(firms)
        return profit - 2 * own * output**3 + weight * (output - own * output**2) - cost

    return brentq(condition, 1e-6, 1e4, xtol=1e-13)


def producers(firms, cost):
    return firms * (price_gap(firms) ** 2 - cost)


def consumers(firms):
    return (firms * price_gap(firms)) ** 2 / 2


def welfare(firms, home, cost):
    return producers(firms, cost) + home * consumers(firms)


def best_welfare(cost):
    found = minimize_scalar(
        lambda n: -welfare(n, 1.0, cost), bounds=(0.1, 100), method="bounded", options={"xatol": 1e-10}
    )
    return -found.fun


def free_entry(cost, borne=1.0):
    return brentq(lambda n: price_gap(n) ** 2 - borne * cost, 1e-9, 1e6)


def switch(p, weight):
    one, many = (firms_founded(p["oc_F"], weight, regions) for regions in (1, round(p["oc_regions"])))
    return brentq(lambda home: welfare(many, home, p["oc_F"]) - welfare(one, home, p["oc_F"]), 0, 1)


def relative(p, weight, regions):
    firms = firms_founded(p["oc_F"], weight, regions)
    return 100 * welfare(firms, 1.0, p["oc_F"]) / best_welfare(p["oc_F"])


def weight_limit(p):
    def lead(weight):
        one, many = (firms_founded(p["oc_F"], weight, regions) for regions in (1, round(p["oc_regions"])))
        return welfare(many, 1.0, p["oc_F"]) - welfare(one, 1.0, p["oc_F"])

    return brentq(lead, 0.01, 0.3)


def learned(firms, years, cost, entry, experience, rate, discount, spillover):
    """Producer surplus and consumer surplus over the years, each discounted to the first; a loop."""
    exponent, knows, made, gained = np.log2(1 / (1 - rate)), experience, 0.0, 0.0
    for year in range(years):
        now = cost * (knows / experience) ** -exponent
        each = (1 + cost - now) / (firms + 1)
        made += firms * (each**2 - entry) / (1 + discount) ** year
        gained += (firms * each) ** 2 / 2 / (1 + discount) ** year
        knows += each + spillover * (firms - 1) * each
    return made, gained


def learned_lead(p, spillover):
    """Lead of many regions over one as a function of the home share."""
    gaps = [
        learned(
            firms_founded(p["oc_F"], p["oc_v"], regions),
            round(p["oc_periods"]),
            p["oc_cost"],
            p["oc_F"],
            p["oc_experience"],
            p["oc_lr_solar"],
            p["fm_public_rate"],
            spillover,
        )
        for regions in (round(p["oc_regions"]), 1)
    ]
    return lambda home: gaps[0][0] - gaps[1][0] + home * (gaps[0][1] - gaps[1][1])


def subsidy(p, use):
    """Share of the entry cost that must be paid for plants sized for free entry to run at some use."""
    planned = free_entry(p["oc_F"])

    def excess(paid):
        return (planned + 1) / (free_entry(p["oc_F"], 1 - paid) + 1) - use

    return 100 * brentq(excess, 0, 0.99, xtol=1e-13)


EXPECTED = {
    **{f"home_switch_{name}": (lambda p, weight=weight: 100 * switch(p, weight)) for name, weight in WEIGHTS.items()},
    "weight_limit": weight_limit,
    "home_switch_learning": lambda p: 100 * brentq(learned_lead(p, 1.0), 0, 1),
    "ship_utilisation": lambda p: (
        100 * (free_entry(p["oc_F"]) + 1) / (free_entry(p["oc_F"]) * (1 + p["oc_ship_entryrise"]) + 1)
    ),
    "ship_rise": lambda p: 100 * p["oc_ship_entryrise"],
    "entry_at_half_use": lambda p: (
        100 * (((free_entry(p["oc_F"]) + 1) / p["oc_util_solar"] - 1) / free_entry(p["oc_F"]) - 1)
    ),
    "subsidy_full": lambda p: subsidy(p, p["oc_util_solar"]),
    "subsidy_normal": lambda p: subsidy(p, p["oc_util_solar"] / p["oc_normal_use"]),
    "game_utilisation": lambda p: (
        100 * (free_entry(p["oc_F"]) + 1) / (firms_founded(p["oc_F"], p["oc_v"], round(p["oc_regions"])) + 1)
    ),
}
"""Each number with its second computation."""
HOME = ("home_solar", "home_cars", "home_robots")
CLAIMS = ("solar_below_switch", "learning_alone")
COVERED = {f"model.{name}" for name in (*EXPECTED, *HOME, *CLAIMS)}
