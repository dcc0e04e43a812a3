"""The rows of funds that the chapter is about, and how they lie inside one another."""

from __future__ import annotations

import pandas as pd

from patient_capital.money import held_by
from patient_capital.naming import each_as
from patient_capital.tables import Reader
from patient_capital.tables.rules import self_published

NATIONAL = "cn_nvcgf"
"""The national venture capital guidance fund, announced with one trillion yuan."""

LOCAL_LEVELS = ("provincial", "municipal", "district")
SHOWN_STAGES = ("announced", "registered", "first_close", "paid_in", "invested")
KIND_WORDS = {"fund": "fund", "cluster": "cluster", "grant_programme": "grants", "bank_plan": "bank plan"}


def documented(reader: Reader, funds: pd.DataFrame) -> pd.Series:
    """Say which of some funds more than a blog, a social post or a code-sharing page tells of; counts leave out others."""
    return ~funds.index.to_series().isin(self_published(reader.data, "funds"))


def nesting(reader: Reader) -> pd.DataFrame:
    """Return `parent_id`, `umbrella` and `countable` of every fund, for the sums of :mod:`patient_capital.money`.

    Where a fund lies is no amount: the rows that a sum passes over are no sources of it, and none is recorded.
    """
    return reader.data.table("funds").frame[["parent_id", "umbrella", "countable"]]


def both_tiers(reader: Reader) -> list[str]:
    """Return the national fund and its regional funds."""
    return [NATIONAL, *held_by(NATIONAL, nesting(reader))]


def vehicles(reader: Reader) -> pd.DataFrame:
    """Return every fund, cluster and plan with its place and the stages of its money.

    Returns
    -------
    pandas.DataFrame
        `name`, `name_zh`, the legal or the Chinese name, empty where neither was seen; `place`, `level`, `kind` in
        words, `announced_on`, and the amounts of :data:`SHOWN_STAGES` in billion yuan, missing where nothing was found.
    """
    places = reader.frame("province_codes", "name_en")["name_en"]
    amounts = [f"{stage}_cny_bn" for stage in SHOWN_STAGES]
    names = ("name", "name_zh", "legal_name_zh")
    frame = reader.frame("funds", *names, "region", "level", "kind", "announced_on", *amounts)
    return frame.assign(
        name_zh=frame["legal_name_zh"].fillna(frame["name_zh"]).fillna(""),
        place=frame["region"].map(places).fillna("China"),
        level=frame["level"].str.replace("_", " "),
        kind=each_as(frame["kind"], KIND_WORDS, "KIND_WORDS of analysis/funds/rows.py"),
    )[["name", "name_zh", "place", "level", "kind", "announced_on", *amounts]]
