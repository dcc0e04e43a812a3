"""The explorers of the chapter on the model: the state that picks against the state that waits, and many against one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from scipy.optimize.elementwise import find_root

from patient_capital.analysis.model.inputs import value
from patient_capital.analysis.model.regimes import DIRECTED, PATIENT, regime, scenario
from patient_capital.explorers.parts import Control, Curve, Evidence, Verdicts
from patient_capital.explorers.record import Explorer, explorer, tabulate
from patient_capital.figures.record import start
from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, Floats
from patient_capital.model.fund.fund_performance import value_per_yuan_paid
from patient_capital.model.overcapacity.cournot import optimal_firms
from patient_capital.model.overcapacity.learning import learning_path
from patient_capital.model.overcapacity.learning_welfare import break_even_home_share_with_learning, discounted_welfare
from patient_capital.model.overcapacity.regional_game import symmetric_entry
from patient_capital.model.overcapacity.welfare import home_welfare
from patient_capital.model.regimes.evaluation import regime_flows
from patient_capital.model.selection.sector_targeting import picking_gain
from patient_capital.provenance.records import Context, sources_of
from patient_capital.tables import Data

SKILLS = tuple(round(-0.4 + 0.1 * step, 1) for step in range(14))
HOME_SHARES = tuple(float(x) for x in range(0, 101, 5))


def _span(ctx: Context, parameter: str, scale: float = 1.0, unit: str = "") -> str:
    low, high = (scale * value(ctx, parameter, end) for end in ("low", "high"))
    grade = ctx.data.table("parameters").text[parameter]["grade"]
    return f"Span {low:g} to {high:g}{unit} in the table of parameters, grade {grade}."


@explorer
def skill(data: Data) -> Explorer:
    """Directed against patient, by picking skill."""
    ctx, words = start(data)
    base, patient, directed = scenario(ctx), regime(ctx, PATIENT), regime(ctx, DIRECTED)
    gains = np.array([picking_gain(base.sectors, directed.sectors_picked, c, base.sector_sd) for c in SKILLS])
    controls = (
        Control("thinning", "Thinning of deals as money enters", "", (0.0, 0.125, 0.25, 0.375, 0.5), 2, _span(ctx, "sel_flow_eps"), 3, True, "not at all", "strong"),
        Control("rate", "Discount rate", "percent a year", (2.0, 5.0, 8.0), 0, "From the coupon of the treasury to the official rate for public projects, grades A and B."),
        Control("sale", "What a forced sale fetches", "percent of value", (30.0, 60.0, 80.0), 1, _span(ctx, "fm_forced_sale"), 0, True),
        Control("soft", "Losers that the state refinances", "percent", (0.0, 10.0, 30.0), 1, _span(ctx, "fm_soft_budget"), 0, True),
        Control("state", "Share of the state in the patient fund", "percent", (0.0, 50.0, 95.0), 1, "From a private fund to the one regional fund with published partners.", 0),
    )  # fmt: skip

    rates, states = controls[1].values, controls[4].values

    @cache
    def group(thinning: float, sale: float, soft: float) -> tuple[Floats, Floats, Floats]:
        """Return rivals and break-even skills, shape (rates, states), and curves, shape (rates, skills): one flow a fund serves all rates."""
        at = replace(base, elasticity=thinning, forced_sale=sale / 100, soft_budget=soft / 100, pick_correlation=0.0)
        discount = np.array(rates)[:, None] / 100
        funds = [regime_flows(replace(patient, state_share=state / 100), at) for state in states]
        rivals = np.stack([np.asarray(value_per_yuan_paid(flows, discount[:, 0])) for flows in funds], axis=1)
        curves = np.asarray(
            value_per_yuan_paid(regime_flows(directed, at, np.broadcast_to(gains, (len(rates), gains.size))), discount)
        )
        needed = find_root(
            lambda payoff, rate, rival: np.asarray(value_per_yuan_paid(regime_flows(directed, at, payoff), rate)) - rival,
            (np.full(rivals.shape, gains[0]), np.full(rivals.shape, gains[-1])), args=(np.broadcast_to(discount, rivals.shape), rivals),
        )  # fmt: skip
        return 100 * rivals, 100 * curves, np.where(needed.success, needed.x, np.nan)

    def compute(thinning: float, rate: float, sale: float, soft: float, state: float) -> tuple[Floats, BreakEven]:
        rivals, curves, payoffs = group(thinning, sale, soft)
        row, column = rates.index(rate), states.index(state)
        rival, curve, payoff = float(rivals[row, column]), curves[row], float(payoffs[row, column])
        if curve[0] < rival < curve[-1]:
            found = first_sign_change(
                lambda c: payoff - picking_gain(base.sectors, directed.sectors_picked, c, base.sector_sd),
                SKILLS[0],
                SKILLS[-1],
            )
        else:
            found = BreakEven(None, "gain" if rival >= curve[-1] else "loss", SKILLS[0], SKILLS[-1])
        return np.stack([np.full(len(SKILLS), rival), curve]), found

    values, break_even, sides = tabulate(controls, compute)
    words("model.skill_patient_fund")
    rows = set().union(*ctx.rows.values())
    return Explorer(
        name="model.skill", title=f"The directed fund wins from a picking skill of {words('model.skill_patient_fund')} on; move what nobody knows",
        subtitle="Net present value of a yuan paid in, of a fund that picks sectors and of one that waits, by how well official priorities foresee which sectors pay.",
        x_label="Picking skill: correlation of official priority and true payoff", x_unit="", x_values=SKILLS, x_decimals=2,
        y_label="Net present value", y_unit="percent", y_decimals=0, controls=controls,
        curves=(Curve("patient", "patient fund", "mark"), Curve("directed", "directed fund", "state")),
        values=values, break_even=break_even, sides=sides, decisive=("patient", "directed"),
        verdicts=Verdicts(
            crosses="The patient fund is worth more up to a picking skill of {break_even}; above it the directed fund is.",
            gain="The patient fund is worth more at every picking skill from {low} to {high}.",
            loss="The directed fund is worth more at every picking skill from {low} to {high}.",
        ),
        alt=f"A flat line of the patient fund and a rising one of the directed fund cross at a picking skill of {words('model.skill_patient_fund')}.",
        refs=tuple(words.refs), sources=sources_of(data, rows), evidence=None, zero_line=True,
        note="Studies do not agree even on the sign of picking skill. What a fund does for others is not counted.",
    )  # fmt: skip


@explorer
def home(data: Data) -> Explorer:
    """One region against many, by home share, with learning."""
    ctx, words = start(data)
    entry, cost, years = value(ctx, "oc_F"), value(ctx, "oc_cost"), int(value(ctx, "oc_periods"))
    rate, experience = value(ctx, "fm_public_rate"), value(ctx, "oc_experience")
    best = float(home_welfare(optimal_firms(1.0, 1.0, entry), 1.0, 1.0, 1.0, entry))
    annuity = float(np.sum((1 + rate) ** -np.arange(years)))
    shares = np.array(HOME_SHARES) / 100
    controls = (
        Control("weight", "Weight that leaders put on local output", "", (0.0, 0.02, 0.05, 0.08, 0.1), 2, _span(ctx, "oc_v"), 2, True, "profit only", "jobs count"),
        Control("regions", "Regions that name the industry", "", (5.0, 16.0, 29.0), 2, "Provincial reports of January 2025: 29 name AI, 16 quantum technology; at least 5 name chips."),
        Control("learning", "Fall of cost with each doubling", "percent", (0.0, 14.0, 20.0, 26.0), 0, "Solar modules 18 to 26 percent, batteries 14 to 24; grade A. Zero switches learning off."),
        Control("spillover", "Learning that others share", "percent", (0.0, 30.0, 60.0, 100.0), 2, _span(ctx, "oc_spill"), 0, True),
    )  # fmt: skip

    def compute(weight: float, regions: float, learning: float, spillover: float) -> tuple[Floats, BreakEven]:
        many = int(regions)
        rate_of_learning, shared = learning / 100, spillover / 100
        firms = np.asarray(symmetric_entry(1.0, 1.0, entry, weight, [many, 1]))
        path = learning_path(
            firms, years, choke_price=1 + cost, slope=1.0, initial_cost=cost, initial_experience=experience, learning_rate=rate_of_learning,
            spillover=shared, discount_rate=rate,
        )  # fmt: skip
        curves = np.stack([np.asarray(discounted_welfare(path, s, entry)) for s in shares], axis=1)
        found = break_even_home_share_with_learning(
            weight, choke_price=1 + cost, slope=1.0, entry_cost=entry, initial_cost=cost, initial_experience=experience,
            learning_rate=rate_of_learning, spillover=shared, discount_rate=rate, periods=years, many=many,
        )  # fmt: skip
        return 100 * curves / (best * annuity), BreakEven(
            None if found.at is None else 100 * found.at, found.side, 0.0, 100.0
        )

    values, break_even, sides = tabulate(controls, compute)
    words("model.home_switch_5")
    rows = set().union(*ctx.rows.values())
    return Explorer(
        name="model.home", title="Many regions beat one only where most of the gain stays at home; learning that all share brings the switch down",
        subtitle="Welfare of the country over ten years, with all regions founding firms and with one, in percent of the best without learning.",
        x_label="Share of the consumer gain that stays at home", x_unit="percent", x_values=HOME_SHARES, x_decimals=0,
        y_label="Welfare", y_unit="percent of the best", y_decimals=0, controls=controls,
        curves=(Curve("many", "many regions", "treasury"), Curve("one", "one region", "state", True)),
        values=values, break_even=break_even, sides=sides, decisive=("many", "one"),
        verdicts=Verdicts(
            crosses="Many regions serve the country better than one only where less than {break_even} of the gain stays at home.",
            rises="Many regions serve the country better than one where at least {break_even} of the gain stays at home.",
            gain="Many regions are better at any home share.", loss="One region is better at any home share.",
        ),
        alt=f"Two rising lines; that of many regions starts lower and crosses that of one region at {words('model.home_switch_5')} of the gain at home.",
        refs=tuple(words.refs), sources=sources_of(data, rows), y_span=(-20.0, 140.0),
        evidence=Evidence(ctx.value("model.home_solar"), ctx.value("model.home_robots"), "solar modules to robots; AI services unknown"),
        note="Firms do not foresee learning. Solar modules, electric cars and robots are placed in the figure above; for AI services no home share was found.",
    )  # fmt: skip
