"""Moments of the model and draws from it as plain tables, which R and Stata read as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from patient_capital.analysis.model.inputs import lognormal_returns
from patient_capital.analysis.model.regimes import REGIMES, regime, scenario
from patient_capital.book import ROOT
from patient_capital.model.regimes.evaluation import regime_returns
from patient_capital.model.regimes.regime_draws import net_multiples
from patient_capital.model.returns.deal_returns import top_share
from patient_capital.model.returns.deal_table import as_deals
from patient_capital.provenance.records import Context

EXAMPLES = ("my_fund.toml", "my_deals.csv")
PORTFOLIOS = 1000
"""Portfolios of each regime among the draws that can be downloaded."""
LEVELS = (2, 5, 10, 50)


def moments(ctx: Context) -> pd.DataFrame:
    """Return moments and shares of the gross multiple of a deal.

    Returns
    -------
    pandas.DataFrame
        One row a distribution: that of the book, the lognormal alternative, and what each regime meets once deals have
        thinned and some have refused. `name`, `mean`, `sd`, `loss_share`, `loss_mean`, `share_2x` and so on, the share
        of deals at so many times or more, and `top_1pct`, the share of all proceeds that the best hundredth brings.
    """
    at = scenario(ctx)
    known = {"book": at.returns, "lognormal": lognormal_returns(ctx)}
    known |= {f"met_{name}": regime_returns(regime(ctx, name), at) for name in REGIMES}
    rows = []
    for name, returns in known.items():
        deals = as_deals(returns)
        told = {"name": name, "mean": returns.mean(), "sd": float(np.sqrt(deals.variance()))}
        told |= {"loss_share": deals.loss_share, "loss_mean": deals.low_mean}
        told |= {f"share_{level}x": float(returns.survival(level)) for level in LEVELS}
        rows.append(told | {"top_1pct": float(top_share(returns, 0.01))})
    return pd.DataFrame(rows)


def draws(ctx: Context, portfolios: int = PORTFOLIOS) -> pd.DataFrame:
    """Return net multiples of drawn portfolios of each regime, under the same shocks.

    Returns
    -------
    pandas.DataFrame
        `portfolio`, and a column for each regime.
    """
    at = scenario(ctx)
    drawn = {name: net_multiples(regime(ctx, name), at, portfolios, stream=place) for place, name in enumerate(REGIMES)}
    return pd.DataFrame({"portfolio": np.arange(1, portfolios + 1), **drawn})


def write_exports(ctx: Context, folder: Path) -> None:
    """Write the two tables, and the example of the two files of a fund, to a folder."""
    for name, frame in (("model_moments", moments(ctx)), ("model_draws", draws(ctx))):
        frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.8g", lineterminator="\n")
    for name in EXAMPLES:
        shutil.copyfile(ROOT / "examples" / name, folder / name)
