"""Where the filings are, and how concentrated they are beside R&D and GDP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

import pandas as pd

from patient_capital.analysis.inequality import gini, lorenz, top_share
from patient_capital.analysis.regions.rows import (
    BASE_YEAR,
    BEIJING,
    BY_LIST,
    FILED_BY,
    LARGEST,
    LEADERS,
    filings,
    filings_and_rd,
    indicator,
    place_names,
)
from patient_capital.formatting import spelled
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader

SHADE_FLOORS = (10, 40, 90, 150)
"""Filings from which a tile is drawn darker."""


def tile_grid(reader: Reader, units: pd.Index) -> pd.DataFrame:
    """Return the place of each unit on a compact grid: `name`, `row` and `col`, both counted from 1."""
    grid = reader.frame("tile_grid", "alt_row", "alt_col", keep=lambda t: t.index.isin(units))
    grid = grid.rename(columns={"alt_row": "row", "alt_col": "col"}).rename_axis("iso_code")
    grid.insert(0, "name", place_names(reader).reindex(grid.index))
    return grid.assign(**{side: (grid[side] - grid[side].min() + 1).astype(int) for side in ("row", "col")})


def shades(filings: pd.Series, floors: Sequence[float] = SHADE_FLOORS) -> pd.Series:
    """Return how many of the floors each count reaches, from 0; missing where there is no count."""
    reached = sum((filings >= floor).astype(float) for floor in floors)
    return pd.Series(reached, index=filings.index, dtype=float).where(filings.notna())


def on_tiles(grid: pd.DataFrame, filings: pd.Series, floors: Sequence[float] = SHADE_FLOORS) -> pd.DataFrame:
    """Add the counts `filings`, by `iso_code`, and the `shade` of each to a grid of :func:`tile_grid`."""
    counted = filings.reindex(grid.index)
    return grid.assign(filings=counted, shade=shades(counted, floors))


def filings_on_tiles(reader: Reader) -> pd.DataFrame:
    """Return the grid of the 31 units with filings and shades, as :func:`on_tiles` adds them."""
    frame = filings_and_rd(reader)
    return on_tiles(tile_grid(reader, frame.index), frame["filings"])


def filings_rd_and_gdp(reader: Reader) -> pd.DataFrame:
    """Return :func:`filings_and_rd` with `gdp_cny_bn` of :data:`BASE_YEAR`, billion yuan."""
    return filings_and_rd(reader).assign(gdp_cny_bn=indicator(reader, "gdp_cny_bn", BASE_YEAR))


MEASURES = {"filings": "filings", "rd_cny_bn": "R&D", "gdp_cny_bn": "GDP"}
"""Measures whose concentration is compared, by column, in words."""


def lorenz_curves(units: pd.DataFrame, measures: Mapping[str, str] = MEASURES) -> pd.DataFrame:
    """Cumulate each measure over the units, from the smallest to the largest by its own order.

    Parameters
    ----------
    measures : mapping
        Columns of `units`, a row a unit, with the words for each.

    Returns
    -------
    pandas.DataFrame
        A row for each measure and number of units from none to all: `measure`, `units` and their `share_pct`,
        percent.
    """
    curves = []
    for column, words in measures.items():
        share = 100 * lorenz(units[column].dropna())
        curves.append(pd.DataFrame({"measure": words, "units": range(len(share)), "share_pct": share}))
    return pd.concat(curves, ignore_index=True)


def concentration(ctx: Context) -> pd.DataFrame:
    """Return the Lorenz curves of filings, R&D and GDP, as :func:`lorenz_curves` gives them."""
    return lorenz_curves(filings_rd_and_gdp(ctx))


@result(
    unit="pct",
    decimals=0,
    cases={
        "filings": {"measure": filings, "words": "filings"},
        "rd": {"measure": partial(indicator, name="rd_expenditure_cny_bn", year=BASE_YEAR), "words": "R&D"},
        "gdp": {"measure": partial(indicator, name="gdp_cny_bn", year=BASE_YEAR), "words": "GDP"},
    },
    fields={"count": spelled(LARGEST)},
)
def top4(ctx: Context, *, measure: Callable[[Reader], pd.Series]) -> float:
    """Share of the {count} largest in {words}.

    Sum of the {count} largest / sum over all units; the {count} largest in {words} itself.
    """
    return 100 * top_share(measure(ctx), LARGEST)


EARLIER = {year: one for year, one in BY_LIST.items() if one["day"] != FILED_BY}


@result(unit="pct", decimals=0, cases=EARLIER, fields={"count": spelled(LARGEST)})
def top4_filed(ctx: Context, *, day: str) -> float:
    """Share of the {count} largest in services filed by {when}.

    Sum of the {count} largest / sum over all units.
    """
    return 100 * top_share(filings(ctx, day), LARGEST)


@result(unit="pct", decimals=0, cases=BY_LIST)
def beijing_filed(ctx: Context, *, day: str) -> float:
    """Share of Beijing in services filed by {when}.

    Count of Beijing / sum over all units.
    """
    counted = filings(ctx, day)
    return float(100 * counted[BEIJING] / counted.sum())


@claim()
def leaders_named(ctx: Context) -> bool:
    """Beijing, Shanghai, Guangdong and Zhejiang.

    They are the units with most services filed, in this order.
    """
    most = filings(ctx).nlargest(LARGEST).index
    return list(most) == ["CN-BJ", "CN-SH", "CN-GD", "CN-ZJ"] and set(most) == set(LEADERS)


@claim()
def filings_spread(ctx: Context) -> bool:
    """Filings have spread out.

    The share of the largest places falls from each list to the next.
    """
    shares = [*(ctx.value(f"regions.top4_filed_{year}") for year in EARLIER), ctx.value("regions.top4_filings")]
    return all(later < before for before, later in pairwise(shares))


BOTH_YEARS = {str(year): {"year": year} for year in (2011, 2023)}
# The communiqués of the statistics office were read from 2018 on; older years stand in a repository alone.
OF_GINI = {
    f"rd_{year}": {
        "measure": partial(indicator, name="rd_expenditure_cny_bn", year=year),
        "words": f"R&D amounts, {year}",
    }
    for year in (2011, 2018, 2023)
} | {
    "filings": {"measure": filings, "words": "filings"},
    "gdp": {"measure": partial(indicator, name="gdp_cny_bn", year=BASE_YEAR), "words": "GDP, 2023", "decimals": 2},
}


@result(unit="pct", decimals=1, cases=BOTH_YEARS, fields={"leaders": spelled(len(LEADERS))})
def leaders_rd(ctx: Context, *, year: int) -> float:
    """Share of the {leaders} leaders in filings in R&D, {year}.

    Their R&D / R&D of all units.
    """
    rd = indicator(ctx, "rd_expenditure_cny_bn", year)
    return float(100 * rd[list(LEADERS)].sum() / rd.sum())


@result(unit="ratio_plain", decimals=3, cases=OF_GINI, name="gini_{case}")
def gini_of(ctx: Context, *, measure: Callable[[Reader], pd.Series]) -> float:
    """Gini coefficient of {words}.

    Gini coefficient over the units.
    """
    return gini(measure(ctx))


@claim(less=0.01)
def as_concentrated(ctx: Context, *, less: float) -> bool:
    """As concentrated as in 2018.

    The Gini coefficients of R&D of 2018 and 2023 differ by less than {less}.
    """
    return abs(ctx.value("regions.gini_rd_2023") - ctx.value("regions.gini_rd_2018")) < less
