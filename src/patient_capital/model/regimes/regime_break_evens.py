"""Break-evens between regimes: the value of one parameter at which two ways to invest are worth the same."""

from __future__ import annotations

from dataclasses import replace

from patient_capital.model.common.break_even import first_sign_change
from patient_capital.model.common.checks import BreakEven, formula
from patient_capital.model.regimes.evaluation import Regime, Scenario, regime_value

STEPS = 12
"""Equal steps in which each span is searched, since a gain need not be monotone."""
SKILLS = (-0.6, 0.9)
"""Span of picking skill that is searched; evidence does not say even its sign."""
ELASTICITIES = (0.0, 1.5)
RATES = (0.0, 0.4)


@formula
def skill_gain(patient: Regime, directed: Regime, scenario: Scenario, skill: float) -> float:
    """Return the net present value of a patient regime less that of a directed one at some picking skill.

    Parameters
    ----------
    patient, directed : Regime
        The two; skill moves each as far as it picks.
    scenario : Scenario
        What neither chooses; its picking skill is not used.
    skill : float
        Correlation of official priority and true payoff, -1 to 1.

    Returns
    -------
    float
        Yuan for each yuan of present value paid in; above zero where the patient one is better.
    """
    at = replace(scenario, pick_correlation=skill)
    return regime_value(patient, at) - regime_value(directed, at)


@formula
def break_even_skill(
    patient: Regime, directed: Regime, scenario: Scenario, low: float = SKILLS[0], high: float = SKILLS[1]
) -> BreakEven:
    """Return the picking skill above which the directed regime is worth more.

    Parameters
    ----------
    patient, directed, scenario
        As in :func:`skill_gain`.
    low, high : float, optional
        Span that is searched.

    Returns
    -------
    BreakEven
        The skill; ``gain`` if the patient regime is better over the whole span, ``loss`` if the directed one is.
    """
    return first_sign_change(lambda skill: skill_gain(patient, directed, scenario, skill), low, high, steps=STEPS)


@formula
def break_even_flow(
    regime: Regime, scenario: Scenario, low: float = ELASTICITIES[0], high: float = ELASTICITIES[1]
) -> BreakEven:
    """Return the elasticity of deal flow at which a regime just earns the discount rate.

    Parameters
    ----------
    regime, scenario : Regime, Scenario
        What is evaluated; the elasticity of the scenario is not used.
    low, high : float, optional
        Span that is searched.

    Returns
    -------
    BreakEven
        The elasticity; ``loss`` if the regime does not earn the rate even where more money leaves the deals unchanged.
    """
    return first_sign_change(
        lambda eps: regime_value(regime, replace(scenario, elasticity=eps)), low, high, steps=STEPS
    )


@formula
def break_even_forced_sale_of(long: Regime, short: Regime, scenario: Scenario) -> BreakEven:
    """Return what a forced sale must fetch for a long regime to be worth no more than a short one.

    Parameters
    ----------
    long, short : Regime
        The two.
    scenario : Scenario
        What neither chooses; its forced sale is not used.

    Returns
    -------
    BreakEven
        Share of value, 0 to 1; ``gain`` if the long regime is better whatever a sale fetches.
    """

    def gain(sale: float) -> float:
        at = replace(scenario, forced_sale=sale)
        return regime_value(long, at) - regime_value(short, at)

    return first_sign_change(gain, 0.0, 1.0, steps=STEPS)


@formula
def break_even_soft_budget_of(soft: Regime, hard: Regime, scenario: Scenario) -> BreakEven:
    """Return how soft the budget of one regime must be for it to be worth no more than another under a hard budget.

    Parameters
    ----------
    soft : Regime
        The regime whose losers may be refinanced.
    hard : Regime
        The regime that can commit not to.
    scenario : Scenario
        What neither chooses; its soft budget is not used.

    Returns
    -------
    BreakEven
        Share of losers out of money that are refinanced; ``gain`` if the first is better however soft.
    """
    rival = regime_value(hard, replace(scenario, soft_budget=0.0))
    return first_sign_change(
        lambda soft_budget: regime_value(soft, replace(scenario, soft_budget=soft_budget)) - rival,
        0.0,
        0.99,
        steps=STEPS,
    )
