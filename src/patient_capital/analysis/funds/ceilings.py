"""How much of its money a fund may lose by local rules, and what these count."""

from __future__ import annotations

import pandas as pd

from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader, shared

CEILING_COLUMNS = ("topic", "place", "region", "date", "value", "unit", "what_is_counted", "stage_class", "standing")

FEW_DEALS, SMALL_PORTFOLIO, LARGE_PORTFOLIO = 10, 30, 100


@shared
def loss_ceilings(reader: Reader) -> pd.DataFrame:
    """Return the loss ceilings of local rules in percent, with what each counts and whether its source holds."""
    return reader.frame(
        "fund_rules",
        *CEILING_COLUMNS,
        keep=lambda r: r["topic"].eq("fault_tolerance") & r["value"].notna() & r["unit"].eq("pct_loss_allowed"),
    ).sort_values(["date", "place"], kind="stable")


COUNTED = {"fund": "whole fund", "class_of_deals": "class of deals", "single_project": "one project"}
"""What a ceiling may count."""


SEED_STAGES = ("seed", "angel", "seed_or_angel")
"""Classes of deals that are called seed or angel."""


def sourced(ceilings: pd.DataFrame) -> pd.DataFrame:
    """Return the ceilings whose source holds and that say what they count.

    First come those of seed and angel funds, which are marked as `seed`, then those of other funds, and last those of
    one project; each group from the highest.
    """
    chosen = ceilings.loc[ceilings["standing"].eq("holds") & ceilings["what_is_counted"].isin(COUNTED)]
    single = chosen["what_is_counted"].eq("single_project")
    marked = chosen.assign(single=single, seed=~single & chosen["stage_class"].isin(SEED_STAGES))
    order = marked.sort_values(["single", "seed", "value"], ascending=[True, False, False], kind="stable")
    return order.drop(columns="single")


def ceilings_with_chance(ctx: Context) -> pd.DataFrame:
    """Return every loss ceiling with the chance that a portfolio loses more; missing where one project is counted.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`CEILING_COLUMNS` and `chance_pct`, percent, of :data:`SMALL_PORTFOLIO` equal deals.
    """
    frame = loss_ceilings(ctx)
    whole = frame.index[frame["what_is_counted"].ne("single_project")]
    return frame.assign(chance_pct=pd.Series({row: ctx.value(f"model.ceiling[{row}]") for row in whole}, dtype=float))


@shared
def sourced_ceilings(reader: Reader) -> pd.DataFrame:
    """Return the ceilings of :func:`loss_ceilings` whose source holds."""
    return sourced(loss_ceilings(reader))


def seed_ceilings(reader: Reader) -> pd.DataFrame:
    """Return ceilings for a whole fund or class of seed or angel deals whose source holds."""
    frame = sourced_ceilings(reader)
    # One ceiling a place: the most generous, which is the one for seed money.
    return frame.loc[frame["seed"]].sort_values("value", kind="stable").groupby("place", sort=True).tail(1).sort_index()


@result(unit="count")
def ceiling_places(ctx: Context) -> int:
    """Places with a sourced loss ceiling for seed or angel funds.

    Number of places with a ceiling for a fund or a class of seed or angel deals whose source was found again.
    """
    return len(seed_ceilings(ctx))


@result(unit="count", fields={"ceiling": 80})
def ceiling_eighty(ctx: Context, *, ceiling: float) -> int:
    """Places with a sourced loss ceiling of {ceiling} percent for seed or angel funds.

    Number of places whose ceiling for seed or angel funds is {ceiling} percent, the highest where a place has several.
    """
    return int(seed_ceilings(ctx)["value"].eq(ceiling).sum())


@result(unit="count")
def single_total(ctx: Context) -> int:
    """Places that let the whole of a single project be lost.

    Number of places with a ceiling of all the money for a single project, whose source was found again.
    """
    frame = sourced_ceilings(ctx)
    return int(frame.loc[frame["what_is_counted"].eq("single_project") & frame["value"].eq(100), "place"].nunique())


@result(unit="count")
def ceilings_all(ctx: Context) -> int:
    """Loss ceilings in the table.

    Number of ceilings in percent, whether or not their source was found again.
    """
    return len(loss_ceilings(ctx))


@result(unit="count")
def ceilings_apart(ctx: Context) -> int:
    """Loss ceilings in the table that no count takes.

    Number of ceilings whose source was not found again, or that do not say what they count.
    """
    return len(loss_ceilings(ctx)) - len(sourced_ceilings(ctx))


@claim(most=99, deals=FEW_DEALS)
def loss_of_one_sure(ctx: Context, *, most: float) -> bool:
    """Almost surely.

    The chance that at least one of {deals} deals loses, as the model computes it, is above {most} percent.
    """
    return ctx.value("model.project_rule") > most


@result(unit="pct", decimals=0)
def deal_loss_share(ctx: Context) -> float:
    """Chance that a single deal returns less than the money put in.

    Share of financings that return less than the money put in.
    """
    return 100 * ctx.number("parameters", "vr_loss_share", "value")
