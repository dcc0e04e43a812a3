"""Any cell that a page shows: changed, it changes a committed digest, so that it cannot pass unseen.

Run by ``make torture``; ``ARGS="--sample 40 --seed 1"`` changes fewer cells.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd

from helpers.mutants import with_table
from helpers.strict import sampled, with_cell
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.figures.chart import Chart
from patient_capital.figures.record import Figure
from patient_capital.ledger import entries
from patient_capital.listings import load_listings
from patient_capital.listings.record import Listing
from patient_capital.provenance.registry import number
from patient_capital.shown import DERIVED, digest, words_of_card, words_of_explorer, words_of_figure, words_of_listing
from patient_capital.sphinxext import listing as listing_pages
from patient_capital.sphinxext import popover
from patient_capital.sphinxext.explorer import explorer_html
from patient_capital.tables import DATA_FOLDER, Data, DataError, check_substance, load
from patient_capital.tables.data import Table

STOPPED = (KeyError, ValueError, TypeError)
"""What ends the making of a page where its data no longer fit: ``make check`` names why."""


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

    def read_by(self, make: Callable[[Data], Any]) -> tuple[Any, set[str]]:
        """Return what is made, and the tables that were read for it."""
        self.open.append(set())
        made = make(self)
        return made, self.open.pop()


@dataclass(frozen=True)
class Thing:
    """What a page shows.

    Attributes
    ----------
    make : callable
        What is shown of some state of the data.
    told : callable
        Its digest.
    same : callable
        Whether two of it look the same on the page.
    """

    make: Callable[[Data], Any]
    told: Callable[[Data], str]
    same: Callable[[Any, Any], bool] = lambda one, other: one == other


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure with the frames that it is drawn from."""

    frames: dict[str, Any]
    figure: Figure

    @cached_property
    def html(self) -> str:
        return self.figure.html()


def drawn(chart: Chart, data: Data) -> Drawn:
    return Drawn(chart._read(data)[0], chart.of(data))


def alike(one: Any, other: Any) -> bool:
    """Say whether two values are the same to the last digit; where they cannot be compared they are not."""
    if isinstance(one, pd.DataFrame | pd.Series):
        return type(one) is type(other) and one.equals(other)
    try:
        return bool(one == other)
    except ValueError:
        return False


def drawn_alike(one: Drawn, other: Drawn) -> bool:
    """Say whether two figures look the same; a drawing is made of its frames, and drawn only where these differ."""
    shared = [part.name for part in fields(Figure) if part.name != "draw"]
    if all(alike(one.frames[name], other.frames[name]) for name in one.frames) and all(
        alike(getattr(one.figure, name), getattr(other.figure, name)) for name in shared
    ):
        return True
    return one.html == other.html


def card_html(ref: str, data: Data) -> str:
    return popover.card_html(number(ref, data), "../")


def listing_html(name: str, data: Data) -> str:
    return listing_pages.listing_html(load_listings()[name].of(data), name, "../")


def told_of_listing(one: Listing, data: Data) -> str:
    """Return the digest of a table with those of the cards behind its numbers, which stand in its HTML."""
    return digest([*words_of_listing(one, data), *(digest(words_of_card(ref, data)) for ref in one.refs)])


def things(book: Data) -> dict[str, Thing]:
    """Return by name everything that pages show of the data."""
    found = {}
    for name, chart in load_figures().items():
        found[name] = Thing(partial(drawn, chart), lambda d, c=chart: digest(words_of_figure(c.of(d))), drawn_alike)
    for name, one in load_listings().items():
        if name != DERIVED:
            found[f"table {name}"] = Thing(partial(listing_html, name), lambda d, o=one: told_of_listing(o.of(d), d))
    for name, one in load_explorers().items():
        found[name] = Thing(
            lambda d, o=one: explorer_html(o.of(d), ""), lambda d, o=one: digest(words_of_explorer(o.of(d)))
        )
    for row in entries(book):
        ref = row["ref"]
        found[f"card {ref}"] = Thing(partial(card_html, ref), lambda d, r=ref: digest(words_of_card(r, d)))
    return found


@dataclass(frozen=True)
class Change:
    """A cell that was changed by hand.

    Attributes
    ----------
    cell : str
        Where, and its new text.
    refused : bool
        Whether the loader refuses it.
    seen : int
        How many things of the pages it changes.
    untold : list of str
        Those of them whose digest stays.
    """

    cell: str
    refused: bool
    seen: int
    untold: list[str]


def shows(data: Data) -> Any:
    """Let the pages show some state of the data while the block runs."""
    return (
        patch.object(listing_pages, "number", partial(number, data=data)),
        patch.object(popover, "book_data", lambda: data),
    )


def compared(book: Data, count: int, seed: int, folder: Path) -> Iterator[Change]:
    """Change cells at random, one after the other, and yield what each changes on the pages and in the digests."""
    tracking, every = Tracking(package=book.package, tables=book.tables, folder=book.folder), things(book)
    numbers, cards = shows(tracking)
    with numbers, cards:
        # What the book's own pages hold is made once, whatever is compared with it.
        before = {name: tracking.read_by(thing.make) for name, thing in every.items()}
        told = {name: thing.told(tracking) for name, thing in every.items()}
    for table, row, column, text in sampled(book, count, seed):
        cell = f"{table}[{row}].{column} = {text!r}"
        try:
            changed = with_table(book, book.table(table).schema, with_cell(book, folder, table, row, column, text))
        except DataError:
            yield Change(cell, True, 0, [])
            continue
        seen, untold = 0, []
        numbers, cards = shows(changed)
        with numbers, cards:
            for name in (name for name, (_, tables) in before.items() if table in tables):
                thing = every[name]
                try:
                    if thing.same(before[name][0], thing.make(changed)):
                        continue
                except STOPPED:
                    continue
                seen += 1
                if thing.told(changed) == told[name]:
                    untold.append(name)
        yield Change(cell, False, seen, untold)


def main(arguments: list[str] | None = None) -> int:
    """Change cells, print what no digest tells, and return 1 where there is any."""
    parser = argparse.ArgumentParser(prog="unseen", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sample", type=int, default=400, help="cells (400)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args(arguments)
    book, shown, told, refused = check_substance(load(DATA_FOLDER)), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for place, change in enumerate(compared(book, chosen.sample, chosen.seed, Path(folder)), start=1):
            refused += change.refused
            shown += change.seen > 0
            told += change.seen > 0 and not change.untold
            for name in change.untold:
                print(f"{change.cell} changes {name}, and no digest", flush=True)
            if place % 20 == 0:
                print(f"  {place} of {chosen.sample} cells: {shown} are shown, {refused} were refused", flush=True)
    print(
        f"shown: {told} of {shown} changed cells that a page shows change a digest; of {chosen.sample} cells {refused} "
        f"were refused by the loader, seed {chosen.seed}"
    )
    return int(told < shown)


if __name__ == "__main__":
    sys.exit(main())
