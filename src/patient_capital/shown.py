"""What the site shows, as digests: each figure, table, explorer and card, so that any changed cell shows in review.

A ledger says what the numbers are. Notes, names, words of sources and cells of long tables are printed, too; here a
digest of all words and numbers stands for each thing that shows them. How they look does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from patient_capital.explorers import load_explorers
from patient_capital.explorers.record import Explorer
from patient_capital.figures import load_figures
from patient_capital.figures.record import Figure
from patient_capital.listings import Listing, load_listings
from patient_capital.provenance.editions import earlier
from patient_capital.provenance.records import Source
from patient_capital.provenance.registry import number
from patient_capital.tables import Data

DERIVED = "ledger.contents"
"""The table that counts what the ledger holds, which is committed itself."""


def _sources(sources: Iterable[Source]) -> Iterator[str]:
    for one in sources:
        yield from (one.credit, one.title, one.published, one.url or "")


def words_of_listing(one: Listing, data: Data) -> Iterator[str]:
    """Yield every word and number of a table, with where its cells lead."""
    yield from (one.title, one.note, one.empty, one.download or "", *(column.title for column in one.columns))
    if one.fold:
        yield one.summary
    for cell in (cell for row in one.rows for cell in row):
        yield from (
            number(cell.ref, data).text(cell.form) if cell.ref else cell.text,
            cell.under,
            cell.href or "",
            cell.ref or "",
        )
        yield "" if cell.sort is None else f"{cell.sort:.12g}"


def words_of_figure(one: Figure) -> Iterator[str]:
    """Yield every word of a figure, and the numbers that are drawn."""
    yield from (*one.texts, one.csv(), *_sources(one.sources))


def words_of_explorer(one: Explorer) -> Iterator[str]:
    """Yield every word of an explorer, and each point of its grid."""
    yield from (*one.texts, one.json(), *_sources(one.sources))
    for control in one.controls:
        yield from (control.label, *control.texts)


def words_of_card(ref: str, data: Data) -> Iterator[str]:
    """Yield every word of the card of a number, in the order of the card."""
    shown = number(ref, data)
    yield from (shown.label, shown.text(), shown.star, shown.stage, shown.when, shown.formula, shown.note)
    yield from (part for read in shown.inputs for part in read)
    for evidence, source in shown.evidence:
        yield from (evidence.words(), *_sources([source]))
    yield from _sources(shown.sources)
    for one in earlier(data, shown):
        yield from (one.value, one.edition, *one.reasons)


def _shown(data: Data, refs: Iterable[str]) -> Iterator[tuple[str, Iterator[str]]]:
    for name, chart in load_figures().items():
        yield f"figure {name}", words_of_figure(chart.of(data))
    for name, listing in load_listings().items():
        if name != DERIVED:
            yield f"table {name}", words_of_listing(listing.of(data), data)
    for name, explorer in load_explorers().items():
        yield f"explorer {name}", words_of_explorer(explorer.of(data))
    for ref in refs:
        yield f"card {ref}", words_of_card(ref, data)


def digest(words: Iterable[str]) -> str:
    """Return ten hexadecimal digits for some words in their order."""
    return sha256("\0".join(words).encode()).hexdigest()[:10]


def digests(data: Data, refs: Iterable[str]) -> list[dict[str, str]]:
    """Return a digest of everything that the book shows, one row a figure, table, explorer and card, sorted by name.

    Parameters
    ----------
    refs : iterable of str
        Numbers that have a card.
    """
    return sorted(
        ({"shown": name, "digest": digest(words)} for name, words in _shown(data, refs)), key=lambda row: row["shown"]
    )
