"""What the model says to each observed target, and the verdict."""

from __future__ import annotations

import itertools
from math import log
from statistics import stdev

import numpy as np
from scipy.stats import expon, norm

from oracles import capacity, credit, fund, returns

LIFE = 12
COUNTS = {"held_out": None, "passed": "pass", "near": "near", "missed": "miss"}
DECIDES = ("national", "patient", "lead", "waiting")
COVERED = {f"model.targets_{name}" for name in COUNTS} | {f"model.decides_{name}" for name in DECIDES}


def gains_of_best(p, fraction=0.05):
    """Gains of the best deals over the gains of all deals that return more than was paid in; by ranks."""
    rank = (np.arange(2_000_000) + 0.5) / 2_000_000
    gain = np.maximum(returns.quantile(p, rank) - 1, 0)
    return gain[rank > 1 - fraction].sum() / gain.sum()


def dpi_at_ten(p, reading="middle"):
    flows = fund.fund_of(p, 20, reading)
    return flows.received[:40].sum() / flows.calls[:40].sum()


def documented(raw, row):
    """Say whether a page that not just anybody can write tells of a row."""
    kinds = {key: source["kind"] for key, source in raw("sources").items()}
    return any(kinds[key] not in {"blog", "code_sharing", "social"} for key in row["source_keys"].split(";"))


def met_target(raw, scale=1.0):
    """Chance to raise the target where the ratio is lognormal with the mean of 2020 and the spread of first phases."""
    phases = [
        log(float(r["first_close_cny_bn"]) / float(r["announced_cny_bn"]))
        for r in raw("funds").values()
        if r["level"] in {"provincial", "municipal", "district"}
        and r["kind"] == "fund"
        and r["umbrella"] == "false"
        and r["theme"] == "ai_robot_data"
        and r["announced_on"][:4] >= "2023"
        and r["announced_cny_bn"]
        and r["first_close_cny_bn"]
        and documented(raw, r)
    ]
    spread = scale * stdev(phases)
    return norm.sf(0, loc=log(returns.values(raw)["fm_raised_2020"]) - spread**2 / 2, scale=spread)


def exit_gap(refusal):
    """All exits come from the best tenth; refused deals are replaced by others of those that accept."""
    accepted = 0.1 * (1 - refusal)
    return accepted / (accepted + 0.9) / 0.1 - 1


def subsidy(p, home):
    firms = capacity.firms_founded(p["oc_F"], p["oc_v"], round(p["oc_regions"]))
    outlay = firms * (p["oc_F"] - capacity.price_gap(firms) ** 2)
    return home * (capacity.consumers(firms) - capacity.consumers(capacity.free_entry(p["oc_F"]))) / outlay


def stealing(cost):
    """Of what one firm more produces, the part by which all others together produce less."""
    firms, more = capacity.free_entry(cost), 1e-6
    added = (firms + more) * capacity.price_gap(firms + more) - firms * capacity.price_gap(firms)
    return 1 - added / (more * capacity.price_gap(firms))


def next_year(p, guarantee):
    pool = credit.bad_share_for(p, p["cr_access_2024"])
    recovery = 1 - (1 - p["cr_R_none"]) * (1 - guarantee)
    return credit.served(pool, p["cr_auc_bank"], credit.bearable(p, recovery))[0]


def collateral(p):
    return credit.access(p, p["cr_R_tang"]) - credit.access(p, p["cr_R_none"])


def data_defaults(p, recovery):
    return credit.served(p["cr_mu"], p["cr_auc_data"], credit.bearable(p, p[recovery]))[1]


def defaults_2020(p):
    return credit.served(p["cr_mu"], p["cr_auc_bank"], credit.bearable(p, p["cr_R_none"], "cr_rate_2020"))[1]


class Plain:
    """Each target's central value and the ends of its span, from plain computations."""

    def __init__(self, raw):
        self.raw, self.p = raw, returns.values(raw)

    def over(self, outcome, *parameters):
        corners = itertools.product(*(returns.ends(self.raw, name) for name in parameters))
        found = [outcome(self.p | dict(zip(parameters, corner, strict=True))) for corner in corners]
        central = outcome(self.p)
        return central, min(*found, central), max(*found, central)

    def readings(self, outcome):
        both = [outcome(reading) for reading in ("money", "exits")]
        return outcome("middle"), min(both), max(both)

    def stored(self, what, scale=1.0):
        rows = self.raw("model_runs")
        both = [scale * float(rows[f"funds_{what}_{years}"]["value"]) for years in ("spread", "one_year")]
        return both[0], min(both), max(both)

    def joint(self, name):
        rows = self.raw("model_runs")
        low, middle, high = (float(rows[f"joint_{name}_{label}"]["value"]) / 100 for label in ("low", "median", "high"))
        return middle, low, high

    def of(self, central, *ends):
        return central, min(central, *ends), max(central, *ends)


SECOND = {
    "VT04": (lambda t: t.over(returns.mean_multiple, "vr_cap", "vr_low_mean", "vr_mid_mean"), 1e-6),
    "VT31": (lambda t: t.over(gains_of_best, "vr_cap", "vr_mid_mean"), 1e-3),
    "VT06": (lambda t: t.over(lambda p: expon.cdf(5, scale=1 / p["vr_fail_hazard"]), "vr_fail_hazard"), 1e-9),
    "VT07": (lambda t: t.readings(lambda reading: dpi_at_ten(t.p, reading)), 1e-4),
    "VT09": (lambda t: t.stored("mean"), 1e-9),
    "VT10": (lambda t: t.stored("above_two", 0.01), 1e-9),
    "VT12": (lambda t: t.of(*(met_target(t.raw, scale) for scale in (1, 0.5, 2))), 1e-9),
    "VT14": (lambda t: t.over(lambda p: exit_gap(p["sel_top_decline"]), "sel_top_decline"), 1e-9),
    "VT19": (lambda t: t.over(lambda p: subsidy(p, p["oc_home"]), "oc_home"), 1e-6),
    "VT21": (lambda t: t.over(lambda p: stealing(p["oc_F"]), "oc_F"), 1e-5),
    "VT25": (lambda t: t.over(lambda p: credit.access(p, p["cr_R_none"]), "cr_mu", "cr_auc_bank", "cr_R_none"), 1e-6),
    "VT26": (lambda t: t.of(*(next_year(t.p, share) for share in (t.p["cr_guarantee"], 0.0))), 1e-6),
    "VT27": (lambda t: t.over(collateral, "cr_mu", "cr_auc_bank"), 1e-6),
    "VT28": (lambda t: t.of(*(data_defaults(t.p, kept) for kept in ("cr_R_none", "cr_R_tang"))), 1e-6),
    "VT29": (lambda t: t.over(defaults_2020, "cr_mu", "cr_auc_bank"), 1e-6),
    "VT30": (lambda t: t.readings(lambda reading: fund.net_rate(t.p, LIFE, reading) / 100), 1e-4),
    "VT32": (lambda t: t.readings(lambda reading: fund.fund_of(t.p, 25, reading).paid_back()), 1e-9),
    "VT33": (lambda t: t.over(lambda p: fund.fund_of(t.p, 10, fee=p["fm_fee"]).fees, "fm_fee"), 1e-4),
    "VT34": (lambda t: t.joint("left_2014"), 1e-9),
}
"""Each target with its second computation and the relative tolerance."""


def verdict(plain, row, target):
    observed = float(row["low"]), float(row["high"])
    central, low, high = SECOND[target][0](plain)
    if observed[0] <= central <= observed[1]:
        return "pass"
    return "near" if low <= observed[1] and high >= observed[0] else "miss"
