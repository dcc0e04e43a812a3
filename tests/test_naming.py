"""What values of a table are in words: each that the contract allows is known, and no other is passed over."""

from __future__ import annotations

import pandas as pd
import pytest

from patient_capital.analysis.funds.leverage import STANDING_OF
from patient_capital.analysis.funds.rows import KIND_WORDS
from patient_capital.analysis.overview import KIND_OF_MONEY
from patient_capital.analysis.patience.register import CLAUSE_WORDS
from patient_capital.analysis.session.march_2026 import TOPICS
from patient_capital.analysis.session.pledged import RANKS
from patient_capital.naming import each_as


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("funds", "kind", KIND_WORDS),
        ("leverage_cases", "stage", STANDING_OF),
        ("fund_partners", "partner_kind", KIND_OF_MONEY),
        ("pledges", "status", RANKS),
    ],
)
def test_every_value_that_the_contract_allows_is_known(book, table, column, words):
    field = book.table(table).schema.field(column)
    assert set(book.frame(table)[column].dropna()) <= words.keys()
    assert set(field.enum) <= words.keys()


def test_every_kind_of_clause_is_one_on_patience_or_on_the_session(book):
    """One that is neither would stand in no table of the book."""
    allowed = set(book.table("patience_clauses").schema.field("clause").enum)
    assert allowed == CLAUSE_WORDS.keys() | TOPICS.keys()


def test_a_value_that_is_not_known_is_named_and_counts_as_no_other():
    kinds = pd.Series(["private", None, "county"], name="partner_kind")
    told = r"KIND_OF_MONEY does not know partner_kind 'county': teach it there; it knows central_treasury, "
    with pytest.raises(KeyError, match=told):
        each_as(kinds, KIND_OF_MONEY, "KIND_OF_MONEY")
    found = each_as(kinds[:2], KIND_OF_MONEY, "KIND_OF_MONEY")
    assert found[0] == "private"
    assert pd.isna(found[1])
