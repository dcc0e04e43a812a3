"""Results of block C: four ways to decide at one budget, and what would turn their order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import pandas as pd

from patient_capital.analysis.model_inputs import (
    RETURNS_PARAMETERS,
    TAIL_PARAMETERS,
    deal_returns,
    inputs,
    lognormal_returns,
    value,
)
from patient_capital.formatting import format_value
from patient_capital.model.returns.deal_returns import Returns
from patient_capital.model.selection.budget_selection import Rule, caught_share, select
from patient_capital.model.selection.screening_rules import champion_probability, unanimity_probability
from patient_capital.model.selection.star_visibility import break_even_visibility
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result

SCREENERS = 3
RULES: tuple[Rule, ...] = ("champion", "unanimity", "majority", "average")


def rule_in_words(rule: Rule, screeners: int) -> str:
    """Return who decides: ``two of three``."""
    count = format_value(screeners, form="word")
    most = format_value(screeners // 2 + 1, form="word")
    words: dict[Rule, str] = {
        "champion": "one champion is enough",
        "unanimity": "all must agree",
        "majority": f"{most} of {count}",
        "average": f"average of {count} scores",
    }
    return words[rule]


RULE_WORDS = {rule: rule_in_words(rule, SCREENERS) for rule in RULES}
LARGE = 50.0
"""Multiple of a deal that a fund does not want to miss."""
SIGNAL = (*RETURNS_PARAMETERS, "sel_copula_corr", "sel_budget")


def _selected(ctx: Context, returns: Returns, rule: Rule) -> tuple[float, float]:
    chosen = select(returns, rule, SCREENERS, value(ctx, "sel_copula_corr"), value(ctx, "sel_budget"))
    return float(chosen.mean), 100 * float(caught_share(returns, chosen, LARGE))


def _mean(ctx: Context, *, rule: Rule) -> float:
    return _selected(ctx, deal_returns(ctx), rule)[0]


def _caught(ctx: Context, *, rule: Rule) -> float:
    return _selected(ctx, deal_returns(ctx), rule)[1]


for _rule in RULES:
    result(
        f"model.mean_{_rule}", f"Mean multiple of funded deals, {RULE_WORDS[_rule]}", unit="multiple", decimals=2, inputs=inputs(*SIGNAL),
        formula="three independent signals, threshold solved so that each rule funds the same share of proposals",
    )(partial(_mean, rule=_rule))  # fmt: skip
    result(
        f"model.caught_{_rule}", f"Share of deals at fifty times or more that are funded, {RULE_WORDS[_rule]}", unit="pct", decimals=0, inputs=inputs(*SIGNAL),
        formula="three independent signals, threshold solved so that each rule funds the same share of proposals",
    )(partial(_caught, rule=_rule))  # fmt: skip


def _unequal(ctx: Context, *, rule: str) -> float:
    chance = champion_probability if rule == "champion" else unanimity_probability
    return 100 * float(chance(value(ctx, "sel_pass"), SCREENERS))


for _rule in ("champion", "unanimity"):
    result(
        f"model.unequal_{_rule}", f"Share of proposals funded if every screener passes as many, {RULE_WORDS[_rule]}", unit="pct", decimals=0,
        formula="1 - (1 - pass)^3 for a champion, pass^3 for unanimity, independent screeners", inputs=inputs("sel_pass"),
    )(partial(_unequal, rule=_rule))  # fmt: skip


@claim(
    "model.order_survives", "The order is the same under a lognormal",
    formula="mean multiple: champion below unanimity below majority below average, for the power law and for the lognormal",
    inputs=inputs(*dict.fromkeys((*SIGNAL, *TAIL_PARAMETERS))),
)  # fmt: skip
def order_survives(ctx: Context) -> bool:
    """Say whether the words hold."""
    for returns in (deal_returns(ctx), lognormal_returns(ctx)):
        means = [_selected(ctx, returns, rule)[0] for rule in RULES]
        if means != sorted(means):
            return False
    return True


STRENGTH = 4.0
"""How much higher a star is scored by a screener who recognises it, in standard deviations of a signal; a choice."""


def _visible(ctx: Context, *, rule: Rule) -> float:
    found = break_even_visibility(
        rule, SCREENERS, value(ctx, "sel_copula_corr"), value(ctx, "sel_budget"), STRENGTH, value(ctx, "vr_share_ge50")
    )
    if found.at is None:
        raise ValueError(f"no visibility turns the order of champion and {rule}: {found.side}")
    return 100 * found.at


RIVALS: tuple[Rule, ...] = ("unanimity", "average")
for _rule in RIVALS:
    result(
        f"model.visibility_{_rule}", f"Chance that one screener recognises a star, from which a champion catches more than if {RULE_WORDS[_rule]}", unit="pct", decimals=0,
        formula="each screener recognises a star with this chance and scores it four standard deviations higher; otherwise it looks ordinary; equal budget",
        inputs=inputs("sel_copula_corr", "sel_budget", "vr_share_ge50"),
    )(partial(_visible, rule=_rule))  # fmt: skip


def rules_at_one_budget(
    deals: Returns,
    correlation: float,
    budget: float,
    screeners: int = SCREENERS,
    large: float = LARGE,
    rules: Iterable[Rule] = RULES,
) -> pd.DataFrame:
    """Return what each rule of decision funds, each with its own threshold so that all fund the same share.

    Parameters
    ----------
    deals : Returns
        Gross multiple of a deal.
    correlation : float
        Correlation of a screener's signal with the rank of the outcome, 0 to 1.
    budget : float
        Share of proposals that is funded, 0 to 1.
    screeners : int
        Persons or layers who judge a deal, 1 to 20.
    large : float
        Multiple from which a deal is one not to miss.
    rules : iterable of str
        Rules of decision, in order of the rows.

    Returns
    -------
    pandas.DataFrame
        `rule`, `who_decides` in words, `large_multiple`, `mean_multiple` of funded deals, and `caught_pct`, percent of
        the deals at `large_multiple` or more that are funded.

    Raises
    ------
    DomainError
        If a parameter lies outside its domain.
    """
    rows = []
    for rule in rules:
        chosen = select(deals, rule, screeners, correlation, budget)
        caught = 100 * float(caught_share(deals, chosen, large))
        rows.append((rule, rule_in_words(rule, screeners), float(large), float(chosen.mean), caught))
    return pd.DataFrame(rows, columns=["rule", "who_decides", "large_multiple", "mean_multiple", "caught_pct"])


def architecture_table(ctx: Context) -> pd.DataFrame:
    """Return mean multiple and share of large successes caught, by rule; columns of :func:`rules_at_one_budget`."""
    return rules_at_one_budget(deal_returns(ctx), value(ctx, "sel_copula_corr"), value(ctx, "sel_budget"))
