"""Damage of every kind to every table: caught with a good message, or harmless."""

from __future__ import annotations

import random

import pytest

from helpers import mutants
from patient_capital.ledger import entries
from patient_capital.shown import digests
from patient_capital.tables import DataError

MAY_PASS = {
    "emptied",  # a cell that need not be filled
    "negative",  # where it is lawful
    "a thousand times",  # within the bounds of the column
    "nought",
    "a day in another order",
    "columns swapped under their heads",  # two columns of free text
    "rows shuffled",
    "a row cut short",  # its last cells are empty
}
"""Kinds of which some mutants are lawful tables; what the book shows then differs, and the ledgers tell."""


def read_or_told(mutant, book, path):
    """Return the book with the mutant, and what the loader says of it; one of the two is nothing."""
    path.write_bytes(mutant.content)
    try:
        return mutants.with_table(book, book.table(mutant.table).schema, path), ()
    except DataError as error:
        return None, error.problems


def test_damage_is_caught_with_place_rule_and_remedy(book, tmp_path):
    for mutant in mutants.mutants(book, random.Random(1), sample=200):
        read, problems = read_or_told(mutant, book, tmp_path / f"{mutant.table}.csv")
        if read is None:
            assert problems, mutant
            assert [str(one) for one in problems if not mutants.told_well(one)] == []
        else:
            same = read.table(mutant.table).text == book.table(mutant.table).text
            assert same or mutant.kind in MAY_PASS, f"{mutant} is read"


@pytest.mark.long
def test_no_mutant_survives(book, tmp_path):
    before = digests(book, [row["ref"] for row in entries(book)])
    found = {
        str(m): mutants.fate(m, book, before, tmp_path) for m in mutants.mutants(book, random.Random(2), sample=120)
    }
    assert {name: became for name, became in found.items() if became not in mutants.FATES} == {}
    assert {"caught", "same"} <= set(found.values())
