"""Results of block C: four ways to decide at one budget, and what would turn their order."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from patient_capital.analysis.model.doubt import DRAWS, OF_STARS, PER_BLOCK, STARS_PER_BLOCK
from patient_capital.analysis.model.inputs import deal_returns, lognormal_returns, parameter
from patient_capital.analysis.model.spans import span_of_draws
from patient_capital.formatting import Range, digits, format_value, spelled
from patient_capital.model.common.checks import point_of
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
    count, most = (format_value(number, form="word") for number in (screeners, screeners // 2 + 1))
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
JUDGED = {"screeners": spelled(SCREENERS).capitalize(), "large": digits(LARGE)}


def _selected(ctx: Context, returns: Returns, rule: Rule) -> tuple[float, float]:
    chosen = select(returns, rule, SCREENERS, parameter(ctx, "sel_copula_corr"), parameter(ctx, "sel_budget"))
    return float(chosen.mean), 100 * float(caught_share(returns, chosen, LARGE))


def _by_rule(rules: Iterable[Rule]) -> dict[str, dict[str, str]]:
    return {rule: {"words": RULE_WORDS[rule]} for rule in rules}


@result(unit="multiple", decimals=2, cases=_by_rule(RULES), fields=JUDGED)
def mean(ctx: Context, *, case: Rule) -> float:
    """Mean multiple of funded deals, {words}.

    {screeners} independent signals, threshold solved so that each rule funds the same share of proposals.
    """
    return _selected(ctx, deal_returns(ctx), case)[0]


@result(unit="pct", decimals=0, cases=_by_rule(RULES), fields=JUDGED)
def caught(ctx: Context, *, case: Rule) -> float:
    """Share of deals at {large} times or more that are funded, {words}.

    {screeners} independent signals, threshold solved so that each rule funds the same share of proposals.
    """
    return _selected(ctx, deal_returns(ctx), case)[1]


@result(unit="pct", decimals=0, cases=_by_rule(("champion", "unanimity")), fields={"screeners": SCREENERS})
def unequal(ctx: Context, *, case: Rule) -> float:
    """Share of proposals funded if every screener passes as many, {words}.

    1 - (1 - pass)^{screeners} for a champion, pass^{screeners} for unanimity, independent screeners.
    """
    chance = champion_probability if case == "champion" else unanimity_probability
    return 100 * float(chance(parameter(ctx, "sel_pass"), SCREENERS))


@claim()
def order_survives(ctx: Context) -> bool:
    """The order is the same under a lognormal.

    Mean multiple: champion below unanimity below majority below average, for the power law and for the lognormal.
    """
    for returns in (deal_returns(ctx), lognormal_returns(ctx)):
        means = [_selected(ctx, returns, rule)[0] for rule in RULES]
        if means != sorted(set(means)):
            return False
    return True


@result(unit="pct", decimals=0, cases=_by_rule(("unanimity", "average")))
def visibility(ctx: Context, *, case: Rule) -> float:
    """Chance that one screener recognises a star, from which a champion catches more than if {words}.

    Each screener recognises a star with this chance and scores it higher by the assumed strength; otherwise it looks
    ordinary; equal budget.
    """
    found = break_even_visibility(
        case,
        SCREENERS,
        parameter(ctx, "sel_copula_corr"),
        parameter(ctx, "sel_budget"),
        parameter(ctx, "sel_star_strength"),
        parameter(ctx, "vr_share_ge50"),
    )
    return 100 * point_of(found, f"visibility, champion against {case}")


STARS = {
    "how": f"over {digits(STARS_PER_BLOCK * DRAWS // PER_BLOCK)} joint draws of {len(OF_STARS)} parameters, each over its "
    "whole span in the table"
}


@result(unit="pct", decimals=0, cases=_by_rule(("unanimity", "average")), fields=STARS, name="visibility_{case}_span")
def visibility_span(ctx: Context, *, case: Rule) -> Range:
    """Chance that one screener recognises a star, from which a champion catches more than if {words}, middle nine tenths.

    Visibility at which both catch as many stars at the same budget, of the draws that have one; 5 to 95 percent point
    {how}.
    """
    return span_of_draws(ctx, f"visible_{case}")


@result(unit="pct", decimals=0)
def state_partner_price(ctx: Context) -> float:
    """What the average manager would give up to avoid a partner of the state, of the largest stake of a regional fund.

    Investment given up in the experiment / half the largest average size of a sub-fund, of which a regional fund may
    not be the largest investor; at the rate of March 2025.
    """
    given_up = parameter(ctx, "sel_wtp") * ctx.number("fx", "usdcny_2025-03-06", "cny_per_usd")
    return 100 * given_up / (ctx.number("fund_rules", "nvcgf_subsize", "value") / 2)


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
    correlation : float
        Correlation of a screener's signal with the rank of the outcome, 0 to 1.
    budget : float
        Share of proposals that is funded, 0 to 1.
    screeners : int
        Persons or layers who judge a deal, 1 to 20.
    large : float
        Multiple from which a deal is one not to miss.

    Returns
    -------
    pandas.DataFrame
        `rule`, `who_decides` in words, `large_multiple`, `mean_multiple` of funded deals, and `caught_pct`, percent
        of the deals at `large_multiple` or more that are funded.

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
    return rules_at_one_budget(deal_returns(ctx), parameter(ctx, "sel_copula_corr"), parameter(ctx, "sel_budget"))
