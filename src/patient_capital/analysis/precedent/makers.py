"""What listed solar makers lost in 2024 and 2025, and how the answer depends on which of them are added."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import pandas as pd

from patient_capital.analysis.precedent.rows import by_year, rows_of
from patient_capital.formatting import Range, spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

MAKERS = {
    "TCL Zhonghuan": "tcl_zhonghuan",
    "LONGi": "longi",
    "Tongwei": "tongwei",
    "Aiko": "aiko",
    "JA Solar": "ja_solar",
    "Trina": "trina",
    "Jinko": "jinkosolar",
}
"""Solar makers whose results are compared, by the name of their series: one set, for every sum of losses printed."""


def losses(rows: pd.DataFrame) -> pd.DataFrame:
    """Compare what makers of solar products lost in 2024 and in 2025.

    Returns
    -------
    pandas.DataFrame
        Indexed by `maker`; in bn yuan `loss_2024`, negative for a profit, and `least_2025` to `most_2025`, the same
        where the year has a result and the ends of the forecast where it has not; `forecast`, whether that is so.
    """
    told = {}
    for maker, name in MAKERS.items():
        results = -by_year(rows, f"net_profit_cny_bn_{name}")
        ends = [-by_year(rows, f"net_profit_cny_bn_{name}_forecast_{end}_loss") for end in ("low", "high")]
        known = 2025 in results.index
        least, most = [results.loc[2025]] * 2 if known else [end.loc[2025] for end in ends]
        told[maker] = (float(results.loc[2024]), float(least), float(most), not known)
    columns = ["loss_2024", "least_2025", "most_2025", "forecast"]
    frame = pd.DataFrame.from_dict(told, orient="index", columns=columns).rename_axis("maker")
    return frame.sort_values("most_2025", ascending=False, kind="stable")


@shared
def losses_of_makers(reader: Reader) -> pd.DataFrame:
    """Return the losses of solar makers in 2024 and 2025, as :func:`losses` compares them."""
    names = [f"net_profit_cny_bn_{name}{end}" for name in MAKERS.values() for end in ("", *_ENDS)]
    return losses(rows_of(reader, names))


def _lost_in_2025(makers: pd.DataFrame) -> Range:
    """Return what makers lost together in 2025, from the lower to the upper ends of their forecasts, bn yuan."""
    return Range(float(makers["least_2025"].sum()), float(makers["most_2025"].sum()))


_ENDS = ("_forecast_low_loss", "_forecast_high_loss")
TURNED = "Jinko"
"""The maker without which it is open whether the others lost more in 2025."""
ADDED = ("Trina", TURNED)
"""The makers that the edition before did not add; both make modules and did worse in 2025."""


def _basket(words: str, *without: str) -> dict[str, Any]:
    return {"words": words, "without": without, "names": ", ".join(one for one in MAKERS if one not in without)}


BASKETS = {
    "": _basket(f"{spelled(len(MAKERS))} listed solar makers"),
    "_of_others": _basket(
        f"{spelled(len(MAKERS) - 1)} of the {spelled(len(MAKERS))} listed solar makers, all but {TURNED}", TURNED
    ),
    "_of_five": _basket(
        f"{spelled(len(MAKERS) - len(ADDED))} of the {spelled(len(MAKERS))} listed solar makers, all but "
        f"{' and '.join(ADDED)}",
        *ADDED,
    ),
}
"""Sets of makers whose losses are added, by the end of the names of their results, with the makers left out."""


@result(unit="cny_bn", decimals=1, cases=BASKETS, name="loss_2024{case}")
def loss_2024(ctx: Context, *, without: tuple[str, ...]) -> float:
    """Loss in 2024 of {words}.

    Sum of the reported net profits, sign turned: {names}.
    """
    return float(losses_of_makers(ctx)["loss_2024"].drop(list(without)).sum())


@result(unit="cny_bn", decimals=1, cases=BASKETS, name="loss_2025{case}")
def loss_2025(ctx: Context, *, without: tuple[str, ...]) -> Range:
    """Loss in 2025 of {words}.

    Preliminary results of 2025 where a maker gave them, and lower and upper ends of the forecasts of the others, added:
    {names}.
    """
    return _lost_in_2025(losses_of_makers(ctx).drop(list(without)))


def lost_more(makers: pd.DataFrame) -> bool | None:
    """Say whether makers, in rows of :func:`losses`, lost more together in 2025 than in 2024.

    Returns
    -------
    bool or None
        True where they did at either end of their forecasts, False where they lost less at either end, and None where
        their loss of 2024 lies between the ends.
    """
    before, ends = float(makers["loss_2024"].sum()), _lost_in_2025(makers)
    if ends.low > before:
        return True
    return False if ends.high < before else None


def by_basket(makers: pd.DataFrame) -> dict[str, bool | None]:
    """Return for each of :data:`BASKETS` whether its makers :func:`lost_more`."""
    return {basket: lost_more(makers.drop(list(own["without"]))) for basket, own in BASKETS.items()}


@claim(one=TURNED, two=" and ".join(ADDED))
def losses_depend_on_makers(ctx: Context) -> bool:
    """Whether the makers lost more depends on which of them are added.

    All together lost more in 2025 than in 2024 at either end of the forecasts; without {two} the others lost less at
    either end; without {one} alone the loss of 2024 lies between the ends.
    """
    return by_basket(losses_of_makers(ctx)) == {"": True, "_of_others": None, "_of_five": False}


FEWER = len(MAKERS) - len(ADDED)
WAYS: dict[str, dict[str, Any]] = {
    "more": {"words": "lost more in 2025 than in 2024 at either end of the forecasts", "answer": True},
    "less": {"words": "lost less in 2025 than in 2024 at either end of the forecasts", "answer": False},
    "open": {"words": "may have lost more or less in 2025 than in 2024, by the ends of the forecasts", "answer": None},
}


@result(unit="count", cases=WAYS, fields={"some": spelled(FEWER), "all": spelled(len(MAKERS))}, name="fives_{case}")
def fives(ctx: Context, *, answer: bool | None) -> int:
    """Ways to choose {some} of the {all} makers that {words}.

    Each set of {some} is added by itself and counted.
    """
    makers = losses_of_makers(ctx)
    return sum(lost_more(makers.loc[list(chosen)]) is answer for chosen in combinations(makers.index, FEWER))


@result(unit="count", fields={"some": spelled(FEWER), "all": spelled(len(MAKERS))})
def fives_in_all(ctx: Context) -> int:
    """Ways to choose {some} of the {all} makers.

    Number of sets.
    """
    return math.comb(len(losses_of_makers(ctx)), FEWER)


@result(unit="count", fields={"count": spelled(len(MAKERS))})
def makers_counted(ctx: Context) -> int:
    """Listed solar makers whose losses are added.

    Number of makers with a result of 2024, and a result or a forecast of 2025.
    """
    return len(losses_of_makers(ctx))


@result(unit="count", cases={"worse": {"words": "more"}, "better": {"words": "less"}}, name="makers_{case}")
def makers_that_lost(ctx: Context, *, case: str) -> int:
    """Listed solar makers that lost {words} in 2025 than in 2024.

    Number of the makers whose losses are added of which that holds by their result, or at either end of their forecast.
    """
    makers = losses_of_makers(ctx)
    lost_more, lost_less = makers["least_2025"] > makers["loss_2024"], makers["most_2025"] < makers["loss_2024"]
    return int((lost_more if case == "worse" else lost_less).sum())
