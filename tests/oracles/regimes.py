"""What ways to invest are worth, by plain portfolios."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import expm1, log, log1p, sqrt

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
    """Mean of what a rule funds over that of the average, from the pool behind deals that the average had funded."""
    p = dict(key)
    if rule == "average":
        return 1.0
    _, share, _ = selection.ladder(p)
    chosen = selection.accepted(p, "average") * share
    rank = np.clip((np.cumsum(chosen) - chosen / 2) / chosen.sum(), 0, 1)
    multiple = returns.quantile(p, rank)
    other = selection.accepted(p, rule) * share
    return float((multiple @ other) / other.sum() / (multiple @ chosen / chosen.sum()))


def variance(p, lost, good, index):
    """Variance of a multiple whose classes have these shares, summed over ranks fine at the top."""
    of_deals = p | {"vr_loss_share": lost, "vr_share_ge5": good, "tail_index": index}
    edges = 1 - np.concatenate((np.linspace(1, 1e-3, 200_001), np.geomspace(1e-3, 1e-12, 100_001)[1:], [0.0]))
    multiple = returns.quantile(of_deals, (edges[1:] + edges[:-1]) / 2)
    weight = np.diff(edges)
    mean = float(multiple @ weight)
    return float(multiple**2 @ weight) - mean**2, mean


class World:
    """The tables of the book as plain numbers, and what a regime is worth in them."""

    def __init__(self, raw, p=None, deals=None, early=None):
        self.raw = raw
        self.p = returns.values(raw) if p is None else p
        self.deals = fund.deals_of(self.p) if deals is None else deals
        self.regimes = {key: dict(row) for key, row in raw("regimes").items()}
        self.flow = flows_of_markets(raw)
        if early is not None:
            # A larger market today makes the same money a smaller rise.
            central = returns.values(raw)["fm_early_share_cn"]
            self.flow = self.flow | {"early": 1 + (self.flow["early"] - 1) * central / early}

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
        funds_of_funds = cell["fee_layers"] == "2"
        judged = p["sel_layers_judge"] if funds_of_funds else 1.0
        payoff *= 1 + judged * (_screening(tuple(p.items()), cell["screening_rule"]) - 1)
        payoff *= picked_payoff(p, picked, skill)
        payoff *= 1 + p["sel_coordination"] * concentration
        payoff *= 1 if cell["reaches_scale"] == "true" else 1 - p["sel_scale_share"]
        # Where deals are so thin that even exits from the money put in have a higher mean, all exits bring less.
        lowest = returns.pareto_mean(base.index, 1.0, base.cap)
        start = fund.start_for(max(of_winners, lowest), base.index, base.cap)
        payoff *= min(of_winners / lowest, 1.0)
        deals = replace(base, loss_share=lost, start=start, payoff=payoff)
        years = max(float(cell["horizon_years"]) / p["vr_years_per_exit_year"], 1)
        shock = log1p(expm1(p["vr_shock_sd"] ** 2) / years) + log1p(expm1(p["sel_sector_sd"] ** 2) / picked)
        spread, mean = variance(p, lost, good, base.index)
        luck = log1p(spread / mean**2 / int(cell["deals_per_fund"]))
        terms = fund.Terms(
            horizon=float(cell["horizon_years"]),
            investing=float(cell["investment_years"]),
            fee=p["fm_fee"],
            carry=p["fm_carry"],
            sale=p["fm_forced_sale"] if sale is None else sale,
            soft=(p["fm_soft_budget"] if soft is None else soft) * state,
            delay=3 * p["fm_idle_share"] * state,
            fee_years=float(cell["fee_years"]),
            upper_fee=p["fm_upper_fee"] * funds_of_funds,
            upper_carry=p["fm_upper_carry"] * funds_of_funds,
            luck=sqrt(luck + shock),
            upper_luck=sqrt(shock),
        )
        return fund.plain_fund(deals, terms)

    def worth(self, row, rate="fm_bond_coupon", **changes):
        """Percent of the money paid in."""
        return 100 * self.fund(row, **changes).worth(self.p[rate])

    def implied_elasticity(self):
        """Fall of the share of large successes when screeners fund as much more of the pool as money comes."""
        p, ratio = self.p, self.flow["early"]
        _, share, _ = selection.ladder(p)
        first, more = (
            selection.accepted(p, "average", budget) * share for budget in (p["sel_budget"], p["sel_budget"] * ratio)
        )
        rank = np.cumsum(first) / first.sum()
        good = np.searchsorted(rank, 1 - p["vr_share_ge5"])
        return -log(more[good:].sum() / more.sum() / p["vr_share_ge5"]) / log(ratio)


def partner_price(world):
    """Percent: what a manager gives up, in million yuan, over half of the largest mean size of a sub-fund."""
    rate, size = (
        float(world.raw(table)[row][column])
        for table, row, column in (("fx", "usdcny_2025-03-06", "cny_per_usd"), ("fund_rules", "nvcgf_subsize", "value"))
    )
    return 100 * world.p["sel_wtp"] * rate / (0.5 * size)


EXPECTED = {
    "flow_ratio": (lambda world: world.flow["early"], 1e-9),
    "state_partner_price": (partner_price, 1e-9),
    "ship_gain": (lambda world: world.p["oc_ship_return"], 1e-9),
    "bond_coupon": (lambda world: 100 * world.p["fm_bond_coupon"], 1e-9),
    "public_rate": (lambda world: 100 * world.p["fm_public_rate"], 1e-9),
}
"""Each number with its second computation and the tolerance in its own unit."""
FAMILIES = {"regime_multiple": (lambda world, row: world.fund(row).multiple(), 2e-4)}
CLAIMS = ("price_is_half",)
LEADS = ("like_directed_patient", "like_directed_national", "like_patient_national")
CHANGED = (*(f"patient_with_{name}" for name in ("partners", "life", "list", "tickets")), "directed_with_all")
LIKE_TERMS = {
    *(
        f"{lead}{end}"
        for lead in LEADS
        for end in ("", "_span", "_above")
        if end == "_above" or "directed_n" not in lead
    ),
    *(f"{name}{end}" for name in CHANGED for end in ("", "_span")),
    *("like_favours_directed", "partners_and_life_carry", "tickets_not_picking"),
}
"""What stands on draws that are made again: computed anew, one by one, in a test of its own."""
SEEN = ("fund_value_cn", "fund_value_us", "fund_paid_out_cn", "fund_paid_out_us")
"""What a data firm saw of whole funds: cells, which a test reads again."""
COVERED = {f"model.{name}" for name in (*EXPECTED, *FAMILIES, *CLAIMS, *LIKE_TERMS, *SEEN)}
