"""The tail of venture returns from the published shares, with scipy alone."""

from __future__ import annotations

from math import exp, inf, log, log1p, sqrt

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.stats import chi2, norm

EDGES = np.array([0.0, 1.0, 5.0, 10.0, 20.0, 50.0])
TAIL = EDGES[2:]
UNITS = np.array([0.01, 0.005, 0.005, 0.005])


def values(raw):
    return {key: float(row["value"]) for key, row in raw("parameters").items() if row["value"]}


def ends(raw, parameter):
    row = raw("parameters")[parameter]
    return float(row["low"]), float(row["high"])


def shares(p):
    """Shares of all deals below 1, from 1 to 5, to 10, to 20, to 50, and above."""
    middle = 1 - p["vr_loss_share"] - p["vr_share_ge5"]
    first = p["vr_share_ge5"] - p["vr_share_ge10"]
    return np.array([p["vr_loss_share"], middle, first, p["vr_share_10_20"], p["vr_share_20_50"], p["vr_share_ge50"]])


def classes_of_tail(index, cap):
    """Chances of the four classes above 5 under a Pareto that ends at the cap."""
    survival = np.append((TAIL / 5) ** -index, 0.0 if cap == inf else (cap / 5) ** -index)
    survival = (survival - survival[-1]) / (1 - survival[-1])
    return survival[:-1] - survival[1:]


def likelihood(p, index, cap):
    return p["vr_financings"] * float(shares(p)[2:] @ np.log(classes_of_tail(index, cap)))


def fitted_index(p, cap):
    found = minimize_scalar(
        lambda a: -likelihood(p, a, cap), bounds=(0.3, 4), method="bounded", options={"xatol": 1e-11}
    )
    return float(found.x)


def own_index(p):
    """Return the tail index that belongs to the cap of the table, or one that is stated beside the parameters."""
    return p["tail_index"] if "tail_index" in p else fitted_index(p, p["vr_cap"])


def pareto_mean(index, start, cap):
    """Mean of a Pareto from start to cap, as the integral of the share above a multiple."""
    if cap == inf:
        return index * start / (index - 1)
    end = (cap / start) ** -index
    above, _ = quad(lambda logs: exp(logs) * ((exp(logs) / start) ** -index - end) / (1 - end), log(start), log(cap))
    return start + above


def mean_multiple(p, cap=None, index=None):
    cap = p["vr_cap"] if cap is None else cap
    index = fitted_index(p, cap) if index is None else index
    low, middle, tail = p["vr_loss_share"], 1 - p["vr_loss_share"] - p["vr_share_ge5"], p["vr_share_ge5"]
    return low * p["vr_low_mean"] + middle * p["vr_mid_mean"] + tail * pareto_mean(index, 5.0, cap)


def quantile(p, rank, index=None, cap=None):
    """Multiple of the deal at each rank: nothing, spread evenly below 1, a power from 1 to 5, then the tail."""
    cap = p["vr_cap"] if cap is None else cap
    index = own_index(p) if index is None else index
    lost, tail = p["vr_loss_share"], p["vr_share_ge5"]
    nothing = lost * (1 - 2 * p["vr_low_mean"])
    top = 1 - (1 - (cap / 5) ** -index) * (np.maximum(rank, 1 - tail) - 1 + tail) / tail
    power = (5 - p["vr_mid_mean"]) / (p["vr_mid_mean"] - 1)
    inside = np.clip((rank - lost) / (1 - lost - tail), 0, 1)
    return np.select(
        [rank < nothing, rank < lost, rank < 1 - tail],
        [0.0, (rank - nothing) / (lost - nothing), 1 + 4 * inside**power],
        5 * top ** (-1 / index),
    )


def lognormal(p):
    """Mean and spread of the log multiple that make the six published shares likeliest."""

    def classes(mean, spread):
        below = np.append(norm.cdf((np.log(EDGES[1:]) - mean) / spread), 1.0)
        return np.diff(below, prepend=0.0)

    found = minimize(
        lambda x: -float(shares(p) @ np.log(classes(x[0], exp(x[1])))),
        [-1.0, 0.5],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-13},
    )
    mean, spread = float(found.x[0]), exp(float(found.x[1]))
    expected = p["vr_financings"] * classes(mean, spread)
    return mean, spread, float(((p["vr_financings"] * shares(p) - expected) ** 2 / expected).sum())


def lognormal_top(p, fraction):
    """Share of all proceeds of the best deals, by the integral over the log multiple."""
    mean, spread, _ = lognormal(p)
    start = mean + spread * norm.isf(fraction)
    parts = [
        quad(lambda x: exp(x) * norm.pdf(x, mean, spread), a, b)[0]
        for a, b in ((start, mean + 12 * spread), (mean - 12 * spread, start))
    ]
    return parts[0] / sum(parts)


def misfit(p, cap):
    deals = p["vr_financings"] * shares(p)[2:]
    expected = deals.sum() * classes_of_tail(fitted_index(p, cap), cap)
    return float(((deals - expected) ** 2 / expected).sum())


def lowest_cap(p):
    """Where twice the loss of log likelihood from the best cap is the quantile of the test."""

    def best(cap):
        return likelihood(p, fitted_index(p, cap), cap)

    inverse = np.linspace(0, 0.019, 400)
    highest = max(best(1 / one if one else inf) for one in inverse)
    return brentq(lambda cap: highest - best(cap) - chi2.ppf(0.95, 1) / 2, 51, 290)


def textbook_error(p):
    """From the slopes of the chances of the classes at the fitted index, each slope a difference."""
    cap, step = p["vr_cap"], 1e-5
    index = fitted_index(p, cap)
    slopes = (classes_of_tail(index + step, cap) - classes_of_tail(index - step, cap)) / (2 * step)
    deals = p["vr_financings"] * p["vr_share_ge5"]
    return 1 / sqrt(deals * float((slopes**2 / classes_of_tail(index, cap)).sum()))


def honest_error(p, draws=6000):
    """Spread of the estimate over shares that print as published, drawn; and fewer independent deals."""
    rng = np.random.default_rng(5)
    drawn = shares(p)[2:] + UNITS * (rng.random((draws, 4)) - 0.5)
    grid = np.linspace(0.8, 2.2, 2801)
    logs = np.log([classes_of_tail(a, p["vr_cap"]) for a in grid])
    found = grid[np.argmax(drawn @ logs.T, axis=1)]
    inflation = 1 + (p["vr_rounds"] - 1) * p["vr_rounds_corr"]
    return sqrt(inflation * textbook_error(p) ** 2 + float(found.var()))


def top_tenth(p, cap):
    index = fitted_index(p, cap)
    return 100 * p["vr_share_ge5"] * pareto_mean(index, 5.0, cap) / mean_multiple(p, cap, index)


EXPECTED = {
    "tail_index_100": (lambda p: fitted_index(p, 100), 1e-7),
    "tail_index_300": (lambda p: fitted_index(p, 300), 1e-7),
    "tail_index_none": (lambda p: fitted_index(p, inf), 1e-7),
    "tail_misfit_100": (lambda p: misfit(p, 100), 1e-6),
    "lowest_cap": (lowest_cap, 1e-4),
    "tail_error": (honest_error, 0.03),
    "gross_mean": (mean_multiple, 1e-7),
    "top_10": (lambda p: top_tenth(p, p["vr_cap"]), 1e-7),
    "lognormal_mean": (lambda p: exp(lognormal(p)[0] + lognormal(p)[1] ** 2 / 2), 1e-5),
    "lognormal_misfit": (lambda p: lognormal(p)[2], 1e-5),
    "lognormal_years": (lambda p: (lognormal(p)[1] / p["vr_log_sd"]) ** 2, 1e-5),
    "shock_spread": (lambda p: sqrt(log1p((exp(p["vr_shock_sd"] ** 2) - 1) / 10)), 1e-12),
}
"""Each number with its second computation and the relative tolerance."""
SPANS = ("top_share_span",)
CLAIMS = ("two_thirds", "error_threefold")
COVERED = {f"model.{name}" for name in (*EXPECTED, *SPANS, *CLAIMS)}
