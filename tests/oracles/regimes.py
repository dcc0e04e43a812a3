"""What ways to invest are worth, by plain portfolios."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import log

import numpy as np
from scipy.stats import binom, norm

from oracles import fund, returns, selection

PRIVATE, DIRECTED, PATIENT, NATIONAL = "private_fund", "directed_fund", "patient_fund", "national_fund"


ROWS = (PRIVATE, DIRECTED, PATIENT, NATIONAL)
POINT = 0.002
"""Percentage points of a value or a rate that the steps of the plain portfolios may cost."""


def flows_of_markets(raw):
    """Money after over money before if all that was announced came: in early stages, and in the whole market."""
    comparators = raw("comparators")
    invested = float(comparators["china_invest_2023"]["amount"])
    early = invested * float(comparators["stage_early_h1_2025"]["amount"]) / 100
    announced = float(raw("funds")["cn_nvcgf"]["announced_cny_bn"]) / 10
    floor = float(raw("fund_rules")["nvcgf_early"]["value"]) / 100
    return {"own": 1.0, "early": 1 + announced * floor / early, "whole": 1 + announced / invested}


def picked_payoff(p, picked, skill):
    """Payoff of the sectors with the highest priorities over that of all, summed over the normal priority."""
    sectors, sd = round(p["sel_sectors"]), p["sel_sector_sd"]
    priority = np.linspace(-9, 9, 3601)
    among = binom.cdf(picked - 1, sectors - 1, norm.sf(priority))
    payoff = np.exp(sd * skill * priority - (sd * skill) ** 2 / 2)
    return sectors / picked * float(norm.pdf(priority) * among @ payoff) * 0.005


@cache
def _screening(key, rule):
    p = dict(key)
    return selection.mean_funded(p, rule) / selection.mean_funded(p, "average")


class World:
    """The tables of the book as plain numbers, and what a regime is worth in them."""

    def __init__(self, raw, p=None, deals=None):
        self.p = returns.values(raw) if p is None else p
        self.deals = fund.deals_of(self.p) if deals is None else deals
        self.regimes = {key: dict(row) for key, row in raw("regimes").items()}
        self.flow = flows_of_markets(raw)

    def classes(self, row, elasticity=None, **other):
        """Return the shares of losing deals and of large successes that a regime meets; `other` are cells of its row."""
        p, cell = self.p, self.regimes[row] | other
        elasticity = p["sel_flow_eps"] if elasticity is None else elasticity
        ratio = 1 + (self.flow[cell["market_entered"]] - 1) * round(p["sel_sectors"]) / int(cell["sectors_picked"])
        good = p["vr_share_ge5"] * ratio**-elasticity
        refused = p["sel_top_decline"] * float(cell["state_share"])
        good = good * (1 - refused) / (1 - good * refused)
        return p["vr_loss_share"] * (1 - good) / (1 - p["vr_share_ge5"]), good

    def fund(self, row, *, elasticity=None, skill=None, sale=None, soft=None, payoff=1.0, **other):
        """Return the flows of a regime's fund; `other` are cells of its row."""
        p, cell = self.p, self.regimes[row] | other
        skill = p["sel_pick_corr"] if skill is None else skill
        sectors, picked, state = round(p["sel_sectors"]), int(cell["sectors_picked"]), float(cell["state_share"])
        lost, good = self.classes(row, elasticity, **other)

        base = self.deals
        tail = returns.pareto_mean(base.index, 5.0, base.cap)
        of_winners = ((1 - lost - good) * p["vr_mid_mean"] + good * tail) / (1 - lost)
        concentration = (1 / picked - 1 / sectors) / (1 - 1 / sectors)
        payoff *= _screening(tuple(p.items()), cell["screening_rule"]) * picked_payoff(p, picked, skill)
        payoff *= 1 + p["sel_coordination"] * concentration
        payoff *= 1 if cell["reaches_scale"] == "true" else 1 - p["sel_scale_share"]
        # Where deals are so thin that even exits from the money put in have a higher mean, they begin there.
        of_winners = max(of_winners, returns.pareto_mean(base.index, 1.0, base.cap))
        deals = replace(base, loss_share=lost, start=fund.start_for(of_winners, base.index, base.cap), payoff=payoff)
        terms = fund.Terms(
            horizon=float(cell["horizon_years"]),
            investing=float(cell["investment_years"]),
            fee=p["fm_fee"],
            carry=p["fm_carry"],
            sale=p["fm_forced_sale"] if sale is None else sale,
            soft=(p["fm_soft_budget"] if soft is None else soft) * state,
            delay=3 * p["fm_idle_share"] * state,
        )
        return fund.plain_fund(deals, terms)

    def worth(self, row, rate="fm_bond_coupon", **changes):
        """Percent of the money paid in."""
        return 100 * self.fund(row, **changes).worth(self.p[rate])

    def implied_elasticity(self):
        """Fall of the share of large successes when screeners fund as much more as money comes."""
        p, ratio = self.p, self.flow["early"]
        before, after = (
            selection.caught(p, "average", 5.0, budget) / budget
            for budget in (p["sel_budget"], p["sel_budget"] * ratio)
        )
        return -log(after / before) / log(ratio)


EXPECTED = {
    "loss_national_fund": (lambda world: -world.worth(NATIONAL), POINT),
    "tail_assumed": (lambda world: 100 * world.p["vr_share_ge5"], 1e-9),
    "flow_implied": (lambda world: world.implied_elasticity(), 1e-5),
    "flow_ratio": (lambda world: world.flow["early"], 1e-9),
}
"""Each number with its second computation and the tolerance in its own unit."""
FAMILIES = {
    "regime_rate": (lambda world, row: 100 * world.fund(row).rate(), POINT),
    "regime_multiple": (lambda world, row: world.fund(row).multiple(), 2e-5),
    "regime_worth_bond": (lambda world, row: world.worth(row), POINT),
    "regime_worth_public": (lambda world, row: world.worth(row, "fm_public_rate"), POINT),
}


BREAK_EVENS = {
    "skill_patient_fund": lambda world, at: (world.worth(DIRECTED, skill=at), world.worth(PATIENT, skill=at)),
    "skill_national_fund": lambda world, at: (world.worth(DIRECTED, skill=at), world.worth(NATIONAL, skill=at)),
    "flow_patient_fund": lambda world, at: (0.0, world.worth(PATIENT, elasticity=at)),
    "soft_switch": lambda world, at: (world.worth(DIRECTED, soft=0.0), world.worth(PATIENT, soft=at / 100)),
    "sale_switch": lambda world, at: (world.worth(DIRECTED, sale=at / 100), world.worth(NATIONAL, sale=at / 100)),
}
"""What is equal at each break-even: on the left what gains beyond it."""
CLAIMS = ("national_never", "like_directed", "hardly_any_skill", "none_pays_public")
COVERED = {f"model.{name}" for name in (*EXPECTED, *FAMILIES, *BREAK_EVENS, *CLAIMS)}
