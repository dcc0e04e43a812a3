"""Any cell that a page shows: changed, it changes a committed digest, so that it cannot pass unseen."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from helpers import strict
from helpers.mutants import with_table
from helpers.strict import sampled, with_cell
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.ledger import entries
from patient_capital.listings import load_listings
from patient_capital.listings.record import Listing
from patient_capital.provenance.registry import number
from patient_capital.shown import DERIVED, digest, words_of_card, words_of_explorer, words_of_figure, words_of_listing
from patient_capital.sphinxext import listing as listing_pages
from patient_capital.sphinxext import popover
from patient_capital.sphinxext.explorer import explorer_html
from patient_capital.tables import Data, DataError
from patient_capital.tables.data import Table


@dataclass(frozen=True, eq=False)
class Tracking(Data):
    """The book, and of each thing that is computed the tables that were read for it."""

    reads: dict[Hashable, set[str]] = field(default_factory=dict)
    open: list[set[str]] = field(default_factory=lambda: [set()])

    def table(self, name: str) -> Table:
        self.open[-1].add(name)
        return super().table(name)

    def once(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        def watched() -> Any:
            self.open.append(set())
            try:
                return compute()
            finally:
                self.reads[key] = self.open.pop()

        value = super().once(key, watched)
        self.open[-1] |= self.reads.get(key, set())
        return value

    def read_by(self, make: Callable[[Data], str]) -> tuple[str, set[str]]:
        self.open.append(set())
        made = make(self)
        return made, self.open.pop()


def card_html(ref: str, data: Data) -> str:
    return popover.card_html(number(ref, data), "../")


def listing_html(name: str, data: Data) -> str:
    return listing_pages.listing_html(load_listings()[name].of(data), name, "../")


def told_of_listing(one: Listing, data: Data) -> str:
    """Return the digest of a table with those of the cards behind its numbers, which stand in its HTML."""
    return digest([*words_of_listing(one, data), *(digest(words_of_card(ref, data)) for ref in one.refs)])


def things(book: Data) -> dict[str, tuple[Callable[[Data], str], Callable[[Data], str]]]:
    """Return by name how each thing is written into a page, and its digest; both of some state of the data."""
    found: dict[str, tuple[Callable[[Data], str], Callable[[Data], str]]] = {}
    for name, chart in load_figures().items():
        found[name] = (lambda d, c=chart: c.of(d).html(), lambda d, c=chart: digest(words_of_figure(c.of(d))))
    for name, one in load_listings().items():
        if name != DERIVED:
            made = partial(listing_html, name)
            found[f"table {name}"] = (made, lambda d, o=one: told_of_listing(o.of(d), d))
    for name, one in load_explorers().items():
        found[name] = (lambda d, o=one: explorer_html(o.of(d), ""), lambda d, o=one: digest(words_of_explorer(o.of(d))))
    for row in entries(book):
        ref = row["ref"]
        found[f"card {ref}"] = (partial(card_html, ref), lambda d, r=ref: digest(words_of_card(r, d)))
    return found


def compared(book: Data, count: int, seed: int, tmp_path: Any, monkeypatch: Any) -> tuple[int, list[str]]:
    """Return how many changed cells change a page, and what of it no digest tells."""

    def shown_of(data: Data) -> None:
        monkeypatch.setattr(listing_pages, "number", partial(number, data=data))
        monkeypatch.setattr(popover, "book_data", lambda: data)

    tracking, every = Tracking(package=book.package, tables=book.tables, folder=book.folder), things(book)
    shown_of(tracking)
    # What the book's own pages hold is made once, whatever is compared with it.
    before = {name: tracking.read_by(html) for name, (html, _) in every.items()}
    told = {name: digest_of(tracking) for name, (_, digest_of) in every.items()}
    seen, untold = 0, []
    for table, row, column, text in sampled(book, count, seed):
        path = with_cell(book, tmp_path, table, row, column, text)
        try:
            changed = with_table(book, book.table(table).schema, path)
        except DataError:
            continue
        shown_of(changed)
        for name in (name for name, (_, tables) in before.items() if table in tables):
            html, digest_of = every[name]
            try:
                differs = html(changed) != before[name][0]
            except (KeyError, ValueError, TypeError):
                continue  # the page cannot be made, and make check names why
            if differs:
                seen += 1
                if digest_of(changed) == told[name]:
                    untold.append(f"{table}[{row}].{column} = {text!r} changes {name}")
    return seen, untold


@pytest.mark.long
def test_no_changed_cell_passes_unseen(book, tmp_path, monkeypatch):
    seen, untold = compared(book, 12, 5, tmp_path, monkeypatch)
    assert untold == []
    assert seen >= 6


@pytest.mark.long
def test_a_changed_cell_makes_the_strict_comparison_of_its_notebook_fail(book, tmp_path):
    told = list(strict.compared(book, tmp_path, random.Random(7), 1))
    assert [line for line in told if not line.endswith("differs")] == []
    assert len(told) == 1
