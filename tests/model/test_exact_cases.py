"""The exact cases of the book's table, each against its printed digits, a calculation of its own, and its limits."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import binom, kstest, norm

import patient_capital.model as pc
from helpers.model_records import DEALS

SEED = 1906
EXACT = 1e-12


@dataclass(frozen=True)
class Case:
    """One row: its inputs by name, what it expects, and what its words say."""

    inputs: dict[str, tuple[float, ...]]
    expected: str
    tolerance: str
    note: str

    def __getitem__(self, name: str) -> float:
        (value,) = self.inputs[name]
        return value

    @property
    def size(self) -> float:
        """Give the number of the tolerance; an exact case is held to the rounding of a few operations."""
        first = self.tolerance.split()[0].rstrip(";")
        return EXACT if first == "exact" else float(first)

    def prints(self, *values: float) -> None:
        """Check values against the expected numbers, to half a unit of the last digit printed."""
        printed = [Decimal(part.strip()) for part in self.expected.split(";")]
        assert len(values) == len(printed)
        for value, digits in zip(values, printed, strict=True):
            # The last factor leaves room for the binary fraction of a number that ends in just half a unit.
            unit = 10.0 ** int(digits.as_tuple().exponent)
            assert abs(value - float(digits)) <= 0.5 * unit * (1 + 1e-6), f"{value} is not {digits}"

    def near(self, value: float, other: float) -> None:
        """Check a value against an independent one, to the tolerance of the row."""
        assert value == pytest.approx(other, rel=self.size, abs=0)


def parse_inputs(cell: str) -> dict[str, tuple[float, ...]]:
    """Read ``A=b=1; T=7 and 20`` as names with one number or more."""
    found: dict[str, tuple[float, ...]] = {}
    for part in cell.split(";"):
        *names, values = (piece.strip() for piece in part.split("="))
        found |= {name: tuple(float(value) for value in values.split(" and ")) for name in names}
    return found


Check = Callable[[Case], None]
CHECKS: dict[str, tuple[Check, str]] = {}


def check(row: str, tolerance: str) -> Callable[[Check], Check]:
    """Enter a check for a row, with the tolerance that it carries out."""

    def enter(function: Check) -> Check:
        CHECKS[row] = (function, tolerance)
        return function

    return enter


def mixture(tail_index: float = 1.331, cap: float = 300.0) -> pc.returns.DealReturns:
    return replace(DEALS, tail_index=tail_index, cap=cap)


@check("AT01", "1e-9 against quadrature")
def mean_of_a_capped_tail(case):
    a, x0, cap = case["a"], case["x0"], case["M"]
    mean = pc.returns.pareto_mean(a, x0, cap)
    case.prints(mean)
    # In logs both integrals are of one exponential.
    density, first = (quad(lambda s, k=k: math.exp((k - a) * s), math.log(x0), math.log(cap))[0] for k in (0, 1))
    case.near(mean, first / density)
    case.near(mean, a / (a - 1) * x0 * (1 - (x0 / cap) ** (a - 1)) / (1 - (x0 / cap) ** a))
    # The limit is slow, as the power of the cap is only a - 1.
    gaps = [a * x0 / (a - 1) - pc.returns.pareto_mean(a, x0, far) for far in (cap, 1e6, 1e12, 1e24, 1e36)]
    assert all(0 < far < near for near, far in pairwise(gaps))
    assert gaps[-1] < 1e-10
    assert pc.returns.pareto_mean(a, x0, math.inf) == pytest.approx(a * x0 / (a - 1), rel=EXACT)


@check("AT02", "exact")
def mean_of_a_tail_without_end(case):
    a, x0 = case["a"], case["x0"]
    mean = pc.returns.pareto_mean(a, x0)
    case.prints(mean)
    case.near(mean, a * x0 / (a - 1))
    # With y = x0 e^s the mean is an integral of one exponential.
    total, _ = quad(lambda s: a * math.exp((1 - a) * s), 0, math.inf, epsabs=0, epsrel=1e-12)
    assert mean == pytest.approx(x0 * total, rel=1e-9)
    above = [pc.returns.pareto_mean(1 + 10.0**-digits, x0) for digits in range(1, 10)]
    assert above == sorted(above)
    assert above[-1] > 1e9
    for index in (1.0, 0.9):
        with pytest.raises(pc.common.DomainError, match=rf"tail_index = {index}: "):
            pc.returns.pareto_mean(index, x0)


@check("AT04", "exact; Kolmogorov-Smirnov on draws")
def growth_stopped_at_an_exponential_time(case):
    growth, hazard, x, x0 = (case[name] for name in ("g", "h", "x", "x0"))
    share = pc.returns.stopped_growth_survival(x, growth, hazard, x0)
    case.prints(share)
    case.near(share, (x / x0) ** (-hazard / growth))
    case.near(share, math.exp(-hazard * math.log(x / x0) / growth))
    times = np.random.default_rng(SEED).exponential(1 / hazard, 40_000)
    drawn = x0 * np.exp(growth * times)
    assert kstest(drawn, lambda y: 1 - pc.returns.stopped_growth_survival(y, growth, hazard, x0)).pvalue > 0.01
    # The same draws reject the neighbouring indices, so the test can fail.
    for other in (0.95 * hazard, 1.05 * hazard):
        assert kstest(drawn, lambda y, h=other: 1 - pc.returns.stopped_growth_survival(y, growth, h, x0)).pvalue < 1e-4
    assert pc.returns.stopped_growth_tail_index(growth, hazard) == pytest.approx(hazard / growth)


@check("AT05", "exact")
def expected_multiple_of_winners(case):
    growth, hazard, sale = (case[name] for name in ("g", "h", "delta"))
    values = [pc.fund.expected_multiple(growth, hazard, horizon, sale) for horizon in case.inputs["T"]]
    case.prints(*values)
    for horizon, value in zip(case.inputs["T"], values, strict=True):
        left = math.exp(-(hazard - growth) * horizon)
        case.near(value, hazard / (hazard - growth) * (1 - left) + sale * left)
        flow, _ = quad(lambda t: hazard * math.exp((growth - hazard) * t), 0, horizon, epsabs=0, epsrel=1e-13)
        assert value == pytest.approx(flow + sale * left, rel=1e-11)
        assert pc.fund.expected_multiple(growth, growth, horizon, 1.0) == pytest.approx(1 + growth * horizon, rel=EXACT)
        near = pc.fund.expected_multiple(growth, growth * (1 + 1e-9), horizon, 1.0)
        assert near == pytest.approx(1 + growth * horizon, rel=1e-7)


@check("AT07", "exact")
def chance_that_no_project_loses(case):
    p, deals = case["p"], case["N"]
    chance = pc.fund.no_loss_probability(p, deals)
    case.prints(chance)
    case.near(chance, (1 - p) ** deals)
    case.near(chance, float(binom.pmf(0, int(deals), p)))
    assert pc.fund.project_rule_probability(p, deals) == pytest.approx(1 - chance, rel=EXACT)
    assert pc.fund.no_loss_probability(p, 1) == pytest.approx(1 - p)
    # Many small tickets are what the project rule punishes.
    chances = [pc.fund.no_loss_probability(p, n) for n in range(1, 100)]
    assert all(after < before for before, after in pairwise(chances))


RULES = (pc.selection.unanimity_probability, pc.selection.champion_probability, pc.selection.majority_probability)


@check("AT08", "exact")
def acceptance_by_three_rules(case):
    q, screeners = case["q"], int(case["k"])
    found = [rule(q, screeners) for rule in RULES]
    case.prints(*found)
    # Every way in which the screeners can vote, one by one.
    votes = [(sum(v), math.prod(q if yes else 1 - q for yes in v)) for v in product((0, 1), repeat=screeners)]
    for value, needed in zip(found, (screeners, 1, screeners // 2 + 1), strict=True):
        case.near(value, math.fsum(chance for passes, chance in votes if passes >= needed))
    for rule in RULES:
        for rate in (0.0, q, 0.5, 1.0):
            assert rule(rate, 1) == pytest.approx(rate)


@check("AT09", "Monte Carlo 3 s.e.")
def no_signal_selects_nothing(case):
    assert case.expected == "mean of X"
    rho, budget, draws = case["rho"], 0.1, 200_000
    generator = np.random.default_rng(SEED)
    grid = np.linspace(0, 1, 20_001)
    best = 1 - budget * (np.arange(100_000) + 0.5) / 100_000
    table = pc.returns.TabulatedReturns(grid, mixture(cap=50.0).quantile(grid))

    def drawn(returns, correlation):
        quality, error = generator.standard_normal((2, draws))
        signal = correlation * quality + math.sqrt(1 - correlation**2) * error
        multiples = np.asarray(returns.quantile(norm.cdf(quality)))[signal > -norm.ppf(budget)]
        return multiples.mean(), 3 * multiples.std(ddof=1) / math.sqrt(multiples.size)

    for returns in (mixture(), pc.returns.LognormalReturns(-0.67, 1.2), table):
        for rule, screeners in product(("unanimity", "majority", "champion", "average"), (1, 3)):
            assert pc.selection.select(returns, rule, screeners, rho, budget).mean == returns.mean()
            # A perfect signal gives the conditional mean of the tail.
            top = pc.selection.select(returns, rule, screeners, 1.0, budget).mean
            assert top == pytest.approx(np.mean(returns.quantile(best)), rel=1e-4)
            assert top == pytest.approx(returns.upper_total(1 - budget) / budget, rel=1e-9)
        for correlation, mean in (
            (rho, returns.mean()),
            (0.5, pc.selection.select(returns, "average", 1, 0.5, budget).mean),
            (1.0, top),
        ):
            value, error = drawn(returns, correlation)
            assert abs(value - mean) < error
        # The same draws tell a perfect signal from none.
        assert abs(value - returns.mean()) > error


@check("AT10", "1e-12")
def free_entry_and_the_optimum(case):
    size, slope, cost = (case[name] for name in ("A", "b", "F"))
    free, best = pc.overcapacity.free_entry_firms(size, slope, cost), pc.overcapacity.optimal_firms(size, slope, cost)
    case.prints(free, best)
    case.near(free, size / math.sqrt(slope * cost) - 1)
    case.near(best, (size**2 / (slope * cost)) ** (1 / 3) - 1)
    assert pc.overcapacity.firm_profit(free, size, slope) == pytest.approx(cost, rel=case.size)

    def surplus(firms):
        output = firms * size / (slope * (firms + 1))
        return size * output - slope * output**2 / 2 - firms * cost

    searched = minimize_scalar(lambda n: -surplus(n), bounds=(0.1, 50), method="bounded", options={"xatol": 1e-10})
    assert best == pytest.approx(searched.x, abs=1e-5)
    for other in np.geomspace(1e-6, 0.2, 200):
        n, m = pc.overcapacity.free_entry_firms(size, slope, other), pc.overcapacity.optimal_firms(size, slope, other)
        case.near((m + 1) ** 3, (n + 1) ** 2)


@check("AT11", "exact")
def free_entry_under_subsidy(case):
    size, slope, cost, paid = (case[name] for name in ("A", "b", "F", "s"))
    firms = pc.overcapacity.free_entry_firms(size, slope, cost, paid)
    case.prints(firms)
    case.near(firms, size / math.sqrt(slope * cost * (1 - paid)) - 1)
    case.near(pc.overcapacity.firm_profit(firms, size, slope), cost * (1 - paid))
    for other in np.geomspace(1e-6, 0.2, 200):
        case.near(
            pc.overcapacity.free_entry_firms(size, slope, other, paid) + 1,
            2 * (pc.overcapacity.free_entry_firms(size, slope, other) + 1),
        )


@check("AT12", "1e-8")
def symmetric_entry_of_regions(case):
    size, slope, cost, weight, regions = (case[name] for name in ("A", "b", "F", "v", "R"))
    firms = pc.overcapacity.symmetric_entry(size, slope, cost, weight, regions)
    case.prints(firms)

    def gap(n, v=weight, r=regions):
        profit = size**2 / (slope * (n + 1) ** 2) * (1 - 2 * n / (r * (n + 1)))
        return profit + v * size / (slope * (n + 1)) * (1 - n / (r * (n + 1))) - cost

    case.near(firms, brentq(gap, 0.01, 200, xtol=1e-12, rtol=1e-14))
    # No region gains by founding more or fewer, given the others: the condition is one of a best answer.
    own = firms / regions
    payoffs = [
        pc.overcapacity.regional_payoff(n, firms - own, size, slope, cost, weight)
        for n in (own - 1e-3, own, own + 1e-3)
    ]
    assert max(payoffs) == payoffs[1]

    free = pc.overcapacity.free_entry_firms(size, slope, cost)
    assert free == pytest.approx(float(re.search(r"R to infinity gives n_e = (\d+)", case.note)[1]), rel=EXACT)
    case.near(pc.overcapacity.symmetric_entry(size, slope, cost, 0.0, math.inf), free)
    tending = [pc.overcapacity.symmetric_entry(size, slope, cost, 0.0, 10**k) for k in range(8)]
    assert tending == sorted(tending)
    assert tending[-1] == pytest.approx(free, rel=1e-6)
    printed = float(re.search(r"\((0\.\d+) here\)", case.note)[1])
    one = pc.overcapacity.symmetric_entry(size, slope, cost, 0.0, 1)
    assert one == pytest.approx(printed, abs=5e-4)
    case.near(one, pc.overcapacity.cartel_firms(size, slope, cost))
    case.near(one, brentq(lambda n: gap(n, 0.0, 1), 0.01, 5, xtol=1e-13, rtol=1e-14))


@check("AT14", "exact")
def utilisation_of_planned_plants(case):
    planned, firms = case["n0"], case["n"]
    used = pc.overcapacity.utilisation(planned, firms)
    case.prints(used)
    case.near(used, (planned + 1) / (firms + 1))
    paid = float(re.search(r"s=(0\.\d+)", case.note)[1])
    case.near(pc.overcapacity.utilisation_under_subsidy(paid), used)
    for cost in np.geomspace(1e-6, 0.2, 200):
        free, paid_for = (
            pc.overcapacity.free_entry_firms(1, 1, cost),
            pc.overcapacity.free_entry_firms(1, 1, cost, paid),
        )
        case.near(pc.overcapacity.utilisation(free, paid_for), math.sqrt(1 - paid))


@check("AT15", "exact")
def wrights_law(case):
    rate, ratio = case["L"], case["Q/Q0"]
    cost = pc.overcapacity.wright_cost(ratio, 1.0, 1.0, rate)
    case.prints(cost)
    case.near(cost, ratio ** math.log2(1 - rate))
    case.near(cost, (1 - rate) ** math.log2(ratio))
    for learning in (0.0, 0.1, rate, 0.5, 0.9):
        case.near(pc.overcapacity.wright_cost(8 * 3.0, 3.0, 7.0, learning), 7 * (1 - learning) ** 3)


@check("AT16", "exact")
def break_even_default_of_a_loan(case):
    rate, cost = case["r"], case["rho"]
    found = [pc.credit.break_even_default(rate, cost, recovery) for recovery in case.inputs["R"]]
    case.prints(*found)
    for recovery, default in zip(case.inputs["R"], found, strict=True):
        case.near(default, (rate - cost) / (1 + rate - recovery))
        repaid = (1 - default) * (1 + rate) + default * recovery
        case.near(repaid, 1 + cost)
        case.near(
            default, brentq(lambda p, kept=recovery: pc.credit.expected_return(p, rate, kept) - cost, 0, 1, xtol=1e-15)
        )
    for recovery in (1 + cost, 1 + rate, 2.0):
        assert pc.credit.break_even_default(rate, cost, recovery) == 1
    assert pc.credit.break_even_default(rate, cost, 1 + cost - 1e-9) == pytest.approx(1, abs=1e-6)


@check("AT17", "exact")
def break_even_rate_of_a_loan(case):
    default, cost, recovery = (case[name] for name in ("p", "rho", "R"))
    rate = pc.credit.break_even_loan_rate(default, cost, recovery)
    case.prints(rate)
    case.near(1 + rate, (1 + cost - default * recovery) / (1 - default))
    case.near((1 - default) * (1 + rate) + default * recovery, 1 + cost)
    case.near(pc.credit.break_even_default(rate, cost, recovery), default)
    for other in (0.001, 0.05, 0.5, 0.9):
        back = pc.credit.break_even_default(pc.credit.break_even_loan_rate(other, cost, recovery), cost, recovery)
        case.near(back, other)


@check("AT18", "1e-9")
def screening_with_a_binormal_signal(case):
    pool, area, rate, cost, recovery = (case[name] for name in ("mu", "AUC", "r", "rho", "R"))
    bearable = pc.credit.break_even_default(rate, cost, recovery)
    found = pc.credit.screen(pool, area, bearable)
    case.prints(found.access, found.non_performing_share)
    distance = math.sqrt(2) * norm.ppf(area)
    cutoff = math.log(pool * (1 - bearable) / ((1 - pool) * bearable)) / distance + distance / 2
    case.near(found.cutoff, cutoff)
    good, _ = quad(lambda x: norm.pdf(x, distance), cutoff, math.inf, epsabs=0, epsrel=1e-12)
    bad, _ = quad(norm.pdf, cutoff, math.inf, epsabs=0, epsrel=1e-12)
    served = (1 - pool) * good + pool * bad
    case.near(found.access, served)
    case.near(found.non_performing_share, pool * bad / served)
    # A good firm has the better signal as often as the discrimination says.
    better, _ = quad(lambda x: norm.pdf(x, distance) * norm.cdf(x), -12, 12 + distance, epsabs=0, epsrel=1e-12)
    case.near(better, area)
    for other in (0.5 * bearable, bearable, 1.000001 * bearable, pool):
        blind = pc.credit.screen(other, 0.5, bearable)
        assert (blind.access, blind.corner) == ((1.0, "high") if other <= bearable else (0.0, "low"))
    nearly = pc.credit.screen(pool, 1 - 1e-13, bearable)
    assert nearly.access == pytest.approx(1 - pool, abs=1e-4)
    assert nearly.non_performing_share == pytest.approx(0, abs=1e-4)
    perfect = pc.credit.screen(pool, 1.0, bearable)
    assert (perfect.access, perfect.non_performing_share) == (1 - pool, 0.0)


@check("AT20", "exact")
def best_share_of_the_state(case):
    follows, refuses = case["kappa"], case["theta"]
    best = pc.selection.best_state_share(follows, refuses)
    case.prints(best.at)
    case.near(best.at, (follows - refuses) / (2 * follows * refuses))
    assert best.corner == "none"
    searched = minimize_scalar(
        lambda s: -(1 + follows * s) * (1 - refuses * s), bounds=(0, 1), method="bounded", options={"xatol": 1e-10}
    )
    assert best.at == pytest.approx(searched.x, abs=1e-6)
    assert best.value == pytest.approx(-searched.fun, rel=EXACT)
    low, high = (float(number) for number in re.search(r"here (0\.\d+) < theta < (0\.\d+)", case.note).groups())
    assert follows / (1 + 2 * follows) == pytest.approx(low, abs=5e-4)
    assert follows == pytest.approx(high, abs=5e-4)
    edge = follows / (1 + 2 * follows)
    for refusal, corner in (
        (0.0, "high"),
        (edge - 1e-9, "high"),
        (edge + 1e-9, "none"),
        (follows - 1e-9, "none"),
        (follows, "low"),
        (1.0, "low"),
    ):
        found = pc.selection.best_state_share(follows, refusal)
        assert found.corner == corner
        assert (0 < found.at < 1) == (corner == "none")


def test_every_row_of_the_table_has_a_check_and_every_check_a_row(raw):
    assert sorted(raw("analytic_tests")) == sorted(CHECKS)


@pytest.mark.parametrize("row", CHECKS)
def test_exact_case_holds_to_its_digits_and_in_its_limits(raw, row):
    cells = raw("analytic_tests")[row]
    run, tolerance = CHECKS[row]
    # What a check carries out is what the table asks for.
    assert cells["tolerance"] == tolerance
    run(Case(parse_inputs(cells["inputs"]), cells["expected"], cells["tolerance"], cells["note"]))


def test_inputs_are_read_as_they_are_printed():
    assert parse_inputs("A=b=1; F=0.0025") == {"A": (1.0,), "b": (1.0,), "F": (0.0025,)}
    assert parse_inputs("T=7 and 20; Q/Q0=10") == {"T": (7.0, 20.0), "Q/Q0": (10.0,)}


@pytest.mark.parametrize(
    ("printed", "value", "holds"),
    [
        ("14.985110", 14.9851104, True),
        ("14.985110", 14.9851106, False),
        ("2.758547e-05", 2.7585474e-5, True),
        ("2.758547e-05", 2.7585476e-5, False),
        ("19.000000; 6.368063", 19.0, False),
    ],
)
def test_digits_are_compared_to_half_a_unit_of_the_last_one(printed, value, holds):
    case = Case({}, printed, "exact", "")
    if holds:
        case.prints(value)
    else:
        with pytest.raises(AssertionError):
            case.prints(value)
