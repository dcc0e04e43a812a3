"""The instruments of provinces and cities."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pandas as pd

from patient_capital.analysis.regions.rows import place_names
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader

DIGEST_PLACES = ("CN-CQ", "CN-SH", "CN-GD", "Shenzhen", "CN-BJ", "CN-HB", "CN-JS", "CN-ZJ")
"""Places that the digest names, in its order: Shenzhen apart from Guangdong, other cities with their province."""
INSTRUMENT_COLUMNS = ("region", "city", "date", "instrument", "amount_cny_bn", "amount_kind", "summary")


def instruments_found(reader: Reader, keep: Callable[[pd.DataFrame], pd.Series] | None = None) -> pd.DataFrame:
    """Return every instrument found, or the rows that `keep` says of a frame.

    Returns
    -------
    pandas.DataFrame
        Indexed by row: `region`, its code, and `place`, its name; `city`; `date`; `instrument`, its kind;
        `amount_cny_bn`, billion yuan, `amount_kind`, what that is; `summary`. Missing where nothing was found.
    """
    rows = reader.frame("instruments", *INSTRUMENT_COLUMNS, keep=keep)
    rows.insert(1, "place", rows["region"].map(place_names(reader)))
    return rows


def by_place_and_kind(
    found: pd.DataFrame, apart: Sequence[str] = ("Shenzhen",), first: Sequence[str] = DIGEST_PLACES
) -> pd.DataFrame:
    """Count the instruments of :func:`instruments_found` by place and kind.

    Parameters
    ----------
    apart : sequence of str
        Cities, their districts included, that stand apart from their province.
    first : sequence of str
        Codes of regions, and cities, that come first; the others follow by code.

    Returns
    -------
    pandas.DataFrame
        Indexed by `place`, a code or a city: its `name`, and a column for each kind with the number of instruments.
    """
    place, name = found["region"], found["place"]
    for city in apart:
        here = found["city"].fillna("").str.contains(rf"\b{re.escape(city)}\b", case=False)
        place, name = place.mask(here, city), name.mask(here, city)
    counts = pd.crosstab(place.rename("place"), found["instrument"]).rename_axis(columns=None)
    others = sorted(p for p in counts.index if p not in first)
    counts = counts.reindex([*(p for p in first if p in counts.index), *others])
    counts.insert(0, "name", pd.Series(dict(zip(place, name, strict=True))))
    return counts


def instrument_matrix(reader: Reader) -> pd.DataFrame:
    """Return the number of instruments of provinces and cities, as :func:`by_place_and_kind` counts them."""
    return by_place_and_kind(instruments_found(reader, keep=lambda i: i["region"].ne("CN")))


@result(unit="count")
def instruments(ctx: Context) -> int:
    """Instruments of provinces and cities found.

    Number of rows, those of the nation left out.
    """
    return int(ctx.frame("instruments", "region", "instrument")["region"].ne("CN").sum())


def _in_provinces(ctx: Context) -> pd.DataFrame:
    """Return `region` and `instrument` of each instrument of a province, those of its cities and districts included."""
    found = ctx.frame("instruments", "region", "instrument")
    return found[found["region"].ne("CN")]


@result(unit="count")
def instrument_places(ctx: Context) -> int:
    """Provinces for which an instrument was found.

    Number of provinces with a row, their cities and districts included.
    """
    return int(_in_provinces(ctx)["region"].nunique())


@result(unit="count")
def places_without(ctx: Context) -> int:
    """Provinces for which no instrument was found.

    Units of the count of filings - provinces with a row, their cities and districts included.

    It says as much of the search as of the provinces.
    """
    return int(ctx.value("regions.units") - ctx.value("regions.instrument_places"))


@result(unit="count", cases={kind: {"kind": kind} for kind in ("plan", "subsidy", "fund")}, name="places_with_{case}")
def places_with(ctx: Context, *, kind: str) -> int:
    """Provinces for which a {kind} that covers AI was found.

    Number of provinces with a row of that kind, their cities and districts included.
    """
    found = _in_provinces(ctx)
    return int(found.loc[found["instrument"].eq(kind), "region"].nunique())
